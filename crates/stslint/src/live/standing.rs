//! Where a domain stands, in one of a few cases: what to tell a person first.

use super::assessment::{Assessment, NotKnown, NotReached, State, Step};
use super::facts::{Addresses, Fact, Facts, Reason};
use crate::finding::Severity;
use crate::policy::Mode;

/// Where a domain stands. Only [`Works`](Self::Works) says that its mail is protected, and nothing but seen facts
/// leads there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Something is wrong; the worst is an error or a warning.
    Problem(Severity),
    /// Nothing was seen: no question has an answer.
    NotChecked,
    /// There is no MTA-STS record.
    NotUsed,
    /// Whether there is a record was not seen.
    RecordToSee,
    /// The record is right, but senders get no policy, and why was not seen.
    NoPolicy,
    /// The record is right, and the policy was not read.
    PolicyToRead,
    /// The policy says mode none.
    Off,
    /// Record and policy are right, but the domain takes no mail.
    NoMail,
    /// Record and policy are right, in mode testing. Not all of the hosts need have been seen.
    Testing,
    /// Record and policy are right, in mode enforce; which hosts take mail was not seen.
    HostsToSee,
    /// The same, and the policy covers the mail hosts; not all of their STARTTLS and certificates was seen.
    CertificatesToSee,
    /// The policy is enforced, and everything that mail depends on was seen and is right.
    Works,
}

impl Standing {
    /// The standing of a domain.
    pub(super) fn of(assessment: &Assessment) -> Self {
        if let Some(worst) = Step::ALL.iter().filter_map(|step| assessment.problem(*step)).min() {
            return Self::Problem(worst);
        }
        if !anything_seen(&assessment.facts) {
            return Self::NotChecked;
        }
        match assessment.state(Step::Discover) {
            State::Absent => return Self::NotUsed,
            State::Ok => {}
            _ => return Self::RecordToSee,
        }
        let mode = match (assessment.state(Step::Fetch), &assessment.policy) {
            (State::Ok, Some(policy)) => policy.mode,
            (State::NotKnown(NotKnown::NoPolicy), _) => return Self::NoPolicy,
            _ => None,
        };
        let hosts = assessment.state(Step::Match);
        match mode {
            None => Self::PolicyToRead,
            Some(Mode::None) => Self::Off,
            _ if matches!(
                hosts,
                State::NotReached(NotReached::NullMx | NotReached::NoMailHost)
            ) =>
            {
                Self::NoMail
            }
            Some(Mode::Testing) => Self::Testing,
            Some(Mode::Enforce) if *hosts != State::Ok => Self::HostsToSee,
            Some(Mode::Enforce) if *assessment.state(Step::Connect) != State::Ok => {
                Self::CertificatesToSee
            }
            Some(Mode::Enforce) => Self::Works,
        }
    }
}

/// Why nothing was seen: why one of the look-ups has no answer, one that was made before one that was not.
pub fn unanswered(facts: &Facts) -> Option<&Reason> {
    let reasons = || lookups(facts).filter_map(Result::err);
    let made = reasons().find(|reason| matches!(reason, Reason::NotObservable(_)));
    made.or_else(|| reasons().next())
}

fn anything_seen(facts: &Facts) -> bool {
    lookups(facts).any(|seen| seen.is_ok())
}

/// Whether each look-up has an answer, or else why not.
fn lookups(facts: &Facts) -> impl Iterator<Item = Result<(), &Reason>> {
    fn seen<T>(fact: &Fact<T>) -> Result<(), &Reason> {
        fact.reason().map_or(Ok(()), Err)
    }
    fn both(addresses: &Addresses) -> [Result<(), &Reason>; 2] {
        [seen(&addresses.a), seen(&addresses.aaaa)]
    }
    let hosts = facts.hosts.values().flat_map(|host| {
        both(&host.addresses).into_iter().chain([seen(&host.tlsa), seen(&host.smtp)])
    });
    [
        seen(&facts.sts),
        seen(&facts.tlsrpt),
        seen(&facts.mx),
        seen(&facts.fetch),
        seen(&facts.policy),
    ]
    .into_iter()
    .chain(both(&facts.policy_host))
    .chain(both(&facts.apex))
    .chain(hosts)
}
