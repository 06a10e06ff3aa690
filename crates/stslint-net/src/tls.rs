//! TLS with full certificate validation, which remembers what it saw when that fails.

use super::connect::io_problem;
use super::{Problem, ProblemKind};
use ring::digest::{SHA256, digest};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct,
    Error, PeerIncompatible, ProtocolVersion, RootCertStore, SignatureScheme, StreamOwned,
};
use std::io::{ErrorKind, Read, Write};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use stslint::live::facts::{Path, Tlsa};
use x509_parser::prelude::{FromDer, X509Certificate};

/// Most certificates of a chain that are compared with TLSA records.
const MAX_CHAIN: usize = 8;

/// Whom to trust, and how to speak.
#[derive(Debug)]
pub struct Tls {
    provider: Arc<CryptoProvider>,
    roots: Arc<RootCertStore>,
    verifier: Arc<WebPkiServerVerifier>,
}

/// A handshake that was tried.
#[derive(Debug)]
pub struct Handshake<S: Read + Write> {
    /// The connection, if the handshake went well and the certificate is good.
    pub stream: Result<StreamOwned<ClientConnection, S>, Problem>,
    /// What the server showed.
    pub seen: Seen,
}

/// What a server showed of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The address that was connected to.
    pub address: Option<IpAddr>,
    /// The TLS version: 12 or 13.
    pub version: Option<u8>,
    /// The certificate.
    pub certificate: Option<Certificate>,
    /// All certificates that it sent, its own first.
    pub(crate) sent: Vec<CertificateDer<'static>>,
}

/// A server's certificate. The names in it are text from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its DNS names (subject alternative names), in lower case.
    pub names: Vec<String>,
    /// The first second in which it is valid, since 1970.
    pub not_before: i64,
    /// The last one.
    pub not_after: i64,
    /// Who issued it.
    pub issuer: String,
    /// Whether it is for the name that was asked for.
    pub name_matches: bool,
    /// Whether it chains to a trusted root, whatever its dates say.
    pub chain: Chain,
}

/// Where a chain of certificates leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    /// To a trusted root.
    Trusted,
    /// Nowhere: the certificate vouches for itself.
    SelfSigned,
    /// To a root that isn't trusted, which the server sent along.
    UnknownRoot(String),
    /// To an issuer whose certificate is not there: the server leaves out an intermediate
    /// certificate, or the issuer is no public one.
    Incomplete(String),
    /// It is broken in another way.
    Broken(String),
}

impl Seen {
    /// The certificate as a fact.
    pub(crate) fn fact(&self) -> stslint::live::facts::Certificate {
        self.certificate.as_ref().map_or_else(Default::default, |seen| {
            stslint::live::facts::Certificate {
                names: Some(seen.names.clone()),
                not_before: Some(seen.not_before),
                not_after: Some(seen.not_after),
                trusted: Some(seen.chain == Chain::Trusted),
                issuer: Some(seen.issuer.clone()),
                path: Some(seen.chain.path()),
                tlsa: None, // There is no DANE but for mail hosts.
            }
        })
    }

    /// The TLSA records with a SHA-256 digest that match the certificate, or one of those that were sent with it.
    pub(crate) fn tlsa(&self) -> Option<Vec<Tlsa>> {
        self.certificate.as_ref()?;
        Some(self.sent.iter().take(MAX_CHAIN).enumerate().flat_map(tlsa).collect())
    }
}

impl Tls {
    /// Trusts Mozilla's roots and some more.
    pub(crate) fn new(more: &[CertificateDer<'static>]) -> Self {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        roots.add_parsable_certificates(more.iter().cloned());
        let roots = Arc::new(roots);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(roots.clone(), provider.clone());
        let verifier = verifier.build().expect("there are roots, and no revocation lists");
        Self { provider, roots, verifier }
    }

    /// How to speak to servers that were chosen, such as a resolver, with the same trust.
    pub fn client(&self) -> ClientConfig {
        ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()
            .expect("the provider has ciphers for both versions")
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth()
    }

    /// Shakes hands with a server as this host, with SNI (RFC 8461 §3.3, §7.1).
    pub fn handshake<S: Read + Write>(&self, host: &str, mut stream: S) -> Handshake<S> {
        let recorder =
            Arc::new(Recorder { verifier: self.verifier.clone(), chain: Mutex::default() });
        let mut seen = Seen::default();
        let Ok(name) = ServerName::try_from(host.to_owned()) else {
            let problem = Problem::new(ProblemKind::Tls, "not a host name that TLS can name");
            return Handshake { stream: Err(problem), seen };
        };
        let config = ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()
            .expect("the provider has ciphers for both versions")
            .dangerous() // It asks rustls' own verifier, and only takes notes.
            .with_custom_certificate_verifier(recorder.clone())
            .with_no_client_auth();
        let mut connection = match ClientConnection::new(Arc::new(config), name.clone()) {
            Ok(connection) => connection,
            Err(error) => return Handshake { stream: Err(self.problem(&error, None)), seen },
        };
        let outcome = connection.complete_io(&mut stream);
        seen.version = match connection.protocol_version() {
            Some(ProtocolVersion::TLSv1_2) => Some(12),
            Some(ProtocolVersion::TLSv1_3) => Some(13),
            _ => None,
        };
        seen.sent = std::mem::take(&mut *recorder.chain());
        seen.certificate = self.read(&seen.sent, &name);
        let stream = match outcome {
            Ok(_) => Ok(StreamOwned::new(connection, stream)),
            Err(error) => Err(match error.get_ref().and_then(|e| e.downcast_ref::<Error>()) {
                Some(error) => self.problem(error, seen.certificate.as_ref()),
                None => {
                    let Problem { kind, words } = io_problem(&error, "TLS handshake");
                    let late = matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock);
                    let kind = match kind {
                        ProblemKind::Connect if late => ProblemKind::TlsLate,
                        ProblemKind::Connect | ProblemKind::Protocol => ProblemKind::Tls,
                        kind => kind,
                    };
                    Problem { kind, words }
                }
            }),
        };
        Handshake { stream, seen }
    }

    /// What a failed handshake means.
    fn problem(&self, error: &Error, certificate: Option<&Certificate>) -> Problem {
        use ProblemKind::{
            CertificateExpired, CertificateName, CertificateUntrusted, Tls, TlsTooOld,
        };
        let new = |kind, words: &str| Problem::new(kind, words);
        match error {
            Error::InvalidCertificate(error) => match error {
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                    new(CertificateExpired, "the certificate has expired")
                }
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    new(CertificateExpired, "the certificate is not valid yet")
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => {
                    new(CertificateName, "the certificate is for other names")
                }
                error => match certificate.map(|certificate| &certificate.chain) {
                    Some(chain) if *chain != Chain::Trusted => {
                        new(CertificateUntrusted, &chain.words())
                    }
                    _ => new(CertificateUntrusted, &error.to_string()),
                },
            },
            Error::AlertReceived(AlertDescription::ProtocolVersion)
            | Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => {
                new(TlsTooOld, "the server speaks neither TLS 1.2 nor TLS 1.3")
            }
            Error::InvalidMessage(_) => new(Tls, "what answers does not speak TLS"),
            error => new(Tls, &format!("TLS handshake: {error}")),
        }
    }

    /// Reads the server's certificate and judges each side of it by itself.
    fn read(&self, chain: &[CertificateDer], name: &ServerName) -> Option<Certificate> {
        let (leaf, intermediates) = chain.split_first()?;
        let (_, parsed) = X509Certificate::from_der(leaf).ok()?;
        let alternatives = parsed.subject_alternative_name().ok().flatten();
        let names = alternatives.iter().flat_map(|extension| &extension.value.general_names);
        let names = names.filter_map(|name| match name {
            x509_parser::extensions::GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        });
        let validity = parsed.validity();
        let (not_before, not_after) =
            (validity.not_before.timestamp(), validity.not_after.timestamp());
        let trust = ParsedCertificate::try_from(leaf);
        // An expired certificate may come from a trusted root all the same.
        let now = UnixTime::now().as_secs();
        let seconds = |time: i64| u64::try_from(time).unwrap_or(0);
        let then = now.clamp(seconds(not_before), seconds(not_after.max(not_before)));
        let verdict = trust.as_ref().map_err(Error::clone).and_then(|leaf| {
            verify_server_cert_signed_by_trust_anchor(
                leaf,
                &self.roots,
                intermediates,
                UnixTime::since_unix_epoch(Duration::from_secs(then)),
                self.provider.signature_verification_algorithms.all,
            )
        });
        Some(Certificate {
            names: names.collect(),
            not_before,
            not_after,
            issuer: parsed.issuer().to_string(),
            name_matches: trust.is_ok_and(|leaf| verify_server_name(&leaf, name).is_ok()),
            chain: match verdict {
                Ok(()) => Chain::Trusted,
                Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => end(chain),
                // A certificate of version 1, or one marked as an authority: made at home.
                Err(_) if parsed.issuer() == parsed.subject() => Chain::SelfSigned,
                Err(error) => Chain::Broken(error.to_string()),
            },
        })
    }
}

/// The TLSA records that match the certificate at this place of a chain: as the server's own, or as that of an authority
/// (RFC 6698 §2.1, RFC 7672 §3.1).
fn tlsa((place, der): (usize, &CertificateDer)) -> Vec<Tlsa> {
    let usage = if place == 0 { 3 } else { 2 };
    let record = |selector, bytes: &[u8]| {
        let data = digest(&SHA256, bytes).as_ref().to_vec();
        Tlsa { usage, selector, matching: 1, data }
    };
    let parsed = X509Certificate::from_der(der).ok();
    let key = parsed.map(|(_, parsed)| record(1, parsed.public_key().raw));
    [Some(record(0, der)), key].into_iter().flatten().collect()
}

/// Where a chain ends that reaches no trusted root.
fn end(chain: &[CertificateDer]) -> Chain {
    let parsed = chain.iter().filter_map(|der| X509Certificate::from_der(der).ok());
    let parsed: Vec<_> = parsed.map(|(_, certificate)| certificate).collect();
    let Some(mut top) = parsed.first() else {
        return Chain::Broken("not readable".into());
    };
    if top.issuer() == top.subject() {
        return Chain::SelfSigned;
    }
    for _ in 0..parsed.len() {
        let above = parsed.iter().find(|above| above.subject() == top.issuer());
        match above {
            Some(above) if above.issuer() == above.subject() => {
                return Chain::UnknownRoot(above.subject().to_string());
            }
            Some(above) => top = above,
            None => break,
        }
    }
    Chain::Incomplete(top.issuer().to_string())
}

impl Chain {
    /// Where it leads, as a fact.
    pub const fn path(&self) -> Path {
        match self {
            Self::Trusted => Path::Trusted,
            Self::SelfSigned => Path::SelfSigned,
            Self::UnknownRoot(_) => Path::UnknownRoot,
            Self::Incomplete(_) => Path::Incomplete,
            Self::Broken(_) => Path::Broken,
        }
    }

    /// What is wrong with it, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Trusted => "the certificate chains to a trusted root".into(),
            Self::SelfSigned => "the certificate is self-signed".into(),
            Self::UnknownRoot(root) => {
                format!("the certificate comes from a root that is not trusted: {root}")
            }
            Self::Incomplete(issuer) => format!(
                "the chain of certificates is not complete: that of the issuer is missing ({issuer})"
            ),
            Self::Broken(words) => format!("the chain of certificates is broken: {words}"),
        }
    }
}

/// rustls' verifier, with a note of what it was shown.
#[derive(Debug)]
struct Recorder {
    verifier: Arc<WebPkiServerVerifier>,
    chain: Mutex<Vec<CertificateDer<'static>>>,
}

impl Recorder {
    fn chain(&self) -> std::sync::MutexGuard<'_, Vec<CertificateDer<'static>>> {
        self.chain.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let all = std::iter::once(end_entity).chain(intermediates);
        *self.chain() = all.map(|der| der.clone().into_owned()).collect();
        self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::pem::PemObject;

    /// The digests are those that openssl and sha256sum tell of this certificate.
    #[test]
    fn tlsa_records_that_match_are_those_of_certificate_and_key() {
        let text = include_bytes!("../../stslint/tests/data/s_client.txt");
        let der = CertificateDer::from_pem_slice(text).expect("there is one");
        let texts = |place| tlsa((place, &der)).iter().map(Tlsa::text).collect::<Vec<_>>();
        let [own, key] = [
            "0b6e30416029b29e4f566348ea967dc9f7cc549c0870f14f0cb338bf85d80e89",
            "f785b5b3a68754a3ac349c482b875572e95658bceae6418e86f00cc8f879caab",
        ];
        assert_eq!(texts(0), [format!("3 0 1 {own}"), format!("3 1 1 {key}")]);
        assert_eq!(texts(1), [format!("2 0 1 {own}"), format!("2 1 1 {key}")]);
        let damaged = CertificateDer::from(der[..40].to_vec());
        assert_eq!(tlsa((0, &damaged)).len(), 1);
    }
}
