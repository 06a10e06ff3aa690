//! How much goes on at one place at the same time: an address, a policy host that many domains share.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout_at;

/// How many more may wait at a place where no connection comes about: that costs it nothing, and one after the other would
/// take days.
const AT_A_SILENT_ONE: usize = 64;

/// Most places that are remembered for what they were like.
const REMEMBERED: usize = 1 << 16;

/// Bounds for places of a kind. Places where nothing goes on take no memory, but for those that kept silent or want to be
/// asked later.
#[derive(Debug)]
pub struct Places<K: Eq + Hash> {
    most: usize,
    places: Arc<Mutex<HashMap<K, Arc<Semaphore>>>>,
    silent: Mutex<HashSet<K>>,
    held: Mutex<HashMap<K, Instant>>,
}

/// Why there is no turn in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTurn {
    /// Too many others had theirs before.
    Full,
    /// The place wants to be left alone for longer.
    Held,
}

/// A turn at a place; it is over when this is dropped.
#[derive(Debug)]
pub struct Place<K: Eq + Hash> {
    key: K,
    permit: Option<OwnedSemaphorePermit>,
    places: Arc<Mutex<HashMap<K, Arc<Semaphore>>>>,
}

impl<K: Clone + Eq + Hash> Places<K> {
    /// So much at each place at the same time.
    pub fn new(most: usize) -> Self {
        Self { most, places: Arc::default(), silent: Mutex::default(), held: Mutex::default() }
    }

    /// Waits for a turn at a place until a time.
    ///
    /// # Errors
    ///
    /// There is none in time: why.
    pub async fn turn(&self, key: K, until: Instant) -> Result<Place<K>, NoTurn> {
        self.held(&key, until)?;
        let turns = {
            let is_silent = lock(&self.silent).contains(&key);
            let most = self.most + if is_silent { AT_A_SILENT_ONE } else { 0 };
            let mut places = lock(&self.places);
            Arc::clone(places.entry(key.clone()).or_insert_with(|| Arc::new(Semaphore::new(most))))
        };
        // From here on the place is let go, whether the turn comes or nobody waits for it any more.
        let mut place = Place { key, permit: None, places: Arc::clone(&self.places) };
        let turn = timeout_at(until.into(), turns.acquire_owned()).await;
        place.permit = turn.map_err(|_| NoTurn::Full)?.ok(); // It is never closed.
        if let Some(wait) = self.held(&place.key, until)? {
            tokio::time::sleep_until(wait.into()).await;
        }
        Ok(place)
    }

    /// Until when the place wants to be left alone, if there is time for that.
    fn held(&self, key: &K, until: Instant) -> Result<Option<Instant>, NoTurn> {
        match lock(&self.held).get(key) {
            Some(wait) if *wait > until => Err(NoTurn::Held),
            wait => Ok(wait.copied()),
        }
    }

    /// Notes that no connection came about in the time that there was: more may wait for it from now on.
    pub fn is_silent(&self, key: &K) {
        let mut silent = lock(&self.silent);
        if silent.len() >= REMEMBERED || !silent.insert(key.clone()) {
            return;
        }
        if let Some(turns) = lock(&self.places).get(key) {
            turns.add_permits(AT_A_SILENT_ONE);
        }
    }

    /// Nobody has a turn there before this time, as the place asks for that.
    pub fn hold(&self, key: K, until: Instant) {
        let mut held = lock(&self.held);
        if held.len() >= REMEMBERED {
            let now = Instant::now();
            held.retain(|_, until| *until > now);
        }
        held.insert(key, until);
    }

    /// How many places something goes on at.
    pub fn len(&self) -> usize {
        lock(&self.places).len()
    }

    /// Whether nothing goes on anywhere.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut places = lock(&self.places);
        drop(self.permit.take());
        // The map holds it once; whoever waits, or has a turn, once more.
        if places.get(&self.key).is_some_and(|turns| Arc::strong_count(turns) == 1) {
            places.remove(&self.key);
        }
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::task::JoinSet;

    fn late() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(5)
    }

    #[tokio::test]
    async fn so_many_at_a_place_and_others_do_not_wait() {
        let places = Arc::new(Places::new(2));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut jobs = JoinSet::new();
        for _ in 0..20 {
            let (places, now, most) = (places.clone(), now.clone(), most.clone());
            jobs.spawn(async move {
                let _turn = places.turn("one", late()).await;
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(1)).await;
                now.fetch_sub(1, Ordering::SeqCst);
            });
        }
        tokio::task::yield_now().await;
        drop(places.turn("other", late()).await);
        jobs.join_all().await;
        assert_eq!(most.load(Ordering::SeqCst), 2);
        assert!(places.is_empty(), "{} places are kept", places.len());
    }

    #[tokio::test]
    async fn many_wait_at_a_place_that_keeps_silent() {
        let places = Places::new(1);
        let first = places.turn("one", late()).await.expect("it is free");
        assert_eq!(places.turn("one", soon()).await.err(), Some(NoTurn::Full));
        places.is_silent(&"one");
        places.is_silent(&"one");
        let mut turns = vec![first];
        while let Ok(turn) = places.turn("one", soon()).await {
            turns.push(turn);
        }
        assert_eq!(turns.len(), 1 + AT_A_SILENT_ONE);
        drop(turns);
        let again = [places.turn("one", late()).await, places.turn("one", late()).await];
        assert!(again.iter().all(Result::is_ok), "it is known later, too");
        assert_eq!(places.len(), 1);
    }

    #[tokio::test]
    async fn a_place_that_asks_for_it_is_left_alone() {
        let places = Places::new(1);
        let until = Instant::now() + Duration::from_millis(30);
        places.hold("one", until);
        drop(places.turn("other", late()).await);
        assert!(Instant::now() < until, "the other one has not asked for it");
        assert_eq!(places.turn("one", soon()).await.err(), Some(NoTurn::Held));
        assert!(Instant::now() < until, "nobody waits for what is not to come");
        drop(places.turn("one", late()).await.expect("there is time"));
        assert!(Instant::now() >= until);
    }

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_nothing() {
        let places = Places::new(1);
        let turn = places.turn("one", late()).await;
        let waiting = tokio::time::timeout(Duration::from_millis(5), places.turn("one", late()));
        assert!(waiting.await.is_err());
        assert_eq!(places.len(), 1);
        drop(turn);
        assert!(places.is_empty());
    }
}
