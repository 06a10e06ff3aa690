use super::finding_card::CardProps;
use super::memo::{Part, memo};
use crate::state::Action;
use crate::state::View;
use crate::tools::lint::state::Action as Lint;
use crate::ui::element::{El, button, el};
use crate::ui::words::count;
use std::rc::Rc;

/// Up to this many findings, all details are open.
const ALL_OPEN: usize = 3;

/// Findings whose fix is previewed even while another one is current.
const PREVIEWED: usize = 12;

/// The findings, most severe first; examples while there is no text.
pub(crate) fn findings(view: View) -> El {
    let state = view.state;
    let section = el("section").class("findings");
    if state.text.is_blank() {
        return section
            .key("blank")
            .attr("aria-labelledby", "findings-title")
            .child(el("h2").attr("id", "findings-title").text("Or open an example"))
            .child(view.examples.clone());
    }
    let linted = state.text.analysis.report.artefacts.iter().any(|a| a.verdict().is_some());
    if state.text.too_big.is_some() || !linted {
        return section.key("unlinted");
    }
    section
        .key("findings")
        .attr("aria-labelledby", "findings-title")
        .child(head(view))
        .child(cards(view))
        .child(more(view))
}

fn head(view: View) -> El {
    let analysis = &view.state.text.analysis;
    let title = match analysis.len() {
        0 => "No findings".into(),
        number => count(number, "finding", "findings"),
    };
    let title = el("h2").attr("id", "findings-title").attr("tabindex", "-1").words(title);
    let fix_all = (analysis.safe_fixes > 0).then(|| {
        el("button")
            .class("primary")
            .attr("type", "button")
            .flag("disabled", view.state.text.is_stale())
            .on("click", view.act(Action::FixAll))
            .words(format!("Apply all safe fixes ({})", analysis.safe_fixes))
    });
    el("div").class("section-head").child(title).maybe(fix_all)
}

fn cards(view: View) -> El {
    let (state, analysis) = (view.state, &view.state.text.analysis);
    let mut cards = el("ol").class("cards").attr("data-testid", "findings");
    for item in 0..state.lint.listed.min(analysis.len()) {
        let current = state.lint.current == Some(item);
        let props = CardProps {
            item,
            analysis: Rc::clone(analysis),
            source: Rc::clone(&state.text.linted),
            dispatcher: view.dispatcher.clone(),
            explanations: state.explanations,
            current,
            hovered: state.lint.hovered == Some(item),
            open: current || analysis.len() <= ALL_OPEN,
            preview: current || item < PREVIEWED,
            stale: state.text.is_stale(),
        };
        cards = cards.child(memo(item, Part::Card(props)));
    }
    cards
}

fn more(view: View) -> El {
    let all = view.state.text.analysis.len();
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
