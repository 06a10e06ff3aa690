//! What a file, an entry or a part is, and reading it on in pieces.

use crate::gzip::Members;
use crate::limits::Spent;
use crate::mbox::{self, Mbox};
use crate::{Found, Item, Limits, Place, Reason, mail, tar, text, zip};
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
    pub(crate) in_parts: bool,
    /// Why nothing is found in a mail that brought a report by its header fields.
    pub(crate) lost: Option<Reason>,
    /// Whether the media type of what is being read says that it is a report.
    pub(crate) declared: bool,
}

/// How other programs pack, by the first bytes.
const PACKED: [(&[u8], &str); 5] = [
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"Rar!", "RAR"),
];

/// The first bytes of a compound file, as Outlook and earlier versions of Office write.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";

impl<'a> Tell<'a> {
    pub(crate) fn new(
        limits: &'a Limits,
        spent: &'a mut Spent,
        place: &'a mut Place,
        take: &'a mut dyn FnMut(Item<'_>),
    ) -> Self {
        Self { limits, spent, place, take, told: 0, in_parts: false, lost: None, declared: false }
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

    /// Tells of something that is nothing of ours, and begins so. What claims to be a report was not looked into, and what is packed in
    /// another way may hold some: but for what mails have attached, which is of any kind.
    pub(crate) fn nothing(&mut self, head: &[u8]) {
        let name = self.place.file_name().unwrap_or_default().to_ascii_lowercase();
        let is_named = name.contains(".json") && name.split('!').count() > 3;
        let claims = self.declared || is_named;
        let packed = PACKED.iter().find(|(mark, _)| head.starts_with(mark));
        let may_hold = claims || name.contains(".json.") || !self.in_parts;
        match packed {
            Some((_, way)) if may_hold => self.refuse(Reason::Packed(way)),
            _ if head.starts_with(COMPOUND) && name.ends_with(".msg") && may_hold => {
                self.refuse(Reason::Outlook);
            }
            _ if head.is_empty() && (claims || name.contains(".json.")) => {
                self.refuse(Reason::Empty);
            }
            _ if claims => self.refuse(Reason::NoReport),
            _ => self.found(self.lost.map_or(Found::Other, Found::Refused)),
        }
    }

    /// Looks at the parts of something: what is nothing of ours among them is not told. Gives whether anything was told.
    pub(crate) fn in_parts(&mut self, look: impl FnOnce(&mut Self)) -> bool {
        let (told, in_parts) = (self.told, std::mem::replace(&mut self.in_parts, true));
        look(self);
        self.in_parts = in_parts;
        self.told > told
    }
}

/// How text in UTF-16 begins: with its mark, as Windows PowerShell writes what a program prints, or with an object.
const UTF_16: [&[u8]; 4] = [b"\xff\xfe", b"\xfe\xff", b"{\0", b"\0{"];

/// Text in UTF-16, either byte first, as UTF-8.
fn utf_8(bytes: &[u8]) -> String {
    let big = bytes.starts_with(b"\xfe\xff") || bytes.starts_with(b"\0");
    let (pairs, _) = bytes.as_chunks::<2>();
    let unit = |pair: &[u8; 2]| {
        if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) }
    };
    let chars = char::decode_utf16(pairs.iter().map(unit));
    chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
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
    Tar(Vec<u8>),
    Utf16(Vec<u8>),
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
            Stage::Archive(_) | Stage::Tar(_) => tell.limits.archive,
            Stage::Json(_) | Stage::Utf16(_) => tell.limits.report,
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
            Stage::Archive(all)
            | Stage::Tar(all)
            | Stage::Utf16(all)
            | Stage::Json(all)
            | Stage::Mail(all)
            | Stage::Text(all) => {
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

    /// Says that there is too much of it. Of a text with nothing of ours so far that is no great loss.
    fn stop(&mut self, most: usize, tell: &mut Tell) {
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Text(all) if !text::has_names(&all) => tell.nothing(&all),
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
        } else if tar::begins(first) {
            (Stage::Tar(Vec::new()), true)
        } else if UTF_16.iter().any(|mark| first.starts_with(mark)) {
            (Stage::Utf16(Vec::new()), true)
        } else if first.contains(&0) && !mail::begins(start) && !mbox::is_separator(start) {
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
            tell.nothing(first);
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
            Stage::Tar(all) => tar::read(&all, self.depth, tell),
            Stage::Utf16(all) => Self::read(utf_8(&all).as_bytes(), self.depth + 1, tell),
            Stage::Json(all) => text::json(&all, self.depth, tell),
            Stage::Mail(all) => mail::read(&all, self.depth, tell),
            Stage::Mailbox(mailbox) => mailbox.finish(self.depth, tell),
            Stage::Text(all) => text::read(&all, self.depth, tell),
            Stage::Head(_) | Stage::Done => {}
        }
    }
}
