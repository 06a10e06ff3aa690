//! What a sending MTA does with a message, step by step as RFC 8461 has it.

pub mod model;
pub mod models;
#[cfg(test)]
mod tests;
pub mod verdict;

use crate::host;
use crate::policy::Mode;
pub use crate::result_type::ResultType;

/// What a sender finds when it has a message for a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// The time, in seconds; only differences count.
    pub now: u64,
    /// The copy of the policy that an earlier message left.
    pub cache: Option<Cached>,
    /// The id of the one valid `_mta-sts` record; none when it is absent, broken or can't be looked up.
    pub id: Option<String>,
    /// The policy that the policy host gives, or why it gives none.
    pub fetch: Result<Policy, ResultType>,
    /// The MX hosts in the order of preference; the domain itself where there is no MX record.
    pub hosts: Vec<Host>,
    /// Whether the domain says by a null MX that it takes no mail (RFC 7505).
    pub null_mx: bool,
    /// What the sender supports.
    pub profile: Profile,
}

/// A policy as a sender evaluates it (RFC 8461 §3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The mode.
    pub mode: Mode,
    /// The mx patterns.
    pub mx: Vec<String>,
    /// The lifetime in seconds.
    pub max_age: u64,
}

/// A policy in the cache of a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cached {
    /// The policy.
    pub policy: Policy,
    /// When it was fetched, in seconds.
    pub fetched_at: u64,
    /// The id that the record had then.
    pub id: String,
}

/// An MX host as the sender meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// Whether it can be connected to.
    pub reachable: bool,
    /// Whether it offers STARTTLS.
    pub starttls: bool,
    /// Why its certificate is not accepted (RFC 8461 §4.2), if it is not.
    pub certificate: Option<ResultType>,
    /// What DANE says of it.
    pub dane: Dane,
}

/// What DANE comes to for a host (RFC 7672 §2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dane {
    /// No TLSA record matches, or there is no telling.
    Fails,
    /// A TLSA record matches.
    Matches,
    /// There are no secure TLSA records.
    #[default]
    None,
}

/// What a sender supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// MTA-STS.
    pub sts: bool,
    /// DANE.
    pub dane: bool,
    /// The shortest lifetime of a policy that it heeds, in seconds; 0 in the RFC.
    pub min_max_age: u64,
}

impl Default for Profile {
    fn default() -> Self {
        Self { sts: true, dane: false, min_max_age: 0 }
    }
}

/// What becomes of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It stays in the queue and is tried again.
    Deferred,
    /// Delivered to a host that a TLSA record authenticates.
    DeliveredDane,
    /// Delivered by TLS without any check of the certificate that counts.
    DeliveredOpportunisticTls,
    /// Delivered without TLS.
    DeliveredPlaintext,
    /// Delivered to a host that the policy names and whose certificate is good.
    DeliveredVerified,
    /// Returned at once: the domain takes no mail.
    RejectedNullMx,
}

impl Delivery {
    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deferred => "deferred",
            Self::DeliveredDane => "delivered-dane",
            Self::DeliveredOpportunisticTls => "delivered-opportunistic-tls",
            Self::DeliveredPlaintext => "delivered-plaintext",
            Self::DeliveredVerified => "delivered-verified",
            Self::RejectedNullMx => "rejected-null-mx",
        }
    }
}

/// What a sender does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt<'s> {
    /// What becomes of the message.
    pub delivery: Delivery,
    /// The host that took it.
    pub via: Option<&'s str>,
    /// What it reports, in the order in which it happened (RFC 8461 §6).
    pub events: Vec<ResultType>,
}

/// What a sender that follows the RFCs does with a message.
pub fn deliver(scenario: &Scenario) -> Attempt<'_> {
    let mut events = Vec::new();
    let end = |delivery, via, events| Attempt { delivery, via, events };
    if scenario.null_mx {
        return end(Delivery::RejectedNullMx, None, events); // RFC 7505 §3
    }
    let policy = discover(scenario, &mut events);
    // RFC 8461 §8.4: in the ordinary order, the list is never filtered beforehand.
    for host in scenario.hosts.iter().filter(|host| host.reachable) {
        let via = Some(host.name.as_str());
        // RFC 8461 §2: MTA-STS never overrides DANE.
        match host.dane {
            Dane::Fails if scenario.profile.dane => {
                events.push(ResultType::TlsaInvalid);
                continue;
            }
            Dane::Matches if scenario.profile.dane && host.starttls => {
                return end(Delivery::DeliveredDane, via, events);
            }
            Dane::Matches if scenario.profile.dane => {
                events.push(ResultType::StarttlsNotSupported);
                continue;
            }
            _ => {}
        }
        if let Some(policy) = policy {
            match failure(policy, host) {
                None => return end(Delivery::DeliveredVerified, via, events),
                Some(event) => events.push(event),
            }
            if policy.mode == Mode::Enforce {
                continue; // RFC 8461 §5: the host counts as unreachable.
            }
        }
        let delivery = match host.starttls {
            true => Delivery::DeliveredOpportunisticTls,
            false => Delivery::DeliveredPlaintext,
        };
        return end(delivery, via, events);
    }
    end(Delivery::Deferred, None, events) // RFC 8461 §5: a failure to validate is no permanent error.
}

/// The policy that applies, if any (RFC 8461 §5.1).
fn discover<'s>(scenario: &'s Scenario, events: &mut Vec<ResultType>) -> Option<&'s Policy> {
    if !scenario.profile.sts {
        return None;
    }
    let live = |copy: &&Cached| scenario.now.saturating_sub(copy.fetched_at) <= copy.policy.max_age;
    let cached = scenario.cache.as_ref().filter(live);
    // An absent record or an unreachable policy host never ends a policy that still lives.
    let mut policy = cached.map(|copy| &copy.policy);
    if let Some(id) = &scenario.id
        && cached.is_none_or(|copy| copy.id != *id)
    {
        match &scenario.fetch {
            Ok(fetched) if fetched.max_age < scenario.profile.min_max_age => {}
            Ok(fetched) => policy = Some(fetched),
            Err(event) => events.push(*event),
        }
    }
    policy.filter(|policy| policy.mode != Mode::None) // RFC 8461 §5: as if there were none.
}

/// Why a host fails the policy (RFC 8461 §4), if it does.
fn failure(policy: &Policy, host: &Host) -> Option<ResultType> {
    if !policy.mx.iter().any(|pattern| host::matches(pattern, &host.name).covers()) {
        return Some(ResultType::ValidationFailure); // §4.1
    }
    if !host.starttls {
        return Some(ResultType::StarttlsNotSupported);
    }
    host.certificate // §4.2
}
