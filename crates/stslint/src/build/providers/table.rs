//! The known providers, as data. Facts of [`AS_OF`]; behind each row stands where it is from.
//!
//! Names in `hosts` are those of real MX records, or such as they are, with `example` where a customer's part stands. A
//! row for which nobody showed anything is not here. [`MXSNIFF`] and [`CATALOGUES`] are lists
//! of MX hosts: nobody showed a policy there, so the lines are derived from RFC 8461 §4.1.

mod mailboxes;
mod others;

use super::Evidence::{Published, Vendor};
use super::{Evidence, Hosted, Provider, Serves};

/// The day of these facts. Providers change their hosts: what is in MX records now always counts more.
pub const AS_OF: &str = "2026-11-28";

/// The list of one program, which knows how deep the names are.
const MXSNIFF: &str = "jace/mxsniff, `providers` in mxsniff/providers.py, February 2023";

/// Several lists. The names in the last one were looked up in September 2026.
const CATALOGUES: &str =
    "lists of MX hosts: jakejarvis/domainstack.io, mxmap, the npm package @email-utils/classifier";

/// A row. `suffixes` tell the provider by the names of its hosts, `wildcards` are the patterns that are worth it.
const fn row(
    name: &'static str,
    serves: Serves,
    suffixes: &'static [&'static str],
    hosts: &'static [&'static str],
    wildcards: &'static [&'static str],
    evidence: Evidence,
    source: &'static str,
) -> Provider {
    Provider { name, serves, suffixes, hosts, wildcards, evidence, source, note: None }
}

/// The row with something to know about it.
const fn noted(row: Provider, note: &'static str) -> Provider {
    Provider { note: Some(note), ..row }
}

/// All rows, by what they serve.
pub fn all() -> impl Iterator<Item = &'static Provider> {
    mailboxes::ROWS.iter().chain(others::ROWS)
}

/// Who hosts policies for others, told by the targets of CNAME records.
pub static HOSTED: &[Hosted] = &[
    Hosted {
        name: "EasyDMARC",
        targets: &["easydmarc.pro", "mta.easydmarc.com"],
        example: "example_com_mta_sts.easydmarc.pro",
        change: "in the console of EasyDMARC",
        record: true,
        evidence: Vendor,
        source: "EasyDMARC's documentation",
    },
    Hosted {
        name: "Tuta",
        targets: &["mta-sts.tutanota.de"],
        example: "mta-sts.tutanota.de",
        change: "by asking Tuta, which writes it for all domains of its customers",
        record: true,
        evidence: Published,
        source: "published zone files",
    },
    Hosted {
        name: "DMARCTrust",
        targets: &["mta-sts-proxy.dmarctrust.com"],
        example: "mta-sts-proxy.dmarctrust.com",
        change: "in the console of DMARCTrust; the record at `_mta-sts` stays yours, so give it a new id afterwards",
        record: false,
        evidence: Vendor,
        source: "DMARCTrust's documentation",
    },
    Hosted {
        name: "Mailhardener",
        targets: &["mta-sts.mailhardener.com"],
        example: "example.mta-sts.mailhardener.com",
        change: "in the dashboard of Mailhardener",
        record: false,
        evidence: Published,
        source: "published records",
    },
    Hosted {
        name: "Sendmarc",
        targets: &["sdmarc.net"],
        example: "example.sdmarc.net",
        change: "in the console of Sendmarc",
        record: true,
        evidence: Vendor,
        source: "Sendmarc's documentation of delegation",
    },
    Hosted {
        name: "GitHub Pages",
        targets: &["github.io"],
        example: "example.github.io",
        change: "in the repository behind it: the file `.well-known/mta-sts.txt`; then give `_mta-sts` a new id",
        record: false,
        evidence: Published,
        source: "published zone files",
    },
];
