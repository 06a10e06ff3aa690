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
    names: Vec<Name>,
    bytes: u64,
    held: u64,
}

#[derive(Clone, Debug)]
struct Name {
    text: Arc<str>,
    /// How often reports have it.
    uses: u32,
}

impl Names {
    /// The number of a name, which is new or known, for one use of it.
    pub(super) fn take(&mut self, text: &str) -> u32 {
        let number = match self.numbers.get(text) {
            Some(number) => *number,
            None => self.new_number(text),
        };
        self.hold(number)
    }

    /// The same for a name of another pool. `met` is where its number here is noted, so that its text is looked for once.
    pub(super) fn take_met(&mut self, met: Option<&mut Option<u32>>, text: &str) -> u32 {
        match met {
            Some(Some(number)) => self.hold(*number),
            Some(unmet) => *unmet.insert(self.take(text)),
            None => self.take(text),
        }
    }

    /// Counts a use of a name with this number.
    pub(super) fn hold(&mut self, number: u32) -> u32 {
        if let Some(name) = self.names.get_mut(number as usize) {
            if name.uses == 0 {
                self.held += weight(&name.text);
            }
            name.uses = name.uses.saturating_add(1);
        }
        number
    }

    /// Says that one use of a name is over.
    pub(super) fn release(&mut self, number: u32) {
        if let Some(name) = self.names.get_mut(number as usize)
            && let Some(uses) = name.uses.checked_sub(1)
        {
            name.uses = uses;
            if uses == 0 {
                self.held -= weight(&name.text);
            }
        }
    }

    fn new_number(&mut self, text: &str) -> u32 {
        let text: Arc<str> = text.into();
        // More than 2^32 names take more memory than any program has.
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.bytes += weight(&text);
        self.names.push(Name { text: Arc::clone(&text), uses: 0 });
        self.numbers.insert(text, number);
        number
    }

    /// The name with this number.
    pub(super) fn text(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", |name| &name.text)
    }

    /// The name with this number, where there is one.
    pub(super) fn option(&self, number: Option<u32>) -> Option<&str> {
        number.map(|number| self.text(number))
    }

    /// How many names there are; their numbers are those before it.
    pub(super) fn len(&self) -> u32 {
        self.names.len() as u32
    }

    /// How many bytes all names take, about.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many bytes those take that are in use.
    pub(super) const fn held(&self) -> u64 {
        self.held
    }
}
