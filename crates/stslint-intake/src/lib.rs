//! TLS reports (RFC 8460) out of what they travel in: files packed with gzip, zip and tar archives, mails, mailboxes (mbox), in any
//! nesting, whatever their names and media types say. What something is shows in its first bytes.
//!
//! No input or output happens here: whoever reads a file feeds it in pieces, and is told what is in it.
//!
//! ```
//! use stslint_intake::{Found, Intake, Limits};
//!
//! let mut reports = 0;
//! let mut take = |item: stslint_intake::Item| match item.found {
//!     Found::Report(json) => reports += usize::from(json.starts_with(b"{")),
//!     Found::Refused(reason) => eprintln!("can't read {}: {reason}", item.place),
//!     Found::Dmarc | Found::Other => {}
//! };
//! let mut intake = Intake::new("report.json", Limits::default());
//! intake.feed(br#"{"organization-name": "Example", "policies": "#, &mut take);
//! intake.feed(b"[]}", &mut take);
//! intake.finish(&mut take);
//! assert_eq!(reports, 1);
//! ```
//!
//! It never fails as a whole: what can't be read is an item with its reason, and the rest is read all the same. It never keeps more
//! than a mail, an archive and a report at a time, so a mailbox may be of any size, and so may an archive that is a file ([`archive`]). All that is unpacked is bounded: see [`Limits`].
//!
//! It runs in browsers too: no threads, no files. A module of wasm, built for size, that lints reports gets 150 KB larger by it (60 KB of
//! gzip), of which 65 KB are code of these crates, and as much are their tables, above all those of character sets.
//!
//! Unpacking is the work of flate2 and rawzip; fields of MIME (RFC 2045, RFC 2231), Base64 and quoted-printable are read by mail-parser.
#![forbid(unsafe_code)]

mod gzip;
mod limits;
mod mail;
mod mbox;
mod place;
mod reason;
mod stream;
mod tar;
mod text;
mod zip;

pub use gzip::gunzip;
pub use limits::Limits;
pub use place::Place;
pub use rawzip::{FileReader, ReaderAt};
pub use reason::Reason;

use limits::Spent;
use stream::{Stream, Tell};

/// Something that was found.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// Where.
    pub place: &'a Place,
    /// What it is.
    pub found: Found<'a>,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// What looks like a TLS report: an object of JSON with names of RFC 8460 §4.4. Whether it is a good one is nobody's
    /// business here.
    Report(&'a [u8]),
    /// A DMARC report (RFC 7489 appendix C). People keep both kinds in one mailbox.
    Dmarc,
    /// Something that can't be read.
    Refused(Reason),
    /// A file or mail with nothing of this in it.
    Other,
}

/// Reads one file, which is fed in pieces.
#[derive(Debug)]
pub struct Intake {
    limits: Limits,
    spent: Spent,
    place: Place,
    stream: Stream,
}

impl Intake {
    /// Nothing is read yet of the file of this name, which is only used to say where something was found.
    pub fn new(name: &str, limits: Limits) -> Self {
        let place = Place::of_file(name);
        Self { limits, spent: Spent::default(), place, stream: Stream::new(0, false) }
    }

    /// Reads on. What was found with these bytes is told at once.
    pub fn feed(&mut self, bytes: &[u8], take: &mut dyn FnMut(Item<'_>)) {
        let Self { limits, spent, place, stream } = self;
        spent.fed += bytes.len() as u64;
        stream.feed(bytes, &mut Tell::new(limits, spent, place, take));
    }

    /// Whether nothing more will be found, so that the rest of the file need not be fed.
    pub fn is_done(&self) -> bool {
        self.stream.is_done()
    }

    /// Says that the file ends here.
    pub fn finish(mut self, take: &mut dyn FnMut(Item<'_>)) {
        let Self { limits, spent, place, stream } = &mut self;
        stream.finish(&mut Tell::new(limits, spent, place, take));
    }
}

/// Whether a file that begins so is a zip archive. Four bytes are enough.
pub fn is_archive(head: &[u8]) -> bool {
    zip::begins(head)
}

/// Reads a zip archive in something of `length` bytes that can be read at any place, such as a [`FileReader`]. Nothing is kept of the
/// archive itself, so it may be of any size.
pub fn archive<R: ReaderAt>(
    name: &str,
    reader: R,
    length: u64,
    limits: &Limits,
    take: &mut dyn FnMut(Item<'_>),
) {
    let mut spent = Spent::of_file(length);
    let mut place = Place::of_file(name);
    zip::read(reader, length, 0, &mut Tell::new(limits, &mut spent, &mut place, take));
}
