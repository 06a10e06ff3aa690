//! How a record is written.

use super::family::Family;
use super::json;
use super::lines::{self, Outcome, Reading};
use super::owner::{self, Meant};
use super::value::{
    family_of_value, family_of_words, has_any, is_spelt_out, resembles_ours, starts_with_version,
};
use super::view::Notation;
use crate::Kind;
use crate::input::Form;
use crate::text::begins;
use std::borrow::Cow;

/// Whether the text is a TXT record in some written form, which one and in which form. It takes
/// nothing for a record that is a policy, a page or a report.
pub fn recognise(text: &str) -> Option<(Kind, Form)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (form, reading) = written(text)?;
    let family = match form {
        Form::Bare => family_of_value(text),
        // The answer about another name or another type says nothing of a record.
        Form::DohJson if !says(&json::doh(text)) => return None,
        Form::RdataJson | Form::DohJson => family_of_words(text),
        _ => {
            let reading = reading.unwrap_or_else(|| lines::read(text));
            if !reading.absent.is_empty() && !is_evident(&reading) {
                return None;
            }
            family_of_lines(&reading).unwrap_or_else(|| family_of_words(text))
        }
    };
    Some((family.kind(), form))
}

/// The form of a text that is a record, whatever it looks like, and has none in the form that was expected.
pub(super) fn of(text: &str, expected: Form) -> Form {
    if expected == Form::RdataJson && text.trim_start().starts_with('[') {
        return Form::RdataJson;
    }
    written(text).map_or(Form::Bare, |(form, _)| form)
}

/// The form of a text that looks like a record, and its lines where they were read.
fn written(text: &str) -> Option<(Form, Option<Reading<'_>>)> {
    let start = text.trim_start();
    match start.as_bytes().first()? {
        b'v' | b'V' if starts_with_version(start) => return Some((Form::Bare, None)),
        b'[' => {
            let inner = start[1..].trim_start();
            let list = inner.strip_prefix('[').map_or("", str::trim_start);
            let strings = list.starts_with(&['"', ']'][..]) || list.is_empty() && inner == "[";
            let record = inner.strip_prefix('"').is_some_and(starts_with_version);
            return (strings || record).then_some((Form::RdataJson, None));
        }
        b'{' => {
            let has = |key| start.contains(key);
            let answer = has("\"Answer\"") || has("\"Status\"") && has("\"Question\"");
            return (answer && !has("\"organization-name\"")).then_some((Form::DohJson, None));
        }
        b'<' => return None,
        b'"' => return quoted(start),
        _ => {}
    }
    if may_hold_entries(text) {
        let reading = lines::read(text);
        if !reading.absent.is_empty() || is_evident(&reading) {
            let form = if reading.tool_output { Form::Dig } else { Form::Zone };
            return Some((form, Some(reading)));
        }
    }
    looks_bare(start).then_some((Form::Bare, None))
}

/// Quoted character-strings: one record, or with several lines what `dig +short` prints.
fn quoted(start: &str) -> Option<(Form, Option<Reading<'_>>)> {
    let first = start.lines().next().unwrap_or("");
    let likely = starts_with_version(first.trim_start_matches(&['"', ' ', '\t'][..]))
        || has_any(first, &["id=", "rua="]);
    let several =
        start.trim_end().lines().filter(|line| line.trim_start().starts_with('"')).count();
    if !likely && several < 2 {
        return None;
    }
    // A quote without its end is part of the data.
    let reading = lines::read(start);
    let closed = reading.records.first().is_some_and(|record| record.notation != Notation::Bare);
    let form = match (closed, several) {
        (false, _) => Form::Bare,
        (true, 1) => Form::Quoted,
        (true, _) => Form::Dig,
    };
    Some((form, Some(reading)))
}

/// A cheap test before reading line by line: every line form has quotes, one of these words or a version.
fn may_hold_entries(text: &str) -> bool {
    const WORDS: [&str; 7] = [
        "txt",
        "v=sts",
        "v=tlsrpt",
        "can't find",
        "nxdomain",
        "non-existent domain",
        "resolve-dnsname",
    ];
    text.contains('"') || has_any(text, &WORDS)
}

/// Whether lines hold a record beyond doubt. In a sentence on TXT records the word `TXT` may stand
/// where a zone line has it.
fn is_evident(reading: &Reading) -> bool {
    reading.absent.iter().any(|lookup| lookup.outcome != Outcome::Elsewhere)
        || reading.records.iter().any(|record| {
            let data = &record.text.text;
            let owned =
                record.owner.as_ref().is_some_and(|owner| match owner::meant(&owner.name) {
                    Meant::For(_) => true,
                    // Something else may be at the name of the policy host.
                    Meant::Nearly(..) => resembles_ours(data),
                    Meant::Other | Meant::Wildcard => false,
                });
            owned || starts_with_version(data.trim_start())
        })
}

/// Whether an answer tells a record, or that there is none.
fn says(reading: &Reading) -> bool {
    let certain = reading.absent.iter().any(|lookup| lookup.outcome != Outcome::Elsewhere);
    certain || !reading.records.is_empty() || reading.absent.is_empty()
}

/// Whether a text is a record value that doesn't begin with its version.
fn looks_bare(start: &str) -> bool {
    let line = start.lines().next().unwrap_or("");
    let opening = line.trim_start_matches(&['\'', '\u{201c}', '\u{2018}', '`'][..]);
    let begins = |word: &str| begins(opening, word);
    starts_with_version(opening)
        || is_spelt_out(start)
        || ["id=", "id =", "rua=", "rua =", "stsv1", "tlsrptv1"].into_iter().any(begins)
        || has_any(line, &["v=stsv1", "v=tlsrptv1"])
}

/// The family of the first record that tells.
fn family_of_lines(reading: &Reading) -> Option<Family> {
    let by_name = |name: &Cow<str>| match owner::meant(name) {
        Meant::For(family) | Meant::Nearly(family, _) => Some(family),
        _ => None,
    };
    let names = |reading: &Reading| {
        reading.absent.iter().find_map(|lookup| lookup.name.as_ref().and_then(by_name))
    };
    reading
        .records
        .iter()
        .find_map(|record| {
            let name = record.owner.as_ref().and_then(|owner| by_name(&owner.name));
            name.or_else(|| Family::of_data(&record.text.text))
        })
        .or_else(|| names(reading))
}
