//! The engine of the page that loads first reads policies and values of records. On those it says
//! what the conformance vectors want; all else it leaves to the other build of the page, silently.
#![cfg(all(not(feature = "full"), not(target_arch = "wasm32")))]

use serde_json::Value;
use std::collections::BTreeSet;
use stslint::finding::Severity;
use stslint::{Input, Kind, Report, lint};

const VECTORS: &str = include_str!("vectors.json");

/// Runs the vectors of some kinds whose input is a text, and gives how many were judged.
fn judged(kinds: &[Kind], detected: bool) -> usize {
    let vectors: Value = serde_json::from_str(VECTORS).expect("JSON");
    let mut count = 0;
    for vector in vectors.as_array().expect("a list") {
        let kind = vector["kind"].as_str().and_then(Kind::from_word);
        let (Some(kind), Some(text)) = (kind, vector["input"].as_str()) else { continue };
        if !kinds.contains(&kind) {
            continue;
        }
        let domain = vector["context"]["domain"].as_str();
        let forced = (!detected).then_some(kind);
        let report = lint(&Input { kind: forced, domain, ..Input::new(text.as_bytes()) });
        let id = &vector["id"];
        if report.is_beyond() {
            assert_eq!(report.findings().count(), 0, "{id} is judged and left alone");
            assert!(!is_for_this_build(text, kind, detected), "{id} is left alone: {text}");
            continue;
        }
        if detected && report.artefacts[0].kind != kind {
            continue; // a text that looks like something else
        }
        assert_eq!(codes(&report), expected(vector), "{id}: {text}");
        count += 1;
    }
    count
}

/// A policy with a field in it, or one line that begins with a version.
fn is_for_this_build(text: &str, kind: Kind, detected: bool) -> bool {
    match kind {
        Kind::Policy if text.starts_with("HTTP/") => false,
        Kind::Policy => !detected || text.lines().any(|line| line.starts_with("mode:")),
        _ => text.starts_with("v=") && text.trim_end().lines().count() == 1,
    }
}

fn codes(report: &Report) -> BTreeSet<&str> {
    let loud = report.findings().filter(|finding| finding.rule.severity != Severity::Info);
    loud.map(|finding| finding.rule.code).collect()
}

fn expected(vector: &Value) -> BTreeSet<&str> {
    let codes = vector["expect"].as_array().expect("codes");
    codes.iter().filter_map(Value::as_str).collect()
}

#[test]
fn policies_are_judged() {
    assert!(judged(&[Kind::Policy], false) >= 100);
    assert!(judged(&[Kind::Policy], true) >= 80);
}

#[test]
fn values_of_records_are_judged() {
    assert!(judged(&[Kind::StsTxt], false) >= 20);
    assert!(judged(&[Kind::RptTxt], false) >= 20);
    assert!(judged(&[Kind::StsTxt, Kind::RptTxt], true) >= 30);
}

#[test]
fn what_is_written_in_another_form_is_left_alone() {
    for text in [
        "\"v=STSv1; id=1\"",
        "_mta-sts.example.com. 300 IN TXT \"v=STSv1; id=1\"",
        "{\"organization-name\": \"Acme\", \"policies\": []}",
        "HTTP/2 200\r\n\r\nversion: STSv1\r\n",
        "example.com",
        "v=STSv1; id=1\nv=STSv1; id=2",
        "<!doctype html>",
    ] {
        let report = lint(&Input::new(text.as_bytes()));
        assert!(report.is_beyond(), "{text}");
        assert_eq!(report.findings().count(), 0, "{text}");
    }
}
