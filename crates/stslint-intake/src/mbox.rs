//! Mailboxes of one file: mails one after the other, each behind a line `From sender date` (RFC 4155).

use crate::stream::Tell;
use crate::{Reason, mail};

/// What is kept of a line that does not end. Those of mails are shorter.
const LONG: usize = 64 << 10;

/// Whether a text begins with the line in front of a mail. Some programs quote a line of a mail that begins so and some do not,
/// therefore the date counts as well.
pub(crate) fn is_separator(text: &[u8]) -> bool {
    if !text.starts_with(b"From ") {
        return false;
    }
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
    let words: Vec<_> =
        line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let is_in =
        |word: &[u8], names: &[u8]| word.len() == 3 && names.chunks(3).any(|name| name == word);
    words.windows(2).any(|pair| {
        is_in(pair[0], b"MonTueWedThuFriSatSun")
            && is_in(pair[1], b"JanFebMarAprMayJunJulAugSepOctNovDec")
    })
}

/// Reads a mailbox that comes in pieces; keeps one mail of it.
#[derive(Debug, Default)]
pub(crate) struct Mbox {
    /// The mail so far, as it was before it came into the mailbox.
    mail: Vec<u8>,
    /// The line so far.
    line: Vec<u8>,
    /// Whether the beginning of the line is in the mail already.
    within: bool,
    /// Whether the mail is too large.
    skips: bool,
    /// Which mail it is, from 1; 0 before the first one.
    number: usize,
}

impl Mbox {
    pub(crate) fn feed(&mut self, mut bytes: &[u8], depth: usize, tell: &mut Tell) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(end + 1);
            bytes = rest;
            if self.line.is_empty() {
                self.line(line, depth, tell);
            } else {
                self.line.extend_from_slice(line);
                self.whole(depth, tell);
            }
            self.within = false;
        }
        self.line.extend_from_slice(bytes);
        if self.line.len() > LONG {
            self.whole(depth, tell);
            self.within = true;
        }
    }

    /// Reads the line that was kept.
    fn whole(&mut self, depth: usize, tell: &mut Tell) {
        let mut line = std::mem::take(&mut self.line);
        self.line(&line, depth, tell);
        line.clear();
        self.line = line;
    }

    fn line(&mut self, line: &[u8], depth: usize, tell: &mut Tell) {
        if !self.within && is_separator(line) {
            self.end(depth, tell);
            self.number += 1;
            return;
        }
        if self.skips {
            return;
        }
        // `>From ` was `From `, and `>>From ` was `>From `.
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let quoted = !self.within && marks > 0 && line[marks..].starts_with(b"From ");
        self.mail.extend_from_slice(&line[usize::from(quoted)..]);
        if self.mail.len() > tell.limits.mail {
            self.skips = true;
            self.mail.clear();
            self.mail.shrink_to(LONG);
            self.place(tell);
            tell.refuse(Reason::TooLarge(tell.limits.mail));
            tell.place.leave();
        }
    }

    fn place(&self, tell: &mut Tell) {
        tell.place.enter_nameless(format!("message {}", self.number));
    }

    /// Ends a mail.
    fn end(&mut self, depth: usize, tell: &mut Tell) {
        if self.number > 0 && !self.skips {
            self.place(tell);
            // Each mail may have as many parts as another. What the mailbox is in has its own.
            let entries = std::mem::take(&mut tell.spent.entries);
            mail::read(&self.mail, depth + 1, tell);
            tell.spent.entries = entries;
            tell.place.leave();
        }
        self.skips = false;
        self.mail.clear();
    }

    pub(crate) fn finish(mut self, depth: usize, tell: &mut Tell) {
        self.whole(depth, tell);
        self.end(depth, tell);
    }
}
