//! What only a browser can show: its streams and its strings.

use crate::browser::stream::{Failure, pack, unpack};
use stslint::text::Display;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const TEXTS: [&[u8]; 4] =
    [b"", b"version: STSv1\r\nmode: none\r\n", "gr\u{fc}\u{1f600}".as_bytes(), b"\xff\0\xfe"];

#[wasm_bindgen_test]
async fn what_is_packed_unpacks_to_the_same() {
    for text in TEXTS {
        let packed = pack(text).await.expect("this browser can pack");
        assert_eq!(unpack(&packed, 1 << 20).await.as_deref(), Ok(text));
    }
}

#[wasm_bindgen_test]
async fn damaged_data_is_told_apart_from_too_much() {
    let packed =
        pack(&b"mx: mail.example.com\r\n".repeat(50)).await.expect("this browser can pack");
    let cut = &packed[..packed.len() / 2];
    assert_eq!(unpack(cut, 1 << 20).await, Err(Failure::Damaged));
    assert_eq!(unpack(b"\xff\xff\xff", 1 << 20).await, Err(Failure::Damaged));
    let bomb = pack(&vec![0; 16 << 20]).await.expect("this browser can pack");
    assert!(bomb.len() < 1 << 16, "not much of a bomb: {}", bomb.len());
    assert_eq!(unpack(&bomb, 1 << 20).await, Err(Failure::TooBig));
}

#[wasm_bindgen_test]
fn offsets_count_as_the_browser_counts() {
    let source = "a\r\n\u{fc}\u{1f600}b\rc\u{200b}".as_bytes();
    let display = Display::new(source);
    let shown = js_sys::JsString::from(display.text.as_str());
    assert_eq!(display.utf16(source.len()), shown.length() as usize);
    for (byte, c) in display.text.char_indices().filter(|(_, c)| *c != '\n') {
        let before = js_sys::JsString::from(&display.text[..byte]).length();
        let in_source = display.byte(before as usize);
        let found = str::from_utf8(&source[in_source..]).expect("on a character");
        assert!(found.starts_with(c), "{c} at {before}");
    }
}
