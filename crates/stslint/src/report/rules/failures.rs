//! What failed, where and why.

use super::Built as _;
use super::policy::Applied;
use super::*;
use crate::finding::Arg;
use crate::host;
use crate::json::Data;
use crate::report::table::normal;
use crate::report::{self, Count, PolicyType, ResultType, address, is_blank, text_of};
use std::collections::BTreeSet;

pub(super) const RULES: &[&Rule] = &[
    &FAILURE_DETAILS_NOT_ARRAY,
    &RESULT_TYPE_MISSING,
    &RESULT_TYPE_UNKNOWN,
    &FAILED_SESSION_COUNT_INVALID,
    &IP_INVALID,
    &CONNECTION_DATA_MISSING,
    &FAILURE_REASON_CODE_MISSING,
    &ADDITIONAL_INFORMATION_NOT_URI,
    &RESULT_TYPE_POLICY_MISMATCH,
    &RECEIVING_MX_NOT_IN_POLICY,
];

/// One failure.
pub(super) struct Detail {
    /// Its failed sessions; none when the count cannot be read.
    pub(super) count: Option<u64>,
    /// Where its result type stands.
    pub(super) place: Span,
    /// The usual cause.
    pub(super) cause: &'static str,
    /// What failed, where it has a registered name or is meant to have one.
    pub(super) result: Option<ResultType>,
}

/// The usual cause of a failure under a kind of policy. With DANE it is the TLSA record that tells which certificate is good (RFC
/// 7671 §5.1), and only a policy of MTA-STS names hosts.
fn cause(under: Option<PolicyType>, result: Option<ResultType>) -> &'static str {
    use ResultType::*;
    match result {
        Some(CertificateNotTrusted | ValidationFailure) if under == Some(PolicyType::Tlsa) => {
            "the certificate is not one that the TLSA records vouch for: see failure-reason-code"
        }
        Some(ValidationFailure) if under == Some(PolicyType::NoPolicyFound) => {
            "anything else: see failure-reason-code"
        }
        Some(StarttlsNotSupported) => {
            "the server offered no STARTTLS: TLS is off, a firewall strips it, or it is a backup MX without TLS"
        }
        Some(CertificateHostMismatch) => {
            "the certificate does not carry the name of the MX host, or a shared host shows its default one"
        }
        Some(CertificateExpired) => {
            "the certificate has expired: renewed, but not loaded by the mail server?"
        }
        Some(CertificateNotTrusted) => {
            "the chain is not trusted: self-signed, private, or an intermediate is missing"
        }
        Some(ValidationFailure) => {
            "anything else, often an MX host that the policy does not name: see failure-reason-code"
        }
        Some(TlsaInvalid) => "no TLSA record fits: a new key without new TLSA records?",
        Some(DnssecInvalid) => "DNSSEC does not validate: expired signatures or a broken DS record",
        Some(DaneRequired) => "the sender demands DANE and found none",
        Some(StsPolicyFetchError) => {
            "the policy could not be fetched: outage, redirect, 404 or a bot check"
        }
        Some(StsPolicyInvalid) => "the policy was fetched but is not valid: lint it",
        Some(StsWebpkiInvalid) => {
            "the certificate of the policy host is expired or for another name, or an intermediate is missing"
        }
        None => "a failure of a kind that the RFC does not know",
    }
}

/// The details of one element of `policies`, in which this many sessions failed.
pub(super) fn details(
    element: &Value,
    applied: &Applied,
    failed: Option<u64>,
    findings: &mut Vec<Finding>,
) -> Vec<Detail> {
    let list = report::details(element);
    let is_object = |value: &&Value| matches!(value.data, Data::Object(_));
    if let Some(value) = element.get("failure-details") {
        // Where there is nothing to tell, these say so.
        let is_absent = match &value.data {
            Data::Null => true,
            Data::Object(members) => members.is_empty(),
            _ => text_of(Some(value)).is_some_and(|text| is_blank(&text)),
        };
        let is_array = matches!(value.data, Data::Array(_)) || is_absent && failed == Some(0);
        let wrong = list.iter().filter(|value| !is_object(value)).map(|value| value.span);
        let not_array = (!is_array).then_some(value.span);
        let places = not_array.into_iter().chain(wrong);
        findings.extend(places.map(|span| Finding::new(&FAILURE_DETAILS_NOT_ARRAY, span)));
    }
    // A host is told of once, however many addresses it was reached from.
    let mut uncovered = BTreeSet::new();
    let sorted = |value| {
        Finding::bound(findings);
        let from = findings.len();
        let detail = detail(value, applied, &mut uncovered, findings);
        // In order failure by failure, so that the last sort of all has little to do.
        findings[from..].sort_by_key(|finding| finding.span);
        detail
    };
    list.iter().filter(is_object).map(sorted).collect()
}

fn detail(
    value: &Value,
    applied: &Applied,
    uncovered: &mut BTreeSet<String>,
    findings: &mut Vec<Finding>,
) -> Detail {
    let result = result_type(value, applied, findings);
    let place = place(value, "result-type");
    let count = Count::of(value.get("failed-session-count"));
    let count_place = super::place(value, "failed-session-count");
    match count {
        Count::Invalid => findings.push(Finding::new(&FAILED_SESSION_COUNT_INVALID, count_place)),
        Count::Text(_) => findings.push(sessions::count_as_string(count_place)),
        Count::Number(_) => {}
    }
    let filled = |key: &str| text_of(value.get(key)).filter(|text| !text.is_empty());
    // Something that is there, and is no string.
    let of_another_type = |key: &str| {
        value.get(key).is_some_and(|value| !matches!(value.data, Data::Null | Data::String(_)))
    };
    for key in ["sending-mta-ip", "receiving-ip"] {
        if filled(key).is_some_and(|ip| address::read(&ip).is_none()) || of_another_type(key) {
            let place = super::place(value, key);
            findings.push(Finding::new(&IP_INVALID, place).arg(Arg::Source(place)));
        }
    }
    let mx = filled("receiving-mx-hostname");
    let of_sts = result.is_some_and(|result| result.word().starts_with("sts-"));
    if filled("sending-mta-ip").is_none() || mx.is_none() && !of_sts {
        findings.push(Finding::new(&CONNECTION_DATA_MISSING, place));
    }
    let general =
        matches!(result, Some(ResultType::ValidationFailure | ResultType::CertificateNotTrusted));
    if general && filled("failure-reason-code").is_none() {
        findings.push(Finding::new(&FAILURE_REASON_CODE_MISSING, place));
    }
    if filled("additional-information").is_some_and(|text| !is_uri(&text))
        || of_another_type("additional-information")
    {
        let place = super::place(value, "additional-information");
        findings.push(Finding::new(&ADDITIONAL_INFORMATION_NOT_URI, place));
    }
    if let (Some(mx), Some(PolicyType::Sts)) = (mx, applied.policy_type)
        && !applied.patterns.is_empty()
        && !host::is_address(&mx)
        && !applied.covers(&mx)
        && uncovered.insert(normal(&mx).into_owned())
    {
        let place = super::place(value, "receiving-mx-hostname");
        findings.push(
            Finding::new(&RECEIVING_MX_NOT_IN_POLICY, place).arg(Arg::Text(mx.into_owned().into())),
        );
    }
    Detail { count: count.number(), place, cause: cause(applied.policy_type, result), result }
}

/// 051, 052 and 058.
fn result_type(
    value: &Value,
    applied: &Applied,
    findings: &mut Vec<Finding>,
) -> Option<ResultType> {
    let place = place(value, "result-type");
    let Some(name) = text_of(value.get("result-type")).filter(|name| !name.is_empty()) else {
        findings.push(Finding::new(&RESULT_TYPE_MISSING, place));
        return None;
    };
    let result = ResultType::meant(&name);
    let word = result.map_or("", ResultType::word);
    let text = Arg::Text(name.clone().into_owned().into());
    if ResultType::from_word(&name).is_none() {
        let meant = match result {
            Some(_) => format!("; `{word}` is meant"),
            None => String::new(),
        };
        let found = Finding::new(&RESULT_TYPE_UNKNOWN, place);
        findings.push(found.arg(text.clone()).arg(Arg::Text(meant.into())));
    }
    let mismatch = match applied.policy_type {
        Some(PolicyType::Sts) => {
            matches!(word, "tlsa-invalid" | "dnssec-invalid" | "dane-required")
        }
        Some(PolicyType::Tlsa) => word.starts_with("sts-"),
        Some(PolicyType::NoPolicyFound) | None => false,
    };
    if mismatch {
        findings.push(Finding::new(&RESULT_TYPE_POLICY_MISMATCH, place).arg(text));
    }
    result
}

/// Whether a text is an absolute URI, by its scheme and characters (RFC 3986).
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_char = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(scheme_char)
        && !rest.is_empty()
        && rest.bytes().all(|b| {
            b.is_ascii_graphic()
                && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
        })
}

static FAILURE_DETAILS_NOT_ARRAY: Rule = Rule {
    code: "RPT-JSON-050",
    name: "failure-details-not-array",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`failure-details` has to be a list of objects",
    words: words(Words {
        why: "Even a single failure stands in a list.",
        effect: "Some software that reads reports does not see the failures.",
        help: "Nothing has to be done: a single object is read here.",
        clause: "RFC 8460 §4.4: failure-details",
        fails: example(report!(failed: 0, "\"none\"")),
        passes: GOOD,
    }),
};

static RESULT_TYPE_MISSING: Rule = Rule {
    code: "RPT-JSON-051",
    name: "result-type-missing",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "This failure does not say what failed",
    words: words(Words {
        why: "Without `result-type` a failure means nothing.",
        effect: UNUSABLE,
        help: "Tell the reporter; it is a fault of its software.",
        clause: "RFC 8460 §4.4: result-type",
        fails: example(report!(
            detail: "\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.mx.example\",\"failed-session-count\":3"
        )),
        passes: GOOD,
    }),
};

static RESULT_TYPE_UNKNOWN: Rule = Rule {
    code: "RPT-JSON-052",
    name: "result-type-unknown",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not a registered result type{1}",
    words: words(Words {
        why: "The registry has eleven, written exactly so. It may grow, but has not since 2018.",
        effect: COSMETIC,
        help: "Read it as what it resembles.",
        clause: "RFC 8460 §4.3: result types; RFC 8460 §6.6: the registry",
        fails: example(report!(
            detail: "\"result-type\":\"cert-expired\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.mx.example\",\"failed-session-count\":3"
        )),
        passes: GOOD,
    }),
};

static FAILED_SESSION_COUNT_INVALID: Rule = Rule {
    code: "RPT-JSON-053",
    name: "failed-session-count-invalid",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`failed-session-count` is missing or not a number of sessions",
    words: words(Words {
        why: "It has to be a whole number, not negative.",
        effect: "Nobody can tell how many sessions failed so.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: failed-session-count",
        fails: example(report!(
            detail: "\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.mx.example\",\"failed-session-count\":null"
        )),
        passes: GOOD,
    }),
};

static IP_INVALID: Rule = Rule {
    code: "RPT-JSON-054",
    name: "ip-invalid",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "{0} is not an IPv4 or IPv6 address",
    words: words(Words {
        why: "The address stands alone: no brackets, port, name or prefix length.",
        effect: COSMETIC,
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: IPv4 or IPv6 address",
        fails: example(report!(
            detail: "\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.mx.example\",\"receiving-ip\":\"[192.0.2.1]\",\"failed-session-count\":3"
        )),
        passes: GOOD,
    }),
};

static CONNECTION_DATA_MISSING: Rule = Rule {
    code: "RPT-JSON-055",
    name: "connection-data-missing",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The report does not say between which hosts this failed",
    words: words(Words {
        why: "Large senders leave it out when the policy itself was the problem.",
        effect: "For other failures you cannot tell which server to repair.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: sending-mta-ip, receiving-mx-hostname",
        fails: example(report!(
            detail: "\"result-type\":\"certificate-expired\",\"failed-session-count\":3"
        )),
        passes: GOOD,
    }),
};

static FAILURE_REASON_CODE_MISSING: Rule = Rule {
    code: "RPT-JSON-056",
    name: "failure-reason-code-missing",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "This general failure comes without a reason",
    words: words(Words {
        why: "For such types the reporter should give a code or text that tells more.",
        effect: "You have to guess the cause.",
        help: "With MTA-STS, check the certificate chain and whether your policy names the host; with DANE, whether a TLSA record \
               fits its key.",
        clause: "RFC 8460 §4.3.1: should give details; RFC 8460 §4.3.3",
        fails: example(report!(
            detail: "\"result-type\":\"validation-failure\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.mx.example\",\"failed-session-count\":3"
        )),
        passes: GOOD,
    }),
};

static ADDITIONAL_INFORMATION_NOT_URI: Rule = Rule {
    code: "RPT-JSON-057",
    name: "additional-information-not-uri",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "`additional-information` is not a URI",
    words: words(Words {
        why: "It should point to more information. Whatever it is, it is somebody else's text: stslint never \
              makes a link of it.",
        effect: "None.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: a URI; RFC 3986",
        fails: example(report!(
            detail: "\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.mx.example\",\"failed-session-count\":3,\"additional-information\":\"see logs\""
        )),
        passes: GOOD,
    }),
};

static RESULT_TYPE_POLICY_MISMATCH: Rule = Rule {
    code: "RPT-JSON-058",
    name: "result-type-policy-mismatch",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` does not belong to this type of policy",
    words: words(Words {
        why: "DANE failures belong to a `tlsa` policy, `sts-…` failures to an `sts` policy.",
        effect: "You cannot tell which of your two protections failed.",
        help: "Check both: TLSA records, and the MTA-STS policy.",
        clause: "RFC 8460 §4.3.2.1: DANE failures; RFC 8460 §4.3.2.2: MTA-STS failures",
        fails: example(report!(
            detail: "\"result-type\":\"tlsa-invalid\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.mx.example\",\"failed-session-count\":3"
        )),
        passes: GOOD,
    }),
};

static RECEIVING_MX_NOT_IN_POLICY: Rule = Rule {
    code: "RPT-JSON-061",
    name: "receiving-mx-not-in-policy",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "No `mx` pattern of the reported policy covers `{0}`",
    words: words(Words {
        why: "A mail server is missing from the policy, a wildcard is one label too short, or somebody has \
              redirected the MX records.",
        effect: "With `enforce`, senders do not deliver to this host.",
        help: "If the host is yours, add an `mx` line for it and give the record a new `id`.",
        clause: "RFC 8461 §4.1: how patterns cover hosts",
        fails: example(report!(
            detail: "\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.b.mx.example\",\"failed-session-count\":3"
        )),
        passes: GOOD,
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::report;

    #[test]
    fn failure_details_not_array() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 0 },
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-062
                "failure-details": "none"
                                   ^^^^^^ RPT-JSON-050
              }]
            }
            "#,
        );
    }

    #[test]
    fn result_type_missing() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 3 },
                                                                                                   ^ RPT-JSON-060
                "failure-details": [{
                  "sending-mta-ip": "192.0.2.7",
                  "receiving-mx-hostname": "a.mx.example",
                  "failed-session-count": 3
                }]
                | RPT-JSON-051
              }]
            }
            "#,
        );
    }

    #[test]
    fn result_type_unknown() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 3 },
                                                                                                   ^ RPT-JSON-060
                "failure-details": [{
                  "result-type": "cert-expired",
                                 ^^^^^^^^^^^^^^ RPT-JSON-052
                  "sending-mta-ip": "192.0.2.7",
                  "receiving-mx-hostname": "a.mx.example",
                  "failed-session-count": 3
                }]
              }]
            }
            "#,
        );
    }

    #[test]
    fn failed_session_count_invalid() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 3 },
                                                                                                   ^ RPT-JSON-042
                                                                                                   ^ RPT-JSON-060
                "failure-details": [{
                  "result-type": "certificate-expired",
                  "sending-mta-ip": "192.0.2.7",
                  "receiving-mx-hostname": "a.mx.example",
                  "failed-session-count": null
                                          ^^^^ RPT-JSON-053
                }]
              }]
            }
            "#,
        );
    }

    #[test]
    fn ip_invalid() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 3 },
                                                                                                   ^ RPT-JSON-060
                "failure-details": [{
                  "result-type": "certificate-expired",
                  "sending-mta-ip": "192.0.2.7",
                  "receiving-mx-hostname": "a.mx.example",
                  "receiving-ip": "[192.0.2.1]",
                                  ^^^^^^^^^^^^^ RPT-JSON-054
                  "failed-session-count": 3
                }]
              }]
            }
            "#,
        );
    }

    #[test]
    fn connection_data_missing() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 3 },
                                                                                                   ^ RPT-JSON-060
                "failure-details": [{ "result-type": "certificate-expired", "failed-session-count": 3 }]
                                                     ^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-055
              }]
            }
            "#,
        );
    }

    #[test]
    fn failure_reason_code_missing() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 3 },
                                                                                                   ^ RPT-JSON-060
                "failure-details": [{
                  "result-type": "validation-failure",
                                 ^^^^^^^^^^^^^^^^^^^^ RPT-JSON-056
                  "sending-mta-ip": "192.0.2.7",
                  "receiving-mx-hostname": "a.mx.example",
                  "failed-session-count": 3
                }]
              }]
            }
            "#,
        );
    }

    #[test]
    fn additional_information_not_uri() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 3 },
                                                                                                   ^ RPT-JSON-060
                "failure-details": [{
                  "result-type": "certificate-expired",
                  "sending-mta-ip": "192.0.2.7",
                  "receiving-mx-hostname": "a.mx.example",
                  "failed-session-count": 3,
                  "additional-information": "see logs"
                                            ^^^^^^^^^^ RPT-JSON-057
                }]
              }]
            }
            "#,
        );
    }

    #[test]
    fn result_type_policy_mismatch() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 3 },
                                                                                                   ^ RPT-JSON-060
                "failure-details": [{
                  "result-type": "tlsa-invalid",
                                 ^^^^^^^^^^^^^^ RPT-JSON-058
                  "sending-mta-ip": "192.0.2.7",
                  "receiving-mx-hostname": "a.mx.example",
                  "failed-session-count": 3
                }]
              }]
            }
            "#,
        );
    }

    #[test]
    fn receiving_mx_not_in_policy() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 3 },
                                                                                                   ^ RPT-JSON-060
                "failure-details": [{
                  "result-type": "certificate-expired",
                  "sending-mta-ip": "192.0.2.7",
                  "receiving-mx-hostname": "a.b.mx.example",
                                           ^^^^^^^^^^^^^^^^ RPT-JSON-061
                  "failed-session-count": 3
                }]
              }]
            }
            "#,
        );
    }
}
