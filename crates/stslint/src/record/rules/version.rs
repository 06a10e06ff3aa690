//! The version at the start of a record.

use super::fields::{MALFORMED_FIELD, NO_EQUALS, spaces_around_equals};
use super::{Pair, WSP, found, rpt, sts};
use crate::finding::Severity::{Error, Warning};
use crate::finding::{Applicability, Finding, Fix};
use crate::record::family::{Family, version_value};
use crate::record::value::spelt_out;
use crate::record::view::View;
use crate::rule::Rule;
use crate::text::Span;

pub(super) const RULES: &[&Rule] = &[
    &NOT_THIS_RECORD.sts,
    &NOT_THIS_RECORD.rpt,
    &VERSION_NOT_FIRST.sts,
    &VERSION_NOT_FIRST.rpt,
    &VERSION_WRONG_CASE.sts,
    &VERSION_WRONG_CASE.rpt,
    &VERSION_UNSUPPORTED.sts,
    &VERSION_UNSUPPORTED.rpt,
    &SPACE_BEFORE_FIRST_SEMICOLON.sts,
    &SPACE_BEFORE_FIRST_SEMICOLON.rpt,
    &MISSING_SEMICOLON.sts,
    &MISSING_SEMICOLON.rpt,
];

/// The version of a record that goes on after it.
pub(super) struct Version {
    /// Of which record it is the version.
    pub(super) family: Family,
    /// The field from its `v` to the end of its value.
    pub(super) span: Span,
    /// Whether a sender that tests for the exact text at the start finds it.
    pub(super) exact: bool,
}

/// Reads the version at `start`. Nothing where senders can't go on.
pub(super) fn check(
    view: &View,
    start: usize,
    family: Family,
    findings: &mut Vec<Finding>,
) -> Option<Version> {
    let text = view.text();
    let end = text[start..].find(';').map_or(text.len(), |found| start + found);
    let tag = Tag::read(text, Span::new(start, end));
    let Some((tag, rest)) = tag.and_then(|tag| Some((tag, tag.after(text, family.version())?)))
    else {
        other_record(view, start, tag, family, findings);
        return None;
    };
    let gap = &text[rest..end];
    if gap.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        unsupported(view, tag, family, findings);
        return None;
    }
    if !gap.trim_start_matches(WSP).is_empty() {
        missing_semicolon(view, rest, family, findings);
        return None;
    }
    let exact = wrong_case(view, tag, rest, family, findings)
        & equals_sign(view, tag, rest, family, findings);
    let space = Span::new(rest, end);
    if end < text.len() && !space.is_empty() {
        found(findings, SPACE_BEFORE_FIRST_SEMICOLON.of(family), view, space)
            .safe("Remove the space", view.edit(space, ""));
    }
    let at_start = start == 0 && !view.is_repaired();
    Some(Version { family, span: Span::new(start, rest), exact: exact && at_start })
}

/// Whether the sign between name and value is a `=` without white space around.
fn equals_sign(
    view: &View,
    tag: Tag,
    rest: usize,
    family: Family,
    findings: &mut Vec<Finding>,
) -> bool {
    let sign = Span::new(tag.name.end, tag.value_start);
    if view.text()[sign.range()].contains('=') {
        return spaces_around_equals(view, tag.name, tag.value_start, family, findings);
    }
    found(findings, MALFORMED_FIELD.of(family), view, Span::new(tag.name.start, rest))
        .quoted()
        .text(NO_EQUALS)
        .confirm("Write a `=`", view.edit(sign, "="));
    false
}

/// A field `v=…`, also with spaces, a capital or a colon.
#[derive(Clone, Copy)]
struct Tag {
    name: Span,
    value_start: usize,
    /// End of the field.
    end: usize,
}

impl Tag {
    fn read(text: &str, field: Span) -> Option<Self> {
        let piece = &text[field.range()];
        let long = spelt_out(piece);
        let value = long.or_else(|| version_value(piece))?;
        let letters = if long.is_some() { "version".len() } else { 1 };
        let name = Span::new(field.start, field.start + letters);
        Some(Self { name, value_start: field.end - value.len(), end: field.end })
    }

    /// The end of `version` if the value starts with it in any case of letters.
    fn after(self, text: &str, version: &str) -> Option<usize> {
        let value = text.as_bytes().get(self.value_start..self.value_start + version.len())?;
        let same = value.eq_ignore_ascii_case(version.as_bytes());
        (same && self.value_start + version.len() <= self.end)
            .then_some(self.value_start + version.len())
    }

    /// The value: its first word, and those behind it that go on with a version. The second part says whether nothing else
    /// stands behind them but the next field.
    fn value(self, text: &str) -> (Span, bool) {
        let value = &text[self.value_start..self.end];
        let value = value.split(',').next().unwrap_or(value);
        let (mut at, mut len) = (0, 0);
        for word in value.split(WSP) {
            if len == 0 || is_part_of_version(word) {
                len = at + word.len();
            } else if !word.is_empty() {
                let is_field = word.contains('=');
                return (Span::new(self.value_start, self.value_start + len), is_field);
            }
            at += word.len() + 1;
        }
        (Span::new(self.value_start, self.value_start + len), true)
    }
}

/// Whether a word can stand in the name of a version: `RPT`, `v1`, `1.0`.
fn is_part_of_version(word: &str) -> bool {
    const PARTS: [&str; 9] = ["smtp", "mta", "tls", "rpt", "sts", "version", "v", "-", "_"];
    let word = word.to_ascii_lowercase();
    let mut rest = word.as_str();
    while let Some(behind) = PARTS.iter().find_map(|part| rest.strip_prefix(part)) {
        rest = behind;
    }
    !word.is_empty() && rest.len() <= 3 && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

static VERSION_WRONG_CASE: Pair = pair! {
    number: "012",
    name: "version-wrong-case",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: [
        "`{0}` must be written `v=STSv1`, with these capitals",
        "`{0}` must be written `v=TLSRPTv1`, with these capitals",
    ],
    why: "Unlike most of DNS, the version is case-sensitive, both its name and its value.",
    effect: [
        "Conformant senders discard the record: no MTA-STS.",
        "Conformant reporters discard the record: no reports.",
    ],
    help: ["Write `v=STSv1`.", "Write `v=TLSRPTv1`."],
    clause: [
        "RFC 8461 §3.1: the version is the case-sensitive text `v=STSv1`",
        "RFC 8460 §3: the version is the case-sensitive text `v=TLSRPTv1`",
    ],
    fails: [
        sts("v=STSV1; id=20260101"),
        rpt("v=tlsrptv1; rua=mailto:tlsrpt@example.com"),
    ],
    passes: [
        Some(sts("v=STSv1; id=20260101")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

/// Whether the capitals are right.
fn wrong_case(
    view: &View,
    tag: Tag,
    rest: usize,
    family: Family,
    findings: &mut Vec<Finding>,
) -> bool {
    let text = view.text();
    let value = Span::new(tag.value_start, rest);
    let mut edits = Vec::new();
    if &text[tag.name.range()] != "v" {
        view.replace(tag.name, "v", &mut edits);
    }
    if &text[value.range()] != family.version() {
        view.replace(value, family.version(), &mut edits);
    }
    if edits.is_empty() {
        return true;
    }
    let field = Span::new(tag.name.start, rest);
    let fix = Fix::safe(format!("Write `v={}`", family.version()), edits);
    found(findings, VERSION_WRONG_CASE.of(family), view, field).quoted().fix(Some(fix));
    false
}

pub(super) static SPACE_BEFORE_FIRST_SEMICOLON: Pair = pair! {
    number: "015",
    name: "space-before-first-semicolon",
    severity: Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: [
        "There is white space between `v=STSv1` and its semicolon",
        "There is white space between `v=TLSRPTv1` and its semicolon",
    ],
    why: "The grammar allows it, but records are told apart by their beginning including the \
          semicolon: beside any other TXT record at the name this one would be discarded.",
    effect: [
        "chasquid and Halon ignore the record even when it is alone. Others accept it as long as it is.",
        "Reporters that only compare the beginning ignore the record. Others accept it as long as \
         it is alone.",
    ],
    help: "Remove the white space.",
    clause: [
        "RFC 8461 §3.1: white space may surround a delimiter, but records that do not begin with \
         `v=STSv1;` are discarded (erratum 6285 notes the conflict)",
        "RFC 8460 §3: white space may surround a delimiter, but records that do not begin with \
         `v=TLSRPTv1;` are discarded",
    ],
    fails: [
        sts("v=STSv1 ; id=20260101"),
        rpt("v=TLSRPTv1 ; rua=mailto:tlsrpt@example.com"),
    ],
    passes: [
        Some(sts("v=STSv1; id=20260101")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

/// The white space between the version and its semicolon, if that is all that keeps a record from
/// being one.
pub(super) fn space_before_semicolon(text: &str, family: Family) -> Option<Span> {
    let rest = text.strip_prefix("v=")?.strip_prefix(family.version())?;
    let after = rest.trim_start_matches(WSP);
    let start = text.len() - rest.len();
    let space = Span::new(start, text.len() - after.len());
    (after.starts_with(';') && !space.is_empty()).then_some(space)
}

static MISSING_SEMICOLON: Pair = pair! {
    number: "016",
    name: "missing-semicolon",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: [
        "There is no semicolon after `v=STSv1`",
        "There is no semicolon after `v=TLSRPTv1`",
    ],
    why: "Fields are separated by semicolons. Where a value is split into several strings, they are \
          joined without adding anything, so the separator must be inside one of them.",
    effect: [
        "Senders discard the record: no MTA-STS.",
        "Reporters discard the record: no reports.",
    ],
    help: [
        "Write a semicolon after `v=STSv1`.",
        "Write a semicolon after `v=TLSRPTv1`.",
    ],
    clause: [
        "RFC 8461 §3.1: a semicolon separates the fields",
        "RFC 8460 §3: a semicolon separates the fields",
    ],
    fails: [
        sts("v=STSv1 id=20260101"),
        rpt("v=TLSRPTv1 rua=mailto:tlsrpt@example.com"),
    ],
    passes: [
        Some(sts("v=STSv1; id=20260101")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

fn missing_semicolon(view: &View, at: usize, family: Family, findings: &mut Vec<Finding>) {
    let text = view.text();
    let rest = text[at..].trim_start_matches(&[' ', '\t', ',', ':'][..]);
    let gap = Span::new(at, text.len() - rest.len());
    // Only where a field follows is it clear that nothing but the semicolon is missing.
    let name = rest.split(&['=', ';'][..]).next().unwrap_or("").trim_end_matches(WSP);
    let goes_on = super::fields::is_name(name) && rest[name.len()..].trim_start().starts_with('=');
    let fix = goes_on.then(|| Fix::safe("Insert a semicolon", view.edit(gap, "; ")));
    let finding = found(findings, MISSING_SEMICOLON.of(family), view, gap).fix(fix);
    if gap.is_empty() {
        // Where a new string begins, too: it is the version that lacks it.
        finding.span = Span::at(view.place(Span::new(at - 1, at)).end);
    }
}

/// The data doesn't begin with the version of the family: is it somewhere else, another version,
/// or something else altogether?
fn other_record(
    view: &View,
    start: usize,
    tag: Option<Tag>,
    family: Family,
    findings: &mut Vec<Finding>,
) {
    if version_not_first(view, start, family, findings) {
        return;
    }
    let text = view.text();
    if let Some(tag) = tag.filter(|_| Family::of_data(&text[start..]) == Some(family)) {
        return unsupported(view, tag, family, findings);
    }
    let rest = &text[start..];
    let first = rest.split(';').next().unwrap_or(rest).trim_end_matches(WSP);
    let piece = Span::new(start, start + first.len().max(1).min(rest.len()));
    let begin = rest.find(&["v=", family.version(), ";"].concat());
    let edits = begin.map(|at| view.edit(Span::new(start, start + at), ""));
    let fix = edits.map(|edits| Fix::confirm("Keep what begins with `v=`", edits));
    found(findings, NOT_THIS_RECORD.of(family), view, piece).text("").fix(fix);
}

/// Says of a text that is a policy that it is no record.
pub(super) fn policy(view: &View, family: Family, findings: &mut Vec<Finding>) {
    let text = view.text();
    let piece = Span::new(0, text.find(&['\\', '\r', '\n'][..]).unwrap_or(text.len()));
    found(findings, NOT_THIS_RECORD.of(family), view, piece)
        .text(". It is the policy, which goes into the file `mta-sts.txt` of the policy host");
}

static VERSION_NOT_FIRST: Pair = pair! {
    number: "011",
    name: "version-not-first",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: ["`v=STSv1` is not the first field", "`v=TLSRPTv1` is not the first field"],
    why: "The order of the other fields does not matter, but the version tells the record from other \
          TXT records, so it stands first.",
    effect: [
        "Senders discard the record: no MTA-STS.",
        "Reporters discard the record: no reports.",
    ],
    help: ["Move `v=STSv1;` to the start.", "Move `v=TLSRPTv1;` to the start."],
    clause: [
        "RFC 8461 §3.1: the record begins with the version field",
        "RFC 8460 §3: the record begins with the version field",
    ],
    fails: [
        sts("id=20260101; v=STSv1"),
        rpt("rua=mailto:tlsrpt@example.com; v=TLSRPTv1"),
    ],
    passes: [
        Some(sts("v=STSv1; id=20260101")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

fn version_not_first(
    view: &View,
    start: usize,
    family: Family,
    findings: &mut Vec<Finding>,
) -> bool {
    let text = view.text();
    // A record of another use in front is not to be kept behind.
    let first = &text[start..];
    if version_value(first).is_some() && Family::of_data(first).is_none() {
        return false;
    }
    let mut at = start;
    for piece in text[start..].split(';') {
        let end = at + piece.len();
        let field = trim(text, Span::new(at, end));
        let whole = Tag::read(text, field).and_then(|tag| tag.after(text, family.version()));
        if at > start && whole == Some(field.end) {
            let mut edits = view.edit(Span::at(start), &format!("v={}; ", family.version()));
            let mut old = super::fields::removal(text, Span::new(at, end));
            old.start = old.start.max(start); // Nothing but white space may stand before the insertion.
            view.replace(old, "", &mut edits);
            found(findings, VERSION_NOT_FIRST.of(family), view, field)
                .safe("Move the version to the start", edits);
            return true;
        }
        at = end + 1;
    }
    false
}

/// A piece of text without white space around it.
pub(super) fn trim(text: &str, piece: Span) -> Span {
    let inner = &text[piece.range()];
    let rest = inner.trim_start_matches(WSP);
    let start = piece.end - rest.len();
    Span::new(start, start + rest.trim_end_matches(WSP).len())
}

static VERSION_UNSUPPORTED: Pair = pair! {
    number: "013",
    name: "version-unsupported",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: [
        "`{0}` is not a version of the MTA-STS record; the only one is `STSv1`",
        "`{0}` is not a version of the TLSRPT record; the only one is `TLSRPTv1`",
    ],
    why: "It is misspelt, or a version that does not exist.",
    effect: [
        "Senders discard the record: no MTA-STS.",
        "Reporters discard the record: no reports.",
    ],
    help: ["Write `v=STSv1`.", "Write `v=TLSRPTv1`."],
    clause: [
        "RFC 8461 §3.1: only `STSv1` is supported",
        "RFC 8460 §3: the version is `TLSRPTv1`",
    ],
    fails: [
        sts("v=STSv2; id=20260101"),
        rpt("v=TLS-RPTv1; rua=mailto:tlsrpt@example.com"),
    ],
    passes: [
        Some(sts("v=STSv1; id=20260101")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

fn unsupported(view: &View, tag: Tag, family: Family, findings: &mut Vec<Finding>) {
    let (value, is_whole) = tag.value(view.text());
    let title = format!("Write `{}`", family.version());
    // With other words behind it, it would be no version yet.
    let fix = is_whole.then(|| Fix::confirm(title, view.edit(value, family.version())));
    found(findings, VERSION_UNSUPPORTED.of(family), view, value).quoted().fix(fix);
}

pub(super) static NOT_THIS_RECORD: Pair = pair! {
    number: "010",
    name: "not-this-record",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: [
        "This is not an MTA-STS record: it does not begin with `v=STSv1;`{0}",
        "This is not a TLSRPT record: it does not begin with `v=TLSRPTv1;`{0}",
    ],
    why: "Something else answers at this name: a wildcard TXT record, a record of another kind, a value that was entered at the \
          wrong place or with something in front of it.",
    effect: [
        "Senders discard the record, as if there were none: no MTA-STS.",
        "Reporters discard the record, as if there were none: no reports.",
    ],
    help: [
        "Publish a record at `_mta-sts` that begins with `v=STSv1;`.",
        "Publish a record at `_smtp._tls` that begins with `v=TLSRPTv1;`.",
    ],
    clause: [
        "RFC 8461 §3.1: records that do not begin with `v=STSv1;` are discarded",
        "RFC 8460 §3: records that do not begin with `v=TLSRPTv1;` are discarded",
    ],
    fails: [
        sts("_mta-sts.example.com. 3600 IN TXT \"v=spf1 -all v=STSv1; id=1\""),
        rpt("_smtp._tls.example.com. 3600 IN TXT \"TXT v=TLSRPTv1; rua=mailto:a@example.com\""),
    ],
    passes: [
        Some(sts("_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=1\"")),
        Some(rpt("_smtp._tls.example.com. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:a@example.com\"")),
    ],
};

#[cfg(test)]
mod tests {
    use crate::finding::Fix;
    use crate::{Input, Kind, lint};

    /// What is said of a record: the code, and the record after its fix.
    fn said(kind: Option<Kind>, text: &str) -> Vec<(&'static str, Option<String>)> {
        let report = lint(&Input { kind, ..Input::new(text.as_bytes()) });
        let fixed = |fix: &Fix| String::from_utf8(fix.apply(text.as_bytes())).expect("text");
        let all = report.findings();
        all.map(|finding| (finding.rule.code, finding.fix.as_ref().map(fixed))).collect()
    }

    #[test]
    fn a_version_is_replaced_with_all_its_words_or_not_at_all() {
        for (text, fixed) in [
            ("v=STS v1; id=1", Some("v=STSv1; id=1")),
            ("v=STS 1; id=1", Some("v=STSv1; id=1")),
            ("v=STS version 1; id=1", Some("v=STSv1; id=1")),
            ("v=STS v 1.0 ; id=1", Some("v=STSv1 ; id=1")),
            ("v=MTA-STS v1; id=1", Some("v=STSv1; id=1")),
            ("v=STSv2; id=1", Some("v=STSv1; id=1")),
            ("v=STSv2 id=1", Some("v=STSv1 id=1")),
            ("v=STS v1 id=1", Some("v=STSv1 id=1")),
            ("v=STSv2, id=1", Some("v=STSv1, id=1")),
            // Who knows what these are?
            ("v=STS v1 20260101; id=1", None),
            ("v=STSv2 20260101", None),
            ("v=STS is used here; id=1", None),
        ] {
            let expected = ("STS-TXT-013", fixed.map(str::to_owned));
            assert_eq!(said(Some(Kind::StsTxt), text), [expected], "{text}");
        }
        let text = |version: &str| format!("v={version}; rua=mailto:a@x.com");
        for version in ["TLS RPT v1", "TLSRPT v1", "TLS-RPT 1", "TLS RPTv1"] {
            let expected = ("RPT-TXT-013", Some(text("TLSRPTv1")));
            assert_eq!(said(Some(Kind::RptTxt), &text(version)), [expected], "{version}");
        }
    }

    #[test]
    fn a_version_behind_a_colon_is_a_version() {
        for kind in [None, Some(Kind::StsTxt)] {
            for (text, fixed) in [
                ("v:STSv1; id=1", "v=STSv1; id=1"),
                ("v: STSv1; id=1", "v=STSv1; id=1"),
                ("v : STSv1; id=1", "v=STSv1; id=1"),
                ("\"v:STSv1; id=1\"", "\"v=STSv1; id=1\""),
                ("_mta-sts.x.com. TXT \"v:STSv1; id=1\"", "_mta-sts.x.com. TXT \"v=STSv1; id=1\""),
            ] {
                let expected = ("STS-TXT-031", Some(fixed.to_owned()));
                assert_eq!(said(kind, text), [expected], "{text}");
                assert_eq!(said(kind, fixed), [], "{fixed}");
            }
        }
        let fixed = Some("v=TLSRPTv1; rua=mailto:a@x.com".to_owned());
        assert_eq!(said(None, "v:TLSRPTv1; rua=mailto:a@x.com"), [("RPT-TXT-031", fixed)]);
        let codes = |text| said(None, text).iter().map(|(code, _)| *code).collect::<Vec<_>>();
        assert_eq!(codes("v:stsv1; id:1"), ["STS-TXT-012", "STS-TXT-031", "STS-TXT-031"]);
        // Others have a `v:` too.
        for text in ["v:TLSv1.3", "v: 1.2", "v:STS", "v:STSv12; id=1", "v:spf1 -all"] {
            assert!(codes(text).iter().all(|code| !code.starts_with("STS-TXT")), "{text}");
        }
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::{rpt, sts, sts_data};

    #[test]
    fn version_wrong_case() {
        sts().shows(
            r"
            v=STSV1; id=20260101
            ^^^^^^^ STS-TXT-012
            ",
        );
        rpt().shows(
            r"
            v=tlsrptv1; rua=mailto:tlsrpt@example.com
            ^^^^^^^^^^ RPT-TXT-012
            ",
        );
    }

    #[test]
    fn space_before_first_semicolon() {
        sts().shows(
            r"
            v=STSv1 ; id=20260101
                   ^ STS-TXT-015
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1 ; rua=mailto:tlsrpt@example.com
                      ^ RPT-TXT-015
            ",
        );
    }

    #[test]
    fn missing_semicolon() {
        sts().shows(
            r"
            v=STSv1 id=20260101
                   ^ STS-TXT-016
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1 rua=mailto:tlsrpt@example.com
                      ^ RPT-TXT-016
            ",
        );
        sts_data().shows(
            r#"
            [["v=STSv1", "id=1"]]
                      | STS-TXT-016
                      ^^^^ STS-TXT-039
            "#,
        );
    }

    #[test]
    fn version_not_first() {
        sts().shows(
            r"
            id=20260101; v=STSv1
                         ^^^^^^^ STS-TXT-011
            ",
        );
        rpt().shows(
            r"
            rua=mailto:tlsrpt@example.com; v=TLSRPTv1
                                           ^^^^^^^^^^ RPT-TXT-011
            ",
        );
    }

    #[test]
    fn version_unsupported() {
        sts().shows(
            r"
            v=STSv2; id=20260101
              ^^^^^ STS-TXT-013
            ",
        );
        rpt().shows(
            r"
            v=TLS-RPTv1; rua=mailto:tlsrpt@example.com
              ^^^^^^^^^ RPT-TXT-013
            ",
        );
    }

    #[test]
    fn not_this_record() {
        sts().shows(
            r"
            v=spf1 -all
            ^^^^^^^^^^^ STS-TXT-010
            ",
        );
        rpt().shows(
            r"
            v=DMARC1; p=none; rua=mailto:a@example.com
            ^^^^^^^^ RPT-TXT-010
            ",
        );
    }
}
