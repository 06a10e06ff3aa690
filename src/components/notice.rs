use super::app::View;
use super::element::{button, el};
use crate::state::{Action, Rest};
use yew::Html;

/// What the page has to tell, above the text.
pub(crate) fn notice(view: View) -> Html {
    let Some(notice) = &view.state.notice else { return el("div").class("no-notice").into() };
    let restore = || button("Restore previous text", view.act(Action::Restore));
    let retry = || button("Try again", view.act(Action::Rest(Rest::Unasked)));
    let buttons =
        el("div").class("buttons").maybe(notice.undo.then(restore)).maybe(notice.retry.then(retry));
    el("div")
        .class("notice")
        .attr("data-tone", if notice.problem { "error" } else { "note" })
        .child(el("p").words(notice.text.clone()))
        .child(buttons.child(button("Dismiss", view.act(Action::Dismiss)).class("quiet")))
        .into()
}
