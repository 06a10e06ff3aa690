//! The answer to an input.

use crate::carve::Carved;
use crate::finding::{Finding, Severity, Verdict};
use crate::input::{Form, Input, Kind};
use crate::{carve, detect, live, policy, record, report, strange};

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
    /// A text in which there is nothing to lint. What may become a domain is left to grow.
    pub(crate) fn of_nothing(source: &[u8]) -> Self {
        let grows = str::from_utf8(source).is_ok_and(detect::is_domain_being_typed);
        let packed = || carve::packed(source);
        let findings = match grows {
            true => Vec::new(),
            false => vec![packed().unwrap_or_else(|| strange::check(source))],
        };
        Self { kind: Kind::Unknown, parsed: Parsed::None, findings }
    }

    /// A linted policy.
    pub(crate) fn of_policy((values, findings): (policy::Values, Vec<Finding>)) -> Self {
        Self { kind: Kind::Policy, parsed: Parsed::Policy(values), findings }
    }

    /// What stands in the place of a policy: one, which may have been linted before, a record, or something else altogether.
    pub(crate) fn of_policy_file(
        input: &Input,
        linted: Option<(policy::Values, Vec<Finding>)>,
    ) -> Self {
        let mut artefact = match instead_of_policy(input) {
            Some(findings) => Self::of_policy((policy::Values::default(), findings)),
            None => Self::of_answer(linted.unwrap_or_else(|| policy::lint(input))),
        };
        let odd = input.file_name.and_then(strange::file_name);
        artefact.findings.splice(0..0, odd);
        artefact
    }

    /// What was found inside another text, and one finding about that.
    pub(crate) fn of_carved(carved: &Carved, input: &Input) -> Vec<Self> {
        let records = carved.lint_records(input).into_iter().map(Self::of_record);
        let policy = match carved.served(input) {
            Some(served) => Some(Self::of_served(carved, &served, input)),
            None => carved.lint_policy(input).map(Self::of_answer),
        };
        let report = carved.lint_report(input).map(Self::of_report);
        let mut artefacts: Vec<Self> = policy.into_iter().chain(records).chain(report).collect();
        if let Some(first) = artefacts.first_mut() {
            if let Parsed::Policy(values) = &first.parsed {
                first.findings.extend(carved.shown(input, &values.mx));
            }
            first.findings.extend(carved.wrapper(input));
            Finding::sort(&mut first.findings, |finding| finding.span);
        }
        artefacts
    }

    /// What a policy host served: it is the file of a policy, whatever stands in it (RFC 8461 §3.3).
    fn of_served(carved: &Carved, served: &Input, input: &Input) -> Self {
        let detect::Sorted { carved: inside, policy, .. } = detect::sort(served);
        let inside = inside.and_then(|inside| Self::of_carved(&inside, served).into_iter().next());
        let mut artefact = inside.unwrap_or_else(|| Self::of_policy_file(served, policy));
        carved.carry(&mut artefact.findings, input.source);
        // A transcript without the headers that a command printed would be that of another command.
        let headers = |found: &&mut Finding| found.rule.code == "STS-POL-009";
        artefact.findings.iter_mut().filter(headers).for_each(|found| found.fix = None);
        artefact
    }

    /// The same, where an answer's headers may stand alone: then there is no verdict, but for what is wrong with them.
    pub(crate) fn of_answer(linted: (policy::Values, Vec<Finding>)) -> Self {
        let artefact = Self::of_policy(linted);
        let unseen = |found: &Finding| *found.rule == strange::HEADERS_ONLY;
        let bad = artefact.findings.iter().any(|found| found.rule.severity == Severity::Error);
        match artefact.findings.iter().any(unseen) && !bad {
            true => Self { parsed: Parsed::None, ..artefact },
            false => artefact,
        }
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

/// What to say of a text that stands in the place of a policy and is none.
fn instead_of_policy(input: &Input) -> Option<Vec<Finding>> {
    let text = str::from_utf8(input.source).ok()?;
    let place = strange::first_line(input.source);
    let blank = text.trim_start_matches('\u{feff}').trim().is_empty();
    if blank || detect::has_field(text) || detect::is_http_response(input.source) {
        return None;
    }
    match record::inside(text) {
        Some(Kind::RptTxt) => return Some(policy::record_pasted(place, "_smtp._tls")),
        Some(_) => return Some(policy::record_pasted(place, "_mta-sts")),
        None => {}
    }
    // Pages and JSON have rules of their own.
    if text.trim_start().starts_with(&['<', '{', '['][..]) {
        return None;
    }
    let is_field = |line: policy::Line| matches!(line.shape, policy::Shape::Field(_));
    let other = || !policy::parse(text).lines.into_iter().any(is_field);
    let look = strange::look(input.source).map(|look| look.name);
    let name = look.or_else(|| other().then_some(strange::ANOTHER_KIND))?;
    Some(policy::another_text(place, name))
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

impl Artefact {
    /// The domain that a text tells of in which there is nothing to lint, in lower case: to have it checked.
    pub fn mentioned(&self, source: &[u8]) -> Option<String> {
        // What was made of reports names their senders first.
        let is_made = || str::from_utf8(source).is_ok_and(report::is_made_of_reports);
        let domain = || carve::report_domain(source).or_else(|| strange::domain(source));
        // Nor is one of a list meant.
        let is_list = || strange::look(source).is_some_and(strange::Look::is_list_of_domains);
        (self.kind == Kind::Unknown && !is_made() && !is_list()).then(domain).flatten()
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
