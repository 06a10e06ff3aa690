//! What a person saw where a browser can't look: the output of `curl` and of `openssl s_client`.

use super::certificate;
use super::facts::{Certificate, Fetch, FetchFailure, Fetched, Response, Smtp};
use crate::http;
use base64ct::{Base64Unpadded, Encoding};

/// Why a text is not the output of the command.
pub type NotIt = &'static str;

/// Reads what `curl -i` printed when it was asked for a policy: status, header and body, or the error
/// that it ended with. `line_ends_lost` says that the text came through a text field.
///
/// # Errors
///
/// A sentence for the person who pasted it.
pub fn fetch(text: &[u8], line_ends_lost: bool) -> Result<Fetch, NotIt> {
    // What a body has in it need not be text.
    let readable = text.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let start = readable.len() - readable.trim_start().len();
    let mut headers = Vec::new();
    let (status, body) = http::answer(readable, start, &mut |name, value, _| {
        headers.push((name.trim().to_owned(), value.to_owned()));
    });
    let rest = &text[body..];
    let came =
        |outcome| Fetch { outcome, certificate: Certificate::default(), tls: None, seconds: None };
    if let Some((status, _)) = status {
        // The body of what curl was led to is not the body of the redirect.
        let body = (status == 200).then(|| rest.to_vec());
        let response = Response { status, headers: Some(headers), body, line_ends_lost };
        return Ok(came(Fetched::Response(response)));
    }
    let text = String::from_utf8_lossy(text);
    if let Some(at) = text.find("curl: (") {
        return Ok(came(Fetched::Failed(curl_error(&text[at..])?)));
    }
    // What a browser showed: the policy alone.
    if ["version", "mode", "max_age"].iter().any(|field| text.contains(field)) {
        let body = Some(rest.to_vec());
        let response = Response { body, line_ends_lost, ..Response::default() };
        return Ok(came(Fetched::Response(response)));
    }
    Err(if rest.is_empty() {
        "There is nothing in it."
    } else {
        "This is neither what curl -i prints (its first line begins with HTTP/) nor a policy."
    })
}

/// What an error of curl says of the policy host. (curl's own manual lists the numbers.)
fn curl_error(text: &str) -> Result<FetchFailure, NotIt> {
    let line = text.lines().next().unwrap_or_default().to_ascii_lowercase();
    let number = line.trim_start_matches("curl: (").split(')').next().unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| line.contains(word));
    Ok(match number {
        "7" | "28" | "52" | "56" => FetchFailure::Connect,
        "51" => FetchFailure::CertificateName,
        "60" if says(&["expired", "not yet valid"]) => FetchFailure::CertificateExpired,
        "60" if says(&["subject name", "host name", "hostname"]) => FetchFailure::CertificateName,
        "60" => FetchFailure::CertificateUntrusted,
        "35" if says(&["unsupported protocol", "protocol version"]) => FetchFailure::TlsTooOld,
        "35" => FetchFailure::Tls,
        "5" | "6" => {
            return Err(
                "curl could not look the name up. That says what its resolver knows, not what \
                        the domain has.",
            );
        }
        "77" => {
            return Err(
                "curl has no list of certificate authorities on that machine, so it can't \
                        judge the certificate. Install one, or run it elsewhere.",
            );
        }
        _ => return Err("curl stopped with an error that says nothing about the policy host."),
    })
}

/// Reads what `openssl s_client -starttls smtp` printed about an MX host.
///
/// # Errors
///
/// A sentence for the person who pasted it.
pub fn smtp(text: &str) -> Result<Smtp, NotIt> {
    let has = |words: &str| text.contains(words);
    if !has("CONNECTED(") {
        return Err(if has("connect:errno") || has("Connection refused") || has("timed out") {
            "openssl got no connection. Many networks block port 25: try from a server, or leave it."
        } else if text.trim().is_empty() {
            "There is nothing in it."
        } else {
            "This is not what openssl s_client prints: it begins with CONNECTED."
        });
    }
    // It says so when the server's answer to EHLO lacks STARTTLS, and then tries all the same.
    if has("find STARTTLS in server response") {
        return Ok(Smtp { starttls: Some(false), certificate: Certificate::default() });
    }
    let Some(der) = first_certificate(text) else {
        return Err(
            "There is no certificate in it. Run openssl as it stands above, and paste all that \
                    it prints.",
        );
    };
    let Some(mut certificate) = certificate::read(&der) else {
        return Err("The certificate in it is damaged: a part of it may be missing.");
    };
    let code = text.rsplit("Verify return code: ").next().filter(|_| has("Verify return code: "));
    let code: Option<u16> = code.and_then(|rest| rest.split(' ').next()?.parse().ok());
    certificate.trusted = match code {
        Some(0) => Some(true),
        // Self-signed; or the chain does not lead to a root that this machine knows.
        Some(18..=21) => Some(false),
        _ => None,
    };
    Ok(Smtp { starttls: Some(true), certificate })
}

/// The bytes of the first PEM block (RFC 7468 §5).
fn first_certificate(text: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    let digits: String = body.chars().filter(|c| !c.is_whitespace() && *c != '=').collect();
    Base64Unpadded::decode_vec(&digits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_status_header_and_body() {
        let text = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200 \r\ncontent-type: text/plain\r\n\r\nversion: STSv1\r\n";
        let Ok(Fetch { outcome: Fetched::Response(response), .. }) = fetch(text, false) else {
            panic!("it is an answer");
        };
        assert_eq!((response.status, response.header("Content-Type")), (200, Some("text/plain")));
        assert_eq!(response.body.as_deref(), Some(&b"version: STSv1\r\n"[..]));
        assert!(!response.line_ends_lost);
    }

    #[test]
    fn a_policy_alone_is_a_body_whose_status_was_not_seen() {
        let Ok(Fetch { outcome: Fetched::Response(response), .. }) =
            fetch(b"\nversion: STSv1\nmode: none\n", true)
        else {
            panic!("it is a policy");
        };
        assert_eq!((response.status, response.headers), (0, None));
        assert_eq!(response.body.as_deref(), Some(&b"version: STSv1\nmode: none\n"[..]));
    }

    #[test]
    fn after_a_redirect_the_first_answer_counts() {
        let text = b"HTTP/1.1 301 Moved\nLocation: /x\n\nHTTP/1.1 200 OK\n\nversion: STSv1\n";
        let Ok(Fetch { outcome: Fetched::Response(response), .. }) = fetch(text, true) else {
            panic!("it is an answer");
        };
        assert_eq!((response.status, response.body), (301, None));
    }

    #[test]
    fn errors_of_curl_are_facts_where_they_are_about_the_host() {
        for (text, failure) in [
            ("curl: (7) Failed to connect to mta-sts.example.com port 443", FetchFailure::Connect),
            ("curl: (28) Operation timed out", FetchFailure::Connect),
            ("curl: (35) TLS connect error: unsupported protocol", FetchFailure::TlsTooOld),
            ("curl: (35) TLS connect error", FetchFailure::Tls),
            (
                "curl: (60) SSL certificate problem: certificate has expired",
                FetchFailure::CertificateExpired,
            ),
            (
                "curl: (60) SSL: no alternative certificate subject name matches target host name 'x'",
                FetchFailure::CertificateName,
            ),
            (
                "curl: (60) SSL certificate problem: unable to get local issuer certificate",
                FetchFailure::CertificateUntrusted,
            ),
        ] {
            let got = fetch(text.as_bytes(), true).map(|fetch| fetch.outcome);
            assert_eq!(got, Ok(Fetched::Failed(failure)), "{text}");
        }
    }

    #[test]
    fn what_says_nothing_about_the_host_is_refused_with_a_reason() {
        for (text, words) in [
            ("", "nothing in it"),
            ("curl: (6) Could not resolve host: mta-sts.example.com", "resolver"),
            ("curl: (77) error setting certificate file", "list of certificate authorities"),
            ("curl: (3) URL rejected", "nothing about the policy host"),
            ("hello", "neither what curl -i prints"),
        ] {
            let why = fetch(text.as_bytes(), true).expect_err(text);
            assert!(why.contains(words), "{text}: {why}");
        }
    }

    #[test]
    fn openssl_tells_names_dates_trust_and_starttls() {
        let good = include_str!("../../tests/data/s_client.txt");
        let smtp_of = |text: &str| smtp(text).expect("it is the output");
        let seen = smtp_of(good);
        assert_eq!(seen.starttls, Some(true));
        let Certificate { names, not_before, not_after, trusted, .. } = seen.certificate;
        assert_eq!(names, Some(vec!["mail.example.com".into(), "*.mx.example.com".into()]));
        assert_eq!(
            not_before.and_then(crate::time::rfc3339).as_deref(),
            Some("2026-01-01T00:00:00Z")
        );
        assert_eq!(
            not_after.and_then(crate::time::rfc3339).as_deref(),
            Some("2050-02-01T12:30:00Z")
        );
        assert_eq!(trusted, Some(false), "it signed itself");
        let trusted = |code: &str| {
            let text =
                good.replace("Verify return code: 18", &format!("Verify return code: {code}"));
            smtp_of(&text).certificate.trusted
        };
        assert_eq!([trusted("0"), trusted("10"), trusted("62")], [Some(true), None, None]);
        let without =
            "CONNECTED(00000003)\nDidn't find STARTTLS in server response, trying anyway...\n";
        assert_eq!(smtp_of(without).starttls, Some(false));
    }

    #[test]
    fn what_openssl_did_not_see_is_no_fact() {
        for (text, words) in [
            ("", "nothing in it"),
            ("40A7:error:8000006F:system library:BIO_connect:Connection refused", "port 25"),
            ("connect:errno=111", "port 25"),
            ("CONNECTED(00000003)\nno peer certificate available", "no certificate"),
            (
                "CONNECTED(00000003)\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                "damaged",
            ),
            ("220 mail.example.com ESMTP", "not what openssl"),
        ] {
            let why = smtp(text).expect_err(text);
            assert!(why.contains(words), "{text}: {why}");
        }
    }

    #[test]
    fn any_cut_of_a_certificate_is_read_without_harm() {
        let good = include_str!("../../tests/data/s_client.txt");
        let der = first_certificate(good).expect("there is one");
        for end in 0..der.len() {
            assert_eq!(certificate::read(&der[..end]), None, "{end}");
            let mut damaged = der.clone();
            damaged[end] ^= 0xff;
            let _ = certificate::read(&damaged);
        }
    }
}
