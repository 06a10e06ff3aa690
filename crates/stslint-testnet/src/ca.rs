//! Certificates for tests: an authority that the command is told to trust, and others.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{ConfigBuilder, ServerConfig, SupportedProtocolVersion, WantsVerifier};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::{Duration, SystemTime};

/// What is special about a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// Its key is the one that the TLSA record in `xtask/src/stack/acme-mail.net.zone` is of.
    OfTlsa,
    /// It was valid until 2021-06-30.
    Expired,
    /// It ends so long from now.
    Ends(Duration),
    /// It vouches for itself.
    SelfSigned,
    /// An intermediate certificate signed it, which the server does not send.
    Incomplete,
    /// A root that nobody trusts signed it, and the server sends it along.
    PrivateRoot,
}

/// A key that nobody has to keep secret.
const OF_TLSA: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgirXe9EbIZqYeEM/z
2dHSNChoMOvEDsS8gF5v6oulTzGhRANCAAQPndQmFKnONQL/yB4gsqXT8TfdWoIe
wTBaKnIZG0OxiJhns6opMZfNn1EVHQuwsDn42aJeBpQihJzuPjYvd+O6
-----END PRIVATE KEY-----";

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: CertificateDer<'static>,
    pem: String,
}

fn authority(name: &str, above: Option<&Authority>) -> Authority {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let certificate = match above {
        Some(above) => params.signed_by(&key, &above.issuer),
        None => params.self_signed(&key),
    };
    let certificate = certificate.expect("a certificate");
    let (der, pem) = (certificate.der().clone(), certificate.pem());
    Authority { issuer: Issuer::new(params, key), der, pem }
}

static ROOT: LazyLock<Authority> = LazyLock::new(|| authority("Test Root", None));
static MIDDLE: LazyLock<Authority> = LazyLock::new(|| authority("Test Middle", Some(&ROOT)));
static PRIVATE: LazyLock<Authority> = LazyLock::new(|| authority("Private Root", None));

/// The authority to trust.
pub fn root() -> CertificateDer<'static> {
    ROOT.der.clone()
}

/// The file with the authority to trust, made in this folder.
pub fn file(folder: &str) -> &'static Path {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| {
        let path = Path::new(folder).join(format!("root-{}.pem", std::process::id()));
        std::fs::write(&path, &ROOT.pem).expect("the file can be written");
        path
    })
}

/// A certificate for these names, those that a server sends along, and its key.
fn issue(names: &[&str], flaw: Flaw) -> (Certificate, Vec<&'static Authority>, KeyPair) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("good names");
    params.distinguished_name.push(DnType::CommonName, "server");
    if flaw == Flaw::Expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 6, 30);
    }
    if let Flaw::Ends(time) = flaw {
        params.not_after = (SystemTime::now() + time).into();
    }
    let key = match flaw {
        Flaw::OfTlsa => KeyPair::from_pem(OF_TLSA),
        _ => KeyPair::generate(),
    };
    let key = key.expect("a key");
    let (issuer, more): (_, Vec<&'static Authority>) = match flaw {
        Flaw::None | Flaw::OfTlsa | Flaw::Expired | Flaw::Ends(_) => {
            (Some(&*MIDDLE), vec![&MIDDLE])
        }
        Flaw::Incomplete => (Some(&*MIDDLE), vec![]),
        Flaw::PrivateRoot => (Some(&*PRIVATE), vec![&PRIVATE]),
        Flaw::SelfSigned => (None, vec![]),
    };
    let certificate = match issuer {
        Some(authority) => params.signed_by(&key, &authority.issuer),
        None => params.self_signed(&key),
    };
    (certificate.expect("a certificate"), more, key)
}

/// A certificate for a server that reads files, in PEM: the chain, and the key.
pub fn chain_and_key(names: &[&str], flaw: Flaw) -> [String; 2] {
    let (certificate, more, key) = issue(names, flaw);
    let chain = more.iter().map(|authority| authority.pem.as_str());
    let chain = [certificate.pem().as_str()].into_iter().chain(chain).collect();
    [chain, key.serialize_pem()]
}

/// The same for a server that reads one file: the key, then the chain.
pub fn pem(names: &[&str], flaw: Flaw) -> String {
    let [chain, key] = chain_and_key(names, flaw);
    key + &chain
}

/// A server with a certificate for these names.
pub fn server(names: &[&str], flaw: Flaw) -> Arc<ServerConfig> {
    let (certificate, more, key) = issue(names, flaw);
    let mut chain = vec![certificate.der().clone()];
    chain.extend(more.iter().map(|authority| authority.der.clone()));
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = configuration().with_no_client_auth().with_single_cert(chain, key);
    Arc::new(config.expect("key and certificate fit"))
}

fn configuration() -> ConfigBuilder<ServerConfig, WantsVerifier> {
    let versions: &[&SupportedProtocolVersion] = rustls::DEFAULT_VERSIONS;
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .expect("versions")
}

/// A server that has a good certificate for whatever name it is asked for (SNI), made when it is asked.
pub fn by_name() -> Arc<ServerConfig> {
    let key = KeyPair::generate().expect("a key");
    let der = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let signing = ring::sign::any_supported_type(&der).expect("a key that signs");
    let config = configuration().with_no_client_auth();
    Arc::new(config.with_cert_resolver(Arc::new(ByName { key, signing })))
}

/// All certificates have one key: to make one for each takes longer than to sign them.
#[derive(Debug)]
struct ByName {
    key: KeyPair,
    signing: Arc<dyn SigningKey>,
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name()?.to_owned();
        let params = CertificateParams::new(vec![name]).ok()?;
        let certificate = params.signed_by(&self.key, &MIDDLE.issuer).ok()?;
        let chain = vec![certificate.der().clone(), MIDDLE.der.clone()];
        Some(Arc::new(CertifiedKey::new(chain, self.signing.clone())))
    }
}
