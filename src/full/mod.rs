//! What only the larger build of the page has: dialogs, links into the page, files to unpack, results
//! to save and to open again. What
//! comes here costs nothing before somebody asks for it.
//!
//! Addresses: everything after the `#` is followed by [`link`], so a new place in the page is a
//! branch there and a dialog (or more) in [`dialog`]; the build that loads first hands over whatever
//! the address says, without knowing what it means.

mod dialog;
mod dialog_effect;
mod example_list;
mod examples;
mod export;
mod filter;
mod import;
mod link;
mod links;
mod live;
mod rule_list;
mod rule_view;
mod share_view;
mod shown;
mod stream;
#[cfg(all(test, target_arch = "wasm32"))]
mod wasm_tests;

pub(crate) use dialog::dialog;
pub(crate) use dialog_effect::{DialogEffect, listeners as dialog_listeners};
pub(crate) use example_list::example_list;
pub(crate) use import::open_file;
pub(crate) use links::listener as link_listener;
pub(crate) use live::{
    Carrier, answers as live_answers, enter_pressed, has_findings as live_has_findings,
    load_settings, return_button, spoken as live_spoken, verdict as live_verdict,
};
pub(crate) use shown::{Change, Shown, change};
