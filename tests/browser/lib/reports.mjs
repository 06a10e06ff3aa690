// Reports as large senders write them, and what they travel in.

import { gzipSync } from "node:zlib";

const DAY = 86_400_000;

/** The day that is so many days before today, in UTC: how old reports are matters to what they come to. */
export const day = (ago) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);

export const POLICY = ["version: STSv1", "mode: testing", "mx: mx1.acme-mail.net", "mx: mx2.acme-mail.net", "max_age: 604800"];

const time = (date) => ({ "start-datetime": `${date}T00:00:00Z`, "end-datetime": `${date}T23:59:59Z` });

/** A policy in a report. `failures` are result type, mail server, sessions, sending address. */
export function policy({ type = "sts", domain = "acme-mail.net", lines = POLICY, well = 40, failures = [], failed }) {
  const details = failures.map(([result, mx, sessions, address, reason]) => ({
    "result-type": result,
    ...(mx ? { "receiving-mx-hostname": mx } : {}),
    ...(address ? { "sending-mta-ip": address } : {}),
    ...(reason ? { "failure-reason-code": reason } : {}),
    "failed-session-count": sessions,
  }));
  const sum = failures.reduce((all, [, , sessions]) => all + sessions, 0);
  return {
    policy: { "policy-type": type, "policy-domain": domain, ...(lines ? { "policy-string": lines } : {}) },
    summary: { "total-successful-session-count": well, "total-failure-session-count": failed ?? sum },
    ...(details.length > 0 ? { "failure-details": details } : {}),
  };
}

/** A report of a day. */
export function report(sender, ago, policies) {
  const date = day(ago);
  return JSON.stringify({
    "organization-name": sender,
    "date-range": time(date),
    "contact-info": "tls@sender.example",
    "report-id": `${date}T00:00:00Z_${sender}_${policies[0]?.policy["policy-domain"]}`,
    policies,
  });
}

/** Files of 30 days: Google and Microsoft, with a certificate that expired six days ago. [name, bytes] each. */
export function month() {
  const files = [];
  for (let ago = 30; ago >= 1; ago -= 1) {
    // Of two days Google sent nothing.
    if (ago !== 17 && ago !== 18) {
      const failures = ago <= 6 ? [["certificate-expired", "mx2.acme-mail.net", 3 + ((ago * 5) % 7), "192.0.2.10"]] : [];
      if (ago === 21) failures.push(["starttls-not-supported", "mx1.acme-mail.net", 2, "192.0.2.11"]);
      const name = `google.com!acme-mail.net!${day(ago)}!001.json.gz`;
      files.push([name, gzipSync(report("Google Inc.", ago, [policy({ well: 180 + ((ago * 37) % 90), failures })]))]);
    }
    const stale = ago > 20 ? [...POLICY.filter((line) => !line.includes("mx2"))] : POLICY;
    const failures = ago <= 5 ? [["certificate-expired", "mx2.acme-mail.net", 1 + (ago % 3), "198.51.100.7", "x509: certificate has expired"]] : [];
    const sts = ago === 12
      ? policy({ lines: null, well: 0, failures: [["sts-policy-fetch-error", null, 9]] })
      : policy({ lines: stale, well: 60 + ((ago * 13) % 30), failures });
    const tlsa = policy({ type: "tlsa", lines: ['["3 1 1 ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB"]'], well: 60 + ((ago * 13) % 30) });
    files.push([`microsoft.com!acme-mail.net!${day(ago)}.json.gz`, gzipSync(report("Microsoft Corporation", ago, [sts, tlsa]))]);
  }
  return files;
}

/** Three good reports of three days. */
export function good() {
  return [3, 2, 1].map((ago) => [`google-${ago}.json`, Buffer.from(report("Google Inc.", ago, [policy({})]))]);
}

/** A report for each of three domains; sessions failed for a.acme-mail.net. */
export function several() {
  const expired = [["certificate-expired", "mx.a.acme-mail.net", 5]];
  return [["b"], ["a", expired], ["c"]].map(([label, failures = []]) => {
    const domain = `${label}.acme-mail.net`;
    return [`${domain}.json`, Buffer.from(report("Google Inc.", 1, [policy({ domain, failures })]))];
  });
}

/** A mail with these attachments, as reporters send them (RFC 8460 §5.3). */
export const mailOf = (...attachments) => [
  "From: tls@acme.example", "Subject: Report Domain: acme-mail.net", "MIME-Version: 1.0", "Content-Type: multipart/report; boundary=x", "",
  ...attachments.flatMap(([name, bytes]) => [
    "--x", `Content-Type: application/tlsrpt+gzip; name="${name}"`, "Content-Transfer-Encoding: base64", "",
    Buffer.from(bytes).toString("base64").replace(/.{76}/g, "$&\r\n"),
  ]),
  "--x--", "",
].join("\r\n");

/** Drops several files on the page. */
export async function dropAll(visit, files) {
  const given = files.map(([name, content]) => [name, Buffer.from(content).toString("base64")]);
  await visit.page.evaluate((given) => {
    const dataTransfer = new DataTransfer();
    for (const [name, data] of given) {
      dataTransfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name));
    }
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, given);
}

/** What the worker begins with when it is held: see `holdReader`. */
const held = (pieces) => `{
  const { arrayBuffer } = Blob.prototype;
  const released = new Promise((release) => (new BroadcastChannel("release").onmessage = release));
  let given = 0;
  Blob.prototype.arrayBuffer = async function () {
    given += 1;
    if (given > ${pieces}) await released;
    return arrayBuffer.call(this);
  };
  // How far it is is told ten times a second: by this clock, at every fourth piece.
  let now = 0;
  Date.now = () => (now += 30);
}`;

/**
 * From now on the worker waits after so many pieces of files, a file of up to 32 KiB or 1 MiB of a larger one, until what this
 * gives is called.
 */
export async function holdReader(visit, pieces) {
  await visit.page.route("**/stslint-worker-*.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: held(pieces) + (await response.text()) });
  });
  return () => visit.page.evaluate(() => new BroadcastChannel("release").postMessage(""));
}
