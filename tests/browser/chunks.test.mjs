// The program that starts is small. Parts of it come when they are first needed.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { linkTo } from "./lib/links.mjs";
import { mailOf } from "./lib/reports.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";

const REPORT = '{"organization-name": "Acme", "date-range": {}, "policies": []}';

/** The files of parts that come later. */
const CHUNKS = /\/(split|chunk)_[^/]*\.wasm$/;

/** Has nothing kept for times without a network, which loads every part after a while: there is no data to spare (boot.js). */
function keepsNothing(visit) {
  return visit.page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
}

scenario("a start, and a policy that is checked, take no part that comes later", async (visit) => {
  await keepsNothing(visit);
  await visit.open();
  await visit.paste(CLEAN);
  await becomes(() => visit.readAs(), "Read as: MTA-STS policy");
  await visit.page.waitForLoadState("networkidle");
  assert.deepEqual(visit.seen.requests.filter((url) => CHUNKS.test(url)), []);
});

for (const [what, fragment, wanted, then = []] of [
  ["a link", linkTo(BROKEN), ["split_link"], ["split_rules", "rules.json"]],
  ["a shared check", linkTo("{}", "&kind=live"), ["split_link", "split_check", "tools.css"]],
  ["an example", "#/examples/mta-sts-record", ["split_share", "tools.css"]],
  ["a rule", "#/rules/STS-POL-083", ["split_rules", "tools.css", "rules.json"]],
  ["the list of rules", "#/rules?q=mode", ["split_rules", "tools.css", "rules.json"]],
  ["the view of reports", "#/reports", ["split_reports", "tools.css"]],
  ["senders", "#/senders", ["split_senders", "tools.css"]],
  ["the choices of what to publish", "#/setup", ["split_build", "tools.css"]],
  ["a domain", "#/check/acme-mail.net", ["split_check", "tools.css"]],
]) {
  scenario(`what ${what} takes loads beside the program, once`, async (visit) => {
    await keepsNothing(visit);
    let release;
    const released = new Promise((go) => (release = go));
    await visit.page.route("**/stslint-page_bg*.wasm", async (route) => {
      await released;
      await route.continue();
    });
    await visit.page.goto(visit.url + fragment, { waitUntil: "commit" });
    const names = () => visit.seen.requests.map((url) => url.split("/").pop().replace(/-\w{16}\.wasm$/, ""));
    await eventually(() => assert.deepEqual(wanted.filter((name) => !names().includes(name)), []));
    assert.ok(await visit.page.locator("html[data-opening]").count(), "something is being opened");
    assert.equal(await visit.page.locator("html[data-started]").count(), 0);
    assert.deepEqual(names().filter((name) => then.includes(name)), [], "what explains does not hold the program up");
    const early = names().filter((name) => /^(split|chunk)_/.test(name));
    release();
    await visit.started();
    await visit.page.waitForLoadState("networkidle");
    for (const name of [...wanted, ...then, ...early]) assert.equal(names().filter((other) => other === name).length, 1, name);
  });
}

scenario("whoever goes home while something is being opened is at the start", async (visit) => {
  await keepsNothing(visit);
  let release;
  const released = new Promise((go) => (release = go));
  await visit.page.route(CHUNKS, async (route) => {
    await released;
    await route.continue();
  });
  await visit.page.goto(`${visit.url}#/check/acme-mail.net`);
  await visit.started();
  assert.ok(await visit.page.locator("html[data-opening]").count(), "it is being opened");
  await visit.home.click();
  await visit.field.waitFor();
  release();
  await visit.page.waitForLoadState("networkidle");
  assert.equal(await visit.text(), "");
  assert.ok(await visit.field.isVisible());
});

scenario("a start opens nothing", async (visit) => {
  await keepsNothing(visit);
  await visit.open();
  assert.equal(await visit.page.locator("html[data-opening]").count(), 0);
});

scenario("a part that comes leaves text, kind, domain, finding and undo as they are", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.chooseKind({ label: "MTA-STS policy" });
  await visit.nameDomain("acme-mail.net");
  await visit.button(/^Repair/).click();
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

scenario("a part that can't be loaded is told, nothing is lost, and it can be tried again", { expects: [/./] }, async (visit) => {
  await visit.page.route(CHUNKS, (route) => route.abort());
  await visit.open();
  await visit.paste(BROKEN);
  await visit.button("Share").click();
  await visit.tells(/could not be loaded.*Your text is as it was/s);
  assert.equal(await visit.text(), BROKEN);
  await visit.paste(REPORT);
  await comesToMatch(() => visit.verdict.innerText(), /Not checked: the part of stslint/);
  await visit.paste(CLEAN);
  await becomes(() => visit.codes(), []);
  await visit.page.unroute(CHUNKS);
  await visit.button("Try again").click();
  await visit.dialog.waitFor();
  visit.seen.errors.length = 0;
});

for (const [how, answer] of [
  ["is gone", { status: 404, body: "" }],
  ["is a page that says so", { status: 200, contentType: "text/html", body: "<h1>Not found</h1>" }],
]) {
  scenario(`a part of another build that ${how} is refused, and the text stays`, { expects: [/./] }, async (visit) => {
    await visit.page.route(CHUNKS, (route) => route.fulfill(answer));
    await visit.open();
    await visit.paste(BROKEN);
    await visit.button("Share").click();
    await visit.tells(/This page was updated since you opened it/);
    assert.equal(await visit.text(), BROKEN);
    await visit.button("Load the page again").waitFor();
    visit.seen.errors.length = 0;
  });
}

scenario("a part that crashes leaves the text, and says what happened", { expects: [/./] }, async (visit) => {
  await visit.page.route(CHUNKS, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: crashing(await response.body()) });
  });
  await keepsNothing(visit);
  await visit.open();
  await visit.paste(CLEAN);
  await visit.button("Share").click();
  const alert = visit.page.getByRole("alert").filter({ hasText: "stslint crashed" });
  await alert.waitFor();
  assert.match(await alert.innerText(), /Your text is safe.*reload/s);
  assert.equal(await visit.text(), CLEAN);
  assert.ok(await visit.field.isVisible());
  visit.seen.errors.length = 0;
});

/** The section of a WebAssembly module with the bodies of functions. */
const CODE = 10;

/** A module as it was, but that every function of it ends the program. */
function crashing(bytes) {
  const module = Buffer.from(bytes);
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at];
      at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < module.length) {
    const section = module[at];
    at += 1;
    const length = number();
    const end = at + length;
    if (section === CODE) {
      for (let functions = number(); functions > 0; functions -= 1) {
        const size = number();
        // No locals, `unreachable`, `nop` for the rest, `end`.
        if (size > 2) module.fill(0x01, at, at + size - 1).fill(0x00, at, at + 2);
        at += size;
      }
    }
    at = end;
  }
  return module;
}

scenario("a host that does not know the type of wasm files serves all parts", { expects: [/MIME|wasm/i] }, async (visit) => {
  await visit.page.route("**/*.wasm", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, contentType: "application/octet-stream" });
  });
  await visit.open();
  await visit.paste(REPORT);
  await becomes(() => visit.readAs(), "Read as: TLS report");
  visit.seen.errors.length = 0;
});

scenario("a report comes unpacked out of its file", async (visit) => {
  await visit.open();
  await visit.drop("acme.json.gz", gzipSync(REPORT));
  await becomes(() => visit.text(), REPORT);
  await becomes(() => visit.readAs(), "Read as: TLS report");
  // Packed in pieces, as programs append them.
  await visit.drop("members.json.gz", Buffer.concat([gzipSync(REPORT.slice(0, 9)), gzipSync(REPORT.slice(9).replace("Acme", "Acme2"))]));
  await becomes(() => visit.text(), REPORT.replace("Acme", "Acme2"));
  await visit.drop("cut.json.gz", gzipSync(REPORT).subarray(0, 30));
  await visit.tells(/There is no report in the file cut\.json\.gz: its gzip data is cut off/);
  await visit.drop("bomb.json.gz", gzipSync(Buffer.alloc(9 << 20, " ")));
  await visit.tells(/There is no report in the file bomb\.json\.gz: it unpacks to more than 8 MiB/);
  await visit.drop("junk.json.gz", Buffer.concat([gzipSync(REPORT), Buffer.from("junk")]));
  await visit.tells(/Opened the report in the file junk\.json\.gz, of which a part can’t be read \(there are 4 bytes after the end/);
  await becomes(() => visit.text(), REPORT);
});

scenario("a report comes out of the mail that it was attached to, dropped or pasted, and several are taken together", async (visit) => {
  await visit.open();
  const [one, two] = [REPORT, REPORT.replace("Acme", "Other")];
  await visit.drop("report.eml", mailOf(["acme.json.gz", gzipSync(one)]));
  await visit.tells(/Opened the report in the file report\.eml/);
  await becomes(() => visit.text(), one);
  await becomes(() => visit.readAs(), "Read as: TLS report");
  await visit.toClipboard(mailOf(["other.json.gz", gzipSync(two)]));
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+A");
  await visit.page.keyboard.press("ControlOrMeta+V");
  await visit.tells(/Opened the report in the pasted mail/);
  await becomes(() => visit.text(), two);
  await visit.drop("both.mbox", mailOf(["acme.json.gz", gzipSync(one)], ["other.json.gz", gzipSync(two)]));
  await comesToMatch(() => visit.page.getByTestId("read").innerText(), /2 different reports/);
  await visit.leave();
  await becomes(() => visit.text(), two);
  await visit.drop("none.zip", Buffer.from("PK\x03\x04 and nothing else"));
  await visit.tells(/There is no report in the file none\.zip: the zip archive has no directory.*Your text is as it was/);
  await becomes(() => visit.text(), two);
});
