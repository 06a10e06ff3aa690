//! The conformance vectors of `tests/vectors.json`.

use serde_json::Value;
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
