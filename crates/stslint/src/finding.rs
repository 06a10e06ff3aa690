//! What a lint says: findings with their place, words and repair. Plain data.

pub use crate::rule::{Applicability, Severity};

use crate::rule::Rule;
use crate::text::{Mapped, Span, push_visible};
use std::borrow::Cow;

/// One thing that a rule says about one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule, with its words and clause.
    pub rule: &'static Rule,
    /// The place, in bytes of the input; empty where something is missing.
    pub span: Span,
    /// What the message names, in the order of its `{0}`, `{1}`.
    pub args: [Arg; 2],
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// How to repair it, if a repair is known.
    pub fix: Option<Fix>,
    /// How many more findings of the rule there are in the text that are not listed: none but for the last of [`MOST`].
    /// Its fix repairs them too, where one does the same for all.
    pub more: usize,
}

/// So many findings of one rule are listed of one text. Nobody reads more, and a text may be nothing but mistakes.
pub const MOST: usize = 500;

/// So many edits one fix may have that repairs the findings that are not listed.
const EDITS: usize = 200_000;

/// For so many findings there is room before those are looked for that are too many.
const ROOM: usize = 4096;

impl Finding {
    /// A finding without arguments, labels and fix.
    pub fn new(rule: &'static Rule, span: Span) -> Self {
        Self { rule, span, args: [Arg::None, Arg::None], labels: Vec::new(), fix: None, more: 0 }
    }

    /// Keeps a list within bounds that is being filled: to be called before each thing that may add some. Once it was
    /// called, the findings that are in the list stay where they are.
    #[inline(never)]
    pub(crate) fn bound(findings: &mut Vec<Self>) {
        if findings.len() >= ROOM && findings.capacity() - findings.len() < ROOM / 16 {
            Self::leave_out(findings);
            findings.reserve(ROOM);
        }
    }

    /// Leaves out what is more than [`MOST`] findings of a rule, and counts it in the last that stays.
    #[inline(never)]
    pub(crate) fn leave_out(findings: &mut Vec<Self>) {
        if findings.len() <= MOST {
            return;
        }
        // For each rule, how many stay and which is the last.
        let mut rules: Vec<(&'static Rule, usize, usize)> = Vec::new();
        let mut kept = 0;
        for at in 0..findings.len() {
            let rule = findings[at].rule;
            let known = rules.iter().position(|(other, ..)| std::ptr::eq(*other, rule));
            let place = known.unwrap_or(rules.len());
            if known.is_none() {
                rules.push((rule, 0, 0));
            }
            let (_, count, last) = &mut rules[place];
            if *count < MOST {
                (*count, *last) = (*count + 1, kept);
                findings.swap(kept, at);
                kept += 1;
            } else {
                let (stays, goes) = findings.split_at_mut(kept);
                stays[*last].take_over(&mut goes[at - kept]);
            }
        }
        findings.truncate(kept);
    }

    /// Stands for another finding too.
    fn take_over(&mut self, other: &mut Self) {
        self.more += 1 + other.more;
        if let (Some(fix), Some(more)) = (&mut self.fix, other.fix.take())
            && fix.applicability == more.applicability
            && fix.title == more.title
            && fix.edits.len() + more.edits.len() <= EDITS
            && fix
                .edits
                .last()
                .zip(more.edits.first())
                .is_none_or(|(a, b)| a.span.end <= b.span.start)
        {
            fix.edits.extend(more.edits);
        }
        other.labels = Vec::new();
    }

    /// Adds a finding without arguments, labels and fix, and gives it back to be completed where
    /// it lies. (Findings are large, and there are many places that make one: moving them around
    /// took a fifth of the engine's code.)
    #[inline(never)]
    pub(crate) fn add<'f>(
        findings: &'f mut Vec<Self>,
        rule: &'static Rule,
        span: Span,
    ) -> &'f mut Self {
        findings.push(Self::new(rule, span));
        let last = findings.len() - 1;
        &mut findings[last]
    }

    /// Brings findings into the order of their keys. (One sort for both callers.)
    #[inline(never)]
    pub(crate) fn sort(findings: &mut [Self], key: fn(&Self) -> Span) {
        findings.sort_by_key(key);
    }

    /// Names something in the message.
    #[inline(never)]
    pub(crate) fn arg(&mut self, arg: Arg) -> &mut Self {
        let free = usize::from(self.args[0] != Arg::None);
        self.args[free] = arg;
        self
    }

    /// Quotes a piece of the input in the message.
    #[inline(never)]
    pub(crate) fn quote(&mut self, span: Span) -> &mut Self {
        self.arg(Arg::Source(span))
    }

    /// Quotes the place of the finding in the message.
    #[inline(never)]
    pub(crate) fn quoted(&mut self) -> &mut Self {
        self.quote(self.span)
    }

    /// Names words of ours in the message.
    pub(crate) fn text(&mut self, text: impl Into<Cow<'static, str>>) -> &mut Self {
        self.arg(Arg::Text(text.into()))
    }

    /// Points at another place.
    #[inline(never)]
    pub(crate) fn label(&mut self, span: Span, text: &'static str) -> &mut Self {
        self.labels.push(Label { span, text });
        self
    }

    /// Offers a repair that may be applied without asking.
    #[inline(never)]
    pub(crate) fn safe(&mut self, title: &'static str, edits: Vec<Edit>) -> &mut Self {
        self.fix(Some(Fix::safe(title, edits)))
    }

    /// Offers a repair that a person confirms.
    #[inline(never)]
    pub(crate) fn confirm(&mut self, title: &'static str, edits: Vec<Edit>) -> &mut Self {
        self.fix(Some(Fix::confirm(title, edits)))
    }

    /// Offers a repair, if there is one.
    #[inline(never)]
    pub(crate) fn fix(&mut self, fix: Option<Fix>) -> &mut Self {
        self.fix = fix;
        self
    }

    /// Turns places in a made text into places in its source.
    pub(crate) fn relocate(&mut self, mapped: &Mapped) {
        let move_to_source = |span: &mut Span| *span = mapped.span(*span);
        move_to_source(&mut self.span);
        for arg in &mut self.args {
            if let Arg::Source(span) = arg {
                move_to_source(span);
            }
        }
        self.labels.iter_mut().for_each(|label| move_to_source(&mut label.span));
        let edits = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        edits.for_each(|edit| move_to_source(&mut edit.span));
    }

    /// What is wrong, in one sentence. `source` is the input that was linted.
    pub fn message(&self, source: &[u8]) -> String {
        let mut out = String::new();
        self.fill(self.rule.message, source, &mut out);
        if self.more > 0 {
            out.push_str(&format!(" ({} more of these are not listed)", self.more));
        }
        out
    }

    /// Appends a template, or part of one, with the arguments in their places.
    pub(crate) fn fill(&self, template: &str, source: &[u8], out: &mut String) {
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let digit =
                rest.as_bytes().get(open + 1).map_or(2, |d| usize::from(d.wrapping_sub(b'0')));
            out.push_str(&rest[..open]);
            match self.args.get(digit) {
                Some(arg) => arg.render(source, out),
                None => out.push_str(&rest[open..(open + 3).min(rest.len())]),
            }
            rest = rest.get(open + 3..).unwrap_or("");
        }
        out.push_str(rest);
    }
}

/// A value that a message names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Nothing.
    None,
    /// A number.
    Number(u64),
    /// A piece of the input, quoted and made visible.
    Source(Span),
    /// Words of ours or a computed value.
    Text(Cow<'static, str>),
}

impl Arg {
    /// Longest quotation of input in a message, in characters.
    const QUOTE_LIMIT: usize = 60;

    /// Longest computed value in a message, in characters: a name from the input, or a list.
    const TEXT_LIMIT: usize = 200;

    pub(crate) fn render(&self, source: &[u8], out: &mut String) {
        match self {
            Self::None => {}
            Self::Source(span) if span.is_empty() => out.push_str("(empty)"),
            Self::Number(n) => out.push_str(&n.to_string()),
            Self::Source(span) => {
                let bytes = source.get(span.range()).unwrap_or_default();
                let bytes = &bytes[..bytes.len().min(4 * Self::QUOTE_LIMIT)];
                push_quoted(&String::from_utf8_lossy(bytes), Self::QUOTE_LIMIT, out);
            }
            Self::Text(Cow::Borrowed(text)) => out.push_str(text),
            Self::Text(Cow::Owned(text)) => push_quoted(text, Self::TEXT_LIMIT, out),
        }
    }
}

/// Appends text that may stem from the input: made visible, and no longer than `limit` characters.
fn push_quoted(text: &str, mut limit: usize, out: &mut String) {
    for c in text.chars() {
        let before = out.len();
        push_visible(c, out);
        // What stands for an invisible character is longer than one.
        let length = if out[before..].starts_with(c) { 1 } else { out.len() - before };
        let Some(rest) = limit.checked_sub(length) else {
            out.truncate(before);
            return out.push('…');
        };
        limit = rest;
    }
}

/// A second place of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place, in bytes of the input.
    pub span: Span,
    /// What is there, e.g. "first given here".
    pub text: &'static str,
}

/// A repair: edits, never a new document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative: "Remove the blank line".
    pub title: Cow<'static, str>,
    /// Whether it may be applied without asking.
    pub applicability: Applicability,
    /// Replacements, ascending, not overlapping.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that may be applied without asking.
    pub fn safe(title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability: Applicability::Safe, edits }
    }

    /// A fix that a person confirms.
    pub fn confirm(title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability: Applicability::Confirm, edits }
    }

    /// The input with this fix applied.
    pub fn apply(&self, source: &[u8]) -> Vec<u8> {
        apply(source, &self.edits)
    }
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, in bytes of the input.
    pub span: Span,
    /// By what.
    pub text: Cow<'static, str>,
}

impl Edit {
    /// Replaces `span` by `text`.
    pub fn replace(span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        Self { span, text: text.into() }
    }

    /// Removes `span`.
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }

    /// A repair that consists of this edit.
    #[inline(never)]
    pub(crate) fn alone(self) -> Vec<Self> {
        vec![self]
    }

    /// Inserts `text` at `offset`.
    pub fn insert(offset: usize, text: impl Into<Cow<'static, str>>) -> Self {
        Self::replace(Span::at(offset), text)
    }
}

/// Applies ascending edits. One that reaches into an earlier one is left out.
pub fn apply(source: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(source.len());
    let mut done = 0;
    for edit in edits {
        if edit.span.start < done {
            continue;
        }
        out.extend_from_slice(&source[done..edit.span.start]);
        out.extend_from_slice(edit.text.as_bytes());
        done = edit.span.end;
    }
    out.extend_from_slice(&source[done..]);
    out
}

/// What the findings add up to. It comes from findings and from nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the text is within the grammar of the RFC.
    pub conformant: bool,
    /// Whether senders will use it.
    pub usable: bool,
}

impl Verdict {
    /// The verdict that `findings` make.
    pub fn of(findings: &[Finding]) -> Self {
        Self {
            conformant: !findings.iter().any(|f| f.rule.breaks_grammar),
            usable: !findings.iter().any(|f| f.rule.breaks_use()),
        }
    }
}
