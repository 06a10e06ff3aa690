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

/// The rooms of the engine from the ground up. A room imports those before it, and those of its own line.
const LAYERS: &[&[&str]] = &[
    &["text"],
    &["input"],
    &["rule"],
    &["finding"],
    &["host", "http", "json", "placeholder", "result_type", "settings", "time"],
    &["explanations"],
    &["strange"],
    &["policy"],
    &["record"],
    &["build"],
    &["report"],
    &["senders"],
    &["live"],
    &["plan"],
    &["carve"],
    &["detect"],
    &["artefact", "registry"],
    &["families", "found", "outline"],
    &["examples", "render", "share"],
    &["agree", "fix", "bare", "lib"],
];

/// Where what the crate shows at its root is at home.
fn home(name: &str) -> &str {
    match name {
        "Declared" | "Form" | "GZIP" | "Input" | "Kind" | "ToAscii" => "input",
        "MAX_REPORT" | "MAX_TEXT" | "too_large" => "input",
        "Artefact" | "Parsed" | "Report" => "artefact",
        "HOME" | "VERSION" => "text", // words that need nothing
        "lint" => "lib",
        room => room,
    }
}

/// The names behind each `crate::` of a source, tests left out.
fn imports(source: &str) -> Vec<&str> {
    let opens = |(at, mark): &(usize, &str)| {
        source[at + mark.len()..].lines().next().is_some_and(|line| line.ends_with('{'))
    };
    let tests = source.match_indices("\n#[cfg(test)]\nmod ").find(opens);
    let source = &source[..tests.map_or(source.len(), |(at, _)| at)];
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut names = Vec::new();
    for line in code {
        for path in line.split("crate::").skip(1) {
            let end = |text: &str| {
                text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
            };
            match path.strip_prefix('{') {
                // No list of rooms is longer than a line.
                Some(list) => {
                    let list = list.split('}').next().unwrap_or(list);
                    names.extend(list.split(", ").map(|item| &item[..end(item)]));
                }
                None => names.push(&path[..end(path)]),
            }
        }
    }
    names
}

#[test]
fn imports_run_down() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let layer = |room: &str| {
        let found = LAYERS.iter().position(|layer| layer.contains(&room));
        found.unwrap_or_else(|| panic!("{room} is in no layer"))
    };
    let mut files = Vec::new();
    sources(root, &mut files);
    let mut upwards = std::collections::BTreeSet::new();
    let for_tests = |file: &PathBuf| file.ends_with("tests.rs") || file.ends_with("carets.rs");
    for file in files.iter().filter(|file| !for_tests(file)) {
        let inside = file.strip_prefix(root).expect("it is inside");
        let first = inside.components().next().expect("a name").as_os_str();
        let room = Path::new(first).file_stem().and_then(|name| name.to_str()).expect("a name");
        let text = fs::read_to_string(file).expect("sources are text");
        for import in imports(&text).into_iter().map(home) {
            if layer(import) > layer(room) {
                upwards.insert((room.to_owned(), import.to_owned()));
            }
        }
    }
    let upwards: Vec<(&str, &str)> = upwards.iter().map(|(a, b)| (&a[..], &b[..])).collect();
    assert_eq!(upwards, [], "from and to");
}

/// Models of senders are independent of the linter: one mistake can't be made twice.
#[test]
fn models_share_no_parser() {
    let mut files = Vec::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/senders/models");
    sources(Path::new(folder), &mut files);
    assert!(files.len() > 12, "looked in the wrong place");
    for file in files {
        let text = fs::read_to_string(&file).expect("sources are text");
        for path in text.split("crate::").skip(1) {
            let allowed = ["input::ToAscii;", "policy::Mode;", "senders::model::"];
            let is_allowed = allowed.iter().any(|allowed| path.starts_with(allowed));
            assert!(is_allowed, "{}: {:?}", file.display(), path.lines().next());
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
    // Each of them small, and none reaches outside: what the page carries counts.
    assert_eq!(names, ["base16ct", "base64ct", "memchr", "serde", "strsim", "time"]);
    assert!(
        section.contains("serde = { version = \"1\", features = [\"derive\"], optional = true }")
    );
}

/// Words of the command that a text of the engine may have: file, text, reason. The page shows all texts too.
const COMMAND_WORDS: &[(&str, &str, &str)] = &[
    (
        "build/hosting.rs",
        "stslint check --smtp {domain}",
        "a line to run after publishing, beside those for curl",
    ),
    ("build/outputs/api.rs", "--data", "of curl"),
    ("live/rules/https.rs", "--max-redirs", "of curl"),
    (
        "render/plan/words.rs",
        "stslint check --smtp {domain}",
        "a line to run: no browser sees the mail hosts",
    ),
    (
        "render/plan/words.rs",
        "stslint report --domain {domain}",
        "a line to run; the page links its own reports",
    ),
    (
        "render/plan/words.rs",
        "stslint plan --goal enforce {domain}",
        "a line to run; the page links its own plan",
    ),
    ("render/words/names.rs", "--max-redirs", "of curl"),
    ("share.rs", "Reload the page", "links are opened by the page"),
    ("strange/looks.rs", "`stslint check`", "no browser sees the certificates of mail hosts"),
];

/// Where a text tells of something that only one of page and command has.
fn is_of_one_face(line: &str) -> bool {
    let options = line.match_indices("--").any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + 2..].chars().next();
        matches!(before, Some(' ' | '`' | '"' | '(' | '“'))
            && after.is_some_and(|first| first.is_ascii_lowercase())
    });
    let commands = [
        "lint", "check", "report", "plan", "new", "bump", "explain", "match", "senders",
        "simulate", "serve",
    ];
    let calls = commands.iter().any(|name| {
        ["stslint ", "`stslint "].iter().any(|start| {
            line.match_indices(&format!("{start}{name}")).any(|(at, found)| {
                let after = line[at + found.len()..].chars().next();
                !after.is_some_and(char::is_alphanumeric)
            })
        })
    });
    let faces = ["Read as", "the page", "The page ", "The command ", "stslint command"];
    options || calls || faces.iter().any(|words| line.contains(words))
}

#[test]
fn texts_are_true_for_page_and_command() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut files = Vec::new();
    sources(root, &mut files);
    let mut used = vec![false; COMMAND_WORDS.len()];
    for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
        let name = file.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(file).expect("sources are text");
        let shown = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = shown.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in lines.filter(|line| is_of_one_face(line)) {
            // Marks of a difference as git writes it, which is read, not told.
            let reason =
                COMMAND_WORDS.iter().position(|(at, words, _)| *at == name && line.contains(words));
            match reason {
                Some(index) => used[index] = true,
                None => assert!(line.contains("diff --git"), "{name}: {line}"),
            }
        }
    }
    let idle: Vec<_> =
        COMMAND_WORDS.iter().zip(&used).filter(|(_, used)| !**used).map(|(it, _)| it).collect();
    assert!(idle.is_empty(), "nothing needs {idle:?}");
}
