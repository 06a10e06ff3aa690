//! The models: one file for each, and the list of all.

pub mod kumomta;
pub mod mailauth;
pub mod mailrs;
mod postfix;
pub mod postfix_mta_sts_resolver;
pub mod postfix_tlspol;
pub mod stalwart;
mod text;

use super::model::Model;

/// All models, in the order in which they are shown.
pub static MODELS: &[&Model] = &[
    &postfix_mta_sts_resolver::MODEL,
    &postfix_tlspol::MODEL,
    &stalwart::MODEL,
    &kumomta::MODEL,
    &mailauth::MODEL,
    &mailrs::MODEL,
];
