//! Every conformance vector of `tests/vectors.json`, each a test of its own named by its id.
//!
//! What a vector expects has a code and a place: `{ "code": "STS-POL-051", "at": "enforced" }`.
//! [`stslint_checks::vectors`] has all forms of places.

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use std::ops::Range;
use stslint::finding::Severity;
use stslint::{Declared, Input, Kind, Parsed, ToAscii, host, lint, senders};
use stslint_checks::vectors;

fn main() {
    let trials = vectors::all().into_iter().map(|vector| {
        let kind = vector["kind"].as_str().unwrap_or_default().to_owned();
        let name = format!("{kind}::{}", vector["id"].as_str().unwrap_or_default());
        Trial::test(name, move || check(&vector))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn check(vector: &Value) -> Result<(), Failed> {
    let input = &vector["input"];
    match vector["kind"].as_str().unwrap_or_default() {
        "live" => {
            let facts = input.to_string();
            if let Err(problems) = stslint::live::read(&facts) {
                return Err(format!("{problems:?}").into());
            }
            check_lint(vector, Kind::Live.into(), facts.as_bytes())
        }
        "mx-match" => {
            let text = |key: &str| input[key].as_str().unwrap_or_default();
            let covers = host::matches(text("pattern"), text("mx")).covers();
            equal("match", &Value::from(covers), &vector["parsed"]["match"])
        }
        "sender" => check_sender(vector),
        _ => {
            let (kind, source) = vectors::source(vector).ok_or("unknown kind or input")?;
            check_lint(vector, kind, &source)
        }
    }
}

fn check_sender(vector: &Value) -> Result<(), Failed> {
    let (setting, profile) = senders::json::read(&vector["input"].to_string())?;
    let situation = setting.met_by(profile);
    let attempt = senders::deliver(&situation);
    let events: Vec<&str> = attempt.events.iter().map(|event| event.word()).collect();
    let parsed = &vector["parsed"];
    equal("result", &attempt.delivery.word().into(), &parsed["result"])?;
    equal("via", &attempt.via.into(), &parsed["via"])?;
    equal("events", &events.into(), &parsed["events"])
}

fn check_lint(vector: &Value, declared: Declared, source: &[u8]) -> Result<(), Failed> {
    let domain = vector["context"]["domain"].as_str();
    let file_name = vector["context"]["file_name"].as_str();
    let to_ascii = Some(stslint_checks::to_ascii as ToAscii);
    let input = Input { domain, file_name, to_ascii, ..Input::new(source) };
    let report = lint(&input.declared(Some(declared)));
    let found = |info: bool| -> Vec<(Range<usize>, String)> {
        let found = report.findings().filter(|f| (f.rule.severity == Severity::Info) == info);
        let mut found: Vec<_> = found.map(|f| (f.span.range(), f.rule.code.to_owned())).collect();
        found.sort_by_key(|(place, code)| (place.start, place.end, code.clone()));
        found
    };
    let shown = |list: &[(Range<usize>, String)]| {
        let show = |(place, code): &(Range<usize>, String)| {
            let piece = source.get(place.clone()).unwrap_or_default();
            format!("\n  {code} {place:?} `{}`", String::from_utf8_lossy(piece))
        };
        list.iter().map(show).collect::<String>()
    };
    let (got, want) = (found(false), vectors::places(vector, "expect", source)?);
    if got != want {
        return Err(format!("found{}\nexpected{}", shown(&got), shown(&want)).into());
    }
    let (got, want) = (found(true), vectors::places(vector, "expect_info", source)?);
    if !want.iter().all(|info| got.contains(info)) {
        return Err(format!("found{}\nexpected{}", shown(&got), shown(&want)).into());
    }
    let absent = vector["absent_info"].as_array().into_iter().flatten();
    let mut absent = absent.filter_map(Value::as_str);
    if let Some(code) = absent.find(|code| got.iter().any(|(_, found)| found == code)) {
        return Err(format!("raised {code}, which is not to be").into());
    }
    let parsed = parsed_json(&report.artefacts[0].parsed);
    for (key, want) in vector["parsed"].as_object().into_iter().flatten() {
        equal(key, &parsed[key], want)?;
    }
    Ok(())
}

fn parsed_json(parsed: &Parsed) -> Value {
    match parsed {
        Parsed::Policy(v) => serde_json::json!({
            "version": v.version, "mode": v.mode.map(stslint::policy::Mode::word),
            "max_age": v.max_age, "mx": v.mx,
        }),
        Parsed::Record(v) => serde_json::json!({ "version": v.version, "id": v.id, "rua": v.rua }),
        Parsed::Report(v) => serde_json::json!({ "success": v.success, "failure": v.failure }),
        _ => Value::Null,
    }
}

fn equal(key: &str, got: &Value, want: &Value) -> Result<(), Failed> {
    if got == want { Ok(()) } else { Err(format!("{key} is {got}, expected {want}").into()) }
}
