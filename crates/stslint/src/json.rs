//! A JSON reader (RFC 8259) that knows where everything stands.
//!
//! Reading is total: any text gives a value and a list of problems. Nothing is lost that a linter
//! wants to point at: repeated members stay, numbers keep their spelling, strings their place.

use crate::text::{Mapped, Span};

/// Deepest nesting that is read. What lies deeper counts as a problem and is skipped.
const MAX_DEPTH: usize = 128;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Value<'a> {
    /// All of its text, with quotes and brackets.
    pub span: Span,
    /// What it is.
    pub data: Data<'a>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Data<'a> {
    /// `[…]`
    Array(Vec<Value<'a>>),
    /// `true`, `false`
    Bool(bool),
    /// `null`, and what stands for a value that is missing or broken.
    Null,
    /// A number as it is spelled.
    Number(&'a str),
    /// `{…}`, with repeated members in their order.
    Object(Vec<Member<'a>>),
    /// `"…"`
    String(Text<'a>),
}

/// One `"key": value` of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'a> {
    /// The key.
    pub key: Text<'a>,
    /// The value.
    pub value: Value<'a>,
}

/// A string between its quotes, not decoded yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The place of what stands between the quotes.
    pub span: Span,
    /// What stands between the quotes.
    pub raw: &'a str,
}

/// Something that RFC 8259 doesn't allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The place.
    pub span: Span,
    /// What is wrong, as a noun phrase.
    pub text: &'static str,
}

/// Reads a text. What is broken is `null` in the value and named in the problems.
pub fn read(source: &str) -> (Value<'_>, Vec<Problem>) {
    let mut reader = Reader { source, at: 0, problems: Vec::new() };
    reader.skip_space();
    let value = reader.value(0);
    reader.skip_space();
    if reader.at < source.len() {
        reader.problem(Span::new(reader.at, source.len()), "text after the end of the value");
    }
    (value, reader.problems)
}

impl<'a> Value<'a> {
    /// The elements of an array; none for anything else.
    pub fn elements(&self) -> &[Value<'a>] {
        match &self.data {
            Data::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The members of an object; none for anything else.
    pub fn members(&self) -> &[Member<'a>] {
        match &self.data {
            Data::Object(members) => members,
            _ => &[],
        }
    }

    /// The first member with this key.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.members().iter().find(|member| member.key.is(key)).map(|member| &member.value)
    }

    /// The text of a string.
    pub fn as_text(&self) -> Option<Text<'a>> {
        match self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a number without sign, fraction and exponent.
    pub fn as_integer(&self) -> Option<u64> {
        match self.data {
            Data::Number(spelling) => spelling.parse().ok(),
            _ => None,
        }
    }
}

impl<'a> Text<'a> {
    /// The decoded text, where every character knows its place in the source. A broken escape
    /// stands for itself, half a surrogate pair for U+FFFD.
    pub fn decode(&self) -> Mapped<'a> {
        let mut made = Mapped::empty();
        let bytes = self.raw.as_bytes();
        let (mut at, mut plain) = (0, 0);
        while let Some(found) = bytes[at..].iter().position(|b| *b == b'\\') {
            let start = at + found;
            let Some((c, len)) = escape(&self.raw[start..]) else {
                at = start + 1;
                continue;
            };
            made.push_verbatim(&self.raw[plain..start], self.span.start + plain);
            let place = self.span.start + start;
            made.push_for(c.encode_utf8(&mut [0; 4]), Span::new(place, place + len));
            at = start + len;
            plain = at;
        }
        made.push_verbatim(&self.raw[plain..], self.span.start + plain);
        made.push_for("", Span::at(self.span.end));
        made
    }

    /// Whether the decoded text is `text`.
    pub fn is(&self, text: &str) -> bool {
        self.raw == text || self.raw.contains('\\') && self.decode().text == text
    }
}

/// The character of the escape sequence (RFC 8259 §7) at the start of `text`, and its length.
fn escape(text: &str) -> Option<(char, usize)> {
    let c = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(text),
        _ => return None,
    };
    Some((c, 2))
}

/// The character of `\uXXXX` or a pair of them.
fn unicode_escape(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        let all_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        all_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    };
    let first = unit(0)?;
    if let (0xd800..0xdc00, Some(second @ 0xdc00..0xe000)) = (first, unit(6)) {
        let joined = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return Some((char::from_u32(joined)?, 12));
    }
    Some((char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6))
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = &self.source.as_bytes()[self.at..];
        self.at += rest.iter().position(|b| !wanted(*b)).unwrap_or(rest.len());
    }

    fn skip_space(&mut self) {
        self.skip_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'));
    }

    fn problem(&mut self, span: Span, text: &'static str) {
        self.problems.push(Problem { span, text });
    }

    /// Reads a value. It takes at least one byte unless the next one ends what is around it.
    fn value(&mut self, depth: usize) -> Value<'a> {
        let start = self.at;
        let data = match self.peek() {
            Some(b'{' | b'[') if depth == MAX_DEPTH => self.too_deep(),
            Some(b'{') => Data::Object(self.members(depth)),
            Some(b'[') => Data::Array(self.elements(depth)),
            Some(b'"') => Data::String(self.string()),
            _ => self.word(),
        };
        Value { span: Span::new(start, self.at), data }
    }

    /// Gives up: the rest of the text is one problem.
    fn too_deep(&mut self) -> Data<'a> {
        self.problem(Span::at(self.at), "too many levels of nesting");
        self.at = self.source.len();
        Data::Null
    }

    fn elements(&mut self, depth: usize) -> Vec<Value<'a>> {
        let mut elements = Vec::new();
        self.items(b']', |reader| elements.push(reader.value(depth + 1)));
        elements
    }

    fn members(&mut self, depth: usize) -> Vec<Member<'a>> {
        let mut members = Vec::new();
        self.items(b'}', |reader| {
            let key = if reader.peek() == Some(b'"') {
                reader.string()
            } else {
                let start = reader.at;
                reader.skip_while(|b| !is_structural(b));
                let span = Span::new(start, reader.at);
                reader.problem(span, "a member name without quotes");
                Text { span, raw: &reader.source[span.range()] }
            };
            reader.skip_space();
            if !reader.take(b':') {
                reader.problem(Span::at(reader.at), "no colon after the member name");
                let value = Value { span: Span::at(reader.at), data: Data::Null };
                return members.push(Member { key, value });
            }
            reader.skip_space();
            members.push(Member { key, value: reader.value(depth + 1) });
        });
        members
    }

    /// Reads a list in brackets, the opening one at the reader.
    fn items(&mut self, close: u8, mut item: impl FnMut(&mut Self)) {
        self.at += 1;
        self.skip_space();
        if self.take(close) {
            return;
        }
        loop {
            let start = self.at;
            item(self);
            self.skip_space();
            if self.take(close) {
                return;
            }
            if self.take(b',') {
                let comma = Span::new(self.at - 1, self.at);
                self.skip_space();
                if self.take(close) {
                    return self.problem(comma, "a comma after the last item");
                }
                continue;
            }
            match self.peek() {
                None => return self.problem(Span::at(self.at), "no end of the list"),
                // The wrong bracket ends this list, or it would swallow all that follows.
                Some(b']' | b'}') => {
                    self.problem(Span::new(self.at, self.at + 1), "the wrong closing bracket");
                    self.at += 1;
                    return;
                }
                Some(_) => self.problem(Span::at(self.at), "no comma between two items"),
            }
            if self.at == start {
                self.at += 1; // A stray colon: nothing else is left here.
            }
        }
    }

    fn string(&mut self) -> Text<'a> {
        let bytes = self.source.as_bytes();
        self.at += 1;
        let start = self.at;
        loop {
            self.skip_while(|b| !matches!(b, b'"' | b'\\' | 0..0x20));
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let length = escape(&self.source[self.at..]).map(|(_, len)| len);
                    if length.is_none() {
                        self.problem(Span::new(self.at, self.at + 1), "an unknown escape sequence");
                    }
                    self.at += length.unwrap_or(1);
                }
                Some(b'\n' | b'\r') | None => {
                    let span = Span::new(start, self.at);
                    self.problem(Span::new(start - 1, self.at), "a string without closing quote");
                    return Text { span, raw: &self.source[span.range()] };
                }
                Some(_) => {
                    self.problem(
                        Span::new(self.at, self.at + 1),
                        "a control character in a string",
                    );
                    self.at += 1;
                }
            }
        }
        let span = Span::new(start, self.at);
        self.at += usize::from(bytes.get(self.at).is_some());
        Text { span, raw: &self.source[span.range()] }
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decoded_characters_know_their_place() {
        let source = r#"{"a\u0062": "x\"\ud83d\ude00–z"}"#;
        let (value, problems) = read(source);
        assert_eq!(problems, []);
        let text = value.get("ab").and_then(Value::as_text).unwrap().decode();
        assert_eq!(text.text, "x\"\u{1f600}–z");
        let place = |start, end| &source[text.span(Span::new(start, end)).range()];
        assert_eq!(place(1, 2), "\\\"");
        assert_eq!(place(2, 6), "\\ud83d\\ude00");
        assert_eq!(place(6, 10), "–z");
        assert_eq!(text.span(Span::at(10)), Span::at(source.len() - 2));
    }

    #[test]
    fn repeated_members_stay_and_numbers_keep_their_spelling() {
        let (value, problems) = read(r#"{"n": 1.0e3, "n": 7}"#);
        assert_eq!((value.members().len(), problems.len()), (2, 0));
        assert_eq!(value.members()[0].value.data, Data::Number("1.0e3"));
        assert_eq!(value.members()[1].value.as_integer(), Some(7));
    }

    #[test]
    fn broken_text_gives_what_can_be_read() {
        for (source, problems, elements) in [
            ("[1, 2,]", 1, 2),
            ("[1 2]", 1, 2),
            ("[\"a", 2, 1),
            ("[\"a\nb\"]", 6, 3),
            ("[1] x", 1, 1),
            ("[1}", 1, 1),
            ("[:]", 3, 2),
            ("", 1, 0),
        ] {
            let (value, found) = read(source);
            assert_eq!((found.len(), value.elements().len()), (problems, elements), "{source:?}");
        }
    }

    #[test]
    fn hostile_nesting_ends() {
        let (_, problems) = read(&"[{\"a\":".repeat(100_000));
        assert_eq!(problems[0].text, "too many levels of nesting");
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json_on_what_is_json(
            source in r#"[\[\]{},:"\\ua0-9e.+ tr\n-]{0,24}|\[("[ -~]{0,6}",?){0,4}\]"#,
        ) {
            let (_, problems) = read(&source);
            let other = serde_json::from_str::<serde_json::Value>(&source);
            // serde_json refuses half surrogate pairs and numbers beyond f64, which are within
            // the grammar.
            if let Err(error) = &other {
                let text = error.to_string();
                prop_assume!(!text.contains("surrogate") && !text.contains("out of range"));
                prop_assume!(!text.contains("hex escape"));
            }
            prop_assert_eq!(problems.is_empty(), other.is_ok(), "{:?} {:?}", problems, other);
        }

        #[test]
        fn spans_lie_within(source in "\\PC{0,40}") {
            let (value, problems) = read(&source);
            prop_assert!(source.get(value.span.range()).is_some());
            for problem in problems {
                prop_assert!(source.get(problem.span.range()).is_some());
            }
        }
    }
}
