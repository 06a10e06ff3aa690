//! Halon's script. It keeps every line with a colon as key and value and looks at the version only; the
//! rest is left to whoever uses it, by its README as `mx_include` and a comparison with `enforce`.
//!
//! What is not in the script: how `mx_include` compares, taken here as RFC 8461 has it; which characters
//! `str_strip` takes off, taken to be white space of ASCII; and for how long a policy is kept: the
//! script looks the lifetime up one level too high, and gives its cache none. The model has what the
//! policy says.

use super::ground::{Notes, departs, field, lines, missing, status, without_root};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Model, Reading, Remark, SameId,
    Source, What,
};

/// The model.
pub(super) static MODEL: Model = Model {
    name: "Halon",
    about: "script for the Halon mail server",
    source: Source {
        repository: "halon-extras/mta-sts",
        commit: "a4a9f2d8755b9ebf8cbb8f62ee5fcb8a2e235c9a",
        date: "2025-07-07",
        policy: ("mta-sts.hsl", "mta_sts_parse_policy"),
        record: ("mta-sts.hsl", "mta_sts_fetch_dnstxt"),
        matches: ("README.md", "mx_include"),
    },
    policy,
    record,
    matches,
    // README: `dane_fallback_require_verify`. A comment says that a refresh is missing.
    habits: Habits {
        dane: Dane::First,
        against: Against::Host,
        refresh: None,
        // `mta_sts`: the same record extends the copy.
        keeping: Keeping { same_id: SameId::Renews, ..Keeping::RFC },
    },
};

/// `mta_sts_fetch_https`, `max_file_size`.
const MAX_BODY: usize = 64 << 10;

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
    let body = answer.body;
    if body.len() > MAX_BODY {
        return Err(Remark::new(MAX_BODY, What::TooLarge));
    }
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
                if field.value.is_empty() {
                    notes.add(field.value_at, What::EmptyValue);
                }
                mx.push(field.text().to_lowercase());
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
    let version = version.ok_or_else(|| missing(body, "version", What::NoVersion))?;
    if version.value != b"STSv1" {
        return Err(version.wrong(What::Version));
    }
    let mode = match mode {
        None => {
            notes.add(body.len(), What::NoMode);
            None
        }
        Some(field) => match field.value {
            b"enforce" => Some(Mode::Enforce),
            b"testing" => Some(Mode::Testing),
            b"none" => Some(Mode::None),
            _ => {
                notes.add(field.value_at, What::Mode);
                None
            }
        },
    };
    let max_age = match max_age {
        None => {
            notes.add(body.len(), What::NoMaxAge);
            0
        }
        Some(field) => {
            let number = field.text().parse();
            if number.is_err() {
                notes.add(field.value_at, What::MaxAge);
            }
            number.unwrap_or(0)
        }
    };
    if mx.is_empty() && mode != Some(Mode::None) {
        notes.add(body.len(), What::NoMx);
    }
    Ok((Effective { mode, mx, max_age }, notes))
}

fn trim(bytes: &[u8]) -> (usize, &[u8]) {
    let bare = bytes.trim_ascii_start();
    (bytes.len() - bare.len(), bare.trim_ascii_end())
}

/// The whole text of the only record is what it keeps in place of an id.
fn record(records: &[&str]) -> Discovery {
    const PREFIX: &str = "v=STSv1;";
    let mut found = records.iter().enumerate().filter(|(_, text)| text.starts_with(PREFIX));
    let nothing = |index, at, what| Discovery::Nothing(index, Remark::new(at, what));
    match (found.next(), found.next(), records.first()) {
        (Some((_, text)), None, _) => Discovery::Found((*text).to_owned()),
        (Some(_), Some((index, _)), _) => nothing(index, 0, What::SeveralRecords),
        (None, _, Some(text)) => nothing(0, departs(text, PREFIX), What::Prefix),
        (None, _, None) => nothing(0, 0, What::NoRecord),
    }
}

fn matches(pattern: &str, name: &str, _: Option<ToAscii>) -> bool {
    let name = without_root(name);
    match pattern.strip_prefix("*.") {
        None => pattern.eq_ignore_ascii_case(name),
        Some(parent) => {
            name.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent))
        }
    }
}
