//! The rules' explanations. They are a file of their own, so that the page starts without them, and
//! are loaded when there is a finding to explain: an object with a member for each rule, by its code,
//! written by `cargo xtask rules`. The browser reads the JSON, as the engine's own reader is not there
//! from the start.

use crate::browser::window;
use js_sys::{Array, JSON, Object, Reflect};
use stslint::Kind;
use stslint::rule::{self, Example, Text, Words};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Where they are, next to the page.
const ADDRESS: &str = "./rules.json";

/// Loads them for the whole program. Returns whether that worked.
pub(super) async fn load() -> bool {
    let Ok(file) = fetch().await else { return false };
    // A server may answer with a page that says "not found": nothing would be in it.
    let read = file.as_string().map(|text| read(&text)).unwrap_or_default();
    !read.is_empty() && rule::install(read) > 0
}

fn read(file: &str) -> Vec<(String, Words)> {
    let Ok(root) = JSON::parse(file) else { return Vec::new() };
    let rule = |entry: JsValue| {
        let entry: Array = entry.unchecked_into();
        Some((entry.get(0).as_string()?, words(&entry.get(1))?))
    };
    Object::entries(root.unchecked_ref()).iter().filter_map(rule).collect()
}

fn words(rule: &JsValue) -> Option<Words> {
    Some(Words {
        why: text(rule, "why")?,
        effect: text(rule, "effect")?,
        help: text(rule, "help")?,
        clause: text(rule, "clause")?,
        fails: example(&member(rule, "fails"))?,
        passes: example(&member(rule, "passes")),
    })
}

fn example(value: &JsValue) -> Option<Example> {
    let kind = Kind::from_word(text(value, "kind")?)?;
    let made = if let Some(plain) = text(value, "text") {
        Text::Plain(plain)
    } else if let Some(hex) = text(value, "hex") {
        let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
        Text::Bytes(bytes?.leak())
    } else {
        let long: Array = member(value, "long").dyn_into().ok()?;
        let part = |at| Some(&*long.get(at).as_string()?.leak());
        let times = long.get(2).as_f64()? as usize;
        Text::Long { start: part(0)?, unit: part(1)?, times, end: part(3)? }
    };
    let (domain, file_name) = (text(value, "domain"), text(value, "file"));
    Some(Example { kind, text: made, domain, file_name })
}

/// A member of an object; undefined if there is none, or no object.
fn member(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or_default()
}

/// A text, for as long as the page lives.
fn text(object: &JsValue, key: &str) -> Option<&'static str> {
    Some(member(object, key).as_string()?.leak())
}

async fn fetch() -> Result<JsValue, JsValue> {
    let response = JsFuture::from(window().fetch_with_str(ADDRESS)).await?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(response.text()?).await
}
