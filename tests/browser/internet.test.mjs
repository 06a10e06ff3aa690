// The Internet that other tests put the page into: answers are right, faults are what they say, and a browser gets
// there. Asked from a blank page, so that nothing here depends on ours.

import assert from "node:assert/strict";
import { after } from "node:test";
import dns from "dns-packet";
import { goodDomain, policy } from "./lib/internet/domain.mjs";
import * as faults from "./lib/internet/faults.mjs";
import { serve } from "./lib/internet/serve.mjs";
import { STACK, eventually, scenario } from "./lib/scenario.mjs";

const blank = await serve(() => ({ headers: { "content-type": "text/html" }, body: "<!doctype html><link rel=icon href=data:,>" }));
after(() => blank.close());
const OPTIONS = { url: `http://127.0.0.1:${blank.port}/`, asks: ["resolver"], permissions: false };

const DOMAIN = "acme-mail.net";
const HOST = `mta-sts.${DOMAIN}`;
const RECORD = `_mta-sts.${DOMAIN}`;

/** A scenario on the blank page. It gets `ask` and `get`, which fetch something in the browser. */
function blankScenario(name, options, body) {
  scenario(name, { ...OPTIONS, ...options }, async (visit, more) => {
    await visit.page.goto(visit.url);
    more.internet.resolver.zone = goodDomain(DOMAIN, { ad: true }).zone;
    const get = (url, init) => visit.page.evaluate(fetched, [url, init]);
    const ask = async (what, { at = more.internet.resolver.url, cd = false } = {}) => {
      const told = await get(at + query(what, cd), { headers: { accept: "application/dns-message" } });
      if (!told.error) told.bytes = Buffer.from(told.body, "base64");
      return told;
    };
    const look = async (what, options) => {
      const { status, type, bytes } = await ask(what, options);
      assert.deepEqual([status, type], [200, "application/dns-message"]);
      return dns.decode(bytes);
    };
    await body({ ...more, visit, get, ask, look });
  });
}

/** Runs in the browser: what a page can know of an answer. */
async function fetched([url, init]) {
  const signal = AbortSignal.timeout(2000);
  try {
    const response = await fetch(url, { cache: "no-store", ...init, signal });
    let text = "";
    for (const byte of new Uint8Array(await response.arrayBuffer())) text += String.fromCharCode(byte);
    const { status, headers } = response;
    return { status, type: headers.get("content-type"), retryAfter: headers.get("retry-after"), body: btoa(text) };
  } catch (error) {
    return { error: signal.aborted ? "no end in time" : error.name };
  }
}

function query(what, cd) {
  const [type, name] = what.split(" ");
  const message = dns.encode({
    flags: dns.RECURSION_DESIRED | (cd ? dns.CHECKING_DISABLED : 0),
    questions: [{ type, name }],
    additionals: [{ type: "OPT", name: ".", udpPayloadSize: 1232, flags: dns.DNSSEC_OK }],
  });
  return `?dns=${message.toString("base64url")}`;
}

const data = ({ answers }, type) => answers.filter((record) => record.type === type).map((record) => record.data);
const REFUSED = { error: "TypeError" };
const ENDLESS = { error: "no end in time" };
const LOAD_FAILS = [/Failed to load resource/, /blocked by CORS policy/];

blankScenario("the resolver answers with what the table says", {}, async ({ internet, look }) => {
  Object.assign(internet.resolver.zone, {
    "null.net": { MX: "0 .", ttl: 7 },
    "_25._tcp.mx1.acme-mail.net": { TLSA: `3 1 1 ${"ab".repeat(32)}`, ad: true },
    "long.net": { TXT: ["x".repeat(600), ["two ", "strings"]] },
    "many.net": { MX: Array.from({ length: 50 }, (_, i) => `${i} a-rather-long-name-of-a-mail-host-${i}.many.net`) },
    "mixed.net": { A: "192.0.2.1", TXT: { data: "signed", ad: true }, MX: { rcode: "SERVFAIL" }, TLSA: { error: { code: 15, text: "no" } } },
  });
  const record = await look(`TXT ${RECORD}`);
  assert.equal(String(data(record, "TXT")[0]), "v=STSv1; id=20261125;");
  assert.deepEqual(record.questions, [{ name: RECORD, type: "TXT", class: "IN" }]);
  assert.ok(record.flag_ad && record.flag_qr && record.flag_ra && !record.flag_tc);
  assert.ok(record.additionals[0].flag_do, "DO is echoed");
  assert.equal(record.answers[0].ttl, 300);

  const none = await look("MX null.net");
  assert.deepEqual([data(none, "MX"), none.answers[0].ttl, none.flag_ad], [[{ preference: 0, exchange: "." }], 7, false]);
  const tlsa = data(await look("TLSA _25._tcp.mx1.acme-mail.net"), "TLSA");
  assert.deepEqual(tlsa, [{ usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 0xab) }]);
  const long = data(await look("TXT long.net"), "TXT");
  assert.deepEqual(long.map((strings) => strings.map(({ length }) => length)), [[255, 255, 90], [4, 7]]);
  assert.equal(data(await look("MX many.net"), "MX").length, 50);
  assert.deepEqual(data(await look(`AAAA ${HOST}`), "AAAA"), ["2001:db8::10"]);

  assert.deepEqual([(await look("A mixed.net")).flag_ad, (await look("TXT mixed.net")).flag_ad], [false, true]);
  assert.equal((await look("MX mixed.net")).rcode, "SERVFAIL");
  const told = (await look("TLSA mixed.net")).additionals[0].options[0];
  assert.deepEqual([told.code, told.data.toString("latin1")], [15, "\0\x0fno"]);
});

blankScenario("what is not in the table is told in the ways of a resolver", {}, async ({ internet, look }) => {
  Object.assign(internet.resolver.zone, {
    "alias.net": { CNAME: "middle.net" },
    "middle.net": { CNAME: "end.net" },
    "end.net": { A: "192.0.2.7" },
    "dangling.net": { CNAME: "nowhere.net" },
    "loop.net": { CNAME: "pool.net" },
    "pool.net": { CNAME: "loop.net" },
    "self.net": { CNAME: "self.net" },
    "bogus.net": { A: "192.0.2.8", bogus: true, ad: true },
  });
  const told = async (what, options) => {
    const { rcode, answers, authorities, flag_ad } = await look(what, options);
    return [rcode, answers.map(({ type, data: said }) => `${type} ${said}`), authorities.map(({ type }) => type), flag_ad];
  };
  assert.deepEqual(await told("TXT acme-mail.net"), ["NOERROR", [], ["SOA"], true]);
  assert.deepEqual(await told("TXT _tls.acme-mail.net"), ["NOERROR", [], ["SOA"], true], "a name with names below it");
  assert.deepEqual(await told("TXT no.acme-mail.net"), ["NXDOMAIN", [], ["SOA"], true], "signed as the zone is");
  assert.deepEqual(await told("TXT no.net"), ["NXDOMAIN", [], ["SOA"], false]);
  assert.deepEqual(await told("A alias.net"), ["NOERROR", ["CNAME middle.net", "CNAME end.net", "A 192.0.2.7"], [], false]);
  assert.deepEqual(await told("CNAME alias.net"), ["NOERROR", ["CNAME middle.net"], [], false]);
  assert.deepEqual(await told("A dangling.net"), ["NXDOMAIN", ["CNAME nowhere.net"], ["SOA"], false]);
  assert.deepEqual(await told("A loop.net"), ["NOERROR", ["CNAME pool.net", "CNAME loop.net"], ["SOA"], false]);
  assert.deepEqual(await told("A self.net"), ["NOERROR", ["CNAME self.net"], ["SOA"], false]);
  assert.deepEqual(await told("A bogus.net"), ["SERVFAIL", [], [], false]);
  assert.deepEqual(await told("A bogus.net", { cd: true }), ["NOERROR", ["A 192.0.2.8"], [], false]);
  assert.deepEqual(internet.resolver.questions.slice(-2), ["A bogus.net", "A bogus.net +cd"]);
  assert.ok(internet.resolver.asked.every((question) => question.do && !("cookie" in question.headers)));
});

blankScenario("several resolvers say different things, on this machine and on the Internet", {}, async ({ internet, look }) => {
  const other = await internet.addResolver("dns.google", { [RECORD]: { TXT: "v=STSv1; id=other;" } });
  const { resolver } = internet;
  assert.equal(resolver.publicUrl, "https://cloudflare-dns.com/dns-query");
  const said = async (at) => String(data(await look(`TXT ${RECORD}`, { at }), "TXT"));
  for (const at of [resolver.url, resolver.publicUrl]) assert.equal(await said(at), "v=STSv1; id=20261125;");
  for (const at of [other.url, other.publicUrl]) assert.equal(await said(at), "v=STSv1; id=other;");
  assert.deepEqual(other.asked.map(({ version }) => version), ["1.1", "2.0"]);
});

const message = ({ bytes }) => dns.decode(bytes);
/** Each fault: what a page sees of it. */
const FAULTS = {
  noCors: [faults.noCors, (told) => assert.deepEqual(told, REFUSED)],
  reset: [faults.reset, (told) => assert.deepEqual(told, REFUSED)],
  silence: [faults.silence, (told) => assert.deepEqual(told, ENDLESS)],
  "status 400": [faults.status(400), (told) => assert.equal(told.status, 400)],
  "status 503 without CORS": [async (reply, q) => faults.status(503)(faults.noCors(reply, q)), (told) => assert.deepEqual(told, REFUSED)],
  "status 429": [faults.status(429, { retryAfter: 2 }), (told) => assert.deepEqual([told.status, told.retryAfter], [429, null])],
  "status 429, exposed": [
    faults.status(429, { retryAfter: 2, expose: true }),
    (told) => assert.deepEqual([told.status, told.retryAfter], [429, "2"]),
  ],
  html: [faults.html, ({ status, type, bytes }) => {
    assert.deepEqual([status, type], [200, "text/html; charset=utf-8"]);
    assert.match(String(bytes), /^<!doctype html>/);
  }],
  "wrong media type": [faults.mediaType("application/json"), (told) => assert.equal(told.type, "application/json")],
  "no media type": [faults.mediaType(null), (told) => assert.equal(told.type, null)],
  empty: [faults.empty, ({ status, bytes }) => assert.deepEqual([status, bytes.length], [200, 0])],
  garbage: [faults.garbage, ({ bytes }) => assert.equal(bytes.readUInt16BE(), 0xdead)],
  tooLarge: [faults.tooLarge, ({ bytes }) => assert.equal(bytes.length, 70_000)],
  truncated: [faults.truncated, (told) => assert.throws(() => dns.decode(told.bytes))],
  incomplete: [faults.incomplete, (told) => assert.ok(message(told).flag_tc && message(told).answers.length)],
  question: [faults.question, (told) => assert.equal(message(told).type, "query")],
  otherQuestion: [faults.otherQuestion, (told) => assert.equal(message(told).questions[0].name, "evil.example")],
  otherName: [faults.otherName, (told) => {
    assert.equal(message(told).questions[0].name, RECORD);
    assert.deepEqual(message(told).answers.map(({ name, type }) => [name, type]), [["evil.example", "TXT"]]);
  }],
  compressionLoop: [faults.compressionLoop, ({ bytes }) => {
    const start = bytes.length - 12;
    assert.equal(bytes.readUInt16BE(start), 0xc000 | start, "a pointer to itself");
    assert.equal(bytes.readUInt16BE(6), 1, "in the only record");
  }],
};

for (const address of ["url", "publicUrl"]) {
  blankScenario(`a resolver's faults are what they say, at its ${address}`, { expects: LOAD_FAILS }, async ({ internet, ask, look, t }) => {
    const at = internet.resolver[address];
    for (const [name, [fault, check]] of Object.entries(FAULTS)) {
      await t.test(name, async () => {
        internet.resolver.fail(`TXT ${RECORD}`, fault);
        check(await ask(`TXT ${RECORD}`, { at }));
        // Everything else stands.
        assert.equal(data(await look(`MX ${DOMAIN}`, { at }), "MX").length, 2);
        internet.resolver.mend();
        assert.equal(data(await look(`TXT ${RECORD}`, { at }), "TXT").length, 1);
      });
    }
  });
}

blankScenario("an answer for another name has the type that was asked for", {}, async ({ internet, look }) => {
  internet.resolver.fail("*", faults.otherName);
  for (const type of ["A", "AAAA", "MX", "TLSA", "TXT"]) {
    assert.deepEqual((await look(`${type} acme-mail.net`)).answers.map((record) => record.type), [type]);
  }
});

blankScenario("faults come in turn, after a while, and together", { expects: LOAD_FAILS }, async ({ internet, ask, visit }) => {
  const states = async (count) => {
    const out = [];
    while (out.length < count) out.push((await ask(`TXT ${RECORD}`)).status);
    return out;
  };
  internet.resolver.fail("*", faults.first(2, faults.status(429)));
  assert.deepEqual(await states(3), [429, 429, 200]);
  internet.resolver.fail(RECORD, faults.inTurn(faults.status(500), faults.fine, faults.status(403)));
  assert.deepEqual(await states(4), [500, 200, 403, 403]);
  internet.resolver.mend();

  internet.resolver.fail("TXT", faults.delay(300));
  const order = [];
  const note = (what) => ask(what).then(() => order.push(what));
  await Promise.all([note(`TXT ${RECORD}`), note(`MX ${DOMAIN}`)]);
  assert.deepEqual(order, [`MX ${DOMAIN}`, `TXT ${RECORD}`]);

  await visit.context.setOffline(true);
  assert.deepEqual(await ask(`TXT ${RECORD}`), REFUSED);
  await visit.context.setOffline(false);
  assert.deepEqual(await states(1), [200]);
});

blankScenario("waves of dependent questions are counted, however many are in each", {}, async ({ internet, look }) => {
  const at = internet.resolver.publicUrl;
  const waves = await internet.gate.count(async () => {
    const [mx] = await Promise.all([look(`MX ${DOMAIN}`, { at }), ...[...Array(20)].map((_, i) => look(`A a${i}.net`, { at }))]);
    const hosts = data(mx, "MX").map(({ exchange }) => exchange);
    await Promise.all(hosts.flatMap((host) => [look(`A ${host}`, { at }), look(`AAAA ${host}`, { at })]));
    await look(`TLSA _25._tcp.${hosts[0]}`, { at });
  });
  assert.equal(waves, 3);
  const sizes = {};
  for (const { wave } of internet.resolver.asked) sizes[wave] = (sizes[wave] ?? 0) + 1;
  assert.deepEqual(sizes, { 1: 21, 2: 4, 3: 1 });
  assert.equal(await internet.gate.count(() => {}), 0);
  await assert.rejects(internet.gate.count(() => assert.fail("said by the work")), /said by the work/);
  // Nobody counts what a browser itself makes wait.
  await internet.gate.count(() => look(`MX ${DOMAIN}`));
  assert.match(internet.resolver.misused.pop(), /six connections/);
});

blankScenario("answers can be held, to look at a page that waits for them", {}, async ({ internet, look }) => {
  const at = internet.resolver.publicUrl;
  const { gate } = internet;
  gate.hold();
  let answered = 0;
  const questions = [`MX ${DOMAIN}`, `TXT ${RECORD}`].map((what) => look(what, { at }).then(() => (answered += 1)));
  await gate.quiet();
  assert.deepEqual([internet.resolver.asked.length, answered], [2, 0]);
  assert.equal(gate.release(), 2);
  await Promise.all(questions);
  assert.deepEqual([answered, gate.waves, gate.holding], [2, 1, true]);
});

const at = `https://${HOST}/.well-known/mta-sts.txt`;
const BODY = policy("mx1.acme-mail.net", "mx2.acme-mail.net");
const text = ({ body }) => Buffer.from(body, "base64").toString();

blankScenario("a policy host serves its policy over a trusted connection", { asks: [HOST], expects: LOAD_FAILS }, async ({ internet, get }) => {
  internet.hosts = goodDomain(DOMAIN).hosts;
  const told = await get(at);
  assert.deepEqual([told.status, told.type, text(told)], [200, "text/plain", BODY]);
  assert.deepEqual(internet.requests.map(({ host, path, method }) => [host, path, method]), [[HOST, "/.well-known/mta-sts.txt", "GET"]]);
  assert.deepEqual(await get(`https://${HOST}/`), REFUSED, "nothing else is there, and nothing tells a page so");
});

/** Each kind of policy host: what a page sees of it. */
const HOSTS = {
  "without CORS": [{ body: BODY, cors: false }, (told) => assert.deepEqual(told, REFUSED)],
  "another page may read it, ours may not": [
    { body: BODY, cors: false, headers: { "access-control-allow-origin": "https://www.acme-mail.net" } },
    (told) => assert.deepEqual(told, REFUSED),
  ],
  "404": [{ status: 404, body: BODY }, (told) => assert.equal(told.status, 404)],
  "200 with HTML": [{ type: "text/html", body: "<!doctype html>" }, (told) => assert.deepEqual([told.status, told.type], [200, "text/html"])],
  "wrong media type": [{ type: "application/octet-stream", body: BODY }, (told) => assert.equal(told.type, "application/octet-stream")],
  "no media type": [{ type: null, body: BODY }, (told) => assert.equal(told.type, null)],
  "70 KB": [{ body: BODY + "x: y\r\n".repeat(12_000) }, (told) => assert.ok(text(told).length > 70_000)],
  "endless body": [{ body: BODY, then: "endless" }, (told) => assert.deepEqual(told, ENDLESS)],
  "slow and endless body": [{ body: BODY, then: "drip" }, (told) => assert.deepEqual(told, ENDLESS)],
  "never answers": [{ then: "silence" }, (told) => assert.deepEqual(told, ENDLESS)],
  "resets the connection": [{ then: "reset" }, (told) => assert.deepEqual(told, REFUSED)],
};

blankScenario("policy hosts are what they say", { asks: [HOST], expects: LOAD_FAILS }, async ({ internet, get, t }) => {
  for (const [name, [host, check]] of Object.entries(HOSTS)) {
    await t.test(name, async () => {
      internet.hosts[HOST] = host;
      check(await get(at));
    });
  }
});

const FOLLOWED = { asks: [HOST, "www.acme-mail.net"], expects: LOAD_FAILS };
blankScenario("a policy host redirects, and a page may follow or not", FOLLOWED, async ({ internet, get }) => {
  internet.hosts[HOST] = { status: 301, headers: { location: "https://www.acme-mail.net/policy" } };
  internet.hosts["www.acme-mail.net"] = { body: BODY, path: "/policy" };
  assert.equal(text(await get(at)), BODY);
  assert.deepEqual(await get(at, { redirect: "error" }), REFUSED);
  assert.equal((await get(at, { redirect: "manual" })).status, 0);
});

/** Hosts that a browser cannot connect to, or will not: why not. */
const UNREACHABLE = {
  "an expired certificate": [HOST, { certificate: "expired" }, "net::ERR_CERT_DATE_INVALID"],
  "a certificate for another name": [HOST, { certificate: "wrong-name" }, "net::ERR_CERT_COMMON_NAME_INVALID"],
  "a self-signed certificate": [HOST, { certificate: "self-signed" }, "net::ERR_CERT_AUTHORITY_INVALID"],
  "a refused connection": ["mta-sts.refused.net", {}, "net::ERR_CONNECTION_REFUSED"],
  "no address": ["mta-sts.nowhere.net", {}, "net::ERR_NAME_NOT_RESOLVED"],
  "nobody of that name": ["mta-sts.stranger.net", null, "net::ERR_CONNECTION_CLOSED"],
};

const unreachable = Object.values(UNREACHABLE).map(([host]) => host);
blankScenario("a browser does not talk to everybody", { asks: unreachable, expects: LOAD_FAILS }, async ({ internet, get, visit, t }) => {
  const failures = [];
  visit.context.on("requestfailed", (request) => failures.push(request.failure().errorText));
  for (const [name, [host, how, why]] of Object.entries(UNREACHABLE)) {
    await t.test(name, async () => {
      internet.hosts = how ? { [host]: { body: BODY, ...how } } : {};
      failures.length = 0;
      assert.deepEqual(await get(`https://${host}/.well-known/mta-sts.txt`), REFUSED);
      // Nor can a page find out more by not wanting to read the answer.
      assert.deepEqual(await get(`https://${host}/.well-known/mta-sts.txt`, { mode: "no-cors" }), REFUSED);
      await eventually(() => assert.deepEqual(failures, [why, why]));
      assert.deepEqual(internet.requests, []);
    });
  }
});

blankScenario("without CORS a page learns that there is an answer, and no more", { asks: [HOST] }, async ({ internet, get }) => {
  internet.hosts[HOST] = { body: BODY, cors: false };
  assert.deepEqual(await get(at, { mode: "no-cors" }), { status: 0, type: null, retryAfter: null, body: "" });
});

blankScenario("a resolver has certificates with faults too", { expects: LOAD_FAILS }, async ({ internet, ask }) => {
  internet.resolver.certificate = "expired";
  assert.deepEqual(await ask(`TXT ${RECORD}`, { at: internet.resolver.publicUrl }), REFUSED);
  assert.equal(internet.resolver.asked.length, 0);
});

blankScenario("the resolver of the real DNS says what is authentic, and what is not", { origins: [new URL(STACK).origin] }, async ({ look }) => {
  const told = async (what, options) => {
    const { rcode, flag_ad, answers } = await look(what, { at: STACK, ...options });
    return [rcode, flag_ad, answers.some(({ type }) => what.startsWith(`${type} `))];
  };
  assert.deepEqual(await told("TLSA _25._tcp.mx1.acme-mail.net"), ["NOERROR", true, true]);
  assert.deepEqual(await told("TXT _mta-sts.broken.acme-mail.net"), ["SERVFAIL", false, false]);
  assert.deepEqual(await told("TXT _mta-sts.broken.acme-mail.net", { cd: true }), ["NOERROR", false, true]);
  assert.deepEqual(await told("MX unsigned.acme-mail.net"), ["NOERROR", false, true]);
});

blankScenario("nobody leaves this Internet, and it notices who is asked and what", { expects: LOAD_FAILS }, async ({ internet, get, visit }) => {
  for (const url of ["http://acme-mail.net/", "https://www.elsewhere.net/", "https://192.0.2.1/"]) {
    assert.deepEqual(await get(url), REFUSED);
  }
  await assert.rejects(visit.assertHarmless(), /requests to other origins/);
  visit.seen.requests.length = 0;
  assert.equal((await get(`${internet.resolver.url}?name=${DOMAIN}`)).error, "TypeError");
  assert.throws(() => internet.assertOrderly(), /requests that no resolver answers/);
  internet.resolver.misused.length = 0;
});
