//! What each report tells of each of its domains, beside numbers: for questions about many domains, which are not to take a look at all
//! reports each.

use super::{Aggregate, Day, Kind, facts};
use crate::policy::Mode;
use std::collections::BTreeMap;

/// What a report tells of a domain.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Told<'a> {
    pub(in crate::report) domain: &'a str,
    /// The day of the report.
    pub(in crate::report) day: Option<Day>,
    /// Whether it has a policy of MTA-STS.
    pub(in crate::report) of_sts: bool,
    /// Whether such a policy is in mode testing.
    pub(in crate::report) in_testing: bool,
}

impl Aggregate {
    /// Tells of each domain of each report, once.
    pub(in crate::report) fn each_domain<'a>(&'a self, tell: &mut dyn FnMut(Told<'a>)) {
        // Thousands of reports repeat one policy: each text is read once.
        let mut modes: BTreeMap<&str, Option<Mode>> = BTreeMap::new();
        for (_, report) in self.each() {
            let mut domains: BTreeMap<&'a str, (bool, bool)> = BTreeMap::new();
            for policy in &report.policies {
                let Some(domain) = policy.domain else { continue };
                let (of_sts, in_testing) = domains.entry(domain).or_default();
                if policy.kind() == Kind::Sts {
                    let mode = policy.lines.and_then(|lines| {
                        *modes.entry(lines).or_insert_with(|| facts::mode(lines))
                    });
                    *of_sts = true;
                    *in_testing |= mode == Some(Mode::Testing);
                }
            }
            for (domain, (of_sts, in_testing)) in domains {
                tell(Told { domain, day: report.day, of_sts, in_testing });
            }
        }
    }
}
