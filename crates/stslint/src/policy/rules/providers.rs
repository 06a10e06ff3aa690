//! Names that a mail provider never had for its mail servers, as policies in the field have them.
//!
//! The rows are of 28 November 2026; behind each stands where it is from.

use crate::finding::{Applicability, Edit, Finding, Fix, MOST, Severity};
use crate::host;
use crate::policy::{Doc, Line};
use crate::rule::{Example, Rule, Words, words};
use crate::text::Span;

pub(super) const RULES: &[&Rule] =
    &[&MX_NO_MAIL_SERVER, &MX_PATTERN_MISSES_PROVIDER, &MX_MISSES_ALL_OF_PROVIDER];

/// A name that receives no mail, and those that do at the same provider, separated by spaces: labels are in the place of
/// its first one.
const NAMES: [(&str, &str); 22] = [
    // Microsoft's documentation of Exchange Online: a host for each domain, below this name.
    ("mail.protection.outlook.com", "*.mail.protection.outlook.com"),
    ("smtp.office365.com", "*.mail.protection.outlook.com"),
    ("protection.outlook.com", "*.mail.protection.outlook.com"),
    ("outlook.com", "*.mail.protection.outlook.com"),
    // Google's help for administrators: the hosts of new domains and of older ones.
    ("smtp.gmail.com", "smtp.google.com aspmx.l.google.com *.aspmx.l.google.com"),
    ("google.com", "smtp.google.com aspmx.l.google.com *.aspmx.l.google.com"),
    // Zoho's documentation: the hosts of MX records, in each region; smtp is for submission.
    ("smtp.zoho.com", "mx mx2 mx3"),
    ("smtp.zoho.eu", "mx mx2 mx3"),
    ("smtp.zoho.in", "mx mx2 mx3"),
    ("smtp.zoho.com.au", "mx mx2 mx3"),
    ("smtp.zoho.jp", "mx mx2 mx3"),
    // Published policies of IONOS's customers, in each country.
    ("smtp.ionos.com", "mx00 mx01"),
    ("smtp.ionos.co.uk", "mx00 mx01"),
    ("smtp.ionos.de", "mx00 mx01"),
    ("smtp.ionos.fr", "mx00 mx01"),
    ("smtp.ionos.es", "mx00 mx01"),
    // Fastmail's documentation, and published policies.
    ("smtp.fastmail.com", "in1-smtp.messagingengine.com in2-smtp.messagingengine.com"),
    // In the region of China the third name does not resolve.
    ("mx3.zoho.com.cn", "mx mx2"),
    // Mailgun's documentation: the hosts of each region; smtp is for submission.
    ("smtp.mailgun.org", "mxa mxb"),
    ("smtp.eu.mailgun.org", "mxa mxb"),
    // Apple's documentation of custom domains, and published policies: mx01 and mx02.
    ("mx1.mail.icloud.com", "mx01 mx02"),
    ("mx2.mail.icloud.com", "mx01 mx02"),
];

/// Below these names are web sites: documentation of GitHub, Netlify, Cloudflare, Vercel.
const WEB_HOSTS: [&str; 4] = ["github.io", "netlify.app", "pages.dev", "vercel.app"];

/// Servers for incoming mail whose names have several labels in front of the provider's domain, so that one star may miss them: the
/// domain, and sets of what stands in front of it, separated by spaces. MX records have servers of one set.
type Row = (&'static str, &'static [&'static str]);

/// Providers of which all names that receive mail are here: they are documented, or each of very many was seen so deep.
const WHOLE: [Row; 9] = [
    // Google's help for administrators, and published policies with `*.google.com` alone.
    ("google.com", &["smtp aspmx.l alt1.aspmx.l"]),
    // Microsoft's documentation: a host for each domain, the new ones below a label like `o-v1`.
    ("outlook.com", &["example-com.mail.protection"]),
    ("mx.microsoft", &["example-com.o-v1"]),
    ("office365.us", &["example.mail.protection"]),
    // Amazon's documentation of SES, and published policies: a host for each region.
    ("amazonaws.com", &["inbound-smtp.eu-west-1"]),
    // Documentation of Apple and of Cloudflare, and published policies.
    ("icloud.com", &["mx01.mail mx02.mail"]),
    ("cloudflare.net", &["route1.mx route2.mx route3.mx"]),
    // Mailgun's documentation: the hosts of each region.
    ("mailgun.org", &["mxa mxb", "mxa.eu mxb.eu"]),
    // Names of Cisco's hosts in headers of mail: one label for each customer.
    ("iphmx.com", &["mx1.example"]),
];

/// Providers that may have names which nobody listed.
const PARTS: [Row; 11] = [
    // Lists of MX hosts: how deep their names are.
    ("barracudanetworks.com", &["d123456a.ess", "d123456a.ess.uk"]),
    ("cf-emailsecurity.net", &["example.inbound"]),
    ("gandi.net", &["spool.mail fb.mail"]),
    ("mandrillapp.com", &["1234567.in1", "1234567.in2"]),
    ("messagelabs.com", &["cluster5.eu", "cluster5.us"]),
    ("ovh.net", &["mx0.mail mx1.mail"]),
    (
        "secureserver.net",
        &["smtp mailstore1", "smtp.europe mailstore1.europe", "smtp.asia mailstore1.asia"],
    ),
    ("sophos.com", &["mx-01-eu-west-1.prod.hydra"]),
    ("trendmicro.com", &["example.in.tmes", "in.hes"]),
    ("trendmicro.eu", &["example.in.tmes", "in.hes"]),
    ("yahoodns.net", &["mta5.am0", "mx-aol.mail.gm0"]),
];

/// A known server, and what a policy says of it.
struct Server {
    name: String,
    /// Whether no other name of its provider is less deep.
    is_deep: bool,
    /// Whether a pattern covers it.
    covered: bool,
    /// Whether the policy names servers of other sets and none of this one: then it is not among this domain's.
    elsewhere: bool,
}

/// The known servers of those providers below whose domains patterns with a star are.
fn servers(all: &[String]) -> Vec<Server> {
    let mut servers = Vec::new();
    let whole = WHOLE.into_iter().map(|row| (row, true));
    let parts = PARTS.into_iter().map(|row| (row, false));
    for ((domain, sets), is_deep) in whole.chain(parts) {
        let stars = || all.iter().filter_map(|pattern| pattern.strip_prefix("*."));
        if !stars().any(|parent| host::is_within(parent, domain)) {
            continue;
        }
        let names =
            |set: &'static str| set.split(' ').map(move |front| format!("{front}.{domain}"));
        let is_named = |set: &&'static str| names(set).any(|name| all.contains(&name));
        let any = sets.iter().any(&is_named);
        for set in sets {
            let elsewhere = any && !is_named(set);
            servers.extend(names(set).map(|name| {
                let covered = all.iter().any(|pattern| host::matches(pattern, &name).covers());
                Server { name, is_deep, covered, elsewhere }
            }));
        }
    }
    servers
}

/// What is to be said of a pattern with a star that misses servers below its name, which no other pattern covers: the rule, and
/// which it covers. Where it covers none, another pattern below that name may be for this domain's own.
fn misses(pattern: &str, servers: &[Server], all: &[String]) -> Option<(&'static Rule, String)> {
    let parent = pattern.strip_prefix("*.")?;
    let below = || servers.iter().filter(|server| host::is_below(&server.name, parent));
    let missed = below().find(|server| !server.covered && !server.elsewhere)?;
    if below().any(|server| host::matches(pattern, &server.name).covers()) {
        return Some((&MX_PATTERN_MISSES_PROVIDER, without(&missed.name)));
    }
    // No policy has more hosts, and a text may have very many lines like this.
    let deeper = |other: &String| host::is_below(other.strip_prefix("*.").unwrap_or(other), parent);
    let rule = match missed.is_deep && !all.iter().take(MOST).any(deeper) {
        true => &MX_MISSES_ALL_OF_PROVIDER,
        false => &MX_PATTERN_MISSES_PROVIDER,
    };
    Some((rule, format!("none: their names are like `{}`", missed.name)))
}

/// Says that a server is not covered where others are.
fn without(name: &str) -> String {
    format!("only some: `{name}` is not among them")
}

/// Google's servers come with the first of them: `alt1` to `alt4` are for when it is busy. Older records have others in their
/// place.
const GOOGLE: (&str, &str) = ("aspmx.l.google.com", ".aspmx.l.google.com");
const OLDER: &str = "googlemail.com";

/// Servers of which MX records have both: their first labels, and the name below which they are. Documentation of Apple,
/// Cloudflare, Fastmail, Mailgun and Zoho; Proton's own policy; a published policy of Migadu's customers.
const PAIRS: [(&str, &str, &str); 8] = [
    ("mx01", "mx02", "mail.icloud.com"),
    ("in1-smtp", "in2-smtp", "messagingengine.com"),
    ("mail", "mailsec", "protonmail.ch"),
    ("mxa", "mxb", "mailgun.org"),
    ("mxa", "mxb", "eu.mailgun.org"),
    ("route1", "route3", "mx.cloudflare.net"),
    ("mx", "mx2", "zoho.com"),
    ("aspmx1", "aspmx2", "migadu.com"),
];

/// The right names for one that receives no mail.
fn right_names(name: &str, right: &str) -> Vec<String> {
    let (_, domain) = name.split_once('.').unwrap_or_default();
    let whole = |right: &str| match right.contains('.') {
        true => right.to_owned(),
        false => format!("{right}.{domain}"),
    };
    right.split(' ').map(whole).collect()
}

/// Patterns that name a part of a set of servers, each with one of the others, which no pattern covers.
fn halves(all: &[String]) -> Vec<(usize, String)> {
    let google = all.iter().position(|pattern| pattern.ends_with(GOOGLE.1));
    let first = all.iter().position(|pattern| pattern == GOOGLE.0);
    let first = first.filter(|_| !all.iter().any(|pattern| pattern.ends_with(OLDER)));
    let google = google.map(|at| (at, GOOGLE.0.to_owned()));
    let google = google.or(first.map(|at| (at, ["alt1", GOOGLE.1].concat())));
    let pairs = PAIRS.iter().filter_map(|(one, other, domain)| {
        let place = |label: &str| {
            let front = |pattern: &String| {
                pattern.strip_suffix(domain).and_then(|front| front.strip_suffix('.'))
                    == Some(label)
            };
            all.iter().position(front)
        };
        let (at, missed) = match (place(one), place(other)) {
            (Some(at), None) => (at, other),
            (None, Some(at)) => (at, one),
            _ => return None,
        };
        Some((at, format!("{missed}.{domain}")))
    });
    let found = google.into_iter().chain(pairs);
    let is_covered = |name: &str| all.iter().any(|pattern| host::matches(pattern, name).covers());
    found.filter(|(_, missed)| !is_covered(missed)).collect()
}

/// 107, 108 and 113. `all` are the patterns of the policy, in lower case; `places` where they stand.
pub(super) fn check(
    doc: &Doc,
    all: &[String],
    places: &[(Span, &Line)],
    findings: &mut Vec<Finding>,
) {
    let (halves, servers) = (halves(all), servers(all));
    // No policy has more hosts, and a text may have very many lines like this.
    let is_named = |name: &String| all.iter().take(MOST).any(|known| known == name);
    let mut last: Option<(&str, Vec<String>)> = None;
    for (at, (pattern, (span, _))) in all.iter().zip(places).enumerate() {
        Finding::bound(findings);
        let right = NAMES.iter().find(|(name, _)| name == pattern);
        if right.is_some() || WEB_HOSTS.iter().any(|host| host::is_within(pattern, host)) {
            // What else is in the name is told first.
            let right = right.filter(|_| doc.findings_map.is_verbatim(*span));
            let fix = right.map(|(name, right)| {
                if last.as_ref().is_none_or(|(known, _)| known != name) {
                    let mut new = right_names(name, right);
                    new.retain(|name| !is_named(name));
                    last = Some((name, new));
                }
                let new = last.as_ref().map_or(&[][..], |(_, new)| new);
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
            continue;
        }
        let half =
            || halves.iter().find(|(half, _)| *half == at).map(|(_, missed)| without(missed));
        let half = || Some((&MX_PATTERN_MISSES_PROVIDER, half()?));
        if let Some((rule, missed)) = misses(pattern, &servers, all).or_else(half) {
            Finding::add(findings, rule, *span).quoted().text(missed);
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
    message: COVERS,
    words: words(Words {
        why: "`*.` stands for exactly one label, and the names of all or some of the provider's servers are deeper; or only a \
              part of a set of servers is named.",
        effect: "If your MX records have one that no other pattern covers, `enforce` holds back its mail.",
        help: "Compare with your MX records, and add what is missing.",
        clause: "RFC 8461 §4.1: a wildcard stands for one label",
        fails: Example::policy(policy!(mx: "mx: *.google.com")),
        passes: Some(Example::policy(policy!(
            mx: "mx: smtp.google.com\r\nmx: aspmx.l.google.com\r\nmx: *.aspmx.l.google.com"
        ))),
    }),
};

const COVERS: &str = "Of this provider's known servers, `{0}` covers {1}";

/// In the place of [`MX_PATTERN_MISSES_PROVIDER`], where the policy names nothing else below that name.
static MX_MISSES_ALL_OF_PROVIDER: Rule = Rule {
    code: "STS-POL-113",
    name: "mx-misses-all-of-provider",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: COVERS,
    words: words(Words {
        why: "`*.` stands for exactly one label, and the names of the provider's servers are deeper.",
        effect: "It matches none of them. If your mail goes to this provider, `enforce` holds it back.",
        help: "Copy the names from your MX records, or put `*.` in front of all but their first label.",
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
            let right = right_names(name, right);
            for right in &right {
                assert!(
                    host::is_pattern(right) && fixed.contains(&format!("mx: {right}\n")),
                    "{fixed}"
                );
            }
            let right: Vec<&str> = right.iter().map(String::as_str).collect();
            assert_eq!(said(&right), [], "{name}");
            assert!(!fixed.contains(&format!("mx: {name}\n")), "{fixed}");
        }
        for host in WEB_HOSTS {
            assert_eq!(said(&[&format!("acme.{host}")]), [("STS-POL-107", None)]);
        }
    }

    #[test]
    fn what_a_star_misses_is_told_as_it_is() {
        let none = |name| Some(format!("none: their names are like `{name}`"));
        let some = |name| Some(without(name));
        for (mx, expected) in [
            ("*.google.com", some("aspmx.l.google.com")),
            ("*.l.google.com", some("alt1.aspmx.l.google.com")),
            ("*.aspmx.l.google.com", some("aspmx.l.google.com")),
            ("*.outlook.com", none("example-com.mail.protection.outlook.com")),
            ("*.protection.outlook.com", none("example-com.mail.protection.outlook.com")),
            ("*.mail.protection.outlook.com", None),
            ("*.mx.microsoft", none("example-com.o-v1.mx.microsoft")),
            ("*.o-v1.mx.microsoft", None),
            ("*.office365.us", none("example.mail.protection.office365.us")),
            ("*.amazonaws.com", none("inbound-smtp.eu-west-1.amazonaws.com")),
            ("*.us-east-1.amazonaws.com", None),
            ("*.icloud.com", none("mx01.mail.icloud.com")),
            ("*.cloudflare.net", none("route1.mx.cloudflare.net")),
            ("*.mailgun.org", some("mxa.eu.mailgun.org")),
            ("*.eu.mailgun.org", None),
            ("*.mailgun.org mxa.mailgun.org mxb.mailgun.org", None),
            ("*.mailgun.org mxa.eu.mailgun.org mxb.eu.mailgun.org", None),
            ("*.iphmx.com", none("mx1.example.iphmx.com")),
            ("*.acme.iphmx.com", None),
            ("*.barracudanetworks.com", none("d123456a.ess.barracudanetworks.com")),
            ("*.uk.barracudanetworks.com", none("d123456a.ess.uk.barracudanetworks.com")),
            ("*.ess.barracudanetworks.com", None),
            ("*.cf-emailsecurity.net", none("example.inbound.cf-emailsecurity.net")),
            ("*.gandi.net", none("spool.mail.gandi.net")),
            ("*.mail.gandi.net", None),
            ("*.mandrillapp.com", none("1234567.in1.mandrillapp.com")),
            ("*.messagelabs.com", none("cluster5.eu.messagelabs.com")),
            ("*.eu.messagelabs.com", None),
            ("*.ovh.net", none("mx0.mail.ovh.net")),
            ("*.mail.ovh.net", None),
            ("*.ovh.net *.mail.ovh.net", None),
            ("*.secureserver.net", some("smtp.europe.secureserver.net")),
            ("*.sophos.com", none("mx-01-eu-west-1.prod.hydra.sophos.com")),
            ("*.hydra.sophos.com", none("mx-01-eu-west-1.prod.hydra.sophos.com")),
            ("*.prod.hydra.sophos.com", None),
            ("*.trendmicro.com", none("example.in.tmes.trendmicro.com")),
            ("*.trendmicro.eu", none("example.in.tmes.trendmicro.eu")),
            ("*.hes.trendmicro.eu", None),
            ("*.yahoodns.net", none("mta5.am0.yahoodns.net")),
            ("*.am0.yahoodns.net", None),
            // What is above the provider's domain, or beside it, is not about it.
            ("*.com", None),
            ("*.notgoogle.com", None),
        ] {
            let all: Vec<String> = mx.split(' ').map(str::to_owned).collect();
            let halves = || halves(&all).first().map(|(_, missed)| without(missed));
            let misses = misses(&all[0], &servers(&all), &all).map(|(_, missed)| missed);
            assert_eq!(misses.or_else(halves), expected, "{mx}");
            let said = said(&mx.split(' ').collect::<Vec<_>>());
            assert_eq!(said.len(), usize::from(expected.is_some()), "{mx}: {said:?}");
        }
    }

    /// With `enforce` all mail is held back where the policy has nothing else for this provider.
    #[test]
    fn a_policy_without_any_server_of_its_provider_is_warned_of() {
        let code = |mx: &str| said(&mx.split(' ').collect::<Vec<_>>())[0].0;
        for mx in [
            "*.protection.outlook.com",
            "*.outlook.com",
            "*.mx.microsoft",
            "*.icloud.com",
            "*.cloudflare.net",
            "*.amazonaws.com",
            "*.iphmx.com",
            "*.mx.microsoft mail.acme-mail.net",
        ] {
            assert_eq!(code(mx), "STS-POL-113", "{mx}");
        }
        for mx in [
            "*.google.com",
            "*.amazonaws.com inbound-smtp.us-east-1.amazonaws.com",
            "*.outlook.com acme-mail-net.mail.protection.outlook.com",
            // Other names of theirs are not known.
            "*.ovh.net",
        ] {
            assert_eq!(code(mx), "STS-POL-108", "{mx}");
        }
    }

    #[test]
    fn known_servers_are_those_of_known_providers() {
        for (domain, sets) in WHOLE.into_iter().chain(PARTS) {
            let all = [format!("*.{domain}")];
            let servers = servers(&all);
            assert_eq!(servers.len(), sets.iter().map(|set| set.split(' ').count()).sum::<usize>());
            for Server { name, .. } in &servers {
                assert!(crate::build::providers::Provider::of(name).is_some(), "{name}");
            }
            assert!(misses(&all[0], &servers, &all).is_some(), "{domain}");
        }
    }

    #[test]
    fn right_policies_get_no_word_about_their_provider() {
        for mx in include_str!("../../../tests/data/right_policies.txt").lines() {
            assert_eq!(said(&mx.split(' ').collect::<Vec<_>>()), [], "{mx}");
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
        assert_eq!(said(&["aspmx.l.google.com"]), [("STS-POL-108", None)]);
        assert_eq!(said(&["aspmx.l.google.com", "aspmx2.googlemail.com"]), []);
        assert_eq!(said(&["*.aspmx.l.google.com"]), [("STS-POL-108", None)]);
        assert_eq!(said(&["*.aspmx.l.google.com", "aspmx.l.google.com"]), []);
        for (one, other, domain) in PAIRS {
            let [one, other] = [one, other].map(|label| format!("{label}.{domain}"));
            assert_eq!(said(&[&one]), [("STS-POL-108", None)], "{one}");
            assert_eq!(said(&[&other]), [("STS-POL-108", None)], "{other}");
            assert_eq!(said(&[&one, &other]), [], "{one}");
            assert_eq!(said(&[&one, &format!("*.{domain}")]), [], "{one}");
        }
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
                ^^^^^^^^^^^^^^ STS-POL-113
            mx: *.outlook.com
                ^^^^^^^^^^^^^ STS-POL-098
                ^^^^^^^^^^^^^ STS-POL-108
            mx: acme-mail-net.mail.protection.outlook.com
            mx: alt1.aspmx.l.google.com
                ^^^^^^^^^^^^^^^^^^^^^^^ STS-POL-108
            max_age: 1209600
            ",
        );
    }
}
