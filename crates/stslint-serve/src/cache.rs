//! What was looked up lately, and what is being looked up right now: everyone who asks for the same
//! gets the same look.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Bounds of a cache.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long a look is good for. Zero: it is not kept.
    pub time: Duration,
    /// Most entries.
    pub entries: usize,
    /// Most bytes of all entries together, about as much memory as they take.
    pub bytes: usize,
}

/// Something with a size.
pub(crate) trait Weigh {
    /// About how much memory it takes, in bytes.
    fn weight(&self) -> usize;
}

/// A result for whoever waits for it. None until it is there.
type Waiting<V> = watch::Receiver<Option<V>>;

/// Results by key. All are good for the same time, so the oldest are the first to go.
#[derive(Debug)]
pub(crate) struct Cache<V> {
    bounds: Bounds,
    state: Mutex<State<V>>,
}

#[derive(Debug)]
struct State<V> {
    kept: HashMap<Arc<str>, (Instant, V)>,
    order: VecDeque<(Instant, Arc<str>)>,
    bytes: usize,
    under_way: HashMap<Arc<str>, Waiting<V>>,
}

/// What there is for a key.
#[derive(Debug)]
pub(crate) enum Got<V> {
    /// A result, and how old it is.
    Kept(V, Duration),
    /// Somebody is at it.
    UnderWay(Waiting<V>),
    /// Nothing.
    Nothing,
}

/// The right to bring a result, which everyone who comes meanwhile waits for.
#[derive(Debug)]
pub(crate) struct Turn<V: Clone + Weigh> {
    cache: Arc<Cache<V>>,
    key: Arc<str>,
    sender: watch::Sender<Option<V>>,
}

impl<V: Clone + Weigh> Cache<V> {
    pub(crate) fn new(bounds: Bounds) -> Arc<Self> {
        let state = State {
            kept: HashMap::new(),
            order: VecDeque::new(),
            bytes: 0,
            under_way: HashMap::new(),
        };
        Arc::new(Self { bounds, state: Mutex::new(state) })
    }

    /// What there is for a key.
    pub(crate) fn get(&self, key: &str, now: Instant) -> Got<V> {
        let mut state = self.state();
        state.forget(now, self.bounds);
        if let Some((since, value)) = state.kept.get(key) {
            return Got::Kept(value.clone(), now.saturating_duration_since(*since));
        }
        match state.under_way.get(key) {
            Some(waiting) => Got::UnderWay(waiting.clone()),
            None => Got::Nothing,
        }
    }

    /// The right to bring the result for a key; for all but the first the result to wait for.
    pub(crate) fn turn(self: &Arc<Self>, key: &str) -> Result<Turn<V>, Waiting<V>> {
        let mut state = self.state();
        if let Some(waiting) = state.under_way.get(key) {
            return Err(waiting.clone());
        }
        let (sender, waiting) = watch::channel(None);
        let key: Arc<str> = key.into();
        state.under_way.insert(key.clone(), waiting);
        Ok(Turn { cache: self.clone(), key, sender })
    }

    /// How many are kept, and how large they are.
    pub(crate) fn size(&self) -> (usize, usize) {
        let state = self.state();
        (state.kept.len(), state.bytes)
    }

    fn state(&self) -> MutexGuard<'_, State<V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V: Clone + Weigh> Turn<V> {
    /// What whoever comes meanwhile waits for.
    pub(crate) fn waiting(&self) -> Waiting<V> {
        self.sender.subscribe()
    }

    /// Hands the result to those who wait, and keeps it where that makes sense.
    pub(crate) fn bring(self, value: V, keep: bool, now: Instant) {
        let bounds = self.cache.bounds;
        let weight = value.weight();
        if keep && !bounds.time.is_zero() && weight <= bounds.bytes && bounds.entries > 0 {
            let mut state = self.cache.state();
            if let Some((_, old)) = state.kept.insert(self.key.clone(), (now, value.clone())) {
                state.bytes -= old.weight();
            }
            state.order.push_back((now, self.key.clone()));
            state.bytes += weight;
            state.forget(now, bounds);
        }
        self.sender.send_replace(Some(value));
    }
}

impl<V: Clone + Weigh> Drop for Turn<V> {
    fn drop(&mut self) {
        self.cache.state().under_way.remove(&self.key);
    }
}

impl<V: Weigh> State<V> {
    /// Drops what is too old, and the oldest where there is too much.
    fn forget(&mut self, now: Instant, bounds: Bounds) {
        while let Some((since, key)) = self.order.front() {
            let old = now.saturating_duration_since(*since) >= bounds.time;
            let much = self.kept.len() > bounds.entries || self.bytes > bounds.bytes;
            if !old && !much {
                break;
            }
            // A key that was brought again has a later place in the order too.
            if self.kept.get(key).is_some_and(|(kept, _)| kept == since)
                && let Some((_, value)) = self.kept.remove(key)
            {
                self.bytes -= value.weight();
            }
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weigh for String {
        fn weight(&self) -> usize {
            self.len()
        }
    }

    const SECOND: Duration = Duration::from_secs(1);

    fn cache(entries: usize, bytes: usize) -> Arc<Cache<String>> {
        Cache::new(Bounds { time: SECOND * 60, entries, bytes })
    }

    fn bring(cache: &Arc<Cache<String>>, key: &str, value: &str, now: Instant) {
        cache.turn(key).expect("nobody is at it").bring(value.into(), true, now);
    }

    #[test]
    fn what_is_kept_tells_its_age_and_goes() {
        let cache = cache(10, 100);
        let start = Instant::now();
        bring(&cache, "a", "1", start);
        assert!(
            matches!(cache.get("a", start + SECOND * 59), Got::Kept(v, age) if v == "1" && age == SECOND * 59)
        );
        assert!(matches!(cache.get("a", start + SECOND * 60), Got::Nothing));
        assert_eq!(cache.size(), (0, 0));
    }

    #[test]
    fn there_are_never_too_many_entries_or_bytes() {
        let cache = cache(10, 100);
        let start = Instant::now();
        for i in 0..100 {
            bring(&cache, &i.to_string(), "123", start);
            assert!(cache.size().0 <= 10);
        }
        assert_eq!(cache.size(), (10, 30));
        assert!(matches!(cache.get("89", start), Got::Nothing));
        assert!(matches!(cache.get("90", start), Got::Kept(..)));
        bring(&cache, "large", &"x".repeat(95), start);
        assert_eq!(cache.size(), (2, 98));
        bring(&cache, "too large", &"x".repeat(101), start);
        assert!(matches!(cache.get("too large", start), Got::Nothing));
        // The same key again and again leaves nothing behind.
        for i in 0..1000 {
            bring(&cache, "same", &i.to_string(), start);
        }
        assert!(cache.state().order.len() <= 1002 && cache.size().1 <= 100);
    }

    #[tokio::test]
    async fn those_who_come_meanwhile_get_the_same() {
        let cache = cache(10, 100);
        let turn = cache.turn("a").expect("nobody is at it");
        let Got::UnderWay(mut waiting) = cache.get("a", Instant::now()) else {
            panic!("somebody is")
        };
        assert!(cache.turn("a").is_err());
        turn.bring("1".into(), false, Instant::now());
        assert_eq!(waiting.wait_for(Option::is_some).await.unwrap().as_deref(), Some("1"));
        assert!(matches!(cache.get("a", Instant::now()), Got::Nothing), "it was not to be kept");
        // Who fails leaves the turn to others, and those who waited are told.
        let turn = cache.turn("a").expect("nobody is at it");
        let mut waiting = turn.waiting();
        drop(turn);
        assert!(waiting.wait_for(Option::is_some).await.is_err());
        assert!(cache.turn("a").is_ok());
    }
}
