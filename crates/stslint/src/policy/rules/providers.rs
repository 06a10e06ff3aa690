//! Names that a mail provider never had for its mail servers, as policies in the field have them.
//!
//! The rows are of 28 November 2026; behind each stands where it is from.

use crate::finding::{Applicability, Edit, Finding, Fix, MOST, Severity};
use crate::host;
use crate::policy::{Doc, Line};
use crate::rule::{Example, Rule, Words, words};
use crate::text::Span;

pub(super) const RULES: &[&Rule] = &[&MX_NO_MAIL_SERVER, &MX_PATTERN_MISSES_PROVIDER];

/// A name that receives no mail, and those that do at the same provider, separated by spaces.
const NAMES: [(&str, &str); 6] = [
    // Microsoft's documentation of Exchange Online: a host for each domain, below this name.
    ("mail.protection.outlook.com", "*.mail.protection.outlook.com"),
    // Zoho's documentation: the hosts of MX records; smtp is for submission.
    ("smtp.zoho.com", "mx.zoho.com mx2.zoho.com mx3.zoho.com"),
    // Mailgun's documentation: the hosts of each region; smtp is for submission.
    ("smtp.mailgun.org", "mxa.mailgun.org mxb.mailgun.org"),
    ("smtp.eu.mailgun.org", "mxa.eu.mailgun.org mxb.eu.mailgun.org"),
    // Apple's documentation of custom domains, and published policies: mx01 and mx02.
    ("mx1.mail.icloud.com", "mx01.mail.icloud.com mx02.mail.icloud.com"),
    ("mx2.mail.icloud.com", "mx01.mail.icloud.com mx02.mail.icloud.com"),
];

/// Below these names are web sites: documentation of GitHub, Netlify, Cloudflare, Vercel.
const WEB_HOSTS: [&str; 4] = ["github.io", "netlify.app", "pages.dev", "vercel.app"];

/// A pattern that misses hosts of a provider, and one that it misses.
const PATTERNS: [(&str, &str); 6] = [
    // Google's help for administrators, and published policies with this pattern alone.
    ("*.google.com", "aspmx.l.google.com"),
    // Amazon's documentation of SES, and published policies: a host for each region.
    ("*.amazonaws.com", "inbound-smtp.eu-west-1.amazonaws.com"),
    // Names of Cisco's hosts in headers of mail: one label for each customer.
    ("*.iphmx.com", "mx1.example.iphmx.com"),
    // Microsoft's documentation: hosts have a label like `o-v1` before this name.
    ("*.mx.microsoft", "example-com.o-v1.mx.microsoft"),
    ("*.outlook.com", "example-com.mail.protection.outlook.com"),
    ("*.protection.outlook.com", "example-com.mail.protection.outlook.com"),
];

/// Google's servers come with the first of them: `alt1` to `alt4` are for when it is busy.
const GOOGLE: (&str, &str) = ("aspmx.l.google.com", ".aspmx.l.google.com");

/// 107 and 108. `all` are the patterns of the policy, in lower case; `places` where they stand.
pub(super) fn check(
    doc: &Doc,
    all: &[String],
    places: &[(Span, &Line)],
    findings: &mut Vec<Finding>,
) {
    let is_covered = |name: &str| all.iter().any(|pattern| host::matches(pattern, name).covers());
    let mut half =
        all.iter().position(|pattern| pattern.ends_with(GOOGLE.1) && !pattern.starts_with('*'));
    half = half.filter(|_| !is_covered(GOOGLE.0));
    // No policy has more hosts, and a text may have very many lines like this.
    let is_named = |name: &&str| all.iter().take(MOST).any(|known| known == name);
    for (at, (pattern, (span, _))) in all.iter().zip(places).enumerate() {
        Finding::bound(findings);
        let right = NAMES.iter().find(|(name, _)| name == pattern).map(|(_, right)| *right);
        let missed = PATTERNS.iter().find(|(wrong, _)| wrong == pattern).map(|(_, missed)| *missed);
        if right.is_some() || WEB_HOSTS.iter().any(|host| host::is_within(pattern, host)) {
            let fix = right.map(|right| {
                let new: Vec<&str> = right.split(' ').filter(|name| !is_named(name)).collect();
                match new.is_empty() {
                    true => Fix::confirm("Remove the line", doc.delete_line(places[at].1)),
                    false => {
                        let text = new.join(&format!("{}mx: ", doc.line_end()));
                        Fix::confirm(
                            format!("Write {}", new.join(" and ")),
                            Edit::replace(*span, text).alone(),
                        )
                    }
                }
            });
            Finding::add(findings, &MX_NO_MAIL_SERVER, *span).quoted().fix(fix);
        } else if let Some(missed) = missed.or(half.filter(|half| *half == at).map(|_| GOOGLE.0)) {
            Finding::add(findings, &MX_PATTERN_MISSES_PROVIDER, *span).quoted().text(missed);
        }
    }
}

static MX_NO_MAIL_SERVER: Rule = Rule {
    code: "STS-POL-107",
    name: "mx-no-mail-server",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "`{0}` is not one of this provider's servers for incoming mail",
    words: words(Words {
        why: "The provider uses other names in MX records. This one is for sending mail or for web sites, or does not \
              exist.",
        effect: "It never matches. If the real servers are missing, `enforce` holds back their mail.",
        help: "Copy the names from your MX records.",
        clause: "RFC 8461 §4.1: patterns are compared with the names of MX records",
        fails: Example::policy(policy!(mx: "mx: smtp.zoho.com")),
        passes: Some(Example::policy(policy!(mx: "mx: mx.zoho.com"))),
    }),
};

static MX_PATTERN_MISSES_PROVIDER: Rule = Rule {
    code: "STS-POL-108",
    name: "mx-pattern-misses-provider",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` alone does not cover all servers of this provider, such as `{1}`",
    words: words(Words {
        why: "`*.` stands for exactly one label, and some of the provider's names are deeper; or only a part of a set of \
              servers is named.",
        effect: "If your MX records have one of the others, `enforce` holds back its mail.",
        help: "Compare with your MX records, and add what is missing.",
        clause: "RFC 8461 §4.1: a wildcard stands for one label",
        fails: Example::policy(policy!(mx: "mx: *.mx.microsoft")),
        passes: Some(Example::policy(policy!(mx: "mx: *.o-v1.mx.microsoft"))),
    }),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Kind, lint};

    /// The code and the fixed text of what is said about the mx lines of a policy.
    fn said(mx: &[&str]) -> Vec<(&'static str, Option<String>)> {
        let lines: String = mx.iter().map(|mx| format!("mx: {mx}\n")).collect();
        let text = format!("version: STSv1\nmode: enforce\n{lines}max_age: 2592000\n");
        let report = lint(&Input { kind: Some(Kind::Policy), ..Input::new(text.as_bytes()) });
        let ours = report.findings().filter(|finding| RULES.contains(&finding.rule));
        ours.map(|finding| {
            let fixed = finding.fix.as_ref().map(|fix| fix.apply(text.as_bytes()));
            (finding.rule.code, fixed.map(|fixed| String::from_utf8(fixed).expect("text")))
        })
        .collect()
    }

    #[test]
    fn every_row_is_found_and_its_right_names_are_not() {
        for (name, right) in NAMES {
            let [("STS-POL-107", Some(fixed))] = &said(&[name])[..] else { panic!("{name}") };
            for right in right.split(' ') {
                assert!(
                    host::is_pattern(right) && fixed.contains(&format!("mx: {right}\n")),
                    "{fixed}"
                );
                assert_eq!(said(&[right]), [], "{right}");
            }
            assert!(!fixed.contains(&format!("mx: {name}\n")), "{fixed}");
        }
        for host in WEB_HOSTS {
            assert_eq!(said(&[&format!("acme.{host}")]), [("STS-POL-107", None)]);
        }
        for (pattern, missed) in PATTERNS {
            assert!(
                !host::matches(pattern, missed).covers() && host::is_pattern(pattern),
                "{pattern}"
            );
            assert_eq!(said(&[pattern]), [("STS-POL-108", None)], "{pattern}");
        }
    }

    #[test]
    fn names_that_are_there_are_not_written_again() {
        let all = ["smtp.zoho.com", "mx.zoho.com", "mx2.zoho.com", "mx3.zoho.com"];
        let [(_, Some(fixed))] = &said(&all)[..] else { panic!("one") };
        assert_eq!(fixed.matches("mx: ").count(), 3, "{fixed}");
    }

    #[test]
    fn half_a_set_is_named_once() {
        let alt = ["alt1.aspmx.l.google.com", "alt2.aspmx.l.google.com"];
        assert_eq!(said(&alt), [("STS-POL-108", None)]);
        assert_eq!(said(&[&alt[..], &["aspmx.l.google.com"]].concat()), []);
        assert_eq!(said(&[&alt[..], &["*.l.google.com"]].concat()), []);
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn mx_no_mail_server() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: smtp.zoho.com
                ^^^^^^^^^^^^^ STS-POL-107
            mx: acme.github.io
                ^^^^^^^^^^^^^^ STS-POL-107
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_pattern_misses_provider() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.mx.microsoft
                ^^^^^^^^^^^^^^ STS-POL-098
                ^^^^^^^^^^^^^^ STS-POL-108
            mx: alt1.aspmx.l.google.com
                ^^^^^^^^^^^^^^^^^^^^^^^ STS-POL-108
            max_age: 1209600
            ",
        );
    }
}
