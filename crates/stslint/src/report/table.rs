//! A report as a table: what failed, at which mail server, in how many sessions.

use super::aggregate::Kind;
use super::{Content, Failure, PolicyType, ResultType, add};
use crate::text::Span;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Sessions that failed for one cause at one mail server, under one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The kind of the policy; none where the report gives none that is known. Reporters may tell of one session
    /// under each kind, so sessions of different kinds are not to be added.
    pub policy_type: Option<PolicyType>,
    /// The domain of the policy.
    pub domain: Option<Cow<'a, str>>,
    /// What failed.
    pub cause: Cause<'a>,
    /// The mail server: its name, or else its address. None where it is not told, as for failures of the policy.
    pub server: Option<Cow<'a, str>>,
    /// How many sessions failed; none where no number can be read.
    pub sessions: Option<u64>,
    /// Where it stands first in the text of the report.
    pub span: Span,
}

impl Row<'_> {
    /// The kind of the policy, as many reports taken together have it.
    pub const fn kind(&self) -> Kind {
        Kind::of(self.policy_type, false)
    }
}

/// What failed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause<'a> {
    /// A registered result type.
    Known(ResultType),
    /// A name that the registry does not have: text from outside.
    Other(Cow<'a, str>),
    /// The report does not say.
    Unsaid,
}

impl Cause<'_> {
    /// Whether only whoever runs the mail server can repair it: its TLS, its certificate or the TLSA records for it.
    pub const fn is_of_server(&self) -> bool {
        use ResultType::*;
        matches!(
            self,
            Self::Known(
                CertificateExpired
                    | CertificateHostMismatch
                    | CertificateNotTrusted
                    | StarttlsNotSupported
                    | TlsaInvalid
            )
        )
    }
}

/// All failures, those with most sessions first. Failures of the same policy, cause and mail server are one row.
pub fn table<'a>(content: &Content<'a>) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut places = BTreeMap::new();
    for policy in &content.policies {
        let mut put = |cause: Cause<'a>, server: Option<Cow<'a, str>>, sessions, span| {
            let name = |name: Option<&str>| name.map(|name| normal(name).into_owned());
            let (domain, host) = (name(policy.domain.as_deref()), name(server.as_deref()));
            let key = (policy.policy_type, domain, cause.clone(), host);
            let at = *places.entry(key).or_insert_with(|| {
                let (policy_type, domain) = (policy.policy_type, policy.domain.clone());
                rows.push(Row { policy_type, domain, cause, server, sessions: None, span });
                rows.len() - 1
            });
            add(&mut rows[at].sessions, sessions);
        };
        // What failed in no session did not fail.
        for failure in policy.failures.iter().filter(|failure| failure.count != Some(0)) {
            put(cause(failure), server(failure), failure.count, failure.span);
        }
        if let Some(left) = policy.unexplained() {
            put(Cause::Unsaid, None, Some(left), policy.failure_span);
        }
    }
    // Stable: equal numbers stay in the order of the text.
    rows.sort_by_key(|row| std::cmp::Reverse(row.sessions));
    rows
}

/// A name as it is compared.
pub(super) fn normal(name: &str) -> Cow<'_, str> {
    let name = name.strip_suffix('.').unwrap_or(name);
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

fn cause<'a>(failure: &Failure<'a>) -> Cause<'a> {
    match (failure.result, &failure.result_type) {
        (Some(result), _) => Cause::Known(result),
        (None, Some(name)) => Cause::Other(name.clone()),
        (None, None) => Cause::Unsaid,
    }
}

pub(super) fn server<'a>(failure: &Failure<'a>) -> Option<Cow<'a, str>> {
    failure.mx.clone().or_else(|| failure.receiving_ip.map(|ip| ip.to_string().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::content;

    fn failure(kind: &str, mx: &str, count: &str) -> String {
        format!(
            r#"{{"result-type":"{kind}","receiving-mx-hostname":"{mx}","failed-session-count":{count}}}"#
        )
    }

    fn policy(kind: &str, failed: u64, details: &[String]) -> String {
        format!(
            r#"{{"policy":{{"policy-type":"{kind}","policy-domain":"a.se"}},"summary":{{
                "total-successful-session-count":9,"total-failure-session-count":{failed}}},
                "failure-details":[{}]}}"#,
            details.join(",")
        )
    }

    /// Kind of policy, cause, server, sessions.
    type Seen = (Option<PolicyType>, String, Option<String>, Option<u64>);

    fn rows(text: &str) -> Vec<Seen> {
        let content = content(text).expect("a report");
        let row = |row: Row| {
            assert!(text.get(row.span.range()).is_some(), "{row:?}");
            let cause = match row.cause {
                Cause::Known(result) => result.word().to_owned(),
                Cause::Other(name) => name.into_owned(),
                Cause::Unsaid => "unsaid".into(),
            };
            (row.policy_type, cause, row.server.map(Cow::into_owned), row.sessions)
        };
        table(&content).into_iter().map(row).collect()
    }

    #[test]
    fn failures_alike_are_one_row_and_the_worst_is_first() {
        let details = [
            failure("certificate-expired", "mx1.a.se", "2"),
            failure("starttls-not-supported", "mx2.a.se", "\"200\""),
            failure("certificate-expired", "MX1.a.se.", "1"),
            failure("certificate-expired", "mx2.a.se", "4"),
            r#"{"receiving-ip":"192.0.2.1","failed-session-count":5}"#.into(),
        ];
        let text = format!(r#"{{"policies":[{}]}}"#, policy("sts", 213, &details));
        let sts = Some(PolicyType::Sts);
        let row = |cause: &str, server: &str, sessions| {
            let server = (!server.is_empty()).then(|| server.to_owned());
            (sts, cause.to_owned(), server, sessions)
        };
        let wanted = [
            row("starttls-not-supported", "mx2.a.se", Some(200)),
            row("unsaid", "192.0.2.1", Some(5)),
            row("certificate-expired", "mx2.a.se", Some(4)),
            row("certificate-expired", "mx1.a.se", Some(3)),
            row("unsaid", "", Some(1)),
        ];
        assert_eq!(rows(&text), wanted);
        // With one more whose number cannot be read, nobody knows whether the rest is it.
        let more = [&details[..], &[failure("new-type", "", "null")]].concat();
        let text = format!(r#"{{"policies":[{}]}}"#, policy("sts", 213, &more));
        let unread = [&wanted[..4], &[row("new-type", "", None)]].concat();
        assert_eq!(rows(&text), unread);
    }

    #[test]
    fn kinds_of_policies_stay_apart() {
        let details = [failure("starttls-not-supported", "mx.a.se", "3")];
        let [sts, tlsa] = ["sts", "tlsa"].map(|kind| policy(kind, 3, &details));
        let text = format!(r#"{{"policies":[{sts},{tlsa},{sts}]}}"#);
        let sessions: Vec<_> = rows(&text).into_iter().map(|row| (row.0, row.3)).collect();
        assert_eq!(sessions, [(Some(PolicyType::Sts), Some(6)), (Some(PolicyType::Tlsa), Some(3))]);
    }

    #[test]
    fn a_row_stands_where_its_cause_stands() {
        let details = [failure("certificate-expired", "mx.a.se", "3")];
        let text = format!("\u{feff}{{\"policies\":[{}]}}", policy("sts", 5, &details));
        let content = content(&text).expect("a report");
        let places =
            table(&content).into_iter().map(|row| &text[row.span.range()]).collect::<Vec<_>>();
        assert_eq!(places, ["\"certificate-expired\"", "5"]);
    }

    #[test]
    fn where_nothing_failed_there_is_no_row() {
        let text = format!(r#"{{"policies":[{}]}}"#, policy("sts", 0, &[]));
        assert_eq!(rows(&text), []);
        assert_eq!(rows("{}"), []);
    }
}
