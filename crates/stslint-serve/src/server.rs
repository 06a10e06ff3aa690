//! Connections: how many, how long, who asks, and how they end.

use crate::client::client;
use crate::metrics;
use crate::problem::Problem;
use crate::{App, Error, Limits, page, relay};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, watch};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::CorsLayer;

/// Most header fields of a request.
const MAX_FIELDS: usize = 64;

/// Most bytes that are read of a connection before they are a request head.
const MAX_HEAD: usize = 16 << 10;

/// How long a client may take for a request head; it is also how long a connection may be idle.
const HEAD_TIME: Duration = Duration::from_secs(15);

/// After this time a connection ends with the request that is under way.
const LIFE: Duration = Duration::from_secs(300);

/// How long that request may take; a client that doesn't read does not hold its answer longer.
const LAST: Duration = Duration::from_secs(120);

/// How long a client may take for the rest of a request head when the end was asked for.
const HALF_HEAD: Duration = Duration::from_secs(1);

/// The header field with the id of a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(IpAddr);

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking {
    pub(crate) client: IpAddr,
}

/// The id of a request: another one for each, of each process.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) Arc<str>);

impl RequestId {
    fn new() -> Self {
        static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self(format!("{:016x}", SEED.hash_one(COUNT.fetch_add(1, Ordering::Relaxed))).into())
    }
}

/// A server that listens already.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    metrics: Option<TcpListener>,
    app: Arc<App>,
}

impl Server {
    pub(crate) async fn bind(app: App) -> Result<Self, Error> {
        let listen = async |address: SocketAddr| {
            TcpListener::bind(address).await.map_err(|error| Error::Listen(address, error))
        };
        let listener = listen(app.config.listen).await?;
        let metrics = match app.config.metrics {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        Ok(Self { listener, metrics, app: Arc::new(app) })
    }

    /// The address it listens at.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// How much at once it serves: what was asked for, or less where the system has not so much room.
    pub fn limits(&self) -> Limits {
        self.app.config.limits
    }

    /// The address at which it tells metrics, if that is another one.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref()?.local_addr().ok()
    }

    /// Serves until somebody sends on `stop`, or nobody can any more; then takes no more connections, and lets
    /// what is under way end within the grace of the configuration, or until somebody sends again.
    pub async fn run(self, mut stop: mpsc::Receiver<()>) {
        let Self { listener, metrics, app } = self;
        // Each connection holds a receiver, so that the sender knows when the last one has ended.
        let (end, ending) = watch::channel(());
        let router = router(&app, metrics.is_none());
        let room = Arc::new(Semaphore::new(app.config.limits.connections));
        // Somebody who floods the page must not keep the operator from looking why.
        let aside = Arc::new(Semaphore::new(16));
        loop {
            tokio::select! {
                () = accept(&listener, &room, &router, &app, &ending) => {}
                () = accept_aside(metrics.as_ref(), &aside, &app, &ending) => {}
                _ = stop.recv() => break,
            }
        }
        drop((listener, metrics, ending));
        end.send_replace(());
        // What is not done by then is cut off.
        tokio::select! {
            () = end.closed() => {}
            () = tokio::time::sleep(app.config.grace) => {}
            // Nobody who could send is left where this is none.
            Some(()) = stop.recv() => {}
        }
    }
}

/// Takes one connection when there is room for it. Until then the system lets them wait, and turns
/// them away when too many do.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
    router: &Router,
    app: &Arc<App>,
    ending: &watch::Receiver<()>,
) {
    let Ok(place) = room.clone().acquire_owned().await else { return };
    match listener.accept().await {
        Ok((stream, peer)) => {
            let _ = stream.set_nodelay(true);
            let app = app.clone();
            let connection = connection(stream, peer.ip(), router.clone(), ending.clone());
            tokio::spawn(async move {
                let peer = peer.ip().to_canonical();
                // A proxy speaks for many.
                let is_proxy = app.config.trust_proxy.iter().any(|net| net.contains(&peer));
                let share = app.peers.start(peer);
                if share.is_some() || is_proxy {
                    app.metrics.connections.inc();
                    connection.await;
                    app.metrics.connections.dec();
                }
                drop(place);
            });
        }
        // Out of file descriptors, mostly: it gets better when a connection ends.
        Err(error) => {
            tracing::warn!(%error, "can't take a connection");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn accept_aside(
    listener: Option<&TcpListener>,
    room: &Arc<Semaphore>,
    app: &Arc<App>,
    ending: &watch::Receiver<()>,
) {
    match listener {
        Some(listener) => {
            let router = Router::new().route("/metrics", get(tell_metrics)).with_state(app.clone());
            accept(listener, room, &router, app, ending).await;
        }
        None => std::future::pending().await,
    }
}

/// Serves a connection to its end.
async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: IpAddr,
    router: Router,
    mut ending: watch::Receiver<()>,
) {
    let busy = Arc::new(Busy::default());
    let stream = Watched { stream, busy: busy.clone() };
    let at_work = busy.clone();
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        let (router, busy) = (router.clone(), at_work.clone());
        async move {
            busy.answering.store(true, Ordering::Relaxed);
            let answer = router.oneshot(request).await;
            busy.answering.store(false, Ordering::Relaxed);
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(MAX_HEAD)
        .max_headers(MAX_FIELDS)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    // How a connection ends is its client's business.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = tokio::time::sleep(LIFE) => {}
        _ = ending.changed() => {}
    }
    connection.as_mut().graceful_shutdown();
    let last = tokio::time::Instant::now() + LAST;
    while tokio::time::Instant::now() < last {
        // Whoever has not ended a request head by then has no request.
        if tokio::time::timeout(HALF_HEAD, connection.as_mut()).await.is_ok() || !busy.is_busy() {
            break;
        }
    }
}

/// What a connection has to do.
#[derive(Debug, Default)]
struct Busy {
    /// A request is being answered.
    answering: AtomicBool,
    /// An answer is on its way, and the client has not taken it.
    sending: AtomicBool,
}

impl Busy {
    fn is_busy(&self) -> bool {
        self.answering.load(Ordering::Relaxed) || self.sending.load(Ordering::Relaxed)
    }
}

/// A connection that notes whether the client takes what it is sent.
struct Watched<S> {
    stream: S,
    busy: Arc<Busy>,
}

impl<S> Watched<S> {
    fn note<T>(&self, sent: Poll<T>) -> Poll<T> {
        self.busy.sending.store(sent.is_pending(), Ordering::Relaxed);
        sent
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(context, buffer);
        self.note(sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.note(sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

fn router(app: &Arc<App>, with_metrics: bool) -> Router {
    let relay = Router::new()
        .route("/", get(relay::about))
        .route("/about", get(relay::about))
        .route("/policy", get(relay::policy))
        .route("/mx", get(relay::mx))
        .fallback(nothing)
        .method_not_allowed_fallback(only_get)
        .layer(from_fn_with_state(app.clone(), welcome));
    let relay = match cors(app) {
        Some(cors) => relay.layer(cors),
        None => relay,
    };
    let mut router = Router::new()
        .nest("/relay/v1", relay.clone())
        // `nest` leaves the slash at the end to us.
        .route("/relay/v1/", get(relay::about).layer(from_fn_with_state(app.clone(), welcome)))
        .route("/healthz", get(health));
    if let Some(cors) = cors(app) {
        router = router.layer(cors);
    }
    if with_metrics {
        router = router.route("/metrics", get(tell_metrics));
    }
    router
        .fallback(page::serve)
        .with_state(app.clone())
        .layer(CatchPanicLayer::custom(|_| {
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", "This relay broke down.")
                .response("")
        }))
        .layer(from_fn_with_state(app.clone(), around))
}

fn cors(app: &App) -> Option<CorsLayer> {
    use crate::Origins;
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::HEAD])
        .expose_headers([header::RETRY_AFTER, REQUEST_ID])
        .max_age(Duration::from_secs(3600));
    match &app.config.origins {
        Origins::Own => None,
        Origins::Any => Some(layer.allow_origin(tower_http::cors::Any)),
        Origins::List(list) => {
            let list = list.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
            Some(layer.allow_origin(list.collect::<Vec<_>>()))
        }
    }
}

/// Gives a request its id, finds out who asks, counts and logs what came of it.
async fn around(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = RequestId::new();
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0; 4]), |peer| peer.0);
    let client = client(peer, request.headers(), &app.config.trust_proxy);
    let route = route(request.uri().path());
    let method = request.method().clone();
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(Asking { client });
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID, value);
    }
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    let status = response.status().as_u16();
    app.metrics.requests.get_or_create(&metrics::Request { route, status }).inc();
    let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(id = %id.0, %method, route, status, milliseconds);
    response
}

/// What a path asks for, among few.
fn route(path: &str) -> &'static str {
    match path {
        "/relay/v1/policy" => "policy",
        "/relay/v1/mx" => "mx",
        "/healthz" => "health",
        "/metrics" => "metrics",
        _ if path.starts_with("/relay/") => "relay",
        _ => "page",
    }
}

/// Lets only those pages ask that may.
async fn welcome(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if relay::is_welcome(&app, request.headers()) {
        return next.run(request).await;
    }
    let id = request.extensions().get::<RequestId>().cloned();
    let detail = "This relay does not serve pages of other sites.";
    Problem::new(StatusCode::FORBIDDEN, "foreign-page", detail)
        .response(id.as_ref().map_or("", |id| &id.0))
}

async fn nothing(request: Request) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    Problem::new(StatusCode::NOT_FOUND, "not-found", "This relay has nothing at this address.")
        .response(id.as_ref().map_or("", |id| &id.0))
}

async fn only_get(request: Request) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "This relay answers GET only.")
        .response(id.as_ref().map_or("", |id| &id.0))
}

async fn health() -> &'static str {
    "ok\n"
}

async fn tell_metrics(State(app): State<Arc<App>>) -> Response {
    let (entries, bytes) = app.cache.size();
    let gauge = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
    app.metrics.cache_entries.set(gauge(entries));
    app.metrics.cache_bytes.set(gauge(bytes));
    ([(header::CONTENT_TYPE, metrics::MEDIA_TYPE)], app.metrics.text()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::Instant;

    /// How long a connection goes on after the end was asked for, on a clock that runs only while nothing else
    /// does. Its client has sent this, and takes no more than so many bytes.
    async fn lasts(sent: &str, takes: usize) -> Duration {
        let slow = async || {
            tokio::time::sleep(Duration::from_secs(20)).await;
            "x".repeat(1000)
        };
        let router = Router::new().route("/slow", get(slow));
        let (mut client, stream) = tokio::io::duplex(takes);
        let (end, ending) = watch::channel(());
        let served = tokio::spawn(connection(stream, [127, 0, 0, 1].into(), router, ending));
        client.write_all(sent.as_bytes()).await.expect("it reads");
        tokio::time::sleep(Duration::from_secs(2)).await;
        let start = Instant::now();
        end.send_replace(());
        if takes > 1000 {
            tokio::spawn(async move { client.read_to_end(&mut Vec::new()).await });
            served.await.expect("it ends");
        } else {
            served.await.expect("it ends");
            drop(client);
        }
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_waits_for_answers_and_not_for_half_a_question() {
        let second = Duration::from_secs(1);
        assert!(lasts("", 1 << 20).await <= second * 2);
        assert!(lasts("GET /slow HT", 1 << 20).await <= second * 2);
        let request = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
        let answered = lasts(request, 1 << 20).await;
        assert!((second * 17..second * 20).contains(&answered), "{answered:?}");
        // Whoever does not take the answer is waited for, but not for ever.
        let stuck = lasts(request, 64).await;
        assert!((LAST..LAST + second * 20).contains(&stuck), "{stuck:?}");
    }
}
