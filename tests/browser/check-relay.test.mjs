// A relay fetches what browsers may not read. The page says that it was used, and whose it is.

import assert from "node:assert/strict";
import { Check, DOMAIN, OPTIONS, publish } from "./lib/check.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { startMail, startRelay } from "./lib/relay.mjs";

/** A domain whose policy host lets no page read the policy, and the relay for it. */
async function withRelay(internet, { mail, ...options }, body) {
  publish(internet, { mail: ["mx1"], ad: true }).host.cors = false;
  const smtp = mail && (await startMail(internet.issue(`mx1.${DOMAIN}`, mail)));
  const relay = await startRelay(internet, { mail: smtp, ...options });
  try {
    return await body(relay);
  } finally {
    relay.close();
    smtp?.close();
  }
}

scenario("a page from a relay uses it by itself, and everything is seen", OPTIONS, async (visit, { internet, visitor }) => {
  await withRelay(internet, { mail: "good", args: ["--operator", "Acme <b>postmaster</b>"] }, async (relay) => {
    const there = await visitor({ url: relay.url });
    await there.open();
    const seen = await new Check(there).run();
    assert.deepEqual(await seen.states(), { discover: "Good", fetch: "Good", match: "Good", connect: "Good", report: "Good" });
    assert.equal(await seen.title(), `MTA-STS of ${DOMAIN} works.`);
    assert.match(await seen.words(), /hosts looked at by the relay of this page, run by Acme <b>postmaster<\/b>/);
    assert.match(await seen.step("fetch").innerText(), /Certificate for\s+mta-sts\.acme-mail\.net/);
    assert.match((await seen.hosts.allInnerTexts())[0], /offered, certificate for mx1\.acme-mail\.net, until 20\d\d-\d\d-\d\d, trusted/);
    assert.equal(await there.page.getByTestId("fetch-help").isVisible(), false);
    const fetched = await seen.lookup("fetch", `https://mta-sts.${DOMAIN}/.well-known/mta-sts.txt`);
    assert.match(await fetched.innerText(), /status 200, text\/plain, \d+ bytes[\s\S]*the relay of this page/);
  });
  await visit.open();
});

for (const [name, mail, certificate, codes, words] of [
  ["a mail host", "expired", "good", ["LIVE-069"], ["connect", /mx1\.acme-mail\.net/]],
  ["the policy host", "good", "wrong-name", ["LIVE-003", "LIVE-042"], ["fetch", /The certificate of the policy host is not for/]],
]) {
  scenario(`what a relay sees of the certificate of ${name} is judged`, OPTIONS, async (visit, { internet, visitor }) => {
    await withRelay(internet, { mail }, async (relay) => {
      internet.hosts[`mta-sts.${DOMAIN}`].certificate = certificate;
      const there = await visitor({ url: relay.url });
      await there.open();
      const seen = await new Check(there).run();
      assert.deepEqual((await seen.loud()).sort(), codes);
      const [step, told] = words;
      assert.equal(await seen.state(step), "Broken");
      assert.match(await seen.step(step).innerText(), told);
      assert.equal(await seen.state("discover"), "Good");
    });
    await visit.open();
  });
}

scenario("a page from elsewhere uses the relay that it is told, and remembers it", OPTIONS, async (visit, { internet }) => {
  const origin = new URL(visit.url).origin;
  await withRelay(internet, { args: ["--relay-only", "--allow-origin", origin] }, async (relay) => {
    visit.origins.push(new URL(relay.url).origin);
    await visit.open();
    await visit.field.fill(DOMAIN);
    await visit.page.getByText("Relay and history").click();
    const field = visit.page.getByRole("textbox", { name: "Relay" });
    const says = visit.page.getByTestId("relay-says");
    await field.fill("ftp://nonsense");
    await field.blur();
    await comesToMatch(() => says.innerText(), /Not an address that begins with https:/);
    await field.fill(relay.url);
    await field.blur();
    await comesToMatch(() => says.innerText(), /Policies are fetched by the relay at http:\/\/127\.0\.0\.1:\d+\//);
    const seen = await new Check(visit).run();
    assert.equal(await seen.state("fetch"), "Good");
    assert.match(await seen.words(), /hosts looked at by the relay at http/);

    // After a reload, too; and nobody asks it anything before something is checked.
    const asked = () => visit.seen.requests.filter((url) => url.startsWith(relay.url)).length;
    await visit.page.reload();
    await visit.started();
    const before = asked();
    await visit.page.waitForLoadState("networkidle");
    assert.equal(asked(), before);
    await visit.page.getByTestId("again").click();
    await eventually(() => assert.ok(asked() > before));
    await new Check(visit).done();
    await becomes(() => seen.state("fetch"), "Good");
    assert.match(await seen.words(), /hosts looked at by the relay at http/);
  });
  // It is gone now: that says nothing about the domain.
  await visit.page.getByTestId("again").click();
  const seen = new Check(visit);
  await becomes(() => seen.state("fetch"), "Not seen");
  await seen.done();
  assert.match(await seen.step("fetch").innerText(), /The relay can’t be reached/);
  assert.deepEqual(await seen.loud(), []);
});
