//! Asking a resolver, politely: with few questions at a time, and slower when it says so.

use super::http::Client;
use super::{Net, Problem};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use stslint_doh::pace::{Pace, TRIES, Turn, Wait};
use stslint_doh::{Answer, Failure, Http, MAX_MESSAGE, MEDIA_TYPE, Query};

/// Most questions under way at once.
const AT_ONCE: usize = 8;

/// Most time for one answer. A resolver gives up on a domain's name servers sooner.
const PATIENCE: Duration = Duration::from_secs(15);

/// A resolver, and the pace at which it is asked.
#[derive(Debug)]
pub struct Resolver {
    client: Client,
    url: String,
    pace: Mutex<Pace>,
    /// What the times of the pace are counted from.
    start: Instant,
    freed: Condvar,
}

/// Why a resolver did not answer. It says nothing about the domain.
#[derive(Clone, Debug)]
pub enum NoAnswer {
    /// It can't be reached.
    Unreachable(Problem),
    /// What came is no answer.
    Bad(Failure),
    /// It asks to wait for longer than there is time.
    TooBusy(Wait),
    /// So much else was asked that this question had no turn in time.
    NoTurn,
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable(problem) => write!(f, "the resolver can't be reached: {problem}"),
            Self::Bad(failure) => failure.fmt(f),
            Self::TooBusy(wait) => write!(f, "the resolver {wait}"),
            Self::NoTurn => f.write_str("the resolver is so slow that there was no time to ask it"),
        }
    }
}

impl Resolver {
    /// The resolver at an address for RFC 8484.
    pub fn new(net: &Arc<Net>, url: &str) -> Self {
        let patience = u64::try_from(net.timeout.as_millis()).unwrap_or(u64::MAX);
        Self {
            client: Client::new(net, net.timeout.min(PATIENCE), None),
            url: url.to_owned(),
            pace: Mutex::new(Pace::new(AT_ONCE, patience)),
            start: Instant::now(),
            freed: Condvar::new(),
        }
    }

    /// Asks. Where the resolver limits requests, all questions wait and it is asked again, but no request begins
    /// after the time `until`.
    pub fn ask(&self, query: &Query, until: Instant) -> Result<Answer, NoAnswer> {
        let url = query.url(&self.url);
        let mut tries = 0;
        loop {
            self.take_turn(until)?;
            let answer = self.ask_once(query, &url);
            let slow_down = match &answer {
                Err(NoAnswer::Bad(failure)) => failure.slow_down(),
                _ => None,
            };
            match slow_down {
                Some(wait) => self.pace().slow_down(wait, self.now()),
                None => self.pace().done(self.now()),
            }
            self.freed.notify_all();
            tries += 1;
            if slow_down.is_none() || tries == TRIES {
                return answer;
            }
        }
    }

    /// How often the resolver asked to slow down and was asked again later.
    pub fn slowed(&self) -> u32 {
        self.pace().obeyed()
    }

    fn ask_once(&self, query: &Query, url: &str) -> Result<Answer, NoAnswer> {
        let response = self.client.get(url, MEDIA_TYPE, MAX_MESSAGE as u64 + 1);
        let response = response.map_err(NoAnswer::Unreachable)?;
        let http = Http {
            status: response.status,
            media_type: response.header("content-type"),
            retry_after: response.header("retry-after"),
            date: response.header("date"),
            body: &response.body,
        };
        stslint_doh::read(query, &http).map_err(NoAnswer::Bad)
    }

    /// Waits until a request may begin.
    fn take_turn(&self, until: Instant) -> Result<(), NoAnswer> {
        let mut pace = self.pace();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(NoAnswer::NoTurn);
            }
            let now = self.now();
            let wait = match pace.begin(now, self.time(until)) {
                Turn::Begin => return Ok(()),
                Turn::Never(wait) => return Err(NoAnswer::TooBusy(wait)),
                Turn::Full => left,
                Turn::Later(from) => Duration::from_millis(from - now),
            };
            let woken = self.freed.wait_timeout(pace, wait);
            pace = woken.unwrap_or_else(PoisonError::into_inner).0;
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
