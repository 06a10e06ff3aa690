//! The field `mode`.

use super::mx::form::is_placeholder;
use super::names::{StandIns, plain_letters, within_one_edit};
use crate::finding::{Applicability, Edit, Finding, Fix, Severity};
use crate::policy::{Doc, Field, Mode, Values};
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, is_one_of};

pub(super) const RULES: &[&Rule] =
    &[&MODE_MISSING, &MODE_INVALID, &MODE_WRONG_CASE, &MODE_TESTING, &MODE_NONE, &NONE_WITHOUT_MX];

pub(super) fn check(doc: &Doc, values: &Values, stand_ins: &StandIns, findings: &mut Vec<Finding>) {
    let Some(line) = doc.tree.first(Field::Mode) else {
        // After the version, if it is there.
        let before = doc.tree.first(Field::Version).or(doc.tree.lines.last());
        let place = before.map_or(0, |line| line.span.end);
        let insert = || {
            Fix::confirm("Insert mode: testing", super::insert_line(doc, place, "mode: testing"))
        };
        let fix = stand_ins.lack(Field::Mode).then(insert);
        Finding::add(findings, &MODE_MISSING, Span::at(place)).fix(fix);
        return;
    };
    match values.mode {
        Some(Mode::Testing) => {
            Finding::add(findings, &MODE_TESTING, line.value);
        }
        Some(Mode::None) => {
            Finding::add(findings, &MODE_NONE, line.value);
            if doc.tree.first(Field::Mx).is_none() {
                Finding::add(findings, &NONE_WITHOUT_MX, line.value);
            }
        }
        Some(Mode::Enforce) => {}
        None => {
            let value = doc.str(line.value);
            if is_placeholder(doc, line.value, findings) {
                return;
            }
            let same = |mode: &Mode| mode.word().eq_ignore_ascii_case(value);
            if let Some(mode) = Mode::ALL.into_iter().find(same) {
                Finding::add(findings, &MODE_WRONG_CASE, line.value)
                    .quoted()
                    .safe("Write it in lower case", Edit::replace(line.value, mode.word()).alone());
                return;
            }
            let place = if value.is_empty() { line.delimiter } else { line.value };
            let fix = meant(value).map(|mode| {
                let edit = match value.is_empty() {
                    true => Edit::insert(line.delimiter.end, format!(" {}", mode.word())),
                    false => Edit::replace(line.value, mode.word()),
                };
                Fix::confirm(format!("Write {}", mode.word()), vec![edit])
            });
            Finding::add(findings, &MODE_INVALID, place).quote(line.value).fix(fix);
        }
    }
}

/// The mode that a wrong value was probably meant to be.
pub(in crate::policy) fn meant(value: &str) -> Option<Mode> {
    if value.len() > 32 {
        return None;
    }
    let word = plain_letters(value.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    let like = |mode| match mode {
        Mode::Enforce => {
            "enforced enforcing strict reject require required live on active production"
        }
        Mode::None => "off disabled disable",
        Mode::Testing => "report reporting test monitor monitoring",
    };
    if value.is_empty() {
        return Some(Mode::Testing);
    }
    let mut modes = Mode::ALL.into_iter();
    modes
        .clone()
        .find(|mode| is_one_of(&word, like(*mode)))
        .or_else(|| modes.find(|mode| within_one_edit(&word, mode.word())))
}

pub(super) static MODE_MISSING: Rule = Rule {
    code: "STS-POL-050",
    name: "mode-missing",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "The field `mode` is missing",
    words: words(Words {
        why: "There is no default mode.",
        effect: "Senders reject the policy; a few silently assume `none`.",
        help: "Add `mode: testing` to begin with, or `mode: enforce`.",
        clause: "RFC 8461 §3.2: mode is required once",
        fails: Example::policy("version: STSv1\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n"),
        passes: Some(Example::policy(policy!())),
    }),
};

static MODE_INVALID: Rule = Rule {
    code: "STS-POL-051",
    name: "mode-invalid",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "`{0}` is not a mode; there are `enforce`, `testing` and `none`",
    words: words(Words {
        why: "Only these three exist. `report` was the name of `testing` in drafts; DMARC's `quarantine` has no \
          counterpart.",
        effect: "Senders reject the policy.",
        help: "Choose `testing` (deliver and report), `enforce` (deliver only to hosts that pass) or `none` (no \
           policy).",
        clause: "RFC 8461 §3.2: the mode is enforce, testing or none",
        fails: Example::policy(policy!(mode: "mode: report")),
        passes: Some(Example::policy(policy!(mode: "mode: testing"))),
    }),
};

static MODE_WRONG_CASE: Rule = Rule {
    code: "STS-POL-052",
    name: "mode-wrong-case",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` has to be written in lower case",
    words: words(Words {
        why: "The values of `mode` are case-sensitive.",
        effect: "8 of the 12 mail servers whose source was read reject the policy; mailauth, mailrs and Mimecast take it, Halon \
                 keeps the policy without a mode.",
        help: "Write the mode in lower case.",
        clause: "RFC 8461 §3.2: the values are case-sensitive strings",
        fails: Example::policy(policy!(mode: "mode: Enforce")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MODE_TESTING: Rule = Rule {
    code: "STS-POL-053",
    name: "mode-testing",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "`testing` protects nothing yet",
    words: words(Words {
        why: "It asks senders to report problems, and to deliver all the same. It is meant as a phase of two to \
          four weeks.",
        effect: "Mail is delivered even if the host or its certificate does not pass. You hear of it only in TLS \
             reports, which go where a `_smtp._tls` record says.",
        help: "When the reports show no failures for some weeks, change to `mode: enforce` and give the record a \
           new `id`.",
        clause: "RFC 8461 §5: in testing mode, mail is delivered as if there were no failure",
        fails: Example::policy(policy!(mode: "mode: testing")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MODE_NONE: Rule = Rule {
    code: "STS-POL-054",
    name: "mode-none",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "`none` withdraws MTA-STS: there is no active policy",
    words: words(Words {
        why: "It is the clean way out. It replaces an `enforce` or `testing` copy that senders still hold.",
        effect: "Senders treat the domain as one without a policy.",
        help: "Keep it published, with a new `id` in the record, until the longest `max_age` that you ever \
           published has run out. Then remove the record, then the file.",
        clause: "RFC 8461 §5: none; RFC 8461 §8.3: how to remove MTA-STS",
        fails: Example::policy(
            "version: STSv1\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 86400\r\n",
        ),
        passes: None,
    }),
};

static NONE_WITHOUT_MX: Rule = Rule {
    code: "STS-POL-055",
    name: "none-without-mx",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "Some senders need `mx` lines even with mode `none`",
    words: words(Words {
        why: "The RFC allows them to be left out. But chasquid, Stalwart and mailrs treat any policy \
              without `mx` as invalid.",
        effect: "Those senders never see that you opted out and keep the policy that they have.",
        help: "Leave the `mx` lines in until MTA-STS is gone.",
        clause: "RFC 8461 §3.2: mx is required except in mode none",
        fails: Example::policy("version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n"),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 86400\r\n",
        )),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn mode_missing() {
        policy().shows(
            r"
            version: STSv1
            mx: mail.example.com
            | STS-POL-050
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mode_invalid() {
        policy().shows(
            r"
            version: STSv1
            mode: report
                  ^^^^^^ STS-POL-051
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mode_wrong_case() {
        policy().shows(
            r"
            version: STSv1
            mode: Enforce
                  ^^^^^^^ STS-POL-052
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mode_testing() {
        policy().shows(
            r"
            version: STSv1
            mode: testing
                  ^^^^^^^ STS-POL-053
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mode_none() {
        policy().shows(
            r"
            version: STSv1
            mode: none
                  ^^^^ STS-POL-054
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 86400
            ",
        );
    }

    #[test]
    fn none_without_mx() {
        policy().shows(
            r"
            version: STSv1
            mode: none
                  ^^^^ STS-POL-054
                  ^^^^ STS-POL-055
            max_age: 86400
            ",
        );
    }
}
