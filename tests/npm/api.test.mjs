// What the functions take and give.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { folder, load } from "./lib/package.mjs";

const stslint = await load();
const { default: init, detect, explain, fix, lint, rules } = stslint;

const finding = (document, code) => document.inputs.flatMap((entry) => entry.findings).find((f) => f.code === code);
const policy = (mode, end = "\r\n") => ["version: STSv1", `mode: ${mode}`, "mx: a.test", "max_age: 1209600", ""].join(end);

test("offsets of strings count UTF-16 units, also after characters that take two", () => {
  const text = policy("enforced").replace("mode", "x😀ä: 😀\r\nmode");
  const { start, end, line, column } = finding(lint(text), "STS-POL-051").span;
  assert.equal(text.slice(start, end), "enforced");
  assert.equal(start, text.indexOf("enforced"));
  assert.deepEqual([line, column], [3, 7]);
});

test("offsets of bytes count bytes", () => {
  const bytes = new TextEncoder().encode(policy("enforced").replace("mode", "x: 😀\r\nmode"));
  const { start, end } = finding(lint(bytes), "STS-POL-051").span;
  assert.equal(new TextDecoder().decode(bytes.subarray(start, end)), "enforced");
});

test("a byte order mark is found, counted and removed", () => {
  const text = `\u{feff}${policy("enforced")}`;
  const [mark] = lint(text).inputs[0].findings;
  assert.deepEqual([mark.span.start, mark.span.end], [0, 1]);
  assert.equal(text.slice(...Object.values(finding(lint(text), "STS-POL-051").span)), "enforced");
  const bytes = new TextEncoder().encode(text);
  const [markInBytes] = lint(bytes).inputs[0].findings;
  assert.deepEqual([markInBytes.code, markInBytes.span.start, markInBytes.span.end], [mark.code, 0, 3]);
  assert.equal(fix(text), policy("enforced"));
});

test("line ends count as they are, and are only judged where they are known", () => {
  for (const end of ["\n", "\r\n"]) {
    const text = policy("enforced", end);
    assert.equal(finding(lint(text), "STS-POL-051").span.start, 14 + end.length + 6);
  }
  const mixed = policy("enforce").replace("\r\n", "\n");
  const codes = (options) => lint(mixed, options).inputs[0].findings.map((f) => f.code);
  assert.deepEqual(codes(), codes({ lineEndsKnown: true }));
  assert.ok(codes().length > codes({ lineEndsKnown: false }).length);
});

test("bytes of every view are read, and bytes that are no text", () => {
  const text = policy("enforced");
  const padded = new TextEncoder().encode(`....${text}....`);
  const views = [
    new TextEncoder().encode(text),
    Buffer.from(text),
    padded.subarray(4, padded.length - 4),
    new DataView(padded.buffer, 4, text.length),
  ];
  for (const view of views) assert.deepEqual(lint(view).inputs, lint(text).inputs);
  const broken = Buffer.concat([Buffer.from("version: STSv1\r\nx: 😀"), Buffer.of(0xff), Buffer.from("\r\n")]);
  const place = (encoding) => finding(lint(broken, { kind: "policy", encoding }), "STS-POL-003").span;
  const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(broken);
  assert.equal(decoded.slice(place("utf-16").start, place("utf-16").end), "\u{fffd}");
  assert.equal(broken[place().start], 0xff);
  assert.equal(lint(broken).sources[0].base64, Buffer.from(broken).toString("base64"));
});

test("any string is linted, half a surrogate pair too", () => {
  for (const text of ["", "\0", "\ud83d", "a".repeat(200_000), "{".repeat(50_000)]) {
    assert.equal(lint(text).inputs.length, 1);
    assert.equal(typeof detect(text), "string");
  }
  assert.equal(detect("is my mail safe?"), "unknown");
  assert.deepEqual(lint("is my mail safe?").inputs.map((entry) => [entry.artefact, entry.verdict]), [["unknown", null]]);
  const [bounce] = lint("450 4.4.8 MX hosts of 'acme-mail.net' failed MTA-STS validation.").inputs;
  assert.deepEqual([bounce.artefact, bounce.parsed], ["unknown", { mentioned: "acme-mail.net" }]);
});

test("a text that is too large is refused before it is linted", () => {
  const MIB = 1 << 20;
  const report = (size) => `{"policies":[],"x":"${"a".repeat(size - 21)}"}`;
  const isTooLarge = (words) => ({ name: "RangeError", message: words });
  const other = isTooLarge("stslint: the text is too large: it has more than 1 MiB, and is not a TLS report");
  const any = isTooLarge("stslint: the text is too large: it has more than 20 MiB");
  for (const make of [(text) => text, (text) => Buffer.from(text)]) {
    for (const call of [lint, fix, detect]) {
      assert.throws(() => call(make("a".repeat(MIB + 1))), other);
      // As many units as are allowed, and more bytes.
      assert.throws(() => call(make("ä".repeat(MIB / 2 + 1))), other);
      assert.throws(() => call(make(report(20 * MIB + 1))), any);
      assert.throws(() => call(make("\0".repeat(64 * MIB))), any);
    }
    assert.throws(() => lint(make(report(MIB + 1)), { kind: "policy" }), other);
    assert.equal(lint(make("a".repeat(MIB))).inputs.length, 1);
    assert.equal(detect(make(report(2 * MIB))), "unknown");
    assert.equal(lint(make(report(2 * MIB)), { kind: "report" }).inputs[0].artefact, "report");
  }
  const long = "a".repeat(2 * MIB);
  assert.throws(() => stslint.match(long, "a.test"), isTooLarge("stslint: the pattern is too large: it has more than 1 MiB"));
  assert.throws(() => explain(long), RangeError);
  for (const name of ["domain", "fileName", "kind"]) assert.throws(() => lint("v=STSv1;", { [name]: long }), TypeError);
  // Nothing of it was a crash.
  assert.equal(lint("v=STSv1; id=1;").inputs[0].artefact, "sts-txt");
});

test("fixes keep the type, and a text without fixes is itself", () => {
  const untidy = policy("enforce").replace("mx:", " mx:");
  assert.notEqual(fix(untidy, { kind: "policy" }), untidy);
  const bytes = fix(Buffer.from(untidy), { kind: "policy" });
  assert.ok(bytes instanceof Uint8Array);
  assert.equal(Buffer.from(bytes).toString(), fix(untidy, { kind: "policy" }));
  const clean = Buffer.from(policy("enforce"));
  assert.equal(fix(clean), clean);
});

test("the options reach the engine", () => {
  const text = policy("enforce");
  const document = lint(text, { kind: "policy", domain: "Bücher.Example.", fileName: "folder/a.txt" });
  assert.equal(document.inputs[0].name, "folder/a.txt");
  const { kind, domain, file_name } = document.sources[0];
  assert.deepEqual([kind, domain, file_name], ["policy", "xn--bcher-kva.example", "a.txt"]);
  assert.equal(lint(text, { kind: undefined }).sources[0].kind, null);
  assert.equal(lint("example.com").inputs[0].artefact, "domain");
  assert.equal(lint("example.com").inputs[0].verdict, null);
});

test("wrong options throw a TypeError that names the option", () => {
  const wrong = {
    kind: ["policies", 1, null, ""],
    domain: ["a..b", "-", 5, null, ""],
    lineEndsKnown: ["yes", 0, null],
    encoding: ["utf-32", "UTF-8", 8],
    fileName: [1, null, {}],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      for (const call of [lint, fix]) {
        assert.throws(() => call("v=STSv1;", { [name]: value }), (error) => {
          assert.ok(error instanceof TypeError, `${name}: ${value}`);
          assert.ok(error.message.includes(`"${name}"`), error.message);
          return true;
        });
      }
    }
  }
  assert.throws(() => lint("", { kinds: "policy" }), { name: "TypeError", message: /no option "kinds"/ });
  for (const options of [null, "policy", 1, true]) assert.throws(() => lint("", options), TypeError);
  for (const text of [undefined, null, 1, {}, ["v=STSv1;"]]) {
    for (const call of [lint, fix, detect]) assert.throws(() => call(text), TypeError);
  }
  for (const code of [undefined, null, 51]) assert.throws(() => explain(code), TypeError);
});

test("facts that can't be read are no facts that are fine", () => {
  const live = (text) => lint(text, { kind: "live" });
  assert.equal(live('{"domain":"example.com"}').inputs[0].artefact, "live");
  for (const text of ["", "{", "{}", "v=STSv1;"]) assert.throws(() => live(text), TypeError);
});

test("every rule is listed once, is explained, and its examples show it", () => {
  const all = rules();
  const codes = all.map((rule) => rule.code);
  const record = readFileSync(new URL("../../docs/rules.txt", import.meta.url), "utf8");
  assert.deepEqual(codes, record.match(/^[A-Z]+(-[A-Z]+)?-\d{3}(?= )/gm));
  assert.ok(codes.length > 200);
  for (const rule of all) {
    assert.deepEqual(explain(rule.code), rule);
    assert.deepEqual(explain(rule.code.toLowerCase()), rule);
    for (const key of ["name", "message", "why", "effect", "help", "clause"]) {
      assert.ok(rule[key].length > 2, `${rule.code}: ${key}`);
    }
    const raised = ({ text, kind, domain, file_name }) => {
      const options = { kind, domain: domain ?? undefined, fileName: file_name ?? undefined };
      return lint(text, options).inputs.flatMap((entry) => entry.findings.map((f) => f.code));
    };
    assert.ok(raised(rule.fails).includes(rule.code), `${rule.code} fails`);
    if (rule.passes !== null) assert.ok(!raised(rule.passes).includes(rule.code), `${rule.code} passes`);
  }
  assert.equal(explain("STS-POL-000"), undefined);
});

test("counts beyond what JavaScript counts are near", () => {
  const count = "18446744073709551615";
  const report = `{"policies":[{"policy":{},"summary":{"total-successful-session-count":${count},"total-failure-session-count":3}}]}`;
  const { parsed } = lint(report, { kind: "report" }).inputs[0];
  assert.deepEqual([parsed.success, parsed.failure], [Number(count), 3]);
});

test("a crash is told, and later calls work", () => {
  const before = lint("v=STSv1;");
  const told = new Set();
  const untilTheStackEnds = () => {
    try {
      untilTheStackEnds();
    } catch {
      // The end of the stack; on the way back there is more and more of it.
    }
    try {
      lint("v=STSv1;");
    } catch (error) {
      told.add(error.message);
    }
  };
  // One crash may do no harm. What many leave behind does, unless it is cleared.
  for (let round = 0; round < 12; round += 1) untilTheStackEnds();
  assert.ok([...told].some((message) => message.startsWith("stslint crashed")));
  assert.deepEqual(lint("v=STSv1;"), before);
});

test("the module can be given", async () => {
  await init();
  await init(readFileSync(join(folder, "stslint.wasm")));
  assert.equal(lint("v=STSv1; id=1;").stslint, JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version);
});

test("the package offers what is documented", () => {
  const names = ["default", "detect", "explain", "fix", "lint", "match", "rules"];
  assert.deepEqual(Object.keys(stslint).sort(), names);
  const types = readFileSync(join(folder, "stslint.d.ts"), "utf8");
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  for (const name of names.slice(1)) {
    assert.match(types, new RegExp(`export function ${name}\\(`));
    assert.match(readme, new RegExp(`\\| \`${name}\\(`));
  }
});
