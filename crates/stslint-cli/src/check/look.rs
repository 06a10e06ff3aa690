//! Carrying the questions of the engine's check to the network and the answers back. What can't be
//! seen from here becomes unknown, never a fault of the domain.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{SystemTime, UNIX_EPOCH};
use stslint::live::check::{Ask, Check, Id, RecordKind, Reply};
use stslint::live::facts::{Addresses, Fact, Facts, Reason};
use stslint_doh::live;
use stslint_net::doh::{NoAnswer, Resolver};
use stslint_net::fetch::{Fetched, fetch};
use stslint_net::smtp::{self, Session, probe};
use stslint_net::{Net, Problem};

/// Most look-ups of one domain at the same time.
const AT_ONCE: usize = 8;

/// What to look with, and at what.
#[derive(Debug)]
pub(crate) struct Look {
    /// For connections.
    pub(crate) net: Arc<Net>,
    /// For names.
    pub(crate) resolver: Resolver,
    /// Its name.
    pub(crate) resolver_name: String,
    /// The port of the mail hosts, if they are to be looked at.
    pub(crate) smtp: Option<u16>,
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
    let domain = check.domain().to_owned();
    let mut looked = Looked {
        facts: Facts::default(),
        fetched: None,
        sessions: BTreeMap::new(),
        unseen: Vec::new(),
    };
    let jobs = Jobs::default();
    let (sender, replies) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                while let Some((id, job)) = jobs.next() {
                    if sender.send((id, job.run(look))).is_err() {
                        break;
                    }
                }
            });
        }
        let mut waiting = Vec::new();
        let mut under_way = 0;
        loop {
            waiting.extend(check.questions());
            let facts = check.facts();
            let asked = waiting.len();
            waiting.retain(|(id, ask)| match Job::of(ask, &facts, &domain) {
                Some(job) => {
                    jobs.add(*id, job);
                    false
                }
                None => true,
            });
            under_way += asked - waiting.len();
            if under_way == 0 {
                break;
            }
            let Ok((id, seen)) = replies.recv() else { break };
            under_way -= 1;
            check.answer(id, looked.take(seen));
        }
        jobs.close();
    });
    looked.facts = check.facts();
    if looked.fetched.is_none() {
        // Without addresses nobody tried, and why there are none is told with the addresses.
        looked.facts.fetch = Fact::default();
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    looked.facts.now = i64::try_from(seconds).ok();
    looked.facts.resolver = Some(look.resolver_name.clone());
    looked
}

/// A question with all that it takes to carry it.
#[derive(Debug)]
enum Job {
    Dns { name: String, kind: RecordKind, checking_disabled: bool },
    Fetch { domain: String, addresses: Vec<IpAddr> },
    Smtp { host: String, addresses: Result<Vec<IpAddr>, &'static str> },
}

/// What came of a job.
#[derive(Debug)]
enum Came {
    Dns {
        asked: String,
        reply: Reply,
    },
    Fetched {
        host: String,
        fetched: Fetched,
    },
    Session {
        host: String,
        port: u16,
        session: Result<Session, Problem>,
    },
    /// There was nothing to carry.
    Nothing(&'static str),
}

impl Job {
    /// The job for a question. None while the addresses to connect to are being looked up: one of
    /// the two kinds may be of no use from here.
    fn of(ask: &Ask, facts: &Facts, domain: &str) -> Option<Self> {
        let pending = |addresses: &Addresses| {
            addresses.both().iter().any(|fact| fact.reason() == Some(&Reason::Pending))
        };
        match ask {
            Ask::Dns { name, kind, checking_disabled } => Some(Self::Dns {
                name: name.clone(),
                kind: *kind,
                checking_disabled: *checking_disabled,
            }),
            Ask::Fetch { .. } => (!pending(&facts.policy_host)).then(|| Self::Fetch {
                domain: domain.to_owned(),
                addresses: facts.policy_host.all().collect(),
            }),
            Ask::Smtp { host } => {
                let addresses = facts.host(host).addresses;
                let all: Vec<IpAddr> = addresses.all().collect();
                (!pending(&addresses)).then(|| Self::Smtp {
                    host: host.clone(),
                    addresses: if !all.is_empty() {
                        Ok(all)
                    } else if addresses.outcome().known().is_some() {
                        Err("it has no address")
                    } else {
                        Err("its addresses are not known")
                    },
                })
            }
        }
    }

    fn run(self, look: &Look) -> Came {
        match self {
            Self::Dns { name, kind, checking_disabled } => {
                let asked = format!("{} {name}", kind_word(kind));
                let reply = match live::query(&name, kind, checking_disabled) {
                    Some(query) => match look.resolver.ask(&query) {
                        Ok(answer) => live::reply(Ok(answer)),
                        Err(NoAnswer::Bad(failure)) => live::reply(Err(failure)),
                        Err(error) => Reply::NotObservable(error.to_string()),
                    },
                    None => Reply::NotObservable("DNS can't hold such a name".into()),
                };
                Came::Dns { asked, reply }
            }
            Self::Fetch { domain, addresses } if !addresses.is_empty() => {
                let fetched = fetch(&look.net, &domain, &addresses);
                Came::Fetched { host: format!("mta-sts.{domain}"), fetched }
            }
            Self::Fetch { .. } => Came::Nothing("the addresses of the policy host are not known"),
            Self::Smtp { host, addresses } => match (addresses, look.smtp) {
                (Ok(addresses), Some(port)) => {
                    let session = probe(&look.net, &host, &addresses, port);
                    Came::Session { host, port, session }
                }
                (Err(why), _) => Came::Nothing(why),
                (_, None) => Came::Nothing("not asked for"),
            },
        }
    }
}

const fn kind_word(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::A => "A",
        RecordKind::Aaaa => "AAAA",
        RecordKind::Mx => "MX",
        RecordKind::Tlsa => "TLSA",
        RecordKind::Txt => "TXT",
    }
}

impl Looked {
    /// Keeps what is worth showing, and turns it into the reply to the question.
    fn take(&mut self, came: Came) -> Reply {
        let (what, reply) = match came {
            Came::Dns { asked, reply } => (asked, reply),
            Came::Nothing(why) => return Reply::NotObservable(why.into()),
            Came::Fetched { host, fetched } => {
                let reply = fetched.reply();
                self.fetched = Some(fetched);
                (format!("https://{host}"), reply)
            }
            Came::Session { host, port, session } => {
                let reply = smtp::told(&session);
                let what = format!("SMTP at {host}, port {port}");
                self.sessions.insert(host, session);
                (what, reply)
            }
        };
        if let Reply::NotObservable(why) = &reply {
            self.unseen.push((what, why.clone()));
        }
        reply
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
