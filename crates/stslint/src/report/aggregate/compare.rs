//! The policy that senders saw, beside another one.

use super::facts::one_line;
use super::{Aggregate, Day, Filter, Kind, Look, Seen};
use crate::host::{Match, matches};
use crate::policy::{self, Values};
use std::collections::BTreeSet;

/// What senders saw of a domain's policy, against one that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// Each copy that a sender saw, the newest first.
    pub copies: Vec<Sighting<'a>>,
    /// Patterns of the given policy with mail servers that senders met and they cover only in part: `*.` stands for one
    /// label exactly (RFC 8461 §4.1).
    pub short: Vec<(String, &'a str, Match)>,
}

/// A copy of the policy as a sender saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting<'a> {
    /// Who saw it.
    pub sender: Option<&'a str>,
    /// The first day.
    pub first: Option<Day>,
    /// The last day.
    pub last: Option<Day>,
    /// In how many reports.
    pub reports: u64,
    /// Its lines, sorted.
    pub lines: Vec<&'a str>,
    /// Whether senders read from it what they read from the given policy. Some reporters write the policy anew and drop
    /// lines that mean nothing to them.
    pub same: bool,
    /// Lines of the given policy that it has not.
    pub missing: Vec<String>,
    /// Lines that the given policy has not.
    pub other: Vec<&'a str>,
}

impl Sighting<'_> {
    /// The copy as a text, to open in an editor: the order of its lines is ours.
    pub fn text(&self) -> String {
        const ORDER: [&str; 4] = ["version:", "mode:", "mx:", "max_age:"];
        let rank = |line: &&str| ORDER.iter().position(|name| line.starts_with(name)).unwrap_or(4);
        let mut lines = self.lines.clone();
        lines.sort_by_key(rank);
        lines.into_iter().flat_map(|line| [line, "\r\n"]).collect()
    }
}

impl Aggregate {
    /// Puts the policy of `domain` that is published now, or is to be, beside those that senders saw. Both are compared as
    /// sets of lines.
    pub fn compare(&self, domain: &str, policy: &str) -> Comparison<'_> {
        let look = Look::new([Comparison::filter(domain)]).done(self);
        self.seen(&look).compare(domain, policy)
    }
}

impl Comparison<'_> {
    /// What a look has to have to compare policies of a domain.
    pub fn filter(domain: &str) -> Filter {
        Filter { domain: Some(domain.into()), kind: Some(Kind::Sts), ..Filter::default() }
    }
}

impl<'a> Seen<'a, '_> {
    /// The same as [`Aggregate::compare`]; quick if the look has [`Comparison::filter`].
    pub fn compare(&self, domain: &str, policy: &str) -> Comparison<'a> {
        let given: BTreeSet<String> =
            policy.lines().map(one_line).filter(|line| !line.is_empty()).collect();
        let values = policy::values(policy);
        let mut totals = self.totals(&Comparison::filter(domain));
        let Some(domain) = totals.domains.pop() else { return Comparison::default() };
        let copy = |seen: &super::PolicySeen<'a>| {
            let lines: Vec<&str> = seen.lines.lines().collect();
            let missing = given.iter().filter(|line| !lines.contains(&&***line));
            Sighting {
                sender: seen.sender,
                first: seen.first,
                last: seen.last,
                reports: seen.reports,
                same: alike(&values, &policy::values(seen.lines)),
                missing: missing.cloned().collect(),
                other: lines.iter().copied().filter(|line| !given.contains(*line)).collect(),
                lines,
            }
        };
        let mut copies: Vec<Sighting> = domain.policies.iter().map(copy).collect();
        copies.sort_by_key(|copy| std::cmp::Reverse(copy.last));
        let hosts: BTreeSet<&str> =
            domain.failures.iter().filter_map(|failure| failure.mx).collect();
        let covered =
            |host: &&&str| values.mx.iter().any(|pattern| matches(pattern, host).covers());
        let short = hosts.iter().filter(|host| !covered(host)).flat_map(|host| {
            let against =
                values.mx.iter().map(|pattern| (pattern.clone(), *host, matches(pattern, host)));
            against.filter(|(_, _, how)| matches!(how, Match::TooDeep | Match::TooShallow))
        });
        Comparison { copies, short: short.collect() }
    }
}

/// Whether two policies mean the same for mail.
fn alike(one: &Values, other: &Values) -> bool {
    let hosts = |values: &Values| values.mx.iter().cloned().collect::<BTreeSet<_>>();
    (one.mode, one.max_age) == (other.mode, other.max_age) && hosts(one) == hosts(other)
}
