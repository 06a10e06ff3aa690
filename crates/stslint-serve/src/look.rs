//! Looking at a domain's policy host or mail hosts, as the engine's check asks for it. What can't be
//! seen from here becomes unknown, never a fault of the domain.

use crate::guard::{Guard, untranslated};
use crate::limits::{Limiter, client_key};
use crate::metrics::Metrics;
use crate::veil;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use stslint::live::check::{Ask, Check, Options, Reply, Scope};
use stslint::live::facts::{Addresses, Facts, Hidden, Host, Reason};
use stslint::render::live::hidden;
use stslint_doh::relay::{NotLookedUp, Refused, What};
use stslint_doh::{Query, live};
use stslint_look::{Begun, Carrier, Names, carry, what};
use stslint_net::fetch::fetch;
use stslint_net::{Net, ProblemKind, smtp};
use tokio::sync::Semaphore;

/// Most mail hosts of one domain that are connected to at the same time.
const MAIL_HOSTS_AT_ONCE: usize = 4;

/// Most DNS questions of one look at the same time.
const QUESTIONS_AT_ONCE: usize = 8;

/// Most DNS questions of one look: those for sixteen mail hosts, and about as many again for aliases and failures.
const MAX_QUESTIONS: usize = 64;

/// Most files that a look has open at the same time: a socket for each question and each connection.
pub(crate) const FILES: usize = QUESTIONS_AT_ONCE + MAIL_HOSTS_AT_ONCE;

/// What the engine is to ask for.
pub(crate) const fn options(what: What) -> Options {
    match what {
        What::Policy => {
            Options { scope: Scope::PolicyHost, fetch: true, smtp: false, by_address: true }
        }
        What::Mx => Options { scope: Scope::MailHosts, fetch: false, smtp: true, by_address: true },
    }
}

/// What to look with.
#[derive(Debug)]
pub(crate) struct Looker {
    pub(crate) net: Arc<Net>,
    pub(crate) names: Names,
    pub(crate) resolver_name: String,
    pub(crate) guard: Guard,
    /// How often an address is connected to.
    pub(crate) pace: Limiter<IpAddr>,
    pub(crate) mx_port: u16,
    pub(crate) metrics: Arc<Metrics>,
}

/// What was seen.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) facts: Facts,
    pub(crate) at: SystemTime,
    /// The addresses that were connected to, by host.
    pub(crate) connected: BTreeMap<String, IpAddr>,
    /// The addresses that the guard refused.
    pub(crate) refused: Vec<Refused>,
    /// What could not be looked at.
    pub(crate) unseen: Vec<NotLookedUp>,
    /// Whether another look may see more in a moment: some of it failed on this side.
    pub(crate) passing: bool,
    /// How long the names took.
    pub(crate) names: Duration,
    /// How long all took.
    pub(crate) all: Duration,
}

/// Why something could not be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The resolver did not answer, or not so that it helps.
    Resolver,
    /// The guard refuses all of its addresses.
    AddressRefused,
    /// It was looked at too often lately.
    TooOften,
    /// There is no way from the relay, or what is there did not answer so that it helps.
    NotSeen,
    /// The relay is short of file descriptors or memory.
    RelayShort,
    /// It takes more questions than a look may ask.
    TooMany,
}

impl Why {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Resolver => "resolver",
            Self::AddressRefused => "address-refused",
            Self::TooOften => "too-often",
            Self::NotSeen => "not-seen",
            Self::RelayShort => "relay-short",
            Self::TooMany => "too-many",
        }
    }
}

/// What came of a question.
struct Answer {
    /// What was looked at, for people.
    what: String,
    /// The address that was connected to, of which host.
    connected: Option<(String, IpAddr)>,
    reply: Reply,
    /// Why it is not known, if it is not.
    code: Why,
}

/// A look under way.
struct Look {
    looker: Arc<Looker>,
    /// Turns of mail hosts.
    turns: Arc<Semaphore>,
    /// Turns of DNS questions.
    questions: Arc<Semaphore>,
    start: Instant,
    /// How many DNS questions there were.
    asked: usize,
    found: Found,
}

impl Carrier for Look {
    type Answer = Answer;

    fn begin(&mut self, check: &Check, ask: Ask) -> Begun<Answer> {
        let looker = &self.looker;
        let addresses = check.addresses(&ask);
        let what = what(&ask, looker.mx_port);
        match ask {
            Ask::Dns { name, kind, checking_disabled } => {
                self.asked += 1;
                let refusal = match () {
                    () if self.asked > MAX_QUESTIONS => Some((Why::TooMany, Hidden::RelayLimit)),
                    () if !may_ask(&name, check.domain()) => {
                        Some((Why::AddressRefused, Hidden::NotPublic(None, veil::NAME)))
                    }
                    () => None,
                };
                if let Some((code, why)) = refusal {
                    self.found.note(what, code, &why);
                    return Begun::Known(Reply::NotObservable(why));
                }
                let query = live::query(&name, kind, checking_disabled);
                // Names are known by then, or not at all: a look must not hold its place for as long as a resolver
                // pleases.
                let until = self.start + looker.net.timeout;
                Begun::job(looker.clone().ask(what, query, until, self.questions.clone()))
            }
            Ask::Fetch { host } => {
                self.found.names = self.start.elapsed();
                let job = Connection { what, host, is_fetch: true };
                let of_host = check.facts().policy_host;
                let allowed = looker.allowed(&job, &of_host, addresses, &mut self.found);
                Begun::job(looker.clone().connect(job, allowed, self.turns.clone()))
            }
            Ask::Smtp { host } => {
                let of_host = check.facts().host(&host).addresses;
                let job = Connection { what, host, is_fetch: false };
                let allowed = looker.allowed(&job, &of_host, addresses, &mut self.found);
                Begun::job(looker.clone().connect(job, allowed, self.turns.clone()))
            }
        }
    }

    fn take(&mut self, answer: Answer) -> Reply {
        self.found.connected.extend(answer.connected);
        if let Reply::NotObservable(why) = &answer.reply {
            self.found.passing |= matches!(answer.code, Why::Resolver | Why::RelayShort);
            self.found.note(answer.what, answer.code, why);
        }
        answer.reply
    }

    fn broken(&mut self, ask: &Ask) -> Reply {
        self.found.passing = true;
        self.found.note(what(ask, self.looker.mx_port), Why::RelayShort, &Hidden::RelayBroken);
        Reply::NotObservable(Hidden::RelayBroken)
    }
}

impl Looker {
    /// Looks. It ends by itself: each question has its time, and there are only so many.
    pub(crate) async fn look(self: Arc<Self>, mut check: Check) -> Found {
        let start = Instant::now();
        let found = Found {
            facts: Facts::default(),
            at: SystemTime::now(),
            connected: BTreeMap::new(),
            refused: Vec::new(),
            unseen: Vec::new(),
            passing: false,
            names: Duration::ZERO,
            all: Duration::ZERO,
        };
        let mut look = Look {
            looker: self.clone(),
            turns: Arc::new(Semaphore::new(MAIL_HOSTS_AT_ONCE)),
            questions: Arc::new(Semaphore::new(QUESTIONS_AT_ONCE)),
            start,
            asked: 0,
            found,
        };
        carry(&mut check, &mut look).await;
        let mut found = look.found;
        found.facts = check.facts();
        let unasked: Vec<_> = found.facts.hosts.iter().filter_map(unasked).collect();
        for (host, why) in unasked {
            found.note(self.service(&host), Why::NotSeen, &why);
        }
        let seconds = found.at.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        found.facts.now = i64::try_from(seconds).ok();
        found.facts.resolver = Some(self.resolver_name.clone());
        found.all = start.elapsed();
        if found.names.is_zero() {
            found.names = found.all;
        }
        veil::draw(&mut found, &self.guard, |host| self.service(host));
        found
    }

    /// What is looked at at a mail host, for people.
    fn service(&self, host: &str) -> String {
        what(&Ask::Smtp { host: host.to_owned() }, self.mx_port)
    }

    /// Which of the addresses of a host may be connected to. They are the ones that will be.
    fn allowed(
        &self,
        job: &Connection,
        of_host: &Addresses,
        addresses: Vec<IpAddr>,
        found: &mut Found,
    ) -> Result<Vec<IpAddr>, (Why, Hidden)> {
        // Whose address it is may be what somebody wants to know.
        let is_asked_for = job.is_fetch && of_host.alias.known().is_some_and(Vec::is_empty);
        let mut allowed = Vec::new();
        let mut last = None;
        for address in addresses {
            match self.guard.refusal(address) {
                None => allowed.push(address),
                Some(why) => {
                    self.metrics.refused.inc();
                    let address = is_asked_for.then_some(address);
                    last = Some((address, why));
                    let (host, why) = (job.host.clone(), why.to_owned());
                    found.refused.push(Refused { host, address, why });
                }
            }
        }
        if allowed.is_empty() {
            let (address, why) = last.expect("the engine asks where there are addresses");
            return Err((Why::AddressRefused, Hidden::NotPublic(address, why)));
        }
        let now = Instant::now();
        allowed.retain(|address| self.pace.take(client_key(untranslated(*address)), now).is_ok());
        if allowed.is_empty() {
            return Err((Why::TooOften, Hidden::RelayTooOften));
        }
        Ok(allowed)
    }

    async fn ask(
        self: Arc<Self>,
        what: String,
        query: Option<Query>,
        until: Instant,
        turns: Arc<Semaphore>,
    ) -> Answer {
        // It is never closed.
        let _turn = turns.acquire_owned().await;
        let reply = match query {
            Some(query) => veil::cover(self.names.ask(&query, until).await),
            None => Reply::NotObservable(Hidden::BadName),
        };
        Answer { what, connected: None, reply, code: Why::Resolver }
    }

    /// Connects to one of the addresses, on a thread of its own.
    async fn connect(
        self: Arc<Self>,
        job: Connection,
        allowed: Result<Vec<IpAddr>, (Why, Hidden)>,
        turns: Arc<Semaphore>,
    ) -> Answer {
        let Connection { what, host, is_fetch } = job;
        let addresses = match allowed {
            Ok(addresses) => addresses,
            Err((code, why)) => {
                let reply = Reply::NotObservable(why);
                return Answer { what, connected: None, reply, code };
            }
        };
        // It is never closed.
        let _turn = turns.acquire_owned().await;
        let work = move || {
            let (reply, address, problem) = if is_fetch {
                let fetched = fetch(&self.net, &host, &addresses);
                (fetched.reply(), fetched.seen.address, fetched.outcome.err())
            } else {
                let session = smtp::probe(&self.net, &host, &addresses, self.mx_port);
                let reply = smtp::reply_of(&session);
                match session {
                    Ok(session) => (reply, session.seen.address, session.handshake.err()),
                    Err(problem) => (reply, None, Some(problem)),
                }
            };
            let is_short = problem.is_some_and(|problem| problem.kind == ProblemKind::Machine);
            let code = if is_short { Why::RelayShort } else { Why::NotSeen };
            (reply, address.map(|address| (host, address)), code)
        };
        let broken = |_| (Reply::NotObservable(Hidden::RelayBroken), None, Why::RelayShort);
        let (reply, connected, code) =
            tokio::task::spawn_blocking(work).await.unwrap_or_else(broken);
        Answer { what, connected, reply, code }
    }
}

/// Whether a question is one for a name that can be public; the top-level domain of the domain is one, too.
fn may_ask(name: &str, domain: &str) -> bool {
    veil::is_public(name) || domain.rsplit('.').next() == Some(name)
}

impl Found {
    /// Adds something that could not be looked at.
    pub(crate) fn note(&mut self, what: String, code: Why, why: &Hidden) {
        let (code, why) = (code.word().into(), hidden(why).into_owned());
        self.unseen.push(NotLookedUp { what, code, why });
    }
}

/// A mail host that was not connected to, as the look-up of its addresses fails.
fn unasked((name, host): (&String, &Host)) -> Option<(String, Hidden)> {
    match host.smtp.reason() {
        Some(Reason::NotObservable(why @ Hidden::AddressesFailed)) => {
            Some((name.clone(), why.clone()))
        }
        _ => None,
    }
}

/// A connection that the engine asks for.
struct Connection {
    /// What is looked at, for people.
    what: String,
    host: String,
    /// Whether it is for the policy; otherwise it is for SMTP.
    is_fetch: bool,
}
