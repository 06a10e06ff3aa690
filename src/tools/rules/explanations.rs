//! The rules' explanations. They are a file of their own, so that the page starts without them, and are loaded when
//! there is a finding to explain.

use crate::browser::window;
use std::pin::Pin;
use stslint::explanations::read;
use stslint::rule;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Where they are, next to the page.
const ADDRESS: &str = "./rules.json";

/// Loads them for the whole program. Gives whether that worked.
pub(super) fn load() -> Pin<Box<dyn Future<Output = bool>>> {
    Box::pin(async {
        let Ok(file) = fetch().await else { return false };
        // A server may answer with a page that says "not found": nothing would be in it.
        let read = file.as_string().map(|text| read(&text)).unwrap_or_default();
        !read.is_empty() && rule::install(read) > 0
    })
}

async fn fetch() -> Result<JsValue, JsValue> {
    let response = JsFuture::from(window().fetch_with_str(ADDRESS)).await?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(response.text()?).await
}
