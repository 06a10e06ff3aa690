//! The rules about what was looked up, one file per topic, and the order in which they run.

/// Facts with these members, for examples.
macro_rules! facts {
    ($($member:literal),* $(,)?) => {
        $crate::rule::Example::new(
            $crate::Kind::Live,
            concat!("{\n  \"domain\": \"example.com\"", $(",\n  ", $member,)* "\n}\n"),
        )
    };
}

/// Facts of a domain where all is well, with one more, for examples.
macro_rules! good {
    ($($member:literal),* $(,)?) => {
        facts!(
            r#""sts_txt": "ok""#,
            r#""policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 }"#,
            r#""tlsrpt": "ok""#,
            r#""mx": [[10, "mail.example.com"]]"#,
            $($member,)*
        )
    };
}

pub(super) mod dane;
mod discovery;
mod history;
mod https;
pub(super) mod mx;
mod policy_host;
mod signatures;
mod smtp;

pub(crate) use https::{HTTPS_CERT_EXPIRED, HTTPS_CERT_UNTRUSTED};
pub(crate) use mx::MX_NOT_COVERED_TESTING;

use super::deployment::Deployment;
use crate::finding::{Arg, Finding};
use crate::http;
use crate::rule::Rule;
use crate::text::Span;
use crate::text::push_visible;

/// All rules about live facts, by topic.
pub const RULES: &[&[&Rule]] = &[
    discovery::RULES,
    discovery::MORE_RULES,
    policy_host::RULES,
    https::RULES,
    http::RULES,
    mx::RULES,
    mx::MORE_RULES,
    smtp::RULES,
    dane::RULES,
    signatures::RULES,
    history::RULES,
];

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The TXT record at `_mta-sts`.
    Sts,
    /// The domain above.
    Parent,
    /// The addresses of the policy host.
    PolicyHost,
    /// The answer of the policy host.
    Fetch,
    /// The policy as a whole.
    Policy,
    /// One mx pattern of the policy.
    Pattern(String),
    /// The MX records.
    Mx,
    /// One MX host.
    Host(String),
    /// DANE of all MX hosts together.
    Dane,
    /// The TLSA records of one MX host.
    Tlsa(String),
    /// The SMTP service of one MX host.
    Smtp(String),
    /// The TXT record at `_smtp._tls`.
    Tlsrpt,
    /// The comparison with an earlier state.
    History,
}

/// A finding of a live check.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The finding. Its message needs no source; its span is a place in facts that were read from
    /// a text, and means nothing otherwise.
    pub finding: Finding,
    /// What it is about.
    pub about: About,
    /// A line to publish, where one can be proposed: a record, an `mx:` line.
    pub publish: Option<String>,
    /// See [`Found::at`].
    pub(super) members: &'static [&'static str],
}

impl Found {
    /// Names something that was looked up in the message.
    pub(super) fn name(&mut self, text: &str) -> &mut Self {
        self.finding.text(shown(text));
        self
    }

    /// Puts words of ours into the message.
    pub(super) fn words(&mut self, text: impl Into<std::borrow::Cow<'static, str>>) -> &mut Self {
        self.finding.text(text);
        self
    }

    /// Names a number in the message.
    pub(super) fn number(&mut self, number: u64) -> &mut Self {
        self.finding.arg(Arg::Number(number));
        self
    }

    /// Points at a member of what it is about, in facts that were read from a text: the first of these
    /// that is there, as a path; from the root of all facts where it begins with `/`.
    pub(super) fn at(&mut self, members: &'static [&'static str]) -> &mut Self {
        self.members = members;
        self
    }

    /// Proposes a line to publish.
    pub(super) fn publish(&mut self, line: String) -> &mut Self {
        self.publish = Some(line);
        self
    }
}

/// The findings so far.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) found: Vec<Found>,
}

impl Notes {
    /// Adds a finding and gives it back to be completed.
    pub(super) fn add(&mut self, rule: &'static Rule, about: About) -> &mut Found {
        let finding = Finding::new(rule, Span::at(0));
        self.found.push(Found { finding, about, publish: None, members: &[] });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }
}

/// Longest text from outside that a message names, in characters.
const SHOWN: usize = 60;

/// A text from outside as a message shows it: not too long, with nothing invisible in it.
pub(super) fn shown(text: &str) -> String {
    if text.is_empty() {
        return "(empty)".into();
    }
    let mut out = String::new();
    text.chars().take(SHOWN).for_each(|c| push_visible(c, &mut out));
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

/// Runs all rules, in the order in which a sender acts.
pub(super) fn check(deployment: &Deployment) -> Vec<Found> {
    let mut notes = Notes::default();
    discovery::check(deployment, &mut notes);
    policy_host::check(deployment, &mut notes);
    https::check(deployment, &mut notes);
    mx::check(deployment, &mut notes);
    smtp::check(deployment, &mut notes);
    dane::check(deployment, &mut notes);
    signatures::check(deployment, &mut notes);
    history::check(deployment, &mut notes);
    notes.found
}
