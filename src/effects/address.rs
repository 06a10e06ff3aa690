//! The page's address and the steps of its history.

use crate::browser;
use crate::route::Route;
use crate::state::{Action, Arrival, Dispatcher, State};
use crate::text::Draft;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;

/// Where the number of the last step is kept.
const STEPS: &str = "stslint-steps";

/// How long a text rests before it is kept for a reload, in milliseconds.
const REST_MS: u32 = 300;

/// What waits to be kept: the number of the step, and what stands in its field.
type Waiting = Rc<RefCell<Option<(u32, Draft)>>>;

/// Keeps what stands in the field, so that it survives a reload.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    kept: Option<(u32, Draft)>,
    waiting: Waiting,
    rest: Option<Timeout>,
}

impl Drafts {
    /// Keeps the text when it has come to rest.
    pub(super) fn run(&mut self, state: &State) {
        let here = state.places.here;
        let Some(draft) = state.places.draft().filter(|_| state.places.begun) else { return };
        if self.kept.as_ref().is_some_and(|(step, kept)| (*step, kept) == (here, draft)) {
            return;
        }
        self.kept = Some((here, draft.clone()));
        write(&self.waiting, Some(here));
        *self.waiting.borrow_mut() = self.kept.clone();
        let waiting = Rc::clone(&self.waiting);
        self.rest = Some(Timeout::new(REST_MS, move || write(&waiting, None)));
    }

    /// Keeps what has not come to rest when the page is left.
    pub(super) fn listener(&self) -> EventListener {
        let waiting = Rc::clone(&self.waiting);
        EventListener::new(&browser::window(), "pagehide", move |_| write(&waiting, None))
    }
}

/// Writes what waits, unless it belongs to the step that is shown and will be written later.
fn write(waiting: &Waiting, later: Option<u32>) {
    let taken = waiting.borrow_mut().take();
    if let Some((step, draft)) = taken.filter(|(step, _)| Some(*step) != later)
        && let Some(text) = draft.written()
    {
        browser::remember_in_tab(&key(step), &text);
    }
}

fn key(step: u32) -> String {
    format!("stslint-text-{step}")
}

/// Tells where the page is, now and whenever the browser shows another step.
pub(super) fn listeners(dispatcher: &Dispatcher) -> [EventListener; 2] {
    arrive(dispatcher);
    let (stepped, followed) = (dispatcher.clone(), dispatcher.clone());
    let window = browser::window();
    [
        EventListener::new(&window, "popstate", move |_| arrive(&stepped)),
        // The same once more, where a browser tells of a link in the page by this alone.
        EventListener::new(&window, "hashchange", move |_| {
            if browser::step_here().is_none() {
                arrive(&followed);
            }
        }),
    ]
}

fn arrive(dispatcher: &Dispatcher) {
    let step = browser::step_here();
    let last = browser::remembered_in_tab(STEPS).and_then(|text| text.parse::<u32>().ok());
    dispatcher.emit(Action::Arrived(Arrival {
        step,
        next: last.map_or(1, |last| last.saturating_add(1)),
        route: Route::parse(&browser::fragment()),
        kept: step.and_then(|step| browser::remembered_in_tab(&key(step))),
    }));
}

/// Begins a step at a place.
pub(super) fn push(step: u32, route: &Route) {
    browser::step(&route.fragment(), Some(step), true);
    browser::remember_in_tab(STEPS, &step.to_string());
    // The answer is what one wants to see now, and no keyboard over it.
    if matches!(route, Route::Desk(_) | Route::List) {
        let _ = browser::field().blur();
    }
    browser::scroll_to_top();
}

/// Says what the step that is shown is.
pub(super) fn replace(step: u32, route: &Route) {
    browser::step(&route.fragment(), Some(step), false);
    browser::remember_in_tab(STEPS, &step.to_string());
}

/// Takes what lies on top off the address: what lies below is shown again.
pub(super) fn leave_top(state: &State) {
    if Route::parse(&browser::fragment()).is_on_top() {
        browser::replace_fragment(&state.places.route.fragment());
    }
}
