//! Facts as JSON, in the form that [`read`](crate::live::read) takes: to keep, to share, to judge
//! again. What nobody asked for is left out, and so is what is still on its way.

use super::live::{hidden, reason};
use crate::live::facts::{
    Addresses, Answer, Certificate, Chain, Fact, Facts, Fetch, Fetched, Host, Lookup, Path, Reason,
    Records, Smtp, Snapshot, StartTlsFailure, Tlsa, hex,
};
use crate::policy::{Mode, Values};
use crate::time::rfc3339;
use base64ct::{Base64, Encoding};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        document(self, body_as_text).serialize(serializer)
    }
}

/// Facts with the policy byte by byte in base64, for programs. Otherwise it is text where it can
/// be, for people to read.
#[derive(Clone, Copy, Debug)]
pub struct InBytes<'f>(pub &'f Facts);

impl Serialize for InBytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        document(self.0, body_in_base64).serialize(serializer)
    }
}

/// The document. Domain and date come first, so that a line tells them soon.
#[derive(Serialize)]
struct Document<'f> {
    domain: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolver: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sts_txt: Option<Txt<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sts_cname: Option<&'f [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sts_ttl: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tlsrpt: Option<Txt<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rua: Option<&'f [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_host: Option<NameAddresses<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http: Option<Http<'f>>,
    /// Null where senders get none.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<Option<PolicyValues<'f>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mx: Option<Vec<(u16, &'f str)>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mx_ad: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mx_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    apex_addresses: Option<NameAddresses<'f>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    hosts: BTreeMap<&'f str, NameAddresses<'f>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tlsa: BTreeMap<&'f str, LookedUp<'f, Vec<String>>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    smtp: BTreeMap<&'f str, Service<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<AtOneTime<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<AtOneTime<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_policy: Option<bool>,
}

fn document(facts: &Facts, body: fn(&[u8]) -> Body<'_>) -> Document<'_> {
    let reported = facts.sts.known().filter(|answer| is_reported(answer));
    let mx = facts.mx.known();
    Document {
        domain: &facts.domain,
        date: facts.now.and_then(rfc3339),
        resolver: facts.resolver.as_deref(),
        sts_txt: txt(&facts.sts),
        sts_cname: reported.and_then(|answer| some(&answer.chain)),
        sts_ttl: reported.and_then(|answer| answer.ttl),
        tlsrpt: txt(&facts.tlsrpt),
        rua: facts.rua.as_deref(),
        policy_host: addresses(&facts.policy_host),
        http: http(&facts.fetch, body),
        policy: facts.policy.known().map(|values| values.as_ref().map(policy)),
        mx: mx.map(|answer| {
            let records = answer.data().into_iter().flatten();
            records.map(|mx| (mx.preference, &mx.exchange[..])).collect()
        }),
        mx_ad: mx.and_then(|answer| answer.authentic),
        mx_status: status(&facts.mx).map(|(word, _)| word),
        apex_addresses: addresses(&facts.apex),
        hosts: of_hosts(facts, |host| addresses(&host.addresses)),
        tlsa: tlsa(facts),
        smtp: of_hosts(facts, |host| service(&host.smtp)),
        previous: facts.previous.as_ref().map(snapshot),
        current: facts.current.as_ref().map(snapshot),
        parent_policy: facts.parent_policy.known().copied(),
    }
}

fn of_hosts<'f, T>(facts: &'f Facts, part: impl Fn(&'f Host) -> Option<T>) -> BTreeMap<&'f str, T> {
    let hosts = facts.hosts.iter();
    hosts.filter_map(|(name, host)| Some((&name[..], part(host)?))).collect()
}

/// The list, unless there is nothing in it.
fn some(list: &[String]) -> Option<&[String]> {
    (!list.is_empty()).then_some(list)
}

/// The word for a look-up without records, and the reason where there is one.
fn status<T>(fact: &Fact<Answer<T>>) -> Option<(&'static str, Option<Cow<'_, str>>)> {
    let word = match fact {
        Fact::Known(answer) => match answer.outcome {
            Lookup::Data(_) => return None,
            Lookup::NoData => "nodata",
            Lookup::NxDomain => "nxdomain",
            Lookup::Broken(Chain::Dangling) => "dangling",
            Lookup::Broken(Chain::Loop) => "loop",
            Lookup::Broken(Chain::TooLong) => "too-long",
            Lookup::Failed(failure) => failure.word(),
        },
        Fact::Unknown(Reason::NotObservable(why)) => {
            return Some(("unobservable", Some(hidden(why))));
        }
        Fact::Unknown(Reason::Limit) => "limit",
        Fact::Unknown(Reason::NotAsked | Reason::Pending) => return None,
    };
    Some((word, None))
}

/// An answer: its records, or what it came to without.
#[derive(Serialize)]
struct LookedUp<'f, T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'f, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cname: Option<&'f [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad: Option<bool>,
}

fn looked_up<'f, T, R>(
    fact: &'f Fact<Answer<T>>,
    records: impl Fn(&'f T) -> R,
) -> Option<LookedUp<'f, R>> {
    let stated = status(fact);
    let answer = fact.known();
    if stated.is_none() && answer.is_none() {
        return None;
    }
    Some(LookedUp {
        status: stated.as_ref().map(|(word, _)| *word),
        reason: stated.and_then(|(_, reason)| reason),
        records: answer.and_then(Answer::data).map(records),
        cname: answer.and_then(|answer| some(&answer.chain)),
        ttl: answer.and_then(|answer| answer.ttl),
        ad: answer.and_then(|answer| answer.authentic),
    })
}

/// TXT records, or what somebody found in them.
#[derive(Serialize)]
#[serde(untagged)]
enum Txt<'f> {
    Reported(&'static str),
    Seen(LookedUp<'f, &'f [Vec<String>]>),
}

fn is_reported(answer: &Answer<Records>) -> bool {
    matches!(answer.outcome, Lookup::Data(Records::Reported(_)))
}

fn txt(fact: &Fact<Answer<Records>>) -> Option<Txt<'_>> {
    if let Some(Records::Reported(told)) = fact.known().and_then(Answer::data) {
        return Some(Txt::Reported(told.word()));
    }
    let seen = looked_up(fact, |records| match records {
        Records::Seen(records) => &records[..],
        Records::Reported(_) => &[],
    });
    seen.map(Txt::Seen)
}

/// The TLSA records of hosts. Who is left out there has none, so what is unknown is said.
fn tlsa(facts: &Facts) -> BTreeMap<&str, LookedUp<'_, Vec<String>>> {
    let looked = facts.hosts.values().any(|host| looked_up(&host.tlsa, |_| ()).is_some());
    if !looked {
        return BTreeMap::new();
    }
    of_hosts(facts, |host| {
        let texts = |records: &Vec<Tlsa>| records.iter().map(Tlsa::text).collect();
        let unknown = || LookedUp {
            status: Some("unobservable"),
            reason: host.tlsa.reason().map(|why| reason(why).into()),
            records: None,
            cname: None,
            ttl: None,
            ad: None,
        };
        Some(looked_up(&host.tlsa, texts).unwrap_or_else(unknown))
    })
}

/// The addresses of a name.
#[derive(Serialize)]
struct NameAddresses<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'f, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<Family<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aaaa: Option<Family<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cname: Option<&'f [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad: Option<bool>,
}

/// Addresses of one kind, or what the look-up came to without.
#[derive(Serialize)]
#[serde(untagged)]
enum Family<'f> {
    Addresses(&'f [IpAddr]),
    Status(&'static str),
}

fn family(fact: &Fact<Answer<Vec<IpAddr>>>) -> Option<Family<'_>> {
    let data = fact.known().and_then(Answer::data).map(|all| Family::Addresses(all));
    data.or_else(|| status(fact).map(|(word, _)| Family::Status(word)))
}

fn addresses(addresses: &Addresses) -> Option<NameAddresses<'_>> {
    let out = NameAddresses {
        reason: addresses.both().into_iter().find_map(|fact| status(fact)?.1),
        a: family(&addresses.a),
        aaaa: family(&addresses.aaaa),
        cname: addresses.alias.known().map(Vec::as_slice),
        ad: addresses.authentic(),
    };
    let is_known = out.a.is_some() || out.aaaa.is_some() || out.cname.is_some();
    is_known.then_some(out)
}

#[derive(Serialize)]
struct PolicyValues<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'static str>,
    mx: &'f [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
}

fn policy(values: &Values) -> PolicyValues<'_> {
    PolicyValues { mode: values.mode.map(Mode::word), mx: &values.mx, max_age: values.max_age }
}

#[derive(Serialize)]
struct Shown<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<&'f [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trusted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chain: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tlsa: Option<Vec<String>>,
}

/// A certificate, unless nothing is known of it.
fn certificate(certificate: &Certificate) -> Option<Shown<'_>> {
    (*certificate != Certificate::default()).then(|| Shown {
        names: certificate.names.as_deref(),
        // Years that have no four digits can't be read again.
        not_before: certificate.not_before.and_then(rfc3339),
        not_after: certificate.not_after.and_then(rfc3339),
        trusted: certificate.trusted,
        issuer: certificate.issuer.as_deref(),
        chain: certificate.path.map(Path::word),
        tlsa: certificate.tlsa.as_ref().map(|all| all.iter().map(Tlsa::text).collect()),
    })
}

/// The SMTP service of a host.
#[derive(Default, Serialize)]
struct Service<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'f, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    starttls: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Shown<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
}

fn service(fact: &Fact<Smtp>) -> Option<Service<'_>> {
    let unknown = |status, reason| Service { status: Some(status), reason, ..Service::default() };
    match fact {
        Fact::Known(smtp) => Some(Service {
            starttls: smtp.starttls,
            certificate: certificate(&smtp.certificate),
            error: smtp.failure.map(StartTlsFailure::word),
            ..Service::default()
        }),
        Fact::Unknown(Reason::NotObservable(why)) => {
            Some(unknown("unobservable", Some(hidden(why))))
        }
        Fact::Unknown(Reason::Limit) => Some(unknown("limit", None)),
        Fact::Unknown(Reason::NotAsked | Reason::Pending) => None,
    }
}

/// What came of the fetch of the policy.
#[derive(Default, Serialize)]
struct Http<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'f, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<Headers<'f>>,
    #[serde(flatten)]
    body: Option<Body<'f>>,
    /// False where line ends were lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    exact: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Shown<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
}

/// The body of an answer. The name of the member says how it is written.
#[derive(Serialize)]
enum Body<'f> {
    #[serde(rename = "body")]
    Text(&'f str),
    #[serde(rename = "body_hex")]
    Hex(String),
    #[serde(rename = "body_base64")]
    Base64(String),
}

fn body_as_text(body: &[u8]) -> Body<'_> {
    str::from_utf8(body).map_or_else(|_| Body::Hex(hex(body)), Body::Text)
}

fn body_in_base64(body: &[u8]) -> Body<'_> {
    Body::Base64(Base64::encode_string(body))
}

/// Header fields by name in lower case. Where one is there twice, the first counts.
struct Headers<'f>(&'f [(String, String)]);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seen = BTreeSet::new();
        let fields = self.0.iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        serializer.collect_map(fields.filter(|(name, _)| seen.insert(name.clone())))
    }
}

fn http(fact: &Fact<Fetch>, body: fn(&[u8]) -> Body<'_>) -> Option<Http<'_>> {
    let fetch = match fact {
        Fact::Known(fetch) => fetch,
        Fact::Unknown(Reason::NotObservable(why)) => {
            let reason = Some(hidden(why));
            return Some(Http { error: Some("opaque"), reason, ..Http::default() });
        }
        Fact::Unknown(_) => return None,
    };
    let mut out = Http {
        certificate: certificate(&fetch.certificate),
        tls: fetch.tls.map(|tls| format!("1.{}", tls.saturating_sub(10))),
        seconds: fetch.seconds.filter(|seconds| seconds.is_finite()),
        ..Http::default()
    };
    match &fetch.outcome {
        Fetched::Failed(failure) => {
            out.error = Some(failure.word());
            out.reason = fetch.why.as_deref().map(Cow::Borrowed);
        }
        Fetched::Response(response) => {
            out.status = Some(response.status);
            out.headers = response.headers.as_deref().map(Headers);
            out.body = response.body.as_deref().map(body);
            out.exact = response.line_ends_lost.then_some(false);
        }
    }
    Some(out)
}

/// A policy and its id at one time.
#[derive(Serialize)]
struct AtOneTime<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_text: Option<&'f str>,
}

fn snapshot(snapshot: &Snapshot) -> AtOneTime<'_> {
    AtOneTime { id: snapshot.id.as_deref(), policy_text: snapshot.policy.as_deref() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::facts::{Hidden, Peer};
    use crate::live::{Assessment, judge, read};

    /// Facts with some of everything.
    const ALL: &str = r#"{"domain":"example.com","date":"2026-11-25T10:00:00Z","resolver":"A \"b\"","sts_txt":{"records":[["v=STSv1; ","id=1;"]],"cname":["x.example.net"],"ttl":300,"ad":true},"tlsrpt":{"status":"unobservable","reason":"no\nway"},"policy_host":{"a":["192.0.2.1"],"aaaa":"nodata","cname":[],"ad":false},"http":{"status":200,"headers":{"content-type":"text/plain"},"body":"version: STSv1\r\n","certificate":{"names":["mta-sts.example.com"],"not_before":"2026-10-01T00:00:00Z","not_after":"2027-01-01T00:00:00Z","trusted":true,"tlsa":["3 1 1 00ff"]},"tls":"1.3","seconds":0.25},"mx":[[10,"mail.example.com"]],"mx_ad":true,"apex_addresses":{"a":"nxdomain","aaaa":"nxdomain"},"hosts":{"mail.example.com":{"a":"timeout","aaaa":["2001:db8::1"]}},"tlsa":{"mail.example.com":{"records":["3 1 1 00ff"],"ttl":60,"ad":true}},"smtp":{"mail.example.com":{"starttls":false}},"previous":{"id":"0","policy_text":"mode: none"},"parent_policy":false}"#;

    fn write(facts: &Facts) -> String {
        serde_json::to_string(facts).expect("facts are JSON")
    }

    #[test]
    fn what_is_written_reads_back_to_the_same() {
        let facts = read(ALL).expect("they are facts");
        assert_eq!(write(&facts), ALL);
    }

    #[test]
    fn how_tls_and_http_fail_reads_back_to_the_same() {
        for facts in [
            r#"{"domain":"example.com","http":{"error":"protocol","reason":"the answer breaks off"}}"#,
            r#"{"domain":"example.com","http":{"error":"tls"}}"#,
            r#"{"domain":"example.com","mx":[],"mx_status":"nodata","smtp":{"a.example":{"starttls":true,"error":"starttls-refused"}}}"#,
        ] {
            assert_eq!(write(&read(facts).expect("they are facts")), facts);
        }
    }

    #[test]
    fn every_example_comes_to_the_same_again() {
        let mut seen = 0;
        for rule in crate::live::RULES.iter().flat_map(|rules| rules.iter()) {
            let words = rule.words();
            for example in [Some(words.fails), words.passes].into_iter().flatten() {
                let Ok(facts) = read(&String::from_utf8_lossy(&example.bytes())) else { continue };
                let again = read(&write(&facts)).expect("it was written by us");
                // The names of header fields are written in lower case.
                let again = Assessment { facts: facts.clone(), ..judge(&again) };
                assert_eq!(again, judge(&facts), "{}: {}", rule.code, write(&facts));
                seen += 1;
            }
        }
        assert!(seen > 50, "{seen}");
    }

    #[test]
    fn bytes_that_are_no_text_stay_as_they_are() {
        let facts = r#"{"domain":"example.com","http":{"status":200,"body_hex":"ff00"}}"#;
        assert_eq!(write(&read(facts).expect("they are facts")), facts);
    }

    #[test]
    fn why_something_is_hidden_is_told_in_words() {
        let hidden = |why| Reason::NotObservable(why);
        let host = Host { smtp: Fact::Unknown(hidden(Hidden::NoAddress)), ..Host::default() };
        let facts = Facts {
            domain: "example.com".into(),
            fetch: Fact::Unknown(hidden(Hidden::Unreadable(Peer::PolicyHost))),
            hosts: [("a.example".to_owned(), host)].into(),
            ..Facts::default()
        };
        let again = read(&write(&facts)).expect("it was written by us");
        let (fetch, smtp) = (&again.fetch, &again.hosts["a.example"].smtp);
        let told = [fetch.reason(), smtp.reason()].map(|why| why.map(reason));
        let words =
            "your browser may not read the answer, or got no connection; it does not say which";
        assert_eq!(told[0].as_deref(), Some(words));
        assert_eq!(told[1].as_deref(), Some("it has no address"));
    }

    #[test]
    fn programs_get_the_policy_byte_by_byte() {
        let facts =
            r#"{"domain":"example.com","http":{"status":200,"headers":{},"body_base64":"/wA="}}"#;
        let read = read(facts).expect("they are facts");
        assert_eq!(serde_json::to_string(&InBytes(&read)).expect("JSON"), facts);
    }
}
