// Results out of the page and into it: the files that it saves, and what becomes of files that are opened again.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { SUB_PATH, becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";

const FILE = "version: STSv1 \r\nmode: enforced\r\nmx: *.bücher.acme\r\nmax_age: 2592000\r\n";

/** Makes a choice in the share dialog and downloads what there is. */
async function saved(visit, choice) {
  if (!(await visit.dialog.isVisible())) await visit.button("Share").click();
  await visit.dialog.getByRole("radio", { name: choice }).check();
  const button = visit.dialog.getByRole("button", { name: "Download" });
  const [download] = await Promise.all([visit.page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

/** A result with these inputs, as another version may have made it. */
const made = (sources, found = [], more = {}) =>
  JSON.stringify({
    schema: 1,
    stslint: "0.0.7",
    inputs: found.map((codes, source) => ({ source, findings: codes.map((code) => ({ code })) })),
    sources: sources.map((source) => ({ name: "-", file_name: null, kind: null, domain: null, line_ends_known: true, ...source })),
    ...more,
  });

const same = (codes) => [...new Set(codes)].sort();

scenario("a result goes out as JSON and comes back in a fresh profile as it was", async (visit, { visitor }) => {
  await visit.open();
  await visit.drop("mta-sts.txt", FILE);
  await visit.chooseKind({ label: "MTA-STS policy" });
  await visit.nameDomain("bücher.acme");
  await visit.settled();
  const codes = await visit.codes();
  assert.ok(codes.includes("STS-POL-051"));
  const { name, text } = await saved(visit, "JSON result");
  assert.equal(name, "mta-sts-stslint.json");
  assert.equal(text.split("\n")[1], '  "schema": 1,', "it is laid out to be read");
  const document = JSON.parse(text);
  assert.deepEqual(document.sources, [
    { name: "mta-sts.txt", file_name: "mta-sts.txt", kind: "policy", domain: "xn--bcher-kva.acme", line_ends_known: true, text: FILE },
  ]);
  assert.deepEqual(same(document.inputs[0].findings.map(({ code }) => code)), same(codes));
  for (const { why, effect, help, clause } of document.inputs[0].findings) assert.ok(why && effect && help && clause);
  await visit.dialog.getByRole("button", { name: "Copy" }).click();
  await becomes(() => visit.clipboard(), text);

  const other = await visitor();
  await other.open();
  await other.drop(name, text);
  await becomes(() => other.text(), FILE.replaceAll("\r\n", "\n"));
  await other.tells(new RegExp(`^Opened mta-sts\\.txt from a result of stslint ${document.stslint.replaceAll(".", "\\.")}\\. This version, [\\d.]+, finds the same\\.`));
  assert.deepEqual(await other.codes(), codes);
  assert.equal(await other.kind.inputValue(), "policy");
  assert.equal(await other.domain.inputValue(), "xn--bcher-kva.acme");
  await comesToMatch(() => other.facts(), /Line endings: CRLF/);
  assert.deepEqual(JSON.parse((await saved(other, "JSON result")).text), document, "and the same result goes on");
});

scenario("bytes that are no text survive the way through JSON", async (visit) => {
  const bytes = Buffer.concat([Buffer.from("version: STSv1\r\nmode: none\r\nmx: "), Buffer.from([0xff, 0xfe, 0x80, 13, 10])]);
  await visit.open();
  await visit.drop("x.txt", bytes);
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-003")));
  const { text } = await saved(visit, "JSON result");
  assert.equal(JSON.parse(text).sources[0].base64, bytes.toString("base64"));
  await visit.closeDialog();
  await visit.paste(CLEAN);
  await visit.drop("again.json", text);
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-003")));
  await comesToMatch(() => visit.facts(), new RegExp(`${bytes.length} bytes`));
});

scenario("SARIF and Markdown are saved, and lead to the rules of this page", { url: SUB_PATH }, async (visit) => {
  await visit.open("?x=1");
  await visit.paste(BROKEN);
  const home = SUB_PATH;
  const sarif = await saved(visit, "SARIF");
  assert.equal(sarif.name, "stslint.sarif");
  const log = JSON.parse(sarif.text);
  assert.equal(log.version, "2.1.0");
  const [run] = log.runs;
  assert.equal(run.results.length, (await visit.codes()).length);
  for (const rule of run.tool.driver.rules) {
    assert.equal(rule.helpUri, `${home}rules/${rule.id}.html`);
    assert.ok(rule.fullDescription.text, "it has its explanation");
  }
  const report = await saved(visit, "Markdown report");
  assert.equal(report.name, "stslint.md");
  assert.ok(report.text.includes(`[\`STS-POL-052\`](${home}rules/STS-POL-052.html)`));
  const today = await visit.page.evaluate(() => new Date().toISOString().slice(0, 10));
  assert.match(report.text, new RegExp(`Checked with stslint \\d+\\.\\d+\\.\\d+, ${today}\\.`));
  const page = await visit.context.newPage();
  assert.equal((await page.goto(`${home}rules/STS-POL-052.html`)).status(), 200);
});

scenario("saved files have their types", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.page.evaluate(() => {
    window.types = [];
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob) => {
      window.types.push(blob.type);
      return make(blob);
    };
  });
  for (const choice of ["JSON result", "SARIF", "Markdown report"]) await saved(visit, choice);
  assert.deepEqual(await visit.page.evaluate(() => window.types), ["application/json", "application/sarif+json", "text/markdown"]);
});

// The page may be about to load the parts that nobody has asked for yet.
scenario("results are saved and opened without a network", { expects: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] }, async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.button("Share").click();
  await visit.dialog.waitFor();
  await visit.closeDialog();
  await visit.context.setOffline(true);
  const { text } = await saved(visit, "JSON result");
  await visit.closeDialog();
  await visit.paste(CLEAN);
  await visit.drop("r.json", text);
  await becomes(() => visit.text(), BROKEN);
});

scenario("what this version sees differently is said", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  await visit.drop("old.json", made([{ text: "version: STSv1\r\nmode: enforced\r\nmx: mail.acme-mail.net\r\nmax_age: 2592000\r\n" }], [["STS-POL-900", "OLD-1"]]));
  await visit.tells(/Opened the text from a result of stslint 0\.0\.7\. It replaced your text\. This version, [\d.]+, finds something else\. New: STS-POL-051\. Gone: OLD-1, STS-POL-900\./);
  assert.deepEqual(await visit.codes(), ["STS-POL-051"]);
  await visit.button("Restore previous text").click();
  await becomes(() => visit.text(), CLEAN);
});

scenario("a result that is pasted is opened, as one that a button opens", async (visit) => {
  const result = made([{ text: CLEAN.replaceAll("\n", "\r\n") }], [[]]);
  await visit.open();
  await visit.toClipboard(result);
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+V");
  await visit.tells(/finds the same/);
  assert.equal(await visit.text(), CLEAN);
  await visit.paste(BROKEN);
  const [chooser] = await Promise.all([visit.page.waitForEvent("filechooser"), visit.button("Open file").click()]);
  await chooser.setFiles({ name: "r.json", mimeType: "application/json", buffer: Buffer.from(result) });
  await becomes(() => visit.text(), CLEAN);
});

scenario("of several inputs one is chosen, by keyboard", async (visit) => {
  await visit.open();
  await visit.drop("r.json", made([{ text: CLEAN, name: "a/mta-sts.txt" }, { text: BROKEN, kind: "policy" }], [[], ["STS-POL-052"]]));
  await visit.dialog.waitFor();
  assert.match(await visit.dialog.innerText(), /stslint 0\.0\.7 with 2 inputs/);
  assert.match(await visit.dialog.innerText(), /a\/mta-sts\.txt/);
  assert.equal(await visit.text(), "", "nothing is opened yet");
  await visit.tabTo(visit.dialog.getByRole("button", { name: "Open Standard input" }));
  await visit.page.keyboard.press("Enter");
  await visit.dialog.waitFor({ state: "hidden" });
  await becomes(() => visit.text(), BROKEN);
  await visit.tells(/New: .*Gone|New: /);
});

// What cannot be opened, and what has to be said about it.
const whole = made([{ text: CLEAN }]);
const BAD = [
  ["cut off", whole.slice(0, -20), /not JSON\. Was it cut off/],
  ["without its inputs", made([{ text: CLEAN }], [], { sources: undefined }), /does not hold what was linted/],
  ["of a newer schema", made([{ text: CLEAN }], [], { schema: 2 }), /schema 2; schema 1 can be read.*newer version/],
  ["with a damaged input", made([{ text: CLEAN }, { base64: "/" }]), /`base64` of input 2/],
  ["with an input of an unknown kind", made([{ text: CLEAN, kind: "poem" }]), /`kind` of input 1/],
  ["without any input", made([]), /has no inputs/],
  ["with an input that is too big", made([{ text: "mx: a\n".repeat(60_000) }]), /too big/],
  ["that is SARIF", JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver: { name: "stslint" } } }] }), /SARIF.*JSON result/],
  ["that is a check of a domain", JSON.stringify({ schema: 1, stslint: "0.1.0", checks: [] }), /check of a domain/],
  ["of another program", JSON.stringify({ name: "left-pad", version: "1.0.0" }), /no TLS report, no DNS answer and no result/],
];

for (const [what, text, message] of BAD) {
  scenario(`a result ${what} is explained, and the text stays`, async (visit) => {
    // Once before the whole page is there, once with it.
    for (let i = 0; i < 2; i += 1) {
      if (i === 0) await visit.open();
      else await visit.button("Dismiss").click();
      await visit.paste(CLEAN);
      await visit.drop("result.json", text);
      await visit.tells(message);
      await visit.tells(/^The file result\.json can.t be opened\./);
      assert.equal(await visit.text(), CLEAN);
    }
  });
}

scenario("a damaged result that is pasted is explained, and the text stays", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  await visit.toClipboard(whole.slice(0, -20));
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+V");
  await visit.tells(/^The pasted text can.t be opened\. This is not JSON/);
  assert.equal(await visit.text(), CLEAN);
});

const SHORT = "\"'><x-hit></x-hit><img src=x onerror=__hit(1)><script>__hit(2)</script>\u202e`";

scenario("a hostile result stays text", async (visit) => {
  await visit.open();
  const hostile = { name: `${SHORT}${"a".repeat(500)}`, file_name: SHORT, text: `version: STSv1\nmode: ${SHORT}\n` };
  const inert = async () => {
    assert.equal(await visit.page.locator("x-hit, img, script:not([src])").count(), 0);
    assert.equal(await visit.page.locator("a[href^='javascript']").count(), 0);
  };
  await visit.drop(`${SHORT}.json`, made([hostile, hostile], [[SHORT], []], { stslint: SHORT }));
  await visit.dialog.waitFor();
  await inert();
  assert.ok((await visit.dialog.innerText()).includes("<x-hit>"), "it is shown literally");
  assert.ok(!(await visit.dialog.innerText()).includes("\u202e"), "it turns nothing around");
  await visit.dialog.getByRole("button", { name: /^Open/ }).first().click();
  await visit.tells(/<x-hit>/);
  await inert();
  for (const choice of ["JSON result", "SARIF", "Markdown report"]) {
    const { name } = await saved(visit, choice);
    assert.match(name, /^[\w-]+\.(json|sarif|md)$/);
    await inert();
  }
  await visit.closeDialog();
  await visit.drop("x.json", JSON.stringify({ schema: 1, stslint: SHORT, inputs: [], sources: { __proto__: SHORT } }));
  await visit.tells(/can.t be opened/);
  await inert();
});

scenario("JSON that is to be checked is checked", async (visit) => {
  await visit.open();
  await visit.drop("report.json", JSON.stringify({ "organization-name": "x", "report-id": "1", policies: [] }));
  await becomes(() => visit.readAs(), "Read as: TLS report");
  await visit.drop("dns.json", JSON.stringify({ Status: 0, Answer: [{ name: "_mta-sts.acme.net.", type: 16, TTL: 60, data: '"v=STSv1; id=1;"' }] }));
  await comesToMatch(() => visit.readAs(), /MTA-STS record/);
});
