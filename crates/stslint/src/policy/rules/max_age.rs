//! The field `max_age`.

use super::mx::form::is_placeholder;
use super::names::StandIns;
use crate::finding::{Applicability, Arg, Edit, Finding, Fix, Severity};
use crate::policy::{Doc, Field, Line, MAX_MAX_AGE, Mode, Values};
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, is_digit, is_one_of};

pub(super) const RULES: &[&Rule] = &[
    &MAX_AGE_MISSING,
    &MAX_AGE_NOT_INTEGER,
    &MAX_AGE_TOO_MANY_DIGITS,
    &MAX_AGE_ABOVE_MAXIMUM,
    &MAX_AGE_ZERO,
    &MAX_AGE_BELOW_ONE_DAY,
    &MAX_AGE_SHORT_ENFORCE,
    &MAX_AGE_BELOW_TWO_WEEKS_ENFORCE,
    &MAX_AGE_LONG_TESTING,
    &MAX_AGE_LONG_NONE,
    &MAX_AGE_LEADING_ZEROS,
];

const DAY: u64 = 86_400;
pub(in crate::policy) const WEEK: u64 = 7 * DAY;

pub(super) fn check(doc: &Doc, values: &Values, stand_ins: &StandIns, findings: &mut Vec<Finding>) {
    let usual = values.mode.unwrap_or(Mode::Testing).usual_max_age();
    let Some(line) = doc.tree.first(Field::MaxAge) else {
        let place = doc.tree.lines.last().map_or(0, |line| line.span.end);
        let text = format!("max_age: {usual}");
        let insert =
            || Fix::confirm(format!("Insert {text}"), super::insert_line(doc, place, &text));
        let fix = stand_ins.lack(Field::MaxAge).then(insert);
        Finding::add(findings, &MAX_AGE_MISSING, Span::at(place)).fix(fix);
        return;
    };
    let text = doc.str(line.value);
    if is_placeholder(doc, line.value, findings) {
        return;
    }
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        let place = if text.is_empty() { line.delimiter } else { line.value };
        let fix = if text.is_empty() {
            Some(Fix::confirm(
                format!("Write {usual}"),
                Edit::insert(line.delimiter.end, format!(" {usual}")).alone(),
            ))
        } else {
            meant(text).map(|seconds| write(line, seconds))
        };
        Finding::add(findings, &MAX_AGE_NOT_INTEGER, place).quote(line.value).fix(fix);
        return;
    }
    let digits = text.trim_start_matches('0');
    if text.len() > 10 {
        let seconds = digits.parse().unwrap_or(MAX_MAX_AGE).clamp(0, MAX_MAX_AGE);
        let seconds = if seconds == 0 { usual } else { seconds };
        Finding::add(findings, &MAX_AGE_TOO_MANY_DIGITS, line.value)
            .quoted()
            .fix(Some(write(line, seconds)));
        return;
    }
    let seconds: u64 = digits.parse().unwrap_or(0);
    match (seconds, values.mode) {
        (MAX_MAX_AGE.., _) if seconds > MAX_MAX_AGE => {
            let edit = Edit::replace(line.value, MAX_MAX_AGE.to_string());
            Finding::add(findings, &MAX_AGE_ABOVE_MAXIMUM, line.value)
                .quoted()
                .safe("Write 31557600, the maximum", vec![edit]);
            return;
        }
        (0, _) => {
            Finding::add(findings, &MAX_AGE_ZERO, line.value)
                .quoted()
                .fix(Some(write(line, usual)));
            return;
        }
        (..DAY, _) => {
            let opts_out = values.mode == Some(Mode::None);
            let unit = if seconds == 1 { "second" } else { "seconds" };
            Finding::add(findings, &MAX_AGE_BELOW_ONE_DAY, line.value)
                .text(format!("{text} {unit}"))
                .text(if opts_out { ", which would do to opt out" } else { "" })
                .fix(Some(write(line, usual)));
        }
        (..WEEK, Some(Mode::Enforce)) => {
            Finding::add(findings, &MAX_AGE_SHORT_ENFORCE, line.value)
                .arg(Arg::Number(seconds))
                .fix(Some(write(line, 2 * WEEK)));
        }
        (WEEK.., Some(Mode::Enforce)) if seconds < 2 * WEEK => {
            Finding::add(findings, &MAX_AGE_BELOW_TWO_WEEKS_ENFORCE, line.value)
                .arg(Arg::Number(seconds))
                .fix(Some(write(line, usual)));
        }
        (WEEK.., Some(Mode::Testing)) if seconds > 2 * WEEK => {
            Finding::add(findings, &MAX_AGE_LONG_TESTING, line.value).quoted();
        }
        (_, Some(Mode::None)) if seconds > DAY => {
            Finding::add(findings, &MAX_AGE_LONG_NONE, line.value)
                .quoted()
                .fix(Some(write(line, DAY)));
        }
        _ => {}
    }
    if digits.len() < text.len() {
        let zeros = Span::new(line.value.start, line.value.end - digits.len());
        Finding::add(findings, &MAX_AGE_LEADING_ZEROS, line.value)
            .quoted()
            .safe("Remove the zeros", Edit::delete(zeros).alone());
    }
}

fn write(line: &Line, seconds: u64) -> Fix {
    Fix::confirm(format!("Write {seconds}"), Edit::replace(line.value, seconds.to_string()).alone())
}

/// What people write behind a number, with its seconds.
const UNITS: [(&str, u64); 6] = [
    ("s sec secs second seconds", 1),
    ("min mins minute minutes", 60),
    ("h hour hours", 3600),
    ("d day days", DAY),
    ("w week weeks", WEEK),
    ("y year years", MAX_MAX_AGE),
];

/// Whether a number has separators between groups of three digits.
fn is_grouped(text: &str) -> bool {
    let separators = &[' ', ',', '.', '_', '\''][..];
    let mut groups = text.split(separators);
    groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3)
        && text.chars().all(|c| is_digit(c) || separators.contains(&c))
}

/// The seconds that a malformed value was probably meant to be: digits with separators between
/// groups of three, or a number with a unit.
fn meant(text: &str) -> Option<u64> {
    if text.len() > 32 {
        return None;
    }
    let text = text.trim_matches(&['"', '\'', ';', ',', '.', ':', ' '][..]).to_ascii_lowercase();
    let number_len = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(number_len);
    let mut joined = text.clone();
    joined.retain(is_digit);
    let (digits, unit) = if rest.is_empty() {
        (number, 1)
    } else if is_grouped(&text) {
        (joined.as_str(), 1)
    } else if rest.strip_prefix('.').is_some_and(|zeros| zeros.bytes().all(|b| b == b'0')) {
        (number, 1)
    } else {
        let (_, unit) = UNITS.iter().find(|(words, _)| is_one_of(rest.trim(), words))?;
        (number, *unit)
    };
    let seconds = digits.parse::<u64>().ok()?.checked_mul(unit)?;
    (1..=MAX_MAX_AGE).contains(&seconds).then_some(seconds)
}

pub(super) static MAX_AGE_MISSING: Rule = Rule {
    code: "STS-POL-060",
    name: "max-age-missing",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "The field `max_age` is missing",
    words: words(Words {
        why: "There is no default lifetime.",
        effect: "Senders reject the policy.",
        help: "Add `max_age` in seconds: 604800 (a week) while testing, 2592000 (30 days) to enforce, 86400 (a \
           day) with `none`.",
        clause: "RFC 8461 §3.2: max_age is required once",
        fails: Example::policy("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\n"),
        passes: Some(Example::policy(policy!())),
    }),
};

static MAX_AGE_NOT_INTEGER: Rule = Rule {
    code: "STS-POL-061",
    name: "max-age-not-integer",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "`{0}` is not a plain number of seconds",
    words: words(Words {
        why: "The lifetime is written in digits only: no unit, no sign, no separators.",
        effect: "Senders reject the policy.",
        help: "Write the seconds as digits, for example 604800 for a week.",
        clause: "RFC 8461 §3.2: max_age consists of digits",
        fails: Example::policy(policy!(max_age: "max_age: 1 209 600")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MAX_AGE_TOO_MANY_DIGITS: Rule = Rule {
    code: "STS-POL-062",
    name: "max-age-too-many-digits",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "`{0}` has more than 10 digits",
    words: words(Words {
        why: "The grammar has room for 10 digits, leading zeros included.",
        effect: "Senders reject the policy.",
        help: "Write at most 31557600, which is one year.",
        clause: "RFC 8461 §3.2: 1 to 10 digits (erratum 7282, reported, proposes 8)",
        fails: Example::policy(policy!(max_age: "max_age: 00001209600")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MAX_AGE_ABOVE_MAXIMUM: Rule = Rule {
    code: "STS-POL-063",
    name: "max-age-above-maximum",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "{0} seconds is more than a year; the maximum is 31557600",
    words: words(Words {
        why: "A policy may live for one year at most.",
        effect: "chasquid, mailauth, postfix-mta-sts-resolver and rest-mail reject the policy; Mimecast keeps it for \
             one year, postfix-tlspol for 30 days, Stalwart for one day.",
        help: "Write 31557600 or less.",
        clause: "RFC 8461 §3.2: the maximum is 31557600",
        fails: Example::policy(policy!(max_age: "max_age: 31557601")),
        passes: Some(Example::policy(policy!(max_age: "max_age: 31557600"))),
    }),
};

static MAX_AGE_ZERO: Rule = Rule {
    code: "STS-POL-064",
    name: "max-age-zero",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "With a lifetime of 0, senders keep nothing from one fetch to the next",
    words: words(Words {
        why: "The number is legal: a lifetime may be zero. But what protects you is the copy that a sender keeps. \
          Without one, whoever blocks the fetch has switched MTA-STS off. With mode `none` it may not even \
          replace an older copy.",
        effect: "With most senders the policy counts for the message it was fetched for, at best. 2 of the 12 mail servers \
             whose source was read, chasquid and rest-mail, reject it; Stalwart keeps it for a day, Mimecast for a week \
             (a day with `testing`).",
        help: "Write 86400 with `none`, 604800 while testing, 1209600 or more to enforce.",
        clause: "RFC 8461 §3.2: max_age is a non-negative number; RFC 8461 §10.2: long ones should be preferred",
        fails: Example::policy(policy!(max_age: "max_age: 0")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MAX_AGE_BELOW_ONE_DAY: Rule = Rule {
    code: "STS-POL-065",
    name: "max-age-below-one-day",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "{0} is less than a day{1}",
    words: words(Words {
        why: "Legal, but shorter than the day between two refreshes. Google and others are said to ignore such \
          policies. With mode `none` a small lifetime is right, and a day is the RFC's example of one.",
        effect: "Some large senders may ignore the policy; Stalwart replaces less than an hour with a day, and \
                 Mimecast less than a week with a week where the mode is `enforce`.",
        help: "Write 86400 or more. A short lifetime is not needed for quick changes: senders notice a new `id`.",
        clause: "RFC 8461 §3.2: lifetimes are expected to be weeks or more; RFC 8461 §8.3: one day, for example, with \
             none",
        fails: Example::policy(policy!(max_age: "max_age: 3600")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MAX_AGE_SHORT_ENFORCE: Rule = Rule {
    code: "STS-POL-066",
    name: "max-age-short-enforce",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "{0} seconds is less than a week, which is weak for `enforce`",
    words: words(Words {
        why: "An attacker who can block the refresh has to wait only this long. It does not make changes faster: \
          senders notice a new `id`.",
        effect: "Mail flows; the protection is weak.",
        help: "Write 1209600 (two weeks) or more.",
        clause: "RFC 8461 §3.2: expected to be weeks or more; RFC 8461 §10.2: as long as practical",
        fails: Example::policy(policy!(max_age: "max_age: 86400")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MAX_AGE_BELOW_TWO_WEEKS_ENFORCE: Rule = Rule {
    code: "STS-POL-067",
    name: "max-age-below-two-weeks-enforce",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "{0} seconds is less than two weeks",
    words: words(Words {
        why: "A week is the RFC's own example and a common default, Microsoft's too. Two weeks or more is often recommended \
          once everything is stable.",
        effect: "None: it works.",
        help: "Write 2592000 (30 days) when the policy has proved itself.",
        clause: "Practice: NCSC Mail Check asks for two weeks, others for four; RFC 8461 §3.2 has 604800 in its example",
        fails: Example::policy(policy!(max_age: "max_age: 604800")),
        passes: Some(Example::policy(policy!(max_age: "max_age: 2592000"))),
    }),
};

static MAX_AGE_LONG_TESTING: Rule = Rule {
    code: "STS-POL-068",
    name: "max-age-long-testing",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "While testing, more than two weeks is unusual",
    words: words(Words {
        why: "In this phase senders should forget mistakes quickly.",
        effect: "None.",
        help: "Nothing has to be done. Google suggests 604800 to 1209600 while testing.",
        clause: "Practice: Google and others suggest one to two weeks; RFC 8461 §3.2 allows up to a year",
        fails: Example::policy(
            "version: STSv1\r\nmode: testing\r\nmx: mail.example.com\r\nmax_age: 31557600\r\n",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: testing\r\nmx: mail.example.com\r\nmax_age: 604800\r\n",
        )),
    }),
};

static MAX_AGE_LONG_NONE: Rule = Rule {
    code: "STS-POL-069",
    name: "max-age-long-none",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "A day is enough for mode `none`",
    words: words(Words {
        why: "Senders cache the opt-out as well. A long lifetime puts off the day when you can remove record and \
          file.",
        effect: "It works.",
        help: "Write 86400.",
        clause: "RFC 8461 §8.3: a small max_age, such as one day",
        fails: Example::policy(
            "version: STSv1\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 604800\r\n",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 86400\r\n",
        )),
    }),
};

static MAX_AGE_LEADING_ZEROS: Rule = Rule {
    code: "STS-POL-070",
    name: "max-age-leading-zeros",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "`{0}` has leading zeros, which is legal",
    words: words(Words {
        why: "They are easily misread, and some software reads such numbers as octal.",
        effect: "None.",
        help: "Remove the zeros.",
        clause: "RFC 8461 §3.2: any digits are allowed",
        fails: Example::policy(policy!(max_age: "max_age: 01209600")),
        passes: Some(Example::policy(policy!())),
    }),
};

#[cfg(test)]
mod tests {
    use crate::{Input, Kind, lint};

    fn messages(text: &str) -> String {
        let input = Input { kind: Some(Kind::Policy), ..Input::new(text.as_bytes()) };
        lint(&input).findings().map(|finding| finding.message(text.as_bytes()) + "\n").collect()
    }

    #[test]
    fn a_short_lifetime_is_another_thing_when_opting_out() {
        let text = "version: STSv1\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 3600\r\n";
        let said = messages(text);
        assert!(
            said.contains("3600 seconds is less than a day, which would do to opt out\n"),
            "{said}"
        );
        let said = messages(&text.replace("none", "enforce"));
        assert!(said.contains("3600 seconds is less than a day\n"), "{said}");
        let said = messages(&text.replace("3600", "1"));
        assert!(said.contains("1 second is less than a day, which"), "{said}");
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn max_age_missing() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            ∎
            | STS-POL-060
            ",
        );
    }

    #[test]
    fn max_age_not_integer() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1 209 600
                     ^^^^^^^^^ STS-POL-061
            ",
        );
    }

    #[test]
    fn max_age_too_many_digits() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 00001209600
                     ^^^^^^^^^^^ STS-POL-062
            ",
        );
    }

    #[test]
    fn max_age_above_maximum() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 31557601
                     ^^^^^^^^ STS-POL-063
            ",
        );
    }

    #[test]
    fn max_age_zero() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 0
                     ^ STS-POL-064
            ",
        );
    }

    #[test]
    fn max_age_below_one_day() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 3600
                     ^^^^ STS-POL-065
            ",
        );
    }

    #[test]
    fn max_age_short_enforce() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 86400
                     ^^^^^ STS-POL-066
            ",
        );
    }

    #[test]
    fn max_age_below_two_weeks_enforce() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 604800
                     ^^^^^^ STS-POL-067
            ",
        );
    }

    #[test]
    fn max_age_long_testing() {
        policy().shows(
            r"
            version: STSv1
            mode: testing
                  ^^^^^^^ STS-POL-053
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 31557600
                     ^^^^^^^^ STS-POL-068
            ",
        );
    }

    #[test]
    fn max_age_long_none() {
        policy().shows(
            r"
            version: STSv1
            mode: none
                  ^^^^ STS-POL-054
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 604800
                     ^^^^^^ STS-POL-069
            ",
        );
    }

    #[test]
    fn max_age_leading_zeros() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 01209600
                     ^^^^^^^^ STS-POL-070
            ",
        );
    }
}
