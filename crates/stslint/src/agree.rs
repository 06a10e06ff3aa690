//! Whether all senders make the same of a policy, and the repair after which they do.

use crate::finding::apply;
use crate::input::{Form, Input, Kind};
use crate::senders::model::Answer;
use crate::senders::verdict::{Asked, Matrix, Refused, Repair, Verdict, answer};
use crate::strange::HEADERS_ONLY;
use crate::{fix, lint};
use std::borrow::Cow;

/// More rounds of fixes than this mean that two undo each other, which a test forbids.
const ROUNDS: usize = 16;

/// The longest body of which it is tried which fixes are needed, in bytes: it is linted once more for
/// each rule.
const TRIED: usize = 1 << 16;

/// What senders make of a policy, which may stand in an HTTP response; of records, where they are known,
/// and of the MX hosts.
///
/// # Errors
///
/// The input is not taken for a policy.
pub fn verdict<'a>(
    input: &Input<'a>,
    records: Option<&[&str]>,
    hosts: &[&str],
) -> Result<Verdict<'a>, Refused> {
    let report = lint(input);
    let Some(first) = report.artefacts.first().filter(|first| first.kind == Kind::Policy) else {
        let kind = report.artefacts.first().map_or(Kind::Unknown, |first| first.kind);
        return Err(Refused::Other(kind));
    };
    if report.form == Form::Inside {
        return Err(Refused::Inside);
    }
    let (answer, body_at) = answer(input.source);
    if first.findings.iter().any(|finding| *finding.rule == HEADERS_ONLY) {
        return Err(Refused::Headers);
    }
    Ok(Verdict { body_at, ..of_answer(input, answer, records, hosts) })
}

/// What senders make of what a policy host answered; the rest as in [`verdict`]. Places count in its body.
pub fn of_answer<'a>(
    input: &Input,
    answer: Answer<'a>,
    records: Option<&[&str]>,
    hosts: &[&str],
) -> Verdict<'a> {
    let matrix = Matrix::of(&Asked { answer, records, hosts, to_ascii: input.to_ascii });
    let repair = repair(input, answer, &matrix);
    Verdict { answer, body_at: 0, matrix, repair }
}

/// The safe fixes that make more senders agree, without those that it would not take.
fn repair(input: &Input, answer: Answer, before: &Matrix) -> Option<Repair> {
    let strays = before.strays();
    if strays == 0 {
        return None;
    }
    let with = |without: &[&str]| {
        let fixed = fixed(input, answer.body, without);
        let asked = Asked {
            answer: Answer { body: &fixed.text, ..answer },
            records: None,
            hosts: &[],
            to_ascii: input.to_ascii,
        };
        let after = Matrix::of(&asked);
        (fixed, after)
    };
    let (mut fixed, mut after) = with(&[]);
    let wanted = after.strays();
    if wanted >= strays || after.standard.effective().is_none() {
        return None;
    }
    if answer.body.len() <= TRIED {
        let mut without: Vec<&str> = Vec::new();
        for code in fixed.codes.clone() {
            without.push(code);
            let (fewer, seen) = with(&without);
            if seen.strays() <= wanted {
                (fixed, after) = (fewer, seen);
            } else {
                without.pop();
            }
        }
    }
    let Fixed { codes, titles, text } = fixed;
    Some(Repair { codes, titles, text, after })
}

/// A policy with fixes.
struct Fixed {
    codes: Vec<&'static str>,
    titles: Vec<Cow<'static, str>>,
    text: Vec<u8>,
}

/// The policy with all safe fixes but those of some rules.
fn fixed(input: &Input, body: &[u8], without: &[&str]) -> Fixed {
    let mut fixed = Fixed { codes: Vec::new(), titles: Vec::new(), text: body.to_vec() };
    for _ in 0..ROUNDS {
        let mut report = lint(&Input { source: &fixed.text, kind: Some(Kind::Policy), ..*input });
        for artefact in &mut report.artefacts {
            artefact.findings.retain(|finding| !without.contains(&finding.rule.code));
        }
        let edits = fix::safe_edits(&report);
        if edits.is_empty() {
            break;
        }
        for finding in fix::safe(&report) {
            let title = finding.fix.as_ref().map(|fix| &fix.title);
            if !fixed.codes.contains(&finding.rule.code) {
                fixed.codes.push(finding.rule.code);
            }
            fixed.titles.extend(title.filter(|title| !fixed.titles.contains(title)).cloned());
        }
        fixed.text = apply(&fixed.text, &edits);
    }
    fixed
}
