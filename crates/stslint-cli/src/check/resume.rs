//! Rows in a file that a run writes as they come, and goes on with where an earlier run of the same list ended.

use super::list::Entry;
use super::row::{self, Line, Row};
use crate::settings::Settings;
use std::collections::hash_map::DefaultHasher;
use std::fs::{File, OpenOptions, TryLockError};
use std::hash::{Hash, Hasher};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use stslint::text::visible;

/// Longest row that is read, in bytes.
const ROW: u64 = 16 << 20;

/// How each row begins.
const ROW_START: &[u8] = b"{\"schema\":";

/// The most entries of a list that can be gone on with: 8 bytes of memory each.
const MOST: u64 = 1 << 30;

/// The file, and what stands in it.
#[derive(Debug)]
pub(super) struct Resume {
    path: PathBuf,
    file: BufWriter<File>,
    /// By the number of an entry, less one: a hash of what it was about; 0 for what is not done.
    done: Vec<u64>,
}

impl Resume {
    /// Opens a file with rows, which need not be there yet. `each` gets those in it that are done: what could not be looked
    /// up is looked up again, and the last row of a number counts. A last row without an end is what was being written when
    /// the earlier run ended: it goes.
    ///
    /// # Errors
    ///
    /// It can't be used, or its run did not connect to mail hosts as this one does, or ignored other findings: why, as a
    /// sentence.
    pub(super) fn open(
        path: &Path,
        smtp: bool,
        settings: &Settings,
        mut each: impl FnMut(&Line),
    ) -> Result<Self, String> {
        let why =
            |why: &dyn std::fmt::Display| format!("can't go on with {}: {why}", path.display());
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(|error| why(&error))?;
        // Two runs that write would tear each other's rows. Where files can't be locked, nobody is kept off.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(why(&"another run is writing it"));
        }
        let mut rows = BufReader::new(file);
        let (mut done, mut end, mut number) = (Vec::new(), 0, 0_u64);
        loop {
            let mut text = Vec::new();
            let read = rows.by_ref().take(ROW).read_until(b'\n', &mut text);
            let read = read.map_err(|error| why(&error))? as u64;
            if text.last() != Some(&b'\n') {
                if read == ROW {
                    return Err(why(&format!("line {} is no row, but longer", number + 1)));
                }
                // It may be another file, given by mistake.
                if !text.starts_with(ROW_START) && !ROW_START.starts_with(&text) {
                    return Err(why(&format!("line {} is no row", number + 1)));
                }
                break;
            }
            number += 1;
            end += read;
            let line: Line = serde_json::from_slice(&text)
                .map_err(|error| why(&format!("line {number} is no row: {error}")))?;
            if let Line::Domain(row) = &line
                && row.smtp != smtp
            {
                let said =
                    if row.smtp { "with --smtp, and this is without" } else { "without --smtp" };
                return Err(why(&format!("that run was {said}")));
            }
            let (place, hash) = match &line {
                Line::Domain(row) => (row.number, hash(&row.domain)),
                Line::Unfit(unfit) => (unfit.number, hash(&unfit.text)),
                Line::Gone(_) => return Err(why(&"it has rows of --since")),
            };
            if !(1..=MOST).contains(&place) {
                return Err(why(&format!("line {number} has the number {place}")));
            }
            let at = place as usize - 1;
            if at >= done.len() {
                done.resize(at + 1, 0);
            }
            let is_done = !matches!(&line, Line::Domain(row) if !row.complete);
            if let (true, Line::Domain(row)) = (is_done, &line)
                && let Some(difference) = other_settings(row, settings)
            {
                return Err(why(&difference));
            }
            done[at] = if is_done { hash } else { 0 };
            if is_done {
                each(&line);
            }
        }
        let mut file = rows.into_inner();
        file.set_len(end)
            .and_then(|()| file.seek(SeekFrom::Start(end)))
            .map_err(|error| why(&error))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file), done })
    }

    /// Whether an entry is done.
    ///
    /// # Errors
    ///
    /// Its number stands in the file for something else: why nothing can go on, as a sentence.
    pub(super) fn has(&self, entry: &Entry) -> Result<bool, String> {
        let at = usize::try_from(entry.number - 1).unwrap_or(usize::MAX);
        let known = self.done.get(at).copied().filter(|known| *known != 0);
        let text = match &entry.what {
            Ok(check) => hash(check.domain()),
            Err(unfit) => hash(&row::Unfit::new(0, None, &unfit.text, unfit.why).text),
        };
        match known {
            None => Ok(false),
            Some(known) if known == text => Ok(true),
            Some(_) => Err(format!(
                "{} has rows of another list: entry {} of this one is another there. Give the list of that run, or another file",
                self.path.display(),
                entry.number
            )),
        }
    }

    /// Writes a row, whole.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub(super) fn add(&mut self, line: &Line) -> io::Result<()> {
        serde_json::to_writer(&mut self.file, line).map_err(io::Error::from)?;
        self.file.write_all(b"\n")?;
        self.file.flush()
    }
}

/// What this run would have put elsewhere in a row, as a sentence goes on; none where the row is as this run would write it.
/// A row has what was ignored as well, so what the earlier run was told need not be known.
fn other_settings(row: &Row, settings: &Settings) -> Option<String> {
    let ignoring = settings.for_domain(&row.domain);
    let told = row.findings.iter().find(|finding| ignoring.ignores(&finding.code));
    let ignored = row.ignored.iter().find(|finding| !ignoring.ignores(&finding.code));
    let (finding, was, is) = match (told, ignored) {
        (Some(finding), _) => (finding, "told", "ignores"),
        (None, Some(finding)) => (finding, "ignored", "tells"),
        (None, None) => return None,
    };
    let (code, domain) = (visible(&finding.code), visible(&row.domain));
    Some(format!(
        "that run {was} {code} of {domain}, and this {is} it. Give --select, --ignore and stslint.toml of that run, or another file"
    ))
}

/// A hash that is not 0.
fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish() | 1
}
