//! Bytes as text (RFC 4648): links carry base64url, JSON documents base64.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Appends bytes in base64url without padding (RFC 4648 §5).
pub(crate) fn push_url(data: &[u8], out: &mut String) {
    out.reserve(data.len().div_ceil(3) * 4);
    for group in data.chunks(3) {
        let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..=group.len() {
            out.push(char::from(ALPHABET[(bits >> (18 - 6 * i) & 63) as usize]));
        }
    }
}

/// Strict: no padding, no line breaks, no bits left over (RFC 4648 §3.5).
pub(crate) fn url_decoded(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for digit in group {
            bits = bits << 6 | value(*digit)?;
        }
        bits <<= 6 * (4 - group.len());
        let [_, bytes @ ..] = bits.to_be_bytes();
        let (made, left) = bytes.split_at(group.len() - 1);
        // One digit alone makes no byte.
        if made.is_empty() || left.iter().any(|byte| *byte != 0) {
            return None;
        }
        out.extend_from_slice(made);
    }
    Some(out)
}

fn value(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    }))
}

/// Bytes in base64 with padding (RFC 4648 §4).
#[cfg(feature = "serde")]
pub(crate) fn encode(data: &[u8]) -> String {
    let mut out = String::new();
    push_url(data, &mut out);
    out = out.replace('-', "+").replace('_', "/");
    while !out.len().is_multiple_of(4) {
        out.push('=');
    }
    out
}

/// The bytes of base64 with padding. Strict, as base64url above.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 || digits.contains(['-', '_'])
    {
        return None;
    }
    url_decoded(&digits.replace('+', "-").replace('/', "_"))
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_both_ways() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"\xff\xfe\xfb", "//77"),
            (b"\xfb\xf0", "+/A="),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Some(bytes), "{text}");
        }
        for text in ["Zg", "Zg=", "Zg===", "Z===", "Zh==", "-_A=", "Zm9v=", "Zm 9", "===="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
