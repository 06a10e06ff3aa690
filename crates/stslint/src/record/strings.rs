//! The character-strings of a record (RFC 1035 §5.1).

use super::view::{CharString, Notation, Owner, Record, Unquoted};
use crate::text::{Mapped, Span};

/// Character-strings being read.
#[derive(Debug)]
pub(super) struct Strings {
    text: Mapped<'static>,
    pub(super) strings: Vec<CharString>,
    span: Option<Span>,
    words: bool,
    /// Whether a quote has no end.
    pub(super) open: bool,
    /// Where it belongs.
    close_at: Option<usize>,
}

impl Default for Strings {
    fn default() -> Self {
        Self {
            text: Mapped::empty(),
            strings: Vec::new(),
            span: None,
            words: false,
            open: false,
            close_at: None,
        }
    }
}

impl Strings {
    /// Reads character-strings up to the end of the entry: the end of the line, unless parentheses
    /// are open (RFC 1035 §5.1). It returns where it stopped.
    pub(super) fn read(&mut self, base: &Mapped, start: usize) -> usize {
        let bytes = base.text.as_bytes();
        let (mut at, mut depth) = (start, 0_usize);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\r' | b'\n' if depth == 0 => break,
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'(' => {
                    depth += 1;
                    at += 1;
                }
                b')' => {
                    depth = depth.saturating_sub(1);
                    at += 1;
                }
                b';' => {
                    let rest = bytes[at..].iter().position(|b| matches!(b, b'\r' | b'\n'));
                    at = rest.map_or(bytes.len(), |rest| at + rest);
                }
                b'"' => {
                    let end = self.string(base, at + 1, |b, _| b == b'"');
                    let closed = bytes.get(end) == Some(&b'"');
                    if !closed {
                        // Where quotes are missing in two places, nobody knows where.
                        let alone = !self.open;
                        self.open = true;
                        self.close_at = alone.then(|| base.span(Span::new(at, end)).end);
                    }
                    self.cover(base, Span::new(at, end + usize::from(closed)));
                    at = end + usize::from(closed);
                }
                _ => {
                    let ends = |b, _| matches!(b, b' ' | b'\t' | b'"' | b';' | b'(' | b')');
                    let end = self.string(base, at, ends);
                    self.words = true;
                    self.cover(base, Span::new(at, end));
                    at = end;
                }
            }
        }
        at
    }

    /// Reads one character-string up to a byte that ends it, or to the end of the line. It returns
    /// where it stopped.
    pub(super) fn string(
        &mut self,
        base: &Mapped,
        start: usize,
        ends: impl Fn(u8, usize) -> bool,
    ) -> usize {
        let bytes = base.text.as_bytes();
        let text_start = self.text.text.len();
        let (mut at, mut plain) = (start, start);
        while let Some(byte) = bytes.get(at).copied() {
            if matches!(byte, b'\r' | b'\n') || ends(byte, at) {
                break;
            }
            if byte != b'\\' {
                at += 1;
                continue;
            }
            let Some((c, len)) = unescape(&base.text[at..]) else {
                at += 1;
                continue;
            };
            self.text.push_part(base, Span::new(plain, at));
            let escape = base.span(Span::new(at, at + len));
            self.text.push_for(c.encode_utf8(&mut [0; 4]), escape);
            at += len;
            plain = at;
        }
        self.text.push_part(base, Span::new(plain, at));
        let source = base.span(Span::new(start, at));
        self.text.push_for("", Span::at(source.end));
        let text = Span::new(text_start, self.text.text.len());
        self.strings.push(CharString { source, text });
        at
    }

    /// Reads the character-strings that stand side by side from a quote on, and nothing else. It returns where it stopped.
    pub(super) fn side_by_side(&mut self, base: &Mapped, mut at: usize) -> usize {
        let bytes = base.text.as_bytes();
        loop {
            let end = self.string(base, at + 1, |b, _| b == b'"');
            let closed = bytes.get(end) == Some(&b'"');
            self.open |= !closed;
            let end = end + usize::from(closed);
            self.cover(base, Span::new(at, end));
            let blanks = bytes[end..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            if !closed || bytes.get(end + blanks) != Some(&b'"') {
                return end;
            }
            at = end + blanks;
        }
    }

    fn cover(&mut self, base: &Mapped, piece: Span) {
        let place = base.span(piece);
        let start = self.span.map_or(place.start, |span| span.start);
        self.span = Some(Span::new(start, place.end));
    }

    /// The record of these strings.
    pub(super) fn into_record<'a>(self, owner: Option<Owner<'a>>) -> Record<'a> {
        let place = self.strings.first().map_or(Span::default(), |string| string.source);
        Record {
            owner,
            span: self.span.unwrap_or(place),
            strings: self.strings,
            text: self.text,
            notation: if self.words { Notation::Words } else { Notation::Quoted },
            unquoted: self.open.then_some(Unquoted::Close(self.close_at)),
            scope: 0,
        }
    }
}

/// The character of the escape sequence at the start of `text` (RFC 1035 §5.1), and its length.
/// None for a backslash at the end of the line.
fn unescape(text: &str) -> Option<(char, usize)> {
    let decimal = |at: usize| -> Option<u8> {
        let digits = text.get(at..at + 4)?.strip_prefix('\\')?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
    };
    let Some(first) = decimal(0) else {
        // A digit always begins a decimal escape; without two more it is none at all.
        let none = |c: &char| c.is_ascii_digit() || matches!(c, '\r' | '\n');
        let c = text[1..].chars().next().filter(|c| !none(c))?;
        return Some((c, 1 + c.len_utf8()));
    };
    if first.is_ascii() {
        return Some((char::from(first), 4));
    }
    // `dig` writes every octet of a non-ASCII character as its own escape.
    let count = match first {
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
        _ => 1,
    };
    let octets: Vec<u8> = (0..count).map_while(|i| decimal(4 * i)).collect();
    let c = str::from_utf8(&octets).ok().and_then(|text| text.chars().next());
    Some(c.map_or((char::REPLACEMENT_CHARACTER, 4), |c| (c, 4 * octets.len())))
}
