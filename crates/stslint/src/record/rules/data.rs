//! The data as a whole: whether there is any, and what copying did to it.

use super::{Pair, WSP, found, rpt, rpt_data, sts, sts_data};
use crate::finding::Severity::Error;
use crate::finding::{Applicability, Finding, Fix};
use crate::host;
use crate::input::ToAscii;
use crate::record::family::Family;
use crate::record::value::starts_with_version;
use crate::record::view::{Notation, Record, View};
use crate::rule::Rule;
use crate::text::{BLANK, Span};
use std::borrow::Cow;

pub(super) const RULES: &[&Rule] = &[
    &EMPTY_RECORD.sts,
    &EMPTY_RECORD.rpt,
    &LITERAL_QUOTES.sts,
    &LITERAL_QUOTES.rpt,
    &ESCAPED_SEMICOLON.sts,
    &ESCAPED_SEMICOLON.rpt,
    &NON_ASCII_OR_CONTROL.sts,
    &NON_ASCII_OR_CONTROL.rpt,
    &LEADING_WHITESPACE.sts,
    &LEADING_WHITESPACE.rpt,
];

/// Repairs what copying broke, so that later rules see the data that was meant. It returns where
/// the first field begins; nothing where there is nothing to go on with.
pub(super) fn check(
    view: &mut View,
    family: Family,
    to_ascii: Option<ToAscii>,
    findings: &mut Vec<Finding>,
) -> Option<usize> {
    if view.text().trim_start_matches(BLANK).is_empty() {
        let place = view.record.span;
        Finding::add(findings, EMPTY_RECORD.of(family), place).text(NO_DATA);
        return None;
    }
    literal_quotes(view, family, findings);
    escaped_semicolon(view, family, findings);
    if non_ascii_or_control(view, family, to_ascii, findings) {
        return None;
    }
    leading_whitespace(view, family, findings)
}

/// Why there is no record, where nothing else is known.
pub(super) const NO_DATA: &str = "the data is empty";

/// Says that the data stands in a record that nobody asks for.
pub(in crate::record) fn other_type(
    family: Family,
    (place, reason): (Span, &'static str),
) -> Finding {
    let mut finding = Finding::new(EMPTY_RECORD.of(family), place);
    finding.text(reason);
    finding
}

/// Whether a rule repairs the data for those that come later.
pub(super) fn repairs(rule: &Rule) -> bool {
    [&LITERAL_QUOTES, &ESCAPED_SEMICOLON].iter().any(|pair| *rule == pair.sts || *rule == pair.rpt)
}

pub(super) static EMPTY_RECORD: Pair = pair! {
    number: "001",
    name: "empty-record",
    severity: Error,
    breaks_grammar: true,
    fix: None,
    message: [
        "There is no `_mta-sts` record: {0}",
        "There is no `_smtp._tls` record: {0}",
    ],
    why: "No TXT record with data is published at the name.",
    effect: [
        "The same as no record: senders use no MTA-STS for this domain.",
        "The same as no record: no reports are sent.",
    ],
    help: [
        "Publish a TXT record like `v=STSv1; id=20260101000000Z;`.",
        "Publish a TXT record like `v=TLSRPTv1; rua=mailto:tlsrpt@example.com`.",
    ],
    clause: [
        "RFC 8461 §3.1: a record has a version and an id",
        "RFC 8460 §3: a record has a version and a `rua`",
    ],
    fails: [sts(""), rpt("")],
    passes: [
        Some(sts("v=STSv1; id=20260101000000Z;")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

pub(super) static LITERAL_QUOTES: Pair = pair! {
    number: "003",
    name: "literal-quotes",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "The published data itself begins with a quote character",
    why: "Quotes belong to zone files, not to the data. The DNS panel added its own around the ones \
          that were typed.",
    effect: [
        "The record does not begin with `v=STSv1`, so senders ignore it.",
        "The record does not begin with `v=TLSRPTv1`, so reporters ignore it.",
    ],
    help: "Enter the value without quotes.",
    clause: [
        "RFC 8461 §3.1: the record begins with the version; RFC 1035 §5.1: quotes are zone-file syntax",
        "RFC 8460 §3: the record begins with the version; RFC 1035 §5.1: quotes are zone-file syntax",
    ],
    fails: [
        sts_data("[[\"\\\"v=STSv1; id=20260101\\\"\"]]"),
        rpt_data("[[\"\\\"v=TLSRPTv1; rua=mailto:tlsrpt@example.com\\\"\"]]"),
    ],
    passes: [
        Some(sts_data("[[\"v=STSv1; id=20260101\"]]")),
        Some(rpt_data("[[\"v=TLSRPTv1; rua=mailto:tlsrpt@example.com\"]]")),
    ],
};

const QUOTES: &[char] = &['"', '\''];

fn literal_quotes(view: &mut View, family: Family, findings: &mut Vec<Finding>) {
    let text = view.text();
    let start = text.len() - text.trim_start_matches(WSP).len();
    let Some(quote) = text[start..].chars().next().filter(|c| QUOTES.contains(c)) else { return };
    // Several quotes at the start or at the end go together.
    let in_quotes = &['"', '\'', ' ', '\t', '\r', '\n'][..];
    let head = text.len() - text.trim_start_matches(in_quotes).len();
    let head = text[..head].trim_end_matches(BLANK).len();
    let mut cuts = vec![Span::new(start, head)];
    let end = text[head..].trim_end_matches(WSP).len() + head;
    let tail = text[head..end].trim_end_matches(in_quotes).len() + head;
    let tail = end - text[tail..end].trim_start_matches(BLANK).len();
    // Two quotes with nothing but white space between them are where two strings met.
    let mut at = head;
    while let Some(close) = text[at..tail].find(quote).map(|found| at + found) {
        let after = text[close + 1..tail].trim_start_matches(WSP);
        at = close + 1;
        if after.starts_with(quote) {
            at = tail - after.len() + 1;
            cuts.push(Span::new(close, at));
        }
    }
    if tail < end {
        cuts.push(Span::new(tail, end));
    }
    let mut edits = Vec::with_capacity(2);
    for cut in &cuts {
        view.replace(*cut, "", &mut edits);
    }
    let place = view.place(cuts[0]);
    view.cut(&cuts);
    let finding = Finding::add(findings, LITERAL_QUOTES.of(family), place);
    if settles(view.record, view.text()) {
        finding.safe("Remove the quotes", edits);
    }
}

/// Whether a repair leaves a text, and one of which nothing of the same kind can be said. Without its
/// quote, it may turn out to be a zone line with other quotes in it: who knows which one is too many? A parenthesis at the start
/// makes one line of several (RFC 1035 §5.1).
fn settles(record: &Record, repaired: &str) -> bool {
    !repaired.trim_matches(BLANK).is_empty()
        && !repaired.trim_start().starts_with('(')
        && (record.notation != Notation::Bare
            || !repaired.contains(&['"', '\'', '\\'][..])
            || starts_with_version(repaired.trim_start()))
}

static ESCAPED_SEMICOLON: Pair = pair! {
    number: "004",
    name: "escaped-semicolon",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "The published data has a backslash in front of a semicolon",
    why: "The backslash is an escape for zone files. Here it was stored as part of the data.",
    effect: [
        "The semicolon no longer separates fields, so the record is invalid and counts as none.",
        "The semicolon no longer separates fields, so the record is invalid and brings no reports.",
    ],
    help: "Enter the value without backslashes.",
    clause: [
        "RFC 8461 §3.1: fields are separated by semicolons; RFC 1035 §5.1: escapes are zone-file syntax",
        "RFC 8460 §3: fields are separated by semicolons; RFC 1035 §5.1: escapes are zone-file syntax",
    ],
    fails: [
        sts_data("[[\"v=STSv1\\\\; id=20260101\"]]"),
        rpt_data("[[\"v=TLSRPTv1\\\\; rua=mailto:tlsrpt@example.com\"]]"),
    ],
    passes: [
        Some(sts_data("[[\"v=STSv1; id=20260101\"]]")),
        Some(rpt_data("[[\"v=TLSRPTv1; rua=mailto:tlsrpt@example.com\"]]")),
    ],
};

fn escaped_semicolon(view: &mut View, family: Family, findings: &mut Vec<Finding>) {
    let bytes = view.text().as_bytes();
    if !bytes.contains(&b'\\') {
        return;
    }
    // All backslashes in front of a semicolon, or removing one would leave the next.
    let mut cuts: Vec<Span> = Vec::new();
    let mut run = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\\' => run += 1,
            b';' if run > 0 => {
                cuts.push(Span::new(at - run, at));
                run = 0;
            }
            _ => run = 0,
        }
    }
    let Some(first) = cuts.first() else { return };
    let at = Span::new(first.start, first.end + 1);
    let finding = found(findings, ESCAPED_SEMICOLON.of(family), view, at);
    for more in cuts.iter().skip(1).take(4) {
        finding.label(view.place(*more), "one more");
    }
    let mut edits = Vec::with_capacity(cuts.len());
    for cut in &cuts {
        view.replace(*cut, "", &mut edits);
    }
    let title = if cuts.len() == 1 { "Remove the backslash" } else { "Remove the backslashes" };
    finding.safe(title, edits);
    view.cut(&cuts);
}

static NON_ASCII_OR_CONTROL: Pair = pair! {
    number: "005",
    name: "non-ascii-or-control",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "The record contains {0}, but only printable US-ASCII characters are allowed",
    why: "Such characters usually come with text that was copied from a web page or a document, which turns quotes, hyphens \
      and spaces into typographic ones.",
    effect: [
        "The record is invalid, so senders find no MTA-STS. One sender drops such records before \
         it looks at them.",
        "The record is invalid, so no reports are sent.",
    ],
    help: [
        "Type the character again as plain ASCII.",
        "Type the character again as plain ASCII. A domain has a form for that, which begins with `xn--`.",
    ],
    clause: [
        "RFC 8461 §3.1: records are US-ASCII",
        "RFC 8460 §3: the grammar has printable US-ASCII characters only",
    ],
    fails: [
        sts("v=STSv1;\u{a0}id=20260101"),
        rpt("v=TLSRPTv1;\u{a0}rua=mailto:tlsrpt@example.com"),
    ],
    passes: [
        Some(sts("v=STSv1; id=20260101")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

/// Whether there is a character outside of the grammar.
fn non_ascii_or_control(
    view: &View,
    family: Family,
    to_ascii: Option<ToAscii>,
    findings: &mut Vec<Finding>,
) -> bool {
    let text = view.text();
    if text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\t')) {
        return false;
    }
    let mut odd = text.char_indices().filter(|(_, c)| !matches!(c, ' '..='~' | '\t')).peekable();
    let Some((first, c)) = odd.peek().copied() else { return false };
    let piece = |at: usize, c: char| Span::new(at, at + c.len_utf8());
    let finding = found(findings, NON_ASCII_OR_CONTROL.of(family), view, piece(first, c));
    finding.text(name(c));
    let mut edits = Some(Vec::new());
    let (mut repaired, mut done) = (String::new(), 0);
    for (i, (at, c)) in odd.enumerate() {
        if (1..5).contains(&i) {
            finding.label(view.place(piece(at, c)), "one more");
        }
        let next = text[at..].chars().nth(1);
        match (plain(c, next), &mut edits) {
            (Some(plain), Some(edits)) => {
                view.replace(piece(at, c), &plain, edits);
                repaired.extend([&text[done..at], &plain]);
                done = at + c.len_utf8();
            }
            _ => edits = None,
        }
    }
    repaired.push_str(&text[done..]);
    let fix = edits.filter(|_| settles(view.record, &repaired));
    let fix = fix.map(|edits| Fix::confirm("Replace by plain ASCII", edits));
    finding.fix(fix.or_else(|| a_labels(view, first, to_ascii)));
    true
}

/// Writes the domain of a destination in ASCII, whose first character outside of that stands at `at`, and which has all of them.
fn a_labels(view: &View, at: usize, to_ascii: Option<ToAscii>) -> Option<Fix> {
    let text = view.text();
    let start = text[..at].rfind(&['@', '/'][..])? + 1;
    let end = text[at..].find(|c| ",;!?/ \t".contains(c)).map_or(text.len(), |end| at + end);
    let is_rest_good = text[end..].bytes().all(|b| matches!(b, b' '..=b'~' | b'\t'));
    let name = host::to_a_labels(&text[start..end], to_ascii).filter(|_| is_rest_good)?;
    let title = format!("Write the domain as `{name}`");
    Some(Fix::confirm(title, view.edit(Span::new(start, end), &name)))
}

/// A name for a character that doesn't belong here.
fn name(c: char) -> String {
    let what = match c {
        '\r' | '\n' => "a line break",
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            "a typographic space"
        }
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => "an invisible character",
        '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => "a typographic quote",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "a typographic hyphen or dash",
        '\u{fffd}' => return "an octet that is not UTF-8 text".to_owned(),
        c if c.is_control() => "a control character",
        c => return format!("`{c}` (U+{:04X})", u32::from(c)),
    };
    format!("{what} (U+{:04X})", u32::from(c))
}

/// What was meant by a character that word processors and web pages put in place of an ASCII one.
fn plain(c: char, next: Option<char>) -> Option<Cow<'static, str>> {
    Some(match c {
        '\r' if next == Some('\n') => "".into(),
        '\r' | '\n' => " ".into(),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ".into(),
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => "".into(),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-".into(),
        '\u{2018}'..='\u{201b}' => "'".into(),
        // No field can have a double quote in it.
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{ff02}' => "".into(),
        '\u{37e}' => ";".into(),
        '\u{ff01}'..='\u{ff5e}' => {
            // The full-width forms stand in the order of ASCII.
            char::from_u32(u32::from(c) - 0xff01 + 0x21)?.to_string().into()
        }
        '\u{fffd}' => return None,
        c if c.is_control() => "".into(),
        _ => return None,
    })
}

static LEADING_WHITESPACE: Pair = pair! {
    number: "014",
    name: "leading-whitespace",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "The record begins with white space",
    why: [
        "The first characters must be `v=STSv1`. A space in front makes that test fail.",
        "The first characters must be `v=TLSRPTv1`. A space in front makes that test fail.",
    ],
    effect: [
        "Senders discard the record: no MTA-STS.",
        "Reporters discard the record: no reports.",
    ],
    help: "Remove the white space in front of `v`.",
    clause: [
        "RFC 8461 §3.1: the record begins with the version",
        "RFC 8460 §3: the record begins with the version",
    ],
    fails: [
        sts(" v=STSv1; id=20260101"),
        rpt(" v=TLSRPTv1; rua=mailto:tlsrpt@example.com"),
    ],
    passes: [
        Some(sts("v=STSv1; id=20260101")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

fn leading_whitespace(view: &View, family: Family, findings: &mut Vec<Finding>) -> Option<usize> {
    let text = view.text();
    let rest = text.trim_start_matches(WSP);
    let start = text.len() - rest.len();
    if rest.is_empty() {
        return None; // Only quotes and white space: said already.
    }
    if start > 0 {
        let space = Span::new(0, start);
        found(findings, LEADING_WHITESPACE.of(family), view, space)
            .safe("Remove the white space", view.edit(space, ""));
    }
    Some(start)
}

#[cfg(test)]
mod pictures {
    use crate::carets::{rpt, rpt_data, sts, sts_data};

    #[test]
    fn empty_record() {
        sts().shows(
            r"
            ∎
            | STS-TXT-001
            ",
        );
        rpt().shows(
            r"
            ∎
            | RPT-TXT-001
            ",
        );
    }

    #[test]
    fn literal_quotes() {
        sts_data().shows(
            r#"
            [["\"v=STSv1; id=20260101\""]]
               ^^ STS-TXT-003
            "#,
        );
        rpt_data().shows(
            r#"
            [["\"v=TLSRPTv1; rua=mailto:tlsrpt@example.com\""]]
               ^^ RPT-TXT-003
            "#,
        );
    }

    #[test]
    fn escaped_semicolon() {
        sts_data().shows(
            r#"
            [["v=STSv1\\; id=20260101"]]
                      ^^^ STS-TXT-004
            "#,
        );
        rpt_data().shows(
            r#"
            [["v=TLSRPTv1\\; rua=mailto:tlsrpt@example.com"]]
                         ^^^ RPT-TXT-004
            "#,
        );
    }

    #[test]
    fn non_ascii_or_control() {
        sts().shows(
            r"
            v=STSv1;⟨U+00A0⟩id=20260101
                    ^^^^^^^^ STS-TXT-005
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1;⟨U+00A0⟩rua=mailto:tlsrpt@example.com
                       ^^^^^^^^ RPT-TXT-005
            ",
        );
    }

    #[test]
    fn leading_whitespace() {
        sts().shows(
            r"
            ␠v=STSv1; id=20260101
            ^ STS-TXT-014
            ",
        );
        rpt().shows(
            r"
            ␠v=TLSRPTv1; rua=mailto:tlsrpt@example.com
            ^ RPT-TXT-014
            ",
        );
    }
}
