//! The summary for tickets and mails. What stems from reports stands in code spans that it can't close; words of ours are text.

use super::super::markdown::{push_code, push_ours};
use super::{
    Advice, advice, code, coverage, groups, kind, mode_of, notes, nothing_failed, summary,
    told_twice,
};
use crate::render::report::cause;
use crate::report::Cause;
use crate::report::aggregate::{Day, DomainTotals, SenderTotals, Totals};
use crate::report::readiness::Readiness;
use std::collections::BTreeMap;

/// Failures that are written out of one cause.
const MOST: usize = 50;

/// The whole as Markdown. `ready` says of domains whether they can be enforced, `today` is the day on which somebody reads it.
pub fn markdown(totals: &Totals, ready: &BTreeMap<&str, Readiness>, today: Option<Day>) -> String {
    let mut out = String::from("## TLS reports\n\n");
    let names = as_code(&totals.senders);
    let told = Totals { senders: named(&totals.senders, &names), domains: Vec::new(), ..*totals };
    let mut lines = vec![coverage(&told)];
    lines.extend(notes(&told, today));
    // That takes domains, which `told` has none of.
    lines.extend(told_twice(totals));
    for line in lines {
        out.push_str("* ");
        push_ours(&line, &mut out);
        out.push('\n');
    }
    for domain in &totals.domains {
        out.push_str("\n### ");
        match domain.domain {
            Some(name) => push_code(name, &mut out),
            None => out.push_str("an unknown domain"),
        }
        out.push_str("\n\n");
        for line in summary(domain, ready) {
            out.push_str("* ");
            push_ours(&line, &mut out);
            out.push('\n');
        }
        let mode = mode_of(domain, ready);
        if domain.failures.is_empty() {
            let names = as_code(&domain.senders);
            let told = DomainTotals {
                reports: domain.reports,
                untold: domain.untold,
                first: domain.first,
                last: domain.last,
                senders: named(&domain.senders, &names),
                ..DomainTotals::default()
            };
            out.push('\n');
            push_ours(&nothing_failed(&told), &mut out);
            out.push('\n');
        }
        for group in groups(domain) {
            out.push_str("\n#### ");
            match group.cause {
                Cause::Other(name) => push_code(name, &mut out),
                ours => out.push_str(&cause(ours)),
            }
            let Advice { why, to_do } = advice(&group, domain);
            let meant = group.meant(mode);
            out.push_str("\n\n");
            push_ours(&format!("{meant} {why} {to_do}"), &mut out);
            out.push_str(
                "\n\n| sessions | policy | mail server | reported by | first | last |\n|---:|---|---|---|---|---|\n",
            );
            for failure in group.failures.iter().take(MOST) {
                let sessions =
                    failure.sessions.map_or("unknown".into(), |number| number.to_string());
                out.push_str(&format!("| {sessions} | {} | ", kind(failure.kind)));
                cell(failure.mx, &mut out);
                cell(failure.sender, &mut out);
                let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
                out.push_str(&format!("{} | {} |\n", day(failure.first()), day(failure.last())));
            }
            if group.failures.len() > MOST {
                out.push_str(&format!("\n…and {} more.\n", group.failures.len() - MOST));
            }
        }
    }
    out
}

/// The names of reporters as code in words of ours. A backtick in a name would end it.
fn as_code(senders: &[SenderTotals]) -> Vec<Option<String>> {
    senders.iter().map(|sender| sender.name.map(code)).collect()
}

/// The same reporters with other names.
fn named<'n>(senders: &'n [SenderTotals], names: &'n [Option<String>]) -> Vec<SenderTotals<'n>> {
    let sender = |(sender, name): (&'n SenderTotals, &'n Option<String>)| SenderTotals {
        name: name.as_deref(),
        ..sender.clone()
    };
    senders.iter().zip(names).map(sender).collect()
}

/// A bar ends a cell even in a code span.
fn cell(text: Option<&str>, out: &mut String) {
    if let Some(text) = text {
        push_code(&text.replace('|', "¦"), out);
    }
    out.push_str(" | ");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::aggregate::{Aggregate, Filter};

    fn markdown_of(reports: &[String]) -> String {
        let mut all = Aggregate::default();
        for text in reports {
            all.add(&crate::report::content(text).expect("a report"), &["RPT-JSON-023"]);
        }
        markdown(&all.totals(&Filter::default()), &BTreeMap::new(), Some(Day(20_800)))
    }

    fn report(sender: &str, domain: &str, failure: &str) -> String {
        format!(
            r#"{{"organization-name":"{sender}","report-id":"1","date-range":{{"start-datetime":"2026-11-26T00:00:00Z","end-datetime":"2026-11-26T23:59:59Z"}},"policies":[{{"policy":{{"policy-type":"sts"{domain}}},"summary":{{"total-failure-session-count":0}},"failure-details":[{failure}]}}]}}"#
        )
    }

    #[test]
    fn names_are_code_and_words_of_ours_are_not() {
        let good = report("Google Inc.", r#","policy-domain":"a.example""#, "");
        let text = markdown_of(&[good]);
        for part in [
            "\n* 1 report by `Google Inc.`, 2026-11-26\n",
            "\n* Habits of `Google Inc.` in 1 report: policy string missing (all, RPT-JSON-023).",
            "\n* The newest report is ",
            "\n### `a.example`\n",
            "\nNo failures in this 1 report by `Google Inc.`, 2026-11-26. What others met is not known.\n",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        // Unknown is not zero.
        let untold = report("G", "", "").replace("count\":0", "count\":\"1,234\"");
        let text = markdown_of(&[untold]);
        assert!(text.contains("\n1 report does not tell how many sessions failed"), "{text}");
        assert!(!text.contains("No failures"), "{text}");
        let known = report("B", "", r#"{"result-type":"certificate-expired"}"#);
        let other = report("C", "", r#"{"result-type":"a [b](c)"}"#);
        let text = markdown_of(&[known, other]);
        for part in
            ["\n### an unknown domain\n", "\n#### Certificate expired\n", "\n#### `a [b](c)`\n"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn a_name_does_not_leave_its_code() {
        let hostile = "x` @me [a](https://a.example) `` <b> `\\n# y";
        let text = markdown_of(&[report(hostile, r#","policy-domain":"a.example""#, "")]);
        // What is left when all code is taken off.
        let outside: String = text.split('`').step_by(2).collect();
        for mark in ['@', '[', '<'] {
            assert!(!outside.contains(mark), "{outside}");
        }
        assert!(text.lines().all(|line| !line.starts_with("# y")), "{text}");
    }
}
