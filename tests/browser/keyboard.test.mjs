// Everything works by keyboard alone, the focus is always seen, and it comes back.

import assert from "node:assert/strict";
import { DOMAIN, OPTIONS, Check, publish } from "./lib/check.mjs";
import { dropAll, month } from "./lib/reports.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN, REPAIRED_SAFELY } from "./lib/texts.mjs";

/** What the focus is on, in words. */
function focusedName(visit) {
  return visit.page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "nothing";
    const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.querySelector("span")?.textContent ??
      element.labels?.[0]?.textContent ?? element.textContent;
    return label.trim();
  });
}

scenario("Tab reaches every control in the order of the page, and the focus is seen", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.page.evaluate(() => document.activeElement.blur());
  const controls = await visit.page.evaluate(() => {
    const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
    const usable = [...all].filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0);
    usable.forEach((element, i) => element.setAttribute("data-order", i));
    return usable.map((element) => element.textContent.slice(0, 40) || element.localName);
  });
  assert.ok(controls.length > 20);
  // Start before the first one.
  await visit.page.mouse.click(2, 2);
  const style = () =>
    visit.page.evaluate(() => {
      const box = document.activeElement.id === "text" ? document.querySelector(".editor") : document.activeElement;
      const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(box);
      const rect = document.activeElement.getBoundingClientRect();
      const ring = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && outlineColor !== "rgba(0, 0, 0, 0)";
      return {
        order: Number(document.activeElement.dataset.order ?? NaN),
        seen: ring || boxShadow !== "none",
        inWindow: rect.bottom > 0 && rect.top < innerHeight && rect.width > 0,
      };
    });
  for (const [i, name] of controls.entries()) {
    await visit.page.keyboard.press("Tab");
    const { order, seen, inWindow } = await style();
    assert.equal(order, i, `${name} comes next, not ${controls[order]}`);
    assert.ok(seen, `the focus on ${name} is seen`);
    assert.ok(inWindow, `${name} is in the window`);
  }
  assert.equal(await visit.text(), BROKEN, "Tab changes nothing");
  await visit.page.keyboard.press("Shift+Tab");
  assert.equal((await style()).order, controls.length - 2, "and Shift+Tab leads back");
});

scenario("the controls come in a sensible order", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.page.evaluate(() => document.activeElement.blur());
  await visit.page.mouse.click(2, 2);
  const order = [];
  for (let i = 0; i < 20; i += 1) {
    await visit.page.keyboard.press("Tab");
    order.push((await focusedName(visit)).replace(/\s+/g, " "));
  }
  const expected = [/^stslint$/, /^Reports$/, /^Senders$/, /^Examples$/, /^Rules$/, /^Share$/, /^Theme: as the system$/, /^Domain, policy, record or report$/,
    /^Read as: MTA-STS policy/, /^Open file$/, /^Show invisible characters$/, /^Copy text$/, /^Download \(4 errors left\)$/,
    /^4 errors$/, /^1 warning$/, /^2 notes$/, /^Repair: 2 safe, 3 to decide$/, /^What do senders make of it\?$/, /^Error ?line 2/, /^STS-POL-052$/];
  for (const [i, pattern] of expected.entries()) assert.match(order[i], pattern, order.join(" | "));
});

// In the order of the text.
const STEPS = ["Enforce", "nmx", "*.example.com", "*.example.com", ".", "münchen.example", "604 800"];

for (const [next, back] of [["F8", "Shift+F8"], ["Alt+ArrowDown", "Alt+ArrowUp"]]) {
  scenario(`${next} and ${back} go from finding to finding in the text`, async (visit) => {
    await visit.open();
    await visit.paste(BROKEN);
    await visit.field.press("ControlOrMeta+Home");
    const selected = () =>
      visit.field.evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd));
    const current = () =>
      visit.page.locator(".card[data-current] .message").allInnerTexts();
    for (const text of [...STEPS, STEPS[0]]) {
      await visit.page.keyboard.press(next);
      await becomes(selected, text);
      await eventually(async () => assert.equal((await current()).length, 1));
      assert.equal(await focusedName(visit), "Domain, policy, record or report");
    }
    for (const text of [STEPS[6], STEPS[5], STEPS[4]]) {
      await visit.page.keyboard.press(back);
      await becomes(selected, text);
    }
    // The last place is where an edit happens.
    await becomes(() => visit.selection(), [BROKEN.indexOf(".\n", 60), BROKEN.indexOf(".\n", 60) + 1]);
    await visit.page.keyboard.press("Delete");
    await eventually(async () => assert.ok(!(await visit.codes()).includes("STS-POL-083")));
  });
}

scenario("F8 starts at the caret, and the caret chooses the finding", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.field.evaluate((field) => field.setSelectionRange(0, 0));
  await visit.field.press("ArrowDown");
  for (let i = 0; i < 7; i += 1) await visit.page.keyboard.press("ArrowRight");
  await becomes(() => visit.card("STS-POL-052").getAttribute("data-current"), "");
  await visit.page.keyboard.press("F8");
  await becomes(() => visit.card("STS-POL-032").getAttribute("data-current"), "");
});

scenario("F8 in a clean text does nothing", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  await visit.page.keyboard.press("F8");
  await visit.page.keyboard.type("x");
  await becomes(() => visit.text(), `${CLEAN}x`);
});

scenario("a fix is applied by keyboard, and the focus does not get lost", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.page.keyboard.press("F8");
  await visit.tabTo(visit.card("STS-POL-052").getByRole("button", { name: /^Apply fix/ }));
  await visit.page.keyboard.press("Enter");
  await becomes(() => visit.text(), BROKEN.replace("Enforce", "enforce"));
  await visit.settled();
  assert.notEqual(await focusedName(visit), "nothing");
  await visit.tabTo(visit.button(/^Repair/));
  await visit.page.keyboard.press("Space");
  await becomes(() => visit.text(), REPAIRED_SAFELY);
  // What needs a decision is asked for, one after the other: Enter takes it, S leaves it, Escape ends.
  await becomes(() => visit.focused(), "accept");
  await visit.page.keyboard.press("s");
  await comesToMatch(() => visit.verdict.innerText(), /Line 5: /);
  await visit.page.keyboard.press("Enter");
  await becomes(() => visit.text(), REPAIRED_SAFELY.replace("münchen", "xn--mnchen-3ya"));
  await becomes(() => visit.focused(), "accept");
  await visit.page.keyboard.press("Escape");
  await visit.button(/^Repair: 2 to decide/).waitFor();
});

const openReports = async (visit) => {
  await visit.open();
  await dropAll(visit, month());
  await visit.button("Only this cause").first().waitFor();
};
const decide = async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.button(/^Repair/).click();
  await becomes(() => visit.focused(), "accept");
};

/** What is gone when it was pressed: the way there, its name, the key, and where the focus is then. */
const GOING = {
  "a notice at the start": [(visit) => visit.open("#v1&z=A"), "Dismiss", "question"],
  "a notice over an answer": [(visit) => visit.open("#/examples/date-with-hyphens-in-the-id"), "Dismiss", "verdict-title"],
  "the end of decisions": [decide, /^Stop/, "verdict-title"],
  "a filter": [openReports, "Only this cause", "reports-answer"],
  "all reports": [openReports, "Forget all reports", "article-title"],
  "another resolver": [
    async (visit, internet) => {
      const { zone } = publish(internet);
      await internet.addResolver("dns.google", zone);
      await visit.open();
      await new Check(visit).run();
    },
    "Compare with another resolver",
    "compared-title",
  ],
  "a look-up before one sets up": [
    async (visit, internet) => {
      publish(internet);
      await visit.open(`#/setup?domain=${DOMAIN}`);
    },
    `Look ${DOMAIN} up first`,
    "verdict-title",
  ],
};

for (const [what, [reach, name, id]] of Object.entries(GOING)) {
  for (const hasTouch of [false, true]) {
    scenario(`what goes when it is pressed leaves the focus where one goes on: ${what}${hasTouch ? ", on a touch screen" : ""}`, { ...OPTIONS, context: { hasTouch, isMobile: hasTouch } }, async (visit, { internet }) => {
      await reach(visit, internet);
      await visit.button(name).first().focus();
      await visit.page.keyboard.press("Enter");
      await becomes(() => visit.focused(), id);
    });
  }
}

for (const key of ["Escape", "s"]) {
  scenario(`where decisions end by ${key}, the focus is at the answer`, async (visit) => {
    await decide(visit);
    const heading = () => visit.title();
    for (let i = 0; i < 3 && /^Decide/.test(await heading()); i += 1) {
      const before = await visit.verdict.innerText();
      await visit.page.keyboard.press(key);
      await eventually(async () => assert.notEqual(await visit.verdict.innerText(), before));
    }
    await becomes(() => visit.focused(), "verdict-title");
  });
}

const DIALOGS = [
  ["a rule", (visit) => visit.card("STS-POL-052").getByRole("link", { name: "STS-POL-052" }), /STS-POL-052/],
  ["share", (visit) => visit.button("Share"), /^Share/],
  ["a rule", (visit) => visit.card("STS-POL-083").getByRole("link", { name: "STS-POL-083" }), /^STS-POL-083/],
];

for (const [what, opener, title] of DIALOGS) {
  scenario(`the dialog of ${what} opens, keeps and closes by keyboard, and the focus comes back`, async (visit) => {
    await visit.open();
    await visit.paste(BROKEN);
    const button = opener(visit);
    await visit.tabTo(button);
    for (const close of ["Escape", "button"]) {
      await visit.page.keyboard.press("Enter");
      await visit.dialog.waitFor();
      await comesToMatch(() => visit.dialog.innerText(), title);
      assert.match(await visit.dialog.evaluate((d) => document.getElementById(d.getAttribute("aria-labelledby")).textContent), title);
      const inside = () => visit.page.evaluate(() => document.getElementById("dialog").contains(document.activeElement));
      assert.ok(await inside(), "the focus is inside");
      for (let i = 0; i < 6; i += 1) {
        await visit.page.keyboard.press("Tab");
        const where = await visit.page.evaluate(() => {
          const { activeElement } = document;
          return activeElement === document.body || document.getElementById("dialog").contains(activeElement);
        });
        assert.ok(where, "and stays there");
      }
      if (close === "Escape") await visit.page.keyboard.press("Escape");
      else {
        await visit.dialog.getByRole("button", { name: "Close" }).focus();
        await visit.page.keyboard.press("Enter");
      }
      await visit.dialog.waitFor({ state: "hidden" });
      await becomes(() => visit.page.locator("#dialog-title").textContent(), "", "the page knows that it is closed");
      await becomes(() => button.evaluate((element) => element === document.activeElement), true, `focus after ${close}`);
    }
    assert.equal(await visit.text(), BROKEN);
    assert.doesNotMatch(visit.page.url(), /#\/(rules|examples)/);
  });
}

for (const [name, title] of [
  ["Examples", "Examples"],
  ["Rules", "All rules"],
]) {
  scenario(`${name} are read in place of the text, and left, by keyboard`, async (visit) => {
    await visit.open();
    await visit.paste(BROKEN);
    await visit.tabTo(visit.page.getByRole("link", { name, exact: true }));
    await visit.page.keyboard.press("Enter");
    const heading = visit.article.getByRole("heading", { name: title, exact: true });
    await becomes(() => heading.evaluate((element) => element === document.activeElement), true, "reading begins at the title");
    await becomes(() => visit.page.title(), `${title} · stslint`);
    assert.equal(await visit.field.isVisible(), false);
    await visit.page.keyboard.press("Tab");
    await visit.page.keyboard.press("Enter");
    await visit.field.waitFor();
    assert.equal(await visit.text(), BROKEN);
    await becomes(() => visit.field.evaluate((field) => field === document.activeElement), true);
    assert.doesNotMatch(visit.page.url(), /#\/(rules|examples)/);

    // The browser's Back does the same.
    await visit.page.getByRole("link", { name, exact: true }).click();
    await heading.waitFor();
    await visit.page.goBack();
    await visit.field.waitFor();
    await visit.article.waitFor({ state: "hidden" });
    assert.equal(await visit.text(), BROKEN);
  });
}

scenario("a dialog opens however soon after it was closed", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.button("Share").focus();
  for (let i = 0; i < 6; i += 1) {
    await visit.page.keyboard.press("Enter");
    await visit.dialog.waitFor();
    await visit.page.keyboard.press("Escape");
  }
});

scenario("from an example to a clean policy and its link without a pointer", async (visit) => {
  await visit.open();
  await visit.tabTo(visit.page.getByRole("link", { name: "Mode in capitals" }));
  await visit.page.keyboard.press("Enter");
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
  await visit.tabTo(visit.button(/^Repair/));
  await visit.page.keyboard.press("Enter");
  await comesToMatch(() => visit.title(), /^The text is right/);
  await visit.tabTo(visit.button("Share"));
  await visit.page.keyboard.press("Enter");
  await visit.shared();
  const choice = visit.dialog.getByRole("radio", { name: "Link with the text" });
  await visit.tabTo(choice);
  await visit.page.keyboard.press("ArrowDown");
  await becomes(() => visit.dialog.getByRole("radio", { name: "Link with settings only" }).isChecked(), true);
  await becomes(() => visit.shared(), `${visit.url}#v1`);
  await visit.tabTo(visit.dialog.getByRole("button", { name: "Copy" }));
  await visit.page.keyboard.press("Enter");
  await becomes(() => visit.clipboard(), `${visit.url}#v1`);
});
