//! Back to mode testing, and out of MTA-STS (RFC 8461 §8.3).

use super::super::draft::{Draft, Proof, SHORT_TTL};
use super::super::given::{Seen, Txt};
use super::super::{Act, NoPlan, Note, What, Why};
use crate::policy::{MAX_MAX_AGE, Mode};

/// How long senders keep what is published on the way out, in seconds: a day (RFC 8461 §8.3).
const SHORT: u64 = 86_400;

/// From mode enforce to mode testing.
pub(super) fn roll_back(draft: &mut Draft) -> Result<(), NoPlan> {
    let values = draft.before.need_policy()?;
    if values.mode != Some(Mode::Enforce) {
        return Err(NoPlan::NotEnforced);
    }
    gone(draft);
    draft.serve(Act::ServeTesting, Mode::Testing, &values.mx, SHORT, Vec::new());
    draft.announce(Act::AnnounceTesting);
    copies_end(draft);
    Ok(())
}

/// Notes that no record announces a policy that senders may hold.
pub(super) fn gone(draft: &mut Draft) {
    let is_held = matches!(draft.before.mode(), Some(Mode::Enforce | Mode::Testing));
    if is_held && draft.record() == Some(Txt::Absent) {
        draft.note(Note::RemovedTooEarly);
    }
}

/// Adds the step at which the last copy of an enforced policy ends.
pub(super) fn copies_end(draft: &mut Draft) {
    if let Some(wait) = draft.none_enforced() {
        draft.note(Note::OlderCopies(draft.before.max_age()));
        draft.step(Act::CopiesEnd, Proof::Later, vec![wait]);
    }
}

/// Out of MTA-STS.
pub(super) fn remove(draft: &mut Draft) -> Result<(), NoPlan> {
    let values = draft.before.need_policy()?;
    if values.mode == Some(Mode::None) {
        draft.note(Note::OlderUnknown);
        draft.assume_older(MAX_MAX_AGE);
    } else {
        let is_left = |seen: &Seen| match &seen.policy {
            Some(Some(now)) => now.mode == Some(Mode::None),
            Some(None) => true,
            None => false,
        };
        if draft.record() == Some(Txt::Absent) && !draft.seen.is_some_and(is_left) {
            draft.note(Note::RemovedTooEarly);
        }
        draft.note(Note::OlderCopies(draft.before.max_age()));
        draft.serve(Act::ServeNone, Mode::None, &values.mx, SHORT, Vec::new());
        draft.announce(Act::AnnounceNone);
    }
    let domain = draft.given.domain;
    let waits = draft.removal_free().into_iter().collect();
    draft.step(Act::RemoveRecord, Proof::NoRecord, waits);
    draft.gone(false);
    let owner = ["_mta-sts.", domain].concat();
    let kind = if draft.alias(&owner).is_some() { "CNAME" } else { "TXT" };
    draft.publish(What::Gone, owner.clone(), [&owner, ". IN ", kind].concat());
    let ttl = if values.mode == Some(Mode::None) { draft.ttl() } else { SHORT_TTL };
    let mut waits = vec![draft.seconds(Why::RecordTtl(ttl), ttl)];
    waits.extend(draft.removal_free());
    draft.step(Act::RemoveHost, Proof::NoPolicy, waits);
    draft.gone(true);
    let owner = ["mta-sts.", domain].concat();
    let lines = ["A", "AAAA", "CNAME"].map(|kind| format!("{owner}. IN {kind}"));
    draft.publish(What::Gone, owner, lines.join("\n"));
    Ok(())
}
