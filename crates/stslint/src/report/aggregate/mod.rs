//! Many reports taken together.
//!
//! An [`Aggregate`] is a set of reports in short, each under a key of organisation, report-id and time. So a report that comes
//! twice counts once, whichever part it came in, and parts are merged in any order with the same result. Reporters send
//! one report for a domain and a day: a set of reports takes no more than a table of days, domains and senders would.
//!
//! Totals are made when somebody asks ([`Aggregate::totals`]), under a [`Filter`]. Sessions are never added across kinds of
//! policies: a reporter may tell of one session under each.
//!
//! # Bounds
//!
//! Anybody can mail reports, and give them names as they like. Reports are kept from the newest day on until their
//! weight reaches 384 MiB; the rest is counted ([`Totals::left_out`]), not kept. Which reports those are
//! depends on all that came and not on its order, as the kept ones are a front part of all in one order, and the first
//! that did not fit is known. The weight is about the bytes that reports take if they share no names: then the pool of
//! names has a quarter more at most before it is tidied. Usual reports share nearly all of them and take a tenth of it. Within a
//! report bounds are on its own text: names are cut, details told in less detail.
//!
//! # Keys
//!
//! A key is the FNV-1a hash of 128 bits. By chance, two of a billion reports share one once in 10^20 times. Somebody can find two
//! texts with one hash; but who wants to keep a report of somebody else from being counted need only send one with its
//! names, as these are told. Of several reports under one key, the one that says most counts.

mod compare;
mod day;
mod facts;
mod filter;
mod fold;
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
pub use rows::{Failed, Row, is_about, rows};
pub use shared::Scope;
pub use totals::{
    Address, DayTotals, DomainTotals, FailureTotals, Habit, KindTotals, ModeSeen, PolicySeen,
    Reason, SenderTotals, Totals,
};

use super::Content;
use facts::Facts;
use names::Names;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// What the kept reports may weigh together, in bytes: 100,000 usual ones and more.
const BUDGET: u64 = 384 << 20;

/// Totals of many reports.
#[derive(Clone, Debug)]
pub struct Aggregate {
    names: Names,
    reports: BTreeMap<Key, Entry>,
    /// What the reports weigh together.
    weight: u64,
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
}

#[derive(Clone, Debug)]
struct Entry {
    /// How often it came.
    copies: u64,
    weight: u64,
    /// Its facts, packed.
    facts: Box<[u8]>,
}

impl Default for Aggregate {
    fn default() -> Self {
        Self {
            names: Names::default(),
            reports: BTreeMap::new(),
            weight: 0,
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
        let key = Key::of(report, || facts.map(AsRef::as_ref));
        self.put(key, 1, |names| facts.map(|name| names.number(name)));
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
                    *numbers[*name as usize]
                        .get_or_insert_with(|| names.number(other.names.text(*name)))
                })
            });
        }
        self.tidy();
    }

    /// How many different reports there are.
    pub fn len(&self) -> usize {
        self.reports.len()
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
        let facts = facts(&mut self.names);
        let mut entry = Entry { copies, weight: facts.weight(&self.names), facts: Box::default() };
        if let Some(known) = self.reports.get_mut(&key) {
            known.copies = known.copies.saturating_add(copies);
            entry.copies = known.copies;
            let known = &self.reports[&key];
            // The heavier one, so that what is kept of a part is kept of the whole.
            if (known.weight, self.texts(&known.facts())) >= (entry.weight, self.texts(&facts)) {
                return;
            }
            self.weight -= known.weight;
        }
        entry.facts = packed::pack(&facts).into();
        self.weight += entry.weight;
        self.reports.insert(key, entry);
        while self.weight > self.budget
            && let Some((last, _)) = self.reports.last_key_value()
        {
            self.end_at(*last);
        }
    }

    /// Leaves out all reports from `end` on.
    fn end_at(&mut self, end: Key) {
        self.end = Some(self.end.map_or(end, |known| known.min(end)));
        for (_, entry) in self.reports.split_off(&end) {
            self.weight -= entry.weight;
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
            let facts = entry.facts().map(|name| names.number(self.names.text(*name)));
            entry.facts = packed::pack(&facts).into();
        }
        self.names = names;
    }

    /// Each report with how often it came, the newest first.
    fn each(&self) -> impl Iterator<Item = (u64, Facts<&str>)> {
        self.reports.values().map(|entry| (entry.copies, self.texts(&entry.facts())))
    }

    fn texts(&self, facts: &Facts<u32>) -> Facts<&str> {
        facts.map(|name| self.names.text(*name))
    }
}

impl Entry {
    /// Its facts, with the names of the pool that it was packed with.
    fn facts(&self) -> Facts<u32> {
        // What was packed here can be unpacked.
        packed::unpack(&mut &*self.facts).unwrap_or_else(Facts::nothing)
    }
}

impl<N> Facts<N> {
    fn nothing() -> Self {
        Self { sender: None, day: None, cut: 0, habits: Vec::new(), policies: Vec::new() }
    }
}

/// The number of a report: copies have the same, and count once. `habits` are those of [`Aggregate::add`].
pub fn key(report: &Content<'_>, habits: &[&'static str]) -> u128 {
    let facts = std::cell::OnceCell::new();
    Key::of(report, || facts.get_or_init(|| Facts::of(report, habits)).map(AsRef::as_ref)).hash
}

impl Key {
    /// `facts` is asked for where a report has no id.
    fn of<'f>(report: &Content, facts: impl FnOnce() -> Facts<&'f str>) -> Self {
        let seconds =
            |moment: &Option<super::Moment>| moment.as_ref().and_then(super::Moment::seconds);
        let start = seconds(&report.start);
        let id = report.id.as_deref().map(str::trim);
        let mut hash = Fnv::default();
        // Written for debugging, texts stand in quotes, so that no two lists look alike. Without an id, reports are the
        // same that say the same.
        let written = match id {
            Some(_) => {
                write!(hash, "{:?}", (facts::sender(report), id, start, seconds(&report.end)))
            }
            None => write!(hash, "{:?}", facts()),
        };
        debug_assert!(written.is_ok());
        Self { day: Reverse(start.map(Day::of)), hash: hash.0 }
    }
}

/// The FNV-1a hash of what is written to it.
struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl fmt::Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 =
                (self.0 ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
        Ok(())
    }
}
