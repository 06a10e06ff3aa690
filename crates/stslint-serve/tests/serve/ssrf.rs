//! Names and addresses by which somebody could try to reach through the relay what they can't reach
//! themselves. A listener stands behind every address there is, and counts.

use crate::faults::codes;
use crate::relay::{PUBLIC, Setting};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use stslint_testnet::dns::{Record, Rtype, Say};
use stslint_testnet::servers;

/// Domains that are no public host names: nothing is even looked up.
const DOMAINS: &[&str] = &[
    "",
    ".",
    "localhost",
    "com",
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "10.0.0.1",
    "example.127.0.0.1",
    "example.0x7f",
    "169.254.169.254",
    "[::1]",
    "::1",
    "[::ffff:127.0.0.1]",
    "fe80::1%25eth0",
    "foo.localhost",
    "printer.local",
    "metadata.google.internal",
    "router.lan",
    "router.home.arpa",
    "example.onion",
    "example.com:8443",
    "example.com%3A8443",
    "example.com/x",
    "example.com%2Fx",
    "example.com%2F..%2F..%2Fx",
    "example.com%3Fx",
    "example.com%23",
    "example.com%00.example.net",
    "example.com%0d%0aHost:%20localhost",
    "user@localhost.example.com",
    "user%40example.com",
    "example..com",
    ".example.com",
    "example.com..",
    "-example.com",
    "example-.com",
    "ex_ample.com",
    "ex%20ample.com",
    "ex+ample.com",
    "*.example.com",
    "example.com,example.net",
    "b%C3%BCcher.example.com",
    "xn--a.example.com",
    "\u{ff11}\u{ff12}\u{ff17}.0.0.1",
    "127\u{3002}0\u{3002}0\u{3002}1",
    "example.com&domain=example.net",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com",
];

/// Addresses that are not public, each of which a name of its own leads to.
const ADDRESSES: &[&str] = &[
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.1.2.3",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b::100.64.0.1",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
];

/// A setting in which every address that is named leads to a listener, which counts.
fn setting() -> (Setting, Arc<AtomicUsize>) {
    let connected = Arc::new(AtomicUsize::new(0));
    let listener = servers::counting(connected.clone());
    let mut setting = Setting::empty();
    for address in ADDRESSES.iter().chain(&[PUBLIC]) {
        let at =
            if address.contains(':') { format!("[{address}]:") } else { format!("{address}:") };
        for port in [443, 25] {
            setting.route(&format!("{at}{port}"), listener);
        }
    }
    (setting, connected)
}

#[test]
fn names_that_are_no_public_host_names_are_not_even_looked_up() {
    assert!(DOMAINS.len() + ADDRESSES.len() >= 60);
    let (mut setting, connected) = setting();
    // Whatever were asked for would be found.
    setting.world.all = Some(Say::Records(vec![Record::A(PUBLIC)]));
    let relay = setting.with(|config| config.mx = Some(25)).start();
    let control = relay.policy("example.com");
    assert_eq!((connected.swap(0, Ordering::SeqCst), &control["refused"]), (1, &json!([])));
    for domain in DOMAINS {
        for what in ["policy", "mx"] {
            let told = relay.get_raw(&format!("/relay/v1/{what}?domain={domain}"));
            assert_eq!(told.status, 400, "{domain:?}: {}", told.text());
            assert_eq!(connected.load(Ordering::SeqCst), 0, "{domain:?}");
        }
    }
    assert_eq!(relay.get("/relay/v1/policy").status, 400);
    let long = format!("{}example.com", "a.".repeat(120));
    assert_eq!(relay.get(&format!("/relay/v1/policy?domain={long}")).status, 400);
    assert_eq!(relay.get(&format!("/relay/v1/policy?domain={}", "x".repeat(5000))).status, 400);
    assert_eq!(connected.load(Ordering::SeqCst), 0);
}

#[test]
fn addresses_that_are_not_public_are_not_connected_to() {
    let (mut setting, connected) = setting();
    for (i, address) in ADDRESSES.iter().enumerate() {
        setting.host(&format!("d{i}.example.com"), address);
    }
    let relay = setting.start();
    for (i, address) in ADDRESSES.iter().enumerate() {
        let answer = relay.policy(&format!("d{i}.example.com"));
        assert_eq!(connected.load(Ordering::SeqCst), 0, "{address}");
        let refused = &answer["refused"][0];
        let canonical: std::net::IpAddr = address.parse().expect("an address");
        assert_eq!(refused["address"], canonical.to_string(), "{address}: {answer}");
        assert!(refused["why"].as_str().is_some_and(|why| !why.is_empty()));
        assert_eq!(answer["not_looked_up"][0]["code"], "address-refused");
        // It is the rule's business what that means; the fetch is not seen and not broken.
        assert_eq!(answer["facts"]["http"]["error"], "opaque");
        assert_eq!(answer["connected"], json!({}));
        let codes = codes(&answer);
        assert!(!codes.contains(&"LIVE-041"), "{address}: {codes:?}");
        if ["10.0.0.1", "127.0.0.1", "fc00::1"].contains(address) {
            assert!(codes.contains(&"LIVE-023"), "{address}: {codes:?}");
        }
    }
}

#[test]
fn mail_hosts_that_are_not_public_are_not_connected_to() {
    let (mut setting, connected) = setting();
    for (i, address) in ADDRESSES.iter().enumerate() {
        let (host, domain) = (format!("m{i}.example.net"), format!("d{i}.example.com"));
        let v6 = address.contains(':');
        let (rtype, record) =
            if v6 { (Rtype::AAAA, Record::Aaaa(address)) } else { (Rtype::A, Record::A(address)) };
        setting.world.say(&host, rtype, Say::Records(vec![record]));
        setting.world.say(&domain, Rtype::MX, Say::Records(vec![Record::Mx(10, host)]));
    }
    // An MX that is an address, and one that is the machine itself.
    let hosts = ["127.0.0.1", "10.0.0.1", "localhost"];
    let records = hosts.map(|host| Record::Mx(1, host.into())).to_vec();
    setting.world.say("odd.example.com", Rtype::MX, Say::Records(records));
    setting.world.say("localhost", Rtype::A, Say::Records(vec![Record::A("127.0.0.1")]));
    let relay = setting.with(|config| config.mx = Some(25)).start();
    let domains = (0..ADDRESSES.len()).map(|i| format!("d{i}.example.com"));
    for domain in domains.chain(["odd.example.com".into()]) {
        let told = relay.get(&format!("/relay/v1/mx?domain={domain}"));
        assert_eq!(told.status, 200, "{}", told.text());
        assert_eq!(connected.load(Ordering::SeqCst), 0, "{domain}");
        assert_eq!(told.json()["not_looked_up"][0]["code"], "address-refused", "{}", told.text());
    }
}

#[test]
fn aliases_do_not_help() {
    let (mut setting, connected) = setting();
    let alias = |from: &str, to: &str| Record::Alias(from.into(), to.into());
    let chains: [(&str, &[&str]); 3] = [
        ("one", &["localhost.example.net"]),
        ("two", &["a.example.net", "b.example.net"]),
        ("three", &["metadata.internal", "localhost", "x.local"]),
    ];
    for (name, targets) in chains {
        let domain = format!("{name}.example.com");
        let mut from = format!("mta-sts.{domain}");
        let mut aliases = Vec::new();
        for target in targets {
            aliases.push(alias(&from, target));
            from = (*target).to_owned();
        }
        let end = targets[targets.len() - 1];
        let say = Say::Aliased(aliases.clone(), end, vec![Record::A("127.0.0.1")]);
        setting.world.say(&format!("mta-sts.{domain}"), Rtype::A, say);
        let say = Say::Aliased(aliases, end, vec![Record::Aaaa("::1")]);
        setting.world.say(&format!("mta-sts.{domain}"), Rtype::AAAA, say);
    }
    let relay = setting.start();
    for (name, targets) in chains {
        let answer = relay.policy(&format!("{name}.example.com"));
        assert_eq!(connected.load(Ordering::SeqCst), 0, "{name}");
        assert_eq!(answer["facts"]["policy_host"]["cname"], json!(targets), "{answer}");
        assert_eq!(answer["refused"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn a_name_that_changes_its_mind_is_taken_at_its_first_word() {
    // First public, then private: whoever asked twice would connect to the second.
    let (mut setting, private) = setting();
    let public = Arc::new(AtomicUsize::new(0));
    setting.route(&format!("{PUBLIC}:443"), servers::counting(public.clone()));
    let asked = Arc::new(AtomicUsize::new(0));
    let turns = vec![vec![Record::A(PUBLIC)], vec![Record::A("127.0.0.1")]];
    setting.world.say("mta-sts.example.com", Rtype::A, Say::Turns(turns, asked.clone()));
    let relay = setting.with(|config| config.cache.time = std::time::Duration::ZERO).start();
    let first = relay.policy("example.com");
    assert_eq!(first["facts"]["policy_host"]["a"], json!([PUBLIC]));
    let counts = || (public.load(Ordering::SeqCst), private.load(Ordering::SeqCst));
    assert_eq!((counts(), asked.load(Ordering::SeqCst)), ((1, 0), 1), "{first}");
    let second = relay.policy("example.com");
    assert_eq!(second["refused"][0]["address"], "127.0.0.1");
    assert_eq!((counts(), asked.load(Ordering::SeqCst)), ((1, 0), 2), "{second}");
}

#[test]
fn among_several_addresses_the_public_ones_are_connected_to() {
    let (mut setting, private) = setting();
    let public = Arc::new(AtomicUsize::new(0));
    setting.route(&format!("{PUBLIC}:443"), servers::counting(public.clone()));
    let records = vec![Record::A("127.0.0.1"), Record::A(PUBLIC), Record::A("10.0.0.1")];
    setting.world.say("mta-sts.example.com", Rtype::A, Say::Records(records));
    let answer = setting.start().policy("example.com");
    assert_eq!((public.load(Ordering::SeqCst), private.load(Ordering::SeqCst)), (1, 0));
    assert_eq!(answer["refused"].as_array().map(Vec::len), Some(2), "{answer}");
}

#[test]
fn a_redirect_leads_nowhere() {
    use stslint_testnet::ca::Flaw;
    use stslint_testnet::servers::Reply;
    let (mut setting, connected) = setting();
    for (i, location) in [
        "https://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "https://mta-sts.example.net/.well-known/mta-sts.txt",
        "file:///etc/passwd",
    ]
    .into_iter()
    .enumerate()
    {
        let domain = format!("r{i}.example.com");
        let tls = stslint_testnet::ca::server(&[&format!("mta-sts.{domain}")], Flaw::None);
        let reply = Reply::http("302 Found", &[("Location", location)], b"");
        let server = servers::http(Some(tls), move |_| reply.clone());
        let ip = ["198.41.1.1", "198.41.1.2", "198.41.1.3", "198.41.1.4"][i];
        setting.host(&domain, ip);
        setting.route(&format!("{ip}:443"), server);
    }
    setting.host("example.net", PUBLIC);
    let relay = setting.start();
    for i in 0..4 {
        let answer = relay.policy(&format!("r{i}.example.com"));
        assert_eq!(answer["facts"]["http"]["status"], 302, "{answer}");
        assert_eq!(connected.load(Ordering::SeqCst), 0);
    }
}

/// A domain whose records lead to names inside, as a resolver inside a network would answer.
fn inside() -> Setting {
    let (mut setting, _) = setting();
    let world = &mut setting.world;
    let hosts =
        ["vault.corp.internal", "db.lan", "intranet", "ad.corp.example.org", "gone.corp.internal"];
    let records = hosts.map(|host| Record::Mx(1, host.into())).to_vec();
    world.say("example.com", Rtype::MX, Say::Records(records));
    for host in &hosts[..4] {
        world.say(host, Rtype::A, Say::Records(vec![Record::A("10.20.30.40")]));
        world.say(host, Rtype::AAAA, Say::Records(vec![Record::Aaaa("fd00::1234")]));
    }
    for (name, target) in [
        ("here", "vault.corp.internal"),
        ("gone", "gone.corp.internal"),
        ("ad", "ad.corp.example.org"),
    ] {
        let host = format!("mta-sts.{name}.example.com");
        for (rtype, record) in
            [(Rtype::A, Record::A("10.20.30.40")), (Rtype::AAAA, Record::Aaaa("fd00::1234"))]
        {
            let alias = vec![Record::Alias(host.clone(), target.into())];
            let end = if name == "gone" { vec![] } else { vec![record] };
            world.say(&host, rtype, Say::Aliased(alias, target, end));
        }
    }
    setting
}

#[test]
fn what_the_resolver_knows_of_names_inside_is_not_told() {
    let relay = inside().with(|config| config.mx = Some(25)).start();
    let told = relay.get("/relay/v1/mx?domain=example.com");
    assert_eq!(told.status, 200, "{}", told.text());
    let secret = |text: &str| text.contains("10.20.30.40") || text.contains("fd00::1234");
    assert!(!secret(&told.text()), "{}", told.text());
    let answer = told.json();
    // Names that can't be public are not looked up, whether they are there or not.
    for host in ["vault.corp.internal", "gone.corp.internal", "intranet", "db.lan"] {
        let facts = &answer["facts"]["hosts"][host];
        assert_eq!(facts, &answer["facts"]["hosts"]["vault.corp.internal"], "{host}");
        let unseen = answer["not_looked_up"].as_array().expect("a list");
        let entry = unseen.iter().find(|entry| entry["what"] == format!("A {host}"));
        assert_eq!(entry.map(|entry| &entry["code"]), Some(&json!("address-refused")), "{host}");
    }
    // Behind an alias everything looks the same, too.
    let of = |name: &str| {
        let mut answer = relay.policy(&format!("{name}.example.com"));
        let target = format!("{}.corp.internal", if name == "here" { "vault" } else { name });
        assert_eq!(answer["facts"]["policy_host"]["cname"].take(), json!([target]));
        assert!(!secret(&answer.to_string()), "{answer}");
        for varies in ["request", "looked_up", "seconds", "domain"] {
            answer[varies].take();
        }
        let facts = &mut answer["facts"];
        facts["date"].take();
        facts["domain"].take();
        answer.to_string().replace(name, "")
    };
    assert_eq!(of("here"), of("gone"));
    let answer = relay.policy("ad.example.com");
    assert!(!secret(&answer.to_string()), "{answer}");
    assert_eq!(answer["refused"][0]["why"], "private (RFC 1918)");
    assert_eq!(answer["refused"][0]["address"], serde_json::Value::Null);
}

#[test]
fn networks_that_the_operator_rules_out_are_out_of_reach_by_translation_too() {
    let (mut setting, connected) = setting();
    setting.host("example.com", "64:ff9b::808:808");
    setting.route("[64:ff9b::808:808]:443", servers::counting(connected.clone()));
    let deny = |config: &mut stslint_serve::Config| {
        config.guard.deny = vec!["8.8.8.0/24".parse().expect("a network")];
    };
    let answer = setting.with(deny).start().policy("example.com");
    assert_eq!(answer["not_looked_up"][0]["code"], "address-refused", "{answer}");
    assert_eq!(connected.load(Ordering::SeqCst), 0);
}
