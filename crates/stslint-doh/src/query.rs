//! A question, as bytes and as an address.

use base64ct::{Base64UrlUnpadded, Encoding};
use core::fmt;
use domain::base::iana::Rtype;
use domain::base::message_builder::MessageBuilder;
use domain::base::name::{Name, NameBuilder};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// The alias itself. For all other kinds aliases are followed.
    Cname,
    /// Mail hosts.
    Mx,
    /// Certificate associations of DANE (RFC 6698).
    Tlsa,
    /// Text.
    Txt,
}

impl Kind {
    /// Its name in zone files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Cname => "CNAME",
            Self::Mx => "MX",
            Self::Tlsa => "TLSA",
            Self::Txt => "TXT",
        }
    }

    pub(crate) const fn rtype(self) -> Rtype {
        match self {
            Self::A => Rtype::A,
            Self::Aaaa => Rtype::AAAA,
            Self::Cname => Rtype::CNAME,
            Self::Mx => Rtype::MX,
            Self::Tlsa => Rtype::TLSA,
            Self::Txt => Rtype::TXT,
        }
    }
}

/// A name that can't be asked for: an empty label, one over 63 bytes, or over 255 bytes in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadName;

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a name that DNS can hold")
    }
}

impl core::error::Error for BadName {}

/// A question to a resolver.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    pub(crate) name: Name<Vec<u8>>,
    kind: Kind,
    checking_disabled: bool,
}

impl Query {
    /// A question for the records of a name, which is given as A-labels, with or without the dot of
    /// the root. Case doesn't matter.
    pub fn new(name: &str, kind: Kind) -> Result<Self, BadName> {
        let mut builder = NameBuilder::new_vec();
        for label in name.strip_suffix('.').unwrap_or(name).split('.') {
            if label.is_empty() {
                return Err(BadName);
            }
            let label = label.to_ascii_lowercase();
            builder.append_label(label.as_bytes()).map_err(|_| BadName)?;
        }
        let name = builder.into_name().map_err(|_| BadName)?;
        Ok(Self { name, kind, checking_disabled: false })
    }

    /// The same question with DNSSEC validation switched off (RFC 4035 §3.2.2). An answer to it
    /// after SERVFAIL means that the signatures are bad.
    #[must_use]
    pub fn checking_disabled(self) -> Self {
        Self { checking_disabled: true, ..self }
    }

    /// What is asked for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The question as a DNS message: id 0, so that caches can keep the answer (RFC 8484 §4.1);
    /// recursion desired; DNSSEC OK, so that a validating resolver says whether the answer is
    /// authentic (RFC 4035 §3.2.3).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut message = MessageBuilder::new_vec();
        message.header_mut().set_rd(true);
        message.header_mut().set_cd(self.checking_disabled);
        let mut question = message.question();
        // A Vec takes any amount: building can't fail.
        let _ = question.push((&self.name, self.kind.rtype()));
        let mut additional = question.additional();
        let _ = additional.opt(|opt| {
            opt.set_udp_payload_size(UDP_PAYLOAD);
            opt.set_dnssec_ok(true);
            Ok(())
        });
        additional.finish()
    }

    /// The address to GET: that of the resolver with the question as `dns` parameter
    /// (RFC 8484 §4.1). A URI template's `{?dns}` may stand at the end.
    pub fn url(&self, resolver: &str) -> String {
        let resolver = resolver.strip_suffix("{?dns}").unwrap_or(resolver);
        let mut url = String::with_capacity(resolver.len() + 128);
        url.push_str(resolver);
        url.push_str(if resolver.contains('?') { "&dns=" } else { "?dns=" });
        url.push_str(&Base64UrlUnpadded::encode_string(&self.to_bytes()));
        url
    }
}

/// What may come in one UDP packet. It has no effect over HTTPS; 1232 is what resolvers use.
const UDP_PAYLOAD: u16 = 1232;
