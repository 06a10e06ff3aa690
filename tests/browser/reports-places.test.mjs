// The view of many TLS reports has an address: what of it is shown is a step of the history, and neither Back nor a reload
// loses what was read.

import assert from "node:assert/strict";
import { becomes, comesToMatch, scenario } from "./lib/scenario.mjs";
import { dropAll, good, policy, report } from "./lib/reports.mjs";
import { CLEAN } from "./lib/texts.mjs";

const A = "a.acme-mail.net";
const FAILURES = [["certificate-expired", `mx.${A}`, 5, "192.0.2.10"], ["starttls-not-supported", `mx.${A}`, 2, "192.0.2.11"]];

/** Reports about three domains, of which the first has failures of two kinds. */
const three = () => ["a", "b", "c"].map((name) => {
  const domain = `${name}.acme-mail.net`;
  return [`${domain}.json`, report("Google Inc.", 1, [policy({ domain, failures: domain === A ? FAILURES : [] })])];
});

const hash = (visit) => new URL(visit.page.url()).hash;
const answered = (visit, pattern) =>
  comesToMatch(() => visit.page.getByTestId("reports-answer").getByRole("heading").first().innerText(), pattern);
const filters = (visit) => visit.page.getByRole("list", { name: "Filters", includeHidden: true }).getByRole("button").allInnerTexts();
const steps = (visit) => visit.page.evaluate(() => history.length);

const ALL = /^Sessions failed for 1 of 3 domains\.$/;
const OF_A = /^a\.acme-mail\.net: 7 of 47 sessions under MTA-STS failed\.$/;

scenario("a domain is a step of the history with a title, a filter changes its address, and both come back", async (visit) => {
  await visit.open();
  await dropAll(visit, three());
  await answered(visit, ALL);
  await becomes(() => hash(visit), "#/reports");
  await becomes(() => visit.page.title(), "3 TLS reports · stslint");
  const before = await steps(visit);

  await visit.button(`Show what failed for ${A}`).click();
  await answered(visit, OF_A);
  await becomes(() => hash(visit), `#/reports?domain=${A}`);
  await becomes(() => visit.page.title(), `${A} · reports · stslint`);
  assert.equal(await steps(visit), before + 1);

  await visit.page.getByTestId("breakdown").getByRole("button", { name: "Certificate expired" }).click();
  const narrowed = `#/reports?domain=${A}&cause=certificate-expired`;
  await becomes(() => hash(visit), narrowed);
  await becomes(() => filters(visit), [`${A} ×`, "Certificate expired ×"]);
  assert.equal(await steps(visit), before + 1, "it is the same view, narrower");

  await visit.page.goBack();
  await answered(visit, ALL);
  assert.equal(hash(visit), "#/reports");
  await becomes(() => filters(visit), []);
  await becomes(() => visit.page.title(), "3 TLS reports · stslint");
  await visit.page.goForward();
  await becomes(() => filters(visit), [`${A} ×`, "Certificate expired ×"]);
  assert.equal(hash(visit), narrowed);

  await visit.page.getByRole("button", { name: "Without Certificate expired" }).click();
  await becomes(() => hash(visit), `#/reports?domain=${A}`);
  await visit.button("Show all domains").click();
  await answered(visit, ALL);
  await becomes(() => hash(visit), "#/reports");
  assert.equal(await steps(visit), before + 2);
  await visit.page.goBack();
  await answered(visit, OF_A);
  await visit.page.goBack();
  await answered(visit, ALL);
  await visit.page.goBack();
  await visit.article.waitFor({ state: "hidden" });
  await visit.page.goForward();
  await answered(visit, ALL);
});

scenario("a reload loses neither what was read nor what is shown of it, until it is forgotten", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  await dropAll(visit, three());
  await answered(visit, ALL);
  await visit.page.getByTestId("domains").getByRole("button", { name: A }).click();
  await visit.page.getByTestId("breakdown").getByRole("button", { name: "Certificate expired" }).click();
  await becomes(() => filters(visit), [`${A} ×`, "Certificate expired ×"]);
  await visit.page.reload();
  await becomes(() => filters(visit), [`${A} ×`, "Certificate expired ×"]);
  await answered(visit, OF_A);
  await becomes(() => visit.page.title(), `${A} · reports · stslint`);
  await comesToMatch(() => visit.page.getByTestId("read").innerText(), /^3 files read, .*: 3 different reports\.$/m);
  await visit.page.goBack();
  await answered(visit, ALL);
  // What is given from then on is added, and a copy counts once.
  await dropAll(visit, [three()[0], ...good()]);
  await answered(visit, /^Sessions failed for 1 of 4 domains\.$/);
  await comesToMatch(() => visit.page.getByTestId("read").innerText(), /6 different reports\.[\s\S]*1 report came again and counts once\./);
  await visit.page.reload();
  await answered(visit, /^Sessions failed for 1 of 4 domains\.$/);
  await visit.page.goBack();
  await becomes(() => visit.text(), CLEAN);
  await visit.page.goForward();
  await answered(visit, /^Sessions failed for 1 of 4 domains\.$/);
  await visit.page.getByTestId("domains").getByRole("button", { name: "b.acme-mail.net" }).click();
  await answered(visit, /^b\.acme-mail\.net: no failures in this 1 report\.$/);
  await visit.button("Forget all reports").click();
  await visit.page.getByText("Drop files or folders").waitFor();
  assert.equal(hash(visit), "#/reports");
  await visit.page.reload();
  await visit.page.getByText("Drop files or folders").waitFor();
  await becomes(() => visit.page.title(), "TLS reports · stslint");
});

scenario("an address that is opened directly waits for reports, and passes over what it can't mean", async (visit) => {
  await visit.open("#/reports?domain=b.acme-mail.net&sender=Google+Inc.&kind=nonsense&colour=red");
  await visit.page.getByText("Drop files or folders").waitFor();
  await dropAll(visit, three());
  await answered(visit, /^No failures in what the filter lets through\.$/);
  await becomes(() => filters(visit), ["b.acme-mail.net ×", "by Google Inc. ×"]);
  await becomes(() => visit.page.title(), "b.acme-mail.net · reports · stslint");
  // A domain that no report is about is none.
  await visit.follow("#/reports?domain=elsewhere.acme-mail.net");
  await answered(visit, ALL);
  await becomes(() => filters(visit), []);
  await becomes(() => visit.page.title(), "3 TLS reports · stslint");
  assert.equal(await visit.notice.innerText(), "");
  await visit.page.getByTestId("domains").getByRole("button", { name: A }).click();
  await becomes(() => hash(visit), `#/reports?domain=${A}`);
});

scenario("a link with reports stays as it is: what is shown of it is another step", async (visit, { visitor }) => {
  await visit.open();
  await dropAll(visit, three());
  await answered(visit, ALL);
  await visit.button("Make a link").click();
  const link = new URL(await visit.page.getByRole("textbox", { name: "Link" }).inputValue()).hash;
  const other = await visitor();
  await other.open(link);
  await answered(other, ALL);
  await other.page.getByTestId("filter").getByLabel("Reported by").selectOption("Google Inc.");
  await becomes(() => hash(other), "#/reports?sender=Google+Inc.");
  await other.page.goBack();
  await becomes(() => filters(other), []);
  assert.equal(hash(other), link);
  await other.page.reload();
  await answered(other, ALL);
  await other.page.goForward();
  await becomes(() => filters(other), ["by Google Inc. ×"]);
  await answered(other, ALL);
  assert.doesNotMatch(await other.page.getByTestId("read").innerText(), /came again/);
});
