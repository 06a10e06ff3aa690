//! The release build of the page, and of the command with the page in it.

use std::fs;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::minify;
use crate::offline;
use crate::process;
use crate::project::{self, Project};
use crate::setup::Toolbox;
use crate::split;
use crate::worker;

/// What Trunk builds: `index.html`, but for what is done here in its place.
const INDEX: &str = "index.split.html";

/// Builds the page into `dist/`, as `Trunk.toml` and `index.html` say.
pub(crate) fn build(project: &Project, tools: &Toolbox) -> Result<()> {
    // Trunk adds to the folder: files of an earlier build would stay and be measured and published.
    project::remove(&project.dist())?;
    let mut trunk = tools.wasm_command("trunk");
    trunk.args(["build", "--release", "--skip-version-check", "--features", "split", INDEX]);
    trunk.current_dir(project.root());
    // By convention any value means "no colours", but Trunk wants to read `true`.
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    // A backtrace through Trunk would hide what the compiler says above it.
    trunk.env_remove("RUST_BACKTRACE");
    if tools.has_std_source {
        build_std_for_size(&mut trunk);
    }
    // The splitter comes before wasm-opt: on what Trunk makes of the program, which is replaced, it would be in vain.
    let index = project.root().join(INDEX);
    let page =
        project.read("index.html")?.replacen("data-wasm-opt=\"s\"", "data-wasm-opt=\"0\"", 1);
    fs::write(&index, page).map_err(Failure::file("write", &index))?;
    let built = process::stream(&mut trunk);
    fs::remove_file(&index).map_err(Failure::file("remove", &index))?;
    built?;
    split::page(project, tools)?;
    worker::name(project, tools)?;
    minify::page(project, tools)?;
    offline::fill(&project.dist(), tools)
}

/// Builds the page, and the release build of the command with it inside: one file is a whole installation.
pub(crate) fn command(project: &Project, tools: &Toolbox) -> Result<()> {
    build(project, tools)?;
    process::stream(
        Command::new("cargo")
            .args(["build", "--release", "--package", "stslint-cli"])
            .current_dir(project.root())
            .env("STSLINT_DIST", project.dist()),
    )?;
    let program = project.target_dir().join("release").join("stslint");
    let size = fs::metadata(&program).map_err(Failure::file("read", &program))?.len();
    println!("\n{} ({size} bytes) serves the page and a relay:", program.display());
    println!("{} serve", program.display());
    Ok(())
}

/// Makes cargo build the standard library with the page: for size, and ending the program at a panic at once instead of
/// wording a message first. boot.js tells the user either way. These settings are unstable, so they stay out of the
/// project's own files: `trunk build --release` makes the same page, only larger.
fn build_std_for_size(trunk: &mut Command) {
    trunk
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "-Zunstable-options -Cpanic=immediate-abort",
        );
}
