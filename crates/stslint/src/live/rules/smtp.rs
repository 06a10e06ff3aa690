//! What MX hosts say on port 25 (RFC 8461 §4.2).

use super::https::ends_soon;
use super::{About, Notes};
use crate::finding::Severity;
use crate::live::deployment::{Deployment, certificate_fault};
use crate::live::facts::{FetchFailure, Smtp, StartTlsFailure};
use crate::policy::Mode;
use crate::rule::{Example, Rule, Words, words};

pub(super) const RULES: &[&Rule] =
    &[&MX_CERT_MISMATCH, &MX_CERT_MISMATCH_TESTING, &MX_NOT_READY, &MX_CERT_EXPIRING_SOON];

pub(super) fn check(deployment: &Deployment, notes: &mut Notes) {
    let policy = deployment.policy.known();
    let rule = match policy.map(|values| values.as_ref().and_then(|values| values.mode)) {
        // Whoever gives MTA-STS up has been told enough.
        Some(Some(Mode::None)) => return,
        // Without a policy nobody looks at the certificate yet.
        Some(None) => &MX_NOT_READY,
        _ if deployment.unannounced() => &MX_NOT_READY,
        Some(Some(Mode::Testing)) => &MX_CERT_MISMATCH_TESTING,
        Some(Some(Mode::Enforce)) | None => &MX_CERT_MISMATCH,
    };
    for name in deployment.mail.hosts() {
        let Some(smtp) = deployment.facts.hosts.get(name).and_then(|host| host.smtp.known()) else {
            continue;
        };
        if let Some(fault) = fault(smtp, name, deployment.facts.now) {
            notes
                .add(rule, About::Smtp(name.clone()))
                .at(&["error", "certificate"])
                .name(name)
                .words(fault);
        } else if rule != &MX_NOT_READY
            && let Some(end) = ends_soon(&smtp.certificate, deployment.facts.now)
        {
            notes
                .add(&MX_CERT_EXPIRING_SOON, About::Smtp(name.clone()))
                .at(&["certificate/not_after"])
                .name(name)
                .words(end);
        }
    }
}

/// Why senders do not accept a host's TLS.
fn fault(smtp: &Smtp, name: &str, now: Option<i64>) -> Option<&'static str> {
    if smtp.starttls == Some(false) {
        return Some("does not offer STARTTLS");
    }
    if let Some(failure) = smtp.failure {
        return Some(match failure {
            StartTlsFailure::Refused => "offers STARTTLS and then refuses it",
            StartTlsFailure::Tls => "offers STARTTLS, but the TLS handshake fails",
            StartTlsFailure::TlsTooOld => "speaks nothing newer than TLS 1.1",
        });
    }
    Some(match certificate_fault(&smtp.certificate, name, now)? {
        FetchFailure::CertificateName => "shows a certificate for other names",
        FetchFailure::CertificateExpired => {
            "shows a certificate that has expired or is not valid yet"
        }
        _ => "shows a certificate that leads to no trusted root",
    })
}

/// What a host is to do where a policy is enforced.
macro_rules! ready {
    ($start:literal) => {
        concat!(
            $start,
            " the host offer STARTTLS with TLS 1.2 or 1.3, give it a certificate of a public authority for its own name, and send the \
             whole chain."
        )
    };
}

/// A host that does so.
const READY: Example = good!(
    r#""smtp": { "mail.example.com": { "starttls": true, "certificate": { "names": ["mail.example.com"] } } }"#
);

static MX_CERT_MISMATCH: Rule = Rule {
    code: "LIVE-069",
    name: "mx-cert-mismatch",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The MX host `{0}` {1}",
    words: words(Words {
        why: "Senders compare the certificate with the name of the MX host, not with the mx pattern and not \
          with your mail domain.",
        effect: "With `enforce`, senders skip this host, and mail waits if no other one is left.",
        help: ready!("Let"),
        clause: "RFC 8461 §4.2, §7.1: the certificate has to be valid for the MX host",
        fails: good!(
            r#""smtp": { "mail.example.com": { "starttls": true, "certificate": { "names": ["www.example.com"] } } }"#
        ),
        passes: Some(READY),
    }),
};

static MX_CERT_MISMATCH_TESTING: Rule = Rule {
    code: "LIVE-071",
    name: "mx-cert-mismatch-testing",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The MX host `{0}` {1}; with `enforce` it would get no mail",
    words: words(Words {
        why: "In mode `testing` this only leads to reports. With `enforce`, senders would not deliver to the host.",
        effect: "Senders deliver and report a failure.",
        help: ready!("Before you enforce the policy, let"),
        clause: "RFC 8461 §4.2, §5, §7.1: with testing, mail is delivered and the failure reported",
        fails: facts!(
            r#""sts_txt": "ok""#,
            r#""policy": { "mode": "testing", "mx": ["mail.example.com"], "max_age": 604800 }"#,
            r#""mx": [[10, "mail.example.com"]]"#,
            r#""smtp": { "mail.example.com": { "starttls": false } }"#
        ),
        passes: Some(READY),
    }),
};

static MX_NOT_READY: Rule = Rule {
    code: "LIVE-072",
    name: "mx-not-ready",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "The MX host `{0}` {1}; a policy in mode `enforce` would hold mail back here",
    words: words(Words {
        why: "Without a policy that a record announces, senders deliver all the same. With one in mode `enforce` they would not.",
        effect: "None yet. Senders encrypt only if nobody on the way prevents it, and check no certificate.",
        help: ready!("Before you enforce a policy, let"),
        clause: "RFC 8461 §4.2, §7.1: what a host needs where a policy is enforced",
        fails: facts!(
            r#""sts_txt": "absent""#,
            r#""policy": null"#,
            r#""mx": [[10, "mail.example.com"]]"#,
            r#""smtp": { "mail.example.com": { "starttls": false } }"#
        ),
        passes: Some(READY),
    }),
};

static MX_CERT_EXPIRING_SOON: Rule = Rule {
    code: "LIVE-074",
    name: "mx-cert-expiring-soon",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The certificate of the MX host `{0}` ends {1}",
    words: words(Words {
        why: "Automatic renewal should have replaced it by now.",
        effect: "None yet. Once it has expired, senders treat it as a failure, and with `enforce` they skip this host.",
        help: "Check the automatic renewal, and that the mail server loads the new certificate.",
        clause: "Practice: certificates are renewed weeks before they end",
        fails: good!(
            r#""date": "2026-10-01T00:00:00Z""#,
            r#""smtp": { "mail.example.com": { "starttls": true, "certificate": { "not_after": "2026-10-06T00:00:00Z" } } }"#
        ),
        passes: Some(good!(
            r#""date": "2026-10-01T00:00:00Z""#,
            r#""smtp": { "mail.example.com": { "starttls": true, "certificate": { "not_after": "2026-12-01T00:00:00Z" } } }"#
        )),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::live;

    #[test]
    fn mx_cert_mismatch() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "smtp": { "mail.example.com": { "starttls": true, "certificate": { "names": ["www.example.com"] } } }
                                                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-069
            }
            "#,
        );
    }

    #[test]
    fn mx_cert_mismatch_testing() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "testing", "mx": ["mail.example.com"], "max_age": 604800 },
              "mx": [[10, "mail.example.com"]],
              "smtp": { "mail.example.com": { "starttls": false } }
                                            ^^^^^^^^^^^^^^^^^^^^^ LIVE-071
            }
            "#,
        );
    }

    #[test]
    fn mx_not_ready() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "absent",
                         ^^^^^^^^ LIVE-001
              "policy": null,
              "mx": [[10, "mail.example.com"]],
              "smtp": { "mail.example.com": { "starttls": false } }
                                            ^^^^^^^^^^^^^^^^^^^^^ LIVE-072
            }
            "#,
        );
    }

    #[test]
    fn mx_cert_expiring_soon() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "date": "2026-10-01T00:00:00Z",
              "smtp": { "mail.example.com": { "starttls": true, "certificate": { "not_after": "2026-10-06T00:00:00Z" } } }
                                                                                              ^^^^^^^^^^^^^^^^^^^^^^ LIVE-074
            }
            "#,
        );
    }
}
