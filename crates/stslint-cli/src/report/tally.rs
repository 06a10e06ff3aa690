//! Reading files and adding up what is in them: many at a time, and told in their order.

use super::files;
use crate::lint::to_ascii;
use crate::source::is_stdin;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek as _};
use std::path::Path;
use stslint::report::aggregate::{Day, Row, day_of, key, may_be_about, rows};
use stslint_intake::{FileReader, Found, Intake, Item, Limits, Place};
use stslint_worker::Outcome;

/// How much of a file is read at a time.
const PIECE: usize = 64 << 10;

/// A file of at least so many bytes is read alone, and the reports in it are looked at side by side; smaller ones are read side by
/// side.
const LARGE: u64 = 1 << 20;

/// How many files or reports, and how many bytes of them, are looked at before what came of them is told.
const BATCH: usize = 512;
const BATCH_BYTES: usize = 4 << 20;

/// How many where rows are written: those of a report may be many times its bytes, and wait until the batch is told.
const ROW_BATCH: usize = 32;

/// How many of a batch one thread takes at a time.
const SHARE: usize = 16;

/// What came of some files.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) outcome: Outcome,
    /// The rows of each report, where those are wanted.
    pub(super) rows: Vec<Rows>,
    /// Keys of reports that are in no numbers because their time can't be read.
    pub(super) undated: Vec<u128>,
    /// Reports that came and are about other domains than the one that is asked for.
    pub(super) elsewhere: Elsewhere,
    /// Whether a file that was named can't be read.
    pub(super) is_missing: bool,
}

/// So many names of domains are told.
const MOST_NAMES: usize = 5;

/// Reports about other domains.
#[derive(Default)]
pub(super) struct Elsewhere {
    /// Their keys: copies count once.
    pub(super) reports: HashSet<u128>,
    /// The first of these domains, in the order of their names.
    pub(super) domains: BTreeSet<String>,
}

impl Elsewhere {
    pub(super) fn merge(&mut self, other: Self) {
        self.reports.extend(other.reports);
        self.name(other.domains.iter().map(String::as_str));
    }

    pub(super) fn name<'d>(&mut self, domains: impl IntoIterator<Item = &'d str>) {
        for domain in domains {
            self.domains.insert(domain.to_ascii_lowercase());
            if self.domains.len() > MOST_NAMES {
                self.domains.pop_last();
            }
        }
    }
}

/// Rows of a report, written down.
pub(super) struct Rows {
    /// The same for reports that come twice.
    pub(super) key: u128,
    pub(super) text: String,
}

/// How files are read.
pub(super) struct Reader {
    /// Reports of earlier days have no rows, nor have those without a day. They are taken all the same: whether a domain can be
    /// enforced depends on them.
    since: Option<Day>,
    /// How a row is written, if it is wanted.
    row: Option<WriteRow>,
    /// Reports without a policy about this domain are left out.
    domain: Option<String>,
}

/// Writes a row with its line end; nothing for one that is not wanted.
pub(super) type WriteRow = Box<dyn Fn(&Row) -> String + Sync>;

/// Something to look at.
enum Work<'f> {
    File(&'f files::File),
    Report(Place, Vec<u8>),
    /// Anything else that was found.
    Other(Place, Found<'static>),
    /// A file that can't be read on, and why.
    Unread(&'f files::File, io::Error),
}

impl Tally {
    /// Takes a file that can't be read.
    fn miss(&mut self, file: &files::File, error: &io::Error) {
        self.is_missing |= file.is_named;
        self.outcome.refuse(file.path.to_string_lossy().into_owned(), error.to_string());
    }
}

impl Reader {
    pub(super) fn new(since: Option<Day>, domain: Option<String>, row: Option<WriteRow>) -> Self {
        Self { since, row, domain }
    }

    /// Reads files and tells, in their order, what comes of them, and how many bytes of them are behind.
    pub(super) fn read(&self, files: &[files::File], tell: &mut dyn FnMut(Tally, u64)) {
        let mut batch = Batch { reader: self, work: Vec::new(), bytes: 0, passed: 0 };
        for file in files {
            if file.size < LARGE && !file.is_stream {
                batch.passed += file.size;
                batch.add(Work::File(file), file.size as usize);
            } else {
                let read = feed(&file.path, &mut |event| match event {
                    Event::Found(item) => batch.add_item(item),
                    Event::Passed(bytes) => {
                        batch.passed += bytes;
                        batch.tell_if_full(tell);
                    }
                });
                if let Err(error) = read {
                    batch.add(Work::Unread(file, error), 0);
                }
            }
            batch.tell_if_full(tell);
        }
        batch.tell(tell);
    }

    fn look(&self, work: &Work, tally: &mut Tally) {
        match work {
            Work::File(file) => {
                let read = feed(&file.path, &mut |event| match event {
                    Event::Found(item) => self.take(item, tally),
                    Event::Passed(_) => {}
                });
                if let Err(error) = read {
                    tally.miss(file, &error);
                }
            }
            Work::Report(place, json) => {
                self.take(Item { place, found: Found::Report(json) }, tally);
            }
            Work::Other(place, found) => self.take(Item { place, found: *found }, tally),
            Work::Unread(file, error) => tally.miss(file, error),
        }
    }

    /// Takes what was found, with the rows of a report that counts.
    fn take(&self, item: Item, tally: &mut Tally) {
        tally.outcome.take(item, to_ascii, &mut |content, habits| {
            if self.domain.as_deref().is_some_and(|domain| !may_be_about(content, domain)) {
                let named = content.policies.iter().filter_map(|policy| policy.domain.as_deref());
                tally.elsewhere.reports.insert(key(content, habits));
                tally.elsewhere.name(named);
                return false;
            }
            let day = day_of(content);
            if self.since.is_some_and(|since| day.is_none_or(|day| day < since)) {
                if day.is_none() {
                    tally.undated.push(key(content, habits));
                }
                return true;
            }
            if let Some(row) = &self.row {
                let text = rows(content).map(|it| row(&it)).collect();
                tally.rows.push(Rows { key: key(content, habits), text });
            }
            true
        });
    }
}

/// What waits to be looked at.
struct Batch<'r, 'f> {
    reader: &'r Reader,
    work: Vec<Work<'f>>,
    /// Bytes of what waits.
    bytes: usize,
    /// Bytes of files that are behind when it is told.
    passed: u64,
}

impl<'f> Batch<'_, 'f> {
    fn add(&mut self, work: Work<'f>, bytes: usize) {
        self.work.push(work);
        self.bytes += bytes;
    }

    /// Adds what was found in a file that is read alone.
    fn add_item(&mut self, item: Item) {
        let place = item.place.clone();
        let (work, bytes) = match item.found {
            Found::Report(json) => (Work::Report(place, json.to_vec()), json.len()),
            Found::Dmarc => (Work::Other(place, Found::Dmarc), 0),
            Found::Refused(reason) => (Work::Other(place, Found::Refused(reason)), 0),
            Found::Other => (Work::Other(place, Found::Other), 0),
        };
        self.add(work, bytes);
    }

    fn tell_if_full(&mut self, tell: &mut dyn FnMut(Tally, u64)) {
        let most = if self.reader.row.is_some() { ROW_BATCH } else { BATCH };
        if self.work.len() >= most || self.bytes >= BATCH_BYTES {
            self.tell(tell);
        }
    }

    /// Looks at all that waits, and tells what comes of it.
    fn tell(&mut self, tell: &mut dyn FnMut(Tally, u64)) {
        let look = |works: &[Work]| {
            let mut tally = Tally::default();
            works.iter().for_each(|work| self.reader.look(work, &mut tally));
            tally
        };
        let looked: Vec<Tally> = self.work.par_chunks(SHARE).map(look).collect();
        let mut passed = std::mem::take(&mut self.passed);
        for tally in looked {
            tell(tally, std::mem::take(&mut passed));
        }
        self.work.clear();
        self.bytes = 0;
    }
}

/// What happens while a file is read.
enum Event<'a> {
    Found(Item<'a>),
    /// So many bytes more are behind.
    Passed(u64),
}

/// Reads a file, or standard input for `-`, as far as there may be something in it.
fn feed(path: &Path, on: &mut dyn FnMut(Event)) -> io::Result<()> {
    let mut reader: Box<dyn Read> = match is_stdin(path) {
        true => Box::new(io::stdin().lock()),
        false => {
            let mut file = File::open(path)?;
            let metadata = file.metadata()?;
            if metadata.is_file() && metadata.len() >= LARGE && is_archive(&mut file)? {
                feed_archive(path, file, metadata.len(), on);
                return Ok(());
            }
            Box::new(file)
        }
    };
    let mut intake = Intake::new(&path.to_string_lossy(), Limits::default());
    let mut piece = vec![0; PIECE];
    while !intake.is_done() {
        let count = match reader.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        intake.feed(&piece[..count], &mut |item| on(Event::Found(item)));
        on(Event::Passed(count as u64));
    }
    intake.finish(&mut |item| on(Event::Found(item)));
    Ok(())
}

/// Whether a file is a zip archive. It stands at its beginning afterwards.
fn is_archive(file: &mut File) -> io::Result<bool> {
    let mut head = Vec::new();
    file.by_ref().take(4).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(stslint_intake::is_archive(&head))
}

/// Reads an archive where it lies, however large it is.
fn feed_archive(path: &Path, file: File, length: u64, on: &mut dyn FnMut(Event)) {
    let (name, reader) = (path.to_string_lossy(), FileReader::from(file));
    stslint_intake::archive(&name, reader, length, &Limits::default(), &mut |item| {
        on(Event::Found(item));
        // Nobody knows how far it is, but what was found need not wait.
        on(Event::Passed(0));
    });
    on(Event::Passed(length));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_about_other_domains_take_no_room() {
        let reader = Reader::new(None, Some("a.example".into()), None);
        let mut tally = Tally::default();
        for number in 0..200 {
            let domain =
                if number == 7 { "a.example".into() } else { format!("d{number}.example") };
            let json = format!(
                r#"{{"organization-name":"A","report-id":"{number}","policies":[
                {{"policy":{{"policy-type":"sts","policy-domain":"{domain}"}}}}]}}"#
            );
            let mut intake = Intake::new("report.json", Limits::default());
            intake.feed(json.as_bytes(), &mut |item| reader.take(item, &mut tally));
            intake.finish(&mut |item| reader.take(item, &mut tally));
        }
        let mut alone = Outcome::default();
        alone.merge(&tally.outcome);
        assert_eq!(alone.aggregate.len(), 1);
        // Not even their names are kept.
        let bytes = alone.aggregate.to_bytes(stslint::report::aggregate::Scope::Whole);
        assert!(bytes.windows(9).any(|it| it == b"a.example"));
        assert!(!bytes.windows(9).any(|it| it == b"7.example"), "d17.example is in it");
    }
}
