use super::app::View;
#[cfg(feature = "full")]
use super::copy_button::copy_button;
use super::element::{El, el};
use super::icon::{severity_icon, state_icon};
use super::prose::{count, prose};
use crate::source::LIMIT_WORDS;
use crate::state::{Rest, State as PageState};
use stslint::finding::Severity;
#[cfg(feature = "full")]
use stslint::render::words::lookup_commands;
use stslint::render::words::{State, form_words};
#[cfg(feature = "full")]
use stslint::{Kind, Parsed};
#[cfg(feature = "full")]
use yew::Callback;
use yew::Html;

/// What to know first.
pub(crate) fn verdict(view: View) -> Html {
    #[cfg(feature = "full")]
    if let Some(live) = crate::full::live_verdict(view) {
        return live.into();
    }
    let state = view.state;
    let (shape, title, next) = words(state);
    let tone = match shape {
        _ if state.is_blank() => "blank",
        State::Good => "good",
        State::NotLinted => "unlinted",
        State::Review => "review",
        State::Broken => "broken",
    };
    let icon = (!state.is_blank()).then(|| state_icon(shape));
    let words = el("div")
        .class("verdict-words")
        .child(prose("h2", &title).attr("id", "verdict-title"))
        .child(prose("p", &next))
        .maybe(commands(state));
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
        let next = "Paste it below, drop the file, or open an example. You see at once what is \
                    wrong, where, and what it does to your mail.";
        return (State::NotLinted, "Check an MTA-STS policy or a TXT record".into(), next.into());
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
    let mut chips = el("ul").class("chips").attr("data-testid", "counts");
    for (severity, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Advice, "advice", "advice"),
        (Severity::Info, "note", "notes"),
    ] {
        let number = analysis.count(severity);
        if number > 0 {
            let chip = el("li").class("chip").key(one).attr("data-tone", severity.word());
            chips =
                chips.child(chip.child(severity_icon(severity)).words(count(number, one, many)));
        }
    }
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

#[cfg(not(feature = "full"))]
fn commands(_: &PageState) -> Option<El> {
    None // domains are for the other build
}

#[cfg(feature = "full")]
fn commands(state: &PageState) -> Option<El> {
    let domain = state.analysis.report.artefacts.iter().find_map(|a| match &a.parsed {
        Parsed::Domain(domain) if a.kind == Kind::Domain => Some(domain),
        _ => None,
    });
    let domain = domain.filter(|_| !state.is_blank())?;
    let mut list = el("ul").class("commands").attr("aria-label", "Commands to run");
    for line in lookup_commands(domain) {
        let text = line.clone();
        let copy = copy_button("Copy", false, Callback::from(move |()| text.clone()));
        let item = el("li").key(&line);
        list = list.child(item.child(el("code").words(line)).child(copy));
    }
    Some(list)
}
