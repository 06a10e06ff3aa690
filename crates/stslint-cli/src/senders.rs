//! `stslint senders`

use crate::exit;
use crate::lint::to_ascii;
use crate::pattern::Format;
use crate::source::{self, Source};
use crate::terminal::Terminal;
use std::path::PathBuf;
use stslint::agree::verdict;
use stslint::render::senders::{Told, refused};
use stslint::render::senders_json::Document;
use stslint::senders::verdict::Standing;
use stslint::text::visible;
use stslint::{Input, Kind};

/// The most records and the most hosts that are compared.
const MOST: usize = 100;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The policy, also inside an HTTP response as `curl -i` prints it; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A TXT record at _mta-sts, its strings joined; once for each record
    #[arg(long, value_name = "TEXT")]
    record: Vec<String>,
    /// The name of an MX host; once for each host
    #[arg(long, value_name = "HOST")]
    mx: Vec<String>,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the corrected policy instead: as it is, where no fix makes more senders agree
    #[arg(long, conflicts_with = "format")]
    corrected: bool,
}

/// What senders make of a policy; how far they agree makes the exit code.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    if args.record.len() > MOST || args.mx.len() > MOST {
        terminal.complain(&format!("there may be {MOST} records and {MOST} MX hosts"));
        return exit::USAGE;
    }
    let name = args.file.to_string_lossy();
    let Source { bytes, file_name, .. } = match source::read(&args.file, Some(Kind::Policy.into()))
    {
        Ok(source) => source,
        Err(reason) => {
            terminal.complain(&format!("can't read {}: {reason}", visible(&name)));
            return exit::NO_INPUT;
        }
    };
    let input =
        Input { file_name: file_name.as_deref(), to_ascii: Some(to_ascii), ..Input::new(&bytes) };
    let records: Vec<&str> = args.record.iter().map(String::as_str).collect();
    let records = (!records.is_empty()).then_some(&records[..]);
    let hosts: Vec<&str> = args.mx.iter().map(String::as_str).collect();
    let verdict = match verdict(&input, records, &hosts) {
        Ok(verdict) => verdict,
        Err(why) => {
            terminal.complain(&format!("can't judge {}: {}", visible(&name), refused(why)));
            return exit::NO_INPUT;
        }
    };
    let told = Told { source: &bytes, verdict: &verdict, records, hosts: &hosts };
    if args.corrected {
        let body = verdict.repair.as_ref().map_or(verdict.answer.body, |repair| &repair.text);
        terminal.print_bytes(body);
    } else {
        match args.format {
            Format::Json => terminal.print_json(&Document::new(&name, &told)),
            Format::Text => {
                let how = format!("stslint senders --corrected {}", quoted(&visible(&name)));
                terminal.print(&told.text(&how));
            }
        }
    }
    match verdict.matrix.standing() {
        Standing::Alike => exit::OK,
        Standing::Differ => exit::WARNINGS,
        Standing::Rejected => exit::ERRORS,
    }
}

/// A file name as a shell takes it.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/+,@%".contains(c);
    match name.chars().all(plain) && !name.is_empty() {
        true => name.to_owned(),
        false => format!("'{}'", name.replace('\'', "'\\''")),
    }
}
