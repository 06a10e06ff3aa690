//! `stslint plan`, run as people run it.

mod piped;
mod ran;
mod schemas;

use icalendar::{Calendar, CalendarDateTime, Component, DatePerhapsTime};
use jsonschema::Validator;
use ran::{code, err, out};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Output;

/// 2026-12-01T10:30:00Z.
const NOW: &str = "1796121000";

const ENFORCED: &str = "version: STSv1\r\nmode: enforce\r\nmx: old.acme.se\r\nmax_age: 604800\r\n";

fn run_at(now: &str, args: &[&str], stdin: &str) -> Output {
    piped::run_at(Some(now), &[&["plan"], args].concat(), stdin.as_bytes())
}

fn run(args: &[&str], stdin: &str) -> Output {
    run_at(NOW, args, stdin)
}

const MOVE: [&str; 9] = [
    "acme.se",
    "--goal",
    "move-mx",
    "--new-mx",
    "mx.new.example",
    "--policy",
    "-",
    "--record",
    "v=STSv1; id=1;",
];

fn schema() -> Validator {
    schemas::schema(include_str!("../schema/stslint-plan-1.schema.json"))
}

fn check(name: &str, document: &Value) {
    schemas::check(&schema(), name, document);
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", err(output)))
}

/// Each goal with what it takes.
fn goals() -> Vec<(&'static str, Vec<&'static str>)> {
    let policy = ["--policy", "-"];
    vec![
        ("enforce", vec!["--mx", "mx.acme.se"]),
        ("enforce", vec!["--goal", "enforce"]),
        ("move-mx", [&["--goal", "move-mx", "--new-mx", "mx.new.example"][..], &policy].concat()),
        ("add-mx", [&["--goal", "add-mx", "--new-mx", "b.acme.se"][..], &policy].concat()),
        ("roll-back", [&["--goal", "roll-back"][..], &policy].concat()),
        ("remove", [&["--goal", "remove"][..], &policy].concat()),
        ("park", vec!["--goal", "park"]),
        ("park", vec!["--goal", "park", "--alias-of", "acme.example"]),
        ("emergency", [&["--goal", "emergency"][..], &policy].concat()),
    ]
}

#[test]
fn plans_follow_the_schema() {
    for (goal, args) in goals() {
        let args = [&["acme.se", "--format", "json"][..], &args].concat();
        let output = run(&args, ENFORCED);
        assert_eq!((code(&output), err(&output).as_str()), (0, ""), "{args:?}");
        let document = document(&output);
        check(goal, &document);
        assert_eq!(document["goal"], goal);
        assert_eq!(document["start"], "2026-12-01");
    }
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let validator = schema();
    let good = document(&run(&[&MOVE[..], &["--format", "json"]].concat(), ENFORCED));
    check("good", &good);
    for (path, wrong) in [
        ("/schema", json!(2)),
        ("/goal", json!("all")),
        ("/start", json!("tomorrow")),
        ("/steps", json!([])),
        ("/steps/0/step", json!("dance")),
        ("/steps/0/state", json!("late")),
        ("/steps/0/clause", json!("somewhere")),
        ("/steps/1/publish/0/what", json!("file")),
        ("/steps/3/waits/0/why", json!("because")),
        ("/steps/3/waits/0/until", json!(null)),
    ] {
        let mut document = good.clone();
        *document.pointer_mut(path).unwrap_or_else(|| panic!("{path} is there")) = wrong;
        assert!(!validator.is_valid(&document), "{path}");
    }
}

#[test]
fn text_and_markdown_have_days_files_and_boxes() {
    let output = run(&MOVE, ENFORCED);
    let told = out(&output);
    for wanted in [
        "acme.se: Move to other MX hosts\nFrom 2026-12-01, as of 2026-12-01. 8 steps: 0 done. Next, from 2026-12-01: Check the new mail hosts.\n",
        "\n[ ] 5. 2026-12-10: Remove the old MX records (drop-mx)\n",
        "not before 2026-12-10. By RFC 8461 alone it is 2026-12-09",
        "        mx: old.acme.se\n        mx: mx.new.example\n",
        "_mta-sts.acme.se. 300 IN TXT \"v=STSv1; id=20261201T010000Z;\"",
        "Note: The TTL of the record in its zone is not known: it is taken to be 1 day.",
    ] {
        // A TTL that is not known is a day: it is over when the day of refresh is.
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
    // What mail depends on stands before all steps, and once.
    let facts = r#"{"domain":"acme.se","sts_txt":"ok","policy":{"mode":"enforce","mx":["old.acme.se"],"max_age":604800},"mx":[[0,"b.example"]]}"#;
    let said = out(&run(&["acme.se", "--facts", "-"], facts));
    let steps = said.find("\n[ ] 1.").expect("steps");
    assert!(said[..steps].contains("Mail is held back now, or will be"), "{said}");
    assert_eq!(said.matches("Mail is held back now, or will be").count(), 1, "{said}");
    // Of what facts alone tell, a later day knows less.
    let said = out(&run(&["acme.se", "--goal", "remove", "--facts", "-"], facts));
    assert!(said.contains("with --policy, --record and --from 2026-12-01."), "{said}");
    let output = run(&[&MOVE[..], &["--format", "markdown"]].concat(), ENFORCED);
    let told = out(&output);
    assert!(told.starts_with("# `acme.se`: Move to other MX hosts\n"), "{told}");
    assert_eq!(told.matches("\n- [ ] **2026-12-").count(), 8, "{told}");
    assert!(told.contains("  ```\n  version: STSv1\n  mode: enforce\n"), "{told}");
    assert!(!told.contains('\r'));
}

/// Facts of a check, in the form of `stslint check --format json`.
fn facts(id: &str, policy: &str, hosts: &[&str]) -> String {
    let mx: Vec<Value> = hosts.iter().map(|host| json!([10, host])).collect();
    let facts = json!({
        "domain": "acme.se",
        "date": "2026-12-05T06:00:00Z",
        "sts_txt": { "records": [[format!("v=STSv1; id={id};")]], "ttl": 3600 },
        "http": { "status": 200, "content_type": "text/plain", "body": policy },
        "mx": mx,
    });
    json!({ "checks": [{ "domain": "acme.se", "facts": facts }] }).to_string()
}

#[test]
fn the_same_plan_later_is_ticked_off() {
    let folder = std::env::temp_dir().join(format!("stslint-plan-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let old = folder.join("old.txt");
    std::fs::write(&old, ENFORCED).expect("written");
    let old = old.to_str().expect("UTF-8");
    let args = [
        &["acme.se", "--goal", "move-mx", "--from", "2026-12-01", "--new-mx", "mx.new.example"][..],
        &["--policy", old, "--record", "v=STSv1; id=1;", "--facts", "-", "--format", "json"],
    ]
    .concat();
    // 2026-12-05T10:30:00Z
    let later = "1796466600";
    let states = |output: &Output| -> Vec<String> {
        let document = document(output);
        check("later", &document);
        let steps = document["steps"].as_array().expect("steps");
        steps.iter().map(|step| step["state"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let both = ENFORCED.replace("mx: old", "mx: mx.new.example\r\nmx: old");
    let output = run_at(later, &args, &facts("20261201T010000Z", &both, &["old.acme.se"]));
    let want = ["done", "done", "done", "overdue", "open", "open", "open", "open"];
    assert_eq!((code(&output), states(&output)), (1, want.map(str::to_owned).to_vec()));
    let said = [&args[..], &["--done", "add-mx=2026-12-04"]].concat();
    let output = run_at(later, &said, &facts("20261201T010000Z", &both, &["old.acme.se"]));
    let want = ["done", "done", "done", "done", "open", "open", "open", "open"];
    assert_eq!((code(&output), states(&output)), (0, want.map(str::to_owned).to_vec()));
    // Facts of another domain are none of this one.
    let output = run_at(later, &args, &facts("2", &both, &[]).replace("acme.se", "acme.example"));
    assert_eq!(code(&output), 66);
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn reports_decide_when_mode_enforce_comes() {
    let testing = ENFORCED.replace("enforce", "testing");
    let folder = std::env::temp_dir().join(format!("stslint-plan-reports-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let report = |day: &str, failed: u32| {
        json!({
            "organization-name": "G", "report-id": day,
            "date-range": { "start-datetime": format!("{day}T00:00:00Z"), "end-datetime": format!("{day}T23:59:59Z") },
            "policies": [{
                "policy": { "policy-type": "sts", "policy-domain": "acme.se", "policy-string": ["mode: testing"] },
                "summary": { "total-successful-session-count": 4, "total-failure-session-count": failed },
            }],
        })
        .to_string()
    };
    let path = folder.to_str().expect("UTF-8");
    let args = ["acme.se", "--policy", "-", "--reports", path, "--format", "json"];
    let enforce = |since: &str| {
        let document = document(&run(&[&args[..], &["--testing-since", since]].concat(), &testing));
        let steps = document["steps"].as_array().expect("steps").clone();
        let step = steps.into_iter().find(|step| step["step"] == "serve-enforce");
        step.expect("it is there")["day"].as_str().unwrap_or_default().to_owned()
    };
    // 28 days where nobody reports.
    assert_eq!(enforce("2026-11-20"), "2026-12-18");
    std::fs::write(folder.join("1.json"), report("2026-11-28", 0)).expect("written");
    assert_eq!(enforce("2026-11-20"), "2026-12-04");
    assert_eq!(enforce("2026-11-10"), "2026-12-01");
    // 14 days after the day of what nobody explains, which is over with the 13th.
    std::fs::write(folder.join("2.json"), report("2026-11-29", 1)).expect("written");
    assert_eq!(enforce("2026-11-10"), "2026-12-14");
    std::fs::remove_dir_all(&folder).expect("removed");
    let output = run(&args, &testing);
    assert_eq!(code(&output), 66, "{}", err(&output));
}

#[test]
fn wrong_usage_is_64_and_what_cannot_be_used_66() {
    for args in [
        &[][..],
        &["acme.se", "--goal", "win"],
        &["acme.se", "--from", "tomorrow"],
        &["acme.se", "--done", "add-mx"],
        &["acme.se", "--done", "dance=2026-12-01"],
        &["acme.se", "--ics", "--format", "json"],
        &["not a domain"],
        &["acme.se", "--mx", "a b"],
        &["acme.se", "--policy", "-", "--facts", "-"],
        &["acme.se", "--goal", "remove"],
        &["acme.se", "--goal", "move-mx", "--policy", "-"],
    ] {
        assert_eq!(code(&run(args, ENFORCED)), 64, "{args:?}");
    }
    // What senders may hold is not known when it can't be fetched.
    for goal in ["remove", "move-mx"] {
        let facts = r#"{"domain":"acme.se","sts_txt":"ok","http":{"error":"cert-expired"},"mx":[[10,"old.acme.se"]]}"#;
        let args = ["acme.se", "--goal", goal, "--new-mx", "mx.new.example", "--facts", "-"];
        let output = run(&args, facts);
        assert_eq!((code(&output), out(&output).as_str()), (64, ""), "{args:?}");
        assert!(err(&output).contains("give it with --policy"), "{}", err(&output));
    }
    for (args, stdin, why) in [
        (&["acme.se", "--facts", "-"][..], "{", "it is not JSON"),
        (&["acme.se", "--facts", "no/such/file"], "", "can't use no/such/file"),
        (&["acme.se", "--policy", "no/such/file"], "", "can't use no/such/file"),
        (&["acme.se", "--goal", "remove", "--policy", "-"], "mode: on", "put it right first"),
        (
            &["acme.se", "--facts", "-"],
            r#"{"domain":"acme.se","sts_txt":"absent","mx":[[0,"."]]}"#,
            "the goal for it is park",
        ),
        (
            &["acme.se", "--goal", "roll-back", "--policy", "-"],
            "version: STSv1\r\nmode: testing\r\nmx: a.acme.se\r\nmax_age: 86400\r\n",
            "not in mode enforce",
        ),
    ] {
        let output = run(args, stdin);
        assert_eq!((code(&output), out(&output).as_str()), (66, ""), "{args:?}");
        assert!(err(&output).contains(why), "{}", err(&output));
    }
}

/// The calendar is read back by another program's parser.
#[test]
fn the_calendar_has_an_event_for_each_step() {
    for (goal, args) in goals() {
        let args = [&["acme.se"][..], &args].concat();
        let plan = document(&run(&[&args[..], &["--format", "json"]].concat(), ENFORCED));
        let text = out(&run(&[&args[..], &["--ics"]].concat(), ENFORCED));
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        for line in text.split_terminator("\r\n") {
            assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
        }
        // RFC 5545 §3.3.11: in texts they are escaped.
        for line in
            text.replace("\r\n ", "").lines().filter(|line| line.starts_with("DESCRIPTION:"))
        {
            let bare = line.replace("\\;", "").replace("\\,", "");
            assert!(!bare.contains([';', ',']), "{line}");
        }
        let calendar: Calendar = text.parse().unwrap_or_else(|why| panic!("{goal}: {why}"));
        let events: Vec<_> = calendar.iter().filter_map(|part| part.as_event()).collect();
        let steps = plan["steps"].as_array().expect("steps");
        assert_eq!(events.len(), steps.len(), "{goal}");
        let mut uids = BTreeSet::new();
        for (event, step) in events.iter().zip(steps) {
            let of = |name: &str| step[name].as_str().unwrap_or_default();
            let uid = event.get_uid().expect("a UID");
            assert_eq!(uid, format!("{}.{goal}.acme.se@stslint", of("step")));
            assert!(uids.insert(uid.to_owned()));
            let summary = format!("{} (acme.se)", of("title"));
            assert_eq!(event.get_summary(), Some(summary.as_str()));
            assert_eq!(event.get_start().map(whole_day).as_deref(), Some(of("day")));
            let stamp = event.get_timestamp().expect("a DTSTAMP");
            assert_eq!(stamp.timestamp().to_string(), NOW);
            // The end is the day after the last one.
            let last = step["until"].as_str().unwrap_or(of("day"));
            assert!(event.get_end().map(whole_day).is_some_and(|end| end.as_str() > last));
            let description = event.get_description().expect("a description");
            assert!(description.starts_with(of("todo")), "{description}");
            for publish in step["publish"].as_array().expect("a list") {
                let text = publish["text"].as_str().unwrap_or_default().replace("\r\n", "\n");
                assert!(description.contains(text.trim_end()), "{description}\n{text}");
            }
        }
    }
}

fn whole_day(day: DatePerhapsTime) -> String {
    match day {
        DatePerhapsTime::Date(day) => day.to_string(),
        DatePerhapsTime::DateTime(CalendarDateTime::Floating(time)) => format!("not a day: {time}"),
        DatePerhapsTime::DateTime(_) => "not a day".into(),
    }
}
