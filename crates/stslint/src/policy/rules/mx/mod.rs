//! The field `mx`: which mail servers may receive. `form` is what a pattern has to look like, `advice` what is to be said of a
//! good one, `list` hosts that stand below the field.

pub(super) mod advice;
pub(super) mod form;
pub(super) mod list;

use super::providers;
use crate::finding::{Applicability, Finding, Severity};
use crate::policy::{Doc, Field, Line, Mode, Values};
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, repeated};
use list::List;

pub(super) const RULES: &[&Rule] = &[&MX_MISSING, &MX_DUPLICATE_PATTERN];

pub(super) fn check(doc: &Doc, values: &Values, lists: &[List], findings: &mut Vec<Finding>) {
    for one in lists {
        Finding::bound(findings);
        list::check(doc, one, findings);
    }
    let start = |list: &List| doc.tree.lines[list.head].span.start;
    let has_list = |line: &Line| lists.binary_search_by_key(&line.span.start, start).is_ok();
    Finding::leave_out(findings);
    let before = findings.len();
    let (mut any, mut can_match) = (false, false);
    let mut patterns: Vec<String> = Vec::new();
    let mut places: Vec<(Span, &Line)> = Vec::new();
    for line in doc.tree.fields(Field::Mx) {
        any = true;
        Finding::bound(findings);
        if has_list(line) {
            can_match = true;
            if line.value.is_empty() {
                continue;
            }
        }
        let pattern = form::check(doc, line, findings);
        can_match |= pattern.is_none_or(|pattern| advice::can_match(doc.str(pattern)));
        if let Some(pattern) = pattern {
            advice::check(doc, pattern, findings);
            patterns.push(doc.str(pattern).to_ascii_lowercase());
            places.push((pattern, line));
        }
    }
    if !can_match && values.mode == Some(Mode::Enforce) {
        let never = |found: &&mut Finding| *found.rule == advice::MX_NEVER_MATCHES;
        let never = findings[before..].iter_mut().filter(never);
        never.for_each(|found| found.rule = &advice::MX_NONE_CAN_MATCH);
    }
    providers::check(doc, &patterns, &places, findings);
    for (later, first) in repeated(patterns.iter().map(String::as_str).collect()) {
        Finding::bound(findings);
        let (span, line) = places[later];
        Finding::add(findings, &MX_DUPLICATE_PATTERN, span)
            .quoted()
            .label(places[first].0, "this one comes first")
            .safe("Remove the repetition", doc.delete_line(line));
    }
    if !any && values.mode != Some(Mode::None) {
        let place = doc.tree.first(Field::Mode).or(doc.tree.lines.last());
        Finding::add(findings, &MX_MISSING, Span::at(place.map_or(0, |line| line.span.end)));
    }
}

pub(super) static MX_MISSING: Rule = Rule {
    code: "STS-POL-080",
    name: "mx-missing",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "There is no `mx` line",
    words: words(Words {
        why: "With `enforce` and `testing` a policy has to name at least one mail server.",
        effect: "Senders reject the policy. A bug in one of them once held back all mail on an empty list.",
        help: "Add one `mx` line for each host of your MX records.",
        clause: "RFC 8461 §3.2: mx is required at least once except in mode none",
        fails: Example::policy("version: STSv1\r\nmode: enforce\r\nmax_age: 1209600\r\n"),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_DUPLICATE_PATTERN: Rule = Rule {
    code: "STS-POL-097",
    name: "mx-duplicate-pattern",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "`{0}` is listed already",
    words: words(Words {
        why: "Once is enough; upper and lower case make no difference.",
        effect: "None.",
        help: "Remove the repetition.",
        clause: "RFC 8461 §3.2: mx may be repeated, for different hosts",
        fails: Example::policy(policy!(mx: "mx: mail.example.com\r\nmx: mail.example.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn mx_missing() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            max_age: 1209600
            | STS-POL-080
            ",
        );
    }

    #[test]
    fn mx_duplicate_pattern() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-097
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }
}
