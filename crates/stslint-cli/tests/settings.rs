//! `stslint lint` with rules selected and ignored, on the command line and by `stslint.toml`.

mod ran;
mod schemas;

use ran::{code, err, out};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// With an error in the mode, and a name of documentation.
const WRONG: &str =
    "version: STSv1\r\nmode: Enforce\r\nmx: mail.example.com\r\nmax_age: 2592000\r\n";

/// A folder that is there as long as the test runs.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("settings-{name}"));
        let _ = fs::remove_dir_all(&folder);
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
            fs::write(path, text).expect("it can be written");
        }
        Self(folder)
    }

    /// Runs the command in a folder below.
    fn run(&self, below: &str, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stslint"));
        command.current_dir(self.0.join(below)).args(args).output().expect("the command runs")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn codes(output: &Output) -> Vec<String> {
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = document["inputs"][0]["findings"].as_array().expect("a list").clone();
    findings.iter().filter_map(|finding| finding["code"].as_str()).map(str::to_owned).collect()
}

#[test]
fn rules_are_selected_and_ignored_by_start_and_by_name() {
    let folder = Folder::new("codes", &[("a.txt", WRONG)]);
    let lint = |args: &[&str]| {
        let all = [&["lint", "--format", "json", "a.txt"], args].concat();
        let output = folder.run("", &all);
        (code(&output), codes(&output))
    };
    let (exit, all) = lint(&[]);
    assert_eq!(exit, 2);
    assert_eq!(all, ["STS-POL-052", "STS-POL-103"]);
    let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    assert_eq!(lint(&["--ignore", "sts-pol-052"]), (0, list(&["STS-POL-103"])));
    assert_eq!(lint(&["--ignore", "mode-wrong-case"]), (0, list(&["STS-POL-103"])));
    assert_eq!(lint(&["--ignore", "STS-POL"]), (0, list(&[])));
    assert_eq!(lint(&["--select", "STS-POL-103"]), (0, list(&["STS-POL-103"])));
    assert_eq!(lint(&["--select", "STS-POL-052", "--ignore", "STS"]), (2, list(&["STS-POL-052"])));
    assert_eq!(lint(&["--ignore", "STS-POL-052,STS-POL-103"]), (0, list(&[])));
}

#[test]
fn an_ignored_error_never_makes_a_text_look_fine() {
    let folder = Folder::new("fine", &[("a.txt", WRONG)]);
    let lint = |args: &[&str]| folder.run("", &[&["lint", "a.txt"], args].concat());
    let plain = out(&lint(&[]));
    let title = |text: &str| {
        let line = text.lines().find(|line| line.starts_with("a.txt: ")).expect("a verdict");
        line.to_owned()
    };
    let ignore = ["--ignore", "STS-POL-052"];
    let output = lint(&ignore);
    let told = out(&output);
    assert_eq!(code(&output), 0);
    assert!(!told.contains("error["), "{told}");
    assert_eq!(title(&told), title(&plain));
    assert!(told.contains("\n  Ignored: 1 error (STS-POL-052).\n"), "{told}");

    let with = |format: &str| lint(&[&ignore[..], &["--format", format]].concat());
    let json = with("json");
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let schema = schemas::schema(include_str!("../schema/stslint-1.schema.json"));
    schemas::check(&schema, "json", &document);
    let entry = &document["inputs"][0];
    assert_eq!(entry["verdict"]["usable"], false);
    let ignored = serde_json::json!([{ "code": "STS-POL-052", "severity": "error", "count": 1 }]);
    assert_eq!(entry["ignored"], ignored);

    let sarif: serde_json::Value = serde_json::from_slice(&with("sarif").stdout).expect("JSON");
    let run = &sarif["runs"][0];
    assert_eq!(run["results"].as_array().map(Vec::len), Some(1));
    let notice = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(
        (&notice["level"], &run["invocations"][0]["executionSuccessful"]),
        (&"note".into(), &true.into())
    );
    assert_eq!(notice["message"]["text"], "Ignored: 1 error (STS-POL-052).");

    let markdown = out(&with("markdown"));
    assert!(
        markdown.contains("left out of what is said below: 1 error (STS-POL-052)."),
        "{markdown}"
    );
    let github = out(&with("github"));
    assert!(
        github.contains("::notice title=stslint::a.txt: ignored: 1 error (STS-POL-052)"),
        "{github}"
    );
    assert!(!github.contains("::error"), "{github}");
    let gitlab = with("gitlab");
    assert_eq!(err(&gitlab), "stslint: a.txt: ignored: 1 error (STS-POL-052)\n");
}

#[test]
fn settings_are_found_upwards_and_belong_to_their_folder() {
    let settings = "ignore = ['STS-POL-103']\n[per-file-ignores]\n'old/*.txt' = ['STS-POL-052']\n";
    let files = [
        ("stslint.toml", settings),
        ("other.toml", "ignore = ['STS-POL-052']\n"),
        ("old/a.txt", WRONG),
        ("deep/er/a.txt", WRONG),
    ];
    let folder = Folder::new("found", &files);
    let lint = |below: &str, args: &[&str]| {
        codes(&folder.run(below, &[&["lint", "--format", "json"], args].concat()))
    };
    assert_eq!(lint("", &["old/a.txt"]), [""; 0]);
    assert_eq!(lint("old", &["a.txt"]), [""; 0]);
    assert_eq!(lint("deep/er", &["a.txt"]), ["STS-POL-052"]);
    assert_eq!(lint("deep/er", &["../../old/../deep/er/a.txt"]), ["STS-POL-052"]);
    assert_eq!(lint("deep", &["er/a.txt", "--no-config"]), ["STS-POL-052", "STS-POL-103"]);
    assert_eq!(lint("deep/er", &["a.txt", "--config", "../../other.toml"]), ["STS-POL-103"]);
    // What the command line ignores is added; what it selects takes the place.
    assert_eq!(lint("deep/er", &["a.txt", "--ignore", "STS-POL-052"]), [""; 0]);
}

#[test]
fn wrong_settings_are_told_with_their_lines() {
    let text = "ignore = [\n  'STS-POL-103',\n  'STS-POL-O52',\n]\nslect = []\n";
    let folder = Folder::new("wrong", &[("stslint.toml", text), ("a.txt", WRONG)]);
    let output = folder.run("", &["lint", "a.txt"]);
    assert_eq!((code(&output), &out(&output)[..]), (64, ""));
    let told = err(&output);
    let lines: Vec<_> = told.lines().filter_map(|line| line.split_once("stslint.toml, ")).collect();
    let expected = [
        "line 3: there is no rule STS-POL-O52; did you mean STS-POL-052?",
        "line 5: there is no setting slect; did you mean select?",
    ];
    assert_eq!(lines.iter().map(|(_, told)| *told).collect::<Vec<_>>(), expected);
    let output = folder.run("", &["lint", "a.txt", "--no-config", "--ignore", "STS-POL-O52"]);
    assert_eq!(code(&output), 64);
    assert!(err(&output).contains("did you mean STS-POL-052?"), "{}", err(&output));
    let output = folder.run("", &["lint", "a.txt", "--config", "none.toml"]);
    assert_eq!(code(&output), 66);
}
