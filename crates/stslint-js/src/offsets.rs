//! From bytes to UTF-16.

use std::ops::Range;

use stslint::render::json::{Document, Place};

/// Finds the UTF-16 offsets of byte offsets. What is no UTF-8 counts as `TextDecoder` decodes it:
/// one U+FFFD for each longest piece of a sequence (WHATWG Encoding §4.2 and Unicode §3.9). A byte
/// order mark counts as one unit.
#[derive(Debug)]
pub(crate) struct Utf16 {
    /// Characters that are not one byte, in order.
    wide: Vec<(Range<usize>, Range<usize>)>,
}

impl Utf16 {
    /// Prepares a source.
    pub(crate) fn new(source: &[u8]) -> Self {
        let mut wide = Vec::new();
        let (mut byte, mut unit) = (0, 0);
        let mut step = |bytes: usize, units: usize| {
            if bytes != units {
                wide.push((byte..byte + bytes, unit..unit + units));
            }
            byte += bytes;
            unit += units;
        };
        for chunk in source.utf8_chunks() {
            chunk.valid().chars().for_each(|c| step(c.len_utf8(), c.len_utf16()));
            if !chunk.invalid().is_empty() {
                step(chunk.invalid().len(), 1);
            }
        }
        Self { wide }
    }

    /// The UTF-16 offset of a byte offset. Inside a character it is that of the character.
    pub(crate) fn offset(&self, byte: usize) -> usize {
        let before = self.wide.partition_point(|(bytes, _)| bytes.start < byte);
        match before.checked_sub(1).map(|last| &self.wide[last]) {
            Some((bytes, units)) if byte < bytes.end => units.start,
            Some((bytes, units)) => units.end + (byte - bytes.end),
            None => byte,
        }
    }
}

/// Changes every offset of a document.
pub(crate) fn convert(document: &mut Document, offset: impl Fn(usize) -> usize) {
    let place = |place: &mut Place| {
        place.start = offset(place.start);
        place.end = offset(place.end);
    };
    for finding in document.inputs.iter_mut().flat_map(|entry| &mut entry.findings) {
        place(&mut finding.span);
        finding.labels.iter_mut().for_each(|label| place(&mut label.span));
        for edit in finding.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.start = offset(edit.start);
            edit.end = offset(edit.end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_units_of_the_decoded_text() {
        let source = b"a\r\n\xc3\xa4\xf0\x9f\x98\x80b\xff\xe2\x82c";
        let text = String::from_utf8_lossy(source);
        assert_eq!(text, "a\r\nä\u{1f600}b\u{fffd}\u{fffd}c");
        let units = Utf16::new(source);
        let all: Vec<usize> = (0..=source.len()).map(|byte| units.offset(byte)).collect();
        assert_eq!(all, [0, 1, 2, 3, 3, 4, 4, 4, 4, 6, 7, 8, 8, 9, 10]);
        assert_eq!(text.encode_utf16().count(), 10);
    }

    #[test]
    fn a_byte_order_mark_is_one_unit() {
        assert_eq!(Utf16::new("\u{feff}a".as_bytes()).offset(3), 1);
    }
}
