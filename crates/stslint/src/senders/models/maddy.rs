//! go-mtasts, with which maddy sends. It is strict about lines, one colon in each and nothing around the
//! key, and takes any text for a pattern. Lifetimes are multiplied into 64 bits without a look.
//!
//! Not followed: that A-labels which do not decode match nothing (`forLookup`).

use super::ground::{
    Field, NoNumber, Notes, atoi, from, is_text_plain, lines, missing, nanoseconds,
    stands_for_none, status, to_ascii, trim, without_root,
};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Model, Reading, Remark, Source,
    What,
};

/// The model.
pub(super) static MODEL: Model = Model {
    name: "maddy",
    about: "Go mail server, by the library go-mtasts",
    source: Source {
        repository: "foxcpp/go-mtasts",
        commit: "1438da2e5932e01df35c6a8d1230c396a991049d",
        date: "2024-01-30",
        policy: ("mtasts.go", "readPolicy"),
        record: ("mtasts.go", "readDNSRecord"),
        matches: ("mtasts.go", "Policy.Match"),
    },
    policy,
    record,
    matches,
    // foxcpp/maddy 1579ea1, `internal/target/remote/security.go`: `updater` runs every twelve hours; a
    // policy is checked whether DANE authenticates the host or not.
    habits: Habits {
        dane: Dane::First,
        against: Against::Host,
        refresh: Some(43_200),
        // `cache.go`, fetch: with each message.
        keeping: Keeping::RFC,
    },
};

/// A line with its end must fit here (`bufio.Scanner`). The body may have any size.
const MAX_LINE: usize = 64 << 10;

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
    let mut notes = Notes::default();
    let (mut version, mut mode, mut max_age) = (None, None, None);
    let mut mx = Vec::new();
    for (at, line) in lines(answer.body) {
        // The CR in front of LF needs its place as well.
        let whole = from(answer.body, at).iter().take(MAX_LINE);
        if whole.len() == MAX_LINE && whole.clone().all(|&byte| byte != b'\n') {
            return Err(Remark::new(at + MAX_LINE, What::TooLarge));
        }
        let (key, field) = one_colon(at, line)?;
        match key {
            b"version" => {
                if field.value != b"STSv1" {
                    return Err(field.wrong(What::Version));
                }
                note_repeated(version.replace(()).is_some(), &field, &mut notes);
            }
            b"mode" => {
                let word = match field.value {
                    b"enforce" => Mode::Enforce,
                    b"testing" => Mode::Testing,
                    b"none" => Mode::None,
                    _ => return Err(field.wrong(What::Mode)),
                };
                note_repeated(mode.replace(word).is_some(), &field, &mut notes);
            }
            b"max_age" => {
                let seconds = match atoi(field.value) {
                    Ok(seconds) => (seconds, field.value_at),
                    Err(NoNumber::Syntax) => return Err(field.wrong(What::MaxAge)),
                    Err(NoNumber::Range(_)) => return Err(field.wrong(What::MaxAgeTooLarge)),
                };
                note_repeated(max_age.replace(seconds).is_some(), &field, &mut notes);
            }
            b"mx" => {
                let pattern = field.text();
                if field.value.is_empty() {
                    notes.add(field.value_at, What::EmptyValue);
                } else if stands_for_none(without_root(&pattern)) {
                    notes.add(field.value_at, What::Mx);
                }
                mx.push(pattern);
            }
            _ => notes.add(at, What::UnknownKey),
        }
    }
    let body = answer.body;
    version.ok_or_else(|| missing(body, "version", What::NoVersion))?;
    let mode = mode.ok_or_else(|| missing(body, "mode", What::NoMode))?;
    let (seconds, at) = max_age.ok_or_else(|| missing(body, "max_age", What::NoMaxAge))?;
    if mx.is_empty() && mode != Mode::None {
        return Err(missing(body, "mx", What::NoMx));
    }
    // `Cache.fetch` adds this to the time of the look-up. What is negative is over before it began: each
    // message asks the policy host again.
    let max_age = nanoseconds(seconds).max(0).unsigned_abs() / 1_000_000_000;
    if seconds < 0 {
        notes.add(at, What::MaxAgeTooSmall);
    } else if max_age < seconds.unsigned_abs() {
        notes.add(at, What::MaxAgeTooLarge);
    }
    Ok((Effective { mode: Some(mode), mx, max_age }, notes))
}

/// The key just as it stands, and the field, of a line with one colon.
fn one_colon(at: usize, line: &[u8]) -> Result<(&[u8], Field<'_>), Remark> {
    let place = |within, what| Err(Remark::new(at + within, what));
    let mut colons = line.iter().enumerate().filter(|(_, byte)| **byte == b':').map(|(at, _)| at);
    let Some(colon) = colons.next() else {
        return place(
            0,
            match trim(line).1.is_empty() {
                _ if line.is_empty() => What::BlankLine,
                true => What::SpacesOnly,
                false => What::NoColon,
            },
        );
    };
    if let Some(second) = colons.next() {
        // A line that never ended has the colons of several.
        return match line.iter().position(|&byte| byte == b'\r') {
            Some(cr) => place(cr, What::LineEnd),
            None => place(second, What::Character),
        };
    }
    let (key, behind) = line.split_at(colon);
    let (gap, value) = trim(from(behind, 1));
    let value_at = at + if value.is_empty() { line.len() } else { colon + 1 + gap };
    Ok((key, Field { key, line_at: at, value, value_at }))
}

fn note_repeated(repeated: bool, field: &Field, notes: &mut Notes) {
    if repeated {
        notes.add(field.line_at, What::Repeated);
    }
}

/// `Cache.fetch`: whatever they are, there must not be two records.
fn record(records: &[&str]) -> Discovery {
    let nothing = |index, at, what| Discovery::Nothing(index, Remark::new(at, what));
    match records {
        [] => nothing(0, 0, What::NoRecord),
        [text] => match id(text) {
            Ok(id) => Discovery::Found(id.to_owned()),
            Err(remark) => Discovery::Nothing(0, remark),
        },
        _ => nothing(1, 0, What::SeveralRecords),
    }
}

/// The last id. Fields stand in any order.
fn id(text: &str) -> Result<&str, Remark> {
    let (mut version, mut id) = (false, "");
    let mut at = 0;
    for piece in text.split(';') {
        let start = at + piece.len() - piece.trim_start().len();
        at += piece.len() + 1;
        let part = piece.trim();
        let Some((name, value)) = part.split_once('=') else {
            if part.is_empty() {
                continue;
            }
            return Err(Remark::new(start + part.len(), What::Character));
        };
        let value_at = start + name.len() + 1;
        if let Some(second) = value.find('=') {
            return Err(Remark::new(value_at + second, What::Character));
        }
        if let Some(bad) = part.find([' ', '\t']) {
            return Err(Remark::new(start + bad, What::Character));
        }
        match name {
            "v" if value == "STSv1" => version = true,
            "v" => return Err(Remark::new(value_at, What::Version)),
            "id" => id = value,
            _ => {}
        }
    }
    if !version {
        return Err(Remark::new(text.len(), What::NoVersion));
    }
    if id.is_empty() {
        return Err(Remark::new(text.len(), What::NoId));
    }
    Ok(id)
}

fn matches(pattern: &str, name: &str, convert: Option<ToAscii>) -> bool {
    // Both are turned into U-labels there, which comes to the same.
    let Some(host) = to_ascii(without_root(name), convert) else { return false };
    let Some(parent) = pattern.strip_prefix("*.") else {
        return to_ascii(without_root(pattern), convert) == Some(host);
    };
    let Some((label, rest)) = host.split_once('.') else { return false };
    // The end of the first label is counted in the host as A-labels, and cut off the one as U-labels: what is
    // left is not the parent. Where that end is beyond the other name, the software panics.
    !label.starts_with("xn--") && to_ascii(without_root(parent), convert).as_deref() == Some(rest)
}
