//! Whose mail the policies of a report are about.
//!
//! A TLSA policy is one of a mail host, so some reporters name the host as its domain. Such a policy is put under the domain
//! that the host serves, as far as the same report tells which one that is.

use super::facts::short;
use crate::host;
use crate::policy;
use crate::report::table::normal;
use crate::report::{Content, PolicyResult, PolicyType};
use std::borrow::Cow;

/// Where a policy belongs.
pub(super) struct Place<'a> {
    /// The domain whose mail it is about.
    pub(super) domain: Option<Cow<'a, str>>,
    /// The host that it is of, where that is not the domain.
    pub(super) host: Option<Cow<'a, str>>,
}

/// A policy that may be of a domain with mail hosts.
struct Served<'a> {
    domain: Cow<'a, str>,
    patterns: Vec<String>,
    /// The hosts that sessions went to, as far as they failed.
    hosts: Vec<Cow<'a, str>>,
}

/// The place of each policy.
pub(super) fn places<'a>(content: &'a Content, results: &'a [PolicyResult]) -> Vec<Place<'a>> {
    // Most reports have one policy, with the name of its domain.
    let served: Vec<Served> = match results.iter().any(may_be_elsewhere) {
        true => results.iter().filter_map(served).collect(),
        false => Vec::new(),
    };
    results.iter().map(|result| place(content, result, &served)).collect()
}

/// Whether the domain that a policy is about may be another one than its own.
fn may_be_elsewhere(result: &PolicyResult) -> bool {
    let of_domain = matches!(result.policy_type, Some(PolicyType::Sts) | None);
    !of_domain || result.domain.as_deref().and_then(name).is_none()
}

fn served<'a>(result: &'a PolicyResult) -> Option<Served<'a>> {
    if result.policy_type == Some(PolicyType::Tlsa) {
        return None;
    }
    let domain = name(result.domain.as_deref()?)?;
    let mut patterns = policy::values(&result.policy.join("\r\n")).mx;
    patterns.extend(result.mx_hosts.iter().map(|host| normal(host).into_owned()));
    let hosts = result.failures.iter().filter_map(|failure| failure.mx.as_deref().map(normal));
    let hosts = hosts.filter(|host| *host != domain).collect();
    Some(Served { domain, patterns, hosts })
}

fn place<'a>(content: &'a Content, result: &'a PolicyResult, served: &[Served<'a>]) -> Place<'a> {
    let Some(own) = result.domain.as_deref().and_then(name) else {
        // Some reporters know no domain where they found no policy; it stands in the ids that they give.
        let one = served.first().map(|one| one.domain.clone());
        return Place { domain: one.or_else(|| domain_in_id(content.id.as_deref()?)), host: None };
    };
    let domain = match result.policy_type {
        Some(PolicyType::Tlsa) => served.iter().find(|one| serves(one, &own, true)),
        Some(PolicyType::NoPolicyFound) => {
            let own_host = |mx: Option<&str>| mx.is_some_and(|mx| normal(mx) == own);
            let named = !result.failures.is_empty()
                && result.failures.iter().all(|failure| own_host(failure.mx.as_deref()));
            served.iter().find(|one| serves(one, &own, named))
        }
        Some(PolicyType::Sts) | None => None,
    };
    match domain {
        Some(one) => Place { domain: Some(one.domain.clone()), host: Some(own) },
        None => Place { domain: Some(own), host: None },
    }
}

/// Whether `host` receives the mail of a domain: its policy covers it or sessions went there. That it stands below the
/// domain is enough where it is plainly a host.
fn serves(one: &Served, host: &str, is_host: bool) -> bool {
    one.domain != host
        && (one.patterns.iter().any(|pattern| host::matches(pattern, host).covers())
            || one.hosts.iter().any(|other| other == host)
            || is_host && host::is_below(host, &one.domain))
}

fn name(text: &str) -> Option<Cow<'_, str>> {
    short(text.trim()).map(normal)
}

/// The domain at the end of an id such as `2026-10-01T00:00:00Z_idx1_example.com` or `133…+example.com`.
fn domain_in_id(id: &str) -> Option<Cow<'_, str>> {
    let (_, end) = id.trim_end_matches('+').rsplit_once(['_', '+'])?;
    (end.contains('.') && host::is_host_name(end)).then(|| normal(end))
}
