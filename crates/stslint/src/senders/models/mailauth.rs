//! mailauth: a library for Node, in WildDuck, ZoneMTA and EmailEngine.
//!
//! The model is of the releases 5.0.2 and 5.0.3. Release 7.1.0 (2026-09-29) reads otherwise: of a repeated
//! field the first counts, a mode is needed, a wildcard stands for one label, the root's dot is cut from
//! names and patterns, a body over 64 KiB is refused, and keys and modes have no case, as before,
//! unless its caller asks for `strict`.

use super::ground::{Notes, status};
use super::text::{Outcome, no_field, nobody, none_of, place, reading, refuse, stranger, utf8};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Model, Remark, SameId, Source,
    What,
};
use std::collections::HashSet;

/// The model.
pub(super) static MODEL: Model = Model {
    name: "mailauth",
    about: "Node library",
    source: Source {
        repository: "postalsys/mailauth",
        commit: "d2616c6bee77cf0cf77fe6ea6743b856696f081e",
        date: "2026-08-19",
        policy: ("lib/mta-sts.js", "parsePolicy"),
        record: ("lib/mta-sts.js", "resolvePolicy"),
        matches: ("lib/mta-sts.js", "validateMx"),
    },
    policy: |answer| reading(policy(answer)),
    record,
    matches,
    habits: Habits {
        dane: Dane::Elsewhere,
        against: Against::Host,
        refresh: None,
        // `getPolicy`: without a record the policy is none; the same id renews a copy that has ended only.
        keeping: Keeping {
            same_id: SameId::Fetches,
            revives: true,
            without_record: false,
            ..Keeping::RFC
        },
    },
};

/// The longest lifetime that it takes, in seconds.
const MAX_AGE: f64 = 31_557_600.0;

fn policy(answer: &Answer) -> Outcome {
    // It does not look at the media type.
    if !(200..300).contains(&status(answer)) {
        return Err(Remark::new(0, What::Status));
    }
    let text = utf8(answer.body);
    fields(&text)
}

fn fields(text: &str) -> Outcome {
    let mut notes = Notes::default();
    let (mut version, mut mode, mut max_age) = (None, None, None);
    let (mut mx, mut listed) = (Vec::new(), HashSet::new());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let at = place(text, line);
        let last = lines.peek().is_none();
        let line = if last { line } else { line.strip_suffix('\r').unwrap_or(line) };
        let Some((key, value)) = line.split_once(':') else {
            if !(last && line.is_empty()) {
                notes.add(at, no_field(line));
            }
            continue;
        };
        let value = value.trim_matches(is_space);
        let name = key.to_lowercase();
        let name = name.trim_matches(is_space);
        let field = match name {
            "version" => &mut version,
            "mode" => &mut mode,
            "max_age" => &mut max_age,
            "mx" => {
                if value.is_empty() {
                    notes.add(place(text, value), What::EmptyValue);
                } else if nobody(value.strip_prefix("*.").unwrap_or(value)) {
                    notes.add(place(text, value), What::Mx);
                }
                let pattern = value.to_lowercase();
                if listed.insert(pattern.clone()) {
                    mx.push(pattern);
                }
                continue;
            }
            _ => {
                notes.add(at, What::UnknownKey);
                continue;
            }
        };
        if key.len() != name.len() {
            notes.add(at, stranger(key));
        }
        if field.replace(value).is_some() {
            notes.add(at, What::Repeated); // The last one counts.
        }
    }
    let missing = |what| Remark::new(text.len(), what);
    let value = version.ok_or(missing(What::NoVersion))?;
    if value != "STSv1" {
        return Err(refuse(text, value, What::Version));
    }
    let mode = match mode.map(|value| (value, value.to_lowercase())) {
        None => {
            notes.add(text.len(), What::NoMode);
            Mode::None
        }
        Some((value, word)) => match word.as_str() {
            "testing" => Mode::Testing,
            "enforce" => Mode::Enforce,
            "none" => Mode::None,
            _ => return Err(refuse(text, value, What::Mode)),
        },
    };
    let value = max_age.ok_or(missing(What::NoMaxAge))?;
    let seconds = number(value).ok_or_else(|| refuse(text, value, What::MaxAge))?;
    if seconds < 0.0 {
        return Err(refuse(text, value, What::MaxAgeTooSmall));
    }
    if seconds > MAX_AGE {
        return Err(refuse(text, value, What::MaxAgeTooLarge));
    }
    if mx.is_empty() && mode != Mode::None {
        return Err(missing(What::NoMx));
    }
    // Within the bounds, so that only the fraction goes.
    Ok((Effective { mode: Some(mode), mx, max_age: seconds as u64 }, notes))
}

/// What JavaScript takes for white space.
fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\u{85}' || c == '\u{feff}'
}

/// A number as JavaScript's `Number` reads it: with fractions, exponents and prefixes of other bases; an
/// empty text is 0.
fn number(value: &str) -> Option<f64> {
    let based = |digits: &str, base: u32| {
        let add = |sum: f64, c: char| Some(sum * f64::from(base) + f64::from(c.to_digit(base)?));
        (!digits.is_empty()).then(|| digits.chars().try_fold(0.0, add)).flatten()
    };
    match value.split_at_checked(2) {
        Some(("0x" | "0X", digits)) => return based(digits, 16),
        Some(("0o" | "0O", digits)) => return based(digits, 8),
        Some(("0b" | "0B", digits)) => return based(digits, 2),
        _ => {}
    }
    match value {
        "" => Some(0.0),
        "Infinity" | "+Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        // Rust reads decimal numbers as JavaScript does, and some words besides.
        _ if value.bytes().all(|byte| byte.is_ascii_digit() || b".+-eE".contains(&byte)) => {
            value.parse().ok()
        }
        _ => None,
    }
}

fn record(records: &[&str]) -> Discovery {
    let begins = |(_, record): &(usize, &&str)| {
        let record = record.trim_matches(is_space);
        let split = record.split_at_checked(7);
        split.is_some_and(|(version, rest)| {
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            version.eq_ignore_ascii_case("v=STSv1") && !rest.bytes().next().is_some_and(word)
        })
    };
    let mut counting = records.iter().enumerate().filter(begins);
    let Some((nth, record)) = counting.next() else { return none_of(records) };
    if let Some((second, _)) = counting.next() {
        return Discovery::Nothing(second, Remark::new(0, What::SeveralRecords));
    }
    let (mut version, mut id) = (None, None);
    // Of the fields without an equals sign the first is set aside.
    let mut aside = false;
    parts(record, |part| {
        if part.key.is_empty() || !part.equals && !std::mem::replace(&mut aside, true) {
            return;
        }
        match part.key.as_str() {
            "v" => version = Some(part), // The last one counts.
            "id" => id = Some(part),
            _ => {}
        }
    });
    let nothing = |at, what| Discovery::Nothing(nth, Remark::new(at, what));
    match (version, id) {
        (None, _) => nothing(0, What::Version),
        (Some(part), _) if !part.value.eq_ignore_ascii_case("STSv1") => {
            nothing(part.at, What::Version)
        }
        (_, Some(part)) if !part.value.is_empty() => Discovery::Found(part.value),
        (_, Some(part)) => nothing(part.at, What::NoId),
        (_, None) => nothing(record.len(), What::NoId),
    }
}

/// A field of a record.
#[derive(Default)]
struct Part {
    at: usize,
    key: String,
    value: String,
    equals: bool,
}

/// The fields of a record, which it reads as the fields of a DKIM signature: a colon would end the
/// name of the header, parentheses hold comments, quotes keep semicolons together, and behind a
/// backslash every character counts twice.
fn parts(record: &str, mut each: impl FnMut(Part)) {
    enum Inside {
        Nothing,
        Comment,
        Quotes(char),
    }
    let start = record.find(':').map_or(0, |colon| colon + 1);
    let mut part = Part { at: start, ..Part::default() };
    let (mut inside, mut escaped) = (Inside::Nothing, false);
    for (at, c) in record.char_indices().skip_while(|(at, _)| *at < start) {
        match inside {
            Inside::Comment => match c {
                '\\' => escaped = true,
                ')' => inside = Inside::Nothing,
                _ => {}
            },
            Inside::Quotes(quote) => match c {
                '\\' => escaped = true,
                _ => {
                    part.push(c);
                    if c == quote {
                        inside = Inside::Nothing;
                    }
                }
            },
            Inside::Nothing if c == '=' && !part.equals => part.equals = true,
            // Behind a backslash; a character of two units breaks in two.
            Inside::Nothing if escaped && c.len_utf16() > 1 => {
                for unit in [char::REPLACEMENT_CHARACTER, c, char::REPLACEMENT_CHARACTER] {
                    part.push(unit);
                }
            }
            Inside::Nothing => {
                if escaped {
                    part.push(c);
                }
                match c {
                    ';' => {
                        each(std::mem::take(&mut part).plain());
                        part.at = at + 1;
                    }
                    '\\' => escaped = true,
                    '(' => inside = Inside::Comment,
                    '"' | '\'' => {
                        part.push(c);
                        inside = Inside::Quotes(c);
                    }
                    _ => part.push(c),
                }
            }
        }
    }
    each(part.plain());
}

impl Part {
    fn push(&mut self, c: char) {
        if self.equals { &mut self.value } else { &mut self.key }.push(c);
    }

    /// With one space for much white space, and the key in lower case.
    fn plain(self) -> Self {
        let plain = |text: &str| {
            let words = text.split(is_space).filter(|word| !word.is_empty());
            words.collect::<Vec<_>>().join(" ")
        };
        Self { key: plain(&self.key).to_lowercase(), value: plain(&self.value), ..self }
    }
}

fn matches(pattern: &str, name: &str, to_ascii: Option<ToAscii>) -> bool {
    let plain = |name: &str| name.trim_matches(is_space).to_lowercase();
    let (pattern, name) = (plain(pattern), plain(name));
    // Names with letters of Latin-1 are converted label by label, and no label is wrong; patterns never are.
    let latin = name.contains(|c| matches!(c, '\u{7e}'..='\u{ff}'));
    let name = match to_ascii.filter(|_| latin) {
        Some(convert) => a_labels(&name, convert),
        None => name,
    };
    match pattern.strip_prefix('*').filter(|parent| parent.starts_with('.')) {
        Some(parent) => name.ends_with(parent),
        None => name == pattern,
    }
}

/// A name with each label outside ASCII converted. What IDNA has no name for, the library writes in Punycode all the same:
/// no pattern is equal to that.
fn a_labels(name: &str, convert: ToAscii) -> String {
    let dots = ['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'];
    let labels = name.split(dots).map(|label| match label.is_ascii() {
        true => label.to_owned(),
        false => convert(label).unwrap_or_else(|| format!("xn--{label}")),
    });
    labels.collect::<Vec<_>>().join(".")
}
