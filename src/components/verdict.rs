use super::app::View;
use super::copy_button::CopyButton;
use super::icon::{severity_icon, state_icon};
use super::prose::{count, mib, prose};
use crate::state::State as PageState;
use stslint::finding::Severity;
use stslint::render::words::{State, form_words, lookup_commands};
use stslint::{Kind, Parsed};
use yew::prelude::*;

/// What to know first.
pub(crate) fn verdict(view: View) -> Html {
    let state = view.state;
    let (shape, title, next) = words(state);
    let tone = match shape {
        _ if state.is_blank() => "blank",
        State::Good => "good",
        State::NotLinted => "unlinted",
        State::Review => "review",
        State::Broken => "broken",
    };
    let icon = if state.is_blank() {
        html! {}
    } else {
        state_icon(shape)
    };
    html! {
        <div class="verdict-box" data-tone={tone} aria-busy={state.is_stale().to_string()}>
            <div class="verdict-icon" key="icon">{ icon }</div>
            <div class="verdict-words" key="words">
                <h2 id="verdict-title">{ prose(&title) }</h2>
                <p>{ prose(&next) }</p>
                { commands(state) }
            </div>
            <div class="verdict-counts" key="counts">{ counts(state) }</div>
        </div>
    }
}

fn words(state: &PageState) -> (State, String, String) {
    if let Some(size) = state.too_big {
        let title = format!("Too big to check: {}", mib(size));
        let next = "Up to 1 MiB is checked. A policy has a few hundred bytes, and senders may stop \
                    reading at 64 KiB.";
        return (State::NotLinted, title, next.into());
    }
    if state.is_blank() {
        let next = "Paste it below, drop the file, or open an example. You see at once what is \
                    wrong, where, and what it does to your mail.";
        return (State::NotLinted, "Check an MTA-STS policy or a TXT record".into(), next.into());
    }
    let headline = &state.analysis.headline;
    (headline.state, headline.title.clone(), headline.next.clone())
}

fn counts(state: &PageState) -> Html {
    if state.is_blank() || state.too_big.is_some() {
        return html! { <p></p> };
    }
    let analysis = &state.analysis;
    let chip = |severity: Severity, one: &str, many: &str| {
        let number = analysis.count(severity);
        let (word, words) = (severity.word(), count(number, one, many));
        (number > 0).then(|| {
            html! {
                <li key={word} class="chip" data-tone={word}>{ severity_icon(severity) }{ words }</li>
            }
        })
    };
    let kinds = analysis.report.artefacts.iter().map(|a| form_words(analysis.report.form, a.kind));
    let read_as = kinds.collect::<Vec<_>>().join(" · ");
    html! {
        <>
            <ul class="chips" data-testid="counts" key="chips">
                { for chip(Severity::Error, "error", "errors") }
                { for chip(Severity::Warning, "warning", "warnings") }
                { for chip(Severity::Advice, "advice", "advice") }
                { for chip(Severity::Info, "note", "notes") }
            </ul>
            <p class="read-as" data-testid="read-as" key="kind">{ "Read as: " }{ read_as }</p>
        </>
    }
}

fn commands(state: &PageState) -> Html {
    let domain = state.analysis.report.artefacts.iter().find_map(|a| match &a.parsed {
        Parsed::Domain(domain) if a.kind == Kind::Domain => Some(domain),
        _ => None,
    });
    let lines = domain
        .filter(|_| !state.is_blank())
        .map(|domain| lookup_commands(domain))
        .unwrap_or_default();
    if lines.is_empty() {
        return html! { <div></div> };
    }
    let line = |line: &String| {
        let text = line.clone();
        html! {
            <li key={line.clone()}>
                <code>{ line.clone() }</code>
                <CopyButton text={Callback::from(move |()| text.clone())} />
            </li>
        }
    };
    html! { <ul class="commands" aria-label="Commands to run">{ for lines.iter().map(line) }</ul> }
}
