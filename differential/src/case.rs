//! What software is asked about, and what it says.

use serde_json::{Value, json};
use stslint::senders::model::{Answer, Discovery, Effective, Model, Reading};

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The answer of a policy host.
    Policies,
    /// The records at `_mta-sts`.
    Records,
    /// A pattern and a name.
    Names,
}

impl Kind {
    /// All kinds, in the order of the tables.
    pub const ALL: [Self; 3] = [Self::Policies, Self::Records, Self::Names];

    /// Its name in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Policies => "policies",
            Self::Records => "records",
            Self::Names => "names",
        }
    }
}

/// An input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    /// The answer of a policy host: status, media type, body.
    Policy { status: u16, media_type: Option<String>, body: Vec<u8> },
    /// The TXT records at `_mta-sts`, each with its strings joined.
    Records(Vec<Vec<u8>>),
    /// A pattern of a policy, and the name of an MX host.
    Name { pattern: String, name: String },
}

const PLAIN: &str = "text/plain";

impl Case {
    /// A policy as it should come: status 200, `text/plain`.
    pub fn policy(body: Vec<u8>) -> Self {
        Self::Policy { status: 200, media_type: Some(PLAIN.into()), body }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Policy { .. } => Kind::Policies,
            Self::Records(_) => Kind::Records,
            Self::Name { .. } => Kind::Names,
        }
    }

    /// As JSON, for the list and for drivers: `{"policy": "…", "status": 404, "type": null}`, in which 200 and
    /// `text/plain` are left out, `{"records": ["…"]}`, or `{"pattern": "…", "name": "…"}`. A text that is
    /// not UTF-8 is `{"hex": "…"}`.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Policy { status, media_type, body } => {
                let mut line = json!({ "policy": bytes_to_json(body) });
                if *status != 200 {
                    line["status"] = json!(status);
                }
                if media_type.as_deref() != Some(PLAIN) {
                    line["type"] = json!(media_type);
                }
                line
            }
            Self::Records(records) => {
                let records: Vec<Value> =
                    records.iter().map(|record| bytes_to_json(record)).collect();
                json!({ "records": records })
            }
            Self::Name { pattern, name } => json!({ "pattern": pattern, "name": name }),
        }
    }

    /// What [`Case::to_json`] wrote; none where something else is there.
    pub fn from_json(line: &Value) -> Option<Self> {
        if let Some(body) = line.get("policy") {
            let status = line.get("status").map_or(Some(200), Value::as_u64)?;
            let media_type = match line.get("type") {
                None => Some(PLAIN.to_owned()),
                Some(Value::Null) => None,
                Some(media_type) => Some(media_type.as_str()?.to_owned()),
            };
            let body = bytes_from_json(body)?;
            return Some(Self::Policy { status: status.try_into().ok()?, media_type, body });
        }
        if let Some(records) = line.get("records") {
            let records = records.as_array()?.iter();
            return records.map(bytes_from_json).collect::<Option<_>>().map(Self::Records);
        }
        let text = |key| line.get(key)?.as_str().map(str::to_owned);
        Some(Self::Name { pattern: text("pattern")?, name: text("name")? })
    }

    /// What is left when a part of it goes: each part of its text that is `size` bytes long.
    pub fn without(&self, size: usize) -> Vec<Self> {
        let pieces = |text: &[u8]| -> Vec<Vec<u8>> {
            let starts = (0..text.len()).step_by(size);
            starts.map(|at| [&text[..at], &text[(at + size).min(text.len())..]].concat()).collect()
        };
        let texts = |text: &str| {
            let pieces = pieces(text.as_bytes()).into_iter();
            pieces.filter_map(|piece| String::from_utf8(piece).ok())
        };
        match self {
            Self::Policy { status, media_type, body } => pieces(body)
                .into_iter()
                .map(|body| Self::Policy { status: *status, media_type: media_type.clone(), body })
                .collect(),
            Self::Records(records) => {
                let each = records.iter().enumerate().flat_map(|(nth, record)| {
                    pieces(record).into_iter().map(move |piece| {
                        let mut records = records.clone();
                        records[nth] = piece;
                        Self::Records(records)
                    })
                });
                let fewer = (0..records.len()).map(|nth| {
                    let mut records = records.clone();
                    records.remove(nth);
                    Self::Records(records)
                });
                fewer.chain(each).collect()
            }
            Self::Name { pattern, name } => texts(pattern)
                .map(|pattern| Self::Name { pattern, name: name.clone() })
                .chain(texts(name).map(|name| Self::Name { pattern: pattern.clone(), name }))
                .collect(),
        }
    }

    /// How long its text is, in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Policy { body, .. } => body.len(),
            Self::Records(records) => records.iter().map(|record| record.len() + 1).sum(),
            Self::Name { pattern, name } => pattern.len() + name.len(),
        }
    }
}

fn bytes_to_json(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!(text),
        Err(_) => {
            let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
            json!({ "hex": digits.collect::<String>() })
        }
    }
}

/// The bytes that a string, or `{"hex": "…"}`, stands for.
pub fn bytes_from_json(value: &Value) -> Option<Vec<u8>> {
    if let Some(text) = value.as_str() {
        return Some(text.as_bytes().to_vec());
    }
    let digits = value.get("hex")?.as_str()?.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(byte).collect()
}

/// What software, or a model of it, says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It uses the policy, and what it then acts on.
    Accepted(Effective),
    /// It does not use the policy, in its own words why.
    Rejected(String),
    /// The domain has MTA-STS, with this id.
    Found(String),
    /// The domain has no MTA-STS, in its own words why.
    Nothing(String),
    /// Whether the pattern stands for the name.
    Match(bool),
}

impl Said {
    /// Whether it is the same as what another says. Why something is refused, everybody says otherwise.
    pub fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rejected(_), Self::Rejected(_)) | (Self::Nothing(_), Self::Nothing(_)) => true,
            _ => self == other,
        }
    }

    /// Whether there is a policy, a record or a match.
    pub fn is_yes(&self) -> bool {
        matches!(self, Self::Accepted(_) | Self::Found(_) | Self::Match(true))
    }

    /// What a driver wrote; none where something else is there.
    pub fn from_json(line: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let (what, value) = line.as_object()?.iter().next()?;
        Some(match what.as_str() {
            "accepted" => {
                let mode = value["mode"].as_str();
                let names = value["mx"].as_array()?.iter().map(text);
                Self::Accepted(Effective {
                    mode: Some(mode.and_then(crate::software::mode)?),
                    mx: names.collect::<Option<_>>()?,
                    max_age: value["max_age"].as_u64()?,
                })
            }
            "rejected" => Self::Rejected(text(value)?),
            "found" => Self::Found(text(value)?),
            "nothing" => Self::Nothing(text(value)?),
            "match" => Self::Match(value.as_bool()?),
            _ => return None,
        })
    }

    /// What a model says.
    pub fn of_model(model: &Model, case: &Case) -> Self {
        match case {
            Case::Policy { status, media_type, body } => {
                let answer = Answer {
                    status: Some(*status),
                    content_type: Some(media_type.as_deref()),
                    body,
                };
                match (model.policy)(&answer) {
                    Reading::Accepted(effective, _) => Self::Accepted(effective),
                    Reading::Rejected(remark) => {
                        Self::Rejected(format!("{:?} at {}", remark.what, remark.at))
                    }
                }
            }
            Case::Records(records) => {
                let texts: Vec<_> =
                    records.iter().map(|record| String::from_utf8_lossy(record)).collect();
                let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
                match (model.record)(&texts) {
                    Discovery::Found(id) => Self::Found(id),
                    Discovery::Nothing(nth, remark) => {
                        Self::Nothing(format!("{:?} at {} of {nth}", remark.what, remark.at))
                    }
                }
            }
            Case::Name { pattern, name } => {
                // The conversion that the page has from the browser.
                let to_ascii = |name: &str| idna::domain_to_ascii(name).ok();
                Self::Match((model.matches)(pattern, name, Some(to_ascii)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let policy = |media_type: Option<&str>, body: &[u8]| {
            let media_type = media_type.map(str::to_owned);
            Case::Policy { status: 404, media_type, body: body.to_vec() }
        };
        for case in [
            Case::policy(b"version: STSv1\r\n".to_vec()),
            policy(None, b"\xff"),
            policy(Some("text/html"), "é".as_bytes()),
            Case::Records(vec![]),
            Case::Records(vec![b"a".to_vec(), b"\x80".to_vec()]),
            Case::Name { pattern: "*.a".into(), name: "b.a".into() },
        ] {
            assert_eq!(Case::from_json(&case.to_json()), Some(case));
        }
        assert_eq!(Case::from_json(&json!({ "pattern": "a" })), None);
        assert_eq!(
            Case::from_json(&json!({ "policy": { "hex": "f" } })),
            Some(Case::policy(vec![15]))
        );
        assert_eq!(Said::from_json(&json!({ "error": "" })), None);
    }

    #[test]
    fn why_something_is_refused_may_differ_and_nothing_else() {
        let rejected = |why: &str| Said::Rejected(why.into());
        assert!(rejected("a").agrees(&rejected("b")));
        assert!(!rejected("a").agrees(&Said::Nothing("a".into())));
        assert!(!Said::Found("a".into()).agrees(&Said::Found("A".into())));
    }
}
