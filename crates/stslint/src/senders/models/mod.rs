//! The models: one file for each, and the list of all.

mod ground;
mod mox;
mod rfc;

use super::model::Model;

/// All models, in the order in which they are shown.
pub static MODELS: &[&Model] = &[&rfc::MODEL, &mox::MODEL];
