//! What was seen in each step of a sender, as data.

use super::assessment::{Step, mx_hosts};
use super::deployment::Deployment;
use super::facts::{Answer, Failure, Fetched};
use super::published::hosted;
use crate::build::providers::Hosted;
use crate::policy::Mode;
use std::net::IpAddr;

/// Something that was seen in a step. Never empty; texts in it are hostile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The targets of the CNAME records that were followed, in their order.
    Aliases(Vec<String>),
    /// How long the answer may be kept, in seconds.
    Ttl(u32),
    /// The id of the `_mta-sts` record.
    Id(String),
    /// Who runs the policy for the domain, told by aliases.
    Hosted(&'static Hosted),
    /// The addresses of the policy host.
    Addresses(Vec<IpAddr>),
    /// The HTTP status; none where it was not seen.
    Status(Option<u16>),
    /// The media type of the policy.
    MediaType(String),
    /// The size of the policy, in bytes.
    PolicySize(usize),
    /// The names in the certificate of the policy host.
    CertificateNames(Vec<String>),
    /// How the fetch failed, in the words of whoever fetched.
    Fetching(String),
    /// The mode of the policy.
    Mode(Mode),
    /// The lifetime of the policy, in seconds.
    MaxAge(u64),
    /// The MX hosts with their preferences; none for the domain itself in lack of MX records.
    MxHosts(Vec<(Option<u16>, String)>),
    /// The mx patterns of the policy.
    Patterns(Vec<String>),
    /// Whether DNSSEC vouches for the MX records.
    MxSigned(bool),
    /// How the look-up of the TLSA records of an MX host failed.
    TlsaFailed(String, Failure),
    /// Where TLS reports go.
    ReportUris(Vec<String>),
}

/// What was seen in a step.
pub(super) fn of(step: Step, deployment: &Deployment) -> Vec<Evidence> {
    let facts = deployment.facts;
    let policy = deployment.policy.known().and_then(Option::as_ref);
    let mut out: Vec<Evidence> = Vec::new();
    match step {
        Step::Discover => {
            let answer = facts.sts.known();
            let chain = answer.and_then(|answer| texts(&answer.chain));
            out.extend(chain.map(Evidence::Aliases));
            out.extend(answer.and_then(|answer| answer.ttl).map(Evidence::Ttl));
            let id = deployment.id.clone().filter(|id| !id.is_empty());
            out.extend(id.map(Evidence::Id));
        }
        Step::Fetch => {
            let host = &facts.policy_host;
            out.extend(host.alias.known().and_then(|chain| texts(chain)).map(Evidence::Aliases));
            out.extend(hosted(facts).map(Evidence::Hosted));
            out.extend(some(host.all().collect()).map(Evidence::Addresses));
            if let Some(fetch) = facts.fetch.known() {
                if let Fetched::Response(response) = &fetch.outcome {
                    let status = (response.status != 0).then_some(response.status);
                    out.push(Evidence::Status(status));
                    let media = response.header("content-type").filter(|media| !media.is_empty());
                    out.extend(media.map(|media| Evidence::MediaType(media.to_owned())));
                    out.extend(response.body.as_ref().map(|body| Evidence::PolicySize(body.len())));
                }
                let why = fetch.why.clone().filter(|why| !why.is_empty());
                out.extend(why.map(Evidence::Fetching));
                let names = fetch.certificate.names.as_deref().and_then(texts);
                out.extend(names.map(Evidence::CertificateNames));
            }
            out.extend(policy.and_then(|values| values.mode).map(Evidence::Mode));
            out.extend(policy.and_then(|values| values.max_age).map(Evidence::MaxAge));
        }
        Step::Match => {
            let hosts =
                mx_hosts(deployment).into_iter().map(|host| (host.preference, host.host)).collect();
            out.extend(some(hosts).map(Evidence::MxHosts));
            let patterns = policy.and_then(|values| texts(&values.mx));
            out.extend(patterns.map(Evidence::Patterns));
        }
        Step::Connect => {
            let signed = facts.mx.known().and_then(|answer: &Answer<_>| answer.authentic);
            out.extend(signed.map(Evidence::MxSigned));
            // Where the addresses are not signed nobody asks for TLSA records (RFC 7672 §2.2.2), so there is no
            // finding, but it may be why nobody is protected.
            for name in deployment.mail.hosts() {
                let tlsa = facts.hosts.get(name).and_then(|host| host.tlsa.known());
                let failure = tlsa.and_then(Answer::failure);
                out.extend(failure.map(|failure| Evidence::TlsaFailed(name.clone(), failure)));
            }
        }
        Step::Report => out.extend(texts(&deployment.rua).map(Evidence::ReportUris)),
    }
    out
}

/// The list, unless there is nothing in it.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// The texts, unless there is nothing in them: the name of an alias may not be told.
fn texts(list: &[String]) -> Option<Vec<String>> {
    list.iter().any(|text| !text.is_empty()).then(|| list.to_vec())
}
