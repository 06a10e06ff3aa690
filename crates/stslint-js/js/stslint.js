// The entry for browsers and for bundlers that build for them.

import { start } from "./engine.js";

export { detect, explain, fix, lint, match, rules } from "./engine.js";

export default async function init(source) {
  // Bundlers look for exactly this expression, to take the file along.
  await start(source ?? new URL("./stslint.wasm", import.meta.url));
}
