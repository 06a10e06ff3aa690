//! The box on top: what can be checked, how far it is, what it comes to.

use super::super::open::{seconds, start};
use super::super::run::Run;
use super::super::state::{Change, One, Shown, shown};
use super::{act, list, moment, tools};
use crate::components::app::View;
use crate::components::copy_button::copy_button;
use crate::components::element::{El, button, el};
use crate::components::icon::state_icon;
use crate::components::prose::prose;
use crate::components::verdict::{chips as count_chips, tone};
use crate::state::{Action, Dialog, State as PageState};
use std::rc::Rc;
use stslint::Kind;
use stslint::live::Story;
use stslint::render::words::{State, form_words, lookup_commands};
use yew::Callback;

/// The box, where the text is a domain or a list of them.
pub(crate) fn verdict(view: View) -> Option<El> {
    match shown(view.state) {
        Shown::Nothing => None,
        Shown::Domain(domain) => Some(ready(&domain, view)),
        Shown::One(one) => Some(check(one, view)),
        Shown::List(domains) => Some(list::ready(&domains, view)),
        Shown::Many(many) => Some(list::progress(many, view)),
    }
}

/// What screen readers are told of a check.
pub(crate) fn spoken(state: &PageState) -> Option<String> {
    match shown(state) {
        Shown::Nothing => None,
        Shown::Domain(domain) => Some(format!("A domain name. Press Enter to check {domain}.")),
        Shown::List(domains) => Some(format!("A list of {} domains.", domains.len())),
        Shown::One(one) if one.is_running() => Some(format!("Checking {}.", one.domain)),
        Shown::One(one) => {
            let head = one.story.headline();
            Some(format!("{} {}", head.title, head.next).replace('`', ""))
        }
        Shown::Many(many) if many.is_over() => Some(format!("{} domains are checked.", many.done)),
        Shown::Many(_) => Some("Checking the list.".into()),
    }
}

/// The frame: icon, words, and what stands at the right. Its parts never come and go.
pub(super) fn frame(tone: &'static str, icon: Option<El>, words: El, right: El, busy: bool) -> El {
    el("div")
        .class("verdict-box")
        .attr("data-tone", tone)
        .state("aria-busy", busy)
        .child(el("div").class("verdict-icon").maybe(icon))
        .child(words.class("verdict-words"))
        .child(right.class("verdict-counts"))
}

pub(super) fn title(words: &str) -> El {
    prose("h2", words).attr("id", "verdict-title")
}

fn ready(domain: &str, view: View) -> El {
    let (dispatcher, name) = (view.dispatcher.clone(), domain.to_owned());
    let check = button("Check it now", Rc::new(move |_| start(&dispatcher, &name)));
    let words = el("div")
        .child(title(&format!("Check the mail transport security of `{domain}`")))
        .child(
            el("p")
                .text("Looks up the domain’s records and mail hosts and tries to read its policy. ")
                .text("The names go to the resolver below, nothing else leaves this page."),
        )
        .child(
            el("div")
                .class("buttons")
                .child(check.class("primary").attr("data-testid", "check"))
                .child(el("span").class("hint").text("or press ").child(el("kbd").text("Enter"))),
        )
        .child(tools::settings(view));
    frame("unlinted", None, words, read_as(view), false)
}

/// What the text was taken for.
pub(super) fn read_as(view: View) -> El {
    let report = &view.state.analysis.report;
    let kind = report.artefacts.first().map_or(Kind::Domain, |artefact| artefact.kind);
    let words = format!("Read as: {}", form_words(report.form, kind));
    el("div").child(el("p").class("read-as").attr("data-testid", "read-as").words(words))
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

fn check(one: &One, view: View) -> El {
    let story = &one.story;
    let running = one.is_running();
    let head = story.headline();
    let (heading, next) = match one.run.as_ref().filter(|_| running).map(Run::progress) {
        Some((done, asked)) => (
            format!("Checking `{}` …", one.domain),
            format!("{done} of {asked} look-ups are answered. What is known stands below."),
        ),
        None => (head.title, head.next),
    };
    let tone = tone(if running { State::NotLinted } else { head.state });
    let progress = one.run.as_ref().map(Run::progress).unwrap_or_default();
    let bar = el("progress")
        .class("progress")
        .attr("aria-label", "Look-ups answered")
        .set("max", progress.1.max(1).to_string())
        .set("value", progress.0.to_string())
        .flag("hidden", !running);
    let words = el("div")
        .child(title(&heading))
        .child(prose("p", &next))
        .child(bar)
        .child(el("p").class("hint").attr("data-testid", "origin").words(origin(one)))
        .child(resolver_trouble(one, view))
        .child(buttons(one, running, view))
        .child(tools::folded(view));
    let icon = if running { None } else { Some(state_icon(head.state)) };
    frame(tone, icon, words, el("div").child(chips(story)), running).attr("data-testid", "result")
}

/// When and by whom.
fn origin(one: &One) -> String {
    let facts = &one.story.facts;
    let when = moment(facts.now);
    let by = facts.resolver.as_deref().unwrap_or("an unknown resolver");
    let by = super::visible(by.chars().take(80).collect::<String>().as_bytes());
    match &one.run {
        Some(run) => {
            let relay =
                run.relay.as_ref().map(|relay| format!(", hosts looked at by {}", relay.name()));
            format!(
                "{}, seen {when}. Names looked up by {by}{}.",
                one.domain,
                relay.unwrap_or_default()
            )
        }
        None => format!(
            "Snapshot of {}, seen {when}; names were looked up by {by}. Nothing was looked up now.",
            one.domain
        ),
    }
}

/// What to do when the resolver told nothing. Always there, and empty when all is well.
fn resolver_trouble(one: &One, view: View) -> El {
    let why = one
        .run
        .as_ref()
        .filter(|run| run.is_done())
        .and_then(|run| Some((run.resolver_failure()?, run.resolver.clone())));
    let Some((why, resolver)) = why else { return el("div").flag("hidden", true) };
    let other = resolver.other();
    let (dispatcher, domain) = (view.dispatcher.clone(), one.domain.clone());
    let mut settings = view.state.full.live.settings.clone();
    let words = format!("Ask {} instead", other.name);
    settings.resolver = other;
    settings.custom = false;
    let instead = move |_| {
        dispatcher.emit(Action::Full(Change::Settings(settings.clone()).into()));
        start(&dispatcher, &domain);
    };
    el("div")
        .class("trouble-line")
        .attr("data-testid", "resolver-trouble")
        .child(el("p").words(format!(
            "{} told nothing: {why}. That says nothing about {}.",
            resolver.name, one.domain
        )))
        .child(el("button").attr("type", "button").on("click", Rc::new(instead)).words(words))
}

fn buttons(one: &One, running: bool, view: View) -> El {
    let (dispatcher, name) = (view.dispatcher.clone(), one.domain.clone());
    let again = button("Check again", Rc::new(move |_| start(&dispatcher, &name)))
        .attr("data-testid", "again")
        .flag("hidden", running);
    let again = if one.run.is_none() { again.class("primary") } else { again };
    let other = view.state.full.live.settings.resolver.other();
    let compare =
        button("Compare with another resolver", act(view, Change::Compare(other, seconds())))
            .flag("hidden", running || one.other.is_some());
    el("div")
        .class("buttons")
        .child(again)
        .child(button("Stop", act(view, Change::Stop)).flag("hidden", !running))
        .child(compare)
        .child(
            button("Share this result", view.act(Action::Show(Dialog::Share)))
                .flag("hidden", running),
        )
        .child(button("Back to the list", act(view, Change::Back)).flag("hidden", !one.of_list))
}

/// The numbers of findings.
fn chips(story: &Story) -> El {
    let count =
        |severity| story.findings().filter(|finding| finding.rule.severity == severity).count();
    count_chips(count)
}
