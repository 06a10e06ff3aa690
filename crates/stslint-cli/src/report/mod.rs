//! `stslint report`

mod files;
mod tally;

use crate::terminal::{Seen, Terminal};
use crate::{date, exit, lint, source};
use clap::ValueEnum;
use files::File;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::io::IsTerminal;
use std::path::PathBuf;
use stslint::render::aggregate::{self as words, CSV_HEAD};
use stslint::render::aggregate_json::Document;
use stslint::report::aggregate::{Day, Filter, Row, Totals};
use stslint::report::readiness::Readiness;
use stslint::text::visible;
use stslint_worker::Outcome;
use tally::{Elsewhere, Reader, WriteRow};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only reports whose time begins on this day or later, as 2026-11-01, in UTC
    #[arg(long, value_name = "DATE", value_parser = day)]
    since: Option<Day>,
    /// Only what is about the mail of this domain
    #[arg(long, value_name = "DOMAIN", value_parser = lint::domain)]
    domain: Option<String>,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Files and folders with reports, mails or mailboxes in them, packed or not; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: failures by their cause, and what to do
    Text,
    /// For programs: the totals as JSON
    Json,
    /// For databases: a line of JSON for each report, policy and way to fail
    Ndjson,
    /// For spreadsheets: the same as CSV
    Csv,
    /// For tickets and mails: a summary with date
    Markdown,
}

pub(crate) fn day(text: &str) -> Result<Day, &'static str> {
    Day::read(text).ok_or("not a day like 2026-11-01")
}

/// Takes all reports together. Failures make the exit code 1, and no report at all makes it 3: silence is not good news. Something
/// that can't be read beats these, and a path that can't be read beats that.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    if !source::stdin_once(&args.paths, terminal) {
        return exit::USAGE;
    }
    let Some(today) = terminal.told(date::today()) else { return exit::USAGE };
    let today = Day::read(&today);
    let (files, unlisted) = files::list(&args.paths);
    let mut missing = unlisted.iter().any(|(path, _)| args.paths.contains(path));
    let mut all = Outcome::default();
    for (path, why) in unlisted {
        all.refuse(path.to_string_lossy().into(), why);
    }
    if args.format == Format::Csv {
        terminal.print(CSV_HEAD);
    }
    let bar = bar(&files);
    let reader = Reader::new(args.since, args.domain.clone(), write_row(args));
    let (mut seen, mut undated) = (HashSet::new(), HashSet::new());
    let mut elsewhere = Elsewhere::default();
    reader.read(&files, &mut |tally, passed| {
        for rows in &tally.rows {
            if seen.insert(rows.key) {
                terminal.print(&rows.text);
            }
        }
        undated.extend(tally.undated);
        missing |= tally.is_missing;
        elsewhere.merge(tally.elsewhere);
        all.merge(&tally.outcome);
        bar.inc(passed);
    });
    bar.finish_and_clear();
    let undated = undated.len() as u64;
    // Of all reports, whatever --since says: what was reported before counts for it.
    let ready = match (args.format, today) {
        (Format::Text | Format::Markdown | Format::Json, Some(today)) => {
            all.aggregate.readiness_of_each(today)
        }
        _ => BTreeMap::new(),
    };
    let filter = Filter { domain: args.domain.clone(), since: args.since, ..Filter::default() };
    let totals = all.aggregate.totals(&filter);
    match args.format {
        Format::Text => {
            terminal.print(&words::text(&totals, &ready, today));
            terminal.print(&unasked(&all, &totals, args, elsewhere));
            terminal.print(&set_aside(&all, undated));
        }
        Format::Markdown => {
            terminal.print(&words::markdown(&totals, &ready, today));
            terminal.print(&unasked(&all, &totals, args, elsewhere));
            terminal.print(&set_aside(&all, undated));
        }
        Format::Json => terminal.print_json(&document(&all, undated, &totals, &ready)),
        Format::Ndjson | Format::Csv => {}
    }
    complain(&all, terminal);
    if let Some(untold) = words::untold(totals.untold) {
        terminal.complain(&untold);
    }
    if let Some(bare) = words::bare(totals.bare) {
        terminal.complain(&bare);
    }
    match () {
        () if missing => exit::NO_INPUT,
        () if !all.refused.is_empty() || totals.untold > 0 || totals.bare > 0 => exit::ERRORS,
        () if fails(&totals) => exit::WARNINGS,
        () if totals.reports == 0 => exit::NO_REPORTS,
        () => exit::OK,
    }
}

/// Reads all reports about a domain, and tells nobody how far it is. Whether a path that was given can't be read comes with them.
pub(crate) fn gather(paths: &[PathBuf], domain: &str) -> (Outcome, bool) {
    let (files, unlisted) = files::list(paths);
    let mut missing = unlisted.iter().any(|(path, _)| paths.contains(path));
    let mut all = Outcome::default();
    for (path, why) in unlisted {
        all.refuse(path.to_string_lossy().into(), why);
    }
    Reader::new(None, Some(domain.to_owned()), None).read(&files, &mut |tally, _| {
        missing |= tally.is_missing;
        all.merge(&tally.outcome);
    });
    (all, missing)
}

/// Whether any session failed.
fn fails(totals: &Totals) -> bool {
    let mut kinds = totals.domains.iter().flat_map(|domain| &domain.kinds);
    kinds.any(|kind| kind.failure > 0) || totals.domains.iter().any(|it| !it.failures.is_empty())
}

/// How rows are written, where the format has any.
fn write_row(args: &Args) -> Option<WriteRow> {
    let write: fn(&Row) -> String = match args.format {
        Format::Csv => words::csv_row,
        Format::Ndjson => |row| {
            let mut line = Vec::new();
            let written = serde_json::to_writer(Seen(&mut line), row);
            let line = written.ok().and_then(|()| String::from_utf8(line).ok());
            line.map_or_else(String::new, |line| line + "\n")
        },
        Format::Text | Format::Json | Format::Markdown => return None,
    };
    let domain = args.domain.clone();
    Some(Box::new(move |row| match &domain {
        Some(domain) if row.domain.as_deref() != Some(domain) => String::new(),
        _ => write(row),
    }))
}

/// How far it is, for who looks at a terminal.
fn bar(files: &[File]) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files.iter().map(|file| file.size).sum());
    let form = "{bar:40} {bytes} of {total_bytes}, {eta} left";
    bar.with_style(
        ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()),
    )
}

/// Totals, with what the files had besides reports.
#[derive(Serialize)]
struct Read<'t> {
    #[serde(flatten)]
    totals: Document<'t>,
    undated: u64,
    dmarc: u64,
    other: u64,
    unreadable: Vec<Unreadable<'t>>,
    unreadable_more: u64,
}

#[derive(Serialize)]
struct Unreadable<'t> {
    place: &'t str,
    why: &'t str,
}

fn document<'t>(
    all: &'t Outcome,
    undated: u64,
    totals: &'t Totals<'t>,
    ready: &'t BTreeMap<&'t str, Readiness<'t>>,
) -> Read<'t> {
    let unreadable = all.refused.iter().map(|(place, why)| Unreadable { place, why }).collect();
    Read {
        totals: Document::new(totals).with_ready(ready),
        undated,
        dmarc: all.dmarc,
        other: all.other,
        unreadable,
        unreadable_more: all.refused_more,
    }
}

/// Where there is no report of what was asked for: those that there are besides. A slip in a name looks like silence.
fn unasked(all: &Outcome, totals: &Totals, args: &Args, mut elsewhere: Elsewhere) -> String {
    let mut out = String::new();
    if totals.reports > 0 {
        return out;
    }
    let of_domain = Filter { domain: args.domain.clone(), ..Filter::default() };
    let ever = all.aggregate.totals(&of_domain);
    if let (1.., Some(last)) = (ever.reports, ever.last) {
        out.push_str(&format!("\n{}\n", words::earlier(ever.reports, last)));
    }
    // What may be the mail hosts of a domain is kept until all reports are known.
    let mut others = elsewhere.reports.len() as u64;
    if let Some(asked) = &args.domain {
        others += (all.aggregate.len() as u64).saturating_sub(ever.reports);
        let named = all.aggregate.domains().into_iter().flatten();
        elsewhere.name(named.filter(|name| !name.eq_ignore_ascii_case(asked)));
    }
    if others > 0 {
        let names = elsewhere.domains.iter().map(String::as_str);
        out.push_str(&format!("\n{}\n", words::elsewhere(others, names)));
    }
    out
}

/// What does not count, in words.
fn set_aside(all: &Outcome, undated: u64) -> String {
    let mut out = String::new();
    let mut say = |number: u64, one: &str, many: &str| match number {
        0 => {}
        1 => out.push_str(&format!("\n1 {one}\n")),
        _ => out.push_str(&format!("\n{number} {many}\n")),
    };
    say(
        undated,
        "report has no time that can be read, and is left out.",
        "reports have no time that can be read, and are left out.",
    );
    say(
        all.dmarc,
        "DMARC report was set aside: stslint reads TLS reports.",
        "DMARC reports were set aside: stslint reads TLS reports.",
    );
    say(
        all.other,
        "file or mail without a report was skipped.",
        "files or mails without a report were skipped.",
    );
    say(
        all.refused.len() as u64 + all.refused_more,
        "file or part could not be read and is not counted.",
        "files or parts could not be read and are not counted.",
    );
    out
}

pub(crate) fn complain(all: &Outcome, terminal: &mut Terminal) {
    for (place, why) in &all.refused {
        terminal.complain(&format!("can't read {}: {}", visible(place), visible(why)));
    }
    if all.refused_more > 0 {
        terminal.complain(&format!("can't read {} more", all.refused_more));
    }
}
