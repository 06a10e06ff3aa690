//! The answer of many reports: one sentence, and why.

use super::{groups, kind, name, nothing_failed, period};
use crate::policy::{self, Mode};
use crate::render::readiness::{reason, status};
use crate::render::report::cause;
use crate::render::words::{State, count};
use crate::report::aggregate::{DomainTotals, Kind, Totals};
use crate::report::readiness::{Readiness, Reason, Status};
use crate::report::{Cause, Effect, ResultType};
use crate::text::visible;

/// What reports come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The state, for colour and icon.
    pub state: State,
    /// The answer in a sentence.
    pub title: String,
    /// What it rests on, and what is not known.
    pub reason: String,
}

/// The answer for one domain. What stands between backticks is code.
pub fn answer_of(domain: &DomainTotals, ready: &Readiness) -> Answer {
    let whose = code(&name(domain.domain));
    let groups = groups(domain);
    let Some(newest) = groups.first() else {
        let why = ready.reasons.first().map(|one| reason(*one, ready)).unwrap_or_default();
        let covered = nothing_failed(domain);
        return if ready.status == Status::Ready {
            Answer {
                state: State::Good,
                title: format!("{whose}: {}.", lower(status(ready.status))),
                reason: format!("{why} {covered}"),
            }
        } else {
            let reports = match domain.reports {
                1 => "this 1 report".into(),
                number => format!("these {number} reports"),
            };
            let enforced = ready.reasons.first() == Some(&Reason::Enforced);
            Answer {
                state: if enforced { State::Good } else { State::NotLinted },
                title: format!("{whose}: no failures in {reports}."),
                reason: match ready.status {
                    Status::NotApplicable => format!("{why} {}", covered_by(domain)),
                    _ => {
                        format!("{}: {} {}", status(ready.status), lower(&why), covered_by(domain))
                    }
                },
            }
        };
    };
    let of = |of: &crate::report::aggregate::KindTotals| {
        let all = of.success.saturating_add(of.failure);
        format!("{} of {} under {}", of.failure, count(all, "session", "sessions"), kind(of.kind))
    };
    let kinds: Vec<String> = domain.kinds.iter().filter(|kind| kind.failure > 0).map(of).collect();
    let failed = match &kinds[..] {
        [] => "sessions failed".to_owned(),
        // A session may be told of under each kind: there is no sum.
        kinds => format!("{} failed", kinds.join(", and ")),
    };
    let mut why = format!("Newest cause: {}", lower(&cause(newest.cause)));
    if let Some(mx) = newest.failures.iter().find_map(|failure| failure.mx) {
        why.push_str(&format!(" at {}", code(&visible(mx))));
    }
    why.push_str(&period(newest.last(), None));
    why.push_str(". ");
    let own = effect(newest.kind, newest.cause, ready.mode);
    why.push_str(&upper(own.words()));
    why.push('.');
    let effects = groups.iter().map(|group| effect(group.kind, group.cause, ready.mode));
    let worst = effects.min().unwrap_or(own);
    if worst != own {
        why.push_str(&format!(" With another cause, {}.", worst.words()));
    }
    let lost = matches!(worst, Effect::Dane | Effect::Enforced);
    Answer {
        state: if lost { State::Broken } else { State::Review },
        title: format!("{whose}: {failed}."),
        reason: why,
    }
}

/// The answer for several domains.
pub fn answer(totals: &Totals) -> Answer {
    let fails = |domain: &&DomainTotals| !domain.failures.is_empty();
    let failing: Vec<&DomainTotals> = totals.domains.iter().filter(fails).collect();
    let domains = count(totals.domains.len() as u64, "domain", "domains");
    match &failing[..] {
        [] if totals.reports == 0 => Answer {
            state: State::NotLinted,
            title: "No reports.".into(),
            reason: "What senders met is not known.".into(),
        },
        [] => Answer {
            state: State::Good,
            title: format!(
                "No failures in {} on {domains}.",
                count(totals.reports, "report", "reports")
            ),
            reason: "What senders met who do not report is not known.".into(),
        },
        [worst, ..] => Answer {
            state: State::Review,
            title: format!("Sessions failed for {} of {domains}.", failing.len()),
            reason: match groups(worst).first() {
                Some(newest) => format!(
                    "First comes {}. Newest cause there: {}{}.",
                    code(&name(worst.domain)),
                    lower(&cause(newest.cause)),
                    period(newest.last(), None)
                ),
                None => String::new(),
            },
        },
    }
}

fn covered_by(domain: &DomainTotals) -> String {
    let covered = nothing_failed(domain);
    covered.split_once(" by ").map_or(covered.clone(), |(_, by)| format!("Reports are by {by}"))
}

/// What failed sessions meant for the mail in them, under the mode that is known last.
pub fn effect(kind: Kind, cause: &Cause, mode: Option<Mode>) -> Effect {
    use ResultType::{StsPolicyFetchError, StsPolicyInvalid, StsWebpkiInvalid};
    match (kind, cause) {
        (Kind::Tlsa, _) => Effect::Dane,
        (Kind::NoPolicy | Kind::NoTlsa, _) => Effect::NoPolicy,
        (_, Cause::Known(StsPolicyFetchError | StsPolicyInvalid | StsWebpkiInvalid)) => {
            Effect::NotFetched
        }
        _ => match mode {
            Some(Mode::Enforce) => Effect::Enforced,
            Some(Mode::None) => Effect::OptedOut,
            Some(Mode::Testing) => Effect::Testing,
            None => Effect::Unknown,
        },
    }
}

/// What a cause means: what the sender met, in a sentence (RFC 8460 §4.3).
pub const fn meaning(cause: &Cause) -> &'static str {
    use ResultType::*;
    match cause {
        Cause::Known(StarttlsNotSupported) => {
            "The mail server did not offer STARTTLS, so the sender could not encrypt."
        }
        Cause::Known(CertificateHostMismatch) => {
            "The mail server showed a certificate that is not for its name."
        }
        Cause::Known(CertificateExpired) => {
            "The mail server showed a certificate whose time is over."
        }
        Cause::Known(CertificateNotTrusted) => {
            "The sender knows no authority that vouches for the mail server's certificate."
        }
        Cause::Known(ValidationFailure) => {
            "Something else did not check: senders use this where no other type fits."
        }
        Cause::Known(TlsaInvalid) => {
            "No TLSA record of the mail server fits the certificate that it showed."
        }
        Cause::Known(DnssecInvalid) => "The sender got no DNS answer that DNSSEC vouches for.",
        Cause::Known(DaneRequired) => "The sender wants DANE for this domain and found no records.",
        Cause::Known(StsPolicyFetchError) => {
            "The sender saw the record of a policy and could not fetch the policy itself."
        }
        Cause::Known(StsPolicyInvalid) => "The sender fetched the policy and could not use it.",
        Cause::Known(StsWebpkiInvalid) => {
            "The sender could not trust the certificate of the host that serves the policy."
        }
        Cause::Other(_) => "The reporter uses a name of its own: it is no registered result type.",
        Cause::Unsaid => "The reporter counts failed sessions and does not say why.",
    }
}

/// A policy that a sender saw, in mode enforce instead: for the next step of a domain that is ready.
pub fn promoted(lines: &str) -> Option<String> {
    let values = policy::values(&lines.replace('\n', "\r\n"));
    if values.mx.is_empty() {
        return None;
    }
    let mut text = String::from("version: STSv1\r\nmode: enforce\r\n");
    for host in &values.mx {
        text.push_str(&format!("mx: {host}\r\n"));
    }
    text.push_str(&format!("max_age: {}\r\n", values.max_age.unwrap_or(604_800)));
    Some(text)
}

/// Text from outside between backticks, which it cannot close.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

fn lower(words: &str) -> String {
    change(words, |c| c.to_ascii_lowercase())
}

fn upper(words: &str) -> String {
    change(words, |c| c.to_ascii_uppercase())
}

/// The first letter in another case; a word in capitals stays.
fn change(words: &str, case: fn(char) -> char) -> String {
    let mut chars = words.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), second) if !second.is_some_and(|c| c.is_ascii_uppercase()) => {
            std::iter::once(case(first)).chain(chars).collect()
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::aggregate::{Aggregate, Day, Filter};
    use crate::report::content;
    use crate::report::readiness::Known;

    fn aggregate(reports: &[(&str, &str, &str, u64)]) -> Aggregate {
        let mut all = Aggregate::default();
        for (number, (domain, kind, mode, failed)) in reports.iter().enumerate() {
            let details = match failed {
                0 => String::new(),
                failed => format!(
                    r#","failure-details":[{{"result-type":"certificate-expired","receiving-mx-hostname":"mx.a.example",
                    "failed-session-count":{failed}}}]"#
                ),
            };
            let text = format!(
                r#"{{"organization-name":"G","report-id":"{number}","date-range":{{"start-datetime":"2026-10-18T00:00:00Z"}},
                "policies":[{{"policy":{{"policy-type":"{kind}","policy-domain":"{domain}","policy-string":["mode: {mode}"]}},
                "summary":{{"total-successful-session-count":4,"total-failure-session-count":{failed}}}{details}}}]}}"#
            );
            all.add(&content(&text).expect("a report"), &[]);
        }
        all
    }

    fn of(reports: &[(&str, &str, &str, u64)], testing_since: Option<&str>) -> Answer {
        let all = aggregate(reports);
        let today = Day::read("2026-10-20").expect("a day");
        let known = Known { mode: None, testing_since: testing_since.and_then(Day::read), today };
        let totals = all.totals(&Filter::default());
        let domain = totals.domains.first().expect("a domain");
        answer_of(domain, &all.readiness(domain.domain.unwrap_or_default(), &known))
    }

    #[test]
    fn failures_are_told_by_kind_with_the_newest_cause_and_what_it_meant() {
        let testing = of(&[("a.example", "sts", "testing", 2)], None);
        assert_eq!(testing.state, State::Review);
        assert_eq!(testing.title, "`a.example`: 2 of 6 sessions under MTA-STS failed.");
        assert_eq!(
            testing.reason,
            "Newest cause: certificate expired at `mx.a.example`, 2026-10-18. The policy was in mode testing, so mail was delivered all the same."
        );
        let enforced = of(&[("a.example", "sts", "enforce", 2)], None);
        assert_eq!(enforced.state, State::Broken);
        let both = of(&[("a.example", "sts", "testing", 2), ("a.example", "tlsa", "", 3)], None);
        assert_eq!(
            both.title,
            "`a.example`: 2 of 6 sessions under MTA-STS, and 3 of 7 sessions under DANE failed."
        );
        assert!(
            both.reason
                .ends_with("2026-10-18. DANE defers such mail, whatever the mode of MTA-STS.")
        );
    }

    #[test]
    fn what_is_said_of_the_newest_cause_is_true_of_it() {
        let mut all = Aggregate::default();
        for (day, result) in [("18", "sts-policy-fetch-error"), ("19", "certificate-expired")] {
            let text = format!(
                r#"{{"organization-name":"G","report-id":"{day}","date-range":{{"start-datetime":"2026-10-{day}T00:00:00Z"}},
                "policies":[{{"policy":{{"policy-type":"sts","policy-domain":"a.example","policy-string":["mode: testing"]}},
                "summary":{{"total-successful-session-count":4,"total-failure-session-count":1}},"failure-details":[
                {{"result-type":"{result}","failed-session-count":1}}]}}]}}"#
            );
            all.add(&content(&text).expect("a report"), &[]);
        }
        let today = Day::read("2026-10-20").expect("a day");
        let known = Known { mode: None, testing_since: None, today };
        let totals = all.totals(&Filter::default());
        let answer = answer_of(&totals.domains[0], &all.readiness("a.example", &known));
        assert!(
            answer.reason.starts_with(
                "Newest cause: certificate expired, 2026-10-19. The policy was in mode testing, so mail was delivered"
            ),
            "{answer:?}"
        );
        assert!(
            answer.reason.contains(" With another cause, the sender could not get the policy"),
            "{answer:?}"
        );
    }

    #[test]
    fn no_failure_is_no_promise() {
        let young = of(&[("a.example", "sts", "testing", 0)], None);
        assert_eq!(
            (young.state, &*young.title),
            (State::NotLinted, "`a.example`: no failures in this 1 report.")
        );
        assert!(
            young.reason.starts_with("Not enough is known: in testing for 2 days of at least 14."),
            "{young:?}"
        );
        assert!(young.reason.ends_with("What others met is not known."), "{young:?}");
        let ready = of(&[("a.example", "sts", "testing", 0)], Some("2026-10-01"));
        assert_eq!((ready.state, &*ready.title), (State::Good, "`a.example`: ready for enforce."));
        let enforced = of(&[("a.example", "sts", "enforce", 0)], None);
        assert_eq!(enforced.state, State::Good);
        assert!(enforced.reason.starts_with("The policy is in mode enforce already."));
    }

    #[test]
    fn several_domains_are_counted_and_the_worst_is_named() {
        let told = |reports| answer(&aggregate(reports).totals(&Filter::default()));
        let one = told(&[("a.example", "sts", "testing", 2), ("b.example", "sts", "testing", 0)]);
        assert_eq!(one.title, "Sessions failed for 1 of 2 domains.");
        assert!(one.reason.contains("`a.example`") && one.reason.contains("certificate expired"));
        let none = told(&[("a.example", "sts", "testing", 0), ("b.example", "sts", "testing", 0)]);
        assert_eq!(
            (none.state, &*none.title),
            (State::Good, "No failures in 2 reports on 2 domains.")
        );
        assert_eq!(answer(&Totals::default()).state, State::NotLinted);
    }

    #[test]
    fn hostile_names_end_no_code() {
        let told = of(&[("a`b\\u001b", "sts", "testing", 1)], None);
        assert_eq!(told.title.matches('`').count(), 2, "{told:?}");
        assert!(!told.title.contains('\u{1b}'), "{told:?}");
    }

    #[test]
    fn every_cause_means_something() {
        let known = ResultType::WORDS.map(|(result, _)| Cause::Known(result));
        for one in known.into_iter().chain([Cause::Other("x".into()), Cause::Unsaid]) {
            assert!(meaning(&one).ends_with('.'), "{one:?}");
        }
    }

    #[test]
    fn a_copy_is_promoted_as_it_is() {
        let seen = "max_age: 604800\nmode: testing\nmx: a.example\nmx: b.example\nversion: STSv1";
        let wanted = "version: STSv1\r\nmode: enforce\r\nmx: a.example\r\nmx: b.example\r\nmax_age: 604800\r\n";
        assert_eq!(promoted(seen).as_deref(), Some(wanted));
        assert_eq!(promoted("mode: testing"), None);
    }
}
