//! The text in the field with what is wrong in it: marks, findings, repairs, explanation.

pub(crate) mod state;
mod view;

pub(crate) use view::{actions, findings, options, outline, spoken, title, twin, verdict};
