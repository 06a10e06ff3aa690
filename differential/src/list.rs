//! The list of what is known to differ, and why: `tests/differential.json`.
//!
//! An entry has the `software`; the `example`, an input that is asked about in every run and has to differ in the
//! way of the entry; the `shape` of all inputs that it explains; what the `software` does and the `model` says;
//! and `why` the model stays as it is.

use crate::case::{Case, Said};
use serde_json::Value;

/// An entry.
#[derive(Debug)]
pub struct Known {
    /// The software that differs from its model.
    pub software: String,
    /// What the inputs have in common.
    pub shape: Shape,
    /// One of them.
    pub example: Case,
    /// What the software does.
    pub does: String,
    /// What the model says.
    pub says: String,
    /// Why the model stays as it is.
    pub why: String,
}

impl Known {
    /// Whether it explains that software and model differ over an input.
    pub fn explains(&self, software: &str, case: &Case, real: &Said, model: &Said) -> bool {
        self.software == software
            && self.example.kind() == case.kind()
            && match self.shape {
                Shape::Input => self.example == *case,
                Shape::Charset => {
                    names(case, &["charset"])
                        && !is_ascii(case)
                        && plain(real, is_foreign).agrees(&plain(model, is_foreign))
                }
                Shape::OtherCharset => {
                    let Said::Rejected(why) = model else { return false };
                    why == "Charset at 0" && real.is_yes() && names(case, &OTHER_CHARSETS)
                }
                Shape::Digits => {
                    let Said::Rejected(why) = model else { return false };
                    why.starts_with("MaxAge at") && real.is_yes() && foreign_digits(case)
                }
                Shape::Idna => {
                    let Case::Name { name, .. } = case else { return false };
                    *real == Said::Match(false) && model.is_yes() && other_by_idna(name)
                }
                Shape::Undecodable => {
                    undecodable(case) && plain(real, is_sign).agrees(&plain(model, is_sign))
                }
            }
    }
}

/// What inputs have in common that one entry explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// They name a character set, have bytes outside ASCII, and the only difference is what those become.
    Charset,
    /// They have digits outside ASCII, and the model stumbles over the lifetime.
    Digits,
    /// The name becomes another by IDNA.
    Idna,
    /// They are the example.
    Input,
    /// They name a character set that the model does not know.
    OtherCharset,
    /// They have bytes that are not UTF-8, and the only difference is what stands for those.
    Undecodable,
}

impl Shape {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "charset" => Some(Self::Charset),
            "digits" => Some(Self::Digits),
            "idna" => Some(Self::Idna),
            "input" => Some(Self::Input),
            "other-charset" => Some(Self::OtherCharset),
            "undecodable" => Some(Self::Undecodable),
            _ => None,
        }
    }
}

fn undecodable(case: &Case) -> bool {
    let broken = |text: &[u8]| std::str::from_utf8(text).is_err();
    match case {
        Case::Policy { body, .. } => broken(body),
        Case::Records(records) => records.iter().any(|record| broken(record)),
        Case::Name { .. } => false,
    }
}

/// Some that the software knows, and the model does not.
const OTHER_CHARSETS: [&str; 2] = ["charset=utf-8-sig", "charset=koi8-r"];

/// Whether the media type has one of these in it.
fn names(case: &Case, words: &[&str]) -> bool {
    let Case::Policy { media_type: Some(media_type), .. } = case else { return false };
    let media_type = media_type.to_ascii_lowercase();
    words.iter().any(|word| media_type.contains(word))
}

fn is_ascii(case: &Case) -> bool {
    matches!(case, Case::Policy { body, .. } if body.is_ascii())
}

fn foreign_digits(case: &Case) -> bool {
    let Case::Policy { body, .. } = case else { return false };
    String::from_utf8_lossy(body).contains(|c: char| c.is_numeric() && !c.is_ascii())
}

/// Whether more than case and the spelling of labels in Punycode is another after a conversion.
fn other_by_idna(name: &str) -> bool {
    let there = idna::domain_to_ascii(name).map(|name| idna::domain_to_unicode(&name).0);
    there.is_ok_and(|there| there != name.trim().to_lowercase())
}

/// What stands for bytes that could not be decoded.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{1a}' | char::REPLACEMENT_CHARACTER)
}

/// The same, or white space that stands for another, or a character that could be.
fn is_foreign(c: char) -> bool {
    is_sign(c) || c == '\u{1f}' || !c.is_ascii()
}

/// With one sign for all `signs` in a row.
fn plain(said: &Said, signs: fn(char) -> bool) -> Said {
    let text = |text: &String| {
        let mut out = String::new();
        for c in text.chars() {
            let c = if signs(c) { char::REPLACEMENT_CHARACTER } else { c };
            if !signs(c) || !out.ends_with(c) {
                out.push(c);
            }
        }
        out
    };
    match said {
        Said::Accepted(effective) => {
            let mut effective = effective.clone();
            effective.mx = effective.mx.iter().map(text).collect();
            Said::Accepted(effective)
        }
        Said::Found(id) => Said::Found(text(id)),
        said => said.clone(),
    }
}

/// The committed list.
pub fn committed() -> Vec<Known> {
    read(include_str!("../../tests/differential.json")).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads a list; the error says which entry is wrong.
fn read(text: &str) -> Result<Vec<Known>, String> {
    let entries: Vec<Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let entry = |(nth, entry): (usize, &Value)| {
        let text = |key: &str| {
            let text = entry[key].as_str().filter(|text| !text.is_empty());
            text.map(str::to_owned).ok_or_else(|| format!("entry {nth} has no {key}"))
        };
        let shape = text("shape")?;
        Ok(Known {
            software: text("software")?,
            shape: Shape::from_word(&shape)
                .ok_or_else(|| format!("entry {nth}: no shape {shape}"))?,
            example: Case::from_json(&entry["example"])
                .ok_or_else(|| format!("entry {nth} has no example"))?,
            does: text("does")?,
            says: text("model")?,
            why: text("why")?,
        })
    };
    entries.iter().enumerate().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_list_is_read() {
        assert!(!committed().is_empty());
    }

    #[test]
    fn an_entry_needs_all_of_its_parts() {
        let whole = r#"[{"software": "a", "shape": "input", "example": {"records": ["b"]}, "does": "c", "model": "d",
            "why": "e"}]"#;
        assert_eq!(read(whole).unwrap().len(), 1);
        for (part, error) in [
            (r#""software": "a""#, "entry 0 has no software"),
            (r#""records": ["b"]"#, "entry 0 has no example"),
            (r#""why": "e""#, "entry 0 has no why"),
        ] {
            assert_eq!(read(&whole.replace(part, r#""x": 1"#)).unwrap_err(), error);
        }
        let other = read(&whole.replace("input", "all")).unwrap_err();
        assert_eq!(other, "entry 0: no shape all");
    }

    #[test]
    fn only_what_stands_for_broken_bytes_may_differ() {
        let known = Known {
            software: "a".into(),
            shape: Shape::Undecodable,
            example: Case::Records(vec![vec![0xff]]),
            does: String::new(),
            says: String::new(),
            why: String::new(),
        };
        let found = |id: &str| Said::Found(id.into());
        let broken = Case::Records(vec![b"\xff\xfe".to_vec()]);
        let real = found("1\u{fffd}2");
        assert!(known.explains("a", &broken, &real, &found("1\u{1a}\u{1a}2")));
        assert!(!known.explains("a", &broken, &real, &found("1\u{1a}\u{1a}3")));
        assert!(!known.explains("b", &broken, &real, &found("1\u{1a}\u{1a}2")));
        let whole = Case::Records(vec![b"1".to_vec()]);
        assert!(!known.explains("a", &whole, &real, &found("1\u{1a}\u{1a}2")));
    }
}
