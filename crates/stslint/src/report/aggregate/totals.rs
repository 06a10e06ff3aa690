//! Totals as data: for people in words, for programs as JSON, for the page as tables.

use super::{Day, Kind};
use crate::policy::Mode;
use crate::report::Cause;

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
    /// Reports that do not tell, for a policy, how many sessions failed: there is no number that can be read, and no failure
    /// besides. Unknown is not zero (RFC 8460 §4.4).
    pub untold: u64,
    /// Reports that tell of no policy, so of no session.
    pub bare: u64,
    /// The first day.
    pub first: Option<Day>,
    /// The last day: that of the newest report.
    pub last: Option<Day>,
    /// The last day that any report is about, which may begin before it.
    pub until: Option<Day>,
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
    /// Reports that do not tell, for a policy of it, how many sessions failed: see [`Totals::untold`].
    pub untold: u64,
    /// Reports that tell of a failed session of it, or do not tell whether there was one.
    pub failing: u64,
    /// The last day that any report is about, which may begin before it.
    pub until: Option<Day>,
    /// Days from [`Filter::reach`](super::Filter::reach) on that reports are about; none where nobody asked for it.
    pub covered: Vec<Day>,
    /// Sessions by kind of policy. Never to be added up.
    pub kinds: Vec<KindTotals>,
    /// What each sender saw of its policy of MTA-STS, as far as it tells.
    pub sights: Vec<Sights<'a>>,
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
    /// How many times a report has no number of such sessions that can be read: these are not in [`Self::success`].
    pub success_unread: u64,
    /// Sessions that failed: the number that the report has for all, or what its details come to where it has none or says that none
    /// failed. One session can fail for several reasons, so details may come to more.
    pub failure: u64,
    /// How many times a report has no number of failed sessions that can be read: [`Self::failure`] has those at most that details
    /// tell of.
    pub unread: u64,
    /// Both numbers by day, in order. Reports without a day are in none.
    pub days: Vec<DayTotals>,
}

/// Sessions of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DayTotals {
    /// The day: that on which the time of the report begins, in UTC.
    pub day: Day,
    /// Sessions that kept to the policy.
    pub success: u64,
    /// Sessions that failed.
    pub failure: u64,
}

/// What a sender saw of the policy of MTA-STS, in the order of days. Its machines may keep different copies, so that a day has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sights<'a> {
    /// The sender.
    pub sender: Option<&'a str>,
    /// The days.
    pub days: Vec<(Day, Saw)>,
}

/// What is seen of a policy of MTA-STS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Saw {
    /// The policy, in this mode.
    Mode(Mode),
    /// That there was none, though mail was sent.
    NoPolicy,
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
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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
    /// The last day that any of these reports is about, which may begin before it: the sessions may have failed then.
    pub until: Option<Day>,
    /// Sessions by day, in order; those of reports without a day are in none.
    pub days: Vec<(Day, u64)>,
    /// The modes of the policy under which they failed, as reports have them, the newest first.
    pub modes: Vec<ModeSeen>,
    /// Whether the mx lines of the policy that the sender had on the last of these days cover the mail server. None where that says
    /// nothing, as for a certificate that ran out, or where the report does not repeat the policy.
    pub covered: Option<bool>,
    /// Where the sessions came from, those with most sessions first.
    pub addresses: Vec<Address<'a>>,
    /// The addresses of the mail server, where it has a name besides: behind one name there may be several machines.
    pub servers: Vec<Address<'a>>,
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

/// The mode of the policy that a sender applied when sessions failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeSeen {
    /// The mode; none where reports do not repeat the policy, or it is not one of MTA-STS.
    pub mode: Option<Mode>,
    /// The first day.
    pub first: Option<Day>,
    /// The last day.
    pub last: Option<Day>,
}

/// An address that sessions came from or went to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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

impl PolicySeen<'_> {
    /// Its mode; none where it has none that can be read, or is no policy of MTA-STS.
    pub fn mode(&self) -> Option<Mode> {
        super::facts::mode(self.lines).filter(|_| self.kind == Kind::Sts)
    }
}
