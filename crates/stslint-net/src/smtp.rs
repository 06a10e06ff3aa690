//! Looking at a mail host: EHLO, STARTTLS, handshake, and goodbye. No mail is ever sent.

use super::connect::{MAX_READ, Timed, connect, io_problem};
use super::tls::Seen;
use super::{Net, Problem, ProblemKind};
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr};
use stslint::live::check::Reply;
use stslint::live::facts::{Certificate, Hidden, Smtp, StartTlsFailure};
use stslint::text::push_visible;

/// Longest reply that is read, in bytes.
const MAX_REPLY: usize = 16 << 10;

/// What a mail host showed of itself.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whether it offers STARTTLS.
    pub starttls: bool,
    /// How the handshake went, if there was one.
    pub handshake: Result<(), Problem>,
    /// What it showed in it.
    pub seen: Seen,
}

/// Connects to one of the addresses of a mail host and looks at its TLS. A problem means that
/// nothing was seen: networks often block this port.
pub fn probe(net: &Net, host: &str, addresses: &[IpAddr], port: u16) -> Result<Session, Problem> {
    let addresses: Vec<_> = addresses.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
    let mut stream = connect(net, &addresses, net.timeout, MAX_READ)?;
    reply(&mut stream, "220", "the greeting")?;
    // RFC 5321 §4.1.3: who has no name says its address.
    let local = match stream.local().map_err(|error| io_problem(&error, ""))? {
        IpAddr::V4(ip) => format!("[{ip}]"),
        IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
    };
    let extensions = command(&mut stream, &format!("EHLO {local}"), "250")?;
    let mut session = Session { starttls: false, handshake: Ok(()), seen: Seen::default() };
    session.seen.address = Some(stream.peer());
    // RFC 3207 §2; keywords are in any case (RFC 5321 §4.1.1.1).
    session.starttls = extensions.iter().any(|line| line.trim().eq_ignore_ascii_case("STARTTLS"));
    if session.starttls {
        if let Err(problem) = command(&mut stream, "STARTTLS", "220") {
            session.handshake = Err(problem);
            return Ok(session);
        }
        let handshake = net.tls.handshake(host, stream);
        session.seen = Seen { address: session.seen.address, ..handshake.seen };
        session.handshake = handshake.stream.map(|mut stream| {
            // Nobody waits for the answer.
            let _ = stream.write_all(b"QUIT\r\n").and_then(|()| stream.flush());
        });
    } else {
        let _ = stream.write_all(b"QUIT\r\n");
    }
    Ok(session)
}

/// Sends a command. The lines of the reply without their codes.
fn command(stream: &mut Timed, text: &str, want: &str) -> Result<Vec<String>, Problem> {
    let word = text.split(' ').next().unwrap_or(text);
    let sent = stream.write_all(format!("{text}\r\n").as_bytes());
    sent.map_err(|error| io_problem(&error, word))?;
    reply(stream, want, &format!("the reply to {word}"))
}

/// Reads a reply (RFC 5321 §4.2). It ends with a line that has a space after its code, or nothing.
/// Byte by byte, so that nothing of what follows STARTTLS is taken away from TLS.
fn reply(stream: &mut Timed, want: &str, what: &str) -> Result<Vec<String>, Problem> {
    let mut lines = Vec::new();
    let mut line = Vec::new();
    for _ in 0..MAX_REPLY {
        let mut byte = [0];
        stream.read_exact(&mut byte).map_err(|error| io_problem(&error, what))?;
        if byte != *b"\n" {
            line.extend(byte);
            continue;
        }
        let text = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
        line.clear();
        let (Some(code), rest) = (text.get(..3), text.get(3..).unwrap_or_default()) else {
            break;
        };
        if code != want {
            let mut words = format!("{what} is: ");
            text.chars().take(120).for_each(|c| push_visible(c, &mut words));
            return Err(Problem::new(ProblemKind::Protocol, words));
        }
        lines.push(rest.get(1..).unwrap_or_default().to_owned());
        if !rest.starts_with('-') {
            return Ok(lines);
        }
    }
    Err(Problem::new(ProblemKind::Protocol, format!("{what} is not SMTP")))
}

/// What a session says, as the reply to the engine's question.
/// Port 25 is blocked in many networks, so that nothing seen says nothing. But where the host has offered STARTTLS
/// and then refuses it, or the handshake, that was seen.
pub fn reply_of(session: &Result<Session, Problem>) -> Reply {
    let hidden = |words: &str| Reply::NotObservable(Hidden::Told(words.to_owned()));
    match session {
        Err(problem) => hidden(&problem.words),
        Ok(session) => {
            let failure = match &session.handshake {
                Ok(()) => None,
                Err(problem) => match problem.kind {
                    ProblemKind::CertificateExpired
                    | ProblemKind::CertificateName
                    | ProblemKind::CertificateUntrusted => None,
                    ProblemKind::Protocol => Some(StartTlsFailure::Refused),
                    ProblemKind::Tls => Some(StartTlsFailure::Tls),
                    ProblemKind::TlsTooOld => Some(StartTlsFailure::TlsTooOld),
                    ProblemKind::NoRoute
                    | ProblemKind::Machine
                    | ProblemKind::Connect
                    | ProblemKind::TlsLate => return hidden(&problem.words),
                },
            };
            let certificate = Certificate { tlsa: session.seen.tlsa(), ..session.seen.fact() };
            Reply::Smtp(Smtp { starttls: Some(session.starttls), certificate, failure })
        }
    }
}
