//! How checks are drawn.

mod compare;
mod findings;
mod head;
mod history;
mod hosts;
mod list;
mod lookups;
mod paste;
mod step;
mod tools;

use super::state::{Change, One, Shown, shown};
use crate::analysis::Settings;
use crate::components::app::View;
use crate::components::element::{El, Handler, button, el};
use crate::source::Source;
use crate::state::{Action, State};
use std::rc::Rc;
use stslint::Kind;
use stslint::live::write;
use stslint::text::push_visible;
use stslint::time;

pub(crate) use head::{spoken, verdict};
pub(crate) use history::history_dialog;

/// A point in time for people.
fn moment(seconds: Option<i64>) -> String {
    let text = seconds.and_then(time::rfc3339);
    text.map_or_else(
        || "at an unknown time".into(),
        |text| text.replace('T', " ").replace('Z', " UTC"),
    )
}

/// A text with what can't be seen as code points. Line ends stay.
fn visible(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for c in String::from_utf8_lossy(bytes).replace("\r\n", "\n").chars() {
        match c {
            '\n' => out.push(c),
            c => push_visible(c, &mut out),
        }
    }
    out
}

/// What a button does.
fn act(view: View, change: Change) -> Handler {
    view.act(Action::Full(change.into()))
}

/// What is shown below the verdict; nothing where the text is one to lint.
pub(crate) fn answers(view: View) -> Option<El> {
    let section = || el("section").class("live").key("live");
    match shown(view.state) {
        Shown::Nothing => None,
        Shown::Domain(domain) => Some(section().child(head::by_hand(&domain))),
        Shown::List(_) => Some(section()),
        Shown::One(one) => Some(section().child(result(one, view))),
        Shown::Many(many) => Some(section().child(list::table(many, view))),
    }
}

/// The check: how a sender acts, step by step, and what differs from elsewhere.
fn result(one: &One, view: View) -> El {
    let mut steps = el("ol").class("steps");
    for chapter in &one.story.chapters {
        steps = steps.child(step::step(chapter, one, view));
    }
    el("div")
        .key("result")
        .child(compare::earlier(one))
        .child(compare::resolvers(one, view))
        .child(el("h2").attr("id", "steps-title").text("How a sender acts"))
        .child(steps.attr("aria-labelledby", "steps-title"))
}

/// A way back from a text to the check that it was opened from.
pub(crate) fn return_button(view: View) -> El {
    let live = &view.state.full.live;
    let there = live.one.is_some() || live.many.is_some();
    let hidden = !there || !matches!(shown(view.state), Shown::Nothing | Shown::Domain(_));
    button("Back to the check", act(view, Change::Return)).flag("hidden", hidden)
}

/// The check that is shown as a text to share.
pub(crate) fn share_source(state: &State) -> Option<(Rc<Source>, Settings)> {
    let Shown::One(one) = shown(state) else { return None };
    let text = write(&one.story.facts);
    let mut source = Source::exact(text.into_bytes(), true, &Source::default());
    source.file_name = Some(format!("{}.json", one.domain));
    let settings = Settings {
        kind: Some(Kind::Live),
        domain: one.domain.clone(),
        ascii_domain: Some(one.domain.clone()),
    };
    Some((Rc::new(source), settings))
}
