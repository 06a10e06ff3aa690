//! All who are measured read the same from the inputs: speed of a wrong answer is worth nothing.

use crate::inputs;
use mail_auth::common::parse::TxtRecordParser as _;
use mail_auth::mta_sts::{MtaSts, ReportUri, TlsRpt};
use mail_auth::report::tlsrpt::TlsReport;
use mailrs_mta_sts::{Policy, PolicyMode, StsRecord, mx_matches};
use mailrs_tls_rpt::{Report, RuaEndpoint, TlsRptRecord};
use stslint::policy::Mode;
use stslint::report::{Content, Moment, PolicyType};
use stslint::{Input, Kind, Parsed, host, json, lint, policy, record, report};

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
        let content = report::content(text).unwrap();
        assert_eq!(content.values(), ours);
        same(&content, &mail_auth);
        match serde_json::from_str::<Report>(text) {
            Ok(mailrs) => same_texts(&content, &mailrs),
            Err(error) => assert!(error.to_string().starts_with("missing field `policy-domain`")),
        }
    }
}

/// What is not there is nothing to us, and 0 or empty to them.
fn same(ours: &Content, theirs: &TlsReport) {
    let count = |count: Option<u64>| u32::try_from(count.unwrap_or(0)).unwrap();
    let seconds = |moment: &Option<Moment>| moment.as_ref().unwrap().seconds().unwrap();
    assert_eq!(ours.contact.as_deref(), theirs.contact_info.as_deref());
    assert_eq!(ours.id.as_deref().unwrap_or(""), theirs.report_id);
    assert_eq!(seconds(&ours.start), theirs.date_range.start_datetime.to_timestamp());
    assert_eq!(seconds(&ours.end), theirs.date_range.end_datetime.to_timestamp());
    assert_eq!(ours.policies.len(), theirs.policies.len());
    for (ours, theirs) in ours.policies.iter().zip(&theirs.policies) {
        assert_eq!(kind(ours.policy_type), format!("{:?}", theirs.policy.policy_type));
        assert_eq!(ours.policy, theirs.policy.policy_string);
        assert_eq!(ours.domain.as_deref().unwrap_or(""), theirs.policy.policy_domain);
        assert_eq!(ours.mx_hosts, theirs.policy.mx_host);
        assert_eq!(count(ours.success), theirs.summary.total_success);
        assert_eq!(count(ours.failure), theirs.summary.total_failure);
        assert_eq!(ours.failures.len(), theirs.failure_details.len());
        for (ours, theirs) in ours.failures.iter().zip(&theirs.failure_details) {
            let result = format!("{:?}", ours.result.unwrap()).to_lowercase();
            assert_eq!(result, format!("{:?}", theirs.result_type).to_lowercase());
            assert_eq!(ours.sending_ip, theirs.sending_mta_ip);
            assert_eq!(ours.mx.as_deref(), theirs.receiving_mx_hostname.as_deref());
            assert_eq!(ours.helo.as_deref(), theirs.receiving_mx_helo.as_deref());
            assert_eq!(ours.receiving_ip, theirs.receiving_ip);
            assert_eq!(count(ours.count), theirs.failed_session_count);
            assert_eq!(ours.more.as_deref(), theirs.additional_information.as_deref());
            assert_eq!(ours.reason.as_deref(), theirs.failure_reason_code.as_deref());
        }
    }
}

fn kind(kind: Option<PolicyType>) -> String {
    kind.map_or("Other".into(), |kind| format!("{kind:?}"))
}

/// The texts that this peer keeps as they are written.
fn same_texts(ours: &Content, theirs: &Report) {
    assert_eq!(ours.organization.as_deref(), Some(theirs.organization_name.as_str()));
    assert_eq!(ours.start.as_ref().unwrap().0, theirs.date_range.start_datetime);
    assert_eq!(ours.end.as_ref().unwrap().0, theirs.date_range.end_datetime);
    assert_eq!(ours.policies.len(), theirs.policies.len());
    for (ours, theirs) in ours.policies.iter().zip(&theirs.policies) {
        assert_eq!(ours.policy, theirs.policy.policy_string);
        assert_eq!(ours.success, Some(theirs.summary.total_successful_session_count));
        assert_eq!(ours.failures.len(), theirs.failure_details.len());
        for (ours, theirs) in ours.failures.iter().zip(&theirs.failure_details) {
            assert_eq!(ours.result_type.as_deref(), Some(theirs.result_type.as_str()));
            assert_eq!(ours.receiving_ip, theirs.receiving_ip);
            assert_eq!(ours.count, Some(theirs.failed_session_count));
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
