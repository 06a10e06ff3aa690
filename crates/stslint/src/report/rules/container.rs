//! The report as a whole: JSON, its members, its list of policies.

use super::Built as _;
use super::*;
use crate::finding::{Applicability, Arg, Edit, Fix};
use crate::input::GZIP;
use crate::json::{Data, Problem};
use crate::report::names::Misplaced;
use crate::report::seen::has_policies;
use crate::report::{elements, is_blank, likeness, object};
use crate::rule::Text;
use crate::text::{is_line_end, repeated};

pub(super) const RULES: &[&Rule] = &[
    &NOT_JSON,
    &GZIP_DATA,
    &JSON_BOM,
    &DUPLICATE_MEMBER,
    &ROOT_NOT_OBJECT,
    &MISNAMED_MEMBER,
    &FLAT_POLICY,
    &SEVERAL_REPORTS,
    &POLICIES_NOT_ARRAY,
    &POLICIES_EMPTY,
    &WRITTEN_ANEW,
];

/// The text of a source and where it starts; none when there is nothing to read.
pub(super) fn text<'a>(source: &'a [u8], findings: &mut Vec<Finding>) -> Option<(&'a str, usize)> {
    if source.starts_with(&GZIP) {
        findings.push(Finding::new(&GZIP_DATA, Span::new(0, source.len().min(2))));
        return None;
    }
    match str::from_utf8(source) {
        Err(error) => {
            let at = error.valid_up_to();
            let len = error.error_len().unwrap_or(source.len() - at);
            let found = Finding::new(&NOT_JSON, Span::new(at, at + len));
            findings.push(found.arg(Arg::Text("bytes that are not UTF-8 text".into())));
            None
        }
        Ok(text) => {
            let rest = text.trim_start_matches('\u{feff}');
            if rest.len() == text.len() {
                return Some((text, 0));
            }
            let mark = Span::new(0, text.len() - rest.len());
            let fix = Fix::safe("Remove the byte order mark", vec![Edit::delete(mark)]);
            findings.push(Finding::new(&JSON_BOM, mark).fix(fix));
            Some((rest, mark.end))
        }
    }
}

/// Whether there is an object to look into.
pub(super) fn root(
    root: &Value,
    text: &str,
    problems: &[Problem],
    findings: &mut Vec<Finding>,
) -> bool {
    if let Some(next) = next(root, text, problems) {
        findings.push(Finding::new(&SEVERAL_REPORTS, Span::new(next.start, next.start + 1)));
        return false;
    }
    if let Some(problem) = problems.first() {
        let (place, what) = match what_became(text) {
            Some(known) => known,
            None if is_blank(text) => (problem.span, "no text at all"),
            None => (problem.span, problem.text),
        };
        findings.push(Finding::new(&NOT_JSON, place).arg(Arg::Text(what.into())));
        return false;
    }
    let Data::Object(_) = root.data else {
        let first = text[root.span.range()].chars().next().map_or(0, char::len_utf8);
        let place = Span::new(root.span.start, root.span.start + first);
        findings.push(Finding::new(&ROOT_NOT_OBJECT, place));
        return false;
    };
    duplicates(root, findings);
    true
}

/// What became of a report that is no JSON any more, and where that shows first. None where nothing is known of it.
fn what_became(text: &str) -> Option<(Span, &'static str)> {
    let name = likeness(text)?;
    let line = text[..name.place.start].rsplit(is_line_end).next().unwrap_or_default();
    let is_quoted = line.trim_start().starts_with('>');
    let begins = text[..name.place.start].contains('{');
    let what = match name.quote {
        Some('"') if is_quoted => "the marks of a quotation stand in front of its lines",
        // It has the form of JSON as far as it goes, or is broken at some other place.
        Some('"') if begins => return None,
        Some('"') => "the beginning of the report is missing",
        Some('\'') => "this is a report with single quotes, as Python and other programs print it",
        Some('[') => "this is a report as a program prints what it holds",
        Some(_) => {
            "typographic quotes stand in the place of straight ones, as mail programs and word processors write them"
        }
        None => "this is a report as YAML has it",
    };
    Some((name.place, what))
}

/// The second report in a text: in a list, in something else around it, or behind the first one.
fn next(root: &Value, text: &str, problems: &[Problem]) -> Option<Span> {
    let is_report =
        |value: &&Value| ["policies", "report-id"].iter().any(|name| value.get(name).is_some());
    if problems.is_empty() && (has_policies(root) || !root.elements().is_empty()) {
        return root.elements().iter().filter(is_report).nth(1).map(|value| value.span);
    }
    let Some(first) = object(text) else {
        // With the quotation marks of a string in a string, or of a table.
        let names = ["organization-name\\\"", "organization-name\"\""];
        let mut seconds = names.iter().filter_map(|name| text.match_indices(name).nth(1));
        return seconds.next().map(|(at, name)| Span::new(at, at + name.len()));
    };
    let next = object(&text[first.end..])?;
    Some(Span::new(first.end + next.start, first.end + next.end))
}

/// 004, in all objects. The JSON reader bounds the depth.
fn duplicates(value: &Value, findings: &mut Vec<Finding>) {
    for element in value.elements() {
        duplicates(element, findings);
    }
    let members = value.members();
    let keys: Vec<_> = members.iter().map(|member| member.key.text()).collect();
    for (later, first) in repeated(keys.iter().map(|key| &**key).collect()) {
        let again = members[later].key.span;
        Finding::bound(findings);
        let found = Finding::new(&DUPLICATE_MEMBER, again).arg(Arg::Source(again));
        findings.push(found.label(members[first].key.span, "this one comes first"));
    }
    for member in members {
        duplicates(&member.value, findings);
    }
}

/// 007 and 008, or that the report is not what was sent: then it is not the reporter who gave these names.
pub(super) fn misplaced(misplaced: &[Misplaced], findings: &mut Vec<Finding>) {
    let is_anew = misplaced.iter().any(|one| matches!(one, Misplaced::Anew(_)));
    let finding = |misplaced: &Misplaced| match *misplaced {
        Misplaced::Anew(span) => Some(Finding::new(&WRITTEN_ANEW, span)),
        _ if is_anew => None,
        Misplaced::Name(span, name) => {
            let found = Finding::new(&MISNAMED_MEMBER, span);
            Some(found.arg(Arg::Source(span)).arg(Arg::Text(name.into())))
        }
        Misplaced::Flat(span) => Some(Finding::new(&FLAT_POLICY, span).arg(Arg::Source(span))),
    };
    let most = if is_anew { 1 } else { misplaced.len() };
    findings.extend(misplaced.iter().filter_map(finding).take(most));
}

/// The elements of `policies` that can be looked into (020, 021).
pub(super) fn policies<'v, 'a>(
    root: &'v Value<'a>,
    findings: &mut Vec<Finding>,
) -> Vec<&'v Value<'a>> {
    let not_array = |span| Finding::new(&POLICIES_NOT_ARRAY, span);
    let Some(policies) = root.get("policies") else {
        findings.push(not_array(crate::report::inside(root)));
        return Vec::new();
    };
    match &policies.data {
        Data::Array(list) if list.is_empty() => {
            findings.push(Finding::new(&POLICIES_EMPTY, policies.span));
        }
        Data::Array(_) => {}
        _ => findings.push(not_array(Span::new(policies.span.start, policies.span.start + 1))),
    }
    let is_object = |value: &&Value| matches!(value.data, Data::Object(_));
    let wrong = elements(policies).iter().filter(|value| !is_object(value));
    findings.extend(wrong.map(|value| not_array(value.span)));
    elements(policies).iter().filter(is_object).collect()
}

static NOT_JSON: Rule = Rule {
    code: "RPT-JSON-001",
    name: "not-json",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "This is not JSON: {0}",
    words: words(Words {
        why: "A report is one JSON object. Often the attachment was cut, or the mail's source or Base64 text \
              was pasted instead of the file in it. Programs that show it may write other quotes, or YAML.",
        effect: UNUSABLE,
        help: "Open the attachment of the mail and unpack it; its text starts with `{`.",
        clause: "RFC 8460 §4: reports are JSON; RFC 8259",
        fails: example("{\"organization-name\":"),
        passes: GOOD,
    }),
};

static GZIP_DATA: Rule = Rule {
    code: "RPT-JSON-002",
    name: "gzip-data",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "This is gzip data; the report is inside",
    words: words(Words {
        why: "Reports usually travel compressed.",
        effect: "None.",
        help: "Unpack the file, for example with `gunzip`, and lint what comes out.",
        clause: "RFC 8460 §5.2: reports should be compressed; RFC 8460 §6.5",
        fails: Example { text: Text::Bytes(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), ..example("") },
        passes: GOOD,
    }),
};

pub(super) static JSON_BOM: Rule = Rule {
    code: "RPT-JSON-003",
    name: "json-bom",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "The text starts with an invisible byte order mark (BOM)",
    words: words(Words {
        why: "JSON that is sent to others must not begin with one, and some readers stop at it.",
        effect: "Some software that reads reports rejects it.",
        help: "Remove the mark.",
        clause: "RFC 8259 §8.1: no byte order mark",
        fails: example(concat!("\u{feff}", report!())),
        passes: GOOD,
    }),
};

static DUPLICATE_MEMBER: Rule = Rule {
    code: "RPT-JSON-004",
    name: "duplicate-member",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` stands twice in one object",
    words: words(Words {
        why: "Nothing says which of the two counts.",
        effect: "Two readers of the report may see different values.",
        help: "Tell the reporter; it is a fault of its software.",
        clause: "RFC 7493 §2.3: names in an object are unique",
        fails: example(report!(id: "\"report-id\":\"a\",\"report-id\":\"b\",")),
        passes: GOOD,
    }),
};

static ROOT_NOT_OBJECT: Rule = Rule {
    code: "RPT-JSON-005",
    name: "root-not-object",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "The report is not an object",
    words: words(Words {
        why: "A report is one JSON object with the members of RFC 8460.",
        effect: UNUSABLE,
        help: "If this is a list of reports, lint them one by one.",
        clause: "RFC 8460 §4.4: the schema",
        fails: example("[]"),
        passes: GOOD,
    }),
};

static MISNAMED_MEMBER: Rule = Rule {
    code: "RPT-JSON-007",
    name: "misnamed-member",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not a member of reports; `{1}` is what is meant",
    words: words(Words {
        why: "Names are compared letter by letter. Some come from the RFC's schema, which calls the value of \
              `mx-host` `mx-host-pattern`, for example.",
        effect: "Most software that reads reports does not see the value.",
        help: "Nothing has to be done: it is read as what is meant here. Tell the reporter.",
        clause: "RFC 8460 §4.4: the schema",
        fails: example(report!(
            detail: "\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.7\",\"receiving-mx-host-name\":\"a.mx.example\",\"failed-session-count\":3"
        )),
        passes: GOOD,
    }),
};

static FLAT_POLICY: Rule = Rule {
    code: "RPT-JSON-008",
    name: "flat-policy",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` stands one level too high: it belongs in `policy`, beside `summary`",
    words: words(Words {
        why: "Each element of `policies` has the policy, the summary and the failures as three members.",
        effect: "Most software that reads reports does not know which policy this is about.",
        help: "Nothing has to be done: it is read as what is meant here. Tell the reporter.",
        clause: "RFC 8460 §4.4: the schema",
        fails: example(report!(
            policy: "\"policy-type\":\"no-policy-found\",\"policy-domain\":\"example.com\""
        )),
        passes: GOOD,
    }),
};

static SEVERAL_REPORTS: Rule = Rule {
    code: "RPT-JSON-009",
    name: "several-reports",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "Here another report begins",
    words: words(Words {
        why: "A report is one JSON object. Several of them stand in one file where programs collect them: on lines of their own, \
              in a list, in a log.",
        effect: "Nothing in them was judged: one report is linted at a time.",
        help: "Have them added up in the view of all reports, or lint each by itself.",
        clause: "RFC 8460 §4: a report is one JSON object",
        fails: example(concat!(
            "{\"organization-name\":\"Sender Example\",\"report-id\":\"1\",\"policies\":[]}\n",
            "{\"organization-name\":\"Sender Example\",\"report-id\":\"2\",\"policies\":[]}\n"
        )),
        passes: GOOD,
    }),
};

static POLICIES_NOT_ARRAY: Rule = Rule {
    code: "RPT-JSON-020",
    name: "policies-not-array",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "`policies` has to be a list of objects",
    words: words(Words {
        why: "Even a single policy stands in a list.",
        effect: UNUSABLE,
        help: "Tell the reporter; it is a fault of its software.",
        clause: "RFC 8460 §4: policies are an array",
        fails: example(report!(policies: "\"policies\":{}")),
        passes: GOOD,
    }),
};

static POLICIES_EMPTY: Rule = Rule {
    code: "RPT-JSON-021",
    name: "policies-empty",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The list of policies is empty",
    words: words(Words {
        why: "Then the report reports nothing.",
        effect: "None for your mail.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: the schema",
        fails: example(report!(policies: "\"policies\":[]")),
        passes: GOOD,
    }),
};

static WRITTEN_ANEW: Rule = Rule {
    code: "INPUT-008",
    name: "written-anew",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "This is a report as parsedmarc and other programs write it anew, not as it was sent; it is read as what is meant",
    words: words(Words {
        why: "Programs that collect reports give their members other names and places. What the sender wrote may have been \
              changed or left out by that.",
        effect: "None for your mail.",
        help: "Nothing has to be done. To lint what the sender wrote, give the attachment of its mail.",
        clause: "RFC 8460 §4.4: the schema",
        fails: example(concat!(
            "{\"organization_name\":\"Sender Example\",\"begin_date\":\"2026-10-01T00:00:00Z\",",
            "\"end_date\":\"2026-10-01T23:59:59Z\",\"contact_info\":\"tlsrpt@sender.example\",",
            "\"report_id\":\"2026-10-01_example.com\",\"policies\":[{\"policy_domain\":\"example.com\",",
            "\"policy_type\":\"no-policy-found\",\"successful_session_count\":120,\"failed_session_count\":0}]}"
        )),
        passes: GOOD,
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::report;

    #[test]
    fn written_anew() {
        report().shows(
            r#"
            {
              "organization_name": "Sender Example",
              "begin_date": "2026-10-01T00:00:00Z",
               ^^^^^^^^^^ INPUT-008
              "end_date": "2026-10-01T23:59:59Z",
              "contact_info": "tlsrpt@sender.example",
              "report_id": "2026-10-01_example.com",
              "policies": [{
                "policy_domain": "example.com",
                "policy_type": "no-policy-found",
                "successful_session_count": 120, "failed_session_count": 0
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-062
              }]
            }
            "#,
        );
    }

    #[test]
    fn not_json() {
        report().shows(
            r#"
            {"organization-name":
                                 | RPT-JSON-001
            "#,
        );
    }

    #[test]
    fn gzip_data() {
        report().shows(
            r"
            ␟⟨8b⟩␈␀␀␀␀␀␀␃
            ^^^^^ RPT-JSON-002
            ",
        );
    }

    #[test]
    fn json_bom() {
        report().shows(
            r#"
            ⟨U+FEFF⟩{
            ^^^^^^^^ RPT-JSON-003
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
    fn duplicate_member() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "a",
              "report-id": "b",
               ^^^^^^^^^ RPT-JSON-004
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
    fn root_not_object() {
        report().shows(
            r"
            []
            ^ RPT-JSON-005
            ",
        );
    }

    #[test]
    fn several_reports() {
        report().shows(
            r#"
            { "organization-name": "Sender Example", "report-id": "1", "policies": [] }
            { "organization-name": "Sender Example", "report-id": "2", "policies": [] }
            ^ RPT-JSON-009
            "#,
        );
    }

    #[test]
    fn policies_not_array() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": {}
                          ^ RPT-JSON-020
                           | RPT-JSON-022
                           | RPT-JSON-040
            }
            "#,
        );
    }

    #[test]
    fn policies_empty() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": []
                          ^^ RPT-JSON-021
            }
            "#,
        );
    }

    #[test]
    fn misnamed_member() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report_id": "2026-10-01_example.com",
               ^^^^^^^^^ RPT-JSON-007
              "policies": [{
                "policy": { "policy-type": "no-policy-found", "policy-domain": "example.com" },
                "summary": { "total-successful-session-count": 0, "total-failure-session-count": 0 }
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-063
              }]
            }
            "#,
        );
    }

    #[test]
    fn flat_policy() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy-type": "no-policy-found",
                 ^^^^^^^^^^^ RPT-JSON-008
                "policy-domain": "example.com",
                "summary": { "total-successful-session-count": 0, "total-failure-session-count": 0 }
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-063
              }]
            }
            "#,
        );
    }
}
