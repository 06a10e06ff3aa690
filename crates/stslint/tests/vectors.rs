//! Every conformance vector of `tests/vectors.json`, each a test of its own named by its id.

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use std::collections::BTreeSet;
use stslint::finding::Severity;
use stslint::{Input, Kind, Parsed, host, lint};
use stslint_checks::vectors;

fn main() {
    let trials = vectors::all().into_iter().map(|vector| {
        let kind = vector["kind"].as_str().unwrap_or_default().to_owned();
        let name = format!("{kind}::{}", vector["id"].as_str().unwrap_or_default());
        // The sender's simulator is not part of the engine yet.
        let later = kind == "sender";
        Trial::test(name, move || check(&vector)).with_ignored_flag(later)
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
            check_lint(vector, Kind::Live, facts.as_bytes())
        }
        "mx-match" => {
            let text = |key: &str| input[key].as_str().unwrap_or_default();
            let covers = host::matches(text("pattern"), text("mx")).covers();
            equal("match", &Value::from(covers), &vector["parsed"]["match"])
        }
        _ => {
            let (kind, source) = vectors::source(vector).ok_or("unknown kind or input")?;
            check_lint(vector, kind, &source)
        }
    }
}

fn check_lint(vector: &Value, kind: Kind, source: &[u8]) -> Result<(), Failed> {
    let domain = vector["context"]["domain"].as_str();
    let file_name = vector["context"]["file_name"].as_str();
    let report = lint(&Input { kind: Some(kind), domain, file_name, ..Input::new(source) });
    let codes = |info: bool| -> BTreeSet<&str> {
        let raised = report.findings().filter(|f| (f.rule.severity == Severity::Info) == info);
        raised.map(|f| f.rule.code).collect()
    };
    let listed = |key: &str| -> BTreeSet<&str> {
        vector[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    };
    if codes(false) != listed("expect") {
        return Err(format!("raised {:?}, expected {:?}", codes(false), listed("expect")).into());
    }
    if !codes(true).is_superset(&listed("expect_info")) {
        let (got, want) = (codes(true), listed("expect_info"));
        return Err(format!("raised as info {got:?}, expected {want:?}").into());
    }
    if let Some(code) = listed("absent_info").intersection(&codes(true)).next() {
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
        #[cfg(feature = "report")]
        Parsed::Report(v) => serde_json::json!({ "success": v.success, "failure": v.failure }),
        _ => Value::Null,
    }
}

fn equal(key: &str, got: &Value, want: &Value) -> Result<(), Failed> {
    if got == want { Ok(()) } else { Err(format!("{key} is {got}, expected {want}").into()) }
}
