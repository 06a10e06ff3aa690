use super::prose::prose;
use crate::state::State;
use stslint::Kind;
use stslint::outline::Note;
use yew::prelude::*;

/// Parts that are listed; a policy with more has its own problems.
const LISTED: usize = 60;

/// What each part of the text means for senders.
pub(crate) fn outline(state: &State) -> Html {
    let outline = &state.analysis.outline;
    // The commands for a domain stand in the verdict.
    let linted = state.analysis.report.artefacts.iter().any(|a| a.verdict().is_some());
    if state.is_blank() || state.too_big.is_some() || !linted || outline.is_empty() {
        return html! { <section class="outline" key="none"></section> };
    }
    let several = outline.len() > 1;
    let artefact = |(i, (kind, notes)): (usize, &(Kind, Vec<Note>))| {
        html! {
            <div key={i}>
                if several { <h3>{ kind.title() }</h3> }
                <dl class="parts">{ for notes.iter().take(LISTED).enumerate().map(part) }</dl>
                if notes.len() > LISTED {
                    <p class="hint">{ format!("… and {} more", notes.len() - LISTED) }</p>
                }
            </div>
        }
    };
    html! {
        <section class="outline" aria-labelledby="outline-title" key="some">
            <h2 id="outline-title" key="title">{ "What it says" }</h2>
            { for outline.iter().enumerate().map(artefact) }
        </section>
    }
}

fn part((i, note): (usize, &Note)) -> Html {
    html! {
        <div class="part" key={i}>
            <dt><code>{ note.title }</code></dt>
            <dd><strong>{ note.value.clone() }</strong><span>{ prose(&note.text) }</span></dd>
        </div>
    }
}
