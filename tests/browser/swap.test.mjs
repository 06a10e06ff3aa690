// The page that starts is small. What it has not comes with all of it, which takes over without a trace.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";

const REPORT = '{"organization-name": "Acme", "date-range": {}, "policies": []}';

scenario("what takes over goes on with text, kind, domain, finding and undo", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.kind.selectOption({ label: "MTA-STS policy" });
  await visit.domain.fill("acme-mail.net");
  await visit.button(/^Apply all safe fixes/).click();
  const repaired = await visit.text();
  await visit.field.focus();
  await visit.page.keyboard.press("F8");
  const current = () => visit.page.locator(".card[data-current]").getAttribute("data-code");
  const before = await current();
  await visit.button("Share").click();
  await visit.dialog.waitFor();
  await visit.closeDialog();
  assert.equal(await visit.text(), repaired);
  assert.equal(await visit.kind.inputValue(), "policy");
  assert.equal(await visit.domain.inputValue(), "acme-mail.net");
  assert.equal(await current(), before);
  await visit.button("Restore previous text").click();
  await becomes(() => visit.text(), BROKEN);
});

scenario("who types meanwhile notices nothing", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  await visit.domain.focus();
  await visit.page.keyboard.type("acme.net");
  for (let i = 0; i < 4; i += 1) await visit.page.keyboard.press("ArrowLeft");
  const old = await visit.domain.elementHandle();
  await visit.page.evaluate(() => void dispatchEvent(new Event("stslint:rest")));
  await becomes(() => old.evaluate((input) => input.isConnected), false);
  assert.ok(await visit.domain.evaluate((input) => input === document.activeElement));
  await visit.page.keyboard.type("-mail");
  await becomes(() => visit.domain.inputValue(), "acme-mail.net");
});

scenario("what can't be loaded is told, nothing is lost, and it can be tried again", { expects: [/./] }, async (visit) => {
  await visit.page.route("**/stslint-full*", (route) => route.abort());
  await visit.open();
  await visit.paste(BROKEN);
  await visit.button("Share").click();
  await visit.tells(/could not be loaded.*Your text is as it was/s);
  assert.equal(await visit.text(), BROKEN);
  await visit.paste(REPORT);
  await comesToMatch(() => visit.verdict.innerText(), /Not checked: the part of stslint/);
  await visit.paste(CLEAN);
  await becomes(() => visit.codes(), []);
  await visit.page.unroute("**/stslint-full*");
  await visit.button("Try again").click();
  await visit.dialog.waitFor();
  visit.seen.errors.length = 0;
});

scenario("a report comes unpacked out of its file", async (visit) => {
  await visit.open();
  await visit.drop("acme.json.gz", gzipSync(REPORT));
  await becomes(() => visit.text(), REPORT);
  await becomes(() => visit.readAs(), "Read as: TLS report");
  await visit.drop("cut.json.gz", gzipSync(REPORT).subarray(0, 30));
  await visit.tells(/cut\.json\.gz is damaged/);
  await visit.drop("bomb.json.gz", gzipSync(Buffer.alloc(8 << 20, " ")));
  await visit.tells(/unpacks to more than 1 MiB/);
  await eventually(async () => assert.equal(await visit.text(), REPORT));
});
