//! Zip archives.

use crate::Reason;
use crate::stream::{Stream, Tell};
use flate2::read::DeflateDecoder;
use rawzip::{
    CompressionMethod, ErrorKind, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive,
    ZipFileHeaderRecord, ZipLocator,
};
use std::io::Read;

/// How much is unpacked at a time.
const PIECE: usize = 32 << 10;

/// Whether something that begins so is an archive.
pub(crate) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Reads all entries of an archive of `length` bytes. What is wrong with one keeps none of the others from being read.
pub(crate) fn read<R: ReaderAt>(reader: R, length: u64, depth: usize, tell: &mut Tell) {
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = match ZipLocator::new().locate_in_reader(reader, &mut buffer, length) {
        Ok(archive) => archive,
        Err((_, error)) => {
            let cut = matches!(error.kind(), ErrorKind::MissingEndOfCentralDirectory);
            tell.refuse(if cut { Reason::CutArchive } else { Reason::DamagedArchive });
            return;
        }
    };
    let (mut entries, mut files) = (archive.entries(&mut buffer), 0);
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
        tell.nothing(b"PK");
    }
}

/// Reads an entry. What is in it is told when its checksum is right, but for the mails of a mailbox.
fn file<R: ReaderAt>(
    archive: &ZipArchive<R>,
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
        CompressionMethod::STORE => Box::new(found.verifying_reader(found.reader())),
        CompressionMethod::DEFLATE => {
            Box::new(found.verifying_reader(DeflateDecoder::new(found.reader())))
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
