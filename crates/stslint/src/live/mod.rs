//! What is true of a domain now: facts from DNS, HTTPS and SMTP, and what they come to.
//!
//! Facts are three-valued, and a rule fires on known facts only. [`facts`] is what was looked up,
//! [`check`] says which
//! look-ups it takes to get there, [`judge`] tells what it comes to, [`read`] reads facts from JSON. Feature `live`; what a pasted
//! HTTP response needs is there without it.

pub mod http;

#[cfg(feature = "live")]
mod certificate;
#[cfg(feature = "live")]
pub mod check;
#[cfg(feature = "live")]
pub mod facts;
#[cfg(feature = "live")]
mod json;
#[cfg(feature = "live")]
mod lookup;
#[cfg(feature = "live")]
pub mod paste;
#[cfg(feature = "live")]
mod picture;
#[cfg(feature = "live")]
mod places;
#[cfg(feature = "live")]
mod rules;
#[cfg(feature = "live")]
mod story;
#[cfg(feature = "live")]
mod write;

#[cfg(feature = "live")]
pub use json::{Problem, read};
#[cfg(feature = "live")]
pub use lookup::{Compared, compare};
#[cfg(feature = "live")]
pub use picture::{Part, Standing};
#[cfg(feature = "live")]
pub use rules::{About, Found, RULES};
#[cfg(feature = "live")]
pub use story::{Chapter, Coverage, Dane, Row, State, Step, Story, judge};
#[cfg(feature = "live")]
pub use write::write;

#[cfg(not(feature = "live"))]
use crate::rules::Rule;

/// All rules about live facts that can be raised without looking anything up.
#[cfg(not(feature = "live"))]
pub const RULES: &[&[&Rule]] = &[http::RULES];

/// Lints facts in JSON: what they come to, and the records and the policy in them.
#[cfg(feature = "live")]
pub(crate) fn lint(input: &crate::Input) -> Vec<crate::Artefact> {
    use crate::{Artefact, Kind, Parsed};
    let text = String::from_utf8_lossy(input.source);
    let read = json::read_with_places(&text).ok();
    // Places in a text that had to be repaired would not be those of the input.
    let Some((facts, places)) = read.filter(|_| matches!(text, std::borrow::Cow::Borrowed(_)))
    else {
        return vec![Artefact { kind: Kind::Live, parsed: Parsed::None, findings: Vec::new() }];
    };
    let story = judge(&facts);
    let findings = places.put(&story.found);
    let parts: Vec<Artefact> =
        story.parts.iter().filter_map(|part| places.part(part, &facts, &text)).collect();
    let parsed = Parsed::Live(Box::new(story));
    let mut artefacts = vec![Artefact { kind: Kind::Live, parsed, findings }];
    artefacts.extend(parts);
    artefacts
}
