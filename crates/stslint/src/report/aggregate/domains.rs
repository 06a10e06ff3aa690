//! Which day which domain was in mode testing, beside numbers: for questions about many domains, which are not to take a look at
//! all reports each.

use super::{Aggregate, Day, Kind, facts};
use crate::policy::Mode;
use std::collections::BTreeMap;

impl Aggregate {
    /// Tells of each report of a day in which a domain has a policy in mode testing.
    pub(in crate::report) fn each_in_testing<'a>(&'a self, tell: &mut dyn FnMut(&'a str, Day)) {
        // Thousands of reports repeat one policy: each text is read once.
        let mut testing: BTreeMap<&str, bool> = BTreeMap::new();
        for (_, report) in self.each() {
            let Some(day) = report.day else { continue };
            for policy in report.policies.iter().filter(|policy| policy.kind() == Kind::Sts) {
                let (Some(domain), Some(lines)) = (policy.domain, policy.lines) else { continue };
                let mode = || facts::mode(lines) == Some(Mode::Testing);
                if *testing.entry(lines).or_insert_with(mode) {
                    tell(domain, day);
                }
            }
        }
    }
}
