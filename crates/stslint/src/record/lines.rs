//! Records in lines: zone files (RFC 1035 §5.1) and what `dig`, `host` and `nslookup` print.
//!
//! One reader takes all of them: the output of `dig` is a zone file whose comments say more than
//! usual, and the lines of the other tools have words of their own where a zone line has its type.

use super::columns::{self, is_ttl};
use super::owner::{Meant, meant};
use super::read::Aliases;
use super::value::{find_ignoring_case, starts_with_version};
use super::view::{CharString, Notation, Owner, Record, Unquoted};
use crate::text::{Mapped, Span, WSP, is_digit, is_line_end, is_one_of};
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

    /// Notes a question to a name server. What is answered to another one says nothing of how many records there are.
    fn asked(&mut self, start: usize) {
        self.scope += usize::from(asks(&self.text[self.rest_of_line(start).range()]));
    }

    /// A line of tinydns, which other servers read too: `'fqdn:text:ttl`, where a backslash stands in front of three octal digits. It
    /// gives whether it was one.
    fn tinydns(&mut self, start: usize) -> bool {
        let line = self.rest_of_line(start);
        let text = &self.text[line.range()];
        let Some((name, mut data)) = text[1..].split_once(':') else { return false };
        if matches!(meant(name), Meant::Other | Meant::Wildcard) {
            return false;
        }
        let from = line.end - data.len();
        // A number for how long it may be kept, and two fields that hardly anybody has.
        while let Some((front, field)) = data.rsplit_once(':')
            && field.bytes().all(|b| b.is_ascii_digit())
        {
            data = front;
        }
        let end = from + data.len();
        let mut made = Mapped::empty();
        let (mut at, mut plain) = (from, from);
        while let Some(found) = self.text[at..end].find('\\') {
            at += found;
            let octal = self.text.get(at + 1..(at + 4).min(end));
            let octet = octal
                .filter(|digits| digits.len() == 3)
                .and_then(|digits| u8::from_str_radix(digits, 8).ok());
            if let Some(c) = octet.filter(u8::is_ascii).map(char::from) {
                made.push_verbatim(&self.text[plain..at], plain);
                made.push_for(c.encode_utf8(&mut [0; 4]), Span::new(at, at + 4));
                plain = at + 4;
            }
            at = (at + 1).max(plain);
        }
        made.push_verbatim(&self.text[plain..end], plain);
        made.push_for("", Span::at(end));
        let owner = Owner { name: name.into(), span: Span::new(start + 1, start + 1 + name.len()) };
        self.reading.tool_output = true;
        self.push(Record {
            owner: Some(owner),
            span: Span::new(from, end),
            strings: Vec::new(),
            text: made,
            notation: Notation::Bare,
            unquoted: None,
            scope: 0,
        });
        self.next_line(line.end);
        true
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
        } else if is(&VALUES) && starts_with_version(text) {
            self.reading.tool_output = true;
            self.push_bare(value, self.owner.clone());
            self.next_line(line.end);
        } else {
            return false;
        }
        true
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

    /// Notes what a line in any language says of a look-up without a record, where it repeats the words of DNS. The name stands in it, or
    /// was asked for before.
    fn outcome(&mut self, start: usize, asked: Option<&'a str>) {
        const NOTHING: [&str; 4] =
            ["non-existent domain", "nxdomain", "dns name does not exist", "no answer"];
        const FAILED: [&str; 5] = [
            "no servers could be reached",
            "no response from server",
            "query refused",
            "server failed",
            "timed out",
        ];
        let span = self.rest_of_line(start);
        let line = &self.text[span.range()];
        let says = |words: &[&str]| words.iter().any(|words| find_ignoring_case(line, words));
        let certain = says(&NOTHING);
        if certain || says(&FAILED) {
            let name = ours_in(line).or(asked);
            let known = |name: &str| {
                self.reading.absent.iter().any(|told| told.name.as_deref() == Some(name))
            };
            if let Some(name) = name.filter(|name| !known(name)) {
                self.reading.tool_output = true;
                let name = Some(Cow::Borrowed(name));
                self.reading.absent.push(Lookup { name, span, certain });
            }
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

    /// Lines of `host` and `nslookup`: the second word says what it is.
    fn tool_line(&mut self, word: &'a str, at: usize, owner: &Option<Owner<'a>>) -> bool {
        let rest = self.rest_of_line(at);
        let line = &self.text[rest.range()];
        let after = |words: &str| line.trim_start().strip_prefix(words);
        let target = |rest: &str| {
            let end = self.text[at..].find(rest).map_or(at, |found| at + found);
            self.word(end)
        };
        let equals = after("=");
        match (word, equals) {
            ("descriptive", _) if after("text ").is_some() => {
                let skip = self.text[at..].find("text ").map_or(0, |found| found + 5);
                self.tool_record(at + skip, owner.clone());
            }
            ("text", Some(data)) => {
                let start = rest.end - data.len();
                self.tool_record(start, owner.clone());
            }
            ("is", _) if after("an alias for ").is_some() => {
                let to = target(after("an alias for ").unwrap_or(""));
                self.alias(owner.clone(), to);
                self.reading.tool_output = true;
                self.next_line(rest.end);
            }
            ("canonical", _) if after("name = ").is_some() => {
                let to = target(after("name = ").unwrap_or(""));
                self.alias(owner.clone(), to);
                self.reading.tool_output = true;
                self.next_line(rest.end);
            }
            _ => return self.failure(word, at, owner),
        }
        true
    }

    /// The strings after `descriptive text` or `text =`. On Windows they stand on the next lines,
    /// one on each.
    fn tool_record(&mut self, at: usize, owner: Option<Owner<'a>>) {
        self.reading.tool_output = true;
        let mut strings = Strings::default();
        let mut end = strings.read(&self.base, at);
        if strings.strings.is_empty() {
            loop {
                let next = self.text[end..].len() - self.text[end..].trim_start().len() + end;
                if self.text.as_bytes().get(next) != Some(&b'"') {
                    break;
                }
                end = strings.read(&self.base, next);
            }
        }
        if strings.strings.is_empty() {
            return self.next_line(end);
        }
        self.push(strings.into_record(owner));
        self.next_line(end);
    }

    /// Lines that say that a lookup found nothing.
    fn failure(&mut self, word: &'a str, at: usize, owner: &Option<Owner<'a>>) -> bool {
        let rest = self.rest_of_line(at);
        let line = &self.text[rest.range()];
        // `_mta-sts.example.com has no TXT record`, `Host _mta-sts.example.com not found:
        // 3(NXDOMAIN)`, `** server can't find _mta-sts.example.com: NXDOMAIN`, `*** Can't find …`
        let (name, certain) = if word == "has" && line.trim_start().starts_with("no TXT record") {
            (owner.as_ref().map(|owner| owner.name.clone()), true)
        } else if line.contains("not found: ") {
            (Some(Cow::Borrowed(word)), line.contains("NXDOMAIN"))
        } else if let Some(from) =
            line.find("an't find ").or_else(|| (word == "Can't").then_some(0))
        {
            let rest = strip_all(&line[from..], "an't find ");
            let rest = strip_all(rest.trim_start(), "find ");
            let Some((name, outcome)) = rest.split_once(':') else { return false };
            let outcome = outcome.to_ascii_lowercase();
            let nothing = ["nxdomain", "no answer", "non-existent"];
            (Some(Cow::Owned(name.to_owned())), nothing.iter().any(|word| outcome.contains(word)))
        } else {
            return false;
        };
        self.reading.tool_output = true;
        self.reading.absent.push(Lookup { name, span: rest, certain });
        self.next_line(rest.end);
        true
    }

    /// Comments of `dig`: the outcome and the question.
    fn comment(&mut self, start: usize) {
        let rest = self.rest_of_line(start);
        let line = &self.text[rest.range()];
        if line.starts_with(";; ") || line.starts_with("; <<>>") {
            self.reading.tool_output = true;
        }
        if line.starts_with("; <<>>") {
            self.question = ours_in(line);
        } else if line.starts_with(";; ") && !line.contains("HEADER") && self.block.is_none() {
            self.outcome(start, self.question);
        }
        if let Some(found) = line.strip_prefix(";; ->>HEADER<<-").and(line.find("status: ")) {
            self.close_block();
            self.scope += 1;
            let from = found + "status: ".len();
            let len = line[from..].find(|c: char| !c.is_ascii_alphanumeric());
            let status = Span::new(start + from, start + len.map_or(line.len(), |len| from + len));
            let certain = matches!(&self.text[status.range()], "NOERROR" | "NXDOMAIN");
            self.block = Some(Block {
                lookup: Lookup { name: None, span: status, certain },
                before: self.reading.records.len(),
                other_type: false,
            });
        } else if let Some(block) = self.block.as_mut().filter(|block| block.lookup.name.is_none())
        {
            // `;_mta-sts.example.com.  IN TXT`
            let mut words = line[1..].split_ascii_whitespace();
            let name = words.next().filter(|_| !line[1..].starts_with(&[';', ' ', '\t'][..]));
            if let (Some(name), Some(kind), None) = (name, words.nth(1), words.next()) {
                block.lookup.name = Some(Cow::Borrowed(name));
                block.other_type = !kind.eq_ignore_ascii_case("TXT");
            }
        }
    }

    fn close_block(&mut self) {
        if let Some(block) = self.block.take()
            && block.before == self.reading.records.len()
            && !block.other_type
        {
            self.reading.absent.push(block.lookup);
        }
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

/// Whether a line is a question to a name server, or the beginning of an answer.
pub(super) fn asks(line: &str) -> bool {
    const TOOLS: &str = "dig host kdig drill nslookup resolve-dnsname";
    let is = |word: &str| is_one_of(&word.to_ascii_lowercase(), TOOLS);
    line.split_ascii_whitespace().any(is) || line.starts_with("Server:")
}

/// The first name of one of the two records in a line.
fn ours_in(line: &str) -> Option<&str> {
    let names = line.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    names.map(|name| name.trim_end_matches('.')).find(|name| matches!(meant(name), Meant::For(_)))
}

/// A text without `prefix`, also where that is repeated.
fn strip_all<'t>(mut text: &'t str, prefix: &str) -> &'t str {
    while let Some(rest) = text.strip_prefix(prefix) {
        text = rest;
    }
    text
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
    let inner = inner.strip_suffix('}')?;
    Some(Span::new(raw.len() - 1 - inner.len(), raw.len() - 1))
}

/// Character-strings being read.
#[derive(Debug)]
pub(super) struct Strings {
    text: Mapped<'static>,
    strings: Vec<CharString>,
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
