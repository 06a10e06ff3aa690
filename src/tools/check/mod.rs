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

use crate::state::Check;

/// What the page calls.
pub(crate) static TABLE: Check = Check {
    update: state::update,
    answers: view::answers,
    verdict: view::verdict,
    spoken: view::spoken,
    return_button: view::return_button,
    history: view::history_dialog,
    has_findings: |page| page.check.has_findings(&page.text),
    shareable: view::shareable,
    enter: open::enter_pressed,
    carrier: carry::carrier,
};
