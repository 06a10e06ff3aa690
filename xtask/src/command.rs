//! The command with the page in it: one file is a whole installation.

use std::fs;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::page;
use crate::process;
use crate::project::Project;
use crate::setup::Toolbox;

/// Builds the page, and the release build of the command with it inside.
pub(crate) fn build(project: &Project, tools: &Toolbox) -> Result<()> {
    page::build(project, tools)?;
    process::stream(
        Command::new("cargo")
            .args(["build", "--release", "--package", "stslint-cli"])
            .current_dir(project.root())
            .env("STSLINT_DIST", project.dist()),
    )?;
    let program = project.target_dir().join("release").join("stslint");
    let size = fs::metadata(&program).map_err(Failure::file("read", &program))?.len();
    println!("\n{} ({size} bytes) serves the page and a relay:", program.display());
    println!("{} serve", program.display());
    Ok(())
}
