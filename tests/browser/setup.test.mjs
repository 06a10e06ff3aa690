// What a domain is to publish, by choices.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Check, DOMAIN, HOST, OPTIONS, publish, publishNothing } from "./lib/check.mjs";
import { day, dropAll, policy as seen, report } from "./lib/reports.mjs";
import { becomes, comesToMatch, scenario } from "./lib/scenario.mjs";

const setup = (visit) => visit.page.getByTestId("setup");
const policy = (visit) => setup(visit).getByLabel("Policy", { exact: true }).innerText();
const records = (visit) => setup(visit).getByLabel("Records", { exact: true }).innerText();
const choose = (visit, label, value) => setup(visit).getByRole("combobox", { name: label }).selectOption(value);
const type = (visit, label, text) => setup(visit).getByRole("textbox", { name: label }).fill(text);

scenario("a domain and its mail servers become policy and records", async (visit) => {
  await visit.open("#/setup");
  await comesToMatch(() => setup(visit).innerText(), /Type the domain/);
  await type(visit, "Domain", DOMAIN);
  await comesToMatch(() => setup(visit).getByRole("alert").innerText(), /needs at least one MX host/);
  await type(visit, "Its mail servers", `mx1.${DOMAIN}\nmx2.${DOMAIN}.`);
  await type(visit, "Reports go to", `tls@${DOMAIN}`);
  await becomes(() => policy(visit), `version: STSv1\nmode: testing\nmx: mx1.${DOMAIN}\nmx: mx2.${DOMAIN}\nmax_age: 604800\n`);
  await comesToMatch(() => records(visit), /_mta-sts\.acme-mail\.net\.\s.*"v=STSv1; id=20\d{6}T\d{6}Z;"[\s\S]*_smtp\._tls\.acme-mail\.net\.\s.*"v=TLSRPTv1; ?rua=mailto:tls@acme-mail\.net;?"/);
  await choose(visit, "Mode", "enforce");
  await comesToMatch(() => policy(visit), /mode: enforce[\s\S]*max_age: 2592000/);
  await choose(visit, "Records are written for", "terraform-route53");
  await comesToMatch(() => records(visit), /resource "aws_route53_record"/);
  const [download] = await Promise.all([visit.page.waitForEvent("download"), setup(visit).getByRole("button", { name: "Download mta-sts.txt" }).click()]);
  assert.equal((await readFile(await download.path())).toString(), (await policy(visit)).trimEnd().replaceAll("\n", "\r\n") + "\r\n");
  // The address has it all.
  await visit.page.reload();
  await comesToMatch(() => policy(visit), /mode: enforce\nmx: mx1\.acme-mail\.net\nmx: mx2/);
  await comesToMatch(() => records(visit), /aws_route53_record/);
});

scenario("how to host it: the files for one's own server, the wrong recipe named, and how to see whether it is right", async (visit) => {
  await visit.open(`#/setup?domain=${DOMAIN}&mx=mx1.${DOMAIN}`);
  await choose(visit, "It is served by", "nginx");
  const hosting = setup(visit).getByTestId("hosting");
  await comesToMatch(() => hosting.innerText(), /server_name mta-sts\.acme-mail\.net;[\s\S]*Known and wrong:[\s\S]*curl -sS -i https:\/\/mta-sts\.acme-mail\.net/);
  await comesToMatch(() => visit.page.url(), /host=nginx/);
});

scenario("what is wrong is said, and what was typed stays", async (visit) => {
  await visit.open(`#/setup?domain=${DOMAIN}&mx=mx1.${DOMAIN}`);
  await comesToMatch(() => policy(visit), /mx1/);
  await type(visit, "Its mail servers", "mx1.acme-mail.net\n<b>mx</b>");
  await comesToMatch(() => setup(visit).getByRole("alert").innerText(), /<b>mx<\/b>.*can't be in a policy/);
  assert.equal(await setup(visit).getByRole("textbox", { name: "Its mail servers" }).inputValue(), "mx1.acme-mail.net\n<b>mx</b>");
  await type(visit, "Its mail servers", "mx1.acme-mail.net");
  await type(visit, "Reports go to", "not an address");
  await comesToMatch(() => setup(visit).getByRole("alert").innerText(), /Reports can't go to/);
});

scenario("providers are known by their hosts, with the source and the risk of a wildcard", async (visit) => {
  await visit.open(`#/setup?domain=${DOMAIN}&mx=acme-mail-net.mail.protection.outlook.com`);
  await comesToMatch(() => setup(visit).getByTestId("providers").innerText(), /Microsoft 365/);
  await comesToMatch(() => policy(visit), /mx: acme-mail-net\.mail\.protection\.outlook\.com/);
  assert.equal(await setup(visit).getByRole("combobox", { name: "They are named" }).inputValue(), "exact");
  await choose(visit, "They are named", "wildcard");
  await comesToMatch(() => policy(visit), /mx: \*\.mail\.protection\.outlook\.com/);
  await comesToMatch(() => setup(visit).innerText(), /Every host that the provider has below this name passes/);
});

scenario("from a check of a domain without anything to the choices, and back to a check", OPTIONS, async (visit, { internet }) => {
  publishNothing(internet);
  await visit.open();
  await new Check(visit).run();
  await visit.button("Set it up in 3 steps").click();
  await visit.dialog.getByRole("link", { name: /More choices/ }).click();
  await comesToMatch(() => visit.page.url(), /#\/setup\?domain=acme-mail\.net&rua=tls-reports%40acme-mail\.net$/);
  // All three steps come along.
  await comesToMatch(() => records(visit), /_smtp\._tls\.acme-mail\.net\.\s.*rua=mailto:tls-reports@acme-mail\.net/);
  await type(visit, "Reports go to", "");
  await comesToMatch(() => setup(visit).innerText(), /_smtp\._tls: left out, as nothing is said of where reports go\./);
  await setup(visit).getByText("How this fits with SPF, DKIM, DMARC and DANE").click();
  await comesToMatch(() => setup(visit).getByTestId("together").innerText(), /DANE[\s\S]*TLSA records at 0 of 2 mail servers\./);
  await comesToMatch(() => policy(visit), /mx: mx1\.acme-mail\.net\nmx: mx2\.acme-mail\.net/);
  await setup(visit).getByRole("button", { name: `Check ${DOMAIN}` }).click();
  await new Check(visit).done();
});

scenario("who runs the policy for the domain is said, and where it is changed", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  zone[HOST] = { CNAME: "example.mta-sts.mailhardener.com" };
  zone["example.mta-sts.mailhardener.com"] = { A: "192.0.2.10" };
  await visit.open();
  const check = await new Check(visit).run();
  await comesToMatch(() => visit.page.getByTestId("hosted").innerText(), /^The policy is run by Mailhardener: change it in the dashboard of Mailhardener\.$/);
  await comesToMatch(() => check.step("fetch").innerText(), /Run by\s+Mailhardener/);
});

scenario("what nobody could look at is not called new", OPTIONS, async (visit, { internet }) => {
  publish(internet).host.cors = false;
  await visit.open();
  await new Check(visit).run();
  await visit.page.evaluate((domain) => (location.hash = `#/setup?domain=${domain}`), DOMAIN);
  await comesToMatch(() => setup(visit).innerText(), /Not seen: https:\/\/mta-sts\.acme-mail\.net\/\.well-known\/mta-sts\.txt\. .*would be overwritten\./);
  await comesToMatch(() => setup(visit).innerText(), /1\. The policy, in the place of one that may be there/);
  await setup(visit).getByRole("button", { name: `See to it in the check of ${DOMAIN}` }).click();
  await visit.page.getByTestId("fetch-help").waitFor();
});

scenario("what is published is changed, not overwritten", OPTIONS, async (visit, { internet }) => {
  const { zone, host } = publish(internet);
  host.body = ["version: STSv1", "mode: testing", `mx: mx1.${DOMAIN}`, `mx: mx2.${DOMAIN}`, "max_age: 604800", "contact: postmaster", ""].join("\r\n");
  zone[`_smtp._tls.${DOMAIN}`] = { TXT: "v=TLSRPTv1; rua=https://reports.acme-mail.net/" };
  await visit.open();
  await new Check(visit).run();
  await visit.page.evaluate((domain) => (location.hash = `#/setup?domain=${domain}&mode=enforce&rua=tls@${domain}`), DOMAIN);
  await comesToMatch(() => policy(visit), /mode: enforce[\s\S]*contact: postmaster/);
  await comesToMatch(() => setup(visit).innerText(), /The policy, in the place of what is there/);
  await comesToMatch(() => records(visit), /rua=https:\/\/reports\.acme-mail\.net\/,mailto:tls@acme-mail\.net/);
});

scenario("whoever asks for reports already is asked for no other address", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  for (const name of [`_mta-sts.${DOMAIN}`, HOST]) delete zone[name];
  internet.hosts = {};
  zone[`_smtp._tls.${DOMAIN}`] = { TXT: `v=TLSRPTv1; rua=mailto:tls@${DOMAIN}` };
  await visit.open();
  await new Check(visit).run();
  await visit.button("Set it up in 3 steps").click();
  await visit.dialog.getByRole("link", { name: /More choices/ }).click();
  await comesToMatch(() => visit.page.url(), /#\/setup\?domain=acme-mail\.net$/);
  await comesToMatch(() => records(visit), /rua=mailto:tls@acme-mail\.net"/);
});

scenario("what nobody chose stays as it is served, and what ends protection is said", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await new Check(visit).run();
  await visit.page.evaluate((domain) => (location.hash = `#/setup?domain=${domain}`), DOMAIN);
  await comesToMatch(() => policy(visit), /mode: enforce\n[\s\S]*max_age: 2592000/);
  await comesToMatch(() => setup(visit).innerText(), /1\. The policy, as it is already/);
  assert.equal(await setup(visit).getByRole("combobox", { name: "Mode" }).inputValue(), "enforce");
  const ends = setup(visit).getByText(/^The policy that is served now is enforced\. In mode testing nothing is/);
  assert.equal(await ends.isVisible(), false);
  await choose(visit, "Mode", "testing");
  await ends.waitFor();
  await comesToMatch(() => policy(visit), /mode: testing\n[\s\S]*max_age: 604800/);
  await comesToMatch(() => visit.page.url(), /mode=testing/);
});

scenario("of several records one is left, with a new id, and an alias is its owner's", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  zone[`_mta-sts.${DOMAIN}`] = { TXT: ["v=STSv1; id=1", "v=STSv1; id=2"] };
  zone[`_smtp._tls.${DOMAIN}`] = { CNAME: "acme.reports.example" };
  zone["acme.reports.example"] = { TXT: "v=TLSRPTv1; rua=mailto:a@reports.example" };
  await visit.open();
  await new Check(visit).run();
  await visit.page.evaluate((domain) => (location.hash = `#/setup?domain=${domain}&rua=tls@${domain}`), DOMAIN);
  await comesToMatch(() => setup(visit).innerText(), /_mta-sts, in the place of the several ones there, of which senders use none: delete all that start with v=STSv1/);
  await comesToMatch(() => setup(visit).innerText(), /_smtp\._tls\.acme-mail\.net is a CNAME to acme\.reports\.example, .*whoever runs that publishes it/);
  const text = await records(visit);
  assert.match(text, /^_mta-sts.* TXT .*v=STSv1; id=\d{8}T?\d+Z?/m);
  assert.doesNotMatch(text, /id=[12]\b|_smtp/);
});

for (const width of [1280, 360]) {
  scenario(`nothing is wider than the window: ${width} px`, { context: { viewport: { width, height: 740 } } }, async (visit) => {
    await visit.open(`#/setup?domain=${DOMAIN}&mx=${"a".repeat(60)}.${"b".repeat(60)}.${DOMAIN}&format=cloudflare`);
    await comesToMatch(() => records(visit), /curl/);
    assert.equal(await visit.excessWidth(), 0);
  });
}

const plan = (visit) => visit.page.getByTestId("plan");
const steps = (visit) => plan(visit).locator(".plan-steps > li");

scenario("a plan has days, what to publish on each, why to wait, and ways out", OPTIONS, async (visit, { internet }) => {
  const { host } = publish(internet);
  host.body = ["version: STSv1", "mode: enforce", `mx: mx1.${DOMAIN}`, `mx: mx2.${DOMAIN}`, "max_age: 604800", ""].join("\r\n");
  await visit.open();
  await new Check(visit).run();
  await visit.page.getByRole("link", { name: /the plan$/ }).click();
  await comesToMatch(() => visit.page.url(), /#\/plan\?domain=acme-mail\.net$/);
  await plan(visit).getByRole("combobox", { name: "Goal" }).selectOption("remove");
  await comesToMatch(() => plan(visit).getByTestId("summary").innerText(), /\d/);
  // RFC 8461 §8.3: mode none first, then a new id, and the record goes when no copy lives.
  await comesToMatch(() => steps(visit).first().innerText(), /mode: none/);
  await comesToMatch(() => steps(visit).last().innerText(), /RFC 8461 §8\.3/);
  await plan(visit).getByLabel("Begins on").fill("2027-03-01");
  await comesToMatch(() => steps(visit).first().innerText(), /2027-03-01/);
  await comesToMatch(() => visit.page.url(), /goal=remove&from=2027-03-01/);
  const [download] = await Promise.all([visit.page.waitForEvent("download"), plan(visit).getByRole("button", { name: /calendar/ }).click()]);
  assert.equal(download.suggestedFilename(), `${DOMAIN}-remove.ics`);
  const calendar = (await readFile(await download.path())).toString();
  assert.match(calendar, /^BEGIN:VCALENDAR\r\n[\s\S]*DTSTART;VALUE=DATE:20270301\r\n[\s\S]*END:VCALENDAR\r\n$/);
  await plan(visit).getByRole("button", { name: "Copy as Markdown" }).click();
  await comesToMatch(() => visit.clipboard(), /- \[ \] [\s\S]*mode: none/);
});

scenario("the link for the team keeps what was published when the plan began, and a check ticks off", OPTIONS, async (visit, { internet }) => {
  const { host, zone } = publish(internet);
  const before = ["version: STSv1", "mode: enforce", `mx: mx1.${DOMAIN}`, `mx: mx2.${DOMAIN}`, "max_age: 604800", ""].join("\r\n");
  host.body = before;
  await visit.open();
  await new Check(visit).run();
  await visit.page.evaluate((domain) => (location.hash = `#/plan?domain=${domain}&goal=remove`), DOMAIN);
  await steps(visit).first().waitFor();
  const days = () => steps(visit).locator("> .hint").allInnerTexts();
  const planned = await days();
  await plan(visit).getByRole("button", { name: "Copy a link for your team" }).click();
  await comesToMatch(() => visit.clipboard(), /#\/plan\?.*was=version%3A\+STSv1/);
  const link = await visit.clipboard();
  // The first two steps are done: mode none is served, under a new id.
  host.body = before.replace("enforce", "none").replace("604800", "86400");
  zone[`_mta-sts.${DOMAIN}`] = { TXT: "v=STSv1; id=20261130;" };
  await visit.home.click();
  await new Check(visit).run();
  await visit.page.goto(link);
  await becomes(() => steps(visit).first().getAttribute("data-state"), "done");
  await becomes(() => steps(visit).nth(1).getAttribute("data-state"), "done");
  // Copies of the policy from before still count, and the days stay.
  assert.deepEqual((await days()).map((day) => day.slice(0, 10)), planned.map((day) => day.slice(0, 10)));
});

scenario("of several records that ask for reports the plan keeps each address", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  zone[`_smtp._tls.${DOMAIN}`] = { TXT: [`v=TLSRPTv1; rua=mailto:a@${DOMAIN}`, `v=TLSRPTv1; rua=mailto:b@${DOMAIN}`] };
  await visit.open();
  await new Check(visit).run();
  await visit.page.evaluate((domain) => (location.hash = `#/plan?domain=${domain}`), DOMAIN);
  const asks = steps(visit).locator("pre", { hasText: "_smtp._tls" }).first();
  await comesToMatch(() => asks.innerText(), /"v=TLSRPTv1; rua=mailto:([ab])@acme-mail\.net,mailto:(?!\1)[ab]@acme-mail\.net"/);
});

scenario("a move to other mail servers asks for them, and says when the old ones may go", async (visit) => {
  await visit.open(`#/plan?domain=${DOMAIN}&goal=move-mx`);
  await plan(visit).getByRole("alert").waitFor();
  await visit.page.goto(`${visit.url}#/plan?goal=enforce&domain=${DOMAIN}&mx=mx1.${DOMAIN}&from=2027-03-01`);
  await comesToMatch(() => steps(visit).first().innerText(), /2027-03-01/);
  await comesToMatch(() => plan(visit).innerText(), /mode: testing[\s\S]*mode: enforce/);
});

scenario("the whole way: nothing, the choices, testing, reports, enforce", OPTIONS, async (visit, { internet }) => {
  publishNothing(internet);
  const { zone } = internet.resolver;
  /** Publishes a policy, and lines of a zone file: what the page says, and nothing else. */
  const serve = (body, lines) => {
    zone[HOST] = { A: "192.0.2.10" };
    internet.hosts = { [HOST]: { body: body.trimEnd().replaceAll("\n", "\r\n") + "\r\n" } };
    for (const [, name, text] of lines.matchAll(/^(\S+)\.\s+(?:\d+\s+)?(?:IN\s+)?TXT\s+"([^"]*)"$/gm)) zone[name] = { TXT: text };
  };
  await visit.open();
  const check = await new Check(visit).run();
  await visit.button("Set it up in 3 steps").click();
  await visit.dialog.getByRole("link", { name: /More choices/ }).click();
  await type(visit, "Reports go to", `tls@${DOMAIN}`);
  await comesToMatch(() => records(visit), /rua=mailto:tls@/);
  serve(await policy(visit), await records(visit));
  assert.deepEqual(Object.keys(zone).filter((name) => name.startsWith("_")).sort(), [`_mta-sts.${DOMAIN}`, `_smtp._tls.${DOMAIN}`]);
  await setup(visit).getByRole("button", { name: `Check ${DOMAIN}` }).click();
  await check.done();
  await becomes(async () => ({ ...(await check.states()), connect: "" }), { discover: "Good", fetch: "Good", match: "Good", connect: "", report: "Good" });
  assert.deepEqual(await check.loud(), []);

  // A month in mode testing goes well, and the team has the plan since then.
  await dropAll(visit, Array.from({ length: 30 }, (_, ago) => ["Google Inc.", "Microsoft Corporation"].map((sender) => [`${sender}-${ago}.json`, report(sender, ago + 1, [seen({})])])).flat());
  await comesToMatch(() => visit.page.getByTestId("reports-answer").innerText(), /ready for enforce/);
  await visit.page.getByRole("link", { name: /the plan$/ }).click();
  const enforce = steps(visit).filter({ has: visit.page.locator("pre", { hasText: "mode: enforce" }) });
  await comesToMatch(() => enforce.innerText(), new RegExp(`^${day(0)}`));
  const state = (step) => step.getAttribute("data-state");
  assert.deepEqual(await Promise.all((await steps(visit).all()).slice(0, 3).map(state)), ["open", "done", "done"]);
  const announce = steps(visit).filter({ has: visit.page.locator("pre", { hasText: "_mta-sts" }) }).last();
  serve(await enforce.locator("pre").innerText(), await announce.locator("pre").last().innerText());
  await plan(visit).getByRole("button", { name: `Check ${DOMAIN}` }).click();
  await check.done();
  await comesToMatch(() => check.words(), /The policy says enforce[\s\S]*What is served is your draft\./);
  assert.deepEqual(await check.loud(), []);
  // The check is a step of its own: Back leads to the plan, which has nothing more to ask for.
  assert.match(visit.page.url(), /#\/d\/acme-mail\.net$/);
  await visit.page.goBack();
  await comesToMatch(() => plan(visit).innerText(), /The policy is in mode enforce already/);
});

scenario("what no check can see is ticked off by its day, and what is known of the zone counts", async (visit) => {
  await visit.open(`#/plan?domain=${DOMAIN}&goal=park&from=2027-03-01&mx=mx1.${DOMAIN}&was=${encodeURIComponent("version: STSv1\nmode: enforce\nmx: mx1.acme-mail.net\nmax_age: 604800\n")}`);
  const first = steps(visit).first();
  await first.getByLabel(/: done on$/).fill("2027-03-02");
  await becomes(() => first.getAttribute("data-state"), "done");
  await comesToMatch(() => visit.page.url(), /done=null-mx%3D2027-03-02/);
  const write = (label, text) => plan(visit).getByRole("textbox", { name: label }).fill(text);
  await plan(visit).getByRole("combobox", { name: "Goal" }).selectOption("emergency");
  await comesToMatch(() => plan(visit).innerText(), /is taken to be/);
  await write("TTL of _mta-sts in its zone", "7200");
  await comesToMatch(() => plan(visit).innerText(), /Within 2 hours\./);
  assert.doesNotMatch(await plan(visit).innerText(), /is taken to be/);
  await plan(visit).getByRole("combobox", { name: "Goal" }).selectOption("park");
  await write("It takes mail as this domain does", "example.com");
  await comesToMatch(() => plan(visit).innerText(), /CNAME mta-sts\.example\.com\./);
});
