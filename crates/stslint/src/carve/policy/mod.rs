//! Policies inside other texts.
//!
//! A policy is seen by `version: STSv1` with other fields around it. What stands in front of the first field says how far it
//! reaches: a quote or a fence ends where it is closed, a list of string literals with the last of them, and lines with a mark in
//! front, as quoted mails and numbered lines have, with the last one that has it.

mod marked;
mod quoted;
mod table;
mod transcript;

use super::lines::{before_command, is_field};
use crate::input::Kind;
use crate::policy::{Field, LineEnd, Mode, parse};
use crate::text::{Mapped, Span, WSP, begins};

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

/// Whether a text is made of the fields of a policy and lines that are like them.
pub(super) fn is_file(base: &Mapped) -> bool {
    let text = Text::of(base);
    let like = |index: &usize| {
        let line = text.line(*index).trim();
        line.is_empty() || line.starts_with('#') || is_field(line)
    };
    text.cores.len() > 1 && text.is_policy() && (0..text.lines.len()).all(|index| like(&index))
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

pub(super) struct Text<'b, 'a> {
    pub(super) base: &'b Mapped<'a>,
    pub(super) text: &'b str,
    /// The lines without their ends.
    pub(super) lines: Vec<Span>,
    cores: Vec<Core>,
    /// The prompts of the commands in it.
    prompts: Vec<&'b str>,
}

/// Most prompts that are told apart.
const PROMPTS: usize = 8;

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
        let mut text = Self { base, text, lines, cores, prompts: Vec::new() };
        text.prompts = text.prompts();
        text
    }

    /// What stands in front of commands. A prompt of two lines has signs alone on the second one.
    fn prompts(&self) -> Vec<&'b str> {
        let mut prompts = Vec::new();
        for index in 0..self.lines.len() {
            let Some(prompt) = before_command(self.line(index)) else { continue };
            prompts.push(prompt);
            let above = index.checked_sub(1).filter(|above| !self.has_field(*above));
            let above = above.map(|above| self.line(above).trim());
            if !prompt.contains(char::is_alphanumeric) {
                prompts.extend(above.filter(|above| above.contains(char::is_alphanumeric)));
            }
            if prompts.len() >= PROMPTS {
                break;
            }
        }
        prompts
    }

    pub(super) fn line(&self, index: usize) -> &'b str {
        &self.text[self.lines[index].range()]
    }

    /// Where a line ends, with its end.
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
            let line = self.lines[index];
            let end = Span::new(line.end, self.end_of(index));
            if kept.is_empty() {
                // What removes a blank line removes its marks.
                let row = self.base.span(Span::new(line.start, end.end));
                made.push_for(&self.text[end.range()], row);
                continue;
            }
            made.push_part(self.base, kept);
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

    /// Whether there is a field.
    pub(super) fn has_fields(&self) -> bool {
        !self.cores.is_empty()
    }

    /// Whether a line has a field.
    pub(super) fn has_field(&self, index: usize) -> bool {
        self.cores.binary_search_by_key(&index, |core| core.line).is_ok()
    }

    /// Whether the fields make a policy: the version, or a mode and a lifetime, with likely values.
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

    /// The value without what explains it.
    fn word(&self, core: &Core) -> &'b str {
        let value = self.value(core);
        // A wildcard begins with a star.
        let star = usize::from(value.starts_with('*'));
        let end = value[star..].find(|c: char| c.is_whitespace() || "`\"'|*\\<,;".contains(c));
        &value[..end.map_or(value.len(), |end| star + end)]
    }

    fn is_likely(&self, core: &Core) -> bool {
        let value = self.value(core);
        match core.field {
            Field::Version => begins(value, "sts"),
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
        // Where the mode or the lifetime stands below, it is this line alone that has several.
        let is_here = |field| {
            let found = self.cores[index..].iter().find(|core| core.field == field);
            found.is_none_or(|found| found.line == core.line)
        };
        let several = several && is_here(Field::Mode) && is_here(Field::MaxAge);
        let quoted = self.quoted(core.at);
        match quoted {
            Some(quoted) if quoted.behind > self.lines[core.line].end && !several => {
                return self.enclosed(core.at, quoted);
            }
            Some(quoted) if several && self.next_literal(index, quoted).is_none() => {
                return self.on_one_line(core, Some(quoted));
            }
            // Emphasis is around each line, or around this one alone; or there are words behind each that explain it.
            Some(quoted) if !quoted.emphasis || self.is_explained(index, quoted) => {
                return self.literals(index, quoted);
            }
            _ if several => return self.on_one_line(core, quoted),
            _ => {}
        }
        self.below(core).or_else(|| self.marked(index, said))
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
        let same = |one: &Core, other: &Core| {
            let (value, shown) = (self.word(one), self.word(other));
            let cut = shown.strip_suffix("...").map(|shown| value.starts_with(shown));
            one.field == other.field && cut.unwrap_or(value == shown)
        };
        // What explains a policy may leave some of it out.
        let repeats = |index: usize| of(index).all(|other| of(first).any(|one| same(one, other)));
        let begins = |pair: &(usize, &Core)| {
            let (index, core) = *pair;
            let at = self.base.span(Span::at(core.at)).start;
            core.field == Field::Version
                && self.is_likely(core)
                && !(piece.start <= at && at < piece.end)
                && of(index).any(|core| matches!(core.field, Field::Mode | Field::MaxAge))
                && !repeats(index)
        };
        self.cores.iter().enumerate().filter(begins).count()
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
