//! Packages of PyPI, in a Python of their own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;

use super::programs::{Programs, missing};
use super::{Toolbox, report_found, report_installing};

/// What reads OctoDNS's form of records in a test: OctoDNS itself.
pub(super) const OCTODNS: &str = "octodns==1.22.0";

/// The DuckDB in which recipes of documents are tried.
pub(crate) const DUCKDB: &str = "duckdb==2.0.1";

/// What makes a Python of one's own.
const VENV: Programs = Programs {
    what: "Python 3 with venv",
    packages: &["python3-venv"],
    effort: "10 MB, 1 minute",
    remedy: "install Python 3 with its modules venv and ensurepip",
};

/// Sees to it that there is a Python with a package, as `name==version`, and gives it.
pub(super) fn ensure(project: &Project, toolbox: &Toolbox, package: &str) -> Result<PathBuf> {
    VENV.ensure(|| {
        let mut python = toolbox.command("python3");
        let found = process::capture(python.args(["-c", "import ensurepip, venv"]));
        found.map(drop).ok_or_else(|| missing("python3"))
    })?;
    with(project, package, &[package]).map_err(|failure| {
        failure.remedy(
            "pip needs access to a registry of Python packages;\n\
             or run the other parts alone, as `cargo xtask test lint native wasm npm browser`",
        )
    })
}

/// A Python with packages of PyPI, each as `name==version`, in a folder of its own below `target/`.
pub(crate) fn with(project: &Project, what: &str, packages: &[&str]) -> Result<PathBuf> {
    let folder = project.target_dir().join(format!("python-{}", packages.join("-")));
    let python = folder.join("bin/python");
    // It is there last of all, so that an installation that broke off is begun anew.
    let done = folder.join("installed");
    if done.exists() {
        report_found(what);
        return Ok(python);
    }
    report_installing(what, "asking pip for it (1 minute)");
    process::stream(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let pip = ["-m", "pip", "install", "-q"];
    process::stream(Command::new(&python).args(pip).args(packages))?;
    fs::write(&done, "").map_err(Failure::file("write", &done))?;
    Ok(python)
}
