//! TLS reports taken together: read by a worker, shown as what failed and why, and whether a domain can be enforced.
//!
//! `state` is pure; `gather` has files read and brings what comes of them back as actions. What is shown is computed from
//! the engine's aggregate, and its words are those of the command.

mod gather;
pub(crate) mod state;
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
    gather: gather::gather,
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
    let here = state.domain().is_some_and(|shown| shown.eq_ignore_ascii_case(domain));
    let testing_since = known.testing_since.or(state.testing_since.filter(|_| here));
    let known = Known { testing_since, ..*known };
    (!state.is_empty()).then(|| state.read.aggregate.readiness(domain, &known))
}

fn update(kept: &mut dyn Any, action: Rc<dyn Any>) -> Vec<Request> {
    match (kept.downcast_mut(), action.downcast::<Action>()) {
        (Some(state), Ok(action)) => state::update(state, Rc::unwrap_or_clone(action)),
        _ => Vec::new(), // Neither is anybody else's.
    }
}
