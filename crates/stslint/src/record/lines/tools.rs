//! Lines of `dig`, `host`, `nslookup` and others that are no records: questions, outcomes, names of their own for what a zone file says.

use super::super::owner::{Meant, meant};
use super::super::strings::Strings;
use super::super::value::find_ignoring_case;
use super::super::view::Owner;
use super::{Block, Lines, Lookup};
use crate::text::{Span, is_one_of};
use std::borrow::Cow;

impl<'a> Lines<'a> {
    /// Notes a question to a name server. What is answered to another one says nothing of how many records there are.
    pub(super) fn asked(&mut self, start: usize) {
        self.scope += usize::from(asks(&self.text[self.rest_of_line(start).range()]));
    }

    /// Notes what a line in any language says of a look-up without a record, where it repeats the words of DNS. The name stands in it, or
    /// was asked for before.
    pub(super) fn outcome(&mut self, start: usize, asked: Option<&'a str>) {
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

    /// Lines of `host` and `nslookup`: the second word says what it is.
    pub(super) fn tool_line(
        &mut self,
        word: &'a str,
        at: usize,
        owner: &Option<Owner<'a>>,
    ) -> bool {
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
    pub(super) fn comment(&mut self, start: usize) {
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

    pub(super) fn close_block(&mut self) {
        if let Some(block) = self.block.take()
            && block.before == self.reading.records.len()
            && !block.other_type
        {
            self.reading.absent.push(block.lookup);
        }
    }
}

/// Whether a line is a question to a name server, or the beginning of an answer.
pub(in crate::record) fn asks(line: &str) -> bool {
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
