//! TLS reports inside other texts.

use super::{attachment, decode, lines};
use crate::report::object;
use crate::text::{Mapped, Span, is_line_end};

/// The report in a text.
pub(super) fn piece<'a>(base: &Mapped<'a>) -> Option<Mapped<'a>> {
    let text: &str = &base.text;
    if let Some(found) = object(text) {
        let mut made = quoted(base, found).unwrap_or_else(|| {
            let mut made = Mapped::empty();
            made.push_part(base, found);
            made
        });
        made.end_at(base.span(found).end);
        return Some(made);
    }
    if text.contains("\\\"organization-name\\\"") {
        let mut plain = Mapped::empty();
        decode::literal(base, Span::new(0, text.len()), &mut plain);
        let found = object(&plain.text)?;
        let mut made = Mapped::empty();
        made.push_part(&plain, found);
        made.end_at(plain.span(found).end);
        return Some(made);
    }
    let attached = attachment::find(text)?;
    let report = String::from_utf8(attached.bytes).ok().filter(|text| object(text).is_some())?;
    let mut made = Mapped::empty();
    made.push_for(&report, base.span(attached.span));
    Some(made)
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
