//! One MX host on the walk of a message: DANE, name, STARTTLS, certificate.

use super::model::{Against, Dane as DaneHabit};
use super::simulate::{Applied, Walker};
use super::situation::{Attacker, Dane, Host, Policy, ResultType};
use super::walk::{Act, Assumed, Course, Delivery, Departure, Party, Step};
use crate::host;
use crate::policy::Mode;

/// What came of a host.
pub(super) enum Tried {
    /// It has the message.
    Delivered(Delivery),
    /// It does not, as it fails an enforced policy.
    Refused,
    /// It does not, for another reason.
    Missed,
}

impl<'s> Walker<'s> {
    /// Tries one host.
    pub(super) fn host(&mut self, index: usize, policy: Applied<'s>) -> Tried {
        let situation = self.situation;
        let Some(host) = situation.hosts.get(index) else { return Tried::Missed };
        if let Some(policy) = policy
            && self.names_first(host, policy)
        {
            self.is_named(index, host, policy);
            if let Some(last) = self.steps.last_mut() {
                last.departs.push(Departure::NamesFirst);
            }
            self.events.push(ResultType::ValidationFailure);
            self.fails(index, policy);
            return Tried::Refused;
        }
        // RFC 8461 §2: MTA-STS never overrides DANE.
        let dane = self.dane(index, host, policy);
        match dane {
            Dane::Error => {
                self.events.push(ResultType::DnssecInvalid);
                return Tried::Missed;
            }
            Dane::Fails | Dane::Matches => {
                return self.by_dane(index, host, dane == Dane::Matches);
            }
            Dane::None | Dane::Unusable => {}
        }
        let (mut checked, mut fault) = (policy, None);
        if let Some(policy) = policy
            && situation.profile.model.habits.against == Against::Host
            && !self.is_named(index, host, policy)
        {
            self.events.push(ResultType::ValidationFailure);
            if self.fails(index, policy) {
                return Tried::Refused;
            }
            checked = None;
        }
        if !self.connects(index, host) {
            return Tried::Missed;
        }
        let clause = if checked.is_some() { "RFC 8461 §4" } else { "RFC 8461 §1" };
        self.starttls(index, host, clause);
        if let Some(policy) = checked {
            fault = match host.starttls {
                false => Some(ResultType::StarttlsNotSupported),
                true => self.certificate(index, host, policy),
            };
            let Some(event) = fault else {
                return self.takes(index, host, Delivery::DeliveredVerified, "RFC 8461 §4");
            };
            self.events.push(event);
            if self.fails(index, policy) {
                return Tried::Refused;
            }
        }
        match host.starttls {
            true => self.takes(index, host, Delivery::DeliveredOpportunisticTls, "RFC 8461 §1"),
            // RFC 7672 §2.2: records of no use still demand TLS.
            false if dane == Dane::Unusable => {
                if fault != Some(ResultType::StarttlsNotSupported) {
                    self.events.push(ResultType::StarttlsNotSupported);
                }
                self.alone(Act::Skip(index), Course::Bad, "RFC 7672 §2.2");
                Tried::Missed
            }
            false => self.takes(index, host, Delivery::DeliveredPlaintext, "RFC 8461 §1"),
        }
    }

    /// Whether the name of a host is enough to pass over it, though it has TLSA records.
    fn names_first(&self, host: &Host, policy: &Policy) -> bool {
        let profile = self.situation.profile;
        profile.model.habits.dane == DaneHabit::AfterNames
            && policy.mode == Mode::Enforce
            && !matches!(host.dane, Dane::None)
            && !policy.mx.iter().any(|p| (profile.model.matches)(p, &host.name, self.to_ascii))
    }

    /// What the TLSA records of a host come to for this sender.
    fn dane(&mut self, index: usize, host: &Host, policy: Applied<'s>) -> Dane {
        let profile = self.situation.profile;
        let habit = profile.model.habits.dane;
        let enforced = policy.is_some_and(|policy| policy.mode == Mode::Enforce);
        let own = match habit {
            DaneHabit::Replaced if enforced && profile.dane => Some(Departure::DaneReplaced),
            DaneHabit::Elsewhere if !profile.dane => Some(Departure::DaneElsewhere),
            _ => None,
        };
        let is_used = profile.dane && own.is_none();
        let assumed = self.is_assumed(Assumed::Tlsa(index));
        if !(host.dane != Dane::None && (is_used || own.is_some()) || assumed && is_used) {
            return Dane::None;
        }
        let course = match host.dane {
            _ if !is_used => Course::Nothing,
            Dane::Error => Course::Bad,
            Dane::None => Course::Nothing,
            _ => Course::Good,
        };
        let clause = if is_used { "RFC 7672 §2.2" } else { "RFC 8461 §2" };
        let act = Act::Tlsa(index, host.dane);
        let step = self.step(Party::Sender, Party::Dns, act, course, clause);
        step.departs.extend(own);
        step.assumed = assumed;
        if is_used { host.dane } else { Dane::None }
    }

    /// A host that a TLSA record has to authenticate (RFC 7672 §2.2).
    fn by_dane(&mut self, index: usize, host: &Host, matches: bool) -> Tried {
        const CLAUSE: &str = "RFC 7672 §2.2";
        if !self.connects(index, host) {
            return Tried::Missed;
        }
        self.starttls(index, host, CLAUSE);
        if !host.starttls {
            self.events.push(ResultType::StarttlsNotSupported);
        } else {
            let course = if matches { Course::Good } else { Course::Bad };
            let act = Act::Authenticate(index, matches);
            self.with_host((index, host), true, act, course, CLAUSE);
            if matches {
                return self.takes(index, host, Delivery::DeliveredDane, CLAUSE);
            }
            self.events.push(ResultType::TlsaInvalid);
        }
        self.alone(Act::Skip(index), Course::Bad, CLAUSE);
        Tried::Missed
    }

    /// Whether a pattern stands for the host (RFC 8461 §4.1), as the sender compares them.
    fn is_named(&mut self, index: usize, host: &Host, policy: &Policy) -> bool {
        let model = self.situation.profile.model;
        let found =
            policy.mx.iter().find(|pattern| (model.matches)(pattern, &host.name, self.to_ascii));
        let standard = policy.mx.iter().any(|pattern| host::matches(pattern, &host.name).covers());
        let course = if found.is_some() { Course::Good } else { Course::Bad };
        let act = Act::Match(index, found.cloned());
        let differs = found.is_some() != standard;
        let step = self.alone(act, course, "RFC 8461 §4.1");
        step.departs.extend(differs.then_some(Departure::Matches));
        course == Course::Good
    }

    fn connects(&mut self, index: usize, host: &Host) -> bool {
        let course = if host.reachable { Course::Good } else { Course::Bad };
        let assumed = self.is_assumed(Assumed::Connection(index));
        let act = Act::Connect(index, host.reachable);
        let step = self.with_host((index, host), false, act, course, "RFC 5321 §5.1");
        step.assumed = assumed;
        host.reachable
    }

    fn starttls(&mut self, index: usize, host: &Host, clause: &'static str) {
        let course = if host.starttls { Course::Good } else { Course::Bad };
        let assumed = self.is_assumed(Assumed::Starttls(index));
        let act = Act::Starttls(index, host.starttls);
        self.with_host((index, host), true, act, course, clause).assumed = assumed;
    }

    /// What is wrong with the certificate of a host (RFC 8461 §4.2), if something is.
    fn certificate(&mut self, index: usize, host: &Host, policy: &Policy) -> Option<ResultType> {
        let model = self.situation.profile.model;
        let by_names = model.habits.against == Against::Certificate;
        let covers = |name: &String| {
            policy.mx.iter().any(|pattern| (model.matches)(pattern, name, self.to_ascii))
        };
        let failure = match host.certificate {
            Some(ResultType::CertificateHostMismatch) | None if by_names => {
                let named = host.names.iter().any(covers);
                (!named).then_some(ResultType::CertificateHostMismatch)
            }
            failure => failure,
        };
        let course = if failure.is_none() { Course::Good } else { Course::Bad };
        let assumed = self.is_assumed(Assumed::Certificate(index));
        let act = Act::Certificate(index, failure);
        let step = self.with_host((index, host), true, act, course, "RFC 8461 §4.2");
        step.departs.extend(by_names.then_some(Departure::CertificateNames));
        step.assumed = assumed;
        failure
    }

    /// A host fails the policy: whether it counts as unreachable then (RFC 8461 §5).
    fn fails(&mut self, index: usize, policy: &Policy) -> bool {
        let enforced = policy.mode == Mode::Enforce;
        let (act, course) = match enforced {
            true => (Act::Skip(index), Course::Bad),
            false => (Act::Pass(index), Course::Nothing),
        };
        self.alone(act, course, "RFC 8461 §5");
        enforced
    }

    fn takes(
        &mut self,
        index: usize,
        host: &Host,
        delivery: Delivery,
        clause: &'static str,
    ) -> Tried {
        let act = Act::Deliver(index, delivery);
        self.with_host((index, host), false, act, Course::Delivered, clause);
        Tried::Delivered(delivery)
    }

    /// A step with a host. `from_host`: the host says it.
    fn with_host(
        &mut self,
        (index, host): (usize, &Host),
        from_host: bool,
        act: Act,
        course: Course,
        clause: &'static str,
    ) -> &mut Step {
        let party = match host.attacker {
            Attacker::Host => Party::Attacker,
            Attacker::Absent | Attacker::Between => Party::Mx(index),
        };
        let open =
            !matches!(act, Act::Deliver(_, Delivery::DeliveredDane | Delivery::DeliveredVerified));
        let (from, to) = if from_host { (party, Party::Sender) } else { (Party::Sender, party) };
        let step = self.step(from, to, act, course, clause);
        // What goes well there goes on as it would without an attacker.
        step.attacked |= host.attacker == Attacker::Between && open && course != Course::Good;
        step
    }
}
