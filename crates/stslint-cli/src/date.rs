//! Dates.

use std::time::{Duration, SystemTime};

/// Overrides the clock, in seconds since 1970, so that a result can be made again byte by byte.
const VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// The end of the year 9999, in seconds since 1970: later dates have no form in RFC 3339.
const END: u64 = 253_402_300_799;

/// The date that reports carry: today in UTC, as `2026-11-21`; or what `SOURCE_DATE_EPOCH` says.
pub(crate) fn today() -> Result<String, String> {
    now().map(day_of)
}

/// A policy id that no record had yet: the same time as `20261121T035300Z`.
pub(crate) fn fresh_id() -> Result<String, String> {
    let time = humantime::format_rfc3339_seconds(now()?).to_string();
    Ok(time.replace(['-', ':'], ""))
}

fn now() -> Result<SystemTime, String> {
    Ok(match std::env::var_os(VARIABLE) {
        None => SystemTime::now(),
        Some(value) => {
            let seconds = value.to_str().and_then(|text| text.parse().ok());
            let seconds = seconds
                .filter(|seconds| *seconds <= END)
                .ok_or_else(|| format!("{VARIABLE} is not a number of seconds since 1970"))?;
            SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
        }
    })
}

/// A point in time, in seconds since 1970, as a day in UTC; as it is where it has no such form.
pub(crate) fn day(seconds: i64) -> String {
    from_1970(seconds).map_or_else(|| format!("second {seconds}"), day_of)
}

fn from_1970(seconds: i64) -> Option<SystemTime> {
    let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds <= END)?;
    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

fn day_of(time: SystemTime) -> String {
    let mut date = humantime::format_rfc3339_seconds(time).to_string();
    date.truncate("2026-11-21".len());
    date
}
