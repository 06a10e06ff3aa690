//! The delivery simulator: what becomes of a message in each scenario, worked out by hand from the RFCs and from the
//! habits of software, and what holds of any walk.

use std::collections::BTreeSet;
use stslint::ToAscii;
use stslint::policy::Mode;
use stslint::senders::model::Model;
use stslint::senders::models::{self, MODELS, STANDARD};
use stslint::senders::scenarios::{Label, SCENARIOS, named, sample};
use stslint::senders::{
    Dane, Departure, Earlier, Gain, Host, Party, Profile, ResultType, Served, Setting, Walk,
    policy_text, walk,
};

/// The conversion that the page has from the browser.
const IDNA: Option<ToAscii> = Some(|name| idna::domain_to_ascii(name).ok());

fn model(name: &str) -> &'static Model {
    MODELS.iter().copied().find(|model| model.name == name).expect("a model")
}

fn walked(setting: &Setting, model: &'static Model) -> Walk {
    walk(&setting.met_by(Profile::of(model)), IDNA)
}

/// Result, host and events, as the conformance vectors name them.
fn outcome(setting: &Setting, walk: &Walk) -> (&'static str, Option<String>, Vec<&'static str>) {
    let via = walk.via.map(|index| setting.hosts[index].name.clone());
    (walk.delivery.word(), via, walk.events.iter().map(|event| event.word()).collect())
}

fn departures(walk: &Walk) -> Vec<Departure> {
    walk.steps.iter().flat_map(|step| step.departs.clone()).collect()
}

const NO_TLS: &str = "starttls-not-supported";
const MX1: Option<&str> = Some("mx1.example.com");
const NEW: Option<&str> = Some("mx.provider.example");

type Expected = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static [&'static str],
    Option<Gain>,
);

/// Scenario, case, result, host, events, gain: by RFC 8461, RFC 7672 §2.2 and the made-up domain, which enforces a policy
/// with both of its hosts.
const BY_THE_RFC: &[Expected] = &[
    ("normal", "policy", "delivered-verified", MX1, &[], None),
    ("normal", "no-policy", "delivered-opportunistic-tls", MX1, &[], None),
    // RFC 8461 §5: enforce means no delivery without STARTTLS.
    ("starttls-stripped", "policy", "deferred", None, &[NO_TLS, NO_TLS], Some(Gain::Delays)),
    ("starttls-stripped", "no-policy", "delivered-plaintext", MX1, &[], Some(Gain::Reads)),
    // §4.1: no pattern stands for the host of the attacker, whatever its certificate.
    ("mx-spoofed", "policy", "deferred", None, &["validation-failure"], Some(Gain::Delays)),
    (
        "mx-spoofed",
        "no-policy",
        "delivered-opportunistic-tls",
        Some("mx.attacker.example"),
        &[],
        Some(Gain::Takes),
    ),
    // §10.2: a copy resists, a first contact does not.
    ("first-contact", "first", "delivered-plaintext", MX1, &[], Some(Gain::Reads)),
    ("first-contact", "copy", "deferred", None, &[NO_TLS, NO_TLS], Some(Gain::Delays)),
    ("first-contact", "no-policy", "delivered-plaintext", MX1, &[], Some(Gain::Reads)),
    // §3.3: the copy MUST be applied; without one delivery MUST go on. §6: both are reported.
    ("policy-host-down", "copy", "delivered-verified", MX1, &["sts-policy-fetch-error"], None),
    (
        "policy-host-down",
        "first",
        "delivered-opportunistic-tls",
        MX1,
        &["sts-policy-fetch-error"],
        None,
    ),
    (
        "certificate-expired",
        "policy",
        "deferred",
        None,
        &["certificate-expired", "certificate-expired"],
        None,
    ),
    ("certificate-expired", "no-policy", "delivered-opportunistic-tls", MX1, &[], None),
    ("mx-moved", "wrong", "deferred", None, &["validation-failure"], None),
    // §5.1 step 3: a new policy is looked for before the message fails.
    ("mx-moved", "mended", "delivered-verified", NEW, &["validation-failure"], None),
    ("mx-moved", "right", "delivered-verified", NEW, &[], None),
    // §3: the same id means that nothing is fetched.
    ("id-not-changed", "wrong", "deferred", None, &["validation-failure"], None),
    ("id-not-changed", "right", "delivered-verified", NEW, &[], None),
    // §3.1: the absence of the record does not remove a copy. §8.3: mode none does.
    ("removal", "wrong", "deferred", None, &["validation-failure"], None),
    ("removal", "right", "delivered-opportunistic-tls", NEW, &[], None),
    // §2: MTA-STS MUST NOT override a failing DANE validation.
    ("dane-failing", "policy", "deferred", None, &["tlsa-invalid", "tlsa-invalid"], None),
    ("dane-failing", "no-policy", "deferred", None, &["tlsa-invalid", "tlsa-invalid"], None),
    // §3.4: the smart host's domain is the policy domain.
    ("smart-host", "smart-host-policy", "deferred", None, &[NO_TLS], Some(Gain::Delays)),
    (
        "smart-host",
        "smart-host-no-policy",
        "delivered-plaintext",
        Some("smtp.relay.example"),
        &[],
        Some(Gain::Reads),
    ),
];

#[test]
fn scenarios_end_as_the_rfc_has_it() {
    let mut seen = Vec::new();
    for scenario in SCENARIOS {
        for case in (scenario.cases)(&sample()) {
            let key = (scenario.name, case.label.word());
            let walk = walked(&case.setting, STANDARD);
            let row = BY_THE_RFC.iter().find(|row| (row.0, row.1) == key);
            let (_, _, result, via, events, gain) = row.unwrap_or_else(|| panic!("no {key:?}"));
            let want = (*result, via.map(str::to_owned), events.to_vec());
            assert_eq!(outcome(&case.setting, &walk), want, "{key:?}");
            assert_eq!(walk.gain, *gain, "{key:?}");
            assert_eq!(departures(&walk), [], "{key:?}: the RFC does not depart from itself");
            seen.push(key);
        }
    }
    assert_eq!(seen.len(), BY_THE_RFC.len(), "{seen:?}");
}

/// Scenario, case, sender, result, and where it goes its own way.
const BY_HABIT: &[(&str, &str, &str, &str, Departure)] = &[
    // `Habits::dane`.
    (
        "dane-failing",
        "policy",
        "postfix-mta-sts-resolver",
        "delivered-verified",
        Departure::DaneReplaced,
    ),
    ("dane-failing", "policy", "chasquid", "delivered-verified", Departure::DaneElsewhere),
    // `Keeping::without_fetch`.
    (
        "policy-host-down",
        "copy",
        "Stalwart",
        "delivered-opportunistic-tls",
        Departure::DropsWithoutFetch,
    ),
    (
        "policy-host-down",
        "copy",
        "KumoMTA",
        "delivered-opportunistic-tls",
        Departure::DropsWithoutFetch,
    ),
    (
        "policy-host-down",
        "copy",
        "Mimecast",
        "delivered-opportunistic-tls",
        Departure::DropsWithoutFetch,
    ),
    // `Keeping::without_record`.
    ("first-contact", "copy", "mailauth", "delivered-plaintext", Departure::DropsWithoutRecord),
    // `Keeping::same_id`.
    ("id-not-changed", "wrong", "mailauth", "delivered-verified", Departure::FetchesAgain),
    ("id-not-changed", "wrong", "Halon", "deferred", Departure::Renews),
    // `Keeping::looks`.
    ("id-not-changed", "right", "chasquid", "deferred", Departure::NoLook),
    ("id-not-changed", "right", "postfix-tlspol", "deferred", Departure::NoLook),
    ("mx-moved", "mended", "mailrs", "deferred", Departure::NoLook),
    // `Habits::against`.
    ("normal", "policy", "postfix-tlspol", "delivered-verified", Departure::CertificateNames),
    // It takes a policy in mode none for a bad one, and removes its copy before it looks.
    ("removal", "right", "Mimecast", "delivered-opportunistic-tls", Departure::Rejects),
];

#[test]
fn scenarios_end_as_habits_have_it() {
    for (name, label, sender, result, departure) in BY_HABIT {
        let cases = (named(name).expect("a scenario").cases)(&sample());
        let case = cases.into_iter().find(|case| case.label.word() == *label).expect("a case");
        let walk = walked(&case.setting, model(sender));
        assert_eq!(walk.delivery.word(), *result, "{name} {label} {sender}");
        assert!(departures(&walk).contains(departure), "{name} {label} {sender}: {walk:#?}");
    }
}

/// With habits as the RFC has them the outcome is the RFC's.
#[test]
fn who_has_no_habits_of_its_own_does_as_the_rfc() {
    let plain = [model("mox"), model("maddy")];
    for scenario in SCENARIOS {
        for case in (scenario.cases)(&sample()) {
            let want = outcome(&case.setting, &walked(&case.setting, STANDARD));
            for model in plain {
                let is = outcome(&case.setting, &walked(&case.setting, model));
                assert_eq!(is, want, "{} {} {}", scenario.name, case.label.word(), model.name);
            }
        }
    }
}

/// A domain with one host, and a policy that names others.
fn with(mx: &[&str], host: Host, max_age: u64) -> Setting {
    let mx: Vec<String> = mx.iter().map(|pattern| (*pattern).to_owned()).collect();
    let policy = Ok(Served::text(policy_text(Mode::Enforce, &mx, max_age)));
    Setting { policy, hosts: vec![host], ..sample() }
}

#[test]
fn names_of_certificates_may_count_instead() {
    // Not listed itself, with the certificate of a listed host.
    let names = vec!["mail.example.com".to_owned()];
    let host = Host {
        certificate: Some(ResultType::CertificateHostMismatch),
        names,
        ..Host::good("other.example.net")
    };
    let setting = with(&["mail.example.com"], host, 604_800);
    for model in MODELS {
        let want = match model.name {
            "postfix-mta-sts-resolver" | "postfix-tlspol" => "delivered-verified",
            _ => "deferred",
        };
        assert_eq!(walked(&setting, model).delivery.word(), want, "{}", model.name);
    }
    // And the other way round: listed, with a good certificate of which no name is listed.
    let names = vec!["*.example.net".to_owned()];
    let host = Host { names, ..Host::good("mx.example.net") };
    let setting = with(&["mx.example.net"], host, 604_800);
    let walk = walked(&setting, model("postfix-tlspol"));
    assert_eq!(outcome(&setting, &walk).0, "deferred");
    assert_eq!(walk.events, [ResultType::CertificateHostMismatch]);
    assert_eq!(walked(&setting, STANDARD).delivery.word(), "delivered-verified");
}

#[test]
fn wildcards_may_reach_deeper() {
    let setting = with(&["*.example.com"], Host::good("a.b.example.com"), 604_800);
    for (name, result) in [("RFC 8461", "deferred"), ("mailauth", "delivered-verified")] {
        let walk = walked(&setting, model(name));
        assert_eq!(walk.delivery.word(), result, "{name}");
        let departs = departures(&walk).contains(&Departure::Matches);
        assert_eq!(departs, name != "RFC 8461", "{name}");
    }
}

#[test]
fn a_shorter_lifetime_ends_a_copy_sooner() {
    // Stalwart keeps a policy of just the greatest lifetime for a day, and the copy is five days old.
    let setting = with(&["mx1.example.com"], Host::good("mx1.example.com"), 31_557_600);
    let cases = (named("first-contact").expect("a scenario").cases)(&setting);
    let copy = cases.iter().find(|case| case.label.word() == "copy").expect("a case");
    let stalwart = walked(&copy.setting, model("Stalwart"));
    assert_eq!(stalwart.delivery.word(), "delivered-plaintext");
    assert!(departures(&stalwart).contains(&Departure::Lifetime(31_557_600)));
    assert_eq!(walked(&copy.setting, STANDARD).delivery.word(), "deferred");
}

#[test]
fn some_make_an_ended_copy_live_again() {
    // The policy of before, which enforces, 60 days ago; the one of now is only tested. The host has no STARTTLS.
    let host = Host { starttls: false, ..Host::good("mx1.example.com") };
    let before = with(&["mx1.example.com"], host, 604_800);
    let text = policy_text(Mode::Testing, &["mx1.example.com".into()], 604_800);
    let now = |id: &str| Setting {
        earlier: Some(Earlier {
            records: vec!["v=STSv1; id=1;".into()],
            policy: before.policy.clone().expect("a policy"),
            fetched_at: 0,
        }),
        records: vec![format!("v=STSv1; id={id};")],
        policy: Ok(Served::text(text.clone())),
        ..before.clone()
    };
    for (name, id, result) in [
        ("RFC 8461", "1", "delivered-plaintext"),
        ("Halon", "1", "delivered-plaintext"),
        ("postfix-mta-sts-resolver", "1", "deferred"),
        ("postfix-mta-sts-resolver", "2", "delivered-plaintext"),
        ("mailauth", "1", "deferred"),
        ("mailauth", "2", "delivered-plaintext"),
    ] {
        let walk = walked(&now(id), model(name));
        assert_eq!(walk.delivery.word(), result, "{name} {id}");
        let renews = departures(&walk).contains(&Departure::Renews);
        assert_eq!(renews, result == "deferred", "{name} {id}");
    }
}

#[test]
fn records_and_policies_are_read_as_the_sender_reads_them() {
    // A blank line: RFC 8461 §3.2 has none, and mox rejects it, while chasquid does not mind.
    let text = "version: STSv1\r\nmode: enforce\r\n\r\nmx: mx1.example.com\r\nmax_age: 604800\r\n";
    let bare = Setting { policy: Ok(Served::text(text)), ..sample() };
    for (name, result, events) in [
        ("RFC 8461", "delivered-opportunistic-tls", vec![ResultType::StsPolicyInvalid]),
        ("mox", "delivered-opportunistic-tls", vec![ResultType::StsPolicyInvalid]),
        ("chasquid", "delivered-verified", Vec::new()),
    ] {
        let walk = walked(&bare, model(name));
        assert_eq!((walk.delivery.word(), walk.events.clone()), (result, events), "{name}");
        assert_eq!(departures(&walk).contains(&Departure::Accepts), name == "chasquid");
    }
    // §3.1: two records are none. chasquid takes the first that begins as it should.
    let twice = Setting { records: vec![sample().records[0].clone(); 2], ..sample() };
    assert_eq!(walked(&twice, STANDARD).delivery.word(), "delivered-opportunistic-tls");
    let chasquid = walked(&twice, model("chasquid"));
    assert_eq!(chasquid.delivery.word(), "delivered-verified");
    assert!(departures(&chasquid).contains(&Departure::FindsRecord));
    // A status that is none is a failed fetch.
    let gone = Served { status: Some(404), ..Served::text(text) };
    let gone = Setting { policy: Ok(gone), ..sample() };
    assert_eq!(walked(&gone, STANDARD).events, [ResultType::StsPolicyFetchError]);
}

#[test]
fn tlsa_records_decide_first() {
    let walk = |dane, starttls, mode: Option<Mode>| {
        let host = Host { dane, starttls, ..Host::good("mx1.example.com") };
        let mut setting = with(&["mx1.example.com"], host, 604_800);
        match mode {
            Some(Mode::Testing) => {
                let text = policy_text(Mode::Testing, &["other.example".into()], 604_800);
                setting.policy = Ok(Served::text(text));
            }
            Some(_) => {}
            None => setting.records.clear(),
        }
        let walk = walked(&setting, STANDARD);
        (walk.delivery.word(), walk.events)
    };
    let enforce = Some(Mode::Enforce);
    assert_eq!(walk(Dane::Matches, true, enforce), ("delivered-dane", vec![]));
    // RFC 7672 §2.2: an error of the look-up, and records of no use without TLS, keep the host from getting it.
    assert_eq!(walk(Dane::Error, true, None), ("deferred", vec![ResultType::DnssecInvalid]));
    let no_tls = vec![ResultType::StarttlsNotSupported];
    assert_eq!(walk(Dane::Unusable, false, None), ("deferred", no_tls.clone()));
    assert_eq!(walk(Dane::Matches, false, None), ("deferred", no_tls.clone()));
    assert_eq!(walk(Dane::Fails, false, None), ("deferred", no_tls));
    assert_eq!(walk(Dane::Unusable, true, None), ("delivered-opportunistic-tls", vec![]));
    assert_eq!(walk(Dane::Unusable, true, enforce), ("delivered-verified", vec![]));
    // Nor does mode testing make up for it.
    let both = vec![ResultType::ValidationFailure, ResultType::StarttlsNotSupported];
    assert_eq!(walk(Dane::Unusable, false, Some(Mode::Testing)), ("deferred", both));
}

#[test]
fn reports_have_the_clause_of_what_they_tell() {
    let clause = |setting: &Setting| {
        let walk = walked(setting, STANDARD);
        walk.steps.last().map(|step| (step.act.word(), step.clause))
    };
    let bad = |dane, starttls| Host { dane, starttls, ..Host::good("mx1.example.com") };
    let with = |host| with(&["mx1.example.com"], host, 604_800);
    assert_eq!(clause(&with(bad(Dane::Fails, true))), Some(("report", "RFC 8460 §4.3.2.1")));
    let plain = with(bad(Dane::None, false));
    assert_eq!(clause(&plain), Some(("report", "RFC 8461 §6")));
    let unasked = Setting { reports: false, ..plain };
    assert_eq!(clause(&unasked), Some(("report", "RFC 8460 §3")));
}

#[test]
fn some_compare_names_before_dane() {
    let host = Host { dane: Dane::Matches, ..Host::good("other.example.net") };
    let setting = with(&["mx1.example.com"], host, 604_800);
    for (name, result) in
        [("RFC 8461", "delivered-dane"), ("mox", "deferred"), ("mailrs", "deferred")]
    {
        let walk = walked(&setting, model(name));
        assert_eq!(walk.delivery.word(), result, "{name}");
        let departs = departures(&walk).contains(&Departure::NamesFirst);
        assert_eq!(departs, result == "deferred", "{name}");
    }
}

#[test]
fn what_nobody_looked_up_is_said_where_it_counts() {
    use stslint::senders::Assumed;
    let assumed = [Assumed::Record, Assumed::Certificate(0), Assumed::Starttls(1)].into();
    let setting = Setting { assumed, ..sample() };
    let walk = walked(&setting, STANDARD);
    let steps = walk.steps.iter().filter(|step| step.assumed);
    let acts: Vec<&str> = steps.map(|step| step.act.word()).collect();
    assert_eq!(acts, ["record", "certificate"]);
}

#[test]
fn an_attacker_is_seen_where_it_acts() {
    let case = |name: &str, index: usize| {
        let cases = (named(name).expect("a scenario").cases)(&sample());
        walked(&cases[index].setting, STANDARD)
    };
    let attacked = |walk: &Walk| -> Vec<&'static str> {
        walk.steps.iter().filter(|step| step.attacked).map(|step| step.act.word()).collect()
    };
    assert_eq!(attacked(&case("starttls-stripped", 0)), ["starttls", "starttls"]);
    assert_eq!(attacked(&case("starttls-stripped", 1)), ["starttls", "deliver"]);
    assert_eq!(attacked(&case("mx-spoofed", 0)), ["hosts"]);
    let forged = case("mx-spoofed", 1);
    assert_eq!(attacked(&forged), ["hosts", "connect", "starttls", "deliver"]);
    let parties: Vec<Party> = forged.parties().into_iter().collect();
    assert_eq!(parties, [Party::Sender, Party::Dns, Party::Attacker]);
    assert!(forged.steps.iter().all(|step| !matches!(step.to, Party::Mx(_))), "{forged:#?}");
    assert_eq!(attacked(&case("first-contact", 0)), ["record", "starttls", "deliver"]);
}

/// A policy that is only tested, or that is not there, gives a case more or one less.
#[test]
fn what_is_not_enforced_is_shown_as_it_is_and_as_it_could_be() {
    let labels = |setting: &Setting| -> Vec<&'static str> {
        let cases = (named("starttls-stripped").expect("a scenario").cases)(setting);
        cases.iter().map(|case| case.label.word()).collect()
    };
    assert_eq!(labels(&sample()), ["policy", "no-policy"]);
    let text = policy_text(Mode::Testing, &["*.example.com".into()], 604_800);
    let testing = Setting { policy: Ok(Served::text(text)), ..sample() };
    assert_eq!(labels(&testing), ["policy", "enforced", "no-policy"]);
    let cases = (named("starttls-stripped").expect("a scenario").cases)(&testing);
    let results: Vec<&str> =
        cases.iter().map(|case| walked(&case.setting, STANDARD).delivery.word()).collect();
    assert_eq!(results, ["delivered-plaintext", "deferred", "delivered-plaintext"]);
    let bare = Setting { records: Vec::new(), ..sample() };
    assert_eq!(labels(&bare), ["enforced", "no-policy"]);
}

/// Also those that no scenario comes to: they are read from the source.
#[test]
fn cited_sections_exist() {
    let known = stslint_checks::rfc_sections();
    let sources =
        [include_str!("../src/senders/simulate.rs"), include_str!("../src/senders/candidate.rs")];
    let mut cited = BTreeSet::new();
    for source in sources {
        for rest in source.split("\"RFC ").skip(1) {
            let clause = rest.split('"').next().unwrap_or_default();
            cited.insert(format!("RFC {clause}"));
        }
    }
    assert!(cited.len() > 12, "{cited:?}");
    let unknown: Vec<&String> = cited.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn names_are_kebab_case_and_alone() {
    for model in MODELS {
        assert_eq!(models::named(&model.word()).map(|found| found.name), Some(model.name));
    }
    let names: BTreeSet<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
    assert_eq!(names.len(), SCENARIOS.len());
    for scenario in SCENARIOS {
        let kebab = |b: u8| b.is_ascii_lowercase() || b == b'-';
        assert!(scenario.name.bytes().all(kebab), "{}", scenario.name);
        assert!(!scenario.title.ends_with('.') && scenario.about.ends_with('.'));
        assert!(!scenario.about.contains("  "), "{}", scenario.about);
        let cases = (scenario.cases)(&sample());
        let labels: BTreeSet<&str> = cases.iter().map(|case| case.label.word()).collect();
        for label in labels.iter() {
            assert_eq!(Label::from_word(label).map(Label::word), Some(*label));
        }
        assert!(cases.len() > 1 && labels.len() == cases.len(), "{}", scenario.name);
    }
}
