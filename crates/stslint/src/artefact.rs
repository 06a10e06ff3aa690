//! The answer to an input.

use crate::finding::{Finding, Severity, Verdict};
use crate::input::{Form, Kind};
use crate::{live, policy, record, report};

/// The answer to an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The form in which the artefacts stood in the input.
    pub form: Form,
    /// What was found in the input: mostly one, several when zone lines hold both records. Never
    /// empty.
    pub artefacts: Vec<Artefact>,
}

/// One linted artefact.
#[derive(Clone, Debug, PartialEq)]
pub struct Artefact {
    /// What it is.
    pub kind: Kind,
    /// What senders read from it, as far as it is valid.
    pub parsed: Parsed,
    /// What the rules say, in the order of the text.
    pub findings: Vec<Finding>,
}

impl Artefact {
    /// A linted policy.
    pub(crate) fn of_policy((values, findings): (policy::Values, Vec<Finding>)) -> Self {
        Self { kind: Kind::Policy, parsed: Parsed::Policy(values), findings }
    }

    /// Linted facts, and the records and the policy in them.
    pub(crate) fn of_live(live::Linted { assessment, findings, parts }: live::Linted) -> Vec<Self> {
        let parsed =
            assessment.map_or(Parsed::None, |assessment| Parsed::Live(Box::new(assessment)));
        let facts = Self { kind: Kind::Live, parsed, findings };
        [facts].into_iter().chain(parts.into_iter().map(Self::from)).collect()
    }

    /// A linted record.
    pub(crate) fn of_record(record::Linted { kind, values, findings }: record::Linted) -> Self {
        Self { kind, parsed: values.map_or(Parsed::None, Parsed::Record), findings }
    }

    /// A linted report.
    pub(crate) fn of_report((values, findings): (Option<report::Values>, Vec<Finding>)) -> Self {
        Self { kind: Kind::Report, parsed: values.map_or(Parsed::None, Parsed::Report), findings }
    }

    /// What the findings add up to; none for what is recognised but not linted, or of which
    /// nothing is known.
    pub fn verdict(&self) -> Option<Verdict> {
        match self.parsed {
            Parsed::Domain(_) | Parsed::None => None,
            Parsed::Policy(_) | Parsed::Record(_) => Some(Verdict::of(&self.findings)),
            Parsed::Live(_) => Some(Verdict::of(&self.findings)),
            Parsed::Report(_) => Some(Verdict::of(&self.findings)),
        }
    }
}

impl From<live::Part> for Artefact {
    fn from(live::Part { kind, values, findings, .. }: live::Part) -> Self {
        let parsed = match values {
            None => Parsed::None,
            Some(live::PartValues::Policy(values)) => Parsed::Policy(values),
            Some(live::PartValues::Record(values)) => Parsed::Record(values),
        };
        Self { kind, parsed, findings }
    }
}

impl Report {
    /// All findings of all artefacts.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.artefacts.iter().flat_map(|artefact| &artefact.findings)
    }

    /// The severity of the worst finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings().map(|finding| finding.rule.severity).min()
    }
}

/// The values that senders read from an artefact: present where valid, the first where repeated.
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    /// A domain name in lower case, taken from a name, address or URL.
    Domain(String),
    /// What was looked up, and what it comes to.
    Live(Box<live::Assessment>),
    /// Recognised but not read; or the answer of a look-up that failed.
    None,
    /// Values of a policy.
    Policy(policy::Values),
    /// Values of a record.
    Record(record::Values),
    /// Values of a report.
    Report(report::Values),
}
