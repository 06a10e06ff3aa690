//! The summary for tickets and mails. What stems from reports stands in code spans that it can't close.

use super::super::markdown::push_code;
use super::{coverage, groups, kind, notes, nothing_failed, sessions, usual_cause};
use crate::render::report::{cause, what_to_do};
use crate::report::aggregate::{Day, Totals};

/// Failures that are written out of one cause.
const MOST: usize = 50;

/// The whole as Markdown. `today` is the day on which somebody reads it.
pub fn markdown(totals: &Totals, today: Option<Day>) -> String {
    let mut out = String::from("## TLS reports\n\n");
    let mut lines = vec![coverage(totals)];
    lines.extend(notes(totals, today));
    for line in lines {
        out.push_str("* ");
        push_code(&line, &mut out);
        out.push('\n');
    }
    for domain in &totals.domains {
        out.push_str("\n### ");
        push_code(domain.domain.unwrap_or("an unknown domain"), &mut out);
        out.push_str("\n\n");
        for line in sessions(domain) {
            out.push_str(&format!("* {line}\n"));
        }
        if domain.failures.is_empty() {
            out.push('\n');
            push_code(&nothing_failed(domain), &mut out);
            out.push('\n');
        }
        for group in groups(domain) {
            out.push_str("\n#### ");
            push_code(&cause(group.cause), &mut out);
            out.push_str(&format!(
                "\n\n{} {}\n\n| sessions | policy | mail server | reported by | first | last |\n|---:|---|---|---|---|---|\n",
                usual_cause(group.cause),
                what_to_do(group.cause)
            ));
            for failure in group.failures.iter().take(MOST) {
                let sessions =
                    failure.sessions.map_or("unknown".into(), |number| number.to_string());
                out.push_str(&format!("| {sessions} | {} | ", kind(failure.kind)));
                cell(failure.mx, &mut out);
                cell(failure.sender, &mut out);
                let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
                out.push_str(&format!("{} | {} |\n", day(failure.first()), day(failure.last())));
            }
            if group.failures.len() > MOST {
                out.push_str(&format!("\n…and {} more.\n", group.failures.len() - MOST));
            }
        }
    }
    out
}

/// A bar ends a cell even in a code span.
fn cell(text: Option<&str>, out: &mut String) {
    if let Some(text) = text {
        push_code(&text.replace('|', "¦"), out);
    }
    out.push_str(" | ");
}
