//! What a page needs first: the text of a policy and the value of a record, alone and as people write them.
//!
//! A program that is loaded in pieces starts with these functions. They do what those of the same name do, and reach no
//! code for anything else: other forms of records, HTTP responses, reports, domains, live checks.

use crate::artefact::{Artefact, Report};
use crate::fix;
use crate::input::{Form, Input, Kind, POLICY_FILE};
use crate::outline::{self, Note};
use crate::render::words::{self, Headline};
use crate::{detect, policy, record, report};

/// Lints an input that is the text of a policy or the value of a record: gives what [`crate::lint`] gives. None for
/// anything else, and for a text that nothing of both can be seen in.
pub fn lint(input: &Input) -> Option<Report> {
    let artefact = match kind(input)? {
        Kind::Policy => Artefact::of_policy(policy::lint_text(input)),
        kind => Artefact::of_record(record::lint_value(input, kind)),
    };
    Some(Report { form: Form::Bare, artefacts: vec![artefact] })
}

fn kind(input: &Input) -> Option<Kind> {
    // A name may have to be told of.
    if input.file_name.is_some_and(|name| name != POLICY_FILE) {
        return None;
    }
    match input.kind {
        None => guess(input),
        Some(Kind::Policy) => {
            let text = str::from_utf8(input.source).unwrap_or_default(); // others are not looked into
            let text = text.trim_start_matches('\u{feff}');
            let plain = text.trim().is_empty()
                || detect::looks_like_policy(text) && detect::is_plain_policy(text);
            (plain && !detect::is_http_response(input.source)).then_some(Kind::Policy)
        }
        Some(kind @ (Kind::RptTxt | Kind::StsTxt)) if input.form.is_none() => {
            let text = str::from_utf8(input.source).ok()?;
            record::recognise_value(text).map(|_| kind)
        }
        Some(_) => None,
    }
}

fn guess(input: &Input) -> Option<Kind> {
    let text = str::from_utf8(input.source).ok()?;
    let inner = text.trim_start_matches('\u{feff}');
    let start = inner.trim_start();
    if detect::is_http_response(input.source) || start.starts_with(&['{', '[', '<'][..]) {
        return None;
    }
    if start.is_empty() {
        return Some(Kind::Policy);
    }
    if input.file_name.is_none() && report::likeness(inner).is_some() {
        return None;
    }
    if detect::looks_like_policy(inner) {
        return detect::is_plain_policy(inner).then_some(Kind::Policy);
    }
    // A policy may stand behind it.
    let behind =
        || ["version", "max_age"].into_iter().any(|name| record::find_ignoring_case(text, name));
    let ours = input.file_name != Some(POLICY_FILE) && !record::is_foreign(text) && !behind();
    record::recognise_value(text).filter(|_| ours)
}

/// The verdict of a report that [`lint`] gave, in words.
pub fn headline(input: &Input, report: &Report) -> Headline {
    words::text_headline(input, report.form, &report.artefacts[0])
}

/// Explains what [`lint`] read, part by part.
pub fn outline(input: &Input, report: &Report) -> Vec<Note> {
    outline::of_text(input, &report.artefacts[0], policy::read_text)
}

/// The input with every safe fix applied, until none is left.
pub fn apply_safe(input: &Input) -> Vec<u8> {
    fix::rounds(input, lint)
}
