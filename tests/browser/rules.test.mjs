// The static pages about the rules: with and without script, on narrow screens, on paper, and their way to the linter.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import { SUB_PATH, becomes, eventually, scenario } from "./lib/scenario.mjs";

const SIZES = [{ width: 1280, height: 800 }, { width: 360, height: 740 }];
const FOLDER = join(process.env.STSLINT_DIST, "rules");

/** Fixes, invisible characters, a long line, a cut text, labels, no fix. */
const PAGES = ["STS-POL-051", "STS-POL-014", "STS-POL-004", "STS-POL-039", "RPT-JSON-010", "STS-TXT-004", "LIVE-046"].map((code) => `${code}.html`);

const shows = (visit, name) => visit.page.goto(`${visit.url}rules/${name}`);
const rows = (visit) => visit.page.locator(".rules > li:visible").count();

scenario("a rule can be read without script", { context: { javaScriptEnabled: false } }, async (visit) => {
  await shows(visit, "STS-POL-051.html");
  const { page } = visit;
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "report is not a mode; there are enforce, testing and none");
  assert.match(await page.title(), /\(STS-POL-051\) · stslint$/);
  const section = (name) => page.getByRole("heading", { name }).locator("xpath=..");
  assert.match(await section("Why it matters").innerText(), /Only these three exist/);
  assert.match(await section("What it does to mail").innerText(), /Senders reject the policy/);
  assert.match(await section("What to do").innerText(), /Choose testing/);
  assert.equal(await page.locator("mark[data-lit]").first().innerText(), "report");
  assert.equal(await page.locator(".fix ins").innerText(), "+mode: testing");
  assert.equal(await page.getByRole("link", { name: /^RFC 8461 §3.2/ }).getAttribute("href"), "https://www.rfc-editor.org/rfc/rfc8461#section-3.2");
  await page.getByRole("link", { name: /^Next/ }).click();
  assert.match(page.url(), /\/rules\/STS-POL-052\.html$/);
  await page.getByRole("navigation", { name: "Site" }).getByRole("link", { name: "All rules" }).click();
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith(".html"));
  assert.equal(await rows(visit), files.length - 1);
  assert.equal(await page.getByRole("search").isVisible(), false, "a filter that does nothing is not shown");
  await page.getByRole("navigation", { name: "What the rules are about" }).getByRole("link", { name: "TLSRPT record" }).click();
  assert.match(page.url(), /#rpt-txt$/);
});

for (const [code, title, kind] of [
  ["STS-POL-051", "Wrong", "MTA-STS policy"],
  ["STS-POL-002", "Wrong", "MTA-STS policy"],
  ["STS-POL-004", "Wrong", "MTA-STS policy"],
  ["STS-TXT-004", "Wrong", "MTA-STS record as JSON data"],
  ["RPT-TXT-010", "Wrong", "TLSRPT record"],
  ["LIVE-046", "Wrong", "MTA-STS policy"],
]) {
  scenario(`an example opens in the linter, with its finding: ${code}`, { url: SUB_PATH }, async (visit) => {
    await shows(visit, `${code}.html`);
    await visit.page.getByRole("link", { name: `Try it: ${title}` }).click();
    await visit.started();
    await eventually(async () => assert.ok((await visit.codes()).includes(code), String(await visit.codes())));
    const chosen = await visit.kind.locator("option:checked").textContent();
    assert.ok(chosen.startsWith(kind), chosen);
    assert.ok(visit.page.url().startsWith(`${SUB_PATH}index.html#v1&`));
  });
}

scenario("what the linter's page does not lint is not offered there", async (visit) => {
  await shows(visit, "RPT-JSON-010.html");
  assert.ok((await visit.page.locator(".listing").count()) > 0);
  assert.equal(await visit.page.getByRole("link", { name: /^Try it/ }).count(), 0);
});

scenario("the list can be filtered, and its address keeps the filter", async (visit) => {
  const { page } = visit;
  await shows(visit, "index.html");
  const all = await rows(visit);
  const words = page.getByRole("textbox", { name: "Words, or a code" });
  const severity = page.getByRole("combobox", { name: "Severity" });
  const said = () => page.getByRole("status").innerText();
  await words.fill("mode invalid");
  await becomes(() => page.locator(".rules > li:visible a").allInnerTexts(), ["STS-POL-051"]);
  assert.equal(await said(), `1 of ${all} rules`);
  assert.equal(await page.getByRole("navigation", { name: "What the rules are about" }).innerText(), "MTA-STS policy 1");
  assert.deepEqual(await page.getByRole("heading", { level: 2 }).allInnerTexts(), ["MTA-STS policy"]);
  await words.fill("sts-pol");
  await severity.selectOption("Warning");
  const warnings = await rows(visit);
  assert.ok(warnings > 3 && warnings < all);
  assert.equal(await page.locator('.rules > li:visible:not([data-tone="warning"])').count(), 0);
  assert.match(page.url(), /\?words=sts-pol&severity=warning$/);
  await page.reload();
  await becomes(() => rows(visit), warnings);
  assert.equal(await words.inputValue(), "sts-pol");
  await page.locator(".rules > li:visible a").first().click();
  await page.goBack();
  await becomes(() => rows(visit), warnings);
  await words.fill("no such rule anywhere");
  await becomes(said, "No rule fits. Use fewer words.");
  await words.press("Enter");
  await words.fill("");
  await severity.selectOption("All");
  await becomes(() => rows(visit), all);
  assert.equal(await said(), "");
  assert.ok(page.url().endsWith("/rules/index.html"));
  await shows(visit, "index.html?severity=%3Cb%3E&about=live");
  assert.equal(await severity.inputValue(), "");
  assert.equal(await page.getByRole("combobox", { name: "About" }).inputValue(), "live");
});

scenario("the theme that somebody chose in the linter holds for the rules", async (visit) => {
  await visit.page.emulateMedia({ colorScheme: "light" });
  await visit.open();
  await visit.chooseTheme("dark");
  await shows(visit, "STS-POL-051.html");
  assert.equal(await visit.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
});

for (const name of ["index.html", ...PAGES]) {
  // axe is not the page's script, so the page's policy would refuse it.
  scenario(`axe finds nothing: rules/${name}`, { context: { bypassCSP: true } }, async (visit) => {
    await shows(visit, name);
    await visit.page.evaluate(axe.source);
    const modes = ["light", "dark"].flatMap((colorScheme) => SIZES.map((size) => ({ colorScheme, size })));
    for (const { colorScheme, size, media = "screen" } of [...modes, { colorScheme: "dark", size: SIZES[0], media: "print" }]) {
      await visit.page.setViewportSize(size);
      await visit.page.emulateMedia({ colorScheme, media });
      const { violations, passes } = await visit.page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
      assert.ok(passes.some(({ id }) => id === "color-contrast"), "contrast was looked at");
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`), [], `${colorScheme}, ${size.width} px, ${media}`);
    }
  });
}

scenario("no page about a rule is wider than a narrow screen, and the first Tab skips to its content", { context: { viewport: { width: 320, height: 640 } } }, async (visit) => {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".html"));
  assert.ok(names.length > 100);
  const wide = [];
  const look = async (page) => {
    for (let name = names.pop(); name; name = names.pop()) {
      await page.goto(`${visit.url}rules/${name}`);
      if ((await page.evaluate(() => document.documentElement.scrollWidth)) > 320) wide.push(name);
    }
  };
  const tabs = [visit.page, ...(await Promise.all([1, 2, 3].map(() => visit.context.newPage())))];
  await Promise.all(tabs.map(look));
  assert.deepEqual(wide, []);
  await visit.page.bringToFront();
  await visit.page.keyboard.press("Tab");
  assert.equal(await visit.page.evaluate(() => document.activeElement.getAttribute("href")), "#main");
});

scenario("the pages about rules may do even less than the linter's page", async (visit) => {
  await shows(visit, "STS-POL-051.html");
  const policy = await visit.page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.doesNotMatch(policy, /unsafe|connect-src|\*|https?:/);
  const names = visit.seen.requests.map((url) => new URL(url).pathname).filter((path) => !path.includes("favicon"));
  assert.deepEqual(names.sort(), ["/print.css", "/rules/STS-POL-051.html", "/rules/rules.css", "/rules/rules.js", "/style.css", "/tools.css"]);
  for (const name of await readdir(FOLDER)) {
    const addresses = [...(await readFile(join(FOLDER, name), "utf8")).matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    for (const address of addresses) assert.match(address, /^(?:\.\.?\/|#|https:\/\/www\.rfc-editor\.org\/)/, `${name}: ${address}`);
  }
});
