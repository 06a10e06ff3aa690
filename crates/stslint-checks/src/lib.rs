//! What must hold of any input, written once: the property tests, the harness of fixes and the
//! fuzz targets (`fuzz/`) all call these functions.
//!
//! A check gives the word what is wrong, or nothing. It never changes its mind: no clock, no
//! randomness, so that an input that fails once fails always.

pub mod aggregates;
mod case;
pub mod containers;
pub mod detection;
pub mod fixes;
pub mod formats;
pub mod intake;
pub mod json;
pub mod linting;
pub mod live;
pub mod models;
mod pieces;
pub mod seeds;
pub mod share;
pub mod targets;
pub mod told;
pub mod vectors;

pub use case::{Case, to_ascii};
pub use pieces::PIECES;

/// The sections of RFCs that may be cited: `RFC 8461 §3.2`.
pub fn rfc_sections() -> std::collections::BTreeSet<String> {
    let lines = include_str!("../../../tests/rfc-sections.txt").lines();
    let sections = |(rfc, sections): (&str, &'static str)| {
        let rfc = rfc.to_owned();
        sections.split_whitespace().map(move |section| format!("RFC {rfc} §{section}"))
    };
    lines.filter_map(|line| line.split_once(':')).flat_map(sections).collect()
}

/// Nothing, or what is wrong.
pub type Outcome = Result<(), String>;

/// Fails with a message unless a condition holds.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err(format!($($message)+));
        }
    };
}
pub(crate) use ensure;

/// Bytes as a person reads them.
pub(crate) fn shown(source: &[u8]) -> String {
    let text = String::from_utf8_lossy(source);
    match text.char_indices().nth(600) {
        Some((end, _)) => format!("{:?}… ({} bytes)", &text[..end], source.len()),
        None => format!("{text:?}"),
    }
}
