//! The stslint engine: lints MTA-STS policies (RFC 8461) and the `_mta-sts` and `_smtp._tls` TXT
//! records (RFC 8461 §3.1, RFC 8460 §3).
//!
//! Text or bytes go in; findings with byte spans, words, clauses and fixes come out. The engine is
//! pure: no input or output, no clock, no randomness, and it cannot fail.
//!
//! ```
//! let input = stslint::Input::new(b"version: STSv1\r\nmode: enforced\r\n");
//! let report = stslint::lint(&input);
//! let finding = &report.artefacts[0].findings[0];
//! assert_eq!(finding.rule.code, "STS-POL-051");
//! assert_eq!(finding.span.range(), 22..30);
//! ```
#![forbid(unsafe_code)]

pub mod agree;
mod artefact;
pub mod bare;
pub mod build;
#[cfg(test)]
mod carets;
pub mod carve;
pub mod detect;
pub mod examples;
pub mod explanations;
pub mod families;
pub mod finding;
pub mod fix;
pub mod found;
pub mod host;
pub mod http;
mod input;
pub mod json;
pub mod live;
pub mod outline;
mod placeholder;
pub mod plan;
pub mod policy;
pub mod record;
pub mod registry;
pub mod render;
pub mod report;
mod result_type;
pub mod rule;
pub mod senders;
mod settings;
pub mod share;
pub mod strange;
pub mod text;
pub mod time;

pub use artefact::{Artefact, Parsed, Report};
pub use input::{Declared, Form, GZIP, Input, Kind, MAX_REPORT, MAX_TEXT, ToAscii, too_large};

/// The version of the engine.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where the page is, for links in results that leave it: `rules/CODE.html` below it explains a
/// rule. The project has no public home yet, so the name is one that nobody can own (RFC 2606 §2).
pub const HOME: &str = "https://stslint.example/";

/// Lints an input.
pub fn lint(input: &Input) -> Report {
    let detect::Sorted { detected, carved, policy } = detect::sort(input);
    if let Some(carved) = carved {
        return Report { form: detected.form, artefacts: Artefact::of_carved(&carved, input) };
    }
    let artefacts = match detected.kind {
        Kind::Domain => vec![Artefact {
            kind: Kind::Domain,
            parsed: detected.domain.map_or(Parsed::None, Parsed::Domain),
            findings: strange::address(input.source).into_iter().collect(),
        }],
        Kind::Unknown => {
            vec![Artefact::of_nothing(input.source)]
        }
        Kind::Live => Artefact::of_live(live::lint(input)),
        Kind::Policy => vec![Artefact::of_policy_file(input, policy)],
        Kind::Report => vec![Artefact::of_report(report::lint(input))],
        Kind::RptTxt | Kind::StsTxt => {
            let records = record::lint(input, detected.kind, detected.form);
            records.into_iter().map(Artefact::of_record).collect()
        }
    };
    Report { form: detected.form, artefacts }
}
