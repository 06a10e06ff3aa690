//! The law of what stslint writes for somebody: whatever is chosen and whatever is published already, it lints with nothing
//! above advice, every model of a sender accepts it, and each form in which records are written holds the same records.

mod readers;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use stslint::build::outputs::Format;
use stslint::build::providers::{Naming, all, lines};
use stslint::build::wanted::{Change, Publication, Published, Record, Wanted};
use stslint::finding::Severity;
use stslint::policy::Mode;
use stslint::senders::model::{Answer, Discovery, Reading};
use stslint::senders::models::MODELS;
use stslint::{Input, Kind, Parsed, lint, record};

/// What our own reader takes for the end of a record, or for an escape. Fields of others have it seldom.
const ODD: &[char] = &['"', '\\', '`', '|', '<', '}', '\'', '$', '%'];

/// Forms with the strings of a record inside one of theirs: of several, our own reader takes the first.
const NESTED: [Format; 5] = [
    Format::Cloudflare,
    Format::Route53,
    Format::TerraformCloudflare,
    Format::TerraformGoogle,
    Format::TerraformRoute53,
];

/// What somebody chose.
#[derive(Clone, Debug)]
struct Choice {
    domain: String,
    hosts: Vec<String>,
    naming: Naming,
    mode: Mode,
    max_age: u64,
    rua: Vec<String>,
    id: String,
    policy: Option<String>,
    sts: Option<String>,
    rpt: Option<String>,
}

impl Choice {
    fn write(&self) -> Publication {
        let mx = lines(self.hosts.iter().map(String::as_str), self.naming);
        let mx: Vec<&str> = mx.iter().map(|line| &line.pattern[..]).collect();
        let rua: Vec<&str> = self.rua.iter().map(String::as_str).collect();
        let published = Published {
            policy: self.policy.as_deref().map(str::as_bytes),
            sts: self.sts.as_deref(),
            rpt: self.rpt.as_deref(),
            ..Published::default()
        };
        let wanted = Wanted {
            domain: &self.domain,
            mx: &mx,
            mode: self.mode,
            max_age: self.max_age,
            rua: &rua,
            id: &self.id,
            published,
            to_ascii: None,
        };
        wanted.write().unwrap_or_else(|error| panic!("{}: {self:?}", error.message()))
    }
}

fn domain() -> impl Strategy<Value = String> {
    "q[a-z0-9]{1,9}(-[a-z0-9]{1,5})?(\\.q[a-z0-9]{1,9})?\\.(net|org|de|co\\.uk)"
}

fn host() -> impl Strategy<Value = String> {
    let known: Vec<String> =
        all().flat_map(|provider| provider.hosts).map(ToString::to_string).collect();
    prop_oneof![
        ("m[a-z0-9]{1,5}", domain()).prop_map(|(a, b)| format!("{a}.{b}")),
        prop::sample::select(known)
    ]
}

fn mode() -> impl Strategy<Value = (Mode, u64)> {
    prop_oneof![
        (Just(Mode::Testing), 86_400..=31_557_600_u64),
        (Just(Mode::Enforce), 604_800..=31_557_600_u64),
        (Just(Mode::None), 86_400..=31_557_600_u64),
    ]
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        ("[a-z0-9!#%&'*+/=?^_`|~-]{1,12}(\\.[a-z0-9!,;]{1,5})?", domain())
            .prop_map(|(local, domain)| format!("x{local}@{domain}")),
        (domain(), "[a-z0-9/,;!]{0,40}")
            .prop_map(|(domain, path)| format!("https://{domain}/{path}")),
    ]
}

/// A policy as somebody may have published it: in any order, with fields of others, broken or not.
fn policy() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("version: STSv1".to_owned()),
        Just("mode: testing".to_owned()),
        Just("mode: enforced".to_owned()),
        Just("max_age: 86400".to_owned()),
        host().prop_map(|host| format!("mx: {host}")),
        "x[a-z0-9_]{1,8}: [a-z0-9 ]{0,20}",
        "[A-Za-z0-9][A-Za-z0-9_.-]{1,8} {0,2}: {0,2}[ -~]{0,20}",
        "[ -~]{0,30}",
        "\\PC{0,10}",
    ];
    (prop::collection::vec(line, 0..10), prop_oneof![Just("\n"), Just("\r\n")])
        .prop_map(|(lines, end)| lines.iter().flat_map(|line| [line, end]).collect())
}

/// A record as somebody may have published it.
fn published(version: &'static str, ours: &'static str) -> impl Strategy<Value = String> {
    let field = prop_oneof![
        3 => Just(ours.to_owned()),
        3 => "x[a-z0-9_.-]{0,8}[a-z0-9]=[!-:<>-~]{1,20}",
        1 => "x[a-z]{1,3}=[a-z]{200,400}",
        1 => "[ -~]{0,20}",
        1 => "\\PC{0,10}",
    ];
    let separator = prop_oneof![Just("; "), Just(";"), Just(" ;")];
    (prop::collection::vec(field, 0..6), separator, any::<bool>(), any::<bool>()).prop_map(
        move |(fields, separator, good, closed)| {
            let version = if good { version } else { "v=STSv2" };
            let all: Vec<&str> =
                std::iter::once(version).chain(fields.iter().map(String::as_str)).collect();
            all.join(separator) + if closed { ";" } else { "" }
        },
    )
}

fn choice() -> impl Strategy<Value = Choice> {
    let chosen = (
        domain(),
        prop::collection::vec(host(), 1..6),
        prop::sample::select(vec![Naming::Exact, Naming::Wildcard]),
        mode(),
        prop_oneof![4 => prop::collection::vec(address(), 0..4), 1 => prop::collection::vec(address(), 10..30)],
        "[A-Za-z0-9]{1,32}",
    );
    let there = (
        prop::option::of(policy()),
        prop::option::of(published("v=STSv1", "id=20260101T000000Z")),
        prop::option::of(published("v=TLSRPTv1", "rua=mailto:tls@qacme.net,https://qacme.net/tls")),
    );
    (chosen, there).prop_map(
        |((domain, hosts, naming, (mode, max_age), rua, id), (policy, sts, rpt))| Choice {
            domain,
            hosts,
            naming,
            mode,
            max_age,
            rua,
            id,
            policy,
            sts,
            rpt,
        },
    )
}

/// The codes above advice of what is read in a text.
fn above_advice(text: &str, kind: Option<Kind>, domain: &str) -> Vec<&'static str> {
    let input = Input { kind, domain: Some(domain), ..Input::new(text.as_bytes()) };
    let report = lint(&input);
    let worse = report.findings().filter(|finding| finding.rule.severity <= Severity::Warning);
    worse.map(|finding| finding.rule.code).collect()
}

fn kind_of(made: &Record) -> Kind {
    if made.label == "_mta-sts" { Kind::StsTxt } else { Kind::RptTxt }
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(17), failure_persistence: None, ..ProptestConfig::with_cases(256)
    })]

    #[test]
    fn what_is_written_is_good(choice in choice()) {
        let made = choice.write();
        prop_assert_eq!(above_advice(&made.policy, None, &made.domain), [""; 0], "{}", made.policy);
        let report = lint(&Input::new(made.policy.as_bytes()));
        let [one] = &report.artefacts[..] else { panic!("one policy") };
        let Parsed::Policy(values) = &one.parsed else { panic!("{one:?}") };
        prop_assert_eq!(values.mode, Some(choice.mode));
        prop_assert_eq!(values.max_age, Some(choice.max_age));
        for host in &choice.hosts {
            prop_assert!(values.mx.iter().any(|mx| stslint::host::matches(mx, host).covers()), "{}", host);
        }
        prop_assert_eq!(made.policy.matches('\n').count(), made.policy.matches("\r\n").count());
        for made in &made.records {
            let kind = Some(kind_of(made));
            prop_assert_eq!(above_advice(&made.value, kind, &choice.domain), [""; 0], "{}", made.value);
        }
        // Again, with all of that published: nothing is to be done.
        let again = Choice {
            policy: Some(made.policy.clone()),
            sts: Some(made.records[0].value.clone()),
            rpt: made.records.get(1).map(|record| record.value.clone()),
            ..choice
        };
        let again = again.write();
        prop_assert_eq!(again.policy_change, Change::Same);
        prop_assert!(again.records.iter().all(|record| record.change == Change::Same), "{:?}", again);
        prop_assert_eq!(again.dropped, [""; 0]);
    }

    #[test]
    fn every_sender_accepts_it(choice in choice()) {
        let made = choice.write();
        let sts = &made.records[0];
        let id = record::values(&sts.value, Kind::StsTxt).id.expect("it has an id");
        // Mimecast's library knows no mode none.
        let has_mode = |name| choice.mode != Mode::None || name != "Mimecast";
        for model in MODELS.iter().filter(|model| has_mode(model.name)) {
            let reading = (model.policy)(&Answer::text(made.policy.as_bytes()));
            let Reading::Accepted(effective, _) = reading else {
                panic!("{}: {reading:?}\n{}", model.name, made.policy)
            };
            prop_assert_eq!(effective.mode, Some(choice.mode), "{}", model.name);
            for host in &choice.hosts {
                let covers = effective.mx.iter().any(|mx| (model.matches)(mx, host, None));
                prop_assert!(covers, "{} {}\n{}", model.name, host, made.policy);
            }
            let Discovery::Found(found) = (model.record)(&[&sts.value]) else {
                panic!("{}: {}", model.name, sts.value)
            };
            // Some keep no id, one keeps the whole record for it.
            prop_assert!(found.is_empty() || found.contains(&id), "{} {}", model.name, sts.value);
        }
    }

    #[test]
    fn every_form_holds_the_same_records(choice in choice(), inside in any::<bool>(), several in any::<bool>()) {
        let mut made = choice.write();
        for record in made.records.iter_mut().filter(|_| several) {
            record.change = Change::OneForSeveral;
        }
        let zone = if inside { made.domain.split_once('.').expect("two labels").1 } else { &made.domain };
        for format in Format::all() {
            let text = format.write(&made.records, &made.domain, zone, 300);
            let name = |one: &Record| [one.label, ".", &made.domain].concat();
            let expected: Vec<_> =
                made.records.iter().map(|one| (name(one), 300, one.value.clone())).collect();
            prop_assert_eq!(readers::read(format, &text, zone), expected, "{}", text);
            // Our own reader finds them as well, where nothing in them looks like the end of one.
            let odd = made.records.iter().any(|made| made.value.contains(ODD));
            let long = made.records.iter().any(|made| made.value.len() > 255);
            if odd || long && NESTED.contains(&format) {
                continue;
            }
            let report = lint(&Input::new(text.as_bytes()));
            for made in &made.records {
                let kind = kind_of(made);
                let read = report.artefacts.iter().find(|one| one.kind == kind);
                let Some(Parsed::Record(read)) = read.map(|one| &one.parsed) else {
                    panic!("{} {}: {report:?}\n{text}", format.word(), made.label)
                };
                prop_assert_eq!(read, &record::values(&made.value, kind), "{}\n{}", format.word(), text);
            }
        }
    }
}

/// Random records seldom have these: what means something in a form, at the ends of strings and of the value.
#[test]
fn every_form_keeps_what_has_a_meaning_in_it() {
    let record = |label, value: &str| Record { label, value: value.into(), change: Change::New };
    let start = "v=TLSRPTv1; rua=mailto:tls@acme-mail.net; x=";
    let odd = "\"\\'${a}%{b}$(c)`d`#&*|<>!:,";
    let long = |shift| ["y".repeat(shift), odd.repeat(30)].concat();
    let ends = odd.chars().map(|end| format!("a{end}"));
    let values = ends.chain([odd.to_owned(), "-".into()]).chain((0..odd.len()).map(long));
    for value in values {
        let value = [start, &value].concat();
        let records = [record("_mta-sts", "v=STSv1; id=1;"), record("_smtp._tls", &value)];
        for format in Format::all() {
            let text = format.write(&records, "a.acme-mail.net", "acme-mail.net", 1);
            let read = readers::read(format, &text, "acme-mail.net");
            let expected = [
                ("_mta-sts.a.acme-mail.net".to_owned(), 1, "v=STSv1; id=1;".to_owned()),
                ("_smtp._tls.a.acme-mail.net".to_owned(), 1, value.clone()),
            ];
            assert_eq!(read, expected, "{}\n{text}", format.word());
        }
    }
}
