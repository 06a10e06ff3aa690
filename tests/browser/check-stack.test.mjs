// The page asks real servers: a validating resolver before signed, unsigned and broken zones (xtask/src/stack).

import assert from "node:assert/strict";
import { Check, FAILED_REQUESTS } from "./lib/check.mjs";
import { policy } from "./lib/internet/domain.mjs";
import { STACK, scenario } from "./lib/scenario.mjs";

const SIGNED = "acme-mail.net";
const ZONES = { signed: SIGNED, unsigned: `unsigned.${SIGNED}`, broken: `broken.${SIGNED}` };
const OPTIONS = {
  asks: ["resolver", ...Object.values(ZONES).map((domain) => `mta-sts.${domain}`)],
  origins: [new URL(STACK).origin],
  expects: FAILED_REQUESTS,
};

/** Has the real resolver asked about a domain whose policy host is in the Internet of the tests. */
async function check(visit, internet, domain) {
  internet.hosts = { [`mta-sts.${domain}`]: { body: policy(`mx1.${domain}`) } };
  await visit.open();
  await visit.field.fill(domain);
  await visit.page.getByRole("combobox", { name: "Names are looked up by" }).selectOption("Another address …");
  await visit.page.getByRole("textbox", { name: "Its address for DNS over HTTPS" }).fill(STACK);
  return new Check(visit).run(domain);
}

scenario("a signed domain is authentic, TLSA records too", OPTIONS, async (visit, { internet }) => {
  const seen = await check(visit, internet, ZONES.signed);
  assert.deepEqual(await seen.loud(), []);
  assert.ok((await seen.codes()).includes("LIVE-080"));
  assert.match((await seen.hosts.allInnerTexts())[0], /protected[\s\S]*3 1 1 9fc3305f/);
  const tlsa = await seen.lookup("connect", `TLSA _25\\._tcp\\.mx1\\.${SIGNED}`);
  assert.match(await tlsa.innerText(), /DNSSEC: authentic \(AD\)/);
  assert.deepEqual([await seen.state("discover"), await seen.state("fetch"), await seen.state("match")], ["Good", "Good", "Good"]);
});

scenario("a signature that does not fit is told from other failures", OPTIONS, async (visit, { internet }) => {
  const seen = await check(visit, internet, ZONES.broken);
  assert.ok((await seen.loud()).includes("LIVE-086"));
  assert.ok(!(await seen.loud()).includes("LIVE-004"));
  const unchecked = await seen.lookup("discover", `TXT _mta-sts\\.${ZONES.broken}, DNSSEC not checked`);
  assert.match(await unchecked.innerText(), /v=STSv1/);
  assert.equal(await seen.state("report"), "Good");
});

scenario("a zone without signatures is said to have none", OPTIONS, async (visit, { internet }) => {
  const seen = await check(visit, internet, ZONES.unsigned);
  assert.deepEqual(await seen.loud(), []);
  assert.ok((await seen.codes()).includes("LIVE-087"));
});
