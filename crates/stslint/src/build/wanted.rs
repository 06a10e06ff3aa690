//! From what somebody wants to what is to be published: the policy and both records.
//!
//! What is published already is changed, not overwritten: lines and fields that nobody asked about stay where they are. What
//! comes out has been linted, and is refused where that finds anything above advice that is not published so already.

mod policy;
mod record;

use crate::build::policy_address;
use crate::finding::{Finding, Severity};
use crate::host;
use crate::input::{Input, Kind, ToAscii};
use crate::policy::Mode;

/// Most hosts and most addresses that are taken.
pub const MOST: usize = 500;

/// Most fields of others that are kept of what is published: each is looked at by itself.
const MOST_FIELDS: usize = 100;

/// What somebody wants.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The domain.
    pub domain: &'a str,
    /// The patterns of the policy, in their order: [`super::providers::lines`] makes them of MX hosts.
    pub mx: &'a [&'a str],
    /// The mode.
    pub mode: Mode,
    /// The lifetime, in seconds ([`Mode::usual_max_age`] is what to propose).
    pub max_age: u64,
    /// Where reports are to go, beside where they go already: mail addresses, or URIs of RFC 8460 §3.
    pub rua: &'a [&'a str],
    /// The id for a new or changed policy: [`super::id::fresh`] makes it of the clock.
    pub id: &'a str,
    /// What is published now.
    pub published: Published<'a>,
    /// For names outside ASCII.
    pub to_ascii: Option<ToAscii>,
}

/// What a domain publishes now, as far as there is any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Published<'a> {
    /// The policy, byte for byte.
    pub policy: Option<&'a [u8]>,
    /// The TXT record at `_mta-sts`, its strings joined.
    pub sts: Option<&'a str>,
    /// The TXT record at `_smtp._tls`, its strings joined.
    pub rpt: Option<&'a str>,
    /// Further records there, of which nothing is kept but where reports go.
    pub more_rpt: &'a [String],
    /// Of which kinds there are several records, [`Self::sts`] and [`Self::rpt`] being the first ones.
    pub several: &'a [Kind],
}

/// What is to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The domain, as A-labels.
    pub domain: String,
    /// The policy, with CR LF as RFC 8461 §3.2 has it.
    pub policy: String,
    /// What that is beside what is published. Line ends make no difference: senders take both.
    pub policy_change: Change,
    /// The record at `_mta-sts`, and the one at `_smtp._tls` where reports are to go anywhere.
    pub records: Vec<Record>,
    /// What is published and was left out, as no sender can use it: lines, fields, addresses.
    pub dropped: Vec<String>,
    /// What speaks against the policy, and as much against the published one: a lifetime that is short for the mode.
    pub weak: Option<Fault>,
}

/// A TXT record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its name below the domain: `_mta-sts` or `_smtp._tls`.
    pub label: &'static str,
    /// Its data in one piece. Printable US-ASCII.
    pub value: String,
    /// What that is beside what is published.
    pub change: Change,
}

impl Record {
    /// How it begins, and all of its kind: what else is at its name is of another use.
    pub fn begins(&self) -> &str {
        self.value.split(';').next().unwrap_or_default()
    }
}

/// What something is beside what is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It takes the place of something.
    Changed,
    /// There was nothing.
    New,
    /// It is the same.
    Same,
    /// It takes the place of several, of which senders use none (RFC 8461 §3.1, RFC 8460 §3).
    OneForSeveral,
}

/// Why nothing can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// This is no destination for reports.
    Address(String, Fault),
    /// This is no domain name.
    Domain(String),
    /// This is nothing that a policy can name.
    Host(String, Fault),
    /// An id has 1 to 32 letters and digits (RFC 8461 §3.1).
    Id,
    /// The record has this id already, and senders would not notice the change (RFC 8461 §3.1).
    IdInUse,
    /// A policy needs hosts (RFC 8461 §3.2).
    NoHosts,
    /// The policy as a whole.
    Policy(Fault),
    /// One of the records as a whole.
    Record(Fault),
    /// More than [`MOST`] hosts or addresses.
    TooMany,
}

/// What the linter says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The code of the rule.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
}

impl Error {
    /// What is wrong, as a sentence.
    pub fn message(&self) -> String {
        match self {
            Self::Address(address, fault) => {
                format!("Reports can't go to {address:?}: {}.", fault.message)
            }
            Self::Domain(name) => format!("{name:?} is not a domain name."),
            Self::Host(host, fault) => {
                format!("{host:?} can't be in a policy: {}.", fault.message)
            }
            Self::Id => "An id has 1 to 32 letters and digits.".into(),
            Self::IdInUse => "The record has this id already: senders would not notice that the policy has changed.".into(),
            Self::NoHosts => "A policy needs at least one MX host.".into(),
            Self::Policy(fault) | Self::Record(fault) => format!("{}.", fault.message),
            Self::TooMany => format!("There may be {MOST} hosts and {MOST} addresses."),
        }
    }
}

impl Wanted<'_> {
    /// Writes policy and records.
    ///
    /// # Errors
    ///
    /// What was asked for can't be published, or should not.
    pub fn write(&self) -> Result<Publication, Error> {
        if self.mx.len() > MOST || self.rua.len() > MOST {
            return Err(Error::TooMany);
        }
        if !crate::record::is_id(self.id) {
            return Err(Error::Id);
        }
        let domain = host::domain_name(self.domain, self.to_ascii);
        let domain = domain.ok_or_else(|| Error::Domain(self.domain.to_owned()))?;
        let mut dropped = Vec::new();
        let hosts = policy::hosts(self, &domain)?;
        let (text, policy_change, weak) = policy::write(self, &domain, &hosts, &mut dropped)?;
        let sts = record::sts(self, policy_change == Change::Same, &mut dropped)?;
        let rpt = record::rpt(&self.published, self.rua, self.to_ascii, &mut dropped)?;
        let records = [Some(sts), rpt].into_iter().flatten().collect();
        Ok(Publication { domain, policy: text, policy_change, records, dropped, weak })
    }
}

impl Publication {
    /// The records that are to be published: those that are not there as they are.
    pub fn due(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.change != Change::Same)
    }

    /// The address at which senders fetch the policy.
    pub fn policy_address(&self) -> String {
        policy_address(&self.domain)
    }
}

/// Whether a policy of this domain can name a pattern.
pub fn can_name(pattern: &str, domain: &str, to_ascii: Option<ToAscii>) -> bool {
    policy::host_fault(pattern, domain, to_ascii).is_none()
}

/// The record at `_mta-sts` with a new id: fields of others that are published stay.
///
/// # Errors
///
/// It can't be written.
pub fn announce(published: Option<&str>, id: &str) -> Result<Record, Error> {
    record::announce(published, id)
}

/// The record at `_smtp._tls` that sends reports where what is published means them to go; none where that is nowhere. What can't
/// be kept of it is added to `dropped`.
pub fn asked(published: &Published, dropped: &mut Vec<String>) -> Option<Record> {
    record::rpt(published, &[], None, dropped).ok().flatten()
}

/// The worst that the linter says of a policy, where that is above advice.
fn policy_fault(text: &str, domain: &str, to_ascii: Option<ToAscii>) -> Option<Fault> {
    let kind = Some(Kind::Policy);
    let input = Input { kind, domain: Some(domain), to_ascii, ..Input::new(text.as_bytes()) };
    fault(&crate::policy::lint_text(&input).1, text)
}

/// The same of the value of a record.
fn record_fault(text: &str, kind: Kind) -> Option<Fault> {
    fault(&crate::record::lint_value(&Input::new(text.as_bytes()), kind).findings, text)
}

fn fault(findings: &[Finding], text: &str) -> Option<Fault> {
    let above = findings.iter().filter(|finding| finding.rule.severity <= Severity::Warning);
    let worst = above.min_by_key(|finding| finding.rule.severity)?;
    Some(Fault { code: worst.rule.code, message: worst.message(text.as_bytes()) })
}

#[cfg(test)]
mod tests;
