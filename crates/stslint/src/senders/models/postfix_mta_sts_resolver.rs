//! postfix-mta-sts-resolver: tells Postfix which names a certificate may have.
//!
//! A policy in mode enforce becomes `secure match=` with the patterns, of which leading stars are cut.
//! The other modes become nothing, unless testing is set to be strict.

use super::ground::{Notes, content_type, status};
use super::postfix;
use super::text::{Outcome, no_field, no_version, none_of, place, reading, stranger, utf8};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Model, Remark, SameId, Source,
    What,
};
use std::borrow::Cow;

/// The model.
pub(super) static MODEL: Model = Model {
    name: "postfix-mta-sts-resolver",
    about: "Python daemon for Postfix",
    source: Source {
        repository: "Snawoot/postfix-mta-sts-resolver",
        commit: "a000619e838fbf80406774e90ef5b993fb65f6b4",
        date: "2025-02-05",
        policy: ("postfix_mta_sts_resolver/resolver.py", "STSResolver.resolve"),
        record: ("postfix_mta_sts_resolver/utils.py", "parse_mta_sts_record"),
        matches: ("postfix_mta_sts_resolver/responder.py", "STSSocketmapResponder.process_request"),
    },
    policy: |answer| reading(policy(answer)),
    record,
    matches,
    // Looking for new policies ahead of time, once a day, is off unless somebody turns it on. For
    // DANE see its README: Postfix looks for TLSA records only where no answer says `secure`.
    habits: Habits {
        dane: Dane::Replaced,
        against: Against::Certificate,
        refresh: None,
        // `responder.py`, process_request: it looks once a minute at most; `NOT_CHANGED` sets the time of the copy.
        keeping: Keeping { same_id: SameId::Renews, revives: true, ..Keeping::RFC },
    },
};

/// The most that it reads, in bytes.
const SIZE: usize = 64 << 10;

/// The longest lifetime that it takes, in seconds.
const MAX_AGE: u64 = 31_557_600;

/// The most digits that Python turns into a number.
const DIGITS: usize = 4300;

fn policy(answer: &Answer) -> Outcome {
    let text = text(answer)?;
    fields(&text)
}

fn fields(text: &str) -> Outcome {
    let mut notes = Notes::default();
    let (mut version, mut mode, mut max_age, mut mx) = (None, None, None, Vec::new());
    for line in lines(text) {
        let at = place(text, line);
        let bare = line.trim_end_matches(is_space);
        // A line without a colon is a key alone.
        let (key, value) = bare.split_once(':').unwrap_or(bare.split_at(bare.len()));
        let value = value.trim_start_matches(is_space);
        let field = match key {
            "version" => &mut version,
            "mode" => &mut mode,
            "max_age" => &mut max_age,
            "mx" => {
                if value.is_empty() {
                    notes.add(place(text, value), What::EmptyValue);
                } else if postfix::misleads(value.trim_start_matches('*')) {
                    notes.add(place(text, value), What::Mx);
                }
                mx.push(value.to_owned());
                continue;
            }
            _ if key.len() == bare.len() => {
                notes.add(at, no_field(line));
                continue;
            }
            _ => {
                notes.add(at, stranger(key));
                continue;
            }
        };
        if field.replace(value).is_some() {
            notes.add(at, What::Repeated); // The last one counts.
        }
    }
    let missing = |what| Remark::new(text.len(), what);
    let wrong = |value, what| Remark::new(place(text, value), what);
    let version = version.ok_or(no_version(text))?;
    if version != "STSv1" {
        return Err(wrong(version, What::Version));
    }
    let value = max_age.ok_or(missing(What::NoMaxAge))?;
    let max_age = match int(value).ok_or(wrong(value, What::MaxAge))? {
        (true, 1..) => return Err(wrong(value, What::MaxAgeTooSmall)),
        (false, seconds) if seconds > MAX_AGE => {
            return Err(wrong(value, What::MaxAgeTooLarge));
        }
        (_, seconds) => seconds,
    };
    let value = mode.ok_or(missing(What::NoMode))?;
    let mode = match value {
        "none" => Mode::None,
        "testing" => Mode::Testing,
        "enforce" => Mode::Enforce,
        _ => return Err(wrong(value, What::Mode)),
    };
    if mx.is_empty() && mode != Mode::None {
        return Err(missing(What::NoMx));
    }
    Ok((Effective { mode: Some(mode), mx, max_age }, notes))
}

/// The text of an answer, if it takes that.
fn text<'a>(answer: &Answer<'a>) -> Result<Cow<'a, str>, Remark> {
    if status(answer) != 200 {
        return Err(Remark::new(0, What::Status));
    }
    let media_type = content_type(answer).unwrap_or("");
    let (plain, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    if !plain.trim_matches(is_space).eq_ignore_ascii_case("text/plain") {
        return Err(Remark::new(0, What::MediaType));
    }
    if answer.body.len() > SIZE {
        return Err(Remark::new(SIZE, What::TooLarge));
    }
    let named = charset(parameters).map(codec);
    let unreadable = |at| Err(Remark::new(at, What::Charset));
    let other = |byte: &u8| !byte.is_ascii();
    match named.as_deref().unwrap_or("ascii") {
        "utf_8" | "utf8" | "utf" | "u8" => match std::str::from_utf8(answer.body) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => unreadable(error.valid_up_to()),
        },
        "us_ascii" | "ascii" | "us" | "ansi_x3.4_1968" => {
            match answer.body.iter().position(other) {
                Some(at) => unreadable(at),
                None => Ok(utf8(answer.body)),
            }
        }
        // In these every byte is a character; what is outside ASCII is in no policy that works.
        name if ["iso_8859_", "iso8859_", "latin", "windows_125", "cp125"]
            .iter()
            .any(|family| name.starts_with(family)) =>
        {
            let windows = name.starts_with('w') || name.starts_with('c');
            // Five bytes are no characters there.
            let unused = |byte: &u8| windows && b"\x81\x8d\x8f\x90\x9d".contains(byte);
            if let Some(at) = answer.body.iter().position(unused) {
                return unreadable(at);
            }
            let ascii = |byte: &u8| match byte {
                0x85 if !windows => '\x1c', // ends a line, as that does
                0xa0 => '\x1f',             // is white space, as that is
                byte if other(byte) => '\x1a',
                byte => char::from(*byte),
            };
            Ok(Cow::Owned(answer.body.iter().map(ascii).collect()))
        }
        _ => unreadable(0),
    }
}

/// The character set among the parameters of a media type, as Python's package email reads them: of several the
/// first counts, one without an equals sign is empty, and one with nothing behind that is none.
fn charset(parameters: &str) -> Option<&str> {
    let mut rest = parameters;
    while !rest.is_empty() {
        let (name, behind) = rest.split_at(rest.find([';', '=']).unwrap_or(rest.len()));
        let (value, end) = match behind.strip_prefix('=').map(str::trim_start) {
            None => (Some(""), behind),
            Some(value) => match value.strip_prefix('"') {
                Some(quoted) => {
                    let (value, end) = quoted.split_once('"').unwrap_or((quoted, ""));
                    (Some(value), end)
                }
                None => {
                    let other =
                        |c: char| !c.is_ascii_alphanumeric() && !"!#$&+-.^_`{|}~".contains(c);
                    let (value, end) = value.split_at(value.find(other).unwrap_or(value.len()));
                    (Some(value).filter(|value| !value.is_empty()), end)
                }
            },
        };
        if let Some(value) = value.filter(|_| name.trim().eq_ignore_ascii_case("charset")) {
            return Some(value);
        }
        rest = end.split_once(';').map_or("", |(_, rest)| rest);
    }
    None
}

/// The name of a character set as Python looks it up: what is no letter or digit becomes `_`.
fn codec(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("_").to_ascii_lowercase()
}

/// Lines as Python splits text: at more than LF and CR.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end =
            |c| matches!(c, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}');
        let (line, after) = rest.split_at_checked(rest.find(end).unwrap_or(rest.len()))?;
        let mut left = after.chars();
        let done = left.next().is_none() && line.is_empty();
        rest = after.strip_prefix("\r\n").unwrap_or(left.as_str());
        (!done).then_some(line)
    })
}

/// What Python takes for white space.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// A number as Python's `int` reads it, and whether a minus is before it. Digits of other scripts,
/// which Python takes too, are left out.
fn int(value: &str) -> Option<(bool, u64)> {
    let negative = value.starts_with('-');
    let value = value.strip_prefix(['+', '-']).unwrap_or(value);
    let (mut number, mut digits) = (0_u64, 0);
    // Underscores stand between digits, one at a time.
    for group in value.split('_') {
        if group.is_empty() {
            return None;
        }
        for c in group.chars() {
            digits += 1;
            number = number.saturating_mul(10).saturating_add(u64::from(c.to_digit(10)?));
        }
    }
    (digits <= DIGITS).then_some((negative, number))
}

fn record(records: &[&str]) -> Discovery {
    const VERSION: &str = "v=STSv1";
    let begins = |(_, record): &(usize, &&str)| record.is_ascii() && record.starts_with(VERSION);
    let mut counting = records.iter().enumerate().filter(begins);
    let Some((nth, record)) = counting.next() else { return none_of(records) };
    let nothing = |at, what| Discovery::Nothing(nth, Remark::new(at, what));
    if let Some((second, _)) = counting.next() {
        return Discovery::Nothing(second, Remark::new(0, What::SeveralRecords));
    }
    let (mut version, mut id) = (None, None);
    for field in record.split(';').map(|field| field.trim_matches(is_space)) {
        let (key, value) = field.split_once('=').unwrap_or(field.split_at(field.len()));
        match key {
            "v" => version = Some(value),
            "id" => id = Some(value),
            _ => {}
        }
    }
    match (version, id) {
        (Some("STSv1"), Some(id)) => Discovery::Found(id.to_owned()),
        (Some("STSv1"), None) => nothing(record.len(), What::NoId),
        (Some(version), _) => nothing(place(record, version), What::Version),
        (None, _) => nothing(0, What::Version),
    }
}

fn matches(pattern: &str, name: &str, to_ascii: Option<ToAscii>) -> bool {
    postfix::covers(pattern.trim_start_matches('*'), name, to_ascii)
}
