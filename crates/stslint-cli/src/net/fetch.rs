//! Fetching a policy as a sender does (RFC 8461 §3.3).

use super::http::{Client, Response};
use super::tls::Seen;
use super::{Net, Problem};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Most of a policy that is read, in bytes: one more than the size that senders read at least
/// (RFC 8461 §3.3 suggests a limit of 64 kilobytes).
pub(crate) const MAX_BODY: u64 = (64 << 10) + 1;

/// What came of fetching a policy.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    /// The answer.
    pub(crate) outcome: Result<Response, Problem>,
    /// What the server showed of itself.
    pub(crate) seen: Seen,
    /// How long it took.
    pub(crate) elapsed: Duration,
}

/// Fetches the policy of a domain, given as A-labels, from one of the addresses of its policy host.
pub(crate) fn fetch(net: &Arc<Net>, domain: &str, addresses: &[IpAddr]) -> Fetched {
    let start = Instant::now();
    let addresses = addresses.iter().map(|address| SocketAddr::new(*address, 443)).collect();
    let client = Client::new(net, net.timeout, Some(addresses));
    let url = format!("https://mta-sts.{domain}/.well-known/mta-sts.txt");
    let outcome = client.get(&url, "text/plain, */*;q=0.1", MAX_BODY);
    Fetched { outcome, seen: client.seen(), elapsed: start.elapsed() }
}
