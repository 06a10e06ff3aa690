//! What a plan is made of: what was asked, what was published before it began, and what a live check saw.

use super::{Act, Goal};
use crate::build::{policy_address, wanted};
use crate::finding::{Finding, Severity};
use crate::input::{Input, Kind};
use crate::live::facts::{Answer, Fact, Facts, Lookup, Mx, Records, Reported};
use crate::live::{self, About, Assessment, Publishing, State, Step};
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
    /// The policy that senders may hold has to be known. That none is to be had now says nothing of what they hold (RFC 8461 §3.3).
    PolicyUnknown,
    /// The policy of now is not one that senders use: it has to be put right first.
    PolicyBroken,
    /// The new MX hosts have to be given.
    NewMxMissing,
    /// The policy is not in mode enforce.
    NotEnforced,
    /// The domain takes no mail (RFC 7505), so that there is nothing to protect.
    NullMx,
}

/// What was published before the plan began.
#[derive(Clone, Debug)]
pub(super) struct Before {
    /// What senders read from the policy; none where there was none.
    pub(super) policy: Option<Values>,
    /// The day at whose end it was served at the latest: until then another one may have been.
    pub(super) since: Day,
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

/// What stands at a name for one of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Txt {
    /// No such record.
    Absent,
    /// Several of them, or one that senders do not use.
    Unusable,
    /// One, and a good one.
    Usable,
}

/// What a live check saw, as far as plans ask for it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The day; none where facts have no date.
    pub(super) day: Option<Day>,
    /// The policy; `Some(None)` where senders get none.
    pub(super) policy: Option<Option<Values>>,
    /// Whether the policy could not be read, so that one may be served (RFC 8461 §3.3).
    pub(super) is_unread: bool,
    /// The record at `_mta-sts`.
    pub(super) record: Option<Txt>,
    /// Its id.
    pub(super) id: Option<String>,
    ttl: Option<u32>,
    /// The record that asks for reports.
    pub(super) reports: Option<Txt>,
    /// The one that asks for them where what is there means to, whether senders use that or not.
    pub(super) asked: Option<String>,
    /// What could not be kept for that one: destinations, fields.
    pub(super) dropped: Vec<String>,
    /// Records at names that are aliases: the name, and what it leads to.
    pub(super) aliases: Vec<(String, String)>,
    /// What nobody could see: types and names in DNS, the address of the policy.
    pub(super) unknown: Vec<String>,
    /// The MX hosts, the highest preference last; empty for a null MX.
    pub(super) mx: Option<Vec<(u16, String)>>,
    /// Whether there is a null MX.
    pub(super) null_mx: Option<bool>,
    /// Codes of what is wrong: errors and warnings, each once.
    pub(super) problems: Vec<&'static str>,
    /// Codes of errors, each once.
    pub(super) errors: Vec<&'static str>,
    /// Whether all that was seen of the hosts is right, and all was seen.
    pub(super) hosts_good: bool,
    /// What would keep mail from the hosts under an enforced policy, as sentences without a full stop.
    pub(super) hosts_bad: Vec<String>,
}

impl Seen {
    pub(super) fn of(facts: &Facts) -> Self {
        let judged = live::judge(facts);
        let there = Publishing::of(facts);
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
        let codes = |least: Severity| -> Vec<&'static str> {
            let worse = judged.findings().filter(|finding| finding.rule.severity <= least);
            worse.map(|finding| finding.rule.code).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let address = policy_address(&facts.domain);
        let mut dropped = Vec::new();
        let asked = wanted::asked(&there.published(), &mut dropped).map(|record| record.value);
        let mut unknown = there.unknown;
        if facts.policy.known().is_some() {
            unknown.retain(|name| *name != address);
        }
        let enforced = enforced(facts, mx.as_deref().unwrap_or_default());
        let about_host = |about: &About| matches!(about, About::Smtp(_) | About::Tlsa(_));
        let bad = enforced.iter().flat_map(|judged| &judged.found).filter(|found| {
            about_host(&found.about) && found.finding.rule.severity == Severity::Error
        });
        Self {
            day: facts.now.map(Day::of),
            policy: looked.then(|| judged.policy.clone()),
            is_unread: unknown.contains(&address),
            record: txt(&facts.sts, "_mta-sts.", &judged),
            id: live::snapshot(facts).id,
            ttl: facts.sts.known().and_then(|answer| answer.ttl),
            reports: txt(&facts.tlsrpt, "_smtp._tls.", &judged),
            asked,
            dropped,
            aliases: there.aliases,
            unknown,
            null_mx: null_mx.or(answer.and_then(|answer| answer.is_empty().then_some(false))),
            problems: codes(Severity::Warning),
            errors: codes(Severity::Error),
            hosts_good: enforced
                .as_ref()
                .is_some_and(|judged| *judged.state(Step::Connect) == State::Ok),
            hosts_bad: bad.map(|found| found.finding.message(b"")).collect(),
            mx,
        }
    }

    /// The names of the MX hosts, where they are known.
    pub(super) fn hosts(&self) -> Option<Vec<String>> {
        Some(self.mx.as_ref()?.iter().map(|(_, host)| host.clone()).collect())
    }
}

/// What stands at a name; none where that could not be seen.
fn txt(fact: &Fact<Answer<Records>>, label: &str, judged: &Assessment) -> Option<Txt> {
    Some(match &fact.known()?.outcome {
        Lookup::Failed(_) => return None,
        Lookup::NoData | Lookup::NxDomain | Lookup::Broken(_) => Txt::Absent,
        Lookup::Data(Records::Reported(Reported::Usable)) => Txt::Usable,
        Lookup::Data(Records::Reported(_)) => Txt::Unusable,
        Lookup::Data(Records::Seen(_)) => {
            match judged.parts.iter().find(|part| part.place.starts_with(label)) {
                // Records for other uses.
                None => Txt::Absent,
                Some(part) => {
                    let is_fatal = |finding: &Finding| {
                        finding.rule.breaks_use() || record::tells_of_several(finding)
                    };
                    if part.findings.iter().any(is_fatal) { Txt::Unusable } else { Txt::Usable }
                }
            }
        }
    })
}

/// What senders would meet if a policy that names all of these hosts were enforced: also where there is none yet, what was seen
/// of the hosts counts.
fn enforced(facts: &Facts, hosts: &[(u16, String)]) -> Option<Assessment> {
    if hosts.is_empty() || hosts.len() > MAX_HOSTS {
        return None;
    }
    let policy = Values {
        version: Some("STSv1"),
        mode: Some(Mode::Enforce),
        max_age: Some(Mode::Enforce.usual_max_age()),
        mx: hosts.iter().map(|(_, host)| host.clone()).collect(),
    };
    let record = Answer::new(Lookup::Data(Records::Reported(Reported::Usable)));
    Some(live::judge(&Facts {
        sts: Fact::Known(record),
        policy: Fact::Known(Some(policy)),
        ..facts.clone()
    }))
}

impl Before {
    pub(super) fn of(given: &Given, seen: Option<&Seen>) -> Result<Self, NoPlan> {
        // What is seen after the start may be what the plan made.
        let of_start = seen.filter(|seen| {
            let day = seen.day.unwrap_or(given.today);
            day <= given.start || given.goal != Goal::Enforce
        });
        let policy = match given.policy {
            Some(text) => {
                let input = Input { kind: Some(Kind::Policy), ..Input::new(text) };
                let (values, findings) = policy::lint(&input);
                let is_broken = findings.iter().any(|finding| finding.rule.breaks_use());
                Some(values).filter(|_| !is_broken)
            }
            None => of_start.and_then(|seen| seen.policy.clone()).flatten(),
        };
        let is_broken = given.policy.is_some() && policy.is_none();
        let needed = [Goal::AddMx, Goal::MoveMx, Goal::Remove, Goal::RollBack];
        if is_broken && needed.contains(&given.goal) {
            return Err(NoPlan::PolicyBroken);
        }
        if given.goal == Goal::Enforce {
            let is_null = seen.is_some_and(|seen| seen.null_mx == Some(true));
            if is_null && given.mx.is_empty() {
                return Err(NoPlan::NullMx);
            }
            // What is announced and could not be read may be an enforced policy.
            let is_hidden = |seen: &Seen| {
                seen.is_unread && matches!(seen.record, Some(Txt::Usable | Txt::Unusable))
            };
            if given.policy.is_none() && of_start.is_some_and(is_hidden) {
                return Err(NoPlan::PolicyUnknown);
            }
        }
        let usable = |values: &Values| values.mode.is_some() && values.max_age.is_some();
        let policy = policy.filter(usable);
        let record = |id: &str| ["v=STSv1; id=", id, ";"].concat();
        let (id, record) = match given.record {
            Some(text) => (record::values(text, Kind::StsTxt).id, Some(text.to_owned())),
            None => {
                let id = of_start.and_then(|seen| seen.id.clone());
                // Where no usable one was seen, there may have been one until then: its copies count.
                let assumed = id.as_deref().or(policy.is_some().then_some("unknown"));
                let record = assumed.map(record);
                (id, record)
            }
        };
        let since = match (given.policy, seen) {
            (None, Some(seen)) => seen.day.unwrap_or(given.today).max(given.start),
            _ => given.start,
        };
        let ttl = given.ttl.or(of_start.and_then(|seen| seen.ttl));
        let mx = match given.mx {
            // So many that nobody has them: a policy that names some of them would keep mail from the rest.
            [] => seen
                .and_then(Seen::hosts)
                .filter(|hosts| hosts.len() <= MAX_HOSTS)
                .unwrap_or_default(),
            hosts => hosts.to_vec(),
        };
        Ok(Self { policy, since, is_broken, record, id, ttl, mx })
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
        self.policy.as_ref().ok_or(NoPlan::PolicyUnknown)
    }
}
