//! Why an HTTP response is no answer.

use core::fmt;

/// Why there is no answer: a statement about the resolver or the way to it, never about the domain
/// (RFC 8484 §4.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The HTTP status is no success.
    Status {
        /// The status, e.g. 429.
        status: u16,
        /// The wait that the resolver asks for, in seconds (`Retry-After`), where it says so.
        retry_after: Option<u32>,
    },
    /// Something else than DNS came: a web page of a captive portal, JSON.
    NotDns {
        /// The media type that it was declared as.
        media_type: Option<String>,
        /// Whether it looks like HTML.
        html: bool,
    },
    /// Nothing came.
    Empty,
    /// The message ends in its header.
    Short,
    /// More came than a DNS message can hold.
    TooLarge,
    /// The message is a question, not an answer.
    NotAResponse,
    /// The message answers another question.
    OtherQuestion,
    /// The records are those of another name.
    OtherName(String),
    /// The message ends before its records do.
    CutOff,
    /// A name in it points in circles.
    CompressionLoop,
    /// The message breaks the format in another way.
    Malformed(&'static str),
}

impl Failure {
    /// Whether the resolver asks to slow down, and for how many seconds if it says so. (429; 503
    /// where it names a wait.)
    pub fn slow_down(&self) -> Option<Option<u32>> {
        match self {
            Self::Status { status: 429, retry_after } => Some(*retry_after),
            Self::Status { status: 503, retry_after: Some(wait) } => Some(Some(*wait)),
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Status { status: 429, .. } => "the resolver limits requests (HTTP status 429)",
            Self::Status { status, .. } => {
                return write!(f, "the resolver answers with HTTP status {status}");
            }
            Self::NotDns { html: true, .. } => {
                "a web page came instead of DNS: a login page, a proxy, or not a resolver"
            }
            Self::NotDns { media_type: Some(media_type), .. } => {
                f.write_str("the answer is not DNS but ")?;
                return f.write_str(media_type);
            }
            Self::NotDns { media_type: None, .. } => "the answer does not say that it is DNS",
            Self::Empty => "the answer is empty",
            Self::Short => "the answer is too short for DNS",
            Self::TooLarge => "the answer is larger than DNS can be",
            Self::NotAResponse => "the answer is a question",
            Self::OtherQuestion => "the answer is to another question",
            Self::OtherName(name) => {
                f.write_str("the answer is about another name: ")?;
                return f.write_str(name);
            }
            Self::CutOff => "the answer is cut off",
            Self::CompressionLoop => "a name in the answer points in circles",
            Self::Malformed(what) => {
                f.write_str("the answer is malformed: ")?;
                return f.write_str(what);
            }
        })
    }
}

impl core::error::Error for Failure {}
