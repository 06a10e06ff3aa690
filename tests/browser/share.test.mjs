// Sharing: what a link carries arrives in another profile; its size is said; a wrong link is explained.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { linkTo, pack, read } from "./lib/links.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";

const FILE = "version: STSv1 \r\nmode: enforce\r\nmx: *.bücher.acme\r\nmax_age: 2592000\r\n";

scenario("a link carries text, exact bytes, kind, domain and marks to a fresh profile", async (visit, { visitor }) => {
  await visit.open();
  await visit.drop("mta-sts.txt", FILE);
  await becomes(() => visit.text(), FILE.replaceAll("\r\n", "\n"));
  await visit.chooseKind({ label: "MTA-STS policy" });
  await visit.nameDomain("bücher.acme");
  await visit.invisible.click();
  await visit.settled();
  const codes = await visit.codes();
  const facts = await visit.facts();
  const link = await visit.share("Link with the text");
  assert.ok(link.startsWith(`${visit.url}#v1&`), "it leads to this page, and the text is behind the #");
  assert.deepEqual(read(link).z.toString(), FILE);
  await visit.dialog.getByRole("button", { name: "Copy" }).click();
  await becomes(() => visit.clipboard(), link);

  const other = await visitor();
  await other.page.goto(link);
  await other.started();
  await becomes(() => other.text(), FILE.replaceAll("\r\n", "\n"));
  await other.settled();
  assert.equal(await other.kind.locator("option:checked").textContent(), "MTA-STS policy");
  assert.equal(await other.domain.inputValue(), "bücher.acme");
  assert.equal(await other.invisible.getAttribute("aria-pressed"), "true");
  assert.equal(await other.facts(), facts);
  assert.match(facts, /Line endings: CRLF/);
  assert.deepEqual(await other.codes(), codes);
  assert.equal(await other.share("Link with the text"), link, "and the same link goes on");
  assert.ok(other.seen.requests.every((url) => !url.includes("v1")), "no request carries the text");
});

scenario("a link carries pasted text of every sort", async (visit, { visitor }) => {
  const strange = "mode: 😀 \u202e ünï <b>&amp;%41#? \u0000 \ufffd\n\n\t日本\n";
  await visit.open();
  for (const [text, facts] of [
    // Of what is none of its kinds the page tells nothing.
    [strange, /^$/],
    [`version: STSv1\n${strange}`, /Line endings unknown/],
  ]) {
    await visit.field.fill(text);
    await visit.settled();
    const title = await visit.title();
    const link = await visit.share("Link with the text");
    await visit.closeDialog();
    const other = await visitor();
    await other.page.goto(link);
    await other.started();
    await becomes(() => other.text(), text);
    await becomes(() => other.title(), title);
    assert.match(await other.facts(), facts);
  }
});

scenario("a link with settings only has no text and leaves the reader's text alone", async (visit, { visitor }) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.nameDomain("example.com");
  await visit.chooseKind({ label: "MTA-STS policy" });
  const link = await visit.share("Link with settings only");
  assert.equal(link, `${visit.url}#v1&kind=policy&domain=example.com`);

  const other = await visitor();
  await other.open();
  await other.paste(CLEAN);
  await other.follow(new URL(link).hash);
  await becomes(() => other.domain.inputValue(), "example.com");
  assert.equal(await other.text(), CLEAN);
  assert.equal(await other.kind.inputValue(), "policy");
});

scenario("a Markdown link names the verdict and leads to the text", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.settled();
  const title = await visit.title();
  const [, words, address] = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(await visit.share("Markdown link"));
  assert.equal(words, title);
  assert.equal(read(address).z.toString(), BROKEN);
});

scenario("a Markdown report has the verdict and every finding", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.settled();
  const title = await visit.title();
  const codes = await visit.codes();
  const report = await visit.share("Markdown report");
  assert.ok(report.includes(title));
  for (const code of codes) assert.ok(report.includes(code), code);
  assert.match(report, /\d{4}-\d{2}-\d{2}/, "it is dated");
  assert.ok(report.includes("604 800"), "it quotes the text");
  await visit.dialog.getByRole("button", { name: "Copy" }).click();
  await becomes(() => visit.clipboard(), report);
});

scenario("the size of a link is said, and what is too long for mail and chat", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  const short = await visit.share("Link with the text");
  await comesToMatch(() => visit.dialog.innerText(), new RegExp(`\\b${short.length} characters`));
  assert.doesNotMatch(await visit.dialog.innerText(), /2,000|8,000/);
  await visit.closeDialog();
  for (const [bytes, warning] of [[1_600, /more than 2,000 characters/], [6_000, /more than 8,000 characters/]]) {
    await visit.paste(`version: STSv1\nnote: ${randomBytes(bytes).toString("hex")}\n`);
    const link = await visit.share("Link with the text");
    await comesToMatch(() => visit.dialog.innerText(), warning);
    await comesToMatch(() => visit.dialog.innerText(), new RegExp(`\\b${link.length} characters`));
    // Without the text it is short again.
    await visit.share("Link with settings only");
    await eventually(async () => assert.doesNotMatch(await visit.dialog.innerText(), /2,000|8,000/));
    await visit.closeDialog();
  }
});

scenario("without a text there is nothing to share", async (visit) => {
  await visit.open();
  assert.equal(await visit.button("Share").isVisible(), false);
  await visit.paste(CLEAN);
  await visit.button("Share").waitFor();
});

scenario("a link opened over a text says so, and the text can be restored", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.follow(linkTo(CLEAN));
  await becomes(() => visit.text(), CLEAN);
  await visit.tells(/replaced your text/);
  await visit.button("Restore previous text").click();
  await becomes(() => visit.text(), BROKEN);
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
});

scenario("a text that was replaced also comes back by the browser's undo", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.follow(linkTo(CLEAN));
  await becomes(() => visit.text(), CLEAN);
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+Z");
  await becomes(() => visit.text(), BROKEN);
});

scenario("what was shared and then changed is not opened again by closing a dialog", async (visit) => {
  await visit.open(linkTo(BROKEN));
  await becomes(() => visit.text(), BROKEN);
  await visit.field.press("ControlOrMeta+End");
  await visit.page.keyboard.type("x");
  await visit.card("STS-POL-052").getByRole("link", { name: "STS-POL-052" }).click();
  await visit.dialog.waitFor();
  await visit.closeDialog();
  await visit.button("Share").click();
  await visit.dialog.waitFor();
  await visit.closeDialog();
  assert.equal(await visit.text(), `${BROKEN}x`);
});

// What is wrong with a link, and what the page has to say about it.
const whole = pack(BROKEN);
const BAD = [
  ["cut off", `#v1&z=${whole.slice(0, whole.length / 2)}`, /damaged/],
  ["cut inside of a byte", `#v1&z=${whole.slice(0, 5)}`, /damaged/],
  ["with characters that no link has", `#v1&z=${whole.slice(0, 10)}%21${whole.slice(10)}`, /damaged/],
  ["with changed characters", `#v1&z=____${whole.slice(4)}`, /damaged/],
  ["with an empty text", "#v1&z=", /damaged/],
  ["with something behind its text", `#v1&z=${Buffer.concat([Buffer.from(whole, "base64url"), Buffer.alloc(9, 65)]).toString("base64url")}`, /damaged/],
  ["of a newer version", `#v2&z=${whole}`, /newer version/],
  ["of a version far away", `#v99999999999999999999&z=${whole}`, /newer version/],
  ["with a kind that is none", `#v1&kind=nonsense&z=${whole}`, /kind of input/],
  ["with bad percent-encoding", `#v1&domain=%zz&z=${whole}`, /percent sign/],
  ["with a percent sign at its end", `#v1&z=${whole}&domain=a%`, /percent sign/],
  ["with bytes that are no text", "#v1&domain=%ff%fe", /percent sign/],
  ["with a domain that is none", "#v1&domain=a%20b", /domain/],
  ["with a domain that turns the reading direction", "#v1&domain=a%E2%80%AEb", /domain/],
  ["with a bomb of 64 MiB", linkTo(Buffer.alloc(64 << 20)), /larger than any that this page reads/],
  ["of more than a MiB", `#v1&z=${"A".repeat((1 << 20) + 8)}`, /too long/],
  ["to a rule that does not exist", "#/rules/STS-POL-999", /no rule/],
  ["to an example that does not exist", "#/examples/nothing", /no such example/],
];

for (const [what, fragment, message] of BAD) {
  scenario(`a link ${what} is explained, and the text stays`, async (visit) => {
    // Straight from a mail …
    await visit.open(fragment);
    await visit.tells(message);
    assert.equal(await visit.page.locator("#text").inputValue(), "");
    assert.equal(await visit.page.getByRole("alert").filter({ hasText: message }).count(), 1, "it is announced");
    await visit.notice.getByRole("button", { name: "Dismiss" }).click();
    await becomes(() => visit.notice.innerText(), "");
    // … and over a text.
    await visit.follow("#");
    await visit.paste(CLEAN);
    await visit.follow(fragment);
    await visit.tells(message);
    assert.equal(await visit.text(), CLEAN);
    // The page goes on working.
    await visit.paste(BROKEN);
    await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
  });
}

scenario("a link to a text of 128 KiB opens", async (visit) => {
  const text = `version: STSv1\n${`mx: inbound-mail-in-1.${"x".repeat(36)}.acme-mail.net\n`.repeat(1_800)}`;
  await visit.open(linkTo(text));
  await eventually(async () => assert.equal((await visit.text()).length, text.length));
});

scenario("a link may ask to ignore rules: what is ignored is said and folded, counted in the verdict, and kept in the next link", async (visit) => {
  const text = "version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 3600\n";
  await visit.open(linkTo(text, "&kind=policy"));
  await visit.settled();
  const [codes, title] = [await visit.codes(), await visit.title()];
  assert.ok(codes.includes("STS-POL-065"), `${codes}`);
  const ignored = visit.page.getByTestId("ignored");
  const said = ignored.locator("> summary");
  assert.equal(await ignored.isVisible(), false);
  await visit.page.goto(`${visit.url}${linkTo(text, "&kind=policy&ignore=STS-POL-065")}`);
  await comesToMatch(() => said.innerText(), /^1 finding is ignored, as the link asks for: STS-POL-065$/);
  assert.equal(await visit.title(), title, "nothing looks better than it is");
  assert.equal(await ignored.locator(".card").first().isVisible(), false);
  await said.click();
  assert.equal(await ignored.locator(".card").first().getAttribute("data-code"), "STS-POL-065");
  await visit.page.reload();
  await comesToMatch(() => said.innerText(), /^1 finding is ignored/);
  assert.equal(read(await visit.share("Link with the text")).ignore, "STS-POL-065");
});
