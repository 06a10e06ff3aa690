//! Applying fixes.

use crate::finding::{Applicability, Edit, Finding, apply};
use crate::{Input, Report, lint};

/// More rounds than this mean that two fixes undo each other, which a test forbids.
const ROUNDS: usize = 16;

/// The rule about line ends that are valid, and not those of the RFC's text.
const LINE_ENDS: &str = "STS-POL-021";

/// The findings whose fixes may all be applied without asking. Where nothing else is to be repaired, line ends are not
/// either: they are good as they are.
pub fn safe(report: &Report) -> impl Iterator<Item = &Finding> {
    let is_safe = |finding: &&Finding| {
        finding.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe)
    };
    let is_repair = |finding: &&Finding| finding.rule.code != LINE_ENDS;
    let repairs = report.findings().filter(is_safe).any(|finding| is_repair(&finding));
    report.findings().filter(move |finding| is_safe(finding) && (repairs || is_repair(finding)))
}

/// The edits of all safe fixes of one report that can be applied together, ascending. Where two
/// fixes touch each other the first one wins; the next round gets the other.
pub fn safe_edits(report: &Report) -> Vec<Edit> {
    let mut chosen: Vec<&Edit> = Vec::new();
    for fix in safe(report).filter_map(|finding| finding.fix.as_ref()) {
        if !fix.edits.iter().all(|e| is_free(&chosen, e)) {
            continue;
        }
        for edit in &fix.edits {
            let at = chosen.partition_point(|other| other.span <= edit.span);
            chosen.insert(at, edit); // Nearly always at the end: findings come in order.
        }
    }
    chosen.into_iter().cloned().collect()
}

/// Whether an edit touches none of the ascending `chosen` ones. Two deletions may touch: together
/// they delete what each deletes alone, and a text of bad lines is put right in one go.
fn is_free(chosen: &[&Edit], edit: &Edit) -> bool {
    let is_apart = |first: &Edit, second: &Edit| {
        first.span.end < second.span.start
            || first.span.end == second.span.start && deletes(first) && deletes(second)
    };
    let next = chosen.partition_point(|other| other.span.start < edit.span.start);
    let before = next.checked_sub(1).is_none_or(|i| is_apart(chosen[i], edit));
    let after = chosen.get(next).is_none_or(|other| is_apart(edit, other));
    before && after
}

fn deletes(edit: &Edit) -> bool {
    edit.text.is_empty() && !edit.span.is_empty()
}

/// The input with every safe fix applied, until none is left.
pub fn apply_safe(input: &Input) -> Vec<u8> {
    rounds(input, |input| Some(lint(input)))
}

/// The same with the findings of `lint`, as long as it gives some.
pub(crate) fn rounds(input: &Input, lint: fn(&Input) -> Option<Report>) -> Vec<u8> {
    let mut source = input.source.to_vec();
    for _ in 0..ROUNDS {
        let Some(report) = lint(&Input { source: &source, ..*input }) else { break };
        let edits = safe_edits(&report);
        if edits.is_empty() {
            break;
        }
        source = apply(&source, &edits);
    }
    source
}
