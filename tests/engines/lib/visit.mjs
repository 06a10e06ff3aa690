// One person at the page, in any browser: what they see is asked by script, what they do is done by keys and pointer.
//
// A tab, of whichever browser, is `goto(url)`, `run(expression)` in the page, which gives JSON, `perform(actions)` of
// WebDriver, `reload()`, `screenshot()`, which is a PNG in base64, `print()`, which is a PDF, `resize(width, height)` and `close()`.

import assert from "node:assert/strict";
import { bothTexts } from "../../browser/lib/twin.mjs";
import { becomes, eventually } from "../../browser/lib/waits.mjs";

/** What WebDriver calls the keys that write nothing. */
const KEYS = {
  ArrowDown: "\uE015", ArrowUp: "\uE013", Backspace: "\uE003", Control: "\uE009", Enter: "\uE007", Escape: "\uE00C", F8: "\uE038", Shift: "\uE008", Tab: "\uE004",
};

/**
 * In the page: the one element of this tag that is shown and has this name, which people see or screen readers say.
 * `name` is all of it, or its beginning if it ends with an ellipsis.
 */
function found(tags, name) {
  const words = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const label = (element) => element.ariaLabel ?? (element.labels?.length ? words(element.labels[0]) : words(element));
  const fits = (text) => (name.endsWith("…") && !name.endsWith(" …") ? text.startsWith(name.slice(0, -1)) : text === name);
  const shown = [...document.querySelectorAll(tags)].filter((element) => element.getClientRects().length);
  return shown.find((element) => fits(label(element)));
}

export class Visit {
  constructor(tab, url) {
    Object.assign(this, { tab, url });
  }

  /** Calls a function in the page, with arguments that fit into JSON. */
  run(body, ...args) {
    return this.tab.run(`((${body})(...${JSON.stringify(args)}))`);
  }

  /** Calls a function in the page with the element of this tag and name. */
  at([tags, name], body, ...args) {
    const call = `${found}; const element = found(...${JSON.stringify([tags, name])});`;
    const missing = `if (!element) throw new Error(${JSON.stringify(`no ${tags} “${name}” is shown`)});`;
    return this.tab.run(`(() => { ${call} ${missing} return (${body})(element, ...${JSON.stringify(args)}); })()`);
  }

  /** Loads the page and waits until it has started. */
  async open(fragment = "") {
    await this.tab.goto(this.url + fragment);
    await this.started();
  }

  /** Loads the page again, as it is, and waits until it has started. */
  async reload() {
    await this.tab.reload();
    await this.started();
  }

  started() {
    return becomes(() => this.run(() => document.documentElement.hasAttribute("data-started")), true, "the page starts");
  }

  // --- what there is

  text() {
    return this.run(() => document.getElementById("text").value);
  }
  title() {
    return this.run(() => (document.getElementById("verdict-title") ?? document.getElementById("question")).innerText);
  }
  /** What the tab is called. */
  tabTitle() {
    return this.run(() => document.title);
  }
  selected() {
    return this.run(() => {
      const { value, selectionStart, selectionEnd } = document.getElementById("text");
      return value.slice(selectionStart, selectionEnd);
    });
  }
  /** The codes of the listed findings, in their order. */
  codes() {
    return this.run(() => [...document.querySelectorAll("[data-testid=findings] > li")].map((card) => card.dataset.code));
  }
  /** The dialog that is open, as text. */
  dialog() {
    return this.run(() => document.querySelector("dialog[open]")?.innerText ?? null);
  }
  shown(what) {
    return this.at(what, () => true).catch(() => false);
  }

  /** What is marked, as the browser draws it: each finding's code and the text under its marks. */
  marked() {
    return this.run(() => {
      const texts = new Map();
      for (const mark of document.querySelectorAll("#twin mark")) {
        const { width, height } = mark.getBoundingClientRect();
        if (!height || (mark.textContent && !width)) continue;
        for (const item of mark.dataset.items.split(" ")) texts.set(item, (texts.get(item) ?? "") + mark.textContent);
      }
      const code = (item) => document.getElementById(`finding-${item}`)?.dataset.code;
      return [...texts].sort(([a], [b]) => a - b).map(([item, text]) => [code(item), text]);
    });
  }

  /** A picture of the window in which the letters of this element alone are drawn, of the field and its twin. */
  async picture(shown) {
    await this.run((selector) => {
      document.activeElement.blur();
      scrollTo(0, 0);
      // What is said of the text may still change.
      document.querySelector(".answer").style.setProperty("visibility", "hidden");
      for (const id of ["text", "twin"]) {
        const color = `#${id}` === selector ? "black" : "transparent";
        document.getElementById(id).style.setProperty("color", color);
      }
      return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    }, shown);
    // A browser may still be drawing what was asked of it before: a picture is one when the next is the same.
    let last = await this.tab.screenshot();
    return eventually(async () => {
      const picture = await this.tab.screenshot();
      const rests = picture === last;
      last = picture;
      assert.ok(rests, "the page rests");
      return picture;
    });
  }

  // --- what people do

  perform(actions) {
    return this.tab.perform(actions);
  }

  /** Types a text at the caret. */
  async type(text) {
    const keys = [...text].map((character) => (character === "\n" ? KEYS.Enter : character));
    await this.perform([{ type: "key", id: "keyboard", actions: keys.flatMap((value) => [down(value), up(value)]) }]);
  }

  /** Presses a key, with others held: `Control+z`. */
  async press(combination) {
    const keys = combination.split("+").map((key) => KEYS[key] ?? key);
    await this.perform([{ type: "key", id: "keyboard", actions: [...keys.map(down), ...keys.reverse().map(up)] }]);
  }

  /** Clicks into the middle of an element. */
  async click(what) {
    const [x, y] = await eventually(() =>
      this.at(what, (element) => {
        element.scrollIntoView({ block: "center" });
        const { left, top, width, height } = element.getBoundingClientRect();
        return [Math.round(left + width / 2), Math.round(top + height / 2)];
      }),
    );
    const actions = [
      { type: "pointerMove", x, y, origin: "viewport" },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    await this.perform([{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }]);
  }

  /** Replaces the text in the field by typing another one. */
  async write(text) {
    await this.click(FIELD);
    await this.press("Control+a");
    await this.type(text);
    await becomes(() => this.text(), text);
    await this.settled();
  }

  /** Replaces the text in the field at once, as a paste does. */
  async paste(text) {
    await this.run((pasted) => {
      const field = document.getElementById("text");
      field.focus();
      field.select();
      document.execCommand("insertText", false, pasted);
    }, text);
    await becomes(() => this.text(), text);
    await this.settled();
  }

  /** Moves the focus to an element by Tab alone, or backwards. Not around: beyond the last one is the browser's own bar. */
  async tabTo(what, key = "Tab") {
    for (let i = 0; i < 60; i += 1) {
      await this.press(key);
      if (await this.at(what, (element) => element === document.activeElement)) return;
    }
    assert.fail(`Tab does not reach ${what[1]}`);
  }

  /** Drops a file on the page. */
  drop(name, content) {
    return this.dropAll([[name, content]]);
  }

  /** Drops files on the page, each a name and its content, as text or bytes. */
  async dropAll(files) {
    const given = files.map(([name, content]) => [name, Buffer.from(content).toString("base64")]);
    const taken = (type) =>
      this.run(
        (kind, contents) => {
          const dataTransfer = new DataTransfer();
          for (const [name, base64] of contents) {
            dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
          }
          return !document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
        },
        type,
        given,
      );
    // Browsers drop only where the page takes the drag.
    await becomes(() => taken("dragover"), true, "the page takes files");
    assert.ok(await taken("drop"), "the browser does not open the file");
  }

  /** Waits until all that is shown is about the text in the field. */
  async settled() {
    await eventually(async () => {
      assert.equal(await this.run(() => document.querySelector("#verdict [aria-busy]")?.getAttribute("aria-busy")), "false");
      const { field, drawn } = await this.run(bothTexts);
      assert.equal(drawn, field);
    });
  }
}

/** The field for texts, whatever it is called. */
export const FIELD = ["#text", "…"];

/** Tag and name of a button. */
export const button = (name) => ["button", name];

const down = (value) => ({ type: "keyDown", value });
const up = (value) => ({ type: "keyUp", value });
