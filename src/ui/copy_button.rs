use super::element::{El, button, el};
use crate::browser;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, Node};
use yew::{Callback, TargetCast};

/// How long the button says that it has copied.
const SAID_MS: u32 = 2000;

/// A button with this label that copies the text which `text` makes, and says so.
pub(crate) fn copy_button(label: &'static str, primary: bool, text: Callback<(), String>) -> El {
    let copy = move |event: Event| {
        let words = event.target_unchecked_into::<Node>().first_child();
        let text = text.emit(());
        spawn_local(async move {
            let copied = browser::copy(&text).await;
            browser::announce(if copied { "Copied" } else { "Copying failed" });
            if let Some(words) = words {
                say(words, if copied { "Copied" } else { "Failed" }, label);
            }
        });
    };
    button(label, Rc::new(copy)).flag("data-primary", primary)
}

/// A line of code, with a button that copies it.
pub(crate) fn copied_line(line: String) -> El {
    let text = line.clone();
    let copy = copy_button("Copy", false, Callback::from(move |()| text.clone()));
    el("div").class("publish").child(el("code").words(line)).child(copy)
}

/// Has the words of a button be others for a while. They are changed in place, where Yew doesn't
/// look: a component for this would cost some KiB.
fn say(words: Node, said: &'static str, label: &'static str) {
    words.set_node_value(Some(said));
    let back = move || {
        // Unless the button has come to do something else.
        if words.node_value().as_deref() == Some(said) {
            words.set_node_value(Some(label));
        }
    };
    Timeout::new(SAID_MS, back).forget();
}
