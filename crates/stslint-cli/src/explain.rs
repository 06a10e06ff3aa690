//! `stslint explain`

use crate::exit;
use crate::lint::to_ascii;
use crate::snippet::{self, Source};
use crate::terminal::Terminal;
use strsim::levenshtein;
use stslint::finding::Finding;
use stslint::registry;
use stslint::render::Positions;
use stslint::rule::{Example, Rule};
use stslint::text::visible;
use stslint::{Input, lint};
use textwrap::WordSplitter;

/// Width of the text, in characters.
const WIDTH: usize = 80;

/// Most lines of an example.
const LINES: usize = 12;

/// Most rules that are suggested for an unknown code.
const SUGGESTIONS: usize = 5;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Code or name of the rule, e.g. STS-POL-051 or mode-invalid
    code: String,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let Some(rule) = find(&args.code) else {
        let mut text = format!("there is no rule {}", visible(&args.code));
        let near = near(&args.code);
        if !near.is_empty() {
            text.push_str("; did you mean ");
            text.push_str(&near.join(", "));
            text.push('?');
        }
        terminal.complain(&text);
        return exit::USAGE;
    };
    print_rule(rule, terminal);
    exit::OK
}

fn find(code: &str) -> Option<&'static Rule> {
    // A name can stand for two rules, one per record: then the code must tell.
    let mut named = registry::all().filter(|rule| rule.name.eq_ignore_ascii_case(code.trim()));
    registry::find(code).or_else(|| named.next().filter(|_| named.next().is_none()))
}

/// Codes of the rules whose code or name looks like the text, nearest first.
pub(crate) fn near(text: &str) -> Vec<&'static str> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .take(64)
            .collect()
    };
    let wanted = plain(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut ranked: Vec<(usize, &'static str)> = registry::all()
        .filter_map(|rule| {
            let (code, name) = (plain(rule.code), plain(rule.name));
            let number = wanted.len() >= 2 && code.ends_with(&wanted);
            let part = wanted.len() >= 4 && name.contains(&wanted);
            let distance = if name == wanted || number {
                0
            } else if part {
                1
            } else {
                levenshtein(&wanted, &code).min(levenshtein(&wanted, &name))
            };
            (distance <= 2).then_some((distance, rule.code))
        })
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(SUGGESTIONS).map(|(_, code)| code).collect()
}

fn print_rule(rule: &Rule, terminal: &mut Terminal) {
    let source = rule.words().fails.bytes();
    let input = Input { to_ascii: Some(to_ascii), ..rule.words().fails.input(&source) };
    let report = lint(&input);
    let shown = report.findings().find(|finding| finding.rule == rule);

    let severity = terminal.coloured(Some(rule.severity), rule.severity.word());
    terminal.print(&format!("{} {} ({severity})\n", terminal.bold(rule.code), rule.name));
    let message = shown.map_or_else(|| rule.message.to_owned(), |finding| finding.message(&source));
    print_part("What", &message, terminal);
    print_part("Why", rule.words().why, terminal);
    print_part("Effect", rule.words().effect, terminal);
    print_part("Help", rule.words().help, terminal);
    print_part("Clause", rule.words().clause, terminal);
    if let Some(url) = rule.url() {
        print_part("", &url, terminal);
    }
    print_title("An input that raises it", &rule.words().fails, terminal);
    match shown {
        Some(finding) => print_finding(finding, &source, &report, terminal),
        None => print_lines(&source, terminal),
    }
    if let Some(passes) = &rule.words().passes {
        print_title("Put right", passes, terminal);
        print_lines(&passes.bytes(), terminal);
    }
}

fn print_part(name: &str, text: &str, terminal: &mut Terminal) {
    let first = format!("{name:8}");
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(&first)
        .subsequent_indent("        ")
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation);
    terminal.print(&format!("{}\n", textwrap::fill(text, options)));
}

fn print_title(title: &str, example: &Example, terminal: &mut Terminal) {
    let domain = example.domain.map(|domain| format!(" (policy domain {domain})"));
    let file = example.file_name.map(|name| format!(" (in the file {name})"));
    let known = domain.or(file).unwrap_or_default();
    let title = terminal.bold(&format!("{title}{known}:"));
    terminal.print(&format!("\n{title}\n\n"));
}

fn print_finding(
    finding: &Finding,
    source: &[u8],
    report: &stslint::Report,
    terminal: &mut Terminal,
) {
    let positions = Positions::of(source, report);
    let source = Source { name: "example", bytes: source, positions: &positions };
    let text = snippet::render_place(terminal, &source, finding);
    terminal.print(&text);
}

fn print_lines(source: &[u8], terminal: &mut Terminal) {
    let text = String::from_utf8_lossy(source);
    let mut lines = text.lines();
    for line in lines.by_ref().take(LINES) {
        let line = visible(&line.chars().take(WIDTH).collect::<String>());
        terminal.print(&format!("    {line}\n"));
    }
    if lines.next().is_some() {
        terminal.print("    …\n");
    }
}
