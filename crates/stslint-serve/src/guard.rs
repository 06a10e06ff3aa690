//! Which addresses the relay connects to: public ones only, so that nobody reaches through it what they
//! could not reach themselves.
//!
//! The tables are those of IANA's registries of special-purpose addresses (RFC 6890), and what was
//! retired from them.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Judges addresses after resolution. What it lets pass is connected to as it is, without another
/// look-up in between, so that a name can't change its mind (DNS rebinding).
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// Addresses that are refused too.
    pub deny: Vec<IpNet>,
    /// For tests: addresses that pass whatever they are.
    pub allow: Vec<IpNet>,
}

/// IPv4 addresses that are not public.
const V4: &[([u8; 4], u8, &str)] = &[
    ([0, 0, 0, 0], 8, "this network (RFC 791 §3.2)"),
    ([10, 0, 0, 0], 8, "private (RFC 1918)"),
    ([100, 64, 0, 0], 10, "shared by carriers (RFC 6598)"),
    ([127, 0, 0, 0], 8, "loopback (RFC 1122 §3.2.1.3)"),
    // A public number by which a large cloud reaches its own machines from inside.
    ([168, 63, 129, 16], 32, "a cloud's own service"),
    ([169, 254, 0, 0], 16, "link-local (RFC 3927)"),
    ([172, 16, 0, 0], 12, "private (RFC 1918)"),
    ([192, 0, 0, 0], 24, "for protocols (RFC 6890 §2.1)"),
    ([192, 0, 2, 0], 24, "for documentation (RFC 5737)"),
    ([192, 88, 99, 0], 24, "retired (RFC 7526)"),
    ([192, 168, 0, 0], 16, "private (RFC 1918)"),
    ([198, 18, 0, 0], 15, "for measurements (RFC 2544)"),
    ([198, 51, 100, 0], 24, "for documentation (RFC 5737)"),
    ([203, 0, 113, 0], 24, "for documentation (RFC 5737)"),
    ([224, 0, 0, 0], 4, "multicast (RFC 5771)"),
    ([240, 0, 0, 0], 4, "reserved (RFC 1112 §4)"),
];

/// IPv6 addresses that are not public, the more exact ones first. All of what is none of these and not
/// in 2000::/3 is refused too.
const V6: &[([u16; 8], u8, &str)] = &[
    ([0, 0, 0, 0, 0, 0, 0, 0], 128, "unspecified (RFC 4291 §2.5.2)"),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback (RFC 4291 §2.5.3)"),
    ([0, 0, 0, 0, 0, 0, 0, 0], 96, "an IPv4 address in a retired form (RFC 4291 §2.5.5.1)"),
    ([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "an IPv4 address in disguise (RFC 4291 §2.5.5.2)"),
    ([0, 0, 0, 0, 0xffff, 0, 0, 0], 96, "an IPv4 address in disguise (RFC 2765 §2.1)"),
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, "for local translation (RFC 8215)"),
    ([0x100, 0, 0, 0, 0, 0, 0, 0], 64, "discarded (RFC 6666)"),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, "Teredo (RFC 4380)"),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, "for protocols (RFC 2928)"),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, "for documentation (RFC 3849)"),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "6to4 (RFC 3056)"),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "for documentation (RFC 9637)"),
    ([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16, "for segment routing (RFC 9602)"),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "private (RFC 4193)"),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "link-local (RFC 4291 §2.5.6)"),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "site-local, retired (RFC 3879)"),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "multicast (RFC 4291 §2.7)"),
];

impl Guard {
    /// Why an address is not connected to; none if it is.
    pub fn refusal(&self, address: IpAddr) -> Option<&'static str> {
        let plain = untranslated(address);
        let within =
            |nets: &[IpNet]| nets.iter().any(|net| net.contains(&address) || net.contains(&plain));
        if within(&self.allow) {
            return None;
        }
        if within(&self.deny) {
            return Some("ruled out by the relay's operator");
        }
        match address {
            IpAddr::V4(address) => v4(address),
            IpAddr::V6(address) => v6(address),
        }
    }
}

fn v4(address: Ipv4Addr) -> Option<&'static str> {
    let inside = |net: [u8; 4], length: u8| {
        (address.to_bits() ^ Ipv4Addr::from(net).to_bits()).leading_zeros() >= u32::from(length)
    };
    V4.iter().find(|(net, length, _)| inside(*net, *length)).map(|(_, _, why)| *why)
}

/// The IPv4 address that an IPv6 address leads to where a network without IPv4 translates it (RFC 6052 §2.1): it
/// is as good as that one is. Any other address is itself.
pub(crate) fn untranslated(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) if v6.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0] => {
            let [.., a, b, c, d] = v6.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        address => address,
    }
}

fn v6(address: Ipv6Addr) -> Option<&'static str> {
    let inside = |net: [u16; 8], length: u8| {
        (address.to_bits() ^ Ipv6Addr::from(net).to_bits()).leading_zeros() >= u32::from(length)
    };
    if let IpAddr::V4(plain) = untranslated(address.into()) {
        return v4(plain);
    }
    let known = V6.iter().find(|(net, length, _)| inside(*net, *length)).map(|(_, _, why)| *why);
    known.or_else(|| {
        let global = inside([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);
        (!global).then_some("not a public address (RFC 4291 §2.4)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Option<&'static str> {
        Guard::default().refusal(text.parse().expect("an address"))
    }

    #[test]
    fn public_addresses_pass() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700::1",
            "3ffe::1",
            "64:ff9b::8.8.8.8",
        ] {
            assert_eq!(refusal(text), None, "{text}");
        }
    }

    #[test]
    fn the_borders_of_every_entry_are_inside() {
        for (net, length, why) in V4 {
            let first = Ipv4Addr::from(*net);
            let last = Ipv4Addr::from_bits(
                first.to_bits() | u32::MAX.checked_shr((*length).into()).unwrap_or(0),
            );
            for address in [first, last] {
                assert_eq!(v4(address), Some(*why), "{address}");
                let translated =
                    Ipv6Addr::from_bits((0x64_ff9b << 96) | u128::from(address.to_bits()));
                assert_eq!(v6(translated), Some(*why), "{translated}");
                assert!(v6(address.to_ipv6_mapped()).is_some());
            }
        }
        for (net, length, why) in V6 {
            let first = Ipv6Addr::from(*net);
            let last = Ipv6Addr::from_bits(
                first.to_bits() | u128::MAX.checked_shr((*length).into()).unwrap_or(0),
            );
            assert!(v6(first).is_some(), "{first}");
            assert_eq!(v6(last), Some(*why), "{last}");
        }
    }

    #[test]
    fn an_operator_may_rule_out_more() {
        let net = |text: &str| text.parse().expect("a network");
        let guard = Guard { deny: vec![net("8.8.0.0/16")], allow: vec![net("192.0.2.0/24")] };
        assert!(guard.refusal(IpAddr::from([8, 8, 8, 8])).is_some());
        let translated = |text: &str| guard.refusal(text.parse().expect("an address"));
        assert!(translated("64:ff9b::808:808").is_some(), "what leads there is ruled out too");
        assert_eq!(translated("64:ff9b::101:101"), None);
        assert_eq!(guard.refusal(IpAddr::from([192, 0, 2, 7])), None);
        assert!(guard.refusal(IpAddr::from([192, 0, 3, 7])).is_none());
    }
}
