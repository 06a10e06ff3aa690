//! How checks are drawn.

mod compare;
mod findings;
mod head;
mod history;
mod hosts;
mod list;
mod lookups;
mod next;
mod paste;
mod step;
mod tools;

use super::kept;
use super::state::{Action, DomainCheck, Shown, written};
use crate::route::Route;
use crate::state::{State, View};
use crate::text::{Settings, Source};
use crate::ui::element::{El, button, el};
use std::rc::Rc;
use stslint::Kind;
use stslint::live::facts::Facts;
use stslint::time;

pub(crate) use head::{spoken, tab_title as title, verdict};
pub(crate) use history::history_dialog;
pub(crate) use tools::settings;

/// A point in time for people.
fn moment(seconds: Option<i64>) -> String {
    let text = seconds.and_then(time::rfc3339);
    text.map_or_else(
        || "at an unknown time".into(),
        |text| text.replace('T', " ").replace('Z', " UTC"),
    )
}

/// What is shown of checks, for the text in the field. Results stand at their own places; elsewhere a domain or a list is
/// something to check.
fn shown(state: &State) -> Shown<'_> {
    match (kept(state).shown(&state.text), &state.places.route) {
        (Shown::Check(check), Route::Example(_) | Route::List | Route::Start | Route::Text) => {
            Shown::Domain(check.domain.clone())
        }
        (Shown::Checks(list), route) if *route != Route::List => Shown::List(list.domains()),
        (shown, _) => shown,
    }
}

/// What is shown below the verdict; nothing where the text is one to lint.
pub(crate) fn answers(view: View) -> Option<El> {
    let section = || el("section").class("live").key("live");
    match shown(view.state) {
        Shown::Nothing => None,
        Shown::Domain(domain) => Some(section().child(head::by_hand(&domain))),
        Shown::List(_) => Some(section()),
        Shown::Check(check) => Some(section().child(result(check, view))),
        Shown::Checks(list) => Some(section().child(list::table(list, view))),
    }
}

/// The check: how a sender acts, step by step, and what differs from elsewhere.
fn result(check: &DomainCheck, view: View) -> El {
    let mut steps = el("ol").class("steps");
    for result in &check.assessment.steps {
        steps = steps.child(step::step(result, check, view));
    }
    el("div")
        .key("result")
        .child(compare::earlier(check))
        .child(compare::resolvers(check, view))
        .child(el("h2").attr("id", "steps-title").text("What a mail server finds"))
        .child(steps.attr("aria-labelledby", "steps-title"))
}

/// A way back from a text to the check that it was opened from.
pub(crate) fn return_button(view: View) -> El {
    let state = kept(view.state);
    let there = state.check.is_some() || state.list.is_some();
    let hidden = !there || !matches!(shown(view.state), Shown::Nothing | Shown::Domain(_));
    button("Back to the check", view.act(Action::Return)).flag("hidden", hidden)
}

/// The facts of a domain as this tab saw them last.
pub(crate) fn facts<'s>(state: &'s State, domain: &str) -> Option<&'s Facts> {
    Some(&kept(state).of(domain)?.assessment.facts)
}

/// The policy of a domain as this tab saw it last, and when.
pub(crate) fn policy(state: &State, domain: &str) -> Option<(String, String)> {
    let check = kept(state).of(domain)?;
    let part = check.assessment.parts.iter().find(|part| part.kind == Kind::Policy)?;
    let text = String::from_utf8_lossy(&part.source).into_owned();
    Some((text, moment(check.assessment.facts.now)))
}

/// The check that is shown as a text to share.
pub(crate) fn shareable(state: &State) -> Option<(Rc<Source>, Settings)> {
    let Shown::Check(check) = shown(state) else { return None };
    let text = written(&check.assessment.facts);
    let mut source = Source::exact(text.into_bytes(), true, &Source::default());
    source.file_name = Some(format!("{}.json", check.domain));
    let settings = Settings {
        declared: Some(Kind::Live.into()),
        domain: check.domain.clone(),
        ascii_domain: Some(check.domain.clone()),
        ignore: check.ignore.clone(),
    };
    Some((Rc::new(source), settings))
}
