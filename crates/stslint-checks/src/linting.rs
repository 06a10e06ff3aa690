//! What holds of every lint.

use crate::told::defects_of;
use crate::{Case, Outcome, ensure, shown};
use std::collections::BTreeMap;
use stslint::build::outputs::quoted;
use stslint::finding::{Edit, MOST, Severity, Verdict};
use stslint::found::{Data, Entry, Found, found};
use stslint::render::{json, markdown::markdown, words};
use stslint::text::{Display, LineIndex, Span};
use stslint::{
    Artefact, Form, Input, Kind, Parsed, Report, bare, carve, lint, outline, policy, record, report,
};

/// Longest message, in characters: a message is one sentence, whatever it quotes.
const MESSAGE: usize = 400;

/// The rule on values of which a list or a console shows the beginning only.
const CUT: &str = "INPUT-009";

/// Linting twice says the same, values are the same without findings, what the bare engine says is the same, spans and edits lie on characters of the input, messages say
/// something, verdicts come from the findings, what is cut has no good one, and everything can be rendered.
pub fn check(case: &Case) -> Outcome {
    let input = case.input();
    let report = lint(&input);
    ensure!(report == lint(&input), "linting twice differs: {}", shown(&case.source));
    ensure!(!report.artefacts.is_empty(), "no artefact: {}", shown(&case.source));
    if let Some(bare) = bare::lint(&input) {
        ensure!(bare == report, "the bare engine differs: {}", shown(&case.source));
    }
    spans(case, &report)?;
    values(case, &report)?;
    cuts(case, &report)?;
    of_report(case, &report)?;
    for artefact in &report.artefacts {
        let worst = artefact.findings.iter().map(|finding| finding.rule.severity).min();
        ensure!(
            Verdict::of(&artefact.findings).usable == (worst != Some(Severity::Error)),
            "the verdict is not that of the findings: {}",
            shown(&case.source)
        );
    }
    for note in outline::outline(&input, &report).into_iter().flatten() {
        let good = good_span(&case.source, note.span);
        ensure!(good, "{} is explained at {:?}", note.part.title(), note.span);
    }
    ensure!(!words::headline(&input, &report).title.is_empty(), "no headline");
    ensure!(!markdown(&input, &report, "2026-11-22").is_empty(), "no Markdown");
    ensure!(!json::entries("input", &input, &report).is_empty(), "no JSON");
    Ok(())
}

/// The cheap part, for very many inputs: no panic; places, edits and the number of findings are within bounds.
pub fn quick(case: &Case) -> Outcome {
    let report = lint(&case.input());
    for finding in report.findings() {
        let code = finding.rule.code;
        let labels = finding.labels.iter().map(|label| label.span);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in labels.chain(edits).chain([finding.span]) {
            ensure!(good_span(&case.source, span), "{code} at {span:?} of {}", shown(&case.source));
        }
    }
    for artefact in report.artefacts.iter().filter(|artefact| artefact.findings.len() > MOST) {
        let mut listed = BTreeMap::new();
        for finding in &artefact.findings {
            *listed.entry(finding.rule.code).or_insert(0) += 1;
        }
        let most = listed.values().max();
        ensure!(most <= Some(&MOST), "too many findings of a rule: {}", shown(&case.source));
    }
    Ok(())
}

/// The ways to values without findings lead to those of the lint, where the text is what senders are given.
fn values(case: &Case, report: &Report) -> Outcome {
    let Ok(text) = str::from_utf8(&case.source) else { return Ok(()) };
    // The mark of a file is none of the record in it. (In front of a policy it is found.)
    let text = text.trim_start_matches('\u{feff}');
    for artefact in &report.artefacts {
        let clean = report.form == Form::Bare && artefact.findings.is_empty();
        let read = match &artefact.parsed {
            Parsed::Policy(_) if clean => Parsed::Policy(policy::values(text)),
            Parsed::Record(_) if clean => Parsed::Record(record::values(text, artefact.kind)),
            Parsed::Report(_) => Parsed::Report(
                carve::report_text(&case.source)
                    .and_then(|text| report::content(&text).map(|content| content.values()))
                    .unwrap_or_default(),
            ),
            _ => continue,
        };
        ensure!(
            read == artefact.parsed,
            "{read:?} is not {:?}: {}",
            artefact.parsed,
            shown(&case.source)
        );
    }
    Ok(())
}

/// Nothing good is said of a value that is cut, and no fix is in its line: what is not shown may be anything.
fn cuts(case: &Case, report: &Report) -> Outcome {
    let source = &case.source;
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    for artefact in &report.artefacts {
        let cuts = artefact.findings.iter().filter(|finding| finding.rule.code == CUT);
        for cut in cuts {
            let is_good = artefact.verdict().is_some_and(|verdict| verdict.usable);
            ensure!(!is_good, "a cut value is good: {}", shown(source));
            let start = source[..cut.span.start].iter().rposition(is_end).map_or(0, |at| at + 1);
            let end = source[cut.span.end..].iter().position(is_end);
            let end = end.map_or(source.len(), |length| cut.span.end + length);
            let fixes = artefact.findings.iter().filter_map(|finding| finding.fix.as_ref());
            let mut edits = fixes.flat_map(|fix| &fix.edits).map(|edit| edit.span);
            let is_in_it = |span: Span| span.start <= end && start < span.end.max(span.start + 1);
            ensure!(!edits.any(is_in_it), "a cut value is fixed: {}", shown(source));
        }
    }
    Ok(())
}

/// What can be published of a text is what was linted there.
pub fn published(case: &Case) -> Outcome {
    of_report(case, &lint(&case.input()))
}

fn of_report(case: &Case, report: &Report) -> Outcome {
    // The facts of a check are those of a domain that has published; of what is no text nothing is taken.
    let is_live = report.artefacts.first().is_some_and(|it| it.kind == Kind::Live);
    if is_live || str::from_utf8(&case.source).is_err() {
        return Ok(());
    }
    let found = found(&case.input());
    for artefact in report.artefacts.iter().filter(|it| defects_of(it).next().is_none()) {
        names(case, report, artefact, &found)?;
        let read: Vec<Parsed> = match &artefact.parsed {
            Parsed::Policy(_) => {
                let is_found = found.policy.is_some() || report.form != Form::Bare;
                ensure!(is_found, "no policy is found: {}", shown(&case.source));
                let policy = found.policy.as_deref();
                policy.map(|text| Parsed::Policy(policy::values(text))).into_iter().collect()
            }
            Parsed::Record(values) => {
                let entries = found.entries(artefact.kind, PUBLISHER);
                let is_found = !entries.is_empty() || values.version.is_none();
                ensure!(is_found, "no record is found: {}", shown(&case.source));
                let value = |entry: &Entry| match entry.data {
                    Data::Value(value) => Some(record::values(value, artefact.kind)),
                    _ => None,
                };
                entries.iter().filter_map(value).map(Parsed::Record).collect()
            }
            _ => continue,
        };
        ensure!(
            read.is_empty() || read.contains(&artefact.parsed),
            "{read:?} is to be published, not {:?}: {}",
            artefact.parsed,
            shown(&case.source)
        );
    }
    Ok(())
}

/// The domain of somebody who publishes: no text has it.
const PUBLISHER: &str = "publisher.example";

/// A record of which nothing bad was said is published whole, alone, at a name that the text says, and where its domain's senders look.
fn names(case: &Case, report: &Report, artefact: &Artefact, found: &Found) -> Outcome {
    let label = match artefact.kind {
        Kind::StsTxt => "_mta-sts",
        Kind::RptTxt => "_smtp._tls",
        _ => return Ok(()),
    };
    let entries = found.entries(artefact.kind, PUBLISHER);
    let records = found.records.iter().filter(|record| record.kind == artefact.kind);
    let cut = records.filter(|record| record.value.is_none()).count();
    let told = artefact.findings.iter().filter(|finding| finding.rule.code == CUT).count();
    ensure!(cut <= told, "{cut} are cut, not {told}: {}", shown(&case.source));
    let source = String::from_utf8_lossy(&case.source).to_lowercase();
    let is_plain = matches!(report.form, Form::Dig | Form::Zone) && source.is_ascii();
    let whole = [label, "."].concat();
    let is_part = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.".contains(c);
    let mut said = source.split(&whole).skip(1).filter_map(|rest| rest.split_whitespace().next());
    // Only in one zone each name is another: in two answers it may be the same one.
    let is_one_zone = report.form == Form::Zone
        && !source.contains(['*', '$'])
        && said.all(|name| name.chars().all(is_part));
    let mut zone = String::new();
    for Entry { domain, data, .. } in &entries {
        let below = domain.strip_suffix(PUBLISHER).unwrap_or(domain).trim_end_matches('.');
        let is_said = !is_plain || below.split('.').all(|part| source.contains(part));
        ensure!(is_said, "no one says {below}: {}", shown(&case.source));
        let is_behind = below.contains(label) && !source.contains(&[&whole, below].concat());
        ensure!(!is_behind, "{label} stands in {below}: {}", shown(&case.source));
        match data {
            Data::Value(value) => {
                let is_cut = told > cut && value.ends_with(&['.', '\u{2026}'][..]);
                ensure!(!is_cut, "{value} is cut: {}", shown(&case.source));
                if domain.is_ascii() {
                    zone.push_str(&format!("{label}.{domain}. IN TXT {}\n", quoted(value)));
                }
            }
            Data::Several(count) => ensure!(
                !is_one_zone,
                "{count} are published at {label}.{domain}: {}",
                shown(&case.source)
            ),
            Data::Alias(..) | Data::Cut => {}
        }
    }
    let again = lint(&Input::new(zone.as_bytes()));
    let bad =
        again.artefacts.iter().filter(|it| it.kind == artefact.kind).flat_map(defects_of).next();
    ensure!(bad.is_none(), "{bad:?} is said of {zone}: {}", shown(&case.source));
    Ok(())
}

fn spans(case: &Case, report: &Report) -> Outcome {
    let source = &case.source;
    let (lines, display) = (LineIndex::new(source), Display::new(source));
    let shown_units = display.text.encode_utf16().count();
    for finding in report.findings() {
        let code = finding.rule.code;
        let labels = finding.labels.iter().map(|label| label.span);
        for span in labels.chain([finding.span]) {
            ensure!(good_span(source, span), "{code} at {span:?} of {}", shown(source));
            ensure!(lines.position(source, span.start).line >= 1, "{code} stands nowhere");
            let (start, end) = (display.utf16(span.start), display.utf16(span.end));
            ensure!(start <= end && end <= shown_units, "{code} is shown at {start}..{end}");
        }
        if let Some(fix) = &finding.fix {
            ensure!(
                good_edits(source, &fix.edits),
                "{code} has the fix {fix:?}: {}",
                shown(source)
            );
        }
        let message = finding.message(source);
        let length = message.chars().count();
        ensure!((1..MESSAGE).contains(&length), "{code} says {message:?}");
    }
    Ok(())
}

/// In bounds, and not inside a character where the input is text.
pub(crate) fn good_span(source: &[u8], span: Span) -> bool {
    let boundary = |at| match str::from_utf8(source) {
        Ok(text) => text.is_char_boundary(at),
        Err(_) => at <= source.len(),
    };
    span.start <= span.end && boundary(span.start) && boundary(span.end)
}

/// On characters, ascending, apart from each other, and something changes.
fn good_edits(source: &[u8], edits: &[Edit]) -> bool {
    let changes = |edit: &Edit| source[edit.span.range()] != *edit.text.as_bytes();
    edits.iter().all(|edit| good_span(source, edit.span))
        && edits.iter().any(changes)
        && edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start)
}
