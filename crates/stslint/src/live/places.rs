//! Where facts stand in the text that they were read from.

use super::facts::Facts;
use super::picture::{Part, PartValues, lint_records};
use super::rules::{About, Found};
use crate::input::Kind;
use crate::json::{Data, Value};
use crate::record::Linted;
use crate::text::Span;

/// The values of a text, by what they are about.
pub(super) struct Places<'a> {
    /// Where to point at for lack of a better place.
    root: Span,
    known: Vec<(About, Span)>,
    /// Records and the policy, which have findings of their own.
    sts: Option<Value<'a>>,
    tlsrpt: Option<Value<'a>>,
    body: Option<Value<'a>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(root: &Value<'a>) -> Self {
        let records = |key: &str| root.get(key).and_then(|value| value.get("records")).cloned();
        Self {
            root: root.get("domain").map_or(Span::at(root.span.start), |value| value.span),
            known: Vec::new(),
            sts: records("sts_txt"),
            tlsrpt: records("tlsrpt"),
            body: root.get("http").and_then(|http| http.get("body")).cloned(),
        }
    }

    /// Notes the place of a fact. The first place of something counts.
    pub(super) fn note(&mut self, about: About, value: &Value) {
        if !self.known.iter().any(|(other, _)| *other == about) {
            self.known.push((about, value.span));
        }
    }

    fn of(&self, about: &About) -> Span {
        let find = |about: &About| self.known.iter().find(|(a, _)| a == about).map(|(_, at)| *at);
        let instead = match about {
            About::Dane | About::Host(_) | About::Smtp(_) | About::Tlsa(_) => About::Mx,
            About::PolicyHost | About::Parent | About::Policy => About::Sts,
            _ => About::Policy,
        };
        find(about).or_else(|| find(&instead)).unwrap_or(self.root)
    }

    /// Puts findings to their places, in the order of the text.
    pub(super) fn put(&self, found: &[Found]) -> Vec<crate::finding::Finding> {
        let mut findings: Vec<_> = found
            .iter()
            .map(|found| {
                let mut finding = found.finding.clone();
                finding.span = self.of(&found.about);
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
            Kind::StsTxt => records(self.sts.as_ref()?, part, facts, source),
            Kind::RptTxt => records(self.tlsrpt.as_ref()?, part, facts, source),
            _ => {
                let text = self.body.as_ref()?.as_text()?.decode();
                let mut part = part.clone();
                part.findings.iter_mut().for_each(|finding| finding.relocate(&text));
                Some(part)
            }
        }
    }
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
