//! HTTP by ureq over our own TLS, which tells what a handshake showed.
//!
//! The parts of ureq that are used here are outside of its promise of stability, so Cargo.toml
//! names the minor release.

use super::connect::{MAX_READ, Timed, connect, io_problem};
use super::tls::Seen;
use super::{Net, Problem, ProblemKind};
use rustls::{ClientConnection, StreamOwned};
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::time::Duration as Left;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Agent, Error};

/// Most connections that are kept open.
const KEPT: usize = 8;

/// Most addresses of a host that are tried: ureq has no room for more.
const MAX_ADDRESSES: usize = 16;

/// Who sends requests.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    latest: Arc<Mutex<Latest>>,
}

/// What is known of the latest TLS handshake.
#[derive(Debug, Default)]
struct Latest {
    /// What the server showed of itself.
    seen: Seen,
    /// Whether the session stands.
    stands: bool,
}

/// An HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The header fields in their order. Bytes that aren't UTF-8 stand as U+FFFD.
    pub headers: Vec<(String, String)>,
    /// The body up to the limit.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header field of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let field = self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        Some(&field.1)
    }
}

impl Client {
    /// A client that looks host names up as this machine does, or knows the addresses. The time is
    /// the most for one request.
    pub(crate) fn new(
        net: &Arc<Net>,
        timeout: Duration,
        addresses: Option<Vec<SocketAddr>>,
    ) -> Self {
        // Every status is an answer, redirects are not followed (RFC 8461 §3.3), no proxy from the
        // environment: what is looked at is the way that a mail server would take.
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("stslint/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(timeout))
            .max_idle_connections(KEPT)
            .max_idle_connections_per_host(KEPT)
            .build();
        let latest = Arc::new(Mutex::default());
        // A host whose addresses are given is anybody's; a resolver was chosen, and is asked again and again.
        let room = if addresses.is_some() { MAX_READ } else { u64::MAX };
        let connector = Direct { net: net.clone(), timeout, room, latest: latest.clone() };
        let agent = match addresses {
            Some(addresses) => Agent::with_parts(config, connector, Fixed(addresses)),
            None => Agent::with_parts(config, connector, DefaultResolver::default()),
        };
        Self { agent, latest }
    }

    /// GETs an address, with so much of the body as the limit allows, in bytes.
    pub(crate) fn get(&self, url: &str, accept: &str, limit: u64) -> Result<Response, Problem> {
        let answer = self.answer(url, accept, limit);
        // What goes wrong once TLS stands is no trouble of the connection.
        answer.map_err(|problem| match problem.kind {
            ProblemKind::Connect if self.latest().stands => {
                Problem { kind: ProblemKind::Protocol, ..problem }
            }
            _ => problem,
        })
    }

    fn answer(&self, url: &str, accept: &str, limit: u64) -> Result<Response, Problem> {
        let mut response = self.agent.get(url).header("Accept", accept).call().map_err(problem)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), text(value.as_bytes())));
        let headers = headers.collect();
        let mut body = Vec::new();
        let reader = response.body_mut().as_reader();
        if let Err(error) = reader.take(limit).read_to_end(&mut body) {
            return Err(match error.get_ref().and_then(|e| e.downcast_ref::<Error>()) {
                Some(Error::Timeout(_)) => timed_out(),
                // Whichever clock was faster.
                _ if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => {
                    timed_out()
                }
                Some(broken) => {
                    let words = format!("the answer breaks off: {broken}");
                    Problem::new(ProblemKind::Protocol, words)
                }
                None => io_problem(&error, "the answer breaks off"),
            });
        }
        Ok(Response { status: response.status().as_u16(), headers, body })
    }

    /// What the server showed of itself in the latest handshake.
    pub(crate) fn seen(&self) -> Seen {
        self.latest().seen.clone()
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn timed_out() -> Problem {
    Problem::new(ProblemKind::Connect, "no answer in time")
}

/// What an error of ureq means.
fn problem(error: Error) -> Problem {
    match error {
        Error::Other(error) => match error.downcast::<Problem>() {
            Ok(problem) => *problem,
            Err(error) => Problem::new(ProblemKind::Machine, error.to_string()),
        },
        Error::Timeout(_) => timed_out(),
        Error::Io(error) => io_problem(&error, ""),
        Error::HostNotFound => Problem::new(ProblemKind::NoRoute, "the host is not found"),
        Error::Protocol(error) => Problem::new(
            ProblemKind::Protocol,
            format!("what answers does not speak HTTP: {error}"),
        ),
        error => Problem::new(ProblemKind::Protocol, error.to_string()),
    }
}

/// Connects straight to the addresses.
#[derive(Debug)]
struct Direct {
    net: Arc<Net>,
    timeout: Duration,
    /// How many bytes may be read of a connection.
    room: u64,
    latest: Arc<Mutex<Latest>>,
}

impl Connector for Direct {
    type Out = Link;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Link>, Error> {
        let other = |problem: Problem| Error::Other(Box::new(problem));
        let addresses: Vec<SocketAddr> = details.addrs.iter().copied().collect();
        let latest = || self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        *latest() = Latest::default();
        let stream = connect(&self.net, &addresses, self.timeout, self.room).map_err(other)?;
        let peer = stream.peer();
        let stream = if details.needs_tls() {
            let host = details.uri.host().unwrap_or_default();
            let handshake = self.net.tls.handshake(host, stream);
            *latest() = Latest {
                seen: Seen { address: Some(peer), ..handshake.seen },
                stands: handshake.stream.is_ok(),
            };
            Stream::Tls(Box::new(handshake.stream.map_err(other)?))
        } else {
            Stream::Plain(stream)
        };
        let config = details.config;
        let buffers = LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size());
        Ok(Some(Link { stream, buffers }))
    }
}

/// A host with known addresses.
#[derive(Debug)]
struct Fixed(Vec<SocketAddr>);

impl Resolver for Fixed {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut addresses = self.empty();
        self.0.iter().take(MAX_ADDRESSES).for_each(|address| addresses.push(*address));
        if addresses.is_empty() { Err(Error::HostNotFound) } else { Ok(addresses) }
    }
}

/// A connection as ureq wants it.
struct Link {
    stream: Stream,
    buffers: LazyBuffers,
}

#[derive(Debug)]
enum Stream {
    Plain(Timed),
    Tls(Box<StreamOwned<ClientConnection, Timed>>),
}

impl Stream {
    fn io(&mut self, timeout: NextTimeout) -> &mut dyn ReadWrite {
        let deadline = match timeout.after {
            Left::Exact(left) => Some(Instant::now() + left),
            Left::NotHappening => None,
        };
        match self {
            Self::Plain(stream) => {
                deadline.into_iter().for_each(|deadline| stream.end_at(deadline));
                stream
            }
            Self::Tls(stream) => {
                deadline.into_iter().for_each(|deadline| stream.sock.end_at(deadline));
                stream.as_mut()
            }
        }
    }
}

trait ReadWrite: Read + Write {}

impl<T: Read + Write> ReadWrite for T {}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("stream", &self.stream).finish_non_exhaustive()
    }
}

impl Transport for Link {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let io = self.stream.io(timeout);
        io.write_all(&self.buffers.output()[..amount])?;
        io.flush()?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let io = self.stream.io(timeout);
        let amount = match io.read(self.buffers.input_append_buf()) {
            // Many servers close TLS without saying so. What is missing shows in Content-Length.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => 0,
            amount => amount?,
        };
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        match &mut self.stream {
            Stream::Plain(stream) => stream.is_open(),
            Stream::Tls(stream) => stream.sock.is_open(),
        }
    }

    fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }
}
