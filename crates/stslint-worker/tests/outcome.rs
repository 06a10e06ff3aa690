//! What comes of files: added up, merged, and written down.

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::Value;
use std::io::Write as _;
use stslint::report::aggregate::{Aggregate, Filter};
use stslint::report::content;
use stslint_intake::{Intake, Limits};
use stslint_worker::{NAMED, Outcome};

/// Reports with the habits of real reporters.
fn reports() -> Vec<String> {
    let file: Value =
        serde_json::from_str(include_str!("../../../tests/reports/senders.json")).expect("JSON");
    let cases = file["cases"].as_array().expect("a list");
    let reports = cases.iter().flat_map(|case| case["reports"].as_array().expect("a list"));
    reports.map(Value::to_string).collect()
}

/// There are no tables here.
fn no_a_labels(_: &str) -> Option<String> {
    None
}

/// What comes of files that are fed in pieces of this size.
fn read<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>, piece: usize) -> Outcome {
    let mut outcome = Outcome::default();
    for (name, bytes) in files {
        let mut intake = Intake::new(name, Limits::default());
        let mut take =
            |item: stslint_intake::Item| outcome.take(item, no_a_labels, &mut |_, _| true);
        bytes.chunks(piece).for_each(|piece| intake.feed(piece, &mut take));
        intake.finish(&mut take);
        outcome.files += 1;
        outcome.bytes += bytes.len() as u64;
    }
    outcome
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// Reports of all senders, and among them what is none, as files.
fn files() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (number, report) in reports().iter().enumerate() {
        files.push((format!("{number}.json.gz"), gzip(report)));
        if number == 2 {
            let packed = gzip(report);
            files.push(("cut.json.gz".into(), packed[..packed.len() / 2].to_vec()));
            files.push(("list.json".into(), br#"{"policies": [], "report-id": "#.to_vec()));
            files.push(("dmarc.xml".into(), b"<feedback><report_metadata/></feedback>".to_vec()));
            files.push(("note.txt".into(), b"Dear colleague".to_vec()));
        }
    }
    files
}

fn named(files: &[(String, Vec<u8>)]) -> impl Iterator<Item = (&str, &[u8])> {
    files.iter().map(|(name, bytes)| (&name[..], &bytes[..]))
}

#[test]
fn what_is_broken_stops_nothing_and_is_told() {
    let files = files();
    let outcome = read(named(&files), 1000);
    let totals = outcome.aggregate.totals(&Filter::default());
    assert_eq!(totals.reports + totals.duplicates, reports().len() as u64);
    assert_eq!((outcome.dmarc, outcome.other), (1, 1));
    let refused: Vec<_> =
        outcome.refused.iter().map(|(place, why)| (&place[..], &why[..])).collect();
    assert_eq!(
        refused,
        [
            ("cut.json.gz", "its gzip data is cut off"),
            (
                "list.json",
                "it is no TLS report that can be read; linting it alone shows what is wrong"
            ),
        ]
    );
    assert_eq!(outcome.files, files.len() as u64);
    assert_eq!(outcome.bytes, files.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>());
}

#[test]
fn habits_are_those_that_the_rules_find() {
    let files = files();
    let outcome = read(named(&files), usize::MAX);
    let mut expected = Aggregate::default();
    for report in reports() {
        let input = stslint::Input::new(report.as_bytes());
        let linted = stslint::lint(&stslint::Input { kind: Some(stslint::Kind::Report), ..input });
        let mut codes: Vec<_> = linted.findings().map(|finding| finding.rule.code).collect();
        codes.sort_unstable();
        codes.dedup();
        expected.add(&content(&report).expect("a report"), &codes);
    }
    let all = Filter::default();
    assert_eq!(outcome.aggregate.totals(&all), expected.totals(&all));
    let habits = |aggregate: &Aggregate| -> usize {
        aggregate.totals(&all).senders.iter().map(|sender| sender.habits.len()).sum()
    };
    assert!(habits(&expected) > 3, "{}", habits(&expected));
}

#[test]
fn only_what_counts_is_added() {
    let report = &reports()[0];
    let mut outcome = Outcome::default();
    let mut intake = Intake::new("a.json", Limits::default());
    let mut seen = 0;
    let mut take = |item: stslint_intake::Item| {
        outcome.take(item, no_a_labels, &mut |content, _| {
            seen += 1;
            content.organization.as_deref() == Some("Nobody")
        });
    };
    intake.feed(report.as_bytes(), &mut take);
    intake.finish(&mut take);
    assert_eq!((seen, outcome), (1, Outcome::default()));
}

/// What a linter reads of a report in something else counts, and what other programs made of one.
#[test]
fn reports_count_in_what_stands_around_them() {
    let json = r#"{"organization-name":"A","date-range":{"start-datetime":"2026-10-01T00:00:00Z","end-datetime":"2026-10-01T23:59:59Z"},"report-id":"1","policies":[{"policy":{"policy-type":"sts","policy-domain":"a.example"},"summary":{"total-successful-session-count":4,"total-failure-session-count":2}}]}"#;
    let anew = r#"{"organization_name":"A","begin_date":"2026-10-01T00:00:00Z","end_date":"2026-10-01T23:59:59Z","report_id":"1","policies":[{"policy_type":"sts","policy_domain":"a.example","successful_session_count":4,"failed_session_count":2}]}"#;
    let escaped = json.replace('"', "\\\"");
    let cells = json.replace('"', "\"\"");
    let other = |text: &str| text.replace("report-id\\\":\\\"1", "report-id\\\":\\\"2");
    for (text, reports) in [
        (json.to_owned(), 1),
        (format!("{{\"data\":{json}}}"), 1),
        (format!("{{\"log\":\"{escaped}\"}}\n{{\"log\":\"{}\"}}\n", other(&escaped)), 2),
        (
            format!(
                "id,body\n1,\"{cells}\"\n2,\"{}\"\n",
                cells.replace(":\"\"1\"\"", ":\"\"2\"\"")
            ),
            2,
        ),
        (json.replace(":{", ":\u{a0}{"), 1),
        (format!("{json},"), 1),
        (anew.to_owned(), 1),
        (
            format!(
                "{{\"aggregate_reports\":[],\"smtp_tls_reports\":[{anew},{}]}}",
                anew.replace("id\":\"1", "id\":\"2")
            ),
            2,
        ),
        // Two ways to write one.
        (format!("{json}\n{anew}"), 1),
    ] {
        let outcome = read([("a.json", text.as_bytes())], usize::MAX);
        assert_eq!(outcome.refused, [], "{text}");
        let totals = outcome.aggregate.totals(&Filter::default());
        let kind = &totals.domains[0].kinds[0];
        let wanted = (reports, Some("a.example"), 4 * reports, 2 * reports);
        assert_eq!(
            (totals.reports, totals.domains[0].domain, kind.success, kind.failure),
            wanted,
            "{text}"
        );
    }
    // A program that wrote a report anew has no habits of its sender.
    let habits = |text: &str| -> Vec<String> {
        let outcome = read([("a.json", text.as_bytes())], usize::MAX);
        let totals = outcome.aggregate.totals(&Filter::default());
        totals.senders[0].habits.iter().map(|habit| habit.code.to_owned()).collect()
    };
    assert_eq!(habits(anew), habits(json));
    let misspelt = json.replace("report-id", "report_id");
    assert_eq!(habits(&misspelt), [&["RPT-JSON-007".to_owned()], &habits(json)[..]].concat());
}

#[test]
fn it_is_the_same_after_it_was_written() {
    let mut outcome = read(named(&files()), 1000);
    outcome.refused_more = u64::MAX;
    let bytes = outcome.to_bytes();
    assert_eq!(Outcome::from_bytes(&bytes), Some(outcome));
    assert_eq!(Outcome::from_bytes(&Outcome::default().to_bytes()), Some(Outcome::default()));
    // What is cut off, longer, or of another version is not read.
    for end in 0..bytes.len() {
        assert_eq!(Outcome::from_bytes(&bytes[..end]), None, "{end} of {}", bytes.len());
    }
    assert_eq!(Outcome::from_bytes(&[&bytes[..], &[0]].concat()), None);
    assert_eq!(Outcome::from_bytes(&[&[2], &bytes[1..]].concat()), None);
}

#[test]
fn numbers_that_somebody_made_up_reserve_nothing() {
    let mut bytes = Outcome::default().to_bytes();
    let named = 1 + 5 * 8;
    bytes[named..named + 8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(Outcome::from_bytes(&bytes), None);
    bytes[named..named + 8].copy_from_slice(&1_u64.to_le_bytes());
    bytes.splice(named + 8.., [0xff; 8]);
    assert_eq!(Outcome::from_bytes(&bytes), None);
}

#[test]
fn parts_come_to_the_same_in_any_number() {
    let files = files();
    let whole = read(named(&files), 1000);
    for size in 1..files.len() {
        let mut merged = Outcome::default();
        for part in files.chunks(size) {
            merged.merge(&read(named(part), 1000));
        }
        assert_eq!(merged, whole, "{size}");
    }
}

#[test]
fn the_first_things_that_cannot_be_read_are_named_and_the_rest_is_counted() {
    let mut outcome = Outcome::default();
    for number in 0..NAMED + 5 {
        outcome.refuse(number.to_string(), "why".into());
    }
    assert_eq!((outcome.refused.len(), outcome.refused_more), (NAMED, 5));
    assert_eq!(outcome.refused[NAMED - 1].0, "99");
    let mut twice = outcome.clone();
    twice.merge(&outcome);
    assert_eq!((twice.refused.len(), twice.refused_more), (NAMED, 110));
    outcome.refused_more = u64::MAX;
    twice.merge(&outcome);
    assert_eq!(twice.refused_more, u64::MAX);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_not(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Outcome::from_bytes(&bytes);
        let _ = Outcome::from_bytes(&[&[1], &bytes[..]].concat());
    }

    #[test]
    fn a_byte_that_changed_on_the_way_breaks_nothing(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = read([("a.json", reports()[0].as_bytes()), ("b.json", b"{\"policies\":")], 100).to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Some(outcome) = Outcome::from_bytes(&bytes) {
            let _ = outcome.aggregate.totals(&Filter::default());
            let mut twice = outcome.clone();
            twice.merge(&outcome);
        }
    }
}

/// RFC 8460 §4.4: domains are A-labels; some reporters write them as people do.
#[test]
fn a_domain_has_one_name() {
    fn to_ascii(name: &str) -> Option<String> {
        (name.to_lowercase() == "münchen.example").then(|| "xn--mnchen-3ya.example".into())
    }
    let mut outcome = Outcome::default();
    let names =
        ["münchen.example", "MÜNCHEN.example.", "xn--mnchen-3ya.example", "XN--MNCHEN-3YA.Example"];
    for (number, name) in names.into_iter().enumerate() {
        let json = format!(
            r#"{{"organization-name":"A","report-id":"{number}","policies":[{{"policy":{{"policy-type":"sts",
            "policy-domain":"{name}"}},"failure-details":[{{"receiving-mx-hostname":"{name}"}}]}}]}}"#
        );
        let mut intake = Intake::new("report.json", Limits::default());
        let mut take = |item: stslint_intake::Item| outcome.take(item, to_ascii, &mut |_, _| true);
        intake.feed(json.as_bytes(), &mut take);
        intake.finish(&mut take);
    }
    let totals = outcome.aggregate.totals(&Filter::default());
    let [domain] = &totals.domains[..] else { panic!("{totals:#?}") };
    assert_eq!((domain.domain, domain.reports), (Some("xn--mnchen-3ya.example"), 4));
    let [failure] = &domain.failures[..] else { panic!("{totals:#?}") };
    assert_eq!(failure.mx, Some("xn--mnchen-3ya.example"));
}
