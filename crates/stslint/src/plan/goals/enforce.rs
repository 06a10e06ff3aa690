//! The first rollout (RFC 8461 §5: a policy is tested before it is enforced).

use super::super::draft::{Draft, Proof, with_hosts};
use super::super::given::Txt;
use super::super::wait::later;
use super::super::{Act, Note, State, Wait, Why};
use crate::build::rpt_value;
use crate::policy::{Mode, Values};
use crate::report::aggregate::Day;
use crate::report::readiness::{CLEAN_DAYS, Reason, SILENT_DAYS, Status};

/// So many days until the reports of the first whole day are there: reports are of days in UTC and come some hours after them
/// (RFC 8460 §4.1).
const REPORT_DAYS: i64 = 3;

pub(super) fn write(draft: &mut Draft) {
    let before = draft.before;
    let mode = before.mode();
    let known = before.policy.as_ref();
    let named = known.map(|values| values.mx.as_slice()).unwrap_or_default();
    let hosts = with_hosts(named, &before.mx);
    let unnamed = hosts.get(named.len()..).unwrap_or_default();
    let is_repaired = matches!(mode, Some(Mode::Enforce | Mode::Testing)) && !unnamed.is_empty();
    look_first(draft);
    draft.step(Act::CheckHosts, Proof::Hosts, Vec::new());
    draft.about(&before.mx);
    ask_for_reports(draft);
    if is_repaired {
        draft.note(Note::NotNamed(unnamed.to_vec()));
    }
    if mode == Some(Mode::Enforce) {
        let is_held = is_repaired || draft.seen.is_some_and(|seen| !seen.hosts_bad.is_empty());
        match draft.is_announced() {
            true if is_held => draft.note(Note::HeldBack),
            true => draft.note(Note::AlreadyEnforced),
            false => {
                draft.note(Note::NotAnnounced);
                draft.announce(Act::AnnounceEnforce);
            }
        }
        draft.step(Act::Watch, Proof::Later, vec![draft.days(Why::Reports, REPORT_DAYS)]);
        return;
    }
    let since = match mode {
        Some(Mode::Testing) if draft.is_announced() && !is_repaired => {
            let reported = draft.given.readiness.and_then(|readiness| readiness.testing_since);
            let since = draft.given.testing_since.or(reported);
            if since.is_none() {
                draft.note(Note::TestingSince);
            }
            since.unwrap_or(draft.given.start)
        }
        _ => {
            let is_testing = mode == Some(Mode::Testing);
            let reports = draft.seen.and_then(|seen| seen.reports) == Some(Txt::Usable);
            let wait = draft.days(Why::Reports, REPORT_DAYS);
            let waits = if reports || is_testing { Vec::new() } else { vec![wait] };
            draft.serve(
                Act::ServeTesting,
                Mode::Testing,
                &hosts,
                lifetime(known, Mode::Testing),
                waits,
            );
            if is_testing {
                draft.prove_hosts(&hosts);
            }
            draft.announce(Act::AnnounceTesting);
            // What was tested before had not all hosts, or no sender saw it.
            let since = draft.given.testing_since.filter(|_| !is_testing);
            since.unwrap_or(draft.day())
        }
    };
    let mut wait = observation(draft, since);
    if draft.seen.is_some_and(|seen| !seen.hosts_bad.is_empty()) {
        // Whatever the days are: what would hold mail back is not repaired today.
        wait.until = wait.until.max(later(draft.given.today, 1));
    }
    draft.step_until(Act::Observe, Proof::Later, Vec::new(), Some(later(wait.until, -1)));
    draft.about(&before.mx);
    if draft.given.readiness.is_some_and(|seen| seen.status == Status::Ready)
        && let Some(step) = draft.steps.last_mut()
    {
        step.state = State::Done;
    }
    draft.serve(
        Act::ServeEnforce,
        Mode::Enforce,
        &hosts,
        lifetime(known, Mode::Enforce),
        vec![wait],
    );
    draft.announce(Act::AnnounceEnforce);
    draft.step(Act::Watch, Proof::Later, vec![draft.days(Why::Reports, REPORT_DAYS)]);
}

/// Notes what was seen and is wrong, and what was not seen.
fn look_first(draft: &mut Draft) {
    let Some(seen) = draft.seen else { return };
    if !seen.errors.is_empty() {
        draft.note(Note::Problems(seen.errors.clone()));
    }
    if !seen.hosts_bad.is_empty() {
        draft.note(Note::HostsBad(seen.hosts_bad.clone()));
    }
    let is_given = |name: &&String| {
        name.contains("_smtp._tls.") || name.starts_with("MX ") || draft.given.policy.is_none()
    };
    let unknown: Vec<String> = seen.unknown.iter().filter(is_given).cloned().collect();
    if !unknown.is_empty() {
        draft.note(Note::Unseen(unknown));
    }
}

/// Adds the step that asks for TLS reports.
pub(super) fn ask_for_reports(draft: &mut Draft) {
    draft.step(Act::AskForReports, Proof::Reports, Vec::new());
    // What asks for reports already has an address of its own.
    if draft.steps.last().is_some_and(|step| step.state == State::Done) {
        return;
    }
    let domain = draft.given.domain;
    let to = draft.given.alias_of.unwrap_or(domain);
    if let Some(seen) = draft.seen.filter(|seen| seen.reports == Some(Txt::Unusable)) {
        draft.note(Note::ReportsUnusable(seen.dropped.clone()));
    }
    let kept = draft.seen.and_then(|seen| seen.asked.clone());
    let value = kept.unwrap_or_else(|| rpt_value(to));
    draft.publish_txt("_smtp._tls", 3600, &value);
}

/// The lifetime to go on with: that of now where it is one for the mode, or else the usual one.
pub(super) fn lifetime(values: Option<&Values>, mode: Mode) -> u64 {
    const DAY: u64 = 86_400;
    let usual = mode.usual_max_age();
    let now = values.filter(|values| values.mode == Some(mode)).and_then(|values| values.max_age);
    let least = if mode == Mode::Enforce { 7 * DAY } else { DAY };
    now.filter(|now| *now >= least && mode != Mode::None).unwrap_or(usual)
}

/// Until when a domain is to be watched that is in mode testing since a day.
fn observation(draft: &Draft, since: Day) -> Wait {
    let clean = draft.wait(Why::Clean(CLEAN_DAYS), later(since, CLEAN_DAYS));
    let silent = draft.wait(Why::Silent(SILENT_DAYS), later(since, SILENT_DAYS));
    let Some(seen) = draft.given.readiness else { return clean };
    let today = draft.given.today;
    if seen.status == Status::Ready {
        return if seen.reasons.contains(&Reason::LongSilence) { silent } else { clean };
    }
    if seen.reasons.contains(&Reason::Silence) {
        return silent;
    }
    // A failure of today counts for as long as no other comes behind it. Its day has to be behind the days without one.
    let failed = seen.days_clean.filter(|_| seen.reasons.contains(&Reason::Failures));
    let after = failed.map(|ago| later(today, CLEAN_DAYS + 1 - ago));
    // Whatever else is missing, it is not there today.
    let least = after.unwrap_or_else(|| later(today, 1));
    Wait { until: clean.until.max(least), ..clean }
}
