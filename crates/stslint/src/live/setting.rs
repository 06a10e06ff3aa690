//! A domain as it was looked up, as a setting for the delivery simulator.
//!
//! What nobody looked up is taken to be good, and the setting says so.

use super::deployment::{Deployment, Mail, RecordStatus, certificate_fault, policy_host};
use super::facts::{
    Answer, Fact, Facts, Fetch, FetchFailure, Fetched, Lookup, Records, Reported, Response,
};
use super::rules::dane;
use crate::policy::{Mode, Values};
use crate::senders::{self, Assumed, Attack, Dane, ResultType, Served, Setting, policy_text};
use std::collections::BTreeSet;

/// Why there is no way for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSetting {
    /// The domain has neither MX records nor addresses.
    NoMailHost,
    /// The domain has more than [`MAX_HOSTS`](crate::senders::MAX_HOSTS) MX hosts.
    TooManyHosts,
}

/// The setting that facts show.
///
/// # Errors
///
/// The domain has nobody who takes mail, or too many.
pub fn setting(facts: &Facts) -> Result<Setting, NoSetting> {
    let deployment = Deployment::of(facts);
    let mut assumed = BTreeSet::new();
    let (mail, names) = match &deployment.mail {
        Mail::Hosts(names) => (senders::Mail::Hosts, names.clone()),
        Mail::Implicit(names) => (senders::Mail::Implicit, names.clone()),
        Mail::Null => (senders::Mail::Null, Vec::new()),
        Mail::Nobody => return Err(NoSetting::NoMailHost),
        // A look-up that fails for senders too leaves the message in the queue.
        Mail::Unknown if facts.mx.known().is_some_and(fails) => (senders::Mail::Hosts, Vec::new()),
        Mail::Unknown => {
            assumed.insert(Assumed::Hosts);
            (senders::Mail::Hosts, named(&deployment))
        }
    };
    if names.len() > senders::MAX_HOSTS {
        return Err(NoSetting::TooManyHosts);
    }
    let host = |(index, name): (usize, &String)| host(&deployment, index, name, &mut assumed);
    let hosts: Vec<senders::Host> = names.iter().enumerate().map(host).collect();
    let records = records(&deployment, &mut assumed);
    let policy = policy(&deployment, &names, !records.is_empty(), &mut assumed);
    let reports = match &deployment.tlsrpt {
        Fact::Known(status) => *status == RecordStatus::Usable,
        Fact::Unknown(_) => {
            assumed.insert(Assumed::Reports);
            true
        }
    };
    Ok(Setting {
        domain: facts.domain.clone(),
        smart_host: None,
        now: facts.now.and_then(|now| u64::try_from(now).ok()).unwrap_or_default(),
        records,
        policy,
        earlier: None,
        later: None,
        mail,
        hosts,
        reports,
        attack: Attack::default(),
        assumed,
    })
}

const fn fails<T>(answer: &Answer<T>) -> bool {
    matches!(answer.outcome, Lookup::Failed(_) | Lookup::Broken(_))
}

/// Hosts that the policy names, where nobody knows which there are.
fn named(deployment: &Deployment) -> Vec<String> {
    let patterns = deployment.policy.known().and_then(Option::as_ref).map(|values| &values.mx);
    let name = |pattern: &String| match pattern.strip_prefix("*.") {
        Some(rest) => format!("mail.{rest}"),
        None => pattern.clone(),
    };
    let names: Vec<String> = patterns.into_iter().flatten().map(name).collect();
    match names.is_empty() {
        true => vec![format!("mail.{}", deployment.facts.domain)],
        false => names,
    }
}

/// The TXT records at `_mta-sts`. What was only told stands there as a record of that kind.
fn records(deployment: &Deployment, assumed: &mut BTreeSet<Assumed>) -> Vec<String> {
    let current = deployment.facts.current.as_ref().and_then(|current| current.id.clone());
    let id = deployment.id.clone().or(current).unwrap_or_else(|| "1".into());
    let good = format!("v=STSv1; id={id};");
    let Fact::Known(answer) = &deployment.facts.sts else {
        assumed.insert(Assumed::Record);
        return vec![good];
    };
    match &answer.outcome {
        Lookup::Data(Records::Seen(records)) => {
            records.iter().map(|strings| strings.concat()).collect()
        }
        Lookup::Data(Records::Reported(Reported::Usable)) => vec![good],
        Lookup::Data(Records::Reported(Reported::Multiple)) => vec![good.clone(), good],
        Lookup::Data(Records::Reported(Reported::Invalid)) => vec!["v=STSv1;".into()],
        Lookup::NoData | Lookup::NxDomain | Lookup::Broken(_) | Lookup::Failed(_) => Vec::new(),
    }
}

/// What the policy host answers.
fn policy(
    deployment: &Deployment,
    hosts: &[String],
    is_asked: bool,
    assumed: &mut BTreeSet<Assumed>,
) -> Result<Served, ResultType> {
    let facts = deployment.facts;
    if let Fact::Known(Fetch { outcome, certificate, tls, .. }) = &facts.fetch {
        let fault = certificate_fault(certificate, &policy_host(facts), facts.now);
        match outcome {
            Fetched::Failed(failure) => return Err(failed(*failure)),
            _ if fault.is_some() => return Err(ResultType::StsWebpkiInvalid),
            _ if tls.is_some_and(|tls| tls < 12) => return Err(ResultType::StsPolicyFetchError),
            Fetched::Response(response) => {
                if let Some(served) = served(response) {
                    return Ok(served);
                }
            }
        }
    }
    match &deployment.policy {
        Fact::Known(Some(Values { mode, max_age, mx, .. })) => {
            let mode = mode.unwrap_or(Mode::None);
            Ok(Served::text(policy_text(mode, mx, max_age.unwrap_or(mode.usual_max_age()))))
        }
        Fact::Known(None) => Err(ResultType::StsPolicyFetchError),
        // Nobody asks for it.
        Fact::Unknown(_) if !is_asked => Err(ResultType::StsPolicyFetchError),
        Fact::Unknown(_) => {
            assumed.insert(Assumed::Policy);
            let mode = Mode::Enforce;
            Ok(Served::text(policy_text(mode, hosts, mode.usual_max_age())))
        }
    }
}

const fn failed(failure: FetchFailure) -> ResultType {
    use FetchFailure::{CertificateExpired, CertificateName, CertificateUntrusted};
    match failure {
        CertificateExpired | CertificateName | CertificateUntrusted => ResultType::StsWebpkiInvalid,
        _ => ResultType::StsPolicyFetchError,
    }
}

/// The answer; none where its body was not seen, unless it can't be a policy anyway.
fn served(response: &Response) -> Option<Served> {
    let body = match &response.body {
        Some(body) => body.clone(),
        None if response.may_be_policy() => return None,
        None => Vec::new(),
    };
    let status = (response.status != 0).then_some(response.status);
    let content_type =
        response.headers.as_ref().map(|_| response.header("Content-Type").map(str::to_owned));
    Some(Served { status, content_type, body })
}

fn host(
    deployment: &Deployment,
    index: usize,
    name: &str,
    assumed: &mut BTreeSet<Assumed>,
) -> senders::Host {
    let facts = deployment.facts;
    let known = facts.host(name);
    let mut host = senders::Host::good(name);
    host.dane = tlsa(deployment, name, index, assumed);
    if let Fact::Known(outcome) = known.addresses.outcome()
        && outcome != Lookup::Data(())
    {
        host.reachable = false;
        return host;
    }
    let Fact::Known(smtp) = &known.smtp else {
        let all = [Assumed::Connection, Assumed::Starttls, Assumed::Certificate];
        assumed.extend(all.map(|what| what(index)));
        return host;
    };
    // Where no session comes about, it makes no difference that it was offered.
    host.starttls = smtp.starttls != Some(false) && smtp.failure.is_none();
    if smtp.starttls.is_none() && smtp.failure.is_none() {
        assumed.insert(Assumed::Starttls(index));
    }
    if !host.starttls {
        return host;
    }
    let certificate = &smtp.certificate;
    if let Some(names) = &certificate.names {
        host.names.clone_from(names);
    }
    host.certificate = certificate_fault(certificate, name, facts.now).map(|fault| match fault {
        FetchFailure::CertificateExpired => ResultType::CertificateExpired,
        FetchFailure::CertificateName => ResultType::CertificateHostMismatch,
        _ => ResultType::CertificateNotTrusted,
    });
    let seen = certificate.names.is_some()
        && certificate.not_after.is_some()
        && certificate.trusted.is_some()
        && facts.now.is_some();
    if host.certificate.is_none() && !seen {
        assumed.insert(Assumed::Certificate(index));
    }
    host
}

/// What DANE comes to. Where no record could be compared with the certificate, one is taken to match.
fn tlsa(
    deployment: &Deployment,
    name: &str,
    index: usize,
    assumed: &mut BTreeSet<Assumed>,
) -> Dane {
    let facts = deployment.facts;
    let known = facts.host(name);
    let mx = facts.mx.known().and_then(|answer| answer.authentic);
    let Fact::Known(answer) = &known.tlsa else {
        assumed.insert(Assumed::Tlsa(index));
        return Dane::None;
    };
    // RFC 7672 §2.2.1: behind MX records that are not signed there is no DANE.
    match &answer.outcome {
        // Nobody said whether they are.
        Lookup::Data(_) if mx.is_none() && answer.authentic == Some(true) => {
            assumed.insert(Assumed::Tlsa(index));
            Dane::None
        }
        _ if mx != Some(true) => Dane::None,
        Lookup::Data(_) if dane::is_protected(deployment, name) => {
            match dane::is_matched(deployment, name) {
                Some(true) => Dane::Matches,
                Some(false) => Dane::Fails,
                None => {
                    assumed.insert(Assumed::Tlsa(index));
                    Dane::Matches
                }
            }
        }
        Lookup::Data(_) if answer.authentic == Some(true) => Dane::Unusable,
        Lookup::Failed(_) => Dane::Error,
        _ => Dane::None,
    }
}
