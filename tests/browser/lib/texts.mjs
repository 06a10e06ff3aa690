// Texts that several tests use. Their host names are not reserved ones unless a finding is wanted.

/** Seven findings: four errors, a warning and two notes. */
export const BROKEN =
  "version: STSv1\nmode: Enforce\nnmx: a.example.com\nmx: *.example.com.\nmx: münchen.example\nmax_age: 604 800\n";

/** BROKEN after all safe fixes. */
export const REPAIRED_SAFELY =
  "version: STSv1\nmode: enforce\nnmx: a.example.com\nmx: *.example.com\nmx: münchen.example\nmax_age: 604 800\n";

/** BROKEN after all fixes. */
export const REPAIRED =
  "version: STSv1\nmode: enforce\nmx: a.example.com\nmx: *.example.com\nmx: xn--mnchen-3ya.example\nmax_age: 604800\n";

/** No finding at all. */
export const CLEAN = "version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 2592000\n";

/** A TLS report in which sessions failed, over 50 lines. */
export const REPORT = JSON.stringify(
  {
    "organization-name": "Company-X",
    "date-range": { "start-datetime": "2026-04-01T00:00:00Z", "end-datetime": "2026-04-01T23:59:59Z" },
    "contact-info": "sts-reporting@company-x.net",
    "report-id": "5065427c-23d3-47ca-b6e0-946ea0e8c4be",
    policies: [
      {
        policy: {
          "policy-type": "sts",
          "policy-string": ["version: STSv1", "mode: testing", "mx: *.mail.acme-mail.net", "max_age: 86400"],
          "policy-domain": "acme-mail.net",
          "mx-host": ["*.mail.acme-mail.net"],
        },
        summary: { "total-successful-session-count": 5326, "total-failure-session-count": 303 },
        "failure-details": [
          ["certificate-expired", "mx1", 100],
          ["starttls-not-supported", "mx2", 200],
          ["validation-failure", "mx3", 3],
        ].map(([type, host, count], i) => ({
          "result-type": type,
          "sending-mta-ip": "192.0.2.1",
          "receiving-mx-hostname": `${host}.mail.acme-mail.net`,
          "receiving-ip": `198.51.100.${i + 1}`,
          "failed-session-count": count,
        })),
      },
    ],
  },
  null,
  2,
);
