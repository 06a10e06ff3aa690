// What has to work in every browser: the core of tests/browser, by what people see and do.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test, { after } from "node:test";
import { gunzipSync, inflateSync } from "node:zlib";
import { goodDomain } from "../../browser/lib/internet/domain.mjs";
import { Host } from "../../browser/lib/host.mjs";
import { Resolver } from "../../browser/lib/internet/resolver.mjs";
import { linkTo } from "../../browser/lib/links.mjs";
import { month } from "../../browser/lib/reports.mjs";
import { BROKEN, CLEAN, REPAIRED, REPAIRED_SAFELY } from "../../browser/lib/texts.mjs";
import { becomes, comesToMatch, eventually } from "../../browser/lib/waits.mjs";
import { Silence, given } from "./process.mjs";
import { FIELD, Visit, button } from "./visit.mjs";

const TIMEOUT = 180_000;

/** Tall enough for all of a short text. */
const SIZE = { width: 1200, height: 1100 };

/** A phone, as far as a browser gets as narrow as that. */
const PHONE = [360, 740];

/** One of each kind. */
const ADDRESSES = [
  "", "#/examples", "#/examples/date-with-hyphens-in-the-id", "#/rules", "#/rules?q=max_age", "#/rules/STS-POL-083", "#/reports", "#/senders",
  "#/senders?scenario=starttls-stripped&step=9", "#/setup", "#/setup?domain=acme-mail.net&mx=mx1.acme-mail.net&rua=tls@acme-mail.net&naming=wildcard",
  "#/plan", "#/plan?domain=acme-mail.net&mx=mx1.acme-mail.net&from=2026-01-01", "#/d/acme-mail.net",
];

/** A policy that no editor shows at once, with a mistake far down. */
const LONG =
  "version: STSv1\nmode: enforce\n" +
  Array.from({ length: 70 }, (_, i) => `mx: mx${i}.acme-mail.net${i === 60 ? "." : ""}\n`).join("") +
  "max_age: 604800\n";

/** Where its mistake is, and in which line. */
const DOT = LONG.indexOf(".\n");
const DOT_LINE = LONG.slice(0, DOT).split("\n").length - 1;

/** Letters of other scripts and widths, a tab, and a line that is too long for any field. */
const MIXED = `${BROKEN}mx: почта.example\t# 日本語 é\n\nmx: ${"a-long-name.".repeat(20)}example`;

/** More domains than the field shows at once. */
const DOMAINS = Array.from({ length: 40 }, (_, i) => `company-${i + 1}.example`);

/** What the tab is called that shows BROKEN. */
const BROKEN_TITLE = "✗ MTA-STS policy · stslint";

/** The file of the part of the program that checks domains. */
const CHECK_PART = /^split_check-.*\.wasm$/;

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
  const stop = async () => {
    const browser = await starting?.catch(() => null);
    starting = undefined;
    browser?.close();
  };
  after(stop);
  const attempt = async (body) => {
    const browser = await (starting ??= start());
    const tab = await browser.tab(SIZE);
    try {
      await body(new Visit(tab, given("STSLINT_URL")));
    } catch (error) {
      // What went wrong first is what is told.
      await tab.close().catch(() => {});
      throw error;
    }
    await tab.close();
  };
  const scenario = (name, body) =>
    test(name, { timeout: TIMEOUT, skip: astray[name] }, async (context) => {
      try {
        await attempt(body);
      } catch (error) {
        if (!(error instanceof Silence)) throw error;
        // A page that hangs will do so in a fresh browser too.
        context.diagnostic(`${error.message}; once more in a fresh browser`);
        await stop();
        await attempt(body);
      }
    });
  for (const [name, body] of Object.entries(SCENARIOS)) scenario(name, body);
}

/** Has names looked up by this resolver from now on, once a domain stands in the field. */
async function lookUpAt(visit, { url }) {
  // Until the part that listens is there, a choice is lost.
  await eventually(async () => {
    await visit.at(["select", "Names are looked up by…"], (select) => {
      select.value = [...select.options].at(-1).value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await visit.at(["input", "Its address for DNS over HTTPS…"], (input) => input.isConnected);
  });
  await visit.click(["input", "Its address for DNS over HTTPS…"]);
  await visit.press("Control+a");
  await visit.type(url);
  await visit.press("Tab");
}

const has = (visit, code) => eventually(async () => assert.ok((await visit.codes()).includes(code), code));

const SCENARIOS = {
  "the page starts": async (visit) => {
    await visit.open();
    assert.match(await visit.title(), /^Is mail to your domain/);
    await visit.click(["a", "Mode in capitals"]);
    await has(visit, "STS-POL-052");
  },

  "a broken policy has its findings at their places": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    await becomes(() => visit.marked(), MARKS);
    assert.deepEqual(await visit.codes(), MARKS.map(([code]) => code));
  },

  "marks are drawn": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    const marks = await visit.run(() =>
      [...document.querySelectorAll("#twin mark")].map((mark) => {
        const { textDecorationLine, textDecorationStyle, textDecorationColor, color } = getComputedStyle(mark);
        return [mark.textContent, textDecorationLine, textDecorationStyle, textDecorationColor === color];
      }),
    );
    // What is an error has a wavy line, and a colour of its own: the letters of a mark are those of the field.
    assert.deepEqual(marks.filter(([text]) => ["Enforce", "nmx"].includes(text)), [
      ["Enforce", "underline", "wavy", false],
      ["nmx", "underline", "wavy", false],
    ]);
    for (const [text, line, , same] of marks) assert.deepEqual([line, same], ["underline", false], text);
  },

  "marks lie under their characters": async (visit) => {
    await visit.open();
    await visit.paste(MIXED);
    await visit.settled();
    // Letters of the field alone and of its twin alone make the same picture, but for what WebKit smooths anew. What moves the
    // page between two pictures, as a part of the program that comes late, makes them be taken again.
    await eventually(async () => {
      const [field, twin, none] = [await visit.picture("#text"), await visit.picture("#twin"), await visit.picture(null)];
      const apart = await visit.run(difference, field, twin);
      assert.ok(apart < 64, `the letters are at the same places: ${apart} of 255`);
      assert.ok((await visit.run(difference, field, none)) > 192, "and there are some");
    });
  },

  "the number of a line stands beside it, far down too": async (visit) => {
    await visit.open();
    await visit.drop("mta-sts.txt", LONG);
    await becomes(() => visit.text(), LONG);
    await visit.settled();
    const { own, twin, lines } = await visit.run(lineTops);
    assert.equal(lines.length, LONG.split("\n").length);
    assert.equal(own, twin, "the field is as tall as its twin");
    // Lines of a field are whole pixels high, and what is drawn under it has to be so too.
    const height = lines[1] - lines[0];
    assert.deepEqual(lines, lines.map((_, i) => i * height));
    assert.equal(height, Math.round(height));
  },

  "a list of domains can be read, at its end and at its start": async (visit) => {
    await visit.open();
    // Not typed: Enter behind the first one would check it.
    await visit.paste(DOMAINS.slice(0, -1).join("\n"));
    await eventually(async () => assert.ok(await visit.shown(["button", "Check…"]), "it is a list"));
    await visit.press("Enter");
    await visit.settled();
    await visit.type(DOMAINS.at(-1));
    await becomes(() => visit.text(), DOMAINS.join("\n"));
    await visit.settled();
    // What shows lists may come late, and then makes the field small: browsers look for the caret when it moves.
    await eventually(async () => {
      for (const key of ["ArrowUp", "ArrowDown"]) await visit.press(key);
      assert.ok(await visit.run(seen, DOMAINS.length - 1), "what was typed last is drawn");
    });
    // Keys bring the caret into view a frame later.
    await visit.run(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await visit.run(() => (document.getElementById("text").parentElement.scrollTop = 0));
    await becomes(() => visit.run(seen, 0), true, "the first one can be scrolled to");
  },

  "no address is wider than a phone": async (visit) => {
    await visit.tab.resize(...PHONE);
    for (const address of ADDRESSES) {
      // Each from a fresh start: the same page would only follow a link.
      await visit.tab.goto("about:blank");
      await visit.open(address);
      await becomes(() => visit.run(isPhone), true);
      await becomes(() => visit.run(() => document.documentElement.hasAttribute("data-opening")), false, address);
      // Windows do not get as narrow as a phone everywhere: larger letters come to the same.
      await visit.run(() => (document.documentElement.style.fontSize = `${Math.max(100, Math.ceil(innerWidth / 3.6))}%`));
      await visit.run(twoFrames);
      assert.equal(await visit.run(wider), 0, address || "the start");
    }
  },

  "a line that is begun at the end of a long text is in view": async (visit) => {
    await visit.open();
    await visit.paste("mx: mail.acme-mail.net\n".repeat(50) + "#");
    for (const lines of [52, 53, 54]) {
      await visit.press("Enter");
      await visit.settled();
      await becomes(() => visit.run(seen, lines - 1), true, `line ${lines}`);
    }
  },

  "after a fix the caret stays where that was": async (visit) => {
    await visit.open();
    await visit.drop("mta-sts.txt", LONG);
    await becomes(() => visit.text(), LONG);
    await visit.settled();
    for (let i = 0; i < 3 && (await visit.selected()) !== "."; i += 1) await visit.press("F8");
    assert.equal(await visit.selected(), ".");
    await visit.tabTo(button("Apply fix…"));
    await visit.press("Enter");
    await becomes(() => visit.text(), LONG.slice(0, DOT) + LONG.slice(DOT + 1));
    await becomes(() => visit.run(() => document.getElementById("text").selectionStart), DOT);
    await becomes(() => visit.run(seen, DOT_LINE), true, "its line is in view");
  },

  "what stands side by side starts at one height, at every width": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    await has(visit, "STS-POL-052");
    const beside = [];
    // Where scroll bars take room, 1280 px are 1265.
    for (const width of [1280, 1265, 1200, 1100, 1024, 960]) {
      await visit.tab.resize(width, 900);
      await becomes(() => visit.run(() => innerWidth), width);
      const { text, list } = await visit.run(() => {
        const edges = (element) => (({ left, right, top }) => ({ left, right, top }))(element.getBoundingClientRect());
        const text = document.getElementById("text").parentElement;
        return { text: edges(text), list: edges(document.getElementById("verdict")) };
      });
      if (text.right > list.left && list.right > text.left) continue;
      beside.push(width);
      assert.ok(Math.abs(text.top - list.top) < 2, `${width} px: the text at ${text.top}, the answer at ${list.top}`);
    }
    assert.ok(beside.length > 0, "wide windows have both side by side");
  },

  "fixes are applied and taken back": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    await visit.click(button("Repair…"));
    await becomes(() => visit.text(), REPAIRED_SAFELY);
    await visit.settled();
    await visit.click(button("Restore previous text"));
    await becomes(() => visit.text(), BROKEN);
    await has(visit, "STS-POL-052");
  },

  "the browser's undo takes a fix back": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    await visit.click(button("Repair…"));
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

  "going back from a rule leads to the text of the link": async (visit) => {
    await visit.open(linkTo(BROKEN));
    await has(visit, "STS-POL-052");
    await visit.click(["a", "STS-POL-052"]);
    await comesToMatch(async () => String(await visit.dialog()), /lower case/);
    await visit.run(() => history.back());
    await becomes(() => visit.dialog(), null);
    assert.equal(await visit.text(), BROKEN);
    await has(visit, "STS-POL-052");
  },

  "a dropped file is taken with its line ends": async (visit) => {
    await visit.open();
    await visit.drop("mta-sts.txt", BROKEN.replaceAll("\n", "\r\n"));
    await becomes(() => visit.text(), BROKEN);
    await has(visit, "STS-POL-052");
    await comesToMatch(() => visit.run(() => document.body.innerText), /Line endings: CRLF/);
  },

  "Back, Forward and a reload bring a text and a rule back, each with its title": async (visit) => {
    const rule = () => comesToMatch(async () => String(await visit.dialog()), /lower case/);
    const text = async () => {
      await becomes(() => visit.text(), BROKEN);
      await becomes(() => visit.tabTitle(), BROKEN_TITLE);
      await has(visit, "STS-POL-052");
    };
    await visit.open();
    await visit.write(BROKEN);
    await text();
    await visit.click(["a", "STS-POL-052"]);
    await rule();
    await visit.run(() => history.back());
    await becomes(() => visit.dialog(), null);
    await text();
    await visit.run(() => history.forward());
    await rule();
    // Whoever begins at a rule reads it in place of a text.
    await visit.reload();
    await becomes(() => visit.tabTitle(), "STS-POL-052 · stslint");
    await comesToMatch(() => visit.run(() => document.getElementById("article").innerText), /lower case/);
    await visit.run(() => history.back());
    await text();
    await visit.reload();
    await text();
  },

  "a policy is repaired and published, with the line ends of a policy": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    await visit.click(button("Repair…"));
    for (let i = 0; i < 3; i += 1) {
      await becomes(() => visit.run(() => document.activeElement.id), "accept");
      const before = await visit.text();
      await visit.press("Enter");
      await eventually(async () => assert.notEqual(await visit.text(), before));
    }
    await becomes(() => visit.text(), REPAIRED);
    await visit.settled();
    assert.equal(await visit.run(() => document.querySelectorAll('.card[data-tone="error"]').length), 0);
    await visit.click(button("Publish it"));
    await visit.click(["input", "Your mail domain"]);
    await visit.type("acme-mail.net");
    await comesToMatch(async () => String(await visit.dialog()), /https:\/\/mta-sts\.acme-mail\.net\/\.well-known\/mta-sts\.txt/);
    await visit.run(catchDownloads);
    await visit.click(["dialog button", "Download mta-sts.txt"]);
    await becomes(() => visit.run(() => window.download), { name: "mta-sts.txt", text: REPAIRED.replaceAll("\n", "\r\n") });
  },

  "several files with reports are read, and their totals shown": async (visit) => {
    const files = month();
    const summaries = files
      .flatMap(([, packed]) => JSON.parse(gunzipSync(packed)).policies)
      .filter(({ policy }) => policy["policy-type"] === "sts")
      .map(({ summary }) => summary);
    const sum = (name) => summaries.reduce((all, summary) => all + summary[`total-${name}-session-count`], 0);
    const [failed, well] = [sum("failure"), sum("successful")];
    await visit.open();
    await visit.dropAll(files);
    const words = (id) => visit.run((it) => document.getElementById(it)?.innerText, id);
    await becomes(() => words("reports-answer"), `acme-mail.net: ${failed} of ${failed + well} sessions under MTA-STS failed.`);
    await comesToMatch(() => words("article"), new RegExp(`${files.length} files read, [^:]+: ${files.length} different reports\\.`));
    await becomes(() => visit.tabTitle(), "acme-mail.net · reports · stslint");
  },

  "whoever goes home while something is being opened is at the start": async (visit) => {
    const host = await Host.start(given("STSLINT_DIST"));
    let release;
    const released = new Promise((go) => (release = go));
    const part = readdirSync(host.folder).find((name) => CHECK_PART.test(name));
    host.changes[part] = (content) => released.then(() => content);
    try {
      const there = new Visit(visit.tab, host.url);
      await there.open("#/check/acme-mail.net");
      assert.ok(await there.run(() => document.documentElement.hasAttribute("data-opening")), "it is being opened");
      assert.equal(await there.run(isFieldSeen), false);
      await there.click(["a", "stslint"]);
      await becomes(() => there.run(isFieldSeen), true);
      release();
      await becomes(() => there.run(arrived, part), true);
      await there.run(twoFrames);
      assert.equal(await there.run(isFieldSeen), true);
      assert.equal(await there.text(), "");
    } finally {
      release();
      await visit.tab.goto("about:blank");
      host.close();
    }
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

  "a dropped file is shown from its start": async (visit) => {
    await visit.open();
    await visit.write(CLEAN);
    await visit.drop("mta-sts.txt", LONG);
    await becomes(() => visit.text(), LONG);
    await visit.settled();
    const place = () =>
      visit.run(() => {
        const { selectionStart, selectionEnd, parentElement } = document.getElementById("text");
        return { selection: [selectionStart, selectionEnd], editor: parentElement.scrollTop, window: scrollY };
      });
    await becomes(place, { selection: [0, 0], editor: 0, window: 0 });
    // Browsers scroll when they next draw.
    await visit.run(twoFrames);
    assert.deepEqual(await place(), { selection: [0, 0], editor: 0, window: 0 });
  },

  "on paper there are the text and the findings, on few pages": async (visit) => {
    await visit.open();
    await visit.write(BROKEN);
    await has(visit, "STS-POL-052");
    const count = pages(await visit.tab.print());
    assert.ok(count === 1 || count === 2, `${count} pages`);
  },

  "Tab leads to the field": async (visit) => {
    await visit.open();
    await visit.run(() => document.activeElement.blur());
    await visit.tabTo(FIELD);
    await visit.type("acme-mail.net");
    await becomes(() => visit.text(), "acme-mail.net");
  },

  "a domain that is typed is never judged, and the field stays where it is": async (visit) => {
    await visit.open();
    await visit.click(FIELD);
    const seen = () => visit.run(placeAndBlame);
    const before = await seen();
    assert.equal(before.blame, 0);
    let typed = "";
    for (const key of "acme-mail.net") {
      await visit.type(key);
      typed += key;
      await becomes(() => visit.text(), typed);
      assert.deepEqual(await seen(), before, typed);
    }
    await comesToMatch(() => visit.title(), /^Check\s+acme-mail\.net/);
    await visit.settled();
    assert.deepEqual(await seen(), before);
  },

  "a domain is checked, and whoever pressed Enter is at the answer": async (visit) => {
    const { zone } = goodDomain("acme-mail.net");
    const resolver = await Resolver.start({ zone });
    try {
      await visit.open();
      await visit.write("acme-mail.net");
      await lookUpAt(visit, resolver);
      await visit.click(FIELD);
      await visit.press("Enter");
      await becomes(() => visit.run(() => document.activeElement.id), "verdict-title");
      assert.equal(await visit.text(), "acme-mail.net", "it is no line break");
      // The mail hosts stand in the step that compares them.
      const unfolded = () => {
        document.getElementById("step-match")?.setAttribute("open", "");
        return document.body.innerText;
      };
      await comesToMatch(() => visit.run(unfolded), /mx1\.acme-mail\.net[\s\S]*mx2\.acme-mail\.net/);
      await becomes(() => visit.run(beside), true, "the answer stands beside its icon, which came with it");
      assert.equal(await visit.run(scrolled), 0, "a bar of one line has no scroll bar");
      await visit.tab.resize(...PHONE);
      await becomes(() => visit.run(isPhone), true);
      await visit.run(twoFrames);
      assert.equal(await visit.run(scrolled), 0, "nor where lines are taller");
      assert.ok(resolver.questions.includes("TXT _mta-sts.acme-mail.net"));
      assert.deepEqual(resolver.misused, []);
    } finally {
      resolver.close();
    }
  },
};

/** In the page: where the field is and how large, and how much is called wrong. */
function placeAndBlame() {
  const { left, top, width, height } = document.querySelector(".editor").getBoundingClientRect();
  const blame = document.querySelectorAll('#twin mark, #verdict [data-tone="broken"], .card[data-tone="error"]').length;
  return { place: [left, top + scrollY, width, height], blame };
}

/** In the page: keeps what it has the browser save, instead of that. */
function catchDownloads() {
  const made = new Map();
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    const address = createObjectURL.call(URL, blob);
    made.set(address, blob);
    return address;
  };
  HTMLAnchorElement.prototype.click = async function () {
    window.download = { name: this.download, text: await made.get(this.href).text() };
  };
}

/** In the page: whether this file has been loaded. */
function arrived(file) {
  const loaded = performance.getEntriesByType("resource");
  return loaded.some(({ name, responseEnd }) => name.endsWith(`/${file}`) && responseEnd > 0);
}

/** In the page: whether there is a field to be seen. */
function isFieldSeen() {
  const field = document.getElementById("text");
  return field.getClientRects().length > 0 && getComputedStyle(field).visibility === "visible";
}

/** In the page: waits until what has changed is drawn. */
function twoFrames() {
  return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}

/** In the page: whether the sentence of the answer stands beside the first icon there, not below it. */
function beside() {
  const icon = document.querySelector("#verdict svg")?.getBoundingClientRect();
  const title = document.getElementById("verdict-title").getBoundingClientRect();
  return !!icon?.width && icon.right <= title.left && icon.top < title.bottom;
}

/** In the page: whether it is laid out for a phone. */
function isPhone() {
  return matchMedia("(max-width: 40em)").matches;
}

/** In the page: by how many pixels it can be scrolled sideways. */
function wider() {
  scrollTo(1000, 0);
  return scrollX;
}

/** In the page: by how many pixels the field can be scrolled. */
function scrolled() {
  const { scrollHeight, clientHeight } = document.getElementById("text").parentElement;
  return scrollHeight - clientHeight;
}

/** In the page: how tall the text of the field and that under it are, and where the lines start, from the first one on. */
function lineTops() {
  const field = document.getElementById("text");
  const twin = document.getElementById("twin");
  const lines = [...twin.querySelectorAll(".line")].map((line) => line.getBoundingClientRect().top);
  const { height } = field.style;
  field.style.height = "0";
  const own = field.scrollHeight;
  field.style.height = height;
  return { own, twin: twin.scrollHeight, lines: lines.map((top) => top - lines[0]) };
}

/** In the page: by how much two pictures of one size differ where they differ most, from 0 to 255. */
async function difference(...pictures) {
  const [a, b] = await Promise.all(
    pictures.map(async (picture) => {
      const image = new Image();
      image.src = `data:image/png;base64,${picture}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height).data;
    }),
  );
  let most = 0;
  for (let i = 0; i < a.length; i += 1) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

/** In the page: whether a line of the field can be seen, most of it at least, and the field draws it. */
function seen(number) {
  const field = document.getElementById("text");
  const line = document.querySelectorAll("#twin .line")[number].getBoundingClientRect();
  const top = line.top + line.height * 0.2;
  const bottom = line.bottom - line.height * 0.2;
  const at = (y) => document.elementFromPoint(line.left + 5, y) === field;
  return field.scrollTop === 0 && at(top) && at(bottom);
}

/** How many pages a PDF has. Some browsers pack its objects. */
function pages(pdf) {
  const text = pdf.toString("latin1");
  const packed = [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, bytes]) => {
    try {
      return inflateSync(Buffer.from(bytes, "latin1")).toString("latin1");
    } catch {
      return "";
    }
  });
  return [text, ...packed].flatMap((part) => part.match(/\/Type\s*\/Page\b/g) ?? []).length;
}
