//! Reads files, and writes what came of them as the page's worker does; with `--parts` first, puts parts together that the worker told.
//! The browser tests compare the two.

use std::io::{self, Write as _};
use stslint_intake::{Intake, Limits};
use stslint_worker::Outcome;

fn main() -> io::Result<()> {
    let mut outcome = Outcome::default();
    let mut names = std::env::args().skip(1).peekable();
    let are_parts = names.next_if(|first| first == "--parts").is_some();
    for name in names {
        let bytes = std::fs::read(&name)?;
        if are_parts {
            let part = Outcome::from_bytes(&bytes);
            outcome.merge(&part.ok_or_else(|| io::Error::other(format!("{name} is no part")))?);
            continue;
        }
        let mut intake = Intake::new(&name, Limits::default());
        intake.feed(&bytes, &mut |item| outcome.take(item, |_| None, &mut |_, _| true));
        intake.finish(&mut |item| outcome.take(item, |_| None, &mut |_, _| true));
        outcome.files += 1;
        outcome.bytes += bytes.len() as u64;
    }
    io::stdout().write_all(&outcome.to_bytes())
}
