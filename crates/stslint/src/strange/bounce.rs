//! What the status codes of a bounce say.

use crate::finding::Severity;
use crate::rule::{Example, Rule, Words, words};
use crate::text::Span;

/// Status codes of mail (RFC 3463) that senders with MTA-STS and DANE give, without their class, and what they say. Those of
/// Exchange Online are in Microsoft's list of its non-delivery reports: X.4.8 and X.7.5 for MTA-STS, the others for DANE.
/// Postfix and others give X.7.5 too, for any certificate that does not pass.
const STATUS: [(&str, &str); 7] = [
    ("4.8", "no mail server of the domain is one that its MTA-STS policy names"),
    ("7.5", "the mail server's certificate did not pass, which MTA-STS or DANE demands"),
    (
        "7.321",
        "the mail server does not offer STARTTLS, or the TLS handshake failed; DANE demands TLS",
    ),
    ("7.322", "the mail server's certificate has expired, so it did not pass DANE"),
    (
        "7.323",
        "the domain did not pass DANE: the mail server's certificate does not match its TLSA records, or they are wrong",
    ),
    ("7.324", "the domain is signed with DNSSEC, but its answers could not be verified"),
    ("7.325", "the mail server's certificate is for another name, so it did not pass DANE"),
];

/// Words in front of the number of a version, in lower case.
const VERSIONS: [&str; 14] = [
    "version",
    "release",
    "v",
    "wordpress",
    "php",
    "nginx",
    "apache",
    "postfix",
    "exim",
    "curl",
    "openssl",
    "linux",
    "kernel",
    "python",
];

/// The first status code in a text that is told of, with its place and what it says.
pub(super) fn status_code(text: &str) -> Option<(Span, &'static str)> {
    let bytes = text.as_bytes();
    for (at, _) in text.match_indices('.') {
        let Some(start) = at.checked_sub(1).filter(|start| matches!(bytes[*start], b'4' | b'5'))
        else {
            continue;
        };
        let rest = &text[at + 1..];
        let part = |b: &u8| b.is_ascii_digit() || *b == b'.';
        let end = rest.bytes().take(9).take_while(part).count();
        let code = rest[..end].trim_end_matches('.');
        let alone = start == 0
            || !(bytes[start - 1].is_ascii_alphanumeric() || b".-".contains(&bytes[start - 1]));
        let goes_on = rest[code.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-');
        let word =
            text[..start].trim_end_matches(' ').rsplit(|c: char| !c.is_alphanumeric()).next();
        let version =
            word.is_some_and(|word| VERSIONS.iter().any(|known| known.eq_ignore_ascii_case(word)));
        if let Some((_, says)) =
            STATUS.iter().find(|(known, _)| alone && !goes_on && !version && *known == code)
        {
            return Some((Span::new(start, at + 1 + code.len()), says));
        }
    }
    None
}

pub(super) static BOUNCE: Rule = Rule {
    code: "INPUT-002",
    name: "bounce",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The status code `{0}` says: {1}",
    words: words(Words {
        why: "Senders that enforce MTA-STS or DANE give these codes when the receiving domain does not pass. Exchange Online gives \
          X.4.8 and X.7.5 for MTA-STS, and X.7.321 to X.7.325 for DANE; the first digit says whether the sender will try again \
          (4) or has given up (5).",
        effect: "The mail was held back, and returns to its sender after some days. It never went to a server that did not pass.",
        help: "Check the domain that the mail was sent to. If it is yours, for MTA-STS: name every mail server of the MX records in \
          the policy, give each a valid certificate for its name, and change the `id` of the record. For DANE: correct the \
          DNSSEC signatures and the TLSA records. If it is not yours, tell its postmaster.",
        clause: "RFC 8461 §5: a host that fails gets no mail with mode enforce; RFC 7672 §2.2: so does one that fails DANE; RFC 3463 \
          §3.5 §3.8; codes as Exchange Online uses them",
        fails: Example::pasted("450 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."),
        passes: None,
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_bounces_are_found_whole() {
        for (text, code) in [
            ("550 5.7.5 Remote certificate failed MTA-STS validation", Some("5.7.5")),
            ("450-4.4.8: MX hosts", None),
            ("(4.4.8)", Some("4.4.8")),
            ("status 4.7.325.", Some("4.7.325")),
            ("4.7.326", None),
            ("4/5.7.323 tlsa-invalid", Some("5.7.323")),
            ("14.4.8", None),
            ("version 4.4.80", None),
            ("192.0.4.4.8", None),
            ("WordPress 4.7.5, then 550 5.7.5", Some("5.7.5")),
        ] {
            assert_eq!(status_code(text).map(|(span, _)| &text[span.range()]), code, "{text}");
        }
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::pasted;

    #[test]
    fn bounce() {
        pasted().shows(
            r"
            450 4.4.8 MX hosts of 'example.com' failed MTA-STS validation.
                ^^^^^ INPUT-002
            ",
        );
    }
}
