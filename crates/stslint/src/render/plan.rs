//! A plan for people: as text and as Markdown; for calendars see [`calendar`](calendar::calendar).

pub mod acts;
pub mod calendar;
pub mod words;

use super::markdown::{push_code, push_fenced};
use super::words::duration;
use crate::plan::{Plan, PlanStep, State};

/// The days of a step: one, or from the first to the last.
pub fn days(step: &PlanStep) -> String {
    match step.last() == step.day {
        true => step.day.to_string(),
        false => format!("{} to {}", step.day, step.last()),
    }
}

/// The sentences of a step, each with a name in front.
fn sentences(plan: &Plan, step: &PlanStep) -> Vec<(&'static str, String)> {
    let said = acts::said(plan.goal, step.act);
    let mut out = Vec::new();
    if !step.hosts.is_empty() {
        out.push(("Hosts", step.hosts.join(", ")));
    }
    out.extend(step.waits.iter().map(|wait| ("Wait", words::wait(wait))));
    if let Some(seconds) = step.within {
        out.push(("Helps", format!("within {}.", duration(seconds.into()))));
    }
    out.push(("Done when", said.exit.to_owned()));
    out.push(("Left out", said.without.to_owned()));
    out
}

/// The clause behind a step, as a sentence.
fn clause(step: &PlanStep) -> String {
    format!("See {}.", step.act.clause())
}

/// The whole for a terminal.
pub fn text(plan: &Plan) -> String {
    let mut out = format!(
        "{}: {}\nFrom {}, as of {}. {}\n",
        plan.domain,
        words::goal(plan.goal),
        plan.start,
        plan.today,
        words::summary(plan)
    );
    for (index, step) in plan.steps.iter().enumerate() {
        let said = acts::said(plan.goal, step.act);
        let mark = if step.state == State::Done { 'x' } else { ' ' };
        let state = match step.state {
            State::Open | State::Done => String::new(),
            state => format!(", {}", words::state(state)),
        };
        out.push_str(&format!(
            "\n[{mark}] {}. {}: {} ({}{state})\n",
            index + 1,
            days(step),
            said.title,
            step.act.word()
        ));
        out.push_str(&format!("    {} {}\n", said.todo, clause(step)));
        for publish in &step.publish {
            let head = format!("    {} ({}):\n", words::what(publish.what), publish.place);
            out.push_str(&head);
            for line in publish.text.lines() {
                out.push_str(&format!("        {line}\n"));
            }
        }
        for (name, sentence) in sentences(plan, step) {
            out.push_str(&format!("    {name}: {sentence}\n"));
        }
        for command in words::checks(plan, step) {
            out.push_str(&format!("        {command}\n"));
        }
    }
    // The others stand in the summary.
    let notes: Vec<_> = plan.notes.iter().filter(|note| !note.is_first()).collect();
    if !notes.is_empty() {
        out.push('\n');
    }
    for note in notes {
        out.push_str(&format!("Note: {}\n", words::note(note)));
    }
    out.push_str("Days are in UTC.\n");
    out
}

/// The whole as Markdown, with boxes to tick.
pub fn markdown(plan: &Plan) -> String {
    let mut out = String::from("# ");
    push_code(&plan.domain, &mut out);
    out.push_str(&format!(
        ": {}\n\nFrom {}, as of {}. {} Made with stslint {}. Days are in UTC.\n\n",
        words::goal(plan.goal),
        plan.start,
        plan.today,
        words::summary(plan),
        crate::VERSION
    ));
    for step in &plan.steps {
        push_step(plan, step, &mut out);
    }
    let notes: Vec<_> = plan.notes.iter().filter(|note| !note.is_first()).collect();
    if !notes.is_empty() {
        out.push_str("\n## What this rests on\n\n");
    }
    for note in notes {
        out.push_str(&format!("* {}\n", words::note(note)));
    }
    out
}

fn push_step(plan: &Plan, step: &PlanStep, out: &mut String) {
    const INDENT: &str = "  ";
    let said = acts::said(plan.goal, step.act);
    let mark = if step.state == State::Done { 'x' } else { ' ' };
    out.push_str(&format!("- [{mark}] **{}: {}**", days(step), said.title));
    if matches!(step.state, State::Overdue | State::Unseen) {
        out.push_str(&format!(" ({})", words::state(step.state)));
    }
    out.push_str(&format!("\n\n{INDENT}{} {}\n\n", said.todo, clause(step)));
    for publish in &step.publish {
        out.push_str(&format!("{INDENT}{} (", words::what(publish.what)));
        push_code(&publish.place, out);
        out.push_str("):\n\n");
        push_fenced(&publish.text.replace('\r', ""), "", INDENT, out);
        out.push('\n');
    }
    for (name, sentence) in sentences(plan, step) {
        out.push_str(&format!("{INDENT}* {name}: {sentence}\n"));
    }
    let commands = words::checks(plan, step);
    if !commands.is_empty() {
        out.push('\n');
        push_fenced(&commands.join("\n"), "sh", INDENT, out);
    }
    out.push('\n');
}
