//! Looking at a domain's policy host or mail hosts, as the engine's check asks for it. What can't be
//! seen from here becomes unknown, never a fault of the domain.

use crate::guard::Guard;
use crate::limits::{Limiter, client_key};
use crate::metrics::Metrics;
use crate::names::Names;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use stslint::live::check::{Ask, Check, Id, Options, RecordKind, Reply, Scope};
use stslint::live::facts::{Facts, Hidden};
use stslint::render::live::hidden;
use stslint_doh::live;
use stslint_doh::relay::{NotLookedUp, Refused, What};
use stslint_net::fetch::fetch;
use stslint_net::{Net, smtp};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Most mail hosts of one domain that are connected to at the same time.
const MAIL_HOSTS_AT_ONCE: usize = 4;

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
}

impl Why {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Resolver => "resolver",
            Self::AddressRefused => "address-refused",
            Self::TooOften => "too-often",
            Self::NotSeen => "not-seen",
        }
    }
}

/// What came of a question.
struct Answer {
    id: Id,
    /// What was looked at, for people.
    what: String,
    /// The address that was connected to, of which host.
    connected: Option<(String, IpAddr)>,
    reply: Reply,
    /// Why it is not known, if it is not.
    code: Why,
}

impl Looker {
    /// Looks. It ends by itself: each question has its time, and there are only so many.
    pub(crate) async fn look(self: Arc<Self>, mut check: Check) -> Found {
        let start = Instant::now();
        let mut found = Found {
            facts: Facts::default(),
            at: SystemTime::now(),
            connected: BTreeMap::new(),
            refused: Vec::new(),
            unseen: Vec::new(),
            names: Duration::ZERO,
            all: Duration::ZERO,
        };
        let turns = Arc::new(Semaphore::new(MAIL_HOSTS_AT_ONCE));
        let mut jobs: JoinSet<Answer> = JoinSet::new();
        loop {
            for (id, ask) in check.questions() {
                let addresses = check.addresses(&ask);
                match ask {
                    Ask::Dns { name, kind, checking_disabled } => {
                        jobs.spawn(self.clone().ask(id, name, kind, checking_disabled));
                    }
                    Ask::Fetch { host } => {
                        found.names = start.elapsed();
                        let what = format!("https://{host}");
                        let job = Connection { id, what, host, is_fetch: true };
                        let allowed = self.allowed(&job.host, addresses, &mut found);
                        jobs.spawn(self.clone().connect(job, allowed, turns.clone()));
                    }
                    Ask::Smtp { host } => {
                        let what = format!("SMTP at {host}, port {}", self.mx_port);
                        let job = Connection { id, what, host, is_fetch: false };
                        let allowed = self.allowed(&job.host, addresses, &mut found);
                        jobs.spawn(self.clone().connect(job, allowed, turns.clone()));
                    }
                }
            }
            match jobs.join_next().await {
                Some(Ok(answer)) => {
                    found.connected.extend(answer.connected);
                    if let Reply::NotObservable(why) = &answer.reply {
                        let (what, code, why) =
                            (answer.what, answer.code.word().into(), hidden(why).into_owned());
                        found.unseen.push(NotLookedUp { what, code, why });
                    }
                    check.answer(answer.id, answer.reply);
                }
                // A job that broke down leaves its question open.
                Some(Err(_)) => {}
                None => break,
            }
        }
        found.facts = check.facts();
        let seconds = found.at.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        found.facts.now = i64::try_from(seconds).ok();
        found.facts.resolver = Some(self.resolver_name.clone());
        found.all = start.elapsed();
        found
    }

    /// Which of the addresses of a host may be connected to. They are the ones that will be.
    fn allowed(
        &self,
        host: &str,
        addresses: Vec<IpAddr>,
        found: &mut Found,
    ) -> Result<Vec<IpAddr>, (Why, Hidden)> {
        let mut allowed = Vec::new();
        let mut last = None;
        for address in addresses {
            match self.guard.refusal(address) {
                None => allowed.push(address),
                Some(why) => {
                    self.metrics.refused.inc();
                    last = Some((address, why));
                    let (host, why) = (host.to_owned(), why.to_owned());
                    found.refused.push(Refused { host, address, why });
                }
            }
        }
        if allowed.is_empty() {
            let (address, why) = last.expect("the engine asks where there are addresses");
            return Err((Why::AddressRefused, Hidden::NotPublic(address, why)));
        }
        let now = Instant::now();
        allowed.retain(|address| self.pace.take(client_key(*address), now).is_ok());
        if allowed.is_empty() {
            return Err((Why::TooOften, Hidden::RelayTooOften));
        }
        Ok(allowed)
    }

    async fn ask(
        self: Arc<Self>,
        id: Id,
        name: String,
        kind: RecordKind,
        checking_disabled: bool,
    ) -> Answer {
        let (word, reply) = match live::query(&name, kind, checking_disabled) {
            Some(query) => (query.kind().word(), self.names.ask(query).await),
            None => ("DNS", Reply::NotObservable(Hidden::BadName)),
        };
        let what = format!("{word} {name}");
        Answer { id, what, connected: None, reply, code: Why::Resolver }
    }

    /// Connects to one of the addresses, on a thread of its own.
    async fn connect(
        self: Arc<Self>,
        job: Connection,
        allowed: Result<Vec<IpAddr>, (Why, Hidden)>,
        turns: Arc<Semaphore>,
    ) -> Answer {
        let Connection { id, what, host, is_fetch } = job;
        let addresses = match allowed {
            Ok(addresses) => addresses,
            Err((code, why)) => {
                let reply = Reply::NotObservable(why);
                return Answer { id, what, connected: None, reply, code };
            }
        };
        // It is never closed.
        let _turn = turns.acquire_owned().await;
        let work = move || {
            if is_fetch {
                let fetched = fetch(&self.net, &host, &addresses);
                return (fetched.reply(), fetched.seen.address.map(|address| (host, address)));
            }
            let session = smtp::probe(&self.net, &host, &addresses, self.mx_port);
            let address = session.as_ref().ok().and_then(|session| session.seen.address);
            (smtp::reply_of(&session), address.map(|address| (host, address)))
        };
        let broken = |_| (Reply::NotObservable(Hidden::RelayBroken), None);
        let (reply, connected) = tokio::task::spawn_blocking(work).await.unwrap_or_else(broken);
        Answer { id, what, connected, reply, code: Why::NotSeen }
    }
}

/// A connection that the engine asks for.
struct Connection {
    id: Id,
    /// What is looked at, for people.
    what: String,
    host: String,
    /// Whether it is for the policy; otherwise it is for SMTP.
    is_fetch: bool,
}
