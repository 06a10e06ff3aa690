//! TCP connections with a deadline for all that happens on them.

use super::{Net, Problem, ProblemKind};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Most bytes that are read of a policy host or a mail host over one connection, TLS and all: several times a
/// policy of the largest size. Without it, interim answers or trailers without an end would keep a processor busy
/// for as long as there is time.
pub const MAX_READ: u64 = 512 << 10;

/// A connection whose reads and writes fail once its time is up, or so much was read.
#[derive(Debug)]
pub(crate) struct Timed {
    stream: TcpStream,
    peer: IpAddr,
    deadline: Instant,
    /// How many more bytes may be read.
    room: u64,
}

impl Timed {
    /// The local address.
    pub(crate) fn local(&self) -> io::Result<IpAddr> {
        Ok(self.stream.local_addr()?.ip())
    }

    /// The address that was asked for, whatever route a test gave it.
    pub(crate) fn peer(&self) -> IpAddr {
        self.peer
    }

    /// Gives it more time, or less.
    pub(crate) fn end_at(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    /// Whether nothing has come since the last answer, not even the end: then it can be used again.
    pub(crate) fn is_open(&mut self) -> bool {
        let waiting = self.stream.set_nonblocking(true).and_then(|()| {
            let outcome = self.stream.peek(&mut [0]);
            self.stream.set_nonblocking(false)?;
            outcome
        });
        matches!(waiting, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Timed {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        if self.room == 0 {
            let words = format!("more than {} KiB came, and no end", MAX_READ >> 10);
            return Err(io::Error::new(ErrorKind::InvalidData, words));
        }
        let most = usize::try_from(self.room).unwrap_or(usize::MAX).min(buf.len());
        let read = self.stream.read(&mut buf[..most])?;
        self.room -= read as u64;
        Ok(read)
    }
}

impl Write for Timed {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Connects to the first address that lets it. If none does, the problem is that of the last one
/// that told something about the other side. `room` is how many bytes may be read. Where this machine was in the way of one, nobody knows what
/// that one would have told.
pub(crate) fn connect(
    net: &Net,
    addresses: &[SocketAddr],
    timeout: Duration,
    room: u64,
) -> Result<Timed, Problem> {
    let deadline = Instant::now() + timeout;
    let mut problem = Problem::new(ProblemKind::NoRoute, "no address to connect to");
    for (i, address) in addresses.iter().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        // One address that does not answer must leave time for the next.
        let share = left / u32::try_from(addresses.len() - i).unwrap_or(u32::MAX);
        if share.is_zero() {
            break;
        }
        let Some(route) = net.route(*address) else { continue };
        match TcpStream::connect_timeout(&route, share) {
            Ok(stream) => {
                let _ = stream.set_nodelay(true);
                return Ok(Timed { stream, peer: address.ip(), deadline, room });
            }
            Err(error) => {
                let mut next = io_problem(&error, &format!("can't connect to {address}"));
                if is_own_router(address, error.kind()) {
                    next.kind = ProblemKind::NoRoute;
                }
                let rank = |problem: &Problem| match problem.kind {
                    ProblemKind::Machine => 2,
                    ProblemKind::Connect => 1,
                    _ => 0,
                };
                if rank(&next) >= rank(&problem) {
                    problem = next;
                }
            }
        }
    }
    Err(problem)
}

/// Whether the router that says no may well be that of this network: many have IPv6 that leads nowhere.
fn is_own_router(address: &SocketAddr, kind: ErrorKind) -> bool {
    address.is_ipv6() && kind == ErrorKind::HostUnreachable
}

/// What an error of input or output means. Only what is known to come from the other side counts as its: a
/// system has many words for its own troubles (EMFILE, ENFILE, ENOBUFS, ENOMEM), and not all have a name here.
pub(crate) fn io_problem(error: &io::Error, what: &str) -> Problem {
    let kind = match error.kind() {
        ErrorKind::TimedOut
        | ErrorKind::WouldBlock
        | ErrorKind::ConnectionRefused
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::NotConnected
        | ErrorKind::BrokenPipe
        | ErrorKind::WriteZero
        | ErrorKind::UnexpectedEof
        | ErrorKind::HostUnreachable => ProblemKind::Connect,
        ErrorKind::InvalidData => ProblemKind::Protocol,
        // No interface for IPv6, no network at all.
        ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable
        | ErrorKind::PermissionDenied
        | ErrorKind::Unsupported => ProblemKind::NoRoute,
        _ => ProblemKind::Machine,
    };
    let words = match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "no answer in time".into(),
        ErrorKind::ConnectionRefused => "connection refused".into(),
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => "connection reset".into(),
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionAborted => "connection closed".into(),
        ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable => {
            "there is no way from here to this address".into()
        }
        ErrorKind::HostUnreachable => "host unreachable".into(),
        _ => error.to_string(),
    };
    let words = if what.is_empty() { words } else { format!("{what}: {words}") };
    Problem { kind, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_way_over_ipv6_nobody_else_is_blamed() {
        for (address, kind, own) in [
            ("[2001:db8::1]:443", ErrorKind::HostUnreachable, true),
            ("[2001:db8::1]:443", ErrorKind::ConnectionRefused, false),
            ("192.0.2.1:443", ErrorKind::HostUnreachable, false),
        ] {
            assert_eq!(is_own_router(&address.parse().expect(address), kind), own, "{address}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_machine_in_trouble_blames_nobody_else() {
        let kind = |number| io_problem(&io::Error::from_raw_os_error(number), "").kind;
        for number in [libc::EMFILE, libc::ENFILE, libc::ENOBUFS, libc::ENOMEM, libc::EADDRINUSE] {
            assert_eq!(kind(number), ProblemKind::Machine, "{number}");
        }
        for number in [libc::ENETUNREACH, libc::EADDRNOTAVAIL, libc::EACCES] {
            assert_eq!(kind(number), ProblemKind::NoRoute, "{number}");
        }
        for number in [libc::ECONNREFUSED, libc::ECONNRESET, libc::ETIMEDOUT, libc::EHOSTUNREACH] {
            assert_eq!(kind(number), ProblemKind::Connect, "{number}");
        }
    }
}
