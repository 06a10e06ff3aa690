//! What a domain is to publish when: steps with days, ticked off by what a check saw.

use super::choose::{
    Shows, domain, facts, field, hosts, joined, look, names, option, save, served,
};
use super::kept;
use super::state::Choices;
use crate::browser;
use crate::request::Request;
use crate::route::Route;
use crate::state::View;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el, labelled, name_field};
use crate::ui::words::prose;
use stslint::plan::{Given, Goal, Plan, PlanStep, State, plan};
use stslint::render::live::upper;
use stslint::render::plan::acts::said;
use stslint::render::plan::calendar::calendar;
use stslint::render::plan::words::{checks, goal, note, refused, state, summary, wait, what};
use stslint::render::plan::{days, markdown};
use stslint::render::words::duration;
use stslint::report::aggregate::Day;
use stslint::text::visible;
use yew::Callback;

/// The plan for a domain.
pub(super) fn view(view: View) -> El {
    let choices = kept(view.state);
    let shows = Shows::new(choices, Route::Plan, view);
    let domain = domain(choices);
    let facts = facts(domain.as_deref(), view);
    let mx = hosts(choices, facts);
    let aim = Goal::from_word(&choices.goal).unwrap_or(Goal::Enforce);
    let today = Day::of((browser::now() / 1000.0) as i64);
    let start = Day::read(&choices.from).unwrap_or(today);
    let root = el("div")
        .class("setup plan")
        .attr("data-testid", "plan")
        .child(el("p").class("lead").text(
            "What to publish on which day, how long to wait and why, so that no mail is lost on the way. The address holds what you chose: send it to your team; a check of the domain ticks off what is done.",
        ))
        .child(form(choices, aim, start, &mx, &shows))
        .child(look(domain.as_deref(), facts, view));
    let Some(domain) = domain else { return root };
    let record = facts.and_then(|facts| joined(&facts.sts));
    let new_mx = names(&choices.new_mx);
    let given = Given {
        start,
        policy: facts.and_then(served),
        record: record.as_deref(),
        mx: &mx,
        new_mx: &new_mx,
        facts,
        ..Given::new(&domain, aim, today)
    };
    match plan(&given) {
        Ok(made) => root.child(whole(&made, view)),
        Err(why) => {
            let words = format!("{}.", upper(refused(why)));
            root.child(el("p").class("problem").attr("role", "alert").words(words))
        }
    }
}

fn form(choices: &Choices, aim: Goal, start: Day, mx: &[String], shows: &Shows) -> El {
    let name = name_field(&choices.domain, "255", "example.com")
        .on("input", shows.typed(|choices, value| choices.domain = value));
    let mut goals = el("select").on("change", shows.chosen(|choices, value| choices.goal = value));
    for one in Goal::ALL {
        goals = goals.child(option(one.word(), one == aim, goal(one).to_owned()));
    }
    let date = el("input")
        .attr("type", "date")
        .value(start.to_string())
        .on("change", shows.typed(|choices, value| choices.from = value));
    let servers = if choices.mx.is_empty() { mx.join("\n") } else { choices.mx.clone() };
    let servers = shows.lines(servers, |choices, value| choices.mx = value);
    let new = shows.lines(choices.new_mx.clone(), |choices, value| choices.new_mx = value);
    let moves = matches!(aim, Goal::MoveMx | Goal::AddMx);
    el("div")
        .class("options")
        .child(field("Domain", name))
        .child(field("Goal", goals))
        .child(field("Begins on", date))
        .child(field("Its mail servers, one in a line", servers))
        .child(field("New mail servers", new).flag("hidden", !moves))
}

fn whole(made: &Plan, view: View) -> El {
    let mut steps = el("ol").class("plan-steps");
    for (number, step) in made.steps.iter().enumerate() {
        steps = steps.child(one(number, step, made));
    }
    let mut notes = el("ul").class("bullets hint").flag("hidden", made.notes.is_empty());
    for (number, it) in made.notes.iter().enumerate() {
        notes = notes.child(prose("li", &note(it)).number(number));
    }
    el("section")
        .child(prose("p", &summary(made)).class("lead").attr("data-testid", "summary"))
        .child(ways_out(made, view))
        .child(steps)
        .child(notes)
}

/// A step: when, what, why not earlier, and what it takes.
fn one(number: usize, step: &PlanStep, made: &Plan) -> El {
    let said = said(made.goal, step.act);
    let mut facts = el("dl").class("facts");
    let mut add = |key: &str, name: &'static str, words: String| {
        let list = std::mem::replace(&mut facts, el("dl"));
        facts = list
            .child(el("dt").key(&["t-", key].concat()).text(name))
            .child(prose("dd", &words).key(&["d-", key].concat()));
    };
    for (number, it) in step.waits.iter().enumerate() {
        add(&format!("wait-{number}"), "Wait", wait(it));
    }
    if !step.hosts.is_empty() {
        add("hosts", "Servers", visible(&step.hosts.join(", ")));
    }
    if let Some(seconds) = step.within {
        add("within", "Helps", format!("Within {}.", duration(seconds.into())));
    }
    add("exit", "Done when", said.exit.to_owned());
    add("without", "Left out", said.without.to_owned());
    add("clause", "Clause", step.act.clause().to_string());
    let mut publish = el("div");
    for (number, it) in step.publish.iter().enumerate() {
        let text = it.text.clone();
        let copy = copy_button("Copy", false, Callback::from(move |()| text.clone()));
        publish = publish.child(
            el("div")
                .number(number)
                .child(prose(
                    "p",
                    &format!("{} `{}`", what(it.what), visible(&it.place).replace('`', "'")),
                ))
                .child(
                    el("pre")
                        .attr("tabindex", "0")
                        .set("aria-label", visible(&it.place))
                        .words(it.text.replace('\r', "")),
                )
                .child(el("div").class("buttons").child(copy)),
        );
    }
    let mut commands = el("div");
    for (number, line) in checks(made, step).into_iter().enumerate() {
        commands = commands.child(crate::ui::copy_button::copied_line(line).number(number));
    }
    let (tone, word) = match step.state {
        State::Done => ("good", state(State::Done)),
        State::Overdue => ("error", state(State::Overdue)),
        State::Unseen => ("warning", state(State::Unseen)),
        State::Open => ("info", ""),
    };
    el("li")
        .number(number)
        .class("card")
        .attr("data-tone", tone)
        .attr("data-state", step.state.word())
        .child(
            el("p")
                .class("hint")
                .words(days(step))
                .child(el("strong").class("plan-state").text(word)),
        )
        .child(el("h3").text(said.title))
        .child(prose("p", said.todo))
        .child(publish)
        .child(commands)
        .child(facts)
}

/// To paper, to a ticket, to a calendar, and to a check that ticks off.
fn ways_out(made: &Plan, view: View) -> El {
    let (copied, stamp) = (markdown(made), (browser::now() / 1000.0) as i64);
    let ics = calendar(made, stamp);
    let name = format!("{}-{}.ics", made.domain, made.goal.word());
    let check = view.act(Request::CheckDomain(made.domain.clone(), None));
    el("div")
        .class("buttons")
        .child(
            labelled(format!("Check {}, to tick off what is done", made.domain), check)
                .class("primary"),
        )
        .child(button("Save for a calendar (.ics)", save(name, "text/calendar", ics, view)))
        .child(copy_button("Copy as Markdown", false, Callback::from(move |()| copied.clone())))
}
