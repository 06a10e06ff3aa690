//! A plan as data for programs. While `schema` is 1, members may come, none changes its meaning or goes.

use super::plan::{acts, words};
use crate::plan::{Plan, PlanStep, Publish, Wait, What};
use serde::Serialize;

/// The document.
#[derive(Debug, Serialize)]
pub struct Document<'p> {
    schema: u32,
    stslint: &'static str,
    domain: &'p str,
    goal: &'static str,
    title: &'static str,
    start: String,
    today: String,
    summary: String,
    steps: Vec<Step<'p>>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Step<'p> {
    step: &'static str,
    title: &'static str,
    day: String,
    until: Option<String>,
    state: &'static str,
    todo: &'static str,
    hosts: &'p [String],
    publish: Vec<Published<'p>>,
    waits: Vec<Waited<'p>>,
    within: Option<u32>,
    exit: &'static str,
    checks: Vec<String>,
    without: &'static str,
    clause: &'static str,
}

#[derive(Debug, Serialize)]
struct Published<'p> {
    what: &'static str,
    place: &'p str,
    text: &'p str,
}

#[derive(Debug, Serialize)]
struct Waited<'p> {
    why: &'static str,
    until: String,
    rfc: Option<String>,
    never: &'p [&'static str],
    clause: &'static str,
    words: String,
}

impl<'p> Document<'p> {
    /// The document about a plan.
    pub fn new(plan: &'p Plan) -> Self {
        Self {
            schema: 1,
            stslint: crate::VERSION,
            domain: &plan.domain,
            goal: plan.goal.word(),
            title: words::goal(plan.goal),
            start: plan.start.to_string(),
            today: plan.today.to_string(),
            summary: words::summary(plan),
            steps: plan.steps.iter().map(|step| self::step(plan, step)).collect(),
            notes: plan.notes.iter().map(words::note).collect(),
        }
    }
}

fn step<'p>(plan: &Plan, step: &'p PlanStep) -> Step<'p> {
    let said = acts::said(plan.goal, step.act);
    Step {
        step: step.act.word(),
        title: said.title,
        day: step.day.to_string(),
        until: step.until.map(|_| step.last().to_string()),
        state: step.state.word(),
        todo: said.todo,
        hosts: &step.hosts,
        publish: step.publish.iter().map(published).collect(),
        waits: step.waits.iter().map(waited).collect(),
        within: step.within,
        exit: said.exit,
        checks: words::checks(plan, step),
        without: said.without,
        clause: step.act.clause(),
    }
}

fn published(publish: &Publish) -> Published<'_> {
    let what = match publish.what {
        What::Policy => "policy",
        What::Records => "records",
        What::Gone => "gone",
    };
    Published { what, place: &publish.place, text: &publish.text }
}

fn waited(wait: &Wait) -> Waited<'_> {
    Waited {
        why: wait.why.word(),
        until: wait.until.to_string(),
        rfc: wait.rfc.map(|rfc| rfc.to_string()),
        never: &wait.never,
        clause: wait.why.clause(),
        words: words::wait(wait),
    }
}
