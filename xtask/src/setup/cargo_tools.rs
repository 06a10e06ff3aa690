//! Tools that cargo installs: Trunk and wasm-bindgen; and cargo's own commands for lints.

use std::path::PathBuf;

use crate::failure::{Failure, Result};
use crate::pins;
use crate::process;
use crate::project::{self, Project};

use super::{Toolbox, report_found, report_installing};

/// A program that `cargo install` builds.
pub(super) struct CargoTool<'a> {
    /// The name of the package.
    pub(super) package: &'a str,
    /// All its programs that we call. Each says its version when asked.
    pub(super) programs: &'a [&'a str],
    /// The one version that is good.
    pub(super) version: &'a str,
    /// Whether to build with the versions of libraries that the package was published with.
    pub(super) locked: bool,
}

impl CargoTool<'_> {
    /// Sees to it that the tool is there.
    pub(super) fn ensure(&self, project: &Project, toolbox: &Toolbox) -> Result<()> {
        let what = format!("{} {}", self.package, self.version);
        if self.is_there(toolbox) {
            report_found(&what);
            return Ok(());
        }
        report_installing(&what, "building it into .tools (2 to 8 minutes)");
        let mut install = toolbox.command("cargo");
        install
            .args(["install", self.package, "--version", self.version, "--force", "--root"])
            .arg(project.tools())
            .args(self.locked.then_some("--locked"))
            // Tools share many libraries: build those once.
            .env("CARGO_TARGET_DIR", workshop(project))
            // These programs run for seconds. Building them with all optimisation would take longer than they ever run.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
        process::stream(&mut install).map_err(|failure| {
            failure.remedy(format!(
                "it needs access to the crate registry and a C compiler; any other {what} on the PATH will do as well"
            ))
        })?;
        if self.is_there(toolbox) {
            Ok(())
        } else {
            Err(Failure::new(format!("{what} was installed but does not run")))
        }
    }

    fn is_there(&self, toolbox: &Toolbox) -> bool {
        self.programs.iter().all(|program| {
            process::capture(toolbox.command(program).arg("--version"))
                .is_some_and(|answer| pins::version_in(&answer) == Some(self.version))
        })
    }
}

/// Removes what building the tools left behind.
pub(super) fn remove_leftovers(project: &Project) -> Result<()> {
    project::remove(&workshop(project))
}

fn workshop(project: &Project) -> PathBuf {
    project.tools().join("build")
}

/// Sees to it that `cargo fmt` and `cargo clippy` work.
pub(super) fn ensure_lints(toolbox: &Toolbox) -> Result<()> {
    let missing: Vec<&str> = [("rustfmt", "fmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(_, command)| {
            process::capture(toolbox.command("cargo").args([command, "--version"])).is_none()
        })
        .map(|(component, _)| component)
        .collect();
    if missing.is_empty() {
        report_found("rustfmt and clippy");
        return Ok(());
    }
    report_installing(&missing.join(" and "), "asking rustup (10 MB)");
    let mut add = vec!["component", "add"];
    add.extend(&missing);
    process::stream(&mut process::rustup(&add)).map_err(|failure| {
        failure.remedy(format!(
            "`rustup component add {}`; without rustup, your system's packages of these names",
            missing.join(" ")
        ))
    })
}
