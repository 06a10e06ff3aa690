//! `stslint lint`

use crate::snippet::{self, Source};
use crate::terminal::{Terminal, visible};
use crate::{Format, exit};
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use stslint::finding::Severity;
use stslint::render::{Positions, json, words};
use stslint::{Input, Kind, Report, host};

/// Most findings that are written out for one input.
const FINDINGS: usize = 100;

/// The kinds that can be linted.
const KINDS: [Kind; 6] =
    [Kind::Policy, Kind::StsTxt, Kind::RptTxt, Kind::StsTxtRdata, Kind::RptTxtRdata, Kind::Report];

/// What a compressed input may unpack to, in bytes.
const UNPACKED: u64 = 20 << 20;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Read every input as this kind instead of detecting it
    #[arg(long, value_name = "KIND", value_parser = kind_parser())]
    kind: Option<Kind>,
    /// The domain that the policy or record is for
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    domain: Option<String>,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Files to lint; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

fn kind_parser() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(KINDS.map(Kind::word))
        .try_map(|word| Kind::from_word(&word).ok_or("no kind"))
}

/// A domain as A-labels in lower case.
fn domain(text: &str) -> Result<String, &'static str> {
    let name = text.strip_suffix('.').unwrap_or(text);
    let name = host::to_a_labels(name).unwrap_or_else(|| name.to_ascii_lowercase());
    if host::is_host_name(&name) { Ok(name) } else { Err("not a domain name") }
}

/// Lints all inputs; the worst finding makes the exit code, an unreadable input beats it.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    if args.files.iter().filter(|file| is_stdin(file)).count() > 1 {
        terminal.complain("standard input (-) can be read only once");
        return exit::USAGE;
    }
    let mut code = exit::OK;
    let mut unreadable = false;
    let mut document = json::Document::new();
    for (i, file) in args.files.iter().enumerate() {
        let name = visible(&file.to_string_lossy());
        let source = match read(file) {
            Ok(source) => unpacked(source),
            Err(reason) => {
                terminal.complain(&format!("can't read {name}: {reason}"));
                unreadable = true;
                continue;
            }
        };
        let input = Input {
            kind: args.kind,
            domain: args.domain.as_deref(),
            file_name: file.file_name().and_then(OsStr::to_str).filter(|_| !is_stdin(file)),
            ..Input::new(&source)
        };
        let report = stslint::lint(&input);
        code = code.max(match report.worst() {
            Some(Severity::Error) => exit::ERRORS,
            Some(Severity::Warning) => exit::WARNINGS,
            _ => exit::OK,
        });
        match args.format {
            Format::Text => {
                if i > 0 {
                    terminal.print("\n");
                }
                print_text(&name, &input, &report, terminal);
            }
            Format::Json => document.add(&file.to_string_lossy(), &input, &report),
        }
    }
    if args.format == Format::Json {
        match serde_json::to_string_pretty(&document) {
            Ok(text) => terminal.print(&text),
            Err(error) => terminal.complain(&error.to_string()),
        }
        terminal.print("\n");
    }
    if unreadable { exit::NO_INPUT } else { code }
}

fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// The exact bytes of an input: line ends and encoding are part of what is linted.
fn read(file: &Path) -> Result<Vec<u8>, String> {
    if is_stdin(file) {
        let mut source = Vec::new();
        return match std::io::stdin().lock().read_to_end(&mut source) {
            Ok(_) => Ok(source),
            Err(error) => Err(error.to_string()),
        };
    }
    if file.is_dir() {
        return Err("it is a directory; name the files in it".into());
    }
    std::fs::read(file).map_err(|error| error.to_string())
}

/// The content of gzip data, in which reports travel (RFC 8460 §5.2); anything else as it is. What
/// cannot be unpacked stays packed, and the engine says so (RPT-JSON-002).
fn unpacked(source: Vec<u8>) -> Vec<u8> {
    if !source.starts_with(&stslint::detect::GZIP) {
        return source;
    }
    let mut content = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(&source[..]).take(UNPACKED + 1);
    match reader.read_to_end(&mut content) {
        Ok(_) if content.len() as u64 <= UNPACKED => content,
        _ => source,
    }
}

fn print_text(name: &str, input: &Input, report: &Report, terminal: &mut Terminal) {
    let positions = Positions::of(input.source, report);
    let source = Source { name, bytes: input.source, positions: &positions };
    let mut told: Vec<&str> = Vec::new();
    for finding in report.findings().take(FINDINGS) {
        let in_full = !told.contains(&finding.rule.code);
        if in_full {
            told.push(finding.rule.code);
        }
        let text = snippet::render(terminal, &source, finding, in_full);
        terminal.print(&text);
        terminal.print("\n");
    }
    let count = report.findings().count();
    if count > FINDINGS {
        terminal.print(&format!("…and {} more findings in {name}\n\n", count - FINDINGS));
    }

    let head = words::headline(input, report);
    let title = terminal.coloured(report.worst(), &head.title);
    terminal.print(&format!(
        "{name}: {title}\n  {}: {}.\n  {}\n",
        words::taken_for(report),
        words::summary(report),
        head.next,
    ));
    if let Some(stslint::Parsed::Domain(domain)) = report.artefacts.first().map(|a| &a.parsed) {
        for command in words::lookup_commands(domain) {
            terminal.print(&format!("    {command}\n"));
        }
    }
}
