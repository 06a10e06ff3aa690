// Every view on paper: on as few pages as it needs, without controls, with version, date and address.

import assert from "node:assert/strict";
import { Check, DOMAIN, OPTIONS, publish } from "./lib/check.mjs";
import { REPORT } from "./lib/texts.mjs";
import { policy } from "./lib/internet/domain.mjs";
import { dropAll, month, several } from "./lib/reports.mjs";
import { becomes, comesToMatch, scenario } from "./lib/scenario.mjs";
import { STATES } from "./lib/states.mjs";

const DOMAINS = Array.from({ length: 40 }, (_, i) => `company-${i + 1}.example`);

/** Views, each with the most A4 pages that it may take and some words that are on them. */
const VIEWS = {
  "a policy with findings": { most: 2, words: [/nmx: a\.example\.com/, /line 2, column 7/i], reach: STATES["broken policy"] },
  "a clean policy": { most: 1, words: [/mail\.acme-mail\.net/], reach: STATES["clean policy"] },
  "a TLS report": {
    most: 2,
    words: [/starttls-not-supported|sessions/],
    reach: async (visit) => {
      await visit.open();
      await visit.drop("report.json", REPORT);
      await visit.cards.first().waitFor();
    },
  },
  "a rule": { most: 1, words: [/STS-POL-083/], reach: STATES.rule },
  "a rule beside a text": { most: 1, words: [/STS-POL-083/], reach: STATES["rule dialog"] },
  "a good domain": {
    most: 2,
    words: [new RegExp(DOMAIN), /Discover[\s\S]*Connect[\s\S]*Report/],
    reach: async (visit, internet) => {
      publish(internet);
      await visit.open();
      await new Check(visit).run();
    },
  },
  "a broken domain": {
    most: 2,
    words: [new RegExp(DOMAIN), /STS-POL-083/],
    reach: async (visit, internet) => {
      publish(internet).host.body = policy(`mx1.${DOMAIN}.`);
      await visit.open();
      const seen = await new Check(visit).run();
      await seen.finding("STS-POL-083").waitFor();
    },
  },
  "reports of a month": {
    most: 3,
    words: [/Certificate expired[\s\S]*What that rests on[\s\S]*Sessions under DANE, by day[\s\S]*The policy that senders saw[\s\S]*58 different reports/],
    reach: async (visit) => {
      await visit.open();
      await dropAll(visit, month());
      await visit.page.getByTestId("copies").waitFor();
    },
  },
  "reports about several domains": {
    most: 1,
    words: [/Sessions failed for 1 of 3 domains[\s\S]*c\.acme-mail\.net[\s\S]*Certificate expired/],
    reach: async (visit) => {
      await visit.open();
      await dropAll(visit, several());
      await visit.page.getByTestId("domains").waitFor();
    },
  },
  // What each sender does, and each step of a message, can be pressed and is read all the same.
  senders: { most: 3, words: [/rejected: the blank line at 2:1[\s\S]*The attacker takes STARTTLS out/], reach: STATES.senders },
  "what to set up": { most: 1, words: [/mode: testing[\s\S]*_smtp\._tls\.acme-mail\.net\./], reach: STATES["set up"] },
  "a plan": { most: 3, words: [/Check the mail hosts[\s\S]*Serve a policy in mode enforce[\s\S]*Keep watching/], reach: STATES.plan },
  "the list of all rules": {
    most: 4,
    words: [/STS-POL-001[\s\S]*LIVE-001[\s\S]*INPUT-001/],
    reach: async (visit) => {
      await STATES["list of all rules"](visit);
      await visit.article.getByRole("link", { name: "INPUT-001" }).waitFor();
    },
  },
  "a list of 40 domains": {
    most: 3,
    words: [/company-1\.example[\s\S]*company-40\.example/],
    reach: async (visit) => {
      await visit.open();
      await new Check(visit).run(DOMAINS.join("\n"));
    },
  },
};

const ASKS = { ...OPTIONS, asks: [...OPTIONS.asks, ...DOMAINS.map((domain) => `mta-sts.${domain}`)] };

for (const [name, { most, words, reach }] of Object.entries(VIEWS)) {
  scenario(`on paper: ${name}`, ASKS, async (visit, { internet }) => {
    await reach(visit, internet);
    await assertPrints(visit, most, words);
  });
}

scenario("on paper: a page about a rule", async (visit) => {
  await visit.page.goto(`${visit.url}rules/STS-POL-083.html`);
  await assertPrints(visit, 2);
});

/** The view on paper has these words and no controls, takes at most so many pages, and says what it is of. */
async function assertPrints(visit, most, words = []) {
  const { page } = visit;
  await page.emulateMedia({ media: "print" });
  assert.deepEqual(await page.evaluate(controls), []);
  const text = await page.evaluate(() => document.body.innerText);
  for (const pattern of words) assert.match(text, pattern);
  assert.doesNotMatch(text, /F8/, "no keys are told of");
  const pages = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type \/Page\b/g).length;
  assert.ok(pages <= most, `${pages} pages`);
  const printed = page.locator("#printed");
  assert.ok(await printed.isVisible());
  await comesToMatch(() => printed.innerText(), /^stslint \d+\.\d+\.\d+ · printed \d{4}-\d\d-\d\d \d\d:\d\d UTC · http/);
  await page.emulateMedia({ media: "screen" });
  await becomes(() => printed.isVisible(), false, "on paper alone");
}

/** In the page: what is shown and looks like something to press, choose or fill in. */
function controls() {
  const found = [];
  for (const element of document.querySelectorAll("button, select, input, textarea:not(#text), progress, nav")) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const { borderTopWidth, backgroundColor } = getComputedStyle(element);
    // A finding's place and message, or a domain in a table, are words that can be pressed on a screen.
    const words = element.matches("button") && borderTopWidth === "0px" && backgroundColor === "rgba(0, 0, 0, 0)";
    if (!words) found.push(element.outerHTML.slice(0, 100));
  }
  return found;
}
