//! Facts as JSON, in the form that [`read`](super::read) takes: to keep, to share, to judge again.

use super::facts::{
    Addresses, Answer, Certificate, Chain, Fact, Facts, Fetch, Fetched, Host, Lookup, Reason,
    Records, Reported, Smtp, Snapshot, Tlsa,
};
use super::json::{FAILURES, quoted};
use crate::policy::{Mode, Values};
use crate::time;
use std::net::IpAddr;

/// Writes facts on one line. What nobody asked for is left out, and so is what is still on its way.
pub fn write(facts: &Facts) -> String {
    let mut out = Object::default();
    out.text("domain", &facts.domain);
    out.time("date", facts.now);
    out.maybe("resolver", facts.resolver.as_deref().map(quoted));
    out.maybe("sts_txt", records(&facts.sts));
    if let Fact::Known(Answer { outcome: Lookup::Data(Records::Reported(_)), chain, ttl, .. }) =
        &facts.sts
    {
        out.maybe("sts_cname", (!chain.is_empty()).then(|| texts(chain)));
        out.maybe("sts_ttl", ttl.map(|ttl| ttl.to_string()));
    }
    out.maybe("tlsrpt", records(&facts.tlsrpt));
    out.maybe("rua", facts.rua.as_deref().map(texts));
    out.maybe("policy_host", addresses(&facts.policy_host));
    out.maybe("http", fetch(&facts.fetch));
    if let Fact::Known(values) = &facts.policy {
        out.put("policy", values.as_ref().map_or("null".into(), policy));
    }
    if let Fact::Known(answer) = &facts.mx {
        let record =
            |mx: &super::facts::Mx| format!("[{},{}]", mx.preference, quoted(&mx.exchange));
        out.put("mx", list(answer.data().into_iter().flatten().map(record)));
        out.flag("mx_ad", answer.authentic);
    }
    out.maybe("mx_status", status(&facts.mx).map(|(word, _)| quoted(word)));
    out.maybe("apex_addresses", addresses(&facts.apex));
    let of_hosts = |part: fn(&Host) -> Option<String>| {
        let mut object = Object::default();
        for (name, host) in &facts.hosts {
            object.maybe(name, part(host));
        }
        object.closed_unless_empty()
    };
    out.maybe("hosts", of_hosts(|host| addresses(&host.addresses)));
    out.maybe("tlsa", tlsa(facts));
    out.maybe("smtp", of_hosts(|host| smtp(&host.smtp)));
    out.maybe("previous", facts.previous.as_ref().map(snapshot));
    out.maybe("current", facts.current.as_ref().map(snapshot));
    out.flag("parent_policy", facts.parent_policy.known().copied());
    out.closed()
}

/// An object that is being written.
#[derive(Default)]
struct Object(String);

impl Object {
    fn put(&mut self, name: &str, value: String) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push_str(&quoted(name));
        self.0.push(':');
        self.0.push_str(&value);
    }

    fn maybe(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        self.put(name, quoted(value));
    }

    fn flag(&mut self, name: &str, value: Option<bool>) {
        self.maybe(name, value.map(|value| value.to_string()));
    }

    /// A point in time; years that have no four digits can't be read again.
    fn time(&mut self, name: &str, seconds: Option<i64>) {
        self.maybe(name, seconds.and_then(time::rfc3339).map(|time| quoted(&time)));
    }

    fn closed(mut self) -> String {
        if self.0.is_empty() {
            self.0.push('{');
        }
        self.0.push('}');
        self.0
    }

    fn closed_unless_empty(self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.closed())
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn texts(items: &[String]) -> String {
    list(items.iter().map(|item| quoted(item)))
}

/// The word for a look-up without records, and the reason where there is one.
pub(super) fn status<T>(fact: &Fact<Answer<T>>) -> Option<(&'static str, Option<&str>)> {
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
        Fact::Unknown(Reason::NotObservable(reason)) => {
            return Some(("unobservable", Some(reason.as_str())));
        }
        Fact::Unknown(Reason::Limit) => "limit",
        Fact::Unknown(_) => return None,
    };
    Some((word, None))
}

/// An answer: its records, or what it came to without.
fn answer<T>(fact: &Fact<Answer<T>>, write: impl Fn(&T) -> String) -> Option<String> {
    let mut out = Object::default();
    if let Some((word, reason)) = status(fact) {
        out.text("status", word);
        out.maybe("reason", reason.map(quoted));
    }
    if let Fact::Known(answer) = fact {
        out.maybe("records", answer.data().map(write));
        out.maybe("cname", (!answer.chain.is_empty()).then(|| texts(&answer.chain)));
        out.maybe("ttl", answer.ttl.map(|ttl| ttl.to_string()));
        out.flag("ad", answer.authentic);
    }
    out.closed_unless_empty()
}

fn records(fact: &Fact<Answer<Records>>) -> Option<String> {
    if let Fact::Known(Answer { outcome: Lookup::Data(Records::Reported(told)), .. }) = fact {
        return Some(quoted(match told {
            Reported::Invalid => "invalid",
            Reported::Multiple => "multiple",
            Reported::Usable => "ok",
        }));
    }
    answer(fact, |records| match records {
        Records::Seen(records) => list(records.iter().map(|strings| texts(strings))),
        Records::Reported(_) => "[]".into(),
    })
}

/// The TLSA records of hosts. Who is left out there has none, so what is unknown is said.
fn tlsa(facts: &Facts) -> Option<String> {
    let mut out = Object::default();
    let seen = facts
        .hosts
        .values()
        .any(|host| status(&host.tlsa).is_some() || host.tlsa.known().is_some());
    for (name, host) in facts.hosts.iter().filter(|_| seen) {
        let records =
            |records: &Vec<Tlsa>| list(records.iter().map(|record| quoted(&record.text())));
        let unknown = || {
            host.tlsa.reason().map(|reason| {
                format!(
                    "{{\"status\":\"unobservable\",\"reason\":{}}}",
                    quoted(match reason {
                        Reason::Pending => "being looked up",
                        _ => "not looked up",
                    })
                )
            })
        };
        out.maybe(name, answer(&host.tlsa, records).or_else(unknown));
    }
    out.closed_unless_empty()
}

impl Tlsa {
    /// The record as zone files have it (RFC 6698 §2.2).
    pub fn text(&self) -> String {
        let Self { usage, selector, matching, data } = self;
        format!("{usage} {selector} {matching} {}", base16ct::lower::encode_string(data))
    }

    /// The same with no more than the start of the data.
    pub fn shortened(&self) -> String {
        let Self { usage, selector, matching, data } = self;
        let more = if data.len() > 8 { "…" } else { "" };
        format!(
            "{usage} {selector} {matching} {}{more}",
            base16ct::lower::encode_string(&data[..data.len().min(8)])
        )
    }
}

fn addresses(addresses: &Addresses) -> Option<String> {
    let mut out = Object::default();
    for (name, fact) in [("a", &addresses.a), ("aaaa", &addresses.aaaa)] {
        let all = |all: &Vec<IpAddr>| list(all.iter().map(|ip| quoted(&ip.to_string())));
        let data = fact.known().and_then(Answer::data).map(all);
        let stated = status(fact);
        if let Some((_, Some(reason))) = stated
            && !out.0.contains("\"reason\"")
        {
            out.text("reason", reason);
        }
        out.maybe(name, data.or(stated.map(|(word, _)| quoted(word))));
    }
    out.maybe("cname", addresses.alias.known().map(|chain| texts(chain)));
    out.flag("ad", addresses.authentic());
    out.closed_unless_empty()
}

fn policy(values: &Values) -> String {
    let mut out = Object::default();
    out.maybe("mode", values.mode.map(|mode| quoted(Mode::word(mode))));
    out.put("mx", texts(&values.mx));
    out.maybe("max_age", values.max_age.map(|age| age.to_string()));
    out.closed()
}

fn certificate(certificate: &Certificate) -> Option<String> {
    let mut out = Object::default();
    out.maybe("names", certificate.names.as_deref().map(texts));
    out.time("not_before", certificate.not_before);
    out.time("not_after", certificate.not_after);
    out.flag("trusted", certificate.trusted);
    out.maybe("issuer", certificate.issuer.as_deref().map(quoted));
    out.maybe("chain", certificate.path.map(|path| quoted(path.word())));
    out.closed_unless_empty()
}

fn smtp(fact: &Fact<Smtp>) -> Option<String> {
    let mut out = Object::default();
    match fact {
        Fact::Known(smtp) => {
            out.flag("starttls", smtp.starttls);
            out.maybe("certificate", certificate(&smtp.certificate));
        }
        Fact::Unknown(Reason::NotObservable(why)) => {
            out.text("status", "unobservable");
            out.text("reason", why);
        }
        Fact::Unknown(Reason::Limit) => out.text("status", "limit"),
        Fact::Unknown(_) => return None,
    }
    Some(out.closed())
}

fn fetch(fact: &Fact<Fetch>) -> Option<String> {
    let mut out = Object::default();
    let fetch = match fact {
        Fact::Known(fetch) => fetch,
        Fact::Unknown(Reason::NotObservable(why)) => {
            out.text("error", "opaque");
            out.text("reason", why);
            return Some(out.closed());
        }
        Fact::Unknown(_) => return None,
    };
    match &fetch.outcome {
        Fetched::Failed(failure) => {
            let known = FAILURES.iter().find(|(_, known)| known == failure);
            out.text("error", known.map_or("connect", |(word, _)| word));
        }
        Fetched::Response(response) => {
            out.put("status", response.status.to_string());
            if let Some(headers) = &response.headers {
                let mut fields = Object::default();
                let mut seen: Vec<String> = Vec::new();
                for (name, value) in headers {
                    // Where a field is there twice, the first counts.
                    let name = name.to_ascii_lowercase();
                    if !seen.contains(&name) {
                        fields.text(&name, value);
                        seen.push(name);
                    }
                }
                out.put("headers", fields.closed());
            }
            match response.body.as_deref().map(|body| (str::from_utf8(body), body)) {
                Some((Ok(text), _)) => out.text("body", text),
                Some((Err(_), bytes)) => {
                    out.text("body_hex", &base16ct::lower::encode_string(bytes))
                }
                None => {}
            }
            out.flag("exact", response.line_ends_lost.then_some(false));
        }
    }
    out.maybe("certificate", certificate(&fetch.certificate));
    out.maybe("tls", fetch.tls.map(|tls| quoted(&format!("1.{}", tls.saturating_sub(10)))));
    let seconds = fetch.seconds.filter(|seconds| seconds.is_finite());
    out.maybe("seconds", seconds.map(|seconds| seconds.to_string()));
    Some(out.closed())
}

fn snapshot(snapshot: &Snapshot) -> String {
    let mut out = Object::default();
    out.maybe("id", snapshot.id.as_deref().map(quoted));
    out.maybe("policy_text", snapshot.policy.as_deref().map(quoted));
    out.closed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{Assessment, judge, read};

    /// Facts with some of everything.
    const ALL: &str = r#"{"domain":"example.com","date":"2026-11-25T10:00:00Z","resolver":"A \"b\"","sts_txt":{"records":[["v=STSv1; ","id=1;"]],"cname":["x.example.net"],"ttl":300,"ad":true},"tlsrpt":{"status":"unobservable","reason":"no\nway"},"policy_host":{"a":["192.0.2.1"],"aaaa":"nodata","cname":[],"ad":false},"http":{"status":200,"headers":{"content-type":"text/plain"},"body":"version: STSv1\r\n","certificate":{"names":["mta-sts.example.com"],"not_before":"2026-10-01T00:00:00Z","not_after":"2027-01-01T00:00:00Z","trusted":true},"tls":"1.3","seconds":0.25},"mx":[[10,"mail.example.com"]],"mx_ad":true,"apex_addresses":{"a":"nxdomain","aaaa":"nxdomain"},"hosts":{"mail.example.com":{"a":"timeout","aaaa":["2001:db8::1"]}},"tlsa":{"mail.example.com":{"records":["3 1 1 00ff"],"ttl":60,"ad":true}},"smtp":{"mail.example.com":{"starttls":false}},"previous":{"id":"0","policy_text":"mode: none"},"parent_policy":false}"#;

    #[test]
    fn what_is_written_reads_back_to_the_same() {
        let facts = read(ALL).expect("they are facts");
        assert_eq!(write(&facts), ALL);
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
}
