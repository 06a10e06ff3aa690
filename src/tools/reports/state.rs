//! What was read of reports, and what of it is shown. Pure.

use crate::request::Request;
use crate::ui::words::count;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use stslint::report::aggregate::{Day, Filter, Look};
use stslint_worker::Outcome;
use web_sys::File;

/// Files that can be opened one by one from the list of what was given.
pub(crate) const LISTED: usize = 200;

/// Everything about reports.
#[derive(Default)]
pub(crate) struct State {
    /// What came of all that was read.
    pub(crate) read: Rc<Outcome>,
    /// The domain that all of it is about, if it is one.
    pub(crate) only: Option<String>,
    /// What is being read.
    pub(crate) readings: Vec<Reading>,
    /// The first files that were given.
    pub(crate) files: Vec<File>,
    /// Whether some came by a link: their files are elsewhere.
    pub(crate) shared: bool,
    /// What went wrong with reading as a whole.
    pub(crate) trouble: Option<String>,
    /// What the address wants to see of it.
    filter: Filter,
    /// The domains that it is about.
    domains: Vec<String>,
    /// The last look that tells whether a domain is ready: the desk asks whenever it is drawn.
    looked: RefCell<Option<(String, Day, Rc<Look>)>>,
    /// What was said of domains, by their names in small letters.
    said: BTreeMap<String, Said>,
    /// Whether it is too much to be kept for a reload.
    pub(crate) too_much: bool,
    /// What takes its time beside reading, in words; empty if nothing does.
    pub(crate) busy: String,
    /// Whether a link carries the addresses that sessions came from, and the words of reporters.
    pub(crate) sources: bool,
    /// The link that was made, or why there is none.
    pub(crate) link: Option<Result<Rc<str>, &'static str>>,
}

/// What somebody said of a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The policy that was pasted, to be compared with. Without one it is the live policy if this tab knows it, else the
    /// newest copy.
    pub(crate) pasted: Option<Rc<str>>,
    /// Since when the domain is in testing.
    pub(crate) testing_since: Option<Day>,
}

/// Files that are being read.
#[derive(Clone)]
pub(crate) struct Reading {
    /// Its number.
    pub(crate) number: u32,
    /// How many files there are, as far as folders have been looked through.
    pub(crate) files: u32,
    /// How many bytes these have, if somebody asked.
    pub(crate) bytes: Option<f64>,
    /// Files that are behind.
    pub(crate) files_read: u32,
    /// Bytes that are behind.
    pub(crate) bytes_read: f64,
    /// When it began, in milliseconds since 1970.
    pub(crate) began: f64,
    /// When it was heard of last, in milliseconds since 1970.
    pub(crate) now: f64,
    /// Whether the user stopped it.
    pub(crate) stopped: bool,
    /// What reads; dropping it ends that.
    pub(crate) by: By,
}

/// What goes through files.
#[derive(Clone)]
pub(crate) enum By {
    /// Folders are being looked through. Dropping this ends that.
    Walk(Rc<Walk>),
    /// The worker, which this asks to stop; dropping it ends the worker.
    Worker(Rc<dyn Fn()>),
    /// Nobody.
    #[cfg(test)]
    Nobody,
}

/// Ends a walk through folders when it is dropped.
pub(crate) struct Walk(Rc<Cell<bool>>);

impl Drop for Walk {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

impl Reading {
    /// Folders are to be looked through, until `stop` says so.
    pub(crate) fn walk(number: u32, now: f64, stop: Rc<Cell<bool>>) -> Self {
        Self::begun(number, 0, None, now, By::Walk(Rc::new(Walk(stop))))
    }

    /// Files are to be read.
    pub(crate) fn begun(number: u32, files: u32, bytes: Option<f64>, now: f64, by: By) -> Self {
        let (files_read, bytes_read, stopped) = (0, 0.0, false);
        Self { number, files, bytes, files_read, bytes_read, began: now, now, stopped, by }
    }

    /// That something was not read because the user stopped it.
    fn left_out(&self, outcome: &Outcome) -> Option<String> {
        let whole = match self.bytes {
            Some(bytes) => outcome.bytes as f64 >= bytes,
            None => outcome.files >= u64::from(self.files),
        };
        // While folders are looked through, nobody knows how much is in them.
        let all = !matches!(self.by, By::Walk(_)) && whole;
        let files = count(self.files as usize, "file", "files");
        let read = outcome.files;
        (self.stopped && !all).then(|| {
            format!(
                "Reading was stopped after {read} of {files}. To have all of it, give them again."
            )
        })
    }

    /// Has it end, with what was read till then.
    pub(crate) fn stop(&self) {
        match &self.by {
            By::Walk(walk) => walk.0.set(true),
            By::Worker(stop) => stop(),
            #[cfg(test)]
            By::Nobody => {}
        }
    }
}

/// How far all reading is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Progress {
    /// Files that are behind.
    pub(crate) files_read: u32,
    /// All files.
    pub(crate) files: u32,
    /// Bytes that are behind.
    pub(crate) bytes_read: f64,
    /// All bytes; none where only files are counted.
    pub(crate) bytes: Option<f64>,
    /// About how many seconds are left; none as long as that can't be told.
    pub(crate) left: Option<f64>,
    /// Whether folders are still being looked through.
    pub(crate) walking: bool,
    /// Whether it was stopped.
    pub(crate) stopped: bool,
}

impl Progress {
    /// What is behind, and of how much: bytes, or else files.
    pub(crate) fn share(&self) -> (f64, f64) {
        let (behind, whole) = match self.bytes {
            Some(bytes) => (self.bytes_read, bytes),
            None => (f64::from(self.files_read), f64::from(self.files)),
        };
        (behind.min(whole), whole)
    }
}

/// What can happen.
#[derive(Clone)]
pub(crate) enum Action {
    /// Folders are looked through, or files are read, of these the first; it takes the place of one with its number.
    Began(Reading, Rc<[File]>),
    /// So many files were found in folders so far.
    Found(u32, u32),
    /// A reading has come so far: its number, files, bytes, now.
    Progress(u32, u32, f64, f64),
    /// A reading is over, with what came of it.
    Done(u32, Rc<Outcome>),
    /// A reading failed.
    Failed(u32, String),
    /// The user stopped all reading.
    Stopped,
    /// Reports came by a link.
    Shared(Rc<Outcome>),
    /// What was read before the page was loaded again came back.
    Restored(Rc<Outcome>),
    /// Something came that can't be read at all.
    Trouble(String),
    /// It is too much to be kept for a reload.
    TooMuch,
    /// Something takes its time, in words, or is done.
    Busy(String),
    /// Show something else of it.
    Filter(Filter),
    /// A policy to compare with was pasted, or taken away.
    Pasted(Option<Rc<str>>),
    /// Somebody says since when the domain is in testing.
    TestingSince(Option<Day>),
    /// Whether a link is to carry the addresses that sessions came from.
    Sources(bool),
    /// A link was made of so many reports, with those or without.
    Link(Result<Rc<str>, &'static str>, usize, bool),
    /// Forget all reports.
    Forget,
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an action of the reports")
    }
}

impl State {
    /// What is shown: what the address wants to see, but for a domain of which there is no report.
    pub(crate) fn shown(&self) -> Filter {
        Filter { domain: self.chosen().map(str::to_owned), ..self.filter.clone() }
    }

    /// The domain whose policy and way to enforce are shown: the chosen one, or the only one.
    pub(crate) fn domain(&self) -> Option<&str> {
        self.chosen().or(self.only.as_deref())
    }

    /// The domain that the address names, if there are reports about it.
    fn chosen(&self) -> Option<&str> {
        let is_known = |name: &&str| self.domains.iter().any(|it| it.eq_ignore_ascii_case(name));
        self.filter.domain.as_deref().filter(is_known)
    }

    /// What somebody said of a domain.
    pub(crate) fn said_of(&self, domain: &str) -> Said {
        self.said.get(&domain.to_ascii_lowercase()).cloned().unwrap_or_default()
    }

    /// Notes what somebody says of the domain that is shown.
    fn say(&mut self, change: impl FnOnce(&mut Said)) {
        if let Some(domain) = self.domain().map(str::to_ascii_lowercase) {
            change(self.said.entry(domain).or_default());
        }
    }

    /// What tells whether a domain is ready.
    pub(crate) fn look_at(&self, domain: &str, today: Day) -> Rc<Look> {
        let mut looked = self.looked.borrow_mut();
        let is_it = |(of, day, _): &&(String, _, _)| (&**of, *day) == (domain, today);
        if let Some((.., look)) = looked.as_ref().filter(is_it) {
            return Rc::clone(look);
        }
        let look = Look::default().with_readiness(Some(domain), today);
        let look = Rc::new(look.done(&self.read.aggregate));
        *looked = Some((domain.to_owned(), today, Rc::clone(&look)));
        look
    }

    /// Whether there is anything to show.
    pub(crate) fn is_empty(&self) -> bool {
        let Outcome { aggregate, refused, dmarc, other, .. } = &*self.read;
        aggregate.is_empty() && refused.is_empty() && *dmarc == 0 && *other == 0
    }

    /// How far all reading is; none when nothing is being read.
    pub(crate) fn progress(&self) -> Option<Progress> {
        if self.readings.is_empty() {
            return None;
        }
        let sum = |of: fn(&Reading) -> f64| self.readings.iter().map(of).sum::<f64>();
        let count =
            |of: fn(&Reading) -> u32| self.readings.iter().map(of).fold(0, u32::saturating_add);
        let bytes_read = sum(|it| it.bytes_read);
        let bytes: Option<f64> = self.readings.iter().map(|it| it.bytes).sum();
        let walking = self.readings.iter().any(|it| matches!(it.by, By::Walk(_)));
        let time = self.readings.iter().map(|it| it.now - it.began).fold(0.0, f64::max);
        // Before a second it is a guess.
        let progress = Progress {
            files_read: count(|it| it.files_read),
            files: count(|it| it.files),
            bytes_read,
            bytes,
            left: None,
            walking,
            stopped: self.readings.iter().all(|it| it.stopped),
        };
        let (behind, whole) = progress.share();
        let known = !walking && time >= 1000.0 && behind > 0.0;
        let left = known.then(|| time / 1000.0 * (whole - behind) / behind);
        Some(Progress { left, ..progress })
    }

    fn reading(&mut self, number: u32) -> Option<&mut Reading> {
        self.readings.iter_mut().find(|reading| reading.number == number)
    }

    fn end(&mut self, number: u32) -> Option<Reading> {
        let at = self.readings.iter().position(|reading| reading.number == number)?;
        Some(self.readings.remove(at))
    }

    /// Adds what came of files to what is there.
    fn add(&mut self, outcome: &Rc<Outcome>) {
        if self.is_empty() {
            self.read = Rc::clone(outcome);
        } else {
            Rc::make_mut(&mut self.read).merge(outcome);
        }
        self.looked.take();
        let domains = self.read.aggregate.domains();
        let named = || domains.iter().filter_map(|domain| domain.map(str::to_owned));
        self.domains = named().collect();
        self.only = named().next().filter(|_| domains.len() == 1);
        // What was shared, or kept, is no longer all.
        (self.link, self.too_much) = (None, false);
    }

    /// Whether all reports of an outcome are there: a link may be opened again, and what it brought comes back after a reload.
    fn has(&self, outcome: &Outcome) -> bool {
        let mut all = self.read.aggregate.clone();
        all.merge(&outcome.aggregate);
        all.len() == self.read.aggregate.len()
    }
}

/// Does what an action asks for.
pub(crate) fn update(state: &mut State, action: Action) -> Vec<Request> {
    match action {
        Action::Began(reading, files) => {
            state.trouble = None;
            let room = LISTED.saturating_sub(state.files.len());
            state.files.extend(files.iter().take(room).cloned());
            match state.reading(reading.number) {
                Some(known) => *known = reading,
                None => state.readings.push(reading),
            }
        }
        Action::Found(number, files) => {
            if let Some(reading) = state.reading(number) {
                reading.files = files;
            }
        }
        Action::Progress(number, files, bytes, now) => {
            if let Some(reading) = state.reading(number) {
                (reading.files_read, reading.bytes_read, reading.now) = (files, bytes, now);
            }
        }
        Action::Done(number, outcome) => {
            // What was forgotten meanwhile stays so.
            if let Some(reading) = state.end(number) {
                state.trouble = reading.left_out(&outcome).or(state.trouble.take());
                state.add(&outcome);
            }
        }
        Action::Failed(number, why) => {
            if state.end(number).is_some() {
                state.trouble = Some(why);
            }
        }
        Action::Stopped => state.readings.iter_mut().for_each(|reading| reading.stopped = true),
        Action::Shared(outcome) => {
            state.trouble = None;
            if !state.has(&outcome) {
                state.shared = true;
                state.add(&outcome);
            }
        }
        Action::Restored(outcome) => {
            let since = std::mem::take(&mut state.read);
            state.add(&outcome);
            if since.aggregate.is_empty() || !state.has(&since) {
                state.add(&since);
            }
        }
        Action::Trouble(why) => state.trouble = Some(why),
        Action::TooMuch => state.too_much = true,
        Action::Busy(words) => state.busy = words,
        Action::Filter(filter) => state.filter = filter,
        Action::Pasted(text) => state.say(|said| said.pasted = text),
        Action::TestingSince(day) => state.say(|said| said.testing_since = day),
        Action::Sources(sources) => {
            state.sources = sources;
            state.link = None;
        }
        Action::Link(link, reports, sources) => {
            // Packing takes a moment in which something else may have been chosen.
            if (reports, sources) == (state.read.aggregate.len(), state.sources) {
                state.link = Some(link);
            }
        }
        Action::Forget => *state = State::default(),
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stslint::report::content;

    fn outcome(day: &str) -> Rc<Outcome> {
        let text = format!(
            r#"{{"organization-name":"G","report-id":"{day}","date-range":{{"start-datetime":"{day}T00:00:00Z"}},
            "policies":[]}}"#
        );
        let mut outcome = Outcome { files: 1, bytes: 9, ..Outcome::default() };
        outcome.aggregate.add(&content(&text).expect("a report"), &[]);
        Rc::new(outcome)
    }

    fn begun(number: u32, files: u32, bytes: f64) -> Action {
        begun_with(number, files, Some(bytes))
    }

    fn begun_with(number: u32, files: u32, bytes: Option<f64>) -> Action {
        Action::Began(Reading::begun(number, files, bytes, 0.0, By::Nobody), Rc::default())
    }

    fn after(actions: impl IntoIterator<Item = Action>) -> State {
        let mut state = State::default();
        for action in actions {
            update(&mut state, action);
        }
        state
    }

    #[test]
    fn what_is_read_adds_to_what_is_there_and_a_copy_counts_once() {
        let (one, two) = (outcome("2026-10-01"), outcome("2026-10-02"));
        let state = after([
            begun(1, 1, 9.0),
            begun(2, 2, 18.0),
            Action::Done(2, two),
            Action::Done(1, Rc::clone(&one)),
            begun(3, 1, 9.0),
            Action::Done(3, one),
        ]);
        assert_eq!((state.read.aggregate.len(), state.read.files), (2, 3));
        assert_eq!(state.read.aggregate.totals(&Filter::default()).duplicates, 1);
        assert!(state.progress().is_none());
    }

    #[test]
    fn time_left_follows_the_bytes() {
        let mut state = after([begun(1, 10, 100.0), Action::Progress(1, 2, 25.0, 500.0)]);
        assert_eq!(state.progress().and_then(|it| it.left), None, "too early to tell");
        update(&mut state, Action::Progress(1, 5, 50.0, 4000.0));
        let progress = state.progress().expect("it is read");
        assert_eq!((progress.files_read, progress.files, progress.left), (5, 10, Some(4.0)));
        update(&mut state, Action::Stopped);
        assert!(state.progress().is_some_and(|it| it.stopped));
    }

    #[test]
    fn of_many_files_the_files_are_counted() {
        let state = after([
            begun(1, 2, 100.0),
            begun_with(2, 8, None),
            Action::Progress(1, 2, 100.0, 2000.0),
            Action::Progress(2, 3, 70.0, 4000.0),
        ]);
        let progress = state.progress().expect("they are read");
        assert_eq!((progress.share(), progress.left), ((5.0, 10.0), Some(4.0)));
        let stopped = |files| {
            let outcome = Rc::new(Outcome { files, ..Outcome::default() });
            after([begun_with(1, 8, None), Action::Stopped, Action::Done(1, outcome)]).trouble
        };
        assert_eq!((stopped(8), stopped(7).is_some()), (None, true));
    }

    #[test]
    fn what_was_stopped_says_so() {
        let read = |files, bytes| Rc::new(Outcome { files, bytes, ..Outcome::default() });
        let said = |stopped: bool, outcome| {
            let mut state = after([begun(1, 3, 90.0)]);
            if stopped {
                update(&mut state, Action::Stopped);
            }
            update(&mut state, Action::Done(1, outcome));
            state.trouble
        };
        assert_eq!(said(false, read(3, 90)), None);
        assert!(said(true, read(1, 40)).is_some_and(|it| it.contains("after 1 of 3 files.")));
        assert!(said(true, read(0, 20)).is_some_and(|it| it.contains("after 0 of 3 files.")));
        assert_eq!(said(true, read(3, 90)), None, "it was over already");
    }

    #[test]
    fn folders_are_looked_through_first() {
        let stop = Rc::new(Cell::new(false));
        let walk = Reading::walk(4, 0.0, Rc::clone(&stop));
        let mut state = after([Action::Began(walk, Rc::default()), Action::Found(4, 7)]);
        assert!(state.progress().is_some_and(|it| it.walking && it.files == 7));
        state.readings[0].stop();
        assert!(stop.get());
        update(&mut state, begun(4, 8, 1.0));
        assert!(state.progress().is_some_and(|it| !it.walking && it.files == 8));
        assert_eq!(state.readings.len(), 1);
    }

    #[test]
    fn what_failed_or_was_forgotten_leaves_the_rest() {
        let one = outcome("2026-10-01");
        let state = after([
            begun(1, 1, 9.0),
            Action::Done(1, Rc::clone(&one)),
            begun(2, 1, 9.0),
            Action::Failed(2, "why".into()),
        ]);
        assert_eq!((state.read.aggregate.len(), state.trouble.as_deref()), (1, Some("why")));
        let state = after([begun(1, 1, 9.0), Action::Forget, Action::Done(1, one)]);
        assert!(state.is_empty(), "it came too late");
        let stop = Rc::new(Cell::new(false));
        let walk = Reading::walk(1, 0.0, Rc::clone(&stop));
        after([Action::Began(walk, Rc::default()), Action::Forget]);
        assert!(stop.get(), "nobody goes on looking through folders");
    }

    #[test]
    fn a_link_that_is_opened_again_adds_nothing_and_one_that_comes_late_is_not_shown() {
        let (one, two) = (outcome("2026-10-01"), outcome("2026-10-02"));
        let mut state = after([
            Action::Trouble("why".into()),
            Action::Shared(Rc::clone(&one)),
            begun(1, 1, 9.0),
            Action::Done(1, two),
            Action::Shared(one),
        ]);
        assert_eq!((state.read.aggregate.len(), &state.trouble), (2, &None));
        assert_eq!(state.read.aggregate.totals(&Filter::default()).duplicates, 0);
        update(&mut state, Action::Sources(true));
        update(&mut state, Action::Link(Ok("with".into()), 2, true));
        update(&mut state, Action::Sources(false));
        update(&mut state, Action::Link(Ok("late".into()), 2, true));
        assert_eq!(state.link, None);
    }

    /// A report about a domain.
    fn about(domain: &str) -> Rc<Outcome> {
        let text = format!(
            r#"{{"organization-name":"G","report-id":"{domain}","policies":[{{"policy":{{"policy-type":"sts",
            "policy-domain":"{domain}"}},"summary":{{"total-successful-session-count":1}}}}]}}"#
        );
        let mut outcome = Outcome::default();
        outcome.aggregate.add(&content(&text).expect("a report"), &[]);
        Rc::new(outcome)
    }

    fn domain(name: &str) -> Action {
        Action::Filter(Filter { domain: Some(name.into()), ..Filter::default() })
    }

    #[test]
    fn another_domain_has_another_policy_and_each_keeps_its_own() {
        let mut state = after([
            Action::Shared(about("a.example")),
            Action::Pasted(Some("mode: none".into())),
            Action::Shared(about("b.example")),
        ]);
        assert_eq!(state.domain(), None);
        update(&mut state, domain("a.example"));
        update(&mut state, Action::TestingSince(Day::read("2026-10-01")));
        let same = Filter { sender: Some("G".into()), ..state.filter.clone() };
        update(&mut state, Action::Filter(same));
        let said = state.said_of("A.example");
        assert!(said.pasted.is_some() && said.testing_since.is_some());
        update(&mut state, domain("b.example"));
        assert_eq!(state.said_of("b.example"), Said::default());
        update(&mut state, domain("a.example"));
        assert_eq!(state.domain().map(|it| state.said_of(it)), Some(said));
    }

    #[test]
    fn a_domain_that_no_report_is_about_is_none() {
        let cause = Some(stslint::report::Cause::Unsaid);
        let wanted = Filter { domain: Some("B.example".into()), cause, ..Filter::default() };
        let mut state = after([Action::Filter(wanted.clone())]);
        assert_eq!((state.domain(), state.shown().domain), (None, None));
        update(&mut state, Action::Shared(about("a.example")));
        assert_eq!(state.domain(), Some("a.example"), "it is the only one");
        assert_eq!(state.shown(), Filter { domain: None, ..wanted.clone() });
        update(&mut state, Action::Shared(about("c.example")));
        assert_eq!(state.domain(), None);
        update(&mut state, Action::Shared(about("b.example")));
        assert_eq!(state.shown(), wanted, "the address waits for it");
    }

    #[test]
    fn what_comes_back_after_a_reload_counts_once_whenever_it_comes() {
        let (one, two) = (outcome("2026-10-01"), outcome("2026-10-02"));
        let whole = after([Action::Shared(Rc::clone(&one)), Action::Shared(Rc::clone(&two))]).read;
        for state in [
            after([Action::Restored(Rc::clone(&whole)), Action::Shared(Rc::clone(&one))]),
            after([Action::Shared(Rc::clone(&one)), Action::Restored(Rc::clone(&whole))]),
        ] {
            assert_eq!(state.read.aggregate.len(), 2);
            assert_eq!(state.read.aggregate.totals(&Filter::default()).duplicates, 0);
        }
        let three = outcome("2026-10-03");
        let state = after([begun(1, 1, 9.0), Action::Done(1, three), Action::Restored(whole)]);
        assert_eq!((state.read.aggregate.len(), state.read.files), (3, 3));
    }
}
