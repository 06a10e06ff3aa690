// The page without a network. `cargo xtask build` fills in the files of its build. The worker of a plain `trunk build` has
// none: it lets everything pass, and removes what an earlier one has kept.
"use strict";

/** The build. No two have the same name. */
const BUILD = "";

/** The files of this build, each with what its content must be: files of two builds are never kept together. */
const FILES = {};

/** The page itself. A relay writes into it what it offers, so it has no hash; it names its build instead. */
const PAGE = "./";

/** Names that are never used for two contents. A tab of an earlier build asks for those of its own. */
const HASHED = /^\.\/[^/]*-[0-9a-f]{16}\.(js|wasm)$/;

/** Where the page is. What lies elsewhere, above all every look-up, is none of our business. */
const { scope } = registration;

/** The names of the caches of this place, and the one of this build. There may be other pages at the same origin. */
const OURS = `stslint ${scope} `;
const CACHE = OURS + BUILD;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));

addEventListener("message", (event) => {
  // Only a person says so, by a button. Otherwise a new version waits until no tab has the old one.
  if (event.data === "apply") event.waitUntil(skipWaiting());
  if (event.data === "started") event.waitUntil(tidy(1));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (!BUILD || request.method !== "GET" || !request.url.startsWith(scope)) return;
  const url = new URL(request.url);
  const name = `./${(url.origin + url.pathname).slice(scope.length)}`;
  if (request.mode === "navigate") {
    if (name === PAGE || name === "./index.html") event.respondWith(page(event));
    else if (name.startsWith("./rules/")) event.respondWith(fetch(request).catch(() => asView(name)));
  } else if (!url.search && (name in FILES || HASHED.test(name))) {
    event.respondWith(file(event, name));
  }
});

/** Keeps all files of the build, or nothing. */
async function install() {
  if (!BUILD) return;
  const cache = await caches.open(CACHE);
  try {
    // What the browser has got already is only asked for whether it is still so.
    await cache.addAll(Object.entries(FILES).map(([name, integrity]) => new Request(name, { integrity, cache: "no-cache" })));
    if (!(await renew())) throw new Error("The page is of another build.");
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** Keeps the page as the host has it now, if it is of this build. */
async function renew() {
  const response = await fetch(PAGE, { cache: "no-cache" });
  const isOurs = response.ok && !response.redirected && (await response.clone().text()).includes(BUILD);
  if (isOurs) await (await caches.open(CACHE)).put(PAGE, response);
  return isOurs;
}

/** The page as it is kept, at once; what a relay says in it by now is there the next time. */
async function page(event) {
  event.waitUntil(renew().catch(() => {}));
  return (await caches.match(PAGE, { cacheName: CACHE, ignoreVary: true })) ?? fetch(event.request);
}

async function file({ request, clientId }, name) {
  // Pages about rules come from the host, and so does what they look like.
  const tab = await clients.get(clientId);
  if (tab?.url.startsWith(`${scope}rules/`)) return fetch(request);
  const where = name in FILES ? { cacheName: CACHE } : {};
  return (await caches.match(request, { ...where, ignoreVary: true })) ?? fetch(request);
}

/** Without a network, the page tells the same about a rule as the rule's own page. */
function asView(name) {
  const code = name.slice("./rules/".length).replace(/(index)?(\.html)?$/, "");
  return Response.redirect(`${scope}#/rules/${code}`);
}

/** The tab of the first visit, too, has what it needs later from what is kept: of its own build, without a network. */
async function activate() {
  await tidy(0);
  if (BUILD) await clients.claim();
}

/** Removes what earlier builds have kept, unless more tabs are open than can be of this one. */
async function tidy(tabs) {
  const all = await caches.keys();
  // The next build has a cache already.
  if (registration.installing || registration.waiting) return;
  if ((await clients.matchAll({ type: "window" })).length > tabs) return;
  const old = all.filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  if (!BUILD) {
    await caches.delete(CACHE);
    await registration.unregister();
  }
}
