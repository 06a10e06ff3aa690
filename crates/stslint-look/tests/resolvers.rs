//! A resolver is asked the same by UDP, over TLS and over HTTPS, and a failure of it is nobody else's.

use domain::base::Rtype;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
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

/// A resolver that speaks HTTP/2 and nothing else, as some do; and which versions it was asked by.
async fn http2(world: World) -> (String, Arc<Mutex<Vec<Version>>>) {
    let mut config = (*ca::server(&["localhost"], Flaw::None)).clone();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (world, asked) = (Arc::new(Mutex::new(world)), Arc::new(Mutex::new(Vec::new())));
    let versions = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, world, versions) =
                (acceptor.clone(), Arc::clone(&world), Arc::clone(&versions));
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let answer = service_fn(move |request: Request<Incoming>| {
                    versions.lock().expect("no panic").push(request.version());
                    let target = request.uri().path_and_query().expect("a path").as_str();
                    let dns = world.lock().expect("no panic").answered(target);
                    async move {
                        let response = Response::builder()
                            .header("content-type", "application/dns-message")
                            .body(Full::<Bytes>::from(dns));
                        Ok::<_, Infallible>(response.expect("a good answer"))
                    }
                });
                let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                let _ = server.serve_connection(TokioIo::new(stream), answer).await;
            });
        }
    });
    (format!("https://localhost:{port}/dns-query"), asked)
}

#[tokio::test]
async fn over_https_by_http_2() {
    let (url, versions) = http2(world()).await;
    let names = names(&url, 5.0).await;
    for _ in 0..3 {
        is_answer(&ask(&names).await);
    }
    assert_eq!(versions.lock().expect("no panic")[..], [Version::HTTP_2; 3]);
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
