//! `stslint check --format ndjson`: one row for each domain, and what is not known in it.

use crate::closed_port;
use crate::hosts::{mail_host, serving};
use crate::network::ca::Flaw;
use crate::network::dns::{Record, Say};
use crate::network::servers::{Mail, Reply};
use crate::network::{Network, POLICY, Said, text_plain};
use crate::schemas::{check, schema};
use domain::base::Rtype;
use serde_json::{Value, json};

/// The rows, which all follow the schema.
pub(crate) fn rows(said: &Said) -> Vec<Value> {
    let schema = schema(include_str!("../../schema/stslint-check-rows-1.schema.json"));
    let rows: Vec<Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    rows.iter().for_each(|row| check(&schema, "a row", row));
    rows
}

/// The row of example.com, with its mail hosts looked at.
#[track_caller]
fn row(network: Network) -> Value {
    let said = network.check(&["example.com", "--smtp", "--format", "ndjson"]);
    let mut rows = rows(&said);
    assert_eq!(rows.len(), 1, "{said:?}");
    rows.remove(0)
}

/// Some members of a row.
#[track_caller]
fn has(row: &Value, expected: &[(&str, Value)]) {
    for (pointer, expected) in expected {
        let seen = row.pointer(pointer);
        assert_eq!(seen, Some(expected), "{pointer} in {row:#}");
    }
}

#[test]
fn a_row_has_all_that_was_seen() {
    let row = row(Network::good());
    let mut members = row.as_object().expect("an object").clone();
    let now = members.remove("time").and_then(|time| time.as_i64()).expect("a time");
    assert!(now > 1_700_000_000, "{now}");
    // Certificates of the small Internet end with the year 4095.
    let end = 67_090_118_400_i64;
    let expected = json!({
        "schema": 1,
        "number": 1,
        "line": null,
        "domain": "example.com",
        "state": "good",
        "severity": "info",
        "title": "MTA-STS of example.com works.",
        "complete": true,
        "smtp": true,
        "record": "present",
        "id": "20261122",
        "policy": "present",
        "mode": "enforce",
        "max_age": 1_209_600,
        "mx_patterns": ["mail.example.com"],
        "hosts": [{
            "host": "mail.example.com",
            "preference": 10,
            "covered": true,
            "starttls": true,
            "certificate_ends": end,
            "dane": "none",
        }],
        "policy_certificate_ends": end,
        "tlsrpt": "present",
        "rua": ["mailto:tls@example.com"],
        "findings": [{ "code": "STS-POL-103", "severity": "info", "step": "fetch", "count": 1 }],
        "ignored": [],
        "not_looked_up": [],
    });
    assert_eq!(Value::Object(members), expected);
}

#[test]
fn what_nobody_looked_at_is_not_false() {
    let said = Network::good().check(&["example.com", "--format", "ndjson"]);
    let row = &rows(&said)[0];
    has(
        row,
        &[
            ("/complete", json!(true)),
            ("/hosts/0/covered", json!(true)),
            ("/hosts/0/starttls", Value::Null),
            ("/hosts/0/certificate_ends", Value::Null),
        ],
    );

    // No resolver, so nothing at all.
    let silence = Network::good().with(&["--resolver", &format!("http://{}/", closed_port())]);
    let row = self::row(silence);
    has(
        &row,
        &[
            ("/state", json!("unknown")),
            ("/complete", json!(false)),
            ("/record", json!("unknown")),
            ("/id", Value::Null),
            ("/policy", json!("unknown")),
            ("/mode", Value::Null),
            ("/max_age", Value::Null),
            ("/mx_patterns", Value::Null),
            ("/hosts", Value::Null),
            ("/policy_certificate_ends", Value::Null),
            ("/tlsrpt", json!("unknown")),
            ("/rua", Value::Null),
        ],
    );
    let unseen = row["not_looked_up"].as_array().expect("a list");
    assert!(unseen.iter().any(|unseen| unseen["what"] == "MX example.com"), "{row:#}");
}

#[test]
fn what_is_not_there_is_absent() {
    let mut network = Network::empty();
    network.world.say("example.com", Rtype::MX, Say::Records(vec![Record::Mx(0, ".".into())]));
    let other = Say::Records(vec![Record::Txt("v=spf1 -all".into())]);
    network.world.say("_smtp._tls.example.com", Rtype::TXT, other);
    has(
        &row(network),
        &[
            ("/state", json!("unknown")),
            ("/complete", json!(true)),
            ("/record", json!("absent")),
            ("/policy", json!("absent")),
            ("/hosts", json!([])),
            ("/tlsrpt", json!("absent")),
            ("/not_looked_up", json!([])),
        ],
    );
}

#[test]
fn a_failed_look_up_says_neither() {
    let mut network = Network::good();
    network.world.say("_mta-sts.example.com", Rtype::TXT, Say::Code(2));
    network.world.say("example.com", Rtype::MX, Say::Code(2));
    has(
        &row(network),
        &[
            ("/state", json!("broken")),
            ("/severity", json!("error")),
            ("/record", json!("unknown")),
            ("/hosts", Value::Null),
            ("/tlsrpt", json!("present")),
        ],
    );
}

#[test]
fn what_senders_get_is_told_apart() {
    let plain = [("Content-Type", "text/plain")];
    let invalid = row(serving(text_plain("version: STSv1\r\nmode: never\r\n")));
    has(&invalid, &[("/policy", json!("invalid")), ("/mode", Value::Null)]);
    has(&invalid, &[("/mx_patterns", Value::Null), ("/hosts/0/covered", Value::Null)]);

    let gone = row(serving(Reply::http("404 Not Found", &plain, POLICY.as_bytes())));
    has(&gone, &[("/policy", json!("unavailable")), ("/mode", Value::Null)]);

    let mut network = Network::good();
    network.policy_host("example.com", Flaw::Expired, text_plain(POLICY));
    let expired = row(network);
    has(&expired, &[("/policy", json!("unavailable")), ("/state", json!("broken"))]);
    // 2021-06-30T00:00:00Z.
    has(&expired, &[("/policy_certificate_ends", json!(1_625_011_200))]);

    let two = ["v=STSv1; id=1;", "v=STSv1; id=2;"];
    let two = two.map(|text| Record::Txt(text.into())).to_vec();
    let mut network = Network::good();
    network.world.say("_mta-sts.example.com", Rtype::TXT, Say::Records(two));
    has(&row(network), &[("/record", json!("present")), ("/id", Value::Null)]);

    let plain = row(mail_host(Mail::Plain));
    has(&plain, &[("/hosts/0/starttls", json!(false)), ("/hosts/0/certificate_ends", Value::Null)]);
}

#[test]
fn hosts_that_the_policy_does_not_cover_are_named() {
    let mut network = Network::good();
    let hosts = ["backup.example.net", "mail.example.com"];
    let list = [20, 10].into_iter().zip(hosts);
    let list = list.map(|(preference, host)| Record::Mx(preference, host.into())).collect();
    network.world.say("example.com", Rtype::MX, Say::Records(list));
    let row = row(network);
    has(
        &row,
        &[
            ("/state", json!("broken")),
            ("/hosts/0/host", json!("mail.example.com")),
            ("/hosts/0/covered", json!(true)),
            ("/hosts/1/host", json!("backup.example.net")),
            ("/hosts/1/covered", json!(false)),
        ],
    );
    let findings = row["findings"].as_array().expect("a list");
    let about = |finding: &&Value| finding["code"] == "LIVE-060";
    let finding = findings.iter().find(about).expect("a host is not covered");
    assert_eq!((&finding["severity"], &finding["step"]), (&json!("error"), &json!("match")));
}

#[test]
fn what_is_no_domain_is_a_row_of_its_own() {
    let long = "x y ".repeat(200);
    let list = format!("exam ple.com\nexample.com\n\u{1b}[2Jx\n{long}\n");
    let said = Network::good().check_with(&["--file", "-", "--format", "ndjson"], &list);
    assert_eq!(said.code, 64, "{said:?}");
    let mut rows = rows(&said);
    let mut numbers: Vec<_> = rows.iter().filter_map(|row| row["number"].as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4], "{said:?}");
    rows.retain(|row| row.get("domain").is_none());
    let texts: Vec<_> = rows.iter().map(|row| (&row["line"], &row["text"])).collect();
    let cut = format!("{}…", &long[..300]);
    let expected = [(1, "exam ple.com"), (3, "\u{1b}[2Jx"), (4, &cut)]
        .map(|(line, text)| (json!(line), json!(text)));
    assert_eq!(texts, expected.each_ref().map(|(line, text)| (line, text)));
    assert_eq!(rows[0]["not_checked"], "not a domain name");
    assert!(!said.out.contains('\u{1b}'), "{said:?}");
}
