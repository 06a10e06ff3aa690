// Many TLS reports in the page: what failed and why, when, what the sender saw, whether to enforce, and the ways out.

import assert from "node:assert/strict";
import axe from "axe-core";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { OPTIONS, publish } from "./lib/check.mjs";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { POLICY, day, dropAll, good, holdReader, mailOf, month, policy, report, several } from "./lib/reports.mjs";
import { BROKEN, CLEAN, REPORT } from "./lib/texts.mjs";

const answer = (visit) => visit.page.getByTestId("reports-answer");
const answered = (visit, pattern) => comesToMatch(() => answer(visit).getByRole("heading").first().innerText(), pattern);
const causes = (visit) => visit.page.getByTestId("causes");
const files = (visit) => visit.page.getByTestId("files");

scenario("dropped reports: the answer first, then what failed by its root, the newest first", OPTIONS, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  await dropAll(visit, month());
  await answered(visit, /^acme-mail\.net: \d+ of \d+ sessions under MTA-STS failed\.$/);
  assert.match(visit.page.url(), /#\/reports$/);
  await becomes(() => visit.page.title(), "acme-mail.net · reports · stslint");
  await comesToMatch(() => visit.page.getByTestId("coverage").innerText(), /^58 reports by Microsoft Corporation, Google Inc\..*The newest report is 1 day old\.$/);
  const titles = () => causes(visit).getByRole("heading", { level: 4 }).allInnerTexts();
  await becomes(titles, ["Certificate expired", "Policy could not be fetched", "STARTTLS not offered"]);
  const first = causes(visit).locator("li.card").first();
  await comesToMatch(() => first.innerText(), /whose time is over[\s\S]*in mode testing[\s\S]*did not load[\s\S]*Renew the certificate[\s\S]*mx2\.acme-mail\.net[\s\S]*Google Inc\. \(/);
  // What no browser sees leads to the command that shows it.
  await answer(visit).getByRole("button", { name: "See whether it is still so" }).click();
  await comesToMatch(() => first.innerText(), /openssl s_client .*mx2\.acme-mail\.net:25/);
  await first.getByRole("button", { name: "Paste it: check acme-mail.net" }).waitFor();
  // The commonest complaint, of which reports say nothing, leads to the live check.
  await causes(visit).getByRole("button", { name: /policy host: check acme-mail\.net/ }).click();
  await comesToMatch(() => visit.page.url(), /#\/d\/acme-mail\.net$/);
  await visit.button("Check again").waitFor();
  await visit.page.goBack();
  await answered(visit, /failed\.$/);
  // From then on copies are compared with what is live.
  await comesToMatch(() => visit.page.getByTestId("copies").innerText(), /Compared with the policy as the check of .* saw it\./);
});

scenario("with a filter it is said that whether to enforce is asked of all reports", async (visit) => {
  await visit.open();
  await dropAll(visit, month());
  await answered(visit, /failed/);
  const words = visit.page.getByTestId("ready").getByText("From all reports, whatever is filtered.");
  assert.equal(await words.isVisible(), false);
  await causes(visit).getByRole("button", { name: "Only this cause" }).first().click();
  await words.waitFor();
  await visit.button(/^Without /).click();
  await words.waitFor({ state: "hidden" });
});

scenario("nothing of a chart is drawn over its words", async (visit) => {
  await visit.open();
  await dropAll(visit, month());
  await answered(visit, /failed/);
  const chart = visit.page.getByTestId("times").locator("svg").first();
  await comesToMatch(() => chart.textContent(), /Failed: up to/);
  const covered = await chart.evaluate((svg) => {
    const behind = (words) => words.compareDocumentPosition(svg.querySelector("g:last-of-type")) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [...svg.querySelectorAll("text")].filter(behind).map((words) => words.textContent);
  });
  assert.deepEqual(covered, []);
});

scenario("each chart has an equal table, and kinds of policies are never added up", async (visit) => {
  await visit.open();
  await dropAll(visit, month());
  await answered(visit, /failed/);
  const figures = visit.page.getByTestId("times").locator("figure");
  await becomes(() => figures.locator("figcaption").allInnerTexts(), ["Sessions under MTA-STS, by day", "Sessions under DANE, by day"]);
  for (const figure of await figures.all()) {
    const svg = figure.locator("svg").first();
    const [title, about] = (await svg.getAttribute("aria-labelledby")).split(" ");
    assert.match(await svg.locator(`#${title}`).textContent(), /^Sessions under/);
    assert.match(await svg.locator(`#${about}`).textContent(), /kept to the policy, \d+ failed/);
    await figure.getByText("The same as a table").click();
    const rows = await figure.locator("tbody tr").count();
    assert.equal(rows, await figure.locator("svg > g").count(), "a row for each bar");
  }
  const sts = await figures.first().locator("tbody tr").allInnerTexts();
  const failed = sts.map((row) => Number(row.split(/\t|\n/)[1])).reduce((all, one) => all + (one || 0), 0);
  assert.match(await answer(visit).innerText(), new RegExp(`${failed} of \\d+ sessions`));
});

scenario("filters go together, by keyboard, and each can be taken away", async (visit) => {
  await visit.open();
  await dropAll(visit, month());
  await answered(visit, /failed/);
  const broken = visit.page.getByTestId("breakdown");
  const cause = broken.getByRole("button", { name: "Certificate expired" });
  await visit.tabTo(cause);
  await visit.page.keyboard.press("Enter");
  await becomes(() => causes(visit).getByRole("heading", { level: 4 }).allInnerTexts(), ["Certificate expired"]);
  await broken.getByRole("button", { name: "Microsoft Corporation" }).click();
  await becomes(() => causes(visit).locator("li.card tbody th code").allInnerTexts(), ["mx2.acme-mail.net"]);
  assert.doesNotMatch(await causes(visit).innerText(), /Google/);
  const chips = visit.page.getByRole("list", { name: "Filters" });
  await becomes(() => chips.getByRole("button").allInnerTexts(), ["by Microsoft Corporation ×", "Certificate expired ×"]);
  await chips.getByRole("button", { name: "Without Certificate expired" }).click();
  await chips.getByRole("button", { name: "Without by Microsoft Corporation" }).click();
  await becomes(() => causes(visit).locator("li.card").count(), 3);
  await broken.getByRole("button", { name: "192.0.2.11" }).click();
  await becomes(() => causes(visit).getByRole("heading", { level: 4 }).allInnerTexts(), ["STARTTLS not offered"]);
  await chips.getByRole("button", { name: "Without sent from 192.0.2.11" }).click();
  await becomes(() => causes(visit).locator("li.card").count(), 3);
});

scenario("the policy that senders saw: stale copies by sender, and a pasted policy with what is missing", async (visit) => {
  await visit.open();
  await dropAll(visit, month());
  await answered(visit, /failed/);
  const copies = visit.page.getByTestId("copies");
  await comesToMatch(() => copies.innerText(), /Compared with the newest copy\. 1 copy is of another policy[\s\S]*Microsoft Corporation[\s\S]*mx: mx2\.acme-mail\.net/);
  await copies.getByText("Compare with a policy that you paste").click();
  await copies.getByRole("textbox", { name: "Policy" }).fill(["version: STSv1", "mode: enforce", "mx: *.acme-mail.net", "max_age: 604800"].join("\n"));
  await copies.getByRole("textbox", { name: "Policy" }).blur();
  await comesToMatch(() => copies.innerText(), /Compared with the pasted policy\. 3 copies are of another policy/);
  await copies.getByRole("button", { name: /^Open the copy of Google/ }).click();
  await comesToMatch(() => visit.text(), /^version: STSv1\nmode: testing\nmx: mx1/);
  await visit.page.goBack();
  await answered(visit, /failed/);
});

scenario("ready for enforce: a basis in numbers, and what to publish then", async (visit) => {
  await visit.open();
  const reports = Array.from({ length: 20 }, (_, i) => [`r${i}.json`, Buffer.from(report("Google Inc.", i + 1, [policy({})]))]);
  await dropAll(visit, reports);
  await answered(visit, /^acme-mail\.net: ready for enforce\.$/);
  const ready = visit.page.getByTestId("ready");
  await comesToMatch(() => ready.innerText(), /14 reports of the last 14 days|13 reports of the last 14 days/);
  await comesToMatch(() => ready.innerText(), /Nothing from Microsoft, mail\.ru: no mail, or no report\./);
  await comesToMatch(() => ready.innerText(), /mode: enforce[\s\S]*_mta-sts\.acme-mail\.net\. IN TXT "v=STSv1; id=\w+;"/);
  await ready.getByRole("button", { name: "Open it in the editor" }).click();
  await comesToMatch(() => visit.text(), /mode: enforce/);
  await comesToMatch(() => visit.title(), /^The text is right/);
});

scenario("no failures says what was covered, and new files add to what is there", async (visit) => {
  await visit.open("#/reports");
  await visit.page.getByText("Drop files or folders").waitFor();
  const [one, ...others] = good();
  await visit.drop(...one);
  await answered(visit, /^acme-mail\.net: no failures in this 1 report\.$/);
  await dropAll(visit, [...others, one]);
  await answered(visit, /^acme-mail\.net: no failures in these 3 reports\.$/);
  await comesToMatch(() => answer(visit).innerText(), /What others met is not known\./);
  await comesToMatch(() => visit.page.getByTestId("read").innerText(), /4 files read.*3 different reports[\s\S]*1 report came again and counts once\./);
});

scenario("what can't be read stops nothing, and DMARC reports are set aside", async (visit) => {
  await visit.open();
  const dmarc = '<?xml version="1.0"?><feedback><report_metadata/></feedback>';
  await dropAll(visit, [...good(), ["broken.json.gz", gzipSync(Buffer.alloc(2000, "x")).subarray(0, 20)], ["d.xml", dmarc], ["note.txt", "hello"]]);
  await answered(visit, /no failures in these 3 reports/);
  const read = visit.page.getByTestId("read");
  await comesToMatch(() => read.innerText(), /1 DMARC report was set aside[\s\S]*1 file or mail has no report/);
  await comesToMatch(() => visit.page.getByTestId("refused").innerText(), /broken\.json\.gz[\s\S]*gzip/);
});

scenario("several domains stand side by side, those with failures first", async (visit) => {
  await visit.open();
  await dropAll(visit, several());
  await answered(visit, /^Sessions failed for 1 of 3 domains\.$/);
  const table = visit.page.getByTestId("domains");
  await becomes(async () => (await table.locator("tbody tr th").allInnerTexts())[0], "a.acme-mail.net");
  await table.getByRole("button", { name: "b.acme-mail.net" }).click();
  await answered(visit, /^b\.acme-mail\.net: no failures in this 1 report\.$/);
  await visit.button("Show all domains").click();
  await answered(visit, /^Sessions failed for 1 of 3/);
});

scenario("a mailbox with two reports leads to the view; one with a single report to the editor, and from there", async (visit, { visitor }) => {
  await visit.open();
  const [one, two] = [report("Google Inc.", 1, [policy({})]), report("Microsoft Corporation", 1, [policy({})])];
  await visit.drop("both.mbox", mailOf(["a.json.gz", gzipSync(one)], ["b.json.gz", gzipSync(two)]));
  await answered(visit, /no failures in these 2 reports/);
  const there = await visitor();
  await there.open();
  await there.drop("one.eml", mailOf(["a.json.gz", gzipSync(one)]));
  await becomes(() => there.text(), one);
  await there.button("Add it to the view of all reports").click();
  await answered(there, /no failures in this 1 report/);
  await there.leave();
  await becomes(() => there.text(), one);
});

scenario("a file of the list with several reports can't be opened in the editor, and the view stays", async (visit) => {
  await visit.open();
  const [one, two] = [report("Google Inc.", 1, [policy({})]), report("Microsoft Corporation", 1, [policy({})])];
  await dropAll(visit, [["both.mbox", mailOf(["a.json.gz", gzipSync(one)], ["b.json.gz", gzipSync(two)])], ["one.json", report("mail.ru", 2, [policy({})])]]);
  await answered(visit, /no failures in these 3 reports/);
  await files(visit).getByText("2 files, to be linted one at a time").click();
  await files(visit).getByRole("button", { name: "Open in the editor: both.mbox" }).click();
  await visit.tells(/In the file both\.mbox there are several reports/);
  await answered(visit, /no failures in these 3 reports/);
  await files(visit).getByRole("button", { name: "Open in the editor: one.json" }).click();
  await comesToMatch(() => visit.text(), /"mail\.ru"/);
});

scenario("by select, by day, by chip: each filter shows what it lets through, can be changed, and keeps the keyboard's place", async (visit) => {
  await visit.open();
  await dropAll(visit, month());
  await answered(visit, /failed/);
  const filter = visit.page.getByTestId("filter");
  await filter.getByText("Filter", { exact: true }).click();
  const sender = filter.getByLabel("Reported by");
  await sender.focus();
  await sender.selectOption("Google Inc.");
  await comesToMatch(() => visit.page.getByTestId("coverage").innerText(), /^28 reports by Google Inc\./);
  await becomes(() => visit.page.evaluate(() => document.activeElement.tagName), "SELECT");
  // The others can still be chosen.
  await sender.selectOption("Microsoft Corporation");
  await comesToMatch(() => visit.page.getByTestId("coverage").innerText(), /^30 reports by Microsoft Corporation/);
  await filter.getByRole("button", { name: "Without by Microsoft Corporation" }).click();
  await becomes(() => sender.inputValue(), "");
  await becomes(() => visit.focused(), "reports-answer");
  // A failure has a cause, a session that went well has none.
  await visit.page.getByTestId("breakdown").getByRole("button", { name: "STARTTLS not offered" }).click();
  const times = visit.page.getByTestId("times");
  await becomes(() => times.locator("figcaption").first().innerText(), "Failures that the filter lets through under MTA-STS, by day");
  await becomes(async () => /kept to the policy/i.test(await times.locator("figure").first().textContent()), false);
  await filter.getByRole("button", { name: "Without STARTTLS not offered" }).click();
  const from = filter.getByRole("textbox", { name: "From" });
  await from.fill(day(3));
  await from.blur();
  await comesToMatch(() => visit.page.getByTestId("coverage").innerText(), /^6 reports/);
});

scenario("copies of one day that differ are no base for what to publish", async (visit) => {
  await visit.open();
  const longer = POLICY.flatMap((line) => (line.includes("mx2") ? [line, line.replace("mx2", "mx3")] : [line]));
  const reports = Array.from({ length: 20 }, (_, i) => [`r${i}.json`, report("Google Inc.", i + 1, [policy({})])]);
  await dropAll(visit, [...reports, ["m.json", report("Microsoft Corporation", 1, [policy({ lines: longer })])]]);
  await answered(visit, /^acme-mail\.net: ready for enforce\.$/);
  const ready = visit.page.getByTestId("ready");
  await comesToMatch(() => ready.innerText(), /Senders saw different policies on the newest day\. Check the domain/);
  assert.doesNotMatch(await ready.innerText(), /mode: enforce/);
  await ready.getByRole("button", { name: "Check acme-mail.net" }).waitFor();
});

scenario("what was met under mx lines that covered more is no proof for those of now", async (visit) => {
  await visit.open();
  const short = POLICY.filter((line) => !line.includes("mx2"));
  const reports = Array.from({ length: 20 }, (_, i) => [`r${i}.json`, report("Google Inc.", i + 1, [policy({})])]);
  await dropAll(visit, [...reports, ["m.json", report("Microsoft Corporation", 1, [policy({ lines: short })])]]);
  await answered(visit, /no failures in these 21 reports/);
  const ready = visit.page.getByTestId("ready");
  await comesToMatch(() => ready.innerText(), /Not enough is known\s+The newest mx lines were first seen on \d{4}-\d\d-\d\d\./);
  assert.doesNotMatch(await ready.innerText(), /mode: enforce/);
});

scenario("a worker that does not come is told, and the files can be given again", { expects: [/ERR_FAILED/] }, async (visit) => {
  await visit.open("#/reports");
  await visit.page.getByText("Drop files or folders").waitFor();
  await visit.page.route(/stslint-worker/, (route) => route.abort());
  await dropAll(visit, good());
  await comesToMatch(() => visit.page.getByTestId("reports").getByRole("alert").innerText(), /could not be loaded: either you are offline/);
  await visit.page.unroute(/stslint-worker/);
  await dropAll(visit, good());
  await answered(visit, /no failures in these 3 reports/);
  assert.equal(await visit.page.getByTestId("reports").getByRole("alert").count(), 0);
});

scenario("forgetting forgets all reports, and new ones can be given", async (visit) => {
  await visit.open();
  await dropAll(visit, good());
  await answered(visit, /no failures in these 3 reports/);
  await visit.button("Forget all reports").click();
  await visit.page.getByText("Drop files or folders").waitFor();
  await dropAll(visit, good().slice(1));
  await answered(visit, /no failures in these 2 reports/);
});

scenario("a folder is read with all that is in it, by its button", async (visit, { t }) => {
  const folder = await mkdtemp(join(tmpdir(), "stslint-reports-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "cur", "deep"), { recursive: true });
  const [one, two, three] = good();
  await writeFile(join(folder, "cur", one[0]), one[1]);
  await writeFile(join(folder, "cur", "deep", two[0]), two[1]);
  await writeFile(join(folder, three[0]), three[1]);
  await visit.open("#/reports");
  const [chooser] = await Promise.all([visit.page.waitForEvent("filechooser"), visit.button("Open a folder").click()]);
  await chooser.setFiles(folder);
  await answered(visit, /no failures in these 3 reports/);
});

scenario("a dropped folder is looked through, as deep as it goes", async (visit) => {
  await visit.open();
  const given = good().map(([name, content]) => [name, content.toString()]);
  await visit.page.evaluate((given) => {
    const files = given.map(([name, text]) => ({ isDirectory: false, isFile: true, name, file: (done) => done(new File([text], name)) }));
    const folder = (name, inside) => ({
      isDirectory: true, isFile: false, name,
      createReader: () => {
        const batches = [inside, []];
        return { readEntries: (done) => done(batches.shift()) };
      },
    });
    const dropped = folder("Maildir", [files[0], folder("cur", [files[1], folder("deep", [files[2]])])]);
    DataTransferItem.prototype.webkitGetAsEntry = () => dropped;
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([""], "Maildir"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, given);
  await answered(visit, /no failures in these 3 reports/);
});

scenario("a report that is pasted into the view is added to it", async (visit) => {
  await visit.open("#/reports");
  await visit.page.getByText("Drop files or folders").waitFor();
  await visit.toClipboard(REPORT);
  await visit.page.keyboard.press("ControlOrMeta+V");
  await comesToMatch(() => visit.page.getByTestId("read").innerText(), /1 different report/);
});

scenario("what is pasted over shared reports is added to them, and the text below stays", async (visit, { visitor }) => {
  await visit.open();
  await dropAll(visit, good());
  await answered(visit, /no failures in these 3 reports/);
  await visit.button("Make a link").click();
  const link = await visit.page.getByRole("textbox", { name: "Link" }).inputValue();
  const other = await visitor();
  // Whoever goes back twice has left the link before it is opened.
  await other.slow(8);
  await other.open();
  await other.paste(CLEAN);
  await other.page.evaluate((fragment) => (location.hash = fragment), link.slice(link.indexOf("#")));
  await answered(other, /no failures in these 3 reports/);
  await other.toClipboard(report("mail.ru", 4, [policy({})]));
  await other.page.keyboard.press("ControlOrMeta+V");
  await answered(other, /no failures in these 4 reports/);
  // All of them have the address of the view, as the link names only some.
  await comesToMatch(() => other.page.url(), /#\/reports$/);
  await other.page.goBack();
  await comesToMatch(() => other.page.url(), /kind=tls-reports/);
  await other.page.goBack();
  await becomes(() => other.text(), CLEAN);
  await other.page.goForward();
  await answered(other, /no failures in these 4 reports/);
});

scenario("several reports that are pasted as one text are read together", async (visit) => {
  await visit.open();
  await visit.paste([report("One", 1, [policy({})]), report("Two", 2, [policy({})])].join("\n"));
  await visit.button("Read all of them").click();
  await answered(visit, /no failures in these 2 reports/);
});

scenario("while many reports are added up, and written to a file, the page goes on and says so", async (visit) => {
  await visit.open("#/reports");
  // Each sender has many machines that fail.
  const failures = Array.from({ length: 250 }, (_, i) => ["certificate-expired", "mx2.acme-mail.net", 1, `192.0.2.${i + 1}`]);
  const mails = Array.from({ length: 160 }, (_, ago) => report(`Sender ${ago % 8}`, ago + 1, [policy({ failures })]));
  // The clock goes on whenever it is asked, so that each part of the work is long enough to stop after it, on any machine.
  await visit.page.evaluate(() => {
    const now = Date.now;
    let asked = 0;
    Date.now = () => now() + 100 * asked++;
  });
  // What is drawn between two parts of the work, and whether a turn of the page came in between.
  await visit.page.evaluate(() => {
    window.drawn = [];
    new MutationObserver(() => {
      const said = [...document.querySelectorAll(".reports :is(.board [role=status], .working)")].filter((it) => it.textContent);
      setTimeout(() => window.drawn.push(...said.filter((it) => it.isConnected && it.textContent).map((it) => it.textContent)));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const drawn = () => visit.page.evaluate(() => [...new Set(window.drawn.splice(0))]);
  await dropAll(visit, mails.map((text, i) => [`${i}.json`, Buffer.from(text)]));
  await answered(visit, /40000 of 46400 sessions under MTA-STS failed/);
  assert.deepEqual(await drawn(), ["Adding up 160 reports\u00a0…"]);
  const by = visit.page.getByRole("combobox", { name: "Reported by" });
  await visit.page.getByText("Filter", { exact: true }).click();
  await by.selectOption("Sender 3");
  await answered(visit, /5000 of 5800 sessions under MTA-STS failed/);
  assert.equal(await by.inputValue(), "Sender 3");
  assert.deepEqual(await drawn(), ["Adding up 160 reports\u00a0…"]);
  const [csv] = await Promise.all([visit.page.waitForEvent("download"), visit.button("Save CSV").click()]);
  const lines = (await readFile(await csv.path(), "utf8")).split("\r\n");
  assert.deepEqual([lines.length, new Set(lines).size], [5002, 5002]);
  await becomes(() => visit.page.locator(".working").innerText(), "");
  assert.deepEqual(await drawn(), ["Writing tls-reports.csv\u00a0…"]);
});

scenario("of files without a report each can be opened", async (visit) => {
  await visit.open();
  await dropAll(visit, Array.from({ length: 30 }, (_, i) => [`policy-${i}.txt`, CLEAN.replace("mail.", `mail${i}.`)]));
  await answered(visit, /^No TLS report in these 30 files\.$/);
  await files(visit).getByRole("button", { name: "Open in the editor: policy-17.txt" }).click();
  await becomes(() => visit.text(), CLEAN.replace("mail.", "mail17."));
  await visit.page.goBack();
  await answered(visit, /^No TLS report/);
});

scenario("the ways out: files of each kind, and a link that opens to the same, without addresses unless asked", async (visit, { visitor }) => {
  await visit.open();
  await dropAll(visit, month());
  await answered(visit, /failed/);
  const saved = async (label) => {
    const [download] = await Promise.all([visit.page.waitForEvent("download"), visit.button(`Save ${label}`).click()]);
    return [download.suggestedFilename(), (await readFile(await download.path())).toString()];
  };
  const [name, csv] = await saved("CSV");
  assert.equal(name, "tls-reports.csv");
  assert.match(csv, /^organization,contact[^\r]*\r\n/);
  const [, ndjson] = await saved("NDJSON");
  assert.equal(ndjson.trim().split("\n").length, csv.trim().split("\r\n").length - 1);
  assert.equal(JSON.parse((await saved("JSON"))[1]).reports, 58);
  assert.match((await saved("Markdown"))[1], /Certificate expired/);
  const link = async () => {
    await visit.button("Make a link").click();
    const field = visit.page.getByRole("textbox", { name: "Link" });
    await field.waitFor();
    return field.inputValue();
  };
  const plain = await link();
  await visit.page.getByRole("checkbox", { name: /With the addresses/ }).check();
  const full = await link();
  const title = await answer(visit).getByRole("heading").first().innerText();
  for (const [address, has] of [[plain, false], [full, true]]) {
    const other = await visitor();
    await other.open(address.slice(address.indexOf("#")));
    await becomes(() => answer(other).getByRole("heading").first().innerText(), title);
    await becomes(async () => /192\.0\.2\.10/.test(await other.page.getByTestId("reports").innerText()), has);
  }
});

scenario("a damaged link says so", async (visit) => {
  await visit.open("#v1&kind=tls-reports&z=K0stKs7Mz7NSCA4JLjPk5QIA");
  await comesToMatch(() => visit.page.getByTestId("reports").innerText(), /This link holds no reports that can be read/);
});

scenario("names out of reports stay text", async (visit) => {
  await visit.open();
  const evil = '<img src=x onerror="__hit(1)">';
  await dropAll(visit, [
    ["a.json", report(evil, 1, [policy({ domain: evil, failures: [[evil, evil, 3, null, evil]] })])],
    ["b.json", report("`x` " + evil, 1, [policy({ domain: "b.acme-mail.net", lines: [evil, ...POLICY] })])],
  ]);
  await answered(visit, /^Sessions failed for 1 of 2 domains/);
  assert.equal(await visit.page.locator("#article img").count(), 0);
});

/** What reading says while it goes on. */
const reading = (visit) => visit.page.getByTestId("reports").locator(".verdict").first();

/** Views of reports, each with everything unfolded. */
const VIEWS = {
  empty: async (visit) => {
    await visit.open("#/reports");
    await visit.page.getByText("Drop files or folders").waitFor();
  },
  full: async (visit) => {
    await visit.open();
    await dropAll(visit, month());
    await answered(visit, /failed/);
  },
  "while the first files are read": async (visit) => {
    await holdReader(visit, 8);
    await visit.open();
    await dropAll(visit, month());
    await comesToMatch(() => reading(visit).innerText(), /Reading \d+ of 58 files/);
  },
  "while more files are read": async (visit) => {
    await holdReader(visit, 8);
    await visit.open();
    await dropAll(visit, good());
    await answered(visit, /no failures in these 3 reports/);
    await dropAll(visit, month());
    await comesToMatch(() => reading(visit).innerText(), /Reading \d+ of 58 files/);
  },
  "with several domains": async (visit) => {
    await visit.open();
    await dropAll(visit, several());
    await answered(visit, /^Sessions failed for 1 of 3 domains/);
  },
  "with files that can't be read": async (visit) => {
    await visit.open();
    await dropAll(visit, [...good(), ["cut.json.gz", gzipSync(Buffer.alloc(2000, "x")).subarray(0, 20)], ["note.txt", "hello"]]);
    await visit.page.getByTestId("refused").waitFor();
  },
};

for (const [what, reach] of Object.entries(VIEWS)) {
  scenario(`axe finds nothing in the view of reports, wide and narrow, light and dark: ${what}`, { context: { bypassCSP: true } }, async (visit) => {
    await reach(visit);
    await visit.page.evaluate(axe.source);
    await visit.page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = true)));
    for (const colorScheme of ["light", "dark"]) {
      for (const size of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
        await visit.page.emulateMedia({ colorScheme });
        await visit.page.setViewportSize(size);
        await eventually(async () => assert.equal(await visit.page.evaluate(() => document.getAnimations().length), 0));
        const found = await visit.page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
        const told = found.violations.map(({ id, nodes }) => `${id}: ${nodes.length} times, first ${nodes[0].html.slice(0, 300)} ${nodes[0].failureSummary}`);
        assert.deepEqual(told, [], `${colorScheme}, ${size.width} px`);
        const wide = await visit.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} px too wide at ${size.width}`);
      }
    }
  });
}

scenario("a report that is too long to be shown is read with the others", async (visit) => {
  const failures = Array.from({ length: 2500 }, (_, i) => ["certificate-expired", "mx1.acme-mail.net", 1, `192.0.2.${i % 250}`]);
  const long = report("Google Inc.", 3, [policy({ well: 0, failures })]);
  assert.ok(long.length > 256 << 10);
  await visit.open();
  await visit.paste(CLEAN);
  await visit.drop("google.com!acme-mail.net!1.json", long);
  await answered(visit, /^acme-mail\.net: 2500 of 2500 sessions under MTA-STS failed\.$/);
  await visit.page.goBack();
  await becomes(() => visit.text(), CLEAN);
  // What is pasted goes the same way.
  await visit.toClipboard(long);
  await visit.field.focus();
  await visit.page.keyboard.press("ControlOrMeta+V");
  await answered(visit, /^acme-mail\.net: 2500 of 2500 sessions under MTA-STS failed\.$/);
});

scenario("while two thousand files are read one goes home and types, and the totals are there when one comes back", async (visit) => {
  const failures = [["certificate-expired", "mx1.acme-mail.net", 1]];
  const many = Array.from({ length: 2000 }, (_, i) => [`${i}.json`, report(`Sender ${i}`, 1 + (i % 30), [policy({ well: 9, failures })])]);
  const release = await holdReader(visit, 400);
  await visit.open();
  await dropAll(visit, many);
  await comesToMatch(() => reading(visit).innerText(), /Reading \d+ of 2000 files/);
  await visit.home.click();
  await visit.field.focus();
  const half = BROKEN.length / 2;
  await visit.page.keyboard.type(BROKEN.slice(0, half));
  assert.equal(await visit.text(), BROKEN.slice(0, half));
  await release();
  await visit.page.keyboard.type(BROKEN.slice(half));
  assert.equal(await visit.text(), BROKEN);
  await visit.settled();
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
  await visit.page.getByRole("link", { name: "Reports", exact: true }).click();
  await answered(visit, /^acme-mail\.net: 2000 of 20000 sessions under MTA-STS failed\.$/);
  await comesToMatch(() => visit.page.getByTestId("read").innerText(), /^2000 files read, [^:]+: 2000 different reports\./);
  await visit.page.goBack();
  await becomes(() => visit.text(), BROKEN);
});

scenario("of a large mailbox one sees how far it is read, and what was read till one stops is kept", async (visit) => {
  const mails = Array.from({ length: 5000 }, (_, i) => {
    const content = report(`Sender ${i % 200}`, 1 + Math.floor(i / 200), [policy({})]);
    return `From a@b Thu Oct  1 06:00:00 2026\nSubject: ${"x".repeat(600)}\nContent-Type: application/tlsrpt+json\n\n${content}\n\n`;
  });
  const mailbox = mails.join("");
  assert.ok(mailbox.length > 5 << 20);
  const release = await holdReader(visit, 4);
  await visit.open();
  await dropAll(visit, [["first.json", report("First", 1, [policy({})])], ["all.mbox", mailbox]]);
  await comesToMatch(() => reading(visit).innerText(), /Reading 1 of 2 files\s…\s+3\.\d MiB of 5\.\d MiB\./);
  await becomes(() => visit.page.title(), "… 1 of 2 files · reports · stslint");
  const share = await reading(visit).getByRole("progressbar", { name: "Bytes read" }).evaluate(({ value, max }) => value / max);
  assert.ok(Math.abs(share - (3 << 20) / mailbox.length) < 0.01, `${share}`);
  await visit.button("Stop, and keep what was read").click();
  await comesToMatch(() => reading(visit).innerText(), /Stopping …/);
  assert.ok(await visit.button("Stop, and keep what was read").isDisabled());
  await release();
  await comesToMatch(() => visit.page.getByTestId("reports").getByRole("alert").innerText(), /^Reading was stopped after 1 of 2 files\./);
  const coverage = visit.page.getByTestId("coverage");
  await comesToMatch(() => coverage.innerText(), /^\d+ reports by/);
  const kept = Number.parseInt(await coverage.innerText(), 10);
  // Those mails that end in what was read: the piece that was on its way is the last one.
  let end = 0;
  const whole = mails.findIndex((mail) => (end += mail.length) > 4 << 20);
  assert.ok(Math.abs(kept - 1 - whole) <= 1, `${kept} of ${whole} and another file`);
  await comesToMatch(() => visit.page.getByTestId("read").innerText(), new RegExp(`^1 file read, 4\\.\\d MiB: ${kept} different reports\\.`));
  await becomes(() => visit.page.locator("#status").innerText(), `${kept} reports are read.`);
});
