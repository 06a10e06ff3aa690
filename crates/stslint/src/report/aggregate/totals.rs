//! Totals as data: for people in words, for programs as JSON, for the page as tables.

use super::filter::cause;
use super::{Aggregate, Day, Filter, Kind};
use crate::report::Cause;
use std::collections::{BTreeMap, BTreeSet};

/// What a number of reports come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals<'a> {
    /// Different reports.
    pub reports: u64,
    /// Copies of these that came besides.
    pub duplicates: u64,
    /// Reports of all that came that were too many to keep. Filters make no difference to it.
    pub left_out: u64,
    /// Policies that were not looked at, as there are too many in one report.
    pub policies_left_out: u64,
    /// The first day.
    pub first: Option<Day>,
    /// The last day: that of the newest report.
    pub last: Option<Day>,
    /// Who reports, those with most reports first.
    pub senders: Vec<SenderTotals<'a>>,
    /// Each domain, those with failures first.
    pub domains: Vec<DomainTotals<'a>>,
}

/// A domain whose mail is reported on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainTotals<'a> {
    /// Its name; none where reports do not tell.
    pub domain: Option<&'a str>,
    /// Reports that have a policy of it.
    pub reports: u64,
    /// The first day.
    pub first: Option<Day>,
    /// The last day.
    pub last: Option<Day>,
    /// Sessions by kind of policy. Never to be added up.
    pub kinds: Vec<KindTotals>,
    /// Who reports on it.
    pub senders: Vec<SenderTotals<'a>>,
    /// How sessions failed, those with most sessions first.
    pub failures: Vec<FailureTotals<'a>>,
    /// The policies that senders saw, by sender.
    pub policies: Vec<PolicySeen<'a>>,
}

/// Sessions under policies of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindTotals {
    /// The kind.
    pub kind: Kind,
    /// Sessions that kept to the policy.
    pub success: u64,
    /// Sessions that failed, as the reports have it. One session can fail for several reasons, so details may come to more.
    pub failure: u64,
    /// The same by day, in order. Reports without a day are in none.
    pub days: Vec<DayTotals>,
}

/// Sessions of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTotals {
    /// The day: that on which the time of the report begins, in UTC.
    pub day: Day,
    /// Sessions that kept to the policy.
    pub success: u64,
    /// Sessions that failed.
    pub failure: u64,
}

/// A reporter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SenderTotals<'a> {
    /// Its name; none where reports do not tell.
    pub name: Option<&'a str>,
    /// How many reports it sent.
    pub reports: u64,
    /// The first day.
    pub first: Option<Day>,
    /// The last day.
    pub last: Option<Day>,
    /// How many different days its reports are about.
    pub days: u64,
    /// What its reports have that the RFC has not, in the order of the codes.
    pub habits: Vec<Habit<'a>>,
}

/// What reports of a sender have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habit<'a> {
    /// Code of the rule.
    pub code: &'a str,
    /// In how many of its reports.
    pub reports: u64,
}

/// Sessions that failed for one cause, at one mail server, by one sender, under one kind of policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureTotals<'a> {
    /// The kind of policy.
    pub kind: Kind,
    /// What failed.
    pub cause: Cause<'a>,
    /// The mail server; none where it is not told, as for failures of the policy.
    pub mx: Option<&'a str>,
    /// Who reports it.
    pub sender: Option<&'a str>,
    /// How many sessions; none where no number can be read.
    pub sessions: Option<u64>,
    /// In how many reports.
    pub reports: u64,
    /// Sessions by day, in order; those of reports without a day are in none.
    pub days: Vec<(Day, u64)>,
    /// Where the sessions came from, those with most sessions first.
    pub addresses: Vec<Address<'a>>,
    /// Codes or texts of the reporter, those with most sessions first.
    pub reasons: Vec<Reason<'a>>,
}

impl FailureTotals<'_> {
    /// The first day.
    pub fn first(&self) -> Option<Day> {
        self.days.first().map(|(day, _)| *day)
    }

    /// The last day.
    pub fn last(&self) -> Option<Day> {
        self.days.last().map(|(day, _)| *day)
    }
}

/// An address from which sessions came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// The address, as text.
    pub address: &'a str,
    /// How many sessions.
    pub sessions: u64,
    /// The first day.
    pub first: Option<Day>,
    /// The last day.
    pub last: Option<Day>,
}

/// What a reporter says of a failure in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// The words.
    pub text: &'a str,
    /// How many sessions.
    pub sessions: u64,
}

/// A policy as a sender saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySeen<'a> {
    /// Its kind.
    pub kind: Kind,
    /// The mail host, for TLSA records of one.
    pub host: Option<&'a str>,
    /// Its lines, sorted, each once, with a line feed between them.
    pub lines: &'a str,
    /// Who saw it.
    pub sender: Option<&'a str>,
    /// In how many reports.
    pub reports: u64,
    /// The first day.
    pub first: Option<Day>,
    /// The last day.
    pub last: Option<Day>,
}

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
    addresses: BTreeMap<&'a str, (u64, Span)>,
    reasons: BTreeMap<&'a str, u64>,
}

#[derive(Default)]
struct Seen {
    reports: u64,
    days: Span,
}

#[derive(Default)]
struct Domain<'a> {
    reports: u64,
    days: Span,
    kinds: BTreeMap<Kind, Sessions>,
    senders: BTreeMap<Option<&'a str>, Sender<'a>>,
    failures: BTreeMap<(Kind, Cause<'a>, Option<&'a str>, Option<&'a str>), Failures<'a>>,
    policies: BTreeMap<(Kind, Option<&'a str>, &'a str, Option<&'a str>), Seen>,
}

impl Aggregate {
    /// Totals of what passes a filter.
    pub fn totals(&self, filter: &Filter) -> Totals<'_> {
        let mut totals = Totals { left_out: self.left_out, ..Totals::default() };
        let mut days = Span::default();
        let mut domains: BTreeMap<Option<&str>, Domain> = BTreeMap::new();
        let mut senders: BTreeMap<Option<&str>, Sender> = BTreeMap::new();
        for (copies, facts) in self.each().filter(|(_, facts)| filter.takes(facts)) {
            let mut of: BTreeSet<Option<&str>> = BTreeSet::new();
            for policy in facts.policies.iter().filter(|policy| filter.takes_policy(policy)) {
                let domain = domains.entry(policy.domain).or_default();
                if of.insert(policy.domain) {
                    domain.reports += 1;
                    domain.days.add(facts.day);
                    domain.senders.entry(facts.sender).or_default().add(&facts);
                }
                domain.add(policy, &facts, filter, totals.reports + 1);
            }
            // A report without policies is one of no domain, and passes where nobody asks for one.
            if of.is_empty() && (filter.domain.is_some() || filter.kind.is_some()) {
                continue;
            }
            totals.reports += 1;
            totals.duplicates += copies - 1;
            totals.policies_left_out += facts.cut;
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
    fn add(&mut self, facts: &super::Facts<&'a str>) {
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
    /// Adds a policy of report number `number`.
    fn add(
        &mut self,
        policy: &super::facts::Policy<&'a str>,
        facts: &super::Facts<&'a str>,
        filter: &Filter,
        number: u64,
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
            seen.reports += 1;
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

type FailureKey<'a> = (Kind, Cause<'a>, Option<&'a str>, Option<&'a str>);

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
        addresses,
        reasons,
    }
}
