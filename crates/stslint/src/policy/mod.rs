//! The MTA-STS policy file (RFC 8461 §3.2).
//!
//! `rules::document` takes off what stands around a policy or was broken by copying it, [`parse`] reads
//! lines and fields, the rules look at both.

mod parse;
mod rules;

pub use parse::{Field, Line, LineEnd, Shape, Tree, parse, values};
pub use rules::RULES;
pub(crate) use rules::{ABSENT, LINES};

use crate::finding::{Edit, Finding};
use crate::http::{HTTP_REDIRECT, STATUS_NOT_200};
use crate::input::Input;
use crate::rule::Rule;
use crate::text::{Mapped, Span};
use rules::document::{ANOTHER_TEXT, Head, Prepared, TXT_RECORD_PASTED, no_head, prepare};
use rules::http::{self, HTTP_RESPONSE_PASTED};
use rules::{MISSING, NEARLY};

/// The three modes (RFC 8461 §3.2, §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Deliver only to hosts that pass.
    Enforce,
    /// No active policy.
    None,
    /// Deliver all the same, but report.
    Testing,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Enforce, Self::Testing, Self::None];

    /// Its name in a policy.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::None => "none",
            Self::Testing => "testing",
        }
    }

    /// The mode of this name, in exactly this case (RFC 8461 §3.2: `%s"enforce"`).
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word() == word)
    }

    /// The lifetime to propose for it, in seconds: long enough to protect, short enough to get out
    /// of (RFC 8461 §3.2 "weeks or greater", §8.3 one day for `none`).
    pub const fn usual_max_age(self) -> u64 {
        match self {
            Self::Enforce => 2_592_000,
            Self::None => 86_400,
            Self::Testing => 604_800,
        }
    }
}

/// The longest lifetime, in seconds (RFC 8461 §3.2).
pub const MAX_MAX_AGE: u64 = 31_557_600;

/// The greatest size that senders are advised to accept, in bytes (RFC 8461 §3.3).
pub const MAX_SIZE: usize = 65_536;

/// How long senders are advised to wait for a policy, in seconds (RFC 8461 §3.3).
pub const PATIENCE: u32 = 60;

/// What senders read from a policy. A value that is missing or invalid is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// `STSv1`, when the policy says so.
    pub version: Option<&'static str>,
    /// The mode.
    pub mode: Option<Mode>,
    /// Lifetime in seconds, at most [`MAX_MAX_AGE`].
    pub max_age: Option<u64>,
    /// Valid patterns in lower case, without repetitions, in their order.
    pub mx: Vec<String>,
}

impl Values {
    /// The lifetime to propose with a mode, in seconds: this one where it is that of the mode, as what is long in testing is short
    /// for enforce; else the [usual one](Mode::usual_max_age).
    pub fn max_age_for(&self, mode: Mode) -> u64 {
        self.max_age.filter(|_| self.mode == Some(mode)).unwrap_or(mode.usual_max_age())
    }
}

/// Whether a value is a mode, or was probably meant as one.
pub(crate) fn is_meant_as_mode(value: &str) -> bool {
    rules::meant_mode(value).is_some()
}

/// What to say of a DNS record that is in the place of a policy: `owner` is the name that it belongs to.
pub(crate) fn record_pasted(place: Span, owner: &'static str) -> Vec<Finding> {
    let mut findings = Vec::new();
    Finding::add(&mut findings, &TXT_RECORD_PASTED, place).text(owner);
    findings
}

/// What to say of a text of another kind in the place of a policy.
pub(crate) fn another_text(place: Span, name: &'static str) -> Vec<Finding> {
    let mut findings = Vec::new();
    Finding::add(&mut findings, &ANOTHER_TEXT, place).text(name);
    findings
}

/// Lints a policy, which may stand in an HTTP response.
pub fn lint(input: &Input) -> (Values, Vec<Finding>) {
    let (values, mut findings) = lint_behind(http::head, input);
    let find = |rule: &&Rule| findings.iter().find(|found| found.rule == *rule);
    let has = |rule: &&Rule| find(rule).is_some();
    // An answer without any field of a policy: of the message of a web server, its status says all.
    if has(&&HTTP_RESPONSE_PASTED) && MISSING.iter().all(has) && !NEARLY.iter().any(has) {
        let status = [&HTTP_REDIRECT, &STATUS_NOT_200].iter().any(has);
        let body = find(&MISSING[0]).map_or(Span::default(), |found| found.span);
        findings.retain(|found| {
            *found.rule == HTTP_RESPONSE_PASTED || !found.rule.code.starts_with("STS-POL")
        });
        if !status {
            findings.extend(another_text(body, crate::strange::ANOTHER_KIND));
        }
    }
    (values, findings)
}

/// Lints the text of a policy without anything in front of it.
pub(crate) fn lint_text(input: &Input) -> (Values, Vec<Finding>) {
    lint_behind(no_head, input)
}

fn lint_behind(head: Head, input: &Input) -> (Values, Vec<Finding>) {
    match prepare(input.source, head) {
        Prepared::Stop(findings) => (Values::default(), findings),
        Prepared::Go { mapped, findings } => {
            let tree = parse(&mapped.text);
            let doc = Doc { input, text: &mapped.text, tree: &tree, findings_map: &mapped };
            rules::check(&doc, findings)
        }
    }
}

/// The lines of a policy, for explanations: the tree of the prepared text and the way back to the
/// input. None when there is no policy text to read.
pub fn read(source: &[u8]) -> Option<(Mapped<'_>, Tree)> {
    read_behind(http::head, source)
}

/// The same for the text of a policy without anything in front of it.
pub(crate) fn read_text(source: &[u8]) -> Option<(Mapped<'_>, Tree)> {
    read_behind(no_head, source)
}

fn read_behind(head: Head, source: &[u8]) -> Option<(Mapped<'_>, Tree)> {
    match prepare(source, head) {
        Prepared::Stop(_) => None,
        Prepared::Go { mapped, .. } => {
            let tree = parse(&mapped.text);
            Some((mapped, tree))
        }
    }
}

/// What the rules look at: the prepared text and its tree. Spans in here count in `text`; findings
/// leave with spans of the input.
struct Doc<'a> {
    input: &'a Input<'a>,
    text: &'a str,
    tree: &'a Tree,
    findings_map: &'a Mapped<'a>,
}

impl<'a> Doc<'a> {
    fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// The line end to write: the one that the text uses, CR LF for a text without any.
    fn line_end(&self) -> &'static str {
        match self.tree.lines.first().map(|line| line.end) {
            Some(LineEnd::Lf) => "\n",
            _ => "\r\n",
        }
    }

    /// The edit that removes a line.
    fn delete_line(&self, line: &Line) -> Vec<Edit> {
        Edit::delete(line.span).alone()
    }
}
