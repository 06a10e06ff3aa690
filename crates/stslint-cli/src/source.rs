//! Reading what there is to lint, and no more of it than there may be.

use crate::terminal::Terminal;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use stslint::{Declared, GZIP, Kind, MAX_REPORT, carve, too_large};
use stslint_intake::{Found, Intake, Item, Limits};

/// Most parts that can't be read and are named.
const NAMED: usize = 20;

/// An input as it is linted.
pub(crate) struct Source {
    /// Its exact bytes: line ends and encoding are part of what is linted.
    pub(crate) bytes: Vec<u8>,
    /// The name of its file: of the attachment, where it is one.
    pub(crate) file_name: Option<String>,
    /// Whether it was unpacked.
    pub(crate) unpacked: bool,
    /// What stands beside it in the same archive, mail or mailbox and can't be read: where, and why.
    pub(crate) refused: Vec<(String, String)>,
}

/// Whether a path means standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Whether two paths lead to one file, by links of any kind. Neither is opened: that would disturb a pipe.
pub(crate) fn is_same(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let file = |path: &Path| path.metadata().map(|file| (file.dev(), file.ino()));
        a == b || matches!((file(a), file(b)), (Ok(a), Ok(b)) if a == b)
    }
    #[cfg(not(unix))]
    {
        a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
    }
}

/// Whether standard input is named once at most, as it can't be read again; if not, says so.
pub(crate) fn stdin_once(paths: &[PathBuf], terminal: &mut Terminal) -> bool {
    let once = paths.iter().filter(|path| is_stdin(path)).count() <= 1;
    if !once {
        terminal.complain("standard input (-) can be read only once");
    }
    once
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
///
/// Why it can't be read, as the end of a sentence.
pub(crate) fn read(file: &Path, declared: Option<Declared>) -> Result<Source, String> {
    let words = |error: std::io::Error| error.to_string();
    let bytes = if is_stdin(file) {
        limited(std::io::stdin().lock())
    } else if file.is_dir() {
        return Err("it is a directory; name the files in it".into());
    } else {
        limited(std::fs::File::open(file).map_err(words)?)
    };
    let bytes = bytes.map_err(words)?.ok_or("it has more than 20 MiB")?;
    let file_name = file.file_name().and_then(OsStr::to_str).filter(|_| !is_stdin(file));
    let file_name = file_name.map(str::to_owned);
    let mut source = Source { bytes, file_name, unpacked: false, refused: Vec::new() };
    if source.bytes.starts_with(&GZIP) {
        source = Source { bytes: unpack(&source.bytes)?, unpacked: true, ..source };
    }
    if declared.is_none_or(|declared| declared.kind == Kind::Report) {
        source = inside(source, &file.to_string_lossy())?;
    }
    match too_large(&source.bytes, declared) {
        Some(reason) => Err(reason.into()),
        None => Ok(source),
    }
}

/// A report may be in an archive, or attached to a mail whose source was saved. What can be read where it stands stays there.
fn inside(source: Source, path: &str) -> Result<Source, String> {
    let bytes = &source.bytes[..];
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let is_json = text.starts_with(b"{") || text.starts_with(b"[");
    let (mut first, mut others, mut dmarc) = (None, 0_usize, false);
    let (mut refused, mut refused_more) = (Vec::new(), 0_usize);
    let mut take = |item: Item| match (item.found, &first) {
        (Found::Report(json), None) => {
            let name = item.place.file_name().filter(|_| item.place.names().len() > 1);
            first = Some((json.to_vec(), name.map(str::to_owned)));
        }
        // Forwarding puts a report into a mail twice.
        (Found::Report(json), Some((known, _))) if json == &known[..] => {}
        (Found::Report(_), Some(_)) => others += 1,
        (Found::Refused(reason), _) if refused.len() < NAMED => {
            refused.push((item.place.to_string(), reason.to_string()));
        }
        (Found::Refused(_), _) => refused_more += 1,
        (Found::Dmarc, _) => dmarc = true,
        (Found::Other, _) => {}
    };
    let mut intake = Intake::new(path, Limits::default());
    intake.feed(bytes, &mut take);
    intake.finish(&mut take);
    if others > 0 {
        return Err(format!(
            "it holds {} reports; `stslint report` takes them together",
            others + 1
        ));
    }
    if is_json {
        return Ok(source);
    }
    let Some((json, file_name)) = first else {
        if let Some((_, reason)) = refused.into_iter().next()
            && carve::find(bytes, None).is_none()
        {
            return Err(reason);
        }
        return match (stslint_intake::is_archive(bytes), dmarc) {
            (true, true) => Err("it holds DMARC reports; stslint reads those about TLS".into()),
            (true, false) => Err("nothing in it is a TLS report".into()),
            (false, _) => Ok(source),
        };
    };
    if refused_more > 0 {
        refused.push((path.into(), format!("{refused_more} more parts can't be read")));
    }
    let stands_there = carve::report_text(bytes);
    match stands_there.is_some_and(|text| text.as_bytes().trim_ascii() == json.trim_ascii()) {
        true => Ok(Source { file_name, refused, ..source }),
        false => Ok(Source { bytes: json, file_name, unpacked: true, refused }),
    }
}

/// All bytes; none if there are more than there may be.
fn limited(reader: impl Read) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(MAX_REPORT as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= MAX_REPORT).then_some(bytes))
}

/// The content of gzip data, in which reports travel (RFC 8460 §5.2).
fn unpack(packed: &[u8]) -> Result<Vec<u8>, String> {
    stslint_intake::gunzip(packed, MAX_REPORT).map_err(|reason| reason.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use std::io::Write as _;

    fn packed(content: &[u8]) -> Vec<u8> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(content).expect("a vector takes it");
        gzip.finish().expect("a vector takes it")
    }

    #[test]
    fn members_are_read_one_after_the_other() {
        let two = [packed(b"{\"a\":"), packed(b"1}")].concat();
        assert_eq!(unpack(&two).as_deref(), Ok(&b"{\"a\":1}"[..]));
        assert_eq!(unpack(&packed(b"")).as_deref(), Ok(&b""[..]));
    }

    #[test]
    fn what_cannot_be_unpacked_has_a_reason() {
        let good = packed(b"{\"policies\":[]}");
        let mut wrong = good.clone();
        let checksum = wrong.len() - 8;
        wrong[checksum] ^= 1;
        for (data, reason) in [
            (good[..good.len() - 3].to_vec(), "its gzip data is cut off"),
            (good[..12].to_vec(), "its gzip data is cut off"),
            (wrong, "its gzip data is damaged"),
            ([&good[..], b"junk"].concat(), "there are 4 bytes after the end of its gzip data"),
            (packed(&vec![b' '; MAX_REPORT + 1]), "it unpacks to more than 20 MiB"),
            (
                [packed(&vec![b' '; MAX_REPORT]), packed(b" ")].concat(),
                "it unpacks to more than 20 MiB",
            ),
        ] {
            assert_eq!(unpack(&data), Err(reason.to_owned()));
        }
        assert_eq!(
            unpack(&packed(&vec![b' '; MAX_REPORT])).map(|content| content.len()),
            Ok(MAX_REPORT)
        );
    }
}
