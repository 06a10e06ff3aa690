//! A real DNS on loopback, for tests: nsd has three zones, unbound asks it and validates, dnsdist speaks DNS over HTTPS.
//!
//! `acme-mail.net` is signed, `broken.acme-mail.net` has a signature that does not fit, `unsigned.acme-mail.net` has
//! none.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;
use crate::setup::{Servers, Toolbox};

const SIGNED: &str = "acme-mail.net";
const BROKEN: &str = "broken.acme-mail.net";
const UNSIGNED: &str = "unsigned.acme-mail.net";

/// What stands in the broken zone when it is signed, and what afterwards.
const ALTERED: [&str; 2] = ["id=20261125;", "id=20261126;"];

/// The longest that a server takes until it listens, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs everything until somebody ends it.
pub(crate) fn run(project: &Project, tools: &Toolbox) -> Result<()> {
    let stack = Stack::start(project, tools)?;
    println!("{} answers for {SIGNED}, {BROKEN} and {UNSIGNED}; Ctrl+C ends it", stack.url());
    loop {
        std::thread::park();
    }
}

/// Running servers. They end with this value.
pub(crate) struct Stack {
    // In the order in which they end.
    servers: Vec<Server>,
    folder: PathBuf,
    port: u16,
}

impl Stack {
    /// Starts everything and waits until all of it listens.
    pub(crate) fn start(project: &Project, tools: &Toolbox) -> Result<Self> {
        let tools =
            tools.servers.as_ref().ok_or_else(|| Failure::new("nobody asked for servers"))?;
        let folder = project.root().join(format!("target/stack-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(Failure::file("create", &folder))?;
        let mut stack = Self { servers: Vec::new(), folder, port: 0 };
        stack.make_zones(tools)?;
        let nsd = stack.serve(tools, "nsd", &["-d", "-c"], nsd_conf)?;
        let conf = |port| unbound_conf(port, nsd);
        let unbound = stack.serve(tools, "unbound", &["-d", "-c"], conf)?;
        let plain = free_port()?;
        let conf = |port| dnsdist_conf(port, plain, unbound);
        let arguments = ["--supervised", "--disable-syslog", "-C"];
        stack.port = stack.serve(tools, "dnsdist", &arguments, conf)?;
        Ok(stack)
    }

    /// The address for questions.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/dns-query", self.port)
    }

    fn make_zones(&self, tools: &Servers) -> Result<()> {
        let broken = include_str!("stack/broken.acme-mail.net.zone");
        let signed = include_str!("stack/acme-mail.net.zone");
        let (zone, ds) = self.sign(tools, BROKEN, broken)?;
        if !zone.contains(ALTERED[0]) {
            return Err(Failure::new(format!("nothing to break in the zone {BROKEN}")));
        }
        self.write(BROKEN, &zone.replace(ALTERED[0], ALTERED[1]))?;
        let (zone, ds) = self.sign(tools, SIGNED, &format!("{signed}{ds}"))?;
        self.write(SIGNED, &zone)?;
        self.write("anchor.ds", &ds)?;
        self.write(UNSIGNED, include_str!("stack/unsigned.acme-mail.net.zone"))
    }

    /// Makes a key for a zone and signs it. Gives the zone and the DS record.
    fn sign(&self, tools: &Servers, name: &str, zone: &str) -> Result<(String, String)> {
        let plain = format!("{name}.plain");
        self.write(&plain, zone)?;
        let run = |program: &str, arguments: &[&str]| {
            process::capture(tools.command(program).args(arguments).current_dir(&self.folder))
                .ok_or_else(|| Failure::new(format!("`{program}` failed for the zone {name}")))
        };
        let key = run("ldns-keygen", &["-k", "-a", "ECDSAP256SHA256", name])?;
        run("ldns-signzone", &["-f", name, &plain, &key])?;
        Ok((self.read(name)?, self.read(&format!("{key}.ds"))?))
    }

    /// Starts a server with its configuration on a free port, and waits until it listens there.
    fn serve(
        &mut self,
        tools: &Servers,
        program: &str,
        arguments: &[&str],
        conf: impl FnOnce(u16) -> String,
    ) -> Result<u16> {
        let port = free_port()?;
        let name = format!("{program}.conf");
        self.write(&name, &conf(port))?;
        let mut command = tools.service(program);
        command.current_dir(&self.folder).args(arguments).arg(self.folder.join(name));
        let log = self.folder.join(program).with_extension("log");
        self.servers.insert(0, Server::start(&mut command, &log)?);
        self.servers[0].wait_for(port)?;
        Ok(port)
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(Failure::file("write", &path))
    }

    fn read(&self, name: &str) -> Result<String> {
        let path = self.folder.join(name);
        fs::read_to_string(&path).map_err(Failure::file("read", &path))
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.servers.clear();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn nsd_conf(port: u16) -> String {
    let zone = |name: &str| format!("zone:\n  name: {name}\n  zonefile: {name}\n");
    format!(
        "server:
  ip-address: 127.0.0.1@{port}
  username: \"\"
  zonesdir: .
  database: \"\"
  pidfile: nsd.pid
  xfrdfile: xfrd.state
  xfrdir: .
  zonelistfile: zone.list
  server-count: 1
remote-control:
  control-enable: no
{}{}{}",
        zone(SIGNED),
        zone(BROKEN),
        zone(UNSIGNED)
    )
}

/// Without the Internet: whatever is in none of the zones is asked of nsd too, which refuses.
fn unbound_conf(port: u16, nsd: u16) -> String {
    let stub = |name: &str| format!("stub-zone:\n  name: {name}\n  stub-addr: 127.0.0.1@{nsd}\n");
    format!(
        "server:
  interface: 127.0.0.1@{port}
  do-not-query-localhost: no
  do-ip6: no
  username: \"\"
  chroot: \"\"
  directory: .
  pidfile: \"\"
  use-syslog: no
  num-threads: 1
  module-config: \"validator iterator\"
  trust-anchor-file: anchor.ds
remote-control:
  control-enable: no
{}{}{}{}",
        stub(SIGNED),
        stub(BROKEN),
        stub(UNSIGNED),
        stub(".")
    )
}

/// It has to listen on a port for plain DNS, too.
fn dnsdist_conf(port: u16, plain: u16, unbound: u16) -> String {
    format!(
        "setSecurityPollSuffix('')
setACL('127.0.0.0/8')
setLocal('127.0.0.1:{plain}')
addDOHLocal('127.0.0.1:{port}', nil, nil, '/dns-query', {{customResponseHeaders={{['access-control-allow-origin']='*'}}}})
-- It would wait for an answer to a question of its own otherwise, and refuse everything until then.
newServer({{address='127.0.0.1:{unbound}'}}):setUp()
"
    )
}

/// A port that nobody has, neither for TCP nor for UDP.
fn free_port() -> Result<u16> {
    let find = || -> std::io::Result<u16> {
        loop {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let port = listener.local_addr()?.port();
            if UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Ok(port);
            }
        }
    };
    find().map_err(|error| Failure::new(format!("no free port on this machine: {error}")))
}

/// A program that runs until this value goes.
struct Server {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Server {
    fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let name = log.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let file = File::create(log).map_err(Failure::file("create", log))?;
        let again = file.try_clone().map_err(Failure::file("write", log))?;
        let child = command.stdin(Stdio::null()).stdout(file).stderr(again).spawn();
        let child =
            child.map_err(|error| Failure::new(format!("cannot start `{name}`: {error}")))?;
        Ok(Self { name, child, log: log.to_owned() })
    }

    fn wait_for(&mut self, port: u16) -> Result<()> {
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let ended = self.child.try_wait().ok().flatten();
            if ended.is_some() || start.elapsed() > PATIENCE {
                let said = fs::read_to_string(&self.log).unwrap_or_default();
                return Err(Failure::new(format!("`{}` does not start: {said}", self.name)));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked to end, it ends its own children too; killed, it could not.
        let asked = process::capture(Command::new("kill").arg(self.child.id().to_string()));
        let start = Instant::now();
        while asked.is_some() && start.elapsed() < Duration::from_secs(5) {
            if let Ok(Some(_)) = self.child.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
