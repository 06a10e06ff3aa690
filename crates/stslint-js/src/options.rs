//! The options of `lint` and `fix`.

use js_sys::{Object, Reflect};
use stslint::{Declared, Input, Kind, host};
use wasm_bindgen::JsValue;

use crate::text::{shown, string};
use crate::{Result, complaint, to_ascii};

/// What offsets count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes of the text as UTF-8, or of the bytes as they are.
    Utf8,
    /// Units of a JavaScript string.
    Utf16,
}

impl Encoding {
    const ALL: [Self; 2] = [Self::Utf16, Self::Utf8];

    const fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
        }
    }
}

/// Options that have been read.
#[derive(Debug, Default)]
pub(crate) struct Options {
    domain: Option<String>,
    /// What offsets are to count in; when absent, what the text itself counts in.
    pub(crate) encoding: Option<Encoding>,
    /// The name of the file, as given.
    pub(crate) file_name: Option<String>,
    pub(crate) kind: Option<Declared>,
    line_ends_known: Option<bool>,
}

impl Options {
    /// Reads an object of options. Whoever misspells one is told so: a lint of something else than
    /// was meant would be worse than an error.
    pub(crate) fn read(value: &JsValue) -> Result<Self> {
        let mut options = Self::default();
        if value.is_undefined() {
            return Ok(options);
        }
        let Some(object) = Object::try_from(value) else {
            return Err(complaint(&format!("the options must be an object, not {}", shown(value))));
        };
        for key in Object::keys(object).iter() {
            let value = Reflect::get(object, &key)?;
            options.set(&key.as_string().unwrap_or_default(), &value)?;
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &JsValue) -> Result<()> {
        if value.is_undefined() && Self::NAMES.contains(&name) {
            return Ok(());
        }
        let text = string(value);
        let text = text.as_deref();
        let taken = match name {
            "domain" => {
                put(&mut self.domain, text.and_then(|text| host::domain_name(text, Some(to_ascii))))
            }
            "encoding" => {
                let is_meant = |encoding: &Encoding| text == Some(encoding.word());
                put(&mut self.encoding, Encoding::ALL.into_iter().find(is_meant))
            }
            "fileName" => put(&mut self.file_name, text.map(str::to_owned)),
            "kind" => put(&mut self.kind, text.and_then(Declared::from_word)),
            "lineEndsKnown" => put(&mut self.line_ends_known, value.as_bool()),
            _ => {
                let names = one_of(Self::NAMES.iter().copied());
                return Err(complaint(&format!("there is no option {name:?}, only {names}")));
            }
        };
        if taken {
            return Ok(());
        }
        let allowed = match name {
            "domain" => String::from("a domain name like \"example.com\""),
            "encoding" => one_of(Encoding::ALL.into_iter().map(Encoding::word)),
            "kind" => {
                let all = Declared::ALL.into_iter().chain([Kind::Live.into()]);
                one_of(all.map(Declared::word))
            }
            "lineEndsKnown" => String::from("true or false"),
            _ => String::from("a string of at most 1 MiB"),
        };
        let value = shown(value);
        Err(complaint(&format!("the option {name:?} must be {allowed}, not {value}")))
    }

    const NAMES: [&str; 5] = ["kind", "domain", "lineEndsKnown", "encoding", "fileName"];

    /// The engine's input.
    pub(crate) fn input<'a>(&'a self, source: &'a [u8]) -> Input<'a> {
        let base_name = |name: &'a str| name.rsplit(['/', '\\']).next().filter(|n| !n.is_empty());
        let input = Input {
            domain: self.domain.as_deref(),
            line_ends_known: self.line_ends_known.unwrap_or(true),
            file_name: self.file_name.as_deref().and_then(base_name),
            to_ascii: Some(to_ascii),
            ..Input::new(source)
        };
        input.declared(self.kind)
    }
}

/// Keeps a value if there is one, and tells whether.
fn put<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_some()
}

/// Words as a choice: `"a", "b" or "c"`.
fn one_of(words: impl Iterator<Item = &'static str>) -> String {
    let words: Vec<String> = words.map(|word| format!("{word:?}")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_words() {
        assert_eq!(one_of(["a", "b", "c"].into_iter()), r#""a", "b" or "c""#);
        assert_eq!(one_of(std::iter::once("a")), r#""a""#);
    }

    #[test]
    fn folders_are_no_part_of_a_file_name() {
        for (name, base) in [
            ("a.json", Some("a.json")),
            ("reports/b.json", Some("b.json")),
            ("C:\\c.json", Some("c.json")),
            ("folder/", None),
        ] {
            let options = Options { file_name: Some(name.to_owned()), ..Options::default() };
            assert_eq!(options.input(b"").file_name, base);
        }
    }
}
