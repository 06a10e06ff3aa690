//! `stslint check` against servers on loopback: what is wrong is told, and all else stands.

mod network;

use domain::base::Rtype;
use network::ca::Flaw;
use network::dns::{Record, Say};
use network::servers::{self, Mail, Reply};
use network::{Network, POLICY, Said, ca, text_plain};

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

/// A resolver that fails says nothing about the domain, whatever way it fails.
#[track_caller]
fn resolver_fails(network: Network, words: &str) {
    let said = network.check(&["example.com", "--smtp"]);
    assert_eq!(said.code, 69, "{said:?}");
    assert_eq!(codes(&said), ["LIVE-005"], "{said:?}");
    assert!(said.states().iter().all(|state| *state == "not known"), "{said:?}");
    said.has(&format!("not looked up: MX example.com: {words}"));
    assert!(!said.out.contains("error["), "{said:?}");
}

fn resolver_says(reply: Reply) -> Network {
    let mut network = Network::good();
    network.world.all = Some(Say::Raw(reply));
    network
}

fn resolver_changes(change: fn(Vec<u8>) -> Vec<u8>) -> Network {
    let mut network = Network::good();
    network.world.all = Some(Say::Changed(change));
    network
}

#[test]
fn a_resolver_that_cannot_be_reached() {
    let refused = ["--resolver", &format!("http://{}/dns-query", closed_port())];
    let words = "the resolver can't be reached: can't connect to 127.0.0.1:";
    resolver_fails(Network::good().with(&refused), words);
    // Offline: no name is found at all, and none is under .invalid (RFC 6761 §6.4).
    let offline = ["--resolver", "https://resolver.invalid/dns-query", "--timeout", "5"];
    resolver_fails(Network::good().with(&offline), "the resolver can't be reached: ");
    // A certificate that nobody vouches for: http://localhost behind TLS of another.
    let tls = ca::server(&["localhost"], Flaw::SelfSigned);
    let address = servers::http(Some(tls), |_| panic!("somebody asked"));
    let url = format!("https://localhost:{}/dns-query", address.port());
    let words = "the resolver can't be reached: the certificate is self-signed";
    resolver_fails(Network::good().with(&["--resolver", &url]), words);
}

#[test]
fn a_resolver_that_does_not_answer() {
    let network = resolver_says(Reply::Silence).with(&["--timeout", "0.3"]);
    resolver_fails(network, "the resolver can't be reached: no answer in time");
}

#[test]
fn a_resolver_with_http_errors() {
    for (status, words) in [
        ("404 Not Found", "the resolver answers with HTTP status 404"),
        ("500 Internal Server Error", "the resolver answers with HTTP status 500"),
        ("302 Found", "the resolver answers with HTTP status 302"),
    ] {
        let headers = [("Location", "/elsewhere"), ("Content-Type", "application/dns-message")];
        resolver_fails(resolver_says(Reply::http(status, &headers, b"")), words);
    }
}

#[test]
fn a_resolver_that_is_none() {
    let page = b"<html><title>Please log in</title></html>";
    let words = "a web page came instead of DNS: a login page, a proxy, or not a resolver";
    for media_type in ["text/html", "application/dns-message"] {
        let reply = Reply::http("200 OK", &[("Content-Type", media_type)], page);
        resolver_fails(resolver_says(reply), words);
    }
    let headers = [("Content-Type", "application/json")];
    let reply = Reply::http("200 OK", &headers, b"{}");
    resolver_fails(resolver_says(reply), "the answer is not DNS but application/json");
    let words = "the resolver can't be reached: what answers does not speak HTTP";
    resolver_fails(resolver_says(Reply::Bytes(b"220 mail.example.com\r\n\r\n".to_vec())), words);
}

#[test]
fn a_resolver_with_broken_messages() {
    let dns = [("Content-Type", "application/dns-message")];
    let reply = Reply::http("200 OK", &dns, b"\xde\xad\xbe\xef");
    resolver_fails(resolver_says(reply), "the answer is too short for DNS");
    let reply = Reply::http("200 OK", &dns, b"");
    resolver_fails(resolver_says(reply), "the answer is empty");
    let reply = Reply::http("200 OK", &dns, &[0; 70_000]);
    resolver_fails(resolver_says(reply), "the answer is larger than DNS can be");
    resolver_fails(
        resolver_changes(|mut bytes| {
            bytes.pop();
            bytes
        }),
        "the answer is cut off",
    );
    resolver_fails(
        resolver_changes(|mut bytes| {
            bytes[13] ^= 1;
            bytes
        }),
        "the answer is to another question",
    );
    resolver_fails(
        resolver_changes(|mut bytes| {
            bytes[2] &= 0x7f;
            bytes
        }),
        "the answer is a question",
    );
    resolver_fails(resolver_changes(looping), "a name in the answer points in circles");
    resolver_fails(resolver_changes(strange), "the answer is about another name: evil.example");
    resolver_fails(
        resolver_changes(|mut bytes| {
            bytes[2] |= 2; // TC
            bytes
        }),
        "the answer is not complete",
    );
}

/// Where the answer section starts, and which type was asked for.
fn after_question(bytes: &[u8]) -> (usize, [u8; 2]) {
    let root = 12 + bytes[12..].iter().position(|b| *b == 0).expect("a name");
    (root + 5, [bytes[root + 1], bytes[root + 2]])
}

/// One record whose owner is a pointer to itself.
fn looping(mut bytes: Vec<u8>) -> Vec<u8> {
    let (end, rtype) = after_question(&bytes);
    bytes.truncate(end);
    bytes[4..12].copy_from_slice(&[0, 1, 0, 1, 0, 0, 0, 0]);
    let here = u16::try_from(0xc000 | end).expect("it is small");
    bytes.extend(here.to_be_bytes());
    bytes.extend([rtype[0], rtype[1], 0, 1, 0, 0, 0, 60, 0, 0]);
    bytes
}

/// One record of a name that nobody asked for.
fn strange(mut bytes: Vec<u8>) -> Vec<u8> {
    let (end, rtype) = after_question(&bytes);
    bytes.truncate(end);
    bytes[3] &= 0xf0;
    bytes[4..12].copy_from_slice(&[0, 1, 0, 1, 0, 0, 0, 0]);
    bytes.extend(b"\x04evil\x07example\0");
    bytes.extend([rtype[0], rtype[1], 0, 1, 0, 0, 0, 60, 0, 0]);
    bytes
}

#[test]
fn one_question_without_answer_leaves_the_others() {
    let mut network = Network::good();
    let failure = Reply::http("502 Bad Gateway", &[], b"");
    network.world.say("_smtp._tls.example.com", Rtype::TXT, Say::Raw(failure));
    let said = network.check(&["example.com", "--smtp"]);
    assert_eq!(said.code, 69, "{said:?}");
    assert_eq!(said.states(), ["ok", "ok", "ok", "ok", "not known"]);
    said.has(
        "not looked up: TXT _smtp._tls.example.com: the resolver answers with HTTP status 502",
    );
}

#[test]
fn a_resolver_that_limits_requests_is_asked_again() {
    let mut network = Network::good();
    network.world.limit = 5;
    let said = network.check(&["example.com", "--smtp"]);
    assert_eq!((said.code, said.states()), (0, vec!["ok"; 5]), "{said:?}");
    assert!(said.err.contains("limits requests and was asked again, slower"), "{said:?}");

    let mut network = Network::good();
    network.world.limit = usize::MAX;
    resolver_fails(network, "the resolver limits requests (HTTP status 429)");
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

/// The policy host is at fault: the finding, what was seen, and the rest as it is.
#[track_caller]
fn policy_host(network: Network, code: &str, words: &[&str]) {
    let said = network.check(&["example.com", "--smtp"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(codes(&said).contains(&code), "{said:?}");
    assert_eq!(said.states(), ["ok", "problem", "not reached", "not reached", "ok"]);
    for words in words {
        said.has(words);
    }
    assert!(said.err.is_empty(), "{said:?}");
}

fn serving(reply: Reply) -> Network {
    let mut network = Network::good();
    network.policy_host("example.com", Flaw::None, reply);
    network
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere =
        [("Location", "https://mail.example.com/policy"), ("Content-Type", "text/plain")];
    let reply = Reply::http("301 Moved Permanently", &elsewhere, POLICY.as_bytes());
    policy_host(serving(reply), "LIVE-046", &["Status: 301"]);
}

#[test]
fn only_200_counts() {
    let plain = [("Content-Type", "text/plain")];
    let reply = Reply::http("404 Not Found", &plain, POLICY.as_bytes());
    policy_host(serving(reply), "LIVE-047", &["Status: 404"]);
}

#[test]
fn a_page_is_no_policy() {
    let html = [("Content-Type", "text/html")];
    let reply = Reply::http("200 OK", &html, b"<!doctype html><title>Welcome</title>");
    policy_host(serving(reply), "STS-POL-006", &["LIVE-049", "Media type: text/html"]);
}

#[test]
fn the_media_type_is_judged_and_the_policy_read() {
    let octets = [("Content-Type", "application/octet-stream")];
    let said = serving(Reply::http("200 OK", &octets, POLICY.as_bytes()))
        .check(&["example.com", "--smtp"]);
    assert_eq!((said.code, codes(&said)), (2, vec!["LIVE-049"]), "{said:?}");
    assert_eq!(said.states()[2..], ["ok", "ok", "ok"]);
}

#[test]
fn no_more_is_read_than_senders_read() {
    let long = POLICY.to_owned() + &"x-filler: y\r\n".repeat(6000);
    policy_host(serving(text_plain(&long)), "STS-POL-004", &["Policy: 65537 bytes"]);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
    let endless = Reply::Endless((head.to_owned() + POLICY + "x-filler: y").into_bytes());
    policy_host(serving(endless), "STS-POL-004", &["Policy: 65537 bytes"]);
}

#[test]
fn a_policy_host_that_does_not_answer() {
    let network = serving(Reply::Silence).with(&["--timeout", "2"]);
    policy_host(network, "LIVE-041", &["Fetching: no answer in time"]);
    let mut network = Network::good();
    network.route("192.0.2.10:443", closed_port());
    let words = "Fetching: can't connect to 192.0.2.10:443: connection refused";
    policy_host(network, "LIVE-041", &[words]);
    let mut network = Network::good();
    network.route("192.0.2.10:443", servers::smtp(Mail::Plain));
    policy_host(network, "LIVE-041", &["Fetching: what answers does not speak TLS"]);
    let reply = Reply::Bytes(b"220 mail.example.com\r\n\r\n".to_vec());
    policy_host(serving(reply), "LIVE-041", &["Fetching: what answers does not speak HTTP"]);
}

#[test]
fn a_policy_host_with_old_tls_or_half_an_answer() {
    let mut network = Network::good();
    // The alert protocol_version, as a server sends it that knows TLS 1.0 only (RFC 5246 §7.2).
    network.route("192.0.2.10:443", servers::raw(b"\x15\x03\x01\0\x02\x02\x46"));
    let words = "Fetching: the server speaks neither TLS 1.2 nor TLS 1.3";
    policy_host(network, "LIVE-045", &[words]);
    let half = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 200\r\n\r\n";
    let half = Reply::Bytes((half.to_owned() + POLICY).into_bytes());
    policy_host(serving(half), "LIVE-041", &["Fetching: the answer breaks off"]);
}

#[test]
fn certificates_of_the_policy_host_are_judged() {
    let flawed = |flaw| {
        let mut network = Network::good();
        network.policy_host("example.com", flaw, text_plain(POLICY));
        network
    };
    let names = "certificate for mta-sts.example.com, valid from ";
    let expired = format!("{names}2020-01-01 to 2021-06-30, issued by CN=Test Middle");
    let words = ["Fetching: the certificate has expired", &expired];
    policy_host(flawed(Flaw::Expired), "LIVE-043", &words);
    let words = ["Fetching: the certificate is self-signed", names];
    policy_host(flawed(Flaw::SelfSigned), "LIVE-044", &words);
    let words = [
        "Fetching: the chain of certificates is not complete: that of the issuer is missing (CN=Test Middle)",
        names,
    ];
    policy_host(flawed(Flaw::Incomplete), "LIVE-044", &words);
    let words = ["from a root that is not trusted: CN=Private Root", names];
    policy_host(flawed(Flaw::PrivateRoot), "LIVE-044", &words);

    let mut network = Network::good();
    let other = ["example.com", "www.example.com"];
    network.policy_host_named("example.com", &other, Flaw::None, text_plain(POLICY));
    let words = [
        "Fetching: the certificate is for other names",
        "certificate for example.com, www.example.com, valid",
    ];
    policy_host(network, "LIVE-042", &words);
}

fn mail_host(mail: Mail) -> Network {
    let mut network = Network::good();
    network.mail_host("mail.example.com", "192.0.2.25", mail);
    network
}

#[test]
fn faults_of_a_mail_host_are_told() {
    let tls = |names: &[&str], flaw| Mail::Tls(ca::server(names, flaw));
    let host = ["mail.example.com"];
    for (mail, words) in [
        (Mail::Plain, "mail.example.com: no STARTTLS"),
        (tls(&host, Flaw::Expired), "mail.example.com: the certificate has expired; TLS 1.3"),
        (tls(&host, Flaw::SelfSigned), "mail.example.com: the certificate is self-signed"),
        (tls(&host, Flaw::Incomplete), "the chain of certificates is not complete"),
        (
            tls(&["www.example.com"], Flaw::None),
            "mail.example.com: the certificate is for other names",
        ),
    ] {
        let said = mail_host(mail).check(&["example.com", "--smtp"]);
        assert_eq!((said.code, codes(&said)), (2, vec!["LIVE-069"]), "{said:?}");
        assert_eq!(said.states(), ["ok", "ok", "ok", "problem", "ok"]);
        said.has(words);
    }
}

#[test]
fn a_mail_host_that_was_not_seen_is_not_blamed() {
    let mut refused = Network::good();
    refused.route("192.0.2.25:25", closed_port());
    for (network, words) in [
        (refused, "can't connect to 192.0.2.25:25: connection refused"),
        (mail_host(Mail::Silence).with(&["--timeout", "2"]), "the greeting: no answer in time"),
        (mail_host(Mail::Greeting("554 go away")), "the greeting is: 554 go away"),
        (mail_host(Mail::Greeting("SSH-2.0-OpenSSH_9")), "the greeting is: SSH-2.0-OpenSSH_9"),
        (mail_host(Mail::Refuses), "the reply to STARTTLS is: 454 TLS not available"),
    ] {
        let said = network.check(&["example.com", "--smtp"]);
        assert_eq!(said.code, 69, "{said:?}");
        assert!(codes(&said).is_empty(), "{said:?}");
        assert_eq!(said.states(), ["ok", "ok", "ok", "not known", "ok"]);
        said.has(&format!("not looked up: SMTP at mail.example.com, port 25: {words}"));
    }
}

#[test]
fn the_port_of_mail_hosts_can_be_another() {
    let mut network = Network::good();
    let tls = ca::server(&["mail.example.com"], Flaw::None);
    network.route("192.0.2.25:2525", servers::smtp(Mail::Tls(tls)));
    network.route("192.0.2.25:25", servers::http(None, |_| panic!("somebody connected")));
    let said = network.check(&["example.com", "--smtp", "--smtp-port", "2525"]);
    assert_eq!((said.code, said.states()[3]), (0, "ok"), "{said:?}");
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

    let said = Network::good().check_with(&["--file", "-"], "example.com\nexam ple.com\n");
    assert_eq!(said.code, 64);
    assert!(said.err.contains("-, line 2: exam ple.com is not a domain name"), "{said:?}");
    assert!(said.out.is_empty());
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

#[test]
fn what_is_for_tests_stays_on_this_machine() {
    for args in [
        &["example.com", "--test-route", "192.0.2.1:443=198.51.100.1:443"][..],
        &["example.com", "--resolver", "http://dns.example/dns-query"],
        &["example.com", "--resolver", "http://192.0.2.1:80/dns-query"],
        &["example.com", "--resolver", "nobody"],
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
