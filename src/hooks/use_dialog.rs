//! The one dialog of the page.

use super::close_dialog;
use crate::browser;
use crate::state::{Dialog, State};
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlDialogElement};
use yew::prelude::*;

/// Opens and closes the dialog of index.html.
#[hook]
pub(crate) fn use_dialog(state: &UseReducerHandle<State>) {
    let dispatcher = state.dispatcher();
    use_effect_with((), move |()| {
        let element = element();
        let closing = dispatcher.clone();
        let listeners = [
            // It is told later: by then the dialog may be open again.
            EventListener::new(&element, "close", move |_| {
                if !self::element().open() {
                    close_dialog(&closing);
                }
            }),
            EventListener::new(&element.clone(), "click", move |event| {
                // A click on the backdrop is a click on the dialog itself.
                if event
                    .target()
                    .is_some_and(|target| target == *element.unchecked_ref::<EventTarget>())
                {
                    close_dialog(&dispatcher);
                }
            }),
        ];
        move || drop(listeners)
    });
    use_effect_with(state.dialog, |dialog| sync(*dialog));
}

fn element() -> HtmlDialogElement {
    browser::part("dialog").unchecked_into()
}

fn sync(dialog: Dialog) {
    let element = element();
    if dialog == Dialog::None {
        element.close();
    } else if element.open() {
        element.set_scroll_top(0);
    } else {
        let _ = element.show_modal();
    }
}
