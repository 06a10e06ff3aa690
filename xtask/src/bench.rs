//! The engine beside its peers: `docs/bench.md`.
//!
//! The bench is a workspace of its own, with a target folder of its own: only this task builds the peers.

use std::fs;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;
use crate::setup::{self, Need};

const FILE: &str = "docs/bench.md";

/// What is between these lines is written by this task; what follows is written by people.
const MARKS: [&str; 2] = ["<!-- tables: cargo xtask bench -->", "<!-- end of tables -->"];

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
    let old = project.read(FILE)?;
    let new =
        replace(&old, MARKS, &format!("{}\n\n{tables}", engines(project)?)).ok_or_else(|| {
            Failure::new(format!("{FILE} lacks the lines `{}` and `{}`", MARKS[0], MARKS[1]))
        })?;
    let path = project.root().join(FILE);
    fs::write(&path, new).map_err(Failure::file("write", &path))?;
    println!("bench: written to {FILE}");
    Ok(())
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

/// What was measured, by what, on what.
fn engines(project: &Project) -> Result<String> {
    let valgrind = process::capture(Command::new("valgrind").arg("--version")).unwrap_or_default();
    let names = ["stslint", "mailrs-mta-sts", "mailrs-tls-rpt", "mail-auth"];
    machine(project, &valgrind, &names)
}

/// Packages of the bench, the compiler, a tool and this machine, in a line.
pub(crate) fn machine(project: &Project, tool: &str, packages: &[&str]) -> Result<String> {
    let rustc = process::capture(Command::new("rustc").arg("--version")).unwrap_or_default();
    let cpu = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let model = text.lines().find(|line| line.starts_with("model name"))?;
        Some(model.split_once(':')?.1.trim().to_owned())
    });
    let cpu = cpu.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let lock = project.read("bench/Cargo.lock")?;
    let versions: Vec<String> = packages
        .iter()
        .filter_map(|name| Some(format!("{name} {}", crate::pins::locked_version(&lock, name)?)))
        .collect();
    let versions = if versions.is_empty() { String::new() } else { versions.join(", ") + "; " };
    Ok(format!("{versions}{rustc}; {tool}; {cpu}."))
}

/// The text with new tables between the marks.
pub(crate) fn replace(text: &str, marks: [&str; 2], tables: &str) -> Option<String> {
    let (before, rest) = text.split_once(marks[0])?;
    let (_, after) = rest.split_once(marks[1])?;
    Some(format!("{before}{}\n{tables}\n{}{after}", marks[0], marks[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays() {
        let text = format!("a\n{}\nold\n{}\nb\n", MARKS[0], MARKS[1]);
        let want = format!("a\n{}\nnew\n{}\nb\n", MARKS[0], MARKS[1]);
        assert_eq!(replace(&text, MARKS, "new"), Some(want));
        assert_eq!(replace("a\nb\n", MARKS, "new"), None);
    }

    #[test]
    fn the_file_has_a_place_for_tables() {
        let text = Project::find().unwrap().read(FILE).unwrap();
        assert!(replace(&text, MARKS, "").is_some());
    }
}
