//! Field names: misspelt, unknown, illegal, repeated; and what extension fields may hold.

use super::lines::is_field;
use crate::finding::{Applicability, Edit, Finding, Fix, MOST, Severity};
use crate::host;
use crate::policy::{Doc, Field, Line, Mode, Values};
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, is_one_of, repeated};

pub(super) const RULES: &[&Rule] = &[
    &FIELD_NAME_WRONG_CASE,
    &FIELD_NAME_TYPO,
    &UNKNOWN_FIELD,
    &FIELD_NAME_INVALID,
    &EMPTY_EXTENSION_VALUE,
    &TAB_IN_EXTENSION_VALUE,
    &NON_ASCII_EXTENSION_VALUE,
    &DUPLICATE_SAME_VALUE,
    &DUPLICATE_CONFLICT,
];

/// Required fields that are missing, but that a misspelt line was meant to be. The line's own
/// finding repairs both.
pub(super) struct StandIns {
    /// Fields that no line has.
    absent: Vec<Field>,
    /// Those of them that a misspelt line was meant to be.
    meant: Vec<Field>,
}

impl StandIns {
    const ALL: [Field; 4] = [Field::Version, Field::Mode, Field::Mx, Field::MaxAge];

    fn of(doc: &Doc) -> Self {
        let absent = |field: &Field| doc.tree.first(*field).is_none();
        Self { absent: Self::ALL.into_iter().filter(absent).collect(), meant: Vec::new() }
    }

    /// Whether a line for a missing field may be written: no misspelt line was meant to be it, and the text is a policy
    /// otherwise.
    pub(super) fn lack(&self, field: Field) -> bool {
        let is_policy = self.absent.len() < Self::ALL.len() || !self.meant.is_empty();
        is_policy && !self.meant.contains(&field)
    }
}

pub(super) fn check(doc: &Doc, values: &Values, findings: &mut Vec<Finding>) -> StandIns {
    let mut stand_ins = StandIns::of(doc);
    let mut extensions: Vec<(&str, &Line)> = Vec::new();
    for line in &doc.tree.lines {
        if is_field(line) != Some(Field::Other) {
            continue;
        }
        Finding::bound(findings);
        let name = doc.str(line.name);
        if let Some(field) = wrong_case(name) {
            let fix = rename(doc, line, field, values, &mut stand_ins);
            Finding::add(findings, &FIELD_NAME_WRONG_CASE, line.name)
                .quoted()
                .text(field.name())
                .fix(fix);
        // No line was meant to be a field that counts once and is there.
        } else if let Some(field) =
            near_miss(name).filter(|field| *field == Field::Mx || stand_ins.absent.contains(field))
        {
            let fix = rename(doc, line, field, values, &mut stand_ins);
            Finding::add(findings, &FIELD_NAME_TYPO, line.name)
                .quoted()
                .text(field.name())
                .fix(fix);
        } else if !is_extension_name(name) {
            let fix = Fix::confirm("Remove the line", doc.delete_line(line));
            let place = if line.name.is_empty() { line.delimiter } else { line.name };
            Finding::add(findings, &FIELD_NAME_INVALID, place).quoted().fix(Some(fix));
        } else {
            Finding::add(findings, &UNKNOWN_FIELD, line.name).quoted();
            extension_value(doc, line, findings);
            extensions.push((name, line));
        }
    }
    for field in [Field::Version, Field::Mode, Field::MaxAge] {
        let mut lines = doc.tree.fields(field);
        let Some(first) = lines.next() else { continue };
        for line in lines {
            Finding::bound(findings);
            duplicate(doc, line, first, findings);
        }
    }
    Finding::bound(findings);
    for (later, first) in repeated(extensions.iter().map(|(name, _)| *name).collect()) {
        Finding::bound(findings);
        duplicate(doc, extensions[later].1, extensions[first].1, findings);
    }
    stand_ins
}

/// Writes a misspelt name right. That is safe when the field is missing otherwise and the value
/// fits it; else the line is an extension that a sender ignores, and naming it right would change
/// the policy.
fn rename(
    doc: &Doc,
    line: &Line,
    field: Field,
    values: &Values,
    stand_ins: &mut StandIns,
) -> Option<Fix> {
    let absent = stand_ins.absent.contains(&field);
    let meant = stand_ins.meant.contains(&field);
    let taken = field != Field::Mx && meant;
    let edits = Edit::replace(line.name, field.name()).alone();
    let title = match field {
        Field::MaxAge => "Name it max_age",
        Field::Mode => "Name it mode",
        Field::Mx => "Name it mx",
        Field::Other | Field::Version => "Name it version",
    };
    if absent && !taken && fits(doc.str(line.value), field) {
        if !meant {
            stand_ins.meant.push(field);
        }
        return Some(Fix::safe(title, edits));
    }
    let repeats = !absent || taken;
    // No policy has more hosts, and a text may have very many lines like this.
    let mut hosts = values.mx.iter().take(MOST);
    let known = field == Field::Mx && hosts.any(|host| host == doc.str(line.value));
    if repeats && field != Field::Mx || known {
        return Some(Fix::confirm("Remove the line", doc.delete_line(line)));
    }
    Some(Fix::confirm(title, edits))
}

/// Whether a value is valid for a field.
fn fits(value: &str, field: Field) -> bool {
    match field {
        Field::MaxAge => {
            !value.is_empty() && value.len() <= 10 && value.bytes().all(|b| b.is_ascii_digit())
        }
        Field::Mode => Mode::from_word(value).is_some(),
        Field::Mx => host::is_pattern(value),
        Field::Other => true,
        Field::Version => value == "STSv1",
    }
}

pub(super) static FIELD_NAME_WRONG_CASE: Rule = Rule {
    code: "STS-POL-031",
    name: "field-name-wrong-case",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "`{0}` is not the field `{1}`: upper and lower case matter in names",
    words: words(Words {
        why: "Field names are case-sensitive. In another case the line is a legal extension that means \
          nothing.",
        effect: "All but very lenient senders ignore the line. If it was the only one of its kind, a required \
             field is missing.",
        help: "Write the name in lower case.",
        clause: "RFC 8461 §3.2: names are case-sensitive, unknown fields are ignored",
        fails: Example::policy(policy!(mode: "Mode: enforce")),
        passes: Some(Example::policy(policy!())),
    }),
};

fn wrong_case(name: &str) -> Option<Field> {
    let registered = Field::REGISTERED.iter();
    registered.clone().find(|(_, n)| n.eq_ignore_ascii_case(name)).map(|(field, _)| *field)
}

pub(super) static FIELD_NAME_TYPO: Rule = Rule {
    code: "STS-POL-032",
    name: "field-name-typo",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "`{0}` is not a known field; was `{1}` meant?",
    words: words(Words {
        why: "It looks like a misspelt name. Senders take it for an extension that they do not know.",
        effect: "Senders ignore the line. Usually a required field is then missing and the policy invalid; an \
             `mx` line lost in this way leaves a mail server unprotected or blocks its mail.",
        help: "Correct the name.",
        clause: "RFC 8461 §3.2: unknown fields are ignored",
        fails: Example::policy(policy!(max_age: "max-age: 1209600")),
        passes: Some(Example::policy(policy!())),
    }),
};

/// The registered field that a name was probably meant to be: one edit away, leaving aside case
/// and separators, or one of the usual ways to misspell `mx`.
fn near_miss(name: &str) -> Option<Field> {
    const MX: &str = "nmx mxs mx1 mx2 mxhost mxrecord mxpattern mxserver";
    if name.len() > 24 {
        return None;
    }
    let mut bare = plain_letters(name);
    bare.retain(|c| !matches!(c, '-' | '_' | '.' | ' '));
    if is_one_of(&bare, MX) {
        return Some(Field::Mx);
    }
    let targets = [(Field::Version, "version"), (Field::Mode, "mode"), (Field::MaxAge, "maxage")];
    targets.into_iter().find(|(_, target)| within_one_edit(&bare, target)).map(|(field, _)| field)
}

/// A text in lower case, with `?` for each character outside ASCII.
pub(super) fn plain_letters(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c.to_ascii_lowercase() } else { '?' }).collect()
}

/// Whether one insertion, deletion, replacement or exchange of neighbours, or nothing, turns `a`
/// into `b`.
pub(super) fn within_one_edit(a: &str, b: &str) -> bool {
    strsim::osa_distance(a, b) <= 1
}

static UNKNOWN_FIELD: Rule = Rule {
    code: "STS-POL-033",
    name: "unknown-field",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not a registered field; senders ignore it",
    words: words(Words {
        why: "The registry knows `version`, `mode`, `max_age` and `mx` only, and has not grown since 2018.",
        effect: "None: senders have to accept such a line and ignore it.",
        help: "Nothing has to be done. Remove the line if it was meant to have an effect.",
        clause: "RFC 8461 §3.2: parsers accept and ignore unknown fields; RFC 8461 §9.3: the registry",
        fails: Example::policy(policy!(extra: "contact: postmaster@example.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

pub(super) static FIELD_NAME_INVALID: Rule = Rule {
    code: "STS-POL-034",
    name: "field-name-invalid",
    severity: Severity::Warning,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` cannot be a field name",
    words: words(Words {
        why: "A name has 1 to 32 characters, letters, digits, `_`, `-` and `.`, and starts with a letter or \
          digit. Anything else is outside the grammar, even though the line has no meaning. There are no comments: \
          with a colon in it, what was meant to be one is such a field.",
        effect: "2 of the 12 mail servers whose source was read (mox, postfix-tlspol) reject the whole policy; the others ignore the line, so \
             this is a warning.",
        help: "Remove the line.",
        clause: "RFC 8461 §3.2: the grammar of extension names",
        fails: Example::policy(policy!(extra: "# contact: postmaster@example.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

/// Whether a name is legal (RFC 8461 §3.2, `sts-policy-ext-name`).
fn is_extension_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.len() <= 32
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// Whether a line with this name is an extension field for a sender.
pub(super) fn is_extension(name: &str) -> bool {
    is_extension_name(name) && Field::REGISTERED.iter().all(|(_, registered)| *registered != name)
}

static EMPTY_EXTENSION_VALUE: Rule = Rule {
    code: "STS-POL-035",
    name: "empty-extension-value",
    severity: Severity::Warning,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` has no value",
    words: words(Words {
        why: "The value of an extension needs at least one character.",
        effect: "mox and postfix-tlspol reject the whole policy; others ignore the line.",
        help: "Remove the line.",
        clause: "RFC 8461 §3.2: an extension value has at least one visible character",
        fails: Example::policy(policy!(extra: "note:")),
        passes: Some(Example::policy(policy!())),
    }),
};

static TAB_IN_EXTENSION_VALUE: Rule = Rule {
    code: "STS-POL-036",
    name: "tab-in-extension-value",
    severity: Severity::Warning,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "There is a tab inside the value of `{0}`",
    words: words(Words {
        why: "Tabs may stand around a value, not inside.",
        effect: "Strict senders reject the whole policy because of it.",
        help: "Replace the tab with a space.",
        clause: "RFC 8461 §3.2: only spaces separate the characters of an extension value",
        fails: Example::policy(policy!(extra: "note: a\tb")),
        passes: Some(Example::policy(policy!(extra: "note: a b"))),
    }),
};

static NON_ASCII_EXTENSION_VALUE: Rule = Rule {
    code: "STS-POL-037",
    name: "non-ascii-extension-value",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "The value of `{0}` has characters outside ASCII",
    words: words(Words {
        why: "The grammar allows UTF-8 here. But a sender that takes the file for US-ASCII, because no \
          `charset=utf-8` is declared, cannot decode it.",
        effect: "postfix-mta-sts-resolver fails the whole fetch.",
        help: "Remove the line, or serve the file as `text/plain; charset=utf-8`.",
        clause: "RFC 8461 §3.2: extension values may hold UTF-8",
        fails: Example::policy(policy!(extra: "note: Grüße")),
        passes: Some(Example::policy(policy!())),
    }),
};

/// 035, 036 and 037, the first that applies.
fn extension_value(doc: &Doc, line: &Line, findings: &mut Vec<Finding>) {
    let value = doc.str(line.value);
    let delete = || doc.delete_line(line);
    if value.is_empty() {
        Finding::add(findings, &EMPTY_EXTENSION_VALUE, line.delimiter)
            .quote(line.name)
            .safe("Remove the line", delete());
    } else if let Some(at) = value.find('\t') {
        let start = line.value.start;
        let tabs = value
            .match_indices('\t')
            .map(|(at, _)| Edit::replace(Span::new(start + at, start + at + 1), " "));
        let span = Span::new(start + at, start + at + 1);
        Finding::add(findings, &TAB_IN_EXTENSION_VALUE, span)
            .quote(line.name)
            .safe("Replace the tab with a space", tabs.collect());
    } else if !value.is_ascii() {
        Finding::add(findings, &NON_ASCII_EXTENSION_VALUE, line.value)
            .quote(line.name)
            .confirm("Remove the line", delete());
    }
}

static DUPLICATE_SAME_VALUE: Rule = Rule {
    code: "STS-POL-038",
    name: "duplicate-field-same-value",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "`{0}` stands here again, with the same value",
    words: words(Words {
        why: "Only the first line counts, so the RFC sees no harm. Not every sender agrees.",
        effect: "KumoMTA rejects a policy in which `version`, `mode` or `max_age` is repeated.",
        help: "Remove the repetition.",
        clause: "RFC 8461 §3.2: all but the first are ignored, except for mx",
        fails: Example::policy(policy!(extra: "mode: enforce")),
        passes: Some(Example::policy(policy!())),
    }),
};

static DUPLICATE_CONFLICT: Rule = Rule {
    code: "STS-POL-039",
    name: "duplicate-field-conflict",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "`{0}` stands here again, with another value",
    words: words(Words {
        why: "By the RFC the first one counts. Several deployed senders use the last one.",
        effect: "Different senders apply different policies: chasquid, maddy, postfix-mta-sts-resolver, Stalwart, mailauth, \
             mailrs and Halon take the last value, KumoMTA rejects the policy.",
        help: "Keep the line that you mean, remove the other.",
        clause: "RFC 8461 §3.2: all but the first are ignored, except for mx",
        fails: Example::policy(policy!(extra: "mode: testing")),
        passes: Some(Example::policy(policy!())),
    }),
};

fn duplicate(doc: &Doc, line: &Line, first: &Line, findings: &mut Vec<Finding>) {
    let edits = doc.delete_line(line);
    let (rule, fix) = if doc.str(line.value) == doc.str(first.value) {
        (&DUPLICATE_SAME_VALUE, Fix::safe("Remove the repetition", edits))
    } else {
        (&DUPLICATE_CONFLICT, Fix::confirm("Keep the first, which counts by the RFC", edits))
    };
    let field = Span::new(line.name.start, line.value.end.max(line.delimiter.end));
    Finding::add(findings, rule, field)
        .quote(line.name)
        .label(first.name, "this one comes first")
        .fix(Some(fix));
}

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn field_name_wrong_case() {
        policy().shows(
            r"
            version: STSv1
            Mode: enforce
            | STS-POL-050
            ^^^^ STS-POL-031
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn field_name_typo() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max-age: 1209600
            ^^^^^^^ STS-POL-032
            ∎
            | STS-POL-060
            ",
        );
    }

    #[test]
    fn unknown_field() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            contact: postmaster@example.com
            ^^^^^^^ STS-POL-033
            ",
        );
    }

    #[test]
    fn field_name_invalid() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            _note: hello
            ^^^^^ STS-POL-034
            # contact: postmaster@example.com
            ^^^^^^^^^ STS-POL-034
            ",
        );
    }

    #[test]
    fn empty_extension_value() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            note:
            ^^^^ STS-POL-033
                ^ STS-POL-035
            ",
        );
    }

    #[test]
    fn tab_in_extension_value() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            note: a␉b
            ^^^^ STS-POL-033
                   ^ STS-POL-036
            ",
        );
    }

    #[test]
    fn non_ascii_extension_value() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            note: Grüße
            ^^^^ STS-POL-033
                  ^^^^^ STS-POL-037
            ",
        );
    }

    #[test]
    fn duplicate_field_same_value() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            mode: enforce
            ^^^^^^^^^^^^^ STS-POL-038
            ",
        );
    }

    #[test]
    fn duplicate_field_conflict() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            mode: testing
            ^^^^^^^^^^^^^ STS-POL-039
            ",
        );
    }
}
