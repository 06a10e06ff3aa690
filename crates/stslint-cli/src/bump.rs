//! `stslint bump`

use crate::source::{self, Source};
use crate::terminal::Terminal;
use crate::{date, exit};
use std::path::{Path, PathBuf};
use stslint::Kind;
use stslint::build::bump::{Refused, bump};
use stslint::build::wanted::Error;
use stslint::record;
use stslint::text::visible;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The changed policy; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The policy before the change: where it is the same, there is no new id
    #[arg(long, value_name = "FILE")]
    old: Option<PathBuf>,
    /// The TXT record at _mta-sts, its strings joined: the new id is later than its id, and its other fields stay
    #[arg(long, value_name = "TEXT")]
    record: Option<String>,
    /// Write the id alone instead of the record
    #[arg(long)]
    print_id: bool,
}

/// Writes a new id, or says why there is none.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let files: Vec<PathBuf> = std::iter::once(&args.file).chain(&args.old).cloned().collect();
    if !source::stdin_once(&files, terminal) {
        return exit::USAGE;
    }
    let Some(now) = terminal.told(date::seconds()) else {
        return exit::USAGE;
    };
    let Some(policy) = read(&args.file, terminal) else { return exit::NO_INPUT };
    let old = match args.old.as_deref().map(|old| read(old, terminal)) {
        Some(None) => return exit::NO_INPUT,
        old => old.flatten(),
    };
    let name = visible(&args.file.to_string_lossy());
    match bump(&policy, old.as_deref(), args.record.as_deref(), now) {
        Ok(made) if args.print_id => {
            let id = record::values(&made.value, Kind::StsTxt).id.unwrap_or_default();
            terminal.print(&format!("{id}\n"));
            exit::OK
        }
        Ok(made) => {
            terminal.print(&format!("{}\n", made.value));
            exit::OK
        }
        Err(Refused::Same) => {
            terminal.complain("nothing has changed, so the id stays");
            exit::WARNINGS
        }
        Err(Refused::Unusable) => {
            terminal.complain(&format!("senders can't use {name}; `stslint lint` says why"));
            exit::ERRORS
        }
        Err(Refused::Record(why)) => {
            let why = why.as_ref().map_or("the clock is out of range".into(), Error::message);
            terminal.complain(&why);
            exit::USAGE
        }
    }
}

fn read(file: &Path, terminal: &mut Terminal) -> Option<Vec<u8>> {
    match source::read(file, Some(Kind::Policy.into())) {
        Ok(Source { bytes, .. }) => Some(bytes),
        Err(reason) => {
            terminal
                .complain(&format!("can't read {}: {reason}", visible(&file.to_string_lossy())));
            None
        }
    }
}
