//! The walk of one message through a situation.

use super::candidate::Tried;
use super::model::{Looks, SameId};
use super::situation::{Attacker, Cached, Mail, Policy, ResultType, Situation};
use super::walk::{
    Act, Assumed, Copy, Course, Delivery, Departure, Gain, Origin, Party, Step, Walk,
};
use crate::input::ToAscii;
use crate::policy::Mode;

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

/// What a sender does with a message, without the way to it.
pub fn deliver(situation: &Situation) -> Attempt<'_> {
    let Walk { delivery, via, events, .. } = walk(situation, None);
    let via = via.and_then(|index| situation.hosts.get(index)).map(|host| host.name.as_str());
    Attempt { delivery, via, events }
}

/// What a sender does with a message, step by step. It ends: each host is tried twice at most, the second
/// time when the sender finds a new policy. Some software compares names outside ASCII, which takes `to_ascii`.
pub fn walk(situation: &Situation, to_ascii: Option<ToAscii>) -> Walk {
    let mut walker = Walker { situation, to_ascii, steps: Vec::new(), events: Vec::new() };
    let (delivery, via) = walker.message();
    if !walker.events.is_empty() {
        let act = Act::Report(walker.events.clone());
        let asked = situation.reports;
        let course = if asked { Course::Good } else { Course::Nothing };
        let is_of_dane = |event: &ResultType| {
            matches!(event, ResultType::TlsaInvalid | ResultType::DnssecInvalid)
        };
        let clause = match asked {
            false => "RFC 8460 §3",
            true if walker.events.iter().all(is_of_dane) => "RFC 8460 §4.3.2.1",
            true => "RFC 8461 §6",
        };
        let step = walker.step(Party::Sender, Party::Reports, act, course, clause);
        step.assumed = situation.assumed.contains(&Assumed::Reports);
    }
    let Walker { steps, events, .. } = walker;
    Walk { steps, delivery, via, events, gain: gain(situation, delivery, via) }
}

/// What an attacker has of it.
fn gain(situation: &Situation, delivery: Delivery, via: Option<usize>) -> Option<Gain> {
    let attack = situation.attack;
    let on_hosts = situation.hosts.iter().any(|host| host.attacker != Attacker::Absent);
    if !(attack.record || attack.fetch || attack.mx || on_hosts) {
        return None;
    }
    let authenticated = matches!(delivery, Delivery::DeliveredDane | Delivery::DeliveredVerified);
    let attacker = via.and_then(|index| situation.hosts.get(index)).map(|host| host.attacker);
    Some(match attacker {
        None if delivery == Delivery::Deferred => Gain::Delays,
        // Whoever has a certificate that passes has the mail (RFC 8461 §10.1).
        Some(Attacker::Host) => Gain::Takes,
        Some(Attacker::Between) if !authenticated => Gain::Reads,
        _ => Gain::Nothing,
    })
}

/// Which policy a sender acts on.
pub(super) type Applied<'s> = Option<&'s Policy>;

/// A walk under way.
pub(super) struct Walker<'s> {
    pub(super) situation: &'s Situation,
    pub(super) to_ascii: Option<ToAscii>,
    pub(super) steps: Vec<Step>,
    pub(super) events: Vec<ResultType>,
}

impl<'s> Walker<'s> {
    pub(super) fn step(
        &mut self,
        from: Party,
        to: Party,
        act: Act,
        course: Course,
        clause: &'static str,
    ) -> &mut Step {
        let attacked = from == Party::Attacker || to == Party::Attacker;
        let departs = Vec::new();
        self.steps.push(Step { from, to, act, course, clause, attacked, departs, assumed: false });
        let last = self.steps.len() - 1;
        &mut self.steps[last] // It was pushed just now.
    }

    /// A step that the sender takes by itself.
    pub(super) fn alone(&mut self, act: Act, course: Course, clause: &'static str) -> &mut Step {
        self.step(Party::Sender, Party::Sender, act, course, clause)
    }

    pub(super) fn is_assumed(&self, what: Assumed) -> bool {
        self.situation.assumed.contains(&what)
    }

    fn message(&mut self) -> (Delivery, Option<usize>) {
        let smart_host = self.situation.smart_host;
        let clause = if smart_host { "RFC 8461 §3.4" } else { "RFC 8461 §1.1" };
        self.alone(Act::PolicyDomain { smart_host }, Course::Good, clause);
        if self.situation.mail == Mail::Null {
            self.who_takes_mail();
            self.alone(Act::Return, Course::Returned, "RFC 7505 §4.1");
            return (Delivery::RejectedNullMx, None);
        }
        let mut policy = self.discover();
        self.who_takes_mail();
        let mut refused = false;
        // RFC 8461 §8.4: in the ordinary order, the list is never filtered beforehand.
        for again in [false, true] {
            for index in 0..self.situation.hosts.len() {
                match self.host(index, policy) {
                    Tried::Delivered(delivery) => return (delivery, Some(index)),
                    Tried::Refused => refused = true,
                    Tried::Missed => {}
                }
            }
            if again || !refused {
                break;
            }
            let Some(new) = self.look_again(policy) else { break };
            policy = new;
        }
        // RFC 8461 §5: a failure to validate is no permanent error.
        let clause = if refused { "RFC 8461 §5" } else { "RFC 5321 §4.5.4.1" };
        self.alone(Act::Queue, Course::Queued, clause);
        (Delivery::Deferred, None)
    }

    fn who_takes_mail(&mut self) {
        let Situation { mail, hosts, attack, .. } = self.situation;
        let clause = match mail {
            Mail::Null => "RFC 7505 §3",
            _ if self.situation.smart_host => "RFC 8461 §3.4",
            _ => "RFC 5321 §5.1",
        };
        let to = if attack.mx { Party::Attacker } else { Party::Dns };
        let course = if hosts.is_empty() { Course::Nothing } else { Course::Good };
        let assumed = self.is_assumed(Assumed::Hosts);
        let step = self.step(Party::Sender, to, Act::Hosts(*mail, hosts.len()), course, clause);
        step.assumed = assumed;
    }

    /// The policy that applies, if any (RFC 8461 §5.1).
    fn discover(&mut self) -> Applied<'s> {
        let situation = self.situation;
        if !situation.profile.sts {
            self.alone(Act::Policy(None, Origin::Unsupported), Course::Nothing, "RFC 8461 §1");
            return None;
        }
        let habits = situation.profile.model.habits.keeping;
        let copy = self.copy();
        if let Some(copy) = copy
            && habits.looks == Looks::AtEnd
        {
            if let Some(last) = self.steps.last_mut() {
                last.departs.push(Departure::NoLook);
            }
            return self.settle(Some(&copy.policy), Origin::Cache, "RFC 8461 §5.1");
        }
        let blocked = situation.attack.record;
        let id = situation.id.as_ref().filter(|_| !blocked);
        let course = if id.is_some() { Course::Good } else { Course::Nothing };
        let to = if blocked { Party::Attacker } else { Party::Dns };
        let assumed = self.is_assumed(Assumed::Record) && !blocked;
        let act = Act::Record(id.cloned());
        let clause = if blocked { "RFC 8461 §10.2" } else { "RFC 8461 §3.1" };
        let step = self.step(Party::Sender, to, act, course, clause);
        step.assumed = assumed;
        if !blocked {
            step.departs.extend(&situation.reading.record);
        }
        // An absent record or an unreachable policy host never ends a policy that still lives.
        let Some(id) = id else {
            if copy.is_some() && !habits.without_record {
                step.departs.push(Departure::DropsWithoutRecord);
                return self.settle(None, Origin::NoRecord, "RFC 8461 §3.1");
            }
            let (origin, clause) = match copy {
                Some(_) => (Origin::Cache, "RFC 8461 §3.3"),
                None => (Origin::NoRecord, "RFC 8461 §3.1"),
            };
            return self.settle(copy.map(|copy| &copy.policy), origin, clause);
        };
        if let Some(known) = copy.filter(|copy| copy.id == *id) {
            let own = match habits.same_id {
                SameId::Keeps => None,
                // Whoever looks by itself does it then.
                SameId::Renews if situation.profile.model.habits.refresh.is_some() => None,
                SameId::Renews => Some(Departure::Renews),
                SameId::Fetches => Some(Departure::FetchesAgain),
            };
            self.alone(Act::SameId, Course::Good, "RFC 8461 §3").departs.extend(own);
            if habits.same_id != SameId::Fetches {
                return self.settle(Some(&known.policy), Origin::Cache, "RFC 8461 §5.1");
            }
        }
        if let Some(ended) = &situation.cache
            && copy.is_none()
            && habits.revives
            && ended.id == *id
        {
            let step = self.alone(Act::SameId, Course::Good, "RFC 8461 §3");
            step.departs.push(Departure::Renews);
            return self.settle(Some(&ended.policy), Origin::Cache, "RFC 8461 §5.1");
        }
        let blocked = situation.attack.fetch;
        let answer = match &situation.fetch {
            _ if blocked => Err(ResultType::StsPolicyFetchError),
            Ok(policy) => Ok(policy),
            Err(why) => Err(*why),
        };
        match self.fetch(answer, &situation.reading.fetch, blocked) {
            Ok(Some(policy)) => self.settle(Some(policy), Origin::Fetched, "RFC 8461 §5"),
            Err(_) if copy.is_some() && !habits.without_fetch => {
                if let Some(last) = self.steps.last_mut() {
                    last.departs.push(Departure::DropsWithoutFetch);
                }
                self.settle(None, Origin::NoPolicy, "RFC 8461 §3.3")
            }
            _ => {
                let origin = if copy.is_some() { Origin::Cache } else { Origin::NoPolicy };
                self.settle(copy.map(|copy| &copy.policy), origin, "RFC 8461 §3.3")
            }
        }
    }

    /// The copy of an earlier message, if it lives: to the last second of its lifetime.
    fn copy(&mut self) -> Option<&'s Cached> {
        let situation = self.situation;
        let Some(copy) = &situation.cache else {
            self.alone(Act::Cache(Copy::None), Course::Nothing, "RFC 8461 §5.1");
            return None;
        };
        let age = situation.now.saturating_sub(copy.fetched_at);
        let left = copy.policy.max_age.checked_sub(age);
        let (act, course) = match left {
            Some(left) => (Copy::Lives(copy.id.clone(), copy.policy.mode, left), Course::Good),
            None => (Copy::Ended(age.saturating_sub(copy.policy.max_age)), Course::Nothing),
        };
        let step = self.alone(Act::Cache(act), course, "RFC 8461 §5.1");
        step.departs.extend(&situation.reading.cache);
        left.map(|_| copy)
    }

    /// Fetches the policy. None for one that the sender does not heed.
    fn fetch(
        &mut self,
        answer: Result<&'s Policy, ResultType>,
        departs: &[Departure],
        blocked: bool,
    ) -> Result<Applied<'s>, ResultType> {
        let course = if answer.is_ok() { Course::Good } else { Course::Bad };
        let to = if blocked { Party::Attacker } else { Party::PolicyHost };
        let assumed = self.is_assumed(Assumed::Policy) && !blocked;
        let act = Act::Fetch(answer.cloned());
        let step = self.step(Party::Sender, to, act, course, "RFC 8461 §3.3");
        step.assumed = assumed;
        if !blocked {
            step.departs.extend(departs);
        }
        match answer {
            Ok(policy) if policy.max_age < self.situation.profile.min_max_age => {
                self.alone(Act::TooShort, Course::Nothing, "RFC 8461 §3.2");
                Ok(None)
            }
            Ok(policy) => Ok(Some(policy)),
            Err(event) => {
                self.events.push(event);
                Err(event)
            }
        }
    }

    /// It is settled which policy applies. One in mode none counts as none (RFC 8461 §5).
    fn settle(&mut self, policy: Applied<'s>, origin: Origin, clause: &'static str) -> Applied<'s> {
        let mode = policy.map(|policy| policy.mode);
        let active = policy.filter(|policy| policy.mode != Mode::None);
        let course = if active.is_some() { Course::Good } else { Course::Nothing };
        let clause = if mode == Some(Mode::None) { "RFC 8461 §5" } else { clause };
        self.alone(Act::Policy(mode, origin), course, clause);
        active
    }

    /// Looks for a new policy before the message fails (RFC 8461 §5.1). None where there is none.
    fn look_again(&mut self, applied: Applied<'s>) -> Option<Applied<'s>> {
        let situation = self.situation;
        // What it would see has been kept away from it, or its software does not look.
        let looks = situation.profile.model.habits.keeping.looks == Looks::EachMessage;
        let again = situation.again.as_ref().filter(|_| looks && !situation.attack.record);
        if !looks {
            let step = self.alone(Act::LookAgain(None), Course::Nothing, "RFC 8461 §5.1");
            step.departs.push(Departure::NoLook);
        } else {
            let to = if situation.attack.record { Party::Attacker } else { Party::Dns };
            let course = if again.is_some() { Course::Good } else { Course::Nothing };
            let act = Act::LookAgain(again.map(|(id, _)| id.clone()));
            self.step(Party::Sender, to, act, course, "RFC 8461 §5.1");
        }
        let (_, answer) = again?;
        let answer = answer.as_ref().map_err(|why| *why);
        let new = self.fetch(answer, &situation.reading.again, false).ok().flatten()?;
        (Some(new) != applied).then(|| self.settle(Some(new), Origin::Fetched, "RFC 8461 §5"))
    }
}
