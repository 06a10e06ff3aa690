//! Results in the form that was asked for: the engine makes the text, this puts it together.

use crate::gitlab::Issues;
use crate::settings::Ignored;
use crate::snippet::{self, Source};
use crate::terminal::Terminal;
use clap::ValueEnum;
use stslint::render::alike::alike;
use stslint::render::sarif::Linted;
use stslint::render::{Positions, github, json, markdown, report as words_of_report, sarif, words};
use stslint::text::visible;
use stslint::{Kind, Report};

/// Most findings that are written out for one input.
const FINDINGS: usize = 100;

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs: JSON; the README and a schema describe it
    Json,
    /// For code scanning and editors: SARIF 2.1.0
    Sarif,
    /// For tickets and mails: a report with date and version
    Markdown,
    /// For logs of GitHub Actions: annotations
    Github,
    /// For merge requests of GitLab: a code quality report
    Gitlab,
}

/// What is being written.
pub(crate) enum Output {
    Text { inputs: usize },
    Json(json::Document),
    Sarif(Box<sarif::Log>),
    Markdown { inputs: usize, date: String },
    Github,
    Gitlab(Issues),
}

impl Output {
    /// Nothing yet. `home` is the address of the page; `date` goes into reports.
    pub(crate) fn new(format: Format, home: &str, date: String) -> Self {
        match format {
            Format::Text => Self::Text { inputs: 0 },
            Format::Json => Self::Json(json::Document::new()),
            Format::Sarif => Self::Sarif(Box::new(sarif::Log::new(home))),
            Format::Markdown => Self::Markdown { inputs: 0, date },
            Format::Github => Self::Github,
            Format::Gitlab => Self::Gitlab(Issues::default()),
        }
    }

    /// Adds an input and what was found in it, without what is ignored. `all` is the report with that: what a text is
    /// worth is told by all findings.
    pub(crate) fn add(
        &mut self,
        linted: &Linted,
        all: &Report,
        ignored: &Ignored,
        terminal: &mut Terminal,
    ) {
        let Linted { name, input, report, .. } = *linted;
        match self {
            Self::Text { inputs } => {
                if *inputs > 0 {
                    terminal.print("\n");
                }
                *inputs += 1;
                print_text(linted, all, ignored, terminal);
            }
            Self::Json(document) => {
                document.add(name, input, report);
                let rules: Vec<_> = ignored.rules().collect();
                document.ignored(all, &rules);
            }
            Self::Sarif(log) => {
                log.add(&Linted { name: &slashes(name), ..*linted });
                if let Some(ignored) = ignored.words() {
                    log.add_ignored(&slashes(name), &ignored);
                }
            }
            Self::Markdown { inputs, date } => {
                if *inputs > 0 {
                    terminal.print("\n");
                }
                *inputs += 1;
                if name != "-" {
                    terminal.print(&markdown::title(name));
                }
                if let Some(ignored) = ignored.words() {
                    terminal.print(&format!(
                        "> **Ignored, and left out of what is said below: {ignored}.**\n\n"
                    ));
                }
                terminal.print(&markdown::markdown(input, report, date));
            }
            Self::Github => {
                terminal.print(&github::annotations(&slashes(name), input, report));
                if let Some(ignored) = ignored.words() {
                    terminal.print(&github::ignored(&slashes(name), &ignored));
                }
            }
            Self::Gitlab(issues) => {
                issues.add(&Linted { name: &slashes(name), ..*linted });
                // There is no place for it in the report.
                if let Some(ignored) = ignored.words() {
                    terminal.complain(&format!("{}: ignored: {ignored}", visible(name)));
                }
            }
        }
    }

    /// Notes that an input can't be read, for who reads only the output.
    pub(crate) fn add_unreadable(&mut self, name: &str, reason: &str, terminal: &mut Terminal) {
        match self {
            Self::Sarif(log) => log.add_unreadable(&slashes(name), reason),
            Self::Github => terminal.print(&github::unreadable(name, reason)),
            Self::Text { .. } | Self::Json(_) | Self::Markdown { .. } | Self::Gitlab(_) => {}
        }
    }

    /// Writes what is made of all inputs together.
    pub(crate) fn finish(self, terminal: &mut Terminal) {
        match &self {
            Self::Json(document) => terminal.print_json(document),
            Self::Sarif(log) => terminal.print_json(log),
            Self::Gitlab(issues) => terminal.print_json(&issues.list),
            Self::Text { .. } | Self::Markdown { .. } | Self::Github => {}
        }
    }
}

/// A path as addresses and annotations have it.
fn slashes(name: &str) -> String {
    if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() }
}

fn print_text(linted: &Linted, all: &Report, ignored: &Ignored, terminal: &mut Terminal) {
    let Linted { input, report, .. } = *linted;
    let name = &visible(linted.name);
    let positions = Positions::of(input.source, report);
    let source = Source { name, bytes: input.source, positions: &positions };
    let mut told: Vec<&str> = Vec::new();
    let groups: Vec<_> = report.artefacts.iter().flat_map(|one| alike(&one.findings)).collect();
    // The worst, in the order of the text.
    let mut shown: Vec<usize> = (0..groups.len()).collect();
    shown.sort_by_key(|index| groups[*index].first.rule.severity);
    let left_out = shown.split_off(shown.len().min(FINDINGS));
    shown.sort_unstable();
    for group in shown.iter().map(|index| &groups[*index]) {
        let in_full = !told.contains(&group.first.rule.code);
        if in_full {
            told.push(group.first.rule.code);
        }
        let text = snippet::render(terminal, &source, group, in_full);
        terminal.print(&text);
        terminal.print("\n");
    }
    if !left_out.is_empty() {
        let more: usize = left_out.iter().map(|index| groups[*index].count()).sum();
        terminal.print(&format!("…and {more} more findings in {name}\n\n"));
    }

    let head = words::headline(input, all);
    let title = terminal.coloured(report.worst(), &head.title);
    terminal.print(&format!(
        "{name}: {title}\n  {}: {}.\n  {}\n",
        words::taken_for(all),
        words::summary(all),
        head.next,
    ));
    match report.artefacts.first().map(|one| one.kind) {
        Some(Kind::Unknown) => {
            let mentioned = report.artefacts.first().and_then(|one| one.mentioned(input.source));
            if let Some(domain) = mentioned {
                terminal.print(&format!("  To check it: stslint check {domain}\n"));
            }
            terminal.print("  To say what it is: stslint lint --kind KIND FILE\n");
        }
        Some(Kind::Domain) => terminal.print("  To check it: stslint check DOMAIN\n"),
        Some(Kind::Report) if report.findings().any(|found| found.rule.code == "RPT-JSON-009") => {
            terminal.print("  To read them together: stslint report FILE\n");
        }
        _ => {}
    }
    if let Some(ignored) = ignored.words() {
        terminal.print(&format!("  Ignored: {ignored}.\n"));
    }
    for (name, one) in words::each(input, all) {
        terminal.print(&format!("    {name}: {}\n", one.title));
    }
    if let Some(stslint::Parsed::Report(values)) = report.artefacts.first().map(|a| &a.parsed)
        && let Some(content) =
            stslint::carve::report_text(input.source).as_deref().and_then(stslint::report::content)
    {
        let rows = stslint::report::table(&content);
        for row in rows.iter().take(FINDINGS) {
            let line = words_of_report::line(row, values.kinds.len() > 1);
            terminal.print(&format!("    {line}\n"));
        }
        if rows.len() > FINDINGS {
            terminal.print(&format!("    …and {} more\n", rows.len() - FINDINGS));
        }
    }
    if let Some(stslint::Parsed::Domain(domain)) = report.artefacts.first().map(|a| &a.parsed) {
        for command in words::lookup_commands(domain) {
            terminal.print(&format!("    {command}\n"));
        }
    }
}
