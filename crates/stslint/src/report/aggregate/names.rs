//! Names that many reports share, each held once.

use std::collections::BTreeMap;
use std::sync::Arc;

/// How many bytes a name takes, about: its text, twice the place in a list and in a tree, what the allocator adds. Most
/// names are short, so that this is more than their text.
pub(super) const fn weight(text: &str) -> u64 {
    text.len() as u64 + 96
}

/// A pool of names. Numbers mean something within one pool only.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    numbers: BTreeMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
    bytes: u64,
}

impl Names {
    /// The number of a name, which is new or known.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let text: Arc<str> = text.into();
        // More than 2^32 names take more memory than any program has.
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.bytes += weight(&text);
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    /// The number of a name, if it is known.
    pub(super) fn known(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The name with this number.
    pub(super) fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }

    /// How many names there are; their numbers are those before it.
    pub(super) fn len(&self) -> u32 {
        self.texts.len() as u32
    }

    /// How many bytes all names take, about.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }
}
