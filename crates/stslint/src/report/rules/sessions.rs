//! How many sessions went well, and how many failed.

use super::Built as _;
use super::policy::Applied;
use super::*;
use crate::finding::{Arg, MOST};
use crate::json::Data;
use crate::report::{Count, inside, sum};

pub(super) const RULES: &[&Rule] = &[
    &SUMMARY_INVALID,
    &COUNT_AS_STRING,
    &FAILURE_SUM_DIFFERS,
    &FAILURES_WITHOUT_DETAILS,
    &DETAILS_WITHOUT_FAILURES,
    &FAILURES_REPORTED,
    &ALL_SESSIONS_SUCCESSFUL,
    &NO_SESSIONS,
];

/// The members of a summary (RFC 8460 §4.4).
const SUCCESSES: &str = "total-successful-session-count";
const FAILURES: &str = "total-failure-session-count";

/// Lints the summary and the failure details of one policy.
pub(super) fn check(
    element: &Value,
    applied: &Applied,
    values: &mut super::Values,
    findings: &mut Vec<Finding>,
) {
    let (success, failure) = summary(element, findings);
    let mut details = failures::details(element, applied, failure, findings);
    let told: Vec<_> = details.iter().map(|detail| (detail.result, detail.count)).collect();
    let effects = values.add(applied.policy_type, applied.mode, (success, failure), &told);
    let meant = effects.iter().map(|effect| effect.words()).collect::<Vec<_>>().join("; ");
    let meant = Arg::Text(meant.into());
    let explained = sum(told.iter().map(|(_, count)| *count));
    // What failed in no session did not fail.
    details.retain(|detail| detail.count != Some(0));
    // Of failures, at their number; of all sessions, at both numbers.
    let failures = element.get("summary").and_then(|summary| summary.get(FAILURES));
    let failures = failures.map_or_else(|| inside(element), |value| value.span);
    let found = |rule| Finding::new(rule, failures);
    let of_all = |rule| Finding::new(rule, place(element, "summary"));
    let reported = |failed| {
        let mut reported = found(&FAILURES_REPORTED).arg(count(failed)).arg(meant);
        for detail in details.iter().take(MOST) {
            reported = reported.label(detail.place, detail.cause);
        }
        reported
    };
    match (success, failure) {
        (_, Some(failure @ 1..)) => {
            if !details_are_read(element) {
                // What cannot be read may say why, and how many failed.
            } else if details.is_empty() {
                findings.push(found(&FAILURES_WITHOUT_DETAILS).arg(count(failure)));
            } else if explained != failure {
                let sum = found(&FAILURE_SUM_DIFFERS).arg(Arg::Number(explained));
                findings.push(sum.arg(Arg::Number(failure)));
            }
            findings.push(reported(failure));
        }
        (_, None) if explained > 0 => findings.push(reported(explained)),
        (_, Some(0)) if !details.is_empty() => findings.push(found(&DETAILS_WITHOUT_FAILURES)),
        (Some(success @ 1..), Some(0)) => {
            findings.push(of_all(&ALL_SESSIONS_SUCCESSFUL).arg(count(success)));
        }
        (Some(0), Some(0)) => findings.push(of_all(&NO_SESSIONS)),
        _ => {}
    }
}

/// 040 and 041.
fn summary(element: &Value, findings: &mut Vec<Finding>) -> (Option<u64>, Option<u64>) {
    let Some(summary @ Value { data: Data::Object(_), .. }) = element.get("summary") else {
        let place = place(element, "summary");
        findings.push(Finding::new(&SUMMARY_INVALID, place).arg(Arg::Text("summary".into())));
        return (None, None);
    };
    let mut count = |key: &'static str| {
        let count = Count::of(summary.get(key));
        let place = summary.get(key).map_or_else(|| inside(summary), |value| value.span);
        match count {
            Count::Invalid => {
                findings.push(Finding::new(&SUMMARY_INVALID, place).arg(Arg::Text(key.into())));
            }
            Count::Text(_) => findings.push(count_as_string(place)),
            Count::Number(_) => {}
        }
        count.number()
    };
    (count(SUCCESSES), count(FAILURES))
}

/// A number in quotes.
pub(super) fn count_as_string(place: Span) -> Finding {
    Finding::new(&COUNT_AS_STRING, place).arg(Arg::Source(place))
}

/// Whether all that stands in the place of failure details can be read, or nothing stands there.
fn details_are_read(element: &Value) -> bool {
    element.get("failure-details").is_none_or(|value| match &value.data {
        Data::Array(list) => list.iter().all(|detail| matches!(detail.data, Data::Object(_))),
        Data::Null | Data::Object(_) => true,
        _ => false,
    })
}

static SUMMARY_INVALID: Rule = Rule {
    code: "RPT-JSON-040",
    name: "summary-invalid",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is missing or not a number of sessions",
    words: words(Words {
        why: "Both totals have to be there as whole numbers, not negative.",
        effect: "The totals cannot be trusted.",
        help: "Tell the reporter; it is a fault of its software.",
        clause: "RFC 8460 §4.4: counts are JSON numbers; RFC 7493 §2.2",
        fails: example(report!(
            summary: "\"summary\":{\"total-successful-session-count\":1,\"total-failure-session-count\":-1}"
        )),
        passes: GOOD,
    }),
};

static COUNT_AS_STRING: Rule = Rule {
    code: "RPT-JSON-041",
    name: "count-as-string",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "{0} is a number in quotes",
    words: words(Words {
        why: "Counts are JSON numbers.",
        effect: "Some software that reads reports rejects it.",
        help: "Nothing has to be done: it is read as a number here.",
        clause: "RFC 8460 §4.4: counts are JSON numbers",
        fails: example(report!(
            summary: "\"summary\":{\"total-successful-session-count\":\"120\",\"total-failure-session-count\":0}"
        )),
        passes: GOOD,
    }),
};

static FAILURE_SUM_DIFFERS: Rule = Rule {
    code: "RPT-JSON-042",
    name: "failure-sum-differs",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The details add up to {0}, but {1} is given as the number of failed sessions",
    words: words(Words {
        why: "More is legal: one session can fail for several reasons. Less means that some failures are not \
              explained.",
        effect: "None.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4: counts may overlap",
        fails: example(report!(
            failed: 3,
            "[{\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.mx.example\",\"failed-session-count\":4}]"
        )),
        passes: GOOD,
    }),
};

static FAILURES_WITHOUT_DETAILS: Rule = Rule {
    code: "RPT-JSON-043",
    name: "failures-without-details",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "{0} failed, and the report does not say why",
    words: words(Words {
        why: "Without `failure-details` there is nothing to act on.",
        effect: "You know that mail failed, but not where.",
        help: "Look for other reports of the same days, and check certificate and STARTTLS of each MX host.",
        clause: "RFC 8460 §4.4: failure-details",
        fails: example(report!(failed: 5, "[]")),
        passes: GOOD,
    }),
};

static DETAILS_WITHOUT_FAILURES: Rule = Rule {
    code: "RPT-JSON-044",
    name: "details-without-failures",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The total says that nothing failed, the details say otherwise",
    words: words(Words {
        why: "The two contradict each other.",
        effect: "You cannot tell whether mail failed.",
        help: "Believe the details until other reports tell you more.",
        clause: "RFC 8460 §4.2.2: failures",
        fails: example(report!(
            failed: 0,
            "[{\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.mx.example\",\"failed-session-count\":2}]"
        )),
        passes: GOOD,
    }),
};

static FAILURES_REPORTED: Rule = Rule {
    code: "RPT-JSON-060",
    name: "failures-reported",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "{0} failed: {1}",
    words: words(Words {
        why: "This sender did not get what the policy that it applied asks for.",
        effect: "With an enforced policy, and with DANE, the mail waits; a policy in mode `testing` \
                 lets it through, as does one that could not be fetched where the sender has no copy. Where no policy \
                 was found, nothing was promised.",
        help: "Repair the cause of each failure, with MTA-STS before you enforce.",
        clause: "RFC 8460 §4.2.2: failures; RFC 8461 §5: modes; RFC 8461 §3.3: a policy that cannot be fetched; RFC 7672 \
                 §2.2",
        fails: example(report!(
            failed: 3,
            "[{\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-hostname\":\"a.mx.example\",\"failed-session-count\":3}]"
        )),
        passes: GOOD,
    }),
};

static ALL_SESSIONS_SUCCESSFUL: Rule = Rule {
    code: "RPT-JSON-062",
    name: "all-sessions-successful",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "{0} went well, and none failed",
    words: words(Words {
        why: "This sender reaches your servers as the policy that it applied asks for. Where it found none, nothing was \
              asked.",
        effect: "None.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.2.1: success",
        fails: example(report!()),
        passes: None,
    }),
};

static NO_SESSIONS: Rule = Rule {
    code: "RPT-JSON-063",
    name: "no-sessions",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "There were no sessions",
    words: words(Words {
        why: "This sender sent nothing under this policy.",
        effect: "None.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.2: counts of sessions",
        fails: example(report!(
            summary: "\"summary\":{\"total-successful-session-count\":0,\"total-failure-session-count\":0}"
        )),
        passes: GOOD,
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::report;

    #[test]
    fn summary_invalid() {
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
                "summary": { "total-successful-session-count": 1, "total-failure-session-count": -1 },
                                                                                                 ^^ RPT-JSON-040
                "failure-details": []
              }]
            }
            "#,
        );
    }

    #[test]
    fn count_as_string() {
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
                "summary": { "total-successful-session-count": "120", "total-failure-session-count": 0 },
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-062
                                                               ^^^^^ RPT-JSON-041
                "failure-details": []
              }]
            }
            "#,
        );
    }

    #[test]
    fn failure_sum_differs() {
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
                  "failed-session-count": 4
                }]
              }]
            }
            "#,
        );
    }

    #[test]
    fn failures_without_details() {
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
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 5 },
                                                                                                   ^ RPT-JSON-043
                                                                                                   ^ RPT-JSON-060
                "failure-details": []
              }]
            }
            "#,
        );
    }

    #[test]
    fn details_without_failures() {
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
                                                                                                   ^ RPT-JSON-044
                "failure-details": [{
                  "result-type": "certificate-expired",
                  "sending-mta-ip": "192.0.2.7",
                  "receiving-mx-hostname": "a.mx.example",
                  "failed-session-count": 2
                }]
              }]
            }
            "#,
        );
    }

    #[test]
    fn failures_reported() {
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
                  "failed-session-count": 3
                }]
              }]
            }
            "#,
        );
    }

    #[test]
    fn all_sessions_successful() {
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
                "failure-details": []
              }]
            }
            "#,
        );
    }

    #[test]
    fn no_sessions() {
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
                "summary": { "total-successful-session-count": 0, "total-failure-session-count": 0 },
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-063
                "failure-details": []
              }]
            }
            "#,
        );
    }
}
