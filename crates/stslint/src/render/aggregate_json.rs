//! Many reports taken together as data for programs: one document of the totals, and rows of reports. While `schema` is 1,
//! members may come, none changes its meaning or goes. Sessions of different kinds are not to be added.

use crate::policy::Mode;
use crate::report::Cause;
use crate::report::aggregate::{
    self, Address, Day, DayTotals, DomainTotals, FailureTotals, Habit, KindTotals, PolicySeen,
    Reason, Row, SenderTotals, Totals,
};
use crate::report::readiness::Readiness;
use crate::time::rfc3339;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The totals as a document. What is in its lists is made when it is written, one by one: it may be much.
#[derive(Debug, Serialize)]
pub struct Document<'t> {
    schema: u32,
    stslint: &'static str,
    reports: u64,
    duplicates: u64,
    left_out: u64,
    policies_left_out: u64,
    untold: u64,
    bare: u64,
    first: Option<Day>,
    last: Option<Day>,
    #[serde(serialize_with = "each::<_, Sender<'_>, _>")]
    senders: &'t [SenderTotals<'t>],
    domains: Domains<'t>,
}

/// The domains, and whether they can be enforced, of which that is known.
#[derive(Debug)]
struct Domains<'t> {
    totals: &'t [DomainTotals<'t>],
    ready: Option<&'t BTreeMap<&'t str, Readiness<'t>>>,
}

#[derive(Serialize)]
struct Sender<'t> {
    name: Option<&'t str>,
    reports: u64,
    days: u64,
    first: Option<Day>,
    last: Option<Day>,
    habits: &'t [Habit<'t>],
}

#[derive(Serialize)]
struct Domain<'t> {
    domain: Option<&'t str>,
    reports: u64,
    untold: u64,
    first: Option<Day>,
    last: Option<Day>,
    #[serde(serialize_with = "each::<_, Kind<'_>, _>")]
    kinds: &'t [KindTotals],
    #[serde(serialize_with = "each::<_, Sender<'_>, _>")]
    senders: &'t [SenderTotals<'t>],
    #[serde(serialize_with = "each::<_, Failure<'_>, _>")]
    failures: &'t [FailureTotals<'t>],
    #[serde(serialize_with = "each::<_, Policy<'_>, _>")]
    policies: &'t [PolicySeen<'t>],
    #[serde(skip_serializing_if = "Option::is_none")]
    ready: Option<Ready>,
}

#[derive(Serialize)]
struct Ready {
    state: &'static str,
    reasons: Vec<&'static str>,
    mode: Option<&'static str>,
    testing_since: Option<Day>,
    days_testing: Option<i64>,
    days_clean: Option<i64>,
    days_covered: i64,
    reports: u64,
    success: u64,
    failure: u64,
    unread: u64,
    undated: u64,
}

#[derive(Serialize)]
struct Kind<'t> {
    kind: &'static str,
    success: u64,
    success_unread: u64,
    failure: u64,
    unread: u64,
    days: &'t [DayTotals],
}

#[derive(Serialize)]
struct Failure<'t> {
    kind: &'static str,
    result_type: Option<&'t str>,
    mx: Option<&'t str>,
    sender: Option<&'t str>,
    sessions: Option<u64>,
    reports: u64,
    covered: Option<bool>,
    #[serde(serialize_with = "each::<_, Count, _>")]
    days: &'t [(Day, u64)],
    addresses: &'t [Address<'t>],
    receiving: &'t [Address<'t>],
    reasons: &'t [Reason<'t>],
}

#[derive(Serialize)]
struct Count {
    day: Day,
    sessions: u64,
}

#[derive(Serialize)]
struct Policy<'t> {
    kind: &'static str,
    host: Option<&'t str>,
    lines: Vec<&'t str>,
    sender: Option<&'t str>,
    reports: u64,
    first: Option<Day>,
    last: Option<Day>,
}

/// Writes a list, each item as what is made of it.
fn each<'t, T, D, S>(list: &&'t [T], serializer: S) -> Result<S::Ok, S::Error>
where
    D: From<&'t T> + Serialize,
    S: Serializer,
{
    serializer.collect_seq(list.iter().map(D::from))
}

impl<'t> Document<'t> {
    /// The document of totals.
    pub fn new(totals: &'t Totals<'t>) -> Self {
        Self {
            schema: 1,
            stslint: crate::VERSION,
            reports: totals.reports,
            duplicates: totals.duplicates,
            left_out: totals.left_out,
            policies_left_out: totals.policies_left_out,
            untold: totals.untold,
            bare: totals.bare,
            first: totals.first,
            last: totals.last,
            senders: &totals.senders,
            domains: Domains { totals: &totals.domains, ready: None },
        }
    }

    /// The same with whether domains can be enforced.
    #[must_use]
    pub fn with_ready(mut self, ready: &'t BTreeMap<&'t str, Readiness<'t>>) -> Self {
        self.domains.ready = Some(ready);
        self
    }
}

impl Serialize for Domains<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.totals.iter().map(|domain| {
            let ready = self.ready.zip(domain.domain).and_then(|(ready, name)| ready.get(name));
            Domain { ready: ready.map(Ready::from), ..Domain::from(domain) }
        }))
    }
}

impl<'t> From<&'t SenderTotals<'t>> for Sender<'t> {
    fn from(sender: &'t SenderTotals<'t>) -> Self {
        Self {
            name: sender.name,
            reports: sender.reports,
            days: sender.days,
            first: sender.first,
            last: sender.last,
            habits: &sender.habits,
        }
    }
}

impl<'t> From<&'t DomainTotals<'t>> for Domain<'t> {
    fn from(domain: &'t DomainTotals<'t>) -> Self {
        Self {
            domain: domain.domain,
            reports: domain.reports,
            untold: domain.untold,
            first: domain.first,
            last: domain.last,
            kinds: &domain.kinds,
            senders: &domain.senders,
            failures: &domain.failures,
            policies: &domain.policies,
            ready: None,
        }
    }
}

impl From<&Readiness<'_>> for Ready {
    fn from(seen: &Readiness<'_>) -> Self {
        let (success, failure) = seen.sessions;
        Self {
            state: seen.status.word(),
            reasons: seen.reasons.iter().map(|reason| reason.word()).collect(),
            mode: seen.mode.map(Mode::word),
            testing_since: seen.testing_since,
            days_testing: seen.days_testing,
            days_clean: seen.days_clean,
            days_covered: seen.days_covered,
            reports: seen.reports,
            success,
            failure,
            unread: seen.unread,
            undated: seen.undated,
        }
    }
}

impl<'t> From<&'t KindTotals> for Kind<'t> {
    fn from(kind: &'t KindTotals) -> Self {
        Self {
            kind: kind.kind.word(),
            success: kind.success,
            success_unread: kind.success_unread,
            failure: kind.failure,
            unread: kind.unread,
            days: &kind.days,
        }
    }
}

impl<'t> From<&'t FailureTotals<'t>> for Failure<'t> {
    fn from(failure: &'t FailureTotals<'t>) -> Self {
        Self {
            kind: failure.kind.word(),
            result_type: match &failure.cause {
                Cause::Known(known) => Some(known.word()),
                Cause::Other(name) => Some(name),
                Cause::Unsaid => None,
            },
            mx: failure.mx,
            sender: failure.sender,
            sessions: failure.sessions,
            reports: failure.reports,
            covered: failure.covered,
            days: &failure.days,
            addresses: &failure.addresses,
            receiving: &failure.servers,
            reasons: &failure.reasons,
        }
    }
}

impl From<&(Day, u64)> for Count {
    fn from(&(day, sessions): &(Day, u64)) -> Self {
        Self { day, sessions }
    }
}

impl<'t> From<&'t PolicySeen<'t>> for Policy<'t> {
    fn from(policy: &'t PolicySeen<'t>) -> Self {
        Self {
            kind: policy.kind.word(),
            host: policy.host,
            lines: policy.lines.lines().collect(),
            sender: policy.sender,
            reports: policy.reports,
            first: policy.first,
            last: policy.last,
        }
    }
}

impl Serialize for Day {
    /// As it is read: `2026-10-01`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Row<'_> {
    /// A flat object with the columns of the CSV, in their order. What is not known is null.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let failed = self.failed.as_ref();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("organization", &self.organization)?;
        map.serialize_entry("contact", &self.contact)?;
        map.serialize_entry("report_id", &self.report_id)?;
        map.serialize_entry("start", &self.start.and_then(rfc3339))?;
        map.serialize_entry("end", &self.end.and_then(rfc3339))?;
        map.serialize_entry("day", &self.day)?;
        map.serialize_entry("policy", &self.policy)?;
        map.serialize_entry("kind", &self.kind.map(aggregate::Kind::word))?;
        map.serialize_entry("domain", &self.domain)?;
        map.serialize_entry("policy_domain", &self.policy_domain)?;
        map.serialize_entry("mode", &self.mode.map(crate::policy::Mode::word))?;
        map.serialize_entry("success", &self.success)?;
        map.serialize_entry("failure", &self.failure)?;
        map.serialize_entry("failed", &failed.is_some())?;
        let text = |ip: Option<IpAddr>| ip.map(|ip| ip.to_string());
        map.serialize_entry("result_type", &failed.and_then(|failed| failed.result_type.as_ref()))?;
        map.serialize_entry("sessions", &failed.and_then(|failed| failed.sessions))?;
        map.serialize_entry("mx", &failed.and_then(|failed| failed.mx.as_ref()))?;
        map.serialize_entry("helo", &failed.and_then(|failed| failed.helo.as_ref()))?;
        map.serialize_entry("receiving_ip", &text(failed.and_then(|failed| failed.receiving_ip)))?;
        map.serialize_entry("sending_ip", &text(failed.and_then(|failed| failed.sending_ip)))?;
        map.serialize_entry("reason", &failed.and_then(|failed| failed.reason.as_ref()))?;
        map.serialize_entry("more", &failed.and_then(|failed| failed.more.as_ref()))?;
        map.end()
    }
}
