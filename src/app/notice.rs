use crate::browser;
use crate::request::Remedy;
use crate::state::{Action, View};
use crate::ui::element::{button, el, handler};
use yew::Html;

/// What the page has to tell, above the text.
pub(crate) fn notice(view: View) -> Html {
    let Some(notice) = &view.state.notice else { return el("div").class("no-notice").into() };
    // The notice goes, and the focus with it, unless it is put somewhere.
    let leave = |action: Action| {
        let act = view.act(action);
        handler(move |event| {
            act(event);
            browser::focus_title();
        })
    };
    let remedy = notice.remedy.map(|remedy| match remedy {
        Remedy::Reload => button("Load the page again", handler(|_| browser::reload())),
        Remedy::Restore => button("Restore previous text", view.act(Action::Restore)),
        Remedy::Retry => button("Try again", leave(Action::Retry)),
    });
    el("div")
        .class("notice")
        .attr("data-tone", if notice.problem { "error" } else { "note" })
        .child(el("p").words(notice.text.clone()))
        .child(
            el("div")
                .class("buttons")
                .maybe(remedy)
                .child(button("Dismiss", leave(Action::Dismiss)).class("quiet")),
        )
        .into()
}
