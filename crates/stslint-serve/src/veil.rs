//! What strangers are not told. The names of mail hosts, and those that an alias leads to, are chosen by whoever
//! writes the records, and the relay's resolver may know some of them that nobody outside is to know: whether there
//! is such a name, and which address it has inside.

use crate::guard::Guard;
use crate::look::{Found, Why};
use std::net::IpAddr;
use stslint::host::private_suffix;
use stslint::live::check::{DnsReply, Reply};
use stslint::live::facts::{Addresses, Answer, Fact, Hidden, Lookup, Reason};
use stslint_doh::relay::Refused;

/// Why nothing is told of what an alias leads to.
const ALIAS: &str = "an alias leads to a name that is not public";

/// Why a name is not looked up.
pub(crate) const NAME: &str = "the name is not public";

/// Whether a name can be a public one: it has several labels and no suffix for special use (RFC 6761).
pub(crate) fn is_public(name: &str) -> bool {
    name.contains('.') && private_suffix(name).is_none()
}

/// An answer as it is used here: where an alias leads to a name that is not public, that name is there or not,
/// which is nobody's business.
pub(crate) fn cover(reply: Reply) -> Reply {
    match reply {
        Reply::Dns(DnsReply { chain, .. }) if chain.iter().any(|name| !is_public(name)) => {
            Reply::Dns(DnsReply { rcode: 3, chain, ..DnsReply::default() })
        }
        reply => reply,
    }
}

/// Whether an alias leads to a name that is not public, on the way or in the end.
fn leads_inside(addresses: &Addresses) -> bool {
    addresses.alias.known().is_some_and(|chain| chain.iter().any(|name| !is_public(name)))
}

/// Takes out of what was found what is not to be told. `service` is what connections to a mail host are called.
pub(crate) fn draw(found: &mut Found, guard: &Guard, service: impl Fn(&str) -> String) {
    let inside = || Reason::NotObservable(Hidden::NotPublic(None, ALIAS));
    let mut led_inside = Vec::new();
    let facts = &mut found.facts;
    let policy_host = format!("mta-sts.{}", facts.domain);
    if leads_inside(&facts.policy_host) {
        facts.fetch = Fact::Unknown(inside());
        led_inside.push((format!("https://{policy_host}"), policy_host));
    } else if facts.policy_host.alias.known().is_none_or(|chain| !chain.is_empty()) {
        hide(&mut facts.policy_host, guard);
    }
    for (name, host) in &mut facts.hosts {
        if leads_inside(&host.addresses) {
            host.smtp = Fact::Unknown(inside());
            led_inside.push((service(name), name.clone()));
        } else {
            hide(&mut host.addresses, guard);
        }
    }
    hide(&mut facts.apex, guard);
    for addresses in [&mut facts.policy_host, &mut facts.apex]
        .into_iter()
        .chain(facts.hosts.values_mut().map(|host| &mut host.addresses))
        .filter(|addresses| leads_inside(addresses))
    {
        (addresses.a, addresses.aaaa) = (Fact::Unknown(inside()), Fact::Unknown(inside()));
    }
    for (what, host) in led_inside {
        // One for each kind of address.
        for _ in 0..2 {
            let (host, why) = (host.clone(), ALIAS.to_owned());
            found.refused.push(Refused { host, address: None, why });
        }
        found.note(what, Why::AddressRefused, &Hidden::NotPublic(None, ALIAS));
    }
}

/// Takes addresses that are not public out.
fn hide(addresses: &mut Addresses, guard: &Guard) {
    for fact in [&mut addresses.a, &mut addresses.aaaa] {
        let Fact::Known(Answer { outcome: Lookup::Data(list), .. }) = fact else { continue };
        let why = list.iter().find_map(|address: &IpAddr| guard.refusal(*address));
        list.retain(|address| guard.refusal(*address).is_none());
        if let (true, Some(why)) = (list.is_empty(), why) {
            *fact = Fact::Unknown(Reason::NotObservable(Hidden::NotPublic(None, why)));
        }
    }
}
