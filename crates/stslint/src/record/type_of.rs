//! Which type a record has in which data was written.

use super::view::Record;
use crate::text::{Span, WSP, is_line_end, line_start};

/// Types that stand in forms beside TXT, and what to say of data in them: only TXT is asked for (RFC 8461 §3.1, RFC 8460 §3).
const OTHERS: [(&str, &str); 2] = [
    ("CNAME", "the data stands in a record of type CNAME, and senders ask for TXT"),
    ("SPF", "the data stands in a record of type SPF, and senders ask for TXT"),
];

/// How far behind its name a record may have its data, in bytes.
const NEAR: usize = 400;

/// Where it stands that all records at a name have another type than TXT, and what to say of that.
pub(super) fn other(text: &str, records: &[Record]) -> Option<(Span, &'static str)> {
    let mut others = records.iter().map(|record| of_one(text, record));
    let first = others.next().flatten()?;
    others.all(|other| other.is_some()).then_some(first)
}

/// The type stands between name and data, or in front of both, as zones, rows, forms and JSON have it.
fn of_one(text: &str, record: &Record) -> Option<(Span, &'static str)> {
    let owner = record.owner.as_ref()?.span;
    let data = record.span;
    if data.start < owner.end || data.start - owner.end > NEAR {
        return None;
    }
    let near = text.floor_char_boundary(owner.start.saturating_sub(NEAR));
    let start = line_start(text, owner.start);
    let above = line_start(text, start.saturating_sub(1)).max(near);
    let labelled = text.get(above..start).and_then(|line| words(line).next());
    let from = if labelled.is_some_and(is_label) { above } else { start.max(near) };
    let near = text.floor_char_boundary(data.end + NEAR);
    let below = text[data.end..near].split(is_line_end).filter(|line| !line.trim().is_empty());
    let is_txt = |part: &str| words(part).any(|word| word.eq_ignore_ascii_case("TXT"));
    if is_txt(&text[from..data.start]) || below.take(2).any(is_txt) {
        return None;
    }
    let mut at = from;
    let mut before = "";
    for word in text[from..data.start].split_inclusive(is_letterless) {
        let place = at;
        at += word.len();
        let word = word.trim_end_matches(is_letterless);
        let other = OTHERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
        if let Some((_, reason)) = other {
            let lead = text[from..place].trim_end_matches(WSP);
            let first = lead.is_empty() && from >= start || lead.ends_with(is_line_end);
            let behind = lead.len() + from == owner.end;
            let zone =
                before.eq_ignore_ascii_case("IN") || before.bytes().all(|b| b.is_ascii_digit());
            if first || behind || is_label(before) || zone && place > owner.end {
                return Some((Span::new(place, place + word.len()), reason));
            }
        }
        if !word.is_empty() {
            before = word;
        }
    }
    None
}

fn is_letterless(c: char) -> bool {
    !c.is_alphanumeric()
}

fn is_label(word: &str) -> bool {
    ["type", "typ"].iter().any(|label| label.eq_ignore_ascii_case(word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_letterless).filter(|word| !word.is_empty())
}
