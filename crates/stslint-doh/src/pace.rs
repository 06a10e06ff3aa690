//! How often one place may be asked: a few requests at a time, fewer and later when it asks to slow
//! down (RFC 6585 §4; RFC 9110 §10.2.3), and step by step more again when it goes well.
//!
//! Times are values, in milliseconds on a clock of the caller that never goes back far.

use core::fmt;

/// How often a question is asked in all when each time the place asks to slow down.
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
    /// The longest wait that is waited, in milliseconds.
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
    /// Not at all: the place asks for a longer wait than anyone here has patience for. That says
    /// nothing about the domain.
    Never(Wait),
}

/// A wait that a place asks for. In words: "asks to wait 5 minutes".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// How long, in seconds.
    pub seconds: u64,
}

impl Pace {
    /// At most so many requests at once, and no longer wait than this, in milliseconds.
    pub fn new(most: usize, patience: u64) -> Self {
        Self {
            most,
            patience,
            under_way: 0,
            allowed: most,
            from: 0,
            calm: 0,
            in_a_row: 0,
            obeyed: 0,
        }
    }

    /// Whether a request may begin now.
    pub fn begin(&mut self, now: u64) -> Turn {
        let wait = self.from.saturating_sub(now);
        if wait > self.patience {
            return Turn::Never(Wait { seconds: wait.div_ceil(1000) });
        }
        if wait > 0 {
            return Turn::Later(self.from);
        }
        if self.under_way >= self.allowed {
            return Turn::Full;
        }
        self.under_way += 1;
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
        if is_first && wait <= self.patience {
            self.obeyed += 1;
        }
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

    /// Begins as many as may.
    fn begin_all(pace: &mut Pace, now: u64) -> usize {
        core::iter::repeat_with(|| pace.begin(now)).take_while(|turn| *turn == Turn::Begin).count()
    }

    /// Asks once and is told to slow down. When it may be asked again, if that is worth it.
    fn refused(pace: &mut Pace, retry_after: Option<u32>, now: u64) -> Turn {
        assert_eq!(pace.begin(now), Turn::Begin);
        pace.slow_down(retry_after, now);
        pace.begin(now)
    }

    #[test]
    fn only_so_many_are_under_way() {
        let mut pace = pace();
        assert_eq!(begin_all(&mut pace, 0), MOST);
        assert_eq!(pace.begin(0), Turn::Full);
        pace.done(0);
        assert_eq!(begin_all(&mut pace, 0), 1);
    }

    #[test]
    fn what_is_told_to_many_at_once_counts_once() {
        let mut pace = pace();
        begin_all(&mut pace, 0);
        (0..MOST).for_each(|_| pace.slow_down(None, 0));
        assert_eq!(pace.obeyed(), 1);
        assert_eq!(pace.begin(FIRST_WAIT - 1), Turn::Later(FIRST_WAIT));
        assert_eq!(begin_all(&mut pace, FIRST_WAIT), MOST / 2);
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
        assert_eq!(pace.begin(539_999), Turn::Never(Wait { seconds: 61 }));
        assert_eq!(pace.begin(540_000), Turn::Later(600_000), "now it is worth it");
        assert_eq!(pace.begin(600_000), Turn::Begin);
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
        assert_eq!(pace.begin(FIRST_WAIT), Turn::Later(3 * FIRST_WAIT), "the second in a row");
    }

    #[test]
    fn waits_are_told_in_words() {
        let words = |seconds| Wait { seconds }.to_string();
        assert_eq!(words(1), "asks to wait 1 second");
        assert_eq!(words(61), "asks to wait 61 seconds");
        assert_eq!(words(3601), "asks to wait 61 minutes");
    }
}
