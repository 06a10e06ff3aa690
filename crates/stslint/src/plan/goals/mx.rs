//! Other MX hosts (RFC 8461 §8.1): the policy names them before DNS does, and the old ones until no sender needs them.

use super::super::draft::{Draft, Proof, covering, with_hosts};
use super::super::given::{Before, Seen};
use super::super::{Act, NoPlan, Note, Wait, What, Why};
use super::enforce::lifetime;
use super::leave;
use crate::policy::{MAX_MAX_AGE, Mode, Values};
use std::collections::BTreeSet;

/// The TTL that is reckoned with for MX records, in seconds.
const MX_TTL: u32 = 86_400;

const DAY: u32 = 86_400;

/// Old hosts go, new ones come.
pub(super) fn relocate(draft: &mut Draft) -> Result<(), NoPlan> {
    let new = draft.given.new_mx;
    let values = begin(draft)?;
    let added = name_both(draft, values);
    let old = old_hosts(draft.before, values, new);
    add_records(draft, added);
    let mut waits: Vec<Wait> = draft.hosts_free(new).into_iter().collect();
    waits.push(draft.seconds(Why::MailArrives, DAY));
    draft.step(Act::DropMx, Proof::MxOnly(new.to_vec()), waits);
    draft.about(&old);
    remove_records(draft, new);
    draft.step(Act::SwitchOff, Proof::Later, vec![draft.seconds(Why::MxTtl(MX_TTL), MX_TTL)]);
    draft.about(&old);
    let kept = with_hosts(&covering(&values.mx, new), new);
    // The policy has to lose a line for that.
    if with_hosts(&values.mx, new) != kept {
        let mode = values.mode.unwrap_or(Mode::None);
        draft.serve(Act::ServeNew, mode, &kept, lifetime(Some(values), mode), Vec::new());
        draft.announce(Act::AnnounceNew);
    }
    Ok(())
}

/// New hosts come beside the old ones.
pub(super) fn add(draft: &mut Draft) -> Result<(), NoPlan> {
    let values = begin(draft)?;
    let added = name_both(draft, values);
    add_records(draft, added);
    if let Some(wait) = draft.hosts_free(draft.given.new_mx) {
        draft.step(Act::BackupCounts, Proof::Later, vec![wait]);
        draft.about(draft.given.new_mx);
    }
    Ok(())
}

/// Adds the first step; the policy of now.
fn begin<'g>(draft: &mut Draft<'g>) -> Result<&'g Values, NoPlan> {
    let new = draft.given.new_mx;
    if new.is_empty() {
        return Err(NoPlan::NewMxMissing);
    }
    let values = draft.before.need_policy()?;
    match values.mode {
        Some(Mode::Enforce) => {
            draft.note(Note::OlderCopies(draft.before.max_age()));
            if with_hosts(&values.mx, new) == values.mx {
                // Since when is not known.
                draft.note(Note::NamedSince);
                draft.assume_older(draft.before.max_age());
            }
        }
        Some(Mode::Testing) => draft.note(Note::OlderEnforced),
        _ => {
            draft.note(Note::OlderUnknown);
            draft.assume_older(MAX_MAX_AGE);
        }
    }
    leave::gone(draft);
    draft.step(Act::CheckNewHosts, Proof::Later, Vec::new());
    draft.about(new);
    Ok(values)
}

/// Adds the steps after which the policy names old and new hosts; whether it took any.
fn name_both(draft: &mut Draft, values: &Values) -> bool {
    let both = with_hosts(&values.mx, draft.given.new_mx);
    let mode = values.mode.unwrap_or(Mode::None);
    // What no record announces reaches nobody; in mode none nobody minds the hosts.
    if mode == Mode::None || both == values.mx && draft.is_announced() {
        return false;
    }
    draft.serve(Act::ServeBoth, mode, &both, lifetime(Some(values), mode), Vec::new());
    draft.announce(Act::AnnounceBoth);
    if draft.before.ttl.is_none() && draft.given.ttl.is_none() {
        draft.note(Note::Ttl(draft.ttl()));
    }
    true
}

/// Adds the step that adds MX records.
fn add_records(draft: &mut Draft, policy_changed: bool) {
    let new = draft.given.new_mx;
    // Senders with an old copy pass over the new hosts, and the old ones are still there (RFC 8461 §5.1).
    let waits = match policy_changed {
        true => vec![draft.record_ttl(), draft.seconds(Why::Refresh, DAY)],
        false => Vec::new(),
    };
    draft.step(Act::AddMx, Proof::Mx(new.to_vec()), waits);
    draft.about(new);
    let highest =
        draft.seen.and_then(|seen| seen.mx.as_ref()?.last().map(|(preference, _)| *preference));
    let preference = highest.map_or(20, |highest| highest.saturating_add(10));
    let domain = draft.given.domain;
    let line = |host: &String| format!("{domain}. 3600 IN MX {preference} {host}.");
    let there = draft.seen.and_then(Seen::hosts).unwrap_or_default();
    let missing: Vec<String> = new.iter().filter(|host| !there.contains(host)).map(line).collect();
    let lines = if missing.is_empty() { new.iter().map(line).collect() } else { missing };
    draft.publish(What::Records, domain.to_owned(), lines.join("\n"));
}

/// Says which MX records go, where they were seen.
fn remove_records(draft: &mut Draft, new: &[String]) {
    let domain = draft.given.domain;
    let seen = draft.seen.and_then(|seen| seen.mx.as_ref()).into_iter().flatten();
    let line = |(preference, host): &(u16, String)| format!("{domain}. IN MX {preference} {host}.");
    let lines: Vec<String> = seen.filter(|(_, host)| !new.contains(host)).map(line).collect();
    if !lines.is_empty() {
        draft.publish(What::Gone, domain.to_owned(), lines.join("\n"));
    }
}

/// The hosts that go: those that take mail now, or else those that the policy names.
fn old_hosts(before: &Before, values: &Values, new: &[String]) -> Vec<String> {
    let is_old = |host: &&String| !new.contains(host);
    let seen: Vec<String> = before.mx.iter().filter(is_old).cloned().collect();
    if !seen.is_empty() {
        return seen;
    }
    let needed: BTreeSet<String> = covering(&values.mx, new).into_iter().collect();
    values.mx.iter().filter(|pattern| !needed.contains(*pattern)).cloned().collect()
}
