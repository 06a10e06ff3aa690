//! `stslint check --since`: what changed since an earlier run, and nothing else.

use crate::closed_port;
use crate::hosts::mail_host;
use crate::network::ca::Flaw;
use crate::network::dns::{Record, Say};
use crate::network::servers::Mail;
use crate::network::{Network, POLICY, Said, text_plain};
use crate::rows::rows;
use domain::base::Rtype;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// A file of a test that is not there yet.
fn file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("since-{name}.ndjson"));
    let _ = fs::remove_file(&path);
    path
}

/// Runs a check, and again beside it with another network.
#[track_caller]
fn then(name: &str, before: Network, after: Network, args: &[&str]) -> Said {
    let file = file(name);
    let path = file.to_str().expect("a good name");
    let all = [args, &["--smtp", "--save", path]].concat();
    before.check(&all);
    let all = [args, &["--smtp", "--since", path]].concat();
    let said = after.check(&all);
    fs::remove_file(&file).expect("it was saved");
    said
}

/// The change of example.com.
#[track_caller]
fn change(name: &str, before: Network, after: Network) -> (Said, Value) {
    let said = then(name, before, after, &["example.com", "--format", "ndjson"]);
    let mut rows = rows(&said);
    assert_eq!(rows.len(), 1, "{said:?}");
    let change = rows[0]["change"].take();
    (said, change)
}

fn policy(text: &str) -> Network {
    let mut network = Network::good();
    network.policy_host("example.com", Flaw::None, text_plain(text));
    network
}

#[test]
fn where_nothing_changed_nothing_is_told() {
    let args = ["example.com", "--format", "ndjson"];
    let said = then("same", Network::good(), Network::good(), &args);
    assert_eq!((said.code, &said.out[..], &said.err[..]), (0, "", ""), "{said:?}");
    // What was wrong before is nothing new.
    let said = then("wrong", policy("version: STSv1\r\n"), policy("version: STSv1\r\n"), &args);
    assert_eq!((said.code, &said.out[..]), (0, ""), "{said:?}");
    let said = then("text", Network::good(), Network::good(), &["example.com"]);
    assert_eq!((said.code, &said.out[..]), (0, "1 domain checked: none worse\n"), "{said:?}");
}

#[test]
fn worse_and_better_are_told_by_what_came_and_went() {
    let mut expired = Network::good();
    expired.policy_host("example.com", Flaw::Expired, text_plain(POLICY));
    let (said, change) = self::change("worse", Network::good(), expired);
    assert_eq!((said.code, &change["kind"]), (2, &json!("worse")), "{said:?}");
    assert_eq!(change["was"], "good");
    assert_eq!(change["lost"], json!(["policy"]));
    let codes = change["codes_new"].as_array().expect("a list");
    assert!(codes.contains(&json!("LIVE-043")), "{said:?}");

    let mut expired = Network::good();
    expired.policy_host("example.com", Flaw::Expired, text_plain(POLICY));
    let (said, change) = self::change("better", expired, Network::good());
    assert_eq!((said.code, &change["kind"]), (0, &json!("better")), "{said:?}");
    assert_eq!((&change["was"], &change["gained"]), (&json!("broken"), &json!(["policy"])));
    let codes = change["codes_gone"].as_array().expect("a list");
    assert!(codes.contains(&json!("LIVE-043")), "{said:?}");

    // One error for another is worse.
    let one = policy(&POLICY.replace("max_age", "mx: mail..example\r\nmax_age"));
    let other = policy(&POLICY.replace("1209600", "99999999"));
    let (said, change) = self::change("other", one, other);
    assert_eq!(change["kind"], "worse", "{said:?}");
    assert!(change["codes_gone"].as_array().is_some_and(|codes| !codes.is_empty()), "{said:?}");
}

#[test]
fn a_record_that_is_gone_is_worse_though_nothing_is_wrong() {
    let mut without = Network::good();
    without.world.names.remove(&("_mta-sts.example.com".to_owned(), Rtype::TXT));
    without.world.names.remove(&("mta-sts.example.com".to_owned(), Rtype::A));
    let (said, change) = self::change("record", Network::good(), without);
    assert_eq!((said.code, &change["kind"]), (1, &json!("worse")), "{said:?}");
    let lost = change["lost"].as_array().expect("a list");
    assert!(lost.contains(&json!("record")), "{said:?}");

    let testing = policy(&POLICY.replace("enforce", "testing"));
    let (said, change) = self::change("mode", Network::good(), testing);
    assert_eq!((said.code, &change["lost"]), (1, &json!(["mode"])), "{said:?}");
    // The id is that of the policy before.
    assert_eq!(change["policy_without_id"], true);
}

#[test]
fn what_could_not_be_seen_is_no_change() {
    let resolver = format!("http://{}/", closed_port());
    let silence = Network::good().with(&["--resolver", &resolver]);
    let said = then("unseen", Network::good(), silence, &["example.com"]);
    assert_eq!(said.code, 69, "{said:?}");
    assert_eq!(said.out, "1 domain checked: none worse; of 1 not all could be looked up\n");
    // Nothing got better by not being seen.
    let mut expired = Network::good();
    expired.policy_host("example.com", Flaw::Expired, text_plain(POLICY));
    let silence = Network::good().with(&["--resolver", &resolver]);
    let said = then("unseen-bad", expired, silence, &["example.com", "--format", "ndjson"]);
    assert_eq!((said.code, &said.out[..]), (69, ""), "{said:?}");
}

#[test]
fn a_policy_that_changes_needs_a_new_id() {
    let longer = policy(&POLICY.replace("1209600", "2419200"));
    let (said, change) = self::change("id", Network::good(), longer);
    assert_eq!(said.code, 1, "{said:?}");
    assert_eq!((&change["kind"], &change["policy_without_id"]), (&json!("same"), &json!(true)));

    let mut both = policy(&POLICY.replace("1209600", "2419200"));
    let record = Say::Records(vec![Record::Txt("v=STSv1; id=2;".into())]);
    both.world.say("_mta-sts.example.com", Rtype::TXT, record);
    let said = then("both", Network::good(), both, &["example.com", "--format", "ndjson"]);
    assert_eq!((said.code, &said.out[..]), (0, ""), "{said:?}");

    // Another order says the same.
    let two =
        |a, b| policy(&POLICY.replace("mx: mail.example.com", &format!("mx: {a}\r\nmx: {b}")));
    let (a, b) = ("mail.example.com", "b.example.com");
    let said = then("order", two(a, b), two(b, a), &["example.com", "--format", "ndjson"]);
    assert_eq!((said.code, &said.out[..]), (0, ""), "{said:?}");
}

#[test]
fn a_host_that_is_no_longer_covered_is_named() {
    let hosts = |hosts: &[&str]| {
        let mut network = Network::good();
        let list = hosts.iter().zip(1..).map(|(host, at)| Record::Mx(at, (*host).into())).collect();
        network.world.say("example.com", Rtype::MX, Say::Records(list));
        network
    };
    let old = ["mail.example.com", "old.example.net"];
    let (said, change) =
        self::change("mx", hosts(&old), hosts(&[&old[..], &["new.example.net"]].concat()));
    assert_eq!(change["mx_uncovered"], json!(["new.example.net"]), "{said:?}");
    let args = ["example.com"];
    let said = then("mx-text", hosts(&old[..1]), hosts(&old), &args);
    said.has("worse example.com: ").has("  the policy does not cover old.example.net\n");
    assert_eq!(said.code, 2, "{said:?}");
}

#[test]
fn a_certificate_that_ends_soon_is_told_each_time() {
    let args = ["example.com", "--format", "ndjson", "--certificate-days", "800000"];
    let said = then("days", Network::good(), Network::good(), &args);
    let rows = rows(&said);
    assert_eq!((said.code, rows.len()), (1, 1), "{said:?}");
    let change = &rows[0]["change"];
    assert_eq!(change["kind"], "same");
    let hosts: Vec<_> = change["certificates_end"].as_array().expect("a list").iter().collect();
    assert_eq!(hosts[0]["host"], "mta-sts.example.com");
    assert_eq!(
        (&hosts[1]["host"], &hosts[1]["ends"]),
        (&json!("mail.example.com"), &json!(67_090_118_400_i64))
    );
}

#[test]
fn domains_come_and_go() {
    let file = file("list");
    let path = file.to_str().expect("a good name");
    let run = |list: &str, format: &str| {
        let mut network = Network::good();
        network.world.say("b.example", Rtype::MX, Say::Code(3));
        let args = ["--file", "-", "--since", path, "--save", path, "--format", format];
        network.check_with(&args, list)
    };
    // The first of many runs.
    let said = run("example.com\na.example\nb.example\n", "ndjson");
    let kinds = |said: &Said| -> Vec<(String, String)> {
        let word = |value: &Value| value.as_str().expect("a word").to_owned();
        let of = |row: &Value| (word(&row["domain"]), word(&row["change"]["kind"]));
        // They come in any order.
        let mut kinds: Vec<_> = rows(said).iter().map(of).collect();
        kinds.sort();
        kinds
    };
    let pair = |domain: &str, kind: &str| (domain.to_owned(), kind.to_owned());
    let all = ["a.example", "b.example", "example.com"].map(|domain| pair(domain, "new"));
    assert_eq!(kinds(&said), all, "{said:?}");
    let said = run("example.com\nc.example\n", "ndjson");
    let expected = [pair("a.example", "gone"), pair("b.example", "gone"), pair("c.example", "new")];
    assert_eq!(kinds(&said), expected, "{said:?}");
    let said = run("example.com\nd.example\n", "text");
    said.has("new d.example: ").has("gone c.example: no longer in the list\n");
    said.has("2 domains checked: 1 new, 1 gone\n");
    // All rows were kept, and not the changes.
    let kept = fs::read_to_string(&file).expect("it was saved");
    assert_eq!(kept.lines().count(), 2, "{kept}");
    assert!(!kept.contains("change"), "{kept}");
    let left = fs::read_dir(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let left = left.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    assert_eq!(
        left.filter(|name| name.starts_with("since-list") && name.ends_with("part")).count(),
        0
    );
    fs::remove_file(&file).expect("it is there");
}

#[test]
fn what_is_no_earlier_run_is_refused() {
    let file = file("refused");
    let path = file.to_str().expect("a good name");
    let good = Network::good().check(&["example.com", "--format", "ndjson"]).out;
    let changed = Network::good()
        .check(&["example.com", "--format", "ndjson", "--since", path, "--save", path])
        .out;
    let check = |content: &str| {
        fs::write(&file, content).expect("it can be written");
        Network::good().check(&["example.com", "--since", path])
    };
    assert_eq!(check(&good).code, 0);
    let cut = &good[..good.len() / 2];
    for (content, why) in [
        (&changed[..], "line 1 tells a change"),
        (cut, "line 1 is no row of stslint check: "),
        (&format!("{good}\n{{}}\n"), "line 3 is no row of stslint check: "),
        (&good.replace("\"schema\":1", "\"schema\":2"), "line 1 has schema 2, not 1"),
    ] {
        let said = check(content);
        assert_eq!(said.code, 66, "{said:?}");
        assert!(said.err.contains(why), "no {why} in {said:?}");
    }
    fs::remove_file(&file).expect("it is there");
    let said = Network::good().check(&["example.com", "--since", path]);
    assert_eq!(said.code, 66, "{said:?}");
    // Rows that are read again can't come by a pipe.
    let args = ["example.com", "--since", "/dev/stdin", "--save", path];
    let said = Network::good().check_with(&args, &good);
    assert_eq!((said.code, file.exists()), (66, false), "{said:?}");
    assert!(said.err.contains("--save needs it to be a file"), "{said:?}");
    let said = Network::good().check(&["example.com", "--save", "/nonexistent/last.ndjson"]);
    assert_eq!(said.code, 74, "{said:?}");
    for format in ["json", "prometheus"] {
        let said = Network::good().check(&["example.com", "--since", path, "--format", format]);
        assert_eq!(said.code, 64, "{said:?}");
    }
}

#[test]
fn a_report_of_tests_fails_by_what_got_worse() {
    let wrong = || policy("version: STSv1\r\n");
    let args = ["example.com", "--format", "junit"];
    let said = then("junit-same", wrong(), wrong(), &args);
    said.has("tests=\"1\" failures=\"0\" errors=\"0\"");
    let said = then("junit-worse", Network::good(), wrong(), &args);
    said.has("tests=\"1\" failures=\"1\" errors=\"0\"");
}

/// Runs a check of some day, which is compared with the day before and kept.
fn day(path: &str, network: Network, args: &[&str]) -> Said {
    network.check(&[&["--since", path, "--save", path], args].concat())
}

/// A network in which no name can be looked up.
fn silence() -> Network {
    Network::good().with(&["--resolver", &format!("http://{}/", closed_port())])
}

#[test]
fn a_day_without_a_resolver_makes_nothing_forgotten() {
    let file = file("dead");
    let path = file.to_str().expect("a good name");
    let args = ["example.com", "--format", "ndjson", "--smtp"];
    day(path, Network::good(), &args);
    for _ in 0..2 {
        let said = day(path, silence(), &args);
        assert_eq!((said.code, &said.out[..]), (69, ""), "{said:?}");
    }
    // What is kept is a row as any, with what was known before.
    let out = fs::read_to_string(&file).expect("it was saved");
    let row = &rows(&Said { code: 0, out, err: String::new() })[0];
    assert_eq!((&row["complete"], &row["record"]), (&json!(false), &json!("present")), "{row:#}");
    assert_eq!((&row["mode"], &row["state"]), (&json!("enforce"), &json!("good")), "{row:#}");
    assert_eq!(row["hosts"][0]["covered"], true, "{row:#}");
    let said = day(path, Network::empty(), &args);
    let change = &rows(&said)[0]["change"];
    assert_eq!((said.code, &change["kind"]), (1, &json!("worse")), "{said:?}");
    assert_eq!(change["lost"], json!(["record", "policy", "tlsrpt"]), "{said:?}");
    // It is told once.
    let said = day(path, Network::empty(), &args);
    assert_eq!((said.code, &said.out[..]), (0, ""), "{said:?}");
    fs::remove_file(&file).expect("it was saved");
}

#[test]
fn an_old_error_is_not_new_after_a_day_without_a_resolver() {
    let file = file("dead-bad");
    let path = file.to_str().expect("a good name");
    let args = ["example.com", "--format", "ndjson"];
    let wrong = || policy("version: STSv1\r\n");
    let said = day(path, wrong(), &args);
    let errors = rows(&said)[0]["change"]["codes_new"].clone();
    assert!(errors.as_array().is_some_and(|codes| codes.len() > 1), "{said:?}");
    day(path, silence(), &args);
    let said = day(path, wrong(), &args);
    assert_eq!((said.code, &said.out[..]), (0, ""), "{said:?}");
    // And it is told when they go.
    day(path, silence(), &args);
    let said = day(path, Network::good(), &args);
    let change = &rows(&said)[0]["change"];
    assert_eq!((said.code, &change["kind"]), (0, &json!("better")), "{said:?}");
    assert_eq!(change["codes_gone"], errors, "{said:?}");
    fs::remove_file(&file).expect("it was saved");
}

#[test]
fn a_step_that_is_not_walked_is_no_better() {
    let file = file("smtp");
    let path = file.to_str().expect("a good name");
    let plain = || mail_host(Mail::Plain);
    let said = day(path, plain(), &["example.com", "--format", "ndjson", "--smtp"]);
    let codes = rows(&said)[0]["change"]["codes_new"].clone();
    assert_eq!(codes, json!(["LIVE-069"]), "{said:?}");
    // Without --smtp nobody knows, on whichever day.
    for _ in 0..2 {
        let said = day(path, plain(), &["example.com", "--format", "ndjson"]);
        assert_eq!((said.code, &said.out[..]), (0, ""), "{said:?}");
    }
    let said = day(path, plain(), &["example.com", "--format", "ndjson", "--smtp"]);
    assert_eq!((said.code, &said.out[..]), (0, ""), "{said:?}");
    let said = day(path, Network::good(), &["example.com", "--format", "ndjson", "--smtp"]);
    assert_eq!(rows(&said)[0]["change"]["codes_gone"], codes, "{said:?}");
    fs::remove_file(&file).expect("it was saved");
}

#[test]
fn a_part_of_a_list_tells_nothing_of_the_others() {
    let file = file("shard");
    let path = file.to_str().expect("a good name");
    let list = "example.com\na.example\nb.example\nc.example\nd.example\ne.example\n";
    let run = |list: &str, args: &[&str]| Network::good().check_with(args, list);
    run(list, &["--file", "-", "--save", path]);
    let before = fs::read_to_string(&file).expect("it was saved");
    // Half of them are gone, each of which is told by one part.
    let mut gone = Vec::new();
    for part in ["1/2", "2/2"] {
        let args = ["--file", "-", "--since", path, "--shard", part, "--format", "ndjson"];
        let said = run("example.com\na.example\nb.example\n", &args);
        gone.extend(rows(&said).iter().map(|row| row["domain"].as_str().map(str::to_owned)));
        // To keep a part in place of the whole is refused.
        let folder = file.parent().expect("a folder");
        let other = folder.join("..").join(folder.file_name().expect("a name"));
        let other = other.join(file.file_name().expect("a name"));
        let other = other.to_str().expect("a good name");
        for save in [path, other] {
            let said = run("example.com\n", &[&args[..], &["--save", save]].concat());
            assert_eq!((said.code, &said.out[..]), (64, ""), "{said:?}");
            assert!(said.err.contains("--shard"), "{said:?}");
        }
    }
    gone.sort();
    assert_eq!(gone, ["c.example", "d.example", "e.example"].map(|name| Some(name.to_owned())));
    assert_eq!(fs::read_to_string(&file).expect("it is there"), before);
    fs::remove_file(&file).expect("it is there");
    // Also where it is not there yet.
    let args = ["example.com", "--since", path, "--save", path, "--shard", "1/2"];
    assert_eq!(Network::good().check(&args).code, 64);
}

#[test]
fn what_is_due_is_counted() {
    let longer = || policy(&POLICY.replace("1209600", "2419200"));
    let said = then("due-id", Network::good(), longer(), &["example.com"]);
    assert_eq!(said.code, 1, "{said:?}");
    said.has("same example.com: ").has("\n1 domain checked: 1 due\n");

    let args = ["example.com", "--certificate-days", "800000"];
    let said = then("due-days", Network::good(), Network::good(), &args);
    assert_eq!(said.code, 1, "{said:?}");
    said.has("\n1 domain checked: 1 due\n");

    // What is worse is not counted twice.
    let testing = policy(&POLICY.replace("enforce", "testing"));
    let said = then("due-worse", Network::good(), testing, &["example.com"]);
    said.has("  the policy changed").has("\n1 domain checked: 1 worse\n");
    // What is better can be due.
    let bad = policy(&POLICY.replace("1209600", "99999999"));
    let said = then("due-better", bad, longer(), &args);
    assert_eq!(said.code, 1, "{said:?}");
    said.has("\n1 domain checked: 1 better, 1 due\n");
}
