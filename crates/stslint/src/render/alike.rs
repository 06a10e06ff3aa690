//! Findings that say the same of several places, put together for people: what is wrong ten times is one thing to do.

use crate::finding::{Arg, Finding};

/// What stands for another finding at its place.
pub const HERE: &str = "and here";

/// A finding, and others that say the same.
#[derive(Clone, Debug)]
pub struct Alike<'f> {
    /// The first, in the order of the text.
    pub first: &'f Finding,
    /// The others, in that order.
    pub others: Vec<&'f Finding>,
}

impl<'f> From<&'f Finding> for Alike<'f> {
    fn from(first: &'f Finding) -> Self {
        Self { first, others: Vec::new() }
    }
}

impl Alike<'_> {
    /// How many findings these are, with those that are counted only.
    pub fn count(&self) -> usize {
        let more = self.others.iter().map(|finding| finding.more).sum::<usize>();
        1 + self.others.len() + self.first.more + more
    }
}

/// Puts findings together whose message names nothing but what stands at their place, and that are repaired in the same way.
pub fn alike(findings: &[Finding]) -> Vec<Alike<'_>> {
    let mut groups: Vec<Alike> = Vec::new();
    for finding in findings {
        let mut same = groups.iter_mut().filter(|group| says_the_same(group.first, finding));
        match is_of_its_place(finding).then(|| same.next()).flatten() {
            Some(group) => group.others.push(finding),
            None => groups.push(finding.into()),
        }
    }
    groups
}

fn says_the_same(one: &Finding, other: &Finding) -> bool {
    let repair =
        |finding: &Finding| finding.fix.as_ref().map(|fix| (fix.title.clone(), fix.applicability));
    std::ptr::eq(one.rule, other.rule) && is_of_its_place(one) && repair(one) == repair(other)
}

fn is_of_its_place(finding: &Finding) -> bool {
    let own = |arg: &Arg| match arg {
        Arg::None => true,
        Arg::Source(span) => *span == finding.span,
        Arg::Number(_) | Arg::Text(_) => false,
    };
    finding.labels.is_empty() && finding.args.iter().all(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, lint};

    fn groups(text: &str) -> Vec<(&'static str, usize)> {
        let report = lint(&Input::new(text.as_bytes()));
        let groups = alike(&report.artefacts[0].findings);
        groups.iter().map(|group| (group.first.rule.code, group.count())).collect()
    }

    #[test]
    fn what_is_wrong_several_times_is_one_thing() {
        let text = "version: STSv1\r\n mode: none\r\n mx: A.example.net\r\n mx: B.example.net\r\n max_age: 86400\r\n";
        let found = groups(text);
        assert!(found.contains(&("STS-POL-025", 4)) && found.contains(&("STS-POL-100", 2)));
        let rules: std::collections::BTreeSet<_> = found.iter().map(|(code, _)| code).collect();
        assert_eq!(rules.len(), found.len(), "{found:?}");
    }

    #[test]
    fn what_differs_is_told_apart() {
        // Each is another character.
        let found = groups("version: STSv1\u{200b}\r\nmode:\u{a0}none\r\nmax_age: 86400\r\n");
        assert_eq!(found.iter().filter(|(code, _)| *code == "STS-POL-014").count(), 2);
    }

    #[test]
    fn what_is_only_counted_counts() {
        let text = "version: STSv1\nmode: none\nmax_age: 86400\n".to_owned() + &"#\n".repeat(2000);
        let all: usize = groups(&text).iter().map(|(_, count)| count).sum();
        let report = lint(&Input::new(text.as_bytes()));
        assert_eq!(all, report.findings().map(|finding| 1 + finding.more).sum::<usize>());
    }
}
