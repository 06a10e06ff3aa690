//! What a rule is.

use crate::input::{Declared, Input, Kind};
use std::sync::OnceLock;

/// How bad a finding is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Severity {
    /// Senders reject or ignore the artefact, or mail from MTA-STS senders breaks.
    Error,
    /// Works with many senders, but not with all, or is very likely a mistake.
    Warning,
    /// Valid; a better choice exists.
    Advice,
    /// Explanation only.
    Info,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Advice, Self::Info];

    /// The word for it, in lower case.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
            Self::Info => "info",
        }
    }

    /// The word for it at the start of a line.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Error => "Error",
            Self::Warning => "Warning",
            Self::Advice => "Advice",
            Self::Info => "Note",
        }
    }
}

/// Whether a fix may be applied without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Applicability {
    /// Keeps the meaning for a conformant sender, or repairs the only sensible reading.
    Safe,
    /// Changes the meaning or guesses a value: a person confirms it.
    Confirm,
}

/// One rule: its words, its clause, its examples. Everything that is said about a rule anywhere
/// is made from this record.
#[derive(Debug)]
pub struct Rule {
    /// `FAMILY-NNN`, stable for ever.
    pub code: &'static str,
    /// Kebab-case name.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The text is outside the grammar, or breaks a MUST of the format.
    pub breaks_grammar: bool,
    /// The strongest fix that findings of this rule can carry.
    pub fix: Option<Applicability>,
    /// What is wrong, one sentence; `{0}` and `{1}` stand for the finding's arguments.
    pub message: &'static str,
    /// Its explanation; none in a program that loads explanations later, see [`Rule::words`].
    pub words: Option<BuiltIn>,
}

/// The explanation of a rule: what the finding itself does not need.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Why it matters.
    pub why: &'static str,
    /// What sending mail servers do about it.
    pub effect: &'static str,
    /// What to do.
    pub help: &'static str,
    /// The clause, e.g. `RFC 8461 §3.2`, with a few words on what it says; or `Practice: …`.
    pub clause: &'static str,
    /// An input that raises it.
    pub fails: Example,
    /// The input put right; none where nothing is wrong in the first place.
    pub passes: Option<Example>,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

/// An input that shows a rule at work.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What it is; of the unknown kind where that has to be seen in the text, see [`Example::said`].
    pub declared: Declared,
    /// Its text, or how it is made.
    pub text: Text,
    /// The policy domain, where the rule needs it.
    pub domain: Option<&'static str>,
    /// The name of its file, where the rule needs it.
    pub file_name: Option<&'static str>,
}

/// The text of an example.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    /// Bytes that are no UTF-8 text.
    Bytes(&'static [u8]),
    /// `start`, then `unit` so many times, then `end`.
    Long {
        /// What comes first.
        start: &'static str,
        /// What is repeated.
        unit: &'static str,
        /// How often.
        times: usize,
        /// What comes last.
        end: &'static str,
    },
    /// The text itself.
    Plain(&'static str),
}

impl Example {
    /// A policy.
    pub const fn policy(text: &'static str) -> Self {
        Self::new(Kind::Policy, text)
    }

    /// An example of some kind.
    pub const fn new(kind: Kind, text: &'static str) -> Self {
        Self::declared(Declared::of(kind), text)
    }

    /// An example of a record as decoded data.
    pub const fn data(kind: Kind, text: &'static str) -> Self {
        Self::declared(Declared::data(kind), text)
    }

    const fn declared(declared: Declared, text: &'static str) -> Self {
        Self { declared, text: Text::Plain(text), domain: None, file_name: None }
    }

    /// A text that nobody said anything of: what it is has to be seen in it.
    pub const fn pasted(text: &'static str) -> Self {
        Self::new(Kind::Unknown, text)
    }

    /// What it is said to be; none for a [pasted](Self::pasted) one.
    pub const fn said(&self) -> Option<Declared> {
        match self.declared.kind {
            Kind::Unknown => None,
            _ => Some(self.declared),
        }
    }

    /// The same example for a policy domain.
    pub const fn of(self, domain: &'static str) -> Self {
        Self { domain: Some(domain), ..self }
    }

    /// The same example in a file of this name.
    pub const fn in_file(self, name: &'static str) -> Self {
        Self { file_name: Some(name), ..self }
    }

    /// What to lint: `source`, which is [`Example::bytes`] or was made from them, with what else is
    /// known of the example.
    pub const fn input<'a>(&self, source: &'a [u8]) -> Input<'a> {
        let input = Input { domain: self.domain, file_name: self.file_name, ..Input::new(source) };
        input.declared(self.said())
    }

    /// Its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        match self.text {
            Text::Bytes(bytes) => bytes.to_vec(),
            Text::Long { start, unit, times, end } => {
                [start, &unit.repeat(times), end].concat().into_bytes()
            }
            Text::Plain(text) => text.as_bytes().to_vec(),
        }
    }
}

/// What [`Rule::words`] holds: an explanation in programs that want it built in, which are those
/// with the feature `words`; in others nothing, which takes no room.
#[cfg(feature = "words")]
pub type BuiltIn = Words;
/// What [`Rule::words`] holds: nothing, without the feature `words`.
#[cfg(not(feature = "words"))]
pub type BuiltIn = std::convert::Infallible;

/// Keeps an explanation in programs that want it built in.
#[cfg(feature = "words")]
pub(crate) const fn words(words: Words) -> Option<BuiltIn> {
    Some(words)
}

/// Keeps no explanation.
#[cfg(not(feature = "words"))]
pub(crate) const fn words(_: Words) -> Option<BuiltIn> {
    None
}

/// What a rule says whose explanation has not been loaded.
static NO_WORDS: Words =
    Words { why: "", effect: "", help: "", clause: "", fails: Example::policy(""), passes: None };

/// Explanations that were loaded.
static LOADED: OnceLock<Vec<(String, Words)>> = OnceLock::new();

/// Gives a program without built-in explanations the ones that it loaded, by the codes of their rules. Returns how many
/// there are now. Only the first call has an effect.
pub fn install(explanations: Vec<(String, Words)>) -> usize {
    LOADED.get_or_init(|| explanations).len()
}

impl Rule {
    /// Its explanation, built in or loaded; empty words until then.
    pub fn words(&self) -> &Words {
        let loaded =
            || LOADED.get()?.iter().find(|(code, _)| *code == self.code).map(|(_, words)| words);
        #[cfg(feature = "words")]
        let built_in = self.words.as_ref();
        #[cfg(not(feature = "words"))]
        let built_in = None;
        built_in.or_else(loaded).unwrap_or(&NO_WORDS)
    }

    /// Whether senders reject or ignore the artefact, or mail breaks: that is what an error is.
    pub const fn breaks_use(&self) -> bool {
        matches!(self.severity, Severity::Error)
    }

    /// What is wrong in general: the message without what a finding fills in.
    pub fn summary(&self) -> String {
        ["`{0}`", "`{1}`", "{0}", "{1}"]
            .iter()
            .fold(self.message.to_owned(), |text, place| text.replace(place, "…"))
    }

    /// The page about this rule, relative to where stslint's page is.
    pub fn page(&self) -> String {
        format!("rules/{}.html", self.code)
    }

    /// Address of the clause, built from its first RFC and section; none for mere practice.
    pub fn url(&self) -> Option<String> {
        let (rfc, section) = self.cites().next()?;
        Some(rfc_url(rfc, section))
    }

    /// The RFCs and sections that the clause cites, in its order.
    pub fn cites(&self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        let digits = |text: &'static str, more: &[u8]| -> &'static str {
            let len = text.bytes().take_while(|b| b.is_ascii_digit() || more.contains(b)).count();
            text[..len].trim_end_matches('.')
        };
        self.words().clause.split("RFC ").skip(1).flat_map(move |rest| {
            let rfc = digits(rest, b"");
            let cited = rest.split(';').next().unwrap_or(rest);
            let mut sections: Vec<_> =
                cited.split('§').skip(1).map(|s| Some(digits(s, b"."))).collect();
            if sections.is_empty() {
                sections.push(None);
            }
            sections.into_iter().map(move |section| (rfc, section))
        })
    }
}

/// Whether a text is written as the code of a rule, in any case: `STS-POL-051`. Whether there is such a rule, the registry
/// knows.
pub fn could_be_code(text: &str) -> bool {
    let Some((area, number)) = text.trim().rsplit_once('-') else { return false };
    let begins =
        |start: &str| area.get(..start.len()).is_some_and(|area| area.eq_ignore_ascii_case(start));
    number.len() == 3
        && number.bytes().all(|b| b.is_ascii_digit())
        && area.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
        && ["STS-", "RPT-", "LIVE", "INPUT"].into_iter().any(begins)
}

/// Address of a section of an RFC, or of the RFC.
pub fn rfc_url(rfc: &str, section: Option<&str>) -> String {
    match section {
        Some(section) => format!("https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section}"),
        None => format!("https://www.rfc-editor.org/rfc/rfc{rfc}"),
    }
}
