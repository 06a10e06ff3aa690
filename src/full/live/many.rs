//! Checks of a list of domains: a few at a time, each with its row in a table.

use super::run::{Came, Run};
use super::settings::Settings;
use super::state::Live;
use std::rc::Rc;
use stslint::finding::Severity;
use stslint::live::check::{Id, Options, Reply};
use stslint::live::facts::{Fact, Facts, Outcome};
use stslint::live::{Dane, State as StepState, Step, Story, judge};
use stslint::policy::Mode;
use stslint::render::words::State as Overall;

/// Most domains that are looked up at the same time.
const AT_ONCE: usize = 6;

/// Rows that are shown at first, and how many more each time.
pub(super) const LISTED: usize = 100;

/// The checks of a list.
#[derive(Debug)]
pub(crate) struct Many {
    domains: Rc<Vec<String>>,
    pub(super) rows: Vec<Row>,
    /// Rows that are in work.
    under_way: Vec<usize>,
    /// The first row that may still wait.
    next: usize,
    pub(super) done: usize,
    /// Whether no further check begins.
    pub(super) paused: bool,
    pub(super) cancelled: bool,
    /// When it began, and the time of the latest news, in milliseconds since 1970.
    began: f64,
    now: f64,
    pub(super) sort: (Column, bool),
    pub(super) filter: Filter,
    pub(super) listed: usize,
    /// Who is asked.
    pub(super) resolver: Rc<str>,
}

/// A domain of the list.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) domain: String,
    pub(super) state: RowState,
}

/// How far its check is.
#[derive(Debug)]
pub(super) enum RowState {
    Waiting,
    Running(Box<Run>),
    Done(Box<Facts>, Summary),
    /// No policy host can have such a name.
    Unfit,
}

/// What a check comes to, for a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Summary {
    pub(super) state: Overall,
    pub(super) title: String,
    /// What the policy asks for; none where there is none or it is not known.
    pub(super) mode: Option<Mode>,
    /// Whether the policy could not be seen from here.
    pub(super) policy_hidden: bool,
    /// Whether the domain announces a policy.
    pub(super) record: Option<bool>,
    pub(super) tlsrpt: Option<bool>,
    pub(super) dane: Option<bool>,
    pub(super) errors: usize,
    pub(super) warnings: usize,
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
    pub(super) const ALL: [Self; 6] =
        [Self::Domain, Self::Result, Self::Policy, Self::Reports, Self::Dane, Self::Findings];

    /// What stands above it.
    pub(super) const fn title(self) -> &'static str {
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
    pub(super) words: String,
    pub(super) state: Option<Overall>,
}

/// What can happen to the list.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// Leave alone what is not done.
    Cancel,
    Filter(Filter),
    More,
    /// Show the check of this row.
    Open(usize),
    /// Begin no further check, or go on; the time in milliseconds since 1970.
    Pause(bool, f64),
    Sort(Column),
    /// Check these domains.
    Start(Rc<Vec<String>>, f64),
}

impl Summary {
    fn of(story: &Story) -> Self {
        let head = story.headline();
        let parts = story.parts.iter().flat_map(|part| &part.artefact.findings);
        let all: Vec<Severity> = parts
            .chain(story.found.iter().map(|found| &found.finding))
            .map(|finding| finding.rule.severity)
            .collect();
        let count = |severity| all.iter().filter(|other| **other == severity).count();
        let step = |step| story.chapters.iter().find(|chapter| chapter.step == step);
        let there = |which| match step(which).map(|chapter| &chapter.state) {
            Some(StepState::Ok | StepState::Problem) => Some(true),
            Some(StepState::Absent) => Some(false),
            _ => None,
        };
        let tlsrpt = match &story.facts.tlsrpt {
            Fact::Known(answer) => Some(matches!(answer.outcome, Outcome::Data(_))),
            Fact::Unknown(_) => None,
        };
        let dane = |row: &stslint::live::Row| matches!(row.dane, Dane::Protected);
        let unknown = |row: &stslint::live::Row| matches!(row.dane, Dane::Unknown(_));
        let dane = (!story.rows.iter().any(unknown) && !story.rows.is_empty())
            .then(|| story.rows.iter().all(dane));
        Self {
            state: head.state,
            title: head.title,
            mode: story.policy.as_ref().and_then(|policy| policy.mode),
            policy_hidden: story.facts.fetch.is_hidden() && story.policy.is_none(),
            record: match &story.facts.sts {
                Fact::Known(_) => there(Step::Discover),
                Fact::Unknown(_) => None,
            },
            // Records of other kinds may stand there, too.
            tlsrpt: tlsrpt.and_then(|_| there(Step::Report)),
            dane,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        }
    }

    /// The state in words.
    pub(super) fn word(&self) -> &'static str {
        match (self.state, self.record) {
            (Overall::NotLinted, Some(false)) => "not in use",
            (Overall::NotLinted, _) => "not known",
            (state, _) => state_word(state),
        }
    }

    /// The policy in a word.
    pub(super) fn policy(&self) -> &'static str {
        match (self.mode, self.record) {
            (Some(mode), _) => mode.word(),
            (None, Some(false)) => "none published",
            (None, Some(true)) if self.policy_hidden => "not readable from here",
            (None, Some(true)) => "not usable",
            (None, None) => "not known",
        }
    }
}

/// A fact with three values, in a word.
pub(super) const fn word(fact: Option<bool>) -> &'static str {
    match fact {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    }
}

/// The state in a word.
pub(super) const fn state_word(state: Overall) -> &'static str {
    match state {
        Overall::Broken => "broken",
        Overall::Review => "to review",
        Overall::Good => "good",
        Overall::NotLinted => "not in use or not known",
    }
}

/// All states, the worst first.
pub(super) const STATES: [Overall; 4] =
    [Overall::Broken, Overall::Review, Overall::NotLinted, Overall::Good];

impl Many {
    fn new(domains: Rc<Vec<String>>, now: f64, resolver: Rc<str>) -> Self {
        let waiting = |domain: &String| Row { domain: domain.clone(), state: RowState::Waiting };
        Self {
            rows: domains.iter().map(waiting).collect(),
            domains,
            under_way: Vec::new(),
            next: 0,
            done: 0,
            paused: false,
            cancelled: false,
            began: now,
            now,
            sort: (Column::Domain, true),
            filter: Filter::default(),
            listed: LISTED,
            resolver,
        }
    }

    /// Whether these are the domains.
    pub(super) fn is_of(&self, domains: &[String]) -> bool {
        *self.domains == domains
    }

    /// The domains.
    pub(super) fn domains(&self) -> Rc<Vec<String>> {
        Rc::clone(&self.domains)
    }

    /// The checks under way.
    pub(super) fn runs(&self) -> impl Iterator<Item = &Run> {
        self.under_way.iter().filter_map(|row| match &self.rows[*row].state {
            RowState::Running(run) => Some(&**run),
            _ => None,
        })
    }

    /// A row to begin with, if it is time for one.
    pub(super) fn next(&mut self) -> Option<usize> {
        if self.paused || self.cancelled || self.under_way.len() >= AT_ONCE {
            return None;
        }
        let row = self.next;
        (row < self.rows.len()).then(|| {
            self.next += 1;
            row
        })
    }

    /// Begins the check of a row.
    pub(super) fn begin(&mut self, row: usize, serial: u32, options: Options, by: &Settings) {
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
    pub(super) fn answered(&mut self, id: Id, reply: Reply, came: Came) {
        self.now = self.now.max(came.at);
        let rows = &self.rows;
        let at = self.under_way.iter().position(|row| {
            matches!(&rows[*row].state, RowState::Running(run) if run.open.iter().any(|(open, _)| *open == id))
        });
        let Some(at) = at else { return };
        let row = self.under_way[at];
        let RowState::Running(run) = &mut self.rows[row].state else { return };
        run.answer(id, reply, came);
        if run.is_done() {
            let facts = run.facts();
            let summary = Summary::of(&judge(&facts));
            self.rows[row].state = RowState::Done(Box::new(facts), summary);
            self.under_way.swap_remove(at);
            self.done += 1;
        }
    }

    /// Whether nothing is left to do.
    pub(super) fn is_over(&self) -> bool {
        self.under_way.is_empty() && (self.cancelled || self.done == self.rows.len())
    }

    /// About how many seconds are left at `now`, once there is something to tell it from.
    pub(super) fn left(&self, now: f64) -> Option<u32> {
        if self.done < AT_ONCE || self.paused || self.is_over() {
            return None;
        }
        let each = (now - self.began).max(0.0) / self.done as f64;
        Some((each * (self.rows.len() - self.done) as f64 / 1000.0).ceil() as u32)
    }

    /// The rows that pass the filter, in their order: indices into `rows`.
    pub(super) fn ordered(&self) -> Vec<usize> {
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
            let Some(summary) = row.summary() else { return (u32::MAX, "") };
            let at = |state| STATES.iter().position(|s| *s == state).unwrap_or(0) as u32;
            match column {
                Column::Domain => (0, row.domain.as_str()),
                Column::Result => (at(summary.state), summary.title.as_str()),
                Column::Policy => (0, summary.policy()),
                Column::Reports => (0, word(summary.tlsrpt)),
                Column::Dane => (0, word(summary.dane)),
                Column::Findings => (
                    u32::MAX - 1 - (summary.errors * 1000 + summary.warnings).min(1 << 30) as u32,
                    "",
                ),
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

impl Row {
    pub(super) fn summary(&self) -> Option<&Summary> {
        match &self.state {
            RowState::Done(_, summary) => Some(summary),
            _ => None,
        }
    }
}

/// Does what was asked for.
pub(super) fn change(live: &mut Live, change: Change) {
    if let Change::Start(domains, now) = change {
        live.one = None;
        live.many = Some(Many::new(domains, now, live.settings.resolver.name.clone()));
        return live.fill();
    }
    let Some(many) = &mut live.many else { return };
    match change {
        Change::Cancel => many.cancel(),
        Change::Filter(filter) => {
            many.filter = filter;
            many.listed = LISTED;
        }
        Change::More => many.listed += LISTED,
        Change::Open(row) => {
            if let Some(Row { state: RowState::Done(facts, _), .. }) = many.rows.get(row) {
                let facts = facts.clone();
                live.open_row(&facts);
            }
        }
        Change::Pause(paused, now) => {
            // The pause does not count for what is left.
            if many.paused && !paused {
                many.began += now - many.now;
            }
            many.now = now;
            many.paused = paused;
            live.fill();
        }
        Change::Sort(column) => {
            let same = many.sort.0 == column;
            many.sort = (column, if same { !many.sort.1 } else { true });
        }
        Change::Start(..) => {}
    }
}

/// The table as CSV (RFC 4180): the rows that are done.
pub(super) fn csv(many: &Many) -> String {
    let mut out = String::from(
        "domain,result,summary,policy,tls_reports,dane,errors,warnings,checked,resolver\r\n",
    );
    for row in &many.rows {
        let RowState::Done(facts, summary) = &row.state else { continue };
        let time = facts.now.and_then(stslint::time::rfc3339).unwrap_or_default();
        let resolver = facts.resolver.clone().unwrap_or_default();
        let cells = [
            row.domain.clone(),
            summary.word().into(),
            summary.title.clone(),
            summary.policy().into(),
            word(summary.tlsrpt).into(),
            word(summary.dane).into(),
            summary.errors.to_string(),
            summary.warnings.to_string(),
            time,
            resolver,
        ];
        let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell that no spreadsheet takes for a formula.
fn csv_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// The facts of all rows that are done, one domain on each line of an array.
pub(super) fn json(many: &Many) -> String {
    let facts = many.rows.iter().filter_map(|row| match &row.state {
        RowState::Done(facts, _) => Some(stslint::live::write(facts)),
        _ => None,
    });
    format!("[\n{}\n]\n", facts.collect::<Vec<_>>().join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_text_in_every_spreadsheet() {
        assert_eq!(csv_cell("a.example"), "a.example");
        assert_eq!(csv_cell("say \"a, b\""), "\"say \"\"a, b\"\"\"");
        for formula in ["=1+1", "+1", "-1", "@a"] {
            assert_eq!(csv_cell(formula), format!("'{formula}"));
        }
    }
}
