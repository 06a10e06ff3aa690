//! Servers on loopback. Each connection has a thread of its own; they end with the process.

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What says that a connection ends with an answer.
const CLOSE: &str = "Connection: close\r\n";

/// What a server does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends these bytes and waits for the next request.
    Kept(Vec<u8>),
    /// Sends these bytes, then more and more of the last one.
    Endless(Vec<u8>),
    /// Sends these bytes, then the other ones again and again.
    Again(Vec<u8>, Vec<u8>),
    /// Sends these bytes, then the last one again and again, so slowly that the end never comes.
    Drip(Vec<u8>),
    /// Keeps silent.
    Silence,
}

impl Reply {
    /// An HTTP answer.
    pub fn http(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut text = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        text += CLOSE;
        text += "\r\n";
        Self::Bytes([text.as_bytes(), body].concat())
    }

    /// The same answer on a connection that stays open for the next request.
    #[must_use]
    pub fn kept(self) -> Self {
        match self {
            Self::Bytes(mut bytes) => {
                let close = CLOSE.as_bytes();
                if let Some(at) = bytes.windows(close.len()).position(|window| window == close) {
                    bytes.drain(at..at + close.len());
                }
                Self::Kept(bytes)
            }
            other => other,
        }
    }
}

/// Serves each connection with a function.
pub(crate) fn serve(handle: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let handle = Arc::new(handle);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let handle = handle.clone();
            std::thread::spawn(move || handle(stream));
        }
    });
    address
}

/// Serves HTTP, with TLS if there is a configuration. The function gets the target of the request.
pub fn http(
    tls: Option<Arc<ServerConfig>>,
    reply: impl Fn(&str) -> Reply + Send + Sync + 'static,
) -> SocketAddr {
    serve(move |stream| match &tls {
        None => answer(stream, &reply),
        Some(tls) => {
            let connection = ServerConnection::new(tls.clone()).expect("a configuration");
            answer(StreamOwned::new(connection, stream), &reply);
        }
    })
}

fn answer(mut stream: impl Read + Write, reply: &impl Fn(&str) -> Reply) {
    while answer_one(&mut stream, reply) {}
}

/// Answers a request. Whether the connection stays open.
fn answer_one(mut stream: impl Read + Write, reply: &impl Fn(&str) -> Reply) -> bool {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => head.extend(byte),
            _ => return false,
        }
    }
    let head = String::from_utf8(head).expect("a request is text");
    let target = head.split(' ').nth(1).expect("a request line");
    match reply(target) {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes);
            let _ = stream.flush();
        }
        Reply::Kept(bytes) => {
            return stream.write_all(&bytes).and_then(|()| stream.flush()).is_ok();
        }
        Reply::Endless(bytes) => {
            let _ = stream.write_all(&bytes);
            let more = [bytes.last().copied().unwrap_or(b'x'); 1024];
            while stream.write_all(&more).is_ok() {}
        }
        Reply::Again(bytes, more) => {
            let _ = stream.write_all(&bytes);
            while stream.write_all(&more).is_ok() {}
        }
        Reply::Drip(bytes) => {
            let _ = stream.write_all(&bytes);
            drip(&mut stream, &bytes[bytes.len() - 1..]);
        }
        // Until the other side has enough.
        Reply::Silence => while matches!(stream.read(&mut [0; 64]), Ok(1..)) {},
    }
    false
}

/// Sends the same bytes every now and then until the other side has enough.
fn drip(stream: &mut impl Write, bytes: &[u8]) {
    while stream.write_all(bytes).and_then(|()| stream.flush()).is_ok() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Sends bytes to whoever connects, whatever they say.
pub fn raw(bytes: &'static [u8]) -> SocketAddr {
    serve(move |mut stream| {
        let _ = stream.write_all(bytes);
        while matches!(stream.read(&mut [0; 64]), Ok(1..)) {}
    })
}

/// Breaks every connection as soon as the other side has said something: what was not read when a
/// connection is closed makes a reset of it.
pub fn reset() -> SocketAddr {
    serve(|mut stream| {
        let _ = stream.read(&mut [0]);
    })
}

/// Counts connections, and closes them at once.
pub fn counting(count: Arc<AtomicUsize>) -> SocketAddr {
    serve(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
    })
}

/// How a mail host behaves.
#[derive(Clone, Debug)]
pub enum Mail {
    /// Offers STARTTLS with this configuration.
    Tls(Arc<ServerConfig>),
    /// Offers no STARTTLS.
    Plain,
    /// Greets with this line.
    Greeting(&'static str),
    /// Offers STARTTLS and then refuses.
    Refuses,
    /// Offers STARTTLS, agrees to it, reads what comes, sends these bytes and closes.
    After(&'static [u8]),
    /// Says nothing.
    Silence,
    /// Greets and greets, and never comes to the point.
    Drip,
}

/// Serves SMTP. A command that would send mail is a failure of the test.
pub fn smtp(mail: Mail) -> SocketAddr {
    serve(move |mut stream| {
        if let Mail::Silence = mail {
            while matches!(stream.read(&mut [0; 64]), Ok(1..)) {}
            return;
        }
        if let Mail::Drip = mail {
            return drip(&mut stream, b"220-welcome\r\n");
        }
        let greeting = match mail {
            Mail::Greeting(line) => line,
            _ => "220-mx.example.com\r\n220 welcome",
        };
        let _ = stream.write_all(format!("{greeting}\r\n").as_bytes());
        while let Some(line) = read_line(&mut stream) {
            let offer = if let Mail::Plain = mail { "" } else { "250-starttls\r\n" };
            let reply = match line.split(' ').next().unwrap_or_default() {
                "EHLO" => format!("250-mx.example.com\r\n{offer}250 8BITMIME\r\n"),
                "STARTTLS" => match &mail {
                    Mail::Tls(config) => {
                        let _ = stream.write_all(b"220 go ahead\r\n");
                        let connection = ServerConnection::new(config.clone()).expect("good");
                        let mut tls = StreamOwned::new(connection, stream);
                        let last = read_line(&mut tls);
                        assert!(matches!(last.as_deref(), None | Some("QUIT")), "{last:?}");
                        return;
                    }
                    Mail::After(bytes) => {
                        let _ = stream.write_all(b"220 go ahead\r\n");
                        let _ = stream.read(&mut [0; 4096]);
                        let _ = stream.write_all(bytes);
                        return;
                    }
                    _ => "454 TLS not available\r\n".into(),
                },
                "QUIT" => return,
                other => panic!("unexpected command {other}"),
            };
            let _ = stream.write_all(reply.as_bytes());
        }
    })
}

fn read_line(stream: &mut impl Read) -> Option<String> {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => line.extend(byte),
            _ => return None,
        }
    }
    line.truncate(line.len() - 2);
    String::from_utf8(line).ok()
}
