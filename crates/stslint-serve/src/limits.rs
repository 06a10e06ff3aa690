//! Who may ask how often, with tables that can't grow.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A rate: so many at once, and one more each time the interval is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many may come at once. 0 lets everything pass.
    pub burst: u32,
    /// After which time there may be one more.
    pub every: Duration,
}

impl Rate {
    /// So many in a minute, and so many at once. 0 lets everything pass.
    pub fn per_minute(count: u32) -> Self {
        Self { burst: count, every: Duration::from_secs(60) / count.max(1) }
    }
}

/// The network that an address stands for where people are counted: one customer has at least a /64
/// of IPv6 (RFC 6177 §2).
pub(crate) fn client_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}

/// The network that a site has: where clients have a /64 each, a site has up to a /48 (RFC 6177 §2), and with it
/// as many clients as it likes.
fn site_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 80 << 80).into()),
    }
}

/// Counts what many do, each by its key: the generic cell rate algorithm, which needs one point in
/// time for each.
///
/// The table has a largest size. When it is full of keys that still count, newcomers share one
/// allowance, so that memory stays bounded and nobody is let through uncounted.
#[derive(Debug)]
pub(crate) struct Limiter<K> {
    rate: Rate,
    most: usize,
    table: Mutex<Table<K>>,
}

#[derive(Debug)]
struct Table<K> {
    /// When each key would be as if it had never asked.
    free_at: HashMap<K, Instant>,
    /// The same for all who found no room.
    others: Option<Instant>,
}

impl<K: Eq + Hash> Limiter<K> {
    /// A limiter for at most so many keys.
    pub(crate) fn new(rate: Rate, most: usize) -> Self {
        let table = Table { free_at: HashMap::new(), others: None };
        Self { rate, most, table: Mutex::new(table) }
    }

    /// Takes one from the allowance of a key.
    ///
    /// # Errors
    ///
    /// How long to wait until there is one.
    pub(crate) fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let Rate { burst, every } = self.rate;
        if burst == 0 {
            return Ok(());
        }
        let mut table = self.table();
        if table.free_at.len() >= self.most && !table.free_at.contains_key(&key) {
            table.free_at.retain(|_, free_at| *free_at > now);
        }
        let full = table.free_at.len() >= self.most;
        let Table { free_at, others } = &mut *table;
        let slot = match free_at.entry(key) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(_) if full => others.get_or_insert(now),
            Entry::Vacant(entry) => entry.insert(now),
        };
        let start = (*slot).max(now);
        let wait = (start + every).saturating_duration_since(now + every * burst);
        if wait.is_zero() {
            *slot = start + every;
            Ok(())
        } else {
            Err(wait)
        }
    }

    fn table(&self) -> MutexGuard<'_, Table<K>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts what is under way for each key. The table holds what is under way and nothing else.
#[derive(Debug)]
pub(crate) struct UnderWay<K: Eq + Hash + Copy> {
    most: usize,
    table: Mutex<HashMap<K, usize>>,
}

/// Something under way, until it is dropped.
#[derive(Debug)]
pub(crate) struct Going<'l, K: Eq + Hash + Copy> {
    of: &'l UnderWay<K>,
    key: K,
}

impl<K: Eq + Hash + Copy> UnderWay<K> {
    /// At most so many at a time for each key.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, table: Mutex::default() }
    }

    /// One more, if that is not too many.
    pub(crate) fn start(&self, key: K) -> Option<Going<'_, K>> {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let count = table.entry(key).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Going { of: self, key })
    }
}

impl<K: Eq + Hash + Copy> Drop for Going<'_, K> {
    fn drop(&mut self) {
        let mut table = self.of.table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut entry) = table.entry(self.key) {
            *entry.get_mut() -= 1;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

/// Counts what is under way for each client, and for each site, which may have twice as much in all.
#[derive(Debug)]
pub(crate) struct Crowd {
    clients: UnderWay<IpAddr>,
    sites: UnderWay<IpAddr>,
}

/// Something of a client under way, until it is dropped.
#[derive(Debug)]
pub(crate) struct Share<'c> {
    _client: Going<'c, IpAddr>,
    _site: Going<'c, IpAddr>,
}

impl Crowd {
    /// At most so many at a time for each client.
    pub(crate) fn new(most: usize) -> Self {
        Self { clients: UnderWay::new(most), sites: UnderWay::new(most.saturating_mul(2)) }
    }

    /// One more for the client at an address, if that is not too many.
    pub(crate) fn start(&self, address: IpAddr) -> Option<Share<'_>> {
        let client = self.clients.start(client_key(address))?;
        let site = self.sites.start(site_key(address))?;
        Some(Share { _client: client, _site: site })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn so_many_at_once_and_one_more_each_time() {
        let limiter = Limiter::new(Rate { burst: 3, every: SECOND }, 10);
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(limiter.take("a", start), Ok(()));
        }
        assert_eq!(limiter.take("a", start), Err(SECOND));
        assert_eq!(limiter.take("b", start), Ok(()), "each has its own");
        assert_eq!(limiter.take("a", start + SECOND / 2), Err(SECOND / 2));
        assert_eq!(limiter.take("a", start + SECOND), Ok(()));
        assert!(limiter.take("a", start + SECOND).is_err());
        for _ in 0..3 {
            assert_eq!(limiter.take("a", start + SECOND * 100), Ok(()));
        }
        assert!(limiter.take("a", start + SECOND * 100).is_err(), "no more is saved up");
    }

    #[test]
    fn the_table_can_not_grow() {
        let limiter = Limiter::new(Rate { burst: 2, every: SECOND }, 4);
        let start = Instant::now();
        let passed = (0..1000).filter(|i| limiter.take(*i, start).is_ok()).count();
        assert_eq!(passed, 4 + 2, "four have their own, all others share two");
        assert_eq!(limiter.table().free_at.len(), 4);
        // Those who were there go on by their own count.
        assert_eq!(limiter.take(0, start), Ok(()));
        assert!(limiter.take(0, start).is_err());
        // And room is made when their time is over.
        assert_eq!(limiter.take(2000, start + SECOND * 9), Ok(()));
        assert_eq!(limiter.table().free_at.len(), 1);
    }

    #[test]
    fn zero_is_no_limit() {
        let limiter = Limiter::new(Rate::per_minute(0), 1);
        assert!((0..100).all(|_| limiter.take(1, Instant::now()).is_ok()));
        assert!(limiter.table().free_at.is_empty());
    }

    #[test]
    fn what_is_under_way_is_counted_and_forgotten() {
        let under_way = UnderWay::new(2);
        let first = under_way.start(1);
        let second = under_way.start(1);
        assert!(first.is_some() && second.is_some());
        assert!(under_way.start(1).is_none());
        assert!(under_way.start(2).is_some());
        drop(first);
        assert!(under_way.start(1).is_some());
        drop(second);
        assert!(under_way.table.lock().unwrap().is_empty());
    }

    #[test]
    fn many_clients_of_one_site_have_no_more_than_two() {
        let crowd = Crowd::new(4);
        let start = |text: &str| crowd.start(text.parse().expect("an address"));
        let all: Vec<_> = (0..100).filter_map(|i| start(&format!("2606:4700:1:{i}::1"))).collect();
        assert_eq!(all.len(), 8);
        let one: Vec<_> = (0..9).filter_map(|i| start(&format!("2606:4700:2:1::{i}"))).collect();
        let v4: Vec<_> = (0..9).filter_map(|_| start("8.8.8.8")).collect();
        assert_eq!((one.len(), v4.len()), (4, 4));
        drop(all);
        assert!(start("2606:4700:1:7::1").is_some());
    }

    #[test]
    fn a_customer_of_ipv6_is_one_client() {
        let key = |text: &str| client_key(text.parse().unwrap()).to_string();
        assert_eq!(key("2606:4700:1:2:3:4:5:6"), "2606:4700:1:2::");
        assert_eq!(key("::ffff:8.8.8.8"), "8.8.8.8");
    }
}
