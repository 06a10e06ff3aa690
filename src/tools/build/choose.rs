//! What the views of this room share: choices, what is known of the domain, fields.

use super::state::{Action, Choices};
use crate::browser;
use crate::request::{Notice, Request};
use crate::route::Route;
use crate::state::{Dispatcher, View};
use crate::ui::element::{El, Handler, el, handler, labelled};
use stslint::live::facts::{Answer, Fact, Facts, Fetched, Records};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::TargetCast;

/// What is chosen, and the way to choose something else.
#[derive(Clone)]
pub(super) struct Shows {
    pub(super) choices: Choices,
    place: fn(String) -> Route,
    dispatcher: Dispatcher,
}

impl Shows {
    /// For the place that these choices belong to.
    pub(super) fn new(choices: &Choices, place: fn(String) -> Route, view: View) -> Self {
        Self { choices: choices.clone(), place, dispatcher: view.dispatcher.clone() }
    }

    /// Chooses something else; the address follows.
    pub(super) fn choose(&self, change: impl FnOnce(&mut Choices)) {
        let mut choices = self.choices.clone();
        change(&mut choices);
        browser::replace_fragment(&(self.place)(choices.query()).fragment());
        self.dispatcher.emit(Action::Choose(choices).into());
    }

    /// What a field for text does.
    pub(super) fn typed(&self, set: fn(&mut Choices, String)) -> Handler {
        let shows = self.clone();
        handler(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            shows.choose(|choices| set(choices, value));
        })
    }

    /// What a field for one of several does.
    pub(super) fn chosen(&self, set: fn(&mut Choices, String)) -> Handler {
        let shows = self.clone();
        handler(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            shows.choose(|choices| set(choices, value));
        })
    }

    /// A field for several lines.
    pub(super) fn lines(&self, value: String, set: fn(&mut Choices, String)) -> El {
        let shows = self.clone();
        let typed = move |event: Event| {
            let value = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            shows.choose(|choices| set(choices, value));
        };
        el("textarea")
            .attr("rows", "4")
            .attr("spellcheck", "false")
            .attr("autocomplete", "off")
            .attr("placeholder", "mx1.example.com")
            .value(value)
            .on("input", handler(typed))
    }
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
pub(super) fn hosts(choices: &Choices, facts: Option<&Facts>) -> Vec<String> {
    let typed = names(&choices.mx);
    if !typed.is_empty() {
        return typed;
    }
    let records = facts.and_then(|facts| facts.mx.known()).and_then(|answer| answer.data());
    let records = records.into_iter().flatten().filter(|mx| !mx.is_null());
    records.map(|mx| mx.exchange.clone()).collect()
}

/// A field with its label.
pub(super) fn field(label: &'static str, inner: El) -> El {
    el("label").child(el("span").text(label)).child(inner)
}

/// One of several.
pub(super) fn option(word: &str, chosen: bool, words: String) -> El {
    el("option").key(word).set("value", word.to_owned()).flag("selected", chosen).words(words)
}

/// The way to what is published now.
pub(super) fn look(domain: Option<&str>, facts: Option<&Facts>, view: View) -> El {
    let Some(domain) = domain else {
        return el("p").class("hint").text("Type the domain: names and addresses follow from it.");
    };
    if facts.is_some() {
        return el("p").class("hint").words(format!(
            "Mail servers and what is published now are those that the check of {domain} saw."
        ));
    }
    let check = view.act(Request::CheckDomain(domain.to_owned(), None));
    el("div")
        .class("buttons")
        .child(labelled(format!("Look {domain} up first"), check))
        .child(el("span").class("hint").text("for its mail servers, and what it publishes now"))
}

/// The record at a name with its strings joined, where there is just one.
pub(super) fn joined(fact: &Fact<Answer<Records>>) -> Option<String> {
    match fact.known()?.data()? {
        Records::Seen(records) => match &records[..] {
            [one] => Some(one.concat()),
            _ => None,
        },
        Records::Reported(_) => None,
    }
}

/// The policy that is served now.
pub(super) fn served(facts: &Facts) -> Option<&[u8]> {
    match &facts.fetch.known()?.outcome {
        Fetched::Response(response) if response.may_be_policy() => response.body.as_deref(),
        _ => None,
    }
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
