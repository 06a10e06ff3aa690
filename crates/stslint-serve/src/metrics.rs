//! What happens, counted, for Prometheus. No names and no addresses.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use std::sync::Mutex;

/// The media type of [`Metrics::text`].
pub(crate) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A request that was answered.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct Request {
    /// One of a few routes.
    pub(crate) route: &'static str,
    /// The status.
    pub(crate) status: u16,
}

/// A look at a domain.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct Look {
    /// What was looked at.
    pub(crate) what: &'static str,
    /// `answer`, `failure` of the other side, or `unseen`.
    pub(crate) outcome: &'static str,
}

/// All counters.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Mutex<Registry>,
    pub(crate) requests: Family<Request, Counter>,
    pub(crate) looks: Family<Look, Counter>,
    pub(crate) seconds: Histogram,
    pub(crate) cache_hits: Counter,
    pub(crate) refused: Counter,
    pub(crate) connections: Gauge,
    pub(crate) under_way: Gauge,
    pub(crate) cache_entries: Gauge,
    pub(crate) cache_bytes: Gauge,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("stslint");
        let metrics = Self {
            registry: Mutex::default(),
            requests: Family::default(),
            looks: Family::default(),
            // 5 ms to 80 s.
            seconds: Histogram::new(exponential_buckets(0.005, 2.0, 15)),
            cache_hits: Counter::default(),
            refused: Counter::default(),
            connections: Gauge::default(),
            under_way: Gauge::default(),
            cache_entries: Gauge::default(),
            cache_bytes: Gauge::default(),
        };
        registry.register("requests", "Requests that were answered", metrics.requests.clone());
        registry.register("looks", "Looks at domains", metrics.looks.clone());
        let help = "How long looks at domains take";
        registry.register_with_unit("look", help, Unit::Seconds, metrics.seconds.clone());
        let help = "Requests that were answered from the cache";
        registry.register("cache_hits", help, metrics.cache_hits.clone());
        let help = "Addresses that were not connected to, as they are not public";
        registry.register("refused_addresses", help, metrics.refused.clone());
        registry.register("connections", "Open connections", metrics.connections.clone());
        registry.register("looks_under_way", "Looks under way", metrics.under_way.clone());
        registry.register("cache_entries", "Looks that are kept", metrics.cache_entries.clone());
        let help = "How much memory kept looks take";
        registry.register_with_unit("cache", help, Unit::Bytes, metrics.cache_bytes.clone());
        *metrics.registry.lock().expect("nobody has it yet") = registry;
        metrics
    }

    /// All of them in the OpenMetrics text format.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let registry = self.registry.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // A String takes any amount.
        let _ = encode(&mut text, &registry);
        text
    }
}
