//! The standard library for wasm, built from Debian's packages.
//!
//! For machines that cannot download from rustup's server. Debian's rustc comes with the source of its standard
//! library but not with a build for wasm32-unknown-unknown, so we build it once and put it where that rustc looks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::pins;
use crate::process;
use crate::project::{self, Project};
use crate::system;

use super::wasm_target::{self, STAMP, TARGET, WasmToolchain};

/// Where Debian's cargo and rustc are.
pub(super) const BIN: &str = "/usr/bin";

/// The name under which rustup knows Debian's compiler, once it is linked.
pub(super) const TOOLCHAIN: &str = "debian";

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LINKER: &str = "/usr/bin/rust-lld";

/// A package with nothing in it: only its dependency, the standard library, is of use.
const MANIFEST: &str = "\
[package]
name = \"nothing\"
version = \"0.0.0\"
edition = \"2024\"

[lib]
path = \"lib.rs\"

[workspace]
";

/// Whether Debian's compiler is new enough, can link wasm, and has its standard library.
pub(super) fn is_ready(project: &Project) -> bool {
    wasm_target::is_there(Path::new(RUSTC))
        && Path::new(LINKER).exists()
        && Path::new(CARGO).exists()
        && is_new_enough(project)
}

/// Makes Debian's compiler usable beside another one.
pub(super) fn select() -> Result<WasmToolchain> {
    if process::find_here("rustup").is_none() {
        return Ok(WasmToolchain::Debian);
    }
    let mut ask = process::rustup(&["run", TOOLCHAIN, "rustc", "--print", "sysroot"]);
    if process::capture(&mut ask) != Some(sysroot()) {
        process::stream(&mut process::rustup(&["toolchain", "link", TOOLCHAIN, &sysroot()]))?;
    }
    Ok(WasmToolchain::DebianByRustup)
}

/// Installs the compiler and builds the library.
pub(super) fn install(project: &Project) -> Result<()> {
    system::install_packages(
        &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy"],
        "a Rust compiler for WebAssembly",
    )?;
    if !is_new_enough(project) {
        return Err(Failure::new(format!(
            "{RUSTC} is older than {}, which this project needs",
            pins::rust(project)?
        ))
        .remedy(format!("install rustup (https://rustup.rs), then `rustup target add {TARGET}`")));
    }
    install_linker()?;
    build_library()?;
    // Artefacts that were made against another build of the library look fresh to cargo but don't link (E0463).
    project::remove(&project.wasm_target_dir())
}

/// `rust-lld` is a link to a linker that is named after its package, `lld-22` for instance, and that nothing installs.
fn install_linker() -> Result<()> {
    let link = Path::new(LINKER);
    if link.exists() {
        return Ok(());
    }
    let target = fs::read_link(link).map_err(Failure::file("read the link", link))?;
    let package = target.file_name().unwrap_or_default().to_string_lossy();
    system::install_packages(&[&package], "the linker for WebAssembly")
}

fn build_library() -> Result<()> {
    let workshop = Workshop::new()?;
    let package = &workshop.0;
    write(&package.join("Cargo.toml"), MANIFEST)?;
    write(&package.join("lib.rs"), "#![no_std]\n")?;
    let target_dir = package.join("target");
    process::stream(
        Command::new(CARGO)
            // `test` is for the unit tests of wasm crates.
            .args(["build", "--release", "--target", TARGET])
            .arg("-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro")
            .current_dir(package)
            .env_remove("CARGO")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("CARGO_TARGET_DIR", &target_dir)
            .env("RUSTC", RUSTC)
            // Building the standard library is not a stable feature yet.
            .env("RUSTC_BOOTSTRAP", "1")
            // Without it, link-time optimisation of programs that use the library fails.
            .env("RUSTFLAGS", "-Cembed-bitcode=yes"),
    )
    .map_err(|failure| {
        failure.remedy("building the standard library needs access to the crate registry")
    })?;

    let libraries = package.join("lib");
    fs::create_dir(&libraries).map_err(Failure::file("create", &libraries))?;
    let built = target_dir.join(TARGET).join("release").join("deps");
    for file in built.read_dir().map_err(Failure::file("read", &built))? {
        let file = file.map_err(Failure::file("read", &built))?;
        let name = file.file_name();
        let shown = name.to_string_lossy();
        if shown.ends_with(".rlib") && !shown.starts_with("libnothing-") {
            let copy = libraries.join(&name);
            fs::copy(file.path(), &copy).map_err(Failure::file("write", &copy))?;
        }
    }
    write(&libraries.join(STAMP), &wasm_target::version(Path::new(RUSTC)))?;
    let destination = wasm_target::folder(Path::new(RUSTC))
        .ok_or_else(|| Failure::new(format!("{RUSTC} does not know the target {TARGET}")))?;
    system::replace_folder(&libraries, &destination).map_err(|failure| {
        failure.remedy(format!(
            "Debian's rustc looks for its libraries in {}: run this task once as root",
            destination.display()
        ))
    })
}

fn is_new_enough(project: &Project) -> bool {
    let found = wasm_target::version(Path::new(RUSTC));
    match (pins::version_in(&found), pins::rust(project)) {
        (Some(found), Ok(wanted)) => pins::numbers(found) >= pins::numbers(&wanted),
        _ => false,
    }
}

fn sysroot() -> String {
    process::capture(Command::new(RUSTC).args(["--print", "sysroot"]))
        .unwrap_or_else(|| String::from("/usr"))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(Failure::file("write", path))
}

/// A folder for one build, outside of the project so that the project's settings don't reach it.
struct Workshop(PathBuf);

impl Workshop {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("wasm-std-{}", std::process::id()));
        fs::create_dir(&folder).map_err(Failure::file("create", &folder))?;
        Ok(Self(folder))
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // What stays behind in the folder for temporary files does no harm.
        drop(fs::remove_dir_all(&self.0));
    }
}
