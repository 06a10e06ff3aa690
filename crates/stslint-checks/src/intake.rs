//! What must hold of any file that reports are taken out of.

use crate::containers::{gzip, mail, mailbox, zip};
use crate::{Outcome, ensure, shown};
use std::hash::{DefaultHasher, Hash, Hasher};
use stslint_intake::{Found, Intake, Item, Limits, Reason, gunzip, is_archive};

/// What files are called. A name never decides what is in a file.
const NAMES: [&str; 8] = [
    "report.json",
    "report.json.gz",
    "reports.zip",
    "mail.eml",
    "mails.mbox",
    "dmarc.xml",
    "folder/2026.11\\a",
    "",
];

/// The most bytes of a text that a report may stand in, whatever the limit for reports is.
const TEXT: usize = 1 << 20;

/// The most characters of the name of something in a file.
const NAME: usize = 200;

/// Something that was found, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    /// The names on the way to it.
    place: Vec<String>,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A report: its length in bytes, and their hash.
    Report(usize, u64),
    Dmarc,
    Refused(Reason),
    Other,
}

/// Whatever is in a file, it is told within limits, and the pieces in which it comes make no difference.
///
/// The first byte is a letter in the seeds: bits 0 to 2 are the file's name, bit 3 takes the limits that users have in place of
/// some that a short file can reach, bit 4 feeds it byte by byte.
pub fn check(bytes: &[u8]) -> Outcome {
    let (settings, file) = bytes.split_first().unwrap_or((&b'@', &[]));
    let name = NAMES[usize::from(settings & 7)];
    let limits = if settings & 8 == 0 { near() } else { Limits::default() };
    let piece = if settings & 16 == 0 { 64 } else { 1 };
    let whole = read(name, file, &limits, usize::MAX)?;
    let about = |what: &str| format!("{what} in {}: {whole:?}", shown(file));
    ensure!(!whole.is_empty(), "{}", about("nothing is said of what is"));
    // Each entry or part gives an item, and each container around it may have bytes behind its end. Of a mailbox each mail has
    // that many.
    let of_no_mail = |told: &&Told| !told.place.iter().any(|name| name.starts_with("message "));
    let most = (limits.entries + 2) * (limits.depth + 2);
    ensure!(whole.iter().filter(of_no_mail).count() <= most, "{}", about("too much is told of"));
    let pieces = read(name, file, &limits, piece)?;
    // How much of damaged gzip data is told before the reason depends on the pieces, and so does how much of a file is known when
    // it is found to unpack to too much.
    let depends = |told: &Told| match told.what {
        What::Refused(reason) => {
            matches!(reason, Reason::Cut | Reason::Damaged | Reason::TooPacked(_))
        }
        _ => false,
    };
    if !whole.iter().chain(&pieces).any(depends) {
        ensure!(pieces == whole, "{}", about(&format!("pieces of {piece} give {pieces:?}")));
    }
    if is_archive(file) && file.len() <= limits.archive {
        let mut told = Ok(Vec::new());
        stslint_intake::archive(name, file, file.len() as u64, &limits, &mut |item| {
            add(&mut told, name, &item, &limits);
        });
        let told = told?;
        ensure!(told == whole, "{}", about(&format!("where it lies there is {told:?}")));
    }
    if let Ok(content) = gunzip(file, limits.report) {
        ensure!(content.len() <= limits.report, "{}", about("too much is unpacked"));
    }
    Ok(())
}

/// Limits that files of a few kilobytes can reach.
fn near() -> Limits {
    Limits {
        report: 8 << 10,
        mail: 16 << 10,
        archive: 16 << 10,
        depth: 8,
        entries: 16,
        ratio: 8,
        unpacked: 64 << 10,
    }
}

/// What is told of a file that comes in pieces.
fn read(name: &str, file: &[u8], limits: &Limits, piece: usize) -> Result<Vec<Told>, String> {
    let mut told = Ok(Vec::new());
    let mut take = |item: Item<'_>| add(&mut told, name, &item, limits);
    let mut intake = Intake::new(name, limits.clone());
    for piece in file.chunks(piece) {
        if intake.is_done() {
            break;
        }
        intake.feed(piece, &mut take);
    }
    intake.finish(&mut take);
    told
}

/// Notes an item; what is wrong with it is the outcome.
fn add(told: &mut Result<Vec<Told>, String>, file: &str, item: &Item<'_>, limits: &Limits) {
    let Ok(all) = told else { return };
    match within(file, item, limits) {
        Ok(()) => all.push(Told {
            place: item.place.names().map(str::to_owned).collect(),
            what: match item.found {
                Found::Report(json) => {
                    let mut hash = DefaultHasher::new();
                    json.hash(&mut hash);
                    What::Report(json.len(), hash.finish())
                }
                Found::Dmarc => What::Dmarc,
                Found::Refused(reason) => What::Refused(reason),
                Found::Other => What::Other,
            },
        }),
        Err(what) => *told = Err(what),
    }
}

/// An item is within its limits, and so is the way to it.
fn within(file: &str, item: &Item<'_>, limits: &Limits) -> Outcome {
    let place = item.place;
    // A name for each container, and one for the object in a list.
    let most = limits.depth + 2;
    ensure!(place.names().len() <= most, "{} names: {place}", place.names().len());
    ensure!(place.names().next() == Some(file), "{place:?} is not in {file:?}");
    let is_short = |name: &str| name.chars().count() <= NAME;
    ensure!(place.names().skip(1).all(is_short), "a long name: {place}");
    let own = place.file_name().unwrap_or_default();
    ensure!(!own.contains(['/', '\\']), "{own:?} is in a folder");
    if let Found::Report(json) = item.found {
        let most = limits.report.max(TEXT);
        ensure!(!json.is_empty() && json.len() <= most, "a report of {} bytes", json.len());
    }
    Ok(())
}

/// Files to start from: reports in everything that they travel in, and what is no report.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let report = |id: &str| {
        format!(
            "{{\"organization-name\":\"A\",\"date-range\":{{\"start-datetime\":\"2026-11-20T00:00:00Z\",\
             \"end-datetime\":\"2026-11-20T23:59:59Z\"}},\"report-id\":\"{id}\",\"policies\":[]}}"
        )
        .into_bytes()
    };
    let (one, two, three) = (report("1"), report("2"), report("3"));
    let dmarc = b"<?xml version=\"1.0\"?>\n<feedback>\n<report_metadata/></feedback>".to_vec();
    let (front, back) = one.split_at(40);
    let packed = gzip(&two);
    let mails = mailbox(&[mail("a.json.gz", &packed), mail("b.bin", &three)]);
    let archive = zip(&[("a.json", &one), ("in/b.json.gz", &packed), ("dmarc.xml", &dmarc)]);
    let mut damaged = archive.clone();
    if let Some(byte) = damaged.get_mut(76) {
        *byte ^= 0xff;
    }
    let quoted = b"From: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: \
        quoted-printable\nContent-Disposition: attachment; filename*0*=utf-8''r%C3%A9; filename*1=.json\n\n\
        {=22organization-name=22:=22A=22,=\n=22policies=22:[]}\n--b\nContent-Type: message/rfc822\n\nSubject: b\n\n--b--\n";
    let deep = (0..10).fold(three.clone(), |inner, _| gzip(&inner));
    let files: [(&str, char, Vec<u8>); 20] = [
        ("archive", 'B', archive.clone()),
        ("archive-as-limits-have-it", 'J', archive.clone()),
        ("archive-cut", 'B', archive[..archive.len() - 20].to_vec()),
        ("archive-damaged", 'B', damaged),
        ("deep", 'W', deep),
        ("dmarc", 'E', dmarc),
        ("everything", 'T', mailbox(&[mail("mails.zip", &zip(&[("mails.mbox", &mails)]))])),
        ("gzip", 'A', gzip(&one)),
        ("gzip-behind", 'A', [&packed[..], b"junk"].concat()),
        ("gzip-cut", 'A', packed[..packed.len() - 9].to_vec()),
        ("gzip-members", 'Q', [gzip(front), gzip(b""), gzip(back)].concat()),
        ("large", 'A', gzip(&[one.clone(), vec![b' '; 20_000]].concat())),
        ("lines", '@', [&one[..], b"\n", &two, b"\n", &three, b"\n"].concat()),
        ("list", '@', [&b"["[..], &one, b", ", &two, b"]"].concat()),
        ("mail", 'C', mail("a.json.gz", &packed)),
        ("mail-quoted", 'C', quoted.to_vec()),
        ("mailbox", 'D', mails.clone()),
        ("mailbox-marked", 'D', [&b"\xef\xbb\xbf"[..], &mailbox(&[mail("a", &three)])].concat()),
        ("mailbox-packed", 'I', gzip(&mails)),
        ("text", 'F', [&b"It says:\n\n    "[..], &one, b"\n"].concat()),
    ];
    let seed = |(name, settings, file): (&str, char, Vec<u8>)| {
        (name.to_owned(), [&[settings as u8][..], &file].concat())
    };
    files.into_iter().map(seed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bounds that nothing reaches would hold of anything.
    #[test]
    fn seeds_reach_the_near_limits() {
        let mut reasons = Vec::new();
        let mut reports = 0;
        for (_, bytes) in files() {
            for told in read("x", &bytes[1..], &near(), usize::MAX).expect("all is within bounds") {
                match told.what {
                    What::Refused(reason) => reasons.push(reason),
                    What::Report(..) => reports += 1,
                    What::Dmarc | What::Other => {}
                }
            }
        }
        for wanted in [
            Reason::Behind(4),
            Reason::Cut,
            Reason::CutArchive,
            Reason::DamagedArchive,
            Reason::TooDeep(8),
            Reason::TooLargeUnpacked(8 << 10),
        ] {
            assert!(reasons.contains(&wanted), "{wanted:?} is not among {reasons:?}");
        }
        assert!(reports >= 20, "{reports}");
    }
}
