//! Whose mail the policies of a report are about.
//!
//! A TLSA policy is one of a mail host, so some reporters name the host as its domain. Such a policy is put under the domain
//! that the host serves, as far as the same report tells which one that is: by its other policies, or by its id where there are none. What
//! other reports tell of it is in [`super::hosts`].

use super::facts::short;
use crate::host;
use crate::input::ToAscii;
use crate::report::table::normal;
use crate::report::{Content, PolicyResult, PolicyType};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Where a policy belongs.
pub(super) struct Place<'a> {
    /// The domain whose mail it is about.
    pub(super) domain: Option<Cow<'a, str>>,
    /// The host that it is of, where that is not the domain.
    pub(super) host: Option<Cow<'a, str>>,
}

/// The domains of a report with what tells that a host receives their mail. A report may have a hundred thousand policies, so
/// hosts are looked up, by the names that can tell of them.
#[derive(Default)]
struct Served<'a> {
    /// In the order of the report.
    domains: Vec<Cow<'a, str>>,
    by_domain: BTreeMap<Cow<'a, str>, First>,
    by_pattern: BTreeMap<String, First>,
    /// The hosts that sessions went to, as far as they failed.
    by_host: BTreeMap<Cow<'a, str>, First>,
}

/// The first domain that something tells of, as its place in the list, and the first one besides.
#[derive(Clone, Copy)]
struct First(usize, Option<usize>);

/// The place of each policy.
pub(super) fn places<'a>(content: &'a Content, results: &'a [PolicyResult]) -> Vec<Place<'a>> {
    let mut served = Served::default();
    // Most reports have one policy, with the name of its domain.
    if results.iter().any(may_be_elsewhere) {
        results.iter().for_each(|result| served.add(result));
    }
    results.iter().map(|result| place(content, result, &served)).collect()
}

/// Whether the domain that a policy is about may be another one than its own.
fn may_be_elsewhere(result: &PolicyResult) -> bool {
    let of_domain = matches!(result.policy_type, Some(PolicyType::Sts) | None);
    !of_domain || result.domain.as_deref().and_then(name).is_none()
}

impl<'a> Served<'a> {
    fn add(&mut self, result: &'a PolicyResult) {
        if result.policy_type == Some(PolicyType::Tlsa) {
            return;
        }
        let Some(domain) = result.domain.as_deref().and_then(name) else { return };
        let Self { domains, by_domain, by_pattern, by_host } = self;
        let at = domains.len();
        for host in result.failures.iter().filter_map(|failure| failure.mx.as_deref()) {
            note(by_host, normal(host), at, domains, &domain);
        }
        let reported = result.mx_hosts.iter().map(|host| normal(host).into_owned());
        for pattern in result.read().mx.into_iter().chain(reported) {
            note(by_pattern, pattern, at, domains, &domain);
        }
        note(by_domain, domain.clone(), at, domains, &domain);
        domains.push(domain);
    }

    /// The first domain, other than its own name, whose mail a host receives: the policy covers it or sessions went there.
    /// That it stands below the domain is enough where it is plainly a host.
    fn of(&self, host: &str, is_host: bool) -> Option<&Cow<'a, str>> {
        let other = |first: &First| {
            let is_other = |at: &usize| self.domains.get(*at).is_some_and(|domain| domain != host);
            Some(first.0).filter(is_other).or(first.1)
        };
        let covers = |pattern: Cow<str>| {
            let first = self.by_pattern.get(&*pattern)?;
            host::matches(&pattern, host).covers().then(|| other(first))?
        };
        let met = self.by_host.get(host).and_then(other);
        let above = host
            .match_indices('.')
            .filter(|_| is_host)
            .filter_map(|(dot, _)| other(self.by_domain.get(host.get(dot + 1..)?)?));
        let at = above.chain(host::covering(host).filter_map(covers)).chain(met).min()?;
        self.domains.get(at)
    }

    /// The other domain where the report has one and tells nothing of its mail hosts, for what is plainly a mail host then: reports
    /// are about one domain (RFC 8460 §3), and where a sender found no policy there is none that names the host.
    fn only(&self, host: &str, result: &PolicyResult) -> Option<&Cow<'a, str>> {
        let mut others = self.by_domain.keys().filter(|domain| **domain != host);
        let only = others.next().filter(|_| self.by_pattern.is_empty() && is_at(result, host))?;
        others.next().is_none().then_some(only)
    }
}

/// Whether no session under a policy failed at a mail server of another name.
fn is_at(result: &PolicyResult, host: &str) -> bool {
    let is_own = |mx: Option<&str>| mx.is_none_or(|mx| normal(mx) == host);
    result.failures.iter().all(|failure| is_own(failure.mx.as_deref()))
}

/// Notes that `name` tells of the domain at a place.
fn note<K: Ord>(
    names: &mut BTreeMap<K, First>,
    name: K,
    at: usize,
    domains: &[Cow<str>],
    domain: &str,
) {
    let first = names.entry(name).or_insert(First(at, None));
    let known = domains.get(first.0).is_some_and(|known| known == domain);
    if first.1.is_none() && first.0 != at && !known {
        first.1 = Some(at);
    }
}

/// Writes names outside ASCII as A-labels, as reports have to (RFC 8460 §4.4): one domain has one name. What has no such form stays.
pub fn name_in_a_labels(content: &mut Content, to_ascii: Option<ToAscii>) {
    let put = |name: &mut Cow<str>| {
        if !name.is_ascii()
            && let Some(ascii) = host::domain_name(name.trim(), to_ascii)
        {
            *name = Cow::Owned(ascii);
        }
    };
    for result in &mut content.policies {
        let hosts = result.failures.iter_mut().filter_map(|failure| failure.mx.as_mut());
        result.domain.iter_mut().chain(hosts).for_each(put);
    }
}

fn place<'a>(content: &'a Content, result: &'a PolicyResult, served: &Served<'a>) -> Place<'a> {
    let Some(own) = result.domain.as_deref().and_then(name) else {
        // Some reporters know no domain where they found no policy; it stands in the ids that they give.
        let one = served.domains.first().cloned();
        return Place { domain: one.or_else(|| domain_in_id(content.id.as_deref()?)), host: None };
    };
    let domain = match result.policy_type {
        Some(PolicyType::Tlsa) => {
            let told = served.of(&own, true).or_else(|| served.only(&own, result));
            let alone = || told.is_none() && served.domains.is_empty() && is_at(result, &own);
            if alone()
                && let Some(domain) = served_by_id(content, &own)
            {
                return Place { domain: Some(domain), host: Some(own) };
            }
            told
        }
        Some(PolicyType::NoPolicyFound) => {
            let own_host = |mx: Option<&str>| mx.is_some_and(|mx| normal(mx) == own);
            let named = !result.failures.is_empty()
                && result.failures.iter().all(|failure| own_host(failure.mx.as_deref()));
            served.of(&own, named)
        }
        Some(PolicyType::Sts) | None => None,
    };
    match domain {
        Some(one) => Place { domain: Some(one.clone()), host: Some(own) },
        None => Place { domain: Some(own), host: None },
    }
}

fn name(text: &str) -> Option<Cow<'_, str>> {
    short(text.trim()).map(normal)
}

/// The domain at the end of an id such as `2026-10-01T00:00:00Z_idx1_example.com` or `133…+example.com`.
fn domain_in_id(id: &str) -> Option<Cow<'_, str>> {
    let (_, end) = id.trim_end_matches('+').rsplit_once(['_', '+'])?;
    (end.contains('.') && host::is_host_name(end)).then(|| normal(end))
}

/// The domain that the id of a report ends with, for a host that alone is named in it. Who reports may end ids with a name of its own.
fn served_by_id<'a>(content: &'a Content, host: &str) -> Option<Cow<'a, str>> {
    let domain = domain_in_id(content.id.as_deref()?)?;
    let contact = content.contact.as_deref().and_then(|contact| contact.rsplit_once('@'));
    let is_theirs = contact.is_some_and(|(_, own)| {
        let own = normal(own.trim());
        host::is_within(&own, &domain) || host::is_within(&domain, &own)
    });
    (domain != host && (!is_theirs || host::is_below(host, &domain))).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Failure;

    fn of(policy_type: PolicyType, domain: &str) -> PolicyResult<'static> {
        PolicyResult {
            policy_type: Some(policy_type),
            domain: Some(domain.to_owned().into()),
            ..PolicyResult::default()
        }
    }

    /// Where the last of some policies is put: domain and host.
    fn last(results: &[PolicyResult]) -> (Option<String>, Option<String>) {
        let content = Content::default();
        let place = places(&content, results).pop().expect("a policy");
        (place.domain.map(Cow::into_owned), place.host.map(Cow::into_owned))
    }

    #[test]
    fn a_host_is_put_under_the_first_domain_that_tells_of_it() {
        use PolicyType::{NoPolicyFound, Sts, Tlsa};
        let put = |domain: &str, host: &str| (Some(domain.to_owned()), Some(host.to_owned()));
        let covering = |domain: &str, lines: &[&'static str]| PolicyResult {
            policy: lines.iter().map(|line| Cow::Borrowed(*line)).collect(),
            ..of(Sts, domain)
        };
        let met = |domain: &str, host: &'static str| PolicyResult {
            failures: vec![Failure { mx: Some(host.into()), ..Failure::default() }],
            ..of(Sts, domain)
        };
        let listed = |domain: &str, host: &'static str| PolicyResult {
            mx_hosts: vec![host.into()],
            ..of(Sts, domain)
        };
        let host = || of(Tlsa, "MX.b.example.");
        for (first, second) in [
            (covering("a.example", &["mx: mx.b.example"]), of(Sts, "c.example")),
            (of(Sts, "c.example"), covering("a.example", &["mx: *.b.example"])),
            (of(Sts, "c.example"), met("a.example", "mx.B.example.")),
            (listed("a.example", "mx.b.example"), covering("c.example", &["mx: mx.b.example"])),
            // The first that tells of it, in whichever way.
            (met("a.example", "mx.b.example"), covering("b.example", &["mx: *.b.example"])),
            // What stands under its own name is no other domain.
            (covering("mx.b.example", &["mx: mx.b.example"]), met("a.example", "mx.b.example")),
        ] {
            let results = [first, second, host()];
            assert_eq!(last(&results), put("a.example", "mx.b.example"), "{results:#?}");
        }
        assert_eq!(
            last(&[of(Sts, "example"), of(Sts, "b.example"), host()]),
            put("example", "mx.b.example")
        );
        // One label for `*.`, exactly.
        let deep = [covering("a.example", &["mx: *.example"]), host()];
        assert_eq!(last(&deep), (Some("mx.b.example".into()), None));
        // No policy names the host, and the report is about one domain besides.
        for first in [of(NoPolicyFound, "a.example"), of(Sts, "a.example")] {
            assert_eq!(last(&[first, host()]), put("a.example", "mx.b.example"));
        }
        let own = (Some("mx.b.example".to_owned()), None);
        let [one, two] = ["a.example", "c.example"].map(|domain| of(NoPolicyFound, domain));
        assert_eq!(last(&[one.clone(), two, host()]), own);
        assert_eq!(last(&[host()]), own);
        // Sessions went to another host: it is the domain.
        let elsewhere = PolicyResult { failures: met("", "mx.c.example").failures, ..host() };
        assert_eq!(last(&[one, elsewhere]), own);
        // Without a policy, that it stands below a domain does not make a host of a name.
        let none = [of(Sts, "b.example"), of(NoPolicyFound, "mx.b.example")];
        assert_eq!(last(&none), (Some("mx.b.example".into()), None));
    }

    #[test]
    fn a_host_that_stands_alone_is_put_under_the_domain_in_the_id() {
        let place = |id: &'static str, contact: &'static str, result: PolicyResult<'static>| {
            let content = Content {
                id: Some(id.into()),
                contact: Some(contact.into()),
                policies: vec![result],
                ..Content::default()
            };
            let place = places(&content, &content.policies).pop().expect("a policy");
            (place.domain.map(Cow::into_owned), place.host.map(Cow::into_owned))
        };
        let host = || of(PolicyType::Tlsa, "MX.b.example");
        let under = |domain: &str| (Some(domain.to_owned()), Some("mx.b.example".to_owned()));
        let own = (Some("mx.b.example".to_owned()), None);
        let elsewhere = || PolicyResult {
            failures: vec![Failure { mx: Some("mx.c.example".into()), ..Failure::default() }],
            ..host()
        };
        for (id, contact, result, wanted) in [
            ("2026-11-29T00:00:00Z_idx1_A.example", "tls@p.example", host(), under("a.example")),
            ("1331+a.example", "", host(), under("a.example")),
            ("1331+b.example", "tls@b.example", host(), under("b.example")),
            // The reporter's own name, the host's own, none, and one that is no host.
            ("1331_p.example", "tls@p.example", host(), own.clone()),
            ("1331_mail.p.example", "tls@p.example", host(), own.clone()),
            ("1331_mx.b.example", "tls@p.example", host(), own.clone()),
            ("1331", "tls@p.example", host(), own.clone()),
            ("1331_a.example", "tls@p.example", elsewhere(), own),
        ] {
            assert_eq!(place(id, contact, result), wanted, "{id} {contact}");
        }
    }

    #[test]
    fn many_policies_with_many_hosts_cost_no_more_than_their_length() {
        // Each host was compared with each pattern of each policy: minutes.
        let patterns = PolicyResult {
            mx_hosts: (0..200_000).map(|number| format!("h{number}.b.example").into()).collect(),
            ..of(PolicyType::Sts, "a.example")
        };
        let mut results = vec![patterns];
        results.extend(
            (0..10_000).map(|number| of(PolicyType::NoPolicyFound, &format!("d{number}.example"))),
        );
        results.extend(
            (0..10_000).map(|number| of(PolicyType::Tlsa, &format!("h{number}.b.example"))),
        );
        assert_eq!(last(&results), (Some("a.example".into()), Some("h9999.b.example".into())));
    }
}
