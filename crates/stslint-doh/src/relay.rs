//! What a relay (`stslint serve`) says, for those who serve and those who ask: the format that the
//! README of `stslint-serve` documents. Members may come; none changes its meaning or goes.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The version of the format.
pub const VERSION: u32 = 1;

/// How to tell a relay from whatever else answers with JSON.
pub const NAME: &str = "stslint";

/// What a relay may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// The policy host of a domain.
    Policy,
    /// The mail hosts of a domain.
    Mx,
}

impl What {
    /// Its name in addresses, offers and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Mx => "mx",
        }
    }
}

/// Who a relay is and what it offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// [`VERSION`].
    pub relay: u32,
    /// [`NAME`].
    pub name: String,
    /// The version of the program.
    pub stslint: String,
    /// Who runs it, in their own words.
    pub operator: Option<String>,
    /// The words of what it looks at. Others than those of [`What`] may come.
    pub offers: Vec<String>,
    /// Who answers the relay's DNS questions, for people.
    pub resolver: String,
    /// How long a look is good for, in seconds.
    pub cache_seconds: u64,
}

impl About {
    /// Whether it is a relay that is understood here.
    pub fn is_ours(&self) -> bool {
        self.relay == VERSION && self.name == NAME
    }

    /// Whether it looks at this.
    pub fn offers(&self, what: What) -> bool {
        self.offers.iter().any(|offer| offer == what.word())
    }
}

/// What a relay saw. `F` is the facts as JSON text that neither end has to read here, which is
/// `RawValue` of `serde_json`: the engine's own reader knows places in them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look<F> {
    /// [`VERSION`].
    pub relay: u32,
    /// The version of the program.
    pub stslint: String,
    /// The id of this request, for questions to the operator.
    pub request: String,
    /// The word of [`What`] was looked at.
    pub what: String,
    /// The domain, as A-labels.
    pub domain: String,
    /// When the relay looked (RFC 3339).
    pub looked_up: String,
    /// How many seconds ago that was.
    pub age: u64,
    /// Who answers the relay's DNS questions, for people.
    pub resolver: String,
    /// How long it took.
    pub seconds: Seconds,
    /// The address of each host that a TLS handshake was tried with.
    pub connected: BTreeMap<String, IpAddr>,
    /// Addresses that the relay does not connect to.
    pub refused: Vec<Refused>,
    /// What could not be seen from there, which is never a fault of the domain.
    pub not_looked_up: Vec<NotLookedUp>,
    /// What was seen, as `stslint lint --kind live` reads it.
    pub facts: F,
}

/// How long a look took, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seconds {
    /// Until the addresses were known.
    pub names: f64,
    /// Until everything was.
    pub all: f64,
}

/// An address that a relay does not connect to, as it is not public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Whose address it is.
    pub host: String,
    /// The address, where it is told: not for a name that somebody else's record leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// Why it is not public, for people.
    pub why: String,
}

/// Something that could not be seen from a relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotLookedUp {
    /// What, for people.
    pub what: String,
    /// Why, for programs. Codes may come.
    pub code: String,
    /// Why, for people.
    pub why: String,
}

/// Why there was no look (RFC 9457). It says nothing about a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The words of the status.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Why, for programs. It never changes its meaning; codes may come.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
    /// The id of the request.
    pub request: String,
    /// When it makes sense to come again, in seconds from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}
