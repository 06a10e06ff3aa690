// The functions of the package, around those of the WebAssembly module.

import * as engine from "./bindings.js";

let ready = false;
let prepare = () => {
  throw new Error("stslint is not ready: `await init()` before the first call");
};

/** Sets what is done when a function is called before the module is there. */
export function prepareWith(load) {
  prepare = load;
}

/** Starts the module with compiled or plain bytes. */
export function startWith(module) {
  engine.initSync({ module });
  ready = true;
}

/** Starts the module with whatever `init` is given. Once started it stays as it is. */
export async function start(source) {
  await engine.default({ module_or_path: source });
  ready = true;
}

/** Panics of the engine, and the runtime's own: no memory or no stack left. A text that is too large is the engine's word. */
function isCrash(error) {
  if (error instanceof Error && error.message.startsWith("stslint: ")) return false;
  const panicked = error instanceof Error && error.message.startsWith("panicked at ");
  return panicked || error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

function call(run) {
  if (!ready) prepare();
  try {
    return run();
  } catch (error) {
    // Wrong arguments end here as well. Anything else left the module's memory as it was in the middle of its work:
    // the next call gets a new one.
    if (!isCrash(error)) throw error;
    engine.__wbg_reset_state();
    throw new Error(`stslint crashed (${error.message}); later calls work again`, { cause: error });
  }
}

export function lint(text, options) {
  return call(() => engine.lint(text, options));
}

export function fix(text, options) {
  return call(() => engine.fix(text, options));
}

export function detect(text) {
  return call(() => engine.detect(text));
}

export function explain(code) {
  return call(() => engine.explain(code));
}

export function rules() {
  return call(() => engine.rules());
}

function matchHost(pattern, host) {
  return call(() => engine.match(pattern, host));
}

export { matchHost as match };
