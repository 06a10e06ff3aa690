//! DNS over HTTPS in wire format (RFC 8484), as a pure codec: a question becomes the address to
//! GET, the HTTP response becomes plain data or a reason why it is none.
//!
//! No input or output happens here. The page, the command and the tests carry the bytes:
//!
//! ```
//! use stslint_doh::{Http, Kind, Query, read, resolvers};
//!
//! let query = Query::new("_mta-sts.example.com", Kind::Txt)?;
//! let url = query.url(resolvers::RESOLVERS[0].url);
//! assert!(url.starts_with("https://cloudflare-dns.com/dns-query?dns=AAAB"));
//! // … GET it with `Accept: application/dns-message`, then:
//! let http = Http { status: 200, media_type: Some(stslint_doh::MEDIA_TYPE), ..Http::default() };
//! assert_eq!(read(&query, &http), Err(stslint_doh::Failure::Empty));
//! # Ok::<(), stslint_doh::BadName>(())
//! ```
//!
//! A [`Failure`] says something about the resolver or the way to it, never about the domain that
//! was asked for. What the resolver says about the domain is an [`Answer`], also when it says that
//! it could not find out. How often a resolver, or any other place, may be asked is [`pace`]; what a
//! relay says, who looks where a page can't, is [`relay`].
#![forbid(unsafe_code)]

mod answer;
mod failure;
pub mod live;
pub mod pace;
mod query;
pub mod relay;
pub mod resolvers;

pub use answer::{
    Answer, Data, ExtendedError, Http, Link, MAX_LINKS, Record, decode, rcode_name, read,
    retry_after,
};
pub use failure::Failure;
pub use query::{BadName, Kind, Query};

/// The media type of questions and answers (RFC 8484 §6).
pub const MEDIA_TYPE: &str = "application/dns-message";

/// Longest DNS message, in bytes (RFC 8484 §6; RFC 1035 §4.2.2).
pub const MAX_MESSAGE: usize = 65_535;
