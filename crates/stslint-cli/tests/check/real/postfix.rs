//! Postfix, with services that show different things.

use super::required;
use crate::network::ca::{self, Flaw};
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a mail host shows.
#[derive(Clone, Copy)]
pub(super) enum Service<'a> {
    /// STARTTLS, with a certificate for this name.
    Tls(&'a str, Flaw),
    /// No STARTTLS.
    Plain,
}

/// A Postfix that listens on a port for each service. It ends with this value.
pub(super) struct Postfix {
    master: Child,
    folder: PathBuf,
    addresses: Vec<SocketAddr>,
}

/// The account that Postfix works as. Its own need not be there.
const OWNER: &str = "nobody";

const LOG: &str = "log";

/// The longest that Postfix takes for anything, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

impl Postfix {
    pub(super) fn start(services: &[Service]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let id = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        // Not in the target folder: Postfix's account may have no way there.
        let folder = std::env::temp_dir().join(format!("stslint-postfix-{}-{}", id.0, id.1));
        let program = PathBuf::from(required("STSLINT_POSTFIX"));
        fs::create_dir(&folder).expect("a new folder");
        let ports: Vec<TcpListener> = services
            .iter()
            .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"))
            .collect();
        let addresses: Vec<_> =
            ports.iter().map(|port| port.local_addr().expect("it has one")).collect();
        drop(ports);
        configure(&folder, &program, services, &addresses);
        let log = File::create(folder.join(LOG)).expect("a log");
        let master = as_root("setpriv")
            // It ends when we are killed, too.
            .args(["--pdeathsig", "TERM", "env"])
            .arg(format!("LD_LIBRARY_PATH={}", required("STSLINT_LIBRARIES")))
            .arg(program)
            .arg("-c")
            .arg(&folder)
            // It stays in the foreground and writes its log to the standard output.
            .arg("-s")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the same log"))
            .stderr(log)
            .spawn()
            .expect("Postfix starts");
        let mut postfix = Self { master, folder, addresses };
        postfix.wait();
        postfix
    }

    /// Where the service of this number listens.
    pub(super) fn address(&self, service: usize) -> SocketAddr {
        self.addresses[service]
    }

    /// What each session came to, in the words of Postfix: `ehlo=1 quit=1 commands=2`. Waits for so many.
    pub(super) fn sessions(&self, count: usize) -> Vec<String> {
        let start = Instant::now();
        loop {
            let log = self.log();
            let ends = log.lines().filter_map(|line| line.split_once("]: disconnect from "));
            let words = ends.filter_map(|(_, end)| end.split_once(' '));
            let sessions: Vec<String> = words.map(|(_, words)| words.to_owned()).collect();
            if sessions.len() == count {
                return sessions;
            }
            assert!(start.elapsed() < PATIENCE, "{count} sessions in\n{log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn wait(&mut self) {
        let start = Instant::now();
        // Connecting would be a session.
        while !self.log().contains("daemon started") {
            let ended = self.master.try_wait().expect("it is our child").is_some();
            assert!(!ended && start.elapsed() < PATIENCE, "Postfix does not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join(LOG)).expect("the log can be read")
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // Asked to end, it ends all that it started.
        let _ = as_root("kill").arg(self.master.id().to_string()).status();
        let _ = self.master.wait();
        let _ = as_root("rm").arg("-r").arg(&self.folder).status();
    }
}

fn configure(folder: &Path, program: &Path, services: &[Service], addresses: &[SocketAddr]) {
    let at = folder.display();
    let daemons = program.parent().expect("it is in a folder").display();
    let main = format!(
        "compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
daemon_directory = {daemons}
meta_directory = {at}
shlib_directory = no
import_environment = MAIL_CONFIG LD_LIBRARY_PATH
mail_owner = {OWNER}
setgid_group = mail
default_privs = daemon
myhostname = mail.example.com
inet_protocols = ipv4
mydestination =
alias_maps =
local_recipient_maps =
maillog_file = /dev/stdout
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
"
    );
    let mut master =
        "tlsmgr unix - - n 1000? 1 tlsmgr\npostlog unix-dgram n - n - 1 postlogd\n".to_owned();
    for (i, (service, address)) in services.iter().zip(addresses).enumerate() {
        master += &format!("{address} inet n - n - - smtpd\n");
        match service {
            Service::Plain => master += "  -o smtpd_tls_security_level=none\n",
            Service::Tls(name, flaw) => {
                let file = folder.join(format!("{i}.pem"));
                fs::write(&file, ca::pem(&[name], *flaw)).expect("a file with a certificate");
                let file = file.display();
                master +=
                    &format!("  -o smtpd_tls_security_level=may -o smtpd_tls_chain_files={file}\n");
            }
        }
    }
    fs::write(folder.join("main.cf"), main).expect("a configuration");
    fs::write(folder.join("master.cf"), master).expect("a list of services");
    for queue in [
        "active", "bounce", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "pid",
        "private", "public", "trace",
    ] {
        fs::create_dir_all(folder.join("queue").join(queue)).expect("a folder");
    }
    fs::create_dir(folder.join("data")).expect("a folder");
    let chown = as_root("chown").args(["-R", OWNER, "queue", "data"]).current_dir(folder).status();
    assert!(chown.is_ok_and(|status| status.success()), "the account {OWNER} gets folders");
}

/// A command that runs as root, as Postfix has to.
fn as_root(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if id.stdout == b"0\n" {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    command
}
