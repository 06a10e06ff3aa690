//! A text cut into lines and pieces, so that the places that findings mark can be drawn; and signs for what
//! can't be seen.

use crate::finding::Severity;
use std::ops::Range;

/// A place that a finding marks.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// First byte.
    pub start: usize,
    /// Byte after the last; the same as `start` where something is missing.
    pub end: usize,
    /// The finding's number in the list.
    pub item: usize,
    /// Its code.
    pub code: &'static str,
    /// Its severity.
    pub severity: Severity,
    /// Whether the finding is the current one or pointed at.
    pub lit: bool,
}

impl Mark {
    fn len(&self) -> usize {
        self.end - self.start
    }
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// CR.
    Cr,
    /// CR LF.
    CrLf,
    /// LF.
    Lf,
    /// Not at all: the last line.
    Text,
}

/// A line of a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'a> {
    /// Its pieces from left to right.
    pub pieces: Vec<Piece<'a>>,
    /// How it ends.
    pub end: End,
}

/// A run of text under the same marks; empty where something is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece<'a> {
    /// The text.
    pub text: String,
    /// What marks it, the narrowest first.
    pub marks: Vec<&'a Mark>,
}

/// The lines of a block. Only the last block of a text shows the empty line after a final line end.
pub fn lines<'a>(text: &[u8], marks: &'a [Mark], last: bool) -> Vec<Line<'a>> {
    let mut out = Vec::new();
    let mut start = 0;
    loop {
        let len = text[start..].iter().position(|b| matches!(b, b'\n' | b'\r'));
        let content = start..len.map_or(text.len(), |len| start + len);
        let end = match &text[content.end..] {
            [] => End::Text,
            [b'\r', b'\n', ..] => End::CrLf,
            [b'\r', ..] => End::Cr,
            _ => End::Lf,
        };
        if end == End::Text && content.is_empty() && !last {
            return out;
        }
        let next = content.end + usize::from(end != End::Text) + usize::from(end == End::CrLf);
        out.push(Line { pieces: pieces(text, content, next, marks), end });
        if end == End::Text {
            return out;
        }
        start = next;
    }
}

/// Cuts the content of a line where marks begin and end. `next` is where the next line starts.
fn pieces<'a>(text: &[u8], line: Range<usize>, next: usize, marks: &'a [Mark]) -> Vec<Piece<'a>> {
    let here = |m: &&Mark| {
        m.start < next.max(line.end + 1) && (m.end > line.start || m.start >= line.start)
    };
    let here: Vec<&Mark> = marks.iter().filter(here).collect();
    let clip = |at: usize| char_start(text, at.clamp(line.start, line.end));
    let mut cuts = vec![line.start];
    for cut in here.iter().flat_map(|m| [clip(m.start), clip(m.end)]).chain([line.end]) {
        if let Err(at) = cuts.binary_search(&cut) {
            cuts.insert(at, cut);
        }
    }
    let mut out = Vec::new();
    for (i, cut) in cuts.iter().enumerate() {
        let gap = |m: &&&Mark| clip(m.start) == *cut && clip(m.end) == *cut;
        push(&mut out, &[], here.iter().filter(gap));
        if let Some(end) = cuts.get(i + 1) {
            let over = |m: &&&Mark| clip(m.start) <= *cut && clip(m.end) >= *end;
            push(&mut out, &text[*cut..*end], here.iter().filter(over));
        }
    }
    out
}

fn push<'a: 'b, 'b>(
    out: &mut Vec<Piece<'a>>,
    text: &[u8],
    marks: impl Iterator<Item = &'b &'a Mark>,
) {
    let mut sorted: Vec<&Mark> = Vec::new();
    for mark in marks {
        let at = sorted.partition_point(|m| (m.len(), m.item) < (mark.len(), mark.item));
        sorted.insert(at, mark);
    }
    if !text.is_empty() || !sorted.is_empty() {
        out.push(Piece { text: String::from_utf8_lossy(text).into_owned(), marks: sorted });
    }
}

fn char_start(text: &[u8], mut at: usize) -> usize {
    while at > 0 && text.get(at).is_some_and(|b| b & 0xc0 == 0x80) {
        at -= 1;
    }
    at
}

/// Whether a character takes no room, so that a sign for it has to stand beside the text.
pub fn has_no_width(c: char) -> bool {
    let separate = matches!(c, '\u{ad}' | '\u{feff}');
    separate
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

/// What stands for a character that can't be seen, in a text where `trailing` spaces count.
pub fn glyph(c: char, trailing: bool) -> Option<&'static str> {
    Some(match c {
        ' ' if trailing => "·",
        '\t' => "→",
        '\u{a0}' => "⍽",
        '\u{feff}' => "BOM",
        '\u{ad}' => "SHY",
        '\u{200b}' => "ZWSP",
        '\u{200c}' => "ZWNJ",
        '\u{200d}' => "ZWJ",
        '\u{200e}' => "LRM",
        '\u{200f}' => "RLM",
        '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => "⍽",
        '\u{2060}' => "WJ",
        '\u{2028}' => "LS",
        '\u{2029}' => "PS",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "BIDI",
        '\0' => "NUL",
        c if c.is_control() => "CTRL",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: usize, end: usize, item: usize) -> Mark {
        Mark { start, end, item, code: "X", severity: Severity::Error, lit: false }
    }

    /// The lines with marked pieces in brackets.
    fn drawn(text: &str, marks: &[Mark]) -> Vec<String> {
        let piece = |p: &Piece| match p.marks[..] {
            [] => p.text.clone(),
            _ => format!(
                "[{}:{}]",
                p.marks.iter().map(|m| m.item.to_string()).collect::<String>(),
                p.text
            ),
        };
        let line = |l: &Line| l.pieces.iter().map(piece).collect();
        lines(text.as_bytes(), marks, true).iter().map(line).collect()
    }

    #[test]
    fn marks_cut_lines_into_pieces() {
        assert_eq!(drawn("mode: x\nmx: a", &[mark(6, 7, 0)]), ["mode: [0:x]", "mx: a"]);
    }

    #[test]
    fn overlapping_marks_share_pieces_and_the_narrowest_comes_first() {
        let marks = [mark(0, 4, 0), mark(2, 3, 1)];
        assert_eq!(drawn("abcde", &marks), ["[0:ab][10:c][0:d]e"]);
    }

    #[test]
    fn a_missing_thing_is_an_empty_piece() {
        assert_eq!(drawn("ab\ncd", &[mark(1, 1, 0)]), ["a[0:]b", "cd"]);
        assert_eq!(drawn("ab\ncd", &[mark(2, 2, 0)]), ["ab[0:]", "cd"]);
        assert_eq!(drawn("ab\ncd", &[mark(3, 3, 0)]), ["ab", "[0:]cd"]);
        assert_eq!(drawn("ab\n", &[mark(3, 3, 0)]), ["ab", "[0:]"]);
        assert_eq!(drawn("", &[mark(0, 0, 0)]), ["[0:]"]);
    }

    #[test]
    fn a_marked_line_end_shows_at_the_end_of_its_line() {
        assert_eq!(drawn("ab\ncd", &[mark(2, 3, 0)]), ["ab[0:]", "cd"]);
        assert_eq!(drawn("a\n\nb", &[mark(2, 3, 0)]), ["a", "[0:]", "b"]);
        assert_eq!(drawn("ab\r\ncd", &[mark(3, 4, 0)]), ["ab[0:]", "cd"]);
    }

    #[test]
    fn a_mark_may_span_lines() {
        assert_eq!(drawn("ab\n\ncd", &[mark(1, 5, 0)]), ["a[0:b]", "[0:]", "[0:c]d"]);
    }

    #[test]
    fn line_ends_are_told_apart() {
        let ends: Vec<End> = lines(b"a\rb\r\nc\nd", &[], true).iter().map(|l| l.end).collect();
        assert_eq!(ends, [End::Cr, End::CrLf, End::Lf, End::Text]);
    }
}
