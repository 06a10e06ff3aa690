//! Seeing checks through: names by a resolver, policy hosts and mail hosts by connections. What can't be seen from here
//! becomes unknown, never a fault of the domain.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use stslint::live::check::{Ask, Check, Reply};
use stslint::live::facts::{Fact, Facts, Hidden, Reason};
use stslint::render::live as words;
use stslint_doh::{Query, live, retry_after};
use stslint_look::{
    Begun, Carrier, Names, NoTurn, Place, Places, QUESTIONS, Resolver, carry, what,
};
use stslint_net::fetch::{Fetched, fetch};
use stslint_net::smtp::{self, Session, probe};
use stslint_net::{Net, Problem, ProblemKind};
use tokio::runtime::Runtime;

/// Most connections to hosts at the same time: each takes a thread and a file.
const CONNECTIONS: u64 = 256;

/// Most connections to one address at the same time.
const AT_AN_ADDRESS: usize = 4;

/// Most files of a process that are used, whatever the system allows.
const FILES: u64 = 4096;

/// How many files this process may open.
fn files() -> u64 {
    #[cfg(unix)]
    return rlimit::increase_nofile_limit(FILES).unwrap_or(FILES);
    #[cfg(not(unix))]
    FILES
}

/// Files that a process needs before it looks at anything.
const FEWEST_FILES: u64 = 24;

/// How long a domain's names may take in all, in times of one request: a list of domains is in no hurry.
const WAITS: u32 = 3;

/// The longest time for which a host that asks for it is left alone.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// How long a policy may wait for those of others at the same place, in times of one request.
const TURNS: u32 = 10;

/// What to look with, and at what.
#[derive(Debug)]
pub(crate) struct Look {
    runtime: Runtime,
    looker: Arc<Looker>,
}

/// The same, inside of the runtime.
#[derive(Debug)]
pub(super) struct Looker {
    net: Arc<Net>,
    names: Names,
    /// The resolver's name.
    resolver: String,
    /// The port of the mail hosts.
    smtp_port: u16,
    /// Addresses that are connected to.
    addresses: Places<IpAddr>,
    /// Policy hosts that serve for others: names that aliases lead to.
    shared: Places<String>,
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

impl Look {
    /// Makes the resolver ready.
    ///
    /// # Errors
    ///
    /// It can't be used: why, as a sentence.
    pub(super) fn new(net: Net, resolver: &Resolver, smtp_port: u16) -> Result<Self, String> {
        let files = files();
        if files < FEWEST_FILES {
            let words = "a process may open so few files here that nothing can be looked at";
            return Err(format!("{words}: {files}, and it takes {FEWEST_FILES}"));
        }
        // Each question and each connection is a file, and some more are open beside them.
        let connections = (files / 4).min(CONNECTIONS) as usize;
        let questions = (files / 2).min(QUESTIONS as u64) as usize;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .max_blocking_threads(connections)
            // Those who connect need little.
            .thread_stack_size(1 << 20)
            .enable_all()
            .build()
            .map_err(|error| format!("can't start: {error}"))?;
        let names = runtime
            .block_on(Names::new(resolver, &net, questions))
            .map_err(|error| format!("can't use the resolver {}: {error}", resolver.name()))?;
        let looker = Arc::new(Looker {
            net: Arc::new(net),
            names,
            resolver: resolver.name(),
            smtp_port,
            addresses: Places::new(AT_AN_ADDRESS),
            shared: Places::new(1),
        });
        Ok(Self { runtime, looker })
    }

    /// Sees a check through.
    pub(crate) fn see(&self, check: Check) -> Looked {
        self.runtime.block_on(Arc::clone(&self.looker).look(check))
    }

    /// What looks, and where.
    pub(super) fn parts(&self) -> (&Runtime, &Arc<Looker>) {
        (&self.runtime, &self.looker)
    }

    /// The resolver's name, and how often it asked to slow down and was asked again later.
    pub(super) fn slowed(&self) -> (&str, u32) {
        (&self.looker.resolver, self.looker.names.slowed())
    }

    /// Waits for nobody any more.
    pub(super) fn end(self) {
        self.runtime.shutdown_background();
    }
}

impl Looker {
    /// Sees a check through.
    pub(super) async fn look(self: Arc<Self>, mut check: Check) -> Looked {
        let looked = Looked {
            facts: Facts::default(),
            fetched: None,
            sessions: BTreeMap::new(),
            unseen: Vec::new(),
        };
        // Names are looked up in this time, or not at all: a resolver that limits requests must not hold a domain
        // for as long as it pleases.
        let until = Instant::now() + self.net.timeout * WAITS;
        let mut under_way = UnderWay { looker: Arc::clone(&self), until, looked };
        carry(&mut check, &mut under_way).await;
        let mut looked = under_way.looked;
        looked.facts = check.facts();
        looked.note_failures(&check, self.smtp_port);
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        looked.facts.now = i64::try_from(seconds).ok();
        looked.facts.resolver = Some(self.resolver.clone());
        looked
    }

    async fn ask(self: Arc<Self>, asked: String, query: Option<Query>, until: Instant) -> Answer {
        let reply = match query {
            Some(query) => self.names.ask(&query, until).await,
            None => Reply::NotObservable(Hidden::BadName),
        };
        Answer::Dns { asked, reply }
    }

    /// Fetches a policy, after those of others at the same place.
    async fn fetch(
        self: Arc<Self>,
        host: String,
        addresses: Vec<IpAddr>,
        shared: Option<String>,
    ) -> Answer {
        let late = Instant::now() + self.net.timeout * TURNS;
        let unseen = |why| Answer::Unseen { what: address(&host), why };
        loop {
            let turn = match &shared {
                Some(target) => match self.shared.turn(target.clone(), late).await {
                    Ok(turn) => Some(turn),
                    Err(why) => return unseen(no_turn(why, target)),
                },
                None => None,
            };
            let _address = match self.turn(&addresses, late).await {
                Ok(turn) => turn,
                Err(why) => return unseen(why),
            };
            let (net, name, list) = (Arc::clone(&self.net), host.clone(), addresses.clone());
            let fetched = blocking(move || fetch(&net, &name, &list)).await;
            // Dropped behind this, so that whoever is next knows what came of it.
            let _shared = turn;
            if let Err(problem) = &fetched.outcome {
                self.note(problem, fetched.elapsed, &addresses);
                if let (true, Some(target)) = (self.is_silent(problem, fetched.elapsed), &shared) {
                    self.shared.is_silent(target);
                }
            }
            match (&shared, pause(&fetched)) {
                // So many asked at the same place that it is no fault of the domain.
                (Some(target), Some(wait)) => {
                    self.shared.hold(target.clone(), Instant::now() + wait);
                }
                _ => return Answer::Fetch { host, fetched: Box::new(fetched) },
            }
        }
    }

    /// Whether nobody answered in all the time that there was.
    fn is_silent(&self, problem: &Problem, elapsed: Duration) -> bool {
        matches!(problem.kind, ProblemKind::Connect | ProblemKind::TlsLate)
            && elapsed >= self.net.timeout / 2
    }

    /// Remembers of a connection what those that follow at the same address are to know.
    fn note(&self, problem: &Problem, elapsed: Duration, addresses: &[IpAddr]) {
        if let (true, Some(address)) = (self.is_silent(problem, elapsed), addresses.first()) {
            self.addresses.is_silent(address);
        }
    }

    /// A turn at where a connection is tried first.
    async fn turn(
        &self,
        addresses: &[IpAddr],
        until: Instant,
    ) -> Result<Option<Place<IpAddr>>, Hidden> {
        let Some(address) = addresses.first() else { return Ok(None) };
        let turn = self.addresses.turn(*address, until).await;
        turn.map(Some).map_err(|why| no_turn(why, &address.to_string()))
    }

    async fn probe(self: Arc<Self>, host: String, addresses: Vec<IpAddr>) -> Answer {
        let port = self.smtp_port;
        let late = Instant::now() + self.net.timeout * TURNS;
        let _turn = match self.turn(&addresses, late).await {
            Ok(turn) => turn,
            Err(why) => return Answer::Unseen { what: service(&host, port), why },
        };
        let (net, name, list) = (Arc::clone(&self.net), host.clone(), addresses.clone());
        let start = Instant::now();
        let session = blocking(move || probe(&net, &name, &list, port)).await;
        if let Err(problem) = &session {
            self.note(problem, start.elapsed(), &addresses);
        }
        Answer::Smtp { host, port, session: Box::new(session) }
    }
}

/// The wait that a policy host asks for (RFC 6585 §4, RFC 9110 §10.2.3), if it does.
fn pause(fetched: &Fetched) -> Option<Duration> {
    let response = fetched.outcome.as_ref().ok()?;
    if !matches!(response.status, 429 | 503) {
        return None;
    }
    let wait = retry_after(response.header("retry-after")?, response.header("date"))?;
    // At once is what it asks for when it has not looked at the clock: it is asked again a little later.
    Some(Duration::from_secs(wait.max(1).into()).min(LONGEST_WAIT))
}

/// Why there was no turn at a place.
fn no_turn(why: NoTurn, place: &str) -> Hidden {
    Hidden::Told(match why {
        NoTurn::Full => {
            format!(
                "so many other domains are looked at {place} that there was no time for this one"
            )
        }
        NoTurn::Held => format!("{place} asks to be left alone for longer than there is time"),
    })
}

/// Does what blocks, on a thread of its own.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // The look knows what to do with a job that broke down.
        Err(broken) => match broken.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => std::future::pending().await, // It ends with the runtime.
        },
    }
}

fn service(host: &str, port: u16) -> String {
    what(&Ask::Smtp { host: host.to_owned() }, port)
}

fn address(host: &str) -> String {
    what(&Ask::Fetch { host: host.to_owned() }, 0)
}

/// A check under way.
struct UnderWay {
    looker: Arc<Looker>,
    /// When names are known or not at all.
    until: Instant,
    looked: Looked,
}

/// What came of a question.
#[derive(Debug)]
enum Answer {
    Dns { asked: String, reply: Reply },
    Fetch { host: String, fetched: Box<Fetched> },
    Smtp { host: String, port: u16, session: Box<Result<Session, Problem>> },
    Unseen { what: String, why: Hidden },
}

impl Carrier for UnderWay {
    type Answer = Answer;

    fn begin(&mut self, check: &Check, ask: Ask) -> Begun<Answer> {
        let addresses = check.addresses(&ask);
        let asked = what(&ask, self.looker.smtp_port);
        let looker = Arc::clone(&self.looker);
        match ask {
            Ask::Dns { name, kind, checking_disabled } => {
                let query = live::query(&name, kind, checking_disabled);
                Begun::job(looker.ask(asked, query, self.until))
            }
            Ask::Fetch { host } => {
                Begun::job(looker.fetch(host, addresses, shared(&check.facts())))
            }
            Ask::Smtp { host } => Begun::job(looker.probe(host, addresses)),
        }
    }

    fn take(&mut self, answer: Answer) -> Reply {
        self.looked.take(answer)
    }

    fn broken(&mut self, ask: &Ask) -> Reply {
        let what = what(ask, self.looker.smtp_port);
        let why = Hidden::Told("looking for it broke down: a fault of stslint".into());
        self.looked.take(Answer::Unseen { what, why })
    }
}

/// The name that the policy host is an alias of: others may have their policies there, too.
fn shared(facts: &Facts) -> Option<String> {
    let host = &facts.policy_host;
    let chains = host.both().into_iter().filter_map(Fact::known).map(|answer| &answer.chain);
    host.alias.known().into_iter().chain(chains).find_map(|chain| chain.last().cloned())
}

impl Looked {
    /// Keeps what is worth showing, and turns it into the reply to the question.
    fn take(&mut self, answer: Answer) -> Reply {
        let (what, reply) = match answer {
            Answer::Dns { asked, reply } => (asked, reply),
            Answer::Fetch { host, fetched } => {
                let reply = fetched.reply();
                self.fetched = Some(*fetched);
                (address(&host), reply)
            }
            Answer::Unseen { what, why } => (what, Reply::NotObservable(why)),
            Answer::Smtp { host, port, session } => {
                let reply = smtp::reply_of(&session);
                let what = service(&host, port);
                self.sessions.insert(host, *session);
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
                let what = service(host, port);
                self.unseen.push((what, words::hidden(&why).into_owned()));
            }
        }
    }
}
