//! The TXT records at `_mta-sts` (RFC 8461 §3.1) and `_smtp._tls` (RFC 8460 §3).
//!
//! A record goes through four steps: `form` tells how it is written, `read` takes the written form
//! off and remembers where every character stood, `family` tells the two records apart, and `rules`
//! look at what is left.

#[cfg(feature = "quick")]
pub(crate) mod clean;
#[cfg_attr(not(feature = "forms"), expect(dead_code, reason = "a mere value has no name"))]
mod family;
#[cfg(feature = "forms")]
mod form;
#[cfg(feature = "forms")]
mod json;
#[cfg(feature = "forms")]
mod lines;
#[cfg(feature = "forms")]
mod owner;
#[cfg(feature = "forms")]
mod read;
mod rules;
#[cfg(feature = "forms")]
mod sets;
#[cfg(all(test, feature = "forms"))]
mod tests;
mod value;
#[cfg_attr(
    not(feature = "forms"),
    expect(dead_code, reason = "only written forms have names and strings")
)]
mod view;

#[cfg(feature = "forms")]
pub use form::recognise;
pub use rules::RULES;

use crate::detect::Form;
use crate::finding::Finding;
#[cfg(feature = "forms")]
use crate::text::Mapped;
use crate::text::Span;
#[cfg(not(feature = "forms"))]
use crate::text::is_line_end;
use crate::{Artefact, Input, Kind, Parsed};
use family::Family;
use std::borrow::Cow;

/// What senders read from a record. A value that is missing or invalid is absent. Its texts are of
/// its own, or borrowed from the record (`Values<Cow<str>>`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values<S = String> {
    /// `STSv1` or `TLSRPTv1`, when the record says so.
    pub version: Option<&'static str>,
    /// The policy id (MTA-STS only).
    pub id: Option<S>,
    /// Where reports go (TLSRPT only): URIs as written.
    pub rua: Vec<S>,
}

#[cfg(feature = "quick")]
impl<'a, S: From<&'a str>> Values<S> {
    /// Those of an `_mta-sts` record.
    #[inline(always)] // Built where they are wanted.
    pub(crate) fn sts(id: &'a str) -> Self {
        Self { version: Some(Family::Sts.version()), id: Some(id.into()), rua: Vec::new() }
    }

    /// Those of an `_smtp._tls` record.
    #[inline(always)]
    pub(crate) fn rpt(rua: Vec<S>) -> Self {
        Self { version: Some(Family::Rpt.version()), id: None, rua }
    }
}

impl Values<Cow<'_, str>> {
    /// The same with texts of its own.
    pub fn into_owned(self) -> Values {
        let rua = self.rua.into_iter().map(Cow::into_owned).collect();
        Values { version: self.version, id: self.id.map(Cow::into_owned), rua }
    }
}

/// Whether the text is the value of a record and nothing else, and of which one.
#[cfg(not(feature = "forms"))]
pub fn recognise(text: &str) -> Option<(Kind, Form)> {
    let value = text.trim_matches(is_line_end);
    let is_value = value::starts_with_version(value.trim_start()) && !value.contains(is_line_end);
    is_value.then(|| (value::family_of_value(value).kind(), Form::Bare))
}

/// Lints the value of a record.
#[cfg(not(feature = "forms"))]
pub fn lint(input: &Input, kind: Kind, _: Form) -> Vec<Artefact> {
    let text = str::from_utf8(input.source).unwrap_or_default(); // others are no values
    let start = text.len() - text.trim_start_matches(is_line_end).len();
    let record = value::record(text, Span::new(start, text.len()));
    let mut findings = Vec::new();
    let values = rules::record(&record, Family::of(kind), input.fresh_id, &mut findings);
    Finding::sort(&mut findings, |finding| Span::at(finding.span.start));
    vec![Artefact { kind: Family::of(kind).kind(), parsed: Parsed::Record(values), findings }]
}

/// Lints the records in an input: one artefact per record family found.
///
/// With `input.kind` everything counts as that record; otherwise `kind` is what the input is
/// taken for where its text doesn't tell.
#[cfg(feature = "forms")]
pub fn lint(input: &Input, kind: Kind, form: Form) -> Vec<Artefact> {
    match str::from_utf8(input.source) {
        Ok(text) if !text.starts_with('\u{feff}') => lint_text(text, input, kind, form),
        _ => {
            let mapped = decode(input.source);
            let mut artefacts = lint_text(&mapped.text, input, kind, form);
            for finding in artefacts.iter_mut().flat_map(|artefact| &mut artefact.findings) {
                finding.relocate(&mapped);
            }
            artefacts
        }
    }
}

/// What senders read from the bare data of a record, without looking for what is wrong with it.
/// `kind` says which record it is, [`Kind::StsTxt`] or [`Kind::RptTxt`].
#[cfg(feature = "forms")]
pub fn values(text: &str, kind: Kind) -> Values {
    read_values(text, kind).unwrap_or_else(|| values_by_rules(text, kind))
}

/// The same, where texts are borrowed from a record that is written as usual.
#[cfg(feature = "forms")]
pub fn borrowed_values(text: &str, kind: Kind) -> Values<Cow<'_, str>> {
    read_values(text, kind).unwrap_or_else(|| owned(values_by_rules(text, kind)))
}

#[cold]
#[inline(never)]
#[cfg(feature = "forms")]
fn owned<'a>(Values { version, id, rua }: Values) -> Values<Cow<'a, str>> {
    let rua = rua.into_iter().map(Cow::Owned).collect();
    Values { version, id: id.map(Cow::Owned), rua }
}

/// The values of a record that is written as usual.
#[cfg(all(feature = "forms", feature = "quick"))]
fn read_values<'a, S: From<&'a str>>(text: &'a str, kind: Kind) -> Option<Values<S>> {
    clean::values(text, kind)
}

/// Without the feature the rules read them all.
#[cfg(all(feature = "forms", not(feature = "quick")))]
fn read_values<'a, S: From<&'a str>>(_: &'a str, _: Kind) -> Option<Values<S>> {
    None
}

#[cold]
#[inline(never)]
#[cfg(feature = "forms")]
fn values_by_rules(text: &str, kind: Kind) -> Values {
    let input = Input { kind: Some(kind), ..Input::new(text.as_bytes()) };
    match lint(&input, kind, Form::Bare).pop().map(|artefact| artefact.parsed) {
        Some(Parsed::Record(values)) => values,
        _ => Values::default(),
    }
}

#[cfg(feature = "forms")]
fn lint_text(text: &str, input: &Input, kind: Kind, form: Form) -> Vec<Artefact> {
    let forced = input.kind.map(|_| Family::of(kind));
    let reading = read::read(text, kind, form);
    let damaged = reading.damaged;
    let (sets, silent) = sets::sort(reading, forced, Family::of(kind));
    let mut artefacts: Vec<Artefact> = Vec::with_capacity(1);
    let mut names: Vec<&str> = sets.iter().filter_map(|set| set.name.as_deref()).collect();
    names.sort_unstable();
    for set in &sets {
        let (findings, values) = rules::check(set, input, &names);
        add(&mut artefacts, set.family, findings, Parsed::Record(values));
    }
    // A failed look-up says nothing about the record: no values, no findings, no verdict.
    for family in silent {
        add(&mut artefacts, family, Vec::new(), Parsed::None);
    }
    for artefact in &mut artefacts {
        if damaged {
            artefact.findings.iter_mut().for_each(|finding| finding.fix = None);
        }
        Finding::sort(&mut artefact.findings, |finding| Span::at(finding.span.start));
    }
    artefacts
}

/// Adds what one set of records gave to the artefact of its family. The values are those of the
/// first set.
#[cfg(feature = "forms")]
fn add(artefacts: &mut Vec<Artefact>, family: Family, findings: Vec<Finding>, parsed: Parsed) {
    match artefacts.iter_mut().find(|artefact| artefact.kind == family.kind()) {
        Some(artefact) => artefact.findings.extend(findings),
        None => artefacts.push(Artefact { kind: family.kind(), parsed, findings }),
    }
}

/// The text of a source that isn't plain UTF-8: without byte order mark, with U+FFFD for what is
/// not UTF-8.
#[cfg(feature = "forms")]
fn decode(source: &[u8]) -> Mapped<'static> {
    let mut made = Mapped::empty();
    let mut at = 0;
    for chunk in source.utf8_chunks() {
        let bom = if at == 0 && chunk.valid().starts_with('\u{feff}') { 3 } else { 0 };
        made.push_verbatim(&chunk.valid()[bom..], at + bom);
        at += chunk.valid().len();
        let invalid = Span::new(at, at + chunk.invalid().len());
        if !invalid.is_empty() {
            made.push_for("\u{fffd}", invalid);
        }
        at = invalid.end;
    }
    made.push_for("", Span::at(at));
    made
}

/// Whether the data of a TXT record looks like the record of this kind, however badly written.
#[cfg(feature = "live")]
pub(crate) fn is_meant(data: &str, kind: Kind) -> bool {
    let family = Family::of(kind);
    let version = match family {
        Family::Rpt => "tlsrptv",
        Family::Sts => "stsv",
    };
    Family::of_data(data) == Some(family) || data.to_ascii_lowercase().contains(version)
}
