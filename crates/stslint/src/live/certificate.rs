//! What a certificate says, read from its DER bytes (RFC 5280 §4.1): the names and the dates that
//! senders compare, and nothing else. Whether it is trusted is for others to say.

use super::facts::Certificate;
use crate::time;

/// The object identifier of the subject alternative names: 2.5.29.17 (RFC 5280 §4.2.1.6).
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];

const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTET_STRING: u8 = 0x04;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// `[0]` of the version, `[3]` of the extensions, `[2]` of a DNS name.
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const DNS_NAME: u8 = 0x82;

/// Reads a certificate. None if it is none.
pub(super) fn read(der: &[u8]) -> Option<Certificate> {
    let (certificate, _) = expect(der, SEQUENCE)?;
    let (mut body, _) = expect(certificate, SEQUENCE)?;
    if body.first() == Some(&VERSION) {
        (_, _, body) = element(body)?;
    }
    // Serial number, algorithm, issuer.
    for _ in 0..3 {
        (_, _, body) = element(body)?;
    }
    let (validity, mut rest) = expect(body, SEQUENCE)?;
    let (tag, start, end) = element(validity)?;
    let not_before = moment(tag, start)?;
    let (tag, end, _) = element(end)?;
    let not_after = moment(tag, end)?;
    let mut names = Vec::new();
    while !rest.is_empty() {
        let (tag, content, more) = element(rest)?;
        rest = more;
        if tag == EXTENSIONS {
            names = dns_names(content)?;
        }
    }
    let (not_before, not_after) = (Some(not_before), Some(not_after));
    Some(Certificate { names: Some(names), not_before, not_after, ..Certificate::default() })
}

/// The DNS names among the extensions.
fn dns_names(extensions: &[u8]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let (mut list, _) = expect(extensions, SEQUENCE)?;
    while !list.is_empty() {
        let (mut extension, more) = expect(list, SEQUENCE)?;
        list = more;
        let (id, rest) = expect(extension, OBJECT_IDENTIFIER)?;
        extension = rest;
        let (mut tag, mut content, rest) = element(extension)?;
        // Whether it is critical may stand before the value.
        if tag != OCTET_STRING {
            (tag, content, _) = element(rest)?;
        }
        if id != SUBJECT_ALT_NAME || tag != OCTET_STRING {
            continue;
        }
        let (mut all, _) = expect(content, SEQUENCE)?;
        while !all.is_empty() {
            let (tag, name, more) = element(all)?;
            all = more;
            if tag == DNS_NAME {
                names.push(String::from_utf8_lossy(name).into_owned());
            }
        }
    }
    Some(names)
}

/// The tag and content of the first element, and what follows it (X.690 §8.1).
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first & 0x80 != 0 {
        let digits = usize::from(first & 0x7f);
        // Certificates are of some kilobytes.
        if !(1..=3).contains(&digits) || rest.len() < digits {
            return None;
        }
        length = rest[..digits].iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        rest = &rest[digits..];
    }
    (length <= rest.len()).then(|| (tag, &rest[..length], &rest[length..]))
}

/// The content of the first element, which has this tag, and what follows it.
fn expect(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    element(bytes).filter(|(found, ..)| *found == tag).map(|(_, content, rest)| (content, rest))
}

/// A point in time (RFC 5280 §4.1.2.5): two digits for years from 1950 to 2049, otherwise four.
fn moment(tag: u8, content: &[u8]) -> Option<i64> {
    let text = str::from_utf8(content).ok()?;
    let text = match tag {
        UTC_TIME => {
            let century = if text.get(..2)?.parse::<u8>().ok()? < 50 { "20" } else { "19" };
            format!("{century}{text}")
        }
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let part = |from: usize| text.get(from..from + 2);
    let (year, month, day) = (text.get(..4)?, part(4)?, part(6)?);
    let (hour, minute, second) = (part(8)?, part(10)?, part(12)?);
    let written = format!("{year}-{month}-{day}T{hour}:{minute}:{second}{}", text.get(14..)?);
    time::parse(&written).filter(|time| time.has_offset).map(|time| time.seconds)
}
