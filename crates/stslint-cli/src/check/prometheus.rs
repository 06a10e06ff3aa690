//! Rows in Prometheus' text format 0.0.4, for the textfile collector of its node exporter.

use super::row::{Host, Line, Policy, Presence, Row, Severity, State};
use crate::terminal::Terminal;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

/// The metrics in their order, each with what it tells. All are gauges in base units. What is not known has no sample.
const METRICS: [(&str, &str); 12] = [
    ("stslint_build_info", "The stslint that looked, 1."),
    (CHECKED, "When the domain was looked up, in seconds since 1970."),
    (STATE, "Whether the domain stands like this, 0 or 1."),
    (COMPLETE, "Whether all could be looked up that was asked for, 0 or 1."),
    (FINDINGS, "Findings, by severity."),
    (IGNORED, "Findings that are ignored."),
    (PRESENT, "Whether there is such a record, or a policy that senders can use, 0 or 1."),
    (POLICY, "The policy that senders use, and the id that announces it, 1."),
    (MAX_AGE, "The lifetime of the policy."),
    (CERTIFICATE, "Until when the certificate of the server is valid, in seconds since 1970."),
    (COVERED, "Whether the policy covers the mail host, 0 or 1."),
    (STARTTLS, "Whether the mail host offers STARTTLS, 0 or 1."),
];
const CHECKED: &str = "stslint_check_timestamp_seconds";
const STATE: &str = "stslint_state";
const COMPLETE: &str = "stslint_complete";
const FINDINGS: &str = "stslint_findings";
const IGNORED: &str = "stslint_findings_ignored";
const PRESENT: &str = "stslint_present";
const POLICY: &str = "stslint_policy_info";
const MAX_AGE: &str = "stslint_policy_max_age_seconds";
const CERTIFICATE: &str = "stslint_certificate_end_timestamp_seconds";
const COVERED: &str = "stslint_mx_covered";
const STARTTLS: &str = "stslint_mx_starttls";

/// Entries that are no domain; it has no labels.
const NOT_CHECKED: (&str, &str) =
    ("stslint_entries_not_checked", "Entries of the list that are no domain.");

/// The samples of a run. The format has all samples of a metric together, so they are kept until the end.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    samples: BTreeMap<&'static str, String>,
    /// A sample that comes twice would make the collector leave out all.
    domains: HashSet<String>,
    not_checked: i64,
}

impl Metrics {
    /// Adds what came of one entry.
    pub(super) fn add(&mut self, line: &Line) {
        match line {
            Line::Domain(row) if self.domains.insert(row.domain.clone()) => self.add_row(row),
            Line::Domain(_) | Line::Gone(_) => {}
            Line::Unfit(_) => self.not_checked += 1,
        }
    }

    fn add_row(&mut self, row: &Row) {
        let domain = ("domain", &row.domain[..]);
        if let Some(time) = row.time {
            self.add_sample(CHECKED, &[domain], time);
        }
        for state in State::ALL {
            let is = i64::from(row.state == state);
            self.add_sample(STATE, &[domain, ("state", state.word())], is);
        }
        self.add_sample(COMPLETE, &[domain], row.complete.into());
        for severity in Severity::ALL {
            let found = row.findings.iter().filter(|finding| finding.severity == severity);
            let count = found.map(|finding| finding.count).sum::<u64>();
            let labels = [domain, ("severity", severity.word())];
            self.add_sample(FINDINGS, &labels, i64::try_from(count).unwrap_or(i64::MAX));
        }
        let ignored = i64::try_from(row.ignored()).unwrap_or(i64::MAX);
        self.add_sample(IGNORED, &[domain], ignored);
        for (what, presence) in [("sts", row.record), ("tlsrpt", row.tlsrpt)] {
            if presence != Presence::Unknown {
                let is = i64::from(presence == Presence::Present);
                self.add_sample(PRESENT, &[domain, ("what", what)], is);
            }
        }
        if row.policy != Policy::Unknown {
            let is = i64::from(row.policy == Policy::Present);
            self.add_sample(PRESENT, &[domain, ("what", "policy")], is);
        }
        if let Some(mode) = row.mode {
            let id = row.id.as_deref().unwrap_or_default();
            self.add_sample(POLICY, &[domain, ("mode", mode.word()), ("id", id)], 1);
        }
        if let Some(max_age) = row.max_age {
            self.add_sample(MAX_AGE, &[domain], i64::try_from(max_age).unwrap_or(i64::MAX));
        }
        if let Some(end) = row.policy_certificate_ends {
            let host = format!("mta-sts.{}", row.domain);
            self.add_sample(CERTIFICATE, &[domain, ("host", &host), ("service", "https")], end);
        }
        for Host { host, covered, starttls, certificate_ends, .. } in row.hosts.iter().flatten() {
            let host = ("host", &host[..]);
            if let Some(covered) = covered {
                self.add_sample(COVERED, &[domain, host], i64::from(*covered));
            }
            if let Some(starttls) = starttls {
                self.add_sample(STARTTLS, &[domain, host], i64::from(*starttls));
            }
            if let Some(end) = certificate_ends {
                self.add_sample(CERTIFICATE, &[domain, host, ("service", "smtp")], *end);
            }
        }
    }

    fn add_sample(&mut self, name: &'static str, labels: &[(&str, &str)], value: i64) {
        let text = self.samples.entry(name).or_default();
        text.push_str(name);
        for (i, (label, content)) in labels.iter().enumerate() {
            let before = if i == 0 { '{' } else { ',' };
            let _ = write!(text, "{before}{label}=\"");
            for c in content.chars() {
                match c {
                    '\\' => text.push_str("\\\\"),
                    '"' => text.push_str("\\\""),
                    '\n' => text.push_str("\\n"),
                    c => text.push(c),
                }
            }
            text.push('"');
        }
        if !labels.is_empty() {
            text.push('}');
        }
        // A String takes any amount.
        let _ = writeln!(text, " {value}");
    }

    /// Writes all of it.
    pub(super) fn finish(mut self, terminal: &mut Terminal) {
        self.add_sample("stslint_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
        self.add_sample(NOT_CHECKED.0, &[], self.not_checked);
        for (name, help) in METRICS.into_iter().chain([NOT_CHECKED]) {
            if let Some(samples) = self.samples.get(name) {
                terminal.print(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{samples}"));
            }
        }
    }
}
