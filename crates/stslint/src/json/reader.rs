//! Reading JSON in the order of the text.

use super::{Data, Member, Problem, Text, Value, escape};
use crate::text::Span;

/// Deepest nesting that is read. What lies deeper counts as a problem and is skipped.
const MAX_DEPTH: usize = 128;

/// Reads one value after the other, in the order of the text. Each reading takes at least one byte unless the next one
/// ends what is around it.
pub(super) struct Reader<'a> {
    source: &'a str,
    at: usize,
    depth: usize,
    /// Whether a colon stands behind the key that was read last.
    has_value: bool,
    problems: Vec<Problem>,
    /// How many more values are read; a list counts as four.
    room: usize,
}

/// So many values are read of any text, and one more for each [`BYTES`] of it: a value takes many times the memory of
/// the bytes that make one.
const VALUES: usize = 200_000;

/// Real reports have a value in about 20 bytes.
const BYTES: usize = 12;

/// So many problems are told.
const PROBLEMS: usize = 1_000;

impl<'a> Reader<'a> {
    /// A reader before the value that a text is.
    pub(super) fn of(source: &'a str) -> Self {
        let room = VALUES + source.len() / BYTES;
        let mut reader =
            Self { source, at: 0, depth: 0, has_value: false, problems: Vec::new(), room };
        reader.skip_space();
        reader
    }

    /// What is wrong with the text whose value has been read.
    pub(super) fn end(mut self) -> Vec<Problem> {
        self.skip_space();
        if self.at < self.source.len() {
            let rest = Span::new(self.at, self.source.len());
            self.problem(rest, "text after the end of the value");
        }
        self.problems
    }

    /// The next byte: the first one of the value that stands here.
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// The same, and passes over space before it.
    fn take_after_space(&mut self, byte: u8) -> bool {
        self.take(byte) || {
            self.skip_space();
            self.take(byte)
        }
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = &self.source.as_bytes()[self.at..];
        self.at += rest.iter().position(|b| !wanted(*b)).unwrap_or(rest.len());
    }

    fn skip_space(&mut self) {
        self.skip_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'));
    }

    fn problem(&mut self, span: Span, text: &'static str) {
        if self.problems.len() < PROBLEMS {
            self.problems.push(Problem { span, text });
        }
    }

    /// Reads a value with all that is in it.
    pub(super) fn value(&mut self) -> Value<'a> {
        let start = self.at;
        let takes = if matches!(self.peek(), Some(b'{' | b'[')) { 4 } else { 1 };
        let Some(room) = self.room.checked_sub(takes) else {
            self.give_up("too many values");
            return Value { span: Span::at(self.at), data: Data::Null };
        };
        self.room = room;
        let data = match self.peek() {
            Some(b'{') => {
                let mut members = Vec::new();
                self.items(b'}', |reader| {
                    let key = reader.key();
                    reader.colon();
                    let value = match reader.has_value {
                        true => reader.value(),
                        false => Value { span: Span::at(reader.at), data: Data::Null },
                    };
                    members.push(Member { key, value });
                });
                Data::Object(members)
            }
            Some(b'[') => {
                let mut elements = Vec::new();
                self.items(b']', |reader| elements.push(reader.value()));
                Data::Array(elements)
            }
            Some(b'"') => Data::String(self.string()),
            _ => self.word(),
        };
        Value { span: Span::new(start, self.at), data }
    }

    fn key(&mut self) -> Text<'a> {
        match self.peek() {
            Some(b'"') => self.string(),
            _ => self.bare_key(),
        }
    }

    fn colon(&mut self) {
        self.has_value = self.take_after_space(b':');
        match self.has_value {
            true => self.skip_space(),
            false => self.problem(Span::at(self.at), "no colon after the member name"),
        }
    }

    fn bare_key(&mut self) -> Text<'a> {
        let start = self.at;
        self.skip_while(|b| !is_structural(b));
        let span = Span::new(start, self.at);
        self.problem(span, "a member name without quotes");
        let raw = &self.source[span.range()];
        Text { span, raw, escaped: raw.contains('\\') }
    }

    /// Gives up: the rest of the text is one problem.
    fn give_up(&mut self, why: &'static str) {
        self.problem(Span::at(self.at), why);
        self.at = self.source.len();
    }

    /// Reads a list in brackets, the opening one at the reader.
    fn items(&mut self, close: u8, mut item: impl FnMut(&mut Self)) {
        if self.depth == MAX_DEPTH {
            return self.give_up("too many levels of nesting");
        }
        self.at += 1;
        self.skip_space();
        if self.take(close) {
            return;
        }
        self.depth += 1;
        loop {
            let start = self.at;
            item(self);
            if self.take_after_space(b',') {
                let comma = self.at - 1;
                self.skip_space();
                if !self.take(close) {
                    continue;
                }
                self.problem(Span::new(comma, comma + 1), "a comma after the last item");
                break;
            }
            if self.take(close) || self.is_broken_off(start) {
                break;
            }
        }
        self.depth -= 1;
    }

    /// What follows an item is neither a comma nor the end of the list. Whether that ends the list
    /// all the same; otherwise the next item may stand here. `start` is where the last one began.
    fn is_broken_off(&mut self, start: usize) -> bool {
        match self.peek() {
            None => self.problem(Span::at(self.at), "no end of the list"),
            // The wrong bracket ends this list, or it would swallow all that follows.
            Some(b']' | b'}') => {
                self.problem(Span::new(self.at, self.at + 1), "the wrong closing bracket");
                self.at += 1;
            }
            Some(_) => {
                self.problem(Span::at(self.at), "no comma between two items");
                if self.at == start {
                    self.at += 1; // A stray colon: nothing else is left here.
                }
                return false;
            }
        }
        true
    }

    /// Reads a string, its opening quote at the reader.
    fn string(&mut self) -> Text<'a> {
        let bytes = self.source.as_bytes();
        let start = self.at + 1;
        let mut escaped = false;
        self.at = start;
        loop {
            self.at += plain(&bytes[self.at..]);
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    let length = escape(&self.source[self.at..]).map(|(_, len)| len);
                    if length.is_none() {
                        self.problem(Span::new(self.at, self.at + 1), "an unknown escape sequence");
                    }
                    self.at += length.unwrap_or(1);
                }
                Some(b'\n' | b'\r') | None => {
                    let span = Span::new(start, self.at);
                    self.problem(Span::new(start - 1, self.at), "a string without closing quote");
                    return Text { span, raw: &self.source[span.range()], escaped };
                }
                Some(_) => {
                    let span = Span::new(self.at, self.at + 1);
                    self.problem(span, "a control character in a string");
                    self.at += 1;
                }
            }
        }
        let span = Span::new(start, self.at);
        self.at += 1;
        Text { span, raw: &self.source[span.range()], escaped }
    }

    /// Reads what is neither a list nor a string.
    fn word(&mut self) -> Data<'a> {
        let start = self.at;
        self.skip_while(|b| !is_structural(b));
        let span = Span::new(start, self.at);
        match &self.source[span.range()] {
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            "null" => Data::Null,
            "" => {
                self.problem(span, "no value");
                Data::Null
            }
            word if is_number(word) => Data::Number(word),
            _ => {
                self.problem(span, "neither a value nor a string in quotes");
                Data::Null
            }
        }
    }
}

/// How many bytes stand before the next one that means something in a string: a quote, a backslash
/// or a control character (RFC 8259 §7).
fn plain(bytes: &[u8]) -> usize {
    let means_something = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    bytes.iter().position(means_something).unwrap_or(bytes.len())
}

/// Whether a byte ends a word.
fn is_structural(byte: u8) -> bool {
    matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"' | b' ' | b'\t' | b'\r' | b'\n')
}

/// The grammar of numbers (RFC 8259 §6).
fn is_number(word: &str) -> bool {
    fn digits(text: &str) -> (&str, &str) {
        text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
    }
    let (integer, mut rest) = digits(word.strip_prefix('-').unwrap_or(word));
    if integer.is_empty() || integer.len() > 1 && integer.starts_with('0') {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        let (fraction, after) = digits(fraction);
        if fraction.is_empty() {
            return false;
        }
        rest = after;
    }
    if let Some(exponent) = rest.strip_prefix(&['e', 'E'][..]) {
        let (exponent, after) = digits(exponent.strip_prefix(&['+', '-'][..]).unwrap_or(exponent));
        return !exponent.is_empty() && after.is_empty();
    }
    rest.is_empty()
}
