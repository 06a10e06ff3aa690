//! Host names, mx patterns and how one covers the other (RFC 8461 §3.2, §4.1).

mod punycode;

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

/// A label that starts with `xn--` but is no A-label: it does not decode, or its decoded form would
/// be written otherwise (RFC 5890 §2.3.2.1).
pub fn fake_a_label(name: &str) -> Option<&str> {
    name.split('.').find(|label| {
        let Some(encoded) = strip_xn(label) else { return false };
        punycode::decode(&encoded.to_ascii_lowercase()).is_none_or(|decoded| {
            decoded.is_ascii()
                || decoded.contains(|c: char| c.is_control() || c.is_whitespace())
                || !punycode::encode(&decoded).eq_ignore_ascii_case(encoded)
        })
    })
}

fn strip_xn(label: &str) -> Option<&str> {
    let (prefix, rest) = label.split_at_checked(4)?;
    prefix.eq_ignore_ascii_case("xn--").then_some(rest)
}

/// The A-label form of a name, where it can be told without the tables of UTS #46: letters that
/// are lower-cased and encoded. None for anything that would need more (combining marks,
/// compatibility characters, several scripts of digits).
pub fn to_a_labels(name: &str) -> Option<String> {
    if name.len() > 4 * MAX_NAME {
        return None; // Encoding takes quadratic time, and no such name can be legal.
    }
    let mut out = String::new();
    for (i, label) in name.split('.').enumerate() {
        if i > 0 {
            out.push('.');
        }
        if label.is_ascii() {
            out.push_str(&label.to_ascii_lowercase());
            continue;
        }
        let lower: String = label.chars().flat_map(char::to_lowercase).collect();
        if !lower.chars().all(is_plain_letter) || lower.starts_with('-') || lower.ends_with('-') {
            return None;
        }
        out.push_str("xn--");
        out.push_str(&punycode::encode(&lower));
    }
    is_host_name(&out).then_some(out)
}

/// The domain name that somebody gave, as A-labels in lower case and without root dot; none when it
/// is not one.
pub fn domain_name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text);
    let name = to_a_labels(name).unwrap_or_else(|| name.to_ascii_lowercase());
    is_host_name(&name).then_some(name)
}

fn is_plain_letter(c: char) -> bool {
    match c {
        '-' => true,
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        // Precomposed Latin, Greek and Cyrillic letters without compatibility forms (U+017F long s,
        // U+0149, U+0132 ligatures …); kana without half-width forms; CJK without compatibility.
        '\u{df}'..='\u{f6}' | '\u{f8}'..='\u{131}' | '\u{134}'..='\u{13e}' => true,
        '\u{141}'..='\u{148}' | '\u{14a}'..='\u{17e}' => true,
        '\u{3ac}'..='\u{3ce}' | '\u{430}'..='\u{45f}' => true,
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' => true,
        _ => false,
    }
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
            Self::Wildcard => "`*.` stands for exactly one label, the first one of the host.",
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

    #[test]
    fn a_labels() {
        assert_eq!(
            to_a_labels("mail.Bücher.example").as_deref(),
            Some("mail.xn--bcher-kva.example")
        );
        assert_eq!(to_a_labels("bu\u{308}cher.example"), None, "decomposed");
        assert_eq!(to_a_labels("ｍail.example"), None, "full-width");
        assert_eq!(fake_a_label("mail.xn--bcher-kva.example"), None);
        assert_eq!(fake_a_label("mail.XN--BCHER-KVA.example"), None);
        assert_eq!(fake_a_label("mail.xn--a.example"), Some("xn--a"));
        assert_eq!(fake_a_label("xn--"), Some("xn--"));
    }

    #[test]
    fn domain_names_are_put_into_one_form() {
        for (text, name) in [
            ("Example.COM.", Some("example.com")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("ｂücher.example", None),
            ("not a domain", None),
            ("", None),
        ] {
            assert_eq!(domain_name(text).as_deref(), name, "{text}");
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
