//! What the page shows, part by part.

mod actions;
pub(crate) mod app;
mod bar;
pub(crate) mod copy_button;
pub(crate) mod element;
pub(crate) mod explanation;
pub(crate) mod finding_card;
mod findings;
mod fix_preview;
pub(crate) mod icon;
mod memo;
mod notice;
mod options;
mod outline;
pub(crate) mod prose;
mod twin_view;
pub(crate) mod verdict;

pub(crate) use app::{App, AppProps, HOSTS};
pub(crate) use prose::size;
