//! What must hold of many reports taken together that come from a link, or from another part of a program.

use crate::{Outcome, ensure, shown, vectors};
use serde_json::Value;
use stslint::render::aggregate::{CSV_HEAD, answer, csv_row, markdown, text};
use stslint::render::aggregate_json::Document;
use stslint::render::readiness;
use stslint::report::aggregate::{Aggregate, Filter, Scope, Totals};
use stslint::report::content;

/// The bytes of an aggregate are refused or read. What is read is the same when it is written and read again, in a link it comes to the
/// same, and words, tables and data can be made of it.
pub fn check(bytes: &[u8]) -> Outcome {
    let Some(read) = Aggregate::from_bytes(bytes) else { return Ok(()) };
    let whole = read.to_bytes(Scope::Whole);
    let again = Aggregate::from_bytes(&whole);
    ensure!(again.as_ref() == Some(&read), "{} became {again:?}", shown(bytes));
    ensure!(read.to_bytes(Scope::Whole) == whole, "{} is written in two ways", shown(bytes));
    let mut merged = read.clone();
    merged.merge(&Aggregate::default());
    ensure!(merged == read, "{} becomes another with nothing added", shown(bytes));
    let totals = read.totals(&Filter::default());
    for scope in [Scope::WithSources, Scope::WithoutSources] {
        let link = Aggregate::from_bytes(&read.to_bytes(scope));
        let Some(link) = link else { return Err(format!("{} gives no link", shown(bytes))) };
        let wanted = match scope {
            Scope::WithoutSources => without_sources(totals.clone()),
            Scope::Whole | Scope::WithSources => totals.clone(),
        };
        let linked = link.totals(&Filter::default());
        ensure!(linked == wanted, "{} comes to {linked:#?} in a link", shown(bytes));
    }
    in_words(&read, &totals).map_err(|what| format!("{what}: {}", shown(bytes)))?;
    in_tables(&read).map_err(|what| format!("{what}: {}", shown(bytes)))
}

/// The same totals without what tells of single machines of senders.
fn without_sources(mut totals: Totals) -> Totals {
    for failure in totals.domains.iter_mut().flat_map(|domain| &mut domain.failures) {
        failure.addresses.clear();
        failure.reasons.clear();
    }
    totals
}

/// Texts hold nothing that a terminal takes for a command.
fn in_words(read: &Aggregate, totals: &Totals) -> Outcome {
    let ready = totals.last.map(|today| read.readiness_of_each(today)).unwrap_or_default();
    let mut texts = vec![text(totals, &ready, totals.last), markdown(totals, &ready, totals.last)];
    let told = answer(totals);
    texts.extend([told.title, told.reason]);
    texts.extend(ready.iter().map(|(domain, seen)| readiness::text(domain, seen)));
    for text in texts {
        let control = text.chars().find(|c| c.is_control() && *c != '\n');
        ensure!(control.is_none(), "{control:?} is in {text:?}");
    }
    let document = Document::new(totals).with_ready(&ready);
    let json = serde_json::to_string(&document).map_err(|error| error.to_string())?;
    let again: Value = serde_json::from_str(&json).map_err(|error| format!("{error}: {json}"))?;
    ensure!(again["reports"] == totals.reports, "{json} has other reports");
    Ok(())
}

/// Rows have the columns of their head, each in one line.
fn in_tables(read: &Aggregate) -> Outcome {
    let columns = cells(CSV_HEAD).ok_or("the head is no row")?;
    for row in read.rows(&Filter::default()) {
        let line = csv_row(&row);
        ensure!(cells(&line) == Some(columns), "{line:?} has other columns");
        let line = serde_json::to_string(&row).map_err(|error| error.to_string())?;
        ensure!(!line.contains('\n'), "{line:?} is no line");
        let row: Value = serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))?;
        let members = row.as_object().map_or(0, serde_json::Map::len);
        ensure!(members == columns, "{line} has other members");
    }
    Ok(())
}

/// How many cells a row of CSV has (RFC 4180 §2); none for anything but one row.
fn cells(row: &str) -> Option<usize> {
    let mut rest = row;
    let mut cells = 1;
    loop {
        rest = match rest.strip_prefix('"') {
            None => rest.trim_start_matches(|c| !matches!(c, ',' | '"' | '\r' | '\n')),
            Some(mut quoted) => loop {
                let (_, behind) = quoted.split_once('"')?;
                match behind.strip_prefix('"') {
                    Some(escaped) => quoted = escaped,
                    None => break behind,
                }
            },
        };
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => return (rest == "\r\n").then_some(cells),
        }
        cells += 1;
    }
}

/// What reports come to: each vector alone, and those of one of the habits of reporters together, whole and as in links.
pub fn written() -> Vec<(String, Vec<u8>)> {
    const HABITS: &str = include_str!("../../../tests/reports/senders.json");
    let of = |reports: &[String]| {
        let mut all = Aggregate::default();
        for text in reports {
            if let Some(report) = content(text) {
                all.add(&report, &["RPT-JSON-023"]);
            }
        }
        all
    };
    let mut all = Vec::new();
    for vector in vectors::all().iter().filter(|vector| vector["kind"] == "report") {
        let Some((_, source)) = vectors::source(vector) else { continue };
        let id = vector["id"].as_str().unwrap_or_default().to_owned();
        all.push((id, of(&[String::from_utf8_lossy(&source).into_owned()])));
    }
    let habits: Value = serde_json::from_str(HABITS).expect("the file is JSON");
    for case in habits["cases"].as_array().into_iter().flatten() {
        let reports = case["reports"].as_array().into_iter().flatten();
        let reports: Vec<String> = reports.map(Value::to_string).collect();
        all.push((case["name"].as_str().unwrap_or_default().to_owned(), of(&reports)));
    }
    all.retain(|(_, aggregate)| !aggregate.is_empty());
    let written = |(name, aggregate): (String, Aggregate)| {
        [
            (format!("{name}-whole"), aggregate.to_bytes(Scope::Whole)),
            (format!("{name}-link"), aggregate.to_bytes(Scope::WithSources)),
        ]
    };
    all.into_iter().flat_map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_as_the_rfc_has_them() {
        for (row, wanted) in [
            ("\r\n", Some(1)),
            ("a,b\r\n", Some(2)),
            (",\"a,\"\"\r\n\",\r\n", Some(3)),
            ("a", None),
            ("a\r\nb\r\n", None),
            ("a\"b\"\r\n", None),
            ("\"a\r\n", None),
            ("\"a\"b\r\n", None),
        ] {
            assert_eq!(cells(row), wanted, "{row:?}");
        }
    }

    #[test]
    fn seeds_are_read() {
        let seeds = written();
        assert!(seeds.len() > 80, "{}", seeds.len());
        for (name, bytes) in seeds {
            assert!(Aggregate::from_bytes(&bytes).is_some_and(|read| !read.is_empty()), "{name}");
        }
    }
}
