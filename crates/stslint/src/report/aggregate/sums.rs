//! How totals are made: one pass over the reports. Names are compared as numbers of the pool, which are the same where the names are.

use super::facts::{Detail, Facts, Policy};
use super::filter::cause;
use super::hosts::{Hosts, covers};
use super::names::Names;
use super::totals::{
    Address, DayTotals, DomainTotals, FailureTotals, Habit, KindTotals, ModeSeen, PolicySeen,
    Reason, Saw, SenderTotals, Sights, Totals,
};
use super::{Aggregate, Day, Filter, Key, Kind, facts, packed};
use crate::host;
use crate::policy::{self, Mode};
use crate::report::{Cause, ResultType, believed};
use std::borrow::Borrow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;

/// Kind of policy, cause, mail server, sender.
type FailureKey = (Kind, Option<u32>, Option<u32>, Option<u32>);

/// Kind of policy, mail host, lines, sender.
type PolicyKey = (Kind, Option<u32>, u32, Option<u32>);

/// A span of days.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    first: Option<Day>,
    last: Option<Day>,
}

impl Span {
    fn add(&mut self, day: Option<Day>) {
        self.first = self.first.into_iter().chain(day).min();
        self.last = self.last.max(day);
    }
}

#[derive(Default)]
struct Sender {
    reports: u64,
    days: BTreeSet<Day>,
    habits: BTreeMap<u32, u64>,
}

#[derive(Default)]
struct Sessions {
    success: u64,
    success_unread: u64,
    failure: u64,
    unread: u64,
    days: BTreeMap<Day, (u64, u64)>,
}

#[derive(Default)]
struct Failures {
    sessions: Option<u64>,
    reports: u64,
    last_report: u64,
    until: Option<Day>,
    days: BTreeMap<Day, u64>,
    modes: BTreeMap<Option<Mode>, Span>,
    /// Whether the policy covers the mail server, on which day. Of one day that it does not counts.
    covered: Option<(Option<Day>, Reverse<bool>)>,
    addresses: BTreeMap<u32, (u64, Span)>,
    servers: BTreeMap<u32, (u64, Span)>,
    reasons: BTreeMap<u32, u64>,
}

#[derive(Default)]
struct CopySeen {
    reports: u64,
    last_report: u64,
    days: Span,
}

#[derive(Default)]
struct Domain {
    reports: u64,
    untold: u64,
    failing: u64,
    days: Span,
    until: Option<Day>,
    covered: BTreeSet<Day>,
    kinds: BTreeMap<Kind, Sessions>,
    senders: BTreeMap<Option<u32>, Sender>,
    failures: BTreeMap<FailureKey, Failures>,
    policies: BTreeMap<PolicyKey, CopySeen>,
    sights: BTreeMap<Option<u32>, BTreeSet<(Day, Saw)>>,
}

/// How much of failures is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Told {
    /// All but addresses and reasons, which are most of what there is.
    InShort,
    /// Everything.
    #[default]
    Everything,
}

/// What passes one filter.
#[derive(Default)]
struct Sums {
    told: Told,
    reports: u64,
    duplicates: u64,
    policies_left_out: u64,
    untold: u64,
    bare: u64,
    days: Span,
    until: Option<Day>,
    domains: BTreeMap<Option<u32>, Domain>,
    senders: BTreeMap<Option<u32>, Sender>,
}

/// What texts of policies say, by their numbers: thousands of reports repeat one.
#[derive(Default)]
struct Read {
    modes: BTreeMap<u32, Option<Mode>>,
    /// The mx patterns of some of them.
    patterns: BTreeMap<u32, BTreeSet<String>>,
}

/// The patterns of so many texts are held.
const MOST_TEXTS: usize = 256;

impl Read {
    fn mode(&mut self, lines: u32, names: &Names) -> Option<Mode> {
        *self.modes.entry(lines).or_insert_with(|| facts::mode(names.text(lines)))
    }

    fn patterns(&mut self, lines: u32, names: &Names) -> &BTreeSet<String> {
        if self.patterns.len() >= MOST_TEXTS && !self.patterns.contains_key(&lines) {
            self.patterns.clear();
        }
        let read = || policy::values(names.text(lines)).mx.into_iter().collect();
        self.patterns.entry(lines).or_insert_with(read)
    }
}

/// Whether a mail server is told by its name, and not by its address.
fn is_name(mx: &str) -> bool {
    host::is_host_name(mx) && mx.parse::<IpAddr>().is_err()
}

/// Whether what failed may be due to the mx lines of the policy. The RFC has no type for that: senders use the general one, or that of
/// names, as the policy says which names are right (RFC 8460 §4.3.1).
fn is_of_names(cause: Option<&str>) -> bool {
    use ResultType::{CertificateHostMismatch, ValidationFailure};
    let known = cause.and_then(ResultType::from_word);
    matches!(known, Some(CertificateHostMismatch | ValidationFailure))
}

/// Totals under several filters in the making. It goes through the reports once, a part of them after the other, so that whoever
/// draws meanwhile is not held up. It is of one aggregate, which stays as it is.
#[derive(Default)]
pub struct Look {
    sums: Vec<(Filter, Sums)>,
    /// Whose mail hosts these are, which all reports tell together: they are gone through for that before.
    hosts: Hosts,
    read: Read,
    /// The report that is next.
    next: Option<Key>,
    is_done: bool,
}

impl Look {
    /// Of nothing yet.
    pub fn new(filters: impl IntoIterator<Item = Filter>) -> Self {
        filters
            .into_iter()
            .fold(Self::default(), |look, filter| look.with(filter, Told::Everything))
    }

    /// The same with another filter.
    pub(in crate::report) fn with(mut self, filter: Filter, told: Told) -> Self {
        match self.sums.iter_mut().find(|(known, _)| *known == filter) {
            Some((_, sums)) => sums.told = sums.told.max(told),
            None => self.sums.push((filter, Sums { told, ..Sums::default() })),
        }
        self
    }

    /// The same after all reports.
    pub fn done(mut self, aggregate: &Aggregate) -> Self {
        self.go_on(aggregate, usize::MAX);
        self
    }

    /// Whether it has been at all reports.
    pub const fn is_done(&self) -> bool {
        self.is_done
    }

    /// Goes on with so many reports. Gives whether those were the last.
    pub fn go_on(&mut self, aggregate: &Aggregate, reports: usize) -> bool {
        if self.is_done {
            return true;
        }
        let mut left = reports;
        if !self.hosts.is_known() {
            for (key, _, entry) in aggregate.counted_from(self.next) {
                if left == 0 {
                    self.next = Some(*key);
                    return false;
                }
                left -= 1;
                self.hosts.add(&entry.facts);
            }
            self.hosts.know(&aggregate.names);
            self.next = None;
        }
        for (key, copies, entry) in aggregate.counted_from(self.next) {
            if left == 0 {
                self.next = Some(*key);
                return false;
            }
            left -= 1;
            // Before anything is read of it.
            let mut wanted =
                self.sums.iter_mut().filter(|(filter, _)| filter.takes_day(key.day.0)).peekable();
            if wanted.peek().is_none() {
                continue;
            }
            let mut facts = entry.facts();
            self.hosts.put(&mut facts);
            for (filter, sums) in wanted {
                sums.add(&facts, copies, (filter, &aggregate.names), &mut self.read);
            }
        }
        self.is_done = true;
        true
    }
}

impl fmt::Debug for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filters: Vec<&Filter> = self.sums.iter().map(|(filter, _)| filter).collect();
        f.debug_struct("Look").field("filters", &filters).field("is_done", &self.is_done).finish()
    }
}

/// An aggregate with a look at it that is done: what is asked about its filters takes no further one.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a, 'l> {
    aggregate: &'a Aggregate,
    look: &'l Look,
}

impl<'a> Seen<'a, '_> {
    /// Totals of what passes a filter.
    pub fn totals(&self, filter: &Filter) -> Totals<'a> {
        self.told(filter, Told::Everything)
    }

    /// Domains in the totals of what passes a filter, in short.
    pub(in crate::report) fn in_short(&self, filter: &Filter) -> Vec<DomainTotals<'a>> {
        self.told(filter, Told::InShort).domains
    }

    fn told(&self, filter: &Filter, told: Told) -> Totals<'a> {
        let known =
            self.look.sums.iter().find(|(known, sums)| known == filter && sums.told >= told);
        match known.filter(|_| self.look.is_done) {
            Some((_, sums)) => sums.totals(self.aggregate, told),
            None => self.aggregate.totals(filter),
        }
    }
}

impl Aggregate {
    /// Totals of what passes a filter.
    pub fn totals(&self, filter: &Filter) -> Totals<'_> {
        let mut look = Look::new([filter.clone()]).done(self);
        look.sums.pop().map_or_else(Totals::default, |(_, sums)| sums.into_totals(self))
    }

    /// What a look at it saw.
    pub const fn seen<'a, 'l>(&'a self, look: &'l Look) -> Seen<'a, 'l> {
        Seen { aggregate: self, look }
    }

    /// The domains that reports are about; none where reports do not tell. Quicker than totals.
    pub fn domains(&self) -> BTreeSet<Option<&str>> {
        let hosts = Hosts::of(self);
        let mut domains = BTreeSet::new();
        for (_, _, entry) in self.counted() {
            let known = packed::clues(&entry.facts, &mut |policy| {
                let alone = policy.domain.filter(|_| policy.host.is_none());
                let whose = alone.and_then(|name| hosts.domain(policy.policy_type, name));
                domains.insert(whose.or(policy.domain));
            });
            debug_assert!(known.is_some(), "what was packed here can be unpacked");
        }
        domains.into_iter().map(|name| self.names.option(name)).collect()
    }
}

impl Sums {
    /// Adds a report, if it passes.
    fn add(
        &mut self,
        facts: &Facts<u32>,
        copies: u64,
        (filter, names): (&Filter, &Names),
        read: &mut Read,
    ) {
        if !filter.takes_days(facts.day, facts.last)
            || !filter.takes_sender(names.option(facts.sender))
        {
            return;
        }
        let mut of: BTreeSet<Option<u32>> = BTreeSet::new();
        let mut untold: BTreeSet<Option<u32>> = BTreeSet::new();
        let mut failing: BTreeSet<Option<u32>> = BTreeSet::new();
        for policy in &facts.policies {
            if !filter.takes_policy(names.option(policy.domain), policy.kind()) {
                continue;
            }
            let domain = self.domains.entry(policy.domain).or_default();
            if of.insert(policy.domain) {
                domain.reports += 1;
                domain.days.add(facts.day);
                domain.until = domain.until.max(facts.last.or(facts.day));
                domain.covered.extend(covered(facts, filter));
                domain.senders.entry(facts.sender).or_default().add(facts);
            }
            if policy.failure.is_none() && policy.details.is_empty() && untold.insert(policy.domain)
            {
                domain.untold += 1;
            }
            let fails = policy.failure != Some(0) || !policy.details.is_empty();
            domain.failing += u64::from(fails && failing.insert(policy.domain));
            let lines = policy.lines.filter(|_| policy.kind() == Kind::Sts);
            let mode = lines.and_then(|lines| read.mode(lines, names));
            domain.add(policy, facts, (filter, names, self.told), (self.reports + 1, mode), read);
        }
        // A report without policies is one of no domain, and passes where nobody asks for one.
        if of.is_empty() && (filter.domain.is_some() || filter.kind.is_some()) {
            return;
        }
        self.reports += 1;
        self.duplicates = self.duplicates.saturating_add(copies - 1);
        self.policies_left_out = self.policies_left_out.saturating_add(facts.cut);
        self.untold += u64::from(!untold.is_empty());
        self.bare += u64::from(facts.policies.is_empty());
        self.days.add(facts.day);
        self.until = self.until.max(facts.last.or(facts.day));
        self.senders.entry(facts.sender).or_default().add(facts);
    }

    fn totals<'a>(&self, aggregate: &'a Aggregate, told: Told) -> Totals<'a> {
        let domains = self.domains.iter().map(|(name, domain)| (*name, domain));
        self.totals_with(domains, aggregate, told)
    }

    /// The same for whom they are no longer wanted: what was told of a domain is given back at once.
    fn into_totals(mut self, aggregate: &Aggregate) -> Totals<'_> {
        let domains = std::mem::take(&mut self.domains);
        self.totals_with(domains, aggregate, self.told)
    }

    fn totals_with<'a>(
        &self,
        domains: impl IntoIterator<Item = (Option<u32>, impl Borrow<Domain>)>,
        aggregate: &'a Aggregate,
        told: Told,
    ) -> Totals<'a> {
        let names = &aggregate.names;
        let domains = by_name(domains, |name| names.option(name)).into_iter();
        let totals =
            |(name, domain): (_, _)| Borrow::<Domain>::borrow(&domain).totals(name, names, told);
        let mut domains: Vec<_> = domains.map(totals).collect();
        // Stable: what is equal stays in the order of the names.
        domains.sort_by_key(|domain| Reverse((!domain.failures.is_empty(), domain.reports)));
        Totals {
            reports: self.reports,
            duplicates: self.duplicates,
            left_out: aggregate.left_out,
            policies_left_out: self.policies_left_out,
            untold: self.untold,
            bare: self.bare,
            first: self.days.first,
            last: self.days.last,
            until: self.until,
            senders: sender_totals(&self.senders, names),
            domains,
        }
    }
}

/// The days from [`Filter::reach`] to [`Filter::until`] that a report is about: with both, there are no more than these.
fn covered(facts: &Facts<u32>, filter: &Filter) -> impl Iterator<Item = Day> {
    let days = || {
        let (first, last) = (facts.day?, facts.last.or(facts.day)?);
        Some(first.max(filter.reach?).0..=last.min(filter.until?).0)
    };
    days().into_iter().flatten().map(Day)
}

/// What numbers of names stand for, in the order of the names.
fn by_name<K, N: Ord, T>(
    of: impl IntoIterator<Item = (K, T)>,
    name: impl Fn(K) -> N,
) -> Vec<(N, T)> {
    let mut named: Vec<_> = of.into_iter().map(|(key, value)| (name(key), value)).collect();
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    named
}

impl Sender {
    fn add(&mut self, facts: &Facts<u32>) {
        self.reports += 1;
        self.days.extend(facts.day);
        facts.habits.iter().for_each(|code| *self.habits.entry(*code).or_default() += 1);
    }
}

fn sender_totals<'a>(
    senders: &BTreeMap<Option<u32>, Sender>,
    names: &'a Names,
) -> Vec<SenderTotals<'a>> {
    let habit = |(code, reports): (_, &u64)| Habit { code, reports: *reports };
    let habits = |of: &BTreeMap<u32, u64>| {
        by_name(of, |code| names.text(*code)).into_iter().map(habit).collect()
    };
    let totals = |(name, sender): (_, &Sender)| SenderTotals {
        name,
        reports: sender.reports,
        first: sender.days.first().copied(),
        last: sender.days.last().copied(),
        days: sender.days.len() as u64,
        habits: habits(&sender.habits),
    };
    let senders = by_name(senders, |name| names.option(*name));
    let mut senders: Vec<_> = senders.into_iter().map(totals).collect();
    senders.sort_by_key(|sender| Reverse(sender.reports));
    senders
}

impl Domain {
    /// Adds a policy in a mode, of the report with a number.
    fn add(
        &mut self,
        policy: &Policy<u32>,
        facts: &Facts<u32>,
        (filter, names, told): (&Filter, &Names, Told),
        (number, mode): (u64, Option<Mode>),
        read: &mut Read,
    ) {
        let kind = policy.kind();
        let explained = crate::report::sum(policy.details.iter().map(|detail| detail.sessions));
        let failed = believed(policy.failure, explained);
        let (success, failure) = (policy.success.unwrap_or(0), failed.unwrap_or(0));
        // That none failed is not known where a failure is told of without its number.
        let is_read = policy.failure.is_some() && (failure > 0 || policy.details.is_empty());
        let sessions = self.kinds.entry(kind).or_default();
        sessions.success = sessions.success.saturating_add(success);
        sessions.success_unread += u64::from(policy.success.is_none());
        sessions.failure = sessions.failure.saturating_add(failure);
        sessions.unread += u64::from(!is_read);
        if let Some(day) = facts.day {
            let day = sessions.days.entry(day).or_default();
            *day = (day.0.saturating_add(success), day.1.saturating_add(failure));
        }
        if let Some(lines) = policy.lines {
            let seen = self.policies.entry((kind, policy.host, lines, facts.sender)).or_default();
            seen.reports += u64::from(seen.last_report != number);
            seen.last_report = number;
            seen.days.add(facts.day);
        }
        let saw = match kind {
            Kind::Sts => mode.map(Saw::Mode),
            // Some tell of it where they sent nothing, as they found TLSA records.
            Kind::NoPolicy if policy.success != Some(0) || failed != Some(0) => Some(Saw::NoPolicy),
            _ => None,
        };
        if let (Some(day), Some(saw)) = (facts.day, saw) {
            self.sights.entry(facts.sender).or_default().insert((day, saw));
        }
        // They stand in the order of causes and mail servers.
        for alike in
            policy.details.chunk_by(|one, next| (one.cause, one.mx) == (next.cause, next.mx))
        {
            let Some(first) = alike.first() else { continue };
            let mx = first.mx.or(policy.host);
            let takes = |detail: &&Detail<u32>| {
                let [mx, cause, address] =
                    [mx, first.cause, detail.address].map(|name| names.option(name));
                filter.takes_detail(mx, cause, address)
            };
            let mut alike = alike.iter().filter(takes).peekable();
            if alike.peek().is_none() {
                continue;
            }
            let failures = self.failures.entry((kind, first.cause, mx, facts.sender)).or_default();
            failures.reports += u64::from(failures.last_report != number);
            failures.last_report = number;
            failures.until = failures.until.max(facts.last.or(facts.day));
            failures.modes.entry(mode).or_default().add(facts.day);
            if let (Kind::Sts, Some(lines), Some(mx)) = (kind, policy.lines, mx)
                && is_of_names(names.option(first.cause))
                && let patterns = read.patterns(lines, names)
                && !patterns.is_empty()
                && is_name(names.text(mx))
            {
                let covered = Reverse(covers(patterns, names.text(mx)));
                failures.covered = failures.covered.max(Some((facts.day, covered)));
            }
            let mut of_day = 0_u64;
            for detail in alike {
                crate::report::add(&mut failures.sessions, detail.sessions);
                let sessions = detail.sessions.unwrap_or(0);
                of_day = of_day.saturating_add(sessions);
                if told == Told::InShort {
                    continue;
                }
                for (address, to) in [
                    (detail.address, &mut failures.addresses),
                    (detail.server, &mut failures.servers),
                ] {
                    if let Some(address) = address {
                        let (all, days) = to.entry(address).or_default();
                        *all = all.saturating_add(sessions);
                        days.add(facts.day);
                    }
                }
                if let Some(reason) = detail.reason {
                    let all = failures.reasons.entry(reason).or_default();
                    *all = all.saturating_add(sessions);
                }
            }
            if let Some(day) = facts.day {
                let day = failures.days.entry(day).or_default();
                *day = day.saturating_add(of_day);
            }
        }
    }

    fn totals<'a>(
        &self,
        domain: Option<&'a str>,
        names: &'a Names,
        told: Told,
    ) -> DomainTotals<'a> {
        let option = |name: &Option<u32>| names.option(*name);
        let policies = by_name(&self.policies, |(kind, host, lines, sender)| {
            (*kind, option(host), names.text(*lines), option(sender))
        });
        let seen = |((kind, host, lines, sender), seen): (_, &CopySeen)| PolicySeen {
            kind,
            host,
            lines,
            sender,
            reports: seen.reports,
            first: seen.days.first,
            last: seen.days.last,
        };
        let sights = |(sender, days): (_, &BTreeSet<(Day, Saw)>)| Sights {
            sender,
            days: days.iter().copied().collect(),
        };
        let failures = by_name(&self.failures, |(kind, of, mx, sender)| {
            (*kind, cause(option(of)), option(mx), option(sender))
        });
        let mut failures: Vec<_> =
            failures.into_iter().map(|(key, failures)| failures.totals(key, names, told)).collect();
        failures.sort_by_key(|failure| Reverse(failure.sessions));
        DomainTotals {
            domain,
            reports: self.reports,
            first: self.days.first,
            last: self.days.last,
            untold: self.untold,
            failing: self.failing,
            until: self.until,
            covered: self.covered.iter().copied().collect(),
            kinds: self.kinds.iter().map(|(kind, sessions)| sessions.totals(*kind)).collect(),
            sights: by_name(&self.sights, option).into_iter().map(sights).collect(),
            senders: sender_totals(&self.senders, names),
            failures,
            policies: policies.into_iter().map(seen).collect(),
        }
    }
}

impl Sessions {
    fn totals(&self, kind: Kind) -> KindTotals {
        let day = |(day, (success, failure)): (&Day, &(u64, u64))| DayTotals {
            day: *day,
            success: *success,
            failure: *failure,
        };
        let days = self.days.iter().map(day).collect();
        let Self { success, success_unread, failure, unread, .. } = *self;
        KindTotals { kind, success, success_unread, failure, unread, days }
    }
}

impl Failures {
    fn totals<'a>(
        &self,
        (kind, cause, mx, sender): (Kind, Cause<'a>, Option<&'a str>, Option<&'a str>),
        names: &'a Names,
        told: Told,
    ) -> FailureTotals<'a> {
        let (mut addresses, mut servers, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
        if told == Told::Everything {
            addresses = addresses_of(&self.addresses, names);
            servers = addresses_of(&self.servers, names);
            reasons = self.reasons(names);
        }
        let mode = |(mode, days): (&Option<Mode>, &Span)| ModeSeen {
            mode: *mode,
            first: days.first,
            last: days.last,
        };
        let mut modes: Vec<_> = self.modes.iter().map(mode).collect();
        modes.sort_by_key(|seen| Reverse(seen.last));
        FailureTotals {
            kind,
            cause,
            mx,
            sender,
            sessions: self.sessions,
            reports: self.reports,
            until: self.until,
            days: self.days.iter().map(|(day, sessions)| (*day, *sessions)).collect(),
            modes,
            covered: self.covered.map(|(_, Reverse(covered))| covered),
            addresses,
            servers,
            reasons,
        }
    }

    fn reasons<'a>(&self, names: &'a Names) -> Vec<Reason<'a>> {
        let reason = |(text, sessions): (_, &u64)| Reason { text, sessions: *sessions };
        let reasons = by_name(&self.reasons, |name| names.text(*name));
        let mut reasons: Vec<_> = reasons.into_iter().map(reason).collect();
        reasons.sort_by_key(|reason| Reverse(reason.sessions));
        reasons
    }
}

fn addresses_of<'a>(of: &BTreeMap<u32, (u64, Span)>, names: &'a Names) -> Vec<Address<'a>> {
    let address = |(address, (sessions, days)): (_, &(u64, Span))| Address {
        address,
        sessions: *sessions,
        first: days.first,
        last: days.last,
    };
    let addresses = by_name(of, |name| names.text(*name));
    let mut addresses: Vec<_> = addresses.into_iter().map(address).collect();
    addresses.sort_by_key(|address| Reverse(address.sessions));
    addresses
}
