//! KumoMTA: its crate `mta-sts`.

use super::ground::{Notes, content_type, status};
use super::text::{
    Outcome, no_field, no_version, nobody, none_of, place, reading, refuse, stranger, utf8,
};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Model, Remark, Source, What,
};

/// The model.
pub(super) static MODEL: Model = Model {
    name: "KumoMTA",
    about: "Rust server that sends mail",
    source: Source {
        repository: "KumoCorp/kumomta",
        commit: "3ebc1e8585e0e989cfcf50a93c94a803610249e8",
        date: "2026-08-04",
        policy: ("crates/mta-sts/src/policy.rs", "MtaStsPolicy::parse"),
        record: ("crates/mta-sts/src/dns.rs", "resolve_dns_record"),
        matches: ("crates/mta-sts/src/policy.rs", "name_match"),
    },
    policy: |answer| reading(policy(answer)),
    record,
    matches,
    // Hosts that the policy does not name are dropped before; then usable TLSA records take its place,
    // where DANE is turned on (`crates/kumod/src/smtp_dispatcher.rs`).
    habits: Habits {
        dane: Dane::First,
        against: Against::Host,
        refresh: None,
        // `get_policy_for_domain_impl`: a failed fetch is an error, whatever copy there is.
        keeping: Keeping { without_fetch: false, ..Keeping::RFC },
    },
};

/// A field that may be there once.
#[derive(Default)]
struct Field<'a> {
    value: Option<&'a str>,
    /// Where it is repeated.
    again: Option<usize>,
}

impl<'a> Field<'a> {
    /// Its value. That it is repeated is an error, whatever it holds.
    fn once(&self, missing: Remark) -> Result<&'a str, Remark> {
        match self.again {
            Some(at) => Err(Remark::new(at, What::Repeated)),
            None => self.value.ok_or(missing),
        }
    }
}

fn policy(answer: &Answer) -> Outcome {
    if status(answer) != 200 {
        return Err(Remark::new(0, What::Status));
    }
    let media_type = content_type(answer).unwrap_or("");
    let plain = media_type.split(';').next().unwrap_or("").trim();
    // It tells upper from lower case.
    if plain != "text/plain" || !media_type.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
    {
        return Err(Remark::new(0, What::MediaType));
    }
    let text = utf8(answer.body);
    fields(&text)
}

fn fields(text: &str) -> Outcome {
    let mut notes = Notes::default();
    let (mut version, mut mode, mut max_age) =
        (Field::default(), Field::default(), Field::default());
    let mut mx = None;
    for line in text.lines() {
        let at = place(text, line);
        if line.is_empty() {
            notes.add(at, What::BlankLine);
            continue;
        }
        let (key, value) = line.split_once(':').ok_or(Remark::new(at, no_field(line)))?;
        let value = value.trim();
        if key.starts_with(char::is_whitespace) {
            notes.add(at, What::Indented);
        } else if key.ends_with(char::is_whitespace) {
            notes.add(at, What::SpaceBeforeColon);
        }
        let field = match key.trim() {
            "version" => &mut version,
            "mode" => &mut mode,
            "max_age" => &mut max_age,
            "mx" => {
                if value.is_empty() {
                    notes.add(place(text, value), What::EmptyValue);
                } else if nobody(value.strip_prefix("*.").unwrap_or(value)) {
                    notes.add(place(text, value), What::Mx);
                }
                mx.get_or_insert_with(Vec::new).push(value.to_lowercase());
                continue;
            }
            key => {
                notes.add(at, stranger(key));
                continue;
            }
        };
        match field.value {
            None => field.value = Some(value),
            Some(_) => field.again = field.again.or(Some(at)),
        }
    }
    let missing = |what| Remark::new(text.len(), what);
    let value = version.once(no_version(text))?;
    if value != "STSv1" {
        return Err(refuse(text, value, What::Version));
    }
    let value = mode.once(missing(What::NoMode))?;
    let mode = match value {
        "enforce" => Mode::Enforce,
        "testing" => Mode::Testing,
        "none" => Mode::None,
        _ => return Err(refuse(text, value, What::Mode)),
    };
    let mx = match mx {
        None if mode != Mode::None => return Err(missing(What::NoMx)),
        mx => mx.unwrap_or_default(),
    };
    let value = max_age.once(missing(What::NoMaxAge))?;
    let max_age = value.parse().map_err(|_| refuse(text, value, What::MaxAge))?;
    Ok((Effective { mode: Some(mode), mx, max_age }, notes))
}

fn record(records: &[&str]) -> Discovery {
    if records.is_empty() {
        return none_of(records);
    }
    // It joins all records at the name, whatever they are.
    let joined = records.concat();
    let nothing = |at, what| {
        let (mut nth, mut at) = (0, at);
        for record in records.iter().take(records.len().saturating_sub(1)) {
            if at < record.len() {
                break;
            }
            (nth, at) = (nth + 1, at - record.len());
        }
        Discovery::Nothing(nth, Remark::new(at, what))
    };
    let (mut version, mut id) = (None, None);
    for field in joined.split(';').filter(|field| !field.is_empty()) {
        let Some((key, value)) = field.split_once('=') else {
            return nothing(place(&joined, field), What::Key);
        };
        match key.trim() {
            "v" => version = Some(value.trim()), // The last one counts.
            "id" => id = Some(value.trim()),
            _ => {}
        }
    }
    match (version, id) {
        (Some("STSv1"), Some(id)) => Discovery::Found(id.to_owned()),
        (Some("STSv1"), None) => nothing(joined.len(), What::NoId),
        (Some(version), _) => nothing(place(&joined, version), What::Version),
        (None, _) => nothing(0, What::Prefix),
    }
}

fn matches(pattern: &str, name: &str, _: Option<ToAscii>) -> bool {
    // It keeps both in lower case.
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let name = name.trim_end_matches('.');
    match pattern.strip_prefix('*').filter(|parent| parent.starts_with('.')) {
        Some(parent) => name.strip_suffix(parent).is_some_and(|label| !label.contains('.')),
        None => name == pattern,
    }
}
