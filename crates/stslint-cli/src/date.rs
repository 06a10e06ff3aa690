//! Dates.

use std::time::{SystemTime, UNIX_EPOCH};
use stslint::time::rfc3339;

/// Overrides the clock, in seconds since 1970, so that a result can be made again byte by byte.
const VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// The date that reports carry: today in UTC, as `2026-11-21`; or what `SOURCE_DATE_EPOCH` says.
pub(crate) fn today() -> Result<String, String> {
    now().map(day_of)
}

/// A policy id that no record had yet: the same time as `20261121T035300Z`.
pub(crate) fn fresh_id() -> Result<String, String> {
    Ok(now()?.replace(['-', ':'], ""))
}

/// What time it is, as RFC 3339 has it.
fn now() -> Result<String, String> {
    rfc3339(seconds()?).ok_or_else(no_number)
}

/// What time it is, in seconds since 1970.
pub(crate) fn seconds() -> Result<i64, String> {
    let seconds = match std::env::var_os(VARIABLE) {
        None => SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|time| time.as_secs()),
        Some(value) => value.to_str().and_then(|text| text.parse().ok()),
    };
    seconds.and_then(|seconds| i64::try_from(seconds).ok()).ok_or_else(no_number)
}

fn no_number() -> String {
    format!("{VARIABLE} is not a number of seconds since 1970")
}

/// A point in time, in seconds since 1970, as a day in UTC; as it is where it has no such form.
pub(crate) fn day(seconds: i64) -> String {
    rfc3339(seconds).map_or_else(|| format!("second {seconds}"), day_of)
}

fn day_of(mut time: String) -> String {
    time.truncate("2026-11-21".len());
    time
}
