//! The IP addresses of a report: reports of large senders have little else.

use std::net::{IpAddr, Ipv6Addr};

/// The address that a text is. As the standard library reads it, which looks for an IPv4 address at
/// the start and in each group of an IPv6 address: that takes four times as long.
pub(super) fn read(text: &str) -> Option<IpAddr> {
    match text.bytes().find(|byte| !byte.is_ascii_hexdigit())? {
        b'.' => text.parse().ok().map(IpAddr::V4),
        b':' => groups(text.as_bytes()).or_else(|| text.parse().ok()).map(IpAddr::V6),
        _ => None,
    }
}

/// An IPv6 address in groups of hexadecimal digits alone (RFC 4291 §2.2, forms 1 and 2).
fn groups(bytes: &[u8]) -> Option<Ipv6Addr> {
    let mut groups = [0; 8];
    // How many groups are read, and how many of them stand before the `::`.
    let (mut count, mut front) = (0, None);
    let mut rest = bytes;
    if let Some(after) = rest.strip_prefix(b"::") {
        (front, rest) = (Some(0), after);
    }
    while !rest.is_empty() {
        let mut group = 0;
        let mut digits = 0;
        while let Some(digit) = rest.get(digits).and_then(|byte| char::from(*byte).to_digit(16)) {
            group = group << 4 | digit;
            digits += 1;
            if digits > 4 {
                return None;
            }
        }
        if digits == 0 {
            return None;
        }
        *groups.get_mut(count)? = group as u16;
        count += 1;
        rest = match &rest[digits..] {
            [] => break,
            [b':', b':', after @ ..] if front.is_none() => {
                front = Some(count);
                after
            }
            [b':', after @ ..] if !after.is_empty() => after,
            _ => return None,
        };
    }
    match front {
        None if count == 8 => {}
        Some(front) if count < 8 => {
            groups[front..].rotate_right(8 - count);
        }
        _ => return None,
    }
    Some(Ipv6Addr::from(groups))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..Default::default() })]

        #[test]
        fn addresses_are_those_of_the_standard_library(
            text in "(([0-9a-fA-F]{0,5}|0|::|:){0,3}:){0,4}([0-9a-f]{0,4}:?){0,5}([0-9]{1,3}\\.){0,4}[0-9a-g%]{0,4}",
        ) {
            prop_assert_eq!(read(&text), text.parse().ok());
            // The short way leaves nothing to the long one but what ends in an IPv4 address.
            let parsed = text.parse::<Ipv6Addr>().ok();
            prop_assert!(text.contains('.') || groups(text.as_bytes()) == parsed);
        }

        #[test]
        fn all_addresses_are_read(address: [u16; 8], zeros: u8) {
            let mut groups = address;
            (0..8).filter(|bit| zeros >> bit & 1 == 1).for_each(|bit| groups[bit] = 0);
            let address = Ipv6Addr::from(groups);
            prop_assert_eq!(read(&address.to_string()), Some(address.into()));
            let [a, b, c, d, e, f, g, h] = groups;
            let long = format!("{a:04X}:{b:x}:{c:x}:{d:x}:{e:x}:{f:x}:{g:x}:{h:x}");
            prop_assert_eq!(read(&long), Some(address.into()));
        }
    }

    #[test]
    fn every_form_of_the_rfc() {
        for text in [
            "2001:DB8:0:0:8:800:200C:417A",
            "2001:DB8::8:800:200C:417A",
            "::1",
            "::",
            "1::",
            "0:0:0:0:0:0:13.1.68.3",
            "::ffff:129.144.52.38",
            "203.0.113.58",
        ] {
            assert_eq!(read(text), text.parse().ok(), "{text}");
            assert!(read(text).is_some(), "{text}");
        }
        for text in ["", ":", ":::", "1:", ":1", "1::2::3", "1:2:3:4:5:6:7::8", "12345::", "[::1]"]
        {
            assert_eq!(read(text), text.parse().ok(), "{text}");
        }
    }
}
