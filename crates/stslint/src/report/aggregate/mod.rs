//! Many reports taken together.
//!
//! An [`Aggregate`] is a set of reports in short, each under a key of organisation, report-id, time and domains. So a report that
//! comes twice counts once, whichever part it came in, and parts are merged in any order with the same result. Reporters send
//! one report for a domain and a day: a set of reports takes no more than a table of days, domains and senders would.
//!
//! Totals are made when somebody asks ([`Aggregate::totals`]), under a [`Filter`]. Sessions are never added across kinds of
//! policies: a reporter may tell of one session under each.
//!
//! # Bounds
//!
//! Anybody can mail reports, and give them names as they like. Reports are kept from the newest day on until what is kept
//! weighs 256 MiB; the rest is counted ([`Totals::left_out`]), not kept. The weight is about the bytes that it takes: those of
//! each report, and those of each name once, however many reports share it. A year of a mailbox takes a tenth of it. More
//! reports never weigh less, so which are kept depends on all that came and not on its order: the kept ones are a front part of all
//! in one order, and the first that did not fit is known. The pool of names has a quarter more at most before names that
//! nothing has are dropped. Within a report bounds are on its own text: names are cut, details told in less detail.
//!
//! # Keys
//!
//! A key is the FNV-1a hash of 128 bits. By chance, two of a billion reports share one once in 10^20 times. Somebody can find two
//! texts with one hash; but who wants to keep a report of somebody else from being counted need only send one with its
//! names, as these are told. Different reports under one key are all kept, as far as there is room, and the one that says
//! most counts.

mod compare;
mod day;
mod facts;
mod filter;
mod fold;
mod hosts;
mod names;
mod packed;
mod rows;
mod shared;
mod sums;
#[cfg(test)]
mod tests;
mod totals;

pub use compare::{Comparison, Sighting};
pub use day::Day;
pub use facts::day as day_of;
pub use filter::{Filter, Kind};
pub use fold::name_in_a_labels;
pub(super) use hosts::covers;
pub use rows::{Failed, Row, is_about, may_be_about, rows};
pub use shared::{Reading, Scope};
pub(super) use sums::Told;
pub use sums::{Look, Seen};
pub use totals::{
    Address, DayTotals, DomainTotals, FailureTotals, Habit, KindTotals, ModeSeen, PolicySeen,
    Reason, Saw, SenderTotals, Sights, Totals,
};

use super::Content;
use facts::Facts;
use hosts::Hosts;
use names::Names;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::ops::Bound;

/// What the kept reports may weigh together, in bytes: a million without failures, 100,000 with hundreds of them.
const BUDGET: u64 = 256 << 20;

/// What a report takes beside its facts: its place in the tree, which is not always full, and what the allocator adds.
const PLACE: u64 = 96;

/// Totals of many reports.
#[derive(Clone, Debug)]
pub struct Aggregate {
    names: Names,
    reports: BTreeMap<Key, Entry>,
    /// What the reports weigh together without their names.
    bare: u64,
    budget: u64,
    /// The first report that was not kept, in the order of keys. Nothing from there on is kept.
    end: Option<Key>,
    /// How many reports were not kept, copies included.
    left_out: u64,
}

/// Under what a report is kept, the newest day first; those without a day come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    day: Reverse<Option<Day>>,
    hash: u128,
    /// Of different reports under one hash, the one that says most comes first: how many bytes that is, and a hash of what it says.
    says: (Reverse<u32>, u32),
}

#[derive(Clone, Debug)]
struct Entry {
    /// How often it came.
    copies: u64,
    /// Its facts, packed.
    facts: Box<[u8]>,
}

impl Default for Aggregate {
    fn default() -> Self {
        Self {
            names: Names::default(),
            reports: BTreeMap::new(),
            bare: 0,
            budget: BUDGET,
            end: None,
            left_out: 0,
        }
    }
}

impl PartialEq for Aggregate {
    fn eq(&self, other: &Self) -> bool {
        (self.end, self.left_out, self.reports.len())
            == (other.end, other.left_out, other.reports.len())
            && self.reports.iter().zip(&other.reports).all(|((key, one), (other_key, another))| {
                key == other_key
                    && one.copies == another.copies
                    && self.texts(&one.facts()) == other.texts(&another.facts())
            })
    }
}

impl Aggregate {
    /// Adds a report. `habits` are the codes of what the rules found in it: those that tell of the reporter's ways are
    /// counted by sender.
    pub fn add(&mut self, report: &Content<'_>, habits: &[&'static str]) {
        let facts = Facts::of(report, habits);
        let key = Key::of(report, &facts);
        self.put(key, 1, |names| facts.map(|name| names.take(name)));
        self.tidy();
    }

    /// Adds all reports of another one. Those that are in both count once.
    pub fn merge(&mut self, other: &Self) {
        // What comes from a link may have any number.
        self.left_out = self.left_out.saturating_add(other.left_out);
        if let Some(end) = other.end {
            self.end_at(end);
        }
        // What the names of the other one are here, as far as they were met.
        let mut numbers = vec![None; other.names.len() as usize];
        for (key, entry) in &other.reports {
            self.put(*key, entry.copies, |names| {
                entry.facts().map(|name| {
                    names.take_met(numbers.get_mut(*name as usize), other.names.text(*name))
                })
            });
        }
        self.tidy();
    }

    /// How many different reports there are.
    pub fn len(&self) -> usize {
        self.counted().count()
    }

    /// Whether there is none, not even one that was left out.
    pub fn is_empty(&self) -> bool {
        self.reports.is_empty() && self.left_out == 0
    }

    /// Puts a report in its place. `facts` gives what it says, with its names as numbers of the pool.
    fn put(&mut self, key: Key, copies: u64, facts: impl FnOnce(&mut Names) -> Facts<u32>) {
        if self.end.is_some_and(|end| key >= end) {
            self.left_out = self.left_out.saturating_add(copies);
            return;
        }
        if let Some(known) = self.reports.get_mut(&key) {
            known.copies = known.copies.saturating_add(copies);
            return;
        }
        let facts = packed::pack(&facts(&mut self.names)).into();
        let entry = Entry { copies, facts };
        self.bare += entry.weight();
        self.reports.insert(key, entry);
        while self.weight() > self.budget
            && let Some((last, _)) = self.reports.last_key_value()
        {
            self.end_at(*last);
        }
    }

    /// What is kept weighs so much: about the bytes that it takes.
    pub fn weight(&self) -> u64 {
        self.bare + self.names.held()
    }

    /// Leaves out all reports from `end` on.
    fn end_at(&mut self, end: Key) {
        self.end = Some(self.end.map_or(end, |known| known.min(end)));
        for (_, entry) in self.reports.split_off(&end) {
            self.bare -= entry.weight();
            entry.facts().map(|name| self.names.release(*name));
            self.left_out = self.left_out.saturating_add(entry.copies);
        }
    }

    /// Drops the names that nothing has, where they are many. It gives names other numbers.
    fn tidy(&mut self) {
        if self.names.bytes() <= self.budget + self.budget / 4 {
            return;
        }
        let mut names = Names::default();
        for entry in self.reports.values_mut() {
            let facts = entry.facts().map(|name| names.take(self.names.text(*name)));
            self.bare -= entry.weight();
            entry.facts = packed::pack(&facts).into();
            self.bare += entry.weight();
        }
        self.names = names;
    }

    /// Each report that counts with how often it came, the newest first.
    fn counted(&self) -> impl Iterator<Item = (&Key, u64, &Entry)> {
        self.counted_from(None)
    }

    /// The same from one of them on.
    fn counted_from(&self, first: Option<Key>) -> impl Iterator<Item = (&Key, u64, &Entry)> {
        let from = first.map_or(Bound::Unbounded, Bound::Included);
        let mut all = self.reports.range((from, Bound::Unbounded)).peekable();
        std::iter::from_fn(move || {
            let (key, entry) = all.next()?;
            let mut copies = entry.copies;
            while let Some((_, other)) = all.next_if(|(next, _)| next.names_same(key)) {
                copies = copies.saturating_add(other.copies);
            }
            Some((key, copies, entry))
        })
    }

    /// What each of them says, its policies under the domains whose mail they are about.
    fn each(&self) -> impl Iterator<Item = Facts<&str>> {
        let hosts = Hosts::of(self);
        self.counted().map(move |(_, _, entry)| {
            let mut facts = entry.facts();
            hosts.put(&mut facts);
            self.texts(&facts)
        })
    }

    fn texts(&self, facts: &Facts<u32>) -> Facts<&str> {
        facts.map(|name| self.names.text(*name))
    }
}

impl Entry {
    fn weight(&self) -> u64 {
        PLACE + self.facts.len() as u64
    }

    /// Its facts, with the names of the pool that it was packed with.
    fn facts(&self) -> Facts<u32> {
        // What was packed here can be unpacked.
        packed::unpack(&mut &*self.facts, packed::Has { last: true, server: true })
            .unwrap_or_else(Facts::nothing)
    }
}

impl<N> Facts<N> {
    fn nothing() -> Self {
        Self {
            sender: None,
            day: None,
            last: None,
            cut: 0,
            habits: Vec::new(),
            policies: Vec::new(),
        }
    }
}

/// The number of a report: copies have the same, and count once. `habits` are those of [`Aggregate::add`].
pub fn key(report: &Content<'_>, habits: &[&'static str]) -> u128 {
    let places = fold::places(report, facts::told(report));
    let domains = places.iter().map(|place| place.domain.as_deref());
    name_of(report, domains).unwrap_or_else(|| Fnv::of(&Facts::of(report, habits)).0)
}

/// The hash of what a report is called: who sent it, its id, its time, and the domains that it is about, as some senders give the
/// reports of a day one id. Without an id, reports are the same that say the same.
fn name_of<'d>(report: &Content, domains: impl Iterator<Item = Option<&'d str>>) -> Option<u128> {
    let seconds = |moment: &Option<super::Moment>| moment.as_ref().and_then(super::Moment::seconds);
    let id = report.id.as_deref().map(str::trim)?;
    let (start, end) = (seconds(&report.start), seconds(&report.end));
    let domains: BTreeSet<Option<&str>> = domains.collect();
    Some(Fnv::of(&(facts::sender(report), id, start, end, domains)).0)
}

impl Key {
    fn of(report: &Content, facts: &Facts<Cow<str>>) -> Self {
        let said = Fnv::of(facts);
        let domains = facts.policies.iter().map(|policy| policy.domain.as_deref());
        let hash = name_of(report, domains).unwrap_or(said.0);
        Self { day: Reverse(facts.day), hash, says: said.says() }
    }

    /// Whether two keys are of reports with the same name.
    fn names_same(&self, other: &Self) -> bool {
        (self.day, self.hash) == (other.day, other.hash)
    }
}

/// The FNV-1a hash of what is written to it, and how many bytes that is.
struct Fnv(u128, u32);

impl Fnv {
    fn of(what: &impl Hash) -> Self {
        let mut hash = Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, 0);
        what.hash(&mut hash);
        hash
    }

    /// The part of a key that tells reports with the same name apart.
    const fn says(&self) -> (Reverse<u32>, u32) {
        (Reverse(self.1), self.0 as u32)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte))
                .wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
        self.1 = self.1.saturating_add(bytes.len() as u32);
    }

    // The same on all machines, whatever their word is.
    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_i64(number as i64);
    }

    fn finish(&self) -> u64 {
        self.0 as u64
    }
}
