use super::app::View;
use crate::state::Action;
use yew::prelude::*;

/// What the page has to tell, above the text.
pub(crate) fn notice(view: View) -> Html {
    let Some(notice) = &view.state.notice else { return html! { <div class="no-notice"></div> } };
    html! {
        <div class="notice" data-tone={if notice.problem { "error" } else { "note" }}>
            <p key="text">{ notice.text.clone() }</p>
            <div class="buttons" key="buttons">
                if notice.undo {
                    <button type="button" onclick={view.act(Action::Restore)}>
                        { "Restore previous text" }
                    </button>
                }
                <button type="button" class="quiet" onclick={view.act(Action::Dismiss)}>
                    { "Dismiss" }
                </button>
            </div>
        </div>
    }
}
