//! What the rules say of software is what its model does with the rule's failing example. The table is
//! complete: a rule whose text names software has a row here.

use std::collections::BTreeSet;
use stslint::registry::all;
use stslint::rule::Rule;
use stslint::senders::model::{Discovery, Reading, What};
use stslint::senders::models::{MODELS, software};
use stslint::senders::verdict::answer;
use stslint::{Kind, ToAscii};

const IDNA: Option<ToAscii> = Some(|name| idna::domain_to_ascii(name).ok());

/// What a text says of software.
enum Claim {
    /// These, and no others, reject the failing example for its fault: they take the passing one.
    Reject(&'static [&'static str]),
    /// All but these reject it.
    AllBut(&'static [&'static str]),
    /// It uses the failing example, with this mode or none.
    Mode(&'static [&'static str], Option<&'static str>),
    /// It uses the failing example for so many seconds.
    MaxAge(&'static str, u64),
    /// It uses the failing example and remarks this.
    Remarks(&'static str, What),
    /// It uses the failing example; the host matches for these and no others.
    Matches(&'static [&'static str], &'static str),
    /// These reject this other input.
    RejectText(&'static [&'static str], &'static str),
    /// It uses this other policy for so many seconds.
    MaxAgeText(&'static str, u64, &'static str),
    /// It uses this other policy and remarks this.
    RemarksText(&'static str, What, &'static str),
    /// It is about something that no model does, for this reason.
    Outside(&'static [&'static str], &'static str),
}
use Claim::*;

const TABLE: &[(&str, &[Claim])] = &[
    ("RPT-TXT-034", &[Outside(&["mox", "mailrs"], "models read no TLSRPT records")]),
    ("STS-POL-002", &[AllBut(&["Stalwart", "mailauth", "Mimecast"])]),
    (
        "STS-POL-023",
        &[
            Reject(&["mox", "maddy", "postfix-tlspol"]),
            RejectText(
                &["KumoMTA"],
                "version: STSv1\n \nmode: enforce\nmx: mail.example.com\nmax_age: 86400\n",
            ),
        ],
    ),
    ("STS-POL-025", &[Reject(&["mox", "maddy", "postfix-tlspol", "postfix-mta-sts-resolver"])]),
    ("STS-POL-026", &[Reject(&["mox", "maddy", "postfix-tlspol", "postfix-mta-sts-resolver"])]),
    (
        "STS-POL-027",
        &[
            Reject(&["mox", "maddy", "postfix-tlspol", "KumoMTA"]),
            RemarksText(
                "Stalwart",
                What::NoVersion,
                "keep this\nversion: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 86400\n",
            ),
        ],
    ),
    (
        "STS-POL-028",
        &[
            Reject(&["mox", "maddy", "postfix-tlspol", "KumoMTA"]),
            Remarks("Stalwart", What::NoVersion),
        ],
    ),
    ("STS-POL-034", &[Reject(&["mox", "postfix-tlspol"])]),
    ("STS-POL-035", &[Reject(&["mox", "postfix-tlspol"])]),
    ("STS-POL-037", &[Reject(&["postfix-mta-sts-resolver"])]),
    ("STS-POL-038", &[Reject(&["KumoMTA"])]),
    (
        "STS-POL-039",
        &[
            Reject(&["KumoMTA"]),
            Mode(
                &[
                    "chasquid",
                    "maddy",
                    "postfix-mta-sts-resolver",
                    "Stalwart",
                    "mailauth",
                    "mailrs",
                    "Halon",
                ],
                Some("testing"),
            ),
            Mode(&["RFC 8461", "mox", "postfix-tlspol", "rest-mail", "Mimecast"], Some("enforce")),
        ],
    ),
    ("STS-POL-040", &[AllBut(&["Stalwart", "Mimecast"])]),
    ("STS-POL-042", &[AllBut(&["Stalwart", "mailrs", "Mimecast"])]),
    (
        "STS-POL-052",
        &[
            AllBut(&["mailauth", "mailrs", "Mimecast", "Halon"]),
            Mode(&["mailauth", "mailrs", "Mimecast"], Some("enforce")),
            Mode(&["Halon"], None),
        ],
    ),
    ("STS-POL-055", &[Reject(&["chasquid", "Stalwart", "mailrs"])]),
    (
        "STS-POL-063",
        &[
            Reject(&["chasquid", "mailauth", "postfix-mta-sts-resolver", "rest-mail"]),
            MaxAge("Mimecast", 31_557_600),
            MaxAge("postfix-tlspol", 30 * 86_400),
            MaxAge("Stalwart", 86_400),
        ],
    ),
    (
        "STS-POL-064",
        &[
            Reject(&["chasquid", "rest-mail"]),
            MaxAge("Stalwart", 86_400),
            MaxAge("Mimecast", 604_800),
        ],
    ),
    (
        "STS-POL-065",
        &[
            Reject(&[]),
            MaxAge("Mimecast", 604_800),
            MaxAge("Stalwart", 3_600),
            MaxAgeText(
                "Stalwart",
                86_400,
                "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 3599\n",
            ),
        ],
    ),
    (
        "STS-POL-084",
        &[
            Reject(&["mox", "postfix-tlspol", "postfix-mta-sts-resolver"]),
            Matches(&["Stalwart", "chasquid", "maddy"], "mail.xn--bcher-kva.example"),
        ],
    ),
    ("STS-POL-086", &[Reject(&["mox", "postfix-tlspol"]), Matches(&[], "mail.example.com")]),
    ("STS-POL-104", &[Reject(&["mox", "postfix-tlspol"])]),
    ("STS-TXT-015", &[Reject(&["chasquid", "Halon"])]),
    (
        "STS-TXT-022",
        &[
            Reject(&["mox", "postfix-tlspol", "rest-mail", "mailauth"]),
            RejectText(&["mox", "postfix-tlspol", "rest-mail"], "v=STSv1; id=2026-01-01"),
        ],
    ),
    (
        "STS-TXT-034",
        &[
            Reject(&["mox", "postfix-tlspol"]),
            RejectText(&["mox", "postfix-tlspol", "KumoMTA"], "v=STSv1; ; id=1"),
        ],
    ),
    ("STS-TXT-035", &[Reject(&["mox", "postfix-tlspol"])]),
];

/// Names of software in texts, and the models that they mean.
const NAMES: &[(&str, &[&str])] = &[
    ("mox", &["mox"]),
    ("chasquid", &["chasquid"]),
    ("maddy", &["maddy"]),
    ("go-mtasts", &["maddy", "rest-mail"]),
    ("postfix-mta-sts-resolver", &["postfix-mta-sts-resolver"]),
    ("postfix-tlspol", &["postfix-tlspol"]),
    ("Stalwart", &["Stalwart"]),
    ("KumoMTA", &["KumoMTA"]),
    ("mailauth", &["mailauth"]),
    ("mailrs", &["mailrs"]),
    ("rest-mail", &["rest-mail"]),
    ("Mimecast", &["Mimecast"]),
    ("Halon", &["Halon"]),
];

/// The models that the texts of a rule name.
fn named(rule: &Rule) -> BTreeSet<&'static str> {
    let words = rule.words();
    let text = format!("{} {} {}", words.why, words.effect, words.help).to_lowercase();
    let is_there = |name: &str| {
        let whole = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '-');
        text.match_indices(&name.to_lowercase()).any(|(at, found)| {
            whole(text[..at].chars().next_back()) && whole(text[at + found.len()..].chars().next())
        })
    };
    let names = NAMES.iter().filter(|(name, _)| is_there(name));
    names.flat_map(|(_, models)| models.iter().copied()).collect()
}

fn reading(name: &str, kind: Kind, source: &[u8]) -> Result<Reading, bool> {
    let model = MODELS.iter().find(|model| model.name == name).expect("a model");
    if kind != Kind::StsTxt {
        return Ok((model.policy)(&answer(source).0));
    }
    let record = str::from_utf8(source).expect("records are text");
    Err(matches!((model.record)(&[record]), Discovery::Found(_)))
}

fn takes(name: &str, kind: Kind, source: &[u8]) -> bool {
    match reading(name, kind, source) {
        Ok(reading) => matches!(reading, Reading::Accepted(..)),
        Err(found) => found,
    }
}

/// Those that reject the failing example and take the passing one.
fn rejecting(rule: &Rule) -> Vec<&'static str> {
    let words = rule.words();
    let kind = words.fails.declared.kind;
    let fails = words.fails.bytes();
    let passes = words.passes.map(|passes| passes.bytes());
    software()
        .map(|model| model.name)
        .filter(|name| !takes(name, kind, &fails))
        .filter(|name| passes.as_ref().is_none_or(|passes| takes(name, kind, passes)))
        .collect()
}

fn sorted<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    names.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

/// What is wrong with a claim; whom it is about.
fn held(rule: &Rule, claim: &Claim) -> (Option<String>, Vec<&'static str>) {
    let words = rule.words();
    let kind = words.fails.declared.kind;
    let fails = words.fails.bytes();
    let used = |name: &str, source: &[u8]| match reading(name, kind, source) {
        Ok(Reading::Accepted(effective, remarks)) => Some((effective, remarks)),
        _ => None,
    };
    let wrong = |is: bool, what: String| (!is).then_some(what);
    let others = |but: &[&str]| {
        let all = software().map(|model| model.name);
        sorted(all.filter(|name| !but.contains(name)))
    };
    match claim {
        Reject(names) => {
            let are = sorted(rejecting(rule));
            (
                wrong(are == sorted(names.iter().copied()), format!("{are:?} reject it")),
                names.to_vec(),
            )
        }
        AllBut(names) => {
            let are = sorted(rejecting(rule));
            (wrong(are == others(names), format!("{are:?} reject it")), names.to_vec())
        }
        Mode(names, mode) => {
            let is = |name: &&str| {
                used(name, &fails)
                    .map(|(effective, _)| effective.mode.map(stslint::policy::Mode::word))
            };
            let bad: Vec<_> = names.iter().filter(|name| is(name) != Some(*mode)).collect();
            (wrong(bad.is_empty(), format!("{bad:?} do not read mode {mode:?}")), names.to_vec())
        }
        MaxAge(name, age) | MaxAgeText(name, age, _) => {
            let source = if let MaxAgeText(_, _, text) = claim { text.as_bytes() } else { &fails };
            let is = used(name, source).map(|(effective, _)| effective.max_age);
            (wrong(is == Some(*age), format!("{name} keeps it for {is:?}")), vec![name])
        }
        Remarks(name, what) | RemarksText(name, what, _) => {
            let source = if let RemarksText(_, _, text) = claim { text.as_bytes() } else { &fails };
            let is = used(name, source);
            let has = is.iter().any(|(_, remarks)| remarks.iter().any(|it| it.what == *what));
            (wrong(has, format!("{name} does not remark {what:?}: {is:?}")), vec![name])
        }
        Matches(names, host) => {
            let covers = |model: &&&stslint::senders::model::Model| {
                used(model.name, &fails).is_some_and(|(effective, _)| {
                    effective.mx.iter().any(|mx| (model.matches)(mx, host, IDNA))
                })
            };
            let are = sorted(MODELS.iter().filter(covers).map(|model| model.name));
            let want = sorted(names.iter().copied());
            (wrong(are == want, format!("{host} matches for {are:?}")), names.to_vec())
        }
        RejectText(names, text) => {
            let takers: Vec<_> =
                names.iter().filter(|name| takes(name, kind, text.as_bytes())).collect();
            (wrong(takers.is_empty(), format!("{takers:?} take {text:?}")), names.to_vec())
        }
        Outside(names, why) => (wrong(!why.is_empty(), "no reason".into()), names.to_vec()),
    }
}

#[test]
fn what_rules_say_of_software_is_what_its_model_does() {
    let mut wrong = Vec::new();
    for rule in all() {
        let names = named(rule);
        let row = TABLE.iter().find(|(code, _)| *code == rule.code);
        let Some((code, claims)) = row else {
            if !names.is_empty() {
                wrong.push(format!("{} names {names:?} and has no row", rule.code));
            }
            continue;
        };
        if names.is_empty() {
            wrong.push(format!("{code} has a row and names nobody"));
        }
        let mut told = BTreeSet::new();
        for claim in *claims {
            let (problem, about) = held(rule, claim);
            wrong.extend(problem.map(|problem| format!("{code}: {problem}")));
            told.extend(about);
        }
        wrong.extend(names.difference(&told).map(|name| format!("{code}: no claim on {name}")));
    }
    let codes: BTreeSet<&str> = all().map(|rule| rule.code).collect();
    wrong.extend(
        TABLE.iter().filter(|(code, _)| !codes.contains(code)).map(|row| format!("no {}", row.0)),
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn how_many_reject_is_counted() {
    let count = software().count();
    let (mut counted, mut wrong) = (0, Vec::new());
    for rule in all() {
        let effect = rule.words().effect;
        let counts = effect.split_once(" 12 mail servers whose source was read");
        let Some((before, _)) = counts else { continue };
        counted += 1;
        let number = match before.strip_suffix(" of the") {
            Some(before) => before.rsplit(' ').next().and_then(|number| number.parse().ok()),
            // All of them accept it.
            None => before.ends_with("all").then_some(0),
        };
        let are = rejecting(rule).len();
        if number != Some(are) {
            wrong.push(format!("{}: {are} reject it", rule.code));
        }
    }
    assert_eq!(count, 12);
    assert!(counted >= 12, "{counted}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
