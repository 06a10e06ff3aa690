//! From what a domain has to what it is to have, step by step with days: a plan.
//!
//! A plan is data; words for it are in [`render::plan`](crate::render::plan). It rests on what is [`Given`] and is made anew
//! whenever somebody asks: facts of a live check tick steps off, and what is late moves what comes behind it. Days are in
//! UTC and arguments. A step counts from the end of its day, as nobody knows the hour: so the days that are waited for are
//! safe whenever on its day a step is taken. What old copies do is told by [`senders::timeline`](crate::senders::timeline).

mod act;
mod done;
mod draft;
mod given;
mod goals;
mod wait;

pub use act::{Act, Why};
pub use given::{Given, NoPlan};

use crate::report::aggregate::Day;
use draft::{Done, Draft};
use given::{Before, Seen};

/// What is to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goal {
    /// A first rollout, from nothing or from mode testing to mode enforce.
    Enforce,
    /// Other MX hosts in the place of those of now, as when the provider changes.
    MoveMx,
    /// More MX hosts beside those of now.
    AddMx,
    /// From mode enforce back to mode testing, in no hurry.
    RollBack,
    /// No MTA-STS any more (RFC 8461 §8.3).
    Remove,
    /// A domain that takes no mail (RFC 7505), or that takes it as another one does (RFC 8461 §8.2).
    Park,
    /// Mail is held back now.
    Emergency,
}

impl Goal {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::Enforce,
        Self::MoveMx,
        Self::AddMx,
        Self::RollBack,
        Self::Remove,
        Self::Park,
        Self::Emergency,
    ];

    /// Its name in commands, documents and links.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::MoveMx => "move-mx",
            Self::AddMx => "add-mx",
            Self::RollBack => "roll-back",
            Self::Remove => "remove",
            Self::Park => "park",
            Self::Emergency => "emergency",
        }
    }

    /// The goal of this name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|goal| goal.word() == word)
    }
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The domain, as A-labels in lower case.
    pub domain: String,
    /// What is to be reached.
    pub goal: Goal,
    /// The day on which it begins.
    pub start: Day,
    /// The day on which somebody asks.
    pub today: Day,
    /// What to do, in order. Names of acts are there once.
    pub steps: Vec<PlanStep>,
    /// What the plan rests on and nobody showed.
    pub notes: Vec<Note>,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStep {
    /// What.
    pub act: Act,
    /// The earliest day.
    pub day: Day,
    /// The last day of something that takes a time: an observation, a wait.
    pub until: Option<Day>,
    /// Whether it is done.
    pub state: State,
    /// What to publish, byte by byte; nothing where the plan does not know it, or nothing is published.
    pub publish: Vec<Publish>,
    /// Why it is not earlier, as far as that is not the step before.
    pub waits: Vec<Wait>,
    /// How soon it helps, in seconds, where mail is held back.
    pub within: Option<u32>,
    /// The mail hosts that it is about.
    pub hosts: Vec<String>,
}

impl PlanStep {
    /// The last day of the step.
    pub fn last(&self) -> Day {
        self.until.map_or(self.day, |until| until.max(self.day))
    }
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Facts show it, or somebody said so.
    Done,
    /// It is to come.
    Open,
    /// Its day is past, and facts show that it is not done.
    Overdue,
    /// Its day is past, and nothing shows whether it is done.
    Unseen,
}

impl State {
    /// Its name in documents.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Unseen => "unseen",
        }
    }
}

/// Something to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    /// What it is.
    pub what: What,
    /// Where: an address of the web, or a name of DNS.
    pub place: String,
    /// The file, with its line ends; or lines of a zone file, without the last line end.
    pub text: String,
}

/// What is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A policy file.
    Policy,
    /// Records of DNS.
    Records,
    /// Records of DNS that go.
    Gone,
}

/// Why a step is not earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Why.
    pub why: Why,
    /// The first day on which that is over.
    pub until: Day,
    /// The same by the letter of RFC 8461, for what copies do; the other day counts the habits of software as well.
    pub rfc: Option<Day>,
    /// Software that keeps what is old for ever, as far as its model goes. The day is that of the others.
    pub never: Vec<&'static str>,
}

/// What a plan rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The policy is in mode enforce already.
    AlreadyEnforced,
    /// Steps that facts show are taken for done on their days; where they were done later, the rest is later too.
    DaysOfSteps,
    /// The record of this name is an alias of that one: whoever runs that publishes it.
    Delegated(String, String),
    /// The old MX records are gone, and copies that name no other hosts are not.
    DroppedTooEarly,
    /// The policy is enforced, and senders do not deliver to all MX hosts.
    HeldBack,
    /// What a check saw at the MX hosts and an enforced policy does not allow, as sentences without a full stop.
    HostsBad(Vec<String>),
    /// The MX hosts are not known, so that no policy can be written.
    HostsUnknown,
    /// Ids are made of days. Any id will do that was never used.
    Ids,
    /// The policy names the new hosts already, and nobody knows since when: older copies may not.
    NamedSince,
    /// There is a policy, and no record announces it.
    NotAnnounced,
    /// Nobody looked at the domain: nothing is ticked off.
    NotLooked,
    /// The policy does not name these MX hosts.
    NotNamed(Vec<String>),
    /// A check found these: codes of rules.
    Problems(Vec<&'static str>),
    /// The policy is not in mode enforce: only senders with an older copy can hold mail back for it.
    NotEnforced,
    /// Senders do not use the policy of now: what they hold is not known.
    PolicyBroken,
    /// What senders hold is not known: nobody gave the policy, and it could not be read.
    PolicyUnknown,
    /// The policy is not in mode enforce: an older one may have been.
    OlderEnforced,
    /// It is not known what was served before mode none: the longest lifetime is reckoned with (RFC 8461 §3.2).
    OlderUnknown,
    /// A policy that was served earlier may have had a longer lifetime (RFC 8461 §8.3) than that of now, in seconds.
    OlderCopies(u64),
    /// Senders use none of the records at `_mta-sts`.
    RecordUnusable,
    /// The record is gone, and copies of an enforced policy are not.
    RemovedTooEarly,
    /// Senders use none of the records at `_smtp._tls`; this of them could not be kept.
    ReportsUnusable(Vec<String>),
    /// It is not known since when the policy is in mode testing: it counts from the start.
    TestingSince,
    /// The TTL of the record is not known: this many seconds are reckoned with.
    Ttl(u32),
    /// A check could not see these, so that they may be there: types and names in DNS, addresses.
    Unseen(Vec<String>),
}

impl Note {
    /// Whether it comes before all steps: mail depends on it.
    pub const fn is_first(&self) -> bool {
        match self {
            Self::DroppedTooEarly
            | Self::HeldBack
            | Self::HostsBad(_)
            | Self::NamedSince
            | Self::NotAnnounced
            | Self::NotNamed(_)
            | Self::OlderEnforced
            | Self::OlderUnknown
            | Self::PolicyUnknown
            | Self::Problems(_)
            | Self::RecordUnusable
            | Self::RemovedTooEarly
            | Self::Unseen(_) => true,
            Self::AlreadyEnforced
            | Self::DaysOfSteps
            | Self::Delegated(..)
            | Self::HostsUnknown
            | Self::Ids
            | Self::NotLooked
            | Self::NotEnforced
            | Self::OlderCopies(_)
            | Self::PolicyBroken
            | Self::ReportsUnusable(_)
            | Self::TestingSince
            | Self::Ttl(_) => false,
        }
    }
}

/// A plan for what is given.
///
/// # Errors
///
/// Something is missing that the goal takes, or there is nothing to do.
pub fn plan(given: &Given) -> Result<Plan, NoPlan> {
    let seen = given.facts.map(Seen::of);
    let before = Before::of(given, seen.as_ref())?;
    // Which steps are done is known when all of them are there, and moves their days.
    let said: Done = given.done.iter().map(|(act, day)| (*act, Some(*day))).collect();
    let mut draft = Draft::new(given, &before, seen.as_ref(), &said);
    goals::write(&mut draft)?;
    let written = |too_early: bool| {
        let mut done = done::shown_by(&draft, too_early);
        done.extend(&said);
        done
    };
    let done = written(false);
    let mut ticked = Draft::new(given, &before, seen.as_ref(), &done);
    goals::write(&mut ticked)?;
    if !ticked.is_too_early {
        return Ok(ticked.finish());
    }
    let done = written(true);
    let mut again = Draft::new(given, &before, seen.as_ref(), &done);
    goals::write(&mut again)?;
    again.note(match given.goal {
        Goal::MoveMx => Note::DroppedTooEarly,
        _ => Note::RemovedTooEarly,
    });
    Ok(again.finish())
}
