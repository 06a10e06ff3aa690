//! The one dialog of the page.

use crate::browser;
use crate::request::{Dialog, Request};
use crate::state::{Dispatcher, State};
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlDialogElement};

/// Opens and closes the dialog of index.html.
#[derive(Debug, Default)]
pub(super) struct DialogEffect {
    /// What was opened, by which request.
    shown: (Dialog, u32),
}

impl DialogEffect {
    /// Does so, where the state asks for another dialog than the one that is shown.
    pub(super) fn run(&mut self, state: &State) {
        let dialog = state.dialog;
        if self.shown == (dialog, state.dialogs) {
            return;
        }
        self.shown = (dialog, state.dialogs);
        let element = element();
        if dialog == Dialog::None {
            element.close();
        } else if element.open() {
            element.set_scroll_top(0);
        } else {
            let _ = element.show_modal();
        }
    }
}

/// Listens to the dialog being closed.
pub(super) fn listeners(dispatcher: &Dispatcher) -> [EventListener; 2] {
    let (closed, clicked) = (dispatcher.clone(), dispatcher.clone());
    [
        // It is told later: by then the dialog may be open again.
        EventListener::new(&element(), "close", move |_| {
            if !element().open() {
                closed.emit(Request::Show(Dialog::None).into());
            }
        }),
        EventListener::new(&element(), "click", move |event| {
            // A click on the backdrop is a click on the dialog itself.
            if event.target().is_some_and(|t| t == *element().unchecked_ref::<EventTarget>()) {
                clicked.emit(Request::Show(Dialog::None).into());
            }
        }),
    ]
}

fn element() -> HtmlDialogElement {
    browser::part("dialog").unchecked_into()
}
