// The package says what the engine says: every conformance vector, as string and as bytes.

import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./lib/package.mjs";
import { linted, place, vectors } from "./lib/vectors.mjs";

const { fix, lint, match } = await load();

const findings = (document) => document.inputs.flatMap((entry) => entry.findings);

/** Everything but offsets and the text itself. */
const withoutPlaces = (document) =>
  JSON.parse(JSON.stringify(document.inputs, (key, value) => (key === "start" || key === "end" ? undefined : value)));

test("every vector has its findings at their places, and its values", () => {
  let count = 0;
  for (const { vector, bytes, text, options } of linted()) {
    const document = lint(text ?? bytes, { ...options, encoding: "utf-16" });
    const of = (info) => findings(document).filter((f) => (f.severity === "info") === info);
    const found = ({ code, span: { start, end } }) => `${code} ${start}-${end}`;
    const wanted = (finding) => `${finding.code} ${place(finding, text ?? bytes.toString()).join("-")}`;
    const infos = of(true).map(found);
    assert.deepEqual(of(false).map(found).sort(), vector.expect.map(wanted).sort(), vector.id);
    for (const info of (vector.expect_info ?? []).map(wanted)) {
      assert.ok(infos.includes(info), `${vector.id}: no ${info}`);
    }
    for (const code of vector.absent_info ?? []) {
      assert.ok(!of(true).some((f) => f.code === code), `${vector.id}: ${code}`);
    }
    for (const [key, value] of Object.entries(vector.parsed ?? {})) {
      assert.deepEqual(document.inputs[0].parsed[key] ?? null, value, `${vector.id}: ${key}`);
    }
    count += 1;
  }
  assert.equal(count, vectors.filter(({ kind }) => kind !== "sender" && kind !== "mx-match").length);
  assert.ok(count > 290, `${count}`);
});

test("patterns match as the vectors say", () => {
  const all = vectors.filter(({ kind }) => kind === "mx-match");
  assert.ok(all.length > 0);
  for (const { id, input, parsed } of all) {
    const answer = match(input.pattern, input.mx);
    assert.equal(answer.match, parsed.match, id);
    assert.notEqual(answer.reason, "", id);
  }
});

test("strings and bytes are the same but for what offsets count", () => {
  for (const { vector, bytes, text, options } of linted()) {
    if (text === undefined) continue;
    const [ofText, ofBytes] = [lint(text, options), lint(bytes, options)];
    assert.deepEqual(withoutPlaces(ofText), withoutPlaces(ofBytes), vector.id);
    const wide = findings(ofText);
    for (const [at, narrow] of findings(ofBytes).entries()) {
      const places = (f) => [f.span, ...f.labels.map((label) => label.span), ...(f.fix?.edits ?? [])];
      for (const [nth, place] of places(narrow).entries()) {
        const { start, end } = places(wide[at])[nth];
        assert.equal(text.slice(start, end), bytes.toString("utf8", place.start, place.end), vector.id);
      }
    }
    assert.deepEqual(lint(bytes, { ...options, encoding: "utf-16" }).inputs, ofText.inputs, vector.id);
    assert.deepEqual(lint(text, { ...options, encoding: "utf-8" }).inputs, ofBytes.inputs, vector.id);
  }
});

test("fixing comes to rest, keeps the type and leaves no safe fix", () => {
  let changed = 0;
  for (const { vector, bytes, text, options } of linted()) {
    const fixed = fix(text ?? bytes, options);
    assert.equal(typeof fixed, typeof (text ?? bytes), vector.id);
    assert.deepEqual(fix(fixed, options), fixed, vector.id);
    const safe = findings(lint(fixed, options)).filter((f) => f.fix?.applicability === "safe");
    // Line ends alone are right as they are, and no reason to change a text.
    assert.deepEqual(safe.map((f) => f.code).filter((code) => code !== "STS-POL-021"), [], vector.id);
    if (text !== undefined) {
      assert.equal(Buffer.from(fix(bytes, options)).toString(), fixed, vector.id);
      changed += fixed !== text;
    }
  }
  assert.ok(changed > 20, `${changed}`);
});
