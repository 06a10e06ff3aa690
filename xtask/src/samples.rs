//! Reports to try things with, and to measure with: as many as wanted, always the same ones.
//!
//! A mailbox of a year: 30 senders tell ten domains, with one to five mail hosts each, of every day. Most reports have no failure or
//! one. In some weeks something is wrong with a domain: then each machine of a sender has a row for each host, and large senders have
//! hundreds of machines. So reports have about 10 KB on average, unpacked, and most of them have less than 1 KB.

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
        let day = folder.join(&report.date);
        fs::create_dir_all(&day).map_err(Failure::file("make", &day))?;
        let path = day.join(name);
        fs::write(&path, content).map_err(Failure::file("write", &path))?;
    }
    match mailbox {
        Some(mut mailbox) => mailbox.flush().map_err(Failure::file("write", &path)),
        None => Ok(()),
    }
}

/// 2025-10-01, in days since 1970.
const FIRST_DAY: u64 = 20_362;
const DAY: u64 = 86_400;

/// A year of some domains. Every sender sends one report for each of them and each day; where more reports than that are wanted,
/// it sends more for a day.
const DAYS: u64 = 365;
const DOMAINS: u64 = 10;
const SENDERS: u64 = 30;
const YEAR: u64 = DAYS * DOMAINS * SENDERS;

/// Shares no factor with [`YEAR`]: reports one after the other are of any day, domain and sender, so that few are of a year as well.
const STEP: u64 = 48_271;

/// Senders whose names matter, with their domains, and whether they tell of TLSA records too. The others have made-up names.
const NAMED: [(&str, &str, bool); 3] = [
    ("Google Inc.", "google.com", false),
    ("Microsoft Corporation", "microsoft.com", true),
    ("mail.ru", "mail.ru", false),
];

/// What goes wrong for some days. Those of `sts-` tell of the policy: such failures have no hosts and no addresses.
const RESULTS: [&str; 8] = [
    "certificate-expired",
    "certificate-host-mismatch",
    "certificate-not-trusted",
    "starttls-not-supported",
    "validation-failure",
    "certificate-expired",
    "sts-policy-fetch-error",
    "sts-webpki-invalid",
];

/// A report, all of which follows from its number.
struct Report {
    /// As `2025-10-01`.
    date: String,
    /// The name of its file (RFC 8460 §5.1), without its end.
    name: String,
    domain: String,
    submitter: String,
    json: String,
}

impl Report {
    fn new(number: u64) -> Self {
        let slot = number % YEAR * STEP % YEAR;
        let (day, domain_number, sender) =
            (slot / (DOMAINS * SENDERS), slot / SENDERS % DOMAINS, slot % SENDERS);
        let mut chance = Chance::of(&[slot, number / YEAR]);
        let (organization, submitter, tells_tlsa) = match NAMED.get(sender as usize) {
            Some((organization, submitter, tells)) => {
                ((*organization).to_owned(), (*submitter).to_owned(), *tells)
            }
            None => {
                let submitter = format!("sender{sender}.example");
                (format!("Example Post {sender}"), submitter, sender.is_multiple_of(4))
            }
        };
        let domain = format!("d{domain_number}.example");
        let date = date(day);
        let begin = (FIRST_DAY + day) * DAY;
        let hosts: Vec<_> =
            (0..=domain_number % 5).map(|host| format!("mx{host}.{domain}")).collect();
        let mode = if day < 90 { "testing" } else { "enforce" };
        let lines = ["version: STSv1".into(), format!("mode: {mode}"), "max_age: 604800".into()]
            .into_iter()
            .chain(hosts.iter().map(|host| format!("mx: {host}")))
            .collect::<Vec<String>>();
        let failures = failures(&mut chance, day, (domain_number, sender), &hosts);
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
            let key = Chance::of(&[domain_number]).next();
            policies.push(json!({
                "policy": {
                    "policy-type": "tlsa",
                    "policy-string": [format!("3 1 1 {key:064x}")],
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
        Self { date, name, domain, submitter, json: report.to_string() }
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

/// The day so many days after the first one.
fn date(mut day: u64) -> String {
    let mut months =
        [31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30].into_iter().zip((10..=12).chain(1..=9));
    let month = months.find_map(|(days, month)| match day.checked_sub(days) {
        None => Some(month),
        Some(left) => {
            day = left;
            None
        }
    });
    let month = month.expect("it is within a year");
    format!("{}-{month:02}-{:02}", if month > 9 { 2025 } else { 2026 }, day + 1)
}

/// The failures of a report. In a week in three something is wrong with a domain, and always the same for all senders; on other
/// days a session fails now and then.
fn failures(
    chance: &mut Chance,
    day: u64,
    (domain, sender): (u64, u64),
    hosts: &[String],
) -> Vec<Value> {
    let mut trouble = Chance::of(&[domain, day / 7, 1]);
    let is_wrong = trouble.below(3) == 0;
    let result = RESULTS[trouble.below(8) as usize];
    let wrong_hosts = 1 + trouble.below(hosts.len() as u64) as usize;
    // How many machines send for it.
    let pool: u64 = match sender {
        0..=7 => 300,
        8..=15 => 120,
        _ => 6,
    };
    if !is_wrong {
        let one = || failure("validation-failure", (sender, 0), &hosts[0], 1);
        return if chance.below(10) == 0 { vec![one()] } else { Vec::new() };
    }
    if result.starts_with("sts-") {
        return vec![json!({"result-type": result, "failed-session-count": 1 + chance.below(500)})];
    }
    let mut failures = Vec::new();
    for host in &hosts[..wrong_hosts] {
        for machine in 0..pool {
            // Not each one has mail for it every day.
            if chance.below(4) > 0 {
                failures.push(failure(result, (sender, machine), host, 1 + chance.below(20)));
            }
        }
    }
    failures
}

/// Sessions from a machine of a sender to a host.
fn failure(result: &str, (sender, machine): (u64, u64), host: &str, count: u64) -> Value {
    let from = match machine % 2 {
        0 => format!("198.{}.{}.{}", 18 + sender % 2, sender, machine % 250),
        _ => format!("2001:db8:{sender:x}::{machine:x}"),
    };
    let mut failure = json!({
        "result-type": result,
        "sending-mta-ip": from,
        "receiving-mx-hostname": host,
        "receiving-ip": "192.0.2.25",
        "failed-session-count": count,
    });
    // Most senders leave it out.
    if sender % 3 == 1 {
        failure["failure-reason-code"] = format!("code-{}", result.len()).into();
    }
    failure
}

/// Numbers that look like chance and are not: splitmix64.
struct Chance(u64);

impl Chance {
    /// Always the same for the same numbers.
    fn of(numbers: &[u64]) -> Self {
        Self(numbers.iter().fold(0, |mixed, number| Self(mixed ^ number).next()))
    }

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
    fn days_have_dates() {
        let dates = [0, 30, 31, 92, 150, 151, 364].map(date);
        let wanted = ["10-01", "10-31", "11-01", "01-01", "02-28", "03-01", "09-30"];
        for (date, wanted) in dates.iter().zip(wanted) {
            assert!(date.ends_with(wanted), "{date} {wanted}");
        }
    }

    #[test]
    fn a_number_gives_always_the_same_report() {
        assert_eq!(Report::new(7).json, Report::new(7).json);
        assert_eq!(Report::new(7).mail(), Report::new(7).mail());
        let ids: std::collections::HashSet<_> =
            (0..2_000).map(|number| Report::new(number).name).collect();
        assert_eq!(ids.len(), 2_000);
        let size: usize = (0..2_000).map(|number| Report::new(number).json.len()).sum();
        assert!((16_000_000..24_000_000).contains(&size), "{size}");
    }
}
