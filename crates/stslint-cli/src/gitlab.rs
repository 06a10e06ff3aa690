//! Findings as GitLab's code quality reads them: a list of issues in the form of Code Climate.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use stslint::finding::Severity;
use stslint::render::Positions;
use stslint::render::sarif::{Linted, fingerprint};

/// One issue. GitLab takes these members and no others (GitLab, "Code Quality report format").
#[derive(Debug, Serialize)]
pub(crate) struct Issue {
    description: String,
    check_name: &'static str,
    /// Stays the same when lines before it come or go, and no two issues have the same.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
}

/// What was found in all inputs.
#[derive(Debug, Default)]
pub(crate) struct Issues {
    pub(crate) list: Vec<Issue>,
    /// How many issues have the same text in the same file.
    same: BTreeMap<u64, usize>,
}

impl Issues {
    /// Adds the findings of an input.
    pub(crate) fn add(&mut self, linted: &Linted) {
        let Linted { name, input, report, .. } = *linted;
        // Paths are relative to the folder of the project, without a mark for it.
        let path = name.strip_prefix("./").unwrap_or(name);
        let positions = Positions::of(input.source, report);
        for finding in report.findings() {
            let rule = finding.rule;
            let message = finding.message(input.source);
            let hash = fingerprint(&[path, rule.code, &message]);
            let same = self.same.entry(hash).or_default();
            *same += 1;
            let mut fingerprint = format!("{hash:016x}");
            if *same > 1 {
                // A String takes any amount.
                let _ = write!(fingerprint, "-{same}");
            }
            self.list.push(Issue {
                description: format!("{message}. {}", rule.words().help),
                check_name: rule.code,
                fingerprint,
                severity: match rule.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Advice | Severity::Info => "info",
                },
                location: Location {
                    path: path.to_owned(),
                    lines: Lines { begin: positions.get(finding.span.start).line },
                },
            });
        }
    }
}
