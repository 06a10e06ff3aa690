//! Which reports, policies and failures totals are made of.

use super::Day;
use super::facts::Policy;
use crate::report::{Cause, PolicyType, ResultType};

/// A kind of policies under which sessions are counted. Those of different kinds are never added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// MTA-STS.
    Sts,
    /// DANE: TLSA records of the mail hosts.
    Tlsa,
    /// The sender found no policy of the domain.
    NoPolicy,
    /// The sender found no TLSA records of a mail host.
    NoTlsa,
    /// The report gives no kind that is known.
    Unknown,
}

impl Kind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Sts, Self::Tlsa, Self::NoPolicy, Self::NoTlsa, Self::Unknown];

    /// Its name for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Tlsa => "tlsa",
            Self::NoPolicy => "no-policy-found",
            Self::NoTlsa => "no-tlsa-found",
            Self::Unknown => "unknown",
        }
    }

    /// The kind with this name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The kind of a policy. `of_host` says that it is one of a mail host, not of the domain.
    pub(in crate::report) const fn of(policy_type: Option<PolicyType>, of_host: bool) -> Self {
        match policy_type {
            Some(PolicyType::Sts) => Self::Sts,
            Some(PolicyType::Tlsa) => Self::Tlsa,
            Some(PolicyType::NoPolicyFound) if of_host => Self::NoTlsa,
            Some(PolicyType::NoPolicyFound) => Self::NoPolicy,
            None => Self::Unknown,
        }
    }
}

/// What totals are asked for. What is none lets everything pass; all of it together decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The domain whose mail it is, in any case.
    pub domain: Option<String>,
    /// Who reports.
    pub sender: Option<String>,
    /// The kind of policies.
    pub kind: Option<Kind>,
    /// What failed. Numbers of all sessions, which have no cause, do not follow it.
    pub cause: Option<Cause<'static>>,
    /// The mail server that failed, in any case. Numbers of all sessions do not follow it either.
    pub mx: Option<String>,
    /// The address from which a failed session came, as reports write it. Numbers of all sessions do not follow it
    /// either.
    pub address: Option<String>,
    /// The first day.
    pub since: Option<Day>,
    /// The last day.
    pub until: Option<Day>,
    /// A day that reports have to reach, though they may begin before it. That of a week counts for its first day, and is about its
    /// last one all the same.
    pub reach: Option<Day>,
}

impl Filter {
    /// The same without what is known of failed sessions only. Numbers of all sessions follow it.
    pub fn of_all_sessions(&self) -> Self {
        Self { cause: None, mx: None, address: None, ..self.clone() }
    }

    /// Whether nothing is asked that is known of failed sessions only.
    pub const fn is_of_all_sessions(&self) -> bool {
        self.cause.is_none() && self.mx.is_none() && self.address.is_none()
    }

    /// Whether a report without a policy passes, where its sender and day do.
    pub(super) const fn takes_bare(&self) -> bool {
        self.domain.is_none() && self.kind.is_none() && self.is_of_all_sessions()
    }

    /// Whether a report of this day passes. One without a day is in no time that somebody asks for.
    pub(super) fn takes_day(&self, day: Option<Day>) -> bool {
        self.since.is_none_or(|since| day.is_some_and(|day| day >= since))
            && self.until.is_none_or(|until| day.is_some_and(|day| day <= until))
    }

    /// Whether a report of this day passes that is about the days up to `last`.
    pub(super) fn takes_days(&self, day: Option<Day>, last: Option<Day>) -> bool {
        self.takes_day(day) && self.reach.is_none_or(|reach| last.or(day) >= Some(reach))
    }

    /// Whether a report of this sender passes.
    pub(super) fn takes_sender(&self, sender: Option<&str>) -> bool {
        let wanted = self.sender.as_deref();
        wanted.is_none_or(|wanted| sender.is_some_and(|name| name.eq_ignore_ascii_case(wanted)))
    }

    /// Whether a policy of this kind for this domain passes.
    pub(super) fn takes_policy(&self, domain: Option<&str>, kind: Kind) -> bool {
        same(self.domain.as_deref(), domain) && self.kind.is_none_or(|wanted| wanted == kind)
    }

    /// Whether failures at a mail server pass, with the name of their cause and the address from which they came.
    pub(super) fn takes_detail(
        &self,
        mx: Option<&str>,
        cause: Option<&str>,
        address: Option<&str>,
    ) -> bool {
        same(self.mx.as_deref(), mx)
            && self.cause.as_ref().is_none_or(|wanted| *wanted == self::cause(cause))
            && self.address.as_deref().is_none_or(|wanted| address == Some(wanted))
    }
}

/// Whether a name is the wanted one, in any case and with or without the root dot.
fn same(wanted: Option<&str>, name: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| {
        let wanted = wanted.strip_suffix('.').unwrap_or(wanted);
        name.is_some_and(|name| name.eq_ignore_ascii_case(wanted))
    })
}

impl<N> Policy<N> {
    pub(super) fn kind(&self) -> Kind {
        Kind::of(self.policy_type, self.host.is_some())
    }
}

/// What failed, by its name in the report.
pub(super) fn cause(name: Option<&str>) -> Cause<'_> {
    match name {
        None => Cause::Unsaid,
        Some(name) => ResultType::from_word(name).map_or(Cause::Other(name.into()), Cause::Known),
    }
}
