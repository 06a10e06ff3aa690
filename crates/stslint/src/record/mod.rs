//! The TXT records at `_mta-sts` (RFC 8461 §3.1) and `_smtp._tls` (RFC 8460 §3).
//!
//! A record goes through four steps: `form` tells how it is written, `read` takes the written form
//! off and remembers where every character stood, `family` tells the two records apart, and `rules`
//! look at what is left.

mod columns;
mod family;
mod form;
mod inside;
mod json;
mod lines;
mod owner;
mod read;
mod rules;
mod sets;
mod strings;
#[cfg(test)]
mod tests;
mod told;
mod type_of;
mod value;
mod view;

pub use form::recognise;
pub(crate) use inside::{holds_policy, is_wrapped};
pub(crate) use lines::TOOLS;
pub use rules::RULES;
pub(crate) use rules::{CUT, is_id};
pub(crate) use value::{find_ignoring_case, is_spelt_out};

use crate::finding::{Finding, Fix};
use crate::input::{Form, Input, Kind};
use crate::text::{Mapped, Span, is_line_end};
use family::Family;

/// What senders read from a record. A value that is missing or invalid is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// `STSv1` or `TLSRPTv1`, when the record says so.
    pub version: Option<&'static str>,
    /// The policy id (MTA-STS only).
    pub id: Option<String>,
    /// Where reports go (TLSRPT only): URIs as written.
    pub rua: Vec<String>,
}

/// What a lint says of the records of one kind.
#[derive(Clone, Debug)]
pub struct Linted {
    /// Which record it is.
    pub kind: Kind,
    /// What senders read from it; none for the answer of a look-up that failed, and for a value that is not shown as a whole.
    pub values: Option<Values>,
    /// What the rules say, in the order of the text.
    pub findings: Vec<Finding>,
}

/// A record in a text, as it can be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Which record it is.
    pub kind: Kind,
    /// What its name is below, behind `_mta-sts` or `_smtp._tls`: a whole domain with the root dot, or labels below the domain of
    /// the zone (RFC 1035 §5.1). Empty where the text does not say any. A-labels where there are some.
    pub parent: String,
    /// Its data in one piece; none where the text shows the beginning only.
    pub value: Option<String>,
    /// The name to which a CNAME leads, where that is where the data stands (RFC 8461 §3.1).
    pub alias: Option<String>,
}

impl Written {
    /// The domain that it is for, where its name says all of it.
    pub fn whole_domain(&self) -> Option<&str> {
        self.parent.strip_suffix('.')
    }
}

/// The records in a text, as [`lint`] takes them: those that begin with their version.
pub(crate) fn publishable(text: &str, input: &Input, kind: Kind, form: Form) -> Vec<Written> {
    let forced = input.kind.map(|_| Family::of(kind));
    let (sets, _) = sets::sort(read::read(text, form), forced, Family::of(kind));
    let of_set = |set: sets::Set| {
        let made = |record: &view::Record| {
            let own_name = record.owner.as_ref().map(|owner| &*owner.name);
            let name = set.name.as_deref();
            let target = own_name.map(owner::key).filter(|key| Some(key.as_str()) != name);
            let name = if target.is_some() { name } else { own_name };
            let parent =
                name.map(|name| owner::parent(name, set.family, input)).unwrap_or_default();
            let whole = rules::cut::place(record).is_none();
            let value = whole.then(|| record.text.text.trim().to_owned());
            Written { kind: set.family.kind(), parent, value, alias: target }
        };
        // Records of other uses may stand beside it (RFC 8461 §3.1, RFC 8460 §3).
        let is_it = |record: &&view::Record| Family::of_data(&record.text.text) == Some(set.family);
        set.records.iter().filter(is_it).map(made).collect::<Vec<_>>()
    };
    sets.into_iter().flat_map(of_set).collect()
}

/// Lints the records in an input: one answer per record family found.
///
/// With `input.kind` everything counts as that record; otherwise `kind` is what the input is
/// taken for where its text doesn't tell.
pub fn lint(input: &Input, kind: Kind, form: Form) -> Vec<Linted> {
    match str::from_utf8(input.source) {
        Ok(text) if !text.starts_with('\u{feff}') => lint_text(text, input, kind, form),
        _ => {
            let mapped = decode(input.source);
            let mut records = lint_text(&mapped.text, input, kind, form);
            // What stands for bytes that are no text is not to be written.
            let writes = |fix: &Fix| fix.edits.iter().any(|edit| edit.text.contains('\u{fffd}'));
            for finding in records.iter_mut().flat_map(|record| &mut record.findings) {
                finding.fix = finding.fix.take().filter(|fix| !writes(fix));
                finding.relocate(&mapped);
            }
            records
        }
    }
}

/// Whether the text is the value of a record and nothing else, and of which one.
pub(crate) fn recognise_value(text: &str) -> Option<Kind> {
    let value = text.trim_matches(is_line_end);
    let is_value = value::starts_with_version(value.trim_start())
        && !value.contains(is_line_end)
        && !value::has_cells(value)
        && value::cut(value).is_none();
    is_value.then(|| value::family_of_value(value).kind())
}

/// Lints the records inside another text, which was made from the input: places are those of the text.
pub(crate) fn lint_inside(text: &str, input: &Input, kind: Kind) -> Vec<Linted> {
    lint_text(text, input, kind, Form::Inside)
}

/// The kind of the first record inside another text; none where there is none.
pub(crate) fn inside(text: &str) -> Option<Kind> {
    let reading = inside::read(text);
    let first = reading.records.iter().find_map(|record| {
        let data = &record.text.text;
        Family::of_data(data).or_else(|| inside::family(data))
    });
    first.map(Family::kind)
}

/// Whether a text holds a record of another use, such as SPF, and nothing that names one of the two.
pub(crate) fn is_foreign(text: &str) -> bool {
    value::is_foreign(text)
}

/// Lints a text that is the value of a record of this kind and nothing else.
pub(crate) fn lint_value(input: &Input, kind: Kind) -> Linted {
    let text = str::from_utf8(input.source).unwrap_or_default(); // others are no values
    let start = text.len() - text.trim_start_matches(is_line_end).len();
    let record = value::record(text, Span::new(start, text.len()));
    let mut findings = Vec::new();
    let values = rules::record(&record, Family::of(kind), input, &mut findings);
    Finding::leave_out(&mut findings);
    Finding::sort(&mut findings, |finding| Span::at(finding.span.start));
    Linted { kind: Family::of(kind).kind(), values: Some(values), findings }
}

/// What senders read from the data of a record. `kind` says which record it is, [`Kind::StsTxt`] or [`Kind::RptTxt`].
pub fn values(text: &str, kind: Kind) -> Values {
    let record = value::record(text, Span::new(0, text.len()));
    rules::record(&record, Family::of(kind), &Input::new(&[]), &mut Vec::new())
}

fn lint_text(text: &str, input: &Input, kind: Kind, form: Form) -> Vec<Linted> {
    let forced = input.kind.map(|_| Family::of(kind));
    let reading = read::read(text, form);
    let damaged = reading.damaged;
    let (mut sets, silent) = sets::sort(reading, forced, Family::of(kind));
    let mut records: Vec<Linted> = Vec::with_capacity(1);
    let cuts: Vec<Vec<Span>> = sets.iter_mut().map(rules::cut::shorten).collect();
    let names = rules::Names::of(&sets);
    for (set, cuts) in sets.iter().zip(&cuts) {
        let other = type_of::other(text, &set.records).filter(|_| !is_data(form));
        let (mut findings, values) = match other {
            Some(found) => (vec![rules::data::other_type(set.family, found)], Values::default()),
            None => rules::check(set, input, &names),
        };
        if !cuts.is_empty() {
            rules::cut::tell(cuts, &mut findings);
        }
        add(&mut records, set.family, findings, Some(values));
    }
    // A failed look-up says nothing about the record: no values, no findings, no verdict.
    for family in silent {
        add(&mut records, family, Vec::new(), None);
    }
    for record in &mut records {
        if rules::cut::hides_the_rest(&record.findings) {
            record.values = None;
        }
        if damaged {
            record.findings.iter_mut().for_each(|finding| finding.fix = None);
        }
        Finding::leave_out(&mut record.findings);
        Finding::sort(&mut record.findings, |finding| Span::at(finding.span.start));
    }
    records
}

/// Whether a form has data of TXT records and no others.
const fn is_data(form: Form) -> bool {
    matches!(form, Form::DohJson | Form::RdataJson)
}

/// Adds what one set of records gave to the record of its family. The values are those of the
/// first set.
fn add(records: &mut Vec<Linted>, family: Family, findings: Vec<Finding>, values: Option<Values>) {
    match records.iter_mut().find(|record| record.kind == family.kind()) {
        Some(record) => {
            Finding::bound(&mut record.findings);
            record.findings.extend(findings);
        }
        None => records.push(Linted { kind: family.kind(), values, findings }),
    }
}

/// The text of a source that isn't plain UTF-8: without byte order mark, with U+FFFD for what is
/// not UTF-8.
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

/// Whether a finding says that there are several records where one must be, so that senders use none.
pub(crate) fn tells_of_several(finding: &Finding) -> bool {
    rules::tells_of_several(finding.rule)
}

/// Whether the data of a TXT record looks like the record of this kind, however badly written.
pub(crate) fn is_meant(data: &str, kind: Kind) -> bool {
    let family = Family::of(kind);
    let version = match family {
        Family::Rpt => "tlsrptv",
        Family::Sts => "stsv",
    };
    Family::of_data(data) == Some(family) || data.to_ascii_lowercase().contains(version)
}
