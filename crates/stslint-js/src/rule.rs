//! Rules as JavaScript gets them.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use stslint::rule::{Example, Rule, Text};

/// A rule with its explanation.
pub(crate) struct ForJs<T>(pub(crate) T);

impl Serialize for ForJs<&Rule> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(rule) = self;
        let words = rule.words();
        let mut fields = serializer.serialize_struct("Rule", 14)?;
        fields.serialize_field("code", rule.code)?;
        fields.serialize_field("name", rule.name)?;
        fields.serialize_field("severity", &rule.severity)?;
        fields.serialize_field("breaks_grammar", &rule.breaks_grammar)?;
        fields.serialize_field("breaks_use", &rule.breaks_use())?;
        fields.serialize_field("fix", &rule.fix)?;
        fields.serialize_field("message", rule.message)?;
        fields.serialize_field("why", words.why)?;
        fields.serialize_field("effect", words.effect)?;
        fields.serialize_field("help", words.help)?;
        fields.serialize_field("clause", words.clause)?;
        fields.serialize_field("url", &rule.url())?;
        fields.serialize_field("fails", &ForJs(&words.fails))?;
        fields.serialize_field("passes", &words.passes.as_ref().map(ForJs))?;
        fields.end()
    }
}

impl Serialize for ForJs<&Example> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(example) = self;
        let bytes = example.bytes();
        let mut fields = serializer.serialize_struct("Example", 4)?;
        fields.serialize_field("kind", example.declared.word())?;
        match example.text {
            Text::Bytes(_) => fields.serialize_field("text", &Bytes(&bytes))?,
            _ => fields.serialize_field("text", &String::from_utf8_lossy(&bytes))?,
        }
        fields.serialize_field("domain", &example.domain)?;
        fields.serialize_field("file_name", &example.file_name)?;
        fields.end()
    }
}

/// Bytes that become a `Uint8Array`.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}
