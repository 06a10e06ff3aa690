//! A plan as iCalendar (RFC 5545): an event of whole days for each step.

use super::acts::said;
use super::words;
use crate::plan::{Plan, PlanStep, State};
use crate::report::aggregate::Day;
use crate::time;

/// The longest line in octets, without its end (RFC 5545 §3.1).
const LINE: usize = 75;

/// The calendar. `stamp` is when it was made, in seconds since 1970-01-01T00:00:00Z. An event keeps its name when the plan is
/// made anew, so that a calendar moves it instead of showing it twice. Days outside the years 0 to 9999 have no form: they are
/// left out.
pub fn calendar(plan: &Plan, stamp: i64) -> String {
    let mut out = String::new();
    let stamp = time::compact(stamp).unwrap_or_else(|| "19700101T000000Z".into());
    let name = format!("{}: {}", plan.domain, words::goal(plan.goal));
    push(&mut out, "BEGIN", "VCALENDAR");
    push(&mut out, "VERSION", "2.0");
    push(&mut out, "PRODID", &escaped(&format!("-//stslint//stslint {}//EN", crate::VERSION)));
    push(&mut out, "CALSCALE", "GREGORIAN");
    push(&mut out, "X-WR-CALNAME", &escaped(&name));
    for step in &plan.steps {
        // The end is the day after the last one (RFC 5545 §3.6.1).
        let after = Day(step.last().0.saturating_add(1));
        let (Some(from), Some(to)) = (date(step.day), date(after)) else { continue };
        push(&mut out, "BEGIN", "VEVENT");
        push(&mut out, "UID", &uid(plan, step));
        push(&mut out, "DTSTAMP", &stamp);
        push(&mut out, "DTSTART;VALUE=DATE", &from);
        push(&mut out, "DTEND;VALUE=DATE", &to);
        push(&mut out, "SUMMARY", &escaped(&summary(plan, step)));
        push(&mut out, "DESCRIPTION", &escaped(&description(plan, step)));
        push(&mut out, "CATEGORIES", "MTA-STS");
        push(&mut out, "TRANSP", "TRANSPARENT");
        push(&mut out, "END", "VEVENT");
    }
    push(&mut out, "END", "VCALENDAR");
    out
}

/// The name of an event for good (RFC 5545 §3.8.4.7).
fn uid(plan: &Plan, step: &PlanStep) -> String {
    [step.act.word(), ".", plan.goal.word(), ".", &plan.domain, "@stslint"].concat()
}

fn summary(plan: &Plan, step: &PlanStep) -> String {
    let title = said(plan.goal, step.act).title;
    let mark = match step.state {
        State::Done => "Done: ",
        State::Overdue => "Overdue: ",
        State::Open | State::Unseen => "",
    };
    format!("{mark}{title} ({})", plan.domain)
}

fn description(plan: &Plan, step: &PlanStep) -> String {
    let said = said(plan.goal, step.act);
    let mut out = format!("{} {}\n", said.todo, super::clause(step));
    for publish in &step.publish {
        out.push_str(&format!("\n{} ({}):\n", words::what(publish.what), publish.place));
        for line in publish.text.lines() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.push('\n');
    for (name, sentence) in super::sentences(plan, step) {
        out.push_str(&format!("{name}: {sentence}\n"));
    }
    for command in words::checks(plan, step) {
        out.push_str(&command);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

/// A day as RFC 5545 §3.3.4 has it: `20261201`.
fn date(day: Day) -> Option<String> {
    let text = time::compact(i64::from(day.0) * 86_400)?;
    text.split('T').next().map(str::to_owned)
}

/// A text as a value (RFC 5545 §3.3.11). What cannot be seen has no place in one.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c => crate::text::push_visible(c, &mut out),
        }
    }
    out
}

/// Appends a line, folded where it is too long: never inside a character (RFC 5545 §3.1).
fn push(out: &mut String, name: &str, value: &str) {
    let mut used = 0;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5545 §3.3.11, and nothing that a calendar could take for a line of its own.
    #[test]
    fn texts_are_escaped() {
        assert_eq!(escaped("a;b,c\\d\ne:f"), "a\\;b\\,c\\\\d\\ne:f");
        assert_eq!(escaped("a\r\u{202e}"), "a<U+000D><U+202E>");
    }

    /// RFC 5545 §3.1: 75 octets at most, and the white space counts.
    #[test]
    fn lines_are_folded_between_characters() {
        let mut out = String::new();
        push(&mut out, "X", &"\u{a7}".repeat(80));
        let lines: Vec<&str> = out.split_terminator("\r\n").collect();
        // Two octets of name, 36 characters of two; then a space and 37.
        assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [74, 75, 15]);
        assert_eq!(out.replace("\r\n ", ""), format!("X:{}\r\n", "\u{a7}".repeat(80)));
        let mut out = String::new();
        push(&mut out, "X", &"a".repeat(73));
        assert_eq!(out.matches("\r\n").count(), 1);
    }
}
