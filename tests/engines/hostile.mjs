// Opens files in the page and prints a table: how long the page stood still for each, and the memory that it took.
// Not a test. `cargo xtask hostile` runs it, with the folder of the files.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../browser/lib/launch.mjs";
import { peak, watch } from "./lib/cost.mjs";
import { given } from "./lib/process.mjs";

/** The longest that the page may stand still, in milliseconds. */
const GOAL = 100;

/** How long nothing may have changed until a file counts as done, in milliseconds. */
const REST = 1500;

/** After that nobody waits any longer: the run ends with an error, in milliseconds. */
const PATIENCE = 120_000;

/** How often a file is opened; what counts is the median, as something else may run for a moment. */
const TIMES = 3;

/** What is read for a moment: the parts of the program that a file may need are there then. */
const WARM_UP = ["version: STSv1\nmode: none\nmax_age: 86400\n", '{"policies":[]}', ""];

async function opened(file) {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, serviceWorkers: "block" });
  await page.goto(given("STSLINT_URL"));
  await page.locator("html[data-started]").waitFor({ state: "attached" });
  for (const text of WARM_UP) {
    await page.locator("#text").fill(text);
    await page.waitForTimeout(500);
  }
  const before = await peak(browser);
  await page.evaluate(watch);
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.waitForFunction((rest) => performance.now() - window.still.changed > rest, REST, { timeout: PATIENCE });
  const still = await page.evaluate(() => window.still.longest);
  const refused = await page.evaluate(() => document.querySelector("#notice .notice")?.getAttribute("data-tone") === "error");
  const after = await peak(browser);
  await browser.close();
  return { still, said: refused ? "refused" : "read", memory: after - before };
}

const MIB = 1 << 20;

/** What the page shows at most of a text: bytes, lines, bytes of a line. */
const [SIZE, LINES, LINE] = [256 << 10, 2_000, 64 << 10];

/** As much of a text as is shown. */
function most(bytes) {
  let lines = 0;
  let start = 0;
  for (let at = 0; at < Math.min(bytes.length, SIZE); at += 1) {
    if (at - start === LINE) return bytes.subarray(0, at);
    const writtenOut = bytes[at] === 0x6e && bytes[at - 1] === 0x5c;
    if (bytes[at] !== 0x0a && !writtenOut) continue;
    if (!writtenOut) start = at + 1;
    lines += 1;
    if (lines === LINES) return bytes.subarray(0, at + 1);
  }
  return bytes.subarray(0, SIZE);
}

const folder = process.argv[2];

/** Opens a file and prints what came of it. */
async function row(what, size, file) {
  const runs = [];
  while (runs.length < TIMES) runs.push(await opened(file));
  runs.sort((one, other) => one.still - other.still);
  const { still, said, memory } = runs[(TIMES - 1) / 2];
  const goal = `≤ ${GOAL} ms: ${still <= GOAL ? "met" : "missed"}`;
  console.log(`| ${[what, size, said, `${still.toFixed(0)} ms`, `${Math.ceil(memory / MIB)} MiB`, goal].join(" | ")} |`);
}

console.log("| file, opened in the page | bytes | outcome | longest standstill | memory beside the page's own | goal |");
console.log("|---|---:|---|---:|---:|---|");
for (const name of readdirSync(folder).sort()) {
  // The page tells by itself what it is.
  if (/ as a (policy|report)$/.test(name)) continue;
  const path = join(folder, name);
  const size = statSync(path).size;
  const what = name.replace(/^\d+ /, "");
  await row(what, size, path);
  // What is refused costs nothing: as much of it as is shown does.
  if (size > LINE && size <= 32 * MIB) {
    const buffer = most(readFileSync(path));
    await row(`${what}, cut to the most that is shown`, buffer.length, { name: what, mimeType: "", buffer });
  }
}
