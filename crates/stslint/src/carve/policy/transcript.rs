//! Policies in what a terminal or a diff shows: commands and what they printed.

use super::super::lines::{is_progress, is_prompt, is_prompt_alone, prompt};
use super::{Core, Text};
use crate::policy::{Field, Mode};
use crate::text::{Mapped, Span, line_start};

impl<'b> Text<'b, '_> {
    /// Whether a line is what somebody typed. A prompt behind a field is that of the next command: the last line of a file needs
    /// no end (RFC 8461 §3.2).
    pub(in crate::carve) fn is_typed(&self, index: usize) -> bool {
        let begins = |core: &Core| core.at == self.lines[index].start;
        let field = self.cores.partition_point(|core| core.line < index);
        let line = self.line(index);
        let known = |prompt: &&str| {
            line.trim() == *prompt || prompt.len() > 1 && line.trim_start().starts_with(*prompt)
        };
        let next = self.cores.get(field);
        // Between two fields of one policy, where nobody typed a command behind such a sign.
        let is_comment = || {
            line.trim_start().starts_with('#')
                && !self.prompts.contains(&"#")
                && field > 0
                && next.is_some_and(|core| core.field != Field::Version)
        };
        (is_prompt(line) || self.prompts.iter().any(known))
            && !next.is_some_and(begins)
            && !is_comment()
    }

    /// What a command printed, without the prompt of the next one behind its last line.
    pub(in crate::carve) fn without_prompt(&self, made: Mapped<'static>) -> Mapped<'static> {
        let content = made.text.trim_end();
        let start = line_start(content, content.len());
        let last = &content[start..];
        let typed = || (0..self.lines.len()).filter(|index| self.is_typed(*index));
        if typed().next().is_none() {
            return made;
        }
        let behind = |prompt: &str| last.strip_suffix(prompt).map(str::len);
        let known = typed().filter_map(|index| prompt(self.line(index)));
        let mut known = known.chain(self.prompts.iter().copied());
        // zsh shows that a line has no end.
        let cut = known.find_map(|prompt| match prompt.len() {
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

    /// What `curl -v` prints up to a line: the answer's headers behind `<`, then the policy.
    pub(in crate::carve) fn verbose(&self, end: usize) -> Option<Mapped<'static>> {
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
    pub(super) fn response(&self) -> Option<Mapped<'static>> {
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
    pub(super) fn changed(&self) -> Option<Mapped<'static>> {
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
}
