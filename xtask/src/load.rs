//! Load on the relay: `docs/load.md`. All of it stays on this machine, and ends by itself.

use std::fs;
use std::process::Command;

use crate::command;
use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;
use crate::setup::{self, Need};
use crate::tables::{self, Document};

/// What is written.
pub(crate) const DOCUMENT: Document = Document { file: "docs/load.md", task: "load" };

/// Measures the release build of the command and writes the table.
pub(crate) fn run(project: &Project) -> Result<()> {
    let tools = setup::ensure(project, &[&[Need::Wrk], Need::BUILD].concat())?;
    command::build(project, &tools)?;
    let folder = project.target_dir().join("load");
    fs::create_dir_all(&folder).map_err(Failure::file("make", &folder))?;
    println!("load: measuring takes 3 minutes");
    let mut load = Command::new("cargo");
    load.current_dir(project.root())
        .args(["run", "--release", "--quiet", "--package", "stslint-testnet", "--example", "load"])
        .arg(project.target_dir().join("release/stslint"))
        .arg(&folder);
    let table = process::capture(&mut load)
        .ok_or_else(|| Failure::new(format!("the measurement failed: {load:?}")))?;
    let machine = tables::machine("release build");
    DOCUMENT.write(project, &format!("{machine}\n\n{table}"))
}
