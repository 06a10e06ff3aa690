//! Stalwart: policies and hosts are the server's business, records that of its library mail-auth.
//!
//! The server looks for colons first and for line ends only behind them, so what stands on a line
//! without a colon becomes a part of the next key. It fetches without following redirects, and looks
//! neither at the status nor at the media type of what comes.

use super::ground::{Notes, without_root};
use super::text::{Outcome, no_field, nobody, place, reading, refuse, stranger};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Model, Remark, Source, What,
};

/// The model.
pub(super) static MODEL: Model = Model {
    name: "Stalwart",
    about: "Rust mail server",
    // Records: stalwartlabs/mail-auth at 0e93300e5c77b5e83ea5562d9a7e781278514fa2 (2026-07-12).
    source: Source {
        repository: "stalwartlabs/stalwart",
        commit: "d72608f3e2d530c6560aaf2c7c290afd72671b82",
        date: "2026-08-21",
        policy: ("crates/smtp/src/outbound/mta_sts/parse.rs", "Policy::parse"),
        record: ("stalwartlabs/mail-auth: src/mta_sts/parse.rs", "MtaSts::parse"),
        matches: ("crates/smtp/src/outbound/mta_sts/verify.rs", "Policy::verify"),
    },
    policy: |answer| reading(policy(answer)),
    record,
    matches,
    // A host with TLSA records is authenticated by them alone; the policy is asked for its name before.
    habits: Habits {
        dane: Dane::First,
        against: Against::Host,
        refresh: None,
        // `lookup_mta_sts_policy`: a failed fetch is an error, whatever copy there is, and `delivery.rs` goes on without.
        keeping: Keeping { without_fetch: false, ..Keeping::RFC },
    },
};

/// The most that it reads, in bytes.
const SIZE: usize = 1 << 20;

/// The lifetime that it uses where a policy has none that it takes, in seconds.
const DAY: u64 = 86_400;

fn policy(answer: &Answer) -> Outcome {
    if answer.body.len() > SIZE {
        return Err(Remark::new(SIZE, What::TooLarge));
    }
    let text = std::str::from_utf8(answer.body)
        .map_err(|error| Remark::new(error.valid_up_to(), What::Charset))?;
    let mut notes = Notes::default();
    let (mut version, mut mode, mut max_age, mut mx) = (false, None, None, Vec::new());
    let (mut rest, mut garbled) = (text, false);
    while let Some((before, after)) = rest.split_once(':') {
        let (value, next) = after.split_once('\n').unwrap_or(after.split_at(after.len()));
        rest = next;
        let (key, value) = (before.trim(), value.trim());
        let at = place(text, key);
        glued(text, before, &mut notes);
        match key {
            "version" => {
                if !value.eq_ignore_ascii_case("STSv1") {
                    return Err(refuse(text, value, What::Version));
                }
                if std::mem::replace(&mut version, true) {
                    notes.add(at, What::Repeated);
                }
            }
            "mode" => {
                let read = match value {
                    "enforce" => Mode::Enforce,
                    "testing" => Mode::Testing,
                    "none" => Mode::None,
                    _ => return Err(refuse(text, value, What::Mode)),
                };
                if mode.replace(read).is_some() {
                    notes.add(at, What::Repeated); // The last one counts.
                }
            }
            "max_age" => match value.parse::<u64>() {
                Ok(seconds) => {
                    if max_age.replace((seconds, place(text, value))).is_some() {
                        notes.add(at, What::Repeated);
                    }
                }
                Err(_) => {
                    notes.add(place(text, value), What::MaxAge);
                    garbled = true;
                }
            },
            "mx" => {
                let name = value.strip_prefix("*.").unwrap_or(value);
                if name.is_empty() {
                    notes.add(place(text, value), What::EmptyValue);
                    continue;
                }
                // What is outside ASCII becomes A-labels.
                if name.is_ascii() && nobody(name) {
                    notes.add(place(text, value), What::Mx);
                }
                mx.push(value.to_lowercase());
            }
            _ if key.contains('\n') => {} // said by `glued`
            _ => notes.add(at, stranger(key)),
        }
    }
    glued(text, rest, &mut notes);
    if mx.is_empty() {
        return Err(Remark::new(text.len(), What::NoMx)); // in mode none too
    }
    if !version {
        notes.add(text.len(), What::NoVersion);
    }
    if mode.is_none() {
        notes.add(text.len(), What::NoMode);
    }
    let max_age = match max_age {
        None => {
            if !garbled {
                notes.add(text.len(), What::NoMaxAge);
            }
            DAY
        }
        Some((seconds @ 3600..31_557_600, _)) => seconds,
        Some((0..3600, at)) => {
            notes.add(at, What::MaxAgeTooSmall);
            DAY
        }
        Some((_, at)) => {
            notes.add(at, What::MaxAgeTooLarge);
            DAY
        }
    };
    Ok((Effective { mode: Some(mode.unwrap_or(Mode::None)), mx, max_age }, notes))
}

/// Says what stands between a line end and the next key: the key may lie lines below.
fn glued(text: &str, before: &str, notes: &mut Notes) {
    let mut lines = before.split('\n');
    let key = lines.next_back().unwrap_or_default();
    for line in lines {
        let line = line.strip_suffix('\r').unwrap_or(line);
        notes.add(place(text, line), no_field(line));
    }
    let ends = key.len() + place(text, key) == text.len();
    match key.trim() {
        "" if ends && !key.is_empty() => notes.add(place(text, key), What::SpacesOnly),
        "" => {}
        _ if ends => notes.add(place(text, key), What::NoColon),
        _ if key.starts_with(char::is_whitespace) => {
            notes.add(place(text, key), What::Indented);
        }
        _ if key.ends_with(char::is_whitespace) => {
            notes.add(place(text, key), What::SpaceBeforeColon);
        }
        _ => {}
    }
}

fn record(records: &[&str]) -> Discovery {
    let mut last = Discovery::Nothing(0, Remark::new(0, What::NoRecord));
    for (nth, record) in records.iter().enumerate() {
        match id(record) {
            Ok(id) => return Discovery::Found(id),
            Err(remark) => last = Discovery::Nothing(nth, remark),
        }
    }
    last
}

/// The id of a record. White space counts nowhere in it.
fn id(record: &str) -> Result<String, Remark> {
    let (mut version, mut id) = (false, None);
    let mut bytes = record.bytes().enumerate();
    while let Some(key) = key(&mut bytes) {
        // The field: what is left up to the next semicolon.
        let field = bytes.by_ref().take_while(|(_, byte)| *byte != b';');
        match key {
            Key::Version => {
                let mut wanted = b"stsv1".iter();
                for (at, byte) in field.filter(|(_, byte)| !byte.is_ascii_whitespace()) {
                    if wanted.next() != Some(&byte.to_ascii_lowercase()) {
                        return Err(Remark::new(at, What::Version));
                    }
                }
                if !wanted.as_slice().is_empty() {
                    return Err(Remark::new(record.len(), What::Version));
                }
                version = true;
            }
            Key::Id => {
                let kept = field.map(|(_, byte)| byte).filter(|byte| !byte.is_ascii_whitespace());
                id = Some(kept.collect::<Vec<u8>>()); // The last one counts.
            }
            Key::Other => field.for_each(drop),
        }
    }
    match id {
        _ if !version => Err(Remark::new(0, What::Prefix)),
        None => Err(Remark::new(record.len(), What::NoId)),
        Some(id) => Ok(String::from_utf8_lossy(&id).into_owned()),
    }
}

enum Key {
    Version,
    Id,
    Other,
}

/// The next key, up to `=`; none at the end. A semicolon starts it anew, but letters before that
/// one, and whatever is no letter, leave a trace: the key is none that it knows.
fn key(bytes: &mut impl Iterator<Item = (usize, u8)>) -> Option<Key> {
    let (mut word, mut spoilt) = ([0; 3], false);
    let mut letters = 0;
    for (_, byte) in bytes {
        match byte.to_ascii_lowercase() {
            b'=' => {
                return Some(match word {
                    _ if spoilt => Key::Other,
                    [b'v', 0, 0] => Key::Version,
                    [b'i', b'd', 0] => Key::Id,
                    _ => Key::Other,
                });
            }
            letter @ b'a'..=b'z' => match word.get_mut(letters) {
                Some(place) => {
                    *place = letter;
                    letters += 1;
                }
                None => spoilt = true,
            },
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b';' => spoilt |= letters > 0,
            _ => spoilt = true,
        }
    }
    None
}

fn matches(pattern: &str, name: &str, to_ascii: Option<ToAscii>) -> bool {
    let a_labels = |name: &str| {
        let converted = to_ascii.filter(|_| !name.is_ascii()).and_then(|convert| convert(name));
        converted.unwrap_or_else(|| name.to_owned()).to_lowercase()
    };
    let name = without_root(name).to_lowercase();
    match pattern.strip_prefix("*.") {
        Some(parent) => name.split_once('.').is_some_and(|(_, rest)| rest == a_labels(parent)),
        None => name == a_labels(pattern),
    }
}
