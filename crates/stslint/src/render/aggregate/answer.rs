//! The answer of many reports: one sentence, and why.

use super::{code, groups, kind, name, nothing_failed, period, these, untold, wrong};
use crate::input::Input;
use crate::policy::{self, Mode};
use crate::render::readiness::{finds_none, reason, status};
use crate::render::report::cause;
use crate::render::words::{State, count, lower};
use crate::report::aggregate::{DomainTotals, Kind, KindTotals, Totals};
use crate::report::readiness::{Readiness, Reason, Status};
use crate::report::{Cause, ResultType};
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
            let missed = finds_none(&ready.missed, true).map(|missed| format!(" {missed}"));
            Answer {
                state: State::Good,
                title: format!("{whose}: {}.", lower(status(ready.status))),
                reason: format!("{why} {covered}{}", missed.unwrap_or_default()),
            }
        } else {
            let enforced = ready.reasons.first() == Some(&Reason::Enforced);
            let known = domain.untold == 0;
            Answer {
                state: if enforced && known { State::Good } else { State::NotLinted },
                title: match known {
                    true => format!("{whose}: no failures in {}.", these(domain)),
                    false => format!("{whose}: whether sessions failed is not known."),
                },
                reason: match ready.status {
                    Status::NotApplicable => format!("{why} {}", covered_by(domain)),
                    _ => {
                        format!("{}: {} {}", status(ready.status), lower(&why), covered_by(domain))
                    }
                },
            }
        };
    };
    let mut why = format!("Newest cause: {}", named(newest.cause));
    if let Some(mx) = newest.failures.iter().find_map(|failure| failure.mx) {
        why.push_str(&format!(" at {}", code(&visible(mx))));
    }
    why.push_str(&period(newest.last(), None));
    why.push_str(". ");
    why.push_str(&newest.meant(ready.mode));
    let own = newest.effect(ready.mode);
    let worst = groups.iter().map(|group| group.worst(ready.mode)).min().unwrap_or(own);
    if worst != own {
        let whose = match newest.worst(ready.mode) == worst {
            true => "Earlier it was worse",
            false => "Another cause is worse",
        };
        why.push_str(&format!(" {whose}: {}.", worst.words()));
    }
    let title = match ready.status {
        // What failed is the senders' own, or has nothing to do with the policy.
        Status::Ready => format!("{whose}: ready for enforce, though {}.", failed(domain)),
        _ => format!("{whose}: {}.", failed(domain)),
    };
    let state = if worst.loses() { State::Broken } else { State::Review };
    Answer { state, title, reason: why }
}

/// How many sessions failed, for each kind of policy. A session may be told of under each: there is no sum.
fn failed(domain: &DomainTotals) -> String {
    let under = |of: &&KindTotals| matches!(of.kind, Kind::Sts | Kind::Tlsa | Kind::Unknown);
    let number = |of: &KindTotals| {
        let all = of.success.saturating_add(of.failure);
        match of.unread.saturating_add(of.success_unread) {
            0 => format!("{} of {}", of.failure, count(all, "session", "sessions")),
            _ => format!("{} sessions", wrong(of.failure, of.unread)),
        }
    };
    let of_failed = || domain.kinds.iter().filter(|kind| kind.failure > 0);
    let kept: Vec<String> = (of_failed().filter(under))
        .map(|of| format!("{} under {}", number(of), kind(of.kind)))
        .collect();
    let mut parts = Vec::new();
    if !kept.is_empty() {
        parts.push(format!("{} failed", kept.join(", and ")));
    }
    parts.extend(of_failed().filter(|of| !under(of)).map(|of| {
        let what = if of.kind == Kind::NoTlsa { "DANE" } else { "policy" };
        format!("{} failed where no {what} was found", number(of))
    }));
    if parts.is_empty() { "sessions failed".into() } else { parts.join(", and ") }
}

/// A cause within a sentence. The name of one that is not registered is text from outside.
fn named(of: &Cause) -> String {
    match of {
        Cause::Other(_) => code(&cause(of)),
        Cause::Known(_) | Cause::Unsaid => lower(&cause(of)),
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
        [] if totals.untold > 0 => Answer {
            state: State::NotLinted,
            title: format!("Whether sessions failed on {domains} is not known."),
            reason: untold(totals.untold).unwrap_or_default(),
        },
        [] => Answer {
            state: if totals.domains.iter().any(kept) { State::Good } else { State::NotLinted },
            title: format!(
                "No failures in {} on {domains}.",
                count(totals.reports, "report", "reports")
            ),
            reason: if totals.domains.iter().any(kept) {
                "What senders met who do not report is not known.".into()
            } else {
                "But no session kept to a policy, so that says nothing about your servers.".into()
            },
        },
        [worst, ..] => {
            let lost = |domain: &&DomainTotals| {
                groups(domain).iter().any(|group| group.worst(None).loses())
            };
            Answer {
                state: if failing.iter().any(lost) { State::Broken } else { State::Review },
                title: format!("Sessions failed for {} of {domains}.", failing.len()),
                reason: match groups(worst).first() {
                    Some(newest) => format!(
                        "First comes {}. Newest cause there: {}{}.",
                        code(&name(worst.domain)),
                        named(newest.cause),
                        period(newest.last(), None)
                    ),
                    None => String::new(),
                },
            }
        }
    }
}

/// Whether a session kept to a policy: only those show anything of the domain's servers.
fn kept(domain: &DomainTotals) -> bool {
    let strict = |of: &&KindTotals| matches!(of.kind, Kind::Sts | Kind::Tlsa);
    domain.kinds.iter().filter(strict).any(|of| of.success > 0)
}

fn covered_by(domain: &DomainTotals) -> String {
    let covered = nothing_failed(domain);
    match (untold(domain.untold), covered.split_once(" by ")) {
        (None, Some((_, by))) => format!("Reports are by {by}"),
        _ => covered,
    }
}

/// What a cause means: what the sender met, in a sentence (RFC 8460 §4.3).
pub const fn meaning(under: Kind, cause: &Cause) -> &'static str {
    use ResultType::*;
    match cause {
        Cause::Known(CertificateNotTrusted) if matches!(under, Kind::Tlsa) => {
            "The sender does not trust the mail server's certificate: no TLSA record vouches for it."
        }
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
            "The sender does not trust the mail server's certificate: no authority that it knows vouches for it, or the chain \
             is incomplete or not allowed for that name."
        }
        Cause::Known(ValidationFailure) => {
            "Something else did not check: senders use this where no other type fits."
        }
        Cause::Known(TlsaInvalid) => {
            "The sender found none of the mail server's TLSA records valid: mostly none fits the certificate that it showed."
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
        Cause::Other(_) => {
            "The reporter uses a name of its own: it is not a registered result type."
        }
        Cause::Unsaid => "The reporter counts failed sessions and does not say why.",
    }
}

/// A policy in mode enforce instead, for the next step of a domain that is ready: one that is published, or the lines of a
/// copy that a sender saw. All else is as it was. None where what comes of it has an error.
pub fn promoted(lines: &str) -> Option<String> {
    const ORDER: [&str; 4] = ["version", "mode", "mx", "max_age"];
    let name = |line: &str| line.split_once(':').map(|(name, _)| name.trim().to_owned());
    let mut lines: Vec<&str> = lines.lines().collect();
    // The lines of a copy are sorted; a text that is published keeps its order.
    if lines.first().and_then(|line| name(line)).as_deref() != ORDER.first().copied() {
        lines.sort_by_key(|line| {
            let name = name(line);
            ORDER.iter().position(|known| name.as_deref() == Some(*known)).unwrap_or(ORDER.len())
        });
    }
    let mut text = String::new();
    for line in lines {
        let is_mode = name(line).as_deref() == Some("mode");
        text.push_str(if is_mode { "mode: enforce" } else { line });
        text.push_str("\r\n");
    }
    let (values, findings) = policy::lint(&Input::new(text.as_bytes()));
    let errs = findings.iter().any(|finding| finding.rule.breaks_use());
    (values.mode == Some(Mode::Enforce) && !errs).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::aggregate::usual_cause;
    use crate::render::report::what_to_do;
    use crate::report::aggregate::{Aggregate, Day, Filter};
    use crate::report::content;
    use crate::report::readiness::Known;

    fn aggregate(reports: &[(&str, &str, &str, u64)]) -> Aggregate {
        let mut all = Aggregate::default();
        for (number, (domain, kind, mode, failed)) in reports.iter().enumerate() {
            let details = match failed {
                0 => String::new(),
                failed => format!(
                    r#","failure-details":[{{"result-type":"certificate-{}","receiving-mx-hostname":"mx.a.example",
                    "failed-session-count":{failed}}}]"#,
                    // Which certificate is trusted differs with DANE.
                    if *kind == "tlsa" { "not-trusted" } else { "expired" }
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
    fn ready_is_told_first_though_something_else_fails() {
        let reports = [("a.example", "sts", "testing", 0), ("a.example", "tlsa", "", 3)];
        let ready = of(&reports, Some("2026-09-20"));
        assert_eq!(
            ready.title,
            "`a.example`: ready for enforce, though 3 of 7 sessions under DANE failed."
        );
        let early = of(&reports, Some("2026-10-19"));
        assert_eq!(early.title, "`a.example`: 3 of 7 sessions under DANE failed.");
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
            answer.reason.contains(" Another cause is worse: the sender could not get the policy"),
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

    /// RFC 8460 §4.4 has a number of failed sessions in each report.
    #[test]
    fn a_number_that_cannot_be_read_is_not_zero() {
        let today = Day::read("2026-10-20").expect("a day");
        let since = Day::read("2026-09-01");
        let told = |mode: &str, count: &str| {
            let text = format!(
                r#"{{"organization-name":"G","report-id":"1","date-range":{{"start-datetime":"2026-10-18T00:00:00Z"}},
                "policies":[{{"policy":{{"policy-type":"sts","policy-domain":"a.example","policy-string":["mode: {mode}"]}},
                "summary":{{"total-successful-session-count":4,"total-failure-session-count":{count}}}}}]}}"#
            );
            let mut all = Aggregate::default();
            all.add(&content(&text).expect("a report"), &[]);
            let totals = all.totals(&Filter::default());
            let known = Known { mode: None, testing_since: since, today };
            let of_domain = answer_of(&totals.domains[0], &all.readiness("a.example", &known));
            let several = answer(&totals);
            (of_domain, several)
        };
        for mode in ["testing", "enforce"] {
            for count in ["\"1,234\"", "-40", "2.5", "null"] {
                let (one, several) = told(mode, count);
                assert_eq!((one.state, several.state), (State::NotLinted, State::NotLinted));
                let words = [&one.title, &one.reason, &several.title, &several.reason];
                assert!(words.iter().all(|words| !words.contains("o failures")), "{words:?}");
                assert_eq!(one.title, "`a.example`: whether sessions failed is not known.");
                assert_eq!(several.title, "Whether sessions failed on 1 domain is not known.");
                assert!(one.reason.contains("1 report does not tell how many"), "{words:?}");
            }
            let (one, several) = told(mode, "0");
            assert_eq!((one.state, several.state), (State::Good, State::Good));
        }
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
            for kind in Kind::ALL {
                assert!(meaning(kind, &one).ends_with('.'), "{one:?}");
                for words in [usual_cause(kind, &one), what_to_do(kind, &one)] {
                    assert!(words.ends_with('.') && !words.contains("RFC"), "{words}");
                    // DANE and senders without a policy have no mx lines, and what DANE takes is told by TLSA records.
                    let of_sts = kind == Kind::Sts || !words.contains("mx line");
                    assert!(of_sts && (kind != Kind::Tlsa || !words.contains("public")), "{words}");
                }
            }
            let [sts, dane, none] = [Kind::Sts, Kind::Tlsa, Kind::NoPolicy]
                .map(|kind| (usual_cause(kind, &one), what_to_do(kind, &one)));
            let of_policy = one == Cause::Known(ResultType::ValidationFailure);
            let of_certificate = matches!(
                one,
                Cause::Known(
                    ResultType::CertificateExpired
                        | ResultType::CertificateHostMismatch
                        | ResultType::CertificateNotTrusted
                )
            );
            assert_eq!(sts != none, of_policy, "{one:?}");
            assert_eq!(sts.0 != dane.0 && sts.1 != dane.1, of_policy || of_certificate, "{one:?}");
        }
    }

    /// A report of a day in October with one failure.
    fn failed(all: &mut Aggregate, day: u32, policy: &str, result: &str) {
        let text = format!(
            r#"{{"organization-name":"G","report-id":"{day}","date-range":{{"start-datetime":"2026-10-{day:02}T00:00:00Z"}},
            "policies":[{{"policy":{{"policy-domain":"a.example",{policy}}},
            "summary":{{"total-successful-session-count":0,"total-failure-session-count":1}},"failure-details":[
            {{"result-type":"{result}","failed-session-count":1}}]}}]}}"#
        );
        all.add(&content(&text).expect("a report"), &[]);
    }

    fn told(all: &Aggregate) -> Answer {
        let known = Known {
            mode: None,
            testing_since: None,
            today: Day::read("2026-10-20").expect("a day"),
        };
        let totals = all.totals(&Filter::default());
        answer_of(&totals.domains[0], &all.readiness("a.example", &known))
    }

    #[test]
    fn what_failures_meant_follows_from_the_policy_of_their_report() {
        let sts = |mode: &str| format!(r#""policy-type":"sts","policy-string":["mode: {mode}"]"#);
        // It failed in testing, and was enforced later: no mail was lost.
        let mut all = Aggregate::default();
        failed(&mut all, 2, &sts("testing"), "certificate-expired");
        let text = r#"{"organization-name":"G","report-id":"x","date-range":{"start-datetime":"2026-10-18T00:00:00Z"},
            "policies":[{"policy":{"policy-type":"sts","policy-domain":"a.example","policy-string":["mode: enforce"]},
            "summary":{"total-successful-session-count":4,"total-failure-session-count":0}}]}"#;
        all.add(&content(text).expect("a report"), &[]);
        let answer = told(&all);
        assert_eq!(answer.state, State::Review);
        assert!(
            answer.reason.ends_with(
                "2026-10-02. The policy was in mode testing, so mail was delivered all the same."
            ),
            "{answer:?}"
        );
        // The other way round, it was.
        let mut all = Aggregate::default();
        failed(&mut all, 2, &sts("enforce"), "certificate-expired");
        failed(&mut all, 18, &sts("testing"), "certificate-expired");
        let answer = told(&all);
        assert_eq!(answer.state, State::Broken);
        assert!(
            answer.reason.contains("2026-10-18. The policy was in mode testing")
                && answer.reason.ends_with(" Earlier it was worse: the policy was in mode enforce, so that mail waits or bounces."),
            "{answer:?}"
        );
        // A report without the policy is told of under the mode that is known.
        failed(&mut all, 19, r#""policy-type":"sts""#, "certificate-expired");
        assert!(told(&all).reason.contains("2026-10-19. The policy was in mode testing"));
    }

    #[test]
    fn sessions_without_a_policy_are_told_as_such() {
        let mut all = Aggregate::default();
        failed(&mut all, 2, r#""policy-type":"no-policy-found""#, "starttls-not-supported");
        let answer = told(&all);
        assert_eq!(answer.title, "`a.example`: 1 of 1 session failed where no policy was found.");
        assert_eq!(answer.state, State::Review);
        // Mandatory DANE does not deliver (RFC 7672 §6).
        failed(&mut all, 3, r#""policy-type":"no-policy-found""#, "dane-required");
        let answer = told(&all);
        assert_eq!(answer.state, State::Broken);
        assert!(answer.reason.contains("2026-10-03. DANE defers such mail"), "{answer:?}");
    }

    #[test]
    fn the_name_of_a_foreign_cause_is_code_and_as_it_came() {
        let mut all = Aggregate::default();
        failed(&mut all, 2, r#""policy-type":"sts""#, "Is fine. Sender`s own");
        let reason = told(&all).reason;
        assert!(
            reason.starts_with("Newest cause: `Is fine. Sender's own`, 2026-10-02."),
            "{reason}"
        );
        let several = answer(&all.totals(&Filter::default())).reason;
        assert!(several.contains("Newest cause there: `Is fine. Sender's own`"), "{several}");
    }

    #[test]
    fn good_news_of_domains_takes_sessions_that_kept_to_a_policy() {
        let told = |reports: &[(&str, &str, &str, u64)]| {
            answer(&aggregate(reports).totals(&Filter::default())).state
        };
        let none = ("a.example", "no-policy-found", "", 0);
        assert_eq!(told(&[none, ("b.example", "no-policy-found", "", 0)]), State::NotLinted);
        assert_eq!(told(&[none, ("b.example", "tlsa", "", 0)]), State::Good);
        assert_eq!(told(&[none, ("b.example", "sts", "testing", 1)]), State::Review);
        assert_eq!(told(&[none, ("b.example", "sts", "enforce", 1)]), State::Broken);
        assert_eq!(
            told(&[none, ("b.example", "tlsa", "", 1), ("c.example", "sts", "testing", 9)]),
            State::Broken
        );
    }

    #[test]
    fn a_copy_is_promoted_as_it_is() {
        let seen = "max_age: 604800\nmode: testing\nmx: a.example\nmx: b.example\nnote: ours\nversion: STSv1";
        let wanted = "version: STSv1\r\nmode: enforce\r\nmx: a.example\r\nmx: b.example\r\nmax_age: 604800\r\nnote: ours\r\n";
        assert_eq!(promoted(seen).as_deref(), Some(wanted));
        assert_eq!(promoted("mode: testing"), None);
        // What is published keeps its order.
        let live = "version: STSv1\nmx: b.example\nmax_age: 86400\nmode : testing\nmx: a.example\n";
        let wanted = "version: STSv1\r\nmx: b.example\r\nmax_age: 86400\r\nmode: enforce\r\nmx: a.example\r\n";
        assert_eq!(promoted(live).as_deref(), Some(wanted));
    }

    #[test]
    fn nothing_is_promoted_that_would_lose_a_mail_host_or_has_an_error() {
        let policy =
            |lines: &str| format!("max_age: 604800\nmode: testing\n{lines}\nversion: STSv1");
        assert!(promoted(&policy("mx: a.example\nmx: b.example")).is_some());
        // Senders may drop such a host, or the policy with it.
        assert_eq!(promoted(&policy("mx: a.example\nmx: b_example..com")), None);
        assert_eq!(promoted(&policy("")), None);
        let weeks = policy("mx: a.example").replace("604800", "2 weeks");
        assert_eq!(promoted(&weeks), None);
    }
}
