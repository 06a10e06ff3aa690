//! The members of facts, each with its own form.

use super::{Reader, plain_name};
use crate::host;
use crate::json::{Data, Value};
use crate::live::facts::{
    Addresses, Answer, Certificate, Chain, Fact, Facts, Failure, Fetch, FetchFailure, Fetched,
    Hidden, Lookup, Mx, Path, Reason, Records, Reported, Response, Smtp, Snapshot, StartTlsFailure,
    Tlsa,
};
use crate::live::places::Places;
use crate::live::rules::About;
use crate::policy::{MAX_MAX_AGE, Mode, Values};
use base64ct::{Base64, Encoding};
use std::net::IpAddr;

/// The facts that there are.
const FACTS: &[&str] = &[
    "domain",
    "date",
    "resolver",
    "sts_txt",
    "sts_cname",
    "sts_ttl",
    "policy",
    "tlsrpt",
    "rua",
    "mx",
    "mx_status",
    "mx_ad",
    "mx_cname",
    "mx_unresolvable",
    "apex_addresses",
    "hosts",
    "policy_host",
    "http",
    "tlsa",
    "smtp",
    "previous",
    "current",
    "parent_policy",
];

/// The words for what a look-up came to.
const STATUS: &[&str] = &[
    "ok",
    "nodata",
    "nxdomain",
    "servfail",
    "refused",
    "timeout",
    "bogus",
    "dangling",
    "loop",
    "too-long",
    "unobservable",
    "limit",
];

impl Reader {
    pub(super) fn facts<'a>(&mut self, root: &Value<'a>, places: &mut Places<'a>) -> Facts {
        let mut facts = Facts::default();
        let members = self.object(root, "facts", FACTS);
        let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
        match get("domain") {
            Some(value) => {
                facts.domain = plain_name(&self.text(value, "domain"));
                if !host::is_host_name(&facts.domain) {
                    let text = "`domain` has to be a domain name, with A-labels where it is an IDN";
                    self.problem(value, text.into());
                }
            }
            None => self.problem(root, "`domain` is missing".into()),
        }
        facts.now = get("date").and_then(|value| self.time(value, "date"));
        facts.resolver = get("resolver").map(|value| self.text(value, "resolver"));
        if let Some(value) = get("sts_txt") {
            places.note(About::Sts, value);
            facts.sts = self.records(value, "sts_txt");
        }
        if let Fact::Known(answer) = &mut facts.sts {
            if let Some(value) = get("sts_cname") {
                answer.chain = self.names(value, "sts_cname");
            }
            if let Some(value) = get("sts_ttl") {
                answer.ttl = self.ttl(value, "sts_ttl");
            }
        }
        if let Some(value) = get("tlsrpt") {
            places.note(About::Tlsrpt, value);
            facts.tlsrpt = self.records(value, "tlsrpt");
        }
        facts.rua = get("rua").map(|value| self.texts(value, "rua"));
        if let Some(value) = get("policy") {
            places.note(About::Policy, value);
            for pattern in value.get("mx").map(Value::elements).unwrap_or_default() {
                let name = pattern.as_text().map(|text| text.text().to_ascii_lowercase());
                places.note(About::Pattern(name.unwrap_or_default()), pattern);
            }
            facts.policy = self.policy(value);
        }
        if let Some(value) = get("policy_host") {
            places.note(About::PolicyHost, value);
            facts.policy_host = self.addresses(value, "policy_host");
        }
        if let Some(value) = get("http") {
            places.note(About::Fetch, value);
            places.note(About::Policy, value.get("body").unwrap_or(value));
            facts.fetch = self.fetch(value);
        }
        let unknown = |key: &'static str| (key, get(key));
        self.mx(&mut facts, [unknown("mx"), unknown("mx_status"), unknown("mx_ad")], places);
        if let Some(value) = get("apex_addresses") {
            facts.apex = match &value.data {
                Data::Array(_) => self.address_list(value, "apex_addresses"),
                _ => self.addresses(value, "apex_addresses"),
            };
        }
        if let Some(value) = get("hosts") {
            for (name, value) in self.object(value, "hosts", &[]) {
                let name = plain_name(&name);
                places.note(About::Host(name.clone()), value);
                facts.hosts.entry(name).or_default().addresses = self.addresses(value, "hosts");
            }
        }
        for name in get("mx_cname").map(|v| self.names(v, "mx_cname")).unwrap_or_default() {
            // The target was not told.
            facts.hosts.entry(name).or_default().addresses.alias = Fact::Known(vec![String::new()]);
        }
        let gone = get("mx_unresolvable").map(|value| self.names(value, "mx_unresolvable"));
        for name in gone.unwrap_or_default() {
            let addresses = &mut facts.hosts.entry(name).or_default().addresses;
            addresses.a = Fact::Known(Answer::new(Lookup::NoData));
            addresses.aaaa = Fact::Known(Answer::new(Lookup::NoData));
        }
        if let Some(value) = get("tlsa") {
            self.tlsa(value, &mut facts, places);
        }
        if let Some(value) = get("smtp") {
            for (name, value) in self.object(value, "smtp", &[]) {
                let name = plain_name(&name);
                places.note(About::Smtp(name.clone()), value);
                let smtp = self.smtp(value);
                facts.hosts.entry(name).or_default().smtp = smtp;
            }
        }
        facts.previous = get("previous").map(|value| self.snapshot(value, "previous"));
        facts.current = get("current").map(|value| self.snapshot(value, "current"));
        if let Some(value) = get("current").or(get("previous")) {
            places.note(About::History, value);
        }
        if let Some(value) = get("parent_policy") {
            places.note(About::Parent, value);
            let flag = self.flag(value, "parent_policy");
            facts.parent_policy = flag.map_or_else(Fact::default, Fact::Known);
        }
        facts
    }

    fn ttl(&mut self, value: &Value, name: &str) -> Option<u32> {
        self.number(value, name, u32::MAX.into()).and_then(|ttl| u32::try_from(ttl).ok())
    }

    /// TXT records, or what somebody found in them.
    fn records(&mut self, value: &Value, name: &str) -> Fact<Answer<Records>> {
        const WORDS: &[&str] = &[
            "ok",
            "absent",
            "multiple",
            "invalid",
            "nxdomain",
            "servfail",
            "refused",
            "timeout",
            "bogus",
            "dangling",
            "loop",
            "too-long",
            "unobservable",
        ];
        let told = |told| Fact::Known(Answer::new(Lookup::Data(Records::Reported(told))));
        if value.as_text().is_some() {
            return match self.word(value, name, WORDS).as_str() {
                "ok" => told(Reported::Usable),
                "multiple" => told(Reported::Multiple),
                "invalid" => told(Reported::Invalid),
                word => outcome(word, "").map_or_else(Fact::Unknown, known),
            };
        }
        let members =
            self.object(value, name, &["records", "status", "reason", "cname", "ttl", "ad"]);
        let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
        let records = get("records").map(|records| {
            let list = self.list(records, "records").iter();
            list.map(|strings| self.texts(strings, "records")).collect::<Vec<_>>()
        });
        let data = records.filter(|list| !list.is_empty()).map(Records::Seen);
        self.answer(value, name, &members, data)
    }

    /// An answer with these data, or with the `status` that is given instead.
    fn answer<T>(
        &mut self,
        value: &Value,
        name: &str,
        members: &[(String, &Value)],
        data: Option<T>,
    ) -> Fact<Answer<T>> {
        let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
        let status = get("status").map(|value| self.word(value, "status", STATUS));
        let reason = get("reason").map(|value| self.text(value, "reason")).unwrap_or_default();
        let found = match (status.as_deref(), data) {
            (None | Some("ok"), Some(data)) => Ok(Lookup::Data(data)),
            (None | Some("ok"), None) => Ok(Lookup::NoData),
            (Some(word), None) => outcome(word, &reason),
            (Some(word), Some(_)) => {
                self.problem(value, format!("`{name}` has records and the status `{word}`"));
                Ok(Lookup::NoData)
            }
        };
        let answer = |outcome| Answer {
            outcome,
            chain: get("cname").map(|value| self.names(value, "cname")).unwrap_or_default(),
            authentic: get("ad").and_then(|value| self.flag(value, "ad")),
            ttl: get("ttl").and_then(|value| self.ttl(value, "ttl")),
        };
        found.map(answer).map_or_else(Fact::Unknown, Fact::Known)
    }

    /// What senders read from the policy; null where they get none.
    fn policy(&mut self, value: &Value) -> Fact<Option<Values>> {
        if value.data == Data::Null {
            return Fact::Known(None);
        }
        let members = self.object(value, "policy", &["mode", "mx", "max_age"]);
        let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
        let mode = get("mode").and_then(|value| {
            Mode::from_word(&self.word(value, "mode", &Mode::ALL.map(Mode::word)))
        });
        if mode.is_none() && get("mode").is_none() {
            self.problem(value, "`mode` is missing in `policy`".into());
        }
        let mx: Vec<String> = get("mx").map(|value| self.texts(value, "mx")).unwrap_or_default();
        for pattern in mx.iter().filter(|pattern| !host::is_pattern(pattern)) {
            self.problem(value, format!("`{pattern}` is not an mx pattern"));
        }
        Fact::Known(Some(Values {
            version: Some("STSv1"),
            mode,
            max_age: get("max_age").and_then(|value| self.number(value, "max_age", MAX_MAX_AGE)),
            mx: mx.iter().map(|pattern| pattern.to_ascii_lowercase()).collect(),
        }))
    }

    /// Addresses of one name, both families in one list, which is then complete.
    fn address_list(&mut self, value: &Value, name: &str) -> Addresses {
        let mut sorted = [Vec::new(), Vec::new()];
        for element in self.list(value, name) {
            if let Some(address) = self.address(element, name) {
                sorted[usize::from(address.is_ipv6())].push(address);
            }
        }
        let [a, aaaa] = sorted.map(|list| {
            let some = (!list.is_empty()).then_some(Lookup::Data(list));
            Fact::Known(Answer::new(some.unwrap_or(Lookup::NoData)))
        });
        Addresses { alias: Fact::default(), a, aaaa }
    }

    fn address(&mut self, value: &Value, name: &str) -> Option<IpAddr> {
        let text = self.text(value, name);
        let address = text.parse().ok();
        if address.is_none() && value.as_text().is_some() {
            self.problem(value, format!("`{text}` is not an address"));
        }
        address
    }

    /// `{status, a, aaaa, cname, ad}`; `a` and `aaaa` are lists or a status.
    fn addresses(&mut self, value: &Value, name: &str) -> Addresses {
        let members = self.object(value, name, &["status", "reason", "a", "aaaa", "cname", "ad"]);
        let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
        let authentic = get("ad").and_then(|value| self.flag(value, "ad"));
        let status = get("status").map(|value| self.word(value, "status", STATUS));
        let reason = get("reason").map(|value| self.text(value, "reason")).unwrap_or_default();
        let mut family = |key: &str| {
            let stated = |word: &str| match outcome(word, &reason) {
                Ok(outcome) => known(outcome),
                Err(reason) => Fact::Unknown(reason),
            };
            let mut fact = match get(key) {
                Some(value) if value.as_text().is_some() => {
                    stated(&self.word(value, key, &STATUS[1..]))
                }
                Some(value) => {
                    let list: Vec<IpAddr> =
                        self.list(value, key).iter().filter_map(|v| self.address(v, key)).collect();
                    let wrong = list.iter().find(|address| address.is_ipv6() != (key == "aaaa"));
                    if let Some(wrong) = wrong {
                        self.problem(value, format!("{wrong} does not belong in `{key}`"));
                    }
                    let some = (!list.is_empty()).then_some(Lookup::Data(list));
                    known(some.unwrap_or(Lookup::NoData))
                }
                None => match status.as_deref() {
                    None | Some("ok") => Fact::default(),
                    Some(word) => stated(word),
                },
            };
            if let Fact::Known(answer) = &mut fact {
                answer.authentic = authentic;
            }
            fact
        };
        let (a, aaaa) = (family("a"), family("aaaa"));
        let alias = get("cname").map(|value| self.names(value, "cname"));
        Addresses { alias: alias.map_or_else(Fact::default, Fact::Known), a, aaaa }
    }

    fn mx<'a>(
        &mut self,
        facts: &mut Facts,
        values: [(&str, Option<&Value<'a>>); 3],
        places: &mut Places<'a>,
    ) {
        let [(_, list), (_, status), (_, ad)] = values;
        let failed = status.filter(|value| value.as_text().is_some_and(|text| !text.is("ok")));
        if let Some(value) = failed.or(list).or(status).or(ad) {
            places.note(About::Mx, value);
        }
        let mut hosts = Vec::new();
        for record in list.map(|value| self.list(value, "mx")).unwrap_or_default() {
            let [preference, exchange] = record.elements() else {
                self.problem(record, "an MX record has to be [preference, host]".into());
                continue;
            };
            let name = plain_name(&self.text(exchange, "mx"));
            places.note(About::Host(name.clone()), record);
            let preference = self.number(preference, "mx", u16::MAX.into());
            let preference = preference.and_then(|p| u16::try_from(p).ok()).unwrap_or_default();
            hosts.push(Mx { preference, exchange: name });
        }
        hosts.sort();
        let word = status.map(|value| self.word(value, "mx_status", STATUS));
        let authentic = ad.and_then(|value| self.flag(value, "mx_ad"));
        let found = match word.as_deref() {
            None if list.is_none() => Err(Reason::NotAsked),
            Some("ok") if list.is_none() => Err(Reason::NotAsked),
            // What a failed look-up would have brought is of no use to senders.
            None | Some("ok") if hosts.is_empty() => Ok(Lookup::NoData),
            None | Some("ok") => Ok(Lookup::Data(hosts)),
            Some(word) => outcome(word, ""),
        };
        facts.mx = match found {
            Ok(outcome) => Fact::Known(Answer { authentic, ..Answer::new(outcome) }),
            Err(reason) => Fact::Unknown(reason),
        };
    }

    /// `{host: {ad, records}}`; hosts that are left out have no TLSA records.
    fn tlsa<'a>(&mut self, value: &Value<'a>, facts: &mut Facts, places: &mut Places<'a>) {
        let names: Vec<String> = match facts.mx.known().and_then(Answer::data) {
            Some(list) => list.iter().map(|mx| mx.exchange.clone()).collect(),
            None => vec![facts.domain.clone()],
        };
        for name in names.into_iter().filter(|name| name != "." && !host::is_address(name)) {
            facts.hosts.entry(name).or_default().tlsa = known(Lookup::NoData);
        }
        for (name, value) in self.object(value, "tlsa", &[]) {
            let name = plain_name(&name);
            places.note(About::Tlsa(name.clone()), value);
            let members =
                self.object(value, "tlsa", &["ad", "records", "status", "reason", "cname", "ttl"]);
            let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
            let list = get("records").map(|value| self.list(value, "records")).unwrap_or_default();
            let records: Vec<Tlsa> = list.iter().filter_map(|v| self.tlsa_record(v)).collect();
            let data = (!records.is_empty()).then_some(records);
            facts.hosts.entry(name).or_default().tlsa = self.answer(value, "tlsa", &members, data);
        }
    }

    fn tlsa_record(&mut self, value: &Value) -> Option<Tlsa> {
        let text = self.text(value, "records");
        let record = Tlsa::from_text(&text);
        if record.is_none() && value.as_text().is_some() {
            let text = "a TLSA record has to be three numbers up to 255 and hexadecimal data";
            self.problem(value, text.into());
        }
        record
    }

    fn certificate(&mut self, value: &Value) -> Certificate {
        const MEMBERS: &[&str] =
            &["names", "not_before", "not_after", "trusted", "issuer", "chain", "tlsa"];
        let members = self.object(value, "certificate", MEMBERS);
        let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
        Certificate {
            names: get("names").map(|value| self.texts(value, "names")),
            not_before: get("not_before").and_then(|value| self.time(value, "not_before")),
            not_after: get("not_after").and_then(|value| self.time(value, "not_after")),
            trusted: get("trusted").and_then(|value| self.flag(value, "trusted")),
            issuer: get("issuer").map(|value| self.text(value, "issuer")),
            path: get("chain").and_then(|value| {
                let word = self.word(value, "chain", &Path::WORDS.map(|(_, word)| word));
                Path::WORDS.iter().find(|(_, known)| *known == word).map(|(path, _)| *path)
            }),
            tlsa: get("tlsa").map(|value| {
                self.list(value, "tlsa").iter().filter_map(|v| self.tlsa_record(v)).collect()
            }),
        }
    }

    fn smtp(&mut self, value: &Value) -> Fact<Smtp> {
        const MEMBERS: &[&str] = &["starttls", "certificate", "error", "status", "reason"];
        let members = self.object(value, "smtp", MEMBERS);
        let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
        let words = &["ok", "unobservable", "limit"];
        let status = get("status").map(|value| self.word(value, "status", words));
        let reason = get("reason").map(|value| self.text(value, "reason")).unwrap_or_default();
        match status.as_deref() {
            Some("unobservable") => {
                return Fact::Unknown(Reason::NotObservable(Hidden::Told(reason)));
            }
            Some("limit") => return Fact::Unknown(Reason::Limit),
            _ => {}
        }
        let certificate = get("certificate").map(|value| self.certificate(value));
        Fact::Known(Smtp {
            starttls: get("starttls").and_then(|value| self.flag(value, "starttls")),
            certificate: certificate.unwrap_or_default(),
            failure: get("error").and_then(|value| {
                let word =
                    self.word(value, "error", &StartTlsFailure::ALL.map(StartTlsFailure::word));
                StartTlsFailure::ALL.into_iter().find(|failure| failure.word() == word)
            }),
        })
    }

    fn snapshot(&mut self, value: &Value, name: &str) -> Snapshot {
        let members = self.object(value, name, &["id", "policy_text"]);
        let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
        Snapshot {
            id: get("id").map(|value| self.text(value, "id")),
            policy: get("policy_text").map(|value| self.text(value, "policy_text")),
        }
    }

    fn fetch(&mut self, value: &Value) -> Fact<Fetch> {
        const MEMBERS: &[&str] = &[
            "status",
            "location",
            "content_type",
            "headers",
            "body",
            "body_hex",
            "body_base64",
            "exact",
            "seconds",
            "tls",
            "error",
            "reason",
            "cert_san",
            "certificate",
        ];
        let members = self.object(value, "http", MEMBERS);
        let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
        let mut certificate =
            get("certificate").map(|value| self.certificate(value)).unwrap_or_default();
        if let Some(names) = get("cert_san") {
            certificate.names = Some(self.texts(names, "cert_san"));
        }
        let seconds = get("seconds").and_then(|value| {
            let seconds = match value.data {
                Data::Number(spelling) => spelling.parse().ok().filter(|s: &f64| *s >= 0.0),
                _ => None,
            };
            if seconds.is_none() {
                self.problem(value, "`seconds` has to be a number, 0 or more".into());
            }
            seconds
        });
        let tls = get("tls").and_then(|value| {
            let word = self.word(value, "tls", &["1.0", "1.1", "1.2", "1.3"]);
            word.strip_prefix("1.").and_then(|minor| minor.parse::<u8>().ok()).map(|m| 10 + m)
        });
        let why = get("reason").map(|value| self.text(value, "reason"));
        let outcome = if let Some(error) = get("error") {
            let failures = FetchFailure::ALL.map(FetchFailure::word);
            let words: Vec<&str> = ["opaque"].into_iter().chain(failures).collect();
            let word = self.word(error, "error", &words);
            match FetchFailure::ALL.into_iter().find(|failure| failure.word() == word) {
                Some(failure) => Fetched::Failed(failure),
                None => {
                    let why = Hidden::Told(why.unwrap_or_default());
                    return Fact::Unknown(Reason::NotObservable(why));
                }
            }
        } else if let Some(status) = get("status") {
            Fetched::Response(self.response(status, &members))
        } else {
            self.problem(value, "`http` needs a `status` or an `error`".into());
            return Fact::default();
        };
        Fact::Known(Fetch { outcome, why, certificate, tls, seconds })
    }

    fn response(&mut self, status: &Value, members: &[(String, &Value)]) -> Response {
        let get = |key: &str| members.iter().find(|(k, _)| k == key).map(|(_, value)| *value);
        let number = self.number(status, "status", 999);
        let mut headers: Option<Vec<(String, String)>> = get("headers").map(|value| {
            let fields = self.object(value, "headers", &[]);
            fields.into_iter().map(|(name, v)| (name, self.text(v, "headers"))).collect()
        });
        match get("content_type") {
            Some(Value { data: Data::Null, .. }) => {
                headers.get_or_insert_default();
            }
            Some(value) => {
                let text = self.text(value, "content_type");
                headers.get_or_insert_default().push(("Content-Type".into(), text));
            }
            None => {}
        }
        if let Some(location) = get("location").map(|value| self.text(value, "location")) {
            // A redirect's media type is of no interest, so it does not matter that it isn't known.
            if number.is_some_and(|status| status != 200) || headers.is_some() {
                headers.get_or_insert_default().push(("Location".into(), location));
            }
        }
        let hex = get("body_hex").map(|value| {
            let text = self.text(value, "body_hex");
            let bytes = base16ct::mixed::decode_vec(&text);
            if bytes.is_err() {
                self.problem(value, "`body_hex` has to be hexadecimal".into());
            }
            bytes.unwrap_or_default()
        });
        let base64 = get("body_base64").map(|value| {
            let bytes = Base64::decode_vec(&self.text(value, "body_base64"));
            if bytes.is_err() {
                self.problem(value, "`body_base64` has to be base64 with padding".into());
            }
            bytes.unwrap_or_default()
        });
        let text = get("body").map(|value| self.text(value, "body").into_bytes());
        let body = text.or(hex).or(base64);
        let status = number.and_then(|number| u16::try_from(number).ok()).unwrap_or_default();
        let exact = get("exact").and_then(|value| self.flag(value, "exact"));
        Response { status, headers, body, line_ends_lost: exact == Some(false) }
    }
}

fn known<T>(outcome: Lookup<T>) -> Fact<Answer<T>> {
    Fact::Known(Answer::new(outcome))
}

/// What a word says of a look-up without data.
fn outcome<T>(word: &str, reason: &str) -> Result<Lookup<T>, Reason> {
    Ok(match word {
        "nxdomain" => Lookup::NxDomain,
        "dangling" => Lookup::Broken(Chain::Dangling),
        "loop" => Lookup::Broken(Chain::Loop),
        "too-long" => Lookup::Broken(Chain::TooLong),
        "bogus" => Lookup::Failed(Failure::Bogus),
        "refused" => Lookup::Failed(Failure::Refused),
        "servfail" => Lookup::Failed(Failure::ServFail),
        "timeout" => Lookup::Failed(Failure::Timeout),
        "unobservable" => return Err(Reason::NotObservable(Hidden::Told(reason.into()))),
        "limit" => return Err(Reason::Limit),
        _ => Lookup::NoData,
    })
}

impl Tlsa {
    /// Reads a record as zone files have it: three numbers and hexadecimal data, which may have
    /// spaces in it (RFC 6698 §2.2).
    pub fn from_text(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let mut number = || words.next()?.parse::<u8>().ok();
        let (usage, selector, matching) = (number()?, number()?, number()?);
        let data = base16ct::mixed::decode_vec(words.collect::<String>()).ok()?;
        Some(Self { usage, selector, matching, data })
    }
}
