//! How totals are made: one pass over the reports.

use super::facts::{Facts, Policy};
use super::filter::cause;
use super::totals::{
    Address, DayTotals, DomainTotals, FailureTotals, Habit, KindTotals, ModeSeen, PolicySeen,
    Reason, SenderTotals, Totals,
};
use super::{Aggregate, Day, Filter, Kind, facts};
use crate::policy::Mode;
use crate::report::Cause;
use std::collections::{BTreeMap, BTreeSet};

/// Kind of policy, cause, mail server, sender.
type FailureKey<'a> = (Kind, Cause<'a>, Option<&'a str>, Option<&'a str>);

/// Kind of policy, mail host, lines, sender.
type PolicyKey<'a> = (Kind, Option<&'a str>, &'a str, Option<&'a str>);

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
struct Sender<'a> {
    reports: u64,
    days: BTreeSet<Day>,
    habits: BTreeMap<&'a str, u64>,
}

#[derive(Default)]
struct Sessions {
    success: u64,
    failure: u64,
    days: BTreeMap<Day, (u64, u64)>,
}

#[derive(Default)]
struct Failures<'a> {
    sessions: Option<u64>,
    reports: u64,
    last_report: u64,
    days: BTreeMap<Day, u64>,
    modes: BTreeMap<Option<Mode>, Span>,
    addresses: BTreeMap<&'a str, (u64, Span)>,
    reasons: BTreeMap<&'a str, u64>,
}

#[derive(Default)]
struct Seen {
    reports: u64,
    last_report: u64,
    days: Span,
}

#[derive(Default)]
struct Domain<'a> {
    reports: u64,
    days: Span,
    kinds: BTreeMap<Kind, Sessions>,
    senders: BTreeMap<Option<&'a str>, Sender<'a>>,
    failures: BTreeMap<FailureKey<'a>, Failures<'a>>,
    policies: BTreeMap<PolicyKey<'a>, Seen>,
}

impl Aggregate {
    /// Totals of what passes a filter.
    pub fn totals(&self, filter: &Filter) -> Totals<'_> {
        let mut totals = Totals { left_out: self.left_out, ..Totals::default() };
        let mut days = Span::default();
        let mut domains: BTreeMap<Option<&str>, Domain> = BTreeMap::new();
        let mut senders: BTreeMap<Option<&str>, Sender> = BTreeMap::new();
        // Thousands of reports repeat one policy: each text is read once.
        let mut modes: BTreeMap<&str, Option<Mode>> = BTreeMap::new();
        for (copies, facts) in self.each().filter(|(_, facts)| filter.takes(facts)) {
            let mut of: BTreeSet<Option<&str>> = BTreeSet::new();
            for policy in facts.policies.iter().filter(|policy| filter.takes_policy(policy)) {
                let domain = domains.entry(policy.domain).or_default();
                if of.insert(policy.domain) {
                    domain.reports += 1;
                    domain.days.add(facts.day);
                    domain.senders.entry(facts.sender).or_default().add(&facts);
                }
                let lines = policy.lines.filter(|_| policy.kind() == Kind::Sts);
                let mode = lines
                    .filter(|_| !policy.details.is_empty())
                    .and_then(|lines| *modes.entry(lines).or_insert_with(|| facts::mode(lines)));
                domain.add(policy, &facts, filter, (totals.reports + 1, mode));
            }
            // A report without policies is one of no domain, and passes where nobody asks for one.
            if of.is_empty() && (filter.domain.is_some() || filter.kind.is_some()) {
                continue;
            }
            totals.reports += 1;
            totals.duplicates = totals.duplicates.saturating_add(copies - 1);
            totals.policies_left_out = totals.policies_left_out.saturating_add(facts.cut);
            days.add(facts.day);
            senders.entry(facts.sender).or_default().add(&facts);
        }
        (totals.first, totals.last) = (days.first, days.last);
        totals.senders = sender_totals(senders);
        totals.domains = domains.into_iter().map(|(name, domain)| domain.totals(name)).collect();
        // Stable: what is equal stays in the order of the names.
        totals
            .domains
            .sort_by_key(|domain| std::cmp::Reverse((!domain.failures.is_empty(), domain.reports)));
        totals
    }
}

impl<'a> Sender<'a> {
    fn add(&mut self, facts: &Facts<&'a str>) {
        self.reports += 1;
        self.days.extend(facts.day);
        facts.habits.iter().for_each(|code| *self.habits.entry(code).or_default() += 1);
    }
}

fn sender_totals<'a>(senders: BTreeMap<Option<&'a str>, Sender<'a>>) -> Vec<SenderTotals<'a>> {
    let totals = |(name, sender): (_, Sender<'a>)| SenderTotals {
        name,
        reports: sender.reports,
        first: sender.days.first().copied(),
        last: sender.days.last().copied(),
        days: sender.days.len() as u64,
        habits: (sender.habits.into_iter())
            .map(|(code, reports)| Habit { code, reports })
            .collect(),
    };
    let mut senders: Vec<_> = senders.into_iter().map(totals).collect();
    senders.sort_by_key(|sender| std::cmp::Reverse(sender.reports));
    senders
}

impl<'a> Domain<'a> {
    /// Adds a policy in a mode, of the report with a number.
    fn add(
        &mut self,
        policy: &Policy<&'a str>,
        facts: &Facts<&'a str>,
        filter: &Filter,
        (number, mode): (u64, Option<Mode>),
    ) {
        let kind = policy.kind();
        let (success, failure) = (policy.success.unwrap_or(0), policy.failure.unwrap_or(0));
        let sessions = self.kinds.entry(kind).or_default();
        sessions.success = sessions.success.saturating_add(success);
        sessions.failure = sessions.failure.saturating_add(failure);
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
        for detail in policy.details.iter().filter(|detail| filter.takes_detail(policy, detail)) {
            let mx = detail.mx.or(policy.host);
            let key = (kind, cause(detail.cause), mx, facts.sender);
            let failures = self.failures.entry(key).or_default();
            crate::report::add(&mut failures.sessions, detail.sessions);
            let sessions = detail.sessions.unwrap_or(0);
            failures.reports += u64::from(failures.last_report != number);
            failures.last_report = number;
            if let Some(day) = facts.day {
                let day = failures.days.entry(day).or_default();
                *day = day.saturating_add(sessions);
            }
            failures.modes.entry(mode).or_default().add(facts.day);
            if let Some(address) = detail.address {
                let (all, days) = failures.addresses.entry(address).or_default();
                *all = all.saturating_add(sessions);
                days.add(facts.day);
            }
            if let Some(reason) = detail.reason {
                let all = failures.reasons.entry(reason).or_default();
                *all = all.saturating_add(sessions);
            }
        }
    }

    fn totals(self, domain: Option<&'a str>) -> DomainTotals<'a> {
        let day = |(day, (success, failure))| DayTotals { day, success, failure };
        let kind = |(kind, sessions): (_, Sessions)| KindTotals {
            kind,
            success: sessions.success,
            failure: sessions.failure,
            days: sessions.days.into_iter().map(day).collect(),
        };
        let seen = |((kind, host, lines, sender), seen): (_, Seen)| PolicySeen {
            kind,
            host,
            lines,
            sender,
            reports: seen.reports,
            first: seen.days.first,
            last: seen.days.last,
        };
        let mut failures: Vec<_> = self.failures.into_iter().map(failure_totals).collect();
        failures.sort_by_key(|failure| std::cmp::Reverse(failure.sessions));
        DomainTotals {
            domain,
            reports: self.reports,
            first: self.days.first,
            last: self.days.last,
            kinds: self.kinds.into_iter().map(kind).collect(),
            senders: sender_totals(self.senders),
            failures,
            policies: self.policies.into_iter().map(seen).collect(),
        }
    }
}

fn failure_totals<'a>(
    ((kind, cause, mx, sender), failures): (FailureKey<'a>, Failures<'a>),
) -> FailureTotals<'a> {
    let address = |(address, (sessions, days)): (_, (_, Span))| Address {
        address,
        sessions,
        first: days.first,
        last: days.last,
    };
    let mut addresses: Vec<_> = failures.addresses.into_iter().map(address).collect();
    addresses.sort_by_key(|address| std::cmp::Reverse(address.sessions));
    let mode = |(mode, days): (_, Span)| ModeSeen { mode, first: days.first, last: days.last };
    let mut modes: Vec<_> = failures.modes.into_iter().map(mode).collect();
    modes.sort_by_key(|seen| std::cmp::Reverse(seen.last));
    let reason = |(text, sessions)| Reason { text, sessions };
    let mut reasons: Vec<_> = failures.reasons.into_iter().map(reason).collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.sessions));
    FailureTotals {
        kind,
        cause,
        mx,
        sender,
        sessions: failures.sessions,
        reports: failures.reports,
        days: failures.days.into_iter().collect(),
        modes,
        addresses,
        reasons,
    }
}
