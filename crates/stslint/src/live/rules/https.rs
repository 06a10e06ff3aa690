//! The fetch of the policy: connection, certificate, time (RFC 8461 §3.3). What the HTTP answer
//! itself says is judged in `http`.

use super::{About, Notes, shown};
use crate::finding::{Arg, Severity};
use crate::http::{self, Head};
use crate::live::deployment::{Deployment, certificate_fault, policy_host};
use crate::live::facts::{Certificate, Fact, Fetch, FetchFailure, Fetched, Lookup, Response};
use crate::policy::PATIENCE;
use crate::rule::{Rule, Words, words};
use crate::text::Span;

pub(super) const RULES: &[&Rule] = &[
    &FETCH_NOT_OBSERVABLE,
    &HTTPS_CONNECT_FAILED,
    &HTTPS_CERT_NAME_MISMATCH,
    &HTTPS_CERT_EXPIRED,
    &HTTPS_CERT_UNTRUSTED,
    &HTTPS_TLS_TOO_OLD,
    &SLOW_RESPONSE,
    &HTTPS_CERT_EXPIRING_SOON,
    &HTTP_CACHE_HEADER,
];

/// What many senders wait at least, in seconds.
const SLOW: f64 = 10.0;

/// What senders are advised to wait at most, in seconds.
const TIMEOUT: f64 = PATIENCE as f64;

/// When a certificate should have been renewed, in days before its end, unless its whole lifetime is short: then in its
/// last quarter.
const RENEWAL: i64 = 14;

const DAY: i64 = 86_400;

pub(super) fn check(deployment: &Deployment, notes: &mut Notes) {
    if deployment.policy_host_is_idle() {
        return;
    }
    match &deployment.facts.fetch {
        Fact::Known(fetch) => {
            connection(fetch, deployment, notes);
            if let Fetched::Response(response) = &fetch.outcome {
                answer(response, notes);
            }
        }
        // A policy that was pasted or read otherwise makes up for it.
        fetch if fetch.is_hidden() && deployment.policy.known().is_none() => {
            notes.add(&FETCH_NOT_OBSERVABLE, About::Fetch);
        }
        Fact::Unknown(_) => {}
    }
}

/// 041 to 045, 051, 052: one cause for each fetch.
fn connection(fetch: &Fetch, deployment: &Deployment, notes: &mut Notes) {
    let (name, now) = (policy_host(deployment.facts), deployment.facts.now);
    let seen = certificate_fault(&fetch.certificate, &name, now);
    // Without an address there is no connection: the look-up of the address says why.
    let no_address = !matches!(
        deployment.facts.policy_host.outcome(),
        Fact::Known(Lookup::Data(())) | Fact::Unknown(_)
    );
    let said = match fetch.outcome {
        Fetched::Failed(FetchFailure::Connect) if no_address => None,
        Fetched::Failed(failure) => Some(failure),
        Fetched::Response(_) => None,
    };
    let too_old = fetch.tls.is_some_and(|tls| tls < 12).then_some(FetchFailure::TlsTooOld);
    match seen.or(too_old).or(said) {
        Some(FetchFailure::Connect) => {
            notes
                .add(&HTTPS_CONNECT_FAILED, About::Fetch)
                .at(&["error"])
                .name(&name)
                .words("no connection");
        }
        Some(FetchFailure::Tls) => {
            notes
                .add(&HTTPS_CONNECT_FAILED, About::Fetch)
                .at(&["error"])
                .name(&name)
                .words("no TLS session");
        }
        Some(FetchFailure::Protocol) => {
            notes
                .add(&HTTPS_CONNECT_FAILED, About::Fetch)
                .at(&["error"])
                .name(&name)
                .words("TLS works, but no whole HTTP answer comes");
        }
        Some(FetchFailure::CertificateName) => {
            notes
                .add(&HTTPS_CERT_NAME_MISMATCH, About::Fetch)
                .at(&["cert_san", "certificate/names", "error"])
                .name(&name);
        }
        Some(FetchFailure::CertificateExpired) => {
            notes.add(&HTTPS_CERT_EXPIRED, About::Fetch).at(&["certificate", "error"]).name(&name);
        }
        Some(FetchFailure::CertificateUntrusted) => {
            notes
                .add(&HTTPS_CERT_UNTRUSTED, About::Fetch)
                .at(&["certificate/trusted", "error"])
                .name(&name);
        }
        Some(FetchFailure::TlsTooOld) => {
            notes.add(&HTTPS_TLS_TOO_OLD, About::Fetch).at(&["tls", "error"]).name(&name);
        }
        Some(FetchFailure::Redirect) => {
            notes.add(&http::HTTP_REDIRECT, About::Fetch).at(&["status", "error"]).words("unknown");
        }
        None => {}
    }
    if let Some(seconds) = fetch.seconds.filter(|seconds| *seconds > SLOW) {
        let words = if seconds > TIMEOUT {
            "senders are advised to give up after 60"
        } else {
            "some senders give up earlier"
        };
        notes
            .add(&SLOW_RESPONSE, About::Fetch)
            .at(&["seconds"])
            .words(format!("{seconds:.0}"))
            .words(words);
    }
    if let Some(end) = ends_soon(&fetch.certificate, now) {
        notes
            .add(&HTTPS_CERT_EXPIRING_SOON, About::Fetch)
            .at(&["certificate/not_after"])
            .words(end);
    }
}

/// When a certificate ends, in words, if it should have been renewed by now.
pub(super) fn ends_soon(certificate: &Certificate, now: Option<i64>) -> Option<String> {
    let (now, end) = now.zip(certificate.not_after)?;
    let left = end.checked_sub(now).filter(|left| *left >= 0)?;
    let lifetime = certificate.not_before.and_then(|start| end.checked_sub(start));
    let quarter = lifetime.map_or(i64::MAX, |lifetime| lifetime / 4);
    (left < quarter.min(RENEWAL * DAY)).then(|| match left / DAY {
        0 => "within a day".into(),
        1 => "in 1 day".into(),
        days => format!("in {days} days"),
    })
}

/// 046 to 050, and 053.
fn answer(response: &Response, notes: &mut Notes) {
    let at = Span::at(0);
    // A media type that is not known is not missing.
    let known = response.headers.is_some();
    let content_type = response.header("content-type");
    if response.status != 0 && (known || response.status != 200) {
        let head = Head {
            status: (response.status, at),
            content_type: content_type.map(|value| (value, at)),
            location: None,
        };
        let mut findings = Vec::new();
        http::check(&head, &mut findings);
        for mut finding in findings {
            // There is no text to quote from.
            for arg in finding.args.iter_mut().filter(|arg| matches!(arg, Arg::Source(_))) {
                *arg = Arg::Text(shown(content_type.unwrap_or_default()).into());
            }
            let of_status = [&http::HTTP_REDIRECT, &http::STATUS_NOT_200].contains(&finding.rule);
            let found = notes.add(finding.rule, About::Fetch);
            found.at(if of_status {
                &["status"]
            } else {
                &["content_type", "headers/content-type", "headers"]
            });
            found.finding.args = finding.args;
        }
    }
    // An ETag says nothing about time (RFC 9110 §8.8.3), and nearly every web server sends one.
    let caches = ["cache-control", "expires"];
    if response.status == 200
        && let Some(name) = caches.into_iter().find(|n| response.header(n).is_some())
    {
        notes
            .add(&HTTP_CACHE_HEADER, About::Fetch)
            .at(&["headers/cache-control", "headers/expires"])
            .words(match name {
                "cache-control" => "Cache-Control",
                _ => "Expires",
            });
    }
}

static FETCH_NOT_OBSERVABLE: Rule = Rule {
    code: "LIVE-040",
    name: "fetch-not-observable",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The policy could not be read",
    words: words(Words {
        why: "A browser lets a page read another host's answer only if that host allows it, and policy hosts \
          have no reason to. That says nothing about the domain.",
        effect: "Unknown.",
        help: "Run `curl -sS -i --max-redirs 0 --max-time 60` with the address of the policy, and paste what it prints.",
        clause: "Practice: browsers read other hosts' answers only with their consent (CORS)",
        fails: facts!(r#""sts_txt": "ok""#, r#""http": { "error": "opaque" }"#),
        passes: None,
    }),
};

static HTTPS_CONNECT_FAILED: Rule = Rule {
    code: "LIVE-041",
    name: "https-connect-failed",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` does not answer by HTTPS: {1}",
    words: words(Words {
        why: "The policy is fetched by HTTPS on port 443 only: a connection, a TLS session, and an HTTP answer \
          that is whole.",
        effect: "Senders get no policy and report `sts-policy-fetch-error`. Those with a copy keep it.",
        help: "Let the web server answer HTTPS for this name, and open port 443. `curl -v` shows how far it gets.",
        clause: "RFC 8461 §3.3: the policy is fetched by HTTPS",
        fails: facts!(r#""sts_txt": "ok""#, r#""http": { "error": "connect" }"#),
        passes: Some(good!(r#""http": { "status": 200, "content_type": "text/plain" }"#)),
    }),
};

static HTTPS_CERT_NAME_MISMATCH: Rule = Rule {
    code: "LIVE-042",
    name: "https-cert-name-mismatch",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The certificate of the policy host is not for `{0}`",
    words: words(Words {
        why: "Only the DNS names of the certificate count, and a wildcard stands for one whole label: \
          `*.example.com` covers `mta-sts.example.com`. Typical mistakes are certificates for the bare domain and `www`, \
          or for the provider's own name.",
        effect: "Senders refuse the policy and report `sts-webpki-invalid`.",
        help: "Get a certificate that names the policy host.",
        clause: "RFC 8461 §3.3: the certificate must name the policy host; RFC 9525 §6.3",
        fails: facts!(
            r#""sts_txt": "ok""#,
            r#""http": { "error": "tls", "cert_san": ["example.com", "www.example.com"] }"#
        ),
        passes: Some(good!(
            r#""http": { "status": 200, "content_type": "text/plain", "cert_san": ["*.example.com"] }"#
        )),
    }),
};

pub(crate) static HTTPS_CERT_EXPIRED: Rule = Rule {
    code: "LIVE-043",
    name: "https-cert-expired",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The certificate of `{0}` has expired or is not valid yet",
    words: words(Words {
        why: "Usually the automatic renewal has failed.",
        effect: "Senders refuse the policy and report `sts-webpki-invalid`.",
        help: "Renew the certificate and load it into the web server.",
        clause: "RFC 8461 §3.3: the certificate must not be expired",
        fails: facts!(r#""sts_txt": "ok""#, r#""http": { "error": "cert-expired" }"#),
        passes: Some(good!(
            r#""date": "2026-10-01T00:00:00Z""#,
            r#""http": { "status": 200, "certificate": { "not_after": "2026-12-01T00:00:00Z" } }"#
        )),
    }),
};

pub(crate) static HTTPS_CERT_UNTRUSTED: Rule = Rule {
    code: "LIVE-044",
    name: "https-cert-untrusted",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The certificate of `{0}` does not lead to a root that senders trust",
    words: words(Words {
        why: "It is self-signed, comes from a private authority, or the server does not send the intermediate \
          certificates. Browsers can find missing ones themselves; mail servers do not.",
        effect: "Senders refuse the policy and report `sts-webpki-invalid`.",
        help: "Use a certificate of a public authority and let the server send the whole chain.",
        clause: "RFC 8461 §3.3: the certificate must lead to a root that the sender trusts",
        fails: facts!(r#""sts_txt": "ok""#, r#""http": { "error": "cert-untrusted" }"#),
        passes: Some(good!(r#""http": { "status": 200, "certificate": { "trusted": true } }"#)),
    }),
};

static HTTPS_TLS_TOO_OLD: Rule = Rule {
    code: "LIVE-045",
    name: "https-tls-too-old",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` speaks nothing newer than TLS 1.1",
    words: words(Words {
        why: "TLS 1.0 and 1.1 must not be used any more, and current software refuses them.",
        effect: "Senders get no policy and report `sts-policy-fetch-error`.",
        help: "Enable TLS 1.2 and 1.3.",
        clause: "RFC 8461 §7.2: TLS 1.2 or newer; RFC 9325 §3.1.1",
        fails: facts!(r#""sts_txt": "ok""#, r#""http": { "error": "tls-too-old" }"#),
        passes: Some(good!(r#""http": { "status": 200, "tls": "1.2" }"#)),
    }),
};

static SLOW_RESPONSE: Rule = Rule {
    code: "LIVE-051",
    name: "slow-response",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The policy took {0} seconds to come; {1}",
    words: words(Words {
        why: "Senders wait between 15 and 60 seconds. Hosting that starts a program for the first request may \
          be too slow.",
        effect: "Senders that gave up get no policy and report `sts-policy-fetch-error`.",
        help: "Serve the policy as a static file.",
        clause: "RFC 8461 §3.3: senders may give up, after 60 seconds as a suggestion",
        fails: good!(r#""http": { "status": 200, "content_type": "text/plain", "seconds": 45 }"#),
        passes: Some(good!(
            r#""http": { "status": 200, "content_type": "text/plain", "seconds": 0.3 }"#
        )),
    }),
};

static HTTPS_CERT_EXPIRING_SOON: Rule = Rule {
    code: "LIVE-052",
    name: "https-cert-expiring-soon",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The certificate of the policy host ends {0}",
    words: words(Words {
        why: "Automatic renewal should have replaced it by now.",
        effect: "None yet. Once it has expired, senders refuse the policy.",
        help: "Check the automatic renewal.",
        clause: "Practice: certificates are renewed weeks before they end",
        fails: good!(
            r#""date": "2026-10-01T00:00:00Z""#,
            r#""http": { "status": 200, "certificate": { "not_after": "2026-10-06T00:00:00Z" } }"#
        ),
        passes: Some(good!(
            r#""date": "2026-10-01T00:00:00Z""#,
            r#""http": { "status": 200, "certificate": { "not_after": "2026-12-01T00:00:00Z" } }"#
        )),
    }),
};

static HTTP_CACHE_HEADER: Rule = Rule {
    code: "LIVE-053",
    name: "http-cache-header",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The header `{0}` does not affect how long senders keep the policy",
    words: words(Words {
        why: "Only max_age in the policy says that. A content delivery network may obey the header, though, and \
          serve the old policy after a change.",
        effect: "None: senders must not use HTTP caches.",
        help: "After a change of the policy, empty the cache in front of it before you change the id.",
        clause: "RFC 8461 §3.3, §8.2: no HTTP caching by senders; reverse proxies may",
        fails: good!(
            r#""http": { "status": 200, "headers": { "Content-Type": "text/plain", "Cache-Control": "max-age=86400" } }"#
        ),
        passes: None,
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::live;

    #[test]
    fn fetch_not_observable() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "http": { "error": "opaque" }
                      ^^^^^^^^^^^^^^^^^^^^^ LIVE-040
            }
            "#,
        );
    }

    #[test]
    fn https_connect_failed() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "http": { "error": "connect" }
                      ^^^^^^^^^^^^^^^^^^^^^^ LIVE-003
                                 ^^^^^^^^^ LIVE-041
            }
            "#,
        );
    }

    #[test]
    fn https_cert_name_mismatch() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "http": { "error": "tls", "cert_san": ["example.com", "www.example.com"] }
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-003
                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-042
            }
            "#,
        );
    }

    #[test]
    fn https_cert_expired() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "http": { "error": "cert-expired" }
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-003
                                 ^^^^^^^^^^^^^^ LIVE-043
            }
            "#,
        );
    }

    #[test]
    fn https_cert_untrusted() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "http": { "error": "cert-untrusted" }
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-003
                                 ^^^^^^^^^^^^^^^^ LIVE-044
            }
            "#,
        );
    }

    #[test]
    fn https_tls_too_old() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "http": { "error": "tls-too-old" }
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-003
                                 ^^^^^^^^^^^^^ LIVE-045
            }
            "#,
        );
    }

    #[test]
    fn slow_response() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "http": { "status": 200, "content_type": "text/plain", "seconds": 45 }
                                                                                ^^ LIVE-051
            }
            "#,
        );
    }

    #[test]
    fn https_cert_expiring_soon() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "date": "2026-10-01T00:00:00Z",
              "http": { "status": 200, "certificate": { "not_after": "2026-10-06T00:00:00Z" } }
                                                                     ^^^^^^^^^^^^^^^^^^^^^^ LIVE-052
            }
            "#,
        );
    }

    #[test]
    fn http_cache_header() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "http": { "status": 200, "headers": { "Content-Type": "text/plain", "Cache-Control": "max-age=86400" } }
                                                                                                   ^^^^^^^^^^^^^^^ LIVE-053
            }
            "#,
        );
    }

    #[test]
    fn an_etag_is_no_cache_header() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "http": { "status": 200, "headers": { "Content-Type": "text/plain", "ETag": "\"6a5f-49\"" } }
            }
            "#,
        );
    }
}
