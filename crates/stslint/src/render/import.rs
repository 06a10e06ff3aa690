//! Reads the JSON output (`render::json`) again: what was linted, so that it can be linted anew.
//!
//! Of its findings only the codes are read, to tell what this version sees differently: its own findings count.

use crate::json::{self, Value};
use crate::{Declared, Input, host};
use base64ct::{Base64, Encoding};

/// What a document is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The version of stslint that made it.
    pub version: String,
    /// Its inputs.
    pub sources: Vec<Source>,
    /// The codes that it lists for each of them, in its order; empty where that can't be read.
    pub codes: Vec<Vec<String>>,
}

/// An input of a document, with all that its result depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file name as given, or `-` for standard input.
    pub name: String,
    /// The name of the file without folders, where there was a file.
    pub file_name: Option<String>,
    /// What it was declared to be, if it was.
    pub declared: Option<Declared>,
    /// The domain that it was linted for, as A-labels.
    pub domain: Option<String>,
    /// Whether it has the line ends that senders see.
    pub line_ends_known: bool,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Source {
    /// What to lint.
    pub fn input(&self) -> Input<'_> {
        let input = Input {
            domain: self.domain.as_deref(),
            line_ends_known: self.line_ends_known,
            file_name: self.file_name.as_deref(),
            ..Input::new(&self.bytes)
        };
        input.declared(self.declared)
    }
}

/// Why a text is no document that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The member of this name is missing or has no meaning in the source of this number, from 0.
    Member {
        /// Which source.
        source: usize,
        /// The member.
        name: &'static str,
    },
    /// It is no JSON.
    NotJson,
    /// It is JSON, but no result of stslint.
    NotOurs,
    /// It is of another version of the schema.
    Schema(u64),
    /// It is a result without its inputs, as stslint made them before it had `sources`.
    WithoutSources,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Member { source, name } => {
                write!(f, "The file is damaged: `{name}` of input {} can't be read.", source + 1)
            }
            Self::NotJson => f.write_str("This is not JSON. Was it cut off?"),
            Self::NotOurs => f.write_str("This is JSON, but no result of stslint."),
            Self::Schema(version) => {
                write!(f, "This result has schema {version}; schema 1 can be read.")
            }
            Self::WithoutSources => f.write_str("This result does not hold what was linted."),
        }
    }
}

impl std::error::Error for Error {}

/// Reads a document. Members that it does not know are skipped, as schema 1 may get new ones.
pub fn import(document: &str) -> Result<Imported, Error> {
    let (root, problems) = json::read(document.trim_start_matches('\u{feff}'));
    if !problems.is_empty() {
        return Err(Error::NotJson);
    }
    if root.get("inputs").is_none() {
        return Err(Error::NotOurs);
    }
    match root.get("schema").and_then(Value::as_integer) {
        Some(1) => {}
        Some(other) => return Err(Error::Schema(other)),
        None => return Err(Error::NotOurs),
    }
    let sources = match root.get("sources").map(|sources| &sources.data) {
        None => return Err(Error::WithoutSources),
        Some(json::Data::Array(sources)) => sources,
        Some(_) => return Err(Error::NotOurs),
    };
    let version = text(&root, "stslint").ok_or(Error::NotOurs)?;
    let sources: Result<Vec<_>, _> = sources
        .iter()
        .enumerate()
        .map(|(i, value)| source(value).map_err(|name| Error::Member { source: i, name }))
        .collect();
    let sources = sources?;
    let codes = codes(&root, sources.len()).unwrap_or_default();
    Ok(Imported { version, sources, codes })
}

/// The codes of all findings, for each of so many sources; nothing if one of them can't be read.
fn codes(root: &Value, sources: usize) -> Option<Vec<Vec<String>>> {
    let mut codes = vec![Vec::new(); sources];
    for entry in root.get("inputs")?.elements() {
        let source = usize::try_from(entry.get("source")?.as_integer()?).ok()?;
        let of_source = codes.get_mut(source)?;
        for finding in entry.get("findings")?.elements() {
            of_source.push(text(finding, "code").filter(|code| is_code(code))?);
        }
        // What was left out on demand was seen all the same.
        for rule in entry.get("ignored").into_iter().flat_map(Value::elements) {
            of_source.push(text(rule, "code").filter(|code| is_code(code))?);
        }
    }
    Some(codes)
}

/// Whether a text may be the code of a rule, of a later version too.
fn is_code(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.len() <= 20 && text.bytes().all(allowed)
}

/// One source; or the name of the member that is wrong.
fn source(value: &Value) -> Result<Source, &'static str> {
    let bytes = match (text(value, "text"), text(value, "base64")) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(digits)) => Base64::decode_vec(&digits).map_err(|_| "base64")?,
        _ => return Err("text"),
    };
    let kind = optional(value, "kind")?;
    Ok(Source {
        name: text(value, "name").ok_or("name")?,
        file_name: optional(value, "file_name")?,
        declared: kind.map(|word| Declared::from_word(&word).ok_or("kind")).transpose()?,
        domain: match optional(value, "domain")? {
            Some(domain) if !host::is_host_name(&domain) => return Err("domain"),
            domain => domain,
        },
        line_ends_known: match value.get("line_ends_known").map(|value| &value.data) {
            Some(json::Data::Bool(known)) => *known,
            _ => return Err("line_ends_known"),
        },
        bytes,
    })
}

fn text(object: &Value, name: &str) -> Option<String> {
    Some(object.get(name)?.as_text()?.decode().text.into_owned())
}

/// A text or null.
fn optional(object: &Value, name: &'static str) -> Result<Option<String>, &'static str> {
    match object.get(name) {
        Some(Value { data: json::Data::Null, .. }) => Ok(None),
        _ => text(object, name).map(Some).ok_or(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"schema":1,"stslint":"0.1.0","later":[],"inputs":[],"sources":[
        {"name":"a/b.txt","file_name":"b.txt","kind":"policy","domain":"a.example","later":1,
         "line_ends_known":true,"text":"version: STSv1\r\n\u00e4"},
        {"name":"-","file_name":null,"kind":null,"domain":null,"line_ends_known":false,"base64":"//79"}]}"#;

    #[test]
    fn inputs_come_back() {
        let imported = import(GOOD).expect("it is good");
        assert_eq!(imported.version, "0.1.0");
        let [first, second] = &imported.sources[..] else { panic!("{imported:?}") };
        assert_eq!(first.bytes, "version: STSv1\r\nä".as_bytes());
        assert_eq!(
            (first.name.as_str(), first.declared),
            ("a/b.txt", Some(crate::Kind::Policy.into()))
        );
        let input = first.input();
        assert_eq!((input.file_name, input.domain), (Some("b.txt"), Some("a.example")));
        assert!(input.line_ends_known && !second.line_ends_known);
        assert_eq!((&second.bytes[..], second.declared), (&b"\xff\xfe\xfd"[..], None));
        assert_eq!(second.input().file_name, None);
    }

    #[test]
    fn codes_come_back_for_each_input_or_not_at_all() {
        let with = |inputs: &str| {
            let document = GOOD.replace("\"inputs\":[]", &format!("\"inputs\":[{inputs}]"));
            import(&document).expect("its sources are good").codes
        };
        let entry = |source, code| {
            format!("{{\"source\":{source},\"findings\":[{{\"code\":\"{code}\"}}]}}")
        };
        let both =
            [entry(1, "STS-POL-051"), entry(0, "LATER-1"), entry(1, "STS-POL-002")].join(",");
        assert_eq!(with(&both), [vec!["LATER-1"], vec!["STS-POL-051", "STS-POL-002"]]);
        assert_eq!(with(""), [const { Vec::<String>::new() }; 2]);
        let ignored = r#"{"source":0,"findings":[],"ignored":[{"code":"STS-POL-103","count":2}]}"#;
        assert_eq!(with(ignored)[0], ["STS-POL-103"]);
        for wrong in [entry(2, "STS-POL-051"), entry(0, "<b>"), entry(0, ""), "{}".into()] {
            assert_eq!(with(&wrong), Vec::<Vec<String>>::new(), "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let member = |name| Error::Member { source: 1, name };
        for (from, to, want) in [
            ("{\"schema\"", "{\"schema", Error::NotJson),
            ("}]}", "}]", Error::NotJson),
            ("\"schema\":1", "\"schema\":2", Error::Schema(2)),
            ("\"schema\":1", "\"schema\":\"1\"", Error::NotOurs),
            ("\"inputs\"", "\"outputs\"", Error::NotOurs),
            ("\"sources\"", "\"source\"", Error::WithoutSources),
            ("\"0.1.0\"", "1", Error::NotOurs),
            ("\"sources\":[", "\"sources\":1,\"x\":[", Error::NotOurs),
            ("\"-\"", "0", member("name")),
            ("\"file_name\":null", "\"file_name\":0", member("file_name")),
            ("\"kind\":null", "\"kind\":\"poem\"", member("kind")),
            ("\"domain\":null", "\"domain\":\"a b\"", member("domain")),
            ("\"domain\":null,", "", member("domain")),
            ("\"line_ends_known\":false", "\"line_ends_known\":0", member("line_ends_known")),
            ("\"base64\":\"//79\"", "\"base64\":\"//7\"", member("base64")),
            ("\"base64\"", "\"base32\"", member("text")),
            ("\"base64\"", "\"text\":\"\",\"base64\"", member("text")),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let got = import(&GOOD.replace(from, to));
            assert_eq!(got, Err(want), "{to}");
            assert!(want.to_string().ends_with(['.', '?']), "{want}");
        }
        for text in ["", "[]", "{}", "\"schema\"", "{\"inputs\":[]}"] {
            assert!(import(text).is_err(), "{text}");
        }
    }
}
