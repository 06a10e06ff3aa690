//! Hosts that stand as a list below an `mx` line, as in YAML.

use crate::finding::{Applicability, Edit, Finding, Fix, Severity};
use crate::host;
use crate::policy::{Doc, Field, Line, Shape};
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, WSP, is_digit, is_line_end};
use std::ops::Range;

pub(in crate::policy::rules) const RULES: &[&Rule] = &[&MX_LIST];

/// Hosts that stand as a list below an `mx` line, which may have the first of them.
pub(in crate::policy::rules) struct List {
    /// The line that they stand below.
    pub(super) head: usize,
    /// Their lines, which hold no fields.
    items: Range<usize>,
}

impl List {
    /// All lists of a policy.
    pub(in crate::policy::rules) fn all(doc: &Doc) -> Vec<Self> {
        let lines = &doc.tree.lines;
        let is_head = |line: &Line| line.shape == Shape::Field(Field::Mx);
        let heads = (0..lines.len()).filter(|head| is_head(&lines[*head]));
        heads
            .map(|head| {
                let items = lines[head + 1..].iter().take_while(|line| item(doc, line).is_some());
                Self { head, items: head + 1..head + 1 + items.count() }
            })
            .filter(|list| !list.items.is_empty())
            .collect()
    }

    /// Whether a line is an item of one of these lists, which are ascending.
    pub(in crate::policy::rules) fn have(lists: &[Self], line: usize) -> bool {
        let after = lists.partition_point(|list| list.head < line);
        after.checked_sub(1).is_some_and(|list| lists[list].items.contains(&line))
    }
}

/// What an item of a list holds: what is behind its hyphen, star or number, without quotes; or a name alone.
fn item(doc: &Doc, line: &Line) -> Option<Span> {
    if line.shape != Shape::Malformed {
        return None;
    }
    let text = doc.str(line.name);
    let number = text.trim_start_matches(is_digit);
    let numbered = || {
        let sign = number.strip_prefix(['.', ')']).unwrap_or(number);
        (number.len() < text.len()).then_some(sign)
    };
    let rest = text.strip_prefix(['-', '*', '\u{2022}']).or_else(numbered);
    let rest = rest.filter(|rest| rest.starts_with(WSP));
    let bare = rest.unwrap_or(text).trim_matches([' ', '\t', '"', '\'']);
    // A word alone may be anything.
    let is_name = rest.is_some() || bare.contains('.') && bare.contains(char::is_alphabetic);
    if !is_name || !host::is_pattern(bare) {
        return None;
    }
    let start = line.name.start + text.rfind(bare)?;
    Some(Span::new(start, start + bare.len()))
}

/// 106.
pub(super) fn check(doc: &Doc, list: &List, findings: &mut Vec<Finding>) {
    let lines = &doc.tree.lines;
    let head = &lines[list.head];
    // A host on the line itself is one of them.
    let leads = !head.value.is_empty();
    let mut edits = if leads { Vec::new() } else { doc.delete_line(head) };
    for line in &lines[list.items.clone()] {
        let Some(host) = item(doc, line) else { continue };
        edits.push(Edit::replace(Span::new(line.span.start, host.start), "mx: "));
        let end = doc.str(Span::new(host.end, line.span.end)).trim_end_matches(is_line_end).len();
        if end > 0 {
            edits.push(Edit::delete(Span::new(host.end, host.end + end)));
        }
    }
    let first = lines[list.items.start].name;
    let title = "Give each host its own line";
    let fix = if leads { Fix::confirm(title, edits) } else { Fix::safe(title, edits) };
    Finding::add(findings, &MX_LIST, Span::new(head.name.start, head.delimiter.end))
        .label(first, "the list begins here")
        .fix(Some(fix));
}

static MX_LIST: Rule = Rule {
    code: "STS-POL-106",
    name: "mx-list",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`mx` is followed by a list; each host needs an `mx` line of its own",
    words: words(Words {
        why: "A policy is not YAML: `mx` has one host, and is repeated for each.",
        effect: "Senders find no host in the list. They reject the policy, or hold back mail for the servers that are listed if \
            the mode is `enforce`.",
        help: "Write `mx: ` and the host on a line of its own, once for each host.",
        clause: "RFC 8461 §3.2: mx is repeated, one pattern each",
        fails: Example::policy(
            "version: STSv1\r\nmode: enforce\r\nmx:\r\n  - mx1.example.com\r\n  - mx2.example.com\r\nmax_age: 1209600\r\n",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: mx2.example.com\r\nmax_age: 1209600\r\n",
        )),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn mx_list() {
        policy().shows(
            r#"
            version: STSv1
            mode: enforce
            mx:
            ^^^ STS-POL-106
              - mx1.example.net
              - "*.example.org"
            max_age: 1209600
            "#,
        );
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mx1.example.net
            ^^^ STS-POL-106
                ^^^^^^^^^^^^^^^ STS-POL-103
              2. mx2.example.net
            max_age: 1209600
            ",
        );
    }
}
