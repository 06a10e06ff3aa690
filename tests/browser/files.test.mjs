// Files in and out: exact bytes, line ends, limits, copy and download.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN, REPAIRED_SAFELY } from "./lib/texts.mjs";

const crlf = (text) => text.replaceAll("\n", "\r\n");

scenario("a dropped file with CR LF is taken as its exact bytes", async (visit) => {
  await visit.open();
  await visit.drop("mta-sts.txt", crlf(CLEAN));
  await becomes(() => visit.text(), CLEAN);
  await comesToMatch(() => visit.facts(), new RegExp(`${crlf(CLEAN).length} bytes\\. Line endings: CRLF`));
  await comesToMatch(() => visit.title(), /^The text is right/);
  assert.deepEqual(await visit.codes(), []);
  assert.doesNotMatch(await visit.verdict.innerText(), /Line ends can't be seen/);
  await visit.tells(/mta-sts\.txt/);
});

scenario("line ends are judged in a file, not in pasted text", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  assert.deepEqual(await visit.codes(), []);
  await comesToMatch(() => visit.facts(), /Line endings unknown \(pasted\)/);
  await comesToMatch(() => visit.verdict.innerText(), /Line ends can.t be seen/);
  await visit.drop("mta-sts.txt", CLEAN);
  await becomes(() => visit.codes(), ["STS-POL-021"]);
  await comesToMatch(() => visit.facts(), /Line endings: LF/);
  await visit.card("STS-POL-021").getByRole("button", { name: /^Apply fix/ }).click();
  await becomes(() => visit.codes(), []);
  await comesToMatch(() => visit.facts(), /Line endings: CRLF/);
  await visit.drop("mta-sts.txt", CLEAN.replaceAll("\n", "\r"));
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-020")));
});

scenario("a file that is not UTF-8 is shown, judged, and keeps its bytes", async (visit) => {
  const bytes = Buffer.from(crlf("version: STSv1\nmode: enforce\nmx: m\xfcnchen.acme-mail.net\nmax_age: 2592000\n"), "latin1");
  await visit.open();
  await visit.drop("mta-sts.txt", bytes);
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-003")));
  await comesToMatch(() => visit.text(), /mx: m\ufffdnchen\.acme-mail\.net/);
  const [mark] = (await visit.marked()).filter(({ code }) => code === "STS-POL-003");
  assert.equal(mark.text, "\ufffd");
  await comesToMatch(() => visit.facts(), new RegExp(`${bytes.length} bytes`));
  const [left] = await Promise.all([visit.page.waitForEvent("download"), visit.button(/^Download \(\d+ errors? left\)/).click()]);
  assert.deepEqual(await readFile(await left.path()), bytes);
});

scenario("a file is opened by its button", async (visit) => {
  await visit.open();
  for (const [content, codes] of [[crlf(BROKEN), 7], [crlf(CLEAN), 0]]) {
    const [chooser] = await Promise.all([visit.page.waitForEvent("filechooser"), visit.button("Open file").click()]);
    await chooser.setFiles({ name: "policy.txt", mimeType: "text/plain", buffer: Buffer.from(content) });
    await becomes(() => visit.text(), content.replaceAll("\r\n", "\n"));
    await becomes(() => visit.cards.count(), codes);
  }
});

scenario("a dropped file replaces a text that was typed, which can be restored", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.drop("mta-sts.txt", crlf(CLEAN));
  await becomes(() => visit.text(), CLEAN);
  await visit.tells(/replaced your text/);
  await visit.button("Restore previous text").click();
  await becomes(() => visit.text(), BROKEN);
});

scenario("a dragged file shows where it may be dropped", async (visit) => {
  await visit.open();
  const outline = () => visit.page.locator(".editor").evaluate((e) => getComputedStyle(e).outlineStyle);
  assert.equal(await outline(), "none");
  await visit.page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "x.txt"));
    document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true }));
  });
  await becomes(outline, "dashed");
  await visit.drop("mta-sts.txt", crlf(CLEAN));
  await eventually(async () => assert.notEqual(await outline(), "dashed"));
});

async function downloaded(visit) {
  const [download] = await Promise.all([visit.page.waitForEvent("download"), visit.button("Download mta-sts.txt").click()]);
  assert.equal(download.suggestedFilename(), "mta-sts.txt");
  return readFile(await download.path());
}

scenario("the download is mta-sts.txt with CR LF", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  assert.equal((await downloaded(visit)).toString(), crlf(CLEAN));
  await visit.paste(CLEAN.trimEnd());
  assert.equal((await downloaded(visit)).toString(), crlf(CLEAN));
  await visit.drop("x.txt", CLEAN);
  await comesToMatch(() => visit.facts(), /Line endings: LF/);
  assert.equal((await downloaded(visit)).toString(), crlf(CLEAN));
  await visit.paste(BROKEN);
  const [left] = await Promise.all([visit.page.waitForEvent("download"), visit.button("Download (4 errors left)").click()]);
  assert.equal((await readFile(await left.path())).toString(), crlf(BROKEN), "as it is, and the button says so");
});

scenario("the text is copied as it is, repaired once that was asked for", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.button("Copy text").click();
  await visit.button("Copied").waitFor();
  await becomes(() => visit.clipboard(), BROKEN);
  await visit.button(/^Repair/).click();
  await becomes(() => visit.text(), REPAIRED_SAFELY);
  await visit.button("Copy text").click();
  await becomes(() => visit.clipboard(), REPAIRED_SAFELY);
  await visit.paste(CLEAN);
  await visit.button("Copy text").click();
  await becomes(() => visit.clipboard(), CLEAN);
});

scenario("copying works where the clipboard is refused", { permissions: false }, async (visit) => {
  await visit.open();
  await visit.page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException("refused", "NotAllowedError"));
  });
  await visit.field.fill(CLEAN);
  await visit.button("Copy text").click();
  await visit.button("Copied").waitFor();
  await visit.page.keyboard.press("ControlOrMeta+A");
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+A");
  await visit.page.keyboard.press("ControlOrMeta+V");
  await becomes(() => visit.text(), CLEAN);
});

const TEN = 10 << 20;

async function stillWorks(visit) {
  assert.equal(await visit.text(), CLEAN, "the text stays");
  await visit.field.press("ControlOrMeta+End");
  await visit.page.keyboard.type("mode: testing");
  await eventually(async () => assert.ok((await visit.codes()).length > 0));
}

scenario("a file of 10 MB is refused with its limit, and the page goes on", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  await visit.drop("big.txt", Buffer.alloc(TEN, "mx: a.acme.net\n"));
  await visit.tells(/big\.txt is too big: 10\.0 MiB\. Up to \d+ [KM]iB is checked/);
  await stillWorks(visit);
});

scenario("10 MB that are pasted are refused with their limit, and the page goes on", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  await visit.page.evaluate((size) => navigator.clipboard.writeText("mx: a.acme.net\n".repeat(size / 15)), TEN);
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+A");
  await visit.page.keyboard.press("ControlOrMeta+V");
  await visit.tells(/too big: 10\.0 MiB\. Up to \d+ [KM]iB is checked/);
  await stillWorks(visit);
});

scenario("10 MB that got into the field by another way are not checked, and that is said", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.field.evaluate((field, size) => {
    field.value = "x".repeat(size);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, TEN);
  await comesToMatch(() => visit.title(), /Too big to check: 10\.0 MiB/);
  assert.equal(await visit.cards.count(), 0);
  await visit.field.fill(CLEAN);
  await comesToMatch(() => visit.title(), /^The text is right/);
});

scenario("64 KiB with thousands of findings stay workable", async (visit) => {
  const line = "mx: a_b.mail-servers.acme-mail.net\n";
  const text = `version: STSv1\nmode: enforce\n${line.repeat(1_900)}max_age: 604800\n`;
  assert.ok(text.length > 64_000);
  await visit.open();
  await visit.paste(text);
  // What is alike is one card.
  await becomes(() => visit.cards.count(), 3);
  const alike = visit.page.getByText(/^and 1899 more like this$/);
  await alike.click();
  await becomes(() => visit.page.locator(".others li").count(), 100);
  assert.ok((await visit.page.locator("#twin mark").count()) <= 600, "no more marks are drawn than help");
  // Typing, at the end and in the middle.
  await visit.field.press("ControlOrMeta+End");
  await visit.page.keyboard.type("note: x");
  await comesToMatch(async () => (await visit.text()).slice(-40), /note: x$/);
  await visit.settled();
  await visit.field.evaluate((field) => field.setSelectionRange(15, 28));
  await visit.page.keyboard.type("mode: testing");
  await comesToMatch(async () => (await visit.text()).slice(0, 40), /^version: STSv1\nmode: testing\n/);
  await visit.settled();
  await visit.page.keyboard.press("F8");
  await eventually(async () => assert.equal(await visit.page.locator(".card[data-current]").count(), 1));
  await visit.paste(CLEAN);
  await comesToMatch(() => visit.title(), /^The text is right/);
});

scenario("one line of 64 KiB stays workable", async (visit) => {
  await visit.open();
  await visit.paste(`version: STSv1\nmode: enforce\nmx: ${"a.".repeat(32_000)}\nmax_age: x\n`);
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-061")));
  await visit.field.press("ControlOrMeta+End");
  await visit.page.keyboard.type("x");
  await visit.settled();
});

scenario("a text of more lines than anything has is refused before the field takes it, and the text that was there stays", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  const lines = "\n".repeat(200_000);
  await visit.toClipboard(lines);
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+A");
  await visit.page.keyboard.press("ControlOrMeta+V");
  await visit.tells(/The pasted text has 200000 lines, and up to 2000 are read here\./);
  assert.equal(await visit.text(), CLEAN);
  await visit.drop("lines.txt", lines);
  await visit.tells(/The file lines\.txt has 200000 lines/);
  assert.equal(await visit.text(), CLEAN);
  await visit.drop("line.txt", `${CLEAN}${"a".repeat(70_000)}\n`);
  await visit.tells(/The file line\.txt has a line of 69 KiB, longer than any policy or record can be\./);
  assert.equal(await visit.text(), CLEAN);
  // Browsers take seconds for such a line.
  await visit.drop("signs.txt", `${CLEAN}mx: ${"a\0".repeat(32_000)}\n`);
  await visit.tells(/The file signs\.txt can’t be shown: browsers take too long to draw a line that changes so often/);
  assert.equal(await visit.text(), CLEAN);
});

scenario("thousands of empty lines are as quick as others", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  const text = `${CLEAN}${"\n".repeat(1_900)}`;
  await visit.drop("mta-sts.txt", text);
  // By the browser's own editing command they took a minute, and nobody waits that long.
  await becomes(async () => (await visit.text()).length, text.length);
  await visit.settled();
  await eventually(async () => assert.ok((await visit.codes()).length > 0));
});

scenario("an empty file is said to hold nothing", async (visit) => {
  await visit.open();
  await visit.drop("mta-sts.txt", "\n");
  await visit.tells(/There is nothing in the file mta-sts\.txt\./);
});
