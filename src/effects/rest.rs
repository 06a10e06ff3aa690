//! The way to the larger build of the page, which boot.js loads.

use super::Dispatcher;
use crate::browser::{self, window};
use crate::state::{Action, Request, Rest, State};
use gloo_events::EventListener;
use web_sys::Event;

/// Leaves what the address names to the larger build, now and whenever it changes.
pub(super) fn listener(dispatcher: &Dispatcher) -> EventListener {
    let dispatcher = dispatcher.clone();
    let follow = move || {
        if !browser::fragment().is_empty() {
            dispatcher.emit(Action::Request(Request::Address));
        }
    };
    follow();
    EventListener::new(&window(), "hashchange", move |_| follow())
}

/// Asks for it when the state does.
pub(super) fn run(state: &State, dispatcher: &Dispatcher) {
    if state.wants_rest() {
        dispatcher.emit(Action::Rest(Rest::Loading));
        if let Ok(event) = Event::new("stslint:rest") {
            let _ = window().dispatch_event(&event);
        }
    }
}
