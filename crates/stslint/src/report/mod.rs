//! TLS reports (RFC 8460 §4): JSON with spans, linted member by member.

mod address;
pub mod aggregate;
mod content;
mod effect;
mod names;
pub mod newest;
pub mod readiness;
mod rules;
mod seen;
mod table;

pub use crate::result_type::ResultType;
pub use content::{Content, Failure, Moment, PolicyResult, PolicyType, content};
pub use effect::{Effect, effect};
pub use rules::RULES;
pub(crate) use seen::{is_made_of_reports, is_part, is_whole, likeness, object, two};
pub use table::{Cause, Row, table};

use crate::finding::Finding;
use crate::input::{GZIP, Input};
use crate::json::{self, Data, Value};
use crate::policy::Mode;
use crate::text::{Mapped, Span};
use crate::time::{self, Time};
use rules::Checked;
use std::borrow::Cow;

/// What a report says, as far as it is valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// Who reports.
    pub organization: Option<String>,
    /// Sessions that kept to the policy, over all policies that have a count. None where sessions are told of under
    /// several kinds of policies: reporters may tell of one session under each, so there is no sum.
    pub success: Option<u64>,
    /// Sessions that failed, likewise.
    pub failure: Option<u64>,
    /// The same for each kind of policy, in the order of the text.
    pub kinds: Vec<Sessions>,
    /// What the failures meant for mail, each once.
    pub effects: Vec<Effect>,
    /// Whether sessions may have failed in a number that cannot be read.
    pub unread: bool,
}

/// Sessions under policies of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sessions {
    /// The kind; none where the report gives none that is known.
    pub policy_type: Option<PolicyType>,
    /// Sessions that kept to the policy.
    pub success: Option<u64>,
    /// Sessions that failed.
    pub failure: Option<u64>,
    /// Whether a policy promised something: one was found, and it was not in mode none (RFC 8461 §5).
    pub promised: bool,
}

impl Sessions {
    /// How many there were.
    pub fn all(&self) -> u64 {
        self.success.unwrap_or(0).saturating_add(self.failure.unwrap_or(0))
    }
}

impl Values {
    /// Adds what a report says of one policy in some mode, and gives what its failures meant. `details` are what failed,
    /// where that is known, and in how many sessions.
    fn add(
        &mut self,
        policy_type: Option<PolicyType>,
        mode: Option<Mode>,
        (success, total): (Option<u64>, Option<u64>),
        details: &[(Option<ResultType>, Option<u64>)],
    ) -> Vec<Effect> {
        let failure = believed(total, sum(details.iter().map(|(_, count)| *count)));
        let failed = || details.iter().filter(|(_, count)| *count != Some(0));
        let results: Vec<_> = failed().map(|(result, _)| *result).collect();
        let effects = effect::effects(policy_type, mode, failure, &results);
        self.unread |= failure.is_none() || failure == Some(0) && !results.is_empty();
        self.effects.extend(&effects);
        self.effects.sort_unstable();
        self.effects.dedup();
        if success.is_none() && failure.is_none() {
            return effects;
        }
        let at = self.kinds.iter().position(|kind| kind.policy_type == policy_type);
        let at = at.unwrap_or_else(|| {
            let none = Sessions { policy_type, success: None, failure: None, promised: false };
            self.kinds.push(none);
            self.kinds.len() - 1
        });
        let kind = &mut self.kinds[at];
        add(&mut kind.success, success);
        add(&mut kind.failure, failure);
        kind.promised |= policy_type != Some(PolicyType::NoPolicyFound) && mode != Some(Mode::None);
        (self.success, self.failure) = (None, None);
        if self.kinds.iter().filter(|kind| kind.all() > 0).count() <= 1 {
            for kind in &self.kinds {
                add(&mut self.success, kind.success);
                add(&mut self.failure, kind.failure);
            }
        }
        effects
    }
}

/// How many sessions failed: the total, or what the details come to where it says nothing or that none failed.
fn believed(total: Option<u64>, explained: u64) -> Option<u64> {
    total.filter(|total| *total > 0 || explained == 0).or((explained > 0).then_some(explained))
}

/// The sum of numbers of sessions, as far as they can be read.
fn sum(counts: impl Iterator<Item = Option<u64>>) -> u64 {
    counts.fold(0, |sum, count| sum.saturating_add(count.unwrap_or(0)))
}

/// Lints a report: what it says, as far as it could be read, and what the rules say.
pub fn lint(input: &Input) -> (Option<Values>, Vec<Finding>) {
    let Checked { findings, values, .. } = rules::check(input);
    // What is still compressed has not been read, so there is no verdict about it.
    let packed = input.source.starts_with(&GZIP);
    ((!packed).then_some(values), findings)
}

/// What a report says, as [`content`] has it, and what the rules say, as [`lint`] has it, in one reading: of thousands of
/// reports that is most of the work. None for what is no JSON object.
pub fn read<'a>(input: &Input<'a>) -> Option<(Content<'a>, Vec<Finding>)> {
    let Checked { findings, object, .. } = rules::check(input);
    let (root, start) = object?;
    Some((Content::of(&root, start), findings))
}

/// A number of sessions as a report gives it (RFC 8460 §4.4: a JSON number).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// Absent, negative, fractional or of another type.
    Invalid,
    /// A number.
    Number(u64),
    /// Digits in a string.
    Text(u64),
}

impl Count {
    fn of(value: Option<&Value>) -> Self {
        match value.map(|value| &value.data) {
            Some(Data::Number(spelling)) => whole(spelling).map_or(Self::Invalid, Self::Number),
            Some(Data::String(text)) => {
                let digits = text.raw;
                let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                let number = all_digits.then(|| digits.parse().ok()).flatten();
                number.map_or(Self::Invalid, Self::Text)
            }
            _ => Self::Invalid,
        }
    }

    /// The number, where one can be read.
    fn number(self) -> Option<u64> {
        match self {
            Self::Invalid => None,
            Self::Number(number) | Self::Text(number) => Some(number),
        }
    }
}

/// The sum of what is known.
fn add(total: &mut Option<u64>, more: Option<u64>) {
    if let Some(more) = more {
        *total = Some(total.unwrap_or(0).saturating_add(more));
    }
}

/// A JSON number that is whole and not negative, whatever its spelling.
fn whole(spelling: &str) -> Option<u64> {
    if let Ok(number) = spelling.parse() {
        return Some(number);
    }
    let number: f64 = spelling.parse().ok()?;
    // Beyond 2^53 a double no longer holds every whole number (RFC 7493 §2.2).
    let exact = (0.0..=9_007_199_254_740_992.0).contains(&number) && number % 1.0 == 0.0;
    exact.then_some(number as u64)
}

/// The text of a string member; none when it is absent or something else.
fn text_of<'a>(value: Option<&Value<'a>>) -> Option<Cow<'a, str>> {
    Some(value?.as_text()?.text())
}

/// Whether a text says nothing.
fn is_blank(text: &str) -> bool {
    let starts_visibly = text.bytes().next().is_some_and(|byte| byte.is_ascii_graphic());
    !starts_visibly && text.trim().is_empty()
}

/// The place just before the end of an object, where a missing member would stand.
fn inside(object: &Value) -> Span {
    Span::at(object.span.end.saturating_sub(1).max(object.span.start))
}

/// So many lines of a reported policy are looked at.
const MOST_LINES: usize = 100_000;

/// The lines of a `policy-string`, joined as the policy that a sender saw; none unless it is a list
/// of strings (RFC 8460 §4.4).
fn policy_text(lines: &Value) -> Option<Mapped<'static>> {
    let Data::Array(lines) = &lines.data else { return None };
    let mut made = Mapped::empty();
    for line in lines.iter().take(MOST_LINES) {
        let line = line.as_text()?;
        line.push_to(&mut made);
        // Who splits a policy at its LFs leaves the CRs, and who splits it behind its line ends leaves them all.
        let end = match line.text().as_bytes() {
            [.., b'\n'] => "",
            [.., b'\r'] => "\n",
            _ => "\r\n",
        };
        made.push_for(end, Span::at(line.span.end));
    }
    Some(made)
}

/// The TLSA records in an element of `policy-string`: Microsoft writes the whole list as JSON into one string, others
/// put `;` between records.
fn tlsa_records(text: &str) -> Vec<Cow<'_, str>> {
    let text = text.trim();
    if text.starts_with('[')
        && let (list, problems) = json::read(text)
        && problems.is_empty()
    {
        return list.elements().iter().filter_map(|record| text_of(Some(record))).collect();
    }
    let records = text.split(';').map(str::trim).filter(|record| !record.is_empty());
    records.map(Cow::Borrowed).collect()
}

/// A point in time. Some reporters write a space in the place of the `T`, as people do (RFC 3339 §5.6).
fn instant(text: &str) -> Option<Time> {
    let spaced = || text.get(10..).is_some_and(|rest| rest.starts_with(' '));
    time::parse(text)
        .or_else(|| spaced().then(|| time::parse(&text.replacen(' ', "T", 1))).flatten())
}

/// The failures of an element of `policies`. An empty object is how Lua and PHP write an empty list.
fn details<'v, 'a>(element: &'v Value<'a>) -> &'v [Value<'a>] {
    match element.get("failure-details") {
        None => &[],
        Some(Value { data: Data::Object(members), .. }) if members.is_empty() => &[],
        Some(value) => elements(value),
    }
}

/// The elements of a list, or the value itself where a list was left out.
fn elements<'v, 'a>(value: &'v Value<'a>) -> &'v [Value<'a>] {
    match &value.data {
        Data::Array(elements) => elements,
        Data::Object(_) => std::slice::from_ref(value),
        _ => &[],
    }
}
