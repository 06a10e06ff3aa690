use super::app::View;
use super::example_list::example_list;
use super::rule_view::{distinct, rule_list, rule_view};
use super::share_view::ShareView;
use crate::hooks::close_dialog;
use crate::state::Dialog;
use yew::prelude::*;

/// What stands in the dialog of index.html. There is one, and it stays, so that the browser brings
/// focus back.
pub(crate) fn dialog(view: View) -> Html {
    let dialog = view.state.dialog;
    let dispatcher = view.dispatcher.clone();
    let close = Callback::from(move |_: MouseEvent| close_dialog(&dispatcher));
    html! {
        <div class="dialog-box">
            <div class="dialog-head" key="head">
                <h2 id="dialog-title">{ title(dialog) }</h2>
                <button type="button" class="quiet" onclick={close}>{ "Close" }</button>
            </div>
            <div class="dialog-body" key="body">{ body(dialog, view) }</div>
        </div>
    }
}

fn title(dialog: Dialog) -> String {
    match dialog {
        Dialog::Examples => "Examples".into(),
        Dialog::None => String::new(),
        Dialog::Rule(Some(code)) => code.into(),
        Dialog::Rule(None) => format!("All {} rules", distinct().count()),
        Dialog::Share => "Share".into(),
    }
}

fn body(dialog: Dialog, view: View) -> Html {
    match dialog {
        Dialog::Examples => html! { <div key="examples">{ example_list() }</div> },
        Dialog::None => html! { <div key="none"></div> },
        Dialog::Rule(Some(code)) => {
            html! { <div key={code}>{ rule_view(code, view.dispatcher) }</div> }
        }
        Dialog::Rule(None) => html! { <div key="rules">{ rule_list() }</div> },
        Dialog::Share => html! {
            <ShareView key="share" source={view.state.source.clone()} settings={view.state.settings.clone()}
                analysis={view.state.analysis.clone()} invisible={view.state.invisible}
                has_text={!view.state.is_blank() && view.state.too_big.is_none()} />
        },
    }
}
