//! The stslint page. It shows what the engine says and holds no lint logic of its own.
//!
//! `state` is pure: actions go in, a new state comes out and what the browser has to do. `tools` draw it, `effects`
//! bring what happens in the browser and do what is to be done. The field with the text stands in index.html, outside
//! of Yew.
//!
//! Modules use those below them only: `app`, `effects`, `tools`, `state`, `tools::*::state`, `request`, `text`, `ui`,
//! `route`, `browser` (see `tests/layers.rs`).

mod app;
mod browser;
mod effects;
mod request;
mod route;
mod state;
mod text;
mod tools;
mod ui;

use app::{App, AppProps};
use gloo_events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit};
use yew::Renderer;

/// Runs the page.
pub fn start() {
    std::panic::set_hook(Box::new(|info| report_crash(&info.to_string())));
    // The browser tests make the page crash to see what the user sees then.
    EventListener::new(&browser::window(), "stslint:panic", |_| panic!("asked to")).forget();
    let start = browser::document().get_element_by_id("start").map(Into::into);
    let props = AppProps { start };
    Renderer::<App>::with_root_and_props(browser::part("answers"), props).render();
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
