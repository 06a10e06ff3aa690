//! The JSON reader beside `serde_json`, on the same bytes.

use crate::{Outcome, ensure, shown};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use std::fmt;
use stslint::json::{Data, Problem, Text, Value, read};

/// Where `serde_json` stops reading: it takes 127 levels of nesting, and no more than that.
const THEIR_DEPTH: usize = 127;

/// Both readers take the same texts for JSON and read the same from them. They differ on purpose
/// in this, and in nothing else:
///
/// * Half a surrogate pair (`\ud800` alone) is within the grammar (RFC 8259 §8.2); the engine reads
///   U+FFFD, `serde_json` refuses it as no text in Rust can hold it.
/// * A number too large for a double is within the grammar (RFC 8259 §6); the engine keeps how
///   it is spelled, `serde_json` refuses it.
/// * The engine reads one level of nesting more.
/// * The engine goes on after a problem; its value of a broken text is compared with nothing.
pub fn check(bytes: &[u8]) -> Outcome {
    let theirs = serde_json::from_slice::<Node>(bytes);
    let Ok(text) = str::from_utf8(bytes) else {
        ensure!(theirs.is_err(), "serde_json reads what is no UTF-8: {}", shown(bytes));
        return Ok(());
    };
    let (value, problems) = read(text);
    tiles(text, &value)?;
    for problem in &problems {
        ensure!(text.get(problem.span.range()).is_some(), "{problem:?}: {}", shown(bytes));
    }
    match theirs {
        Ok(theirs) => {
            ensure!(problems.is_empty(), "{problems:?} in good JSON: {}", shown(bytes));
            same(&value, &theirs).map_err(|what| format!("{what}: {}", shown(bytes)))
        }
        Err(error) => refused(text, &value, &problems, &error),
    }
}

/// What `serde_json` refuses has a problem for us too, or one of the differences on purpose.
fn refused(text: &str, value: &Value, problems: &[Problem], error: &serde_json::Error) -> Outcome {
    let said = error.to_string();
    let is = |what: &str| said.starts_with(what);
    let on_purpose = if is("recursion limit exceeded") {
        let too_deep = problems.iter().any(|problem| problem.text == "too many levels of nesting");
        ensure!(
            depth(value) > THEIR_DEPTH || too_deep,
            "{said}, but there are {} levels: {}",
            depth(value),
            shown(text.as_bytes())
        );
        true
    } else if is("lone leading surrogate in hex escape") || is("unexpected end of hex escape") {
        text.contains("\\ud") || text.contains("\\uD")
    } else {
        is("number out of range")
    };
    // The readers stop at different places: behind a difference on purpose anything may follow.
    let agree = on_purpose || !problems.is_empty();
    ensure!(agree, "only serde_json says “{said}”: {}", shown(text.as_bytes()));
    // Where the text just ends, nothing of ours may say that all is well either.
    ensure!(
        error.classify() != Category::Eof || !problems.is_empty() || on_purpose,
        "{said}: {}",
        shown(text.as_bytes())
    );
    Ok(())
}

fn depth(value: &Value) -> usize {
    let of = |value: &Value| 1 + depth(value);
    match &value.data {
        Data::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or(0),
        Data::Object(members) => members.iter().map(|member| of(&member.value)).max().unwrap_or(1),
        _ => 0,
    }
}

/// Values lie within what holds them, one after the other.
fn tiles(text: &str, value: &Value) -> Outcome {
    ensure!(text.get(value.span.range()).is_some(), "a value at {:?}: {text:?}", value.span);
    let mut at = value.span.start;
    let inner = value.elements().iter().map(|element| element.span);
    let members = value.members().iter();
    let spans: Vec<_> = inner.chain(members.flat_map(|m| [m.key.span, m.value.span])).collect();
    for span in spans {
        ensure!(at <= span.start && span.end <= value.span.end, "{span:?} in {:?}", value.span);
        at = span.end;
    }
    value.elements().iter().try_for_each(|element| tiles(text, element))?;
    value.members().iter().try_for_each(|member| tiles(text, &member.value))
}

fn same(ours: &Value, theirs: &Node) -> Outcome {
    match (&ours.data, theirs) {
        (Data::Null, Node::Null) => Ok(()),
        (Data::Bool(ours), Node::Bool(theirs)) if ours == theirs => Ok(()),
        (Data::Number(spelling), theirs) => same_number(ours, spelling, theirs),
        (Data::String(text), Node::String(theirs)) => same_text(text, theirs),
        (Data::Array(ours), Node::Array(theirs)) => {
            ensure!(ours.len() == theirs.len(), "{} and {} elements", ours.len(), theirs.len());
            ours.iter().zip(theirs).try_for_each(|(ours, theirs)| same(ours, theirs))
        }
        (Data::Object(members), Node::Object(theirs)) => {
            ensure!(members.len() == theirs.len(), "{} and {}", members.len(), theirs.len());
            for (member, (key, value)) in members.iter().zip(theirs) {
                same_text(&member.key, key)?;
                same(&member.value, value)?;
            }
            // Of repeated members the first one is found.
            for (key, value) in theirs {
                let first = theirs.iter().find(|(other, _)| other == key).map(|(_, v)| v);
                let found = ours.get(key).ok_or_else(|| format!("{key:?} is not found"))?;
                same(found, first.unwrap_or(value))?;
            }
            Ok(())
        }
        (ours, theirs) => Err(format!("{ours:?} is not {theirs:?}")),
    }
}

fn same_number(value: &Value, spelling: &str, theirs: &Node) -> Outcome {
    let same = match theirs {
        Node::Whole(number) => value.as_integer() == Some(*number),
        // No sign, no fraction, no exponent: that is what the engine calls an integer.
        Node::Negative(number) => value.as_integer().is_none() && spelling.parse() == Ok(*number),
        Node::Double(number) => {
            let ours: Result<f64, _> = spelling.parse();
            value.as_integer().is_none() && ours.map(f64::to_bits) == Ok(number.to_bits())
        }
        _ => false,
    };
    ensure!(same, "the number {spelling} is not {theirs:?}");
    Ok(())
}

fn same_text(ours: &Text, theirs: &str) -> Outcome {
    let decoded = ours.decode();
    ensure!(decoded.text == theirs, "{:?} is not {theirs:?}", decoded.text);
    ensure!(ours.is(theirs), "{theirs:?} is not recognised");
    Ok(())
}

/// What `serde_json` reads, with repeated members.
#[derive(Debug)]
enum Node {
    Array(Vec<Node>),
    Bool(bool),
    Double(f64),
    Negative(i64),
    Null,
    Object(Vec<(String, Node)>),
    String(String),
    Whole(u64),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Whole(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Negative(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Double(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(Node::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Node::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_on_purpose_are_no_failures() {
        for text in ["\"\\ud800\"", "[1e999]", "\"\\udc00x\""] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
            assert_eq!(read(text).1, [], "{text}");
        }
        for (levels, good) in
            [(THEIR_DEPTH, true), (THEIR_DEPTH + 1, true), (THEIR_DEPTH + 2, false)]
        {
            let text = ["[".repeat(levels), "]".repeat(levels)].concat();
            assert_eq!(check(text.as_bytes()), Ok(()), "{levels}");
            assert_eq!(read(&text).1.is_empty(), good, "{levels}");
        }
    }

    #[test]
    fn every_form_of_a_value_is_read_alike() {
        for text in [
            r#""\"\\\/\b\f\n\r\t\u00e9\u0000\ud83d\uDE00 é""#,
            r#"{"\u0061":1,"a":2,"":3}"#,
            "[0,-0,0.0,1e3,1E+3,-1.5e-3,18446744073709551615,18446744073709551616,5e-324]",
            "[-9223372036854775808,-9223372036854775809,0.1,123456789012345678901234567890]",
            " [ true , false , null ] ",
            "{}",
            "\"\"",
        ] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
            assert_eq!(read(text).1, [], "{text}");
        }
        for text in [
            "",
            "[",
            "[1,]",
            "{\"a\"}",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "nul",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\t\"",
            "[1 2]",
            "{a:1}",
            "'a'",
            "\u{feff}1",
            "1 1",
            "\"",
        ] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
            assert_ne!(read(text).1, [], "{text}");
        }
    }

    #[test]
    fn other_differences_are_found() {
        let node = |text| serde_json::from_str::<Node>(text).expect("JSON");
        for (ours, theirs) in [
            ("1", "2"),
            ("1", "1.0"),
            ("\"a\"", "\"b\""),
            ("[1]", "[1,1]"),
            ("{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}"),
            ("{\"a\":1}", "{\"\\u0062\":1}"),
            ("null", "false"),
        ] {
            assert!(same(&read(ours).0, &node(theirs)).is_err(), "{ours} {theirs}");
        }
    }
}
