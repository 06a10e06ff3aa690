// The states of the page that a person can come to, each from a fresh start.

import { becomes, eventually } from "./waits.mjs";
import { BROKEN, CLEAN, REPORT } from "./texts.mjs";
import assert from "node:assert/strict";

const has = (visit, code) => eventually(async () => assert.ok((await visit.codes()).includes(code)));

export const STATES = {
  "empty page": async (visit) => {
    await visit.open();
  },
  "broken policy": async (visit) => {
    await visit.open();
    await visit.paste(BROKEN);
    await has(visit, "STS-POL-052");
  },
  "broken policy with invisible characters shown and a current finding": async (visit) => {
    await visit.open();
    await visit.drop("mta-sts.txt", `\ufeff${BROKEN}`.replaceAll("\n", "\r\n"));
    await has(visit, "STS-POL-002");
    await visit.invisible.click();
    await visit.field.focus();
    await visit.page.keyboard.press("F8");
    await visit.page.locator(".card[data-current]").waitFor();
  },
  "clean policy": async (visit) => {
    await visit.open();
    await visit.paste(CLEAN);
    await becomes(() => visit.codes(), []);
  },
  "report with failures": async (visit) => {
    await visit.open();
    await visit.paste(REPORT);
    await visit.page.getByTestId("report").waitFor();
  },
  "suggestion to decide about": async (visit) => {
    await visit.open();
    await visit.paste(BROKEN);
    await visit.button(/^Repair/).click();
    await visit.page.locator("#accept").waitFor();
  },
  "publish dialog": async (visit) => {
    await visit.open();
    await visit.paste(CLEAN);
    await visit.button("Publish it").click();
    await visit.dialog.waitFor();
  },
  "nothing of ours": async (visit) => {
    await visit.open();
    await visit.paste("is my mail safe?");
    await visit.button("MTA-STS policy").waitFor();
  },
  "domain with commands": async (visit) => {
    await visit.open();
    await visit.paste("a-rather-long-name-of-a-mail-domain.acme-mail.net");
    await visit.page.getByRole("list", { name: "Commands to run" }).waitFor();
  },
  "share dialog": async (visit) => {
    await visit.open();
    await visit.paste(BROKEN);
    await visit.share("Link with the text");
  },
  "rule dialog": async (visit) => {
    await visit.open();
    await visit.paste(BROKEN);
    await visit.card("STS-POL-083").getByRole("link", { name: "STS-POL-083" }).click();
    await visit.dialog.getByRole("heading", { name: "Wrong" }).waitFor();
  },
  rule: async (visit) => {
    await visit.open("#/rules/STS-POL-083");
    await visit.article.getByRole("heading", { name: "Wrong" }).waitFor();
  },
  "all examples": async (visit) => {
    await visit.open("#/examples");
    await visit.article.getByRole("heading", { name: "What goes wrong" }).waitFor();
  },
  "list of all rules": async (visit) => {
    await visit.open("#/rules");
    await visit.article.waitFor();
  },
  "filtered list of rules": async (visit) => {
    await visit.open("#/rules?q=max_age&severity=error");
    await visit.article.waitFor();
  },
  "list of no rules": async (visit) => {
    await visit.open("#/rules?q=nothing+at+all");
    await visit.article.waitFor();
  },
  "result to save": async (visit) => {
    await visit.open();
    await visit.paste(BROKEN);
    await visit.button("Share").click();
    await visit.dialog.getByRole("radio", { name: "JSON result" }).check();
    await visit.shared("JSON");
  },
  "result with several inputs": async (visit) => {
    await visit.open();
    const source = (name, text) => ({ name, file_name: null, kind: "policy", domain: null, line_ends_known: true, text });
    const inputs = [{ source: 0, findings: [] }, { source: 1, findings: [{ code: "STS-POL-052" }] }];
    const sources = [source("example.com/mta-sts.txt", CLEAN), source("-", BROKEN)];
    await visit.drop("result.json", JSON.stringify({ schema: 1, stslint: "0.1.0", inputs, sources }));
    await visit.dialog.waitFor();
  },
  "error notice": async (visit) => {
    await visit.open("#v1&z=A");
    await visit.tells(/damaged/);
  },
  "notice over a broken record, with a wrong domain": async (visit) => {
    await visit.open();
    await visit.paste("x");
    await visit.follow("#/examples/date-with-hyphens-in-the-id");
    await visit.tells(/replaced your text/);
    await visit.nameDomain("not a domain");
    await becomes(() => visit.domain.getAttribute("aria-invalid"), "true");
  },
  senders: async (visit) => {
    await visit.open();
    await visit.paste("version: STSv1\n\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 31557600\n");
    await visit.follow("#/senders?scenario=starttls-stripped&step=9");
    await visit.page.getByTestId("simulator").locator('li[aria-current="step"]').first().waitFor();
  },
  plan: async (visit) => {
    await visit.open("#/plan?domain=acme-mail.net&mx=mx1.acme-mail.net&from=2026-01-01");
    await visit.page.getByTestId("summary").waitFor();
  },
  "set up": async (visit) => {
    await visit.open("#/setup?domain=acme-mail.net&mx=acme-mail-net.mail.protection.outlook.com&rua=tls@acme-mail.net&naming=wildcard");
    await visit.page.getByLabel("Records", { exact: true }).waitFor();
  },
  crash: async (visit) => {
    await visit.open();
    await visit.paste(BROKEN);
    await visit.page.evaluate(() => void setTimeout(() => dispatchEvent(new Event("stslint:panic"))));
    const alert = visit.page.getByRole("alert").filter({ hasText: "stslint crashed" });
    await alert.waitFor();
    await alert.getByText("Technical details").click();
    visit.seen.errors.length = 0;
  },
};
