//! `stslint serve` as a process: options, environment, signals, memory.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use stslint_testnet::ca::{self, Flaw};
use stslint_testnet::dns::{Record, Say, World};
use stslint_testnet::servers::{self, Reply};

const PUBLIC: &str = "198.41.0.4";

/// A relay as a process of its own.
struct Relay {
    child: Child,
    address: SocketAddr,
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command, in an Internet where d0.example.com to d99.example.com have this reply.
fn command(reply: Reply) -> Command {
    let names: Vec<String> = (0..100).map(|i| format!("mta-sts.d{i}.example.com")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let host = servers::http(Some(ca::server(&names, Flaw::None)), move |_| reply.clone());
    let all = Some(Say::Records(vec![Record::A(PUBLIC)]));
    let names = World { all, ..World::default() }.serve_udp();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stslint"));
    command
        .args(["serve", "--relay-only", "--resolver", &names.to_string()])
        .args(["--per-client", "0", "--per-domain", "0", "--per-address", "0"])
        .args(["--test-route", &format!("{PUBLIC}:443={host}"), "--test-ca"])
        .arg(ca::file(env!("CARGO_TARGET_TMPDIR")))
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn start(command: &mut Command, listen: &str) -> Relay {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let mut child = command.env("STSLINT_LISTEN", listen).spawn().expect("it starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("it is text");
        if let Some(address) = line.trim().strip_prefix("http://") {
            return Relay { child, address: address.parse().expect("an address") };
        }
        // The port may be taken by a connection that is not quite gone.
        let _ = child.wait();
        assert!(Instant::now() < deadline, "it can't listen at {listen}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A request on a connection of its own. None: nobody listens. An error: it was sent, and no whole
/// answer came.
fn get(address: SocketAddr, target: &str) -> Option<Result<String, ()>> {
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!("GET {target} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    let read = stream.write_all(head.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
    Some(match read {
        Ok(_) if answer.starts_with("HTTP/1.1 ") => Ok(answer),
        _ => Err(()),
    })
}

fn good() -> Reply {
    let policy = stslint_testnet::POLICY;
    Reply::http("200 OK", &[("Content-Type", "text/plain")], policy.as_bytes())
}

fn signal(relay: &Relay, name: &str) {
    let id = relay.child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status().expect("there is kill");
    assert!(sent.success());
}

#[test]
fn options_come_from_the_environment_too() {
    let relay = start(
        // One that is set to nothing is not set.
        command(good()).env("STSLINT_OPERATOR", "Me").env("STSLINT_MX", "true").envs(
            ["LOOKS", "TIMEOUT", "DENY", "TRUST_PROXY", "LOG"]
                .map(|name| (format!("STSLINT_{name}"), "")),
        ),
        "127.0.0.1:0",
    );
    let answer = get(relay.address, "/relay/v1/").expect("it listens").expect("an answer");
    assert!(
        answer.contains("\"operator\":\"Me\"") && answer.contains("[\"policy\",\"mx\"]"),
        "{answer}"
    );
    for (name, value) in [
        ("STSLINT_LISTEN", "nowhere"),
        ("STSLINT_ALLOW_ORIGIN", "https://example.com/path"),
        ("STSLINT_TRUST_PROXY", "10.0.0.0/33"),
        ("STSLINT_RESOLVER", "http://192.0.2.1/"),
        ("STSLINT_LOOKS", "0"),
        ("STSLINT_QUEUE", "2305843009213693952"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stslint"));
        let output = command.arg("serve").env(name, value).output().expect("it ends");
        assert_eq!(output.status.code(), Some(64), "{name}");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_stslint"));
    let listen = relay.address.to_string();
    let output =
        command.args(["serve", "--relay-only", "--listen", &listen]).output().expect("it ends");
    assert_eq!(output.status.code(), Some(69), "{output:?}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_stslint"));
    let output = command.args(["serve", "--page", "/nonexistent"]).output().expect("it ends");
    assert_eq!(output.status.code(), Some(66), "{output:?}");
}

#[test]
fn logs_have_names_only_when_asked() {
    for (flag, expected) in [("--log", false), ("--log-names", true)] {
        let mut command = command(good());
        let mut relay = start(command.arg(flag).stderr(Stdio::piped()), "127.0.0.1:0");
        let answer = get(relay.address, "/relay/v1/policy?domain=d0.example.com");
        let answer = answer.expect("it listens").expect("an answer");
        signal(&relay, "-TERM");
        assert!(relay.child.wait().expect("it ends").success());
        let mut log = String::new();
        relay.child.stderr.take().expect("it is piped").read_to_string(&mut log).expect("text");
        let id =
            answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).expect("an id");
        assert!(log.contains(id), "{log}");
        assert_eq!(log.contains("d0.example.com"), expected, "{log}");
        assert_eq!(log.contains("client=127.0.0.1"), expected, "{log}");
    }
}

#[test]
fn kill_and_restart_under_load_lose_what_is_in_flight_and_no_more() {
    const CLIENTS: usize = 16;
    let mut command = command(good());
    let mut relay = start(&mut command, "127.0.0.1:0");
    let address = relay.address;
    let (done, lost, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let killed = std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (done, lost, stop) = (&done, &lost, &stop);
            scope.spawn(move || {
                let mut i = client;
                while !stop.load(Ordering::SeqCst) {
                    i += CLIENTS;
                    let target = format!("/relay/v1/policy?domain=d{}.example.com", i % 100);
                    match get(address, &target) {
                        Some(Ok(answer)) if answer.starts_with("HTTP/1.1 200") => {
                            done.fetch_add(1, Ordering::SeqCst);
                        }
                        Some(_) => {
                            lost.fetch_add(1, Ordering::SeqCst);
                        }
                        // Nobody listens: nothing was in flight, and it is tried again.
                        None => std::thread::sleep(Duration::from_millis(5)),
                    }
                }
            });
        }
        let more = |count: usize| {
            let (from, start) = (done.load(Ordering::SeqCst), Instant::now());
            while done.load(Ordering::SeqCst) < from + count {
                if start.elapsed() > Duration::from_secs(60) {
                    // The clients would go on for ever.
                    stop.store(true, Ordering::SeqCst);
                    panic!("nothing gets on");
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        more(200);
        // Without a warning: each client has at most one request in flight. One more each may have been
        // taken by the system for a process that was not there any more.
        for _ in 0..3 {
            relay.child.kill().expect("it runs");
            relay.child.wait().expect("it ends");
            relay = start(&mut command, &address.to_string());
            more(200);
        }
        let killed = lost.swap(0, Ordering::SeqCst);
        // With one: those in flight are answered. What the system had taken and nobody had picked up
        // is all that can be lost.
        for _ in 0..3 {
            signal(&relay, "-TERM");
            assert!(relay.child.wait().expect("it ends").success());
            relay = start(&mut command, &address.to_string());
            more(200);
        }
        stop.store(true, Ordering::SeqCst);
        killed
    });
    assert!(killed <= 3 * 2 * CLIENTS, "{killed} lost");
    let ended = lost.load(Ordering::SeqCst);
    assert!(ended <= 3 * CLIENTS, "{ended} lost");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut command = command(Reply::Silence);
    // A look that takes longer than any test may, and time to wait for it.
    let mut relay = start(command.args(["--timeout", "600", "--grace", "3600"]), "127.0.0.1:0");
    let mut stream = TcpStream::connect(relay.address).expect("it listens");
    let head = "GET /relay/v1/policy?domain=d0.example.com HTTP/1.1\r\nHost: relay\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("it reads");
    std::thread::sleep(Duration::from_millis(500));
    signal(&relay, "-TERM");
    std::thread::sleep(Duration::from_millis(500));
    assert!(relay.child.try_wait().expect("it can be asked").is_none(), "it waits for the look");
    signal(&relay, "-TERM");
    assert!(relay.child.wait().expect("it ends").success());
}

#[test]
fn a_relay_with_few_file_descriptors_calls_nobody_broken() {
    // The policy host answers after a while, so that many looks are under way at a time.
    let names: Vec<String> = (0..60).map(|i| format!("mta-sts.d{i}.example.com")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let host = servers::http(Some(ca::server(&names, Flaw::None)), |_| {
        std::thread::sleep(Duration::from_millis(300));
        good()
    });
    let plain = command(good());
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 256; exec \"$0\" \"$@\""]).arg(plain.get_program());
    command.args(plain.get_args()).args(["--test-route", &format!("{PUBLIC}:443={host}")]);
    let mut relay = start(command.stdout(Stdio::piped()).stderr(Stdio::piped()), "127.0.0.1:0");
    let idle: Vec<_> = (0..90)
        .map(|_| {
            let mut stream = TcpStream::connect(relay.address).expect("it listens");
            stream.write_all(b"GET /healthz HTT").expect("it is sent");
            stream
        })
        .collect();
    std::thread::scope(|scope| {
        for i in 0..60 {
            let address = relay.address;
            scope.spawn(move || {
                let target = format!("/relay/v1/policy?domain=d{i}.example.com");
                let answer = get(address, &target).expect("it listens").expect("an answer");
                assert!(answer.contains("\"status\":200"), "{answer}");
            });
        }
    });
    drop(idle);
    let _ = relay.child.kill();
    let mut said = String::new();
    relay.child.stderr.take().expect("it is piped").read_to_string(&mut said).expect("text");
    assert!(said.contains("only so many files"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_is_bounded_whatever_strangers_do() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nx".to_vec();
    let mut command = command(Reply::Endless(head));
    let relay =
        start(command.args(["--cache-mib", "2", "--looks", "16", "--queue", "16"]), "127.0.0.1:0");
    let memory = |name: &str| -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", relay.child.id()));
        let status = status.expect("it runs");
        let value = status.lines().find_map(|line| line.strip_prefix(name)).expect("it is told");
        value.trim_start_matches(':').trim().trim_end_matches(" kB").parse().expect("a number")
    };
    let before = memory("VmRSS");
    // Clients that never finish a request, and others that ask for bodies without an end.
    let idle: Vec<_> = (0..300)
        .map(|_| {
            let mut stream = TcpStream::connect(relay.address).expect("it listens");
            stream.write_all(b"GET /healthz HTT").expect("it is sent");
            stream
        })
        .collect();
    let statuses = [const { AtomicUsize::new(0) }; 2];
    std::thread::scope(|scope| {
        for client in 0..40 {
            let (statuses, address) = (&statuses, relay.address);
            scope.spawn(move || {
                for i in 0..15 {
                    let domain = (client * 7 + i * 13) % 100;
                    let target = format!("/relay/v1/policy?domain=d{domain}.example.com");
                    let answer = get(address, &target).expect("it listens").expect("an answer");
                    let full = answer.starts_with("HTTP/1.1 503");
                    assert!(full || answer.starts_with("HTTP/1.1 200"), "{answer}");
                    statuses[usize::from(full)].fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    drop(idle);
    let most = memory("VmHWM");
    let [seen, full] = statuses.map(AtomicUsize::into_inner);
    assert!(seen > 50, "{seen} seen, {full} turned away");
    // 100 domains' bodies would be 9 MiB, 600 of them 50; the cache has 2, and 32 looks are under way.
    assert!(most < before + (40 << 10), "{before} KiB, then {most} KiB; {seen} seen, {full} not");
    let metrics = get(relay.address, "/metrics").expect("it listens").expect("an answer");
    let bytes = metrics.lines().find_map(|line| line.strip_prefix("stslint_cache_bytes "));
    let bytes: usize = bytes.expect("it is told").parse().expect("a number");
    assert!(bytes <= 2 << 20, "{bytes}");
}

/// The examples for operators: each part is there, and programs that are installed find no fault.
#[test]
fn the_examples_of_deploy_are_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect(name);
    // Every option that the unit sets is one that the command knows.
    let help = Command::new(env!("CARGO_BIN_EXE_stslint")).args(["serve", "--help"]).output();
    let help = String::from_utf8(help.expect("it ends").stdout).expect("text");
    let texts = [read("stslint.service"), read("Containerfile")];
    for word in
        texts.iter().flat_map(|text| text.split(|c: char| !(c.is_ascii_uppercase() || c == '_')))
    {
        assert!(
            !word.starts_with("STSLINT_") || help.contains(&format!("[env: {word}=")),
            "{word}"
        );
    }
    for name in ["nginx.conf", "Caddyfile"] {
        let text = read(name);
        assert!(text.contains("127.0.0.1:8461") && text.contains("/metrics"), "{name}");
        let (open, close) = (text.matches('{').count(), text.matches('}').count());
        assert_eq!(open, close, "{name}");
    }
    let Ok(version) = Command::new("nginx").arg("-v").output() else {
        eprintln!("nginx is not installed, so it was not asked");
        return;
    };
    assert!(version.status.success());
    // It wants to see a certificate, so it gets one.
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nginx");
    std::fs::create_dir_all(&work).expect("it can be made");
    let pem = ca::pem(&["stslint.example.com"], Flaw::None);
    std::fs::write(work.join("server.pem"), pem).expect("it can be written");
    let path = |name: &str| work.join(name).display().to_string();
    let site = read("nginx.conf")
        .replace("/etc/ssl/stslint.example.com.pem", &path("server.pem"))
        .replace("/etc/ssl/stslint.example.com.key", &path("server.pem"));
    let main = format!(
        "pid {}; error_log {}; events {{}} http {{ access_log off; {site} }}",
        path("pid"),
        path("log")
    );
    std::fs::write(work.join("nginx.conf"), main).expect("it can be written");
    let check =
        Command::new("nginx").args(["-t", "-c", &path("nginx.conf")]).output().expect("it ends");
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
}
