//! An aggregate as bytes: for a link, and from one thread or program to another.
//!
//! A 1, then the names, then the reports. The number of names comes first, then the length in bytes and the text of each in
//! the order in which reports use them; reports are packed as in memory, each after how often it came. A link needs no keys:
//! those of its reports are made of what they say.

use super::facts::Facts;
use super::{Aggregate, Fnv, Key, packed};
use std::cmp::Reverse;
use std::fmt::Write as _;

/// The version of the format.
const VERSION: u8 = 1;

/// What of an aggregate is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything, so that it is the same again.
    Whole,
    /// For other eyes: without keys, with the addresses from which sessions came.
    WithAddresses,
    /// For other eyes, without these addresses and without the words of reporters, which may hold some.
    WithoutAddresses,
}

impl Aggregate {
    /// Writes it. The order of names is that of their use, so that equal aggregates are equal bytes.
    pub fn to_bytes(&self, scope: Scope) -> Vec<u8> {
        // Numbers in the order of their use, and those of this aggregate for them. A second pool would hold every text again.
        let mut numbers: Vec<Option<u32>> = vec![None; self.names.len() as usize];
        let mut used: Vec<u32> = Vec::new();
        let mut number = |text: &&str| {
            // All names that reports have are in the pool.
            let own = self.names.known(text).unwrap_or_default();
            let Some(number) = numbers.get_mut(own as usize) else { return 0 };
            *number.get_or_insert_with(|| {
                used.push(own);
                used.len() as u32 - 1
            })
        };
        let mut reports = Vec::new();
        let push_key = |key: &Key, out: &mut Vec<u8>| out.extend(key.hash.to_le_bytes());
        for (key, entry) in &self.reports {
            let mut facts = self.texts(&entry.facts());
            if scope == Scope::WithoutAddresses {
                conceal(&mut facts);
            }
            packed::push(entry.copies, &mut reports);
            if scope == Scope::Whole {
                push_key(key, &mut reports);
            }
            reports.extend(packed::pack(&facts.map(&mut number)));
        }
        let texts: Vec<&str> = used.iter().map(|own| self.names.text(*own)).collect();
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        // With some room for the numbers beside them.
        let mut out = Vec::with_capacity(bytes + 3 * texts.len() + reports.len() + 64);
        out.extend([VERSION, u8::from(scope == Scope::Whole)]);
        packed::push(self.left_out, &mut out);
        packed::push(texts.len() as u64, &mut out);
        texts.iter().for_each(|text| packed::push(text.len() as u64, &mut out));
        texts.iter().for_each(|text| out.extend(text.as_bytes()));
        packed::push(self.reports.len() as u64, &mut out);
        out.extend(reports);
        if let (Some(end), true) = (&self.end, scope == Scope::Whole) {
            packed::push(end.day.0.map_or(0, |day| u64::from(day.0 as u32) + 1), &mut out);
            push_key(end, &mut out);
        }
        out
    }

    /// Reads what [`Self::to_bytes`] wrote. None for anything else, and for what a later version wrote.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let whole = match take(bytes, 2)? {
            [VERSION, 0] => false,
            [VERSION, 1] => true,
            _ => return None,
        };
        let mut read = Self { left_out: packed::take(bytes)?, ..Self::default() };
        let count = packed::take(bytes)?;
        let lengths: Option<Vec<u64>> = (0..count).map(|_| packed::take(bytes)).collect();
        let texts: Option<Vec<&str>> = (lengths?.into_iter())
            .map(|length| str::from_utf8(take(bytes, usize::try_from(length).ok()?)?).ok())
            .collect();
        let texts = texts?;
        for number in 0..packed::take(bytes)? {
            let copies = packed::take(bytes)?.max(1);
            let hash = if whole { Some(take_hash(bytes)?) } else { None };
            let facts = packed::unpack(bytes)?;
            let mut known = true;
            let facts: Facts<&str> = facts.map(|name| {
                let text = texts.get(*name as usize);
                known &= text.is_some();
                text.copied().unwrap_or_default()
            });
            if !known {
                return None;
            }
            let hash = hash.unwrap_or_else(|| {
                let mut hash = Fnv::default();
                // Reports that say the same are different ones here.
                let written = write!(hash, "{number} {facts:?}");
                debug_assert!(written.is_ok());
                hash.0
            });
            let key = Key { day: Reverse(facts.day), hash };
            read.put(key, copies, |names| facts.map(|name| names.number(name)));
        }
        if whole && !bytes.is_empty() {
            let day = packed::take(bytes)?.checked_sub(1);
            let day = day.map(|day| u32::try_from(day).map(|day| super::Day(day as i32)));
            read.end_at(Key { day: Reverse(day.transpose().ok()?), hash: take_hash(bytes)? });
        }
        read.tidy();
        bytes.is_empty().then_some(read)
    }
}

/// Takes off what tells of single machines of senders.
fn conceal(facts: &mut Facts<&str>) {
    for policy in &mut facts.policies {
        for detail in &mut policy.details {
            (detail.address, detail.reason) = (None, None);
        }
        let mut details = std::collections::BTreeMap::new();
        for detail in std::mem::take(&mut policy.details) {
            let way = (detail.cause, detail.mx);
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

fn take_hash(bytes: &mut &[u8]) -> Option<u128> {
    Some(u128::from_le_bytes(take(bytes, 16)?.try_into().ok()?))
}
