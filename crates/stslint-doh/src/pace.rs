//! How often one place may be asked: a few requests at a time, fewer and later when it asks to slow
//! down (RFC 6585 §4; RFC 9110 §10.2.3), and step by step more again when it goes well.
//!
//! Times are values, in milliseconds on a clock of the caller that never goes back far.

use core::fmt;

/// How often a question is asked in all when each time the place asks to slow down, if there is time for that.
pub const TRIES: u32 = 8;

/// Answers after which one more may be under way again.
const CALM: u32 = 8;

/// The first wait when a place does not say how long, in milliseconds. Each further one in a row is
/// twice as long.
const FIRST_WAIT: u64 = 1000;

/// The pace of requests to one place.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Most requests under way at once when all goes well.
    most: usize,
    /// The longest wait where a place does not say how long, in milliseconds.
    patience: u64,
    under_way: usize,
    /// Most requests under way at once now.
    allowed: usize,
    /// When the next may begin.
    from: u64,
    /// Answers since `allowed` has changed.
    calm: u32,
    /// How often in a row the place asked to slow down.
    in_a_row: u32,
    /// Whether the place asked to slow down and was not asked again yet.
    told: bool,
    obeyed: u32,
}

/// Whether a request may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It may, and counts as under way until [`Pace::done`] or [`Pace::slow_down`].
    Begin,
    /// As many are under way as may be: once one is done.
    Full,
    /// Not before this time, in milliseconds on the caller's clock.
    Later(u64),
    /// Not at all: the place asks to wait for longer than there is time. That says nothing about the domain.
    Never(Wait),
}

/// A wait that a place asks for. In words: "asks to wait 5 minutes".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// How long, in seconds.
    pub seconds: u64,
}

impl Pace {
    /// At most so many requests at once. Where a place asks to slow down and does not say for how long, the
    /// wait grows up to this, in milliseconds.
    pub fn new(most: usize, patience: u64) -> Self {
        Self {
            most,
            patience,
            under_way: 0,
            allowed: most,
            from: 0,
            calm: 0,
            in_a_row: 0,
            told: false,
            obeyed: 0,
        }
    }

    /// Whether a request may begin now; it is of no use after the time `until`. A wait that the place asks for is
    /// waited in full or not at all.
    pub fn begin(&mut self, now: u64, until: u64) -> Turn {
        if let Some(wait) = self.waits(now) {
            return match self.from > until {
                true => Turn::Never(wait),
                false => Turn::Later(self.from),
            };
        }
        if self.under_way >= self.allowed {
            return Turn::Full;
        }
        self.under_way += 1;
        self.obeyed += u32::from(core::mem::take(&mut self.told));
        Turn::Begin
    }

    /// A request is over, and the place has not complained.
    pub fn done(&mut self, now: u64) {
        self.under_way -= 1;
        if now < self.from {
            // It began before the place asked to slow down.
            return;
        }
        self.in_a_row = 0;
        self.calm += 1;
        if self.calm >= CALM && self.allowed < self.most {
            self.allowed += 1;
            self.calm = 0;
        }
    }

    /// A request is over, as the place wants to be asked less: for so many seconds, if it says so.
    pub fn slow_down(&mut self, retry_after: Option<u32>, now: u64) {
        self.under_way -= 1;
        self.calm = 0;
        // Many that were under way together are told the same.
        let is_first = now >= self.from;
        if is_first {
            self.in_a_row += 1;
            self.allowed = (self.allowed / 2).max(1);
        }
        let wait = match retry_after {
            Some(seconds) => u64::from(seconds) * 1000,
            None => {
                let doubled = FIRST_WAIT << (self.in_a_row.clamp(1, 20) - 1);
                doubled.min(self.patience)
            }
        };
        self.from = self.from.max(now + wait);
        self.told |= is_first;
    }

    /// How long nothing begins as the place asked for that, if it is so now.
    pub fn waits(&self, now: u64) -> Option<Wait> {
        let wait = self.from.saturating_sub(now);
        (wait > 0).then(|| Wait { seconds: wait.div_ceil(1000) })
    }

    /// How often the place asked to slow down and was asked again later.
    pub fn obeyed(&self) -> u32 {
        self.obeyed
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seconds {
            1 => f.write_str("asks to wait 1 second"),
            seconds @ 0..120 => write!(f, "asks to wait {seconds} seconds"),
            seconds => write!(f, "asks to wait {} minutes", seconds.div_ceil(60)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 16;
    const PATIENCE: u64 = 60_000;

    fn pace() -> Pace {
        Pace::new(MOST, PATIENCE)
    }

    /// Asks for a turn with a minute's time.
    fn begin(pace: &mut Pace, now: u64) -> Turn {
        pace.begin(now, now + PATIENCE)
    }

    /// Begins as many as may.
    fn begin_all(pace: &mut Pace, now: u64) -> usize {
        core::iter::repeat_with(|| begin(pace, now)).take_while(|turn| *turn == Turn::Begin).count()
    }

    /// Asks once and is told to slow down. When it may be asked again, if that is worth it.
    fn refused(pace: &mut Pace, retry_after: Option<u32>, now: u64) -> Turn {
        assert_eq!(begin(pace, now), Turn::Begin);
        pace.slow_down(retry_after, now);
        begin(pace, now)
    }

    #[test]
    fn only_so_many_are_under_way() {
        let mut pace = pace();
        assert_eq!(begin_all(&mut pace, 0), MOST);
        assert_eq!(begin(&mut pace, 0), Turn::Full);
        pace.done(0);
        assert_eq!(begin_all(&mut pace, 0), 1);
    }

    #[test]
    fn what_is_told_to_many_at_once_counts_once() {
        let mut pace = pace();
        begin_all(&mut pace, 0);
        (0..MOST).for_each(|_| pace.slow_down(None, 0));
        assert_eq!(begin(&mut pace, FIRST_WAIT - 1), Turn::Later(FIRST_WAIT));
        assert_eq!(pace.obeyed(), 0);
        assert_eq!(begin_all(&mut pace, FIRST_WAIT), MOST / 2);
        assert_eq!(pace.obeyed(), 1);
    }

    #[test]
    fn waits_double_up_to_the_patience() {
        let (mut pace, mut now, mut waits) = (pace(), 0, Vec::new());
        for _ in 0..9 {
            let Turn::Later(from) = refused(&mut pace, None, now) else { panic!("{pace:?}") };
            waits.push(from - now);
            now = from;
        }
        assert_eq!(waits[..4], [1000, 2000, 4000, 8000]);
        assert_eq!(waits[8], PATIENCE);
    }

    #[test]
    fn a_wait_that_is_asked_for_is_waited_in_full() {
        let mut pace = pace();
        assert_eq!(refused(&mut pace, Some(7), 10), Turn::Later(7010), "also the first");
        assert_eq!(refused(&mut pace, Some(60), 7010), Turn::Later(67_010), "also the next");
        assert_eq!(refused(&mut pace, Some(0), 67_010), Turn::Begin, "also none");
    }

    #[test]
    fn one_that_is_too_long_is_neither_waited_nor_cut_short() {
        let mut pace = pace();
        let turn = refused(&mut pace, Some(600), 0);
        assert_eq!(turn, Turn::Never(Wait { seconds: 600 }));
        assert_eq!(pace.obeyed(), 0);
        assert_eq!(begin(&mut pace, 539_999), Turn::Never(Wait { seconds: 61 }));
        assert_eq!(begin(&mut pace, 540_000), Turn::Later(600_000), "now it is worth it");
        assert_eq!(begin(&mut pace, 600_000), Turn::Begin);
    }

    #[test]
    fn it_gets_faster_again_when_all_goes_well() {
        let (mut pace, mut now) = (pace(), 0);
        for _ in 0..5 {
            refused(&mut pace, Some(0), now);
            pace.done(now);
            now += 1;
        }
        let mut most = Vec::new();
        for _ in 0..MOST * CALM as usize {
            let begun = begin_all(&mut pace, now);
            most.push(begun);
            (0..begun).for_each(|_| pace.done(now));
        }
        assert_eq!((most[0], most.last()), (1, Some(&MOST)));
        assert!(most.is_sorted_by(|a, b| *b - *a <= 2), "step by step: {most:?}");
    }

    #[test]
    fn what_began_before_the_complaint_proves_nothing() {
        let mut pace = pace();
        assert_eq!(begin_all(&mut pace, 0), MOST);
        pace.slow_down(None, 0);
        (1..MOST).for_each(|_| pace.done(1));
        assert_eq!(begin_all(&mut pace, FIRST_WAIT), MOST / 2);
        (0..MOST / 2).for_each(|_| pace.slow_down(None, FIRST_WAIT));
        assert_eq!(
            begin(&mut pace, FIRST_WAIT),
            Turn::Later(3 * FIRST_WAIT),
            "the second in a row"
        );
    }

    #[test]
    fn nobody_waits_beyond_the_end_of_their_time() {
        let mut pace = pace();
        assert_eq!(pace.begin(0, 5000), Turn::Begin);
        pace.slow_down(Some(4), 0);
        assert_eq!(pace.begin(0, 5000), Turn::Later(4000));
        assert_eq!(pace.begin(4000, 5000), Turn::Begin);
        pace.slow_down(Some(4), 4000);
        assert_eq!(pace.begin(4000, 5000), Turn::Never(Wait { seconds: 4 }), "it would be late");
        assert_eq!(pace.begin(4000, 9000), Turn::Later(8000), "not for others");
        assert_eq!((pace.waits(4001), pace.waits(8000)), (Some(Wait { seconds: 4 }), None));
    }

    /// A place that takes 100 ms for an answer and asks to slow down for a while, and somebody who always has one
    /// more question. How many answers came in each second.
    fn answers(
        most: usize,
        complains: core::ops::Range<u64>,
        retry_after: Option<u32>,
    ) -> Vec<usize> {
        const SECONDS: usize = 30;
        const TAKES: u64 = 100;
        let mut pace = Pace::new(most, PATIENCE);
        let mut under_way = std::collections::VecDeque::new();
        let mut answers = vec![0; SECONDS];
        for now in 0..SECONDS as u64 * 1000 {
            while under_way.front().is_some_and(|began| began + TAKES == now) {
                let began = under_way.pop_front().expect("there is one");
                if complains.contains(&began) {
                    pace.slow_down(retry_after, now);
                } else {
                    pace.done(now);
                    answers[now as usize / 1000] += 1;
                }
            }
            while begin(&mut pace, now) == Turn::Begin {
                under_way.push_back(now);
            }
        }
        answers
    }

    #[test]
    fn it_is_as_fast_as_before_some_seconds_after_a_complaint() {
        for most in [8, 16] {
            for retry_after in [None, Some(1), Some(4)] {
                let answers = answers(most, 2000..4000, retry_after);
                let full = most * 10;
                assert_eq!(answers[1], full, "{answers:?}");
                assert_eq!(answers[3], 0, "{answers:?}");
                assert!(answers[14..].iter().all(|count| *count == full), "{answers:?}");
            }
            // One complaint alone costs two seconds, not the speed.
            let answers = answers(most, 2000..2001, None);
            assert!(answers[5..].iter().all(|count| *count == most * 10), "{answers:?}");
        }
    }

    #[test]
    fn waits_are_told_in_words() {
        let words = |seconds| Wait { seconds }.to_string();
        assert_eq!(words(1), "asks to wait 1 second");
        assert_eq!(words(61), "asks to wait 61 seconds");
        assert_eq!(words(3601), "asks to wait 61 minutes");
    }
}
