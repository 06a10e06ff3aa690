//! From what was looked up to what a sender meets: what is known counts, what is not is said.

use serde_json::{Value, json};
use stslint::live::{read, setting};
use stslint::senders::models::STANDARD;
use stslint::senders::{Assumed, Dane, Mail, Profile, ResultType, Setting, walk};

const POLICY: &str = "version: STSv1\r\nmode: enforce\r\nmx: mail.acme.se\r\nmax_age: 1209600\r\n";

/// A domain of which all was looked up, and all is good.
fn known() -> Value {
    let certificate = json!({
        "names": ["mail.acme.se"],
        "not_before": "2026-01-01T00:00:00Z",
        "not_after": "2027-01-01T00:00:00Z",
        "trusted": true,
    });
    json!({
        "domain": "acme.se",
        "date": "2026-10-01T00:00:00Z",
        "sts_txt": { "records": [["v=STSv1; ", "id=7;"]] },
        "tlsrpt": { "records": [["v=TLSRPTv1; rua=mailto:a@acme.se"]] },
        "http": { "status": 200, "content_type": "text/plain", "body": POLICY },
        "mx": [[10, "mail.acme.se"]],
        "mx_ad": false,
        "hosts": { "mail.acme.se": { "a": ["192.0.2.1"], "aaaa": [] } },
        "tlsa": {},
        "smtp": { "mail.acme.se": { "starttls": true, "certificate": certificate } },
    })
}

fn made(facts: &Value) -> Setting {
    setting(&read(&facts.to_string()).expect("facts")).expect("somebody takes mail")
}

fn result(setting: &Setting) -> (&'static str, Vec<ResultType>) {
    let walk = walk(&setting.met_by(Profile::of(STANDARD)), None);
    (walk.delivery.word(), walk.events)
}

/// The facts with some of them changed; null takes one out.
fn with(changes: Value) -> Setting {
    let mut facts = known();
    for (key, value) in changes.as_object().expect("an object") {
        match value {
            Value::Null => drop(facts.as_object_mut().expect("an object").remove(key)),
            value => facts[key] = value.clone(),
        }
    }
    made(&facts)
}

#[test]
fn what_is_known_needs_no_assumption() {
    let setting = made(&known());
    assert_eq!(setting.assumed, [].into());
    assert_eq!(setting.records, ["v=STSv1; id=7;"]);
    assert_eq!(setting.policy.as_ref().map(|served| &served.body[..]), Ok(POLICY.as_bytes()));
    assert_eq!(setting.now, 1_790_812_800);
    assert_eq!(result(&setting), ("delivered-verified", vec![]));
}

#[test]
fn what_is_not_known_is_taken_to_be_good_and_said() {
    let setting = made(&json!({ "domain": "acme.se" }));
    let want = [
        Assumed::Hosts,
        Assumed::Tlsa(0),
        Assumed::Connection(0),
        Assumed::Starttls(0),
        Assumed::Certificate(0),
        Assumed::Record,
        Assumed::Policy,
        Assumed::Reports,
    ];
    assert_eq!(setting.assumed, want.into());
    assert_eq!(result(&setting), ("delivered-verified", vec![]));
    // As a browser has it: DNS and, where it may, the policy.
    let setting = with(json!({ "smtp": null, "http": { "error": "opaque" } }));
    let want =
        [Assumed::Connection(0), Assumed::Starttls(0), Assumed::Certificate(0), Assumed::Policy];
    assert_eq!(setting.assumed, want.into());
    // One thing of a certificate is missing.
    let smtp = json!({ "mail.acme.se": { "starttls": true, "certificate": { "names": ["mail.acme.se"] } } });
    assert_eq!(with(json!({ "smtp": smtp })).assumed, [Assumed::Certificate(0)].into());
}

#[test]
fn what_is_known_to_be_bad_is_met() {
    let smtp = |service: Value| with(json!({ "smtp": { "mail.acme.se": service } }));
    let expired = json!({
        "names": ["mail.acme.se"], "not_after": "2026-09-01T00:00:00Z", "trusted": true,
    });
    for (setting, want) in [
        (smtp(json!({ "starttls": false })), ("deferred", vec![ResultType::StarttlsNotSupported])),
        (
            smtp(json!({ "starttls": true, "error": "starttls-refused" })),
            ("deferred", vec![ResultType::StarttlsNotSupported]),
        ),
        (
            smtp(json!({ "starttls": true, "certificate": expired })),
            ("deferred", vec![ResultType::CertificateExpired]),
        ),
        (
            smtp(json!({ "starttls": true, "certificate": { "names": ["x.acme.se"] } })),
            ("deferred", vec![ResultType::CertificateHostMismatch]),
        ),
        (with(json!({ "sts_txt": "absent" })), ("delivered-opportunistic-tls", vec![])),
        (with(json!({ "sts_txt": "multiple" })), ("delivered-opportunistic-tls", vec![])),
        (with(json!({ "sts_txt": "invalid" })), ("delivered-opportunistic-tls", vec![])),
        (
            with(json!({ "http": { "error": "cert-expired" } })),
            ("delivered-opportunistic-tls", vec![ResultType::StsWebpkiInvalid]),
        ),
        (
            with(json!({ "http": {
                "status": 200,
                "body": POLICY,
                "certificate": { "names": ["mta-sts.acme.se"], "not_after": "2026-09-01T00:00:00Z" },
            } })),
            ("delivered-opportunistic-tls", vec![ResultType::StsWebpkiInvalid]),
        ),
        (
            with(json!({ "http": { "status": 200, "body": POLICY, "tls": "1.1" } })),
            ("delivered-opportunistic-tls", vec![ResultType::StsPolicyFetchError]),
        ),
        (
            with(json!({ "http": { "error": "connect" } })),
            ("delivered-opportunistic-tls", vec![ResultType::StsPolicyFetchError]),
        ),
        (
            with(json!({ "http": { "status": 404 } })),
            ("delivered-opportunistic-tls", vec![ResultType::StsPolicyFetchError]),
        ),
        (with(json!({ "mx": [[0, "."]] })), ("rejected-null-mx", vec![])),
        (with(json!({ "mx_status": "servfail", "mx": null })), ("deferred", vec![])),
        (with(json!({ "hosts": null, "mx_unresolvable": ["mail.acme.se"] })), ("deferred", vec![])),
        (
            with(json!({ "mx": [[10, "other.acme.se"]] })),
            ("deferred", vec![ResultType::ValidationFailure]),
        ),
    ] {
        assert_eq!(result(&setting), want, "{setting:#?}");
    }
}

#[test]
fn told_policies_are_written_down() {
    let policy = json!({ "mode": "testing", "mx": ["*.acme.se"], "max_age": 86400 });
    let setting = with(json!({ "http": null, "policy": policy }));
    let met = setting.met_by(Profile::of(STANDARD));
    let policy = met.fetch.expect("a policy");
    assert_eq!(
        (policy.mode.word(), &policy.mx[..], policy.max_age),
        ("testing", &["*.acme.se".to_owned()][..], 86400)
    );
    assert_eq!(setting.assumed, [].into());
    let setting =
        with(json!({ "http": null, "policy": null, "policy_host": { "status": "nxdomain" } }));
    assert_eq!(result(&setting).1, [ResultType::StsPolicyFetchError]);
}

#[test]
fn dane_needs_signed_mx_records() {
    let tlsa =
        |ad: bool, record: &str| json!({ "mail.acme.se": { "ad": ad, "records": [record] } });
    let good = format!("3 1 1 {}", "ab".repeat(32));
    let dane = |mx: bool, tlsa: Value| with(json!({ "mx_ad": mx, "tlsa": tlsa })).hosts[0].dane;
    assert_eq!(dane(true, tlsa(true, &good)), Dane::Matches);
    assert_eq!(dane(false, tlsa(true, &good)), Dane::None);
    assert_eq!(dane(true, tlsa(false, &good)), Dane::None);
    assert_eq!(dane(true, tlsa(true, &good.replace("3 1 1", "0 1 1"))), Dane::Unusable);
    assert_eq!(dane(true, json!({ "mail.acme.se": { "status": "servfail" } })), Dane::Error);
    // Whether the MX records are signed is not known: no DANE, and that is said.
    let setting = with(json!({ "mx_ad": null, "tlsa": tlsa(true, &good) }));
    assert_eq!((setting.hosts[0].dane, setting.assumed), (Dane::None, [Assumed::Tlsa(0)].into()));
    // Nobody compared it with the certificate.
    let setting = with(json!({ "mx_ad": true, "tlsa": tlsa(true, &good) }));
    assert_eq!(setting.assumed, [Assumed::Tlsa(0)].into());
    assert_eq!(result(&setting).0, "delivered-dane");
    // A check did.
    for (seen, dane) in [(good.clone(), Dane::Matches), (good.replace('b', "c"), Dane::Fails)] {
        let mut smtp = known()["smtp"].clone();
        smtp["mail.acme.se"]["certificate"]["tlsa"] = json!([seen]);
        let setting = with(json!({ "mx_ad": true, "tlsa": tlsa(true, &good), "smtp": smtp }));
        assert_eq!((setting.hosts[0].dane, setting.assumed), (dane, [].into()));
    }
}

#[test]
fn a_domain_without_mail_has_no_setting() {
    let mut facts = known();
    facts["mx"] = json!([]);
    facts["apex_addresses"] = json!([]);
    assert!(setting(&read(&facts.to_string()).expect("facts")).is_err());
    facts["apex_addresses"] = json!(["192.0.2.1"]);
    let implicit = made(&facts);
    assert_eq!((implicit.mail, &implicit.hosts[0].name[..]), (Mail::Implicit, "acme.se"));
}
