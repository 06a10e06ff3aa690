//! The way from the state to the field.

use crate::browser;
use crate::state::{Action, Dispatcher, State};
use crate::text::{Analysis, Source};
use crate::tools::lint;
use crate::tools::lint::state::Reveal;
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
    /// Nothing was done yet.
    pub(super) fn new(state: &State) -> Self {
        Self {
            source: Rc::clone(&state.text.source),
            rest: None,
            analysis: Rc::clone(&state.text.analysis),
            words: String::new(),
            announcement: None,
            revealed: state.lint.reveal.number,
            described: (false, None),
        }
    }

    /// Keeps the field, the view and the announcements in step with the state.
    pub(super) fn run(&mut self, state: &State, dispatcher: &Dispatcher) {
        if !Rc::ptr_eq(&self.source, &state.text.source) {
            let before = std::mem::replace(&mut self.source, Rc::clone(&state.text.source));
            let source = &self.source;
            if source.typed {
                follow(&before.display.text, &source.display.text);
            } else if browser::write_field(&source.display.text) && !source.repaired {
                browser::show_start();
            }
            let dispatcher = dispatcher.clone();
            let rest = move || dispatcher.emit(Action::Rest);
            self.rest = Some(Timeout::new(REST_MS, rest));
        }
        if !state.text.is_stale() {
            self.rest = None;
        }
        let words = lint::spoken(state);
        if words != self.words || !Rc::ptr_eq(&self.analysis, &state.text.analysis) {
            self.words.clone_from(&words);
            self.analysis = Rc::clone(&state.text.analysis);
            self.announcement = Some(Timeout::new(ANNOUNCE_MS, move || browser::announce(&words)));
        }
        if state.lint.reveal.number != self.revealed {
            self.revealed = state.lint.reveal.number;
            let finding = state.lint.current.and_then(|item| state.text.analysis.finding(item));
            if let (Some(item), Some(finding)) = (state.lint.current, finding) {
                show(state.lint.reveal, item, finding.span, &state.text.source);
            }
        }
        let worst = state.text.analysis.report.worst().filter(|_| !state.text.is_blank());
        let described = (worst == Some(Severity::Error), state.lint.current);
        if described != self.described {
            self.described = described;
            describe(described.0, described.1);
        }
    }
}

/// Shows the line that was begun at the end of the text. Some browsers look for it before the field has grown by it.
fn follow(before: &str, after: &str) {
    let begun = after.strip_suffix('\n') == Some(before);
    if begun
        && let Ok(Some(line)) =
            browser::document().query_selector("#twin > :last-child > :last-child")
    {
        browser::scroll_to(&line);
    }
}

/// Ties the field to what is said about it.
fn describe(wrong: bool, current: Option<usize>) {
    let field = browser::field();
    let finding = current.map(|item| format!(" finding-{item}-message")).unwrap_or_default();
    let _ = field.set_attribute("aria-invalid", if wrong { "true" } else { "false" });
    let _ = field.set_attribute("aria-describedby", &format!("verdict-title{finding}"));
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
