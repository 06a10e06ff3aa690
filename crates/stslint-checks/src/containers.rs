//! What reports travel in, made on the spot: for the tests of whoever unpacks it, and for the fuzz targets.

use base64ct::{Base64, Encoding};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use std::io::Write;

/// One member of gzip (RFC 1952).
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(content).expect("a vector takes it");
    gzip.finish().expect("a vector takes it")
}

/// A zip archive of files with these names, compressed with deflate.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut made = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut made);
    for (name, content) in files {
        let file = archive.new_file(*name).compression_method(CompressionMethod::DEFLATE);
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

/// A mail with something attached in Base64, behind a part in words.
pub fn mail(name: &str, content: &[u8]) -> Vec<u8> {
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

/// Mails in one file (RFC 4155).
pub fn mailbox(mails: &[Vec<u8>]) -> Vec<u8> {
    let mut all = Vec::new();
    for mail in mails {
        all.extend_from_slice(b"From a@example.com Fri Nov 20 12:00:00 2026\n");
        all.extend_from_slice(mail);
        all.push(b'\n');
    }
    all
}
