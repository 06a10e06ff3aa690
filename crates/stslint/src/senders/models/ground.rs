//! What several models share.

use crate::senders::model::{Answer, Remark, What};

/// How many remarks a model keeps: a body of ten megabytes can hold millions of things to stumble over.
const MAX_REMARKS: usize = 1_000;

/// What software passed over, in the order in which it met it; the first thousand.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<Remark>);

impl Notes {
    /// One more.
    pub(super) fn add(&mut self, at: usize, what: What) {
        if self.0.len() < MAX_REMARKS {
            self.0.push(Remark::new(at, what));
        }
    }

    /// All of them.
    pub(super) fn done(self) -> Vec<Remark> {
        self.0
    }
}

/// The status of an answer, where nobody saw it 200.
pub(super) fn status(answer: &Answer) -> u16 {
    answer.status.unwrap_or(200)
}

/// The value of Content-Type, where nobody saw the answer `text/plain`.
pub(super) fn content_type<'a>(answer: &Answer<'a>) -> Option<&'a str> {
    answer.content_type.unwrap_or(Some("text/plain"))
}

/// The name of an MX host as software that reads DNS has it, without the dot of the root.
pub(super) fn without_root(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// The part of a text from `at` on; nothing behind its end.
pub(super) fn from(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}
