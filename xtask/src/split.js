// The loading of chunks. `cargo xtask build` puts it into wasm-bindgen's glue, where `wasm` are the exports of the main
// program, and fills in the names in capitals. When a part of the program does not come, the attribute `data-missing` of
// the document's element says why: `stale` if the host has another build by now, so that only loading the page again
// helps; `failed` if trying again may.
const loaded = {};

/** Compiles a chunk. What is not there, or not from this build, is told apart from what did not arrive. */
async function compiled(name) {
  const response = await fetch(new URL(`${name}-BUILD.wasm`, import.meta.url));
  const type = response.headers.get("content-type") ?? "";
  // A host may answer with its own page, and say that all is well.
  if (response.status === 404 || response.status === 410 || type.startsWith("text/html")) throw "stale";
  if (!response.ok) throw "failed";
  // Browsers compile while it arrives only if its type is right.
  return type.startsWith("application/wasm")
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** Links a chunk to the program, after those that it needs. What failed can be tried again. */
function link(name, needs) {
  return (loaded[name] ??= (async () => {
    const module = compiled(name);
    module.catch(() => {});
    await Promise.all(needs.map((other) => link(other, [])));
    await WebAssembly.instantiate(await module, { __wasm_split: { SHARED } });
  })().catch((error) => {
    delete loaded[name];
    throw error;
  }));
}

/** What the program calls for a part of itself. The element of boot.js names its files. It is told whether they came. */
function part(name) {
  return async (callback, data) => {
    let came = true;
    try {
      const needs = document.querySelector("script[data-wasm]").getAttribute(`data-part-${name}`).split(" ");
      await link(needs.pop(), needs);
    } catch (error) {
      came = false;
      document.documentElement.dataset.missing =
        error === "stale" || error instanceof WebAssembly.LinkError ? "stale" : "failed";
    }
    TABLE.get(callback)(data, came);
  };
}
