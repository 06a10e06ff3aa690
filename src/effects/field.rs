//! The way from the state to the field.

use crate::browser;
use crate::request::Article;
use crate::route::Route;
use crate::state::{Action, Dispatcher, State};
use crate::text::{Analysis, Source};
use crate::tools::lint;
use crate::tools::lint::state::Reveal;
use crate::ui::replaced;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use stslint::finding::Severity;
use stslint::text::Span;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

/// How long a long text has to rest before it is checked.
const REST_MS: u32 = 200;

/// How long the findings have to rest before they are announced.
const ANNOUNCE_MS: u32 = 600;

/// The button that leads back to a finding.
const WAY_BACK: &str = "to-finding";

/// What was done for a state, to see what a later one asks for.
#[derive(Debug)]
pub(super) struct FieldEffects {
    source: Rc<Source>,
    /// Runs while a long text that is typed comes to rest.
    rest: Option<Timeout>,
    analysis: Rc<Analysis>,
    words: String,
    announcement: Option<Timeout>,
    revealed: u32,
    described: (bool, Option<usize>),
    view: (&'static str, bool),
    /// The title of the start, as index.html has it.
    home: String,
    title: String,
    /// Whether there is something to see.
    opened: bool,
    deciding: Option<usize>,
    article: Option<Article>,
    /// The domain at whose desk one is that was not checked yet.
    unchecked: Option<String>,
    /// Whether what the page began with has been seen.
    is_begun: bool,
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
            view: ("", false),
            home: browser::document().title(),
            title: String::new(),
            opened: false,
            deciding: None,
            article: None,
            unchecked: None,
            is_begun: false,
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
            self.rest = None;
            if source.typed {
                self.rest = Some(Timeout::new(REST_MS, move || dispatcher.emit(Action::Rest)));
            } else if state.text.is_stale() {
                spawn_local(async move {
                    browser::on_screen().await;
                    dispatcher.emit(Action::Rest);
                });
            }
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
        let view = (layout(state), state.text.is_blank());
        if view != self.view {
            self.view = view;
            browser::show_view(view.0, view.1);
        }
        if state.is_there() && !self.opened {
            self.opened = true;
            browser::opened();
        }
        // Whoever comes to read begins at the title; whoever began there is there.
        if replaced(&mut self.article, state.article) && self.is_begun {
            if state.article.is_some() {
                browser::focus("article-title");
                browser::scroll_to_top();
            } else if view.0 == "desk" {
                browser::focus_title();
            } else {
                focus_field();
            }
        }
        self.is_begun |= self.opened;
        if replaced(&mut self.unchecked, unchecked(state))
            && self.unchecked.is_some()
            && browser::has_no_focus()
        {
            focus_field();
        }
        let title = subject(state).map_or(self.home.clone(), |subject| subject + " · stslint");
        if title != self.title {
            browser::document().set_title(&title);
            self.title = title;
        }
        let deciding = state.lint.deciding(&state.text);
        if replaced(&mut self.deciding, deciding) {
            if deciding.is_some() {
                browser::focus("accept");
            } else if browser::has_no_focus() {
                browser::focus_title();
            }
        }
        // Over a suggestion that is decided about, it would cover that.
        if state.lint.current.is_none() || deciding.is_some() {
            let _ = browser::part(WAY_BACK).set_attribute("hidden", "");
        }
        let worst = state.text.analysis.report.worst().filter(|_| !state.text.is_blank());
        let described = (worst == Some(Severity::Error), state.lint.current);
        if described != self.described {
            self.described = described;
            describe(described.0, described.1);
        }
    }
}

/// How the page is laid out: the field as an editor, or as a bar above what is known of a domain or a list.
fn layout(state: &State) -> &'static str {
    match &state.places.route {
        _ if state.article.is_some() => "article",
        Route::Desk(_) => "desk",
        Route::List => "list",
        _ => "text",
    }
}

/// The domain that the page offers to check by Enter, where nothing else is shown.
fn unchecked(state: &State) -> Option<String> {
    let Route::Desk(domain) = &state.places.route else { return None };
    let check = state.chunks.check.loaded()?;
    let is_new = (check.facts)(state, domain).is_none();
    (is_new && state.article.is_none() && state.is_there()).then(|| domain.clone())
}

/// Focuses the field. On a touch screen, that would bring up the keyboard.
fn focus_field() {
    if browser::matches("(pointer: fine)") {
        let _ = browser::focus_quietly(browser::field().unchecked_ref::<HtmlElement>());
    }
}

/// What is shown, and its state, for the title of the tab; none at the start.
fn subject(state: &State) -> Option<String> {
    if let (Some(Article::Reports), Some(reports)) = (state.article, state.chunks.reports.loaded())
    {
        return Some((reports.title)(state));
    }
    if let Some(article) = state.article {
        return Some(article.title().to_owned());
    }
    let checked = state.chunks.check.loaded().and_then(|check| (check.title)(state));
    checked.or_else(|| lint::title(state))
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
    // Findings have other numbers once the text is another one: the way back leads to the one that is current then.
    if let Some(item) = current {
        let _ = browser::part(WAY_BACK).set_attribute("data-item", &item.to_string());
    }
    let _ = field.set_attribute("aria-invalid", if wrong { "true" } else { "false" });
    let _ = field.set_attribute("aria-describedby", ["verdict-title", &finding].concat().as_str());
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
    if reveal.quiet {
        return reveal_mark(item);
    }
    focus_field();
    let (start, end) = (source.display.utf16(span.start), source.display.utf16(span.end));
    let _ = field.set_selection_range(start as u32, end as u32);
    // Where text and findings are one below the other, there is a way back.
    if !wide {
        let _ = browser::part(WAY_BACK).remove_attribute("hidden");
    }
    reveal_mark(item);
}

/// Listens to who wants to go back to a finding.
pub(super) fn listener() -> EventListener {
    EventListener::new(&browser::part(WAY_BACK), "click", |_| {
        let button = browser::part(WAY_BACK);
        let _ = button.set_attribute("hidden", "");
        let item = button.get_attribute("data-item").unwrap_or_default();
        let card = browser::document().get_element_by_id(&["finding-", &item].concat());
        if let Some(card) = card {
            browser::scroll_to(&card);
            if let Ok(Some(go)) = card.query_selector("button") {
                let _ = browser::focus_quietly(go.unchecked_ref());
            }
        }
    })
}

fn reveal_mark(item: usize) {
    let selector = format!("mark[data-items~='{item}']");
    if let Ok(Some(mark)) = browser::document().query_selector(&selector) {
        browser::scroll_to(&mark);
    }
}
