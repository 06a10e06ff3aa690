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
use stslint::live::check::{Ask, Check, Id, Options, RecordKind, Reply};
use stslint::live::facts::{Addresses, Fact, Facts, Reason};
use stslint_doh::live;
use stslint_net::fetch::fetch;
use stslint_net::{Net, smtp};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Most mail hosts of one domain that are connected to at the same time.
const MAIL_HOSTS_AT_ONCE: usize = 4;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum What {
    /// The policy host.
    Policy,
    /// The mail hosts.
    Mx,
}

impl What {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Mx => "mx",
        }
    }

    /// What the engine is to ask for.
    pub(crate) const fn options(self) -> Options {
        match self {
            Self::Policy => Options { fetch: true, fetch_by_address: true, smtp: false },
            Self::Mx => Options { fetch: false, fetch_by_address: true, smtp: true },
        }
    }

    /// Whether a question of the engine belongs to it. Records are for the page to look up.
    fn covers(self, ask: &Ask, policy_host: &str) -> bool {
        match (self, ask) {
            (_, Ask::Dns { kind: RecordKind::Txt | RecordKind::Tlsa, .. }) => false,
            (Self::Policy, Ask::Dns { kind, .. }) => *kind != RecordKind::Mx,
            (Self::Mx, Ask::Dns { name, .. }) => name != policy_host,
            (Self::Policy, Ask::Fetch { .. }) | (Self::Mx, Ask::Smtp { .. }) => true,
            _ => false,
        }
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
    /// The addresses that the guard refused: host, address, why.
    pub(crate) refused: Vec<(String, IpAddr, &'static str)>,
    /// What could not be looked at.
    pub(crate) unseen: Vec<Unseen>,
    /// How long the names took.
    pub(crate) names: Duration,
    /// How long all took.
    pub(crate) all: Duration,
}

/// Something that could not be looked at, which says nothing about the domain.
#[derive(Debug)]
pub(crate) struct Unseen {
    pub(crate) what: String,
    pub(crate) code: Why,
    pub(crate) why: String,
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
    /// There is no address to connect to.
    NoAddress,
}

impl Why {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Resolver => "resolver",
            Self::AddressRefused => "address-refused",
            Self::TooOften => "too-often",
            Self::NotSeen => "not-seen",
            Self::NoAddress => "no-address",
        }
    }
}

/// What came of a question.
struct Came {
    id: Id,
    what: String,
    host: Option<String>,
    connected: Option<IpAddr>,
    reply: Reply,
    code: Why,
}

impl Looker {
    /// Looks. It ends by itself: each question has its time, and there are only so many.
    pub(crate) async fn look(self: Arc<Self>, what: What, mut check: Check) -> Found {
        let start = Instant::now();
        let policy_host = format!("mta-sts.{}", check.domain());
        let mut found = Found {
            facts: Facts::default(),
            at: SystemTime::now(),
            connected: BTreeMap::new(),
            refused: Vec::new(),
            unseen: Vec::new(),
            names: Duration::ZERO,
            all: Duration::ZERO,
        };
        let mut no_fetch = false;
        let turns = Arc::new(Semaphore::new(MAIL_HOSTS_AT_ONCE));
        let mut jobs: JoinSet<Came> = JoinSet::new();
        let mut waiting: Vec<(Id, Ask)> = Vec::new();
        loop {
            let new = check.questions();
            waiting.extend(new.into_iter().filter(|(_, ask)| what.covers(ask, &policy_host)));
            let facts = check.facts();
            let mut known = Vec::new();
            let mut later = Vec::new();
            for (id, ask) in waiting {
                let (at, host, addresses) = match ask {
                    Ask::Dns { name, kind, checking_disabled } => {
                        self.clone().ask(&mut jobs, id, name, kind, checking_disabled);
                        continue;
                    }
                    Ask::Fetch { ref host } => {
                        (format!("https://{host}"), host.clone(), facts.policy_host.clone())
                    }
                    Ask::Smtp { ref host } => {
                        let at = format!("SMTP at {host}, port {}", self.mx_port);
                        (at, host.clone(), facts.host(host).addresses)
                    }
                };
                // One kind of addresses may be of no use from here.
                if addresses.both().iter().any(|fact| fact.reason() == Some(&Reason::Pending)) {
                    later.push((id, ask));
                    continue;
                }
                if matches!(ask, Ask::Fetch { .. }) {
                    found.names = start.elapsed();
                }
                let came = |code, why| Came {
                    id,
                    what: at.clone(),
                    host: None,
                    connected: None,
                    reply: Reply::NotObservable(why),
                    code,
                };
                match self.allowed(&host, &addresses, &mut found) {
                    Err((code, why)) => known.push(came(code, why)),
                    Ok(allowed) => {
                        let looker = self.clone();
                        let turns = turns.clone();
                        let domain = check.domain().to_owned();
                        let is_fetch = matches!(ask, Ask::Fetch { .. });
                        jobs.spawn(async move {
                            // It is never closed.
                            let _turn = turns.acquire_owned().await;
                            let (reply, connected) =
                                looker.connect(is_fetch, domain, host.clone(), allowed).await;
                            let (host, code) = (Some(host), Why::NotSeen);
                            Came { id, what: at, host, connected, reply, code }
                        });
                    }
                }
            }
            waiting = later;
            if known.is_empty() {
                match jobs.join_next().await {
                    Some(Ok(came)) => known.push(came),
                    // A job that broke down leaves its question open.
                    Some(Err(_)) => {}
                    None => break,
                }
            }
            for came in known {
                if let (Some(host), Some(address)) = (came.host, came.connected) {
                    found.connected.insert(host, address);
                }
                // Why there are no addresses is told with the addresses.
                let nowhere = came.code == Why::NoAddress;
                no_fetch |= nowhere;
                if let (Reply::NotObservable(why), false) = (&came.reply, nowhere) {
                    let (what, code, why) = (came.what, came.code, why.clone());
                    found.unseen.push(Unseen { what, code, why });
                }
                check.answer(came.id, came.reply);
            }
        }
        found.facts = check.facts();
        if no_fetch && what == What::Policy {
            found.facts.fetch = Fact::default();
        }
        let seconds = found.at.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        found.facts.now = i64::try_from(seconds).ok();
        found.facts.resolver = Some(self.resolver_name.clone());
        found.all = start.elapsed();
        found
    }

    /// The addresses of a host that may be connected to. They are the ones that will be.
    fn allowed(
        &self,
        host: &str,
        addresses: &Addresses,
        found: &mut Found,
    ) -> Result<Vec<IpAddr>, (Why, String)> {
        let all: Vec<IpAddr> = addresses.all().collect();
        if all.is_empty() {
            let is_known = addresses.outcome().known().is_some();
            let words = if is_known { "it has no address" } else { "its addresses are not known" };
            return Err((Why::NoAddress, words.into()));
        }
        let mut allowed = Vec::new();
        let mut last = None;
        for address in all {
            match self.guard.refusal(address) {
                None => allowed.push(address),
                Some(why) => {
                    self.metrics.refused.inc();
                    last = Some((address, why));
                    found.refused.push((host.to_owned(), address, why));
                }
            }
        }
        if allowed.is_empty() {
            let (address, why) = last.expect("there are addresses");
            let words = format!(
                "a relay connects to public addresses only, and {address} is not one: {why}"
            );
            return Err((Why::AddressRefused, words));
        }
        let now = Instant::now();
        allowed.retain(|address| self.pace.take(client_key(*address), now).is_ok());
        if allowed.is_empty() {
            let words = "this relay has looked at its address too often lately";
            return Err((Why::TooOften, words.into()));
        }
        Ok(allowed)
    }

    fn ask(
        self: Arc<Self>,
        jobs: &mut JoinSet<Came>,
        id: Id,
        name: String,
        kind: RecordKind,
        checking_disabled: bool,
    ) {
        jobs.spawn(async move {
            let query = live::query(&name, kind, checking_disabled);
            let (word, reply) = match query {
                Some(query) => (query.kind().word(), self.names.ask(query).await),
                None => ("DNS", Reply::NotObservable("DNS can't hold such a name".into())),
            };
            let what = format!("{word} {name}");
            Came { id, what, host: None, connected: None, reply, code: Why::Resolver }
        });
    }

    /// Connects to one of the addresses, on a thread of its own.
    async fn connect(
        self: Arc<Self>,
        is_fetch: bool,
        domain: String,
        host: String,
        addresses: Vec<IpAddr>,
    ) -> (Reply, Option<IpAddr>) {
        let work = move || {
            if is_fetch {
                let fetched = fetch(&self.net, &domain, &addresses);
                return (fetched.reply(), fetched.seen.address);
            }
            let session = smtp::probe(&self.net, &host, &addresses, self.mx_port);
            let address = session.as_ref().ok().and_then(|session| session.seen.address);
            (smtp::told(&session), address)
        };
        let broken = |_| (Reply::NotObservable("the relay broke down".into()), None);
        tokio::task::spawn_blocking(work).await.unwrap_or_else(broken)
    }
}
