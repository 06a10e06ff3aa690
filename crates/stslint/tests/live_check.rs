//! The look-ups of a live check: any order of answers gives the same facts, nothing is asked twice,
//! it ends, and what cannot be seen never counts as missing.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use stslint::finding::Severity;
use stslint::live::check::{
    Ask, Check, Data, DnsReply, Id, MAX_HOSTS, Options, RecordKind, Reply, Scope,
};
use stslint::live::facts::{
    Answer, Certificate, Chain, Fact, Facts, Failure, Fetch, FetchFailure, Fetched, Hidden, Lookup,
    Mx, Peer, Reason, Response, Smtp, Tlsa,
};
use stslint::live::{Assessment, Standing, State, Step, judge};
use stslint::render;
use stslint::render::live::headline;

const POLICY: &str = "version: STSv1\r\nmode: enforce\r\nmx: *.mx.net\r\nmax_age: 1209600\r\n";

/// Answers by question; what is not in it does not exist.
#[derive(Debug, Default)]
struct World {
    dns: BTreeMap<(String, RecordKind), DnsReply>,
    unchecked: BTreeMap<(String, RecordKind), DnsReply>,
    fetch: Option<Reply>,
    smtp: Option<Reply>,
    hidden: bool,
}

impl World {
    /// A domain where all is well.
    fn good() -> Self {
        let mut world = Self::default();
        world.txt("_mta-sts.example.org", "v=STSv1; id=1;");
        world.txt("_smtp._tls.example.org", "v=TLSRPTv1; rua=mailto:tls@example.org;");
        world.mx(&[(10, "a.mx.net")]);
        world.address("mta-sts.example.org");
        world.address("a.mx.net");
        world.fetch = Some(Reply::Fetch(response(200, POLICY)));
        world.smtp = Some(Reply::Smtp(smtp("*.mx.net")));
        world
    }

    fn set(&mut self, name: &str, kind: RecordKind, reply: DnsReply) {
        self.dns.insert((name.into(), kind), reply);
    }

    fn txt(&mut self, name: &str, text: &str) {
        self.set(name, RecordKind::Txt, records(vec![Data::Txt(vec![text.into()])]));
    }

    fn mx(&mut self, list: &[(u16, &str)]) {
        let record = |(preference, exchange): &(u16, &str)| {
            Data::Mx(Mx { preference: *preference, exchange: (*exchange).into() })
        };
        self.set("example.org", RecordKind::Mx, records(list.iter().map(record).collect()));
    }

    fn address(&mut self, name: &str) {
        let address = Data::Address("192.0.2.1".parse().expect("an address"));
        self.set(name, RecordKind::A, records(vec![address]));
        self.set(name, RecordKind::Aaaa, records(Vec::new()));
    }

    fn reply(&self, ask: &Ask) -> Reply {
        let hidden = || Reply::NotObservable(Hidden::Told("no network".into()));
        match ask {
            _ if self.hidden => hidden(),
            Ask::Dns { name, kind, checking_disabled } => {
                let key = (name.clone(), *kind);
                let table = if *checking_disabled { &self.unchecked } else { &self.dns };
                let missing = DnsReply { rcode: 3, ..DnsReply::default() };
                Reply::Dns(table.get(&key).cloned().unwrap_or(missing))
            }
            Ask::Fetch { .. } => self.fetch.clone().unwrap_or_else(hidden),
            Ask::Smtp { .. } => self.smtp.clone().unwrap_or_else(hidden),
        }
    }
}

fn records(records: Vec<Data>) -> DnsReply {
    DnsReply { records, ttl: Some(300), ..DnsReply::default() }
}

fn alias(targets: &[&str], records: Vec<Data>) -> DnsReply {
    let chain = targets.iter().map(|target| (*target).to_owned()).collect();
    DnsReply { chain, records, ..DnsReply::default() }
}

fn failed(rcode: u16) -> DnsReply {
    DnsReply { rcode, ..DnsReply::default() }
}

fn response(status: u16, body: &str) -> Fetch {
    Fetch {
        outcome: Fetched::Response(Response {
            status,
            headers: Some(vec![("content-type".into(), "text/plain".into())]),
            body: Some(body.into()),
            line_ends_lost: false,
        }),
        why: None,
        certificate: Certificate::default(),
        tls: None,
        seconds: None,
    }
}

fn smtp(name: &str) -> Smtp {
    let certificate = Certificate {
        names: Some(vec![name.into()]),
        not_after: Some(2_000_000_000),
        trusted: Some(true),
        ..Certificate::default()
    };
    Smtp { starttls: Some(true), certificate, failure: None }
}

const EVERYTHING: Options =
    Options { scope: Scope::Domain, fetch: true, smtp: true, by_address: true };

/// Runs a check to its end; `choose` picks which open question is answered next.
fn run(world: &World, domain: &str, mut choose: impl FnMut(usize) -> usize) -> (Facts, Vec<Ask>) {
    let mut check = Check::new(1, domain, EVERYTHING).expect("a domain");
    let mut open: Vec<(Id, Ask)> = check.questions();
    let mut asked: Vec<Ask> = open.iter().map(|(_, ask)| ask.clone()).collect();
    while !open.is_empty() {
        assert!(!check.is_done());
        let (id, ask) = open.swap_remove(choose(open.len()) % open.len());
        assert!(check.answer(id, world.reply(&ask)), "{ask:?} is open");
        assert!(!check.answer(id, world.reply(&ask)), "{ask:?} is answered");
        let more = check.questions();
        asked.extend(more.iter().map(|(_, ask)| ask.clone()));
        open.extend(more);
        assert!(asked.len() < 20 + 9 * 6 * MAX_HOSTS, "it does not end");
    }
    assert!(check.is_done());
    let once: BTreeSet<&Ask> = asked.iter().collect();
    assert_eq!(once.len(), asked.len(), "something was asked twice");
    (check.facts(), asked)
}

fn first(world: &World) -> Facts {
    run(world, "example.org", |_| 0).0
}

fn assessment(world: &World) -> Assessment {
    judge(&Facts { now: Some(1_800_000_000), ..first(world) })
}

/// The codes above info.
fn codes(assessment: &Assessment) -> Vec<&'static str> {
    let loud = assessment.found.iter().map(|found| found.finding.rule);
    loud.filter(|rule| rule.severity != Severity::Info).map(|rule| rule.code).collect()
}

fn state(assessment: &Assessment, step: Step) -> &State {
    &assessment.steps.iter().find(|result| result.step == step).expect("all steps").state
}

#[test]
fn a_good_domain_is_all_good() {
    let assessment = assessment(&World::good());
    assert_eq!(codes(&assessment), [""; 0]);
    for step in Step::ALL {
        assert_eq!(*state(&assessment, step), State::Ok, "{step:?}");
    }
    assert_eq!(headline(&assessment).title, "MTA-STS of example.org works.");
    assert_eq!(assessment.mx_hosts.len(), 1);
    assert!(assessment.mx_hosts[0].coverage.as_ref().expect("a policy").found.covers());
}

#[test]
fn what_cannot_be_seen_is_not_missing() {
    let world = World { hidden: true, ..World::default() };
    // Who connects by address has nothing to connect to, which LIVE-005 tells already.
    for (options, expected) in
        [(BY_NAME, &["LIVE-005", "LIVE-040"][..]), (EVERYTHING, &["LIVE-005"])]
    {
        let mut check = Check::new(1, "example.org", options).expect("a domain");
        rounds(&mut check, &world);
        let assessment = judge(&check.facts());
        assert_eq!(codes(&assessment), [""; 0]);
        let info: Vec<&str> =
            assessment.found.iter().map(|found| found.finding.rule.code).collect();
        assert_eq!(info, expected);
        assert!(
            Step::ALL.iter().all(|step| matches!(state(&assessment, *step), State::NotKnown(_)))
        );
        assert_eq!(assessment.standing(), Standing::NotChecked);
        let title = "example.org was not checked: no answer from the resolver.";
        assert_eq!(headline(&assessment).title, title);
    }
}

#[test]
fn a_browser_that_may_not_read_the_policy_proves_nothing() {
    let mut world = World::good();
    (world.fetch, world.smtp) = (None, None);
    let assessment = assessment(&world);
    assert_eq!(codes(&assessment), [""; 0]);
    assert!(matches!(state(&assessment, Step::Fetch), State::NotKnown(_)));
    assert!(matches!(state(&assessment, Step::Match), State::NotKnown(_)));
    assert_eq!(assessment.standing(), Standing::PolicyToRead);
}

#[test]
fn a_domain_without_mta_sts_is_no_failure() {
    let mut world = World::default();
    world.mx(&[(10, "a.mx.net")]);
    world.address("a.mx.net");
    // A wildcard answers for every name, and a web server for every host.
    world.txt("_mta-sts.example.org", "v=spf1 -all");
    world.txt("_smtp._tls.example.org", "v=spf1 -all");
    world.address("mta-sts.example.org");
    world.fetch = Some(Reply::Fetch(response(404, "<html>")));
    assert_eq!(codes(&assessment(&world)), ["LIVE-001"]);
    let failure = Fetched::Failed(FetchFailure::CertificateName);
    world.fetch = Some(Reply::Fetch(Fetch { outcome: failure, ..response(0, "") }));
    assert_eq!(codes(&assessment(&world)), ["LIVE-001"]);
}

#[test]
fn records_and_policy_have_findings_of_their_own() {
    let mut world = World::good();
    world.txt("_mta-sts.example.org", "v=STSv1; id=a-b;");
    world.fetch = Some(Reply::Fetch(response(200, "version: STSv1\nmode: enforced\n")));
    let assessment = assessment(&world);
    let of = |place: &str| -> Vec<&str> {
        let part = assessment.parts.iter().find(|part| part.place == place).expect("a part");
        part.findings.iter().map(|finding| finding.rule.code).collect()
    };
    assert_eq!(of("_mta-sts.example.org"), ["STS-TXT-022"]);
    let policy = of("https://mta-sts.example.org/.well-known/mta-sts.txt");
    assert!(policy.contains(&"STS-POL-051"), "{policy:?}");
    assert_eq!(*state(&assessment, Step::Discover), State::Problem);
    assert_eq!(*state(&assessment, Step::Fetch), State::Problem);
}

#[test]
fn servfail_is_told_from_bogus() {
    let key = ("example.org".to_owned(), RecordKind::Mx);
    let mut world = World::good();
    world.dns.insert(key.clone(), failed(2));
    world.unchecked.insert(key.clone(), failed(2));
    assert_eq!(codes(&assessment(&world)), ["LIVE-004"]);
    world.unchecked.insert(key.clone(), records(Vec::new()));
    assert_eq!(codes(&assessment(&world)), ["LIVE-086"]);
    world.dns.insert(key, failed(5));
    let answer = first(&world).mx;
    assert_eq!(answer.known().expect("known").outcome, Lookup::Failed(Failure::Refused));
}

#[test]
fn chains_of_aliases_are_followed_to_their_end() {
    let name = "_mta-sts.example.org";
    let text = || vec![Data::Txt(vec!["v=STSv1; id=1;".into()])];
    let outcome = |replies: &[(&str, DnsReply)]| {
        let mut world = World::good();
        world.dns.remove(&(name.to_owned(), RecordKind::Txt));
        for (name, reply) in replies {
            world.set(name, RecordKind::Txt, reply.clone());
        }
        let (facts, asked) = run(&world, "example.org", |_| 0);
        let answer = facts.sts.known().expect("known").clone();
        (answer.outcome, answer.chain, asked.len())
    };
    let (found, chain, _) = outcome(&[(name, alias(&["t.net"], text()))]);
    assert!(matches!(found, Lookup::Data(_)) && chain == ["t.net"], "{found:?}");
    // A resolver that stops half-way is asked for the rest.
    let (found, chain, _) =
        outcome(&[(name, alias(&["t.net"], Vec::new())), ("t.net", records(text()))]);
    assert!(matches!(found, Lookup::Data(_)) && chain == ["t.net"], "{found:?}");
    let dangling = Lookup::Broken(Chain::Dangling);
    assert_eq!(outcome(&[(name, alias(&["t.net"], Vec::new()))]).0, dangling);
    let gone = DnsReply { rcode: 3, ..alias(&["t.net"], Vec::new()) };
    assert_eq!(outcome(&[(name, gone)]).0, dangling);
    let around = [(name, alias(&["t.net"], Vec::new())), ("t.net", alias(&[name], Vec::new()))];
    assert_eq!(outcome(&around).0, Lookup::Broken(Chain::Loop));
    let long: Vec<String> = (0..9).map(|i| format!("t{i}.net")).collect();
    let long: Vec<&str> = long.iter().map(String::as_str).collect();
    assert_eq!(outcome(&[(name, alias(&long, text()))]).0, Lookup::Broken(Chain::TooLong));
}

#[test]
fn a_policy_host_that_leads_nowhere_is_named_once() {
    let mut world = World::good();
    for kind in [RecordKind::A, RecordKind::Aaaa] {
        let gone = DnsReply { rcode: 3, ..alias(&["old.hosting.net"], Vec::new()) };
        world.set("mta-sts.example.org", kind, gone);
    }
    let (facts, asked) = run(&world, "example.org", |_| 0);
    assert!(!asked.iter().any(|ask| matches!(ask, Ask::Fetch { .. })), "there is no such host");
    assert_eq!(codes(&judge(&facts)), ["LIVE-007", "LIVE-003"]);
}

#[test]
fn null_and_implicit_mx() {
    let mut world = World::good();
    world.mx(&[(0, ".")]);
    let (facts, asked) = run(&world, "example.org", |_| 0);
    assert_eq!(codes(&judge(&facts)), ["LIVE-064"]);
    assert!(!asked.iter().any(|ask| matches!(ask, Ask::Smtp { .. })));

    let mut world = World::good();
    world.mx(&[]);
    world.address("example.org");
    let assessment = assessment(&world);
    assert_eq!(assessment.mx_hosts[0].host, "example.org");
    assert!(codes(&assessment).contains(&"LIVE-066") && codes(&assessment).contains(&"LIVE-061"));
}

#[test]
fn fifty_mx_hosts_are_looked_up_and_a_hundred_up_to_the_limit() {
    for (count, limited) in [(50, 0), (100, 100 - MAX_HOSTS)] {
        let mut world = World::good();
        let names: Vec<String> = (0..count).map(|i| format!("m{i:03}.mx.net")).collect();
        let list: Vec<(u16, &str)> = names.iter().map(|name| (10, name.as_str())).collect();
        world.mx(&list);
        names.iter().for_each(|name| world.address(name));
        let facts = first(&world);
        let beyond = facts.hosts.values().filter(|h| h.smtp == Fact::Unknown(Reason::Limit));
        assert_eq!((facts.hosts.len(), beyond.count()), (count, limited));
        let assessment = judge(&facts);
        assert_eq!(assessment.mx_hosts.len(), count);
        assert_eq!(codes(&assessment), [""; 0]);
    }
}

#[test]
fn answers_to_another_check_are_dropped() {
    let mut one = Check::new(1, "example.org", EVERYTHING).expect("a domain");
    let mut two = Check::new(2, "example.net", EVERYTHING).expect("a domain");
    let (id, ask) = one.questions().remove(0);
    two.questions();
    let before = two.facts();
    assert!(!two.answer(id, World::good().reply(&ask)));
    assert_eq!(two.facts(), before);
    assert!(!one.answer(id, Reply::Smtp(Smtp::default())), "{ask:?} is not about SMTP");
    assert!(one.answer(id, World::good().reply(&ask)));
}

#[test]
fn dane_is_told_with_the_word_of_the_resolver() {
    let tlsa = Tlsa { usage: 3, selector: 1, matching: 1, data: vec![7; 32] };
    let mut world = World::good();
    let signed = |reply: DnsReply| DnsReply { authentic: true, ..reply };
    let name = "_25._tcp.a.mx.net";
    world.set(name, RecordKind::Tlsa, signed(records(vec![Data::Tlsa(tlsa)])));
    // RFC 7672 §2.2.1: behind MX records that are not signed, DANE is optional.
    let insecure = assessment(&world);
    assert_eq!(codes(&insecure), [""; 0]);
    assert!(insecure.found.iter().any(|found| found.finding.rule.code == "LIVE-085"));
    let mx = world.dns[&("example.org".to_owned(), RecordKind::Mx)].clone();
    world.set("example.org", RecordKind::Mx, signed(mx));
    assert_eq!(codes(&assessment(&world)), [""; 0]);
    assert_eq!(assessment(&world).mx_hosts[0].dane, stslint::live::Dane::Protected);
}

#[test]
fn only_domains_are_checked() {
    for text in ["", "a b", "192.0.2.1", "-a.org", &"a.".repeat(130)] {
        assert!(Check::new(1, text, EVERYTHING).is_none(), "{text}");
    }
    assert_eq!(
        Check::new(1, "Example.ORG.", EVERYTHING).expect("a domain").domain(),
        "example.org"
    );
}

fn config() -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(8461);
    ProptestConfig { cases: 300, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

/// Any answer to any question, from few names, so that loops and odd mixtures come about.
fn dns_reply() -> impl Strategy<Value = DnsReply> {
    let name = || {
        proptest::sample::select(vec![
            "a.mx.net",
            "b.mx.net",
            "example.org",
            ".",
            "x y",
            "192.0.2.1",
        ])
    };
    let data = prop_oneof![
        Just(Data::Address("192.0.2.1".parse().expect("an address"))),
        (0..3_u16, name())
            .prop_map(|(preference, n)| Data::Mx(Mx { preference, exchange: n.to_owned() })),
        Just(Data::Txt(vec!["v=STSv1; ".into(), "id=1;".into()])),
        Just(Data::Txt(vec!["v=TLSRPTv1; rua=mailto:a@b.net".into()])),
        (0..5_u8, 0..3_u8, 0..4_u8).prop_map(|(usage, selector, matching)| Data::Tlsa(Tlsa {
            usage,
            selector,
            matching,
            data: vec![1; 32],
        })),
    ];
    (
        proptest::sample::select(vec![0, 0, 0, 0, 2, 3, 5, 9]),
        any::<bool>(),
        proptest::collection::vec(name(), 0..3),
        proptest::collection::vec(data, 0..5),
        proptest::bool::weighted(0.1),
    )
        .prop_map(|(rcode, authentic, chain, records, truncated)| DnsReply {
            rcode,
            authentic,
            truncated,
            chain: chain.into_iter().map(str::to_owned).collect(),
            endless: false,
            ttl: None,
            records,
        })
}

fn world() -> impl Strategy<Value = World> {
    let names = [
        "_mta-sts.example.org",
        "_smtp._tls.example.org",
        "mta-sts.example.org",
        "example.org",
        "a.mx.net",
        "b.mx.net",
        "_25._tcp.a.mx.net",
        "_25._tcp.b.mx.net",
        "_mta-sts.org",
    ];
    let kinds =
        [RecordKind::A, RecordKind::Aaaa, RecordKind::Mx, RecordKind::Tlsa, RecordKind::Txt];
    let keys: Vec<(String, RecordKind)> =
        names.iter().flat_map(|name| kinds.map(|kind| ((*name).to_owned(), kind))).collect();
    let count = keys.len();
    let fetch = proptest::option::of(prop_oneof![
        Just(Reply::Fetch(response(200, POLICY))),
        Just(Reply::Fetch(response(301, ""))),
        Just(Reply::Fetch(response(200, "mode: none"))),
    ]);
    (
        proptest::collection::vec(proptest::option::weighted(0.8, dns_reply()), count),
        proptest::collection::vec(proptest::option::of(dns_reply()), count),
        fetch,
    )
        .prop_map(move |(checked, unchecked, fetch)| {
            let table = |replies: Vec<Option<DnsReply>>| {
                let pairs = keys.iter().cloned().zip(replies);
                pairs.filter_map(|(key, reply)| Some((key, reply?))).collect()
            };
            let smtp = Some(Reply::Smtp(smtp("*.mx.net")));
            World { dns: table(checked), unchecked: table(unchecked), fetch, smtp, hidden: false }
        })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_order_of_answers_gives_the_same_facts(
        world in world(),
        order in proptest::collection::vec(any::<prop::sample::Index>(), 1..200),
    ) {
        let in_turn = first(&world);
        let mut order = order.iter().cycle();
        let shuffled = run(&world, "example.org", |len| order.next().map_or(0, |i| i.index(len))).0;
        prop_assert_eq!(&shuffled, &in_turn);
        // And whatever they are, they can be judged.
        let assessment = judge(&in_turn);
        prop_assert_eq!(assessment.steps.len(), 5);
        for found in &assessment.found {
            prop_assert!(!found.finding.message(b"").contains("``"));
        }
    }
}

/// Answers all open questions at once, again and again. Returns how many rounds that took.
fn rounds(check: &mut Check, world: &World) -> usize {
    let mut rounds = 0;
    loop {
        let questions = check.questions();
        if questions.is_empty() {
            return rounds;
        }
        rounds += 1;
        for (id, ask) in questions {
            assert!(check.answer(id, world.reply(&ask)));
        }
    }
}

const BY_NAME: Options =
    Options { scope: Scope::Domain, fetch: true, smtp: false, by_address: false };

#[test]
fn a_domain_with_two_mx_takes_two_rounds_of_answers() {
    let mut world = World::good();
    world.mx(&[(10, "a.mx.net"), (20, "b.mx.net")]);
    world.address("b.mx.net");
    let mut check = Check::new(1, "example.org", BY_NAME).expect("a domain");
    assert_eq!(rounds(&mut check, &world), 2);
    assert!(check.is_done());
    // A command that connects to what was looked up waits for that: the fetch goes out in the same
    // second round, and SMTP once there are addresses to connect to.
    let fetch = Options { smtp: false, ..EVERYTHING };
    let mut check = Check::new(1, "example.org", fetch).expect("a domain");
    assert_eq!(rounds(&mut check, &world), 2);
    let mut check = Check::new(1, "example.org", EVERYTHING).expect("a domain");
    assert_eq!(rounds(&mut check, &world), 3);
}

#[test]
fn nobody_is_connected_to_before_all_addresses_are_known() {
    let world = World::good();
    let is_connection = |ask: &Ask| !matches!(ask, Ask::Dns { .. });
    for late in [RecordKind::A, RecordKind::Aaaa] {
        let mut check = Check::new(1, "example.org", EVERYTHING).expect("a domain");
        let mut kept = Vec::new();
        loop {
            let questions = check.questions();
            if questions.is_empty() {
                break;
            }
            for (id, ask) in questions {
                assert!(!is_connection(&ask), "{ask:?} without {late:?}");
                match ask {
                    Ask::Dns { kind, .. } if kind == late => kept.push((id, ask)),
                    _ => assert!(check.answer(id, world.reply(&ask))),
                }
            }
        }
        for (id, ask) in kept {
            assert!(check.answer(id, world.reply(&ask)));
        }
        let asks: Vec<Ask> = check.questions().into_iter().map(|(_, ask)| ask).collect();
        assert_eq!(asks.len(), 2, "{asks:?}");
        for ask in asks {
            assert!(is_connection(&ask), "{ask:?}");
            assert_eq!(check.addresses(&ask), ["192.0.2.1".parse::<IpAddr>().expect("it is one")]);
        }
    }
}

#[test]
fn nobody_is_connected_to_without_addresses() {
    let mut world = World::good();
    world.dns.remove(&("a.mx.net".into(), RecordKind::A));
    world.set("mta-sts.example.org", RecordKind::A, failed(4));
    world.set("mta-sts.example.org", RecordKind::Aaaa, failed(4));
    let (facts, asked) = run(&world, "example.org", |_| 0);
    let (names, others): (Vec<_>, Vec<_>) =
        asked.iter().partition(|ask| matches!(ask, Ask::Dns { .. }));
    assert!(names.len() > 5 && others.is_empty(), "{asked:?}");
    assert_eq!(facts.fetch, Fact::default(), "why is told with the addresses");
    let why = Reason::NotObservable(Hidden::NoAddress);
    assert_eq!(facts.host("a.mx.net").smtp, Fact::Unknown(why));
}

#[test]
fn a_resolver_that_always_fails_says_nothing_about_the_domain() {
    let top = || ("org".to_owned(), RecordKind::A);
    for (rcode, failure) in [(2, Failure::ServFail), (5, Failure::Refused)] {
        let mut world = World::good();
        for reply in world.dns.values_mut() {
            *reply = failed(rcode);
        }
        for (key, reply) in &world.dns {
            world.unchecked.insert(key.clone(), reply.clone());
        }
        // The top-level domain is there: the trouble is the domain's.
        let said = assessment(&world);
        let mut told = codes(&said);
        told.dedup();
        assert_eq!(told, ["LIVE-004"]);
        assert_eq!(said.facts.mx.known().and_then(Answer::failure), Some(failure));
        // It fails as well: the trouble is the resolver's.
        world.dns.insert(top(), failed(rcode));
        let (facts, asked) = run(&world, "example.org", |_| 0);
        let why = Reason::NotObservable(Hidden::AlwaysFails(failure));
        assert_eq!(facts.mx, Fact::Unknown(why));
        let said = judge(&facts);
        assert_eq!((codes(&said), said.standing()), (vec![], Standing::NotChecked));
        let (name, kind) = top();
        let control = Ask::Dns { name, kind, checking_disabled: false };
        assert_eq!(asked.iter().filter(|ask| **ask == control).count(), 1);
    }
    // One answer is enough to show that it works, and then nobody asks about the top-level domain.
    let mut world = World::good();
    world.set("example.org", RecordKind::Mx, failed(5));
    let (_, asked) = run(&world, "example.org", |_| 0);
    assert!(!asked.iter().any(|ask| matches!(ask, Ask::Dns { name, .. } if name == "org")));
}

#[test]
fn a_mail_host_whose_addresses_can_not_be_looked_up_is_not_passed_over() {
    let mut world = World::good();
    world.set("a.mx.net", RecordKind::A, failed(2));
    world.unchecked.insert(("a.mx.net".into(), RecordKind::A), failed(2));
    let said = assessment(&world);
    assert_eq!(codes(&said), ["LIVE-004"]);
    let why = Reason::NotObservable(Hidden::AddressesFailed);
    assert_eq!(said.facts.host("a.mx.net").smtp, Fact::Unknown(why.clone()));
    assert!(!render::live::reason(&why).contains("no address"), "{why:?}");
    assert_ne!(said.standing(), Standing::Works);
}

#[test]
fn a_look_up_of_tlsa_records_that_fails_is_said() {
    let mut world = World::good();
    let name = "_25._tcp.a.mx.net";
    world.set(name, RecordKind::Tlsa, failed(2));
    world.unchecked.insert((name.into(), RecordKind::Tlsa), failed(2));
    let shown = |said: &Assessment| {
        let steps = said.steps.iter().flat_map(|step| &step.evidence);
        steps
            .map(render::live::evidence)
            .map(|(label, value)| format!("{label}: {value}"))
            .collect()
    };
    // Senders don't ask behind addresses without signatures (RFC 7672 §2.2.2), so it is no fault.
    let said = assessment(&world);
    let words: Vec<String> = shown(&said);
    assert_eq!(codes(&said), Vec::<&str>::new());
    let told = "TLSA: a.mx.net: SERVFAIL: the resolver could not find out";
    assert!(words.iter().any(|words| words == told), "{words:?}");
    for kind in [RecordKind::A, RecordKind::Aaaa] {
        let reply = world.dns.get_mut(&("a.mx.net".into(), kind)).expect("it is there");
        reply.authentic = true;
    }
    assert_eq!(codes(&assessment(&world)), ["LIVE-004"]);
}

#[test]
fn a_part_of_a_domain_is_looked_up_alone() {
    let asked = |options| {
        let mut check = Check::new(1, "example.org", options).expect("a domain");
        assert!(rounds(&mut check, &World::good()) > 1);
        let asked = check.asked().into_iter().map(|(_, ask, _)| match ask {
            Ask::Dns { name, kind, .. } => format!("{kind:?} {name}"),
            Ask::Fetch { host } => format!("fetch {host}"),
            Ask::Smtp { host } => format!("smtp {host}"),
        });
        let mut asked: Vec<String> = asked.collect();
        asked.sort();
        asked
    };
    assert_eq!(
        asked(Options { scope: Scope::PolicyHost, smtp: false, ..EVERYTHING }),
        ["A mta-sts.example.org", "Aaaa mta-sts.example.org", "fetch mta-sts.example.org"]
    );
    assert_eq!(
        asked(Options { scope: Scope::MailHosts, fetch: false, ..EVERYTHING }),
        ["A a.mx.net", "Aaaa a.mx.net", "Mx example.org", "smtp a.mx.net"]
    );
}

#[test]
fn a_fetch_by_name_goes_out_with_the_first_questions() {
    let has_fetch = |options| {
        let questions = Check::new(1, "example.org", options).expect("a domain").questions();
        questions.iter().any(|(_, ask)| matches!(ask, Ask::Fetch { .. }))
    };
    assert!(has_fetch(BY_NAME));
    assert!(!has_fetch(EVERYTHING));
}

#[test]
fn what_is_asked_again_takes_only_the_new_answer() {
    let world = World::good();
    let mut check = Check::new(1, "example.org", BY_NAME).expect("a domain");
    let mut first = check.questions();
    let at = first.iter().position(|(_, ask)| render::live::ask(ask) == "TXT _mta-sts.example.org");
    let (old, ask) = first.remove(at.expect("it is asked"));
    for (id, ask) in first {
        check.answer(id, world.reply(&ask));
    }
    check.ask_again(&ask);
    let again = check.questions();
    let new = again.iter().find(|(_, other)| *other == ask).expect("it is asked again").0;
    assert_ne!(new, old);
    assert!(!check.answer(old, Reply::NotObservable(Hidden::Stopped)));
    assert!(check.answer(new, world.reply(&ask)));
    assert!(check.facts().sts.known().is_some());
    assert_eq!(check.asked().iter().filter(|(_, other, _)| **other == ask).count(), 1);
}

#[test]
fn what_a_person_saw_stands_beside_what_was_looked_up() {
    let mut world = World::good();
    world.fetch = Some(Reply::NotObservable(Hidden::Unreadable(Peer::PolicyHost)));
    let mut check = Check::new(1, "example.org", BY_NAME).expect("a domain");
    rounds(&mut check, &world);
    assert!(check.facts().fetch.is_hidden());
    let host = "mta-sts.example.org".to_owned();
    check.tell(Ask::Fetch { host: host.clone() }, Reply::Fetch(response(200, POLICY)));
    check.tell(Ask::Smtp { host: "a.mx.net".into() }, Reply::Smtp(smtp("*.mx.net")));
    // A reply of another kind is none.
    check.tell(Ask::Fetch { host }, Reply::Smtp(smtp("*.mx.net")));
    assert!(check.questions().is_empty() && check.is_done());
    let assessment = judge(&check.facts());
    assert_eq!(assessment.policy.as_ref().map(|values| values.mx.len()), Some(1));
    assert!(check.facts().host("a.mx.net").smtp.known().is_some());
}
