// The theme that somebody chose in the linter, for the pages about rules; and the filter of the list, whose state
// stands in the address. Without this script everything is there, only unfiltered, and paper says no date.
(() => {
  "use strict";
  try {
    const theme = localStorage.getItem("stslint-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch { /* Storage may be forbidden. */ }

  /** What only stands on paper: when it was printed, and where to see it again. */
  addEventListener("beforeprint", () => {
    const said = document.getElementById("printed");
    const now = new Date().toISOString().slice(0, 16).replace("T", " ");
    said.textContent = `${said.textContent.split(" · ")[0]} · printed ${now} UTC · ${location.href}`;
  });

  function start() {
    const form = document.querySelector(".filter");
    if (!form) return;
    const part = (name) => document.getElementById(`filter-${name}`);
    const fields = { words: part("words"), severity: part("severity"), about: part("about") };
    const rules = [...document.querySelectorAll(".rules > li")].map((item) => ({
      item,
      about: item.closest(".group").id,
      severity: item.dataset.tone,
      text: `${item.textContent} ${item.dataset.name}`.toLowerCase(),
    }));

    function filter() {
      const wanted = fields.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const { item, about, severity, text } of rules) {
        const shown =
          wanted.every((word) => text.includes(word)) &&
          (!fields.severity.value || severity === fields.severity.value) &&
          (!fields.about.value || about === fields.about.value);
        item.hidden = !shown;
        if (shown) count += 1;
      }
      for (const group of document.querySelectorAll(".group")) {
        const left = group.querySelectorAll(".rules > li:not([hidden])").length;
        const entry = document.querySelector(`.groups a[href="#${group.id}"]`).closest("li");
        entry.querySelector(".hint").textContent = left;
        entry.hidden = group.hidden = left === 0;
      }
      const all = count === rules.length;
      part("count").textContent = all ? "" : count === 0 ? "No rule fits. Use fewer words." : `${count} of ${rules.length} rules`;
    }

    function toAddress() {
      const query = new URLSearchParams();
      for (const [name, field] of Object.entries(fields)) if (field.value) query.set(name, field.value);
      const search = query.size ? `?${query}` : "";
      history.replaceState(null, "", `${location.pathname}${search}${location.hash}`);
    }

    function fromAddress() {
      const query = new URLSearchParams(location.search);
      for (const [name, field] of Object.entries(fields)) {
        field.value = query.get(name) ?? "";
        // What is no choice of a list leaves it empty.
        if (field.selectedIndex === -1) field.value = "";
      }
      filter();
    }

    form.addEventListener("input", () => {
      filter();
      toAddress();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("pageshow", fromAddress);
    form.hidden = false;
    fromAddress();
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start, { once: true });
  else start();
})();
