//! The domains to check: those of the command line and those of a file, each once.

use crate::lint::{domain, to_ascii};
use std::collections::HashSet;
use std::io::{self, Read};
use std::path::Path;
use stslint::detect;
use stslint::live::check::{Check, Options};

/// What is to be checked, and what can't be.
#[derive(Debug)]
pub(super) struct List {
    options: Options,
    seen: HashSet<String>,
    /// One for each domain, in their order.
    pub(super) checks: Vec<Check>,
    /// What is no domain, in its order.
    pub(super) unfit: Vec<Unfit>,
}

/// Something that can't be checked.
#[derive(Debug)]
pub(super) struct Unfit {
    /// Its line in the file, from 1; none on the command line.
    pub(super) line: Option<usize>,
    /// What stands there: text from outside.
    pub(super) text: String,
    /// What it is not.
    pub(super) why: &'static str,
}

impl List {
    /// Nothing yet.
    pub(super) fn new(options: Options) -> Self {
        Self { options, seen: HashSet::new(), checks: Vec::new(), unfit: Vec::new() }
    }

    /// Adds a domain, given as A-labels.
    pub(super) fn add(&mut self, domain: &str, line: Option<usize>) {
        if !self.seen.insert(domain.to_owned()) {
            return;
        }
        let serial = u32::try_from(self.checks.len()).unwrap_or(u32::MAX);
        match Check::new(serial, domain, self.options) {
            Some(check) => self.checks.push(check),
            None => {
                let why = "not a name that a policy host can have";
                self.unfit.push(Unfit { line, text: domain.to_owned(), why });
            }
        }
    }

    /// Adds the domains of a file: names, mail addresses or URLs as the page reads them, on lines of their own or
    /// behind commas. Empty lines and what follows `#` say nothing. A line that is anything else is not checked,
    /// and does not keep the others from being checked.
    pub(super) fn read(&mut self, file: &[u8]) {
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        for (i, line) in file.split(|byte| *byte == b'\n').enumerate() {
            let number = Some(i + 1);
            let unfit = |text: &str, why| Unfit { line: number, text: text.trim().into(), why };
            let Ok(text) = str::from_utf8(line) else {
                self.unfit.push(unfit(&String::from_utf8_lossy(line), "not UTF-8"));
                continue;
            };
            let text = text.split('#').next().unwrap_or(text);
            let is_between = |c: char| c.is_whitespace() || ",;".contains(c);
            let words = text.split(is_between).filter(|word| !word.is_empty());
            let named = |word: &str| detect::domain(word, Some(to_ascii));
            let all = words.map(named).collect::<Option<Vec<_>>>();
            // A name of one label is a domain where nothing else stands beside it.
            // A line of which only a part is domains is something else.
            match all.or_else(|| Some(vec![domain(text.trim()).ok()?])) {
                Some(domains) => domains.iter().for_each(|domain| self.add(domain, number)),
                None => self.unfit.push(unfit(text, "not a domain name")),
            }
        }
    }
}

/// What is in a file; `-` is standard input.
pub(super) fn content(file: &Path) -> io::Result<Vec<u8>> {
    if file.as_os_str() != "-" {
        return std::fs::read(file);
    }
    let mut content = Vec::new();
    io::stdin().lock().read_to_end(&mut content)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stslint::live::check::Scope;

    #[test]
    fn a_list_is_read_as_the_page_reads_it() {
        let options = Options { scope: Scope::Domain, fetch: true, smtp: false, by_address: true };
        let mut list = List::new(options);
        list.add("example.com", None);
        list.read(
            "\u{feff}One.example\r\n# nothing\n\nhttps://mta-sts.two.example/.well-known/mta-sts.txt\n\
             <postmaster@three.example> # again\n four.example, five.example;six.example\nexample.com\n\
             b\u{fc}cher.example\n_mta-sts.seven.example\n192.0.2.1\nex ample.com\nkey=value\n\u{1b}[31mx.example"
                .as_bytes(),
        );
        list.read(b"\xff\xfeo\0n\0e\0");
        let domains: Vec<_> = list.checks.iter().map(Check::domain).collect();
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
        assert_eq!(domains, expected);
        let unfit: Vec<_> = list.unfit.iter().map(|unfit| (unfit.line, &unfit.text[..])).collect();
        let expected = [
            (Some(10), "192.0.2.1"),
            (Some(11), "ex ample.com"),
            (Some(12), "key=value"),
            (Some(13), "\u{1b}[31mx.example"),
            (Some(1), "\u{fffd}\u{fffd}o\0n\0e\0"),
        ];
        assert_eq!(unfit, expected);
        assert_eq!(list.unfit[4].why, "not UTF-8");
    }
}
