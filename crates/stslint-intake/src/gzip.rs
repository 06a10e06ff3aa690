//! Gzip data (RFC 1952), in which reports travel (RFC 8460 §5.2): its members one after the other, as one content (§2.2).

use crate::Reason;
use flate2::write::GzDecoder;
use std::io::Write;
use stslint::GZIP;

/// How much is unpacked at a time: 1,032 times as much may come of it.
const PIECE: usize = 4 << 10;

/// Unpacks gzip data that is at hand as a whole, to at most `most` bytes.
///
/// # Errors
///
/// If it is cut off or damaged, if there is more, or if something stands behind it.
pub fn gunzip(packed: &[u8], most: usize) -> Result<Vec<u8>, Reason> {
    let mut content = Vec::new();
    let mut members = Members::default();
    members.feed(packed, &mut |bytes| {
        content.extend_from_slice(bytes);
        if content.len() > most { Err(Reason::TooLargeUnpacked(most)) } else { Ok(()) }
    })?;
    match members.finish(&mut |bytes| {
        content.extend_from_slice(bytes);
        Ok(())
    })? {
        _ if content.len() > most => Err(Reason::TooLargeUnpacked(most)),
        0 => Ok(content),
        behind => Err(Reason::Behind(behind)),
    }
}

/// Takes what was unpacked, or a reason to stop.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Reason>;

/// Unpacks gzip data that comes in pieces.
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// The member that is being read.
    member: Option<GzDecoder<Vec<u8>>>,
    /// What may be the first bytes of one.
    mark: Vec<u8>,
    /// How many bytes stand behind the last one.
    behind: usize,
    /// Whether they say something: copying adds line ends, and tapes were filled up with zeros.
    says: bool,
}

impl Members {
    /// Unpacks on.
    pub(crate) fn feed(&mut self, bytes: &[u8], sink: Sink) -> Result<(), Reason> {
        bytes.chunks(PIECE).try_for_each(|piece| self.piece(piece, sink))
    }

    fn piece(&mut self, mut bytes: &[u8], sink: Sink) -> Result<(), Reason> {
        while let Some((&first, rest)) = bytes.split_first() {
            let Some(member) = &mut self.member else {
                if self.behind > 0 {
                    self.behind += bytes.len();
                    self.says |= !bytes.iter().all(is_nothing);
                    return Ok(());
                }
                bytes = rest;
                self.mark.push(first);
                if !GZIP.starts_with(&self.mark) {
                    self.behind = self.mark.len();
                    self.says = !self.mark.iter().all(is_nothing);
                    self.mark.clear();
                } else if self.mark.len() == GZIP.len() {
                    let mut member = GzDecoder::new(Vec::new());
                    member.write_all(&self.mark).map_err(|_| Reason::Damaged)?;
                    self.mark.clear();
                    self.member = Some(member);
                }
                continue;
            };
            // It takes nothing more where the member is over.
            match member.write(bytes) {
                Ok(0) => self.end(sink)?,
                Ok(taken) => {
                    bytes = &bytes[taken..];
                    sink(&std::mem::take(member.get_mut()))?;
                }
                Err(_) => return Err(Reason::Damaged),
            }
        }
        Ok(())
    }

    /// Ends a member that was read whole: its checksum and length have to be right.
    fn end(&mut self, sink: Sink) -> Result<(), Reason> {
        let Some(mut member) = self.member.take() else { return Ok(()) };
        member.try_finish().map_err(|_| Reason::Damaged)?;
        sink(member.get_ref())
    }

    /// Ends: how many bytes stand behind all members.
    pub(crate) fn finish(&mut self, sink: Sink) -> Result<usize, Reason> {
        if let Some(member) = &mut self.member {
            // Bytes that it would still take are missing.
            if !matches!(member.write(&[0]), Ok(0)) {
                return Err(Reason::Cut);
            }
            self.end(sink)?;
        }
        let behind = if self.says { self.behind } else { 0 };
        Ok(behind + self.mark.len())
    }
}

/// Whether a byte behind gzip data means nothing.
fn is_nothing(byte: &u8) -> bool {
    matches!(byte, b'\0' | b' ' | b'\t' | b'\r' | b'\n')
}
