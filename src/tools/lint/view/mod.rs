//! How the text and its findings are drawn.

mod actions;
mod finding_card;
mod findings;
mod fix_preview;
mod memo;
mod options;
mod outline;
mod spoken;
mod twin;
mod twin_view;
mod verdict;

pub(crate) use actions::actions;
pub(crate) use findings::findings;
pub(crate) use options::options;
pub(crate) use outline::outline;
pub(crate) use spoken::{spoken, title};
pub(crate) use twin_view::twin;
pub(crate) use verdict::verdict;
