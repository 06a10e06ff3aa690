//! chasquid. It reads line by line, takes white space off everywhere and what it does not understand for
//! nothing; then it looks at what it has. Patterns are raw text until a host is compared.

use super::ground::{
    Field, NoNumber, Notes, atoi, departs, field, is_text_plain, lines, missing, nanoseconds,
    stands_for_none, status, to_ascii, trim, without_root,
};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Looks, Model, Reading, Remark,
    SameId, Source, What,
};

/// The model.
pub(super) static MODEL: Model = Model {
    name: "chasquid",
    about: "Go SMTP server",
    source: Source {
        repository: "albertito/chasquid",
        commit: "ca2538b9745a448170dbd078c65b97c8821c33f9",
        date: "2026-06-07",
        policy: ("internal/sts/sts.go", "parsePolicy"),
        record: ("internal/sts/sts.go", "hasSTSRecord"),
        matches: ("internal/sts/sts.go", "matchDomain"),
    },
    policy,
    record,
    matches,
    // `PeriodicallyRefresh`: ten minutes after it went through all. `internal/courier/smtp.go` has no
    // TLSA records.
    habits: Habits {
        dane: Dane::Elsewhere,
        against: Against::Host,
        refresh: Some(600),
        // `PolicyCache.Fetch` looks at nothing while a copy lives; `refresh` fetches whatever the id is.
        keeping: Keeping { looks: Looks::AtEnd, same_id: SameId::Fetches, ..Keeping::RFC },
    },
};

/// `httpGet`: what is behind is not read.
const MAX_BODY: usize = 10 << 10;

/// `Check`: the greatest lifetime, in seconds.
const MAX_AGE: i64 = 31_557_600;

fn policy(answer: &Answer) -> Reading {
    match usable(answer) {
        Ok((effective, notes)) => Reading::Accepted(effective, notes.done()),
        Err(remark) => Reading::Rejected(remark),
    }
}

fn usable(answer: &Answer) -> Result<(Effective, Notes), Remark> {
    if status(answer) != 200 {
        return Err(Remark::new(0, What::Status));
    }
    if !is_text_plain(answer) {
        return Err(Remark::new(0, What::MediaType));
    }
    let body = answer.body.get(..MAX_BODY).unwrap_or(answer.body);
    let mut notes = Notes::default();
    // The last of each counts.
    let (mut version, mut mode, mut max_age) = (None, None, None);
    let mut mx = Vec::new();
    for line in lines(body) {
        let Some(field) = field(line, trim, &mut notes) else { continue };
        let single = match field.key {
            b"version" => &mut version,
            b"mode" => &mut mode,
            b"max_age" => &mut max_age,
            b"mx" => {
                let pattern = field.text();
                if field.value.is_empty() {
                    notes.add(field.value_at, What::EmptyValue);
                } else if stands_for_none(without_root(&pattern)) {
                    notes.add(field.value_at, What::Mx);
                }
                mx.push(pattern);
                continue;
            }
            _ => {
                notes.add(field.line_at, What::UnknownKey);
                continue;
            }
        };
        if single.replace(field).is_some() {
            notes.add(field.line_at, What::Repeated);
        }
    }
    if answer.body.len() > body.len() {
        notes.add(body.len(), What::TooLarge);
    }
    let version = version.ok_or_else(|| missing(body, "version", What::NoVersion))?;
    if version.value != b"STSv1" {
        return Err(version.wrong(What::Version));
    }
    let max_age = max_age.ok_or_else(|| missing(body, "max_age", What::NoMaxAge))?;
    let max_age = lifetime(&max_age, &mut notes)?;
    let mode = mode.ok_or_else(|| missing(body, "mode", What::NoMode))?;
    let mode = match mode.value {
        b"enforce" => Mode::Enforce,
        b"testing" => Mode::Testing,
        b"none" => Mode::None,
        _ => return Err(mode.wrong(What::Mode)),
    };
    if mx.is_empty() {
        return Err(missing(body, "mx", What::NoMx)); // In mode none too.
    }
    Ok((Effective { mode: Some(mode), mx, max_age }, notes))
}

/// The lifetime, which must be more than nothing. A number of far too many seconds goes round when it
/// becomes nanoseconds, and may come out as a lifetime.
fn lifetime(field: &Field, notes: &mut Notes) -> Result<u64, Remark> {
    let seconds = match atoi(field.value) {
        Ok(seconds) | Err(NoNumber::Range(seconds)) => seconds,
        Err(NoNumber::Syntax) => return Err(field.wrong(What::MaxAge)),
    };
    let kept = nanoseconds(seconds);
    if kept <= 0 || kept > nanoseconds(MAX_AGE) {
        return Err(field.wrong(match seconds {
            ..=0 => What::MaxAgeTooSmall,
            _ => What::MaxAgeTooLarge,
        }));
    }
    match seconds {
        ..=0 => notes.add(field.value_at, What::MaxAgeTooSmall),
        1..=MAX_AGE => {}
        _ => notes.add(field.value_at, What::MaxAgeTooLarge),
    }
    Ok(kept.unsigned_abs() / 1_000_000_000)
}

/// Only whether there is a record is asked; no id is kept, and no number of records is too many.
fn record(records: &[&str]) -> Discovery {
    const PREFIX: &str = "v=STSv1;";
    if records.iter().any(|text| text.starts_with(PREFIX)) {
        return Discovery::Found(String::new());
    }
    let nothing = |at, what| Discovery::Nothing(0, Remark::new(at, what));
    match records.first() {
        None => nothing(0, What::NoRecord),
        Some(text) => nothing(departs(text, PREFIX), What::Prefix),
    }
}

fn matches(pattern: &str, name: &str, convert: Option<ToAscii>) -> bool {
    let name = without_root(name);
    let (star, parent) = match pattern.strip_prefix("*.") {
        Some(parent) => (true, parent),
        None => (false, pattern),
    };
    let (Some(name), Some(parent)) =
        (to_ascii(name, convert), to_ascii(without_root(parent), convert))
    else {
        return false;
    };
    if !star {
        return name == parent;
    }
    name.split_once('.').is_some_and(|(_, rest)| rest == parent)
}
