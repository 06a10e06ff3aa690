use super::app::View;
use super::element::{El, el};
use super::icon::{severity_icon, state_icon};
use super::prose::{count, prose};
use crate::source::LIMIT_WORDS;
use crate::state::{Rest, State as PageState};
use stslint::finding::Severity;
use stslint::render::words::{State, form_words};
use yew::Html;

/// What to know first.
pub(crate) fn verdict(view: View) -> Html {
    #[cfg(feature = "full")]
    if let Some(live) = crate::full::live_verdict(view) {
        return live.into();
    }
    let state = view.state;
    let (shape, title, next) = words(state);
    let tone = if state.is_blank() { "blank" } else { tone(shape) };
    let icon = (!state.is_blank()).then(|| state_icon(shape));
    let words = el("div")
        .class("verdict-words")
        .child(prose("h2", &title).attr("id", "verdict-title"))
        .child(prose("p", &next));
    el("div")
        .class("verdict-box")
        .attr("data-tone", tone)
        .state("aria-busy", state.is_stale() || state.is_waiting())
        .child(el("div").class("verdict-icon").maybe(icon))
        .child(words)
        .child(counts(state))
        .into()
}

fn words(state: &PageState) -> (State, String, String) {
    if let Some(size) = state.too_big {
        let title = ["Too big to check: ", &super::size(size)].concat();
        let more = ". A policy has a few hundred bytes, and senders may stop reading at 64 KiB.";
        return (State::NotLinted, title, [LIMIT_WORDS, more].concat());
    }
    if state.is_blank() {
        let next = "Paste or type it below, drop the file, or open an example. You see at once what is \
                    wrong, where, and what it does to your mail.";
        return (
            State::NotLinted,
            "Check an MTA-STS policy, a TXT record or a domain".into(),
            next.into(),
        );
    }
    if state.is_beyond() {
        // What it is the other build tells: this one knows policies and values of records.
        let (title, next) = match state.rest {
            Rest::Failed => (
                "Not checked: the part of stslint that reads this could not be loaded.",
                "What is here already reads the text of policies and the values of records.",
            ),
            Rest::Loading | Rest::Unasked => {
                ("Looking closer …", "Loading the part of stslint that reads this.")
            }
        };
        return (State::NotLinted, title.into(), next.into());
    }
    let headline = &state.analysis.headline;
    (headline.state, headline.title.clone(), headline.next.clone())
}

fn counts(state: &PageState) -> El {
    let counts = el("div").class("verdict-counts");
    if state.is_blank() || state.too_big.is_some() {
        return counts;
    }
    let analysis = &state.analysis;
    let chips = chips(|severity| analysis.count(severity));
    if state.is_beyond() {
        return counts;
    }
    let mut read_as = String::from("Read as: ");
    for (i, artefact) in analysis.report.artefacts.iter().enumerate() {
        read_as.push_str(if i > 0 { " · " } else { "" });
        read_as.push_str(&form_words(analysis.report.form, artefact.kind));
    }
    let read_as = el("p").class("read-as").attr("data-testid", "read-as").words(read_as);
    counts.child(chips).child(read_as)
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

/// How many findings there are of each severity.
pub(crate) fn chips(count_of: impl Fn(Severity) -> usize) -> El {
    let mut chips = el("ul").class("chips").attr("data-testid", "counts");
    for (severity, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Advice, "advice", "advice"),
        (Severity::Info, "note", "notes"),
    ] {
        let number = count_of(severity);
        if number > 0 {
            let chip = el("li").class("chip").key(one).attr("data-tone", severity.word());
            chips =
                chips.child(chip.child(severity_icon(severity)).words(count(number, one, many)));
        }
    }
    chips
}
