//! A server in a folder of its own.

use super::{command, find};
use std::fs::{self, File};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The longest that a server takes until it listens, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A new folder. It is not in the target folder, where the account of a server may have no way.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(word: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let id = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(format!("stslint-{word}-{}-{}", id.0, id.1));
        fs::create_dir(&path).expect("a new folder");
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, whose path may begin with a slash: this folder has the place of the root.
    pub(super) fn put(&self, path: &str, text: &str) -> PathBuf {
        let path = self.0.join(path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A server. It ends with this value.
pub(super) struct Daemon {
    child: Child,
    /// Where it listens.
    pub(super) address: SocketAddr,
    folder: Folder,
}

impl Daemon {
    /// Starts a program, and waits until it listens.
    pub(super) fn start(
        program: &str,
        arguments: impl IntoIterator<Item = String>,
        address: SocketAddr,
        folder: Folder,
    ) -> Self {
        let log = File::create(folder.path().join("log")).expect("a log");
        // It ends when we are killed, too.
        let child = command("setpriv")
            .args(["--pdeathsig", "TERM"])
            .arg(find(program))
            .args(arguments)
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the same log"))
            .stderr(log)
            .spawn()
            .expect("it starts");
        let mut daemon = Self { child, address, folder };
        daemon.wait(|_| TcpStream::connect(address).is_ok());
        daemon
    }

    /// Waits until it has said this, where it listens before it is ready.
    pub(super) fn wait_for(mut self, words: &str) -> Self {
        self.wait(|daemon| daemon.log().contains(words));
        self
    }

    fn wait(&mut self, is_ready: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !is_ready(self) {
            let ended = self.child.try_wait().expect("it is our child").is_some();
            assert!(!ended && start.elapsed() < PATIENCE, "it does not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What it said.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).expect("the log can be read")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
