//! Hooks: what happens in the browser becomes actions, and what the state asks for is done there.

mod use_dialog;
mod use_editor;
mod use_field;
mod use_links;

pub(crate) use use_dialog::use_dialog;
pub(crate) use use_editor::{read_file, use_editor};
pub(crate) use use_field::use_field;
pub(crate) use use_links::{close_dialog, use_links};
