//! Mimecast's library, with its settings as they come. It knows CR, LF, CRLF and LFCR as line ends, never
//! looks at the version, and uses a policy of mode enforce or testing only: of any other it says that it
//! is bad. A pattern becomes a regular expression, in which a dot is any character.
//!
//! Not followed: a record of several strings, which it joins by spaces; patterns with other signs of
//! regular expressions than dot and star, taken here to match nothing; a default character set other
//! than UTF-8.

use super::ground::{Notes, content_type, from, status, without_root};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Model, Reading, Remark, Source,
    What,
};

/// The model.
pub(super) static MODEL: Model = Model {
    name: "Mimecast",
    about: "Java library",
    source: Source {
        repository: "mimecast/mta-sts",
        commit: "518d7a65c65cab321c8f223842a2c1478a26f2a4",
        date: "2025-04-14",
        policy: ("src/main/java/com/mimecast/mtasts/assets/StsPolicy.java", "StsPolicy.make"),
        record: (
            "src/main/java/com/mimecast/mtasts/client/XBillDnsRecordClient.java",
            "XBillDnsRecordClient.getStsRecord",
        ),
        matches: ("src/main/java/com/mimecast/mtasts/assets/StsPolicy.java", "StsPolicy.matchMx"),
    },
    policy,
    record,
    matches,
    habits: Habits {
        dane: Dane::Elsewhere,
        against: Against::Host,
        refresh: None,
        // `PolicyCache.getByRecord` removes a copy with another id before the fetch.
        keeping: Keeping { without_fetch: false, ..Keeping::RFC },
    },
};

/// `OkHttpsResponse.bufferResponseBody` reads pieces of 32 bytes at most as long as another fits below
/// 64,000. Where the network gave smaller ones, it may be up to 31 bytes more.
const MAX_BODY: usize = 63_968;

/// `Config`: the bounds of the lifetime, in seconds, which is moved into them.
const MAX_AGE: i32 = 31_557_600;
const MIN_AGE_ENFORCE: i32 = 604_800;
const MIN_AGE_TESTING: i32 = 86_400;

/// The longest text that is compared: no name is longer.
const MAX_NAME: usize = 255;

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
    let mut notes = Notes::default();
    let media_type = content_type(answer).unwrap_or_default();
    if !media_type.to_lowercase().contains("text/plain") {
        notes.add(0, What::MediaType);
    }
    let body = answer.body.get(..MAX_BODY).unwrap_or(answer.body);
    let mut warned = [false; 2];
    let (mut version, mut mode, mut max_age) = (false, None, None);
    let mut mx = Vec::new();
    let mut at = 0;
    while at < body.len() {
        let line = line(from(body, at));
        let line_at = at;
        at += line.len();
        warn_of_end(line_at, line, &mut warned, &mut notes);
        let Some((key, value_at, value)) = pair(line_at, line, &mut notes) else { continue };
        match key {
            b"version" => {
                if value != b"STSv1" {
                    notes.add(value_at, What::Version); // It says nothing of it.
                }
                version = true;
            }
            b"mode" if mode.is_some() => notes.add(line_at, What::Repeated),
            b"mode" => mode = Some((value_at, value)),
            b"max_age" => {
                let number = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                let number: i32 = number.ok_or(Remark::new(value_at, What::MaxAge))?;
                if number > MAX_AGE {
                    notes.add(value_at, What::MaxAgeTooLarge);
                }
                if max_age.replace((value_at, number.min(MAX_AGE))).is_some() {
                    notes.add(line_at, What::Repeated);
                }
            }
            b"mx" if value.contains(&b'*') && !value.starts_with(b"*") => {
                notes.add(value_at, What::Mx);
            }
            b"mx" => mx.push(String::from_utf8_lossy(value).into_owned()),
            _ if line_at == 0 && key.starts_with("\u{feff}".as_bytes()) => notes.add(0, What::Bom),
            _ => notes.add(line_at, What::UnknownKey),
        }
    }
    let end = body.len();
    if answer.body.len() > end {
        notes.add(end, What::TooLarge);
    }
    if !version {
        notes.add(end, What::NoVersion);
    }
    let (mode_at, word) = mode.ok_or(Remark::new(end, What::NoMode))?;
    let (mode, least) = if word.eq_ignore_ascii_case(b"enforce") {
        (Mode::Enforce, MIN_AGE_ENFORCE)
    } else if word.eq_ignore_ascii_case(b"testing") {
        (Mode::Testing, MIN_AGE_TESTING)
    } else {
        return Err(Remark::new(mode_at, What::Mode)); // Mode none is one of these.
    };
    if mx.is_empty() {
        return Err(Remark::new(end, What::NoMx));
    }
    let max_age = match max_age {
        Some((_, seconds)) if seconds >= least => seconds,
        Some((value_at, _)) => {
            notes.add(value_at, What::MaxAgeTooSmall);
            least
        }
        None => {
            notes.add(end, What::NoMaxAge);
            least
        }
    };
    let max_age = u64::from(max_age.unsigned_abs()); // not below `least`
    Ok((Effective { mode: Some(mode), mx, max_age }, notes))
}

/// The first line of a text, with its end (`LineInputStream`).
fn line(text: &[u8]) -> &[u8] {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let Some(end) = text.iter().position(is_end) else { return text };
    let pair = matches!(from(text, end), [b'\r', b'\n', ..] | [b'\n', b'\r', ..]);
    text.get(..end + if pair { 2 } else { 1 }).unwrap_or(text)
}

/// It warns once of lines that end in another way than CRLF, and once of one without end
/// (`StsPolicyValidator.validateLine`).
fn warn_of_end(at: usize, line: &[u8], warned: &mut [bool; 2], notes: &mut Notes) {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let content = line.iter().position(is_end).unwrap_or(line.len());
    let [ends, crlf] = warned;
    if line.len() <= 2 || line.ends_with(b"\r\n") {
        return; // What is that short counts as a blank line.
    }
    let warned = if content < line.len() { crlf } else { ends };
    if !*warned {
        notes.add(at + content, What::LineEnd);
    }
    *warned = true;
}

/// Key and value of a line, and where the value begins (`Pair`). There must be one colon, but for those at the
/// end.
fn pair<'a>(at: usize, line: &'a [u8], notes: &mut Notes) -> Option<(&'a [u8], usize, &'a [u8])> {
    let (front, bare) = trim(line);
    let start = at + front;
    if bare.is_empty() {
        let is_blank = line.iter().all(|byte| matches!(byte, b'\r' | b'\n'));
        notes.add(at, if is_blank { What::BlankLine } else { What::SpacesOnly });
        return None;
    }
    let mut colons = bare.iter().enumerate().filter(|(_, byte)| **byte == b':').map(|(at, _)| at);
    let Some(colon) = colons.next() else {
        notes.add(at, What::NoColon);
        return None;
    };
    let last = bare.iter().rposition(|&byte| byte != b':').unwrap_or(0);
    if let Some(second) = colons.next().filter(|&second| second < last) {
        notes.add(start + second, What::Character);
        return None;
    }
    let (before, behind) = bare.split_at(colon);
    let (_, key) = trim(before);
    let behind = behind.get(..(last + 1).saturating_sub(colon)).unwrap_or(behind);
    let (gap, value) = trim(from(behind, 1));
    let value_at = start + colon + 1 + gap;
    if value.is_empty() {
        notes.add(value_at, What::EmptyValue);
        return None;
    }
    if key.is_empty() {
        notes.add(start, What::Key);
        return None;
    }
    if front > 0 {
        notes.add(at, What::Indented);
    }
    if key.len() < before.len() {
        notes.add(start + key.len(), What::SpaceBeforeColon);
    }
    Some((key, value_at, value))
}

/// A text without blanks and control characters around it (`String.trim`), and how much stood in front.
fn trim(text: &[u8]) -> (usize, &[u8]) {
    let is_blank = |byte: &&u8| **byte <= b' ';
    let front = text.iter().take_while(is_blank).count();
    let bare = from(text, front);
    let behind = bare.iter().rev().take_while(is_blank).count();
    (front, bare.get(..bare.len() - behind).unwrap_or_default())
}

/// One record must have the version, wherever, and that one an id.
fn record(records: &[&str]) -> Discovery {
    let mut found = None;
    let mut nothing = None;
    for (index, text) in records.iter().enumerate() {
        let tokens = Tokens::of(text);
        match &tokens.version {
            Some((_, version)) if version.eq_ignore_ascii_case("STSv1") => {
                if found.is_some() {
                    return Discovery::Nothing(index, Remark::new(0, What::SeveralRecords));
                }
                found = Some((index, text.len(), tokens.id));
            }
            Some((at, _)) => nothing = nothing.or(Some((index, Remark::new(*at, What::Version)))),
            None => {}
        }
    }
    match found {
        Some((_, _, Some(id))) if !id.is_empty() => Discovery::Found(id),
        Some((index, end, _)) => Discovery::Nothing(index, Remark::new(end, What::NoId)),
        None => {
            let what = if records.is_empty() { What::NoRecord } else { What::NoVersion };
            let end = records.first().map_or(0, |text| text.len());
            let (index, remark) = nothing.unwrap_or((0, Remark::new(end, what)));
            Discovery::Nothing(index, remark)
        }
    }
}

/// What it looks for in a record (`StsDnsTxt`). The last of each counts.
#[derive(Default)]
struct Tokens {
    /// The version, and where it stands.
    version: Option<(usize, String)>,
    id: Option<String>,
}

impl Tokens {
    fn of(text: &str) -> Self {
        let mut tokens = Self::default();
        let mut at = 0;
        for piece in text.split([';', '|', ' ']) {
            let start = at;
            at += piece.len() + 1;
            let Some((name, value)) = piece.split_once('=') else { continue };
            let plain =
                |text: &str| text.replace('"', "").trim_matches(|c: char| c <= ' ').to_owned();
            match plain(name).as_str() {
                "v" => tokens.version = Some((start + name.len() + 1, plain(value))),
                "id" => tokens.id = Some(plain(value)),
                _ => {}
            }
        }
        tokens
    }
}

/// The pattern as a regular expression, with any text for a star, against the whole name as it is written.
fn matches(pattern: &str, name: &str, _: Option<ToAscii>) -> bool {
    let name = without_root(name);
    if name.len() > MAX_NAME
        || pattern.contains(['\\', '^', '$', '|', '?', '+', '(', ')', '[', ']', '{', '}'])
    {
        return false;
    }
    let name: Vec<char> = name.chars().collect();
    // Behind a star: where the pattern goes on, and where the name does if the star takes one more.
    let mut retry = None;
    let mut rest = pattern.chars();
    let mut at = 0;
    loop {
        match (rest.next(), name.get(at)) {
            (Some('*'), _) => retry = Some((rest.clone(), at)),
            (Some(want), Some(&have)) if want == '.' || want == have => at += 1,
            (None, None) => return true,
            _ => {
                let Some((behind, from)) = retry.filter(|(_, from)| *from < name.len()) else {
                    return false;
                };
                rest = behind.clone();
                at = from + 1;
                retry = Some((behind, at));
            }
        }
    }
}
