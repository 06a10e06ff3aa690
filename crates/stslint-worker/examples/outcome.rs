//! Reads files, and writes what came of them as the page's worker does: the browser tests compare the two.

use std::io::{self, Write as _};
use stslint_intake::{Intake, Limits};
use stslint_worker::Outcome;

fn main() -> io::Result<()> {
    let mut outcome = Outcome::default();
    for name in std::env::args().skip(1) {
        let bytes = std::fs::read(&name)?;
        let mut intake = Intake::new(&name, Limits::default());
        intake.feed(&bytes, &mut |item| outcome.take(item, &mut |_, _| true));
        intake.finish(&mut |item| outcome.take(item, &mut |_, _| true));
        outcome.files += 1;
        outcome.bytes += bytes.len() as u64;
    }
    io::stdout().write_all(&outcome.to_bytes())
}
