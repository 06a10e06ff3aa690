// The entry for Node.js and programs like it: the module is read from its file at the first call.

import { readFileSync } from "node:fs";
import { prepareWith, start, startWith } from "./engine.js";

export { detect, explain, fix, lint, match, rules } from "./engine.js";

function load() {
  startWith(readFileSync(new URL("./stslint.wasm", import.meta.url)));
}

prepareWith(load);

export default async function init(source) {
  if (source === undefined) load();
  else await start(source);
}
