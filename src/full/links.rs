//! The fragment of the page's address.

use super::link;
use crate::browser;
use crate::effects::Dispatcher;
use crate::state::{Action, Dialog};
use gloo_events::EventListener;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Opens what the address names, whenever it changes and, with `now`, at once.
pub(crate) fn listener(dispatcher: &Dispatcher, now: bool) -> EventListener {
    let latest = Rc::new(RefCell::new(String::new()));
    let dispatcher = dispatcher.clone();
    if now {
        follow(&latest, &dispatcher);
    } else {
        latest.replace(browser::fragment());
    }
    EventListener::new(&browser::window(), "hashchange", move |_| follow(&latest, &dispatcher))
}

/// `latest` is the last link to a text: coming back to it from a rule must not open it again.
fn follow(latest: &RefCell<String>, dispatcher: &Dispatcher) {
    let fragment = browser::fragment();
    if !fragment.starts_with("#/rules") {
        dispatcher.emit(Action::Show(Dialog::None));
        if latest.replace(fragment.clone()) == fragment {
            return;
        }
    }
    if fragment.starts_with("#/examples/") {
        // So that the same example can be opened once more.
        latest.take();
    }
    let dispatcher = dispatcher.clone();
    spawn_local(async move {
        let Some(action) = link::open(&fragment).await else { return };
        // While a text was unpacked, another link may have been opened.
        if browser::fragment() != fragment {
            return;
        }
        if fragment.starts_with("#/examples/") {
            browser::drop_fragment();
        }
        dispatcher.emit(action);
    });
}

/// Closes the dialog on top. One that the address names goes away with the address.
pub(crate) fn close_dialog(dispatcher: &Dispatcher) {
    if browser::fragment().starts_with("#/rules") {
        browser::drop_fragment();
    }
    dispatcher.emit(Action::Show(Dialog::None));
}
