//! What DNS says of MTA-STS and TLSRPT (RFC 8461 §3.1, RFC 8460 §3).

use super::{About, Notes};
use crate::build::rpt_record;
use crate::finding::Severity;
use crate::host;
use crate::live::deployment::{Deployment, Mail, RecordStatus};
use crate::live::facts::{Answer, Chain, Fact, Failure, Lookup, Records};
use crate::policy::{Mode, Values};
use crate::rule::{Rule, Words, words};

pub(super) const RULES: &[&Rule] = &[
    &STS_RECORD_ABSENT,
    &POLICY_WITHOUT_RECORD,
    &RECORD_WITHOUT_POLICY,
    &DNS_LOOKUP_FAILED,
    &DNS_NOT_OBSERVABLE,
    &STS_RECORD_CNAME,
    &CNAME_DANGLING,
    &STS_TXT_TTL_LONG,
];

pub(super) const MORE_RULES: &[&Rule] = &[
    &TLSRPT_ABSENT,
    &TLSRPT_WITHOUT_POLICY,
    &TLSRPT_EXTERNAL_DESTINATION,
    &SUBDOMAIN_NOT_COVERED,
    &POLICY_NOT_ANNOUNCED,
    &NONE_WITHOUT_RECORD,
    &RECORD_MISPLACED,
];

/// Longest TTL of the record that lets a change be noticed within a day, in seconds.
const LONG_TTL: u32 = 86_400;

pub(super) fn check(deployment: &Deployment, notes: &mut Notes) {
    lookups(deployment, notes);
    record(deployment, notes);
    reports(deployment, notes);
    misplaced(deployment, notes);
}

/// 004, 005, 007: look-ups that gave nothing. A bogus answer is another rule's.
fn lookups(deployment: &Deployment, notes: &mut Notes) {
    let facts = deployment.facts;
    let domain = facts.domain.as_str();
    let host_outcome = facts.policy_host.outcome();
    let txt = |status: &Fact<RecordStatus>| match status {
        Fact::Known(RecordStatus::Failed(how)) => Looked { failure: Some(*how), chain: None },
        Fact::Known(RecordStatus::Broken(chain)) => Looked { failure: None, chain: Some(*chain) },
        _ => Looked::default(),
    };
    let idle = deployment.policy_host_is_idle();
    let policy_host = match host_outcome.known() {
        Some(outcome) if !idle => Looked { failure: failed(outcome), chain: broken(outcome) },
        _ => Looked::default(),
    };
    let mx = Looked { failure: facts.mx.known().and_then(Answer::failure), chain: None };
    let mut looked = vec![
        (About::Sts, format!("_mta-sts.{domain}"), txt(&deployment.sts)),
        (About::PolicyHost, format!("mta-sts.{domain}"), policy_host),
        (About::Mx, format!("{domain} (MX)"), mx),
        (About::Tlsrpt, format!("_smtp._tls.{domain}"), txt(&deployment.tlsrpt)),
    ];
    for name in deployment.mail.hosts() {
        let Some(host) = facts.hosts.get(name) else { continue };
        let failure = host.addresses.outcome().known().and_then(failed);
        looked.push((About::Host(name.clone()), name.clone(), Looked { failure, chain: None }));
        // RFC 7672 §2.2.2: where the addresses are not signed, no sender asks for TLSA records.
        let signed = host.addresses.authentic() == Some(true);
        let failure = host.tlsa.known().and_then(Answer::failure).filter(|_| signed);
        let name_of_tlsa = format!("_25._tcp.{name}");
        looked.push((About::Tlsa(name.clone()), name_of_tlsa, Looked { failure, chain: None }));
    }
    for (about, name, Looked { failure, chain }) in looked {
        if let Some(failure) = failure.filter(|failure| *failure != Failure::Bogus) {
            let effect = without(&about, deployment);
            let found = notes.add(&DNS_LOOKUP_FAILED, about).at(&["status"]);
            found.name(&name).words(format!("({}): {effect}", failure.word()));
        } else if let Some(chain) = chain {
            notes.add(&CNAME_DANGLING, about).at(&["status"]).name(&name).words(match chain {
                Chain::Dangling => "leads to a name without such records",
                Chain::Loop => "leads back to itself",
                Chain::TooLong => "leads through more than 8 names",
            });
        }
    }
    let hidden = [
        (facts.sts.is_hidden(), About::Sts, "_mta-sts"),
        (
            host_outcome.reason().is_some() && host_is_hidden(deployment),
            About::PolicyHost,
            "mta-sts",
        ),
        (facts.mx.is_hidden(), About::Mx, "MX"),
        (facts.tlsrpt.is_hidden(), About::Tlsrpt, "_smtp._tls"),
    ];
    let names: Vec<&str> = hidden.iter().filter(|(h, ..)| *h).map(|(.., name)| *name).collect();
    if let Some((_, about, _)) = hidden.iter().find(|(hidden, ..)| *hidden) {
        notes.add(&DNS_NOT_OBSERVABLE, about.clone()).words(names.join(", "));
    }
}

/// What it does to mail that what is looked up for this can't be.
pub(super) fn without(about: &About, deployment: &Deployment) -> &'static str {
    match about {
        About::Sts => "senders learn of no new policy",
        About::PolicyHost => "senders get no new policy",
        About::Tlsrpt => "senders send no reports",
        About::Host(_) if deployment.mail.hosts().len() > 1 => "senders try the other MX hosts",
        // RFC 7672 §2.1.2
        About::Tlsa(_) => "senders with DANE pass this host over",
        _ => "mail waits",
    }
}

fn host_is_hidden(deployment: &Deployment) -> bool {
    deployment.facts.policy_host.both().iter().any(|fact| fact.is_hidden())
}

/// What is wrong with one look-up.
#[derive(Default)]
struct Looked {
    failure: Option<Failure>,
    chain: Option<Chain>,
}

fn failed<T>(outcome: &Lookup<T>) -> Option<Failure> {
    match outcome {
        Lookup::Failed(failure) => Some(*failure),
        _ => None,
    }
}

fn broken<T>(outcome: &Lookup<T>) -> Option<Chain> {
    match outcome {
        Lookup::Broken(chain) => Some(*chain),
        _ => None,
    }
}

/// 001, 002, 003, 006, 008, 013, 014, 015.
fn record(deployment: &Deployment, notes: &mut Notes) {
    use RecordStatus::{Absent, Invalid, Multiple, Usable};
    let facts = deployment.facts;
    let policy = deployment.policy.known();
    // Of a name without MX records, another rule speaks.
    let receives = matches!(deployment.mail, Mail::Hosts(_));
    let proposal =
        || format!("_mta-sts.{}. IN TXT \"v=STSv1; id={};\"", facts.domain, id_of(facts.now));
    match (deployment.sts.known(), policy) {
        // RFC 8461 §8.3: the record goes first.
        (Some(Absent), Some(Some(Values { mode: Some(Mode::None), .. }))) => {
            notes.add(&NONE_WITHOUT_RECORD, About::Sts);
        }
        // RFC 8461 §8.1: the policy comes first.
        (Some(Absent), Some(Some(Values { mode: Some(Mode::Testing), .. }))) => {
            notes.add(&POLICY_NOT_ANNOUNCED, About::Sts).publish(proposal());
        }
        (Some(status @ (Absent | Invalid | Multiple)), Some(Some(_))) => {
            let words = match status {
                Multiple => "more than one record, so senders use none",
                Invalid => "a record that senders ignore",
                _ => "no record",
            };
            notes.add(&POLICY_WITHOUT_RECORD, About::Sts).words(words).publish(proposal());
        }
        (Some(Absent), _) if receives => {
            notes.add(&STS_RECORD_ABSENT, About::Sts).name(&facts.domain).publish(proposal());
        }
        (Some(Usable), Some(None)) => {
            notes.add(&RECORD_WITHOUT_POLICY, About::Policy);
        }
        _ => {}
    }
    if let (Some(Absent), Some(true), Mail::Hosts(_)) =
        (deployment.sts.known(), facts.parent_policy.known(), &deployment.mail)
    {
        notes.add(&SUBDOMAIN_NOT_COVERED, About::Parent).name(&facts.domain);
    }
    let Some(answer) = facts.sts.known().filter(|_| deployment.announced()) else { return };
    if let Some(target) = answer.chain.last() {
        notes.add(&STS_RECORD_CNAME, About::Sts).at(&["cname", "/sts_cname"]).name(target);
    }
    if let Some(ttl) = answer.ttl.filter(|ttl| *ttl > LONG_TTL) {
        notes.add(&STS_TXT_TTL_LONG, About::Sts).at(&["ttl", "/sts_ttl"]).number(ttl.into());
    }
}

/// 010, 011, 012.
fn reports(deployment: &Deployment, notes: &mut Notes) {
    let facts = deployment.facts;
    let tlsa = |name: &String| facts.hosts.get(name).map(|host| &host.tlsa);
    let no_tlsa = |name| tlsa(name).is_some_and(|f| f.known().is_some_and(Answer::is_empty));
    let dane =
        deployment.mail.hosts().iter().any(|name| super::dane::is_protected(deployment, name));
    let sts =
        deployment.sts.known() == Some(&RecordStatus::Usable) && deployment.active().is_some();
    match deployment.tlsrpt.known() {
        Some(RecordStatus::Absent) if (sts || dane) && deployment.mail != Mail::Null => {
            let notes = notes.add(&TLSRPT_ABSENT, About::Tlsrpt);
            notes.name(&facts.domain).publish(rpt_record(&facts.domain));
        }
        Some(RecordStatus::Usable)
            if deployment.sts.known() == Some(&RecordStatus::Absent)
                && !matches!(deployment.policy, Fact::Known(Some(_)))
                && !deployment.mail.hosts().is_empty()
                && deployment.mail.hosts().iter().all(no_tlsa) =>
        {
            notes.add(&TLSRPT_WITHOUT_POLICY, About::Tlsrpt);
        }
        _ => {}
    }
    for uri in &deployment.rua {
        if let Some(name) = destination(uri).filter(|name| is_outside(name, &facts.domain)) {
            notes.add(&TLSRPT_EXTERNAL_DESTINATION, About::Tlsrpt).name(name);
        }
    }
}

/// 016.
fn misplaced(deployment: &Deployment, notes: &mut Notes) {
    let facts = deployment.facts;
    let seen = |fact: &Fact<Answer<Records>>| match fact.known().and_then(Answer::data) {
        Some(Records::Seen(records)) => records.iter().map(|strings| strings.concat()).collect(),
        _ => Vec::new(),
    };
    let (sts, tlsrpt) = (seen(&facts.sts), seen(&facts.tlsrpt));
    let begins = |record: &String, version: &str| {
        record.get(..version.len()).is_some_and(|start| start.eq_ignore_ascii_case(version))
    };
    let (at_sts, at_tlsrpt) = ("_mta-sts", "_smtp._tls");
    for (about, records, here, version, there) in [
        (About::Sts, &sts, at_sts, "v=TLSRPTv", at_tlsrpt),
        (About::Tlsrpt, &tlsrpt, at_tlsrpt, "v=STSv", at_sts),
        (About::Tlsrpt, &tlsrpt, at_tlsrpt, "v=DMARC", "_dmarc"),
    ] {
        let Some(record) = records.iter().find(|record| begins(record, version)) else { continue };
        // A wildcard may answer for both names.
        if there == "_dmarc" && sts.contains(record) {
            continue;
        }
        let name = |owner: &str| format!("{owner}.{}", facts.domain);
        notes.add(&RECORD_MISPLACED, about).name(&name(here)).name(&name(there));
    }
}

/// The mail domain or host of a report destination.
fn destination(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once(':')?;
    let name = if scheme.eq_ignore_ascii_case("mailto") {
        rest.split('?').next()?.rsplit_once('@')?.1
    } else {
        let authority = rest.strip_prefix("//")?.split(&['/', '?', '#'][..]).next()?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        host.split(':').next()?
    };
    host::is_host_name(name).then_some(name)
}

/// Whether a name belongs to somebody else, as far as names tell: neither below the domain nor
/// above it. (A single label above it would be a registry.)
fn is_outside(name: &str, domain: &str) -> bool {
    let above = name.contains('.') && host::is_below(domain, name);
    !above && !host::is_within(name, domain)
}

/// A new id: the time in UTC, or a placeholder of the same form where no time is known.
fn id_of(now: Option<i64>) -> String {
    now.and_then(crate::time::compact).unwrap_or_else(|| "20260101T000000Z".to_owned())
}

static STS_RECORD_ABSENT: Rule = Rule {
    code: "LIVE-001",
    name: "sts-record-absent",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` does not use MTA-STS: there is no record at `_mta-sts`",
    words: words(Words {
        why: "Without MTA-STS (or DANE) senders encrypt only when nobody on the way prevents it, and check no \
          certificate. Policies that senders cached earlier stay in force until their max_age has passed.",
        effect: "Senders use TLS when it is offered and deliver in the clear otherwise.",
        help: "Publish a policy in mode `testing` first, then the record at `_mta-sts`. With TLSRPT you hear of \
          failures.",
        clause: "RFC 8461 §3.1: senders look for a TXT record at _mta-sts",
        fails: facts!(
            r#""sts_txt": "absent""#,
            r#""policy": null"#,
            r#""mx": [[10, "mail.example.com"]]"#
        ),
        passes: Some(good!()),
    }),
};

static POLICY_WITHOUT_RECORD: Rule = Rule {
    code: "LIVE-002",
    name: "policy-without-record",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The policy is there, but at `_mta-sts` there is {0}",
    words: words(Words {
        why: "Senders look at DNS first and fetch a policy only after a valid record. If the record was just \
          deleted, senders with a copy go on enforcing the old policy.",
        effect: "Senders without a copy use no policy. Those with a copy apply it until its max_age has passed.",
        help: "Publish exactly one record, `v=STSv1; id=…;`, at `_mta-sts`. To stop using MTA-STS, serve mode \
          `none` under a new id first.",
        clause: "RFC 8461 §3, §3.1: the record announces the policy; without exactly one, there is none",
        fails: facts!(
            r#""sts_txt": "absent""#,
            r#""policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 }"#
        ),
        passes: Some(good!()),
    }),
};

static RECORD_WITHOUT_POLICY: Rule = Rule {
    code: "LIVE-003",
    name: "record-without-policy",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The record announces MTA-STS, but senders get no policy",
    words: words(Words {
        why: "The record says that a policy can be fetched. The fetch fails, or what comes back is not a valid policy.",
        effect: "Senders without a copy deliver as if there were no MTA-STS and report the failure. Senders \
          with a copy apply that until its max_age has passed.",
        help: "Serve a valid policy at `/.well-known/mta-sts.txt` of the policy host, which is `mta-sts` below the domain. The other \
          findings say what is in the way.",
        clause: "RFC 8461 §3.3: without a valid policy senders go on as if there were none; RFC 8460 §4.3.2.2",
        fails: facts!(r#""sts_txt": "ok""#, r#""http": { "status": 404 }"#),
        passes: Some(good!()),
    }),
};

static DNS_LOOKUP_FAILED: Rule = Rule {
    code: "LIVE-004",
    name: "dns-lookup-failed",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The look-up of `{0}` fails {1}",
    words: words(Words {
        why: "The resolver reached no name server of the domain that gave a usable answer. Senders have the \
          same trouble. Broken DNSSEC is the usual cause, unreachable name servers the other.",
        effect: "It lasts until the look-up works again. What resolvers and senders have kept they use as long as they may.",
        help: "Ask each name server of the zone itself, and check the signatures and the DS record.",
        clause: "RFC 8461 §3.1, §10.2: no record, no policy; RFC 7672 §2.1.2: errors delay delivery",
        fails: facts!(r#""sts_txt": "servfail""#),
        passes: Some(good!()),
    }),
};

static DNS_NOT_OBSERVABLE: Rule = Rule {
    code: "LIVE-005",
    name: "dns-not-observable",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "Not looked up, because no resolver answered: {0}",
    words: words(Words {
        why: "The resolver was not reached, was blocked, or gave something that is not a DNS answer. That says \
          nothing about the domain.",
        effect: "Unknown.",
        help: "Ask another resolver, or run the look-up yourself and paste what it prints.",
        clause: "RFC 8484 §4.2.1: an HTTP error is not a DNS answer",
        fails: facts!(r#""sts_txt": "unobservable""#),
        passes: None,
    }),
};

static STS_RECORD_CNAME: Rule = Rule {
    code: "LIVE-006",
    name: "sts-record-cname",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The record at `_mta-sts` comes from `{0}` through a CNAME",
    words: words(Words {
        why: "Whoever runs that name chooses the id, and so says when senders look for a new policy. The policy \
          host has to be delegated as well, with a certificate for your name.",
        effect: "Senders follow the CNAME.",
        help: "Nothing to do, if that name belongs to the provider that serves your policy.",
        clause: "RFC 8461 §3.1, §8.2: senders follow a CNAME; delegation to a provider",
        fails: facts!(r#""sts_txt": "ok""#, r#""sts_cname": ["_mta-sts.provider.example"]"#),
        passes: None,
    }),
};

static CNAME_DANGLING: Rule = Rule {
    code: "LIVE-007",
    name: "cname-dangling",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The CNAME at `{0}` {1}",
    words: words(Words {
        why: "The delegation is broken. A name of a hosting service that nobody uses any more can often be \
          claimed by others, who could then serve a policy for your domain.",
        effect: "Senders act as if nothing were there.",
        help: "Point the CNAME to a name that exists, or remove it.",
        clause: "RFC 8461 §3.1, §8.2, §10.3: delegation and its risks; RFC 1034 §3.6.2: what a CNAME is",
        fails: facts!(r#""sts_txt": "dangling""#, r#""sts_cname": ["_mta-sts.provider.example"]"#),
        passes: Some(good!()),
    }),
};

static STS_TXT_TTL_LONG: Rule = Rule {
    code: "LIVE-008",
    name: "sts-txt-ttl-long",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "The record at `_mta-sts` may be kept for {0} seconds, more than a day",
    words: words(Words {
        why: "Senders see a new id only when their resolver has dropped the old record.",
        effect: "Senders use the old policy until the TTL has passed.",
        help: "Choose a TTL of 300 to 3600 seconds while you are testing, and at most 86400 later.",
        clause: "RFC 8461 §8.1: a change is noticed after the TTL of the record",
        fails: good!(r#""sts_ttl": 604800"#),
        passes: Some(good!(r#""sts_ttl": 3600"#)),
    }),
};

static TLSRPT_ABSENT: Rule = Rule {
    code: "LIVE-010",
    name: "tlsrpt-absent",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "Nobody reports failures: there is no TLSRPT record for `{0}`",
    words: words(Words {
        why: "Mode `testing` without reports tells you nothing, and `enforce` without reports hides the mail \
          that does not arrive.",
        effect: "Senders send no reports.",
        help: "Publish `v=TLSRPTv1; rua=mailto:…` at `_smtp._tls`, with a mailbox or service that reads reports.",
        clause: "RFC 8461 §5, §6: meant to be used with TLSRPT",
        fails: facts!(
            r#""sts_txt": "ok""#,
            r#""policy": { "mode": "testing", "mx": ["mail.example.com"], "max_age": 604800 }"#,
            r#""tlsrpt": "absent""#
        ),
        passes: Some(good!()),
    }),
};

static TLSRPT_WITHOUT_POLICY: Rule = Rule {
    code: "LIVE-011",
    name: "tlsrpt-without-policy",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "Reports are asked for, but there is neither MTA-STS nor DANE to report about",
    words: words(Words {
        why: "A good first step: reports show how well TLS works before a policy depends on it.",
        effect: "Senders report sessions with the policy type `no-policy-found`.",
        help: "When the reports look good, publish an MTA-STS policy in mode `testing`.",
        clause: "RFC 8460 §4.4: the policy type no-policy-found",
        fails: facts!(
            r#""sts_txt": "absent""#,
            r#""policy": null"#,
            r#""tlsrpt": "ok""#,
            r#""mx": [[10, "mail.example.com"]]"#,
            r#""tlsa": {}"#
        ),
        passes: None,
    }),
};

static TLSRPT_EXTERNAL_DESTINATION: Rule = Rule {
    code: "LIVE-012",
    name: "tlsrpt-external-destination",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "Reports go to another domain, `{0}`",
    words: words(Words {
        why: "That is allowed, and no record at the destination is needed, unlike with DMARC. Reports tell the \
          receiver who sends you mail and through which hosts.",
        effect: "Senders send their reports there.",
        help: "Make sure that this is the service you chose.",
        clause: "RFC 8460 §7: reports may go to third parties",
        fails: facts!(
            r#""tlsrpt": { "records": [["v=TLSRPTv1; rua=mailto:tls@reports.example.net;"]] }"#
        ),
        passes: None,
    }),
};

static SUBDOMAIN_NOT_COVERED: Rule = Rule {
    code: "LIVE-013",
    name: "subdomain-not-covered",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "The domain above uses MTA-STS; `{0}` does not inherit it",
    words: words(Words {
        why: "There is no inheritance: senders look only at the domain of the address.",
        effect: "Mail to this domain is not protected.",
        help: "Give this domain its own record, policy host and certificate.",
        clause: "RFC 8461 §3.4: the policy of a parent domain must not be used",
        fails: facts!(
            r#""sts_txt": "absent""#,
            r#""mx": [[10, "mail.example.com"]]"#,
            r#""parent_policy": true"#
        ),
        passes: Some(good!(r#""parent_policy": true"#)),
    }),
};

static POLICY_NOT_ANNOUNCED: Rule = Rule {
    code: "LIVE-014",
    name: "policy-not-announced",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "There is a policy in mode `testing`, but no record at `_mta-sts` announces it",
    words: words(Words {
        why: "Senders look at DNS first and fetch a policy only after a valid record. While MTA-STS is set up, the policy is \
          there before its record.",
        effect: "Senders without a copy use no policy. Those with a copy apply it until its max_age has passed.",
        help: "If you are setting MTA-STS up, publish the record now. If you are giving it up, the record was removed too \
          early: serve mode `none`, publish the record with a new id, and keep both until the longest max_age has passed.",
        clause: "RFC 8461 §3, §3.1, §8.3: the record announces the policy; how to remove MTA-STS",
        fails: facts!(
            r#""sts_txt": "absent""#,
            r#""policy": { "mode": "testing", "mx": ["mail.example.com"], "max_age": 604800 }"#
        ),
        passes: Some(good!()),
    }),
};

static NONE_WITHOUT_RECORD: Rule = Rule {
    code: "LIVE-015",
    name: "policy-none-without-record",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The policy says mode `none`, and no record at `_mta-sts` announces it any more",
    words: words(Words {
        why: "So a removal ends: the record goes first, the policy host last. Senders that still have a copy of an older \
          policy learn of mode `none` while a record announces it.",
        effect: "Senders without a copy use no policy. Those with a copy of an older one apply it until its max_age has \
          passed.",
        help: "If record and policy said `none` for as long as the longest max_age that you ever served, take the policy host \
          down. If not, publish the record again, with a new id, until then.",
        clause: "RFC 8461 §8.3: how to remove MTA-STS",
        fails: facts!(
            r#""sts_txt": "absent""#,
            r#""policy": { "mode": "none", "mx": ["mail.example.com"], "max_age": 86400 }"#
        ),
        passes: None,
    }),
};

static RECORD_MISPLACED: Rule = Rule {
    code: "LIVE-016",
    name: "record-misplaced",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "At `{0}` stands a record that belongs at `{1}`",
    words: words(Words {
        why: "Each kind of record has a name of its own: `_mta-sts` for the id of the policy, `_smtp._tls` for TLS reports, \
          `_dmarc` for DMARC.",
        effect: "Senders take no notice of it there.",
        help: "Publish it at the name to which it belongs, and remove it here.",
        clause: "RFC 8461 §3.1; RFC 8460 §3: the names of the records",
        fails: facts!(r#""sts_txt": { "records": [["v=TLSRPTv1; rua=mailto:tls@example.com"]] }"#),
        passes: Some(good!()),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::live;

    #[test]
    fn sts_record_absent() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "absent",
                         ^^^^^^^^ LIVE-001
              "policy": null,
              "mx": [[10, "mail.example.com"]]
            }
            "#,
        );
    }

    #[test]
    fn policy_without_record() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "absent",
                         ^^^^^^^^ LIVE-002
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 }
            }
            "#,
        );
    }

    #[test]
    fn record_without_policy() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "http": { "status": 404 }
                      ^^^^^^^^^^^^^^^^^ LIVE-003
                                  ^^^ LIVE-047
            }
            "#,
        );
    }

    #[test]
    fn dns_lookup_failed() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "servfail"
                         ^^^^^^^^^^ LIVE-004
            }
            "#,
        );
    }

    #[test]
    fn dns_not_observable() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "unobservable"
                         ^^^^^^^^^^^^^^ LIVE-005
            }
            "#,
        );
    }

    #[test]
    fn sts_record_cname() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "sts_cname": ["_mta-sts.provider.example"]
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-006
            }
            "#,
        );
    }

    #[test]
    fn cname_dangling() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "dangling",
                         ^^^^^^^^^^ LIVE-007
              "sts_cname": ["_mta-sts.provider.example"]
            }
            "#,
        );
    }

    #[test]
    fn sts_txt_ttl_long() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "sts_ttl": 604800
                         ^^^^^^ LIVE-008
            }
            "#,
        );
    }

    #[test]
    fn tlsrpt_absent() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "testing", "mx": ["mail.example.com"], "max_age": 604800 },
              "tlsrpt": "absent"
                        ^^^^^^^^ LIVE-010
            }
            "#,
        );
    }

    #[test]
    fn tlsrpt_without_policy() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "absent",
                         ^^^^^^^^ LIVE-001
              "policy": null,
              "tlsrpt": "ok",
                        ^^^^ LIVE-011
              "mx": [[10, "mail.example.com"]],
              "tlsa": {}
            }
            "#,
        );
    }

    #[test]
    fn tlsrpt_external_destination() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "tlsrpt": { "records": [["v=TLSRPTv1; rua=mailto:tls@reports.example.net;"]] }
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-012
            }
            "#,
        );
    }

    #[test]
    fn subdomain_not_covered() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "absent",
                         ^^^^^^^^ LIVE-001
              "mx": [[10, "mail.example.com"]],
              "parent_policy": true
                               ^^^^ LIVE-013
            }
            "#,
        );
    }

    #[test]
    fn policy_not_announced() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "absent",
                         ^^^^^^^^ LIVE-014
              "policy": { "mode": "testing", "mx": ["mail.example.com"], "max_age": 604800 }
            }
            "#,
        );
    }

    #[test]
    fn none_without_record() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "absent",
                         ^^^^^^^^ LIVE-015
              "policy": { "mode": "none", "mx": ["mail.example.com"], "max_age": 86400 }
            }
            "#,
        );
    }

    #[test]
    fn record_misplaced() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": { "records": [["v=TLSRPTv1; rua=mailto:tls@example.com"]] }
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-016
            }
            "#,
        );
    }
}
