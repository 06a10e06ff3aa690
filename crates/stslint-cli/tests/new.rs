//! `stslint new` and `stslint bump` without a network, run as people run them.

mod ran;

use ran::{code, err, out};
use std::path::PathBuf;
use std::process::{Command, Output};
use stslint::build::hosting::recipes;
use stslint::build::outputs::Format;

/// 2026-10-01T00:00:00Z.
const NOW: &str = "1790812800";

const NEW: [&str; 4] = ["new", "acme-mail.net", "--mx", "mx.acme-mail.net"];

fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stslint"));
    command.env("SOURCE_DATE_EPOCH", NOW).args(args).output().expect("the command runs")
}

fn new(args: &[&str]) -> Output {
    run(&[&NEW, args].concat())
}

fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("the folder is there");
    path.to_str().expect("it is UTF-8").to_owned()
}

#[test]
fn policy_and_records_come_as_they_are_published() {
    let policy = new(&["--only", "policy"]);
    assert_eq!(code(&policy), 0, "{}", err(&policy));
    assert_eq!(
        out(&policy),
        "version: STSv1\r\nmode: testing\r\nmx: mx.acme-mail.net\r\nmax_age: 604800\r\n"
    );
    let records =
        new(&["--only", "records", "--rua", "tls@acme-mail.net", "--zone", "acme-mail.net"]);
    assert_eq!(
        out(&records),
        "_mta-sts.acme-mail.net. 3600 IN TXT \"v=STSv1; id=20261001T000000Z;\"\n\
         _smtp._tls.acme-mail.net. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:tls@acme-mail.net\"\n"
    );
    let enforce = new(&["--only", "policy", "--mode", "enforce", "--max-age", "1209600"]);
    assert!(
        out(&enforce).contains("mode: enforce\r\n")
            && out(&enforce).ends_with("max_age: 1209600\r\n")
    );
}

#[test]
fn every_form_and_every_recipe_can_be_asked_for() {
    for format in Format::all() {
        let made = new(&["--only", "records", "--format", format.word()]);
        assert_eq!(code(&made), 0, "{}", err(&made));
        assert!(out(&made).contains("20261001T000000Z"), "{}", out(&made));
    }
    for recipe in recipes() {
        let made = new(&["--hosting", recipe.word]);
        assert_eq!(code(&made), 0, "{}", err(&made));
        assert!(out(&made).contains(&format!("Hosting with {}", recipe.name)), "{}", out(&made));
        assert!(out(&made).contains(recipe.wrong));
    }
}

#[test]
fn providers_are_told_with_the_risk_of_a_wildcard() {
    let args = ["new", "acme-mail.net", "--mx", "aspmx.l.google.com", "alt1.aspmx.l.google.com"];
    let exact = out(&run(&args));
    assert!(exact.contains("mx: alt1.aspmx.l.google.com\n"), "{exact}");
    assert!(exact.contains("Google Workspace") && exact.contains("with --wildcard"), "{exact}");
    let wild = out(&run(&[&args[..], &["--wildcard"]].concat()));
    assert!(wild.contains("mx: aspmx.l.google.com\nmx: *.aspmx.l.google.com\n"), "{wild}");
}

#[test]
fn what_should_not_be_published_is_refused() {
    for (args, said) in [
        (&["--max-age", "60"][..], "less than a day"),
        (&["--rua", "nobody"], "Reports can't go to"),
        (&["--mx", "192.0.2.1"], "can't be in a policy"),
        (&["--mode", "none", "--max-age", "99999999"], "31557600"),
    ] {
        let made = new(args);
        assert_eq!((code(&made), &out(&made)[..]), (64, ""), "{args:?}");
        assert!(err(&made).contains(said), "{}", err(&made));
    }
    for args in [&["--format", "toml"][..], &["--hosting", "iis"], &["--mode", "strict"]] {
        assert_eq!(code(&new(args)), 64, "{args:?}");
    }
}

#[test]
fn a_changed_policy_gets_a_new_id() {
    let old =
        file("old.txt", "version: STSv1\nmode: testing\nmx: a.acme-mail.net\nmax_age: 604800\n");
    let new =
        file("new.txt", "version: STSv1\nmode: testing\nmx: b.acme-mail.net\nmax_age: 604800\n");
    let made = run(&["bump", &new, "--old", &old]);
    assert_eq!((code(&made), &out(&made)[..]), (0, "v=STSv1; id=20261001T000000Z;\n"));
    let made = run(&["bump", &new, "--record", "v=STSv1; id=20261001T000000Z", "--print-id"]);
    assert_eq!((code(&made), &out(&made)[..]), (0, "20261001T000001Z\n"));
}

#[test]
fn an_id_is_refused_where_it_helps_nobody() {
    let text = "version: STSv1\r\nmode: testing\r\nmx: a.acme-mail.net\r\nmax_age: 604800\r\n";
    let (one, same) = (file("one.txt", text), file("same.txt", &text.replace("\r\n", "\n")));
    let made = run(&["bump", &one, "--old", &same]);
    assert_eq!((code(&made), &out(&made)[..]), (1, ""));
    assert!(err(&made).contains("nothing has changed"), "{}", err(&made));
    let broken = file("broken.txt", "version: STSv1\r\nmode: enforced\r\n");
    assert_eq!(code(&run(&["bump", &broken])), 2);
    assert_eq!(code(&run(&["bump", "/nowhere/mta-sts.txt"])), 66);
    assert_eq!(code(&run(&["bump", &one, "--old", "/nowhere/mta-sts.txt"])), 66);
    assert_eq!(code(&run(&["bump", "-", "--old", "-"])), 64);
}
