// A domain is checked: what is asked, what is said, and what can be done with it.

import assert from "node:assert/strict";
import { Check, DOMAIN, HOST, OPTIONS, publish } from "./lib/check.mjs";
import * as faults from "./lib/internet/faults.mjs";
import { policy } from "./lib/internet/domain.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";

const check = (visit) => new Check(visit);

scenario("a good domain is good as far as a browser can see, and that is said", OPTIONS, async (visit, { internet }) => {
  publish(internet, { ad: true });
  await visit.open();
  const seen = await check(visit).run();
  assert.deepEqual(await seen.states(), { discover: "Good", fetch: "Good", match: "Good", connect: "A browser can't see this", report: "Good" });
  assert.equal(await seen.title(), "Records and policy are right. Only the mail servers' certificates were not checked.");
  assert.match(await seen.words(), /The policy says enforce: a server without STARTTLS, or without a valid certificate for its name, gets no mail\./);
  assert.match(await seen.words(), /Names looked up by Cloudflare/);
  assert.deepEqual(await seen.loud(), []);
  const rows = await seen.hosts.allInnerTexts();
  assert.equal(rows.length, 2);
  assert.match(rows[0], /10\s+mx1\.acme-mail\.net\s+covered by mx1\.acme-mail\.net\s+no TLSA records\s+a browser can’t look/);
});

scenario("only names that belong to the check are asked for, and nothing before", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await visit.field.fill(DOMAIN);
  await visit.page.getByTestId("check").waitFor();
  assert.deepEqual([internet.resolver.questions, internet.requests], [[], []], "typing asks nothing");
  await check(visit).run();
  const expected = [
    `A ${HOST}`, `AAAA ${HOST}`, `MX ${DOMAIN}`, `TXT _mta-sts.${DOMAIN}`, `TXT _smtp._tls.${DOMAIN}`,
    ...["mx1", "mx2"].flatMap((mx) => [`A ${mx}.${DOMAIN}`, `AAAA ${mx}.${DOMAIN}`, `TLSA _25._tcp.${mx}.${DOMAIN}`]),
  ];
  assert.deepEqual([...internet.resolver.questions].sort(), expected.sort());
  assert.ok(internet.resolver.asked.every((question) => question.do), "all want DNSSEC");
  assert.deepEqual(internet.requests.map(({ host, path, method }) => `${method} ${host}${path}`), [`GET ${HOST}/.well-known/mta-sts.txt`]);
  for (const { headers } of [...internet.resolver.asked, ...internet.requests]) {
    assert.equal(headers.referer, undefined);
    assert.equal(headers.cookie, undefined);
  }
});

scenario("a domain with two mail hosts takes two rounds of answers", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  const waves = await internet.gate.count(() => check(visit).run());
  assert.ok(waves <= 3, `${waves} rounds`);
  assert.equal(waves, 2);
});

const IDN = "bücher-acme.net";
const IDN_OPTIONS = { ...OPTIONS, asks: [...OPTIONS.asks, `mta-sts.${new URL(`http://${IDN}`).hostname}`] };

scenario("Enter checks, and addresses, URLs and IDNs stand for their domain", IDN_OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  for (const text of [DOMAIN, `postmaster@${DOMAIN}`, `https://${HOST}/.well-known/mta-sts.txt`, "ACME-mail.net."]) {
    internet.resolver.asked = [];
    await visit.field.fill(text);
    await visit.page.getByTestId("check").or(visit.page.getByTestId("again")).first().waitFor();
    await visit.field.press("Enter");
    await eventually(async () => assert.ok(internet.resolver.questions.includes(`TXT _mta-sts.${DOMAIN}`), text));
    await check(visit).done();
    assert.equal(await visit.text(), DOMAIN, text);
  }
  await visit.field.fill(IDN);
  await visit.page.getByTestId("check").waitFor();
  await visit.field.press("Enter");
  await eventually(async () => assert.ok(internet.resolver.questions.includes(`TXT _mta-sts.${new URL(`http://${IDN}`).hostname}`)));
  await check(visit).done();
});

scenario("a policy that does not cover a mail host is told with the line that mends it", OPTIONS, async (visit, { internet }) => {
  const { host } = publish(internet);
  host.body = policy(`mx1.${DOMAIN}`);
  await visit.open();
  const seen = await check(visit).run();
  assert.deepEqual(await seen.loud(), ["LIVE-060"]);
  const finding = seen.finding("LIVE-060");
  assert.match(await finding.innerText(), new RegExp(`mx2\\.${DOMAIN}`));
  assert.match(await finding.innerText(), /Effect[\s\S]*Do/);
  assert.equal(await finding.locator(".publish code").innerText(), `mx: mx2.${DOMAIN}`);
  await finding.getByRole("button", { name: "Copy" }).click();
  await becomes(() => visit.clipboard(), `mx: mx2.${DOMAIN}`);
  assert.equal(await seen.state("match"), "Broken");
});

scenario("records and policy open in the editor and lead back", OPTIONS, async (visit, { internet }) => {
  const { host } = publish(internet);
  host.body = policy(`mx1.${DOMAIN}.`);
  await visit.open();
  const seen = await check(visit).run();
  await seen.step("fetch").getByRole("button", { name: "Open in the editor" }).click();
  await becomes(() => visit.text(), host.body.replaceAll("\r\n", "\n"));
  assert.ok((await visit.codes()).includes("STS-POL-083"));
  assert.match(await visit.facts(), /CRLF/);
  await visit.button("Back to the check").click();
  await becomes(() => visit.text(), DOMAIN);
  await seen.unfold();
  await seen.step("discover").getByRole("button", { name: "Open in the editor" }).click();
  await becomes(() => visit.text(), `_mta-sts.${DOMAIN}. 300 IN TXT "v=STSv1; id=20261125;"\n`);
  await visit.button("Back to the check").click();
  assert.equal(await seen.state("report"), "Good");
});

scenario("each look-up shows what came, from whom, and how to ask the same", OPTIONS, async (visit, { internet }) => {
  publish(internet, { ad: true });
  await visit.open();
  const seen = await check(visit).run();
  const record = await seen.lookup("discover", `TXT _mta-sts.${DOMAIN}`);
  assert.match(await record.innerText(), /"v=STSv1; id=20261125;"[\s\S]*TTL 300 s · DNSSEC: authentic \(AD\) · Cloudflare in \d+ ms/);
  await record.getByRole("button", { name: "Copy as dig" }).click();
  await becomes(() => visit.clipboard(), `dig +dnssec TXT _mta-sts.${DOMAIN}`);
  const fetched = await seen.lookup("fetch", `https://${HOST}/.well-known/mta-sts.txt`);
  await fetched.getByRole("button", { name: "Copy as curl" }).click();
  await becomes(() => visit.clipboard(), `curl -sS -i --max-redirs 0 --max-time 60 https://${HOST}/.well-known/mta-sts.txt`);
});

scenario("a look-up that failed is tried again by itself", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  internet.resolver.fail(`TXT _mta-sts.${DOMAIN}`, faults.status(503));
  await visit.open();
  const seen = await check(visit).run();
  assert.equal(await seen.state("discover"), "Not seen");
  internet.resolver.mend();
  internet.resolver.asked = [];
  const record = await seen.lookup("discover", `TXT _mta-sts.${DOMAIN}`);
  await record.getByRole("button", { name: /^Retry/ }).click();
  await becomes(() => seen.state("discover"), "Good");
  assert.deepEqual(internet.resolver.questions, [`TXT _mta-sts.${DOMAIN}`]);
});

scenario("a check can be stopped, and what is known stays", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  internet.resolver.fail(`MX ${DOMAIN}`, faults.silence);
  await visit.open();
  const seen = check(visit);
  await seen.begin();
  await becomes(() => seen.state("discover"), "Good");
  assert.match(await seen.title(), /^Checking/);
  await visit.button("Stop").click();
  await seen.done();
  assert.equal(await seen.state("discover"), "Good");
  assert.match(await seen.step("match").innerText(), /the check was stopped/i);
  assert.deepEqual(await seen.loud(), []);
});

scenario("an answer for the domain before reaches nobody", { ...OPTIONS, asks: [...OPTIONS.asks, "mta-sts.other-acme.net"] }, async (visit, { internet }) => {
  publish(internet);
  internet.gate.hold();
  await visit.open();
  const seen = check(visit);
  await seen.begin();
  await internet.gate.quiet();
  await visit.field.fill("other-acme.net");
  await visit.page.getByTestId("check").click();
  await internet.gate.quiet();
  internet.gate.open();
  await seen.done();
  assert.match(await seen.title(), /other-acme\.net/);
  assert.equal(await seen.state("discover"), "Not there");
});

scenario("a policy that the browser may not read is pasted, and counts", OPTIONS, async (visit, { internet }) => {
  const { host } = publish(internet);
  host.cors = false;
  await visit.open();
  const seen = await check(visit).run();
  assert.equal(await seen.state("fetch"), "A browser can't see this");
  assert.deepEqual(await seen.loud(), []);
  assert.ok((await seen.codes()).includes("LIVE-040"));
  const help = visit.page.getByTestId("fetch-help");
  assert.equal(await help.getByRole("link").getAttribute("href"), `https://${HOST}/.well-known/mta-sts.txt`);
  await help.getByRole("button", { name: "Copy" }).click();
  await comesToMatch(() => visit.clipboard(), /^curl -sS -i --max-redirs 0/);
  const field = help.getByRole("textbox");
  await field.fill("hello");
  await comesToMatch(() => help.innerText(), /neither what curl -i prints .* nor a policy/);
  assert.equal(await field.inputValue(), "hello", "nothing is lost");
  await field.fill(`HTTP/2 200\ncontent-type: text/html\n\n${host.body.replaceAll("\r\n", "\n")}`);
  await becomes(() => seen.state("match"), "Good");
  assert.deepEqual(await seen.loud(), ["LIVE-049"]);
  // A text field loses line ends, so nothing is said about them.
  assert.ok(!(await seen.codes()).includes("STS-POL-021"));
});

scenario("what a browser shows of the policy can be pasted too", OPTIONS, async (visit, { internet }) => {
  const { host } = publish(internet);
  host.cors = false;
  await visit.open();
  const seen = await check(visit).run();
  await visit.page.getByTestId("fetch-help").getByRole("textbox").fill(host.body.replaceAll("\r\n", "\n"));
  await becomes(() => seen.state("match"), "Good");
  await becomes(() => visit.focused(), "verdict-title", "one goes on from the answer: the place to paste is gone");
  assert.match(await seen.step("fetch").innerText(), /Status\s+not seen/);
  assert.deepEqual(await seen.loud(), []);
});

scenario("a file that is dropped on the place for the policy is read byte by byte", OPTIONS, async (visit, { internet }) => {
  const { host } = publish(internet);
  host.cors = false;
  await visit.open();
  const seen = await check(visit).run();
  const field = visit.page.getByTestId("fetch-help").getByRole("textbox");
  await field.evaluate((element, text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], "mta-sts.txt"));
    element.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, host.body.replaceAll("\r\n", "\n"));
  await becomes(() => seen.state("match"), "Good");
  assert.ok((await seen.codes()).includes("STS-POL-021"), "its line ends are known");
  assert.equal(await visit.text(), DOMAIN, "it did not go into the editor");
});

scenario("what openssl shows of a mail host counts", OPTIONS, async (visit, { internet }) => {
  publish(internet, { mail: ["mx1"] });
  await visit.open();
  const seen = await check(visit).run();
  const help = visit.page.getByTestId("smtp-help");
  await help.locator("summary").click();
  assert.match(await help.innerText(), /openssl s_client -starttls smtp -connect mx1\.acme-mail\.net:25 -servername mx1\.acme-mail\.net/);
  const field = help.getByRole("textbox");
  await field.fill("connect:errno=111");
  await comesToMatch(() => help.innerText(), /Many networks block port 25/);
  assert.deepEqual(await seen.loud(), []);
  await field.fill("CONNECTED(00000003)\nDidn't find STARTTLS in server response, trying anyway...\n");
  await eventually(async () => assert.deepEqual(await seen.loud(), ["LIVE-069"]));
  assert.match((await seen.hosts.allInnerTexts())[0], /not offered/);
});

scenario("after what openssl shows of one mail host one goes on with the next, and then with the answer", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await check(visit).run();
  const help = visit.page.getByTestId("smtp-help");
  await help.locator("summary").click();
  const fields = help.getByRole("textbox");
  assert.equal(await fields.count(), 2);
  const next = await fields.nth(1).getAttribute("id");
  const shown = "CONNECTED(00000003)\nDidn't find STARTTLS in server response, trying anyway...\n";
  await fields.first().fill(shown);
  await becomes(() => visit.focused(), next);
  await fields.first().fill(shown);
  await becomes(() => visit.focused(), "verdict-title");
});

scenario("resolvers are chosen, named and remembered, and a custom one is checked before", { ...OPTIONS, asks: ["resolver", HOST] }, async (visit, { internet }) => {
  const { zone } = publish(internet);
  const google = await internet.addResolver("dns.google", zone);
  await visit.open();
  await visit.field.fill(DOMAIN);
  const choice = visit.page.getByRole("combobox", { name: "Names are looked up by" });
  await choice.selectOption("Google Public DNS");
  await check(visit).run();
  assert.deepEqual(internet.resolver.questions, []);
  assert.ok(google.questions.length > 5);
  assert.match(await check(visit).words(), /Names looked up by Google Public DNS/);
  await visit.page.reload();
  await visit.started();
  await visit.home.click();
  await visit.field.fill(DOMAIN);
  await becomes(() => choice.inputValue(), "google");
  await choice.selectOption("Another address …");
  const address = visit.page.getByRole("textbox", { name: "Its address for DNS over HTTPS" });
  await address.fill("http://dns.example/");
  await comesToMatch(() => check(visit).words(), /Not an address that begins with https:/);
  google.asked = [];
  await address.fill(google.url);
  await check(visit).run();
  assert.ok(google.asked.length > 5 && google.asked.every(({ version }) => version.startsWith("1")), "by its address on this machine");
});

scenario("two resolvers are compared, and what differs is shown", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  const other = await internet.addResolver("dns.google", zone);
  await visit.open();
  const seen = await check(visit).run();
  await visit.button("Compare with another resolver").click();
  const compared = visit.page.getByTestId("resolvers");
  await comesToMatch(() => compared.innerText(), /\d+ answers are the same\./);
  assert.equal(internet.requests.length, 1, "the policy is fetched once");
  other.zone = { ...zone, [`_mta-sts.${DOMAIN}`]: { TXT: "v=STSv1; id=old;" } };
  await compared.getByRole("button", { name: "Ask again" }).click();
  await comesToMatch(() => compared.innerText(), /1 of \d+ answers differ/);
  assert.match(await compared.getByRole("row").nth(1).innerText(), /TXT _mta-sts\.acme-mail\.net[\s\S]*id=20261125[\s\S]*id=old/);
  assert.deepEqual(await seen.loud(), [], "the other resolver changes nothing in the result");
});

scenario("at a domain that an address names Enter checks it, as the page says", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open(`#/d/${DOMAIN}`);
  await comesToMatch(() => visit.verdict.innerText(), /or press\s+Enter/);
  await becomes(() => visit.focused(), "text");
  assert.deepEqual(internet.resolver.questions, [], "nothing is looked up by itself");
  await visit.page.keyboard.press("Enter");
  await check(visit).done();
  await becomes(() => visit.focused(), "verdict-title");
});

scenario("findings are announced, and the check works by keyboard alone", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await visit.field.focus();
  await visit.page.keyboard.type(DOMAIN);
  await visit.page.getByTestId("check").waitFor();
  await visit.page.keyboard.press("Enter");
  await check(visit).done();
  await comesToMatch(() => visit.page.getByRole("status").first().innerText(), /Only the mail servers' certificates were not checked/);
  assert.equal(await visit.focused(), "verdict-title", "one goes on from the answer");
  // As it is shown to people: what is right is one line, and unfolds by key.
  await visit.page.reload();
  await visit.page.getByTestId("again").click();
  await visit.page.locator('[data-testid="result"][aria-busy="false"]').waitFor();
  const discover = check(visit).step("discover");
  assert.equal(await discover.locator(".step-body").isVisible(), false);
  await visit.tabTo(discover.locator("summary").first());
  await visit.page.keyboard.press("Enter");
  await visit.tabTo(discover.locator(".evidence > summary"));
  await visit.page.keyboard.press("Enter");
  await visit.tabTo(check(visit).step("discover").getByRole("button", { name: "Copy as dig" }));
});
