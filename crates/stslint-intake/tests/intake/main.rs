//! What comes out of files, archives, mails and mailboxes.

mod bombs;
mod containers;
mod mails;
mod properties;

use std::borrow::Cow;
use stslint_checks::containers::{gzip, mail, mailbox, zip};
use stslint_intake::{Found, Intake, Limits};

/// A report that is told apart from others by its id.
fn report(id: &str) -> String {
    format!(
        "{{\"organization-name\":\"A\",\"date-range\":{{\"start-datetime\":\"2026-11-20T00:00:00Z\",\
         \"end-datetime\":\"2026-11-20T23:59:59Z\"}},\"report-id\":\"{id}\",\"policies\":[]}}"
    )
}

const DMARC: &str = "<?xml version=\"1.0\"?>\n<feedback>\n<report_metadata/></feedback>";

/// What is found, a line for each: its place, and what it is; of a report its id.
fn read_with(name: &str, bytes: &[u8], limits: &Limits, piece: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut take = |item: stslint_intake::Item| {
        let what = match item.found {
            Found::Report(json) => {
                let text = String::from_utf8_lossy(json);
                let report = stslint::report::content(&text);
                let id = report.and_then(|report| report.id.map(Cow::into_owned));
                format!("report {}", id.as_deref().unwrap_or("broken"))
            }
            Found::Dmarc => "DMARC".into(),
            Found::Refused(reason) => reason.to_string(),
            Found::Other => "other".into(),
        };
        found.push(format!("{}: {what}", item.place));
    };
    let mut intake = Intake::new(name, limits.clone());
    for piece in bytes.chunks(piece) {
        if intake.is_done() {
            break;
        }
        intake.feed(piece, &mut take);
    }
    intake.finish(&mut take);
    found
}

fn read(name: &str, bytes: &[u8]) -> Vec<String> {
    let whole = read_with(name, bytes, &Limits::default(), usize::MAX);
    // The pieces make no difference.
    for piece in [1 << 16, 1000, 7] {
        if bytes.len() / piece < 20_000 {
            assert_eq!(read_with(name, bytes, &Limits::default(), piece), whole, "{piece}");
        }
    }
    whole
}
