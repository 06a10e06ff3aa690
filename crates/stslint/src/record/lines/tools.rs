//! Lines of `dig`, `host`, `nslookup` and others that are no records: questions, outcomes, names of their own for what a zone file says.

use super::super::owner::{Meant, is_ours, meant};
use super::super::strings::Strings;
use super::super::value::has_any;
use super::super::view::{Owner, Told};
use super::{Block, Lines, Lookup, Outcome};
use crate::text::{BLANK, FEW, Span, WSP, is_one_of, place};
use std::borrow::Cow;

/// What a line asks a name server.
#[derive(Clone, Debug, Default)]
pub(in crate::record) struct Question<'a> {
    /// The name; none where several things are asked for, or none was understood.
    name: Option<Owner<'a>>,
    /// Whether it asks several things: nobody knows which answer is to which.
    pub(in crate::record) several: bool,
    /// Whether TXT records are asked for.
    txt: bool,
    /// Whether other lines than those of an answer came behind it.
    is_over: bool,
}

impl<'a> Question<'a> {
    /// The question that a line asks as a command, if it does.
    fn read(text: &'a str, line: Span) -> Option<Self> {
        // Their second name is that of a server.
        const ONE_NAME: &str = "host nslookup resolve-dnsname";
        const WITH_VALUE: &str = "-server -b -f -k -p";
        let mut question = Self::default();
        let (mut tool, mut last, mut names) = (String::new(), "", 0);
        for word in text[line.range()].split_ascii_whitespace() {
            let front = std::mem::replace(&mut last, word);
            let small = word.rsplit(PROMPT).next().unwrap_or_default().to_ascii_lowercase();
            let typed = small.len() < word.len() || front.is_empty() || front.ends_with(PROMPT);
            if is_one_of(&small, TOOLS) && (typed || is_one_of(front, "sudo time")) {
                question.several |= !tool.is_empty();
                (tool, names) = (small, 0);
                continue;
            }
            if tool.is_empty() || is_one_of(&front.to_ascii_lowercase(), WITH_VALUE) {
                continue;
            }
            if word.starts_with(&['|', '>'][..]) {
                break;
            }
            question.several |= word.contains('{') || is_one_of(&small, "curl wget");
            question.txt |= small == "txt" || small.ends_with("=txt");
            let name = word.trim_matches(&['"', '\'', ';'][..]);
            if is_asked(name) && (names == 0 || !is_one_of(&tool, ONE_NAME)) {
                let span = place(text, name);
                question.name = Some(Owner { name: name.into(), span, told: Told::InQuestion });
                names += 1;
                question.several |= names > 1;
            }
        }
        question.name = question.name.filter(|_| !question.several);
        (!tool.is_empty()).then_some(question)
    }

    /// Reads the next line, and gives whether it asks, or begins an answer.
    pub(in crate::record) fn pass(&mut self, text: &'a str, span: Span) -> bool {
        let line = text[span.range()].trim_matches(BLANK);
        let asks = asks(line);
        if asks && !line.starts_with(ANSWER) {
            *self = Self::read(text, span).unwrap_or_default();
        } else if !asks {
            if has_any(line, &["type=", "set q="]) {
                self.txt = has_any(line, &["=txt"]); // What nslookup is told.
            }
            // What `dig +short` prints is strings, and names that CNAME records lead to.
            let is_name = line.ends_with('.') && !line.contains(WSP);
            self.is_over |= !(line.is_empty() || line.starts_with('"') || is_name);
        }
        asks
    }

    /// The name that what stands here is the answer for, if TXT was asked for, and the name is that of neither record.
    pub(in crate::record) fn wrong(&self) -> Option<Owner<'a>> {
        let wrong = |owner: &&Owner| !matches!(meant(&owner.name), Meant::For(_) | Meant::Wildcard);
        self.name.as_ref().filter(|_| self.txt && !self.is_over).filter(wrong).cloned()
    }

    /// The name that is asked for.
    fn name(&self) -> Option<Cow<'a, str>> {
        self.name.as_ref().map(|owner| owner.name.clone())
    }
}

/// Whether a word of a question is a name with a dot, and no number.
fn is_asked(word: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let (_, top) = word.trim_end_matches('.').rsplit_once('.').unwrap_or_default();
    !word.starts_with('-')
        && word.bytes().all(is_part)
        && top.len() > 1
        && top.bytes().all(|b| b.is_ascii_alphabetic())
}

impl<'a> Lines<'a> {
    /// Notes a question to a name server. What is answered to another one says nothing of how many records there are.
    pub(super) fn asked(&mut self, start: usize) {
        let line = self.rest_of_line(start);
        self.scope += usize::from(self.question.pass(self.text, line));
    }

    /// Notes what a line in any language says of a look-up without a record, where it repeats the words of DNS. The name stands in it, or
    /// was asked for before.
    pub(super) fn outcome(&mut self, start: usize) {
        const NOTHING: [&str; 4] = [
            "non-existent domain",
            "nxdomain",
            "dns name does not exist",
            "dns_error_rcode_name_error",
        ];
        // Of the type that was asked for (RFC 2308 §2.2).
        const NONE_OF_TYPE: [&str; 5] = [
            "no answer",
            "does not have any rr",
            "dns_info_no_records",
            "primary name server =",
            " authority  ",
        ];
        const FAILED: [&str; 8] = [
            "no servers could be reached",
            "no response from server",
            "query refused",
            "server failed",
            "dns server failure",
            "rcode_server_failure",
            "timed out",
            "timeout period expired",
        ];
        let span = self.rest_of_line(start);
        let line = &self.text[span.range()];
        let outcome = if has_any(line, &NOTHING) {
            Outcome::Nothing
        } else if has_any(line, &NONE_OF_TYPE) {
            self.none_of_type()
        } else if has_any(line, &FAILED) {
            Outcome::Failed
        } else {
            return;
        };
        let name = ours_in(line).map(Cow::Borrowed).or_else(|| self.question.name());
        let lookup = Lookup { name, span, outcome }.of_ours();
        let known = |told: &Lookup| told.name == lookup.name;
        let last = || self.reading.absent.iter().rev().take(FEW);
        if lookup.name.is_some() && !last().any(known) {
            self.reading.tool_output = true;
            self.reading.absent.push(lookup);
        }
    }

    /// What it says of the record that a name has none of the type that was asked for.
    const fn none_of_type(&self) -> Outcome {
        if self.question.txt { Outcome::Nothing } else { Outcome::Elsewhere }
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
        let data = match word {
            "descriptive" => after("text "),
            "text" => after("="),
            _ => None,
        };
        let alias = match word {
            "is" => after("an alias for "),
            "canonical" => after("name = "),
            _ => None,
        };
        if let Some(data) = data {
            self.tool_record(rest.end - data.len(), owner.clone());
        } else if let Some(to) = alias {
            let to = self.word(rest.end - to.len());
            self.alias(owner.clone(), to);
            self.reading.tool_output = true;
            self.next_line(rest.end);
        } else {
            return self.failure(word, at, owner);
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
        let nothing = |says| if says { Outcome::Nothing } else { Outcome::Failed };
        let (name, outcome) = if word == "has" && line.trim_start().starts_with("no TXT record") {
            (owner.as_ref().map(|owner| owner.name.clone()), Outcome::Nothing)
        } else if line.contains("not found: ") {
            (Some(Cow::Borrowed(word)), nothing(line.contains("NXDOMAIN")))
        } else if let Some(from) =
            line.find("an't find ").or_else(|| (word == "Can't").then_some(0))
        {
            let rest = strip_all(&line[from..], "an't find ");
            let rest = strip_all(rest.trim_start(), "find ");
            let Some((name, outcome)) = rest.split_once(':') else { return false };
            let outcome = outcome.to_ascii_lowercase();
            let says = |word: &str| outcome.contains(word);
            let outcome = match says("no answer") {
                true => self.none_of_type(),
                false => nothing(says("nxdomain") || says("non-existent")),
            };
            (Some(Cow::Owned(name.to_owned())), outcome)
        } else {
            return false;
        };
        self.reading.tool_output = true;
        self.reading.absent.push(Lookup { name, span: rest, outcome }.of_ours());
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
            self.question = Question::read(self.text, rest).unwrap_or_default();
        } else if line.starts_with(";; ") && !line.contains("HEADER") && self.block.is_none() {
            self.outcome(start);
        }
        if let Some(found) = line.strip_prefix(";; ->>HEADER<<-").and(line.find("status: ")) {
            self.close_block();
            self.scope += 1;
            let from = found + "status: ".len();
            let len = line[from..].find(|c: char| !c.is_ascii_alphanumeric());
            let status = Span::new(start + from, start + len.map_or(line.len(), |len| from + len));
            let outcome = match &self.text[status.range()] {
                "NOERROR" | "NXDOMAIN" => Outcome::Nothing,
                _ => Outcome::Failed,
            };
            self.block = Some(Block {
                lookup: Lookup { name: None, span: status, outcome },
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
        {
            let name = block.lookup.name.or_else(|| self.question.name());
            let outcome = match block.other_type || name.is_none() {
                true => Outcome::Elsewhere,
                false => block.lookup.outcome,
            };
            self.reading.absent.push(Lookup { name, outcome, ..block.lookup }.of_ours());
        }
    }
}

/// What asks name servers.
pub(crate) const TOOLS: &str = "dig host kdig drill nslookup resolvectl resolve-dnsname";

/// What ends a prompt or another command.
const PROMPT: &[char] = &['$', '#', '>', '%', '+', ';', '&', '|'];

/// How an answer of nslookup begins.
const ANSWER: &str = "Server:";

/// Whether a line is a question to a name server, or the beginning of an answer.
pub(in crate::record) fn asks(line: &str) -> bool {
    let typed = |word: &str| word.rsplit(PROMPT).next().unwrap_or_default().to_ascii_lowercase();
    let is = |word: &str| is_one_of(&typed(word), TOOLS);
    line.split_ascii_whitespace().any(is) || line.starts_with(ANSWER)
}

/// The first name of one of the two records in a line.
fn ours_in(line: &str) -> Option<&str> {
    let names = line.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    names.map(|name| name.trim_end_matches('.')).find(|name| is_ours(name))
}

/// A text without `prefix`, also where that is repeated.
fn strip_all<'t>(mut text: &'t str, prefix: &str) -> &'t str {
    while let Some(rest) = text.strip_prefix(prefix) {
        text = rest;
    }
    text
}
