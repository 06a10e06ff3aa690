//! rest-mail's go-mtasts. It takes white space off everywhere and passes over lines without a colon, but
//! what counts must be right: the first of each field, by digits only.

use super::ground::{
    Field, Notes, departs, field, is_text_plain, lines, missing, stands_for_none, status, trim,
};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Model, Reading, Remark, Source,
    What,
};

/// The model.
pub(super) static MODEL: Model = Model {
    name: "rest-mail",
    about: "Go library go-mtasts",
    source: Source {
        repository: "rest-mail/go-mtasts",
        commit: "c1beeb1cfe4d3112c96add707d39b1d5d52bb9ef",
        date: "2026-07-29",
        policy: ("policy.go", "ParsePolicy"),
        record: ("resolver.go", "parseTXTID"),
        matches: ("policy.go", "hostMatchesPattern"),
    },
    policy,
    record,
    matches,
    // `resolver.go` looks when it is asked. `enforce.go`, Evaluate, is told the host.
    habits: Habits {
        dane: Dane::Elsewhere,
        against: Against::Host,
        refresh: None,
        // `Resolver.Resolve`: with each message.
        keeping: Keeping::RFC,
    },
};

/// `HTTPFetch`: a longer body is no policy.
const MAX_BODY: usize = 64 << 10;

/// `ParsePolicy`: the greatest lifetime, in seconds.
const MAX_AGE: u64 = 31_557_600;

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
    let body = answer.body;
    if body.len() > MAX_BODY {
        return Err(Remark::new(MAX_BODY, What::TooLarge));
    }
    let mut notes = Notes::default();
    let (mut version, mut mode, mut max_age) = (None, None, None);
    let mut mx = Vec::new();
    for line in lines(body) {
        let Some(field) = field(line, trim, &mut notes) else { continue };
        let single = match field.key {
            b"version" => &mut version,
            b"mode" => &mut mode,
            b"max_age" => &mut max_age,
            b"mx" if field.value.is_empty() => {
                notes.add(field.value_at, What::EmptyValue);
                continue;
            }
            b"mx" => {
                let pattern = field.text();
                // A star alone stands for hosts of one label; hosts have A-labels.
                if pattern != "*" && (stands_for_none(root_off(&pattern)) || !pattern.is_ascii()) {
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
        if single.is_some() {
            notes.add(field.line_at, What::Repeated);
            continue;
        }
        *single = Some(field);
        if field.key == b"max_age" {
            number(&field)?; // Before anything else is asked.
        }
    }
    let version = version.ok_or_else(|| missing(body, "version", What::NoVersion))?;
    if version.value != b"STSv1" {
        return Err(version.wrong(What::Version));
    }
    let mode = mode.ok_or_else(|| missing(body, "mode", What::NoMode))?;
    let word = match mode.value {
        b"enforce" => Mode::Enforce,
        b"testing" => Mode::Testing,
        b"none" => Mode::None,
        _ => return Err(mode.wrong(What::Mode)),
    };
    let field = max_age.ok_or_else(|| missing(body, "max_age", What::NoMaxAge))?;
    let max_age = number(&field)?;
    if max_age == 0 {
        return Err(field.wrong(What::MaxAgeTooSmall));
    }
    if max_age > MAX_AGE {
        return Err(field.wrong(What::MaxAgeTooLarge));
    }
    if word != Mode::None && mx.is_empty() {
        return Err(missing(body, "mx", What::NoMx));
    }
    Ok((Effective { mode: Some(word), mx, max_age }, notes))
}

/// Digits that fit into 63 bits (`parseUint`).
fn number(field: &Field) -> Result<u64, Remark> {
    if field.value.is_empty() || !field.value.iter().all(u8::is_ascii_digit) {
        return Err(field.wrong(What::MaxAge));
    }
    let number = field.text().parse::<i64>();
    number.map(i64::unsigned_abs).map_err(|_| field.wrong(What::MaxAgeTooLarge))
}

/// One record must be valid; those that are not do not count.
fn record(records: &[&str]) -> Discovery {
    let mut found = None;
    let mut nothing = None;
    for (index, text) in records.iter().enumerate() {
        match id(text) {
            Ok(_) if found.is_some() => {
                return Discovery::Nothing(index, Remark::new(0, What::SeveralRecords));
            }
            Ok(id) => found = Some(id.to_owned()),
            // The record that was meant says more than any other.
            Err(remark) if remark.what != What::Prefix => {
                nothing = nothing.or(Some((index, remark)));
            }
            Err(_) => {}
        }
    }
    if let Some(id) = found {
        return Discovery::Found(id);
    }
    let other = || match records.first() {
        None => (0, Remark::new(0, What::NoRecord)),
        Some(text) => (0, Remark::new(departs(text, "v=STSv1"), What::Prefix)),
    };
    let (index, remark) = nothing.unwrap_or_else(other);
    Discovery::Nothing(index, remark)
}

/// The only id of a record.
fn id(text: &str) -> Result<&str, Remark> {
    let mut pieces = text.split(';');
    let first = pieces.next().unwrap_or_default();
    if first.trim() != "v=STSv1" {
        return Err(Remark::new(0, What::Prefix));
    }
    let mut id = None;
    let mut at = first.len() + 1;
    for piece in pieces {
        let start = at + piece.len() - piece.trim_start().len();
        at += piece.len() + 1;
        let part = piece.trim();
        if part.starts_with("v=") {
            return Err(Remark::new(start, What::Repeated));
        }
        let Some(value) = part.strip_prefix("id=") else { continue };
        let value_at = start + "id=".len();
        if id.is_some() {
            return Err(Remark::new(start, What::Repeated));
        }
        if value.is_empty() {
            return Err(Remark::new(value_at, What::NoId));
        }
        let bad = |(at, byte): (usize, u8)| at >= 32 || !byte.is_ascii_alphanumeric();
        if let Some(bad) = value.bytes().enumerate().position(bad) {
            return Err(Remark::new(value_at + bad, What::Id));
        }
        id = Some(value);
    }
    id.ok_or(Remark::new(text.len(), What::NoId))
}

/// `normalizeHost`, without lower case.
fn root_off(name: &str) -> &str {
    let name = name.trim();
    name.strip_suffix('.').unwrap_or(name)
}

/// Label by label; a star stands for the first.
fn matches(pattern: &str, name: &str, _: Option<ToAscii>) -> bool {
    let (pattern, name) = (root_off(pattern).to_lowercase(), root_off(name).to_lowercase());
    if pattern.is_empty() || name.is_empty() {
        return false;
    }
    let of_a_label = |rest: &&str| rest.is_empty() || rest.starts_with('.');
    let Some(parent) = pattern.strip_prefix('*').filter(of_a_label) else {
        return pattern == name;
    };
    let (label, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
    !label.is_empty() && rest == parent
}
