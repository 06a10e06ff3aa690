//! Tar archives, as `tar` writes them (POSIX.1-1988 "ustar", GNU, pax).

use crate::Reason;
use crate::stream::{Stream, Tell};

/// Bytes of a block. A header is one, and a file fills blocks.
const BLOCK: usize = 512;

/// Whether something that begins so is an archive: the mark is in its first header.
pub(crate) fn begins(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar")
}

/// Reads all files of an archive.
pub(crate) fn read(mut bytes: &[u8], depth: usize, tell: &mut Tell) {
    let mut files = 0;
    // Two empty blocks end it; what is cut off between two files is as good.
    while let Some((header, rest)) = bytes.split_at_checked(BLOCK)
        && header.iter().any(|byte| *byte != 0)
    {
        let length = size(header).filter(|_| begins(header)).and_then(|size| {
            let blocks = size.div_ceil(BLOCK).checked_mul(BLOCK)?;
            Some((size, blocks.min(rest.len())))
        });
        let Some((content, blocks)) =
            length.and_then(|(size, blocks)| Some((rest.get(..size)?, blocks)))
        else {
            tell.refuse(Reason::DamagedTar);
            return;
        };
        bytes = &rest[blocks..];
        let name = name(header);
        // Folders, links, long names; what macOS knows about a file, beside the file.
        let is_file = matches!(header[156], b'0' | 0);
        if !is_file || name.rsplit('/').next().is_some_and(|name| name.starts_with("._")) {
            continue;
        }
        files += 1;
        if let Err(reason) = tell.spent.enter(tell.limits) {
            tell.refuse(reason);
            return;
        }
        tell.place.enter_file(&name);
        Stream::read(content, depth + 1, tell);
        tell.place.leave();
    }
    if files == 0 {
        tell.nothing(b"tar");
    }
}

/// How many bytes a file has: octal digits.
fn size(header: &[u8]) -> Option<usize> {
    let digits = str::from_utf8(&header[124..136]).ok()?;
    usize::from_str_radix(digits.trim_matches([' ', '\0']), 8).ok()
}

fn name(header: &[u8]) -> String {
    let text = |bytes: &[u8]| {
        let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    };
    let (name, folder) = (text(&header[..100]), text(&header[345..500]));
    if folder.is_empty() { name } else { format!("{folder}/{name}") }
}
