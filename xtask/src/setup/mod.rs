//! Brings the tools that a task needs: finds what is there, installs what is not.
//!
//! The first time takes many minutes, any later time must take seconds. So each tool is first looked for, by asking it
//! for its version where the version matters, and only then fetched.

mod browser;
mod cargo_tools;
mod debian;
mod engines;
mod node;
mod programs;
pub(crate) mod python;
mod servers;
mod toolbox;
mod wasm_target;

use crate::failure::Result;
use crate::pins;
use crate::project::Project;

pub(crate) use servers::Servers;
pub(crate) use toolbox::Toolbox;

use cargo_tools::CargoTool;

/// Something that a task needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// rustfmt and clippy.
    Lints,
    /// The standard library for wasm32-unknown-unknown.
    WasmTarget,
    /// The source of the standard library, if it can be had.
    StdSource,
    /// The packages of package.json: wasm-opt for the builds, libraries for the tests in Node.js and browsers.
    NodeModules,
    /// Trunk.
    Trunk,
    /// wasm-bindgen and its test runner, of the version in Cargo.lock.
    WasmBindgen,
    /// Chromium and its driver.
    Browser,
    /// Firefox and WebKit.
    Engines,
    /// certutil, by which the browser is told to trust the authority of the tests.
    Certutil,
    /// Servers for DNS, mail and the web.
    Servers,
    /// Node.js alone.
    Node,
    /// OctoDNS, which reads records in its form.
    Octodns,
    /// DuckDB, in which recipes of documents are tried.
    DuckDb,
    /// cargo-fuzz.
    CargoFuzz,
    /// Valgrind, which counts instructions.
    Valgrind,
    /// wrk, which asks as many clients do.
    Wrk,
}

impl Need {
    /// Everything.
    pub(crate) const ALL: &[Self] = &[
        Self::Lints,
        Self::WasmTarget,
        Self::StdSource,
        Self::NodeModules,
        Self::Browser,
        Self::Engines,
        Self::Certutil,
        Self::Servers,
        Self::Node,
        Self::Octodns,
        Self::DuckDb,
        Self::WasmBindgen,
        Self::Trunk,
        Self::CargoFuzz,
    ];

    /// What builds the npm package.
    pub(crate) const NPM: &[Self] = &[Self::WasmTarget, Self::NodeModules, Self::WasmBindgen];

    /// What builds the page.
    pub(crate) const BUILD: &[Self] =
        &[Self::WasmTarget, Self::StdSource, Self::NodeModules, Self::WasmBindgen, Self::Trunk];
}

/// Sees to it that all that is needed is there. What comes over the network and what is built here are brought side by side:
/// the one waits for others, the other keeps the processors busy.
pub(crate) fn ensure(project: &Project, needs: &[Need]) -> Result<Toolbox> {
    let mut toolbox = Toolbox::new(project);
    // This one may change the compiler that builds the others.
    if needs.contains(&Need::Lints) {
        cargo_tools::ensure_lints(&toolbox)?;
    }
    std::thread::scope(|scope| {
        let building = scope.spawn(|| build(project, needs));
        let fetched = fetch(project, &mut toolbox, needs);
        if let Err(failure) = &fetched {
            println!("set-up: {failure}\nset-up: ends when what is being built is there");
        }
        let built = building.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        fetched.and(built)
    })?;
    Ok(toolbox)
}

/// Brings what is fetched, in the order of [`Need::ALL`]: what fails fast comes first.
fn fetch(project: &Project, toolbox: &mut Toolbox, needs: &[Need]) -> Result<()> {
    // Only what measures needs them, so they are no part of all.
    if needs.contains(&Need::Valgrind) {
        programs::VALGRIND.ensure_named(toolbox)?;
    }
    if needs.contains(&Need::Wrk) {
        programs::WRK.ensure_named(toolbox)?;
    }
    for need in Need::ALL.iter().filter(|need| needs.contains(need)) {
        match need {
            Need::WasmTarget => toolbox.wasm = wasm_target::ensure(project)?,
            Need::StdSource => toolbox.has_std_source = wasm_target::ensure_source(toolbox.wasm),
            Need::Node => node::ensure_program(toolbox)?,
            Need::NodeModules => node::ensure(project, toolbox)?,
            Need::Octodns => {
                toolbox.octodns = Some(python::ensure(project, toolbox, python::OCTODNS)?);
            }
            Need::Browser => toolbox.browser = Some(browser::ensure(toolbox)?),
            Need::Engines => toolbox.engines = Some(engines::ensure(toolbox)?),
            Need::Certutil => programs::CERTUTIL.ensure_named(toolbox)?,
            Need::Servers => toolbox.servers = Some(servers::ensure(project)?),
            Need::DuckDb => {
                toolbox.duckdb = Some(python::ensure(project, toolbox, python::DUCKDB)?);
            }
            Need::Valgrind | Need::Wrk | Need::Lints => {}
            Need::WasmBindgen | Need::Trunk | Need::CargoFuzz => {}
        }
    }
    Ok(())
}

/// Brings what cargo builds.
fn build(project: &Project, needs: &[Need]) -> Result<()> {
    let wasm_bindgen = pins::wasm_bindgen(project)?;
    let tools = [
        (
            Need::WasmBindgen,
            CargoTool {
                package: "wasm-bindgen-cli",
                programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
                version: &wasm_bindgen,
                // The lock file that 0.2.130 was published with names a version of a library that never was.
                locked: false,
            },
        ),
        (
            Need::Trunk,
            CargoTool {
                package: "trunk",
                programs: &["trunk"],
                version: pins::TRUNK,
                locked: true,
            },
        ),
        (
            Need::CargoFuzz,
            CargoTool {
                package: "cargo-fuzz",
                programs: &["cargo-fuzz"],
                version: pins::CARGO_FUZZ,
                locked: true,
            },
        ),
    ];
    let toolbox = Toolbox::new(project);
    for (_, tool) in tools.iter().filter(|(need, _)| needs.contains(need)) {
        tool.ensure(project, &toolbox)?;
    }
    cargo_tools::remove_leftovers(project)
}

/// Says that something is there.
fn report_found(what: &str) {
    println!("set-up: {what}: found");
}

/// Says what will be installed, and how. Installers take their time: `how` includes how much.
fn report_installing(what: &str, how: &str) {
    println!("set-up: {what}: not there, {how}");
}
