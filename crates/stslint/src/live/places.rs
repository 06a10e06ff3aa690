//! Where facts stand in the text that they were read from.

use super::deployment::{Part, PartValues, lint_records};
use super::facts::Facts;
use super::rules::{About, Found};
use crate::input::Kind;
use crate::json::{Data, Value};
use crate::record::Linted;
use crate::text::Span;

/// The values of a text, by what they are about.
pub(super) struct Places<'a> {
    root: Value<'a>,
    known: Vec<(About, Value<'a>)>,
}

impl<'a> Places<'a> {
    pub(super) fn new(root: &Value<'a>) -> Self {
        Self { root: root.clone(), known: Vec::new() }
    }

    /// Notes the place of a fact. The first place of something counts.
    pub(super) fn note(&mut self, about: About, value: &Value<'a>) {
        if !self.known.iter().any(|(other, _)| *other == about) {
            self.known.push((about, value.clone()));
        }
    }

    fn of(&self, found: &Found) -> Span {
        let about = &found.about;
        let find = |about: &About| self.known.iter().find(|(a, _)| a == about).map(|(_, v)| v);
        let instead = match about {
            About::Dane | About::Host(_) | About::Smtp(_) | About::Tlsa(_) => About::Mx,
            About::PolicyHost | About::Parent | About::Policy => About::Sts,
            _ => About::Policy,
        };
        let within = |path: &&str| match path.strip_prefix('/') {
            Some(path) => member(&self.root, path),
            None => find(about).and_then(|value| member(value, path)),
        };
        let value = found.members.iter().find_map(within);
        let value = value.or_else(|| find(about)).or_else(|| find(&instead));
        let value = value.or_else(|| self.root.get("domain"));
        value.map_or(Span::at(self.root.span.start), |value| value.span)
    }

    /// Puts findings to their places, in the order of the text.
    pub(super) fn put(&self, found: &[Found]) -> Vec<crate::finding::Finding> {
        let mut findings: Vec<_> = found
            .iter()
            .map(|found| {
                let mut finding = found.finding.clone();
                finding.span = self.of(found);
                finding
            })
            .collect();
        findings.sort_by_key(|finding| finding.span.start);
        findings
    }

    /// A part with its findings at their places in the text; none where the part does not stand in
    /// it as it is.
    pub(super) fn part(&self, part: &Part, facts: &Facts, source: &str) -> Option<Part> {
        match part.kind {
            Kind::StsTxt => {
                let list = member(&self.root, "sts_txt/records")?;
                records(list, part, facts, source)
            }
            Kind::RptTxt => {
                let list = member(&self.root, "tlsrpt/records")?;
                records(list, part, facts, source)
            }
            _ => {
                let text = member(&self.root, "http/body")?.as_text()?.decode();
                let mut part = part.clone();
                part.findings.iter_mut().for_each(|finding| finding.relocate(&text));
                Some(part)
            }
        }
    }
}

/// The member at a path. Names of header fields are the same in any case.
fn member<'v, 'a>(value: &'v Value<'a>, path: &str) -> Option<&'v Value<'a>> {
    path.split('/').try_fold(value, |value, name| {
        let members = value.members().iter();
        let mut named = members.filter(|member| member.key.text().eq_ignore_ascii_case(name));
        named.next().map(|member| &member.value)
    })
}

/// Lints the records where they stand.
fn records(list: &Value, part: &Part, facts: &Facts, source: &str) -> Option<Part> {
    // Records that are plain texts would be taken for the strings of one record.
    if !list.elements().iter().all(|record| matches!(record.data, Data::Array(_))) {
        return None;
    }
    let piece = &source[list.span.range()];
    let Linted { kind, values, mut findings } =
        lint_records(piece.as_bytes(), part.kind, &facts.domain)?;
    let mut made = crate::text::Mapped::empty();
    made.push_verbatim(piece, list.span.start);
    findings.iter_mut().for_each(|finding| finding.relocate(&made));
    let (place, source) = (part.place.clone(), part.source.clone());
    Some(Part { place, source, kind, values: values.map(PartValues::Record), findings })
}
