//! What was looked up, as facts for `stslint lint --kind live`: to keep, to judge again, to share.

use crate::date::time;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::{Map, Value, json};
use std::io::Write;
use std::net::IpAddr;
use stslint::Kind;
use stslint::live::facts::{
    Addresses, Answer, Certificate, Chain, Fact, Facts, Fetch, FetchFailure, Fetched, Outcome,
    Reason, Records, Smtp, Tlsa,
};
use stslint::share::{self, Shared};

/// A link to the page with the facts in it, which the part after `#` carries to no server.
pub(super) fn link(facts: &Facts, home: &str) -> String {
    let text = format!("{:#}", write(facts));
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    // A Vec takes any amount.
    let packed = packer.write_all(text.as_bytes()).and_then(|()| packer.finish());
    let fragment = share::encode(&Shared {
        kind: Some(Kind::Live),
        domain: Some(facts.domain.clone()),
        exact: true,
        body: packed.ok(),
        ..Shared::default()
    });
    format!("{home}#{fragment}")
}

/// The facts as JSON. What nobody asked for is left out.
pub(super) fn write(facts: &Facts) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        value.map(|value| out.insert(name.to_owned(), value));
    };
    put("domain", Some(json!(facts.domain)));
    put("date", facts.now.and_then(time).map(Value::from));
    put("resolver", facts.resolver.clone().map(Value::from));
    put("sts_txt", answer(&facts.sts, "records", records));
    put("tlsrpt", answer(&facts.tlsrpt, "records", records));
    put("policy_host", addresses(&facts.policy_host));
    put("http", fetch(&facts.fetch));
    if let Fact::Known(answer) = &facts.mx {
        let list = answer.data().into_iter().flatten();
        put("mx", Some(list.map(|mx| json!([mx.preference, mx.exchange])).collect()));
        put("mx_ad", answer.authentic.map(Value::from));
    }
    put("mx_status", status(&facts.mx).map(|(word, _)| Value::from(word)));
    put("apex_addresses", addresses(&facts.apex));
    let of_hosts = |part: fn(&stslint::live::facts::Host) -> Option<Value>| {
        let hosts = facts.hosts.iter();
        let map: Map<_, _> =
            hosts.filter_map(|(name, host)| Some((name.clone(), part(host)?))).collect();
        (!map.is_empty()).then_some(Value::Object(map))
    };
    put("hosts", of_hosts(|host| addresses(&host.addresses)));
    put("tlsa", of_hosts(|host| answer(&host.tlsa, "records", |list| tlsa(list))));
    put("smtp", of_hosts(|host| smtp(&host.smtp)));
    put("parent_policy", facts.parent_policy.known().map(|known| json!(known)));
    Value::Object(out)
}

/// The word for a look-up without records, and the reason where there is one.
fn status<T>(fact: &Fact<Answer<T>>) -> Option<(&'static str, Option<&str>)> {
    let word = match fact {
        Fact::Known(answer) => match answer.outcome {
            Outcome::Data(_) => return None,
            Outcome::NoData => "nodata",
            Outcome::NxDomain => "nxdomain",
            Outcome::Broken(Chain::Dangling) => "dangling",
            Outcome::Broken(Chain::Loop) => "loop",
            Outcome::Broken(Chain::TooLong) => "too-long",
            Outcome::Failed(failure) => failure.word(),
        },
        Fact::Unknown(Reason::NotObservable(reason)) => {
            return Some(("unobservable", Some(reason.as_str())));
        }
        Fact::Unknown(Reason::Limit) => "limit",
        Fact::Unknown(_) => return None,
    };
    Some((word, None))
}

/// An answer with its records as a member of this name, or with its status.
fn answer<T>(fact: &Fact<Answer<T>>, name: &str, write: impl Fn(&T) -> Value) -> Option<Value> {
    let mut out = Map::new();
    if let Some((word, reason)) = status(fact) {
        out.insert("status".into(), word.into());
        reason.map(|reason| out.insert("reason".into(), reason.into()));
    }
    if let Fact::Known(answer) = fact {
        answer.data().map(|data| out.insert(name.into(), write(data)));
        if !answer.chain.is_empty() {
            out.insert("cname".into(), json!(answer.chain));
        }
        answer.ttl.map(|ttl| out.insert("ttl".into(), ttl.into()));
        answer.authentic.map(|ad| out.insert("ad".into(), ad.into()));
    }
    (!out.is_empty()).then_some(Value::Object(out))
}

fn records(records: &Records) -> Value {
    match records {
        Records::Seen(records) => json!(records),
        // A look-up sees them.
        Records::Told(_) => json!([]),
    }
}

fn tlsa(records: &[Tlsa]) -> Value {
    let hex = |data: &[u8]| data.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let line = |record: &Tlsa| {
        let Tlsa { usage, selector, matching, data } = record;
        Value::from(format!("{usage} {selector} {matching} {}", hex(data)))
    };
    records.iter().map(line).collect()
}

fn addresses(addresses: &Addresses) -> Option<Value> {
    let mut out = Map::new();
    for (name, fact) in [("a", &addresses.a), ("aaaa", &addresses.aaaa)] {
        let list = |list: &Vec<IpAddr>| list.iter().map(|ip| Value::from(ip.to_string())).collect();
        let data = fact.known().and_then(Answer::data).map(list);
        let value = match (data, status(fact)) {
            (Some(list), _) => list,
            (None, Some((word, reason))) => {
                reason.map(|reason| out.insert("reason".into(), reason.into()));
                word.into()
            }
            (None, None) => continue,
        };
        out.insert(name.into(), value);
    }
    if let Some(chain) = addresses.alias.known() {
        out.insert("cname".into(), json!(chain));
    }
    addresses.authentic().map(|ad| out.insert("ad".into(), ad.into()));
    (!out.is_empty()).then_some(Value::Object(out))
}

fn certificate(certificate: &Certificate) -> Option<Value> {
    let mut out = Map::new();
    let Certificate { names, not_before, not_after, trusted } = certificate;
    names.as_ref().map(|names| out.insert("names".into(), json!(names)));
    for (name, seconds) in [("not_before", not_before), ("not_after", not_after)] {
        seconds.and_then(time).map(|time| out.insert(name.into(), time.into()));
    }
    trusted.map(|trusted| out.insert("trusted".into(), trusted.into()));
    (!out.is_empty()).then_some(Value::Object(out))
}

fn smtp(fact: &Fact<Smtp>) -> Option<Value> {
    Some(match fact {
        Fact::Known(smtp) => {
            let mut out = Map::new();
            smtp.starttls.map(|starttls| out.insert("starttls".into(), starttls.into()));
            certificate(&smtp.certificate).map(|seen| out.insert("certificate".into(), seen));
            Value::Object(out)
        }
        Fact::Unknown(Reason::NotObservable(why)) => {
            json!({ "status": "unobservable", "reason": why })
        }
        Fact::Unknown(Reason::Limit) => json!({ "status": "limit" }),
        Fact::Unknown(_) => return None,
    })
}

fn fetch(fact: &Fact<Fetch>) -> Option<Value> {
    let fetch = match fact {
        Fact::Known(fetch) => fetch,
        Fact::Unknown(Reason::NotObservable(why)) => {
            return Some(json!({ "error": "opaque", "reason": why }));
        }
        Fact::Unknown(_) => return None,
    };
    let mut out = Map::new();
    match &fetch.outcome {
        Fetched::Failed(failure) => {
            let word = match failure {
                FetchFailure::CertificateExpired => "cert-expired",
                FetchFailure::CertificateName => "cert-name",
                FetchFailure::CertificateUntrusted => "cert-untrusted",
                FetchFailure::Connect => "connect",
                FetchFailure::Tls => "tls",
                FetchFailure::TlsTooOld => "tls-too-old",
            };
            out.insert("error".into(), word.into());
        }
        Fetched::Response(response) => {
            out.insert("status".into(), response.status.into());
            if let Some(headers) = &response.headers {
                let mut fields = Map::new();
                for (name, value) in headers {
                    // Where a field is there twice, the first counts.
                    fields.entry(name.to_ascii_lowercase()).or_insert_with(|| json!(value));
                }
                out.insert("headers".into(), Value::Object(fields));
            }
            if let Some(body) = &response.body {
                match str::from_utf8(body) {
                    Ok(text) => out.insert("body".into(), text.into()),
                    Err(_) => {
                        let hex: String = body.iter().map(|byte| format!("{byte:02x}")).collect();
                        out.insert("body_hex".into(), hex.into())
                    }
                };
            }
        }
    }
    certificate(&fetch.certificate).map(|seen| out.insert("certificate".into(), seen));
    let tls = fetch.tls.map(|tls| format!("1.{}", tls.saturating_sub(10)));
    tls.map(|tls| out.insert("tls".into(), tls.into()));
    fetch.seconds.map(|seconds| out.insert("seconds".into(), json!(seconds)));
    Some(Value::Object(out))
}
