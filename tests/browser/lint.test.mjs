// From paste to verdict: findings at the right characters, fixes, the browser's undo.

import assert from "node:assert/strict";
import { assertAligned } from "./lib/alignment.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN, REPAIRED_SAFELY } from "./lib/texts.mjs";

const TALL = { context: { viewport: { width: 1280, height: 3000 } } };
const NARROW = { context: { viewport: { width: 360, height: 3000 } } };

// What each finding marks, between ‹ and › in some of its line: most severe first, then in the order of the text.
const LONG = "many words ".repeat(60);
const LONG_LABEL = "a".repeat(64);
const PLACES = [
  {
    name: "a policy with several mistakes",
    text: BROKEN,
    marks: [
      ["STS-POL-052", "mode: ‹Enforce›"],
      ["STS-POL-083", "mx: *.example.com‹.›"],
      ["STS-POL-084", "mx: ‹münchen.example›"],
      ["STS-POL-061", "max_age: ‹604 800›"],
      ["STS-POL-032", "‹nmx›: a.example.com"],
      ["STS-POL-103", "mx: ‹*.example.com›."],
      ["STS-POL-098", "mx: ‹*.example.com›."],
    ],
  },
  {
    name: "characters of two, three and four bytes before the place",
    text: "version: STSv1\nmode: enforce\nnote: 😀😀 ü€ x\nmx: 😀.acme.\nmx: b.acme-mail.net.\nmax_age: 604 800\n",
    marks: [
      ["STS-POL-084", "mx: ‹😀.acme›."],
      ["STS-POL-083", "mx: 😀.acme‹.›"],
      ["STS-POL-083", "mx: b.acme-mail.net‹.›"],
      ["STS-POL-061", "max_age: ‹604 800›"],
      ["STS-POL-037", "note: ‹😀😀 ü€ x›"],
      ["STS-POL-033", "‹note›: 😀"],
    ],
  },
  {
    name: "a long value that wraps",
    text: `version: STSv1\nmode: Enforce\nnote: ${LONG}“end”\nmx: mail.acme-mail.net.\nmax_age: 1209600\n`,
    marks: [
      ["STS-POL-052", "mode: ‹Enforce›"],
      ["STS-POL-083", "mx: mail.acme-mail.net‹.›"],
      ["STS-POL-037", `note: ‹${LONG}“end”›`],
      ["STS-POL-033", "‹note›: many"],
    ],
  },
  {
    name: "one long word that wraps",
    text: `version: STSv1\nmode: enforce\nmx: ${LONG_LABEL}.${"b".repeat(200)}.acme-mail.net\nmax_age: week\n`,
    marks: [
      ["STS-POL-089", `mx: ‹${LONG_LABEL}.${"b".repeat(200)}.acme-mail.net›`],
      ["STS-POL-061", "max_age: ‹week›"],
    ],
  },
  {
    name: "a line that is missing",
    text: "version: STSv1\nmx: mail.acme-mail.net\nmax_age: 1209600\n",
    marks: [["STS-POL-050", "STSv1\n‹›mx"]],
  },
  {
    name: "tabs and wide characters",
    text: "version: STSv1\nmode: enforce\nnote:\t日本語\t→ x\nmx:\tmail.acme-mail.net.\nmax_age: 1209600\n",
    marks: [
      ["STS-POL-083", "mx:\tmail.acme-mail.net‹.›"],
      ["STS-POL-036", "日本語‹\t›→ x"],
      ["STS-POL-033", "‹note›:\t日本語"],
    ],
  },
  {
    name: "an MTA-STS record",
    text: "v=STSv1; id=2026-11-21T12:00:00Z;",
    marks: [["STS-TXT-022", "id=‹2026-11-21T12:00:00Z›;"]],
  },
  {
    name: "a TLSRPT record in a zone file",
    text: '_smtp._tls.acme.net. 3600 IN TXT "v=TLSRPTv1; rua=tls@acme.net"\n',
    marks: [["RPT-TXT-023", "rua=‹tls@acme.net›"]],
  },
];

async function assertMarks(visit, text, marks) {
  const expected = marks.map(([code, place]) => {
    const [before, marked, behind] = place.split(/[‹›]/);
    assert.ok(text.includes(before + marked + behind), place);
    return { code, text: marked, start: text.indexOf(before + marked + behind) + before.length };
  });
  await becomes(() => visit.marked(), expected);
  assert.deepEqual(await visit.codes(), marks.map(([code]) => code), "the list has the same order");
}

for (const { name, text, marks } of PLACES) {
  scenario(`findings stand at the exact characters: ${name}`, TALL, async (visit) => {
    await visit.open();
    await visit.paste(text);
    await assertMarks(visit, text, marks);
    await assertAligned(visit);
  });
}

scenario("findings stand at the exact characters of a file with CR LF", TALL, async (visit) => {
  await visit.open();
  await visit.drop("mta-sts.txt", BROKEN.replaceAll("\n", "\r\n"));
  await becomes(() => visit.text(), BROKEN);
  await visit.settled();
  await assertMarks(visit, BROKEN, PLACES[0].marks);
  await assertAligned(visit);
});

for (const { name, text } of PLACES) {
  scenario(`marks lie under their characters on a phone, with invisible characters shown: ${name}`, NARROW, async (visit) => {
    await visit.open();
    await visit.paste(text);
    await assertAligned(visit);
    await visit.invisible.click();
    await becomes(() => visit.invisible.getAttribute("aria-pressed"), "true");
    await assertAligned(visit);
  });
}

scenario("marks follow while one types, and go with their mistake", TALL, async (visit) => {
  await visit.open();
  await visit.field.pressSequentially("version: STSv1\nmode: Testing\nmx: mail.acme-mail.net\nmax_age: 604800\n");
  await becomes(() => visit.codes(), ["STS-POL-052"]);
  await visit.field.evaluate((field) => field.setSelectionRange(0, 0));
  await visit.page.keyboard.type("\n\n");
  await eventually(async () => {
    const [first] = (await visit.marked()).filter(({ code }) => code === "STS-POL-052");
    assert.deepEqual(first, { code: "STS-POL-052", text: "Testing", start: 23 });
  });
  await assertAligned(visit);
  await visit.field.evaluate((field) => field.setSelectionRange(23, 24));
  await visit.page.keyboard.type("t");
  await eventually(async () => assert.ok(!(await visit.codes()).includes("STS-POL-052")));
  await visit.settled();
});

scenario("from paste to a clean verdict, and back by the browser's undo", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await comesToMatch(() => visit.title(), /will ignore this policy/);
  await comesToMatch(() => visit.verdict.innerText(), /4 errors\s+1 warning\s+2 notes/);

  // One fix, with its change shown before.
  const card = visit.card("STS-POL-052");
  await becomes(() => card.locator("del").innerText(), "−mode: Enforce");
  await becomes(() => card.locator("ins").innerText(), "+mode: enforce");
  await card.getByRole("button", { name: /^Apply fix/ }).click();
  const fixed = BROKEN.replace("Enforce", "enforce");
  await becomes(() => visit.text(), fixed);
  await eventually(async () => assert.ok(!(await visit.codes()).includes("STS-POL-052")));
  await comesToMatch(() => visit.verdict.innerText(), /3 errors/);

  // The browser takes it back and brings it again.
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+Z");
  await becomes(() => visit.text(), BROKEN);
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
  await visit.page.keyboard.press("ControlOrMeta+Shift+Z");
  await becomes(() => visit.text(), fixed);

  // All safe ones; what needs a decision stays.
  await visit.button(/^Repair/).click();
  await becomes(() => visit.text(), REPAIRED_SAFELY);
  await becomes(() => visit.codes(), ["STS-POL-084", "STS-POL-061", "STS-POL-032", "STS-POL-103", "STS-POL-098"]);
  await becomes(() => visit.button(/^Repair/).count(), 0);

  for (const code of ["STS-POL-084", "STS-POL-061", "STS-POL-032"]) {
    await visit.card(code).getByRole("button", { name: /^Apply suggestion/ }).click();
    await becomes(() => visit.card(code).count(), 0);
  }
  await becomes(() => visit.text(),
    "version: STSv1\nmode: enforce\nmx: a.example.com\nmx: *.example.com\nmx: xn--mnchen-3ya.example\nmax_age: 604800\n");
  await becomes(() => visit.page.locator('.card[data-tone="error"]').count(), 0);

  await visit.paste(CLEAN);
  await comesToMatch(() => visit.title(), /^The text is right: .* will enforce it/);
  await becomes(() => visit.codes(), []);
  await becomes(() => visit.page.locator("#twin mark").count(), 0);
  await comesToMatch(() => visit.page.getByRole("region", { name: "No findings" }).innerText(), /No findings/);
});

scenario("all safe fixes at once lead to a clean verdict, and one undo takes them all back", async (visit) => {
  const wrong = "version: STSv1\n mode: Enforce\nmx: mail.acme-mail.net.\n\nmax_age: 2592000\n";
  await visit.open();
  await visit.paste(wrong);
  await comesToMatch(() => visit.title(), /will ignore this policy/);
  await visit.button(/^Repair/).click();
  await becomes(() => visit.text(), CLEAN);
  await comesToMatch(() => visit.title(), /^The text is right/);
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+Z");
  await becomes(() => visit.text(), wrong);
  await comesToMatch(() => visit.title(), /will ignore this policy/);
});

scenario("undoing a fix of a file brings its exact line ends back", async (visit) => {
  await visit.open();
  await visit.drop("mta-sts.txt", "version: STSv1\r\nmode: Enforce\r\nmx: mail.acme-mail.net\r\nmax_age: 2592000\r\n");
  await becomes(() => visit.codes(), ["STS-POL-052"]);
  await comesToMatch(() => visit.facts(), /Line endings: CRLF/);
  await visit.card("STS-POL-052").getByRole("button", { name: /^Apply fix/ }).click();
  await becomes(() => visit.text(), CLEAN);
  await comesToMatch(() => visit.facts(), /Line endings: CRLF/);
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+Z");
  await becomes(() => visit.codes(), ["STS-POL-052"]);
  await comesToMatch(() => visit.facts(), /Line endings: CRLF/);
  await visit.page.keyboard.type("x");
  await comesToMatch(() => visit.facts(), /unknown/);
});

scenario("a finding says what, why, its effect, what to do, and cites the clause", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  const card = visit.card("STS-POL-083");
  await comesToMatch(() => card.getByRole("heading").innerText(), /Error\s+line 4, column 18\s+\*\.example\.com\. ends with a dot/);
  await comesToMatch(() => card.innerText(), /Effect\s+Strict senders reject the whole policy/);
  await comesToMatch(() => card.innerText(), /Fix:\s+Remove the dot/);
  assert.doesNotMatch(await card.innerText(), /Do\s/, "what the fix says is not said twice");
  await card.getByText("Why? Where is that written?").click();
  await card.getByText(/The final dot belongs in zone files/).waitFor();
  const clause = card.getByRole("link", { name: /RFC 8461 §3\.2/ });
  await clause.waitFor();
  assert.match(await clause.getAttribute("href"), /^https:\/\/www\.rfc-editor\.org\/.*rfc8461/);
  assert.match(await clause.getAttribute("rel"), /noopener/);
  assert.equal(await clause.getAttribute("target"), "_blank");

  await card.getByRole("link", { name: "STS-POL-083" }).click();
  await visit.dialog.waitFor();
  await comesToMatch(() => visit.dialog.innerText(), /STS-POL-083[\s\S]*Why[\s\S]*Effect[\s\S]*Do[\s\S]*Clause[\s\S]*Wrong[\s\S]*Right/);
  // Back closes what the address opened.
  await visit.page.goBack();
  await visit.dialog.waitFor({ state: "hidden" });
  assert.equal(await visit.text(), BROKEN);
});

scenario("a rule's example opens in the field", async (visit) => {
  await visit.open("#/rules/STS-POL-083");
  await visit.article.getByRole("button", { name: "Try it: Wrong" }).click();
  await visit.article.waitFor({ state: "hidden" });
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-083")));
});

scenario("the list and the text are linked both ways by the pointer", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  const mark = visit.page.locator('#twin mark[data-code="STS-POL-061"]');
  const card = visit.card("STS-POL-061");
  const lit = () => visit.page.locator("#twin mark[data-lit]").evaluateAll((marks) => marks.map((m) => m.textContent));

  await card.hover();
  await becomes(lit, ["604 800"]);
  await visit.page.getByRole("heading", { level: 1 }).hover();
  await becomes(lit, []);

  const box = await mark.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await visit.page.mouse.move(x, y);
  await becomes(lit, ["604 800"]);
  await becomes(() => visit.page.locator(".card[data-hovered]").evaluateAll((c) => c.map((e) => e.dataset.code)), ["STS-POL-061"]);

  await visit.page.mouse.click(x, y);
  await becomes(() => card.getAttribute("data-current"), "");
  await becomes(() => card.getByRole("button", { name: /^Error/ }).getAttribute("aria-current"), "true");
  await eventually(async () => assert.ok(await inWindow(card), "the finding is in view"));

  const other = visit.card("STS-POL-032");
  await other.getByRole("button", { name: /^Warning/ }).click();
  await becomes(() => visit.selection(), [BROKEN.indexOf("nmx"), BROKEN.indexOf("nmx") + 3]);
  await becomes(() => card.getAttribute("data-current"), null);
  await becomes(() => other.getAttribute("data-current"), "");
});

async function inWindow(locator) {
  const box = await locator.boundingBox();
  return box.y >= -1 && box.y < 720;
}

scenario("choosing a finding scrolls a long text to its place", async (visit) => {
  const text = `version: STSv1\nmode: enforce\n${"mx: mail.acme-mail.net\n".repeat(200)}max_age: 604 800\n`;
  await visit.open();
  await visit.paste(text);
  await visit.card("STS-POL-061").getByRole("button", { name: /^Error/ }).click();
  await becomes(() => visit.selection(), [text.indexOf("604"), text.indexOf("604") + 7]);
  const mark = visit.page.locator('#twin mark[data-code="STS-POL-061"]');
  await eventually(async () => {
    const box = await mark.boundingBox();
    const editor = await visit.page.locator(".editor").boundingBox();
    assert.ok(box.y >= editor.y - 1 && box.y + box.height <= editor.y + editor.height + 1, "the place shows in the editor");
    assert.ok(box.y >= 0 && box.y + box.height <= 720, "the place shows in the window");
  });
});

scenario("invisible characters get marks on demand", TALL, async (visit) => {
  const text = "version: STSv1  \r\nmode:\tenforce\r\nmx: a\u200bb.acme-mail.net\r\nmx:\u00a0mail.acme-mail.net\r\nmax_age: 1209600\r\n";
  await visit.open();
  await visit.drop("mta-sts.txt", Buffer.concat([Buffer.from("\ufeff"), Buffer.from(text)]));
  await eventually(async () => assert.match(await visit.text(), /version/));
  await visit.settled();
  const glyphs = () =>
    visit.page.locator("#twin .glyph").evaluateAll((all) => all.map((e) => [e.dataset.glyph, e.textContent]));
  assert.deepEqual(await glyphs(), []);
  await visit.invisible.click();
  await becomes(glyphs, [
    ["BOM", "\ufeff"], ["·", " "], ["·", " "], ["CRLF", ""],
    ["→", "\t"], ["CRLF", ""],
    ["ZWSP", "\u200b"], ["CRLF", ""],
    ["⍽", "\u00a0"], ["CRLF", ""],
    ["CRLF", ""],
  ]);
  // They are seen: the sign is drawn, in a colour.
  const drawn = await visit.page.locator("#twin .glyph").first().evaluate((e) => {
    const { content, color } = getComputedStyle(e, "::before");
    return { content, seen: color !== "rgba(0, 0, 0, 0)" };
  });
  assert.deepEqual(drawn, { content: '"BOM"', seen: true });
  await assertAligned(visit);
  await visit.invisible.click();
  await becomes(glyphs, []);
});

scenario("each line has its number", TALL, async (visit) => {
  await visit.open();
  await visit.paste("version: STSv1\nmode: enforce\n\nmx: mail.acme-mail.net\n");
  const numbers = await visit.page.locator("#twin .line").evaluateAll((lines) =>
    lines.map((line) => {
      const { content, counterIncrement, color } = getComputedStyle(line, "::before");
      const { counterIncrement: step } = getComputedStyle(line);
      return { content, step, shown: counterIncrement === "none" && color !== "rgba(0, 0, 0, 0)" };
    }),
  );
  assert.equal(numbers.length, 5);
  for (const number of numbers) assert.deepEqual(number, { content: "counter(line)", step: "line 1", shown: true });
});
