//! Rows on their way out, in the form that was asked for, and beside an earlier run where one is given.

use super::fleet::Shard;
use super::junit::Suite;
use super::list::Entry;
use super::nagios::Plugin;
use super::prometheus::Metrics;
use super::resume::Resume;
use super::row::{Gone, Line, Row, SCHEMA, Severity, Unfit};
use super::since::{Change, Kind, Last, earlier};
use crate::exit;
use crate::source;
use crate::terminal::Terminal;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use stslint::finding;
use stslint::render::github;
use stslint::text::visible;

/// Where rows go. They may come in any order; what there is is written at once, where the form allows that.
#[derive(Debug)]
pub(super) struct Rows {
    out: Out,
    since: Option<Since>,
    save: Option<Save>,
    /// Certificates that end within so many days are told.
    days: u32,
    /// Whether the mail hosts are connected to.
    smtp: bool,
    /// Which part of the list it is.
    shard: Option<Shard>,
    /// Why rows can't be kept any more.
    broken: Option<io::Error>,
}

/// A form of output.
#[derive(Debug)]
pub(super) enum Out {
    /// Written elsewhere.
    Nothing,
    /// What changed, for people.
    Changes,
    Ndjson,
    /// A file, as they come.
    Kept(Box<Resume>),
    Github,
    Prometheus(Metrics),
    Junit(Suite),
    Nagios(Plugin),
}

/// An earlier run, and what was counted beside it.
#[derive(Debug)]
struct Since {
    last: Last,
    /// Its rows; none where there are none yet.
    file: Option<BufReader<File>>,
    counts: [usize; 5],
    /// Domains that are not worse, and of which something is due.
    due: usize,
    unseen: usize,
    code: u8,
}

/// What a run is, and what it is compared with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beside<'a> {
    /// Has the rows of an earlier run.
    pub(super) since: Option<&'a Path>,
    /// Gets all rows of this one.
    pub(super) save: Option<&'a Path>,
    /// Certificates that end within so many days are told.
    pub(super) days: u32,
    /// Whether the mail hosts are connected to.
    pub(super) smtp: bool,
    /// Which part of the list it is; none where it is all of it.
    pub(super) shard: Option<Shard>,
}

impl Rows {
    /// Nothing yet.
    ///
    /// # Errors
    ///
    /// A file can't be read or written, or would lose what is in it: an exit code, and why, as a sentence.
    pub(super) fn new(out: Out, beside: Beside) -> Result<Self, (u8, String)> {
        let Beside { since, save, days, smtp, shard } = beside;
        if let (Some(since), Some(save), Some(_)) = (since, save, shard)
            && source::is_same(since, save)
        {
            let why = "--save would cut the file of --since to this part of the list: with --shard they are two files";
            return Err((exit::USAGE, why.into()));
        }
        let unread = |path: &Path, why: &str| {
            let path = visible(&path.to_string_lossy());
            (exit::NO_INPUT, format!("can't read {path}: {why}"))
        };
        let last = match since.map(|path| (path, File::open(path))) {
            None => None,
            Some((path, Ok(file))) => {
                let mut file = BufReader::new(file);
                // Rows of domains that can't be looked up now are read again.
                if let (Some(_), Err(error)) = (save, file.stream_position()) {
                    return Err(unread(path, &format!("--save needs it to be a file: {error}")));
                }
                let last = Last::read(&mut file);
                Some((last.map_err(|reason| unread(path, &reason))?, Some(file)))
            }
            // The first of many runs.
            Some((path, Err(error)))
                if error.kind() == io::ErrorKind::NotFound && save == Some(path) =>
            {
                Some((Last::default(), None))
            }
            Some((path, Err(error))) => return Err(unread(path, &error.to_string())),
        };
        let since = last.map(|(last, file)| Since {
            last,
            file,
            counts: [0; 5],
            due: 0,
            unseen: 0,
            code: exit::OK,
        });
        let save =
            save.map(|path| Save::new(path).map_err(|error| (exit::IO, unwritten(path, &error))));
        Ok(Self { out, since, save: save.transpose()?, days, smtp, shard, broken: None })
    }

    /// Takes what came of one entry.
    pub(super) fn add(&mut self, mut line: Line, terminal: &mut Terminal) {
        if let Line::Domain(row) = &mut line {
            row.smtp = self.smtp;
        }
        if let Some(save) = &mut self.save {
            match (&line, &mut self.since) {
                (Line::Domain(row), Some(since)) => save.add_with(row, since),
                _ => save.add(&line),
            }
        }
        if let (Line::Domain(row), Some(since)) = (&mut line, &mut self.since) {
            let change = since.last.compare(row, self.days);
            since.code = since.code.max(match change.alarm(row) {
                Some(Severity::Error) => exit::ERRORS,
                Some(Severity::Warning) => exit::WARNINGS,
                _ => exit::OK,
            });
            since.due += usize::from(change.kind != Kind::Worse && change.is_due());
            since.unseen += usize::from(!row.complete);
            since.counts[change.kind as usize] += 1;
            let is_any = change.is_any();
            row.change = Some(change);
            // A report of tests has all of them.
            if !is_any && !matches!(self.out, Out::Junit(_)) {
                return;
            }
        }
        self.write(&line, terminal);
    }

    fn write(&mut self, line: &Line, terminal: &mut Terminal) {
        match &mut self.out {
            Out::Nothing => {}
            Out::Changes => {
                terminal.print(&words(line, terminal));
                terminal.flush();
            }
            Out::Ndjson => {
                terminal.print_line(line);
                terminal.flush();
            }
            Out::Kept(file) => {
                if let (None, Err(error)) = (&self.broken, file.add(line)) {
                    self.broken = Some(error);
                }
            }
            Out::Github => terminal.print(&annotation(line)),
            Out::Prometheus(metrics) => metrics.add(line),
            Out::Junit(suite) => suite.add(line),
            Out::Nagios(plugin) => plugin.add(line),
        }
    }

    /// Whether an entry is done already.
    ///
    /// # Errors
    ///
    /// The rows that are there are of another list: why nothing is to go on, as a sentence.
    pub(super) fn has(&self, entry: &Entry) -> Result<bool, String> {
        match &self.out {
            Out::Kept(file) => file.has(entry),
            _ => Ok(false),
        }
    }

    /// Nothing, while rows can be written.
    ///
    /// # Errors
    ///
    /// None can be written any more: why, as a sentence.
    pub(super) fn stand(&self) -> Result<(), String> {
        match &self.broken {
            Some(error) => Err(format!("can't write rows: {error}")),
            None => Ok(()),
        }
    }

    /// Writes what is left. A run that was ended early says nothing of what is gone, and is not saved. Gives the
    /// exit code, where the form or the comparison has one of its own.
    ///
    /// # Errors
    ///
    /// What was to be saved can't be: why, as a sentence.
    pub(super) fn finish(
        mut self,
        whole: bool,
        terminal: &mut Terminal,
    ) -> Result<Option<u8>, String> {
        if let Some(error) = self.broken {
            return Err(format!("can't write rows: {error}"));
        }
        let mut since = self.since.take();
        if let Some(since) = since.as_mut().filter(|_| whole) {
            let mut gone = 0;
            for (domain, was) in since.last.gone(self.shard) {
                gone += 1;
                let (domain, change) = (domain.to_owned(), Change::gone(was));
                self.write(&Line::Gone(Gone { schema: SCHEMA, domain, change }), terminal);
            }
            since.counts[Kind::Gone as usize] = gone;
        }
        let mut code = None;
        match self.out {
            Out::Changes => {
                terminal.print(&since.as_ref().map(Since::summary).unwrap_or_default());
            }
            Out::Nothing | Out::Ndjson | Out::Kept(_) | Out::Github => {}
            Out::Prometheus(metrics) => metrics.finish(terminal),
            Out::Junit(suite) => suite.finish(terminal),
            Out::Nagios(plugin) => code = Some(plugin.finish(terminal)),
        }
        if let Some(save) = self.save.filter(|_| whole) {
            save.finish()?;
        }
        Ok(code.or(since.map(|since| since.code)))
    }
}

impl Since {
    /// All in a sentence, so that silence is not taken for a result.
    fn summary(&self) -> String {
        let count = |kind| self.counts[kind as usize];
        let all =
            [Kind::Worse, Kind::New, Kind::Same, Kind::Better].map(count).iter().sum::<usize>();
        let domains = if all == 1 { "domain" } else { "domains" };
        let mut out = format!("{all} {domains} checked");
        let kinds = [Kind::Worse, Kind::Better, Kind::New, Kind::Gone];
        let kinds = kinds.map(|kind| (count(kind), kind.word()));
        let told: Vec<String> = kinds
            .into_iter()
            .chain([(self.due, "due")])
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if !told.is_empty() {
            out += &format!(": {}", told.join(", "));
        } else if all > 0 {
            out += ": none worse";
        }
        if self.unseen > 0 {
            out += &format!("; of {} not all could be looked up", self.unseen);
        }
        out + "\n"
    }
}

/// One entry as a command of GitHub Actions; nothing where all is well.
fn annotation(line: &Line) -> String {
    let row = match line {
        Line::Domain(row) => row,
        Line::Unfit(Unfit { text, not_checked, .. }) => {
            let words = format!("{} is {not_checked}", visible(text));
            return github::about(finding::Severity::Error, "stslint check", &[&words]);
        }
        Line::Gone(gone) => {
            let words = format!("{} is no longer in the list", gone.domain);
            return github::about(finding::Severity::Info, "stslint check", &[&words]);
        }
    };
    let mut words = vec![row.title_with_ignored()];
    for finding in row.findings.iter().filter(|finding| finding.severity <= Severity::Warning) {
        words.push(format!("{} {} ({})", finding.severity.word(), finding.code, finding.step));
    }
    words.extend(row.change.iter().flat_map(|change| change.words(row)));
    for unseen in &row.not_looked_up {
        words.push(format!("not looked up: {}: {}", unseen.what, unseen.why));
    }
    let severity = match &row.change {
        Some(change) => change.alarm(row),
        None => row.severity.filter(|severity| *severity <= Severity::Warning),
    };
    let unseen = (!row.complete).then_some(Severity::Warning);
    let told = severity.or(unseen).or((row.ignored() > 0).then_some(Severity::Info));
    let words: Vec<&str> = words.iter().map(|words| &words[..]).collect();
    let title = format!("stslint {}", row.domain);
    told.map(|severity| github::about(severity.into(), &title, &words)).unwrap_or_default()
}

/// One entry beside an earlier run, in words.
fn words(line: &Line, terminal: &Terminal) -> String {
    let row = match line {
        Line::Domain(row) => row,
        Line::Gone(gone) => {
            return format!("{} {}: no longer in the list\n", terminal.bold("gone"), gone.domain);
        }
        // It is told on standard error.
        Line::Unfit(_) => return String::new(),
    };
    let Some(change) = &row.change else { return String::new() };
    let title = terminal.coloured(row.severity.map(Into::into), &row.title_with_ignored());
    let mut out = format!("{} {}: {title}", terminal.bold(change.kind.word()), row.domain);
    if let Some(was) = change.was.filter(|was| *was != row.state) {
        out += &format!(" (was {})", was.word());
    }
    out.push('\n');
    for words in change.words(row) {
        out += &format!("  {words}\n");
    }
    out
}

/// A file that gets all rows, at the end: until then there is the one of before.
#[derive(Debug)]
struct Save {
    path: PathBuf,
    part: PathBuf,
    file: BufWriter<File>,
    broken: Option<io::Error>,
    done: bool,
}

impl Save {
    fn new(path: &Path) -> io::Result<Self> {
        let mut part = path.as_os_str().to_owned();
        part.push(format!(".{}.part", std::process::id()));
        let part = PathBuf::from(part);
        let file = BufWriter::new(File::create(&part)?);
        Ok(Self { path: path.to_owned(), part, file, broken: None, done: false })
    }

    /// Adds the row of a domain, with what the earlier one knows and this one does not.
    fn add_with(&mut self, row: &Row, since: &mut Since) {
        let mut row = row.clone();
        if let (Some(at), Some(file)) = (since.last.place(&row), &mut since.file) {
            match earlier(file, at) {
                Ok(earlier) => row.fill(earlier),
                Err(error) => self.broken = self.broken.take().or(Some(error)),
            }
        }
        self.add(&Line::Domain(Box::new(row)));
    }

    fn add(&mut self, line: &Line) {
        if self.broken.is_none() {
            let written = serde_json::to_writer(&mut self.file, line).map_err(io::Error::from);
            self.broken = written.and_then(|()| self.file.write_all(b"\n")).err();
        }
    }

    fn finish(mut self) -> Result<(), String> {
        let written = match self.broken.take() {
            Some(error) => Err(error),
            None => self.file.flush().and_then(|()| fs::rename(&self.part, &self.path)),
        };
        self.done = written.is_ok();
        written.map_err(|error| unwritten(&self.path, &error))
    }
}

/// That a file can't be written.
fn unwritten(path: &Path, error: &io::Error) -> String {
    format!("can't write {}: {error}", visible(&path.to_string_lossy()))
}

impl Drop for Save {
    fn drop(&mut self) {
        if !self.done {
            // What is left of it is of no use.
            let _ = fs::remove_file(&self.part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::Colour;

    #[test]
    fn a_run_that_is_not_whole_is_not_kept_and_tells_nothing_of_what_is_gone() {
        let row = r#"{"schema":1,"number":1,"line":null,"domain":"a.example","time":1,"state":"unknown","severity":null,"title":"","complete":true,"record":"absent","id":null,"policy":"absent","mode":null,"max_age":null,"mx_patterns":null,"hosts":[],"policy_certificate_ends":null,"tlsrpt":"absent","rua":null,"findings":[],"not_looked_up":[]}"#;
        let path = std::env::temp_dir().join(format!("stslint-rows-{}", std::process::id()));
        fs::write(&path, row).expect("it can be written");
        let path = path.as_path();
        for whole in [false, true] {
            let shown = path.with_extension("shown");
            let mut terminal = Terminal::new(Colour::Never);
            terminal.write_to(&shown);
            let beside =
                Beside { since: Some(path), save: Some(path), days: 14, smtp: false, shard: None };
            let rows = Rows::new(Out::Changes, beside).expect("good files");
            assert_eq!(rows.finish(whole, &mut terminal), Ok(Some(exit::OK)));
            assert_eq!(terminal.finish(), None);
            let told = fs::read_to_string(&shown).expect("it was written");
            fs::remove_file(shown).expect("it is there");
            let kept = fs::read_to_string(path).expect("it is there");
            let (words, rows) = if whole {
                ("gone a.example: no longer in the list\n0 domains checked: 1 gone\n", "")
            } else {
                ("0 domains checked\n", row)
            };
            assert_eq!((&told[..], &kept[..]), (words, rows));
        }
        fs::remove_file(path).expect("it is there");
    }
}
