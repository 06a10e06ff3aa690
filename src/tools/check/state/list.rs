//! Checks of a list of domains: a few at a time, each with its row in a table.

mod export;
mod summary;

pub(crate) use export::{csv, json};
pub(crate) use summary::{STATES, Summary, state_word, word};

use super::run::{Arrival, Run};
use super::settings::Settings;
use super::{DomainCheck, State};
use crate::request::Request;
use crate::route::Route;
use std::cmp::Reverse;
use std::rc::Rc;
use stslint::live::check::{Id, Options, Reply};
use stslint::live::facts::Facts;
use stslint::live::judge;
use stslint::render::words::State as Overall;

/// Most domains that are looked up at the same time.
const AT_ONCE: usize = 6;

/// Rows that are shown at first, and how many more each time.
pub(crate) const LISTED: usize = 100;

/// The checks of a list.
#[derive(Debug)]
pub(crate) struct DomainList {
    domains: Rc<Vec<String>>,
    pub(crate) rows: Vec<Row>,
    /// Rows that are in work.
    under_way: Vec<usize>,
    /// The first row that may still wait.
    next: usize,
    pub(crate) done: usize,
    /// The rows that this page has checked, in the order in which they were done.
    checked: Vec<usize>,
    /// Whether no further check begins.
    pub(crate) paused: bool,
    pub(crate) cancelled: bool,
    /// When it began, and the time of the latest news, in milliseconds since 1970.
    began: f64,
    now: f64,
    pub(crate) sort: (Column, bool),
    pub(crate) filter: Filter,
    pub(crate) listed: usize,
    /// Who is asked.
    pub(crate) resolver: Rc<str>,
}

/// A domain of the list.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) domain: String,
    pub(crate) state: RowState,
}

/// How far its check is.
#[derive(Debug)]
pub(crate) enum RowState {
    Waiting,
    Running(Box<Run>),
    Done(Box<Facts>, Summary),
    /// No policy host can have such a name.
    Unfit,
}

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Domain,
    Result,
    Policy,
    Reports,
    Dane,
    Findings,
}

impl Column {
    /// All columns, in their order.
    pub(crate) const ALL: [Self; 6] =
        [Self::Domain, Self::Result, Self::Policy, Self::Reports, Self::Dane, Self::Findings];

    /// What stands above it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Domain => "Domain",
            Self::Result => "Result",
            Self::Policy => "Policy",
            Self::Reports => "TLS reports",
            Self::Dane => "DANE",
            Self::Findings => "Findings",
        }
    }
}

/// Which rows are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    /// Part of the domain or of the result.
    pub(crate) words: String,
    pub(crate) state: Option<Overall>,
}

/// What can happen to the list.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Leave alone what is not done.
    Cancel,
    Filter(Filter),
    More,
    /// Show the check of this row.
    Open(usize),
    /// Begin no further check, or go on; the time in milliseconds since 1970.
    Pause(bool, f64),
    Sort(Column),
    /// Show these domains again, with what this tab saw of each; the time in milliseconds since 1970.
    Resume(Rc<Vec<String>>, Vec<Option<Rc<Facts>>>, f64),
    /// Check these domains.
    Start(Rc<Vec<String>>, f64),
}

impl DomainList {
    fn new(domains: Rc<Vec<String>>, now: f64, resolver: Rc<str>) -> Self {
        let waiting = |domain: &String| Row { domain: domain.clone(), state: RowState::Waiting };
        Self {
            rows: domains.iter().map(waiting).collect(),
            domains,
            under_way: Vec::new(),
            next: 0,
            done: 0,
            checked: Vec::new(),
            paused: false,
            cancelled: false,
            began: now,
            now,
            sort: (Column::Result, true),
            filter: Filter::default(),
            listed: LISTED,
            resolver,
        }
    }

    /// A list of which some was seen before the page was loaded again. Nothing is looked up until the user says so.
    fn resumed(
        domains: Rc<Vec<String>>,
        seen: Vec<Option<Rc<Facts>>>,
        now: f64,
        resolver: Rc<str>,
    ) -> Self {
        let mut list = Self { paused: true, ..Self::new(domains, now, resolver) };
        for (row, facts) in list.rows.iter_mut().zip(seen) {
            if let Some(facts) = facts.filter(|facts| facts.domain == row.domain) {
                let summary = Summary::of(&judge(&facts));
                row.state = RowState::Done(Box::new(Rc::unwrap_or_clone(facts)), summary);
                list.done += 1;
            }
        }
        list
    }

    /// What was seen of the domains that this page has checked, in the order in which they were done.
    pub(crate) fn checked(&self) -> impl ExactSizeIterator<Item = Option<&Facts>> {
        self.checked.iter().map(|row| match &self.rows[*row].state {
            RowState::Done(facts, _) => Some(&**facts),
            _ => None,
        })
    }

    /// Whether these are the domains.
    pub(crate) fn is_of(&self, domains: &[String]) -> bool {
        *self.domains == domains
    }

    /// The domains.
    pub(crate) fn domains(&self) -> Rc<Vec<String>> {
        Rc::clone(&self.domains)
    }

    /// The checks under way.
    pub(crate) fn runs(&self) -> impl Iterator<Item = &Run> {
        self.under_way.iter().filter_map(|row| match &self.rows[*row].state {
            RowState::Running(run) => Some(&**run),
            _ => None,
        })
    }

    /// A row to begin with, if it is time for one.
    pub(crate) fn next(&mut self) -> Option<usize> {
        if self.paused || self.cancelled || self.under_way.len() >= AT_ONCE {
            return None;
        }
        let waits = |row: &Row| matches!(row.state, RowState::Waiting);
        let row = self.next + self.rows[self.next..].iter().position(waits)?;
        self.next = row + 1;
        Some(row)
    }

    /// Begins the check of a row.
    pub(crate) fn begin(&mut self, row: usize, serial: u32, options: Options, by: &Settings) {
        let now = (self.now / 1000.0) as i64;
        let run = Run::begin(
            serial,
            &self.rows[row].domain,
            options,
            by.resolver.clone(),
            by.relay.clone(),
            now,
        );
        match run {
            Some(run) => {
                self.rows[row].state = RowState::Running(Box::new(run));
                self.under_way.push(row);
            }
            None => {
                self.rows[row].state = RowState::Unfit;
                self.done += 1;
            }
        }
    }

    /// Takes an answer.
    pub(crate) fn answered(&mut self, id: Id, reply: Reply, arrival: Arrival) {
        self.now = self.now.max(arrival.at);
        let rows = &self.rows;
        let at = self.under_way.iter().position(|row| {
            matches!(&rows[*row].state, RowState::Running(run) if run.open.iter().any(|(open, _)| *open == id))
        });
        let Some(at) = at else { return };
        let row = self.under_way[at];
        let RowState::Running(run) = &mut self.rows[row].state else { return };
        run.answer(id, reply, arrival);
        if run.is_done() {
            let facts = run.facts();
            let summary = Summary::of(&judge(&facts));
            self.rows[row].state = RowState::Done(Box::new(facts), summary);
            self.under_way.swap_remove(at);
            self.checked.push(row);
            self.done += 1;
        }
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_over(&self) -> bool {
        self.under_way.is_empty() && (self.cancelled || self.done == self.rows.len())
    }

    /// About how many seconds are left at `now`, once there is something to tell it from.
    pub(crate) fn left(&self, now: f64) -> Option<u32> {
        let checked = self.checked.len();
        if checked < AT_ONCE || self.paused || self.is_over() {
            return None;
        }
        let each = (now - self.began).max(0.0) / checked as f64;
        Some((each * (self.rows.len() - self.done) as f64 / 1000.0).ceil() as u32)
    }

    /// The rows that pass the filter, in their order: indices into `rows`.
    pub(crate) fn ordered(&self) -> Vec<usize> {
        let words = self.filter.words.trim().to_lowercase();
        let passes = |row: &Row| {
            let summary = row.summary();
            let state =
                self.filter.state.is_none_or(|state| summary.is_some_and(|s| s.state == state));
            let title = || summary.is_some_and(|s| s.title.to_lowercase().contains(&words));
            state && (words.is_empty() || row.domain.contains(&words) || title())
        };
        let mut order: Vec<usize> =
            (0..self.rows.len()).filter(|i| passes(&self.rows[*i])).collect();
        let (column, ascending) = self.sort;
        let rank = |i: &usize| {
            let row = &self.rows[*i];
            // What has no result yet stands at the end.
            let Some(summary) = row.summary() else { return Rank::None };
            let at = |state| STATES.iter().position(|s| *s == state).unwrap_or(0);
            match column {
                Column::Domain => Rank::Word(0, row.domain.as_str()),
                Column::Result => Rank::Word(at(summary.state), summary.title.as_str()),
                Column::Policy => Rank::Word(0, summary.policy()),
                Column::Reports => Rank::Word(0, word(summary.tlsrpt)),
                Column::Dane => Rank::Word(0, word(summary.dane)),
                // Most of them first.
                Column::Findings => Rank::Most(Reverse((summary.errors, summary.warnings))),
            }
        };
        if column == Column::Domain {
            order.sort_by_key(|i| &self.rows[*i].domain);
        } else {
            order.sort_by_key(rank);
        }
        if !ascending {
            order.reverse();
        }
        order
    }

    fn cancel(&mut self) {
        self.cancelled = true;
        for row in std::mem::take(&mut self.under_way) {
            self.rows[row].state = RowState::Waiting;
        }
    }
}

/// What a row is sorted by: first by number, then by word. What has no result yet stands at the end.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank<'a> {
    Word(usize, &'a str),
    Most(Reverse<(usize, usize)>),
    None,
}

impl Row {
    pub(crate) fn summary(&self) -> Option<&Summary> {
        match &self.state {
            RowState::Done(_, summary) => Some(summary),
            _ => None,
        }
    }
}

/// Does what was asked for.
pub(crate) fn update(state: &mut State, action: Action) -> Vec<Request> {
    if let Action::Start(domains, now) = action {
        state.list = Some(DomainList::new(domains, now, state.settings.resolver.name.clone()));
        state.fill();
        return vec![Request::Go(Route::List)];
    }
    if let Action::Resume(domains, seen, now) = action {
        let by = state.settings.resolver.name.clone();
        state.list = Some(DomainList::resumed(domains, seen, now, by));
        return Vec::new();
    }
    let Some(list) = &mut state.list else { return Vec::new() };
    match action {
        Action::Cancel => list.cancel(),
        Action::Filter(filter) => {
            list.filter = filter;
            list.listed = LISTED;
        }
        Action::More => list.listed += LISTED,
        Action::Open(row) => {
            if let Some(Row { state: RowState::Done(facts, _), .. }) = list.rows.get(row) {
                let check = DomainCheck::snapshot(facts, true);
                return state.show(check, true);
            }
        }
        Action::Pause(paused, now) => {
            // The pause does not count for what is left.
            if list.paused && !paused {
                list.began += now - list.now;
            }
            list.now = now;
            list.paused = paused;
            state.fill();
        }
        Action::Sort(column) => {
            let same = list.sort.0 == column;
            list.sort = (column, if same { !list.sort.1 } else { true });
        }
        Action::Resume(..) | Action::Start(..) => {}
    }
    Vec::new()
}
