//! A live check told in the order in which a sender acts: discover, fetch, match, connect, report.
//! Plain data for a page or a command.

use super::deployment::{Deployment, Mail, Part, RecordStatus};
use super::evidence::{self, Evidence};
use super::facts::{Answer, Fact, Facts, Lookup, Reason, Tlsa};
use super::rules::{self, About, Found, dane, mx};
use super::standing::Standing;
use crate::finding::{Finding, Severity};
use crate::host::Match;
use crate::input::Kind;
use crate::policy::{Mode, Values};

/// Everything that a live check says.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// What was looked up.
    pub facts: Facts,
    /// The five steps, in their order.
    pub steps: Vec<StepResult>,
    /// The findings about what was looked up, in the order of the steps.
    pub found: Vec<Found>,
    /// Records and policy, linted by themselves.
    pub parts: Vec<Part>,
    /// MX hosts in the order in which senders try them.
    pub mx_hosts: Vec<MxHost>,
    /// What the policy says, as far as senders can use it.
    pub policy: Option<Values>,
    /// Whether it is certain that senders without a copy use no policy.
    pub no_policy: bool,
}

/// What a sender does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Look for the record at `_mta-sts`.
    Discover,
    /// Fetch the policy.
    Fetch,
    /// Compare the MX hosts with it.
    Match,
    /// Connect, and check certificates.
    Connect,
    /// Report how it went.
    Report,
}

impl Step {
    /// All steps, in their order.
    pub const ALL: [Self; 5] =
        [Self::Discover, Self::Fetch, Self::Match, Self::Connect, Self::Report];

    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Discover => "discover",
            Self::Fetch => "fetch",
            Self::Match => "match",
            Self::Connect => "connect",
            Self::Report => "report",
        }
    }
}

/// How a step goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Well, in all that was seen.
    Ok,
    /// There is an error or a warning.
    Problem,
    /// It is certain that there is nothing, and nothing is wrong with that.
    Absent,
    /// It can't be told, for this reason.
    NotKnown(NotKnown),
    /// Senders don't come that far, for this reason.
    NotReached(NotReached),
}

/// Why it can't be told how a step goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotKnown {
    /// What the step looks at is not known.
    Fact(Reason),
    /// The policy is not known, on which the step depends.
    Policy(Reason),
    /// Senders get no policy, and why is not known.
    NoPolicy,
    /// The MX hosts are not known.
    MxHosts,
    /// The SMTP service of this host is not known.
    Smtp(String, Reason),
    /// Not all that senders check in the certificate of this MX host was seen.
    Certificate(String),
}

/// Why senders don't come as far as a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReached {
    /// They find no `_mta-sts` record that they can use.
    NoRecord,
    /// They get no policy.
    NoPolicy,
    /// The policy says mode none.
    ModeNone,
    /// The domain accepts no mail (RFC 7505).
    NullMx,
    /// The domain has neither MX records nor addresses.
    NoMailHost,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepResult {
    /// What a sender does.
    pub step: Step,
    /// How it goes.
    pub state: State,
    /// What was seen.
    pub evidence: Vec<Evidence>,
    /// Indices into the findings of the assessment.
    pub found: Vec<usize>,
    /// Indices into the parts of the assessment.
    pub parts: Vec<usize>,
}

/// One MX host beside policy and DANE.
#[derive(Clone, Debug, PartialEq)]
pub struct MxHost {
    /// Its preference; none for the domain itself in lack of MX records.
    pub preference: Option<u16>,
    /// Its name.
    pub host: String,
    /// How the policy covers it; none without a policy.
    pub coverage: Option<Coverage>,
    /// What DANE does for it.
    pub dane: Dane,
    /// Its TLSA records.
    pub tlsa: Vec<Tlsa>,
}

/// How the policy covers a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Whether and why.
    pub found: Match,
    /// The pattern that covers it, or nearly does.
    pub pattern: Option<String>,
}

/// What DANE does for a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dane {
    /// Not known.
    Unknown,
    /// There are no TLSA records.
    None,
    /// They are not signed, or it is not known whether they are.
    Insecure,
    /// Signed, and none of them is of use for SMTP: senders insist on TLS and authenticate nobody (RFC 7672 §2.2, §3.1.3).
    Unusable,
    /// Signed and usable, and none matches the certificate that was seen: senders with DANE deliver nothing (RFC 7672 §2.2).
    Mismatched,
    /// Signed and usable, but the MX records are not signed, or it is not known whether they are.
    InsecureMx,
    /// Senders with DANE authenticate the host.
    Protected,
}

/// Judges facts.
pub fn judge(facts: &Facts) -> Assessment {
    let deployment = Deployment::of(facts);
    let mut found = rules::check(&deployment);
    found.sort_by_key(step_of);
    let mx_hosts = mx_hosts(&deployment);
    let steps = Step::ALL.map(|step| result(step, &deployment, &found)).into();
    let policy = deployment.policy.known().cloned().flatten();
    let no_policy = has_no_record(&deployment) || matches!(deployment.policy, Fact::Known(None));
    let parts = deployment.parts;
    Assessment { facts: facts.clone(), steps, found, parts, mx_hosts, policy, no_policy }
}

fn step_of(found: &Found) -> Step {
    match found.about {
        About::Sts | About::Parent | About::History => Step::Discover,
        About::PolicyHost | About::Fetch | About::Policy => Step::Fetch,
        About::Mx | About::Host(_) | About::Pattern(_) => Step::Match,
        About::Smtp(_) | About::Tlsa(_) | About::Dane => Step::Connect,
        About::Tlsrpt => Step::Report,
    }
}

const fn step_of_part(part: &Part) -> Step {
    match part.kind {
        Kind::StsTxt => Step::Discover,
        Kind::RptTxt => Step::Report,
        _ => Step::Fetch,
    }
}

fn result(step: Step, deployment: &Deployment, found: &[Found]) -> StepResult {
    let ours = |found: &Found| step_of(found) == step;
    let indices: Vec<usize> = (0..found.len()).filter(|i| ours(&found[*i])).collect();
    let parts: Vec<usize> = (0..deployment.parts.len())
        .filter(|i| step_of_part(&deployment.parts[*i]) == step)
        .collect();
    let severities = indices
        .iter()
        .map(|i| found[*i].finding.rule.severity)
        .chain(parts.iter().flat_map(|i| &deployment.parts[*i].findings).map(|f| f.rule.severity));
    let problem = severities.min().is_some_and(|worst| worst <= Severity::Warning);
    let state = if problem { State::Problem } else { state(step, deployment) };
    StepResult { step, state, evidence: evidence::of(step, deployment), found: indices, parts }
}

/// How a step without errors and warnings goes.
fn state(step: Step, deployment: &Deployment) -> State {
    let active = |otherwise: State| match &deployment.policy {
        // Whatever stands there: nothing leads senders to it (RFC 8461 §3.1).
        _ if has_no_record(deployment) => State::NotReached(NotReached::NoRecord),
        Fact::Known(Some(Values { mode: Some(Mode::None), .. })) => {
            State::NotReached(NotReached::ModeNone)
        }
        Fact::Known(Some(_)) => otherwise,
        Fact::Known(None) => State::NotReached(NotReached::NoPolicy),
        Fact::Unknown(_) if no_discovery(deployment) => State::NotReached(NotReached::NoRecord),
        Fact::Unknown(reason) => State::NotKnown(NotKnown::Policy(reason.clone())),
    };
    match step {
        Step::Discover => of_record(&deployment.sts),
        Step::Report => of_record(&deployment.tlsrpt),
        Step::Fetch => match &deployment.policy {
            _ if has_no_record(deployment) => State::NotReached(NotReached::NoRecord),
            Fact::Known(Some(_)) => State::Ok,
            _ if no_discovery(deployment) => State::NotReached(NotReached::NoRecord),
            // Then a finding says why, unless the cause is not known.
            Fact::Known(None) => State::NotKnown(NotKnown::NoPolicy),
            Fact::Unknown(reason) => State::NotKnown(NotKnown::Fact(reason.clone())),
        },
        Step::Match => match deployment.mail {
            Mail::Hosts(_) | Mail::Implicit(_) => active(State::Ok),
            Mail::Null => State::NotReached(NotReached::NullMx),
            Mail::Nobody => State::NotReached(NotReached::NoMailHost),
            Mail::Unknown => {
                let reason = deployment.facts.mx.reason().cloned().unwrap_or(Reason::NotAsked);
                State::NotKnown(NotKnown::Fact(reason))
            }
        },
        Step::Connect => match deployment.mail {
            Mail::Null => State::NotReached(NotReached::NullMx),
            Mail::Nobody => State::NotReached(NotReached::NoMailHost),
            _ => active(connections(deployment)),
        },
    }
}

/// Whether no sender finds a record that it can use.
pub(super) fn has_no_record(deployment: &Deployment) -> bool {
    // What one resolver can't answer, another may: only some check signatures (RFC 4035 §4.3).
    let failed = matches!(deployment.sts, Fact::Known(RecordStatus::Failed(_)));
    no_discovery(deployment) && !failed
}

/// The same as far as this check saw.
fn no_discovery(deployment: &Deployment) -> bool {
    !matches!(deployment.sts, Fact::Known(RecordStatus::Usable) | Fact::Unknown(_))
}

fn of_record(status: &Fact<RecordStatus>) -> State {
    match status {
        Fact::Known(RecordStatus::Usable) => State::Ok,
        Fact::Known(RecordStatus::Absent) => State::Absent,
        Fact::Known(_) => State::Problem,
        Fact::Unknown(reason) => State::NotKnown(NotKnown::Fact(reason.clone())),
    }
}

/// Whether everything that senders check on port 25 was seen.
fn connections(deployment: &Deployment) -> State {
    let hosts = deployment.mail.hosts();
    if hosts.is_empty() {
        return State::NotKnown(NotKnown::MxHosts);
    }
    for name in hosts {
        let smtp = match deployment.facts.hosts.get(name).map(|host| &host.smtp) {
            Some(Fact::Known(smtp)) => smtp,
            other => {
                let reason = other.and_then(Fact::reason).cloned().unwrap_or(Reason::NotAsked);
                return State::NotKnown(NotKnown::Smtp(name.clone(), reason));
            }
        };
        let certificate = &smtp.certificate;
        let seen = smtp.starttls.is_some()
            && certificate.names.is_some()
            && certificate.not_after.is_some()
            && certificate.trusted.is_some()
            && deployment.facts.now.is_some();
        if !seen {
            return State::NotKnown(NotKnown::Certificate(name.clone()));
        }
    }
    State::Ok
}

pub(super) fn mx_hosts(deployment: &Deployment) -> Vec<MxHost> {
    let facts = deployment.facts;
    let list = facts.mx.known().and_then(Answer::data);
    let preference = |name: &str| {
        list.into_iter().flatten().find(|mx| mx.exchange == name).map(|mx| mx.preference)
    };
    let patterns = deployment.policy.known().and_then(Option::as_ref).map(|values| &values.mx);
    let coverage = |name: &str| {
        patterns.map(|patterns| {
            let (found, index) = mx::coverage(patterns, name);
            Coverage { found, pattern: index.map(|index| patterns[index].clone()) }
        })
    };
    let mx_host = |name: &String| MxHost {
        preference: preference(name),
        host: name.clone(),
        coverage: coverage(name),
        dane: dane_of(deployment, name),
        tlsa: facts
            .hosts
            .get(name)
            .and_then(|host| host.tlsa.known()?.data())
            .cloned()
            .unwrap_or_default(),
    };
    deployment.mail.hosts().iter().map(mx_host).collect()
}

fn dane_of(deployment: &Deployment, name: &str) -> Dane {
    let host = deployment.facts.host(name);
    let answer = match &host.tlsa {
        Fact::Known(answer) => answer,
        Fact::Unknown(_) => return Dane::Unknown,
    };
    match &answer.outcome {
        Lookup::Data(_) if answer.authentic != Some(true) => Dane::Insecure,
        Lookup::Data(records) if !records.iter().any(dane::is_usable) => Dane::Unusable,
        Lookup::Data(_) if !dane::is_protected(deployment, name) => Dane::InsecureMx,
        Lookup::Data(_) if dane::is_matched(deployment, name) == Some(false) => Dane::Mismatched,
        Lookup::Data(_) => Dane::Protected,
        Lookup::NoData | Lookup::NxDomain | Lookup::Broken(_) => Dane::None,
        Lookup::Failed(_) => Dane::Unknown,
    }
}

impl Assessment {
    /// Where the domain stands.
    pub fn standing(&self) -> Standing {
        Standing::of(self)
    }

    /// How a step goes.
    pub fn state(&self, step: Step) -> &State {
        const NEVER: State = State::NotKnown(NotKnown::Fact(Reason::NotAsked));
        self.steps.iter().find(|result| result.step == step).map_or(&NEVER, |result| &result.state)
    }

    /// How bad a step with a problem is, by its worst finding. Of a record that somebody else calls bad there need be
    /// none.
    pub fn problem(&self, step: Step) -> Option<Severity> {
        if *self.state(step) != State::Problem {
            return None;
        }
        let worst = self.findings_of(step).map(|finding| finding.rule.severity).min();
        let unnamed = if step == Step::Discover { Severity::Error } else { Severity::Warning };
        worst.filter(|worst| *worst <= Severity::Warning).or(Some(unnamed))
    }

    /// The findings of a step: those of the records and the policy, and those of the check.
    pub fn findings_of(&self, step: Step) -> impl Iterator<Item = &Finding> {
        let results = self.steps.iter().filter(move |result| result.step == step);
        results.flat_map(|result| {
            let parts = result.parts.iter().flat_map(|i| &self.parts[*i].findings);
            parts.chain(result.found.iter().map(|i| &self.found[*i].finding))
        })
    }

    /// All findings: those of the records and the policy, and those of the check.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        let parts = self.parts.iter().flat_map(|part| &part.findings);
        parts.chain(self.found.iter().map(|found| &found.finding))
    }

    /// The worst severity of all findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings().map(|finding| finding.rule.severity).min()
    }
}
