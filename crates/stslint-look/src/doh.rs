//! Asking a resolver over HTTPS (RFC 8484), politely: with so many questions at a time, and slower when it says so. By
//! HTTP/2 where it speaks that.

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, HeaderName, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{HttpConnector, capture_connection};
use hyper_util::client::legacy::{Client, Error as LegacyError};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error;
use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use stslint_doh::pace::{Pace, TRIES, Turn, Wait};
use stslint_doh::{Answer, Failure, Http, MAX_MESSAGE, MEDIA_TYPE, Query};
use stslint_net::Net;
use stslint_net::rustls::{self, CertificateError};
use tokio::sync::Notify;

/// Most questions under way at once: over HTTP/2 they share one connection.
const AT_ONCE: usize = 64;

/// Most time for one answer. A resolver gives up on a domain's name servers sooner.
const PATIENCE: Duration = Duration::from_secs(15);

/// How often it is looked whether a connection still stands.
const ALIVE: Duration = Duration::from_secs(10);

/// A resolver, and the pace at which it is asked.
#[derive(Debug)]
pub(crate) struct Resolver {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    url: String,
    timeout: Duration,
    pace: Mutex<Pace>,
    /// What the times of the pace are counted from.
    start: Instant,
    freed: Notify,
    /// Taken by the question that makes the first connection.
    opening: tokio::sync::Mutex<()>,
    /// Whether there is a connection, as far as is known, or there was no use in waiting for one.
    is_open: AtomicBool,
}

/// Why a resolver did not answer. It says nothing about the domain.
#[derive(Clone, Debug)]
pub(crate) enum NoAnswer {
    /// It can't be reached: why.
    Unreachable(String),
    /// What came is no answer.
    Bad(Failure),
    /// It asks to wait for longer than there is time.
    TooBusy(Wait),
    /// So much else was asked that this question had no turn in time.
    NoTurn,
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "the resolver can't be reached: {why}"),
            Self::Bad(failure) => failure.fmt(f),
            Self::TooBusy(wait) => write!(f, "the resolver {wait}"),
            Self::NoTurn => f.write_str("the resolver is so slow that there was no time to ask it"),
        }
    }
}

impl Resolver {
    /// The resolver at an address for RFC 8484.
    pub(crate) fn new(net: &Net, url: &str) -> Self {
        let patience = u64::try_from(net.timeout.as_millis()).unwrap_or(u64::MAX);
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_keepalive(Some(ALIVE));
        connector.set_connect_timeout(Some(net.timeout.min(PATIENCE)));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(net.tls.client())
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            // A connection that died in silence is found out before a question is lost on it.
            .timer(TokioTimer::new())
            .http2_keep_alive_interval(ALIVE)
            .http2_keep_alive_timeout(ALIVE)
            .pool_idle_timeout(Duration::from_secs(30))
            .build(connector);
        Self {
            client,
            url: url.to_owned(),
            timeout: net.timeout.min(PATIENCE),
            pace: Mutex::new(Pace::new(AT_ONCE, patience)),
            start: Instant::now(),
            freed: Notify::new(),
            opening: tokio::sync::Mutex::new(()),
            is_open: AtomicBool::new(false),
        }
    }

    /// Asks. Where the resolver limits requests, all questions wait and it is asked again, but no request begins
    /// after the time `until`.
    pub(crate) async fn ask(&self, query: &Query, until: Instant) -> Result<Answer, NoAnswer> {
        let url = query.url(&self.url);
        let mut tries = 0;
        loop {
            self.take_turn(until).await?;
            let mut begun = Begun { resolver: self, slow_down: None };
            let answer = self.ask_once(query, &url).await;
            begun.slow_down = match &answer {
                Err(NoAnswer::Bad(failure)) => failure.slow_down(),
                _ => None,
            };
            let is_refused = begun.slow_down.is_some();
            drop(begun);
            tries += 1;
            if !is_refused || tries == TRIES {
                return answer;
            }
        }
    }

    /// How often the resolver asked to slow down and was asked again later.
    pub(crate) fn slowed(&self) -> u32 {
        self.pace().obeyed()
    }

    async fn ask_once(&self, query: &Query, url: &str) -> Result<Answer, NoAnswer> {
        let answer = async {
            let mut is_first = true;
            loop {
                match self.get(url).await {
                    Ok(answer) => return Ok(answer),
                    Err(error) if is_first && is_lost(&*error) => {
                        is_first = false;
                        self.is_open.store(false, Ordering::Relaxed);
                    }
                    Err(error) => return Err(self.words(&*error)),
                }
            }
        };
        let answer = tokio::time::timeout(self.timeout, answer).await;
        let answer = answer.unwrap_or_else(|_| Err("no answer in time".into()));
        let (response, body) = answer.map_err(NoAnswer::Unreachable)?;
        let field = |name: &str| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            response.headers().get(name)?.to_str().ok()
        };
        let http = Http {
            status: response.status().as_u16(),
            media_type: field("content-type"),
            retry_after: field("retry-after"),
            date: field("date"),
            body: &body,
        };
        stslint_doh::read(query, &http).map_err(NoAnswer::Bad)
    }

    /// Sends a request, and reads the answer.
    async fn get(
        &self,
        url: &str,
    ) -> Result<(Response<()>, Vec<u8>), Box<dyn Error + Send + Sync>> {
        let request = Request::get(url)
            .header(ACCEPT, MEDIA_TYPE)
            .header(USER_AGENT, concat!("stslint/", env!("CARGO_PKG_VERSION")))
            .body(Empty::new())?;
        let (head, mut body) = self.send(request).await?.into_parts();
        let mut bytes = Vec::new();
        // An answer that is too long is known to be longer, and how much longer is nobody's business.
        while bytes.len() <= MAX_MESSAGE
            && let Some(frame) = body.frame().await
        {
            bytes.extend(frame?.into_data().unwrap_or_default());
        }
        Ok((Response::from_parts(head, ()), bytes))
    }

    /// Sends a request. Where there is no connection yet, the others wait until this one has one: over HTTP/2 they share it,
    /// and each would make its own otherwise.
    async fn send(
        &self,
        mut request: Request<Empty<Bytes>>,
    ) -> Result<Response<Incoming>, LegacyError> {
        if self.is_open.load(Ordering::Relaxed) {
            return self.client.request(request).await;
        }
        let turn = self.opening.lock().await;
        if self.is_open.load(Ordering::Relaxed) {
            drop(turn);
            return self.client.request(request).await;
        }
        let mut connection = capture_connection(&mut request);
        let connected = async {
            connection.wait_for_connection_metadata().await;
        };
        let mut response = pin!(self.client.request(request));
        let came = tokio::select! {
            biased;
            came = response.as_mut() => Some(came),
            () = connected => None,
        };
        self.is_open.store(true, Ordering::Relaxed);
        drop(turn);
        match came {
            Some(came) => came,
            None => response.await,
        }
    }

    /// Why a request failed.
    fn words(&self, error: &(dyn Error + 'static)) -> String {
        let causes: Vec<_> = causes(error).collect();
        let tls = causes.iter().find_map(|cause| tls_error(*cause));
        if let Some(tls) = tls {
            return tls_words(tls);
        }
        let http = causes.iter().find_map(|cause| cause.downcast_ref::<hyper::Error>());
        if http.is_some_and(hyper::Error::is_parse) {
            return "what answers does not speak HTTP".into();
        }
        let last = causes.last().map_or_else(String::new, ToString::to_string);
        let is_connect =
            causes.iter().any(|cause| cause.downcast_ref().is_some_and(LegacyError::is_connect));
        match self.url.parse::<Uri>().ok().as_ref().and_then(Uri::authority) {
            Some(server) if is_connect => format!("can't connect to {server}: {last}"),
            _ if causes.iter().any(|cause| is_end(*cause)) => "it closed the connection".into(),
            _ => last,
        }
    }

    /// Waits until a request may begin.
    async fn take_turn(&self, until: Instant) -> Result<(), NoAnswer> {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(NoAnswer::NoTurn);
            }
            let freed = self.freed.notified();
            let now = self.now();
            let turn = self.pace().begin(now, self.time(until));
            let wait = match turn {
                Turn::Begin => return Ok(()),
                Turn::Never(wait) => return Err(NoAnswer::TooBusy(wait)),
                Turn::Full => left,
                Turn::Later(from) => Duration::from_millis(from.saturating_sub(now)),
            };
            // Whichever comes first: looking again does no harm.
            let _ = tokio::time::timeout(wait, freed).await;
        }
    }

    /// The time for the pace.
    fn now(&self) -> u64 {
        self.time(Instant::now())
    }

    fn time(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.start);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way. Whoever stops waiting for its answer ends it.
struct Begun<'r> {
    resolver: &'r Resolver,
    /// Whether the resolver wants to be asked less, and for how long.
    slow_down: Option<Option<u32>>,
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        let now = self.resolver.now();
        match self.slow_down {
            Some(wait) => self.resolver.pace().slow_down(wait, now),
            None => self.resolver.pace().done(now),
        }
        self.resolver.freed.notify_waiters();
    }
}

/// Whether a connection ended where it should go on.
fn is_end(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
}

/// An error, and what it comes from.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| Error::source(*error))
}

/// Whether a request was lost with its connection, or its stream on it: the server ended it, as it may at any time. A GET is
/// sent again then, which changes nothing at the server (RFC 9110 §9.2.2, RFC 9113 §8.7). Where no connection was made, a new
/// one will not help, and neither will it with a server that speaks something else.
fn is_lost(error: &(dyn Error + 'static)) -> bool {
    let is_other = |cause: &(dyn Error + 'static)| {
        tls_error(cause).is_some()
            || cause.downcast_ref().is_some_and(LegacyError::is_connect)
            || cause.downcast_ref().is_some_and(hyper::Error::is_parse)
    };
    let is_transport = |cause: &(dyn Error + 'static)| cause.is::<hyper::Error>();
    causes(error).any(is_transport) && !causes(error).any(is_other)
}

/// The error of TLS that this is, or holds without naming it as its cause.
fn tls_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(within) => tls_error(within),
        None => error.downcast_ref(),
    }
}

/// Why there is no TLS session.
fn tls_words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate does not lead to a trusted root".into()
        }
        error => error.to_string(),
    }
}
