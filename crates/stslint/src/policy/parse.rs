//! Lines and fields of a policy (RFC 8461 §3.2). Total: any text makes a tree whose lines tile it.

use super::{MAX_MAX_AGE, Mode, Values};
use crate::host;
use crate::text::{Span, repeated};
use memchr::memchr2;

/// A policy text, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// All lines. Together they cover the text.
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line with its line end.
    pub span: Span,
    /// How it ends.
    pub end: LineEnd,
    /// What it is.
    pub shape: Shape,
    /// The field's name, or the line's text without whitespace around it.
    pub name: Span,
    /// The delimiter: `:`, or by mistake `=`, another sign or a space. Empty when there is none.
    pub delimiter: Span,
    /// The value without whitespace around it. Empty for lines that are no field.
    pub value: Span,
    /// What stands behind the value of a registered field, up to where the field ends: a comment, or a sign that ends lines
    /// elsewhere. Mostly empty.
    pub behind: Span,
    /// Whether the field stood in quotes.
    pub quoted: bool,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// CR alone, which is no line end for senders.
    Cr,
    /// CR LF.
    CrLf,
    /// LF alone.
    Lf,
    /// The text ends.
    None,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Nothing but whitespace.
    Blank,
    /// Starts with `#`, `;` or `//`.
    Comment,
    /// `name: value`.
    Field(Field),
    /// Anything else.
    Malformed,
}

/// Which field a line holds, by its exact name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `max_age`
    MaxAge,
    /// `mode`
    Mode,
    /// `mx`
    Mx,
    /// Any other name.
    Other,
    /// `version`
    Version,
}

impl Field {
    /// The registered fields with their names (RFC 8461 §9.3).
    pub const REGISTERED: [(Self, &'static str); 4] = [
        (Self::Version, "version"),
        (Self::Mode, "mode"),
        (Self::MaxAge, "max_age"),
        (Self::Mx, "mx"),
    ];

    /// The field of exactly this name: names are case-sensitive (RFC 8461 §3.2, `%s"mode"`).
    fn of(name: &[u8]) -> Self {
        match name {
            b"mx" => Self::Mx,
            b"mode" => Self::Mode,
            b"max_age" => Self::MaxAge,
            b"version" => Self::Version,
            _ => Self::Other,
        }
    }

    /// The name that it is registered by; empty for [`Field::Other`].
    pub fn name(self) -> &'static str {
        Self::REGISTERED.iter().find(|(field, _)| *field == self).map_or("", |(_, name)| name)
    }
}

/// So many lines are told apart, no fewer than the longest policy can have that senders read (RFC 8461 §3.3): the last one
/// holds the rest of the text.
const MAX_LINES: usize = super::MAX_SIZE;

/// What is behind the lines that are told apart.
fn rest(text: &str, start: usize) -> Line {
    let span = Span::new(start, text.len());
    let (name, none) = (span, Span::at(span.end));
    let shape = Shape::Malformed;
    let (delimiter, value, behind) = (none, none, none);
    Line { span, end: LineEnd::None, shape, name, delimiter, value, behind, quoted: false }
}

/// Reads the lines of a policy.
pub fn parse(text: &str) -> Tree {
    let mut lines = Vec::with_capacity(8);
    lines.extend(Lines::of(text).take(MAX_LINES - 1));
    let end = lines.last().map_or(0, |line: &Line| line.span.end);
    if end < text.len() {
        lines.push(rest(text, end));
    }
    Tree { lines }
}

/// The lines of a text, one after the other.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0 }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let (bytes, start) = (self.bytes, self.at);
        if start >= bytes.len() {
            return None;
        }
        let rest = &bytes[start..];
        let at = start + memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let (end, next) = match bytes[at..] {
            [] => (LineEnd::None, at),
            [b'\r', b'\n', ..] => (LineEnd::CrLf, at + 2),
            [b'\r', ..] => (LineEnd::Cr, at + 1),
            _ => (LineEnd::Lf, at + 1),
        };
        self.at = next;
        Some(line(bytes, Span::new(start, at), next, end))
    }
}

fn line(bytes: &[u8], content: Span, next: usize, end: LineEnd) -> Line {
    let text = trim(bytes, content);
    let mut line = Line {
        span: Span::new(content.start, next),
        end,
        shape: Shape::Malformed,
        name: text,
        delimiter: Span::at(text.end),
        value: Span::at(text.end),
        behind: Span::at(text.end),
        quoted: false,
    };
    let Some(&first) = bytes.get(text.start).filter(|_| !text.is_empty()) else {
        line.shape = Shape::Blank;
        return line;
    };
    let mut text = text;
    if (first == b'"' || first == b'\'') && text.len() > 1 && bytes[text.end - 1] == first {
        text = trim(bytes, Span::new(text.start + 1, text.end - 1));
        line.quoted = true;
        line.name = text;
    }
    if matches!(bytes.get(text.start), Some(b'#' | b';')) || bytes[text.range()].starts_with(b"//")
    {
        line.shape = Shape::Comment;
        return line;
    }
    // The first colon, unless a registered name stands before an earlier `=`.
    let Some(first) = memchr2(b':', b'=', &bytes[text.range()]) else {
        without_colon(bytes, text, &mut line);
        return line;
    };
    let mut delimiter = text.start + first;
    // At their other ends there is no white space any more.
    let name = |delimiter| trim_end(bytes, Span::new(text.start, delimiter));
    if bytes[delimiter] == b'=' && !is_registered(name(delimiter), bytes) {
        match bytes[delimiter..text.end].iter().position(|b| *b == b':') {
            Some(colon) => delimiter += colon,
            None => return line,
        }
    }
    set(bytes, &mut line, name(delimiter), Span::new(delimiter, delimiter + 1), text.end);
    line
}

/// Makes a line a field, whose value begins behind the delimiter.
fn set(bytes: &[u8], line: &mut Line, name: Span, delimiter: Span, end: usize) {
    let field = Field::of(&bytes[name.range()]);
    let value = trim_start(bytes, Span::new(delimiter.end, end));
    line.name = name;
    line.delimiter = delimiter;
    line.shape = Shape::Field(field);
    let len = match field {
        Field::Other => value.len(),
        _ => value_len(&bytes[value.range()], field),
    };
    line.value = Span::new(value.start, value.start + len);
    line.behind = Span::new(line.value.end, end);
}

/// How long a value is without what stands behind it: a comment, of which a space is in front, and signs that end lines elsewhere.
fn value_len(value: &[u8], field: Field) -> usize {
    let open = value.ends_with(b")").then(|| value.iter().rposition(|b| *b == b'(')).flatten();
    let is_comment = |at: &usize| match value[at + 1..] {
        // `#`; check marks, arrows and emoji by the first byte of their UTF-8.
        [b'#' | 0xe2 | 0xf0, ..] | [b'/', b'/' | b'*', ..] | [b'-' | b'<', b'-', ..] => true,
        _ => open == Some(at + 1),
    };
    // What begins with another sign may be a placeholder. In front of a host there may be a number (STS-POL-093).
    let begins = value.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'*');
    let mut blanks = (0..value.len()).filter(|at| matches!(value[*at], b' ' | b'\t'));
    let comment = blanks
        .find(is_comment)
        .filter(|at| begins && (field != Field::Mx || value[..*at].contains(&b'.')));
    let mut kept = &value[..comment.unwrap_or(value.len())];
    while let [rest @ .., b' ' | b'\t' | b';' | b','] = kept {
        kept = rest;
    }
    // Of `&lt;`, the sign is a part.
    if kept.is_empty() || kept.contains(&b'&') { value.len() } else { kept.len() }
}

/// Reads a field without a colon: a registered name, spaces and other signs, and what may be its value.
fn without_colon(bytes: &[u8], text: Span, line: &mut Line) {
    let content = &bytes[text.range()];
    let starts = |name: &&str| {
        content.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    };
    let names = ["version", "mode", "max_age", "max-age", "max age", "mx"];
    let Some(name) = names.into_iter().find(starts) else { return };
    let len = name.len();
    let gap = content[len..].iter().take_while(|b| b" \t,;->|".contains(b)).count();
    let (sign, value) = content[len..].split_at(gap);
    let one_word = !value.iter().any(|b| matches!(b, b' ' | b'\t'));
    let fits = match Field::of(name.as_bytes()) {
        Field::Other | Field::MaxAge => value.first().is_some_and(u8::is_ascii_digit),
        Field::Version => one_word && matches!(value, [b's' | b'S', ..]),
        Field::Mx => one_word && value.contains(&b'.'),
        Field::Mode => one_word && !value.is_empty(),
    };
    // `mx-1.example.com` is a name.
    if fits && sign.first().is_some_and(|first| *first != b'-') {
        let start = text.start + len;
        set(bytes, line, Span::new(text.start, start), Span::new(start, start + gap), text.end);
    }
}

fn is_registered(name: Span, bytes: &[u8]) -> bool {
    Field::of(&bytes[name.range()]) != Field::Other
}

/// Without spaces and tabs at both ends (WSP, RFC 5234). An empty rest stands at the end.
fn trim(bytes: &[u8], span: Span) -> Span {
    trim_end(bytes, trim_start(bytes, span))
}

fn trim_start(bytes: &[u8], span: Span) -> Span {
    let mut rest = &bytes[span.range()];
    while let [b' ' | b'\t', inner @ ..] = rest {
        rest = inner;
    }
    Span::new(span.end - rest.len(), span.end)
}

fn trim_end(bytes: &[u8], span: Span) -> Span {
    let mut rest = &bytes[span.range()];
    while let [inner @ .., b' ' | b'\t'] = rest {
        rest = inner;
    }
    Span::new(span.start, span.start + rest.len())
}

impl Tree {
    /// The lines that hold `field`, in their order.
    pub fn fields(&self, field: Field) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.shape == Shape::Field(field))
    }

    /// The line that senders evaluate for a field that counts once: the first one (RFC 8461 §3.2).
    pub fn first(&self, field: Field) -> Option<&Line> {
        self.fields(field).next()
    }

    /// What senders read from the policy of this tree.
    pub fn values(&self, text: &str) -> Values {
        read_values(text, self.lines.iter().copied())
    }
}

/// What senders read from a policy text.
pub fn values(text: &str) -> Values {
    read_values(text, Lines::of(text))
}

fn read_values(text: &str, lines: impl Iterator<Item = Line>) -> Values {
    let mut values = Values::default();
    // Of a field that counts once the first one counts, good or bad (RFC 8461 §3.2).
    let (mut version, mut mode, mut lifetime) = (false, false, false);
    let is_first = |seen: &mut bool| !std::mem::replace(seen, true);
    for line in lines {
        let Shape::Field(field) = line.shape else { continue };
        let value = &text[line.value.range()];
        match field {
            Field::Mx if host::is_pattern(value) => values.mx.push(value.to_ascii_lowercase()),
            Field::Version if is_first(&mut version) => {
                values.version = (value == VERSION).then_some(VERSION);
            }
            Field::Mode if is_first(&mut mode) => values.mode = Mode::from_word(value),
            Field::MaxAge if is_first(&mut lifetime) => values.max_age = max_age(value),
            _ => {}
        }
    }
    remove_repeated(&mut values.mx);
    values
}

/// The only version (RFC 8461 §3.2).
const VERSION: &str = "STSv1";

/// A lifetime that senders accept: 1 to 10 digits (RFC 8461 §3.2 ABNF), at most one year (prose of
/// the same section).
pub(super) fn max_age(value: &str) -> Option<u64> {
    if value.is_empty() || value.len() > 10 || !value.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    value.parse().ok().filter(|seconds| *seconds <= MAX_MAX_AGE)
}

/// Keeps the first of equal strings.
fn remove_repeated(list: &mut Vec<String>) {
    let later = repeated(list.iter().map(String::as_str).collect());
    for (later, _) in later.into_iter().rev() {
        list.remove(later);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(text: &str) -> Vec<(String, String)> {
        let get = |span: Span| text[span.range()].to_owned();
        parse(text)
            .lines
            .iter()
            .filter(|line| matches!(line.shape, Shape::Field(_)))
            .map(|line| (get(line.name), get(line.value)))
            .collect()
    }

    #[test]
    fn reads_fields_without_a_colon() {
        let text = "version STSv1\nMode\tenforce\nmx - a.example\nmx, b.example\nmx -> c.example\nmax_age; 60 s\nMax age 60";
        let want = [
            ("version", "STSv1"),
            ("Mode", "enforce"),
            ("mx", "a.example"),
            ("mx", "b.example"),
            ("mx", "c.example"),
            ("max_age", "60 s"),
            ("Max age", "60"),
        ];
        let got = fields(text);
        let got: Vec<_> = got.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(got, want);
        for text in [
            "mx is set",
            "mode of transport",
            "mx.example.com",
            "mx-1.example.com",
            "mx",
            "modes on",
        ] {
            assert_eq!(fields(text), [], "{text}");
        }
    }

    #[test]
    fn what_stands_behind_a_value_is_no_part_of_it() {
        for (line, value) in [
            ("mode: enforce # or testing", "enforce"),
            ("mode: testing   <-- change later", "testing"),
            ("mx: a.example // primary", "a.example"),
            ("mx: a.example (primary)", "a.example"),
            ("mx: a.example \u{2713}", "a.example"),
            ("mx: a.example;", "a.example"),
            ("max_age: 604800 ; # 7 days", "604800"),
            ("max_age: 604 800 (7 days)", "604 800"),
            ("mx: a.example (old), b.example", "a.example (old), b.example"),
            ("mx: 10 #a.example", "10 #a.example"),
            ("mx: <host (yours)>", "<host (yours)>"),
            ("mx: # later", "# later"),
            ("mx: ;", ";"),
            ("max_age: 604800&lt;/pre&gt;", "604800&lt;/pre&gt;"),
            ("note: enforce # or testing;", "enforce # or testing;"),
        ] {
            assert_eq!(fields(line)[0].1, value, "{line}");
        }
    }

    #[test]
    fn reads_fields_around_whitespace_quotes_and_equals() {
        let text = "version:STSv1\n mode :\tenforce \n\"mx: a.example\"\nmax_age = 1\nx: a:b=c";
        let want = [
            ("version", "STSv1"),
            ("mode", "enforce"),
            ("mx", "a.example"),
            ("max_age", "1"),
            ("x", "a:b=c"),
        ];
        let got = fields(text);
        let got: Vec<_> = got.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(got, want);
    }

    proptest! {
        #[test]
        fn lines_tile_the_text(text in "([ \t\r\n:=\"'#;/,(>.-]|mode|mx|é|✓|[a-z])*") {
            let mut at = 0;
            for line in parse(&text).lines {
                prop_assert_eq!(line.span.start, at);
                prop_assert!(line.span.end > at);
                for part in [line.name, line.delimiter, line.value, line.behind] {
                    prop_assert!(line.span.start <= part.start && part.end <= line.span.end);
                    prop_assert!(text.get(part.range()).is_some());
                }
                at = line.span.end;
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
