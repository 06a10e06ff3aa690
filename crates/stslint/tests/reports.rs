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

/// What programs, tables, terminals and web pages make of a report is read all the same, or named by what it is.
#[test]
fn a_report_is_read_in_what_stands_around_it() {
    let sts = STS.replace("MODE", "testing");
    let json = on_one_line(&report(&sts, 4, 2, &["certificate-expired"]));
    let lines = {
        let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        serde_json::to_string_pretty(&value).expect("JSON")
    };
    let escaped = json.replace('"', "\\\"");
    let bytes: Vec<char> = json.chars().collect();
    let wrapped = bytes.chunks(76).map(|line| line.iter().collect::<String>());
    let wrapped = wrapped.collect::<Vec<_>>().join("\n");
    // As jq prints it to a terminal.
    let coloured = lines.replace("\": ", "\"\u{1b}[0m\u{1b}[1;39m: \u{1b}[0m");
    let coloured = format!("\u{1b}[1;39m{coloured}\u{1b}[0m\n");
    const COPIED: &str = "A copy with spaces, colours or line ends that JSON does not have";
    for (text, wrapper) in [
        (format!("{{\"data\":{json}}}"), "JSON"),
        (format!("{{\n\"hits\": [{{\"_id\": 1, \"_source\": {lines}}}]}}"), "JSON"),
        (format!("[{json}]"), "JSON"),
        (format!("[\n{lines}\n]\n"), "JSON"),
        (format!("{json},"), "JSON"),
        (format!("{json}\n-- \nBob\n"), "JSON"),
        (format!("{{\"log\":\"{escaped}\\n\",\"stream\":\"stdout\"}}\n"), "JSON"),
        (format!("{{\"event\":\"tlsrpt\",\"body\":\"{escaped}\"}}"), "JSON"),
        (escaped.clone(), "JSON"),
        (format!("id,body\n1,\"{}\"\n", json.replace('"', "\"\"")), "JSON"),
        (lines.replace("  ", "\u{a0}\u{a0}"), COPIED),
        (format!("\u{200b}{lines}"), "JSON"),
        (lines.replace("  ", "\u{2003}"), COPIED),
        (coloured, COPIED),
        (wrapped.clone(), COPIED),
        (wrapped.replace('\n', "\r\n"), COPIED),
    ] {
        let input = Input::new(text.as_bytes());
        let report = lint(&input);
        let found = |code| report.findings().find(|finding| finding.rule.code == code);
        let (Some(around), Some(failed)) = (found("INPUT-004"), found("RPT-JSON-060")) else {
            panic!("{:?} {text}", report.findings().collect::<Vec<_>>());
        };
        assert_eq!(report.findings().count(), 2, "{text}");
        let said = headline(&input, &report);
        assert_eq!(said.title, "2 of 6 sessions from Sender Corp failed.", "{text}");
        assert!(around.message(input.source).starts_with(wrapper), "{around:?}\n{text}");
        assert_eq!(&text[failed.span.range()], "2", "{text}");
        let told = carve::report_text(text.as_bytes()).expect("a text");
        let content = stslint::report::content(&told).unwrap_or_else(|| panic!("{told}"));
        assert_eq!(content.policies[0].failure, Some(2), "{text}");
    }
    // What is wrong with a report itself is told of that.
    let damaged = json.replace(":[", ":[,");
    for (text, code) in [
        (damaged.clone(), "RPT-JSON-001"),
        (format!("\u{feff}{damaged}"), "RPT-JSON-001"),
        (json[..json.len() - 9].to_owned(), "RPT-JSON-001"),
        (json.replace("report-id", "report_id"), "RPT-JSON-007"),
        (json.replace(",\"report-id\":\"1\"", ""), "RPT-JSON-018"),
    ] {
        let report = lint(&Input::new(text.as_bytes()));
        let codes: Vec<_> = report.findings().map(|finding| finding.rule.code).collect();
        assert!(codes.contains(&code) && !codes.contains(&"INPUT-004"), "{codes:?} {text}");
    }
}

fn on_one_line(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).expect("JSON");
    value.to_string()
}

/// Neither the first of several, nor what is around them, is judged.
#[test]
fn several_reports_in_something_else_are_several() {
    let json = on_one_line(&report(&STS.replace("MODE", "testing"), 4, 2, &["tlsa-invalid"]));
    let other = json.replace("Sender Corp", "Other Corp");
    let log = |json: &str| format!("{{\"log\":\"{}\"}}\n", json.replace('"', "\\\""));
    for text in [
        format!("{{\"hits\":[{{\"_source\":{json}}},{{\"_source\":{other}}}]}}"),
        format!("{}{}", log(&json), log(&other)),
        format!("{{\"smtp_tls_reports\":[{},{}]}}", anew(&json), anew(&other)),
        format!("[{},{}]", anew(&json), anew(&other)),
    ] {
        let report = lint(&Input::new(text.as_bytes()));
        let codes: Vec<_> = report.findings().map(|finding| finding.rule.code).collect();
        assert_eq!(codes, ["RPT-JSON-009"], "{text}");
    }
}

/// A report as parsedmarc writes it, of one with all that it takes from it.
fn anew(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let policy = &value["policies"][0];
    let details = policy["failure-details"]
        .to_string()
        .replace('-', "_")
        .replace("certificate_", "certificate-");
    serde_json::json!({
        "organization_name": value["organization-name"],
        "begin_date": value["date-range"]["start-datetime"],
        "end_date": value["date-range"]["end-datetime"],
        "contact_info": value["contact-info"],
        "report_id": value["report-id"],
        "policies": [{
            "policy_domain": policy["policy"]["policy-domain"],
            "policy_type": policy["policy"]["policy-type"],
            "policy_strings": policy["policy"]["policy-string"],
            "successful_session_count": policy["summary"]["total-successful-session-count"],
            "failed_session_count": policy["summary"]["total-failure-session-count"],
            "failure_details": serde_json::from_str::<serde_json::Value>(
                &details.replace("mx.acme_mail", "mx.acme-mail")).expect("JSON"),
        }],
    })
    .to_string()
}

/// What parsedmarc writes is a report, and no policy; of its rows and of our own there is no verdict.
#[test]
fn what_programs_make_of_reports_is_no_policy() {
    let json = report(&STS.replace("MODE", "enforce"), 0, 5, &["certificate-expired"]);
    let made = anew(&json);
    for text in [made.clone(), format!("[{made}]"), format!("{{\"smtp_tls_reports\":[{made}]}}")] {
        let input = Input::new(text.as_bytes());
        let report = lint(&input);
        let kinds: Vec<_> = report.artefacts.iter().map(|artefact| artefact.kind).collect();
        assert_eq!(kinds, [Kind::Report], "{text}");
        let codes: Vec<_> = report.findings().map(|finding| finding.rule.code).collect();
        let codes: Vec<_> = codes.into_iter().filter(|code| *code != "INPUT-004").collect();
        assert_eq!(codes, ["INPUT-008", "RPT-JSON-060"], "{text}");
        let said = headline(&input, &report);
        assert_eq!(said.title, "5 of 5 sessions from Sender Corp failed.", "{text}");
        assert!(said.next.contains("waits or bounces"), "{}", said.next);
    }
    let policy = "version: STSv1|mode: testing|mx: mx.acme-mail.net|max_age: 604800";
    let lines = policy.replace('|', "\\n");
    for text in [
        format!("organization_name,begin_date,report_id,policy_strings,policy_domain,failed_session_count\nA,2026-10-01,1,\"{policy}\",acme-mail.net,0\n"),
        format!("{{\"organization_name\":\"A\",\"report_id\":\"1\",\"policy_strings\":\"{policy}\",\"policy_domain\":\"acme-mail.net\"}}\n"),
        "organization,contact,report_id,start,end,day,policy,kind,domain,policy_domain,mode\nA,a@b.se,1,,,,0,sts,acme-mail.net,acme-mail.net,testing\n".into(),
        format!("{{\n  \"schema\": 1,\n  \"stslint\": \"0.1.0\",\n  \"policies_left_out\": 0,\n  \"text\": \"{lines}\"}}"),
    ] {
        let input = Input::new(text.as_bytes());
        let report = lint(&input);
        let codes: Vec<_> = report.findings().map(|finding| finding.rule.code).collect();
        assert_eq!(codes, ["INPUT-001"], "{text}");
        assert_eq!(report.artefacts[0].verdict(), None, "{text}");
        assert_eq!(report.artefacts[0].mentioned(input.source), None, "{text}");
        let said = headline(&input, &report);
        assert!(said.title.contains("made of TLS reports"), "{}", said.title);
    }
}

/// A part of a report is not one with faults.
#[test]
fn a_part_of_a_report_and_its_mail_are_named() {
    let json =
        on_one_line(&report(&STS.replace("MODE", "enforce"), 0, 5, &["certificate-expired"]));
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let mail = "From: a@b.se\nSubject: Report Domain: acme-mail.net Submitter: b.se\nTLS-Report-Domain: acme-mail.net\n\
        Content-Type: multipart/report; report-type=tlsrpt; boundary=x\n\n--x\n\nThe attachment was removed.\n--x--\n";
    for (text, title) in [
        (value["policies"].to_string(), "A part of a TLS report"),
        (value["policies"][0].to_string(), "A part of a TLS report"),
        (value["policies"][0]["failure-details"][0].to_string(), "A part of a TLS report"),
        (mail.to_owned(), "The mail of a TLS report, and not the report"),
    ] {
        let input = Input::new(text.as_bytes());
        let report = lint(&input);
        let codes: Vec<_> = report.findings().map(|finding| finding.rule.code).collect();
        assert_eq!(codes, ["INPUT-001"], "{text}");
        assert!(headline(&input, &report).title.starts_with(title), "{text}");
    }
    // Nothing says that a file is a policy whose name says that it is a report.
    let input = Input { file_name: Some("x.JSON"), ..Input::new(b"") };
    assert_eq!(lint(&input).artefacts[0].kind, Kind::Report);
}

/// Whatever stands in front of the lines of a mail.
#[test]
fn the_attachment_of_a_quoted_mail_is_found() {
    let mail = "From: a@b.se\nContent-Type: application/tlsrpt+gzip; name=\"b.se!acme-mail.net!1!2.json.gz\"\n\
        Content-Transfer-Encoding: base64\n\nH4sIAAAAAAAAA6uu\n5QIABrCh3QMAAAA=\n";
    for mark in ["> ", ">", "    ", "> > "] {
        for end in ["\n", "\r\n"] {
            let quoted = mail.lines().map(|line| format!("{mark}{line}{end}"));
            let text = format!("Bob wrote:{end}{}", quoted.collect::<String>());
            let found = carve::attachment(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.holds, carve::Packed::Report, "{text}");
            assert_eq!(found.file_name.as_deref(), Some("b.se!acme-mail.net!1!2.json.gz"));
            assert!(found.bytes.ends_with(&[3, 0, 0, 0]), "{text}");
        }
    }
}

/// The words of a failure follow the kind of policy, and what is written otherwise is read as what is meant.
#[test]
fn failures_are_told_by_the_kind_of_policy() {
    let labels = |policy: &str, result: &str| {
        let text = report(policy, 0, 2, &[result]);
        let input = Input { kind: Some(Kind::Report), ..Input::new(text.as_bytes()) };
        let findings: Vec<_> = lint(&input).findings().cloned().collect();
        let reported = findings.iter().find(|found| found.rule.code == "RPT-JSON-060");
        reported.expect("failures").labels[0].text
    };
    let [tlsa, none] =
        ["tlsa", "no-policy-found"].map(|kind| format!("\"policy-type\":\"{kind}\""));
    for result in ["validation-failure", "certificate-not-trusted"] {
        assert!(labels(&tlsa, result).contains("TLSA"), "{result}");
    }
    assert!(!labels(&none, "validation-failure").contains("does not name"));
    assert!(
        labels(&STS.replace("MODE", "testing"), "validation-failure").contains("does not name")
    );
    let misspelt = STS.replace("MODE", "testing").replace("\"sts\"", "\"STS\"");
    let (headline, messages) = said(&report(&misspelt, 2, 2, &["certificate-expired"]));
    assert_eq!(headline.title, "2 of 4 sessions from Sender Corp failed.");
    assert!(headline.next.contains("mode testing"), "{}", headline.next);
    assert!(messages.iter().any(|message| message.ends_with("; `sts` is meant")), "{messages:?}");
    // The record was found, and the policy was not to be had (RFC 8461 §3.3).
    let (headline, _) = said(&report(&none, 0, 2, &["sts-policy-fetch-error"]));
    assert!(headline.next.contains("could not get your policy"), "{}", headline.next);
    assert!(!headline.next.contains("found no policy"), "{}", headline.next);
    let text = report(&STS.replace("MODE", "testing"), 0, 2, &["CERTIFICATE_EXPIRED"]);
    let content = stslint::report::content(&text).expect("a report");
    assert_eq!(content.policies[0].failures[0].result_type.as_deref(), Some("certificate-expired"));
}

/// A host that no pattern covers is told of once, and an address is no host.
#[test]
fn hosts_that_the_policy_does_not_name_are_told_once() {
    let sts = STS.replace("MODE", "testing");
    let two = report(&sts, 0, 2, &["certificate-expired", "validation-failure"]);
    let count = |mx: &str| {
        let (_, messages) =
            said(&two.replace("hostname\":\"mx.acme-mail.net", &format!("hostname\":\"{mx}")));
        messages.iter().filter(|message| message.starts_with("RPT-JSON-061")).count()
    };
    for (mx, times) in [
        ("old.acme-mail.net", 1),
        ("mx.acme-mail.net", 0),
        ("198.51.100.1", 0),
        ("[2001:db8::1]", 0),
    ] {
        assert_eq!(count(mx), times, "{mx}");
    }
}
