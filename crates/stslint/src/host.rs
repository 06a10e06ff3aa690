//! Host names, mx patterns and how one covers the other (RFC 8461 §3.2, §4.1).

mod punycode;

use crate::input::ToAscii;
use std::borrow::Cow;
use std::iter;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Longest label, in octets (RFC 1035 §2.3.4).
pub const MAX_LABEL: usize = 63;

/// Longest name in its written form, in octets (RFC 1035 §2.3.4: 255 octets on the wire).
pub const MAX_NAME: usize = 253;

/// Whether `name` is a host name of one or more labels: letters, digits and inner hyphens
/// (`Domain` of RFC 5321 §4.1.2), within the length limits.
pub fn is_host_name(name: &str) -> bool {
    name.len() <= MAX_NAME && name.split('.').all(|label| label.len() <= MAX_LABEL && is_ldh(label))
}

/// Whether `label` consists of letters, digits and inner hyphens, whatever its length.
pub fn is_ldh(label: &str) -> bool {
    let bytes = label.as_bytes();
    let let_dig = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let_dig(bytes.first())
        && let_dig(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
}

/// Whether `pattern` is an mx pattern: a host name, optionally after `*.` (RFC 8461 §3.2), and no
/// address.
pub fn is_pattern(pattern: &str) -> bool {
    is_host_name(pattern.strip_prefix("*.").unwrap_or(pattern)) && !is_ipv4(pattern)
}

fn is_ipv4(text: &str) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_digit) && text.parse::<Ipv4Addr>().is_ok()
}

/// Whether the text is an IPv4 or IPv6 address or stands in square brackets.
pub fn is_address(text: &str) -> bool {
    let digit_or_colon = |b: u8| b.is_ascii_hexdigit() || b == b':';
    text.starts_with('[') && text.ends_with(']')
        || is_ipv4(text)
        || text.bytes().next().is_some_and(digit_or_colon)
            && text.contains(':')
            && text.parse::<Ipv6Addr>().is_ok()
}

/// A label that starts with `xn--` but is no A-label: it does not decode to characters outside ASCII
/// (RFC 5890 §2.3.2.1).
///
/// This decodes by itself rather than by [`ToAscii`]: browsers differ in what else they refuse, and
/// refuse letters that are newer than they are. A name in use must not be called broken for that.
pub fn fake_a_label(name: &str) -> Option<&str> {
    name.split('.').find(|label| {
        let Some(encoded) = strip_xn(label) else { return false };
        punycode::decode(&encoded.to_ascii_lowercase()).is_none_or(|decoded| {
            decoded.is_ascii() || decoded.contains(|c: char| c.is_control() || c.is_whitespace())
        })
    })
}

fn strip_xn(label: &str) -> Option<&str> {
    let (prefix, rest) = label.split_at_checked(4)?;
    prefix.eq_ignore_ascii_case("xn--").then_some(rest)
}

/// The A-label form of a name, in lower case; none when it has none or is no host name. Only names
/// outside ASCII take `to_ascii`.
pub fn to_a_labels(name: &str, to_ascii: Option<ToAscii>) -> Option<String> {
    if name.is_ascii() {
        return is_host_name(name).then(|| name.to_ascii_lowercase());
    }
    // A browser's function reads addresses: what could be another part of one is kept from it.
    let is_foreign = |c: char| c.is_ascii() && !(c.is_ascii_alphanumeric() || c == '-' || c == '.');
    if name.len() > 4 * MAX_NAME || name.contains(is_foreign) {
        return None;
    }
    let ascii = to_ascii?(name)?;
    (is_host_name(&ascii) && !is_ipv4(&ascii)).then_some(ascii)
}

/// The domain name that somebody gave, as A-labels in lower case and without root dot; none when it
/// is not one.
pub fn domain_name(text: &str, to_ascii: Option<ToAscii>) -> Option<String> {
    to_a_labels(text.strip_suffix('.').unwrap_or(text), to_ascii)
}

/// Why a pattern covers a host, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// The names are equal.
    Equal,
    /// The wildcard stands for exactly the host's first label.
    Wildcard,
    /// The pattern is no valid mx pattern: senders reject it or never match it.
    InvalidPattern,
    /// The host is no valid host name.
    InvalidHost,
    /// The names differ.
    Different,
    /// The host is the wildcard's own suffix: `*.` needs one label more.
    TooShallow,
    /// The host is more than one label below the wildcard's suffix.
    TooDeep,
}

impl Match {
    /// Whether the host is covered.
    pub const fn covers(self) -> bool {
        matches!(self, Self::Equal | Self::Wildcard)
    }

    /// The reason, as a sentence.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Equal => "The names are equal; upper and lower case make no difference.",
            Self::Wildcard => {
                "`*.` stands for exactly one label: what the host has before its first dot."
            }
            Self::InvalidPattern => {
                "This is not an mx pattern: a pattern is a host name, or `*.` and a host name."
            }
            Self::InvalidHost => "This is not a host name.",
            Self::Different => "The names differ.",
            Self::TooShallow => {
                "`*.` stands for exactly one label, so the name behind it is not covered itself."
            }
            Self::TooDeep => {
                "`*.` stands for exactly one label; the host is deeper below the name behind it."
            }
        }
    }
}

/// Whether an mx pattern covers the host name of an MX record, and why (RFC 8461 §4.1): ASCII case
/// and the root dot of the DNS name are ignored, a wildcard stands for exactly one label.
pub fn matches(pattern: &str, host: &str) -> Match {
    let host = host.strip_suffix('.').unwrap_or(host);
    let suffix = pattern.strip_prefix("*.");
    if !is_pattern(pattern) {
        return Match::InvalidPattern;
    }
    if !is_host_name(host) {
        return Match::InvalidHost;
    }
    let Some(suffix) = suffix else {
        let equal = pattern.eq_ignore_ascii_case(host);
        return if equal { Match::Equal } else { Match::Different };
    };
    if suffix.eq_ignore_ascii_case(host) {
        return Match::TooShallow;
    }
    if !is_below(host, suffix) {
        return Match::Different;
    }
    let front = host.len() - suffix.len() - 1;
    match host.as_bytes()[..front].contains(&b'.') {
        true => Match::TooDeep,
        false => Match::Wildcard,
    }
}

/// The mx patterns that can cover a host, by RFC 8461 §4.1 these two at most: its own name, and `*.` in the place of its first label.
/// Where there are many patterns, they are looked up.
pub fn covering(host: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let parent = host.split_once('.').map(|(_, parent)| parent).into_iter();
    iter::once(Cow::Borrowed(host)).chain(parent.map(|parent| ["*.", parent].concat().into()))
}

/// Whether `name` is a name under `suffix`, not `suffix` itself. ASCII case is ignored.
pub fn is_below(name: &str, suffix: &str) -> bool {
    name.len() > suffix.len() && is_within(name, suffix)
}

/// Whether `name` is `suffix` or a name under it. ASCII case is ignored.
pub fn is_within(name: &str, suffix: &str) -> bool {
    let Some(at) = name.len().checked_sub(suffix.len()) else { return false };
    let (front, end) = name.as_bytes().split_at(at);
    matches!(front, [] | [.., b'.']) && end.eq_ignore_ascii_case(suffix.as_bytes())
}

/// The special-use suffix under which `name` stands and that no public mail server has (RFC 6761,
/// RFC 6762, RFC 7686, RFC 8375).
pub fn private_suffix(name: &str) -> Option<&'static str> {
    const SUFFIXES: [&str; 9] = [
        "local",
        "internal",
        "lan",
        "localhost",
        "localdomain",
        "invalid",
        "test",
        "onion",
        "home.arpa",
    ];
    SUFFIXES.into_iter().find(|suffix| is_within(name, suffix))
}

/// Whether `name` is reserved for documentation (RFC 2606, RFC 6761).
pub fn is_documentation(name: &str) -> bool {
    ["example", "example.com", "example.net", "example.org"].iter().any(|s| is_within(name, s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_one_label() {
        for (pattern, host, want) in [
            ("mail.example.com", "MAIL.Example.com.", Match::Equal),
            ("*.example.com", "mail.example.com", Match::Wildcard),
            ("*.example.com", "example.com", Match::TooShallow),
            ("*.example.com", "a.b.example.com", Match::TooDeep),
            ("*.example.com", "mail.example.org", Match::Different),
            ("mail.example.com", "xmail.example.com", Match::Different),
            ("*.example.com", "mailexample.com", Match::Different),
            ("*.*.example.com", "a.b.example.com", Match::InvalidPattern),
            ("mail.example.com.", "mail.example.com", Match::InvalidPattern),
            ("192.0.2.1", "192.0.2.1", Match::InvalidPattern),
            ("mail.example.com", "mail..example.com", Match::InvalidHost),
        ] {
            assert_eq!(matches(pattern, host), want, "{pattern} {host}");
        }
    }

    const IDNA: Option<ToAscii> = Some(|name| idna::domain_to_ascii(name).ok());

    #[test]
    fn a_labels() {
        for (name, ascii) in [
            ("mail.Bücher.example", Some("mail.xn--bcher-kva.example")),
            ("Mail.Example", Some("mail.example")),
            ("bu\u{308}cher.example", Some("xn--bcher-kva.example")),
            ("ｍail。example", Some("mail.example")),
            ("bücher/example", None),
            ("bücher..example", None),
            ("１92.0.2.1", None),
            ("\u{202e}example.com", None),
            ("", None),
        ] {
            assert_eq!(to_a_labels(name, IDNA).as_deref(), ascii, "{name}");
        }
        assert_eq!(to_a_labels("bücher.example", None), None);
        assert_eq!(to_a_labels("Mail.Example", None).as_deref(), Some("mail.example"));
    }

    #[test]
    fn what_is_no_a_label_is_found() {
        assert_eq!(fake_a_label("mail.xn--bcher-kva.example"), None);
        assert_eq!(fake_a_label("mail.XN--BCHER-KVA.example"), None);
        assert_eq!(fake_a_label("mail.xn--a.example"), Some("xn--a"));
        assert_eq!(fake_a_label("xn--"), Some("xn--"));
        assert_eq!(fake_a_label("xn---tda"), Some("xn---tda"));
    }

    #[test]
    fn domain_names_are_put_into_one_form() {
        for (text, name) in [
            ("Example.COM.", Some("example.com")),
            ("bücher.example.", Some("xn--bcher-kva.example")),
            ("not a domain", None),
            ("", None),
        ] {
            assert_eq!(domain_name(text, IDNA).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn addresses() {
        for text in ["192.0.2.25", "2001:db8::25", "::1", "[192.0.2.25]", "fe80::1"] {
            assert!(is_address(text), "{text}");
        }
        for text in ["mail.example.com", "1.2.3", "dead.beef", "a:25"] {
            assert!(!is_address(text), "{text}");
        }
    }
}
