//! What is measured: inputs like the peers' own, and texts of any size, ordinary and hostile.

use std::fmt::Write as _;

/// The record of mailrs-mta-sts' own benchmark.
pub const STS_RECORD: &str = "v=STSv1; id=20200101T000000Z";

/// The policy of mailrs-mta-sts' own benchmark.
pub const POLICY: &str = include_str!("../inputs/policy.txt");

/// A policy of the same shape about which no rule has anything to say.
pub const CLEAN_POLICY: &str = include_str!("../inputs/clean-policy.txt");

/// The records of mailrs-tls-rpt's own benchmark.
pub const RUA: &str = "v=TLSRPTv1; rua=mailto:tlsrpt@example.com";
pub const RUA_3: &str = "v=TLSRPTv1; rua=mailto:tlsrpt@example.com,https://reports.example.com/v1/tlsrpt,mailto:backup-tlsrpt@example.com";

/// Reports of the shapes that mail-auth tests itself with: three kinds of failures, one failure, and policies of which
/// there are none.
pub const REPORTS: [&str; 3] = [
    include_str!("../inputs/rpt01.json"),
    include_str!("../inputs/rpt02.json"),
    include_str!("../inputs/rpt03.json"),
];

/// An ordinary report of about so many bytes: one element of `policies` for each domain.
pub fn report(size: usize) -> String {
    let mut text = String::from(
        r#"{"organization-name":"Sender Example","date-range":{"start-datetime":"2026-10-01T00:00:00Z","end-datetime":"2026-10-01T23:59:59Z"},"contact-info":"tlsrpt@sender.example","report-id":"2026-10-01_example.com","policies":["#,
    );
    let mut number = 0;
    loop {
        let _ = write!(
            text,
            r#"{{"policy":{{"policy-type":"sts","policy-string":["version: STSv1","mode: enforce","mx: *.mx{number}.example","max_age: 1209600"],"policy-domain":"d{number}.example","mx-host":["*.mx{number}.example"]}},"summary":{{"total-successful-session-count":{number},"total-failure-session-count":3}},"failure-details":[{{"result-type":"certificate-expired","sending-mta-ip":"192.0.2.7","receiving-mx-hostname":"a.mx{number}.example","receiving-ip":"198.51.100.7","failed-session-count":3}}]}}"#
        );
        number += 1;
        if text.len() + 2 >= size {
            break;
        }
        text.push(',');
    }
    text + "]}"
}

/// A text of about so many bytes.
pub struct Shape {
    pub name: &'static str,
    pub make: fn(usize) -> String,
}

/// `start`, then `unit` with `{}` replaced by a running number, then `end`.
fn fill(size: usize, start: &str, unit: &str, end: &str) -> String {
    let mut text = String::with_capacity(size + unit.len() + 16);
    text.push_str(start);
    let mut number = 0;
    while text.len() + end.len() < size {
        text.push_str(&unit.replace("{}", &number.to_string()));
        number += 1;
    }
    text + end
}

const START: &str = "version: STSv1\r\nmode: enforce\r\nmax_age: 1209600\r\n";
const ZONE: &str = "_mta-sts.example.com. 300 IN TXT \"v=STSv1; id=1\"\n";

/// The texts whose cost must grow with their length and not faster.
pub const SHAPES: &[Shape] = &[
    Shape {
        name: "policy: distinct mx lines",
        make: |n| fill(n, START, "mx: mail{}.contoso.net\r\n", ""),
    },
    Shape {
        name: "policy: the same mx line again and again",
        make: |n| fill(n, START, "mx: mail.contoso.net\r\n", ""),
    },
    Shape { name: "policy: distinct extensions", make: |n| fill(n, START, "x{}: y\r\n", "") },
    Shape {
        name: "policy: the same extension again and again",
        make: |n| fill(n, START, "x: {}\r\n", ""),
    },
    Shape { name: "policy: blank lines", make: |n| fill(n, START, "\n", "") },
    Shape { name: "policy: one endless line", make: |n| fill(n, "version: ", "x", "") },
    Shape {
        name: "policy: colons on one line",
        make: |n| fill(n, "version: STSv1\nmode", ":", ""),
    },
    Shape {
        name: "policy: fields on one line",
        make: |n| fill(n, "version: STSv1", " mx: a.example", ""),
    },
    Shape {
        name: "policy: written-out line breaks",
        make: |n| fill(n, "version: STSv1", "\\nmx: a.example", ""),
    },
    Shape { name: "policy: control characters", make: |n| fill(n, START, "\0", "") },
    Shape {
        name: "policy: no-break spaces on one line",
        make: |n| fill(n, "mode: enforce\nmx: ", "\u{a0}", ""),
    },
    Shape {
        name: "policy: a list of hosts",
        make: |n| fill(n, START, "a{}.example,", "").replacen("a0", "mx: a0", 1),
    },
    Shape { name: "policy: fences", make: |n| fill(n, START, "```\n", "") },
    Shape {
        name: "policy: header blocks",
        make: |n| fill(n, "", "HTTP/1.1 100 Continue\r\n\r\n", START),
    },
    Shape { name: "record: distinct fields", make: |n| fill(n, "v=STSv1; id=1", "; x{}=y", "") },
    Shape {
        name: "record: the same field again and again",
        make: |n| fill(n, "v=STSv1; id=1", "; id=1", ""),
    },
    Shape { name: "record: semicolons", make: |n| fill(n, "v=STSv1; id=1", ";", "") },
    Shape { name: "record: an endless id", make: |n| fill(n, "v=STSv1; id=", "a-", "") },
    Shape {
        name: "record: distinct addresses",
        make: |n| fill(n, "v=TLSRPTv1; rua=mailto:a@example.com", ",mailto:a{}@example.com", ""),
    },
    Shape {
        name: "record: commas",
        make: |n| fill(n, "v=TLSRPTv1; rua=mailto:a@example.com", ",", ""),
    },
    Shape {
        name: "record: size suffixes",
        make: |n| fill(n, "v=TLSRPTv1; rua=mailto:a@example.com", "!10m", ""),
    },
    Shape { name: "record: quotes", make: |n| fill(n, "\"v=STSv1; id=1", "\"\"", "\"") },
    Shape { name: "record: backslashes", make: |n| fill(n, "v=STSv1; id=1", "\\", ";") },
    Shape {
        name: "record: character-strings",
        make: |n| fill(n, "_mta-sts.example.com. TXT \"v=STSv1; id=1\"", " \"; x{}=y\"", ""),
    },
    Shape { name: "record: the same zone line again and again", make: |n| fill(n, ZONE, ZONE, "") },
    Shape {
        name: "record: zone lines of many domains",
        make: |n| fill(n, ZONE, "_mta-sts.d{}.example. TXT \"v=STSv1; id=1\"\n", ""),
    },
    Shape {
        name: "record: aliases",
        make: |n| fill(n, ZONE, "_mta-sts.d{}.example. CNAME _mta-sts.example.com.\n", ""),
    },
    Shape {
        name: "record: brackets",
        make: |n| fill(n, "_mta-sts.example.com. TXT ", "(", "\"v=STSv1; id=1\""),
    },
    Shape { name: "record: open quotes", make: |n| fill(n, ZONE, "TXT \"v=STSv1; id=1\n", "") },
    Shape {
        name: "record: strings in JSON",
        make: |n| fill(n, "[[\"v=STSv1; id=1\"", ",\";x{}=y\"", "]]"),
    },
    Shape {
        name: "record: answers of dig",
        make: |n| {
            fill(
                n,
                ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n",
                ";_mta-sts.d{}.example. IN TXT\n;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n",
                "",
            )
        },
    },
    Shape { name: "report: ordinary", make: report },
    Shape {
        name: "report: nesting",
        make: |n| fill(n, "{\"organization-name\":\"x\",\"policies\":", "[{\"a\":", ""),
    },
    Shape {
        name: "report: the same member again and again",
        make: |n| fill(n, "{\"organization-name\":\"x\",\"policies\":[]", ",\"a\":1", "}"),
    },
    Shape {
        name: "report: one endless string",
        make: |n| fill(n, "{\"policies\":[],\"organization-name\":\"", "\\u0061", "\"}"),
    },
    Shape {
        name: "report: many failures",
        make: |n| {
            fill(
                n,
                "{\"organization-name\":\"x\",\"policies\":[{\"policy\":{\"policy-type\":\"sts\"},\"summary\":{},\"failure-details\":[",
                "{\"result-type\":\"x{}\"},",
                "{}]}]}",
            )
        },
    },
    Shape {
        name: "report: a long reported policy",
        make: |n| {
            fill(
                n,
                "{\"organization-name\":\"x\",\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\"",
                ",\"mx: a{}.example\"",
                "]}}]}",
            )
        },
    },
    Shape { name: "a domain name", make: |n| fill(n, "", "example.", "com") },
    Shape { name: "letters outside ASCII", make: |n| fill(n, "mx: ", "ü", ".example") },
];
