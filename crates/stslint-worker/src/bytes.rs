//! What came of files, or of a part of them, as bytes: from the worker to the page.
//!
//! A 1; then numbers of 64 bits, the low byte first: `refused_more`, `dmarc`, `other`, `files`, `bytes`, and how many things are named
//! that can't be read. Of each its place and the reason, each after its length. The rest is the aggregate.

use crate::{NAMED, Outcome};
use stslint::report::aggregate::{Aggregate, Scope};

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
        let (head, rest) = Self::read_head(bytes)?;
        Some(Self { aggregate: Aggregate::from_bytes(rest)?, ..head })
    }

    /// Reads what stands before the aggregate. Gives the rest as well, for [`aggregate::Reading`](stslint::report::aggregate::Reading):
    /// not all at once, and into what there is. None for anything else.
    pub fn read_head(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (&VERSION, mut rest) = bytes.split_first()? else { return None };
        let [refused_more, dmarc, other, files, bytes, named] = take_numbers(&mut rest)?;
        if named > NAMED as u64 {
            return None;
        }
        let refused: Option<Vec<_>> =
            (0..named).map(|_| Some((take_text(&mut rest)?, take_text(&mut rest)?))).collect();
        let (aggregate, refused) = (Aggregate::default(), refused?);
        Some((Self { aggregate, refused, refused_more, dmarc, other, files, bytes }, rest))
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
