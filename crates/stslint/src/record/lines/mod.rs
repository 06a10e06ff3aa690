//! Records in lines: zone files (RFC 1035 §5.1) and what `dig`, `host` and `nslookup` print.
//!
//! One reader takes all of them: the output of `dig` is a zone file whose comments say more than
//! usual, and the lines of the other tools have words of their own where a zone line has its type.

mod tinydns;
mod tools;

pub(crate) use tools::TOOLS;
pub(super) use tools::{Question, asks};

use super::columns::{self, is_ttl};
use super::family::Family;
use super::owner::{self, Meant, meant};
use super::read::Aliases;
use super::strings::Strings;
use super::told;
use super::value::{self, starts_with_version};
use super::view::{Owner, Record, Told, Unquoted};
use crate::text::{Mapped, Span, WSP, is_digit, is_line_end, line_end};
use std::borrow::Cow;

/// Longest name, in octets (RFC 1035 §2.3.4).
const LONGEST_NAME: usize = 255;

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
    /// What it says of the record.
    pub(super) outcome: Outcome,
}

/// What a lookup without a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// There is no record.
    Nothing,
    /// The lookup failed.
    Failed,
    /// Nothing about the record: another name or another type was asked for.
    Elsewhere,
}

impl Lookup<'_> {
    /// The same, which says nothing where the name is not that of one of the two records.
    pub(super) fn of_ours(self) -> Self {
        let outcome = match self.name.as_ref().is_none_or(|name| owner::is_ours(name)) {
            true => self.outcome,
            false => Outcome::Elsewhere,
        };
        Self { outcome, ..self }
    }
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
        question: Question::default(),
        named: false,
        is_table: false,
        block: None,
    };
    while lines.at < text.len() {
        lines.entry();
    }
    lines.close_block();
    told::complete(text, &mut lines.reading.records);
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
    /// What was asked last.
    question: Question<'a>,
    /// Whether the form that is being read has told one of the two names.
    named: bool,
    /// Whether a line named the columns of a table.
    is_table: bool,
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
                // Nobody knows which of several questions each answer is to.
                self.scope += usize::from(self.question.several);
                self.record(start, self.question.wrong());
            }
            // Between the two characters that end a line nothing ends.
            Some(b'\n') if self.text[..start].ends_with('\r') => self.next_line(start),
            Some(b'\n' | b'\r') => {
                self.named = false;
                self.next_line(start);
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
        const VALUES: [&str; 5] = ["value", "content", "data", "record value", "txt value"];
        // With a domain in front of them, these may tell what the domain has, and not where.
        const RECORDS: [&str; 3] = ["record", "text", "txt"];
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
        } else if is(&NAMES) {
            let ours = owner::is_ours(text);
            // Some say above or below the name what the record is.
            if ours || !self.named {
                let owner = Owner { name: text.into(), span: value, told: Told::InForm };
                let is_name = (1..=LONGEST_NAME).contains(&text.len()) && !text.contains(WSP);
                self.owner = Some(owner).filter(|_| is_name);
                self.named = ours;
            }
            self.next_line(line.end);
        } else if is(&VALUES) || is(&RECORDS) {
            let sure = |owner: &Owner| {
                let beside = || told::are_beside(self.text, owner.span.start, value.start);
                !owner::is_domain(&owner.name) || is(&VALUES) && beside()
            };
            let owner = self.owner.clone().filter(sure);
            if text.starts_with('"') {
                self.reading.tool_output = true;
                self.record(value.start, owner);
            } else if starts_with_version(text) || self.is_value(text) {
                self.reading.tool_output = true;
                let end = self.push_bare(value, owner);
                self.next_line(end);
            } else {
                return false;
            }
            self.named = false;
        } else {
            return false;
        }
        true
    }

    /// Whether the word behind `TXT` at the start of a row is a name, as in the columns of panels. Data of ours has one in front of
    /// it that can be nothing else.
    fn is_column(&self, word: Span) -> bool {
        let name = &self.text[word.range()];
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b"-_.*@".contains(&b);
        let rest = self.rest_of_line(self.skip_blanks(word.end));
        let is_other = || !rest.is_empty() && Family::of_data(&self.text[rest.range()]).is_none();
        !name.is_empty()
            && name.bytes().all(is_part)
            && (name.starts_with('_') || owner::is_name(name) || is_other())
    }

    /// Whether a text that does not begin as a record does was put into the field for the value: a policy, or a whole line of a zone.
    fn is_value(&self, text: &str) -> bool {
        let ours = |owner: &Owner| owner::is_ours(&owner.name);
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
                // A number behind a word is no entry of a zone: `TTL 3600`.
                zone_like = false;
                break;
            } else if is_class(word) || is_ttl(word) {
                zone_like = true;
            } else if is("TXT") {
                if owner.is_none() && first && !indented {
                    // `TXT _mta-sts …`: the order of columns in some panels, which need no quotes.
                    let next = self.word(at);
                    if self.is_column(next) {
                        let name = self.text[next.range()].into();
                        let owner = Owner { name, span: next, told: Told::InForm };
                        return self.column(next.end, owner);
                    }
                }
                return self.txt(at, owner);
            } else if is("CNAME") {
                let target = self.word(at);
                self.alias(owner.clone(), target);
                break;
            } else if owner.is_none() && word.ends_with(':') && meant(word) == Meant::Other {
                break; // A label: no name ends so (RFC 1035 §2.3.1).
            } else if owner.is_none() {
                owner = Some(Owner { name: self.absolute(word), span, told: Told::Plainly });
            } else if self.tool_line(word, at, &owner) {
                return;
            } else {
                zone_like |= is("SOA");
                break;
            }
        }
        if zone_like && !self.is_authority(at) {
            self.owner = owner.or(self.owner.take());
            self.skip_entry(at);
        } else {
            self.words_of_no_zone(start);
            self.next_line(at);
        }
    }

    /// Whether what stands behind a type is what PowerShell has there in the answer that a name has no such record.
    fn is_authority(&self, at: usize) -> bool {
        let mut words = self.text[self.rest_of_line(at).range()].split_ascii_whitespace();
        words.next().is_some_and(is_ttl) && words.next() == Some("Authority")
    }

    /// A line that is no entry of a zone: a question, an outcome, a heading.
    fn words_of_no_zone(&mut self, start: usize) {
        let line = &self.text[self.rest_of_line(start).range()];
        self.asked(start);
        self.outcome(start);
        self.is_table |= columns::is_header(line);
        // What has no name and stands behind it may be the answer of another resolver; below a domain, names are those of its zone.
        let unnamed = |record: &Record| record.owner.is_none();
        let is_new = self.reading.records.last().is_some_and(unnamed);
        self.scope += usize::from(is_new || owner::is_domain(line) && !line.ends_with('.'));
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
        let is_cell = |owner: &Owner| columns::is_cell(self.text, owner.span);
        let is_table = self.is_table || owner.as_ref().is_some_and(is_cell);
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
        } else if is_table && starts_with_version(raw) {
            self.reading.tool_output = true;
            self.push_bare(rest, owner);
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

    /// Adds a value without quotes, and gives where it ends: in a line behind it, where it goes on there.
    fn push_bare(&mut self, piece: Span, owner: Option<Owner<'a>>) -> usize {
        let mut text = Mapped::empty();
        text.push_verbatim(&self.text[piece.range()], piece.start);
        let mut end = piece.end;
        while let Some(more) = columns::goes_on(self.text, Span::new(piece.start, end)) {
            text.push_verbatim(&self.text[more.range()], more.start);
            end = more.end;
        }
        text.push_for("", Span::at(end));
        self.push(Record { owner, ..Record::bare(Span::new(piece.start, end), text) });
        end
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
        self.at = self.text.len().min(line_end(self.text, at) + 1);
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
        let line = &self.text[start..line_end(self.text, start)];
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
