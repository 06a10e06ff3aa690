//! Names that a text tells for a record although they are wrong: left at the domain itself, or without the underscore. Forms,
//! tables, settings and sentences have a place for the name; a right one is known wherever it stands.

use super::columns::is_ttl;
use super::family::Family;
use super::inside::{back, forth, names_ours};
use super::owner::{self, Meant, meant};
use super::view::{Owner, Record, Told};
use crate::text::{Span, WSP, is_line_end, is_one_of, line_start, place};

/// What stands in front of a name in forms and settings.
const KEYS: &str = "name host hostname subdomain subname record_name rrset_name dnsname";

/// Most names in front of a record, or behind it, that are looked at.
const FEW: usize = 4;

/// Gives the records without a name the wrong one that is told for them, if the text has no right one anywhere.
pub(super) fn complete(text: &str, records: &mut [Record<'_>]) {
    let ours = |record: &Record| Family::of_data(&record.text.text).is_some();
    let asked =
        |record: &Record| record.owner.as_ref().is_none_or(|owner| owner.told == Told::InQuestion);
    if !records.iter().any(|record| ours(record) && asked(record)) {
        return;
    }
    if names_ours(text) {
        // Perhaps a CNAME record leads to what was asked for.
        records.iter_mut().filter(|record| asked(record)).for_each(|record| record.owner = None);
        return;
    }
    let mut from = 0;
    for index in 0..records.len() {
        let next = records.get(index + 1).map_or(text.len(), |next| next.span.start);
        let record = &mut records[index];
        if record.owner.is_none() && ours(record) {
            record.owner = name(text, from, record.span, next).map(|(name, span)| Owner {
                name: name.to_owned().into(),
                span,
                told: Told::InForm,
            });
        }
        from = record.span.end.max(from);
    }
}

/// The wrong name that is told for a record, between the places where the one in front of it ends and the next one begins.
pub(super) fn name(text: &str, from: usize, record: Span, next: usize) -> Option<(&str, Span)> {
    let from = from.min(record.start); // Quotes between two may be taken for those of both.
    let line = line_start(text, record.start);
    let lead = Span::new(line.max(from), record.start);
    let before = Span::new(back(text, line, from).max(from), record.start);
    let next = next.max(record.end);
    let behind = Span::new(record.end, forth(text, record.end, next).max(record.end));
    let found = row(text, lead)
        .or_else(|| cell(text, before, line))
        .or_else(|| sentence(text, lead))
        .or_else(|| keyed(text, before, behind))
        .or_else(|| heading(text, before, line));
    found.map(|span| (&text[span.range()], span))
}

/// The words of a piece, as far as they have what names have in them.
fn words(text: &str, piece: Span) -> impl Iterator<Item = Span> {
    let is_part = |c: char| c.is_alphanumeric() || "-_.@*".contains(c);
    let words = text[piece.range()].split(move |c| !is_part(c));
    words.filter(|word| !word.is_empty()).map(|word| place(text, word))
}

fn is_wrong(name: &str) -> bool {
    owner::is_name(name) && !owner::is_ours(name)
}

/// Whether it may be what the record is of, and not where it stands.
fn is_domain(name: &str) -> bool {
    name == "@" || owner::is_plain_domain(name)
}

/// The name in a row of a table, or in a call: nothing but the type, and numbers, stands beside it in front of the data.
fn row(text: &str, lead: Span) -> Option<Span> {
    let (mut name, mut typed) = (None, false);
    for span in words(text, lead) {
        let word = &text[span.range()];
        if word.eq_ignore_ascii_case("txt") {
            typed = true;
        } else if name.is_none() && is_wrong(word) {
            name = Some(span);
        } else if !(is_ttl(word.trim_end_matches('.'))
            || is_one_of(word, "IN Record Text record returns"))
        {
            return None;
        }
    }
    // `example.com TXT: …` tells what a domain has.
    let of_it = |name: &Span| is_domain(&text[name.range()]) && text[lead.range()].contains(':');
    name.filter(|name| typed && !of_it(name))
}

/// The name where each cell of a table came out as a line.
fn cell(text: &str, before: Span, line: usize) -> Option<Span> {
    let marks = |c: char| WSP.contains(&c) || "\"'`".contains(c);
    let lead = text[line.max(before.start)..before.end].trim_start_matches("returns");
    if !lead.chars().all(marks) {
        return None;
    }
    let above = text[before.start..line.max(before.start)].rsplit(is_line_end);
    let mut cells = above.map(str::trim).filter(|cell| !cell.is_empty());
    let (last, other) = (cells.next()?, cells.next()?);
    let typed = |cell: &str| cell == "TXT" || cell == "TXT Record" || cell.ends_with("(TXT)");
    let name = match typed(other) {
        true => last,
        false => Some(other).filter(|other| typed(last) && !is_domain(other))?,
    };
    is_wrong(name).then(|| place(text, name))
}

/// The name in a sentence: "TXT record at mta-sts.example.com".
fn sentence(text: &str, lead: Span) -> Option<Span> {
    let mut known = 0;
    for span in words(text, lead) {
        let word = &text[span.range()];
        known = match known {
            _ if word.eq_ignore_ascii_case("txt") => 1,
            1 if is_one_of(word, "record entry") => 1,
            1 if is_one_of(word, "at for on under named called") => 2,
            2 if matches!(meant(word), Meant::Nearly(..)) && owner::is_domain(word) => {
                return Some(span).filter(|_| is_wrong(word));
            }
            _ => 0,
        };
    }
    None
}

/// The name behind a key: `"name": "@"`, `name = "mta-sts"`, `Host: @`.
fn keyed(text: &str, before: Span, behind: Span) -> Option<Span> {
    let record = Span::new(before.end, behind.start);
    let all = Span::new(before.start, behind.end);
    let pairs = |piece: Span| {
        let words: Vec<Span> = words(text, piece).collect();
        let mut pairs: Vec<(Span, Span)> = words.windows(2).map(|two| (two[0], two[1])).collect();
        pairs.retain(|(key, value)| is_pair(text, *key, *value));
        pairs
    };
    let of_it = |(key, value): &(Span, Span)| is_of(text, *key, *value, record, all);
    let found = pairs(before).into_iter().rev().take(FEW).find(of_it);
    let found = found.or_else(|| pairs(behind).into_iter().take(FEW).find(of_it));
    found.map(|(_, value)| value)
}

/// Whether two words are the key of a name and a wrong name.
fn is_pair(text: &str, key: Span, value: Span) -> bool {
    let word = text[key.range()].trim_matches('*').to_ascii_lowercase();
    if !is_one_of(&word, KEYS) || !is_wrong(&text[value.range()]) {
        return false;
    }
    let between = &text[key.end..value.start];
    let is_gap = |c: char| c.is_ascii_whitespace() || "\"'`:=>*|".contains(c);
    let lines = between.replace("\r\n", "\n").matches(is_line_end).count();
    let lead = text[..key.start].trim_end_matches(WSP);
    let front = lead.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    (front.is_empty() || is_one_of(&front.to_ascii_lowercase(), "record dns host"))
        && between.chars().all(is_gap)
        && (between.contains(&[':', '='][..]) || lines == 1)
        && lines < 2
        && !text[value.end..].starts_with(&[':', '/', '('][..])
}

/// Whether a name is that of a record: both stand in the same object, and in the same line or as far from the margin. Below a name
/// that is no domain, the record may stand in an object of its own.
fn is_of(text: &str, key: Span, value: Span, record: Span, all: Span) -> bool {
    let between = match key.start < record.start {
        true => value.end..record.start,
        false => record.end..key.start,
    };
    let mut depth = 0_usize;
    for c in text[between].chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return false,
            '}' => depth -= 1,
            _ => {}
        }
    }
    let (of_key, of_record) = (column(text, key.start), column(text, record.start));
    let same_line = of_key.0 == of_record.0;
    // Where names have keys in their lines, so has the data, or it is an item of a list.
    let has_key = text[of_record.0..record.start].contains(char::is_alphanumeric);
    let is_line = text[key.end..value.start].contains(is_line_end);
    if !(is_line || has_key || of_key.1 < of_record.1) {
        return false;
    }
    if !is_domain(&text[value.range()]) && key.start < record.start {
        return same_line || of_key.1 <= of_record.1;
    }
    let open = text[all.start..key.start.min(record.start)].rfind(&['{', '}'][..]);
    let from = open.map_or(all.start, |open| all.start + open);
    let close = text[value.end.max(record.end)..all.end].find(&['{', '}'][..]);
    let to = close.map_or(all.end, |close| value.end.max(record.end) + close);
    let is_beside = same_line || of_key.1 == of_record.1;
    depth == 0 && is_beside && has_type(&text[from..to])
}

/// Whether a piece of a form or of settings tells that a record is of type TXT: as a value, and not in front of the data.
fn has_type(piece: &str) -> bool {
    const QUOTES: &[char] = &[' ', '\t', '"', '\'', '`', '*'];
    piece.match_indices("TXT").any(|(at, txt)| {
        let front = piece[..at].trim_end_matches(QUOTES);
        let behind = piece[at + txt.len()..].trim_start_matches(QUOTES);
        let is_value = front.is_empty() || front.ends_with(&[':', '=', '|', '\n', '\r'][..]);
        is_value && !behind.starts_with(&[':', '='][..])
    })
}

/// Whether two lines of a form or of settings begin equally far from the margin.
pub(super) fn are_beside(text: &str, one: usize, other: usize) -> bool {
    column(text, one).1 == column(text, other).1
}

/// Where the line of a place begins, and how far from the margin its first word stands.
fn column(text: &str, at: usize) -> (usize, usize) {
    let start = line_start(text, at);
    (start, text[start..].find(char::is_alphanumeric).unwrap_or(0))
}

/// The name in a line above those that stand farther from the margin, as in settings: `mta-sts:`.
fn heading(text: &str, before: Span, line: usize) -> Option<Span> {
    let (_, mut margin) = column(text, before.end);
    let above = &text[before.start..line.max(before.start)];
    for line in above.rsplit(is_line_end).filter(|line| !line.trim().is_empty()) {
        let at = line.find(char::is_alphanumeric).unwrap_or(margin);
        if at >= margin {
            continue;
        }
        margin = at;
        let name = line.trim().trim_end_matches(':').trim_matches(&['"', '\''][..]);
        let span = place(text, name);
        if line.trim_end().ends_with(':') && is_wrong(name) && !is_domain(name) {
            return has_type(&text[span.end + 1..before.end]).then_some(span);
        }
    }
    None
}
