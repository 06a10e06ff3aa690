// Measures the page and prints tables: how long a key takes to its findings, and how long a start and a shared link take.
// Not a test. `cargo xtask latency` runs it.

import assert from "node:assert/strict";
import { launch } from "../browser/lib/launch.mjs";
import { linkTo } from "../browser/lib/links.mjs";
import { BROKEN } from "../browser/lib/texts.mjs";
import { becomes, eventually } from "../browser/lib/waits.mjs";
import { firefox } from "./lib/bidi.mjs";
import { given } from "./lib/process.mjs";
import { Visit } from "./lib/visit.mjs";
import { chromium, webkit } from "./lib/webdriver.mjs";

/** How many keys are measured, after how many that warm the browser up. */
const KEYS = 200;
const WARM_UP = 40;

/** The longest of 99 % of keys, in milliseconds: a frame of a screen. */
const KEY_GOAL = 16;

/** How many starts and links are measured, and how long a start may take, in milliseconds. */
const STARTS = 9;
const START_GOAL = 1000;

/** How long a shared link may take to its first finding, in milliseconds, and how much may move while a page opens. */
const LINK_GOAL = 2500;
const SHIFT_GOAL = 0.05;

/** The connection and the processor of somebody on the way. */
const NETWORK = { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const CPU = 4;

/** A policy of 64 KiB, with one mail host per line. */
const HEAD = "version: STSv1\nmode: enforce\nmax_age: 2592000\n";
const line = (i) => `mx: inbound-mail-${String(i).padStart(4, "0")}.acme-mail.net\n`;
const LINES = Math.floor(((64 << 10) - HEAD.length) / line(0).length);
const POLICY = HEAD + Array.from({ length: LINES }, (_, i) => line(i)).join("");

/** Behind a host name in the middle, where a full stop is a mistake. */
const PLACE = POLICY.indexOf("\n", POLICY.length / 2);
const FINDING = "STS-POL-083";

/** In the page: takes the time from the next key until the finding is listed, or not listed any more. */
function watch(code, wanted) {
  const shown = () => document.querySelector(`[data-testid=findings] > li[data-code="${code}"]`) !== null;
  const busy = () => document.querySelector("#verdict [aria-busy]").getAttribute("aria-busy") === "true";
  window.measured = new Promise((done) => {
    const pressed = ({ timeStamp }) => {
      const observer = new MutationObserver(() => {
        if (busy() || shown() !== wanted) return;
        observer.disconnect();
        // What is left is for the browser alone, which draws it in its next frame.
        document.body.getBoundingClientRect();
        const ready = performance.now() - timeStamp;
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done([ready, performance.now() - timeStamp]);
          port2.postMessage(null);
        });
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    };
    addEventListener("keydown", pressed, { capture: true, once: true });
  });
}

/** In a page: takes the time from the next key until the browser's own field has it. */
function watchBare() {
  window.measured = new Promise((done) => {
    const pressed = ({ timeStamp }) => {
      const came = () => {
        document.body.getBoundingClientRect();
        done([performance.now() - timeStamp]);
      };
      document.getElementById("text").addEventListener("input", came, { once: true });
    };
    addEventListener("keydown", pressed, { capture: true, once: true });
  });
}

/** Types at the place, after `prepare`, and says what `watch` measured of each key. */
async function typed(start, prepare, watch) {
  const browser = await start();
  const tab = await browser.tab({ width: 1200, height: 900 });
  const visit = new Visit(tab, given("STSLINT_URL"));
  await prepare(visit, tab);
  await visit.run((place) => {
    const field = document.getElementById("text");
    field.focus();
    field.setSelectionRange(place, place);
  }, PLACE);
  const times = [];
  for (let i = 0; i < WARM_UP + KEYS; i += 1) {
    const comes = i % 2 === 0;
    await visit.run(watch, FINDING, comes);
    await visit.press(comes ? "." : "Backspace");
    times.push(await visit.run(() => window.measured));
  }
  await tab.close();
  browser.close();
  return times.slice(WARM_UP);
}

async function policyInPage(visit) {
  await visit.open();
  await visit.drop("mta-sts.txt", POLICY);
  await becomes(() => visit.text(), POLICY);
  await visit.settled();
  await eventually(async () => assert.ok(!(await visit.codes()).includes(FINDING)));
}

/** The same in a field of the browser's own, with nothing around it: what no page can be quicker than. */
async function policyInBareField(visit, tab) {
  // A page without a program.
  await tab.goto(`${given("STSLINT_URL")}rules/index.html`);
  await visit.run((text) => {
    const field = document.createElement("textarea");
    Object.assign(field, { id: "text", rows: 20, cols: 60, spellcheck: false, value: text });
    document.body.replaceChildren(field);
  }, POLICY);
}

/** Opens the page at a fragment, as somebody new to it, until there is something that `selector` finds. */
async function opened(fragment, selector) {
  const browser = await launch();
  const times = [];
  for (let i = 0; i < STARTS; i += 1) {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, ...NETWORK });
    await session.send("Emulation.setCPUThrottlingRate", { rate: CPU });
    await page.addInitScript((wanted) => {
      window.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
      new MutationObserver((_, observer) => {
        if (!document.querySelector(wanted)) return;
        observer.disconnect();
        window.ready = performance.now();
      }).observe(document, { subtree: true, childList: true, attributes: true });
    }, selector);
    await page.goto(given("STSLINT_URL") + fragment);
    await page.waitForFunction(() => window.ready);
    // What comes after it moves things, too.
    await page.waitForLoadState("networkidle");
    const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0);
    times.push([paint, ...(await page.evaluate(() => [window.ready, window.shift]))]);
    await context.close();
  }
  await browser.close();
  return times;
}

/** The value that this share of all does not exceed. */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

const milliseconds = (value) => `${value.toFixed(0)} ms`;
const judged = (value, goal, words) => `≤ ${words(goal)}: ${value <= goal ? "met" : "missed"}`;
const row = (cells) => console.log(`| ${cells.join(" | ")} |`);

row(["browser", "a key until", "median", "99 %", "longest", "goal"]);
row(["---", "---", "--:", "--:", "--:", "---"]);
for (const [name, start] of [["Chromium", chromium], ["Firefox", firefox], ["WebKit", webkit]]) {
  console.error(`latency: ${KEYS} keys in ${name}`);
  const tell = (times, what, index, judge) => {
    const values = times.map((all) => all[index]);
    const [median, most, longest] = [0.5, 0.99, 1].map((share) => quantile(values, share));
    const goal = judge ? judged(most, KEY_GOAL, milliseconds) : "";
    row([name, what, ...[median, most, longest].map((value) => `${value.toFixed(1)} ms`), goal]);
  };
  const times = await typed(start, policyInPage, watch);
  tell(times, "its findings are laid out", 0, name === "Chromium");
  tell(times, "the frame with them is drawn", 1, false);
  tell(await typed(start, policyInBareField, watchBare), "a bare field has it", 0, false);
}

console.log();
row(["from nothing", "median", "longest", "goal"]);
row(["---", "--:", "--:", "---"]);
for (const [name, fragment, selector, ready, goal] of [
  ["start", "", "html[data-started]", "the program runs", START_GOAL],
  ["link", linkTo(BROKEN), "[data-testid=findings] > li[data-code]", "its first finding is listed", LINK_GOAL],
]) {
  console.error(`latency: ${STARTS} times a ${name}`);
  const times = await opened(fragment, selector);
  for (const [index, what, limit, words] of [
    [0, "something is seen", null, milliseconds],
    [1, ready, goal, milliseconds],
    [2, "layout shift, in all", SHIFT_GOAL, (value) => value.toFixed(3)],
  ]) {
    const values = times.map((time) => time[index]);
    const [median, longest] = [0.5, 1].map((share) => quantile(values, share));
    row([`${name}: ${what}`, words(median), words(longest), limit ? judged(median, limit, words) : ""]);
  }
}
process.exit(0);
