//! The stslint page. It shows what the engine says and holds no lint logic of its own.
//!
//! [`state`] is pure: actions go in, a new state comes out. [`components`] draw it, [`effects`] bring
//! what happens in the browser. The field with the text stands in index.html, outside of Yew.

mod analysis;
mod browser;
mod components;
mod effects;
mod examples;
mod explanations;
mod link;
mod source;
mod state;
mod stream;
mod twin;
#[cfg(all(test, target_arch = "wasm32"))]
mod wasm_tests;

use gloo_events::EventListener;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

fn main() {
    std::panic::set_hook(Box::new(|info| report_crash(&info.to_string())));
    // The browser tests make the page crash to see what the user sees then.
    EventListener::new(&browser::window(), "stslint:panic", |_| panic!("asked to")).forget();
    yew::Renderer::<components::App>::with_root(browser::part("answers")).render();
    browser::document().document_element().map(|root| root.set_attribute("data-started", ""));
}

/// Tells boot.js, which shows it: after a panic nothing of Yew can be trusted.
fn report_crash(details: &str) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(details));
    if let Ok(event) = CustomEvent::new_with_event_init_dict("stslint:crash", &init) {
        let _ = browser::window().dispatch_event(&event);
    }
}
