//! Takes the written form off: from an input to records.

use super::lines::{self, Reading};
use super::{form, inside, json, value};
use crate::input::Form;
use crate::text::{Span, is_line_end};

/// Reads the records of an input. It always gives a record or the word that there is none.
pub(super) fn read(text: &str, form: Form) -> Reading<'_> {
    let known = !matches!(
        form,
        Form::Bare | Form::EmailAddress | Form::Gzip | Form::HttpResponse | Form::Url
    );
    // What isn't what it was declared to be gets a second look, and is a bare value at last.
    let declared = known.then(|| entries(text, form)).filter(holds_something);
    declared
        .or_else(|| Some(entries(text, form::of(text, form))).filter(holds_something))
        .unwrap_or_else(|| bare(text))
}

fn holds_something(reading: &Reading) -> bool {
    !reading.records.is_empty() || !reading.absent.is_empty()
}

fn entries(text: &str, form: Form) -> Reading<'_> {
    match form {
        Form::Dig | Form::Quoted | Form::Zone => lines::read(text),
        Form::Inside => inside::read(text),
        Form::DohJson => json::doh(text),
        Form::RdataJson => json::rdata(text),
        _ => bare(text),
    }
}

/// Bare values: one, or several lines that each begin with a version.
fn bare(text: &str) -> Reading<'_> {
    let end = text.trim_end_matches(is_line_end).len();
    let start = text.len() - text.trim_start_matches(is_line_end).len();
    let mut reading = Reading::default();
    // The usual way: one line without anything around it.
    if start == 0 && !text[..end].contains(is_line_end) {
        reading.records.push(value::record(text, Span::new(0, end)));
        return reading;
    }
    let mut from = start.min(end);
    let mut at = from;
    for line in text[from..end].split_inclusive(is_line_end) {
        let piece = &text[from..at];
        if value::starts_with_version(line.trim_start()) && !piece.trim().is_empty() {
            reading.records.push(value::record(text, Span::new(from, at)));
            from = at;
        }
        at += line.len();
    }
    reading.records.push(value::record(text, Span::new(from, end)));
    reading
}

impl Reading<'_> {
    /// Notes that one name leads to another.
    pub(super) fn alias(&mut self, from: &str, to: &str) {
        let key = super::owner::key;
        self.aliases.push((key(to), self.aliases.len(), key(from)));
    }
}

/// Names that CNAME records lead to, with the number of the record and the name that leads there.
pub(super) type Aliases = Vec<(String, usize, String)>;
