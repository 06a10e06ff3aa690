//! A small Internet on loopback: a resolver, policy hosts, mail hosts.

pub(crate) use stslint_testnet::{POLICY, ca, dns, servers};

use ca::Flaw;
use dns::{Record, Say, World};
use domain::base::Rtype;
use servers::{Mail, Reply};
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread::sleep;
use std::time::Duration;

/// How long a command may take to end that has nothing left to do.
const SOON: Duration = Duration::from_secs(60);

/// The Internet, as far as the command can see it.
pub(crate) struct Network {
    pub(crate) world: World,
    routes: Vec<(String, SocketAddr)>,
    /// Further arguments.
    pub(crate) args: Vec<String>,
    tls: bool,
    /// How many files the command may have open.
    files: Option<u32>,
}

/// What the command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Network {
    /// Nothing.
    pub(crate) fn empty() -> Self {
        Self {
            world: World::default(),
            routes: Vec::new(),
            args: Vec::new(),
            tls: false,
            files: None,
        }
    }

    /// example.com, where all is well.
    pub(crate) fn good() -> Self {
        let mut network = Self::empty();
        network.records("example.com");
        network.policy_host("example.com", Flaw::None, text_plain(POLICY));
        let tls = ca::server(&["mail.example.com"], Flaw::None);
        network.mail_host("mail.example.com", "192.0.2.25", Mail::Tls(tls));
        network
    }

    /// The records of a domain.
    pub(crate) fn records(&mut self, domain: &str) {
        let txt = |text: &str| Say::Records(vec![Record::Txt(text.into())]);
        let rua = format!("v=TLSRPTv1; rua=mailto:tls@{domain}");
        self.world.say(&format!("_mta-sts.{domain}"), Rtype::TXT, txt("v=STSv1; id=20261122;"));
        self.world.say(&format!("_smtp._tls.{domain}"), Rtype::TXT, txt(&rua));
        let mx = Record::Mx(10, format!("mail.{domain}"));
        self.world.say(domain, Rtype::MX, Say::Records(vec![mx]));
    }

    /// The policy host of a domain, with a certificate for it.
    pub(crate) fn policy_host(&mut self, domain: &str, flaw: Flaw, reply: Reply) {
        let host = format!("mta-sts.{domain}");
        self.policy_host_named(domain, &[&host], flaw, reply);
    }

    /// The policy host of a domain, with a certificate for other names.
    pub(crate) fn policy_host_named(
        &mut self,
        domain: &str,
        names: &[&str],
        flaw: Flaw,
        reply: Reply,
    ) {
        let tls = ca::server(names, flaw);
        let address = servers::http(Some(tls), move |target| match target {
            "/.well-known/mta-sts.txt" => reply.clone(),
            _ => Reply::http("404 Not Found", &[], b""),
        });
        let addresses = Say::Records(vec![Record::A("192.0.2.10")]);
        self.world.say(&format!("mta-sts.{domain}"), Rtype::A, addresses);
        self.route("192.0.2.10:443", address);
    }

    /// A mail host.
    pub(crate) fn mail_host(&mut self, host: &str, ip: &'static str, mail: Mail) {
        self.world.say(host, Rtype::A, Say::Records(vec![Record::A(ip)]));
        self.route(&format!("{ip}:25"), servers::smtp(mail));
    }

    /// Leads connections to an address to a server.
    pub(crate) fn route(&mut self, from: &str, to: SocketAddr) {
        self.routes.retain(|(known, _)| known != from);
        self.routes.push((from.to_owned(), to));
    }

    /// Puts the resolver behind TLS.
    pub(crate) fn with_tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Lets the command have only so many files open. Connections to the resolver, which are kept, are some.
    pub(crate) fn with_files(mut self, files: u32) -> Self {
        self.files = Some(files);
        self
    }

    pub(crate) fn with(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|arg| (*arg).to_owned()));
        self
    }

    /// Runs `stslint check`.
    pub(crate) fn check(self, args: &[&str]) -> Said {
        self.check_with(args, "")
    }

    /// Runs `stslint check` with something on standard input.
    pub(crate) fn check_with(self, args: &[&str], stdin: &str) -> Said {
        self.run("check", args, stdin)
    }

    /// Begins a command of stslint that looks something up.
    fn begin(self, name: &str, args: &[&str], stdin: &str) -> Child {
        let world = self.world;
        let asked = AtomicUsize::new(0);
        let keep = self.files.is_some();
        let tls = self.tls.then(|| ca::server(&["localhost"], Flaw::None));
        let scheme = if self.tls { "https://localhost" } else { "http://127.0.0.1" };
        let address = servers::http(tls, move |target| {
            if asked.fetch_add(1, Ordering::SeqCst) < world.limit {
                let headers = [("Retry-After", "0"), ("Content-Type", "text/plain")];
                return Reply::http("429 Too Many Requests", &headers, b"slow down");
            }
            let reply = world.answer(target);
            if keep { reply.kept() } else { reply }
        });
        let mut command = match self.files {
            None => Command::new(env!("CARGO_BIN_EXE_stslint")),
            Some(files) => {
                let mut shell = Command::new("sh");
                let limited = format!("ulimit -n {files}; exec \"$0\" \"$@\"");
                shell.args(["-c", &limited, env!("CARGO_BIN_EXE_stslint")]);
                shell
            }
        };
        command.arg(name).args(args).args(&self.args);
        if !self.args.iter().any(|arg| arg == "--resolver") {
            command.args(["--resolver", &format!("{scheme}:{}/dns-query", address.port())]);
        }
        command.arg("--test-ca").arg(ca::file(env!("CARGO_TARGET_TMPDIR")));
        for (from, to) in &self.routes {
            command.arg("--test-route").arg(format!("{from}={to}"));
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command runs");
        // A command that does not read its input closes it.
        let _ = child.stdin.take().expect("it is piped").write_all(stdin.as_bytes());
        child
    }

    /// Runs `stslint check` until it has come so far, and kills it.
    pub(crate) fn killed(self, args: &[&str], stdin: &str, is_far: impl FnMut() -> bool) {
        let mut child = self.until(args, stdin, is_far);
        child.kill().expect("it is ours");
        child.wait().expect("it is over");
    }

    /// Runs `stslint check` until it has come so far, and presses Ctrl-C.
    pub(crate) fn stopped(self, args: &[&str], stdin: &str, is_far: impl FnMut() -> bool) -> Said {
        let child = self.until(args, stdin, is_far);
        interrupt(&child);
        Said::soon(child)
    }

    /// Runs `stslint check` until it has come so far. Nobody reads what it writes meanwhile.
    pub(crate) fn until(
        self,
        args: &[&str],
        stdin: &str,
        mut is_far: impl FnMut() -> bool,
    ) -> Child {
        let mut child = self.begin("check", args, stdin);
        while !is_far() && child.try_wait().expect("it is ours").is_none() {
            sleep(Duration::from_millis(1));
        }
        child
    }

    /// Runs a command of stslint that looks something up.
    pub(crate) fn run(self, name: &str, args: &[&str], stdin: &str) -> Said {
        Said::of(self.begin(name, args, stdin))
    }
}

/// Presses Ctrl-C.
pub(crate) fn interrupt(child: &Child) {
    let told = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(told.expect("kill runs").success());
}

/// A policy as it should be served.
pub(crate) fn text_plain(policy: &str) -> Reply {
    Reply::http("200 OK", &[("Content-Type", "text/plain")], policy.as_bytes())
}

impl Said {
    /// What a command says until its end.
    fn of(child: Child) -> Self {
        let output: Output = child.wait_with_output().expect("the command ends");
        Self {
            code: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }

    /// What a command says that is to end now, however slow this machine is.
    pub(crate) fn soon(child: Child) -> Self {
        let id = child.id();
        let (sender, said) = channel();
        std::thread::spawn(move || {
            let _ = sender.send(Self::of(child)); // Nobody waits for it any more.
        });
        said.recv_timeout(SOON).unwrap_or_else(|_| {
            let _ = Command::new("kill").args(["-KILL", &id.to_string()]).status();
            panic!("the command goes on");
        })
    }

    /// The states of the five steps.
    pub(crate) fn states(&self) -> Vec<&str> {
        let steps = ["discover: ", "fetch: ", "match: ", "connect: ", "report: "];
        let state = |step: &str| {
            let line = self.out.lines().find(|line| line.starts_with(step));
            let state = line.unwrap_or_else(|| panic!("no {step}in\n{}", self.out));
            state[step.len()..].split(':').next().expect("there is a first part")
        };
        steps.map(state).to_vec()
    }

    /// The codes of the findings, each once, in order.
    pub(crate) fn codes(&self) -> Vec<&str> {
        let mut codes = Vec::new();
        for line in self.out.lines() {
            let severity = ["error[", "warning[", "advice[", "info["];
            let Some(rest) = severity.iter().find_map(|s| line.strip_prefix(s)) else { continue };
            let code = rest.split(']').next().expect("there is a first part");
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    #[track_caller]
    pub(crate) fn has(&self, text: &str) -> &Self {
        assert!(self.out.contains(text), "no {text:?} in\n{}\n{}", self.out, self.err);
        self
    }
}
