//! An input with its settings, as one string of bytes.

use stslint::{Declared, Input};

/// The policy domain of the cases that have one.
const DOMAIN: &str = "example.com";

/// A name as A-labels, for inputs that take it.
pub fn to_ascii(name: &str) -> Option<String> {
    idna::domain_to_ascii(name).ok()
}

/// An input that owns its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The text.
    pub source: Vec<u8>,
    /// What it is to be read as; detected when absent.
    pub declared: Option<Declared>,
    /// Whether the policy domain is known.
    pub domain: bool,
    /// Whether its line ends are those that senders see.
    pub line_ends_known: bool,
}

impl Case {
    /// A text of some kind, as senders see it.
    pub fn new(declared: Option<Declared>, source: impl Into<Vec<u8>>) -> Self {
        Self { source: source.into(), declared, domain: false, line_ends_known: true }
    }

    /// What the engine takes.
    pub fn input(&self) -> Input<'_> {
        let input = Input {
            domain: self.domain.then_some(DOMAIN),
            line_ends_known: self.line_ends_known,
            to_ascii: Some(to_ascii),
            ..Input::new(&self.source)
        };
        input.declared(self.declared)
    }

    /// Reads what a fuzzer made: one byte of settings, then the text. Any bytes are a case.
    ///
    /// The byte is a letter or digit in the seeds, so that their files stay texts: bits 0 to 2 are
    /// the kind, bit 3 the domain, bit 4 is set when the line ends are not known.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (settings, source) = bytes.split_first().unwrap_or((&b'@', &[]));
        Self {
            source: source.to_vec(),
            declared: usize::from(settings & 7).checked_sub(1).map(|index| Declared::ALL[index]),
            domain: settings & 8 != 0,
            line_ends_known: settings & 16 == 0,
        }
    }

    /// The bytes that [`Self::from_bytes`] reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let kind = Declared::ALL.iter().position(|kind| Some(*kind) == self.declared);
        let kind = kind.map_or(0, |index| index as u8 + 1);
        let settings = b'@'
            | kind
            | if self.domain { 8 } else { 0 }
            | if self.line_ends_known { 0 } else { 16 };
        [&[settings][..], &self.source].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_cases_are_the_same() {
        for settings in b'@'..b'`' {
            let bytes = [&[settings][..], b"mx: a"].concat();
            assert_eq!(Case::from_bytes(&bytes).to_bytes(), bytes);
        }
        assert_eq!(Case::from_bytes(b""), Case::new(None, ""));
    }
}
