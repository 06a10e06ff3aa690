//! Which files there are to read.

use crate::source::is_stdin;
use std::ffi::OsStr;
use std::path::PathBuf;
use walkdir::{DirEntry, WalkDir};

/// A file to read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    /// Its path as it was given, or below a folder that was.
    pub(super) path: PathBuf,
    /// Its bytes, as far as known; 0 for standard input.
    pub(super) size: u64,
    /// Whether it was named, and does not only lie in a folder that was.
    pub(super) is_named: bool,
    /// Whether nobody knows how much is in it: standard input, a pipe, a device.
    pub(super) is_stream: bool,
}

/// All files at some paths, each folder with what is in it, sorted by their names so that the result is always the same; and what can't
/// be listed, with the reason.
pub(super) fn list(paths: &[PathBuf]) -> (Vec<File>, Vec<(PathBuf, String)>) {
    let (mut files, mut unlisted) = (Vec::new(), Vec::new());
    for path in paths {
        if is_stdin(path) {
            files.push(File { path: path.clone(), size: 0, is_named: true, is_stream: true });
            continue;
        }
        let walk = WalkDir::new(path).follow_links(true).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(|entry| !is_unfinished(entry)) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                // What is named may be a pipe; what lies in a folder had better be a file.
                Ok(entry) if entry.depth() > 0 && !entry.file_type().is_file() => {}
                Ok(entry) => {
                    let size = entry.metadata().map_or(0, |metadata| metadata.len());
                    files.push(File {
                        size,
                        is_named: entry.depth() == 0,
                        is_stream: !entry.file_type().is_file(),
                        path: entry.into_path(),
                    });
                }
                Err(error) => {
                    let at = error.path().unwrap_or(path).to_owned();
                    unlisted.push((at, why(&error)));
                }
            }
        }
    }
    (files, unlisted)
}

fn why(error: &walkdir::Error) -> String {
    if error.loop_ancestor().is_some() {
        return "it leads back to a folder that it is in".into();
    }
    error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Whether it is the folder of a Maildir in which mails stand while they come in.
fn is_unfinished(entry: &DirEntry) -> bool {
    let beside =
        |name: &str| entry.path().parent().is_some_and(|parent| parent.join(name).is_dir());
    entry.depth() > 0
        && entry.file_name() == OsStr::new("tmp")
        && entry.file_type().is_dir()
        && beside("cur")
        && beside("new")
}
