// A list of domains is checked, a few at a time.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Check, FAILED_REQUESTS } from "./lib/check.mjs";
import { goodDomain } from "./lib/internet/domain.mjs";
import * as faults from "./lib/internet/faults.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";

const DOMAINS = Array.from({ length: 40 }, (_, i) => `d${String(i).padStart(2, "0")}.example`);
const OPTIONS = { asks: ["resolver", ...DOMAINS.map((domain) => `mta-sts.${domain}`)], expects: FAILED_REQUESTS };
const LIST = DOMAINS.join("\n");

/** Every fourth domain has no MTA-STS, every fourth a policy host that answers 404. */
function publish(internet) {
  DOMAINS.forEach((domain, i) => {
    const { zone, hosts } = goodDomain(domain);
    if (i % 4 === 0) {
      delete zone[`_mta-sts.${domain}`];
      delete zone[`mta-sts.${domain}`];
    } else Object.assign(internet.hosts, i % 4 === 1 ? { [`mta-sts.${domain}`]: { status: 404, body: "no" } } : hosts);
    Object.assign(internet.resolver.zone, zone);
  });
}

const rows = (visit) => visit.page.getByTestId("domains").locator("tbody tr");
const names = (visit) => rows(visit).locator("th").allInnerTexts();

scenario("a list is checked to its end, sorted, filtered, and each row opens its result", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await visit.field.fill(LIST);
  await comesToMatch(() => visit.title(), /A list of 40 domains/);
  assert.equal(await visit.page.locator("#twin mark").count(), 0, "a list is nothing to lint");
  const check = await new Check(visit).run(LIST);
  assert.match(await check.title(), /40 domains are checked/);
  assert.equal(await rows(visit).count(), 40);
  const row = (domain) => rows(visit).filter({ hasText: domain });
  assert.match(await row("d01.example").innerText(), /d01\.example\s+broken[\s\S]*not usable\s+yes\s+no\s+\d errors/);
  assert.match(await row("d00.example").innerText(), /not in use[\s\S]*none published/);
  await comesToMatch(() => visit.page.getByTestId("list-summary").innerText(), /^10 broken · 10 not in use or not known · 20 good$/);

  // The worst come first.
  await comesToMatch(() => rows(visit).nth(0).innerText(), /broken/);
  assert.equal(await visit.page.getByRole("columnheader", { name: "Result" }).getAttribute("aria-sort"), "ascending");
  await visit.button("Result").click();
  await comesToMatch(() => rows(visit).nth(0).innerText(), /good/);
  await visit.page.getByRole("combobox", { name: "Result" }).selectOption("broken");
  await becomes(() => rows(visit).count(), 10);
  await visit.page.getByRole("textbox", { name: "Domain or result contains" }).fill("d3");
  await eventually(async () => assert.deepEqual((await names(visit)).sort(), ["d33.example", "d37.example"]));

  await visit.button("d33.example").click();
  assert.equal(await check.state("fetch"), "Broken");
  assert.match(await check.words(), /d33\.example/);
  await becomes(() => visit.focused(), "verdict-title", "one goes on from the answer");
  await visit.button("Back to the list").click();
  await becomes(() => rows(visit).count(), 2);
  assert.equal(await visit.text(), LIST);
});

scenario("a list is paused, goes on, is cancelled, and saved", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  internet.gate.hold();
  const check = new Check(visit);
  await check.begin(LIST);
  await internet.gate.quiet();
  const first = new Set(internet.resolver.asked.map(({ name }) => /d\d\d\.example$/.exec(name)[0]));
  assert.ok(first.size <= 6, `${first.size} domains at once`);
  await visit.button("Pause").click();
  internet.gate.open();
  await comesToMatch(() => check.title(), /Paused: 6 of 40/);
  await visit.button("Go on").click();
  await comesToMatch(() => check.title(), /Checking|checked/);
  await check.done();
  const download = visit.page.waitForEvent("download");
  await visit.button("Save as CSV").click();
  const csv = await readFile(await (await download).path(), "utf8");
  const lines = csv.trimEnd().split("\r\n");
  assert.equal(lines.length, 41);
  assert.match(lines[2], /^d01\.example,broken,/);
  const saved = visit.page.waitForEvent("download");
  await visit.button("Save as JSON").click();
  const json = JSON.parse(await readFile(await (await saved).path(), "utf8"));
  assert.deepEqual(json.map(({ domain }) => domain), DOMAINS);

  internet.gate.hold();
  await visit.button("Check again").click();
  await internet.gate.quiet();
  await visit.button("Cancel").click();
  internet.gate.open();
  await comesToMatch(() => check.title(), /Cancelled: 0 of 40/);
});

scenario("a reload keeps what a list has come to, and looks nothing up by itself", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  internet.gate.hold();
  const check = new Check(visit);
  await check.begin(LIST);
  await internet.gate.quiet();
  await visit.button("Pause").click();
  internet.gate.open();
  await comesToMatch(() => check.title(), /Paused: 6 of 40/);
  const done = rows(visit).filter({ hasText: /good|broken|not in use/ });
  const before = await done.allInnerTexts();
  assert.equal(before.length, 6);

  internet.resolver.asked = [];
  await visit.page.reload();
  await comesToMatch(() => check.title(), /Paused: 6 of 40/);
  assert.equal(await visit.text(), LIST);
  assert.deepEqual(await done.allInnerTexts(), before);
  assert.deepEqual(internet.resolver.asked, []);

  await visit.button("Go on").click();
  await check.done();
  assert.match(await check.title(), /40 domains are checked/);
  await comesToMatch(() => visit.page.getByTestId("list-summary").innerText(), /^10 broken · 10 not in use or not known · 20 good$/);
  const asked = new Set(internet.resolver.asked.map(({ name }) => /d\d\d\.example$/.exec(name)[0]));
  assert.equal(asked.size, 34, "what is known is not looked up again");

  await visit.page.reload();
  await comesToMatch(() => check.title(), /40 domains are checked/);
  await visit.button("d33.example").click();
  assert.equal(await check.state("fetch"), "Broken");
});

scenario("a resolver that limits requests slows a list down and fails no row", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  internet.resolver.fail("*", faults.first(30, faults.status(429)));
  await visit.open();
  const check = new Check(visit);
  await check.begin(LIST);
  await check.done(50_000);
  assert.match(await check.title(), /40 domains are checked/);
  const text = (await rows(visit).allInnerTexts()).join("\n");
  assert.doesNotMatch(text, /not known|not readable/);
  assert.equal((text.match(/broken/g) ?? []).length, 10);
});

const THOUSANDS = Array.from({ length: 3000 }, (_, i) => `x${i}.invalid-list.example`);
const FIRST = THOUSANDS.slice(0, 8).map((domain) => `mta-sts.${domain}`);

scenario("a list of thousands does not freeze the page", { ...OPTIONS, asks: ["resolver", ...FIRST] }, async (visit, { internet }) => {
  const many = THOUSANDS.join("\n");
  await visit.open();
  internet.gate.hold();
  await visit.paste(many);
  await comesToMatch(() => visit.title(), /A list of 3000 domains/);
  await visit.page.getByTestId("check").click();
  await internet.gate.quiet();
  assert.equal(await rows(visit).count(), 100);
  await visit.button("Cancel").click();
  await comesToMatch(() => new Check(visit).title(), /Cancelled/);
  internet.gate.open();
});
