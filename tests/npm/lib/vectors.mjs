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

function source(input) {
  if (typeof input === "string") return Buffer.from(input);
  if (Array.isArray(input)) return Buffer.from(JSON.stringify(input));
  if (input.hex !== undefined) return Buffer.from(input.hex, "hex");
  if (input.concat !== undefined) {
    return Buffer.from(input.concat.map((part) => part.s ?? part.repeat.repeat(part.times)).join(""));
  }
  return Buffer.from(JSON.stringify(input));
}
