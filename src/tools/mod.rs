//! The tools of the page. Each is a room with its own state, actions and views, and all but `lint` are loaded when
//! they are first needed. A tool never uses another one: it asks the page (see `request`) or leads to an address (see
//! `route`).

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod intake;
pub(crate) mod link;
pub(crate) mod lint;
pub(crate) mod reports;
pub(crate) mod rules;
pub(crate) mod senders;
pub(crate) mod share;
