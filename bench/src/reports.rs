//! Mails with TLS reports, read by the command and by its peers, each in a process of its own.

use mail_auth::report::tlsrpt::TlsReport;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The most bytes of a report, as ours.
const MOST: usize = 20 << 20;

/// Reads all mails in a folder with mail-auth and adds their sessions up.
pub fn mail_auth(folder: &Path) {
    let (mut reports, mut failed) = (0_u64, 0_u64);
    for path in mails(folder) {
        let mail = fs::read(&path).expect("the mail is there");
        let report = TlsReport::parse_rfc5322(&mail, MOST).expect("a report is in the mail");
        reports += 1;
        failed += report.policies.iter().map(|it| u64::from(it.summary.total_failure)).sum::<u64>();
    }
    println!("{reports} {failed}");
}

fn mails(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "eml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Prints a row for each reader of each folder. `python` has parsedmarc, if there is one.
pub fn print(command: &str, python: Option<&str>, folders: &[String]) {
    let own = std::env::current_exe().expect("this program has a path");
    let own = own.to_str().expect("its path is UTF-8");
    let version = |program: &str, arguments: &[&str]| Reader {
        name: "",
        program: program.to_owned(),
        arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
        threads: None,
    };
    let report = version(command, &["report", "--format", "json"]);
    let mut readers = vec![
        Reader { name: "stslint report, one thread", threads: Some("1"), ..report.clone() },
        Reader { name: "stslint report", ..report },
        Reader { name: "mail-auth, values only", ..version(own, &["reports", "mail-auth"]) },
    ];
    if let Some(python) = python {
        readers.push(Reader { name: "parsedmarc", ..version(python, &["reports.py"]) });
    }
    println!("| reports | in | bytes | reader | time | MB/s | peak memory |");
    println!("|---:|---|---:|---|---:|---:|---:|");
    for folder in folders {
        let (mails, mailbox) = (mails(Path::new(folder)), Path::new(folder).join("reports.mbox"));
        // The peers read one mail at a time.
        let (form, count, files, readers) = match mailbox.exists() {
            true => ("mailbox", messages(&mailbox), vec![mailbox], &readers[..2]),
            false => ("mails", mails.len(), mails, &readers[..]),
        };
        let bytes: u64 = files.iter().map(|path| fs::metadata(path).map_or(0, |it| it.len())).sum();
        for reader in readers {
            let (time, peak) = reader.read(folder);
            println!(
                "| {count} | {form} | {bytes} | {} | {:.2} s | {:.1} | {} MiB |",
                reader.name,
                time.as_secs_f64(),
                bytes as f64 / 1e6 / time.as_secs_f64(),
                peak >> 20
            );
        }
    }
}

/// How many mails are in a mailbox.
fn messages(mailbox: &Path) -> usize {
    let file = BufReader::new(File::open(mailbox).expect("the mailbox is there"));
    let lines = file.split(b'\n').map(|line| line.expect("the mailbox can be read"));
    lines.filter(|line| line.starts_with(b"From ")).count()
}

#[derive(Clone)]
struct Reader {
    name: &'static str,
    program: String,
    arguments: Vec<String>,
    threads: Option<&'static str>,
}

impl Reader {
    /// How long it takes for a folder, and the most memory that it has meanwhile, in bytes.
    fn read(&self, folder: &str) -> (Duration, usize) {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).arg(folder).stdout(Stdio::null());
        if let Some(threads) = self.threads {
            command.env("RAYON_NUM_THREADS", threads);
        }
        let start = Instant::now();
        let mut child = command.spawn().expect("it starts");
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        loop {
            let text = fs::read_to_string(&status).unwrap_or_default();
            peak = peak.max(high_water(&text).unwrap_or(0));
            if let Some(status) = child.try_wait().expect("it is ours") {
                // The reports have failures.
                assert!(matches!(status.code(), Some(0 | 1)), "{} ends with {status}", self.name);
                return (start.elapsed(), peak);
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// The most memory that a process had, in bytes, from its `status` file.
fn high_water(status: &str) -> Option<usize> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? * 1024)
}
