//! What the page knows of checks, and how that changes. Pure, like the rest of the state.

pub(crate) mod list;
pub(crate) mod run;
pub(crate) mod settings;

use crate::request::{Dialog, Notice, Opened, Request};
use crate::route::Route;
use crate::text::{Source, Text};
use list::DomainList;
use run::{Arrival, Run};
use settings::{Resolver, Settings};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use stslint::live::check::{Ask, Id, Options, Reply, Scope};
use stslint::live::facts::{Fact, Facts, Snapshot};
use stslint::live::{Assessment, Step, judge, paste, snapshot};
use stslint::{Kind, Parsed, ToAscii, detect, host};

/// Most checks that are kept beside the one that is shown.
const PARKED: usize = 16;

/// The domains in a text, read once.
type Listed = Option<(Rc<Source>, Option<Rc<Vec<String>>>)>;

/// Everything about checks.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// What the user chose.
    pub(crate) settings: Settings,
    /// The check that is shown, or was last.
    pub(crate) check: Option<DomainCheck>,
    /// Checks that were shown before, the latest last.
    parked: Vec<DomainCheck>,
    /// The checks of a list.
    pub(crate) list: Option<DomainList>,
    /// The checks that are kept in this browser, the latest first; only while they are shown.
    pub(crate) history: Rc<Vec<Facts>>,
    /// Where the last check was shown, and the text that it was of.
    pub(crate) origin: Option<(Route, Rc<[u8]>)>,
    /// Who asked for patience, by name, and when they are asked on, in milliseconds since 1970.
    pub(crate) held: BTreeMap<Rc<str>, f64>,
    /// What begins once it is known who is to be asked, and the relay has said who it is.
    pub(crate) waiting: Option<Action>,
    /// Whether what the user chose earlier is still to be told: this part of the program has just come.
    pub(crate) is_unset: bool,
    /// The number of the last check that began.
    serial: u32,
    listed: RefCell<Listed>,
}

/// A check: on its way, done, or a snapshot that somebody sent.
#[derive(Debug)]
pub(crate) struct DomainCheck {
    /// The domain, as A-labels.
    pub(crate) domain: String,
    /// The look-ups; none for a snapshot.
    pub(crate) run: Option<Run>,
    /// What they come to by now.
    pub(crate) assessment: Rc<Assessment>,
    /// What an earlier check saw, to compare with.
    pub(crate) before: Option<Rc<Facts>>,
    /// The same names, asked of another resolver.
    pub(crate) other: Option<Run>,
    /// Why what was pasted is not the output of the command, by question.
    pub(crate) refused: BTreeMap<Ask, paste::NotOutput>,
    /// Whether it is a row of the list.
    pub(crate) of_list: bool,
    /// The policy that is meant to be served.
    pub(crate) draft: Option<Rc<[u8]>>,
    /// Codes of rules, and what some begin with, whose findings are set aside: a link says so.
    pub(crate) ignore: Vec<String>,
}

/// What the page shows of checks, for the text in its field.
#[derive(Debug)]
pub(crate) enum Shown<'s> {
    /// Nothing: the text is something to lint.
    Nothing,
    /// A domain that can be checked.
    Domain(String),
    /// A check.
    Check(&'s DomainCheck),
    /// A list of domains that can be checked.
    List(Rc<Vec<String>>),
    /// The checks of the list.
    Checks(&'s DomainList),
}

/// What can happen.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Look something up once more.
    Again(Ask),
    /// An answer came.
    Answered(Id, Reply, Arrival),
    /// Back to the last check.
    Return,
    /// Ask another resolver for the same names.
    Compare(Resolver, i64),
    /// Somebody asks not to be asked until then, in milliseconds since 1970; or is asked on.
    Held(Rc<str>, Option<f64>),
    /// The kept checks, to be shown.
    History(Rc<Vec<Facts>>),
    /// Something happened to the list.
    List(list::Action),
    /// Show the desk of a domain: its check, or what an earlier one in this tab saw.
    Desk(String, Option<Rc<Facts>>),
    /// Show a check that was made before, at its desk unless the address names it, without findings of these rules.
    Open(Rc<Facts>, bool, Vec<String>),
    /// What a person saw, as the answer to a question; whether line ends were lost on the way.
    Pasted(Ask, Rc<[u8]>, bool),
    /// A relay said who it is, or didn't.
    Relay(Box<Settings>),
    /// The user chose something else.
    Settings(Settings),
    /// Check a domain.
    Start(Start),
    /// Stop looking.
    Stop,
}

/// A check to begin.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    /// The domain.
    pub(crate) domain: String,
    /// Now, in seconds since 1970.
    pub(crate) now: i64,
    /// What an earlier check saw.
    pub(crate) before: Option<Rc<Facts>>,
    /// The policy that is meant to be served.
    pub(crate) draft: Option<Rc<[u8]>>,
}

/// The domain that the text names.
fn domain_of(text: &Text) -> Option<String> {
    text.analysis.report.artefacts.iter().find_map(|artefact| match &artefact.parsed {
        Parsed::Domain(domain) if artefact.kind == Kind::Domain => Some(domain.clone()),
        _ => None,
    })
}

impl State {
    /// What is known when this part of the program has just come.
    pub(crate) fn begun() -> Self {
        Self { is_unset: true, ..Self::default() }
    }

    /// What is shown for the text in the field.
    pub(crate) fn shown(&self, text: &Text) -> Shown<'_> {
        if text.is_blank() || text.too_big.is_some() {
            return Shown::Nothing;
        }
        if let Some(domain) = domain_of(text) {
            return match &self.check {
                Some(check) if check.domain == domain => Shown::Check(check),
                _ => Shown::Domain(domain),
            };
        }
        let Some(domains) = self.list_in(text) else { return Shown::Nothing };
        match &self.list {
            Some(list) if list.is_of(&domains) => Shown::Checks(list),
            _ => Shown::List(domains),
        }
    }

    /// Whether a check is shown that found something.
    pub(crate) fn has_findings(&self, text: &Text) -> bool {
        let Shown::Check(check) = self.shown(text) else { return false };
        let parts = &check.assessment.parts;
        !check.assessment.found.is_empty() || parts.iter().any(|part| !part.findings.is_empty())
    }

    /// The domains that the text lists.
    fn list_in(&self, text: &Text) -> Option<Rc<Vec<String>>> {
        if text.settings.declared.is_some() {
            return None;
        }
        let mut cache = self.listed.borrow_mut();
        match &*cache {
            Some((source, list)) if Rc::ptr_eq(source, &text.source) => list.clone(),
            _ => {
                let words = str::from_utf8(&text.source.bytes).ok();
                let list = words
                    .and_then(|words| detect::domains(words, text.given.to_ascii))
                    .map(Rc::new);
                *cache = Some((Rc::clone(&text.source), list.clone()));
                list
            }
        }
    }

    /// The last check of a domain.
    pub(crate) fn of(&self, domain: &str) -> Option<&DomainCheck> {
        self.check.iter().chain(&self.parked).find(|check| check.domain == domain)
    }

    /// All checks that are under way or may be.
    pub(crate) fn runs(&self) -> impl Iterator<Item = &Run> {
        let checks = self.check.iter().chain(&self.parked);
        let checks = checks.flat_map(|check| check.run.iter().chain(&check.other));
        checks.chain(self.list.iter().flat_map(DomainList::runs))
    }

    fn next_serial(&mut self) -> u32 {
        self.serial = self.serial.wrapping_add(1);
        self.serial
    }

    /// What to look at beyond names.
    fn options(&self) -> Options {
        let smtp = self.settings.relay.as_ref().is_some_and(|relay| relay.mx);
        Options { scope: Scope::Domain, fetch: true, smtp, by_address: false }
    }

    fn start(&mut self, start: Start) {
        let Start { domain, now, before, draft } = start;
        let domain = &*domain;
        self.turn_to(domain);
        let earlier = self.check.take();
        let of_list = earlier.as_ref().is_some_and(|check| check.of_list);
        // Whoever checks again still wants to see the same, until it is served.
        let kept = earlier.as_ref().filter(|check| check.serves_draft() != Some(true));
        let draft = draft.or_else(|| kept?.draft.clone());
        let ignore = earlier.as_ref().map(|check| check.ignore.clone()).unwrap_or_default();
        // What was just seen, or what a snapshot says, is nearer than the history.
        let seen = earlier.map(|check| Rc::new(check.assessment.facts.clone()));
        let serial = self.next_serial();
        let resolver = self.settings.resolver.clone();
        let Some(run) =
            Run::begin(serial, domain, self.options(), resolver, self.settings.relay.clone(), now)
        else {
            return;
        };
        let mut check = DomainCheck {
            domain: domain.to_owned(),
            assessment: Rc::new(judge(&run.facts())),
            run: Some(run),
            before: seen.or(before),
            other: None,
            refused: BTreeMap::new(),
            of_list,
            draft,
            ignore,
        };
        check.judge();
        self.check = Some(check);
    }

    fn compare(&mut self, resolver: Resolver, now: i64) {
        let serial = self.next_serial();
        let Some(check) = &mut self.check else { return };
        let options =
            Options { scope: Scope::Domain, fetch: false, smtp: false, by_address: false };
        check.other = Run::begin(serial, &check.domain, options, resolver, None, now);
    }

    fn answered(&mut self, id: Id, reply: Reply, arrival: Arrival) {
        for check in self.check.iter_mut().chain(&mut self.parked) {
            for run in check.run.iter_mut().chain(&mut check.other) {
                if run.answer(id, reply.clone(), arrival.clone()) {
                    return check.judge();
                }
            }
        }
        if let Some(list) = &mut self.list {
            list.answered(id, reply, arrival);
        }
        self.fill();
    }

    /// Shows a check that is there as it is; with `go` at the desk of its domain.
    fn show(&mut self, check: DomainCheck, go: bool) -> Vec<Request> {
        let (route, opened) = (Route::Desk(check.domain.clone()), domain_text(&check.domain));
        self.origin = Some((route.clone(), check.domain.as_bytes().into()));
        self.turn_to(&check.domain);
        self.check = Some(check);
        let go = go.then_some(Request::Go(route));
        go.into_iter().chain([Request::Open(opened)]).collect()
    }

    /// Makes the check of a domain the one that is shown, if there is one.
    fn turn_to(&mut self, domain: &str) {
        if self.check.as_ref().is_some_and(|check| check.domain == domain) {
            return;
        }
        let at = self.parked.iter().position(|check| check.domain == domain);
        let found = at.map(|at| self.parked.remove(at));
        self.parked.extend(self.check.take());
        let over = self.parked.len().saturating_sub(PARKED);
        self.parked.drain(..over);
        self.check = found;
    }

    /// The desk of a domain that an address names.
    fn desk(&mut self, name: &str, seen: Option<&Facts>, to_ascii: Option<ToAscii>) -> Request {
        let named = host::to_a_labels(name, to_ascii).filter(|name| name.contains('.'));
        let Some(domain) = named else {
            let words = "The address names no domain that can be checked.";
            return Request::Notice(Notice::problem(words));
        };
        self.turn_to(&domain);
        if self.check.is_none() {
            let seen = seen.filter(|facts| facts.domain == domain);
            self.check = seen.map(|facts| DomainCheck::snapshot(facts, false));
        }
        Request::Open(domain_text(&domain))
    }

    /// Begins the next checks of the list.
    fn fill(&mut self) {
        let (settings, options) = (self.settings.clone(), self.options());
        let Some(list) = &mut self.list else { return };
        while let Some(row) = list.next() {
            self.serial = self.serial.wrapping_add(1);
            list.begin(row, self.serial, options, &settings);
        }
    }

    fn pasted(&mut self, ask: Ask, bytes: &[u8], line_ends_lost: bool) {
        let Some(check) = &mut self.check else { return };
        let reply = match &ask {
            Ask::Fetch { .. } => paste::fetch(bytes, line_ends_lost).map(Reply::Fetch),
            _ => paste::smtp(&String::from_utf8_lossy(bytes)).map(Reply::Smtp),
        };
        match reply {
            Ok(reply) => {
                check.refused.remove(&ask);
                check.tell(ask, reply);
            }
            Err(_) if bytes.trim_ascii().is_empty() => {
                check.refused.remove(&ask);
            }
            Err(why) => {
                check.refused.insert(ask, why);
            }
        }
    }
}

/// A policy with plain line ends, to be compared.
pub(crate) fn plain(policy: &[u8]) -> String {
    String::from_utf8_lossy(policy).replace("\r\n", "\n")
}

impl DomainCheck {
    /// A check that somebody made before.
    fn snapshot(facts: &Facts, of_list: bool) -> Self {
        Self {
            domain: facts.domain.clone(),
            run: None,
            assessment: Rc::new(judge(facts)),
            before: None,
            other: None,
            refused: BTreeMap::new(),
            of_list,
            draft: None,
            ignore: Vec::new(),
        }
    }

    /// The policy that is served, where it was read.
    pub(crate) fn served(&self) -> Option<&[u8]> {
        let policy = self.assessment.parts.iter().find(|part| part.kind == Kind::Policy)?;
        Some(&policy.source)
    }

    /// Whether what is served is the draft; none where there is none, or the policy was not read.
    pub(crate) fn serves_draft(&self) -> Option<bool> {
        let (served, draft) = (self.served()?, self.draft.as_ref()?);
        Some(plain(served).trim_end() == plain(draft).trim_end())
    }

    /// Makes the assessment of what is known by now.
    fn judge(&mut self) {
        let Some(run) = &self.run else { return };
        let before = self.before.as_ref().map(|before| snapshot(before));
        let previous = before.filter(|before| *before != Snapshot::default());
        self.assessment = Rc::new(judge(&Facts { previous, ..run.facts() }));
    }

    /// Takes what a person saw. In a snapshot it stands beside what is in there.
    fn tell(&mut self, ask: Ask, reply: Reply) {
        if let Some(run) = &mut self.run {
            run.tell(ask, reply);
            return self.judge();
        }
        let mut facts = self.assessment.facts.clone();
        match (ask, reply) {
            (Ask::Fetch { .. }, Reply::Fetch(fetch)) => {
                facts.fetch = Fact::Known(fetch);
            }
            (Ask::Smtp { host }, Reply::Smtp(smtp)) => {
                facts.hosts.entry(host).or_default().smtp = Fact::Known(smtp);
            }
            _ => {}
        }
        self.assessment = Rc::new(judge(&facts));
    }

    /// Whether answers for a step are on their way.
    pub(crate) fn is_looking(&self, step: Step) -> bool {
        let mut open = self.run.iter().flat_map(|run| &run.open);
        open.any(|(_, ask)| ask.step(&self.domain) == step)
    }

    /// Whether answers are on their way.
    pub(crate) fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(|run| !run.is_done())
    }
}

/// Facts as JSON on one line.
pub(crate) fn written(facts: &Facts) -> String {
    // They hold nothing that JSON can't say.
    serde_json::to_string(facts).unwrap_or_default()
}

/// Does what an action asks for.
pub(crate) fn update(state: &mut State, action: Action, text: &Text) -> Vec<Request> {
    if matches!(action, Action::Start(_) | Action::List(list::Action::Start(..)))
        && (state.is_unset || state.settings.has_unmet_relay())
    {
        state.waiting = Some(action);
        return Vec::new();
    }
    match action {
        Action::Again(ask) => {
            if let Some(check) = &mut state.check {
                if let Some(run) = &mut check.run {
                    run.again(&ask);
                }
                check.judge();
            }
        }
        Action::Answered(id, reply, arrival) => state.answered(id, reply, arrival),
        Action::Compare(resolver, now) => state.compare(resolver, now),
        Action::Desk(name, seen) => {
            return vec![state.desk(&name, seen.as_deref(), text.given.to_ascii)];
        }
        Action::History(history) => {
            state.history = history;
            return vec![Request::Show(Dialog::History)];
        }
        Action::List(action) => {
            if matches!(action, list::Action::Start(..)) {
                state.origin = Some((Route::List, text.source.bytes.as_slice().into()));
            }
            return list::update(state, action);
        }
        Action::Open(facts, go, ignore) => {
            let check = DomainCheck { ignore, ..DomainCheck::snapshot(&facts, false) };
            return state.show(check, go);
        }
        Action::Pasted(ask, bytes, lost) => state.pasted(ask, &bytes, lost),
        Action::Relay(met) => {
            // Meanwhile the user may have chosen another one.
            if state.settings.relay_text == met.relay_text {
                state.settings.relay = met.relay;
                state.settings.relay_problem = met.relay_problem;
            }
            if let Some(action) = state.waiting.take() {
                return update(state, action, text);
            }
        }
        Action::Return => {
            let Some((route, text)) = &state.origin else { return Vec::new() };
            let opened = Opened { bytes: Some(text.to_vec()), here: true, ..Opened::default() };
            return vec![Request::Go(route.clone()), Request::Open(opened)];
        }
        Action::Settings(chosen) => {
            state.settings = chosen;
            state.is_unset = false;
            if !state.settings.has_unmet_relay()
                && state.settings.relay_problem.is_none()
                && let Some(action) = state.waiting.take()
            {
                return update(state, action, text);
            }
        }
        Action::Start(start) => {
            let domain = start.domain.clone();
            let route = Route::Desk(domain.clone());
            state.origin = Some((route.clone(), domain.as_bytes().into()));
            state.start(start);
            return vec![Request::Go(route), Request::Open(domain_text(&domain))];
        }
        Action::Held(by, Some(until)) => drop(state.held.insert(by, until)),
        Action::Held(by, None) => drop(state.held.remove(&by)),
        Action::Stop => {
            if let Some(check) = &mut state.check {
                for run in check.run.iter_mut().chain(&mut check.other) {
                    run.stop();
                }
                check.judge();
            }
        }
    }
    Vec::new()
}

/// A domain, to stand in the field.
fn domain_text(domain: &str) -> Opened {
    Opened { bytes: Some(domain.as_bytes().to_vec()), here: true, ..Opened::default() }
}

#[cfg(test)]
mod tests;
