//! The rules of records, one file per topic, and the order in which they run.
//!
//! Both records have the same grammar and share most rules: a [`Pair`] declares one rule for each
//! of them, under the same number.

/// Declares a rule for both records. A text in brackets differs: first `_mta-sts`, then
/// `_smtp._tls`.
macro_rules! pair {
    (
        number: $number:literal,
        name: $name:literal,
        severity: $severity:tt,
        breaks_grammar: $grammar:literal,
        fix: $fix:expr,
        message: $message:tt,
        why: $why:tt,
        effect: $effect:tt,
        help: $help:tt,
        clause: $clause:tt,
        fails: $fails:tt,
        passes: $passes:tt,
    ) => {
        Pair {
            sts: pair!(@rule 0 "STS-TXT-", $number, $name, $severity, $grammar, $fix,
                $message, $why, $effect, $help, $clause, $fails, $passes),
            rpt: pair!(@rule 1 "RPT-TXT-", $number, $name, $severity, $grammar, $fix,
                $message, $why, $effect, $help, $clause, $fails, $passes),
        }
    };
    (
        @rule $side:tt $family:literal, $number:literal, $name:literal, $severity:tt,
        $grammar:literal, $fix:expr, $message:tt, $why:tt, $effect:tt, $help:tt,
        $clause:tt, $fails:tt, $passes:tt
    ) => {
        Rule {
            code: concat!($family, $number),
            name: $name,
            severity: pair!(@pick $side $severity),
            breaks_grammar: $grammar,
            fix: $fix,
            message: pair!(@pick $side $message),
            words: $crate::rule::words($crate::rule::Words {
                why: pair!(@pick $side $why),
                effect: pair!(@pick $side $effect),
                help: pair!(@pick $side $help),
                clause: pair!(@pick $side $clause),
                fails: pair!(@pick $side $fails),
                passes: pair!(@pick $side $passes),
            }),
        }
    };
    (@pick 0 [$sts:expr, $rpt:expr $(,)?]) => { $sts };
    (@pick 1 [$sts:expr, $rpt:expr $(,)?]) => { $rpt };
    (@pick $side:tt $both:expr) => { $both };
}

pub(super) mod cut;
pub(super) mod data;
mod fields;
mod id;
mod publication;
mod rua;
mod uri;
mod version;

pub(crate) use cut::CUT;
pub(crate) use id::is_id;
pub(super) use publication::tells_of_several;

use super::Values;
use super::family::Family;
use super::owner;
use super::sets::Set;
use super::value::is_policy;
use super::view::{Record, View};
use crate::Input;
use crate::Kind;
use crate::finding::Finding;
use crate::rule::{Example, Rule};
use crate::text::{Span, WSP};

/// All rules of records, by topic.
pub const RULES: &[&[&Rule]] = &[
    publication::RULES,
    data::RULES,
    version::RULES,
    fields::RULES,
    id::RULES,
    rua::RULES,
    uri::RULES,
];

/// So many fields of a record are looked at: no record has room for more (RFC 1035 §3.2.1: 16
/// bits for its length).
const MOST_FIELDS: usize = 32_768;

/// A rule that both records have, each with its own words and clause.
pub(super) struct Pair {
    pub(super) sts: Rule,
    pub(super) rpt: Rule,
}

impl Pair {
    /// The rule of one record.
    fn of(&'static self, family: Family) -> &'static Rule {
        match family {
            Family::Rpt => &self.rpt,
            Family::Sts => &self.sts,
        }
    }
}

/// The names of all sets of an input.
pub(super) struct Names<'s> {
    /// Sorted.
    all: Vec<&'s str>,
    /// Whether several domains are told in the place of names, as in a table that has a row for each.
    are_domains: bool,
}

impl<'s> Names<'s> {
    /// The names of these sets.
    pub(super) fn of(sets: &'s [Set]) -> Self {
        let mut all: Vec<&str> = sets.iter().filter_map(|set| set.name.as_deref()).collect();
        all.sort_unstable();
        let mut domains = all.iter().copied().filter(|name| owner::is_plain_domain(name));
        let first = domains.next();
        let are_domains = domains.next_back().is_some_and(|last| Some(last) != first);
        Self { all, are_domains }
    }

    /// Whether this name is among them.
    pub(super) fn have(&self, name: &str) -> bool {
        let key = owner::key(name);
        self.all.binary_search(&key.as_str()).is_ok()
    }
}

/// Runs all rules on the records at one name.
pub(super) fn check(set: &Set, input: &Input, names: &Names) -> (Vec<Finding>, Values) {
    let mut findings = Vec::new();
    publication::check(set, input.domain, names, &mut findings);
    let values = match publication::choose(set, &mut findings) {
        Some(chosen) => {
            if !is_policy(&chosen.text.text) {
                publication::strings(chosen, set.family, &mut findings);
            }
            record(chosen, set.family, input, &mut findings)
        }
        None => Values::default(),
    };
    (findings, values)
}

/// Runs the rules on the data of the record that senders use. `input` has what fixes may propose.
pub(super) fn record(
    record: &Record,
    family: Family,
    input: &Input,
    findings: &mut Vec<Finding>,
) -> Values {
    let mut values = Values::default();
    let mut view = View::new(record);
    Finding::leave_out(findings);
    if is_policy(view.text()) {
        version::policy(&view, family, findings);
        return values;
    }
    let from = findings.len();
    if let Some(start) = data::check(&mut view, family, input.to_ascii, findings)
        && let Some(version) = version::check(&view, start, family, findings)
    {
        values.version = version.exact.then_some(family.version());
        fields::check(&view, &version, input.fresh_id, &mut values, findings);
    }
    if view.is_repaired() || view.text().contains('\\') {
        // What comes later was found in a text that isn't there yet, or its repair could leave
        // a backslash in front of a semicolon.
        for finding in findings[from..].iter_mut().filter(|f| !data::repairs(f.rule)) {
            finding.fix = None;
        }
    }
    values
}

/// Adds a finding at a piece of the data.
fn found<'f>(
    findings: &'f mut Vec<Finding>,
    rule: &'static Rule,
    view: &View,
    piece: Span,
) -> &'f mut Finding {
    Finding::add(findings, rule, view.place(piece))
}

/// An example of the `_mta-sts` record.
const fn sts(text: &'static str) -> Example {
    Example::new(Kind::StsTxt, text)
}

/// An example of the `_smtp._tls` record.
const fn rpt(text: &'static str) -> Example {
    Example::new(Kind::RptTxt, text)
}

/// An example of the `_mta-sts` record as decoded data.
const fn sts_data(text: &'static str) -> Example {
    Example::data(Kind::StsTxt, text)
}

/// An example of the `_smtp._tls` record as decoded data.
const fn rpt_data(text: &'static str) -> Example {
    Example::data(Kind::RptTxt, text)
}
