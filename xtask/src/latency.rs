//! How long a key takes to its findings, and how long a start takes: `docs/latency.md`.

use std::fs;

use crate::bench;
use crate::failure::{Failure, Result};
use crate::page;
use crate::process;
use crate::project::Project;
use crate::setup::{self, Need};
use crate::test;

const FILE: &str = "docs/latency.md";

/// What is between these lines is written by this task; what follows is written by people.
const MARKS: [&str; 2] = ["<!-- tables: cargo xtask latency -->", "<!-- end of tables -->"];

/// Measures the built page in all browsers and writes the tables.
pub(crate) fn run(project: &Project) -> Result<()> {
    let tools = setup::ensure(project, Need::ENGINE_TESTS)?;
    page::build(project, &tools)?;
    println!("latency: measuring takes 2 minutes");
    // Whoever else uses the processors is in the numbers.
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut node = test::in_browsers(project, &tools)?;
    let tables = process::capture(node.arg("tests/engines/latency.mjs")).ok_or_else(|| {
        Failure::new("the measurement failed").remedy("`cargo xtask test engines` says more")
    })?;
    let machine = bench::machine(project, &format!("{cores} processors, load {load} before"), &[])?;
    let new = bench::replace(&project.read(FILE)?, MARKS, &format!("{machine}\n\n{tables}"))
        .ok_or_else(|| {
            Failure::new(format!("{FILE} lacks the lines `{}` and `{}`", MARKS[0], MARKS[1]))
        })?;
    let path = project.root().join(FILE);
    fs::write(&path, new).map_err(Failure::file("write", &path))?;
    println!("{tables}\nlatency: written to {FILE}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_a_place_for_tables() {
        let text = Project::find().unwrap().read(FILE).unwrap();
        assert!(bench::replace(&text, MARKS, "").is_some());
    }
}
