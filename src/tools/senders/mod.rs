//! What senders make of a policy, and what they do with a message: the engine's models of sending software, shown.
//!
//! `state` is pure: what of it is shown, as the address has it. `subject` says about which policy it is.

pub(crate) mod state;
mod subject;
mod view;

use crate::state::{Senders, State as Page};
use state::{Action, State};
use std::rc::Rc;

/// What the page calls.
pub(crate) static TABLE: Senders = Senders {
    begin: || Box::new(State::default()),
    update: |kept, action| {
        if let (Some(state), Ok(action)) = (kept.downcast_mut(), action.downcast::<Action>()) {
            state::update(state, Rc::unwrap_or_clone(action)); // Nothing else is anybody else's.
        }
    },
    follow: |kept, query| {
        if let Some(state) = kept.downcast_mut::<State>() {
            state.shown = state::Shown::read(query);
        }
    },
    line: view::line,
    view: view::view,
};

/// What is kept. The page holds it since this part of the program came, and knows nothing of it.
fn kept(page: &Page) -> &State {
    page.senders.downcast_ref().expect("`TABLE.begin` made it")
}
