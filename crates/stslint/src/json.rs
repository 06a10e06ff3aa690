//! A JSON reader (RFC 8259) that knows where everything stands.
//!
//! Reading is total: any text gives a value and a list of problems. Nothing is lost that a linter
//! wants to point at: repeated members stay, numbers keep their spelling, strings their place.

mod reader;

use reader::Reader;

use crate::text::{Mapped, Span};
use std::borrow::Cow;

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
    /// Whether there is a backslash in it: most strings have none and are what they look like.
    escaped: bool,
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
    let mut reader = Reader::of(source);
    let value = reader.value();
    (value, reader.end())
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
    /// A text without escapes, as if it stood at this place.
    pub(crate) const fn plain(span: Span, raw: &'a str) -> Self {
        Self { span, raw, escaped: false }
    }

    /// The decoded text, borrowed where no escape is in it. A broken escape stands for itself, half
    /// a surrogate pair for U+FFFD.
    pub fn text(&self) -> Cow<'a, str> {
        match self.escaped {
            false => Cow::Borrowed(self.raw),
            true => self.decode().text,
        }
    }

    /// The same, where every character knows its place in the source.
    pub fn decode(&self) -> Mapped<'a> {
        let mut made = Mapped::empty();
        self.push_to(&mut made);
        made
    }

    /// Appends the decoded text to what was made of others.
    pub(crate) fn push_to(&self, made: &mut Mapped) {
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
    }

    /// Whether the decoded text is `text`.
    #[inline]
    pub fn is(&self, text: &str) -> bool {
        match self.escaped {
            false => self.raw == text,
            true => self.decode().text == text,
        }
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

/// The character that `\u` and four hexadecimal digits stand for, or a pair of them.
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
