//! The policies that senders saw, beside another one, in words.

use super::{name, period};
use crate::host::Match;
use crate::render::words::count;
use crate::report::aggregate::{Comparison, Sighting};
use crate::text::visible;

/// Who saw a copy of the policy, and when.
pub fn seen_by(copy: &Sighting) -> String {
    let reports = count(copy.reports, "report", "reports");
    format!("{}{}, {reports}", name(copy.sender), period(copy.first, copy.last))
}

/// How a copy differs from the given policy.
pub fn difference(copy: &Sighting) -> &'static str {
    match (copy.same, copy.missing.is_empty() && copy.other.is_empty()) {
        (_, true) => "The same lines.",
        (true, false) => "Other lines that mean the same.",
        (false, _) => "Another policy: a copy of an earlier one, or one that this is to replace.",
    }
}

/// What a comparison comes to, in a sentence.
pub fn compared(comparison: &Comparison) -> String {
    let stale = comparison.copies.iter().filter(|copy| !copy.same).count() as u64;
    match (comparison.copies.is_empty(), stale) {
        (true, _) => "No report shows a policy of this domain: some reporters leave it out.".into(),
        (false, 0) => "Every sender that shows the policy saw this one.".into(),
        (false, _) => format!(
            "{} of another policy. A sender keeps a policy for its max_age, and looks for a new one when the id in DNS changes.",
            count(stale, "copy is", "copies are")
        ),
    }
}

/// A pattern that covers a mail server only in part.
pub fn short((pattern, host, how): &(String, &str, Match)) -> String {
    let (pattern, host) = (visible(pattern), visible(host));
    let why = match how {
        Match::TooDeep => "has more labels than `*.` stands for, which is one",
        _ => "has no label where `*.` stands for one",
    };
    format!("`{pattern}` does not cover `{host}`: the name {why}.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::aggregate::Aggregate;
    use crate::report::content;

    #[test]
    fn copies_are_told_with_sender_time_and_difference() {
        let report = r#"{"organization-name":"G","date-range":{"start-datetime":"2026-10-18T00:00:00Z"},"policies":[{"policy":
            {"policy-type":"sts","policy-domain":"a.example","policy-string":["version: STSv1","mode: testing",
            "mx: *.a.example","max_age: 86400"]},"summary":{"total-failure-session-count":1},"failure-details":[
            {"result-type":"validation-failure","receiving-mx-hostname":"x.y.a.example","failed-session-count":1}]}]}"#;
        let mut all = Aggregate::default();
        all.add(&content(report).expect("a report"), &[]);
        let same = "version: STSv1\r\nmode: testing\r\nmx: *.a.example\r\nmax_age: 86400\r\n";
        let equal = all.compare("a.example", same);
        assert_eq!(compared(&equal), "Every sender that shows the policy saw this one.");
        assert_eq!(difference(&equal.copies[0]), "The same lines.");
        assert_eq!(seen_by(&equal.copies[0]), "G, 2026-10-18, 1 report");
        assert_eq!(
            equal.short.iter().map(short).collect::<Vec<_>>(),
            [
                "`*.a.example` does not cover `x.y.a.example`: the name has more labels than `*.` stands for, which is one."
            ]
        );
        let other = all.compare("a.example", &same.replace("testing", "enforce"));
        assert!(compared(&other).starts_with("1 copy is of another policy."));
        assert!(difference(&other.copies[0]).starts_with("Another policy"));
        let further = all.compare("a.example", &(same.to_owned() + "x-note: 1\r\n"));
        assert_eq!(difference(&further.copies[0]), "Other lines that mean the same.");
        assert!(compared(&all.compare("b.example", same)).starts_with("No report shows a policy"));
    }
}
