//! Where deployed software disagrees with the RFCs: the input, the RFC's answer with its clause, and
//! who gives another one. stslint gives the RFC's, each row a test of its own named by its id.
//!
//! What software does was read from its source, or its tests, in 2026; it is there to be told. Models of
//! some of it are run against the same rows by `senders.rs`. Read were, each at a commit: mox 1c95876, chasquid ca2538b, maddy's
//! go-mtasts 1438da2, postfix-mta-sts-resolver a000619, postfix-tlspol ffe1e2d, Stalwart d72608f with
//! mail-auth 0e93300, KumoMTA 3ebc1e8, mailrs e1ab08c, mailauth d2616c6, rest-mail's go-mtasts
//! c1beeb1, Mimecast's mta-sts 518d7a6, Halon's mta-sts a4a9f2d, checkdmarc d4866ca, NCSC Mail Check
//! 15faefd and 76e8a33, aykevl's mta-sts e1effc4, EFF's starttls-backend 2d6eab0, DomainDetective
//! e8e8ccf, dmarq 9cf08d2, parsedmarc 6358c36, cry-inc's dmarc-report-viewer 64d5eaf, tlsrpt-rs
//! 660a584, tls-rpt-monitor of Neztore 45c9bd6, sys4's tlsrpt-rr-parser 688e461 and tlsrpt-reporter
//! 1252b75; and what wiredepth, codeswap, dombrains, unemail and CaptainDNS say on their pages.

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use stslint::finding::Severity;
use stslint::{Declared, Input, Parsed, host, lint};

const ROWS: &str = include_str!("../../../tests/agreement.json");

fn main() {
    let rows: Vec<Value> = serde_json::from_str(ROWS).expect("the table is JSON");
    let ids: BTreeSet<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(ids.len(), rows.len(), "every row has an id of its own");
    let trials = rows.into_iter().map(|row| {
        let id = row["id"].as_str().expect("an id").to_owned();
        Trial::test(id, move || {
            complete(&row)?;
            answers(&row)
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// A row has its reasons in words, and cites a section that exists.
fn complete(row: &Value) -> Result<(), Failed> {
    let says_something = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let differs = row["differs"].as_array().ok_or("no list of software")?;
    let words = differs.iter().flat_map(|row| [&row["software"], &row["how"]]);
    if let Some(missing) = [&row["says"]].into_iter().chain(words).find(|v| !says_something(v)) {
        return Err(format!("{missing} says nothing").into());
    }
    let clause = row["clause"].as_str().and_then(|clause| clause.strip_prefix("RFC "));
    let (rfc, section) = match clause.ok_or("no clause")?.split_once(" §") {
        Some((rfc, section)) => (rfc, section),
        None => (clause.unwrap_or_default(), "-"),
    };
    let known = include_str!("../../../tests/rfc-sections.txt").lines().any(|line| {
        line.split_once(':').is_some_and(|(known, sections)| {
            known == rfc && sections.split_whitespace().any(|other| other == section)
        })
    });
    if known { Ok(()) } else { Err(format!("RFC {rfc} has no §{section}").into()) }
}

/// stslint's answer is the RFC's. `null` is no answer of the RFC.
fn answers(row: &Value) -> Result<(), Failed> {
    let (input, rfc) = (&row["input"], &row["rfc"]);
    if row["kind"] == "mx-match" {
        let text = |key: &str| input[key].as_str().ok_or("pattern and host");
        let covers = host::matches(text("pattern")?, text("mx")?).covers();
        return equal("the match", &json!(covers), &rfc["match"]);
    }
    let source = match input["times"].as_u64() {
        Some(times) => {
            let text = |key: &str| input[key].as_str().unwrap_or_default();
            text("start").to_owned() + &text("unit").repeat(times as usize)
        }
        None => input.as_str().ok_or("a text")?.to_owned(),
    };
    let declared = row["kind"].as_str().and_then(Declared::from_word);
    let report = lint(&Input::new(source.as_bytes()).declared(declared));
    let artefact = &report.artefacts[0];
    let verdict = artefact.verdict().ok_or("no verdict")?;
    equal("within the grammar", &json!(verdict.conformant), &rfc["grammar"])?;
    equal("usable", &json!(verdict.usable), &rfc["usable"])?;
    let read = match &artefact.parsed {
        Parsed::Policy(v) => json!({
            "version": v.version, "mode": v.mode.map(stslint::policy::Mode::word),
            "max_age": v.max_age, "mx": v.mx,
        }),
        Parsed::Record(v) => json!({ "version": v.version, "id": v.id, "rua": v.rua }),
        Parsed::Report(v) => json!({ "success": v.success, "failure": v.failure }),
        _ => Value::Null,
    };
    for (key, want) in rfc["parsed"].as_object().into_iter().flatten() {
        equal(key, &read[key], want)?;
    }
    let defects = report.findings().filter(|finding| finding.rule.severity < Severity::Info);
    let codes: BTreeSet<&str> = defects.map(|finding| finding.rule.code).collect();
    equal("raised", &json!(codes), &row["codes"])
}

fn equal(what: &str, got: &Value, want: &Value) -> Result<(), Failed> {
    if want.is_null() || got == want {
        return Ok(());
    }
    Err(format!("{what}: {got}, expected {want}").into())
}
