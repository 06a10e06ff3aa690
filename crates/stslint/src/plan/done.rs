//! Which steps are done, from what a live check saw.

use super::draft::{Done, Draft, Proof};
use super::given::{Given, Seen, Txt};
use crate::policy::{Mode, Values};
use crate::report::aggregate::Day;

/// The steps that facts show as done. Nobody says when, but that ids mostly have a date in them. What is gone too early, so that
/// senders with a copy still want it, shows nothing.
pub(super) fn shown_by(draft: &Draft, too_early: bool) -> Done {
    let mut done = Done::new();
    let Some(seen) = draft.seen else { return done };
    let shown = shown(draft, seen, too_early);
    // What has no proof of its own is over when something behind it is done.
    let is_change = |proof: &Proof| !matches!(proof, Proof::Hosts | Proof::Reports | Proof::Later);
    let changes = draft.proofs.iter().zip(&shown).enumerate();
    let last = changes
        .filter(|(_, (proof, shown))| is_change(proof) && **shown)
        .map(|(at, _)| at)
        .next_back();
    let is_announced =
        |(proof, shown): (&Proof, &bool)| matches!(proof, Proof::Announced(..)) && *shown;
    let announced = draft.proofs.iter().zip(&shown).rposition(is_announced);
    for (at, (step, proof)) in draft.steps.iter().zip(&draft.proofs).enumerate() {
        let is_shown = shown.get(at) == Some(&true);
        let is_over = *proof == Proof::Later && last.is_some_and(|last| at < last);
        if is_shown || is_over {
            let is_now = matches!(proof, Proof::Announced(..)) && Some(at) == announced;
            let day = seen.id.as_deref().filter(|_| is_now).and_then(day_of_id);
            let day = day.filter(|day| (draft.given.start..=draft.given.today).contains(day));
            done.insert(step.act, day);
        }
    }
    done
}

/// The day that an id begins with, as most do: `20261201T000000Z`, `20261201000000`.
fn day_of_id(id: &str) -> Option<Day> {
    let (year, month, day) = (id.get(..4)?, id.get(4..6)?, id.get(6..8)?);
    Day::read(&[year, "-", month, "-", day].concat())
}

/// For each step whether facts show it.
fn shown(draft: &Draft, seen: &Seen, too_early: bool) -> Vec<bool> {
    // Policies follow each other: those before the one that is served now were served as well.
    let is_now = |proof: &Proof| match proof {
        Proof::Policy(mode, mx) => matches!(&seen.policy, Some(Some(now)) if is(now, *mode, mx)),
        _ => false,
    };
    let policies = draft.proofs.iter().rposition(is_now);
    let no_record = seen.record == Some(Txt::Absent) && !too_early;
    let is_gone = seen.policy == Some(None) && no_record;
    let leaves = draft.proofs.contains(&Proof::NoPolicy);
    // The plan may begin when mode none is served.
    let left = policies.is_some() || draft.before.mode() == Some(Mode::None);
    // Whether an id is new can't be told where nobody knows the old one.
    let is_known = draft.before.id.is_some() || draft.before.policy.is_none();
    let old = draft.before.id.as_deref().unwrap_or_default();
    let mut policy = None;
    let mut out = Vec::new();
    for (at, proof) in draft.proofs.iter().enumerate() {
        let all_gone = leaves && is_gone;
        out.push(match proof {
            Proof::Later => false,
            Proof::Hosts => seen.hosts_good,
            Proof::Reports => seen.reports == Some(Txt::Usable),
            Proof::Policy(..) => {
                policy = Some(at);
                all_gone || policies.is_some_and(|last| at <= last)
            }
            Proof::Announced(id, is_first) => {
                let behind = policies.is_some_and(|last| policy.is_some_and(|at| at < last));
                let is_new = policies.is_some()
                    && policy == policies
                    && seen.id.as_deref().is_some_and(|now| {
                        // An id of somebody's own is only known to be another than that of before.
                        is_of_step(draft, now, id) || *is_first && is_known && now != old
                    });
                // Gone before its time is no proof; gone after mode none is.
                let removed = leaves && policies.is_some() && no_record;
                all_gone || behind || is_new || removed
            }
            Proof::AnyPolicy => matches!(seen.policy, Some(Some(_))),
            Proof::AnyRecord => seen.record == Some(Txt::Usable),
            Proof::NoRecord => no_record && (all_gone || left),
            Proof::NoPolicy => all_gone,
            Proof::Mx(hosts) => {
                seen.hosts().is_some_and(|now| hosts.iter().all(|h| now.contains(h)))
            }
            Proof::MxOnly(hosts) => {
                let only =
                    |now: Vec<String>| !now.is_empty() && now.iter().all(|h| hosts.contains(h));
                !too_early && seen.hosts().is_some_and(only)
            }
            Proof::NullMx => seen.null_mx == Some(true),
        });
    }
    out
}

/// Whether an id is the one that the plan gives a step, on whatever day it came: what stands behind the date is the same.
fn is_of_step(draft: &Draft, now: &str, id: &str) -> bool {
    let Given { start, today, .. } = *draft.given;
    let is_within = day_of_id(now).is_some_and(|day| (start..=today).contains(&day));
    is_within && now.get(8..) == id.get(8..) && Some(now) != draft.before.id.as_deref()
}

/// Whether a policy is in this mode, and has just these patterns, where there are some.
fn is(now: &Values, mode: Mode, mx: &[String]) -> bool {
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    now.mode == Some(mode) && (mx.is_empty() || sorted(&now.mx) == sorted(mx))
}
