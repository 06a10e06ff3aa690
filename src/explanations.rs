//! The rules' explanations. They are a file of their own, so that the page starts without them, and
//! are loaded when there is a finding to explain.

use crate::browser::window;
#[cfg(feature = "full")]
use stslint::explanations::read;
use stslint::rule;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Where they are, next to the page.
const ADDRESS: &str = "./rules.json";

#[cfg(not(feature = "full"))]
thread_local! {
    static FILE: std::cell::RefCell<JsValue> = const { std::cell::RefCell::new(JsValue::UNDEFINED) };
}

/// Loads them for the whole program. Returns whether that worked.
pub(crate) async fn load() -> bool {
    let Ok(file) = fetch().await else { return false };
    install(&file)
}

/// Takes them from the text of the file. Returns whether there were any.
pub(crate) fn install(file: &JsValue) -> bool {
    let read = file.as_string().map(|text| read(&text)).unwrap_or_default();
    // A server may answer with a page that says "not found": nothing would be in it.
    let installed = !read.is_empty() && rule::install(read) > 0;
    #[cfg(not(feature = "full"))]
    if installed {
        FILE.set(file.clone());
    }
    installed
}

/// The text of the file; undefined until it is loaded.
#[cfg(not(feature = "full"))]
pub(crate) fn loaded() -> JsValue {
    FILE.with_borrow(JsValue::clone)
}

/// Reads the file without the engine's own reader of JSON, and without the examples, which only the
/// larger build of the page shows.
#[cfg(not(feature = "full"))]
fn read(file: &str) -> Vec<(String, rule::Words)> {
    let Ok(root) = js_sys::JSON::parse(file) else { return Vec::new() };
    let rule = |entry: JsValue| {
        let entry: js_sys::Array = entry.unchecked_into();
        let words = entry.get(1);
        let text = |key: &str| -> Option<&'static str> {
            Some(js_sys::Reflect::get(&words, &key.into()).ok()?.as_string()?.leak())
        };
        let none = rule::Example::policy("");
        let words = rule::Words {
            why: text("why")?,
            effect: text("effect")?,
            help: text("help")?,
            clause: text("clause")?,
            fails: none,
            passes: None,
        };
        Some((entry.get(0).as_string()?, words))
    };
    js_sys::Object::entries(root.unchecked_ref()).iter().filter_map(rule).collect()
}

async fn fetch() -> Result<JsValue, JsValue> {
    let response = JsFuture::from(window().fetch_with_str(ADDRESS)).await?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(response.text()?).await
}
