//! The crates that are meant to be published can be packed, and what packagers need is there.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs cargo without a network, with results in a folder of their own: whoever runs this test holds the usual one.
fn cargo(args: &[&str]) -> Output {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(args).arg("--offline").current_dir(root()).env("CARGO_TARGET_DIR", target);
    let output = command.output().expect("cargo runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {args:?}: {told}");
    output
}

/// What cargo knows of the crates that are not marked as unpublished.
fn published() -> Vec<Value> {
    let output = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages").clone();
    packages.into_iter().filter(|package| package["publish"].is_null()).collect()
}

#[test]
fn crates_that_are_published_can_be_packed() {
    let crates = published();
    let names: Vec<&str> = crates.iter().filter_map(|one| one["name"].as_str()).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    let expected = [
        "stslint",
        "stslint-cli",
        "stslint-doh",
        "stslint-intake",
        "stslint-look",
        "stslint-net",
        "stslint-serve",
        "stslint-worker",
    ];
    assert_eq!(sorted, expected);
    for one in &crates {
        let name = one["name"].as_str().expect("a name");
        for member in ["description", "license", "readme", "rust_version"] {
            assert!(one[member].is_string(), "{name} has no {member}");
        }
        for dependency in one["dependencies"].as_array().expect("dependencies") {
            let ours = dependency["path"].is_string() && dependency["kind"] != "dev";
            // A registry knows no paths.
            let free = dependency["req"] == "*";
            assert!(!(ours && free), "{name} needs {} in any version", dependency["name"]);
        }
        let list = cargo(&["package", "--list", "--allow-dirty", "-p", name]);
        let list = String::from_utf8(list.stdout).expect("names are UTF-8");
        for file in ["Cargo.toml", "README.md"] {
            assert!(list.lines().any(|line| line == file), "{name} has no {file}: {list}");
        }
    }
    let packages = names.iter().flat_map(|name| ["-p", name]);
    let args = ["package", "--no-verify", "--allow-dirty"].into_iter().chain(packages);
    cargo(&args.collect::<Vec<_>>());
    for name in names {
        let version = env!("CARGO_PKG_VERSION");
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages/package");
        let file = file.join(format!("{name}-{version}.crate"));
        let size =
            std::fs::metadata(&file).unwrap_or_else(|error| panic!("{file:?}: {error}")).len();
        assert!((1_000..2_000_000).contains(&size), "{name}: {size}");
    }
}

#[test]
fn what_goes_into_a_package_for_debian_is_there() {
    let crates = published();
    let ours = crates.iter().find(|one| one["name"] == "stslint-cli").expect("this crate");
    let deb = &ours["metadata"]["deb"];
    for member in ["maintainer", "copyright", "section", "extended-description"] {
        assert!(deb[member].is_string(), "{member}");
    }
    let assets = deb["assets"].as_array().expect("assets");
    let made = std::fs::read_to_string(root().join("docs/packages.md")).expect("it tells how");
    for asset in assets {
        let source = asset[0].as_str().expect("a path");
        // What is made before is told, all else stands beside this crate.
        let from_root = source.trim_start_matches("../../");
        if from_root.starts_with("target/") {
            let made_at = from_root.trim_end_matches("/*.1");
            assert!(made.contains(made_at), "docs/packages.md does not tell of {made_at}");
            continue;
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(source.trim_end_matches("/*"));
        assert!(path.exists(), "{source}");
    }
    let url = ours["metadata"]["binstall"]["pkg-url"].as_str().expect("an address");
    assert!(url.contains("{ version }") && url.contains("{ target }"), "{url}");
}
