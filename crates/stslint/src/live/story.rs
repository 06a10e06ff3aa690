//! A live check told in the order in which a sender acts: discover, fetch, match, connect, report.
//! Plain data for a page or a command.

use super::facts::{Answer, Fact, Facts, Fetched, Outcome, Reason};
use super::picture::{Mail, Part, Picture, Standing};
use super::rules::{self, About, Found, dane, mx};
use crate::Kind;
use crate::finding::{Finding, Severity};
use crate::host::Match;
use crate::policy::{Mode, Values};
use crate::render::words::{Headline, State as Overall};

/// Everything that a live check says.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// What was looked up.
    pub facts: Facts,
    /// The five steps, in their order.
    pub chapters: Vec<Chapter>,
    /// The findings about what was looked up, in the order of the steps.
    pub found: Vec<Found>,
    /// Records and policy, linted by themselves.
    pub parts: Vec<Part>,
    /// MX hosts in the order in which senders try them.
    pub rows: Vec<Row>,
    /// What the policy says, as far as senders can use it.
    pub policy: Option<Values>,
}

/// What a sender does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Look for the record at `_mta-sts`.
    Discover,
    /// Fetch the policy.
    Fetch,
    /// Compare the MX hosts with it.
    Match,
    /// Connect, and check certificates.
    Connect,
    /// Report how it went.
    Report,
}

impl Step {
    /// All steps, in their order.
    pub const ALL: [Self; 5] =
        [Self::Discover, Self::Fetch, Self::Match, Self::Connect, Self::Report];

    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Discover => "discover",
            Self::Fetch => "fetch",
            Self::Match => "match",
            Self::Connect => "connect",
            Self::Report => "report",
        }
    }
}

impl Step {
    /// What there is to see of it.
    const fn what(self) -> &'static str {
        match self {
            Self::Discover => "the record at `_mta-sts`",
            Self::Fetch => "the policy",
            Self::Match => "whether the policy covers the mail hosts",
            Self::Connect => "STARTTLS and the certificates of the mail hosts",
            Self::Report => "the record at `_smtp._tls`",
        }
    }
}

/// How a step goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Well, in all that was seen.
    Ok,
    /// There is an error or a warning.
    Problem,
    /// It is certain that there is nothing, and nothing is wrong with that.
    Absent,
    /// It can't be told, for this reason.
    NotKnown(String),
    /// Senders don't come that far, for this reason.
    NotReached(&'static str),
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    /// What a sender does.
    pub step: Step,
    /// How it goes.
    pub state: State,
    /// What was seen, as pairs of a label and a value. Values are hostile text.
    pub evidence: Vec<(&'static str, String)>,
    /// Indices into the findings of the story.
    pub found: Vec<usize>,
    /// Indices into the parts of the story.
    pub parts: Vec<usize>,
}

/// One MX host beside policy and DANE.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its preference; none for the domain itself in lack of MX records.
    pub preference: Option<u16>,
    /// Its name.
    pub host: String,
    /// How the policy covers it; none without a policy.
    pub coverage: Option<Coverage>,
    /// What DANE does for it.
    pub dane: Dane,
    /// Its TLSA records, as one writes them, shortened.
    pub tlsa: Vec<String>,
}

/// How the policy covers a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Whether and why.
    pub found: Match,
    /// The pattern that covers it, or nearly does.
    pub pattern: Option<String>,
}

/// What DANE does for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dane {
    /// Not known, for this reason.
    Unknown(String),
    /// There are no TLSA records.
    None,
    /// They are not signed, or it is not known whether they are.
    Insecure,
    /// None of them is of use for SMTP.
    Unusable,
    /// Signed and usable, but the MX records are not signed, or it is not known whether they are.
    InsecureMx,
    /// Senders with DANE authenticate the host.
    Protected,
}

/// Judges facts.
pub fn judge(facts: &Facts) -> Story {
    let picture = Picture::of(facts);
    let mut found = rules::check(&picture);
    found.sort_by_key(step_of);
    let rows = rows(&picture);
    let chapters = Step::ALL.map(|step| chapter(step, &picture, &found)).into();
    let policy = picture.policy.known().cloned().flatten();
    let parts = picture.parts;
    Story { facts: facts.clone(), chapters, found, parts, rows, policy }
}

fn step_of(found: &Found) -> Step {
    match found.about {
        About::Sts | About::Parent | About::History => Step::Discover,
        About::PolicyHost | About::Fetch | About::Policy => Step::Fetch,
        About::Mx | About::Host(_) | About::Pattern(_) => Step::Match,
        About::Smtp(_) | About::Tlsa(_) | About::Dane => Step::Connect,
        About::Tlsrpt => Step::Report,
    }
}

const fn step_of_part(part: &Part) -> Step {
    match part.artefact.kind {
        Kind::StsTxt => Step::Discover,
        Kind::RptTxt => Step::Report,
        _ => Step::Fetch,
    }
}

fn chapter(step: Step, picture: &Picture, found: &[Found]) -> Chapter {
    let ours = |found: &Found| step_of(found) == step;
    let indices: Vec<usize> = (0..found.len()).filter(|i| ours(&found[*i])).collect();
    let parts: Vec<usize> =
        (0..picture.parts.len()).filter(|i| step_of_part(&picture.parts[*i]) == step).collect();
    let severities = indices.iter().map(|i| found[*i].finding.rule.severity).chain(
        parts.iter().flat_map(|i| &picture.parts[*i].artefact.findings).map(|f| f.rule.severity),
    );
    let problem = severities.min().is_some_and(|worst| worst <= Severity::Warning);
    let state = if problem { State::Problem } else { state(step, picture) };
    Chapter { step, state, evidence: evidence(step, picture), found: indices, parts }
}

/// How a step without errors and warnings goes.
fn state(step: Step, picture: &Picture) -> State {
    let active = |otherwise: State| match &picture.policy {
        Fact::Known(Some(Values { mode: Some(Mode::None), .. })) => {
            State::NotReached("the policy says mode none")
        }
        Fact::Known(Some(_)) => otherwise,
        Fact::Known(None) => State::NotReached("senders get no policy"),
        Fact::Unknown(_) if no_discovery(picture) => State::NotReached("senders find no record"),
        Fact::Unknown(reason) => State::NotKnown(format!("the policy: {}", reason.words())),
    };
    match step {
        Step::Discover => of_record(&picture.sts),
        Step::Report => of_record(&picture.tlsrpt),
        Step::Fetch => match &picture.policy {
            Fact::Known(Some(_)) => State::Ok,
            _ if no_discovery(picture) => State::NotReached("senders find no record"),
            // Then a finding says why, unless the cause is not known.
            Fact::Known(None) => State::NotKnown("why senders get no policy is not known".into()),
            Fact::Unknown(reason) => State::NotKnown(reason.words()),
        },
        Step::Match => match picture.mail {
            Mail::Hosts(_) | Mail::Implicit(_) => active(State::Ok),
            Mail::Null => State::NotReached("the domain accepts no mail"),
            Mail::Nobody => State::NotReached("the domain has no mail host"),
            Mail::Unknown => {
                let reason = picture.facts.mx.reason().cloned().unwrap_or(Reason::NotAsked);
                State::NotKnown(reason.words())
            }
        },
        Step::Connect => match picture.mail {
            Mail::Null => State::NotReached("the domain accepts no mail"),
            Mail::Nobody => State::NotReached("the domain has no mail host"),
            _ => active(connections(picture)),
        },
    }
}

fn no_discovery(picture: &Picture) -> bool {
    !matches!(picture.sts, Fact::Known(Standing::Usable) | Fact::Unknown(_))
}

fn of_record(standing: &Fact<Standing>) -> State {
    match standing {
        Fact::Known(Standing::Usable) => State::Ok,
        Fact::Known(Standing::Absent) => State::Absent,
        Fact::Known(_) => State::Problem,
        Fact::Unknown(reason) => State::NotKnown(reason.words()),
    }
}

/// Whether everything that senders check on port 25 was seen.
fn connections(picture: &Picture) -> State {
    let hosts = picture.mail.hosts();
    if hosts.is_empty() {
        return State::NotKnown("the MX hosts are not known".into());
    }
    for name in hosts {
        let smtp = picture.facts.hosts.get(name).map(|host| &host.smtp);
        let unknown = match smtp {
            None => Some(Reason::NotAsked.words()),
            Some(Fact::Unknown(reason)) => Some(reason.words()),
            Some(Fact::Known(smtp)) => {
                let certificate = &smtp.certificate;
                let seen = smtp.starttls.is_some()
                    && certificate.names.is_some()
                    && certificate.not_after.is_some()
                    && certificate.trusted.is_some()
                    && picture.facts.now.is_some();
                (!seen).then(|| "not all of the certificate was seen".into())
            }
        };
        if let Some(unknown) = unknown {
            return State::NotKnown(format!("the SMTP service of {name}: {unknown}"));
        }
    }
    State::Ok
}

fn evidence(step: Step, picture: &Picture) -> Vec<(&'static str, String)> {
    let facts = picture.facts;
    let mut out = Vec::new();
    let mut push = |label, value: String| out.push((label, value));
    match step {
        Step::Discover => {
            if let Some(answer) = facts.sts.known() {
                push("CNAME", answer.chain.join(" → "));
                let ttl = answer.ttl.map(|ttl| format!("{ttl} s"));
                push("TTL", ttl.unwrap_or_default());
            }
            push("id", picture.id.clone().unwrap_or_default());
        }
        Step::Fetch => {
            let host = &facts.policy_host;
            push("CNAME", host.alias.known().map(|chain| chain.join(" → ")).unwrap_or_default());
            let addresses: Vec<String> = host.all().map(|address| address.to_string()).collect();
            push("Addresses", addresses.join(", "));
            if let Some(fetch) = facts.fetch.known() {
                if let Fetched::Response(response) = &fetch.outcome {
                    let status = match response.status {
                        0 => "not seen".into(),
                        status => status.to_string(),
                    };
                    push("Status", status);
                    let media = response.header("content-type");
                    push("Media type", media.unwrap_or_default().to_owned());
                    let body = response.body.as_ref().map(|body| format!("{} bytes", body.len()));
                    push("Policy", body.unwrap_or_default());
                }
                let names = fetch.certificate.names.as_ref().map(|names| names.join(", "));
                push("Certificate for", names.unwrap_or_default());
            }
            if let Fact::Known(Some(values)) = &picture.policy {
                push("Mode", values.mode.map(Mode::word).unwrap_or_default().to_owned());
                let age = values.max_age.map(|age| format!("{age} s"));
                push("max_age", age.unwrap_or_default());
            }
        }
        Step::Match => {
            let rows = rows(picture);
            let host = |row: &Row| match row.preference {
                Some(preference) => format!("{preference} {}", row.host),
                None => format!("{} (no MX records)", row.host),
            };
            push("MX", rows.iter().map(host).collect::<Vec<_>>().join(", "));
            if let Fact::Known(Some(values)) = &picture.policy {
                push("Patterns", values.mx.join(", "));
            }
        }
        Step::Connect => {
            let signed = facts.mx.known().and_then(|answer| answer.authentic);
            let words = |signed| if signed { "signed" } else { "not signed" };
            push("MX records", signed.map(words).unwrap_or_default().to_owned());
        }
        Step::Report => push("Reports to", picture.rua.join(", ")),
    }
    out.retain(|(_, value)| !value.is_empty());
    out
}

fn rows(picture: &Picture) -> Vec<Row> {
    let facts = picture.facts;
    let list = facts.mx.known().and_then(Answer::data);
    let preference = |name: &str| {
        list.into_iter().flatten().find(|mx| mx.exchange == name).map(|mx| mx.preference)
    };
    let patterns = picture.policy.known().and_then(Option::as_ref).map(|values| &values.mx);
    let coverage = |name: &str| {
        patterns.map(|patterns| {
            let (found, index) = mx::coverage(patterns, name);
            Coverage { found, pattern: index.map(|index| patterns[index].clone()) }
        })
    };
    let row = |name: &String| Row {
        preference: preference(name),
        host: name.clone(),
        coverage: coverage(name),
        dane: dane_of(picture, name),
        tlsa: facts
            .hosts
            .get(name)
            .and_then(|host| host.tlsa.known()?.data())
            .map(|records| records.iter().map(dane::written).collect())
            .unwrap_or_default(),
    };
    picture.mail.hosts().iter().map(row).collect()
}

fn dane_of(picture: &Picture, name: &str) -> Dane {
    let host = picture.facts.host(name);
    let answer = match &host.tlsa {
        Fact::Known(answer) => answer,
        Fact::Unknown(reason) => return Dane::Unknown(reason.words()),
    };
    match &answer.outcome {
        Outcome::Data(_) if answer.authentic != Some(true) => Dane::Insecure,
        Outcome::Data(records) if !records.iter().any(dane::is_usable) => Dane::Unusable,
        Outcome::Data(_) if dane::is_protected(picture, name) => Dane::Protected,
        Outcome::Data(_) => Dane::InsecureMx,
        Outcome::NoData | Outcome::NxDomain | Outcome::Broken(_) => Dane::None,
        Outcome::Failed(failure) => Dane::Unknown(failure.word().into()),
    }
}

/// What one finding says, wherever it was made.
struct Said {
    severity: Severity,
    message: String,
    help: &'static str,
}

impl Story {
    /// What the findings add up to, in words: the worst of them, in the order in which a sender
    /// meets them. Where something is not known it says so, and never that all is well.
    pub fn headline(&self) -> Headline {
        let said = self.said();
        let worst = said.iter().map(|said| said.severity).min().unwrap_or(Severity::Info);
        if worst <= Severity::Warning {
            let first = said.iter().find(|said| said.severity == worst);
            let more = said.iter().filter(|said| said.severity <= Severity::Warning).count() - 1;
            let more = match more {
                0 => String::new(),
                1 => " There is one more finding to look at.".into(),
                more => format!(" There are {more} more findings to look at."),
            };
            let broken = worst == Severity::Error;
            return Headline {
                state: if broken { Overall::Broken } else { Overall::Review },
                title: first.map(|said| format!("{}.", said.message)).unwrap_or_default(),
                next: format!("{}{more}", first.map(|said| said.help).unwrap_or_default()),
            };
        }
        let unknown = self.not_known();
        let about = |step: Step| self.chapters.iter().find(|c| c.step == step).map(|c| &c.state);
        if matches!(about(Step::Discover), Some(State::Absent)) {
            return Headline {
                state: Overall::NotLinted,
                title: format!("{} does not use MTA-STS.", self.facts.domain),
                next: "Senders encrypt mail only when nothing on the way prevents it.".into(),
            };
        }
        if !unknown.is_empty() {
            let only_connect = unknown.iter().all(|(step, _)| *step == Step::Connect);
            let what: Vec<&str> = unknown.iter().map(|(step, _)| step.what()).collect();
            let mode = self.policy.as_ref().and_then(|policy| policy.mode);
            let mode = mode.map(|mode| format!("The policy says {}. ", mode.word()));
            return Headline {
                state: if only_connect { Overall::Good } else { Overall::NotLinted },
                title: "Nothing is wrong in what could be seen.".into(),
                next: format!("{}Not seen: {}.", mode.unwrap_or_default(), what.join("; ")),
            };
        }
        Headline {
            state: Overall::Good,
            title: format!("MTA-STS of {} works.", self.facts.domain),
            next: match self.policy.as_ref().and_then(|policy| policy.mode) {
                Some(Mode::Enforce) => "Senders deliver only over verified TLS to your MX hosts.",
                Some(Mode::Testing) => "Senders check, report failures, and deliver all the same.",
                _ => "Senders treat the domain as if it had no policy.",
            }
            .into(),
        }
    }

    /// All findings: those of the records and the policy, and those of the check.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        let parts = self.parts.iter().flat_map(|part| &part.artefact.findings);
        parts.chain(self.found.iter().map(|found| &found.finding))
    }

    /// The worst severity of all findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings().map(|finding| finding.rule.severity).min()
    }

    /// The steps of which something is not known, with the reason.
    pub fn not_known<'s>(&'s self) -> Vec<(Step, &'s str)> {
        let reason = |chapter: &'s Chapter| match &chapter.state {
            State::NotKnown(why) => Some((chapter.step, why.as_str())),
            _ => None,
        };
        self.chapters.iter().filter_map(reason).collect()
    }

    /// All findings in the order of the steps: those of the parts before those of the check.
    fn said(&self) -> Vec<Said> {
        let mut said = Vec::new();
        for chapter in &self.chapters {
            let parts = chapter.parts.iter().map(|i| &self.parts[*i]);
            let of_parts = parts.flat_map(|part| {
                part.artefact.findings.iter().map(|finding| (finding, &part.source[..]))
            });
            let own = chapter.found.iter().map(|i| (&self.found[*i].finding, &[][..]));
            said.extend(of_parts.chain(own).map(|(finding, source)| Said {
                severity: finding.rule.severity,
                message: finding.message(source),
                help: finding.rule.words().help,
            }));
        }
        said
    }
}
