//! The models: one file for each, and the list of all.

mod chasquid;
mod ground;
mod halon;
mod maddy;
mod mimecast;
mod mox;
mod rest_mail;
mod rfc;

use super::model::Model;

/// All models, in the order in which they are shown.
pub static MODELS: &[&Model] = &[
    &rfc::MODEL,
    &mox::MODEL,
    &chasquid::MODEL,
    &maddy::MODEL,
    &rest_mail::MODEL,
    &mimecast::MODEL,
    &halon::MODEL,
];
