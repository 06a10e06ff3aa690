//! Whether a domain can be enforced, in words.

use super::aggregate::{code, counted, line, name, names, period, wrong};
use super::report::cause;
use super::words::count;
use crate::policy::Mode;
use crate::report::aggregate::{Day, FailureTotals, Kind};
use crate::report::newest::{Missed, Other};
use crate::report::readiness::{CLEAN_DAYS, Readiness, Reason, SILENT_DAYS, Status};
use crate::report::{Effect, effect};
use crate::text::visible;
use std::collections::BTreeSet;

/// The answer in a few words.
pub const fn status(status: Status) -> &'static str {
    match status {
        Status::Ready => "Ready for enforce",
        Status::NotReady => "Not ready for enforce",
        Status::NotEnoughKnown => "Not enough is known",
        Status::NotApplicable => "Nothing to promote",
    }
}

/// Why, in a sentence.
pub fn reason(reason: Reason, seen: &Readiness) -> String {
    let days = |days: Option<i64>| count(days.unwrap_or(0).unsigned_abs(), "day", "days");
    match reason {
        Reason::Enforced => "The policy is in mode enforce already.".into(),
        Reason::OptedOut => "The policy is in mode none: put it in mode testing first.".into(),
        Reason::NoPolicy => "Senders found no policy: publish one in mode testing first; if there is one, check the domain live to see why they don't find it."
                .into(),
        Reason::Gone => match seen.newest.gone {
            Some((sender, since)) => format!(
                "{} had the policy, and has found none since {since}. Copies that others keep hide that for a while. Check the \
                 domain live.",
                code(&name(sender))
            ),
            None => "Senders find the policy no more.".into(),
        },
        Reason::Mixed => format!(
            "Senders have different policies, and which is newer is not known: {}. Check the domain live.",
            seen.newest.others.iter().map(has).collect::<Vec<_>>().join(", ")
        ),
        Reason::Failures => failures(seen),
        Reason::Changed => {
            // A sender may still have lines of before on that day.
            let first = seen.hosts.as_ref().map(|hosts| format!(" were first seen on {}", hosts.since));
            format!(
                "The newest mx lines{}. They leave out hosts that the lines before covered, so what was reported before says little.",
                first.as_deref().unwrap_or(" are others than before")
            )
        }
        Reason::TooShort => {
            format!("In testing for {} of at least {CLEAN_DAYS}.", days(seen.days_testing))
        }
        Reason::UnknownStart => "It is not known since when the domain is in testing.".into(),
        Reason::Stale => {
            format!(
                "The newest report is {} old. What happened since is not known.",
                days(seen.newest_days)
            )
        }
        Reason::NothingOfSts => {
            format!(
                "No report of the last {CLEAN_DAYS} days tells of a session that went well under MTA-STS."
            )
        }
        Reason::Undated => format!(
            "{} with no day that can be read, or with one to come: what failed in {} may have failed now.",
            count(seen.undated, "report comes", "reports come"),
            if seen.undated == 1 { "it" } else { "them" }
        ),
        Reason::Uncounted => format!(
            "Some reports of the last {CLEAN_DAYS} days have no number of failed sessions that can be read: it may be any."
        ),
        Reason::Silence => format!(
            "No report has come. Without any, it takes at least {SILENT_DAYS} days in testing; that nobody reports proves nothing."
        ),
        Reason::LongSilence => format!(
            "In testing for {}, and no report has come. Nothing is known to stand in the way; that is not to say that nothing does. \
             See that the TLSRPT record is right, and check the domain live.",
            days(seen.days_testing)
        ),
        Reason::Clean => format!(
            "In testing for {}, and no failure that stands in the way in the last {CLEAN_DAYS} days, of which reports cover {}.",
            days(seen.days_testing),
            seen.days_covered
        ),
    }
}

/// That failures stand in the way, and what they would mean.
fn failures(seen: &Readiness) -> String {
    // Without a copy of the policy a sender delivers as if there were none (RFC 8461 §3.3).
    let is_of_policy = |failure: &&FailureTotals| {
        effect(failure.kind, &failure.cause, Some(Mode::Enforce)) == Effect::NotFetched
    };
    let of_policy: Vec<_> = seen.blocking.iter().filter(is_of_policy).collect();
    let both = !of_policy.is_empty() && of_policy.len() < seen.blocking.len();
    // Mail is delivered where they happened: they are no part of those that would hold it back.
    let apart = if both { sum(of_policy.iter().copied()).unwrap_or(0) } else { 0 };
    let (stand, is_counted) = in_the_way(seen, apart);
    let mut meaning = Vec::new();
    if of_policy.len() < seen.blocking.len() {
        let that = if both && !is_counted { "some of that" } else { "that" };
        meaning.push(format!("with an enforced policy {that} mail waits or bounces"));
    }
    if !of_policy.is_empty() {
        let senders: BTreeSet<_> = of_policy.iter().map(|failure| failure.sender).collect();
        let days: BTreeSet<_> =
            of_policy.iter().flat_map(|failure| &failure.days).map(|(day, _)| *day).collect();
        let on = match days.len() {
            0 => String::new(),
            number => format!(" on {}", count(number as u64, "day", "days")),
        };
        let more = if both && is_counted { format!("in {apart} more ") } else { String::new() };
        meaning.push(format!(
            "{more}{} could not get the policy{on}, and without a copy of it {} nothing",
            names(senders.iter().copied(), code),
            if senders.len() == 1 { "enforces" } else { "enforce" }
        ));
    }
    format!("{stand} in the way in the last {CLEAN_DAYS} days: {}.", meaning.join("; and "))
}

/// How many sessions failures tell of; none where that can't be read of one.
fn sum<'a>(mut failures: impl Iterator<Item = &'a FailureTotals<'a>>) -> Option<u64> {
    failures.try_fold(0, |sum: u64, failure| Some(sum.saturating_add(failure.sessions?)))
}

/// How many failures stand in the way, without so many that are told apart, and whether that is their number. Under several kinds of
/// policies a reporter may tell of one session twice, so there is no sum; and one session may fail for several reasons.
fn in_the_way(seen: &Readiness, apart: u64) -> (String, bool) {
    let blocking = &seen.blocking;
    let one_kind = blocking.windows(2).all(|two| two[0].kind == two[1].kind);
    let Some(told) = sum(blocking.iter()).filter(|_| one_kind) else {
        return ("Failures stand".into(), false);
    };
    let is_sts = blocking.first().is_some_and(|failure| failure.kind == Kind::Sts);
    match seen.sessions.1 {
        failed if !is_sts || seen.unread > 0 || told <= failed => {
            (count(told.saturating_sub(apart), "failure stands", "failures stand"), true)
        }
        failed if seen.other.iter().all(|other| other.kind != Kind::Sts) => {
            let failures = count(failed, "failed session", "failed sessions");
            let stand = if failed == 1 { "stands" } else { "stand" };
            (format!("{failures}, told of {told} times, {stand}"), false)
        }
        _ => ("Failures stand".into(), false),
    }
}

/// Who has a policy in which mode.
fn has(other: &Other) -> String {
    let day = period(Some(other.last), None);
    format!("{} has it in mode {}{day}", code(&name(other.sender)), other.mode.word())
}

/// Since when the newest policy is there, and who still has another one; none where nobody has.
pub fn kept(seen: &Readiness) -> Option<String> {
    let (mode, since) = (seen.newest.mode?, seen.newest.since?);
    let since = match mode {
        Mode::Enforce => format!("Enforced since {since} at the latest. "),
        Mode::None => format!("In mode none since {since} at the latest. "),
        // That is told besides.
        Mode::Testing => String::new(),
    };
    let others: Vec<String> = seen.newest.others.iter().map(still).collect();
    (!others.is_empty())
        .then(|| format!("{since}{}: senders keep a copy for its max_age.", others.join(", ")))
}

fn still(other: &Other) -> String {
    let day = period(Some(other.last), None);
    format!("{} still has the copy in mode {}{day}", code(&name(other.sender)), other.mode.word())
}

/// Who found no policy, and what that means; none where everybody who tells found one. `others` says that others found one.
pub fn finds_none(missed: &[Missed], others: bool) -> Option<String> {
    let first: Option<Day> = missed.iter().map(|missed| missed.first).min();
    let last: Option<Day> = missed.iter().map(|missed| missed.last).max();
    (!missed.is_empty()).then(|| {
        let who = names(missed.iter().map(|missed| missed.sender), code);
        let days = period(first, last);
        let meaning = match missed.len() {
            1 => "it asked for nothing, and mail would go on without TLS, too",
            _ => "they asked for nothing, and mail would go on without TLS, too",
        };
        let why = match others {
            true if missed.iter().all(|missed| missed.had) => "",
            true => " Some senders do not look for it at all.",
            false => " Where one is published, a check of the domain shows what is in the way.",
        };
        format!("No policy was found by {who}{days}: {meaning}.{why}")
    })
}

/// The answer and why in one line, then what it rests on, without the failures: for where these are told besides.
pub fn short(seen: &Readiness) -> Vec<String> {
    let mut answer = format!("{}.", status(seen.status));
    for one in &seen.reasons {
        answer.push(' ');
        answer.push_str(&reason(*one, seen));
    }
    let mut lines = vec![answer];
    lines.extend(kept(seen));
    if seen.status != Status::NotApplicable {
        lines.extend(numbers(seen));
    }
    lines
}

/// What the answer rests on, in numbers.
pub fn basis(seen: &Readiness) -> Vec<String> {
    let mut out = numbers(seen);
    out.extend(kept(seen));
    out.extend(
        seen.blocking
            .iter()
            .map(|failure| format!("In the way: {}: {}.", cause(&failure.cause), line(failure))),
    );
    out.extend(seen.other.iter().map(|failure| {
        format!(
            "Not in the way, as it is the sender's own or DANE's: {}: {}.",
            cause(&failure.cause),
            line(failure)
        )
    }));
    out
}

/// Reports, days and sessions.
fn numbers(seen: &Readiness) -> Vec<String> {
    let (success, failed) = seen.sessions;
    let mut out = vec![format!(
        "{} of the last {CLEAN_DAYS} days, on {} of them: {} went well under MTA-STS, {} wrong.",
        count(seen.reports, "report", "reports"),
        count(seen.days_covered.unsigned_abs(), "day", "days"),
        counted(success, seen.success_unread),
        wrong(failed, seen.unread),
    )];
    if let Some(days) = seen.days_clean {
        let days = count(days.unsigned_abs(), "day", "days");
        out.push(format!("The last failure that stands in the way was {days} ago."));
    }
    // What is gone is in no mode.
    let is_there = !seen.reasons.contains(&Reason::Gone);
    if let (Some(since), true) = (seen.testing_since, seen.since_reported && is_there) {
        let again = if seen.newest.is_back { " again" } else { "" };
        out.push(format!(
            "In testing since {since} at the latest, the day of the first report that has it so{again}."
        ));
    }
    // Where they cover less, that is the answer.
    if let Some(hosts) = seen.hosts.as_ref().filter(|hosts| hosts.is_less == Some(false))
        && seen.testing_since.is_some_and(|since| since < hosts.since)
        && !seen.reasons.contains(&Reason::Changed)
    {
        out.push(format!(
            "With these mx lines since {} only, which cover all that was covered before.",
            hosts.since
        ));
    }
    out
}

/// What is not known, which is told with any answer.
pub fn unknown(seen: &Readiness) -> Vec<String> {
    let mut out = Vec::new();
    if !seen.senders.is_empty() {
        let names: Vec<String> = seen.senders.iter().map(|name| visible(name)).collect();
        out.push(format!(
            "Reports come from {} only: what other senders meet is not known.",
            names.join(", ")
        ));
    }
    out.extend(finds_none(&seen.missed, seen.newest.mode.is_some()));
    if !seen.silent.is_empty() {
        out.push(format!("Nothing from {}: no mail, or no report.", seen.silent.join(", ")));
    }
    if seen.reports > 0 {
        out.push("Reports name mail servers only where something failed.".into());
    }
    out
}

/// The whole for a terminal.
pub fn text(domain: &str, seen: &Readiness) -> String {
    let mut lines = vec![format!("{}: {}.", visible(domain), status(seen.status))];
    lines.extend(seen.reasons.iter().map(|one| reason(*one, seen)));
    if seen.status != Status::NotApplicable {
        lines.extend(basis(seen));
        lines.extend(unknown(seen));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::aggregate::{Aggregate, Day};
    use crate::report::content;
    use crate::report::readiness::Known;

    #[test]
    fn silence_is_unknown_and_what_stands_in_the_way_is_named() {
        let today = Day::read("2026-10-20").expect("a day");
        let known = Known { mode: None, testing_since: Day::read("2026-10-01"), today };
        let silent = text("a.example", &Aggregate::default().readiness("a.example", &known));
        assert!(
            silent.starts_with("a.example: Not enough is known.\nNo report has come."),
            "{silent}"
        );
        let mut all = Aggregate::default();
        let report = r#"{"organization-name":"G\u001b","date-range":{"start-datetime":"2026-10-18T00:00:00Z"},"policies":[{"policy":
            {"policy-type":"sts","policy-domain":"a.example"},"summary":{"total-successful-session-count":4,
            "total-failure-session-count":1},"failure-details":[{"result-type":"certificate-expired",
            "receiving-mx-hostname":"mx.a.example","failed-session-count":1}]}]}"#;
        all.add(&content(report).expect("a report"), &[]);
        let told = text("a.example", &all.readiness("a.example", &known));
        for wanted in [
            "a.example: Not ready for enforce.",
            "1 failure stands in the way in the last 14 days",
            "1 report of the last 14 days, on 1 day of them: 4 sessions went well under MTA-STS, 1 wrong.",
            "In the way: Certificate expired: 1 session at mx.a.example",
            "Nothing from Google, Microsoft, mail.ru: no mail, or no report.",
        ] {
            assert!(told.contains(wanted), "{wanted}\n{told}");
        }
        assert!(!told.contains('\u{1b}'));
        // In short the failure is counted, and told elsewhere.
        let short = short(&all.readiness("a.example", &known));
        assert!(short[0].starts_with("Not ready for enforce. 1 failure stands in"), "{short:?}");
        assert!(short[1].starts_with("1 report of the last 14 days, on 1 day"), "{short:?}");
        assert!(short.iter().all(|line| !line.contains("mx.a.example")), "{short:?}");
        let enforced = Known { mode: Some(Mode::Enforce), ..known };
        let short = super::short(&all.readiness("a.example", &enforced));
        assert_eq!(short, ["Nothing to promote. The policy is in mode enforce already."]);
    }

    #[test]
    fn failures_in_the_way_are_told_by_what_they_would_mean() {
        let today = Day::read("2026-10-20").expect("a day");
        let known = Known { mode: Some(Mode::Testing), testing_since: None, today };
        let told = |results: &[&str]| {
            let mut all = Aggregate::default();
            for (number, result) in results.iter().enumerate() {
                let text = format!(
                    r#"{{"organization-name":"G","report-id":"{number}","date-range":{{"start-datetime":
                    "2026-10-18T00:00:00Z"}},"policies":[{{"policy":{{"policy-type":"sts","policy-domain":"a.example"}},
                    "summary":{{"total-failure-session-count":1}},"failure-details":[{{"result-type":"{result}",
                    "failed-session-count":1}}]}}]}}"#
                );
                all.add(&content(&text).expect("a report"), &[]);
            }
            reason(Reason::Failures, &all.readiness("a.example", &known))
        };
        // Senders deliver where they have no copy of the policy (RFC 8461 §3.3).
        for result in ["sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid"] {
            let words = told(&[result]);
            let wanted = "1 failure stands in the way in the last 14 days: `G` could not get the policy on 1 day, and without a \
                copy of it enforces nothing.";
            assert_eq!(words, wanted);
        }
        // Each counts where what it means is told.
        let words =
            told(&["sts-policy-fetch-error", "certificate-expired", "starttls-not-supported"]);
        let wanted = "2 failures stand in the way in the last 14 days: with an enforced policy that mail waits or bounces; and \
            in 1 more `G` could not get the policy on 1 day, and without a copy of it enforces nothing.";
        assert_eq!(words, wanted);
        let words = told(&["certificate-expired"]);
        assert!(words.ends_with("that mail waits or bounces."), "{words}");
    }
}
