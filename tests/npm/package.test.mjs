// What is published: the files, and that a program finds and understands them.

import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { folder, installed, load, run } from "./lib/package.mjs";
import { linted } from "./lib/vectors.mjs";

const FILES = [
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "bindings.js",
  "engine.js",
  "node.js",
  "package.json",
  "stslint.d.ts",
  "stslint.js",
  "stslint.wasm",
];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

test("exactly the files that are needed are packed", () => {
  const [packed] = JSON.parse(run("npm", ["pack", "--dry-run", "--json"], folder));
  assert.deepEqual(packed.files.map((file) => file.path).sort(), FILES);
  assert.equal(packed.name, "stslint");
  const [, version] = readFileSync(here("../../Cargo.toml"), "utf8").match(/^version = "(.+)"$/m);
  assert.equal(packed.version, version);
});

test("an installed package is imported by its name and needs no other", (context) => {
  const home = installed(context);
  const program = `
    import init, { lint } from "stslint";
    import { readFileSync } from "node:fs";
    const [{ findings }] = lint("version: STSv1\\r\\nmode: enforced\\r\\n").inputs;
    readFileSync(new URL(import.meta.resolve("stslint/stslint.wasm")));
    await init();
    console.log(findings.map((finding) => finding.code).join(" "));`;
  writeFileSync(join(home, "program.mjs"), program);
  assert.match(run("node", ["program.mjs"], home), /STS-POL-051/);
  const { packages } = JSON.parse(readFileSync(join(home, "package-lock.json"), "utf8"));
  assert.deepEqual(Object.keys(packages).sort(), ["", "node_modules/stslint"]);
});

test("real results are of the declared types, and nothing declared is missing", async (context) => {
  const home = installed(context);
  const { detect, lint, match, rules } = await load();
  const documents = [...linted()].map(({ bytes, text, options }) => lint(text ?? bytes, options));
  documents.push(lint("example.com"), lint("550 5.7.5 MX hosts of 'example.com' failed MTA-STS validation."));
  const keys = (objects) => Object.fromEntries(objects.flatMap(Object.keys).map((key) => [key, true]));
  const values = documents.flatMap((document) => document.inputs.map((entry) => entry.parsed));
  const sources = documents.flatMap((document) => document.sources);
  // A literal may have no members but the declared ones, and has to have all that may not be absent.
  const literal = (value) =>
    value instanceof Uint8Array ? `new Uint8Array([${value}])`
    : Array.isArray(value) ? `[${value.map(literal)}]`
    : value !== null && typeof value === "object"
      ? `{${Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${literal(inner)}`)}}`
    : JSON.stringify(value);
  const lines = [
    'import type { Document, Kind, Match, Rule, Source, Values } from "stslint";',
    ...documents.map((document, at) => `export const document${at}: Document = ${literal(document)};`),
    ...rules().map((rule, at) => `export const rule${at}: Rule = ${literal(rule)};`),
    `export const match: Match = ${literal(match("a.test", "a.test"))};`,
    `export const kind: Kind = ${literal(detect("v=STSv1;"))};`,
    // Members that may be absent are all seen somewhere.
    `export const values: Record<keyof Values, true> = ${literal(keys(values))};`,
    `export const source: Record<keyof Source, true> = ${literal(keys(sources))};`,
  ];
  writeFileSync(join(home, "results.mts"), lines.join("\n"));
  copyFileSync(here("usage.mts"), join(home, "usage.mts"));
  const compiler = here("../../node_modules/typescript/bin/tsc");
  const settings = ["--strict", "--noEmit", "--exactOptionalPropertyTypes", "--module", "nodenext", "--target", "es2022"];
  const check = (file) => {
    try {
      return run(process.execPath, [compiler, ...settings, file], home);
    } catch (error) {
      return error.stdout.slice(0, 4_000);
    }
  };
  assert.equal(check("results.mts"), "");
  assert.equal(check("usage.mts"), "");
});
