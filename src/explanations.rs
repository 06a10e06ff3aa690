//! The rules' explanations. They are a file of their own, so that the page starts without them, and
//! are loaded when there is a finding to explain.

use crate::browser::window;
use stslint::rules::{self, explanations};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Where they are, next to the page.
const ADDRESS: &str = "./rules.json";

/// Loads them for the whole program. Returns whether that worked.
pub(crate) async fn load() -> bool {
    let Ok(file) = fetch().await else { return false };
    let read = explanations::read(&file.as_string().unwrap_or_default());
    // A server may answer with a page that says "not found": nothing would be in it.
    !read.is_empty() && rules::install(read) > 0
}

async fn fetch() -> Result<JsValue, JsValue> {
    let response = JsFuture::from(window().fetch_with_str(ADDRESS)).await?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(response.text()?).await
}
