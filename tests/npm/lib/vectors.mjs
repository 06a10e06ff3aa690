// The conformance vectors, as texts for the package.

import { readFileSync } from "node:fs";

const FILE = new URL("../../vectors.json", import.meta.url);

/** All vectors. */
export const vectors = JSON.parse(readFileSync(FILE, "utf8"));

/** What of each vector is linted: its bytes, its string where it has one, and the options. */
export function* linted() {
  for (const vector of vectors) {
    const { kind, input, context = {} } = vector;
    if (kind === "mx-match" || kind === "sender") continue;
    const options = { kind: kind.replace("-bytes", "") };
    if (context.domain !== undefined) options.domain = context.domain;
    if (context.file_name !== undefined) options.fileName = context.file_name;
    const bytes = source(input);
    const text = typeof input === "string" ? input : undefined;
    yield { vector, bytes, text, options };
  }
}

/**
 * Where a vector's text has what it expects: the forms are those of `crates/stslint-checks/src/vectors.rs`. In
 * characters as JavaScript counts them, from the start to behind the end.
 */
export function place({ at, bytes }, text) {
  if (bytes !== undefined) return bytes;
  const [shown, before, piece] = at.startsWith("/") ? ofValue(text, at) : ofPiece(at);
  const start = text.indexOf(shown);
  if (start < 0 || start !== text.lastIndexOf(shown)) throw new Error(`no place, or two: ${at}`);
  return [start + before.length, start + before.length + piece.length];
}

function ofPiece(at) {
  const [, before = "", piece = at, after = ""] = /^(.*?)‹(.*?)›(.*)$/s.exec(at) ?? [];
  return [before + piece + after, before, piece];
}

/** All of compact JSON, what stands before the value that a pointer leads to, and the value. */
function ofValue(text, pointer) {
  const root = JSON.parse(text);
  if (JSON.stringify(root) !== text) throw new Error(`not compact, or a name twice: ${text}`);
  const path = pointer.split("/").slice(1);
  const last = path.pop();
  const parent = path.reduce((value, step) => value[step], root);
  const piece = JSON.stringify(parent[last]);
  parent[last] = "‹›";
  const [before] = JSON.stringify(root).split(JSON.stringify("‹›"));
  return [text, before, piece];
}

function source(input) {
  if (typeof input === "string") return Buffer.from(input);
  if (Array.isArray(input)) return Buffer.from(JSON.stringify(input));
  if (input.hex !== undefined) return Buffer.from(input.hex, "hex");
  if (input.concat !== undefined) {
    return Buffer.from(input.concat.map((part) => part.s ?? part.repeat.repeat(part.times)).join(""));
  }
  return Buffer.from(JSON.stringify(input));
}
