//! DNSSEC as far as the resolver tells (RFC 4035).

use super::discovery::without;
use super::{About, Notes};
use crate::finding::Severity;
use crate::live::deployment::Deployment;
use crate::live::facts::{Answer, Fact, Failure, Lookup};
use crate::rule::{Rule, Words, words};

pub(super) const RULES: &[&Rule] = &[&DNSSEC_BOGUS, &ZONE_UNSIGNED];

pub(super) fn check(deployment: &Deployment, notes: &mut Notes) {
    let facts = deployment.facts;
    let domain = facts.domain.as_str();
    let bogus = |failure: Option<Failure>| failure == Some(Failure::Bogus);
    let mut found = Vec::new();
    if bogus(facts.sts.known().and_then(Answer::failure)) {
        found.push((About::Sts, format!("_mta-sts.{domain}")));
    }
    let policy_host = facts.policy_host.outcome();
    if policy_host == Fact::Known(Lookup::Failed(Failure::Bogus)) {
        found.push((About::PolicyHost, format!("mta-sts.{domain}")));
    }
    if bogus(facts.mx.known().and_then(Answer::failure)) {
        found.push((About::Mx, format!("{domain} (MX)")));
    }
    if bogus(facts.tlsrpt.known().and_then(Answer::failure)) {
        found.push((About::Tlsrpt, format!("_smtp._tls.{domain}")));
    }
    for name in deployment.mail.hosts() {
        let Some(host) = facts.hosts.get(name) else { continue };
        if host.addresses.outcome() == Fact::Known(Lookup::Failed(Failure::Bogus)) {
            found.push((About::Host(name.clone()), name.clone()));
        } else if bogus(host.tlsa.known().and_then(Answer::failure)) {
            found.push((About::Tlsa(name.clone()), format!("_25._tcp.{name}")));
        }
    }
    for (about, name) in found {
        let effect = without(&about, deployment);
        notes.add(&DNSSEC_BOGUS, about).at(&["status"]).name(&name).words(effect);
    }
    let hosts = deployment.mail.hosts();
    let no_tlsa = |name: &String| {
        let tlsa = facts.hosts.get(name).and_then(|host| host.tlsa.known());
        tlsa.is_some_and(Answer::is_empty)
    };
    let mx = facts.mx.known();
    if mx.is_some_and(|answer| answer.authentic == Some(false) && answer.data().is_some())
        && !hosts.is_empty()
        && hosts.iter().all(no_tlsa)
    {
        notes.add(&ZONE_UNSIGNED, About::Dane).at(&["/mx_ad"]).name(domain);
    }
}

static DNSSEC_BOGUS: Rule = Rule {
    code: "LIVE-086",
    name: "dnssec-bogus",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "DNSSEC of `{0}` is broken: {1}",
    words: words(Words {
        why: "Resolvers that check signatures refuse the answer, while those that do not get one. Usually the signatures have \
          expired, or the DS record belongs to another key.",
        effect: "So it is for senders whose resolver checks DNSSEC. Others get an answer.",
        help: "Sign the zone again, or correct or remove the DS record at the registry.",
        clause: "RFC 4035 §4.3: bogus answers; RFC 7672 §2.1.1, §2.1.2: what senders do",
        fails: facts!(r#""mx_status": "bogus""#),
        passes: Some(good!(r#""mx_ad": true"#)),
    }),
};

static ZONE_UNSIGNED: Rule = Rule {
    code: "LIVE-087",
    name: "zone-unsigned",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The zone of `{0}` is not signed with DNSSEC, as far as this resolver can tell",
    words: words(Words {
        why: "A sender that has no policy yet relies on DNS that could be forged. A long max_age and TLS reports \
          make that window small; DNSSEC with DANE closes it.",
        effect: "None.",
        help: "Nothing to do for MTA-STS.",
        clause: "RFC 8461 §1, §10.2: the first contact relies on DNS",
        fails: good!(r#""mx_ad": false"#, r#""tlsa": {}"#),
        passes: None,
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::live;

    #[test]
    fn dnssec_bogus() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx_status": "bogus"
                           ^^^^^^^ LIVE-086
            }
            "#,
        );
    }

    #[test]
    fn zone_unsigned() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "mx_ad": false,
                       ^^^^^ LIVE-087
              "tlsa": {}
            }
            "#,
        );
    }
}
