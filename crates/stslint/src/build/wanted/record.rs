//! Both records: written anew, or what is published with the changes.

use super::{Change, Error, MOST, MOST_FIELDS, Published, Record, Wanted, record_fault};
use crate::host;
use crate::input::{Kind, ToAscii};

/// Longest value, in octets: with a length for each string, the data has 16 bits for its own (RFC 1035 §3.2.1).
const LONGEST: usize = 65_000;

/// What the two records differ in.
struct Form {
    kind: Kind,
    label: &'static str,
    version: &'static str,
    /// The field that is needed, and with some value.
    field: &'static str,
    sample: &'static str,
    /// Whether a new one ends with a semicolon, as the examples of its RFC do.
    closed: bool,
}

impl Form {
    /// RFC 8461 §3.1.
    const STS: Self = Self {
        kind: Kind::StsTxt,
        label: "_mta-sts",
        version: "v=STSv1",
        field: "id",
        sample: "id=1",
        closed: true,
    };
    /// RFC 8460 §3.
    const RPT: Self = Self {
        kind: Kind::RptTxt,
        label: "_smtp._tls",
        version: "v=TLSRPTv1",
        field: "rua",
        sample: "rua=mailto:tls@acme-mail.net",
        closed: false,
    };
}

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
    let old = Old::read(published, Form::STS.version);
    let old_id = old.iter().flat_map(|old| &old.fields).find(|(name, _)| *name == Form::STS.field);
    let old_id = old_id.map(|(_, id)| *id).filter(|id| crate::record::is_id(id));
    let id = match old_id {
        Some(id) if same && !wanted.published.several.contains(&Kind::StsTxt) => id,
        Some(id) if id == wanted.id => return Err(Error::IdInUse),
        _ => wanted.id,
    };
    let value = write(&Form::STS, old, id, dropped);
    record(&Form::STS, value, &wanted.published)
}

/// The record at `_mta-sts` with a new id, beside what is published there.
pub(super) fn announce(published: Option<&str>, id: &str) -> Result<Record, Error> {
    let old = Old::read(published, Form::STS.version);
    let value = write(&Form::STS, old, id, &mut Vec::new());
    record(&Form::STS, value, &Published { sts: published, ..Published::default() })
}

/// The record at `_smtp._tls`, for where reports go already and where they are to go; none where that is nowhere.
pub(super) fn rpt(
    published: &Published,
    rua: &[&str],
    to_ascii: Option<ToAscii>,
    dropped: &mut Vec<String>,
) -> Result<Option<Record>, Error> {
    let read = |value| Old::read(Some(value), Form::RPT.version);
    let old = published.rpt.and_then(read);
    // Of several records senders use none: each had addresses that somebody wants reports at.
    let others: Vec<Old> =
        published.more_rpt.iter().filter_map(|value| read(value.as_str())).collect();
    let mut all: Vec<String> = Vec::new();
    let known = old.iter().chain(&others).filter_map(|old| {
        old.fields.iter().find(|(name, _)| *name == Form::RPT.field).map(|(_, list)| *list)
    });
    for uri in known.flat_map(|list| list.split(',').map(str::trim)) {
        match address_fault(uri) {
            None if all.len() < MOST => add(&mut all, uri.to_owned()),
            _ => dropped.push(uri.to_owned()),
        }
    }
    for field in others.iter().flat_map(|other| &other.fields) {
        let stays = old.as_ref().is_some_and(|old| old.fields.contains(field));
        if field.0 != Form::RPT.field && !stays {
            dropped.push(format!("{}={}", field.0, field.1));
        }
    }
    for given in rua {
        let made = uri(given.trim(), to_ascii);
        if let Some(fault) = address_fault(&made) {
            return Err(Error::Address((*given).to_owned(), fault));
        }
        add(&mut all, made);
    }
    if all.is_empty() {
        return Ok(None);
    }
    let list = all.join(",");
    let value = write(&Form::RPT, old, &list, dropped);
    record(&Form::RPT, value, published).map(Some)
}

fn add(all: &mut Vec<String>, uri: String) {
    if !all.iter().any(|known| known.eq_ignore_ascii_case(&uri)) {
        all.push(uri);
    }
}

/// The record with this value in its place, and the other fields as they are.
fn write(form: &Form, old: Option<Old>, value: &str, dropped: &mut Vec<String>) -> String {
    let ours = [form.field, "=", value].concat();
    let alone = |closed| [form.version, "; ", &ours, if closed { ";" } else { "" }].concat();
    let Some(old) = old else { return alone(form.closed) };
    let mut parts: Vec<String> = vec![form.version.into()];
    let mut names: Vec<&str> = Vec::new();
    if !old.fields.iter().any(|(name, _)| *name == form.field) {
        parts.push(ours.clone());
        names.push(form.field);
    }
    for (name, value) in &old.fields {
        let field = [name, "=", value].concat();
        let is_known = names.len() >= MOST_FIELDS || names.contains(name);
        if is_known || *name != form.field && !is_kept(form, &field) {
            dropped.push(field);
            continue;
        }
        parts.push(if *name == form.field { ours.clone() } else { field });
        names.push(name);
    }
    let written = parts.join("; ") + if old.closed { ";" } else { "" };
    if record_fault(&written, form.kind).is_none() {
        return written;
    }
    // Each field is good, and they are not together.
    dropped.extend(parts.into_iter().skip(1).filter(|part| *part != ours));
    alone(old.closed)
}

/// Whether a field can stay: nothing is to be said of it, in a record that is good without it.
fn is_kept(form: &Form, field: &str) -> bool {
    // mailauth reads the record of MTA-STS like a signature of DKIM, where these have a meaning, and may miss the id.
    if form.kind == Kind::StsTxt && field.contains(['"', '\'', '\\', ':', '(', ')']) {
        return false;
    }
    let record = [form.version, "; ", form.sample, "; ", field, ";"].concat();
    record_fault(&record, form.kind).is_none()
}

fn record(form: &Form, value: String, published: &Published) -> Result<Record, Error> {
    if value.len() > LONGEST {
        return Err(Error::TooMany);
    }
    if let Some(fault) = record_fault(&value, form.kind) {
        return Err(Error::Record(fault));
    }
    let there = if form.kind == Kind::StsTxt { published.sts } else { published.rpt };
    let change = match there {
        _ if published.several.contains(&form.kind) => Change::OneForSeveral,
        None => Change::New,
        Some(published) if published == value => Change::Same,
        Some(_) => Change::Changed,
    };
    Ok(Record { label: form.label, value, change })
}

/// What the linter says of one destination alone.
fn address_fault(uri: &str) -> Option<super::Fault> {
    record_fault(&["v=TLSRPTv1; rua=", uri].concat(), Kind::RptTxt)
}

/// The URI of what somebody gave as an address, with a name or alone (RFC 8460 §3, RFC 6068 §2).
fn uri(given: &str, to_ascii: Option<ToAscii>) -> String {
    let inside = given.strip_suffix('>').and_then(|given| given.rsplit_once('<'));
    let given = inside.map_or(given, |(_, address)| address.trim());
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
