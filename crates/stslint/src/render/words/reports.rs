//! The verdict of a TLS report in words.

use super::texts::{Standing, standing};
use super::{Headline, State, count, not_linted};
use crate::render::report::policy_type;
use crate::report::{self, Effect, PolicyType, Sessions};
use crate::text::visible;
use crate::{Artefact, Parsed};

/// What a report says about the reader's mail (RFC 8460 §4.2).
pub(super) fn tls_report(artefact: &Artefact) -> Headline {
    let Parsed::Report(values) = &artefact.parsed else {
        return not_linted("A TLS report: not read.", "");
    };
    let found = |code| artefact.findings.iter().any(|finding| finding.rule.code == code);
    if found("RPT-JSON-009") {
        return not_linted(
            "Several TLS reports: none of them was read, as one is linted at a time.",
            "The view of all reports reads them together. To lint one of them, take it by itself.",
        );
    }
    if found("RPT-JSON-001") {
        return Headline {
            state: State::Broken,
            title: "This TLS report can't be read: it is not JSON.".into(),
            next: "What is here may be a part of what was sent, or changed by copying, so it says nothing about your \
                   mail. Save the attachment of the mail and open that file."
                .into(),
        };
    }
    let told = sessions(values);
    let Standing::Unusable = standing(artefact) else { return told };
    let fault = "That is a fault of the reporter's and says nothing about your mail.";
    // What can be read is said all the same.
    let (title, next) = match told.state {
        State::Review => (
            told.title,
            format!(
                "{} The report itself is not as it should be, which is a fault of the reporter's.",
                told.next
            ),
        ),
        _ => (
            "This report is not as it should be.".into(),
            format!("Software that reads reports may reject it. {fault}"),
        ),
    };
    Headline { state: State::Broken, title, next }
}

/// How the sessions of a report went.
fn sessions(values: &report::Values) -> Headline {
    let who = values.organization.as_deref().map_or("an unnamed reporter".into(), visible);
    // A session may be told of under each kind of policy: there is no sum over them.
    let kinds: Vec<&Sessions> = values.kinds.iter().filter(|kind| kind.all() > 0).collect();
    let each = |words: fn(&Sessions) -> String| {
        let words =
            |kind: &&Sessions| format!("{} with {}", words(kind), policy_type(kind.policy_type));
        kinds.iter().map(words).collect::<Vec<_>>().join(", ")
    };
    if kinds.iter().any(|kind| kind.failure.unwrap_or(0) > 0) {
        let of = |kind: &Sessions| {
            let failed = kind.failure.unwrap_or(0);
            match kind.success {
                Some(_) => format!("{failed} of {}", kind.all()),
                None => failed.to_string(),
            }
        };
        return Headline {
            state: State::Review,
            title: match &kinds[..] {
                [Sessions { success: None, failure: Some(failed), .. }] => {
                    format!("{} from {who} failed.", count(*failed, "session", "sessions"))
                }
                [one] if one.all() == 1 => format!("The one session from {who} failed."),
                [one] => format!("{} sessions from {who} failed.", of(one)),
                _ => format!("Sessions from {who} failed: {}.", each(of)),
            },
            next: values.effects.iter().map(|effect| meant(*effect)).collect::<Vec<_>>().join(" "),
        };
    }
    if values.unread {
        return Headline {
            state: State::Review,
            title: format!("This report from {who} does not say how many sessions failed."),
            next: "So it does not show that mail reaches your servers as it should.".into(),
        };
    }
    if kinds.is_empty() {
        return not_linted(
            &format!("This report from {who} tells of no sessions."),
            "So it does not show whether mail reaches your servers.",
        );
    }
    Headline {
        state: State::Good,
        title: match &kinds[..] {
            [one] if one.all() == 1 => format!("The one session from {who} went well."),
            [one] => format!("All {} sessions from {who} went well.", one.all()),
            _ => format!(
                "All sessions from {who} went well: {}.",
                each(|kind| kind.all().to_string())
            ),
        },
        next: promised(&kinds).into(),
    }
}

/// What failures meant for mail, and what to do.
const fn meant(effect: Effect) -> &'static str {
    match effect {
        Effect::Dane => {
            "DANE defers such mail, whatever the mode of your MTA-STS policy. Repair the causes now."
        }
        Effect::Enforced => {
            "The policy that this sender had was in mode enforce, so that mail waits or bounces. Repair the causes now."
        }
        Effect::NotFetched => {
            "A sender that could not get your policy and has no copy of it delivered as if you had none."
        }
        Effect::NoPolicy => {
            "This sender found no policy, so nothing was promised, and mail went on."
        }
        Effect::NoTlsa => {
            "This sender found no TLSA records of that mail server, so DANE demanded nothing."
        }
        Effect::OptedOut => {
            "The policy that this sender had was in mode none, so mail went on as if there were none."
        }
        Effect::Testing => {
            "The policy that this sender had was in mode testing, so mail was delivered all the same. Repair the \
             causes before you enforce."
        }
        Effect::Unknown => {
            "With an enforced policy such mail waits or bounces. Repair the causes before you enforce."
        }
    }
}

/// What it means that all sessions went well.
fn promised(kinds: &[&Sessions]) -> &'static str {
    let none = |kind: &&&Sessions| kind.policy_type == Some(PolicyType::NoPolicyFound);
    let nothing = kinds.iter().all(|kind| !kind.promised);
    match kinds.iter().filter(none).count() {
        all if all == kinds.len() => {
            "But this sender found no policy, so it asked for nothing: mail would have gone on without TLS, too."
        }
        _ if nothing => {
            "But the policy that this sender had was in mode none, which asks for nothing: mail would have gone on \
             without TLS, too."
        }
        0 => "This sender reaches your servers as your policy promises.",
        _ => {
            "Where it found a policy, this sender reaches your servers as that promises; where it found none, it asked \
             for nothing."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::words::headline;
    use crate::{Input, Kind, lint};

    #[test]
    fn a_report_without_sessions_is_no_good_news() {
        let title = |policies: &str| {
            let text = format!(
                "{{\"organization-name\":\"A\",\"date-range\":{{\"start-datetime\":\"2026-10-01T00:00:00Z\",\
                 \"end-datetime\":\"2026-10-02T00:00:00Z\"}},\"policies\":[{policies}]}}"
            );
            let input = Input { kind: Some(Kind::Report), ..Input::new(text.as_bytes()) };
            let head = headline(&input, &lint(&input));
            (head.state, head.title)
        };
        let policy = |success: u64| {
            format!(
                "{{\"policy\":{{\"policy-type\":\"no-policy-found\",\"policy-domain\":\"a.se\"}},\
                 \"summary\":{{\"total-successful-session-count\":{success},\
                 \"total-failure-session-count\":0}}}}"
            )
        };
        let none = (State::NotLinted, "This report from A tells of no sessions.".to_owned());
        assert_eq!(title(""), none);
        assert_eq!(title(&policy(0)), none);
        let one = "The one session from A went well.".to_owned();
        assert_eq!(title(&policy(1)), (State::Good, one));
        let all = "All 7 sessions from A went well.".to_owned();
        assert_eq!(title(&policy(7)), (State::Good, all));
    }

    #[test]
    fn kinds_of_policies_are_not_added_up() {
        let title = |policies: &[(&str, u64, u64)]| {
            let policy = |(kind, success, failure): &(&str, u64, u64)| {
                format!(
                    "{{\"policy\":{{\"policy-type\":\"{kind}\"}},\"summary\":{{\
                     \"total-successful-session-count\":{success},\
                     \"total-failure-session-count\":{failure}}}}}"
                )
            };
            let policies: Vec<String> = policies.iter().map(policy).collect();
            let text = format!(
                "{{\"organization-name\":\"A\\u001b\",\"policies\":[{}]}}",
                policies.join(",")
            );
            let report = report::lint(&Input::new(text.as_bytes()));
            sessions(&report.0.expect("values")).title
        };
        let whole = |title: String| title.replace("A<U+001B>", "A");
        for (policies, wanted) in [
            (&[("sts", 3, 1), ("sts", 5, 0)][..], "1 of 9 sessions from A failed."),
            (
                &[("sts", 3, 1), ("tlsa", 4, 0)],
                "Sessions from A failed: 1 of 4 with MTA-STS, 0 of 4 with DANE.",
            ),
            (
                &[("sts", 4, 0), ("tlsa", 4, 0)],
                "All sessions from A went well: 4 with MTA-STS, 4 with DANE.",
            ),
            (&[("sts", 4, 0), ("no-policy-found", 0, 0)], "All 4 sessions from A went well."),
        ] {
            assert_eq!(whole(title(policies)), wanted);
        }
    }
}
