//! A queue of requests to one place, of which only some are under way at once: fewer when the place
//! asks to slow down, and more again when it goes well.

use std::collections::VecDeque;

/// Most requests under way at once.
const MOST: usize = 16;

/// Answers after which one more may be under way again.
const CALM: u32 = 8;

/// The first wait when a place does not say how long, in milliseconds.
const FIRST_WAIT: f64 = 1000.0;

/// The longest wait, in milliseconds.
const LONGEST_WAIT: f64 = 60_000.0;

/// A queue of jobs.
#[derive(Debug)]
pub(super) struct Lane<J> {
    waiting: VecDeque<J>,
    under_way: usize,
    most: usize,
    /// When the next may begin, in milliseconds since 1970.
    from: f64,
    calm: u32,
    /// How often in a row the place asked to slow down.
    slowed: u32,
}

impl<J> Default for Lane<J> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), under_way: 0, most: MOST, from: 0.0, calm: 0, slowed: 0 }
    }
}

impl<J> Lane<J> {
    /// Adds a job at the end.
    pub(super) fn add(&mut self, job: J) {
        self.waiting.push_back(job);
    }

    /// Adds a job that has to be done once more: it goes first.
    pub(super) fn add_again(&mut self, job: J) {
        self.waiting.push_front(job);
    }

    /// A job that may begin now.
    pub(super) fn next(&mut self, now: f64) -> Option<J> {
        if self.under_way >= self.most || now < self.from {
            return None;
        }
        let job = self.waiting.pop_front()?;
        self.under_way += 1;
        Some(job)
    }

    /// A job is over that went well.
    pub(super) fn ended(&mut self) {
        self.under_way -= 1;
        self.slowed = 0;
        self.calm += 1;
        if self.calm >= CALM && self.most < MOST {
            self.most += 1;
            self.calm = 0;
        }
    }

    /// A job is over, as the place wants to be asked less, for so many seconds if it says so.
    /// Returns how many milliseconds to wait.
    pub(super) fn slow_down(&mut self, seconds: Option<u32>, now: f64) -> f64 {
        self.under_way -= 1;
        self.calm = 0;
        // DomainList that were under way together say the same.
        if now >= self.from {
            self.slowed = (self.slowed + 1).min(16);
            self.most = (self.most / 2).max(1);
        }
        let wait = match seconds {
            Some(seconds) => f64::from(seconds) * 1000.0,
            None => FIRST_WAIT * f64::from(1 << (self.slowed.max(1) - 1)),
        };
        self.from = self.from.max(now + wait.min(LONGEST_WAIT));
        self.from - now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(jobs: usize) -> Lane<usize> {
        let mut lane = Lane::default();
        (0..jobs).for_each(|job| lane.add(job));
        lane
    }

    fn start(lane: &mut Lane<usize>, now: f64) -> Vec<usize> {
        std::iter::from_fn(|| lane.next(now)).collect()
    }

    #[test]
    fn only_so_many_are_under_way() {
        let mut lane = lane(40);
        assert_eq!(start(&mut lane, 0.0).len(), MOST);
        lane.ended();
        assert_eq!(start(&mut lane, 0.0), [MOST]);
    }

    #[test]
    fn who_is_asked_to_slow_down_waits_and_loses_nothing() {
        let mut lane = lane(MOST);
        let begun = start(&mut lane, 0.0);
        for job in &begun {
            let wait = lane.slow_down(None, 0.0);
            assert!((1.0..=FIRST_WAIT).contains(&wait), "{wait}");
            lane.add_again(*job);
        }
        assert!(start(&mut lane, FIRST_WAIT - 1.0).is_empty());
        let mut done = Vec::new();
        let mut now = FIRST_WAIT;
        while done.len() < MOST {
            let some = start(&mut lane, now);
            assert!(some.len() < MOST && !some.is_empty(), "{some:?}");
            some.iter().for_each(|_| lane.ended());
            done.extend(some);
            now += 1.0;
        }
        done.sort_unstable();
        assert_eq!(done, (0..MOST).collect::<Vec<_>>());
    }

    #[test]
    fn waits_double_and_end() {
        let mut lane = lane(1);
        let (mut now, mut waits) = (0.0, Vec::new());
        for _ in 0..9 {
            let job = lane.next(now).expect("it is time");
            let wait = lane.slow_down(None, now);
            lane.add_again(job);
            waits.push(wait);
            now += wait;
        }
        assert_eq!(waits[..4], [1000.0, 2000.0, 4000.0, 8000.0]);
        assert_eq!(waits[8], LONGEST_WAIT);
        assert_eq!(lane.next(now), Some(0));
        assert_eq!(lane.slow_down(Some(3), now), 3000.0);
    }
}
