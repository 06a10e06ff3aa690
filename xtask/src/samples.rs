//! Reports to try things with, and to measure with: as many as wanted, always the same ones.
//!
//! They have the habits of real reporters, and more failures than most real ones: about 10 KB each, unpacked.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use base64ct::{Base64, Encoding as _};
use clap::ValueEnum;
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};

use crate::failure::{Failure, Result};

/// What the reports travel in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// A file for each report, packed with gzip, in a folder for each day
    Files,
    /// A mail for each report, in a folder for each day
    Mails,
    /// All mails in one file, `reports.mbox`
    Mailbox,
}

/// Writes reports into a folder. What lies there already stays.
pub(crate) fn write(folder: &Path, count: u64, form: Form) -> Result<()> {
    fs::create_dir_all(folder).map_err(Failure::file("make", folder))?;
    let path = folder.join("reports.mbox");
    let mut mailbox = match form {
        Form::Mailbox => {
            let file = File::create(&path).map_err(Failure::file("write", &path))?;
            Some(BufWriter::new(file))
        }
        Form::Files | Form::Mails => None,
    };
    for number in 0..count {
        let report = Report::new(number);
        if let Some(mailbox) = &mut mailbox {
            let separator = "From tls@reports.example Thu Oct  1 06:00:00 2026\n";
            writeln!(mailbox, "{separator}{}", report.mail())
                .map_err(Failure::file("write", &path))?;
            continue;
        }
        let (name, content) = match form {
            Form::Files => (format!("{}.json.gz", report.name), report.packed()),
            Form::Mails | Form::Mailbox => (format!("{number}.eml"), report.mail().into_bytes()),
        };
        let day = folder.join(format!("day-{:02}", report.day + 1));
        fs::create_dir_all(&day).map_err(Failure::file("make", &day))?;
        let path = day.join(name);
        fs::write(&path, content).map_err(Failure::file("write", &path))?;
    }
    match mailbox {
        Some(mut mailbox) => mailbox.flush().map_err(Failure::file("write", &path)),
        None => Ok(()),
    }
}

/// 2026-10-01, in seconds since 1970.
const FIRST_DAY: u64 = 1_790_812_800;
const DAY: u64 = 86_400;

/// How many days and domains there are before they come again, with other reports.
const DAYS: u64 = 28;
const DOMAINS: u64 = 150;

/// Reporters: what they call themselves, their domains, and whether they tell of TLSA records too.
const REPORTERS: [(&str, &str, bool); 8] = [
    ("Google Inc.", "google.com", false),
    ("Microsoft Corporation", "microsoft.com", true),
    ("mail.ru", "mail.ru", false),
    ("Example Post", "post.example", false),
    ("Example Stalwart", "stalwart.example", true),
    ("mox.example", "mox.example", true),
    ("Halon Example", "halon.example", false),
    ("Another Example", "another.example", false),
];

const RESULTS: [&str; 8] = [
    "certificate-expired",
    "certificate-host-mismatch",
    "certificate-not-trusted",
    "starttls-not-supported",
    "sts-policy-fetch-error",
    "sts-policy-invalid",
    "sts-webpki-invalid",
    "validation-failure",
];

/// A report, all of which follows from its number.
struct Report {
    day: u64,
    /// The name of its file (RFC 8460 §5.1), without its end.
    name: String,
    domain: String,
    submitter: &'static str,
    json: String,
}

impl Report {
    fn new(number: u64) -> Self {
        let mut chance = Chance(number);
        let (organization, submitter, tells_tlsa) = REPORTERS[chance.below(8) as usize];
        let domain = format!("d{}.example", number % DOMAINS);
        let day = number / DOMAINS % DAYS;
        let begin = FIRST_DAY + day * DAY;
        let date = format!("2026-10-{:02}", day + 1);
        let hosts: Vec<_> = (0..=chance.below(4)).map(|i| format!("mx{i}.{domain}")).collect();
        let lines = ["version: STSv1".into(), "mode: testing".into(), "max_age: 604800".into()]
            .into_iter()
            .chain(hosts.iter().map(|host| format!("mx: {host}")))
            .collect::<Vec<String>>();
        let failures: Vec<_> =
            (0..chance.below(125)).map(|_| failure(&mut chance, &hosts)).collect();
        let failed: u64 =
            failures.iter().filter_map(|it| it["failed-session-count"].as_u64()).sum();
        let passed = chance.below(5000);
        let mut policies = vec![json!({
            "policy": {
                "policy-type": "sts",
                "policy-string": lines,
                "policy-domain": domain,
                "mx-host": hosts,
            },
            "summary": {"total-successful-session-count": passed, "total-failure-session-count": failed},
            "failure-details": failures,
        })];
        if tells_tlsa {
            policies.push(json!({
                "policy": {
                    "policy-type": "tlsa",
                    "policy-string": [format!("3 1 1 {:064x}", chance.next())],
                    "policy-domain": hosts[0],
                },
                "summary": {"total-successful-session-count": passed, "total-failure-session-count": 0},
            }));
        }
        let report = json!({
            "organization-name": organization,
            "date-range": {
                "start-datetime": format!("{date}T00:00:00Z"),
                "end-datetime": format!("{date}T23:59:59Z"),
            },
            "contact-info": format!("tls-reports@{submitter}"),
            "report-id": format!("{date}_{number}_{domain}"),
            "policies": policies,
        });
        let name = format!("{submitter}!{domain}!{begin}!{}!{number}", begin + DAY - 1);
        Self { day, name, domain, submitter, json: report.to_string() }
    }

    fn packed(&self) -> Vec<u8> {
        let mut gzip = GzBuilder::new().write(Vec::new(), Compression::default());
        gzip.write_all(self.json.as_bytes()).expect("a vector takes it");
        gzip.finish().expect("a vector takes it")
    }

    fn mail(&self) -> String {
        let Self { name, domain, submitter, .. } = self;
        let digits = Base64::encode_string(&self.packed());
        let lines: Vec<_> = digits.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
        format!(
            "From: tls-reports@{submitter}\nTo: tls@{domain}\nDate: Thu, 1 Oct 2026 06:00:00 +0000\n\
             Message-ID: <{name}@{submitter}>\n\
             Subject: Report Domain: {domain} Submitter: {submitter}\n Report-ID: <{name}>\n\
             TLS-Report-Domain: {domain}\nTLS-Report-Submitter: {submitter}\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=\"tlsrpt\"; boundary=\"=_report\"\n\n\
             --=_report\nContent-Type: text/plain; charset=utf-8\n\nThis is a TLS report.\n\n\
             --=_report\nContent-Type: application/tlsrpt+gzip; name=\"{name}.json.gz\"\n\
             Content-Transfer-Encoding: base64\n\n{}\n\n--=_report--\n",
            lines.join("\n")
        )
    }
}

fn failure(chance: &mut Chance, hosts: &[String]) -> Value {
    let result = RESULTS[chance.below(8) as usize];
    let count = 1 + chance.below(20);
    if result.starts_with("sts-") {
        return json!({"result-type": result, "failed-session-count": count});
    }
    let host = &hosts[chance.below(hosts.len() as u64) as usize];
    json!({
        "result-type": result,
        "sending-mta-ip": format!("192.0.2.{}", chance.below(40)),
        "receiving-mx-hostname": host,
        "receiving-ip": format!("2001:db8::{}", chance.below(4)),
        "failed-session-count": count,
        "failure-reason-code": format!("code-{}", chance.below(6)),
    })
}

/// Numbers that look like chance and are not: splitmix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_gives_always_the_same_report() {
        assert_eq!(Report::new(7).json, Report::new(7).json);
        assert_eq!(Report::new(7).mail(), Report::new(7).mail());
        let ids: std::collections::HashSet<_> =
            (0..500).map(|number| Report::new(number).name).collect();
        assert_eq!(ids.len(), 500);
        let size: usize = (0..500).map(|number| Report::new(number).json.len()).sum();
        assert!((3_500_000..6_500_000).contains(&size), "{size}");
    }
}
