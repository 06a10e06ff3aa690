use super::app::View;
use super::example_list::example_list;
use super::finding_card::FindingCard;
use super::prose::count;
use crate::state::Action;
use yew::prelude::*;

/// Up to this many findings, all details are open.
const ALL_OPEN: usize = 3;

/// Findings whose fix is previewed even while another one is current.
const PREVIEWED: usize = 12;

/// The findings, most severe first; examples while there is no text.
pub(crate) fn findings(view: View) -> Html {
    let state = view.state;
    if state.is_blank() {
        return html! {
            <section class="findings" aria-labelledby="findings-title" key="blank">
                <h2 id="findings-title">{ "Or open an example" }</h2>
                { example_list() }
            </section>
        };
    }
    let analysis = &state.analysis;
    let linted = analysis.report.artefacts.iter().any(|a| a.verdict().is_some());
    if state.too_big.is_some() || !linted {
        return html! { <section class="findings" key="unlinted"></section> };
    }
    let shown = state.listed.min(analysis.len());
    let card = |item: usize| {
        let current = state.current == Some(item);
        html! {
            <FindingCard key={item} {item} analysis={analysis.clone()} source={state.linted.clone()}
                dispatcher={view.dispatcher.clone()} {current} hovered={state.hovered == Some(item)}
                open={current || analysis.len() <= ALL_OPEN} preview={current || item < PREVIEWED}
                stale={state.is_stale()} />
        }
    };
    html! {
        <section class="findings" aria-labelledby="findings-title" key="findings">
            <div class="section-head" key="head">
                <h2 id="findings-title" tabindex="-1">{ title(analysis.len()) }</h2>
                if analysis.safe_fixes > 0 {
                    <button type="button" class="primary" onclick={view.act(Action::FixAll)}
                        disabled={state.is_stale()}>
                        { format!("Apply all safe fixes ({})", analysis.safe_fixes) }
                    </button>
                }
            </div>
            <ol class="cards" key="cards" data-testid="findings">{ for (0..shown).map(card) }</ol>
            <div class="more" key="more">
                if shown < analysis.len() {
                    <button type="button" onclick={view.act(Action::More)}>
                        { format!("Show more ({} of {} shown)", shown, analysis.len()) }
                    </button>
                }
                if analysis.len() > 1 {
                    <p class="hint">
                        <kbd>{ "F8" }</kbd>{ " next, " }
                        <kbd>{ "Shift" }</kbd>{ " " }<kbd>{ "F8" }</kbd>{ " previous finding" }
                    </p>
                }
            </div>
        </section>
    }
}

fn title(number: usize) -> String {
    if number == 0 { "No findings".into() } else { count(number, "finding", "findings") }
}
