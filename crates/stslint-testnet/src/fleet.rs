//! An Internet on loopback with as many domains as one likes: what is said of a name follows from the name by rule, so
//! nothing is kept of any of them. A resolver by UDP and TCP, and policy hosts behind SNI.
//!
//! All is well with each domain: `plain-0000007.example` has a mail host and no MTA-STS, `sts-0000007.example` has all of
//! it. Each has names, a mail host and a policy host of its own, which is the most work that a list can make.

use crate::ca;
use crate::servers::serve;
use domain::base::iana::{Class, Rcode};
use domain::base::message_builder::{AnswerBuilder, MessageBuilder, OptBuilder, PushError};
use domain::base::name::Name;
use domain::base::{Message, Rtype, Serial, Ttl};
use domain::rdata;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::{Domain, Socket, Type};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// How many addresses the policy hosts share, as those of hosting companies do.
const ADDRESSES: u32 = 250;

/// How many ports they are served at. A port of this machine takes some 28,000 connections in a minute from another one.
const PORTS: usize = 8;

/// How many threads take questions by UDP.
const THREADS: usize = 4;

/// Room for questions that wait for such a thread, in bytes, where the system gives it.
const WAITING: usize = 8 << 20;

/// Longest head of a request to a policy host, in bytes.
const HEAD: usize = 8 << 10;

/// What the domains of a list have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A mail host, and nothing of MTA-STS.
    Plain,
    /// A mail host, both records, and a policy with mode enforce that covers the host.
    Sts,
}

impl Sort {
    const fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Sts => "sts",
        }
    }

    /// A domain of this sort.
    pub fn domain(self, number: u32) -> String {
        format!("{}-{number:07}.example", self.word())
    }
}

/// How many domains of each sort there are: those with the numbers below.
#[derive(Clone, Copy, Debug)]
pub struct Fleet {
    /// So many.
    pub domains: u32,
}

/// What is said of a name and type.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    /// There is no such name.
    No,
    /// The name is there and has no such records.
    Nothing,
    A(Ipv4Addr),
    Mx(String),
    Ns,
    Soa,
    Txt(String),
}

impl Fleet {
    /// What is said of a name in lower case, without the dot at its end.
    fn say(self, name: &str, rtype: Rtype) -> Said {
        if name == "example" {
            return if rtype == Rtype::SOA { Said::Soa } else { Said::Nothing };
        }
        let Some((sort, number, below)) = self.place(name) else { return Said::No };
        let said = match (sort, below, rtype) {
            (_, "", Rtype::MX) => Said::Mx(format!("mail.{name}")),
            (_, "", Rtype::NS) => Said::Ns,
            (_, "", Rtype::SOA) => Said::Soa,
            (_, "mail", Rtype::A) => Said::A(Ipv4Addr::new(198, 51, 100, 25)),
            (Sort::Sts, "mta-sts", Rtype::A) => Said::A(address(number)),
            (Sort::Sts, "_mta-sts", Rtype::TXT) => Said::Txt("v=STSv1; id=20261122;".into()),
            (Sort::Sts, "_smtp._tls", Rtype::TXT) => {
                let domain = sort.domain(number);
                Said::Txt(format!("v=TLSRPTv1; rua=mailto:tls@{domain}"))
            }
            _ => Said::Nothing,
        };
        let is_there = match below {
            // The last two are there as something is below them (RFC 8020).
            "" | "mail" | "_25._tcp.mail" | "_tcp.mail" => true,
            "mta-sts" | "_mta-sts" | "_smtp._tls" | "_tls" => sort == Sort::Sts,
            _ => false,
        };
        if is_there { said } else { Said::No }
    }

    /// Which domain a name belongs to, and what stands before it.
    fn place(self, name: &str) -> Option<(Sort, u32, &str)> {
        let name = name.strip_suffix(".example")?;
        let (below, label) = name.rsplit_once('.').unwrap_or(("", name));
        let (word, digits) = label.split_once('-')?;
        let sort = [Sort::Plain, Sort::Sts].into_iter().find(|sort| sort.word() == word)?;
        let number: u32 = digits.parse().ok()?;
        (digits.len() == 7 && number < self.domains).then_some((sort, number, below))
    }

    /// The answer to a question in wire format; none where it is no question.
    fn answer(self, query: &[u8]) -> Option<Vec<u8>> {
        let query = Message::from_octets(query).ok()?;
        let question = query.sole_question().ok()?;
        let owner = question.qname().to_string().to_ascii_lowercase();
        let said = self.say(owner.trim_end_matches('.'), question.qtype());
        let code = if said == Said::No { Rcode::NXDOMAIN } else { Rcode::NOERROR };
        let mut answer = MessageBuilder::new_vec().start_answer(&query, code).ok()?;
        answer.header_mut().set_ra(true);
        // Validated, but for who asks not to (RFC 6840 §5.7).
        answer.header_mut().set_ad(!query.header().cd());
        let is_empty = matches!(said, Said::No | Said::Nothing);
        push(&mut answer, &owner, said).ok()?;
        let mut authority = answer.authority();
        if is_empty {
            // What says how long that holds (RFC 2308 §3).
            authority.push((name("example"), Class::IN, TTL, soa())).ok()?;
        }
        let mut additional = authority.additional();
        if query.opt().is_some() {
            let size = |opt: &mut OptBuilder<'_, _>| {
                opt.set_udp_payload_size(1232);
                Ok(())
            };
            additional.opt(size).ok()?;
        }
        Some(additional.finish())
    }

    /// The text of a policy host; none of a host that there isn't.
    fn policy(self, host: &str) -> Option<String> {
        match self.place(host)? {
            (Sort::Sts, number, "mta-sts") => {
                let domain = Sort::Sts.domain(number);
                Some(format!(
                    "version: STSv1\r\nmode: enforce\r\nmx: mail.{domain}\r\nmax_age: 1209600\r\n"
                ))
            }
            _ => None,
        }
    }

    /// Serves the names by UDP and TCP at one port, each answer later than it could come by `delay`.
    pub fn resolver(self, delay: Duration) -> Resolver {
        let asked = Arc::new(AtomicU64::new(0));
        let later = Later::start(delay);
        let (udp, listener) = ports();
        let address = listener.local_addr().expect("an address");
        for socket in udp {
            let (later, asked) = (later.clone(), asked.clone());
            let socket = Arc::new(socket);
            std::thread::spawn(move || {
                let mut packet = [0; 4096];
                // What came back to us from a client that is gone is told as an error of the next call.
                loop {
                    let Ok((length, peer)) = socket.recv_from(&mut packet) else { continue };
                    let Some(answer) = self.answer(packet.get(..length).unwrap_or_default()) else {
                        continue;
                    };
                    asked.fetch_add(1, Ordering::Relaxed);
                    later.send(To::Udp(socket.clone(), peer), answer);
                }
            });
        }
        let counted = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (later, asked) = (later.clone(), counted.clone());
                std::thread::spawn(move || self.serve_tcp(stream, &later, &asked));
            }
        });
        Resolver { address, asked }
    }

    /// Answers what comes over one connection, each question behind its length (RFC 1035 §4.2.2).
    fn serve_tcp(self, mut stream: TcpStream, later: &Later, asked: &AtomicU64) {
        let _ = stream.set_nodelay(true);
        let Ok(out) = stream.try_clone() else { return };
        // Who does not read keeps nobody else waiting for long.
        let _ = out.set_write_timeout(Some(Duration::from_millis(100)));
        let out = Arc::new(Mutex::new(out));
        let mut length = [0; 2];
        while stream.read_exact(&mut length).is_ok() {
            let mut query = vec![0; usize::from(u16::from_be_bytes(length))];
            if stream.read_exact(&mut query).is_err() {
                return;
            }
            let Some(answer) = self.answer(&query) else { return };
            let Ok(length) = u16::try_from(answer.len()) else { return };
            asked.fetch_add(1, Ordering::Relaxed);
            later.send(To::Tcp(out.clone()), [&length.to_be_bytes()[..], &answer].concat());
        }
    }

    /// Serves all policies. Gives the routes that lead there: from an address of policy hosts to a port.
    pub fn policy_hosts(self) -> Vec<(SocketAddr, SocketAddr)> {
        let tls = ca::by_name();
        let serve = |_| {
            let tls = tls.clone();
            serve(move |stream| drop(self.serve_policy(&tls, stream)))
        };
        let ports: Vec<SocketAddr> = (0..PORTS).map(serve).collect();
        let addresses = (0..ADDRESSES).map(|number| SocketAddr::from((address(number), 443)));
        addresses.zip(ports.iter().copied().cycle()).collect()
    }

    /// Answers one request.
    fn serve_policy(self, tls: &Arc<ServerConfig>, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let connection = ServerConnection::new(tls.clone()).expect("a configuration");
        let mut stream = StreamOwned::new(connection, stream);
        let mut head = Vec::new();
        let mut part = [0; 1024];
        while !head.ends_with(b"\r\n\r\n") {
            let length = stream.read(&mut part)?;
            if length == 0 || head.len() > HEAD {
                return Ok(());
            }
            head.extend_from_slice(part.get(..length).unwrap_or_default());
        }
        let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let host = head.lines().find_map(|line| line.strip_prefix("host:")).unwrap_or_default();
        let policy = self
            .policy(host.trim())
            .filter(|_| head.starts_with("get /.well-known/mta-sts.txt http/1.1\r\n"));
        let (status, body) = match policy {
            Some(policy) => ("200 OK", policy),
            None => ("404 Not Found", String::new()),
        };
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        stream.write_all(answer.as_bytes())?;
        stream.conn.send_close_notify();
        stream.flush()
    }
}

/// A resolver that runs.
#[derive(Debug)]
pub struct Resolver {
    /// Where it answers.
    pub address: SocketAddr,
    /// How many questions it has answered.
    asked: Arc<AtomicU64>,
}

impl Resolver {
    /// How many questions it has answered so far.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }
}

/// How long records are good for.
const TTL: Ttl = Ttl::from_secs(300);

fn name(text: &str) -> Name<Vec<u8>> {
    Name::from_str(text).expect("a name")
}

fn soa() -> rdata::Soa<Name<Vec<u8>>> {
    let serial = Serial(20_261_122);
    rdata::Soa::new(name("ns.example"), name("hostmaster.example"), serial, TTL, TTL, TTL, TTL)
}

/// Where the policy host of a domain is.
fn address(number: u32) -> Ipv4Addr {
    let last = u8::try_from(number % ADDRESSES).unwrap_or_default();
    Ipv4Addr::new(203, 0, 113, last + 1)
}

/// Writes a record of `owner`, if one is said.
fn push(answer: &mut AnswerBuilder<Vec<u8>>, owner: &str, said: Said) -> Result<(), PushError> {
    let owner = name(owner);
    match said {
        Said::No | Said::Nothing => Ok(()),
        Said::A(ip) => answer.push((owner, Class::IN, TTL, rdata::A::new(ip))),
        Said::Mx(host) => answer.push((owner, Class::IN, TTL, rdata::Mx::new(10, name(&host)))),
        Said::Ns => answer.push((owner, Class::IN, TTL, rdata::Ns::new(name("ns.example")))),
        Said::Soa => answer.push((owner, Class::IN, TTL, soa())),
        Said::Txt(text) => {
            let data = rdata::Txt::<Vec<u8>>::build_from_slice(text.as_bytes()).expect("room");
            answer.push((owner, Class::IN, TTL, data))
        }
    }
}

/// Sockets for UDP that share a port, which is free for TCP too.
fn ports() -> (Vec<UdpSocket>, TcpListener) {
    for _ in 0..100 {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let socket = |_| -> io::Result<UdpSocket> {
            let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
            socket.set_reuse_port(true)?;
            let _ = socket.set_recv_buffer_size(WAITING);
            socket.bind(&address.into())?;
            Ok(socket.into())
        };
        if let Ok(sockets) = (0..THREADS).map(socket).collect() {
            return (sockets, listener);
        }
    }
    panic!("no port is free for both");
}

/// Who gets an answer.
enum To {
    Udp(Arc<UdpSocket>, SocketAddr),
    Tcp(Arc<Mutex<TcpStream>>),
}

impl To {
    fn send(&self, answer: &[u8]) {
        // Who is gone gets nothing.
        let _ = match self {
            Self::Udp(socket, peer) => socket.send_to(answer, peer).map(drop),
            Self::Tcp(stream) => {
                stream.lock().unwrap_or_else(PoisonError::into_inner).write_all(answer)
            }
        };
    }
}

/// Answers on their way, all as late: the first one in is the first one out.
#[derive(Clone)]
struct Later {
    delay: Duration,
    queue: mpsc::Sender<(Instant, To, Vec<u8>)>,
}

impl Later {
    fn start(delay: Duration) -> Self {
        let (queue, due) = mpsc::channel::<(Instant, To, Vec<u8>)>();
        std::thread::spawn(move || {
            for (at, to, answer) in due {
                std::thread::sleep(at.saturating_duration_since(Instant::now()));
                to.send(&answer);
            }
        });
        Self { delay, queue }
    }

    fn send(&self, to: To, answer: Vec<u8>) {
        if self.delay.is_zero() {
            to.send(&answer);
        } else {
            let _ = self.queue.send((Instant::now() + self.delay, to, answer));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::base::message_builder::MessageBuilder;

    const FLEET: Fleet = Fleet { domains: 300 };

    fn question(owner: &str, rtype: Rtype) -> Vec<u8> {
        let mut query = MessageBuilder::new_vec().question();
        query.header_mut().set_rd(true);
        query.push((name(owner), rtype)).expect("room");
        query.finish()
    }

    /// The code of the answer, how many records are in it, and how many beside it.
    fn counted(answer: &[u8]) -> (Rcode, u16, u16) {
        let answer = Message::from_octets(answer).expect("a message");
        let counts = answer.header_counts();
        (answer.header().rcode(), counts.ancount(), counts.nscount())
    }

    #[test]
    fn what_is_said_follows_from_the_name() {
        for (name, rtype, said) in [
            ("plain-0000299.example", Rtype::MX, Said::Mx("mail.plain-0000299.example".into())),
            ("plain-0000299.example", Rtype::TLSA, Said::Nothing),
            ("mail.plain-0000000.example", Rtype::A, Said::A(Ipv4Addr::new(198, 51, 100, 25))),
            ("_25._tcp.mail.plain-0000000.example", Rtype::TLSA, Said::Nothing),
            ("_mta-sts.plain-0000000.example", Rtype::TXT, Said::No),
            ("mta-sts.plain-0000000.example", Rtype::A, Said::No),
            ("_smtp._tls.plain-0000000.example", Rtype::TXT, Said::No),
            ("_mta-sts.sts-0000001.example", Rtype::TXT, Said::Txt("v=STSv1; id=20261122;".into())),
            ("mta-sts.sts-0000251.example", Rtype::A, Said::A(Ipv4Addr::new(203, 0, 113, 2))),
            ("mta-sts.sts-0000251.example", Rtype::AAAA, Said::Nothing),
            ("sts-0000300.example", Rtype::MX, Said::No),
            ("sts-1.example", Rtype::MX, Said::No),
            ("other.example", Rtype::MX, Said::No),
            ("example", Rtype::NS, Said::Nothing),
            ("com", Rtype::NS, Said::No),
        ] {
            assert_eq!(FLEET.say(name, rtype), said, "{name} {rtype}");
        }
    }

    #[test]
    fn answers_come_by_udp_and_tcp_and_late_if_asked() {
        let delay = Duration::from_millis(30);
        let resolver = FLEET.resolver(delay);
        let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
        udp.connect(resolver.address).expect("it is there");
        let mut packet = [0; 512];
        for (owner, rtype, expected) in [
            ("STS-0000001.example.", Rtype::MX, (Rcode::NOERROR, 1, 0)),
            ("sts-0000001.example.", Rtype::AAAA, (Rcode::NOERROR, 0, 1)),
            ("sts-0000300.example.", Rtype::MX, (Rcode::NXDOMAIN, 0, 1)),
        ] {
            let query = question(owner, rtype);
            let start = Instant::now();
            udp.send(&query).expect("it is sent");
            let length = udp.recv(&mut packet).expect("an answer");
            assert!(start.elapsed() >= delay, "{:?}", start.elapsed());
            assert_eq!(counted(&packet[..length]), expected, "{owner}");

            let mut tcp = TcpStream::connect(resolver.address).expect("it is there");
            let framed = [&(query.len() as u16).to_be_bytes()[..], &query].concat();
            // Two at once, and both are answered.
            tcp.write_all(&[&framed[..], &framed].concat()).expect("it is sent");
            for _ in 0..2 {
                let mut size = [0; 2];
                tcp.read_exact(&mut size).expect("a length");
                let mut answer = vec![0; usize::from(u16::from_be_bytes(size))];
                tcp.read_exact(&mut answer).expect("an answer");
                assert_eq!(answer, packet[..length], "{owner}");
            }
        }
        // What is no question is not answered, and takes nothing down.
        udp.send(b"?").expect("it is sent");
        udp.send(&question("sts-0000002.example.", Rtype::A)).expect("it is sent");
        assert!(udp.recv(&mut packet).is_ok());
        assert_eq!(resolver.asked(), 10);
    }

    #[test]
    fn policies_are_those_of_the_host_that_is_asked() {
        let text = FLEET.policy("mta-sts.sts-0000012.example").expect("a policy");
        assert!(text.contains("mode: enforce\r\nmx: mail.sts-0000012.example\r\n"), "{text}");
        assert_eq!(FLEET.policy("mta-sts.plain-0000012.example"), None);
        assert_eq!(FLEET.policy("sts-0000012.example"), None);
        let routes = FLEET.policy_hosts();
        assert_eq!(routes.len(), 250);
        assert_eq!(routes[1].0.to_string(), "203.0.113.2:443");
    }
}
