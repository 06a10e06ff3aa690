//! The engine for JavaScript. What programs see of it, with types and documentation, is
//! `js/stslint.d.ts`; here are the functions that the wrappers in `js/` call.
//!
//! Results are the documents of [`stslint::render::json`]; only their offsets may count in UTF-16.

mod offsets;
mod options;
mod rule;
mod text;

use js_sys::{RangeError, Reflect, TypeError, Uint8Array};
use serde_wasm_bindgen::Serializer;
use stslint::render::json::Document;
use stslint::{Declared, Input, Kind, detect, fix, host, registry};
use wasm_bindgen::prelude::*;
use web_sys::Url;

use offsets::Utf16;
use options::{Encoding, Options};
use rule::ForJs;
use text::Text;

/// A value for JavaScript, or what is thrown.
type Result<T = JsValue> = std::result::Result<T, JsValue>;

/// The largest whole number up to which every one is a JavaScript number (RFC 7493 §2.2).
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Words a crash, which would otherwise only say `unreachable`. It must not happen; `js/engine.js`
/// sees to it that later calls work all the same.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}

/// Lints a text: a document as the command writes it.
#[wasm_bindgen]
pub fn lint(text: &JsValue, options: &JsValue) -> Result {
    let options = Options::read(options)?;
    let text = Text::read(text, options.kind)?;
    let input = options.input(&text.bytes);
    expect_facts(&input)?;
    let report = stslint::lint(&input);
    let mut document = Document::new();
    document.add(options.file_name.as_deref().unwrap_or("-"), &input, &report);
    if options.encoding.unwrap_or(text.encoding) == Encoding::Utf16 {
        let units = Utf16::new(&text.bytes);
        offsets::convert(&mut document, |byte| units.offset(byte));
    }
    document_to_js(document)
}

/// The text with all safe fixes applied, of the type that it has; itself when there are none.
#[wasm_bindgen]
pub fn fix(text: &JsValue, options: &JsValue) -> Result {
    let options = Options::read(options)?;
    let read = Text::read(text, options.kind)?;
    let fixed = fix::apply_safe(&options.input(&read.bytes));
    if fixed == read.bytes {
        return Ok(text.clone());
    }
    Ok(match read.encoding {
        // Valid before, and edits are text: so it is valid now.
        Encoding::Utf16 => String::from_utf8_lossy(&fixed).into_owned().into(),
        Encoding::Utf8 => Uint8Array::from(&fixed[..]).into(),
    })
}

/// What a text would be read as.
#[wasm_bindgen]
pub fn detect(text: &JsValue) -> Result<String> {
    let text = Text::read(text, None)?;
    let input = Input { to_ascii: Some(to_ascii), ..Input::new(&text.bytes) };
    let detected = detect::detect(&input);
    let declared = Declared { kind: detected.kind, form: Some(detected.form) };
    Ok(declared.word().to_owned())
}

/// A name as A-labels, as the platform's reader of addresses makes them: its tables need not be in the
/// package again.
fn to_ascii(name: &str) -> Option<String> {
    Some(Url::new(&format!("http://{name}/")).ok()?.hostname())
}

/// The rule with a code; undefined when there is none.
#[wasm_bindgen]
pub fn explain(code: &JsValue) -> Result {
    match registry::find(&string(code, "code")?) {
        Some(rule) => to_js(&ForJs(rule)),
        None => Ok(JsValue::UNDEFINED),
    }
}

/// All rules, sorted by code.
#[wasm_bindgen]
pub fn rules() -> Result {
    to_js(&registry::all().map(ForJs).collect::<Vec<_>>())
}

/// Whether an mx pattern covers a host, and why.
#[wasm_bindgen(js_name = "match")]
pub fn match_host(pattern: &JsValue, host: &JsValue) -> Result {
    let result = host::matches(&string(pattern, "pattern")?, &string(host, "host")?);
    let answer = js_sys::Object::new();
    Reflect::set(&answer, &"match".into(), &result.covers().into())?;
    Reflect::set(&answer, &"reason".into(), &result.reason().into())?;
    Ok(answer.into())
}

/// Facts that can't be read have no findings, which must not look like facts that are fine.
fn expect_facts(input: &Input) -> Result<()> {
    if input.kind != Some(Kind::Live) {
        return Ok(());
    }
    let problem = match str::from_utf8(input.source).map(stslint::live::read) {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(problems)) => problems.into_iter().next().map(|problem| problem.text),
        Err(_) => None,
    };
    let problem = problem.unwrap_or_else(|| String::from("This is not UTF-8"));
    Err(complaint(&format!("the text has no facts of the kind \"live\": {problem}")))
}

/// A text argument.
fn string(value: &JsValue, name: &str) -> Result<String> {
    let problem = || match value.is_string() {
        true => too_large(name, "it has more than 1 MiB"),
        false => complaint(&format!("the {name} must be a string, not {}", text::shown(value))),
    };
    text::string(value).ok_or_else(problem)
}

/// What is thrown at a program that passes something wrong.
fn complaint(what: &str) -> JsValue {
    TypeError::new(&format!("stslint: {what}")).into()
}

/// What is thrown where something has more bytes than are read. `js/engine.js` knows it by its first word.
fn too_large(name: &str, reason: &str) -> JsValue {
    RangeError::new(&format!("stslint: the {name} is too large: {reason}")).into()
}

fn to_js(value: &impl serde::Serialize) -> Result {
    Ok(value.serialize(&Serializer::new().serialize_missing_as_null(true))?)
}

/// A document as JavaScript would read it from the command's JSON: numbers beyond 2^53, which only a
/// hostile report has, become the nearest that JavaScript knows.
fn document_to_js(mut document: Document) -> Result {
    let mut large = Vec::new();
    for (entry, parsed) in (0..).zip(document.inputs.iter_mut().map(|entry| &mut entry.parsed)) {
        for (name, count) in [("success", &mut parsed.success), ("failure", &mut parsed.failure)] {
            if let Some(count) = count.take_if(|count| *count > MAX_SAFE_INTEGER) {
                large.push((entry, name, count as f64));
            }
        }
    }
    let value = to_js(&document)?;
    for (entry, name, count) in large {
        let entries = Reflect::get(&value, &"inputs".into())?;
        let parsed = Reflect::get(&Reflect::get_u32(&entries, entry)?, &"parsed".into())?;
        Reflect::set(&parsed, &name.into(), &count.into())?;
    }
    Ok(value)
}
