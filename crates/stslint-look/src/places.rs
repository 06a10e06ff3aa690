//! How much goes on at one place at the same time: an address, a policy host that many domains share.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bounds for places of a kind. Only places where something goes on take memory.
#[derive(Debug)]
pub struct Places<K: Eq + Hash> {
    most: usize,
    places: Arc<Mutex<HashMap<K, Arc<Semaphore>>>>,
}

/// A turn at a place; it is over when this is dropped.
#[derive(Debug)]
pub struct Place<K: Eq + Hash> {
    key: Option<K>,
    permit: Option<OwnedSemaphorePermit>,
    places: Arc<Mutex<HashMap<K, Arc<Semaphore>>>>,
}

impl<K: Clone + Eq + Hash> Places<K> {
    /// So much at each place at the same time.
    pub fn new(most: usize) -> Self {
        Self { most, places: Arc::default() }
    }

    /// Waits for a turn at a place.
    pub async fn turn(&self, key: K) -> Place<K> {
        let turns = {
            let mut places = lock(&self.places);
            Arc::clone(
                places.entry(key.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.most))),
            )
        };
        // From here on the place is let go, whether the turn comes or nobody waits for it any more.
        let mut place = Place { key: Some(key), permit: None, places: Arc::clone(&self.places) };
        place.permit = turns.acquire_owned().await.ok(); // It is never closed.
        place
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
        if let Some(key) = self.key.take()
            && places.get(&key).is_some_and(|turns| Arc::strong_count(turns) == 1)
        {
            places.remove(&key);
        }
    }
}

fn lock<K>(
    places: &Mutex<HashMap<K, Arc<Semaphore>>>,
) -> MutexGuard<'_, HashMap<K, Arc<Semaphore>>> {
    places.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::task::JoinSet;

    #[tokio::test]
    async fn so_many_at_a_place_and_others_do_not_wait() {
        let places = Arc::new(Places::new(2));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut jobs = JoinSet::new();
        for _ in 0..20 {
            let (places, now, most) = (places.clone(), now.clone(), most.clone());
            jobs.spawn(async move {
                let _turn = places.turn("one").await;
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(1)).await;
                now.fetch_sub(1, Ordering::SeqCst);
            });
        }
        tokio::task::yield_now().await;
        drop(places.turn("other").await);
        jobs.join_all().await;
        assert_eq!(most.load(Ordering::SeqCst), 2);
        assert!(places.is_empty(), "{} places are kept", places.len());
    }

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_nothing() {
        let places = Places::new(1);
        let turn = places.turn("one").await;
        let waiting = tokio::time::timeout(Duration::from_millis(5), places.turn("one"));
        assert!(waiting.await.is_err());
        assert_eq!(places.len(), 1);
        drop(turn);
        assert!(places.is_empty());
    }
}
