//! What a plan is made of: what was asked, what was published before it began, and what a live check saw.

use super::{Act, Goal};
use crate::finding::Severity;
use crate::input::{Input, Kind};
use crate::live::facts::{Fact, Facts, Lookup, Mx};
use crate::live::{self, PartValues, State, Step};
use crate::policy::{self, Mode, Values};
use crate::record;
use crate::report::aggregate::Day;
use crate::report::readiness::Readiness;
use crate::senders::MAX_HOSTS;
use std::collections::BTreeSet;

/// What is given. Names are A-labels in lower case without the root dot.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The domain.
    pub domain: &'a str,
    /// What is to be reached.
    pub goal: Goal,
    /// The day on which the plan begins.
    pub start: Day,
    /// The day on which somebody asks.
    pub today: Day,
    /// The policy that was served before the plan began.
    pub policy: Option<&'a [u8]>,
    /// The record at `_mta-sts` of that time, its strings joined.
    pub record: Option<&'a str>,
    /// Its TTL in the zone, in seconds.
    pub ttl: Option<u32>,
    /// The MX hosts of that time.
    pub mx: &'a [String],
    /// The MX hosts that are to come.
    pub new_mx: &'a [String],
    /// The domain whose policy and hosts this one is to share ([`Goal::Park`]).
    pub alias_of: Option<&'a str>,
    /// Since when the policy is in mode testing.
    pub testing_since: Option<Day>,
    /// What reports say.
    pub readiness: Option<&'a Readiness<'a>>,
    /// What a live check saw. Where it is not of a later day than the start, it tells as well what was published before,
    /// as far as that is not given.
    pub facts: Option<&'a Facts>,
    /// Days on which steps were done, as somebody says.
    pub done: &'a [(Act, Day)],
}

impl<'a> Given<'a> {
    /// The least that a plan takes: it begins today.
    pub const fn new(domain: &'a str, goal: Goal, today: Day) -> Self {
        Self {
            domain,
            goal,
            start: today,
            today,
            policy: None,
            record: None,
            ttl: None,
            mx: &[],
            new_mx: &[],
            alias_of: None,
            testing_since: None,
            readiness: None,
            facts: None,
            done: &[],
        }
    }
}

/// Why there is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPlan {
    /// The policy of now has to be known.
    PolicyUnknown,
    /// The policy of now is not one that senders use: it has to be put right first.
    PolicyBroken,
    /// There is no policy: MX records can be changed at any time.
    NoPolicy,
    /// The new MX hosts have to be given.
    NewMxMissing,
    /// The policy is not in mode enforce.
    NotEnforced,
}

/// What was published before the plan began.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    /// What senders read from the policy; none where there was none.
    pub(super) policy: Option<Values>,
    /// Whether it is known whether there was one.
    pub(super) is_known: bool,
    /// Whether it was given and is none that senders use.
    pub(super) is_broken: bool,
    /// The record; none where there was none or it is not known.
    pub(super) record: Option<String>,
    /// Its id.
    pub(super) id: Option<String>,
    /// Its TTL, where it is known.
    pub(super) ttl: Option<u32>,
    /// The MX hosts, the domain's own name included where there were no records; none where they are not known.
    pub(super) mx: Vec<String>,
}

/// What a live check saw, as far as plans ask for it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The day; none where facts have no date.
    pub(super) day: Option<Day>,
    /// The policy; `Some(None)` where senders get none.
    pub(super) policy: Option<Option<Values>>,
    /// Whether there is a usable record.
    pub(super) record: Option<bool>,
    /// Its id.
    pub(super) id: Option<String>,
    ttl: Option<u32>,
    /// Whether reports are asked for.
    pub(super) reports: Option<bool>,
    /// The MX hosts, the highest preference last; empty for a null MX.
    pub(super) mx: Option<Vec<(u16, String)>>,
    /// Whether there is a null MX.
    pub(super) null_mx: Option<bool>,
    /// Codes of what is wrong: errors and warnings, each once.
    pub(super) problems: Vec<&'static str>,
    /// Whether all that was seen of the hosts is right, and all was seen.
    pub(super) hosts_good: Option<bool>,
}

impl Seen {
    pub(super) fn of(facts: &Facts) -> Self {
        let judged = live::judge(facts);
        let id = live::snapshot(facts).id;
        let state = |step: Step| {
            judged.steps.iter().find(|result| result.step == step).map(|result| &result.state)
        };
        let has_rua = judged.parts.iter().any(|part| match &part.values {
            Some(PartValues::Record(values)) => part.kind == Kind::RptTxt && !values.rua.is_empty(),
            _ => false,
        });
        let record = match &facts.sts {
            Fact::Known(answer) if answer.failure().is_none() => {
                Some(id.is_some() || state(Step::Discover) == Some(&State::Ok))
            }
            _ => None,
        };
        let reports = match &facts.tlsrpt {
            Fact::Known(answer) if answer.failure().is_none() => {
                Some(has_rua || state(Step::Report) == Some(&State::Ok))
            }
            _ => None,
        };
        let looked = facts.fetch.known().is_some()
            || facts.policy.known().is_some()
            || matches!(
                facts.policy_host.outcome(),
                Fact::Known(Lookup::NxDomain | Lookup::NoData | Lookup::Broken(_))
            );
        let host = |host: &live::MxHost| (host.preference.unwrap_or(0), host.host.clone());
        let hosts: Vec<_> = judged.mx_hosts.iter().map(host).collect();
        let answer = facts.mx.known();
        let null_mx =
            answer.and_then(|answer| answer.data()).map(|list| list.iter().all(Mx::is_null));
        let mx = answer.filter(|answer| answer.failure().is_none()).map(|_| hosts);
        let parts = judged.parts.iter().flat_map(|part| &part.findings);
        let problems: BTreeSet<&'static str> = judged
            .found
            .iter()
            .map(|found| &found.finding)
            .chain(parts)
            .filter(|finding| finding.rule.severity <= Severity::Warning)
            .map(|finding| finding.rule.code)
            .collect();
        Self {
            day: facts.now.map(Day::of),
            policy: looked.then(|| judged.policy.clone()),
            record,
            id,
            ttl: facts.sts.known().and_then(|answer| answer.ttl),
            reports,
            mx,
            null_mx: null_mx.or(answer.and_then(|answer| answer.is_empty().then_some(false))),
            problems: problems.into_iter().collect(),
            hosts_good: match state(Step::Connect) {
                Some(State::Ok) => Some(true),
                Some(State::Problem) => Some(false),
                _ => None,
            },
        }
    }

    /// The names of the MX hosts, where they are known.
    pub(super) fn hosts(&self) -> Option<Vec<String>> {
        Some(self.mx.as_ref()?.iter().map(|(_, host)| host.clone()).collect())
    }
}

impl Before {
    pub(super) fn of(given: &Given, seen: Option<&Seen>) -> Result<Self, NoPlan> {
        // What is seen after the start may be what the plan made.
        let of_start = seen.filter(|seen| {
            let day = seen.day.unwrap_or(given.today);
            day <= given.start || given.goal != Goal::Enforce
        });
        let mut before = Self::default();
        match given.policy {
            Some(text) => {
                let input = Input { kind: Some(Kind::Policy), ..Input::new(text) };
                let (values, findings) = policy::lint(&input);
                let needed = [Goal::AddMx, Goal::MoveMx, Goal::Remove, Goal::RollBack];
                before.is_broken = findings.iter().any(|finding| finding.rule.breaks_use());
                if before.is_broken && needed.contains(&given.goal) {
                    return Err(NoPlan::PolicyBroken);
                }
                before.policy = Some(values).filter(|_| !before.is_broken);
                before.is_known = true;
            }
            None => {
                if let Some(policy) = of_start.and_then(|seen| seen.policy.clone()) {
                    before.policy = policy;
                    before.is_known = true;
                }
            }
        }
        let usable = |values: &Values| values.mode.is_some() && values.max_age.is_some();
        before.policy = before.policy.filter(usable);
        let record = |id: &str| ["v=STSv1; id=", id, ";"].concat();
        match given.record {
            Some(text) => {
                before.id = record::values(text, Kind::StsTxt).id;
                before.record = Some(text.to_owned());
            }
            None => {
                before.id = of_start.and_then(|seen| seen.id.clone());
                let is_absent = of_start.and_then(|seen| seen.record) == Some(false);
                before.record = match (&before.id, &before.policy) {
                    (Some(id), _) => Some(record(id)),
                    // Nobody looked: a policy is mostly announced, and its copies count then.
                    (None, Some(_)) if !is_absent => Some(record("unknown")),
                    (None, _) => None,
                };
            }
        }
        before.ttl = given.ttl.or(of_start.and_then(|seen| seen.ttl));
        before.mx = match given.mx {
            // So many that nobody has them: a policy that names some of them would keep mail from the rest.
            [] => seen
                .and_then(Seen::hosts)
                .filter(|hosts| hosts.len() <= MAX_HOSTS)
                .unwrap_or_default(),
            hosts => hosts.to_vec(),
        };
        Ok(before)
    }

    /// The mode.
    pub(super) fn mode(&self) -> Option<Mode> {
        self.policy.as_ref().and_then(|policy| policy.mode)
    }

    /// The lifetime in seconds; 0 without a policy.
    pub(super) fn max_age(&self) -> u64 {
        self.policy.as_ref().and_then(|policy| policy.max_age).unwrap_or(0)
    }

    /// The policy, which has to be known.
    pub(super) fn need_policy(&self) -> Result<&Values, NoPlan> {
        match &self.policy {
            Some(policy) => Ok(policy),
            None if self.is_known => Err(NoPlan::NoPolicy),
            None => Err(NoPlan::PolicyUnknown),
        }
    }
}
