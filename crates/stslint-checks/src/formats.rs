//! What senders read from an artefact, written down and read again, is the same.

use crate::{Case, Outcome, ensure, shown};
use stslint::{Kind, Parsed, lint, policy, record};

/// Writes the values of each artefact of an input in their plainest form, and reads that.
pub fn check(case: &Case) -> Outcome {
    for artefact in lint(&case.input()).artefacts {
        let text = match &artefact.parsed {
            Parsed::Policy(values) => policy_text(values),
            Parsed::Record(values) => record_text(values, artefact.kind),
            _ => continue,
        };
        let again = lint(&Case::new(Some(artefact.kind.into()), text.clone()).input());
        let parsed = &again.artefacts[0].parsed;
        ensure!(
            *parsed == artefact.parsed,
            "{} gave {:?}, but {text:?} gives {parsed:?}",
            shown(&case.source),
            artefact.parsed
        );
    }
    Ok(())
}

/// RFC 8461 §3.2.
fn policy_text(values: &policy::Values) -> String {
    let mut text = String::new();
    let mut field = |name: &str, value: &str| text.push_str(&format!("{name}: {value}\r\n"));
    if let Some(version) = values.version {
        field("version", version);
    }
    if let Some(mode) = values.mode {
        field("mode", mode.word());
    }
    values.mx.iter().for_each(|pattern| field("mx", pattern));
    if let Some(max_age) = values.max_age {
        field("max_age", &max_age.to_string());
    }
    text
}

/// RFC 8461 §3.1, RFC 8460 §3.
fn record_text(values: &record::Values, kind: Kind) -> String {
    // A version in the wrong case is none, and what comes after it is read all the same.
    let wrong_case = if kind == Kind::RptTxt { "tlsrptv1" } else { "stsv1" };
    let version = values.version.unwrap_or(wrong_case);
    let mut text = format!("v={version};");
    if let Some(id) = &values.id {
        text.push_str(&format!(" id={id};"));
    }
    if !values.rua.is_empty() {
        text.push_str(&format!(" rua={}", values.rua.join(",")));
    }
    text
}
