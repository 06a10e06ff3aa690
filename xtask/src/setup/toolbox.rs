//! The tools that were found, and commands that use them.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use crate::process;
use crate::project::Project;

use super::browser::Browser;
use super::engines::Engines;
use super::servers::Servers;
use super::wasm_target::WasmToolchain;

/// Where the tools are.
#[derive(Debug)]
pub(crate) struct Toolbox {
    path: OsString,
    wasm_target_dir: PathBuf,
    /// The compiler that builds for wasm.
    pub(super) wasm: WasmToolchain,
    /// Whether the source of the standard library is there.
    pub(crate) has_std_source: bool,
    /// The browser, if it was asked for.
    pub(crate) browser: Option<Browser>,
    /// The other browsers, if they were asked for.
    pub(crate) engines: Option<Engines>,
    /// The servers, if they were asked for.
    pub(crate) servers: Option<Servers>,
    /// A Python with OctoDNS, if it was asked for.
    pub(crate) octodns: Option<PathBuf>,
    /// A Python with DuckDB, if it was asked for.
    pub(crate) duckdb: Option<PathBuf>,
}

impl Toolbox {
    /// A toolbox that looks into this project's own folders first.
    pub(super) fn new(project: &Project) -> Self {
        let ours = [project.tools().join("bin"), project.root().join("node_modules").join(".bin")];
        let theirs = std::env::var_os("PATH").unwrap_or_default();
        let folders = ours.into_iter().chain(std::env::split_paths(&theirs));
        Self {
            // Fails only if a folder's name has the separator in it; then nobody could name that folder on a PATH.
            path: std::env::join_paths(folders).unwrap_or(theirs),
            wasm_target_dir: project.wasm_target_dir(),
            wasm: WasmToolchain::Current,
            has_std_source: false,
            browser: None,
            engines: None,
            servers: None,
            octodns: None,
            duckdb: None,
        }
    }

    /// Where a program is.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        process::find(program, &self.path)
    }

    /// A command that finds all our tools.
    pub(crate) fn command(&self, program: &str) -> Command {
        let program =
            self.find(program).map_or_else(|| OsString::from(program), PathBuf::into_os_string);
        command_with_path(&program, &self.path)
    }

    /// A command that builds for wasm.
    pub(crate) fn wasm_command(&self, program: &str) -> Command {
        let path = self.wasm.path(&self.path);
        let program = process::find(program, &path)
            .map_or_else(|| OsString::from(program), PathBuf::into_os_string);
        let mut command = command_with_path(&program, &path);
        command.env("CARGO_TARGET_DIR", &self.wasm_target_dir);
        self.wasm.apply(&mut command);
        command
    }
}

fn command_with_path(program: &OsStr, path: &OsStr) -> Command {
    let mut command = Command::new(program);
    command.env("PATH", path);
    // The cargo that started us leaves its own path here. A cargo of another toolchain would call that one.
    command.env_remove("CARGO");
    command
}
