// Before, without and after the program: the shell, failing starts, a crash, a path of its own.

import assert from "node:assert/strict";
import { SUB_PATH, becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { linkTo } from "./lib/links.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";

/** Holds the program back. Gives the way to answer, once it was asked for. */
async function hold(visit, pattern = "**/*.wasm") {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await visit.page.route(pattern, async (route) => {
    const answer = await released;
    await answer(route).catch(() => {});
  });
  return release;
}

const goOn = (route) => route.continue();

scenario("before the program is there, the shell is useful and keeps what is typed", async (visit) => {
  const release = await hold(visit);
  await visit.page.goto(visit.url, { waitUntil: "commit" });
  await visit.field.waitFor();
  const { page } = visit;
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "stslint");
  await page.getByRole("heading", { name: "Is mail to your domain protected on its way?" }).waitFor();
  for (const entrance of ["Check a domain", "Check a text before you publish it", "Understand TLS reports", "Set up MTA-STS from nothing"]) {
    await page.getByRole("button", { name: entrance }).waitFor();
  }
  await page.getByRole("link", { name: "Mode in capitals" }).waitFor();
  await page.getByRole("heading", { name: "Nothing you paste leaves this page" }).waitFor();
  await comesToMatch(() => page.getByRole("contentinfo").innerText(), /checked in your browser.*network panel.*Content-Security-Policy/s);
  assert.equal(await page.locator("html[data-started]").count(), 0, "the program has not started");

  await visit.field.pressSequentially("version: STSv1\nmode: Enforce\n");
  await visit.field.evaluate((field) => field.setSelectionRange(3, 7, "backward"));
  release(goOn);
  await visit.started();
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
  assert.equal(await visit.text(), "version: STSv1\nmode: Enforce\n");
  assert.deepEqual(await visit.selection(), [3, 7]);
  assert.equal(await visit.focused(), "text", "the focus stays");
  await visit.settled();
  // And so does what the browser can take back.
  await page.keyboard.type("X");
  await becomes(() => visit.text(), "verX: STSv1\nmode: Enforce\n");
  await page.keyboard.press("ControlOrMeta+Z");
  await becomes(() => visit.text(), "version: STSv1\nmode: Enforce\n");
});

scenario("an example that is chosen before the program is there opens when it is", async (visit) => {
  const release = await hold(visit);
  await visit.page.goto(visit.url, { waitUntil: "commit" });
  await visit.page.getByRole("link", { name: "Mode in capitals" }).click();
  release(goOn);
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
});

scenario("while a link opens there is nothing to type into, and nothing else", async (visit) => {
  const release = await hold(visit);
  await visit.page.goto(visit.url + linkTo(CLEAN), { waitUntil: "commit" });
  await visit.page.getByText("Opening the link").waitFor();
  assert.equal(await visit.field.isVisible(), false);
  assert.equal(await visit.page.getByRole("contentinfo").isVisible(), false);
  release(goOn);
  await becomes(() => visit.text(), CLEAN);
  await visit.field.waitFor();
  assert.equal(await visit.page.getByText("Opening the link").isVisible(), false);
});

const PHONE = { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true, hasTouch: true };
const DESK = { viewport: { width: 1280, height: 860 } };

for (const [what, address, context] of [
  ["the start on a phone", "", PHONE],
  ["a link on a phone", linkTo(BROKEN), PHONE],
  ["a link on a desk", linkTo(BROKEN), DESK],
  ["the rules on a phone", "#/rules", PHONE],
]) {
  scenario(`nothing moves while the page opens: ${what}`, { context }, async (visit) => {
    const { page } = visit;
    await page.addInitScript(() => {
      window.moved = [];
      const note = (entry) => window.moved.push({ by: entry.value, what: entry.sources.map(({ node }) => node?.id || node?.nodeName) });
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: "layout-shift", buffered: true });
    });
    const release = await hold(visit);
    await page.goto(visit.url + address, { waitUntil: "commit" });
    // What is there before the program has been painted.
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    release(goOn);
    await visit.started();
    await becomes(() => page.locator("html[data-opening]").count(), 0);
    await page.waitForLoadState("networkidle");
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const moved = await page.evaluate(() => window.moved);
    assert.ok(moved.reduce((sum, { by }) => sum + by, 0) < 0.05, JSON.stringify(moved));
  });
}

const FAILURES = [
  ["is not there", (route) => route.fulfill({ status: 404, body: "not here" })],
  ["can't be reached", (route) => route.abort()],
  ["is garbage", (route) => route.fulfill({ contentType: "application/wasm", body: "garbage, not a program" })],
  ["is a web page", (route) => route.fulfill({ contentType: "text/html", body: "<html>Sign in</html>" })],
];

for (const file of ["stslint-page_bg*.wasm", "stslint-page.js"]) {
  for (const [what, answer] of FAILURES) {
    if (file.endsWith(".js") && what === "is garbage") continue;
    scenario(`${file} ${what}: that is said, and the text stays`, { expects: [/./] }, async (visit) => {
      const release = await hold(visit, `**/${file}`);
      await visit.page.goto(visit.url, { waitUntil: "commit" });
      await visit.field.pressSequentially("mine");
      release(answer);
      const alert = visit.page.getByRole("alert").filter({ hasText: "stslint could not start" });
      await alert.waitFor();
      assert.match(await alert.innerText(), /Nothing is checked\..*text is still in the field/s);
      assert.equal(await visit.text(), "mine");
      assert.ok(await visit.field.isVisible());
      await alert.getByText("Technical details").click();
      await comesToMatch(() => alert.locator("pre").innerText(), /\S/);
      await alert.getByRole("button", { name: "Copy your text" }).click();
      await becomes(() => visit.clipboard(), "mine");
      assert.equal(await visit.page.getByRole("link", { name: "Mode in capitals" }).isVisible(), false, "no examples that would not open");
      // Once what was wrong is repaired, a reload helps.
      await visit.page.unroute(`**/${file}`);
      await alert.getByRole("button", { name: "Reload the page" }).click();
      await visit.started();
      assert.ok(await visit.page.locator("#trouble").isHidden());
      visit.seen.errors.length = 0;
    });
  }
}

scenario("until the explanations are there, findings and fixes work without them", async (visit) => {
  const release = await hold(visit, "**/rules.json");
  await visit.open();
  await visit.paste(BROKEN);
  const card = visit.card("STS-POL-052");
  await comesToMatch(() => card.innerText(), /Enforce has to be written in lower case[\s\S]*Loading the explanation/);
  await becomes(() => card.locator("ins").innerText(), "+mode: enforce");
  release(goOn);
  await comesToMatch(() => card.innerText(), /Effect\s+8 of the 12 mail servers/);
  await eventually(async () => assert.doesNotMatch(await visit.page.locator("body").innerText(), /Loading the explanation/));
});

scenario("explanations that can't be loaded are said to be missing, and can be asked for again", { expects: [/./] }, async (visit) => {
  await visit.page.route("**/rules.json", (route) => route.abort());
  await visit.open();
  await visit.paste(BROKEN);
  const card = visit.card("STS-POL-052");
  await comesToMatch(() => card.innerText(), /Enforce has to be written in lower case[\s\S]*explanation could not be loaded/);
  await card.getByRole("link", { name: "STS-POL-052" }).click();
  await comesToMatch(() => visit.dialog.innerText(), /could not be loaded/);
  await visit.closeDialog();
  await visit.page.unroute("**/rules.json");
  await card.getByRole("button", { name: "Retry" }).click();
  await comesToMatch(() => card.innerText(), /Effect\s+8 of the 12 mail servers/);
  await card.getByRole("button", { name: /^Apply fix/ }).click();
  await becomes(() => visit.text(), BROKEN.replace("Enforce", "enforce"));
  visit.seen.errors.length = 0;
});

scenario("a browser without WebAssembly is told", { expects: [/./] }, async (visit) => {
  await visit.page.addInitScript(() => delete globalThis.WebAssembly);
  await visit.page.goto(visit.url);
  const alert = visit.page.getByRole("alert").filter({ hasText: "stslint could not start" });
  await alert.waitFor();
  await alert.getByText("Technical details").click();
  await comesToMatch(() => alert.innerText(), /no WebAssembly/);
});

scenario("without JavaScript the page says what is missing", { context: { javaScriptEnabled: false } }, async (visit) => {
  await visit.page.goto(visit.url);
  assert.equal(await visit.page.getByRole("heading", { level: 1 }).innerText(), "stslint");
  await visit.page.getByText(/needs JavaScript and WebAssembly/).waitFor();
  await visit.page.getByRole("heading", { name: "Nothing you paste leaves this page" }).waitFor();
});

scenario("after a crash the person sees what happened and keeps the text", { expects: [/./] }, async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.page.evaluate(() => void setTimeout(() => dispatchEvent(new Event("stslint:panic"))));
  const alert = visit.page.getByRole("alert").filter({ hasText: "stslint crashed" });
  await alert.waitFor();
  assert.match(await alert.innerText(), /Your text is safe.*reload/s);
  assert.equal(await visit.text(), BROKEN);
  assert.ok(await visit.field.isVisible());
  await alert.getByText("Technical details").click();
  await comesToMatch(() => alert.locator("pre").innerText(), /\S{5}/);
  await alert.getByRole("button", { name: "Copy your text" }).click();
  await becomes(() => visit.clipboard(), BROKEN);
  // The field goes on as a plain one; nothing that is not true any more is shown.
  await visit.field.press("ControlOrMeta+End");
  await visit.page.keyboard.type("more");
  assert.equal(await visit.text(), `${BROKEN}more`);
  assert.equal(await visit.cards.first().isVisible(), false);
  assert.equal(await visit.verdict.isVisible(), false);
  // Scripts of the page may fail after the crash, input still has not run.
  visit.seen.errors.length = 0;
});

scenario("the page works below any path", { url: SUB_PATH }, async (visit, { visitor }) => {
  await visit.open();
  await visit.paste(BROKEN);
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
  const link = await visit.share("Link with the text");
  assert.ok(link.startsWith(`${SUB_PATH}#v1`));
  const other = await visitor();
  await other.page.goto(link);
  await other.started();
  await becomes(() => other.text(), BROKEN);
  await other.card("STS-POL-052").getByRole("link", { name: "STS-POL-052" }).click();
  await other.dialog.waitFor();
  await other.closeDialog();
  await other.follow("#/examples/mode-in-capitals");
  await comesToMatch(() => other.text(), /^version: STSv1\nmode: Enforce\nmx: mail/);
  for (const url of other.seen.requests) assert.ok(url.startsWith(SUB_PATH), url);
  await visit.page.goto(`${SUB_PATH}index.html`);
  await visit.started();
  await visit.paste(CLEAN);
  assert.ok((await visit.share("Link with settings only")).startsWith(`${SUB_PATH}index.html#v1`));
});
