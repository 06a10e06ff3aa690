//! What a resolver's answer is for the engine's check: something about the domain, or nothing.

use stslint::live::check::{self, DnsReply, RecordKind, Reply};
use stslint::live::facts;
use stslint_doh::{Answer, Data, ExtendedError, Failure, Link, MAX_LINKS, Record, live};

fn answer(rcode: u16) -> Answer {
    Answer {
        rcode,
        authentic: true,
        truncated: false,
        chain: Vec::new(),
        endless: false,
        records: Vec::new(),
        negative_ttl: Some(60),
        extended_errors: Vec::new(),
    }
}

fn with_error(rcode: u16, code: u16) -> Answer {
    let extended_errors = vec![ExtendedError { code, text: String::new() }];
    Answer { extended_errors, ..answer(rcode) }
}

fn chain(links: usize) -> Vec<Link> {
    (0..links).map(|i| Link { target: format!("n{i}.example"), ttl: 60 }).collect()
}

fn hidden(reply: &Reply) -> bool {
    matches!(reply, Reply::NotObservable(why) if !stslint::render::live::hidden(why).is_empty())
}

#[test]
fn what_a_resolver_cannot_or_will_not_say_is_hidden() {
    assert!(hidden(&live::reply(Err(Failure::Empty))));
    assert!(hidden(&live::reply(Ok(Answer { truncated: true, ..answer(0) }))));
    // Forged, blocked, censored, filtered, prohibited (RFC 8914 §4).
    for code in [4, 15, 16, 17, 18] {
        for rcode in [0, 3, 5] {
            assert!(hidden(&live::reply(Ok(with_error(rcode, code)))), "{code}");
        }
    }
    for rcode in [1, 4, 9, 16] {
        assert!(hidden(&live::reply(Ok(answer(rcode)))), "{rcode}");
    }
}

#[test]
fn what_it_says_about_the_domain_is_handed_on() {
    for rcode in [0, 2, 3, 5] {
        let Reply::Dns(reply) = live::reply(Ok(answer(rcode))) else { panic!("{rcode}") };
        let expected = DnsReply { rcode, authentic: true, ttl: Some(60), ..DnsReply::default() };
        assert_eq!(reply, expected);
    }
    // No name server of the domain answered.
    for code in [22, 23] {
        assert_eq!(live::reply(Ok(with_error(2, code))), Reply::Failed(facts::Failure::Timeout));
    }
    // Stale data, signatures that failed: for the question without checks to tell.
    for code in [3, 6] {
        assert!(matches!(live::reply(Ok(with_error(2, code))), Reply::Dns(_)));
    }
}

#[test]
fn a_circle_is_told_from_a_long_way() {
    let of = |links, endless| match live::reply(Ok(Answer {
        chain: chain(links),
        endless,
        ..answer(0)
    })) {
        Reply::Dns(reply) => (reply.chain.len(), reply.endless),
        other => panic!("{other:?}"),
    };
    assert_eq!(of(2, true), (2, true));
    assert_eq!(of(2, false), (2, false));
    assert_eq!(of(MAX_LINKS, true), (MAX_LINKS, false));
}

#[test]
fn records_keep_what_they_say() {
    let record = |data| Record { ttl: 30, data };
    let records = vec![
        record(Data::A([192, 0, 2, 1].into())),
        record(Data::Aaaa("2001:db8::1".parse().expect("an address"))),
        record(Data::Mx { preference: 5, exchange: ".".into() }),
        record(Data::Tlsa { usage: 3, selector: 1, matching: 1, data: vec![7] }),
        record(Data::Txt(vec![b"v=STSv1; ".to_vec(), vec![0xff, b'x']])),
        record(Data::Cname("elsewhere.example".into())),
    ];
    let Reply::Dns(reply) = live::reply(Ok(Answer { records, ..answer(0) })) else {
        panic!("it is an answer")
    };
    let expected = [
        check::Data::Address([192, 0, 2, 1].into()),
        check::Data::Address("2001:db8::1".parse().expect("an address")),
        check::Data::Mx(facts::Mx { preference: 5, exchange: ".".into() }),
        check::Data::Tlsa(facts::Tlsa { usage: 3, selector: 1, matching: 1, data: vec![7] }),
        check::Data::Txt(vec!["v=STSv1; ".into(), "\u{fffd}x".into()]),
    ];
    assert_eq!((&reply.records[..], reply.ttl), (&expected[..], Some(30)));
}

#[test]
fn questions_become_queries() {
    let query = live::query("_25._tcp.mx.example.com", RecordKind::Tlsa, false).expect("a name");
    assert_eq!(query.kind(), stslint_doh::Kind::Tlsa);
    let unchecked = live::query("_25._tcp.mx.example.com", RecordKind::Tlsa, true);
    assert_eq!(unchecked, Some(query.checking_disabled()));
    assert_eq!(live::query(&"a".repeat(64), RecordKind::A, false), None);
}
