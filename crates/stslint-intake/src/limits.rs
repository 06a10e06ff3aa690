//! How much of anything is read.

use crate::Reason;

/// The most that is read and unpacked. Real reports are far below all of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a report, unpacked. 20 MiB.
    pub report: usize,
    /// Bytes of a mail, with its attachments as they are encoded. 32 MiB.
    pub mail: usize,
    /// Bytes of a zip archive, packed, that comes in pieces or is in something: its directory is at its end, so it is kept whole.
    /// 64 MiB.
    pub archive: usize,
    /// How many containers may be in one another: archives, mails, and parts of mails. 16.
    pub depth: usize,
    /// Entries of archives and parts of mails in one file; those of a mailbox, in each mail. 100,000.
    pub entries: usize,
    /// What one file may unpack to, as a multiple of its size. 100; deflate itself gets to 1,032.
    pub ratio: u64,
    /// What it may unpack to whatever its size, in bytes. 64 MiB.
    pub unpacked: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            report: 20 << 20,
            mail: 32 << 20,
            archive: 64 << 20,
            depth: 16,
            entries: 100_000,
            ratio: 100,
            unpacked: 64 << 20,
        }
    }
}

/// What one file took so far.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    /// Bytes of the file.
    pub(crate) fed: u64,
    /// Bytes that came of it by unpacking.
    unpacked: u64,
    /// Entries and parts.
    pub(crate) entries: usize,
}

impl Spent {
    /// Nothing yet, of a file that is all there with so many bytes.
    pub(crate) fn of_file(bytes: u64) -> Self {
        Self { fed: bytes, ..Self::default() }
    }

    /// Counts bytes that were unpacked.
    pub(crate) fn unpack(&mut self, bytes: usize, limits: &Limits) -> Result<(), Reason> {
        self.unpacked += bytes as u64;
        let most = limits.unpacked.saturating_add(self.fed.saturating_mul(limits.ratio));
        if self.unpacked > most { Err(Reason::TooPacked(limits.ratio)) } else { Ok(()) }
    }

    /// Counts an entry of an archive, or a part of a mail.
    pub(crate) fn enter(&mut self, limits: &Limits) -> Result<(), Reason> {
        self.entries += 1;
        if self.entries > limits.entries { Err(Reason::TooMany(limits.entries)) } else { Ok(()) }
    }
}
