//! Scenarios: what may happen to a domain and its mail, each with what it would be without a policy, or done
//! the other way.

pub use super::changes::sample;
use super::changes::{
    DAY, MAX_AGE, NEW_ID, SMART_HOST, attacked, case_list, forge_mx, moved, naming_new_host,
    policy_of, record, settle, strict, strip_starttls, versions, with_copy, without_policy,
};
use super::setting::{Later, Served, Setting, policy_text};
use super::simulate::walk;
use super::situation::{Dane, Host, Mail, Profile, ResultType};
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

impl Label {
    /// All there are.
    pub const ALL: [Self; 10] = [
        Self::Policy,
        Self::NoPolicy,
        Self::Copy,
        Self::First,
        Self::Wrong,
        Self::Right,
        Self::Mended,
        Self::Enforced,
        Self::SmartHostPolicy,
        Self::SmartHostNoPolicy,
    ];

    /// Its name in documents for programs and in links; it never changes its meaning.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::NoPolicy => "no-policy",
            Self::Copy => "copy",
            Self::First => "first",
            Self::Wrong => "wrong",
            Self::Right => "right",
            Self::Mended => "mended",
            Self::Enforced => "enforced",
            Self::SmartHostPolicy => "smart-host-policy",
            Self::SmartHostNoPolicy => "smart-host-no-policy",
        }
    }

    /// The label of this name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.word() == word)
    }
}

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
