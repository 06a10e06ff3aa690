//! The box on top: what can be checked, how far it is, what it comes to.

use super::super::kept;
use super::super::open::start;
use super::super::state::run::Run;
use super::super::state::settings::Resolver;
use super::super::state::{Action, DomainCheck, Shown};
use super::paste::fetch_help;
use super::{compare, list, moment, next, shown, step, tools};
use crate::browser;
use crate::request::{Dialog, Request};
use crate::route::Route;
use crate::state::State as PageState;
use crate::state::View;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el, link};
use crate::ui::finding::{chips as count_chips, tone};
use crate::ui::icon::{state_icon, state_sign};
use crate::ui::verdict::{title, verdict_box, way};
use crate::ui::words::{prose, visible};
use std::borrow::Cow;
use std::rc::Rc;
use stslint::Kind;
use stslint::live::{Assessment, Evidence, Standing};
use stslint::render::live::{headline, hidden, run_by};
use stslint::render::words::{State, lookup_commands};
use stslint::time;
use yew::Callback;

/// The box, where the text is a domain or a list of them.
pub(crate) fn verdict(view: View) -> Option<El> {
    match shown(view.state) {
        Shown::Nothing | Shown::Domain(_) => None,
        Shown::Check(check) => Some(checked(check, view)),
        Shown::List(domains) => Some(list::ready(&domains, view)),
        Shown::Checks(list) => Some(list::progress(list, view)),
    }
}

/// The title of the tab.
pub(crate) fn tab_title(state: &PageState) -> Option<String> {
    Some(match shown(state) {
        Shown::Nothing => return None,
        Shown::Domain(domain) => format!("{domain} · check"),
        Shown::List(domains) => format!("{} domains · list", domains.len()),
        Shown::Checks(list) => format!("{} of {} domains · list", list.done, list.rows.len()),
        Shown::Check(check) if check.is_running() => format!("… {} · check", check.domain),
        Shown::Check(check) => {
            format!("{}{} · check", state_sign(headline(&check.assessment).state), check.domain)
        }
    })
}

/// What screen readers are told of a check.
pub(crate) fn spoken(state: &PageState) -> Option<String> {
    match shown(state) {
        Shown::Nothing => None,
        Shown::Domain(domain) => Some(format!("A domain name. Press Enter to check {domain}.")),
        Shown::List(domains) => Some(format!("A list of {} domains.", domains.len())),
        Shown::Check(check) if check.is_running() => Some(format!("Checking {}.", check.domain)),
        Shown::Check(check) => {
            let head = headline(&check.assessment);
            Some(format!("{} {}", head.title, head.next).replace('`', ""))
        }
        Shown::Checks(list) if list.is_over() => {
            Some(format!("{} domains are checked.", list.done))
        }
        Shown::Checks(_) => Some("Checking the list.".into()),
    }
}

/// The commands for who would rather look things up by hand.
pub(super) fn by_hand(domain: &str) -> El {
    let mut list = el("ul").class("commands").attr("aria-label", "Commands to run");
    for line in lookup_commands(domain) {
        let text = line.clone();
        let copy = copy_button("Copy", false, Callback::from(move |()| text.clone()));
        let item = el("li").key(&line);
        list = list.child(item.child(el("code").words(line)).child(copy));
    }
    el("div")
        .key("by-hand")
        .class("by-hand")
        .child(el("h2").text("Or look it up by hand"))
        .child(
            el("p")
                .class("hint")
                .text("Run these commands and paste what they print; nothing is sent anywhere."),
        )
        .child(list)
}

fn checked(check: &DomainCheck, view: View) -> El {
    let assessment = &check.assessment;
    let running = check.is_running();
    let head = headline(assessment);
    let (heading, next) = match check.run.as_ref().filter(|_| running).map(Run::progress) {
        Some((done, asked)) => (
            format!("Checking `{}` …", check.domain),
            match held(view) {
                Some(held) => format!("{done} of {asked} look-ups are answered. {held}"),
                None => {
                    format!("{done} of {asked} look-ups are answered. What is known stands below.")
                }
            },
        ),
        None => (head.title, head.next),
    };
    let tone = tone(if running { State::NotLinted } else { head.state });
    let progress = check.run.as_ref().map(Run::progress).unwrap_or_default();
    let bar = el("progress")
        .class("progress")
        .attr("aria-label", "Look-ups answered")
        .set("max", progress.1.max(1).to_string())
        .set("value", progress.0.to_string())
        .flag("hidden", !running);
    let next_step = next::next(check, view);
    let stage = next_step.as_ref().map(|next| next.stage).filter(|_| !running);
    let button = next_step.and_then(|next| next.button);
    // Where there is nothing to press, reading the policy comes first.
    let reads_first = button.is_none();
    let help = fetch_help(check, view).key("help");
    let buttons = buttons(check, running, button, view).key("buttons");
    let (first, second) = if reads_first { (help, buttons) } else { (buttons, help) };
    let words = el("div")
        .child(title(&heading))
        .child(prose("p", &next))
        .child(hosted(assessment))
        .child(bar)
        .child(chips(assessment))
        .child(step::strip(check))
        .child(resolver_trouble(check, view))
        .child(el("div").child(first).child(second))
        .child(compare::draft(check, view))
        .child(senders(check))
        .child(el("p").class("hint").attr("data-testid", "origin").words(origin(check)))
        .child(tools::folded(view))
        .child(stage.map_or_else(|| el("div"), way));
    let icon = if running { None } else { Some(state_icon(head.state)) };
    verdict_box(tone, icon, words, running).attr("data-testid", "result")
}

/// Who runs the policy, where it is not the domain itself.
fn hosted(assessment: &Assessment) -> El {
    let evidence = assessment.steps.iter().flat_map(|result| &result.evidence);
    let mut hosted = evidence.filter_map(|seen| match seen {
        Evidence::Hosted(hosted) => Some(format!("The policy is run by {}.", run_by(hosted))),
        _ => None,
    });
    let words = hosted.next();
    prose("p", words.as_deref().unwrap_or_default())
        .class("hint")
        .attr("data-testid", "hosted")
        .flag("hidden", words.is_none())
}

/// Who has to be waited for, while that is so.
pub(super) fn held(view: View) -> Option<String> {
    let held = kept(view.state).held.iter().filter(|(_, until)| **until > browser::now());
    let (by, until) = held.max_by(|a, b| a.1.total_cmp(b.1))?;
    let time = time::rfc3339((until / 1000.0) as i64)?;
    let clock = time.split(['T', 'Z']).nth(1)?;
    Some(format!("{by} asks us to wait until {clock} UTC; the rest is looked up then."))
}

/// The ways on, where the policy was seen: to what senders make of it, and to the plan.
fn senders(check: &DomainCheck) -> El {
    let is_seen = check.assessment.parts.iter().any(|part| part.kind == Kind::Policy);
    let to = Route::Senders(String::new()).fragment();
    let plan = Route::plan_of(&check.domain);
    el("p")
        .class("hint links")
        .flag("hidden", !is_seen || check.is_running())
        .child(link(to, "What do senders make of it, and what would an attack come to?"))
        .child(link(plan.fragment(), "What to publish when: the plan"))
}

/// When and by whom.
fn origin(check: &DomainCheck) -> String {
    let facts = &check.assessment.facts;
    let when = moment(facts.now);
    let by = facts.resolver.as_deref().unwrap_or("an unknown resolver");
    let by = visible(by.as_bytes(), 80);
    match &check.run {
        Some(run) => {
            let relay =
                run.relay.as_ref().map(|relay| format!(", hosts looked at by {}", relay.name()));
            format!(
                "{}, seen {when}. Names looked up by {by}{}.",
                check.domain,
                relay.unwrap_or_default()
            )
        }
        None => format!(
            "Snapshot of {}, seen {when}; names were looked up by {by}. Nothing was looked up now.",
            check.domain
        ),
    }
}

/// The resolver that told nothing, and why.
fn silent(check: &DomainCheck) -> Option<(Cow<'_, str>, &Resolver)> {
    let run = check.run.as_ref().filter(|run| run.is_done())?;
    Some((hidden(run.resolver_failure()?), &run.resolver))
}

/// What to do when the resolver told nothing. Always there, and empty when all is well.
fn resolver_trouble(check: &DomainCheck, view: View) -> El {
    let Some((why, resolver)) = silent(check) else { return el("div").flag("hidden", true) };
    let other = resolver.other();
    let (dispatcher, domain) = (view.dispatcher.clone(), check.domain.clone());
    let mut settings = kept(view.state).settings.clone();
    let words = format!("Ask {} instead", other.name);
    settings.resolver = other;
    settings.custom = false;
    let instead = move |_| {
        dispatcher.emit(Action::Settings(settings.clone()).into());
        start(&dispatcher, &domain);
    };
    el("div")
        .class("trouble-line")
        .attr("data-testid", "resolver-trouble")
        .child(
            el("p")
                .words(format!(
                    "No answer from {}: {why}. That says nothing about {}.",
                    resolver.name, check.domain
                ))
                // Where nothing else was seen, the answer says it.
                .flag("hidden", check.assessment.standing() == Standing::NotChecked),
        )
        .child(
            el("button")
                .attr("type", "button")
                .class("primary")
                .on("click", Rc::new(instead))
                .words(words),
        )
}

/// One thing to do next, and others.
fn buttons(check: &DomainCheck, running: bool, next: Option<El>, view: View) -> El {
    let (dispatcher, name) = (view.dispatcher.clone(), check.domain.clone());
    let again = button("Check again", Rc::new(move |_| start(&dispatcher, &name)))
        .attr("data-testid", "again")
        .flag("hidden", running);
    let next = next.filter(|_| !running);
    // One thing comes first: another resolver, where this one told nothing.
    let is_first = next.is_none() && silent(check).is_none();
    let again = if is_first { again.class("primary") } else { again };
    let other = kept(view.state).settings.resolver.other();
    let compare = button("Compare with another resolver", compare::with_other(other, view))
        .class("quiet")
        .flag("hidden", running || check.other.is_some());
    el("div")
        .class("buttons")
        .child(next.unwrap_or_else(|| el("span").flag("hidden", true)))
        .child(again)
        .child(button("Stop", view.act(Action::Stop)).flag("hidden", !running))
        .child(
            button("Share this result", view.act(Request::Show(Dialog::Share)))
                .flag("hidden", running),
        )
        .child(compare)
        .child(button("Back to the list", view.act(Request::Back)).flag("hidden", !check.of_list))
}

/// The numbers of findings.
fn chips(assessment: &Assessment) -> El {
    let count = |severity| {
        assessment.findings().filter(|finding| finding.rule.severity == severity).count()
    };
    count_chips(count, |_| None)
}
