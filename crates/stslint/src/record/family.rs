//! The two records.

use crate::Kind;
use crate::text::{WSP, begins};

/// One of the two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    /// `_smtp._tls` (RFC 8460 §3).
    Rpt,
    /// `_mta-sts` (RFC 8461 §3.1).
    Sts,
}

impl Family {
    /// The family of a kind; anything that is no TLSRPT record counts as MTA-STS record.
    pub(super) const fn of(kind: Kind) -> Self {
        match kind {
            Kind::RptTxt => Self::Rpt,
            _ => Self::Sts,
        }
    }

    /// The kind of its artefacts.
    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Rpt => Kind::RptTxt,
            Self::Sts => Kind::StsTxt,
        }
    }

    /// The version that the RFC defines.
    pub(super) const fn version(self) -> &'static str {
        match self {
            Self::Rpt => "TLSRPTv1",
            Self::Sts => "STSv1",
        }
    }

    /// The labels in front of the policy domain.
    pub(super) const fn owner(self) -> &'static str {
        match self {
            Self::Rpt => "_smtp._tls",
            Self::Sts => "_mta-sts",
        }
    }

    /// How many labels [`Self::owner`] has.
    pub(super) const fn labels(self) -> usize {
        match self {
            Self::Rpt => 2,
            Self::Sts => 1,
        }
    }

    /// The field that the record is there for.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Rpt => "rua",
            Self::Sts => "id",
        }
    }

    /// The family whose version, however misspelt, stands at the start of the data.
    pub(super) fn of_data(data: &str) -> Option<Self> {
        let value = version_value(data.trim_start_matches(&[' ', '\t', '"', '\''][..]))?;
        let starts = |word: &str| begins(value, word);
        if starts("sts") || starts("mta-sts") || starts("mtasts") {
            Some(Self::Sts)
        } else if starts("tls") || starts("smtp-tls") {
            Some(Self::Rpt)
        } else {
            None
        }
    }
}

/// What stands behind `v=` at the start of the data, spaces left out. A colon is taken for the `=` where one of the two
/// versions follows: others write `v:` too.
pub(super) fn version_value(data: &str) -> Option<&str> {
    let rest = data.strip_prefix(&['v', 'V'][..])?.trim_start_matches(WSP);
    if let Some(value) = rest.strip_prefix('=') {
        return Some(value.trim_start_matches(WSP));
    }
    let value = rest.strip_prefix(':')?.trim_start_matches(WSP);
    let word = value.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    let is_version = |family: Family| word.eq_ignore_ascii_case(family.version());
    (is_version(Family::Rpt) || is_version(Family::Sts)).then_some(value)
}
