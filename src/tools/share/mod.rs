//! What leaves the page and comes back: results as files, links to send, examples.

mod address;
mod example_list;
mod examples;
mod export;
mod import;
pub(crate) mod state;
mod view;
#[cfg(all(test, target_arch = "wasm32"))]
mod wasm_tests;

use crate::state::Share;

/// What the page calls.
pub(crate) static TABLE: Share = Share {
    update: state::update,
    difference: state::difference,
    view: view::share_view,
    examples: example_list::example_list,
    imported: import::import_view,
    import: import::open,
};
