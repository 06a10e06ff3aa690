//! The policy id (RFC 8461 §3.1).

use super::fields::{Field, foreign_fields, is_name};
use super::{WSP, found, sts};
use crate::finding::{Applicability, Arg, Finding, Fix, Severity};
use crate::placeholder::{UNFILLED, placeholder};
use crate::record::family::Family;
use crate::record::view::{Notation, View};
use crate::rule::{Rule, Words, words};
use crate::text::{Span, is_one_of};

pub(super) const RULES: &[&Rule] = &[
    &ID_MISSING,
    &ID_EMPTY,
    &ID_INVALID_CHARACTERS,
    &ID_TOO_LONG,
    &ID_WRONG_CASE,
    &ID_PLACEHOLDER,
];

/// Longest id, in characters.
const MAX_LEN: usize = 32;

/// Whether a text is an id (RFC 8461 §3.1): `1*32(ALPHA / DIGIT)`.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

pub(super) static ID_MISSING: Rule = Rule {
    code: "STS-TXT-020",
    name: "id-missing",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "The record has no `id`",
    words: words(Words {
        why: "The id is how senders notice that the policy has changed.",
        effect: "The record is invalid, so senders must treat it as if there were no MTA-STS policy.",
        help: "Add `id=` with a value that this record has never had, for example the time in UTC: \
           `id=20260101000000Z`.",
        clause: "RFC 8461 §3.1: the id is required",
        fails: sts("v=STSv1;"),
        passes: Some(sts("v=STSv1; id=20260101000000Z;")),
    }),
};

/// The repair that gives an id, with what comes before and after it: a fresh one, if we were given
/// one. The engine knows no clock; without it the simplest id there is must do.
fn give(view: &View, at: Span, fresh: Option<&str>, around: [&str; 2]) -> Fix {
    let id = fresh.filter(|id| is_id(id)).unwrap_or("1");
    let edits = view.edit(at, &[around[0], id, around[1]].concat());
    Fix::confirm(format!("Give the id `{id}`: any value will do that this record never had"), edits)
}

pub(super) fn missing(view: &View, fresh: Option<&str>, findings: &mut Vec<Finding>) {
    let text = view.text();
    let end = text.trim_end_matches(WSP).len();
    let around = if text[..end].ends_with(';') { [" id=", ";"] } else { ["; id=", ""] };
    let place = Span::at(end);
    // The first semicolon may have made a comment of the id that is there (RFC 1035 §5.1).
    let is_commented = view.record.notation == Notation::Words;
    let fix = (!is_commented).then(|| give(view, place, fresh, around));
    found(findings, &ID_MISSING, view, place).fix(fix);
}

/// Checks the value of the id; it returns the valid one.
pub(super) fn check(
    view: &View,
    field: Field,
    fresh: Option<&str>,
    findings: &mut Vec<Finding>,
) -> Option<String> {
    let value = field.value;
    let text = &view.text()[value.range()];
    if is_id(text) {
        if let Some(what) = template(text) {
            let fix = give(view, value, fresh, ["", ""]);
            found(findings, &ID_PLACEHOLDER, view, value).quoted().text(what).fix(Some(fix));
        }
        return Some(text.to_owned());
    }
    if text.is_empty() {
        let fix = give(view, value, fresh, ["", ""]);
        found(findings, &ID_EMPTY, view, field.span).fix(Some(fix));
    } else if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        too_long(view, value, findings);
    } else {
        invalid_characters(view, value, fresh, findings);
    }
    None
}

static ID_EMPTY: Rule = Rule {
    code: "STS-TXT-021",
    name: "id-empty",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "The `id` has no value",
    words: words(Words {
        why: "An id has at least one letter or digit.",
        effect: "The record is invalid, so senders must treat it as if there were no MTA-STS policy.",
        help: "Write a value after `id=` that this record has never had, for example the time in UTC: \
           `id=20260101000000Z`.",
        clause: "RFC 8461 §3.1: an id has 1 to 32 letters and digits",
        fails: sts("v=STSv1; id=;"),
        passes: Some(sts("v=STSv1; id=1;")),
    }),
};

static ID_INVALID_CHARACTERS: Rule = Rule {
    code: "STS-TXT-022",
    name: "id-invalid-characters",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "The id `{0}` has characters other than letters and digits{1}",
    words: words(Words {
        why: "Only `A`–`Z`, `a`–`z` and `0`–`9` are allowed. Dates with hyphens and Base64 digests \
          break that.",
        effect: "mox, postfix-tlspol and rest-mail reject the record, mailauth one with a colon in the id; \
             others take any text as the id, or do not look at it.",
        help: "Write letters and digits only. Any value that this record has never had will do.",
        clause: "RFC 8461 §3.1: an id has 1 to 32 letters and digits",
        fails: sts("v=STSv1; id=2026-01-01T00:00:00Z"),
        passes: Some(sts("v=STSv1; id=20260101T000000Z")),
    }),
};

/// What a value is that would be an id only once it is filled in: a placeholder, or the letters of a date.
fn template(text: &str) -> Option<&'static str> {
    // Parts of date patterns and of words for what is to be put there, and such words by themselves.
    const DATES: [&str; 3] = ["YYYY", "MMDD", "HHMM"];
    const PARTS: [&str; 5] = ["YOUR", "CHANGEME", "UNIQUE", "TIMESTAMP", "XXXX"];
    const WORDS: &str = "ID NEWID POLICYID XXX";
    let mut letters = text.to_ascii_uppercase();
    letters.retain(|c| c.is_ascii_alphanumeric());
    let has = |part: &&str| letters.contains(*part);
    if DATES.iter().any(has) {
        return placeholder(text).or(Some(": the pattern of a date, not a date"));
    }
    let is_word = PARTS.iter().any(has) || is_one_of(&letters, WORDS);
    placeholder(text).or(is_word.then_some(UNFILLED))
}

/// Whether a value, maybe in quotes, is a date or a hexadecimal number with the signs that those have. What stands behind
/// another sign may belong to the text around the record, and so may a number behind a blank: a TTL.
fn is_plain_number(text: &str) -> bool {
    let text = text.trim_matches(&['"', '\'', '\\'][..]);
    if text.rsplit_once(WSP).is_some_and(|(_, last)| last.bytes().all(|b| b.is_ascii_digit())) {
        return false;
    }
    text.bytes().all(|b| b.is_ascii_hexdigit() || b"TZtz-:.+/_ ".contains(&b))
}

fn invalid_characters(view: &View, value: Span, fresh: Option<&str>, findings: &mut Vec<Finding>) {
    let text = &view.text()[value.range()];
    // A bracket that is open says that more of it stands behind what was taken for the value.
    let is_whole = is_balanced(text);
    if let Some(what) = template(text) {
        let fix = is_whole.then(|| give(view, value, fresh, ["", ""]));
        found(findings, &ID_INVALID_CHARACTERS, view, value).quoted().text(what).fix(fix);
        return;
    }
    let good = |b: &u8| b.is_ascii_alphanumeric();
    let kept = text.bytes().filter(|b| good(b)).count();
    // `id=1 note=x`: a semicolon is missing rather than a character too much.
    let head = text.bytes().take_while(good).count();
    let tail = text[head..].trim_start_matches(&[' ', '\t', ','][..]);
    let name = tail.split_once('=').filter(|(name, value)| {
        is_name(name) && is_tail(value) && is_new_extension(view.text(), name)
    });
    let fix = if name.is_some() && is_id(&text[..head]) && head + tail.len() < text.len() {
        let gap = Span::new(value.start + head, value.end - tail.len());
        Some(Fix::confirm("Put a semicolon between the fields", view.edit(gap, "; ")))
    } else if kept == 0 || text.contains('=') || !is_whole {
        None
    } else {
        let mut edits = Vec::new();
        let (mut at, mut left) = (0, MAX_LEN);
        let bytes = text.as_bytes();
        while at < bytes.len() {
            let run = bytes[at..].iter().take_while(|b| good(b)).count().min(left);
            at += run;
            left -= run;
            let bad = bytes[at..].iter().take_while(|b| left == 0 || !good(b)).count();
            if bad > 0 {
                let piece = Span::new(value.start + at, value.start + at + bad);
                view.replace(piece, "", &mut edits);
            }
            at += bad;
        }
        Some(if kept > MAX_LEN {
            Fix::confirm("Keep 32 letters and digits", edits)
        } else if is_plain_number(text) {
            Fix::safe("Keep only letters and digits", edits)
        } else {
            Fix::confirm("Keep only letters and digits", edits)
        })
    };
    found(findings, &ID_INVALID_CHARACTERS, view, value).quoted().text("").fix(fix);
}

/// Whether each bracket of a text is closed in it.
fn is_balanced(text: &str) -> bool {
    let count = |sign: char| text.matches(sign).count();
    [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>')]
        .iter()
        .all(|(open, close)| count(*open) == count(*close))
        && count('`') % 2 == 0
}

/// Whether a name is that of an extension that the record doesn't have yet.
fn is_new_extension(text: &str, name: &str) -> bool {
    let is = |known: &&str| known.eq_ignore_ascii_case(name);
    let known = ["id", "rua", "v"].iter().chain(foreign_fields(Family::Sts)).any(is);
    !known && text.matches(name).count() == 1
}

/// Whether a text can be the value of the field that follows the id.
fn is_tail(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_graphic() && b != b'=')
}

static ID_TOO_LONG: Rule = Rule {
    code: "STS-TXT-023",
    name: "id-too-long",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "The id has {0} characters; at most 32 are allowed",
    words: words(Words {
        why: "An id has up to 32 letters and digits. A SHA-1 digest in hexadecimal digits does not fit.",
        effect: "Strict senders reject the record: no MTA-STS.",
        help: "Cut the id to 32 characters or use a timestamp.",
        clause: "RFC 8461 §3.1: an id has 1 to 32 letters and digits",
        fails: sts("v=STSv1; id=da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        passes: Some(sts("v=STSv1; id=da39a3ee5e6b4b0d3255bfef95601890")),
    }),
};

fn too_long(view: &View, value: Span, findings: &mut Vec<Finding>) {
    let rest = Span::new(value.start + MAX_LEN, value.end);
    let length = Arg::Number(value.len() as u64);
    found(findings, &ID_TOO_LONG, view, value)
        .arg(length)
        .confirm("Keep the first 32 characters", view.edit(rest, ""));
}

pub(super) static ID_WRONG_CASE: Rule = Rule {
    code: "STS-TXT-024",
    name: "id-wrong-case",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` must be written `id`",
    words: words(Words {
        why: "Field names are case-sensitive: in other capitals it is an unknown field, which is \
          ignored.",
        effect: "The id is missing, so senders must treat the record as if there were no MTA-STS policy.",
        help: "Write `id`.",
        clause: "RFC 8461 §3.1: the name is the case-sensitive text `id=`",
        fails: sts("v=STSv1; ID=20260101"),
        passes: Some(sts("v=STSv1; id=20260101")),
    }),
};

static ID_PLACEHOLDER: Rule = Rule {
    code: "STS-TXT-025",
    name: "id-placeholder",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "The id `{0}` is legal, but looks unfinished{1}",
    words: words(Words {
        why: "It reads like the text of a template or of instructions, in the place of which a value was meant to go.",
        effect: "Any letters and digits are an id, so the record works. But an id that stays the same tells no sender that the \
            policy has changed.",
        help: "Write a value that this record has never had, for example the time in UTC: `id=20260101000000Z`.",
        clause: "RFC 8461 §3.1: the id tells one instance of a policy from another",
        fails: sts("v=STSv1; id=YYYYMMDDHHMMSS"),
        passes: Some(sts("v=STSv1; id=20260101000000Z")),
    }),
};

#[cfg(test)]
mod tests {
    use super::template;
    use crate::{Input, lint};

    #[test]
    fn templates_are_told_from_ids() {
        for text in [
            "YYYYMMDDHHMMSS",
            "20240101HHMMSS",
            "yyyy-mm-dd",
            "ID",
            "id",
            "UNIQUE_ID",
            "your-id",
            "CHANGE-ME",
            "changeme",
            "xxxx-xxxx",
            "xxx",
            "<id>",
            "$(date +%s)",
        ] {
            assert!(template(text).is_some(), "{text}");
        }
        for text in [
            "20260101T000000Z",
            "20260101-000000",
            "550e8400-e29b-41d4-a716-446655440000",
            "Zm9v+YmFy",
            "test-123",
            "abc",
            "x",
            "1",
            "v1-MD5",
            "mmd",
            "",
        ] {
            assert_eq!(template(text), None, "{text}");
        }
    }

    /// The fix of the first finding of a rule.
    fn fix(text: &str, code: &str) -> Option<String> {
        let report = lint(&Input { fresh_id: Some("7"), ..Input::new(text.as_bytes()) });
        let finding = report.findings().find(|finding| finding.rule.code == code);
        let fix = finding.unwrap_or_else(|| panic!("{text}")).fix.as_ref()?;
        Some(String::from_utf8(fix.apply(text.as_bytes())).expect("text"))
    }

    #[test]
    fn a_template_is_replaced_whole_or_not_at_all() {
        for (text, fixed) in [
            ("v=STSv1; id=${id}", Some("v=STSv1; id=7")),
            ("v=STSv1; id=$(date +%s)", Some("v=STSv1; id=7")),
            ("v=STSv1; id=<id>;", Some("v=STSv1; id=7;")),
            ("v=STSv1; id={{ now }}", Some("v=STSv1; id=7")),
            // A quotation mark or a semicolon of the template ends what was taken for the record.
            (r#"value = "v=STSv1; id=${formatdate("YYYY", timestamp())}""#, None),
            (r#"value = "v=STSv1; id={{ now | date "20060102" }}""#, None),
            ("v=STSv1; id=$(date +%Y; true)", None),
            ("v=STSv1; id=<a;b>", None),
        ] {
            assert_eq!(fix(text, "STS-TXT-022").as_deref(), fixed, "{text}");
        }
    }

    #[test]
    fn no_id_is_put_in_front_of_a_comment() {
        let fixed = |text: &str| -> Vec<String> {
            let report = lint(&Input { fresh_id: Some("7"), ..Input::new(text.as_bytes()) });
            let fixes = report.findings().filter_map(|finding| finding.fix.as_ref());
            let fixed = fixes.map(|fix| String::from_utf8(fix.apply(text.as_bytes())));
            fixed.map(|text| text.expect("text")).collect()
        };
        assert_eq!(
            fixed("_mta-sts IN TXT \"v=STSv1;\"\n"),
            ["_mta-sts IN TXT \"v=STSv1; id=7;\"\n"]
        );
        for text in [
            "_mta-sts IN TXT (\n  v=STSv1; id=20261101\n)\n",
            "_mta-sts IN TXT ( v=STSv1 ; id=20261101\n)\n",
            "_mta-sts IN TXT (\n  v=STSv1 ; the version\n  ; id=20261101\n)\n",
        ] {
            let fixed = fixed(text);
            assert!(fixed.iter().all(|fixed| !fixed.contains("id=7")), "{fixed:?}");
        }
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::sts;

    #[test]
    fn id_missing() {
        sts().shows(
            r"
            v=STSv1;
                    | STS-TXT-020
            ",
        );
    }

    #[test]
    fn id_empty() {
        sts().shows(
            r"
            v=STSv1; id=;
                     ^^^ STS-TXT-021
            ",
        );
    }

    #[test]
    fn id_invalid_characters() {
        sts().shows(
            r"
            v=STSv1; id=2026-01-01T00:00:00Z
                        ^^^^^^^^^^^^^^^^^^^^ STS-TXT-022
            ",
        );
    }

    #[test]
    fn id_too_long() {
        sts().shows(
            r"
            v=STSv1; id=da39a3ee5e6b4b0d3255bfef95601890afd80709
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ STS-TXT-023
            ",
        );
    }

    #[test]
    fn id_wrong_case() {
        sts().shows(
            r"
            v=STSv1; ID=20260101
                     ^^ STS-TXT-024
            ",
        );
    }

    #[test]
    fn id_placeholder() {
        sts().shows(
            r"
            v=STSv1; id=20240101HHMMSS
                        ^^^^^^^^^^^^^^ STS-TXT-025
            ",
        );
    }
}
