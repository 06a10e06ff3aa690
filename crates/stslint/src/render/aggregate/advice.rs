//! What failures of one root mostly come from, and what to do: by what reports tell of them, and whose mail servers they are.

use super::{Group, code, usual_cause};
use crate::build::providers::Provider;
use crate::host;
use crate::render::report::what_to_do;
use crate::render::words::count;
use crate::report::aggregate::{DomainTotals, Kind};
use crate::report::newest::newest_mx;
use crate::report::{Cause, ResultType};
use crate::text::visible;
use std::collections::BTreeSet;

/// Names of mail servers that are told.
const MOST: usize = 3;

/// In sentences. What stands between backticks is code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What it comes from, mostly or as these reports show.
    pub why: String,
    /// What to do.
    pub to_do: String,
}

/// What to say of failures of a domain with one root.
pub fn advice(group: &Group, domain: &DomainTotals) -> Advice {
    use ResultType::{StsPolicyFetchError, ValidationFailure};
    let usual = Advice {
        why: usual_cause(group.kind, group.cause).into(),
        to_do: what_to_do(group.kind, group.cause).into(),
    };
    if let Some(advice) = uncovered(group, domain, &usual) {
        return advice;
    }
    if let Some(to_do) = of_provider(group, domain, &usual) {
        return Advice { to_do, ..usual };
    }
    match (group.cause, said(group)) {
        (Cause::Known(ValidationFailure), Some(said)) => {
            Advice { why: format!("{said} That tells more than the result type."), ..usual }
        }
        (Cause::Known(StsPolicyFetchError), Some(said)) => Advice {
            why: format!("{said} Check the domain live to see whether it is still so."),
            ..usual
        },
        _ => usual,
    }
}

/// What a reporter says in its own words, in a sentence: its code is what it knows (RFC 8460 §4.3.3).
fn said(group: &Group) -> Option<String> {
    let all: BTreeSet<&str> =
        group.failures.iter().flat_map(|failure| &failure.reasons).map(|said| said.text).collect();
    let first = group.failures.iter().find_map(|failure| failure.reasons.first())?;
    let more = match all.len() - 1 {
        0 => String::new(),
        more => format!(", and {}", count(more as u64, "other thing", "other things")),
    };
    Some(format!("Reporters say {}{more}.", code(&visible(first.text))))
}

/// Where the policy did not name the mail server.
fn uncovered(group: &Group, domain: &DomainTotals, usual: &Advice) -> Option<Advice> {
    let failures = || group.failures.iter().filter(|failure| failure.covered == Some(false));
    let servers: BTreeSet<&str> = failures().filter_map(|failure| failure.mx).collect();
    let is_one = match servers.len() {
        0 => return None,
        number => number == 1,
    };
    let [is, it] = if is_one { ["is", "it"] } else { ["are", "them"] };
    let mut why =
        format!("{} {is} covered by no mx line of the policy that the sender had.", list(&servers));
    if failures().count() < group.failures.len() {
        why.push_str(&format!(" Elsewhere: {}", usual.why));
    }
    let now = newest_mx(domain).filter(|now| servers.iter().all(|server| now.cover(server)));
    let last = failures().filter_map(|failure| failure.last()).max();
    let to_do = match (now, last) {
        (Some(now), Some(last)) if now.since >= last => format!(
            "Nothing, if it does not come again: the policy that senders have since {} covers {it}.",
            now.since
        ),
        _ => format!(
            "Add {it} to the mx lines of the policy and change its id, if your MX records name {it}; or else take {it} out of \
             the MX records."
        ),
    };
    Some(Advice { why, to_do })
}

/// Where the mail servers are those of a provider, who alone can do something about them.
fn of_provider(group: &Group, domain: &DomainTotals, usual: &Advice) -> Option<String> {
    let known: Vec<_> = group
        .failures
        .iter()
        .filter(|_| group.cause.is_of_server())
        .filter_map(|failure| {
            let mx = failure.mx?;
            let is_own = domain.domain.is_some_and(|own| host::is_within(mx, own));
            let provider = Provider::of(mx).filter(|_| !is_own)?;
            Some((mx, provider.short_name()))
        })
        .collect();
    let servers: BTreeSet<&str> = known.iter().map(|(mx, _)| *mx).collect();
    let providers: BTreeSet<&str> = known.iter().map(|(_, provider)| *provider).collect();
    let providers = providers.into_iter().collect::<Vec<_>>().join(" and ");
    if servers.is_empty() {
        return None;
    }
    let records = match group.kind {
        Kind::Tlsa | Kind::NoTlsa => "your MX records name",
        _ => "your MX records and your policy name",
    };
    let (is, servers) = (if servers.len() == 1 { "is" } else { "are" }, list(&servers));
    let theirs = format!(
        "{servers} {is} of {providers}, who alone can repair that: see that {records} the hosts that they gave you, then tell \
         them, or wait."
    );
    Some(match known.len() == group.failures.len() {
        true => theirs,
        false => format!("{theirs} At other servers: {}", usual.to_do),
    })
}

/// Names of mail servers.
fn list(servers: &BTreeSet<&str>) -> String {
    let mut told: Vec<String> =
        servers.iter().take(MOST).map(|server| code(&visible(server))).collect();
    if servers.len() > MOST {
        told.push(format!("{} more", servers.len() - MOST));
    }
    told.join(", ")
}
