//! The network as a sender sees it: DNS over HTTPS, the policy's host, mail hosts. What is seen
//! becomes plain data and facts for the engine; what it means is the engine's business.
//!
//! All calls block until they are done or their time is up, so that whoever has to wait for many
//! gives each a thread.

mod connect;
pub mod fetch;
mod http;
pub mod smtp;
pub mod tls;

pub use connect::MAX_READ;
pub use http::Response;
pub use rustls;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// What all connections have in common.
#[derive(Debug)]
pub struct Net {
    /// Whom to trust.
    pub tls: tls::Tls,
    /// Most time for one request or one session.
    pub timeout: Duration,
    test: Test,
}

/// What tests change: nothing of it leads away from this machine.
#[derive(Clone, Debug, Default)]
pub struct Test {
    /// Authorities that are trusted too.
    pub roots: Vec<CertificateDer<'static>>,
    /// Connections to the first address go to the second.
    pub routes: HashMap<SocketAddr, SocketAddr>,
    /// Whether there is no way to addresses without a route, but for loopback.
    pub closed: bool,
}

impl Test {
    /// Reads a route, as `FROM=TO`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn route(text: &str) -> Result<(SocketAddr, SocketAddr), &'static str> {
        let (from, to) = text.split_once('=').ok_or("not FROM=TO")?;
        let address =
            |text: &str| text.parse::<SocketAddr>().map_err(|_| "not an address and port");
        let (from, to) = (address(from)?, address(to)?);
        if to.ip().is_loopback() { Ok((from, to)) } else { Err("leads away from this machine") }
    }

    /// Reads the authorities in a file in PEM.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
        let certificates =
            CertificateDer::pem_file_iter(file).map_err(|error| error.to_string())?;
        certificates.collect::<Result<_, _>>().map_err(|error| error.to_string())
    }
}

impl Net {
    /// Connections that trust Mozilla's roots; the time is the most for one request or session.
    pub fn new(timeout: Duration, test: Test) -> Self {
        Self { tls: tls::Tls::new(&test.roots), timeout, test }
    }

    /// Where to connect to in order to reach an address.
    fn route(&self, address: SocketAddr) -> Option<SocketAddr> {
        match self.test.routes.get(&address) {
            Some(to) => Some(*to),
            None if self.test.closed && !address.ip().is_loopback() => None,
            None => Some(address),
        }
    }
}

/// Why something did not work, and on whose side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which kind.
    pub kind: ProblemKind,
    /// In words, without a full stop; may hold text from outside.
    pub words: String,
}

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// There is no way from here to the address, which says nothing about the other side.
    NoRoute,
    /// This machine is in trouble: short of file descriptors, memory or buffers. That says nothing about the
    /// other side, and may be over in a moment.
    Machine,
    /// The other side can't be reached, does not answer in time, or breaks off.
    Connect,
    /// The certificate has expired or is not valid yet.
    CertificateExpired,
    /// The certificate is for other names.
    CertificateName,
    /// The certificate does not chain to a trusted root.
    CertificateUntrusted,
    /// TLS fails in another way, or what answers does not speak it.
    Tls,
    /// There is a connection, and the TLS handshake does not come to an end in time.
    TlsLate,
    /// The other side speaks nothing newer than TLS 1.1.
    TlsTooOld,
    /// What comes is not the protocol, or not all of it: over a connection, and TLS, that stands.
    Protocol,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: ProblemKind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Problem {}
