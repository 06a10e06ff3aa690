//! An HTTP response, as plain data.

use crate::failure::Failure;
use crate::query::{Kind, Query};
use crate::{MAX_MESSAGE, MEDIA_TYPE};
use core::net::{Ipv4Addr, Ipv6Addr};
use domain::base::iana::{Class, Rtype};
use domain::base::message::Message;
use domain::base::name::{FlattenInto, Name, ParsedName};
use domain::base::opt::exterr::ExtendedError as Ede;
use domain::base::rdata::UnknownRecordData;
use domain::base::record::ParsedRecord;
use domain::base::wire::ParseError;
use domain::rdata;
use httpdate::parse_http_date;

/// Most links of a chain of aliases that are followed. Resolvers stop earlier.
pub const MAX_LINKS: usize = 16;

/// What came over HTTP.
#[derive(Clone, Copy, Debug, Default)]
pub struct Http<'a> {
    /// The status.
    pub status: u16,
    /// The header field `Content-Type`, if there.
    pub media_type: Option<&'a str>,
    /// The header field `Retry-After`, if there. (A page sees it only where the resolver lets it.)
    pub retry_after: Option<&'a str>,
    /// The header field `Date`, if there: what a date in `Retry-After` is compared with.
    pub date: Option<&'a str>,
    /// The body. One byte more than [`MAX_MESSAGE`] is enough to know that it is too large.
    pub body: &'a [u8],
}

/// What a resolver says about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The response code (RFC 6895 §2.3), with the upper bits of EDNS: 0 is NOERROR, 2 SERVFAIL,
    /// 3 NXDOMAIN, 5 REFUSED.
    pub rcode: u16,
    /// The resolver claims that it has validated all of this (AD, RFC 4035 §3.2.3).
    pub authentic: bool,
    /// The resolver left something out (TC): what isn't here may exist all the same.
    pub truncated: bool,
    /// The aliases from the name in the question, in order.
    pub chain: Vec<Link>,
    /// Whether the aliases lead back into themselves or on for more than [`MAX_LINKS`].
    pub endless: bool,
    /// The records asked for, of the name at the end of the chain.
    pub records: Vec<Record>,
    /// How long it may be said that there is nothing, in seconds (RFC 2308 §5).
    pub negative_ttl: Option<u32>,
    /// Why it went wrong, in the resolver's words (RFC 8914).
    pub extended_errors: Vec<ExtendedError>,
}

/// One alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The name that it leads to, in lower case, without the dot of the root.
    pub target: String,
    /// How long it may be kept, in seconds.
    pub ttl: u32,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// How long it may be kept, in seconds.
    pub ttl: u32,
    /// What it says.
    pub data: Data,
}

/// What a record says. Names are in lower case, without the dot of the root, which is `.` itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    Aaaa(Ipv6Addr),
    /// The target of an alias.
    Cname(String),
    /// A mail host. The exchange `.` says that there is none (RFC 7505 §3).
    Mx {
        /// Lower is tried first.
        preference: u16,
        /// The host.
        exchange: String,
    },
    /// A certificate association (RFC 6698 §2.1).
    Tlsa {
        /// Certificate usage.
        usage: u8,
        /// Selector.
        selector: u8,
        /// Matching type.
        matching: u8,
        /// Certificate association data.
        data: Vec<u8>,
    },
    /// Text: character-strings of up to 255 bytes each.
    Txt(Vec<Vec<u8>>),
}

/// An extended DNS error (RFC 8914).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedError {
    /// The code; 6 is DNSSEC Bogus.
    pub code: u16,
    /// Further words, where there are some; text from outside.
    pub text: String,
}

impl Answer {
    /// Whether the resolver says that it hides the truth: forged, blocked, censored, filtered, refused to
    /// us
    /// (RFC 8914 §4.5, §4.16 to §4.19). Then nothing is known about the domain.
    pub fn is_filtered(&self) -> bool {
        self.extended_errors.iter().any(|error| matches!(error.code, 4 | 15..=18))
    }

    /// How long all of it may be kept, in seconds: the smallest of all times.
    pub fn ttl(&self) -> Option<u32> {
        let links = self.chain.iter().map(|link| link.ttl);
        let records = self.records.iter().map(|record| record.ttl);
        links.chain(records).chain(self.negative_ttl).min()
    }
}

/// The name of a response code, where people know one.
pub const fn rcode_name(rcode: u16) -> Option<&'static str> {
    Some(match rcode {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        _ => return None,
    })
}

/// Reads what came over HTTP.
pub fn read(query: &Query, http: &Http) -> Result<Answer, Failure> {
    if !(200..300).contains(&http.status) {
        // RFC 8484 §4.2.1: the body of any other status isn't an answer.
        let retry_after = http.retry_after.and_then(|text| retry_after(text, http.date));
        return Err(Failure::Status { status: http.status, retry_after });
    }
    let media_type = http.media_type.map(|text| text.split(';').next().unwrap_or(text).trim());
    if let Some(media_type) = media_type
        && !media_type.eq_ignore_ascii_case(MEDIA_TYPE)
    {
        let html = media_type.eq_ignore_ascii_case("text/html") || looks_like_html(http.body);
        return Err(Failure::NotDns { media_type: Some(visible(media_type)), html });
    }
    let answer = decode(query, http.body);
    if answer.is_err() && looks_like_html(http.body) {
        return Err(Failure::NotDns { media_type: media_type.map(visible), html: true });
    }
    answer
}

/// The wait that a `Retry-After` asks for (RFC 9110 §10.2.3), in seconds, by the `Date` of the answer; one that is longer
/// than can be counted is the longest. None for what says neither a time nor a date.
pub fn retry_after(text: &str, date: Option<&str>) -> Option<u32> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().unwrap_or(u32::MAX));
    }
    // RFC 9110 §10.2.3: or a date.
    let (until, now) = (parse_http_date(text).ok()?, parse_http_date(date?).ok()?);
    let wait = until.duration_since(now).unwrap_or_default();
    Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX))
}

/// A media type, cut to a length that can be shown and without what can't.
fn visible(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(60).collect()
}

fn looks_like_html(body: &[u8]) -> bool {
    let start = body.trim_ascii_start();
    start.first() == Some(&b'<')
        && start.get(1).is_some_and(|c| c.is_ascii_alphabetic() || b"!?".contains(c))
}

/// Reads a DNS message as the answer to a question.
pub fn decode(query: &Query, body: &[u8]) -> Result<Answer, Failure> {
    if body.is_empty() {
        return Err(Failure::Empty);
    }
    if body.len() > MAX_MESSAGE {
        return Err(Failure::TooLarge);
    }
    let message = Message::from_slice(body).map_err(|_| Failure::Short)?;
    let header = message.header();
    if !header.qr() {
        return Err(Failure::NotAResponse);
    }
    if message.header_counts().qdcount() != 1 || header.id() != 0 {
        return Err(Failure::OtherQuestion);
    }
    let question = message.sole_question().map_err(failure)?;
    let asked = (query.kind().rtype(), Class::IN);
    if question.qname() != &query.name || (question.qtype(), question.qclass()) != asked {
        return Err(Failure::OtherQuestion);
    }

    // All of it is parsed before anything is believed.
    let mut section = message.answer().map_err(failure)?;
    let records = section.by_ref().collect::<Result<Vec<_>, _>>().map_err(failure)?;
    let Some(mut section) = section.next_section().map_err(failure)? else {
        return Err(Failure::CutOff);
    };
    let authority = section.by_ref().collect::<Result<Vec<_>, _>>().map_err(failure)?;
    if let Some(mut section) = section.next_section().map_err(failure)? {
        section.try_for_each(|record| record.map(|_| ())).map_err(failure)?;
    }

    let Followed { chain, owner, endless } = follow(query, &records)?;
    let mut answer = Answer {
        rcode: message.opt_rcode().to_int(),
        authentic: header.ad(),
        truncated: header.tc(),
        chain,
        endless,
        records: Vec::new(),
        negative_ttl: negative_ttl(&authority)?,
        extended_errors: extended_errors(message),
    };
    let mut stranger = None;
    for record in &records {
        if record.class() != Class::IN || record.rtype() != query.kind().rtype() {
            continue;
        }
        if record.owner() != owner {
            stranger = Some(record.owner());
        } else if let Some(data) = data(query.kind(), record)? {
            answer.records.push(Record { ttl: record.ttl().as_secs(), data });
        }
    }
    match stranger {
        // A record of a name that nobody asked for, and nothing about the one that was.
        Some(name) if answer.records.is_empty() && answer.chain.is_empty() => {
            Err(Failure::OtherName(shown(&name)))
        }
        _ => Ok(answer),
    }
}

type Parsed<'a> = ParsedRecord<'a, [u8]>;

/// Where the aliases lead.
struct Followed {
    chain: Vec<Link>,
    /// The name at the end.
    owner: Name<Vec<u8>>,
    /// Whether it is no end: they lead back, or on and on.
    endless: bool,
}

/// Follows the aliases from the name in the question, whatever order they are in.
fn follow(query: &Query, records: &[Parsed]) -> Result<Followed, Failure> {
    let owner = query.name.clone();
    let mut followed = Followed { chain: Vec::new(), owner, endless: false };
    if query.kind() == Kind::Cname {
        return Ok(followed);
    }
    let mut seen = vec![followed.owner.clone()];
    while let Some(alias) = records.iter().find(|record| {
        record.rtype() == Rtype::CNAME
            && record.class() == Class::IN
            && record.owner() == followed.owner
    }) {
        if followed.chain.len() == MAX_LINKS {
            followed.endless = true;
            break;
        }
        let Some(record) = alias.to_record::<rdata::Cname<_>>().map_err(failure)? else { break };
        let target = record.data().cname();
        followed.chain.push(Link { target: shown(target), ttl: record.ttl().as_secs() });
        followed.owner = target.flatten_into();
        if seen.contains(&followed.owner) {
            followed.endless = true;
            break;
        }
        seen.push(followed.owner.clone());
    }
    Ok(followed)
}

fn data(kind: Kind, record: &Parsed) -> Result<Option<Data>, Failure> {
    macro_rules! parse {
        ($data:ty) => {
            record.to_record::<$data>().map_err(failure)?.map(|record| record.into_data())
        };
    }
    Ok(match kind {
        Kind::A => parse!(rdata::A).map(|data| Data::A(data.addr())),
        Kind::Aaaa => parse!(rdata::Aaaa).map(|data| Data::Aaaa(data.addr())),
        Kind::Cname => parse!(rdata::Cname<_>).map(|data| Data::Cname(shown(data.cname()))),
        Kind::Mx => parse!(rdata::Mx<_>).map(|data| Data::Mx {
            preference: data.preference(),
            exchange: shown(data.exchange()),
        }),
        Kind::Tlsa => {
            // The library parses this one together with all other types only, which is much code.
            let Some(data) = parse!(UnknownRecordData<&[u8]>) else { return Ok(None) };
            let [usage, selector, matching, data @ ..] = data.data() else {
                return Err(Failure::CutOff);
            };
            let (usage, selector, matching) = (*usage, *selector, *matching);
            Some(Data::Tlsa { usage, selector, matching, data: data.to_vec() })
        }
        Kind::Txt => parse!(rdata::Txt<&[u8]>)
            .map(|data| Data::Txt(data.iter().map(<[u8]>::to_vec).collect())),
    })
}

/// From the SOA record that comes with a negative answer: the smaller of its TTL and its last field
/// (RFC 2308 §5).
fn negative_ttl(authority: &[Parsed]) -> Result<Option<u32>, Failure> {
    for record in authority {
        if let Some(soa) = record.to_record::<rdata::Soa<_>>().map_err(failure)? {
            return Ok(Some(soa.ttl().min(soa.data().minimum()).as_secs()));
        }
    }
    Ok(None)
}

fn extended_errors(message: &Message<[u8]>) -> Vec<ExtendedError> {
    let Some(opt) = message.opt() else { return Vec::new() };
    // Options that don't parse say nothing.
    let errors = opt.opt().iter::<Ede<_>>().flatten();
    errors
        .take(MAX_LINKS)
        .map(|error| ExtendedError {
            code: error.code().to_int(),
            text: String::from_utf8_lossy(error.text_slice().unwrap_or_default()).into_owned(),
        })
        .collect()
}

/// A name to show and compare: in lower case, `.` for the root, odd bytes escaped (RFC 1035 §5.1).
fn shown<Octs: AsRef<[u8]>>(name: &ParsedName<Octs>) -> String {
    if name.is_root() {
        return ".".into();
    }
    let mut text = name.to_string();
    text.make_ascii_lowercase();
    text
}

fn failure(error: ParseError) -> Failure {
    match error {
        ParseError::ShortInput => Failure::CutOff,
        // Its words are all that the library tells.
        error if error == ParseError::form_error(LOOP) => Failure::CompressionLoop,
        ParseError::Form(_) => Failure::Malformed(words(error)),
    }
}

/// What the library says when pointers lead nowhere. A test holds it to that.
const LOOP: &str = "too many compression pointers";

fn words(error: ParseError) -> &'static str {
    const KNOWN: [&str; 5] = [
        "invalid label type",
        "long domain name",
        "trailing data in option",
        "no question",
        "multiple questions",
    ];
    KNOWN.into_iter().find(|text| error == ParseError::form_error(text)).unwrap_or("bad record")
}
