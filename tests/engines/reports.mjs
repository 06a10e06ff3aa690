// Has the page read samples of reports, and prints a table: how long that took, the memory of the tab, how long the page stood
// still. Not a test. `cargo xtask bench reports` runs it, with the folders.

import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../browser/lib/launch.mjs";
import { peak, watch } from "./lib/cost.mjs";
import { given } from "./lib/process.mjs";

/** The most memory that a tab may have, in bytes. */
const GOAL = 300e6;

/** Nobody waits any longer, in milliseconds. */
const PATIENCE = 600_000;

const MIB = 1 << 20;

/** What a person would choose to open in a folder of samples: its mailbox, or all its mails. */
function chosen(folder) {
  const mailbox = join(folder, "reports.mbox");
  if (existsSync(mailbox)) return { form: "mailbox", files: [mailbox] };
  const days = readdirSync(folder, { recursive: true });
  return { form: "mails", files: days.filter((name) => name.endsWith(".eml")).map((name) => join(folder, name)) };
}

/** In the page: takes the time from the choice of files until all of them have been read. */
function clock() {
  const isReading = () => document.title.startsWith("…");
  window.reading = new Promise((done) => {
    addEventListener("change", () => {
      const start = performance.now();
      let began = false;
      const look = () => {
        began ||= isReading();
        if (began && !isReading()) done(performance.now() - start);
        else setTimeout(look, 20);
      };
      look();
    }, { capture: true, once: true });
  });
}

/** The memory of a tab whose page is a field of the browser's own with these files: what no page can have less than. */
async function bare(files) {
  const browser = await launch();
  const page = await browser.newPage({ serviceWorkers: "block" });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(`${given("STSLINT_URL")}rules/index.html`);
  await page.evaluate(() => {
    document.body.replaceChildren(Object.assign(document.createElement("input"), { type: "file", multiple: true }));
  });
  const field = page.locator("input");
  await field.setInputFiles(files);
  assert.equal(await field.evaluate((element) => element.files.length), files.length);
  await page.waitForTimeout(1000);
  const memory = await peak(browser);
  await browser.close();
  return memory;
}

console.log("| reports | in | bytes | reader | time | MB/s | memory of the tab | longest standstill | goal |");
console.log("|---:|---|---:|---|---:|---:|---:|---:|---|");
for (const folder of process.argv.slice(2)) {
  const { form, files } = chosen(folder);
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, serviceWorkers: "block" });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(`${given("STSLINT_URL")}#/reports`);
  await page.locator("html[data-started]:not([data-opening])").waitFor({ state: "attached" });
  await page.evaluate(watch);
  await page.evaluate(clock);
  await page.locator("input[type=file][multiple]").first().setInputFiles(files);
  const time = await page.evaluate(() => window.reading);
  await page.waitForTimeout(1000);
  const still = await page.evaluate(() => window.still.longest);
  const count = Number((await page.title()).replace(/ TLS reports.*/, "").replaceAll(",", ""));
  assert.ok(count > 0, `reports are counted: ${await page.title()}`);
  const memory = await peak(browser);
  await browser.close();
  const bytes = files.map((file) => statSync(file).size).reduce((sum, size) => sum + size, 0);
  const rate = (bytes / 1e3 / time).toFixed(1);
  const cost = [`${(time / 1e3).toFixed(2)} s`, rate, `${Math.ceil(memory / MIB)} MiB`, `${still.toFixed(0)} ms`];
  const goal = `≤ 300 MB: ${memory <= GOAL ? "met" : "missed"}`;
  console.log(`| ${[count, form, bytes, "the page, in Chromium", ...cost, goal].join(" | ")} |`);
  if (memory > GOAL) {
    const least = `${Math.ceil((await bare(files)) / MIB)} MiB`;
    console.log(`| ${[count, form, bytes, "a bare field", "", "", least, "", ""].join(" | ")} |`);
  }
}
