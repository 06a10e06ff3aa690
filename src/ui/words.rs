//! Words of the engine, numbers and foreign text as they are shown.

use super::element::{El, el};
use stslint::text::push_visible;

/// An element with words of the engine, where code stands between backticks.
#[inline(never)]
pub(crate) fn prose(tag: &'static str, text: &str) -> El {
    add_prose(el(tag), text)
}

/// Adds words of the engine.
#[inline(never)]
pub(crate) fn add_prose(mut element: El, text: &str) -> El {
    for (i, part) in text.split('`').enumerate() {
        element = match i % 2 {
            0 => element.words(part.to_owned()),
            _ => element.child(el("code").words(part.to_owned())),
        };
    }
    element
}

/// A number with a word for what is counted.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{number} {word}")
}

/// A size in KiB, or in MiB with one decimal.
pub(crate) fn size(bytes: usize) -> String {
    if bytes < 1024 * 1024 {
        return format!("{} KiB", bytes.div_ceil(1024));
    }
    let tenths = bytes.div_ceil(104_858);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

/// The first characters of a text, with what can't be seen as code points. Line ends stay.
pub(crate) fn visible(bytes: &[u8], most: usize) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len().min(most));
    for (i, c) in text.chars().enumerate() {
        match c {
            _ if i == most => {
                out.push('…');
                break;
            }
            '\n' => out.push(c),
            c => push_visible(c, &mut out),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!(size(256 * 1024 + 1), "257 KiB");
        assert_eq!(size(1024 * 1024), "1.0 MiB");
        assert_eq!(size(2_000_000), "2.0 MiB");
    }
}
