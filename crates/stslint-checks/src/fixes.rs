//! What holds of every fix.

use crate::told::defects;
use crate::{Case, Outcome, ensure, shown};
use std::collections::{BTreeSet, HashSet};
use stslint::finding::{Applicability, Edit, Finding, Severity, apply};
use stslint::fix::{apply_safe, safe_edits};
use stslint::text::Span;
use stslint::{Artefact, Input, Kind, Parsed, Report, lint};

/// Rounds in which safe fixes have to come to rest. (Two fixes that touch each other are applied
/// one after the other, and a repaired text may show what the damage hid.)
const ROUNDS: usize = 6;

/// About so many fixes of one input are applied each on its own.
const FIXES: usize = 50;

/// Rules that cut a text of a single line anew. Taking out one of two lines can leave such a text;
/// then the lines after it are other ones, and so are their findings.
const RECUT: [&str; 2] = ["STS-POL-011", "STS-POL-012"];

/// Warnings of which only the first is given for one value.
const SHADOWS: [(&str, &str); 1] = [("STS-POL-036", "STS-POL-037")];

/// So many subsets of the fixes of one input are applied.
const SUBSETS: u32 = 6;

/// All safe fixes together come to rest, change nothing but what they say, add no finding that
/// matters, and leave nothing to do; each safe fix alone does the same and removes its finding; each
/// other fix alone removes its finding; and whichever fixes somebody chooses, nothing is lost that
/// senders could read, unless it was named as wrong.
pub fn check(case: &Case) -> Outcome {
    let report = lint(&case.input());
    together(case, &report)?;
    // With its fixes a text may be taken for something else. What a fix is for stays the same.
    let declared = case.declared.unwrap_or(report.artefacts[0].kind.into());
    let case = Case { declared: Some(declared), ..case.clone() };
    let report = lint(&case.input());
    // Of very many findings, some from everywhere: each costs a lint.
    let step = report.findings().count() / FIXES + 1;
    for finding in report.findings().step_by(step) {
        alone(&case, &report, finding)?;
    }
    (0..SUBSETS).try_for_each(|subset| chosen(&case, &report, subset))
}

/// Some of the fixes, safe or not, as many as can be applied together.
fn chosen(case: &Case, report: &Report, subset: u32) -> Outcome {
    // All of them first, then about half, by the bits of a number that the subset gives (Knuth's multiplier).
    let bits = if subset == 0 { u32::MAX } else { subset.wrapping_mul(2_654_435_761) };
    let mut edits: Vec<Edit> = Vec::new();
    let mut named: Vec<Span> = Vec::new();
    for (number, finding) in (0u32..).zip(report.findings()) {
        let Some(fix) = &finding.fix else { continue };
        let apart = |edit: &Edit| {
            edits
                .iter()
                .all(|other| other.span.end < edit.span.start || edit.span.end < other.span.start)
        };
        if bits.rotate_left(number) & 1 == 0 || !fix.edits.iter().all(apart) {
            continue;
        }
        edits.extend(fix.edits.iter().cloned());
        named.push(finding.span);
        named.extend(finding.labels.iter().map(|label| label.span));
    }
    edits.sort_by_key(|edit| edit.span);
    let fixed = apply(&case.source, &edits);
    let after = lint(&Input { source: &fixed, ..case.input() });
    // What stood around a text may be taken for a part of it once the text has changed.
    let is_wrapped =
        |report: &Report| report.findings().any(|finding| finding.rule.code == "INPUT-004");
    if is_wrapped(report) != is_wrapped(&after) {
        return Ok(());
    }
    let kept: HashSet<(Kind, String)> = after.artefacts.iter().flat_map(facts).collect();
    for (kind, fact) in report.artefacts.iter().flat_map(facts) {
        if !kept.contains(&(kind, fact.clone())) && !is_named(&case.source, &fact, &named) {
            return Err(format!(
                "{fact} is lost: {} became {}",
                shown(&case.source),
                shown(&fixed)
            ));
        }
    }
    Ok(())
}

/// What senders read from an artefact, piece by piece.
fn facts(artefact: &Artefact) -> Vec<(Kind, String)> {
    let of = |facts: Vec<Option<String>>| {
        facts.into_iter().flatten().map(|fact| (artefact.kind, fact)).collect()
    };
    match read(&artefact.parsed) {
        Parsed::Policy(values) => {
            let mut facts: Vec<Option<String>> = values.mx.into_iter().map(Some).collect();
            facts.push(values.version.map(str::to_owned));
            facts.push(values.mode.map(|mode| mode.word().to_owned()));
            facts.push(values.max_age.map(|seconds| seconds.to_string()));
            of(facts)
        }
        Parsed::Record(values) => {
            let mut facts: Vec<Option<String>> = values.rua.into_iter().map(Some).collect();
            facts.push(values.version.map(str::to_owned));
            facts.push(values.id);
            of(facts)
        }
        Parsed::Report(values) => of(vec![
            values.organization,
            values.success.map(|count| count.to_string()),
            values.failure.map(|count| count.to_string()),
        ]),
        Parsed::Domain(_) | Parsed::Live(_) | Parsed::None => Vec::new(),
    }
}

/// Whether one of the places touches what may be this fact in the source.
fn is_named(source: &[u8], fact: &str, named: &[Span]) -> bool {
    let touches = |at: usize, span: &Span| span.start <= at + fact.len() && at <= span.end;
    let found = source
        .windows(fact.len().max(1))
        .enumerate()
        .filter(|(_, window)| window.eq_ignore_ascii_case(fact.as_bytes()));
    // Signs that can't be seen may stand within it.
    let seen = |span: &Span| -> String {
        let text = String::from_utf8_lossy(&source[span.range()]);
        text.chars().filter(|c| !c.is_control()).collect()
    };
    found.into_iter().any(|(at, _)| named.iter().any(|span| touches(at, span)))
        || named.iter().any(|span| seen(span).eq_ignore_ascii_case(fact))
}

/// No error and no warning comes with the safe fixes at all. It holds of texts with one thing wrong at
/// a time, as vectors and examples are.
pub fn adds_nothing(case: &Case) -> Outcome {
    let before = lint(&case.input());
    let known: BTreeSet<&str> = defects(&before).map(|finding| finding.rule.code).collect();
    let fixed = apply_safe(&case.input());
    let after = lint(&Input { source: &fixed, ..case.input() });
    let mut new = defects(&after).map(|finding| finding.rule.code);
    match new.find(|code| !known.contains(code)) {
        Some(code) => {
            Err(format!("{code} is new: {} became {}", shown(&case.source), shown(&fixed)))
        }
        None => Ok(()),
    }
}

fn together(case: &Case, report: &Report) -> Outcome {
    let mut source = case.source.clone();
    let mut before = report.clone();
    let mut round = 0;
    loop {
        let edits = safe_edits(&before);
        if edits.is_empty() {
            break;
        }
        round += 1;
        ensure!(round <= ROUNDS, "still fixing after {ROUNDS} rounds: {}", shown(&case.source));
        let fixed = apply(&source, &edits);
        keeps_the_rest(&source, &edits, &fixed)?;
        let after = lint(&Input { source: &fixed, ..case.input() });
        harmless(&before, &after, &edits).map_err(|what| {
            format!("all safe fixes: {what}: {} became {}", shown(&source), shown(&fixed))
        })?;
        (source, before) = (fixed, after);
    }
    let all = apply_safe(&case.input());
    ensure!(all == source, "rounds differ from `apply_safe`: {}", shown(&case.source));
    let again = apply_safe(&Input { source: &all, ..case.input() });
    ensure!(again == all, "fixing twice: {}", shown(&case.source));
    Ok(())
}

fn alone(case: &Case, report: &Report, finding: &Finding) -> Outcome {
    let Some(fix) = &finding.fix else { return Ok(()) };
    let fixed = fix.apply(&case.source);
    keeps_the_rest(&case.source, &fix.edits, &fixed)?;
    let after = lint(&Input { source: &fixed, ..case.input() });
    let count = |report: &Report| -> usize {
        let of_rule = report.findings().filter(|f| f.rule == finding.rule);
        of_rule.map(|finding| 1 + finding.more).sum()
    };
    let what = || {
        let (code, title) = (finding.rule.code, &fix.title);
        format!("{code} “{title}”: {} became {}", shown(&case.source), shown(&fixed))
    };
    let recut = RECUT.iter().any(|code| raised(&after, code) && !raised(report, code));
    ensure!(recut || count(&after) < count(report), "the finding stays: {}", what());
    if fix.applicability == Applicability::Safe {
        harmless(report, &after, &fix.edits).map_err(|harm| format!("{harm}: {}", what()))?;
    }
    Ok(())
}

/// Outside of the edits every byte stays as it was.
fn keeps_the_rest(source: &[u8], edits: &[Edit], fixed: &[u8]) -> Outcome {
    let (mut rest, mut at) = (fixed, 0);
    for edit in edits {
        let kept = &source[at..edit.span.start];
        rest = rest
            .strip_prefix(kept)
            .and_then(|rest| rest.strip_prefix(edit.text.as_bytes()))
            .ok_or_else(|| format!("an edit touches more than it says: {}", shown(source)))?;
        at = edit.span.end;
    }
    ensure!(rest == &source[at..], "the end is not what it was: {}", shown(source));
    Ok(())
}

/// What senders can use says the same after safe fixes, and has no error or warning that it had not
/// before. (Advice may come: what a value is good for can be told only when it is a value.)
///
/// What they can't use may show what its errors hid: with its semicolon in place, a record turns
/// out to have a bad id. But nothing is wrong with what a fix has written.
fn harmless(before: &Report, after: &Report, edits: &[Edit]) -> Outcome {
    let known: BTreeSet<&str> = defects(before).map(|finding| finding.rule.code).collect();
    let new: Vec<&Finding> = defects(after).filter(|f| !known.contains(f.rule.code)).collect();
    if before.worst().is_none_or(|worst| worst > Severity::Error) {
        let shown = |finding: &&&Finding| {
            !SHADOWS.iter().any(|(by, code)| *code == finding.rule.code && known.contains(by))
        };
        let codes: Vec<_> = new.iter().filter(shown).map(|finding| finding.rule.code).collect();
        ensure!(codes.is_empty(), "new findings {codes:?}");
        let values = |report: &Report| -> Vec<Parsed> {
            report.artefacts.iter().map(|artefact| read(&artefact.parsed)).collect()
        };
        let (old, now) = (values(before), values(after));
        ensure!(old == now, "senders read {now:?}, not {old:?}");
    }
    if kinds(before) != kinds(after) {
        return Ok(()); // Taken for something else now, it may be as wrong as it likes.
    }
    let (mut length, mut done) = (0, 0);
    for edit in edits {
        let says_something = edit.text.contains(char::is_alphanumeric);
        let start = length + edit.span.start - done;
        (length, done) = (start + edit.text.len(), edit.span.end);
        let wrong = |f: &&&Finding| {
            let inside = start <= f.span.start && f.span.end <= length;
            f.rule.severity == Severity::Error && !f.span.is_empty() && inside
        };
        let wrong: Vec<_> = new.iter().filter(wrong).map(|f| f.rule.code).collect();
        ensure!(wrong.is_empty() || !says_something, "what was written raises {wrong:?}");
    }
    Ok(())
}

/// What counts of the values that senders read: a destination is the same without the headers that
/// reporters ignore, and when it is given once only.
fn read(parsed: &Parsed) -> Parsed {
    let mut parsed = parsed.clone();
    if let Parsed::Record(values) = &mut parsed {
        for uri in values.rua.iter_mut().filter(|uri| uri.starts_with("mailto:")) {
            uri.truncate(uri.find('?').unwrap_or(uri.len()));
        }
        values.rua.sort_unstable();
        values.rua.dedup();
    }
    parsed
}

fn raised(report: &Report, code: &str) -> bool {
    report.findings().any(|finding| finding.rule.code == code)
}

fn kinds(report: &Report) -> Vec<Kind> {
    report.artefacts.iter().map(|artefact| artefact.kind).collect()
}
