//! What comes out of files, archives, mails and mailboxes.

mod bombs;
mod containers;
mod mails;
mod properties;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use std::borrow::Cow;
use std::io::Write;
use stslint_intake::{Found, Intake, Limits};

/// A report that is told apart from others by its id.
fn report(id: &str) -> String {
    format!(
        "{{\"organization-name\":\"A\",\"date-range\":{{\"start-datetime\":\"2026-11-20T00:00:00Z\",\
         \"end-datetime\":\"2026-11-20T23:59:59Z\"}},\"report-id\":\"{id}\",\"policies\":[]}}"
    )
}

const DMARC: &str = "<?xml version=\"1.0\"?>\n<feedback>\n<report_metadata/></feedback>";

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(content).expect("a vector takes it");
    gzip.finish().expect("a vector takes it")
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut made = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut made);
    for (name, content) in files {
        let file = archive.new_file(*name).compression_method(rawzip::CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().expect("a good name");
        let encoder = DeflateEncoder::new(&mut entry, Compression::default());
        let mut writer = config.wrap(encoder);
        writer.write_all(content).expect("a vector takes it");
        let (encoder, descriptor) = writer.finish().expect("a vector takes it");
        encoder.finish().expect("a vector takes it");
        entry.finish(descriptor).expect("a vector takes it");
    }
    archive.finish().expect("a vector takes it");
    made
}

/// A mail with something attached in Base64.
fn mail(name: &str, content: &[u8]) -> Vec<u8> {
    use base64ct::{Base64, Encoding};
    let digits = Base64::encode_string(content);
    let lines: Vec<_> = digits.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
    format!(
        "From: a@example.com\nSubject: Report\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nA report.\n--b\n\
         Content-Type: application/tlsrpt+gzip; name=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{}\n--b--\n",
        lines.join("\n")
    )
    .into_bytes()
}

/// Mails in one file.
fn mailbox(mails: &[Vec<u8>]) -> Vec<u8> {
    let mut all = Vec::new();
    for mail in mails {
        all.extend_from_slice(b"From a@example.com Fri Nov 20 12:00:00 2026\n");
        all.extend_from_slice(mail);
        all.push(b'\n');
    }
    all
}

/// What is found, a line for each: its place, and what it is; of a report its id.
fn read_with(name: &str, bytes: &[u8], limits: &Limits, piece: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut take = |item: stslint_intake::Item| {
        let what = match item.found {
            Found::Report(json) => {
                let text = String::from_utf8_lossy(json);
                let report = stslint::report::content(&text);
                let id = report.and_then(|report| report.id.map(Cow::into_owned));
                format!("report {}", id.as_deref().unwrap_or("broken"))
            }
            Found::Dmarc => "DMARC".into(),
            Found::Refused(reason) => reason.to_string(),
            Found::Other => "other".into(),
        };
        found.push(format!("{}: {what}", item.place));
    };
    let mut intake = Intake::new(name, limits.clone());
    for piece in bytes.chunks(piece) {
        if intake.is_done() {
            break;
        }
        intake.feed(piece, &mut take);
    }
    intake.finish(&mut take);
    found
}

fn read(name: &str, bytes: &[u8]) -> Vec<String> {
    let whole = read_with(name, bytes, &Limits::default(), usize::MAX);
    // The pieces make no difference.
    for piece in [1 << 16, 1000, 7] {
        if bytes.len() / piece < 20_000 {
            assert_eq!(read_with(name, bytes, &Limits::default(), piece), whole, "{piece}");
        }
    }
    whole
}
