//! The JSON output, version 1. The fields are promised: new ones may come, none changes or goes
//! while `schema` is 1.
//!
//! Offsets count bytes of the input from 0, `end` is after the last byte. Lines and columns count
//! from 1, columns in characters (an undecodable byte sequence counts as one).
//!
//! These types are also what programs in other languages get: plain data that own what they hold.

use super::Positions;
use crate::finding::{self, Applicability, Severity};
use crate::rule::Rule;
use crate::text::Span;
use crate::{Artefact, Declared, Input, Kind, Parsed, Report};
use base64ct::{Base64, Encoding};
use serde::Serialize;

/// The whole document.
#[derive(Debug, Serialize)]
pub struct Document {
    /// Version of this schema.
    pub schema: u32,
    /// Version of the engine that made the document.
    pub stslint: &'static str,
    /// One entry for each artefact of each input, in order. An input that holds several artefacts
    /// appears several times under the same name.
    pub inputs: Vec<Entry>,
    /// The inputs themselves, each once: what is needed to lint them again.
    pub sources: Vec<Source>,
}

impl Document {
    /// The version that this module writes.
    pub const SCHEMA: u32 = 1;

    /// A document of nothing.
    pub fn new() -> Self {
        Self {
            schema: Self::SCHEMA,
            stslint: crate::VERSION,
            inputs: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// Adds an input and what was found in it.
    pub fn add(&mut self, name: &str, input: &Input, report: &Report) {
        let source = self.sources.len();
        let entries = entries(name, input, report);
        self.inputs.extend(entries.into_iter().map(|entry| Entry { source, ..entry }));
        self.sources.push(Source::new(name, input));
    }

    /// Says of the input that was added last that findings of these rules, so many each, were left out of it. `all` is
    /// its report with them: verdicts are those of all findings.
    pub fn ignored(&mut self, all: &Report, ignored: &[(&'static Rule, usize)]) {
        let start = self.inputs.len().saturating_sub(all.artefacts.len());
        let ours = self.inputs.get_mut(start..).unwrap_or_default();
        for (entry, artefact) in ours.iter_mut().zip(&all.artefacts) {
            entry.verdict = verdict(artefact);
            let is_there = |rule: &Rule| artefact.findings.iter().any(|one| one.rule == rule);
            let ignored = ignored.iter().filter(|(rule, _)| is_there(rule));
            let of = |rule: &Rule| {
                let found = artefact.findings.iter().filter(|one| one.rule == rule);
                found.map(|one| 1 + one.more).sum()
            };
            entry.ignored = ignored
                .map(|(rule, _)| Ignored {
                    code: rule.code,
                    severity: rule.severity,
                    count: of(rule),
                })
                .collect();
        }
    }
}

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

/// An input, with all that its report depends on.
#[derive(Debug, Serialize)]
pub struct Source {
    /// The file name as given, or `-` for standard input.
    pub name: String,
    /// The name of the file without folders, where there is a file.
    pub file_name: Option<String>,
    /// What it was declared to be; null when that was detected.
    pub kind: Option<&'static str>,
    /// The domain that it was linted for, as A-labels.
    pub domain: Option<String>,
    /// Whether it has the line ends that senders see.
    pub line_ends_known: bool,
    /// The text, where the bytes are UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The bytes in base64 with padding (RFC 4648 §4), where they are not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
}

impl Source {
    /// The description of an input.
    pub fn new(name: &str, input: &Input) -> Self {
        let text = str::from_utf8(input.source).ok();
        Self {
            name: name.to_owned(),
            file_name: input.file_name.map(str::to_owned),
            kind: input.kind.map(|kind| Declared { kind, form: input.form }.word()),
            domain: input.domain.map(str::to_owned),
            line_ends_known: input.line_ends_known,
            text: text.map(str::to_owned),
            base64: text.is_none().then(|| Base64::encode_string(input.source)),
        }
    }
}

/// One linted artefact.
#[derive(Debug, Serialize)]
pub struct Entry {
    /// The file name as given, or `-` for standard input.
    pub name: String,
    /// Which of the document's sources it was found in, from 0.
    pub source: usize,
    /// What it is: `policy`, `sts-txt`, `rpt-txt`, `report` or `domain`.
    pub artefact: &'static str,
    /// What the findings add up to; null where there is nothing to judge,
    /// such as a domain.
    pub verdict: Option<Verdict>,
    /// What senders read from it.
    pub parsed: Values,
    /// The findings, in the order of the text.
    pub findings: Vec<Finding>,
    /// Those that were left out, as somebody asked for that. They count for the verdict.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<Ignored>,
}

/// Findings of a rule that were left out.
#[derive(Debug, Serialize)]
pub struct Ignored {
    /// The rule.
    pub code: &'static str,
    /// How bad they are.
    pub severity: Severity,
    /// How many there are.
    pub count: usize,
}

/// The verdict of an artefact.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// `conformant`, or `nonconformant` when the text is outside the grammar of its RFC.
    pub grammar: &'static str,
    /// Whether senders will use the artefact.
    pub usable: bool,
}

/// Values that are valid and apply to the artefact; all others are left out.
#[derive(Debug, Default, Serialize)]
pub struct Values {
    /// `STSv1` or `TLSRPTv1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'static str>,
    /// Policies: `enforce`, `testing` or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<&'static str>,
    /// Policies: lifetime in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u64>,
    /// Policies: the valid mx patterns in lower case, none twice. Present for every policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mx: Option<Vec<String>>,
    /// MTA-STS records: the policy id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// TLSRPT records: where reports go. Present for every TLSRPT record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rua: Option<Vec<String>>,
    /// Domains: the name, in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Texts with nothing to lint: the domain that they tell of, in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentioned: Option<String>,
    /// Reports: who reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Reports: sessions that went well. Left out where the report tells of several kinds of policies: it may count one
    /// session under each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<u64>,
    /// Reports: sessions that failed. Left out likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<u64>,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// Code of the rule, stable for ever.
    pub code: &'static str,
    /// Name of the rule.
    pub name: &'static str,
    /// `error`, `warning`, `advice` or `info`.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Why it matters.
    pub why: &'static str,
    /// What sending mail servers do about it.
    pub effect: &'static str,
    /// What to do.
    pub help: &'static str,
    /// The clause, in words.
    pub clause: &'static str,
    /// Address of the clause; null where the rule rests on practice only.
    pub url: Option<String>,
    /// The place; empty where something is missing.
    pub span: Place,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// The repair; null when none is known.
    pub fix: Option<Fix>,
}

/// A place in the input.
#[derive(Debug, Serialize)]
pub struct Place {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
    /// Line of the first byte.
    pub line: usize,
    /// Column of the first byte.
    pub column: usize,
    /// Line of `end`.
    pub end_line: usize,
    /// Column of `end`; where the place ends with a line, column 1 of the next line.
    pub end_column: usize,
}

/// A second place of a finding.
#[derive(Debug, Serialize)]
pub struct Label {
    /// The place.
    pub span: Place,
    /// What is there.
    pub text: &'static str,
}

/// A repair.
#[derive(Debug, Serialize)]
pub struct Fix {
    /// What it does.
    pub title: String,
    /// `safe`: may be applied without asking. `confirm`: a person decides.
    pub applicability: Applicability,
    /// Replacements in ascending order that do not overlap.
    pub edits: Vec<Edit>,
}

/// One replacement.
#[derive(Debug, Serialize)]
pub struct Edit {
    /// Offset of the first byte that goes.
    pub start: usize,
    /// Offset after the last byte that goes.
    pub end: usize,
    /// What comes instead.
    pub text: String,
}

/// The entries of one report, as those of the first source of a document.
pub fn entries(name: &str, input: &Input, report: &Report) -> Vec<Entry> {
    let positions = Positions::of(input.source, report);
    report.artefacts.iter().map(|artefact| entry(name, input, artefact, &positions)).collect()
}

fn entry(name: &str, input: &Input, artefact: &Artefact, positions: &Positions) -> Entry {
    Entry {
        name: name.to_owned(),
        source: 0,
        artefact: artefact.kind.word(),
        verdict: verdict(artefact),
        parsed: values(input, artefact),
        findings: artefact
            .findings
            .iter()
            .map(|finding| self::finding(input.source, finding, positions))
            .collect(),
        ignored: Vec::new(),
    }
}

fn verdict(artefact: &Artefact) -> Option<Verdict> {
    artefact.verdict().map(|verdict| Verdict {
        grammar: if verdict.conformant { "conformant" } else { "nonconformant" },
        usable: verdict.usable,
    })
}

fn values(input: &Input, artefact: &Artefact) -> Values {
    match &artefact.parsed {
        Parsed::None => Values { mentioned: artefact.mentioned(input.source), ..Values::default() },
        Parsed::Live(assessment) => {
            Values { domain: Some(assessment.facts.domain.clone()), ..Values::default() }
        }
        Parsed::Report(report) => Values {
            organization: report.organization.clone(),
            success: report.success,
            failure: report.failure,
            ..Values::default()
        },
        Parsed::Domain(domain) => Values { domain: Some(domain.clone()), ..Values::default() },
        Parsed::Policy(policy) => Values {
            version: policy.version,
            mode: policy.mode.map(crate::policy::Mode::word),
            max_age: policy.max_age,
            mx: Some(policy.mx.clone()),
            ..Values::default()
        },
        Parsed::Record(record) => Values {
            version: record.version,
            id: record.id.clone(),
            rua: (artefact.kind == Kind::RptTxt).then(|| record.rua.clone()),
            ..Values::default()
        },
    }
}

fn finding(source: &[u8], finding: &finding::Finding, positions: &Positions) -> Finding {
    let rule = finding.rule;
    Finding {
        code: rule.code,
        name: rule.name,
        severity: rule.severity,
        message: finding.message(source),
        why: rule.words().why,
        effect: rule.words().effect,
        help: rule.words().help,
        clause: rule.words().clause,
        url: rule.url(),
        span: place(finding.span, positions),
        labels: finding
            .labels
            .iter()
            .map(|label| Label { span: place(label.span, positions), text: label.text })
            .collect(),
        fix: finding.fix.as_ref().map(|fix| Fix {
            title: fix.title.to_string(),
            applicability: fix.applicability,
            edits: fix
                .edits
                .iter()
                .map(|edit| Edit {
                    start: edit.span.start,
                    end: edit.span.end,
                    text: edit.text.to_string(),
                })
                .collect(),
        }),
    }
}

fn place(span: Span, positions: &Positions) -> Place {
    let (first, end) = (positions.get(span.start), positions.get(span.end));
    Place {
        start: span.start,
        end: span.end,
        line: first.line,
        column: first.column,
        end_line: end.line,
        end_column: end.column,
    }
}
