// Senders in the page: what each makes of the policy, what becomes of a message, who holds what after a change.

import assert from "node:assert/strict";
import { Check, DOMAIN, OPTIONS, publish } from "./lib/check.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { CLEAN } from "./lib/texts.mjs";

/** A blank line, which three of twelve senders reject (tests/agreement.json), and a lifetime that Stalwart cuts to a day. */
const BLANK = "version: STSv1\n\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 31557600\n";

const senders = (visit) => visit.page.getByTestId("senders");
const row = (visit, name) => senders(visit).getByTestId("matrix").getByRole("row", { name: new RegExp(`^${name}`) });
const simulator = (visit) => visit.page.getByTestId("simulator");
const cases = (visit) => simulator(visit).getByTestId("case");
const outcomes = (visit) => cases(visit).evaluateAll((all) => all.map((one) => one.dataset.outcome));
const timeline = (visit) => visit.page.getByTestId("timeline");
const choose = (visit, label, value) => senders(visit).getByRole("combobox", { name: label }).selectOption(value);

async function open(visit, text, fragment = "#/senders") {
  await visit.open();
  if (text) await visit.paste(text);
  await visit.page.evaluate((hash) => (location.hash = hash), fragment);
  await senders(visit).waitFor();
}

scenario("from a policy to what each sender makes of it, and back with the repair", async (visit) => {
  await visit.open();
  await visit.paste(BLANK);
  await visit.verdict.getByRole("link", { name: "What do senders make of it?" }).click();
  await comesToMatch(() => visit.page.url(), /#\/senders$/);
  await comesToMatch(() => senders(visit).getByRole("heading", { level: 3 }).first().innerText(), /^9 of 12 senders use this policy\.$/);
  await becomes(() => senders(visit).getByTestId("matrix").locator("tbody tr").count(), 13);
  assert.match(await row(visit, "mox").innerText(), /rejected: the blank line at 2:1/);
  assert.match(await row(visit, "Stalwart").innerText(), /enforce\s+1 day/);
  // Pointing at a sender marks the place in the policy; so does the keyboard.
  const pointed = () => senders(visit).locator(".numbered li[data-pointed]").allInnerTexts();
  assert.deepEqual(await pointed(), []);
  await row(visit, "mox").hover();
  await becomes(async () => (await pointed()).length, 1);
  await visit.page.mouse.move(0, 0);
  await becomes(pointed, []);
  await row(visit, "maddy").getByRole("button").press("Enter");
  await becomes(async () => (await pointed()).length, 1);
  await senders(visit).getByRole("button", { name: /^Repair it for/ }).click();
  await becomes(() => visit.text(), BLANK.replace("\n\n", "\n"));
  await comesToMatch(() => visit.page.getByTestId("senders-line").innerText(), /^Senders: all 12 senders use this policy; Stalwart keeps it for 1 day, not 365\.25\.$/);
  await visit.page.goBack();
});

const AROUND = [
  ["its record", `${CLEAN}\n_mta-sts.${DOMAIN}. IN TXT "v=STSv1; id=20260101;"\n`],
  ["a mail", `This is what we publish:\n\n${CLEAN}\nIs it right?\n`],
];
for (const [what, text] of AROUND) {
  scenario(`a policy that stands together with ${what} is the one that senders are asked about`, async (visit) => {
    await visit.open();
    await visit.paste(text);
    await visit.verdict.getByRole("link", { name: "What do senders make of it?" }).click();
    await comesToMatch(() => senders(visit).getByRole("heading", { level: 3 }).first().innerText(), /^All 12 senders use this policy/);
    const lines = senders(visit).locator(".numbered");
    await comesToMatch(() => lines.innerText(), /^version: STSv1\s+mode: enforce\s+mx: mail\.acme-mail\.net\s+max_age: 2592000\s*$/);
    await comesToMatch(() => senders(visit).getByTestId("base").innerText(), /with the policy in the field/);
    await comesToMatch(() => cases(visit).first().innerText(), /mail\.acme-mail\.net gets the message/);
  });
}

scenario("line ends that nobody knows are held against no sender", async (visit) => {
  await open(visit, CLEAN);
  await comesToMatch(() => senders(visit).getByRole("heading", { level: 3 }).first().innerText(), /^All 12 senders use this policy/);
  assert.doesNotMatch(await senders(visit).getByTestId("matrix").innerText(), /line end/);
});

scenario("a text that is no policy, and no text, are told what to give", async (visit) => {
  await open(visit, "v=STSv1; id=20261128;");
  await comesToMatch(() => senders(visit).innerText(), /Paste a policy, or check a domain/);
  await becomes(() => outcomes(visit), ["delivered-verified", "delivered-opportunistic-tls"]);
});

scenario("the mail servers that a check saw are compared as each sender does it", OPTIONS, async (visit, { internet }) => {
  publish(internet).host.body = ["version: STSv1", "mode: enforce", `mx: mx1.${DOMAIN}`, `mx: MX2.${DOMAIN}`, "max_age: 2592000", ""].join("\r\n");
  await visit.open();
  await new Check(visit).run();
  await visit.page.evaluate(() => (location.hash = "#/senders"));
  await comesToMatch(() => row(visit, "RFC 8461").innerText(), /matches\s+matches/);
  // Mimecast compares lower case with what the policy has: `StsPolicy.java`.
  await comesToMatch(() => row(visit, "Mimecast").innerText(), /matches\s+no match/);
  assert.match(await senders(visit).getByTestId("base").innerText(), /acme-mail\.net as the check saw it/);
  assert.match(await cases(visit).first().innerText(), /Not looked up and taken to be good: STARTTLS at mx1\.acme-mail\.net/);
  await visit.page.goBack();
  await visit.button("Check again").waitFor();
});

scenario("of a policy that was checked, status and media type count", OPTIONS, async (visit, { internet }) => {
  publish(internet).host.type = "text/html";
  await visit.open();
  await new Check(visit).run();
  await visit.page.evaluate(() => (location.hash = "#/senders"));
  await comesToMatch(() => row(visit, "RFC 8461").innerText(), /rejected: the media type/);
  // Some look at it (tests/senders/), mox does not.
  await comesToMatch(() => row(visit, "chasquid").innerText(), /rejected: the media type/);
  await comesToMatch(() => row(visit, "mox").innerText(), /used/);
});

scenario("a domain of which a check saw that it has no record has none, for every sender", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  delete zone[`_mta-sts.${DOMAIN}`];
  await visit.open();
  await new Check(visit).run();
  await visit.page.evaluate(() => (location.hash = "#/senders"));
  await comesToMatch(() => row(visit, "mox").innerText(), /none: the missing record/);
  await comesToMatch(() => row(visit, "RFC 8461").innerText(), /none: the missing record/);
});

scenario("a policy that may not be read leaves the checked domain what it is", OPTIONS, async (visit, { internet }) => {
  publish(internet).host.cors = false;
  await visit.open();
  await new Check(visit).run();
  await visit.page.evaluate(() => (location.hash = "#/senders"));
  await comesToMatch(() => senders(visit).getByTestId("base").innerText(), /^The message goes to acme-mail\.net as the check saw it\./);
  await comesToMatch(() => cases(visit).first().innerText(), /Not looked up and taken to be good: the policy at mta-sts\.acme-mail\.net/);
});

scenario("a right policy in the field is not broken by made-up mail servers", async (visit) => {
  for (const mx of ["mail.acme-mail.net", "*.acme-mail.net"]) {
    await open(visit, CLEAN.replace("mail.acme-mail.net", mx));
    await comesToMatch(async () => (await outcomes(visit))[0], /^delivered-verified$/);
    await comesToMatch(() => cases(visit).first().innerText(), /m(ail|x)\.acme-mail\.net gets the message/);
  }
});

scenario("an attack with the policy stands beside the same without it", async (visit) => {
  await open(visit);
  await choose(visit, "What happens", "starttls-stripped");
  await becomes(() => outcomes(visit), ["deferred", "delivered-plaintext"]);
  await comesToMatch(() => cases(visit).first().innerText(), /With the policy as it is[\s\S]*The message is deferred\.[\s\S]*delays it and reads nothing/);
  await comesToMatch(() => cases(visit).last().innerText(), /Without a policy[\s\S]*in plain text[\s\S]*reads it on its way/);
  await choose(visit, "What happens", "mx-spoofed");
  await comesToMatch(() => cases(visit).last().innerText(), /mx\.attacker\.example[\s\S]*The attacker has it/);
});

scenario("one steps through the drawing, by mouse and by key, and the address says where one is", async (visit) => {
  await open(visit, undefined, "#/senders?scenario=starttls-stripped");
  const first = cases(visit).first();
  const all = await first.locator("ol.walk > li").count();
  assert.ok(all > 5);
  const drawn = () => first.locator("svg .mark").count();
  await becomes(drawn, all, "a mark for each step in the list");
  for (const clause of await first.locator(".clause").allInnerTexts()) assert.match(clause, /^RFC \d{4} §\d/);
  const secret = () => first.innerText();
  await simulator(visit).getByRole("button", { name: "Step by step" }).click();
  await becomes(drawn, 1);
  assert.doesNotMatch(await secret(), /deferred/, "the end is not told before");
  await simulator(visit).getByRole("button", { name: "Next step" }).click();
  await becomes(drawn, 2);
  await comesToMatch(() => visit.page.url(), /scenario=starttls-stripped&step=2$/);
  await simulator(visit).getByRole("button", { name: "Next step" }).press("ArrowRight");
  await becomes(drawn, 3);
  await becomes(() => first.locator('li[aria-current="step"]').count(), 1);
  await comesToMatch(() => simulator(visit).getByRole("status").innerText(), /^Step 3 of \d+\.$/);
  await visit.page.reload();
  await becomes(drawn, 3);
  await first.locator("ol.walk > li").last().getByRole("button").click();
  await becomes(drawn, all);
  await comesToMatch(secret, /The message is deferred/);
});

scenario("each sender goes its own way, which is said", async (visit) => {
  await open(visit, undefined, "#/senders?scenario=dane-failing");
  await becomes(() => cases(visit).first().getAttribute("data-outcome"), "deferred");
  await choose(visit, "Sender", "chasquid");
  // RFC 7672 §2.2 has the message wait; chasquid does not know TLSA records.
  await becomes(() => cases(visit).first().getAttribute("data-outcome"), "delivered-verified");
  await comesToMatch(() => cases(visit).first().innerText(), /chasquid does not look at TLSA records\./);
  await comesToMatch(() => visit.page.url(), /sender=chasquid/);
});

scenario("a link carries the policy, the scenario and the step", async (visit, { visitor }) => {
  await open(visit, BLANK, "#/senders?scenario=starttls-stripped&sender=mox&step=2");
  await becomes(() => cases(visit).first().locator("svg .mark").count(), 2);
  const link = await visit.share("Link with the text");
  assert.match(link, /&at=senders%3Fscenario%3Dstarttls-stripped%26sender%3Dmox%26step%3D2&z=/);
  const other = await visitor();
  await other.page.goto(link);
  await senders(other).waitFor();
  await comesToMatch(() => other.page.url(), /#\/senders\?scenario=starttls-stripped&sender=mox&step=2$/);
  await becomes(() => cases(other).first().locator("svg .mark").count(), 2);
  await comesToMatch(() => row(other, "mox").innerText(), /rejected: the blank line/);
  await other.button("Back to the text").click();
  await becomes(() => other.text(), BLANK);
});

scenario("the timeline: when the old servers may go, and when the record may", async (visit) => {
  await open(visit, CLEAN, "#/senders?change=move&from=2026-12-01&hosts=mx.new-acme.net");
  // 2592000 seconds are 30 days, and whoever goes by the RFC may hold a copy of the last moment for that long.
  await comesToMatch(() => timeline(visit).getByTestId("safe").innerText(), /By RFC 8461 mail may go to mx\.new-acme\.net alone.* from 2026-12-31 on\./);
  await becomes(() => timeline(visit).locator("tbody tr").count(), 13);
  assert.match(await timeline(visit).getByRole("row", { name: /^RFC 8461/ }).innerText(), /2026-12-31/);
  await choose(visit, "What changes", "delete");
  await comesToMatch(() => timeline(visit).getByTestId("safe").innerText(), /the record and the policy host may go from 2026-12-31 on\.[\s\S]*enforce the copies that they have/);
  await comesToMatch(() => visit.page.url(), /change=delete&from=2026-12-01/);
  await choose(visit, "What changes", "same-id");
  await comesToMatch(() => timeline(visit).getByTestId("safe").innerText(), /Senders that look at the id alone do not see that the policy changed/);
  await timeline(visit).getByLabel("New mail servers").fill("mail.acme-mail.net");
  await timeline(visit).getByLabel("New mail servers").press("Tab");
  await comesToMatch(() => timeline(visit).getByTestId("safe").innerText(), /By RFC 8461 mail may go to mail\.acme-mail\.net alone.* at once\./);
  await timeline(visit).getByLabel("On", { exact: true }).fill("2027-01-01");
  await comesToMatch(() => visit.page.url(), /from=2027-01-01/);
});

scenario("addresses that say nonsense show the first of everything", async (visit) => {
  await open(visit, undefined, "#/senders?scenario=%3Cimg%20src=x%20onerror=alert(1)%3E&sender=__proto__&step=99999&change=x&from=2026-99-99&hosts=%3Cb%3E,,,");
  await becomes(() => outcomes(visit), ["delivered-verified", "delivered-opportunistic-tls"]);
  await comesToMatch(() => timeline(visit).innerText(), /By RFC 8461/);
});

scenario("on a phone, the bars of the timeline are there, with their days", { context: { viewport: { width: 360, height: 740 } } }, async (visit) => {
  await open(visit, CLEAN, "#/senders?change=move&from=2026-12-01");
  const cell = timeline(visit).locator(".span-cell").filter({ has: visit.page.locator("svg") }).first();
  await eventually(async () => assert.ok((await cell.locator("svg").boundingBox()).width > 150));
  assert.match(await cell.evaluate((cell) => getComputedStyle(cell, "::before").content), /2026-12-01 to /);
});

for (const width of [1280, 360]) {
  scenario(`nothing is wider than the window: ${width} px`, { context: { viewport: { width, height: 740 } } }, async (visit) => {
    await open(visit, BLANK, "#/senders?scenario=smart-host");
    await cases(visit).first().waitFor();
    assert.equal(await visit.excessWidth(), 0);
  });
}
