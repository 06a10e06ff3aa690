//! The checks that are kept in this browser.

use super::super::history;
use super::super::kept;
use super::super::state::Action;
use super::super::state::settings::Settings;
use super::moment;
use crate::request::{Dialog, Request};
use crate::state::View;
use crate::ui::element::{El, button, el};
use std::rc::Rc;
use stslint::live::judge;
use stslint::render::live::headline;

/// The list, with a way to forget it.
pub(crate) fn history_dialog(view: View) -> El {
    let live = kept(view.state);
    if live.history.is_empty() {
        return el("div").child(el("p").text("No check is kept yet."));
    }
    let mut list = el("ul").class("history");
    for (number, facts) in live.history.iter().enumerate() {
        let when = moment(facts.now);
        let facts = Rc::new(facts.clone());
        let title = headline(&judge(&facts)).title.replace('`', "");
        let (dispatcher, domain) = (view.dispatcher.clone(), facts.domain.clone());
        let open = move |_| {
            dispatcher.emit(Request::Show(Dialog::None).into());
            let change = Action::Open(Rc::clone(&facts), true, Vec::new());
            dispatcher.emit(change.into());
        };
        list = list.child(
            el("li")
                .number(number)
                .child(
                    el("button")
                        .attr("type", "button")
                        .class("quiet")
                        .on("click", Rc::new(open))
                        .words(domain),
                )
                .child(el("span").class("hint").words(when))
                .child(el("span").words(title)),
        );
    }
    let settings = Settings { keep: false, ..live.settings.clone() };
    let clear = {
        let dispatcher = view.dispatcher.clone();
        move |_| {
            history::keep(false);
            dispatcher.emit(Request::Show(Dialog::None).into());
            dispatcher.emit(Action::Settings(settings.clone()).into());
        }
    };
    el("div")
        .child(
            el("div")
                .class("section-head")
                .child(el("p").class("hint").text("They are stored in this browser only."))
                .child(button("Forget them all, and keep no more", Rc::new(clear))),
        )
        .child(list)
}
