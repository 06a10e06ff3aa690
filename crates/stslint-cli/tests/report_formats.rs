//! The forms in which many reports leave, each against its published schema.

mod schemas;

use schemas::{check, schema};
use serde_json::Value;
use stslint::render::aggregate::CSV_HEAD;
use stslint::render::aggregate_json::Document;
use stslint::report::aggregate::{Aggregate, Filter, rows};
use stslint::report::content;

/// Reports with the habits of real reporters, and some that say nothing or too much.
fn reports() -> Vec<String> {
    let file: Value =
        serde_json::from_str(include_str!("../../../tests/reports/senders.json")).expect("JSON");
    let cases = file["cases"].as_array().expect("a list");
    let reports = cases.iter().flat_map(|case| case["reports"].as_array().expect("a list"));
    let odd = [
        "{}",
        r#"{"policies":[{}]}"#,
        r#"{"policies":[{"failure-details":[{"failed-session-count":18446744073709551615}]}]}"#,
    ];
    reports.map(Value::to_string).chain(odd.map(str::to_owned)).collect()
}

#[test]
fn totals_and_rows_follow_their_schemas() {
    let totals_schema = schema(include_str!("../schema/stslint-reports-1.schema.json"));
    let row_schema = schema(include_str!("../schema/stslint-rows-1.schema.json"));
    let columns: Vec<&str> = CSV_HEAD.trim_end().split(',').collect();
    let mut all = Aggregate::default();
    let mut seen = 0;
    for text in reports() {
        let report = content(&text).expect("a report");
        all.add(&report, &["RPT-JSON-023"]);
        for row in rows(&report) {
            let line = serde_json::to_string(&row).expect("it can be written");
            assert!(!line.contains('\n'));
            let row: Value = serde_json::from_str(&line).expect("it is JSON");
            check(&row_schema, "row", &row);
            assert_eq!(row.as_object().expect("an object").len(), columns.len());
            assert!(columns.iter().all(|column| row.get(column).is_some()), "{row}");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
    let totals = all.totals(&Filter::default());
    check(
        &totals_schema,
        "totals",
        &serde_json::to_value(Document::new(&totals)).expect("it can be written"),
    );
}
