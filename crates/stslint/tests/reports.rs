//! What is said of reports: words follow the kind of policy, the result and the mode that the sender had.

use stslint::render::words::{Headline, State, headline};
use stslint::{Input, Kind, lint};

const STS: &str = r#""policy-type":"sts","policy-string":["version: STSv1","mode: MODE","mx: mx.acme-mail.net","max_age: 86400"]"#;

/// A report of one policy. `failed` sessions have each of the results.
fn report(policy: &str, success: u64, failed: u64, results: &[&str]) -> String {
    let detail = |result: &&str| {
        format!(
            r#"{{"result-type":"{result}","sending-mta-ip":"192.0.2.7","receiving-mx-hostname":"mx.acme-mail.net",
            "failed-session-count":{failed}}}"#
        )
    };
    let details = results.iter().map(detail).collect::<Vec<_>>().join(",");
    format!(
        r#"{{"organization-name":"Sender Corp","contact-info":"tls@sender-corp.net","report-id":"1","date-range":
        {{"start-datetime":"2026-10-01T00:00:00Z","end-datetime":"2026-10-01T23:59:59Z"}},"policies":[{{"policy":
        {{{policy},"policy-domain":"acme-mail.net"}},"summary":{{"total-successful-session-count":{success},
        "total-failure-session-count":{failed}}},"failure-details":[{details}]}}]}}"#
    )
}

fn said(text: &str) -> (Headline, Vec<String>) {
    let input = Input { kind: Some(Kind::Report), ..Input::new(text.as_bytes()) };
    let report = lint(&input);
    let messages = report
        .findings()
        .map(|finding| format!("{} {}", finding.rule.code, finding.message(input.source)));
    (headline(&input, &report), messages.collect())
}

#[test]
fn what_failures_mean_follows_the_policy_that_the_sender_applied() {
    let sts = |mode: &str| STS.replace("MODE", mode);
    for (policy, results, message, next) in [
        (
            sts("enforce"),
            &["certificate-expired"][..],
            "mode enforce, so that mail waits",
            "waits or bounces",
        ),
        (
            sts("testing"),
            &["certificate-expired"],
            "mode testing, so mail was delivered",
            "delivered all the same",
        ),
        (
            sts("none"),
            &["certificate-expired"],
            "mode none, so mail went on",
            "went on as if there were none",
        ),
        (
            r#""policy-type":"sts""#.into(),
            &["sts-policy-fetch-error"],
            "without a copy of it delivered as if there were none",
            "delivered as if you had none",
        ),
        (
            r#""policy-type":"sts""#.into(),
            &["starttls-not-supported"],
            "with an enforced policy",
            "With an enforced",
        ),
        (
            r#""policy-type":"no-policy-found""#.into(),
            &["starttls-not-supported"],
            "nothing was promised",
            "nothing was promised",
        ),
        (
            r#""policy-type":"tlsa""#.into(),
            &["tlsa-invalid"],
            "whatever the mode of MTA-STS",
            "whatever the mode",
        ),
    ] {
        let (headline, messages) = said(&report(&policy, 0, 2, results));
        let reported = messages.iter().find(|message| message.starts_with("RPT-JSON-060"));
        let reported = reported.unwrap_or_else(|| panic!("{policy}: {messages:#?}"));
        assert!(
            reported.contains("2 sessions failed: ") && reported.contains(message),
            "{reported}"
        );
        assert_eq!(headline.title, "2 of 2 sessions from Sender Corp failed.");
        assert!(headline.next.contains(next), "{policy}: {}", headline.next);
    }
}

#[test]
fn both_kinds_of_failures_are_told_apart() {
    let policy = STS.replace("MODE", "enforce");
    let text = report(&policy, 1, 2, &["sts-webpki-invalid", "starttls-not-supported"]);
    let (headline, _) = said(&text);
    for part in ["waits or bounces", "delivered as if you had none"] {
        assert!(headline.next.contains(part), "{}", headline.next);
    }
}

#[test]
fn where_no_policy_was_found_nothing_was_promised() {
    let (headline, messages) = said(&report(r#""policy-type":"no-policy-found""#, 1, 0, &[]));
    assert_eq!(
        (headline.state, &*headline.title),
        (State::Good, "The one session from Sender Corp went well.")
    );
    assert!(headline.next.contains("asked for nothing"), "{}", headline.next);
    assert_eq!(messages, ["RPT-JSON-062 1 session went well, and none failed"]);
}

#[test]
fn one_session_is_one() {
    let (headline, messages) =
        said(&report(&STS.replace("MODE", "testing"), 0, 1, &["certificate-expired"]));
    assert_eq!(headline.title, "The one session from Sender Corp failed.");
    assert!(messages.iter().any(|message| message.contains(" 1 session failed: ")), "{messages:?}");
}

/// A report with faults of its own still tells what failed.
#[test]
fn a_faulty_report_is_read_all_the_same() {
    let text = r#"{"policies":[{"policy":{"policy-type":"sts","policy-string":[],"policy-domain":"acme-mail.net"},"summary":
        {"total-successful-session-count":0,"total-failure-session-count":142},"failure-details":[{"result-type":
        "sts-policy-fetch-error","failed-session-count":142,"failure-reason-code":"Could not fetch MTA-STS policy"}]}]}"#;
    let (headline, _) = said(text);
    assert_eq!(headline.state, State::Broken);
    assert_eq!(headline.title, "142 of 142 sessions from an unnamed reporter failed.");
    assert!(headline.next.contains("delivered as if you had none"), "{}", headline.next);
    assert!(headline.next.contains("fault of the reporter"), "{}", headline.next);
}

#[test]
fn what_is_no_json_is_not_conformant() {
    for text in ["not json", "{\"policies\":[", "[]", ""] {
        let input = Input { kind: Some(Kind::Report), ..Input::new(text.as_bytes()) };
        let report = lint(&input);
        let verdict = report.artefacts[0].verdict().expect("a verdict");
        assert!(!verdict.conformant && !verdict.usable, "{text:?}");
    }
}

/// Members that stand elsewhere are named, and what they say counts.
#[test]
fn misplaced_members_are_read() {
    let flat = report(r#""policy-type":"tlsa""#, 4, 2, &["tlsa-invalid"])
        .replace(r#""policy":"#, "")
        .replace(r#"{"policy-type""#, r#""policy-type""#)
        .replace(r#""acme-mail.net"},"#, r#""acme-mail.net","#);
    let (headline, messages) = said(&flat);
    assert_eq!(headline.title, "2 of 6 sessions from Sender Corp failed.");
    assert!(headline.next.contains("DANE"), "{}", headline.next);
    assert!(messages.iter().any(|message| message.starts_with("RPT-JSON-008 ")), "{messages:?}");
    let content = stslint::report::content(&flat).expect("a report");
    assert_eq!(content.policies[0].domain.as_deref(), Some("acme-mail.net"));
    let renamed = report(&STS.replace("MODE", "testing"), 4, 2, &["certificate-expired"])
        .replace("receiving-mx-hostname", "receiving_mx_host_name");
    let content = stslint::report::content(&renamed).expect("a report");
    assert_eq!(content.policies[0].failures[0].mx.as_deref(), Some("mx.acme-mail.net"));
}

#[test]
fn one_reading_gives_what_two_give() {
    let good = report(&STS.replace("MODE", "testing"), 4, 2, &["certificate-expired", "new"]);
    let flat = good.replace(r#""policy":"#, "").replace(r#"{"policy-type""#, r#""policy-type""#);
    for text in [
        &good,
        &format!("\u{feff}{good}"),
        &format!("{good},"),
        &flat.replace(r#""acme-mail.net"},"#, r#""acme-mail.net","#),
        &good.replace("receiving-mx-hostname", "receiving_mx_host_name"),
        &good.replace(r#""report-id""#, r#""contact-info":"b","report-id""#),
        &good[1..],
        "{}",
        "[]",
        "",
    ] {
        let file_name = Some("report.json");
        let input = Input { kind: Some(Kind::Report), file_name, ..Input::new(text.as_bytes()) };
        let apart = stslint::report::content(text)
            .map(|content| (content, stslint::report::lint(&input).1));
        assert_eq!(stslint::report::read(&input), apart, "{text}");
    }
}
