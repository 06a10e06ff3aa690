//! A check on its way: the engine's questions, who is asked, and how long the answers took.

use super::settings::{Relay, Resolver};
use std::collections::BTreeMap;
use std::rc::Rc;
use stslint::live::check::{Ask, Check, Id, Options, Reply};
use stslint::live::facts::{Facts, Hidden};

/// A check with everything around it.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// What the engine wants to know, and knows.
    pub(crate) check: Check,
    /// Who is asked for names.
    pub(crate) resolver: Resolver,
    /// Who looks at policy host and mail hosts, if not the browser.
    pub(crate) relay: Option<Relay>,
    /// Questions that were given out and have no answer yet.
    pub(crate) open: Vec<(Id, Ask)>,
    /// How each answer came.
    pub(crate) arrivals: BTreeMap<Ask, Arrival>,
    /// Whether the user stopped it.
    pub(crate) stopped: bool,
    /// When it began, in seconds since 1970.
    pub(crate) began: i64,
}

/// How an answer came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrival {
    /// How long it took, in milliseconds.
    pub(crate) took: u32,
    /// When it came, in milliseconds since 1970.
    pub(crate) at: f64,
    /// Who gave it: a resolver's name, "your browser", "the relay at …".
    pub(crate) by: Rc<str>,
}

impl Run {
    /// Begins a check. None if the domain is none that a policy host can belong to.
    pub(crate) fn begin(
        serial: u32,
        domain: &str,
        options: Options,
        resolver: Resolver,
        relay: Option<Relay>,
        now: i64,
    ) -> Option<Self> {
        let mut check = Check::new(serial, domain, options)?;
        let open = check.questions();
        Some(Self {
            check,
            resolver,
            relay,
            open,
            arrivals: BTreeMap::new(),
            stopped: false,
            began: now,
        })
    }

    /// Takes an answer. Returns whether it was one to an open question.
    pub(crate) fn answer(&mut self, id: Id, reply: Reply, arrival: Arrival) -> bool {
        let Some(at) = self.open.iter().position(|(open, _)| *open == id) else { return false };
        if !self.check.answer(id, reply) {
            return false;
        }
        let (_, ask) = self.open.swap_remove(at);
        self.arrivals.insert(ask, arrival);
        self.ask_on();
        true
    }

    /// Gives out the questions that have come up.
    fn ask_on(&mut self) {
        if !self.stopped {
            self.open.extend(self.check.questions());
            return;
        }
        // What follows from what is known is not looked up any more.
        loop {
            let questions = self.check.questions();
            if questions.is_empty() {
                return;
            }
            for (id, _) in questions {
                self.check.answer(id, Reply::NotObservable(Hidden::Stopped));
            }
        }
    }

    /// Leaves everything unknown that has no answer yet.
    pub(crate) fn stop(&mut self) {
        self.stopped = true;
        for (id, _) in std::mem::take(&mut self.open) {
            self.check.answer(id, Reply::NotObservable(Hidden::Stopped));
        }
        self.ask_on();
    }

    /// Looks something up once more.
    pub(crate) fn again(&mut self, ask: &Ask) {
        self.stopped = false;
        self.open.retain(|(_, open)| open != ask);
        self.arrivals.remove(ask);
        self.check.ask_again(ask);
        self.ask_on();
    }

    /// Takes what a person saw elsewhere.
    pub(crate) fn tell(&mut self, ask: Ask, reply: Reply) {
        self.open.retain(|(_, open)| *open != ask);
        self.arrivals.insert(ask.clone(), Arrival { took: 0, at: 0.0, by: "you".into() });
        self.check.tell(ask, reply);
        self.ask_on();
    }

    /// Whether nothing is on its way.
    pub(crate) fn is_done(&self) -> bool {
        self.open.is_empty()
    }

    /// What is known by now.
    pub(crate) fn facts(&self) -> Facts {
        Facts {
            now: Some(self.began),
            resolver: Some(self.resolver.name.to_string()),
            ..self.check.facts()
        }
    }

    /// How many questions were asked and answered.
    pub(crate) fn progress(&self) -> (usize, usize) {
        let asked = self.check.asked().len();
        (asked - self.open.len(), asked)
    }

    /// Why the resolver gave no answer to anything, when that is so.
    pub(crate) fn resolver_failure(&self) -> Option<&Hidden> {
        let mut why = None;
        for (_, ask, reply) in self.check.asked() {
            match (ask, reply) {
                (Ask::Dns { .. }, Some(Reply::NotObservable(reason)))
                    if *reason != Hidden::Stopped =>
                {
                    why.get_or_insert(reason);
                }
                (Ask::Dns { .. }, _) => return None,
                _ => {}
            }
        }
        why
    }
}
