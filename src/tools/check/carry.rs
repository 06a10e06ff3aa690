//! Carries the questions of checks out and the answers back, for as long as the state wants to know.

use super::state::run::Arrival;
use super::state::settings::{Relay, Settings};
use super::state::{Action, Shown};
use super::{fetch, history, kept, relay, remembered};
use crate::browser;
use crate::browser::network::{Get, Nothing, get};
use crate::state::{Carry, Dispatcher, State};
use crate::ui::replaced;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use stslint::live::Assessment;
use stslint::live::check::{Ask, Id, RecordKind, Reply};
use stslint::live::facts::{Hidden, Peer};
use stslint_doh::pace::{Pace, TRIES, Turn, Wait};
use stslint_doh::{Http, MAX_MESSAGE, MEDIA_TYPE, live, read};
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

/// How long a resolver may take for an answer, in seconds. It gives up on name servers sooner.
const PATIENCE: u32 = 15;

/// Most requests to one place at the same time.
const AT_ONCE: usize = 16;

/// The longest wait where a place does not say how long, in milliseconds. Senders are no more patient either
/// (RFC 8461 §3.3).
const LONGEST_WAIT: u64 = 60_000;

/// Shorter waits are not worth a word, in milliseconds.
const NOTABLE_WAIT: u64 = 2_000;

/// How long a place may put a question off in all, in milliseconds.
const LONGEST_WAITS: u64 = 120_000;

/// What is under way, and what waits.
#[derive(Debug)]
pub(crate) struct Carrier {
    desk: Rc<RefCell<Desk>>,
    /// What the check came to that was kept last, and whether for later tabs, too.
    kept: Option<(Rc<Assessment>, bool)>,
    /// How many rows of the list were kept, and how much room that took, in bytes.
    listed: (usize, usize),
    /// The settings that are remembered.
    remembered: Settings,
    /// The domain whose check is shown.
    shown: Option<String>,
}

/// Room that the rows of a list may take of what the browser keeps for a tab, in bytes: the texts need some, too.
const LISTED: usize = 2_000_000;

#[derive(Debug, Default)]
struct Desk {
    /// What was taken on and is still wanted.
    taken: BTreeMap<Id, AbortController>,
    /// One queue for each place that is asked.
    lanes: BTreeMap<Rc<str>, Lane>,
    relays: relay::Answers,
}

/// The requests to one place.
#[derive(Debug)]
struct Lane {
    waiting: VecDeque<Job>,
    pace: Pace,
    /// Rings when the next may begin.
    alarm: Option<Timeout>,
    /// Who was said to ask for patience.
    held: Option<Rc<str>>,
}

impl Default for Lane {
    fn default() -> Self {
        let pace = Pace::new(AT_ONCE, LONGEST_WAIT);
        Self { waiting: VecDeque::new(), pace, alarm: None, held: None }
    }
}

/// A question on its way.
#[derive(Clone, Debug)]
struct Job {
    id: Id,
    ask: Ask,
    /// Who is asked: an address, and a name for people.
    url: Rc<str>,
    by: Rc<str>,
    relay: Option<Relay>,
    /// The domain of the check.
    domain: Rc<str>,
    controller: AbortController,
    tries: u32,
    began: f64,
}

/// What came of a try.
enum Attempt {
    Reply(Reply),
    /// To be asked again, after so many seconds if the place says so.
    SlowDown(Option<u32>, Hidden),
}

/// Begins to carry, with what the user chose in an earlier visit.
pub(super) fn carrier(dispatcher: &Dispatcher) -> Box<dyn Carry> {
    let remembered = remembered::load();
    dispatcher.emit(Action::Settings(remembered.clone()).into());
    Box::new(Carrier { desk: Rc::default(), kept: None, listed: (0, 0), remembered, shown: None })
}

impl Carry for Carrier {
    fn run(&mut self, state: &State, dispatcher: &Dispatcher) {
        let live = kept(state);
        let mut desk = self.desk.borrow_mut();
        let wanted: BTreeSet<Id> =
            live.runs().flat_map(|run| run.open.iter().map(|(id, _)| *id)).collect();
        desk.taken.retain(|id, controller| {
            let keep = wanted.contains(id);
            if !keep {
                controller.abort();
            }
            keep
        });
        let mut places = BTreeSet::new();
        for run in live.runs() {
            for (id, ask) in &run.open {
                if desk.taken.contains_key(id) {
                    continue;
                }
                // There is one in every browser that runs this page.
                let Ok(controller) = AbortController::new() else { continue };
                desk.taken.insert(*id, controller.clone());
                let relay = run.relay.clone().filter(|_| !matches!(ask, Ask::Dns { .. }));
                let (url, by) = match (ask, &relay) {
                    (Ask::Dns { .. }, _) => {
                        (Rc::clone(&run.resolver.url), Rc::clone(&run.resolver.name))
                    }
                    (_, Some(relay)) => (Rc::clone(&relay.url), relay.name()),
                    (_, None) => ("".into(), "your browser".into()),
                };
                let (id, ask, tries, began) = (*id, ask.clone(), 0, browser::now());
                let domain = run.check.domain().into();
                places.insert(Rc::clone(&url));
                let job = Job {
                    id,
                    ask,
                    url: Rc::clone(&url),
                    by,
                    relay,
                    domain,
                    controller,
                    tries,
                    began,
                };
                desk.lanes.entry(url).or_default().waiting.push_back(job);
            }
        }
        drop(desk);
        for place in places {
            pump(&self.desk, &place, dispatcher);
        }
        self.keep(state);
        self.keep_list(state);
        self.go_on(state);
        // Whoever checks nothing has no relay asked.
        if live.waiting.is_some() && live.settings.has_unmet_relay() {
            relay::meet(dispatcher, live.settings.clone());
        }
        let settings = &kept(state).settings;
        if self.remembered != *settings {
            remembered::store(settings);
            self.remembered = settings.clone();
        }
    }
}

impl Carrier {
    /// Whoever began a check goes on from its answer. What draws that may come late, and takes what has the focus away.
    fn go_on(&mut self, state: &State) {
        let shown = match kept(state).shown(&state.text) {
            Shown::Check(check) if check.run.is_some() => Some(check.domain.clone()),
            _ => None,
        };
        if replaced(&mut self.shown, shown) && self.shown.is_some() && browser::has_no_focus() {
            browser::focus("verdict-title");
        }
    }

    /// Keeps the check that is shown once it is done: for this tab, and for later ones if the user wants that.
    fn keep(&mut self, state: &State) {
        let live = kept(state);
        let Some(check) = live.check.as_ref().filter(|check| !check.is_running()) else { return };
        let keep = live.settings.keep;
        let is_kept = |(kept, lasting): &(Rc<Assessment>, bool)| {
            Rc::ptr_eq(kept, &check.assessment) && *lasting == keep
        };
        if self.kept.as_ref().is_some_and(is_kept) {
            return;
        }
        self.kept = Some((Rc::clone(&check.assessment), keep));
        history::keep_in_tab(&check.assessment.facts);
        let run = check.run.as_ref().filter(|run| !run.stopped);
        if let Some(run) = run
            && keep
            && run.resolver_failure().is_none()
        {
            history::add(&run.facts());
        }
    }

    /// Keeps what was seen of the domains of a list for this tab, as far as there is room.
    fn keep_list(&mut self, state: &State) {
        let Some(list) = &kept(state).list else { return };
        let checked = list.checked();
        if checked.len() < self.listed.0 {
            // It is another list, or the same from its beginning.
            self.listed = (0, 0);
        }
        let total = checked.len();
        for facts in checked.skip(self.listed.0).flatten() {
            if self.listed.1 < LISTED {
                self.listed.1 += history::keep_in_tab(facts);
            }
        }
        self.listed.0 = total;
    }
}

/// Begins what may begin at a place.
fn pump(desk: &Rc<RefCell<Desk>>, place: &Rc<str>, dispatcher: &Dispatcher) {
    let mut open = desk.borrow_mut();
    let Desk { taken, lanes, relays } = &mut *open;
    let Some(lane) = lanes.get_mut(place) else { return };
    lane.waiting.retain(|job| taken.contains_key(&job.id));
    let mut given_up = Vec::new();
    let mut held = None;
    while let Some(job) = lane.waiting.front() {
        let now = now();
        match lane.pace.begin(now, job.began as u64 + LONGEST_WAITS) {
            Turn::Begin => held = lane.held.take().map(|by| (by, None)).or(held),
            Turn::Full => break,
            Turn::Later(from) => {
                let again = (Rc::clone(desk), Rc::clone(place), dispatcher.clone());
                let again = move || pump(&again.0, &again.1, &again.2);
                // It is no longer than the longest wait.
                let wait = u32::try_from(from - now).unwrap_or(u32::MAX);
                lane.alarm = Some(Timeout::new(wait, again));
                if u64::from(wait) >= NOTABLE_WAIT {
                    lane.held = Some(Rc::clone(&job.by));
                    held = Some((Rc::clone(&job.by), Some(from as f64)));
                }
                break;
            }
            Turn::Never(wait) => {
                given_up.extend(lane.waiting.pop_front().map(|job| (job, wait)));
                continue;
            }
        }
        let Some(job) = lane.waiting.pop_front() else { break };
        let (desk, place, relays) = (Rc::clone(desk), Rc::clone(place), relays.clone());
        let dispatcher = dispatcher.clone();
        spawn_local(async move {
            let attempt = job.run(&relays).await;
            end(&desk, &place, &dispatcher, job, attempt);
        });
    }
    drop(open);
    if let Some((by, until)) = held {
        dispatcher.emit(Action::Held(by, until).into());
    }
    for (job, wait) in given_up {
        let why = job.too_busy(wait);
        tell(dispatcher, job, Reply::NotObservable(why));
    }
}

/// Takes what came of a job, and begins others.
fn end(
    desk: &Rc<RefCell<Desk>>,
    place: &Rc<str>,
    dispatcher: &Dispatcher,
    job: Job,
    attempt: Attempt,
) {
    let mut open = desk.borrow_mut();
    let wanted = open.taken.contains_key(&job.id);
    let lane = open.lanes.entry(Rc::clone(place)).or_default();
    let reply = match attempt {
        Attempt::Reply(reply) => {
            lane.pace.done(now());
            Some(reply)
        }
        Attempt::SlowDown(seconds, why) => {
            lane.pace.slow_down(seconds, now());
            if job.tries + 1 < TRIES {
                // It goes first.
                lane.waiting.push_front(Job { tries: job.tries + 1, ..job.clone() });
                None
            } else {
                Some(Reply::NotObservable(why))
            }
        }
    };
    drop(open);
    if let Some(reply) = reply.filter(|_| wanted) {
        tell(dispatcher, job, reply);
    }
    pump(desk, place, dispatcher);
}

/// Brings an answer.
fn tell(dispatcher: &Dispatcher, job: Job, reply: Reply) {
    let now = browser::now();
    let arrival = Arrival { took: (now - job.began).max(0.0) as u32, at: now, by: job.by };
    dispatcher.emit(Action::Answered(job.id, reply, arrival).into());
}

/// The time for the pace of a place.
fn now() -> u64 {
    browser::now() as u64
}

impl Job {
    /// Why it was not done.
    fn too_busy(&self, wait: Wait) -> Hidden {
        let who = if self.relay.is_some() { "relay" } else { "resolver" };
        Hidden::Told(format!("the {who} {wait}"))
    }

    async fn run(&self, relays: &relay::Answers) -> Attempt {
        match (&self.ask, &self.relay) {
            (Ask::Dns { name, kind, checking_disabled }, _) => {
                self.ask_resolver(name, *kind, *checking_disabled).await
            }
            (ask, Some(relay)) => {
                match relay::look(relays, relay, &self.domain, ask, &self.controller).await {
                    Ok(reply) => Attempt::Reply(reply),
                    Err(silence) => match silence.again {
                        Some(wait) => Attempt::SlowDown(wait, silence.why),
                        None => Attempt::Reply(Reply::NotObservable(silence.why)),
                    },
                }
            }
            (Ask::Fetch { host }, None) => {
                Attempt::Reply(fetch::policy(host, &self.controller).await)
            }
            (Ask::Smtp { .. }, None) => Attempt::Reply(Reply::NotObservable(Hidden::NoPort25)),
        }
    }

    async fn ask_resolver(&self, name: &str, kind: RecordKind, unchecked: bool) -> Attempt {
        let Some(query) = live::query(name, kind, unchecked) else {
            return Attempt::Reply(Reply::NotObservable(Hidden::BadName));
        };
        let url = query.url(&self.url);
        let request = Get {
            url: &url,
            accept: MEDIA_TYPE,
            limit: MAX_MESSAGE + 1,
            seconds: PATIENCE,
            follow: true,
        };
        let got = match get(request, &self.controller).await {
            Ok(got) => got,
            Err(nothing) => return Attempt::Reply(Reply::NotObservable(why(nothing))),
        };
        let http = Http {
            status: got.status,
            media_type: got.header("content-type"),
            retry_after: got.header("retry-after"),
            date: got.header("date"),
            body: &got.body,
        };
        match read(&query, &http) {
            Err(failure) => match failure.slow_down() {
                Some(wait) => Attempt::SlowDown(wait, Hidden::Told(failure.to_string())),
                None => Attempt::Reply(live::reply(Err(failure))),
            },
            answer => Attempt::Reply(live::reply(answer)),
        }
    }
}

/// Why a resolver gave no answer.
const fn why(nothing: Nothing) -> Hidden {
    match nothing {
        Nothing::Offline => Hidden::Offline,
        Nothing::TooLong => Hidden::Late(Peer::Resolver, PATIENCE),
        Nothing::Redirect | Nothing::Unreadable => Hidden::Unreadable(Peer::Resolver),
    }
}
