//! Who is measured, and with what.

use crate::inputs;
use mail_auth::common::parse::TxtRecordParser as _;
use mail_auth::mta_sts::{MtaSts, TlsRpt};
use mail_auth::report::tlsrpt::TlsReport;
use mailrs_mta_sts::{Policy, StsRecord, mx_matches};
use mailrs_tls_rpt::{Report, TlsRptRecord};
use std::hint::black_box;
use stslint::{Input, Kind, host, json, lint, policy, record};

/// Reads one input, result and all.
pub type Run = fn(&str);

/// One input, and those who read it.
pub struct Case {
    pub name: &'static str,
    pub input: fn() -> String,
    /// Our values without findings.
    pub parse: Option<Run>,
    /// A whole lint.
    pub lint: Option<Run>,
    /// Whether there is nothing to find, so that the goal for a lint counts.
    pub clean: bool,
    /// The others, by name.
    pub peers: &'static [(&'static str, Run)],
}

impl Case {
    /// All who read it, ours first.
    pub fn subjects(&self) -> Vec<(&'static str, Run)> {
        let ours = [("stslint, values", self.parse), ("stslint, lint", self.lint)];
        let ours = ours.into_iter().filter_map(|(name, run)| Some((name, run?)));
        ours.chain(self.peers.iter().copied()).collect()
    }
}

/// Lints a text of unknown kind.
pub fn lint_any(text: &str) {
    black_box(lint(&Input::new(text.as_bytes())));
}

fn lint_policy(text: &str) {
    black_box(lint(&Input { kind: Some(Kind::Policy), ..Input::new(text.as_bytes()) }));
}

fn lint_sts(text: &str) {
    black_box(lint(&Input { kind: Some(Kind::StsTxt), ..Input::new(text.as_bytes()) }));
}

fn lint_rpt(text: &str) {
    black_box(lint(&Input { kind: Some(Kind::RptTxt), ..Input::new(text.as_bytes()) }));
}

fn lint_report(text: &str) {
    black_box(lint(&Input { kind: Some(Kind::Report), ..Input::new(text.as_bytes()) }));
}

const POLICY: &[(&str, Run)] = &[("mailrs-mta-sts", |text| {
    black_box(Policy::parse(text).ok());
})];
const STS: &[(&str, Run)] = &[
    ("mailrs-mta-sts", |text| {
        black_box(StsRecord::parse(text).ok());
    }),
    ("mail-auth", |text| {
        black_box(MtaSts::parse(text.as_bytes()).ok());
    }),
];
const RPT: &[(&str, Run)] = &[
    ("mailrs-tls-rpt", |text| {
        black_box(TlsRptRecord::parse(text).ok());
    }),
    ("mail-auth", |text| {
        black_box(TlsRpt::parse(text.as_bytes()).ok());
    }),
];
const REPORT: &[(&str, Run)] = &[
    ("mailrs-tls-rpt", |text| {
        black_box(serde_json::from_str::<Report>(text).ok());
    }),
    ("mail-auth", |text| {
        black_box(TlsReport::parse_json(text.as_bytes()).ok());
    }),
];
/// The host and the pattern stand in one text, separated by a space.
const MATCH: &[(&str, Run)] = &[("mailrs-mta-sts", |text| {
    let (host, pattern) = text.split_once(' ').unwrap_or_default();
    black_box(mx_matches(black_box(host), black_box(pattern)));
})];

fn read_policy(text: &str) {
    black_box(policy::values(text));
}

fn read_sts(text: &str) {
    black_box(record::values(text, Kind::StsTxt));
}

fn read_rpt(text: &str) {
    black_box(record::values(text, Kind::RptTxt));
}

fn read_report(text: &str) {
    black_box(json::read(text));
}

fn match_host(text: &str) {
    let (host, pattern) = text.split_once(' ').unwrap_or_default();
    black_box(host::matches(black_box(pattern), black_box(host)));
}

/// All cases, in the order of the table.
pub const CASES: &[Case] = &[
    Case {
        name: "`_mta-sts` record",
        input: || inputs::STS_RECORD.into(),
        parse: Some(read_sts),
        lint: Some(lint_sts),
        clean: true,
        peers: STS,
    },
    Case {
        name: "policy of mailrs",
        input: || inputs::POLICY.into(),
        parse: Some(read_policy),
        lint: Some(lint_policy),
        clean: false,
        peers: POLICY,
    },
    Case {
        name: "clean policy",
        input: || inputs::CLEAN_POLICY.into(),
        parse: Some(read_policy),
        lint: Some(lint_policy),
        clean: true,
        peers: POLICY,
    },
    Case {
        name: "`_smtp._tls` record",
        input: || inputs::RUA.into(),
        parse: Some(read_rpt),
        lint: Some(lint_rpt),
        clean: true,
        peers: RPT,
    },
    Case {
        name: "`_smtp._tls` record, three URIs",
        input: || inputs::RUA_3.into(),
        parse: Some(read_rpt),
        lint: Some(lint_rpt),
        clean: false,
        peers: RPT,
    },
    Case {
        name: "report, RFC 8460 appendix B",
        input: || inputs::REPORTS[0].into(),
        parse: Some(read_report),
        lint: Some(lint_report),
        clean: false,
        peers: REPORT,
    },
    Case {
        name: "report, 1 KB",
        input: || inputs::report(1_000),
        parse: Some(read_report),
        lint: Some(lint_report),
        clean: false,
        peers: REPORT,
    },
    Case {
        name: "report, 100 KB",
        input: || inputs::report(100_000),
        parse: Some(read_report),
        lint: Some(lint_report),
        clean: false,
        peers: REPORT,
    },
    Case {
        name: "report, 10 MB",
        input: || inputs::report(10_000_000),
        parse: Some(read_report),
        lint: Some(lint_report),
        clean: false,
        peers: REPORT,
    },
    Case {
        name: "mx match, equal",
        input: || "mail.example.com mail.example.com".into(),
        parse: Some(match_host),
        lint: None,
        clean: false,
        peers: MATCH,
    },
    Case {
        name: "mx match, wildcard",
        input: || "mx1.example.com *.example.com".into(),
        parse: Some(match_host),
        lint: None,
        clean: false,
        peers: MATCH,
    },
    Case {
        name: "mx match, wildcard, too deep",
        input: || "a.b.example.com *.example.com".into(),
        parse: Some(match_host),
        lint: None,
        clean: false,
        peers: MATCH,
    },
];
