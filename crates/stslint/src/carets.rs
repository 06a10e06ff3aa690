//! Pictures of findings, for tests: text, and under it what the rules say, where they say it.
//!
//! ```text
//! version: STSv1
//! mode: enforced
//!       ^^^^^^^^ STS-POL-051
//! max_age: 86400
//! ```
//!
//! All findings are in the picture and no others. The marks of a line stand below it:
//!
//! * `^^^ CODE` marks the characters above it. Behind the last one is the end of the line.
//! * `| CODE` marks the place before the character above it, where something is missing.
//! * `< CODE` and, further down, `> CODE` mark the first and last character of several lines.
//!
//! What could not be seen has a sign of its own:
//!
//! * `␀` to `␟` and `␡` are control characters, `␠` is a space where it would not be seen.
//! * `⟨U+FEFF⟩` is a character, `⟨ff⟩` a byte that is no text, `⟨a×9⟩` nine times an `a`: marks
//!   are as wide as the brackets.
//! * A line of a policy ends in CR LF; in other texts, LF is between lines. A line with another
//!   end shows it: `␍`, `␊`, or `∎` for none.

use crate::finding::Finding;
use crate::{Declared, Input, Kind, lint};
use std::fmt::Write;
use std::ops::Range;

/// A policy to lint.
pub(crate) const fn policy() -> Subject {
    Subject::new(Declared::of(Kind::Policy))
}

/// A TLS report to lint.
pub(crate) const fn report() -> Subject {
    Subject::new(Declared::of(Kind::Report))
}

/// Facts of a live check.
pub(crate) const fn live() -> Subject {
    Subject::new(Declared::of(Kind::Live))
}

/// A text of which nobody said what it is.
pub(crate) const fn pasted() -> Subject {
    Subject::new(Declared::of(Kind::Unknown))
}

/// An `_mta-sts` record in any written form.
pub(crate) const fn sts() -> Subject {
    Subject::new(Declared::of(Kind::StsTxt))
}

/// An `_smtp._tls` record in any written form.
pub(crate) const fn rpt() -> Subject {
    Subject::new(Declared::of(Kind::RptTxt))
}

/// An `_mta-sts` record as decoded data.
pub(crate) const fn sts_data() -> Subject {
    Subject::new(Declared::data(Kind::StsTxt))
}

/// An `_smtp._tls` record as decoded data.
pub(crate) const fn rpt_data() -> Subject {
    Subject::new(Declared::data(Kind::RptTxt))
}

/// What is known of the text of a picture.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    declared: Declared,
    domain: Option<&'static str>,
    file_name: Option<&'static str>,
}

impl Subject {
    const fn new(declared: Declared) -> Self {
        Self { declared, domain: None, file_name: None }
    }

    /// It is linted for this domain.
    pub(crate) const fn of(self, domain: &'static str) -> Self {
        Self { domain: Some(domain), ..self }
    }

    /// It came in a file of this name.
    pub(crate) const fn in_file(self, name: &'static str) -> Self {
        Self { file_name: Some(name), ..self }
    }

    /// Compares a picture with what the rules say. When they differ, what they say is printed as a
    /// picture: read it before you believe it.
    #[track_caller]
    pub(crate) fn shows(self, picture: &str) {
        let (source, marks) = read(picture, self.line_end());
        let mut found = self.lint(&source);
        found.sort();
        if found != marks {
            let shown = draw(&source, &found, self.line_end());
            panic!("\nthe rules show\n\n{shown}\nand not\n\n{}\n", dedent(picture).join("\n"));
        }
    }

    fn lint(self, source: &[u8]) -> Vec<Mark> {
        let Self { domain, file_name, .. } = self;
        let input = Input { domain, file_name, ..Input::new(source) };
        lint(&input.declared(Some(self.declared))).findings().map(Mark::of).collect()
    }

    const fn line_end(self) -> LineEnd {
        if matches!(self.declared.kind, Kind::Policy) {
            LineEnd::Ends("\r\n")
        } else {
            LineEnd::Joins("\n")
        }
    }
}

/// A place in the text, in bytes, and the code of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    start: usize,
    end: usize,
    code: String,
}

impl Mark {
    fn of(finding: &Finding) -> Self {
        let Range { start, end } = finding.span.range();
        Self { start, end, code: finding.rule.code.to_owned() }
    }
}

/// What is not drawn at the end of a line.
#[derive(Clone, Copy)]
enum LineEnd {
    /// Each line ends in it.
    Ends(&'static str),
    /// It is between two lines.
    Joins(&'static str),
}

/// The lines of a picture without the empty ones around it and the indentation that all share.
fn dedent(picture: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = picture.trim_end().split('\n').collect();
    if lines.len() > 1 && lines[0].is_empty() {
        lines.remove(0);
    }
    let indentation = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let inked = lines.iter().filter(|line| !line.trim().is_empty());
    let shared = inked.map(indentation).min().unwrap_or(0);
    lines.iter().map(|line| line.get(shared..).unwrap_or_default()).collect()
}

/// The text of a picture and its marks, sorted.
fn read(picture: &str, line_end: LineEnd) -> (Vec<u8>, Vec<Mark>) {
    let lines = dedent(picture);
    let last = lines.iter().rposition(|line| mark_of(line).is_none());
    let mut source = Vec::new();
    let mut cells = Vec::new();
    let (mut marks, mut open): (Vec<Mark>, Vec<(usize, &str)>) = (Vec::new(), Vec::new());
    for (i, line) in lines.iter().enumerate() {
        let Some((columns, sign, code)) = mark_of(line) else {
            cells = read_line(line, &mut source);
            let start = source.len();
            match line_end {
                _ if line.ends_with(['␍', '␊', '∎']) => {}
                LineEnd::Joins(_) if Some(i) == last => {}
                LineEnd::Ends(end) | LineEnd::Joins(end) => source.extend(end.bytes()),
            }
            cells.push(start..source.len());
            continue;
        };
        let cell = |column: usize| -> &Range<usize> {
            cells.get(column).unwrap_or_else(|| panic!("nothing above `{line}`"))
        };
        let (start, end) = (cell(columns.start).start, cell(columns.end - 1).end);
        let mark = |start, end| Mark { start, end, code: code.to_owned() };
        match sign {
            '<' => open.push((start, code)),
            '>' => {
                let at = open.iter().rposition(|(_, opened)| *opened == code);
                let (start, _) = open.remove(at.expect("a `<` for each `>`"));
                marks.push(mark(start, end));
            }
            '|' => marks.push(mark(start, start)),
            _ => marks.push(mark(start, end)),
        }
    }
    assert!(open.is_empty(), "a `>` for each `<`");
    marks.sort();
    (source, marks)
}

/// The columns, sign and code of a line of the picture that is a mark.
fn mark_of(line: &str) -> Option<(Range<usize>, char, &str)> {
    let start = line.len() - line.trim_start_matches(' ').len();
    let (sign, code) = line[start..].split_once(' ')?;
    let number = code.rsplit_once('-').map_or("", |(_, number)| number);
    let is_code = number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit());
    let is_sign = matches!(sign, "|" | "<" | ">") || sign.bytes().all(|b| b == b'^');
    let first = sign.chars().next()?;
    (is_sign && is_code).then(|| (start..start + sign.len(), first, code))
}

/// Adds the text that a line shows, and tells for each of its columns which bytes that are.
fn read_line(line: &str, source: &mut Vec<u8>) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut rest = line;
    while let Some(char) = rest.chars().next() {
        let start = source.len();
        let (text, width) = match char {
            '⟨' => {
                let (inside, _) = rest['⟨'.len_utf8()..].split_once('⟩').expect("a closing ⟩");
                (bracketed(inside), inside.chars().count() + 2)
            }
            '∎' => (Vec::new(), 1),
            '␠' => (vec![b' '], 1),
            '␡' => (vec![0x7f], 1),
            '␀'..='␟' => (vec![(u32::from(char) - 0x2400) as u8], 1),
            _ => (char.to_string().into_bytes(), 1),
        };
        source.extend(text);
        if char != '∎' {
            cells.extend(std::iter::repeat_n(start..source.len(), width));
        }
        rest = &rest[rest.char_indices().nth(width).map_or(rest.len(), |(at, _)| at)..];
    }
    cells
}

/// What brackets with this in them stand for.
fn bracketed(inside: &str) -> Vec<u8> {
    if let Some((unit, times)) = inside.split_once('×') {
        return unit.repeat(times.parse().expect("a number of times")).into_bytes();
    }
    let number = |digits| u32::from_str_radix(digits, 16).expect("hexadecimal digits");
    match inside.strip_prefix("U+") {
        Some(digits) => char::from_u32(number(digits)).expect("a character").to_string().into(),
        None => vec![number(inside) as u8],
    }
}

/// Draws a text and its marks.
fn draw(source: &[u8], marks: &[Mark], line_end: LineEnd) -> String {
    let mut picture = String::new();
    // Lines that are all indented would lose that.
    let indented = source.split(|byte| *byte == b'\n').all(|line| line.first() <= Some(&b' '));
    let (mut line, mut columns) = (String::new(), Vec::new());
    let mut rest = 0;
    loop {
        // What is drawn as one sign has no mark that begins or ends within.
        let edges = marks.iter().flat_map(|mark| [mark.start, mark.end]);
        let stop = edges.filter(|at| *at > rest).min().unwrap_or(source.len());
        let (sign, length) = next_sign(&source[rest..stop]);
        let ends = length == 0 || source[rest] == b'\n' || source[rest..].starts_with(b"\r\n");
        if !ends {
            columns.extend(std::iter::repeat_n(rest..rest + length, sign.chars().count()));
            line.push_str(&sign);
            rest += length;
            // A CR of its own ends a line, too.
            if source[rest - 1] != b'\r' {
                continue;
            }
            columns.push(rest..rest);
        } else {
            let end =
                &source[rest..rest + if source[rest..].starts_with(b"\r") { 2 } else { length }];
            let is_last = rest + end.len() == source.len();
            let hidden = match line_end {
                LineEnd::Ends(usual) => end == usual.as_bytes(),
                LineEnd::Joins(usual) => {
                    if is_last {
                        end.is_empty()
                    } else {
                        end == usual.as_bytes()
                    }
                }
            };
            // An empty line at the edge of a picture would not be seen.
            let is_edge = line.is_empty() && (rest == 0 || is_last);
            if hidden && !is_edge {
                if line.ends_with(' ') {
                    line.replace_range(line.len() - 1.., "␠");
                }
                columns.push(rest..rest + end.len());
            } else if end.is_empty() {
                line.push('∎');
                columns.push(rest..rest);
            } else {
                for (at, byte) in (rest..).zip(end) {
                    line.push(if *byte == b'\r' { '␍' } else { '␊' });
                    columns.push(at..at + 1);
                }
                columns.push(rest + end.len()..rest + end.len());
            }
            rest += end.len();
        }
        // A mark behind the last line end needs a line of its own.
        let more = source.ends_with(b"\n") && !columns.last().is_some_and(Range::is_empty);
        let more = more && marks.iter().any(|mark| mark.start == source.len());
        let is_last = rest == source.len() && !more;
        if indented && line.starts_with(' ') {
            line.replace_range(..1, "␠");
        }
        let _ = writeln!(picture, "{line}");
        let begin = columns[0].start;
        for mark in marks {
            let here = |at: usize| begin <= at && (at < rest || is_last && at == rest);
            let first = columns.iter().position(|cell| cell.start >= mark.start).unwrap_or(0);
            let last = columns.iter().rposition(|cell| cell.end <= mark.end && !cell.is_empty());
            let (at, sign) = match (here(mark.start), mark.end <= rest) {
                (true, true) if mark.start == mark.end => (first, "|".to_owned()),
                (true, true) => (first, "^".repeat(last.unwrap_or(first) + 1 - first)),
                (true, false) => (first, "<".to_owned()),
                (false, true) if mark.start < begin && mark.end > begin => {
                    (last.unwrap_or(0), ">".to_owned())
                }
                _ => continue,
            };
            let _ = writeln!(picture, "{:at$}{sign} {}", "", mark.code);
        }
        line.clear();
        columns.clear();
        if is_last {
            break;
        }
    }
    picture
}

/// How the next character is drawn, and how many bytes that are.
fn next_sign(rest: &[u8]) -> (String, usize) {
    let Some(&first) = rest.first() else { return (String::new(), 0) };
    let same = rest.iter().take_while(|byte| **byte == first).count();
    if same > 100 && first.is_ascii_graphic() {
        return (format!("⟨{}×{same}⟩", char::from(first)), same);
    }
    let valid = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let Some(char) = valid.chars().next() else { return (format!("⟨{first:02x}⟩"), 1) };
    let sign = match char {
        '\x7f' => "␡".to_owned(),
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(char)).map_or(String::new(), Into::into),
        ' '..='~' => char.to_string(),
        '‐'..='‟' | '…' => char.to_string(),
        _ if char.is_alphanumeric() => char.to_string(),
        _ => format!("⟨U+{:04X}⟩", u32::from(char)),
    };
    (sign, char.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRLF: LineEnd = LineEnd::Ends("\r\n");
    const LF: LineEnd = LineEnd::Joins("\n");

    /// A picture stands for a text with these marks, and that text is drawn as this picture.
    #[track_caller]
    fn is(picture: &str, line_end: LineEnd, text: &[u8], marks: &[(usize, usize)]) {
        let (source, read) = read(picture, line_end);
        assert_eq!(source.escape_ascii().to_string(), text.escape_ascii().to_string());
        let places: Vec<_> = read.iter().map(|mark| (mark.start, mark.end)).collect();
        assert_eq!(places, marks);
        let drawn = draw(text, &read, line_end);
        assert_eq!(drawn.trim_end(), dedent(picture).join("\n"));
    }

    #[test]
    fn carets_mark_characters_and_the_end_of_a_line() {
        let picture = "
            one
             ^^ A-001
               ^ A-002
            two
            ^^^^ A-003
        ";
        is(picture, CRLF, b"one\r\ntwo\r\n", &[(1, 3), (3, 5), (5, 10)]);
        is(" a b\n   ^ A-001", LF, b"a b", &[(2, 3)]);
    }

    #[test]
    fn a_bar_marks_a_place() {
        is("one\n| A-001", LF, b"one", &[(0, 0)]);
        is("one\n   | A-001", LF, b"one", &[(3, 3)]);
        is("one\ntwo\n| A-001", LF, b"one\ntwo", &[(4, 4)]);
        is("∎\n| A-001", CRLF, b"", &[(0, 0)]);
        is("one\n∎\n| A-001", CRLF, b"one\r\n", &[(5, 5)]);
    }

    #[test]
    fn angles_mark_several_lines() {
        let picture = "
            {
            < A-001
            one
             < A-002
            two
              > A-002
            }
            > A-001
        ";
        is(picture, LF, b"{\none\ntwo\n}", &[(0, 11), (3, 9)]);
    }

    #[test]
    fn what_cannot_be_seen_is_drawn() {
        is("a␉b␀c\n ^ A-001\n   ^ A-002", LF, b"a\tb\0c", &[(1, 2), (3, 4)]);
        is("a␠\n ^ A-001", LF, b"a ", &[(1, 2)]);
        is("␠a\n^ A-001", LF, b" a", &[(0, 1)]);
        is("␡", LF, b"\x7f", &[]);
        is("⟨U+FEFF⟩a\n^^^^^^^^ A-001", LF, "\u{feff}a".as_bytes(), &[(0, 3)]);
        is("a⟨U+00A0⟩é\n         ^ A-001", LF, "a\u{a0}é".as_bytes(), &[(3, 5)]);
        is("a⟨ff⟩b\n ^^^^ A-001", LF, b"a\xffb", &[(1, 2)]);
        let long = "a".repeat(200);
        is("b⟨a×200⟩\n ^^^^^^^ A-001", LF, format!("b{long}").as_bytes(), &[(1, 201)]);
    }

    #[test]
    fn other_line_ends_are_drawn() {
        is("a␊\nb∎", CRLF, b"a\nb", &[]);
        is("a␍\n ^ A-001\nb", CRLF, b"a\rb\r\n", &[(1, 2)]);
        is("␍␊\na\n␍␊", CRLF, b"\r\na\r\n\r\n", &[]);
        is("∎\n| A-001", LF, b"", &[(0, 0)]);
        is("a␍␊\n ^^ A-001\nb␊", LF, b"a\r\nb\n", &[(1, 3)]);
    }

    #[test]
    fn nothing_is_left_out_and_nothing_more_is_said() {
        let shows = |picture: &str| std::panic::catch_unwind(|| sts().shows(picture)).is_ok();
        assert!(shows("v=STSv1; id=1;"));
        assert!(!shows("v=STSv1; id=1;\n            ^ STS-TXT-001"));
        assert!(!shows("v=STSv2; id=1;"));
    }
}
