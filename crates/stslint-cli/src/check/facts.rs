//! What was looked up, as a link to the page.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io;
use stslint::Kind;
use stslint::live::facts::Facts;
use stslint::share::{self, Shared};

/// A link to the page with the facts in it, which the part after `#` carries to no server.
pub(super) fn link(facts: &Facts, home: &str) -> String {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    // A Vec takes any amount.
    let written = serde_json::to_writer(&mut packer, facts).map_err(io::Error::from);
    let packed = written.and_then(|()| packer.finish());
    let fragment = share::encode(&Shared {
        declared: Some(Kind::Live.into()),
        domain: Some(facts.domain.clone()),
        exact: true,
        body: packed.ok(),
        ..Shared::default()
    });
    format!("{home}#{fragment}")
}
