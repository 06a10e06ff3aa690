//! Carrying the questions of the engine's check to the network and the answers back. What can't be
//! seen from here becomes unknown, never a fault of the domain.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use stslint::live::check::{Ask, Check, Id, Reply};
use stslint::live::facts::{Facts, Hidden, Reason};
use stslint::render::live as words;
use stslint_doh::live;
use stslint_net::doh::{NoAnswer, Resolver};
use stslint_net::fetch::{Fetched, fetch};
use stslint_net::smtp::{self, Session, probe};
use stslint_net::{Net, Problem};

/// Most look-ups of one domain at the same time, of names and by connections each: names must not wait for hosts
/// that don't answer.
const AT_ONCE: usize = 8;

/// How long a resolver may put the names of a domain off in all, in times of one request: a list of domains is in no
/// hurry.
const WAITS: u32 = 3;

/// What to look with, and at what.
#[derive(Debug)]
pub(crate) struct Look {
    /// For connections.
    pub(crate) net: Arc<Net>,
    /// For names.
    pub(crate) resolver: Resolver,
    /// Its name.
    pub(crate) resolver_name: String,
    /// The port of the mail hosts.
    pub(crate) smtp_port: u16,
}

/// What was seen.
#[derive(Debug)]
pub(crate) struct Looked {
    /// For the engine.
    pub(crate) facts: Facts,
    /// How the policy was fetched, with more than the engine needs.
    pub(crate) fetched: Option<Fetched>,
    /// What the mail hosts showed.
    pub(crate) sessions: BTreeMap<String, Result<Session, Problem>>,
    /// What could not be looked up, and why.
    pub(crate) unseen: Vec<(String, String)>,
}

/// Sees a check through.
pub(crate) fn look(look: &Look, mut check: Check) -> Looked {
    let mut looked = Looked {
        facts: Facts::default(),
        fetched: None,
        sessions: BTreeMap::new(),
        unseen: Vec::new(),
    };
    // Names are looked up in this time, or not at all: a resolver that limits requests must not hold a domain
    // for as long as it pleases.
    let until = Instant::now() + look.net.timeout * WAITS;
    let (names, connections) = (Jobs::default(), Jobs::default());
    let (sender, replies) = mpsc::channel();
    std::thread::scope(|scope| {
        for jobs in [&names, &connections] {
            for _ in 0..AT_ONCE {
                let sender = sender.clone();
                scope.spawn(move || {
                    while let Some((id, job)) = jobs.next() {
                        if sender.send((id, job.run(look, until))).is_err() {
                            break;
                        }
                    }
                });
            }
        }
        let mut under_way = 0;
        loop {
            for (id, ask) in check.questions() {
                let addresses = check.addresses(&ask);
                let jobs = if matches!(ask, Ask::Dns { .. }) { &names } else { &connections };
                jobs.add(id, Job { ask, addresses });
                under_way += 1;
            }
            if under_way == 0 {
                break;
            }
            let Ok((id, answer)) = replies.recv() else { break };
            under_way -= 1;
            check.answer(id, looked.take(answer));
        }
        names.close();
        connections.close();
    });
    looked.facts = check.facts();
    looked.note_failures(&check, look.smtp_port);
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    looked.facts.now = i64::try_from(seconds).ok();
    looked.facts.resolver = Some(look.resolver_name.clone());
    looked
}

/// A question with all that it takes to carry it.
#[derive(Debug)]
struct Job {
    ask: Ask,
    /// What to connect to.
    addresses: Vec<IpAddr>,
}

/// What came of a question.
#[derive(Debug)]
enum Answer {
    Dns { asked: String, reply: Reply },
    Fetch { host: String, fetched: Fetched },
    Smtp { host: String, port: u16, session: Result<Session, Problem> },
}

impl Job {
    fn run(self, look: &Look, until: Instant) -> Answer {
        let Self { ask, addresses } = self;
        match ask {
            Ask::Dns { name, kind, checking_disabled } => {
                let asked = format!("{} {name}", kind.word());
                let reply = match live::query(&name, kind, checking_disabled) {
                    Some(query) => match look.resolver.ask(&query, until) {
                        Ok(answer) => live::reply(Ok(answer)),
                        Err(NoAnswer::Bad(failure)) => live::reply(Err(failure)),
                        Err(error) => Reply::NotObservable(Hidden::Told(error.to_string())),
                    },
                    None => Reply::NotObservable(Hidden::BadName),
                };
                Answer::Dns { asked, reply }
            }
            Ask::Fetch { host } => {
                let fetched = fetch(&look.net, &host, &addresses);
                Answer::Fetch { host, fetched }
            }
            Ask::Smtp { host } => {
                let port = look.smtp_port;
                let session = probe(&look.net, &host, &addresses, port);
                Answer::Smtp { host, port, session }
            }
        }
    }
}

impl Looked {
    /// Keeps what is worth showing, and turns it into the reply to the question.
    fn take(&mut self, answer: Answer) -> Reply {
        let (what, reply) = match answer {
            Answer::Dns { asked, reply } => (asked, reply),
            Answer::Fetch { host, fetched } => {
                let reply = fetched.reply();
                self.fetched = Some(fetched);
                (format!("https://{host}"), reply)
            }
            Answer::Smtp { host, port, session } => {
                let reply = smtp::reply_of(&session);
                let what = format!("SMTP at {host}, port {port}");
                self.sessions.insert(host, session);
                (what, reply)
            }
        };
        if let Reply::NotObservable(why) = &reply {
            self.unseen.push((what, words::hidden(why).into_owned()));
        }
        reply
    }
}

impl Looked {
    /// Adds what shows only in the end: that the resolver always fails, and mail hosts that were not connected
    /// to as their addresses are not to be had.
    fn note_failures(&mut self, check: &Check, port: u16) {
        let hidden = |reason: Option<&Reason>| match reason {
            Some(Reason::NotObservable(why)) => Some(why.clone()),
            _ => None,
        };
        if let Some(why @ Hidden::AlwaysFails(_)) = hidden(self.facts.mx.reason()) {
            for (_, ask, reply) in check.asked() {
                if let (Ask::Dns { name, kind, checking_disabled: false }, Some(Reply::Dns(_))) =
                    (ask, reply)
                {
                    let asked = format!("{} {name}", kind.word());
                    self.unseen.push((asked, words::hidden(&why).into_owned()));
                }
            }
        }
        for (host, known) in &self.facts.hosts {
            if let Some(why @ Hidden::AddressesFailed) = hidden(known.smtp.reason()) {
                let what = format!("SMTP at {host}, port {port}");
                self.unseen.push((what, words::hidden(&why).into_owned()));
            }
        }
    }
}

/// Jobs for the threads that do them.
#[derive(Default)]
struct Jobs {
    state: Mutex<(VecDeque<(Id, Job)>, bool)>,
    changed: Condvar,
}

impl Jobs {
    fn add(&self, id: Id, job: Job) {
        self.lock().0.push_back((id, job));
        self.changed.notify_one();
    }

    /// Lets the threads go.
    fn close(&self) {
        self.lock().1 = true;
        self.changed.notify_all();
    }

    /// The next job; none when there will be no more.
    fn next(&self) -> Option<(Id, Job)> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.0.pop_front() {
                return Some(job);
            }
            if state.1 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, (VecDeque<(Id, Job)>, bool)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
