//! What one sender finds when it has a message for a domain, as it understands it.

use super::model::Model;
use super::models::STANDARD;
use super::walk::{Assumed, Departure};
use crate::policy::Mode;
pub use crate::result_type::ResultType;
use std::collections::BTreeSet;

/// What a sender finds when it has a message for a domain.
#[derive(Clone, Debug)]
pub struct Situation {
    /// The time, in seconds; only differences count.
    pub now: u64,
    /// The copy of the policy that an earlier message left.
    pub cache: Option<Cached>,
    /// The id of the one valid `_mta-sts` record; none when it is absent, broken or can't be looked up.
    pub id: Option<String>,
    /// The policy that the policy host gives, or why it gives none.
    pub fetch: Result<Policy, ResultType>,
    /// What the sender finds when it looks again, should that be something else by then: the id, and what
    /// the policy host gives.
    pub again: Option<(String, Result<Policy, ResultType>)>,
    /// The MX hosts in the order of preference; the domain itself where there is no MX record.
    pub hosts: Vec<Host>,
    /// What DNS says about who takes the mail.
    pub mail: Mail,
    /// Whether the mail goes to a smart host, whose domain is the policy domain then (RFC 8461 §3.4).
    pub smart_host: bool,
    /// Whether the domain asks for TLS reports (RFC 8460 §3).
    pub reports: bool,
    /// What the sender supports, and its habits.
    pub profile: Profile,
    /// What an attacker does to what the sender asks.
    pub attack: Attack,
    /// What nobody looked up and is taken to be good.
    pub assumed: BTreeSet<Assumed>,
    /// Where the sender reads otherwise than RFC 8461.
    pub reading: Readings,
}

impl Default for Situation {
    /// Nothing published, nobody there.
    fn default() -> Self {
        Self {
            now: 0,
            cache: None,
            id: None,
            fetch: Err(ResultType::StsPolicyFetchError),
            again: None,
            hosts: Vec::new(),
            mail: Mail::Hosts,
            smart_host: false,
            reports: true,
            profile: Profile::default(),
            attack: Attack::default(),
            assumed: BTreeSet::new(),
            reading: Readings::default(),
        }
    }
}

/// What DNS says about who takes the mail of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mail {
    /// The hosts of its MX records.
    Hosts,
    /// The domain itself, for lack of MX records (RFC 5321 §5.1).
    Implicit,
    /// Nobody: a null MX (RFC 7505).
    Null,
}

/// Where a sender reads otherwise than RFC 8461.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// In the records.
    pub record: Vec<Departure>,
    /// In what the policy host gives.
    pub fetch: Vec<Departure>,
    /// In the policy of which it has a copy.
    pub cache: Vec<Departure>,
    /// In what the policy host gives later.
    pub again: Vec<Departure>,
}

/// What an attacker on the way does to what a sender asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attack {
    /// Keeps the `_mta-sts` record away (RFC 8461 §10.2).
    pub record: bool,
    /// Keeps the policy host away.
    pub fetch: bool,
    /// Answers for the MX records with hosts of its own (RFC 8461 §10).
    pub mx: bool,
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
    /// Whether it offers STARTTLS, as far as the sender sees.
    pub starttls: bool,
    /// Why its certificate is not accepted (RFC 8461 §4.2), if it is not.
    pub certificate: Option<ResultType>,
    /// The DNS names of its certificate, for software that compares the patterns with those.
    pub names: Vec<String>,
    /// What DANE says of it.
    pub dane: Dane,
    /// What an attacker is to it.
    pub attacker: Attacker,
}

impl Host {
    /// A host with all in order, and without TLSA records.
    pub fn good(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            reachable: true,
            starttls: true,
            certificate: None,
            names: vec![name.to_owned()],
            dane: Dane::None,
            attacker: Attacker::Absent,
        }
    }
}

/// What an attacker is to an MX host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attacker {
    /// Not there.
    #[default]
    Absent,
    /// Between it and the sender, with a hand on every byte.
    Between,
    /// The host itself.
    Host,
}

/// What DANE comes to for a host (RFC 7672 §2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dane {
    /// The TLSA records can't be looked up: senders must pass over the host.
    Error,
    /// No TLSA record matches, or there is no telling.
    Fails,
    /// A TLSA record matches.
    Matches,
    /// There are no secure TLSA records.
    #[default]
    None,
    /// There are secure TLSA records, none of which is of use: TLS is a must, its certificate is not.
    Unusable,
}

/// What a sender supports, and its habits.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// The model of the sender, for its habits and the way it compares names.
    pub model: &'static Model,
    /// MTA-STS.
    pub sts: bool,
    /// DANE.
    pub dane: bool,
    /// The shortest lifetime of a policy that it heeds, in seconds; 0 in the RFC.
    pub min_max_age: u64,
}

impl Profile {
    /// What the software of a model supports. DANE is on where it is known there.
    pub const fn of(model: &'static Model) -> Self {
        let dane = !matches!(model.habits.dane, super::model::Dane::Elsewhere);
        Self { model, sts: true, dane, min_max_age: 0 }
    }
}

impl Default for Profile {
    /// A sender that goes by RFC 8461 and has no DANE.
    fn default() -> Self {
        Self { dane: false, ..Self::of(STANDARD) }
    }
}
