//! Policy hosts and mail hosts with faults: the finding, what was seen, and the rest as it is.

use crate::network::ca::{self, Flaw};
use crate::network::dns::{Record, Say};
use crate::network::servers::{self, Mail, Reply};
use crate::network::{Network, POLICY, text_plain};
use crate::{closed_port, codes};
use domain::base::Rtype;

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

pub(crate) fn serving(reply: Reply) -> Network {
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

/// As in `lint`: what is wrong on each line is one thing to do.
#[test]
fn findings_that_say_the_same_are_one() {
    let indented: String = POLICY.lines().map(|line| format!("  {line}\r\n")).collect();
    let said = serving(text_plain(&indented)).check(&["example.com", "--smtp"]);
    assert_eq!(said.out.matches("error[STS-POL-025]").count(), 1, "{said:?}");
    said.has("and here");
}

#[test]
fn a_policy_host_that_does_not_answer() {
    let network = serving(Reply::Silence).with(&["--timeout", "4"]);
    policy_host(network, "LIVE-041", &["Fetching: no answer in time"]);
    // Something comes all the time, but no end.
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 60000\r\n\r\n";
    let drip = Reply::Drip((head.to_owned() + POLICY).into_bytes());
    let network = serving(drip).with(&["--timeout", "4"]);
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
fn a_policy_host_without_a_way_to_it_is_not_blamed() {
    // Nobody can connect to the broadcast address, as nobody without IPv6 can to an IPv6 address.
    let mut network = Network::good();
    let addresses = Say::Records(vec![Record::A("255.255.255.255")]);
    network.world.say("mta-sts.example.com", Rtype::A, addresses);
    let said = network.check(&["example.com", "--smtp"]);
    // LIVE-023 is about the address. That nothing was fetched is not the host's fault.
    assert_eq!((said.code, codes(&said)), (69, vec!["LIVE-023", "LIVE-040"]), "{said:?}");
    assert_eq!(said.states()[2..], ["not known", "not known", "ok"]);
    said.has("not looked up: https://mta-sts.example.com: can't connect to 255.255.255.255:443: ");
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

pub(crate) fn mail_host(mail: Mail) -> Network {
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
        // What was refused was seen: senders do not deliver there.
        (Mail::Refuses, "mail.example.com: the reply to STARTTLS is: 454 TLS not available"),
        // The alert protocol_version, as a server sends it that knows TLS 1.1 only (RFC 5246 §7.2).
        (
            Mail::After(b"\x15\x03\x02\0\x02\x02\x46"),
            "mail.example.com: the server speaks neither TLS 1.2 nor TLS 1.3",
        ),
        (
            Mail::After(b"\x15\x03\x03\0\x02\x02\x28"),
            "mail.example.com: TLS handshake: received fatal alert",
        ),
        (Mail::After(b"250 ready\r\n"), "mail.example.com: what answers does not speak TLS"),
        (Mail::After(b""), "mail.example.com: TLS handshake: connection closed"),
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
fn tlsa_records_are_compared_with_what_the_host_shows() {
    let tls = ca::server(&["mail.example.com"], Flaw::None);
    let check = |digest: Vec<u8>, args: &[&str]| {
        let mut network = mail_host(Mail::Tls(tls.clone()));
        let record = Say::Records(vec![Record::Tlsa([3, 1, 1], digest)]);
        network.world.say("_25._tcp.mail.example.com", Rtype::TLSA, record);
        network.check(&[&["example.com"], args].concat())
    };
    let other = vec![0xab; 32];
    let said = check(other.clone(), &[]);
    assert_eq!((said.code, codes(&said)), (0, vec!["LIVE-080"]), "{said:?}");
    said.has("not all of it was compared with the certificates");
    let said = check(other.clone(), &["--smtp"]);
    assert_eq!((said.code, codes(&said)), (2, vec!["LIVE-089"]), "{said:?}");
    said.has("mail.example.com: good for MTA-STS, but not for DANE; TLS 1.3");

    let row = check(other.clone(), &["--smtp", "--format", "ndjson"]);
    let row: serde_json::Value = serde_json::from_str(&row.out).expect("a row");
    assert_eq!(row["hosts"][0]["dane"], "mismatched");
    let said = check(other, &["--smtp", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let smtp = &document["checks"][0]["facts"]["smtp"]["mail.example.com"];
    let fitting: Vec<&str> = smtp["certificate"]["tlsa"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|record| record.as_str().expect("a record"))
        .collect();
    let parameters: Vec<&str> = fitting.iter().map(|record| &record[..5]).collect();
    assert_eq!(parameters, ["3 0 1", "3 1 1", "2 0 1", "2 1 1"]);
    let hex = fitting[1].as_bytes()[6..].chunks(2);
    let byte = |digits| u8::from_str_radix(str::from_utf8(digits).expect("ASCII"), 16);
    let digest = hex.map(|digits| byte(digits).expect("a byte")).collect();
    let said = check(digest, &["--smtp"]);
    assert_eq!((said.code, codes(&said)), (0, vec!["LIVE-080"]), "{said:?}");
    said.has("the certificates that were seen match").has("mail.example.com: good; TLS 1.3");
}

#[test]
fn a_mail_host_that_was_not_seen_is_not_blamed() {
    let mut refused = Network::good();
    refused.route("192.0.2.25:25", closed_port());
    for (network, words) in [
        (refused, "can't connect to 192.0.2.25:25: connection refused"),
        (mail_host(Mail::Silence).with(&["--timeout", "4"]), "the greeting: no answer in time"),
        (mail_host(Mail::Drip).with(&["--timeout", "4"]), "the greeting: no answer in time"),
        (mail_host(Mail::Greeting("554 go away")), "the greeting is: 554 go away"),
        (mail_host(Mail::Greeting("SSH-2.0-OpenSSH_9")), "the greeting is: SSH-2.0-OpenSSH_9"),
    ] {
        let said = network.check(&["example.com", "--smtp"]);
        assert_eq!(said.code, 69, "{said:?}");
        assert!(codes(&said).is_empty(), "{said:?}");
        assert_eq!(said.states(), ["ok", "ok", "ok", "not known", "ok"]);
        said.has(&format!("not looked up: SMTP at mail.example.com, port 25: {words}"));
    }
}

#[test]
fn a_mail_host_whose_addresses_can_not_be_looked_up_has_not_no_address() {
    let mut network = Network::good();
    network.world.say("mail.example.com", Rtype::A, Say::Code(2));
    let said = network.check(&["example.com", "--smtp"]);
    assert_eq!((said.code, codes(&said)), (69, vec!["LIVE-004"]), "{said:?}");
    said.has(
        "not looked up: SMTP at mail.example.com, port 25: the look-up of its addresses fails",
    )
    .has("The look-up of `mail.example.com` fails (servfail)");
    assert!(!said.out.contains("has no address"), "{said:?}");
}

#[test]
fn what_fails_after_a_good_handshake_is_no_lack_of_a_connection() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
    let folded = Reply::Bytes(format!("{head}A: b\r\n c\r\n\r\n{POLICY}").into_bytes());
    let cut = format!("{head}Content-Length: 999\r\n\r\n{POLICY}").into_bytes();
    let chunk = format!("{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{POLICY}").into_bytes();
    for reply in
        [folded, Reply::Bytes(cut), Reply::Bytes(chunk), Reply::Bytes(b"ICY 200 OK\r\n\r\n".into())]
    {
        let said = serving(reply).check(&["example.com"]);
        assert_eq!(said.code, 2, "{said:?}");
        said.has("does not answer by HTTPS: TLS works, but no whole HTTP answer comes")
            .has("  Fetching: ");
    }
    let mut network = Network::good();
    network.route("192.0.2.10:443", servers::reset());
    network.check(&["example.com"]).has("does not answer by HTTPS: no TLS session");
    let mut network = Network::good();
    network.route("192.0.2.10:443", closed_port());
    network.check(&["example.com"]).has("does not answer by HTTPS: no connection");
}

/// A process that may open only so many files still blames nobody else.
#[test]
#[cfg(unix)]
fn a_machine_without_file_descriptors_calls_nobody_broken() {
    for files in (4..32).step_by(2) {
        let said = Network::good().with_files(files).check(&["example.com", "--smtp"]);
        assert!(!said.out.contains("error["), "{files} files: {said:?}");
        assert!([0, 69].contains(&said.code), "{files} files: {said:?}");
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
