//! The versions of tools that this project is built with.

use crate::failure::{Failure, Result};
use crate::project::Project;

/// The version of Trunk that `cargo xtask setup` installs. 0.22 needs a newer compiler than this project does.
pub(crate) const TRUNK: &str = "0.21.14";

/// The version of cargo-fuzz that `cargo xtask fuzz` installs.
pub(crate) const CARGO_FUZZ: &str = "0.13.2";

/// The oldest Node.js that runs the browser tests: the first with `--test-force-exit`.
pub(crate) const NODE: &str = "20.14";

/// The version of wasm-bindgen in `Cargo.lock`. The command of the same name must be of exactly this version.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<String> {
    locked_version(&project.read("Cargo.lock")?, "wasm-bindgen").ok_or_else(|| {
        Failure::new("Cargo.lock does not name a version of wasm-bindgen")
            .remedy("`cargo update --workspace` repairs Cargo.lock")
    })
}

/// The oldest rustc that builds this project, from `Cargo.toml`.
pub(crate) fn rust(project: &Project) -> Result<String> {
    value_of(&project.read("Cargo.toml")?, "rust-version")
        .ok_or_else(|| Failure::new("Cargo.toml does not name a rust-version"))
}

/// The version of a package in the text of a `Cargo.lock`.
pub(crate) fn locked_version(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{package}\""))?;
    value_of(lines.next()?, "version")
}

/// The string that the first line `key = "…"` of a TOML text gives.
fn value_of(toml: &str, key: &str) -> Option<String> {
    toml.lines().find_map(|line| {
        let value = line.trim().strip_prefix(key)?.trim_start();
        let value = value.strip_prefix('=')?.trim_start().strip_prefix('"')?;
        Some(value.split_once('"')?.0.to_owned())
    })
}

/// The first word of a program's `--version` that is a version number: `trunk 0.21.14`, `v20.1.0`, `rustc 1.9.0 (…)`.
pub(crate) fn version_in(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
}

/// The leading numbers of a version, for comparison: `1.96.0-nightly` is `[1, 96, 0]`.
pub(crate) fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map_while(|part| {
            let digits = part.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse().ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_calls_the_wasm_bindgen_that_cargo_locked() {
        let project = Project::find().unwrap();
        let pinned = value_of(&project.read("Trunk.toml").unwrap(), "wasm_bindgen");
        assert_eq!(pinned.unwrap(), wasm_bindgen(&project).unwrap());
    }

    #[test]
    fn trunk_calls_the_wasm_opt_that_npm_locked() {
        let project = Project::find().unwrap();
        let pinned = value_of(&project.read("Trunk.toml").unwrap(), "wasm_opt").unwrap();
        let version = pinned.strip_prefix("version_").unwrap();
        let wanted = format!("\"binaryen\": \"{version}.0.0\"");
        assert!(project.read("package.json").unwrap().contains(&wanted));
        assert!(project.read("package-lock.json").unwrap().contains(&wanted));
    }

    #[test]
    fn npm_warns_of_the_same_node_that_we_refuse() {
        let package = Project::find().unwrap().read("package.json").unwrap();
        assert!(package.contains(&format!("\"node\": \">={NODE}\"")));
    }

    #[test]
    fn the_installed_trunk_is_one_that_the_configuration_allows() {
        let project = Project::find().unwrap();
        let range = value_of(&project.read("Trunk.toml").unwrap(), "trunk-version").unwrap();
        assert_eq!(range, ">=0.21.1, <0.22");
        assert_eq!(numbers(TRUNK)[..2], [0, 21]);
    }

    #[test]
    fn the_release_build_uses_the_profile_for_the_page() {
        let project = Project::find().unwrap();
        let page = project.read("index.html").unwrap();
        let named = ["data-cargo-profile", "data-cargo-profile-release"]
            .iter()
            .any(|attribute| page.contains(&format!("{attribute}=\"page\"")));
        assert!(
            named,
            "the link to the Rust program in index.html has to name the cargo profile, or Trunk builds with `release`"
        );
    }

    #[test]
    fn locked_versions_are_read_from_the_right_package() {
        let lock = "[[package]]\nname = \"a-b\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"2.0.0\"\n";
        assert_eq!(locked_version(lock, "a").as_deref(), Some("2.0.0"));
        assert_eq!(locked_version(lock, "b"), None);
    }

    #[test]
    fn versions_are_found_in_what_programs_say() {
        for (text, version) in [
            ("trunk 0.21.14", "0.21.14"),
            ("v20.20.2", "20.20.2"),
            ("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)", "1.96.0"),
            (
                "ChromeDriver 156.0.8078.79 (a21ce95-refs/branch-heads/8078@{#1704})",
                "156.0.8078.79",
            ),
            ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)", "156.0.8078.79"),
        ] {
            assert_eq!(version_in(text), Some(version));
        }
        assert_eq!(version_in("no such thing"), None);
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(numbers("1.100") > numbers("1.99.5"));
        assert_eq!(numbers("1.97.0-nightly"), [1, 97, 0]);
        assert!(numbers("1.63.0") < numbers("1.90"));
    }
}
