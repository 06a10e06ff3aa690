// Has Lighthouse open the page as on a phone, and prints a table. Not a test. `cargo xtask lighthouse` runs it.

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { linkTo } from "../browser/lib/links.mjs";
import { BROKEN } from "../browser/lib/texts.mjs";

/** How often each page is opened. The run with the middle score for performance is told. */
const RUNS = 3;

const PAGES = [
  ["the start", "", 98],
  ["a shared link", linkTo(BROKEN), 98],
];
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const TIMES = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"];

const row = (cells) => console.log(`| ${cells.join(" | ")} |`);

const chrome = await launch({ chromePath: process.env.CHROMIUM, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
try {
  row(["page", "performance", "accessibility", "best practices", "SEO", "seen", "largest seen", "blocked", "shift", "goal"]);
  row(["---", ...Array(8).fill("--:"), "---"]);
  for (const [name, address, goal] of PAGES) {
    const runs = [];
    for (let i = 0; i < RUNS; i += 1) {
      console.error(`lighthouse: ${name}, ${i + 1} of ${RUNS}`);
      const { lhr } = await lighthouse(process.env.STSLINT_URL + address, { port: chrome.port, logLevel: "error", onlyCategories: CATEGORIES });
      if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
      runs.push(lhr);
    }
    runs.sort((a, b) => a.categories.performance.score - b.categories.performance.score);
    const run = runs[Math.floor(RUNS / 2)];
    const scores = CATEGORIES.map((category) => Math.round(run.categories[category].score * 100));
    const met = scores[0] >= goal && scores.slice(1).every((score) => score === 100);
    row([name, ...scores, ...TIMES.map((time) => run.audits[time].displayValue.replaceAll("\u00a0", " ")), `≥ ${goal}/100/100/100: ${met ? "met" : "missed"}`]);
    const lost = Object.values(run.audits).filter(({ score, scoreDisplayMode }) => scoreDisplayMode === "binary" && score === 0);
    for (const { id, title } of lost) console.error(`lighthouse: ${name}: ${id}: ${title}`);
  }
} finally {
  chrome.kill();
}
