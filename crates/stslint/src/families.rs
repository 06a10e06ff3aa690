//! What rules are about, for lists of them.

use crate::registry::all;
use crate::rule::Rule;

/// Something that rules are about.
#[derive(Debug)]
pub struct Family {
    /// The codes of its rules without their numbers.
    pub prefix: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Where it is found, and what defines it.
    pub about: &'static str,
}

/// All families in the order in which somebody meets them.
pub static FAMILIES: [Family; 6] = [
    Family {
        prefix: "STS-POL",
        title: "MTA-STS policy",
        about: "The file at `https://mta-sts.<your domain>/.well-known/mta-sts.txt` (RFC 8461 §3.2).",
    },
    Family {
        prefix: "STS-TXT",
        title: "MTA-STS record",
        about: "The TXT record at `_mta-sts.<your domain>` (RFC 8461 §3.1).",
    },
    Family {
        prefix: "RPT-TXT",
        title: "TLSRPT record",
        about: "The TXT record at `_smtp._tls.<your domain>` (RFC 8460 §3).",
    },
    Family {
        prefix: "RPT-JSON",
        title: "TLS report",
        about: "What senders report about their sessions with your servers (RFC 8460 §4).",
    },
    Family {
        prefix: "LIVE",
        title: "Servers and DNS",
        about: "What servers and DNS answer, and whether it all fits together.",
    },
    Family {
        prefix: "INPUT",
        title: "What was pasted",
        about: "What surrounds a policy or a record, and texts in which there is neither.",
    },
];

impl PartialEq for Family {
    fn eq(&self, other: &Self) -> bool {
        self.prefix == other.prefix
    }
}

impl Family {
    /// The family of a rule.
    pub fn of(rule: &Rule) -> Option<&'static Self> {
        FAMILIES.iter().find(|family| family.has(rule))
    }

    /// The family with this anchor.
    pub fn find(anchor: &str) -> Option<&'static Self> {
        FAMILIES.iter().find(|family| family.anchor() == anchor)
    }

    /// What stands for it in addresses.
    pub fn anchor(&self) -> String {
        self.prefix.to_ascii_lowercase()
    }

    /// Whether a rule belongs to it.
    pub fn has(&self, rule: &Rule) -> bool {
        rule.code.rsplit_once('-').is_some_and(|(prefix, _)| prefix == self.prefix)
    }

    /// Its rules, by code.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        all().filter(|rule| self.has(rule))
    }
}
