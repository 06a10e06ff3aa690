//! TLS reports inside other texts.

use super::{attachment, decode, lines};
use crate::json;
use crate::report::{object, two};
use crate::text::{BLANK, Mapped, Span, is_line_end, is_unseen};

/// A report that was found in a text.
pub(super) struct Found<'a> {
    /// The report.
    pub(super) made: Mapped<'a>,
    /// Whether there are others beside it.
    pub(super) several: bool,
    /// Whether it had to be mended: see [`COPIED`].
    pub(super) mended: bool,
}

/// What a report is called that is JSON but for what copying brought into it.
pub(super) const COPIED: &str = "A copy with spaces, colours or line ends that JSON does not have";

/// The report in a text: as it is there, with a backslash before its quotation marks, with each of them twice, or attached.
pub(super) fn find<'a>(base: &Mapped<'a>) -> Option<Found<'a>> {
    let text: &str = &base.text;
    let names = |marks: [&str; 2]| {
        ["organization-name", "organization_name"]
            .iter()
            .any(|name| text.contains(&marks.join(name)))
    };
    let is_cell = names(["\"\"", "\"\""]);
    if let Some(found) = object(text).filter(|_| !is_cell) {
        return Some(piece(base, found));
    }
    let (plain, mended) = match () {
        () if is_cell => (single(base), false),
        () if names(["\\\"", "\\\""]) => {
            let mut plain = Mapped::empty();
            decode::literal(base, Span::new(0, text.len()), &mut plain);
            (plain, false)
        }
        // A name that a line end divides is found without it.
        () if text.trim_start().starts_with('{') => (mend(base), true),
        () => return attached(base),
    };
    let Some(found) = object(&plain.text) else { return attached(base) };
    let found = piece(&plain, found);
    Some(Found { mended: found.mended || mended, ..found })
}

/// The object of a report, without what stands in front of each of its lines and what copying brought into it.
fn piece<'a>(base: &Mapped<'a>, found: Span) -> Found<'a> {
    let text: &str = &base.text;
    // What is nothing but reports has each of them once.
    let only = text.trim_start().starts_with(&['{', '['][..]);
    let several = two(text).is_some() || only && object(&text[found.end..]).is_some();
    let mut made = quoted(base, found).unwrap_or_else(|| {
        let mut made = Mapped::empty();
        made.push_part(base, found);
        made
    });
    let is_json = |made: &Mapped| json::read(&made.text).1.is_empty();
    let mut mended = false;
    if !is_json(&made) {
        let other = mend(&made);
        mended = is_json(&other);
        if mended {
            made = other;
        }
    }
    made.end_at(base.span(found).end);
    Found { made, several, mended }
}

/// The report that is attached to a mail, as it is.
fn attached<'a>(base: &Mapped<'a>) -> Option<Found<'a>> {
    let attached = attachment::find(&base.text)?;
    let report = String::from_utf8(attached.bytes).ok().filter(|text| object(text).is_some())?;
    let mut made = Mapped::empty();
    made.push_for(&report, base.span(attached.span));
    Some(Found { made, several: two(&base.text).is_some(), mended: false })
}

/// A text with one quotation mark where there are two, as in a cell of a table (RFC 4180 §2).
fn single(base: &Mapped) -> Mapped<'static> {
    let mut made = Mapped::empty();
    let mut plain = 0;
    for (at, two) in base.text.match_indices("\"\"") {
        made.push_part(base, Span::new(plain, at));
        made.push_for("\"", base.span(Span::new(at, at + two.len())));
        plain = at + two.len();
    }
    made.push_part(base, Span::new(plain, base.text.len()));
    made
}

/// JSON without the colours of a terminal, without line ends in its strings, and with a space for what is white or unseen between its
/// values: none of that can be in the JSON that was sent (RFC 8259 §2, §7).
fn mend(base: &Mapped) -> Mapped<'static> {
    let text = &base.text[..];
    let mut made = Mapped::empty();
    let (mut plain, mut at) = (0, 0);
    let (mut quoted, mut escaped) = (false, false);
    while let Some(c) = text[at..].chars().next() {
        let between = !quoted && !BLANK.contains(&c) && (c.is_whitespace() || is_unseen(c));
        let (len, shown) = match c {
            '\u{1b}' => (colour(&text[at..]), Some("")),
            _ if between => (c.len_utf8(), Some(" ")),
            _ if quoted && is_line_end(c) => (1, Some("")),
            _ => (c.len_utf8(), None),
        };
        if let Some(shown) = shown {
            made.push_part(base, Span::new(plain, at));
            made.push_for(shown, base.span(Span::new(at, at + len)));
            plain = at + len;
        } else {
            quoted ^= c == '"' && !escaped;
            escaped = quoted && c == '\\' && !escaped;
        }
        at += len;
    }
    made.push_part(base, Span::new(plain, text.len()));
    made
}

/// The length of the control sequence that a text begins with (ECMA-48 §5.4).
fn colour(text: &str) -> usize {
    let Some(sequence) = text.strip_prefix("\u{1b}[") else { return 1 };
    let end = sequence.bytes().position(|byte| matches!(byte, b'@'..=b'~'));
    end.map_or(1, |end| 2 + end + 1)
}

/// An object without what stands in front of each of its lines as it stands in front of the first: the marks of a quoted
/// mail, numbers of lines.
fn quoted<'a>(base: &Mapped<'a>, object: Span) -> Option<Mapped<'a>> {
    let text: &str = &base.text;
    let mark = text[..object.start].rsplit(is_line_end).next()?;
    if mark.trim().is_empty() || !text[object.range()].contains(is_line_end) {
        return None;
    }
    let mut made = Mapped::empty();
    let mut at = object.start;
    for line in text[object.range()].split_inclusive(is_line_end) {
        let first = at == object.start;
        // The LF of a CRLF is a line by itself here.
        let marked = !first && !line.trim().is_empty();
        let kept = if marked { lines::strip(line, mark)? } else { 0 };
        made.push_part(base, Span::new(at + kept, at + line.len()));
        at += line.len();
    }
    Some(made)
}
