//! What is true of a domain now: facts from DNS, HTTPS and SMTP, and what they come to.
//!
//! Facts are three-valued, and a rule fires on known facts only. [`facts`] is what was looked up,
//! [`check`] says which look-ups it takes to get there, [`judge`] tells what it comes to, [`read`]
//! reads facts from JSON. Words for all that are in [`render::live`](crate::render::live), facts
//! as JSON in `render::facts`.

use crate::finding::Finding;
use crate::input::Input;
use std::borrow::Cow;

mod assessment;
mod certificate;
pub mod check;
mod deployment;
mod evidence;
pub mod facts;
mod json;
mod lookup;
pub mod paste;
mod places;
mod published;
mod rules;
mod setting;
mod standing;

pub use assessment::{
    Assessment, Coverage, Dane, MxHost, NotKnown, NotReached, State, Step, StepResult, judge,
};
pub use deployment::{Part, PartValues, RecordStatus, snapshot};
pub use evidence::Evidence;
pub use json::{Problem, read};
pub use published::Publishing;
pub use rules::{About, Found, RULES};
pub(crate) use rules::{HTTPS_CERT_EXPIRED, HTTPS_CERT_UNTRUSTED, MX_NOT_COVERED_TESTING};
pub use setting::{NoSetting, setting};
pub use standing::{Standing, unanswered};

/// Facts in JSON, linted.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// What they come to; none where the text is no facts.
    pub assessment: Option<Assessment>,
    /// The findings about what was looked up, at their places in the text and in its order.
    pub findings: Vec<Finding>,
    /// The records and the policy that stand in the text as they are, their findings at their
    /// places in it.
    pub parts: Vec<Part>,
}

/// Lints facts in JSON: what they come to, and the records and the policy in them.
pub fn lint(input: &Input) -> Linted {
    let text = String::from_utf8_lossy(input.source);
    let read = json::read_with_places(&text).ok();
    // Places in a text that had to be repaired would not be those of the input.
    let Some((facts, places)) = read.filter(|_| matches!(text, Cow::Borrowed(_))) else {
        return Linted::default();
    };
    let assessment = judge(&facts);
    let findings = places.put(&assessment.found);
    let parts =
        assessment.parts.iter().filter_map(|part| places.part(part, &facts, &text)).collect();
    Linted { assessment: Some(assessment), findings, parts }
}
