//! `stslint senders`, run as people run it.

mod piped;
mod ran;
mod schemas;

use jsonschema::Validator;
use piped::run_at;
use ran::{code, err, out};
use schemas::check;
use serde_json::{Value, json};
use std::process::Output;
use stslint::agree::verdict;
use stslint::registry::all;
use stslint::render::senders::Told;
use stslint::render::senders_json::Document;
use stslint::senders::models::{MODELS, STANDARD};
use stslint::{Input, Kind};

const GOOD: &str = "version: STSv1\r\nmode: enforce\r\nmx: mail.acme.se\r\nmax_age: 1209600\r\n";
const BLANK: &str =
    "version: STSv1\r\nmode: enforce\r\n\r\nmx: mail.acme.se\r\nmax_age: 1209600\r\n";
const TWICE: &str =
    "version: STSv1\r\nmode: enforce\r\nmode: none\r\nmx: mail.acme.se\r\nmax_age: 1209600\r\n";

fn run(args: &[&str], stdin: &str) -> Output {
    run_at(None, &[&["senders"], args].concat(), stdin.as_bytes())
}

fn schema() -> Validator {
    schemas::schema(include_str!("../schema/stslint-senders-1.schema.json"))
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("output is JSON")
}

#[test]
fn agreement_makes_the_exit_code() {
    for (text, want) in [(GOOD, 0), (TWICE, 1), (BLANK, 2)] {
        let output = run(&["-"], text);
        assert_eq!(code(&output), want, "{}{}", out(&output), err(&output));
    }
    assert_eq!(code(&run(&["-", "--record", "v=STSv1; id=1"], GOOD)), 0);
    assert_eq!(code(&run(&["-", "--record", "v=STSv1 ; id=1"], GOOD)), 1);
    assert_eq!(code(&run(&["-", "--record", "v=STSv1; id="], GOOD)), 2);
    assert_eq!(code(&run(&["-", "--mx", "mail.acme.se"], GOOD)), 0);
    assert_eq!(code(&run(&["-", "--mx", "MAIL.acme.se"], GOOD)), 1);
}

#[test]
fn wrong_usage_is_64_and_what_cannot_be_read_66() {
    for args in [&[][..], &["a", "b"], &["-", "--format", "sarif"], &["-", "--record"]] {
        assert_eq!(code(&run(args, GOOD)), 64, "{args:?}");
    }
    let many: Vec<&str> = ["-"].into_iter().chain(["--mx", "a.se"].repeat(101)).collect();
    assert_eq!(code(&run(&many, GOOD)), 64);
    let output = run(&["no/such/file"], "");
    assert_eq!(code(&output), 66);
    assert!(err(&output).starts_with("stslint: can't read no/such/file: "), "{}", err(&output));
}

#[test]
fn what_is_no_policy_is_refused_with_a_sentence() {
    for (text, want) in [
        ("v=STSv1; id=1;", "can't judge -: it is an MTA-STS record, not a policy"),
        ("acme.se", "can't judge -: it is a domain name, not a policy"),
        ("Hello, is my mail safe?", "can't judge -: it is not an MTA-STS policy"),
    ] {
        let output = run(&["-"], text);
        assert_eq!((code(&output), out(&output).as_str()), (66, ""), "{text}");
        assert!(err(&output).contains(want), "{}", err(&output));
    }
}

#[test]
fn the_fix_comes_first_and_can_be_had() {
    let output = run(&["-"], BLANK);
    let text = out(&output);
    let want = "Remove the blank line (the fix of STS-POL-023): then all 12 senders use this policy alike.\n\
                The corrected text: stslint senders --corrected -\n\n\
                9 of 12 senders use this policy; mox, maddy and postfix-tlspol reject the blank line at \
                3:1, as RFC 8461 does.\n\n";
    assert!(text.starts_with(want), "{text}");
    let corrected = run(&["-", "--corrected"], BLANK);
    assert_eq!(out(&corrected), GOOD);
    assert_eq!(code(&corrected), 2, "the input is still what it was");
    assert_eq!(code(&run(&["-"], &out(&corrected))), 0);
    // What needs no fix comes as it is, and of an answer the policy alone.
    assert_eq!(out(&run(&["-", "--corrected"], GOOD)), GOOD);
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{BLANK}");
    assert_eq!(out(&run(&["-", "--corrected"], &answer)), GOOD);
}

#[test]
fn the_table_has_a_line_for_each_model() {
    let args = ["-", "--mx", "mail.acme.se", "--mx", "other.se", "--record", "v=STSv1; id=1"];
    let output = run(&args, GOOD);
    let text = out(&output);
    for model in MODELS {
        let line = text.lines().find(|line| line.starts_with(&format!("{} ", model.name)));
        let line = line.unwrap_or_else(|| panic!("no {}", model.name));
        let cells: Vec<&str> = line.split("  ").map(str::trim).filter(|c| !c.is_empty()).collect();
        assert_eq!(cells.len(), 8, "{cells:?}");
        assert_eq!(cells[1..5], ["used", "enforce", "14 days", "mail.acme.se"]);
        assert_eq!(cells[6..], ["yes", "no"]);
    }
}

#[test]
fn a_response_gives_status_and_type() {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{GOOD}");
    let output = run(&["-", "--format", "json"], &answer);
    assert_eq!(code(&output), 2);
    let document = document(&output);
    assert_eq!(document["status"], 200);
    assert_eq!(document["content_type"], "text/html");
    assert_eq!(document["senders"][0]["policy"]["remarks"][0]["what"], "media-type");
}

#[test]
fn json_follows_its_schema() {
    let validator = schema();
    let mut seen = 0;
    let records = ["v=STSv1 ; id=1", "x"];
    let hosts = ["Mail.example.com.", "a.b.example.com", "bücher.example"];
    for rule in all() {
        let words = rule.words();
        for example in [Some(words.fails), words.passes].into_iter().flatten() {
            let bytes = example.bytes();
            let input = example.input(&bytes);
            for (records, hosts) in [(None, &[][..]), (Some(&records[..]), &hosts[..])] {
                let Ok(verdict) = verdict(&input, records, hosts) else { continue };
                let told = Told { source: &bytes, verdict: &verdict, records, hosts };
                let document = Document::new(rule.code, &told);
                let document = serde_json::to_value(document).expect("it can be written");
                check(&validator, rule.code, &document);
                assert_eq!(document["senders"].as_array().map(Vec::len), Some(MODELS.len()));
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let validator = schema();
    let output = run(&["-", "--format", "json", "--record", "x", "--mx", "a.se"], BLANK);
    let good = document(&output);
    check(&validator, "good", &good);
    for (path, wrong) in [
        ("/schema", json!(2)),
        ("/result", json!("good")),
        ("/summary", json!([])),
        ("/repair/codes", json!([])),
        ("/repair/text", json!(null)),
        ("/groups/0/point", json!("hates")),
        ("/groups/0/senders", json!([])),
        ("/senders/0/policy/used", json!("no")),
        ("/senders/0/policy/remarks/0/what", json!("BlankLine")),
        ("/senders/1/commit", json!("main")),
        ("/senders/0/record/remark", json!("x")),
        ("/senders/0/hosts/0/matches", json!("yes")),
    ] {
        let mut document = good.clone();
        let (parent, key) = path.rsplit_once('/').expect("a path");
        let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{path} is there"));
        match parent {
            Value::Array(list) => list[key.parse::<usize>().expect("an index")] = wrong,
            parent => parent[key] = wrong,
        }
        assert!(!validator.is_valid(&document), "{path}");
    }
}

#[test]
fn bytes_that_are_no_text_have_places_and_no_repair() {
    let source = [BLANK.as_bytes(), b"note: \xff\r\n"].concat();
    let input = Input { kind: Some(Kind::Policy), ..Input::new(&source) };
    let verdict = verdict(&input, None, &[]).expect("a policy");
    let told = Told { source: &source, verdict: &verdict, records: None, hosts: &[] };
    let document = serde_json::to_value(Document::new("-", &told)).expect("it can be written");
    check(&schema(), "bytes", &document);
    assert_eq!(document["repair"], Value::Null);
    assert_eq!(document["senders"][1]["policy"]["remarks"][0]["line"], 3);
}

#[test]
fn the_readme_shows_what_comes() {
    let readme = include_str!("../README.md");
    let section = readme.split("\n## stslint senders\n").nth(1).expect("there is the section");
    let block = section.split("$ stslint senders mta-sts.txt\n").nth(1).expect("an example");
    let block = block.split("…\n```").next().expect("it ends");
    let output = out(&run(&["-"], &BLANK.replace("acme.se", "example.com")));
    let output = output.replace("--corrected -", "--corrected mta-sts.txt");
    assert!(output.starts_with(block), "{output}");
}

#[test]
fn the_documents_name_what_was_read() {
    let page = include_str!("../../../docs/senders.md");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| "))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .filter(|cells: &Vec<&str>| cells.len() == 5 && cells[0] != "sender")
        .collect();
    let software: Vec<_> = MODELS.iter().filter(|model| model.name != STANDARD.name).collect();
    let named: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    let names: Vec<&str> = software.iter().map(|model| model.name).collect();
    assert_eq!(named, names);
    for (row, model) in rows.iter().zip(software) {
        let source = model.source;
        let link = format!(
            "[{} {}](https://github.com/{}/tree/{})",
            source.repository,
            &source.commit[..7],
            source.repository,
            source.commit
        );
        let (path, function) = source.policy;
        let function = format!("`{path}`, `{function}`");
        assert_eq!(row[1..], [model.about, &link, source.date, &function], "{}", model.name);
    }
    let readme = include_str!("../README.md");
    assert!(readme.contains("## stslint senders\n") && readme.contains("docs/senders.md"));
}
