//! Fuzzing: every target side by side, from seeds that are made on the spot.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use stslint_checks::PIECES;
use stslint_checks::targets::{ALL, Target};

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;
use crate::setup::Toolbox;

/// Longest input that is tried, in bytes: several of the longest artefacts that people have.
const MAX_LENGTH: usize = 4096;

/// How long one input may take, in seconds. All take milliseconds.
const TIMEOUT: usize = 20;

/// Memory that a target may take, in MiB, with its corpus.
const MEMORY: usize = 2048;

/// What does so little for each input that libFuzzer's own work for it would take longer: whether a place was reached
/// counts, and not how often, and inputs are short.
const CHEAP: (&str, [&str; 2]) = ("quick", ["-use_counters=0", "-max_len=512"]);

/// How often the state is shown.
const PULSE: Duration = Duration::from_secs(30);

/// Over the lines that say how far the targets are.
const HEAD: &str = "target       executions   edges reached    corpus";

/// Runs the targets with these names, or all, for so many minutes, each in so many processes that share what they find.
pub(crate) fn run(
    project: &Project,
    tools: &Toolbox,
    minutes: u64,
    workers: usize,
    names: &[String],
) -> Result<()> {
    let targets = chosen(names)?;
    let folder = project.root().join("fuzz");
    // No sanitizer: the engine has no unsafe code, and the stable compiler has none either.
    let mut build = tools.command("cargo");
    build.current_dir(project.root()).args(["fuzz", "build", "--sanitizer", "none"]);
    // To note every comparison takes two thirds of the time; the words of the dictionary lead to the same places.
    build.arg("--no-trace-compares");
    process::stream(build.arg("--target-dir").arg(folder.join("target")))?;
    let programs = folder.join("target").join(host(tools)?).join("release");
    let dictionary = folder.join("target/pieces.dict");
    write(&dictionary, dictionary_of(PIECES).as_bytes())?;

    println!("fuzzing {minutes} minutes: {}", list(&targets));
    let mut runs = Vec::new();
    let all =
        targets.iter().flat_map(|target| (0..workers.max(1)).map(move |worker| (*target, worker)));
    for (target, worker) in all {
        let mut command = Command::new(programs.join(target.name));
        command
            .arg(corpus(&folder, target)?)
            .arg(format!("-max_total_time={}", minutes * 60))
            .arg(format!("-max_len={MAX_LENGTH}"))
            .arg(format!("-timeout={TIMEOUT}"))
            .arg(format!("-rss_limit_mb={MEMORY}"))
            .arg(format!("-dict={}", dictionary.display()))
            .arg("-print_final_stats=1");
        if target.name == CHEAP.0 {
            command.args(CHEAP.1);
        }
        let artifacts = folder.join("artifacts").join(target.name);
        runs.push(Run::start(target.name, worker, command, artifacts)?);
    }
    let mut shown = Instant::now();
    while runs.iter_mut().any(Run::is_running) {
        thread::sleep(Duration::from_millis(200));
        if shown.elapsed() >= PULSE {
            shown = Instant::now();
            println!("\n{HEAD}");
            runs.iter().for_each(|run| println!("{}", run.line()));
        }
    }
    println!("\n{HEAD} {:>9}", "findings");
    let mut findings = BTreeSet::new();
    for run in &mut runs {
        let found = run.findings()?;
        println!("{} {:>9}", run.line(), found.len());
        findings.extend(found);
    }
    if findings.is_empty() {
        return Ok(());
    }
    let findings: Vec<String> = findings.into_iter().collect();
    Err(Failure::new(format!("the fuzzers found something:\n{}", findings.join("\n")))
        .remedy("run the target on one input: fuzz/target/*/release/<target> <file>"))
}

fn chosen(names: &[String]) -> Result<Vec<&'static Target>> {
    if let Some(unknown) = names.iter().find(|name| ALL.iter().all(|target| target.name != **name))
    {
        let known: Vec<_> = ALL.iter().collect();
        return Err(Failure::new(format!("there is no fuzz target `{unknown}`"))
            .remedy(format!("the targets are {}", list(&known))));
    }
    let wanted =
        |target: &&Target| names.is_empty() || names.iter().any(|name| name == target.name);
    Ok(ALL.iter().filter(wanted).collect())
}

fn list(targets: &[&Target]) -> String {
    targets.iter().map(|target| target.name).collect::<Vec<_>>().join(", ")
}

/// The platform that the compiler builds for.
fn host(tools: &Toolbox) -> Result<String> {
    let answer = process::capture(tools.command("rustc").arg("-vV")).unwrap_or_default();
    let host = answer.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::new("rustc does not say what it builds for"))
}

/// The folder of a target's inputs: what earlier runs found worth keeping, and all seeds.
fn corpus(fuzz: &Path, target: &Target) -> Result<PathBuf> {
    let folder = fuzz.join("corpus").join(target.name);
    for (id, bytes) in (target.seeds)() {
        let name: String =
            id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        write(&folder.join(format!("seed-{name}")), &bytes)?;
    }
    Ok(folder)
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(Failure::file("make", folder))?;
    fs::write(file, bytes).map_err(Failure::file("write", file))
}

/// Words for a fuzzer to put in, one a line, in quotes.
fn dictionary_of(words: &[&str]) -> String {
    let byte = |b: u8| match b {
        b'"' | b'\\' | 0..0x20 | 0x7f.. => format!("\\x{b:02x}"),
        b => char::from(b).to_string(),
    };
    // A longer word is taken for a mistake.
    let words = words.iter().filter(|word| word.len() <= 64);
    words.map(|word| format!("\"{}\"\n", word.bytes().map(byte).collect::<String>())).collect()
}

/// A fuzzer at work.
struct Run {
    target: &'static str,
    artifacts: PathBuf,
    /// Findings of earlier runs.
    known: BTreeSet<PathBuf>,
    child: Child,
    /// What it says goes here.
    log: PathBuf,
}

/// What a fuzzer has said about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State {
    /// Inputs tried.
    executions: u64,
    /// Places in the program's flow that were reached.
    edges: u64,
    /// How many there are, with those of all libraries.
    all_edges: u64,
    /// Inputs that are worth keeping.
    corpus: u64,
    /// What it said when it failed, line by line.
    words: Vec<String>,
}

impl Run {
    fn start(
        target: &'static str,
        worker: usize,
        mut command: Command,
        artifacts: PathBuf,
    ) -> Result<Self> {
        fs::create_dir_all(&artifacts).map_err(Failure::file("make", &artifacts))?;
        let log = artifacts.with_extension(format!("{worker}.log"));
        let said = File::create(&log).map_err(Failure::file("write", &log))?;
        let child = command
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said)
            .spawn()
            .map_err(|error| Failure::new(format!("cannot start the target {target}: {error}")))?;
        Ok(Self { known: files_in(&artifacts), target, artifacts, child, log })
    }

    fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    fn state(&self) -> State {
        // The targets quote hostile bytes.
        let said = fs::read(&self.log).unwrap_or_default();
        State::of(&String::from_utf8_lossy(&said))
    }

    fn line(&self) -> String {
        let State { executions, edges, all_edges, corpus, .. } = self.state();
        let reached = format!("{edges} of {all_edges}");
        format!("{:<10} {executions:>12} {reached:>15} {corpus:>9}", self.target)
    }

    /// Waits for its end, and tells what it found.
    fn findings(&mut self) -> Result<Vec<String>> {
        let status = self.child.wait().map_err(|error| {
            Failure::new(format!("cannot tell how {} ended: {error}", self.target))
        })?;
        let words = self.state().words.join("\n    ");
        let new = files_in(&self.artifacts);
        let mut told: Vec<String> = new
            .difference(&self.known)
            .map(|file| format!("  {}\n    {words}", file.display()))
            .collect();
        if told.is_empty() && !status.success() {
            told.push(format!("  {} ended early\n    {words}", self.target));
        }
        Ok(told)
    }
}

impl State {
    /// Reads what libFuzzer printed.
    fn of(said: &str) -> Self {
        let mut state = Self::default();
        for line in said.lines() {
            let number_after = |word: &str| {
                let rest = line.split_once(word)?.1.trim_start();
                rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u64>().ok()
            };
            if line.starts_with('#') {
                state.executions = number_after("#").unwrap_or(state.executions);
                state.edges = number_after(" cov:").unwrap_or(state.edges);
                state.corpus = number_after(" corp:").unwrap_or(state.corpus);
            } else if let Some(number) = number_after("stat::number_of_executed_units:") {
                state.executions = number;
            } else if let Some(number) = number_after("modules   (") {
                state.all_edges = number;
            }
            let starts = line.contains("panicked at") || line.contains("ERROR: libFuzzer");
            if starts || (1..3).contains(&state.words.len()) {
                state.words.push(line.to_owned());
            }
        }
        state
    }
}

fn files_in(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fuzzer_is_understood() {
        let state = State::of(
            &[
                "INFO: Loaded 1 modules   (31234 inline 8-bit counters): 31234 [0x55d0, 0x55d1), ",
                "INFO: Loaded 1 PC tables (31234 PCs): 31234 [0x55d0,0x55d1), ",
                "#282\tNEW    cov: 2946 ft: 6876 corp: 141/22Kb lim: 4096 exec/s: 282 rss: 29Mb",
                "thread '<unnamed>' (1) panicked at src/lib.rs:6:9:",
                "what is wrong",
                "stack backtrace:",
                "stat::number_of_executed_units: 4711",
            ]
            .join("\n"),
        );
        assert_eq!((state.executions, state.edges, state.corpus), (4711, 2946, 141));
        assert_eq!(state.all_edges, 31234);
        assert_eq!(state.words[1..], ["what is wrong", "stack backtrace:"]);
    }

    #[test]
    fn words_for_the_fuzzer_are_escaped() {
        assert_eq!(dictionary_of(&["a\"\\\r", "é"]), "\"a\\x22\\x5c\\x0d\"\n\"\\xc3\\xa9\"\n");
    }

    #[test]
    fn targets_are_known_by_name() {
        assert_eq!(chosen(&[]).unwrap().len(), ALL.len());
        assert_eq!(list(&chosen(&["share".into(), "fixes".into()]).unwrap()), "fixes, share");
        let failure = chosen(&["shares".into()]).unwrap_err().to_string();
        assert!(failure.contains("no fuzz target `shares`") && failure.contains("share"));
    }
}
