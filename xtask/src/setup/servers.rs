//! Real servers for DNS, mail and the web, for tests.
//!
//! Installed as packages are, they would start with the machine, Postfix would take the place of another mail server, and
//! each web server would want port 80. So what is missing is only unpacked, into a folder of ours, together with the libraries that are missing.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::{self, Project};
use crate::system;

use super::{report_found, report_installing};

/// Debian's packages.
const PACKAGES: [&str; 14] = [
    "nsd",
    "unbound",
    "dnsdist",
    "ldnsutils",
    "bind9",
    "bind9-utils",
    "bind9-dnsutils",
    "postfix",
    "nginx",
    "caddy",
    "apache2-bin",
    "haproxy",
    "lighttpd",
    "lighttpd-mod-openssl",
];

/// What we call, and how it tells that it runs here.
const PROGRAMS: [(&str, &[&str]); 16] = [
    ("nsd", &["-v"]),
    ("unbound", &["-V"]),
    ("dnsdist", &["--version"]),
    ("ldns-keygen", &["-v"]),
    ("ldns-signzone", &["-v"]),
    ("ldns-read-zone", &["-v"]),
    ("named", &["-v"]),
    ("named-compilezone", &["-v"]),
    ("nsupdate", &["-V"]),
    ("dig", &["-v"]),
    ("postconf", &["-d", "mail_version"]),
    ("nginx", &["-v"]),
    ("caddy", &["version"]),
    ("apache2", &["-v"]),
    ("haproxy", &["-v"]),
    ("lighttpd", &["-v"]),
];

/// The program that starts all others of Postfix.
const MASTER: &str = "usr/lib/postfix/sbin/master";

const WHAT: &str = "servers for DNS (nsd, unbound, dnsdist, BIND), mail (Postfix) and the web (nginx, Caddy, Apache, \
    HAProxy, lighttpd)";

/// Where the servers are.
#[derive(Debug)]
pub(crate) struct Servers {
    /// Where those are that we unpacked.
    unpacked: PathBuf,
}

impl Servers {
    /// A command for one of the programs.
    pub(crate) fn command(&self, program: &str) -> Command {
        self.with_libraries(Command::new(self.find(program)))
    }

    /// A command for a program that runs on. Where the system can do that, it ends when we are killed, too.
    pub(crate) fn service(&self, program: &str) -> Command {
        let Some(setpriv) = process::find_here("setpriv") else {
            return self.command(program);
        };
        let mut command = Command::new(setpriv);
        command.args(["--pdeathsig", "TERM"]).arg(self.find(program));
        self.with_libraries(command)
    }

    fn find(&self, program: &str) -> OsString {
        let found = process::find(program, &self.path());
        found.map_or_else(|| OsString::from(program), PathBuf::into_os_string)
    }

    fn with_libraries(&self, mut command: Command) -> Command {
        command.env("LD_LIBRARY_PATH", self.libraries());
        command
    }

    /// The program that starts all others of Postfix, if it is there.
    pub(crate) fn postfix(&self) -> Option<PathBuf> {
        [Path::new("/"), &self.unpacked]
            .map(|root| root.join(MASTER))
            .into_iter()
            .find(|p| p.exists())
    }

    /// Where servers find the libraries that the system lacks, as `LD_LIBRARY_PATH`.
    pub(crate) fn libraries(&self) -> OsString {
        let folder = self.unpacked.join("usr/lib");
        let mut folders = vec![folder.join("postfix")];
        // Debian puts the libraries of each architecture into a folder of its own, as x86_64-linux-gnu.
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().contains("-linux-") {
                folders.push(entry.path());
            }
        }
        std::env::join_paths(folders).unwrap_or_default()
    }

    /// Where they are, as `PATH`. The system's own come first. Servers are often not on the path of people.
    pub(crate) fn path(&self) -> OsString {
        let theirs = std::env::var_os("PATH").unwrap_or_default();
        let more = ["/usr/sbin".into(), "/sbin".into()];
        let ours = ["usr/sbin", "usr/bin"].map(|folder| self.unpacked.join(folder));
        let folders = std::env::split_paths(&theirs).chain(more).chain(ours);
        std::env::join_paths(folders).unwrap_or_else(|_| theirs.clone())
    }

    /// The programs that are not there or don't run.
    fn missing(&self) -> Vec<&'static str> {
        let runs = |(program, arguments): &(&str, &[&str])| {
            let mut command = self.command(program);
            process::capture(command.args(*arguments)).is_some()
        };
        let programs = PROGRAMS.iter().filter(|program| !runs(program)).map(|(name, _)| *name);
        programs.chain(self.postfix().is_none().then_some("postfix")).collect()
    }
}

/// Sees to it that the servers are there.
pub(super) fn ensure(project: &Project) -> Result<Servers> {
    let servers = Servers { unpacked: project.tools().join("servers") };
    if servers.missing().is_empty() {
        report_found(WHAT);
        return Ok(servers);
    }
    let remedy = format!(
        "install {} with your system's package manager;\n\
         or run the other parts alone, as `cargo xtask test lint native wasm npm`",
        PACKAGES.join(", ")
    );
    if !system::has_apt() {
        let missing = servers.missing().join(", ");
        return Err(Failure::new(format!("not installed: {missing}")).remedy(remedy));
    }
    report_installing(WHAT, "unpacking Debian's packages into .tools/ (28 MB, 1 minute)");
    unpack(&servers.unpacked).map_err(|failure| failure.remedy(&remedy))?;
    match servers.missing().as_slice() {
        [] => Ok(servers),
        missing => {
            let missing = missing.join(", ");
            Err(Failure::new(format!("unpacked, but not running: {missing}")).remedy(remedy))
        }
    }
}

fn unpack(folder: &Path) -> Result<()> {
    let new = folder.with_extension("new");
    project::remove(folder)?;
    project::remove(&new)?;
    let packages = new.join("packages");
    system::download_packages(&PACKAGES, &packages, WHAT)?;
    for entry in packages.read_dir().map_err(Failure::file("read", &packages))?.flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "deb") {
            process::capture(Command::new("dpkg-deb").arg("-x").arg(entry.path()).arg(&new))
                .ok_or_else(|| Failure::new(format!("cannot unpack {}", entry.path().display())))?;
        }
    }
    fs::remove_dir_all(&packages).map_err(Failure::file("remove", &packages))?;
    fs::rename(&new, folder).map_err(Failure::file("rename", &new))
}
