//! Checks of domains: what is looked up, by whom, and what it comes to.
//!
//! `state` is pure and holds the engine's checks, which say what they want to know; `carry` takes
//! their questions to resolvers, policy hosts and the relay, and brings answers back as actions.
//! `view` draws. What a browser could not see stays unknown: nothing here turns it into a fault.

mod carry;
mod fetch;
mod history;
mod many;
mod net;
mod open;
mod relay;
mod run;
mod settings;
mod state;
mod view;

pub(crate) use carry::Carrier;
pub(crate) use open::{check_address, enter_pressed, opened, prefilled};
pub(crate) use settings::{Settings, load as load_settings};
pub(crate) use state::{Change, Live, change, has_findings};
pub(crate) use view::{answers, history_dialog, return_button, share_source, spoken, verdict};
