//! mox. It reads strictly by the grammar, from left to right, and gives up at the first character
//! that does not fit. A field that is repeated has to be well-formed too.
//!
//! Not followed here: that A-labels are decoded and looked at (`dns.ParseDomain` calls `idna.Lookup`).

use super::ground::{Notes, departs, from, status, to_ascii, without_root};
use crate::input::ToAscii;
use crate::policy::Mode;
use crate::senders::model::{
    Against, Answer, Dane, Discovery, Effective, Habits, Keeping, Model, Reading, Remark, SameId,
    Source, What,
};
use std::net::IpAddr;

/// The model.
pub(super) static MODEL: Model = Model {
    name: "mox",
    about: "Go mail server",
    source: Source {
        repository: "mjl-/mox",
        commit: "1c9587665b321199312e11b6a47a0480a9e2750f",
        date: "2026-08-19",
        policy: ("mtasts/parse.go", "ParsePolicy"),
        record: ("mtasts/mtasts.go", "LookupRecord"),
        matches: ("mtasts/mtasts.go", "Policy.Matches"),
    },
    policy,
    record,
    matches,
    // `mtastsdb/refresh.go`: every 24 hours. `queue/direct.go`: with DANE, the certificate need not
    // pass for the policy, but a host that the policy does not name is skipped before.
    habits: Habits {
        dane: Dane::AfterNames,
        against: Against::Host,
        refresh: Some(86_400),
        // `mtastsdb/refresh.go`, refreshDomain: the same id makes the copy valid for its whole lifetime again.
        keeping: Keeping { same_id: SameId::Renews, ..Keeping::RFC },
    },
};

/// `FetchPolicy`: a longer body is an error.
const MAX_BODY: usize = 64 << 10;

fn policy(answer: &Answer) -> Reading {
    if status(answer) != 200 {
        return Reading::Rejected(Remark::new(0, What::Status));
    }
    if answer.body.len() > MAX_BODY {
        return Reading::Rejected(Remark::new(MAX_BODY, What::TooLarge));
    }
    match parse(answer.body) {
        Ok((effective, notes)) => Reading::Accepted(effective, notes.done()),
        Err(remark) => Reading::Rejected(remark),
    }
}

fn parse(body: &[u8]) -> Result<(Effective, Notes), Remark> {
    let mut cursor = Cursor { text: body, at: 0 };
    let mut notes = Notes::default();
    let mut version = false;
    let (mut mode, mut max_age, mut mx) = (None, None, Vec::new());
    loop {
        let start = cursor.at;
        let key = cursor.policy_key()?;
        cursor.skip_wsp();
        let value_at = cursor.at;
        if cursor.is_at_line_end() {
            return Err(cursor.error(What::EmptyValue));
        }
        // What it says of characters that are left over behind the value.
        let left_over = match key {
            b"version" => {
                if !cursor.take(b"STSv1") {
                    return Err(cursor.error(What::Version));
                }
                if version {
                    notes.add(start, What::Repeated);
                }
                version = true;
                What::Version
            }
            b"mode" => {
                let words =
                    [("testing", Mode::Testing), ("enforce", Mode::Enforce), ("none", Mode::None)];
                let word = words.into_iter().find(|(word, _)| cursor.take(word.as_bytes()));
                let (_, word) = word.ok_or(cursor.error(What::Mode))?;
                if mode.is_some() {
                    notes.add(start, What::Repeated);
                }
                mode = mode.or(Some(word));
                What::Mode
            }
            b"max_age" => {
                let digits = cursor.run(|at, byte| at < 10 && byte.is_ascii_digit());
                if digits.is_empty() {
                    return Err(cursor.error(What::MaxAge));
                }
                let add = |sum: u64, digit: &u8| sum * 10 + u64::from(digit - b'0'); // at most ten digits
                let seconds = digits.iter().fold(0, add);
                if seconds > i32::MAX as u64 {
                    return Err(Remark::new(value_at, What::MaxAgeTooLarge));
                }
                if max_age.is_some() {
                    notes.add(start, What::Repeated);
                }
                max_age = max_age.or(Some(seconds));
                What::MaxAge
            }
            b"mx" => {
                mx.push(cursor.pattern()?);
                What::Mx
            }
            _ => {
                let value =
                    cursor.run(|at, byte| byte > 0x20 && byte != 0x7f || byte == 0x20 && at > 0);
                if value.is_empty() {
                    return Err(cursor.error(What::Character));
                }
                notes.add(start, What::UnknownKey);
                What::Character
            }
        };
        cursor.skip_wsp();
        if !(cursor.take(b"\n") || cursor.take(b"\r\n") || cursor.rest().is_empty()) {
            let is_cr = cursor.rest().starts_with(b"\r");
            return Err(cursor.error(if is_cr { What::LineEnd } else { left_over }));
        }
        if cursor.rest().is_empty() {
            break;
        }
    }
    let missing = |what| cursor.error(what);
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

/// A place in a text that is read from left to right.
struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a [u8] {
        from(self.text, self.at)
    }

    fn error(&self, what: What) -> Remark {
        Remark::new(self.at, what)
    }

    fn take(&mut self, word: &[u8]) -> bool {
        let is_next = self.rest().starts_with(word);
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    /// The bytes up to the first that is not good, which is asked with the offset of each.
    fn run(&mut self, good: impl Fn(usize, u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let end = rest.iter().enumerate().position(|(at, &byte)| !good(at, byte));
        let taken = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        self.at += taken.len();
        taken
    }

    fn skip_wsp(&mut self) {
        self.run(|_, byte| matches!(byte, b' ' | b'\t'));
    }

    fn is_at_line_end(&self) -> bool {
        let rest = self.rest();
        rest.is_empty() || rest.starts_with(b"\n") || rest.starts_with(b"\r\n")
    }

    /// A key, which may begin with a dot or a hyphen, but with no underscore (`xkey`).
    fn key(&mut self) -> &'a [u8] {
        self.run(|at, byte| {
            at < 32
                && (byte.is_ascii_alphanumeric()
                    || matches!(byte, b'-' | b'.')
                    || at > 0 && byte == b'_')
        })
    }

    /// A key and its colon.
    fn policy_key(&mut self) -> Result<&'a [u8], Remark> {
        let (start, line) = (self.at, self.rest());
        let key = self.key();
        if !key.is_empty() && self.take(b":") {
            return Ok(key);
        }
        let line = line.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
        let is_spaced = self.rest().first().is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        Err(self.error(if self.text.is_empty() {
            What::NoVersion
        } else if start == 0 && line.starts_with("\u{feff}".as_bytes()) {
            What::Bom
        } else if matches!(line, [] | [b'\r']) {
            What::BlankLine
        } else if line.iter().all(is_space) {
            What::SpacesOnly
        } else if key.is_empty() && is_spaced {
            What::Indented
        } else if !line.contains(&b':') {
            What::NoColon
        } else if is_spaced {
            What::SpaceBeforeColon
        } else {
            What::Key
        }))
    }

    /// A pattern in lower case (`xmx`, `xdomain`, and what `idna.Lookup` refuses).
    fn pattern(&mut self) -> Result<String, Remark> {
        let wildcard = self.take(b"*.");
        let start = self.at;
        loop {
            let label_at = self.at;
            let label = self.run(|at, byte| byte.is_ascii_alphanumeric() || at > 0 && byte == b'-');
            // U-labels are read on, and then refused.
            let is_foreign = !self.rest().first().is_none_or(u8::is_ascii);
            if label.is_empty() || is_foreign {
                return Err(self.error(What::Mx));
            }
            let is_a_label =
                label.get(..4).is_some_and(|front| front.eq_ignore_ascii_case(b"xn--"));
            let hyphens = label.len() > 4 && label.get(2..4) == Some(b"--") && !is_a_label;
            if hyphens || label.ends_with(b"-") {
                return Err(Remark::new(label_at, What::Mx));
            }
            if !self.take(b".") {
                break;
            }
        }
        let name = self.text.get(start..self.at).unwrap_or_default();
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        // No top-level domain is a number.
        if name.parse::<IpAddr>().is_ok() {
            return Err(Remark::new(start, What::Mx));
        }
        Ok(if wildcard { format!("*.{name}") } else { name })
    }

    /// White space, semicolon, white space; or nothing at all (`delim`).
    fn delimiter(&mut self) -> bool {
        let before = self.at;
        self.skip_wsp();
        if !self.take(b";") {
            self.at = before;
            return false;
        }
        self.skip_wsp();
        true
    }
}

fn record(records: &[&str]) -> Discovery {
    let mut found = None;
    for (index, text) in records.iter().enumerate() {
        let mut cursor = Cursor { text: text.as_bytes(), at: 0 };
        if !(cursor.take(b"v=STSv1") && cursor.delimiter()) {
            continue; // It is of another kind.
        }
        match id(&mut cursor) {
            Err(remark) => return Discovery::Nothing(index, remark),
            Ok(_) if found.is_some() => {
                return Discovery::Nothing(index, Remark::new(0, What::SeveralRecords));
            }
            Ok(id) => found = Some(id),
        }
    }
    let nothing = match records.first() {
        None => Remark::new(0, What::NoRecord),
        Some(text) => Remark::new(departs(text, "v=STSv1"), What::Prefix),
    };
    found.map_or(Discovery::Nothing(0, nothing), Discovery::Found)
}

/// The id, and nothing in the record that is not by the grammar.
fn id(cursor: &mut Cursor) -> Result<String, Remark> {
    let mut id = None;
    // What it says of characters that are left over behind the last field.
    let mut left_over;
    loop {
        let key = cursor.key();
        if key.is_empty() {
            let is_end = cursor.rest().is_empty();
            return Err(cursor.error(if is_end { What::NoId } else { What::Key }));
        }
        if !cursor.take(b"=") {
            return Err(cursor.error(What::Character));
        }
        match key {
            // The value of a second id stays where it is, and is too much there.
            b"id" if id.is_some() => left_over = What::Repeated,
            b"id" => {
                let value = cursor.run(|at, byte| at < 32 && byte.is_ascii_alphanumeric());
                if value.is_empty() {
                    let is_end = matches!(cursor.rest(), [] | [b';', ..]);
                    return Err(cursor.error(if is_end { What::NoId } else { What::Id }));
                }
                id = Some(String::from_utf8_lossy(value).into_owned());
                left_over = What::Id;
            }
            _ => {
                let value =
                    cursor.run(|_, byte| byte.is_ascii_graphic() && !matches!(byte, b'=' | b';'));
                if value.is_empty() {
                    return Err(cursor.error(What::EmptyValue));
                }
                left_over = What::Character;
            }
        }
        if !cursor.delimiter() || cursor.rest().is_empty() {
            break;
        }
    }
    if !cursor.rest().is_empty() {
        // White space at the end is no matter of the value in front of it.
        let is_spaced = matches!(cursor.rest(), [b' ' | b'\t', ..]);
        return Err(cursor.error(if is_spaced { What::Character } else { left_over }));
    }
    id.ok_or(cursor.error(What::NoId))
}

fn matches(pattern: &str, name: &str, convert: Option<ToAscii>) -> bool {
    // Patterns are kept, and hosts read, in lower case.
    let Some(name) = to_ascii(without_root(name), convert) else { return false };
    match pattern.strip_prefix("*.") {
        None => pattern.eq_ignore_ascii_case(&name),
        Some(parent) => {
            name.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent))
        }
    }
}
