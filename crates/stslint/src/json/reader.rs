//! Reading JSON in the order of the text.

use super::{Data, Member, Problem, Text, Value, escape};
use crate::text::{Span, below, equal, find};

/// Deepest nesting that is read. What lies deeper counts as a problem and is skipped.
const MAX_DEPTH: usize = 128;

/// A member of an object by its name, and what to do with its value.
#[cfg(feature = "report")]
pub(crate) type Known<'a, 'n, T> = (&'n str, fn(&mut Reader<'a>, &mut T));

/// Reads one value after the other, in the order of the text. What a caller makes of them is its
/// own business: the tree of [`read`], or the values of a report.
///
/// Each reading takes at least one byte unless the next one ends what is around it.
pub(crate) struct Reader<'a> {
    source: &'a str,
    at: usize,
    depth: usize,
    /// Whether a colon stands behind the key that was read last.
    has_value: bool,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// A reader before the value that a text is.
    pub(crate) fn of(source: &'a str) -> Self {
        let mut reader = Self { source, at: 0, depth: 0, has_value: false, problems: Vec::new() };
        reader.skip_space();
        reader
    }

    /// What is wrong with the text whose value has been read.
    pub(crate) fn end(mut self) -> Vec<Problem> {
        self.skip_space();
        if self.at < self.source.len() {
            let rest = Span::new(self.at, self.source.len());
            self.problem(rest, "text after the end of the value");
        }
        self.problems
    }

    /// The next byte: the first one of the value that stands here.
    pub(crate) fn peek(&self) -> Option<u8> {
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
        // Mostly there is none.
        if self.peek().is_some_and(|byte| byte <= b' ') {
            self.skip_some_space();
        }
    }

    #[inline(never)]
    fn skip_some_space(&mut self) {
        const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
        let mut rest = &self.source.as_bytes()[self.at..];
        while let [first, after @ ..] = rest {
            if *first > b' ' || !matches!(first, b' ' | b'\t' | b'\r' | b'\n') {
                break;
            }
            rest = after;
            // Indentation.
            while let Some((word, after)) = rest.split_first_chunk::<8>() {
                let others = u64::from_le_bytes(*word) ^ SPACES;
                if others != 0 {
                    rest = &rest[others.trailing_zeros() as usize / 8..];
                    break;
                }
                rest = after;
            }
        }
        self.at = self.source.len() - rest.len();
    }

    #[cold]
    #[inline(never)]
    fn problem(&mut self, span: Span, text: &'static str) {
        self.problems.push(Problem { span, text });
    }

    /// Reads a value with all that is in it.
    pub(crate) fn value(&mut self) -> Value<'a> {
        let start = self.at;
        let data = match self.peek() {
            Some(b'{') => {
                let mut members = Vec::new();
                self.members(|reader, key| {
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
                self.elements(|reader| elements.push(reader.value()));
                Data::Array(elements)
            }
            Some(b'"') => Data::String(self.string()),
            _ => self.word(),
        };
        Value { span: Span::new(start, self.at), data }
    }

    /// Passes over a value.
    pub(crate) fn skip(&mut self) {
        match self.peek() {
            Some(b'{') => self.members(|reader, _| reader.skip()),
            Some(b'[') => self.elements(Self::skip),
            Some(b'"') => drop(self.string()),
            _ => drop(self.word()),
        }
    }

    /// Reads an array, its opening bracket at the reader. `element` reads an element.
    pub(crate) fn elements(&mut self, element: impl FnMut(&mut Self)) {
        self.items(b']', element);
    }

    /// Reads an object, its opening bracket at the reader. `member` is given a key and reads its
    /// value.
    pub(crate) fn members(&mut self, mut member: impl FnMut(&mut Self, Text<'a>)) {
        self.items(b'}', |reader| {
            let key = reader.key();
            reader.colon();
            member(reader, key);
        });
    }

    /// Reads an object into `to`: `known` has a function for the value of each member that matters. Of
    /// a member that is there twice the first one counts. Anything else than an object counts for
    /// nothing.
    #[cfg(feature = "report")]
    pub(crate) fn object<T>(&mut self, to: &mut T, known: &[Known<'a, '_, T>]) {
        if self.peek() != Some(b'{') {
            return self.skip();
        }
        let (mut seen, mut likely) = (0u32, 0);
        self.items(b'}', |reader| {
            // Mostly the members stand in the order of the schema.
            let mut indices = (likely..known.len()).chain(0..likely);
            let index = indices.find(|index| reader.take_key(known[*index].0)).or_else(|| {
                let key = reader.key();
                known.iter().position(|(name, _)| key.is(name))
            });
            reader.colon();
            match index {
                Some(index) if seen & (1 << index) == 0 => {
                    seen |= 1 << index;
                    likely = index + 1;
                    known[index].1(reader, to);
                }
                _ => reader.skip(),
            }
        });
    }

    /// Passes over a key of this name.
    #[cfg(feature = "report")]
    #[inline]
    fn take_key(&mut self, name: &str) -> bool {
        let rest = &self.source.as_bytes()[self.at..];
        // The quotes tell most names apart.
        let found = rest.get(name.len() + 1) == Some(&b'"')
            && rest[0] == b'"'
            && rest[1..=name.len()] == *name.as_bytes();
        self.at += if found { name.len() + 2 } else { 0 };
        found
    }

    #[cold]
    #[inline(never)]
    fn key(&mut self) -> Text<'a> {
        match self.peek() {
            Some(b'"') => self.string(),
            _ => self.bare_key(),
        }
    }

    #[inline]
    fn colon(&mut self) {
        // As nearly everybody writes it.
        let usual = match self.source.as_bytes()[self.at..] {
            [b':', next, ..] if next > b' ' => 1,
            [b':', b' ', next, ..] if next > b' ' => 2,
            _ => return self.odd_colon(),
        };
        self.at += usual;
        self.has_value = true;
    }

    #[cold]
    #[inline(never)]
    fn odd_colon(&mut self) {
        self.has_value = self.take_after_space(b':');
        match self.has_value {
            true => self.skip_space(),
            false => self.problem(Span::at(self.at), "no colon after the member name"),
        }
    }

    #[cold]
    #[inline(never)]
    fn bare_key(&mut self) -> Text<'a> {
        let start = self.at;
        self.skip_while(|b| !is_structural(b));
        let span = Span::new(start, self.at);
        self.problem(span, "a member name without quotes");
        let raw = &self.source[span.range()];
        Text { span, raw, escaped: raw.contains('\\') }
    }

    /// Gives up: the rest of the text is one problem.
    #[cold]
    #[inline(never)]
    fn too_deep(&mut self) {
        self.problem(Span::at(self.at), "too many levels of nesting");
        self.at = self.source.len();
    }

    /// Reads a list in brackets, the opening one at the reader.
    fn items(&mut self, close: u8, mut item: impl FnMut(&mut Self)) {
        if self.depth == MAX_DEPTH {
            return self.too_deep();
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
    #[cold]
    #[inline(never)]
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
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Text<'a> {
        let start = self.at + 1;
        match self.plain_string() {
            Some(raw) => Text { span: Span::new(start, start + raw.len()), raw, escaped: false },
            None => self.odd_string(),
        }
    }

    /// Reads a string that is what it looks like; none, and nothing is read, where it is not.
    #[inline(always)]
    pub(crate) fn plain_string(&mut self) -> Option<&'a str> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let rest = &self.source[self.at + 1..];
        let len = plain(rest.as_bytes());
        if rest.as_bytes().get(len) != Some(&b'"') {
            return None;
        }
        self.at += len + 2;
        Some(&rest[..len])
    }

    /// The same for one with an escape, or with something that must not be in it.
    #[inline(never)]
    fn odd_string(&mut self) -> Text<'a> {
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

    /// Reads a number that is written with few digits and nothing else; none, and nothing is read,
    /// where another value or another spelling stands here.
    #[cfg(feature = "report")]
    pub(crate) fn digits(&mut self) -> Option<u64> {
        let rest = &self.source.as_bytes()[self.at..];
        let (mut number, mut len) = (0, 0);
        // Eighteen digits fit into the type.
        while let Some(digit @ b'0'..=b'9') = rest.get(len).filter(|_| len < 18) {
            number = 10 * number + u64::from(digit - b'0');
            len += 1;
        }
        let is_whole = rest.get(len).is_some_and(|next| is_structural(*next));
        let is_plain = is_whole && len > 0 && (len == 1 || rest[0] != b'0');
        self.at += if is_plain { len } else { 0 };
        is_plain.then_some(number)
    }

    /// Reads what is neither a list nor a string.
    pub(crate) fn word(&mut self) -> Data<'a> {
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
#[inline(never)] // It needs all registers for itself.
fn plain(bytes: &[u8]) -> usize {
    // This exchanges the quote, 0x22, with the space, 0x20: both kinds then are below 0x21.
    let swapped = |word| word ^ u64::from_le_bytes([2; 8]);
    match find(bytes, |word| equal(word, b'\\') | below(swapped(word), b'!')) {
        Ok(at) => at,
        Err(at) => at + plain_at_end(&bytes[at..]),
    }
}

#[cold]
#[inline(never)]
fn plain_at_end(bytes: &[u8]) -> usize {
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
