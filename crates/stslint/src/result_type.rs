//! The registered result types of TLS reports.

/// A result type (RFC 8460 §4.3, §6.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResultType {
    /// The certificate is not valid any more.
    CertificateExpired,
    /// The certificate is for other names.
    CertificateHostMismatch,
    /// No trusted authority stands behind the certificate.
    CertificateNotTrusted,
    /// The sender demands DANE, and there are no TLSA records.
    DaneRequired,
    /// There are no records that DNSSEC validates.
    DnssecInvalid,
    /// The host does not offer STARTTLS.
    StarttlsNotSupported,
    /// The policy could not be fetched.
    StsPolicyFetchError,
    /// What was fetched is no valid policy.
    StsPolicyInvalid,
    /// The certificate of the policy host was not accepted.
    StsWebpkiInvalid,
    /// No TLSA record matches.
    TlsaInvalid,
    /// Anything else. The RFC has no word of its own for a host that the policy does not name: senders
    /// mostly use this one.
    ValidationFailure,
}

impl ResultType {
    /// All of them with their names, in the order of the names.
    pub const WORDS: [(Self, &'static str); 11] = [
        (Self::CertificateExpired, "certificate-expired"),
        (Self::CertificateHostMismatch, "certificate-host-mismatch"),
        (Self::CertificateNotTrusted, "certificate-not-trusted"),
        (Self::DaneRequired, "dane-required"),
        (Self::DnssecInvalid, "dnssec-invalid"),
        (Self::StarttlsNotSupported, "starttls-not-supported"),
        (Self::StsPolicyFetchError, "sts-policy-fetch-error"),
        (Self::StsPolicyInvalid, "sts-policy-invalid"),
        (Self::StsWebpkiInvalid, "sts-webpki-invalid"),
        (Self::TlsaInvalid, "tlsa-invalid"),
        (Self::ValidationFailure, "validation-failure"),
    ];

    /// Its name in reports.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(known, _)| *known == self).map_or("", |(_, word)| word)
    }

    /// The type with this name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(known, _)| *known)
    }

    /// The type that is meant by a name, in any case and with any sign between its words.
    pub fn meant(name: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, word)| is_meant(word, name)).map(|(known, _)| *known)
    }
}

/// Whether a registered word is meant by a name, in any case and with any sign between its words.
pub(crate) fn is_meant(word: &str, name: &str) -> bool {
    let same = |(a, b): (u8, u8)| a == b.to_ascii_lowercase() || a == b'-' && b"_ ".contains(&b);
    word.len() == name.len() && word.bytes().zip(name.bytes()).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_registry() {
        for (known, word) in ResultType::WORDS {
            assert_eq!(format!("{known:?}").to_lowercase(), word.replace('-', ""));
            assert_eq!((known.word(), ResultType::from_word(word)), (word, Some(known)));
        }
        assert_eq!(ResultType::from_word("cert-expired"), None);
        for name in ["certificate-expired", "Certificate-Expired", "CERTIFICATE_EXPIRED"] {
            assert_eq!(ResultType::meant(name), Some(ResultType::CertificateExpired), "{name}");
        }
        for name in ["", "certificate", "certificate-expired ", "certificate.expired"] {
            assert_eq!(ResultType::meant(name), None, "{name}");
        }
    }
}
