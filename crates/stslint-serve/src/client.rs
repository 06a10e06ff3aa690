//! Who asks: the other end of the connection, or whom a reverse proxy names.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::IpAddr;

/// The field in which proxies say whom they speak for.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address: that of the peer, unless it is a trusted proxy. Then it is the last address in
/// `X-Forwarded-For` that no trusted proxy has. What stands before that anybody could have written.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut client = peer.to_canonical();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_trusted(&client) {
        return client;
    }
    // Several fields are one list (RFC 9110 §5.3).
    let fields: Vec<_> = headers.get_all(FORWARDED_FOR).iter().collect();
    for field in fields.into_iter().rev() {
        let Ok(text) = field.to_str() else { return client };
        for entry in text.rsplit(',') {
            let Some(address) = address(entry.trim()) else { return client };
            client = address.to_canonical();
            if !is_trusted(&client) {
                return client;
            }
        }
    }
    client
}

/// An address as proxies write it: sometimes with a port, IPv6 sometimes in brackets.
fn address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(address) = text.parse::<std::net::SocketAddr>() {
        return Some(address.ip());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, fields: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(FORWARDED_FOR, field.parse().unwrap());
        }
        let trusted = ["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn strangers_are_who_they_are() {
        assert_eq!(seen("8.8.8.8", &["1.2.3.4"]), "8.8.8.8");
        assert_eq!(seen("::ffff:8.8.8.8", &[]), "8.8.8.8");
    }

    #[test]
    fn a_trusted_proxy_names_its_client() {
        assert_eq!(seen("127.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(seen("::ffff:127.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(seen("127.0.0.1", &["2606:4700::1"]), "2606:4700::1");
        assert_eq!(seen("127.0.0.1", &["[2606:4700::1]:443"]), "2606:4700::1");
        assert_eq!(seen("127.0.0.1", &["[2606:4700::1]"]), "2606:4700::1");
        assert_eq!(seen("127.0.0.1", &["1.2.3.4:5"]), "1.2.3.4");
        assert_eq!(seen("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_clients_write_themselves_does_not_count() {
        assert_eq!(seen("127.0.0.1", &["6.6.6.6, 1.2.3.4"]), "1.2.3.4");
        assert_eq!(seen("127.0.0.1", &["6.6.6.6", "1.2.3.4, 10.1.2.3"]), "1.2.3.4");
        assert_eq!(seen("127.0.0.1", &["6.6.6.6, nonsense, 10.0.0.1"]), "10.0.0.1");
        assert_eq!(seen("127.0.0.1", &["10.0.0.9, 10.0.0.1"]), "10.0.0.9");
    }
}
