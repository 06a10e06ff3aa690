//! The policies that senders saw, beside another one, in words.

use super::{name, period};
use crate::host::Match;
use crate::report::aggregate::{Comparison, Sighting};
use crate::text::visible;
use crate::render::words::count;

/// Who saw a copy of the policy, and when.
pub fn seen_by(copy: &Sighting) -> String {
    let reports = count(copy.reports, "report", "reports");
    format!("{}{}, {reports}", name(copy.sender), period(copy.first, copy.last))
}

/// How a copy differs from the given policy.
pub fn difference(copy: &Sighting) -> &'static str {
    match (copy.same, copy.missing.is_empty() && copy.other.is_empty()) {
        (_, true) => "The same lines.",
        (true, false) => "Other lines that mean the same.",
        (false, _) => "Another policy: a copy of an earlier one, or one that this is to replace.",
    }
}

/// What a comparison comes to, in a sentence.
pub fn compared(comparison: &Comparison) -> String {
    let stale = comparison.copies.iter().filter(|copy| !copy.same).count() as u64;
    match (comparison.copies.is_empty(), stale) {
        (true, _) => "No report shows a policy of this domain: some reporters leave it out.".into(),
        (false, 0) => "Every sender that shows the policy saw this one.".into(),
        (false, _) => format!(
            "{} of another policy. A sender keeps a policy for its max_age, and looks for a new one when the id in DNS changes.",
            count(stale, "copy is", "copies are")
        ),
    }
}

/// A pattern that covers a mail server only in part.
pub fn short((pattern, host, how): &(String, &str, Match)) -> String {
    let (pattern, host) = (visible(pattern), visible(host));
    let why = match how {
        Match::TooDeep => "has more labels than `*.` stands for, which is one",
        _ => "has no label where `*.` stands for one",
    };
    format!("`{pattern}` does not cover `{host}`: the name {why}.")
}
