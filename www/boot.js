// Starts the page, and tells the user when that fails or the page breaks later. Loaded before the first
// paint, so that a chosen theme never flashes. Everything is addressed relative to this file.
(() => {
  "use strict";

  /** How long the page rests before all of it is kept for times without a network, in milliseconds. */
  const REST_MS = 2000;

  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("stslint-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch { /* Storage may be forbidden. */ }

  // `cargo xtask build` tells here which files each part of the program takes, and that there is a worker for this build.
  const script = document.currentScript;
  const built = script.dataset;

  // What shows what an address asks for loads along with the program that starts, instead of after it.
  const opens = [
    [/^#v\d.*&kind=live\b/, ["link", "check"]],
    [/^#v\d.*&kind=tls-reports/, ["link", "reports"]],
    [/^#v\d/, ["link"]],
    [/^#\/examples/, ["share"]],
    [/^#\/rules/, ["rules"]],
    [/^#\/reports/, ["reports"]],
    [/^#\/senders/, ["senders"]],
    [/^#\/(setup|plan)/, ["build"]],
    [/^#\/(check|d)\//, ["check"]],
  ].find(([pattern]) => pattern.test(location.hash));
  if (opens) {
    // So that nobody sees the start in its place. The program takes this away when it has opened it.
    root.dataset.opening = "";
    load(opens[1]);
  }

  /** Loads what these parts of the program take. */
  function load(parts) {
    const chunks = parts.flatMap((part) => (script.getAttribute(`data-part-${part}`) ?? "").split(" ").filter(Boolean));
    const files = chunks.map((chunk) => `./${chunk}-${built.wasm}.wasm`);
    if (parts.includes("rules")) files.push("./rules.json");
    for (const href of files) preload({ href, as: "fetch", crossOrigin: "" });
    // What shows something is drawn with these; the way in shows nothing.
    if (parts.some((part) => part !== "link")) preload({ href: "./tools.css", as: "style" });
  }

  function preload(link) {
    if (document.querySelector(`link[href="${link.href}"]`)) return;
    document.head.append(Object.assign(document.createElement("link"), { rel: "preload", ...link }));
  }

  const part = (id) => document.getElementById(id);
  let told = false;

  /** Shows the panel. Only the first trouble counts: what follows it is mostly its consequence. */
  function trouble(title, text, details) {
    if (told) return;
    told = true;
    // Marks that no longer follow the text are worse than none.
    root.dataset.trouble = "";
    delete root.dataset.opening;
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

  async function start() {
    try {
      if (typeof WebAssembly !== "object") throw new Error("This browser has no WebAssembly.");
      await (await import("./stslint-page.js")).default();
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
    // Also after trouble: the next version may be without it. Where workers are missing, the page is not from a safe place.
    const saves = navigator.connection && navigator.connection.saveData;
    if (built.build && navigator.serviceWorker && !saves) setTimeout(() => import("./offline.js").catch(() => {}), REST_MS);
  }

  // The page's code looks for elements of the document, so the document comes first.
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start, { once: true });
  else start();
})();
