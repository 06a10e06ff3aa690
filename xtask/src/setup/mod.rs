//! Brings the tools that a task needs: finds what is there, installs what is not.
//!
//! The first time takes many minutes, any later time must take seconds. So each tool is first looked for, by asking it
//! for its version where the version matters, and only then fetched.

mod browser;
mod cargo_tools;
mod debian;
mod node;
mod programs;
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
    /// certutil, by which the browser is told to trust the authority of the tests.
    Certutil,
    /// Servers for DNS and mail.
    Servers,
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
        Self::Certutil,
        Self::Servers,
        Self::WasmBindgen,
        Self::Trunk,
        Self::CargoFuzz,
    ];

    /// What builds the page, and a browser to test it in.
    pub(crate) const BROWSER_TESTS: &[Self] = &[
        Self::WasmTarget,
        Self::StdSource,
        Self::NodeModules,
        Self::Browser,
        Self::Certutil,
        Self::Servers,
        Self::WasmBindgen,
        Self::Trunk,
    ];

    /// What builds the npm package.
    pub(crate) const NPM: &[Self] = &[Self::WasmTarget, Self::NodeModules, Self::WasmBindgen];

    /// What builds the page.
    pub(crate) const BUILD: &[Self] =
        &[Self::WasmTarget, Self::StdSource, Self::NodeModules, Self::WasmBindgen, Self::Trunk];
}

/// Sees to it that all that is needed is there, in the order of [`Need::ALL`]: what fails fast comes first.
pub(crate) fn ensure(project: &Project, needs: &[Need]) -> Result<Toolbox> {
    let mut toolbox = Toolbox::new(project);
    // Only what measures needs them, so they are no part of all.
    if needs.contains(&Need::Valgrind) {
        programs::VALGRIND.ensure(&toolbox)?;
    }
    if needs.contains(&Need::Wrk) {
        programs::WRK.ensure(&toolbox)?;
    }
    for need in Need::ALL.iter().filter(|need| needs.contains(need)) {
        match need {
            Need::Valgrind | Need::Wrk => {}
            Need::Lints => cargo_tools::ensure_lints(&toolbox)?,
            Need::WasmTarget => toolbox.wasm = wasm_target::ensure(project)?,
            Need::StdSource => toolbox.has_std_source = wasm_target::ensure_source(toolbox.wasm),
            Need::NodeModules => node::ensure(project, &toolbox)?,
            Need::Browser => toolbox.browser = Some(browser::ensure(&toolbox)?),
            Need::Certutil => programs::CERTUTIL.ensure(&toolbox)?,
            Need::Servers => toolbox.servers = Some(servers::ensure(project)?),
            Need::WasmBindgen => CargoTool {
                package: "wasm-bindgen-cli",
                programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
                version: &pins::wasm_bindgen(project)?,
                // The lock file that 0.2.130 was published with names a version of a library that never was.
                locked: false,
                minutes: "2 to 5",
            }
            .ensure(project, &toolbox)?,
            Need::CargoFuzz => CargoTool {
                package: "cargo-fuzz",
                programs: &["cargo-fuzz"],
                version: pins::CARGO_FUZZ,
                locked: true,
                minutes: "1 to 3",
            }
            .ensure(project, &toolbox)?,
            Need::Trunk => CargoTool {
                package: "trunk",
                programs: &["trunk"],
                version: pins::TRUNK,
                locked: true,
                minutes: "3 to 8",
            }
            .ensure(project, &toolbox)?,
        }
    }
    cargo_tools::remove_leftovers(project)?;
    Ok(toolbox)
}

/// Says that something is there.
fn report_found(what: &str) {
    println!("set-up: {what}: found");
}

/// Says what will be installed, and how. Installers take their time: `how` includes how much.
fn report_installing(what: &str, how: &str) {
    println!("set-up: {what}: not there, {how}");
}
