//! Records in JSON: decoded data, and what DNS-over-HTTPS resolvers answer.

use super::lines::{Lookup, Outcome, Reading};
use super::strings::Strings;
use super::view::{CharString, Notation, Owner, Record, Told};
use crate::json::{self, Data, Value};
use crate::text::{Mapped, Span};
use std::borrow::Cow;

/// A list of records, each a list of character-strings. A plain list of strings is one record.
pub(super) fn rdata(text: &str) -> Reading<'_> {
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
        reading.absent.push(Lookup { name: None, span: root.span, outcome: Outcome::Nothing });
    }
    reading
}

fn rdata_record(span: Span, parts: &[json::Text]) -> Record<'static> {
    let mut text = Mapped::empty();
    let mut strings = Vec::with_capacity(parts.len());
    for part in parts {
        let start = text.text.len();
        part.push_to(&mut text);
        strings.push(CharString { source: part.span, text: Span::new(start, text.text.len()) });
    }
    if parts.is_empty() {
        text.push_for("", Span::at(span.end));
    }
    Record { strings, notation: Notation::Json, ..Record::bare(span, text) }
}

/// The JSON that public resolvers give for a DNS-over-HTTPS query. It has no standard: the data of
/// a TXT record may be quoted character-strings or the bare joined data.
pub(super) fn doh(text: &str) -> Reading<'_> {
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
                    told: Told::Plainly,
                });
                reading.records.push(record);
            }
            (CNAME, Some(name)) => reading.alias(&name.decode().text, &data.decode().text),
            _ => {}
        }
    }
    let status = root.get("Status");
    if reading.records.is_empty() && (status.is_some() || root.get("Answer").is_some()) {
        let question = root.get("Question").and_then(|question| question.elements().first());
        let name = question.and_then(|question| question.get("name")).and_then(Value::as_text);
        let kind = question.and_then(|question| question.get("type"));
        let is_txt = kind.is_none_or(|kind| record_type(kind) == Some(TXT));
        // RFC 1035 §4.1.1: 0 is "no error", 3 is "name error". Only the second one is about all types (RFC 2308 §2).
        let outcome = match status.map_or(Some(0), Value::as_integer) {
            Some(0) if !is_txt => Outcome::Elsewhere,
            Some(0 | 3) => Outcome::Nothing,
            _ => Outcome::Failed,
        };
        let name = name.map(|name| Cow::Owned(name.decode().text.into_owned()));
        let span = status.unwrap_or(&root).span;
        reading.absent.push(Lookup { name, span, outcome }.of_ours());
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
    Record { notation: Notation::Json, ..Record::bare(data.span, text) }
}
