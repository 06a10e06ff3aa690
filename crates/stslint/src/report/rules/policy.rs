//! The policy that a sender applied, as the report repeats it.

use super::Built as _;
use super::*;
use crate::finding::{Arg, MOST};
use crate::host;
use crate::json::{Data, Member};
use crate::policy::Mode;
use crate::report::content::reported_mode;
use crate::report::table::normal;
use crate::report::{PolicyType, inside, is_blank, policy_text, text_of, tlsa_records};
use crate::text::Mapped;

pub(super) const RULES: &[&Rule] = &[
    &POLICY_TYPE_INVALID,
    &POLICY_STRING_MISSING,
    &POLICY_STRING_NOT_STRING_ARRAY,
    &REPORTED_POLICY_HAS_ERRORS,
    &TLSA_STRING_MALFORMED,
    &POLICY_DOMAIN_MISSING,
    &POLICY_DOMAIN_INVALID,
    &MX_HOST_NOT_ARRAY,
    &MX_HOST_DIFFERS_FROM_POLICY,
];

/// What the rules for failures need to know of the policy.
pub(super) struct Applied {
    pub(super) policy_type: Option<PolicyType>,
    /// The mode of the policy that the sender had.
    pub(super) mode: Option<Mode>,
    /// The mx patterns that the sender had, as far as the report tells, sorted.
    pub(super) patterns: Vec<String>,
}

impl Applied {
    /// Whether a pattern covers a host: a report may have thousands of both.
    pub(super) fn covers(&self, host: &str) -> bool {
        let host = normal(host);
        host::covering(&host).any(|pattern| {
            self.patterns.binary_search_by(|known| known.as_str().cmp(&pattern)).is_ok()
                && host::matches(&pattern, &host).covers()
        })
    }
}

/// Lints one element of `policies`. `guessed` is where the names of members stand that were guessed, ascending.
pub(super) fn element(
    element: &Value,
    guessed: &[usize],
    values: &mut super::Values,
    findings: &mut Vec<Finding>,
) {
    Finding::bound(findings);
    let applied = match element.get("policy") {
        Some(policy @ Value { data: Data::Object(_), .. }) => check(policy, guessed, findings),
        _ => {
            let found = Finding::new(&POLICY_TYPE_INVALID, place(element, "policy"));
            findings.push(found.arg(Arg::Text("".into())));
            Applied { policy_type: None, mode: None, patterns: Vec::new() }
        }
    };
    sessions::check(element, &applied, values, findings);
}

fn check(policy: &Value, guessed: &[usize], findings: &mut Vec<Finding>) -> Applied {
    let word = text_of(policy.get("policy-type")).unwrap_or_default();
    let policy_type = PolicyType::meant(&word);
    if PolicyType::from_word(&word).is_none() {
        let meant = policy_type.map(|meant| format!("; `{}` is meant", meant.word()));
        let found = Finding::new(&POLICY_TYPE_INVALID, place(policy, "policy-type"));
        findings.push(found.arg(Arg::Text(meant.unwrap_or_default().into())));
    }
    domain(policy, findings);
    let published = policy_string(policy, policy_type, findings);
    let mx_host = mx_host(policy, findings);
    if let (Some(published), Some(mx_host), Some(PolicyType::Sts)) =
        (&published, &mx_host, policy_type)
        && !published.is_empty()
        && sorted(published) != sorted(mx_host)
        && !has_guess(policy, guessed)
    {
        let place = place(policy, "mx-host");
        let found = Finding::new(&MX_HOST_DIFFERS_FROM_POLICY, place);
        findings.push(found.label(super::place(policy, "policy-string"), "the policy"));
    }
    let patterns = published.filter(|list| !list.is_empty()).or(mx_host).unwrap_or_default();
    Applied { policy_type, mode: reported_mode(policy), patterns: sorted(&patterns) }
}

/// Whether one of the two lists of hosts has a name that the schema has not: it may be another list.
fn has_guess(policy: &Value, guessed: &[usize]) -> bool {
    let Data::Object(members) = &policy.data else { return false };
    let of_hosts = |member: &&Member| member.key.is("mx-host") || member.key.is("policy-string");
    let is_guess = |member: &Member| guessed.binary_search(&member.key.span.start).is_ok();
    members.iter().filter(of_hosts).any(is_guess)
}

fn sorted(list: &[String]) -> Vec<String> {
    let mut list = list.to_vec();
    list.sort_unstable();
    list.dedup();
    list
}

/// 027 and 028.
fn domain(policy: &Value, findings: &mut Vec<Finding>) {
    let place = place(policy, "policy-domain");
    match text_of(policy.get("policy-domain")) {
        Some(domain) if !is_blank(&domain) => {
            let name = domain.strip_suffix('.').unwrap_or(&domain);
            if !host::is_host_name(name) {
                let found = Finding::new(&POLICY_DOMAIN_INVALID, place);
                findings.push(found.arg(Arg::Text(domain.into_owned().into())));
            }
        }
        _ => findings.push(Finding::new(&POLICY_DOMAIN_MISSING, place)),
    }
}

/// 023 to 026. Returns the mx patterns of an MTA-STS policy.
fn policy_string(
    policy: &Value,
    policy_type: Option<PolicyType>,
    findings: &mut Vec<Finding>,
) -> Option<Vec<String>> {
    let missing = |place| Finding::new(&POLICY_STRING_MISSING, place);
    let wanted = matches!(policy_type, Some(PolicyType::Sts | PolicyType::Tlsa));
    let value = match policy.get("policy-string") {
        None => {
            findings.extend(wanted.then(|| missing(inside(policy))));
            return None;
        }
        Some(value) => value,
    };
    let is_absent = match &value.data {
        Data::Array(lines) => lines.is_empty(),
        Data::Null => true,
        _ => text_of(Some(value)).is_some_and(|text| is_blank(&text)),
    };
    if is_absent {
        findings.extend(wanted.then(|| missing(value.span)));
        return None;
    }
    // A list of TLSA records may also be one string.
    let is_tlsa_list = |value: &Value| text_of(Some(value)).is_some_and(|text| are_tlsa(&text));
    if policy_type == Some(PolicyType::Tlsa) && is_tlsa_list(value) {
        return None;
    }
    let Some(text) = policy_text(value) else {
        findings.push(Finding::new(&POLICY_STRING_NOT_STRING_ARRAY, value.span));
        return None;
    };
    match policy_type {
        Some(PolicyType::Sts) => Some(published(value, &text, findings)),
        Some(PolicyType::Tlsa) => {
            let malformed = |line: &&Value| !text_of(Some(line)).is_some_and(|t| are_tlsa(&t));
            for line in value.elements().iter().filter(malformed) {
                Finding::bound(findings);
                findings.push(Finding::new(&TLSA_STRING_MALFORMED, line.span));
            }
            None
        }
        Some(PolicyType::NoPolicyFound) | None => None,
    }
}

/// Lints the policy in a report: the copy that the sender saw (025). Returns its mx patterns.
fn published(value: &Value, text: &Mapped, findings: &mut Vec<Finding>) -> Vec<String> {
    let (values, said) = crate::policy::lint(&crate::Input::new(text.text.as_bytes()));
    let mut errors = said.iter().filter(|f| f.rule.severity == Severity::Error).peekable();
    if errors.peek().is_some() {
        let first = errors.peek().map_or("", |finding| finding.rule.code);
        let mut found = Finding::new(&REPORTED_POLICY_HAS_ERRORS, value.span);
        found = found.arg(Arg::Text(first.into()));
        for error in errors.take(MOST) {
            found = found.label(text.span(error.span), error.rule.code);
        }
        findings.push(found);
    }
    values.mx
}

/// Whether a text is one TLSA record or a list of them.
fn are_tlsa(text: &str) -> bool {
    let records = tlsa_records(text);
    !records.is_empty() && records.iter().all(|record| is_tlsa(record))
}

/// Whether a text is a TLSA record in presentation form (RFC 6698 §2.2).
fn is_tlsa(text: &str) -> bool {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    let [usage, selector, matching, data] = fields[..] else { return false };
    let length = match matching {
        "0" => None,
        "1" => Some(64),
        "2" => Some(128),
        _ => return false,
    };
    matches!(usage, "0" | "1" | "2" | "3")
        && matches!(selector, "0" | "1")
        && data.bytes().all(|b| b.is_ascii_hexdigit())
        && data.len().is_multiple_of(2)
        && length.is_none_or(|length| data.len() == length)
}

/// The patterns of `mx-host` (029).
fn mx_host(policy: &Value, findings: &mut Vec<Finding>) -> Option<Vec<String>> {
    let value = policy.get("mx-host")?;
    let list = match &value.data {
        Data::String(_) => std::slice::from_ref(value),
        _ => value.elements(),
    };
    let names = list.iter().filter_map(|item| text_of(Some(item)));
    let names: Vec<String> =
        names.filter(|name| !is_blank(name)).map(|name| normal(&name).into_owned()).collect();
    if !names.is_empty() && matches!(value.data, Data::String(_)) {
        findings.push(Finding::new(&MX_HOST_NOT_ARRAY, value.span));
    }
    (!names.is_empty()).then_some(names)
}

static POLICY_TYPE_INVALID: Rule = Rule {
    code: "RPT-JSON-022",
    name: "policy-type-invalid",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "`policy-type` has to be `sts`, `tlsa` or `no-policy-found`{0}",
    words: words(Words {
        why: "It decides how everything else of this policy is read. `mta-sts`, `dane` and `starttls` are not values of it.",
        effect: UNUSABLE,
        help: "Tell the reporter; it is a fault of its software.",
        clause: "RFC 8460 §4.4: three types of policy",
        fails: example(report!(
            policy: "\"policy\":{\"policy-type\":\"mta-sts\",\"policy-domain\":\"example.com\"}"
        )),
        passes: GOOD,
    }),
};

static POLICY_STRING_MISSING: Rule = Rule {
    code: "RPT-JSON-023",
    name: "policy-string-missing",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The report does not repeat the policy that the sender had",
    words: words(Words {
        why: "That is usual when no policy could be fetched.",
        effect: "None, but you cannot see which copy the sender used.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: policy-string; RFC 8460 §4.5",
        fails: example(report!(
            policy: "\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"example.com\"}"
        )),
        passes: GOOD,
    }),
};

static POLICY_STRING_NOT_STRING_ARRAY: Rule = Rule {
    code: "RPT-JSON-024",
    name: "policy-string-not-string-array",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`policy-string` has to be a list of lines",
    words: words(Words {
        why: "Older reporters send the whole policy as one string.",
        effect: "Some software that reads reports rejects it.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: policy-string is an array of strings",
        fails: example(report!(
            policy: "\"policy\":{\"policy-type\":\"sts\",\"policy-string\":\"version: STSv1\",\"policy-domain\":\"example.com\"}"
        )),
        passes: GOOD,
    }),
};

static REPORTED_POLICY_HAS_ERRORS: Rule = Rule {
    code: "RPT-JSON-025",
    name: "reported-policy-has-errors",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The policy that the sender saw has errors, starting with {0}",
    words: words(Words {
        why: "This is the copy of your policy that the sender had, errors included. If your current file is fine, the sender \
          is using an older copy.",
        effect: "It explains a failure like `sts-policy-invalid`.",
        help: "Lint your current policy, and compare. After a repair, give the record a new `id`.",
        clause: "RFC 8460 §4.5: the policy is given as it was, including errors",
        fails: example(report!(
            policy: "\"policy\":{\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\",\"mode: enforce\",\"mx: *.mx.example\"],\"policy-domain\":\"example.com\"}"
        )),
        passes: GOOD,
    }),
};

static TLSA_STRING_MALFORMED: Rule = Rule {
    code: "RPT-JSON-026",
    name: "tlsa-string-malformed",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "This is not a TLSA record: usage, selector, matching type and hexadecimal data",
    words: words(Words {
        why: "The four fields are `0`–`3`, `0`–`1`, `0`–`2` and the data, with 64 digits for SHA-256 and 128 \
              for SHA-512.",
        effect: COSMETIC,
        help: "Compare with the TLSA records of the mail server.",
        clause: "RFC 8460 §4.5: TLSA records as text; RFC 6698 §2.2",
        fails: example(report!(
            policy: "\"policy\":{\"policy-type\":\"tlsa\",\"policy-string\":[\"3 1 1 abcd\"],\"policy-domain\":\"mx1.example.com\"}"
        )),
        passes: GOOD,
    }),
};

static POLICY_DOMAIN_MISSING: Rule = Rule {
    code: "RPT-JSON-027",
    name: "policy-domain-missing",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The report does not say which domain this is about",
    words: words(Words {
        why: "Senders based on Postfix leave it out when they found no policy.",
        effect: "With several domains you cannot tell which one is meant.",
        help: "The subject of the mail names the domain.",
        clause: "RFC 8460 §4.4: policy-domain",
        fails: example(report!(policy: "\"policy\":{\"policy-type\":\"no-policy-found\"}")),
        passes: GOOD,
    }),
};

static POLICY_DOMAIN_INVALID: Rule = Rule {
    code: "RPT-JSON-028",
    name: "policy-domain-invalid",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not a domain name in ASCII",
    words: words(Words {
        why: "Internationalised names are given as `xn--…`; URLs and addresses have no place here.",
        effect: COSMETIC,
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: internationalised names as A-labels",
        fails: example(report!(
            policy: "\"policy\":{\"policy-type\":\"no-policy-found\",\"policy-domain\":\"bücher.example\"}"
        )),
        passes: GOOD,
    }),
};

static MX_HOST_NOT_ARRAY: Rule = Rule {
    code: "RPT-JSON-029",
    name: "mx-host-not-array",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "`mx-host` is a string; the RFC has it both as a list and as a string",
    words: words(Words {
        why: "The schema has a list, the example in the appendix a string (erratum 6241).",
        effect: "None.",
        help: "Nothing has to be done.",
        clause: "RFC 8460 §4.4: mx-host",
        fails: example(report!(
            policy: "\"policy\":{\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\",\"mode: enforce\",\"mx: *.mx.example\",\"max_age: 1209600\"],\"policy-domain\":\"example.com\",\"mx-host\":\"*.mx.example\"}"
        )),
        passes: GOOD,
    }),
};

static MX_HOST_DIFFERS_FROM_POLICY: Rule = Rule {
    code: "RPT-JSON-030",
    name: "mx-host-differs-from-policy",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`mx-host` and the policy in the report name different hosts",
    words: words(Words {
        why: "`mx-host` repeats the patterns of the policy that was applied, so the two should agree.",
        effect: "You cannot tell which patterns the sender really used.",
        help: "Trust neither; compare with your policy.",
        clause: "RFC 8460 §4.4: mx-host is the pattern of the applied policy",
        fails: example(report!(
            policy: "\"policy\":{\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\",\"mode: enforce\",\"mx: b.mx.example\",\"max_age: 1209600\"],\"policy-domain\":\"example.com\",\"mx-host\":[\"a.mx.example\"]}"
        )),
        passes: GOOD,
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::report;

    #[test]
    fn policy_type_invalid() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": { "policy-type": "mta-sts", "policy-domain": "example.com" },
                                           ^^^^^^^^^ RPT-JSON-022
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 0 },
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-062
                "failure-details": []
              }]
            }
            "#,
        );
    }

    #[test]
    fn policy_string_missing() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": { "policy-type": "sts", "policy-domain": "example.com" },
                                                                                 | RPT-JSON-023
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 0 },
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-062
                "failure-details": []
              }]
            }
            "#,
        );
    }

    #[test]
    fn policy_string_not_string_array() {
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
                  "policy-string": "version: STSv1",
                                   ^^^^^^^^^^^^^^^^ RPT-JSON-024
                  "policy-domain": "example.com"
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
    fn reported_policy_has_errors() {
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
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example"],
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-025
                  "policy-domain": "example.com"
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
    fn tlsa_string_malformed() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "tlsa",
                  "policy-string": ["3 1 1 abcd"],
                                    ^^^^^^^^^^^^ RPT-JSON-026
                  "policy-domain": "mx1.example.com"
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
    fn policy_domain_missing() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": { "policy-type": "no-policy-found" },
                                                             | RPT-JSON-027
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 0 },
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-062
                "failure-details": []
              }]
            }
            "#,
        );
    }

    #[test]
    fn policy_domain_invalid() {
        report().shows(
            r#"
            {
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": { "policy-type": "no-policy-found", "policy-domain": "bücher.example" },
                                                                               ^^^^^^^^^^^^^^^^ RPT-JSON-028
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 0 },
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-062
                "failure-details": []
              }]
            }
            "#,
        );
    }

    #[test]
    fn mx_host_not_array() {
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
                  "mx-host": "*.mx.example"
                             ^^^^^^^^^^^^^^ RPT-JSON-029
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
    fn mx_host_differs_from_policy() {
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
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: b.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["a.mx.example"]
                             ^^^^^^^^^^^^^^^^ RPT-JSON-030
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 0 },
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-062
                "failure-details": []
              }]
            }
            "#,
        );
    }
}
