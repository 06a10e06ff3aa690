//! Puts load on a relay, and prints a table: many clients (wrk), the relay, and an Internet of many good domains
//! (d0.example.com, d1.example.com and so on), all on loopback. `cargo xtask load` runs it.
//!
//! Arguments: the program `stslint`, and a folder for files.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use stslint_testnet::dns::{Record, Say, World};
use stslint_testnet::servers::{self, Reply};
use stslint_testnet::{POLICY, ca};

/// A public address, which a route leads here.
const PUBLIC: &str = "198.41.0.4";

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
    /// How many clients ask at the same time.
    clients: u32,
    /// How many more connect, begin a request and never end it.
    slow: u32,
    host: Host,
    resolver: Asked,
    /// How many files the relay may have open, if not as many as it likes.
    files: Option<u32>,
    options: &'static [&'static str],
}

/// What policy hosts answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    Policy,
    /// A policy, and then trailers without an end.
    Trailers,
}

/// Who answers the relay's DNS questions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    NameServer,
    /// A resolver over HTTPS (by HTTP here) that asks to slow down at first.
    Limiting,
}

/// How long a resolver answers with 429, from the first question on.
const LIMITED: Duration = Duration::from_secs(2);

const POLICIES: Part = Part {
    name: "policies that were looked at lately",
    path: "/relay/v1/policy?domain=",
    with_domain: true,
    policy: 100,
    addresses: 1 << 24,
    clients: CLIENTS,
    slow: 0,
    host: Host::Policy,
    resolver: Asked::NameServer,
    files: None,
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
    Part {
        name: "policies that were looked at lately, beside 1000 clients that never end a request",
        slow: 1000,
        ..POLICIES
    },
    Part {
        name: "policies, each followed by trailers without an end, by 64 clients",
        host: Host::Trailers,
        clients: 64,
        options: &["--cache-seconds", "0"],
        ..POLICIES
    },
    Part {
        name: "policies, looked at anew, of a resolver that says 429 for the first two seconds, by 64 clients",
        resolver: Asked::Limiting,
        clients: 64,
        options: &["--cache-seconds", "0"],
        ..POLICIES
    },
    Part {
        name: "policies, looked at anew by a relay with 256 files, by 100 clients",
        clients: 100,
        files: Some(256),
        options: &["--cache-seconds", "0"],
        ..POLICIES
    },
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().expect("the program to measure");
    let folder = PathBuf::from(arguments.next().expect("a folder for files"));
    println!(
        "stslint {}, {}: {CLIENTS} clients at once where it does not say otherwise, {SECONDS} s each, {DOMAINS} domains; relay, policy hosts and clients \
         share the machine.\n",
        env!("CARGO_PKG_VERSION"),
        wrk_version(),
    );
    println!(
        "| what is asked for | requests per second | median | 99 % | 200 | 429 | 503 | other | broken \
         | memory before | at most | processor |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    );
    for part in PARTS {
        eprintln!("load: {}, {SECONDS} s", part.name);
        measure(part, &program, &folder);
    }
}

fn wrk_version() -> String {
    // It says it on the way to its usage, and fails.
    let output = Command::new("wrk").arg("-v").output().expect("wrk starts");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.split(" [").next().unwrap_or("wrk").trim().to_owned()
}

/// The arguments that lead a relay to the Internet of a part.
fn internet(folder: &Path, part: &Part) -> Vec<String> {
    let names: Vec<String> = (0..DOMAINS).map(|i| format!("mta-sts.d{i}.example.com")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let filler = "x".repeat(part.policy.saturating_sub(POLICY.len() + 5));
    let policy = format!("{POLICY}x: {filler}\r\n");
    let reply = match part.host {
        Host::Policy => Reply::http("200 OK", &[("Content-Type", "text/plain")], policy.as_bytes()),
        Host::Trailers => {
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
            let body = format!("{:x}\r\n{policy}\r\n0\r\n", policy.len());
            Reply::Again(format!("{head}{body}").into(), b"X-Filler: y\r\n".repeat(64))
        }
    };
    let host = servers::http(Some(ca::server(&names, ca::Flaw::None)), move |_| reply.clone());
    let all = Some(Say::Records(vec![Record::A(PUBLIC)]));
    let world = World { all, ..World::default() };
    let authority = ca::file(&folder.display().to_string()).display().to_string();
    let route = format!("{PUBLIC}:443={host}");
    let resolver = match part.resolver {
        Asked::NameServer => world.serve_udp().to_string(),
        Asked::Limiting => {
            let first = OnceLock::new();
            let address = servers::http(None, move |target| {
                match first.get_or_init(Instant::now).elapsed() < LIMITED {
                    true => Reply::http("429 Too Many Requests", &[], b""),
                    false => world.answer(target),
                }
            });
            format!("http://{address}/dns-query")
        }
    };
    let pairs = [("--resolver", resolver), ("--test-ca", authority), ("--test-route", route)];
    pairs.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
}

/// A process that ends with this value.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the relay. The first line that it says is its address.
fn relay(program: &str, part: &Part, folder: &Path) -> (Started, String) {
    let mut command = match part.files {
        None => Command::new(program),
        Some(files) => {
            let mut shell = Command::new("sh");
            shell.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\""), program]);
            shell
        }
    };
    command.args(["serve", "--listen", "127.0.0.1:0", "--trust-proxy", "127.0.0.0/8"]);
    // What is measured would be the limits otherwise.
    command.args(["--per-domain", "0", "--per-address", "0"]);
    let per_client = if part.addresses == POLICIES.addresses { "0" } else { "60" };
    command.args(["--per-client", per_client]).args(part.options);
    command.args(internet(folder, part)).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut relay = Started(command.spawn().expect("the relay starts"));
    let said = BufReader::new(relay.0.stdout.take().expect("it is piped"));
    let address = said.lines().next().expect("the relay tells its address").expect("it is text");
    (relay, address)
}

fn measure(part: &Part, program: &str, folder: &Path) {
    let script = folder.join("load.lua");
    fs::write(&script, include_str!("load.lua")).expect("the folder can be written");
    let (relay, address) = relay(program, part, folder);
    let before = memory(&relay.0, "VmRSS");
    let slow: Vec<_> = (0..part.slow).filter_map(|_| half_a_request(&address)).collect();
    // Each client needs a file of its own.
    let output = Command::new("sh")
        .args(["-c", "ulimit -n $(ulimit -Hn); exec wrk \"$@\"", "wrk"])
        .args([
            "-t2",
            &format!("-c{}", part.clients),
            &format!("-d{SECONDS}s"),
            "--timeout",
            "30s",
            "-s",
        ])
        .arg(&script)
        .args([&address, "--", "1", part.path])
        .arg(if part.with_domain { DOMAINS } else { 0 }.to_string())
        .arg(part.addresses.to_string())
        .output()
        .expect("wrk starts");
    let most = memory(&relay.0, "VmHWM");
    let processor = processor(&relay.0);
    drop(slow);
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = output.lines().find_map(|line| line.strip_prefix("RESULT "));
    let line = line.expect("wrk says what came of it");
    let numbers: Vec<u64> = line.split(' ').filter_map(|number| number.parse().ok()).collect();
    let [requests, micros, median, most_time, ok, many, busy, other, broken] = numbers[..] else {
        panic!("wrk says nothing that is understood: {line}")
    };
    let rate = requests * 1_000_000 / micros.max(1);
    let milliseconds = |micros: u64| format!("{}.{} ms", micros / 1000, micros / 100 % 10);
    println!(
        "| {} | {rate} | {} | {} | {ok} | {many} | {busy} | {other} | {broken} | {} MiB | {} MiB | {processor} |",
        part.name,
        milliseconds(median),
        milliseconds(most_time),
        before / 1024,
        most / 1024,
    );
}

/// A connection on which a request was begun.
fn half_a_request(address: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address.strip_prefix("http://")?).ok()?;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: ").ok()?;
    Some(stream)
}

/// How much time of processors a process has taken.
fn processor(child: &Child) -> String {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).expect("the relay runs");
    // Behind the name, which may have spaces in it: the 14th and 15th field, in hundredths of a second.
    let fields = stat.rsplit(") ").next().expect("there is a last part").split(' ');
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    format!("{}.{} s", ticks / 100, ticks / 10 % 10)
}

/// How much memory a process has, or had at most, in KiB.
fn memory(child: &Child, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.expect("the relay runs, on Linux");
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let number = value.and_then(|value| value.trim().split(' ').next()?.parse().ok());
    number.expect("the system tells what a process uses")
}
