//! The rules of reports, one file per topic, and the order in which they run.

/// A whole report with one part of interest, for examples.
macro_rules! report {
    (organization: $part:literal) => {
        report!(@all $part, report!(@range), report!(@contact), report!(@id), report!(@policies))
    };
    (range: $part:literal) => {
        report!(@all report!(@organization), $part, report!(@contact), report!(@id), report!(@policies))
    };
    (times: $start:literal, $end:literal) => {
        report!(@all report!(@organization),
            concat!("\"date-range\":{\"start-datetime\":\"", $start, "\",\"end-datetime\":\"", $end, "\"},"),
            report!(@contact), report!(@id), report!(@policies))
    };
    (contact: $part:literal) => {
        report!(@all report!(@organization), report!(@range), $part, report!(@id), report!(@policies))
    };
    (id: $part:literal) => {
        report!(@all report!(@organization), report!(@range), report!(@contact), $part, report!(@policies))
    };
    (policies: $part:literal) => {
        report!(@all report!(@organization), report!(@range), report!(@contact), report!(@id), $part)
    };
    (policy: $part:literal) => {
        report!(@one $part, "\"summary\":{\"total-successful-session-count\":120,\"total-failure-session-count\":0}", "[]")
    };
    (summary: $part:literal) => { report!(@one report!(@policy), $part, "[]") };
    (failed: $total:literal, $details:literal) => {
        report!(@one report!(@policy),
            concat!("\"summary\":{\"total-successful-session-count\":120,\"total-failure-session-count\":", $total, "}"),
            $details)
    };
    (detail: $detail:literal) => {
        report!(@one report!(@policy),
            "\"summary\":{\"total-successful-session-count\":120,\"total-failure-session-count\":3}",
            concat!("[{", $detail, "}]"))
    };
    () => {
        report!(@all report!(@organization), report!(@range), report!(@contact), report!(@id), report!(@policies))
    };
    (@organization) => { "\"organization-name\":\"Sender Example\"," };
    (@range) => {
        "\"date-range\":{\"start-datetime\":\"2026-10-01T00:00:00Z\",\"end-datetime\":\"2026-10-01T23:59:59Z\"},"
    };
    (@contact) => { "\"contact-info\":\"tlsrpt@sender.example\"," };
    (@id) => { "\"report-id\":\"2026-10-01_example.com\"," };
    (@policy) => {
        "\"policy\":{\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\",\"mode: enforce\",\"mx: *.mx.example\",\"max_age: 1209600\"],\"policy-domain\":\"example.com\",\"mx-host\":[\"*.mx.example\"]}"
    };
    (@policies) => {
        concat!("\"policies\":[{", report!(@policy),
            ",\"summary\":{\"total-successful-session-count\":120,\"total-failure-session-count\":0},\"failure-details\":[]}]")
    };
    (@one $policy:expr, $summary:expr, $details:expr) => {
        report!(@all report!(@organization), report!(@range), report!(@contact), report!(@id),
            concat!("\"policies\":[{", $policy, ",", $summary, ",\"failure-details\":", $details, "}]"))
    };
    (@all $organization:expr, $range:expr, $contact:expr, $id:expr, $policies:expr) => {
        concat!("{", $organization, $range, $contact, $id, $policies, "}")
    };
}

mod container;
mod failures;
mod file_name;
mod metadata;
mod policy;
mod sessions;

use super::{Values, names};
use crate::finding::{Arg, Finding, Fix, Severity};
use crate::input::{Input, Kind};
use crate::json::{self, Value};
use crate::rule::{Example, Rule, Words, words};
use crate::text::Span;

/// Findings of reports are built before they are added: there are fewer places than in the other
/// parts, and no page carries them.
trait Built {
    fn arg(self, arg: Arg) -> Self;
    fn label(self, span: Span, text: &'static str) -> Self;
    fn fix(self, fix: impl Into<Option<Fix>>) -> Self;
}

impl Built for Finding {
    fn arg(mut self, arg: Arg) -> Self {
        Self::arg(&mut self, arg);
        self
    }

    fn label(mut self, span: Span, text: &'static str) -> Self {
        Self::label(&mut self, span, text);
        self
    }

    fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        Self::fix(&mut self, fix.into());
        self
    }
}

/// All rules of reports, by topic.
pub const RULES: &[&[&Rule]] = &[
    container::RULES,
    metadata::RULES,
    file_name::RULES,
    policy::RULES,
    sessions::RULES,
    failures::RULES,
];

/// A report that was linted.
#[derive(Default)]
pub(super) struct Checked<'a> {
    pub(super) findings: Vec<Finding>,
    pub(super) values: Values,
    /// The object that it is, with the names and places that the schema has for its members, and how many bytes stand before
    /// it. None where it is none.
    pub(super) object: Option<(Value<'a>, usize)>,
}

/// Lints a report.
pub(super) fn check<'a>(input: &Input<'a>) -> Checked<'a> {
    let mut checked = Checked::default();
    let Checked { findings, values, object } = &mut checked;
    let Some((text, start)) = container::text(input.source, findings) else {
        return checked;
    };
    let (mut root, problems) = json::read(text);
    if container::root(&root, text, &problems, findings) {
        let mut misplaced = Vec::new();
        names::put_right(&mut root, &mut misplaced);
        values.organization = metadata::check(&root, findings);
        container::misplaced(&misplaced, findings);
        file_name::check(input, &root, findings);
        let guessed = names::guessed(&misplaced);
        for element in container::policies(&root, findings) {
            policy::element(element, &guessed, values, findings);
        }
        *object = Some((root, start));
    }
    for finding in &mut *findings {
        shift(finding, start);
    }
    Finding::leave_out(findings);
    findings.sort_by_key(|finding| finding.span);
    checked
}

/// Moves a finding of the text to the source, which may start with a byte order mark.
fn shift(finding: &mut Finding, by: usize) {
    let marks = finding.rule == &container::JSON_BOM;
    if by == 0 || marks {
        return;
    }
    let moved = |span: Span| Span::new(span.start + by, span.end + by);
    finding.span = moved(finding.span);
    for label in &mut finding.labels {
        label.span = moved(label.span);
    }
    for arg in &mut finding.args {
        if let crate::finding::Arg::Source(span) = arg {
            *span = moved(*span);
        }
    }
    for edit in finding.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
        edit.span = moved(edit.span);
    }
}

/// The place of a member's value, or where it is missing.
fn place(object: &Value, key: &str) -> Span {
    object.get(key).map_or_else(|| super::inside(object), |value| value.span)
}

const fn example(text: &'static str) -> Example {
    Example::new(Kind::Report, text)
}

/// A number of sessions, in words.
fn count(sessions: u64) -> Arg {
    let words = if sessions == 1 { "session" } else { "sessions" };
    Arg::Text(format!("{sessions} {words}").into())
}

const GOOD: Option<Example> = Some(example(report!()));
const UNUSABLE: &str = "Software that reads reports may reject it, so you learn nothing from it.";
const COSMETIC: &str = "None for your mail: the report is still readable.";
