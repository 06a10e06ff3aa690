//! The rules' explanations. They are a file of their own, so that the page starts without them, and are loaded when
//! there is a finding to explain.

use std::pin::Pin;
use stslint::explanations::read;
use stslint::rule;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Reads them, from the answer that has their file, for the whole program. Gives whether that worked.
pub(super) fn load(answer: JsFuture) -> Pin<Box<dyn Future<Output = bool>>> {
    Box::pin(async {
        let Ok(file) = text(answer).await else { return false };
        // A server may answer with a page that says "not found": nothing would be in it.
        let read = file.as_string().map(|text| read(&text)).unwrap_or_default();
        !read.is_empty() && rule::install(read) > 0
    })
}

async fn text(answer: JsFuture) -> Result<JsValue, JsValue> {
    let response: Response = answer.await?.unchecked_into();
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(response.text()?).await
}
