// After the first visit the page works without a network. What is kept is the page of one build, whole, and nothing else.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { Check, OPTIONS, publish } from "./lib/check.mjs";
import { Host } from "./lib/host.mjs";
import { launch } from "./lib/launch.mjs";
import { linkTo } from "./lib/links.mjs";
import { startRelay } from "./lib/relay.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";
import { Visit } from "./lib/visit.mjs";

const DIST = process.env.STSLINT_DIST;
const WORKERS = { context: { serviceWorkers: "allow" } };

/** Console errors that browsers write by themselves when a host is gone, or a file is not what it must be. */
const GONE = [/Failed to load resource/, /ERR_/, /integrity/];

const folders = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A scenario on a host of its own, with workers. */
function onHost(name, options, body) {
  scenario(name, { ...WORKERS, ...options }, async (_, { visitor, internet }) => {
    const host = await Host.start(DIST, options.path);
    try {
      await body(await visitor({ url: host.url }), host, internet);
    } finally {
      host.close();
    }
  });
}

/** Opens the page, and waits until all of it is kept, and it has nothing more to load. */
async function keep(visit, fragment = "") {
  await visit.open(fragment);
  await visit.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await eventually(async () => assert.equal(await state(visit.page), "activated"));
  await visit.page.waitForLoadState("networkidle");
}

const state = (page) => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state);

/** What is kept: the names below the page, by the names of the caches. */
const kept = (page) =>
  page.evaluate(async () => {
    const base = new URL(".", location.href).href;
    const found = {};
    for (const name of await caches.keys()) {
      found[name] = (await (await caches.open(name)).keys()).map(({ url }) => url.replace(base, "./")).sort();
    }
    return found;
  });

/** The names of the caches. Unlike `kept`, this can be asked while one goes: to look into a cache makes it anew. */
const cacheNames = (page) => page.evaluate(() => caches.keys());
const countCaches = async (page) => (await cacheNames(page)).length;
const offer = (visit) => visit.page.getByRole("status").filter({ hasText: "A new version is ready" });
const reload = (visit) => offer(visit).getByRole("button", { name: "Reload" });
const buildOf = (page) => page.locator("script[data-build]").getAttribute("data-build");

/** The same page as another build of it, by other names. */
async function nextBuild() {
  const folder = await mkdtemp(join(tmpdir(), "stslint-next-"));
  folders.push(folder);
  await cp(DIST, folder, { recursive: true });
  const text = (name) => readFile(join(folder, name), "utf8");
  const index = await text("index.html");
  const [, build] = /data-build="(\w+)"/.exec(index);
  const [, wasm] = /data-wasm="(\w+)"/.exec(index);
  const [newBuild, newWasm] = [build, wasm].map((hash) => hash.replace(/./g, (digit) => (15 - parseInt(digit, 16)).toString(16)));
  for (const name of await readdir(folder)) {
    if (name.includes(wasm)) await rename(join(folder, name), join(folder, name.replace(wasm, newWasm)));
  }
  const changed = (old) => old.replaceAll(wasm, newWasm).replaceAll(build, newBuild);
  for (const name of ["index.html", "stslint-page.js", "sw.js"]) await writeFile(join(folder, name), changed(await text(name)));
  const worker = await text("sw.js");
  const [list] = /\{"\.\/[^}]*\}/.exec(worker);
  const files = {};
  for (const name of Object.keys(JSON.parse(list))) {
    files[name] = `sha256-${createHash("sha256").update(await readFile(join(folder, name))).digest("base64")}`;
  }
  await writeFile(join(folder, "sw.js"), worker.replace(list, JSON.stringify(files)));
  return { folder, build, newBuild, wasm, newWasm };
}

for (const path of ["/", "/some/where/"]) {
  onHost(`after one visit everything works without a network, below ${path}`, { path, expects: GONE }, async (visit, host) => {
    await keep(visit);
    host.down();
    await visit.page.evaluate(() => (location.hash = "#/rules"));
    await comesToMatch(() => visit.article.innerText(), /\d+ rules/);
    await visit.leave();
    await visit.page.reload();
    await visit.started();
    await visit.paste(BROKEN);
    await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
    await visit.open("#/rules");
    await comesToMatch(() => visit.article.innerText(), /\d+ rules/);
    await visit.page.goto(`${visit.url}rules/STS-POL-083.html`);
    await visit.started();
    await comesToMatch(() => visit.article.innerText(), /STS-POL-083/);
    await visit.page.goto("about:blank");
    await visit.page.goto(`${visit.url}index.html${linkTo(CLEAN)}`);
    await becomes(() => visit.text(), CLEAN);
    await becomes(() => visit.codes(), []);
  });
}

onHost("what is kept is what one build loads, and it is loaded once", {}, async (visit, host) => {
  await keep(visit);
  const [files, ...others] = Object.values(await kept(visit.page));
  assert.deepEqual(others, []);
  const own = (await readdir(DIST)).filter((name) => !["_headers", "icons", "index.html", "rules", "sw.js"].includes(name));
  assert.deepEqual(files, ["./", ...own.map((name) => `./${name}`)].sort());
  const loaded = host.asked.filter(({ name, status }) => status === 200 && name !== "favicon.svg").map(({ name }) => name);
  assert.deepEqual(loaded.sort(), [...new Set(loaded)].sort(), "what the page has loaded is not loaded again");
});

onHost("files of another build among them, and nothing is kept", { expects: GONE }, async (visit, host) => {
  host.changes["boot.js"] = (content) => (host.strange ? `${content};` : content);
  // The worker comes from a host on which a new build is just being put.
  host.changes["sw.js"] = (content) => {
    host.strange = true;
    return content;
  };
  await visit.open();
  await eventually(() => assert.ok(host.strange && host.asked.filter(({ name }) => name === "boot.js").length > 1));
  // The worker goes once it has given up, and has removed what it had.
  await becomes(() => visit.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) === undefined), true);
  await becomes(() => cacheNames(visit.page), []);
});

onHost("a new version is offered, and comes when it is asked for, whole", {}, async (visit, host) => {
  const { folder, build, newBuild, wasm, newWasm } = await nextBuild();
  await keep(visit);
  host.folder = folder;
  host.asked.length = 0;
  // It has seen the old version, but not the parts that load when they are needed.
  const other = Object.assign(new Visit(), visit, { page: await visit.context.newPage() });
  await other.page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  await other.open();
  await visit.page.reload();
  await visit.started();
  await visit.paste(BROKEN);
  await offer(visit).waitFor();
  assert.ok(await visit.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting !== null), "it waits");
  assert.equal(await visit.text(), BROKEN);
  assert.equal(await buildOf(visit.page), build, "nothing changes by itself");
  await visit.share("Link with the text");
  await visit.closeDialog();
  assert.equal(await countCaches(visit.page), 2);

  await reload(visit).click();
  await becomes(() => buildOf(visit.page), newBuild);
  await visit.started();
  await visit.paste(BROKEN);
  await visit.share("Link with the text");
  await visit.closeDialog();

  assert.equal(await buildOf(other.page), build, "another tab stays as it is");
  await other.paste(CLEAN);
  await other.share("Link with the text");
  const gone = host.asked.filter(({ name }) => name.includes(wasm));
  assert.deepEqual(gone, [], "the host is not asked for files that it has no more");
  assert.ok(host.asked.some(({ name }) => name.includes(newWasm)));
  assert.equal(await countCaches(visit.page), 2);

  await other.page.close();
  await visit.page.reload();
  // A browser may count a tab for a while after it was closed: the next start looks again.
  await becomes(() => countCaches(visit.page), 1).catch(() => visit.page.reload());
  await becomes(() => countCaches(visit.page), 1);
  assert.equal(await buildOf(visit.page), newBuild);
  assert.equal(await offer(visit).count(), 0);
});

onHost("a new version that nobody asks for comes when no tab is open", { expects: GONE }, async (visit, host) => {
  const { folder, build, newBuild } = await nextBuild();
  await keep(visit);
  host.folder = folder;
  await visit.page.reload();
  await offer(visit).getByRole("button", { name: "Later" }).click();
  await offer(visit).waitFor({ state: "detached" });
  assert.equal(await buildOf(visit.page), build);
  await visit.page.close();
  host.down();
  visit.page = await visit.context.newPage();
  await eventually(async () => {
    await visit.open();
    assert.equal(await buildOf(visit.page), newBuild);
  });
  await becomes(() => countCaches(visit.page), 1);
});

onHost("the page of a relay keeps up with what the relay offers", {}, async (visit, host) => {
  const offers = (who) => (content) => String(content).replace("</head>", `<meta name="stslint-relay" content="policy" data-operator="${who}"></head>`);
  const operator = () => visit.page.locator('meta[name="stslint-relay"]').getAttribute("data-operator");
  host.changes["index.html"] = offers("first");
  await keep(visit);
  host.changes["index.html"] = offers("second");
  await eventually(async () => {
    await visit.page.reload();
    assert.equal(await operator(), "second");
  });
  host.changes["index.html"] = () => "<title>Sign in to this network</title>";
  const asked = () => host.asked.filter(({ name }) => name === "index.html").length;
  const before = asked();
  await visit.page.reload();
  await eventually(() => assert.ok(asked() > before));
  await visit.page.reload();
  await visit.started();
  assert.equal(await operator(), "second", "what is not this page is not kept");
});

onHost("a worker without files removes what an earlier one has kept", {}, async (visit, host) => {
  await keep(visit);
  const plain = await readFile(new URL("../../www/sw.js", import.meta.url));
  host.changes["sw.js"] = () => plain;
  host.changes["index.html"] = (content) => String(content).replace(/ data-build="\w+"/, "");
  await visit.page.reload();
  await offer(visit).waitFor();
  await visit.page.close();
  visit.page = await visit.context.newPage();
  await eventually(async () => {
    await visit.open();
    assert.deepEqual(await cacheNames(visit.page), []);
    assert.equal(await state(visit.page), undefined);
  });
});

onHost("look-ups are neither kept nor answered by the worker", { ...OPTIONS, ...WORKERS }, async (visit, host, internet) => {
  publish(internet);
  await keep(visit);
  const before = await kept(visit.page);
  const answered = [];
  visit.page.on("response", (response) => {
    if (response.fromServiceWorker() && new URL(response.url()).origin !== visit.origin) answered.push(response.url());
  });
  await visit.page.reload();
  await visit.started();
  const check = await new Check(visit).run();
  const asked = () => internet.resolver.asked.length + internet.requests.length;
  const once = asked();
  assert.ok(once > 0);
  await visit.page.reload();
  await visit.started();
  await check.run();
  assert.equal(asked(), 2 * once, "each check asks anew");
  assert.deepEqual(answered, []);
  assert.deepEqual(await kept(visit.page), before);
});

scenario("what a relay is asked is not kept, and the kept page of a relay knows it", { ...OPTIONS, ...WORKERS }, async (_, { visitor, internet }) => {
  publish(internet).host.cors = false;
  const relay = await startRelay(internet, { args: ["--page", DIST] });
  try {
    const visit = await visitor({ url: relay.url });
    await keep(visit);
    const before = await kept(visit.page);
    await visit.page.reload();
    await visit.started();
    const answered = [];
    visit.page.on("response", (response) => {
      if (response.url().includes("/relay/")) answered.push(response.fromServiceWorker());
    });
    const check = await new Check(visit).run();
    assert.equal(await check.state("fetch"), "Good");
    assert.ok(answered.length > 0 && !answered.includes(true));
    assert.deepEqual(await kept(visit.page), before);
  } finally {
    relay.close();
  }
});

test("a place that is not safe has no worker", { timeout: 60_000 }, async () => {
  const host = await Host.start(DIST);
  const browser = await launch({ flags: ["--host-resolver-rules=MAP page.test 127.0.0.1"] });
  const visit = await Visit.start(browser, { url: host.url.replace("127.0.0.1", "page.test"), permissions: false, ...WORKERS });
  try {
    await visit.open();
    await visit.drop("mta-sts.txt", CLEAN);
    await becomes(() => visit.text(), CLEAN);
    // By then a worker would have been asked for.
    await visit.page.waitForFunction(() => performance.now() > 4000);
    await visit.assertHarmless();
    assert.ok(host.asked.every(({ name }) => !["offline.js", "sw.js"].includes(name)));
  } finally {
    await browser.close();
    host.close();
  }
});
