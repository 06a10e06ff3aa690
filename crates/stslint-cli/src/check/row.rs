//! What came of one domain as one flat row: a line of NDJSON, a row of a table, what a later run compares with.
//!
//! The members are stable: new ones may come while [`SCHEMA`] stays, none changes its meaning or goes. What nobody
//! looked at is null or `unknown`, never false, never an empty list. `schema/stslint-check-rows-1.schema.json` says the
//! same for validators.
//!
//! A row that `--save` keeps for the next run forgets nothing because of one bad day: where something could not be
//! looked up, it has what the earlier row had ([`Row::fill`]).

use super::look::Looked;
use super::since::Change;
use crate::settings::Ignoring;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use stslint::finding;
use stslint::live::facts::{Answer, Fact, Facts, Lookup, Mx};
use stslint::live::{self, Assessment, Evidence, Step};
use stslint::render::{live as words, words as overall};
use stslint::{Kind, policy};

/// The number of the form of rows.
pub(crate) const SCHEMA: u32 = 1;

/// Longest text of an unfit line that a row has, in characters.
const TEXT: usize = 300;

/// One line of NDJSON: a domain that was checked, an entry of a list that is no domain, or a domain that is no longer
/// there.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Line {
    /// A domain that was checked.
    Domain(Box<Row>),
    /// An entry that is no domain.
    Unfit(Unfit),
    /// A domain of an earlier run that is not in this one.
    Gone(Gone),
}

/// A domain of an earlier run that is not in this one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Gone {
    /// [`SCHEMA`].
    pub(crate) schema: u32,
    /// The domain, as A-labels in lower case.
    pub(crate) domain: String,
    /// That it is gone.
    pub(crate) change: Change,
}

/// An entry of a list that is no domain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Unfit {
    /// [`SCHEMA`].
    pub(crate) schema: u32,
    /// Its place among all entries of the run, from 1: rows may come in any order.
    pub(crate) number: u64,
    /// Its line in the file, from 1; none on the command line.
    pub(crate) line: Option<u64>,
    /// What stands there: text from outside, cut after 300 characters.
    pub(crate) text: String,
    /// What it is not: how the sentence "It is …" goes on.
    pub(crate) not_checked: String,
}

impl Unfit {
    /// A row for what stands on a line and is `why`.
    pub(crate) fn new(number: u64, line: Option<u64>, text: &str, why: &str) -> Self {
        // A line may have any length.
        let text = match text.char_indices().nth(TEXT) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text.to_owned(),
        };
        Self { schema: SCHEMA, number, line, text, not_checked: why.to_owned() }
    }
}

/// What came of one domain.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(crate) struct Row {
    /// [`SCHEMA`].
    pub(crate) schema: u32,
    /// Its place among all entries of the run, from 1: rows may come in any order.
    pub(crate) number: u64,
    /// Its line in the file, from 1; none on the command line.
    pub(crate) line: Option<u64>,
    /// The domain, as A-labels in lower case.
    pub(crate) domain: String,
    /// When it was looked up, in seconds since 1970-01-01T00:00:00Z.
    pub(crate) time: Option<i64>,
    /// How it stands, in a word.
    pub(crate) state: State,
    /// The worst of all findings; none without findings.
    pub(crate) severity: Option<Severity>,
    /// How it stands, in a sentence whose wording may improve.
    pub(crate) title: String,
    /// Whether all could be looked up that was asked for.
    pub(crate) complete: bool,
    /// Whether the mail hosts were to be connected to (`--smtp`), or findings of an earlier run in which they were are
    /// kept.
    #[serde(default)]
    pub(crate) smtp: bool,
    /// Whether there is an MTA-STS record at `_mta-sts`, good or bad.
    pub(crate) record: Presence,
    /// Its id; none without a record that senders can use.
    pub(crate) id: Option<String>,
    /// What senders get from the policy host.
    pub(crate) policy: Policy,
    /// The mode of the policy; none without one that senders can use, as with the next two.
    pub(crate) mode: Option<Mode>,
    /// Its lifetime, in seconds.
    pub(crate) max_age: Option<u64>,
    /// Its valid mx patterns, in lower case.
    pub(crate) mx_patterns: Option<Vec<String>>,
    /// The MX hosts in the order in which senders try them: none of them where the domain takes no mail, null where they
    /// are not known.
    pub(crate) hosts: Option<Vec<Host>>,
    /// Until when the certificate of the policy host is valid, in seconds since 1970; none where it was not seen.
    pub(crate) policy_certificate_ends: Option<i64>,
    /// Whether there is a TLSRPT record at `_smtp._tls`, good or bad.
    pub(crate) tlsrpt: Presence,
    /// Where reports go; none without a record that reporters can use.
    pub(crate) rua: Option<Vec<String>>,
    /// What is to be said about it: one for each rule and step, in the order of the steps.
    pub(crate) findings: Vec<Finding>,
    /// The findings that are ignored by what the command was told: they are in none of the others, nor in `severity`.
    #[serde(default)]
    pub(crate) ignored: Vec<Finding>,
    /// What could not be looked up.
    pub(crate) not_looked_up: Vec<NotLookedUp>,
    /// What changed since an earlier run, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) change: Option<Change>,
}

/// How a domain stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// There are errors.
    Broken,
    /// There are warnings, or a policy that protects nothing: mode testing or none.
    Review,
    /// All that was seen is right.
    Good,
    /// MTA-STS is not in use, or not enough was seen.
    Unknown,
}

impl State {
    /// All of them, worst first.
    pub(crate) const ALL: [Self; 4] = [Self::Broken, Self::Review, Self::Unknown, Self::Good];

    /// Its word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Review => "review",
            Self::Good => "good",
            Self::Unknown => "unknown",
        }
    }
}

impl From<overall::State> for State {
    fn from(state: overall::State) -> Self {
        match state {
            overall::State::Broken => Self::Broken,
            overall::State::Good => Self::Good,
            overall::State::NotLinted => Self::Unknown,
            overall::State::Review => Self::Review,
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// Senders reject or ignore something, or mail breaks.
    Error,
    /// Works with many senders, but not with all, or is very likely a mistake.
    Warning,
    /// Valid; a better choice exists.
    Advice,
    /// Explanation only.
    Info,
}

impl Severity {
    /// All of them, worst first.
    pub(crate) const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Advice, Self::Info];

    /// Its word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
            Self::Info => "info",
        }
    }
}

impl From<Severity> for finding::Severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Advice => Self::Advice,
            Severity::Info => Self::Info,
        }
    }
}

impl From<finding::Severity> for Severity {
    fn from(severity: finding::Severity) -> Self {
        match severity {
            finding::Severity::Error => Self::Error,
            finding::Severity::Warning => Self::Warning,
            finding::Severity::Advice => Self::Advice,
            finding::Severity::Info => Self::Info,
        }
    }
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Presence {
    /// It is, good or bad.
    Present,
    /// It is certain that there is nothing.
    Absent,
    /// It was not seen.
    Unknown,
}

impl Presence {
    /// Whether it is there; none where that is not known.
    pub(crate) const fn is_there(self) -> Option<bool> {
        match self {
            Self::Present => Some(true),
            Self::Absent => Some(false),
            Self::Unknown => None,
        }
    }
}

/// What senders get from the policy host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Policy {
    /// A policy that they can use.
    Present,
    /// A text that they can't use as a policy.
    Invalid,
    /// Nothing, though the host has an address: no connection, a bad certificate, a redirect, an HTTP status.
    Unavailable,
    /// Nothing, as the host does not exist or has no address.
    Absent,
    /// It was not seen.
    Unknown,
}

/// The mode of a policy (RFC 8461 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// `enforce`
    Enforce,
    /// `testing`
    Testing,
    /// `none`
    None,
}

impl Mode {
    /// Its word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Testing => "testing",
            Self::None => "none",
        }
    }
}

impl From<policy::Mode> for Mode {
    fn from(mode: policy::Mode) -> Self {
        match mode {
            policy::Mode::Enforce => Self::Enforce,
            policy::Mode::Testing => Self::Testing,
            policy::Mode::None => Self::None,
        }
    }
}

/// One MX host.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Host {
    /// Its name.
    pub(crate) host: String,
    /// Its preference, lowest first; none for the domain itself in lack of MX records (RFC 5321 §5.1).
    pub(crate) preference: Option<u16>,
    /// Whether the policy covers it; none without a policy that senders can use.
    pub(crate) covered: Option<bool>,
    /// Whether it offers STARTTLS; none where it was not connected to.
    pub(crate) starttls: Option<bool>,
    /// Until when its certificate is valid, in seconds since 1970; none where it was not seen.
    pub(crate) certificate_ends: Option<i64>,
    /// What DANE does for it.
    pub(crate) dane: Dane,
}

/// What DANE does for a host, as the engine tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Dane {
    /// It was not seen.
    Unknown,
    /// There are no TLSA records.
    None,
    /// They are not signed, or it is not known whether they are.
    Insecure,
    /// None of them is of use for SMTP.
    Unusable,
    /// They are good, and none matches the certificate that was seen.
    Mismatched,
    /// They are good, but the MX records are not signed, or it is not known whether they are.
    InsecureMx,
    /// Senders with DANE authenticate the host.
    Protected,
}

impl From<live::Dane> for Dane {
    fn from(dane: live::Dane) -> Self {
        match dane {
            live::Dane::Unknown => Self::Unknown,
            live::Dane::None => Self::None,
            live::Dane::Insecure => Self::Insecure,
            live::Dane::Unusable => Self::Unusable,
            live::Dane::Mismatched => Self::Mismatched,
            live::Dane::InsecureMx => Self::InsecureMx,
            live::Dane::Protected => Self::Protected,
        }
    }
}

/// What a rule says about a domain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Finding {
    /// The rule.
    pub(crate) code: String,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// The step of a sender in which it shows: `discover`, `fetch`, `match`, `connect` or `report`.
    pub(crate) step: String,
    /// How often the rule speaks in it.
    pub(crate) count: u64,
}

/// Something that could not be looked up, which says nothing about the domain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct NotLookedUp {
    /// What was to be looked up.
    pub(crate) what: String,
    /// What came in the way.
    pub(crate) why: String,
}

impl Row {
    /// The row of a domain that was looked up and judged.
    pub(crate) fn new(
        number: u64,
        line: Option<u64>,
        assessment: &Assessment,
        looked: &Looked,
    ) -> Self {
        let facts = &assessment.facts;
        let head = words::headline(assessment);
        let evidence = |step| {
            let results = assessment.steps.iter().filter(move |result| result.step == step);
            results.flat_map(|result| &result.evidence)
        };
        let id = evidence(Step::Discover).find_map(|seen| match seen {
            Evidence::Id(id) => Some(id.clone()),
            _ => None,
        });
        let rua = evidence(Step::Report).find_map(|seen| match seen {
            Evidence::ReportUris(uris) => Some(uris.clone()),
            _ => None,
        });
        let values = assessment.policy.as_ref();
        let certificate = facts.fetch.known().map(|fetch| &fetch.certificate);
        let unseen = looked.unseen.iter().cloned();
        Self {
            schema: SCHEMA,
            number,
            line,
            domain: facts.domain.clone(),
            time: facts.now,
            state: head.state.into(),
            severity: assessment.worst().map(Severity::from),
            title: head.title,
            complete: looked.unseen.is_empty(),
            smtp: false,
            record: presence(&facts.sts, Kind::StsTxt, assessment),
            id,
            policy: policy(assessment),
            mode: values.and_then(|values| values.mode).map(Mode::from),
            max_age: values.and_then(|values| values.max_age),
            mx_patterns: values.map(|values| values.mx.clone()),
            hosts: hosts(assessment),
            policy_certificate_ends: certificate.and_then(|certificate| certificate.not_after),
            tlsrpt: presence(&facts.tlsrpt, Kind::RptTxt, assessment),
            rua,
            findings: findings(assessment),
            ignored: Vec::new(),
            not_looked_up: unseen.map(|(what, why)| NotLookedUp { what, why }).collect(),
            change: None,
        }
    }

    /// Puts the findings aside that are ignored. How the domain stands is left as it is.
    pub(crate) fn ignore(&mut self, ignoring: &Ignoring) {
        let findings = std::mem::take(&mut self.findings);
        let (ignored, told) =
            findings.into_iter().partition(|finding| ignoring.ignores(&finding.code));
        (self.ignored, self.findings) = (ignored, told);
        self.severity = self.findings.iter().map(|finding| finding.severity).min();
    }

    /// Whether a step (its word) could be walked as far as in an earlier row. A mail host that is not reached hides the
    /// step in which it is connected to. Anything else that could not be looked up may hide any step.
    pub(crate) fn saw(&self, step: &str, had_smtp: bool) -> bool {
        let is_connect = step == Step::Connect.word();
        let is_other = |unseen: &NotLookedUp| unseen.what.starts_with("SMTP at ") && !is_connect;
        self.not_looked_up.iter().all(is_other) && !(is_connect && had_smtp && !self.smtp)
    }

    /// Makes a row to keep: what is not known in it is taken from the earlier row of the domain, which are members that
    /// are null or unknown and findings of steps that were not seen. `complete`, `not_looked_up` and `time` stay those
    /// of the run. What was seen is never replaced, but for the id: it stays with the policy that it announced.
    pub(crate) fn fill(&mut self, earlier: Self) {
        let is_in_use_unknown = self.record == Presence::Unknown || self.policy == Policy::Unknown;
        if self.state == State::Unknown && is_in_use_unknown {
            (self.state, self.title) = (earlier.state, earlier.title);
        }
        if self.record == Presence::Unknown {
            (self.record, self.id) = (earlier.record, earlier.id);
        } else if self.policy == Policy::Unknown && self.id.is_some() && earlier.id.is_some() {
            self.id = earlier.id;
        }
        for host in self.hosts.iter_mut().flatten() {
            let mut before = earlier.hosts.iter().flatten();
            let Some(before) = before.find(|before| before.host == host.host) else { continue };
            if self.policy == Policy::Unknown {
                host.covered = host.covered.or(before.covered);
            }
            host.starttls = host.starttls.or(before.starttls);
            host.certificate_ends = host.certificate_ends.or(before.certificate_ends);
            if host.dane == Dane::Unknown {
                host.dane = before.dane;
            }
        }
        if self.hosts.is_none() {
            self.hosts = earlier.hosts;
        }
        if self.policy == Policy::Unknown {
            self.policy = earlier.policy;
            (self.mode, self.max_age) = (earlier.mode, earlier.max_age);
            self.mx_patterns = earlier.mx_patterns;
            self.policy_certificate_ends = earlier.policy_certificate_ends;
        }
        if self.tlsrpt == Presence::Unknown {
            (self.tlsrpt, self.rua) = (earlier.tlsrpt, earlier.rua);
        }
        for finding in earlier.findings {
            let is_same =
                |known: &Finding| (&known.code, &known.step) == (&finding.code, &finding.step);
            let is_known = self.findings.iter().chain(&self.ignored).any(is_same);
            if !is_known && !self.saw(&finding.step, earlier.smtp) {
                self.findings.push(finding);
            }
        }
        let place =
            |finding: &Finding| Step::ALL.iter().position(|step| step.word() == finding.step);
        self.findings.sort_by_key(place);
        self.severity = self.findings.iter().map(|finding| finding.severity).min();
        self.smtp |= earlier.smtp;
    }

    /// The certificates that were seen: whose, none for the policy host, and until when each is valid.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = (Option<&str>, i64)> {
        let policy = self.policy_certificate_ends.map(|end| (None, end));
        let hosts = self.hosts.iter().flatten();
        let hosts = hosts.filter_map(|host| Some((Some(&host.host[..]), host.certificate_ends?)));
        policy.into_iter().chain(hosts)
    }

    /// How many findings are ignored.
    pub(crate) fn ignored(&self) -> u64 {
        self.ignored.iter().map(|finding| finding.count).sum()
    }

    /// How it stands, and what of that is ignored.
    pub(crate) fn title_with_ignored(&self) -> String {
        match self.ignored() {
            0 => self.title.clone(),
            count => format!("{} (ignored: {count})", self.title),
        }
    }
}

/// Whether there is a record of this kind.
fn presence<T>(fact: &Fact<Answer<T>>, kind: Kind, assessment: &Assessment) -> Presence {
    match fact.known().map(|answer| &answer.outcome) {
        // Other TXT records may stand at the name. What is meant to be the record is a part.
        Some(Lookup::Data(_)) if assessment.parts.iter().any(|part| part.kind == kind) => {
            Presence::Present
        }
        Some(Lookup::Data(_) | Lookup::NoData | Lookup::NxDomain | Lookup::Broken(_)) => {
            Presence::Absent
        }
        Some(Lookup::Failed(_)) | None => Presence::Unknown,
    }
}

/// What senders get from the policy host.
fn policy(assessment: &Assessment) -> Policy {
    let facts = &assessment.facts;
    if assessment.policy.is_some() {
        return Policy::Present;
    }
    match facts.fetch {
        Fact::Known(_) if assessment.parts.iter().any(|part| part.kind == Kind::Policy) => {
            Policy::Invalid
        }
        Fact::Known(_) => Policy::Unavailable,
        Fact::Unknown(_) => match facts.policy_host.outcome() {
            Fact::Known(Lookup::NoData | Lookup::NxDomain | Lookup::Broken(_)) => Policy::Absent,
            _ => Policy::Unknown,
        },
    }
}

/// The MX hosts, as far as they are known.
fn hosts(assessment: &Assessment) -> Option<Vec<Host>> {
    let facts = &assessment.facts;
    if assessment.mx_hosts.is_empty() && !takes_no_mail(facts) {
        return None;
    }
    let host = |mx: &live::MxHost| {
        let smtp = facts.hosts.get(&mx.host).and_then(|host| host.smtp.known());
        Host {
            host: mx.host.clone(),
            preference: mx.preference,
            covered: mx.coverage.as_ref().map(|coverage| coverage.found.covers()),
            starttls: smtp.and_then(|smtp| smtp.starttls),
            certificate_ends: smtp.and_then(|smtp| smtp.certificate.not_after),
            dane: mx.dane.into(),
        }
    };
    Some(assessment.mx_hosts.iter().map(host).collect())
}

/// Whether it is certain that a domain without hosts takes no mail: null MX (RFC 7505), or neither MX records nor
/// addresses (RFC 5321 §5.1).
fn takes_no_mail(facts: &Facts) -> bool {
    match facts.mx.known().map(|answer| &answer.outcome) {
        Some(Lookup::Data(list)) => list.iter().all(Mx::is_null),
        Some(Lookup::NxDomain) => true,
        Some(Lookup::NoData) => {
            matches!(facts.apex.outcome(), Fact::Known(Lookup::NoData | Lookup::NxDomain))
        }
        Some(Lookup::Broken(_) | Lookup::Failed(_)) | None => false,
    }
}

/// The findings, those of one rule in one step together.
fn findings(assessment: &Assessment) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    for step in Step::ALL {
        let mut known = BTreeMap::new();
        for finding in assessment.findings_of(step) {
            let rule = finding.rule;
            let at = *known.entry(rule.code).or_insert_with(|| {
                let (code, step) = (rule.code.to_owned(), step.word().to_owned());
                out.push(Finding { code, severity: rule.severity.into(), step, count: 0 });
                out.len() - 1
            });
            if let Some(together) = out.get_mut(at) {
                together.count += 1 + finding.more as u64;
            }
        }
    }
    out
}
