//! A plan while it is being written: steps in order, the history that they make, and the days that follow from it.

use super::given::{Before, Given, Seen, Txt};
use super::{Act, Note, Plan, PlanStep, Publish, State, Wait, What};
use crate::build::outputs::quoted;
use crate::host;
use crate::policy::{MAX_MAX_AGE, Mode};
use crate::report::aggregate::Day;
use crate::senders::policy_text;
use crate::senders::timeline::Published;
use crate::time;
use std::collections::BTreeMap;

pub(super) const SECONDS: i64 = 86_400;

/// The TTL of the record while there are changes, in seconds: resolvers forget it soon.
pub(super) const SHORT_TTL: u32 = 300;

/// The TTL that is reckoned with where nobody knows it, in seconds: what resolvers say counts down, so that it may be
/// more than what was seen.
const UNKNOWN_TTL: u32 = 86_400;

/// Which steps are done, and on which day where somebody said so.
pub(super) type Done = BTreeMap<Act, Option<Day>>;

/// What facts have to show for a step to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing shows it but that a later step is done.
    Later,
    /// The hosts are good.
    Hosts,
    /// Reports are asked for.
    Reports,
    /// A policy in this mode; with just these patterns, where there are some.
    Policy(Mode, Vec<String>),
    /// The record has a new id after the policy before it, as this one is; and whether it is the first one of the plan.
    Announced(String, bool),
    /// There is a policy, whatever it says.
    AnyPolicy,
    /// There is a record.
    AnyRecord,
    /// There is no record.
    NoRecord,
    /// There is no policy to be had.
    NoPolicy,
    /// All these hosts have MX records.
    Mx(Vec<String>),
    /// No other hosts have.
    MxOnly(Vec<String>),
    /// There is a null MX.
    NullMx,
}

/// A plan that is being written.
pub(super) struct Draft<'g> {
    pub(super) given: &'g Given<'g>,
    pub(super) before: &'g Before,
    pub(super) seen: Option<&'g Seen>,
    pub(super) steps: Vec<PlanStep>,
    pub(super) proofs: Vec<Proof>,
    /// Whether something is gone that copies want, as far as that is known.
    pub(super) is_too_early: bool,
    /// For how long senders were told to keep what they may hold, in seconds.
    pub(super) held: u64,
    /// Whether that is assumed.
    is_assumed: bool,
    notes: Vec<Note>,
    done: &'g Done,
    pub(super) history: Vec<Published>,
    /// What is published at the end of the step before.
    policy: Option<String>,
    /// The earliest day of the next step.
    day: Day,
    ids: i64,
}

/// The time at which a day ends.
pub(super) fn end(day: Day) -> i64 {
    (i64::from(day.0) + 1) * SECONDS
}

impl<'g> Draft<'g> {
    pub(super) fn new(
        given: &'g Given<'g>,
        before: &'g Before,
        seen: Option<&'g Seen>,
        done: &'g Done,
    ) -> Self {
        let mut draft = Self {
            given,
            before,
            seen,
            steps: Vec::new(),
            proofs: Vec::new(),
            is_too_early: false,
            held: before.max_age(),
            is_assumed: false,
            notes: Vec::new(),
            done,
            history: Vec::new(),
            policy: None,
            day: given.start,
            ids: 0,
        };
        if before.is_broken {
            draft.note(Note::PolicyBroken);
        }
        if draft.record() == Some(Txt::Unusable) {
            draft.note(Note::RecordUnusable);
        }
        if let Some(values) = &before.policy {
            let mode = values.mode.unwrap_or(Mode::None);
            let text = policy_text(mode, &values.mx, before.max_age());
            draft.policy = Some(text);
            // Since when it is served makes no difference to how long it is kept.
            let from = i64::from(given.start.0) * SECONDS - MAX_MAX_AGE.cast_signed();
            draft.publish_at(from, before.record.clone(), draft.ttl());
        }
        draft
    }

    /// The plan.
    pub(super) fn finish(mut self) -> Plan {
        if self.seen.is_none() {
            self.note(Note::NotLooked);
        } else if self.steps.iter().any(|step| step.state == State::Done) {
            self.note(Note::DaysOfSteps);
        }
        if self.ids > 0 {
            self.note(Note::Ids);
        }
        self.notes.sort_by_key(|note| (!note.is_first(), *note != Note::HeldBack));
        let Given { domain, goal, start, today, .. } = *self.given;
        let domain = domain.to_owned();
        Plan { domain, goal, start, today, steps: self.steps, notes: self.notes }
    }

    /// Notes something, once.
    pub(super) fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// What was seen at `_mta-sts`.
    pub(super) fn record(&self) -> Option<Txt> {
        self.seen.and_then(|seen| seen.record)
    }

    /// Whether senders find a record, as far as anybody looked.
    pub(super) fn is_announced(&self) -> bool {
        !matches!(self.record(), Some(Txt::Absent | Txt::Unusable))
    }

    /// The TTL to reckon with for the record of before.
    pub(super) fn ttl(&self) -> u32 {
        self.given.ttl.unwrap_or_else(|| self.before.ttl.unwrap_or(0).max(UNKNOWN_TTL))
    }

    /// Adds a step that is taken on one day.
    pub(super) fn step(&mut self, act: Act, proof: Proof, waits: Vec<Wait>) {
        self.step_until(act, proof, waits, None);
    }

    /// Adds a step that takes until a day.
    pub(super) fn step_until(
        &mut self,
        act: Act,
        proof: Proof,
        waits: Vec<Wait>,
        until: Option<Day>,
    ) {
        let day =
            waits.iter().map(|wait| wait.until).max().map_or(self.day, |day| day.max(self.day));
        let mut step = PlanStep {
            act,
            day,
            until,
            state: State::Open,
            publish: Vec::new(),
            waits,
            within: None,
            hosts: Vec::new(),
        };
        let today = self.given.today;
        self.day = match self.done.get(&act) {
            Some(said) => {
                step.state = State::Done;
                if step.day > today {
                    // It is behind us, whatever it should have waited for.
                    let takes = matches!(act, Act::DropMx | Act::RemoveRecord | Act::RemoveHost);
                    let is_held = |wait: &Wait| wait.why.is_of_copies() && wait.until > today;
                    self.is_too_early |=
                        takes && !self.is_assumed && step.waits.iter().any(is_held);
                    step.day = today;
                    step.until = None;
                    step.waits.clear();
                }
                // Where nobody said when, it was on its day, or today where that is to come.
                said.unwrap_or(step.day).max(self.day.min(today))
            }
            None if step.last() >= today => step.day,
            None if self.can_tell(&proof) => {
                step.state = State::Overdue;
                step.day.max(today)
            }
            None => {
                step.state = State::Unseen;
                step.day
            }
        };
        self.steps.push(step);
        self.proofs.push(proof);
    }

    /// Whether facts tell that a step is not done, when they do not show that it is.
    fn can_tell(&self, proof: &Proof) -> bool {
        let Some(seen) = self.seen else { return false };
        match proof {
            Proof::Later => false,
            Proof::Hosts => !seen.hosts_bad.is_empty(),
            Proof::Reports => seen.reports.is_some(),
            Proof::Policy(..) | Proof::AnyPolicy | Proof::NoPolicy => seen.policy.is_some(),
            // Whether a later id is another than an earlier one of the plan nobody knows.
            Proof::Announced(_, is_first) => {
                seen.record == Some(Txt::Absent) || *is_first && seen.id.is_some()
            }
            Proof::AnyRecord | Proof::NoRecord => seen.record.is_some(),
            Proof::Mx(_) | Proof::MxOnly(_) => seen.mx.is_some(),
            Proof::NullMx => seen.null_mx.is_some(),
        }
    }

    /// The day on which the last step was or will be done.
    pub(super) const fn day(&self) -> Day {
        self.day
    }

    /// Says which hosts the last step is about.
    pub(super) fn about(&mut self, hosts: &[String]) {
        if let Some(step) = self.steps.last_mut() {
            step.hosts = hosts.to_vec();
        }
    }

    /// Says how soon the last step helps, in seconds.
    pub(super) fn within(&mut self, seconds: u32) {
        if let Some(step) = self.steps.last_mut() {
            step.within = Some(seconds);
        }
    }

    /// What the record at this name is an alias of.
    pub(super) fn alias(&self, owner: &str) -> Option<&'g str> {
        let aliases = self.seen.map(|seen| &seen.aliases[..]).unwrap_or_default();
        aliases.iter().find(|(name, _)| name == owner).map(|(_, target)| target.as_str())
    }

    /// Says which TXT record the last step publishes: none beside an alias (RFC 1034 §3.6.2).
    pub(super) fn publish_txt(&mut self, label: &str, ttl: u32, value: &str) {
        let owner = [label, ".", self.given.domain].concat();
        if let Some(target) = self.alias(&owner) {
            self.note(Note::Delegated(owner, target.to_owned()));
            return;
        }
        let line = format!("{owner}. {ttl} IN TXT {}", quoted(value));
        self.publish(What::Records, owner, line);
    }

    /// Says what the last step publishes.
    pub(super) fn publish(&mut self, what: What, place: String, text: String) {
        if let Some(step) = self.steps.last_mut() {
            step.publish.push(Publish { what, place, text });
        }
    }

    /// Adds the step that serves a policy.
    pub(super) fn serve(
        &mut self,
        act: Act,
        mode: Mode,
        mx: &[String],
        max_age: u64,
        waits: Vec<Wait>,
    ) {
        // In a rollout hosts may come and go meanwhile.
        let proof = match act {
            Act::ServeTesting | Act::ServeEnforce => Vec::new(),
            _ => mx.to_vec(),
        };
        self.step(act, Proof::Policy(mode, proof), waits);
        self.about(mx);
        if mx.is_empty() && mode != Mode::None {
            self.note(Note::HostsUnknown);
            // Any host will do for the days.
            let any = vec![["mx.", self.given.domain].concat()];
            self.policy = Some(policy_text(mode, &any, max_age));
            return;
        }
        let text = policy_text(mode, mx, max_age);
        self.policy = Some(text.clone());
        self.publish(What::Policy, self.policy_address(), text);
    }

    /// Says that only a policy with just the patterns of the last step shows that it is done.
    pub(super) fn prove_hosts(&mut self, hosts: &[String]) {
        if let Some(Proof::Policy(_, mx)) = self.proofs.last_mut() {
            *mx = hosts.to_vec();
        }
    }

    /// Adds the step that announces the policy that was served last.
    pub(super) fn announce(&mut self, act: Act) {
        let is_first = !self.proofs.iter().any(|proof| matches!(proof, Proof::Announced(..)));
        self.step(act, Proof::Announced(String::new(), is_first), Vec::new());
        // The date in it is of the day on which it comes: a step that is late comes later than its day.
        let id = self.fresh_id(self.day);
        if let Some(proof) = self.proofs.last_mut() {
            *proof = Proof::Announced(id.clone(), is_first);
        }
        let record = ["v=STSv1; id=", &id, ";"].concat();
        self.publish_at(end(self.day), Some(record.clone()), SHORT_TTL);
        self.publish_txt("_mta-sts", SHORT_TTL, &record);
    }

    /// Notes for the timeline that another policy was served until the one of now: enforced, in the way of whatever is to come,
    /// and kept for so many seconds.
    pub(super) fn assume_older(&mut self, max_age: u64) {
        self.held = max_age;
        self.is_assumed = true;
        // No host has this name (RFC 2606 §2).
        let text = policy_text(Mode::Enforce, &["older.invalid".to_owned()], max_age);
        let now = self.policy.replace(text);
        self.history.clear();
        let since = end(self.before.since);
        let older = Some("v=STSv1; id=older;".to_owned());
        self.publish_at(since - MAX_MAX_AGE.cast_signed(), older, self.ttl());
        self.policy = now;
        self.publish_at(since, self.before.record.clone(), self.ttl());
    }

    /// Notes for the timeline that the record is gone, and the policy with it where that is said.
    pub(super) fn gone(&mut self, policy_too: bool) {
        if policy_too {
            self.policy = None;
        }
        self.publish_at(end(self.day), None, SHORT_TTL);
    }

    fn publish_at(&mut self, from: i64, record: Option<String>, ttl: u32) {
        let policy = self.policy.clone().map(String::into_bytes);
        let records = record.into_iter().collect();
        self.history.push(Published { from, policy, records, ttl });
    }

    /// The address of the policy (RFC 8461 §3.3).
    pub(super) fn policy_address(&self) -> String {
        ["https://mta-sts.", self.given.domain, "/.well-known/mta-sts.txt"].concat()
    }

    /// An id that the domain never had: the day, in the place of the hour the goal, so that plans of one day differ, and in
    /// the place of seconds how many ids the plan had before. The id of before is passed over.
    fn fresh_id(&mut self, day: Day) -> String {
        loop {
            let seconds = i64::from(day.0) * SECONDS + 3600 * self.given.goal as i64 + self.ids;
            self.ids += 1;
            let id = time::compact(seconds).unwrap_or_else(|| seconds.unsigned_abs().to_string());
            if self.before.id.as_ref() != Some(&id) {
                return id;
            }
        }
    }
}

/// The patterns that cover a host, of these.
pub(super) fn covering(patterns: &[String], hosts: &[String]) -> Vec<String> {
    let covers = |pattern: &&String| hosts.iter().any(|name| host::matches(pattern, name).covers());
    patterns.iter().filter(covers).cloned().collect()
}

/// These patterns, and those of the hosts that none of them covers.
pub(super) fn with_hosts(patterns: &[String], hosts: &[String]) -> Vec<String> {
    let mut all = patterns.to_vec();
    for name in hosts {
        if !all.iter().any(|pattern| host::matches(pattern, name).covers()) {
            all.push(name.clone());
        }
    }
    all
}
