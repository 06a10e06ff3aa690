//! mailrs: its crate `mailrs-mta-sts`, version 2.0.1.
//!
//! The crate reads a policy, a record, and compares names; all else is its caller's business. The
//! model has a caller that goes by RFC 8461: it wants status 200 and `text/plain` (§3.2, §3.3), sets no
//! limit of size, and takes several records for none (§3.1). The server in the same repository is less
//! strict (`crates/fastcore/src/sender_sts.rs`, `fetch_policy`): it looks for `v=stsv1` anywhere in a
//! record, does not keep the id, follows redirects, and takes any status from 200 to 299 with any media
//! type.

use super::ground::{Notes, content_type, status};
use super::text::{
    Outcome, no_field, no_version, nobody, none_of, place, reading, refuse, stranger, utf8,
};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Looks, Model, Remark, SameId,
    Source, What,
};

/// The model.
pub(super) static MODEL: Model = Model {
    name: "mailrs",
    about: "Rust mail server and its crate mailrs-mta-sts",
    source: Source {
        repository: "goliajp/mailrs",
        commit: "e1ab08c3094627fc73e3e2f2f70a0289cf65e5d1",
        date: "2026-07-24",
        policy: ("crates/mta-sts/src/policy.rs", "Policy::parse"),
        record: ("crates/mta-sts/src/record.rs", "StsRecord::parse"),
        matches: ("crates/mta-sts/src/enforce.rs", "mx_matches"),
    },
    policy: |answer| reading(policy(answer)),
    record,
    matches,
    // The server authenticates by TLSA records where there are some; hosts that the policy does not
    // name are passed over before.
    habits: Habits {
        dane: Dane::AfterNames,
        against: Against::Host,
        refresh: None,
        // `crates/fastcore/src/sender_sts.rs`, fetch_policy: nothing is looked at while a copy lives.
        keeping: Keeping { looks: Looks::AtEnd, same_id: SameId::Fetches, ..Keeping::RFC },
    },
};

/// The longest id, in bytes.
const ID: usize = 32;

fn policy(answer: &Answer) -> Outcome {
    if status(answer) != 200 {
        return Err(Remark::new(0, What::Status));
    }
    let media_type = content_type(answer).unwrap_or("");
    let plain = media_type.split(';').next().unwrap_or("").trim();
    if !plain.eq_ignore_ascii_case("text/plain") {
        return Err(Remark::new(0, What::MediaType));
    }
    let text = utf8(answer.body);
    fields(&text)
}

fn fields(text: &str) -> Outcome {
    let mut notes = Notes::default();
    let (mut version, mut mode, mut max_age, mut mx) = (false, None, None, Vec::new());
    for whole in text.lines() {
        let at = place(text, whole);
        let line = whole.trim();
        // A line that begins with a number sign is passed over, colon or not.
        if line.is_empty() || line.starts_with('#') {
            let colon = line.contains(':');
            notes.add(at, if colon { What::UnknownKey } else { no_field(whole) });
            continue;
        }
        let Some((key, value)) = line.split_once(':') else {
            notes.add(at, What::NoColon);
            continue;
        };
        if line.len() < whole.trim_end().len() {
            notes.add(at, What::Indented);
        } else if key.len() > key.trim_end().len() {
            notes.add(at, What::SpaceBeforeColon);
        }
        let value = value.trim();
        let again = match key.trim().to_ascii_lowercase().as_str() {
            "version" => {
                if !value.eq_ignore_ascii_case("STSv1") {
                    return Err(refuse(text, value, What::Version));
                }
                std::mem::replace(&mut version, true)
            }
            "mode" => {
                let read = match value.to_ascii_lowercase().as_str() {
                    "enforce" => Mode::Enforce,
                    "testing" => Mode::Testing,
                    "none" => Mode::None,
                    _ => return Err(refuse(text, value, What::Mode)),
                };
                mode.replace(read).is_some()
            }
            "max_age" => {
                let seconds = value.parse().map_err(|_| refuse(text, value, What::MaxAge))?;
                max_age.replace(seconds).is_some()
            }
            "mx" if value.is_empty() => {
                notes.add(place(text, value), What::EmptyValue);
                false
            }
            "mx" => {
                let name = value.trim_end_matches('.');
                if nobody(name.strip_prefix("*.").unwrap_or(name)) {
                    notes.add(place(text, value), What::Mx);
                }
                mx.push(value.to_ascii_lowercase());
                false
            }
            key => {
                notes.add(at, stranger(key));
                false
            }
        };
        if again {
            notes.add(at, What::Repeated); // The last one counts.
        }
    }
    let missing = |what| Remark::new(text.len(), what);
    if !version {
        return Err(no_version(text));
    }
    let mode = mode.ok_or(missing(What::NoMode))?;
    if mx.is_empty() {
        return Err(missing(What::NoMx)); // in mode none too
    }
    let max_age = max_age.ok_or(missing(What::NoMaxAge))?;
    Ok((Effective { mode: Some(mode), mx, max_age }, notes))
}

fn record(records: &[&str]) -> Discovery {
    let (mut found, mut failed) = (None, None);
    for (nth, record) in records.iter().enumerate() {
        match id(record) {
            Ok(_) if found.is_some() => {
                return Discovery::Nothing(nth, Remark::new(0, What::SeveralRecords));
            }
            Ok(id) => found = Some(id),
            Err(remark) => failed = failed.or(Some((nth, remark))),
        }
    }
    match (found, failed) {
        (Some(id), _) => Discovery::Found(id),
        (None, Some((nth, remark))) => Discovery::Nothing(nth, remark),
        (None, None) => none_of(records),
    }
}

fn id(record: &str) -> Result<String, Remark> {
    let (mut version, mut id) = (false, None);
    for field in record.split(';') {
        // Fields without an equals sign are passed over.
        let Some((key, value)) = field.split_once('=') else { continue };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "v" => {
                if !value.eq_ignore_ascii_case("STSv1") {
                    return Err(Remark::new(place(record, value), What::Version));
                }
                version = true;
            }
            "id" => {
                if value.len() > ID {
                    return Err(Remark::new(place(record, value), What::Id));
                }
                id = Some(value); // The last one counts.
            }
            _ => {}
        }
    }
    if !version {
        return Err(Remark::new(0, What::Prefix));
    }
    id.map(str::to_owned).ok_or(Remark::new(record.len(), What::NoId))
}

fn matches(pattern: &str, name: &str, _: Option<ToAscii>) -> bool {
    let plain = |name: &str| name.trim().trim_end_matches('.').to_ascii_lowercase();
    let (pattern, name) = (plain(pattern), plain(name));
    match pattern.strip_prefix("*.") {
        Some(parent) => {
            name.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest == parent)
        }
        None => name == pattern,
    }
}
