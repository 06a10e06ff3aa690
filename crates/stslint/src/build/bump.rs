//! A new id for a policy that has changed (RFC 8461 §3.1: senders fetch a policy again when they see another id).

use super::id;
use super::wanted::{Error, Record, announce};
use crate::input::{Input, Kind};
use crate::policy;

/// Why there is no new id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The policies are the same: a new id would make all senders fetch it for nothing.
    Same,
    /// Senders can't use the policy.
    Unusable,
    /// The point in time has no form, or the record can't be written.
    Record(Option<Error>),
}

/// The record for a policy that takes the place of `old`, at this point in time, in seconds since 1970. `record` is what is
/// published at `_mta-sts`: its id comes before the new one, its other fields stay.
///
/// # Errors
///
/// Nothing has changed, or what is there can't be announced.
pub fn bump(
    policy: &[u8],
    old: Option<&[u8]>,
    record: Option<&str>,
    now: i64,
) -> Result<Record, Refused> {
    let input = Input { kind: Some(Kind::Policy), ..Input::new(policy) };
    let (_, findings) = policy::lint(&input);
    if findings.iter().any(|finding| finding.rule.breaks_use()) {
        return Err(Refused::Unusable);
    }
    if old.is_some_and(|old| lines(old).eq(lines(policy))) {
        return Err(Refused::Same);
    }
    let known = record.and_then(|record| crate::record::values(record, Kind::StsTxt).id);
    let id = id::fresh(now, known.as_deref()).ok_or(Refused::Record(None))?;
    announce(record, &id).map_err(|error| Refused::Record(Some(error)))
}

/// The lines without their ends, which make no difference to senders (RFC 8461 §3.2: CR LF or LF).
fn lines(policy: &[u8]) -> impl Iterator<Item = &[u8]> {
    let policy = policy.strip_suffix(b"\n").unwrap_or(policy);
    policy.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &[u8] =
        b"version: STSv1\r\nmode: testing\r\nmx: mx.acme-mail.net\r\nmax_age: 604800\r\n";
    const NOW: i64 = 1_790_812_800; // 2026-10-01T00:00:00Z

    #[test]
    fn a_changed_policy_gets_a_later_id() {
        let old = b"version: STSv1\nmode: testing\nmx: old.acme-mail.net\nmax_age: 604800\n";
        let value = |record| bump(POLICY, Some(old), record, NOW).map(|record| record.value);
        assert_eq!(value(None).as_deref(), Ok("v=STSv1; id=20261001T000000Z;"));
        let later = value(Some("v=STSv1; id=20261001T000000Z; x=1"));
        assert_eq!(later.as_deref(), Ok("v=STSv1; id=20261001T000001Z; x=1"));
    }

    #[test]
    fn nothing_new_is_refused() {
        let lf: Vec<u8> = POLICY.iter().copied().filter(|byte| *byte != b'\r').collect();
        for same in [POLICY, &lf, lf.strip_suffix(b"\n").expect("it ends")] {
            assert_eq!(bump(POLICY, Some(same), None, NOW), Err(Refused::Same));
        }
        let broken = b"version: STSv1\r\nmode: enforced\r\n";
        assert_eq!(bump(broken, None, None, NOW), Err(Refused::Unusable));
        assert_eq!(bump(POLICY, None, None, i64::MAX), Err(Refused::Record(None)));
    }
}
