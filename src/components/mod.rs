//! What the page shows, part by part.

mod actions;
mod app;
mod bar;
mod copy_button;
mod dialog;
mod element;
mod example_list;
mod explanation;
mod finding_card;
mod findings;
mod fix_preview;
mod icon;
mod notice;
mod options;
mod outline;
mod prose;
mod rule_view;
mod share_view;
mod twin_view;
mod verdict;

pub(crate) use app::App;
pub(crate) use prose::size;
