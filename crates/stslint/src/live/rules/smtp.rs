//! What MX hosts say on port 25 (RFC 8461 §4.2).

use super::{About, Notes};
use crate::finding::Severity;
use crate::live::deployment::{Deployment, RecordStatus, certificate_fault};
use crate::live::facts::{Fact, FetchFailure, Smtp, StartTlsFailure};
use crate::policy::Mode;
use crate::rule::{Rule, Words, words};

pub(super) const RULES: &[&Rule] = &[&MX_CERT_MISMATCH];

pub(super) fn check(deployment: &Deployment, notes: &mut Notes) {
    // Without a policy nobody looks at the certificate.
    let no_policy = match &deployment.policy {
        Fact::Known(Some(values)) => values.mode == Some(Mode::None),
        Fact::Known(None) => true,
        Fact::Unknown(_) => matches!(deployment.sts, Fact::Known(RecordStatus::Absent)),
    };
    if no_policy {
        return;
    }
    for name in deployment.mail.hosts() {
        let Some(smtp) = deployment.facts.hosts.get(name).and_then(|host| host.smtp.known()) else {
            continue;
        };
        if let Some(fault) = fault(smtp, name, deployment.facts.now) {
            notes
                .add(&MX_CERT_MISMATCH, About::Smtp(name.clone()))
                .at(&["error", "certificate"])
                .name(name)
                .words(fault);
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
        effect: "With `enforce`, senders skip this host, and mail waits if no other one is left. With \
          `testing`, they deliver and report it.",
        help: "Let the host offer STARTTLS with TLS 1.2 or 1.3, give it a certificate of a public authority for its \
          own name, and send the whole chain.",
        clause: "RFC 8461 §4.2, §7.1: the certificate has to be valid for the MX host",
        fails: good!(
            r#""smtp": { "mail.example.com": { "starttls": true, "certificate": { "names": ["www.example.com"] } } }"#
        ),
        passes: Some(good!(
            r#""smtp": { "mail.example.com": { "starttls": true, "certificate": { "names": ["mail.example.com"] } } }"#
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
}
