//! What came of files as bytes: from the worker to the page.
//!
//! A 1; then numbers of 64 bits, the low byte first: `refused_more`, `dmarc`, `other`, `files`, `bytes`, and how many things are named
//! that can't be read. Of each its place and the reason, each after its length. The rest is the aggregate.

use crate::{NAMED, Outcome};
use stslint::report::aggregate::{self, Aggregate, Scope};

/// The version of the format.
const VERSION: u8 = 1;

impl Outcome {
    /// Writes it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        let named = self.refused.len() as u64;
        for number in [self.refused_more, self.dmarc, self.other, self.files, self.bytes, named] {
            out.extend(number.to_le_bytes());
        }
        for text in self.refused.iter().flat_map(|(place, why)| [place, why]) {
            out.extend((text.len() as u64).to_le_bytes());
            out.extend(text.as_bytes());
        }
        self.aggregate.push_bytes(Scope::Whole, &mut out);
        out
    }

    /// Reads what [`Self::to_bytes`] wrote. None for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reading = Reading::begin(bytes)?;
        reading.go_on(bytes, usize::MAX)?;
        reading.end(bytes)
    }
}

/// What [`Outcome::to_bytes`] wrote, as far as it has been read. Each call is given the same bytes.
#[derive(Debug)]
pub struct Reading {
    /// All but the aggregate.
    head: Outcome,
    aggregate: aggregate::Reading,
    /// Where that begins.
    at: usize,
}

impl Reading {
    /// Begins with what stands before the reports. None where that can't be read.
    pub fn begin(bytes: &[u8]) -> Option<Self> {
        let (&VERSION, mut rest) = bytes.split_first()? else { return None };
        let [refused_more, dmarc, other, files, all_bytes, named] = take_numbers(&mut rest)?;
        if named > NAMED as u64 {
            return None;
        }
        let refused: Option<Vec<_>> =
            (0..named).map(|_| Some((take_text(&mut rest)?, take_text(&mut rest)?))).collect();
        let head = Outcome {
            aggregate: Aggregate::default(),
            refused: refused?,
            refused_more,
            dmarc,
            other,
            files,
            bytes: all_bytes,
        };
        let at = bytes.len() - rest.len();
        Some(Self { head, aggregate: aggregate::Reading::begin(rest)?, at })
    }

    /// Goes on with so many reports. Gives whether those were the last; none where they can't be read.
    pub fn go_on(&mut self, bytes: &[u8], reports: usize) -> Option<bool> {
        self.aggregate.go_on(bytes.get(self.at..)?, reports)
    }

    /// What was read. None where not all of it was.
    pub fn end(self, bytes: &[u8]) -> Option<Outcome> {
        let aggregate = self.aggregate.end(bytes.get(self.at..)?)?;
        Some(Outcome { aggregate, ..self.head })
    }
}

fn take_numbers<const COUNT: usize>(bytes: &mut &[u8]) -> Option<[u64; COUNT]> {
    let mut numbers = [0; COUNT];
    for number in &mut numbers {
        let (first, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        *number = u64::from_le_bytes(*first);
    }
    Some(numbers)
}

fn take_text(bytes: &mut &[u8]) -> Option<String> {
    let [length] = take_numbers(bytes)?;
    let (text, rest) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
    *bytes = rest;
    Some(str::from_utf8(text).ok()?.to_owned())
}
