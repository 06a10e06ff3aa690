//! Which look-ups a live check needs: a state machine that asks and is told, and touches nothing
//! itself. The page, the command and the tests only carry its questions.
//!
//! What is asked next and what is known follow from the answers alone, so the order in which they
//! come makes no difference.

use super::facts::{
    Addresses, Answer, Chain, Fact, Facts, Failure, Fetch, Hidden, Host, Lookup, MAX_CHAIN, Mx,
    Reason, Records, Smtp, Tlsa,
};
use super::json::plain_name;
use crate::{Kind, host, record};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Most MX hosts that are looked up. Facts of further ones are unknown.
pub const MAX_HOSTS: usize = 64;

/// The same where mail hosts alone are looked up ([`Scope::MailHosts`]), which is done for strangers.
pub const MAX_HOSTS_ALONE: usize = 16;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// Records, aliases followed.
    Dns {
        /// The name, in lower case without root dot.
        name: String,
        /// Which records.
        kind: RecordKind,
        /// Whether the resolver is not to check DNSSEC (the CD bit).
        checking_disabled: bool,
    },
    /// `https://<host>/.well-known/mta-sts.txt` without following redirects (RFC 8461 §3.3).
    Fetch {
        /// The policy host.
        host: String,
    },
    /// EHLO, STARTTLS and the certificate on port 25, with the host's name as SNI.
    Smtp {
        /// The MX host.
        host: String,
    },
}

/// Which records are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// Mail hosts.
    Mx,
    /// TLSA records.
    Tlsa,
    /// Text.
    Txt,
}

/// Which question an answer belongs to: the check and its question. Answers to other checks are
/// dropped, so that a late one can't reach the next domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    check: u32,
    question: u32,
}

impl Id {
    /// The number of the check.
    pub const fn check(self) -> u32 {
        self.check
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// What a resolver said.
    Dns(DnsReply),
    /// The domain's own name servers could not be asked, as a resolver or senders would find.
    Failed(Failure),
    /// What came of the fetch.
    Fetch(Fetch),
    /// The question could not be carried, or the answer not be seen.
    NotObservable(Hidden),
    /// What the MX host said.
    Smtp(Smtp),
}

/// An answer of a resolver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DnsReply {
    /// The response code: 0 NOERROR, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED.
    pub rcode: u16,
    /// The AD bit.
    pub authentic: bool,
    /// Something was left out (the TC bit).
    pub truncated: bool,
    /// The targets of the aliases from the name that was asked for, in order.
    pub chain: Vec<String>,
    /// Whether the aliases lead back to themselves.
    pub endless: bool,
    /// How long the answer may be kept, in seconds.
    pub ttl: Option<u32>,
    /// The records of the name at the end of the chain.
    pub records: Vec<Data>,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// An address.
    Address(IpAddr),
    /// A mail host.
    Mx(Mx),
    /// A TLSA record.
    Tlsa(Tlsa),
    /// Character-strings; bytes that are no UTF-8 stand as U+FFFD.
    Txt(Vec<String>),
}

/// What to look up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How much of a domain.
    pub scope: Scope,
    /// Fetch the policy.
    pub fetch: bool,
    /// Ask the MX hosts on port 25.
    pub smtp: bool,
    /// Whether whoever fetches and asks MX hosts connects to the addresses that were looked up:
    /// these questions then come up once all addresses are known, and not at all where there are
    /// none. A browser and its relay look addresses up themselves and need not wait.
    pub by_address: bool,
}

/// How much of a domain is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Domain,
    /// The addresses of the policy host, and what it serves.
    PolicyHost,
    /// MX records, and the addresses of the first [`MAX_HOSTS_ALONE`] MX hosts with what they say. No TLSA
    /// records.
    MailHosts,
}

/// A running check of one domain.
#[derive(Clone, Debug)]
pub struct Check {
    serial: u32,
    domain: String,
    options: Options,
    /// Every question that was given out, with its number and answer.
    asked: BTreeMap<Ask, (u32, Option<Reply>)>,
    /// The number of the next question.
    next: u32,
}

impl Check {
    /// Begins a check. `serial` is another one for each check of a program; `domain` is a domain
    /// name as A-labels. None if it is no host name, or too long for the names that are looked up.
    pub fn new(serial: u32, domain: &str, options: Options) -> Option<Self> {
        let domain = plain_name(domain);
        let fits = host::is_host_name(&format!("mta-sts.{domain}")) && !host::is_address(&domain);
        fits.then(|| Self { serial, domain, options, asked: BTreeMap::new(), next: 0 })
    }

    /// Its number.
    pub const fn serial(&self) -> u32 {
        self.serial
    }

    /// The domain.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The questions that have come up, each once.
    pub fn questions(&mut self) -> Vec<(Id, Ask)> {
        let (_, wanted) = self.walk();
        let mut out = Vec::new();
        for ask in wanted {
            let question = self.number();
            self.asked.insert(ask.clone(), (question, None));
            out.push((Id { check: self.serial, question }, ask));
        }
        out
    }

    fn number(&mut self) -> u32 {
        let number = self.next;
        self.next = number.wrapping_add(1);
        number
    }

    /// Every question that was given out with its answer, in the order in which they came up.
    pub fn asked(&self) -> Vec<(Id, &Ask, Option<&Reply>)> {
        let mut all: Vec<_> = self
            .asked
            .iter()
            .map(|(ask, (question, reply))| {
                (Id { check: self.serial, question: *question }, ask, reply.as_ref())
            })
            .collect();
        all.sort_by_key(|(id, ..)| *id);
        all
    }

    /// Forgets the answer to a question, which then comes up anew. An answer to the first asking
    /// that is still on its way is dropped.
    pub fn ask_again(&mut self, ask: &Ask) {
        self.asked.remove(ask);
    }

    /// Takes what was seen elsewhere, say by a person at a command line, as the answer to a question,
    /// whether it was asked or answered or not.
    pub fn tell(&mut self, ask: Ask, reply: Reply) {
        let question = self.number();
        if fits(&reply, &ask) {
            self.asked.insert(ask, (question, Some(reply)));
        }
    }

    /// Takes an answer. Returns whether it was one to an open question of this check.
    pub fn answer(&mut self, id: Id, reply: Reply) -> bool {
        if id.check != self.serial {
            return false;
        }
        let mut open = self.asked.iter_mut().filter(|(_, (number, _))| *number == id.question);
        let Some((ask, (_, slot))) = open.next() else { return false };
        if slot.is_some() || !fits(&reply, ask) {
            return false;
        }
        *slot = Some(reply);
        true
    }

    /// The addresses to connect to for a fetch or an SMTP session. With [`Options::by_address`] they
    /// are all known, and some are there, when the question comes up.
    pub fn addresses(&self, ask: &Ask) -> Vec<IpAddr> {
        let facts = self.facts();
        match ask {
            Ask::Dns { .. } => Vec::new(),
            Ask::Fetch { .. } => facts.policy_host.all().collect(),
            Ask::Smtp { host } => facts.host(host).addresses.all().collect(),
        }
    }

    /// Whether nothing is left to ask or to wait for.
    pub fn is_done(&self) -> bool {
        self.walk().1.is_empty() && self.asked.values().all(|(_, reply)| reply.is_some())
    }

    /// What is known by now. The date and the resolver's name are for the caller to add.
    pub fn facts(&self) -> Facts {
        self.walk().0
    }

    /// What the answers come to, and the questions that follow from them and were not asked yet.
    fn walk(&self) -> (Facts, BTreeSet<Ask>) {
        let mut walk = Walk { check: self, wanted: BTreeSet::new() };
        let mut facts = walk.facts();
        if let Some(reason) = walk.trouble() {
            forget_failures(&mut facts, &reason);
        }
        (facts, walk.wanted)
    }

    /// What tells a resolver that always fails from a domain without working name servers: whether it finds out
    /// anything about the top-level domain. That tells it nothing that it was not told already.
    fn control(&self) -> Ask {
        let name = self.domain.rsplit('.').next().unwrap_or_default().to_owned();
        Ask::Dns { name, kind: RecordKind::A, checking_disabled: false }
    }
}

/// Whether a reply is one to such a question.
fn fits(reply: &Reply, ask: &Ask) -> bool {
    matches!(
        (reply, ask),
        (Reply::NotObservable(_), _)
            | (Reply::Dns(_) | Reply::Failed(_), Ask::Dns { .. })
            | (Reply::Fetch(_), Ask::Fetch { .. })
            | (Reply::Smtp(_), Ask::Smtp { .. })
    )
}

struct Walk<'c> {
    check: &'c Check,
    wanted: BTreeSet<Ask>,
}

impl<'c> Walk<'c> {
    /// The answer to a question; notes the question if it is a new one.
    fn reply(&mut self, ask: Ask) -> Option<&'c Reply> {
        match self.check.asked.get(&ask) {
            Some((_, reply)) => reply.as_ref(),
            None => {
                self.wanted.insert(ask);
                None
            }
        }
    }

    /// Why failures say nothing about the domain, or not yet, if that is so: the resolver has failed at
    /// every question.
    fn trouble(&mut self) -> Option<Reason> {
        if !self.wanted.is_empty() {
            return None;
        }
        let control = self.check.control();
        let mut failed = false;
        for (ask, (_, reply)) in &self.check.asked {
            match (ask, reply) {
                (Ask::Fetch { .. } | Ask::Smtp { .. }, _) => {}
                (ask, _) if *ask == control => {}
                (_, Some(Reply::NotObservable(_))) => {}
                (_, Some(Reply::Dns(reply))) if !matches!(reply.rcode, 0 | 3) => failed = true,
                // It works, or is not done.
                _ => return None,
            }
        }
        if !failed {
            return None;
        }
        match self.reply(control) {
            None => Some(Reason::Pending),
            Some(Reply::NotObservable(why)) => Some(Reason::NotObservable(why.clone())),
            Some(Reply::Dns(DnsReply { rcode: 0 | 3, .. })) => None,
            Some(Reply::Dns(DnsReply { rcode: 5, .. })) => {
                Some(Reason::NotObservable(Hidden::AlwaysFails(Failure::Refused)))
            }
            Some(_) => Some(Reason::NotObservable(Hidden::AlwaysFails(Failure::ServFail))),
        }
    }

    fn facts(&mut self) -> Facts {
        let check = self.check;
        let domain = check.domain.as_str();
        let scope = check.options.scope;
        let mut facts = Facts { domain: domain.to_owned(), ..Facts::default() };
        if scope == Scope::Domain {
            facts.sts = self.txt(&format!("_mta-sts.{domain}"));
            facts.tlsrpt = self.txt(&format!("_smtp._tls.{domain}"));
        }
        if scope != Scope::MailHosts {
            let policy_host = format!("mta-sts.{domain}");
            facts.policy_host = self.addresses(&policy_host);
            facts.fetch = self.fetch(&facts.policy_host, policy_host);
        }
        if scope != Scope::PolicyHost {
            self.mail_hosts(&mut facts);
        }
        if is_absent(&facts.sts) {
            facts.parent_policy = self.parent();
        }
        facts
    }

    /// MX records and all about their hosts.
    fn mail_hosts(&mut self, facts: &mut Facts) {
        let domain = self.check.domain.as_str();
        facts.mx = self.look_up(domain, RecordKind::Mx, |data| match data {
            Data::Mx(mx) => Some(Mx { exchange: plain_name(&mx.exchange), ..mx.clone() }),
            _ => None,
        });
        let mut names = Vec::new();
        if let Fact::Known(answer) = &mut facts.mx {
            match &mut answer.outcome {
                Lookup::Data(list) => {
                    list.sort();
                    names.extend(list.iter().filter(|mx| !mx.is_null()).map(|mx| &mx.exchange));
                }
                // RFC 5321 §5.1: then the domain is its own host.
                Lookup::NoData => facts.apex = self.addresses(domain),
                _ => {}
            }
        }
        let most = match self.check.options.scope {
            Scope::MailHosts => MAX_HOSTS_ALONE,
            _ => MAX_HOSTS,
        };
        let mut hosts: BTreeMap<String, Host> = BTreeMap::new();
        for name in names {
            if hosts.contains_key(name) || host::is_address(name) {
                continue;
            }
            let known =
                if hosts.len() < most { self.host(name) } else { unknown_host(&Reason::Limit) };
            hosts.insert(name.clone(), known);
        }
        if facts.apex.outcome() == Fact::Known(Lookup::Data(())) {
            hosts.insert(domain.to_owned(), self.services(domain, facts.apex.clone()));
        }
        facts.hosts = hosts;
    }

    fn host(&mut self, name: &str) -> Host {
        if !is_askable(name) {
            return unknown_host(&Reason::NotObservable(Hidden::BadName));
        }
        let addresses = self.addresses(name);
        self.services(name, addresses)
    }

    /// TLSA records and the SMTP service of a host at these addresses.
    fn services(&mut self, name: &str, addresses: Addresses) -> Host {
        let tlsa_name = format!("_25._tcp.{name}");
        let mut host = Host { addresses, ..Host::default() };
        if self.check.options.scope == Scope::Domain && is_askable(&tlsa_name) {
            host.tlsa = self.look_up(&tlsa_name, RecordKind::Tlsa, |data| match data {
                Data::Tlsa(tlsa) => Some(tlsa.clone()),
                _ => None,
            });
        }
        let ask = Ask::Smtp { host: name.to_owned() };
        host.smtp = match self.check.asked.get(&ask) {
            Some((_, Some(Reply::Smtp(smtp)))) => Fact::Known(smtp.clone()),
            _ if !self.check.options.smtp => Fact::default(),
            _ => match self.unreachable(&host.addresses) {
                Some(reason) => Fact::Unknown(reason),
                None => Fact::Unknown(why_unknown(self.reply(ask))),
            },
        };
        host
    }

    /// Why a host can't be connected to, or not yet: one of the two kinds of addresses may be of no
    /// use to whoever connects, so both are waited for.
    fn unreachable(&self, addresses: &Addresses) -> Option<Reason> {
        if !self.check.options.by_address {
            return None;
        }
        if addresses.both().iter().any(|fact| fact.reason() == Some(&Reason::Pending)) {
            return Some(Reason::Pending);
        }
        if addresses.all().next().is_some() {
            return None;
        }
        Some(Reason::NotObservable(match addresses.outcome() {
            Fact::Known(Lookup::Failed(_)) => Hidden::AddressesFailed,
            Fact::Known(_) => Hidden::NoAddress,
            Fact::Unknown(_) => Hidden::AddressesUnknown,
        }))
    }

    fn fetch(&mut self, addresses: &Addresses, host: String) -> Fact<Fetch> {
        let Options { fetch, by_address, .. } = self.check.options;
        let ask = Ask::Fetch { host };
        // What was fetched by name, or told, stands whatever the look-ups say.
        if !by_address && let Some((_, Some(Reply::Fetch(fetch)))) = self.check.asked.get(&ask) {
            return Fact::Known(fetch.clone());
        }
        if !fetch {
            return Fact::default();
        }
        // There is nothing to connect to.
        if let Fact::Known(Lookup::NoData | Lookup::NxDomain | Lookup::Broken(_)) =
            addresses.outcome()
        {
            return Fact::default();
        }
        match self.unreachable(addresses) {
            Some(Reason::Pending) => Fact::Unknown(Reason::Pending),
            // Why there are no addresses is told with the addresses.
            Some(_) => Fact::default(),
            None => match self.reply(ask) {
                Some(Reply::Fetch(fetch)) => Fact::Known(fetch.clone()),
                other => Fact::Unknown(why_unknown(other)),
            },
        }
    }

    /// Whether the domain above has an MTA-STS record.
    fn parent(&mut self) -> Fact<bool> {
        let Some((_, parent)) = self.check.domain.split_once('.') else { return Fact::default() };
        if !parent.contains('.') {
            return Fact::default(); // A registry.
        }
        match self.txt(&format!("_mta-sts.{parent}")) {
            Fact::Known(Answer { outcome: Lookup::Failed(_), .. }) => Fact::default(),
            Fact::Known(answer) => Fact::Known(answer.data().is_some_and(is_seen_meant)),
            Fact::Unknown(reason) => Fact::Unknown(reason),
        }
    }

    fn txt(&mut self, name: &str) -> Fact<Answer<Records>> {
        let found = self.look_up(name, RecordKind::Txt, |data| match data {
            Data::Txt(strings) => Some(strings.clone()),
            _ => None,
        });
        match found {
            Fact::Unknown(reason) => Fact::Unknown(reason),
            Fact::Known(Answer { outcome, chain, authentic, ttl }) => {
                let outcome = match outcome {
                    Lookup::Data(records) => Lookup::Data(Records::Seen(records)),
                    Lookup::NoData if !chain.is_empty() => Lookup::Broken(Chain::Dangling),
                    Lookup::NoData => Lookup::NoData,
                    Lookup::NxDomain => Lookup::NxDomain,
                    Lookup::Broken(chain) => Lookup::Broken(chain),
                    Lookup::Failed(failure) => Lookup::Failed(failure),
                };
                Fact::Known(Answer { outcome, chain, authentic, ttl })
            }
        }
    }

    fn addresses(&mut self, name: &str) -> Addresses {
        let pick = |data: &Data| match data {
            Data::Address(address) => Some(*address),
            _ => None,
        };
        let a = self.look_up(name, RecordKind::A, pick);
        let aaaa = self.look_up(name, RecordKind::Aaaa, pick);
        let chains = [&a, &aaaa].map(|fact| fact.known().map(|answer| &answer.chain));
        // Both lead the same way; the first that is known tells, whichever came first.
        let alias = match chains {
            [Some(chain), _] if !chain.is_empty() => Fact::Known(chain.clone()),
            [_, Some(chain)] if !chain.is_empty() => Fact::Known(chain.clone()),
            [Some(_), Some(_)] => Fact::Known(Vec::new()),
            _ => Fact::Unknown(Reason::Pending),
        };
        Addresses { alias, a, aaaa }
    }

    /// Looks records up, on from where a resolver stopped, and once more without DNSSEC where it
    /// failed.
    fn look_up<T>(
        &mut self,
        name: &str,
        kind: RecordKind,
        pick: impl Fn(&Data) -> Option<T>,
    ) -> Fact<Answer<Vec<T>>> {
        let mut name = plain_name(name);
        let mut seen = vec![name.clone()];
        let mut chain: Vec<String> = Vec::new();
        let mut authentic = true;
        loop {
            let ask = |checking_disabled| Ask::Dns { name: name.clone(), kind, checking_disabled };
            let reply = match self.reply(ask(false)) {
                Some(Reply::Dns(reply)) => reply,
                Some(Reply::Failed(failure)) => {
                    return Fact::Known(Answer { chain, ..Answer::new(Lookup::Failed(*failure)) });
                }
                other => return Fact::Unknown(why_unknown(other)),
            };
            authentic &= reply.authentic;
            let before = chain.len();
            chain.extend(reply.chain.iter().map(|target| plain_name(target)));
            let looped =
                reply.endless || chain[before..].iter().any(|target| seen.contains(target));
            seen.extend_from_slice(&chain[before..]);
            let records: Vec<T> = reply.records.iter().filter_map(&pick).collect();
            let outcome = match reply.rcode {
                // What was left out can't be told from what isn't there.
                0 | 3 if reply.truncated => {
                    return Fact::Unknown(Reason::NotObservable(Hidden::Incomplete));
                }
                0 if looped => Lookup::Broken(Chain::Loop),
                0 if chain.len() > MAX_CHAIN => Lookup::Broken(Chain::TooLong),
                0 if !records.is_empty() => Lookup::Data(records),
                // Some resolvers don't follow a chain to its end.
                0 if chain.len() > before && is_askable(&chain[chain.len() - 1]) => {
                    name.clone_from(&chain[chain.len() - 1]);
                    continue;
                }
                0 => Lookup::NoData,
                3 if chain.is_empty() => Lookup::NxDomain,
                3 => Lookup::Broken(Chain::Dangling),
                2 => match self.reply(ask(true)) {
                    None => return Fact::Unknown(Reason::Pending),
                    // RFC 4035 §4.3: only the check of the signatures stood in the way.
                    Some(Reply::Dns(DnsReply { rcode: 0 | 3, .. })) => {
                        Lookup::Failed(Failure::Bogus)
                    }
                    Some(_) => Lookup::Failed(Failure::ServFail),
                },
                5 => Lookup::Failed(Failure::Refused),
                _ => Lookup::Failed(Failure::ServFail),
            };
            let failed = matches!(outcome, Lookup::Failed(_));
            let authentic = (!failed).then_some(authentic);
            return Fact::Known(Answer { outcome, chain, authentic, ttl: reply.ttl });
        }
    }
}

/// Makes failed look-ups unknown for a reason.
fn forget_failures(facts: &mut Facts, reason: &Reason) {
    fn forget<T>(fact: &mut Fact<Answer<T>>, reason: &Reason) {
        if fact.known().is_some_and(|answer| answer.failure().is_some()) {
            *fact = Fact::Unknown(reason.clone());
        }
    }
    forget(&mut facts.sts, reason);
    forget(&mut facts.tlsrpt, reason);
    forget(&mut facts.policy_host.a, reason);
    forget(&mut facts.policy_host.aaaa, reason);
    forget(&mut facts.mx, reason);
}

/// Why there is no answer.
fn why_unknown(reply: Option<&Reply>) -> Reason {
    match reply {
        Some(Reply::NotObservable(reason)) => Reason::NotObservable(reason.clone()),
        _ => Reason::Pending,
    }
}

fn unknown_host(reason: &Reason) -> Host {
    let addresses = Addresses {
        alias: Fact::Unknown(reason.clone()),
        a: Fact::Unknown(reason.clone()),
        aaaa: Fact::Unknown(reason.clone()),
    };
    Host { addresses, tlsa: Fact::Unknown(reason.clone()), smtp: Fact::Unknown(reason.clone()) }
}

/// Whether DNS can hold a name (RFC 1035 §2.3.4).
fn is_askable(name: &str) -> bool {
    let label = |label: &str| {
        (1..=host::MAX_LABEL).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_graphic())
    };
    name.len() <= host::MAX_NAME && name.split('.').all(label)
}

/// Whether it is certain that senders see no MTA-STS record.
fn is_absent(fact: &Fact<Answer<Records>>) -> bool {
    fact.known().is_some_and(|answer| match answer.data() {
        Some(records) => !is_seen_meant(records),
        None => answer.is_empty(),
    })
}

fn is_seen_meant(records: &Records) -> bool {
    match records {
        Records::Seen(list) => list.iter().any(|r| record::is_meant(&r.concat(), Kind::StsTxt)),
        Records::Reported(_) => true,
    }
}
