//! Resolvers that are known to speak RFC 8484 by GET.

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
