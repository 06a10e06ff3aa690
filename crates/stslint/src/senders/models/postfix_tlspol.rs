//! postfix-tlspol: tells Postfix whether to use DANE or MTA-STS, and which names a certificate may have.
//!
//! Of all that were read it keeps closest to the grammar. It does not look at a record as long as it
//! keeps a policy, so a new id is seen no sooner than the copy runs out.

use super::ground::{Notes, content_type, status};
use super::postfix;
use super::text::{Outcome, none_of, reading};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Looks, Model, Remark, SameId,
    Source, What,
};
use std::collections::HashSet;
use std::net::Ipv4Addr;

/// The model.
pub(super) static MODEL: Model = Model {
    name: "postfix-tlspol",
    about: "Go daemon for Postfix",
    source: Source {
        repository: "Zuplu/postfix-tlspol",
        commit: "ffe1e2d1e86214e91ce37dcb48ad9819fd8b9159",
        date: "2026-08-20",
        policy: ("internal/mta-sts.go", "parseMtaStsPolicy"),
        record: ("internal/mta-sts.go", "isValidMtaStsTXTRecord"),
        matches: ("internal/mta-sts.go", "mtaStsPolicyParser.parseLine"),
    },
    policy: |answer| reading(policy(answer)),
    record,
    matches,
    // Half a minute before a copy runs out, which is after a month at the latest (`prefetch` is on
    // unless somebody turns it off).
    habits: Habits {
        dane: Dane::First,
        against: Against::Certificate,
        refresh: Some(KEPT - 30),
        keeping: Keeping { looks: Looks::AtEnd, same_id: SameId::Fetches, ..Keeping::RFC },
    },
};

/// The most that it reads, in bytes.
const SIZE: usize = 64 << 10;

/// The longest time for which it keeps a policy, in seconds (`internal/server.go`,
/// `CACHE_MAX_TTL`). The parser takes longer ones.
const KEPT: u32 = 2_592_000;

fn policy(answer: &Answer) -> Outcome {
    if status(answer) != 200 {
        return Err(Remark::new(0, What::Status));
    }
    if !is_plain(content_type(answer).unwrap_or("")) {
        return Err(Remark::new(0, What::MediaType));
    }
    if answer.body.len() > SIZE {
        return Err(Remark::new(SIZE, What::TooLarge));
    }
    fields(answer.body)
}

fn fields(body: &[u8]) -> Outcome {
    let mut notes = Notes::default();
    let (mut version, mut mode, mut max_age, mut mx) = (false, None, None, Vec::new());
    let mut extensions = HashSet::new();
    let mut next = 0;
    for line in body.strip_suffix(b"\n").unwrap_or(body).split(|byte| *byte == b'\n') {
        let at = next;
        next += line.len() + 1;
        if at == body.len() {
            break; // An empty body has no lines.
        }
        let whole = line.strip_suffix(b"\r").unwrap_or(line);
        let line = trim_end(whole);
        if line.is_empty() {
            let spaces = !whole.is_empty();
            return Err(Remark::new(at, if spaces { What::SpacesOnly } else { What::BlankLine }));
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return Err(Remark::new(at, What::NoColon));
        };
        let (key, value) = line.split_at_checked(colon).unwrap_or((line, b""));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = trim_start(value);
        let place = at + line.len() - value.len();
        // A CR that is left in a value was meant to end a line.
        let refuse = |what| match value.iter().position(|byte| *byte == b'\r') {
            Some(cr) => Remark::new(place + cr, What::LineEnd),
            None => Remark::new(place, what),
        };
        let again = match key {
            b"version" if !version => {
                if value != b"STSv1" {
                    return Err(refuse(What::Version));
                }
                version = true;
                false
            }
            b"mode" if mode.is_none() => {
                mode = Some(match value {
                    b"enforce" => Mode::Enforce,
                    b"testing" => Mode::Testing,
                    b"none" => Mode::None,
                    _ => return Err(refuse(What::Mode)),
                });
                false
            }
            b"max_age" if max_age.is_none() => {
                let digits =
                    (1..=10).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
                let seconds = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
                let Some(seconds) = seconds.filter(|_: &u64| digits) else {
                    return Err(refuse(What::MaxAge));
                };
                if seconds > u64::from(KEPT) {
                    notes.add(place, What::MaxAgeTooLarge);
                }
                max_age = Some(seconds.min(u64::from(KEPT)));
                false
            }
            b"version" | b"mode" | b"max_age" => true,
            b"mx" => {
                let name = value.strip_prefix(b"*.").unwrap_or(value);
                if !is_dns_name(name) {
                    let empty = value.is_empty();
                    return Err(refuse(if empty { What::EmptyValue } else { What::Mx }));
                }
                let listed = String::from_utf8_lossy(value).to_ascii_lowercase();
                if postfix::misleads(listed.trim_start_matches('*')) {
                    notes.add(place, What::Mx);
                }
                // Postfix gets `.example.com` for `*.example.com`.
                mx.push(listed.trim_start_matches('*').to_owned());
                false
            }
            key if !is_name(key) => return Err(Remark::new(at, no_name(key))),
            key if !extensions.insert(key) => true,
            _ => {
                if let Some((bad, what)) = bad_value(value) {
                    return Err(Remark::new(place + bad, what));
                }
                notes.add(at, What::UnknownKey);
                false
            }
        };
        if again {
            notes.add(at, What::Repeated); // The first one counts, whatever the others hold.
        }
    }
    let missing = |what| Remark::new(body.len(), what);
    if !version {
        return Err(missing(What::NoVersion));
    }
    let mode = mode.ok_or(missing(What::NoMode))?;
    let max_age = max_age.ok_or(missing(What::NoMaxAge))?;
    if mx.is_empty() && mode != Mode::None {
        return Err(missing(What::NoMx));
    }
    Ok((Effective { mode: Some(mode), mx, max_age }, notes))
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_blank(*first)
    {
        text = rest;
    }
    text
}

fn trim_end(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., last] = text
        && is_blank(*last)
    {
        text = rest;
    }
    text
}

/// Whether it is the name of an extension, as the grammar has it.
fn is_name(key: &[u8]) -> bool {
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    key.first().is_some_and(u8::is_ascii_alphanumeric) && key.len() <= 32 && key.iter().all(inner)
}

/// What it stumbles over in a key that is no name.
fn no_name(key: &[u8]) -> What {
    match key {
        _ if key.starts_with("\u{feff}".as_bytes()) => What::Bom,
        [first, ..] if is_blank(*first) => What::Indented,
        _ if is_name(trim_end(key)) => What::SpaceBeforeColon,
        _ => What::Key,
    }
}

/// Where the value of an extension is none: empty, no UTF-8, or with control characters.
fn bad_value(value: &[u8]) -> Option<(usize, What)> {
    if value.is_empty() {
        return Some((0, What::EmptyValue));
    }
    match std::str::from_utf8(value) {
        Err(error) => Some((error.valid_up_to(), What::Charset)),
        Ok(value) => {
            let (at, c) = value.char_indices().find(|(_, c)| c.is_control())?;
            Some((at, if c == '\r' { What::LineEnd } else { What::Character }))
        }
    }
}

/// Whether it is a name as DNS has them, with or without the root's dot, and no address.
fn is_dns_name(name: &[u8]) -> bool {
    let name = name.strip_suffix(b".").unwrap_or(name);
    let label = |label: &[u8]| {
        (1..=63).contains(&label.len())
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
    };
    let address = |name: &str| name.parse::<Ipv4Addr>().is_ok();
    name.len() <= 253
        && name.split(|byte| *byte == b'.').all(label)
        && !std::str::from_utf8(name).is_ok_and(address)
}

/// Whether a media type is `text/plain`, with parameters that can be read.
fn is_plain(media_type: &str) -> bool {
    let (plain, mut rest) = media_type.split_at(media_type.find(';').unwrap_or(media_type.len()));
    let mut seen: Vec<(String, &str)> = Vec::new();
    // More parameters than this nobody sends; each is compared with those before it.
    for _ in 0..64 {
        rest = rest.trim_start();
        if rest.trim_end() == ";" || rest.is_empty() {
            return plain.trim().eq_ignore_ascii_case("text/plain");
        }
        let Some((name, value, after)) = parameter(rest) else { return false };
        let name = name.to_ascii_lowercase();
        if seen.iter().any(|(other, held)| *other == name && *held != value) {
            return false;
        }
        seen.push((name, value));
        rest = after;
    }
    false
}

/// The name and value of a parameter behind a semicolon, and what follows (RFC 2045 §5.1).
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let token = |text: &str| {
        let part = |c: char| c.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(c);
        text.find(|c| !part(c)).unwrap_or(text.len())
    };
    let text = text.strip_prefix(';')?.trim_start();
    let (name, text) = text.split_at_checked(token(text)).filter(|(name, _)| !name.is_empty())?;
    let text = text.trim_start().strip_prefix('=')?.trim_start();
    let (value, after) = match text.strip_prefix('"') {
        Some(quoted) => {
            let mut escaped = false;
            let end = quoted.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })?;
            let (value, after) = quoted.split_at_checked(end)?;
            (value, after.strip_prefix('"')?)
        }
        None => text.split_at_checked(token(text)).filter(|(value, _)| !value.is_empty())?,
    };
    Some((name, value, after))
}

fn record(records: &[&str]) -> Discovery {
    let begins = |(_, record): &(usize, &&str)| {
        let rest = record.strip_prefix("v=STSv1");
        rest.is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(';'))
    };
    let mut counting = records.iter().enumerate().filter(begins);
    let Some((nth, record)) = counting.next() else { return none_of(records) };
    if let Some((second, _)) = counting.next() {
        return Discovery::Nothing(second, Remark::new(0, What::SeveralRecords));
    }
    match id(record) {
        Ok(id) => Discovery::Found(id.to_owned()),
        Err(remark) => Discovery::Nothing(nth, remark),
    }
}

/// The id of a record that begins with the version and a semicolon.
fn id(record: &str) -> Result<&str, Remark> {
    let printable = |c| c == '\t' || matches!(c, ' '..='~');
    if let Some(at) = record.find(|c| !printable(c)) {
        return Err(Remark::new(at, What::Character));
    }
    let blank = [' ', '\t'];
    let mut id = None;
    let mut fields = record.split(';').peekable();
    let mut next = fields.next().map_or(0, |version| version.len() + 1);
    while let Some(field) = fields.next() {
        let last = fields.peek().is_none();
        let end = next + field.len();
        next = end + 1;
        let field = field.trim_start_matches(blank);
        let at = end - field.len();
        // Behind the last field white space is none of the grammar's.
        let field = if last { field } else { field.trim_end_matches(blank) };
        if field.is_empty() && last {
            break;
        }
        let Some((key, value)) = field.split_once('=') else {
            let what = if field.is_empty() { What::Character } else { What::Key };
            return Err(Remark::new(at, what));
        };
        let place = at + key.len() + 1;
        if key == "id" {
            if id.is_some() {
                continue; // The first one counts.
            }
            if value.is_empty() {
                return Err(Remark::new(place, What::NoId));
            }
            if value.len() > 32 || !value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(Remark::new(place, What::Id));
            }
            id = Some(value);
        } else if !is_name(key.as_bytes()) {
            return Err(Remark::new(at, What::Key));
        } else if value.is_empty() {
            return Err(Remark::new(place, What::EmptyValue));
        } else if let Some(bad) = value.find([' ', '\t', '=']) {
            return Err(Remark::new(place + bad, What::Character));
        }
    }
    id.ok_or(Remark::new(record.len(), What::NoId))
}

fn matches(pattern: &str, name: &str, _: Option<ToAscii>) -> bool {
    // Nothing outside ASCII gets as far as this, so nothing is converted.
    let listed = if pattern.starts_with("*.") { pattern.trim_start_matches('*') } else { pattern };
    postfix::covers(listed, name, None)
}
