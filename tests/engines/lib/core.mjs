// What has to work in every browser: the core of tests/browser, by what people see and do.

import assert from "node:assert/strict";
import test, { after } from "node:test";
import { goodDomain } from "../../browser/lib/internet/domain.mjs";
import { Host } from "../../browser/lib/host.mjs";
import { Resolver } from "../../browser/lib/internet/resolver.mjs";
import { linkTo } from "../../browser/lib/links.mjs";
import { BROKEN, CLEAN, REPAIRED_SAFELY } from "../../browser/lib/texts.mjs";
import { becomes, comesToMatch, eventually } from "../../browser/lib/waits.mjs";
import { given } from "./process.mjs";
import { Visit, button } from "./visit.mjs";

const TIMEOUT = 90_000;

/** Tall enough for all of a short text. */
const SIZE = { width: 1200, height: 1100 };

/** The findings of BROKEN and what is marked for each, in the order of the list. */
const MARKS = [
  ["STS-POL-052", "Enforce"],
  ["STS-POL-083", "."],
  ["STS-POL-084", "münchen.example"],
  ["STS-POL-061", "604 800"],
  ["STS-POL-032", "nmx"],
  ["STS-POL-103", "*.example.com"],
  ["STS-POL-098", "*.example.com"],
];

/**
 * Runs everything in the browser that `start` starts. `astray` says what is known to be wrong in this one, by the name
 * of the test: those are skipped.
 */
export function core(start, astray = {}) {
  let starting;
  after(async () => (await starting?.catch(() => null))?.close());
  const scenario = (name, body) =>
    test(name, { timeout: TIMEOUT, skip: astray[name] }, async () => {
      const browser = await (starting ??= start());
      const tab = await browser.tab(SIZE);
      try {
        await body(new Visit(tab, given("STSLINT_URL")));
      } finally {
        await tab.close();
      }
    });
  for (const [name, body] of Object.entries(SCENARIOS)) scenario(name, body);
}

const has = (visit, code) => eventually(async () => assert.ok((await visit.codes()).includes(code), code));

const SCENARIOS = {
  "the page starts": async (visit) => {
    await visit.open();
    assert.match(await visit.title(), /^Check an MTA-STS policy/);
    await visit.click(["a", "Mode in capitals"]);
    await has(visit, "STS-POL-052");
  },

  "a broken policy has its findings at their places": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    await becomes(() => visit.marked(), MARKS);
    assert.deepEqual(await visit.codes(), MARKS.map(([code]) => code));
  },

  "marks lie under their characters": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    assert.deepEqual(await visit.run(astrayMarks), []);
  },

  "fixes are applied and taken back": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    await visit.click(button("Apply all safe fixes…"));
    await becomes(() => visit.text(), REPAIRED_SAFELY);
    await visit.settled();
    await visit.click(button("Restore previous text"));
    await becomes(() => visit.text(), BROKEN);
    await has(visit, "STS-POL-052");
  },

  "the browser's undo takes a fix back": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    await visit.click(button("Apply all safe fixes…"));
    await becomes(() => visit.text(), REPAIRED_SAFELY);
    // Not by its key: WebKit's small browser has none for that.
    await visit.run(() => {
      document.getElementById("text").focus();
      document.execCommand("undo");
    });
    await becomes(() => visit.text(), BROKEN);
  },

  "keys lead from finding to finding and to a fix": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    await visit.press("F8");
    await becomes(() => visit.selected(), "Enforce");
    await visit.press("F8");
    await becomes(() => visit.selected(), "nmx");
    await visit.press("Shift+F8");
    await becomes(() => visit.selected(), "Enforce");
    await visit.tabTo(button("Apply fix…"));
    await visit.press("Enter");
    await becomes(() => visit.text(), BROKEN.replace("Enforce", "enforce"));
  },

  "a dialog opens and closes by keyboard, and the focus comes back": async (visit) => {
    await visit.open();
    await visit.write(CLEAN);
    await visit.tabTo(button("Share"), "Shift+Tab");
    await visit.press("Enter");
    await comesToMatch(async () => String(await visit.dialog()), /Share/);
    await visit.press("Escape");
    await becomes(() => visit.dialog(), null);
    await becomes(() => visit.at(button("Share"), (element) => element === document.activeElement), true);
  },

  "a link opens with its text, and the same link is made of it": async (visit) => {
    await visit.open(linkTo(BROKEN));
    await becomes(() => visit.text(), BROKEN);
    await has(visit, "STS-POL-052");
    await visit.click(button("Share"));
    const made = () => visit.at(["dialog textarea, dialog input", "Link"], (field) => field.value);
    await comesToMatch(made, /#v1&z=/);
    const link = await made();
    await visit.open("#");
    await visit.open(new URL(link).hash);
    await becomes(() => visit.text(), BROKEN);
  },

  "a dropped file is taken with its line ends": async (visit) => {
    await visit.open();
    await visit.drop("mta-sts.txt", BROKEN.replaceAll("\n", "\r\n"));
    await becomes(() => visit.text(), BROKEN);
    await has(visit, "STS-POL-052");
    await comesToMatch(() => visit.run(() => document.body.innerText), /Line endings: CRLF/);
  },

  "after one visit the page works without a network": async (visit) => {
    const host = await Host.start(given("STSLINT_DIST"));
    try {
      const there = new Visit(visit.tab, host.url);
      await there.open();
      await becomes(() => there.run(async () => (await navigator.serviceWorker.getRegistration())?.active?.state), "activated");
      host.down();
      await there.open(`?again${linkTo(BROKEN)}`);
      await becomes(() => there.text(), BROKEN);
      await has(there, "STS-POL-052");
    } finally {
      await visit.tab.goto("about:blank");
      host.close();
    }
  },

  "a domain is checked": async (visit) => {
    const { zone } = goodDomain("acme-mail.net");
    const resolver = await Resolver.start({ zone });
    try {
      await visit.open();
      await visit.write("acme-mail.net");
      await eventually(() => visit.at(["select", "Names are looked up by…"], (select) => {
        select.value = [...select.options].at(-1).value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }));
      await visit.click(["input", "Its address for DNS over HTTPS…"]);
      await visit.press("Control+a");
      await visit.type(resolver.url);
      await visit.press("Tab");
      await visit.click(button("Check it now"));
      await comesToMatch(() => visit.run(() => document.body.innerText), /mx1\.acme-mail\.net[\s\S]*mx2\.acme-mail\.net/);
      assert.ok(resolver.questions.includes("TXT _mta-sts.acme-mail.net"));
      assert.deepEqual(resolver.misused, []);
    } finally {
      resolver.close();
    }
  },
};

/** In the page: the characters under the field that don't lie under the same character of the field. */
function astrayMarks() {
  const field = document.getElementById("text");
  const twin = document.getElementById("twin");
  const astray = [];
  let start = 0;
  for (const line of twin.querySelectorAll(".line")) {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data } = walker.currentNode;
      for (let i = 0; i < data.length; i += 1) {
        const range = document.createRange();
        range.setStart(walker.currentNode, i);
        range.setEnd(walker.currentNode, i + 1);
        const { left, top, width, height } = range.getBoundingClientRect();
        const caret = document.caretPositionFromPoint(left + width * 0.15, top + height / 2);
        if (caret?.offsetNode !== field || caret.offset !== start + i) astray.push([data[i], start + i, caret?.offset]);
      }
      start += data.length;
    }
    start += 1;
  }
  return astray;
}
