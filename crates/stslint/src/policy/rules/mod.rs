//! The rules of policies, one file per topic, and the order in which they run.

/// A whole policy with one line of interest, for examples.
macro_rules! policy {
    (version: $line:literal) => {
        concat!($line, "\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n")
    };
    (mode: $line:literal) => {
        concat!("version: STSv1\r\n", $line, "\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n")
    };
    (mx: $line:literal) => {
        concat!("version: STSv1\r\nmode: enforce\r\n", $line, "\r\nmax_age: 1209600\r\n")
    };
    (max_age: $line:literal) => {
        concat!("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\n", $line, "\r\n")
    };
    (extra: $line:literal) => {
        concat!(
            "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n",
            $line,
            "\r\n"
        )
    };
    () => {
        "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n"
    };
}

pub(super) mod document;
pub(super) mod http;
mod lines;
pub(super) mod max_age;
mod mode;
pub(super) mod mx;
mod names;
mod providers;
mod version;

pub(super) use mode::meant as meant_mode;

use super::{Doc, Field, Line, LineEnd, Shape, Values};
use crate::finding::{Edit, Finding};
use crate::rule::Rule;
use crate::text::{BLANK, is_line_end, line_start};

/// All rules of policies, by topic.
pub const RULES: &[&[&Rule]] = &[
    document::RULES,
    document::characters::RULES,
    document::shape::RULES,
    http::RULES,
    lines::RULES,
    names::RULES,
    version::RULES,
    mode::RULES,
    max_age::RULES,
    mx::RULES,
    mx::form::RULES,
    mx::advice::RULES,
    mx::list::RULES,
    providers::RULES,
];

/// Rules on fields that are missing and that every policy has (RFC 8461 §3.2).
pub(super) const MISSING: [&Rule; 3] =
    [&version::VERSION_MISSING, &mode::MODE_MISSING, &max_age::MAX_AGE_MISSING];

/// Rules that speak of what a policy does not have, or not in front.
pub(crate) const ABSENT: [&Rule; 5] =
    [MISSING[0], &version::VERSION_NOT_FIRST, MISSING[1], MISSING[2], &mx::MX_MISSING];

/// Rules that speak of a line as a whole.
pub(crate) const LINES: [&Rule; 2] = [&lines::MALFORMED_LINE, &names::FIELD_NAME_INVALID];

/// Rules on names that are nearly those of fields.
pub(super) const NEARLY: [&Rule; 2] = [&names::FIELD_NAME_WRONG_CASE, &names::FIELD_NAME_TYPO];

/// Runs all rules that look at lines and fields. `findings` are those of the document.
pub(super) fn check(doc: &Doc, mut findings: Vec<Finding>) -> (Values, Vec<Finding>) {
    let values = doc.tree.values(doc.text);
    Finding::leave_out(&mut findings);
    let from = findings.len();
    let lists = mx::list::List::all(doc);
    lines::check(doc, &lists, &mut findings);
    let stand_ins = names::check(doc, &values, &mut findings);
    version::check(doc, &stand_ins, &mut findings);
    mode::check(doc, &values, &stand_ins, &mut findings);
    max_age::check(doc, &values, &stand_ins, &mut findings);
    mx::check(doc, &values, &lists, &mut findings);
    keep_in_front(doc, &mut findings[from..]);
    if !doc.findings_map.is_identity() {
        // A line that isn't one in the input yet can't be put in or taken out: that comes next.
        if document::shape::reshapes(&findings[..from]) {
            findings[from..].iter_mut().for_each(|finding| keep_to_the_line(doc, finding));
        }
        findings[from..].iter_mut().for_each(|finding| finding.relocate(doc.findings_map));
    }
    Finding::leave_out(&mut findings);
    Finding::sort(&mut findings, |finding| finding.span);
    (values, findings)
}

/// Takes back the removal of a line behind which the text goes on as one that is no policy: if it began there, none of its fields
/// would be read.
fn keep_in_front(doc: &Doc, findings: &mut [Finding]) {
    let is_known = |line: &&Line| matches!(line.shape, Shape::Field(it) if it != Field::Other);
    let above = doc.tree.lines.iter().take_while(|line| !is_known(line));
    let mut starts = above.filter(|it| it.shape != Shape::Blank).map(|line| line.span.start);
    let Some(other) = starts.find(|at| document::hides_all(&doc.text[*at..])) else { return };
    let end = doc.text[..other].trim_end_matches(BLANK).len();
    let start = line_start(doc.text, end);
    let removes = |edit: &Edit| edit.span.start <= start && (end..=other).contains(&edit.span.end);
    for finding in findings {
        if finding.fix.as_ref().is_some_and(|fix| fix.edits.iter().any(removes)) {
            finding.fix = None;
        }
    }
}

/// Takes back a repair of more than a piece of one line.
fn keep_to_the_line(doc: &Doc, finding: &mut Finding) {
    let breaks = |edit: &Edit| edit.text.contains('\n') || doc.str(edit.span).contains('\n');
    if finding.fix.as_ref().is_some_and(|fix| fix.edits.iter().any(breaks)) {
        finding.fix = None;
    }
}

/// The edit that inserts a line at the start or end of another line; it gives the line before it a
/// line end if that has none.
fn insert_line(doc: &Doc, at: usize, line: &str) -> Vec<Edit> {
    let lines = &doc.tree.lines;
    let end = doc.line_end();
    // In front of blank lines at the end: behind them a fence may end the policy.
    let written = |line: &&Line| !doc.str(line.span).trim().is_empty();
    if let Some(last) = lines.iter().rev().find(written).filter(|last| last.span.end < at) {
        let content = doc.str(last.span).trim_end_matches(is_line_end).len();
        return Edit::insert(last.span.start + content, format!("{end}{line}")).alone();
    }
    let open = lines.last().is_some_and(|l| l.end == LineEnd::None && l.span.end == at);
    let text = if open { format!("{end}{line}{end}") } else { format!("{line}{end}") };
    Edit::insert(at, text).alone()
}
