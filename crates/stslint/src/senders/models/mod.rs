//! The models: one file for each, and the list of all.

mod chasquid;
mod ground;
mod halon;
mod kumomta;
mod maddy;
mod mailauth;
mod mailrs;
mod mimecast;
mod mox;
mod postfix;
mod postfix_mta_sts_resolver;
mod postfix_tlspol;
mod rest_mail;
mod rfc;
mod stalwart;
mod text;

use super::model::Model;

/// All models, in the order in which they are shown.
pub static MODELS: &[&Model] = &[
    &rfc::MODEL,
    &mox::MODEL,
    &chasquid::MODEL,
    &maddy::MODEL,
    &postfix_mta_sts_resolver::MODEL,
    &postfix_tlspol::MODEL,
    &stalwart::MODEL,
    &kumomta::MODEL,
    &mailauth::MODEL,
    &mailrs::MODEL,
    &rest_mail::MODEL,
    &mimecast::MODEL,
    &halon::MODEL,
];
