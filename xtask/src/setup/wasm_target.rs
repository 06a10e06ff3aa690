//! A compiler with the standard library for wasm32-unknown-unknown.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;
use crate::system;

use super::{debian, report_found, report_installing};

/// The name of the target.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// Lies beside a library that we built and names the compiler that did: no other compiler can read it.
pub(super) const STAMP: &str = "built-by";

/// The compiler that builds for wasm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WasmToolchain {
    /// The one that builds everything else.
    Current,
    /// Debian's, which rustup knows by the name of [`debian::TOOLCHAIN`].
    DebianByRustup,
    /// Debian's, on a machine without rustup.
    Debian,
}

impl WasmToolchain {
    /// The search path on which cargo and rustc are the right ones.
    pub(super) fn path(self, path: &OsStr) -> OsString {
        if self != Self::Debian {
            return path.to_owned();
        }
        let folders =
            std::iter::once(PathBuf::from(debian::BIN)).chain(std::env::split_paths(path));
        std::env::join_paths(folders).unwrap_or_else(|_| path.to_owned())
    }

    /// Makes a command use this compiler.
    pub(super) fn apply(self, command: &mut Command) {
        if self == Self::DebianByRustup {
            command.env("RUSTUP_TOOLCHAIN", debian::TOOLCHAIN);
        }
    }
}

/// Finds a compiler with the target, or adds the target to one.
pub(super) fn ensure(project: &Project) -> Result<WasmToolchain> {
    if is_there(Path::new("rustc")) {
        report_found(&format!("standard library for {TARGET}"));
        return Ok(WasmToolchain::Current);
    }
    if debian::is_ready(project) {
        report_found(&format!("standard library for {TARGET}, of Debian's rustc"));
        return debian::select();
    }
    let has_rustup = process::find_here("rustup").is_some();
    if has_rustup {
        report_installing(
            &format!("standard library for {TARGET}"),
            "asking rustup for it (20 MB)",
        );
        if process::stream(&mut process::rustup(&["target", "add", TARGET])).is_ok()
            && is_there(Path::new("rustc"))
        {
            return Ok(WasmToolchain::Current);
        }
        println!("set-up: rustup cannot provide it");
    }
    if system::has_apt() {
        report_installing(
            &format!("standard library for {TARGET}"),
            "building it with Debian's rustc (2 minutes)",
        );
        debian::install(project)?;
        return debian::select();
    }
    let failure =
        Failure::new(format!("this machine's rustc has no standard library for {TARGET}"));
    Err(failure.remedy(if has_rustup {
        format!(
            "`rustup target add {TARGET}` adds it; that needs access to rustup's server and a toolchain from there"
        )
    } else {
        format!(
            "install rustup (https://rustup.rs), then `rustup target add {TARGET}`;\n\
             or install your system's package with Rust's standard library for WebAssembly"
        )
    }))
}

/// Whether the source of the standard library is there, or could be brought. With it the page is built about a seventh
/// smaller; without it, it is built all the same.
pub(super) fn ensure_source(toolchain: WasmToolchain) -> bool {
    let rustc = || match toolchain {
        WasmToolchain::Debian => Command::new(Path::new(debian::BIN).join("rustc")),
        WasmToolchain::Current | WasmToolchain::DebianByRustup => {
            let mut rustc = Command::new("rustc");
            toolchain.apply(&mut rustc);
            rustc
        }
    };
    let is_there = || {
        process::capture(rustc().args(["--print", "sysroot"])).is_some_and(|sysroot| {
            Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml").exists()
        })
    };
    let what = "source of the standard library";
    if is_there() {
        report_found(what);
        return true;
    }
    if toolchain == WasmToolchain::Current && process::find_here("rustup").is_some() {
        report_installing(what, "asking rustup for it (5 MB)");
        let _ = process::stream(&mut process::rustup(&["component", "add", "rust-src"]));
    }
    if !is_there() {
        println!(
            "set-up: {what}: not to be had; the page is built with the ready-made library and gets larger"
        );
    }
    is_there()
}

/// Whether a compiler has a standard library for the target that it can read.
pub(super) fn is_there(rustc: &Path) -> bool {
    let Some(folder) = folder(rustc) else {
        return false;
    };
    let has_std = folder.read_dir().is_ok_and(|mut files| {
        files.any(|file| {
            file.is_ok_and(|file| {
                let name = file.file_name();
                let name = name.to_string_lossy();
                name.starts_with("libstd-") && name.ends_with(".rlib")
            })
        })
    });
    // A library without a stamp came with the compiler. One that we built may be older than the compiler now is.
    let stamp = fs::read_to_string(folder.join(STAMP));
    has_std && stamp.map_or(true, |stamp| stamp == version(rustc))
}

/// What a compiler says about its version.
pub(super) fn version(rustc: &Path) -> String {
    process::capture(Command::new(rustc).arg("--version")).unwrap_or_default()
}

/// Where a compiler looks for the target's standard library.
pub(super) fn folder(rustc: &Path) -> Option<PathBuf> {
    process::capture(Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]))
        .map(PathBuf::from)
}
