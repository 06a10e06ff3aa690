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
    let apt = |arguments: &[&str]| -> Result<()> {
        let mut command = as_root("env")?;
        // Another apt-get may be at work, on a fresh machine often the one for automatic updates.
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
        command.args(["-o", "DPkg::Lock::Timeout=300"]);
        process::stream(command.args(arguments))
    };
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    update_once(|| apt(&["update"])).and_then(|()| apt(&install)).map_err(|failure| {
        Failure::new(format!("cannot install {what}: {failure}"))
            .remedy(format!("Debian 12 and newer have it; {by_hand}"))
    })
}

/// Brings the lists of packages up to date, unless that has been done.
fn update_once(update: impl FnOnce() -> Result<()>) -> Result<()> {
    static UPDATED: AtomicBool = AtomicBool::new(false);
    if !UPDATED.load(Ordering::Relaxed) {
        update()?;
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
