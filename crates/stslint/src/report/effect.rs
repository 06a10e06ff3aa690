//! What failed sessions meant for the mail in them.

use super::aggregate::Kind;
use super::{Cause, PolicyType, ResultType};
use crate::policy::Mode;
use std::collections::BTreeSet;

/// What it meant for mail that sessions failed. It follows from the policy that the sender applied, as the report has
/// it, not from what is published now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// DANE does not deliver then, whatever MTA-STS says (RFC 7672 §2.2): no TLSA record fits, the records cannot be looked
    /// up (RFC 7672 §2.1.2), or the sender demands DANE and there are none (RFC 8460 §4.3.2.1, RFC 7672 §6).
    Dane,
    /// The policy was enforced (RFC 8461 §5).
    Enforced,
    /// The sender could not get the policy: without a copy it delivered as if there were none (RFC 8461 §3.3).
    NotFetched,
    /// The sender found no policy, so nothing was demanded.
    NoPolicy,
    /// The sender found no TLSA records of the mail host. MTA-STS may demand something all the same.
    NoTlsa,
    /// The policy was in mode none, which demands nothing (RFC 8461 §5).
    OptedOut,
    /// The policy was in mode testing (RFC 8461 §5).
    Testing,
    /// The report does not tell which policy or mode.
    Unknown,
}

impl Effect {
    /// Whether mail waits or bounces then.
    pub const fn loses(self) -> bool {
        matches!(self, Self::Dane | Self::Enforced)
    }

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
            Self::NoTlsa => {
                "the sender found no TLSA records of that mail server, so DANE demanded nothing"
            }
            Self::OptedOut => "the policy was in mode none, so mail went on as if there were none",
            Self::Testing => "the policy was in mode testing, so mail was delivered all the same",
            Self::Unknown => "with an enforced policy that mail waits or bounces",
        }
    }
}

/// What it meant that sessions failed for a cause, under a policy of this kind in this mode.
pub fn effect(kind: Kind, cause: &Cause, mode: Option<Mode>) -> Effect {
    use ResultType::{
        DaneRequired, DnssecInvalid, StsPolicyFetchError, StsPolicyInvalid, StsWebpkiInvalid,
        TlsaInvalid,
    };
    match (kind, cause) {
        // What failed says more than the policy beside which it stands. That a sender found no policy may be due to it.
        (_, Cause::Known(DaneRequired | DnssecInvalid | TlsaInvalid)) => Effect::Dane,
        (_, Cause::Known(StsPolicyFetchError | StsPolicyInvalid | StsWebpkiInvalid)) => {
            Effect::NotFetched
        }
        (Kind::NoPolicy, _) => Effect::NoPolicy,
        (Kind::NoTlsa, _) => Effect::NoTlsa,
        (Kind::Tlsa, _) => Effect::Dane,
        (Kind::Unknown, _) => Effect::Unknown,
        (Kind::Sts, _) => match mode {
            Some(Mode::Enforce) => Effect::Enforced,
            Some(Mode::None) => Effect::OptedOut,
            Some(Mode::Testing) => Effect::Testing,
            None => Effect::Unknown,
        },
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
    if failed.unwrap_or(0) == 0 {
        return Vec::new();
    }
    let kind = Kind::of(policy_type, false);
    let of = |result: Option<ResultType>| {
        effect(kind, &result.map_or(Cause::Unsaid, Cause::Known), mode)
    };
    let mut effects: BTreeSet<Effect> = results.iter().map(|result| of(*result)).collect();
    if results.is_empty() {
        effects.insert(of(None));
    }
    effects.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failures_mean_follows_from_kind_cause_and_mode() {
        use ResultType::{
            CertificateExpired, DaneRequired, DnssecInvalid, StsPolicyFetchError, TlsaInvalid,
            ValidationFailure,
        };
        let expired = Cause::Known(CertificateExpired);
        let enforce = Some(Mode::Enforce);
        for (kind, cause, mode, wanted) in [
            (Kind::Sts, &expired, enforce, Effect::Enforced),
            (Kind::Sts, &expired, Some(Mode::Testing), Effect::Testing),
            (Kind::Sts, &expired, Some(Mode::None), Effect::OptedOut),
            (Kind::Sts, &Cause::Other("x".into()), None, Effect::Unknown),
            (Kind::Sts, &Cause::Known(StsPolicyFetchError), enforce, Effect::NotFetched),
            (Kind::Unknown, &Cause::Known(StsPolicyFetchError), None, Effect::NotFetched),
            (Kind::Unknown, &expired, enforce, Effect::Unknown),
            (Kind::Tlsa, &expired, Some(Mode::Testing), Effect::Dane),
            (Kind::Tlsa, &Cause::Known(StsPolicyFetchError), None, Effect::NotFetched),
            (Kind::NoPolicy, &Cause::Known(ValidationFailure), None, Effect::NoPolicy),
            (Kind::NoPolicy, &Cause::Known(StsPolicyFetchError), None, Effect::NotFetched),
            (Kind::NoTlsa, &Cause::Unsaid, enforce, Effect::NoTlsa),
        ] {
            assert_eq!(effect(kind, cause, mode), wanted, "{kind:?} {cause:?} {mode:?}");
        }
        // Failures of DANE (RFC 8460 §4.3.2.1) defer mail, whatever else the sender found.
        for kind in Kind::ALL {
            for result in [DaneRequired, DnssecInvalid, TlsaInvalid] {
                let effect = effect(kind, &Cause::Known(result), Some(Mode::Testing));
                assert_eq!(effect, Effect::Dane, "{kind:?} {result:?}");
            }
        }
    }

    #[test]
    fn a_policy_has_each_effect_once() {
        use ResultType::{CertificateExpired, DaneRequired, StsPolicyInvalid};
        let all = [Some(StsPolicyInvalid), Some(CertificateExpired), None, Some(DaneRequired)];
        let testing = Some(Mode::Testing);
        assert_eq!(
            effects(Some(PolicyType::Sts), testing, Some(4), &all),
            [Effect::Dane, Effect::NotFetched, Effect::Testing]
        );
        assert_eq!(effects(Some(PolicyType::Sts), testing, Some(4), &[]), [Effect::Testing]);
        assert_eq!(effects(Some(PolicyType::Sts), testing, Some(0), &all), []);
        assert_eq!(
            effects(Some(PolicyType::NoPolicyFound), None, Some(1), &[Some(DaneRequired)]),
            [Effect::Dane]
        );
    }
}
