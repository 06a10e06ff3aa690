//! What is true of a domain now: facts from DNS, HTTPS and SMTP, and what they come to.
//!
//! Facts are three-valued, and a rule fires on known facts only. [`facts`] is what was looked up,
//! [`check`] says which
//! look-ups it takes to get there, [`judge`] tells what it comes to, [`read`] reads facts from JSON. Feature `live`; what a pasted
//! HTTP response needs is there without it.

mod certificate;
pub mod check;
pub mod facts;
mod json;
mod lookup;
pub mod paste;
mod picture;
mod places;
mod rules;
mod story;
mod write;

pub use json::{Problem, read};
pub use lookup::{Compared, compare};
pub use picture::{Part, Standing};
pub use rules::{About, Found, RULES};
pub use story::{Chapter, Coverage, Dane, Row, State, Step, Story, judge};
pub use write::write;

/// Lints facts in JSON: what they come to, and the records and the policy in them.
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
