//! The command against real servers: nsd, unbound and dnsdist for DNS, Postfix for mail, web servers for the policy; and
//! what it writes, in the programs that it is for. `cargo xtask test stack` brings and starts them; without it these tests
//! are ignored.

mod daemon;
mod forms;
mod hosting;
mod postfix;
mod web;

use crate::codes;
use crate::network::ca::Flaw;
use crate::network::{Network, POLICY, text_plain};
use postfix::{Postfix, Service};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// The zones are in `xtask/src/stack/`.
const SIGNED: &str = "acme-mail.net";
const BROKEN: &str = "broken.acme-mail.net";
const UNSIGNED: &str = "unsigned.acme-mail.net";

/// What was set up for these tests.
fn required(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: `cargo xtask test stack` runs this test")
    })
}

/// A program among those that were set up.
fn find(program: &str) -> PathBuf {
    let folders = required("STSLINT_PROGRAMS");
    let found = std::env::split_paths(&folders).map(|folder| folder.join(program));
    let found = found.into_iter().find(|path| path.exists());
    found.unwrap_or_else(|| panic!("no {program} in {folders}"))
}

/// A command that finds the libraries of what was set up.
fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", required("STSLINT_LIBRARIES"));
    command
}

/// The real DNS, and a policy host for a domain in it.
fn network(domain: &str) -> Network {
    let mut network = Network::empty().with(&["--resolver", &required("STSLINT_STACK")]);
    let policy = POLICY.replace("mail.example.com", &format!("mx1.{domain}"));
    network.policy_host(domain, Flaw::None, text_plain(&policy));
    network
}

/// What was looked up.
fn facts(domain: &str) -> Value {
    let said = network(domain).check(&[domain, "--format", "json"]);
    let document: Value = serde_json::from_str(&said.out).expect("JSON");
    document["checks"][0]["facts"].clone()
}

#[test]
#[ignore = "needs DNS servers: cargo xtask test stack"]
fn a_signed_domain_is_authentic() {
    let said = network(SIGNED).check(&[SIGNED]);
    assert_eq!((said.code, codes(&said)), (0, vec!["LIVE-080"]), "{said:?}");
    assert_eq!(said.states(), ["ok", "ok", "ok", "not known", "ok"]);
    assert!(said.err.is_empty(), "{said:?}");

    let facts = facts(SIGNED);
    let host = format!("mx1.{SIGNED}");
    assert_eq!(facts["sts_txt"]["records"], json!([["v=STSv1; id=20261125;"]]));
    assert_eq!(facts["mx"], json!([[10, host]]));
    assert_eq!(facts["policy_host"]["a"], json!(["192.0.2.10"]));
    assert_eq!(facts["tlsa"][&host]["records"].as_array().map(Vec::len), Some(1));
    for (what, authentic) in [
        ("TXT", &facts["sts_txt"]["ad"]),
        ("TLSRPT", &facts["tlsrpt"]["ad"]),
        ("MX", &facts["mx_ad"]),
        ("policy host", &facts["policy_host"]["ad"]),
        ("mail host", &facts["hosts"][&host]["ad"]),
        ("TLSA", &facts["tlsa"][&host]["ad"]),
    ] {
        assert_eq!(authentic, true, "{what} in {facts:#}");
    }
}

#[test]
#[ignore = "needs DNS servers: cargo xtask test stack"]
fn a_signature_that_does_not_fit_is_told_from_other_failures() {
    let said = network(BROKEN).check(&[BROKEN]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(codes(&said).contains(&"LIVE-086"), "{said:?}");
    assert!(!codes(&said).contains(&"LIVE-004"), "{said:?}");
    // Everything else stands.
    assert_eq!(said.states(), ["problem", "ok", "ok", "not known", "ok"], "{said:?}");
    assert!(said.err.is_empty(), "{said:?}");
    assert_eq!(facts(BROKEN)["sts_txt"]["status"], "bogus");
}

#[test]
#[ignore = "needs DNS servers: cargo xtask test stack"]
fn a_zone_without_signatures_is_said_to_have_none() {
    let said = network(UNSIGNED).check(&[UNSIGNED]);
    assert_eq!((said.code, codes(&said)), (0, vec!["LIVE-087"]), "{said:?}");
    assert_eq!(said.states(), ["ok", "ok", "ok", "not known", "ok"]);
    let facts = facts(UNSIGNED);
    assert_eq!((&facts["sts_txt"]["ad"], &facts["mx_ad"]), (&json!(false), &json!(false)));
}

#[test]
#[ignore = "needs DNS servers and Postfix: cargo xtask test stack"]
fn real_dns_and_a_real_mail_host_are_good_together() {
    let host = format!("mx1.{SIGNED}");
    let postfix =
        Postfix::start(&[Service::Tls(&host, Flaw::OfTlsa), Service::Tls(&host, Flaw::None)]);
    let check = |service| {
        let mut network = network(SIGNED);
        network.route("192.0.2.25:25", postfix.address(service));
        network.check(&[SIGNED, "--smtp"])
    };
    let said = check(0);
    assert_eq!((said.code, codes(&said)), (0, vec!["LIVE-080"]), "{said:?}");
    assert_eq!(said.states(), ["ok"; 5], "{said:?}");
    said.has("the certificates that were seen match")
        .has(&format!("{host}: good; TLS 1.3, certificate for {host}"));

    // It has another key than the one that its TLSA record is of.
    let said = check(1);
    assert_eq!((said.code, codes(&said)), (2, vec!["LIVE-089"]), "{said:?}");
    assert_eq!(said.states(), ["ok", "ok", "ok", "problem", "ok"], "{said:?}");
    said.has(&format!(
        "{host}: good for MTA-STS, but not for DANE; TLS 1.3, certificate for {host}"
    ));
}

#[test]
#[ignore = "needs Postfix: cargo xtask test stack"]
fn a_real_mail_host_is_seen_as_it_is() {
    let host = "mail.example.com";
    let cases = [
        (Service::Tls(host, Flaw::None), "good; TLS 1.3, certificate for mail.example.com"),
        (Service::Tls(host, Flaw::Expired), "the certificate has expired; TLS 1.3"),
        (Service::Tls("www.example.com", Flaw::None), "the certificate is for other names"),
        (Service::Tls(host, Flaw::SelfSigned), "the certificate is self-signed"),
        (Service::Tls(host, Flaw::Incomplete), "the chain of certificates is not complete"),
        (Service::Plain, "no STARTTLS"),
    ];
    let postfix = Postfix::start(&cases.map(|(service, _)| service));
    for (i, (_, words)) in cases.iter().enumerate() {
        let mut network = Network::good();
        network.route("192.0.2.25:25", postfix.address(i));
        let said = network.check(&["example.com", "--smtp"]);
        said.has(&format!("{host}: {words}"));
        let expected = if i == 0 { (0, vec![], "ok") } else { (2, vec!["LIVE-069"], "problem") };
        assert_eq!((said.code, codes(&said), said.states()[3]), expected, "{said:?}");
        assert_eq!((&said.states()[..3], said.states()[4]), (&["ok"; 3][..], "ok"), "{said:?}");
        assert!(said.err.is_empty(), "{said:?}");
    }
    // Whatever they showed, the command took its leave, and offered no mail.
    for session in postfix.sessions(cases.len()) {
        let counted = session.split(' ').filter_map(|word| word.split_once('='));
        let commands: Vec<_> = counted.map(|(command, _)| command).collect();
        assert_eq!(commands[0], "ehlo", "{session}");
        let known = ["ehlo", "starttls", "quit", "commands"];
        assert!(commands.iter().all(|command| known.contains(command)), "{session}");
    }
}
