// Starts the page, and tells the user when that fails or the page breaks later. Loaded before the first
// paint, so that a chosen theme never flashes. Everything is addressed relative to this file.
(() => {
  "use strict";
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("stslint-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch { /* Storage may be forbidden. */ }

  const part = (id) => document.getElementById(id);
  let told = false;

  /** Shows the panel. Only the first trouble counts: what follows it is mostly its consequence. */
  function trouble(title, text, details) {
    if (told) return;
    told = true;
    // Marks that no longer follow the text are worse than none.
    root.dataset.trouble = "";
    part("trouble-title").textContent = title;
    part("trouble-text").textContent = text;
    part("trouble-details").textContent = `${details}\n${navigator.userAgent}`;
    part("trouble-reload").addEventListener("click", () => location.reload());
    copies("trouble-copy", () => part("trouble-details").textContent);
    copies("trouble-text-copy", () => part("text").value);
    part("trouble").hidden = false;
    part("trouble").scrollIntoView({ block: "nearest" });
  }

  function copies(id, text) {
    part(id).addEventListener("click", async () => {
      let said = "Copied";
      try {
        await navigator.clipboard.writeText(text());
      } catch {
        said = "Copying failed";
      }
      part(id).textContent = said;
    });
  }

  const crashed = (details) =>
    trouble(
      "stslint crashed",
      "Your text is safe: it is still in the field below. Copy it, then reload the page. This is a bug in stslint; the details help to find it.",
      details,
    );

  // A panic in the page's code tells its message; any other end of the program comes as an error.
  addEventListener("stslint:crash", (event) => crashed(String(event.detail)));
  const died = (error) => {
    if (typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError) crashed(String(error.stack || error));
  };
  addEventListener("error", (event) => died(event.error));
  addEventListener("unhandledrejection", (event) => died(event.reason));

  // The page is built twice from the same sources: a small one that starts, and all of it, which takes over when
  // something is asked for that the small one has not.
  let page;
  let rest;
  let tries = 0;

  async function load(address) {
    const program = await import(address);
    await program.default();
    return program;
  }

  /** Loads what the whole page looks like besides. */
  function styles(address) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
    return new Promise((loaded, failed) => {
      link.onload = loaded;
      link.onerror = () => {
        link.remove();
        failed(new Error(`${address} could not be loaded`));
      };
      document.head.append(link);
    });
  }

  /** Loads the whole page, once. A browser may remember that an address failed, so a second try has another one. */
  function loadRest() {
    const again = tries ? `?${tries}` : "";
    const both = () => Promise.all([load(`./stslint-full.js${again}`), styles(`./full.css${again}`)]);
    rest ??= both().then(([program]) => program).catch((error) => {
      rest = undefined;
      tries += 1;
      throw error;
    });
    return rest;
  }

  addEventListener("stslint:rest", async () => {
    let next;
    try {
      next = await loadRest();
    } catch {
      page.missed();
      return;
    }
    if (page === next) return;
    const before = page;
    page = next;
    const state = before.leave();
    // What it drew goes away before the other one draws, and nobody sees a page without.
    await null;
    next.enter(state);
  });

  /** Has the rest at hand before somebody asks for it, unless that would cost them. */
  function prepare() {
    const { saveData, effectiveType } = navigator.connection ?? {};
    if (saveData || /2g/.test(effectiveType)) return;
    const idle = window.requestIdleCallback ?? setTimeout;
    setTimeout(() => idle(() => loadRest().catch(() => {})), 2000);
  }

  async function start() {
    try {
      if (typeof WebAssembly !== "object") throw new Error("This browser has no WebAssembly.");
      page = await load("./stslint-page.js");
      page.enter();
      prepare();
    } catch (error) {
      if (document.readyState === "loading") {
        await new Promise((ready) => addEventListener("DOMContentLoaded", ready, { once: true }));
      }
      trouble(
        "stslint could not start",
        "Nothing is checked. Your text is still in the field below. Reload the page; if that doesn’t help, update your browser, or ask whether something blocks WebAssembly.",
        String((error && error.stack) || error),
      );
    }
  }

  // The page's code looks for elements of the document, so the document comes first.
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start, { once: true });
  else start();
})();
