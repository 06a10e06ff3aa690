//! All tests, in one command.

use std::cmp::Reverse;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::arguments::Part;
use crate::creep;
use crate::failure::{Failure, Result};
use crate::npm;
use crate::process;
use crate::project::Project;
use crate::setup::{self, Need, Toolbox};
use crate::site::Site;
use crate::size;
use crate::stack::Stack;
use crate::system;

/// Tells which files took longest.
const SLOWEST: &str = "tests/slowest.mjs";

/// How the names of files with tests for Node.js end.
const NODE_TEST: &str = ".test.mjs";

/// A path that no address in the page may rely on: the page has to work below any path.
const SUB_PATH: &str = "/some/where/";

/// The variable with the address of the resolver of the real DNS.
const STACK: &str = "STSLINT_STACK";

/// All packages but this one. Cargo builds a library again for another choice of packages where that asks for other
/// features of it: so every step takes one of these two choices, and `cargo xtask` has made the other one.
const PRODUCT: &[&str] = &["--workspace", "--exclude", "xtask"];

/// One of the things that must hold.
struct Step {
    name: &'static str,
    run: fn(&Project, &Toolbox) -> Result<()>,
}

/// Runs the parts; stops at the first failure.
pub(crate) fn run(project: &Project, parts: &[Part]) -> Result<()> {
    let mut report = Report::default();
    let outcome = run_parts(project, parts, &mut report);
    report.print();
    outcome
}

fn run_parts(project: &Project, parts: &[Part], report: &mut Report) -> Result<()> {
    let needs: Vec<Need> = parts.iter().flat_map(|part| needs(*part)).collect();
    let tools = report.step("set-up", || setup::ensure(project, &needs))?;
    let mut builds = Some(Builds::start(project, parts)?);
    for part in parts {
        if !builds_of(*part).is_empty()
            && let Some(builds) = builds.take()
        {
            report.step("waiting for release builds", || builds.finish())?;
        }
        for step in steps(*part) {
            report.step(step.name, || (step.run)(project, &tools))?;
        }
    }
    Ok(())
}

/// What a part needs.
pub(crate) fn needs(part: Part) -> Vec<Need> {
    match part {
        Part::Lint => vec![Need::Lints, Need::WasmTarget],
        Part::Native => Vec::new(),
        Part::Stack => vec![Need::Servers, Need::Node, Need::Octodns, Need::DuckDb],
        Part::Wasm => vec![Need::WasmTarget, Need::WasmBindgen, Need::Browser],
        Part::Npm => [Need::NPM, &[Need::Browser]].concat(),
        Part::Browser => [Need::BUILD, &[Need::Browser, Need::Certutil, Need::Servers]].concat(),
        Part::Engines => [Need::BUILD, &[Need::Browser, Need::Engines]].concat(),
    }
}

/// The tasks that build what a part tests.
fn builds_of(part: Part) -> &'static [&'static str] {
    match part {
        Part::Lint | Part::Native | Part::Stack | Part::Wasm => &[],
        Part::Npm => &["npm"],
        Part::Browser | Part::Engines => &["build"],
    }
}

fn steps(part: Part) -> Vec<Step> {
    let step = |name, run| Step { name, run };
    match part {
        Part::Lint => vec![
            step("formatting", formatting),
            step("lints", lints),
            step("every choice of features of the engine", feature_lints),
            step("lints of the page and the npm package for wasm", wasm_lints),
            step("documentation", documentation),
        ],
        Part::Native => vec![step("native tests", native_tests)],
        Part::Stack => vec![step("tests on real servers", stack_tests)],
        Part::Wasm => vec![step("wasm tests", wasm_tests)],
        Part::Npm => vec![step("tests of the npm package", npm::test)],
        Part::Browser => vec![
            step("borders of chunks", creep::check),
            step("size of the page", size::check),
            step("browser tests", browser_tests),
        ],
        Part::Engines => vec![step("tests in three browsers", engine_tests)],
    }
}

/// Release builds, made while other steps run: their last part keeps a single processor busy for minutes.
struct Builds {
    running: Vec<(Command, Child, PathBuf)>,
}

impl Builds {
    /// Starts what the parts need.
    fn start(project: &Project, parts: &[Part]) -> Result<Self> {
        let mut tasks: Vec<&str> =
            parts.iter().flat_map(|part| builds_of(*part)).copied().collect();
        tasks.sort_unstable();
        tasks.dedup();
        let program = std::env::current_exe()
            .map_err(|error| Failure::new(format!("cannot tell where this program is: {error}")))?;
        let mut running = Vec::new();
        for task in tasks {
            // Nobody could read what two of them say at the same time.
            let log = project.target_dir().join(format!("xtask-{task}.log"));
            let file = File::create(&log).map_err(Failure::file("write", &log))?;
            let again = file.try_clone().map_err(Failure::file("write", &log))?;
            let mut command = Command::new(&program);
            command.arg(task).stdin(Stdio::null()).stdout(file).stderr(again);
            let child = command.spawn().map_err(|error| {
                Failure::new(format!("cannot start `cargo xtask {task}`: {error}"))
            })?;
            println!("started: cargo xtask {task}");
            running.push((command, child, log));
        }
        Ok(Self { running })
    }

    /// Waits for all of them and tells what they said.
    fn finish(mut self) -> Result<()> {
        for (command, child, log) in &mut self.running {
            let task = process::show(command);
            let status =
                child.wait().map_err(|error| Failure::new(format!("`{task}`: {error}")))?;
            println!("$ {task}");
            print!("{}", fs::read_to_string(&*log).map_err(Failure::file("read", log))?);
            if !status.success() {
                return Err(Failure::new(format!("`{task}` failed ({status})")));
            }
        }
        Ok(())
    }
}

impl Drop for Builds {
    /// A build that goes on after its end would be in the way of the next one.
    fn drop(&mut self) {
        for (_, child, _) in &mut self.running {
            let _ = child.wait();
        }
    }
}

fn formatting(project: &Project, tools: &Toolbox) -> Result<()> {
    process::stream(cargo(project, tools).args(["fmt", "--all", "--check"]))
        .map_err(|failure| failure.remedy("`cargo fmt` formats everything"))
}

fn lints(project: &Project, tools: &Toolbox) -> Result<()> {
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    process::stream(cargo(project, tools).args(clippy))
}

fn feature_lints(project: &Project, tools: &Toolbox) -> Result<()> {
    for features in ["", "words", "serde", "words,serde"] {
        let package = ["clippy", "--package", "stslint", "--no-default-features", "--features"];
        let mut check = cargo(project, tools);
        check.args(package).args([features, "--", "-D", "warnings"]);
        process::stream(&mut check)?;
    }
    Ok(())
}

fn wasm_lints(project: &Project, tools: &Toolbox) -> Result<()> {
    for choice in [
        &["stslint-page", "--all-targets"][..],
        &["stslint-page", "--all-targets", "--features", "split"],
        &["stslint-js"],
        &["stslint-worker"],
    ] {
        let mut clippy = tools.wasm_command("cargo");
        clippy.current_dir(project.root()).args(["clippy", "--package"]).args(choice);
        clippy.args(["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"]);
        process::stream(&mut clippy)?;
    }
    Ok(())
}

fn documentation(project: &Project, tools: &Toolbox) -> Result<()> {
    // The command and the library have the same name: the library's pages stay. Both ask for the whole workspace, so that
    // what the lints have read of its libraries is good for these, too.
    for targets in [&["--bin", "stslint", "--bin", "xtask"][..], &["--lib"]] {
        let mut document = cargo(project, tools);
        document.args(["doc", "--workspace", "--no-deps"]).args(targets);
        process::stream(document.env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Ok(())
}

fn native_tests(project: &Project, tools: &Toolbox) -> Result<()> {
    for packages in [PRODUCT, &["--package", "xtask"]] {
        let mut test = cargo(project, tools);
        test.arg("test").args(packages);
        // The same random inputs every time: when a test fails, a change is to blame. Another seed looks further.
        if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
            test.env("PROPTEST_RNG_SEED", "8461");
        }
        process::stream(&mut test)?;
    }
    Ok(())
}

/// The tests that plain `cargo test` ignores, as they need servers.
fn stack_tests(project: &Project, tools: &Toolbox) -> Result<()> {
    system::as_root("true").map_err(|failure| {
        failure.remedy("Postfix is started by root alone; run the other parts by their names")
    })?;
    let stack = Stack::start(project, tools)?;
    let mut test = cargo(project, tools);
    test.arg("test").args(PRODUCT).args(["--test", "check", "--", "--ignored"]);
    test.env(STACK, stack.url());
    if let Some(servers) = &tools.servers {
        test.env("STSLINT_POSTFIX", servers.postfix().unwrap_or_default());
        test.env("STSLINT_LIBRARIES", servers.libraries());
        test.env("STSLINT_PROGRAMS", servers.path());
    }
    test.env("STSLINT_NODE", tools.find("node").unwrap_or_default());
    test.env("STSLINT_OCTODNS", tools.octodns.as_deref().unwrap_or(Path::new("")));
    test.env("STSLINT_DUCKDB", tools.duckdb.as_deref().unwrap_or(Path::new("")));
    process::stream(&mut test)
}

fn wasm_tests(project: &Project, tools: &Toolbox) -> Result<()> {
    let mut test = tools.wasm_command("cargo");
    test.current_dir(project.root())
        .args(["test", "--package", "stslint-page", "--lib"])
        .args(["--target", "wasm32-unknown-unknown"])
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        // The first start of a browser takes its time on a small machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    if let Some(browser) = &tools.browser {
        test.env("CHROMEDRIVER", &browser.driver);
    }
    process::stream(&mut test)
}

fn browser_tests(project: &Project, tools: &Toolbox) -> Result<()> {
    let dist = project.dist();
    // The page is tested beside the relay that it can ask, and its worker beside what reads files outside of browsers.
    let programs = ["--bin", "stslint", "--example", "outcome"];
    let mut build = cargo(project, tools);
    // The relay has the page in it, as the one of `cargo xtask command` has.
    build.arg("build").args(PRODUCT).args(programs).env("STSLINT_DIST", &dist);
    process::stream(&mut build)?;
    let built = project.target_dir().join("debug");
    let at_root = Site::new(&dist, "/")?.plain().listen(0)?.run_aside();
    let below_path = Site::new(&dist, SUB_PATH)?.plain().listen(0)?.run_aside();
    let stack = Stack::start(project, tools)?;
    let mut node = node(project, tools);
    node.args(node_tests(project, "tests/browser")?)
        .env("STSLINT_DIST", &dist)
        .env(STACK, stack.url())
        .env("STSLINT_COMMAND", built.join("stslint"))
        .env("STSLINT_OUTCOME", built.join("examples/outcome"))
        .env("STSLINT_URL", at_root)
        .env("STSLINT_SUBPATH_URL", below_path);
    process::stream(&mut node)
}

fn engine_tests(project: &Project, tools: &Toolbox) -> Result<()> {
    let mut node = in_browsers(project, tools)?;
    process::stream(node.args(node_tests(project, "tests/engines")?))
}

/// A command that runs a script in Node.js, with the served page and all browsers.
pub(crate) fn in_browsers(project: &Project, tools: &Toolbox) -> Result<Command> {
    let mut node = node(project, tools);
    node.env("STSLINT_URL", Site::new(&project.dist(), "/")?.listen(0)?.run_aside())
        .env("STSLINT_DIST", project.dist())
        // Node.js 20 has it, but only if asked.
        .env("NODE_OPTIONS", "--experimental-websocket");
    if let Some(engines) = &tools.engines {
        engines.tell(&mut node);
    }
    Ok(node)
}

/// A command for Node.js, with the browser for scripts that want one.
pub(crate) fn node(project: &Project, tools: &Toolbox) -> Command {
    let mut node = tools.command("node");
    node.current_dir(project.root());
    if let Some(browser) = &tools.browser {
        node.env("CHROMIUM", &browser.chromium)
            .env("CHROMIUM_SHELL", &browser.shell)
            .env("CHROMEDRIVER", &browser.driver);
    }
    node
}

/// What makes Node.js run the tests of a folder.
pub(crate) fn node_tests(project: &Project, folder: &str) -> Result<Vec<String>> {
    let path = project.root().join(folder);
    let mut files = Vec::new();
    for entry in path.read_dir().map_err(Failure::file("read", &path))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(NODE_TEST) {
            files.push(format!("{folder}/{name}"));
        }
    }
    if files.is_empty() {
        return Err(Failure::new(format!("no tests: no {folder}/*{NODE_TEST}")));
    }
    files.sort();
    let mut arguments = [
        "--test",
        "--test-reporter=spec",
        "--test-reporter-destination=stdout",
        &format!("--test-reporter=./{SLOWEST}"),
        "--test-reporter-destination=stdout",
        // A test that fails before it closes its browser would otherwise keep everything waiting for ever.
        "--test-force-exit",
        "--test-timeout=300000",
        // By default Node.js leaves a processor free. The tests mostly wait for a browser.
        "--test-concurrency=2",
    ]
    .map(String::from)
    .to_vec();
    arguments.append(&mut files);
    Ok(arguments)
}

fn cargo(project: &Project, tools: &Toolbox) -> Command {
    let mut command = tools.command("cargo");
    command.current_dir(project.root());
    command
}

/// What ran, for the summary.
#[derive(Default)]
struct Report {
    steps: Vec<(&'static str, bool, Duration)>,
}

impl Report {
    fn step<T>(&mut self, name: &'static str, run: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n=== {name}");
        let start = Instant::now();
        let outcome = run();
        self.steps.push((name, outcome.is_ok(), start.elapsed()));
        outcome.map_err(|failure| Failure::new(format!("{name}: {failure}")))
    }

    fn print(&mut self) {
        println!("\n=== summary, the slowest first");
        self.steps.sort_by_key(|(_, _, duration)| Reverse(*duration));
        for (name, passed, duration) in &self.steps {
            let outcome = if *passed { "passed" } else { "FAILED" };
            println!("{outcome} {:>7.1} s  {name}", duration.as_secs_f64());
        }
        let all: Duration = self.steps.iter().map(|(_, _, duration)| *duration).sum();
        println!("       {:>7.1} s  in all", all.as_secs_f64());
    }
}
