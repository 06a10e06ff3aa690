//! Asking a resolver, politely: with few questions at a time, and slower when it says so.

use super::http::Client;
use super::{Net, Problem};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use stslint_doh::{Answer, Failure, Http, MAX_MESSAGE, MEDIA_TYPE, Query};

/// Most questions under way at once.
const AT_ONCE: usize = 8;

/// Most time for one answer. A resolver gives up on a domain's name servers sooner.
const PATIENCE: Duration = Duration::from_secs(15);

/// How often a question is asked when the resolver wants us to slow down.
const TRIES: u32 = 6;

/// The first wait when the resolver does not say how long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// A resolver and its patience.
#[derive(Debug)]
pub struct Resolver {
    client: Client,
    url: String,
    /// The longest wait between two tries: longer than a time-out nobody wants to wait.
    longest: Duration,
    pace: Mutex<Pace>,
    freed: Condvar,
}

#[derive(Debug)]
struct Pace {
    under_way: usize,
    most: usize,
    /// When questions may be asked again.
    from: Instant,
    /// How often the resolver asked to slow down.
    slowed: u32,
}

/// Why a resolver did not answer. It says nothing about the domain.
#[derive(Clone, Debug)]
pub enum NoAnswer {
    /// It can't be reached.
    Unreachable(Problem),
    /// What came is no answer.
    Bad(Failure),
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable(problem) => write!(f, "the resolver can't be reached: {problem}"),
            Self::Bad(failure) => failure.fmt(f),
        }
    }
}

impl Resolver {
    /// The resolver at an address for RFC 8484.
    pub fn new(net: &Arc<Net>, url: &str) -> Self {
        Self {
            client: Client::new(net, net.timeout.min(PATIENCE), None),
            url: url.to_owned(),
            longest: net.timeout,
            pace: Mutex::new(Pace { under_way: 0, most: AT_ONCE, from: Instant::now(), slowed: 0 }),
            freed: Condvar::new(),
        }
    }

    /// Asks. Where the resolver limits requests, all questions wait and it is asked again.
    pub fn ask(&self, query: &Query) -> Result<Answer, NoAnswer> {
        let url = query.url(&self.url);
        let mut tries = 0;
        loop {
            let answer = self.ask_once(query, &url);
            tries += 1;
            let Err(NoAnswer::Bad(failure)) = &answer else { return answer };
            let Some(wait) = failure.slow_down() else { return answer };
            let wait = wait.map_or(FIRST_WAIT * (1 << tries), |seconds| {
                Duration::from_secs(u64::from(seconds))
            });
            if tries == TRIES || wait > self.longest {
                return answer;
            }
            let mut pace = self.pace();
            pace.slowed += 1;
            pace.most = (pace.most / 2).max(1);
            pace.from = pace.from.max(Instant::now() + wait);
        }
    }

    /// How often the resolver asked to slow down.
    pub fn slowed(&self) -> u32 {
        self.pace().slowed
    }

    fn ask_once(&self, query: &Query, url: &str) -> Result<Answer, NoAnswer> {
        self.take_turn();
        let response = self.client.get(url, MEDIA_TYPE, MAX_MESSAGE as u64 + 1);
        self.pace().under_way -= 1;
        self.freed.notify_one();
        let response = response.map_err(NoAnswer::Unreachable)?;
        let http = Http {
            status: response.status,
            media_type: response.header("content-type"),
            retry_after: response.header("retry-after"),
            body: &response.body,
        };
        stslint_doh::read(query, &http).map_err(NoAnswer::Bad)
    }

    fn take_turn(&self) {
        let mut pace = self.pace();
        loop {
            let wait = pace.from.saturating_duration_since(Instant::now());
            if pace.under_way >= pace.most {
                pace = self.freed.wait(pace).unwrap_or_else(PoisonError::into_inner);
            } else if wait.is_zero() {
                pace.under_way += 1;
                return;
            } else {
                drop(pace);
                std::thread::sleep(wait);
                pace = self.pace();
            }
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
