//! Policies of which every line has the same mark in front, and those that merely have other lines around them.

use super::super::lines::{
    Opening, before_command, closes, indent, is_bare_record, is_below_file, is_computed, is_field,
    is_heading, is_record, is_rule, opens, strip,
};
use super::{Core, NEAR, Text};
use crate::input::Kind;
use crate::policy::Field;
use crate::text::{Mapped, Span, WSP, is_unseen};

impl<'b> Text<'b, '_> {
    /// Lines with the same mark in front of each, or with other text before and behind them.
    pub(super) fn marked(&self, index: usize, said: Option<Kind>) -> Option<Mapped<'static>> {
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
        let outside = |index: &usize| !self.line(*index).trim().is_empty();
        let comment = |index: &usize| {
            let line = self.line(*index);
            let typed = before_command(line).is_some() && line.contains("mta-sts");
            is_comment(line) && !typed
        };
        let before: Vec<usize> = (0..core.line).filter(outside).collect();
        let heads = |index: &usize| {
            let line = self.line(*index);
            let heading = !is_field(line) || is_heading(line) && !self.has_field(*index);
            !comment(index) && (heading || self.is_record_apart(*index))
        };
        let computed = (core.line..end).any(|index| is_computed(self.line(index)));
        let told = own || computed || before.iter().any(heads);
        if plain && said != Some(Kind::Policy) {
            let mut rest = end..self.lines.len();
            let divided = rest.any(|index| outside(&index)) && !self.is_typed(end);
            end = self.end_of_file(core.line, end, told || divided);
        }
        let after: Vec<usize> = (end..self.lines.len()).filter(outside).collect();
        let unmarked = lead.is_empty() && mark.is_empty() && suffix.is_empty();
        if unmarked && self.base.is_identity() {
            let typed = before
                .iter()
                .chain(&after)
                .any(|index| self.is_typed(*index) || is_rule(self.line(*index)));
            let told = said != Some(Kind::Policy) && (!after.is_empty() || told);
            let alone = before.iter().all(comment) && after.is_empty() && !computed;
            if !(typed || told) || alone {
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

    /// Where the file of a policy ends among the lines that follow its first field directly. What no file has ends it; where
    /// other text shows that the policy is quoted, so does whatever is not like a field.
    fn end_of_file(&self, first: usize, end: usize, quoted: bool) -> usize {
        let begins = |core: &&Core| self.lead(core).trim().is_empty();
        let below = self.cores.partition_point(|core| core.line < end);
        let last =
            self.cores[..below].iter().rev().take_while(|core| core.line > first).find(begins);
        // Hosts may stand below the name.
        let quoted = quoted && last.is_none_or(|core| !self.value(core).trim().is_empty());
        // What a command printed ends at the next prompt.
        let above = (0..first).rev().find(|index| !self.line(*index).trim().is_empty());
        let printed =
            above.is_some_and(|above| self.is_typed(above) || self.line(above).starts_with("==>"));
        let foreign = |index: &usize| {
            let line = self.line(*index);
            let like = is_field(line) || is_comment(line) || is_computed(line);
            let known = like || names_field(line);
            let other = !(known || line.trim().is_empty());
            is_below_file(line)
                || is_record(line) && (quoted || self.is_record_apart(*index))
                || other && quoted && !printed
        };
        let start = last.map_or(first, |core| core.line) + 1;
        let Some(found) = (start..end).find(foreign) else { return end };
        // The heading of a record.
        let heading = |index: &usize| !is_heading(self.line(*index)) || self.has_field(*index);
        match is_record(self.line(found)) {
            true => (start - 1..found).rev().find(heading).map_or(found, |line| line + 1),
            false => found,
        }
    }

    /// Whether a line is a record that stands apart from the file of a policy: its name or quotes are there, or something stands
    /// between.
    fn is_record_apart(&self, index: usize) -> bool {
        let field = |index: usize| {
            self.lines.get(index).is_none_or(|_| {
                let line = self.line(index);
                is_field(line) && (self.has_field(index) || !is_heading(line))
            })
        };
        let close = index.checked_sub(1).is_none_or(field) && field(index + 1);
        is_record(self.line(index)) && !(is_bare_record(self.line(index)) && close)
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
}

fn is_comment(line: &str) -> bool {
    ["#", ";", "//"].iter().any(|sign| line.trim_start().starts_with(sign))
}

/// Whether a line begins with the name of a field, or nearly so.
fn names_field(line: &str) -> bool {
    let line = line.trim_start();
    let name =
        &line[..line.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(line.len())];
    ["version", "mode", "mx", "max_age", "max", "maxage"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}
