//! What files come in.

use rawzip::{CompressionMethod, ZipArchiveWriter};
use std::io::Write as _;

/// Puts files into an archive as they are.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut made = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut made);
    for (name, content) in files {
        let file = archive.new_file(*name).compression_method(CompressionMethod::STORE);
        let (mut entry, config) = file.start().expect("a good name");
        let mut writer = config.wrap(&mut entry);
        writer.write_all(content).expect("a vector takes it");
        let (_, descriptor) = writer.finish().expect("a vector takes it");
        entry.finish(descriptor).expect("a vector takes it");
    }
    archive.finish().expect("a vector takes it");
    made
}
