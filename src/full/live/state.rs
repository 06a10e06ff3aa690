//! What the page knows of checks, and how that changes. Pure, like the rest of the state.

use super::many::{self, Many};
use super::run::{Came, Run};
use super::settings::{self, Resolver, Settings};
use crate::analysis::Settings as Reading;
use crate::source::Source;
use crate::state::{Action, Dialog, Opened, State};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use stslint::live::check::{Ask, Id, Options, Reply, Scope};
use stslint::live::facts::{Fact, Facts, Snapshot};
use stslint::live::{Step, Story, judge, paste};
use stslint::{Kind, Parsed, detect};

/// The domains in a text, read once.
type List = Option<(Rc<Source>, Option<Rc<Vec<String>>>)>;

/// Everything about checks.
#[derive(Debug, Default)]
pub(crate) struct Live {
    /// What the user chose.
    pub(crate) settings: Settings,
    /// The check that is shown, or was last.
    pub(crate) one: Option<One>,
    /// The checks of a list.
    pub(crate) many: Option<Many>,
    /// The checks that are kept in this browser, the latest first; only while they are shown.
    pub(crate) history: Rc<Vec<Facts>>,
    /// The text that the last check was of.
    pub(crate) origin: Option<Rc<Source>>,
    /// The number of the last check that began.
    serial: u32,
    list: RefCell<List>,
}

/// One check: on its way, done, or a snapshot that somebody sent.
#[derive(Debug)]
pub(crate) struct One {
    /// The domain, as A-labels.
    pub(crate) domain: String,
    /// The look-ups; none for a snapshot.
    pub(crate) run: Option<Run>,
    /// What they come to by now.
    pub(crate) story: Rc<Story>,
    /// What an earlier check saw, to compare with.
    pub(crate) before: Option<Rc<Facts>>,
    /// The same names, asked of another resolver.
    pub(crate) other: Option<Run>,
    /// Why what was pasted is not the output of the command, by question.
    pub(crate) refused: BTreeMap<Ask, paste::NotIt>,
    /// Whether it is a row of the list.
    pub(crate) of_list: bool,
}

/// What the page shows of checks, for the text in its field.
#[derive(Debug)]
pub(crate) enum Shown<'s> {
    /// Nothing: the text is something to lint.
    Nothing,
    /// A domain that can be checked.
    Domain(String),
    /// A check.
    One(&'s One),
    /// A list of domains that can be checked.
    List(Rc<Vec<String>>),
    /// The checks of the list.
    Many(&'s Many),
}

/// What can happen.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// Look something up once more.
    Again(Ask),
    /// An answer came.
    Answered(Id, Reply, Came),
    /// From a row back to the list.
    Back,
    /// Back to the text that the last check was of.
    Return,
    /// Ask another resolver for the same names.
    Compare(Resolver, i64),
    /// The kept checks, to be shown.
    History(Rc<Vec<Facts>>),
    /// Something happened to the list.
    Many(many::Change),
    /// Put a domain into the field, ready to be checked.
    Fill(String),
    /// Show a check that was made before, and what it is.
    Open(Rc<Facts>, &'static str),
    /// What a person saw, as the answer to a question; whether line ends were lost on the way.
    Pasted(Ask, Rc<[u8]>, bool),
    /// A relay said who it is, or didn't.
    Relay(Box<Settings>),
    /// The user chose something else.
    Settings(Settings),
    /// Check a domain now, in seconds since 1970, beside what an earlier check saw.
    Start(String, i64, Option<Rc<Facts>>),
    /// Stop looking.
    Stop,
}

/// What is shown for the text in the field.
pub(crate) fn shown(state: &State) -> Shown<'_> {
    let live = &state.full.live;
    if state.is_blank() || state.too_big.is_some() {
        return Shown::Nothing;
    }
    if let Some(domain) = domain_of(state) {
        return match &live.one {
            Some(one) if one.domain == domain => Shown::One(one),
            _ => Shown::Domain(domain),
        };
    }
    let Some(list) = live.list_in(state) else { return Shown::Nothing };
    match (&live.one, &live.many) {
        (Some(one), Some(many)) if one.of_list && many.is_of(&list) => Shown::One(one),
        (_, Some(many)) if many.is_of(&list) => Shown::Many(many),
        _ => Shown::List(list),
    }
}

/// Whether a check is shown that found something.
pub(crate) fn has_findings(state: &State) -> bool {
    let Shown::One(one) = shown(state) else { return false };
    let parts = &one.story.parts;
    !one.story.found.is_empty() || parts.iter().any(|part| !part.artefact.findings.is_empty())
}

/// The domain that the text names.
fn domain_of(state: &State) -> Option<String> {
    state.analysis.report.artefacts.iter().find_map(|artefact| match &artefact.parsed {
        Parsed::Domain(domain) if artefact.kind == Kind::Domain => Some(domain.clone()),
        _ => None,
    })
}

impl Live {
    /// The domains that the text lists.
    fn list_in(&self, state: &State) -> Option<Rc<Vec<String>>> {
        if state.settings.kind.is_some() {
            return None;
        }
        let mut cache = self.list.borrow_mut();
        match &*cache {
            Some((source, list)) if Rc::ptr_eq(source, &state.source) => list.clone(),
            _ => {
                let text = str::from_utf8(&state.source.bytes).ok();
                let list = text.and_then(detect::domains).map(Rc::new);
                *cache = Some((Rc::clone(&state.source), list.clone()));
                list
            }
        }
    }

    /// All checks that are under way or may be.
    pub(crate) fn runs(&self) -> impl Iterator<Item = &Run> {
        let one = self.one.iter().flat_map(|one| one.run.iter().chain(&one.other));
        one.chain(self.many.iter().flat_map(Many::runs))
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

    fn start(&mut self, domain: &str, now: i64, before: Option<Rc<Facts>>) {
        let earlier = self.one.take().filter(|one| one.domain == domain);
        let of_list = earlier.as_ref().is_some_and(|one| one.of_list);
        // What was just seen, or what a snapshot says, is nearer than the history.
        let seen = earlier.map(|one| Rc::new(one.story.facts.clone()));
        let serial = self.next_serial();
        let resolver = self.settings.resolver.clone();
        let Some(run) =
            Run::begin(serial, domain, self.options(), resolver, self.settings.relay.clone(), now)
        else {
            return;
        };
        let mut one = One {
            domain: domain.to_owned(),
            story: Rc::new(judge(&run.facts())),
            run: Some(run),
            before: seen.or(before),
            other: None,
            refused: BTreeMap::new(),
            of_list,
        };
        one.judge();
        self.one = Some(one);
    }

    fn compare(&mut self, resolver: Resolver, now: i64) {
        let serial = self.next_serial();
        let Some(one) = &mut self.one else { return };
        let options =
            Options { scope: Scope::Domain, fetch: false, smtp: false, by_address: false };
        one.other = Run::begin(serial, &one.domain, options, resolver, None, now);
    }

    fn answered(&mut self, id: Id, reply: Reply, came: Came) {
        if let Some(one) = &mut self.one {
            for run in one.run.iter_mut().chain(&mut one.other) {
                if run.answer(id, reply.clone(), came.clone()) {
                    return one.judge();
                }
            }
        }
        if let Some(many) = &mut self.many {
            many.answered(id, reply, came);
        }
        self.fill();
    }

    /// Shows the check of a row.
    pub(super) fn open_row(&mut self, facts: &Facts) {
        self.one = Some(One::snapshot(facts, true));
    }

    /// Begins the next checks of the list.
    pub(super) fn fill(&mut self) {
        let (settings, options) = (self.settings.clone(), self.options());
        let Some(many) = &mut self.many else { return };
        while let Some(row) = many.next() {
            self.serial = self.serial.wrapping_add(1);
            many.begin(row, self.serial, options, &settings);
        }
    }

    fn pasted(&mut self, ask: Ask, bytes: &[u8], line_ends_lost: bool) {
        let Some(one) = &mut self.one else { return };
        let reply = match &ask {
            Ask::Fetch { .. } => paste::fetch(bytes, line_ends_lost).map(Reply::Fetch),
            _ => paste::smtp(&String::from_utf8_lossy(bytes)).map(Reply::Smtp),
        };
        match reply {
            Ok(reply) => {
                one.refused.remove(&ask);
                one.tell(ask, reply);
            }
            Err(_) if bytes.trim_ascii().is_empty() => {
                one.refused.remove(&ask);
            }
            Err(why) => {
                one.refused.insert(ask, why);
            }
        }
    }
}

impl One {
    /// A check that somebody made before.
    fn snapshot(facts: &Facts, of_list: bool) -> Self {
        Self {
            domain: facts.domain.clone(),
            run: None,
            story: Rc::new(judge(facts)),
            before: None,
            other: None,
            refused: BTreeMap::new(),
            of_list,
        }
    }

    /// Makes the story of what is known by now.
    fn judge(&mut self) {
        let Some(run) = &self.run else { return };
        let before = self.before.as_ref().map(|before| before.snapshot());
        let previous = before.filter(|before| *before != Snapshot::default());
        self.story = Rc::new(judge(&Facts { previous, ..run.facts() }));
    }

    /// Takes what a person saw. In a snapshot it stands beside what is in there.
    fn tell(&mut self, ask: Ask, reply: Reply) {
        if let Some(run) = &mut self.run {
            run.tell(ask, reply);
            return self.judge();
        }
        let mut facts = self.story.facts.clone();
        match (ask, reply) {
            (Ask::Fetch { .. }, Reply::Fetch(fetch)) => {
                facts.fetch = Fact::Known(fetch);
            }
            (Ask::Smtp { host }, Reply::Smtp(smtp)) => {
                facts.hosts.entry(host).or_default().smtp = Fact::Known(smtp);
            }
            _ => {}
        }
        self.story = Rc::new(judge(&facts));
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

/// Does what was asked for.
pub(crate) fn change(state: &mut State, change: Change) {
    let live = &mut state.full.live;
    match change {
        Change::Again(ask) => {
            if let Some(one) = &mut live.one {
                if let Some(run) = &mut one.run {
                    run.again(&ask);
                }
                one.judge();
            }
        }
        Change::Answered(id, reply, came) => live.answered(id, reply, came),
        Change::Back => live.one = None,
        Change::Compare(resolver, now) => live.compare(resolver, now),
        Change::History(history) => {
            live.history = history;
            state.change_by(Action::Show(Dialog::History));
        }
        Change::Many(change) => {
            if matches!(change, many::Change::Start(..)) {
                live.origin = Some(Rc::clone(&state.source));
            }
            many::change(live, change);
        }
        Change::Fill(domain) => fill(state, &domain, "the domain in the link"),
        Change::Open(facts, what) => {
            fill(state, &facts.domain, what);
            let live = &mut state.full.live;
            live.one = Some(One::snapshot(&facts, false));
            live.origin = Some(Rc::clone(&state.source));
        }
        Change::Return => {
            if let Some(origin) = live.origin.clone() {
                state.settings = Reading::default();
                state.change_by(Action::Put(origin.bytes.clone()));
            }
        }
        Change::Pasted(ask, bytes, lost) => live.pasted(ask, &bytes, lost),
        Change::Relay(met) => {
            // Meanwhile the user may have chosen another one.
            if live.settings.relay_text == met.relay_text {
                live.settings.relay = met.relay;
                live.settings.relay_problem = met.relay_problem;
            }
        }
        Change::Settings(chosen) => {
            settings::store(&chosen);
            live.settings = chosen;
        }
        Change::Start(domain, now, before) => {
            live.origin = Some(Rc::clone(&state.source));
            live.start(&domain, now, before);
        }
        Change::Stop => {
            if let Some(one) = &mut live.one {
                for run in one.run.iter_mut().chain(&mut one.other) {
                    run.stop();
                }
                one.judge();
            }
        }
    }
}

/// Puts a domain into the field.
fn fill(state: &mut State, domain: &str, what: &str) {
    state.change_by(Action::Open(Opened {
        bytes: Some(domain.as_bytes().to_vec()),
        line_ends_known: false,
        file_name: None,
        settings: Reading::default(),
        invisible: false,
        what: what.to_owned(),
    }));
}

#[cfg(test)]
mod tests;
