//! The network: DNS over HTTPS, the policy's host, mail hosts. What is seen becomes plain data; what
//! it means is the engine's business.

mod connect;
pub(crate) mod doh;
pub(crate) mod fetch;
mod http;
pub(crate) mod smtp;
pub(crate) mod tls;

use rustls::pki_types::CertificateDer;
use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// What all connections have in common.
#[derive(Debug)]
pub(crate) struct Net {
    /// Whom to trust.
    pub(crate) tls: tls::Tls,
    /// Most time for one request or one session.
    pub(crate) timeout: Duration,
    /// For tests: connections to the first address go to the second.
    routes: HashMap<SocketAddr, SocketAddr>,
}

impl Net {
    /// Connections that trust Mozilla's roots and, in tests, others too.
    pub(crate) fn new(
        timeout: Duration,
        roots: &[CertificateDer<'static>],
        routes: HashMap<SocketAddr, SocketAddr>,
    ) -> Self {
        Self { tls: tls::Tls::new(roots), timeout, routes }
    }

    /// Where to connect to in order to reach an address.
    fn route(&self, address: SocketAddr) -> SocketAddr {
        self.routes.get(&address).copied().unwrap_or(address)
    }
}

/// Why something did not work, and on whose side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Which kind.
    pub(crate) kind: ProblemKind,
    /// In words, without a full stop; may hold text from outside.
    pub(crate) words: String,
}

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// There is no way from here to the address, which says nothing about the other side.
    NoRoute,
    /// The other side can't be reached, does not answer in time, or breaks off.
    Connect,
    /// The certificate has expired or is not valid yet.
    CertificateExpired,
    /// The certificate is for other names.
    CertificateName,
    /// The certificate does not chain to a trusted root.
    CertificateUntrusted,
    /// TLS fails in another way.
    Tls,
    /// The other side speaks nothing newer than TLS 1.1.
    TlsTooOld,
    /// What comes is not the protocol.
    Protocol,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Problem {}
