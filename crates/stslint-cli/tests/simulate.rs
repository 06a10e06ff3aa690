//! `stslint simulate`, run as people run it.

mod piped;
mod ran;
mod schemas;

use jsonschema::Validator;
use piped::run_at;
use ran::{code, err, out};
use schemas::{check, schema};
use serde_json::{Value, json};
use std::process::Output;
use stslint::senders::model::{Keeping, Looks, SameId};
use stslint::senders::models::MODELS;
use stslint::senders::scenarios::SCENARIOS;
use stslint_checks::vectors;

fn run(args: &[&str], stdin: &str) -> Output {
    run_at(None, &[&["simulate"], args].concat(), stdin.as_bytes())
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", err(output)))
}

fn walks() -> Validator {
    schema(include_str!("../schema/stslint-simulate-1.schema.json"))
}

/// Each conformance vector is taken as it is, and by its input alone.
#[test]
fn vectors_come_out_as_they_say() {
    let mut seen = 0;
    let validator = walks();
    for vector in vectors::all().into_iter().filter(|vector| vector["kind"] == "sender") {
        for input in [&vector, &vector["input"]] {
            let output = run(&["-", "--format", "json"], &input.to_string());
            let document = document(&output);
            let id = vector["id"].as_str().unwrap_or_default();
            assert_eq!(document["outcome"], vector["parsed"], "{id}");
            check(&validator, id, &document);
            let want = match document["outcome"]["result"].as_str().unwrap_or_default() {
                "delivered-verified" | "delivered-dane" => 0,
                "deferred" | "rejected-null-mx" => 2,
                _ => 1,
            };
            assert_eq!(code(&output), want, "{id}");
            seen += 1;
        }
    }
    assert_eq!(seen, 24);
}

#[test]
fn scenarios_of_all_senders_follow_the_schema() {
    let validator = walks();
    for scenario in SCENARIOS {
        for model in MODELS {
            let args = ["--scenario", scenario.name, "--sender", &model.word(), "--format", "json"];
            let output = run(&args, "");
            assert_eq!(code(&output), 0, "{}", err(&output));
            let document = document(&output);
            check(&validator, scenario.name, &document);
            assert_eq!(document["sender"], model.name);
            assert_eq!(document["scenario"]["name"], scenario.name);
            assert!(document["cases"].as_array().is_some_and(|cases| cases.len() > 1));
        }
    }
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let validator = walks();
    let good = document(&run(&["--scenario", "mx-spoofed", "--format", "json"], ""));
    check(&validator, "good", &good);
    for (path, wrong) in [
        ("/schema", json!(2)),
        ("/scenario", json!(null)),
        ("/cases/0/case", json!("good")),
        ("/cases/0/outcome/result", json!("lost")),
        ("/cases/0/outcome/events", json!(["mx-mismatch"])),
        ("/cases/0/gain/what", json!("all")),
        ("/cases/0/steps", json!([])),
        ("/cases/0/steps/0/act", json!("dance")),
        ("/cases/0/steps/0/clause", json!("somewhere")),
        ("/cases/0/steps/0/departs", json!([""])),
    ] {
        let mut document = good.clone();
        *document.pointer_mut(path).unwrap_or_else(|| panic!("{path} is there")) = wrong;
        assert!(!validator.is_valid(&document), "{path}");
    }
}

#[test]
fn wrong_usage_is_64_and_names_what_there_is() {
    for args in [
        &["a", "b"][..],
        &["--format", "sarif"],
        &["--timeline", "--scenario", "normal"],
        &["--sender", "sendmail"],
    ] {
        assert_eq!(code(&run(args, "")), 64, "{args:?}");
    }
    let output = run(&["--scenario"], "");
    assert_eq!(code(&output), 64);
    for scenario in SCENARIOS {
        assert!(err(&output).contains(scenario.name), "{}", err(&output));
    }
    let output = run(&["--sender", "sendmail"], "");
    for model in MODELS {
        assert!(err(&output).contains(&model.word()), "{}", err(&output));
    }
    assert_eq!(code(&run(&["--sender", "MOX"], "")), 0);
}

/// Who reads the last line alone reads what it rests on.
#[test]
fn what_was_not_looked_up_stands_in_the_outcome() {
    let facts = |smtp: Value| {
        json!({
            "domain": "acme.se", "date": "2026-10-01T00:00:00Z", "sts_txt": "ok", "tlsrpt": "ok",
            "policy": { "mode": "enforce", "mx": ["mail.acme.se"], "max_age": 1_209_600 },
            "mx": [[10, "mail.acme.se"]], "mx_ad": false, "tlsa": {},
            "hosts": { "mail.acme.se": { "a": ["192.0.2.1"], "aaaa": [] } },
            "smtp": smtp,
        })
        .to_string()
    };
    let certificate =
        json!({ "names": ["mail.acme.se"], "not_after": "2027-01-01T00:00:00Z", "trusted": true });
    let seen = json!({ "mail.acme.se": { "starttls": true, "certificate": certificate } });
    for (smtp, start) in [
        (seen, "=> The message is delivered to mail.acme.se "),
        (
            json!({}),
            "=> If what was not looked up is good, the message is delivered to mail.acme.se ",
        ),
    ] {
        let output = run(&["-"], &facts(smtp));
        assert_eq!(code(&output), 0, "{}", err(&output));
        assert!(out(&output).contains(start), "{}", out(&output));
    }
}

#[test]
fn what_cannot_be_used_is_66_with_a_reason() {
    let two = json!({ "checks": [{ "facts": {} }, { "facts": {} }] }).to_string();
    let hosts: Vec<Value> = (0..101).map(|n| json!([1, format!("mx{n}.acme.se")])).collect();
    let many = json!({ "domain": "acme.se", "mx": hosts }).to_string();
    let vector = |change: &dyn Fn(&mut Value)| {
        let vectors = vectors::all();
        let first = vectors.iter().find(|vector| vector["kind"] == "sender").expect("one");
        let mut input = first["input"].clone();
        change(&mut input);
        input.to_string()
    };
    for (text, why) in [
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("{}", "`domain` is missing"),
        (r#"{"domain":"acme.se","mxx":[]}"#, "`mxx` is unknown"),
        (r#"{"domain":"acme.se","mx":[],"apex_addresses":[]}"#, "the domain takes no mail"),
        (r#"{"checks":[]}"#, "no domain was checked in it"),
        (
            r#"{"domain":"acme.se","mx_status":"unobservable"}"#,
            "nobody saw the record, the policy or the MX hosts",
        ),
        (&two, "there are several domains in it"),
        (&many, "it has more than 100 MX hosts"),
        (
            &vector(&|input| input["mx"] = vec![input["mx"][0].clone(); 101].into()),
            "there may be 100 hosts in `mx`",
        ),
        (&vector(&|input| input["profil"] = json!({})), "`profil` is unknown"),
        (&vector(&|input| input["mx"][0]["cert"] = json!("bad")), "`cert` has to be one of ok"),
        (&vector(&|input| input["now"] = json!(-1)), "`now` has to be a whole number"),
        (&vector(&|input| input["txt"] = json!({ "state": "ok" })), "`id` is missing in `txt`"),
    ] {
        let output = run(&["-"], text);
        assert_eq!((code(&output), out(&output).as_str()), (66, ""), "{text}");
        assert!(err(&output).contains(&format!("can't use -: {why}")), "{}", err(&output));
    }
    assert_eq!(code(&run(&["no/such/file"], "")), 66);
}

#[test]
fn facts_and_checks_are_taken() {
    let facts = json!({
        "domain": "acme.se",
        "date": "2026-10-01T00:00:00Z",
        "sts_txt": { "records": [["v=STSv1; id=7;"]] },
        "tlsrpt": "absent",
        "http": {
            "status": 200,
            "content_type": "text/plain",
            "body": "version: STSv1\nmode: enforce\nmx: mail.acme.se\nmax_age: 604800\n",
        },
        "mx": [[10, "mx.acme.se"], [20, "mail.acme.se"]],
        "mx_ad": false,
        "tlsa": {},
    });
    let check = json!({ "checks": [{ "domain": "acme.se", "facts": facts }] });
    for input in [&facts, &check] {
        let document = document(&run(&["-", "--format", "json"], &input.to_string()));
        let want = json!({
            "result": "delivered-verified", "via": "mail.acme.se", "events": ["validation-failure"],
        });
        assert_eq!(document["outcome"], want);
        let assumed = document["assumed"].to_string();
        assert!(assumed.contains("Not looked up and taken to be good: STARTTLS at mail.acme.se."));
        assert!(!assumed.contains("acme.se/") && !assumed.contains("record"), "{assumed}");
    }
    let text = out(&run(&["-"], &facts.to_string()));
    assert!(text.contains("     Not looked up: taken to be good.\n"), "{text}");
    assert!(text.contains("Nobody asks for reports"), "{text}");
}

#[test]
fn a_timeline_follows_its_schema() {
    let validator = schema(include_str!("../schema/stslint-timeline-1.schema.json"));
    let made_up = document(&run(&["--timeline", "--format", "json"], ""));
    check(&validator, "made up", &made_up);
    assert_eq!(made_up["hosts_free"], json!({ "when": "at", "time": "2026-11-14T01:00:00Z" }));
    let policy = |mx: &str| format!("version: STSv1\r\nmode: enforce\r\n{mx}max_age: 604800\r\n");
    let history = json!({
        "domain": "acme.se",
        "history": [
            { "from": "2026-10-01T00:00:00Z", "policy_text": policy("mx: a.acme.se\r\n"), "txt": ["v=STSv1; id=1;"], "ttl": 300 },
            { "from": "2026-10-11T00:00:00Z" },
        ],
        "hosts": ["b.acme.se"],
    });
    let output = run(&["-", "--timeline", "--format", "json"], &history.to_string());
    let document = document(&output);
    check(&validator, "a history", &document);
    assert_eq!(document["senders"][0]["removal_free"]["time"], "2026-10-18T00:00:00Z");
    assert_eq!(document["removal_free"]["time"], "2026-10-18T00:05:00Z");
    let text = out(&run(&["-", "--timeline"], &history.to_string()));
    let want = "Remove the record and the policy host: safe from 2026-10-19 on. By RFC 8461 alone: safe from 2026-10-18 on.\n";
    assert!(text.contains(want), "{text}");
    for (wrong, why) in [
        (json!({}), "`history` is missing"),
        (json!({ "history": [] }), "`history` is empty"),
        (
            json!({ "history": vec![json!({ "from": "2026-10-01T00:00:00Z" }); 201] }),
            "there may be 200 changes in `history`",
        ),
        (json!({ "history": [{ "from": "2026-10-11" }] }), "`from` has to be a time"),
        (
            json!({ "history": [{ "from": "2026-10-11T00:00:00Z" }, { "from": "2026-10-01T00:00:00Z" }] }),
            "`history` has to be in the order of time",
        ),
    ] {
        let output = run(&["-", "--timeline"], &wrong.to_string());
        assert_eq!(code(&output), 66, "{wrong}");
        assert!(err(&output).contains(why), "{}", err(&output));
    }
}

#[test]
fn the_readme_shows_what_comes_and_names_all() {
    let readme = include_str!("../README.md");
    let section = readme.split("\n## stslint simulate\n").nth(1).expect("there is the section");
    let block = section.split("--scenario starttls-stripped\n").nth(1).expect("an example");
    let block = block.split("…\n```").next().expect("it ends");
    let output = out(&run(&["--scenario", "starttls-stripped"], ""));
    assert!(output.starts_with(block), "{output}");
    for scenario in SCENARIOS {
        let row = format!("| `{}` | {} |\n", scenario.name, scenario.title);
        assert!(section.contains(&row), "{row}");
    }
}

/// docs/senders.md says how each model keeps its copy.
#[test]
fn the_documents_say_how_copies_are_kept() {
    let page = include_str!("../../../docs/senders.md");
    let section = page.split("\n## The delivery simulator\n").nth(1).expect("there is the section");
    let section = section.split("\n## ").next().expect("it ends");
    let rows: Vec<Vec<&str>> = section
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| sender "))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let names: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(names, MODELS.iter().map(|model| model.name).collect::<Vec<_>>());
    for (row, model) in rows.iter().zip(MODELS) {
        let Keeping { looks, same_id, revives, without_record, without_fetch } =
            model.habits.keeping;
        let name = model.name;
        assert_eq!(row[1].contains("with each message"), looks == Looks::EachMessage, "{name}");
        let begins = match same_id {
            SameId::Fetches => "fetches",
            SameId::Keeps => "keeps",
            SameId::Renews => "begins",
        };
        assert!(row[2].starts_with(begins), "{name}");
        assert_eq!(row[2].contains("that has ended"), revives, "{name}");
        let without = match (without_record, without_fetch) {
            (true, true) => "never",
            (false, true) => "when there is no record",
            (true, false) => "when a new policy can't be fetched",
            (false, false) => "both",
        };
        assert_eq!(row[3], without, "{name}");
    }
}
