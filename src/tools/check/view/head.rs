//! The box on top: what can be checked, how far it is, what it comes to.

use super::super::kept;
use super::super::open::{seconds, start};
use super::super::state::run::Run;
use super::super::state::{Action, DomainCheck, Shown};
use super::{list, moment, shown, tools};
use crate::request::{Dialog, Request};
use crate::state::State as PageState;
use crate::state::View;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el};
use crate::ui::finding::{chips as count_chips, tone};
use crate::ui::icon::state_icon;
use crate::ui::words::{prose, visible};
use std::rc::Rc;
use stslint::Kind;
use stslint::live::Assessment;
use stslint::render::live::{headline, hidden};
use stslint::render::words::{State, form_words, lookup_commands};
use yew::Callback;

/// The box, where the text is a domain or a list of them.
pub(crate) fn verdict(view: View) -> Option<El> {
    match shown(view.state) {
        Shown::Nothing => None,
        Shown::Domain(domain) => Some(ready(&domain, view)),
        Shown::Check(check) => Some(checked(check, view)),
        Shown::List(domains) => Some(list::ready(&domains, view)),
        Shown::Checks(list) => Some(list::progress(list, view)),
    }
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
    let report = &view.state.text.analysis.report;
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

fn checked(check: &DomainCheck, view: View) -> El {
    let assessment = &check.assessment;
    let running = check.is_running();
    let head = headline(assessment);
    let (heading, next) = match check.run.as_ref().filter(|_| running).map(Run::progress) {
        Some((done, asked)) => (
            format!("Checking `{}` …", check.domain),
            format!("{done} of {asked} look-ups are answered. What is known stands below."),
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
    let words = el("div")
        .child(title(&heading))
        .child(prose("p", &next))
        .child(bar)
        .child(el("p").class("hint").attr("data-testid", "origin").words(origin(check)))
        .child(resolver_trouble(check, view))
        .child(buttons(check, running, view))
        .child(tools::folded(view));
    let icon = if running { None } else { Some(state_icon(head.state)) };
    frame(tone, icon, words, el("div").child(chips(assessment)), running)
        .attr("data-testid", "result")
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

/// What to do when the resolver told nothing. Always there, and empty when all is well.
fn resolver_trouble(check: &DomainCheck, view: View) -> El {
    let why = check
        .run
        .as_ref()
        .filter(|run| run.is_done())
        .and_then(|run| Some((hidden(run.resolver_failure()?), run.resolver.clone())));
    let Some((why, resolver)) = why else { return el("div").flag("hidden", true) };
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
        .child(el("p").words(format!(
            "{} told nothing: {why}. That says nothing about {}.",
            resolver.name, check.domain
        )))
        .child(el("button").attr("type", "button").on("click", Rc::new(instead)).words(words))
}

fn buttons(check: &DomainCheck, running: bool, view: View) -> El {
    let (dispatcher, name) = (view.dispatcher.clone(), check.domain.clone());
    let again = button("Check again", Rc::new(move |_| start(&dispatcher, &name)))
        .attr("data-testid", "again")
        .flag("hidden", running);
    let again = if check.run.is_none() { again.class("primary") } else { again };
    let other = kept(view.state).settings.resolver.other();
    let compare =
        button("Compare with another resolver", view.act(Action::Compare(other, seconds())))
            .flag("hidden", running || check.other.is_some());
    el("div")
        .class("buttons")
        .child(again)
        .child(button("Stop", view.act(Action::Stop)).flag("hidden", !running))
        .child(compare)
        .child(
            button("Share this result", view.act(Request::Show(Dialog::Share)))
                .flag("hidden", running),
        )
        .child(button("Back to the list", view.act(Request::Back)).flag("hidden", !check.of_list))
}

/// The numbers of findings.
fn chips(assessment: &Assessment) -> El {
    let count = |severity| {
        assessment.findings().filter(|finding| finding.rule.severity == severity).count()
    };
    count_chips(count)
}
