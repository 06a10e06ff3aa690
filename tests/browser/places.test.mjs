// Places have addresses: Back, a reload and a link lose nothing, and the field stays where it is while one types.

import assert from "node:assert/strict";
import { Check, DOMAIN, OPTIONS, publish } from "./lib/check.mjs";
import { linkTo } from "./lib/links.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";

const hash = (visit) => new URL(visit.page.url()).hash;

scenario("each view is a step of the history with a title, and Back brings back what was there", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await visit.paste(BROKEN);
  await becomes(() => hash(visit), "#/text");
  await comesToMatch(() => visit.page.title(), /^✗ MTA-STS policy · stslint$/);
  await visit.home.click();
  await becomes(() => visit.text(), "");
  await visit.field.fill(DOMAIN);
  await visit.field.press("Enter");
  await becomes(() => hash(visit), `#/d/${DOMAIN}`);
  const seen = await new Check(visit).done();
  await comesToMatch(() => visit.page.title(), new RegExp(`^✓ ${DOMAIN} · check · stslint$`));
  await seen.step("fetch").getByRole("button", { name: "Open in the editor" }).click();
  await comesToMatch(() => visit.text(), /^version: STSv1/);

  await visit.page.goBack();
  await becomes(() => visit.text(), DOMAIN);
  await seen.done();
  assert.equal(await seen.state("discover"), "Good", "the result is still there");
  await visit.page.goBack();
  await visit.page.goBack();
  await becomes(() => visit.text(), "");
  await visit.page.goBack();
  await becomes(() => visit.text(), BROKEN);
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
});

scenario("a reload loses neither the text nor what a check saw", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await visit.paste(BROKEN);
  await visit.nameDomain("example.com");
  await becomes(() => visit.readAs(), "Read as: MTA-STS policy for example.com");
  await visit.page.reload();
  await becomes(() => visit.text(), BROKEN);
  await becomes(() => visit.readAs(), "Read as: MTA-STS policy for example.com");

  await new Check(visit).run();
  internet.resolver.asked = [];
  await visit.page.reload();
  const seen = await new Check(visit).done();
  assert.match(await seen.words(), /Snapshot of acme-mail\.net/);
  assert.equal(await seen.state("discover"), "Good");
  assert.deepEqual(internet.resolver.asked, [], "nothing is looked up anew");
});

scenario("the first edit takes a shared text off the address", async (visit) => {
  await visit.open(linkTo(BROKEN));
  await becomes(() => visit.text(), BROKEN);
  await visit.field.press("ControlOrMeta+End");
  await visit.page.keyboard.type("x");
  await becomes(() => hash(visit), "#/text");
  await becomes(() => visit.text(), `${BROKEN}x`);
  await visit.page.reload();
  await becomes(() => visit.text(), `${BROKEN}x`);
});

for (const size of [{ width: 1280, height: 860 }, { width: 360, height: 740 }]) {
  scenario(`a domain that is typed is never judged, and the field stays where it is (${size.width} px)`, { context: { viewport: size } }, async (visit) => {
    await visit.open();
    await visit.field.focus();
    const place = () => visit.page.locator(".editor").boundingBox();
    const before = await place();
    for (const key of `${DOMAIN}`) {
      await visit.page.keyboard.type(key);
      assert.deepEqual(await place(), before, await visit.text());
      assert.equal(await visit.page.locator("#twin mark").count(), 0);
      assert.equal(await visit.verdict.locator('[data-tone="broken"]').count(), 0);
    }
    await comesToMatch(() => visit.title(), /^Check\s+acme-mail\.net/);
    await visit.page.getByTestId("privacy").waitFor();
    assert.deepEqual(await place(), before);
  });
}

for (const [text, title] of [
  ["is my mail safe?", /can't tell what this is/],
  ["hello there, world", /can't tell what this is/],
  ["function f() { return 1 }", /^Program code: nothing in it to lint/],
]) {
  scenario(`what is nothing of ours gets no verdict: ${text}`, async (visit) => {
    await visit.open();
    await visit.paste(text);
    await comesToMatch(() => visit.title(), title);
    assert.deepEqual(await visit.codes(), []);
    await visit.button("MTA-STS policy").click();
    await eventually(async () => assert.ok((await visit.codes()).length > 0, "unless somebody says what it is"));
  });
}

for (const [what, title, text] of [
  ["Markdown", "The policy in this text is right. Publish it alone.", `Put this there:\n\n\`\`\`\n${CLEAN}\`\`\`\n`],
  ["program code", "The policy that these values make is right.", 'policy = {"version": "STSv1", "mode": "enforce", "mx": ["a.acme-mail.net"], "max_age": 1209600}\n'],
]) {
  scenario(`a policy in ${what} is taken out before it is published`, async (visit) => {
    await visit.open();
    await visit.paste(text);
    await becomes(() => visit.title(), title);
    assert.equal(await visit.button("Publish it").count(), 0);
    await visit.button("Take it out of this text").click();
    await comesToMatch(() => visit.title(), /^The text is right/);
    assert.match(await visit.text(), /^version: STSv1\nmode: enforce\n/);
    await visit.button("Publish it").waitFor();
  });
}

scenario("a bounce is explained, and the domain that it names can be checked", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await visit.paste(`450 4.4.8 MX hosts of '${DOMAIN}' failed MTA-STS validation.`);
  await comesToMatch(() => visit.title(), /^A bounce/);
  await becomes(() => visit.codes(), ["INPUT-002"]);
  assert.equal(await visit.button("MTA-STS policy").count(), 0, "one thing to do");
  assert.equal(await visit.verdict.locator('[data-tone="broken"]').count(), 0);
  await visit.button(`Check ${DOMAIN}`).click();
  assert.equal(await (await new Check(visit).done()).state("discover"), "Good");
});

scenario("Enter on a domain is carried out, whenever its part of the program comes", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await visit.page.route("**/split_check*.wasm", async (route) => {
    await released;
    await route.continue();
  });
  await visit.open();
  await visit.field.fill(DOMAIN);
  await visit.field.press("Enter");
  assert.equal(await visit.text(), DOMAIN, "it is no line break");
  assert.deepEqual(internet.resolver.asked, []);
  release();
  await new Check(visit).done();
  await becomes(() => hash(visit), `#/d/${DOMAIN}`);
});

scenario("the code of a rule leads to the rule, by Enter or by its button, and back to the field", async (visit) => {
  await visit.open();
  await visit.field.fill("sts-pol-051");
  await becomes(() => visit.title(), "Read about STS-POL-051?");
  await visit.field.press("Enter");
  await visit.page.locator("#article-title").waitFor();
  assert.equal(new URL(visit.page.url()).hash, "#/rules/STS-POL-051");
  await visit.page.goBack();
  await becomes(() => visit.text(), "sts-pol-051");
  await visit.page.getByRole("button", { name: "Read STS-POL-051" }).click();
  await visit.page.locator("#article-title").waitFor();
  await comesToMatch(() => visit.page.locator("#article").innerText(), /STS-POL-051/);

  // A code that no rule has is said to be none, beside the list of those that there are.
  await visit.page.goBack();
  await visit.field.fill("STS-POL-999");
  await visit.field.press("Enter");
  await visit.tells(/There is no rule with this code/);
  await visit.page.goBack();
  await becomes(() => visit.text(), "STS-POL-999");
});

scenario("an address that names nothing says so", async (visit) => {
  await visit.open("#/nonsense");
  await visit.tells(/Nothing is at this address/);
  await visit.page.getByRole("link", { name: "Rules", exact: true }).click();
  await visit.page.locator("#article-title").waitFor();
  await becomes(() => visit.page.getByText(/Nothing is at this address/).count(), 0);
});

scenario("on a phone, the way back leads to the finding that one came from, and covers no suggestion", { context: { viewport: { width: 360, height: 740 } } }, async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  const back = visit.button("Back to the finding");
  await visit.field.press("ControlOrMeta+Home");
  await visit.page.keyboard.press("F8");
  await visit.page.keyboard.press("F8");
  await becomes(() => visit.card("STS-POL-032").getAttribute("data-current"), "");
  // While a text is typed above it, a finding gets another number.
  await visit.page.keyboard.press("Shift+F8");
  await visit.page.keyboard.type("enforce");
  await visit.page.keyboard.press("F8");
  await back.click();
  await becomes(() => visit.page.evaluate(() => document.activeElement.closest(".card").dataset.code), "STS-POL-032");
  await visit.card("STS-POL-032").locator(".go").click();
  await back.waitFor();
  await visit.button(/^Repair/).click();
  await visit.page.locator("#accept").waitFor();
  await back.waitFor({ state: "hidden" });
  await visit.page.keyboard.press("Escape");
  await visit.button(/^Repair/).waitFor();
  assert.equal(await back.isVisible(), false);
});

scenario("on a phone, tapping a finding shows its place and leaves a way back", { context: { viewport: { width: 360, height: 740 }, hasTouch: true } }, async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  const first = await visit.cards.first().boundingBox();
  assert.ok(first.y < 740, `the first problem is on the first screen, at ${first.y}`);
  const last = visit.card("STS-POL-061");
  await last.getByRole("button", { name: /^Error/ }).tap();
  await eventually(async () => assert.ok((await visit.page.locator('#twin mark[data-code="STS-POL-061"]').boundingBox()).y < 740));
  await visit.button("Back to the finding").tap();
  await eventually(async () => {
    const box = await last.boundingBox();
    assert.ok(box.y >= -1 && box.y < 740);
  });
});
