//! TLS reports inside other texts.

use super::{attachment, decode};
use crate::text::{Mapped, Span};

/// Most places at which a report is looked for.
const MANY: usize = 20;

/// The report in a text.
pub(super) fn piece<'a>(base: &Mapped<'a>) -> Option<Mapped<'a>> {
    let text: &str = &base.text;
    if let Some(found) = json(text) {
        let mut made = Mapped::empty();
        made.push_part(base, found);
        made.end_at(base.span(found).end);
        return Some(made);
    }
    if text.contains("\\\"organization-name\\\"") {
        let mut plain = Mapped::empty();
        decode::literal(base, Span::new(0, text.len()), &mut plain);
        let found = json(&plain.text)?;
        let mut made = Mapped::empty();
        made.push_part(&plain, found);
        made.end_at(plain.span(found).end);
        return Some(made);
    }
    let attached = attachment::find(text)?;
    let report = String::from_utf8(attached.bytes).ok().filter(|text| json(text).is_some())?;
    let mut made = Mapped::empty();
    made.push_for(&report, base.span(attached.span));
    Some(made)
}

/// Where the object of a report stands.
fn json(text: &str) -> Option<Span> {
    let name = text.find("\"organization-name\"")?;
    let policies = text.find("\"policies\"")?;
    let first = name.min(policies);
    let starts = text[..first].match_indices('{').map(|(at, _)| at);
    let starts: Vec<usize> = starts.collect();
    starts.into_iter().rev().take(MANY).find_map(|start| {
        let end = start + object(&text[start..])?;
        (end > name.max(policies)).then_some(Span::new(start, end))
    })
}

/// The length of the object that a text begins with.
fn object(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
