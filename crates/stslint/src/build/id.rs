//! Ids of policies: points in time, as most have them (RFC 8461 §3.1 leaves it open).

use crate::time;

/// An id for a policy that changes at this point in time, in seconds since 1970: `20261128T140000Z`. Where `old` is such a
/// time and not before it, the next second after `old`, so that ids only grow. None for years that have no form.
pub fn fresh(now: i64, old: Option<&str>) -> Option<String> {
    let after = old.and_then(seconds).map(|old| old.saturating_add(1));
    time::compact(after.map_or(now, |after| after.max(now)))
}

/// The point in time that an id says: `20261128T140000Z`, or the same without `T` or `Z`.
fn seconds(id: &str) -> Option<i64> {
    let id = id.strip_suffix('Z').unwrap_or(id);
    let (date, time) = id.split_at_checked(8)?;
    let time = time.strip_prefix('T').unwrap_or(time);
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if time.len() != 6 || !digits(date) || !digits(time) {
        return None;
    }
    let piece = |text: &str, from: usize, to: usize| text.get(from..to).map(str::to_owned);
    let (year, month, day) = (piece(date, 0, 4)?, piece(date, 4, 6)?, piece(date, 6, 8)?);
    let (hour, minute, second) = (piece(time, 0, 2)?, piece(time, 2, 4)?, piece(time, 4, 6)?);
    time::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z")).map(|time| time.seconds)
}

#[cfg(test)]
mod tests {
    use super::fresh;

    #[test]
    fn an_id_is_later_than_the_one_before() {
        const NOW: i64 = 1_790_812_800; // 2026-10-01T00:00:00Z
        for (old, id) in [
            (None, "20261001T000000Z"),
            (Some("20260930T235959Z"), "20261001T000000Z"),
            (Some("20261001T000000Z"), "20261001T000001Z"),
            (Some("20271231T235959Z"), "20280101T000000Z"),
            (Some("20261001000000"), "20261001T000001Z"),
            (Some("20261001000000Z"), "20261001T000001Z"),
            // No points in time.
            (Some("2026100101"), "20261001T000000Z"),
            (Some("20261399T000000Z"), "20261001T000000Z"),
            (Some("éééééééé"), "20261001T000000Z"),
            (Some(""), "20261001T000000Z"),
        ] {
            assert_eq!(fresh(NOW, old).as_deref(), Some(id), "{old:?}");
        }
        assert_eq!(fresh(i64::MAX, None), None);
    }
}
