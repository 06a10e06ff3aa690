use super::example_list::example_list;
use super::import::import_view;
use super::links::close_dialog;
use super::live::history_dialog;
use super::rule_list::rule_list;
use super::rule_view::{distinct, rule_view};
use super::share_view::share_view;
use crate::components::app::View;
use crate::components::element::{El, button, el};
use crate::state::Dialog;
use std::rc::Rc;
use yew::Html;

/// What stands in the dialog of index.html. There is one, and it stays, so that the browser brings
/// focus back.
pub(crate) fn dialog(view: View) -> Html {
    let dialog = view.state.dialog;
    let dispatcher = view.dispatcher.clone();
    let close = button("Close", Rc::new(move |_| close_dialog(&dispatcher))).class("quiet");
    let title = el("h2").attr("id", "dialog-title").words(title(dialog));
    el("div")
        .class("dialog-box")
        .child(el("div").class("dialog-head").child(title).child(close))
        .child(el("div").class("dialog-body").child(body(dialog, view)))
        .into()
}

fn title(dialog: Dialog) -> String {
    match dialog {
        Dialog::Examples => "Examples".into(),
        Dialog::History => "Checks kept in this browser".into(),
        Dialog::Imported => "Open a result".into(),
        Dialog::None => String::new(),
        Dialog::Rule(Some(code)) => code.into(),
        Dialog::Rule(None) => format!("All {} rules", distinct().count()),
        Dialog::Share => "Share or save".into(),
    }
}

/// The content, with a key: it is never made of another dialog's content.
fn body(dialog: Dialog, view: View) -> El {
    match dialog {
        Dialog::Examples => el("div").key("examples").child(example_list()),
        Dialog::History => el("div").key("history").child(history_dialog(view)),
        Dialog::Imported => el("div").key("imported").child(import_view(view)),
        Dialog::None => el("div").key("none"),
        Dialog::Rule(Some(code)) => el("div").key(code).child(rule_view(code, view)),
        Dialog::Rule(None) => el("div").key("rules").child(rule_list(view)),
        Dialog::Share => el("div").key("share").child(share_view(view)),
    }
}
