//! Points in time as RFC 3339 §5.6 writes them.

use std::str::FromStr;
use time::{Date, OffsetDateTime};

/// A date-time that could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    /// Seconds since 1970-01-01T00:00:00Z; fractions are dropped.
    pub(crate) seconds: i64,
    /// Whether the offset from UTC is given, as it has to be.
    pub(crate) has_offset: bool,
}

/// Reads a date-time. Without an offset it is taken for UTC.
pub(crate) fn parse(text: &str) -> Option<Time> {
    let bytes = text.as_bytes();
    let is = |at: usize, wanted: &[u8]| bytes.get(at).is_some_and(|b| wanted.contains(b));
    if !(is(4, b"-") && is(7, b"-") && is(10, b"Tt") && is(13, b":") && is(16, b":")) {
        return None;
    }
    let month: u8 = number(text, 5, 2)?;
    let date =
        Date::from_calendar_date(number(text, 0, 4)?, month.try_into().ok()?, number(text, 8, 2)?);
    let midnight = date.ok()?.midnight().assume_utc().unix_timestamp();
    let (hour, minute, second): (i64, i64, i64) =
        (number(text, 11, 2)?, number(text, 14, 2)?, number(text, 17, 2)?);
    // 60 is a leap second (RFC 3339 §5.7). There is no hour 24.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut at = 19;
    if is(at, b".") {
        let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        at += 1 + digits;
    }
    let (offset, has_offset) = match bytes.get(at) {
        None => (0, false),
        Some(b'Z' | b'z') if at + 1 == bytes.len() => (0, true),
        Some(sign @ (b'+' | b'-')) if at + 6 == bytes.len() && is(at + 3, b":") => {
            let (hours, minutes): (i64, i64) = (number(text, at + 1, 2)?, number(text, at + 4, 2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let seconds = hours * 3600 + minutes * 60;
            (if *sign == b'-' { -seconds } else { seconds }, true)
        }
        Some(_) => return None,
    };
    let seconds = midnight + hour * 3600 + minute * 60 + second - offset;
    Some(Time { seconds, has_offset })
}

/// The number that `len` digits make.
fn number<T: FromStr>(text: &str, from: usize, len: usize) -> Option<T> {
    let digits = text.get(from..from + len)?;
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// A time in UTC as ids of policies mostly have it: `20261001T000000Z`. None as for [`rfc3339`].
pub(crate) fn compact(seconds: i64) -> Option<String> {
    rfc3339(seconds).map(|time| time.replace(['-', ':'], ""))
}

/// A time in UTC as RFC 3339 §5.6 has it: `2026-10-01T00:00:00Z`. None for years before 0 or after
/// 9999, which it has no form for.
pub fn rfc3339(seconds: i64) -> Option<String> {
    let (year, month, day) = date(seconds)?;
    let (hour, minute, second) = OffsetDateTime::from_unix_timestamp(seconds).ok()?.to_hms();
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Year, month and day of the time that is so many seconds after 1970; none before the year 0 and after 9999.
pub(crate) fn date(seconds: i64) -> Option<(u16, u8, u8)> {
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    let (year, month, day) = time.to_calendar_date();
    Some((u16::try_from(year).ok()?, month.into(), day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        parse(text).map(|time| time.seconds)
    }

    #[test]
    fn reads_what_rfc_3339_allows() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2026-10-01T00:00:00Z"), Some(1_790_812_800));
        assert_eq!(seconds("2026-10-01t02:00:00.25+02:00"), Some(1_790_812_800));
        assert_eq!(seconds("2026-09-30T18:30:00-05:30"), Some(1_790_812_800));
        assert_eq!(seconds("2024-02-29T23:59:60Z"), Some(1_709_251_200));
        assert_eq!(seconds("0000-03-01T00:00:00Z"), Some(-62_162_035_200));
        assert_eq!(parse("2026-10-01T00:00:00").map(|time| time.has_offset), Some(false));
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "2026-10-01",
            "2026-10-01 00:00:00Z",
            "2026-10-01T24:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-10-01T00:00Z",
            "2026-10-01T00:00:00.Z",
            "2026-10-01T00:00:00+0200",
            "2026-10-01T00:00:00Zx",
            "1790812800",
            "２026-10-01T00:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
    #[test]
    fn writes_the_years_that_have_a_form() {
        for (seconds, text) in [
            (0, Some("1970-01-01T00:00:00Z")),
            (1_790_812_799, Some("2026-09-30T23:59:59Z")),
            (-62_167_219_200, Some("0000-01-01T00:00:00Z")),
            (-62_167_219_201, None),
            // No end of a certificate's time (RFC 5280 §4.1.2.5).
            (253_402_300_799, Some("9999-12-31T23:59:59Z")),
            (253_402_300_800, None),
            (i64::MIN, None),
            (i64::MAX, None),
        ] {
            assert_eq!(rfc3339(seconds).as_deref(), text);
            if let Some(text) = text {
                assert_eq!(parse(text).map(|time| time.seconds), Some(seconds));
            }
        }
        assert_eq!(compact(1_790_812_800).as_deref(), Some("20261001T000000Z"));
    }
}
