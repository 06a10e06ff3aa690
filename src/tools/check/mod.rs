//! Checks of domains: what is looked up, by whom, and what it comes to.
//!
//! `state` is pure and holds the engine's checks, which say what they want to know; `carry` takes
//! their questions to resolvers, policy hosts and the relay, and brings answers back as actions.
//! `view` draws. What a browser could not see stays unknown: nothing here turns it into a fault.

mod carry;
mod fetch;
mod history;
mod open;
mod relay;
mod remembered;
pub(crate) mod state;
mod view;

use crate::request::Request;
use crate::state::{Check, State as Page};
use crate::text::Text;
use state::{Action, State};
use std::any::Any;
use std::rc::Rc;

/// What the page calls.
pub(crate) static TABLE: Check = Check {
    begin: || Box::new(State::begun()),
    update,
    open: open::shared,
    revisit: open::revisit,
    settings: view::settings,
    start: open::start_with,
    facts: view::facts,
    policy: view::policy,
    answers: view::answers,
    verdict: view::verdict,
    title: view::title,
    spoken: view::spoken,
    return_button: view::return_button,
    history: view::history_dialog,
    has_findings: |page| kept(page).has_findings(&page.text),
    shareable: view::shareable,
    enter: open::enter_pressed,
    carrier: carry::carrier,
};

/// What checks keep. The page holds it since this part of the program came, and knows nothing of it.
pub(crate) fn kept(page: &Page) -> &State {
    page.check.downcast_ref().expect("`TABLE.begin` made it")
}

fn update(kept: &mut dyn Any, action: Rc<dyn Any>, text: &Text) -> Vec<Request> {
    match (kept.downcast_mut(), action.downcast::<Action>()) {
        (Some(state), Ok(action)) => state::update(state, Rc::unwrap_or_clone(action), text),
        _ => Vec::new(), // Neither is anybody else's.
    }
}
