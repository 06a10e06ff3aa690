//! An aggregate as bytes: for a link, and from one thread or program to another.
//!
//! A 3, then the names, then the reports. The number of names comes first, then the length in bytes and the text of each in
//! the order in which reports use them; reports are packed as in memory, each after how often it came. A link needs no keys:
//! those of its reports are made of what they say.
//!
//! Links of before begin with a 2: their failures have no address of a mail server that has a name. Those that begin with a 1 have no
//! last day of a report either.

use super::facts::Facts;
use super::packed::Has;
use super::{Aggregate, Fnv, Key, packed};
use std::cmp::Reverse;
use std::ops::Range;

/// The version of the format.
const VERSION: u8 = 3;

/// The versions before.
const WITHOUT_SERVER: u8 = 2;
const WITHOUT_LAST: u8 = 1;

/// Says that keys are with it.
const WHOLE: u8 = 2;

/// What of an aggregate is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything, so that it is the same again.
    Whole,
    /// For other eyes: without keys, with the addresses from which sessions came and the words of reporters, which may hold some.
    WithSources,
    /// For other eyes, without those. The addresses of mail servers stay: their owner has the link made, and they are in DNS.
    WithoutSources,
}

impl Aggregate {
    /// Writes it. The order of names is that of their use, so that equal aggregates are equal bytes.
    pub fn to_bytes(&self, scope: Scope) -> Vec<u8> {
        let mut out = Vec::new();
        self.push_bytes(scope, &mut out);
        out
    }

    /// Writes it behind other bytes. Years of reports take tens of megabytes, so they are not copied on the way.
    pub fn push_bytes(&self, scope: Scope, out: &mut Vec<u8>) {
        let whole = scope == Scope::Whole;
        let reports = || {
            let all = self.reports.iter().map(|(key, entry)| (entry.copies, Some(key), entry));
            let counted = self.counted().map(|(_, copies, entry)| (copies, None, entry));
            let (all, counted) = (whole.then_some(all), (!whole).then_some(counted));
            let reports = all.into_iter().flatten().chain(counted.into_iter().flatten());
            reports.map(|(copies, key, entry)| {
                let mut facts = entry.facts();
                if scope == Scope::WithoutSources {
                    conceal(&mut facts);
                }
                (copies, key, facts)
            })
        };
        // Numbers in the order of their use, and those of this aggregate for them.
        let mut numbers: Vec<Option<u32>> = vec![None; self.names.len() as usize];
        let mut texts: Vec<&str> = Vec::new();
        let mut count: u64 = 0;
        for (_, _, facts) in reports() {
            count += 1;
            facts.map(|own| {
                if let Some(number @ None) = numbers.get_mut(*own as usize) {
                    *number = Some(texts.len() as u32);
                    texts.push(self.names.text(*own));
                }
            });
        }
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        // With some room for the numbers beside them.
        out.reserve_exact(bytes + 3 * texts.len() + self.bare as usize + 64);
        out.extend([VERSION, if whole { WHOLE } else { 0 }]);
        packed::push(self.left_out, out);
        packed::push(texts.len() as u64, out);
        texts.iter().for_each(|text| packed::push(text.len() as u64, out));
        texts.iter().for_each(|text| out.extend(text.as_bytes()));
        packed::push(count, out);
        for (copies, key, facts) in reports() {
            packed::push(copies, out);
            if let Some(key) = key {
                push_key(key, out);
            }
            let number = |own: &u32| numbers.get(*own as usize).copied().flatten();
            out.extend(packed::pack(&facts.map(|own| number(own).unwrap_or_default())));
        }
        if let (Some(end), true) = (&self.end, whole) {
            packed::push(end.day.0.map_or(0, |day| u64::from(day.0 as u32) + 1), out);
            push_key(end, out);
        }
    }

    /// At least so many bytes [`Self::to_bytes`] gives of everything.
    pub fn least_bytes(&self) -> u64 {
        // Of each report how often it came, in a byte at least; its key, in 16 and at least 1 and 4; what it says.
        self.reports.values().map(|entry| 22 + entry.facts.len() as u64).sum()
    }

    /// Reads what [`Self::to_bytes`] wrote. None for anything else, such as names longer than a report may give, and for what a
    /// later version wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reading = Reading::begin(bytes, Self::default())?;
        reading.go_on(bytes, usize::MAX)?;
        reading.end(bytes)
    }
}

/// What [`Aggregate::to_bytes`] wrote is added to an aggregate: a part of it after the other, so that whoever draws meanwhile is
/// not held up. Each call is given the same bytes. It comes to what [`Aggregate::merge`] does with all of it.
#[derive(Debug)]
pub struct Reading {
    all: Aggregate,
    is_whole: bool,
    has: Has,
    /// Where the names are in the bytes.
    texts: Vec<Range<usize>>,
    /// What the names are here, as far as they were met.
    numbers: Vec<Option<u32>>,
    /// How many reports there are, and how many of them have been read.
    count: u64,
    behind: u64,
    /// Where the rest begins.
    at: usize,
}

impl Reading {
    /// Begins with what stands before the reports, which will be added to these. None where that can't be read.
    pub fn begin(bytes: &[u8], mut all: Aggregate) -> Option<Self> {
        let mut rest = bytes;
        let (has, is_whole) = match take(&mut rest, 2)? {
            [version @ (WITHOUT_LAST | WITHOUT_SERVER | VERSION), scope @ (0 | WHOLE)] => {
                let has = Has { last: *version > WITHOUT_LAST, server: *version > WITHOUT_SERVER };
                (has, *scope == WHOLE)
            }
            _ => return None,
        };
        // What comes from a link may have any number.
        all.left_out = all.left_out.saturating_add(packed::take(&mut rest)?);
        let count = packed::take(&mut rest)?;
        let lengths: Option<Vec<u64>> = (0..count).map(|_| packed::take(&mut rest)).collect();
        let mut texts = Vec::new();
        for length in lengths? {
            let start = bytes.len() - rest.len();
            let text = take(&mut rest, usize::try_from(length).ok()?)?;
            str::from_utf8(text).ok()?;
            texts.push(start..start + text.len());
        }
        let numbers = vec![None; texts.len()];
        let count = packed::take(&mut rest)?;
        let at = bytes.len() - rest.len();
        Some(Self { all, is_whole, has, texts, numbers, count, behind: 0, at })
    }

    /// Goes on with so many reports. Gives whether those were the last; none where they can't be read.
    pub fn go_on(&mut self, bytes: &[u8], reports: usize) -> Option<bool> {
        let mut rest = bytes.get(self.at..)?;
        let left = self.count - self.behind;
        for _ in 0..left.min(reports as u64) {
            self.report(bytes, &mut rest)?;
            self.behind += 1;
        }
        self.at = bytes.len() - rest.len();
        Some(self.behind == self.count)
    }

    fn report(&mut self, bytes: &[u8], rest: &mut &[u8]) -> Option<()> {
        let copies = packed::take(rest)?.max(1);
        let key = if self.is_whole { Some(take_key(rest)?) } else { None };
        let mut own = packed::unpack(rest, self.has)?;
        // Links of before have details of no session, which are no failures.
        for policy in &mut own.policies {
            policy.details.retain(|detail| detail.sessions != Some(0));
        }
        let text = |name: &u32| {
            let range = self.texts.get(*name as usize)?.clone();
            str::from_utf8(bytes.get(range)?).ok()
        };
        let mut known = true;
        let facts: Facts<&str> = own.map(|name| {
            let text = text(name);
            known &= text.is_some();
            text.unwrap_or_default()
        });
        if !known || !facts.is_short() {
            return None;
        }
        // Reports that say the same are different ones here.
        let (hash, says) = key.unwrap_or_else(|| {
            let hash = Fnv::of(&(self.behind, &facts));
            (hash.0, hash.says())
        });
        let key = Key { day: Reverse(facts.day), hash, says };
        let numbers = &mut self.numbers;
        self.all.put(key, copies, |names| {
            own.map(|name| {
                names.take_met(numbers.get_mut(*name as usize), text(name).unwrap_or_default())
            })
        });
        Some(())
    }

    /// All reports. None where some are missing, or something stands behind them that can't be read.
    pub fn end(mut self, bytes: &[u8]) -> Option<Aggregate> {
        let mut rest = bytes.get(self.at..).filter(|_| self.behind == self.count)?;
        if self.is_whole && !rest.is_empty() {
            let day = packed::take(&mut rest)?.checked_sub(1);
            let day = day.map(|day| u32::try_from(day).map(|day| super::Day(day as i32)));
            let (hash, says) = take_key(&mut rest)?;
            self.all.end_at(Key { day: Reverse(day.transpose().ok()?), hash, says });
        }
        self.all.tidy();
        rest.is_empty().then_some(self.all)
    }
}

/// Takes off what tells of single machines of senders.
fn conceal(facts: &mut Facts<u32>) {
    for policy in &mut facts.policies {
        for detail in &mut policy.details {
            (detail.address, detail.reason) = (None, None);
        }
        let mut details = std::collections::BTreeMap::new();
        for detail in std::mem::take(&mut policy.details) {
            let way = (detail.cause, detail.mx, detail.server);
            let known = details
                .entry(way)
                .or_insert_with(|| super::facts::Detail { sessions: None, ..detail.clone() });
            crate::report::add(&mut known.sessions, detail.sessions);
        }
        policy.details = details.into_values().collect();
    }
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (front, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(front)
}

/// A key without its day, which the report has.
fn push_key(key: &Key, out: &mut Vec<u8>) {
    let (Reverse(length), hash) = key.says;
    out.extend(key.hash.to_le_bytes());
    packed::push(u64::from(length), out);
    out.extend(hash.to_le_bytes());
}

fn take_key(bytes: &mut &[u8]) -> Option<(u128, (Reverse<u32>, u32))> {
    let hash = u128::from_le_bytes(take(bytes, 16)?.try_into().ok()?);
    let length = u32::try_from(packed::take(bytes)?).ok()?;
    let says = u32::from_le_bytes(take(bytes, 4)?.try_into().ok()?);
    Some((hash, (Reverse(length), says)))
}
