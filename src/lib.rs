//! The stslint page. It shows what the engine says and holds no lint logic of its own.
//!
//! `state` is pure: actions go in, a new state comes out. `components` draw it, `effects` bring
//! what happens in the browser. The field with the text stands in index.html, outside of Yew.
//!
//! There are two builds of it. The one that loads first lints what people paste mostly: policies and
//! records. The other has the feature `full`: everything in `full` and all of the engine. boot.js
//! loads it when the first one asks, and has it take over (see `handover`).

mod analysis;
mod browser;
mod components;
mod effects;
mod explanations;
#[cfg(feature = "full")]
mod full;
mod handover;
mod source;
mod state;
mod twin;

use components::{App, AppProps};
use gloo_events::EventListener;
use handover::Start;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit};
use yew::{AppHandle, Renderer};

/// The page while it runs, with what makes it crash.
type Running = (AppHandle<App>, EventListener);

thread_local! {
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// What a program does before it runs as the page.
pub fn prepare() {
    std::panic::set_hook(Box::new(|info| report_crash(&info.to_string())));
}

/// Runs as the page. `handover` is what `leave` gave in the program that did so before.
#[wasm_bindgen]
pub fn enter(handover: JsValue) {
    // The browser tests make the page crash to see what the user sees then.
    let crash = EventListener::new(&browser::window(), "stslint:panic", |_| panic!("asked to"));
    let examples = browser::document().get_element_by_id("examples").map(Into::into);
    let props = AppProps { start: Start::new(&handover), examples };
    let app = Renderer::<App>::with_root_and_props(browser::part("answers"), props).render();
    RUNNING.set(Some((app, crash)));
    browser::document().document_element().map(|root| root.set_attribute("data-started", ""));
}

/// Ends running as the page, and gives what the next program goes on with.
#[wasm_bindgen]
#[cfg(not(feature = "full"))]
pub fn leave() -> JsValue {
    let Some((app, _)) = RUNNING.take() else { return JsValue::UNDEFINED };
    let handover = app.get_component().map(|app| app.hand_over());
    app.destroy();
    handover.unwrap_or_default()
}

/// Tells that the rest could not be loaded.
#[wasm_bindgen]
#[cfg(not(feature = "full"))]
pub fn missed() {
    RUNNING.with_borrow(|running| {
        if let Some((app, _)) = running {
            app.send_message(state::Action::Rest(state::Rest::Failed));
        }
    });
}

/// Tells boot.js, which shows it: after a panic nothing of Yew can be trusted.
fn report_crash(details: &str) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(details));
    if let Ok(event) = CustomEvent::new_with_event_init_dict("stslint:crash", &init) {
        let _ = browser::window().dispatch_event(&event);
    }
}
