//! What a model of sending software is: it reads the very bytes that the software would read, and says
//! what the software makes of them. Models are independent witnesses: none of them calls the parsers
//! that lint, so that one mistake can't be made twice.

use crate::input::ToAscii;
use crate::policy::Mode;

/// Deployed software that sends mail, or looks policies up for one that does, as it was read.
#[derive(Debug)]
pub struct Model {
    /// Its name, as in `tests/agreement.json`.
    pub name: &'static str,
    /// What it is, in a few words: "Go mail server".
    pub about: &'static str,
    /// Where it was read.
    pub source: Source,
    /// What it makes of the answer of a policy host.
    pub policy: fn(&Answer) -> Reading,
    /// What it makes of the TXT records at `_mta-sts`, each with its strings joined.
    pub record: fn(&[&str]) -> Discovery,
    /// Whether one of the patterns of [`Effective::mx`] stands for a name, as it compares them.
    pub matches: fn(pattern: &str, name: &str, to_ascii: Option<ToAscii>) -> bool,
    /// What it does besides.
    pub habits: Habits,
}

impl Model {
    /// Its name as an argument or in a link: `rfc-8461`, `mox`.
    pub fn word(&self) -> String {
        self.name.to_ascii_lowercase().replace(' ', "-")
    }
}

/// The source of software, at the commit that was read.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Owner and name of the repository; an empty text for the RFCs.
    pub repository: &'static str,
    /// The whole hash of the commit.
    pub commit: &'static str,
    /// The day of the commit, `YYYY-MM-DD`.
    pub date: &'static str,
    /// The path and the function that reads policies: `mtasts/parse.go`, `ParsePolicy`.
    pub policy: (&'static str, &'static str),
    /// The path and the function that reads records.
    pub record: (&'static str, &'static str),
    /// The path and the function that compares names.
    pub matches: (&'static str, &'static str),
}

/// What a policy host answered, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The status. None for a text of which nobody saw the answer: the model takes 200.
    pub status: Option<u16>,
    /// The value of Content-Type; `Some(None)` when the answer has none, None when nobody saw the
    /// answer: the model takes `text/plain`.
    pub content_type: Option<Option<&'a str>>,
    /// The body, byte for byte.
    pub body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// A policy of which only the text is known.
    pub const fn text(body: &'a [u8]) -> Self {
        Self { status: None, content_type: None, body }
    }
}

/// What becomes of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is used: this is what the software acts on, and what it passed over on the way.
    Accepted(Effective, Vec<Remark>),
    /// It is not used.
    Rejected(Remark),
}

/// The policy that software acts on. Not all of it need be what the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The mode; none when the software goes on without one.
    pub mode: Option<Mode>,
    /// The patterns, as the software keeps them.
    pub mx: Vec<String>,
    /// How long it is kept, in seconds.
    pub max_age: u64,
}

/// Something that the software stumbles over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The byte of the body, or of the record, where it does; its length where something is missing.
    pub at: usize,
    /// What it is.
    pub what: What,
}

impl Remark {
    /// A remark.
    pub const fn new(at: usize, what: What) -> Self {
        Self { at, what }
    }
}

/// What software stumbles over. Words for it are in `render::senders`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A byte order mark.
    Bom,
    /// A blank line.
    BlankLine,
    /// A line of white space only.
    SpacesOnly,
    /// White space in front of a key.
    Indented,
    /// White space between key and colon.
    SpaceBeforeColon,
    /// A line without a colon.
    NoColon,
    /// A character that the software's grammar has not at this place.
    Character,
    /// A line end of a kind that it does not take for one, or that it warns of.
    LineEnd,
    /// A key that is no key for it.
    Key,
    /// A key that it does not know; it passes over the line.
    UnknownKey,
    /// A field that stood there before; the other one counts, or none.
    Repeated,
    /// A field without a value.
    EmptyValue,
    /// The version is missing.
    NoVersion,
    /// The version is another.
    Version,
    /// The mode is missing.
    NoMode,
    /// The mode is none that it knows.
    Mode,
    /// The lifetime is missing.
    NoMaxAge,
    /// The lifetime is no number for it.
    MaxAge,
    /// The lifetime is greater than it takes; where it accepts the policy, it uses less.
    MaxAgeTooLarge,
    /// The lifetime is smaller than it takes; where it accepts the policy, it uses more.
    MaxAgeTooSmall,
    /// There is no mx.
    NoMx,
    /// A pattern that it does not take, or that matches nothing as it compares.
    Mx,
    /// The body is larger than it reads.
    TooLarge,
    /// The body is not in the character set that it expects.
    Charset,
    /// The status.
    Status,
    /// The media type.
    MediaType,
    /// A record does not begin as it wants.
    Prefix,
    /// More than one record.
    SeveralRecords,
    /// No record.
    NoRecord,
    /// The id is missing or empty.
    NoId,
    /// The id is none for it.
    Id,
}

/// What becomes of the records at `_mta-sts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Discovery {
    /// The domain has MTA-STS, with this id as the software keeps it.
    Found(String),
    /// The software goes on as if there were no record, or fails and has no policy either: in which
    /// record it stumbled (counted from 0), and over what.
    Nothing(usize, Remark),
}

/// What software does besides reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// What it does with DANE.
    pub dane: Dane,
    /// What the patterns are held against.
    pub against: Against,
    /// After how many seconds it looks for a new policy without being asked by a message; none when
    /// it never does.
    pub refresh: Option<u32>,
    /// How it keeps its copy of a policy.
    pub keeping: Keeping,
}

/// How software keeps its copy of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// When it looks at the record while the copy lives.
    pub looks: Looks,
    /// What it does when the record has the id of the copy, which lives.
    pub same_id: SameId,
    /// Whether such a record makes a copy live again whose lifetime is over.
    pub revives: bool,
    /// Whether the copy counts when there is no usable record (RFC 8461 §3.1).
    pub without_record: bool,
    /// Whether the copy counts when the record has another id and no policy can be fetched (RFC 8461 §3.3).
    pub without_fetch: bool,
}

impl Keeping {
    /// As RFC 8461 has it; whether the record is looked at with each message is left open there (§5.1).
    pub const RFC: Self = Self {
        looks: Looks::EachMessage,
        same_id: SameId::Keeps,
        revives: false,
        without_record: true,
        without_fetch: true,
    };
}

/// When software looks at the record while its copy lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Not before the copy has ended.
    AtEnd,
    /// With each message.
    EachMessage,
}

/// What a record with the id of a living copy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameId {
    /// The policy is fetched all the same.
    Fetches,
    /// Nothing: the copy lives as long as it was to.
    Keeps,
    /// The lifetime of the copy begins anew, without a fetch.
    Renews,
}

/// What software does with DANE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dane {
    /// It goes first (RFC 8461 §2), but for hosts that an enforced policy does not name: those are passed over.
    AfterNames,
    /// It goes first (RFC 8461 §2).
    First,
    /// It is not known there, or is the business of somebody else.
    Elsewhere,
    /// An enforced policy takes its place, which RFC 8461 §2 forbids.
    Replaced,
}

/// What patterns are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// The name of the MX host (RFC 8461 §4.1).
    Host,
    /// The names of its certificate: a certificate for another listed host passes.
    Certificate,
}
