//! What policy hosts do wrong is told as it is; what the relay could not see is told as that.

use crate::relay::{Setting, text_plain};
use serde_json::{Value, json};
use std::time::Duration;
use stslint::live::facts::Fact;
use stslint_serve::Resolver;
use stslint_testnet::POLICY;
use stslint_testnet::ca::{self, Flaw};
use stslint_testnet::dns::{Rtype, Say};
use stslint_testnet::servers::{self, Reply};

/// The facts, as the engine reads them and judges them: the codes of the findings, each once.
pub(crate) fn codes(answer: &Value) -> Vec<&'static str> {
    let mut answer = answer.clone();
    // The records are for the page to look up.
    answer["facts"]["sts_txt"] = "ok".into();
    let facts = stslint::live::read(&answer["facts"].to_string()).expect("facts");
    let assessment = stslint::live::judge(&facts);
    let mut codes: Vec<_> = assessment.found.iter().map(|found| found.finding.rule.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn a_good_policy_arrives_byte_by_byte_with_all_that_was_seen() {
    let relay = Setting::good().start();
    let told = relay.get("/relay/v1/policy?domain=Example.COM.");
    assert_eq!(told.status, 200, "{}", told.text());
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(told.header("cache-control"), "no-store");
    let answer = told.json();
    assert_eq!(answer["relay"], 1);
    assert_eq!(answer["what"], "policy");
    assert_eq!(answer["domain"], "example.com");
    assert_eq!(answer["age"], 0);
    assert_eq!(answer["request"], told.header("x-request-id"));
    assert_eq!(answer["connected"], json!({"mta-sts.example.com": crate::relay::PUBLIC}));
    assert_eq!((&answer["refused"], &answer["not_looked_up"]), (&json!([]), &json!([])));
    let facts = &answer["facts"];
    assert_eq!(facts["date"], answer["looked_up"]);
    assert_eq!(facts["policy_host"]["a"], json!([crate::relay::PUBLIC]));
    assert_eq!(facts["policy_host"]["aaaa"], "nodata");
    let http = &facts["http"];
    assert_eq!((&http["status"], &http["tls"]), (&json!(200), &json!("1.3")));
    assert_eq!(http["headers"]["content-type"], "text/plain");
    let certificate = &http["certificate"];
    assert_eq!(certificate["names"], json!(["mta-sts.example.com"]));
    assert_eq!(certificate["not_before"], "1975-01-01T00:00:00Z");
    assert_eq!((&certificate["trusted"], &certificate["chain"]), (&json!(true), &json!("trusted")));
    assert_eq!(certificate["issuer"], "CN=Test Middle");
    let read = stslint::live::read(&facts.to_string()).expect("facts");
    let Fact::Known(fetch) = read.fetch else { panic!("{facts}") };
    let stslint::live::facts::Fetched::Response(response) = fetch.outcome else { panic!() };
    assert_eq!(response.body.as_deref(), Some(POLICY.as_bytes()));
    assert_eq!(codes(&answer), Vec::<&str>::new(), "{answer}");
}

#[test]
fn each_fault_is_told_as_what_it_is() {
    let redirect = Reply::http("301 Moved", &[("Location", "https://www.example.com/")], b"");
    let not_found = Reply::http("404 Not Found", &[("Content-Type", "text/html")], b"<p>");
    let wrong_type = Reply::http("200 OK", &[("Content-Type", "text/html")], POLICY.as_bytes());
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
    let endless = Reply::Endless(format!("{head}\r\n{POLICY}").into_bytes());
    let drip = Reply::Drip(format!("{head}\r\nv").into_bytes());
    let cut = Reply::Bytes(format!("{head}Content-Length: 999\r\n\r\n{POLICY}").into_bytes());
    let good = || text_plain(POLICY);
    let tls =
        |names: &[&str]| servers::http(Some(ca::server(names, Flaw::None)), |_| text_plain(POLICY));
    // TLS 1.1: an alert, and a server that goes on with its own version.
    let alert = servers::raw(b"\x15\x03\x01\0\x02\x02\x46");
    let old: &[u8] = b"\x16\x03\x02\0\x31\x02\0\0\x2d\x03\x02\
        0123456789abcdef0123456789abcdef\0\0\x2f\0\0\x05\xff\x01\0\x01\0";
    type Row = (&'static str, Setting, Value, &'static str);
    let rows: Vec<Row> = vec![
        ("expired", Setting::with_host(Flaw::Expired, good()), json!("cert-expired"), "LIVE-043"),
        (
            "self-signed",
            Setting::with_host(Flaw::SelfSigned, good()),
            json!("cert-untrusted"),
            "LIVE-044",
        ),
        (
            "incomplete",
            Setting::with_host(Flaw::Incomplete, good()),
            json!("cert-untrusted"),
            "LIVE-044",
        ),
        (
            "private root",
            Setting::with_host(Flaw::PrivateRoot, good()),
            json!("cert-untrusted"),
            "LIVE-044",
        ),
        (
            "wrong name",
            Setting::with_server(tls(&["www.example.com"])),
            json!("cert-name"),
            "LIVE-042",
        ),
        ("TLS 1.1 alert", Setting::with_server(alert), json!("tls-too-old"), "LIVE-045"),
        ("TLS 1.1", Setting::with_server(servers::raw(old)), json!("tls-too-old"), "LIVE-045"),
        ("redirect", Setting::with_host(Flaw::None, redirect), json!(301), "LIVE-046"),
        ("404", Setting::with_host(Flaw::None, not_found), json!(404), "LIVE-047"),
        ("type", Setting::with_host(Flaw::None, wrong_type), json!(200), "LIVE-049"),
        ("endless", Setting::with_host(Flaw::None, endless), json!(200), ""),
        ("cut", Setting::with_host(Flaw::None, cut), json!("protocol"), "LIVE-041"),
        ("reset", Setting::with_server(servers::reset()), json!("tls"), "LIVE-041"),
        (
            "plain",
            Setting::with_server(servers::http(None, |_| text_plain(POLICY))),
            json!("tls"),
            "LIVE-041",
        ),
        (
            "endless interim answers",
            Setting::with_host(
                Flaw::None,
                Reply::Again(Vec::new(), b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".into()),
            ),
            json!("protocol"),
            "LIVE-041",
        ),
        (
            "endless trailers",
            Setting::with_host(
                Flaw::None,
                Reply::Again(
                    format!("{head}Transfer-Encoding: chunked\r\n\r\n1\r\nv\r\n0\r\n").into(),
                    b"A: b\r\n".into(),
                ),
            ),
            json!("protocol"),
            "LIVE-041",
        ),
        (
            "drip",
            Setting::with_host(Flaw::None, drip)
                .with(|config| config.timeout = Duration::from_millis(800)),
            json!("protocol"),
            "LIVE-041",
        ),
        (
            "silence",
            Setting::with_host(Flaw::None, Reply::Silence)
                .with(|config| config.timeout = Duration::from_millis(800)),
            json!("protocol"),
            "LIVE-041",
        ),
    ];
    for (name, setting, outcome, code) in rows {
        let answer = setting.start().policy("example.com");
        let http = &answer["facts"]["http"];
        let came = if outcome.is_number() { &http["status"] } else { &http["error"] };
        assert_eq!(*came, outcome, "{name}: {answer}");
        assert!(code.is_empty() || codes(&answer).contains(&code), "{name}: {:?}", codes(&answer));
        assert_eq!(answer["not_looked_up"], json!([]), "{name}: it was looked at");
        let chain = &http["certificate"]["chain"];
        match name {
            "expired" => assert_eq!(*chain, "trusted"),
            "self-signed" | "incomplete" => assert_eq!(*chain, name),
            "private root" => assert_eq!(*chain, "unknown-root"),
            "endless" => {
                // One byte more than senders read, so that it is known to be too large.
                let facts = stslint::live::read(&answer["facts"].to_string()).expect("facts");
                let Fact::Known(fetch) = facts.fetch else { panic!() };
                let stslint::live::facts::Fetched::Response(response) = fetch.outcome else {
                    panic!()
                };
                assert_eq!(response.body.map(|body| body.len()), Some(65_537));
            }
            "endless interim answers" | "endless trailers" => {
                let why = http["reason"].as_str().expect("a reason");
                assert!(why.ends_with("more than 512 KiB came, and no end"), "{name}: {why}");
            }
            // What went wrong is not lost on the way.
            "cut" => assert!(http["reason"].as_str().is_some_and(|why| why.contains("breaks off"))),
            "redirect" => assert_eq!(http["headers"]["location"], "https://www.example.com/"),
            _ => {}
        }
    }
}

#[test]
fn what_the_relay_could_not_see_is_never_the_domains_fault() {
    // A resolver that is not there.
    let nobody =
        std::net::UdpSocket::bind("127.0.0.1:0").expect("a port").local_addr().expect("it");
    let relay = Setting::good().with(|config| config.resolver = Resolver::Server(nobody)).start();
    let told = relay.get("/relay/v1/policy?domain=example.com");
    assert_eq!((told.status, told.json()["code"].as_str()), (502, Some("resolver")), "{told:?}");
    assert_eq!(told.header("content-type"), "application/problem+json");
    assert!(!told.header("retry-after").is_empty());

    // A resolver that answers nonsense.
    let mut setting = Setting::good();
    setting.world.all = Some(Say::Code(4));
    let told = setting.start().get("/relay/v1/policy?domain=example.com");
    assert_eq!((told.status, told.json()["code"].as_str()), (502, Some("resolver")), "{told:?}");

    // A resolver that refuses everybody, or finds out nothing at all.
    for code in [2, 5] {
        let mut setting = Setting::good();
        setting.world.all = Some(Say::Code(code));
        let told = setting.start().get("/relay/v1/policy?domain=example.com");
        assert_eq!((told.status, told.json()["code"].as_str()), (502, Some("resolver")));
    }

    // No way to the address from here.
    let mut setting = Setting::empty();
    setting.host("example.com", crate::relay::PUBLIC);
    let answer = setting.start().policy("example.com");
    assert_eq!(answer["facts"]["http"]["error"], "opaque", "{answer}");
    assert_eq!(answer["not_looked_up"][0]["code"], "not-seen");
    assert_eq!(codes(&answer), ["LIVE-040"]);
}

#[test]
fn what_the_resolver_says_of_the_name_is_about_the_domain() {
    for (code, word, rule) in
        [(3, "nxdomain", "LIVE-020"), (0, "nodata", "LIVE-021"), (2, "servfail", "")]
    {
        let mut setting = Setting::empty();
        for rtype in [Rtype::A, Rtype::AAAA] {
            setting.world.say("mta-sts.example.com", rtype, Say::Code(code));
        }
        let answer = setting.start().policy("example.com");
        assert_eq!(answer["facts"]["policy_host"]["a"], word, "{answer}");
        assert_eq!(answer["facts"]["http"], Value::Null, "{answer}");
        assert_eq!(answer["not_looked_up"], json!([]));
        assert!(rule.is_empty() || codes(&answer).contains(&rule), "{word}: {:?}", codes(&answer));
    }
}

#[test]
fn a_resolver_over_https_tells_the_same() {
    let mut setting = Setting::good();
    let url = std::mem::take(&mut setting.world).serve_http();
    let name = "Test".to_owned();
    let relay = setting.with(|config| config.resolver = Resolver::Https { name, url }).start();
    let answer = relay.policy("example.com");
    assert_eq!(
        (&answer["resolver"], &answer["facts"]["http"]["status"]),
        (&json!("Test"), &json!(200))
    );
    assert_eq!(answer["facts"]["policy_host"]["ad"], true);
}
