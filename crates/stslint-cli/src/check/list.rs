//! The domains to check: those of the command line and those of a file, each once, as they come.

use crate::lint::{domain, to_ascii};
use std::collections::hash_map::DefaultHasher;
use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use stslint::detect;
use stslint::live::check::{Check, Options};

/// Longest line that is read, in bytes.
const LINE: u64 = 64 << 10;

/// How many of the latest domains are remembered: one that comes again later is checked again.
const REMEMBERED: usize = 200_000;

/// One entry of a list.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its place among all entries, from 1.
    pub(super) number: u64,
    /// Its line in the file, from 1; none on the command line.
    pub(super) line: Option<u64>,
    /// Bytes of the file up to its end.
    pub(super) bytes: u64,
    /// What is to be checked, or can't be.
    pub(super) what: Result<Check, Unfit>,
}

/// Something that can't be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unfit {
    /// What stands there: text from outside.
    pub(super) text: String,
    /// What it is not.
    pub(super) why: &'static str,
}

impl Entry {
    /// What stands there: a domain, or text from outside.
    pub(super) fn text(&self) -> &str {
        match &self.what {
            Ok(check) => check.domain(),
            Err(unfit) => &unfit.text,
        }
    }
}

/// What was given, read as far as it is asked for. However long a file is, little of it is held.
#[derive(Debug)]
pub(super) struct List<R> {
    options: Options,
    file: Option<R>,
    line: u64,
    /// Whether there was a line with something on it.
    has_begun: bool,
    bytes: u64,
    number: u64,
    seen: Seen,
    ready: VecDeque<Entry>,
}

/// The latest domains, as hashes that are too long to meet by chance.
#[derive(Debug, Default)]
struct Seen {
    known: HashSet<u128>,
    order: VecDeque<u128>,
}

impl Seen {
    /// Whether it is new.
    fn add(&mut self, domain: &str) -> bool {
        let hash = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, domain).hash(&mut hasher);
            u128::from(hasher.finish())
        };
        let key = hash(0) << 64 | hash(1);
        if !self.known.insert(key) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > REMEMBERED {
            self.order.pop_front().map(|old| self.known.remove(&old));
        }
        true
    }
}

impl<R: BufRead> List<R> {
    /// The domains of the command line, as A-labels, then those of a file.
    pub(super) fn new(options: Options, domains: &[String], file: Option<R>) -> Self {
        let mut list = Self {
            options,
            file,
            line: 0,
            has_begun: false,
            bytes: 0,
            number: 0,
            seen: Seen::default(),
            ready: VecDeque::new(),
        };
        domains.iter().for_each(|domain| list.add(domain));
        list
    }

    fn push(&mut self, what: Result<Check, Unfit>) {
        self.number += 1;
        let line = (self.line > 0).then_some(self.line);
        self.ready.push_back(Entry { number: self.number, line, bytes: self.bytes, what });
    }

    /// Adds a domain, given as A-labels.
    fn add(&mut self, domain: &str) {
        if !self.seen.add(domain) {
            return;
        }
        // Numbers of checks are compared within one check alone.
        let serial = self.number as u32;
        match Check::new(serial, domain, self.options) {
            Some(check) => self.push(Ok(check)),
            None => self.unfit(domain, "not a name that a policy host can have"),
        }
    }

    fn unfit(&mut self, text: &str, why: &'static str) {
        self.push(Err(Unfit { text: text.trim().to_owned(), why }));
    }

    /// The next entry.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Ok(Some(entry));
            }
            let Some(file) = &mut self.file else { return Ok(None) };
            let mut line = Vec::new();
            let read = file.by_ref().take(LINE).read_until(b'\n', &mut line)? as u64;
            if read == 0 {
                self.file = None;
                continue;
            }
            self.line += 1;
            self.bytes += read;
            let is_whole = line.last() == Some(&b'\n') || read < LINE;
            if !is_whole {
                self.bytes += file.skip_until(b'\n')? as u64;
            }
            let start = if self.line == 1 { line.strip_prefix(b"\xef\xbb\xbf") } else { None };
            let line = start.unwrap_or(&line);
            match str::from_utf8(line) {
                _ if !is_whole => self.unfit(&String::from_utf8_lossy(line), "longer than 64 KiB"),
                Ok(text) => self.read(text),
                Err(_) => self.unfit(&String::from_utf8_lossy(line), "not UTF-8"),
            }
        }
    }

    /// Adds the domains of a line: names, mail addresses or URLs as the page reads them, behind commas if there are several.
    /// Empty lines, what follows `#` and a heading above all others say nothing. A line that is anything else is not checked, and
    /// does not keep the others from being checked.
    fn read(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        // A heading is no domain of one label.
        if !std::mem::replace(&mut self.has_begun, true) && detect::heads_domains(line) {
            return;
        }
        let text = line.split('#').next().unwrap_or(line);
        let is_between = |c: char| c.is_whitespace() || ",;".contains(c);
        let words = text.split(is_between).filter(|word| !word.is_empty());
        let named = |word: &str| detect::domain(word, Some(to_ascii));
        let all = words.map(named).collect::<Option<Vec<_>>>();
        // A name of one label is a domain where nothing else stands beside it.
        // A line of which only a part is domains is something else.
        match all.or_else(|| Some(vec![domain(text.trim()).ok()?])) {
            Some(domains) => domains.iter().for_each(|domain| self.add(domain)),
            None => self.unfit(text, "not a domain name"),
        }
    }
}

/// The domain that an argument stands for, as A-labels: a name, a mail address or a URL, as in a list.
pub(super) fn named(text: &str) -> Result<String, &'static str> {
    detect::domain(text, Some(to_ascii)).map_or_else(|| domain(text), Ok)
}

/// A file with domains; `-` is standard input. And how long it is, where that is known.
pub(super) fn open(file: &Path) -> io::Result<(Box<dyn BufRead + Send>, Option<u64>)> {
    if file.as_os_str() == "-" {
        return Ok((Box::new(BufReader::new(io::stdin())), None));
    }
    let file = File::open(file)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok((Box::new(BufReader::new(file)), about.is_file().then_some(about.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stslint::live::check::Scope;

    const OPTIONS: Options =
        Options { scope: Scope::Domain, fetch: true, smtp: false, by_address: true };

    fn entries(domains: &[String], file: &[u8]) -> Vec<Entry> {
        let mut list = List::new(OPTIONS, domains, Some(file));
        std::iter::from_fn(|| list.next().expect("it can be read")).collect()
    }

    fn domains(entries: &[Entry]) -> Vec<&str> {
        entries.iter().filter(|entry| entry.what.is_ok()).map(Entry::text).collect()
    }

    fn unfit(entries: &[Entry]) -> Vec<(Option<u64>, &str)> {
        let unfit = entries.iter().filter(|entry| entry.what.is_err());
        unfit.map(|entry| (entry.line, entry.text())).collect()
    }

    #[test]
    fn the_heading_of_a_table_is_no_domain() {
        let entries = entries(&[], b"\r\nDomain\r\none.example\r\nhost\r\n");
        assert_eq!(domains(&entries), ["one.example", "host"]);
        assert!(unfit(&entries).is_empty());
    }

    #[test]
    fn a_list_is_read_as_the_page_reads_it() {
        let file = "\u{feff}One.example\r\n# nothing\n\nhttps://mta-sts.two.example/.well-known/mta-sts.txt\n\
             <postmaster@three.example> # again\n four.example, five.example;six.example\nexample.com\n\
             b\u{fc}cher.example\n_mta-sts.seven.example\n192.0.2.1\nex ample.com\nkey=value\n\u{1b}[31mx.example";
        let entries = entries(&["example.com".into()], file.as_bytes());
        let expected = [
            "example.com",
            "one.example",
            "two.example",
            "three.example",
            "four.example",
            "five.example",
            "six.example",
            "xn--bcher-kva.example",
            "seven.example",
        ];
        assert_eq!(domains(&entries), expected);
        let expected = [
            (Some(10), "192.0.2.1"),
            (Some(11), "ex ample.com"),
            (Some(12), "key=value"),
            (Some(13), "\u{1b}[31mx.example"),
        ];
        assert_eq!(unfit(&entries), expected);
        let numbers: Vec<u64> = entries.iter().map(|entry| entry.number).collect();
        assert_eq!(numbers, (1..=13).collect::<Vec<u64>>());
        assert_eq!(entries.last().map(|entry| entry.bytes), Some(file.len() as u64));
    }

    #[test]
    fn an_argument_is_read_as_a_line_of_a_list() {
        for text in [
            "example.com",
            "hans@Example.com",
            "https://mta-sts.example.com/.well-known/mta-sts.txt",
            "_mta-sts.example.com",
            "mta-sts.example.com",
        ] {
            assert_eq!(named(text).as_deref(), Ok("example.com"), "{text}");
        }
        assert_eq!(named("localhost").as_deref(), Ok("localhost"));
        assert!(named("a b").is_err());
    }

    #[test]
    fn bytes_that_are_no_text_and_lines_without_an_end_are_entries() {
        let bad = entries(&[], b"\xff\xfeo\0n\0e\0");
        assert_eq!(unfit(&bad), [(Some(1), "\u{fffd}\u{fffd}o\0n\0e\0")]);
        let mut file = vec![b'a'; LINE as usize + 7];
        file.extend(b"\nexample.com\n");
        let long = entries(&[], &file);
        assert_eq!(domains(&long), ["example.com"]);
        assert_eq!(long[0].what.as_ref().err().map(|unfit| unfit.why), Some("longer than 64 KiB"));
        assert_eq!((long[1].line, long[1].bytes), (Some(2), file.len() as u64));
    }

    #[test]
    fn a_domain_comes_once_among_the_latest() {
        let mut seen = Seen::default();
        assert!(seen.add("example.com"));
        assert!(!seen.add("example.com"));
        (0..REMEMBERED).for_each(|i| assert!(seen.add(&format!("{i}.example"))));
        assert_eq!((seen.known.len(), seen.order.len()), (REMEMBERED, REMEMBERED));
        assert!(seen.add("example.com"), "it was long ago");
    }
}
