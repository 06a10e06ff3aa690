//! `/relay/v1/`: what the page asks, and what it is told. The format is documented in this crate's
//! README.

use crate::App;
use crate::cache::{Got, Turn, Weigh};
use crate::limits::client_key;
use crate::look::{Found, options};
use crate::metrics;
use crate::problem::Problem;
use crate::server::{Asking, RequestId};
use axum::extract::{Extension, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};
use stslint::host;
use stslint::live::check::Check;
use stslint::live::facts::{Fact, Facts, Fetched, Hidden, Reason};
use stslint::render::facts::InBytes;
use stslint::render::live::hidden;
use stslint::time::rfc3339;
use stslint_doh::relay::{self, About, NAME, Seconds, VERSION, What};
use tokio::sync::OwnedSemaphorePermit;

/// Longest query that is read, in bytes: a name and its parameter, with all of it escaped.
const MAX_QUERY: usize = 1024;

/// Header fields that tell something about a policy, or about who answers in its place. Others may
/// hold what is nobody's business.
const HEADERS: &[&str] = &[
    "age",
    "alt-svc",
    "cache-control",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "location",
    "retry-after",
    "server",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
    "x-content-type-options",
];

/// Longest value of a header field that is handed on, in characters.
const MAX_VALUE: usize = 512;

/// What was seen, or why it was not possible to look: for everyone who asks within the time that it is
/// good for.
pub(crate) type LookResult = Result<Arc<Look>, Arc<Problem>>;

/// A look as it is kept: for whoever asks, `request` and `age` are added.
type Look = relay::Look<Box<RawValue>>;

impl Weigh for LookResult {
    fn weight(&self) -> usize {
        // What keeps an entry costs something too.
        const ENTRY: usize = 512;
        // A name of 255 octets and some words.
        const MEMBER: usize = 512;
        match self {
            Ok(look) => {
                let members = look.connected.len() + look.refused.len() + look.not_looked_up.len();
                ENTRY + look.facts.get().len() + MEMBER * members
            }
            Err(problem) => ENTRY + problem.detail.len(),
        }
    }
}

/// `GET /relay/v1/`: who this is, and what it offers.
pub(crate) async fn about(State(app): State<Arc<App>>) -> Response {
    let config = &app.config;
    json_response(&About {
        relay: VERSION,
        name: NAME.into(),
        stslint: env!("CARGO_PKG_VERSION").into(),
        operator: config.operator.clone(),
        offers: config.offers().iter().map(|what| what.word().into()).collect(),
        resolver: app.looker.resolver_name.clone(),
        cache_seconds: config.cache.time.as_secs(),
    })
}

/// `GET /relay/v1/policy?domain=…`
pub(crate) async fn policy(
    State(app): State<Arc<App>>,
    Extension(asking): Extension<Asking>,
    Extension(id): Extension<RequestId>,
    RawQuery(query): RawQuery,
) -> Response {
    answer(&app, What::Policy, &asking, &id.0, query).await
}

/// `GET /relay/v1/mx?domain=…`
pub(crate) async fn mx(
    State(app): State<Arc<App>>,
    Extension(asking): Extension<Asking>,
    Extension(id): Extension<RequestId>,
    RawQuery(query): RawQuery,
) -> Response {
    if app.config.mx.is_none() {
        let detail = "This relay does not connect to mail hosts.";
        return Problem::new(StatusCode::NOT_FOUND, "mx-off", detail).response(&id.0);
    }
    answer(&app, What::Mx, &asking, &id.0, query).await
}

async fn answer(
    app: &Arc<App>,
    what: What,
    asking: &Asking,
    id: &str,
    query: Option<String>,
) -> Response {
    match kept_or_new(app, what, asking, query, id).await {
        Err(problem) => problem.response(id),
        Ok((Err(problem), _)) => problem.response(id),
        Ok((Ok(look), age)) => {
            json_response(&Look { request: id.into(), age: age.as_secs(), ..Look::clone(&look) })
        }
    }
}

/// What was seen, and how long ago.
async fn kept_or_new(
    app: &Arc<App>,
    what: What,
    asking: &Asking,
    query: Option<String>,
    id: &str,
) -> Result<(LookResult, Duration), Problem> {
    let check = domain(query.as_deref(), what)?;
    let client = client_key(asking.client);
    let now = Instant::now();
    app.clients.take(client, now).map_err(|wait| {
        Problem::wait(
            StatusCode::TOO_MANY_REQUESTS,
            "client-limit",
            "You ask more often than this relay's operator allows.",
            wait,
        )
    })?;
    if app.config.log_names {
        tracing::info!(%id, client = %asking.client, what = what.word(), domain = check.domain());
    }
    let key = format!("{} {}", what.word(), check.domain());
    let waiting = match app.cache.get(&key, now) {
        Got::Kept(kept, age) => {
            app.metrics.cache_hits.inc();
            return Ok((kept, age));
        }
        Got::UnderWay(waiting) => Ok(waiting),
        Got::Nothing => Err(()),
    };
    let _under_way = app.under_way.start(asking.client).ok_or_else(|| {
        Problem::wait(
            StatusCode::TOO_MANY_REQUESTS,
            "client-busy",
            "You have as many looks under way as one client may have.",
            Duration::from_secs(1),
        )
    })?;
    let mut waiting = match waiting {
        Ok(waiting) => waiting,
        Err(()) => match app.cache.turn(&key) {
            Err(waiting) => waiting,
            Ok(turn) => {
                let place = match place(app, check.domain(), now) {
                    Ok(place) => place,
                    Err(problem) => {
                        // Whoever has come in between waits for this turn.
                        turn.bring(Err(Arc::new(problem.clone())), false, now);
                        return Err(problem);
                    }
                };
                let waiting = turn.waiting();
                // It goes on when the client goes away: others may wait for it, and it ends by itself.
                tokio::spawn(look(app.clone(), what, check, turn, place));
                waiting
            }
        },
    };
    let brought = waiting.wait_for(Option::is_some).await.map_err(|_| broken())?;
    Ok((brought.clone().ok_or_else(broken)?, Duration::ZERO))
}

/// A place for a look at a domain, if it may be looked at now and there is one.
fn place(app: &App, domain: &str, now: Instant) -> Result<OwnedSemaphorePermit, Problem> {
    app.targets.take(domain.to_owned(), now).map_err(|wait| {
        Problem::wait(
            StatusCode::TOO_MANY_REQUESTS,
            "target-limit",
            "This domain was looked at too often lately.",
            wait,
        )
    })?;
    app.places.clone().try_acquire_owned().map_err(|_| full())
}

/// Looks when there is room, and tells everyone who waits.
async fn look(
    app: Arc<App>,
    what: What,
    check: Check,
    turn: Turn<LookResult>,
    place: OwnedSemaphorePermit,
) {
    let patience = app.config.limits.queue_time;
    let Ok(Ok(_slot)) = tokio::time::timeout(patience, app.slots.clone().acquire_owned()).await
    else {
        turn.bring(Err(Arc::new(full())), false, Instant::now());
        return;
    };
    app.metrics.under_way.inc();
    let found = app.looker.clone().look(check).await;
    app.metrics.under_way.dec();
    app.metrics.seconds.observe(found.all.as_secs_f64());
    app.metrics
        .looks
        .get_or_create(&metrics::Look { what: what.word(), outcome: outcome(&found) })
        .inc();
    drop(place);
    let (result, keep) = match could_not(what, &found) {
        Some(problem) => (Err(Arc::new(problem)), false),
        None => {
            // What failed on this side is not to be told to those who come later.
            let keep = !found.passing;
            (Ok(Arc::new(written(&app, what, found))), keep)
        }
    };
    turn.bring(result, keep, Instant::now());
}

fn full() -> Problem {
    Problem::wait(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "This relay has as much to do as it can.",
        Duration::from_secs(2),
    )
}

fn broken() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", "This relay broke down.")
}

/// Nothing at all could be looked at: that is the relay's trouble and says nothing about the domain.
fn could_not(what: What, found: &Found) -> Option<Problem> {
    let unseen = match what {
        What::Policy => match found.facts.policy_host.outcome() {
            Fact::Unknown(Reason::NotObservable(why)) => Some(why),
            _ => None,
        },
        What::Mx => match &found.facts.mx {
            Fact::Unknown(Reason::NotObservable(why)) => Some(why.clone()),
            _ => None,
        },
    };
    // What is not told was asked.
    let unseen = unseen.filter(|why| !matches!(why, Hidden::NotPublic(..)));
    unseen.map(|why| {
        let detail = format!("This relay's resolver could not be asked: {}.", hidden(&why));
        Problem::wait(StatusCode::BAD_GATEWAY, "resolver", &detail, Duration::from_secs(10))
    })
}

fn outcome(found: &Found) -> &'static str {
    match &found.facts.fetch {
        _ if !found.unseen.is_empty() => "unseen",
        Fact::Known(fetch) if matches!(fetch.outcome, Fetched::Failed(_)) => "failure",
        _ => "answer",
    }
}

/// Reads the domain out of the query.
fn domain(query: Option<&str>, what: What) -> Result<Check, Problem> {
    let bad = |code, detail: &str| Problem::new(StatusCode::BAD_REQUEST, code, detail);
    let query = query.unwrap_or_default();
    if query.len() > MAX_QUERY {
        return Err(bad("bad-domain", "The query is too long."));
    }
    let mut domains = query.split('&').filter_map(|part| part.strip_prefix("domain="));
    let (Some(domain), None) = (domains.next(), domains.next()) else {
        return Err(bad("bad-domain", "The query has to name one domain, as ?domain=example.com."));
    };
    // The characters of host names need no escapes, so whoever writes some means another name.
    let domain = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
    let labels: Vec<&str> = domain.split('.').collect();
    let number = |label: &str| {
        let hex = label.strip_prefix("0x");
        label.bytes().all(|byte| byte.is_ascii_digit())
            || hex.is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if labels.len() < 2 || labels.last().is_none_or(|last| number(last)) {
        let detail = "The domain has to have at least two labels, the last of them no number.";
        return Err(bad("bad-domain", detail));
    }
    if host::fake_a_label(&domain).is_some() {
        return Err(bad("bad-domain", "A label that starts with xn-- is no A-label."));
    }
    if let Some(suffix) = host::private_suffix(&domain) {
        let detail = format!("Names under {suffix} are not public.");
        return Err(bad("not-public", &detail));
    }
    Check::new(0, &domain, options(what)).ok_or_else(|| {
        let detail = "The domain has to be a host name of at most 245 octets, as A-labels.";
        bad("bad-domain", detail)
    })
}

/// A look with its facts written as JSON, once.
fn written(app: &App, what: What, mut found: Found) -> Look {
    let domain = found.facts.domain.clone();
    thin(&mut found.facts);
    let looked_up = found.at.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let looked_up = i64::try_from(looked_up).ok().and_then(rfc3339).unwrap_or_default();
    let milliseconds = |time: Duration| (time.as_secs_f64() * 1000.0).round() / 1000.0;
    Look {
        relay: VERSION,
        stslint: env!("CARGO_PKG_VERSION").into(),
        request: String::new(),
        what: what.word().into(),
        domain,
        looked_up,
        age: 0,
        resolver: app.looker.resolver_name.clone(),
        seconds: Seconds { names: milliseconds(found.names), all: milliseconds(found.all) },
        connected: found.connected,
        refused: found.refused,
        not_looked_up: found.unseen,
        facts: to_raw_value(&InBytes(&found.facts)).expect("facts are JSON"),
    }
}

/// Takes the header fields out of facts that tell nothing.
fn thin(facts: &mut Facts) {
    let Fact::Known(fetch) = &mut facts.fetch else { return };
    let Fetched::Response(response) = &mut fetch.outcome else { return };
    if let Some(headers) = &mut response.headers {
        headers.retain(|(name, _)| HEADERS.contains(&name.to_ascii_lowercase().as_str()));
        for (_, value) in headers {
            if let Some((end, _)) = value.char_indices().nth(MAX_VALUE) {
                value.truncate(end);
            }
        }
    }
}

fn json_response(answer: &impl Serialize) -> Response {
    let text = serde_json::to_string(answer).expect("texts, numbers and raw JSON are JSON");
    let fields = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (fields, text).into_response()
}

/// Whether a request may come from where it comes from: a browser says so. Pages of others must not make
/// their visitors' browsers ask, even if they can't read the answer.
pub(crate) fn is_welcome(app: &App, headers: &HeaderMap) -> bool {
    use crate::Origins;
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN.as_str());
    match &app.config.origins {
        Origins::Any => true,
        Origins::List(list) if origin.is_some_and(|origin| list.iter().any(|o| o == origin)) => {
            true
        }
        Origins::Own | Origins::List(_) => {
            let host = text(header::HOST.as_str());
            // Fetch Metadata: only browsers send it, and not over plain HTTP; `none` is a person who typed the
            // address. `Origin` comes from pages of other origins always (Fetch §3.2).
            headers.get(header::ORIGIN).is_none_or(|_| is_own(origin, host))
                && matches!(text("sec-fetch-site"), None | Some("same-origin" | "none"))
        }
    }
}

/// Whether an origin is that of the host that was asked. A proxy may leave the port out of `Host`.
fn is_own(origin: Option<&str>, host: Option<&str>) -> bool {
    let (Some(origin), Some(host)) = (origin, host) else { return false };
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let Some(authority) = authority else { return false };
    let port = authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']'));
    authority.eq_ignore_ascii_case(host)
        || port.is_some_and(|(name, _)| name.eq_ignore_ascii_case(host))
}
