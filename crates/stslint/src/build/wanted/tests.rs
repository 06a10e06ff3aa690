use super::*;

const WANTED: Wanted = Wanted {
    domain: "acme-mail.net",
    mx: &["mx1.acme-mail.net", "mx2.acme-mail.net"],
    mode: Mode::Testing,
    max_age: 604_800,
    rua: &["tls@acme-mail.net"],
    id: "20261128T140000Z",
    published: Published { policy: None, sts: None, rpt: None, more_rpt: &[], several: &[] },
    to_ascii: None,
};

fn values(made: &Publication) -> Vec<(&str, Change)> {
    made.records.iter().map(|record| (&record.value[..], record.change)).collect()
}

#[test]
fn what_there_is_nothing_of_is_written_anew() {
    let made = WANTED.write().expect("it can be written");
    assert_eq!(
        made.policy,
        "version: STSv1\r\nmode: testing\r\nmx: mx1.acme-mail.net\r\nmx: mx2.acme-mail.net\r\nmax_age: 604800\r\n"
    );
    assert_eq!(made.policy_change, Change::New);
    assert_eq!(
        values(&made),
        [
            ("v=STSv1; id=20261128T140000Z;", Change::New),
            ("v=TLSRPTv1; rua=mailto:tls@acme-mail.net", Change::New)
        ]
    );
    assert_eq!(made.records[1].label, "_smtp._tls");
    let without = Wanted { rua: &[], ..WANTED }.write().expect("it can be written");
    assert_eq!(without.records.len(), 1);
}

#[test]
fn what_is_published_is_changed() {
    let old = "version: STSv1\nmx: OLD.acme-mail.net\nx_owner: mail team\nmode: testing\nmx: mx2.acme-mail.net\nmax_age: 86400\nx_last: 1\n";
    let published = Published {
        policy: Some(old.as_bytes()),
        sts: Some("v=STSv1; x_by=acme; id=1"),
        rpt: Some("v=TLSRPTv1;rua=mailto:a@acme-mail.net , https://r.acme-mail.net/t; x_to=b;"),
        ..Published::default()
    };
    let wanted = Wanted { mode: Mode::Enforce, max_age: 2_592_000, published, ..WANTED };
    let made = wanted.write().expect("it can be written");
    assert_eq!(
        made.policy.replace("\r\n", "\n"),
        "version: STSv1\nx_owner: mail team\nmode: enforce\nmx: mx2.acme-mail.net\nmx: mx1.acme-mail.net\nmax_age: 2592000\nx_last: 1\n"
    );
    assert!(made.policy.lines().count() == made.policy.matches("\r\n").count());
    assert_eq!(made.policy_change, Change::Changed);
    assert_eq!(
        values(&made),
        [
            ("v=STSv1; x_by=acme; id=20261128T140000Z", Change::Changed),
            (
                "v=TLSRPTv1; rua=mailto:a@acme-mail.net,https://r.acme-mail.net/t,mailto:tls@acme-mail.net; x_to=b;",
                Change::Changed
            )
        ]
    );
    assert_eq!(made.dropped, [""; 0]);
}

#[test]
fn what_stays_the_same_keeps_its_id() {
    let first = WANTED.write().expect("it can be written");
    for policy in [first.policy.clone(), first.policy.replace("\r\n", "\n")] {
        let published = Published {
            policy: Some(policy.as_bytes()),
            sts: Some("v=STSv1; id=7"),
            rpt: Some(&first.records[1].value),
            ..Published::default()
        };
        let made = Wanted { published, ..WANTED }.write().expect("it can be written");
        assert_eq!(made.policy_change, Change::Same);
        assert_eq!(values(&made)[0], ("v=STSv1; id=7", Change::Same));
        assert_eq!(values(&made)[1].1, Change::Same);
        let made = Wanted { published, mode: Mode::None, max_age: 86_400, ..WANTED }.write();
        let made = made.expect("it can be written");
        assert_eq!(values(&made)[0], ("v=STSv1; id=20261128T140000Z", Change::Changed));
        // Of several nobody knows whose id senders keep.
        let several = &[Kind::StsTxt, Kind::RptTxt];
        let made = Wanted { published: Published { several, ..published }, ..WANTED }.write();
        let made = made.expect("it can be written");
        assert_eq!(made.policy_change, Change::Same);
        assert_eq!(values(&made)[0], ("v=STSv1; id=20261128T140000Z", Change::OneForSeveral));
        assert_eq!(values(&made)[1].1, Change::OneForSeveral);
        assert_eq!(made.due().count(), 2);
        let published = Published { sts: Some("v=STSv1; id=20261128T140000Z"), ..published };
        let again = Wanted { published, max_age: 86_400, ..WANTED };
        assert_eq!(again.write(), Err(Error::IdInUse));
    }
}

#[test]
fn of_several_records_for_reports_each_address_stays() {
    let more = [
        "v=TLSRPTv1; rua=mailto:b@acme-mail.net,https://r.acme-mail.net/t; x_to=b".to_owned(),
        "v=TLSRPTv1; rua=mailto:A@acme-mail.net,c".to_owned(),
        "v=spf1 -all".to_owned(),
    ];
    let published = Published {
        rpt: Some("v=TLSRPTv1; rua=mailto:a@acme-mail.net; x_by=acme"),
        more_rpt: &more,
        several: &[Kind::RptTxt],
        ..Published::default()
    };
    let all =
        "v=TLSRPTv1; rua=mailto:a@acme-mail.net,mailto:b@acme-mail.net,https://r.acme-mail.net/t";
    let made = Wanted { published, ..WANTED }.write().expect("it can be written");
    let whole = format!("{all},mailto:tls@acme-mail.net; x_by=acme");
    assert_eq!(values(&made)[1], (whole.as_str(), Change::OneForSeveral));
    assert_eq!(made.dropped, ["c", "x_to=b"]);
    let mut dropped = Vec::new();
    let record = asked(&published, &mut dropped);
    assert_eq!(record.map(|record| record.value), Some(format!("{all}; x_by=acme")));
    assert_eq!(dropped, made.dropped);
    assert_eq!(asked(&Published::default(), &mut dropped), None);
}

#[test]
fn what_no_sender_can_use_is_left_out_and_told() {
    let old = "version: STSv1\r\n x_a: 1\r\nx_b:\r\nx_c: \u{e9}\r\nx_d: 1\r\nx_d: 2\r\nx_e: a:b\r\nmode: none\r\n";
    let published = Published {
        policy: Some(old.as_bytes()),
        sts: Some("v=STSv1; id=a-b; mode=enforce; x=1; x=2"),
        rpt: Some("v=TLSRPTv1; rua=tls@acme-mail.net,mailto:b@acme-mail.net"),
        ..Published::default()
    };
    let made = Wanted { published, ..WANTED }.write().expect("it can be written");
    assert!(!made.policy.contains("x_b") && made.policy.contains("x_d: 1\r\n"), "{}", made.policy);
    assert_eq!(values(&made)[0].0, "v=STSv1; id=20261128T140000Z; x=1");
    assert_eq!(
        values(&made)[1].0,
        "v=TLSRPTv1; rua=mailto:b@acme-mail.net,mailto:tls@acme-mail.net"
    );
    for dropped in ["x_c: \u{e9}", "x_d: 2", "x_e: a:b", "mode=enforce", "x=2", "tls@acme-mail.net"]
    {
        assert!(made.dropped.iter().any(|one| one == dropped), "{dropped}: {:?}", made.dropped);
    }
    // What is no record at all is written anew.
    let published = Published {
        sts: Some("v=spf1 -all"),
        rpt: Some("v=TLSRPT1"),
        policy: Some(b"<html>"),
        ..Published::default()
    };
    let made = Wanted { published, ..WANTED }.write().expect("it can be written");
    assert_eq!(made.policy, WANTED.write().expect("it can be written").policy);
    assert_eq!(values(&made)[0], ("v=STSv1; id=20261128T140000Z;", Change::Changed));
}

#[test]
fn what_should_not_be_published_is_refused_with_a_reason() {
    let code = |wanted: Wanted| match wanted.write() {
        Ok(made) => panic!("{}", made.policy),
        Err(error) => {
            assert!(
                error.message().ends_with('.') && !error.message().ends_with(".."),
                "{}",
                error.message()
            );
            match error {
                Error::Address(_, fault) | Error::Host(_, fault) => fault.code,
                Error::Policy(fault) | Error::Record(fault) => fault.code,
                Error::Domain(_) => "domain",
                Error::Id => "id",
                Error::IdInUse => "id in use",
                Error::NoHosts => "no hosts",
                Error::TooMany => "too many",
            }
        }
    };
    for (mx, expected) in [
        (&[][..], "no hosts"),
        (&["192.0.2.1"], "STS-POL-086"),
        (&["mx.*.acme-mail.net"], "STS-POL-081"),
        (&["mx.acme-mail.net 10"], "STS-POL-088"),
        (&["mail.local"], "STS-POL-095"),
        (&["mta-sts.acme-mail.net"], "STS-POL-101"),
        (&["smtp.zoho.com"], "STS-POL-107"),
        (&["a.acme-mail.net\r\nmode: none"], "domain"),
    ] {
        assert_eq!(code(Wanted { mx, ..WANTED }), expected, "{mx:?}");
    }
    for (rua, expected) in [
        (&["nobody"][..], "RPT-TXT-025"),
        (&["a@b"], "RPT-TXT-025"),
        (&["https://"], "RPT-TXT-027"),
        (&["http://r.acme-mail.net/"], "RPT-TXT-025"),
    ] {
        assert_eq!(code(Wanted { rua, ..WANTED }), expected, "{rua:?}");
    }
    assert_eq!(code(Wanted { id: "2026-11-28", ..WANTED }), "id");
    assert_eq!(code(Wanted { id: "", ..WANTED }), "id");
    assert_eq!(code(Wanted { domain: "not a domain", ..WANTED }), "domain");
    assert_eq!(code(Wanted { max_age: 60, ..WANTED }), "STS-POL-065");
    assert_eq!(code(Wanted { max_age: 31_557_601, ..WANTED }), "STS-POL-063");
    assert_eq!(code(Wanted { mode: Mode::Enforce, max_age: 86_400, ..WANTED }), "STS-POL-066");
    assert_eq!(code(Wanted { mx: &["a.acme-mail.net"; MOST + 1], ..WANTED }), "too many");
}

#[test]
fn addresses_become_uris() {
    for (given, uri) in [
        ("tls@acme-mail.net", "mailto:tls@acme-mail.net"),
        ("a!b,c;d%e@Acme-Mail.net", "mailto:a%21b%2Cc%3Bd%25e@acme-mail.net"),
        ("a+tls@acme-mail.net", "mailto:a+tls@acme-mail.net"),
        ("Postmaster <tls@acme-mail.net>", "mailto:tls@acme-mail.net"),
        ("mailto:a@acme-mail.net", "mailto:a@acme-mail.net"),
        ("https://r.acme-mail.net/a,b!c;d", "https://r.acme-mail.net/a%2Cb%21c%3Bd"),
    ] {
        let made = Wanted { rua: &[given], ..WANTED }.write().expect("it can be written");
        assert_eq!(made.records[1].value, format!("v=TLSRPTv1; rua={uri}"));
    }
    let twice = Wanted { rua: &["a@acme-mail.net", "MAILTO:a@acme-mail.net"], ..WANTED }.write();
    assert_eq!(twice.expect("it can be written").records[1].value.matches('@').count(), 1);
}

#[test]
fn a_short_lifetime_that_is_published_is_no_refusal() {
    let old = "version: STSv1\nmode: enforce\nmx: mx1.acme-mail.net\nmax_age: 86400\n";
    let published = Published { policy: Some(old.as_bytes()), ..Published::default() };
    let wanted = Wanted { mode: Mode::Enforce, max_age: 86_400, published, ..WANTED };
    let made = wanted.write().expect("it can be written");
    assert!(made.policy.contains("mx: mx2.acme-mail.net\r\n") && made.policy.contains("86400"));
    assert_eq!(made.weak.map(|fault| fault.code), Some("STS-POL-066"));
    assert!(Wanted { max_age: 604_800, ..wanted }.write().is_ok_and(|made| made.weak.is_none()));
    // Another mode is asked for: then it is weak anew.
    let testing = old.replace("enforce", "testing");
    let published = Published { policy: Some(testing.as_bytes()), ..Published::default() };
    assert!(Wanted { published, ..wanted }.write().is_err());
}

/// What takes more than linear time takes minutes here.
#[test]
fn long_texts_are_read_in_time() {
    let lines: String = (0..7000).map(|i| format!("x{i}:1\n")).collect();
    let fields: String = (0..9000).map(|i| format!(";x{i}=1")).collect();
    let list: Vec<String> = (0..3000).map(|i| format!("mailto:a{i}@b.net")).collect();
    let published = Published {
        policy: Some(lines.as_bytes()),
        sts: Some(&["v=STSv1", &fields[..60_000]].concat()),
        rpt: Some(&["v=TLSRPTv1;rua=", &list.join(",")].concat()),
        ..Published::default()
    };
    let made = Wanted { published, ..WANTED }.write().expect("it can be written");
    assert_eq!(made.policy.matches("\r\nx").count(), MOST_FIELDS);
    assert_eq!(made.records[1].value.matches('@').count(), MOST + 1);
    assert!(made.dropped.len() > 10_000, "{}", made.dropped.len());
}
