//! Scenarios: what may happen to a domain and its mail, each with what it would be without a policy, or done
//! the other way.

use super::setting::{Earlier, Later, Served, Setting, policy_text};
use super::simulate::walk;
use super::situation::{Attack, Attacker, Dane, Host, Mail, Policy, Profile, ResultType};
use super::walk::{Assumed, Walk};
use crate::input::ToAscii;
use crate::policy::Mode;
use std::collections::BTreeSet;

/// A scenario.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Its name in commands and links; it never changes.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What is going on, in a sentence or two.
    pub about: &'static str,
    /// The settings that it makes of a domain, to stand side by side.
    pub cases: fn(&Setting) -> Vec<Case>,
}

/// A setting of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What makes it differ from the others of the scenario.
    pub label: Label,
    /// The setting.
    pub setting: Setting,
}

/// What makes a case differ from the others of its scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// The domain has the policy that it has.
    Policy,
    /// The domain has no policy.
    NoPolicy,
    /// The sender has a copy of the policy.
    Copy,
    /// It is the sender's first message to the domain.
    First,
    /// The owner of the domain does it in a wrong way.
    Wrong,
    /// The owner of the domain does it in the right way.
    Right,
    /// The owner does it in a wrong way, and mends it while the message waits.
    Mended,
    /// The domain enforces its policy, which it does not do now.
    Enforced,
    /// The smart host has a policy of its own.
    SmartHostPolicy,
    /// The smart host has no policy.
    SmartHostNoPolicy,
}

const DAY: u64 = 86_400;

/// How old the copy is in scenarios with one, in seconds, where it lives that long.
const AGE: u64 = 5 * DAY;

/// Where the mail goes after a move.
const NEW_HOST: &str = "mx.provider.example";

/// Where the mail goes when somebody forges the MX records.
const FORGED_HOST: &str = "mx.attacker.example";

/// A smart host.
const SMART_HOST: &str = "smtp.relay.example";

/// All scenarios, in the order in which they are shown.
pub static SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "normal",
        title: "All is well",
        about: "Nobody is in the way, and nothing is broken.",
        cases: versions,
    },
    Scenario {
        name: "starttls-stripped",
        title: "STARTTLS is stripped",
        about: "An attacker between the servers takes STARTTLS out of what the MX hosts offer, so that the \
                mail goes without TLS.",
        cases: |base| attacked(base, strip_starttls),
    },
    Scenario {
        name: "mx-spoofed",
        title: "MX records are forged",
        about: "An attacker answers for DNS: the MX records lead to a host of the attacker, which has a good \
                certificate for its own name.",
        cases: |base| attacked(base, forge_mx),
    },
    Scenario {
        name: "first-contact",
        title: "First contact under attack",
        about: "An attacker keeps the MTA-STS record away and strips STARTTLS. A sender that has no copy of the \
                policy learns of none; one that has a copy is safe.",
        cases: |base| {
            let base = strict(base);
            let cases = [
                (Label::First, base.clone()),
                (Label::Copy, with_copy(&base)),
                (Label::NoPolicy, without_policy(&base)),
            ];
            cases
                .into_iter()
                .map(|(label, mut setting)| {
                    strip_starttls(&mut setting);
                    setting.attack.record = true;
                    Case { label, setting }
                })
                .collect()
        },
    },
    Scenario {
        name: "policy-host-down",
        title: "The policy host is down",
        about: "The record announces a new policy, and the policy host does not answer. A copy goes on to count \
                as long as it lives.",
        cases: |base| {
            let base = strict(base);
            let down = |label, mut setting: Setting| {
                setting.records = vec![record(NEW_ID)];
                setting.policy = Err(ResultType::StsPolicyFetchError);
                settle(&mut setting, |what| matches!(what, Assumed::Record | Assumed::Policy));
                Case { label, setting }
            };
            vec![down(Label::Copy, with_copy(&base)), down(Label::First, base)]
        },
    },
    Scenario {
        name: "certificate-expired",
        title: "The certificates of the MX hosts have expired",
        about: "Nobody renewed the certificates of the MX hosts.",
        cases: |base| {
            attacked(base, |setting| {
                for host in &mut setting.hosts {
                    host.certificate = Some(ResultType::CertificateExpired);
                }
                settle(setting, |what| matches!(what, Assumed::Certificate(_)));
            })
        },
    },
    Scenario {
        name: "mx-moved",
        title: "The MX moves and the policy stays",
        about: "The MX records lead to a new host. Done wrongly, the policy still names the old hosts only; done \
                rightly, it named the new one before. Mended means that the owner publishes the right policy \
                while the message waits.",
        cases: |base| {
            let base = strict(base);
            let wrong = moved(with_copy(&base));
            let mut right = wrong.clone();
            right.records = vec![record(NEW_ID)];
            right.policy = Ok(naming_new_host(&base));
            let mut mended = wrong.clone();
            mended.later =
                Some(Later { records: right.records.clone(), policy: right.policy.clone() });
            case_list([(Label::Wrong, wrong), (Label::Mended, mended), (Label::Right, right)])
        },
    },
    Scenario {
        name: "id-not-changed",
        title: "The policy changes and the id stays",
        about: "The MX moves, and the policy file names the new host. Done wrongly, the record keeps its id, so \
                that senders with a copy do not look; done rightly, it has a new one.",
        cases: |base| {
            let base = strict(base);
            let mut wrong = moved(with_copy(&base));
            wrong.policy = Ok(naming_new_host(&base));
            let mut right = wrong.clone();
            right.records = vec![record(NEW_ID)];
            case_list([(Label::Wrong, wrong), (Label::Right, right)])
        },
    },
    Scenario {
        name: "removal",
        title: "MTA-STS is removed",
        about: "The mail moves to a provider without MTA-STS. Done wrongly, record and policy are deleted; done \
                rightly, a policy in mode none with a new id takes their place until all copies have ended.",
        cases: |base| {
            let base = strict(base);
            let wrong = Setting {
                records: Vec::new(),
                policy: Err(ResultType::StsPolicyFetchError),
                ..moved(with_copy(&base))
            };
            let none = policy_text(Mode::None, &policy_of(&base).mx, DAY);
            let right = Setting {
                records: vec![record(NEW_ID)],
                policy: Ok(Served::text(none)),
                ..wrong.clone()
            };
            case_list([(Label::Wrong, wrong), (Label::Right, right)])
        },
    },
    Scenario {
        name: "dane-failing",
        title: "DANE fails",
        about: "The MX hosts have signed TLSA records that match none of their certificates. A policy must not \
                make up for that.",
        cases: |base| {
            attacked(base, |setting| {
                setting.hosts.iter_mut().for_each(|host| host.dane = Dane::Fails);
                settle(setting, |what| matches!(what, Assumed::Tlsa(_)));
            })
        },
    },
    Scenario {
        name: "smart-host",
        title: "A smart host stands in between",
        about: "The sender hands all mail to a smart host, and an attacker strips STARTTLS on the way there. What \
                counts is the policy of the smart host's domain; that of the recipient does not.",
        cases: |base| {
            let hosts = vec![Host::good(SMART_HOST)];
            let smart_host = Some(SMART_HOST.to_owned());
            let plain = Setting { smart_host, hosts, mail: Mail::Implicit, ..without_policy(base) };
            let mut plain = Setting { assumed: BTreeSet::new(), ..plain };
            strip_starttls(&mut plain);
            let text = policy_text(Mode::Enforce, &[SMART_HOST.to_owned()], MAX_AGE);
            let strict = Setting {
                records: vec![record(NEW_ID)],
                policy: Ok(Served::text(text)),
                ..plain.clone()
            };
            case_list([(Label::SmartHostPolicy, strict), (Label::SmartHostNoPolicy, plain)])
        },
    },
];

/// The lifetime of a policy that a scenario makes up, in seconds.
const MAX_AGE: u64 = 30 * DAY;

/// The id of a record that a scenario makes up.
const NEW_ID: &str = "20261101T000000Z";

impl Scenario {
    /// The cases that it makes of a domain, and the walk of a message through each.
    pub fn walks(
        &self,
        base: &Setting,
        profile: Profile,
        to_ascii: Option<ToAscii>,
    ) -> Vec<(Case, Walk)> {
        let walk = |case: Case| {
            let walk = walk(&case.setting.met_by(profile), to_ascii);
            (case, walk)
        };
        (self.cases)(base).into_iter().map(walk).collect()
    }
}

/// The scenario of that name.
pub fn named(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}

/// A made-up domain that has everything in order.
pub fn sample() -> Setting {
    let mx = ["mx1.example.com".to_owned(), "mx2.example.com".to_owned()];
    Setting {
        domain: "example.com".into(),
        smart_host: None,
        now: 60 * DAY,
        records: vec![record("20261001T000000Z")],
        policy: Ok(Served::text(policy_text(Mode::Enforce, &mx, MAX_AGE))),
        earlier: None,
        later: None,
        mail: Mail::Hosts,
        hosts: mx.iter().map(|name| Host::good(name)).collect(),
        reports: true,
        attack: Attack::default(),
        assumed: BTreeSet::new(),
    }
}

fn record(id: &str) -> String {
    format!("v=STSv1; id={id};")
}

fn case_list<const N: usize>(cases: [(Label, Setting); N]) -> Vec<Case> {
    cases.into_iter().map(|(label, setting)| Case { label, setting }).collect()
}

/// What a scenario says is not taken for granted any more.
fn settle(setting: &mut Setting, is_said: impl Fn(&Assumed) -> bool) {
    setting.assumed.retain(|what| !is_said(what));
}

/// The policy of a domain as the RFC reads it; none where senders get none.
fn published(base: &Setting) -> Option<Policy> {
    let met = base.met_by(Profile::default());
    met.id.and(met.fetch.ok())
}

/// The policy of a domain that has one.
fn policy_of(base: &Setting) -> Policy {
    published(base).unwrap_or_else(|| Policy {
        mode: Mode::Enforce,
        mx: base.hosts.iter().map(|host| host.name.clone()).collect(),
        max_age: MAX_AGE,
    })
}

/// The domain as it is, as it would be if it enforced its policy, and without a policy.
fn versions(base: &Setting) -> Vec<Case> {
    let mut cases = Vec::new();
    let policy = published(base);
    if policy.is_some() || base.earlier.is_some() {
        cases.push(Case { label: Label::Policy, setting: base.clone() });
    }
    if policy.is_none_or(|policy| policy.mode != Mode::Enforce) {
        cases.push(Case { label: Label::Enforced, setting: strict(base) });
    }
    cases.push(Case { label: Label::NoPolicy, setting: without_policy(base) });
    cases
}

/// The same attack, or the same fault, on all versions.
fn attacked(base: &Setting, change: fn(&mut Setting)) -> Vec<Case> {
    let mut cases = versions(base);
    cases.iter_mut().for_each(|case| change(&mut case.setting));
    cases
}

/// The domain with its policy enforced.
fn strict(base: &Setting) -> Setting {
    if published(base).is_some_and(|policy| policy.mode == Mode::Enforce) {
        return base.clone();
    }
    let Policy { mx, max_age, .. } = policy_of(base);
    let mx = if mx.is_empty() { base.hosts.iter().map(|h| h.name.clone()).collect() } else { mx };
    let mut setting = Setting {
        records: vec![record("20261001T000000Z")],
        policy: Ok(Served::text(policy_text(Mode::Enforce, &mx, max_age))),
        earlier: None,
        ..base.clone()
    };
    settle(&mut setting, |what| matches!(what, Assumed::Record | Assumed::Policy));
    setting
}

fn without_policy(base: &Setting) -> Setting {
    let mut setting = Setting {
        records: Vec::new(),
        policy: Err(ResultType::StsPolicyFetchError),
        earlier: None,
        later: None,
        ..base.clone()
    };
    settle(&mut setting, |what| matches!(what, Assumed::Record | Assumed::Policy));
    setting
}

/// The sender has a copy of the policy that is published.
fn with_copy(base: &Setting) -> Setting {
    let age = AGE.min(policy_of(base).max_age / 2);
    let now = base.now.max(age);
    let earlier = base.policy.as_ref().ok().map(|policy| Earlier {
        records: base.records.clone(),
        policy: policy.clone(),
        fetched_at: now - age,
    });
    Setting { now, earlier, ..base.clone() }
}

/// The mail of the domain goes to a new host.
fn moved(base: Setting) -> Setting {
    let mut setting = Setting { hosts: vec![Host::good(NEW_HOST)], mail: Mail::Hosts, ..base };
    settle(&mut setting, of_hosts);
    setting
}

/// The policy with the new host in it.
fn naming_new_host(base: &Setting) -> Served {
    let Policy { mode, mut mx, max_age } = policy_of(base);
    mx.push(NEW_HOST.to_owned());
    Served::text(policy_text(mode, &mx, max_age))
}

fn strip_starttls(setting: &mut Setting) {
    for host in &mut setting.hosts {
        host.starttls = false;
        host.attacker = Attacker::Between;
    }
    settle(setting, |what| matches!(what, Assumed::Starttls(_)));
}

fn forge_mx(setting: &mut Setting) {
    setting.hosts = vec![Host { attacker: Attacker::Host, ..Host::good(FORGED_HOST) }];
    setting.mail = Mail::Hosts;
    setting.attack.mx = true;
    settle(setting, of_hosts);
}

/// Whether it is about the hosts.
const fn of_hosts(what: &Assumed) -> bool {
    !matches!(what, Assumed::Record | Assumed::Policy | Assumed::Reports)
}
