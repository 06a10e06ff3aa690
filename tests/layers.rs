//! Modules of the page use those below them only, and a tool never uses another tool: tools hand over by `request` and
//! `route`. What a tool keeps (`tools/*/state`) lies below the state of the page, what it shows lies above.

use std::fs;
use std::path::{Path, PathBuf};

/// From top to bottom. A module belongs to the first layer whose name its path begins with.
const LAYERS: [&str; 11] = [
    "lib",
    "main",
    "app",
    "effects",
    "tools/*/state",
    "tools",
    "state",
    "request",
    "text",
    "ui",
    "route",
];

/// The layers in their order; `tools/*/state` is matched before `tools` and lies below `state`.
const ORDER: [&str; 11] = [
    "main",
    "lib",
    "app",
    "effects",
    "tools",
    "state",
    "tools/*/state",
    "request",
    "text",
    "ui",
    "route",
];

/// What lies below all layers: the browser.
const BOTTOM: &str = "browser";

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the page") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The path of a module in `src`, like `tools/check/state`.
fn module(path: &Path) -> String {
    let name = path.with_extension("").to_string_lossy().replace('\\', "/");
    name.strip_suffix("/mod").map_or(name.clone(), str::to_owned)
}

/// The tool that a module belongs to.
fn tool(module: &str) -> Option<&str> {
    module.strip_prefix("tools/")?.split('/').next()
}

fn layer(module: &str) -> usize {
    let is_kept = tool(module).is_some_and(|tool| {
        module
            .strip_prefix(&format!("tools/{tool}/state"))
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    let name = LAYERS.into_iter().find(|name| match *name {
        "tools/*/state" => is_kept,
        name => module == name || module.starts_with(&format!("{name}/")),
    });
    match name {
        Some(name) => {
            ORDER.iter().position(|other| *other == name).expect("every layer has its place")
        }
        None if module.split('/').next() == Some(BOTTOM) => ORDER.len(),
        None => panic!("{module} is in no layer"),
    }
}

/// The modules that a source names as `crate::…`, but for those of its tests.
fn used(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut used = Vec::new();
    for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for path in line.split("crate::").skip(1) {
            let path: String = path
                .chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
                .collect();
            let modules = path.split("::").take_while(|part| part.starts_with(char::is_lowercase));
            let module = modules.collect::<Vec<_>>().join("/");
            // `use crate::tools::{check, …}` names several.
            match line.split_once("crate::tools::{") {
                Some((_, tools)) if module == "tools" => {
                    let tools = tools.split(['}', ';']).next().unwrap_or_default();
                    used.extend(tools.split(',').map(|tool| format!("tools/{}", tool.trim())));
                }
                _ => used.push(module),
            }
        }
    }
    used
}

#[test]
fn modules_use_those_below_them_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&src, &mut paths);
    assert!(paths.len() > 50, "these are not all: {paths:?}");
    let mut upwards = Vec::new();
    for path in paths {
        let name = module(path.strip_prefix(&src).expect("a file in it"));
        if name.ends_with("tests") {
            continue;
        }
        for other in used(&fs::read_to_string(&path).expect("a source file")) {
            // The state of the page names the tools whose states it holds.
            let of_state = name.split('/').next() == Some("state") && tool(&other).is_some();
            if !of_state && layer(&other) < layer(&name) {
                upwards.push(format!("{name} uses {other}, which lies above"));
            }
            if let (Some(one), Some(another)) = (tool(&name), tool(&other))
                && one != another
            {
                upwards.push(format!("{name} uses the other tool {another}"));
            }
        }
    }
    assert_eq!(upwards, Vec::<String>::new());
}

#[test]
fn an_arrow_upwards_is_seen() {
    assert!(layer("app") < layer("effects") && layer("effects") < layer("tools/lint/view"));
    assert!(
        layer("tools/lint/view") < layer("state") && layer("state") < layer("tools/lint/state")
    );
    assert!(
        layer("tools/check/state/run") < layer("text") && layer("route") < layer("browser/stream")
    );
    assert_eq!(used("use crate::tools::{check, lint};"), ["tools/check", "tools/lint"]);
    assert_eq!(used("use crate::ui::element::{El, el};\n// crate::app"), ["ui/element"]);
}

/// What is not pure: the clock, chance, storage, the network and everything else of the browser.
const IMPURE: [&str; 6] =
    ["crate::browser", "gloo_", "js_sys", "wasm_bindgen", "std::time", "crate::effects"];

#[test]
fn the_state_is_pure() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&src, &mut paths);
    let pure = ["state", "tools/*/state", "request", "text", "route"].map(|name| {
        ORDER.iter().position(|other| *other == name).expect("every layer has its place")
    });
    let mut seen = 0;
    for path in paths {
        let name = module(path.strip_prefix(&src).expect("a file in it"));
        if !pure.contains(&layer(&name)) {
            continue;
        }
        seen += 1;
        let source = fs::read_to_string(&path).expect("a source file");
        for word in IMPURE {
            assert!(!source.contains(word), "{name} has {word}: let it come in with an action");
        }
    }
    assert!(seen > 10, "these are not all: {seen}");
}
