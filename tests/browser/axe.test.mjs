// axe-core finds nothing: all its default rules, contrast included, in light and dark, wide and narrow.

import assert from "node:assert/strict";
import axe from "axe-core";
import { eventually, scenario } from "./lib/scenario.mjs";
import { STATES } from "./lib/states.mjs";

const SCHEMES = ["light", "dark"];
const SIZES = [{ width: 1280, height: 800 }, { width: 360, height: 740 }];

async function violations(visit) {
  const { violations: found, passes } = await visit.page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  assert.ok(passes.some(({ id }) => id === "color-contrast"), "contrast was looked at");
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.length} times, first ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`);
}

// Contrast is not meant for colours on their way.
const settledColours = (visit) =>
  eventually(async () => assert.equal(await visit.page.evaluate(() => document.getAnimations().length), 0));

for (const [name, reach] of Object.entries(STATES)) {
  // axe is not the page's script, so the page's policy would refuse it.
  scenario(`axe finds nothing: ${name}`, { context: { bypassCSP: true, viewport: SIZES[0] }, expects: name === "crash" ? [/./] : [] }, async (visit) => {
    await reach(visit);
    await visit.page.evaluate(axe.source);
    for (const colorScheme of SCHEMES) {
      for (const size of SIZES) {
        await visit.page.emulateMedia({ colorScheme });
        await visit.page.setViewportSize(size);
        await settledColours(visit);
        assert.deepEqual(await violations(visit), [], `${colorScheme}, ${size.width} px`);
      }
    }
  });
}

for (const theme of SCHEMES) {
  scenario(`axe finds nothing in the chosen ${theme} theme, against the system's`, { context: { bypassCSP: true, colorScheme: theme === "light" ? "dark" : "light" } }, async (visit) => {
    await STATES["broken policy"](visit);
    await visit.chooseTheme(theme);
    await visit.page.evaluate(axe.source);
    await settledColours(visit);
    assert.deepEqual(await violations(visit), []);
  });
}

scenario("axe finds nothing in the shell, before the program is there", { context: { bypassCSP: true } }, async (visit) => {
  await visit.page.route("**/*.wasm", () => {});
  await visit.page.goto(visit.url, { waitUntil: "commit" });
  await visit.field.waitFor();
  await visit.page.waitForLoadState("domcontentloaded");
  await visit.page.evaluate(axe.source);
  for (const size of SIZES) {
    await visit.page.setViewportSize(size);
    assert.deepEqual(await violations(visit), []);
  }
});

scenario("axe finds nothing on paper, printed from the dark theme", { context: { bypassCSP: true, colorScheme: "dark" } }, async (visit) => {
  await STATES["broken policy"](visit);
  await visit.page.emulateMedia({ media: "print", colorScheme: "dark" });
  await visit.page.evaluate(axe.source);
  await settledColours(visit);
  assert.deepEqual(await violations(visit), []);
});
