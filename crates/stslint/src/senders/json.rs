//! Settings as JSON, in the form that the conformance vectors of kind `sender` have.
//!
//! Reading is strict, since a misspelt member would be an unknown one, and all would look fine.

use super::models::STANDARD;
use super::setting::{Earlier, MAX_HOSTS, Served, Setting, policy_text};
use super::situation::{Attack, Dane, Host, Mail, Profile, ResultType};
use super::timeline::Published;
use crate::json::{self, Data, Value};
use crate::policy::Mode;
use crate::time;
use std::collections::BTreeSet;

/// Reads a setting, and what the sender supports.
///
/// # Errors
///
/// The first thing that is wrong, as a sentence without a full stop.
pub fn read(source: &str) -> Result<(Setting, Profile), String> {
    let (root, damage) = json::read(source);
    match damage.first() {
        Some(damage) => Err(format!("this is not JSON: {}", damage.text)),
        None => of_value(&root),
    }
}

/// The setting in a value.
///
/// # Errors
///
/// As for [`read`].
pub fn of_value(root: &Value) -> Result<(Setting, Profile), String> {
    let all = Object::of(
        root,
        "the situation",
        &["domain", "now", "cache", "txt", "fetch", "mx", "null_mx", "tlsrpt", "profile"],
    )?;
    let domain = all.get("domain").map(|v| text(v, "domain")).transpose()?;
    let earlier = match all.get("cache") {
        None | Some(Value { data: Data::Null, .. }) => None,
        Some(value) => Some(earlier(value)?),
    };
    let null_mx = all.get("null_mx").map(|v| flag(v, "null_mx")).transpose()?.unwrap_or(false);
    let hosts = elements(all.need("mx")?, "mx")?;
    if hosts.len() > MAX_HOSTS {
        return Err(format!("there may be {MAX_HOSTS} hosts in `mx`"));
    }
    let hosts = hosts.iter().map(host).collect::<Result<_, _>>()?;
    let setting = Setting {
        domain: domain.unwrap_or_else(|| "example.com".into()),
        smart_host: None,
        now: number(all.need("now")?, "now")?,
        records: records(all.need("txt")?)?,
        policy: fetch(all.need("fetch")?)?,
        earlier,
        later: None,
        mail: if null_mx { Mail::Null } else { Mail::Hosts },
        hosts,
        reports: all.get("tlsrpt").map(|v| flag(v, "tlsrpt")).transpose()?.unwrap_or(true),
        attack: Attack::default(),
        assumed: BTreeSet::new(),
    };
    let profile = all.get("profile").map(profile).transpose()?.unwrap_or_default();
    Ok((setting, profile))
}

/// The most changes in a history: the time of a timeline is the square of their number.
const MAX_STATES: usize = 200;

/// What was published when, in the order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The domain.
    pub domain: String,
    /// What was published.
    pub published: Vec<Published>,
    /// The hosts that stay when others go.
    pub hosts: Vec<String>,
}

/// Reads what was published when: `{"history": [{"from", "policy_text", "txt", "ttl"}], "hosts", "domain"}`. A policy that
/// is left out or null was not to be had; `txt` is a list of records, each with its strings joined.
///
/// # Errors
///
/// As for [`read`].
pub fn history(source: &str) -> Result<History, String> {
    let (root, damage) = json::read(source);
    if let Some(damage) = damage.first() {
        return Err(format!("this is not JSON: {}", damage.text));
    }
    let all = Object::of(&root, "the history", &["domain", "history", "hosts"])?;
    let domain = all.get("domain").map(|v| text(v, "domain")).transpose()?;
    let states = elements(all.need("history")?, "history")?;
    if states.len() > MAX_STATES {
        return Err(format!("there may be {MAX_STATES} changes in `history`"));
    }
    let published = states.iter().map(published).collect::<Result<Vec<_>, _>>()?;
    if published.windows(2).any(|pair| pair.first().map(|a| a.from) >= pair.get(1).map(|b| b.from))
    {
        return Err("`history` has to be in the order of time".into());
    }
    if published.is_empty() {
        return Err("`history` is empty".into());
    }
    let hosts = all.get("hosts").map(|value| texts(value, "hosts")).transpose()?;
    let domain = domain.unwrap_or_else(|| "example.com".into());
    Ok(History { domain, published, hosts: hosts.unwrap_or_default() })
}

fn published(value: &Value) -> Result<Published, String> {
    let state = Object::of(value, "history", &["from", "policy_text", "txt", "ttl"])?;
    let from = text(state.need("from")?, "from")?;
    let from = time::parse(&from).filter(|time| time.has_offset);
    let from = from.ok_or("`from` has to be a time like 2026-10-01T12:00:00Z")?;
    let policy = match state.get("policy_text") {
        None | Some(Value { data: Data::Null, .. }) => None,
        Some(value) => Some(text(value, "policy_text")?.into_bytes()),
    };
    let records = state.get("txt").map(|value| texts(value, "txt")).transpose()?;
    let ttl = state.get("ttl").map(|value| number(value, "ttl")).transpose()?.unwrap_or(3600);
    let ttl = u32::try_from(ttl).map_err(|_| "`ttl` is too large")?;
    Ok(Published { from: from.seconds, policy, records: records.unwrap_or_default(), ttl })
}

fn texts(value: &Value, name: &str) -> Result<Vec<String>, String> {
    elements(value, name)?.iter().map(|value| text(value, name)).collect()
}

/// An object and its members, each of a known name and none twice.
struct Object<'v, 'a> {
    name: &'static str,
    value: &'v Value<'a>,
}

impl<'v, 'a> Object<'v, 'a> {
    fn of(value: &'v Value<'a>, name: &'static str, known: &[&str]) -> Result<Self, String> {
        if !matches!(value.data, Data::Object(_)) {
            return Err(format!("`{name}` has to be an object"));
        }
        for (index, member) in value.members().iter().enumerate() {
            let key = member.key.text();
            if !known.contains(&&*key) {
                let known = known.join(", ");
                return Err(format!("`{key}` is unknown in `{name}`; known are {known}"));
            }
            if value.members().iter().take(index).any(|other| other.key.is(&key)) {
                return Err(format!("`{key}` is there twice"));
            }
        }
        Ok(Self { name, value })
    }

    fn get(&self, key: &str) -> Option<&'v Value<'a>> {
        self.value.get(key)
    }

    fn need(&self, key: &str) -> Result<&'v Value<'a>, String> {
        self.get(key).ok_or_else(|| format!("`{key}` is missing in `{}`", self.name))
    }
}

fn text(value: &Value, name: &str) -> Result<String, String> {
    let text = value.as_text().ok_or_else(|| format!("`{name}` has to be a text"))?;
    Ok(text.text().into_owned())
}

fn flag(value: &Value, name: &str) -> Result<bool, String> {
    match value.data {
        Data::Bool(flag) => Ok(flag),
        _ => Err(format!("`{name}` has to be true or false")),
    }
}

fn number(value: &Value, name: &str) -> Result<u64, String> {
    value.as_integer().ok_or_else(|| format!("`{name}` has to be a whole number, 0 or more"))
}

fn elements<'v, 'a>(value: &'v Value<'a>, name: &str) -> Result<&'v [Value<'a>], String> {
    match &value.data {
        Data::Array(elements) => Ok(elements),
        _ => Err(format!("`{name}` has to be a list")),
    }
}

/// One of these words.
fn word<T: Copy>(value: &Value, name: &str, words: &[(&str, T)]) -> Result<T, String> {
    let text = text(value, name)?;
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, is)| *is);
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    found.ok_or_else(|| format!("`{name}` has to be one of {}", known.join(", ")))
}

fn record(id: &str) -> String {
    format!("v=STSv1; id={id};")
}

fn records(value: &Value) -> Result<Vec<String>, String> {
    let txt = Object::of(value, "txt", &["state", "id"])?;
    let words = [("ok", true), ("absent", false), ("invalid", false), ("fail", false)];
    if !word(txt.need("state")?, "state", &words)? {
        return Ok(Vec::new());
    }
    Ok(vec![record(&text(txt.need("id")?, "id")?)])
}

fn fetch(value: &Value) -> Result<Result<Served, ResultType>, String> {
    let fetch = Object::of(value, "fetch", &["state", "policy", "result"])?;
    if word(fetch.need("state")?, "state", &[("ok", true), ("fail", false)])? {
        return policy(fetch.need("policy")?).map(Ok);
    }
    let words = ResultType::WORDS.map(|(is, word)| (word, is));
    Ok(Err(word(fetch.need("result")?, "result", &words)?))
}

/// A policy, written as a file.
fn policy(value: &Value) -> Result<Served, String> {
    let policy = Object::of(value, "policy", &["mode", "mx", "max_age"])?;
    let mode = word(policy.need("mode")?, "mode", &Mode::ALL.map(|mode| (mode.word(), mode)))?;
    let mx = texts(policy.need("mx")?, "mx")?;
    let max_age = number(policy.need("max_age")?, "max_age")?;
    Ok(Served::text(policy_text(mode, &mx, max_age)))
}

fn earlier(value: &Value) -> Result<Earlier, String> {
    let cache = Object::of(value, "cache", &["policy", "fetched_at", "id"])?;
    Ok(Earlier {
        records: vec![record(&text(cache.need("id")?, "id")?)],
        policy: policy(cache.need("policy")?)?,
        fetched_at: number(cache.need("fetched_at")?, "fetched_at")?,
    })
}

fn host(value: &Value) -> Result<Host, String> {
    let host = Object::of(value, "mx", &["host", "starttls", "cert", "dane", "reach"])?;
    let certificates = [
        ("ok", None),
        ("expired", Some(ResultType::CertificateExpired)),
        ("name", Some(ResultType::CertificateHostMismatch)),
        ("untrusted", Some(ResultType::CertificateNotTrusted)),
    ];
    let danes = [
        ("ok", Dane::Matches),
        ("fail", Dane::Fails),
        ("none", Dane::None),
        ("error", Dane::Error),
        ("unusable", Dane::Unusable),
    ];
    let name = text(host.need("host")?, "host")?;
    let certificate = word(host.need("cert")?, "cert", &certificates)?;
    let mut made = Host::good(&name);
    // What names it has instead is not said.
    if certificate == Some(ResultType::CertificateHostMismatch) {
        made.names.clear();
    }
    made.certificate = certificate;
    made.starttls = flag(host.need("starttls")?, "starttls")?;
    if let Some(value) = host.get("dane") {
        made.dane = word(value, "dane", &danes)?;
    }
    if let Some(value) = host.get("reach") {
        made.reachable = flag(value, "reach")?;
    }
    Ok(made)
}

fn profile(value: &Value) -> Result<Profile, String> {
    let members = Object::of(value, "profile", &["sts", "dane", "min_max_age"])?;
    let mut profile = Profile { dane: false, ..Profile::of(STANDARD) };
    if let Some(value) = members.get("sts") {
        profile.sts = flag(value, "sts")?;
    }
    if let Some(value) = members.get("dane") {
        profile.dane = flag(value, "dane")?;
    }
    if let Some(value) = members.get("min_max_age") {
        profile.min_max_age = number(value, "min_max_age")?;
    }
    Ok(profile)
}
