use crate::state::{State as PageState, View};
use crate::text::LIMIT_WORDS;
use crate::ui::element::{El, el};
use crate::ui::finding::{chips, tone};
use crate::ui::icon::state_icon;
use crate::ui::words::{prose, size};
use stslint::render::words::{State, form_words};
use yew::Html;

/// What to know first.
pub(crate) fn verdict(view: View) -> Html {
    let state = view.state;
    let (shape, title, next) = words(state);
    let tone = if state.text.is_blank() { "blank" } else { tone(shape) };
    let icon = (!state.text.is_blank()).then(|| state_icon(shape));
    let words = el("div")
        .class("verdict-words")
        .child(prose("h2", &title).attr("id", "verdict-title"))
        .child(prose("p", &next));
    el("div")
        .class("verdict-box")
        .attr("data-tone", tone)
        .state("aria-busy", state.text.is_stale() || state.is_waiting())
        .child(el("div").class("verdict-icon").maybe(icon))
        .child(words)
        .child(counts(state))
        .into()
}

fn words(state: &PageState) -> (State, String, String) {
    if let Some(too_big) = state.text.too_big {
        let title = ["Too big to check: ", &size(too_big)].concat();
        let more = ". A policy has a few hundred bytes, and senders may stop reading at 64 KiB.";
        return (State::NotLinted, title, [LIMIT_WORDS, more].concat());
    }
    if state.text.is_blank() {
        let next = "Paste or type it below, drop the file, or open an example. You see at once what is \
                    wrong, where, and what it does to your mail.";
        return (
            State::NotLinted,
            "Check an MTA-STS policy, a TXT record or a domain".into(),
            next.into(),
        );
    }
    if state.text.is_beyond() {
        let (title, next) = match state.is_waiting() {
            false => (
                "Not checked: the part of stslint that reads this could not be loaded.",
                "What is here already reads the text of policies and the values of records.",
            ),
            true => ("Looking closer …", "Loading the part of stslint that reads this."),
        };
        return (State::NotLinted, title.into(), next.into());
    }
    let headline = &state.text.analysis.headline;
    (headline.state, headline.title.clone(), headline.next.clone())
}

fn counts(state: &PageState) -> El {
    let counts = el("div").class("verdict-counts");
    if state.text.is_blank() || state.text.too_big.is_some() {
        return counts;
    }
    let analysis = &state.text.analysis;
    let chips = chips(|severity| analysis.count(severity));
    if state.text.is_beyond() {
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
