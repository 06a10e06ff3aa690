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

/// The model of a sender that goes by the standard: what the software is compared with.
pub static STANDARD: &Model = &rfc::MODEL;

/// All models, in the order in which they are shown; the standard comes first.
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

/// The models of software: all but the standard's.
pub fn software() -> impl Iterator<Item = &'static Model> {
    MODELS.iter().copied().filter(|model| model.name != STANDARD.name)
}

/// The model of this name as an argument or in a link, in any case.
pub fn named(word: &str) -> Option<&'static Model> {
    MODELS.iter().copied().find(|model| model.word().eq_ignore_ascii_case(word))
}
