//! What a file, an entry or a part is, and reading it on in pieces.

use crate::gzip::Members;
use crate::limits::Spent;
use crate::mbox::{self, Mbox};
use crate::{Found, Item, Limits, Place, Reason, mail, text, zip};
use stslint::GZIP;

/// How many bytes are looked at to tell what something is.
const HEAD: usize = 1 << 10;

/// The most bytes of a text in which a report is looked for.
const TEXT: usize = 1 << 20;

/// Tells what is found, and where; knows what may be spent on looking.
pub(crate) struct Tell<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) spent: &'a mut Spent,
    pub(crate) place: &'a mut Place,
    take: &'a mut dyn FnMut(Item<'_>),
    /// How much was told.
    told: usize,
    /// Whether things that are nothing of ours are parts of something, which is told as one.
    in_parts: bool,
}

impl<'a> Tell<'a> {
    pub(crate) fn new(
        limits: &'a Limits,
        spent: &'a mut Spent,
        place: &'a mut Place,
        take: &'a mut dyn FnMut(Item<'_>),
    ) -> Self {
        Self { limits, spent, place, take, told: 0, in_parts: false }
    }

    pub(crate) fn found(&mut self, found: Found<'_>) {
        if found == Found::Other && self.in_parts {
            return;
        }
        self.told += 1;
        (self.take)(Item { place: self.place, found });
    }

    pub(crate) fn refuse(&mut self, reason: Reason) {
        self.found(Found::Refused(reason));
    }

    /// Looks at the parts of something: what is nothing of ours among them is not told. Gives whether anything was told.
    pub(crate) fn in_parts(&mut self, look: impl FnOnce(&mut Self)) -> bool {
        let (told, in_parts) = (self.told, std::mem::replace(&mut self.in_parts, true));
        look(self);
        self.in_parts = in_parts;
        self.told > told
    }
}

/// A file, an entry of an archive, a part of a mail, or what was unpacked of one.
#[derive(Debug)]
pub(crate) struct Stream {
    /// How many containers it is in.
    depth: usize,
    /// Whether it was unpacked.
    unpacked: bool,
    stage: Stage,
}

/// How far it was read, and as what.
#[derive(Debug)]
enum Stage {
    /// Too little is known to tell.
    Head(Vec<u8>),
    Archive(Vec<u8>),
    Gzip(Box<(Members, Stream)>),
    Json(Vec<u8>),
    Mail(Vec<u8>),
    Mailbox(Mbox),
    Text(Vec<u8>),
    /// All is told.
    Done,
}

impl Stream {
    pub(crate) fn new(depth: usize, unpacked: bool) -> Self {
        Self { depth, unpacked, stage: Stage::Head(Vec::new()) }
    }

    /// Reads something that is at hand as a whole.
    pub(crate) fn read(bytes: &[u8], depth: usize, tell: &mut Tell) {
        let mut stream = Self::new(depth, false);
        stream.feed(bytes, tell);
        stream.finish(tell);
    }

    pub(crate) fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Done)
    }

    pub(crate) fn feed(&mut self, bytes: &[u8], tell: &mut Tell) {
        let most = match &self.stage {
            Stage::Archive(_) => tell.limits.archive,
            Stage::Json(_) => tell.limits.report,
            Stage::Mail(_) => tell.limits.mail,
            Stage::Text(_) => TEXT,
            _ => usize::MAX,
        };
        match &mut self.stage {
            Stage::Head(head) => {
                head.extend_from_slice(bytes);
                if head.len() >= HEAD {
                    let head = std::mem::take(head);
                    self.begin(head, tell);
                }
            }
            Stage::Archive(all) | Stage::Json(all) | Stage::Mail(all) | Stage::Text(all) => {
                all.extend_from_slice(bytes);
                if all.len() > most {
                    self.stop(most, tell);
                }
            }
            Stage::Gzip(gzip) => {
                let (members, inner) = &mut **gzip;
                let told = members.feed(bytes, &mut |bytes| {
                    tell.spent.unpack(bytes.len(), tell.limits)?;
                    inner.feed(bytes, tell);
                    Ok(())
                });
                let over = inner.is_done();
                if let Err(reason) = told {
                    tell.refuse(reason);
                    self.stage = Stage::Done;
                } else if over {
                    self.stage = Stage::Done;
                }
            }
            Stage::Mailbox(mailbox) => mailbox.feed(bytes, self.depth, tell),
            Stage::Done => {}
        }
    }

    /// Says that there is too much of it. Of a text that is no great loss: it was none of ours so far.
    fn stop(&mut self, most: usize, tell: &mut Tell) {
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Text(_) => tell.found(Found::Other),
            _ if self.unpacked => tell.refuse(Reason::TooLargeUnpacked(most)),
            _ => tell.refuse(Reason::TooLarge(most)),
        }
    }

    /// Tells what it is by its first bytes, and goes on with them.
    fn begin(&mut self, head: Vec<u8>, tell: &mut Tell) {
        let first = &head[..head.len().min(HEAD)];
        let start = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
        let holds = |word: &[u8]| first.windows(word.len()).any(|bytes| bytes == word);
        // A mail's line in front of it is one only at the beginning of a line.
        let mut begins = 0;
        let is_container;
        (self.stage, is_container) = if first.starts_with(&GZIP) {
            let inner = Self::new(self.depth + 1, true);
            (Stage::Gzip(Box::new((Members::default(), inner))), true)
        } else if zip::begins(first) {
            (Stage::Archive(Vec::new()), true)
        } else if first.contains(&0) {
            (Stage::Done, false)
        } else if start.starts_with(b"{") || start.starts_with(b"[") {
            (Stage::Json(Vec::new()), false)
        } else if start.starts_with(b"<") && holds(b"<feedback") {
            tell.found(Found::Dmarc);
            self.stage = Stage::Done;
            return;
        } else if mbox::is_separator(start) {
            begins = first.len() - start.len();
            (Stage::Mailbox(Mbox::default()), true)
        } else if mail::begins(start) {
            (Stage::Mail(Vec::new()), true)
        } else {
            (Stage::Text(Vec::new()), false)
        };
        if self.is_done() {
            tell.found(Found::Other);
        } else if is_container && self.depth >= tell.limits.depth {
            tell.refuse(Reason::TooDeep(tell.limits.depth));
            self.stage = Stage::Done;
        } else {
            self.feed(&head[begins..], tell);
        }
    }

    /// Ends it.
    pub(crate) fn finish(&mut self, tell: &mut Tell) {
        if let Stage::Head(head) = &mut self.stage {
            let head = std::mem::take(head);
            self.begin(head, tell);
        }
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Archive(all) => zip::read(&all[..], all.len() as u64, self.depth, tell),
            Stage::Gzip(gzip) => {
                let (mut members, mut inner) = *gzip;
                let told = members.finish(&mut |bytes| {
                    tell.spent.unpack(bytes.len(), tell.limits)?;
                    inner.feed(bytes, tell);
                    Ok(())
                });
                match told {
                    Ok(behind) => {
                        inner.finish(tell);
                        if behind > 0 {
                            tell.refuse(Reason::Behind(behind));
                        }
                    }
                    Err(reason) => tell.refuse(reason),
                }
            }
            Stage::Json(all) => text::json(&all, tell),
            Stage::Mail(all) => mail::read(&all, self.depth, tell),
            Stage::Mailbox(mailbox) => mailbox.finish(self.depth, tell),
            Stage::Text(all) => text::read(&all, self.depth, tell),
            Stage::Head(_) | Stage::Done => {}
        }
    }
}
