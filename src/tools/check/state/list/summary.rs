//! What a check comes to, in the columns of a table.

use stslint::finding::Severity;
use stslint::live::facts::{Fact, Lookup};
use stslint::live::{Assessment, Dane, MxHost, State as StepState, Step};
use stslint::policy::Mode;
use stslint::render::live::headline;
use stslint::render::words::State as Overall;

/// What a check comes to, for a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Summary {
    pub(crate) state: Overall,
    pub(crate) title: String,
    /// What the policy asks for; none where there is none or it is not known.
    pub(crate) mode: Option<Mode>,
    /// Whether the policy could not be seen from here.
    pub(crate) policy_hidden: bool,
    /// Whether the domain announces a policy.
    pub(crate) record: Option<bool>,
    pub(crate) tlsrpt: Option<bool>,
    pub(crate) dane: Option<bool>,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
}

impl Summary {
    pub(super) fn of(assessment: &Assessment) -> Self {
        let head = headline(assessment);
        let count = |severity| {
            assessment.findings().filter(|finding| finding.rule.severity == severity).count()
        };
        let step = |step| assessment.steps.iter().find(|result| result.step == step);
        let there = |which| match step(which).map(|result| &result.state) {
            Some(StepState::Ok | StepState::Problem) => Some(true),
            Some(StepState::Absent) => Some(false),
            _ => None,
        };
        let tlsrpt = match &assessment.facts.tlsrpt {
            Fact::Known(answer) => Some(matches!(answer.outcome, Lookup::Data(_))),
            Fact::Unknown(_) => None,
        };
        let dane = |row: &MxHost| matches!(row.dane, Dane::Protected);
        let unknown = |row: &MxHost| matches!(row.dane, Dane::Unknown);
        let dane = (!assessment.mx_hosts.iter().any(unknown) && !assessment.mx_hosts.is_empty())
            .then(|| assessment.mx_hosts.iter().all(dane));
        Self {
            state: head.state,
            title: head.title,
            mode: assessment.policy.as_ref().and_then(|policy| policy.mode),
            policy_hidden: assessment.facts.fetch.is_hidden() && assessment.policy.is_none(),
            record: match &assessment.facts.sts {
                Fact::Known(_) => there(Step::Discover),
                Fact::Unknown(_) => None,
            },
            // Records of other kinds may stand there, too.
            tlsrpt: tlsrpt.and_then(|_| there(Step::Report)),
            dane,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        }
    }

    /// The state in words.
    pub(crate) fn word(&self) -> &'static str {
        match (self.state, self.record) {
            (Overall::NotLinted, Some(false)) => "not in use",
            (Overall::NotLinted, _) => "not known",
            (state, _) => state_word(state),
        }
    }

    /// The policy in a word.
    pub(crate) fn policy(&self) -> &'static str {
        match (self.mode, self.record) {
            (Some(mode), _) => mode.word(),
            (None, Some(false)) => "none published",
            (None, Some(true)) if self.policy_hidden => "not readable from here",
            (None, Some(true)) => "not usable",
            (None, None) => "not known",
        }
    }
}

/// A fact with three values, in a word.
pub(crate) const fn word(fact: Option<bool>) -> &'static str {
    match fact {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    }
}

/// The state in a word.
pub(crate) const fn state_word(state: Overall) -> &'static str {
    match state {
        Overall::Broken => "broken",
        Overall::Review => "to review",
        Overall::Good => "good",
        Overall::NotLinted => "not in use or not known",
    }
}

/// All states, the worst first.
pub(crate) const STATES: [Overall; 4] =
    [Overall::Broken, Overall::Review, Overall::NotLinted, Overall::Good];
