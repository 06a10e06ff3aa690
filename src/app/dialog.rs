use crate::request::{Dialog, Request};
use crate::state::View;
use crate::ui::element::{El, button, el};
use yew::Html;

/// What stands in the dialog of index.html. There is one, and it stays, so that the browser brings
/// focus back.
pub(crate) fn dialog(view: View) -> Html {
    let dialog = view.state.dialog;
    let close = button("Close", view.act(Request::Show(Dialog::None))).class("quiet");
    let title = el("h2").attr("id", "dialog-title").text(title(dialog));
    el("div")
        .class("dialog-box")
        .child(el("div").class("dialog-head").child(title).child(close))
        .child(el("div").class("dialog-body").child(body(dialog, view)))
        .into()
}

fn title(dialog: Dialog) -> &'static str {
    match dialog {
        Dialog::History => "Checks kept in this browser",
        Dialog::Imported => "Open a result",
        Dialog::None => "",
        Dialog::Publish => "Publish",
        Dialog::Rule(code) => code,
        Dialog::Share => "Share or save",
    }
}

/// The content, with a key: it is never made of another dialog's content. What draws it is there before a dialog is
/// shown.
fn body(dialog: Dialog, view: View) -> El {
    let chunks = &view.state.chunks;
    let (check, rules, share) =
        (chunks.check.loaded(), chunks.rules.loaded(), chunks.share.loaded());
    match dialog {
        Dialog::History => el("div").key("history").maybe(check.map(|check| (check.history)(view))),
        Dialog::Imported => {
            el("div").key("imported").maybe(share.map(|share| (share.imported)(view)))
        }
        Dialog::None => el("div").key("none"),
        Dialog::Publish => {
            el("div").key("publish").maybe(chunks.build.loaded().map(|build| (build.publish)(view)))
        }
        Dialog::Rule(code) => {
            el("div").key(code).maybe(rules.map(|rules| (rules.rule)(code, view)))
        }
        Dialog::Share => el("div").key("share").maybe(share.map(|share| (share.view)(view))),
    }
}
