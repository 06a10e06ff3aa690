// From a broken policy, or from nothing, to what is published, and to the check that compares it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Check, DOMAIN, HOST, OPTIONS, publish, publishNothing } from "./lib/check.mjs";
import { policy } from "./lib/internet/domain.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN, REPAIRED, REPORT } from "./lib/texts.mjs";

scenario("a broken policy is repaired, published and compared with what is served", OPTIONS, async (visit, { internet }) => {
  const { host } = publish(internet);
  await visit.open();
  await visit.paste(BROKEN);
  await visit.button("Repair: 2 safe, 3 to decide").click();
  for (let i = 0; i < 3; i += 1) {
    await becomes(() => visit.focused(), "accept");
    const before = await visit.text();
    await visit.page.keyboard.press("Enter");
    await eventually(async () => assert.notEqual(await visit.text(), before));
  }
  await becomes(() => visit.text(), REPAIRED);
  await visit.button("Publish it").click();
  const { dialog } = visit;
  await comesToMatch(() => dialog.innerText(), /Type your domain first/);
  assert.ok(await dialog.getByRole("button", { name: "Copy" }).last().isDisabled(), "no name without a domain");
  await dialog.getByRole("textbox", { name: "Your mail domain" }).fill(DOMAIN);
  await comesToMatch(() => dialog.innerText(), new RegExp(`https://${HOST}/\\.well-known/mta-sts\\.txt`));
  const steps = await dialog.getByRole("listitem").allInnerTexts();
  assert.equal(steps.length, 3);
  assert.match(steps[1], new RegExp(`_smtp\\._tls\\.${DOMAIN}\\. IN TXT "v=TLSRPTv1; rua=mailto:`));
  assert.match(steps[2], new RegExp(`_mta-sts\\.${DOMAIN}\\. IN TXT "v=STSv1; id=20\\d+T\\d+Z;"`), "the record comes last, with a new id");
  const [download] = await Promise.all([visit.page.waitForEvent("download"), dialog.getByRole("button", { name: "Download mta-sts.txt" }).click()]);
  assert.equal((await readFile(await download.path())).toString(), REPAIRED.replaceAll("\n", "\r\n"));

  await dialog.getByRole("button", { name: `Check ${DOMAIN}` }).click();
  await new Check(visit).done();
  const draft = visit.page.getByTestId("draft");
  await comesToMatch(() => draft.innerText(), /Don’t publish this draft: it does not name mx1\.acme-mail\.net, mx2\.acme-mail\.net.*[\s\S]*What is served is not your draft yet/);
  host.body = REPAIRED.replaceAll("\n", "\r\n");
  await visit.page.getByTestId("again").click();
  await comesToMatch(() => draft.innerText(), /What is served is your draft\./);
});

scenario("a domain without anything gets all three in order, of the mail hosts that were seen", OPTIONS, async (visit, { internet }) => {
  publishNothing(internet);
  await visit.open();
  await new Check(visit).run();
  await visit.button("Set it up in 3 steps").click();
  await becomes(() => visit.dialog.getByRole("listitem").count(), 3);
  const steps = await visit.dialog.getByRole("listitem").allInnerTexts();
  assert.match(steps[0], /mode: testing\s+mx: mx1\.acme-mail\.net\s+mx: mx2\.acme-mail\.net/);
  assert.match(steps[1], /_smtp\._tls/);
  assert.match(steps[2], /_mta-sts/);
});

/** The label of the one primary button of the answer. */
const primary = (visit) => visit.verdict.locator("button.primary:visible").allInnerTexts();

scenario("what is missing altogether is written by one button: the record of a policy, the policy of a record, the record for reports", OPTIONS, async (visit, { internet }) => {
  const { zone } = publish(internet);
  const kept = { ...zone };
  const only = (...names) => names.forEach((name) => delete zone[name]);
  const steps = () => visit.dialog.getByRole("listitem").allInnerTexts();
  await visit.open();

  only(`_mta-sts.${DOMAIN}`);
  await new Check(visit).run();
  await becomes(() => primary(visit), ["Publish the record"]);
  await visit.button("Publish the record").click();
  await comesToMatch(async () => (await steps()).join(), /^[^,]*served already[^,]*_mta-sts\.acme-mail\.net\. IN TXT "v=STSv1; id=20\d+T\d+Z;"[^,]*$/);
  await visit.page.keyboard.press("Escape");

  Object.assign(zone, kept);
  only(`_smtp._tls.${DOMAIN}`);
  await visit.page.getByTestId("again").click();
  await becomes(() => primary(visit), ["Ask for reports"]);
  await visit.button("Ask for reports").click();
  await comesToMatch(async () => (await steps()).join(), /^[^,]*So that failures are told[^,]*,[^,]*_smtp\._tls\.acme-mail\.net/);
  await visit.page.keyboard.press("Escape");

  Object.assign(zone, kept);
  only(HOST);
  internet.hosts = {};
  await visit.page.getByTestId("again").click();
  await becomes(() => primary(visit), ["Publish a policy"]);
  await visit.button("Publish a policy").click();
  await becomes(async () => (await steps()).length, 3);
});

scenario("the next step is the primary button after a reload, too", OPTIONS, async (visit, { internet }) => {
  publish(internet).host.body = policy(`mx1.${DOMAIN}`);
  await visit.open();
  await new Check(visit).run();
  await becomes(() => primary(visit), ["Add the missing host to the policy"]);
  await visit.page.reload();
  await becomes(() => primary(visit), ["Add the missing host to the policy"]);
  await visit.button("Check again").waitFor();
});

scenario("certificates that no browser sees: the button leads to the command for each mail server", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await new Check(visit).run();
  await visit.button("Check the certificates").click();
  const help = visit.page.getByTestId("smtp-help");
  await becomes(() => help.evaluate((details) => details.open), true);
  await comesToMatch(() => help.innerText(), /openssl s_client .*mx1\.acme-mail\.net:25[\s\S]*mx2\.acme-mail\.net:25/);
});

scenario("a policy that names not all mail hosts is opened with lines for the others", OPTIONS, async (visit, { internet }) => {
  publish(internet).host.body = policy(`mx1.${DOMAIN}`);
  await visit.open();
  await new Check(visit).run();
  await visit.button("Add the missing host to the policy").click();
  await comesToMatch(() => visit.text(), /mx: mx1\.acme-mail\.net\nmx: mx2\.acme-mail\.net\n/);
  await becomes(() => visit.page.locator('.card[data-tone="error"]').count(), 0);
});

scenario("what repairs other faults of the policy names the missing hosts as well", OPTIONS, async (visit, { internet }) => {
  publish(internet).host.body = policy(`mx1.${DOMAIN}`).replace(/max_age: \d+/, "max_age: 3600");
  await visit.open();
  await new Check(visit).run();
  await visit.button("Repair the policy").click();
  await comesToMatch(() => visit.text(), /mx: mx1\.acme-mail\.net\nmx: mx2\.acme-mail\.net\nmax_age: 3600/);
});

scenario("a draft that misses mail hosts is completed from the check", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await visit.paste(policy(`mx1.${DOMAIN}`));
  await visit.button("Publish it").click();
  await visit.dialog.getByRole("textbox", { name: "Your mail domain" }).fill(DOMAIN);
  await visit.dialog.getByRole("button", { name: `Check ${DOMAIN}` }).click();
  await new Check(visit).done();
  const lines = visit.page.getByTestId("draft").locator(".fix").first();
  await becomes(async () => (await lines.innerText()).match(/m[ax]\S*:.*/g), [`mx: mx2.${DOMAIN}`]);
  await visit.button("Add it to the draft").click();
  await comesToMatch(() => visit.text(), /mx: mx1\.acme-mail\.net\nmx: mx2\.acme-mail\.net\n/);
});

scenario("where the policy may not be read, the place to paste it is in the answer", OPTIONS, async (visit, { internet }) => {
  publish(internet).host.cors = false;
  await visit.open();
  await new Check(visit).run();
  const field = visit.verdict.getByTestId("fetch-help").getByRole("textbox");
  const box = await field.boundingBox();
  assert.ok(box.y < 720, `on the first screen, at ${box.y}`);
  const again = await visit.page.getByTestId("again").boundingBox();
  assert.ok(box.y < again.y, "before the buttons");
});

scenario("the step with the problem is unfolded by itself, and the strip leads to each", OPTIONS, async (visit, { internet }) => {
  publish(internet).host.body = policy(`mx1.${DOMAIN}`);
  await visit.open();
  await new Check(visit).begin();
  await visit.page.locator('[data-testid="result"][aria-busy="false"]').waitFor();
  const open = () => visit.page.locator(".step > details[open]").evaluateAll((all) => all.map((step) => step.id));
  assert.deepEqual(await open(), ["step-match"]);
  await visit.verdict.getByRole("button", { name: /^Report: / }).click();
  await becomes(open, ["step-match", "step-report"]);
});

const VALUE = "v=STSv1; id=20261128T140000;";
for (const [form, text] of [["a bare value", VALUE], ["a quoted value", `"${VALUE}"`]]) {
  scenario(`a record is published as a whole line of a zone: ${form}`, async (visit) => {
    await visit.open();
    await visit.paste(text);
    await visit.button("Publish it").click();
    await visit.dialog.getByRole("textbox", { name: "Your mail domain" }).fill(DOMAIN);
    await comesToMatch(() => visit.dialog.innerText(), new RegExp(`_mta-sts\\.${DOMAIN}\\. IN TXT "${VALUE}"`));
  });
}

const STS = `_mta-sts.${DOMAIN}. IN TXT "v=STSv1; id=20260101;"`;
const RPT = `_smtp._tls.${DOMAIN}. IN TXT "v=TLSRPTv1; rua=mailto:tls@${DOMAIN}"`;
const NEW_RPT = `_smtp._tls.${DOMAIN}. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@${DOMAIN}"`;

/** Texts with several things in them: whether there is a policy, and the lines in the order in which they are published. */
const SEVERAL = [
  ["a policy and its record", `${CLEAN}\n${STS}\n`, true, [NEW_RPT, STS]],
  ["both records and the policy", `${STS}\n${RPT}\n\n${CLEAN}`, true, [RPT, STS]],
  ["both records", `${STS}\n${RPT}\n`, false, [RPT, STS]],
];

for (const [what, text, withPolicy, lines] of SEVERAL) {
  scenario(`each part of a text is published as what it is: ${what}`, async (visit) => {
    await visit.open();
    await visit.paste(text);
    await visit.button("Publish it").click();
    const { dialog } = visit;
    await becomes(() => dialog.locator(".publish code").allInnerTexts(), lines);
    await becomes(() => dialog.getByRole("listitem").count(), lines.length + Number(withPolicy));
    await dialog.getByRole("button", { name: "Copy" }).last().click();
    await becomes(() => visit.clipboard(), lines.at(-1));
    assert.equal(await dialog.getByLabel("Policy", { exact: true }).count(), Number(withPolicy));
    if (withPolicy) {
      await comesToMatch(() => dialog.getByRole("listitem").first().innerText(), new RegExp(`https://${HOST}/\\.well-known/mta-sts\\.txt`));
      const [download] = await Promise.all([visit.page.waitForEvent("download"), dialog.getByRole("button", { name: "Download mta-sts.txt" }).click()]);
      assert.equal((await readFile(await download.path())).toString(), CLEAN.replaceAll("\n", "\r\n"));
    } else {
      assert.doesNotMatch(await dialog.getByRole("listitem").first().innerText(), /once the policy is served/, "reports need no policy");
    }
    await dialog.getByRole("button", { name: `Check ${DOMAIN}` }).waitFor();
  });
}

/** Texts of which a part is not to be published from here: what is said of it, and the lines that are. */
const NOT_FROM_HERE = [
  [
    "names below the zone",
    '_mta-sts 300 IN TXT "v=STSv1; id=1;"\n_mta-sts.shop 300 IN TXT "v=STSv1; id=2;"\n',
    /Publish this TXT record once the policy is served/,
    [`_mta-sts.${DOMAIN}. IN TXT "v=STSv1; id=1;"`, `_mta-sts.shop.${DOMAIN}. IN TXT "v=STSv1; id=2;"`],
  ],
  [
    "a name that is a CNAME",
    `_mta-sts.${DOMAIN}. CNAME acme._mta-sts.hoster.com.\nacme._mta-sts.hoster.com. TXT "v=STSv1; id=1;"\n`,
    /_mta-sts\.acme-mail\.net is a CNAME to acme\._mta-sts\.hoster\.com, .*whoever runs that publishes it/,
    [],
  ],
  [
    "a value that is cut",
    "_smtp._tls | TXT | v=TLSRPTv1; rua=mailto:tls@acme-mail.n...\n_mta-sts | TXT | v=STSv1; id=20260101;\n",
    /_smtp\._tls\.acme-mail\.net: the text shows only the beginning of this record/,
    [STS],
  ],
  [
    "two policies",
    `Before:\n\n${CLEAN}\nAfter:\n\n${CLEAN.replace("mode: enforce", "mode: testing")}\n${STS}\n`,
    /There are 2 policies in this text, and a domain serves one/,
    [STS],
  ],
];

for (const [what, text, says, lines] of NOT_FROM_HERE) {
  scenario(`what is not to be published from here is told: ${what}`, async (visit) => {
    await visit.open();
    await visit.paste(text);
    await visit.button("Publish it").click();
    const { dialog } = visit;
    // No name in the text says the whole domain.
    if (!text.includes(DOMAIN + ".")) await dialog.getByRole("textbox", { name: "Your mail domain" }).fill(DOMAIN);
    await comesToMatch(() => dialog.innerText(), says);
    await becomes(() => dialog.locator(".publish code").allInnerTexts(), lines);
    assert.equal(await dialog.getByRole("button", { name: "Download mta-sts.txt" }).count(), 0);
  });
}

scenario("where the domain is missing, it is what is typed first", async (visit) => {
  await visit.open();
  await visit.paste(CLEAN);
  await visit.button("Publish it").click();
  await visit.dialog.waitFor();
  const field = visit.dialog.getByRole("textbox", { name: "Your mail domain" });
  await becomes(() => field.evaluate((input) => input === document.activeElement), true);
  const why = await visit.dialog.getByText("Type your domain first").boundingBox();
  const { y, height } = await field.boundingBox();
  assert.ok(why.y >= y + height && why.y < y + height + 30, "the reason stands below it");
  await visit.page.keyboard.type("acme-mail.net");
  await visit.page.keyboard.press("Tab");
  await visit.dialog.getByRole("button", { name: "Check acme-mail.net" }).waitFor();
});

scenario("what a host answers is not published as a file: its domain is asked for", async (visit) => {
  await visit.open();
  await visit.paste("HTTP/2 200\ncontent-type: text/plain\n\nversion: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 2592000\n");
  await comesToMatch(() => visit.title(), /^The answer is right/);
  assert.equal(await visit.button("Publish it").count(), 0);
  await visit.button("Say whose it is, to check the domain").click();
  await visit.domain.fill(DOMAIN);
  await visit.button(`Check ${DOMAIN}`).waitFor();
});

scenario("a TLS report answers with causes, mail servers, sessions and what to do", async (visit) => {
  await visit.open();
  await visit.paste(REPORT);
  const rows = visit.page.getByTestId("report").locator("tbody tr");
  await becomes(() => rows.count(), 3);
  assert.match(await rows.first().innerText(), /STARTTLS[\s\S]*mx2\.mail\.acme-mail\.net[\s\S]*200/, "those with most sessions first");
  assert.match(await rows.nth(1).innerText(), /expired[\s\S]*mx1\.mail\.acme-mail\.net[\s\S]*100/);
  await visit.button(`Check ${DOMAIN}`).waitFor();
});
