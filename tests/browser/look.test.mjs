// Themes, narrow screens, print, forced colours, reduced motion.

import assert from "node:assert/strict";
import { becomes, eventually, scenario } from "./lib/scenario.mjs";
import { STATES } from "./lib/states.mjs";
import { BROKEN } from "./lib/texts.mjs";

const background = (visit) => visit.page.evaluate(() => getComputedStyle(document.body).backgroundColor);

async function isDark(visit) {
  const [red, green, blue] = (await background(visit)).match(/\d+/g).map(Number);
  return red + green + blue < 384;
}

scenario("the theme is the system's until one is chosen, and the choice is remembered", async (visit) => {
  await visit.page.emulateMedia({ colorScheme: "light" });
  await visit.open();
  const chosen = () => visit.theme.getAttribute("aria-label");
  assert.equal(await chosen(), "Theme: as the system");
  assert.equal(await isDark(visit), false);
  await visit.page.emulateMedia({ colorScheme: "dark" });
  await becomes(() => isDark(visit), true);

  for (const [choice, dark] of [["light", false], ["dark", true]]) {
    await visit.chooseTheme(choice);
    await becomes(() => isDark(visit), dark);
    await visit.page.emulateMedia({ colorScheme: dark ? "light" : "dark" });
    assert.equal(await isDark(visit), dark, "against the system");
    const scheme = () => visit.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    assert.equal(await scheme(), dark ? "dark" : "light", "the browser's own controls follow");
    await visit.page.reload();
    await visit.started();
    assert.equal(await isDark(visit), dark);
    assert.equal(await chosen(), `Theme: ${choice}`);
  }

  await visit.chooseTheme("as the system");
  await visit.page.emulateMedia({ colorScheme: "light" });
  await visit.page.reload();
  await visit.started();
  assert.equal(await chosen(), "Theme: as the system");
  assert.equal(await isDark(visit), false);
});

scenario("a chosen theme stands before the program is there", async (visit) => {
  await visit.page.emulateMedia({ colorScheme: "light" });
  await visit.open();
  await visit.chooseTheme("dark");
  await visit.page.route("**/*.wasm", () => {});
  await visit.page.goto(`${visit.url}?`, { waitUntil: "commit" });
  await visit.field.waitFor();
  assert.equal(await isDark(visit), true);
});

scenario("where nothing may be stored, the theme still changes", async (visit) => {
  await visit.page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("denied", "SecurityError"); } });
  });
  await visit.open();
  await visit.chooseTheme("dark");
  await becomes(() => isDark(visit), true);
});

// Of what is seen, nothing sticks out to the right, and the page is as wide as the window.
async function assertFits(visit) {
  const found = await visit.page.evaluate(() => {
    const out = [];
    for (const element of document.querySelectorAll("body, body *")) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".visually-hidden, .twin")) continue;
      const { left, right, width } = element.getBoundingClientRect();
      if (width > 0 && (right > innerWidth + 0.5 || left < -0.5)) out.push(`${element.outerHTML.slice(0, 100)}: ${left} to ${right}`);
    }
    return { width: document.documentElement.scrollWidth, window: innerWidth, out };
  });
  assert.ok(found.width <= found.window, `the page is ${found.width} px wide`);
  assert.deepEqual(found.out, []);
  if (await visit.dialog.isVisible()) {
    const [inner, outer] = await visit.dialog.evaluate((dialog) => [dialog.scrollWidth, dialog.clientWidth]);
    assert.ok(inner <= outer, "the dialog does not scroll sideways");
  }
}

/** Phones zoom into a field below 16 px when it gets the focus. */
async function assertLegible(visit) {
  const small = await visit.page.locator("input:not([type=radio], [type=checkbox]), select, textarea").evaluateAll((all) =>
    all
      .filter((field) => field.checkVisibility({ visibilityProperty: true }) && parseFloat(getComputedStyle(field).fontSize) < 16)
      .map((field) => field.outerHTML.slice(0, 100)),
  );
  assert.deepEqual(small, [], "fields with small letters");
}

const NARROW = { viewport: { width: 320, height: 640 } };

for (const [name, reach] of Object.entries(STATES)) {
  scenario(`nothing scrolls sideways at 320 px: ${name}`, { context: NARROW, expects: name === "crash" ? [/./] : [] }, async (visit) => {
    await reach(visit);
    await assertFits(visit);
    await assertLegible(visit);
    if (await visit.dialog.isVisible()) return;
    for (const details of await visit.page.locator("details").all()) await details.evaluate((element) => (element.open = true));
    await assertFits(visit);
  });
}

scenario("long words do not make the page wider at 320 px", { context: NARROW }, async (visit) => {
  const word = "abcdefghij".repeat(30);
  await visit.open();
  for (const text of [
    `version: STSv1\nmode: ${word}\nmx: ${word}\n${word}: ${word}\nmax_age: ${"9".repeat(300)}\n`,
    `v=STSv1; id=${word};`,
    `v=TLSRPTv1; rua=${word}`,
    `${word.slice(0, 60)}.${word.slice(0, 60)}.${word.slice(0, 60)}.net`,
    word,
  ]) {
    await visit.paste(text);
    await assertFits(visit);
  }
  await visit.nameDomain(word.slice(0, 250));
  await visit.drop(`${word.slice(0, 200)}.txt`, BROKEN);
  await visit.tells(/Opened/);
  await assertFits(visit);
});

scenario("wide screens use their width: findings stand beside the text", { context: { viewport: { width: 1280, height: 800 } } }, async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  const editor = await visit.page.locator(".editor").boundingBox();
  const card = await visit.cards.first().boundingBox();
  assert.ok(card.x >= editor.x + editor.width, "beside");
  await visit.page.setViewportSize({ width: 360, height: 740 });
  const below = await visit.cards.first().boundingBox();
  const above = await visit.page.locator(".editor").boundingBox();
  assert.ok(below.y >= above.y + above.height, "below on a phone");
});

scenario("nothing moves for people who want less motion", { context: { reducedMotion: "reduce" } }, async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.page.keyboard.press("F8");
  await visit.share("Link with the text");
  const moving = await visit.page.evaluate(() => {
    const seconds = (list) => Math.max(...list.split(",").map((time) => parseFloat(time) / (time.trim().endsWith("ms") ? 1000 : 1)));
    const found = [];
    for (const element of document.querySelectorAll("*")) {
      for (const pseudo of [null, "::before", "::after", "::backdrop"]) {
        const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(element, pseudo);
        if (seconds(transitionDuration) > 0.01 || seconds(animationDuration) > 0.01 || scrollBehavior === "smooth") {
          found.push(element.outerHTML.slice(0, 80));
        }
      }
    }
    return found;
  });
  assert.deepEqual(moving, []);
});

scenario("on paper there are the text, the verdict and the findings, and no controls", async (visit) => {
  const text = BROKEN + "mx: mail.acme-mail.net.\n".repeat(40);
  await visit.page.emulateMedia({ colorScheme: "dark" });
  await visit.open();
  await visit.paste(text);
  await visit.page.emulateMedia({ media: "print", colorScheme: "dark" });
  const controls = await visit.page.locator("button, select, input").evaluateAll((all) =>
    all.filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.matches(".go")).map((e) => e.textContent || e.id),
  );
  assert.deepEqual(controls, []);
  // What is drawn under the field stands for it: browsers cut a field at the end of a page.
  const lines = visit.page.locator("#twin .line");
  assert.deepEqual(await lines.allInnerTexts(), text.split("\n"));
  assert.ok(await lines.last().isVisible());
  assert.ok(await visit.page.getByText("will ignore this policy").first().isVisible());
  const cards = await visit.cards.count();
  const alike = visit.page.locator(".others li");
  assert.ok((await alike.count()) >= 40);
  assert.ok(await alike.last().isVisible(), "what is alike is told in full");
  for (const i of [0, cards - 1]) assert.ok(await visit.cards.nth(i).isVisible());
  const shown = await lines.first().evaluate((line) => {
    const editor = document.getElementById("text").parentElement;
    const { backgroundColor } = getComputedStyle(editor);
    return { all: editor.scrollHeight <= editor.clientHeight + 1, color: getComputedStyle(line).color, backgroundColor };
  });
  assert.deepEqual(shown, { all: true, color: "rgb(0, 0, 0)", backgroundColor: "rgb(255, 255, 255)" }, "all of the text, black on white");
  assert.equal(await background(visit), "rgb(255, 255, 255)");
});

scenario("with forced colours, severity and places are told by words and lines", async (visit) => {
  await visit.page.emulateMedia({ forcedColors: "active" });
  await visit.open();
  await visit.paste(BROKEN);
  assert.ok(await visit.page.evaluate(() => matchMedia("(forced-colors: active)").matches));
  const words = await visit.page.locator(".card h3 .severity").allInnerTexts();
  assert.deepEqual(words, ["Error", "Error", "Error", "Error", "Warning", "Note", "Note"]);
  const marks = await visit.page.locator("#twin mark").evaluateAll((all) =>
    all.map((mark) => {
      const { textDecorationLine, textDecorationColor, textDecorationStyle } = getComputedStyle(mark);
      return { tone: mark.dataset.tone, drawn: textDecorationLine === "underline" && textDecorationColor !== "rgba(0, 0, 0, 0)", style: textDecorationStyle };
    }),
  );
  assert.ok(marks.every(({ drawn }) => drawn));
  const styles = (tone) => marks.find((mark) => mark.tone === tone).style;
  assert.notEqual(styles("error"), styles("info"), "the lines differ by their form");
  // The text itself is drawn once.
  assert.equal(await visit.page.locator("#twin .line").first().evaluate((line) => getComputedStyle(line).color), "rgba(0, 0, 0, 0)");
});

scenario("text can be twice as large without getting lost", { context: { viewport: { width: 640, height: 800 } } }, async (visit) => {
  await visit.open();
  await visit.page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
  await visit.paste(BROKEN);
  await assertFits(visit);
  await eventually(async () => assert.equal(await visit.cards.count(), 7));
});
