use super::app::act;
use super::finding_card::CardProps;
use super::prose::prose;
use crate::state::Action;
use stslint::finding::{Applicability, Fix};
use stslint::render::changes::{Change, changes};
use yew::prelude::*;

/// Changed places that are previewed.
const SHOWN: usize = 3;

/// A repair: what it does, what it changes, and the button for it.
pub(crate) fn fix_preview(props: &CardProps, fix: &Fix) -> Html {
    let safe = fix.applicability == Applicability::Safe;
    let onclick = act(&props.dispatcher, Action::Fix(props.item));
    let (changed, count) = match props.preview {
        true => changes(&props.source.bytes, &fix.edits, SHOWN),
        false => (Vec::new(), 0),
    };
    let more = count.saturating_sub(SHOWN);
    html! {
        <div class="fix" data-fix={if safe { "safe" } else { "confirm" }}>
            <div class="fix-head" key="head">
                <p>
                    <strong>{ if safe { "Fix: " } else { "Suggestion, check before applying: " } }</strong>
                    { prose(&fix.title) }
                </p>
                <button type="button" {onclick} disabled={props.stale} aria-label={format!("{}: {}",
                    if safe { "Apply fix" } else { "Apply suggestion" }, fix.title.replace('`', ""))}>
                    { if safe { "Apply fix" } else { "Apply suggestion" } }
                </button>
            </div>
            <div class="diff" key="diff">
                { for changed.iter().map(change_view) }
                if more > 0 { <p class="hint" key="more">{ format!("… and {more} more places") }</p> }
            </div>
        </div>
    }
}

fn change_view(change: &Change) -> Html {
    let sign = |sign: &'static str, said: &'static str| {
        html! { <span class="sign" aria-label={said} role="img">{ sign }</span> }
    };
    let old = change.old.iter().enumerate().map(|(i, line)| {
        html! { <del key={format!("-{i}")}>{ sign("−", "removed:") }{ visible(line) }</del> }
    });
    let new = change.new.iter().enumerate().map(|(i, line)| {
        html! { <ins key={format!("+{i}")}>{ sign("+", "added:") }{ visible(line) }</ins> }
    });
    html! { <div class="change" key={change.line}>{ for old }{ for new }</div> }
}

/// A line with signs for the blanks that the engine leaves: tabs, and spaces at the end.
fn visible(line: &str) -> String {
    let text = line.trim_end_matches(' ');
    text.replace('\t', "→") + &"·".repeat(line.len() - text.len())
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn blanks_can_be_told_apart() {
        assert_eq!(visible("mx:\ta b  "), "mx:→a b··");
        assert_eq!(visible(""), "");
    }
}
