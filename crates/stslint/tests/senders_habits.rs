//! Reports with the habits of real reporters: each lints without a false error, and together they come to what was worked
//! out by hand.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use stslint::finding::Severity;
use stslint::render::aggregate::{csv_row, markdown, text};
use stslint::report::aggregate::{Aggregate, Filter, Habit, SenderTotals, Totals, rows};
use stslint::report::{Cause, content};
use stslint::{Input, Kind, lint};

fn cases() -> Vec<Value> {
    let file: Value =
        serde_json::from_str(include_str!("../../../tests/reports/senders.json")).expect("JSON");
    file["cases"].as_array().expect("a list").clone()
}

/// The codes of the findings of a report.
fn codes(name: &str, text: &str) -> Vec<&'static str> {
    let input = Input { kind: Some(Kind::Report), ..Input::new(text.as_bytes()) };
    let report = lint(&input);
    let errors = report.findings().filter(|finding| finding.rule.severity == Severity::Error);
    assert_eq!(errors.map(|finding| finding.rule.code).collect::<Vec<_>>(), [""; 0], "{name}");
    report.findings().map(|finding| finding.rule.code).collect()
}

fn word<'t>(cause: &'t Cause) -> Option<&'t str> {
    match cause {
        Cause::Known(known) => Some(known.word()),
        Cause::Other(name) => Some(name),
        Cause::Unsaid => None,
    }
}

fn shown(totals: &Totals, expect: &Value) -> Value {
    let domains = totals.domains.iter().zip(expect["domains"].as_array().expect("a list"));
    let domains: Vec<Value> = domains
        .map(|(domain, expect)| {
            let kinds = domain
                .kinds
                .iter()
                .map(|kind| (kind.kind.word().to_owned(), json!([kind.success, kind.failure])));
            let failures = domain.failures.iter().map(|failure| {
                json!([failure.kind.word(), word(&failure.cause), failure.mx, failure.sessions])
            });
            let mut out = json!({
                "domain": domain.domain,
                "kinds": kinds.collect::<serde_json::Map<_, _>>(),
                "failures": failures.collect::<Vec<_>>(),
            });
            if !expect["policies"].is_null() {
                let policies = domain
                    .policies
                    .iter()
                    .map(|seen| json!([seen.kind.word(), seen.lines, seen.reports]));
                out["policies"] = policies.collect();
            }
            out
        })
        .collect();
    assert_eq!(totals.domains.len(), domains.len());
    let mut out =
        json!({ "reports": totals.reports, "duplicates": totals.duplicates, "domains": domains });
    if !expect["days"].is_null() {
        out["days"] = json!([
            totals.first.map(|day| day.to_string()),
            totals.last.map(|day| day.to_string())
        ]);
    }
    out
}

#[test]
fn reports_come_to_what_was_worked_out_by_hand() {
    let cases = cases();
    assert_eq!(cases.len(), 8);
    for case in &cases {
        let name = case["name"].as_str().expect("a name");
        let mut all = Aggregate::default();
        for report in case["reports"].as_array().expect("a list") {
            let text = report.to_string();
            let codes = codes(name, &text);
            all.add(&content(&text).expect("a report"), &codes);
        }
        let totals = all.totals(&Filter::default());
        assert_eq!(shown(&totals, &case["expect"]), case["expect"], "{name}");
    }
}

#[test]
fn habits_are_named_and_words_are_whole() {
    let mut all = Aggregate::default();
    let mut table = Vec::new();
    for case in cases() {
        for report in case["reports"].as_array().expect("a list") {
            let text = report.to_string();
            let report = content(&text).expect("a report");
            all.add(&report, &codes("", &text));
            table.extend(rows(&report).map(|row| csv_row(&row)));
        }
    }
    let totals = all.totals(&Filter::default());
    let ready = all.readiness_of_each(totals.last.expect("a day"));
    let words = text(&totals, &ready, totals.last);
    for wanted in [
        "Habits of mail.ru in 1 report: ",
        "failure sum differs (all, RPT-JSON-042)",
        "Microsoft tells of the same sessions under MTA-STS and under DANE",
        "1 report came again and counts once.",
        "The newest report is of today.",
        "MTA-STS: 105 sessions went well, 10 wrong",
        "DANE: 42 sessions went well, 1 wrong",
        "Policy could not be fetched (MTA-STS): 6 sessions",
        "“bad https response code: 404”",
    ] {
        assert!(words.contains(wanted), "{wanted}\n{words}");
    }
    let summary = markdown(&totals, &BTreeMap::new(), None);
    for wanted in ["| 3 | MTA-STS |", "\n* Microsoft tells of the same sessions under"] {
        assert!(summary.contains(wanted), "{wanted}\n{summary}");
    }
    // Microsoft 2 + 1, mail.ru 2, Stalwart 1 and Google 1, mox 3, tlsrpt-reporter 2, Halon twice, Google 2.
    assert_eq!(table.len(), 16, "{table:#?}");
}

/// Codes come from links as well, and from other versions.
#[test]
fn a_code_that_is_none_of_ours_is_made_visible() {
    let habits =
        vec![Habit { code: "RPT-JSON-016", reports: 1 }, Habit { code: "\u{1b}[2J", reports: 2 }];
    let sender =
        SenderTotals { name: Some("A\u{7}"), reports: 2, habits, ..SenderTotals::default() };
    assert_eq!(
        stslint::render::aggregate::habits(&sender).as_deref(),
        Some(
            "Habits of A<U+0007> in 2 reports: contact info missing (1, RPT-JSON-016), <U+001B>[2J (all)."
        )
    );
}
