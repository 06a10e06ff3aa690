//! Policies in string literals, quotations and blocks, which end where they are closed.

use super::super::decode;
use super::super::lines::{Opening, closes, indent, opens};
use super::super::literals::{self, Indentation, Place};
use super::{Core, NEAR, Text};
use crate::policy::Field;
use crate::text::marks::{self, is_blank};
use crate::text::{Mapped, Span};

/// What stands between two marks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quoted<'b> {
    /// The mark in front, with which the next one of a list begins too.
    open: &'b str,
    /// Where what stands between them ends.
    pub(super) end: usize,
    /// Where the mark behind ends.
    pub(super) behind: usize,
    /// Whether the marks are emphasis.
    pub(super) emphasis: bool,
}

/// The longest words between two fields of a list that explain the first, in bytes.
const EXPLAINED: usize = 400;

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

impl<'b> Text<'b, '_> {
    /// The marks between which a place is the first, if there are two.
    pub(super) fn quoted(&self, at: usize) -> Option<Quoted<'b>> {
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
                // What JavaScript fills in may have literals of its own.
                let mut depth = 0;
                rest.char_indices().find_map(|(found, c)| {
                    match c {
                        '{' if open == "`" && (depth > 0 || rest[..found].ends_with('$')) => {
                            depth += 1;
                        }
                        '}' if depth > 0 => depth -= 1,
                        _ => {}
                    }
                    let closes = open.starts_with(c) && !escaped && depth == 0;
                    escaped = c == '\\' && !escaped;
                    closes.then_some(found)
                })
            }
        };
        let end = at + found?;
        Some(Quoted { open, end, behind: end + 1, emphasis: false })
    }

    /// Where the next literal of a list begins, if it holds fields of the same policy.
    pub(super) fn next_literal(&self, index: usize, quoted: Quoted) -> Option<usize> {
        let next = self.cores.partition_point(|core| core.at < quoted.behind);
        let core = self.cores.get(next)?;
        let gap = &self.text[quoted.behind..core.at];
        // The next one may have other quotes.
        let other = || {
            let open = gap.trim_end().strip_suffix(&['"', '\'', '`'][..])?;
            quoted.is_plain().then_some(open.len())
        };
        let gap = &gap[..gap.find(quoted.open).or_else(other)?];
        let is_version = |core: &Core| core.field == Field::Version;
        // The value of another variable or member, with a version of its own, is another policy.
        let another = gap.contains(&['=', ':'][..])
            && is_version(core)
            && self.cores[index..next].iter().any(is_version);
        let explained = || gap.len() <= EXPLAINED && gap.trim().lines().count() <= 2;
        let near = (gap.len() <= 60 || explained()) && !gap.contains(&['{', '}'][..]);
        (near && !another).then_some(quoted.behind + gap.len())
    }

    /// Whether words stand behind the marks of a field, and the next one stands in such marks too.
    pub(super) fn is_explained(&self, index: usize, quoted: Quoted) -> bool {
        let line = self.lines[self.cores[index].line];
        let behind = self.text.get(quoted.behind..line.end).unwrap_or_default();
        !behind.trim().is_empty() && self.next_literal(index, quoted).is_some()
    }

    /// All fields on one line, mostly within quotes.
    pub(super) fn on_one_line(
        &self,
        core: Core,
        quoted: Option<Quoted>,
    ) -> Option<Mapped<'static>> {
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
    pub(super) fn literals(&self, index: usize, mut quoted: Quoted<'b>) -> Option<Mapped<'static>> {
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
            let gap = &self.text[quoted.behind..open];
            other |= !gap.trim().is_empty();
            let at = open + quoted.open.len();
            // `"mx: " + MX + "\n"`
            let joins = ["+", "."].into_iter().find_map(|sign| {
                gap.trim().strip_prefix(sign).and_then(|rest| rest.strip_suffix(sign))
            });
            if let Some(joined) = joins.map(str::trim).filter(|_| made.text.ends_with(": ")) {
                // The value is that of a variable.
                let start = quoted.behind + gap.find(joined).unwrap_or_default();
                made.push_for("${}", self.base.span(Span::new(start, start + joined.len())));
            } else if !ends {
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
    pub(super) fn enclosed(&self, start: usize, quoted: Quoted) -> Option<Mapped<'static>> {
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
    pub(super) fn below(&self, core: Core) -> Option<Mapped<'static>> {
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
}
