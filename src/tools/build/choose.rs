//! What the views of this room share: choices, what is known of the domain, ways out.

use super::kept;
use super::state::{Action, Choices};
use crate::browser;
use crate::request::{Notice, Request};
use crate::route::Route;
use crate::state::View;
use crate::ui::choice::Choice;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, Handler, button, el, handler, labelled};
use stslint::build::POLICY_FILE;
use stslint::live::Publishing;
use stslint::live::facts::Facts;
use stslint::text::visible;
use yew::Callback;

/// The choices at a place, and the way to choose something else; the address follows.
pub(super) fn choices(place: fn(String) -> Route, view: View) -> Choice<Choices> {
    let dispatcher = view.dispatcher.clone();
    let choose = move |choices: Choices| {
        browser::replace_fragment(&place(choices.query()).fragment());
        dispatcher.emit(Action::Choose(choices).into());
    };
    Choice::new(kept(view.state).clone(), Callback::from(choose))
}

/// The domain, as A-labels, once it is one.
pub(super) fn domain(choices: &Choices) -> Option<String> {
    browser::ascii_domain(choices.domain.trim()).filter(|name| name.contains('.'))
}

/// What this tab knows of it.
pub(super) fn facts<'v>(domain: Option<&str>, view: View<'v>) -> Option<&'v Facts> {
    (view.state.chunks.check.loaded()?.facts)(view.state, domain?)
}

/// The names in a field.
pub(super) fn names(typed: &str) -> Vec<String> {
    let words = typed.split(|c: char| c == ',' || c.is_whitespace());
    let names = words.map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty());
    names.map(str::to_owned).collect()
}

/// The mail servers: those that were typed, else those that a check saw.
pub(super) fn hosts(choices: &Choices, there: Option<&Publishing>) -> Vec<String> {
    let typed = names(&choices.mx);
    match there {
        Some(there) if typed.is_empty() => there.hosts.clone(),
        _ => typed,
    }
}

/// What is known of what is published now, and the way to know it.
pub(super) fn look(domain: Option<&str>, there: Option<&Publishing>, view: View) -> El {
    let Some(domain) = domain else {
        return el("p").class("hint").text("Type the domain: names and addresses follow from it.");
    };
    let check = view.act(Request::CheckDomain(domain.to_owned(), None));
    let Some(there) = there else {
        return el("div")
            .class("buttons")
            .child(labelled(format!("Look {domain} up first"), check))
            .child(el("span").class("hint").text(
                "for its mail servers, and what it publishes now: without that, everything is written from scratch",
            ));
    };
    if there.unknown.is_empty() {
        return el("p").class("hint").words(format!(
            "Mail servers and what is published now are those that the check of {domain} saw."
        ));
    }
    let unknown = visible(&there.unknown.join(", "));
    el("div")
        .class("problem")
        .child(el("p").words(format!(
            "Not seen: {unknown}. What is published there is not known, and would be overwritten."
        )))
        .child(el("div").class("buttons").child(labelled(
            format!("See to it in the check of {domain}"),
            view.act(Request::Visit(Route::Desk(domain.to_owned()))),
        )))
}

/// Adds a text, with buttons that save it as a file, where it has a name for that, and copy it.
pub(super) fn with_text(
    to: El,
    label: String,
    text: String,
    file: Option<(&'static str, String)>,
    view: View,
) -> El {
    let shown = text.replace('\r', "");
    let saved = text.clone();
    let save = file.map(|(words, name)| button(words, save(name, "text/plain", saved, view)));
    let copy = copy_button("Copy", false, Callback::from(move |()| text.clone()));
    to.child(el("pre").attr("tabindex", "0").set("aria-label", label).words(shown))
        .child(el("div").class("buttons").maybe(save).child(copy))
}

/// Adds the policy as a file.
pub(super) fn with_policy(to: El, policy: String, view: View) -> El {
    with_text(to, "Policy".into(), policy, Some(("Download mta-sts.txt", POLICY_FILE.into())), view)
}

/// What a button does that saves a text as a file.
pub(super) fn save(name: String, media: &'static str, text: String, view: View) -> Handler {
    let dispatcher = view.dispatcher.clone();
    handler(move |_| {
        if browser::download(&name, media, text.as_bytes()).is_err() {
            let words = "The browser refused the download. Copy the text instead.";
            dispatcher.emit(Request::Notice(Notice::problem(words)).into());
        }
    })
}
