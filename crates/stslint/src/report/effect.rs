//! What failed sessions meant for the mail in them.

use super::{PolicyType, ResultType};
use crate::policy::Mode;

/// What it meant for mail that sessions failed. It follows from the policy that the sender applied, as the report has
/// it, not from what is published now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// DANE does not deliver then, whatever MTA-STS says (RFC 7672 §2.2).
    Dane,
    /// The policy was enforced (RFC 8461 §5).
    Enforced,
    /// The sender could not get the policy: without a copy it delivered as if there were none (RFC 8461 §3.3).
    NotFetched,
    /// The sender found no policy, so nothing was demanded.
    NoPolicy,
    /// The policy was in mode none, which demands nothing (RFC 8461 §5).
    OptedOut,
    /// The policy was in mode testing (RFC 8461 §5).
    Testing,
    /// The report does not tell which policy or mode.
    Unknown,
}

impl Effect {
    /// What it is, as the end of a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Dane => "DANE defers such mail, whatever the mode of MTA-STS",
            Self::Enforced => "the policy was in mode enforce, so that mail waits or bounces",
            Self::NotFetched => {
                "the sender could not get the policy, and without a copy of it delivered as if there were none"
            }
            Self::NoPolicy => {
                "the sender found no policy, so nothing was promised and mail went on"
            }
            Self::OptedOut => "the policy was in mode none, so mail went on as if there were none",
            Self::Testing => "the policy was in mode testing, so mail was delivered all the same",
            Self::Unknown => "with an enforced policy that mail waits or bounces",
        }
    }
}

/// What failed sessions under one policy meant, in the order of [`Effect`]; nothing where none failed. `results` are
/// what failed, where that is known.
pub(super) fn effects(
    policy_type: Option<PolicyType>,
    mode: Option<Mode>,
    failed: Option<u64>,
    results: &[Option<ResultType>],
) -> Vec<Effect> {
    use ResultType::{StsPolicyFetchError, StsPolicyInvalid, StsWebpkiInvalid};
    if failed.unwrap_or(0) == 0 {
        return Vec::new();
    }
    let of_policy = |result: &Option<ResultType>| {
        matches!(result, Some(StsPolicyFetchError | StsPolicyInvalid | StsWebpkiInvalid))
    };
    let by_mode = match mode {
        Some(Mode::Enforce) => Effect::Enforced,
        Some(Mode::None) => Effect::OptedOut,
        Some(Mode::Testing) => Effect::Testing,
        None => Effect::Unknown,
    };
    match policy_type {
        Some(PolicyType::NoPolicyFound) => vec![Effect::NoPolicy],
        Some(PolicyType::Tlsa) => vec![Effect::Dane],
        Some(PolicyType::Sts) => {
            let policy = results.iter().any(of_policy);
            let hosts = results.is_empty() || !results.iter().all(of_policy);
            let mut effects: Vec<Effect> = policy
                .then_some(Effect::NotFetched)
                .into_iter()
                .chain(hosts.then_some(by_mode))
                .collect();
            effects.sort_unstable();
            effects
        }
        None => vec![Effect::Unknown],
    }
}
