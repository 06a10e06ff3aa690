//! What several models share: the answer where nobody saw it, names, and the ways of Go's library,
//! which half of them are written with.

use crate::input::ToAscii;
use crate::senders::model::{Answer, Remark, What};
use std::collections::BTreeMap;

/// How many remarks a model keeps: a body of ten megabytes can hold millions of things to stumble over.
const MAX_REMARKS: usize = 1_000;

/// What software passed over, in the order in which it met it; the first thousand.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<Remark>);

impl Notes {
    /// One more.
    pub(super) fn add(&mut self, at: usize, what: What) {
        if self.0.len() < MAX_REMARKS {
            self.0.push(Remark::new(at, what));
        }
    }

    /// All of them.
    pub(super) fn done(self) -> Vec<Remark> {
        self.0
    }
}

/// The status of an answer, where nobody saw it 200.
pub(super) fn status(answer: &Answer) -> u16 {
    answer.status.unwrap_or(200)
}

/// The value of Content-Type, where nobody saw the answer `text/plain`.
pub(super) fn content_type<'a>(answer: &Answer<'a>) -> Option<&'a str> {
    answer.content_type.unwrap_or(Some("text/plain"))
}

/// The part of a text from `at` on; nothing behind its end.
pub(super) fn from(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

/// Where a text stops being a prefix that it should have.
pub(super) fn departs(text: &str, prefix: &str) -> usize {
    text.bytes().zip(prefix.bytes()).take_while(|(a, b)| a == b).count()
}

/// The name of an MX host as software that reads DNS has it, without the dot of the root.
pub(super) fn without_root(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// A name in lower case, and as A-labels if it has others. The software that this is for writes labels in
/// Punycode as they stand: what the conversion makes ASCII first has no name there.
pub(super) fn to_ascii(name: &str, convert: Option<ToAscii>) -> Option<String> {
    if name.is_ascii() {
        return Some(name.to_ascii_lowercase());
    }
    // The conversion is a browser's, which reads more than names; no name is as long as that.
    let is_name = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    if name.len() > 1_000 || !name.chars().all(is_name) {
        return None;
    }
    let ascii = convert?(name)?;
    let labels = || name.split('.').zip(ascii.split('.'));
    let is_same = |(label, ascii): (&str, &str)| label.is_ascii() || ascii.starts_with("xn--");
    labels().all(is_same).then_some(ascii)
}

/// Whether no host in DNS has a name that equals this pattern, or that it stands for: it has characters
/// that names have not, or a top-level domain of digits.
pub(super) fn stands_for_none(pattern: &str) -> bool {
    let name = pattern.strip_prefix("*.").unwrap_or(pattern);
    let is_foreign =
        |c: char| c.is_ascii() && !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let top = name.rsplit('.').next().unwrap_or_default();
    top.bytes().all(|byte| byte.is_ascii_digit()) || name.contains(is_foreign)
}

/// A line with a colon: its key and value with white space taken off.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    /// The key without white space around it.
    pub(super) key: &'a [u8],
    /// Where the line begins.
    pub(super) line_at: usize,
    /// The value without white space around it.
    pub(super) value: &'a [u8],
    /// Where the value begins; where the line ends, if it is empty.
    pub(super) value_at: usize,
}

impl Field<'_> {
    /// A remark about the value. A CR inside is to blame rather than what it makes of the value.
    pub(super) fn wrong(&self, what: What) -> Remark {
        match self.value.iter().position(|&byte| byte == b'\r') {
            Some(cr) => Remark::new(self.value_at + cr, What::LineEnd),
            None => Remark::new(self.value_at, what),
        }
    }

    /// The value as a text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.value).into_owned()
    }
}

/// The lines of a body with where they begin, without LF and the CR in front of it, and without an empty
/// one at the end (Go's `bufio.ScanLines`).
pub(super) fn lines(body: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    body.split_inclusive(|&byte| byte == b'\n').map(move |piece| {
        let start = at;
        at += piece.len();
        let line = piece.strip_suffix(b"\n").unwrap_or(piece);
        (start, line.strip_suffix(b"\r").unwrap_or(line))
    })
}

/// The field on a line, split at its first colon, by software that takes white space off everywhere and
/// passes over a line without a colon. What it passed over is noted.
pub(super) fn field<'a>(
    (line_at, line): (usize, &'a [u8]),
    trim: fn(&[u8]) -> (usize, &[u8]),
    notes: &mut Notes,
) -> Option<Field<'a>> {
    let (front, bare) = trim(line);
    let Some(colon) = line.iter().position(|&byte| byte == b':') else {
        notes.add(
            line_at,
            match bare.is_empty() {
                _ if line.is_empty() => What::BlankLine,
                true => What::SpacesOnly,
                false => What::NoColon,
            },
        );
        return None;
    };
    let (before, behind) = line.split_at(colon);
    let (_, key) = trim(before);
    if front > 0 && !key.is_empty() {
        notes.add(line_at, What::Indented);
    }
    if front + key.len() < before.len() {
        notes.add(line_at + front + key.len(), What::SpaceBeforeColon);
    }
    let (gap, value) = trim(from(behind, 1));
    let value_at = if value.is_empty() { line_at + line.len() } else { line_at + colon + 1 + gap };
    Some(Field { key, line_at, value, value_at })
}

/// What software says when the field `key` is missing: a line that was meant to be it, or the end.
pub(super) fn missing(body: &[u8], key: &str, what: What) -> Remark {
    let key = key.as_bytes();
    for (at, line) in lines(body) {
        let written = line.split(|&byte| byte == b':').next().unwrap_or_default();
        if written.len() == line.len() {
            continue; // There is no colon.
        }
        let bare = written.trim_ascii();
        if bare.strip_prefix("\u{feff}".as_bytes()) == Some(key) {
            return Remark::new(at, What::Bom);
        }
        if bare == key && written.len() > key.len() {
            let indented = written.starts_with(b" ") || written.starts_with(b"\t");
            let what = if indented { What::Indented } else { What::SpaceBeforeColon };
            return Remark::new(at + if indented { 0 } else { key.len() }, what);
        }
        if bare != key && bare.eq_ignore_ascii_case(key) {
            return Remark::new(at, What::Key);
        }
    }
    Remark::new(body.len(), what)
}

/// A text without white space of Unicode around it, and how much stood in front (Go's
/// `strings.TrimSpace`).
pub(super) fn trim(bytes: &[u8]) -> (usize, &[u8]) {
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let front = valid.len() - valid.trim_start().len();
    let mut bare = from(bytes, front);
    while let Some(width) = (1..=4).find(|&width| {
        let last = bare.len().checked_sub(width).map(|start| from(bare, start));
        let last = last.and_then(|bytes| std::str::from_utf8(bytes).ok());
        last.is_some_and(|last| last.chars().all(char::is_whitespace))
    }) {
        bare = bare.get(..bare.len() - width).unwrap_or_default();
    }
    (front, bare)
}

/// Why Go's `strconv.Atoi` refuses a text.
pub(super) enum NoNumber {
    /// It is none.
    Syntax,
    /// It is beyond 64 bits; this is the nearest that they hold.
    Range(i64),
}

/// A number as Go's `strconv.Atoi` reads it: digits behind a sign, if there is one.
pub(super) fn atoi(text: &[u8]) -> Result<i64, NoNumber> {
    let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NoNumber::Syntax);
    }
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    let limit = if text.starts_with(b"-") { i64::MIN } else { i64::MAX };
    number.ok_or(NoNumber::Range(limit))
}

/// Seconds as Go's `time.Duration` has them once they are multiplied: nanoseconds in 64 bits, which go
/// round beyond 292 years.
pub(super) fn nanoseconds(seconds: i64) -> i64 {
    seconds.wrapping_mul(1_000_000_000)
}

/// Whether Go's `mime.ParseMediaType` reads `text/plain`, and the parameters without an error.
pub(super) fn is_text_plain(answer: &Answer) -> bool {
    let Some(value) = content_type(answer) else { return false };
    let essence = value.split(';').next().unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case("text/plain") {
        return false;
    }
    let mut values = BTreeMap::new();
    let mut rest = value.get(essence.len()..).unwrap_or_default().trim();
    while let Some(parameter) = rest.strip_prefix(';').map(str::trim_start) {
        if parameter.is_empty() {
            return true; // A semicolon may stand at the end.
        }
        let (name, behind) = token(parameter);
        let behind = behind.trim_start().strip_prefix('=').map(str::trim_start);
        let read = behind.and_then(|behind| match behind.strip_prefix('"') {
            Some(quoted) => end_of_quotes(quoted),
            None => Some(token(behind)).filter(|(value, _)| !value.is_empty()),
        });
        let Some((value, end)) = read.filter(|_| !name.is_empty()) else { return false };
        // The same parameter again must be the same.
        if *values.entry(name.to_ascii_lowercase()).or_insert(value) != value {
            return false;
        }
        rest = end.trim_start();
    }
    rest.is_empty()
}

/// The token at the start of a text, and what is behind (RFC 2045 §5.1).
fn token(text: &str) -> (&str, &str) {
    let is_other = |c: char| !c.is_ascii_graphic() || "()<>@,;:\\\"/[]?=".contains(c);
    text.split_at(text.find(is_other).unwrap_or(text.len()))
}

/// A quoted text up to its end, and what is behind. Backslashes stay in it.
fn end_of_quotes(quoted: &str) -> Option<(&str, &str)> {
    let mut is_escaped = false;
    let end = quoted.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })?;
    Some((quoted.get(..end)?, quoted.get(end + 1..)?))
}
