// What can go wrong on the way: each fault is told as what it is, nothing is held against the domain that the browser
// could not see, and everything else stands.

import assert from "node:assert/strict";
import { Check, DOMAIN, HOST, OPTIONS, publish } from "./lib/check.mjs";
import * as faults from "./lib/internet/faults.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";

const RECORD = `TXT _mta-sts.${DOMAIN}`;
const HIDDEN = "Not seen";
const UNSEEN_BY_BROWSERS = "A browser can't see this";

/** Faults of a resolver with one question: name, fault, what is told of it. The domain is as good as before. */
const RESOLVER_FAULTS = [
  ["refuses the request (400)", faults.status(400), /HTTP status 400/],
  ["is out of order (500)", faults.status(500), /HTTP status 500/],
  ["is overloaded (503)", faults.status(503), /HTTP status 503/],
  ["sends a web page", faults.html, /a web page came instead of DNS/],
  ["sends another media type", faults.mediaType("application/json"), /not DNS but application\/json/],
  ["sends garbage", faults.garbage, /could not look: the answer/],
  ["sends nothing", faults.empty, /the answer is empty/],
  ["sends more than DNS can be", faults.tooLarge, /larger than DNS can be/],
  ["ends too early", faults.truncated, /cut off/],
  ["leaves something out (TC)", faults.incomplete, /not complete/],
  ["sends a question back", faults.question, /the answer is a question/],
  ["answers another question", faults.otherQuestion, /to another question/],
  ["answers for another name", faults.otherName, /about another name: evil\.example/],
  ["points in circles", faults.compressionLoop, /points in circles/],
  ["may not be read by pages", faults.noCors, /can’t be reached, or does not let web pages read/],
];

for (const [name, fault, words] of RESOLVER_FAULTS) {
  scenario(`the resolver ${name}`, OPTIONS, async (visit, { internet }) => {
    publish(internet);
    internet.resolver.fail(RECORD, fault);
    await visit.open();
    const seen = await new Check(visit).run();
    assert.match(await (await seen.lookup("discover", RECORD)).innerText(), words);
    assert.deepEqual(await seen.states(), { discover: HIDDEN, fetch: "Good", match: "Good", connect: UNSEEN_BY_BROWSERS, report: "Good" });
    assert.deepEqual(await seen.loud(), []);
  });
}

scenario("the resolver closes connections, and takes other answers with them", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  internet.resolver.fail(RECORD, faults.reset);
  await visit.open();
  const seen = await new Check(visit).run();
  assert.match(await (await seen.lookup("discover", RECORD)).innerText(), /can’t be reached/);
  assert.equal(await seen.state("fetch"), "Good", "the policy came another way");
  assert.deepEqual(await seen.loud(), []);
});

scenario("an answer without a media type is read all the same", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  internet.resolver.fail(RECORD, faults.mediaType(null));
  await visit.open();
  assert.equal(await (await new Check(visit).run()).state("discover"), "Good");
});

scenario("the resolver does not answer in time", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  internet.resolver.fail(RECORD, faults.silence);
  await visit.page.clock.install();
  await visit.open();
  const seen = new Check(visit);
  await seen.begin();
  await becomes(() => seen.state("report"), "Good");
  assert.equal(await seen.state("discover"), "Looking …");
  await visit.page.clock.runFor(16_000);
  await seen.done();
  assert.match(await (await seen.lookup("discover", RECORD)).innerText(), /did not answer within 15 seconds/);
  assert.deepEqual(await seen.loud(), []);
});

scenario("a resolver that tells nothing is named, and the next one is offered", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  const google = await internet.addResolver("dns.google", zone);
  internet.resolver.fail("*", faults.noCors);
  await visit.open();
  const seen = await new Check(visit).run();
  const trouble = visit.page.getByTestId("resolver-trouble");
  const told = (await visit.page.getByTestId("result").innerText()).match(/That says nothing about acme-mail\.net\./g);
  assert.equal(told?.length, 1, "it is said once, by the answer or beside the button");
  assert.match(await visit.page.getByTestId("result").innerText(), /no answer from Cloudflare/i);
  assert.deepEqual(await seen.loud(), []);
  await trouble.getByRole("button", { name: "Ask Google Public DNS instead" }).click();
  await becomes(() => seen.state("discover"), "Good");
  await seen.done();
  assert.ok(google.questions.length > 5);
  assert.equal(await trouble.isVisible(), false);
});

scenario("limits of a resolver slow a check down instead of failing it", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  internet.resolver.fail("*", faults.first(8, faults.status(429)));
  await visit.open();
  const seen = await new Check(visit).run();
  assert.equal(await seen.state("discover"), "Good");
  assert.equal(await seen.state("report"), "Good");
  assert.equal((await visit.page.locator(".lookups [data-failed]").count()), 0);
});

scenario("while a resolver wants a break, that is said, and the check goes on by itself", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  internet.resolver.fail("*", faults.first(1, faults.status(429, { retryAfter: 4, expose: true })));
  await visit.open();
  const seen = new Check(visit);
  await seen.begin();
  await comesToMatch(() => seen.words(), /Cloudflare asks us to wait until \d\d:\d\d:\d\d UTC/);
  await seen.done();
  assert.equal(await seen.state("discover"), "Good");
  assert.doesNotMatch(await seen.words(), /asks us to wait/);
});

scenario("a browser without a network says so", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await visit.field.fill(DOMAIN);
  await visit.page.getByTestId("privacy").waitFor();
  await visit.context.setOffline(true);
  const seen = new Check(visit);
  await seen.begin();
  await seen.done();
  assert.match(await visit.page.getByTestId("result").innerText(), /your browser is offline/);
  assert.deepEqual(await seen.loud(), []);
  await visit.context.setOffline(false);
  await visit.page.getByTestId("again").click();
  await becomes(() => seen.state("discover"), "Good");
});

/** What DNS says of a domain: a change of the zone, the codes above advice, and words. */
const DNS_FACTS = [
  ["there is no record (NXDOMAIN)", (zone) => delete zone[`_mta-sts.${DOMAIN}`], ["LIVE-002"], /The policy is there, but at _mta-sts there is/],
  ["the record is of another kind (NODATA)", (zone) => (zone[`_mta-sts.${DOMAIN}`] = { A: "192.0.2.1" }), ["LIVE-002"], /The policy is there, but at _mta-sts there is/],
  ["SERVFAIL", (zone) => (zone[`_mta-sts.${DOMAIN}`] = { rcode: "SERVFAIL" }), ["LIVE-004"], /servfail/],
  ["a bad signature", (zone) => (zone[`_mta-sts.${DOMAIN}`].bogus = true), ["LIVE-086"], /DNSSEC/],
  ["an alias in a circle", (zone) => {
    zone[`_mta-sts.${DOMAIN}`] = { CNAME: "a.provider.example" };
    zone["a.provider.example"] = { CNAME: `_mta-sts.${DOMAIN}` };
  }, ["LIVE-007"], /CNAME/],
  ["an alias that leads nowhere", (zone) => (zone[`_mta-sts.${DOMAIN}`] = { CNAME: "gone.provider.example" }), ["LIVE-007"], /gone\.provider\.example/],
  ["several records", (zone) => (zone[`_mta-sts.${DOMAIN}`].TXT = ["v=STSv1; id=1;", "v=STSv1; id=2;"]), ["STS-TXT-040"], /id=1;[\s\S]*id=2;/],
];

for (const [name, change, codes, words] of DNS_FACTS) {
  scenario(`at _mta-sts there is: ${name}`, OPTIONS, async (visit, { internet }) => {
    const { zone } = publish(internet);
    change(zone);
    await visit.open();
    const seen = await new Check(visit).run();
    const loud = await seen.loud();
    for (const code of codes) assert.ok(loud.includes(code), `${code} in ${loud}`);
    assert.match(await seen.step("discover").innerText(), words);
    assert.equal(await seen.state("report"), "Good", "everything else stands");
    assert.match(await seen.step("match").innerText(), /mx1\.acme-mail\.net/);
  });
}

scenario("a record in many strings, over 255 bytes, is read as one", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  zone[`_smtp._tls.${DOMAIN}`].TXT = [["v=TLSRPTv1; rua=", `mailto:${"a".repeat(200)}@${DOMAIN},`, `mailto:${"b".repeat(60)}@${DOMAIN}`]];
  await visit.open();
  const seen = await new Check(visit).run();
  assert.match(await seen.step("report").innerText(), /b{60}@acme-mail\.net/);
});

scenario("null MX, implicit MX", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  zone[DOMAIN].MX = "0 .";
  await visit.open();
  const seen = await new Check(visit).run();
  assert.deepEqual(await seen.loud(), ["LIVE-064"]);
  zone[DOMAIN] = { A: "192.0.2.9" };
  await visit.page.getByTestId("again").click();
  await eventually(async () => assert.ok((await seen.loud()).includes("LIVE-066"), String(await seen.loud())));
});

scenario("fifty mail hosts are all shown", OPTIONS, async (visit, { internet }) => {
  publish(internet, { mail: Array.from({ length: 50 }, (_, i) => `mx${i}`) });
  await visit.open();
  const seen = await new Check(visit).run();
  assert.equal(await seen.hosts.count(), 50);
  assert.equal(await seen.state("match"), "Good");
});

/** What a policy host does: the codes above advice, the state of the step, and words of it. */
const HOST_FACTS = [
  ["redirects", { status: 301, headers: { location: "https://evil.example/" }, body: "" }, ["LIVE-046", "LIVE-003"], "Broken", /redirects/],
  ["answers 404", { status: 404, body: "<h1>no</h1>", type: "text/html" }, ["LIVE-047", "LIVE-003"], "Broken", /404/],
  ["sends a web page", { body: "<!doctype html><title>Hi</title>", type: "text/html" }, ["STS-POL-006", "LIVE-049", "LIVE-003"], "Broken", /text\/html/],
  ["sends another media type", { type: "application/octet-stream" }, ["LIVE-049"], "Broken", /application\/octet-stream/],
  ["sends no media type", { type: null }, ["LIVE-048"], "Broken", /has no Content-Type header/],
  ["sends 70 KB", { body: `version: STSv1\r\nmode: none\r\nmax_age: 86400\r\nx: ${"y".repeat(70_000)}\r\n` }, ["STS-POL-004", "LIVE-003"], "Broken", /65537 bytes/],
  ["may not be read", { cors: false }, [], UNSEEN_BY_BROWSERS, /may not read the answer, or got no connection; it does not say which/],
  ["has an expired certificate", { certificate: "expired" }, [], UNSEEN_BY_BROWSERS, /may not read/],
  ["has a certificate for another name", { certificate: "wrong-name" }, [], UNSEEN_BY_BROWSERS, /may not read/],
  ["signed its certificate itself", { certificate: "self-signed" }, [], UNSEEN_BY_BROWSERS, /may not read/],
  ["closes the connection", { then: "reset" }, [], UNSEEN_BY_BROWSERS, /may not read/],
];

// The browser reports the address that a redirect names as if it were asked. It is not: the Internet would know.
const HOST_OPTIONS = { ...OPTIONS, asks: [...OPTIONS.asks, "evil.example"] };

for (const [name, change, codes, state, words] of HOST_FACTS) {
  scenario(`the policy host ${name}`, HOST_OPTIONS, async (visit, { internet }) => {
    const { host } = publish(internet);
    Object.assign(host, change);
    await visit.open();
    const seen = await new Check(visit).run();
    assert.deepEqual((await seen.loud()).sort(), [...codes].sort());
    assert.equal(await seen.state("fetch"), state);
    assert.match(await seen.step("fetch").innerText(), words);
    assert.equal(await visit.page.getByTestId("fetch-help").isVisible(), state === UNSEEN_BY_BROWSERS);
    assert.equal(await seen.state("discover"), "Good");
    assert.equal(await seen.state("report"), "Good");
    assert.ok(!internet.requests.some(({ host: asked }) => asked === "evil.example"), "no redirect is followed");
  });
}

for (const [name, change] of [["never answers", { then: "silence" }], ["never ends", { body: "version: STSv1\r\n", then: "drip" }]]) {
  scenario(`the policy host ${name}`, OPTIONS, async (visit, { internet }) => {
    const { host } = publish(internet);
    Object.assign(host, change);
    await visit.page.clock.install();
    await visit.open();
    const seen = new Check(visit);
    await seen.begin();
    await becomes(() => seen.state("report"), "Good");
    assert.equal(await seen.state("fetch"), "Looking …");
    await visit.page.clock.runFor(61_000);
    await seen.done();
    assert.match(await seen.step("fetch").innerText(), /No complete answer within 60 seconds/);
    assert.deepEqual(await seen.loud(), []);
  });
}

const REFUSED = "refused.acme";
scenario("the policy host refuses connections", { ...OPTIONS, asks: ["resolver", `mta-sts.${REFUSED}`] }, async (visit, { internet }) => {
  publish(internet);
  for (const [name, records] of Object.entries(internet.resolver.zone)) {
    internet.resolver.zone[name.replace(DOMAIN, REFUSED)] = records;
  }
  await visit.open();
  const seen = await new Check(visit).run(REFUSED);
  assert.equal(await seen.state("fetch"), UNSEEN_BY_BROWSERS);
  assert.equal(await seen.state("discover"), "Good");
  assert.deepEqual(await seen.loud(), []);
  await comesToMatch(() => seen.title(), /^Half of it is right; the policy still has to be read/);
});

scenario("hostile records stay text", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  const nasty = '<img src=x onerror="__hit(1)">\u202e';
  zone[`_mta-sts.${DOMAIN}`].TXT = `v=STSv1; id=1; x=${nasty};`;
  zone[`mta-sts.${DOMAIN}`] = { CNAME: 'a"><script>__hit(2)</script>.example' };
  internet.hosts[HOST] = { body: `version: STSv1\r\nmode: enforce\r\nmx: ${nasty}\r\nmax_age: 86400\r\n` };
  await visit.open();
  const seen = await new Check(visit).run();
  assert.equal(await visit.page.locator(".live img, .live script").count(), 0);
  assert.doesNotMatch(await visit.page.locator(".live").innerText(), /\u202e/);
  assert.ok((await seen.codes()).length > 0);
});
