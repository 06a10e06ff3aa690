//! The way from the state to the field.

use super::Dispatcher;
use crate::analysis::Analysis;
use crate::browser;
use crate::source::Source;
use crate::state::{Action, Reveal, State};
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use stslint::finding::Severity;
use stslint::text::Span;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// How long a long text has to rest before it is checked.
const REST_MS: u32 = 200;

/// How long the findings have to rest before they are announced.
const ANNOUNCE_MS: u32 = 600;

/// What was done for a state, to see what a later one asks for.
#[derive(Debug)]
pub(super) struct FieldEffects {
    source: Rc<Source>,
    /// Runs while a long text comes to rest.
    rest: Option<Timeout>,
    analysis: Rc<Analysis>,
    words: String,
    announcement: Option<Timeout>,
    revealed: u32,
    described: (bool, Option<usize>),
}

impl FieldEffects {
    /// `said` is what screen readers were told last.
    pub(super) fn new(state: &State, said: String) -> Self {
        Self {
            source: Rc::clone(&state.source),
            rest: None,
            analysis: Rc::clone(&state.analysis),
            words: said,
            announcement: None,
            revealed: state.reveal.number,
            described: (false, None),
        }
    }

    /// What screen readers were told last; nothing while they wait to be told.
    #[cfg(not(feature = "full"))]
    pub(super) fn said(&self) -> &str {
        if self.announcement.is_some() { "" } else { &self.words }
    }

    /// Keeps the field, the view and the announcements in step with the state.
    pub(super) fn run(&mut self, state: &State, dispatcher: &Dispatcher) {
        if !Rc::ptr_eq(&self.source, &state.source) {
            self.source = Rc::clone(&state.source);
            if !state.source.typed {
                browser::write_field(&state.source.display.text);
            }
            let dispatcher = dispatcher.clone();
            let lint = move || dispatcher.emit(Action::Lint);
            self.rest = Some(Timeout::new(REST_MS, lint));
        }
        if !state.is_stale() {
            self.rest = None;
        }
        let words = spoken(state);
        if words != self.words || !Rc::ptr_eq(&self.analysis, &state.analysis) {
            self.words.clone_from(&words);
            self.analysis = Rc::clone(&state.analysis);
            self.announcement = Some(Timeout::new(ANNOUNCE_MS, move || browser::announce(&words)));
        }
        if state.reveal.number != self.revealed {
            self.revealed = state.reveal.number;
            let finding = state.current.and_then(|item| state.analysis.finding(item));
            if let (Some(item), Some(finding)) = (state.current, finding) {
                show(state.reveal, item, finding.span, &state.source);
            }
        }
        let worst = state.analysis.report.worst().filter(|_| !state.is_blank());
        let described = (worst == Some(Severity::Error), state.current);
        if described != self.described {
            self.described = described;
            describe(described.0, described.1);
        }
    }
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
    // What the larger build comes to say, it says itself; that it can't be loaded is an alert.
    if state.is_blank() || state.is_beyond() {
        return String::new();
    }
    if let Some(size) = state.too_big {
        return format!("The text is too big to check: {size} characters.");
    }
    #[cfg(feature = "full")]
    if let Some(words) = crate::full::live_spoken(state) {
        return words;
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
