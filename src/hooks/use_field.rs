//! The way from the state to the field.

use crate::browser;
use crate::source::Source;
use crate::state::{Action, Reveal, State};
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use stslint::finding::Severity;
use stslint::text::Span;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// How long a long text has to rest before it is checked.
const REST_MS: u32 = 200;

/// How long the findings have to rest before they are announced.
const ANNOUNCE_MS: u32 = 600;

/// Keeps the field, the view and the announcements in step with the state.
#[hook]
pub(crate) fn use_field(state: &UseReducerHandle<State>) {
    use_effect_with(Rc::clone(&state.source), |source| {
        if !source.typed {
            browser::write_field(&source.display.text);
        }
    });
    let stale = state.is_stale();
    let dispatcher = state.dispatcher();
    use_effect_with((stale, Rc::clone(&state.source)), move |_| {
        let rest = stale.then(|| Timeout::new(REST_MS, move || dispatcher.dispatch(Action::Lint)));
        move || drop(rest)
    });
    let words = spoken(state);
    use_effect_with((Rc::clone(&state.analysis), words.clone()), move |_| {
        let timer = Timeout::new(ANNOUNCE_MS, move || browser::announce(&words));
        move || drop(timer)
    });
    let span = state.current.and_then(|item| state.analysis.finding(item)).map(|f| f.span);
    let current = state.current;
    let source = Rc::clone(&state.source);
    use_effect_with(state.reveal, move |reveal| {
        if reveal.number > 0
            && let (Some(item), Some(span)) = (current, span)
        {
            show(*reveal, item, span, &source);
        }
    });
    let worst = state.analysis.report.worst().filter(|_| !state.is_blank());
    use_effect_with((worst == Some(Severity::Error), state.current), |(wrong, current)| {
        describe(*wrong, *current);
    });
}

/// Ties the field to what is said about it.
fn describe(wrong: bool, current: Option<usize>) {
    let field = browser::field();
    let finding = current.map(|item| format!(" finding-{item}-message")).unwrap_or_default();
    let _ = field.set_attribute("aria-invalid", if wrong { "true" } else { "false" });
    let _ = field.set_attribute("aria-describedby", &format!("verdict-title{finding}"));
}

/// What to say about the text as it is.
fn spoken(state: &State) -> String {
    if state.is_blank() {
        return String::new();
    }
    if let Some(size) = state.too_big {
        return format!("The text is too big to check: {size} characters.");
    }
    let analysis = &state.analysis;
    if let Some(item) = state.current.filter(|_| !state.reveal.in_list)
        && let Some(finding) = analysis.finding(item)
    {
        let line = analysis.position(finding.span.start).line;
        let message = finding.message(&state.linted.bytes);
        let (word, count) = (finding.rule.severity.word(), analysis.len());
        return format!("{word} {} of {count}, line {line}: {message}", item + 1);
    }
    format!("{} {}.", analysis.headline.title, analysis.summary)
}

/// Brings the current finding into view.
fn show(reveal: Reveal, item: usize, span: Span, source: &Source) {
    let document = browser::document();
    let card = document.get_element_by_id(&format!("finding-{item}"));
    // Side by side both can be seen; one below the other, only what was asked for.
    let wide = browser::matches("(min-width: 60em)");
    if let Some(card) = card.filter(|_| wide) {
        browser::scroll_to(&card);
    }
    if reveal.in_list {
        return;
    }
    let field = browser::field();
    let focused = document.active_element().is_some_and(|e| e.is_same_node(Some(&field)));
    // On a touch screen, focus would bring up the keyboard.
    if focused || browser::matches("(pointer: fine)") {
        let _ = browser::focus_quietly(field.unchecked_ref::<HtmlElement>());
    }
    let (start, end) = (source.display.utf16(span.start), source.display.utf16(span.end));
    let _ = field.set_selection_range(start as u32, end as u32);
    if let Ok(Some(mark)) = document.query_selector(&format!("mark[data-items~='{item}']")) {
        browser::scroll_to(&mark);
    }
}
