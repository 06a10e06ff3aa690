use super::finding_card::CardProps;
use super::memo::{Part, memo};
use crate::state::View;
use crate::ui::element::{El, el};
use crate::ui::ignored::{ignores, said};
use crate::ui::words::count;
use std::rc::Rc;
use stslint::Kind;
use stslint::finding::Severity;

/// Up to this many findings, all details are open.
const ALL_OPEN: usize = 3;

/// Findings whose fix is previewed even while another one is current.
const PREVIEWED: usize = 12;

/// The findings, most severe first; the start while there is no text.
pub(crate) fn findings(view: View) -> El {
    let state = view.state;
    let section = el("section").class("findings");
    if state.text.is_blank() {
        return el("div").key("blank").child(view.start.clone());
    }
    let linted = state.text.analysis.report.artefacts.iter().any(|a| a.verdict().is_some());
    // What the text looks like is the verdict. What it tells, like the code of a bounce, is a finding.
    let tells = || state.text.analysis.findings().any(|finding| finding.rule.code != "INPUT-001");
    if state.text.too_big.is_some() || !linted && !tells() {
        return section.key("unlinted");
    }
    let title = match state.text.analysis.len() {
        0 => "No findings".into(),
        number => count(number, "finding", "findings"),
    };
    let title = el("h2").attr("id", "findings-title").attr("tabindex", "-1").words(title);
    let groups = state.text.analysis.groups.iter().cloned();
    let (ignored, told): (Vec<_>, Vec<_>) = groups.partition(|group| is_ignored(group[0], view));
    let (loud, folded): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|group| !is_folded(group[0], view));
    let notes = count(folded.len(), "note about the file", "notes about the file");
    let findings = ignored.iter().map(|group| group.len()).sum();
    let aside = fold(said(findings, &state.text.settings.ignore), ignored, view)
        .attr("data-testid", "ignored");
    section
        .key("findings")
        .attr("aria-labelledby", "findings-title")
        .maybe(state.text.forms.map(|forms| (forms.told)(&state.text.analysis)))
        .child(title)
        .child(cards(loud, view).attr("data-testid", "findings"))
        .child(fold(notes, folded, view))
        .child(aside)
        .child(keys(view))
}

/// Whether a finding is about the form of a report's file, which is its sender's business.
fn is_folded(item: usize, view: View) -> bool {
    let analysis = &view.state.text.analysis;
    let report = analysis.report.artefacts.iter().any(|artefact| artefact.kind == Kind::Report);
    report && analysis.finding(item).is_some_and(|f| f.rule.severity == Severity::Info)
}

/// Whether a finding is set aside by whoever made the link.
fn is_ignored(item: usize, view: View) -> bool {
    let text = &view.state.text;
    text.analysis.finding(item).is_some_and(|found| ignores(&text.settings.ignore, found.rule.code))
}

fn fold(words: String, groups: Vec<Rc<[usize]>>, view: View) -> El {
    let details = el("details").class("folded").flag("hidden", groups.is_empty());
    details.child(el("summary").words(words)).child(cards(groups, view))
}

fn cards(groups: Vec<Rc<[usize]>>, view: View) -> El {
    let (state, analysis) = (view.state, &view.state.text.analysis);
    let mut cards = el("ol").class("cards");
    let mut codes: Vec<&str> = Vec::new();
    for group in groups {
        let first = group[0];
        let code = analysis.finding(first).map_or("", |finding| finding.rule.code);
        // A card is drawn for the same finding again, although others come and go before it.
        let nth = codes.iter().filter(|other| **other == code).count();
        codes.push(code);
        let item = state.lint.current.filter(|item| group.contains(item)).unwrap_or(first);
        let current = state.lint.current == Some(item);
        let props = CardProps {
            item,
            alike: group,
            analysis: Rc::clone(analysis),
            source: Rc::clone(&state.text.linted),
            dispatcher: view.dispatcher.clone(),
            explanations: state.explanations,
            current,
            hovered: state.lint.hovered == Some(item),
            open: current || analysis.len() <= ALL_OPEN,
            preview: current || first < PREVIEWED,
            stale: state.text.is_stale(),
        };
        cards = cards.child(memo(format!("{code} {nth}"), Part::Card(props)));
    }
    cards
}

/// The keys that lead from finding to finding, where there are several.
fn keys(view: View) -> El {
    let key = |key| el("kbd").text(key);
    el("p")
        .class("hint keys")
        .flag("hidden", view.state.text.analysis.len() < 2)
        .child(key("F8"))
        .text(" next, ")
        .child(key("Shift"))
        .text(" ")
        .child(key("F8"))
        .text(" previous finding")
}
