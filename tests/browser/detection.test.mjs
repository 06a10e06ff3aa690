// What was pasted is recognised and said; a wrong guess can be overridden; what each part means is explained.

import assert from "node:assert/strict";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";

const REPORT = JSON.stringify({
  "organization-name": "Acme",
  "date-range": { "start-datetime": "2026-01-01T00:00:00Z", "end-datetime": "2026-01-01T23:59:59Z" },
  "contact-info": "tls@acme.net",
  "report-id": "2026-01-01_acme.net",
  policies: [
    {
      policy: { "policy-type": "sts", "policy-string": ["version: STSv1", "mode: enforce"], "policy-domain": "acme.net" },
      summary: { "total-successful-session-count": 1, "total-failure-session-count": 0 },
    },
  ],
});

const ANSWER = (data) => JSON.stringify({
  Status: 0,
  Question: [{ name: "_mta-sts.acme.net.", type: 16 }],
  Answer: [{ name: "_mta-sts.acme.net.", type: 16, TTL: 300, data }],
});

const INPUTS = [
  ["a policy", CLEAN, "MTA-STS policy"],
  ["an MTA-STS record", "v=STSv1; id=20261121T120000Z;", "MTA-STS record"],
  ["a TLSRPT record", "v=TLSRPTv1; rua=mailto:tls@acme.net", "TLSRPT record"],
  ["quoted strings", '"v=STSv1; " "id=20261121T120000Z;"', "MTA-STS record, as quoted strings"],
  ["a zone-file line", '_mta-sts.acme.net. 3600 IN TXT "v=STSv1; id=1;"', "MTA-STS record, as zone-file lines"],
  [
    "zone-file lines with both records",
    '_mta-sts.acme.net. 3600 IN TXT "v=STSv1; id=1;"\n_smtp._tls.acme.net. 3600 IN TXT "v=TLSRPTv1; rua=mailto:tls@acme.net"\n',
    "MTA-STS record, as zone-file lines · TLSRPT record, as zone-file lines",
  ],
  [
    "output of dig",
    "; <<>> DiG 9.18.24 <<>> TXT _mta-sts.acme.net\n;; global options: +cmd\n;; Got answer:\n" +
      ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 5\n;; flags: qr rd ra; QUERY: 1, ANSWER: 1\n\n" +
      ';; QUESTION SECTION:\n;_mta-sts.acme.net.\tIN\tTXT\n\n;; ANSWER SECTION:\n_mta-sts.acme.net.\t300\tIN\tTXT\t"v=STSv1; id=1;"\n',
    "MTA-STS record, as dig, a similar tool or a DNS panel shows it",
  ],
  ["a DNS-over-HTTPS answer", ANSWER('"v=STSv1; id=1;"'), "MTA-STS record in a DNS-over-HTTPS answer"],
  ["output of curl -i", `HTTP/2 200\ncontent-type: text/plain\n\n${CLEAN}`, "MTA-STS policy in an HTTP response"],
  ["a TLS report", REPORT, "TLS report"],
  ["a domain", "acme.net", "Domain name"],
  ["a web address", "https://www.acme.net/contact", "Domain name from a web address"],
  ["a mail address", "postmaster@acme.net", "Domain name from a mail address"],
];

/** A report in which `line` is the mode of the policy. */
const REPORT_WITH_POLICY = (line) =>
  JSON.stringify({
    "organization-name": "Acme",
    "date-range": { "start-datetime": "2026-01-01T00:00:00Z", "end-datetime": "2026-01-01T23:59:59Z" },
    "contact-info": "mailto:tls@acme-mail.net",
    "report-id": "1",
    policies: [
      {
        policy: {
          "policy-type": "sts",
          "policy-string": ["version: STSv1", line, "mx: mail.acme-mail.net", "max_age: 604800"],
          "policy-domain": "acme-mail.net",
          "mx-host": ["mail.acme-mail.net"],
        },
        summary: { "total-successful-session-count": 1, "total-failure-session-count": 0 },
      },
    ],
  });

scenario("it is said what was recognised", async (visit) => {
  await visit.open();
  for (const [what, text, taken] of INPUTS) {
    await visit.paste(text);
    await becomes(() => visit.readAs(), `Read as: ${taken}`, what);
    assert.equal(await visit.kind.inputValue(), "", "the guess is no choice");
  }
});

scenario("a wrong guess can be overridden, and taken back", async (visit) => {
  await visit.open();
  await visit.paste("v=STSv1; id=1;");
  await becomes(() => visit.readAs(), "Read as: MTA-STS record");
  await becomes(() => visit.codes(), []);
  await visit.chooseKind({ label: "TLSRPT record (_smtp._tls)" });
  await becomes(() => visit.readAs(), "Read as: TLSRPT record");
  await eventually(async () => assert.ok((await visit.codes()).some((code) => code.startsWith("RPT-TXT-"))));
  await visit.chooseKind({ label: "MTA-STS policy" });
  await becomes(() => visit.readAs(), "Read as: MTA-STS policy");
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-008")));
  await visit.chooseKind({ label: "Detect automatically" });
  await becomes(() => visit.readAs(), "Read as: MTA-STS record");
  await becomes(() => visit.codes(), []);
});

scenario("a policy domain changes the findings, also as an internationalised name", async (visit) => {
  await visit.open();
  await visit.paste("version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 2592000\n");
  await becomes(() => visit.codes(), ["STS-POL-103", "STS-POL-098"]);
  await visit.nameDomain("example.com");
  await becomes(() => visit.codes(), ["STS-POL-099", "STS-POL-103"]);
  await visit.nameDomain("example.org");
  await becomes(() => visit.codes(), ["STS-POL-103", "STS-POL-098"]);
  await visit.nameDomain("not a domain");
  await becomes(() => visit.domain.getAttribute("aria-invalid"), "true");
  await becomes(() => visit.codes(), ["STS-POL-103", "STS-POL-098"]);
  await visit.nameDomain("bücher.acme");
  await becomes(() => visit.domain.getAttribute("aria-invalid"), "false");
  await visit.paste("version: STSv1\nmode: enforce\nmx: *.xn--bcher-kva.acme\nmax_age: 2592000\n");
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-099")));
});

scenario("a TLS report is linted, and the policy in it at its characters", async (visit) => {
  await visit.open();
  const report = REPORT_WITH_POLICY("mode: Enforce");
  await visit.paste(report);
  await becomes(() => visit.readAs(), "Read as: TLS report");
  await comesToMatch(() => visit.card("RPT-JSON-025").innerText(), /starting with STS-POL-052/);
  const { text, start } = (await visit.marked()).find(({ code }) => code === "RPT-JSON-025");
  assert.match(text, /Enforce/);
  assert.equal(report.slice(start, start + text.length), text);
});

scenario("for a domain there are commands to copy", async (visit) => {
  await visit.open();
  await visit.paste("Acme.net");
  const commands = visit.page.getByRole("list", { name: "Commands to run" });
  await becomes(() => commands.locator("code").allInnerTexts(), [
    "dig +noall +answer TXT _mta-sts.acme.net",
    "dig +noall +answer TXT _smtp._tls.acme.net",
    "curl -sS -i --max-redirs 0 --max-time 60 https://mta-sts.acme.net/.well-known/mta-sts.txt",
  ]);
  await commands.getByRole("listitem").nth(2).getByRole("button", { name: "Copy" }).click();
  await becomes(() => visit.clipboard(), "curl -sS -i --max-redirs 0 --max-time 60 https://mta-sts.acme.net/.well-known/mta-sts.txt");
});

scenario("a correct policy tells its owner what each part means", async (visit) => {
  await visit.open();
  await visit.paste("version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmx: *.acme.net\nmax_age: 604800\n");
  const outline = visit.page.getByRole("region", { name: "What it says" });
  const parts = () => outline.locator("dt").allInnerTexts();
  await becomes(parts, ["version", "mode", "mx", "mx", "max_age"]);
  const meaning = async (i) => (await outline.locator("dd").nth(i).innerText()).replaceAll("\n", " ");
  assert.match(await meaning(1), /^enforce .{30}/);
  assert.match(await meaning(3), /\*\.acme\.net .{30}/);
  assert.match(await meaning(4), /7 days/);
  await visit.paste("v=TLSRPTv1; rua=mailto:tls@acme.net");
  await eventually(async () => assert.ok((await parts()).includes("rua")));
  // What is right in a broken policy is explained, too.
  await visit.paste(BROKEN);
  await becomes(parts, ["version"]);
});

scenario("every example opens, and shows its mistake or that all is right", async (visit) => {
  await visit.open("#/examples");
  await visit.article.getByRole("heading", { name: "What goes wrong" }).waitFor();
  const lists = visit.article.getByRole("list");
  const examples = [];
  for (const [i, good] of [[0, false], [1, true]]) {
    for (const link of await lists.nth(i).getByRole("link").all()) {
      examples.push({ good, name: await link.innerText(), href: await link.getAttribute("href") });
    }
  }
  assert.ok(examples.filter(({ good }) => good).length >= 4, "there are good ones");
  assert.ok(examples.filter(({ good }) => !good).length >= 8, "there are mistakes");
  for (const { good, name, href } of examples) {
    await visit.follow(href);
    await visit.tells(new RegExp(`“${name.replaceAll(/[.*+?]/g, "\\$&")}”`));
    await visit.settled();
    const severe = visit.page.locator('.card[data-tone="error"], .card[data-tone="warning"]');
    if (good) assert.equal(await severe.count(), 0, name);
    else assert.ok((await severe.count()) > 0, name);
  }
});

scenario("examples open by clicks, from the start and from the list", async (visit) => {
  await visit.open();
  await visit.page.getByRole("link", { name: "Mode in capitals" }).click();
  await eventually(async () => assert.ok((await visit.codes()).includes("STS-POL-052")));
  await comesToMatch(() => visit.text(), /^version: STSv1\nmode: Enforce\n/);
  await visit.page.getByRole("link", { name: "Examples", exact: true }).click();
  await visit.article.getByRole("link", { name: "TLSRPT record" }).click();
  await visit.article.waitFor({ state: "hidden" });
  await becomes(() => visit.readAs(), "Read as: TLSRPT record");
  // The same once more, after a change.
  await visit.paste("x");
  await visit.page.getByRole("link", { name: "Examples", exact: true }).click();
  await visit.article.getByRole("link", { name: "TLSRPT record" }).click();
  await becomes(() => visit.readAs(), "Read as: TLSRPT record");
  await visit.page.getByRole("button", { name: "Restore previous text" }).click();
  await becomes(() => visit.text(), "x");
});

scenario("addresses are not asked what they are; a text that nobody knows is", async (visit) => {
  await visit.open();
  await visit.paste("192.0.2.1\n192.0.2.2\n");
  await comesToMatch(() => visit.title(), /^Addresses of hosts/);
  assert.equal(await visit.verdict.getByText("Say what it is:").count(), 0);
  await visit.paste("Is there something to see?\n");
  await visit.verdict.getByText("Say what it is:").waitFor();
});

for (const [names, line] of [[["b.acme-mail.net", "c.acme-mail.net", "d.acme-mail.net"], 5], [[], 2]]) {
  scenario(`in a list of domains with a line that is none, that line is named and marked: ${names.length + 2} domains`, async (visit) => {
    await visit.open();
    const lines = ["a.acme-mail.net", ...names, "not a domain!", "e.acme-mail.net"];
    await visit.paste(lines.join("\n"));
    await comesToMatch(() => visit.title(), /^A list of domains, with lines that are none/);
    assert.match(await visit.verdict.innerText(), new RegExp(`Line ${line} is none\\.`));
    await becomes(async () => (await visit.marked()).map(({ text }) => text), ["not a domain!"]);
    assert.equal(await visit.verdict.getByRole("button", { name: /^Check/ }).count(), 0, "none of them is meant");
    await visit.paste(lines.join("\n").replace("not a", "# not a"));
    await comesToMatch(() => visit.title(), /^A list of \d domains/);
  });
}

scenario("an alias offers the domain that has it, not the one that it leads to", async (visit) => {
  await visit.open();
  await visit.paste("_mta-sts.acme-mail.net. 3600 IN CNAME _mta-sts.vendor.example.\n");
  await visit.button("Check acme-mail.net").waitFor();
  await visit.paste("_mta-sts 3600 IN CNAME _mta-sts.vendor.example.\n");
  await comesToMatch(() => visit.title(), /CNAME/);
  assert.equal(await visit.verdict.getByRole("button", { name: /^Check / }).count(), 0);
});
