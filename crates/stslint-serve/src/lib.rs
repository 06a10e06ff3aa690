//! `stslint serve`: the page and, at the same origin, a relay that looks at what browsers can't see.
//!
//! Browsers may not read most policy hosts, and can't see certificates or mail hosts at all. The relay
//! looks at them as a sending mail server does and tells what it saw, as facts for the engine. It judges
//! nothing. What it could not see, it says so; that is never a fault of the domain.
//!
//! It is made to be run by strangers for strangers: it connects to public addresses only, everything in
//! it has a bound, and it keeps nothing about who asked what. The format of its answers is in this
//! crate's README.

mod cache;
mod client;
mod guard;
mod limits;
mod look;
mod metrics;
mod page;
mod problem;
mod relay;
mod server;
mod veil;

pub use cache::Bounds;
pub use guard::Guard;
pub use limits::Rate;
pub use page::{HAS_EMBEDDED, Page};
pub use server::Server;
pub use stslint_look::Resolver;

use cache::Cache;
use ipnet::IpNet;
use limits::{Crowd, Limiter};
use look::Looker;
use metrics::Metrics;
use relay::LookResult;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};
use stslint_doh::relay::What;
use stslint_look::{Names, QUESTIONS};
use stslint_net::{Net, Test};
use tokio::sync::{Semaphore, mpsc};

/// How to serve.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to tell metrics, if not at `/metrics` of the same address.
    pub metrics: Option<SocketAddr>,
    /// The page.
    pub page: Source,
    /// Pages of which origins may ask the relay.
    pub origins: Origins,
    /// Who runs this, for people.
    pub operator: Option<String>,
    /// Who answers DNS questions.
    pub resolver: Resolver,
    /// The port of mail hosts, if they are to be looked at.
    pub mx: Option<u16>,
    /// Most time for one request to a policy host and one session with a mail host.
    pub timeout: Duration,
    /// How long requests under way may take after the end was asked for.
    pub grace: Duration,
    /// How much at once.
    pub limits: Limits,
    /// How long looks are kept, and how many.
    pub cache: Bounds,
    /// Reverse proxies whose word on their clients counts.
    pub trust_proxy: Vec<IpNet>,
    /// Whom to connect to.
    pub guard: Guard,
    /// Whether names and clients may be logged.
    pub log_names: bool,
    /// What tests change.
    pub test: Test,
}

/// Where the page comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// It was built in.
    Embedded,
    /// A folder; it is read once, at the start.
    Folder(PathBuf),
    /// There is none.
    None,
}

/// Pages of which origins may ask, besides the one at the same origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// No others.
    Own,
    /// All.
    Any,
    /// These, each as `https://example.com`.
    List(Vec<String>),
}

/// How much at once, and how often.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections of clients.
    pub connections: usize,
    /// Open connections of one client; a site of IPv6 (a /48) has twice as many. Trusted proxies have as many as
    /// there are.
    pub connections_per_client: usize,
    /// Looks at the same time.
    pub looks: usize,
    /// Looks that wait for their turn.
    pub queue: usize,
    /// How long they wait.
    pub queue_time: Duration,
    /// Looks of one client at the same time; a site of IPv6 (a /48) has twice as many.
    pub looks_per_client: usize,
    /// Requests of a client: an IPv4 address or a /64 of IPv6.
    pub client: Rate,
    /// Looks at a domain.
    pub domain: Rate,
    /// Connections to an address, whatever the domain.
    pub address: Rate,
    /// Most clients, domains and addresses that are counted each by itself.
    pub counted: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_client: 512,
            looks: 64,
            queue: 512,
            queue_time: Duration::from_secs(5),
            looks_per_client: 8,
            client: Rate::per_minute(60),
            domain: Rate::per_minute(6),
            address: Rate::per_minute(120),
            counted: 1 << 16,
        }
    }
}

/// Files that a process has open for other things than clients and looks: its listeners, its standard streams,
/// connections to a resolver that are kept.
const OWN_FILES: usize = 48;

impl Limits {
    /// As much of it as a process can hold that may have so many files open: each connection is one, and those that
    /// clients keep must not take the place of those that looks need.
    #[must_use]
    pub fn within(self, files: u64) -> Self {
        let spare = usize::try_from(files).unwrap_or(usize::MAX).saturating_sub(OWN_FILES);
        let looks = self.looks.min((spare / 2 / look::FILES).max(1));
        let connections = self.connections.min(spare.saturating_sub(looks * look::FILES).max(1));
        // Where one client must not have all, it must not have all of what is left.
        let share = |mine: usize, asked: usize, all: usize, least: usize| match mine < asked {
            true => mine.min((all / 8).max(least)),
            false => mine,
        };
        Self {
            connections,
            connections_per_client: share(
                self.connections_per_client,
                self.connections,
                connections,
                8,
            ),
            looks,
            looks_per_client: share(self.looks_per_client, self.looks, looks, 2),
            ..self
        }
    }
}

impl Config {
    /// What the relay offers.
    pub(crate) fn offers(&self) -> &'static [What] {
        if self.mx.is_some() { &[What::Policy, What::Mx] } else { &[What::Policy] }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8461)),
            metrics: None,
            page: Source::Embedded,
            origins: Origins::Own,
            operator: None,
            resolver: Resolver::System,
            mx: None,
            // RFC 8461 §3.3 suggests a minute.
            timeout: Duration::from_secs(60),
            grace: Duration::from_secs(30),
            limits: Limits::default(),
            cache: Bounds { time: Duration::from_secs(60), entries: 10_000, bytes: 16 << 20 },
            trust_proxy: Vec::new(),
            guard: Guard::default(),
            log_names: false,
            test: Test::default(),
        }
    }
}

/// Why there is nothing to serve.
#[derive(Debug)]
pub enum Error {
    /// The address can't be listened at.
    Listen(SocketAddr, io::Error),
    /// The page can't be read.
    Page(PathBuf, io::Error),
    /// The resolver can't be made ready.
    Resolver(io::Error),
    /// The system gives no threads.
    Runtime(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) => write!(f, "can't listen at {address}: {error}"),
            Self::Page(folder, error) => {
                write!(f, "can't read the page in {}: {error}", folder.display())
            }
            Self::Resolver(error) => write!(f, "can't use the resolver: {error}"),
            Self::Runtime(error) => write!(f, "can't start: {error}"),
        }
    }
}

impl std::error::Error for Error {}

/// Everything that requests share.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) page: Option<Page>,
    pub(crate) looker: Arc<Looker>,
    pub(crate) cache: Arc<Cache<LookResult>>,
    pub(crate) clients: Limiter<IpAddr>,
    pub(crate) targets: Limiter<String>,
    pub(crate) under_way: Crowd,
    /// Connections.
    pub(crate) peers: Crowd,
    /// Looks that are under way or wait.
    pub(crate) places: Arc<Semaphore>,
    /// Looks that are under way.
    pub(crate) slots: Arc<Semaphore>,
    pub(crate) metrics: Arc<Metrics>,
}

/// Makes everything ready and listens. It has to be called inside of a runtime.
///
/// # Errors
///
/// What stands in the way.
pub async fn bind(config: Config) -> Result<Server, Error> {
    let page = match &config.page {
        Source::None => None,
        Source::Embedded => Page::embedded(),
        Source::Folder(folder) => {
            let page = Page::read(folder).map_err(|error| Error::Page(folder.clone(), error))?;
            Some(page)
        }
    };
    let operator = config.operator.as_deref().unwrap_or_default();
    let page = page.map(|page| page.with_relay(config.offers(), operator));
    let net = Arc::new(Net::new(config.timeout, config.test.clone()));
    let metrics = Arc::new(Metrics::new());
    let limits = config.limits;
    let looker = Arc::new(Looker {
        names: Names::new(&config.resolver, &net, QUESTIONS).await.map_err(Error::Resolver)?,
        net,
        resolver_name: config.resolver.name(),
        guard: config.guard.clone(),
        pace: Limiter::new(limits.address, limits.counted),
        mx_port: config.mx.unwrap_or(25),
        metrics: metrics.clone(),
    });
    Server::bind(App {
        page,
        looker,
        cache: Cache::new(config.cache),
        clients: Limiter::new(limits.client, limits.counted),
        targets: Limiter::new(limits.domain, limits.counted),
        under_way: Crowd::new(limits.looks_per_client),
        peers: Crowd::new(limits.connections_per_client),
        places: Arc::new(Semaphore::new(limits.looks + limits.queue)),
        slots: Arc::new(Semaphore::new(limits.looks)),
        metrics,
        config,
    })
    .await
}

/// Serves until the process is asked to end (SIGTERM, or Ctrl-C); asked twice, it ends at once. `ready` is told
/// the address.
///
/// # Errors
///
/// What stands in the way at the start.
pub fn run(mut config: Config, ready: impl FnOnce(&Server)) -> Result<(), Error> {
    // Each connection is a file, and many systems let a process have 1024 until it asks for more.
    #[cfg(unix)]
    if let Ok(files) = rlimit::increase_nofile_limit(u64::MAX) {
        config.limits = config.limits.within(files);
    }
    let threads = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 16);
    // Each of these is on a thread of its own, which needs little stack.
    let blocking = config.limits.looks * look::FILES + 16;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .max_blocking_threads(blocking)
        .thread_stack_size(1 << 20)
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    let outcome = runtime.block_on(async {
        let server = bind(config).await?;
        let stop = stop().map_err(Error::Runtime)?;
        ready(&server);
        server.run(stop).await;
        Ok(())
    });
    // Whatever is still being looked at has nobody left to tell.
    runtime.shutdown_background();
    outcome
}

/// Hands on the signals to end.
#[cfg(unix)]
fn stop() -> io::Result<mpsc::Receiver<()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (sender, stop) = mpsc::channel(2);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if sender.send(()).await.is_err() {
                break;
            }
        }
    });
    Ok(stop)
}

#[cfg(not(unix))]
fn stop() -> io::Result<mpsc::Receiver<()>> {
    let (sender, stop) = mpsc::channel(2);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() && sender.send(()).await.is_ok() {}
        // Where no signal can be waited for, the process ends by other means.
        std::future::pending::<()>().await;
    });
    Ok(stop)
}

/// Writes logs to standard error, as the ids and outcomes of requests; see [`Config::log_names`].
pub fn log_to_stderr() {
    use tracing_subscriber::filter::LevelFilter;
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .with_max_level(LevelFilter::INFO)
        .init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_leave_looks_the_files_that_they_need() {
        let all = Limits::default();
        let much = all.within(1 << 20);
        assert_eq!((much.connections, much.looks), (all.connections, all.looks));
        for files in [0, 64, 256, 1024, 4096, 8192] {
            let within = all.within(files);
            let taken = OWN_FILES + within.connections + within.looks * look::FILES;
            assert!(taken as u64 <= files || files <= 64, "{files}: {within:?}");
            assert!(within.connections >= 1 && within.looks >= 1 && within.looks_per_client >= 2);
            assert!(within.connections_per_client <= (within.connections / 8).max(8));
        }
        assert_eq!(all.within(4096).looks, all.looks, "clients are the first to have fewer");
    }
}
