//! TLS reports taken together: read by a worker, shown as what failed and why, and whether a domain can be enforced.
//!
//! `state` is pure; `gather` has files read and brings what comes of them back as actions, `tab` keeps it for a reload. What
//! is shown follows the `address`; it is computed from the engine's aggregate, and its words are those of the command.

mod address;
mod gather;
pub(crate) mod state;
mod tab;
mod view;

use crate::request::Request;
use crate::state::{Reports, State as Page};
use state::{Action, State};
use std::any::Any;
use std::rc::Rc;
use stslint::report::readiness::{Known, Readiness};

/// What the page calls.
pub(crate) static TABLE: Reports = Reports {
    begin: || Box::new(State::default()),
    update,
    follow: |kept, query| {
        if let Some(state) = kept.downcast_mut::<State>() {
            state::update(state, Action::Filter(address::read(query)));
        }
    },
    gather: gather::gather,
    keep: tab::keep,
    title: view::title,
    readiness,
    view: view::view,
};

/// What is kept. The page holds it since this part of the program came, and knows nothing of it.
fn kept(page: &Page) -> &State {
    page.reports.downcast_ref().expect("`TABLE.begin` made it")
}

fn readiness<'s>(page: &'s Page, domain: &str, known: &Known) -> Option<Readiness<'s>> {
    let state = kept(page);
    let testing_since = known.testing_since.or(state.said_of(domain).testing_since);
    let known = Known { testing_since, ..*known };
    let look = (!state.is_empty()).then(|| state.look_at(domain, known.today))?;
    Some(state.read.aggregate.seen(&look).readiness(domain, &known))
}

fn update(kept: &mut dyn Any, action: Rc<dyn Any>) -> Vec<Request> {
    match (kept.downcast_mut(), action.downcast::<Action>()) {
        (Some(state), Ok(action)) => state::update(state, Rc::unwrap_or_clone(action)),
        _ => Vec::new(), // Neither is anybody else's.
    }
}
