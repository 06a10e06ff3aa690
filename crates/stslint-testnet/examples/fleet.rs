//! Times `stslint check` on long lists, and prints a table: the command, an Internet of as many good domains, all on
//! loopback, and checkdmarc on some of the same domains in between. `cargo xtask bench fleet` runs it.
//!
//! Arguments: the program `stslint`, a folder for files, the number of domains, and a Python with checkdmarc, or nothing.

use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use stslint_testnet::ca;
use stslint_testnet::fleet::{Fleet, Resolver, Sort};

/// How often each part runs.
const ROUNDS: usize = 3;

/// One part of the measurement.
struct Part {
    name: &'static str,
    sort: Sort,
    /// Which part of all domains is checked.
    share: u32,
    /// What is added to each answer of the resolver.
    delay: Duration,
    /// How many domains checkdmarc gets.
    peer: u32,
    /// Domains per second that are to be reached.
    goal: Option<u32>,
}

const PARTS: &[Part] = &[
    Part {
        name: "without MTA-STS",
        sort: Sort::Plain,
        share: 1,
        delay: Duration::ZERO,
        peer: 200,
        goal: Some(1000),
    },
    Part {
        name: "with MTA-STS, each with a policy host of its own",
        sort: Sort::Sts,
        share: 5,
        delay: Duration::ZERO,
        peer: 0,
        goal: Some(200),
    },
    Part {
        name: "without MTA-STS, answers 50 ms later",
        sort: Sort::Plain,
        share: 1,
        delay: Duration::from_millis(50),
        peer: 40,
        goal: None,
    },
    Part {
        name: "with MTA-STS, answers 50 ms later",
        sort: Sort::Sts,
        share: 5,
        delay: Duration::from_millis(50),
        peer: 0,
        goal: None,
    },
];

/// Most memory that it is to take, in MB.
const MEMORY: u64 = 200;

/// How much faster than checkdmarc it is to be.
const FASTER: f64 = 50.0;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().expect("the program to measure");
    let folder = PathBuf::from(arguments.next().expect("a folder for files"));
    let domains = arguments.next().and_then(|number| number.parse().ok()).expect("a number");
    let python = arguments.next().filter(|python| !python.is_empty());
    let fleet = Fleet { domains };
    let routes = fleet.policy_hosts();
    println!(
        "{ROUNDS} rounds; the command, the resolver and the policy hosts share the machine.\n"
    );
    println!(
        "| domains | | domains per second | goal | processor | peak memory | goal | questions per domain \
         | not looked up |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    );
    let mut beside = Vec::new();
    for part in PARTS {
        let mut rounds = Vec::new();
        let mut peer = Vec::new();
        for round in 1..=ROUNDS {
            eprintln!("fleet: {}, round {round} of {ROUNDS}", part.name);
            let resolver = fleet.resolver(part.delay);
            let run = measure(&program, &folder, part, domains, &resolver, &routes);
            eprintln!("fleet: {:.0} domains per second", run.rate);
            if let Some(python) = python.as_deref().filter(|_| part.peer > 0) {
                peer.push((run.rate, checkdmarc(python, part, resolver.address)));
            }
            rounds.push(run);
        }
        print_row(part, domains, &rounds);
        if !peer.is_empty() {
            beside.push((part, peer));
        }
    }
    if !beside.is_empty() {
        println!(
            "\n| domains | | checkdmarc does | domains per second | stslint is faster by | goal |\n\
             |---|--:|---|--:|--:|--:|"
        );
    }
    for (part, peer) in beside {
        let names = ["its checks of MTA-STS, MX and TLSRPT", "all of its checks"];
        for (name, which) in names.into_iter().zip([0, 1]) {
            let rates: Vec<f64> = peer.iter().map(|(_, seconds)| 1.0 / seconds[which]).collect();
            let times: Vec<f64> =
                peer.iter().map(|(rate, seconds)| rate * seconds[which]).collect();
            println!(
                "| {} | {} | {name} | {:.1} | {:.0} × | {FASTER} × |",
                part.name,
                part.peer / 2,
                median(rates),
                median(times),
            );
        }
    }
}

/// What came of a run.
struct Run {
    /// Domains per second.
    rate: f64,
    /// Time of processors, in seconds.
    processor: f64,
    /// The most memory that it had, in bytes.
    memory: u64,
    questions: u64,
    /// Rows of domains of which not all could be looked up.
    unseen: u64,
}

fn print_row(part: &Part, domains: u32, rounds: &[Run]) {
    let of = |value: fn(&Run) -> f64| median(rounds.iter().map(value).collect());
    let rates = || rounds.iter().map(|run| run.rate);
    println!(
        "| {} | {} | {:.0} ({:.0} to {:.0}) | {} | {:.1} s | {:.0} MB | {MEMORY} MB | {:.1} | {} |",
        part.name,
        domains / part.share,
        of(|run| run.rate),
        rates().fold(f64::INFINITY, f64::min),
        rates().fold(0.0, f64::max),
        part.goal.map_or_else(String::new, |goal| goal.to_string()),
        of(|run| run.processor),
        of(|run| run.memory as f64) / 1e6,
        of(|run| run.questions as f64) / f64::from(domains / part.share),
        rounds.iter().map(|run| run.unseen).sum::<u64>(),
    );
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().expect("there are some")
}

/// What the command is told of the resolver.
fn resolver_option(resolver: &Resolver) -> String {
    format!("udp://{}", resolver.address)
}

/// Checks a list once.
fn measure(
    program: &str,
    folder: &Path,
    part: &Part,
    domains: u32,
    resolver: &Resolver,
    routes: &[(SocketAddr, SocketAddr)],
) -> Run {
    let count = domains / part.share;
    let (list, rows) = (folder.join("list.txt"), folder.join("rows.ndjson"));
    let mut file = BufWriter::new(File::create(&list).expect("the folder can be written"));
    for number in 0..count {
        writeln!(file, "{}", part.sort.domain(number)).expect("the list can be written");
    }
    drop(file);
    // As many files as it may have.
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n $(ulimit -Hn); exec \"$0\" \"$@\"", program]);
    command.args(["check", "--format", "ndjson", "--file"]).arg(&list);
    command.args(["--resolver", &resolver_option(resolver)]);
    command.arg("--test-ca").arg(ca::file(&folder.display().to_string()));
    for (from, to) in routes {
        command.args(["--test-route", &format!("{from}={to}")]);
    }
    command.stdin(Stdio::null());
    command.stdout(File::create(&rows).expect("the folder can be written"));
    let asked = resolver.asked();
    let start = Instant::now();
    let mut child = command.spawn().expect("the command starts");
    let (mut memory, mut ticks) = (0, 0);
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        // Both only grow.
        memory = peak(child.id()).unwrap_or(memory).max(memory);
        ticks = processor(child.id()).unwrap_or(ticks).max(ticks);
        std::thread::sleep(Duration::from_millis(2));
    };
    let seconds = start.elapsed().as_secs_f64();
    // 69: something could not be looked up, which is counted.
    assert!(matches!(status.code(), Some(0..=2 | 69)), "the command failed: {status}");
    let unseen = judge(&rows, part.sort, count);
    Run {
        rate: f64::from(count) / seconds,
        processor: ticks as f64 / 100.0,
        memory: memory << 10,
        questions: resolver.asked() - asked,
        unseen,
    }
}

/// Whether there is a row of each domain, and it says what is so. How many of them are not complete.
fn judge(rows: &Path, sort: Sort, count: u32) -> u64 {
    let policy = if sort == Sort::Sts { "present" } else { "absent" };
    let mut seen = vec![false; count as usize];
    let mut unseen = 0;
    for line in BufReader::new(File::open(rows).expect("there are rows")).lines() {
        let line = line.expect("rows are text");
        let row: Value = serde_json::from_str(&line).expect("a row is JSON");
        let number = row["number"].as_u64().expect("it has a place") - 1;
        let seen = &mut seen[usize::try_from(number).expect("a number")];
        assert!(!*seen && row["domain"] == sort.domain(number as u32), "twice, or another: {row}");
        *seen = true;
        if row["complete"] == true {
            assert!(row["policy"] == policy && row["hosts"][0]["dane"] == "none", "{row}");
        } else {
            unseen += 1;
        }
    }
    assert!(seen.iter().all(|seen| *seen), "not every domain has a row");
    unseen
}

/// The most memory that a process had so far, in KiB. None where it has ended.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().split(' ').next()?.parse().ok()
}

/// How much time of processors a process has taken so far, in hundredths of a second. None where it has ended.
fn processor(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Behind the name, which may have spaces in it: the 14th and 15th field.
    let fields = stat.rsplit(") ").next()?.split(' ').skip(11).take(2);
    fields.map(|field| field.parse::<u64>().ok()).sum()
}

/// The seconds that checkdmarc takes for a domain of a part: its checks of what the command looks at, and all of them.
fn checkdmarc(python: &str, part: &Part, resolver: SocketAddr) -> [f64; 2] {
    let mut child = Command::new(python)
        .args(["-c", include_str!("fleet.py"), &resolver.port().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut input = child.stdin.take().expect("it is piped");
    for number in 0..part.peer {
        writeln!(input, "{}", part.sort.domain(number)).expect("it reads");
    }
    drop(input);
    let output = child.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "checkdmarc failed: {}", output.status);
    serde_json::from_slice(&output.stdout).expect("two numbers")
}
