//! What linting finds, in words that tables of tests are compared with.

use stslint::finding::Severity;
use stslint::{Parsed, Report};

/// The codes of errors and warnings, sorted.
pub fn loud(report: &Report) -> Vec<&str> {
    let loud = report.findings().filter(|finding| finding.rule.severity <= Severity::Warning);
    let mut loud: Vec<&str> = loud.map(|finding| finding.rule.code).collect();
    loud.sort_unstable();
    loud
}

/// The kinds of records that are found, the codes of errors and warnings, and the ids and destinations.
pub fn records(report: &Report) -> [String; 3] {
    let ours = || report.artefacts.iter().filter(|it| it.kind.word().ends_with("-txt"));
    let kinds: Vec<&str> = ours().map(|artefact| artefact.kind.word()).collect();
    let read = ours().flat_map(|artefact| match &artefact.parsed {
        Parsed::Record(values) => values.id.iter().chain(&values.rua).cloned().collect(),
        _ => Vec::new(),
    });
    let read: Vec<String> = read.collect();
    [kinds.join(" "), loud(report).join(" "), read.join(" ")]
}
