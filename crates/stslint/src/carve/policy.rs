//! Policies inside other texts.
//!
//! A policy is seen by `version: STSv1` with other fields around it. What stands in front of the first field says how far it
//! reaches: a quote or a fence ends where it is closed, a list of string literals with the last of them, and lines with a mark in
//! front, as quoted mails and numbered lines have, with the last one that has it.

use super::decode;
use super::lines::{
    Opening, closes, indent, is_field, is_progress, is_prompt, is_prompt_alone, is_rule, opens,
    prompt, strip,
};
use super::literals::{self, Indentation, Place};
use crate::input::Kind;
use crate::policy::{Field, LineEnd, Mode, parse};
use crate::text::marks::{self, is_blank};
use crate::text::{Mapped, Span, WSP, is_line_end, is_unseen};

/// The policy in a text, without what stands around it. None where there is none, or nothing around it.
pub(super) fn piece(base: &Mapped, said: Option<Kind>) -> Option<Mapped<'static>> {
    let text = Text::of(base);
    let made = text
        .verbose(text.lines.len())
        .or_else(|| text.response())
        .or_else(|| text.changed())
        .or_else(|| text.fields(said));
    let mut made = made.or_else(|| text.table())?;
    let several = Text::of(&Mapped::identity(&made.text)).cores.len() > 1;
    if !several && !made.text.starts_with("HTTP/") {
        return None;
    }
    // The mark at the start of a file is a part of it.
    if let Some(mark) = text.byte_order_mark()
        && !made.text.starts_with('\u{feff}')
    {
        let mut marked = Mapped::empty();
        marked.push_part(base, mark);
        marked.push_part(&made, Span::new(0, made.text.len()));
        made = marked;
    }
    made = text.without_prompt(made);
    let end = made.span(Span::new(0, made.text.len())).end;
    made.end_at(end);
    Some(made)
}

/// How far above a policy what opens it is looked for, in lines.
const NEAR: usize = 40;

/// Whether a text is a diff that begins below the first line of its file: what stands above is not shown.
pub(super) fn begins_below(text: &str) -> bool {
    let hunk = text.lines().find_map(|line| line.strip_prefix("@@ -"));
    let start = hunk.and_then(|hunk| hunk.split_once(" +")).map_or("", |(_, new)| new);
    let digits = start.bytes().take_while(u8::is_ascii_digit).count();
    start[..digits].parse().is_ok_and(|line: u32| line > 1)
}

/// A field and where it begins.
#[derive(Clone, Copy, Debug)]
struct Core {
    line: usize,
    at: usize,
    /// Behind the colon.
    value: usize,
    field: Field,
    /// Whether another field stands in front of it on its line.
    follows: bool,
}

/// What stands between two marks.
#[derive(Clone, Copy, Debug)]
struct Quoted<'b> {
    /// The mark in front, with which the next one of a list begins too.
    open: &'b str,
    /// Where what stands between them ends.
    end: usize,
    /// Where the mark behind ends.
    behind: usize,
    /// Whether the marks are emphasis.
    emphasis: bool,
}

impl Quoted<'_> {
    /// Whether the mark is one that word processors make of a quote (STS-POL-014), or such a quote.
    fn is_typed(&self) -> bool {
        let quote = |c: char| matches!(c, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}');
        !self.emphasis && self.open.chars().all(quote)
    }

    /// Whether the mark is one of those that program code has, and that people leave around a policy.
    fn is_plain(&self) -> bool {
        self.open.is_ascii() && self.open.len() == 1 && !self.emphasis
    }
}

pub(super) struct Text<'b, 'a> {
    pub(super) base: &'b Mapped<'a>,
    pub(super) text: &'b str,
    /// The lines without their ends.
    pub(super) lines: Vec<Span>,
    cores: Vec<Core>,
}

impl<'b, 'a> Text<'b, 'a> {
    pub(super) fn of(base: &'b Mapped<'a>) -> Self {
        let text: &str = &base.text;
        let ends = |line: &crate::policy::Line| match line.end {
            LineEnd::CrLf => 2,
            LineEnd::Cr | LineEnd::Lf => 1,
            LineEnd::None => 0,
        };
        let content =
            |line: crate::policy::Line| Span::new(line.span.start, line.span.end - ends(&line));
        let lines: Vec<Span> = parse(text).lines.into_iter().map(content).collect();
        let mut cores = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            cores_in(text, *line, index, &mut cores);
        }
        Self { base, text, lines, cores }
    }

    pub(super) fn line(&self, index: usize) -> &'b str {
        &self.text[self.lines[index].range()]
    }

    /// The text of a whole line with its end.
    pub(super) fn end_of(&self, index: usize) -> usize {
        self.lines.get(index + 1).map_or(self.text.len(), |next| next.start)
    }

    /// The lines of `from..to` without what is taken off of each.
    pub(super) fn stripped(
        &self,
        from: usize,
        to: usize,
        strip: impl Fn(usize) -> Option<Span>,
    ) -> Mapped<'static> {
        let mut made = Mapped::empty();
        for index in from..to {
            let Some(kept) = strip(index) else { continue };
            made.push_part(self.base, kept);
            let end = Span::new(self.lines[index].end, self.end_of(index));
            made.push_part(self.base, end);
        }
        made
    }

    /// The byte order mark in front of the policy.
    fn byte_order_mark(&self) -> Option<Span> {
        let at = self.cores[self.first()?].at;
        let before = self.text[..at].strip_suffix('\u{feff}')?;
        Some(Span::new(before.len(), at))
    }

    /// Whether a line is what somebody typed. A prompt behind a field is that of the next command: the last line of a file needs
    /// no end (RFC 8461 §3.2).
    pub(super) fn is_typed(&self, index: usize) -> bool {
        let begins = |core: &Core| core.at == self.lines[index].start;
        let field = self.cores.partition_point(|core| core.line < index);
        is_prompt(self.line(index)) && !self.cores.get(field).is_some_and(begins)
    }

    /// What a command printed, without the prompt of the next one behind its last line.
    pub(super) fn without_prompt(&self, made: Mapped<'static>) -> Mapped<'static> {
        let content = made.text.trim_end();
        let start = content.rfind(is_line_end).map_or(0, |end| end + 1);
        let last = &content[start..];
        let typed = || (0..self.lines.len()).filter(|index| self.is_typed(*index));
        if typed().next().is_none() {
            return made;
        }
        let behind = |prompt: &str| last.strip_suffix(prompt).map(str::len);
        let known = || typed().filter_map(|index| prompt(self.line(index)));
        // zsh shows that a line has no end.
        let cut = known().find_map(|prompt| match prompt.len() {
            1 => None,
            _ => behind(prompt).or_else(|| behind("%").filter(|_| prompt.ends_with('%'))),
        });
        let value = || {
            let (name, value) = last.split_once(':')?;
            let value = value.trim_start();
            let len = match name {
                "max_age" => value.bytes().take_while(u8::is_ascii_digit).count(),
                "mode" => Mode::ALL
                    .iter()
                    .map(|mode| mode.word())
                    .find(|word| value.starts_with(word))?
                    .len(),
                _ => 0,
            };
            (len > 0 && is_prompt_alone(&value[len..])).then(|| last.len() - value.len() + len)
        };
        let Some(cut) = cut.or_else(value).filter(|cut| *cut > 0) else { return made };
        let mut whole = Mapped::empty();
        whole.push_part(&made, Span::new(0, start + cut));
        whole.end_at(made.span(Span::at(start + cut)).start);
        whole
    }

    /// Whether there is a field.
    pub(super) fn has_fields(&self) -> bool {
        !self.cores.is_empty()
    }

    /// Whether a line has a field.
    pub(super) fn has_field(&self, index: usize) -> bool {
        self.cores.binary_search_by_key(&index, |core| core.line).is_ok()
    }

    /// What `curl -v` prints up to a line: the answer's headers behind `<`, then the policy.
    pub(super) fn verbose(&self, end: usize) -> Option<Mapped<'static>> {
        let first = (0..end).find(|index| self.line(*index).starts_with("< HTTP/"))?;
        let noise = |line: &str| {
            let packets = line.ends_with("bytes data]") && line.starts_with(&['{', '}', '['][..]);
            line.starts_with("* ")
                || line.starts_with("> ")
                || line == ">"
                || packets
                || is_progress(line)
        };
        let made = self.stripped(first, end, |index| {
            let (span, line) = (self.lines[index], self.line(index));
            match line {
                "<" => Some(Span::at(span.end)),
                _ if line.starts_with("< ") => Some(Span::new(span.start + 2, span.end)),
                _ if noise(line) || self.is_typed(index) => None,
                _ => Some(span),
            }
        });
        made.text.starts_with("HTTP/").then_some(made)
    }

    /// The answer that a command printed, behind what was typed.
    fn response(&self) -> Option<Mapped<'static>> {
        let first =
            self.lines.iter().position(|line| self.text[line.range()].starts_with("HTTP/"))?;
        let before = (0..first).any(|index| !self.line(index).trim().is_empty());
        // What another host answers, such as a DNS provider's, is not the policy host's.
        let of_another = |index: usize| {
            let line = self.line(index);
            self.is_typed(index) && line.contains("://") && !line.contains("mta-sts")
        };
        if (0..first).any(of_another) {
            return None;
        }
        if self.cores.first().is_some_and(|core| core.line < first) {
            return None;
        }
        let last = (first..self.lines.len()).find(|index| self.is_typed(*index));
        if !before && last.is_none() {
            return None;
        }
        let piece = Span::new(
            self.lines[first].start,
            last.map_or(self.text.len(), |last| self.lines[last].start),
        );
        let mut made = Mapped::empty();
        made.push_part(self.base, piece);
        Some(made)
    }

    /// What a diff has in the end.
    fn changed(&self) -> Option<Mapped<'static>> {
        let is_diff = self.lines.iter().any(|line| {
            let line = &self.text[line.range()];
            line.starts_with("@@ ") || line.starts_with("+++ ") || line.starts_with("diff --git ")
        });
        if !is_diff || !self.is_policy() {
            return None;
        }
        let first = self.cores.first()?.line;
        Some(self.stripped(first, self.lines.len(), |index| {
            let span = self.lines[index];
            let kept = self.line(index).starts_with(&['+', ' '][..])
                && !self.line(index).starts_with("+++ ");
            kept.then(|| Span::new(span.start + 1, span.end))
        }))
    }

    /// Whether the fields make a policy: the version, or three different ones with likely values.
    fn is_policy(&self) -> bool {
        self.version().is_some() || {
            let has =
                |field| self.cores.iter().any(|core| core.field == field && self.is_likely(core));
            has(Field::Mode) && has(Field::MaxAge)
        }
    }

    fn value(&self, core: &Core) -> &'b str {
        let rest = &self.text[core.value..self.lines[core.line].end];
        rest.trim_start_matches(&[' ', '\t', '\u{a0}', '"', '\''][..])
    }

    fn is_likely(&self, core: &Core) -> bool {
        let value = self.value(core);
        match core.field {
            Field::Version => value.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("sts")),
            Field::Mode => Mode::ALL.into_iter().any(|mode| value.starts_with(mode.word())),
            Field::MaxAge => value.starts_with(|c: char| c.is_ascii_digit()),
            _ => value.contains('.'),
        }
    }

    fn version(&self) -> Option<usize> {
        self.cores.iter().position(|core| core.field == Field::Version && self.is_likely(core))
    }

    /// Where the policy begins, among the fields.
    fn first(&self) -> Option<usize> {
        let mut first = match self.version() {
            Some(version) => version,
            None if self.is_policy() => self.cores.iter().position(|core| self.is_likely(core))?,
            None => return None,
        };
        // Fields right in front of the version belong to it.
        while let Some(before) = first.checked_sub(1) {
            let (this, other) = (self.cores[first], self.cores[before]);
            if other.line != this.line && other.line + 1 != this.line || !self.is_likely(&other) {
                break;
            }
            first = before;
        }
        Some(first)
    }

    /// What stands on its line in front of a field.
    fn lead(&self, core: &Core) -> &'b str {
        let lead = &self.text[self.lines[core.line].start..core.at];
        lead.trim_end_matches('\u{feff}')
    }

    fn fields(&self, said: Option<Kind>) -> Option<Mapped<'static>> {
        let index = self.first()?;
        let core = self.cores[index];
        let several =
            self.cores.get(index + 1).is_some_and(|next| next.line == core.line && next.follows);
        let quoted = self.quoted(core.at);
        match quoted {
            Some(quoted) if quoted.behind > self.lines[core.line].end && !several => {
                return self.enclosed(core.at, quoted);
            }
            Some(quoted) if several && self.next_literal(index, quoted).is_none() => {
                return self.on_one_line(core, Some(quoted));
            }
            // Emphasis is around each line, or around this one alone.
            Some(quoted) if !quoted.emphasis => return self.literals(index, quoted),
            _ if several => return self.on_one_line(core, quoted),
            _ => {}
        }
        self.below(core).or_else(|| self.marked(index, said))
    }

    /// The marks between which a place is the first, if there are two.
    fn quoted(&self, at: usize) -> Option<Quoted<'b>> {
        let before = self.text[..at].trim_end_matches('\u{feff}');
        if !before.ends_with(&['"', '\'', '`'][..]) {
            let line = self.lines.partition_point(|line| line.end < at);
            let quote = marks::Quote::behind(&self.text[self.lines.get(line)?.start..at])?;
            let end = quote.end(&self.text[at..])?;
            return Some(Quoted {
                open: quote.open,
                end: at + end.start,
                behind: at + end.end,
                emphasis: quote.is_emphasis(),
            });
        }
        let (open, rest) = (&before[before.len() - 1..], &self.text[at..]);
        let triple = ["\"\"\"", "'''"].into_iter().find(|triple| before.ends_with(triple));
        let found = match triple {
            Some(triple) => rest.find(triple),
            None => {
                let mut escaped = false;
                rest.char_indices().find_map(|(found, c)| {
                    let closes = open.starts_with(c) && !escaped;
                    escaped = c == '\\' && !escaped;
                    closes.then_some(found)
                })
            }
        };
        let end = at + found?;
        Some(Quoted { open, end, behind: end + 1, emphasis: false })
    }

    /// Where the next literal of a list begins, if it holds fields of the same policy.
    fn next_literal(&self, index: usize, quoted: Quoted) -> Option<usize> {
        let next = self.cores.partition_point(|core| core.at < quoted.behind);
        let core = self.cores.get(next)?;
        let gap = &self.text[quoted.behind..core.at];
        let gap = &gap[..gap.find(quoted.open)?];
        let is_version = |core: &Core| core.field == Field::Version;
        // The value of another variable or member, with a version of its own, is another policy.
        let another = gap.contains(&['=', ':'][..])
            && is_version(core)
            && self.cores[index..next].iter().any(is_version);
        let near = gap.len() <= 60 && !gap.contains(&['{', '}'][..]);
        (near && !another).then_some(quoted.behind + gap.len())
    }

    /// All fields on one line, mostly within quotes.
    fn on_one_line(&self, core: Core, quoted: Option<Quoted>) -> Option<Mapped<'static>> {
        let line = self.lines[core.line];
        let end = quoted.map_or(line.start + self.line(core.line).trim_end().len(), |q| q.end);
        let piece = Span::new(core.at, end);
        let marks = quoted.map_or(Span::new(core.at, end), |quoted| {
            Span::new(self.before(core.at, quoted), quoted.behind)
        });
        let alone =
            self.text[..marks.start].trim().is_empty() && self.text[marks.end..].trim().is_empty();
        let mut made = Mapped::empty();
        if alone && quoted.is_none() {
            return None;
        }
        let literal = !alone && self.text[piece.range()].contains("\\n");
        match quoted.filter(|_| literal).map(|quoted| self.place(core.at, quoted)) {
            Some(place) if place.keeps_backslashes() => decode::raw(self.base, piece, &mut made),
            Some(place) if place.is_folded() => decode::folded(self.base, piece, &mut made),
            Some(_) => decode::literal(self.base, piece, &mut made),
            None => made.push_part(self.base, piece),
        }
        Some(made)
    }

    /// Where the literal stands that begins at a place.
    fn place(&self, at: usize, quoted: Quoted<'b>) -> Place<'b> {
        let mark = self.before(at, quoted);
        let line = |at: usize| {
            let line = self.lines.partition_point(|line| line.end < at);
            self.lines.get(line).copied().unwrap_or_default()
        };
        Place {
            text: self.text,
            before: self.text.get(line(mark).start..mark).unwrap_or_default(),
            quote: quoted.open,
            behind: self.text.get(quoted.behind..line(quoted.behind).end).unwrap_or_default(),
        }
    }

    /// How far lines are indented that belong together with the one that opens a literal and the one that closes it: all
    /// around them up to a blank line, or to a block of another text in which they stand.
    fn shallowest(&self, opener: usize, closer: usize) -> usize {
        let text = |index: &usize| !self.line(*index).trim().is_empty();
        let other = |index: &usize| {
            matches!(opens(self.line(*index)), Some(Opening::Fence(_) | Opening::Indented))
        };
        let above = (0..opener).rev().take(NEAR).take_while(|index| text(index) && !other(index));
        let below = (closer..self.lines.len()).take(NEAR).take_while(text);
        let around = above.chain([opener]).chain(below);
        around.map(|index| indent(self.line(index))).min().unwrap_or(0)
    }

    /// How far lines of a literal are indented because all that is around them is; any indentation, where that is not known or
    /// a program takes it off.
    fn foreign_margin(&self, quote: Option<&str>, opener: usize, closer: usize) -> usize {
        let (line, closer) = (self.line(opener), closer.min(self.lines.len() - 1));
        let keeps = match quote {
            Some(quote) if literals::keeps_indentation(quote, line, self.text) => Indentation::Kept,
            Some(_) => Indentation::Gone,
            None => literals::here_document(line, self.text),
        };
        let tabs = || (opener + 1..closer).all(|index| !self.line(index).starts_with(' '));
        match keeps {
            _ if literals::takes_off(self.text) => usize::MAX,
            Indentation::Gone => usize::MAX,
            Indentation::Tabs if tabs() => usize::MAX,
            Indentation::Tabs | Indentation::Whole => indent(self.line(closer)),
            Indentation::Kept => self.shallowest(opener, closer),
        }
    }

    /// Where the mark begins that stands in front of a place.
    fn before(&self, at: usize, quoted: Quoted) -> usize {
        let before = self.text[..at].trim_end_matches('\u{feff}').trim_end_matches(is_blank);
        before.len().saturating_sub(quoted.open.len())
    }

    /// A list of string literals, for the lines of the policy.
    fn literals(&self, index: usize, mut quoted: Quoted<'b>) -> Option<Mapped<'static>> {
        let mut made = Mapped::empty();
        let mut start = self.cores[index].at;
        let first = self.before(start, quoted);
        let raw = self.place(start, quoted).keeps_backslashes();
        // Whether there is anything but quotes and line ends around. Lines in the quotes of a word processor are no quotation
        // (STS-POL-014).
        let mut other = !quoted.is_typed() || !self.text[..first].trim().is_empty();
        loop {
            let before = made.text.len();
            match raw {
                true => decode::raw(self.base, Span::new(start, quoted.end), &mut made),
                false => decode::literal(self.base, Span::new(start, quoted.end), &mut made),
            }
            let ends = made.text[before..].ends_with('\n');
            let Some(open) = self.next_literal(index, quoted) else { break };
            other |= !self.text[quoted.behind..open].trim().is_empty();
            let at = open + quoted.open.len();
            if !ends {
                made.push_for("\n", self.base.span(Span::new(quoted.end, at)));
            }
            let blanks = self.text[at..].len() - self.text[at..].trim_start_matches(is_blank).len();
            // Within quotes of programs, blanks are part of the value.
            start = at + if quoted.is_plain() { 0 } else { blanks };
            quoted = self.quoted(start)?;
        }
        other |= !self.text[quoted.behind..].trim().is_empty();
        if !made.text.ends_with('\n') {
            made.push_for("\n", Span::at(self.base.span(Span::new(start, quoted.end)).end));
        }
        other.then_some(made)
    }

    /// What stands between two quotes, on several lines.
    fn enclosed(&self, start: usize, quoted: Quoted) -> Option<Mapped<'static>> {
        let close = quoted.end;
        if decode::is_continued(&self.text[start..close]) {
            let mut made = Mapped::empty();
            decode::literal(self.base, Span::new(start, close), &mut made);
            return Some(made);
        }
        let first = self.lines.partition_point(|line| line.end < start);
        let last = self.lines.partition_point(|line| line.end < close);
        // The indentation that all lines but the first have.
        let indented = (first + 1..=last).filter(|index| {
            let line = self.lines[*index];
            !self.text[line.start..line.end.min(close)].trim().is_empty()
        });
        let margin = indented.map(|index| indent(self.line(index))).min().unwrap_or(0);
        let margin = margin.min(self.foreign_margin(Some(quoted.open), first, last));
        let content = |index: usize| {
            let line = self.lines[index];
            let from = if index == first {
                start
            } else {
                line.start + margin.min(indent(self.line(index)))
            };
            Span::new(from.min(line.end), line.end)
        };
        if margin == 0 {
            let mut made = Mapped::empty();
            made.push_part(self.base, Span::new(start, close));
            return Some(made);
        }
        let mut made = self.stripped(first, last, |index| Some(content(index)));
        let rest = Span::new(content(last).start.min(close), close);
        if !self.text[rest.range()].trim().is_empty() {
            made.push_part(self.base, rest);
        }
        Some(made)
    }

    /// What stands below a line that opens it: a fence, a quote, a block of YAML, a here-document.
    fn below(&self, core: Core) -> Option<Mapped<'static>> {
        if !self.lead(&core).trim().is_empty() {
            return None;
        }
        let opener =
            (0..core.line).rev().take(NEAR).find(|index| opens(self.line(*index)).is_some())?;
        let opening = opens(self.line(opener))?;
        let start = opener + 1;
        let inner = |index: &usize| match &opening {
            Opening::Fence(fence) => self.line(*index).trim_start().starts_with(fence),
            Opening::Heredoc(tag) => closes(self.line(*index), tag),
            Opening::Marks(marks) => self.line(*index).contains(*marks),
            Opening::Quote(quote) => self.line(*index).contains(quote.as_str()),
            Opening::Indented => {
                let line = self.line(*index);
                !line.trim().is_empty() && indent(line) < indent(self.line(core.line))
            }
        };
        let end = (start..self.lines.len()).find(inner);
        let end = match (&opening, end) {
            (Opening::Indented, end) => end.unwrap_or(self.lines.len()),
            (_, end) => end?,
        };
        if end <= core.line {
            return None;
        }
        let deep = |index: usize| !self.line(index).trim().is_empty();
        let margin = (start..end)
            .filter(|index| deep(*index))
            .map(|index| indent(self.line(index)))
            .min()
            .unwrap_or(0);
        let margin = match &opening {
            Opening::Heredoc(_) => margin.min(self.foreign_margin(None, opener, end)),
            Opening::Quote(quote) => margin.min(self.foreign_margin(Some(quote), opener, end)),
            _ => margin,
        };
        // Behind the margin, or where a line has less of it.
        let content = |index: usize| {
            let line = self.lines[index];
            Span::new(line.start + margin.min(indent(self.line(index))), line.end)
        };
        // A quotation may end on a line of its fields.
        let close = self.lines.get(end).and_then(|line| {
            let text = &self.text[line.range()];
            let found = match &opening {
                Opening::Marks(marks) => {
                    text.find(*marks).map(|found| text[..found].trim_end_matches(is_blank).len())
                }
                Opening::Quote(quote) => text.find(quote.as_str()),
                _ => None,
            };
            Some(line.start + found?)
        });
        if let Some(close) = close
            && decode::is_continued(&self.text[self.lines[start].start..close])
        {
            let mut made = Mapped::empty();
            decode::literal(self.base, Span::new(content(start).start, close), &mut made);
            return Some(made);
        }
        if let Opening::Fence(_) = opening
            && self.base.is_identity()
            && margin == 0
            && (0..opener)
                .chain(end + 1..self.lines.len())
                .all(|index| self.line(index).trim().is_empty())
        {
            return None; // STS-POL-010 tells of fences that stand alone.
        }
        let mut made = Mapped::empty();
        if margin == 0 {
            made.push_part(self.base, Span::new(self.lines[start].start, self.end_of(end - 1)));
        } else {
            made = self.stripped(start, end, |index| Some(content(index)));
        }
        if let Some(close) = close {
            let rest = Span::new(content(end).start.min(close), close);
            if !self.text[rest.range()].trim().is_empty() {
                made.push_part(self.base, rest);
            }
        }
        Some(made)
    }

    /// Lines with the same mark in front of each, or with other text before and behind them.
    fn marked(&self, index: usize, said: Option<Kind>) -> Option<Mapped<'static>> {
        let core = self.cores[index];
        let next = self.cores.get(index + 1).filter(|next| next.line > core.line);
        let lead = self.lead(&core);
        // Behind words on its own line, the first field tells nothing of the others.
        let own = lead.chars().any(char::is_alphabetic);
        // The same ones stand in front of each line in what grep and logs print, with a sign behind them.
        let words = own
            && lead.trim_end().ends_with(|c: char| !c.is_alphanumeric())
            && next.is_some_and(|next| strip(lead, self.lead(next)) == Some(lead.len()));
        if own && said == Some(Kind::Policy) {
            return None;
        }
        let mark = match next {
            Some(next)
                if own && !words || lead.trim().is_empty() && self.lead(next).trim().is_empty() =>
            {
                self.lead(next)
            }
            _ => lead,
        };
        if mark.chars().any(|c| c.is_alphabetic() && !words || is_unseen(c) && c != '\t') {
            return None;
        }
        let suffix = self.suffix(index);
        let kept = |line: usize| -> Option<Span> {
            let (span, text) = (self.lines[line], self.line(line));
            let from = if line == core.line { core.at } else { span.start + strip(text, mark)? };
            let text = &self.text[from..span.end];
            let end = text
                .strip_suffix(suffix)
                .map_or(span.end, |rest| from + rest.trim_end_matches(WSP).len());
            Some(Span::new(from, if suffix.is_empty() { span.end } else { end }))
        };
        let plain = mark.trim().is_empty();
        // `> EOF`, the end of what was typed at a command line.
        let tag = (0..core.line).rev().take(NEAR).find_map(|index| match opens(self.line(index)) {
            Some(Opening::Heredoc(tag)) => Some(tag),
            _ => None,
        });
        let last = self.divided(index, said);
        let field_behind = |line: usize| {
            let next = self.cores.partition_point(|core| core.line < line);
            self.cores.get(next).is_some_and(|core| core.line <= line + 2)
        };
        let mut end = core.line + 1;
        while end < last {
            let line = self.line(end);
            let content = kept(end).map(|kept| self.text[kept.range()].trim());
            let inside = match (plain, line.trim().is_empty()) {
                (_, true) => field_behind(end + 1),
                (true, false) => {
                    let deep = indent(line) + 1 >= mark.len();
                    // In a policy file, lines that are indented otherwise are fields all the same.
                    let own = said == Some(Kind::Policy) && is_field(line);
                    !(self.is_typed(end) || is_rule(line)) && (deep || own)
                }
                (false, false) => content.is_some_and(|content| match content.is_empty() {
                    true => field_behind(end + 1),
                    false => !tag.as_ref().is_some_and(|tag| closes(content, tag)),
                }),
            };
            if !inside {
                break;
            }
            end += 1;
        }
        // Blank lines in front of a heading are no part of the policy.
        if end == last && last < self.lines.len() {
            let text = |line: &usize| !self.line(*line).trim().is_empty();
            end = (core.line..end).rev().find(text).map_or(end, |line| line + 1);
        }
        let outside = |index: usize| !self.line(index).trim().is_empty();
        let before: Vec<usize> = (0..core.line).filter(|index| outside(*index)).collect();
        let after: Vec<usize> = (end..self.lines.len()).filter(|index| outside(*index)).collect();
        let unmarked = lead.is_empty() && mark.is_empty() && suffix.is_empty();
        if unmarked && self.base.is_identity() {
            let typed = before
                .iter()
                .chain(&after)
                .any(|index| self.is_typed(*index) || is_rule(self.line(*index)));
            let comment =
                |index: &usize| self.line(*index).trim_start().starts_with(&['#', ';', '/'][..]);
            let told = said != Some(Kind::Policy)
                && (!after.is_empty()
                    || before.iter().any(|index| !comment(index) && !is_field(self.line(*index))));
            if !(typed || told) || before.iter().all(comment) && after.is_empty() {
                return None;
            }
        } else if self.base.is_identity()
            && lead.trim().is_empty()
            && plain
            && suffix.is_empty()
            && before.is_empty()
            && after.is_empty()
        {
            return None; // Lines that are indented are the policy's own.
        }
        if unmarked {
            let mut made = Mapped::empty();
            made.push_part(self.base, Span::new(core.at, self.end_of(end - 1)));
            return Some(made);
        }
        Some(self.stripped(core.line, end, |line| match self.line(line).trim().is_empty() {
            true => Some(Span::at(self.lines[line].end)),
            false => kept(line).or(Some(self.lines[line])),
        }))
    }

    /// Whether a line is a heading, a name of a file, a sentence: no field, and not blank.
    fn divides(&self, index: usize) -> bool {
        let line = self.line(index).trim();
        let words = line.contains(char::is_alphanumeric) && !line.starts_with('#');
        words && !self.has_field(index) && (line.ends_with(':') || !is_field(line))
    }

    /// The line at which the policy of a field ends because another one begins below, with a version of its own. What a policy
    /// host serves is one.
    fn divided(&self, index: usize, said: Option<Kind>) -> usize {
        let cores = &self.cores[index..];
        let another = |pair: &[Core]| {
            let (before, next) = (pair[0], pair[1]);
            let version = next.field == Field::Version && self.is_likely(&next);
            let mut between = before.line + 1..next.line;
            between.find(|index| version && self.divides(*index))
        };
        let end = cores.windows(2).find_map(another);
        end.filter(|_| said != Some(Kind::Policy)).unwrap_or(self.lines.len())
    }

    /// How many other policies begin outside a piece of the source: versions with a mode or a lifetime behind them. The same one
    /// may be shown twice.
    pub(super) fn policies_outside(&self, piece: Span) -> usize {
        let of = |index: usize| {
            let behind =
                self.cores[index + 1..].iter().take_while(|core| core.field != Field::Version);
            behind.take(NEAR)
        };
        let Some(first) = self.version() else { return 0 };
        let begins = |pair: &(usize, &Core)| {
            let (index, core) = *pair;
            let at = self.base.span(Span::at(core.at)).start;
            let same = |(one, other): (&Core, &Core)| {
                let (one, other) = (self.value(one).trim_end(), self.value(other).trim_end());
                other.strip_suffix("...").map_or(other == one, |other| one.starts_with(other))
            };
            core.field == Field::Version
                && self.is_likely(core)
                && !(piece.start <= at && at < piece.end)
                && of(index).any(|core| matches!(core.field, Field::Mode | Field::MaxAge))
                && !of(first).zip(of(index)).all(same)
        };
        self.cores.iter().enumerate().filter(begins).count()
    }

    /// What stands at the end of each line with a field.
    fn suffix(&self, index: usize) -> &'static str {
        const SUFFIXES: [&str; 15] = [
            "\\", "|", "`", "\u{b6}", "\u{23ce}", "\u{21b5}", "^M$", "^M", "$", "**", "*", "__",
            "_", "~~", "==",
        ];
        let ends = |suffix: &&&str| {
            let cores = &self.cores[index..];
            let marked =
                |core: &Core| self.line(core.line).trim_end_matches(WSP).ends_with(**suffix);
            // The last line of a file may have no end that `cat -A` could show.
            let shown = cores.len() - usize::from(cores.len() > 2 && suffix.ends_with('$'));
            cores.len() > 1 && cores[..shown].iter().all(marked)
        };
        SUFFIXES.iter().find(ends).copied().unwrap_or_default()
    }

    /// A table of names and values, an arrow, or columns.
    fn table(&self) -> Option<Mapped<'static>> {
        const BETWEEN: [&str; 7] = ["|", "\t", "->", "=>", "\u{2192}", "\u{2502}", "  "];
        let mut made = Mapped::empty();
        let mut fields = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let text = &self.text[line.range()];
            let row = text.trim_start_matches(
                &[' ', '\t', '|', '*', '-', '`', '"', '\u{2502}', '\u{2022}'][..],
            );
            let name = Field::REGISTERED.into_iter().find(|(_, name)| {
                row.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            });
            let Some((field, name)) = name else { continue };
            let rest = &row[name.len()..];
            let marks: &[char] = &['`', '*', '"'];
            let plain = rest.trim_start_matches(marks);
            // `**version**: STSv1`
            let colon =
                plain.starts_with(':') && plain.len() < rest.len() || rest.starts_with(":**");
            let rest = if colon { plain } else { plain.trim_start_matches(':') };
            let gap = rest.trim_start_matches(' ');
            let between = BETWEEN
                .into_iter()
                .find(|between| rest.starts_with(between) || gap.starts_with(between));
            let between = if colon { Some(":") } else { between };
            let alone = rest.trim_matches(|c: char| is_blank(c) || ":`*\"".contains(c)).is_empty();
            let value = match between {
                _ if alone => self.value_below(index),
                Some("  ") => Some(gap),
                Some(between) => Some(&gap[between.len().min(gap.len())..]),
                None => None,
            };
            let Some(value) = value else { continue };
            let lead = |c: char| c.is_whitespace() || "|`\"\u{2502}".contains(c);
            let stop = |c: char| matches!(c, '|' | '\t' | '`' | '"' | '\u{2502}');
            let mut value = value.trim_start_matches(lead);
            let mut stars = 0;
            // Emphasis; a wildcard has a dot behind its star.
            while let Some(rest) = value.strip_prefix('*').filter(|rest| !rest.starts_with('.')) {
                value = rest.trim_start_matches(lead);
                stars += 1;
            }
            let mut value = value[..value.find(stop).unwrap_or(value.len())].trim_end();
            for _ in 0..stars {
                value = value.strip_suffix('*').unwrap_or(value);
            }
            if value.is_empty() {
                continue;
            }
            let at = line.end - row.len();
            let start = value.as_ptr().addr() - self.text.as_ptr().addr();
            if !made.text.is_empty() {
                made.push_for("\n", self.base.span(Span::at(at)));
            }
            made.push_part(self.base, Span::new(at, at + name.len()));
            made.push_for(": ", self.base.span(Span::new(at + name.len(), start)));
            made.push_part(self.base, Span::new(start, start + value.len()));
            fields.push((field, value));
        }
        let end = made.span(Span::new(0, made.text.len())).end;
        made.push_for("\n", Span::at(end));
        let version = |(field, value): &(Field, &str)| {
            *field == Field::Version
                && value.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("sts"))
        };
        (fields.len() > 2 && fields.iter().any(version)).then_some(made)
    }

    /// The value of a name that stands alone on its line: the next line, unless that is a name too.
    fn value_below(&self, index: usize) -> Option<&'b str> {
        let value = (index + 1..self.lines.len())
            .take(2)
            .map(|below| self.line(below))
            .find(|line| !line.trim().is_empty())?;
        let word = value.trim_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
        let is_name = |(_, name): &(Field, &str)| name.eq_ignore_ascii_case(word);
        (!Field::REGISTERED.iter().any(is_name)).then_some(value)
    }
}

/// Adds the fields of a line.
fn cores_in(text: &str, line: Span, index: usize, cores: &mut Vec<Core>) {
    let content = &text[line.range()];
    let mut follows = false;
    // The colon of East Asian keyboards makes no field (STS-POL-014), but shows where one was meant.
    for (at, sign) in content.match_indices(&[':', '=', '\u{ff1a}'][..]) {
        let before = content[..at].trim_end_matches(WSP);
        let name = Field::REGISTERED.into_iter().find(|(_, name)| {
            let start = before.len().checked_sub(name.len());
            start
                .and_then(|start| before.get(start..))
                .is_some_and(|end| end.eq_ignore_ascii_case(name))
        });
        let Some((field, name)) = name else { continue };
        let start = before.len() - name.len();
        let lead = &content[..start];
        let escape = ["\\n", "\\r", "\\t"].into_iter().any(|escape| lead.ends_with(escape));
        // `_mode: testing_`, and not `my_mode`.
        let emphasis = matches!(lead.trim_start(), "_" | "__");
        let apart = escape
            || emphasis
            || !lead.ends_with(|c: char| c.is_alphanumeric() || "-_./$<{".contains(c));
        // `version=1` in an address, `version: 0,` in what dig prints.
        let value = at + sign.len();
        if !apart || content[value..].starts_with('/') {
            continue;
        }
        cores.push(Core {
            line: index,
            at: line.start + start,
            value: line.start + value,
            field,
            follows,
        });
        follows = true;
    }
}
