//! The lists of all rules.

use crate::rule::Rule;
use crate::{carve, live, policy, record, report, strange};

/// All rules, those about the same thing together.
pub fn topics() -> impl Iterator<Item = &'static [&'static Rule]> {
    let pasted: &[&[&Rule]] = &[strange::RULES, carve::RULES];
    [pasted, live::RULES, policy::RULES, record::RULES, report::RULES]
        .into_iter()
        .flatten()
        .copied()
}

fn by_topic() -> Vec<&'static Rule> {
    let mut rules = Vec::new();
    topics().for_each(|topic| rules.extend_from_slice(topic));
    rules
}

/// All rules, sorted by code.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let mut rules = by_topic();
    rules.sort_unstable_by_key(|rule| rule.code);
    rules.into_iter()
}

/// The rule with this code, in any case of letters.
pub fn find(code: &str) -> Option<&'static Rule> {
    by_topic().into_iter().find(|rule| rule.code.eq_ignore_ascii_case(code.trim()))
}
