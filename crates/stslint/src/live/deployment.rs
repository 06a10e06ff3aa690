//! How a domain has deployed MTA-STS, derived from the facts: which records are usable, what the
//! policy says, which hosts take mail.

use super::facts::{
    Answer, Certificate, Chain, Fact, Facts, Failure, Fetch, FetchFailure, Fetched, Lookup, Reason,
    Records, Reported, Snapshot,
};
use super::json::quoted;
use crate::finding::Finding;
use crate::input::{Form, Input, Kind};
use crate::policy::{Mode, Values};
use crate::{host, policy, record};

/// A record or policy within a live check, linted by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it was found: a DNS name or a URL.
    pub place: String,
    /// What was linted. The spans of the findings count in it.
    pub source: Vec<u8>,
    /// What it is: a policy, or one of both records.
    pub kind: Kind,
    /// What senders read from it; none where nothing is known of it.
    pub values: Option<PartValues>,
    /// What the rules of its kind say, in the order of the text.
    pub findings: Vec<Finding>,
}

impl Part {
    /// Whether something of a policy is in it: a field that can be read, or the version in whatever form.
    fn is_meant_as_policy(&self) -> bool {
        let nothing = PartValues::Policy(policy::Values::default());
        self.values.as_ref().is_some_and(|values| *values != nothing)
            || self.source.windows(5).any(|piece| piece.eq_ignore_ascii_case(b"STSv1"))
    }
}

/// What senders read from a record or policy.
#[derive(Clone, Debug, PartialEq)]
pub enum PartValues {
    /// Values of a policy.
    Policy(policy::Values),
    /// Values of a record.
    Record(record::Values),
}

/// What a TXT look-up comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordStatus {
    /// There is no such record.
    Absent,
    /// A CNAME leads nowhere.
    Broken(Chain),
    /// The look-up failed.
    Failed(Failure),
    /// Senders ignore the record.
    Invalid,
    /// There are several, so senders use none.
    Multiple,
    /// There is one, and it is good.
    Usable,
}

/// The id and the policy in facts, to compare with at another time (LIVE-100 to LIVE-102).
pub fn snapshot(facts: &Facts) -> Snapshot {
    Deployment::of(facts).snapshot()
}

/// The facts, and the deployment that they show.
pub(super) struct Deployment<'f> {
    pub(super) facts: &'f Facts,
    pub(super) sts: Fact<RecordStatus>,
    pub(super) tlsrpt: Fact<RecordStatus>,
    /// The id of the record.
    pub(super) id: Option<String>,
    /// Where reports go.
    pub(super) rua: Vec<String>,
    /// The policy; `Known(None)`: senders get none.
    pub(super) policy: Fact<Option<Values>>,
    pub(super) mail: Mail,
    pub(super) parts: Vec<Part>,
}

/// Who takes the domain's mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mail {
    /// These hosts.
    Hosts(Vec<String>),
    /// The domain itself, for lack of MX records (RFC 5321 §5.1).
    Implicit(Vec<String>),
    /// Nobody: null MX (RFC 7505).
    Null,
    /// Nobody: neither MX records nor addresses.
    Nobody,
    /// Not known.
    Unknown,
}

impl Mail {
    /// The hosts; none where there are none or they are not known.
    pub(super) fn hosts(&self) -> &[String] {
        match self {
            Self::Hosts(hosts) | Self::Implicit(hosts) => hosts,
            Self::Nobody | Self::Null | Self::Unknown => &[],
        }
    }
}

impl<'f> Deployment<'f> {
    pub(super) fn of(facts: &'f Facts) -> Self {
        let mut parts = Vec::new();
        let (mut sts, values) = status(&facts.sts, Kind::StsTxt, facts, &mut parts);
        let id = values.and_then(|values| values.id);
        let (mut tlsrpt, values) = status(&facts.tlsrpt, Kind::RptTxt, facts, &mut parts);
        let rua = facts.rua.clone().or(values.map(|values| values.rua)).unwrap_or_default();
        let policy = policy_of(facts, &mut parts);
        if is_by_wildcard(&facts.tlsrpt, facts) {
            tlsrpt = Fact::Known(RecordStatus::Absent);
        }
        // Who serves a policy there has delegated it.
        if is_by_wildcard(&facts.sts, facts) && !matches!(policy, Fact::Known(Some(_))) {
            sts = Fact::Known(RecordStatus::Absent);
        }
        let mut deployment = Self { facts, sts, tlsrpt, id, rua, policy, mail: mail(facts), parts };
        // A web server may answer for every name, so a page at one that nobody asks for is no policy with faults.
        if deployment.policy_host_is_idle() {
            deployment.parts.retain(|part| part.kind != Kind::Policy || part.is_meant_as_policy());
        }
        deployment
    }

    /// Whether it is certain that no record announces a policy.
    pub(super) fn unannounced(&self) -> bool {
        self.sts.known() == Some(&RecordStatus::Absent)
    }

    /// Whether the record is there, good or bad.
    pub(super) fn announced(&self) -> bool {
        use RecordStatus::{Invalid, Multiple, Usable};
        matches!(self.sts.known(), Some(Invalid | Multiple | Usable))
    }

    /// Whether the policy host is nobody's business: it is certain that nothing leads senders
    /// there, and it serves no policy. Any web server may answer for such a name.
    pub(super) fn policy_host_is_idle(&self) -> bool {
        self.unannounced() && !matches!(self.policy, Fact::Known(Some(_)))
    }

    /// The id and the policy that were looked up, to compare with at another time.
    pub(super) fn snapshot(&self) -> Snapshot {
        let body = match &self.facts.fetch {
            Fact::Known(Fetch { outcome: Fetched::Response(response), .. }) => {
                response.body.as_deref().filter(|_| response.may_be_policy())
            }
            _ => None,
        };
        let policy = body.and_then(|body| str::from_utf8(body).ok()).map(str::to_owned);
        Snapshot { id: self.id.clone(), policy }
    }

    /// The policy, where it is one that senders act on.
    pub(super) fn active(&self) -> Option<(&Values, Mode)> {
        let values = self.policy.known()?.as_ref()?;
        values.mode.filter(|mode| *mode != Mode::None).map(|mode| (values, mode))
    }
}

/// Whether the alias at the name of a record is plainly that of a wildcard for web sites (RFC 4592), which answers for
/// all names that are not there: it leads to the domain itself, or where that of the policy host leads to a web server, and
/// there is no TXT record.
fn is_by_wildcard(record: &Fact<Answer<Records>>, facts: &Facts) -> bool {
    let Some(Answer { outcome: Lookup::Broken(Chain::Dangling), chain, .. }) = record.known()
    else {
        return false;
    };
    let Some(target) = chain.first().filter(|target| !target.is_empty()) else { return false };
    let host = &facts.policy_host;
    *target == facts.domain
        || host.alias.known().and_then(|chain| chain.first()) == Some(target)
            && host.outcome() == Fact::Known(Lookup::Data(()))
}

/// The status of a record, and its values where it was seen and is usable.
fn status(
    fact: &Fact<Answer<Records>>,
    kind: Kind,
    facts: &Facts,
    parts: &mut Vec<Part>,
) -> (Fact<RecordStatus>, Option<record::Values>) {
    let answer = match fact {
        Fact::Known(answer) => answer,
        Fact::Unknown(reason) => return (Fact::Unknown(reason.clone()), None),
    };
    let (status, values) = match &answer.outcome {
        Lookup::Broken(chain) => (RecordStatus::Broken(*chain), None),
        Lookup::Failed(failure) => (RecordStatus::Failed(*failure), None),
        Lookup::NoData | Lookup::NxDomain => (RecordStatus::Absent, None),
        Lookup::Data(Records::Reported(told)) => match told {
            Reported::Invalid => (RecordStatus::Invalid, None),
            Reported::Multiple => (RecordStatus::Multiple, None),
            Reported::Usable => (RecordStatus::Usable, None),
        },
        Lookup::Data(Records::Seen(records)) => seen(records, kind, facts, parts),
    };
    (Fact::Known(status), values)
}

fn seen(
    records: &[Vec<String>],
    kind: Kind,
    facts: &Facts,
    parts: &mut Vec<Part>,
) -> (RecordStatus, Option<record::Values>) {
    // A wildcard in the zone answers for every name, and other records may stand here: what does
    // not look like the record at all, senders leave aside without a word.
    if !records.iter().any(|strings| record::is_meant(&strings.concat(), kind)) {
        return (RecordStatus::Absent, None);
    }
    let owner = match kind {
        Kind::RptTxt => "_smtp._tls",
        _ => "_mta-sts",
    };
    let list = |strings: &Vec<String>| {
        let strings: Vec<String> = strings.iter().map(|string| quoted(string)).collect();
        format!("[{}]", strings.join(", "))
    };
    let source = format!("[{}]", records.iter().map(list).collect::<Vec<_>>().join(", "));
    let linted = lint_records(source.as_bytes(), kind, &facts.domain);
    let Some(record::Linted { kind, values, findings }) = linted else {
        return (RecordStatus::Invalid, None);
    };
    let status = if findings.iter().any(record::tells_of_several) {
        RecordStatus::Multiple
    } else if findings.iter().any(|finding| finding.rule.breaks_use()) {
        RecordStatus::Invalid
    } else {
        RecordStatus::Usable
    };
    let usable = values.clone().filter(|_| status == RecordStatus::Usable);
    let place = format!("{owner}.{}", facts.domain);
    let values = values.map(PartValues::Record);
    parts.push(Part { place, source: source.into_bytes(), kind, values, findings });
    (status, usable)
}

/// Lints records that are given as decoded data. There are no fixes: what was found on a server
/// can't be edited in a copy of it.
pub(super) fn lint_records(source: &[u8], kind: Kind, domain: &str) -> Option<record::Linted> {
    let input = Input { kind: Some(kind), domain: Some(domain), ..Input::new(source) };
    let mut linted = record::lint(&input, kind, Form::RdataJson).into_iter().next()?;
    linted.findings.iter_mut().for_each(|finding| finding.fix = None);
    Some(linted)
}

/// The policy that senders get.
fn policy_of(facts: &Facts, parts: &mut Vec<Part>) -> Fact<Option<Values>> {
    let response = match &facts.fetch {
        Fact::Known(Fetch { outcome: Fetched::Response(response), .. }) => Some(response),
        _ => None,
    };
    // The body of any other answer is a page for people, not a policy.
    let response = response.filter(|response| response.may_be_policy());
    let read = response.and_then(|response| {
        let (part, values) = policy_part(response.body.as_ref()?, !response.line_ends_lost, facts);
        parts.push(part);
        Some(values)
    });
    if let Fact::Known(policy) = &facts.policy {
        return Fact::Known(policy.clone());
    }
    if let Fact::Known(fetch) = &facts.fetch {
        let refused = certificate_fault(&fetch.certificate, &policy_host(facts), facts.now);
        let cannot_be_had = match &fetch.outcome {
            Fetched::Failed(_) => true,
            Fetched::Response(response) => !response.may_be_policy(),
        };
        let too_old = fetch.tls.is_some_and(|tls| tls < 12);
        return match read {
            _ if cannot_be_had || refused.is_some() || too_old => Fact::Known(None),
            Some(values) => Fact::Known(values),
            None => Fact::Unknown(Reason::NotAsked),
        };
    }
    match facts.policy_host.outcome() {
        Fact::Known(Lookup::NoData | Lookup::NxDomain | Lookup::Broken(_)) => Fact::Known(None),
        _ => Fact::Unknown(facts.fetch.reason().cloned().unwrap_or(Reason::NotAsked)),
    }
}

/// Lints the body of the answer. The values are there when senders can use the policy.
fn policy_part(body: &[u8], line_ends_known: bool, facts: &Facts) -> (Part, Option<Values>) {
    let (kind, domain) = (Some(Kind::Policy), Some(&facts.domain[..]));
    let input = Input { kind, domain, line_ends_known, ..Input::new(body) };
    let (values, mut findings) = policy::lint(&input);
    findings.iter_mut().for_each(|finding| finding.fix = None);
    let broken = findings.iter().any(|finding| finding.rule.breaks_use());
    let usable = (!broken).then(|| values.clone());
    let place = format!("https://{}/.well-known/mta-sts.txt", policy_host(facts));
    let values = Some(PartValues::Policy(values));
    (Part { place, source: body.to_vec(), kind: Kind::Policy, values, findings }, usable)
}

/// The fixed name of the policy host (RFC 8461 §3.2).
pub(super) fn policy_host(facts: &Facts) -> String {
    format!("mta-sts.{}", facts.domain)
}

/// What is wrong with a certificate, as far as it is known; the worst first.
pub(super) fn certificate_fault(
    certificate: &Certificate,
    name: &str,
    now: Option<i64>,
) -> Option<FetchFailure> {
    let names = certificate.names.as_deref();
    if names.is_some_and(|names| !names.iter().any(|n| certifies(n, name))) {
        return Some(FetchFailure::CertificateName);
    }
    if now.is_some_and(|now| {
        certificate.not_after.is_some_and(|end| end < now)
            || certificate.not_before.is_some_and(|start| now < start)
    }) {
        return Some(FetchFailure::CertificateExpired);
    }
    (certificate.trusted == Some(false)).then_some(FetchFailure::CertificateUntrusted)
}

/// Whether a DNS name of a certificate stands for a host: a wildcard only as the whole first label,
/// for one label (RFC 8461 §3.3, §4.2; RFC 9525 §6.3). The rule is that of mx patterns.
pub(super) fn certifies(name: &str, host: &str) -> bool {
    host::matches(name.strip_suffix('.').unwrap_or(name), host).covers()
}

fn mail(facts: &Facts) -> Mail {
    let Some(answer) = facts.mx.known() else { return Mail::Unknown };
    match &answer.outcome {
        Lookup::Data(list) => {
            let mut hosts: Vec<String> = Vec::new();
            for mx in list.iter().filter(|mx| !mx.is_null()) {
                if !hosts.contains(&mx.exchange) {
                    hosts.push(mx.exchange.clone());
                }
            }
            if hosts.is_empty() { Mail::Null } else { Mail::Hosts(hosts) }
        }
        Lookup::NoData => match facts.apex.outcome() {
            Fact::Known(Lookup::Data(())) => Mail::Implicit(vec![facts.domain.clone()]),
            Fact::Known(Lookup::NoData | Lookup::NxDomain) => Mail::Nobody,
            _ => Mail::Unknown,
        },
        Lookup::NxDomain => Mail::Nobody,
        Lookup::Broken(_) | Lookup::Failed(_) => Mail::Unknown,
    }
}
