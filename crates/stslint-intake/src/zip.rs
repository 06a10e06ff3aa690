//! Zip archives.

use crate::stream::{Stream, Tell};
use crate::{Found, Reason};
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ErrorKind, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};
use std::io::Read;

/// How much is unpacked at a time.
const PIECE: usize = 32 << 10;

/// Reads all entries of an archive. What is wrong with one keeps none of the others from being read.
pub(crate) fn read(bytes: &[u8], depth: usize, tell: &mut Tell) {
    let archive = match ZipArchive::from_slice(bytes) {
        Ok(archive) => archive,
        Err(error) => {
            let cut = matches!(error.kind(), ErrorKind::MissingEndOfCentralDirectory);
            tell.refuse(if cut { Reason::CutArchive } else { Reason::DamagedArchive });
            return;
        }
    };
    let (mut entries, mut files) = (archive.entries(), 0);
    loop {
        let entry = match entries.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => break,
            Err(_) => {
                tell.refuse(Reason::DamagedArchive);
                return;
            }
        };
        let path = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
        // What macOS knows about a file, beside the file.
        if entry.is_dir() || path.starts_with("__MACOSX/") {
            continue;
        }
        files += 1;
        if let Err(reason) = tell.spent.enter(tell.limits) {
            tell.refuse(reason);
            return;
        }
        tell.place.enter_file(&path);
        let read = file(&archive, &entry, depth, tell);
        if let Err(reason) = read {
            tell.refuse(reason);
        }
        tell.place.leave();
        // What the whole file may unpack to is used up.
        if matches!(read, Err(Reason::TooPacked(_))) {
            return;
        }
    }
    if files == 0 {
        tell.found(Found::Other);
    }
}

/// Reads an entry. What is in it is told when its checksum is right, but for the mails of a mailbox.
fn file(
    archive: &ZipSliceArchive<&[u8]>,
    entry: &ZipFileHeaderRecord,
    depth: usize,
    tell: &mut Tell,
) -> Result<(), Reason> {
    if entry.flags().is_encrypted() {
        return Err(Reason::Encrypted);
    }
    let found = archive.get_entry(entry.wayfinder()).map_err(|_| Reason::DamagedArchive)?;
    let mut stream = Stream::new(depth + 1, true);
    let mut content: Box<dyn Read> = match entry.compression_method() {
        CompressionMethod::STORE => Box::new(found.verifying_reader(found.data())),
        CompressionMethod::DEFLATE => {
            Box::new(found.verifying_reader(DeflateDecoder::new(found.data())))
        }
        _ => return Err(Reason::Method),
    };
    let mut piece = vec![0; PIECE];
    while !stream.is_done() {
        let count = content.read(&mut piece).map_err(|_| Reason::DamagedArchive)?;
        if count == 0 {
            break;
        }
        tell.spent.unpack(count, tell.limits)?;
        stream.feed(&piece[..count], tell);
    }
    stream.finish(tell);
    Ok(())
}
