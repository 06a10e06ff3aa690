//! All who are measured read the same from the inputs: speed of a wrong answer is worth nothing.

use crate::inputs;
use mail_auth::common::parse::TxtRecordParser as _;
use mail_auth::mta_sts::{MtaSts, ReportUri, TlsRpt};
use mail_auth::report::tlsrpt::TlsReport;
use mailrs_mta_sts::{Policy, PolicyMode, StsRecord, mx_matches};
use mailrs_tls_rpt::{Report, RuaEndpoint, TlsRptRecord};
use stslint::policy::Mode;
use stslint::{Input, Kind, Parsed, host, json, lint, policy, record};

fn parsed(text: &str, kind: Kind) -> Parsed {
    let input = Input { kind: Some(kind), ..Input::new(text.as_bytes()) };
    lint(&input).artefacts.remove(0).parsed
}

#[test]
fn policies() {
    for text in [inputs::POLICY, inputs::CLEAN_POLICY] {
        let (ours, theirs) = (policy::values(text), Policy::parse(text).unwrap());
        assert_eq!((ours.mode, theirs.mode), (Some(Mode::Enforce), PolicyMode::Enforce));
        assert_eq!(ours.max_age, Some(theirs.max_age));
        assert!(ours.mx.len() == 3 && ours.mx.iter().eq(theirs.mx.iter().map(|mx| mx.as_str())));
        assert_eq!(parsed(text, Kind::Policy), Parsed::Policy(ours));
    }
}

#[test]
fn records() {
    let text = inputs::STS_RECORD;
    let ours = record::values(text, Kind::StsTxt);
    let id = ours.id.as_deref().unwrap();
    assert_eq!(id, StsRecord::parse(text).unwrap().id);
    assert_eq!(id, MtaSts::parse(text.as_bytes()).unwrap().id);
    assert_eq!(parsed(text, Kind::StsTxt), Parsed::Record(ours));
}

#[test]
fn destinations() {
    for text in [inputs::RUA, inputs::RUA_3] {
        let ours = record::values(text, Kind::RptTxt);
        let mailrs = TlsRptRecord::parse(text).unwrap().rua.into_iter().map(|uri| match uri {
            RuaEndpoint::Mailto(address) => format!("mailto:{address}"),
            RuaEndpoint::Https(url) => url,
        });
        let mail_auth =
            TlsRpt::parse(text.as_bytes()).unwrap().rua.into_iter().map(|uri| match uri {
                ReportUri::Mail(address) => format!("mailto:{address}"),
                ReportUri::Http(url) => url,
            });
        assert_eq!(ours.rua, mailrs.collect::<Vec<_>>());
        assert_eq!(ours.rua, mail_auth.collect::<Vec<_>>());
        assert_eq!(parsed(text, Kind::RptTxt), Parsed::Record(ours));
    }
}

#[test]
fn reports() {
    let made = inputs::report(100_000);
    for text in inputs::REPORTS.into_iter().chain([made.as_str()]) {
        let Parsed::Report(ours) = parsed(text, Kind::Report) else { panic!("not read: {text}") };
        let mail_auth = TlsReport::parse_json(text.as_bytes()).unwrap();
        assert_eq!(ours.organization, mail_auth.organization_name);
        // A count that is not there is nothing to us and 0 to them.
        let sum = |count: fn(&mail_auth::report::tlsrpt::Policy) -> u32| {
            mail_auth.policies.iter().map(|policy| u64::from(count(policy))).sum::<u64>()
        };
        assert_eq!(ours.success.unwrap_or(0), sum(|policy| policy.summary.total_success));
        assert_eq!(ours.failure.unwrap_or(0), sum(|policy| policy.summary.total_failure));
        let (root, problems) = json::read(text);
        assert!(problems.is_empty());
        assert_eq!(root.get("policies").unwrap().elements().len(), mail_auth.policies.len());
        match serde_json::from_str::<Report>(text) {
            Ok(mailrs) => assert_eq!(mailrs.policies.len(), mail_auth.policies.len()),
            Err(error) => assert!(error.to_string().starts_with("missing field `policy-domain`")),
        }
    }
}

#[test]
fn matches() {
    for (host, pattern) in [
        ("mail.example.com", "mail.example.com"),
        ("mx1.example.com", "*.example.com"),
        ("a.b.example.com", "*.example.com"),
    ] {
        assert_eq!(host::matches(pattern, host).covers(), mx_matches(host, pattern));
    }
}
