// Hostile input stays text: nothing of it becomes an element or runs, wherever it comes in. Every scenario
// ends with the check that no script ran, no dialog opened, nothing was requested, no policy was violated.

import assert from "node:assert/strict";
import { SUB_PATH, becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { linkTo, pack } from "./lib/links.mjs";
import { CLEAN } from "./lib/texts.mjs";

/** Whatever way there is to make a browser do something, each calling the trap. */
const HTML =
  "<x-hit></x-hit><img src=x onerror=__hit(1)><script>__hit(2)</script><svg onload=__hit(3)><a xlink:href=\"javascript:__hit(4)\">a</a></svg>" +
  "<a href=\"javascript:__hit(5)\">a</a><iframe srcdoc=\"<script>parent.__hit(6)</script>\"></iframe><style>*{display:none}</style>" +
  "<form action=//evil.example><input autofocus onfocus=__hit(7)></form><base href=//evil.example/><object data=x></object>" +
  "<meta http-equiv=refresh content=\"0;url=//evil.example\"><body onload=__hit(8)>'\"`></textarea></title></script><script>__hit(9)</script>";

/** One line of it, for places that take one. */
const SHORT = "\"'><x-hit></x-hit><img src=x onerror=__hit(1)><script>__hit(2)</script>";

/** Nothing of the input became an element, and no link leads to anything but pages. */
async function assertInert(visit) {
  const found = await visit.page.evaluate(() => {
    const wrong = [];
    const tell = (element) => wrong.push(element.outerHTML.slice(0, 200));
    for (const element of document.querySelectorAll(
      "x-hit, img, iframe, object, embed, base, form, style, video, audio, template, body ~ *, svg a, svg script, meta[http-equiv=refresh i]",
    )) tell(element);
    const scripts = [...document.scripts].map((script) => new URL(script.src).pathname.split("/").pop());
    if (scripts.join() !== "boot.js") wrong.push(`scripts: ${scripts}`);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on") || name === "style" || name === "srcdoc") tell(element);
        if (["href", "src", "action", "formaction", "xlink:href"].includes(name)) {
          const { protocol } = new URL(value, location.href);
          if (!["http:", "https:", "data:"].includes(protocol) || protocol === "data:" && element.localName === "a") tell(element);
        }
      }
    }
    return wrong;
  });
  assert.deepEqual(found, []);
}

/** Goes through everything that the page can show of an input. */
async function tour(visit) {
  await visit.page.waitForLoadState("networkidle");
  await visit.settled();
  await assertInert(visit);
  if (await visit.dialog.isVisible()) return;
  if (await visit.article.isVisible()) await visit.leave();
  for (const summary of await visit.page.locator("summary:visible").all()) await summary.click();
  await assertInert(visit);
  // There is nothing to share of an empty page.
  if (!(await visit.text()).trim()) return;
  await visit.button("Share").click();
  for (const choice of ["Link with settings only", "Link with the text", "Markdown link", "Markdown report"]) {
    if (await visit.dialog.getByRole("radio", { name: choice }).isDisabled()) continue;
    await visit.share(choice);
    await assertInert(visit);
  }
  await visit.closeDialog();
  const code = visit.page.locator("a.code").first();
  if (await code.count()) {
    await code.click();
    await visit.dialog.waitFor();
    await assertInert(visit);
    await visit.closeDialog();
  }
}

const TEXTS = [
  ["HTML alone", HTML, () => true],
  ["in the values and names of a policy", `version: STSv1${SHORT}\nmode: ${HTML}\nmx: ${HTML}\n${SHORT}: ${HTML}\nmax_age: ${SHORT}\n`, (codes) => codes.length > 3],
  ["in a misspelt line of a policy", `version: STSv1\nmode: enforce\nmx: ${SHORT}.\nmax_age = ${SHORT}\n`, (codes) => codes.length > 1],
  ["in an MTA-STS record", `v=STSv1; id=${SHORT}; ${SHORT}=${SHORT}`, (codes) => codes.length > 1],
  ["in a TLSRPT record", `v=TLSRPTv1; rua=javascript:__hit(1),https://${SHORT}/,mailto:${SHORT}@acme.net`, (codes) => codes.length > 1],
  ["in a zone-file line", `${SHORT}. IN TXT "v=STSv1; id=${SHORT}"`, () => true],
  ["in an HTTP response", `HTTP/1.1 200 ${SHORT}\nContent-Type: ${SHORT}\n\nversion: ${SHORT}\nmx: ${SHORT}\n`, () => true],
  ["in a web address", `https://acme.net/${SHORT}`, () => true],
  ["a script address", "javascript:__hit(1)//acme.net", () => true],
  ["code between backticks", "version: STSv1\nmode: `<x-hit></x-hit>`\nmx: `<img src=x onerror=__hit(1)>`\n", (codes) => codes.length > 1],
];

for (const [what, text, has] of TEXTS) {
  scenario(`HTML and script that are pasted stay text: ${what}`, async (visit) => {
    await visit.open();
    await visit.paste(text);
    await eventually(async () => assert.ok(has(await visit.codes())));
    await tour(visit);
    assert.equal(await visit.text(), text);
  });
}

scenario("a finding quotes HTML literally", async (visit) => {
  await visit.open();
  await visit.paste("version: STSv1\nmode: \"<b>\"\nmx: mail.acme-mail.net\nmax_age: 2592000\n");
  await comesToMatch(() => visit.card("STS-POL-051").getByRole("heading").innerText(), /"<b>"/);
  assert.equal(await visit.page.locator("b").count(), 0);
});

scenario("the name of a dropped file stays text", async (visit) => {
  await visit.open();
  await visit.drop(`${SHORT}.txt`, CLEAN);
  await becomes(() => visit.text(), CLEAN);
  await eventually(async () => assert.ok((await visit.notice.innerText()).includes(SHORT), "it is shown literally"));
  await assertInert(visit);
});

scenario("the name of a file that is too big stays text", async (visit) => {
  await visit.open();
  await visit.drop(`${SHORT}.txt`, Buffer.alloc((1 << 20) + 1, 97));
  await eventually(async () => assert.ok((await visit.notice.innerText()).includes(SHORT)));
  await assertInert(visit);
});

scenario("the content of a dropped file stays text, whatever its bytes", async (visit) => {
  await visit.open();
  const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x00, 0xd8]), Buffer.from(HTML)]);
  await visit.drop("page.html", bytes);
  await eventually(async () => assert.ok((await visit.text()).includes("<x-hit>")));
  await tour(visit);
});

scenario("the domain field stays text", async (visit) => {
  await visit.open();
  await visit.paste("version: STSv1\nmode: enforce\nmx: *.acme.net\nmax_age: 2592000\n");
  for (const domain of [SHORT, "javascript:__hit(1)", "acme.net/<img src=x onerror=__hit(1)>", "a\u202eb.acme"]) {
    await visit.nameDomain(domain);
    await becomes(() => visit.domain.getAttribute("aria-invalid"), "true");
    await assertInert(visit);
    const link = await visit.share("Link with settings only");
    assert.equal(link, `${visit.url}#v1`, "no link carries it");
    await visit.closeDialog();
  }
});

const escaped = encodeURIComponent(SHORT);
const LINKS = [
  ["text", linkTo(HTML)],
  ["text and exact bytes", linkTo(HTML, "&exact=1&marks=1&kind=policy")],
  ["domain", `#v1&domain=${escaped}&z=${pack(CLEAN)}`],
  ["domain without encoding", `#v1&domain=${SHORT}`],
  ["kind", `#v1&kind=${escaped}`],
  ["marks and exact", `#v1&marks=${escaped}&exact=${escaped}&z=${pack(CLEAN)}`],
  ["key", `#v1&${escaped}=${escaped}&${SHORT}=1&z=${pack(CLEAN)}`],
  ["packed text", `#v1&z=${SHORT}`],
  ["version", `#v${escaped}`],
  ["rule", `#/rules/${SHORT}`],
  ["example", `#/examples/${SHORT}`],
  ["whole fragment", `#${SHORT}`],
  ["script address", "#javascript:__hit(1)"],
  ["script address as rule", "#/rules/javascript:__hit(1)"],
  ["fields of objects", "#v1&__proto__=1&constructor=2&toString=3&hasOwnProperty=4"],
];

scenario("a short link with a quarter of a million lines is refused", async (visit) => {
  await visit.open(linkTo("\n".repeat(250 << 10)));
  await visit.tells(/The text of the link has 256000 lines, and up to 2000 are read here\./);
  assert.equal(await visit.text(), "");
});

for (const [what, line, lines] of [["short", "a\n", 1_900], ["broken", "mx: *.*.a\n", 2_000]]) {
  scenario(`a link with ${lines} ${what} lines opens, and the page draws a part of them`, async (visit) => {
    const text = line.repeat(lines);
    await visit.open(linkTo(text));
    await becomes(async () => (await visit.text()).length, text.length);
    await visit.page.waitForLoadState("networkidle");
    const drawn = await visit.page.evaluate(() => document.querySelectorAll("*").length);
    assert.ok(drawn < 5_000, `${drawn} elements`);
    const [own, twin] = await visit.page.evaluate(() => ["text", "twin"].map((id) => document.getElementById(id).scrollHeight));
    assert.equal(own, twin, "the field is as tall as its twin");
  });
}

const LONG = `version: STSv1\nmode: testing\n${"mx: mail.acme-mail.net\n".repeat(1_800)}max_age: 604 800\n`;

scenario("a long text has marks and numbers wherever it is looked at", async (visit) => {
  await visit.open();
  await visit.drop("mta-sts.txt", LONG);
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-061")));
  const mark = visit.page.locator('#twin mark[data-code="STS-POL-061"]');
  assert.equal(await mark.count(), 0, "nobody sees it");
  const inView = () =>
    visit.page.evaluate(() => {
      const editor = document.getElementById("editor").getBoundingClientRect();
      const lines = [...document.querySelectorAll("#twin .line")].filter((line) => {
        const { top, bottom } = line.getBoundingClientRect();
        return top >= editor.top && bottom <= editor.bottom;
      });
      const height = parseFloat(getComputedStyle(document.getElementById("twin")).lineHeight);
      const { top } = document.getElementById("twin").getBoundingClientRect();
      const padding = parseFloat(getComputedStyle(document.getElementById("twin")).paddingTop);
      return lines.map((line) => [line.dataset.number, Math.round((line.getBoundingClientRect().top - top - padding) / height) + 1]);
    });
  for (const part of [0.5, 0.25, 0.9, 0.9005]) {
    await visit.page.evaluate((part) => {
      const editor = document.getElementById("editor");
      editor.scrollTop = editor.scrollHeight * part;
    }, part);
    await eventually(async () => assert.ok((await inView()).length > 5));
    for (const [told, number] of await inView()) assert.equal(told, String(number));
  }
  await visit.page.evaluate(() => document.getElementById("editor").scrollTo(0, 1e9));
  await mark.waitFor({ state: "attached" });
  assert.equal(await mark.locator("xpath=..").getAttribute("data-number"), "1803");
  assert.equal(await mark.innerText(), "604 800");
});

scenario("the way to a finding far down in a long text leads there, and back, on a phone too", { context: { viewport: { width: 360, height: 740 } } }, async (visit) => {
  await visit.open();
  await visit.drop("mta-sts.txt", LONG);
  await visit.cards.first().waitFor();
  await visit.page.locator('.card[data-code="STS-POL-061"] .go').click();
  const mark = visit.page.locator('#twin mark[data-code="STS-POL-061"]');
  await eventually(async () => {
    const [box, editor] = await Promise.all([mark.boundingBox(), visit.page.locator("#editor").boundingBox()]);
    assert.ok(box.y > editor.y && box.y < editor.y + editor.height, "it is in view");
  });
  const line = mark.locator("xpath=..");
  assert.equal(await line.getAttribute("data-number"), "1803");
  const room = await line.evaluate((line) => {
    const number = getComputedStyle(line, "::before");
    const edge = line.getBoundingClientRect().right - parseFloat(number.right) - parseFloat(number.width);
    return edge - document.getElementById("editor").getBoundingClientRect().left;
  });
  assert.ok(room >= 0, `the number is not cut off: ${room}`);
  const back = visit.button("Back to the finding");
  await back.waitFor();
  await visit.follow("#/senders");
  await back.waitFor({ state: "hidden" });
});

for (const [what, fragment] of LINKS) {
  scenario(`a hostile link does nothing: ${what}`, async (visit) => {
    await visit.open(fragment);
    await tour(visit);
    if (await visit.dialog.isVisible()) await visit.closeDialog();
    // Over a text of one's own, too: that is still there, or can be brought back.
    await visit.follow("#");
    await visit.paste("v=STSv1; id=mine;");
    await visit.follow(fragment);
    await visit.settled();
    await assertInert(visit);
    const restore = visit.button("Restore previous text");
    if ((await visit.text()) !== "v=STSv1; id=mine;") await restore.click();
    await becomes(() => visit.text(), "v=STSv1; id=mine;");
  });
}

scenario("the page's own policy stops what would slip through", { expects: [/./] }, async (visit) => {
  await visit.open();
  // The other server answers, so whatever is refused is refused by the policy.
  const outcome = await visit.page.evaluate(async (elsewhere) => {
    const refused = (action) => {
      try {
        action();
        return false;
      } catch {
        return true;
      }
    };
    const html = refused(() => (document.createElement("div").innerHTML = "<b>x</b>"));
    const address = refused(() => (document.createElement("script").src = `${elsewhere}boot.js`));
    const write = refused(() => document.write("<b>x</b>"));
    const link = document.createElement("a");
    link.href = "#";
    refused(() => link.setAttribute("onclick", "__hit('handler')"));
    link.click();
    const request = await fetch("http://elsewhere.example/", { mode: "no-cors" }).then(() => "sent", () => "refused");
    const image = await new Promise((done) => {
      const picture = new Image();
      picture.onload = () => done("loaded");
      picture.onerror = () => done("refused");
      picture.src = `${elsewhere}favicon.svg`;
    });
    return { html, address, write, request, image };
  }, SUB_PATH);
  assert.deepEqual(outcome, { html: true, address: true, write: true, request: "refused", image: "refused" });
  for (const directive of ["require-trusted-types-for", "connect-src", "img-src"]) {
    await eventually(async () => assert.ok(visit.seen.violations.some((told) => told.startsWith(directive)), directive));
  }
  // These were provoked.
  visit.seen.violations.length = 0;
  visit.seen.requests.length = 0;
});
