//! The engine of a program's first piece, [`stslint::bare`], says what the whole one says, or nothing.

use serde_json::Value;
use stslint::render::words;
use stslint::{Declared, Input, Kind, bare, examples, fix, lint, outline, registry};

/// What there is to lint: its name, its text, what it is said to be, and the policy domain.
type Case = (String, Vec<u8>, Option<Declared>, Option<String>);

/// All conformance vectors, rows on software that differs, examples of rules, and examples of the page.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for file in
        [include_str!("../../../tests/vectors.json"), include_str!("../../../tests/agreement.json")]
    {
        let rows: Vec<Value> = serde_json::from_str(file).expect("a list in JSON");
        for row in rows {
            let Some(kind) = row["kind"].as_str().and_then(Declared::from_word) else { continue };
            let Some(text) = row["input"].as_str() else { continue };
            let domain = row["context"]["domain"].as_str().map(str::to_owned);
            cases.push((row["id"].to_string(), text.into(), Some(kind), domain));
        }
    }
    for rule in registry::all() {
        for example in [Some(rule.words().fails), rule.words().passes].into_iter().flatten() {
            let domain = example.domain.map(str::to_owned);
            cases.push((rule.code.into(), example.bytes(), example.said(), domain));
        }
    }
    for sample in examples::ALL {
        cases.push((sample.title.into(), sample.text.into(), Some(sample.kind.into()), None));
    }
    let detected = cases.clone().into_iter().map(|(id, text, _, domain)| (id, text, None, domain));
    cases.extend(detected.collect::<Vec<_>>());
    cases
}

#[test]
fn where_it_answers_it_answers_as_the_whole_engine() {
    let mut answers = 0;
    for (id, source, kind, domain) in cases() {
        for line_ends_known in [true, false] {
            let fresh_id = Some("20261128T000000");
            let domain = domain.as_deref();
            let input = Input { domain, line_ends_known, fresh_id, ..Input::new(&source) };
            let input = input.declared(kind);
            let Some(report) = bare::lint(&input) else { continue };
            let shown = || format!("{id}: {}", String::from_utf8_lossy(&source));
            assert_eq!(report, lint(&input), "{}", shown());
            let headline = bare::headline(&input, &report);
            assert_eq!(headline, words::headline(&input, &report), "{}", shown());
            let notes = outline::outline(&input, &report);
            assert_eq!([bare::outline(&input, &report)], notes[..], "{}", shown());
            assert_eq!(bare::apply_safe(&input), fix::apply_safe(&input), "{}", shown());
            answers += 1;
        }
    }
    assert!(answers > 1000, "it answers {answers} times");
}

/// Whether a line is a field, or a comment, and shows nothing that may be around a policy.
fn is_plain(line: &str) -> bool {
    let far = line.starts_with("        ");
    let line = line.trim();
    let name = line.split([':', '=']).next().unwrap_or_default().trim_end();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    line.starts_with('#')
        || name.chars().all(is_name)
            && !far
            && line.is_ascii()
            && !line.contains(['`', '<', '|', '"', '\\', '&', '$', '^'])
}

/// Policies of which each line is a field, and single lines that begin with a version.
#[test]
fn it_answers_to_every_plain_policy_and_record() {
    for (id, source, kind, domain) in cases() {
        let Ok(text) = str::from_utf8(&source) else { continue };
        let is_policy = match kind.map(|declared| declared.kind) {
            Some(Kind::Policy) => {
                let text = text.trim_start_matches('\u{feff}');
                text.split(['\r', '\n']).all(is_plain)
                    && text.lines().any(|l| l.starts_with("mode:"))
            }
            Some(_) => false,
            None => {
                let plain = text.split(['\r', '\n']).all(is_plain);
                plain
                    && text.starts_with("version: STSv1")
                    && text.lines().any(|l| l.starts_with("mode:"))
            }
        };
        let is_record = kind
            .is_none_or(|it| matches!(it.kind, Kind::StsTxt | Kind::RptTxt) && it.form.is_none())
            && text.starts_with("v=")
            // Of which nobody says that it is one of the two.
            && !(kind.is_none() && ["v=spf1", "v=DMARC1"].into_iter().any(|start| text.starts_with(start)))
            && text.trim_end().lines().count() == 1;
        if is_policy || is_record {
            let input = Input { domain: domain.as_deref(), ..Input::new(&source) }.declared(kind);
            assert!(bare::lint(&input).is_some(), "{id}: {text}");
        }
    }
}

#[test]
fn it_is_silent_about_anything_else() {
    for text in [
        "const policy = `version: STSv1\nmode: none\nmax_age: 86400`",
        "> version: STSv1\n> mode: none\n> max_age: 86400\n",
        "450 4.4.8 MX hosts of 'example.com' failed MTA-STS validation.",
        "\"v=STSv1; id=1\"",
        "_mta-sts.example.com. 300 IN TXT \"v=STSv1; id=1\"",
        "{\"organization-name\": \"Acme\", \"policies\": []}",
        "HTTP/2 200\r\n\r\nversion: STSv1\r\n",
        "example.com",
        "v=STSv1; id=1\nv=STSv1; id=2",
        "<!doctype html>",
        "\u{1f}\u{8b}",
        "just some words",
    ] {
        assert_eq!(bare::lint(&Input::new(text.as_bytes())), None, "{text}");
    }
    for kind in [Kind::Domain, Kind::Live, Kind::Report] {
        let input = Input { kind: Some(kind), ..Input::new(b"version: STSv1\n") };
        assert_eq!(bare::lint(&input), None, "{kind:?}");
    }
}

#[test]
fn what_is_written_anew_has_no_findings_above_advice() {
    use stslint::build;
    use stslint::finding::Severity;
    let policy = build::policy(["mx1.example.com", "mx2.example.com."]).expect("there are hosts");
    let records =
        [build::sts_record("example.com", "20261128T140000"), build::rpt_record("example.com")];
    for text in [policy].iter().chain(&records) {
        let report = stslint::lint(&Input { line_ends_known: true, ..Input::new(text.as_bytes()) });
        assert!(report.artefacts.iter().all(|artefact| artefact.verdict().is_some()), "{text}");
        let worst = report.findings().map(|finding| finding.rule.severity).min();
        assert!(worst.is_none_or(|worst| worst > Severity::Warning), "{text}: {worst:?}");
    }
    assert_eq!(build::policy([]), None, "without hosts there is no policy");
}
