//! What is to be published: the policy and the records, in their order; and the choices for them.

mod choose;
mod plan;
mod publish;
mod setup;
pub(crate) mod state;

use crate::state::{Build, State as Page};
use state::{Action, Choices};
use std::rc::Rc;

/// What the page calls.
pub(crate) static TABLE: Build = Build {
    begin: || Box::new(Choices::default()),
    update: |kept, action| {
        if let (Some(choices), Ok(action)) = (kept.downcast_mut(), action.downcast::<Action>()) {
            state::update(choices, Rc::unwrap_or_clone(action)); // Nothing else is anybody else's.
        }
    },
    follow: |kept, query| {
        if let Some(choices) = kept.downcast_mut() {
            *choices = Choices::read(query);
        }
    },
    publish: publish::publish,
    view: setup::setup,
    plan: plan::view,
};

/// What is kept. The page holds it since this part of the program came, and knows nothing of it.
fn kept(page: &Page) -> &Choices {
    page.build.downcast_ref().expect("`TABLE.begin` made it")
}
