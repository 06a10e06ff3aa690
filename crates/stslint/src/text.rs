//! Places in a text: byte spans, lines and columns, and texts whose characters remember where
//! they came from.

pub(crate) mod marks;

use memchr::memchr2;
use std::borrow::Cow;
use std::ops::Range;

/// White space of the grammars (RFC 5234 appendix B.1). Sets of characters to search for are slices,
/// here and elsewhere: each other type, like an array of another length, has its own copy of the
/// code that searches.
pub(crate) const WSP: &[char] = &[' ', '\t'];

/// The same and what ends a line.
pub(crate) const BLANK: &[char] = &[' ', '\t', '\r', '\n'];

/// Whether a character ends a line.
pub(crate) fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\n')
}

/// The lines of a text without their ends. (Searching bytes is several times as fast as asking of each character whether it
/// ends a line.)
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memchr2(b'\r', b'\n', text.as_bytes());
        rest = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// Whether a character is a decimal digit.
pub(crate) fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Appends a character of a foreign text, or its code point in angle brackets, like `<U+202E>`, where it [is
/// unseen](is_unseen). Whatever is not ours goes through here before somebody reads it: of inputs, of DNS and HTTP
/// answers, of a relay, of a link.
pub fn push_visible(c: char, out: &mut String) {
    if is_unseen(c) {
        out.push_str(&format!("<U+{:04X}>", u32::from(c)));
    } else {
        out.push(c);
    }
}

/// A foreign text as a person may read it: see [`push_visible`].
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_visible(c, &mut out));
    out
}

/// Whether a character can't be seen, or changes the order or the place of others: control and format characters (Unicode's
/// Cc and Cf), separators of lines and paragraphs, spaces other than U+0020, fillers and selectors without a shape of their
/// own (Default_Ignorable_Code_Point). As of Unicode 17.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{1680}' | '\u{17b4}'
            | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3000}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Where what can be seen of a text begins.
pub(crate) fn seen_start(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c| c == ' ' || is_unseen(c)).len()
}

/// Where the line of a place begins.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    memchr::memrchr2(b'\n', b'\r', &text.as_bytes()[..at]).map_or(0, |end| end + 1)
}

/// Where the line of a place ends.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    let rest = &text.as_bytes()[at..];
    memchr::memchr2(b'\n', b'\r', rest).map_or(text.len(), |end| at + end)
}

/// The place of a part of a text, which is a slice of it.
pub(crate) fn place(text: &str, part: &str) -> Span {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    Span::new(start, start + part.len())
}

/// What stands behind a word at the start of a text, in any case of letters.
pub(crate) fn behind<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (front, rest) = text.split_at_checked(word.len())?;
    front.eq_ignore_ascii_case(word).then_some(rest)
}

/// Whether a text begins with a word, in any case of letters.
pub(crate) fn begins(text: &str, word: &str) -> bool {
    behind(text, word).is_some()
}

/// Whether a word is among `words`, which spaces separate.
pub(crate) fn is_one_of(word: &str, words: &str) -> bool {
    words.split(' ').any(|other| other == word)
}

/// A half-open range of bytes in the input. `start == end` marks a place where something is
/// missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty span at `offset`.
    pub const fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Number of bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span marks a place between two bytes.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span as an index into a slice.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether `offset` lies inside, or touches an empty span.
    pub const fn contains(self, offset: usize) -> bool {
        self.start <= offset && (offset < self.end || self.is_empty() && offset == self.end)
    }
}

/// A place for people: both numbers count from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1. Lines end at LF, CR LF or a lone CR.
    pub line: usize,
    /// Column, from 1, in Unicode characters.
    pub column: usize,
}

/// Finds lines and columns in one text.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes `source`.
    pub fn new(source: &[u8]) -> Self {
        let mut starts = vec![0];
        for (i, byte) in source.iter().enumerate() {
            if *byte == b'\n' || *byte == b'\r' && source.get(i + 1) != Some(&b'\n') {
                starts.push(i + 1);
            }
        }
        Self { starts }
    }

    /// Line and column of a byte offset of the same `source`.
    pub fn position(&self, source: &[u8], offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let before = &source[start..offset.min(source.len()).max(start)];
        Position { line, column: String::from_utf8_lossy(before).chars().count() + 1 }
    }
}

/// A text as a `<textarea>` shows it: CR LF and CR become LF, invalid UTF-8 becomes U+FFFD; with
/// the way from byte offsets of the source to UTF-16 offsets of the text and back.
#[derive(Clone, Debug, Default)]
pub struct Display {
    /// The shown text.
    pub text: String,
    /// Places where the two offsets drift apart: (source byte, UTF-16 unit), ascending. Between
    /// two places one byte is one unit.
    marks: Vec<(usize, usize)>,
    len: (usize, usize),
}

impl Display {
    /// Prepares `source` for display.
    pub fn new(source: &[u8]) -> Self {
        let mut text = String::with_capacity(source.len());
        let mut marks = vec![(0, 0)];
        let (mut byte, mut unit) = (0, 0);
        for chunk in source.utf8_chunks() {
            let mut chars = chunk.valid().chars().peekable();
            while let Some(c) = chars.next() {
                let (mut bytes, units) = (c.len_utf8(), c.len_utf16());
                if c == '\r' {
                    if chars.next_if_eq(&'\n').is_some() {
                        bytes += 1;
                    }
                    text.push('\n');
                } else {
                    text.push(c);
                }
                byte += bytes;
                unit += units;
                if bytes != 1 || units != 1 {
                    marks.push((byte, unit));
                }
            }
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
                byte += chunk.invalid().len();
                unit += 1;
                marks.push((byte, unit));
            }
        }
        Self { text, marks, len: (byte, unit) }
    }

    /// The UTF-16 offset in the shown text of a byte offset in the source. An offset inside a
    /// character counts as its start.
    pub fn utf16(&self, byte: usize) -> usize {
        let after = self.marks.partition_point(|mark| mark.0 <= byte);
        let (mark_byte, mark_unit) = self.marks[after - 1];
        let limit = self.marks.get(after).map_or(self.len.1, |next| next.1);
        let unit = mark_unit + (byte - mark_byte);
        match self.marks.get(after) {
            // The last character before the next mark is the odd one.
            Some(next) if byte < next.0 && unit >= limit => limit.saturating_sub(1),
            _ => unit.min(limit),
        }
    }

    /// The byte offset in the source of a UTF-16 offset in the shown text.
    pub fn byte(&self, utf16: usize) -> usize {
        let after = self.marks.partition_point(|mark| mark.1 <= utf16);
        let (mark_byte, mark_unit) = self.marks[after - 1];
        let limit = self.marks.get(after).map_or(self.len.0, |next| next.0);
        (mark_byte + (utf16 - mark_unit)).min(limit)
    }
}

/// Text made from a source by dropping, replacing or decoding characters, where every byte still
/// knows its place in the source.
#[derive(Clone, Debug)]
pub struct Mapped<'a> {
    /// The made text.
    pub text: Cow<'a, str>,
    /// Runs in ascending order; none means that text and source are the same bytes.
    runs: Vec<Run>,
    source_end: usize,
}

/// From `at` in the made text on, text stems from `source`. A verbatim run advances with the text;
/// any other stands for the whole source span.
#[derive(Clone, Copy, Debug)]
struct Run {
    at: usize,
    source: Span,
    verbatim: bool,
}

impl<'a> Mapped<'a> {
    /// The source as it is.
    pub fn identity(source: &'a str) -> Self {
        Self { text: Cow::Borrowed(source), runs: Vec::new(), source_end: source.len() }
    }

    /// An empty text to push to.
    pub fn empty() -> Mapped<'static> {
        Mapped { text: Cow::Borrowed(""), runs: Vec::new(), source_end: 0 }
    }

    /// The same text with blanks in the place of a piece.
    pub(crate) fn without(&self, piece: Span) -> Mapped<'static> {
        let blank = |b: u8| if matches!(b, b'\r' | b'\n') { char::from(b) } else { ' ' };
        let (before, rest) = self.text.split_at(piece.start);
        let (gone, behind) = rest.split_at(piece.len());
        let blanks: String = gone.bytes().map(blank).collect();
        let text = [before, &blanks, behind].concat();
        Mapped { text: Cow::Owned(text), runs: self.runs.clone(), source_end: self.source_end }
    }

    /// Appends text that stands in the source at `start` in the same bytes.
    pub fn push_verbatim(&mut self, text: &str, start: usize) {
        if text.is_empty() {
            return;
        }
        let source = Span::new(start, start + text.len());
        let at = self.text.len();
        match self.runs.last_mut() {
            Some(last) if last.verbatim && last.source.end == start => last.source.end = source.end,
            _ => self.runs.push(Run { at, source, verbatim: true }),
        }
        self.source_end = source.end;
        self.text.to_mut().push_str(text);
    }

    /// Appends text that stands for the source bytes `source`.
    pub fn push_for(&mut self, text: &str, source: Span) {
        if text.is_empty() {
            self.source_end = source.end;
            return;
        }
        self.runs.push(Run { at: self.text.len(), source, verbatim: false });
        self.source_end = source.end;
        self.text.to_mut().push_str(text);
    }

    /// Applies sorted, non-overlapping replacements to a source.
    pub fn replaced(source: &'a str, edits: &[(Span, &str)]) -> Self {
        if edits.is_empty() {
            return Self::identity(source);
        }
        let mut made = Self::empty();
        let mut done = 0;
        for (span, text) in edits {
            made.push_verbatim(&source[done..span.start], done);
            made.push_for(text, *span);
            done = span.end;
        }
        made.push_verbatim(&source[done..], done);
        made.source_end = source.len();
        made
    }

    /// Where the end of the text stands in the source.
    pub(crate) fn end(&self) -> usize {
        self.source_end
    }

    /// Says where the end of the text stands in the source.
    pub(crate) fn end_at(&mut self, source: usize) {
        self.source_end = source;
    }

    /// Whether a piece stands in the source in one run of the same bytes.
    pub(crate) fn is_verbatim(&self, piece: Span) -> bool {
        if self.runs.is_empty() {
            return true;
        }
        let ends = |i: usize| self.runs.get(i + 1).map_or(self.text.len(), |next| next.at);
        let mut runs = self.runs.iter().enumerate().filter(|(_, run)| run.verbatim);
        runs.any(|(i, run)| run.at <= piece.start && piece.end <= ends(i))
    }

    /// Whether a piece stands for as much of the source, no part of it for the same as something else.
    pub(crate) fn is_whole(&self, piece: Span) -> bool {
        let is_end = |at: usize| {
            at == self.text.len() || self.runs.binary_search_by_key(&at, |run| run.at).is_ok()
        };
        is_end(piece.start) && is_end(piece.end)
    }

    /// Whether the text is one piece of the source, in the same bytes.
    pub(crate) fn is_one_piece(&self) -> bool {
        matches!(&self.runs[..], [] | [Run { verbatim: true, .. }])
    }

    /// The edits of the source that leave this text alone. `len` is the length of the source. None where pieces of it stand in another
    /// order there, or one in two places.
    pub(crate) fn edits(&self, len: usize) -> Option<Vec<(Span, String)>> {
        let mut edits = Vec::new();
        if self.runs.is_empty() {
            return Some(edits);
        }
        let mut done = 0;
        let mut written = String::new();
        for (i, run) in self.runs.iter().enumerate() {
            let end = self.runs.get(i + 1).map_or(self.text.len(), |next| next.at);
            if run.verbatim {
                if run.source.start < done {
                    return None;
                }
                if done < run.source.start || !written.is_empty() {
                    edits.push((Span::new(done, run.source.start), std::mem::take(&mut written)));
                }
                done = run.source.end;
            } else {
                written.push_str(&self.text[run.at..end]);
            }
        }
        if done < len || !written.is_empty() {
            edits.push((Span::new(done, len), written));
        }
        Some(edits)
    }

    /// Whether the text equals its source byte by byte.
    pub fn is_identity(&self) -> bool {
        self.runs.is_empty()
    }

    /// Where a range of the made text stands in the source.
    pub fn span(&self, span: Span) -> Span {
        if self.runs.is_empty() && !self.text.is_empty() {
            return span;
        }
        let start = self.offset(span.start, false);
        Span::new(
            start,
            if span.is_empty() { start } else { self.offset(span.end, true).max(start) },
        )
    }

    /// The source offset of a text offset; `end` asks for the end of the byte before it.
    fn offset(&self, at: usize, end: bool) -> usize {
        let after = self.runs.partition_point(|run| if end { run.at < at } else { run.at <= at });
        if !end && at >= self.text.len() {
            return self.source_end;
        }
        let Some(run) = after.checked_sub(1).and_then(|i| self.runs.get(i)) else {
            return self.source_end.min(at);
        };
        match (run.verbatim, end) {
            (true, _) => (run.source.start + (at - run.at)).min(run.source.end),
            (false, true) => run.source.end,
            (false, false) => run.source.start,
        }
    }
}

impl Mapped<'_> {
    /// Appends a piece of another made text; its characters keep their places in the source.
    pub fn push_part(&mut self, made: &Mapped, piece: Span) {
        if made.runs.is_empty() {
            return self.push_verbatim(&made.text[piece.range()], piece.start);
        }
        let first = made.runs.partition_point(|run| run.at <= piece.start).saturating_sub(1);
        for (i, run) in made.runs.iter().enumerate().skip(first) {
            let start = run.at.max(piece.start);
            let next = made.runs.get(i + 1).map_or(made.text.len(), |next| next.at);
            let end = next.min(piece.end);
            if start >= end {
                break;
            }
            let text = &made.text[start..end];
            if run.verbatim {
                self.push_verbatim(text, run.source.start + (start - run.at));
            } else {
                self.push_for(text, run.source);
            }
        }
    }
}

/// Up to so many items, comparing each with each is faster than sorting.
pub(crate) const FEW: usize = 8;

/// Pairs (later, first) of indices of equal items, ascending by `later`.
pub(crate) fn repeated(list: Vec<&str>) -> Vec<(usize, usize)> {
    if list.len() <= FEW {
        let first = |later| (0..later).find(|first| list[*first] == list[later]);
        let pair = |later| Some((later, first(later)?));
        return (1..list.len()).filter_map(pair).collect();
    }
    let mut order: Vec<usize> = (0..list.len()).collect();
    // The first item that equals the one at an index.
    let mut firsts = order.clone();
    order.sort_unstable_by(|a, b| list[*a].cmp(list[*b]).then(a.cmp(b)));
    for pair in order.windows(2) {
        if list[pair[0]] == list[pair[1]] {
            firsts[pair[1]] = firsts[pair[0]];
        }
    }
    firsts.into_iter().enumerate().filter(|(later, first)| first < later).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        use unicode_general_category::{GeneralCategory as Is, get_general_category};
        // Seen by nobody, though they count as letters, marks or symbols.
        let blank = [
            '\u{34f}', '\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{180b}', '\u{180c}',
            '\u{180d}', '\u{180f}', '\u{2800}', '\u{3164}', '\u{ffa0}',
        ];
        for c in '\0'..=char::MAX {
            let unseen = match get_general_category(c) {
                Is::Control | Is::Format | Is::LineSeparator | Is::ParagraphSeparator => true,
                Is::SpaceSeparator => c != ' ',
                Is::Unassigned => continue,
                _ => {
                    blank.contains(&c)
                        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
                }
            };
            assert_eq!(is_unseen(c), unseen, "U+{:04X}", u32::from(c));
        }
        assert_eq!(visible("a\u{202e}b\0c\u{e0041}"), "a<U+202E>b<U+0000>c<U+E0041>");
        assert_eq!(visible("bücher 例 🔒"), "bücher 例 🔒");
    }

    /// Pieces that overlap or stand in another order would be taken out backwards.
    #[test]
    fn no_edit_goes_back() {
        let of = |pieces: &[(&str, usize)]| {
            let mut made = Mapped::empty();
            pieces.iter().for_each(|(piece, start)| made.push_verbatim(piece, *start));
            made.edits(8)
        };
        let edit = |start, end| (Span::new(start, end), String::new());
        assert_eq!(of(&[("ab", 1), ("de", 4)]), Some(vec![edit(0, 1), edit(3, 4), edit(6, 8)]));
        assert_eq!(of(&[("de", 4), ("ab", 1)]), None);
        assert_eq!(of(&[("abc", 1), ("cd", 3)]), None);
    }

    #[test]
    fn repetitions_are_found_among_few_and_many() {
        let list = ["a", "b", "a", "a", "c", "d", "e", "f", "b", "g"];
        assert_eq!(repeated(list.to_vec()), [(2, 0), (3, 0), (8, 1)]);
        assert_eq!(repeated(list[..4].to_vec()), [(2, 0), (3, 0)]);
        assert_eq!(repeated(Vec::new()), []);
    }

    #[test]
    fn lines_end_at_lf_crlf_and_lone_cr() {
        let source = b"a\r\nb\rc\nd";
        let index = LineIndex::new(source);
        let lines: Vec<_> = [0, 3, 5, 7].map(|o| index.position(source, o).line).to_vec();
        assert_eq!(lines, [1, 2, 3, 4]);
    }

    #[test]
    fn columns_count_characters() {
        let source = "grü\u{1f600}x".as_bytes();
        let at = LineIndex::new(source).position(source, source.len() - 1);
        assert_eq!(at, Position { line: 1, column: 5 });
    }

    #[test]
    fn display_offsets_go_both_ways() {
        let source = "a\r\nü\u{1f600}b\rc".as_bytes();
        let display = Display::new(source);
        assert_eq!(display.text, "a\nü\u{1f600}b\nc");
        // bytes: a0 CR1 LF2 ü3-4 😀5-8 b9 CR10 c11
        for (byte, unit) in [(0, 0), (1, 1), (3, 2), (5, 3), (9, 5), (10, 6), (11, 7), (12, 8)] {
            assert_eq!(display.utf16(byte), unit, "byte {byte}");
            assert_eq!(display.byte(unit), byte, "unit {unit}");
        }
        assert_eq!(display.utf16(2), 1, "inside CR LF");
    }

    #[test]
    fn display_survives_invalid_utf8() {
        let display = Display::new(b"a\xffb");
        assert_eq!(display.text, "a\u{fffd}b");
        assert_eq!((display.utf16(2), display.byte(2)), (2, 2));
    }

    #[test]
    fn replaced_text_knows_its_source() {
        let source = "ab\u{a0}cd";
        let mapped = Mapped::replaced(source, &[(Span::new(2, 4), " ")]);
        assert_eq!(mapped.text, "ab cd");
        assert_eq!(mapped.span(Span::new(2, 3)), Span::new(2, 4));
        assert_eq!(mapped.span(Span::new(3, 5)), Span::new(4, 6));
        assert_eq!(mapped.span(Span::new(0, 5)), Span::new(0, 6));
        assert_eq!(mapped.span(Span::at(5)), Span::at(6));
    }

    #[test]
    fn deleted_text_leaves_no_trace_in_spans() {
        let mapped = Mapped::replaced("a\0b", &[(Span::new(1, 2), "")]);
        assert_eq!(mapped.text, "ab");
        assert_eq!(mapped.span(Span::new(0, 1)), Span::new(0, 1));
        assert_eq!(mapped.span(Span::new(1, 2)), Span::new(2, 3));
    }
}
