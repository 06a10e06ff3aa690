//! The fragment of the page's address.

use crate::state::{Action, Dialog, State};
use crate::{browser, link};
use gloo_events::EventListener;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Opens what the address names, at the start and whenever it changes.
#[hook]
pub(crate) fn use_links(state: &UseReducerHandle<State>) {
    let dispatcher = state.dispatcher();
    use_effect_with((), move |()| {
        let latest = Rc::new(RefCell::new(String::new()));
        follow(&latest, &dispatcher);
        let listener = EventListener::new(&browser::window(), "hashchange", move |_| {
            follow(&latest, &dispatcher);
        });
        move || drop(listener)
    });
}

/// `latest` is the last link to a text: coming back to it from a rule must not open it again.
fn follow(latest: &Rc<RefCell<String>>, dispatcher: &UseReducerDispatcher<State>) {
    let fragment = browser::fragment();
    if !fragment.starts_with("#/rules") {
        dispatcher.dispatch(Action::Show(Dialog::None));
        if *latest.borrow() == fragment {
            return;
        }
        latest.borrow_mut().clone_from(&fragment);
    }
    let dispatcher = dispatcher.clone();
    spawn_local(async move {
        let Some(action) = link::open(&fragment).await else { return };
        // While a text was unpacked, another link may have been opened.
        if browser::fragment() != fragment {
            return;
        }
        if fragment.starts_with("#/examples/") {
            // So that the same example can be opened once more.
            browser::drop_fragment();
        }
        dispatcher.dispatch(action);
    });
}

/// Closes the dialog on top. One that the address names goes away with the address.
pub(crate) fn close_dialog(dispatcher: &UseReducerDispatcher<State>) {
    if browser::fragment().starts_with("#/rules") {
        browser::drop_fragment();
    }
    dispatcher.dispatch(Action::Show(Dialog::None));
}
