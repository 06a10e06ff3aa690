//! The engine beside its peers: `docs/bench.md`.
//!
//! The bench is a workspace of its own, with a target folder of its own: only this task builds the peers.

use std::process::Command;

use crate::failure::{Failure, Result};
use crate::pins;
use crate::process;
use crate::project::Project;
use crate::setup::{self, Need};
use crate::tables::{self, Document};

/// What is written.
pub(crate) const DOCUMENT: Document = Document { file: "docs/bench.md", task: "bench" };

/// What is measured.
const ENGINES: [&str; 4] = ["stslint", "mailrs-mta-sts", "mailrs-tls-rpt", "mail-auth"];

/// Sees to it that all read the same, measures, and writes the tables.
pub(crate) fn run(project: &Project) -> Result<()> {
    setup::ensure(project, &[Need::Valgrind])?;
    println!("bench: building the peers takes up to 10 minutes the first time");
    process::stream(cargo(project, "test").args(["--release", "--quiet"]))?;
    println!("bench: measuring takes some minutes");
    let tables = process::capture(cargo(project, "run").args(["--release", "--quiet"]))
        .ok_or_else(|| {
            Failure::new("the bench failed").remedy("`cargo run --release` in bench/ says why")
        })?;
    let lock = project.read("bench/Cargo.lock")?;
    let version = |name| Some(format!("{name} {}", pins::locked_version(&lock, name)?));
    let valgrind = process::capture(Command::new("valgrind").arg("--version"));
    let told: Vec<String> = ENGINES.into_iter().filter_map(version).chain(valgrind).collect();
    DOCUMENT.write(project, &format!("{}\n\n{tables}", tables::machine(&told.join(", "))))
}

fn cargo(project: &Project, task: &str) -> Command {
    let mut command = Command::new("cargo");
    command
        .arg(task)
        .current_dir(project.root().join("bench"))
        .env("CARGO_TARGET_DIR", project.root().join("target-bench"))
        // Set for us by the cargo that started us, for another package.
        .env_remove("CARGO_MANIFEST_DIR");
    command
}
