//! What is measured, and written into a document: between two lines of it, so that what people wrote around stays.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::arguments::Part;
use crate::failure::{Failure, Result};
use crate::page;
use crate::pins;
use crate::process;
use crate::project::{self, Project};
use crate::samples::{self, Form};
use crate::setup::{self, Need, python};
use crate::test;

/// The engines that the bench compares.
const ENGINES: [&str; 4] = ["stslint", "mailrs-mta-sts", "mailrs-tls-rpt", "mail-auth"];

/// The parsedmarc that is installed for the bench of reports.
const PARSEDMARC: &str = "11.1.0";

/// The sender of PyPI that is run beside its model, and the packages that read DNS and HTTP for it.
const SENDER: [&str; 3] = ["postfix-mta-sts-resolver==1.5.0", "aiohttp==3.14.5", "aiodns==4.0.4"];

/// The checkdmarc that is installed for the bench of long lists.
const CHECKDMARC: &str = "6.0.4";

/// ClickHouse as a library.
const CLICKHOUSE: &str = "chdb==4.4.0";

/// The packages of the lighthouse, apart from all others: nothing else takes them, and there are many.
const LIGHTHOUSE: &str = "tests/lighthouse";

/// Below the tables.
const END: &str = "<!-- end of tables -->";

/// The engine beside its peers. The bench is a workspace of its own, with a target folder of its own: only this task
/// builds the peers.
pub(crate) fn bench(project: &Project) -> Result<()> {
    setup::ensure(project, &[Need::Valgrind])?;
    println!("bench: building the peers takes up to 10 minutes the first time");
    process::stream(&mut in_own(project, "bench", &["test", "--release"]))?;
    println!("bench: measuring takes some minutes");
    let tables = tables_of(&mut in_own(project, "bench", &["run", "--release"]))?;
    let lock = project.read("bench/Cargo.lock")?;
    let version = |name| Some(format!("{name} {}", pins::locked_version(&lock, name)?));
    let valgrind = process::capture(Command::new("valgrind").arg("--version"));
    let told: Vec<String> = ENGINES.into_iter().filter_map(version).chain(valgrind).collect();
    write(project, "bench", &told.join(", "), &tables)
}

/// Cargo in a workspace of its own, with a target folder of its own.
fn in_own(project: &Project, workspace: &str, task: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(task)
        .arg("--quiet")
        .current_dir(project.root().join(workspace))
        .env("CARGO_TARGET_DIR", project.root().join(format!("target-{workspace}")))
        // Set for us by the cargo that started us, for another package.
        .env_remove("CARGO_MANIFEST_DIR");
    command
}

/// The command and the page beside the command's peers on the same mails with reports. parsedmarc takes Python; where that is
/// missing, it is left out.
pub(crate) fn reports(project: &Project, large: bool) -> Result<()> {
    let tools = setup::ensure(project, &[Need::BUILD, &[Need::Browser]].concat())?;
    page::build(project, &tools)?;
    release(project)?;
    let mut samples = vec![(1_000, Form::Mails), (10_000, Form::Mails), (10_000, Form::Mailbox)];
    if large {
        samples.extend([(100_000, Form::Mails), (100_000, Form::Mailbox)]);
    }
    let mut folders = Vec::new();
    for (count, form) in samples {
        let name = if form == Form::Mailbox { "mailbox" } else { "mails" };
        let folder = project.target_dir().join(format!("sample-{name}-{count}"));
        // It is there last of all, so that what broke off is written anew.
        let done = folder.with_extension("written");
        if !done.exists() {
            println!("bench: writing {count} reports");
            samples::write(&folder, count, form)?;
            fs::write(&done, "").map_err(Failure::file("write", &done))?;
        }
        folders.push(folder);
    }
    let python = python::with(project, "parsedmarc", &[&format!("parsedmarc=={PARSEDMARC}")]);
    if let Err(why) = &python {
        println!("bench: parsedmarc is left out: {why}");
    }
    println!(
        "bench: building the peers takes up to 10 minutes the first time, measuring some minutes"
    );
    let with = if python.is_ok() { format!(", parsedmarc {PARSEDMARC}") } else { String::new() };
    let mut run = in_own(project, "bench", &["run", "--release"]);
    run.args(["--", "reports"]).arg(project.target_dir().join("release/stslint"));
    run.arg(python.unwrap_or_default()).args(&folders);
    let command = tables_of(&mut run)?;
    let page = tables_of(
        test::in_browsers(project, &tools)?.arg("tests/engines/reports.mjs").args(folders),
    )?;
    let tables = format!("{command}\n\n{page}");
    let version = pins::locked_version(&project.read("bench/Cargo.lock")?, "mail-auth");
    let told = format!("{}, mail-auth {}{with}", load_now(), version.unwrap_or_else(|| "?".into()));
    write(project, "bench-reports", &told, &tables)
}

/// The command on lists of so many domains, and checkdmarc on some of them. That takes Python; where it is missing, it is left out.
pub(crate) fn fleet(project: &Project, domains: u32) -> Result<()> {
    release(project)?;
    let folder = project.target_dir().join("fleet");
    fs::create_dir_all(&folder).map_err(Failure::file("make", &folder))?;
    let python = python::with(project, "checkdmarc", &[&format!("checkdmarc=={CHECKDMARC}")]);
    if let Err(why) = &python {
        println!("bench: checkdmarc is left out: {why}");
    }
    println!("bench: measuring takes about half an hour");
    let with = if python.is_ok() { format!(", checkdmarc {CHECKDMARC}") } else { String::new() };
    let load = load_now();
    let mut run = Command::new("cargo");
    run.current_dir(project.root())
        .args(["run", "--release", "--quiet", "--package", "stslint-testnet", "--example", "fleet"])
        .arg(project.target_dir().join("release/stslint"))
        .arg(&folder)
        .arg(domains.to_string())
        .arg(python.unwrap_or_default());
    let tables = tables_of(&mut run)?;
    project::remove(&folder)?;
    write(project, "bench-fleet", &format!("{load}, release build{with}"), &tables)
}

/// Models of senders beside the software, where a registry has it, on so many inputs of each kind, which a seed decides. Only
/// what is always the same is written.
pub(crate) fn differential(project: &Project, count: Option<u32>, seed: Option<u64>) -> Result<()> {
    let tools = setup::ensure(project, &[])?;
    let python = python::with(project, "postfix-mta-sts-resolver", &SENDER)?;
    let folder = project.root().join("differential");
    process::stream(tools.command("npm").arg("ci").current_dir(folder))?;
    println!("differential: building the crates takes some minutes the first time");
    process::stream(&mut in_own(project, "differential", &["test"]))?;
    let mut run = in_own(project, "differential", &["run"]);
    run.arg("--").arg(python);
    run.args([count.unwrap_or(20_000).to_string(), seed.unwrap_or(8461).to_string()]);
    if count.is_some() || seed.is_some() {
        return process::stream(&mut run);
    }
    let tables = tables_of(&mut run)?;
    put(project, "docs/senders.md", "differential", &tables)
}

/// Test vectors of other programs through the engine. They are read out of the sources in a folder of repositories; those
/// that it lacks come from GitHub. Nothing of theirs is run.
pub(crate) fn peers(project: &Project, folder: Option<PathBuf>) -> Result<()> {
    let folder = folder.unwrap_or_else(|| project.target_dir().join("peers"));
    fs::create_dir_all(&folder).map_err(Failure::file("make", &folder))?;
    let mut read = Command::new("python3");
    read.arg("differential/peers/suites.py").arg(&folder).current_dir(project.root());
    let vectors = tables_of(&mut read)?;
    let file = project.target_dir().join("peers.jsonl");
    fs::write(&file, vectors).map_err(Failure::file("write", &file))?;
    process::stream(&mut in_own(project, "differential/peers", &["test"]))?;
    let mut run = in_own(project, "differential/peers", &["run"]);
    let tables = tables_of(run.arg("--").arg(&file))?;
    put(project, "docs/peers.md", "peers", &tables)
}

/// Whether databases get out of the rows of `stslint report` what the command says itself. They come from PyPI; where they can't
/// be installed, that is told, and nothing is tested.
pub(crate) fn databases(project: &Project) -> Result<()> {
    let python = match python::with(project, "databases", &[python::DUCKDB, CLICKHOUSE]) {
        Ok(python) => python,
        Err(why) => {
            println!("databases: skipped: {why}");
            return Ok(());
        }
    };
    release(project)?;
    let folder = project.target_dir().join("sample-files-1000");
    samples::write(&folder, 1000, Form::Files)?;
    process::stream(
        Command::new(python)
            .arg("tests/reports/databases.py")
            .arg(project.target_dir().join("release/stslint"))
            .arg("crates/stslint-cli/README.md")
            .arg(folder)
            .current_dir(project.root()),
    )
}

/// Builds the command for release, without the page.
fn release(project: &Project) -> Result<()> {
    let mut build = Command::new("cargo");
    let arguments = ["build", "--release", "-p", "stslint-cli"];
    process::stream(build.current_dir(project.root()).args(arguments))
}

/// How long a key takes to its findings, and how long a start takes, in all browsers.
pub(crate) fn latency(project: &Project) -> Result<()> {
    let tools = setup::ensure(project, &test::needs(Part::Engines))?;
    page::build(project, &tools)?;
    println!("latency: measuring takes 3 minutes");
    let load = load_now();
    let tables = tables_of(test::in_browsers(project, &tools)?.arg("tests/engines/latency.mjs"))?;
    write(project, "latency", &load, &tables)
}

/// What Lighthouse says of the built page.
pub(crate) fn lighthouse(project: &Project) -> Result<()> {
    let tools = setup::ensure(project, &[Need::BUILD, &[Need::Browser]].concat())?;
    page::build(project, &tools)?;
    let packages = project.root().join(LIGHTHOUSE);
    process::stream(tools.command("npm").arg("ci").current_dir(packages))?;
    println!("lighthouse: measuring takes 3 minutes");
    let load = load_now();
    let script = format!("{LIGHTHOUSE}/lighthouse.mjs");
    let tables = tables_of(test::in_browsers(project, &tools)?.arg(script))?;
    write(project, "lighthouse", &load, &tables)
}

/// Load on the relay of the release build. All of it stays on this machine, and ends by itself.
pub(crate) fn load(project: &Project) -> Result<()> {
    let tools = setup::ensure(project, &[&[Need::Wrk], Need::BUILD].concat())?;
    page::command(project, &tools)?;
    let folder = project.target_dir().join("load");
    fs::create_dir_all(&folder).map_err(Failure::file("make", &folder))?;
    println!("load: measuring takes 3 minutes");
    let mut load = Command::new("cargo");
    load.current_dir(project.root())
        .args(["run", "--release", "--quiet", "--package", "stslint-testnet", "--example", "load"])
        .arg(project.target_dir().join("release/stslint"))
        .arg(&folder);
    write(project, "load", "release build", &tables_of(&mut load)?)
}

/// What hostile files cost the release build of the command, and the page.
pub(crate) fn hostile(project: &Project) -> Result<()> {
    let tools = setup::ensure(project, &[Need::BUILD, &[Need::Browser]].concat())?;
    page::build(project, &tools)?;
    release(project)?;
    let folder = project.target_dir().join("hostile");
    let mut hostile = Command::new("cargo");
    hostile
        .current_dir(project.root())
        .args(["run", "--release", "--quiet", "--package", "stslint-cli", "--example", "hostile"])
        .arg(project.target_dir().join("release/stslint"))
        .arg(&folder);
    println!("hostile: measuring takes 12 minutes");
    let load = load_now();
    let command = tables_of(&mut hostile)?;
    let page = tables_of(
        test::in_browsers(project, &tools)?.arg("tests/engines/hostile.mjs").arg(&folder),
    )?;
    project::remove(&folder)?;
    write(project, "hostile", &format!("{load}; release build"), &format!("{command}\n{page}"))
}

/// What a command prints. What it complains of is shown meanwhile, and what it printed when it failed.
fn tables_of(command: &mut Command) -> Result<String> {
    let shown = process::show(command);
    let failed = |how: &dyn std::fmt::Display| {
        Failure::new(format!("`{shown}` failed: {how}: nothing is written"))
    };
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| failed(&error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        print!("{text}");
        return Err(failed(&output.status));
    }
    Ok(text.trim().to_owned())
}

/// Whoever else uses the processors is in the numbers.
fn load_now() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("load {} before", load.split(' ').next().unwrap_or_default())
}

/// Writes into the document of a task by what and where something was measured, and the tables.
fn write(project: &Project, task: &str, told: &str, tables: &str) -> Result<()> {
    put(project, &format!("docs/{task}.md"), task, &format!("{}\n\n{tables}", machine(told)))
}

/// Writes the tables of a task into a document.
fn put(project: &Project, file: &str, task: &str, tables: &str) -> Result<()> {
    let new = with_tables(&project.read(file)?, task, tables).ok_or_else(|| {
        Failure::new(format!("{file} lacks the lines `{}` and `{END}`", begin(task)))
    })?;
    let path = project.root().join(file);
    fs::write(&path, new).map_err(Failure::file("write", &path))?;
    println!("{tables}\n{task}: written to {file}");
    Ok(())
}

fn begin(task: &str) -> String {
    format!("<!-- tables: cargo xtask {} -->", task.replace('-', " "))
}

/// The text of a document with tables in the place of the old ones.
fn with_tables(text: &str, task: &str, tables: &str) -> Option<String> {
    let begin = begin(task);
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{begin}\n{}\n{END}{after}", tables.trim_end()))
}

/// What the task tells, the compiler, and this machine, in a line.
fn machine(told: &str) -> String {
    let rustc = process::capture(Command::new("rustc").arg("--version")).unwrap_or_default();
    let cpu = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let model = text.lines().find(|line| line.starts_with("model name"))?;
        Some(model.split_once(':')?.1.trim().to_owned())
    });
    let cpu = cpu.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{told}; {rustc}; {cores} processors, {cpu}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays() {
        let text = |tables| format!("a\n{}\n{tables}\n{END}\nb\n", begin("x"));
        assert_eq!(with_tables(&text("old"), "x", "new\n"), Some(text("new")));
        assert_eq!(with_tables("a\nb\n", "x", "new"), None);
    }

    #[test]
    fn each_document_has_a_place_for_its_tables() {
        let project = Project::find().unwrap();
        for task in
            ["bench", "bench-fleet", "bench-reports", "hostile", "latency", "lighthouse", "load"]
        {
            let text = project.read(&format!("docs/{task}.md")).unwrap();
            assert!(with_tables(&text, task, "").is_some(), "{task}");
        }
        let text = project.read("docs/senders.md").unwrap();
        assert!(with_tables(&text, "differential", "").is_some());
        let text = project.read("docs/peers.md").unwrap();
        assert!(with_tables(&text, "peers", "").is_some());
    }
}
