use super::finding_card::CardProps;
use super::memo::{Part, memo};
use crate::state::{Action, View};
use crate::tools::lint::state::Action as Lint;
use crate::ui::element::{El, button, el};
use crate::ui::words::count;
use std::rc::Rc;
use stslint::Kind;
use stslint::finding::Severity;

/// Up to this many findings, all details are open.
const ALL_OPEN: usize = 3;

/// Findings whose fix is previewed even while another one is current.
const PREVIEWED: usize = 12;

/// Findings of one rule that are one card.
const ALIKE: usize = 3;

/// The findings, most severe first; the start while there is no text.
pub(crate) fn findings(view: View) -> El {
    let state = view.state;
    let section = el("section").class("findings");
    if state.text.is_blank() {
        return el("div").key("blank").child(view.start.clone());
    }
    let linted = state.text.analysis.report.artefacts.iter().any(|a| a.verdict().is_some());
    if state.text.too_big.is_some() || !linted {
        return section.key("unlinted");
    }
    let title = match state.text.analysis.len() {
        0 => "No findings".into(),
        number => count(number, "finding", "findings"),
    };
    let title = el("h2").attr("id", "findings-title").attr("tabindex", "-1").words(title);
    let mut groups = groups(view);
    let all = groups.len();
    groups.truncate(state.lint.listed);
    let (loud, folded) = groups.into_iter().partition(|group| !is_folded(group[0], view));
    section
        .key("findings")
        .attr("aria-labelledby", "findings-title")
        .maybe(state.text.forms.map(|forms| (forms.told)(&state.text.analysis)))
        .child(title)
        .child(cards(loud, view).attr("data-testid", "findings"))
        .child(fold(folded, view))
        .child(more(all, view))
}

/// The items, with those of the same rule together where they are many.
fn groups(view: View) -> Vec<Vec<usize>> {
    let analysis = &view.state.text.analysis;
    let mut of_rules: Vec<(&str, Vec<usize>)> = Vec::new();
    for (item, finding) in analysis.findings().enumerate() {
        let code = finding.rule.code;
        match of_rules.iter_mut().find(|(rule, _)| *rule == code) {
            Some((_, items)) => items.push(item),
            None => of_rules.push((code, vec![item])),
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (_, items) in of_rules {
        match items.len() > ALIKE {
            true => groups.push(items),
            false => groups.extend(items.into_iter().map(|item| vec![item])),
        }
    }
    groups.sort_by_key(|group| group[0]);
    groups
}

/// Whether a finding is about the form of a report's file, which is its sender's business.
fn is_folded(item: usize, view: View) -> bool {
    let analysis = &view.state.text.analysis;
    let report = analysis.report.artefacts.iter().any(|artefact| artefact.kind == Kind::Report);
    report && analysis.finding(item).is_some_and(|f| f.rule.severity == Severity::Info)
}

fn fold(groups: Vec<Vec<usize>>, view: View) -> El {
    let words = count(groups.len(), "note about the file", "notes about the file");
    let details = el("details").class("folded").flag("hidden", groups.is_empty());
    details.child(el("summary").words(words)).child(cards(groups, view))
}

fn cards(groups: Vec<Vec<usize>>, view: View) -> El {
    let (state, analysis) = (view.state, &view.state.text.analysis);
    let mut cards = el("ol").class("cards");
    for group in groups {
        let first = group[0];
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
        cards = cards.child(memo(first, Part::Card(props)));
    }
    cards
}

fn more(all: usize, view: View) -> El {
    let shown = view.state.lint.listed.min(all);
    let button = (shown < all).then(|| {
        button("Show more", view.act(Action::Lint(Lint::More)))
            .words(format!(" ({shown} of {all} shown)"))
    });
    let key = |key| el("kbd").text(key);
    let keys = (all > 1).then(|| {
        el("p")
            .class("hint")
            .child(key("F8"))
            .text(" next, ")
            .child(key("Shift"))
            .text(" ")
            .child(key("F8"))
            .text(" previous finding")
    });
    el("div").class("more").maybe(button).maybe(keys)
}
