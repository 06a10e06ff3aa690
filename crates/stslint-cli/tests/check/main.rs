//! `stslint check` against servers on loopback: what is wrong is told, and all else stands.

mod fleet;
mod hosts;
mod ignored;
mod lists;
mod monitoring;
mod network;
mod new;
mod real;
mod resolver;
mod rows;
#[path = "../schemas/mod.rs"]
mod schemas;
mod since;

use domain::base::Rtype;
use hosts::{mail_host, serving};
use network::ca::Flaw;
use network::dns::{Record, Say};
use network::servers::{self, Mail, Reply};
use network::{Network, POLICY, Said, ca, text_plain};
use std::io::Read;

/// Findings about the documentation names that the tests use.
const DOCUMENTATION: &str = "STS-POL-103";

/// The codes but for those.
fn codes(said: &Said) -> Vec<&str> {
    said.codes().into_iter().filter(|code| *code != DOCUMENTATION).collect()
}

#[test]
fn a_good_domain_is_good_all_the_way() {
    let said = Network::good().with_tls().check(&["example.com", "--smtp"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(said.states(), ["ok"; 5]);
    assert!(codes(&said).is_empty() && said.err.is_empty(), "{said:?}");
    said.has("example.com: MTA-STS of example.com works.")
        .has("TLS: TLS 1.3, certificate for mta-sts.example.com, valid from 1975-01-01 to")
        .has("mail.example.com: good; TLS 1.3, certificate for mail.example.com");
}

#[test]
fn port_25_is_left_alone_unless_asked_for() {
    let mut network = Network::good();
    network.route("192.0.2.25:25", servers::http(None, |_| panic!("somebody connected")));
    let said = network.check(&["example.com"]);
    assert_eq!((said.code, said.states()[3]), (0, "not known"), "{said:?}");
    said.has("the SMTP service of mail.example.com: not looked up");
}

fn say(name: &str, rtype: Rtype, say: Say) -> Said {
    let mut network = Network::good();
    network.world.say(name, rtype, say);
    network.check(&["example.com", "--smtp"])
}

#[test]
fn no_record_is_told_from_a_failed_look_up() {
    for code in [0, 3] {
        let said = say("_mta-sts.example.com", Rtype::TXT, Say::Code(code));
        assert_eq!((said.code, codes(&said)), (2, vec!["LIVE-002"]), "{said:?}");
        assert_eq!(said.states()[4], "ok");
    }
    for code in [2, 5] {
        let said = say("_mta-sts.example.com", Rtype::TXT, Say::Code(code));
        assert_eq!((said.code, codes(&said)), (2, vec!["LIVE-004"]), "{said:?}");
        assert_eq!(said.states()[4], "ok");
    }
    // The resolver does not understand the question: that is not about the domain.
    let said = say("_mta-sts.example.com", Rtype::TXT, Say::Code(4));
    assert_eq!((said.code, codes(&said)), (69, vec!["LIVE-005"]), "{said:?}");
    said.has("not looked up: TXT _mta-sts.example.com: the resolver answers NOTIMP");
}

#[test]
fn a_domain_without_mta_sts_is_not_blamed() {
    let mut network = Network::empty();
    network.records("example.com");
    network.world.names.remove(&("_mta-sts.example.com".to_owned(), Rtype::TXT));
    network.world.names.remove(&("_smtp._tls.example.com".to_owned(), Rtype::TXT));
    let mail = Say::Records(vec![Record::A("192.0.2.25")]);
    network.world.say("mail.example.com", Rtype::A, mail);
    let said = network.check(&["example.com"]);
    assert_eq!((said.code, codes(&said)), (0, vec!["LIVE-001"]), "{said:?}");
    assert_eq!(said.states()[0], "absent");
}

#[test]
fn bad_signatures_are_told_from_other_failures() {
    let record = Record::Txt("v=STSv1; id=20261122;".into());
    let said = say("_mta-sts.example.com", Rtype::TXT, Say::Bogus(vec![record]));
    assert_eq!((said.code, codes(&said)), (2, vec!["LIVE-086"]), "{said:?}");
    let said =
        say("example.com", Rtype::MX, Say::Bogus(vec![Record::Mx(10, "mail.example.com".into())]));
    assert_eq!((said.code, codes(&said)), (2, vec!["LIVE-086"]), "{said:?}");
    assert_eq!(said.states()[..2], ["ok", "ok"]);
}

#[test]
fn aliases_are_followed_or_told_to_lead_nowhere() {
    let alias = |from: &str, to: &str| Record::Alias(from.into(), to.into());
    let record = Record::Txt("v=STSv1; id=20261122;".into());
    let followed = vec![alias("_mta-sts.example.com", "_mta-sts.provider.example")];
    let dangling = Say::Records(followed.clone());
    let said = say("_mta-sts.example.com", Rtype::TXT, dangling);
    assert_eq!((said.code, codes(&said)[0]), (2, "LIVE-007"), "{said:?}");
    assert_eq!(said.states()[4], "ok");

    let mut circle = followed.clone();
    circle.push(alias("_mta-sts.provider.example", "_mta-sts.example.com"));
    let said = say("_mta-sts.example.com", Rtype::TXT, Say::Records(circle));
    assert_eq!((said.code, codes(&said)[0]), (2, "LIVE-007"), "{said:?}");

    // The record is that of the name at the end.
    let mut network = Network::good();
    let end = Say::Aliased(followed, "_mta-sts.provider.example", vec![record]);
    network.world.say("_mta-sts.example.com", Rtype::TXT, end);
    let said = network.check(&["example.com", "--smtp"]);
    assert_eq!((said.code, codes(&said)), (0, vec!["LIVE-006"]), "{said:?}");
    said.has("CNAME: _mta-sts.provider.example");
}

#[test]
fn fifty_mail_hosts_are_all_looked_at() {
    let mut network = Network::good();
    let policy = POLICY.replace("mail.example.com", "*.example.com");
    network.policy_host("example.com", Flaw::None, text_plain(&policy));
    let tls = ca::server(&["*.example.com"], Flaw::None);
    let address = servers::smtp(Mail::Tls(tls));
    network.route("192.0.2.25:25", address);
    let mut list = Vec::new();
    for i in 0..50 {
        let host = format!("m{i}.example.com");
        let mail = Say::Records(vec![Record::A("192.0.2.25")]);
        network.world.say(&host, Rtype::A, mail);
        list.push(Record::Mx(i, host));
    }
    list.push(Record::Mx(60, "m7.elsewhere.example".into()));
    network.world.say("example.com", Rtype::MX, Say::Records(list));
    let said = network.check(&["example.com", "--smtp"]);
    for i in 0..50 {
        said.has(&format!("  m{i}.example.com: good; TLS 1.3"));
    }
    said.has("m7.elsewhere.example");
    assert_eq!(said.code, 2);
    assert!(codes(&said).ends_with(&["LIVE-060", "LIVE-068"]), "{said:?}");
}

#[test]
fn domains_come_from_arguments_and_a_file_in_their_order() {
    let mut network = Network::good();
    network.records("other.example");
    let domains = "# ours\nother.example\n\n  EXAMPLE.com. # again\nxn--bcher-kva.example\n";
    let args = ["bücher.example", "example.com", "--file", "-", "--format", "json"];
    let said = network.check_with(&args, domains);
    let document: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let checks = document["checks"].as_array().expect("a list");
    let domains: Vec<_> = checks.iter().map(|check| check["domain"].as_str()).collect();
    let expected = ["xn--bcher-kva.example", "example.com", "other.example"];
    assert_eq!(domains, expected.map(Some), "{said:?}");
    assert_eq!(said.code, 2);

    // A bad line is named, and the others are checked all the same.
    let bad = "\u{feff}exam ple.com\nhttps://mta-sts.example.com/\n\u{1b}[2Jx\n192.0.2.1\n";
    let said = Network::good().check_with(&["--file", "-"], bad);
    assert_eq!(said.code, 64, "{said:?}");
    for line in [
        "-, line 1: exam ple.com is not a domain name",
        "-, line 3: <U+001B>[2Jx is not a domain name",
        "-, line 4: 192.0.2.1 is not a name that a policy host can have",
    ] {
        assert!(said.err.contains(line), "no {line} in {said:?}");
    }
    assert!(!said.err.contains('\u{1b}'), "{said:?}");
    said.has("example.com: Records and policy are right.");
    let said = Network::good().check_with(&["--file", "-", "--format", "json"], bad);
    let document: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(document["checks"][0]["domain"], "example.com");
    let lines = document["not_checked"].as_array().expect("a list").iter();
    let lines: Vec<_> = lines.map(|entry| entry["line"].as_u64()).collect();
    assert_eq!(lines, [1, 3, 4].map(Some), "{said:?}");
    let said = Network::good().check_with(&["--file", "-"], "# nothing\n");
    assert!(said.err.contains("there is no domain in -"), "{said:?}");
    assert_eq!(Network::good().check(&["--file", "/nonexistent"]).code, 66);
}

#[test]
fn json_tells_the_same() {
    let mut network = Network::good();
    network.policy_host("example.com", Flaw::Expired, text_plain(POLICY));
    let failure = Say::Raw(Reply::http("502 Bad Gateway", &[], b""));
    network.world.say("_smtp._tls.example.com", Rtype::TXT, failure);
    let said = network.check(&["example.com", "--smtp", "--format", "json"]);
    assert_eq!(said.code, 69);
    let document: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(document["schema"], 1);
    let check = &document["checks"][0];
    assert_eq!((&check["domain"], &check["complete"]), (&"example.com".into(), &false.into()));
    assert_eq!(check["state"], "broken");
    let unseen = &check["not_looked_up"][0];
    assert_eq!(unseen["what"], "TXT _smtp._tls.example.com");
    assert_eq!(unseen["why"], "the resolver answers with HTTP status 502");
    let steps = check["steps"].as_array().expect("a list");
    let states: Vec<_> =
        steps.iter().map(|step| (step["step"].as_str(), step["state"].as_str())).collect();
    let expected = [
        ("discover", "ok"),
        ("fetch", "problem"),
        ("match", "not-reached"),
        ("connect", "not-reached"),
        ("report", "not-known"),
    ];
    assert_eq!(states, expected.map(|(step, state)| (Some(step), Some(state))));
    let findings = steps[1]["findings"].as_array().expect("a list");
    let finding = findings.iter().find(|finding| finding["code"] == "LIVE-043");
    let finding = finding.expect("the certificate has expired");
    assert!(finding["message"].is_string() && finding.get("span").is_none());
    let record = &steps[0]["artefacts"][0];
    assert_eq!(
        (&record["artefact"], &record["parsed"]["id"]),
        (&"sts-txt".into(), &"20261122".into())
    );
    let certificate = &check["policy_host"]["certificate"];
    assert_eq!(certificate["names"][0], "mta-sts.example.com");
    assert_eq!(
        (&certificate["chain"], &certificate["name_matches"]),
        (&"trusted".into(), &true.into())
    );
    assert_eq!(certificate["not_after"], 1_625_011_200);
    let host = &check["hosts"][0];
    assert_eq!(
        (&host["host"], &host["smtp"]["starttls"]),
        (&"mail.example.com".into(), &true.into())
    );
    assert_eq!(host["smtp"]["server"]["tls"], "1.3");
}

/// The findings about what was looked up, as JSON tells them.
fn live_codes(findings: &[serde_json::Value]) -> Vec<String> {
    let codes = findings.iter().filter_map(|finding| finding["code"].as_str());
    let mut codes: Vec<_> = codes.filter(|c| c.starts_with("LIVE-")).map(str::to_owned).collect();
    codes.sort();
    codes
}

#[test]
fn facts_can_be_judged_again() {
    let silence = Network::good().with(&["--resolver", &format!("http://{}/", closed_port())]);
    let mut wrong = Network::good();
    wrong.policy_host("example.com", Flaw::Expired, text_plain(POLICY));
    wrong.mail_host("mail.example.com", "192.0.2.25", Mail::Plain);
    let bogus = Say::Bogus(vec![Record::Mx(1, "mail.example.com".into())]);
    wrong.world.say("example.com", Rtype::MX, bogus);
    let mut alias = mail_host(Mail::Plain);
    let lost = Record::Alias("mta-sts.example.com".into(), "gone.example".into());
    alias.world.say("mta-sts.example.com", Rtype::A, Say::Records(vec![lost]));
    let text = text_plain("version: STSv1\r\nmode: \u{fffd}\r\n");
    let mut status =
        serving(Reply::http("404 Not Found", &[("Content-Type", "text/html")], b"\xff"));
    status.mail_host("mail.example.com", "192.0.2.25", Mail::Greeting("554 no"));
    let networks =
        [Network::good(), silence, wrong, alias, serving(text), status, mail_host(Mail::Plain)];
    for network in networks {
        let said = network.check(&["example.com", "--smtp", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
        let check = &document["checks"][0];
        let steps = check["steps"].as_array().expect("a list");
        let findings: Vec<_> = steps
            .iter()
            .flat_map(|step| step["findings"].as_array().expect("a list"))
            .cloned()
            .collect();
        let facts = check["facts"].to_string();
        let read =
            stslint::live::read(&facts).unwrap_or_else(|problems| panic!("{problems:?}\n{facts}"));
        let assessment = stslint::live::judge(&read);
        let again = stslint::lint(&stslint::Input {
            kind: Some(stslint::Kind::Live),
            ..stslint::Input::new(facts.as_bytes())
        });
        let mut codes: Vec<_> =
            assessment.found.iter().map(|found| found.finding.rule.code).collect();
        codes.sort_unstable();
        assert_eq!(codes, live_codes(&findings), "{facts}");
        assert_eq!(again.artefacts[0].findings.len(), codes.len());
        let states: Vec<_> = steps.iter().map(|step| step["state"].as_str()).collect();
        let state = |result: &stslint::live::StepResult| match result.state {
            stslint::live::State::Ok => Some("ok"),
            stslint::live::State::Problem => Some("problem"),
            stslint::live::State::Absent => Some("absent"),
            stslint::live::State::NotKnown(_) => Some("not-known"),
            stslint::live::State::NotReached(_) => Some("not-reached"),
        };
        assert_eq!(assessment.steps.iter().map(state).collect::<Vec<_>>(), states, "{facts}");
    }
}

#[test]
fn a_link_carries_what_was_looked_up() {
    let home = "https://lint.example/page/";
    let args = ["example.com", "--smtp", "--share", "--home", home, "--format", "json"];
    let said = mail_host(Mail::Plain).check(&args);
    let document: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let link = document["checks"][0]["link"].as_str().expect("a link");
    let fragment = link.strip_prefix(home).expect("a link to the page");
    let shared = stslint::share::decode(fragment).expect("one of ours").expect("a good one");
    assert_eq!(shared.declared, Some(stslint::Kind::Live.into()));
    assert_eq!(shared.domain.as_deref(), Some("example.com"));
    let mut text = String::new();
    let packed = shared.body.expect("a text");
    flate2::read::DeflateDecoder::new(&packed[..]).read_to_string(&mut text).expect("packed text");
    let facts: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(facts, document["checks"][0]["facts"]);
    let said = Network::good().check(&["example.com", "--share", "--home", home]);
    said.has("  https://lint.example/page/#v1&kind=live&domain=example.com&exact=1&z=");
    let said = Network::good().check(&["example.com"]);
    assert!(!said.out.contains("#v1"), "{said:?}");
}

#[test]
fn what_is_for_tests_stays_on_this_machine() {
    for args in [
        &["example.com", "--test-route", "192.0.2.1:443=198.51.100.1:443"][..],
        &["example.com", "--resolver", "http://dns.example/dns-query"],
        &["example.com", "--resolver", "http://192.0.2.1:80/dns-query"],
        &["example.com", "--resolver", "nobody"],
        &["example.com", "--resolver", "udp://dns.example"],
        &["example.com", "--resolver", "tls://"],
        &["example.com", "--jobs", "0"],
        &["example.com", "--shard", "3/2"],
        &["example.com", "--resume", "rows.ndjson"],
        &["example.com", "--timeout", "0"],
        &["example.com", "--timeout", "x"],
        &["example.com", "--smtp-port", "25"],
        &["exam ple.com"],
        &[&["a"; 124].join(".")],
        &[],
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_stslint"))
            .arg("check")
            .args(args)
            .output()
            .expect("the command runs");
        assert_eq!(output.status.code(), Some(64), "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn hostile_text_does_not_reach_the_terminal() {
    let mut network = Network::good();
    let text = "v=STSv1; id=1\u{1b}[31m\u{202e};";
    network.world.say(
        "_mta-sts.example.com",
        Rtype::TXT,
        Say::Records(vec![Record::Txt(text.into())]),
    );
    let headers = [("Content-Type", "text/plain\u{9b}31m")];
    network.policy_host(
        "example.com",
        Flaw::None,
        Reply::http("200 OK", &headers, POLICY.as_bytes()),
    );
    network.mail_host("mail.example.com", "192.0.2.25", Mail::Greeting("554 \u{1b}[2J\u{7}bell"));
    let said = network.check(&["example.com", "--smtp"]);
    let bad = said.out.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
    assert_eq!(bad, None, "{said:?}");
    said.has("554 ");
}

/// A port that nobody listens on.
fn closed_port() -> std::net::SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}
