//! How long a key takes to its findings, and how long a start takes: `docs/latency.md`.

use std::fs;

use crate::arguments::Part;
use crate::failure::{Failure, Result};
use crate::page;
use crate::process;
use crate::project::Project;
use crate::setup;
use crate::tables::{self, Document};
use crate::test;

/// What is written.
pub(crate) const DOCUMENT: Document = Document { file: "docs/latency.md", task: "latency" };

/// Measures the built page in all browsers and writes the tables.
pub(crate) fn run(project: &Project) -> Result<()> {
    let tools = setup::ensure(project, &test::needs(Part::Engines))?;
    page::build(project, &tools)?;
    println!("latency: measuring takes 2 minutes");
    // Whoever else uses the processors is in the numbers.
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    let mut node = test::in_browsers(project, &tools)?;
    let tables = process::capture(node.arg("tests/engines/latency.mjs")).ok_or_else(|| {
        Failure::new("the measurement failed").remedy("`cargo xtask test engines` says more")
    })?;
    let machine = tables::machine(&format!("load {load} before"));
    DOCUMENT.write(project, &format!("{machine}\n\n{tables}"))
}
