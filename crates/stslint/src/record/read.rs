//! Takes the written form off: from an input to records.

use super::form;
use super::lines::{self, Lookup, Reading, Strings};
use super::view::{CharString, Notation, Owner, Record, Unquoted};
use crate::Kind;
use crate::detect::Form;
use crate::json::{self, Data, Value};
use crate::text::{Mapped, Span, is_line_end};
use std::borrow::Cow;

/// Reads the records of an input. It always gives a record or the word that there is none.
pub(super) fn read(text: &str, kind: Kind, form: Form) -> Reading<'_> {
    let known =
        matches!(form, Form::Dig | Form::DohJson | Form::Quoted | Form::RdataJson | Form::Zone);
    // What isn't what it was declared to be gets a second look, and is a bare value at last.
    let declared = known.then(|| entries(text, form)).filter(holds_something);
    declared
        .or_else(|| Some(entries(text, form::of(text, kind))).filter(holds_something))
        .unwrap_or_else(|| bare(text))
}

fn holds_something(reading: &Reading) -> bool {
    !reading.records.is_empty() || !reading.absent.is_empty()
}

fn entries(text: &str, form: Form) -> Reading<'_> {
    match form {
        Form::Dig | Form::Quoted | Form::Zone => lines::read(text),
        Form::DohJson => doh_json(text),
        Form::RdataJson => rdata_json(text),
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
        reading.records.push(bare_record(Mapped::identity(&text[..end]), Span::new(0, end)));
        return reading;
    }
    let mut from = start.min(end);
    let mut at = from;
    for line in text[from..end].split_inclusive(is_line_end) {
        let piece = &text[from..at];
        if form::starts_with_version(line.trim_start()) && !piece.trim().is_empty() {
            push_bare(text, from, at, &mut reading);
            from = at;
        }
        at += line.len();
    }
    push_bare(text, from, end, &mut reading);
    reading
}

fn push_bare<'a>(text: &'a str, from: usize, to: usize, reading: &mut Reading<'a>) {
    let piece = text[from..to].trim_end_matches(is_line_end);
    let mut made = Mapped::empty();
    made.push_verbatim(piece, from);
    made.push_for("", Span::at(from + piece.len()));
    reading.records.push(bare_record(made, Span::new(from, from + piece.len())));
}

fn bare_record(text: Mapped<'_>, span: Span) -> Record<'_> {
    Record {
        owner: None,
        span,
        strings: Vec::new(),
        text,
        notation: Notation::Bare,
        unquoted: None,
    }
}

/// A list of records, each a list of character-strings. A plain list of strings is one record.
fn rdata_json(text: &str) -> Reading<'_> {
    let (root, problems) = json::read(text);
    let mut reading = Reading { damaged: !problems.is_empty(), ..Reading::default() };
    if !matches!(root.data, Data::Array(_)) {
        return reading;
    }
    let plain: Vec<_> = root.elements().iter().filter_map(Value::as_text).collect();
    if !plain.is_empty() {
        reading.records.push(rdata_record(root.span, &plain));
    }
    for list in root.elements() {
        if let Data::Array(strings) = &list.data {
            let strings: Vec<_> = strings.iter().filter_map(Value::as_text).collect();
            reading.records.push(rdata_record(list.span, &strings));
        }
    }
    if reading.records.is_empty() {
        reading.absent.push(Lookup { name: None, span: root.span, certain: true });
    }
    reading
}

fn rdata_record(span: Span, parts: &[json::Text]) -> Record<'static> {
    let mut text = Mapped::empty();
    let mut strings = Vec::with_capacity(parts.len());
    for part in parts {
        let decoded = part.decode();
        let start = text.text.len();
        text.push_part(&decoded, Span::new(0, decoded.text.len()));
        text.push_for("", Span::at(part.span.end));
        strings.push(CharString { source: part.span, text: Span::new(start, text.text.len()) });
    }
    if parts.is_empty() {
        text.push_for("", Span::at(span.end));
    }
    Record { owner: None, span, strings, text, notation: Notation::Json, unquoted: None }
}

/// The JSON that public resolvers give for a DNS-over-HTTPS query. It has no standard: the data of
/// a TXT record may be quoted character-strings or the bare joined data.
fn doh_json(text: &str) -> Reading<'_> {
    const TXT: u64 = 16;
    const CNAME: u64 = 5;
    let (root, problems) = json::read(text);
    let mut reading = Reading { damaged: !problems.is_empty(), ..Reading::default() };
    for answer in root.get("Answer").map_or(&[][..], Value::elements) {
        let Some(data) = answer.get("data").and_then(Value::as_text) else { continue };
        let kind = answer.get("type").map_or(TXT, |kind| record_type(kind).unwrap_or(0));
        let name = answer.get("name").and_then(Value::as_text);
        match (kind, name) {
            (TXT, _) => {
                let mut record = doh_record(data);
                record.owner = name.map(|name| Owner {
                    name: Cow::Owned(name.decode().text.into_owned()),
                    span: name.span,
                });
                reading.records.push(record);
            }
            (CNAME, Some(name)) => reading.alias(&name.decode().text, &data.decode().text),
            _ => {}
        }
    }
    let status = root.get("Status");
    if reading.records.is_empty() && (status.is_some() || root.get("Answer").is_some()) {
        // RFC 1035 §4.1.1: 0 is "no error", 3 is "name error".
        let certain = status.is_none_or(|status| matches!(status.as_integer(), Some(0 | 3)));
        let question = root.get("Question").and_then(|question| question.elements().first());
        let name = question.and_then(|question| question.get("name")).and_then(Value::as_text);
        reading.absent.push(Lookup {
            name: name.map(|name| Cow::Owned(name.decode().text.into_owned())),
            span: status.unwrap_or(&root).span,
            certain,
        });
    }
    reading
}

/// The number of a record type, also where it is spelled out.
fn record_type(value: &Value) -> Option<u64> {
    value.as_integer().or_else(|| value.as_text().filter(|text| text.is("TXT")).map(|_| 16))
}

fn doh_record(data: json::Text) -> Record<'static> {
    let decoded = data.decode();
    if decoded.text.starts_with('"') {
        let mut strings = Strings::default();
        strings.read(&decoded, 0);
        if !strings.open {
            return Record { notation: Notation::JsonQuoted, ..strings.into_record(None) };
        }
    }
    let mut text = Mapped::empty();
    text.push_part(&decoded, Span::new(0, decoded.text.len()));
    text.push_for("", Span::at(data.span.end));
    Record {
        owner: None,
        span: data.span,
        strings: Vec::new(),
        text,
        notation: Notation::Json,
        unquoted: None::<Unquoted>,
    }
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
