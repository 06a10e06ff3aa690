//! Resolvers that are known to speak RFC 8484 by GET, and which addresses others may have.

use core::net::IpAddr;

/// A public resolver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolver {
    /// Its name on the command line and in settings.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The address that takes `?dns=`.
    pub url: &'static str,
    /// Where its operator says what becomes of the questions.
    pub privacy: &'static str,
    /// Whether it lets web pages of other origins read its answers (CORS), as far as is known.
    pub browsers: Browsers,
    /// Whether it refuses HTTP/1.1. Browsers speak newer versions; other programs may not.
    pub http2_only: bool,
    /// What to know before choosing it.
    pub note: &'static str,
}

/// Whether web pages can read a resolver's answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browsers {
    /// They can.
    Yes,
    /// Not known for sure: try, and offer another.
    Unknown,
}

/// The known resolvers, the default first. All of them validate DNSSEC. (Quad9 also has an address that does not
/// filter; that one does not validate.)
pub const RESOLVERS: [Resolver; 5] = [
    Resolver {
        id: "cloudflare",
        name: "Cloudflare",
        url: "https://cloudflare-dns.com/dns-query",
        privacy: "https://developers.cloudflare.com/1.1.1.1/privacy/public-dns-resolver/",
        browsers: Browsers::Yes,
        http2_only: false,
        note: "1.1.1.1, worldwide; validates DNSSEC; does not pass on where you are",
    },
    Resolver {
        id: "google",
        name: "Google Public DNS",
        url: "https://dns.google/dns-query",
        privacy: "https://developers.google.com/speed/public-dns/privacy",
        browsers: Browsers::Yes,
        http2_only: false,
        note: "8.8.8.8, worldwide; validates DNSSEC; may pass a part of your address on to name servers",
    },
    Resolver {
        id: "quad9",
        name: "Quad9",
        url: "https://dns.quad9.net/dns-query",
        privacy: "https://www.quad9.net/privacy/policy/",
        browsers: Browsers::Unknown,
        http2_only: true,
        note: "9.9.9.9, worldwide, a Swiss foundation; validates DNSSEC; hides names that it holds to be malicious",
    },
    Resolver {
        id: "dnssb",
        name: "DNS.SB",
        url: "https://doh.dns.sb/dns-query",
        privacy: "https://dns.sb/privacy/",
        browsers: Browsers::Yes,
        http2_only: false,
        note: "validates DNSSEC; keeps no logs, it says",
    },
    Resolver {
        id: "ffmuc",
        name: "Freifunk München",
        url: "https://doh.ffmuc.net/dns-query",
        privacy: "https://ffmuc.net/",
        browsers: Browsers::Yes,
        http2_only: false,
        note: "a society in Germany; validates DNSSEC; keeps no logs, it says",
    },
];

impl Resolver {
    /// The known resolver with this id.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        RESOLVERS.iter().find(|resolver| resolver.id == id)
    }
}

/// Whether a text is the address of a resolver, or a relay, that can be asked without others listening
/// in: over HTTPS, or over HTTP on this machine itself. A URI template's `{?dns}` may stand at the end.
pub fn is_address(text: &str) -> bool {
    let (rest, is_https) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, false),
        (None, None) => return false,
    };
    let rest = rest.strip_suffix("{?dns}").unwrap_or(rest);
    let is_plain = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}@#".contains(c);
    if !rest.chars().all(is_plain) {
        return false;
    }
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, after)) => match after.strip_prefix(':') {
            Some(port) => (host, Some(port)),
            None => return false,
        },
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let has_good_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
    !host.is_empty() && has_good_port && (is_https || is_this_machine(host))
}

/// Whether a host is this machine itself, so that nobody can listen in on the way (RFC 6761 §6.3).
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_private_on_the_way() {
        for good in [
            "https://dns.example/dns-query",
            "https://dns.example/dns-query{?dns}",
            "https://[2001:db8::1]/dns-query?x=1",
            "https://dns.example:8443",
            "http://127.0.0.1:8053/dns-query",
            "http://127.9.9.9/dns-query",
            "http://[::1]:8053/dns-query",
            "http://[::1]",
            "http://localhost/dns-query",
            "http://LOCALHOST:8053?x=1",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "dns.example",
            "http://dns.example/",
            "http://127.0.0.1.example/",
            "http://[2001:db8::1]/",
            "http://[::1]x/",
            "http://127.0.0.1:x/",
            "http://localhost:1@dns.example/",
            "http:///localhost",
            "https://",
            "https:///x",
            "https://:443/",
            "https://a b/",
            "https://user@dns.example/",
            "javascript:alert(1)",
            "https://dns.example/#x",
            "http://localhost.example/",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
