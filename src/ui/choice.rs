//! Fields of a form that change one thing together, such as what an address says.

use super::element::{El, Handler, el, handler};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::{Callback, TargetCast};

/// What is chosen, and the way to choose something else.
#[derive(Clone)]
pub(crate) struct Choice<T: 'static> {
    /// What is chosen.
    pub(crate) now: T,
    change: Callback<T>,
}

impl<T: Clone> Choice<T> {
    /// With what is to be done when something else is chosen.
    pub(crate) fn new(now: T, change: Callback<T>) -> Self {
        Self { now, change }
    }

    /// Chooses something else.
    pub(crate) fn set(&self, set: impl FnOnce(&mut T)) {
        let mut chosen = self.now.clone();
        set(&mut chosen);
        self.change.emit(chosen);
    }

    /// What a button does.
    pub(crate) fn pressed(&self, set: impl Fn(&mut T) + 'static) -> Handler {
        let choice = self.clone();
        handler(move |_| choice.set(&set))
    }

    /// What a field for a line does.
    pub(crate) fn typed(&self, set: fn(&mut T, String)) -> Handler {
        let choice = self.clone();
        handler(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            choice.set(|chosen| set(chosen, value));
        })
    }

    /// What a field for one of several does.
    pub(crate) fn picked(&self, set: fn(&mut T, String)) -> Handler {
        let choice = self.clone();
        handler(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            choice.set(|chosen| set(chosen, value));
        })
    }

    /// A field for names, one in a line.
    pub(crate) fn lines(&self, value: String, set: fn(&mut T, String)) -> El {
        let choice = self.clone();
        let typed = move |event: Event| {
            let value = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            choice.set(|chosen| set(chosen, value));
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

/// A field with its label.
pub(crate) fn field(label: &'static str, inner: El) -> El {
    el("label").child(el("span").text(label)).child(inner)
}

/// One of several. One of them has to be chosen: browsers show the one that came first, and Yew adds them from the end.
pub(crate) fn option(word: &str, chosen: bool, words: String) -> El {
    el("option").key(word).set("value", word.to_owned()).flag("selected", chosen).words(words)
}
