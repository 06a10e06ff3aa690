//! Both records: written anew, or what is published with the changes.

use super::{Change, Error, Record, Wanted, record_fault};
use crate::host;
use crate::input::{Kind, ToAscii};

/// Longest value, in octets: with a length for each string, the data has 16 bits for its own (RFC 1035 §3.2.1).
const LONGEST: usize = 65_000;

/// A record as it is published: `name=value` behind the version.
struct Old<'a> {
    fields: Vec<(&'a str, &'a str)>,
    /// Whether it ends with a semicolon.
    closed: bool,
}

impl<'a> Old<'a> {
    /// Reads a record; none where it does not begin with its version, so that no sender uses it.
    fn read(value: Option<&'a str>, version: &str) -> Option<Self> {
        let value = value.filter(|value| value.len() <= LONGEST)?.trim();
        let mut parts = value.split(';').map(str::trim);
        if parts.next()? != version {
            return None;
        }
        let field =
            |part: &'a str| part.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
        Some(Self { fields: parts.filter_map(field).collect(), closed: value.ends_with(';') })
    }
}

/// The record at `_mta-sts`. Its id stays as long as the policy does.
pub(super) fn sts(wanted: &Wanted, same: bool, dropped: &mut Vec<String>) -> Result<Record, Error> {
    let published = wanted.published.sts;
    let old = Old::read(published, "v=STSv1");
    let old_id = old.iter().flat_map(|old| &old.fields).find(|(name, _)| *name == "id");
    let old_id = old_id.map(|(_, id)| *id).filter(|id| crate::record::is_id(id));
    let id = match old_id {
        Some(id) if same => id,
        Some(id) if id == wanted.id => return Err(Error::IdInUse),
        _ => wanted.id,
    };
    let value = write("v=STSv1", old, ("id", id), true, Kind::StsTxt, dropped);
    record("_mta-sts", value, published, Kind::StsTxt)
}

/// The record at `_smtp._tls`; none where reports are to go nowhere.
pub(super) fn rpt(wanted: &Wanted, dropped: &mut Vec<String>) -> Result<Option<Record>, Error> {
    let published = wanted.published.rpt;
    let old = Old::read(published, "v=TLSRPTv1");
    let mut all: Vec<String> = Vec::new();
    let known = old.iter().flat_map(|old| &old.fields).find(|(name, _)| *name == "rua");
    for uri in known.iter().flat_map(|(_, list)| list.split(',').map(str::trim)) {
        match address_fault(uri) {
            None => add(&mut all, uri.to_owned()),
            Some(_) => dropped.push(uri.to_owned()),
        }
    }
    for given in wanted.rua {
        let made = uri(given.trim(), wanted.to_ascii);
        if let Some(fault) = address_fault(&made) {
            return Err(Error::Address((*given).to_owned(), fault));
        }
        add(&mut all, made);
    }
    if all.is_empty() {
        return Ok(None);
    }
    if all.len() > 2 * super::MOST {
        return Err(Error::TooMany);
    }
    let list = all.join(",");
    let value = write("v=TLSRPTv1", old, ("rua", &list), false, Kind::RptTxt, dropped);
    record("_smtp._tls", value, published, Kind::RptTxt).map(Some)
}

fn add(all: &mut Vec<String>, uri: String) {
    if !all.iter().any(|known| known.eq_ignore_ascii_case(&uri)) {
        all.push(uri);
    }
}

/// The record with this field in its place, and the others as they are.
fn write(
    version: &str,
    old: Option<Old>,
    ours: (&str, &str),
    closed: bool,
    kind: Kind,
    dropped: &mut Vec<String>,
) -> String {
    let ours_text = [ours.0, "=", ours.1].concat();
    let old = old.unwrap_or(Old { fields: vec![ours], closed });
    let mut parts: Vec<String> = vec![version.into()];
    let mut names: Vec<&str> = Vec::new();
    if !old.fields.iter().any(|(name, _)| *name == ours.0) {
        parts.push(ours_text.clone());
    }
    for (name, value) in &old.fields {
        let field = [name, "=", value].concat();
        if *name == ours.0 {
            if !names.contains(name) {
                parts.push(ours_text.clone());
            }
        } else if names.contains(name) || !is_kept(version, &field, kind) {
            dropped.push(field);
            continue;
        } else {
            parts.push(field);
        }
        names.push(name);
    }
    let mut value = parts.join("; ");
    if old.closed {
        value.push(';');
    }
    value
}

/// Whether a field can stay: nothing is to be said of it, in a record that is good without it.
fn is_kept(version: &str, field: &str, kind: Kind) -> bool {
    let needed = if kind == Kind::StsTxt { "id=1" } else { "rua=mailto:tls@acme-mail.net" };
    record_fault(&[version, needed, field].join("; "), kind).is_none()
}

fn record(
    label: &'static str,
    value: String,
    published: Option<&str>,
    kind: Kind,
) -> Result<Record, Error> {
    if value.len() > LONGEST {
        return Err(Error::TooMany);
    }
    if let Some(fault) = record_fault(&value, kind) {
        return Err(Error::Record(fault));
    }
    let change = match published {
        None => Change::New,
        Some(published) if published == value => Change::Same,
        Some(_) => Change::Changed,
    };
    Ok(Record { label, value, change })
}

/// What the linter says of one destination alone.
fn address_fault(uri: &str) -> Option<super::Fault> {
    record_fault(&["v=TLSRPTv1; rua=", uri].concat(), Kind::RptTxt)
}

/// The URI of what somebody gave as an address (RFC 8460 §3, RFC 6068 §2).
fn uri(given: &str, to_ascii: Option<ToAscii>) -> String {
    let has = |scheme: &str| {
        given.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if has("mailto:") || has("https:") {
        // These three must be encoded in the list of a record (RFC 8460 §3).
        return given.replace(',', "%2C").replace(';', "%3B").replace('!', "%21");
    }
    let Some((local, domain)) = given.rsplit_once('@') else {
        return ["mailto:", given].concat();
    };
    let domain = host::domain_name(domain, to_ascii).unwrap_or_else(|| domain.to_owned());
    let mut uri = String::from("mailto:");
    for byte in local.bytes() {
        match byte.is_ascii_alphanumeric() || b"$&'*+-=_~.".contains(&byte) {
            true => uri.push(char::from(byte)),
            false => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    [&uri, "@", &domain].concat()
}
