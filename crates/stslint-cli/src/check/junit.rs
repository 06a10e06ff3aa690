//! Rows as a JUnit report: a test case for each entry.

use super::row::{Line, Row, Severity, State};
use super::since::Kind;
use crate::terminal::Terminal;
use std::fmt::Write as _;
use stslint::text::visible;

/// The test cases of a run. Their numbers stand before them, so they are kept until the end.
#[derive(Debug, Default)]
pub(super) struct Suite {
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// How a test case ends.
enum End {
    Passed,
    /// The element that says why not, with its type and message.
    Not(&'static str, &'static str, String),
}

impl Suite {
    /// Adds what came of one entry.
    pub(super) fn add(&mut self, line: &Line) {
        let (name, end, more) = match line {
            Line::Domain(row) => (row.domain.clone(), end(row), details(row)),
            Line::Unfit(unfit) => {
                let message = format!("It is {}.", unfit.not_checked);
                (unfit.text.clone(), End::Not("error", "not-checked", message), String::new())
            }
            Line::Gone(gone) => {
                let message = "It is no longer in the list.".into();
                (gone.domain.clone(), End::Not("skipped", "gone", message), String::new())
            }
        };
        self.tests += 1;
        // A String takes any amount.
        let _ = write!(self.cases, "    <testcase classname=\"stslint\" name=\"{}\"", xml(&name));
        match end {
            End::Passed if more.is_empty() => self.cases.push_str("/>\n"),
            End::Passed => {
                let more = xml(&more);
                let _ = writeln!(
                    self.cases,
                    ">\n      <system-out>{more}</system-out>\n    </testcase>"
                );
            }
            End::Not(element, kind, message) => {
                match element {
                    "failure" => self.failures += 1,
                    "error" => self.errors += 1,
                    _ => self.skipped += 1,
                }
                let (message, more) = (xml(&message), xml(&more));
                let _ = writeln!(
                    self.cases,
                    ">\n      <{element} type=\"{kind}\" message=\"{message}\">{more}</{element}>\n    </testcase>"
                );
            }
        }
    }

    /// Writes all of it.
    pub(super) fn finish(self, terminal: &mut Terminal) {
        let Self { cases, tests, failures, errors, skipped } = self;
        let numbers = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
        terminal.print(&format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuites name=\"stslint check\" {numbers}>\n  \
             <testsuite name=\"stslint check\" {numbers} skipped=\"{skipped}\">\n{cases}  \
             </testsuite>\n</testsuites>\n"
        ));
    }
}

/// How the test case of a domain ends: beside an earlier run, it fails where something got worse only.
fn end(row: &Row) -> End {
    let title = row.title_with_ignored();
    let unseen = || {
        let unseen = row.not_looked_up.first();
        unseen.map_or(String::new(), |unseen| format!("{}: {}", unseen.what, unseen.why))
    };
    let fails = match &row.change {
        Some(change) => change.alarm(row),
        None => row.severity.filter(|severity| *severity <= Severity::Warning),
    };
    match fails {
        Some(severity) => End::Not("failure", severity.word(), title),
        None if !row.complete => End::Not("error", "not-looked-up", unseen()),
        None if row.change.as_ref().is_some_and(|change| change.kind != Kind::New) => End::Passed,
        None if row.state == State::Unknown => End::Not("skipped", "unknown", title),
        None => End::Passed,
    }
}

/// The findings, and what could not be looked up.
fn details(row: &Row) -> String {
    let mut out = String::new();
    for finding in &row.findings {
        let (severity, code, step) = (finding.severity.word(), &finding.code, &finding.step);
        let _ = writeln!(out, "{severity} {code} ({step})");
    }
    for change in row.change.iter().flat_map(|change| change.words(row)) {
        let _ = writeln!(out, "{change}");
    }
    for unseen in &row.not_looked_up {
        let _ = writeln!(out, "not looked up: {}: {}", unseen.what, unseen.why);
    }
    out
}

/// Text as XML has it. Control characters, which XML 1.0 §2.2 does not allow, are made visible.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            out.push('\n');
        }
        for c in visible(line).chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
                c => out.push(c),
            }
        }
    }
    out
}
