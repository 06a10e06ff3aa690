//! What a walk of one message is made of: plain data, for words and pictures.

use super::situation::{Dane, Mail, Policy, ResultType};
use crate::policy::Mode;
use std::collections::BTreeSet;

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

/// The way of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// What happens, in its order.
    pub steps: Vec<Step>,
    /// What becomes of the message.
    pub delivery: Delivery,
    /// The host that took it: an index into the hosts of the situation.
    pub via: Option<usize>,
    /// What the sender reports, in the order in which it happened (RFC 8461 §6).
    pub events: Vec<ResultType>,
    /// What an attacker has of it; none where there is no attacker.
    pub gain: Option<Gain>,
}

impl Walk {
    /// Who takes part, in the order of their columns in a picture.
    pub fn parties(&self) -> BTreeSet<Party> {
        let attacker = self.steps.iter().any(|step| step.attacked).then_some(Party::Attacker);
        self.steps.iter().flat_map(|step| [step.from, step.to]).chain(attacker).collect()
    }
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who begins.
    pub from: Party,
    /// With whom; the same where somebody is by itself.
    pub to: Party,
    /// What happens.
    pub act: Act,
    /// How it comes out.
    pub course: Course,
    /// Where it is written that it has to be so: `RFC 8461 §3.3`.
    pub clause: &'static str,
    /// Whether an attacker makes it come out so.
    pub attacked: bool,
    /// Where the sender goes its own way.
    pub departs: Vec<Departure>,
    /// Whether it rests on something that nobody looked up and is taken to be good.
    pub assumed: bool,
}

/// Who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The sending MTA.
    Sender,
    /// DNS.
    Dns,
    /// The policy host.
    PolicyHost,
    /// An attacker, who answers in the place of somebody else or stands in between.
    Attacker,
    /// The MX host of this index.
    Mx(usize),
    /// Who gets the TLS reports of the domain.
    Reports,
}

/// What happens. Hosts are indices into those of the situation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The sender tells which domain's policy counts: the smart host's, or the recipient's.
    PolicyDomain {
        /// Whether there is a smart host.
        smart_host: bool,
    },
    /// It looks for a copy of the policy.
    Cache(Copy),
    /// It asks for the `_mta-sts` record: the id, where there is one good record.
    Record(Option<String>),
    /// The record has the id that it knows.
    SameId,
    /// It fetches the policy.
    Fetch(Result<Policy, ResultType>),
    /// It does not heed a policy with so short a lifetime.
    TooShort,
    /// It is settled which policy applies; none where none does.
    Policy(Option<Mode>, Origin),
    /// It asks who takes the mail: so many hosts.
    Hosts(Mail, usize),
    /// It asks for the TLSA records of a host.
    Tlsa(usize, Dane),
    /// It compares the name of a host with the patterns: the one that stands for it.
    Match(usize, Option<String>),
    /// It connects to a host.
    Connect(usize, bool),
    /// The host offers STARTTLS, or does not.
    Starttls(usize, bool),
    /// A TLSA record authenticates the host, or none does.
    Authenticate(usize, bool),
    /// The certificate of a host is checked: what is wrong with it.
    Certificate(usize, Option<ResultType>),
    /// The host counts as unreachable.
    Skip(usize),
    /// The host fails the policy, which is in mode testing.
    Pass(usize),
    /// The host gets the message.
    Deliver(usize, Delivery),
    /// No host took the message: the sender looks for a new policy. The id, where it is another.
    LookAgain(Option<String>),
    /// The message stays in the queue.
    Queue,
    /// The message goes back to its author.
    Return,
    /// What went wrong is noted for a report.
    Report(Vec<ResultType>),
}

impl Act {
    /// Its name in documents for programs; it never changes its meaning.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::PolicyDomain { .. } => "policy-domain",
            Self::Cache(_) => "cache",
            Self::Record(_) => "record",
            Self::SameId => "same-id",
            Self::Fetch(_) => "fetch",
            Self::TooShort => "too-short",
            Self::Policy(..) => "policy",
            Self::Hosts(..) => "hosts",
            Self::Tlsa(..) => "tlsa",
            Self::Match(..) => "match",
            Self::Connect(..) => "connect",
            Self::Starttls(..) => "starttls",
            Self::Authenticate(..) => "authenticate",
            Self::Certificate(..) => "certificate",
            Self::Skip(_) => "skip",
            Self::Pass(_) => "pass",
            Self::Deliver(..) => "deliver",
            Self::LookAgain(_) => "look-again",
            Self::Queue => "queue",
            Self::Return => "return",
            Self::Report(_) => "report",
        }
    }
}

/// The copy of a policy that an earlier message left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copy {
    /// There is none.
    None,
    /// Its lifetime is over since so many seconds.
    Ended(u64),
    /// It lives: its id, its mode, and how long it still does, in seconds.
    Lives(String, Mode, u64),
}

/// Where the policy that applies comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The copy.
    Cache,
    /// It was fetched just now.
    Fetched,
    /// Nowhere: the domain has no usable record.
    NoRecord,
    /// Nowhere: there is a record, but no policy to be had.
    NoPolicy,
    /// Nowhere: the sender has no MTA-STS.
    Unsupported,
}

/// How a step comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Well, and it goes on.
    Good,
    /// There is nothing, and it goes on.
    Nothing,
    /// A check fails, or something can't be had.
    Bad,
    /// The message is delivered.
    Delivered,
    /// The message waits.
    Queued,
    /// The message goes back.
    Returned,
}

impl Course {
    /// Its name in documents for programs; it never changes its meaning.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Nothing => "nothing",
            Self::Bad => "bad",
            Self::Delivered => "delivered",
            Self::Queued => "queued",
            Self::Returned => "returned",
        }
    }
}

/// Where a sender goes its own way, other than RFC 8461 has it or beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Departure {
    /// It uses a policy that the RFC rejects.
    Accepts,
    /// It compares the patterns with the names of the certificate, not with that of the host.
    CertificateNames,
    /// It knows nothing of DANE, or that is somebody else's business.
    DaneElsewhere,
    /// An enforced policy takes the place of DANE.
    DaneReplaced,
    /// It goes on without a policy when a new one can't be fetched, though its copy lives.
    DropsWithoutFetch,
    /// It goes on without a policy when there is no record, though its copy lives.
    DropsWithoutRecord,
    /// It fetches the policy though the id is the one that it knows.
    FetchesAgain,
    /// It finds an id in records in which the RFC finds none.
    FindsRecord,
    /// It keeps the policy for another time; the RFC's, in seconds.
    Lifetime(u64),
    /// It compares this name otherwise.
    Matches,
    /// It finds no id in records in which the RFC finds one.
    MissesRecord,
    /// It acts on another mode; the RFC's.
    Mode(Mode),
    /// It compares the name of a host before it looks at TLSA records.
    NamesFirst,
    /// It does not look at the record as long as its copy lives.
    NoLook,
    /// It has other patterns.
    Patterns,
    /// It rejects a policy that the RFC takes.
    Rejects,
    /// The lifetime of its copy begins anew.
    Renews,
}

/// What nobody looked up and is taken to be good. Hosts are indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumed {
    /// There is a good `_mta-sts` record.
    Record,
    /// The policy host gives a policy.
    Policy,
    /// Who takes the mail.
    Hosts,
    /// A host can be connected to.
    Connection(usize),
    /// A host offers STARTTLS.
    Starttls(usize),
    /// A host's certificate is good.
    Certificate(usize),
    /// A host has no TLSA records, or one that matches.
    Tlsa(usize),
    /// The domain asks for reports.
    Reports,
}

/// What an attacker has of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gain {
    /// Nothing: it arrives, and nobody else reads it.
    Nothing,
    /// It waits as long as the attack lasts, and nobody else reads it.
    Delays,
    /// The attacker reads it on its way, and can change it.
    Reads,
    /// It goes to the attacker, who reads it and need not pass it on.
    Takes,
}

impl Gain {
    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Delays => "delays",
            Self::Reads => "reads",
            Self::Takes => "takes",
        }
    }
}
