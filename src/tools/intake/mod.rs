//! Reports out of what they travel in: what was packed, archived or attached is opened as if it had been given alone. The
//! command unpacks with the same crate.

use crate::request::{Batch, Notice, Opened, Packed, Request};
use crate::state::{Action, Dispatcher, Intake};
use crate::text::{Excess, FILE_LIMIT};
use stslint::GZIP;
use stslint_intake::{Found, Limits, gunzip};

/// What the page calls.
pub(crate) static TABLE: Intake = Intake { open };

/// What may come of one file, in bytes: the page has nothing else to do meanwhile.
const UNPACKED: u64 = 16 << 20;

/// A report with the name of its file.
type File = (String, Vec<u8>);

/// What was found in something.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// It is nothing that holds others: to be opened as it is.
    AsItIs(Vec<u8>),
    /// One report, and what has to be said beside it.
    Report(File, String),
    /// It holds several reports.
    Reports(Vec<u8>),
    /// JSON that was packed; it may be a result of stslint.
    Json(Vec<u8>),
    /// Nothing to open, and why.
    Nothing(String),
}

/// Opens what is in a file or in what was pasted.
fn open(dispatcher: &Dispatcher, Packed { name, bytes, alone }: Packed) {
    let what = name.as_ref().map_or("the pasted mail".into(), |name| format!("the file {name}"));
    let action = match look(name.as_deref().unwrap_or_default(), bytes) {
        Outcome::AsItIs(bytes) => match name {
            Some(name) => Request::file(&name, bytes).into(),
            None => match Excess::of(&String::from_utf8_lossy(&bytes)) {
                Some(excess) => Request::too_much("The pasted text", None, bytes, excess).into(),
                None => Request::Open(Opened { bytes: Some(bytes), ..Opened::default() }).into(),
            },
        },
        Outcome::Report((file_name, bytes), beside) => {
            match Excess::of(&String::from_utf8_lossy(&bytes)) {
                Some(excess) if alone => {
                    Request::refuse(&format!("The report in {what}"), excess).into()
                }
                Some(_) => Action::Gather(Batch::Bytes(Some(file_name), bytes)),
                None => Request::Open(Opened {
                    bytes: Some(bytes),
                    line_ends_known: true,
                    file_name: Some(file_name).filter(|name| !name.is_empty()),
                    what: format!("the report in {what}{beside}"),
                    ..Opened::default()
                })
                .into(),
            }
        }
        Outcome::Reports(_) if alone => {
            let words = format!(
                "In {what} there are several reports, and the editor shows one at a time. They are counted in what stands here."
            );
            Request::Notice(Notice::problem(words)).into()
        }
        Outcome::Reports(bytes) => Action::Gather(Batch::Bytes(name, bytes)),
        Outcome::Json(bytes) => Action::Import(name.unwrap_or_default(), bytes),
        Outcome::Nothing(why) => {
            let words = format!("There is no report in {what}: {why}. Your text is as it was.");
            Request::Notice(Notice::problem(words)).into()
        }
    };
    dispatcher.emit(action);
}

/// Looks into something.
fn look(name: &str, bytes: Vec<u8>) -> Outcome {
    let (mut bytes, mut damaged) = (bytes, None);
    if bytes.starts_with(&GZIP) {
        // Anything may be packed, and what is behind its end is no reason to read nothing.
        match gunzip(&bytes, FILE_LIMIT) {
            Ok(content) if !holds_others(&content) => {
                return match content.trim_ascii_start().first() {
                    Some(b'{') => Outcome::Json(content),
                    _ => Outcome::AsItIs(content),
                };
            }
            Ok(content) => bytes = content,
            Err(reason) => damaged = Some(reason),
        }
    }
    let limits = Limits { report: FILE_LIMIT, unpacked: UNPACKED, ratio: 0, ..Limits::default() };
    let (mut reports, mut refused, mut dmarc) = (Vec::new(), None, 0_usize);
    let mut take = |item: stslint_intake::Item| match item.found {
        // The line end before the boundary of a mail's part is none of it (RFC 2046 §5.1.1).
        Found::Report(json) => {
            let json = json.trim_ascii_end().to_vec();
            reports.push((item.place.file_name().unwrap_or_default().to_owned(), json));
        }
        Found::Refused(reason) => refused = refused.take().or(Some(reason)),
        Found::Dmarc => dmarc += 1,
        Found::Other => {}
    };
    let mut intake = stslint_intake::Intake::new(name, limits);
    intake.feed(&bytes, &mut take);
    intake.finish(&mut take);
    match (reports.len(), refused, dmarc) {
        (1, refused, _) => {
            let beside = refused.map(|reason| format!(", of which a part can’t be read ({reason})"));
            Outcome::Report(reports.remove(0), beside.unwrap_or_default())
        }
        (2.., ..) => Outcome::Reports(bytes),
        (0, Some(reason), _) => Outcome::Nothing(damaged.unwrap_or(reason).to_string()),
        (0, None, 1..) => Outcome::Nothing(
            "it holds DMARC reports, which tell of senders that use your name; stslint reads those about TLS".into(),
        ),
        // A mail may hold a policy, or be a bounce.
        (0, None, 0) if is_binary(&bytes) => Outcome::Nothing(damaged.map_or_else(
            || "nothing that is packed in it is one".into(),
            |reason| reason.to_string(),
        )),
        (0, None, 0) => Outcome::AsItIs(bytes),
    }
}

/// Whether it is an archive or packed.
fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(&GZIP) || bytes.starts_with(b"PK\x03\x04")
}

/// Whether something else may be in it: an archive, packed data, a mail.
fn holds_others(bytes: &[u8]) -> bool {
    is_binary(bytes) || bytes.starts_with(b"From ") || has_header(bytes)
}

/// Whether it begins with the header of a mail.
fn has_header(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let name = first.split(|byte| *byte == b':').next().unwrap_or_default();
    [
        &b"received"[..],
        b"return-path",
        b"delivered-to",
        b"from",
        b"date",
        b"mime-version",
        b"subject",
    ]
    .iter()
    .any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &[u8] = br#"{"organization-name": "Acme", "policies": []}"#;
    const MAIL: &str = "From: a@acme.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=x\r\n\r\n";

    fn part(name: &str, content: &[u8]) -> String {
        let content = str::from_utf8(content).expect("text");
        format!("--x\r\nContent-Type: application/tlsrpt+json; name={name}\r\n\r\n{content}\r\n")
    }

    #[test]
    fn a_report_in_a_mail_is_opened_and_several_are_taken_together() {
        let one = [MAIL, &part("a.json", REPORT), "--x--\r\n"].concat();
        let report = |name: &str| (name.to_owned(), REPORT.to_vec());
        assert_eq!(
            look("m.eml", one.into_bytes()),
            Outcome::Report(report("a.json"), String::new())
        );
        let two = [MAIL, &part("a.json", REPORT), &part("b.json", REPORT), "--x--\r\n"].concat();
        let two = two.into_bytes();
        assert_eq!(look("m.eml", two.clone()), Outcome::Reports(two));
    }

    #[test]
    fn what_holds_no_report_is_opened_as_it_is_or_told() {
        let mail = [MAIL, "--x\r\n\r\nhello\r\n--x--\r\n"].concat().into_bytes();
        assert_eq!(look("m.eml", mail.clone()), Outcome::AsItIs(mail));
        let Outcome::Nothing(why) = look("x.zip", b"PK\x03\x04".to_vec()) else { panic!("a zip") };
        assert!(why.contains("zip archive"), "{why}");
        let Outcome::Nothing(why) = look("x.gz", [&GZIP[..], b"junk"].concat()) else {
            panic!("gzip")
        };
        assert!(why.contains("gzip data"), "{why}");
        let dmarc = br#"<?xml version="1.0"?><feedback><report_metadata/></feedback>"#;
        let Outcome::Nothing(why) = look("d.xml", dmarc.to_vec()) else { panic!("DMARC") };
        assert!(why.contains("DMARC"), "{why}");
    }
}
