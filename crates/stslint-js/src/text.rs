//! Texts as JavaScript gives them.

use js_sys::{ArrayBuffer, DataView, JsString, Uint8Array};
use stslint::{Declared, MAX_REPORT, MAX_TEXT};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::options::Encoding;
use crate::{Result, complaint, too_large};

/// Longest wrong value that a complaint repeats, in units of UTF-16.
const SHOWN: u32 = 40;

/// The bytes of a text argument.
pub(crate) struct Text {
    /// The bytes to lint. Half a surrogate pair, which no file can have, has become U+FFFD.
    pub(crate) bytes: Vec<u8>,
    /// What the argument itself counts in.
    pub(crate) encoding: Encoding,
}

impl Text {
    /// Reads a string, or a view of bytes: `Uint8Array`, `Buffer`, also of another realm. What is larger than anything of its
    /// kind is refused; most of it before it is copied, so that it takes no memory here.
    pub(crate) fn read(value: &JsValue, declared: Option<Declared>) -> Result<Self> {
        let text = Self::copy(value)?;
        stslint::too_large(&text.bytes, declared)
            .map_or(Ok(text), |why| Err(too_large("text", why)))
    }

    fn copy(value: &JsValue) -> Result<Self> {
        let limit = |len: u32| {
            let reason = (len as usize > MAX_REPORT).then_some("it has more than 20 MiB");
            reason.map_or(Ok(()), |reason| Err(too_large("text", reason)))
        };
        if let Some(text) = value.dyn_ref::<JsString>() {
            limit(text.length())?; // Each of its units takes a byte at least.
            return Ok(Self { bytes: String::from(text).into_bytes(), encoding: Encoding::Utf16 });
        }
        if !ArrayBuffer::is_view(value) {
            let what = format!("the text must be a string or a Uint8Array, not {}", shown(value));
            return Err(complaint(&what));
        }
        // All views have the three properties of a DataView that count here.
        let view: &DataView = value.unchecked_ref();
        let (start, len) = (view.byte_offset() as u32, view.byte_length() as u32);
        limit(len)?;
        let bytes = Uint8Array::new_with_byte_offset_and_length(&view.buffer(), start, len);
        Ok(Self { bytes: bytes.to_vec(), encoding: Encoding::Utf8 })
    }
}

/// A string that is no text to lint: none for another value, or for one that is longer than any text.
pub(crate) fn string(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<JsString>()?;
    (text.length() as usize <= MAX_TEXT).then(|| text.into())
}

/// A value as complaints name it.
pub(crate) fn shown(value: &JsValue) -> String {
    if let Some(text) = value.dyn_ref::<JsString>() {
        let mut short = String::from(text.slice(0, SHOWN));
        if text.length() > SHOWN {
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
