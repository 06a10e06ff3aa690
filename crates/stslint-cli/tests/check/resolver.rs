//! A resolver that fails, in every way: nothing is said about the domain.

use crate::network::Network;
use crate::network::ca::{self, Flaw};
use crate::network::dns::{Say, Tcp};
use crate::network::servers::{self, Reply};
use crate::{closed_port, codes};
use domain::base::Rtype;

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
    let words = "the resolver can't be reached: its certificate does not lead to a trusted root";
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

/// By UDP each answer is cut, and looks as if there were nothing.
#[test]
fn an_answer_that_is_cut_counts_when_it_came_by_tcp() {
    for (tcp, code) in [(Tcp::Answers, 0), (Tcp::Refused, 69), (Tcp::Torn, 69)] {
        let network = Network::good();
        let resolver = format!("udp://{}", network.world.clone().serve_cut(tcp));
        let network = network.with(&["--resolver", &resolver]);
        if code == 0 {
            let said = network.check(&["example.com"]);
            assert_eq!((said.code, said.states()[0]), (0, "ok"), "{said:?}");
        } else {
            resolver_fails(network, "the resolver can't be reached: ");
        }
    }
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

#[test]
fn a_resolver_that_asks_to_wait_for_long_is_not_waited_for() {
    let reply = Reply::http("429 Too Many Requests", &[("Retry-After", "3600")], b"");
    let said = resolver_says(reply).check(&["example.com"]);
    assert!(said.err.is_empty(), "nobody was asked again: {said:?}");
    let reply = Reply::http("503 Service Unavailable", &[("Retry-After", "86400")], b"");
    resolver_fails(resolver_says(reply), "the resolver asks to wait 1440 minutes");
}

#[test]
fn a_resolver_that_always_fails_says_nothing_about_the_domain() {
    for (code, name) in [(2, "SERVFAIL"), (5, "REFUSED")] {
        let mut network = Network::good();
        network.world.all = Some(Say::Code(code));
        let words = format!("the resolver answers every question with {name}");
        resolver_fails(network, &words);
    }
}
