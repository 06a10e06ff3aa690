//! The field `version`.

use super::lines::is_field;
use super::names::StandIns;
use crate::finding::{Applicability, Edit, Finding, Fix, Severity};
use crate::policy::{Doc, Field};
use crate::rule::{Example, Rule, Words, words};
use crate::text::Span;

pub(super) const RULES: &[&Rule] =
    &[&VERSION_MISSING, &VERSION_UNSUPPORTED, &VERSION_WRONG_CASE, &VERSION_NOT_FIRST];

pub(super) fn check(doc: &Doc, stand_ins: &StandIns, findings: &mut Vec<Finding>) {
    let Some(line) = doc.tree.first(Field::Version) else {
        let place = Span::at(doc.tree.lines.first().map_or(0, |line| line.span.start));
        let text = format!("version: STSv1{}", doc.line_end());
        let insert = || Fix::safe("Insert version: STSv1", Edit::insert(place.start, text).alone());
        let fix = stand_ins.lack(Field::Version).then(insert);
        Finding::add(findings, &VERSION_MISSING, place).fix(fix);
        return;
    };
    let value = doc.str(line.value);
    if value.eq_ignore_ascii_case("STSv1") && value != "STSv1" {
        Finding::add(findings, &VERSION_WRONG_CASE, line.value)
            .quoted()
            .safe("Write STSv1", Edit::replace(line.value, "STSv1").alone());
    } else if value != "STSv1" {
        let place = if value.is_empty() { line.delimiter } else { line.value };
        let edit = match value.is_empty() {
            true => Edit::insert(line.delimiter.end, " STSv1"),
            false => Edit::replace(line.value, "STSv1"),
        };
        Finding::add(findings, &VERSION_UNSUPPORTED, place)
            .quote(line.value)
            .confirm("Write STSv1", vec![edit]);
    }
    let first = doc.tree.lines.iter().find(|line| is_field(line).is_some());
    if let Some(first) = first.filter(|first| first.span != line.span) {
        let content = doc.str(Span::new(line.name.start, line.behind.end.max(line.delimiter.end)));
        let text = format!("{content}{}", doc.line_end());
        let edits = vec![Edit::insert(first.span.start, text), Edit::delete(line.span)];
        Finding::add(findings, &VERSION_NOT_FIRST, line.name)
            .safe("Move it to the first line", edits);
    }
}

pub(super) static VERSION_MISSING: Rule = Rule {
    code: "STS-POL-040",
    name: "version-missing",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "The field `version` is missing",
    words: words(Words {
        why: "Only `version: STSv1` makes a file an MTA-STS policy.",
        effect: "10 of the 12 mail servers whose source was read reject the policy; Stalwart and Mimecast let it pass.",
        help: "Make `version: STSv1` the first line.",
        clause: "RFC 8461 §3.2: version is required once",
        fails: Example::policy("mode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n"),
        passes: Some(Example::policy(policy!())),
    }),
};

static VERSION_UNSUPPORTED: Rule = Rule {
    code: "STS-POL-041",
    name: "version-unsupported",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "`{0}` is not a version of MTA-STS; the only one is `STSv1`",
    words: words(Words {
        why: "No other version exists.",
        effect: "Senders reject the policy.",
        help: "Write `version: STSv1`.",
        clause: "RFC 8461 §3.2: only STSv1 is supported",
        fails: Example::policy(policy!(version: "version: STSv2")),
        passes: Some(Example::policy(policy!())),
    }),
};

static VERSION_WRONG_CASE: Rule = Rule {
    code: "STS-POL-042",
    name: "version-wrong-case",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` has to be written `STSv1`: upper and lower case matter",
    words: words(Words {
        why: "The value is case-sensitive.",
        effect: "9 of the 12 mail servers whose source was read reject the policy; Stalwart, mailrs and Mimecast let it pass.",
        help: "Write `STSv1`.",
        clause: "RFC 8461 §3.2: the value is the case-sensitive string STSv1",
        fails: Example::policy(policy!(version: "version: stsv1")),
        passes: Some(Example::policy(policy!())),
    }),
};

pub(super) static VERSION_NOT_FIRST: Rule = Rule {
    code: "STS-POL-043",
    name: "version-not-first",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "`version` is not the first field",
    words: words(Words {
        why: "The RFC fixes the order in the TXT record only. But Google and several vendors document that the \
          policy file has to begin with the version.",
        effect: "No open-source sender is known to mind; a large sender documents it as required.",
        help: "Move the line to the top; it costs nothing.",
        clause: "Practice: Google Workspace's help and others; RFC 8461 §3.2 leaves the order open",
        fails: Example::policy(
            "mode: none\r\nversion: STSv1\r\nmx: mail.example.com\r\nmax_age: 86400\r\n",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 86400\r\n",
        )),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn version_missing() {
        policy().shows(
            r"
            mode: enforce
            | STS-POL-040
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn version_unsupported() {
        policy().shows(
            r"
            version: STSv2
                     ^^^^^ STS-POL-041
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn version_wrong_case() {
        policy().shows(
            r"
            version: stsv1
                     ^^^^^ STS-POL-042
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn version_not_first() {
        policy().shows(
            r"
            mode: none
                  ^^^^ STS-POL-054
            version: STSv1
            ^^^^^^^ STS-POL-043
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 86400
            ",
        );
    }
}
