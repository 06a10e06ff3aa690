//! Everything has a bound, and who meets one is told so.

use crate::relay::{PUBLIC, Setting, ask, text_plain};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use stslint_serve::{Rate, Resolver};
use stslint_testnet::POLICY;
use stslint_testnet::ca::{self, Flaw};
use stslint_testnet::dns::{Record, Rtype, Say};
use stslint_testnet::servers::{self, Reply};

const POLICY_OF: &str = "/relay/v1/policy?domain=";

/// Policy hosts of d0.example.com, d1.example.com …, which count who asks and answer after a while.
fn many(count: usize, after: Duration) -> (Setting, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let names: Vec<String> = (0..count).map(|i| format!("mta-sts.d{i}.example.com")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let counter = asked.clone();
    let server = servers::http(Some(ca::server(&names, Flaw::None)), move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(after);
        text_plain(POLICY)
    });
    let mut setting = Setting::empty();
    for i in 0..count {
        setting.host(&format!("d{i}.example.com"), PUBLIC);
    }
    setting.route(&format!("{PUBLIC}:443"), server);
    (setting, asked)
}

#[test]
fn a_look_is_kept_for_a_while_and_tells_its_age() {
    let (setting, asked) = many(1, Duration::ZERO);
    let relay = setting.with(|config| config.cache.time = Duration::from_millis(1500)).start();
    let first = relay.policy("d0.example.com");
    std::thread::sleep(Duration::from_millis(1100));
    let second = relay.policy("d0.example.com");
    assert_eq!((&first["age"], &second["age"]), (&json!(0), &json!(1)));
    assert_eq!(first["looked_up"], second["looked_up"]);
    assert_ne!(first["request"], second["request"]);
    assert_eq!(first["facts"], second["facts"]);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(relay.policy("d0.example.com")["age"], 0);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn everyone_who_asks_for_the_same_gets_the_same_look() {
    let (setting, asked) = many(1, Duration::from_millis(300));
    let relay = setting.start();
    let target = format!("{POLICY_OF}d0.example.com");
    std::thread::scope(|scope| {
        for _ in 0..30 {
            scope.spawn(|| assert_eq!(relay.get(&target).status, 200));
        }
    });
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn clients_are_limited_each_by_itself() {
    let (setting, _) = many(1, Duration::ZERO);
    let relay = setting
        .with(|config| {
            config.limits.client = Rate { burst: 3, every: Duration::from_secs(1000) };
            config.trust_proxy = vec!["127.0.0.0/8".parse().expect("a network")];
        })
        .start();
    let target = format!("{POLICY_OF}d0.example.com");
    let from = |client: &str| relay.get_with(&target, &[("X-Forwarded-For", client)]);
    for _ in 0..3 {
        assert_eq!(from("198.41.9.9").status, 200);
    }
    let told = from("198.41.9.9");
    assert_eq!((told.status, told.json()["code"].as_str()), (429, Some("client-limit")));
    assert_eq!(told.header("retry-after"), told.json()["retry_after"].to_string());
    assert!((1..=1000).contains(&told.json()["retry_after"].as_u64().expect("seconds")));
    assert_eq!(from("1.2.3.4, 198.41.9.9").status, 429, "what a client writes does not count");
    assert_eq!(from("198.41.9.10").status, 200);
    // All of one customer's addresses are one.
    for i in 1..=3 {
        assert_eq!(from(&format!("2001:4860::{i}")).status, 200);
    }
    assert_eq!(from("2001:4860::4").status, 429);
}

#[test]
fn targets_are_limited() {
    let rate = Rate { burst: 2, every: Duration::from_secs(1000) };
    let (setting, asked) = many(9, Duration::ZERO);
    let relay = setting
        .with(|config| {
            config.limits.domain = rate;
            config.cache.time = Duration::ZERO;
        })
        .start();
    let status = |i: usize| relay.get(&format!("{POLICY_OF}d{i}.example.com"));
    assert_eq!([status(0).status, status(0).status], [200, 200]);
    let told = status(0);
    assert_eq!((told.status, told.json()["code"].as_str()), (429, Some("target-limit")));
    assert_eq!((status(1).status, asked.load(Ordering::SeqCst)), (200, 3));

    // Many names with one address are one target too.
    let (setting, asked) = many(9, Duration::ZERO);
    let relay = setting.with(|config| config.limits.address = rate).start();
    for i in 0..9 {
        let answer = relay.policy(&format!("d{i}.example.com"));
        let code = answer["not_looked_up"][0]["code"].as_str();
        assert_eq!(code, (i >= 2).then_some("too-often"), "{answer}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn who_comes_when_all_is_full_is_asked_to_come_again() {
    let (setting, asked) = many(40, Duration::from_millis(700));
    let relay = setting
        .with(|config| {
            config.limits.looks = 2;
            config.limits.queue = 3;
            config.limits.queue_time = Duration::from_millis(400);
        })
        .start();
    let mut counts = [0; 2];
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..40)
            .map(|i| {
                let relay = &relay;
                scope.spawn(move || relay.get(&format!("{POLICY_OF}d{i}.example.com")))
            })
            .collect();
        for thread in threads {
            let told = thread.join().expect("it ends");
            match told.status {
                200 => counts[0] += 1,
                503 => {
                    assert_eq!(told.json()["code"], "busy");
                    assert!(!told.header("retry-after").is_empty());
                    counts[1] += 1;
                }
                other => panic!("{other}: {}", told.text()),
            }
        }
    });
    assert!(counts[0] >= 2 && counts[1] >= 30, "{counts:?}");
    assert_eq!(asked.load(Ordering::SeqCst), counts[0]);
    // And all is well again.
    assert_eq!(relay.get(&format!("{POLICY_OF}d39.example.com")).status, 200);
}

#[test]
fn those_who_wait_for_the_one_who_is_turned_away_are_turned_away_too() {
    // One place, and it is taken; meanwhile many ask for the same few other domains, again and again.
    let (mut setting, _) = many(4, Duration::ZERO);
    let silent = servers::http(Some(ca::server(&["mta-sts.busy.example.com"], Flaw::None)), |_| {
        std::thread::sleep(Duration::from_secs(3));
        text_plain(POLICY)
    });
    setting.host("busy.example.com", "198.41.0.5");
    setting.route("198.41.0.5:443", silent);
    let relay = setting
        .with(|config| {
            config.limits.looks = 1;
            config.limits.queue = 0;
        })
        .start();
    let statuses = std::sync::Mutex::new(std::collections::BTreeMap::new());
    std::thread::scope(|scope| {
        scope.spawn(|| relay.policy("busy.example.com"));
        std::thread::sleep(Duration::from_millis(500));
        for client in 0..16 {
            let (relay, statuses) = (&relay, &statuses);
            scope.spawn(move || {
                for _ in 0..60 {
                    let told = relay.get(&format!("{POLICY_OF}d{}.example.com", client % 4));
                    *statuses.lock().expect("nobody panics").entry(told.status).or_insert(0) += 1;
                }
            });
        }
    });
    let statuses = statuses.into_inner().expect("nobody panics");
    assert!(statuses.keys().all(|status| [200, 503].contains(status)), "{statuses:?}");
    assert!(statuses.contains_key(&503), "{statuses:?}");
}

#[test]
fn one_client_does_not_take_all_places() {
    let (setting, _) = many(20, Duration::from_millis(500));
    let relay = setting.with(|config| config.limits.looks_per_client = 4).start();
    let mut busy = 0;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..20)
            .map(|i| {
                let relay = &relay;
                scope.spawn(move || relay.get(&format!("{POLICY_OF}d{i}.example.com")))
            })
            .collect();
        for thread in threads {
            let told = thread.join().expect("it ends");
            if told.status == 429 {
                assert_eq!(told.json()["code"], "client-busy");
                busy += 1;
            }
        }
    });
    assert!(busy >= 10, "{busy}");
}

#[test]
fn one_client_does_not_take_all_connections() {
    let setting = Setting::good();
    let relay = setting.with(|config| config.limits.connections_per_client = 3).start();
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let open = || {
        let mut stream = TcpStream::connect(relay.address).expect("the system takes it");
        let mut answer = [0; 12];
        let read = stream.write_all(request).and_then(|()| stream.read_exact(&mut answer));
        read.is_ok().then_some(stream)
    };
    let held: Vec<_> = (0..10).filter_map(|_| open()).collect();
    assert_eq!(held.len(), 3);
    drop(held);
    // A proxy speaks for many.
    let relay = Setting::good()
        .with(|config| {
            config.limits.connections_per_client = 3;
            config.trust_proxy = vec!["127.0.0.0/8".parse().expect("a network")];
        })
        .start();
    let held: Vec<_> = (0..10)
        .map(|_| {
            let mut stream = TcpStream::connect(relay.address).expect("it listens");
            stream.write_all(request).expect("it reads");
            stream.read_exact(&mut [0; 12]).expect("an answer");
            stream
        })
        .collect();
    assert_eq!(held.len(), 10);
}

#[test]
fn one_site_does_not_take_all_places() {
    let (setting, _) = many(20, Duration::from_millis(700));
    let relay = setting
        .with(|config| {
            config.limits.looks_per_client = 2;
            config.trust_proxy = vec!["127.0.0.0/8".parse().expect("a network")];
        })
        .start();
    let busy = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for i in 0..20 {
            let (relay, busy) = (&relay, &busy);
            scope.spawn(move || {
                // Each from another /64 of one /48.
                let client = format!("2606:4700:1:{i}::1");
                let target = format!("{POLICY_OF}d{i}.example.com");
                let told = relay.get_with(&target, &[("X-Forwarded-For", &client)]);
                if told.status == 429 {
                    assert_eq!(told.json()["code"], "client-busy");
                    busy.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert!(busy.into_inner() >= 10);
}

#[test]
fn a_look_asks_only_so_much() {
    let asked = Arc::new(AtomicUsize::new(0));
    let mut setting = Setting::empty();
    let records = (0..200).map(|i| Record::Mx(i, format!("m{i}.example.net"))).collect();
    let world = &mut setting.world;
    world.say("example.com", Rtype::MX, Say::Records(records));
    // Names that fail are asked for twice, with and without DNSSEC.
    for i in 0..200 {
        for rtype in [Rtype::A, Rtype::AAAA] {
            world.say(&format!("m{i}.example.net"), rtype, Say::Code(2));
        }
    }
    let (world, counter) = (std::mem::take(world), asked.clone());
    let address = servers::http(None, move |target| {
        counter.fetch_add(1, Ordering::SeqCst);
        world.answer(target)
    });
    let url = format!("http://{address}/dns-query");
    let relay = setting
        .with(|config| {
            config.mx = Some(25);
            config.resolver = Resolver::Https { name: "Test".into(), url };
        })
        .start();
    let told = relay.get("/relay/v1/mx?domain=example.com");
    assert_eq!(told.status, 200, "{}", told.text());
    let asked = asked.load(Ordering::SeqCst);
    assert!((33..=64).contains(&asked), "{asked}");
    let answer = told.json();
    assert_eq!(answer["facts"]["smtp"]["m99.example.net"]["status"], "limit", "{answer}");
    assert!(told.text().contains("too-many"));
}

#[test]
fn slow_and_large_requests_are_cut_off() {
    let relay = Setting::good().start();
    // So slow that a head never comes: other clients don't notice.
    let mut slow = TcpStream::connect(relay.address).expect("it listens");
    slow.write_all(b"GET / HT").expect("it reads");
    assert_eq!(relay.get("/healthz").status, 200);
    // A head that is too large, and one with too many fields.
    for head in [
        format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "y".repeat(40_000)),
        format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{}\r\n", "A: b\r\n".repeat(100)),
    ] {
        let mut stream = TcpStream::connect(relay.address).expect("it listens");
        let _ = stream.write_all(head.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
    // The slow one is told to go, or just sent away.
    slow.set_read_timeout(Some(Duration::from_secs(60))).expect("a time");
    let mut answer = Vec::new();
    slow.read_to_end(&mut answer).expect("it ends by itself");
}

#[test]
fn connections_are_limited() {
    let relay = Setting::good().with(|config| config.limits.connections = 2).start();
    let hold = |text: &[u8]| {
        let mut stream = TcpStream::connect(relay.address).expect("the system takes it");
        stream.write_all(text).expect("it is sent");
        stream
    };
    let held = [hold(b"GET "), hold(b"GET ")];
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let mut third = hold(request);
    third.set_read_timeout(Some(Duration::from_millis(500))).expect("a time");
    assert!(third.read(&mut [0; 64]).is_err(), "it waits for its turn");
    drop(held);
    third.set_read_timeout(Some(Duration::from_secs(30))).expect("a time");
    let mut answer = String::new();
    third.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn the_end_waits_for_what_is_under_way() {
    let (setting, _) = many(5, Duration::from_millis(800));
    let relay = setting.start();
    let address = relay.address;
    let threads: Vec<_> = (0..5)
        .map(|i| {
            std::thread::spawn(move || {
                ask(address, "GET", &format!("{POLICY_OF}d{i}.example.com"), &[])
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    relay.stop();
    for thread in threads {
        assert_eq!(thread.join().expect("an answer").status, 200);
    }
    relay.wait();
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");

    // But not for ever.
    let mut setting = Setting::with_host(Flaw::None, Reply::Silence);
    setting.config.grace = Duration::from_millis(300);
    let relay = setting.start();
    let address = relay.address;
    let mut stream = TcpStream::connect(address).expect("it listens");
    let head = format!("GET {POLICY_OF}example.com HTTP/1.1\r\nHost: x\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("it reads");
    std::thread::sleep(Duration::from_millis(300));
    let start = Instant::now();
    relay.stop();
    relay.wait();
    assert!(start.elapsed() < Duration::from_secs(15));

    // Nor for as long as the grace, when it is asked for again.
    let mut setting = Setting::with_host(Flaw::None, Reply::Silence);
    setting.config.grace = Duration::from_secs(3600);
    setting.config.timeout = Duration::from_secs(600);
    let relay = setting.start();
    let mut stream = TcpStream::connect(relay.address).expect("it listens");
    stream.write_all(head.as_bytes()).expect("it reads");
    std::thread::sleep(Duration::from_millis(300));
    relay.stop();
    relay.stop();
    relay.wait();
}
