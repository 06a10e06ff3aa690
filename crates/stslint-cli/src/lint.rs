//! `stslint lint`

use crate::output::{Format, Output};
use crate::settings::{self, Ignored, Settings};
use crate::source::{self, Source, is_stdin};
use crate::terminal::Terminal;
use crate::{date, exit};
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use std::path::PathBuf;
use stslint::finding::Severity;
use stslint::live::Problem;
use stslint::render::sarif::Linted;
use stslint::text::LineIndex;
use stslint::text::visible;
use stslint::{Declared, Input, Kind, host};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Read every input as this kind instead of detecting it
    #[arg(long, value_name = "KIND", value_parser = kind_parser())]
    kind: Option<Declared>,
    /// The domain that the policy or record is for
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    domain: Option<String>,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the result to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Address of your copy of the page, for the links to rules in SARIF
    #[arg(long, value_name = "URL", default_value = stslint::HOME, value_parser = home)]
    home: String,
    #[command(flatten)]
    settings: settings::Args,
    /// Files to lint; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Of what is pasted, a domain is nothing to lint.
fn kind_parser() -> impl TypedValueParser<Value = Declared> {
    let pasted = Declared::ALL.into_iter().filter(|declared| declared.kind != Kind::Domain);
    PossibleValuesParser::new(pasted.chain([Kind::Live.into()]).map(Declared::word))
        .try_map(|word| Declared::from_word(&word).ok_or("no kind"))
}

/// A domain as A-labels in lower case.
pub(crate) fn domain(text: &str) -> Result<String, &'static str> {
    host::domain_name(text, Some(to_ascii)).ok_or("not a domain name")
}

/// A name as A-labels.
pub(crate) fn to_ascii(name: &str) -> Option<String> {
    idna::domain_to_ascii(name).ok()
}

/// An absolute web address without odd characters, of a folder.
pub(crate) fn home(text: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/:%@[]".contains(&b);
    match rest {
        Some(rest) if !rest.is_empty() && rest.bytes().all(plain) => Ok(text.to_owned()),
        _ => Err("not a web address of a folder, like https://stslint.example/"),
    }
}

/// Lints all inputs; the worst finding makes the exit code, an unreadable input beats it.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    if !source::stdin_once(&args.files, terminal) {
        return exit::USAGE;
    }
    let Some((date, fresh_id)) =
        terminal.told(date::today().and_then(|date| Ok((date, date::fresh_id()?))))
    else {
        return exit::USAGE;
    };
    let settings = match Settings::of(&args.settings, terminal) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    if let Some(path) = &args.output {
        if args.files.iter().any(|file| !is_stdin(file) && source::is_same(file, path)) {
            terminal.complain("the output can't replace an input");
            return exit::USAGE;
        }
        terminal.write_to(path);
    }
    let mut output = Output::new(args.format, &args.home, date);
    let mut code = exit::OK;
    let mut unreadable = false;
    for file in &args.files {
        let name = file.to_string_lossy();
        let read = source::read(file, args.kind);
        let Source { bytes: source, file_name, unpacked, refused } = match read {
            Ok(source) => source,
            Err(reason) => {
                terminal.complain(&format!("can't read {}: {reason}", visible(&name)));
                output.add_unreadable(&name, &reason, terminal);
                unreadable = true;
                continue;
            }
        };
        for (place, reason) in refused {
            terminal.complain(&format!("can't read {}: {reason}", visible(&place)));
            // Whoever reads only the output knows the file, and not what is in it.
            output.add_unreadable(&name, &format!("{place}: {reason}"), terminal);
            unreadable = true;
        }
        if args.kind == Some(Kind::Live.into())
            && let Err(reasons) = facts(&source)
        {
            for reason in reasons {
                terminal.complain(&format!("can't read {}: {}", visible(&name), visible(&reason)));
                output.add_unreadable(&name, &reason, terminal);
            }
            unreadable = true;
            continue;
        }
        let input = Input {
            domain: args.domain.as_deref(),
            fresh_id: Some(&fresh_id),
            to_ascii: Some(to_ascii),
            file_name: file_name.as_deref(),
            ..Input::new(&source)
        };
        let input = input.declared(args.kind);
        let all = stslint::lint(&input);
        let mut report = all.clone();
        let ignoring = settings.for_file(file);
        let mut ignored = Ignored::default();
        for artefact in &mut report.artefacts {
            ignoring.take(&mut artefact.findings, &mut ignored);
        }
        code = code.max(match report.worst() {
            Some(Severity::Error) => exit::ERRORS,
            Some(Severity::Warning) => exit::WARNINGS,
            _ => exit::OK,
        });
        let linted = Linted { name: &name, input: &input, report: &report, unpacked };
        output.add(&linted, &all, &ignored, terminal);
    }
    output.finish(terminal);
    if unreadable { exit::NO_INPUT } else { code }
}

/// Whether an input is facts of a live check; else everything that is wrong with it. A misspelt
/// fact would be an unknown one, and no finding would come of it.
fn facts(source: &[u8]) -> Result<(), Vec<String>> {
    let text = str::from_utf8(source).map_err(|error| vec![error.to_string()])?;
    stslint::live::read(text).map(drop).map_err(|problems| {
        let lines = LineIndex::new(source);
        let place = |problem: &Problem| {
            let at = lines.position(source, problem.span.start);
            format!("line {}, column {}: {}", at.line, at.column, problem.text)
        };
        problems.iter().map(place).collect()
    })
}
