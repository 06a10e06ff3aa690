//! Explanations in a file of their own, for programs that do not have them built in.
//!
//! The file is a JSON object with one member for each rule, by its code:
//! `{"why": …, "effect": …, "help": …, "clause": …, "fails": EXAMPLE, "passes": EXAMPLE or null}`.
//! An example is `{"kind": …, "text": …}`, with `"domain"` and `"file"`, its name, where the
//! rule needs one; instead of `text` it has `hex` for bytes that are no text, or `long`, a list of start, unit, number of
//! units and end.

use crate::input::Declared;
use crate::json::{self, Value};
use crate::rule::{Example, Text, Words};

/// Reads such a file: code and explanation of each rule. What cannot be understood is left out.
/// The texts are never given back: a program reads the file once.
pub fn read(file: &str) -> Vec<(String, Words)> {
    let (root, _) = json::read(file);
    let rule = |member: &json::Member| {
        Some((member.key.decode().text.into_owned(), words(&member.value)?))
    };
    root.members().iter().filter_map(rule).collect()
}

fn words(value: &Value) -> Option<Words> {
    Some(Words {
        why: text(value, "why")?,
        effect: text(value, "effect")?,
        help: text(value, "help")?,
        clause: text(value, "clause")?,
        fails: example(value.get("fails")?)?,
        passes: value.get("passes").and_then(example),
    })
}

fn example(value: &Value) -> Option<Example> {
    let declared = Declared::from_word(text(value, "kind")?)?;
    let text_of_example = if let Some(plain) = text(value, "text") {
        Text::Plain(plain)
    } else if let Some(hex) = text(value, "hex") {
        Text::Bytes(base16ct::lower::decode_vec(hex).ok()?.leak())
    } else {
        let [start, unit, times, end] = value.get("long")?.elements() else { return None };
        Text::Long {
            start: leaked(start)?,
            unit: leaked(unit)?,
            times: usize::try_from(times.as_integer()?).ok()?,
            end: leaked(end)?,
        }
    };
    Some(Example {
        declared,
        text: text_of_example,
        domain: text(value, "domain"),
        file_name: text(value, "file"),
    })
}

fn text(value: &Value, key: &str) -> Option<&'static str> {
    leaked(value.get(key)?)
}

fn leaked(value: &Value) -> Option<&'static str> {
    Some(value.as_text()?.decode().text.into_owned().leak())
}
