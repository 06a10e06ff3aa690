//! What is published and who is in the way, byte by byte, before a sender reads it.

use super::model::{Answer, Discovery, Effective, Model, Reading, What};
use super::models::STANDARD;
use super::situation::{
    Attack, Cached, Host, Mail, Policy, Profile, Readings, ResultType, Situation,
};
use super::walk::{Assumed, Departure};
use crate::policy::Mode;
use std::collections::BTreeSet;

/// The most MX hosts that what is read from a text may have: the time of a walk is their number by the length of the policy.
pub const MAX_HOSTS: usize = 100;

/// What is published about a domain, who takes its mail, and who is in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The domain of the recipient.
    pub domain: String,
    /// The domain of the smart host that the sender hands its mail to, if there is one. Records, policy and
    /// hosts are the smart host's then (RFC 8461 §3.4).
    pub smart_host: Option<String>,
    /// The time, in seconds; only differences count.
    pub now: u64,
    /// The TXT records at `_mta-sts`, each with its strings joined.
    pub records: Vec<String>,
    /// What the policy host answers; or why there is no answer.
    pub policy: Result<Served, ResultType>,
    /// What an earlier message of the sender met; none for its first.
    pub earlier: Option<Earlier>,
    /// What is published when the sender looks again, should that be something else by then.
    pub later: Option<Later>,
    /// What DNS says about who takes the mail.
    pub mail: Mail,
    /// The MX hosts in the order of preference.
    pub hosts: Vec<Host>,
    /// Whether the domain asks for TLS reports.
    pub reports: bool,
    /// What an attacker does to what the sender asks.
    pub attack: Attack,
    /// What nobody looked up and is taken to be good.
    pub assumed: BTreeSet<Assumed>,
}

/// The answer of a policy host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The status; none where nobody saw it, which is taken for 200.
    pub status: Option<u16>,
    /// The value of Content-Type, as [`Answer::content_type`].
    pub content_type: Option<Option<String>>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl Served {
    /// A policy of which only the text is known.
    pub fn text(body: impl Into<Vec<u8>>) -> Self {
        Self { status: None, content_type: None, body: body.into() }
    }

    fn answer(&self) -> Answer<'_> {
        let content_type = self.content_type.as_ref().map(Option::as_deref);
        Answer { status: self.status, content_type, body: &self.body }
    }
}

/// What an earlier message met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The records of that time.
    pub records: Vec<String>,
    /// The policy of that time.
    pub policy: Served,
    /// When that was, in seconds.
    pub fetched_at: u64,
}

/// What is published by the time at which the sender looks again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// The records.
    pub records: Vec<String>,
    /// The policy.
    pub policy: Result<Served, ResultType>,
}

/// A policy written as RFC 8461 §3.2 has it.
pub fn policy_text(mode: Mode, mx: &[String], max_age: u64) -> String {
    let mut text = format!("version: STSv1\r\nmode: {}\r\n", mode.word());
    for pattern in mx {
        text.push_str(&format!("mx: {pattern}\r\n"));
    }
    text.push_str(&format!("max_age: {max_age}\r\n"));
    text
}

impl Setting {
    /// The domain whose policy counts (RFC 8461 §3.4).
    pub fn policy_domain(&self) -> &str {
        self.smart_host.as_deref().unwrap_or(&self.domain)
    }

    /// What a sender finds, as it reads it.
    pub fn met_by(&self, profile: Profile) -> Situation {
        let model = profile.model;
        let mut reading = Readings::default();
        let id = id(model, &self.records, &mut reading.record);
        let fetch = policy(model, &self.policy, &mut reading.fetch);
        let cache = self.earlier.as_ref().and_then(|earlier| {
            let id = self::id(model, &earlier.records, &mut Vec::new())?;
            let policy = served(model, &earlier.policy, &mut reading.cache).ok()?;
            Some(Cached { policy, fetched_at: earlier.fetched_at, id })
        });
        let again = self.later.as_ref().and_then(|later| {
            let id = self::id(model, &later.records, &mut Vec::new())?;
            Some((id, policy(model, &later.policy, &mut reading.again)))
        });
        Situation {
            now: self.now,
            cache,
            id,
            fetch,
            again,
            hosts: self.hosts.clone(),
            mail: self.mail,
            smart_host: self.smart_host.is_some(),
            reports: self.reports,
            profile,
            attack: self.attack,
            assumed: self.assumed.clone(),
            reading,
        }
    }
}

/// The id that a sender finds.
fn id(model: &Model, records: &[String], departs: &mut Vec<Departure>) -> Option<String> {
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let found = |model: &Model| match (model.record)(&records) {
        Discovery::Found(id) => Some(id),
        Discovery::Nothing(..) => None,
    };
    let (id, standard) = (found(model), found(STANDARD));
    match (&id, &standard) {
        (Some(_), None) => departs.push(Departure::FindsRecord),
        (None, Some(_)) => departs.push(Departure::MissesRecord),
        _ => {}
    }
    id
}

fn policy(
    model: &Model,
    answer: &Result<Served, ResultType>,
    departs: &mut Vec<Departure>,
) -> Result<Policy, ResultType> {
    match answer {
        Ok(answer) => served(model, answer, departs),
        Err(why) => Err(*why),
    }
}

/// The policy that a sender acts on.
fn served(
    model: &Model,
    answer: &Served,
    departs: &mut Vec<Departure>,
) -> Result<Policy, ResultType> {
    let answer = answer.answer();
    let standard = match (STANDARD.policy)(&answer) {
        Reading::Accepted(effective, _) => Some(effective),
        Reading::Rejected(_) => None,
    };
    match (model.policy)(&answer) {
        Reading::Accepted(effective, _) => {
            compare(&effective, standard.as_ref(), departs);
            let Effective { mode, mx, max_age } = effective;
            // Without a mode nothing is enforced.
            Ok(Policy { mode: mode.unwrap_or(Mode::None), mx, max_age })
        }
        Reading::Rejected(remark) => {
            departs.extend(standard.map(|_| Departure::Rejects));
            Err(match remark.what {
                What::Status => ResultType::StsPolicyFetchError,
                _ => ResultType::StsPolicyInvalid,
            })
        }
    }
}

/// Where a policy that is acted on is another than the RFC's.
fn compare(is: &Effective, standard: Option<&Effective>, departs: &mut Vec<Departure>) {
    let Some(want) = standard else { return departs.push(Departure::Accepts) };
    if is.mode != want.mode {
        departs.extend(want.mode.map(Departure::Mode));
    }
    if is.max_age != want.max_age {
        departs.push(Departure::Lifetime(want.max_age));
    }
    // Postfix has a dot for the star of a wildcard.
    let form = |pattern: &String| pattern.strip_prefix('*').unwrap_or(pattern).to_ascii_lowercase();
    let (mut is, mut want): (Vec<_>, Vec<_>) =
        (is.mx.iter().map(form).collect(), want.mx.iter().map(form).collect());
    is.sort();
    is.dedup();
    want.sort();
    want.dedup();
    departs.extend((is != want).then_some(Departure::Patterns));
}
