//! The engine is pure: no input or output, no clock, no randomness, no web, few other crates.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the crate's sources are there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            into.push(path);
        }
    }
}

#[test]
fn the_engine_touches_nothing_outside() {
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    assert!(files.len() > 10, "looked in the wrong place");
    for file in files {
        if file.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("sources are text");
        for outside in [
            "std::fs",
            "std::io",
            "std::env",
            "std::time",
            "std::process",
            "std::thread",
            "TcpStream",
            "UdpSocket",
            "SystemTime",
            "Instant::",
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "RandomState",
            "HashMap",
            "println!",
        ] {
            assert!(!text.contains(outside), "{} uses {outside}", file.display());
        }
    }
}

#[test]
fn the_engine_depends_on_little() {
    let manifest = include_str!("../Cargo.toml");
    let section = manifest.split("[dependencies]").nth(1).expect("there is the section");
    let section = section.split("\n[").next().expect("a first part");
    let names: Vec<&str> =
        section.lines().filter_map(|line| line.split(['.', ' ']).next()).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    assert_eq!(names, ["memchr", "serde"]);
    assert!(
        section.contains("serde = { version = \"1\", features = [\"derive\"], optional = true }")
    );
}
