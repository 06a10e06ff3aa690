//! Mail providers: whose MX hosts these are, and which mx lines of a policy cover them.
//!
//! The live MX records always come first: lines are made of them, the table of providers only tells where a wildcard
//! is worth its risk. A host that it does not know is named exactly.

mod table;

pub use table::{AS_OF, HOSTED, all};

use crate::host;

/// A mail provider, told by its MX hosts.
#[derive(Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its name, as it writes it.
    pub name: &'static str,
    /// What its hosts are for.
    pub serves: Serves,
    /// Its MX hosts have one of these names or are below it.
    pub suffixes: &'static [&'static str],
    /// Hosts as they are in MX records.
    pub hosts: &'static [&'static str],
    /// Patterns that are worth it as the hosts change; `{}` is a label of the host. Without any, hosts are named exactly.
    pub wildcards: &'static [&'static str],
    /// What shows that these lines cover it.
    pub evidence: Evidence,
    /// Where that is from.
    pub source: &'static str,
    /// What else to know.
    pub note: Option<&'static str>,
}

/// What the hosts of a provider are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serves {
    /// Addresses of the provider itself: in MX records of other domains they are a mistake.
    Consumers,
    /// Mail is handed on to somewhere else.
    Forwarding,
    /// Mail is looked at, and handed on to the mailboxes of another provider.
    Gateway,
    /// Mailboxes.
    Mailboxes,
    /// Mail goes to a program.
    Programs,
}

impl Serves {
    /// What follows from it for a policy; none for mailboxes and programs.
    pub const fn note(self) -> Option<&'static str> {
        match self {
            Self::Consumers => Some(
                "These hosts are for the provider's own addresses. In the MX records of another domain they are a mistake.",
            ),
            Self::Forwarding => Some(
                "Mail is forwarded from here. The policy protects the way to these hosts, not the one from them.",
            ),
            Self::Gateway => Some(
                "A gateway in front of the mailboxes. The policy protects the way to it; the mailboxes are at another \
                 provider, whom the SPF record mostly names, and which should take mail from the gateway only.",
            ),
            Self::Mailboxes | Self::Programs => None,
        }
    }
}

/// How well it is shown that lines cover the hosts of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Names of hosts were seen; the lines follow from RFC 8461 §4.1.
    Derived,
    /// A published policy or a report was seen.
    Published,
    /// The provider says so.
    Vendor,
}

impl Evidence {
    /// A word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Derived => "derived",
            Self::Published => "seen in published policies",
            Self::Vendor => "from the provider",
        }
    }
}

impl Provider {
    /// Whose host this is: the provider with the longest suffix, so that it can't be another's.
    pub fn of(name: &str) -> Option<&'static Self> {
        let name = name.strip_suffix('.').unwrap_or(name);
        let length = |provider: &Self| {
            let ours = provider.suffixes.iter().filter(|suffix| host::is_within(name, suffix));
            ours.map(|suffix| suffix.len()).max()
        };
        let known = all().filter_map(|provider| Some((length(provider)?, provider)));
        known.max_by_key(|(length, _)| *length).map(|(_, provider)| provider)
    }

    /// The name without which of its hosts they are, which stands behind a comma.
    pub fn short_name(&self) -> &'static str {
        self.name.split(',').next().unwrap_or(self.name)
    }

    /// The wildcard that covers one of its hosts, where one is worth it.
    pub fn wildcard(&self, name: &str) -> Option<String> {
        // It stands for one label (RFC 8461 §4.1), so there is one that can cover the name.
        let (_, parent) = name.split_once('.')?;
        let label = parent.split('.').next()?;
        let pattern = ["*.", parent].concat();
        let is_offered = |offered: &&str| offered.replace("{}", label) == pattern;
        self.wildcards.iter().any(is_offered).then_some(pattern)
    }
}

/// How hosts are named in a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Each by its name: nothing passes that is not listed, and each new host needs a new policy.
    Exact,
    /// By a wildcard where the provider's hosts change.
    Wildcard,
}

/// A line that is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The pattern (RFC 8461 §3.2).
    pub pattern: String,
    /// The MX hosts that it covers, in their order.
    pub covers: Vec<String>,
    /// Whose hosts they are, where that is known.
    pub provider: Option<&'static Provider>,
}

/// The risk of naming hosts by a wildcard.
pub const WILDCARD_RISK: &str = "Every host that the provider has below this name passes, for any of its customers. In return \
    a new host of the provider needs no new policy.";

impl Line {
    /// What speaks against the line; none for an exact name.
    pub fn risk(&self) -> Option<&'static str> {
        self.pattern.starts_with("*.").then_some(WILDCARD_RISK)
    }
}

/// The lines for the MX hosts of a domain, in their order: together they cover each of them. An empty name (of the null
/// MX, RFC 7505) has none.
pub fn lines<'a>(hosts: impl IntoIterator<Item = &'a str>, naming: Naming) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for name in hosts {
        let name = plain(name);
        if name.is_empty() || lines.iter().any(|line| line.covers.contains(&name)) {
            continue;
        }
        let provider = Provider::of(&name);
        let wildcard = provider.filter(|_| naming == Naming::Wildcard);
        let pattern = wildcard.and_then(|provider| provider.wildcard(&name));
        let pattern = pattern.unwrap_or_else(|| name.clone());
        match lines.iter_mut().find(|line| line.pattern == pattern) {
            Some(line) => line.covers.push(name),
            None => lines.push(Line { pattern, covers: vec![name], provider }),
        }
    }
    lines
}

/// The patterns of a policy that takes the place of another: what covers one of the hosts stays, in its order, and lines for the
/// others follow.
pub fn patterns(hosts: &[&str], naming: Naming, before: &[String]) -> Vec<String> {
    let covers = |pattern: &str, name: &&str| host::matches(pattern, name).covers();
    let stays = |pattern: &&String| hosts.iter().any(|name| covers(pattern, name));
    let mut patterns: Vec<String> = before.iter().filter(stays).cloned().collect();
    let others = hosts.iter().filter(|name| !patterns.iter().any(|known| covers(known, name)));
    let new: Vec<String> =
        lines(others.copied(), naming).into_iter().map(|line| line.pattern).collect();
    patterns.extend(new);
    patterns
}

/// The patterns of a policy that cover none of these hosts: of hosts that are gone, or of those that are to come, which it has to
/// name before they do (RFC 8461 §8.1). Which of both, nobody sees.
pub fn idle(hosts: &[impl AsRef<str>], before: &[String]) -> Vec<String> {
    let covers = |pattern: &str, name: &str| host::matches(pattern, name).covers();
    let is_idle = |pattern: &&String| !hosts.iter().any(|name| covers(pattern, name.as_ref()));
    before.iter().filter(is_idle).cloned().collect()
}

/// The providers whose hosts are among these, each with its hosts, in their order.
pub fn seen<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Vec<(&'static Provider, Vec<String>)> {
    let mut seen: Vec<(&'static Provider, Vec<String>)> = Vec::new();
    for name in hosts.into_iter().map(plain) {
        let Some(provider) = Provider::of(&name) else { continue };
        match seen.iter_mut().find(|(known, _)| *known == provider) {
            Some((_, hosts)) => hosts.push(name),
            None => seen.push((provider, vec![name])),
        }
    }
    seen
}

/// The name of a host as a policy has it.
fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// Somebody who hosts policies for others, told by the target of a CNAME record.
#[derive(Debug, PartialEq, Eq)]
pub struct Hosted {
    /// Its name.
    pub name: &'static str,
    /// The target is one of these names or below it.
    pub targets: &'static [&'static str],
    /// A target as it is in DNS.
    pub example: &'static str,
    /// Where the policy is changed, as the end of a sentence.
    pub change: &'static str,
    /// Whether the record at `_mta-sts` is run there too, so that the id changes by itself.
    pub record: bool,
    /// What shows it.
    pub evidence: Evidence,
    /// Where that is from.
    pub source: &'static str,
}

impl Hosted {
    /// Who runs the policy of a domain whose name at `mta-sts`, or `_mta-sts`, is an alias of this target.
    pub fn of(target: &str) -> Option<&'static Self> {
        let target = target.strip_suffix('.').unwrap_or(target);
        HOSTED
            .iter()
            .find(|hosted| hosted.targets.iter().any(|known| host::is_within(target, known)))
    }
}

#[cfg(test)]
mod tests;
