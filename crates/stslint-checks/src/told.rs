//! What linting finds, in words that tables of tests are compared with.

use stslint::finding::{Finding, Severity};
use stslint::{Artefact, Kind, Parsed, Report};

/// Errors and warnings of one artefact.
pub fn defects_of(artefact: &Artefact) -> impl Iterator<Item = &Finding> {
    artefact.findings.iter().filter(|finding| finding.rule.severity <= Severity::Warning)
}

/// Errors and warnings.
pub fn defects(report: &Report) -> impl Iterator<Item = &Finding> {
    report.artefacts.iter().flat_map(defects_of)
}

/// The codes of errors and warnings, sorted.
pub fn loud(report: &Report) -> Vec<&str> {
    let mut loud: Vec<&str> = defects(report).map(|finding| finding.rule.code).collect();
    loud.sort_unstable();
    loud
}

/// The kinds of records that are found, the codes of errors and warnings, and the ids and destinations.
pub fn records(report: &Report) -> [String; 3] {
    let is_record = |it: &&Artefact| matches!(it.kind, Kind::StsTxt | Kind::RptTxt);
    let ours = || report.artefacts.iter().filter(is_record);
    let kinds: Vec<&str> = ours().map(|artefact| artefact.kind.word()).collect();
    let read = ours().flat_map(|artefact| match &artefact.parsed {
        Parsed::Record(values) => values.id.iter().chain(&values.rua).cloned().collect(),
        _ => Vec::new(),
    });
    let read: Vec<String> = read.collect();
    [kinds.join(" "), loud(report).join(" "), read.join(" ")]
}
