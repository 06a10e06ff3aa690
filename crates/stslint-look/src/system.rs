//! The name servers of this machine.

use std::fs::File;
use std::io::{self, Read};
use std::net::{IpAddr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::path::Path;

/// Where systems with a C library of their own keep them (resolv.conf(5)).
pub(crate) const FILE: &str = "/etc/resolv.conf";

/// Most name servers that count, as for C libraries (`MAXNS` in resolv.conf(5)).
const MOST: usize = 3;

/// Most bytes of the file that are read.
const LARGEST: u64 = 64 << 10;

/// The name servers that a file in the form of resolv.conf(5) names, in the order in which they are asked.
///
/// # Errors
///
/// It can't be read, or names none. C libraries ask this machine then; a check that finds nobody there would say less.
pub(crate) fn name_servers(path: &Path, port: u16) -> io::Result<Vec<SocketAddr>> {
    let unread = |error: io::Error| {
        io::Error::new(error.kind(), format!("can't read {}: {error}", path.display()))
    };
    let mut text = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(LARGEST).read_to_end(&mut text).map_err(unread)?;
    let servers = parse(&String::from_utf8_lossy(&text), port);
    if servers.is_empty() {
        let path = path.display();
        let why = format!("{path} names no name server; name one, as udp://192.0.2.1");
        return Err(io::Error::new(io::ErrorKind::NotFound, why));
    }
    Ok(servers)
}

/// What the lines with `nameserver` say. All others are for somebody else, and so is what stands behind the address. A line
/// without an address counts for nothing.
fn parse(text: &str, port: u16) -> Vec<SocketAddr> {
    let server = |line: &str| {
        // The word begins the line, and comments have a line of their own.
        let rest = line.strip_prefix("nameserver")?;
        let rest = rest.strip_prefix([' ', '\t'])?;
        address(rest.split_ascii_whitespace().next()?, port)
    };
    text.lines().filter_map(server).take(MOST).collect()
}

/// An address, which may have a zone, as `fe80::1%eth0` (RFC 4007 §11).
fn address(text: &str, port: u16) -> Option<SocketAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(SocketAddr::new(address, port));
    }
    let (address, _) = text.split_once('%')?;
    address.parse::<Ipv6Addr>().ok()?;
    // The system knows the numbers of its interfaces.
    (text, port).to_socket_addrs().ok()?.next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    /// A file of a test alone, which goes with it.
    struct Temp(PathBuf);

    impl Temp {
        fn new(name: &str, content: &[u8]) -> Self {
            let name = format!("stslint-resolv-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(name);
            fs::write(&path, content).expect("it can be written");
            Self(path)
        }
    }

    impl Drop for Temp {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    fn read(name: &str, content: &[u8]) -> Vec<String> {
        let file = Temp::new(name, content);
        let servers = name_servers(&file.0, 53).expect("it names some");
        servers.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn servers_come_in_the_order_of_the_file() {
        let text = b"# made by a program\n; another comment\n\nsearch example.com\n\
            nameserver 192.0.2.1\nnameserver\t2001:db8::53\r\noptions edns0 trust-ad\n  \n\
            nameserver   192.0.2.3   # the third";
        assert_eq!(read("order", text), ["192.0.2.1:53", "[2001:db8::53]:53", "192.0.2.3:53"]);
    }

    #[test]
    fn a_line_that_nobody_knows_takes_nothing_from_the_others() {
        // `lookup` and `family` are of OpenBSD and of older systems.
        let text = b"lookup file bind\nfamily inet6 inet4\nsortlist 192.0.2.0/24\n\xff\xfe\n\
            nameserver\nnameserver dns.example\nnameservers 192.0.2.8\nnameserver 192.0.2\n\
            #nameserver 192.0.2.9\n; nameserver 192.0.2.9\nnameserver 192.0.2.7 192.0.2.8\n";
        assert_eq!(read("unknown", text), ["192.0.2.7:53"]);
    }

    #[test]
    fn three_count() {
        let text = b"nameserver 192.0.2.1\nnameserver none\nnameserver 192.0.2.2\n\
            nameserver 192.0.2.3\nnameserver 192.0.2.4\n";
        assert_eq!(read("many", text), ["192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53"]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn an_address_may_have_a_zone() {
        // The loopback interface is the first one.
        assert_eq!(read("zone", b"nameserver fe80::53%lo\n"), ["[fe80::53%1]:53"]);
        assert_eq!(address("dns.example%lo", 53), None);
        assert_eq!(address("192.0.2.1%lo", 53), None);
    }

    #[test]
    fn no_name_server_is_told() {
        for (name, text) in [
            ("empty", &b""[..]),
            ("comments", b"# nameserver 192.0.2.1\n;nameserver 192.0.2.1\n"),
            ("others", b"search example.com\noptions edns0\n"),
            ("names", b"nameserver dns.example\n"),
        ] {
            let file = Temp::new(name, text);
            let error = name_servers(&file.0, 53).expect_err("it names none").to_string();
            let expected = " names no name server; name one, as udp://192.0.2.1";
            assert!(error.ends_with(expected), "{name}: {error}");
            assert!(error.starts_with(&file.0.display().to_string()), "{name}: {error}");
        }
        let gone = std::env::temp_dir().join("stslint-resolv-none/resolv.conf");
        let error = name_servers(&gone, 53).expect_err("it is not there").to_string();
        let expected = format!("can't read {}: ", gone.display());
        assert!(error.starts_with(&expected), "{error}");
    }
}
