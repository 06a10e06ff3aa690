//! Texts as JavaScript gives them.

use js_sys::{ArrayBuffer, DataView, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::options::Encoding;
use crate::{Result, complaint};

/// Longest wrong value that a complaint repeats, in characters.
const SHOWN: usize = 40;

/// The bytes of a text argument.
pub(crate) struct Text {
    /// The bytes to lint. Half a surrogate pair, which no file can have, has become U+FFFD.
    pub(crate) bytes: Vec<u8>,
    /// What the argument itself counts in.
    pub(crate) encoding: Encoding,
}

impl Text {
    /// Reads a string, or a view of bytes: `Uint8Array`, `Buffer`, also of another realm.
    pub(crate) fn read(value: &JsValue) -> Result<Self> {
        if let Some(text) = value.as_string() {
            return Ok(Self { bytes: text.into_bytes(), encoding: Encoding::Utf16 });
        }
        if !ArrayBuffer::is_view(value) {
            let what = format!("the text must be a string or a Uint8Array, not {}", shown(value));
            return Err(complaint(&what));
        }
        // All views have the three properties of a DataView that count here.
        let view: &DataView = value.unchecked_ref();
        let (start, len) = (view.byte_offset() as u32, view.byte_length() as u32);
        let bytes = Uint8Array::new_with_byte_offset_and_length(&view.buffer(), start, len);
        Ok(Self { bytes: bytes.to_vec(), encoding: Encoding::Utf8 })
    }
}

/// A value as complaints name it.
pub(crate) fn shown(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        let mut short: String = text.chars().take(SHOWN).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        return format!("{short:?}");
    }
    if value.is_null() {
        return String::from("null");
    }
    if value.is_undefined() {
        return String::from("undefined");
    }
    if let Some(flag) = value.as_bool() {
        return flag.to_string();
    }
    if let Some(number) = value.as_f64() {
        return number.to_string();
    }
    let kind = value.js_typeof().as_string().unwrap_or_default();
    let article = if kind.starts_with('o') { "an" } else { "a" };
    format!("{article} {kind}")
}
