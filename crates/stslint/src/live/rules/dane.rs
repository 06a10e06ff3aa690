//! DANE beside MTA-STS: TLSA records of the MX hosts (RFC 7672).

use super::{About, Notes};
use crate::finding::Severity;
use crate::live::deployment::Deployment;
use crate::live::facts::{Answer, Tlsa};
use crate::rule::{Rule, Words, words};

pub(super) const RULES: &[&Rule] = &[
    &DANE_ACTIVE,
    &TLSA_NOT_SIGNED,
    &TLSA_UNUSABLE_USAGE,
    &TLSA_MALFORMED,
    &DANE_PARTIAL,
    &DANE_INSECURE_MX,
    &TLSA_PARAMETERS,
    &TLSA_MISMATCH,
];

/// Whether senders with DANE authenticate this host: a signed, usable TLSA record behind signed MX
/// records.
pub(crate) fn is_protected(deployment: &Deployment, name: &str) -> bool {
    let mx = deployment.facts.mx.known().and_then(|answer| answer.authentic);
    mx == Some(true) && is_secure(deployment, name)
}

/// Whether a host has a signed TLSA record that SMTP senders can use.
fn is_secure(deployment: &Deployment, name: &str) -> bool {
    answer(deployment, name).is_some_and(|answer| {
        answer.authentic == Some(true) && answer.data().into_iter().flatten().any(is_usable)
    })
}

fn answer<'p>(deployment: &'p Deployment, name: &str) -> Option<&'p Answer<Vec<Tlsa>>> {
    deployment.facts.hosts.get(name)?.tlsa.known()
}

/// Whether what a host showed matches one of its usable records; none where that can't be told: the host was not seen, or a
/// record has no SHA-256 digest to compare with.
pub(crate) fn is_matched(deployment: &Deployment, name: &str) -> Option<bool> {
    let smtp = deployment.facts.hosts.get(name)?.smtp.known()?;
    let records = answer(deployment, name)?.data()?;
    let usable = || records.iter().filter(|record| is_usable(record));
    let all = usable().all(|record| record.matching == 1);
    smtp.certificate.matches(usable()).filter(|matched| *matched || all)
}

/// Whether SMTP senders can use a record: usage 2 or 3 (RFC 7672 §3.1), and well-formed.
pub(crate) fn is_usable(record: &Tlsa) -> bool {
    matches!(record.usage, 2 | 3) && malformation(record).is_none()
}

/// What makes a record useless to everybody (RFC 6698 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Malformation {
    Usage,
    Selector,
    MatchingType,
    NoData,
    NotSha256,
    NotSha512,
}

fn malformation(record: &Tlsa) -> Option<Malformation> {
    let len = record.data.len();
    match record.matching {
        _ if record.usage > 3 => Some(Malformation::Usage),
        _ if record.selector > 1 => Some(Malformation::Selector),
        0 if len == 0 => Some(Malformation::NoData),
        0 => None,
        1 => (len != 32).then_some(Malformation::NotSha256),
        2 => (len != 64).then_some(Malformation::NotSha512),
        _ => Some(Malformation::MatchingType),
    }
}

impl Malformation {
    /// What the record has, for the message of the rule.
    const fn words(self) -> &'static str {
        match self {
            Self::Usage => "an unknown certificate usage",
            Self::Selector => "an unknown selector",
            Self::MatchingType => "an unknown matching type",
            Self::NoData => "no data",
            Self::NotSha256 => "data that is not a SHA-256 digest (64 hexadecimal digits)",
            Self::NotSha512 => "data that is not a SHA-512 digest (128 hexadecimal digits)",
        }
    }
}

pub(super) fn check(deployment: &Deployment, notes: &mut Notes) {
    let hosts = deployment.mail.hosts();
    for name in hosts {
        let Some(answer) = answer(deployment, name) else { continue };
        let Some(records) = answer.data() else { continue };
        let about = || About::Tlsa(name.clone());
        if answer.authentic == Some(false) {
            // Nobody reads them, so what they say makes no difference.
            notes.add(&TLSA_NOT_SIGNED, about()).at(&["ad"]).name(name);
            continue;
        }
        for record in records {
            if let Some(what) = malformation(record) {
                notes
                    .add(&TLSA_MALFORMED, about())
                    .at(&["records"])
                    .words(record.shortened())
                    .words(what.words());
            } else if record.usage < 2 {
                notes
                    .add(&TLSA_UNUSABLE_USAGE, about())
                    .at(&["records"])
                    .words(record.shortened())
                    .name(name);
            }
        }
        let usable: Vec<&Tlsa> = records.iter().filter(|record| is_usable(record)).collect();
        if let Some(why) = not_recommended(&usable) {
            notes.add(&TLSA_PARAMETERS, about()).at(&["records"]).name(name).words(why.words());
        }
        if is_secure(deployment, name) && is_matched(deployment, name) == Some(false) {
            notes.add(&TLSA_MISMATCH, about()).at(&["records"]).name(name);
        }
    }
    let secure = hosts.iter().filter(|name| is_secure(deployment, name)).count();
    if secure == 0 {
        return;
    }
    match deployment.facts.mx.known().and_then(|answer| answer.authentic) {
        Some(true) => {
            let protected: Vec<(&str, Option<bool>)> = hosts
                .iter()
                .filter(|name| is_protected(deployment, name))
                .map(|name| (name.as_str(), is_matched(deployment, name)))
                .filter(|(_, matched)| *matched != Some(false))
                .collect();
            let words = if protected.iter().all(|(_, matched)| *matched == Some(true)) {
                "the certificates that were seen match"
            } else {
                "not all of it was compared with the certificates"
            };
            if !protected.is_empty() {
                let names: Vec<&str> = protected.iter().map(|(name, _)| *name).collect();
                notes.add(&DANE_ACTIVE, About::Dane).name(&names.join(", ")).words(words);
            }
        }
        Some(false) => {
            notes
                .add(&DANE_INSECURE_MX, About::Dane)
                .at(&["/mx_ad"])
                .name(&deployment.facts.domain);
            return;
        }
        None => {}
    }
    let bare = |name: &&String| {
        let known = answer(deployment, name).filter(|answer| answer.failure().is_none());
        known.is_some() && !is_secure(deployment, name)
    };
    let bare: Vec<&str> = hosts.iter().filter(bare).map(String::as_str).collect();
    if !bare.is_empty() {
        notes.add(&DANE_PARTIAL, About::Dane).name(&bare.join(", "));
    }
}

/// Why a set of usable records is not one of the two that work best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotRecommended {
    NoDigests,
    OnlySha512,
    Parameters,
}

impl NotRecommended {
    /// What the records do, for the message of the rule.
    const fn words(self) -> &'static str {
        match self {
            Self::NoDigests => "hold whole certificates or keys instead of digests",
            Self::OnlySha512 => "use SHA-512 without SHA-256",
            Self::Parameters => "have neither `3 1 1` nor `2 0 1` among them",
        }
    }
}

fn not_recommended(usable: &[&Tlsa]) -> Option<NotRecommended> {
    if usable.is_empty() {
        return None;
    }
    let parameters = |record: &&&Tlsa| (record.usage, record.selector, record.matching);
    let has = |wanted: &[u8]| usable.iter().any(|record| wanted.contains(&record.matching));
    if has(&[0]) {
        Some(NotRecommended::NoDigests)
    } else if has(&[2]) && !has(&[1]) {
        Some(NotRecommended::OnlySha512)
    } else if !usable.iter().any(|record| matches!(parameters(&record), (3, 1, 1) | (2, 0, 1))) {
        Some(NotRecommended::Parameters)
    } else {
        None
    }
}

/// The digest of the examples.
macro_rules! digest {
    () => {
        "abababababababababababababababababababababababababababababababab"
    };
}

/// TLSA records of one host with this data, for examples.
macro_rules! tlsa {
    ($mx:literal, $ad:literal, $parameters:literal) => {
        $crate::rule::Example::new(
            $crate::Kind::Live,
            concat!(
                "{\n  \"domain\": \"example.com\",\n  \"mx\": [[10, \"mail.example.com\"]],\n  \"mx_ad\": ",
                $mx,
                ",\n  \"tlsa\": { \"mail.example.com\": { \"ad\": ",
                $ad,
                ", \"records\": [\"",
                $parameters,
                " ",
                digest!(),
                "\"] } },\n  \"tlsrpt\": \"ok\"\n}\n"
            ),
        )
    };
}

static DANE_ACTIVE: Rule = Rule {
    code: "LIVE-080",
    name: "dane-active",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "DANE is published for {0}; {1}",
    words: words(Words {
        why: "Senders with DANE use the TLSA records for these hosts, MTA-STS serves the others. Each has to be kept correct \
          in its own right.",
        effect: "Senders with DANE do not deliver to a host whose certificate does not match its TLSA records, \
          whatever the MTA-STS policy says.",
        help: "Publish the TLSA record of the next key before you change a key.",
        clause: "RFC 7672 §2.2; RFC 8461 §2: MTA-STS does not override a failed DANE check",
        fails: tlsa!("true", "true", "3 1 1"),
        passes: None,
    }),
};

static TLSA_NOT_SIGNED: Rule = Rule {
    code: "LIVE-081",
    name: "tlsa-not-signed",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The TLSA records of `{0}` are not signed with DNSSEC",
    words: words(Words {
        why: "Without DNSSEC anybody on the way could change them, so they prove nothing.",
        effect: "Senders ignore them.",
        help: "Sign the zone of the MX host and publish its DS record, or remove the TLSA records.",
        clause: "RFC 7672 §2.2; RFC 6698 §4: insecure TLSA records are not used",
        fails: tlsa!("true", "false", "3 1 1"),
        passes: Some(tlsa!("true", "true", "3 1 1")),
    }),
};

static TLSA_UNUSABLE_USAGE: Rule = Rule {
    code: "LIVE-082",
    name: "tlsa-unusable-usage",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The TLSA record `{0}` of `{1}` has a certificate usage that mail servers do not use",
    words: words(Words {
        why: "Usages 0 and 1 rely on public authorities. Mail servers have no common list of them, so these \
          usages are not for SMTP.",
        effect: "Senders ignore the record. If all records are like that, they insist on TLS but \
          authenticate nobody.",
        help: "Publish `3 1 1` (the host's own key) or `2 0 1` (your authority's certificate).",
        clause: "RFC 7672 §3.1.3: usages 0 and 1 should not be published for SMTP",
        fails: tlsa!("true", "true", "1 1 1"),
        passes: Some(tlsa!("true", "true", "3 1 1")),
    }),
};

static TLSA_MALFORMED: Rule = Rule {
    code: "LIVE-083",
    name: "tlsa-malformed",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The TLSA record `{0}` has {1}",
    words: words(Words {
        why: "The record can match no certificate.",
        effect: "Senders ignore the record, or treat it as a failed look-up and skip the host.",
        help: "Generate the record again from the host's certificate.",
        clause: "RFC 6698 §2.1: the fields of a TLSA record; RFC 7671 §9",
        fails: facts!(
            r#""mx": [[10, "mail.example.com"]]"#,
            r#""tlsa": { "mail.example.com": { "ad": true, "records": ["3 1 1 abcd"] } }"#
        ),
        passes: Some(tlsa!("true", "true", "3 1 1")),
    }),
};

static DANE_PARTIAL: Rule = Rule {
    code: "LIVE-084",
    name: "dane-partial",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "DANE does not protect all MX hosts: {0}",
    words: words(Words {
        why: "Senders take MX hosts in the order of preference, protected or not. Whoever can disturb the \
          connections to the protected hosts makes them use the others, where only MTA-STS helps.",
        effect: "Senders authenticate some hosts by DANE and others not.",
        help: "Publish signed TLSA records for every MX host.",
        clause: "RFC 7672 §2.2.1: preference comes before security",
        fails: facts!(
            r#""mx": [[10, "mail.example.com"], [20, "backup.example.com"]]"#,
            r#""mx_ad": true"#,
            r#""tlsa": { "mail.example.com": { "ad": true, "records": ["3 1 1 abababababababababababababababababababababababababababababababab"] } }"#
        ),
        passes: Some(tlsa!("true", "true", "3 1 1")),
    }),
};

static DANE_INSECURE_MX: Rule = Rule {
    code: "LIVE-085",
    name: "dane-insecure-mx",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The MX hosts have signed TLSA records, but the MX records of `{0}` are not signed",
    words: words(Words {
        why: "Whoever can forge the MX records leads senders to another host. Here MTA-STS adds real value: its \
          list of hosts comes by HTTPS.",
        effect: "Senders may use DANE or not, and cannot rely on it.",
        help: "Nothing to do for MTA-STS. For DANE, sign the zone of the domain and publish its DS record.",
        clause: "RFC 7672 §2.2.1: behind insecure MX records DANE is optional, and still of use",
        fails: tlsa!("false", "true", "3 1 1"),
        passes: None,
    }),
};

static TLSA_PARAMETERS: Rule = Rule {
    code: "LIVE-088",
    name: "tlsa-parameters-not-recommended",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "The TLSA records of `{0}` {1}",
    words: words(Words {
        why: "`3 1 1` and `2 0 1` work with most senders, and `3 1 1` survives a renewal that keeps the key.",
        effect: "None with most senders; some cannot use the records.",
        help: "Publish `3 1 1` with the SHA-256 digest of the host's public key.",
        clause: "RFC 7672 §3.1; RFC 7671 §5.1, §5.2.1, §10.1.2: combinations that work best",
        fails: tlsa!("true", "true", "3 0 1"),
        passes: Some(tlsa!("true", "true", "3 1 1")),
    }),
};

static TLSA_MISMATCH: Rule = Rule {
    code: "LIVE-089",
    name: "tlsa-mismatch",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "No TLSA record of `{0}` matches the certificate that it shows",
    words: words(Words {
        why: "Usually the host got a new key or another authority, and the TLSA record of it was not published before.",
        effect: "Senders with DANE do not deliver to this host, whatever the MTA-STS policy says.",
        help: "Publish the TLSA record of the present key beside the old ones. Before the next change, publish the new record and \
          wait until the TTL has passed.",
        clause: "RFC 7672 §2.2, §3.1; RFC 6698 §2.1: what a TLSA record has to match",
        fails: facts!(
            r#""mx": [[10, "mail.example.com"]]"#,
            r#""mx_ad": true"#,
            r#""tlsa": { "mail.example.com": { "ad": true, "records": ["3 1 1 abababababababababababababababababababababababababababababababab"] } }"#,
            r#""smtp": { "mail.example.com": { "starttls": true, "certificate": { "tlsa": ["3 1 1 cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"] } } }"#,
            r#""tlsrpt": "ok""#
        ),
        passes: Some(facts!(
            r#""mx": [[10, "mail.example.com"]]"#,
            r#""mx_ad": true"#,
            r#""tlsa": { "mail.example.com": { "ad": true, "records": ["3 1 1 abababababababababababababababababababababababababababababababab"] } }"#,
            r#""smtp": { "mail.example.com": { "starttls": true, "certificate": { "tlsa": ["3 1 1 abababababababababababababababababababababababababababababababab"] } } }"#,
            r#""tlsrpt": "ok""#
        )),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::live;

    #[test]
    fn dane_active() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx": [[10, "mail.example.com"]],
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-080
              "mx_ad": true,
              "tlsa": { "mail.example.com": { "ad": true, "records": ["3 1 1 abababababababababababababababababababababababababababababababab"] } },
              "tlsrpt": "ok"
            }
            "#,
        );
    }

    #[test]
    fn tlsa_not_signed() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx": [[10, "mail.example.com"]],
              "mx_ad": true,
              "tlsa": { "mail.example.com": { "ad": false, "records": ["3 1 1 abababababababababababababababababababababababababababababababab"] } },
                                                    ^^^^^ LIVE-081
              "tlsrpt": "ok"
            }
            "#,
        );
    }

    #[test]
    fn tlsa_unusable_usage() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx": [[10, "mail.example.com"]],
              "mx_ad": true,
              "tlsa": { "mail.example.com": { "ad": true, "records": ["1 1 1 abababababababababababababababababababababababababababababababab"] } },
                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-082
              "tlsrpt": "ok"
            }
            "#,
        );
    }

    #[test]
    fn tlsa_malformed() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx": [[10, "mail.example.com"]],
              "tlsa": { "mail.example.com": { "ad": true, "records": ["3 1 1 abcd"] } }
                                                                     ^^^^^^^^^^^^^^ LIVE-083
            }
            "#,
        );
    }

    #[test]
    fn dane_partial() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx": [[10, "mail.example.com"], [20, "backup.example.com"]],
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-080
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-084
              "mx_ad": true,
              "tlsa": { "mail.example.com": { "ad": true, "records": ["3 1 1 abababababababababababababababababababababababababababababababab"] } }
            }
            "#,
        );
    }

    #[test]
    fn dane_insecure_mx() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx": [[10, "mail.example.com"]],
              "mx_ad": false,
                       ^^^^^ LIVE-085
              "tlsa": { "mail.example.com": { "ad": true, "records": ["3 1 1 abababababababababababababababababababababababababababababababab"] } },
              "tlsrpt": "ok"
            }
            "#,
        );
    }

    #[test]
    fn tlsa_parameters_not_recommended() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx": [[10, "mail.example.com"]],
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-080
              "mx_ad": true,
              "tlsa": { "mail.example.com": { "ad": true, "records": ["3 0 1 abababababababababababababababababababababababababababababababab"] } },
                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-088
              "tlsrpt": "ok"
            }
            "#,
        );
    }

    #[test]
    fn tlsa_mismatch() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx": [[10, "mail.example.com"]],
              "mx_ad": true,
              "tlsa": { "mail.example.com": { "ad": true, "records": ["3 1 1 abababababababababababababababababababababababababababababababab"] } },
                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-089
              "smtp": { "mail.example.com": { "starttls": true, "certificate": { "tlsa": ["3 1 1 cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"] } } },
              "tlsrpt": "ok"
            }
            "#,
        );
    }
}
