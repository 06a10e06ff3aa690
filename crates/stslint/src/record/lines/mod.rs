//! Records in lines: zone files (RFC 1035 §5.1) and what `dig`, `host` and `nslookup` print.
//!
//! One reader takes all of them: the output of `dig` is a zone file whose comments say more than
//! usual, and the lines of the other tools have words of their own where a zone line has its type.

mod tinydns;
mod tools;

pub(super) use tools::asks;

use super::columns::{self, is_ttl};
use super::owner::{Meant, meant};
use super::read::Aliases;
use super::strings::Strings;
use super::value::{self, starts_with_version};
use super::view::{Notation, Owner, Record, Unquoted};
use crate::text::{Mapped, Span, WSP, is_digit, is_line_end};
use std::borrow::Cow;

/// What was read from an input.
#[derive(Debug, Default)]
pub(super) struct Reading<'a> {
    /// TXT records, in the order of the text.
    pub(super) records: Vec<Record<'a>>,
    /// CNAME records.
    pub(super) aliases: Aliases,
    /// Lookups that gave no record.
    pub(super) absent: Vec<Lookup<'a>>,
    /// Whether a lookup tool printed it.
    pub(super) tool_output: bool,
    /// Whether the written form is damaged, so that repairs could hit the wrong place.
    pub(super) damaged: bool,
}

/// A lookup without a record in its answer.
#[derive(Debug)]
pub(super) struct Lookup<'a> {
    /// The name that was looked up.
    pub(super) name: Option<Cow<'a, str>>,
    /// Where the outcome stands.
    pub(super) span: Span,
    /// Whether the answer says that there is no record; otherwise the lookup failed.
    pub(super) certain: bool,
}

/// Reads lines. What is no TXT record is skipped.
pub(super) fn read(text: &str) -> Reading<'_> {
    let mut lines = Lines {
        text,
        base: Mapped::identity(text),
        at: 0,
        reading: Reading::default(),
        owner: None,
        origin: None,
        scope: 0,
        question: None,
        block: None,
    };
    while lines.at < text.len() {
        lines.entry();
    }
    lines.close_block();
    lines.reading
}

struct Lines<'a> {
    text: &'a str,
    base: Mapped<'a>,
    at: usize,
    reading: Reading<'a>,
    /// The last owner: a line that begins with a space has the same.
    owner: Option<Owner<'a>>,
    /// What names without a dot at their end are below of (RFC 1035 §5.1), where it is said.
    origin: Option<&'a str>,
    /// How many questions were asked before.
    scope: usize,
    /// The name that `dig` was asked for last.
    question: Option<&'a str>,
    /// The answer of `dig` that is being read.
    block: Option<Block<'a>>,
}

/// One answer of `dig`.
struct Block<'a> {
    lookup: Lookup<'a>,
    /// How many records came before.
    before: usize,
    other_type: bool,
}

impl<'a> Lines<'a> {
    /// Reads one entry: a line, or several where parentheses join them (RFC 1035 §5.1).
    fn entry(&mut self) {
        let line = self.at;
        let start = self.skip_blanks(line);
        match self.text.as_bytes().get(start) {
            Some(b';') => {
                self.comment(start);
                self.next_line(start);
            }
            Some(b'"' | b'(') => {
                self.reading.tool_output = true; // `dig +short`
                self.record(start, None);
            }
            Some(b'$') => self.directive(start),
            Some(b'\'') if self.tinydns(start) => {}
            _ if self.labelled(start) => {}
            _ => self.words(start, start > line),
        }
    }

    /// `$ORIGIN` and others (RFC 1035 §5.1). What somebody typed behind a `$` is a question.
    fn directive(&mut self, start: usize) {
        let word = self.word(start);
        if self.text[word.range()].eq_ignore_ascii_case("$ORIGIN") {
            self.origin = Some(&self.text[self.word(word.end).range()]);
        } else {
            self.asked(start);
        }
        self.next_line(word.end);
    }

    /// A name as it is written in a zone, with what it is below of.
    fn absolute(&self, name: &'a str) -> Cow<'a, str> {
        match self.origin {
            Some(origin) if !name.ends_with('.') => {
                let origin = origin.trim_end_matches('.');
                match name {
                    "@" => format!("{origin}.").into(),
                    _ => format!("{name}.{origin}.").into(),
                }
            }
            _ => name.into(),
        }
    }

    fn push(&mut self, record: Record<'a>) {
        self.reading.records.push(Record { scope: self.scope, ..record });
    }

    /// A line as vendors' instructions have it: `Host: _mta-sts`, `Value: v=STSv1; …`.
    fn labelled(&mut self, start: usize) -> bool {
        const NAMES: [&str; 5] = ["host", "hostname", "name", "host name", "record name"];
        const VALUES: [&str; 8] =
            ["value", "content", "data", "record", "record value", "text", "txt", "txt value"];
        const OTHERS: [&str; 4] = ["type", "record type", "ttl", "priority"];
        const ZONES: [&str; 3] = ["domain", "domain name", "zone"];
        let line = self.rest_of_line(start);
        let Some((label, value)) = self.text[line.range()].split_once(':') else { return false };
        let is = |labels: &[&str]| labels.iter().any(|l| l.eq_ignore_ascii_case(label.trim()));
        let at = self.skip_blanks(line.end - value.len());
        let value = Span::new(at.min(line.end), line.end);
        let text = &self.text[value.range()];
        if is(&OTHERS) {
            self.next_line(line.end);
        } else if is(&ZONES) && text.contains('.') && !text.contains(WSP) {
            // Whether names below have it at their end or not.
            self.scope += 1;
            self.owner = None;
            self.next_line(line.end);
        } else if is(&NAMES) && !matches!(meant(text), Meant::Other) {
            self.owner = Some(Owner { name: text.into(), span: value });
            self.next_line(line.end);
        } else if is(&VALUES) && text.starts_with('"') {
            self.reading.tool_output = true;
            self.record(value.start, self.owner.clone());
        } else if is(&VALUES) && (starts_with_version(text) || self.is_value(text)) {
            self.reading.tool_output = true;
            self.push_bare(value, self.owner.clone());
            self.next_line(line.end);
        } else {
            return false;
        }
        true
    }

    /// Whether a text that does not begin as a record does was put into the field for the value: a policy, or a whole line of a zone.
    fn is_value(&self, text: &str) -> bool {
        let ours = |owner: &Owner| matches!(meant(&owner.name), Meant::For(_));
        let known = value::is_policy(text) || value::holds_line(text);
        known && self.owner.as_ref().is_some_and(ours)
    }

    /// Reads an entry that begins with a word: its owner or, where that is left out, what follows.
    fn words(&mut self, start: usize, indented: bool) {
        let mut owner = None;
        let mut at = start;
        let mut zone_like = false;
        loop {
            let span = self.word(at);
            let word = &self.text[span.range()];
            at = span.end;
            let first = span.start == start;
            let is = |name: &str| word.eq_ignore_ascii_case(name);
            if word.is_empty() {
                let quote = self.text.as_bytes().get(span.start) == Some(&b'"');
                let for_us = |owner: &Owner| !matches!(meant(&owner.name), Meant::Other);
                if quote && owner.as_ref().is_some_and(for_us) {
                    // A name and its data, as panels show them in columns.
                    return self.txt(at, owner);
                }
                break;
            } else if is_class(word) || is_ttl(word) {
                zone_like = true;
            } else if is("TXT") {
                if owner.is_none() && first && !indented {
                    // `TXT _mta-sts …`: the order of columns in some panels, which need no quotes.
                    let next = self.word(at);
                    let name = &self.text[next.range()];
                    if name.starts_with('_') {
                        let owner = Owner { name: name.into(), span: next };
                        return self.column(next.end, owner);
                    }
                }
                return self.txt(at, owner);
            } else if is("CNAME") {
                let target = self.word(at);
                self.alias(owner.clone(), target);
                break;
            } else if owner.is_none() {
                owner = Some(Owner { name: self.absolute(word), span });
            } else if self.tool_line(word, at, &owner) {
                return;
            } else {
                zone_like |= is("SOA");
                break;
            }
        }
        if zone_like {
            self.owner = owner.or(self.owner.take());
            self.skip_entry(at);
        } else {
            self.asked(start);
            self.outcome(start, None);
            self.next_line(at);
        }
    }

    /// The data after type and name.
    fn column(&mut self, at: usize, owner: Owner<'a>) {
        let rest = self.rest_of_line(self.skip_blanks(at));
        let raw = &self.text[rest.range()];
        if !starts_with_version(raw) {
            return self.txt(at, Some(owner));
        }
        self.reading.tool_output = true;
        let data = columns::without(raw).len();
        self.push_bare(Span::new(rest.start, rest.start + data), Some(owner));
        self.next_line(rest.end);
    }

    /// The data after `TXT`.
    fn txt(&mut self, at: usize, owner: Option<Owner<'a>>) {
        let owner = owner.or_else(|| self.owner.clone());
        self.owner.clone_from(&owner);
        let start = self.skip_blanks(at);
        let rest = self.rest_of_line(start);
        let raw = &self.text[rest.range()];
        if rest.is_empty() {
            return self.next_line(start);
        }
        if let Some(inner) = powershell(raw) {
            let piece = Span::new(rest.start + inner.start, rest.start + inner.end);
            self.reading.tool_output = true;
            self.push_bare(piece, owner);
        } else if let Some(inner) = self.in_parentheses(rest.start) {
            let mut strings = Strings::default();
            strings.string(&self.base, inner.start, |_, at| at >= inner.end);
            let record = strings.into_record(owner);
            self.push(Record { unquoted: Some(Unquoted::Both), ..record });
            return self.next_line(inner.end);
        } else if !raw.starts_with(&['"', '('][..]) && columns::without(raw).len() < raw.len() {
            // No zone file has anything behind the data: it is a list, or a panel.
            let data = columns::without(raw).len();
            self.reading.tool_output = true;
            self.push_bare(Span::new(rest.start, rest.start + data), owner);
        } else if !raw.starts_with(&['"', '('][..]) && has_semicolon(raw) {
            let mut strings = Strings::default();
            strings.string(&self.base, rest.start, |_, at| at >= rest.end);
            let record = strings.into_record(owner);
            self.push(Record { unquoted: Some(Unquoted::Both), ..record });
        } else {
            return self.record(start, owner);
        }
        self.next_line(rest.end);
    }

    /// Data that stands in parentheses without the quotes that it needs.
    fn in_parentheses(&self, at: usize) -> Option<Span> {
        let inner = self.text[at..].strip_prefix('(')?;
        let inner = &inner[..inner.find(')')?];
        let data = inner.trim();
        let start = at + 1 + (inner.len() - inner.trim_start().len());
        let is_bare = !data.contains(is_line_end) && !data.starts_with('"') && has_semicolon(data);
        (is_bare && starts_with_version(data)).then(|| Span::new(start, start + data.len()))
    }

    fn push_bare(&mut self, piece: Span, owner: Option<Owner<'a>>) {
        let mut text = Mapped::empty();
        text.push_verbatim(&self.text[piece.range()], piece.start);
        text.push_for("", Span::at(piece.end));
        self.push(Record {
            owner,
            span: piece,
            strings: Vec::new(),
            text,
            notation: Notation::Bare,
            unquoted: None,
            scope: 0,
        });
    }

    /// Character-strings up to the end of the entry.
    fn record(&mut self, start: usize, owner: Option<Owner<'a>>) {
        let mut strings = Strings::default();
        if self.text[start..].starts_with('"') {
            let end = strings.side_by_side(&self.base, start);
            if !strings.open && columns::are(&self.text[end..self.rest_of_line(start).end]) {
                self.reading.tool_output = true;
                self.push(strings.into_record(owner));
                return self.next_line(end);
            }
            strings = Strings::default();
        }
        let end = strings.read(&self.base, start);
        if strings.open && owner.is_none() && strings.strings.len() == 1 {
            // Nothing but a string with a lone quote: the quote is part of the data.
            let piece = self.rest_of_line(start);
            self.push_bare(piece, None);
        } else {
            self.push(strings.into_record(owner));
        }
        self.next_line(end);
    }

    fn alias(&mut self, owner: Option<Owner<'a>>, target: Span) {
        if let Some(owner) = owner.or_else(|| self.owner.clone()) {
            let target = &self.text[target.range()];
            self.reading.alias(&owner.name, target);
            self.owner = Some(owner);
        }
    }

    /// Goes behind the line at `at`.
    fn next_line(&mut self, at: usize) {
        let rest = &self.text.as_bytes()[at..];
        let end = rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
        self.at = end.map_or(self.text.len(), |end| at + end + 1);
    }

    /// Goes behind an entry that isn't read, with all its lines.
    fn skip_entry(&mut self, at: usize) {
        let end = Strings::default().read(&self.base, at);
        self.next_line(end);
    }

    fn skip_blanks(&self, at: usize) -> usize {
        let rest = &self.text.as_bytes()[at..];
        at + rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
    }

    /// The next word of the line.
    fn word(&self, at: usize) -> Span {
        let start = self.skip_blanks(at);
        let rest = &self.text.as_bytes()[start..];
        let ends = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b';');
        Span::new(start, start + rest.iter().position(ends).unwrap_or(rest.len()))
    }

    /// The rest of the line without blanks at its end.
    fn rest_of_line(&self, start: usize) -> Span {
        let rest = &self.text[start..];
        let line = &rest[..rest.find(is_line_end).unwrap_or(rest.len())];
        Span::new(start, start + line.trim_end_matches(WSP).len())
    }
}

/// DNS classes (RFC 1035 §3.2.4, §3.2.5).
fn is_class(word: &str) -> bool {
    ["IN", "CH", "CS", "HS", "ANY"].into_iter().any(|class| word.eq_ignore_ascii_case(class))
}

/// Whether unquoted data has a semicolon that isn't escaped: there a zone file ends the data.
fn has_semicolon(raw: &str) -> bool {
    let mut escaped = false;
    raw.bytes().any(|b| {
        let found = b == b';' && !escaped;
        escaped = b == b'\\' && !escaped;
        found
    })
}

/// The data in the table that `Resolve-DnsName` of PowerShell prints: `TXT 300 Answer {…}`.
fn powershell(raw: &str) -> Option<Span> {
    let rest = raw.trim_start_matches(is_digit).trim_start_matches(WSP);
    let inner = rest.strip_prefix("Answer")?.trim_start_matches(WSP).strip_prefix('{')?;
    let start = raw.len() - inner.len();
    // Where the value is cut, the brace may be cut off with it.
    let data = inner.strip_suffix('}').or_else(|| value::cut(inner).map(|_| inner))?;
    Some(Span::new(start, start + data.len()))
}
