//! Whose mail hosts these are, by all reports together.
//!
//! Some senders report the TLSA policy of a mail host under the host's name and nothing else, so that the report does not tell whose mail
//! it is about (RFC 8460 §4.4: a policy is told of under the domain where it is published). Where policies of MTA-STS in other
//! reports name the host, and all of them are of one domain, it is that domain's. A wildcard may cover a domain as well, so it takes a
//! failed session at the host besides. That follows from all reports that there are, so it
//! is found out anew whenever these are looked at, and is no part of what is kept.

use super::facts::{Facts, Policy};
use super::names::Names;
use super::{Aggregate, packed};
use crate::report::PolicyType;
use crate::{host, policy};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The hosts, in the making or known.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    /// Names that TLSA policies stand under.
    alone: BTreeSet<u32>,
    /// Those at which sessions failed: hosts for sure.
    met: BTreeSet<u32>,
    /// Names that are domains for sure: they have a policy of their own, or mail hosts of another name.
    domains: BTreeSet<u32>,
    /// Whose policies of MTA-STS have these lines.
    lines: BTreeMap<u32, Whose>,
    /// The domain of each host of which that is known.
    known: Option<BTreeMap<u32, u32>>,
}

/// Whose something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Only(u32),
    Several,
}

impl Whose {
    fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Several }
    }
}

impl Hosts {
    /// Those of an aggregate.
    pub(super) fn of(aggregate: &Aggregate) -> Self {
        let mut hosts = Self::default();
        aggregate.counted().for_each(|(_, _, entry)| hosts.add(&entry.facts));
        hosts.know(&aggregate.names);
        hosts
    }

    /// Whether all reports were looked at.
    pub(super) const fn is_known(&self) -> bool {
        self.known.is_some()
    }

    /// Looks at the packed facts of a report.
    pub(super) fn add(&mut self, facts: &[u8]) {
        let known = packed::clues(facts, &mut |policy| {
            let Some(domain) = policy.domain.filter(|_| policy.host.is_none()) else { return };
            if policy.is_there {
                self.met.insert(domain);
            }
            match policy.policy_type {
                Some(PolicyType::Tlsa) if !policy.is_elsewhere => self.alone.insert(domain),
                _ => self.domains.insert(domain),
            };
            if let (Some(PolicyType::Sts), Some(lines)) = (policy.policy_type, policy.lines) {
                let own = Whose::Only(domain);
                self.lines.entry(lines).and_modify(|whose| *whose = whose.and(own)).or_insert(own);
            }
        });
        debug_assert!(known.is_some(), "what was packed here can be unpacked");
    }

    /// Finds out whose hosts these are, after all reports.
    pub(super) fn know(&mut self, names: &Names) {
        let is_host = |host: &&u32| !self.domains.contains(*host);
        let hosts: Vec<u32> = self.alone.iter().filter(is_host).copied().collect();
        // Its name, and a wildcard where that is known for a host.
        let covering = |host: u32| {
            let some = 1 + usize::from(self.met.contains(&host));
            host::covering(names.text(host)).take(some)
        };
        let mut patterns: BTreeMap<Cow<str>, Option<Whose>> =
            hosts.iter().flat_map(|host| covering(*host)).map(|pattern| (pattern, None)).collect();
        if !patterns.is_empty() {
            for (lines, whose) in &self.lines {
                for pattern in policy::values(names.text(*lines)).mx {
                    if let Some(known) = patterns.get_mut(&*pattern) {
                        *known = Some(known.map_or(*whose, |known| known.and(*whose)));
                    }
                }
            }
        }
        let whose = |host: u32| {
            let all = covering(host).filter_map(|pattern| *patterns.get(&pattern)?);
            match all.reduce(Whose::and)? {
                Whose::Only(domain) => Some((host, domain)),
                Whose::Several => None,
            }
        };
        self.known = Some(hosts.iter().filter_map(|host| whose(*host)).collect());
        self.lines.clear();
    }

    /// The domain whose mail a policy under this name is about, if the name is that of a host.
    pub(super) fn domain(&self, policy_type: Option<PolicyType>, name: u32) -> Option<u32> {
        self.known.as_ref().filter(|_| policy_type == Some(PolicyType::Tlsa))?.get(&name).copied()
    }

    /// Puts the policies of a report under the domains whose mail they are about.
    pub(super) fn put(&self, facts: &mut Facts<u32>) {
        for Policy { policy_type, domain, host, .. } in &mut facts.policies {
            if host.is_none()
                && let Some(name) = *domain
                && let Some(whose) = self.domain(*policy_type, name)
            {
                (*domain, *host) = (Some(whose), Some(name));
            }
        }
    }
}

/// Whether one of these patterns covers a mail server.
pub(in crate::report) fn covers(patterns: &BTreeSet<String>, mx: &str) -> bool {
    host::covering(mx).any(|pattern| patterns.contains(&*pattern))
}
