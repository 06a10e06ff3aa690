//! Reading what there is to lint, and no more of it than there may be.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use stslint::{Declared, GZIP, Kind, MAX_REPORT, carve, too_large};
use stslint_intake::{Found, Intake, Item, Limits, Reason};

/// An input as it is linted.
pub(crate) struct Source {
    /// Its exact bytes: line ends and encoding are part of what is linted.
    pub(crate) bytes: Vec<u8>,
    /// The name of its file: of the attachment, where it is one.
    pub(crate) file_name: Option<String>,
    /// Whether it was unpacked.
    pub(crate) unpacked: bool,
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
///
/// Why it can't be read, as the end of a sentence.
pub(crate) fn read(file: &Path, declared: Option<Declared>) -> Result<Source, String> {
    let words = |error: std::io::Error| error.to_string();
    let is_stdin = file.as_os_str() == "-";
    let bytes = if is_stdin {
        limited(std::io::stdin().lock())
    } else if file.is_dir() {
        return Err("it is a directory; name the files in it".into());
    } else {
        limited(std::fs::File::open(file).map_err(words)?)
    };
    let bytes = bytes.map_err(words)?.ok_or("it has more than 20 MiB")?;
    let file_name = file.file_name().and_then(OsStr::to_str).filter(|_| !is_stdin);
    let mut source = Source { bytes, file_name: file_name.map(str::to_owned), unpacked: false };
    if source.bytes.starts_with(&GZIP) {
        source = Source { bytes: unpack(&source.bytes)?, unpacked: true, ..source };
    } else if declared.is_none_or(|declared| declared.kind == Kind::Report) {
        source = attached(source).map_err(|reason| reason.to_string())?;
    }
    match too_large(&source.bytes, declared) {
        Some(reason) => Err(reason.into()),
        None => Ok(source),
    }
}

/// A report may be attached to a mail whose source was saved. What can be read where it stands stays there.
fn attached(source: Source) -> Result<Source, Reason> {
    let bytes = &source.bytes[..];
    if bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"[") {
        return Ok(source);
    }
    let (mut report, mut refused) = (None, None);
    let mut take = |item: Item| match item.found {
        Found::Report(json) if report.is_none() => {
            let name = item.place.file_name().filter(|_| item.place.names().len() > 1);
            report = Some((json.to_vec(), name.map(str::to_owned)));
        }
        Found::Refused(reason) => refused = refused.or(Some(reason)),
        _ => {}
    };
    let mut intake = Intake::new("", Limits::default());
    intake.feed(bytes, &mut take);
    intake.finish(&mut take);
    match (report, refused) {
        (Some((json, file_name)), _) => {
            let stands_there = carve::report_text(bytes);
            match stands_there.is_some_and(|text| text.as_bytes().trim_ascii() == json.trim_ascii())
            {
                true => Ok(Source { file_name, ..source }),
                false => Ok(Source { bytes: json, file_name, unpacked: true }),
            }
        }
        (None, Some(reason)) if carve::find(bytes, None).is_none() => Err(reason),
        (None, _) => Ok(source),
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
