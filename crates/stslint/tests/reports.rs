//! What is said of reports: words follow the kind of policy, the result and the mode that the sender had.

use stslint::render::words::{Headline, State, headline};
use stslint::{Input, Kind, carve, lint};

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
        // What failed says more than the policy beside which it stands.
        (sts("testing"), &["tlsa-invalid"], "DANE defers such mail", "DANE defers such mail"),
        (sts("testing"), &["dnssec-invalid"], "DANE defers such mail", "DANE defers such mail"),
        (
            r#""policy-type":"no-policy-found""#.into(),
            &["dnssec-invalid"],
            "DANE defers such mail",
            "DANE defers such mail",
        ),
        (
            r#""policy-type":"tlsa""#.into(),
            &["sts-policy-fetch-error"],
            "delivered as if there were none",
            "delivered as if you had none",
        ),
        (sts("testing"), &["Tlsa_Invalid"], "DANE defers such mail", "DANE defers such mail"),
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

/// One with all that a report has, on lines as programs write them.
fn on_lines() -> String {
    let value: serde_json::Value = serde_json::from_str(&report(
        &STS.replace("MODE", "enforce"),
        4,
        2,
        &["certificate-expired"],
    ))
    .expect("JSON");
    serde_json::to_string_pretty(&value).expect("JSON")
}

/// What copying makes of a report is none, says what it is, and is no policy.
#[test]
fn a_report_that_is_no_json_is_not_the_policy_in_it() {
    let json = on_lines();
    let from = |mark: &str| json[json.find(mark).expect("it is there")..].to_owned();
    let yaml = "policy:\n  policy-type: sts\n  policy-string:\n  - 'version: STSv1'\n  - 'mode: enforce'\n  \
        - 'mx: mx.acme-mail.net'\n  - 'max_age: 604800'\n";
    let print_r = "[policy-string] => Array\n(\n[0] => version: STSv1\n[1] => mode: enforce\n\
        [2] => mx: mx.acme-mail.net\n[3] => max_age: 604800\n)\n";
    let strings = r#""policy-string": ["version: STSv1", "mode: enforce", "mx: mx.acme-mail.net", "max_age: 604800"]"#;
    let block = "policy-type: sts\npolicy-string: |\n  version: STSv1\n  mode: enforce\n  mx: mx.acme-mail.net\n  \
        max_age: 604800\n";
    for (text, became) in [
        (json.replace('"', "\u{201d}"), "typographic quotes"),
        (format!("Hi,\nwhat is this?\n{}", json.replace('"', "\u{201d}")), "typographic quotes"),
        (json.replace('"', "'"), "single quotes"),
        (format!("report = {}", json.replace('"', "'")), "single quotes"),
        (yaml.to_owned(), "YAML"),
        (block.to_owned(), "YAML"),
        (print_r.to_owned(), "as a program prints"),
        (strings.to_owned(), "the beginning of the report is missing"),
        (from("\"policies\""), "the beginning of the report is missing"),
        (from("\"policy-string\""), "the beginning of the report is missing"),
        (format!("> {}", from("\"policy-string\"").replace('\n', "\n> ")), "marks of a quotation"),
        (
            json[..json.find("nforce").expect("it is there")].to_owned(),
            "a string without closing quote",
        ),
    ] {
        let input = Input::new(text.as_bytes());
        let report = lint(&input);
        let kinds: Vec<_> = report.artefacts.iter().map(|artefact| artefact.kind).collect();
        assert_eq!(kinds, [Kind::Report], "{text}");
        let found: Vec<_> = report.findings().collect();
        assert_eq!(found.len(), 1, "{text}: {found:#?}");
        let message = found[0].message(input.source);
        assert!(found[0].rule.code == "RPT-JSON-001" && message.contains(became), "{message}");
        assert!(!report.artefacts[0].verdict().expect("a verdict").usable, "{text}");
        assert!(stslint::bare::lint(&input).is_none(), "{text}");
        let headline = headline(&input, &report);
        assert!(headline.title.contains("it is not JSON"), "{}", headline.title);
        assert!(!headline.next.contains("fault of the reporter"), "{}", headline.next);
    }
}

/// A text that only speaks of reports is read as before.
#[test]
fn a_policy_beside_words_about_reports_is_still_one() {
    let policy = "```\nversion: STSv1\nmode: enforce\nmx: mx.acme-mail.net\nmax_age: 604800\n```\n";
    for words in ["Reports have `report-id`: an id, and `policies`: a list.\n", "policies:\n", ""] {
        let text = format!("{words}{policy}");
        let report = lint(&Input::new(text.as_bytes()));
        assert_eq!(report.artefacts[0].kind, Kind::Policy, "{text}");
    }
}

#[test]
fn a_report_in_a_quotation_is_read_in_place() {
    let json = on_lines();
    for mark in ["> ", ">> ", "| ", "12: "] {
        let text =
            format!("On Monday Bob wrote:\n{mark}{}", json.replace('\n', &format!("\n{mark}")));
        let input = Input::new(text.as_bytes());
        let report = lint(&input);
        let codes: Vec<_> = report.findings().map(|finding| finding.rule.code).collect();
        assert_eq!(codes, ["INPUT-004", "RPT-JSON-060"], "{text}");
        let place = report.findings().last().expect("two").span;
        assert_eq!(&text[place.range()], "2", "{text}");
        assert_eq!(carve::report_text(text.as_bytes()).as_deref(), Some(&*json));
    }
}

/// Several reports are not one, and the first of them says nothing about the others.
#[test]
fn several_reports_are_not_read_as_one() {
    let good = report(&STS.replace("MODE", "enforce"), 4, 0, &[]);
    let bad = good.replace(":0}", ":3}").replace("Sender Corp", "Other Corp");
    for text in [
        format!("{good}\n{bad}\n"),
        format!("{good}\n{good}\n"),
        format!("{good},{bad}"),
        format!("[{good},{bad}]"),
        format!("\u{1e}{good}\n\u{1e}{bad}\n"),
        format!("a {good}\nb {bad}\n"),
    ] {
        let input = Input::new(text.as_bytes());
        let report = lint(&input);
        let found: Vec<_> = report.findings().map(|finding| finding.rule.code).collect();
        assert_eq!(found, ["RPT-JSON-009"], "{text}");
        let headline = headline(&input, &report);
        assert!(headline.title.starts_with("Several TLS reports"), "{}", headline.title);
        assert!(!headline.next.contains("fault of the reporter"), "{}", headline.next);
    }
    // A mail that is forwarded has its report twice.
    let text = format!("see {good}\nand again {good}\n");
    let input = Input::new(text.as_bytes());
    assert_eq!(headline(&input, &lint(&input)).title, "All 4 sessions from Sender Corp went well.");
}

/// The details are believed where the total says nothing, and what cannot be read is not zero.
#[test]
fn numbers_that_are_missing_are_not_zero() {
    let failed = report(&STS.replace("MODE", "testing"), 4, 2, &["certificate-expired"]);
    let good = report(&STS.replace("MODE", "testing"), 4, 0, &[]);
    let total = |text: &str, from: &str, to: &str| {
        let (from, to) = [from, to].map(|n| format!("\"total-failure-session-count\":{n}")).into();
        assert!(text.contains(&from), "{text}");
        text.replace(&from, &to)
    };
    let unsaid = "This report from Sender Corp does not say how many sessions failed.";
    let summary = |text: &str| {
        let start = text.find("\"summary\"").expect("one");
        let end = start + text[start..].find('}').expect("its end") + 1;
        format!("{}\"x\":0{}", &text[..start], &text[end..])
    };
    let detail = |count: &str| {
        report(&STS.replace("MODE", "testing"), 4, 0, &["certificate-expired"])
            .replace("\"failed-session-count\":0", &format!("\"failed-session-count\":{count}"))
    };
    for (text, title, next) in [
        (summary(&failed), "2 sessions from Sender Corp failed.", "mode testing"),
        (total(&failed, "2", "null"), "2 of 6 sessions from Sender Corp failed.", "mode testing"),
        (total(&failed, "2", "-1"), "2 of 6 sessions from Sender Corp failed.", "mode testing"),
        (total(&failed, "2", "0"), "2 of 6 sessions from Sender Corp failed.", "mode testing"),
        (summary(&good), unsaid, "does not show"),
        (total(&good, "0", "\"1,234\""), unsaid, "does not show"),
        (total(&good, "0", "-40"), unsaid, "does not show"),
        (total(&good, "0", "2.5"), unsaid, "does not show"),
        (detail("null"), unsaid, "does not show"),
        (detail("0"), "All 4 sessions from Sender Corp went well.", "as your policy promises"),
        (
            total(&good, "0", "2").replace("total-failure", "total-failed"),
            "2 of 6 sessions from Sender Corp failed.",
            "mode testing",
        ),
    ] {
        let (headline, messages) = said(&text);
        assert_eq!(headline.title, title, "{text}\n{messages:#?}");
        assert!(headline.next.contains(next), "{}", headline.next);
        let well = headline.state == State::Good;
        assert_eq!(
            messages.iter().any(|message| message.starts_with("RPT-JSON-062")),
            well,
            "{text}"
        );
        let content = stslint::report::content(&text).expect("a report");
        assert!(
            stslint::report::table(&content).iter().all(|row| row.sessions != Some(0)),
            "{text}"
        );
    }
}

/// What says nothing is absent, and what is written otherwise means the same.
#[test]
fn what_is_no_fault_is_none() {
    let good = report(&STS.replace("MODE", "testing"), 4, 0, &[]);
    let no_policy = report(r#""policy-type":"no-policy-found""#, 4, 0, &[]);
    let failed = report(&STS.replace("MODE", "testing"), 4, 2, &["Certificate-Expired"]);
    let no_details = |value: &str| {
        good.replace("\"failure-details\":[]", &format!("\"failure-details\":{value}"))
    };
    let mx_host = |value: &str| {
        good.replace(",\"policy-domain\"", &format!(",\"mx-host\":{value},\"policy-domain\""))
    };
    let policy_string = |value: &str| {
        no_policy
            .replace(",\"policy-domain\"", &format!(",\"policy-string\":{value},\"policy-domain\""))
    };
    let with_ends = |end: &str| {
        let ends = |text: String, line: &str| text.replace(line, &format!("{line}{end}"));
        ["STSv1", "testing", "mx.acme-mail.net", "86400"].into_iter().fold(good.clone(), ends)
    };
    let times = |start: &str, end: &str| {
        good.replace("2026-10-01T00:00:00Z", start).replace("2026-10-01T23:59:59Z", end)
    };
    let well = &["RPT-JSON-062"][..];
    let start = "2026-10-01T00:00:00Z";
    for (text, codes) in [
        (no_details("null"), well),
        (no_details("{}"), well),
        (no_details("\"\""), well),
        (mx_host("\"\""), well),
        (mx_host("null"), well),
        (mx_host("[\"\"]"), well),
        (mx_host("[\"MX.acme-mail.net.\"]"), well),
        (policy_string("null"), well),
        (policy_string("\"\""), well),
        (with_ends("\\r"), well),
        (with_ends("\\r\\n"), well),
        (good.replace("tls@sender-corp.net", "\\\"tls rpt\\\"@sender-corp.net"), well),
        (
            good.replace("tls@sender-corp.net", "\\\"tls\\\" rpt@sender-corp.net"),
            &["RPT-JSON-017", "RPT-JSON-062"],
        ),
        (times(start, start), &["RPT-JSON-015", "RPT-JSON-062"]),
        (
            times("2026-10-01 00:00:00Z", "2026-10-01 23:59:59Z"),
            &["RPT-JSON-012", "RPT-JSON-012", "RPT-JSON-062"],
        ),
        (
            failed,
            &[
                "RPT-JSON-060",
                "RPT-JSON-052 `Certificate-Expired` is not a registered result type; `certificate-expired` is meant",
            ],
        ),
    ] {
        let (_, messages) = said(&text);
        let same = messages.len() == codes.len()
            && messages.iter().zip(codes).all(|(message, code)| message.starts_with(code));
        assert!(same, "{text}\n{messages:#?}");
    }
    let spaced = times("2026-10-01 00:00:00Z", "2026-10-01 23:59:59Z");
    let content = stslint::report::content(&spaced).expect("a report");
    let about = stslint::render::report::about(&content);
    assert!(about.contains(&("Time", "2026-10-01".into())), "{about:?}");
}

#[test]
fn a_policy_in_mode_none_promises_nothing() {
    let (headline, _) = said(&report(&STS.replace("MODE", "none"), 4, 0, &[]));
    assert!(headline.next.contains("asks for nothing"), "{}", headline.next);
}

/// What is attached is what the mail says, and the domain is the one that the report is about.
#[test]
fn an_attachment_is_what_the_mail_says() {
    let mail = |headers: &str| {
        format!(
            "From: noreply@sender-corp.net\nSubject: {headers}\nContent-Transfer-Encoding: base64\n\n\
             H4sIAAAAAAAAA6uu5QIABrCh3QMAAAA=\n"
        )
    };
    let report = "A mail with a packed TLS report";
    for (headers, title, domain) in [
        (
            "Report Domain: acme-mail.net Submitter: sender-corp.net\nContent-Type: application/tlsrpt+gzip",
            report,
            "acme-mail.net",
        ),
        (
            "hello\nTLS-Report-Domain: Acme-Mail.net\nContent-Type: application/gzip; name=a.json.gz",
            report,
            "acme-mail.net",
        ),
        (
            "hello\nContent-Type: application/gzip;\n name=\"sender-corp.net!acme-mail.net!1!2.json.gz\"",
            report,
            "acme-mail.net",
        ),
        (
            "Report domain: acme-mail.net Submitter: sender-corp.net\nContent-Type: application/gzip; name=\"sender-corp.net!acme-mail.net!1!2.xml.gz\"",
            "A mail with a packed DMARC report",
            "acme-mail.net",
        ),
        (
            "hello\nContent-Type: application/gzip; name=reports.tar.gz",
            "A mail with a packed file",
            "sender-corp.net",
        ),
    ] {
        let text = mail(headers);
        let input = Input::new(text.as_bytes());
        let linted = lint(&input);
        let headline = headline(&input, &linted);
        assert!(headline.title.starts_with(title), "{headers}: {}", headline.title);
        let told = linted
            .findings()
            .any(|found| found.message(input.source).contains("TLS report is attached"));
        assert_eq!(told, title == report, "{headers}");
        assert_eq!(
            linted.artefacts[0].mentioned(input.source).as_deref(),
            Some(domain),
            "{headers}"
        );
    }
}
