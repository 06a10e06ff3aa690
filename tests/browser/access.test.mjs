// What people who do not see the page are told.

import assert from "node:assert/strict";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";

const status = (visit) => visit.page.getByRole("status");

scenario("when typing stops, a polite summary is said, and not at every key", async (visit) => {
  await visit.open();
  await visit.page.evaluate(() => {
    window.said = [];
    const node = document.querySelector('[role="status"]');
    new MutationObserver(() => node.textContent && window.said.push(node.textContent)).observe(node, { childList: true, characterData: true, subtree: true });
  });
  await visit.field.pressSequentially("version: STSv1\nmode: Enforce\nmx: mail.acme-mail.net\nmax_age: 2592000\n");
  await comesToMatch(() => status(visit).innerText(), /will ignore this policy.* 1 error\./s);
  const said = await visit.page.evaluate(() => window.said);
  assert.ok(said.length < 10, `said ${said.length} times while typing 70 characters`);
  await visit.paste(BROKEN);
  await comesToMatch(() => status(visit).innerText(), /4 errors, 1 warning, 2 notes/);
  await visit.paste(CLEAN);
  await comesToMatch(() => status(visit).innerText(), /The text is right.*No findings/s);
});

scenario("a finding that is gone to is said, with its place", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.field.press("ControlOrMeta+Home");
  await visit.page.keyboard.press("F8");
  await comesToMatch(() => status(visit).innerText(), /error 1 of 7, line 2: .*Enforce/);
});

scenario("copying is said", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  await visit.button("Copy text").click();
  await comesToMatch(() => status(visit).innerText(), /^Copied/);
});

scenario("the parts of the page have their names and roles", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  const { page } = visit;
  assert.equal(await visit.field.getAttribute("aria-invalid"), "true");
  const described = await visit.field.evaluate((field) =>
    field.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id)?.textContent ?? `no #${id}`).join(" "),
  );
  assert.ok(described.includes(await visit.title()), "the field is described by the verdict");
  const region = page.getByRole("region", { name: "7 findings" });
  await region.waitFor();
  assert.equal(await region.getByRole("listitem").filter({ has: page.locator("h3") }).count(), 7);
  await visit.verdict.waitFor();
  await page.getByRole("region", { name: "What it says" }).waitFor();
  await page.getByRole("main").waitFor();
  await page.getByRole("banner").waitFor();
  await page.getByRole("contentinfo").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.equal(await page.locator("#twin").getAttribute("aria-hidden"), "true", "the text is not read twice");
  assert.equal(await page.locator("#twin").evaluate((twin) => twin.querySelectorAll("a, button, [tabindex]").length), 0);
  const polite = status(visit);
  assert.equal(await polite.count(), 1);
  assert.notEqual(await polite.getAttribute("aria-live"), "assertive");
  await visit.paste(CLEAN);
  await becomes(() => visit.field.getAttribute("aria-invalid"), "false");
});

scenario("severity is said in words, and shown by shape", async (visit) => {
  await visit.open();
  await visit.paste(`${BROKEN}mx: mail.Acme-mail.net\n`);
  const cards = await visit.cards.evaluateAll((all) =>
    all.map((card) => ({
      tone: card.dataset.tone,
      word: card.querySelector("h3 .severity").innerText,
      shape: card.querySelector("h3 svg path").getAttribute("d"),
    })),
  );
  const words = { error: "Error", warning: "Warning", advice: "Advice", info: "Note" };
  const shapes = new Map();
  for (const { tone, word, shape } of cards) {
    assert.equal(word, words[tone]);
    shapes.set(tone, shape);
  }
  assert.deepEqual([...shapes.keys()].sort(), ["advice", "error", "info", "warning"]);
  assert.equal(new Set(shapes.values()).size, 4, "each severity has its own shape");
});

scenario("notices and troubles are announced at once", async (visit) => {
  await visit.open("#v1&z=A");
  const alert = visit.page.getByRole("alert").filter({ hasText: "damaged" });
  await alert.waitFor();
  // The live region was there before its text.
  assert.equal(await alert.getAttribute("id"), "notice");
});
