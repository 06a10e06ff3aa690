//! The first rollout (RFC 8461 §5: a policy is tested before it is enforced).

use super::super::draft::{Draft, Proof, with_hosts};
use super::super::wait::later;
use super::super::{Act, Note, State, Wait, What, Why};
use crate::policy::{Mode, Values};
use crate::report::aggregate::Day;
use crate::report::readiness::{CLEAN_DAYS, Reason, SILENT_DAYS, Status};

/// So many days until the reports of the first whole day are there: reports are of days in UTC and come some hours after them
/// (RFC 8460 §4.1).
const REPORT_DAYS: i64 = 3;

pub(super) fn write(draft: &mut Draft) {
    let before = draft.before;
    draft.step(Act::CheckHosts, Proof::Hosts, Vec::new());
    draft.about(&before.mx);
    ask_for_reports(draft);
    let mode = before.mode();
    if mode == Some(Mode::Enforce) {
        draft.note(Note::AlreadyEnforced);
        draft.step(Act::Watch, Proof::Later, vec![draft.days(Why::Reports, REPORT_DAYS)]);
        return;
    }
    let known = before.policy.as_ref();
    let mut hosts = known.map(|values| values.mx.clone()).unwrap_or_default();
    hosts = with_hosts(&hosts, &before.mx);
    let since = match mode {
        Some(Mode::Testing) => {
            let reported = draft.given.readiness.and_then(|readiness| readiness.testing_since);
            let since = draft.given.testing_since.or(reported);
            if since.is_none() {
                draft.note(Note::TestingSince);
            }
            since.unwrap_or(draft.given.start)
        }
        _ => {
            let reports = draft.seen.and_then(|seen| seen.reports) == Some(true);
            let wait = draft.days(Why::Reports, REPORT_DAYS);
            let waits = if reports { Vec::new() } else { vec![wait] };
            draft.serve(
                Act::ServeTesting,
                Mode::Testing,
                &hosts,
                lifetime(known, Mode::Testing),
                waits,
            );
            draft.announce(Act::AnnounceTesting);
            draft.given.testing_since.unwrap_or(draft.day())
        }
    };
    let wait = observation(draft, since);
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

/// Adds the step that asks for TLS reports.
pub(super) fn ask_for_reports(draft: &mut Draft) {
    draft.step(Act::AskForReports, Proof::Reports, Vec::new());
    // What asks for reports already has an address of its own.
    if draft.steps.last().is_some_and(|step| step.state == State::Done) {
        return;
    }
    let domain = draft.given.domain;
    let to = draft.given.alias_of.unwrap_or(domain);
    let owner = ["_smtp._tls.", domain].concat();
    let line = format!("{owner}. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@{to}\"");
    draft.publish(What::Records, owner, line);
}

/// The lifetime to go on with: that of now where it is one for the mode, or else the usual one.
pub(super) fn lifetime(values: Option<&Values>, mode: Mode) -> u64 {
    const DAY: u64 = 86_400;
    let usual = mode.usual_max_age();
    let now = values.filter(|values| values.mode == Some(mode)).and_then(|values| values.max_age);
    let least = if mode == Mode::Enforce { 7 * DAY } else { DAY };
    now.filter(|now| *now >= least).unwrap_or(usual)
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
