//! The models: one file for each, and the list of all.

use super::model::Model;

/// All models, in the order in which they are shown.
pub static MODELS: &[&Model] = &[];
