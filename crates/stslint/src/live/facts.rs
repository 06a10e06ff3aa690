//! What was looked up about a domain: plain data, each fact known or unknown with a reason.
//!
//! Names are A-labels in lower case without the root dot. Points in time are seconds since
//! 1970-01-01T00:00:00Z.

use crate::policy::Values;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Something that was looked up, or not.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<T> {
    /// It was seen.
    Known(T),
    /// It was not, and says nothing about the domain.
    Unknown(Reason),
}

/// Why a fact is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody looked.
    NotAsked,
    /// Not answered yet.
    Pending,
    /// It can't be seen from here: the resolver was not reached, the browser may not read the
    /// answer, the network blocks the port.
    NotObservable(Hidden),
    /// It lies beyond a limit of the check.
    Limit,
}

/// Why something can't be seen from here. It says nothing about the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// The addresses of the host are not known.
    AddressesUnknown,
    /// The look-up of the addresses of the host fails.
    AddressesFailed,
    /// DNS can't hold the name (RFC 1035 §2.3.4).
    BadName,
    /// A resolver hides the name, or refuses to answer for it.
    Filtered,
    /// A resolver answers every question like this, also one about the top-level domain: it does not work,
    /// or not for whoever asks.
    AlwaysFails(Failure),
    /// A resolver left something out of its answer (the TC bit).
    Incomplete,
    /// There was no whole answer within so many seconds.
    Late(Peer, u32),
    /// The host has no address to connect to.
    NoAddress,
    /// This machine knows no name server to ask.
    NoNameServer,
    /// A browser can't use port 25.
    NoPort25,
    /// The browser is offline.
    Offline,
    /// A relay does not connect to the addresses of the host: the last one is not public, for this
    /// reason. It is not told where that is nobody's business.
    NotPublic(Option<IpAddr>, &'static str),
    /// A relay broke down.
    RelayBroken,
    /// What answers is not a relay of stslint.
    RelayForeign,
    /// A relay looks at the first hosts only.
    RelayLimit,
    /// A relay does not look, and says why: text from outside.
    RelayRefuses(String),
    /// A relay told nothing of it.
    RelaySilent,
    /// A relay answers with this HTTP status.
    RelayStatus(u16),
    /// A relay has connected to the addresses of the host too often lately.
    RelayTooOften,
    /// A resolver answers with a response code that says nothing about the name. With the code's
    /// name, where it has one.
    ResponseCode(Option<&'static str>),
    /// The check was stopped.
    Stopped,
    /// In words of others: they stand in facts, or a network or a server said so. May be empty.
    Told(String),
    /// A browser may not read the answer, or got no connection; it does not say which.
    Unreadable(Peer),
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// The policy host.
    PolicyHost,
    /// A relay.
    Relay,
    /// A resolver.
    Resolver,
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self::Unknown(Reason::NotAsked)
    }
}

impl<T> Fact<T> {
    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// Why it is unknown.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(reason) => Some(reason),
        }
    }

    /// Whether it was asked for and cannot be seen from here.
    pub fn is_hidden(&self) -> bool {
        matches!(self, Self::Unknown(Reason::NotObservable(_)))
    }
}

/// What a resolver said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<T> {
    /// Records; never none.
    Data(T),
    /// The name exists, without such records.
    NoData,
    /// The name does not exist.
    NxDomain,
    /// A CNAME leads nowhere.
    Broken(Chain),
    /// The resolver could not find out, which senders meet too.
    Failed(Failure),
}

/// What is wrong with a chain of CNAME records (RFC 1034 §3.6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Its last name has no such records, or does not exist.
    Dangling,
    /// It leads back to itself.
    Loop,
    /// It has more than [`MAX_CHAIN`] links.
    TooLong,
}

/// Longest chain of CNAME records that is followed, in links. Resolvers have limits of about that
/// size.
pub const MAX_CHAIN: usize = 8;

/// How a look-up failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// SERVFAIL, but an answer is there when DNSSEC is not checked (RFC 4035 §4.3).
    Bogus,
    /// REFUSED.
    Refused,
    /// SERVFAIL.
    ServFail,
    /// The name servers of the domain did not answer in time.
    Timeout,
}

impl Failure {
    /// Its name in facts and messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bogus => "bogus",
            Self::Refused => "refused",
            Self::ServFail => "servfail",
            Self::Timeout => "timeout",
        }
    }
}

/// An answer about one name and type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// What it says.
    pub outcome: Lookup<T>,
    /// The targets of the CNAME records that were followed, in their order. An empty name stands
    /// for a target that was not told.
    pub chain: Vec<String>,
    /// Whether the resolver says that DNSSEC vouches for it (the AD bit).
    pub authentic: Option<bool>,
    /// How long it may be kept, in seconds.
    pub ttl: Option<u32>,
}

impl<T> Answer<T> {
    /// An answer of which only this is known.
    pub const fn new(outcome: Lookup<T>) -> Self {
        Self { outcome, chain: Vec::new(), authentic: None, ttl: None }
    }

    /// The records, where there are some.
    pub fn data(&self) -> Option<&T> {
        match &self.outcome {
            Lookup::Data(data) => Some(data),
            _ => None,
        }
    }

    /// Whether it is certain that there are no such records.
    pub const fn is_empty(&self) -> bool {
        matches!(self.outcome, Lookup::NoData | Lookup::NxDomain)
    }

    /// How the look-up failed.
    pub const fn failure(&self) -> Option<Failure> {
        match self.outcome {
            Lookup::Failed(failure) => Some(failure),
            _ => None,
        }
    }
}

/// TXT records at `_mta-sts` or `_smtp._tls`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Records {
    /// The records, each a list of character-strings. Bytes that are no UTF-8 stand as U+FFFD,
    /// which the grammars don't allow either.
    Seen(Vec<Vec<String>>),
    /// What somebody else found in them.
    Reported(Reported),
}

/// What is said of records that were not seen themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// Senders ignore the only one.
    Invalid,
    /// There are several, so senders use none.
    Multiple,
    /// There is a good one.
    Usable,
}

impl Reported {
    /// Its name in facts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Multiple => "multiple",
            Self::Usable => "ok",
        }
    }
}

/// One MX record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mx {
    /// Lowest first.
    pub preference: u16,
    /// The host; `.` in a null MX (RFC 7505 §3).
    pub exchange: String,
}

impl Mx {
    /// Whether it says that no mail is accepted.
    pub fn is_null(&self) -> bool {
        matches!(self.exchange.as_str(), "." | "")
    }
}

/// One TLSA record (RFC 6698 §2.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tlsa {
    /// Certificate usage.
    pub usage: u8,
    /// Selector.
    pub selector: u8,
    /// Matching type.
    pub matching: u8,
    /// Certificate association data.
    pub data: Vec<u8>,
}

impl Tlsa {
    /// The record as zone files have it (RFC 6698 §2.2).
    pub fn text(&self) -> String {
        let Self { usage, selector, matching, data } = self;
        format!("{usage} {selector} {matching} {}", hex(data))
    }

    /// The same with no more than the start of the data.
    pub fn shortened(&self) -> String {
        let Self { usage, selector, matching, data } = self;
        let more = if data.len() > 8 { "…" } else { "" };
        format!("{usage} {selector} {matching} {}{more}", hex(&data[..data.len().min(8)]))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The addresses of a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Addresses {
    /// Whether the name is an alias: the targets of its CNAME records, none when it is not.
    pub alias: Fact<Vec<String>>,
    /// IPv4 addresses.
    pub a: Fact<Answer<Vec<IpAddr>>>,
    /// IPv6 addresses.
    pub aaaa: Fact<Answer<Vec<IpAddr>>>,
}

impl Addresses {
    /// Both answers.
    pub fn both(&self) -> [&Fact<Answer<Vec<IpAddr>>>; 2] {
        [&self.a, &self.aaaa]
    }

    /// All addresses that are known.
    pub fn all(&self) -> impl Iterator<Item = IpAddr> {
        let known = |fact: &'_ Fact<Answer<Vec<IpAddr>>>| -> Vec<IpAddr> {
            fact.known().and_then(Answer::data).cloned().unwrap_or_default()
        };
        self.both().map(known).into_iter().flatten()
    }

    /// What is known of both together.
    pub fn outcome(&self) -> Fact<Lookup<()>> {
        let answers = [self.a.known(), self.aaaa.known()];
        if answers.iter().flatten().any(|answer| answer.data().is_some()) {
            return Fact::Known(Lookup::Data(()));
        }
        if let Some(failure) = answers.iter().flatten().find_map(|answer| answer.failure()) {
            return Fact::Known(Lookup::Failed(failure));
        }
        let chain = answers.iter().flatten().find_map(|answer| match answer.outcome {
            Lookup::Broken(chain) if chain != Chain::Dangling => Some(chain),
            _ => None,
        });
        if let Some(chain) = chain {
            return Fact::Known(Lookup::Broken(chain));
        }
        // RFC 8020: a name that does not exist has no records of any type.
        if answers.iter().flatten().any(|answer| answer.outcome == Lookup::NxDomain) {
            return Fact::Known(Lookup::NxDomain);
        }
        let [Some(a), Some(aaaa)] = answers else {
            let reasons = self.both().map(Fact::reason);
            let hidden = reasons.iter().flatten().find(|r| matches!(r, Reason::NotObservable(_)));
            let any = reasons.iter().flatten().next();
            return Fact::Unknown(hidden.or(any).map_or(Reason::NotAsked, |&r| r.clone()));
        };
        let dangles = |answer: &Answer<_>| {
            answer.outcome == Lookup::Broken(Chain::Dangling) || !answer.chain.is_empty()
        };
        let broken = dangles(a) && dangles(aaaa);
        Fact::Known(if broken { Lookup::Broken(Chain::Dangling) } else { Lookup::NoData })
    }

    /// Whether DNSSEC vouches for one of the answers.
    pub fn authentic(&self) -> Option<bool> {
        self.both().iter().find_map(|fact| fact.known()?.authentic)
    }
}

/// A certificate, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// Its DNS names (subject alternative names).
    pub names: Option<Vec<String>>,
    /// From when it is valid.
    pub not_before: Option<i64>,
    /// Until when it is valid.
    pub not_after: Option<i64>,
    /// Whether it chains to a root that is trusted in general, with the certificates that the
    /// server sent.
    pub trusted: Option<bool>,
    /// Who issued it, for people: text from outside.
    pub issuer: Option<String>,
    /// Where its chain leads, in more detail than `trusted`.
    pub path: Option<Path>,
    /// The TLSA records with a SHA-256 digest that would match it or what the server sent with it: `3 0 1` and `3 1 1` of
    /// itself, `2 0 1` and `2 1 1` of the others.
    pub tlsa: Option<Vec<Tlsa>>,
}

impl Certificate {
    /// Whether one of these TLSA records is among those that match; none where that was not seen.
    pub fn matches<'t>(&self, records: impl IntoIterator<Item = &'t Tlsa>) -> Option<bool> {
        let seen: BTreeSet<&Tlsa> = self.tlsa.as_ref()?.iter().collect();
        Some(records.into_iter().any(|record| seen.contains(record)))
    }
}

/// Where a chain of certificates leads (RFC 5280 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// To a root that is trusted in general.
    Trusted,
    /// Nowhere: the certificate vouches for itself.
    SelfSigned,
    /// To a root that is not trusted, which the server sent along.
    UnknownRoot,
    /// To an issuer whose certificate the server did not send, or to one that is no public one.
    Incomplete,
    /// It is broken in another way.
    Broken,
}

impl Path {
    /// All there are, each with its name in facts.
    pub const WORDS: [(Self, &str); 5] = [
        (Self::Trusted, "trusted"),
        (Self::SelfSigned, "self-signed"),
        (Self::UnknownRoot, "unknown-root"),
        (Self::Incomplete, "incomplete"),
        (Self::Broken, "broken"),
    ];

    /// Its name in facts.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

/// How the policy was fetched from `https://mta-sts.<domain>/.well-known/mta-sts.txt`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetch {
    /// What came.
    pub outcome: Fetched,
    /// How it failed, in the words of whoever fetched, if they said so: text from outside.
    pub why: Option<String>,
    /// The server's certificate.
    pub certificate: Certificate,
    /// The TLS version that was negotiated, or the best that the server offers: 10 for 1.0 … 13
    /// for 1.3.
    pub tls: Option<u8>,
    /// How long it took, in seconds.
    pub seconds: Option<f64>,
}

/// What came of a fetch.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// An answer.
    Response(Response),
    /// None.
    Failed(FetchFailure),
}

/// An HTTP answer; redirects were not followed (RFC 8461 §3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code. 0: not seen, as when a person copied the text that a browser showed.
    pub status: u16,
    /// Header fields with their values, as far as they are known. None: not known.
    pub headers: Option<Vec<(String, String)>>,
    /// The body. None: not known.
    pub body: Option<Vec<u8>>,
    /// Whether the body came through a text field, which turns all line ends into LF.
    pub line_ends_lost: bool,
}

impl Response {
    /// Whether the body may be a policy: senders take it from an answer with status 200 only
    /// (RFC 8461 §3.3).
    pub const fn may_be_policy(&self) -> bool {
        matches!(self.status, 0 | 200)
    }

    /// The first header field of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter().flatten();
        headers.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// How an HTTPS fetch failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchFailure {
    /// The certificate has expired or is not valid yet.
    CertificateExpired,
    /// The certificate is for other names.
    CertificateName,
    /// The certificate does not chain to a trusted root.
    CertificateUntrusted,
    /// No connection: refused, reset, or nobody answered in time.
    Connect,
    /// Connection and TLS session stood, and no whole HTTP answer came: something else, a part of one, or
    /// nothing in time.
    Protocol,
    /// The host leads elsewhere, which senders don't follow (RFC 8461 §3.3). Browsers hide the
    /// status and the address.
    Redirect,
    /// There was a connection, but the TLS handshake failed otherwise, or what answered speaks no TLS.
    Tls,
    /// The server speaks nothing newer than TLS 1.1.
    TlsTooOld,
}

impl FetchFailure {
    /// All there are.
    pub const ALL: [Self; 8] = [
        Self::Connect,
        Self::Tls,
        Self::Protocol,
        Self::CertificateExpired,
        Self::CertificateName,
        Self::CertificateUntrusted,
        Self::TlsTooOld,
        Self::Redirect,
    ];

    /// Its name in facts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::CertificateExpired => "cert-expired",
            Self::CertificateName => "cert-name",
            Self::CertificateUntrusted => "cert-untrusted",
            Self::Connect => "connect",
            Self::Protocol => "protocol",
            Self::Redirect => "redirect",
            Self::Tls => "tls",
            Self::TlsTooOld => "tls-too-old",
        }
    }
}

/// What an MX host said on port 25.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Smtp {
    /// Whether it offers STARTTLS.
    pub starttls: Option<bool>,
    /// Its certificate.
    pub certificate: Certificate,
    /// Why there is no TLS session though it offers STARTTLS, where the certificate is not the reason.
    pub failure: Option<StartTlsFailure>,
}

/// How TLS fails at an MX host that offers STARTTLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartTlsFailure {
    /// It answers the command STARTTLS with an error (RFC 3207 §4).
    Refused,
    /// The handshake fails, or what follows the command is not TLS.
    Tls,
    /// It speaks nothing newer than TLS 1.1.
    TlsTooOld,
}

impl StartTlsFailure {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Refused, Self::Tls, Self::TlsTooOld];

    /// Its name in facts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "starttls-refused",
            Self::Tls => "tls",
            Self::TlsTooOld => "tls-too-old",
        }
    }
}

/// What is known of one MX host.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Host {
    /// Its addresses.
    pub addresses: Addresses,
    /// TLSA records at `_25._tcp.<host>`.
    pub tlsa: Fact<Answer<Vec<Tlsa>>>,
    /// Its SMTP service.
    pub smtp: Fact<Smtp>,
}

/// A policy and its id at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The id in the `_mta-sts` record.
    pub id: Option<String>,
    /// The policy file.
    pub policy: Option<String>,
}

/// Everything that was looked up about a domain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The policy domain.
    pub domain: String,
    /// When it was looked up. Without it nothing can be said about dates.
    pub now: Option<i64>,
    /// Who answered DNS queries, for people.
    pub resolver: Option<String>,
    /// TXT at `_mta-sts.<domain>`.
    pub sts: Fact<Answer<Records>>,
    /// TXT at `_smtp._tls.<domain>`.
    pub tlsrpt: Fact<Answer<Records>>,
    /// Where TLS reports go, for records that were not seen themselves.
    pub rua: Option<Vec<String>>,
    /// The addresses of `mta-sts.<domain>`.
    pub policy_host: Addresses,
    /// The policy over HTTPS.
    pub fetch: Fact<Fetch>,
    /// The policy as somebody else read it; `Known(None)`: it cannot be had or is invalid. Where
    /// it is unknown, it is read from `fetch`.
    pub policy: Fact<Option<Values>>,
    /// MX records of the domain, sorted.
    pub mx: Fact<Answer<Vec<Mx>>>,
    /// The addresses of the domain itself, which is its own MX host when it has no MX records
    /// (RFC 5321 §5.1).
    pub apex: Addresses,
    /// MX hosts by name.
    pub hosts: BTreeMap<String, Host>,
    /// Whether the domain above has an MTA-STS record.
    pub parent_policy: Fact<bool>,
    /// An earlier state to compare with.
    pub previous: Option<Snapshot>,
    /// The state to compare; where it is absent it is taken from what was looked up.
    pub current: Option<Snapshot>,
}

impl Facts {
    /// What is known of an MX host; nothing where it was not looked up.
    pub fn host(&self, name: &str) -> Host {
        self.hosts.get(name).cloned().unwrap_or_default()
    }
}
