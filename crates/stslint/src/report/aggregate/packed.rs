//! The facts of a report in few bytes: numbers of names and of sessions, each in as many bytes as it takes (LEB128). A
//! report of a large sender has hundreds of details, and there are reports of years.

use super::Day;
use super::facts::{Detail, Facts, Policy};
use crate::report::PolicyType;

/// The bytes of facts whose names are numbers.
pub(super) fn pack(facts: &Facts<u32>) -> Vec<u8> {
    let mut out = Vec::new();
    push_option(facts.sender.map(u64::from), &mut out);
    // Days before 1970 are told from later ones by the last bit.
    push_option(facts.day.map(|Day(day)| u64::from((day << 1 ^ day >> 31) as u32)), &mut out);
    // How many days more.
    let more = facts.day.zip(facts.last).map_or(0, |(day, last)| last.since(day));
    push(more.max(0).unsigned_abs(), &mut out);
    push(facts.cut, &mut out);
    push_list(&facts.habits, &mut out, |habit, out| push(u64::from(*habit), out));
    push_list(&facts.policies, &mut out, |policy, out| {
        push(policy.policy_type.map_or(0, |kind| kind as u64 + 1), out);
        for name in [policy.domain, policy.host, policy.lines] {
            push_option(name.map(u64::from), out);
        }
        push_option(policy.success, out);
        push_option(policy.failure, out);
        push_list(&policy.details, out, |detail, out| {
            for name in [detail.cause, detail.mx, detail.address, detail.reason, detail.server] {
                push_option(name.map(u64::from), out);
            }
            push_option(detail.sessions, out);
        });
    });
    out
}

/// What the facts of a version of the format have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Has {
    /// The last day of a report.
    pub(super) last: bool,
    /// The addresses of mail servers that have a name.
    pub(super) server: bool,
}

/// Reads facts from the front of `bytes`, which are cut off. None where they are no facts: what comes from a link may be
/// anything, and those of an old link have less.
pub(super) fn unpack(bytes: &mut &[u8], has: Has) -> Option<Facts<u32>> {
    let sender = take_name(bytes)?;
    let day = match take_option(bytes)? {
        None => None,
        Some(folded) => {
            let folded = u32::try_from(folded).ok()?;
            Some(Day((folded >> 1) as i32 ^ -((folded & 1) as i32)))
        }
    };
    let more = if has.last { i32::try_from(take(bytes)?).ok()? } else { 0 };
    let last = day.filter(|_| more > 0).map(|Day(day)| Day(day.saturating_add(more)));
    Some(Facts {
        sender,
        day,
        last,
        cut: take(bytes)?,
        habits: take_list(bytes, |bytes| u32::try_from(take(bytes)?).ok())?,
        policies: take_list(bytes, |bytes| {
            Some(Policy {
                policy_type: take_type(bytes)?,
                domain: take_name(bytes)?,
                host: take_name(bytes)?,
                lines: take_name(bytes)?,
                success: take_option(bytes)?,
                failure: take_option(bytes)?,
                details: take_list(bytes, |bytes| {
                    Some(Detail {
                        cause: take_name(bytes)?,
                        mx: take_name(bytes)?,
                        address: take_name(bytes)?,
                        reason: take_name(bytes)?,
                        server: if has.server { take_name(bytes)? } else { None },
                        sessions: take_option(bytes)?,
                    })
                })?,
            })
        })?,
    })
}

/// What tells whose mail a policy is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clues {
    pub(super) policy_type: Option<PolicyType>,
    pub(super) domain: Option<u32>,
    pub(super) host: Option<u32>,
    pub(super) lines: Option<u32>,
    /// Whether sessions under it failed at a mail server of the name of its domain, and of another name.
    pub(super) is_there: bool,
    pub(super) is_elsewhere: bool,
}

/// Tells whose mail each policy in facts is about, without unpacking what else they say. None where they are no facts.
pub(super) fn clues(mut bytes: &[u8], tell: &mut dyn FnMut(Clues)) -> Option<()> {
    let bytes = &mut bytes;
    // The sender, the day, how many days more, what was cut off; the habits.
    skip(bytes, 4)?;
    let habits = take(bytes)?;
    skip(bytes, habits)?;
    for _ in 0..take(bytes)? {
        let policy_type = take_type(bytes)?;
        let [domain, host, lines] = [take_name(bytes)?, take_name(bytes)?, take_name(bytes)?];
        // How many sessions went well, how many failed.
        skip(bytes, 2)?;
        let (mut is_there, mut is_elsewhere) = (false, false);
        for _ in 0..take(bytes)? {
            // The cause; where the sessions came from, the reason, the address of the mail server, how many.
            skip(bytes, 1)?;
            let mx = take_name(bytes)?;
            is_there |= mx.is_some() && mx == domain;
            is_elsewhere |= mx.is_some() && mx != domain;
            skip(bytes, 4)?;
        }
        tell(Clues { policy_type, domain, host, lines, is_there, is_elsewhere });
    }
    Some(())
}

/// Cuts so many numbers off.
fn skip(bytes: &mut &[u8], numbers: u64) -> Option<()> {
    for _ in 0..numbers {
        let last = bytes.iter().position(|byte| byte & 0x80 == 0)?;
        *bytes = bytes.get(last + 1..)?;
    }
    Some(())
}

/// In the order of their numbers.
const TYPES: [PolicyType; 3] = [PolicyType::NoPolicyFound, PolicyType::Sts, PolicyType::Tlsa];

/// Seven bits a byte, the low ones first; the high bit says that more follow.
pub(super) fn push(mut number: u64, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The greatest number stands for two: nobody has as many sessions.
fn push_option(number: Option<u64>, out: &mut Vec<u8>) {
    push(number.map_or(0, |number| number.saturating_add(1)), out);
}

fn push_list<T>(list: &[T], out: &mut Vec<u8>, each: impl Fn(&T, &mut Vec<u8>)) {
    push(list.len() as u64, out);
    list.iter().for_each(|item| each(item, out));
}

pub(super) fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        let bits = u64::from(first & 0x7f);
        if bits << shift >> shift != bits {
            return None;
        }
        number |= bits << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn take_option(bytes: &mut &[u8]) -> Option<Option<u64>> {
    Some(take(bytes)?.checked_sub(1))
}

fn take_type(bytes: &mut &[u8]) -> Option<Option<PolicyType>> {
    match take_option(bytes)? {
        None => Some(None),
        Some(number) => Some(Some(*TYPES.get(usize::try_from(number).ok()?)?)),
    }
}

fn take_name(bytes: &mut &[u8]) -> Option<Option<u32>> {
    match take_option(bytes)? {
        None => Some(None),
        Some(number) => Some(Some(u32::try_from(number).ok()?)),
    }
}

fn take_list<T>(
    bytes: &mut &[u8],
    mut each: impl FnMut(&mut &[u8]) -> Option<T>,
) -> Option<Vec<T>> {
    // Nothing is reserved for a number that somebody made up: each item takes a byte at least.
    (0..take(bytes)?).map(|_| each(bytes)).collect()
}
