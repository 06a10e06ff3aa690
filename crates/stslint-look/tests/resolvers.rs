//! A resolver is asked the same by UDP, over TLS and over HTTPS, and a failure of it is nobody else's.

use domain::base::Rtype;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use stslint::live::check::{Data, DnsReply, RecordKind, Reply};
use stslint::live::facts::Hidden;
use stslint_doh::live;
use stslint_look::{Names, QUESTIONS, Resolver};
use stslint_net::{Net, Test};
use stslint_testnet::ca::{self, Flaw};
use stslint_testnet::dns::{Record, Say, Tcp, World};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

const TEXT: &str = "v=STSv1; id=1;";

fn world() -> World {
    let mut world = World::default();
    let record = Record::Txt(TEXT.into());
    world.say("_mta-sts.example.com", Rtype::TXT, Say::Records(vec![record]));
    world
}

async fn names(resolver: &str, timeout: f64) -> Names {
    let test = Test { roots: vec![ca::root()], ..Test::default() };
    let net = Net::new(Duration::from_secs_f64(timeout), test);
    let resolver = Resolver::read(resolver).expect("a resolver");
    Names::new(&resolver, &net, QUESTIONS).await.expect("it is ready")
}

async fn ask(names: &Names) -> Reply {
    ask_for(names, Duration::from_secs(3)).await
}

/// Asks, and waits for so long.
async fn ask_for(names: &Names, time: Duration) -> Reply {
    let query = live::query("_mta-sts.example.com", RecordKind::Txt, false).expect("a good name");
    names.ask(&query, Instant::now() + time).await
}

#[track_caller]
fn is_answer(reply: &Reply) {
    let Reply::Dns(DnsReply { rcode: 0, records, .. }) = reply else { panic!("{reply:?}") };
    assert_eq!(records[..], [Data::Txt(vec![TEXT.into()])]);
}

#[track_caller]
fn is_not_seen(reply: &Reply, words: &str) {
    let Reply::NotObservable(Hidden::Told(why)) = reply else { panic!("{reply:?}") };
    assert!(why.contains(words), "{why}");
}

#[tokio::test]
async fn by_udp() {
    let address = world().serve_udp();
    is_answer(&ask(&names(&format!("udp://{address}"), 5.0).await).await);
}

/// What does not fit into a packet comes by TCP (RFC 1035 §4.2.2, RFC 7766 §5), and what came by UDP does not count.
#[tokio::test]
async fn a_cut_answer_is_asked_for_again_by_tcp() {
    let address = world().serve_cut(Tcp::Answers);
    let names = names(&format!("udp://{address}"), 5.0).await;
    for _ in 0..3 {
        is_answer(&ask(&names).await);
    }
}

/// A cut answer without records looks like one that there are none.
#[tokio::test]
async fn a_cut_answer_without_tcp_says_nothing_of_the_name() {
    let mut all = JoinSet::new();
    for tcp in [Tcp::Refused, Tcp::Closes, Tcp::Torn, Tcp::Silent] {
        let address = world().serve_cut(tcp);
        let names = names(&format!("udp://{address}"), 5.0).await;
        // There is time enough for the resolver to fail in its own way.
        all.spawn(async move { (tcp, ask_for(&names, Duration::from_secs(60)).await) });
    }
    for (tcp, reply) in all.join_all().await {
        assert!(matches!(reply, Reply::NotObservable(_)), "{tcp:?}: {reply:?}");
        is_not_seen(&reply, "the resolver can't be reached: ");
    }
}

#[tokio::test]
async fn over_tls_with_a_certificate_for_its_name() {
    let address = world().serve_tls(&["dns.example"]);
    let good = names(&format!("tls://{address}#dns.example"), 5.0).await;
    for _ in 0..3 {
        is_answer(&ask(&good).await);
    }
    let other = names(&format!("tls://{address}#other.example"), 5.0).await;
    is_not_seen(&ask(&other).await, "the resolver can't be reached: ");
}

/// When a resolver ends its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    /// It keeps them.
    Never,
    /// With so many answers on a connection, by GOAWAY: what is under way is answered (RFC 9113 §6.8).
    Politely(usize),
    /// Its first one, in place of so many-th an answer: what is under way is lost.
    Abruptly(usize),
    /// Each in place of its first answer.
    Always,
}

/// A resolver that speaks HTTP/2 and nothing else, as some do.
struct Http2 {
    url: String,
    /// Which version each question came by.
    versions: Arc<Mutex<Vec<Version>>>,
    /// How many connections there were.
    connections: Arc<AtomicUsize>,
}

async fn http2(world: World, ends: Ends) -> Http2 {
    let mut config = (*ca::server(&["localhost"], Flaw::None)).clone();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (world, versions) = (Arc::new(Mutex::new(world)), Arc::new(Mutex::new(Vec::new())));
    let connections = Arc::new(AtomicUsize::new(0));
    let (asked, begun) = (Arc::clone(&versions), Arc::clone(&connections));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let number = begun.fetch_add(1, Ordering::SeqCst);
            let (acceptor, world, asked) =
                (acceptor.clone(), Arc::clone(&world), Arc::clone(&asked));
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let (goes, breaks) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
                let (go, cut) = (Arc::clone(&goes), Arc::clone(&breaks));
                let count = AtomicUsize::new(0);
                let answer = service_fn(move |request: Request<Incoming>| {
                    asked.lock().expect("no panic").push(request.version());
                    let count = count.fetch_add(1, Ordering::SeqCst) + 1;
                    let is_lost = match ends {
                        Ends::Never => false,
                        Ends::Politely(most) => {
                            if count == most {
                                go.notify_one();
                            }
                            false
                        }
                        Ends::Abruptly(most) => number == 0 && count == most,
                        Ends::Always => true,
                    };
                    let target = request.uri().path_and_query().expect("a path").as_str();
                    let dns = world.lock().expect("no panic").answered(target);
                    let cut = Arc::clone(&cut);
                    async move {
                        if is_lost {
                            cut.notify_one();
                            std::future::pending::<()>().await;
                        }
                        let response = Response::builder()
                            .header("content-type", "application/dns-message")
                            .body(Full::<Bytes>::from(dns));
                        Ok::<_, Infallible>(response.expect("a good answer"))
                    }
                });
                let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                let mut served = pin!(server.serve_connection(TokioIo::new(stream), answer));
                let mut goes = pin!(goes.notified());
                let mut is_going = false;
                loop {
                    tokio::select! {
                        _ = served.as_mut() => break,
                        () = breaks.notified() => break,
                        () = goes.as_mut(), if !is_going => {
                            is_going = true;
                            served.as_mut().graceful_shutdown();
                        }
                    }
                }
            });
        }
    });
    Http2 { url: format!("https://localhost:{port}/dns-query"), versions, connections }
}

/// Asks so many questions at the same time.
async fn ask_at_once(names: &Arc<Names>, count: usize) -> Vec<Reply> {
    let mut questions = JoinSet::new();
    for _ in 0..count {
        let names = Arc::clone(names);
        questions.spawn(async move { ask_for(&names, Duration::from_secs(30)).await });
    }
    questions.join_all().await
}

#[tokio::test]
async fn over_https_by_http_2() {
    let server = http2(world(), Ends::Never).await;
    let names = names(&server.url, 15.0).await;
    for _ in 0..3 {
        is_answer(&ask(&names).await);
    }
    assert_eq!(server.versions.lock().expect("no panic")[..], [Version::HTTP_2; 3]);
}

#[tokio::test]
async fn a_connection_by_http_2_serves_many_questions() {
    let server = http2(world(), Ends::Never).await;
    let names = Arc::new(names(&server.url, 15.0).await);
    // A list begins with many questions at once, before there is any connection.
    ask_at_once(&names, 100).await.iter().for_each(is_answer);
    for _ in 0..10 {
        is_answer(&ask(&names).await);
    }
    assert_eq!(server.versions.lock().expect("no panic").len(), 110);
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

/// A server that ends a connection loses no question: there is a new one (RFC 9113 §6.8).
#[tokio::test]
async fn a_connection_that_ends_politely_loses_no_question() {
    let server = http2(world(), Ends::Politely(5)).await;
    let names = Arc::new(names(&server.url, 15.0).await);
    for _ in 0..20 {
        is_answer(&ask(&names).await);
    }
    let connections = server.connections.load(Ordering::SeqCst);
    assert!((2..=5).contains(&connections), "{connections} connections");
    ask_at_once(&names, 60).await.iter().for_each(is_answer);
}

/// To ask again what can have had no effect is allowed (RFC 9110 §9.2.2).
#[tokio::test]
async fn a_connection_that_breaks_loses_no_question() {
    let server = http2(world(), Ends::Abruptly(4)).await;
    let names = Arc::new(names(&server.url, 15.0).await);
    for _ in 0..10 {
        is_answer(&ask(&names).await);
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 2);
    // Ten answers, and the question that had none.
    assert_eq!(server.versions.lock().expect("no panic").len(), 11);
    // With others under way on it.
    let server = http2(world(), Ends::Abruptly(10)).await;
    let names = Arc::new(self::names(&server.url, 15.0).await);
    is_answer(&ask(&names).await);
    ask_at_once(&names, 30).await.iter().for_each(is_answer);
}

/// A resolver that breaks every connection is asked twice, and then can't be reached.
#[tokio::test]
async fn a_question_is_asked_again_once() {
    let server = http2(world(), Ends::Always).await;
    let names = names(&server.url, 15.0).await;
    is_not_seen(&ask(&names).await, "the resolver can't be reached: it closed the connection");
    assert_eq!(server.versions.lock().expect("no panic").len(), 2);
}

#[tokio::test]
async fn over_https_by_http_1() {
    is_answer(&ask(&names(&world().serve_http(), 5.0).await).await);
}

/// Each question takes a socket, so there are not more than so many; one without a turn is not one without an answer.
#[tokio::test]
async fn who_has_no_turn_in_time_is_told_so() {
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let names = Arc::new(names(&format!("udp://{address}"), 5.0).await);
    let mut others = JoinSet::new();
    for _ in 0..QUESTIONS {
        let names = Arc::clone(&names);
        others.spawn(async move { ask(&names).await });
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let query = live::query("_mta-sts.example.com", RecordKind::Txt, false).expect("a good name");
    let reply = names.ask(&query, Instant::now() + Duration::from_millis(300)).await;
    is_not_seen(&reply, "there was no time to ask it");
}

#[tokio::test]
async fn nobody_there_says_nothing_of_the_name() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = closed.local_addr().expect("an address");
    drop(closed);
    for resolver in [
        format!("udp://{address}"),
        format!("tls://{address}#dns.example"),
        format!("http://{address}/dns-query"),
    ] {
        is_not_seen(&ask(&names(&resolver, 1.0).await).await, "the resolver can't be reached: ");
    }
}
