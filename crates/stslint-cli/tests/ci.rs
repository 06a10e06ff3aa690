//! What CI and schedulers run: the files for them can be read, and each option in them is one of the command.

mod piped;
mod ran;

use piped::run_at;
use ran::{code, err, out};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The calls of the command in a text, each as a subcommand and its options: a call ends with its line, unless that
/// goes on behind a backslash.
fn calls(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let text = text.replace("\\\n", " ");
    let mut calls = Vec::new();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    for line in lines.flat_map(|line| line.split(" | ")) {
        let words: Vec<&str> = line.split([' ', '\t', '"', '(', ')', ';', '|']).collect();
        let starts = words
            .iter()
            .enumerate()
            .filter(|(_, word)| **word == "stslint" || word.ends_with("/bin/stslint"));
        for (at, _) in starts {
            let Some(name) = words
                .get(at + 1)
                .filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase()))
            else {
                continue;
            };
            let rest =
                words.iter().skip(at + 2).take_while(|word| !["&&", "--", ">"].contains(word));
            let options = rest.filter(|word| word.starts_with("--"));
            let options = options.map(|word| word.split('=').next().unwrap_or(word).to_owned());
            calls.push(((*name).to_owned(), options.collect()));
        }
    }
    calls
}

/// The code in Markdown: in fences, and between backticks in a line.
fn code_of(markdown: &str) -> String {
    let mut out = String::new();
    for (i, part) in markdown.split("```").enumerate() {
        if i % 2 == 1 {
            out += part;
            continue;
        }
        for code in part.split('`').skip(1).step_by(2) {
            out += &code.replace('\n', " ");
            out.push('\n');
        }
    }
    out
}

/// Fails where a text calls the command in a way that it does not know. How many calls there are.
#[track_caller]
fn calls_are_known(name: &str, text: &str) -> usize {
    let calls = calls(text);
    let mut helps: BTreeMap<&str, String> = BTreeMap::new();
    for (command, options) in &calls {
        let help = helps.entry(command).or_insert_with(|| {
            let output = run_at(None, &[command, "--help"], b"");
            assert_eq!(code(&output), 0, "{name}: there is no command {command}");
            out(&output)
        });
        let known: BTreeSet<&str> =
            help.split([' ', ',', '\n', '[', ']']).filter(|word| word.starts_with("--")).collect();
        for option in options {
            assert!(known.contains(&option[..]), "{name}: {command} has no {option}");
        }
    }
    calls.len()
}

#[test]
fn the_action_can_be_read_and_its_options_are_there() {
    let text = read("action.yml");
    let action = yaml(&text);
    assert_eq!(action["runs"]["using"], "composite");
    let inputs = action["inputs"].as_object().expect("inputs");
    let mut scripts = String::new();
    for step in action["runs"]["steps"].as_array().expect("steps") {
        let Some(script) = step["run"].as_str() else {
            assert!(step["uses"].is_string(), "{step}");
            continue;
        };
        // GitHub wants it in each step of a composite action.
        assert_eq!(step["shell"], "bash", "{step}");
        // What is put into a script as text would be a command.
        assert!(!script.contains("${{"), "{script}");
        scripts += script;
        scripts.push('\n');
        if let Ok(output) = std::process::Command::new("bash").args(["-n", "-c", script]).output() {
            assert!(output.status.success(), "{output:?}");
        }
    }
    assert_eq!(calls_are_known("action.yml", &scripts), 3);
    for option in ["--select", "--ignore", "--config"] {
        assert!(scripts.contains(option), "{option}");
        calls_are_known("action.yml", &format!("stslint lint {option}\nstslint check {option}\n"));
    }
    for (input, about) in inputs {
        assert!(about["description"].is_string(), "{input}");
        assert!(text.contains(&format!("inputs.{input}")), "{input} is not used");
        assert!(read("docs/ci.md").contains(&format!("`{input}`")), "{input} is not told");
    }
    for used in text.split("inputs.").skip(1) {
        let name: String =
            used.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        assert!(inputs.contains_key(&name), "there is no input {name}");
    }
}

/// Runs a step of the action. What it printed, and its exit code.
#[cfg(unix)]
fn step(name: &str, folder: &Path, inputs: &[(&str, &str)]) -> Option<(String, i32)> {
    let action = yaml(&read("action.yml"));
    let steps = action["runs"]["steps"].as_array().expect("steps");
    let step = steps.iter().find(|step| step["name"] == name).expect("a step");
    let bin = Path::new(env!("CARGO_BIN_EXE_stslint")).parent().expect("a folder");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = std::process::Command::new("bash");
    // As GitHub runs it.
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c"]);
    command.arg(step["run"].as_str().expect("a script")).current_dir(folder).env("PATH", path);
    for (variable, value) in step["env"].as_object().expect("an environment") {
        let expression = value.as_str().expect("a text");
        let input = expression.trim_start_matches("${{ inputs.").trim_end_matches(" }}");
        let given = inputs.iter().find(|(name, _)| *name == input).map(|(_, value)| *value);
        let default = action["inputs"][input]["default"].as_str().expect("a default");
        command.env(variable, given.unwrap_or(default));
    }
    let output = command.output().ok()?;
    let told = String::from_utf8(output.stdout).expect("output is UTF-8");
    Some((told, output.status.code().expect("it was not killed")))
}

#[cfg(unix)]
#[test]
fn the_action_lints_what_patterns_name() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("action");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("a b/c")).expect("a folder");
    let good = "version: STSv1\r\nmode: enforce\r\nmx: mail.acme.se\r\nmax_age: 2592000\r\n";
    let warns = good.replace("2592000", "3600");
    fs::write(folder.join("a b/c/warns.txt"), warns).expect("a file");
    fs::write(folder.join("good.txt"), good).expect("a file");
    fs::write(folder.join("wrong.txt"), good.replace("enforce", "Enforce")).expect("a file");
    let lint = |inputs: &[(&str, &str)]| step("Lint files", &folder, inputs);
    let Some((told, code)) = lint(&[("files", "**/*.txt\n")]) else { return };
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("::warning file=a b/c/warns.txt,"), "{told}");
    assert!(told.contains("::error file=wrong.txt,"), "{told}");
    for (inputs, expected) in [
        (&[("files", "good.txt")][..], 0),
        (&[("files", "a b/**/*.txt")], 1),
        (&[("files", "a b/**/*.txt"), ("fail-on", "error")], 0),
        (&[("files", "wrong.txt\ngood.txt"), ("fail-on", "error")], 2),
        (&[("files", "wrong.txt"), ("fail-on", "never")], 0),
        (&[("files", "wrong.txt"), ("ignore", "STS-POL-052")], 0),
        (&[("files", "none*.txt")], 66),
        // What is misspelt is not passed over.
        (&[("files", "none*.txt\ngood.txt")], 66),
        (&[("files", "none*.txt\nwrong.txt")], 2),
        (&[("files", "none*.txt"), ("fail-on", "never")], 0),
        (&[("files", "none.txt"), ("fail-on", "error")], 66),
        (&[("files", "$(touch made).txt")], 66),
    ] {
        let (told, code) = lint(inputs).expect("bash is there");
        assert_eq!(code, expected, "{inputs:?}: {told}");
    }
    assert!(!folder.join("made").exists());
    let (told, code) =
        lint(&[("files", "wrong.txt"), ("sarif", "out.sarif")]).expect("bash is there");
    assert_eq!(code, 2, "{told}");
    let sarif = fs::read_to_string(folder.join("out.sarif")).expect("it was written");
    assert!(sarif.contains("STS-POL-052"), "{sarif}");
    let check = [("domains", "exam ple.com\n"), ("resolver", "http://127.0.0.1:1/")];
    let (told, code) = step("Check domains", &folder, &check).expect("bash is there");
    assert_eq!(code, 64, "{told}");
    assert!(
        told.contains("::error title=stslint check::exam ple.com is not a domain name"),
        "{told}"
    );
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn the_hooks_can_be_read_and_their_options_are_there() {
    let hooks = yaml(&read(".pre-commit-hooks.yaml"));
    let hooks = hooks.as_array().expect("a list");
    assert!(!hooks.is_empty());
    for hook in hooks {
        for member in ["id", "name", "entry", "language"] {
            assert!(hook[member].is_string(), "{member} of {hook}");
        }
        let args = hook["args"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let args = args.collect::<Vec<_>>().join(" ");
        let entry = hook["entry"].as_str().expect("a text");
        assert_eq!(calls_are_known("hooks", &format!("{entry} {args}")), 1);
        assert!(
            read("docs/ci.md").contains(&format!("- id: {}", hook["id"].as_str().expect("a text")))
        );
    }
}

#[test]
fn examples_call_the_command_as_it_is() {
    for (name, least) in [
        ("README.md", 20),
        ("crates/stslint-cli/README.md", 20),
        ("docs/ci.md", 3),
        ("deploy/stslint-watch.service", 1),
        ("deploy/stslint-watch.cron", 1),
        ("deploy/stslint.service", 1),
        ("docs/fleet.md", 4),
        ("deploy/fleet-job.yaml", 1),
    ] {
        let text = read(name);
        let text = if name.ends_with(".md") { code_of(&text) } else { text };
        let count = calls_are_known(name, &text);
        assert!(count >= least, "{name}: {count} calls");
    }
    // YAML in the document is YAML.
    let document = read("docs/ci.md");
    let blocks = document.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    assert_eq!(blocks.map(yaml).filter(Value::is_object).count(), 3);
}

/// Runs the script of the job, with a program in place of the command that tells its arguments and exits with `code`. What
/// it told, and how the script ends.
#[cfg(unix)]
fn pod(job: &Value, index: &str, code: i32) -> (String, i32) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("pod-{index}-{code}"));
    fs::create_dir_all(&folder).expect("a folder");
    let program = folder.join("stslint");
    fs::write(&program, format!("#!/bin/sh\necho \"$@\"\nexit {code}\n")).expect("a file");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    let command = container["command"].as_array().expect("a list");
    let words: Vec<&str> = command.iter().filter_map(Value::as_str).collect();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let mut run = std::process::Command::new(words[0]);
    run.args(&words[1..]).current_dir(&folder);
    run.env("PATH", path).env("JOB_COMPLETION_INDEX", index);
    for variable in container["env"].as_array().expect("a list") {
        run.env(
            variable["name"].as_str().expect("a name"),
            variable["value"].as_str().expect("a text"),
        );
    }
    run.env("PAUSE", "0");
    let output = run.output().expect("there is a shell");
    let is_there = folder.join("rows/run=2026-11-29").is_dir();
    let _ = fs::remove_dir_all(&folder);
    assert!(is_there, "{output:?}");
    (
        String::from_utf8(output.stdout).expect("text"),
        output.status.code().expect("it was not killed"),
    )
}

#[cfg(unix)]
#[test]
fn the_pods_of_the_job_check_all_parts() {
    let text = read("deploy/fleet-job.yaml");
    let documents: Vec<Value> = text.split("\n---\n").map(yaml).collect();
    let [settings, job] = &documents[..] else { panic!("{} documents", documents.len()) };
    assert_eq!((&settings["kind"], &job["kind"]), (&"ConfigMap".into(), &"Job".into()));
    let (spec, pod_spec) = (&job["spec"], &job["spec"]["template"]["spec"]);
    // Without it pods know no index.
    assert_eq!(spec["completionMode"], "Indexed");
    let volumes = pod_spec["volumes"].as_array().expect("a list");
    let containers = [&pod_spec["initContainers"][0], &pod_spec["containers"][0]];
    for container in containers {
        for mount in container["volumeMounts"].as_array().expect("a list") {
            assert!(volumes.iter().any(|volume| volume["name"] == mount["name"]), "{mount}");
        }
        assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true, "{container}");
        assert_eq!(container["image"], containers[0]["image"]);
    }
    let resolver = settings["data"]["unbound.conf"].as_str().expect("a text");
    assert!(resolver.contains("port: 5353\n"), "{resolver}");

    // Kubernetes counts from 0 to one less than there are; the command from 1.
    let count = spec["completions"].as_u64().expect("a number");
    for (index, part) in [(0, 1), (count - 1, count)] {
        let (told, code) = pod(job, &index.to_string(), 0);
        let options = format!(
            "--resolver udp://127.0.0.1:5353 --shard {part}/{count} --resume rows/run=2026-11-29/{part}.ndjson"
        );
        assert_eq!(
            told,
            format!("check --file domains.txt --format ndjson {options}\n"),
            "of the pod {index}"
        );
        assert_eq!(code, 0);
    }
    // What a domain has to hear is no failure of the pod.
    for (code, fails) in
        [(1, false), (2, false), (64, false), (69, false), (66, true), (74, true), (137, true)]
    {
        assert_eq!(pod(job, "3", code).1 != 0, fails, "{code}");
    }
}

#[test]
fn gitlab_gets_the_members_that_it_needs() {
    let text =
        b"version: STSv1\r\nmode: Enforce\r\n\r\n\r\nmx: mail.example.com\r\nmax_age: 3600\r\n";
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gitlab.txt");
    fs::write(&file, text).expect("a file");
    let name = file.to_str().expect("a good name");
    let output = run_at(None, &["lint", "--format", "gitlab", name, name], b"");
    let issues: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let issues = issues.as_array().expect("a list");
    assert!(issues.len() > 4, "{issues:?}");
    let mut prints = BTreeSet::new();
    let mut severities = BTreeSet::new();
    for issue in issues {
        // https://docs.gitlab.com/ci/testing/code_quality/ has these as required, and these severities.
        let known = ["info", "minor", "major", "critical", "blocker"];
        let severity = issue["severity"].as_str().expect("a severity");
        assert!(known.contains(&severity), "{issue}");
        severities.insert(severity);
        assert!(issue["description"].as_str().is_some_and(|text| text.ends_with('.')), "{issue}");
        assert!(
            issue["check_name"].as_str().is_some_and(|code| code.starts_with("STS-POL-")),
            "{issue}"
        );
        assert_eq!(issue["location"]["path"], name);
        assert!(
            issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0),
            "{issue}"
        );
        assert!(prints.insert(issue["fingerprint"].as_str().expect("a text")), "{issue}");
    }
    assert_eq!(severities.into_iter().collect::<Vec<_>>(), ["info", "major", "minor"]);
    let mode = issues.iter().find(|issue| issue["check_name"] == "STS-POL-052").expect("a mode");
    assert_eq!(mode["location"]["lines"]["begin"], 2);
    // A line more above changes no fingerprint.
    let more = [&b"\r\n"[..], text].concat();
    fs::write(&file, more).expect("a file");
    let output = run_at(None, &["lint", "--format", "gitlab", name], b"");
    let after: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let again =
        after.as_array().expect("a list").iter().find(|issue| issue["check_name"] == "STS-POL-052");
    let again = again.expect("a mode");
    assert_eq!(
        (&again["fingerprint"], &again["location"]["lines"]["begin"]),
        (&mode["fingerprint"], &3.into())
    );
    fs::remove_file(&file).expect("it is there");
    let none = run_at(
        None,
        &["lint", "--format", "gitlab", "-"],
        b"version: STSv1\r\nmode: enforce\r\nmx: mail.acme.se\r\nmax_age: 2592000\r\n",
    );
    assert_eq!((&out(&none)[..], &err(&none)[..]), ("[]\n", ""));
}
