//! Days of reports.

use crate::time;
use std::fmt::{self, Write};

const SECONDS: i64 = 86_400;

/// A day in UTC, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a point in time, in seconds since 1970-01-01T00:00:00Z.
    pub fn of(seconds: i64) -> Self {
        Self(i32::try_from(seconds.div_euclid(SECONDS)).unwrap_or(i32::MAX))
    }

    /// The day that is written so: `2026-10-01`.
    pub fn read(text: &str) -> Option<Self> {
        (text.len() == 10)
            .then(|| time::parse(&format!("{text}T00:00:00Z")))?
            .map(|time| Self::of(time.seconds))
    }

    /// How many days `other` is before this one; less than nothing where it is after it.
    pub fn since(self, other: Self) -> i64 {
        i64::from(self.0) - i64::from(other.0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((year, month, day)) = time::date(i64::from(self.0) * SECONDS) else {
            return write!(f, "day {}", self.0);
        };
        // Totals name a day with every number that they have, and padding by the formatter costs ten times as much.
        let digit = |number: u16| char::from(b'0' + (number % 10) as u8);
        let (month, day) = (u16::from(month), u16::from(day));
        let year = [year / 1000, year / 100, year / 10, year].map(digit).into_iter();
        let rest = ['-', digit(month / 10), digit(month), '-', digit(day / 10), digit(day)];
        year.chain(rest).try_for_each(|c| f.write_char(c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_they_are_read() {
        for text in ["1970-01-01", "2026-02-28", "2024-02-29"] {
            assert_eq!(Day::read(text).map(|day| day.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Day::read("1970-01-02"), Some(Day(1)));
        assert_eq!(Day::of(-1), Day(-1));
        assert_eq!(Day::of(i64::MAX).to_string(), "day 2147483647");
        for text in ["", "2026-2-28", "2026-02-30", "2026-02-28T", "2026-02-28Z"] {
            assert_eq!(Day::read(text), None, "{text}");
        }
    }
}
