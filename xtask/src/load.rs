//! Load on the relay: `docs/load.md`. All of it stays on this machine, and ends by itself.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::command;
use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;
use crate::setup::{self, Need};
use crate::tables::{self, Document};

/// What is written.
pub(crate) const DOCUMENT: Document = Document { file: "docs/load.md", task: "load" };

/// How many clients ask at the same time.
const CLIENTS: u32 = 2000;

/// How long each part takes, in seconds.
const SECONDS: u32 = 15;

/// How many domains there are.
const DOMAINS: usize = 200;

/// One part of the measurement: what is asked, by how many, of a relay with which options.
struct Part {
    name: &'static str,
    path: &'static str,
    /// Whether a domain comes after the path.
    with_domain: bool,
    /// The size of policies, in bytes.
    policy: usize,
    /// How many addresses the clients have. Where each has its own, none is limited.
    addresses: u32,
    options: &'static [&'static str],
}

const POLICIES: Part = Part {
    name: "policies that were looked at lately",
    path: "/relay/v1/policy?domain=",
    with_domain: true,
    policy: 100,
    addresses: 1 << 24,
    options: &[],
};

const PARTS: &[Part] = &[
    Part { name: "the page", path: "/", with_domain: false, ..POLICIES },
    POLICIES,
    Part {
        name: "policies, each time looked at anew",
        options: &["--cache-seconds", "0"],
        ..POLICIES
    },
    Part {
        name: "the same, with 8 places for looks, and 32 to wait in",
        options: &["--cache-seconds", "0", "--looks", "8", "--queue", "32"],
        ..POLICIES
    },
    Part {
        name: "the largest policies, half of which the cache can keep",
        policy: 64 << 10,
        options: &["--cache-mib", "9"],
        ..POLICIES
    },
    Part {
        name: "policies, asked for by 100 addresses, with 60 requests per minute each",
        addresses: 100,
        ..POLICIES
    },
];

/// Measures every part and writes the table.
pub(crate) fn run(project: &Project) -> Result<()> {
    let tools = setup::ensure(project, &[&[Need::Wrk], Need::BUILD].concat())?;
    command::build(project, &tools)?;
    let cargo = |arguments: &[&str]| {
        process::stream(Command::new("cargo").args(arguments).current_dir(project.root()))
    };
    let example = ["--package", "stslint-testnet", "--example", "internet"];
    cargo(&[&["build", "--release", "--quiet"], &example[..]].concat())?;
    let mut table = String::from(
        "| what is asked for | requests per second | median | 99 % | 200 | 429 | 503 | other | broken \
         | memory before | at most |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for part in PARTS {
        println!("load: {}, {SECONDS} s", part.name);
        measure(project, part, &mut table)?;
    }
    let machine = tables::machine(project, &wrk_version(), &[])?;
    let text = format!(
        "stslint {}; {machine}\n{CLIENTS} clients at once, {SECONDS} s each, {DOMAINS} domains; relay, \
         policy hosts and clients share the machine.\n\n{table}",
        env!("CARGO_PKG_VERSION")
    );
    DOCUMENT.write(project, &text)
}

fn wrk_version() -> String {
    // It says it on the way to its usage, and fails.
    let output = Command::new("wrk").arg("-v").output().ok();
    let text = output.map(|output| [output.stdout, output.stderr].concat()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.split(" [").next().unwrap_or("wrk").trim().to_owned()
}

/// A process that ends with this value.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts a program, and reads the lines that it says until one is empty or `lines` have come.
fn start(command: &mut Command, lines: usize) -> Result<(Started, Vec<String>)> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |what: &str| Failure::new(format!("`{name}` {what}"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child =
        Started(command.spawn().map_err(|error| failed(&format!("does not start: {error}")))?);
    let out = child.0.stdout.take().ok_or_else(|| failed("has no output"))?;
    let said: Vec<String> = BufReader::new(out)
        .lines()
        .map_while(std::io::Result::ok)
        .take_while(|line| !line.is_empty())
        .take(lines)
        .collect();
    if said.is_empty() { Err(failed("says nothing")) } else { Ok((child, said)) }
}

fn measure(project: &Project, part: &Part, table: &mut String) -> Result<()> {
    let release = project.target_dir().join("release");
    let folder = project.target_dir().join("load");
    fs::create_dir_all(&folder).map_err(Failure::file("make", &folder))?;
    let script = folder.join("load.lua");
    fs::write(&script, include_str!("load.lua")).map_err(Failure::file("write", &script))?;
    let mut internet = Command::new(release.join("examples").join("internet"));
    internet.args([DOMAINS.to_string(), part.policy.to_string()]).arg(&folder);
    let (_internet, arguments) = start(&mut internet, usize::MAX)?;
    let mut relay = Command::new(release.join("stslint"));
    relay.args(["serve", "--listen", "127.0.0.1:0", "--trust-proxy", "127.0.0.0/8"]);
    // What is measured would be the limits otherwise.
    relay.args(["--per-domain", "0", "--per-address", "0"]);
    let per_client = if part.addresses == POLICIES.addresses { "0" } else { "60" };
    relay.args(["--per-client", per_client]);
    relay.args(part.options).args(arguments).stderr(Stdio::null());
    let (relay, said) = start(&mut relay, 1)?;
    let address = &said[0];
    let before = memory(&relay.0, "VmRSS")?;
    let mut wrk = Command::new("sh");
    // Each client needs a file of its own.
    wrk.args(["-c", "ulimit -n $(ulimit -Hn); exec wrk \"$@\"", "wrk"])
        .args(["-t2", &format!("-c{CLIENTS}"), &format!("-d{SECONDS}s"), "--timeout", "30s", "-s"])
        .arg(&script)
        .args([address.as_str(), "--", "1", part.path])
        .arg(if part.with_domain { DOMAINS } else { 0 }.to_string())
        .arg(part.addresses.to_string());
    let output = process::capture(&mut wrk)
        .ok_or_else(|| Failure::new("wrk failed").remedy("call it by hand to see why"))?;
    let most = memory(&relay.0, "VmHWM")?;
    let line = output.lines().find_map(|line| line.strip_prefix("RESULT "));
    let numbers: Vec<u64> =
        line.unwrap_or_default().split(' ').filter_map(|number| number.parse().ok()).collect();
    let [requests, micros, median, most_time, ok, many, busy, other, broken] = numbers[..] else {
        return Err(Failure::new("wrk says nothing that is understood"));
    };
    let rate = requests * 1_000_000 / micros.max(1);
    let milliseconds = |micros: u64| format!("{}.{} ms", micros / 1000, micros / 100 % 10);
    // A String takes any amount.
    let _ = writeln!(
        table,
        "| {} | {rate} | {} | {} | {ok} | {many} | {busy} | {other} | {broken} | {} MiB | {} MiB |",
        part.name,
        milliseconds(median),
        milliseconds(most_time),
        before / 1024,
        most / 1024,
    );
    Ok(())
}

/// How much memory a process has, or had at most, in KiB.
fn memory(child: &Child, name: &str) -> Result<u64> {
    let path = format!("/proc/{}/status", child.id());
    let status = fs::read_to_string(&path)
        .map_err(|error| Failure::new(format!("the relay is not there any more: {error}")))?;
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value
        .and_then(|value| value.trim().split(' ').next()?.parse().ok())
        .ok_or_else(|| Failure::new(format!("{path} does not tell {name}")))
}
