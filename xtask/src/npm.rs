//! The npm package: the engine for JavaScript, ready for `npm pack` and `npm publish`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::{self, Project};
use crate::setup::Toolbox;
use crate::size::{self, Measured};
use crate::test;

/// The oldest Node.js that the package promises to run in: with all features of WebAssembly that compilers use by
/// default, and `fetch`.
const NODE: &str = ">=18";

/// The cargo profile of the WebAssembly module.
const PROFILE: &str = "npm";

/// Files that go into the package as they are: from, and its name there.
const COPIED: &[(&str, &str)] = &[
    ("crates/stslint-js/README.md", "README.md"),
    ("crates/stslint-js/js/engine.js", "engine.js"),
    ("crates/stslint-js/js/node.js", "node.js"),
    ("crates/stslint-js/js/stslint.d.ts", "stslint.d.ts"),
    ("crates/stslint-js/js/stslint.js", "stslint.js"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
];

/// Where the package is built.
pub(crate) fn folder(project: &Project) -> PathBuf {
    project.root().join("target/npm")
}

/// Builds the package.
pub(crate) fn build(project: &Project, tools: &Toolbox) -> Result<()> {
    let folder = folder(project);
    project::remove(&folder)?;
    fs::create_dir_all(&folder).map_err(Failure::file("create", &folder))?;
    let compiled = compile(project, tools)?;
    bind(&compiled, &folder, tools)?;
    for (from, to) in COPIED {
        let from = project.root().join(from);
        fs::copy(&from, folder.join(to)).map_err(Failure::file("copy", &from))?;
    }
    let manifest = folder.join("package.json");
    let text = format!("{:#}\n", package(env!("CARGO_PKG_VERSION")));
    fs::write(&manifest, text).map_err(Failure::file("write", &manifest))?;
    print_sizes(&folder)?;
    println!("The package is in {}: `npm pack` or `npm publish` there.", folder.display());
    Ok(())
}

/// Compiles the engine to WebAssembly.
fn compile(project: &Project, tools: &Toolbox) -> Result<PathBuf> {
    let mut cargo = tools.wasm_command("cargo");
    cargo.current_dir(project.root()).args(["build", "--package", "stslint-js"]);
    cargo.args(["--profile", PROFILE, "--target", "wasm32-unknown-unknown"]);
    process::stream(&mut cargo)?;
    let built = project.wasm_target_dir().join("wasm32-unknown-unknown").join(PROFILE);
    Ok(built.join("stslint_js.wasm"))
}

/// Makes the JavaScript around the module, and optimises the module.
fn bind(compiled: &Path, folder: &Path, tools: &Toolbox) -> Result<()> {
    let mut bindgen = tools.command("wasm-bindgen");
    bindgen.arg(compiled).args(["--target", "web", "--out-name", "bindings", "--no-typescript"]);
    // The entries know where the module is. And a crash must not spoil later calls: engine.js starts afresh.
    bindgen.args(["--omit-default-module-path", "--experimental-reset-state-function"]);
    bindgen.args(["--remove-name-section", "--remove-producers-section"]);
    process::stream(bindgen.arg("--out-dir").arg(folder))?;
    let bound = folder.join("bindings_bg.wasm");
    let mut optimiser = tools.command("wasm-opt");
    process::stream(optimiser.arg(&bound).args(["-O", "-o"]).arg(folder.join("stslint.wasm")))?;
    fs::remove_file(&bound).map_err(Failure::file("remove", &bound))
}

/// The package's `package.json`.
fn package(version: &str) -> serde_json::Value {
    let mut files: Vec<&str> = COPIED.iter().map(|(_, name)| *name).collect();
    files.extend(["bindings.js", "stslint.wasm"]);
    files.sort_unstable();
    json!({
        "name": "stslint",
        "version": version,
        "description": "Lints MTA-STS policies, MTA-STS and TLSRPT DNS records and TLS reports",
        "keywords": ["mta-sts", "tlsrpt", "smtp", "email", "lint", "rfc8461", "rfc8460"],
        "license": "MIT OR Apache-2.0",
        "type": "module",
        "sideEffects": false,
        "engines": { "node": NODE },
        "main": "./node.js",
        "types": "./stslint.d.ts",
        // The first that fits is taken, so their order counts: types for TypeScript, then who reads files.
        "exports": {
            ".": {
                "types": "./stslint.d.ts",
                "node": "./node.js",
                "browser": "./stslint.js",
                "default": "./stslint.js",
            },
            "./stslint.wasm": "./stslint.wasm",
            "./package.json": "./package.json",
        },
        "files": files,
    })
}

/// What a browser loads of it, in bytes.
fn print_sizes(folder: &Path) -> Result<()> {
    println!("{:12} {:>9} {:>9} {:>9}", "file", "raw", "gzip -9", "brotli 11");
    for name in ["bindings.js", "engine.js", "stslint.js", "stslint.wasm"] {
        let Measured { raw, gzip, brotli, .. } = size::measure(folder, name)?;
        println!("{name:12} {raw:>9} {gzip:>9} {brotli:>9}");
    }
    Ok(())
}

/// Tests the built package, in Node.js and in a browser.
pub(crate) fn test(project: &Project, tools: &Toolbox) -> Result<()> {
    let mut node = test::node(project, tools);
    node.args(test::node_tests(project, "tests/npm")?);
    process::stream(node.env("STSLINT_NPM", folder(project)))
}
