//! Asking the configured resolver.

use domain::base::Message;
use domain::net::client::protocol::{TcpConnect, UdpConnect};
use domain::net::client::request::{ComposeRequest, RequestMessage, SendRequest};
use domain::net::client::{dgram, dgram_stream};
use domain::resolv::stub::conf::ResolvConf;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use stslint::live::check::Reply;
use stslint::live::facts::Hidden;
use stslint_doh::{Query, decode, live};
use stslint_net::Net;
use stslint_net::doh::{self, NoAnswer};

/// How long a name server may take for an answer, and how often it is asked.
const PATIENCE: Duration = Duration::from_secs(4);

/// Most answers of a name server that are waited for at once.
const AT_ONCE: usize = 256;

/// Who answers DNS questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolver {
    /// The name servers of this machine, as `/etc/resolv.conf` names them.
    System,
    /// A name server at an address, by UDP, and TCP where that is not enough.
    Server(SocketAddr),
    /// A resolver for DNS over HTTPS (RFC 8484) by HTTP/1.1.
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
            Self::System => "the relay's name servers".into(),
            Self::Server(address) => address.to_string(),
            Self::Https { name, .. } => name.clone(),
        }
    }
}

type Server = dgram_stream::Connection<UdpConnect, RequestMessage<Vec<u8>>>;

/// A resolver, ready to be asked.
#[derive(Debug)]
pub(crate) enum Names {
    Servers(Vec<Server>),
    Https(Arc<doh::Resolver>),
}

impl Names {
    /// Makes a resolver ready. It has to be called inside of a runtime.
    pub(crate) fn new(resolver: &Resolver, net: &Arc<Net>) -> io::Result<Self> {
        let addresses = match resolver {
            Resolver::Https { url, .. } => {
                return Ok(Self::Https(Arc::new(doh::Resolver::new(net, url))));
            }
            Resolver::Server(address) => vec![*address],
            Resolver::System => {
                ResolvConf::default().servers.iter().map(|server| server.addr).collect()
            }
        };
        Ok(Self::Servers(addresses.into_iter().map(server).collect()))
    }

    /// Asks, and waits for an answer until this time. What says nothing about the name is not observable.
    pub(crate) async fn ask(&self, query: Query, until: Instant) -> Reply {
        // A resolver over HTTPS may begin to answer at the last moment, and has its own limit then.
        let end = match self {
            Self::Servers(_) => until,
            Self::Https(_) => until + PATIENCE * 4,
        };
        let answer = tokio::time::timeout_at(end.into(), self.answer(query, until));
        let late = Hidden::Told("the resolver can't be reached: no answer in time".into());
        answer.await.unwrap_or(Reply::NotObservable(late))
    }

    async fn answer(&self, query: Query, until: Instant) -> Reply {
        match self {
            Self::Https(resolver) => {
                let resolver = resolver.clone();
                let answer = tokio::task::spawn_blocking(move || resolver.ask(&query, until)).await;
                match answer {
                    Ok(Ok(answer)) => live::reply(Ok(answer)),
                    Ok(Err(NoAnswer::Bad(failure))) => live::reply(Err(failure)),
                    Ok(Err(error)) => Reply::NotObservable(Hidden::Told(error.to_string())),
                    Err(_) => Reply::NotObservable(Hidden::RelayBroken),
                }
            }
            Self::Servers(servers) => {
                let mut last = Reply::NotObservable(Hidden::NoNameServer);
                for server in servers {
                    last = ask(server, &query).await;
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
    datagrams.set_max_parallel(AT_ONCE);
    config.stream_mut().set_response_timeout(PATIENCE);
    let (server, streams) = dgram_stream::Connection::with_config(
        UdpConnect::new(address),
        TcpConnect::new(address),
        config,
    );
    tokio::spawn(streams.run());
    server
}

async fn ask(server: &Server, query: &Query) -> Reply {
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
