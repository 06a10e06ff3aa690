//! Which of the records in an input belong to which record, and to which name.

use super::family::Family;
use super::lines::{Outcome, Reading};
use super::owner::{self, Meant};
use super::read::Aliases;
use super::value::resembles_ours;
use super::view::Record;
use crate::text::{Span, repeated};
use std::collections::BTreeSet;

/// The records of one family at one name.
#[derive(Debug)]
pub(super) struct Set<'a> {
    /// The family.
    pub(super) family: Family,
    /// The name that they answer for, in lower case without final dot.
    pub(super) name: Option<String>,
    /// The records. None: a lookup said that nothing is there.
    pub(super) records: Vec<Record<'a>>,
    /// Where it stands that nothing is there.
    pub(super) absent: Span,
    /// Whether the owner of these records is also written for others that are left out.
    pub(super) shares_owner: bool,
}

/// Sorts records into sets. With `forced` all count as that family; `default` is the family of
/// records that don't tell. The second part are families that were looked up without an answer.
pub(super) fn sort(
    reading: Reading<'_>,
    forced: Option<Family>,
    default: Family,
) -> (Vec<Set<'_>>, Vec<Family>) {
    let Reading { mut records, mut aliases, absent, .. } = reading;
    once_each(&mut records);
    aliases.sort_unstable();
    let names: Vec<_> = records.iter().map(|record| answered_name(record, &aliases)).collect();
    let told: Vec<_> = records
        .iter()
        .zip(&names)
        .map(|(record, name)| tell(record, name.as_deref(), forced))
        .collect();
    // What clearly is something else, beside what is ours, is none of our business: an SPF record
    // of the domain in the same zone, or in another answer.
    let is_ours = told.iter().any(Option::is_some);
    let unnamed = told.iter().zip(&names).zip(&records);
    let unnamed = unnamed.filter(|((told, name), _)| told.is_some() && name.is_none());
    let answers: BTreeSet<usize> = unnamed.map(|(_, record)| record.scope).collect();
    let fallback = forced.or_else(|| told.iter().copied().flatten().next()).unwrap_or(default);

    // Equal for the records of one set; empty for what is left out.
    let key = |((told, name), record): ((&Option<Family>, &Option<String>), &Record)| match (
        told, name,
    ) {
        (None, Some(_)) if is_ours => String::new(),
        (None, None) if is_ours && !answers.contains(&record.scope) => String::new(),
        _ => {
            let owner = told.unwrap_or(fallback).owner();
            format!("{owner}{} {}", name.as_deref().unwrap_or(" "), record.scope)
        }
    };
    let keys: Vec<String> = match records.len() {
        1 => Vec::new(), // The usual way: it is not left out, and has no one to share a set with.
        _ => told.iter().zip(&names).zip(&records).map(key).collect(),
    };
    let mut repeated = repeated(keys.iter().map(String::as_str).collect()).into_iter().peekable();

    let mut sets: Vec<Set> = Vec::with_capacity(1);
    // The set of each record.
    let mut places: Vec<usize> = Vec::with_capacity(keys.len());
    // Where owners of records stand that are left out, ascending.
    let mut left_out: Vec<Span> = Vec::new();
    for (index, (record, name)) in records.into_iter().zip(names).enumerate() {
        let first = repeated.next_if(|(later, _)| *later == index).map(|(_, first)| first);
        places.push(first.map_or(sets.len(), |first| places[first]));
        if keys.get(index).is_some_and(String::is_empty) {
            left_out.extend(record.owner.map(|owner| owner.span));
            continue;
        }
        if places[index] == sets.len() {
            let (family, absent) = (told[index].unwrap_or(fallback), record.span);
            sets.push(Set { family, name, records: Vec::new(), absent, shares_owner: false });
        }
        sets[places[index]].records.push(record);
    }
    for set in &mut sets {
        let mut owners = set.records.iter().filter_map(|record| record.owner.as_ref());
        set.shares_owner = owners.any(|owner| left_out.binary_search(&owner.span).is_ok());
    }
    let mut silent = Vec::new();
    for lookup in absent {
        // Beside a record, what says nothing of it is not told.
        if lookup.outcome == Outcome::Elsewhere && !sets.is_empty() {
            continue;
        }
        let meant = lookup.name.as_deref().map(owner::meant);
        let family = match (forced, meant) {
            (Some(forced), Some(Meant::For(found))) if found != forced && !sets.is_empty() => {
                continue;
            }
            (Some(forced), _) => forced,
            (None, Some(Meant::For(found) | Meant::Nearly(found, _))) => found,
            (None, _) => fallback,
        };
        if lookup.outcome == Outcome::Nothing {
            let name = lookup.name.as_deref().map(owner::key);
            let (records, absent) = (Vec::new(), lookup.span);
            sets.push(Set { family, name, records, absent, shares_owner: false });
        } else {
            silent.push(family);
        }
    }
    (sets, silent)
}

/// Leaves each record out that was there before: a name server has it once (RFC 2181 §5), however often it was asked or written.
fn once_each(records: &mut Vec<Record>) {
    if records.len() > 1 {
        let mut known = BTreeSet::new();
        records.retain(|record| {
            let name = record.owner.as_ref().map(|owner| owner::key(&owner.name));
            known.insert((name, record.text.text.to_string()))
        });
    }
}

/// The name that a record answers for: its owner or, behind CNAME records, the name that leads
/// there. RFC 8461 §3.1 lets senders follow a CNAME to a record of any name.
fn answered_name(record: &Record, aliases: &Aliases) -> Option<String> {
    let mut name = owner::key(&record.owner.as_ref()?.name);
    for _ in 0..8 {
        // Of several names that lead here the first one counts.
        let at = aliases.partition_point(|(to, ..)| *to < name);
        match aliases.get(at).filter(|(to, ..)| *to == name) {
            Some((.., from)) => name.clone_from(from),
            None => break,
        }
    }
    Some(name)
}

/// The family that a record belongs to, as far as its name and its data tell.
fn tell(record: &Record, name: Option<&str>, forced: Option<Family>) -> Option<Family> {
    let meant = name.map(owner::meant);
    let data = Family::of_data(&record.text.text);
    match (forced, meant) {
        (Some(forced), None) => Some(forced),
        (Some(forced), Some(Meant::For(found) | Meant::Nearly(found, _))) if found == forced => {
            Some(forced)
        }
        (Some(forced), _) => data.filter(|found| *found == forced),
        // The data tells better than a name that is the other record's.
        (None, Some(Meant::For(found))) => data.or(Some(found)),
        (None, Some(Meant::Nearly(found, _))) => {
            // Something else may be at the name of the policy host.
            data.or_else(|| resembles_ours(&record.text.text).then_some(found))
        }
        (None, _) => data,
    }
}
