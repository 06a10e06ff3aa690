//! A sender as RFC 8461 has it: the grammar of §3.1 and §3.2 to the letter, with what the prose adds
//! (the first of repeated fields counts, the greatest lifetime, the media type), §3.3 for the answer
//! and §4.1 for names. Nobody has to be this strict; who is accepted here is accepted by all who go
//! by the RFC.

use super::ground::{Notes, content_type, departs, status, without_root};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Model, Reading, Remark, Source,
    What,
};

/// The model.
pub(super) static MODEL: Model = Model {
    name: "RFC 8461",
    about: "the standard to the letter",
    source: Source {
        repository: "",
        commit: "",
        date: "2018-09-26",
        policy: ("RFC 8461", "§3.2"),
        record: ("RFC 8461", "§3.1"),
        matches: ("RFC 8461", "§4.1"),
    },
    policy,
    record,
    matches,
    // §3.3 and §10.2 propose a refresh before the end, at a time that is not said.
    habits: Habits {
        dane: Dane::First,
        against: Against::Host,
        refresh: None,
        keeping: Keeping::RFC,
    },
};

/// §3.3: a limit that senders are told to have, "e.g., 64 kilobytes".
const MAX_BODY: usize = 64 << 10;

/// §3.2: the greatest lifetime, about a year.
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
    // Parameters may follow; §3.2 names the charset as one.
    let essence = content_type(answer).and_then(|value| value.split(';').next());
    if !essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("text/plain")) {
        return Err(Remark::new(0, What::MediaType));
    }
    let body = answer.body;
    if body.len() > MAX_BODY {
        return Err(Remark::new(MAX_BODY, What::TooLarge));
    }
    if body.starts_with("\u{feff}".as_bytes()) {
        return Err(Remark::new(0, What::Bom));
    }
    let mut fields = Fields::default();
    let mut at = 0;
    for piece in body.split_inclusive(|&byte| byte == b'\n') {
        fields.line(at, piece)?;
        at += piece.len();
    }
    fields.whole(body.len())
}

/// The fields of a policy so far, each with its first value.
#[derive(Default)]
struct Fields {
    version: Option<()>,
    mode: Option<Mode>,
    max_age: Option<u64>,
    mx: Vec<String>,
    notes: Notes,
}

impl Fields {
    /// One line, with its end if it has one.
    fn line(&mut self, start: usize, piece: &[u8]) -> Result<(), Remark> {
        let line = piece.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let line = line.unwrap_or(piece);
        let place = |within: usize, what| Err(Remark::new(start + within, what));
        if let Some(cr) = line.iter().position(|&byte| byte == b'\r') {
            return place(cr, What::LineEnd);
        }
        let Some(&first) = line.first() else { return place(0, What::BlankLine) };
        if is_wsp(first) {
            let blank = line.iter().copied().all(is_wsp);
            return place(0, if blank { What::SpacesOnly } else { What::Indented });
        }
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            return place(0, What::NoColon);
        };
        let (key, rest) = line.split_at(colon);
        let bare = trim_end(key);
        if let Some(bad) = no_name(bare) {
            return place(bad, What::Key);
        }
        if bare.len() < key.len() {
            return place(bare.len(), What::SpaceBeforeColon);
        }
        let gap = rest.iter().skip(1).take_while(|&&byte| is_wsp(byte)).count() + 1;
        let value = trim_end(rest.get(gap..).unwrap_or_default());
        let value_at = start + colon + gap;
        if value.is_empty() {
            return Err(Remark::new(value_at, What::EmptyValue));
        }
        // Any field is an extension by its form, also a known one that came before.
        if let Some(bad) = no_ext_value(value) {
            return Err(Remark::new(value_at + bad, What::Character));
        }
        let repeated = match key {
            b"version" => self.version.is_some(),
            b"mode" => self.mode.is_some(),
            b"max_age" => self.max_age.is_some(),
            _ => false,
        };
        if repeated {
            self.notes.add(start, What::Repeated);
            return Ok(());
        }
        let wrong = |what| Err(Remark::new(value_at, what));
        match key {
            b"version" if value == b"STSv1" => self.version = Some(()),
            b"version" => return wrong(What::Version),
            b"mode" => match value {
                b"enforce" => self.mode = Some(Mode::Enforce),
                b"testing" => self.mode = Some(Mode::Testing),
                b"none" => self.mode = Some(Mode::None),
                _ => return wrong(What::Mode),
            },
            b"max_age" => match number(value) {
                None => return wrong(What::MaxAge),
                Some(age) if age > MAX_AGE => return wrong(What::MaxAgeTooLarge),
                Some(age) => self.max_age = Some(age),
            },
            b"mx" => match std::str::from_utf8(value) {
                Ok(text) if is_domain(text.strip_prefix("*.").unwrap_or(text)) => {
                    self.mx.push(text.to_owned());
                }
                _ => return wrong(What::Mx),
            },
            _ => self.notes.add(start, What::UnknownKey),
        }
        Ok(())
    }

    /// The policy, if nothing is missing.
    fn whole(self, end: usize) -> Result<(Effective, Notes), Remark> {
        let missing = |what| Remark::new(end, what);
        self.version.ok_or(missing(What::NoVersion))?;
        let mode = self.mode.ok_or(missing(What::NoMode))?;
        let max_age = self.max_age.ok_or(missing(What::NoMaxAge))?;
        if self.mx.is_empty() && mode != Mode::None {
            return Err(missing(What::NoMx));
        }
        Ok((Effective { mode: Some(mode), mx: self.mx, max_age }, self.notes))
    }
}

fn is_wsp(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|&byte| !is_wsp(byte)).map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default()
}

/// Where a text is no sts-policy-ext-name, which is the same as sts-ext-name.
fn no_name(name: &[u8]) -> Option<usize> {
    let good = |(at, byte): (usize, &u8)| {
        at < 32 && (byte.is_ascii_alphanumeric() || at > 0 && matches!(byte, b'_' | b'-' | b'.'))
    };
    if name.is_empty() {
        return Some(0);
    }
    name.iter().enumerate().position(|pair| !good(pair))
}

/// Where a text is no sts-policy-ext-value: printable, spaces inside, UTF-8.
fn no_ext_value(value: &[u8]) -> Option<usize> {
    let ascii = value.iter().position(|&byte| byte < 0x20 || byte == 0x7f);
    let utf8 = std::str::from_utf8(value).err().map(|error| error.valid_up_to());
    ascii.into_iter().chain(utf8).min()
}

/// sts-policy-max-age-value: one to ten digits.
fn number(value: &[u8]) -> Option<u64> {
    let digits = (1..=10).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
    let add = |sum: u64, digit: &u8| sum * 10 + u64::from(digit - b'0'); // at most ten digits
    digits.then(|| value.iter().fold(0, add))
}

/// Domain of RFC 5321 §4.1.2.
fn is_domain(name: &str) -> bool {
    name.split('.').all(|label| {
        let label = label.as_bytes();
        let ends = [label.first(), label.last()];
        ends.iter().all(|end| end.is_some_and(u8::is_ascii_alphanumeric))
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    })
}

fn record(records: &[&str]) -> Discovery {
    // §3.1 drops what does not begin so "if multiple TXT records are returned"; one alone is held
    // against the grammar, which allows white space before the semicolon.
    let several = records.len() > 1;
    let mut found =
        records.iter().enumerate().filter(|(_, text)| !several || text.starts_with("v=STSv1;"));
    let Some((index, text)) = found.next() else {
        let remark = match records.first() {
            None => Remark::new(0, What::NoRecord),
            Some(text) => Remark::new(departs(text, "v=STSv1;"), What::Prefix),
        };
        return Discovery::Nothing(0, remark);
    };
    if let Some((second, _)) = found.next() {
        return Discovery::Nothing(second, Remark::new(0, What::SeveralRecords));
    }
    match id(text) {
        Ok(id) => Discovery::Found(id.to_owned()),
        Err(remark) => Discovery::Nothing(index, remark),
    }
}

/// The first id of a record that follows the grammar.
fn id(text: &str) -> Result<&str, Remark> {
    let Some(fields) = text.strip_prefix("v=STSv1") else {
        return Err(Remark::new(departs(text, "v=STSv1"), What::Prefix));
    };
    let mut id = None;
    // Fields stand behind semicolons, with white space on both sides of those.
    let mut at = text.len() - fields.len();
    let mut pieces = fields.split(';');
    let mut before = pieces.next().unwrap_or_default();
    if let Some(bad) = before.find(|c| c != ' ' && c != '\t') {
        return Err(Remark::new(at + bad, What::Prefix));
    }
    let mut count = 0;
    while let Some(piece) = pieces.next() {
        at += before.len() + 1;
        before = piece;
        let is_last = pieces.clone().next().is_none();
        let front = piece.len() - piece.trim_start_matches([' ', '\t']).len();
        let field = piece.get(front..).unwrap_or_default();
        if field.is_empty() && is_last && count > 0 {
            break; // The one semicolon that may stand at the end.
        }
        count += 1;
        // Nothing but another semicolon may follow white space behind a field.
        let bare = field.trim_end_matches([' ', '\t']);
        let field_at = at + front;
        let name = bare.split('=').next().unwrap_or_default();
        if let Some(bad) = no_name(name.as_bytes()) {
            let what = if bare.is_empty() && is_last { What::NoId } else { What::Key };
            return Err(Remark::new(field_at + bad, what));
        }
        let Some(value) = bare.get(name.len() + 1..) else {
            return Err(Remark::new(field_at + name.len(), What::Character));
        };
        let value_at = field_at + name.len() + 1;
        let is_id = name == "id" && id.is_none();
        if value.is_empty() {
            return Err(Remark::new(value_at, if is_id { What::NoId } else { What::EmptyValue }));
        }
        let no_id = |(at, c): (usize, char)| at >= 32 || !c.is_ascii_alphanumeric();
        let no_value = |c: char| !c.is_ascii_graphic() || c == '=';
        if is_id && let Some((bad, _)) = value.char_indices().find(|pair| no_id(*pair)) {
            return Err(Remark::new(value_at + bad, What::Id));
        }
        if let Some(bad) = value.find(no_value) {
            return Err(Remark::new(value_at + bad, What::Character));
        }
        if is_last && bare.len() < field.len() {
            return Err(Remark::new(field_at + bare.len(), What::Character));
        }
        if is_id {
            id = Some(value);
        }
    }
    id.ok_or(Remark::new(text.len(), What::NoId))
}

fn matches(pattern: &str, name: &str, _: Option<ToAscii>) -> bool {
    let name = without_root(name);
    match pattern.strip_prefix("*.") {
        None => is_domain(pattern) && pattern.eq_ignore_ascii_case(name),
        Some(parent) => name.split_once('.').is_some_and(|(label, rest)| {
            !label.is_empty() && is_domain(parent) && rest.eq_ignore_ascii_case(parent)
        }),
    }
}
