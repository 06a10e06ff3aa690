//! Fetching a policy as a sender does (RFC 8461 §3.3).

use super::http::{Client, Response};
use super::tls::Seen;
use super::{Net, Problem, ProblemKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use stslint::live::check::Reply;
use stslint::live::facts::{self, Fetch, FetchFailure, Hidden};
use stslint::policy;

/// Most of a policy that is read, in bytes: one more than senders accept, so that a longer one is known
/// to be longer.
pub const MAX_BODY: u64 = policy::MAX_SIZE as u64 + 1;

/// What came of fetching a policy.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The answer.
    pub outcome: Result<Response, Problem>,
    /// What the server showed of itself.
    pub seen: Seen,
    /// How long it took.
    pub elapsed: Duration,
}

/// Fetches the policy of a policy host, given as A-labels, from one of its addresses.
pub fn fetch(net: &Arc<Net>, host: &str, addresses: &[IpAddr]) -> Fetched {
    let start = Instant::now();
    let addresses = addresses.iter().map(|address| SocketAddr::new(*address, 443)).collect();
    let client = Client::new(net, net.timeout, Some(addresses));
    let url = format!("https://{host}/.well-known/mta-sts.txt");
    let outcome = client.get(&url, "text/plain, */*;q=0.1", MAX_BODY);
    Fetched { outcome, seen: client.seen(), elapsed: start.elapsed() }
}

impl Fetched {
    /// As the reply to the engine's question. What can't be seen from here is not observable.
    pub fn reply(&self) -> Reply {
        let why = self.outcome.as_ref().err().map(|problem| problem.words.clone());
        let outcome = match &self.outcome {
            Ok(response) => facts::Fetched::Response(facts::Response {
                status: response.status,
                headers: Some(response.headers.clone()),
                body: Some(response.body.clone()),
                line_ends_lost: false,
            }),
            Err(problem) => facts::Fetched::Failed(match problem.kind {
                ProblemKind::NoRoute | ProblemKind::Machine => {
                    return Reply::NotObservable(Hidden::Told(problem.words.clone()));
                }
                ProblemKind::Connect => FetchFailure::Connect,
                ProblemKind::Protocol => FetchFailure::Protocol,
                ProblemKind::CertificateExpired => FetchFailure::CertificateExpired,
                ProblemKind::CertificateName => FetchFailure::CertificateName,
                ProblemKind::CertificateUntrusted => FetchFailure::CertificateUntrusted,
                ProblemKind::Tls | ProblemKind::TlsLate => FetchFailure::Tls,
                ProblemKind::TlsTooOld => FetchFailure::TlsTooOld,
            }),
        };
        Reply::Fetch(Fetch {
            outcome,
            why,
            certificate: self.seen.fact(),
            tls: self.seen.version,
            seconds: Some(self.elapsed.as_secs_f64()),
        })
    }
}
