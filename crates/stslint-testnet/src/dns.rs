//! A resolver with a small world of names.

use crate::servers::Reply;
pub use domain::base::Rtype;
use domain::base::iana::{Class, Rcode};
use domain::base::message_builder::MessageBuilder;
use domain::base::name::Name;
use domain::base::{Message, Ttl};
use domain::rdata;
use rustls::{ServerConnection, StreamOwned};
use socket2::{Domain, Socket, Type};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is said about a name and type.
#[derive(Clone, Debug)]
pub enum Say {
    /// These records, signed.
    Records(Vec<Record>),
    /// Aliases, and the records of the name that they end at.
    Aliased(Vec<Record>, &'static str, Vec<Record>),
    /// A response code: 0 is NODATA here.
    Code(u8),
    /// SERVFAIL; these records when validation is switched off.
    Bogus(Vec<Record>),
    /// Something else than DNS, or nothing.
    Raw(Reply),
    /// These records the first time, those the second, and so on; the last ones for ever.
    Turns(Vec<Vec<Record>>, Arc<AtomicUsize>),
    /// Something made of the right answer.
    Changed(fn(Vec<u8>) -> Vec<u8>),
}

/// A record of the name that is asked for, but for aliases, which say their own.
#[derive(Clone, Debug)]
pub enum Record {
    /// An IPv4 address.
    A(&'static str),
    /// An IPv6 address.
    Aaaa(&'static str),
    /// An alias: from this name to that.
    Alias(String, String),
    /// A mail host and its preference.
    Mx(u16, String),
    /// A text of one string.
    Txt(String),
    /// A TLSA record: usage, selector and matching type, and data.
    Tlsa([u8; 3], Vec<u8>),
}

/// What whoever asks again by TCP meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tcp {
    /// The whole answer.
    Answers,
    /// Nobody listens.
    Refused,
    /// The connection is closed at once.
    Closes,
    /// Half an answer, and the end of the connection.
    Torn,
    /// Nothing, for as long as one waits.
    Silent,
}

/// Names with what is said about them. Any other name does not exist.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// What is said.
    pub names: HashMap<(String, Rtype), Say>,
    /// Said about every name.
    pub all: Option<Say>,
    /// How many requests are answered with 429 first.
    pub limit: usize,
}

fn name(text: &str) -> Name<Vec<u8>> {
    Name::from_str(text).expect("a name")
}

impl World {
    /// Says something about a name and type.
    pub fn say(&mut self, name: &str, rtype: Rtype, say: Say) {
        self.names.insert((name.to_owned(), rtype), say);
    }

    /// The message that answers the request for `/dns-query?dns=…`, in a world of DNS alone.
    pub fn answered(&self, target: &str) -> Vec<u8> {
        self.message(&asked(target)).expect("a world of DNS")
    }

    /// Answers the request for `/dns-query?dns=…`.
    pub fn answer(&self, target: &str) -> Reply {
        match self.message(&asked(target)) {
            Ok(body) => {
                Reply::http("200 OK", &[("Content-Type", "application/dns-message")], &body)
            }
            Err(reply) => reply,
        }
    }

    /// Answers a question in wire format. What is no DNS comes back as it is.
    ///
    /// # Errors
    ///
    /// The reply of [`Say::Raw`].
    pub fn message(&self, query: &[u8]) -> Result<Vec<u8>, Reply> {
        let query = Message::from_octets(query).expect("a message");
        let question = query.sole_question().expect("one question");
        let owner = question.qname().to_string().to_ascii_lowercase();
        let mut rtypes = self.names.keys().filter(|(name, _)| *name == owner);
        let code = if rtypes.next().is_some() { 0 } else { 3 };
        let said = self.names.get(&(owner.clone(), question.qtype())).cloned();
        let mut say = self.all.clone().or(said).unwrap_or(Say::Code(code));
        let mut change: fn(Vec<u8>) -> Vec<u8> = |bytes| bytes;
        if let Say::Changed(function) = say {
            change = function;
            let said = self.names.get(&(owner.clone(), question.qtype()));
            say = said.cloned().unwrap_or(Say::Code(code));
            if let Say::Changed(_) = say {
                say = Say::Records(vec![Record::Txt("v=STSv1; id=1".into())]);
            }
        }
        let mut end = None;
        let (code, records) = match say {
            Say::Raw(reply) => return Err(reply),
            Say::Turns(turns, next) => {
                let turn = next.fetch_add(1, Ordering::SeqCst).min(turns.len() - 1);
                (0, turns[turn].clone())
            }
            Say::Aliased(aliases, name, records) => {
                end = Some(name);
                (0, [aliases, records].concat())
            }
            Say::Records(records) => (0, records),
            Say::Bogus(records) if query.header().cd() => (0, records),
            Say::Bogus(_) => (2, Vec::new()),
            Say::Code(code) => (code, Vec::new()),
            Say::Changed(_) => unreachable!("put right above"),
        };
        let mut answer = MessageBuilder::new_vec()
            .start_answer(&query, Rcode::masked_from_int(code))
            .expect("room");
        answer.header_mut().set_ra(true);
        answer.header_mut().set_ad(code != 2 && !query.header().cd());
        let ttl = Ttl::from_secs(300);
        for record in records {
            let owner = name(end.unwrap_or(&owner));
            match record {
                Record::A(ip) => answer.push((
                    owner,
                    Class::IN,
                    ttl,
                    rdata::A::from_str(ip).expect("an address"),
                )),
                Record::Aaaa(ip) => answer.push((
                    owner,
                    Class::IN,
                    ttl,
                    rdata::Aaaa::from_str(ip).expect("an address"),
                )),
                Record::Alias(from, to) => {
                    answer.push((name(&from), Class::IN, ttl, rdata::Cname::new(name(&to))))
                }
                Record::Mx(preference, host) => {
                    answer.push((owner, Class::IN, ttl, rdata::Mx::new(preference, name(&host))))
                }
                Record::Tlsa(parameters, bytes) => {
                    let [usage, selector, matching] = parameters;
                    let data =
                        rdata::Tlsa::new(usage.into(), selector.into(), matching.into(), bytes);
                    answer.push((owner, Class::IN, ttl, data))
                }
                Record::Txt(text) => {
                    let data =
                        rdata::Txt::<Vec<u8>>::build_from_slice(text.as_bytes()).expect("room");
                    answer.push((owner, Class::IN, ttl, data))
                }
            }
            .expect("room");
        }
        Ok(change(answer.finish()))
    }

    /// Serves this world by UDP, as name servers do. Answers that are too long for a packet aren't cut.
    pub fn serve_udp(self) -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let address = socket.local_addr().expect("an address");
        std::thread::spawn(move || {
            let mut packet = [0; 4096];
            while let Ok((length, peer)) = socket.recv_from(&mut packet) {
                if let Ok(answer) = self.message(&packet[..length]) {
                    let _ = socket.send_to(&answer, peer);
                }
            }
        });
        address
    }

    /// Serves this world as a name server none of whose answers fits into a packet: by UDP there is the question with TC set
    /// and nothing else (RFC 2181 §9), and whoever asks again by TCP meets this.
    pub fn serve_cut(self, tcp: Tcp) -> SocketAddr {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        listener.bind(&any.into()).expect("a port");
        let address = listener.local_addr().expect("an address");
        let address = address.as_socket().expect("an address of IP");
        let packets = UdpSocket::bind(address).expect("the same port");
        let world = Arc::new(self);
        let cut = Arc::clone(&world);
        std::thread::spawn(move || {
            let mut packet = [0; 4096];
            while let Ok((length, peer)) = packets.recv_from(&mut packet) {
                let Ok(answer) = cut.message(&packet[..length]) else { continue };
                let answer = Message::from_octets(answer).expect("a message");
                let empty = MessageBuilder::new_vec().start_answer(&answer, Rcode::NOERROR);
                let mut empty = empty.expect("room");
                empty.header_mut().set_tc(true);
                empty.header_mut().set_ra(true);
                let _ = packets.send_to(&empty.finish(), peer);
            }
        });
        if tcp != Tcp::Refused {
            listener.listen(64).expect("it listens");
        }
        std::thread::spawn(move || {
            if tcp == Tcp::Refused {
                // A port that somebody has and nobody listens at.
                let _listener = listener;
                loop {
                    std::thread::park();
                }
            }
            for mut stream in TcpListener::from(listener).incoming().map_while(Result::ok) {
                let world = Arc::clone(&world);
                std::thread::spawn(move || match tcp {
                    Tcp::Answers => while world.answer_framed(&mut stream, |framed| framed) {},
                    Tcp::Torn => {
                        world.answer_framed(&mut stream, |mut framed| {
                            framed.truncate(framed.len() / 2);
                            framed
                        });
                    }
                    Tcp::Silent => while matches!(stream.read(&mut [0; 64]), Ok(1..)) {},
                    Tcp::Closes | Tcp::Refused => {}
                });
            }
        });
        address
    }

    /// Answers a message that stands behind its length, as does the answer (RFC 1035 §4.2.2), which may be changed. Whether
    /// the connection stays open.
    fn answer_framed(
        &self,
        stream: &mut (impl Read + Write),
        change: impl Fn(Vec<u8>) -> Vec<u8>,
    ) -> bool {
        let mut length = [0; 2];
        if stream.read_exact(&mut length).is_err() {
            return false;
        }
        let mut query = vec![0; u16::from_be_bytes(length).into()];
        if stream.read_exact(&mut query).is_err() {
            return false;
        }
        let Ok(answer) = self.message(&query) else { return false };
        let length = u16::try_from(answer.len()).expect("a short answer");
        let framed = change([&length.to_be_bytes()[..], &answer].concat());
        stream.write_all(&framed).and_then(|()| stream.flush()).is_ok()
    }

    /// Serves this world over TLS (RFC 7858), with a certificate for these names.
    pub fn serve_tls(self, names: &[&str]) -> SocketAddr {
        let config = crate::ca::server(names, crate::ca::Flaw::None);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let world = Arc::new(self);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (world, config) = (Arc::clone(&world), Arc::clone(&config));
                std::thread::spawn(move || {
                    let session = ServerConnection::new(config).expect("a good configuration");
                    let mut stream = StreamOwned::new(session, stream);
                    while world.answer_framed(&mut stream, |framed| framed) {}
                });
            }
        });
        address
    }

    /// Serves this world by HTTP (RFC 8484): the address of the resolver.
    pub fn serve_http(self) -> String {
        let address = crate::servers::http(None, move |target| self.answer(target));
        format!("http://{address}/dns-query")
    }
}

/// The question of a request.
fn asked(target: &str) -> Vec<u8> {
    decode(target.split("dns=").nth(1).expect("a question"))
}

fn decode(text: &str) -> Vec<u8> {
    let mut bits = 0_u32;
    let mut count = 0;
    let mut out = Vec::new();
    for c in text.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => panic!("not base64url: {text}"),
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}
