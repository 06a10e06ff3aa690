//! Findings for a medium: words, Markdown, JSON, and what these share.

pub mod aggregate;
#[cfg(feature = "serde")]
pub mod aggregate_json;
pub mod alike;
pub mod changes;
pub mod compare;
#[cfg(feature = "serde")]
pub mod facts;
#[cfg(feature = "serde")]
pub mod github;
pub mod import;
#[cfg(feature = "serde")]
pub mod json;
pub mod live;
pub mod markdown;
pub mod marked;
mod outline;
pub mod plan;
#[cfg(feature = "serde")]
pub mod plan_json;
pub mod readiness;
pub mod report;
#[cfg(feature = "serde")]
pub mod sarif;
pub mod senders;
#[cfg(feature = "serde")]
pub mod senders_json;
pub mod simulate;
#[cfg(feature = "serde")]
pub mod simulate_json;
pub mod timeline;
#[cfg(feature = "serde")]
pub mod timeline_json;
pub mod words;

use crate::Report;
use crate::text::{Position, Span};

/// Lines and columns of all places that a report names, found in one pass over the source: a
/// [`LineIndex`](crate::text::LineIndex) reads a line again for each place on it, which is slow
/// when many findings stand on one long line.
#[derive(Clone, Debug)]
pub struct Positions {
    known: Vec<Known>,
}

/// A place that was asked for.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Its offset in bytes.
    offset: usize,
    position: Position,
    /// How many characters are before it.
    characters: usize,
}

impl Positions {
    /// Finds both ends of every finding, label and edit.
    pub fn of(source: &[u8], report: &Report) -> Self {
        let mut offsets = Vec::new();
        for finding in report.findings() {
            let mut push = |span: Span| offsets.extend([span.start, span.end]);
            push(finding.span);
            finding.labels.iter().for_each(|label| push(label.span));
            let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
            edits.for_each(|edit| push(edit.span));
        }
        Self::at(source, offsets)
    }

    /// Finds these offsets.
    pub fn at(source: &[u8], mut offsets: Vec<usize>) -> Self {
        offsets.sort_unstable();
        offsets.dedup();
        let mut known = Vec::with_capacity(offsets.len());
        let mut wanted = offsets.into_iter().peekable();
        let mut here = Position { line: 1, column: 1 };
        let (mut at, mut characters) = (0, 0);
        let mut step = |len: usize, ends_line: bool| {
            while let Some(offset) = wanted.next_if(|offset| *offset < at + len) {
                let inside = usize::from(offset > at);
                let position = Position { column: here.column + inside, ..here };
                known.push(Known { offset, position, characters: characters + inside });
            }
            at += len;
            characters += 1;
            here.column += 1;
            if ends_line {
                here = Position { line: here.line + 1, column: 1 };
            }
        };
        for chunk in source.utf8_chunks() {
            let mut chars = chunk.valid().chars().peekable();
            while let Some(c) = chars.next() {
                let ends_line = c == '\n' || c == '\r' && chars.peek() != Some(&'\n');
                step(c.len_utf8(), ends_line);
            }
            if !chunk.invalid().is_empty() {
                step(chunk.invalid().len(), false);
            }
        }
        known.extend(wanted.map(|offset| Known { offset, position: here, characters }));
        Self { known }
    }

    /// The place of an offset, which must be one of those that were asked for; else the next
    /// known one before it.
    pub fn get(&self, offset: usize) -> Position {
        self.known(offset).map_or(Position { line: 1, column: 1 }, |known| known.position)
    }

    /// How many characters are before the same place; an undecodable byte sequence counts as one.
    pub fn characters(&self, offset: usize) -> usize {
        self.known(offset).map_or(0, |known| known.characters)
    }

    fn known(&self, offset: usize) -> Option<&Known> {
        let after = self.known.partition_point(|known| known.offset <= offset);
        self.known.get(after.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::LineIndex;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn positions_agree_with_the_line_index(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    &b"a"[..], b"\r", b"\n", b"\r\n", b"\xc3\xa4", b"\xff", b"\xe2\x82", b"\xf0\x9f\x98\x80",
                ]),
                0..12,
            )
        ) {
            let source = parts.concat();
            let index = LineIndex::new(&source);
            let positions = Positions::at(&source, (0..=source.len()).rev().collect());
            for offset in 0..=source.len() {
                prop_assert_eq!(positions.get(offset), index.position(&source, offset), "{}", offset);
                let before = String::from_utf8_lossy(&source[..offset]).chars().count();
                prop_assert_eq!(positions.characters(offset), before, "{}", offset);
            }
        }
    }
}
