//! Facts as JSON: the format of `stslint lint --kind live`, documented in the README of the command.
//!
//! Reading is strict, since a misspelt fact would be an unknown one, and all would look fine.

mod members;

use super::facts::Facts;
use super::places::Places;
use crate::json::{self, Data, Value};
use crate::text::Span;

/// A text that is not facts as they have to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The place.
    pub span: Span,
    /// What is wrong there, as a sentence without a full stop.
    pub text: String,
}

/// Reads facts.
///
/// # Errors
///
/// Everything that is no fact, in the order of the text.
pub fn read(source: &str) -> Result<Facts, Vec<Problem>> {
    read_with_places(source).map(|(facts, _)| facts)
}

pub(super) fn read_with_places(source: &str) -> Result<(Facts, Places<'_>), Vec<Problem>> {
    let (root, damage) = json::read(source);
    let mut reader = Reader { problems: Vec::new() };
    for json::Problem { span, text } in damage {
        reader.problems.push(Problem { span, text: format!("This is not JSON: {text}") });
    }
    let mut places = Places::new(&root);
    let mut facts = Facts::default();
    if reader.problems.is_empty() {
        facts = reader.facts(&root, &mut places);
    }
    if reader.problems.is_empty() {
        return Ok((facts, places));
    }
    reader.problems.sort_by_key(|problem| problem.span);
    Err(reader.problems)
}

/// A text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Reads values and notes what is wrong with them.
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, value: &Value, text: String) {
        self.problems.push(Problem { span: value.span, text });
    }

    /// The members of an object, each of a known name and none twice.
    fn object<'v, 'a>(
        &mut self,
        value: &'v Value<'a>,
        name: &str,
        known: &[&str],
    ) -> Vec<(String, &'v Value<'a>)> {
        let Data::Object(members) = &value.data else {
            self.problem(value, format!("`{name}` has to be an object"));
            return Vec::new();
        };
        let mut list: Vec<(String, &Value)> = Vec::with_capacity(members.len());
        for member in members {
            let key = member.key.decode().text.into_owned();
            if !known.is_empty() && !known.contains(&key.as_str()) {
                let text =
                    format!("`{key}` is unknown in `{name}`; known are {}", known.join(", "));
                self.problems.push(Problem { span: member.key.span, text });
            } else if list.iter().any(|(other, _)| *other == key) {
                let text = format!("`{key}` is there twice");
                self.problems.push(Problem { span: member.key.span, text });
            } else {
                list.push((key, &member.value));
            }
        }
        list
    }

    fn text(&mut self, value: &Value, name: &str) -> String {
        let Some(text) = value.as_text() else {
            self.problem(value, format!("`{name}` has to be a text"));
            return String::new();
        };
        text.decode().text.into_owned()
    }

    fn flag(&mut self, value: &Value, name: &str) -> Option<bool> {
        if let Data::Bool(flag) = value.data {
            return Some(flag);
        }
        self.problem(value, format!("`{name}` has to be true or false"));
        None
    }

    fn number(&mut self, value: &Value, name: &str, max: u64) -> Option<u64> {
        let number = value.as_integer().filter(|number| *number <= max);
        if number.is_none() {
            self.problem(value, format!("`{name}` has to be a whole number from 0 to {max}"));
        }
        number
    }

    fn list<'v, 'a>(&mut self, value: &'v Value<'a>, name: &str) -> &'v [Value<'a>] {
        if let Data::Array(elements) = &value.data {
            return elements;
        }
        self.problem(value, format!("`{name}` has to be a list"));
        &[]
    }

    /// A list of texts; a single one need not be in a list.
    fn texts(&mut self, value: &Value, name: &str) -> Vec<String> {
        if value.as_text().is_some() {
            return vec![self.text(value, name)];
        }
        self.list(value, name).iter().map(|value| self.text(value, name)).collect()
    }

    /// Names in lower case without root dot.
    fn names(&mut self, value: &Value, name: &str) -> Vec<String> {
        self.texts(value, name).iter().map(|name| plain_name(name)).collect()
    }

    /// A point in time.
    fn time(&mut self, value: &Value, name: &str) -> Option<i64> {
        let text = self.text(value, name);
        let time = crate::time::parse(&text).filter(|time| time.has_offset);
        if time.is_none() {
            let text = format!("`{name}` has to be a time like 2026-10-01T12:00:00Z");
            self.problem(value, text);
        }
        time.map(|time| time.seconds)
    }

    /// One of these words.
    fn word(&mut self, value: &Value, name: &str, words: &[&str]) -> String {
        let text = self.text(value, name);
        if value.as_text().is_some() && !words.contains(&text.as_str()) {
            self.problem(value, format!("`{name}` has to be one of {}", words.join(", ")));
        }
        text
    }
}

/// A name in lower case without root dot; the root itself stays.
pub(super) fn plain_name(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    name.strip_suffix('.').filter(|rest| !rest.is_empty()).map(str::to_owned).unwrap_or(name)
}
