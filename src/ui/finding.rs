//! Parts of findings and rules that several tools show.

use super::element::{El, Handler, button, el};
use super::icon::severity_icon;
use super::words::{count, prose};
use crate::route::Route;
use stslint::finding::Severity;
use stslint::render::words::State;
use stslint::rule::Rule;

/// How far the file with the rules' explanations has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Explanations {
    /// It could not be loaded.
    Failed,
    /// There was nothing to explain yet.
    #[default]
    Unasked,
    /// It is on its way.
    Loading,
    /// It is there.
    Loaded,
}

/// What stands in the place of an explanation that is not there; nothing once it is.
pub(crate) fn pending(explanations: Explanations, retry: Handler) -> Option<El> {
    let place = el("div").class("pending");
    match explanations {
        Explanations::Loaded => None,
        Explanations::Loading | Explanations::Unasked => {
            Some(place.child(el("p").class("hint").text("Loading the explanation…")))
        }
        Explanations::Failed => {
            let failed = el("p").class("hint").text("The explanation could not be loaded.");
            Some(place.child(failed).child(button("Retry", retry)))
        }
    }
}

/// Adds a row to a list of facts.
pub(crate) fn fact(facts: El, name: &'static str, words: El) -> El {
    facts.child(el("dt").text(name)).child(words)
}

/// The address of a rule's explanation within the page.
pub(crate) fn to_rule(code: &str) -> String {
    Route::Rule(code.to_owned()).fragment()
}

/// The clause of a rule, as a link where it has an address.
pub(crate) fn clause(rule: &Rule) -> El {
    match rule.url() {
        Some(url) => prose("a", rule.words().clause)
            .set("href", url)
            .attr("target", "_blank")
            .attr("rel", "noreferrer noopener"),
        None => prose("span", rule.words().clause),
    }
}

/// The colours of a state, as style.css names them.
pub(crate) const fn tone(state: State) -> &'static str {
    match state {
        State::Good => "good",
        State::NotLinted => "unlinted",
        State::Review => "review",
        State::Broken => "broken",
    }
}

/// How many findings there are of each severity, with the way to the first of them if there is one.
pub(crate) fn chips(
    count_of: impl Fn(Severity) -> usize,
    first: impl Fn(Severity) -> Option<Handler>,
) -> El {
    let mut chips = el("ul").class("chips").attr("data-testid", "counts");
    for (severity, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Advice, "piece of advice", "pieces of advice"),
        (Severity::Info, "note", "notes"),
    ] {
        let number = count_of(severity);
        if number > 0 {
            let chip = el("li").class("chip").key(one).attr("data-tone", severity.word());
            let words = count(number, one, many);
            chips = chips.child(match first(severity) {
                Some(go) => {
                    let go = el("button").attr("type", "button").class("quiet").on("click", go);
                    chip.child(go.child(severity_icon(severity)).words(words))
                }
                None => chip.child(severity_icon(severity)).words(words),
            });
        }
    }
    chips
}
