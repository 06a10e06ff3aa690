//! The fragment of the page's address.

use crate::browser;
use crate::request::{Dialog, Request};
use crate::route::Route;
use crate::state::Dispatcher;
use gloo_events::EventListener;
use std::cell::RefCell;

/// Opens what the address names, now and whenever it changes.
pub(super) fn listener(dispatcher: &Dispatcher) -> EventListener {
    let latest = RefCell::new(None);
    let dispatcher = dispatcher.clone();
    if !browser::fragment().is_empty() {
        follow(&latest, &dispatcher);
    }
    EventListener::new(&browser::window(), "hashchange", move |_| follow(&latest, &dispatcher))
}

/// `latest` is the last place that was no rule: coming back to it from a rule must not open it again.
fn follow(latest: &RefCell<Option<Route>>, dispatcher: &Dispatcher) {
    let route = Route::parse(&browser::fragment());
    if !route.as_ref().is_some_and(Route::is_on_top) {
        dispatcher.emit(Request::Show(Dialog::None).into());
        if latest.replace(route.clone()) == route {
            return;
        }
    }
    let Some(route) = route else { return };
    if let Route::Example(_) = route {
        // So that the same example can be opened once more.
        latest.take();
        browser::drop_fragment();
    }
    dispatcher.emit(Request::Follow(route).into());
}

/// Takes a rule off the address: what lies below it is shown again.
pub(super) fn leave_rule() {
    if Route::parse(&browser::fragment()).is_some_and(|route| route.is_on_top()) {
        browser::drop_fragment();
    }
}
