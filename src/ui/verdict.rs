//! The box with the answer: one sentence, one reason, one thing to do next.

use super::element::{El, el};
use super::words::prose;

/// The box: icon and words. Its parts never come and go.
pub(crate) fn verdict_box(tone: &'static str, icon: Option<El>, words: El, busy: bool) -> El {
    el("div")
        .class("verdict-box")
        .attr("data-tone", tone)
        .state("aria-busy", busy)
        // WebKit does not see by `:has(:empty)` that an icon came.
        .flag("data-bare", icon.is_none())
        .child(el("div").class("verdict-icon").maybe(icon))
        .child(words.class("verdict-words"))
}

/// The sentence.
pub(crate) fn title(words: &str) -> El {
    prose("h2", words).attr("id", "verdict-title").attr("tabindex", "-1")
}

/// How far a domain has come on the way to a policy that protects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Something is to be repaired.
    Fix,
    /// It is right, and to be published.
    Publish,
    /// It is published, and to be looked at.
    Check,
    /// It is in testing, and reports are to be read.
    Watch,
    /// It is enforced.
    Enforce,
}

/// The way, with the stage that one is at.
pub(crate) fn way(stage: Stage) -> El {
    let mut way = el("ol").class("way").attr("aria-label", "The way to a protected domain");
    for (its, word) in [
        (Stage::Fix, "Fix"),
        (Stage::Publish, "Publish"),
        (Stage::Check, "Check again"),
        (Stage::Watch, "Watch reports"),
        (Stage::Enforce, "Enforce"),
    ] {
        let item = el("li").key(word).text(word);
        way = way.child(if its == stage { item.attr("aria-current", "step") } else { item });
    }
    way
}
