//! Questions and answers as bytes, written by hand so that the library is not its own judge.

use proptest::prelude::*;
use std::net::Ipv6Addr;
use stslint_doh::{Answer, Data, Failure, Http, Kind, Link, Query, Record, decode, read};

const TXT: u16 = 16;
const MX: u16 = 15;
const CNAME: u16 = 5;
const SOA: u16 = 6;

/// A DNS message under construction.
struct Message(Vec<u8>);

impl Message {
    /// An answer to a question of this class IN, with flags, response code and counts of the
    /// answer, authority and additional sections.
    fn new(flags: u16, name: &str, rtype: u16, counts: [u16; 3]) -> Self {
        let mut message = Self(Vec::new());
        message.u16(0).u16(flags).u16(1);
        for count in counts {
            message.u16(count);
        }
        message.name(name).u16(rtype).u16(1);
        message
    }

    fn u16(&mut self, value: u16) -> &mut Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    fn name(&mut self, name: &str) -> &mut Self {
        self.0.extend(wire(name));
        self
    }

    fn record(&mut self, owner: &str, rtype: u16, ttl: u32, data: &[u8]) -> &mut Self {
        self.name(owner).u16(rtype).u16(1);
        self.0.extend(ttl.to_be_bytes());
        self.u16(data.len() as u16);
        self.0.extend(data);
        self
    }
}

fn wire(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in name.split('.').filter(|label| !label.is_empty()) {
        bytes.push(label.len() as u8);
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    bytes
}

fn txt(strings: &[&str]) -> Vec<u8> {
    strings.iter().flat_map(|s| [&[s.len() as u8], s.as_bytes()].concat()).collect()
}

fn mx(preference: u16, exchange: &str) -> Vec<u8> {
    [&preference.to_be_bytes()[..], &wire(exchange)].concat()
}

fn soa(minimum: u32) -> Vec<u8> {
    let mut data = [wire("ns.example.com"), wire("host.example.com")].concat();
    for value in [1, 2, 3, 4, minimum] {
        data.extend(u32::to_be_bytes(value));
    }
    data
}

fn query(name: &str, kind: Kind) -> Query {
    Query::new(name, kind).expect("a good name")
}

/// Response, recursion desired and available; the code in the lower bits.
const OK: u16 = 0x8180;
/// The same with AD.
const AD: u16 = 0x81a0;

fn strings(answer: &Answer) -> Vec<Vec<&str>> {
    let records = answer.records.iter();
    records
        .map(|record| match &record.data {
            Data::Txt(strings) => {
                strings.iter().map(|s| std::str::from_utf8(s).expect("text")).collect()
            }
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_question_is_what_the_rfc_says() {
    let bytes = query("WWW.example.com.", Kind::A).to_bytes();
    // Id 0, RD, one question, one additional record.
    assert_eq!(bytes[..12], [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
    assert_eq!(bytes[12..33], [&wire("www.example.com")[..], &[0, 1, 0, 1]].concat());
    // OPT at the root, 1232 bytes, version 0, DO, no options (RFC 6891 §6.1.2).
    assert_eq!(bytes[33..], [0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 0]);

    let unchecked = query("www.example.com", Kind::A).checking_disabled().to_bytes();
    assert_eq!(unchecked[..4], [0, 0, 1, 0x10]);
    assert_eq!(unchecked[4..], bytes[4..]);
}

#[test]
fn a_url_carries_the_question_without_padding() {
    // The parameter of RFC 8484 §4.1.1 up to the count of additional records: it has no OPT.
    let url = query("www.example.com", Kind::A).url("https://dns.example/dns-query{?dns}");
    let expected = "https://dns.example/dns-query?dns=AAABAAABAAAAAAABA3d3dwdleGFtcGxlA2NvbQAAAQABAAApBNAAAIAAAAA";
    assert_eq!(url, expected);
    let url = query("www.example.com", Kind::A).url("https://dns.example/q?token=x");
    assert!(url.starts_with("https://dns.example/q?token=x&dns=AAAB"), "{url}");
    for resolver in stslint_doh::resolvers::RESOLVERS {
        assert!(resolver.url.starts_with("https://") && resolver.privacy.starts_with("https://"));
    }
}

#[test]
fn names_that_dns_cannot_hold_are_refused() {
    let long = ["a"; 127].join(".");
    assert!(Query::new(&long, Kind::A).is_ok());
    for name in ["", ".", "a..b", ".a", &"a".repeat(64), &format!("{long}.a")] {
        assert!(Query::new(name, Kind::A).is_err(), "{name}");
    }
}

#[test]
fn the_answer_of_the_rfc_is_read() {
    // RFC 8484 §4.2.2.
    let body = b"\0\0\x81\x80\0\x01\0\x01\0\0\0\0\x03www\x07example\x03com\0\0\x1c\0\x01\
        \xc0\x0c\0\x1c\0\x01\0\0\x0e\x7d\0\x10\x20\x01\x0d\xb8\xab\xcd\0\x12\0\x01\0\x02\0\x03\0\x04";
    let answer = decode(&query("www.example.com", Kind::Aaaa), body).expect("an answer");
    let address = Ipv6Addr::new(0x2001, 0xdb8, 0xabcd, 0x12, 1, 2, 3, 4);
    assert_eq!(answer.records, [Record { ttl: 3709, data: Data::Aaaa(address) }]);
    assert_eq!((answer.rcode, answer.ttl()), (0, Some(3709)));
    assert!(!answer.authentic && answer.chain.is_empty());
}

#[test]
fn text_keeps_its_strings_and_records() {
    let long = "x".repeat(255);
    let mut message = Message::new(AD, "_mta-sts.example.com", TXT, [3, 0, 0]);
    message.record("_MTA-STS.example.com", TXT, 300, &txt(&["v=STSv1; ", "id=1;"]));
    message.record("_mta-sts.example.com", TXT, 200, &txt(&[&long, &long, "y"]));
    message.record("_mta-sts.example.com", TXT, 400, &txt(&[""]));
    let answer = decode(&query("_mta-sts.example.com", Kind::Txt), &message.0).expect("an answer");
    assert_eq!(strings(&answer), [vec!["v=STSv1; ", "id=1;"], vec![&long, &long, "y"], vec![""]]);
    assert_eq!(answer.ttl(), Some(200));
    assert!(answer.authentic);
}

#[test]
fn bytes_that_are_no_text_survive() {
    let mut message = Message::new(OK, "example.com", TXT, [1, 0, 0]);
    message.record("example.com", TXT, 1, b"\x03\xff\0\x80");
    let answer = decode(&query("example.com", Kind::Txt), &message.0).expect("an answer");
    assert_eq!(answer.records[0].data, Data::Txt(vec![vec![0xff, 0, 0x80]]));
}

#[test]
fn mail_hosts_are_read_the_null_one_too() {
    let mut message = Message::new(OK, "example.com", MX, [2, 0, 0]);
    message.record("example.com", MX, 60, &mx(10, "Mail.Example.COM"));
    message.record("example.com", MX, 60, &mx(0, ""));
    let answer = decode(&query("example.com", Kind::Mx), &message.0).expect("an answer");
    let host = |preference, exchange: &str| Data::Mx { preference, exchange: exchange.into() };
    let data: Vec<_> = answer.records.into_iter().map(|record| record.data).collect();
    assert_eq!(data, [host(10, "mail.example.com"), host(0, ".")]);
}

#[test]
fn odd_bytes_in_names_are_escaped() {
    let mut message = Message::new(OK, "example.com", MX, [1, 0, 0]);
    message.record("example.com", MX, 60, b"\0\x01\x04a.b\xff\x02ex\0");
    let answer = decode(&query("example.com", Kind::Mx), &message.0).expect("an answer");
    let exchange = "a\\.b\\255.ex".to_owned();
    assert_eq!(answer.records[0].data, Data::Mx { preference: 1, exchange });
}

#[test]
fn certificate_associations_are_read() {
    let mut message = Message::new(AD, "_25._tcp.mx.example.com", 52, [1, 0, 0]);
    message.record("_25._tcp.mx.example.com", 52, 60, &[3, 1, 1, 0xab, 0xcd]);
    let query = query("_25._tcp.mx.example.com", Kind::Tlsa);
    let answer = decode(&query, &message.0).expect("an answer");
    let data = Data::Tlsa { usage: 3, selector: 1, matching: 1, data: vec![0xab, 0xcd] };
    assert_eq!(answer.records[0].data, data);

    let mut message = Message::new(AD, "_25._tcp.mx.example.com", 52, [1, 0, 0]);
    message.record("_25._tcp.mx.example.com", 52, 60, &[3, 1]);
    assert_eq!(decode(&query, &message.0), Err(Failure::CutOff));
}

#[test]
fn nothing_there_is_told_from_no_such_name() {
    let query = query("_mta-sts.example.com", Kind::Txt);
    for code in [0, 3] {
        let mut message = Message::new(OK | code, "_mta-sts.example.com", TXT, [0, 1, 0]);
        message.record("example.com", SOA, 3600, &soa(900));
        let answer = decode(&query, &message.0).expect("an answer");
        assert_eq!((answer.records.len(), answer.rcode), (0, code));
        assert_eq!((answer.negative_ttl, answer.ttl()), (Some(900), Some(900)));
    }
    for code in [1, 2, 5, 9] {
        let message = Message::new(OK | code, "_mta-sts.example.com", TXT, [0, 0, 0]);
        let answer = decode(&query, &message.0).expect("an answer");
        assert_eq!((answer.negative_ttl, answer.rcode), (None, code));
    }
}

#[test]
fn aliases_are_followed_in_any_order() {
    let mut message = Message::new(OK, "_mta-sts.example.com", TXT, [4, 0, 0]);
    message.record("c.example.net", TXT, 50, &txt(&["v=STSv1; id=1"]));
    message.record("b.example.net", CNAME, 20, &wire("C.example.net"));
    message.record("_mta-sts.example.com", CNAME, 10, &wire("b.example.net"));
    message.record("stranger.example.org", TXT, 1, &txt(&["v=STSv1; id=2"]));
    let answer = decode(&query("_mta-sts.example.com", Kind::Txt), &message.0).expect("an answer");
    let link = |target: &str, ttl| Link { target: target.into(), ttl };
    assert_eq!(answer.chain, [link("b.example.net", 10), link("c.example.net", 20)]);
    assert_eq!(strings(&answer), [["v=STSv1; id=1"]]);
    assert_eq!((answer.ttl(), answer.endless), (Some(10), false));
}

#[test]
fn an_alias_may_dangle_loop_or_go_on_and_on() {
    let query = query("a.example.com", Kind::A);
    let mut dangling = Message::new(OK | 3, "a.example.com", 1, [1, 0, 0]);
    dangling.record("a.example.com", CNAME, 10, &wire("gone.example.net"));
    let answer = decode(&query, &dangling.0).expect("an answer");
    assert_eq!((answer.rcode, answer.chain.len()), (3, 1));

    let mut circle = Message::new(OK, "a.example.com", 1, [2, 0, 0]);
    circle.record("a.example.com", CNAME, 10, &wire("b.example.com"));
    circle.record("b.example.com", CNAME, 10, &wire("a.example.com"));
    let answer = decode(&query, &circle.0).expect("an answer");
    assert_eq!((answer.endless, answer.chain.len()), (true, 2));

    let mut long = Message::new(OK, "a.example.com", 1, [40, 0, 0]);
    long.record("a.example.com", CNAME, 10, &wire("n0.example.com"));
    for i in 0..39 {
        let target = wire(&format!("n{}.example.com", i + 1));
        long.record(&format!("n{i}.example.com"), CNAME, 10, &target);
    }
    let answer = decode(&query, &long.0).expect("an answer");
    assert_eq!((answer.endless, answer.chain.len()), (true, stslint_doh::MAX_LINKS));

    let mut itself = Message::new(OK, "a.example.com", CNAME, [1, 0, 0]);
    itself.record("a.example.com", CNAME, 10, &wire("b.example.com"));
    let answer = decode(&Query::new("a.example.com", Kind::Cname).expect("good"), &itself.0);
    let data = Data::Cname("b.example.com".into());
    assert_eq!(answer.expect("an answer").records, [Record { ttl: 10, data }]);
}

#[test]
fn extended_errors_are_kept() {
    let mut message = Message::new(OK | 2, "example.com", MX, [0, 0, 1]);
    // OPT: an option that nobody knows, then EDE 6 and EDE 16 (RFC 8914 §2).
    let options = b"\xfd\xe9\0\x01x\0\x0f\0\x09\0\x06expired\0\x0f\0\x02\0\x10";
    message.name("").u16(41).u16(1232).u16(0).u16(0).u16(options.len() as u16);
    message.0.extend(options);
    let answer = decode(&query("example.com", Kind::Mx), &message.0).expect("an answer");
    let errors: Vec<_> = answer.extended_errors.iter().map(|e| (e.code, e.text.as_str())).collect();
    assert_eq!(errors, [(6, "expired"), (16, "")]);
    assert!(answer.is_filtered());

    // BADVERS: the upper bits of the code are in the OPT record (RFC 6891 §6.1.3).
    let mut message = Message::new(OK, "example.com", MX, [0, 0, 1]);
    message.name("").u16(41).u16(1232).u16(0x0100).u16(0).u16(0);
    let answer = decode(&query("example.com", Kind::Mx), &message.0).expect("an answer");
    assert_eq!(answer.rcode, 16);
}

#[test]
fn what_is_no_answer_is_told_apart() {
    let query = query("example.com", Kind::Mx);
    let good = {
        let mut message = Message::new(OK, "example.com", MX, [1, 0, 0]);
        message.record("example.com", MX, 60, &mx(10, "mail.example.com"));
        message.0
    };
    assert!(decode(&query, &good).is_ok());
    let case = |what: &str, body: &[u8], failure: Failure| {
        assert_eq!(decode(&query, body), Err(failure), "{what}");
    };
    case("nothing", b"", Failure::Empty);
    case("a piece of a header", &good[..11], Failure::Short);
    case("a header only", &good[..12], Failure::CutOff);
    case("half a question", &good[..20], Failure::CutOff);
    case("half a record", &good[..good.len() - 1], Failure::CutOff);
    case("too much", &vec![0; 65_536], Failure::TooLarge);
    case("a question", &Message::new(0x0100, "example.com", MX, [0; 3]).0, Failure::NotAResponse);
    let other = Message::new(OK, "example.org", MX, [0; 3]).0;
    case("another name", &other, Failure::OtherQuestion);
    let other = Message::new(OK, "example.com", TXT, [0; 3]).0;
    case("another type", &other, Failure::OtherQuestion);
    let mut other = good.clone();
    other[1] = 7;
    case("another id", &other, Failure::OtherQuestion);
    let mut none = good.clone();
    none[5] = 0;
    case("no question", &none, Failure::OtherQuestion);

    let mut stranger = Message::new(OK, "example.com", MX, [1, 0, 0]);
    stranger.record("evil.example", MX, 60, &mx(10, "mail.evil.example"));
    case("records of another name", &stranger.0, Failure::OtherName("evil.example".into()));

    let mut circle = Message::new(OK, "example.com", MX, [1, 0, 0]);
    let here = 0xc000 | circle.0.len() as u16;
    circle.u16(here).u16(MX).u16(1).u16(0).u16(60).u16(0);
    case("a pointer to itself", &circle.0, Failure::CompressionLoop);
    let mut ahead = Message::new(OK, "example.com", MX, [1, 0, 0]);
    ahead.u16(0xffff).u16(MX).u16(1).u16(0).u16(60).u16(0);
    case("a pointer ahead", &ahead.0, Failure::CompressionLoop);
    let mut label = good.clone();
    label[12] = 0x80;
    case("a label of no type", &label, Failure::Malformed("invalid label type"));
    let mut tail = Message::new(OK, "example.com", MX, [1, 0, 0]);
    tail.record("example.com", MX, 60, &[&mx(10, "mail.example.com")[..], b"x"].concat());
    case("a record with a tail", &tail.0, Failure::Malformed("trailing data in option"));
}

#[test]
fn http_speaks_first() {
    let query = query("example.com", Kind::Mx);
    let body = &Message::new(OK, "example.com", MX, [0; 3]).0[..];
    let dns = Some("application/dns-message");
    let html = b" \r\n<!DOCTYPE html><title>Log in</title>";
    let got = |status, media_type, retry_after, body| {
        read(&query, &Http { status, media_type, retry_after, date: None, body })
    };
    assert!(got(200, dns, None, body).is_ok());
    assert!(got(200, Some("Application/DNS-Message; x=y"), None, body).is_ok());
    assert!(got(200, None, None, body).is_ok());
    for status in [301, 400, 404, 500, 502] {
        assert_eq!(
            got(status, dns, None, body),
            Err(Failure::Status { status, retry_after: None })
        );
    }
    let limited = got(429, None, Some(" 7 "), b"slow down").expect_err("a failure");
    assert_eq!(limited, Failure::Status { status: 429, retry_after: Some(7) });
    assert_eq!(limited.slow_down(), Some(Some(7)));
    let dated = got(429, None, Some("Fri, 31 Dec 1999 23:59:59 GMT"), b"").expect_err("a failure");
    assert_eq!(dated.slow_down(), Some(None), "there is nothing to compare it with");
    assert_eq!(got(503, None, None, b"").expect_err("a failure").slow_down(), None);
    let long = got(503, None, Some("99999999999"), b"").expect_err("a failure");
    assert_eq!(long.slow_down(), Some(Some(u32::MAX)), "as long as can be counted");
    let dated = |retry_after, date| {
        let (retry_after, date) = (Some(retry_after), Some(date));
        let http = Http { status: 429, retry_after, date, ..Http::default() };
        read(&query, &http).expect_err("a failure").slow_down()
    };
    let midnight = "Sat, 01 Jan 2000 00:00:00 GMT";
    assert_eq!(dated(midnight, "Fri, 31 Dec 1999 23:59:30 GMT"), Some(Some(30)));
    assert_eq!(dated(midnight, "Sat, 01 Jan 2000 00:00:01 GMT"), Some(Some(0)), "it is over");

    let not_dns = |media_type: Option<&str>, html| {
        Err(Failure::NotDns { media_type: media_type.map(Into::into), html })
    };
    assert_eq!(
        got(200, Some("text/html; charset=utf-8"), None, html),
        not_dns(Some("text/html"), true)
    );
    assert_eq!(got(200, dns, None, html), not_dns(dns, true));
    assert_eq!(got(200, None, None, html), not_dns(None, true));
    let json = Some("application/dns-json");
    assert_eq!(got(200, json, None, b"{\"Status\":0}"), not_dns(json, false));
    assert_eq!(got(200, dns, None, b""), Err(Failure::Empty));
}

/// What must hold for whatever comes.
fn check(query: &Query, body: &[u8]) {
    match decode(query, body) {
        Ok(answer) => {
            assert!(answer.chain.len() <= stslint_doh::MAX_LINKS);
            // A record is at least twelve bytes, so nothing is made up.
            assert!(12 * (answer.records.len() + answer.chain.len()) <= body.len());
            let held: usize = answer.records.iter().map(|record| size(&record.data)).sum();
            assert!(held <= 1100 * body.len(), "{held} from {}", body.len());
        }
        Err(failure) => assert!(!failure.to_string().is_empty()),
    }
    let http = Http { status: 200, body, ..Http::default() };
    if decode(query, body).is_ok() {
        assert_eq!(read(query, &http), decode(query, body));
    }
}

fn size(data: &Data) -> usize {
    match data {
        Data::A(_) | Data::Aaaa(_) => 16,
        Data::Cname(name) | Data::Mx { exchange: name, .. } => name.len(),
        Data::Tlsa { data, .. } => data.len(),
        Data::Txt(strings) => strings.iter().map(Vec::len).sum(),
    }
}

const KINDS: [Kind; 6] = [Kind::A, Kind::Aaaa, Kind::Cname, Kind::Mx, Kind::Tlsa, Kind::Txt];
const TYPES: [u16; 6] = [1, 28, 5, 15, 52, 16];

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        for kind in KINDS {
            check(&query("a.b", kind), &body);
        }
    }

    /// Behind a good header and question, where the parser looks closer.
    #[test]
    fn any_records_are_read_without_panic(
        which in 0..KINDS.len(),
        counts in proptest::array::uniform3(0..5u16),
        code in 0..6u16,
        tail in proptest::collection::vec(
            prop_oneof![
                // Owners that point at the question, types and lengths that fit by chance.
                Just(vec![0xc0, 12]), Just(vec![0, 16, 0, 1]), Just(vec![0, 15, 0, 1]),
                Just(vec![0, 5, 0, 1]), Just(vec![0, 41]), Just(vec![0, 0, 0, 60]),
                Just(vec![0, 4]), Just(vec![0, 2, 0xc0, 12]), Just(vec![0xc0, 27]),
                proptest::collection::vec(any::<u8>(), 0..12),
            ],
            0..40,
        ),
    ) {
        let mut message = Message::new(OK | code, "a.b", TYPES[which], counts);
        message.0.extend(tail.concat());
        check(&query("a.b", KINDS[which]), &message.0);
    }

    /// One changed byte of a good answer.
    #[test]
    fn damage_is_survived(at in 0..200usize, byte: u8, cut in 0..400usize) {
        let mut message = Message::new(AD, "a.b", MX, [4, 1, 1]);
        message.record("a.b", CNAME, 5, &wire("c.d"));
        message.record("c.d", MX, 5, &mx(10, "mx.c.d"));
        message.record("c.d", MX, 5, &mx(0, ""));
        message.record("c.d", 46, 5, &[0; 30]);
        message.record("b", SOA, 5, &soa(7));
        message.name("").u16(41).u16(1232).u16(0).u16(0).u16(8);
        message.0.extend(b"\0\x0f\0\x04\0\x06hi");
        let query = query("a.b", Kind::Mx);
        prop_assert_eq!(decode(&query, &message.0).map(|answer| answer.records.len()), Ok(2));
        let length = message.0.len();
        message.0[at % length] = byte;
        message.0.truncate(cut);
        check(&query, &message.0);
    }

    #[test]
    fn questions_ask_for_the_name(name in "[a-z0-9_-]{1,20}(\\.[a-z0-9-]{1,20}){0,6}", which in 0..KINDS.len()) {
        let bytes = query(&name, KINDS[which]).to_bytes();
        let asked = [wire(&name), TYPES[which].to_be_bytes().to_vec(), vec![0, 1]].concat();
        prop_assert_eq!(&bytes[12..12 + asked.len()], &asked[..]);
        // Its own echo answers it.
        let mut echo = bytes;
        echo[2] |= 0x80;
        let answer = decode(&query(&name, KINDS[which]), &echo);
        prop_assert_eq!(answer.map(|answer| (answer.rcode, answer.records)), Ok((0, Vec::new())));
    }
}

#[test]
fn a_message_full_of_pointers_costs_little() {
    // Each owner is a pointer to the one before, each exchange a name of the greatest length: the
    // most that 64 KiB can ask for.
    let long = ["a"; 120].join(".");
    let mut message = Message::new(OK, &long, MX, [4000, 0, 0]);
    for _ in 0..4000 {
        message.u16(0xc00c).u16(MX).u16(1).u16(0).u16(60).u16(4).u16(1).u16(0xc00c);
    }
    let answer = decode(&query(&long, Kind::Mx), &message.0).expect("an answer");
    assert_eq!(answer.records.len(), 4000);
    check(&query(&long, Kind::Mx), &message.0);
}
