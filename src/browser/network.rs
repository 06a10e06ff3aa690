//! One GET request: with a limit in time and size, and with nothing in it that tells who asks.

use super::stream;
use gloo_net::http::{Request, Response};
use gloo_timers::callback::Timeout;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{
    AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestMode,
    RequestRedirect, ResponseType,
};

/// What to get.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Get<'a> {
    pub(crate) url: &'a str,
    pub(crate) accept: &'a str,
    /// Most bytes of the body that are read.
    pub(crate) limit: usize,
    /// Most time for all of it, in seconds.
    pub(crate) seconds: u32,
    /// Whether a redirect is followed.
    pub(crate) follow: bool,
}

/// What came.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    /// The header fields that the browser shows to pages of other origins.
    pub(crate) headers: Vec<(String, String)>,
    /// As much of the body as the limit allows.
    pub(crate) body: Vec<u8>,
}

/// Why nothing came. It says nothing about who was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nothing {
    /// A redirect, which was not followed. Browsers tell no more of it.
    Redirect,
    /// The browser has no network.
    Offline,
    /// No connection, or an answer that pages may not read: browsers don't say which.
    Unreadable,
    /// It took too long.
    TooLong,
}

impl Got {
    /// The value of a header field.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter();
        all.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Does it. `controller` ends it before its time.
pub(crate) async fn get(get: Get<'_>, controller: &AbortController) -> Result<Got, Nothing> {
    if super::is_offline() && !get.url.starts_with("http://") {
        return Err(Nothing::Offline);
    }
    let late = Rc::new(Cell::new(false));
    let (rings, abort) = (Rc::clone(&late), controller.clone());
    // As long as this is there, it may ring.
    let _alarm = Timeout::new(get.seconds * 1000, move || {
        rings.set(true);
        abort.abort();
    });
    let got = run(get, controller).await;
    match got {
        Err(Nothing::Unreadable) if late.get() => Err(Nothing::TooLong),
        other => other,
    }
}

async fn run(get: Get<'_>, controller: &AbortController) -> Result<Got, Nothing> {
    let redirect = if get.follow { RequestRedirect::Follow } else { RequestRedirect::Manual };
    let request = Request::get(get.url)
        .header("accept", get.accept)
        .mode(RequestMode::Cors)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .redirect(redirect)
        .abort_signal(Some(&controller.signal()));
    let response = request.send().await.map_err(|_| Nothing::Unreadable)?;
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(Nothing::Redirect);
    }
    let body = body(&response, get.limit).await?;
    let headers = response.headers().entries().collect();
    Ok(Got { status: response.status(), headers, body })
}

async fn body(response: &Response, limit: usize) -> Result<Vec<u8>, Nothing> {
    let Some(stream) = response.body() else { return Ok(Vec::new()) };
    let read = stream::read_all(&stream, limit).await;
    read.map(|(bytes, _)| bytes).map_err(|_| Nothing::Unreadable)
}
