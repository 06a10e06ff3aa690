//! What may happen to a setting: the parts of which scenarios are made.

use super::scenarios::{Case, Label};
use super::setting::{Earlier, Served, Setting, policy_text};
use super::situation::{Attack, Attacker, Host, Mail, Policy, Profile, ResultType};
use super::walk::Assumed;
use crate::policy::Mode;
use std::collections::BTreeSet;

/// A day, in seconds.
pub(super) const DAY: u64 = 86_400;

/// How old the copy is in scenarios with one, in seconds, where it lives that long.
const AGE: u64 = 5 * DAY;

/// Where the mail goes after a move.
const NEW_HOST: &str = "mx.provider.example";

/// Where the mail goes when somebody forges the MX records.
const FORGED_HOST: &str = "mx.attacker.example";

/// A smart host.
pub(super) const SMART_HOST: &str = "smtp.relay.example";

/// The lifetime of a policy that a scenario makes up, in seconds.
pub(super) const MAX_AGE: u64 = 30 * DAY;

/// The id of a record that a scenario makes up.
pub(super) const NEW_ID: &str = "20261101T000000Z";

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

pub(super) fn record(id: &str) -> String {
    format!("v=STSv1; id={id};")
}

pub(super) fn case_list<const N: usize>(cases: [(Label, Setting); N]) -> Vec<Case> {
    cases.into_iter().map(|(label, setting)| Case { label, setting }).collect()
}

/// What a scenario says is not taken for granted any more.
pub(super) fn settle(setting: &mut Setting, is_said: impl Fn(&Assumed) -> bool) {
    setting.assumed.retain(|what| !is_said(what));
}

/// The policy of a domain as the RFC reads it; none where senders get none.
pub(super) fn published(base: &Setting) -> Option<Policy> {
    let met = base.met_by(Profile::default());
    met.id.and(met.fetch.ok())
}

/// The policy of a domain that has one.
pub(super) fn policy_of(base: &Setting) -> Policy {
    published(base).unwrap_or_else(|| Policy {
        mode: Mode::Enforce,
        mx: base.hosts.iter().map(|host| host.name.clone()).collect(),
        max_age: MAX_AGE,
    })
}

/// The domain as it is, as it would be if it enforced its policy, and without a policy.
pub(super) fn versions(base: &Setting) -> Vec<Case> {
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
pub(super) fn attacked(base: &Setting, change: fn(&mut Setting)) -> Vec<Case> {
    let mut cases = versions(base);
    cases.iter_mut().for_each(|case| change(&mut case.setting));
    cases
}

/// The domain with its policy enforced.
pub(super) fn strict(base: &Setting) -> Setting {
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

pub(super) fn without_policy(base: &Setting) -> Setting {
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
pub(super) fn with_copy(base: &Setting) -> Setting {
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
pub(super) fn moved(base: Setting) -> Setting {
    let mut setting = Setting { hosts: vec![Host::good(NEW_HOST)], mail: Mail::Hosts, ..base };
    settle(&mut setting, of_hosts);
    setting
}

/// The policy with the new host in it.
pub(super) fn naming_new_host(base: &Setting) -> Served {
    let Policy { mode, mut mx, max_age } = policy_of(base);
    mx.push(NEW_HOST.to_owned());
    Served::text(policy_text(mode, &mx, max_age))
}

pub(super) fn strip_starttls(setting: &mut Setting) {
    for host in &mut setting.hosts {
        host.starttls = false;
        host.attacker = Attacker::Between;
    }
    settle(setting, |what| matches!(what, Assumed::Starttls(_)));
}

pub(super) fn forge_mx(setting: &mut Setting) {
    setting.hosts = vec![Host { attacker: Attacker::Host, ..Host::good(FORGED_HOST) }];
    setting.mail = Mail::Hosts;
    setting.attack.mx = true;
    settle(setting, of_hosts);
}

/// Whether it is about the hosts.
const fn of_hosts(what: &Assumed) -> bool {
    !matches!(what, Assumed::Record | Assumed::Policy | Assumed::Reports)
}
