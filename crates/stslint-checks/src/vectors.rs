//! The conformance vectors of `tests/vectors.json`.
//!
//! A vector says what has to be found in its `input`:
//!
//! * `expect`: all errors, warnings and pieces of advice;
//! * `expect_info`: some of what is for information only;
//! * `absent_info`: codes that are not to be found.
//!
//! What has to be found has a `code` and a place, in one of these forms:
//!
//! * `"at": "enforced"` is a piece of the input that is there once.
//! * `"at": "mx: ‹mail.example.com›\r\nmax_age"` is what stands between the marks. The rest tells
//!   which one is meant. Nothing between the marks is the place where something is missing.
//! * `"at": "/policies/0/summary"` is a value in an input that is compact JSON (RFC 6901).
//! * `"bytes": [0, 2]` is from the first byte to before the third, where text cannot tell.
//!
//! An input that is no string is linted as compact JSON, whose members may be in any order.

use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::ops::Range;
use stslint::{Declared, Kind};

const FILE: &str = include_str!("../../../tests/vectors.json");

/// All vectors.
pub fn all() -> Vec<Value> {
    serde_json::from_str(FILE).expect("the vectors are JSON")
}

/// What a vector has linted, and as what; none for those about something else.
pub fn source(vector: &Value) -> Option<(Declared, Vec<u8>)> {
    let input = &vector["input"];
    match vector["kind"].as_str()? {
        "policy-bytes" => Some((Kind::Policy.into(), bytes(input))),
        "report-bytes" => Some((Kind::Report.into(), bytes(input))),
        kind @ ("sts-txt-rdata" | "rpt-txt-rdata") => {
            Some((Declared::from_word(kind)?, input.to_string().into_bytes()))
        }
        kind => Some((Declared::from_word(kind)?, input.as_str()?.as_bytes().to_vec())),
    }
}

/// The bytes that `{"hex": …}` or `{"concat": […]}` describe.
fn bytes(input: &Value) -> Vec<u8> {
    if let Some(hex) = input["hex"].as_str() {
        return base16ct::lower::decode_vec(hex).expect("hex digits");
    }
    let parts = input["concat"].as_array().expect("hex or concat");
    let part = |part: &Value| match part["s"].as_str() {
        Some(text) => text.to_owned(),
        None => {
            let times = part["times"].as_u64().expect("times") as usize;
            part["repeat"].as_str().expect("repeat").repeat(times)
        }
    };
    parts.iter().map(part).collect::<String>().into_bytes()
}

/// Codes and places of what a vector expects under `key`, in the order of the text.
///
/// # Errors
///
/// A place that is none in this source, or more than one.
pub fn places(
    vector: &Value,
    key: &str,
    source: &[u8],
) -> Result<Vec<(Range<usize>, String)>, String> {
    let list = vector[key].as_array().into_iter().flatten();
    let place = |finding: &Value| {
        let code = finding["code"].as_str()?.to_owned();
        Some((place(finding, source)?, code))
    };
    let found = list.map(|finding| place(finding).ok_or(format!("no place, or two: {finding}")));
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|(place, code)| (place.start, place.end, code.clone()));
    Ok(found)
}

fn place(finding: &Value, source: &[u8]) -> Option<Range<usize>> {
    if let Some([start, end]) = finding["bytes"].as_array().map(Vec::as_slice) {
        let offset = |value: &Value| usize::try_from(value.as_u64()?).ok();
        return Some(offset(start)?..offset(end)?);
    }
    let (text, at) = (str::from_utf8(source).ok()?, finding["at"].as_str()?);
    if at.starts_with('/') { of_value(text, at) } else { of_piece(text, at) }
}

/// The place of the marked piece of a text.
fn of_piece(text: &str, marked: &str) -> Option<Range<usize>> {
    let (before, rest) = marked.split_once('‹').unwrap_or(("", marked));
    let (piece, after) = rest.split_once('›').unwrap_or((rest, ""));
    let shown = [before, piece, after].concat();
    let start = text.find(&shown).filter(|first| text.rfind(&shown) == Some(*first))?;
    let start = start + before.len();
    Some(start..start + piece.len())
}

/// The place of the value of JSON that a pointer without escapes leads to.
fn of_value(json: &str, pointer: &str) -> Option<Range<usize>> {
    let value = pointer.split('/').skip(1).try_fold(json, |json, step| {
        let value = match step.parse::<usize>() {
            Ok(nth) => *serde_json::from_str::<Vec<&RawValue>>(json).ok()?.get(nth)?,
            Err(_) => {
                serde_json::from_str::<HashMap<String, &RawValue>>(json).ok()?.remove(step)?
            }
        };
        Some(value.get())
    })?;
    let start = value.as_ptr().addr() - json.as_ptr().addr();
    Some(start..start + value.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_is_one_place() {
        let at = |text: &str, at: &str| place(&json!({ "at": at }), text.as_bytes());
        assert_eq!(at("a: b", "b"), Some(3..4));
        assert_eq!(at("b: b", "b"), None);
        assert_eq!(at("b: b", " ‹b›"), Some(3..4));
        assert_eq!(at("b: b", ":‹› b"), Some(2..2));
        assert_eq!(at("aaa", "‹a›a"), None, "it is there twice, overlapping");
        assert_eq!(at("", "‹›"), Some(0..0));
        assert_eq!(at("a", "‹›"), None);
        assert_eq!(at("{ \"a\": [1, { \"b\": 23 }] }", "/a/1/b"), Some(18..20));
        assert_eq!(at("{ \"a\": [1] }", "/a/1"), None);
        assert_eq!(place(&json!({ "bytes": [0, 2] }), &[0xff, 0xfe]), Some(0..2));
    }
}
