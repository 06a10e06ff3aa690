// The worker in which the page reads files with TLS reports, alone: what it tells, and that it comes to what the same files come to
// outside of a browser.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { ROOT, SUB_PATH, scenario } from "./lib/scenario.mjs";

const MAILS = "crates/stslint-intake/tests/mails";

/** A report of a day; no two numbers are the same report. */
const report = (number) =>
  JSON.stringify({
    "organization-name": "Sender Example",
    "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
    "report-id": `${number}`,
    policies: [{ policy: { "policy-type": "sts", "policy-domain": "acme-mail.net" }, summary: { "total-successful-session-count": number } }],
  });

const many = (count) => Array.from({ length: count }, (_, number) => [`${number}.json`, report(number)]);

/**
 * Has the page's worker read files, each a name and its content. `cancelAt` of how many files it is told to stop. Gives how far it said
 * that it was, in how many parts it told what came of it, and these put together.
 */
async function read(visit, files, { cancelAt = Infinity } = {}) {
  const given = files.map(([name, content]) => [name, Buffer.from(content).toString("base64")]);
  const { said, parts, error } = await visit.page.evaluate(
    async ([contents, stopAt]) => {
      const unpack = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const blobs = contents.map(([name, base64]) => new File([unpack(base64)], name));
      // A page may make this policy once.
      window.reader ??= trustedTypes
        .createPolicy("stslint-reader", { createScriptURL: (address) => address })
        .createScriptURL(document.querySelector("script[data-reader]").dataset.reader);
      const worker = new Worker(window.reader, { type: "module" });
      const [told, parts] = [[], []];
      const base64 = (data) => btoa(Array.from(new Uint8Array(data), (byte) => String.fromCharCode(byte)).join(""));
      const end = await new Promise((done) => {
        worker.onerror = (event) => done({ error: event.message ?? "" });
        worker.onmessage = ({ data }) => {
          if (data instanceof ArrayBuffer) return parts.push(base64(data));
          if (data === "end") return done({});
          if (data === "more") return worker.postMessage(blobs.splice(0, 32));
          told.push(data);
          if (data[0] >= stopAt) worker.postMessage("cancel");
        };
      });
      worker.terminate();
      return { said: told, parts, ...end };
    },
    [given, cancelAt],
  );
  const told = parts.map((part, i) => [`${i}`, Buffer.from(part, "base64")]);
  return { said, error, parts: parts.length, bytes: error === undefined ? await natively(told, ["--parts"]) : undefined };
}

/** What `Outcome::to_bytes` writes, but for what the reports say: see crates/stslint-worker/src/bytes.rs. */
function outcome(bytes) {
  let at = 1;
  const number = () => Number(bytes.readBigUInt64LE((at += 8) - 8));
  const text = () => {
    const length = number();
    return bytes.subarray(at, (at += length)).toString();
  };
  const packed = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  const [refusedMore, dmarc, other, files, size, named] = [number(), number(), number(), number(), number(), number()];
  const refused = Array.from({ length: named }, () => [text(), text()]);
  at += 2; // of the aggregate: its version, and whether it is whole
  const leftOut = packed();
  const lengths = Array.from({ length: packed() }, packed);
  at += lengths.reduce((sum, length) => sum + length, 0);
  return { refusedMore, dmarc, other, files, size, refused, leftOut, reports: packed() };
}

/** What comes of the same files outside of a browser; or of parts that were told. */
async function natively(files, options = []) {
  const folder = await mkdtemp(join(tmpdir(), "stslint-reports-"));
  try {
    for (const [name, content] of files) await writeFile(join(folder, name), content);
    const names = files.map(([name]) => name);
    const how = { cwd: folder, encoding: "buffer", maxBuffer: 1 << 26 };
    return (await promisify(execFile)(process.env.STSLINT_OUTCOME, [...options, ...names], how)).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reports with the habits of real reporters, packed or not, mails with some, and what is none. */
async function fixtures() {
  const { cases } = JSON.parse(await readFile("tests/reports/senders.json", "utf8"));
  const reports = cases.flatMap((one) => one.reports.map((content) => JSON.stringify(content)));
  const files = reports.map((content, i) => (i % 2 ? [`${i}.json`, content] : [`${i}.json.gz`, gzipSync(content)]));
  const broken = ["cut.json.gz", gzipSync(reports[0]).subarray(0, 100)];
  files.splice(3, 0, broken, ["dmarc.xml", "<feedback><report_metadata/></feedback>"], ["note.txt", "Dear colleague"], ["half.json", reports[0].slice(0, 200)]);
  for (const name of await readdir(MAILS)) files.push([name, await readFile(join(MAILS, name))]);
  // Longer than one piece.
  files.push(["all.mbox", Array.from({ length: 4000 }, (_, i) => `From a@b Thu Oct  1 06:00:00 2026\nContent-Type: application/tlsrpt+json\n\n${report(i)}\n\n`).join("")]);
  return files;
}

for (const [where, url] of [["at the root", ROOT], ["below a path", SUB_PATH]]) {
  scenario(`files come to the same in the browser, ${where}, and outside of it`, { url }, async (visit) => {
    await visit.open();
    const files = await fixtures();
    assert.ok(files.at(-1)[1].length > 1 << 20);
    const { bytes, parts, error } = await read(visit, files);
    assert.equal(error, undefined);
    assert.equal(parts, 1);
    const { refused, dmarc, other, reports } = outcome(bytes);
    assert.deepEqual(refused.map(([place]) => place).slice(0, 2), ["cut.json.gz", "half.json"]);
    assert.ok(dmarc >= 1 && other >= 1 && reports > 4000, `${dmarc}, ${other}, ${reports}`);
    assert.ok(bytes.equals(await natively(files)), "not the same bytes");
  });
}

scenario("two thousand files are read, and the way is told", async (visit) => {
  await visit.open();
  const files = many(2000);
  const { said, bytes } = await read(visit, files);
  const all = outcome(bytes);
  const size = files.reduce((sum, [, content]) => sum + content.length, 0);
  assert.deepEqual(all, { refusedMore: 0, dmarc: 0, other: 0, files: 2000, size, refused: [], leftOut: 0, reports: 2000 });
  const steps = [...said, [2000, size]];
  steps.slice(1).forEach((step, i) => assert.ok(step[0] >= steps[i][0] && step[1] >= steps[i][1], JSON.stringify(steps)));
});

scenario("what comes of many reports is told in parts", async (visit) => {
  await visit.open();
  const mails = Array.from({ length: 40_000 }, (_, i) => `From a@b Thu Oct  1 06:00:00 2026\nContent-Type: application/tlsrpt+json\n\n${report(i)}\n\n`);
  const files = [["half.json", report(0).slice(0, -9)], ["all.mbox", mails.join("")], ...many(5), ["cut.json", report(1).slice(0, -9)]];
  const { parts, bytes } = await read(visit, files);
  assert.ok(parts > 3, `${parts}`);
  assert.ok(bytes.equals(await natively(files)), "not the same bytes");
  const { refused, reports } = outcome(bytes);
  assert.deepEqual([refused.map(([place]) => place), reports], [["half.json", "cut.json"], 40_000]);
});

scenario("what was read till one has enough is kept", async (visit) => {
  await visit.open();
  const { files, reports, refused } = outcome((await read(visit, many(5000), { cancelAt: 1 })).bytes);
  assert.ok(files > 0 && files < 5000, `${files}`);
  assert.deepEqual([reports, refused], [files, []]);
});

scenario("a mailbox that is not read to its end is not called broken", async (visit) => {
  await visit.open();
  const mails = Array.from({ length: 40_000 }, (_, i) => `From a@b Thu Oct  1 06:00:00 2026\nContent-Type: application/tlsrpt+json\n\n${report(i)}\n\n`);
  const { files, reports, refused, size } = outcome((await read(visit, [["all.mbox", mails.join("")]], { cancelAt: 0 })).bytes);
  assert.ok(reports > 0 && reports < 40_000, `${reports}`);
  assert.deepEqual([files, refused], [0, []]);
  assert.ok(size > 0);
});

scenario("a host that does not know the type of wasm files serves the worker", async (visit) => {
  await visit.page.route("**/stslint-worker*.wasm", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { "content-type": "application/octet-stream" } });
  });
  await visit.open();
  assert.equal(outcome((await read(visit, many(3))).bytes).reports, 3);
});

for (const [what, pattern, expects] of [
  ["its script", "**/stslint-worker-*.js", [/Failed to load resource/]],
  ["its program", "**/stslint-worker*.wasm", [/Failed to load resource/, /Failed to fetch/]],
]) {
  scenario(`that ${what} does not come is told to the page`, { expects }, async (visit) => {
    await visit.page.route(pattern, (route) => route.abort());
    await visit.open();
    const { error, said } = await read(visit, many(1));
    assert.equal(typeof error, "string");
    assert.deepEqual(said, []);
  });
}
