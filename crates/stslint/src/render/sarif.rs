//! SARIF 2.1.0 (OASIS), which code scanning and editors read: one run over all inputs.
//!
//! Columns and character offsets count code points, as everywhere here. Texts that stem from an
//! input can't make links: brackets are escaped (SARIF §3.11.6). Braces stay as they are, since
//! readers replace `{0}` only where there are arguments, and there are none.

mod uri;

use super::{Positions, markdown};
use crate::finding::{Applicability, Finding, Severity};
use crate::rule::{Example, Rule, Text};
use crate::text::Span;
use crate::{Input, Report};
use serde::Serialize;
use std::collections::BTreeMap;

/// Longest example that the help of a rule shows, in bytes.
const EXAMPLE: usize = 1000;

/// What relative addresses are relative to.
const ROOT: &str = "%SRCROOT%";

/// A log with one run. Serialize it as JSON.
#[derive(Debug, Serialize)]
pub struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

/// An input and what was found in it.
#[derive(Clone, Copy, Debug)]
pub struct Linted<'a> {
    /// The path as given, with `/` between folders; `-` for standard input.
    pub name: &'a str,
    /// What was linted.
    pub input: &'a Input<'a>,
    /// What was found.
    pub report: &'a Report,
    /// The file holds the input compressed. Then byte offsets and edits would be wrong in it, so
    /// there are none.
    pub unpacked: bool,
}

impl Log {
    /// A log of nothing. `home` is the address of the page, see [`crate::HOME`].
    pub fn new(home: &str) -> Self {
        let home = home.trim_end_matches('/');
        let driver = Driver {
            name: "stslint",
            version: crate::VERSION,
            semantic_version: crate::VERSION,
            information_uri: format!("{home}/"),
            rules: Vec::new(),
        };
        let root = Described { description: plain("The folder in which stslint was started.") };
        let run = Run {
            tool: Tool { driver },
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: Vec::new(),
            }],
            original_uri_base_ids: BTreeMap::from([(ROOT, root)]),
            artifacts: Vec::new(),
            results: Vec::new(),
            column_kind: "unicodeCodePoints",
            newline_sequences: ["\r\n", "\n", "\r"],
            default_encoding: "UTF-8",
            language: "en",
        };
        Self {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: [run],
        }
    }

    /// Adds an input and what was found in it.
    pub fn add(&mut self, linted: &Linted) {
        let [run] = &mut self.runs;
        let location = artifact_location(linted.name, Some(run.artifacts.len()));
        let is_stream = linted.name == "-";
        let description = match (is_stream, linted.unpacked) {
            (_, true) => {
                Some("Compressed with gzip. Lines and columns count in the unpacked text.")
            }
            (true, false) => Some("Standard input."),
            (false, false) => None,
        };
        run.artifacts.push(Artifact {
            location: location.clone(),
            description: description.map(plain),
            roles: if is_stream {
                &["analysisTarget", "standardStream"]
            } else {
                &["analysisTarget"]
            },
        });
        let place = Places {
            location: &location,
            positions: &Positions::of(linted.input.source, linted.report),
            in_bytes: !linted.unpacked,
        };
        let mut seen = BTreeMap::new();
        for finding in linted.report.findings() {
            let index = run.tool.driver.index(finding.rule);
            run.results.push(result(linted.input.source, finding, index, &place, &mut seen));
        }
    }

    /// Notes that an input can't be read, and why.
    pub fn add_unreadable(&mut self, name: &str, reason: &str) {
        let [Run { invocations: [invocation], .. }] = &mut self.runs;
        invocation.execution_successful = false;
        let message = format!("The input can't be read: {reason}");
        invocation.tool_execution_notifications.push(Notification::new("error", &message, name));
    }

    /// Notes that findings in an input are left out, and which.
    pub fn add_ignored(&mut self, name: &str, what: &str) {
        let [Run { invocations: [invocation], .. }] = &mut self.runs;
        let message = format!("Ignored: {what}.");
        invocation.tool_execution_notifications.push(Notification::new("note", &message, name));
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    original_uri_base_ids: BTreeMap<&'static str, Described>,
    artifacts: Vec<Artifact>,
    results: Vec<Outcome>,
    column_kind: &'static str,
    newline_sequences: [&'static str; 3],
    default_encoding: &'static str,
    language: &'static str,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: String,
    /// Those that were raised, in the order of their first finding.
    rules: Vec<Descriptor>,
}

impl Driver {
    /// Where the rule stands, after it was added if need be.
    fn index(&mut self, rule: &Rule) -> usize {
        if let Some(known) = self.rules.iter().position(|known| known.id == rule.code) {
            return known;
        }
        let help_uri = format!("{}{}", self.information_uri, rule.page());
        self.rules.push(Descriptor::new(rule, help_uri));
        self.rules.len() - 1
    }
}

/// A rule (`reportingDescriptor`).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: &'static str,
    short_description: Message,
    full_description: Message,
    default_configuration: Configuration,
    help_uri: String,
    help: Message,
    properties: RuleProperties,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Debug, Serialize)]
struct RuleProperties {
    tags: [&'static str; 2],
    /// As code scanning reads it.
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

impl Descriptor {
    fn new(rule: &Rule, help_uri: String) -> Self {
        let topic = if rule.code.starts_with("RPT") { "tlsrpt" } else { "mta-sts" };
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice | Severity::Info => "recommendation",
        };
        Self {
            id: rule.code,
            name: rule.name,
            short_description: plain(&format!("{}.", rule.summary().replace('`', ""))),
            full_description: plain(rule.words().why),
            default_configuration: Configuration { level: level(rule) },
            help_uri,
            help: help(rule),
            properties: RuleProperties { tags: ["email", topic], severity },
        }
    }
}

/// The whole explanation of a rule.
fn help(rule: &Rule) -> Message {
    let words = rule.words();
    let parts = [("Why", words.why), ("Effect", words.effect), ("Do", words.help)];
    let mut text = String::new();
    let mut marked = String::new();
    for (name, part) in parts {
        text.push_str(&format!("{name}: {part}\n"));
        marked.push_str(&format!("**{name}:** "));
        markdown::push_ours(part, &mut marked);
        marked.push_str("\n\n");
    }
    text.push_str(&format!("Clause: {}", words.clause));
    marked.push_str("**Clause:** ");
    markdown::push_clause(rule, &mut marked);
    marked.push('\n');
    match &words.passes {
        None => push_example("Example", &words.fails, &mut marked),
        // Some differ in what can't be seen, such as line ends.
        Some(passes) if shown(&words.fails) == shown(passes) => {}
        Some(passes) => {
            push_example("Wrong", &words.fails, &mut marked);
            push_example("Right", passes, &mut marked);
        }
    }
    Message { text, markdown: Some(marked) }
}

/// What help can show of an example: its text and what else is known.
fn shown(example: &Example) -> Option<(String, [Option<&str>; 2])> {
    let Text::Plain(text) = example.text else { return None };
    let is_readable = text.len() <= EXAMPLE && !text.trim().is_empty();
    is_readable.then(|| (text.replace("\r\n", "\n"), [example.domain, example.file_name]))
}

fn push_example(title: &str, example: &Example, out: &mut String) {
    let Some((text, known)) = shown(example) else { return };
    out.push_str(&format!("\n**{title}**"));
    for known in known.into_iter().flatten() {
        out.push_str(" (");
        markdown::push_code(known, out);
        out.push(')');
    }
    out.push_str(":\n\n");
    markdown::push_fenced(&text, "text", "", out);
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Debug, Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
    locations: [Location; 1],
}

impl Notification {
    /// About an input.
    fn new(level: &'static str, message: &str, name: &str) -> Self {
        let location = Location {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: artifact_location(name, None),
                region: None,
            },
            message: None,
        };
        Self { level, message: plain(&escaped(message)), locations: [location] }
    }
}

#[derive(Debug, Serialize)]
struct Described {
    description: Message,
}

#[derive(Debug, Serialize)]
struct Artifact {
    location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Message>,
    roles: &'static [&'static str],
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

fn artifact_location(name: &str, index: Option<usize>) -> ArtifactLocation {
    let (uri, is_relative) = uri::of_path(name);
    let is_file_below = is_relative && name != "-";
    ArtifactLocation { uri, uri_base_id: is_file_below.then_some(ROOT), index }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    offsets: Option<Offsets>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Offsets {
    char_offset: usize,
    char_length: usize,
    byte_offset: usize,
    byte_length: usize,
}

/// A finding (`result`).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Repair>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Repair {
    description: Message,
    artifact_changes: [Change; 1],
    properties: RepairProperties,
}

#[derive(Debug, Serialize)]
struct RepairProperties {
    applicability: Applicability,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

/// A `message`, a `multiformatMessageString` or an `artifactContent`, as the place demands.
#[derive(Debug, Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

fn plain(text: &str) -> Message {
    Message { text: text.to_owned(), markdown: None }
}

/// Text of which nothing is a link.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '[' | '\\' | ']') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn level(rule: &Rule) -> &'static str {
    match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice | Severity::Info => "note",
    }
}

/// Turns spans of one input into places.
struct Places<'a> {
    location: &'a ArtifactLocation,
    positions: &'a Positions,
    in_bytes: bool,
}

impl Places<'_> {
    fn region(&self, span: Span) -> Region {
        let (start, end) = (self.positions.get(span.start), self.positions.get(span.end));
        let [first, after] = [span.start, span.end].map(|at| self.positions.characters(at));
        let offsets = Offsets {
            char_offset: first,
            char_length: after - first,
            byte_offset: span.start,
            byte_length: span.len(),
        };
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            offsets: self.in_bytes.then_some(offsets),
        }
    }

    fn location(&self, span: Span) -> Location {
        let physical_location = PhysicalLocation {
            artifact_location: self.location.clone(),
            region: Some(self.region(span)),
        };
        Location { id: None, physical_location, message: None }
    }
}

/// A finding as a result. `seen` counts equal findings of the input.
fn result(
    source: &[u8],
    finding: &Finding,
    rule_index: usize,
    places: &Places,
    seen: &mut BTreeMap<u64, usize>,
) -> Outcome {
    let message = finding.message(source);
    let mut marked = String::new();
    markdown::push_message(source, finding, &mut marked);
    let related = finding.labels.iter().enumerate().map(|(i, label)| Location {
        id: Some(i),
        message: Some(plain(&escaped(label.text))),
        ..places.location(label.span)
    });
    let fix = finding.fix.iter().filter(|_| places.in_bytes).map(|fix| Repair {
        description: plain(&escaped(&format!("{}.", fix.title))),
        artifact_changes: [Change {
            artifact_location: places.location.clone(),
            replacements: fix
                .edits
                .iter()
                .map(|edit| Replacement {
                    deleted_region: places.region(edit.span),
                    inserted_content: plain(&edit.text),
                })
                .collect(),
        }],
        properties: RepairProperties { applicability: fix.applicability },
    });
    // Code and message stay the same when lines before the place come or go.
    let hash = fingerprint(&[finding.rule.code, &message]);
    let count = seen.entry(hash).or_default();
    *count += 1;
    Outcome {
        rule_id: finding.rule.code,
        rule_index,
        level: level(finding.rule),
        locations: [places.location(finding.span)],
        related_locations: related.collect(),
        partial_fingerprints: BTreeMap::from([("stslint/v1", format!("{hash:016x}:{count}"))]),
        fixes: fix.collect(),
        message: Message {
            text: escaped(&format!("{message}.")),
            markdown: Some(format!("{marked}.")),
        },
    }
}

/// FNV-1a of texts, each ended by a zero byte.
pub fn fingerprint(texts: &[&str]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
