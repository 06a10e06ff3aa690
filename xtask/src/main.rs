//! Project tasks: `cargo xtask` lists them.
//!
//! The real build is `Trunk.toml` and `index.html`, the real tests are cargo's and node's. This program brings the
//! tools that they need, calls them in the right order, and says what is wrong when something is missing.

mod arguments;
mod creep;
mod failure;
mod fuzz;
mod measure;
mod minify;
mod npm;
mod offline;
mod page;
mod pins;
mod process;
mod project;
mod samples;
mod setup;
mod site;
mod size;
mod split;
mod stack;
mod system;
mod test;
mod worker;

use std::process::{Command, ExitCode};

use clap::{CommandFactory as _, Parser as _};

use arguments::{Arguments, Bench, Part, Task};
use failure::Result;
use project::Project;
use setup::{Need, Toolbox};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let Some(task) = Arguments::parse().task else {
        // Without a terminal there is nobody to read it.
        let _ = Arguments::command().print_help();
        return Ok(());
    };
    let project = Project::find()?;
    let build = || -> Result<Toolbox> {
        let tools = setup::ensure(&project, Need::BUILD)?;
        page::build(&project, &tools)?;
        Ok(tools)
    };
    match task {
        Task::Setup => setup::ensure(&project, Need::ALL).map(drop),
        Task::Build => build().map(drop),
        Task::Serve { port, base } => {
            build()?;
            site::serve(&project, port, &base)
        }
        Task::Size { check } => {
            let tools = build()?;
            if check { size::check(&project, &tools) } else { size::write(&project) }
        }
        Task::Command => page::command(&project, &setup::ensure(&project, Need::BUILD)?),
        Task::Npm => npm::build(&project, &setup::ensure(&project, Need::NPM)?),
        Task::SampleReports { count, dir, form } => samples::write(&dir, count, form),
        Task::Stack => stack::run(&project, &setup::ensure(&project, &[Need::Servers])?),
        Task::Fuzz { minutes, workers, targets } => {
            let tools = setup::ensure(&project, &[Need::CargoFuzz])?;
            fuzz::run(&project, &tools, minutes, workers, &targets)
        }
        Task::Test { parts } => test::run(&project, &Part::in_order(&parts)),
        Task::Load => measure::load(&project),
        Task::Hostile => measure::hostile(&project),
        Task::Bench { what: None, .. } => measure::bench(&project),
        Task::Bench { what: Some(Bench::Reports), large, .. } => measure::reports(&project, large),
        Task::Bench { what: Some(Bench::Fleet), domains, .. } => measure::fleet(&project, domains),
        Task::Differential { count, seed } => measure::differential(&project, count, seed),
        Task::Peers { dir } => measure::peers(&project, dir),
        Task::Databases => measure::databases(&project),
        Task::Latency => measure::latency(&project),
        Task::Lighthouse => measure::lighthouse(&project),
        Task::Rules => process::stream(
            Command::new("cargo")
                .args(["run", "--package", "stslint-pages", "--", "--record"])
                .current_dir(project.root()),
        ),
    }
}
