//! What only the system's package manager and its administrator can do.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::{Failure, Result};
use crate::process;

/// Whether this system has Debian's package manager.
pub(crate) fn has_apt() -> bool {
    process::find_here("apt-get").is_some()
}

/// Installs Debian packages that bring `what`.
pub(crate) fn install_packages(packages: &[&str], what: &str) -> Result<()> {
    let by_hand = format!(
        "as root: apt-get update && apt-get install --no-install-recommends {}",
        packages.join(" ")
    );
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    update().and_then(|()| process::stream(apt(as_root("env")?).args(&install))).map_err(
        |failure| {
            Failure::new(format!("cannot install {what}: {failure}"))
                .remedy(format!("Debian 12 and newer have it; {by_hand}"))
        },
    )
}

/// Fetches Debian packages that bring `what`, and those that they need and that are not installed, into a folder. Nothing
/// is installed.
pub(crate) fn download_packages(packages: &[&str], folder: &Path, what: &str) -> Result<()> {
    // apt-get wants this one.
    let partial = folder.join("partial");
    std::fs::create_dir_all(&partial).map_err(Failure::file("create", &partial))?;
    update()?;
    let mut command = apt(Command::new("env"));
    command.args(["-o", &format!("Dir::Cache::archives={}", folder.display())]);
    // No rights of the administrator are needed for that, but for the lock.
    command.args(["-o", "Debug::NoLocking=true"]);
    command.args(["install", "-y", "--no-install-recommends", "--download-only"]).args(packages);
    process::stream(&mut command)
        .map_err(|failure| Failure::new(format!("cannot fetch {what}: {failure}")))
}

fn apt(mut command: Command) -> Command {
    // Another apt-get may be at work, on a fresh machine often the one for automatic updates.
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
    command.args(["-o", "DPkg::Lock::Timeout=300"]);
    command
}

/// Brings the lists of packages up to date, unless that has been done.
fn update() -> Result<()> {
    static UPDATED: AtomicBool = AtomicBool::new(false);
    if !UPDATED.load(Ordering::Relaxed) {
        process::stream(apt(as_root("env")?).arg("update"))?;
        UPDATED.store(true, Ordering::Relaxed);
    }
    Ok(())
}

/// A command that runs with the rights of the administrator, without asking for a password.
pub(crate) fn as_root(program: &str) -> Result<Command> {
    if process::capture(Command::new("id").arg("-u")).as_deref() == Some("0") {
        return Ok(Command::new(program));
    }
    if process::capture(Command::new("sudo").args(["-n", "true"])).is_some() {
        let mut command = Command::new("sudo");
        command.args(["-n", program]);
        return Ok(command);
    }
    Err(Failure::new("this account is neither root nor allowed to use sudo without a password"))
}

/// Replaces a folder of the system by a copy of one of ours. It is whole or not there, even if we are interrupted.
pub(crate) fn replace_folder(ours: &Path, system: &Path) -> Result<()> {
    let copy = system.with_extension("new");
    if let Some(parent) = system.parent() {
        process::stream(as_root("mkdir")?.arg("-p").arg(parent))?;
    }
    process::stream(as_root("rm")?.arg("-rf").args([&copy, system]))?;
    process::stream(as_root("cp")?.arg("-r").arg(ours).arg(&copy))?;
    process::stream(as_root("mv")?.arg(&copy).arg(system))
}
