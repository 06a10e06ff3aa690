//! Mail is held back now: what helps within the hour, the quickest first.

use super::super::draft::{Draft, Proof, with_hosts};
use super::super::{Act, Note};
use super::leave;
use crate::policy::Mode;

/// How long senders keep the policy that lets mail through, in seconds: a day.
const SHORT: u64 = 86_400;

pub(super) fn write(draft: &mut Draft) {
    let before = draft.before;
    if before.policy.is_some() && before.mode() != Some(Mode::Enforce) {
        draft.note(Note::NotEnforced);
    }
    let patterns = before.policy.as_ref().map(|values| values.mx.clone()).unwrap_or_default();
    let all = with_hosts(&patterns, &before.mx);
    let unnamed = all.get(patterns.len()..).unwrap_or_default();
    if before.policy.is_some() && !unnamed.is_empty() {
        draft.note(Note::NotNamed(unnamed.to_vec()));
    }
    if let Some(seen) = draft.seen.filter(|seen| !seen.problems.is_empty()) {
        draft.note(Note::Problems(seen.problems.clone()));
    }
    if let Some(seen) = draft.seen.filter(|seen| !seen.hosts_bad.is_empty()) {
        draft.note(Note::HostsBad(seen.hosts_bad.clone()));
    }
    if before.policy.is_none() && !before.is_broken {
        draft.note(Note::PolicyUnknown);
    }
    leave::gone(draft);
    draft.step(Act::FindCause, Proof::Later, Vec::new());
    draft.about(&before.mx);
    draft.step(Act::Repair, Proof::Later, Vec::new());
    draft.about(&before.mx);
    draft.serve(Act::ServeTesting, Mode::Testing, &all, SHORT, Vec::new());
    draft.announce(Act::AnnounceTesting);
    draft.step(Act::SendersLook, Proof::Later, Vec::new());
    draft.within(draft.ttl());
    if draft.before.ttl.is_none() && draft.given.ttl.is_none() {
        draft.note(Note::Ttl(draft.ttl()));
    }
    draft.step(Act::BeginAnew, Proof::Later, Vec::new());
    leave::copies_end(draft);
}
