//! Who is measured, and with what.

use crate::inputs;
use mail_auth::common::parse::TxtRecordParser as _;
use mail_auth::mta_sts::{MtaSts, TlsRpt};
use mail_auth::report::tlsrpt::TlsReport;
use mailrs_mta_sts::{Policy, StsRecord, mx_matches};
use mailrs_tls_rpt::{Report, TlsRptRecord};
use std::hint::black_box;
use stslint::{Input, Kind, host, lint, policy, record, report};

/// Reads one input, result and all.
pub type Run = fn(&str);

/// One input, and those who read it.
pub struct Case {
    pub name: &'static str,
    pub input: fn() -> String,
    /// Ours, by name.
    pub ours: &'static [(&'static str, Run)],
    /// The others, by name.
    pub peers: &'static [(&'static str, Run)],
}

impl Case {
    /// All who read it, ours first.
    pub fn subjects(&self) -> Vec<(&'static str, Run)> {
        [self.ours, self.peers].concat()
    }
}

/// The values without findings: the subject with a goal.
pub const VALUES: &str = "stslint, values";
/// All that a lint gives.
const LINT: &str = "stslint, lint";

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

const OUR_POLICY: &[(&str, Run)] = &[
    (VALUES, |text| {
        black_box(policy::values(text));
    }),
    (LINT, lint_policy),
];
const OUR_STS: &[(&str, Run)] = &[
    (VALUES, |text| {
        black_box(record::values(text, Kind::StsTxt));
    }),
    (LINT, lint_sts),
];
const OUR_RPT: &[(&str, Run)] = &[
    (VALUES, |text| {
        black_box(record::values(text, Kind::RptTxt));
    }),
    (LINT, lint_rpt),
];
const OUR_REPORT: &[(&str, Run)] = &[
    (VALUES, |text| {
        black_box(report::content(text));
    }),
    (LINT, lint_report),
];
const OUR_MATCH: &[(&str, Run)] = &[(VALUES, |text| {
    let (host, pattern) = text.split_once(' ').unwrap_or_default();
    black_box(host::matches(black_box(pattern), black_box(host)));
})];

/// All cases, in the order of the table.
pub const CASES: &[Case] = &[
    Case {
        name: "`_mta-sts` record",
        input: || inputs::STS_RECORD.into(),
        ours: OUR_STS,
        peers: STS,
    },
    Case {
        name: "policy of mailrs",
        input: || inputs::POLICY.into(),
        ours: OUR_POLICY,
        peers: POLICY,
    },
    Case {
        name: "clean policy",
        input: || inputs::CLEAN_POLICY.into(),
        ours: OUR_POLICY,
        peers: POLICY,
    },
    Case { name: "`_smtp._tls` record", input: || inputs::RUA.into(), ours: OUR_RPT, peers: RPT },
    Case {
        name: "`_smtp._tls` record, three URIs",
        input: || inputs::RUA_3.into(),
        ours: OUR_RPT,
        peers: RPT,
    },
    Case {
        name: "report, RFC 8460 appendix B",
        input: || inputs::REPORTS[0].into(),
        ours: OUR_REPORT,
        peers: REPORT,
    },
    Case { name: "report, 1 KB", input: || inputs::report(1_000), ours: OUR_REPORT, peers: REPORT },
    Case {
        name: "report, 100 KB",
        input: || inputs::report(100_000),
        ours: OUR_REPORT,
        peers: REPORT,
    },
    Case {
        name: "report, 10 MB",
        input: || inputs::report(10_000_000),
        ours: OUR_REPORT,
        peers: REPORT,
    },
    Case {
        name: "mx match, equal",
        input: || "mail.example.com mail.example.com".into(),
        ours: OUR_MATCH,
        peers: MATCH,
    },
    Case {
        name: "mx match, wildcard",
        input: || "mx1.example.com *.example.com".into(),
        ours: OUR_MATCH,
        peers: MATCH,
    },
    Case {
        name: "mx match, wildcard, too deep",
        input: || "a.b.example.com *.example.com".into(),
        ours: OUR_MATCH,
        peers: MATCH,
    },
];
