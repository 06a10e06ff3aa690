//! Many reports taken together as data for programs: one document of the totals, and rows of reports. While `schema` is 1,
//! members may come, none changes its meaning or goes. Sessions of different kinds are not to be added.

use crate::report::aggregate::{
    DomainTotals, FailureTotals, PolicySeen, Row, SenderTotals, Totals,
};
use crate::report::{Cause, aggregate};
use crate::time::rfc3339;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::net::IpAddr;

/// The totals as a document.
#[derive(Debug, Serialize)]
pub struct Document<'t> {
    schema: u32,
    stslint: &'static str,
    reports: u64,
    duplicates: u64,
    left_out: u64,
    first: Option<String>,
    last: Option<String>,
    senders: Vec<Sender<'t>>,
    domains: Vec<Domain<'t>>,
}

#[derive(Debug, Serialize)]
struct Sender<'t> {
    name: Option<&'t str>,
    reports: u64,
    days: u64,
    first: Option<String>,
    last: Option<String>,
    habits: Vec<Habit<'t>>,
}

#[derive(Debug, Serialize)]
struct Habit<'t> {
    code: &'t str,
    reports: u64,
}

#[derive(Debug, Serialize)]
struct Domain<'t> {
    domain: Option<&'t str>,
    reports: u64,
    first: Option<String>,
    last: Option<String>,
    kinds: Vec<Kind>,
    senders: Vec<Sender<'t>>,
    failures: Vec<Failure<'t>>,
    policies: Vec<Policy<'t>>,
}

#[derive(Debug, Serialize)]
struct Kind {
    kind: &'static str,
    success: u64,
    failure: u64,
    days: Vec<DayOf>,
}

#[derive(Debug, Serialize)]
struct DayOf {
    day: String,
    success: u64,
    failure: u64,
}

#[derive(Debug, Serialize)]
struct Failure<'t> {
    kind: &'static str,
    result_type: Option<&'t str>,
    mx: Option<&'t str>,
    sender: Option<&'t str>,
    sessions: Option<u64>,
    reports: u64,
    days: Vec<Count>,
    addresses: Vec<Address<'t>>,
    reasons: Vec<Reason<'t>>,
}

#[derive(Debug, Serialize)]
struct Count {
    day: String,
    sessions: u64,
}

#[derive(Debug, Serialize)]
struct Address<'t> {
    address: &'t str,
    sessions: u64,
    first: Option<String>,
    last: Option<String>,
}

#[derive(Debug, Serialize)]
struct Reason<'t> {
    text: &'t str,
    sessions: u64,
}

#[derive(Debug, Serialize)]
struct Policy<'t> {
    kind: &'static str,
    host: Option<&'t str>,
    lines: Vec<&'t str>,
    sender: Option<&'t str>,
    reports: u64,
    first: Option<String>,
    last: Option<String>,
}

fn day(day: Option<aggregate::Day>) -> Option<String> {
    day.map(|day| day.to_string())
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
            first: day(totals.first),
            last: day(totals.last),
            senders: totals.senders.iter().map(sender).collect(),
            domains: totals.domains.iter().map(domain).collect(),
        }
    }
}

fn sender<'t>(sender: &'t SenderTotals<'t>) -> Sender<'t> {
    let habit = |habit: &aggregate::Habit<'t>| Habit { code: habit.code, reports: habit.reports };
    Sender {
        name: sender.name,
        reports: sender.reports,
        days: sender.days,
        first: day(sender.first),
        last: day(sender.last),
        habits: sender.habits.iter().map(habit).collect(),
    }
}

fn domain<'t>(domain: &'t DomainTotals<'t>) -> Domain<'t> {
    let day_of = |of: &aggregate::DayTotals| DayOf {
        day: of.day.to_string(),
        success: of.success,
        failure: of.failure,
    };
    let kind = |kind: &aggregate::KindTotals| Kind {
        kind: kind.kind.word(),
        success: kind.success,
        failure: kind.failure,
        days: kind.days.iter().map(day_of).collect(),
    };
    Domain {
        domain: domain.domain,
        reports: domain.reports,
        first: day(domain.first),
        last: day(domain.last),
        kinds: domain.kinds.iter().map(kind).collect(),
        senders: domain.senders.iter().map(sender).collect(),
        failures: domain.failures.iter().map(failure).collect(),
        policies: domain.policies.iter().map(policy).collect(),
    }
}

fn failure<'t>(failure: &'t FailureTotals<'t>) -> Failure<'t> {
    let address = |address: &aggregate::Address<'t>| Address {
        address: address.address,
        sessions: address.sessions,
        first: day(address.first),
        last: day(address.last),
    };
    let reason =
        |reason: &aggregate::Reason<'t>| Reason { text: reason.text, sessions: reason.sessions };
    let count = |(day, sessions): &(aggregate::Day, u64)| Count {
        day: day.to_string(),
        sessions: *sessions,
    };
    Failure {
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
        days: failure.days.iter().map(count).collect(),
        addresses: failure.addresses.iter().map(address).collect(),
        reasons: failure.reasons.iter().map(reason).collect(),
    }
}

fn policy<'t>(policy: &PolicySeen<'t>) -> Policy<'t> {
    Policy {
        kind: policy.kind.word(),
        host: policy.host,
        lines: policy.lines.lines().collect(),
        sender: policy.sender,
        reports: policy.reports,
        first: day(policy.first),
        last: day(policy.last),
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
        map.serialize_entry("day", &day(self.day))?;
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
