//! Questions and replies: what a record type is called, which step of a sender a question is for, what a resolver adds.

use super::assessment::Step;
use super::check::{Ask, RecordKind, Reply};

impl RecordKind {
    /// Its name in zone files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Mx => "MX",
            Self::Tlsa => "TLSA",
            Self::Txt => "TXT",
        }
    }
}

impl Ask {
    /// The step of a sender that it is for, in a check of this domain.
    pub fn step(&self, domain: &str) -> Step {
        let Self::Dns { name, kind, .. } = self else {
            return if matches!(self, Self::Fetch { .. }) { Step::Fetch } else { Step::Connect };
        };
        match kind {
            RecordKind::Txt if name.starts_with("_smtp._tls.") => Step::Report,
            RecordKind::Txt => Step::Discover,
            RecordKind::Mx => Step::Match,
            RecordKind::A | RecordKind::Aaaa if *name == format!("mta-sts.{domain}") => Step::Fetch,
            // The control: whether the resolver finds anything out.
            RecordKind::A if domain.rsplit('.').next() == Some(name) => Step::Discover,
            RecordKind::A | RecordKind::Aaaa | RecordKind::Tlsa => Step::Connect,
        }
    }
}

impl Reply {
    /// How long a resolver says that the answer may be kept, in seconds, and whether DNSSEC vouches
    /// for it. None where it was no answer.
    pub fn dns(&self) -> Option<(Option<u32>, bool)> {
        match self {
            Self::Dns(reply) => Some((reply.ttl, reply.authentic)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_belongs_to_a_step() {
        let step = |name: &str, kind| {
            Ask::Dns { name: name.into(), kind, checking_disabled: false }.step("example.com")
        };
        assert_eq!(step("_mta-sts.example.com", RecordKind::Txt), Step::Discover);
        assert_eq!(step("_smtp._tls.example.com", RecordKind::Txt), Step::Report);
        assert_eq!(step("mta-sts.example.com", RecordKind::A), Step::Fetch);
        assert_eq!(step("example.com", RecordKind::Mx), Step::Match);
        assert_eq!(step("mail.example.com", RecordKind::Aaaa), Step::Connect);
        assert_eq!(step("com", RecordKind::A), Step::Discover);
        assert_eq!(step("_25._tcp.mail.example.com", RecordKind::Tlsa), Step::Connect);
        assert_eq!(
            Ask::Fetch { host: "mta-sts.example.com".into() }.step("example.com"),
            Step::Fetch
        );
    }
}
