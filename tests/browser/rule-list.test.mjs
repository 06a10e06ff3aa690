// The list of rules in the page: searched and filtered, in the address, by keyboard, on narrow screens.

import assert from "node:assert/strict";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";

const codes = (visit) => visit.article.getByTestId("rules").locator("a.code").allInnerTexts();
const words = (visit) => visit.article.getByRole("textbox", { name: "Words, or a code" });
const severity = (visit) => visit.article.getByRole("combobox", { name: "Severity" });
const about = (visit) => visit.article.getByRole("combobox", { name: "About" });
const said = (visit) => visit.article.getByRole("status").innerText();
const hash = (visit) => new URL(visit.page.url()).hash;

async function listed(visit, fragment = "#/rules") {
  await visit.open(fragment);
  await visit.article.waitFor();
}

scenario("all rules are listed, those about servers and DNS too", async (visit) => {
  await listed(visit);
  const all = await codes(visit);
  for (const code of ["STS-POL-051", "STS-TXT-004", "RPT-TXT-010", "RPT-JSON-010", "LIVE-001", "LIVE-046"]) assert.ok(all.includes(code), code);
  assert.equal(await said(visit), `${all.length} rules`);
  assert.equal(await visit.article.getByRole("button", { name: "Show all rules" }).count(), 0);
  // The static list has the same ones.
  const page = await visit.context.newPage();
  await page.goto(`${visit.url}rules/index.html`);
  assert.deepEqual((await page.locator(".rules a.code").allInnerTexts()).sort(), all.sort());
});

scenario("rules are found by code, word, severity and artefact, and the address says so", async (visit) => {
  await listed(visit);
  const all = (await codes(visit)).length;
  await words(visit).fill("mode invalid");
  await becomes(() => codes(visit), ["STS-POL-051"]);
  assert.equal(await said(visit), `1 of ${all} rules`);
  assert.equal(hash(visit), "#/rules?q=mode+invalid");
  await words(visit).fill("live-04");
  await eventually(async () => assert.ok((await codes(visit)).every((code) => code.startsWith("LIVE-04"))));
  await words(visit).fill("");
  await severity(visit).selectOption("Warning");
  await about(visit).selectOption("TLS report");
  await eventually(async () => assert.ok((await codes(visit)).every((code) => code.startsWith("RPT-JSON"))));
  assert.equal(await visit.article.locator('.rules > li:not([data-tone="warning"])').count(), 0);
  assert.equal(hash(visit), "#/rules?severity=warning&artefact=rpt-json");
});

scenario("a filter can be shared, and Back comes back to it", async (visit) => {
  await listed(visit, "#/rules?q=mode+invalid&severity=error&artefact=sts-pol");
  await becomes(() => codes(visit), ["STS-POL-051"]);
  assert.equal(await words(visit).inputValue(), "mode invalid");
  assert.equal(await severity(visit).locator("option:checked").innerText(), "Error");
  assert.equal(await about(visit).locator("option:checked").innerText(), "MTA-STS policy");
  await words(visit).fill("mode");
  await eventually(async () => assert.ok((await codes(visit)).length > 1));
  const some = await codes(visit);
  await visit.article.getByRole("link", { name: some[1] }).click();
  await becomes(() => hash(visit), `#/rules/${some[1]}`);
  await visit.article.getByRole("heading", { name: some[1] }).waitFor();
  await visit.page.goBack();
  await becomes(() => codes(visit), some);
  assert.equal(await words(visit).inputValue(), "mode");
  // And so does the way back in the rule itself.
  await visit.article.getByRole("link", { name: some[1] }).click();
  await visit.article.getByRole("link", { name: "All rules" }).click();
  await becomes(() => codes(visit), some);
  await visit.leave();
  assert.equal(hash(visit), "");
});

scenario("an address with a filter that is none shows what it can", async (visit) => {
  await listed(visit, "#/rules?q=%3Cb%3E%00&severity=terrible&artefact=javascript:__hit(1)&x=1");
  await becomes(() => said(visit), "No rule fits all of this.");
  assert.equal(await words(visit).inputValue(), "<b>");
  assert.equal(await severity(visit).inputValue(), "");
  assert.equal(await about(visit).inputValue(), "");
});

scenario("no result says so, and one button shows all again", async (visit) => {
  await listed(visit);
  const all = await codes(visit);
  await words(visit).fill("no such rule anywhere");
  await becomes(() => said(visit), "No rule fits all of this.");
  assert.deepEqual(await codes(visit), []);
  const status = await visit.article.getByRole("status").elementHandle();
  await visit.article.getByRole("button", { name: "Show all rules" }).click();
  await becomes(() => codes(visit), all);
  assert.ok(await words(visit).evaluate((field) => field === document.activeElement), "focus goes to the field");
  assert.equal(await words(visit).inputValue(), "");
  assert.equal(hash(visit), "#/rules");
  assert.equal(await status.innerText(), `${all.length} rules`, "it is the same element, so that its change is announced");
});

scenario("the list works by keyboard", async (visit) => {
  await listed(visit);
  await visit.tabTo(words(visit));
  await visit.page.keyboard.type("max_age");
  await eventually(async () => assert.ok((await codes(visit)).length > 1 && (await codes(visit)).length < 30));
  assert.equal(await words(visit).inputValue(), "max_age", "typing goes on while the list changes");
  await visit.page.keyboard.press("Tab");
  await visit.page.keyboard.type("E");
  await becomes(() => severity(visit).locator("option:checked").innerText(), "Error");
  const [first] = await codes(visit);
  await visit.tabTo(visit.article.getByRole("link", { name: first }));
  await visit.page.keyboard.press("Enter");
  await visit.article.getByRole("heading", { name: first }).waitFor();
  await visit.tabTo(visit.article.getByRole("button", { name: "To the start" }));
  await visit.page.keyboard.press("Enter");
  await visit.article.waitFor({ state: "hidden" });
  assert.ok(await visit.field.evaluate((field) => field === document.activeElement), "where one goes on");
});

scenario("a rule leads to its page and to its example, and a finding to its rule", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.card("STS-POL-052").getByRole("link", { name: "STS-POL-052" }).click();
  await becomes(() => hash(visit), "#/rules/STS-POL-052");
  await visit.dialog.waitFor();
  const [other] = await Promise.all([visit.context.waitForEvent("page"), visit.dialog.getByRole("link", { name: "A page to send to a colleague" }).click()]);
  await other.waitForLoadState();
  assert.equal(other.url(), `${visit.url}rules/STS-POL-052.html`);
  assert.match(await other.title(), /STS-POL-052/);
  assert.equal(await visit.text(), BROKEN, "the text is still there");
  await visit.dialog.getByRole("button", { name: "Try it: Wrong" }).click();
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
  await visit.tells(/an example of STS-POL-052.*replaced your text/s);
});

for (const code of ["LIVE-001", "RPT-JSON-006"]) {
  scenario(`an example of ${code} raises it`, async (visit) => {
    await listed(visit, `#/rules/${code}`);
    await visit.article.getByRole("button", { name: /^Try it: (Wrong|Example)/ }).click();
    await eventually(async () => assert.ok((await visit.codes()).includes(code), String(await visit.codes())));
  });
}

scenario("no list is wider than a narrow screen", { context: { viewport: { width: 320, height: 640 } } }, async (visit) => {
  for (const fragment of ["#/rules", "#/rules?q=x", "#/rules?q=nothing+at+all", "#/rules/LIVE-001"]) {
    await visit.open();
    await visit.follow(fragment);
    await visit.article.waitFor();
    const [inner, outer] = await visit.article.evaluate((article) => [article.scrollWidth, article.clientWidth]);
    assert.ok(inner <= outer, `${fragment}: ${inner} > ${outer}`);
    assert.ok((await visit.page.evaluate(() => document.documentElement.scrollWidth)) <= 320, fragment);
  }
});

scenario("without script there is a way to the rules", { context: { javaScriptEnabled: false } }, async (visit) => {
  await visit.page.goto(visit.url);
  await visit.page.getByRole("link", { name: "The rules" }).click();
  await comesToMatch(() => visit.page.title(), /All rules/);
});

scenario("the text stays while rules are read", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  await visit.follow("#/rules?q=mode");
  await visit.article.waitFor();
  await visit.leave();
  assert.equal(await visit.text(), CLEAN);
});
