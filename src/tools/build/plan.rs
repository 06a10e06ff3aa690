//! What a domain is to publish when: steps with days, ticked off by what a check saw.

use super::choose::{choices, domain, facts, hosts, look, names, save};
use super::state::Choices;
use crate::browser;
use crate::request::Request;
use crate::route::Route;
use crate::state::View;
use crate::ui::choice::{Choice, field, option};
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el, handler, labelled, link, name_field, text_field};
use crate::ui::words::prose;
use std::rc::Rc;
use stslint::live::Publishing;
use stslint::plan::{Act, Given, Goal, Plan, PlanStep, State, What, plan};
use stslint::render::plan::acts::said;
use stslint::render::plan::calendar::calendar;
use stslint::render::plan::words::{checks, goal, note, refused, state, summary, wait, what};
use stslint::render::plan::{days, markdown};
use stslint::render::words::duration;
use stslint::render::words::upper;
use stslint::report::aggregate::Day;
use stslint::report::readiness::{Known, Readiness};
use stslint::text::visible;
use web_sys::{Event, HtmlInputElement};
use yew::{Callback, TargetCast};

/// The plan for a domain.
pub(super) fn view(view: View) -> El {
    let shows = choices(Route::Plan, view);
    let choices = &shows.now;
    let domain = domain(choices);
    let facts = facts(domain.as_deref(), view);
    let there = facts.map(Publishing::of);
    let mx = hosts(choices, there.as_ref());
    let aim = Goal::from_word(&choices.goal).unwrap_or(Goal::Enforce);
    let today = Day::of((browser::now() / 1000.0) as i64);
    let start = Day::read(&choices.from).unwrap_or(today);
    let root = el("div")
        .class("setup plan")
        .attr("data-testid", "plan")
        .child(el("p").class("lead").text(
            "What to publish on which day, how long to wait and why, so that no mail is lost on the way. A check of the domain ticks off what is done; the link for your team carries what was published when the plan began.",
        ))
        .child(form(aim, start, &mx, &shows))
        .child(look(domain.as_deref(), there.as_ref(), view));
    let Some(domain) = domain else { return root };
    let new_mx = names(&choices.new_mx);
    let testing_since = Day::read(&choices.testing_since);
    let alias_of = browser::ascii_domain(choices.alias_of.trim()).filter(|_| aim == Goal::Park);
    let done = choices.done();
    let readiness = readiness(&domain, there.as_ref(), testing_since, today, view);
    let given = Given {
        start,
        policy: Some(choices.was.as_bytes()).filter(|was| !was.is_empty()),
        record: Some(choices.record.as_str()).filter(|record| !record.is_empty()),
        mx: &mx,
        new_mx: &new_mx,
        ttl: choices.ttl.trim().parse().ok(),
        alias_of: alias_of.as_deref(),
        testing_since,
        readiness: readiness.as_ref(),
        done: &done,
        facts,
        ..Given::new(&domain, aim, today)
    };
    match plan(&given) {
        Ok(made) => {
            let link = for_others(choices, &mx, start, there.as_ref());
            root.child(whole(&made, link, &shows, view))
        }
        Err(why) => {
            let words = format!("{}.", upper(refused(why)));
            root.child(el("p").class("problem").attr("role", "alert").words(words))
        }
    }
}

/// What the reports that this tab has read say about mode enforce.
fn readiness<'v>(
    domain: &str,
    there: Option<&Publishing>,
    testing_since: Option<Day>,
    today: Day,
    view: View<'v>,
) -> Option<Readiness<'v>> {
    let mode = there.and_then(|there| there.served.mode);
    let known = Known { mode, testing_since, today };
    (view.state.chunks.reports.loaded()?.readiness)(view.state, domain, &known)
}

/// The address of the plan as it is now: with what was published before it began, which nobody can see later.
fn for_others(choices: &Choices, mx: &[String], start: Day, there: Option<&Publishing>) -> String {
    let mut fixed = choices.clone();
    fixed.from = start.to_string();
    fixed.mx = mx.join("\n");
    if let Some(there) = there.filter(|_| choices.was.is_empty() && choices.record.is_empty()) {
        let policy = there.policy.as_deref().unwrap_or_default();
        fixed.was = String::from_utf8_lossy(policy).into_owned();
        fixed.record = there.sts.clone().unwrap_or_default();
    }
    browser::page_address() + &Route::Plan(fixed.query()).fragment()
}

fn form(aim: Goal, start: Day, mx: &[String], shows: &Choice<Choices>) -> El {
    let choices = &shows.now;
    let name = name_field(&choices.domain, "255", "example.com")
        .on("input", shows.typed(|choices, value| choices.domain = value));
    let mut goals = el("select").on("change", shows.picked(|choices, value| choices.goal = value));
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
    let ttl = text_field(&choices.ttl, "10")
        .attr("placeholder", "3600")
        .attr("inputmode", "numeric")
        .on("input", shows.typed(|choices, value| choices.ttl = value));
    let since = el("input")
        .attr("type", "date")
        .value(choices.testing_since.clone())
        .on("change", shows.typed(|choices, value| choices.testing_since = value));
    let alias_of = name_field(&choices.alias_of, "255", "example.com")
        .on("input", shows.typed(|choices, value| choices.alias_of = value));
    el("div")
        .class("options")
        .child(field("Domain", name))
        .child(field("Goal", goals))
        .child(field("Begins on", date))
        .child(field("Its mail servers, one per line", servers))
        .child(field("New mail servers", new).flag("hidden", !moves))
        .child(field("In testing since, if you know", since).flag("hidden", aim != Goal::Enforce))
        .child(field("TTL of _mta-sts in its zone, if you know", ttl))
        .child(
            field("It takes mail as this domain does", alias_of).flag("hidden", aim != Goal::Park),
        )
}

fn whole(made: &Plan, link: String, shows: &Choice<Choices>, view: View) -> El {
    let mut steps = el("ol").class("plan-steps");
    for (number, step) in made.steps.iter().enumerate() {
        steps = steps.child(one(number, step, made, shows));
    }
    // What comes first stands in the summary.
    let behind = || made.notes.iter().filter(|note| !note.is_first());
    let mut notes = el("ul").class("bullets hint").flag("hidden", behind().next().is_none());
    for (number, it) in behind().enumerate() {
        notes = notes.child(prose("li", &note(it)).number(number));
    }
    el("section")
        .child(prose("p", &summary(made)).class("lead").attr("data-testid", "summary"))
        .child(ways_out(made, link, view))
        .child(steps)
        .child(notes)
}

/// A step: when, what, why not earlier, and what it takes.
fn one(number: usize, step: &PlanStep, made: &Plan, shows: &Choice<Choices>) -> El {
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
    // What the page does itself is no line for a shell. `stslint check` is one, as it sees mail hosts, which no browser does.
    let is_for_a_shell =
        |line: &String| !line.starts_with("stslint ") || line.starts_with("stslint check ");
    for (number, line) in checks(made, step).into_iter().filter(is_for_a_shell).enumerate() {
        commands = commands.child(crate::ui::copy_button::copied_line(line).number(number));
    }
    if matches!(step.act, Act::Observe | Act::Watch) {
        commands = commands.child(
            el("p")
                .key("reports")
                .child(link(Route::Reports(String::new()).fragment(), "Read TLS reports")),
        );
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
        .child(done(step, made, shows))
}

/// The day on which a step was done, for what no check can see, and for when.
fn done(step: &PlanStep, made: &Plan, shows: &Choice<Choices>) -> El {
    let act = step.act;
    let days = shows.now.done();
    let day = days.iter().find(|(known, _)| *known == act).map(|(_, day)| day.to_string());
    let (choice, label) = (shows.clone(), format!("{}: done on", said(made.goal, act).title));
    let chosen = move |event: Event| {
        let day = Day::read(&event.target_unchecked_into::<HtmlInputElement>().value());
        choice.set(|choices| choices.set_done(act, day));
    };
    let date = el("input")
        .attr("type", "date")
        .set("aria-label", label)
        .set("max", made.today.to_string())
        .value(day.unwrap_or_default())
        .on("change", handler(chosen));
    el("div").class("options").child(field("Done on", date))
}

/// To paper, to a ticket, to a calendar, and to a check that ticks off.
fn ways_out(made: &Plan, link: String, view: View) -> El {
    let (copied, stamp) = (markdown(made), (browser::now() / 1000.0) as i64);
    let ics = calendar(made, stamp);
    let name = format!("{}-{}.ics", made.domain, made.goal.word());
    // What is to be served by now.
    let due = made.steps.iter().filter(|step| step.day <= made.today);
    let policy = due.flat_map(|step| &step.publish).rfind(|it| it.what == What::Policy);
    let draft = policy.map(|policy| Rc::from(policy.text.as_bytes()));
    let check = view.act(Request::CheckDomain(made.domain.clone(), draft));
    el("div")
        .class("buttons")
        .child(
            labelled(format!("Check {}, to tick off what is done", made.domain), check)
                .class("primary"),
        )
        .child(button("Save for a calendar (.ics)", save(name, "text/calendar", ics, view)))
        .child(copy_button(
            "Copy a link for your team",
            false,
            Callback::from(move |()| link.clone()),
        ))
        .child(copy_button("Copy as Markdown", false, Callback::from(move |()| copied.clone())))
}
