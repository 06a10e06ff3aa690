//! Asking a resolver: by UDP and TCP, over TLS, over HTTPS.

use crate::doh::{self, NoAnswer};
use crate::system;
use domain::base::Message;
use domain::net::client::protocol::{TcpConnect, TlsConnect, UdpConnect};
use domain::net::client::request::{ComposeRequest, RequestMessage, SendRequest};
use domain::net::client::{dgram, dgram_stream, multi_stream};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};
use stslint::live::check::Reply;
use stslint::live::facts::Hidden;
use stslint_doh::resolvers::{self, RESOLVERS, Resolver as Known};
use stslint_doh::{Query, decode, live};
use stslint_net::Net;
use stslint_net::rustls::pki_types::ServerName;
use tokio::sync::Semaphore;
use tokio::time::timeout_at;

/// How long a name server may take for an answer, and how often it is asked.
const PATIENCE: Duration = Duration::from_secs(4);

/// Most answers of a name server that are waited for at once. Each takes a socket: a port of its own is what keeps strangers
/// from answering (RFC 5452 §9.2).
pub const QUESTIONS: usize = 512;

/// The port of DNS (RFC 1035 §4.2).
const PORT: u16 = 53;

/// The port of DNS over TLS (RFC 7858 §3.1).
const TLS_PORT: u16 = 853;

/// Who answers DNS questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolver {
    /// The name servers of this machine, as `/etc/resolv.conf` names them.
    System,
    /// A name server at an address, by UDP, and TCP where that is not enough.
    Server(SocketAddr),
    /// A resolver for DNS over TLS (RFC 7858).
    Tls {
        /// The name that its certificate is for; it may be an address.
        name: String,
        /// Where it is; by its name without an address.
        address: Option<IpAddr>,
        /// The port there.
        port: u16,
    },
    /// A resolver for DNS over HTTPS (RFC 8484), by HTTP/2 or HTTP/1.1.
    Https {
        /// What people know it as.
        name: String,
        /// Its address.
        url: String,
    },
}

impl Resolver {
    /// Its name, for people.
    pub fn name(&self) -> String {
        match self {
            Self::System => "the name servers of this machine".into(),
            Self::Server(address) => address.to_string(),
            Self::Tls { name, .. } => name.clone(),
            Self::Https { name, .. } => name.clone(),
        }
    }

    /// Reads what people write: `system`, an address, `udp://` with an address, `tls://` with a name or an address, the
    /// name of a known resolver, or an address for RFC 8484.
    ///
    /// # Errors
    ///
    /// What it should be, as a sentence ends.
    pub fn read(text: &str) -> Result<Self, String> {
        if text == "system" {
            return Ok(Self::System);
        }
        if let Some(rest) = text.strip_prefix("udp://") {
            let server = server_address(rest);
            return server
                .map(Self::Server)
                .ok_or("udp:// takes an address, as udp://127.0.0.1 or udp://[::1]:5353".into());
        }
        if let Some(rest) = text.strip_prefix("tls://") {
            return tls(rest).ok_or("tls:// takes a name, an address, or both, as tls://dns.quad9.net or tls://9.9.9.9#dns.quad9.net".into());
        }
        if let Some(address) = server_address(text) {
            return Ok(Self::Server(address));
        }
        if let Some(known) = Known::by_id(text) {
            return Ok(Self::Https { name: known.name.into(), url: known.url.into() });
        }
        if resolvers::is_address(text) {
            return Ok(Self::Https { name: text.to_owned(), url: text.to_owned() });
        }
        if text.starts_with("http://") {
            return Err("a resolver needs https:// (http:// only on this machine)".into());
        }
        let ids: Vec<&str> = RESOLVERS.iter().map(|known| known.id).collect();
        Err(format!(
            "not known; use system, udp://ADDRESS, tls://NAME, an https:// address, or one of: {}",
            ids.join(", ")
        ))
    }
}

/// An address with or without a port, IPv6 with or without brackets.
fn server_address(text: &str) -> Option<SocketAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().map(|address| SocketAddr::new(address, PORT));
    address.or_else(|_| text.parse()).ok()
}

/// What stands behind `tls://`: `NAME`, `ADDRESS` or `ADDRESS#NAME`, each with `:PORT` or without.
fn tls(text: &str) -> Option<Resolver> {
    let (place, name) = text.split_once('#').map_or((text, None), |(at, name)| (at, Some(name)));
    if let Some(address) = server_address(place) {
        let port = if address.port() == PORT { TLS_PORT } else { address.port() };
        let name = name.map_or_else(|| address.ip().to_string(), str::to_owned);
        let resolver = Resolver::Tls { name, address: Some(address.ip()), port };
        return resolver.server_name().map(|_| resolver);
    }
    let (name, port) = match place.split_once(':') {
        Some((name, port)) => (name, port.parse().ok()?),
        None => (place, TLS_PORT),
    };
    let resolver = Resolver::Tls { name: name.to_owned(), address: None, port };
    resolver.server_name().filter(|_| text == place).map(|_| resolver)
}

impl Resolver {
    /// Whom TLS has to show.
    fn server_name(&self) -> Option<ServerName<'static>> {
        match self {
            Self::Tls { name, .. } => ServerName::try_from(name.clone()).ok(),
            _ => None,
        }
    }
}

type Question = RequestMessage<Vec<u8>>;

type Server = dgram_stream::Connection<UdpConnect, Question>;

/// A resolver, ready to be asked.
#[derive(Debug)]
pub struct Names {
    by: By,
    /// Turns of questions: one that waits for others is not one that the resolver does not answer. Over HTTPS the pace gives
    /// them.
    turns: Semaphore,
}

#[derive(Debug)]
enum By {
    Servers(Vec<Server>),
    Tls(multi_stream::Connection<Question>),
    Https(Box<doh::Resolver>),
}

impl Names {
    /// Makes a resolver ready, of which at most so many questions are asked at once, and never more than [`QUESTIONS`].
    ///
    /// # Errors
    ///
    /// The name of the resolver can't be looked up, or this machine has no name server.
    ///
    /// # Panics
    ///
    /// Outside of a runtime.
    pub async fn new(resolver: &Resolver, net: &Net, most: usize) -> io::Result<Self> {
        let most = most.clamp(1, QUESTIONS);
        let addresses = match resolver {
            Resolver::Https { url, .. } => {
                return Ok(Self::made(By::Https(Box::new(doh::Resolver::new(net, url))), most));
            }
            Resolver::Tls { name, address, port } => {
                let address = match address {
                    Some(address) => SocketAddr::new(*address, *port),
                    None => tokio::net::lookup_host((&name[..], *port))
                        .await?
                        .next()
                        .ok_or_else(|| io::Error::other("it has no address"))?,
                };
                let name = resolver.server_name().ok_or(io::ErrorKind::InvalidInput)?;
                return Ok(Self::made(By::Tls(over_tls(net, name, address)), most));
            }
            Resolver::Server(address) => vec![*address],
            Resolver::System => system::name_servers(Path::new(system::FILE), PORT)?,
        };
        Ok(Self::made(By::Servers(addresses.into_iter().map(server).collect()), most))
    }

    fn made(by: By, most: usize) -> Self {
        Self { by, turns: Semaphore::new(most) }
    }

    /// Asks, and waits for an answer until this time. What says nothing about the name is not observable.
    pub async fn ask(&self, query: &Query, until: Instant) -> Reply {
        let _turn = match self.by {
            By::Servers(_) | By::Tls(_) => {
                match timeout_at(until.into(), self.turns.acquire()).await {
                    Ok(turn) => Some(turn),
                    Err(_) => {
                        let late = "the resolver is so slow that there was no time to ask it";
                        return Reply::NotObservable(Hidden::Told(late.into()));
                    }
                }
            }
            By::Https(_) => None,
        };
        // A resolver over HTTPS may begin to answer at the last moment, and has its own limit then.
        let end = match self.by {
            By::Servers(_) | By::Tls(_) => until,
            By::Https(_) => until + PATIENCE * 4,
        };
        let answer = timeout_at(end.into(), self.answer(query, until));
        let late = Hidden::Told("the resolver can't be reached: no answer in time".into());
        answer.await.unwrap_or(Reply::NotObservable(late))
    }

    /// How often the resolver asked to slow down and was asked again later.
    pub fn slowed(&self) -> u32 {
        match &self.by {
            By::Https(resolver) => resolver.slowed(),
            By::Servers(_) | By::Tls(_) => 0,
        }
    }

    async fn answer(&self, query: &Query, until: Instant) -> Reply {
        match &self.by {
            By::Https(resolver) => match resolver.ask(query, until).await {
                Ok(answer) => live::reply(Ok(answer)),
                Err(NoAnswer::Bad(failure)) => live::reply(Err(failure)),
                Err(error) => Reply::NotObservable(Hidden::Told(error.to_string())),
            },
            By::Tls(resolver) => ask(resolver, query).await,
            By::Servers(servers) => {
                let mut last = Reply::NotObservable(Hidden::NoNameServer);
                for server in servers {
                    last = ask(server, query).await;
                    // As C libraries do: the next one may be able to find out.
                    let settled = matches!(&last, Reply::Dns(dns) if matches!(dns.rcode, 0 | 3));
                    if settled {
                        break;
                    }
                }
                last
            }
        }
    }
}

fn server(address: SocketAddr) -> Server {
    let mut config = dgram_stream::Config::new();
    let datagrams: &mut dgram::Config = config.dgram_mut();
    datagrams.set_read_timeout(PATIENCE);
    datagrams.set_max_retries(1);
    datagrams.set_max_parallel(QUESTIONS);
    config.stream_mut().set_response_timeout(PATIENCE);
    let (server, streams) = dgram_stream::Connection::with_config(
        UdpConnect::new(address),
        TcpConnect::new(address),
        config,
    );
    tokio::spawn(streams.run());
    server
}

fn over_tls(
    net: &Net,
    name: ServerName<'static>,
    address: SocketAddr,
) -> multi_stream::Connection<Question> {
    let mut config = multi_stream::Config::default();
    config.set_response_timeout(PATIENCE * 2);
    let connect = TlsConnect::new(net.tls.client(), name, address);
    let (resolver, streams) = multi_stream::Connection::with_config(connect, config);
    tokio::spawn(streams.run());
    resolver
}

async fn ask(server: &impl SendRequest<Question>, query: &Query) -> Reply {
    let away = |error: &dyn std::fmt::Display| {
        Reply::NotObservable(Hidden::Told(format!("the resolver can't be reached: {error}")))
    };
    let message = match Message::from_octets(query.to_bytes()) {
        Ok(message) => message,
        Err(error) => return away(&error),
    };
    let mut request = match RequestMessage::new(message) {
        Ok(request) => request,
        Err(error) => return away(&error),
    };
    // Whether DNSSEC vouches for an answer is said to those who ask (RFC 4035 §3.2.1).
    request.set_dnssec_ok(true);
    let mut response = server.send_request(request);
    match tokio::time::timeout(PATIENCE * 3, response.get_response()).await {
        Err(_) => away(&"no answer in time"),
        Ok(Err(error)) => away(&error),
        Ok(Ok(message)) => {
            let mut bytes = message.as_slice().to_vec();
            // The transport has compared the id with the one that it chose; the question had none.
            if let Some(id) = bytes.get_mut(..2) {
                id.fill(0);
            }
            live::reply(decode(query, &bytes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Result<String, String> {
        match Resolver::read(text)? {
            Resolver::Https { url, .. } => Ok(url),
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn a_resolver_is_known_or_private_on_the_way() {
        assert_eq!(url("cloudflare").as_deref(), Ok("https://cloudflare-dns.com/dns-query"));
        assert_eq!(url("quad9").as_deref(), Ok("https://dns.quad9.net/dns-query"));
        for own in ["https://dns.example/q", "http://localhost:8053/q", "http://[::1]:8053/q"] {
            assert_eq!(url(own).as_deref(), Ok(own));
        }
        assert!(url("http://dns.example/q").is_err_and(|why| why.contains("needs https://")));
        assert!(url("https://").is_err_and(|why| why.contains("not known")));
    }

    #[test]
    fn name_servers_have_addresses() {
        for (text, address) in [
            ("192.0.2.1", "192.0.2.1:53"),
            ("udp://127.0.0.1", "127.0.0.1:53"),
            ("udp://127.0.0.1:5353", "127.0.0.1:5353"),
            ("udp://::1", "[::1]:53"),
            ("udp://[::1]", "[::1]:53"),
            ("[::1]:5353", "[::1]:5353"),
        ] {
            let expected = Resolver::Server(address.parse().expect("an address"));
            assert_eq!(Resolver::read(text), Ok(expected), "{text}");
        }
        assert!(Resolver::read("udp://dns.example").is_err_and(|why| why.contains("an address")));
    }

    #[test]
    fn resolvers_over_tls_have_a_name_for_their_certificate() {
        let tls = |name: &str, address: Option<&str>, port| {
            let address = address.map(|address| address.parse().expect("an address"));
            Ok(Resolver::Tls { name: name.into(), address, port })
        };
        assert_eq!(Resolver::read("tls://dns.quad9.net"), tls("dns.quad9.net", None, 853));
        assert_eq!(Resolver::read("tls://dns.example:8853"), tls("dns.example", None, 8853));
        assert_eq!(Resolver::read("tls://9.9.9.9"), tls("9.9.9.9", Some("9.9.9.9"), 853));
        let named = tls("dns.quad9.net", Some("2620:fe::fe"), 8853);
        assert_eq!(Resolver::read("tls://[2620:fe::fe]:8853#dns.quad9.net"), named);
        for bad in [
            "tls://",
            "tls://a b",
            "tls://dns.example:x",
            "tls://dns.example#other",
            "tls://9.9.9.9#",
        ] {
            assert!(Resolver::read(bad).is_err_and(|why| why.contains("tls:// takes")), "{bad}");
        }
    }
}
