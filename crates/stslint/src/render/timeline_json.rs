//! A timeline as data for programs. While `schema` is 1, members may come, none changes its meaning or goes.

use super::timeline::Told;
use crate::policy::Mode;
use crate::senders::timeline::{Row, Span, Until};
use crate::time::rfc3339;
use serde::Serialize;

/// The document.
#[derive(Debug, Serialize)]
pub struct Document<'t> {
    schema: u32,
    stslint: &'static str,
    domain: &'t str,
    published: Vec<String>,
    answers: Vec<String>,
    hosts: &'t [&'t str],
    hosts_free: Option<Date>,
    removal_free: Date,
    senders: Vec<Sender<'t>>,
}

/// When nothing stands in the way any more: `free`, `at` a time, or `never`.
#[derive(Debug, Serialize)]
struct Date {
    when: &'static str,
    time: Option<String>,
}

#[derive(Debug, Serialize)]
struct Sender<'t> {
    name: &'static str,
    hosts_free: Option<Date>,
    removal_free: Date,
    spans: Vec<Held<'t>>,
}

#[derive(Debug, Serialize)]
struct Held<'t> {
    state: usize,
    mode: Option<&'static str>,
    mx: &'t [String],
    max_age: u64,
    from: Option<String>,
    served_until: Option<String>,
    noticed: Option<String>,
    to: Option<String>,
}

impl<'t> Document<'t> {
    /// The document about a domain.
    pub fn new(domain: &'t str, told: &Told<'t>) -> Self {
        let asked = !told.hosts.is_empty();
        let hosts_free = asked.then(|| date(told.timeline.hosts_free(told.hosts, None)));
        Self {
            schema: 1,
            stslint: crate::VERSION,
            domain,
            published: told.published(),
            answers: told.answers(),
            hosts: told.hosts,
            hosts_free,
            removal_free: date(told.timeline.removal_free()),
            senders: told.timeline.rows.iter().map(|row| sender(row, told.hosts)).collect(),
        }
    }
}

fn date(until: Until) -> Date {
    match until {
        Until::Free => Date { when: "free", time: None },
        Until::At(seconds) => Date { when: "at", time: rfc3339(seconds) },
        Until::Never => Date { when: "never", time: None },
    }
}

fn sender<'t>(row: &'t Row, hosts: &[&str]) -> Sender<'t> {
    Sender {
        name: row.model.name,
        hosts_free: (!hosts.is_empty()).then(|| date(row.hosts_free(hosts, None))),
        removal_free: date(row.removal_free()),
        spans: row.spans.iter().map(held).collect(),
    }
}

fn held(span: &Span) -> Held<'_> {
    Held {
        state: span.state,
        mode: span.policy.mode.map(Mode::word),
        mx: &span.policy.mx,
        max_age: span.policy.max_age,
        from: rfc3339(span.from),
        served_until: span.served_until.and_then(rfc3339),
        noticed: span.noticed.and_then(rfc3339),
        to: span.to.and_then(rfc3339),
    }
}
