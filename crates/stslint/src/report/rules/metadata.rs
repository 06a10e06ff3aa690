//! The members of a report beside its policies: who reports, and for which time.

use super::Built as _;
use super::*;
use crate::finding::{Applicability, Arg, Edit, Fix};
use crate::json::{Data, Member};
use crate::report::{instant, is_blank, text_of};
use crate::time::{self, Time};
use std::borrow::Cow;

pub(super) const RULES: &[&Rule] = &[
    &UNKNOWN_MEMBER,
    &ORGANIZATION_NAME_MISSING,
    &DATE_RANGE_MISSING,
    &DATETIME_INVALID,
    &DATETIME_WITHOUT_OFFSET,
    &DATE_RANGE_REVERSED,
    &NOT_FULL_UTC_DAY,
    &CONTACT_INFO_MISSING,
    &CONTACT_INFO_NOT_ADDR_SPEC,
    &REPORT_ID_MISSING,
];

/// 006 and 010 to 018. Returns who reports.
pub(super) fn check(root: &Value, findings: &mut Vec<Finding>) -> Option<String> {
    const KNOWN: [&str; 5] =
        ["organization-name", "date-range", "contact-info", "report-id", "policies"];
    let unknown = |member: &&Member| !KNOWN.iter().any(|known| member.key.is(known));
    for member in root.members().iter().filter(unknown) {
        let place = member.key.span;
        Finding::bound(findings);
        findings.push(Finding::new(&UNKNOWN_MEMBER, place).arg(Arg::Source(place)));
    }
    let filled = |key: &str| text_of(root.get(key)).filter(|text| !is_blank(text));
    let organization = filled("organization-name");
    if organization.is_none() {
        let place = place(root, "organization-name");
        findings.push(Finding::new(&ORGANIZATION_NAME_MISSING, place));
    }
    date_range(root, findings);
    match filled("contact-info") {
        None => findings.push(Finding::new(&CONTACT_INFO_MISSING, place(root, "contact-info"))),
        Some(contact) if !is_addr_spec(&contact) => {
            let place = place(root, "contact-info");
            let found = Finding::new(&CONTACT_INFO_NOT_ADDR_SPEC, place);
            findings.push(found.arg(Arg::Text(contact.into_owned().into())));
        }
        Some(_) => {}
    }
    if filled("report-id").is_none() {
        findings.push(Finding::new(&REPORT_ID_MISSING, place(root, "report-id")));
    }
    organization.map(Cow::into_owned)
}

/// Whether a text has the shape of a bare address (RFC 5322 §3.4.1), whose local part may be a quoted string (§3.2.4).
fn is_addr_spec(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let odd = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | ':' | '(' | ')');
    let is_local = match local.strip_prefix('"') {
        Some(quoted) => is_quoted(quoted),
        None => !local.is_empty() && !local.contains(odd),
    };
    is_local && !domain.is_empty() && !domain.contains(odd)
}

/// Whether a text ends with a quotation mark, and has no other one without a backslash.
fn is_quoted(text: &str) -> bool {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1 == text.len(),
            _ if c.is_control() => return false,
            _ => {}
        }
    }
    false
}

/// 011 to 015.
fn date_range(root: &Value, findings: &mut Vec<Finding>) {
    let Some(range @ Value { data: Data::Object(_), .. }) = root.get("date-range") else {
        findings.push(Finding::new(&DATE_RANGE_MISSING, place(root, "date-range")));
        return;
    };
    let (Some(start), Some(end)) = (range.get("start-datetime"), range.get("end-datetime")) else {
        findings.push(Finding::new(&DATE_RANGE_MISSING, crate::report::inside(range)));
        return;
    };
    let (Some(from), Some(to)) = (date_time(start, findings), date_time(end, findings)) else {
        return;
    };
    let length = to.seconds - from.seconds;
    if length < 0 {
        let found = Finding::new(&DATE_RANGE_REVERSED, end.span);
        findings.push(found.label(start.span, "the start"));
    } else if from.seconds % 86_400 != 0 || !(86_398..=86_401).contains(&length) {
        findings.push(Finding::new(&NOT_FULL_UTC_DAY, start.span).label(end.span, "the end"));
    }
}

fn date_time(value: &Value, findings: &mut Vec<Finding>) -> Option<Time> {
    let text = text_of(Some(value));
    let time = text.as_deref().and_then(instant);
    let Some(time) = time.filter(|time| text.as_deref().and_then(time::parse) == Some(*time))
    else {
        findings.push(Finding::new(&DATETIME_INVALID, value.span).arg(Arg::Source(value.span)));
        return time;
    };
    if !time.has_offset {
        let before_quote = value.span.end.saturating_sub(1);
        let fix = Fix::safe("Add Z, for UTC", vec![Edit::insert(before_quote, "Z")]);
        let found = Finding::new(&DATETIME_WITHOUT_OFFSET, value.span);
        findings.push(found.arg(Arg::Source(value.span)).fix(fix));
    }
    Some(time)
}

static UNKNOWN_MEMBER: Rule = Rule {
    code: "RPT-JSON-006",
    name: "unknown-member",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not a member of reports",
    words: words(Words {
        why: "The RFC has `organization-name`, `date-range`, `contact-info`, `report-id` and `policies` here.",
        effect: "None: readers ignore it.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: the schema",
        fails: example(report!(id: "\"report-id\":\"a\",\"report-format\":\"TLSRPTv1\",")),
        passes: GOOD,
    }),
};

static ORGANIZATION_NAME_MISSING: Rule = Rule {
    code: "RPT-JSON-010",
    name: "organization-name-missing",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The report does not say who reports",
    words: words(Words {
        why: "`organization-name` has to be text that names the reporter.",
        effect: COSMETIC,
        help: "Look at the sender of the mail that brought the report.",
        clause: "RFC 8460 §4.4: organization-name is a string",
        fails: example(report!(organization: "")),
        passes: GOOD,
    }),
};

static DATE_RANGE_MISSING: Rule = Rule {
    code: "RPT-JSON-011",
    name: "date-range-missing",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The report does not say what period it covers",
    words: words(Words {
        why: "`date-range` with `start-datetime` and `end-datetime` is needed to compare the report with your \
              logs.",
        effect: UNUSABLE,
        help: "Tell the reporter; it is a fault of its software.",
        clause: "RFC 8460 §4.4: date-range has a start and an end",
        fails: example(report!(range: "")),
        passes: GOOD,
    }),
};

static DATETIME_INVALID: Rule = Rule {
    code: "RPT-JSON-012",
    name: "datetime-invalid",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "{0} is not a date and time as RFC 3339 writes them",
    words: words(Words {
        why: "It is written like `2026-10-01T00:00:00Z`. There is no hour 24: a day ends at 23:59:59, or at \
              00:00:00 of the next.",
        effect: UNUSABLE,
        help: "Tell the reporter; it is a fault of its software.",
        clause: "RFC 8460 §4.4: times are given as in RFC 3339 §5.6",
        fails: example(report!(times: "2026-10-01T24:00:00Z", "2026-10-02T23:59:59Z")),
        passes: GOOD,
    }),
};

static DATETIME_WITHOUT_OFFSET: Rule = Rule {
    code: "RPT-JSON-013",
    name: "datetime-without-offset",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "{0} lacks the offset from UTC; it is read as UTC",
    words: words(Words {
        why: "RFC 3339 demands `Z` or an offset like `+02:00`. A very large sender leaves it out.",
        effect: "Strict readers reject the report; the others read UTC.",
        help: "Read it as UTC.",
        clause: "RFC 3339 §5.6: the offset is required",
        fails: example(report!(times: "2026-10-01T00:00:00", "2026-10-01T23:59:59Z")),
        passes: GOOD,
    }),
};

static DATE_RANGE_REVERSED: Rule = Rule {
    code: "RPT-JSON-014",
    name: "date-range-reversed",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The report ends before it starts",
    words: words(Words {
        why: "Such a period means nothing.",
        effect: UNUSABLE,
        help: "Tell the reporter; it is a fault of its software.",
        clause: "RFC 8460 §4.4: date-range has a start and an end",
        fails: example(report!(times: "2026-10-02T00:00:00Z", "2026-10-01T00:00:00Z")),
        passes: GOOD,
    }),
};

static NOT_FULL_UTC_DAY: Rule = Rule {
    code: "RPT-JSON-015",
    name: "not-full-utc-day",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The report is not for one whole day in UTC",
    words: words(Words {
        why: "Reports should cover a day from 00:00 UTC on, so that their numbers can be compared.",
        effect: "None for your mail.",
        help: "Mind the period when you add up reports.",
        clause: "RFC 8460 §4.1: a full day in UTC",
        fails: example(report!(times: "2026-10-01T12:00:00Z", "2026-10-01T18:00:00Z")),
        passes: GOOD,
    }),
};

static CONTACT_INFO_MISSING: Rule = Rule {
    code: "RPT-JSON-016",
    name: "contact-info-missing",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The report names no contact",
    words: words(Words {
        why: "`contact-info` has to be the address of somebody who can answer questions. Some self-hosted \
              servers send `null`.",
        effect: COSMETIC,
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: contact-info is a string",
        fails: example(report!(contact: "\"contact-info\":null,")),
        passes: GOOD,
    }),
};

static CONTACT_INFO_NOT_ADDR_SPEC: Rule = Rule {
    code: "RPT-JSON-017",
    name: "contact-info-not-addr-spec",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not a bare mail address",
    words: words(Words {
        why: "The address stands alone, without a name, angle brackets or `mailto:`.",
        effect: COSMETIC,
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: contact-info; RFC 5322 §3.4.1: a bare address",
        fails: example(report!(contact: "\"contact-info\":\"TLS Team <tls@sender.example>\",")),
        passes: GOOD,
    }),
};

static REPORT_ID_MISSING: Rule = Rule {
    code: "RPT-JSON-018",
    name: "report-id-missing",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The report has no id",
    words: words(Words {
        why: "With `report-id` a report that comes twice is counted once.",
        effect: "A repeated report may be counted twice.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: report-id is a string",
        fails: example(report!(id: "")),
        passes: GOOD,
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::report;

    #[test]
    fn unknown_member() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "a",
              "report-format": "TLSRPTv1",
               ^^^^^^^^^^^^^ RPT-JSON-006
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
    fn organization_name_missing() {
        report().shows(
            r#"
            {
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
            | RPT-JSON-010
            "#,
        );
    }

    #[test]
    fn date_range_missing() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
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
            | RPT-JSON-011
            "#,
        );
    }

    #[test]
    fn datetime_invalid() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T24:00:00Z", "end-datetime": "2026-10-02T23:59:59Z" },
                                                ^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-012
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
    fn datetime_without_offset() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00", "end-datetime": "2026-10-01T23:59:59Z" },
                                                ^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-013
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
    fn date_range_reversed() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-02T00:00:00Z", "end-datetime": "2026-10-01T00:00:00Z" },
                                                                                        ^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-014
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
    fn not_full_utc_day() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T12:00:00Z", "end-datetime": "2026-10-01T18:00:00Z" },
                                                ^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-015
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
    fn contact_info_missing() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": null,
                              ^^^^ RPT-JSON-016
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
    fn contact_info_not_addr_spec() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "TLS Team <tls@sender.example>",
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-017
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
    fn report_id_missing() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
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
            | RPT-JSON-018
            "#,
        );
    }
}
