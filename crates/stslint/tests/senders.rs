//! What the models of sending software make of each row of `tests/agreement.json`: the RFC's answer, or
//! what `tests/senders/NAME.json` says instead. Each pair of model and row is a test of its own.
//!
//! Such a file is an object of rows by their ids. A row that agreement.json has says what the software
//! makes of it; a row of its own has `kind` and `input` too, as there. What is made of a policy:
//! `{"rejected": "BlankLine", "at": 16}` or `{"accepted": {"mode": "enforce", "mx": [], "max_age": 1}}`,
//! in which the RFC's values may be left out; of a record, `{"found": "id"}` or
//! `{"nothing": "Prefix", "at": 0, "record": 1}`; of a pattern, `{"match": true}`. `remarks`, a list of
//! pairs such as `["BlankLine", 16]`, is all that the software passes over. A place is a number; or a
//! text, which begins there for the first time; the empty text is the end. Whoever differs from the RFC
//! is named by agreement.json, or the row says `because` what.

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use stslint::ToAscii;
use stslint::policy::Mode;
use stslint::senders::model::{Answer, Discovery, Model, Reading, Remark};
use stslint::senders::models::MODELS;

const ROWS: &str = include_str!("../../../tests/agreement.json");

/// The conversion that the page has from the browser.
const IDNA: Option<ToAscii> = Some(|name| idna::domain_to_ascii(name).ok());

fn main() {
    let rows: Vec<Value> = serde_json::from_str(ROWS).expect("the table is JSON");
    let kinds = ["policy", "sts-txt", "sts-txt-rdata", "mx-match"];
    let of_senders = |row: &Value| kinds.iter().any(|kind| row["kind"] == *kind);
    let rows: Vec<Value> = rows.into_iter().filter(of_senders).collect();
    assert!(rows.len() > 100, "{} rows", rows.len());
    let trials = MODELS.iter().flat_map(|model| {
        let mut own = own(model);
        let mut trials = Vec::new();
        for row in &rows {
            let id = text(row, "id").expect("an id").to_owned();
            let differs = own.remove(&id);
            let name = format!("{} {id}", model.name);
            let row = row.clone();
            trials.push(Trial::test(name, move || shared(model, &row, differs.as_ref())));
        }
        for (id, row) in own {
            let name = format!("{} {id}", model.name);
            trials.push(Trial::test(name, move || {
                let kind =
                    text(&row, "kind").map_err(|_| "no row of agreement.json, nor an own one")?;
                told(model, kind, &row["input"], &row, &Value::Null)
            }));
        }
        trials
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// The rows of a model's own file.
fn own(model: &Model) -> BTreeMap<String, Value> {
    let name = model.name.to_ascii_lowercase().replace(' ', "-");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/senders");
    let path = Path::new(folder).join(format!("{name}.json"));
    let file = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{} has no file {}: {error}", model.name, path.display()));
    serde_json::from_str(&file).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str, Failed> {
    value[key].as_str().ok_or_else(|| format!("no {key}").into())
}

/// A row that all models have: as the RFC says, where the software does not differ.
fn shared(model: &Model, row: &Value, differs: Option<&Value>) -> Result<(), Failed> {
    let (kind, rfc) = (text(row, "kind")?, &row["rfc"]);
    let usable = rfc["usable"] == true;
    let parsed = &rfc["parsed"];
    let standard = match kind {
        "mx-match" => json!({ "match": rfc["match"] }),
        "policy" if usable => {
            json!({ "accepted": parsed.as_object().cloned().unwrap_or_default() })
        }
        "policy" => json!({ "rejected": null }),
        _ if usable => json!({ "found": parsed["id"] }),
        _ => json!({ "nothing": null }),
    };
    let Some(differs) = differs else { return told(model, kind, &row["input"], &standard, parsed) };
    if let Some(more) = ["kind", "input"].iter().find(|key| differs.get(**key).is_some()) {
        return Err(format!("{more} is agreement.json's to say").into());
    }
    told(model, kind, &row["input"], differs, parsed)?;
    // Whoever says the same and where, needs no reason.
    let same = standard.as_object().into_iter().flatten().all(|(key, value)| {
        let other = &differs[key];
        match (value, other) {
            (Value::Null, other) => differs.get(key).is_some() && other.is_string(),
            (Value::Object(_), Value::Object(other)) => {
                other.iter().all(|(key, other)| parsed[key] == *other)
            }
            (value, other) => value == other,
        }
    });
    let names = row["differs"].as_array().into_iter().flatten();
    let named = names
        .filter_map(|entry| entry["software"].as_str())
        .any(|software| software.split(", ").any(|name| name == model.name));
    if same || named || text(differs, "because").is_ok_and(|why| !why.is_empty()) {
        return Ok(());
    }
    Err("differs from the RFC; neither agreement.json nor `because` says why".into())
}

/// What the model makes of an input is what is wanted.
fn told(model: &Model, kind: &str, input: &Value, want: &Value, rfc: &Value) -> Result<(), Failed> {
    match kind {
        "mx-match" => {
            let got = (model.matches)(text(input, "pattern")?, text(input, "mx")?, IDNA);
            if want["match"] == got { Ok(()) } else { Err(format!("the match is {got}").into()) }
        }
        "policy" => policy(model, &source(input)?, want, rfc),
        "sts-txt" => record(model, &[source(input)?], want),
        "sts-txt-rdata" => {
            let records: Vec<Vec<String>> = serde_json::from_str(&source(input)?)?;
            let records: Vec<String> = records.iter().map(|strings| strings.concat()).collect();
            record(model, &records, want)
        }
        other => Err(format!("the kind {other} is not for models").into()),
    }
}

/// The text of a row, which may be a start with many equal units behind it.
fn source(input: &Value) -> Result<String, Failed> {
    let Some(times) = input["times"].as_u64() else {
        return Ok(input.as_str().ok_or("no text")?.to_owned());
    };
    let start = input["start"].as_str().unwrap_or_default();
    let end = input["end"].as_str().unwrap_or_default();
    Ok(start.to_owned() + &text(input, "unit")?.repeat(times as usize) + end)
}

/// An answer as the row has it: the body alone, or with the head of an HTTP response.
fn answer(source: &str) -> Result<Answer<'_>, Failed> {
    if !source.starts_with("HTTP/") {
        return Ok(Answer::text(source.as_bytes()));
    }
    let (head, body) = source.split_once("\r\n\r\n").ok_or("a head without an end")?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let media_type = head.lines().find_map(|line| line.strip_prefix("Content-Type: "));
    Ok(Answer { status, content_type: Some(media_type), body: body.as_bytes() })
}

fn policy(model: &Model, source: &str, want: &Value, rfc: &Value) -> Result<(), Failed> {
    let answer = answer(source)?;
    let body = String::from_utf8_lossy(answer.body);
    let got = (model.policy)(&answer);
    match &got {
        Reading::Rejected(remark) => {
            let Some(what) = want.get("rejected") else { return Err(format!("{got:?}").into()) };
            remarked(remark, what, &want["at"], &body)
        }
        Reading::Accepted(effective, remarks) => {
            let Some(wanted) = want["accepted"].as_object() else {
                return Err(format!("{got:?}").into());
            };
            values(effective, wanted, rfc)
                .map_err(|error| Failed::from(format!("{error}: {got:?}")))?;
            let Some(wanted) = want["remarks"].as_array() else { return Ok(()) };
            if wanted.len() != remarks.len() {
                return Err(format!("{remarks:?}").into());
            }
            wanted
                .iter()
                .zip(remarks)
                .try_for_each(|(wanted, remark)| remarked(remark, &wanted[0], &wanted[1], &body))
        }
    }
}

/// What the software acts on. What the row does not say is what the RFC says.
fn values(
    effective: &stslint::senders::model::Effective,
    wanted: &Map<String, Value>,
    rfc: &Value,
) -> Result<(), String> {
    let lower = |value: Value| json!(value.to_string().to_ascii_lowercase());
    let got = [
        ("mode", json!(effective.mode.map(Mode::word))),
        ("max_age", json!(effective.max_age)),
        ("mx", json!(effective.mx)),
    ];
    for (key, got) in got {
        // The RFC's answer has names in lower case; what a row says is exact.
        let (want, got) = match wanted.get(key).filter(|want| rfc[key] != **want) {
            Some(want) => (want.clone(), got),
            None if rfc[key].is_null() => continue,
            None => (lower(rfc[key].clone()), lower(got)),
        };
        if want != got {
            return Err(format!("{key} is {got}, expected {want}"));
        }
    }
    Ok(())
}

fn record(model: &Model, records: &[String], want: &Value) -> Result<(), Failed> {
    let texts: Vec<&str> = records.iter().map(String::as_str).collect();
    let got = (model.record)(&texts);
    match &got {
        Discovery::Found(id) => match want.get("found") {
            Some(want) if want.is_null() || want == id => Ok(()),
            _ => Err(format!("{got:?}").into()),
        },
        Discovery::Nothing(index, remark) => {
            let Some(what) = want.get("nothing") else { return Err(format!("{got:?}").into()) };
            if want.get("record").is_some_and(|want| *want != *index) {
                return Err(format!("it stumbles in record {index}").into());
            }
            remarked(remark, what, &want["at"], texts.get(*index).unwrap_or(&""))
        }
    }
}

/// A remark is the one that is wanted, at the place that is wanted, where the row says so.
fn remarked(got: &Remark, what: &Value, at: &Value, source: &str) -> Result<(), Failed> {
    let place = match at {
        Value::Null => None,
        Value::String(text) if text.is_empty() => Some(source.len()),
        Value::String(text) => Some(source.find(text.as_str()).ok_or("the place is not there")?),
        number => Some(number.as_u64().ok_or("a place is a number or a text")? as usize),
    };
    let is_it = what.as_str().is_none_or(|what| format!("{:?}", got.what) == what);
    if is_it && place.is_none_or(|place| place == got.at) {
        return Ok(());
    }
    let place = place.map(|place| place.to_string()).unwrap_or_default();
    Err(format!("{got:?}, expected {what} at {place}").into())
}
