// A reporter for node:test that tells which files took longest.

import { relative } from "node:path";

/** How many. */
const MOST = 10;

export default async function* slowest(source) {
  const files = new Map();
  for await (const { type, data } of source) {
    if ((type !== "test:pass" && type !== "test:fail") || data.nesting > 0 || !data.file) continue;
    files.set(data.file, (files.get(data.file) ?? 0) + data.details.duration_ms);
  }
  const sorted = [...files].sort(([, a], [, b]) => b - a).slice(0, MOST);
  yield "the slowest files\n";
  for (const [file, duration] of sorted) yield `${(duration / 1000).toFixed(1).padStart(9)} s  ${relative("", file)}\n`;
}
