//! What several models need to read a text. What the software does is in the models.

use super::ground::Notes;
use crate::senders::model::{Discovery, Effective, Reading, Remark, What};
use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A policy that is used with what was passed over, or why it is not used.
pub(super) type Outcome = Result<(Effective, Notes), Remark>;

/// The same as a model says it.
pub(super) fn reading(outcome: Outcome) -> Reading {
    match outcome {
        Ok((effective, notes)) => Reading::Accepted(effective, notes.done()),
        Err(remark) => Reading::Rejected(remark),
    }
}

/// The byte of `whole` at which its slice `part` begins.
pub(super) fn place(whole: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(whole.as_ptr().addr()).min(whole.len())
}

/// Why a value is not taken. Where a CR is left in it, somebody took that for a line end.
pub(super) fn refuse(whole: &str, value: &str, what: What) -> Remark {
    let at = place(whole, value);
    value.find('\r').map_or(Remark::new(at, what), |cr| Remark::new(at + cr, What::LineEnd))
}

/// What a line without a colon is.
pub(super) fn no_field(line: &str) -> What {
    match line {
        _ if line.is_empty() => What::BlankLine,
        _ if line.trim().is_empty() => What::SpacesOnly,
        _ => What::NoColon,
    }
}

/// What a key is that the software does not know, for what it would be without the white space.
pub(super) fn stranger(key: &str) -> What {
    let known = |key: &str| matches!(key, "version" | "mode" | "mx" | "max_age");
    match key.strip_prefix('\u{feff}') {
        Some(key) if known(key) => What::Bom,
        _ if !known(key.trim()) => What::UnknownKey,
        _ if key.starts_with(char::is_whitespace) => What::Indented,
        _ => What::SpaceBeforeColon,
    }
}

/// Why there is no version: a byte order mark hides the one that stands first.
pub(super) fn no_version(text: &str) -> Remark {
    match text.strip_prefix('\u{feff}') {
        Some(_) => Remark::new(0, What::Bom),
        None => Remark::new(text.len(), What::NoVersion),
    }
}

/// The body as UTF-8. Each byte that is none becomes a control character (a decoder would put U+FFFD
/// there), so that places stay what they are.
pub(super) fn utf8(body: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(body) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(body.len());
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{1a}'));
    }
    Cow::Owned(text)
}

/// Of records, when none counts.
pub(super) fn none_of(records: &[&str]) -> Discovery {
    let what = if records.is_empty() { What::NoRecord } else { What::Prefix };
    Discovery::Nothing(0, Remark::new(0, what))
}

/// Whether no mail host can have this name in DNS or in a certificate, letter by letter.
pub(super) fn nobody(name: &str) -> bool {
    let label = |label: &str| {
        let part = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        !label.is_empty() && label.bytes().all(part)
    };
    !name.split('.').all(label) || is_address(name)
}

/// Whether it is an IPv4 or IPv6 address.
pub(super) fn is_address(text: &str) -> bool {
    text.len() <= 45 && (text.parse::<Ipv4Addr>().is_ok() || text.parse::<Ipv6Addr>().is_ok())
}
