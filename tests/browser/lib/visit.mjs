// One person at the page: what they see and do. Parts are found as people and screen readers find them, by
// role and name; what has no name (marks in the text) by the data attributes that the page gives them.

import assert from "node:assert/strict";
import { bothTexts } from "./twin.mjs";
import { becomes, comesToMatch, eventually } from "./waits.mjs";

export class Visit {
  /** Opens an empty tab in a fresh profile. */
  static async start(browser, { url, context = {}, expects = [], permissions = true }) {
    const visit = new Visit();
    visit.url = url;
    visit.origin = new URL(url).origin;
    visit.expects = expects;
    /** Further origins that the page may ask, as the scenario comes to know them. */
    visit.origins = [];
    visit.seen = { hits: [], dialogs: [], errors: [], violations: [], requests: [] };
    // A worker would keep what a scenario changes. Those of offline.test.mjs want it.
    visit.context = await browser.newContext({ serviceWorkers: "block", ...context });
    visit.context.setDefaultTimeout(10_000);
    if (permissions) {
      await visit.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: visit.origin });
    }
    await visit.context.exposeFunction("__hit", (what) => void visit.seen.hits.push(String(what)));
    await visit.context.exposeFunction("__violation", (what) => void visit.seen.violations.push(what));
    await visit.context.addInitScript(() => {
      const told = (event) => `${event.violatedDirective} ${event.blockedURI} ${event.sample}`;
      document.addEventListener("securitypolicyviolation", (event) => window.__violation(told(event)));
    });
    visit.context.on("request", (request) => visit.seen.requests.push(request.url()));
    visit.context.on("page", (page) => visit.watch(page));
    visit.page = await visit.context.newPage();
    return visit;
  }

  watch(page) {
    page.on("dialog", (dialog) => {
      this.seen.dialogs.push(dialog.message());
      dialog.dismiss().catch(() => {});
    });
    page.on("pageerror", (error) => this.seen.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.seen.errors.push(message.text());
    });
  }

  /** Nothing happened that may never happen. The page may ask the `allowed` origins for something. */
  async assertHarmless(allowed = []) {
    const { hits, dialogs, errors, violations, requests } = this.seen;
    const foreign = requests.filter((url) => ![this.origin, ...this.origins, ...allowed].includes(new URL(url).origin));
    const unexpected = errors.filter((error) => !this.expects.some((pattern) => pattern.test(error)));
    assert.deepEqual(hits, [], "script from input ran");
    assert.deepEqual(dialogs, [], "a script opened a dialog");
    assert.deepEqual(foreign, [], "requests to other origins");
    assert.deepEqual(violations, [], "violations of the Content-Security-Policy");
    assert.deepEqual(unexpected, [], "errors in the console");
  }

  /** Loads the page and waits until it has started. */
  async open(fragment = "") {
    await this.page.goto(this.url + fragment);
    await this.started();
    return this;
  }

  /** Makes the page's machine slower, by this factor. */
  async slow(rate) {
    const session = await this.context.newCDPSession(this.page);
    await session.send("Emulation.setCPUThrottlingRate", { rate });
  }

  started() {
    return this.page.locator("html[data-started]").waitFor({ state: "attached" });
  }

  /** Follows an address of the same page, as a click on a link in a mail does. */
  async follow(fragment) {
    await this.page.goto(this.url + fragment);
  }

  // --- what there is

  get field() {
    return this.page.getByRole("textbox", { name: "Domain, policy, record or report" });
  }
  get verdict() {
    return this.page.getByRole("region", { name: "Verdict" });
  }
  get notice() {
    return this.page.locator("#notice");
  }
  get cards() {
    return this.page.locator(".findings li.card");
  }
  /** What is read in place of the text. */
  get article() {
    return this.page.locator("#article");
  }

  /** Goes back from it to the text, the check, the list or the start. */
  async leave() {
    await this.article.getByRole("button", { name: /^(Back to|To the start)/ }).click();
    await this.article.waitFor({ state: "hidden" });
  }

  get dialog() {
    return this.page.getByRole("dialog");
  }
  get kind() {
    return this.page.getByRole("combobox", { name: "Read as", exact: true, includeHidden: true });
  }
  get domain() {
    return this.page.getByRole("textbox", { name: /^Policy domain/, includeHidden: true });
  }
  get invisible() {
    return this.button("Show invisible characters");
  }
  button(name) {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }
  card(code) {
    return this.page.locator(`li.card[data-code="${code}"]`);
  }

  text() {
    return this.field.inputValue();
  }
  title() {
    return this.verdict.getByRole("heading").innerText();
  }
  readAs() {
    return this.page.getByTestId("read-as").innerText();
  }
  facts() {
    return this.page.getByTestId("text-facts").innerText();
  }

  /** By how many pixels the page is wider than the window: 0 if it fits. (A gutter for the bar makes it less wide.) */
  async excessWidth() {
    return this.page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));
  }

  /** Unfolds how the text is read. */
  async unfoldReading() {
    const details = this.page.locator("#options details");
    await details.waitFor();
    if (!(await details.evaluate((element) => element.open))) await details.locator("summary").click();
  }

  /** Has the text read as something else. */
  async chooseKind(choice) {
    await this.unfoldReading();
    await this.kind.selectOption(choice);
  }

  /** Says whose policy it is. */
  async nameDomain(domain) {
    await this.unfoldReading();
    await this.domain.fill(domain);
  }

  /** The way to the start. */
  get home() {
    return this.page.getByRole("link", { name: "stslint", exact: true });
  }
  get theme() {
    return this.button(/^Theme: /);
  }

  /** Presses the button until the theme is this one: "light", "dark" or "as the system". */
  async chooseTheme(theme) {
    for (let i = 0; i < 3; i += 1) {
      if ((await this.theme.getAttribute("aria-label")) === `Theme: ${theme}`) return;
      await this.theme.click();
    }
    assert.equal(await this.theme.getAttribute("aria-label"), `Theme: ${theme}`);
  }

  /** The codes of the listed findings, in their order. */
  codes() {
    return this.cards.evaluateAll((cards) => cards.map((card) => card.dataset.code));
  }

  /** The id of what has the focus. */
  focused() {
    return this.page.evaluate(() => document.activeElement.id);
  }

  /** [start, end] of the selection in the field. */
  selection() {
    return this.field.evaluate((field) => [field.selectionStart, field.selectionEnd]);
  }

  /**
   * What each finding of the list marks: its code, the text under its marks, and where that starts in the
   * field's text (in UTF-16 units).
   */
  marked() {
    return this.page.evaluate(() => {
      const items = new Map();
      let offset = 0;
      for (const line of document.querySelectorAll("#twin .line")) {
        for (const piece of line.children) {
          for (const item of piece.matches("mark") ? piece.dataset.items.split(" ") : []) {
            const known = items.get(item) ?? { text: "", start: offset, end: offset };
            if (known.end < offset) known.text += "\n".repeat(offset - known.end);
            known.text += piece.textContent;
            known.end = offset + piece.textContent.length;
            items.set(item, known);
          }
          offset += piece.textContent.length;
        }
        offset += 1;
      }
      const code = (item) => document.getElementById(`finding-${item}`)?.dataset.code;
      const sorted = [...items].sort(([a], [b]) => a - b);
      return sorted.map(([item, { text, start }]) => ({ code: code(item), text, start }));
    });
  }

  // --- what people do

  /** Replaces the whole text from the clipboard. */
  async paste(text) {
    await this.toClipboard(text);
    await this.field.focus();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.press("ControlOrMeta+V");
    await becomes(() => this.text(), text.replaceAll(/\r\n?/g, "\n"));
    await this.settled();
  }

  toClipboard(text) {
    return this.page.evaluate((words) => navigator.clipboard.writeText(words), text);
  }

  clipboard() {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Drops a file somewhere on the page. `content` is text or bytes. */
  async drop(name, content) {
    const base64 = Buffer.from(content).toString("base64");
    await this.page.evaluate(
      ([fileName, data]) => {
        const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], fileName));
        const happens = (type) => new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
        // Browsers drop only where the page takes the drag.
        if (document.body.dispatchEvent(happens("dragover"))) throw new Error("the page takes no files");
        if (document.body.dispatchEvent(happens("drop"))) throw new Error("the browser would open the file");
      },
      [name, base64],
    );
  }

  /** Waits until all that is shown is about the text in the field. */
  async settled() {
    await this.page.locator('.verdict-box[aria-busy="false"], .no-verdict').first().waitFor({ state: "attached" });
    await eventually(async () => {
      const { field, drawn } = await this.page.evaluate(bothTexts);
      assert.equal(drawn, field, "the text under the field is the text in it");
    });
  }

  /** Opens the share dialog and makes one of the choices. */
  async share(choice) {
    if (!(await this.dialog.isVisible())) await this.button("Share").click();
    await this.dialog.getByRole("radio", { name: choice }).check();
    return this.shared(choice === "Markdown report" ? "Report" : "Link");
  }

  /** What the share dialog offers, once it is there. */
  async shared(label = "Link") {
    const made = this.dialog.getByRole("textbox", { name: label });
    await made.waitFor();
    return made.inputValue();
  }

  async closeDialog() {
    await this.dialog.getByRole("button", { name: "Close" }).click();
    await this.dialog.waitFor({ state: "hidden" });
  }

  /** The page tells `pattern`, without a dialog of the browser. */
  async tells(pattern) {
    await comesToMatch(() => this.notice.innerText(), pattern);
  }

  /** Moves the focus to an element by Tab alone. */
  async tabTo(locator) {
    const handle = await locator.elementHandle();
    for (let i = 0; i < 200; i += 1) {
      await this.page.keyboard.press("Tab");
      if (await handle.evaluate((element) => element === document.activeElement)) return;
    }
    assert.fail(`Tab does not reach ${locator}`);
  }
}
