//! Reports as JSON, alone or inside other texts.

use crate::stream::{Stream, Tell};
use crate::{Found, Reason};
use memchr::{memchr, memchr2};
use stslint::{Kind, carve};

/// Names of which every report has most (RFC 8460 §4.4). Some reporters write them otherwise: see [`has_names`].
const NAMES: [&[u8]; 4] = [b"organization_name", b"report_id", b"date_range", b"policies"];

/// Reads JSON: an object, or several, as in lines or a list, alone or in what a program keeps them in.
pub(crate) fn json(bytes: &[u8], depth: usize, tell: &mut Tell) {
    if !has_names(bytes) {
        // With other quotation marks it is none.
        return read(bytes, depth, tell);
    }
    let mut objects = objects(bytes);
    if objects.is_empty() {
        objects = written_out(bytes);
        // What stands around one is for a linter to say.
        if objects.len() < 2 {
            objects.clear();
        }
    }
    let in_list = bytes.trim_ascii_start().starts_with(b"[");
    let reports: Vec<&[u8]> = objects.iter().flat_map(|object| inside(object)).collect();
    match (&objects[..], &reports[..]) {
        (_, []) => tell.found(Found::Report(bytes)),
        ([object], [report]) if in_list || report.len() < object.len() => {
            tell.found(Found::Report(report));
        }
        // Whatever is wrong with it, a linter says better.
        ([_], [_]) => tell.found(Found::Report(bytes)),
        _ => each(&reports, tell),
    }
}

/// So many objects may be in one another around a report.
const DEPTH: usize = 128;

/// The reports in an object: itself, or those that stand in it, as in what a database gives; itself where there are none.
fn inside(object: &[u8]) -> Vec<&[u8]> {
    // Of each object that is open, where it begins, and which names it has.
    let mut open: Vec<(usize, [bool; NAMES.len()])> = Vec::new();
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(byte) = object.get(at) {
        match byte {
            b'"' => {
                let outermost = open.len() == 1;
                if let Some((_, seen)) = open.last_mut() {
                    see_name(&object[at + 1..], seen);
                    if outermost && are_several(seen) {
                        return vec![object];
                    }
                }
                at = end_of_string(object, at + 1);
            }
            b'{' if open.len() == DEPTH => return vec![object],
            b'{' => open.push((at, [false; NAMES.len()])),
            b'}' => {
                let ended = open.pop().filter(|(_, seen)| are_several(seen));
                if let Some((start, _)) = ended {
                    // What is in a report is a part of it.
                    while found.pop_if(|(inner, _)| *inner > start).is_some() {}
                    found.push((start, at + 1));
                }
            }
            _ => {}
        }
        at += 1;
    }
    if found.is_empty() {
        return vec![object];
    }
    found.into_iter().map(|(start, end)| &object[start..end]).collect()
}

/// Tells of objects, one by one.
fn each(objects: &[&[u8]], tell: &mut Tell) {
    for (i, object) in objects.iter().enumerate() {
        if let Err(reason) = tell.spent.enter(tell.limits) {
            tell.refuse(reason);
            return;
        }
        tell.place.enter_nameless(format!("object {}", i + 1));
        let found = if has_names(object) { Found::Report(object) } else { Found::Other };
        tell.found(found);
        tell.place.leave();
    }
}

/// Whether two names of a report are in it, in any case and with any sign between their words.
pub(crate) fn has_names(bytes: &[u8]) -> bool {
    let mut seen = [false; NAMES.len()];
    let mut quotes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'"');
    quotes.any(|(at, _)| {
        see_name(&bytes[at + 1..], &mut seen);
        are_several(&seen)
    })
}

/// Notes which of the names a text begins with.
fn see_name(text: &[u8], seen: &mut [bool; NAMES.len()]) {
    let same = |(a, b): (&u8, &u8)| a.eq_ignore_ascii_case(b) || *b == b'_' && *a == b'-';
    for (name, seen) in NAMES.iter().zip(seen) {
        *seen |= text.len() >= name.len() && text.iter().zip(*name).all(same);
    }
}

fn are_several(seen: &[bool]) -> bool {
    seen.iter().filter(|seen| **seen).count() > 1
}

/// The objects in a text that is nothing but objects, or a list of them; none where something else is in it.
fn objects(bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let (mut depth, mut start, mut at) = (0_usize, 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if depth > 0 => at = end_of_string(bytes, at + 1),
            b'{' => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            b'}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    found.push(&bytes[start..=at]);
                }
            }
            _ if depth > 0 || byte.is_ascii_whitespace() || b"[],".contains(byte) => {}
            _ => return Vec::new(),
        }
        at += 1;
    }
    if depth > 0 {
        found.push(&bytes[start..]); // cut off
    }
    found
}

/// The reports in a text with anything around them: a log, a mail, what a program printed (RFC 7464). One that is cut off reaches to
/// the next one.
fn written_out(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut found, mut cut): (Vec<&[u8]>, Option<usize>) = (Vec::new(), None);
    // What does not end may be read to the end of the text, and again from its next brace: no more than this of it.
    let (mut at, mut left) = (0, 4 * bytes.len());
    while let Some(start) = bytes.get(at..).and_then(|rest| memchr(b'{', rest)) {
        let start = at + start;
        let object = &bytes[start..];
        at = start + 1;
        if object[1..].trim_ascii_start().first() != Some(&b'"') {
            continue;
        }
        match end_of_object(object) {
            Ok(end) => {
                if has_names(&object[..end]) {
                    let broken = cut.take().map(|cut| &bytes[cut..start]);
                    found.extend(broken.filter(|broken| has_names(broken)));
                    found.push(&object[..end]);
                }
                at += end - 1;
            }
            Err(read) => {
                cut = cut.or(Some(start));
                let Some(rest) = left.checked_sub(read) else { break };
                left = rest;
            }
        }
    }
    let broken = cut.filter(|_| !found.is_empty()).map(|cut| &bytes[cut..]);
    found.extend(broken.filter(|broken| has_names(broken)));
    found
}

/// Where the object ends at whose brace a text begins; as an error how much was read of one that is cut off.
fn end_of_object(bytes: &[u8]) -> Result<usize, usize> {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = end_of_string(bytes, at + 1);
                // No text has a line end in it (RFC 8259 §7): that is a line which was cut off.
                if bytes[at..end.min(bytes.len())].contains(&b'\n') {
                    return Err(end);
                }
                at = end;
            }
            b'{' => depth += 1,
            b'}' if depth == 1 => return Ok(at + 1),
            b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    Err(at)
}

/// Where the closing quote of a string stands that begins at `at`; the end where there is none.
fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return at;
        }
        at += 2; // an escaped byte
    }
    bytes.len()
}

/// Looks for a report in a text: written out, or as the attachment of a mail that was pasted into it.
pub(crate) fn read(bytes: &[u8], depth: usize, tell: &mut Tell) {
    if has_names(bytes)
        && let reports = written_out(bytes)
        && reports.len() > 1
    {
        let reports: Vec<&[u8]> = reports.into_iter().flat_map(inside).collect();
        each(&reports, tell);
        return;
    }
    let holds = |word: &str| str::from_utf8(bytes).is_ok_and(|text| text.contains(word));
    if (holds("organization-name") || holds("organization_name"))
        && carve::find(bytes, Some(Kind::Report)).is_some_and(|carved| carved.kind == Kind::Report)
        && let Some(report) = carve::report_text(bytes)
    {
        tell.found(Found::Report(report.as_bytes()));
        return;
    }
    match carve::attachment(bytes) {
        Some(_) if depth >= tell.limits.depth => tell.refuse(Reason::TooDeep(tell.limits.depth)),
        Some(attached) => {
            let name = attached.file_name.as_deref();
            match name {
                Some(name) => tell.place.enter_file(name),
                None => tell.place.enter_nameless("attachment".into()),
            }
            Stream::read(&attached.bytes, depth + 1, tell);
            tell.place.leave();
        }
        // In a mail it is what somebody writes of reports, beside one.
        None if !tell.in_parts && tell.lost.is_none() && carve::was_report(bytes) => {
            tell.found(Found::Report(bytes));
        }
        None => tell.nothing(bytes),
    }
}
