// A result goes to a colleague, is looked at again later, and is compared with what is there by then.

import assert from "node:assert/strict";
import { Check, DOMAIN, HOST, OPTIONS, publish } from "./lib/check.mjs";
import { policy } from "./lib/internet/domain.mjs";
import { becomes, comesToMatch, scenario } from "./lib/scenario.mjs";

const fragment = (address) => new URL(address).hash;

scenario("a link carries the result as a snapshot, and nothing is looked up on opening it", OPTIONS, async (visit, { internet, visitor }) => {
  const { host } = publish(internet);
  host.body = policy(`mx1.${DOMAIN}`);
  await visit.open();
  const seen = await new Check(visit).run();
  const title = await seen.title();
  await visit.button("Share this result").click();
  await visit.dialog.waitFor();
  const link = await visit.shared();
  assert.ok(link.length < 2000, `${link.length} characters`);
  const asked = internet.resolver.asked.length;

  const colleague = await visitor();
  await colleague.open(fragment(link));
  const theirs = new Check(colleague);
  await theirs.done();
  assert.equal(await theirs.title(), title);
  assert.deepEqual(await theirs.loud(), ["LIVE-060"]);
  assert.match(await theirs.words(), /Snapshot of acme-mail\.net, seen 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC; names were looked up by Cloudflare\. Nothing was looked up now\./);
  assert.equal(await colleague.text(), DOMAIN);
  assert.equal(internet.resolver.asked.length, asked);

  // Meanwhile it was repaired, but the id stayed.
  host.body = policy(`mx1.${DOMAIN}`, `mx2.${DOMAIN}`);
  await colleague.page.getByTestId("again").click();
  await becomes(() => theirs.state("match"), "Good");
  await theirs.done();
  assert.deepEqual(await theirs.loud(), ["LIVE-100"]);
  const since = colleague.page.getByTestId("since");
  assert.match(await since.innerText(), /What changed since 20\d\d[\s\S]*Policy, text[\s\S]*mx: mx2\.acme-mail\.net/);
  assert.doesNotMatch(await since.innerText(), /TXT _mta-sts/);
});

scenario("a link may ask to ignore rules: that is said, and the title stays what it is", OPTIONS, async (visit, { internet, visitor }) => {
  publish(internet).host.body = policy(`mx1.${DOMAIN}`);
  await visit.open();
  const title = await (await new Check(visit).run()).title();
  await visit.button("Share this result").click();
  await visit.dialog.waitFor();
  const link = fragment(await visit.shared());
  const colleague = await visitor();
  await colleague.open(link.replace("&z=", "&ignore=LIVE-060&z="));
  const theirs = new Check(colleague);
  await theirs.done();
  assert.equal(await theirs.title(), title, "nothing looks better than it is");
  const aside = theirs.step("match").getByTestId("ignored");
  await comesToMatch(() => aside.locator("> summary").innerText(), /^1 finding is ignored, as the link asks for: LIVE-060$/);
  assert.equal(await theirs.finding("LIVE-060").isVisible(), false);
  await aside.locator("> summary").click();
  assert.equal(await theirs.finding("LIVE-060").isVisible(), true);
  await colleague.button("Share this result").click();
  await colleague.dialog.waitFor();
  assert.match(await colleague.shared(), /&ignore=LIVE-060&/);
});

scenario("a link can carry the domain alone, and asks before it looks anything up", OPTIONS, async (visit, { internet, visitor }) => {
  publish(internet);
  await visit.open();
  await new Check(visit).run();
  await visit.button("Share this result").click();
  await visit.dialog.waitFor();
  const link = await visit.share("Link to check the domain");
  assert.equal(fragment(link), `#/d/${DOMAIN}`);
  internet.resolver.asked = [];
  const colleague = await visitor();
  await colleague.open(fragment(link));
  await colleague.page.getByTestId("check").waitFor();
  assert.equal(await colleague.text(), DOMAIN);
  assert.deepEqual(internet.resolver.asked, []);
  await colleague.page.getByTestId("check").click();
  await new Check(colleague).done();
  assert.equal(await new Check(colleague).state("discover"), "Good");
});

scenario("a result is saved as a report and as JSON", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await new Check(visit).run();
  await visit.button("Share this result").click();
  await visit.dialog.waitFor();
  const report = await visit.share("Markdown report");
  assert.match(report, /Only the mail servers.* certificates were not checked/);
  await visit.dialog.getByRole("radio", { name: "JSON result" }).check();
  const json = JSON.parse(await visit.shared("JSON"));
  const facts = JSON.parse(json.sources[0].text);
  assert.equal(facts.domain, DOMAIN);
  assert.deepEqual(facts.mx, [[10, `mx1.${DOMAIN}`], [20, `mx2.${DOMAIN}`]]);
  assert.deepEqual(facts.sts_txt.records, [["v=STSv1; id=20261125;"]]);
});

scenario("addresses that name no domain are told", OPTIONS, async (visit) => {
  await visit.open("#/check/%20");
  await visit.tells(/names no domain/);
});

scenario("checks are kept only when asked for, compared with, and forgotten", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  const kept = () => visit.page.evaluate(() => localStorage.getItem("stslint-history"));
  await visit.open();
  const seen = await new Check(visit).run();
  assert.equal(await kept(), null);
  /** Unfolds the settings as far as the history. */
  const unfold = async () => {
    for (const words of ["Change resolver, relay or history", "Relay and history"]) {
      const summary = visit.page.getByText(words, { exact: true });
      if (!(await summary.evaluate((element) => element.parentElement.open))) await summary.click();
    }
  };
  await unfold();
  const settings = visit.page.locator("details.live-settings");
  await comesToMatch(() => settings.innerText(), /A relay that you trust can: `?stslint serve`? is one\. None is used\./);
  await visit.page.getByRole("checkbox", { name: /^Keep my checks/ }).check();
  await comesToMatch(async () => (await kept()) ?? "", /^\{"domain":"acme-mail\.net".*\}$/);
  zone[`_mta-sts.${DOMAIN}`].TXT = "v=STSv1; id=new;";
  await visit.page.reload();
  await visit.started();
  await new Check(visit).run();
  await comesToMatch(() => visit.page.getByTestId("since").innerText(), /What changed since[\s\S]*TXT _mta-sts[\s\S]*id=new/);
  assert.ok((await seen.codes()).includes("LIVE-101"), "the id changed, the policy did not");
  assert.equal((await kept()).split("\n").length, 2);
  await unfold();
  await visit.button("Show them").click();
  assert.equal(await visit.dialog.getByRole("listitem").count(), 2);
  await visit.dialog.getByRole("button", { name: DOMAIN }).nth(1).click();
  await comesToMatch(() => seen.words(), /Snapshot of acme-mail\.net/);
  await unfold();
  await visit.button("Show them").click();
  await visit.dialog.getByRole("button", { name: /^Forget them all/ }).click();
  await becomes(kept, null);
});

scenario("a check lives in an address below any path", { ...OPTIONS, asks: ["resolver", HOST] }, async (visit, { internet }) => {
  publish(internet);
  await visit.open(`#/check/${DOMAIN}`);
  await visit.page.getByTestId("check").click();
  await new Check(visit).done();
  assert.match(await new Check(visit).words(), /acme-mail\.net/);
});
