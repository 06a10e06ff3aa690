//! Project tasks: `cargo xtask` lists them.
//!
//! The real build is `Trunk.toml` and `index.html`, the real tests are cargo's and node's. This program brings the
//! tools that they need, calls them in the right order, and says what is wrong when something is missing.

mod arguments;
mod bench;
mod command;
mod failure;
mod fuzz;
mod load;
mod minify;
mod npm;
mod page;
mod pins;
mod process;
mod project;
mod rules;
mod serve;
mod setup;
mod site;
mod size;
mod split;
mod stack;
mod system;
mod test;

use std::process::ExitCode;

use arguments::Task;
use failure::Result;
use project::Project;

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
    let task = arguments::parse(std::env::args().skip(1))?;
    if matches!(task, Task::Help) {
        print!("{}", arguments::HELP);
        return Ok(());
    }
    let project = Project::find()?;
    match task {
        Task::Help => Ok(()),
        Task::Setup => setup::ensure(&project, setup::Need::ALL).map(drop),
        Task::Build => {
            let tools = setup::ensure(&project, setup::Need::BUILD)?;
            page::build(&project, &tools)
        }
        Task::Serve { port, base } => {
            let tools = setup::ensure(&project, setup::Need::BUILD)?;
            page::build(&project, &tools)?;
            serve::run(&project, port, &base)
        }
        Task::Test { parts } => test::run(&project, &parts),
        Task::Fuzz { minutes, targets } => {
            let tools = setup::ensure(&project, &[setup::Need::CargoFuzz])?;
            fuzz::run(&project, &tools, minutes, &targets)
        }
        Task::Stack => {
            let tools = setup::ensure(&project, &[setup::Need::Servers])?;
            stack::run(&project, &tools)
        }
        Task::Rules => rules::write(&project),
        Task::Npm => {
            let tools = setup::ensure(&project, setup::Need::NPM)?;
            npm::build(&project, &tools)
        }
        Task::Command => {
            let tools = setup::ensure(&project, setup::Need::BUILD)?;
            command::build(&project, &tools)
        }
        Task::Load => load::run(&project),
        Task::Bench => bench::run(&project),
        Task::Size { check } => {
            let tools = setup::ensure(&project, setup::Need::BUILD)?;
            page::build(&project, &tools)?;
            if check { size::check(&project, &tools) } else { size::write(&project) }
        }
    }
}
