//! What a person saw where a browser can't look: the output of `curl` and of `openssl s_client`.

use super::certificate;
use super::facts::{Certificate, Fetch, FetchFailure, Fetched, Response, Smtp};
use crate::http;
use base64ct::{Base64Unpadded, Encoding};

/// Why a text is not the output of the command, or of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOutput {
    /// There is nothing in it.
    Empty,
    /// It is neither what `curl -i` prints nor a policy.
    NotCurl,
    /// curl could not look the name up, which is about its resolver.
    CurlResolver,
    /// curl has no certificate authorities to judge by.
    CurlAuthorities,
    /// curl stopped with an error that says nothing about the policy host.
    CurlOther,
    /// It is not what `openssl s_client` prints.
    NotOpenssl,
    /// openssl got no connection, as in many networks.
    NoConnection,
    /// There is no certificate in it.
    NoCertificate,
    /// The certificate in it can't be read.
    DamagedCertificate,
}

/// Reads what `curl -i` printed when it was asked for a policy: status, header and body, or the error
/// that it ended with. `line_ends_lost` says that the text came through a text field.
///
/// # Errors
///
/// What it is instead.
pub fn fetch(text: &[u8], line_ends_lost: bool) -> Result<Fetch, NotOutput> {
    // What a body has in it need not be text.
    let readable = text.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let start = readable.len() - readable.trim_start().len();
    let mut headers = Vec::new();
    let (status, body) = http::answer(readable, start, &mut |name, value, _| {
        headers.push((name.trim().to_owned(), value.to_owned()));
    });
    let rest = &text[body..];
    let came = |outcome| Fetch {
        outcome,
        why: None,
        certificate: Certificate::default(),
        tls: None,
        seconds: None,
    };
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
    Err(if rest.is_empty() { NotOutput::Empty } else { NotOutput::NotCurl })
}

/// What an error of curl says of the policy host. (curl's own manual lists the numbers.)
fn curl_error(text: &str) -> Result<FetchFailure, NotOutput> {
    let line = text.lines().next().unwrap_or_default().to_ascii_lowercase();
    let number = line.trim_start_matches("curl: (").split(')').next().unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| line.contains(word));
    Ok(match number {
        "7" | "28" | "56" => FetchFailure::Connect,
        "52" => FetchFailure::Protocol,
        "51" => FetchFailure::CertificateName,
        "60" if says(&["expired", "not yet valid"]) => FetchFailure::CertificateExpired,
        "60" if says(&["subject name", "host name", "hostname"]) => FetchFailure::CertificateName,
        "60" => FetchFailure::CertificateUntrusted,
        "35" if says(&["unsupported protocol", "protocol version"]) => FetchFailure::TlsTooOld,
        "35" => FetchFailure::Tls,
        "5" | "6" => return Err(NotOutput::CurlResolver),
        "77" => return Err(NotOutput::CurlAuthorities),
        _ => return Err(NotOutput::CurlOther),
    })
}

/// Reads what `openssl s_client -starttls smtp` printed about an MX host.
///
/// # Errors
///
/// What it is instead.
pub fn smtp(text: &str) -> Result<Smtp, NotOutput> {
    let has = |words: &str| text.contains(words);
    if !has("CONNECTED(") {
        return Err(if has("connect:errno") || has("Connection refused") || has("timed out") {
            NotOutput::NoConnection
        } else if text.trim().is_empty() {
            NotOutput::Empty
        } else {
            NotOutput::NotOpenssl
        });
    }
    // It says so when the server's answer to EHLO lacks STARTTLS, and then tries all the same.
    if has("find STARTTLS in server response") {
        return Ok(Smtp { starttls: Some(false), ..Smtp::default() });
    }
    let der = first_certificate(text).ok_or(NotOutput::NoCertificate)?;
    let mut certificate = certificate::read(&der).ok_or(NotOutput::DamagedCertificate)?;
    let code = text.rsplit("Verify return code: ").next().filter(|_| has("Verify return code: "));
    let code: Option<u16> = code.and_then(|rest| rest.split(' ').next()?.parse().ok());
    certificate.trusted = match code {
        Some(0) => Some(true),
        // Self-signed; or the chain does not lead to a root that this machine knows.
        Some(18..=21) => Some(false),
        _ => None,
    };
    Ok(Smtp { starttls: Some(true), certificate, failure: None })
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
        for (text, why) in [
            ("", NotOutput::Empty),
            ("curl: (6) Could not resolve host: mta-sts.example.com", NotOutput::CurlResolver),
            ("curl: (77) error setting certificate file", NotOutput::CurlAuthorities),
            ("curl: (3) URL rejected", NotOutput::CurlOther),
            ("hello", NotOutput::NotCurl),
        ] {
            assert_eq!(fetch(text.as_bytes(), true), Err(why), "{text}");
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
        let refused = "40A7:error:8000006F:system library:BIO_connect:Connection refused";
        let cut =
            "CONNECTED(00000003)\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        for (text, why) in [
            ("", NotOutput::Empty),
            (refused, NotOutput::NoConnection),
            ("connect:errno=111", NotOutput::NoConnection),
            ("CONNECTED(00000003)\nno peer certificate available", NotOutput::NoCertificate),
            (cut, NotOutput::DamagedCertificate),
            ("220 mail.example.com ESMTP", NotOutput::NotOpenssl),
        ] {
            assert_eq!(smtp(text), Err(why), "{text}");
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
