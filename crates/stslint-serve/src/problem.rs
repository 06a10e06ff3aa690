//! What the relay could not do, as problem details (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use stslint_doh::relay;

/// A request that was not served. It says nothing about a domain.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// For programs: it never changes its meaning.
    pub(crate) code: &'static str,
    /// A sentence for people.
    pub(crate) detail: String,
    /// When it makes sense to come again.
    pub(crate) wait: Option<Duration>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), wait: None }
    }

    /// Come again after some time.
    pub(crate) fn wait(
        status: StatusCode,
        code: &'static str,
        detail: &str,
        wait: Duration,
    ) -> Self {
        Self { wait: Some(wait), ..Self::new(status, code, detail) }
    }

    /// As a response to a request with this id.
    pub(crate) fn response(&self, request: &str) -> Response {
        // No wait of this relay is longer than minutes.
        let seconds = self.wait.map(|wait| wait.as_secs_f64().ceil().max(1.0) as u32);
        let told = relay::Problem {
            // The default type, about:blank, has the status' own words as its title (RFC 9457 §4.2.1).
            title: self.status.canonical_reason().unwrap_or_default().into(),
            status: self.status.as_u16(),
            code: self.code.into(),
            detail: self.detail.clone(),
            request: request.into(),
            retry_after: seconds,
        };
        let body = serde_json::to_string(&told).expect("texts and numbers are JSON");
        let fields = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.status, fields, body).into_response();
        if let Some(seconds) = seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
